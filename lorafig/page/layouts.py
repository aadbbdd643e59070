"""Layouts of a figure at any length of its sides, its labels set for the widest numbers they can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Figure
from lorafig.layout import DrawnSides, fitted, layout
from lorafig.layout.symbols import of_figure
from lorafig.notation.children import rebuild
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import shown_number
from lorafig.notation.tree import Computed, Node, Number
from lorafig.page.drawing import Sides, share
from lorafig.page.numbers import Recorder
from lorafig.page.setting import Setting, figure_at, methods, reach, sliders, spread, start
from lorafig.scene import Scene
from lorafig.typeset.label import LatinModern
from lorafig.values import replace
from lorafig.verify.figure.collector import shapes

LONG = 0.7  # of the longest: what begins so is drawn no shorter
# How wide characters are beside each other, in em: enough to tell which number is the widest.
_WIDE = {",": 0.28, ".": 0.28, "K": 0.78, "M": 0.92, "B": 0.71, "T": 0.72, "%": 0.83, "×": 0.78}


@dataclass(frozen=True, slots=True)
class Layouts:
    """`figure` is as it stands at the start; `longest` is how long the longest side is drawn, in mm, at which
    every label fits wherever the sliders are."""

    figure: Figure
    moves: bool  # without sliders the picture is that of the other formats
    sides: Sides
    longest: float
    recorder: Recorder
    widest: Widest
    description: str
    unverified: bool

    def scene(self, shares: Mapping[str, float], palette: str | None = None) -> Scene:
        figure = self.figure
        if palette is not None:
            theme = replace(figure.theme, palette=palette)
            figure = replace(figure, theme=theme)
        return layout(
            figure,
            typesetter=self.recorder,
            description=self.description,
            unverified=self.unverified,
            drawn=DrawnSides(self.longest, shares) if self.moves else None,
            shapes=shapes(figure),
        )

    def shares(self, sizes: Mapping[str, int]) -> dict[str, float]:
        """How long each side is drawn at these sizes: the largest is full. What is beyond the sliders is
        drawn as at their ends."""
        known = {name: sizes.get(name, value) for name, value in self.sides.values.items()}
        return drawn(known, self.sides)


def drawn(values: Mapping[str, int], sides: Sides) -> dict[str, float]:
    """Each side as a part of the longest, within what it can be; what is longer is never drawn shorter. The
    page does the same (picture.js, `lengthsOf`)."""
    found: dict[str, float] = {}
    largest, before = max(values.values(), default=1), 0.0
    for value in sorted(set(values.values())):
        names = [name for name, own in values.items() if own == value]
        before = max(before, share(value, largest, sides.proportion), *(sides.low[name] for name in names))
        found |= {name: min(before, sides.high[name]) for name in names}
    return {name: found[name] for name in values}


def layouts(figure: Figure, description: str, unverified: bool = False) -> Layouts:
    """Fits the figure where its sides are shortest and its numbers widest."""
    begin = start(figure)
    sides, widest = _sides(figure, begin), Widest(figure)
    recorder = _recorder(widest)
    at_start = figure_at(figure, begin)
    least = fitted(at_start, sides.low, recorder, shapes(at_start))
    return Layouts(
        at_start, bool(sliders(figure)), sides, least.longest, recorder, widest, description, unverified
    )


def _sides(figure: Figure, begin: Setting) -> Sides:
    """The shares that every dimension of the figure can have, where the largest is always full; a single
    one where nothing changes it. A side that begins long stays so: a shorter one would have to hold
    its label, and all letters would be small."""
    reached = reach(figure)
    at_start = figure_at(figure, begin)
    values = dict(of_figure(at_start, None, shapes(at_start))[0].sides.values)
    ends = {name: reached.get(name, (value, value)) for name, value in values.items()}
    proportion, largest = figure.proportion, max(values.values(), default=1)
    low, high = {}, {}
    for name, (least, most) in ends.items():
        others = [ends[other] for other in ends if other != name]
        low[name] = share(least, max([least, *(end[1] for end in others)]), proportion)
        high[name] = share(most, max([most, *(end[0] for end in others)]), proportion)
        if share(values[name], largest, proportion) >= LONG:
            low[name] = max(low[name], LONG)
    return Sides(values, low, high, proportion)


def number_key(computed: Computed) -> tuple[Node, str]:
    return computed.body, computed.form


def shown(body: Node, form: str, values: Mapping[str, Fraction], figure: Figure) -> str:
    """A number as the page shows it; a dash where it has no value."""
    try:
        number = shown_number(
            evaluate(body, values, figure.numbers.kilo), form, figure.numbers.rounding, figure.numbers.kilo
        )
    except LorafigError:
        return "—"
    return number.digits + number.unit


class Widest(dict[tuple[Node, str], Number]):
    """The widest number of each expression, found when it is first asked for."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        moved = sliders(figure).get("alpha")
        alphas = () if moved is None else (Fraction(moved.min), Fraction(moved.max))
        self.settings = [
            one.values()
            for method in methods(figure)
            for setting in spread(figure, method)
            for one in (setting, *(replace(setting, alpha=alpha) for alpha in alphas))
        ]

    def __missing__(self, wanted: tuple[Node, str]) -> Number:
        numbers = self.figure.numbers
        best: Number | None = None
        for values in self.settings:
            try:
                value = evaluate(wanted[0], values, numbers.kilo)
                number = shown_number(value, wanted[1], numbers.rounding, numbers.kilo)
            except LorafigError:
                continue
            if best is None or _wide(number) > _wide(best):
                best = number
        if best is None:  # it has a value nowhere: the error of the figure itself says why
            evaluate(wanted[0], self.settings[0], numbers.kilo)
            raise LorafigError(Problem("a computed number is negative at every setting", code="page"))
        self[wanted] = best
        return best


def _wide(number: Number) -> float:
    return sum(_WIDE.get(char, 0.5) for char in number.digits + number.unit)


def _recorder(widest: Widest) -> Recorder:
    def fill(node: Node) -> Node:
        return widest[number_key(node)] if isinstance(node, Computed) else rebuild(node, fill)

    figure = widest.figure
    stamp = f"widest {figure.model} {figure.numbers} {figure.controls}"
    return Recorder(LatinModern(fill, stamp, figure.theme.words))
