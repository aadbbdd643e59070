"""The lines of a stack: one for each edge of its graph, along the axes, with what stands beside them.

A line leaves a shape at the middle of its top. Where several leave, they turn half-way up to what is next:
one trunk that fans out. Into a sum they turn at its height, and enter it from both sides; into a box they
come from below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from lorafig.graph import ops
from lorafig.graph.structure import Edge, Graph
from lorafig.graph.wires import wires
from lorafig.language import model
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Mark, Marks
from lorafig.layout.sheet import Sheet
from lorafig.scene import Anchor, End, Place, Point, Side

GRAIN = 0.005  # mm
OTHER: Mapping[Side, Side] = {"left": "right", "right": "left"}


class Wiring(Struct, frozen=True):
    """`labels` are those of the arrows of each edge, and `marks` what its parts say of lines."""

    graph: Graph
    edges: tuple[Edge, ...]
    labels: tuple[tuple[Mark, ...], ...]
    marks: Marks

    def draw(self, sheet: Sheet, drawn: Drawn) -> None:
        """Draws all lines between shapes that have been drawn."""
        lines = self._lines(sheet, drawn)
        plan = _Plan(sheet, lines)
        for line in lines:
            plan.draw(line)

    def _lines(self, sheet: Sheet, drawn: Drawn) -> list[_Line]:
        lines: list[_Line] = []
        entered: dict[str, int] = {}
        left: set[str] = set()
        for edge, labels in zip(self.edges, self.labels, strict=True):
            if any(place not in drawn.lanes for place in edge.past):
                continue  # dots stand for this skip
            number = entered[edge.head] = entered.get(edge.head, -1) + 1
            lane = drawn.lanes[edge.past[-1]] if edge.past else None
            at = None if lane is None else sheet.point(str(lane.of), lane.at, lane.right, lane.up)
            tail, head = drawn.shapes[edge.tail], drawn.shapes[edge.head]
            adds = isinstance(self.graph.nodes[edge.head].operation, ops.Sum)
            into = self.marks.get((edge.head, "under"), ())
            into = into[number : number + 1] if adds else into if number == 0 else ()
            out = () if edge.tail in left else self.marks.get((edge.tail, "over"), ())
            left.add(edge.tail)
            bar = drawn.shapes.get(f"{edge.head} {number}")
            if bar is not None:  # the term of a sum stands in it
                lines += [_Line(tail, bar, False, at, out, labels), _Line(bar, head, True)]
            else:
                lines.append(_Line(tail, head, adds, at, out, labels, into))
        return lines


def prepare(sheet: Sheet, graph: Graph, marks: Marks) -> Wiring:
    edges = wires(graph)
    labels: list[tuple[Mark, ...]] = [()] * len(edges)
    told: set[int] = set()
    # What several edges say stands at the first of them, at one that is not a skip where there is one.
    for number in sorted(range(len(edges)), key=lambda number: len(edges[number].past) > 0):
        arrows = [
            spec for spec in edges[number].specs if isinstance(spec, model.Arrow) and id(spec) not in told
        ]
        told |= {id(arrow) for arrow in arrows}
        labels[number] = tuple(Mark(sheet.math(spec.arrow)) for spec in arrows if spec.arrow is not None)
    return Wiring(graph, edges, tuple(labels), marks)


class _Line(Struct, eq=False):
    """From shape to shape, past a point of the skip that it goes along; with what stands beside it: where it
    leaves, on its way, and where it enters."""

    tail: str
    head: str
    adds: bool  # whether it leads into a sum
    lane: Point | None = None
    out: tuple[Mark, ...] = ()
    along: tuple[Mark, ...] = ()
    into: tuple[Mark, ...] = ()


class _Plan:
    """Where lines turn that leave a shape together, or enter one."""

    def __init__(self, sheet: Sheet, lines: Sequence[_Line]) -> None:
        self.sheet = sheet
        self.leaving: dict[str, list[_Line]] = {}
        self.entering: dict[str, list[_Line]] = {}
        for line in lines:
            self.leaving.setdefault(line.tail, []).append(line)
            self.entering.setdefault(line.head, []).append(line)
        self.above = {tail: self._above(tail, several) for tail, several in self.leaving.items()}
        self.below = {head: self._below(head, several) for head, several in self.entering.items()}
        self.entries: dict[int, _Entry] = {}
        for head, several in self.entering.items():
            self._enter(head, several)

    def _above(self, tail: str, lines: Sequence[_Line]) -> float:
        """Half-way up from a shape to what is next above it."""
        boxes, top = self.sheet.boxes, self.sheet.boxes[tail][3]
        floors = [boxes[line.head][1] for line in lines if line.lane is None]
        return (top + min(floors, default=top + self.sheet.lengths["fan"])) / 2

    def _below(self, head: str, lines: Sequence[_Line]) -> float:
        """Half-way down from a shape to what is next below it."""
        boxes, bottom = self.sheet.boxes, self.sheet.boxes[head][1]
        roofs = [boxes[line.tail][3] for line in lines if line.lane is None]
        return (bottom + max(roofs, default=bottom - self.sheet.lengths["fan"])) / 2

    def _column(self, line: _Line) -> float:
        """Where a line runs up to what it enters."""
        return self.sheet.point(line.tail, "north")[0] if line.lane is None else line.lane[0]

    def _enter(self, head: str, lines: Sequence[_Line]) -> None:
        """Where lines enter a shape from below: straight up where there is room, else spread over its lower
        side, in the order of their columns. The outer ones turn higher, so that none crosses another."""
        x0, _, x1, _ = self.sheet.boxes[head]
        pad = self.sheet.lengths["arrow head"]
        order = sorted(lines, key=self._column)
        straight = all(x0 + pad <= self._column(line) <= x1 - pad for line in order)
        for place, line in enumerate(order):
            if len(order) == 1 or line.adds:
                entry = _Entry((x0 + x1) / 2)
            elif straight:
                entry = _Entry(self._column(line))
            else:
                outer = max(0, abs(2 * place - len(order) + 1) // 2 - 1)
                entry = _Entry(
                    x0 + (place + 0.5) / len(order) * (x1 - x0), outer * self.sheet.lengths["lane"]
                )
            self.entries[id(line)] = entry

    def draw(self, line: _Line) -> None:
        sheet, gap, entry = self.sheet, named("wire gap"), self.entries[id(line)]
        start, x = End(line.tail, "north", (), gap), self._column(line)
        first = sheet.point(start.of, start.at, start.right, start.up)
        fans = len(self.leaving[line.tail]) > 1
        points, level = [first], self.above[line.tail]
        if abs(x - first[0]) > GRAIN:
            points += [(first[0], level), (x, level)]
        middle, height = sheet.point(line.head, "center")
        side: Anchor = "west" if x < middle else "east"
        if line.adds and abs(x - middle) > GRAIN:
            end = End(line.head, side, times(gap, -1.0 if side == "west" else 1.0))
            points.append((x, height))
        else:
            end = End(line.head, "south", sheet.signed("entry", entry.x - middle), times(gap, -1.0))
            if abs(x - entry.x) > GRAIN:
                turn = level if fans and line.lane is None else self.below[line.head] + entry.rise
                points += [(x, turn), (entry.x, turn)]
        points.append(sheet.point(end.of, end.at, end.right, end.up))
        sheet.wire(points, start, end, "line", head=True, tail=False)
        self._beside(line, points, fans)

    def _beside(self, line: _Line, points: Sequence[Point], fans: bool) -> None:
        """What stands beside a line: to its right; on the outer side of one that goes to a sum."""
        lengths = self.sheet.lengths
        middle, height = self.sheet.point(line.head, "center")
        outer: Side = "left" if line.adds and self._column(line) < middle - GRAIN else "right"
        (x, low), (_, high) = points[0], points[1]
        straight = len(points) == 2
        begin = x, (low + (self.above[line.tail] if fans else high)) / 2
        if not line.adds:
            (_, low), (_, high) = points[-2:]
            end = points[-1][0], (low + high) / 2
        elif straight:
            half = max((mark.label.height for mark in line.into), default=0.0) / 2
            end = points[-1][0], points[-1][1] + lengths["wire gap"] - lengths["label gap"] - half
        else:
            end = points[-2][0], height - (lengths["arrow"] + lengths["sign"] / 2) / 2
        if line.lane is None:
            first = (*line.out, *line.along)
            # A term has the outer side.
            begins: Side = OTHER[outer] if line.adds and line.into and not straight else "right"
            if straight and not fans:
                self._marks(line.tail, (*first, *line.into), end if line.adds else begin, begins)
                return
            self._marks(line.tail, first, begin, begins)
        else:
            self._marks(line.tail, line.out, begin, "right")
            self._marks(line.tail, line.along, line.lane, outer)
        self._marks(line.head, line.into, end, outer)

    def _marks(self, of: str, marks: Sequence[Mark], at: Point, side: Side) -> None:
        """Labels beside a point of a line: the first on this side, the second on the other."""
        sheet = self.sheet
        x, y = sheet.point(of, "center")
        for mark in marks:
            away = times(named("label gap"), -1.0 if side == "left" else 1.0)
            right = plus(sheet.signed("beside", at[0] - x), away)
            place = Place(
                "east" if side == "left" else "west", of, "center", right, sheet.signed("level", at[1] - y)
            )
            sheet.label(mark.label, place, mark.role, f"{of}-line")
            side = OTHER[side]


class _Entry(Struct, frozen=True):
    """Where a line enters a box from below, and how much higher than others it turns on the way there."""

    x: float
    rise: float = 0.0
