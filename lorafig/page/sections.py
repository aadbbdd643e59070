"""The sections of a page: what is said, what it costs, what is taught, and the controls."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from markupsafe import Markup

from lorafig.core.adapters import ADAPTERS, NO_ADAPTER
from lorafig.errors import LorafigError
from lorafig.language.model import Activity, Figure
from lorafig.language.table import called, counted
from lorafig.notation.numbers.shown import format_number
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Computed
from lorafig.notation.write.mathml import text_html, to_mathml
from lorafig.page.claims import Statement
from lorafig.page.conditions import trained
from lorafig.page.costs import evaluated, own_counts, presets
from lorafig.page.layouts import LONG, shown
from lorafig.page.live import Numbers
from lorafig.page.picture import Drawing
from lorafig.page.setting import Method, Setting, sliders, start
from lorafig.values import replace
from lorafig.verify.figure.lesson import placed

LABELS = {"r": "Rank", "d": "Output", "k": "Input", "alpha": "Scale"}
SCHEMES = {"standard": "α / r", "rank-stabilised": "α / √r", "none": "none"}


SCALES = {
    "root": "in proportion to the fourth root of their size",
    "linear": "in proportion to their size",
    "log": "on a logarithmic scale",
}


def scale_of(drawing: Drawing) -> Markup | None:
    """How long the sides are drawn, in a sentence."""
    said = _scale(drawing)
    return None if said is None else Markup(text_html(said))


def _scale(drawing: Drawing) -> str | None:
    names, sides = drawing.motion.names, drawing.sides
    if not drawing.motion.pieces:
        still = _sizes(drawing.reached)
        return f"Sides that stand for {_and(still)} keep their length." if still else None
    scale = f"Sides that stand for {_and(_sizes(sides.low))} are drawn"
    scale += f" {SCALES[sides.proportion]}, the longest in full"
    least = _sizes(name for name in names if sides.low[name] == LONG)
    if least:
        scale += f", and {_and(least)} never below {100 * LONG:.0f}% of it"
    rest = _sizes(name for name in drawing.reached if name not in names)
    if rest:
        scale += f"; {_and(rest)} keep{'s' if len(rest) == 1 else ''} the length that it begins with"
    return scale + "."


def _sizes(lengths: Iterable[str]) -> list[str]:
    """The sizes that lengths stand for, as mathematics: one of a panel's own has the number of its model
    behind it."""
    return [f"${name}$" for name in sorted({length.partition(" ")[0] for length in lengths})]


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def verdict(found: Sequence[Statement], unverified: bool) -> str:
    """What the page says before any script runs."""
    if unverified:
        return "✗ Drawn unchecked: not everything on the figure holds."
    stated = sum(one.unverified is not None for one in found)
    rest = f" {stated} {'is' if stated == 1 else 'are'} stated, with a reason." if stated else ""
    return f"✓ All {len(found) - stated} statements hold.{rest}"


def groups(figure: Figure, found: Sequence[Statement], numbers: Numbers) -> list[dict[str, Any]]:
    """The statements as tables: those that depend on the sliders, and the others."""
    moving: list[dict[str, Any]] = []
    steady: list[dict[str, Any]] = []
    for index, one in enumerate(found):
        row: dict[str, Any] = {"html": Markup(_statement(one, numbers)), "kind": one.kind, **_verdict(one)}
        row["index"] = None if one.constant else index
        (steady if one.constant else moving).append(row)
    if figure.controls is None:
        caption = "Each was decided before the figure was drawn."
        return [{"summary": None, "caption": caption, "rows": steady}]
    tables = []
    if moving:
        caption = "These depend on the controls, and are decided again at every setting."
        tables.append({"summary": None, "caption": caption, "rows": moving})
    if steady:
        summary = f"{len(steady)} more that hold" if moving else f"All {len(steady)} hold"
        summary += ", whatever the controls say"
        caption = "Decided once, for sizes of d, k and r in every order."
        tables.append({"summary": summary, "caption": caption, "rows": steady})
    return tables


def _verdict(one: Statement) -> dict[str, str]:
    if one.unverified is not None:
        return {"state": "open", "verdict": f"stated: {one.unverified}"}
    if one.constant and not one.stands:
        return {"state": "fails", "verdict": "✗ false"}
    return {"state": "holds", "verdict": "✓ holds"}


def _statement(one: Statement, numbers: Numbers) -> str:
    """What is said, as it is set on the figure."""
    try:
        if one.tree is not None:
            return to_mathml(one.tree, numbers.live)
        if one.kind == "property" or "$" in one.text:
            return text_html(one.text, numbers.live)
        if one.kind == "geometry" and " " in one.text:  # `A then B`, `A from k to r`
            return " ".join(_word(word) for word in one.text.split(" "))
        return to_mathml(parse_math(one.text), numbers.live)
    except LorafigError:
        return escape(one.text)


def _word(word: str) -> str:
    """A word of a sentence, or a symbol in it."""
    return escape(word) if word.isalpha() and len(word) > 2 else to_mathml(parse_math(word))


def controls(figure: Figure, begin: Setting) -> list[dict[str, Any]]:
    """The sliders, from top to bottom."""
    values = {"d": begin.d, "k": begin.k, "r": begin.r, "alpha": begin.alpha}
    values |= {called(name): size for name, size in begin.own}
    square = figure.model.k is None
    return [
        {
            "name": name if name in LABELS else f"size {name}",
            "label": "Size" if name not in LABELS or (name == "d" and square) else LABELS[name],
            "symbol": "d = k" if name == "d" and square else "α" if name == "alpha" else name,
            "min": slider.min,
            "max": slider.max,
            "step": slider.step,
            "start": values[name],
            "low": f"{slider.min:,}",
            "high": f"{slider.max:,}",
        }
        for name, slider in sliders(figure).items()
    ]


def offered_as(method: Method) -> str:
    """What a method is called in the page's menu."""
    return ADAPTERS[method.adapter].title if method.scheme is None else SCHEMES[method.scheme]


def symbols(drawing: Drawing) -> list[tuple[str, str, str, str]]:
    """The symbols that stand on the picture, in the order in which they come: their names, base, and what is
    below and above it."""
    found = []
    for name in drawing.lights:
        lower, _, above = name.partition("^")
        base, _, below = lower.partition("_")
        found.append((name, base, below, above))
    return found


def cost(figure: Figure, begin: Setting) -> dict[str, Any] | None:
    """What is trained, and beside what, before any script runs; None where nobody says what is trained."""
    own = own_counts(figure)
    if figure.model.adapter == NO_ADAPTER:
        if own is None:
            return None
        trained_names, frozen_names = own["names"]
        counts = [evaluated(own[role], begin.values()) for role in ("trained", "frozen")]
        if None in counts:
            return None
        count, full = (int(one) for one in counts if one is not None)
        frozen, whole = Markup(frozen_names or "frozen"), "what is frozen"
        names = Markup(trained_names)
    elif counted(figure.model) is None:
        return None
    else:
        count, full = trained(begin), begin.sizes["d"] * begin.sizes["k"]
        row = ADAPTERS[begin.method.adapter]
        frozen, whole = Markup("<i>W</i>"), Markup("<i>W</i>’s size")
        names = Markup(", ".join(to_mathml(parse_math(name)) for name in row.trainable))
    fewer = 0 < count < full
    return {
        "full": f"{full:,}",
        "trained": f"{count:,}",
        "frozen": frozen,
        "names": names,
        "whole": whole if full else None,
        "share": format_number(Fraction(count, full), "%") if full else "—",
        "times": format_number(Fraction(full, count), "x") if fewer else _none_fewer(full, count),
        "fewer": "fewer parameters" if fewer else "",
        "adam": f"Adam’s two moments in 32 bits: {_bytes(8 * count)}"
        + (f", not {_bytes(8 * full)}." if full else "."),
    }


def _none_fewer(full: int, count: int) -> str:
    return "—" if 0 in (full, count) else "✗ Not fewer"


def _bytes(count: int) -> str:
    """131 KB: in units of 1,000, to three digits, as on the page (page.js, `bytes`)."""
    for unit, power in (("GB", 3), ("MB", 2), ("KB", 1)):
        if count >= 1000**power:
            return f"{format_number(Fraction(count, 1000**power), '3')} {unit}"
    return f"{count} bytes"


def sizes_to_set(figure: Figure) -> list[tuple[int, str]]:
    """The networks, by their number in the data, whose first adapted weight the sliders can be set to."""
    moved, square = sliders(figure), figure.model.k is None
    return [
        (number, one["title"])
        for number, one in enumerate(presets(figure))
        if "d" in moved and (one["weights"][0][0] == one["weights"][0][1] if square else "k" in moved)
    ]


def models(figure: Figure, begin: Setting) -> list[dict[str, str]]:
    """Networks, and what the setting costs on them before any script runs."""
    count = ADAPTERS[begin.method.adapter].parameters
    found = []
    for one in presets(figure):
        own = sum(times * count(d, k, begin.r) for d, k, times in one["weights"])
        found.append(
            {
                "title": one["title"],
                "parameters": f"{format_number(Fraction(one['parameters'], 10**9), '3')}B parameters"
                if one["parameters"] >= 10**9
                else f"{format_number(Fraction(one['parameters'], 10**6), '3')}M parameters",
                "targets": one["targets"],
                "sizes": ", ".join(f"{d:,} × {k:,}" for d, k, _ in one["weights"]),
                "layers": str(one["layers"]),
                "trained": f"{own:,}",
                "share": f"{format_number(Fraction(own, one['parameters']), '%')} of all",
                "file": _bytes(2 * own),
                "adam": _bytes(8 * own),
                "whole": _bytes(8 * one["parameters"]),
            }
        )
    return found


def models_note(begin: Setting) -> str:
    rank = f" of rank {begin.r:,}" if begin.method.ranked else ""
    return f"{ADAPTERS[begin.method.adapter].title}{rank} beside every adapted weight."


def lesson(figure: Figure) -> dict[str, Any] | None:
    """Objectives, activities and questions, their numbers those of the setting that each speaks of."""
    told = figure.lesson
    if told is None:
        return None

    def entry(one: str | Activity) -> dict[str, Any]:
        if not isinstance(one, Activity):
            return {"ask": _fixed(one, figure), "answer": None, "go": None}
        there = figure if one.at is None else placed(figure, one.at)
        # All of the setting: what the reader has moved since is not part of the answer.
        model = there.model
        at = {"r": model.r, "d": model.d, "k": model.k, "alpha": model.alpha}
        at |= {f"size {called(size.name)}": size.value for size in model.sizes}
        given = {} if one.at is None else {name: int(n) for name, n in at.items() if n is not None}
        if model.alpha is not None and model.alpha != int(model.alpha):
            given = {}  # the sliders have whole numbers
        return {
            "ask": _fixed(one.ask, there),
            "answer": None if one.answer is None else _fixed(one.answer, there),
            "go": json.dumps(given) if given and figure.controls is not None else None,
        }

    return {
        "objectives": [_fixed(one, figure) for one in told.objectives],
        "parts": [
            ("Try it", [entry(one) for one in told.activities]),
            ("Questions", [entry(one) for one in told.questions]),
        ],
    }


def _fixed(text: str, figure: Figure) -> Markup:
    """A text whose numbers are those of one setting."""
    values = start(replace(figure, controls=None)).values()

    def number(computed: Computed) -> str:
        return f"<mn>{escape(shown(computed.body, computed.form, values, figure))}</mn>"

    return Markup(text_html(text, number))
