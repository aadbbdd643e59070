"""A stack: parts from bottom to top, as the data flows, with equal gaps or arrows between them."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Port, Prepared, Spot
from lorafig.layout.sheet import Block
from lorafig.scene import Anchor, Arrow, End, Length, Place

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
    drawn_after: ClassVar[int] = 0

    @property
    def out(self) -> str:
        return self.parts[-1].out

    @property
    def role(self) -> str:
        """That of the last part which is more than a bar: what a vector came out of gives it its colour."""
        roles = [part.role for part in self.parts if part.role != "activation"]
        return roles[-1] if roles else "activation"

    def longest(self) -> float:
        return max([part.longest() for part in self.parts])

    def neediest(self) -> errors.Place | None:
        return max(self.parts, key=lambda part: part.longest()).neediest()

    def width(self) -> Length:
        return max([part.width() for part in self.parts], key=self.sheet.mm)

    def overhang(self) -> float:
        half = self.sheet.mm(self.width()) / 2
        return max(0.0, *[self.sheet.mm(part.width()) / 2 + part.overhang() - half for part in self.parts])

    def _joint(self, joint: Joint) -> Length:
        if self.stretch < 0.005:
            return named(joint.kind)
        name = f"{self.slug} {joint.kind}".strip()
        return self.sheet.length(name, self.sheet.lengths[joint.kind] + self.stretch)

    def height(self) -> Length:
        return plus(*[part.height() for part in self.parts], *[self._joint(joint) for joint in self.joints])

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        sheet.at = self.parts[0].neediest()
        first = last = self.parts[0].draw(spot, self.parts[0].height())
        for part, joint in zip(self.parts[1:], self.joints, strict=True):
            at = last.above.raised(self._joint(joint))
            sheet.at = part.neediest()
            drawn = part.draw(at, part.height())
            if joint.kind == "arrow":
                self._connect(last.outlets, drawn.inlets, joint)
            last = drawn
        return Drawn(first.inlets, last.outlets, last.above)

    # -- as the body of a panel ---------------------------------------------------------------

    def reach(self) -> tuple[float, float]:
        half = self.sheet.mm(self.width()) / 2
        return half + self.overhang(), half

    def level(self) -> float:
        """From the floor to the ceiling that the panels of a row share; braces hang below and stand above."""
        parts = self.parts
        braces = self.sheet.mm(parts[0].below()), self.sheet.mm(parts[-1].above())
        return self.sheet.mm(self.height()) - braces[0] - braces[1]

    def topping(self) -> Length:
        return self.parts[-1].above()

    def rise(self, spare: float, name: str) -> None:
        """Stretches the gaps."""
        if self.joints:
            self.stretch, self.slug = spare / len(self.joints), name

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        drawn = self.draw(spot, self.height())
        return Spot(drawn.inlets[0].shape), drawn.above

    # -- arrows -------------------------------------------------------------------------------

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
        if len(joint.terms) == len(arrows):  # verification says so where it is not
            # The terms of a sum, each outside its arrow, so that the + has the middle.
            for number, (arrow, term) in enumerate(zip(arrows, joint.terms, strict=True)):
                self._beside(arrow, term, left=2 * number < len(arrows) - 1)

    def _beside(self, arrow: Arrow, label: Block, left: bool = False) -> None:
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
        place = Place("center", inlet.shape, "south", (), times(self._joint(Joint("arrow")), -0.5))
        self.sheet.label(self.sheet.text("+"), place, "text", "plus")
