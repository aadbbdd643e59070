"""A node of a flow: a shape with its label, a note and a badge, sized by what is on it.

A bar and the trapezoids of a bottleneck are drawn across the flow, as long as their dimensions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import hypot
from typing import get_args

from msgspec import Struct

from lorafig.graph.structure import leads, noted
from lorafig.icons import ICONS
from lorafig.language.model import FlowNode
from lorafig.language.table import called
from lorafig.layout import bar
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.roles import symbol_of
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import SLANT, End, Form, Length, Place
from lorafig.themes.measures import LEAST_SIDE, caption_size

# Every box has the corners of its theme.
FORMS: dict[str, Form] = {form: form for form in get_args(Form)} | {"box": "rounded"}
# Signs as they stand in a circle, which is the ring of those that have one.
RINGED = {"+": "+", "⊕": "+", "×": "×", "⊗": "×", "⊙": "•", "−": "−"}


def ringed(spec: FlowNode) -> str | None:
    """The sign in a circle that is a sign and nothing else."""
    symbol = symbol_of(spec)
    if spec.shape != "circle" or spec.text or spec.math is not None or not isinstance(symbol, str):
        return None
    return RINGED.get(called(symbol))


def beside(of: str, right: bool, shift: Length = (), gap: str = "label gap") -> Place:
    """The place right of an item or below it, moved along its side."""
    if right:
        return Place("west", of, "east", named(gap), times(shift, -1.0))
    return Place("north", of, "south", shift, times(named(gap), -1.0))


BEHIND = 2  # sheets behind a node that is there several times


class NodePart(Struct):
    """A shape with its label inside; `across` is true where data flows from side to side, `back` where it
    flows to the left or up."""

    sheet: Sheet
    symbols: Symbols
    spec: FlowNode
    role: str
    across: bool
    back: bool
    note: Block | None
    label: Block
    drawn: tuple[str, ...] = ()  # once drawn, the names of its shapes, in the direction of the flow
    least: tuple[float, float] = (0.0, 0.0)  # of its shape's width and height in mm, as its like has them

    # -- what it takes ------------------------------------------------------------------------

    def hung(self) -> list[Block]:
        """What stands beside the shape and not on it: beneath it where data flows from left to right, at its
        sides where it flows down."""
        outside = self.note is not None and self.spec.shape in ("circle", "diamond")
        return [self.note] if self.note is not None and outside else []

    def _icon(self) -> float:
        return 0.0 if self.spec.badge is None else self.sheet.lengths["icon"]

    def _content(self) -> tuple[float, float]:
        """Width and height of what stands inside the shape, in mm."""
        gap = self.sheet.lengths["label gap"]
        width, height = self.label.width, self.label.height
        if self._icon() > 0:
            width, height = width + self._icon() + gap, max(height, self._icon())
        if self.note is not None and not self.hung():
            width, height = max(width, self.note.width), height + gap + self.note.height
        return width, height

    def shape_size(self) -> tuple[float, float]:
        """Width and height of the shape, in mm."""
        lengths = self.sheet.lengths
        width, height = self._content()
        pad = lengths["node pad"]
        least = max(lengths["node width"], self.least[0]), max(lengths["node height"], self.least[1])
        match self.spec.shape:
            case "circle":
                around = 0.0 if ringed(self.spec) else hypot(width, height) + pad
                side = max(around, lengths["sign"], self.least[0])
                return side, side
            case "diamond":  # the content's corners lie on the sides of a rhombus twice as large
                return 2 * width + 2 * pad, 2 * height + pad
            case "hexagon":
                high = max(height + 2 * pad, least[1])
                return max(width + 2 * pad + 2 * SLANT * high, least[0]), high
            case "stadium":
                high = max(height + 2 * pad, least[1])
                return max(width + pad + high, least[0]), high
            case _:
                return max(width + 2.4 * pad, least[0]), max(height + 2 * pad, least[1])

    def size(self) -> tuple[float, float]:
        """Width and height with what hangs on it; as much is left on the other side, so that its middle is
        the shape's."""
        width, height = self.shape_size()
        if self.spec.sheets is not None:
            behind = 2 * BEHIND * self.sheet.lengths["sheet"]
            width, height = width + behind, height + behind
        gap, hung = self.sheet.lengths["label gap"], self.hung()
        if self.across:
            below = sum(gap + block.height for block in hung)
            return max([width, *[block.width for block in hung]]), height + 2 * below
        return max([width, *[width + 2 * (gap + block.width) for block in hung]]), height

    def lift(self) -> float:
        """How far the middle of its shape is above that of all, in mm."""
        return 0.0

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, in mm."""
        return 0.0

    # -- drawing ------------------------------------------------------------------------------

    def draw(self, place: Place) -> str:
        """Draw it with its middle at a place; the name of its (first) shape."""
        self.sheet.at = self.spec.where
        self._draw(place)
        return self.drawn[0]

    def _draw(self, place: Place) -> None:
        sheet, form = self.sheet, FORMS[self.spec.shape]
        width, height = self.shape_size()
        wide = sheet.length("sign" if form == "circle" else "node width", width)
        high = wide if form == "circle" else sheet.length("node height", height)
        for behind in range(BEHIND if self.spec.sheets is not None else 0, 0, -1):
            by = times(named("sheet"), float(behind))
            at = Place(place.anchor, place.of, place.at, plus(place.right, by), plus(place.up, by))
            sheet.rectangle(f"{self.spec.name}-sheet", self.role, wide, high, at, form)
        name = sheet.rectangle(self.spec.name, self.role, wide, high, place, form).name
        self.drawn = (name,)
        self._inside(name)
        if self.hung():
            self._beside(name, name)

    def _beside(self, of: str, name: str, along: Length = ()) -> None:
        """The note outside the shape, moved along the flow from the middle of what it is placed by."""
        if self.note is not None:
            self.sheet.label(self.note, beside(of, not self.across, along), "note", f"{name}-note")

    def _inside(self, name: str) -> None:
        """The badge and the label side by side, the note below them, all of it in the middle."""
        sheet, gap = self.sheet, self.sheet.lengths["label gap"]
        up = 0.0
        if self.note is not None and not self.hung():
            up = (gap + self.note.height) / 2
            down = sheet.signed("note drop", -(gap + max(self.label.height, self._icon())) / 2)
            sheet.label(self.note, Place("center", name, "center", (), down), self.role, f"{name}-note")
        lift = sheet.signed("label lift", up)
        badge = self.spec.badge
        away = () if badge is None else sheet.signed("badge shift", (self._icon() + gap) / 2)
        label = sheet.inside(self.label, name, self.role, lift, away)
        if badge is not None:
            place = Place("east", label.name, "west", times(named("label gap"), -1.0))
            sheet.icon(badge, ICONS[badge].meaning, named("icon"), place, self.role, f"{name}-badge")

    def _mark(self, name: str, place: Place, role: str) -> None:
        """The badge of a shape that has no room for it beside its label."""
        badge = self.spec.badge
        if badge is not None:
            self.sheet.icon(badge, ICONS[badge].meaning, named("badge"), place, role, f"{name}-badge")


class BarNode(NodePart):
    """A vector, across the flow, with its label inside; beneath it where it stands upright, and at its left
    where it is too short."""

    def hung(self) -> list[Block]:
        label = [] if self._inside_it() else [self.label]
        return label if self.note is None else [*label, self.note]

    def _inside_it(self) -> bool:
        """Decided at the sizes of the figure, wherever a slider is."""
        return not self.across and self._least() <= bar.STRETCH * LEAST_SIDE * self.sheet.em * self._share()

    def _least(self) -> float:
        return self.label.width + 2 * self.sheet.lengths["pad"]

    def _short(self) -> Length:
        return bar.high(self.sheet, self.label if self._inside_it() else None)

    def _share(self) -> float:
        dimension = self.symbols.vector(str(self.spec.bar))
        return self.symbols.sides.usual["d" if dimension is None else dimension]

    def longest(self) -> float:
        dimension = self.symbols.vector(str(self.spec.bar))
        ratio = self.symbols.sides.ratio("d" if dimension is None else dimension)
        return self._least() / ratio if self._inside_it() else 0.0

    def _side(self) -> Length:
        dimension = self.symbols.vector(str(self.spec.bar))
        return self.symbols.sides.length("d" if dimension is None else dimension)

    def shape_size(self) -> tuple[float, float]:
        long, short = self.sheet.mm(self._side()), self.sheet.mm(self._short())
        return (short, long) if self.across else (long, short)

    def _draw(self, place: Place) -> None:
        sheet, short = self.sheet, self._short()
        wide, high = (short, self._side()) if self.across else (self._side(), short)
        name = sheet.rectangle(self.spec.name, self.role, wide, high, place).name
        self.drawn = (name,)
        if self._inside_it():
            sheet.inside(self.label, name, self.role)
            self._beside(name, name)
            self._mark(name, Place("center", name, "east", times(named("badge inset"), -1.0)), self.role)
            return
        free = Place("south", name, "north", (), named("label gap"))  # lines come and go at the other sides
        self._mark(
            name,
            free if self.across else Place("west", name, "east", named("label gap")),
            f"{self.role} line",
        )
        left = Place("east", name, "west", times(named("label gap"), -1.0))
        label = sheet.label(self.label, beside(name, False) if self.across else left, "text", f"{name}-label")
        self._beside(label.name if self.across else name, name)


class BottleneckNode(NodePart):
    """Trapezoids across the flow, one after the other; `parts` are their labels. Where data is `passed`
    through them, a line leads from each to the next."""

    parts: tuple[Block, ...] = ()
    passed: bool = False

    def hung(self) -> list[Block]:
        return [] if self.note is None else [self.note]

    def longest(self) -> float:
        needed = 0.0
        for block, ends in zip(self.parts, self._ends(), strict=True):
            ratios = [self.symbols.sides.ratio(end) for end in ends]
            # The label lies at the middle of the trapezoid, which is as long as the mean of its sides.
            room, least = (block.height, min(ratios)) if self.across else (block.width, sum(ratios) / 2)
            needed = max(needed, (room + 2 * self.sheet.lengths["pad"]) / least)
        return needed

    def _ends(self) -> list[tuple[str, str]]:
        """The dimensions that each trapezoid goes from and to."""
        shapes: list[tuple[str, str]] = []
        for symbol in self.spec.bottleneck or ():
            shapes.append(self.symbols.matrix(symbol, ("d", shapes[-1][0] if shapes else "k")))
        return leads(shapes)

    def _depths(self) -> list[float]:
        """How long each trapezoid is in the direction of the flow, in mm."""
        pad, least = self.sheet.lengths["pad"], self.sheet.lengths["node height"]
        return [max((part.width if self.across else part.height) + 3 * pad, least) for part in self.parts]

    def along(self) -> float:
        """How long it is in the direction of the flow, in mm."""
        return sum(self._depths()) + self.sheet.lengths["waist gap"] * (len(self.parts) - 1)

    def shape_size(self) -> tuple[float, float]:
        along = self.along()
        sides = [self.sheet.mm(self.symbols.sides.length(side)) for ends in self._ends() for side in ends]
        return (along, max(sides)) if self.across else (max(sides), along)

    def _pocket(self) -> Place:
        """Where the first two trapezoids leave room: at the right of their waist, or above it."""
        first, half, inset = self.drawn[0], times(named("waist gap"), 0.5), named("badge inset")
        if self.across:
            return Place("center", first, "north east", half, times(inset, -1.0))
        return Place("center", first, "south east", times(inset, -1.0), times(half, -1.0))

    def _waist(self, before: str, behind: str) -> None:
        """The line between two trapezoids: rightwards or downwards, unless data flows back."""
        sheet, gap = self.sheet, named("wire gap")
        away = times(gap, -1.0)
        if self.across:
            ends = End(before, "east", gap), End(behind, "west", away)
        else:
            ends = End(before, "south", (), away), End(behind, "north", (), gap)
        start, end = ends[::-1] if self.back else ends
        points = [sheet.point(at.of, at.at, at.right, at.up) for at in (start, end)]
        sheet.wire(points, start, end, "line", head=True, tail=False)

    def _draw(self, place: Place) -> None:
        sheet, sides, depths = self.sheet, self.symbols.sides, self._depths()
        along = self.shape_size()[0 if self.across else 1]
        parts = list(zip(self.parts, self._ends(), depths, strict=True))
        if self.back:  # they are drawn from left to right and from top to bottom, whatever their order
            parts = [(block, (end, start), depth) for block, (start, end), depth in reversed(parts)]
        for number, (block, ends, depth) in enumerate(parts):
            thick = sheet.length("trapezoid length", depth)
            if number > 0:
                at = beside(self.drawn[-1], self.across, gap="waist gap")
            elif self.across:
                back = times(sheet.length("bottleneck shift", along / 2), -1.0)
                at = Place("west", place.of, place.at, plus(place.right, back), place.up)
            else:
                back = sheet.length("bottleneck shift", along / 2)
                at = Place("north", place.of, place.at, place.right, plus(place.up, back))
            stem = self.spec.name if number == 0 else f"{self.spec.name}-{number + 1}"
            first, second = sides.length(ends[0]), sides.length(ends[1])
            lengths = (first, second) if self.across else (second, first)
            name = sheet.trapezoid(stem, self.role, lengths, thick, at, self.across).name
            sheet.inside(block, name, self.role)
            self.drawn += (name,)
            if number > 0 and self.passed:
                self._waist(*self.drawn[-2:])
        if len(self.drawn) > 1:
            self._mark(self.drawn[0], self._pocket(), f"{self.role} line")
        # The note stands by the middle of the whole, told from that of the first trapezoid.
        shift = sheet.length("note shift", (along - parts[0][2]) / 2)
        self._beside(self.drawn[0], self.drawn[0], shift)
        if self.back:
            self.drawn = self.drawn[::-1]


def alike(parts: Iterable[NodePart], siblings: Iterable[Sequence[NodePart]] = ()) -> None:
    """Gives boxes with words one size across the flow, and those with a symbol alone one size, as they look
    alike; not to what is less than half as large. Siblings have one size, whichever of them is so small."""
    kinds: dict[bool, list[NodePart]] = {}
    for part in parts:
        kind = _kind(part)
        if kind is not None:
            kinds.setdefault(kind, []).append(part)
    together = [several for several in siblings if len({_kind(part) for part in several}) == 1]
    family = {id(part): several for several in together for part in several}
    for words, several in kinds.items():
        sizes = {id(part): part.shape_size() for part in several}
        most = max(size[0] for size in sizes.values()), max(size[1] for size in sizes.values())
        for part in several:
            near = [sizes[id(one)] for one in family.get(id(part), (part,))]
            # Words make the boxes of a flow from left to right as long as they are, and of one height.
            wide = 0.0 if words and part.across else _least(near, most, 0, words)
            high = 0.0 if words and not part.across else _least(near, most, 1, words)
            part.least = wide, high


def level(siblings: Iterable[Sequence[NodePart]]) -> None:
    """Makes boxes beside a bottleneck as long as it along the flow, and a matrix square where data flows up
    or down: it is no smaller than its update."""
    for several in siblings:
        along = max((part.along() for part in several if isinstance(part, BottleneckNode)), default=0.0)
        for part in several if along > 0 else ():
            if _kind(part) is not None:
                wide, high = part.least
                square = part.spec.shape == "box" and not _kind(part)
                wide = max(wide, along) if part.across or square else wide
                part.least = wide, high if part.across else max(high, along)


def same(copies: Sequence[NodePart]) -> None:
    """Gives copies of one node the size of the largest."""
    copies = [part for part in copies if type(part) is NodePart]
    sizes = [part.shape_size() for part in copies]
    for part in copies:
        part.least = max(size[0] for size in sizes), max(size[1] for size in sizes)


def _least(near: Sequence[tuple[float, float]], most: tuple[float, float], axis: int, words: bool) -> float:
    if all(2 * size[axis] >= most[axis] for size in near):
        return most[axis]
    return max(size[axis] for size in near) if words and len(near) > 1 else 0.0


def _kind(part: NodePart) -> bool | None:
    """Boxes of one kind have one size: those with words, and those with a symbol alone."""
    if type(part) is not NodePart or part.spec.shape not in ("box", "rounded"):
        return None
    return bool(part.spec.text) or isinstance(part.spec.label, tuple)


def prepare(
    sheet: Sheet, symbols: Symbols, spec: FlowNode, role: str, across: bool, back: bool, passed: bool = False
) -> NodePart:
    """`passed`: data flows through it."""
    told = noted(spec)
    note = None if told is None else sheet.text(told, caption_size(sheet.font_size))
    common = sheet, symbols, spec, role, across, back, note
    symbol = symbol_of(spec)
    if isinstance(symbol, tuple):
        parts = tuple([sheet.math(factor) for factor in symbol])
        return BottleneckNode(*common, parts[0], parts=parts, passed=passed)
    return (BarNode if spec.shape == "bar" else NodePart)(*common, _label(sheet, spec, symbol))


def _label(sheet: Sheet, spec: FlowNode, symbol: str | None) -> Block:
    """Lines of words, then mathematics."""
    setter, size = sheet.typesetter, sheet.font_size
    words = spec.label if isinstance(spec.label, tuple) and symbol is None else ()
    lines = [setter.text(line, size) for line in (*words, *spec.text)]
    math = spec.math if spec.math is not None else symbol
    if math is not None:
        sign = ringed(spec)
        if sign is not None and not lines:
            return sheet.sign(sign)
        lines.append(sheet.formula(math, size))
    return sheet.block(lines)
