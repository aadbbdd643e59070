"""A stack: parts from bottom to top, as the data flows, with equal gaps or arrows between them."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar, Literal

from msgspec import Struct

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import BoxPart, Drawn, Port, Prepared, Spot, Through
from lorafig.layout.sheet import Block
from lorafig.scene import Anchor, Arrow, End, Length, Place

FAN = 0.375  # where the outermost arrow to the side leaves a bar, as a part of its width


class Joint(Struct):
    """What is between two parts: a gap or arrows, with a label, and perhaps + between the arrows."""

    kind: Literal["gap", "arrow"] = "gap"
    label: Block | None = None
    adds: bool = False
    terms: tuple[Block, ...] = ()  # labels of the arrows that are added
    stretch: float = 0.0  # mm more than its kind has, to stand level with a neighbour


class StackPart(Prepared):
    parts: list[BoxPart] = []
    joints: list[Joint] = []  # joints[i] stands before parts[i + 1]
    levels: list[str | None] = []  # of the parts: the name of the level that each stands on
    raised: float = 0.0  # mm above the floor, to stand level with a neighbour
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
        if joint.stretch < 0.005:
            return named(joint.kind)
        name = f"{self.slug} {joint.kind}".strip()
        return self.sheet.length(name, self.sheet.lengths[joint.kind] + joint.stretch)

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
            else:
                self._end(last.outlets)
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
        return self.sheet.mm(self.height()) - braces[0] - braces[1] + self.raised

    def topping(self) -> Length:
        return self.parts[-1].above()

    def rise(self, spare: float, name: str) -> None:
        """Stretches the gaps."""
        self.slug = name
        for joint in self.joints:
            joint.stretch = spare / len(self.joints)

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        lift = self.sheet.length("lift", self.raised) if self.raised > 0.005 else ()
        drawn = self.draw(spot if spot.of is None else spot.raised(lift), self.height())
        short = 0.0 if ceiling is None else ceiling - self.level()
        rest = self.sheet.length("ceiling", short) if short > 0.02 else ()  # two rounded lengths are less
        return Spot(drawn.inlets[0].shape).raised(times(lift, -1.0)), drawn.above.raised(rest)

    # -- arrows -------------------------------------------------------------------------------

    def _connect(self, outlets: tuple[Port, ...], inlets: tuple[Port, ...], joint: Joint) -> None:
        """Arrows from every outlet to every inlet that it feeds, straight up where there is room. One that
        runs through a part is drawn when it is known where it ends."""
        sheet = self.sheet
        if len(outlets) == len(inlets):
            pairs = list(zip(outlets, inlets, strict=True))
        elif len(outlets) == 1:
            pairs = [(outlets[0], inlet) for inlet in inlets]
        else:
            pairs = [(outlet, inlets[0]) for outlet in outlets]
        ways = [plus(inlet.offset, times(outlet.offset, -1.0)) for outlet, inlet in pairs]
        leaving = self._ends([outlet for outlet, _ in pairs], ways)
        entering = self._ends([inlet for _, inlet in pairs], [times(way, -1.0) for way in ways])
        arrows: list[tuple[Arrow, End]] = []  # each with where its last piece begins
        for (outlet, inlet), out, into in zip(pairs, leaving, entering, strict=True):
            for brace, side in ((outlet.brace, "over"), (inlet.brace, "under")):
                if brace is not None and brace.side == side:
                    what = "an arrow runs through this brace"
                    raise LorafigError(Problem(what, brace.where, "leave out one of the two"))
            start, end = End(outlet.shape, "north", out), End(inlet.shape, "south", into)
            if inlet.through is not None:
                inlet.through.start = start
            elif outlet.through is not None:
                arrows.append((self._past(outlet, outlet.through, end), start))
            else:
                arrows.append((sheet.arrow(start, end), start))
        if joint.adds:
            self._signs(inlets[0], [arrow for arrow, _ in arrows], joint)
        if joint.label is not None and arrows:
            self._beside(*arrows[-1], joint.label)
        if len(joint.terms) == len(arrows):  # verification says so where it is not
            # The terms of a sum, each outside its arrow, so that the + has the middle.
            for number, (arrow, term) in enumerate(zip(arrows, joint.terms, strict=True)):
                self._beside(*arrow, term, left=2 * number < len(arrows) - 1)

    def _end(self, outlets: tuple[Port, ...]) -> None:
        """Lines that go through a part end at its top where no arrow leads on."""
        for port in outlets:
            if port.through is not None:
                self._past(port, port.through, End(port.shape, "north"))

    def _past(self, port: Port, through: Through, end: End) -> Arrow:
        """The line that goes through a part, from where it begins."""
        sheet = self.sheet
        ends = End(port.shape, "south"), End(port.shape, "north")
        start = ends[0] if through.start is None else through.start
        points = [sheet.point(at.of, at.at, at.right, at.up) for at in (start, *ends, end)]
        if max(abs(x - points[0][0]) for x, _ in points) < 0.005:
            return sheet.arrow(start, end)
        route = [point for place, point in enumerate(points) if place == 0 or point != points[place - 1]]
        return sheet.wire(route, start, end, "line", head=True, tail=False)

    def _beside(self, arrow: Arrow, start: End, label: Block, left: bool = False) -> None:
        """A label beside the middle of an arrow's last piece, from `start` on, as far off as it leans."""
        sheet, side = self.sheet, -1.0 if left else 1.0
        (x0, y0), (x1, y1) = sheet.point(start.of, start.at, start.right, start.up), arrow.points[-1]
        lean = (x1 - x0) / 2 + side * abs(x1 - x0) / (y1 - y0) * label.height / 2
        away = sheet.signed("label lean", lean)
        right = plus(start.right, away, times(named("label gap"), side))
        up = sheet.length("label rise", (y1 - y0) / 2)
        anchor: Anchor = "east" if left else "west"
        place = Place(anchor, start.of, start.at, right, plus(start.up, up))
        sheet.label(label, place, "text", f"{arrow.name}-label")

    def _ends(self, ports: list[Port], ways: list[Length]) -> list[Length]:
        """Where along the edges of their shapes arrows leave or enter, for partners that lie so far away.
        Those to one side that do not run straight up are spread over its half of the edge."""
        sheet = self.sheet
        found: list[Length] = [()] * len(ports)
        slanted: dict[bool, list[int]] = {False: [], True: []}
        for number, (port, way) in enumerate(zip(ports, ways, strict=True)):
            distance = sheet.mm(way)
            left, _, right, _ = sheet.boxes[port.shape]
            narrow = (
                right - left < 3 * sheet.lengths["arrow head"]
            )  # such as a circle: all meet in its middle
            if len(port.offset) > 0 or narrow or abs(distance) < 0.005:
                continue
            if abs(distance) <= (right - left) / 2 - sheet.lengths["arrow head"] / 2:
                found[number] = way
            else:
                slanted[distance > 0].append(number)
        for after, numbers in slanted.items():
            numbers.sort(key=lambda number: abs(sheet.mm(ways[number])))
            for place, number in enumerate(numbers, 1):
                width = self._width(ports[number].shape)
                part = FAN * place / len(numbers)
                found[number] = times(width, part if after else -part)
        return self._untangled(ports, ways, found) if all(slanted.values()) else found

    def _untangled(self, ports: list[Port], ways: list[Length], found: list[Length]) -> list[Length]:
        """Those of several arrows at one shape, spread over its edge where two of them would cross."""
        sheet, last = self.sheet, len(ports) - 1
        order = sorted(range(len(ports)), key=lambda number: sheet.mm(ways[number]))
        across = [sheet.mm(found[number]) for number in order]
        if last < 2 or len({port.shape for port in ports}) > 1 or across == sorted(across):
            return found
        width = self._width(ports[0].shape)
        for place, number in enumerate(order):
            found[number] = times(width, FAN * (2 * place / last - 1))
        return found

    def _width(self, shape: str) -> Length:
        left, _, right, _ = self.sheet.boxes[shape]
        for name in self.sides.values:
            if abs(self.sheet.lengths[name] - (right - left)) < 0.005:
                return named(name)
        return self.sheet.length(f"{shape} width", right - left)

    def _signs(self, inlet: Port, arrows: list[Arrow], joint: Joint) -> None:
        """A + between each two arrows, half-way up to what they enter."""
        sheet = self.sheet
        drop = times(self._joint(joint), -0.5)
        x, _ = sheet.point(inlet.shape, "south", (), drop)
        across = [(arrow.points[-2][0] + arrow.points[-1][0]) / 2 for arrow in arrows]
        for first, second in pairwise(across):
            place = Place(
                "center", inlet.shape, "south", sheet.signed("sign shift", (first + second) / 2 - x), drop
            )
            sheet.label(sheet.text("+"), place, "text", "plus")
