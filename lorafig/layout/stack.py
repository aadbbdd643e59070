"""A stack: parts from bottom to top, as the data flows, with equal gaps or arrows between them."""

from __future__ import annotations

from typing import Literal, assert_never

from msgspec import Struct

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Arrow, Bar, Bottleneck, Scale, Split, Square, StackElement, Sum, Trapezoid
from lorafig.layout import bar, bottleneck, scale, square, trapezoid
from lorafig.layout import sum as sums
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Port, Prepared, Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.symbols import Symbols
from lorafig.scene import Anchor, End, Length, Place
from lorafig.scene import Arrow as DrawnArrow

FAN = 0.375  # where an arrow to the side leaves a bar, as a part of its width


class Joint(Struct):
    """What is between two parts: a gap or arrows, with a label, and perhaps + between the arrows."""

    kind: Literal["gap", "arrow"] = "gap"
    label: Block | None = None
    adds: bool = False
    terms: tuple[Block, ...] = ()  # labels of the arrows that are added


class StackPart(Prepared):
    parts: list[BoxPart] = []
    joints: list[Joint] = []  # joints[i] stands before parts[i + 1]
    stretch: float = 0.0  # mm added to every joint, to stand level with a taller neighbour
    slug: str = ""
    places: list[errors.Place | None] = []  # of its parts, in the spec

    @property
    def out(self) -> str:
        return self.parts[-1].out

    @property
    def role(self) -> str:
        """That of the last part which is more than a bar: what a vector came out of gives it its colour."""
        roles = [part.role for part in self.parts if part.role != "activation"]
        return roles[-1] if roles else "activation"

    def longest(self) -> float:
        return max(part.longest() for part in self.parts)

    def width(self) -> Length:
        return max((part.width() for part in self.parts), key=self.sheet.mm)

    def overhang(self) -> float:
        half = self.sheet.mm(self.width()) / 2
        reaches = [self.sheet.mm(part.width()) / 2 + part.overhang() - half for part in self.parts]
        return max(0.0, *reaches)

    def _joint(self, joint: Joint) -> Length:
        if self.stretch < 0.005:
            return named(joint.kind)
        name = f"{self.slug} {joint.kind}".strip()
        return self.sheet.length(name, self.sheet.lengths[joint.kind] + self.stretch)

    def height(self) -> Length:
        return plus(*(part.height() for part in self.parts), *(self._joint(joint) for joint in self.joints))

    def draw(self, spot: Spot, height: Length) -> Drawn:
        first: Drawn | None = None
        last: Drawn | None = None
        for number, part in enumerate(self.parts):
            at = spot
            if last is not None:
                at = last.above.raised(self._joint(self.joints[number - 1]))
            self.sheet.at = self.places[number]
            drawn = part.draw(at, part.height())
            if last is not None and self.joints[number - 1].kind == "arrow":
                self._connect(last.outlets, drawn.inlets, self.joints[number - 1])
            first = drawn if first is None else first
            last = drawn
        assert first is not None
        assert last is not None
        return Drawn(first.inlets, last.outlets, last.above)

    def _connect(self, outlets: tuple[Port, ...], inlets: tuple[Port, ...], joint: Joint) -> None:
        """Arrows from every outlet to every inlet that it feeds, straight up where there is room."""
        arrows = []
        if len(outlets) == len(inlets):
            pairs = list(zip(outlets, inlets, strict=True))
        elif len(outlets) == 1:
            pairs = [(outlets[0], inlet) for inlet in inlets]
        else:
            pairs = [(outlet, inlets[0]) for outlet in outlets]
        for outlet, inlet in pairs:
            for brace, side in ((outlet.brace, "over"), (inlet.brace, "under")):
                if brace is not None and brace.side == side:
                    what = "an arrow runs through this brace"
                    raise LorafigError(Problem(what, brace.where, "leave out one of the two"))
            away = plus(inlet.offset, times(outlet.offset, -1.0))
            start = End(outlet.shape, "north", self._leave(outlet, away))
            end = End(inlet.shape, "south", self._leave(inlet, times(away, -1.0)))
            arrows.append(self.sheet.arrow(start, end))
        if joint.adds:
            self._signs(inlets[0])
        if joint.label is not None:
            self._beside(arrows[-1], joint.label)
        if joint.terms:
            self._terms(arrows, joint.terms)

    def _terms(self, arrows: list[DrawnArrow], terms: tuple[Block, ...]) -> None:
        """The terms of a sum, each outside its arrow, so that the + has the middle."""
        if len(terms) != len(arrows):
            return  # verification says so
        for number, (arrow, term) in enumerate(zip(arrows, terms, strict=True)):
            self._beside(arrow, term, left=2 * number < len(arrows) - 1)

    def _beside(self, arrow: DrawnArrow, label: Block, left: bool = False) -> None:
        """A label beside the middle of an arrow, as far off as the arrow leans."""
        sheet, side = self.sheet, -1.0 if left else 1.0
        (x0, y0), (x1, y1) = arrow.points
        lean = (x1 - x0) / 2 + side * abs(x1 - x0) / (y1 - y0) * label.height / 2
        away = sheet.signed("label lean", lean)
        right = plus(arrow.start.right, away, times(named("label gap"), side))
        up = sheet.length("label rise", (y1 - y0) / 2)
        anchor: Anchor = "east" if left else "west"
        place = Place(anchor, arrow.start.of, arrow.start.at, right, plus(arrow.start.up, up))
        sheet.label(label, place, "text", f"{arrow.name}-label")

    def _leave(self, port: Port, away: Length) -> Length:
        """Where along its edge an arrow leaves or enters a shape, for a partner that lies `away`."""
        distance = self.sheet.mm(away)
        left, _, right, _ = self.sheet.boxes[port.shape]
        if len(port.offset) > 0 or abs(distance) < 0.005:
            return ()
        if abs(distance) <= (right - left) / 2 - self.sheet.lengths["arrow head"] / 2:
            return away
        width = self.sheet.length(f"{port.shape} width", right - left)
        for name in self.sides.values:
            if abs(self.sheet.lengths[name] - (right - left)) < 0.005:
                width = named(name)
        return times(width, FAN if distance > 0 else -FAN)

    def _signs(self, inlet: Port) -> None:
        """The + between two arrows, half-way up."""
        sign = self.sheet.text("+")
        place = Place("center", inlet.shape, "south", (), times(self._joint(Joint("arrow")), -0.5))
        self.sheet.label(sign, place, "text", "plus")


def prepare(sheet: Sheet, symbols: Symbols, elements: tuple[StackElement, ...], entering: str) -> StackPart:
    """Prepare the parts of a stack. `entering` is the dimension of what flows in."""
    sides = symbols.sides
    stack = StackPart(sheet, sides)
    flow, joint = entering, Joint()
    below: SplitPart | None = None
    for number, element in enumerate(elements):
        part: BoxPart
        match element:
            case Arrow() | Sum() if joint.kind == "arrow" and _is_arrows(element):
                what = "an arrow follows an arrow"
                raise LorafigError(Problem(what, element.where, "put a bar or a box between them"))
            case Arrow():
                joint = Joint("arrow", _optional(sheet, element.arrow))
                continue
            case Sum() if _is_arrows(element):
                terms = () if isinstance(element.sum, str) else element.sum
                blocks = tuple(sheet.math(term) for term in terms)
                joint = Joint("arrow", None, True, blocks)
                continue
            case Bar():
                side: Literal["over", "under"] = "under" if not stack.parts else "over"
                part = bar.prepare(sheet, sides, element, flow, side)
            case Square():
                shape = symbols.matrix(element.square, ("d", flow))
                part = square.prepare(sheet, sides, element, shape, symbols.role(element.square, "merged"))
            case Trapezoid():
                part = _trapezoid(sheet, symbols, element, flow, None)
            case Bottleneck():
                part = _bottleneck(sheet, symbols, element, flow)
            case Split():
                part = _split(sheet, symbols, element, flow)
            case Scale():
                role = symbols.factor_role(element.scale, "plain")
                part = scale.prepare(sheet, sides, element, flow, symbols.vector(element.scale), role)
            case Sum():
                part = sums.prepare(sheet, sides, element, flow, below)
            case _:
                assert_never(element)
        below = part if isinstance(part, SplitPart) else None
        if stack.parts:
            stack.joints.append(joint)
        elif joint.kind == "arrow":
            raise _loose(elements[number - 1])
        stack.parts.append(part)
        stack.places.append(element.where)
        flow, joint = part.out, Joint()
    if joint.kind == "arrow" or not stack.parts:
        raise _loose(elements[-1])
    _span_bars(stack)
    return stack


def _is_arrows(element: Arrow | Sum) -> bool:
    return isinstance(element, Arrow) or element.as_ == "arrows" or element.sum == "arrows"


def _span_bars(stack: StackPart) -> None:
    """Bars that span stretch over the widest part of their stack."""
    bars = [part for part in stack.parts if isinstance(part, bar.BarPart)]
    spans = [part for part in bars if part.spec.span]
    others = [part for part in stack.parts if not (isinstance(part, bar.BarPart) and part.spec.span)]
    if others and (spans or len(bars) < len(stack.parts)):
        widest = max((part.width() for part in others), key=stack.sheet.mm)
        for part in spans:
            part.span = widest


def _loose(element: StackElement) -> LorafigError:
    return LorafigError(
        Problem(
            "an arrow needs something below and something above it", element.where, "add a bar or a box there"
        )
    )


def _optional(sheet: Sheet, label: str | None) -> Block | None:
    return None if label is None else sheet.math(label)


def _sides(symbols: Symbols, spec: Trapezoid, flow: str) -> tuple[str, str]:
    """The dimensions at the lower and upper side: as the spec says, or those of the matrix."""
    sides = symbols.sides
    rows, columns = symbols.matrix(spec.trapezoid, ("d", flow))
    found = []
    for given, own in ((spec.from_, columns), (spec.to, rows)):
        symbol = own if given is None else str(given)
        try:
            found.append(sides.name(symbol))
        except KeyError:
            where = getattr(given, "where", spec.where)
            known = ", ".join([*sides.values, *sides.aliases])
            raise LorafigError(
                Problem(f"'{symbol}' is not a dimension of this figure", where, f"a side is one of {known}")
            ) from None
    return found[0], found[1]


def _trapezoid(
    sheet: Sheet, symbols: Symbols, spec: Trapezoid, flow: str, math: str | None
) -> trapezoid.TrapezoidPart:
    ends = _sides(symbols, spec, flow)
    role = symbols.role(spec.trapezoid, "adapter")
    return trapezoid.prepare(sheet, symbols.sides, spec, ends, math, role)


def _bottleneck(sheet: Sheet, symbols: Symbols, spec: Bottleneck, flow: str) -> bottleneck.BottleneckPart:
    parts = []
    for number, entry in enumerate(spec.bottleneck):
        one_part = (
            entry
            if isinstance(entry, Trapezoid)
            else Trapezoid(entry, where=getattr(entry, "where", spec.where))
        )
        math = spec.math[number] if number < len(spec.math) else None
        parts.append(_trapezoid(sheet, symbols, one_part, flow, math))
        flow = parts[-1].out
    return bottleneck.prepare(sheet, symbols.sides, spec, tuple(parts))


def _split(sheet: Sheet, symbols: Symbols, spec: Split, flow: str) -> SplitPart:
    branches: list[BoxPart] = []
    for branch in spec.split:
        stack = prepare(sheet, symbols, branch if isinstance(branch, tuple) else (branch,), flow)
        branches.append(stack.parts[0] if len(stack.parts) == 1 else stack)
    return SplitPart(sheet, symbols.sides, tuple(branches))
