"""A node of a flow: a shape with its label, a note and a badge, sized by what is on it.

A bar and the trapezoids of a bottleneck are drawn across the flow, as long as their dimensions.
"""

from __future__ import annotations

from math import hypot

from msgspec import Struct

from lorafig.icons import ICONS
from lorafig.language.model import FlowNode
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.roles import symbol_of
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols, name_of
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.scene import Form, Length, Place
from lorafig.themes.measures import caption_size, equation_size
from lorafig.typeset import Typesetter

FORMS: dict[str, Form] = {
    "box": "box",
    "rounded": "rounded",
    "stadium": "stadium",
    "circle": "circle",
    "diamond": "diamond",
    "bar": "box",
}
SIGNS = ("+", "⊕", "×", "⊙")


class NodePart(Struct):
    """`label` is None for a bottleneck, whose trapezoids carry `parts`; `across` is true where data flows
    from left to right."""

    sheet: Sheet
    symbols: Symbols
    spec: FlowNode
    role: str
    across: bool
    label: Block | None
    note: Block | None
    parts: tuple[Block, ...] = ()
    drawn: tuple[str, ...] = ()  # once drawn, the names of its shapes, in the direction of the flow

    # -- what it takes ------------------------------------------------------------------------

    @property
    def _outside(self) -> bool:
        """Whether the note stands beside the shape and not on it: beneath it where data flows from left to
        right, at its right where it flows down."""
        return self.spec.shape in ("circle", "diamond", "bar", "bottleneck")

    def _icon(self) -> float:
        return 0.0 if self.spec.badge is None else self.sheet.lengths["icon"]

    def _content(self) -> tuple[float, float]:
        """Width and height of what stands inside the shape, in mm."""
        assert self.label is not None
        gap = self.sheet.lengths["label gap"]
        width, height = self.label.width, self.label.height
        if self._icon() > 0:
            width, height = width + self._icon() + gap, max(height, self._icon())
        if self.note is not None and not self._outside:
            width, height = max(width, self.note.width), height + gap + self.note.height
        return width, height

    def shape_size(self) -> tuple[float, float]:
        """Width and height of the shape, in mm."""
        sheet = self.sheet
        lengths = sheet.lengths
        if self.spec.shape == "bottleneck":
            return self._bottleneck()
        if self.spec.shape == "bar":
            long, short = sheet.mm(self.symbols.sides.length(self._dimension())), lengths["bar height"]
            return (short, long) if self.across else (long, short)
        width, height = self._content()
        pad = lengths["node pad"]
        match self.spec.shape:
            case "circle":
                side = max(hypot(width, height) + pad, lengths["sign"])
                return side, side
            case "diamond":  # the content's corners lie on the sides of a rhombus twice as large
                return 2 * width + 2 * pad, 2 * height + pad
            case "stadium":
                high = max(height + 2 * pad, lengths["node height"])
                return max(width + pad + high, lengths["node width"]), high
            case _:
                return (
                    max(width + 2.4 * pad, lengths["node width"]),
                    max(height + 2 * pad, lengths["node height"]),
                )

    def size(self) -> tuple[float, float]:
        """Width and height with what hangs on it; as much is left on the other side, so that its middle is
        the shape's."""
        width, height = self.shape_size()
        below = 0.0
        gap = self.sheet.lengths["label gap"]
        if self.spec.shape == "bar" and self.label is not None:
            if self.across:
                below += gap + self.label.height
                width = max(width, self.label.width)
            else:
                width += 2 * (gap + self.label.width)
        if self.note is not None and self._outside:
            if self.across:
                below += gap + self.note.height
                width = max(width, self.note.width)
            else:
                width = max(width, self.shape_size()[0] + 2 * (gap + self.note.width))
        return width, height + 2 * below

    def longest(self) -> float:
        """How long the longest dimension must be for its labels to fit, in mm."""
        if self.spec.shape != "bottleneck":
            return 0.0
        needed = 0.0
        sides = self.symbols.sides
        for block, (start, end) in zip(self.parts, self._ends(), strict=True):
            # The label lies at the middle of the trapezoid, which is as long as the mean of its sides.
            mean = (sides.ratio(start) + sides.ratio(end)) / 2
            room = block.height if self.across else block.width
            least = min(sides.ratio(start), sides.ratio(end)) if self.across else mean
            needed = max(needed, (room + 2 * self.sheet.lengths["pad"]) / least)
        return needed

    def _dimension(self) -> str:
        found = self.symbols.vector(str(self.spec.bar))
        return "d" if found is None else found

    def _ends(self) -> list[tuple[str, str]]:
        """The dimensions that each trapezoid goes from and to."""
        ends: list[tuple[str, str]] = []
        flow = "k"
        for symbol in self.spec.bottleneck or ():
            rows, columns = self.symbols.matrix(symbol, ("d", flow))
            ends.append((columns, rows))
            flow = rows
        return ends

    def _depths(self) -> list[float]:
        """How long each trapezoid is in the direction of the flow, in mm."""
        pad, least = self.sheet.lengths["pad"], self.sheet.lengths["node height"]
        return [max((one.width if self.across else one.height) + 3 * pad, least) for one in self.parts]

    def _bottleneck(self) -> tuple[float, float]:
        along = sum(self._depths()) + self.sheet.lengths["waist gap"] * (len(self.parts) - 1)
        sides = [self.sheet.mm(self.symbols.sides.length(side)) for ends in self._ends() for side in ends]
        return (along, max(sides)) if self.across else (max(sides), along)

    # -- drawing ------------------------------------------------------------------------------

    def draw(self, place: Place) -> str:
        """Draw it with its middle at a place; the name of its (first) shape."""
        self.sheet.at = self.spec.where
        if self.spec.shape == "bottleneck":
            self._draw_bottleneck(place)
        else:
            self._draw_shape(place)
        return self.drawn[0]

    def _draw_shape(self, place: Place) -> None:
        sheet = self.sheet
        width, height = self.shape_size()
        form = FORMS[self.spec.shape]
        if self.spec.shape == "bar":
            side = self.symbols.sides.length(self._dimension())
            wide, high = (named("bar height"), side) if self.across else (side, named("bar height"))
        else:
            wide = sheet.length("sign" if form == "circle" else "node width", width)
            high = wide if form == "circle" else sheet.length("node height", height)
        name = sheet.rectangle(self.spec.name, self.role, wide, high, place, form).name
        self.drawn = (name,)
        if self.spec.shape == "bar":
            self._bar_label(name)
        else:
            self._inside(name)
        self._beside(f"{name}-label" if self.spec.shape == "bar" and self.across else name, name)

    def _beside(self, of: str, name: str, along: Length = ()) -> None:
        """The note outside the shape, moved along the flow from the middle of what it is placed by."""
        if self.note is None or not self._outside:
            return
        gap = named("label gap")
        if self.across:
            place = Place("north", of, "south", along, times(gap, -1.0))
        else:
            place = Place("west", of, "east", gap, times(along, -1.0))
        self.sheet.label(self.note, place, "text", f"{name}-note")

    def _bar_label(self, name: str) -> None:
        assert self.label is not None
        gap = times(named("label gap"), -1.0)
        place = Place("north", name, "south", (), gap) if self.across else Place("east", name, "west", gap)
        self.sheet.label(self.label, place, "text", f"{name}-label")

    def _inside(self, name: str) -> None:
        """The badge and the label side by side, the note below them, all of it in the middle."""
        assert self.label is not None
        sheet, gap = self.sheet, self.sheet.lengths["label gap"]
        up = 0.0
        note = self.note if not self._outside else None
        upper = max(self.label.height, self._icon())
        if note is not None:
            up = (gap + note.height) / 2
            down = sheet.signed("note drop", -(gap + upper) / 2)
            sheet.label(note, Place("center", name, "center", (), down), self.role, f"{name}-note")
        lift = sheet.signed("label lift", up)
        badge = self.spec.badge
        if badge is None:
            sheet.inside(self.label, name, self.role, lift)
            return
        away = sheet.signed("badge shift", (self._icon() + gap) / 2)
        label = sheet.label(
            self.label, Place("center", name, "center", away, lift), self.role, f"{name}-label"
        )
        beside = Place("east", label.name, "west", times(named("label gap"), -1.0))
        sheet.icon(badge, ICONS[badge].meaning, named("icon"), beside, self.role, f"{name}-badge")

    def _draw_bottleneck(self, place: Place) -> None:
        sheet, sides = self.sheet, self.symbols.sides
        along = sum(self._depths()) + sheet.lengths["waist gap"] * (len(self.parts) - 1)
        names: list[str] = []
        at = place
        for number, (block, (start, end), depth) in enumerate(
            zip(self.parts, self._ends(), self._depths(), strict=True)
        ):
            thick = sheet.length("trapezoid length", depth)
            if names:
                by = named("waist gap")
                at = (
                    Place("west", names[-1], "east", by)
                    if self.across
                    else Place("north", names[-1], "south", (), times(by, -1.0))
                )
            else:
                back = sheet.length("bottleneck shift", along / 2)
                at = (
                    Place("west", place.of, place.at, plus(place.right, times(back, -1.0)), place.up)
                    if self.across
                    else Place("north", place.of, place.at, place.right, plus(place.up, back))
                )
            stem = self.spec.name if number == 0 else f"{self.spec.name}-{number + 1}"
            role = self.role
            lengths = sides.length(start), sides.length(end)
            ends = lengths if self.across else lengths[::-1]
            name = sheet.trapezoid(stem, role, ends, thick, at, self.across).name
            sheet.inside(block, name, role)
            names.append(name)
        self.drawn = tuple(names)
        # The note stands by the middle of the whole, told from that of the first trapezoid.
        self._beside(names[0], names[0], sheet.length("note shift", (along - self._depths()[0]) / 2))


def prepare(sheet: Sheet, symbols: Symbols, spec: FlowNode, role: str, across: bool) -> NodePart:
    setter, size = sheet.typesetter, sheet.font_size
    note = None
    if spec.note is not None:
        note = sheet.block([setter.text(spec.note, caption_size(size))])
    symbol = symbol_of(spec)
    if isinstance(symbol, tuple):
        parts = tuple(sheet.block([setter.math(one_symbol, size)]) for one_symbol in symbol)
        return NodePart(sheet, symbols, spec, role, across, None, note, parts)
    return NodePart(sheet, symbols, spec, role, across, _label(setter, sheet, spec, symbol), note)


def _label(setter: Typesetter, sheet: Sheet, spec: FlowNode, symbol: str | None) -> Block:
    """Lines of words, then mathematics. A symbol by itself is set larger."""
    size = sheet.font_size
    words = spec.label if isinstance(spec.label, tuple) and symbol is None else ()
    lines = [setter.text(line, size) for line in (*words, *spec.text)]
    math = spec.math if spec.math is not None else symbol
    if math is not None:
        alone = not lines and spec.math is None and name_of(math) not in SIGNS
        simple = alone and key(parse_math(math)) is not None and spec.shape != "bar"
        lines.append(setter.math(math, equation_size(size) if simple else size))
    return sheet.block(lines)
