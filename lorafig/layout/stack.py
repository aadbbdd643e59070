"""A stack: parts from bottom to top, as the data flows, and room for the lines between them."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import Struct

from lorafig import errors
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Marks, Prepared, Spot
from lorafig.layout.wiring import Wiring
from lorafig.scene import Length

SPREAD = 0.75  # how much wider gaps become at most to be as high as a flow, or a flow as what is beside it


class Joint(Struct):
    """What is between two parts: room for an arrow, for one that fans out, or for the short one between two
    factors."""

    kind: Literal["arrow", "fan", "waist gap"] = "arrow"
    least: float = 0.0  # mm, for the label beside it
    stretch: float = 0.0  # mm more than that, to stand level with a neighbour


class StackPart(Prepared):
    parts: list[BoxPart] = []
    numbers: list[int] = []  # of their elements in the stack
    joints: list[Joint] = []  # joints[i] stands before parts[i + 1]
    levels: list[str | None] = []  # of the parts: the name of the level that each stands on
    wiring: Wiring | None = None  # of the stack of a panel
    raised: float = 0.0  # mm above the floor, to stand level with a neighbour
    slug: str = ""
    drawn_after: ClassVar[int] = 0

    @property
    def stretches(self) -> bool:  # type: ignore[override]
        return len(self.parts) == 1 and self.parts[0].stretches

    @property
    def flows(self) -> bool:  # type: ignore[override]
        return self.parts[0].flows

    @property
    def out(self) -> str:
        return self.parts[-1].out

    @property
    def role(self) -> str:
        """That of the last part which is more than a bar: what a vector came out of gives it its colour, and
        a number that scales it on the way does not end that."""
        roles = [part.role for part in self.parts if part.role != "activation"]
        return next(
            (role for role in reversed(roles) if role != "plain"), roles[-1] if roles else "activation"
        )

    def longest(self) -> float:
        return max([part.longest() for part in self.parts])

    def neediest(self) -> errors.Place | None:
        return max(self.parts, key=lambda part: part.longest()).neediest()

    def spans(self) -> tuple[Length, Length]:
        spans = [part.spans() for part in self.parts]
        left, right = (max([span[side] for span in spans], key=self.sheet.mm) for side in (0, 1))
        return left, right

    def room(self, joint: Joint) -> float:
        """How high a joint is that is not stretched, in mm."""
        return max(self.sheet.lengths[joint.kind], joint.least)

    def _joint(self, joint: Joint) -> Length:
        if joint.stretch < 0.005 and joint.least <= self.sheet.lengths[joint.kind]:
            return named(joint.kind)
        return self.sheet.length(f"{self.slug} {joint.kind}".strip(), self.room(joint) + joint.stretch)

    def below(self) -> Length:
        return self.parts[0].below()

    def above(self) -> Length:
        return self.parts[-1].above()

    def height(self) -> Length:
        return plus(*[part.height() for part in self.parts], *[self._joint(joint) for joint in self.joints])

    def marks(self) -> Marks:
        return {
            (f"{number}{name}", side): marks
            for number, part in zip(self.numbers, self.parts, strict=True)
            for (name, side), marks in part.marks().items()
        }

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        shapes: dict[str, str] = {}
        lanes: dict[str, Spot] = {}
        for place, (number, part) in enumerate(zip(self.numbers, self.parts, strict=True)):
            sheet.at = part.neediest()
            at = spot if place == 0 else spot.raised(self._joint(self.joints[place - 1]))
            drawn = part.draw(at, height if self.stretches else part.height())
            shapes |= {f"{number}{name}": shape for name, shape in drawn.shapes.items()}
            lanes |= {f"{number}{name}": lane for name, lane in drawn.lanes.items()}
            spot = drawn.above
        return Drawn(shapes, spot, lanes)

    # -- as the body of a panel ---------------------------------------------------------------

    def reach(self) -> tuple[float, float]:
        left, right = self.spans()
        return self.sheet.mm(left), self.sheet.mm(right)

    def level(self) -> float:
        """From the floor to the ceiling that the panels of a row share; braces hang below and stand above."""
        braces = self.sheet.mm(self.below()), self.sheet.mm(self.above())
        return self.sheet.mm(self.height()) - braces[0] - braces[1] + self.raised

    def topping(self) -> Length:
        return self.above()

    def rise(self, spare: float, name: str) -> None:
        """Stretches the gaps."""
        self.slug = name
        for joint in self.joints:
            joint.stretch = spare / len(self.joints)

    def ease(self, spare: float, name: str) -> None:
        """Stretches the gaps beside a flow that is `spare` mm higher, as a flow does beside others: by three
        quarters at most. What is left raises it half-way."""
        self.slug = name
        rooms = [self.room(joint) for joint in self.joints]
        part = min(SPREAD, spare / sum(rooms)) if rooms else 0.0
        for joint, room in zip(self.joints, rooms, strict=True):
            joint.stretch += part * room
        self.raised += (spare - part * sum(rooms)) / 2

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        lift = self.sheet.length("lift", self.raised) if self.raised > 0.005 else ()
        drawn = self.draw(spot if spot.of is None else spot.raised(lift), self.height())
        if self.wiring is not None:
            self.wiring.draw(self.sheet, drawn)
        short = 0.0 if ceiling is None else ceiling - self.level()
        rest = self.sheet.length("ceiling", short) if short > 0.02 else ()  # two rounded lengths are less
        first = next(iter(drawn.shapes.values()))
        return Spot(first).raised(times(lift, -1.0)), drawn.above.raised(rest)
