"""The script of a page: what the browser needs of a figure, written out as JavaScript.

Everything in it is a number, a string that `quoted` has written, or an expression made of a label's tree.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from lorafig.core.adapter import Shape
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.notation.children import rebuild
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Computed, Node, Words
from lorafig.notation.write.javascript import quoted
from lorafig.notation.write.plain import to_plain
from lorafig.page import forward, picture
from lorafig.page.claims import Statement
from lorafig.page.conditions import Rules, count_js, ranked, to_js
from lorafig.page.live import Numbers
from lorafig.page.numbers import Digit
from lorafig.page.picture import Drawing
from lorafig.page.setting import Method, start
from lorafig.page.steps import Plan, compile_plan
from lorafig.resources import folder
from lorafig.themes import SHORTEST


def script(
    figure: Figure,
    offered: Sequence[Method],
    plans: Mapping[str, Plan],
    drawings: Sequence[Drawing],
    found: Sequence[Statement],
    numbers: Numbers,
) -> str:
    """All of it: what computes, what the figure is, and what moves the page."""
    return "\n".join(
        [
            template("exact.js"),
            template("forward.js"),
            _data(figure, offered, drawings, found, numbers),
            f"const PLANS={forward.plans_javascript(plans)};",
            template("page.js"),
        ]
    )


def template(name: str) -> str:
    """A file of the page; of a script, without the comments that stand on lines of their own."""
    with open(os.path.join(folder("templates"), "page", name), encoding="utf-8") as file:
        text = file.read()
    if not name.endswith(".js"):
        return text
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line != "" and not line.startswith("//"))


def plans_of(figure: Figure, offered: Sequence[Method]) -> dict[str, Plan]:
    """The steps of each method's forward pass, by the name that the page has for it."""
    alpha, square = figure.model.alpha is not None, figure.model.k is None
    return {one.name: compile_plan(one.adapter, alpha and one.scaled, square) for one in offered}


def _data(
    figure: Figure,
    offered: Sequence[Method],
    drawings: Sequence[Drawing],
    found: Sequence[Statement],
    numbers: Numbers,
) -> str:
    begin, rules = start(figure), Rules(figure.numbers.rounding, figure.numbers.kilo)
    fonts = {key: font for one in drawings for key, font in one.fonts.items()}
    modes = [one.mode for one in drawings if one.mode is not None]
    places = _items(drawings)
    # What is computed is numbered as it is written: the numbers themselves come last.
    told = ",".join(_claim(one, places, rules, numbers) for one in found)
    pictures = ",".join(_drawing(one, numbers, list(fonts)) for one in drawings)
    offers = ",".join(_method(one) for one in offered)
    alpha = "null" if begin.alpha is None else _rational(begin.alpha)
    k = "null" if begin.k is None else f"{begin.k}n"
    stated = sum(one.unverified is not None for one in found)
    return (
        "const DATA={"
        f"rules:{{rounding:{quoted(rules.rounding)},kilo:{rules.kilo}}},shortest:{SHORTEST},stated:{stated},"
        f"start:{{d:{begin.d}n,k:{k},r:{begin.r}n,alpha:{alpha},method:0}},"
        f"modes:{json.dumps(modes)},methods:[{offers}],numbers:[{numbers.script()}],"
        f"claims:[{told}],fonts:[{_fonts(fonts)}],drawings:[{pictures}]}};"
    )


def _rational(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator}n"
    return f"Exact.num({value.numerator}n,{value.denominator}n)"


def _plain(one: Statement, numbers: Numbers) -> str:
    """What is said, in one line of text. ⟦3⟧ stands for the number of that place, which the page computes."""

    def place(node: Node) -> Node:
        if isinstance(node, Computed):
            return Words(f"⟦{numbers.index(node.body, node.form)}⟧")
        return rebuild(node, place)

    try:
        if one.tree is not None:
            return to_plain(place(one.tree))
        if one.kind == "property" or (one.kind == "geometry" and " " in one.text):
            return one.text
        return to_plain(place(parse_math(one.text)))
    except LorafigError:
        return one.text


def _claim(
    one: Statement, places: Sequence[tuple[str, int, int, int]], rules: Rules, numbers: Numbers
) -> str:
    at = [
        item
        for item, line, column, length in places
        if line == one.line and column <= one.column < column + max(length, 1)
    ]
    if not at:  # said by an element whose label has another source: at what is named so
        words = re.findall(r"[A-Za-z]+", one.text)
        at = [item for item, *_ in places if item.removesuffix("-label") in words]
    holds = ",".join(to_js(condition, rules) for condition in one.conditions)
    items = "" if one.constant else ",".join(quoted(item) for item in dict.fromkeys(at))
    plain = "" if one.constant and one.stands else _plain(one, numbers)  # such a one is never named
    return f"{{plain:{quoted(plain)},at:[{items}],holds:[{holds}]}}"


def _items(drawings: Sequence[Drawing]) -> list[tuple[str, int, int, int]]:
    """Labels by the line, column and length of what they say in the spec."""
    return [
        (item.removeprefix(f"{drawing.id}-"), line, column, length)
        for drawing in drawings
        for item, found in drawing.places.items()
        for line, column, length in found
    ]


def shapes(method: Method, symbols: Mapping[str, Shape] | None = None) -> list[tuple[str, str, str, bool]]:
    """The matrices of a method, rows by columns, and whether it trains them."""
    row = ADAPTERS[method.adapter]
    return [
        (name, sizes[0], sizes[1] if len(sizes) == 2 else "1", name in row.trainable)
        for name, sizes in (row.symbols if symbols is None else symbols).items()
        if name in row.frozen or name in row.trainable
    ]


def _matrices(found: Sequence[tuple[str, str, str, bool]]) -> str:
    return ",".join(
        f"[{quoted(name)},{quoted(high)},{quoted(wide)},{str(trains).lower()}]"
        for name, high, wide, trains in found
    )


def _method(method: Method) -> str:
    row = ADAPTERS[method.adapter]
    divides = "d_1" in row.sizes(1, 1, 1)
    drawn = _matrices(shapes(method))
    if row.whole is not None:
        drawn += f"],whole:[{_matrices(shapes(method, row.whole.symbols))}"
    return (
        f"{{key:{quoted(method.name)},name:{quoted(row.title)},count:{count_js(method.adapter)},"
        f"ranked:{str(ranked(method.adapter)).lower()},divides:{str(divides).lower()},shapes:[{drawn}]}}"
    )


def _drawing(one: Drawing, numbers: Numbers, fonts: Sequence[str]) -> str:
    """A drawing's part of the script."""
    stem = f"{one.id}-"

    def short(identity: str) -> str:
        return quoted(identity.removeprefix(stem))

    motion = one.motion
    table = ",".join("[" + ",".join(_decimal(value) for value in row) + "]" for row in motion.table)
    spots = []
    for (identity, child, name), pieces in motion.pieces.items():
        rows = ",".join("[" + ",".join(map(str, row)) + "]" for row in motion.rows[identity, child, name])
        written = ",".join(quoted(piece) for piece in pieces)
        spots.append(f"[{short(identity)},{child},{quoted(name)},[{written}],{rows}]")
    labels = []
    for label in one.labels:
        lines = []
        for line in label.lines:
            pieces_ = ",".join(
                f"[{piece.slot},{quoted(picture.scales(piece.across, piece.up))}]" for piece in line.pieces
            )
            slots = ",".join(
                f"[{numbers.index(slot.body, slot.form)},{_decimal(slot.x)},{_decimal(slot.y)},"
                f"{_decimal(slot.width)},{str(slot.inline).lower()},{fonts.index(slot.font)}]"
                for slot in line.slots
            )
            lines.append(f"[{_decimal(line.width)},{_decimal(line.drop)},[{pieces_}],[{slots}]]")
        labels.append(f"[{short(label.item)},[{','.join(lines)}]]")
    areas = ",".join(
        f"[{short(identity)},{_decimal(a.x)},{_decimal(a.y)},{_decimal(a.width)},{_decimal(a.height)}]"
        for identity, a in one.areas.items()
    )
    used = {identity for identity, _, name in motion.pieces if name == "wire"}
    wires = ",".join(
        f"{short(identity)}:[{_decimal(line)},{_decimal(end)},[{','.join(map(_decimal, head))}]]"
        for identity, (line, end, head) in one.wires.items()
        if identity in used
    )
    every = list(one.sides.low)
    orders = ",".join(
        "[" + ",".join(str(every.index(name)) for name in order) + "]" for order in motion.orders
    )
    names = ",".join(quoted(name) for name in motion.names)
    low = ",".join(f"{quoted(name)}:{_decimal(one.sides.low[name], 6)}" for name in every)
    high = ",".join(f"{quoted(name)}:{_decimal(one.sides.high[name], 6)}" for name in every)
    mode = "null" if one.mode is None else quoted(one.mode)
    return (
        f"{{id:{quoted(one.id)},mode:{mode},width:{_decimal(one.width)},names:[{names}],orders:[{orders}],"
        f"height:{_decimal(one.height)},longest:{_decimal(one.longest)},largest:{one.sides.largest},low:{{{low}}},high:{{{high}}},"
        f"table:[{table}],spots:[{','.join(spots)}],labels:[{','.join(labels)}],"
        f"areas:[{areas}],wires:{{{wires}}}}}"
    )


def _fonts(fonts: Mapping[str, Mapping[str, Digit]]) -> str:
    """The digits that numbers in labels are written with, by size."""
    digits = []
    for font in fonts.values():
        entries = ",".join(
            f"{quoted(char)}:[{_decimal(digit.advance)},{digit.x},{digit.y},{quoted(digit.path)},"
            f"{_scale(digit.across)},{_scale(digit.up)}]"
            for char, digit in font.items()
        )
        digits.append(f"{{{entries}}}")
    return ",".join(digits)


def _decimal(value: float, places: int = 4) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _scale(value: float) -> str:
    return f"{value:.7f}".strip("0")
