"""The entries of a vector side by side, in a flow: one shape with a line between each two cells.

In the layers each cell is a box by itself, so that it stands where its copy of a group does; the row is drawn
around them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from lorafig.graph import ops
from lorafig.language.model import FlowNode
from lorafig.layered import Box, Cluster
from lorafig.layout.factor import matrix_role
from lorafig.layout.node import NodePart
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.scene import End, Place, Point


class CellsNode(NodePart):
    """`cells` are the labels, `numbers` those of the cells, None for dots; it is `fed` by copies, or feeds
    them. `wide` is the room of a cell along the row, in mm, once the copies have their places, `half_cell`
    half of what is drawn of it."""

    cells: tuple[Block, ...] = ()
    numbers: tuple[int | None, ...] = ()
    fed: bool = True
    wide: float = 0.0
    half_cell: float = 0.0

    def box(self, number: int | None) -> str:
        """The name of the box of a cell: that of the dots for None."""
        return f"{self.spec.name} {'dots' if number is None else number}"

    def among(self) -> list[str]:
        return [self.box(number) for number in self.numbers]

    def end(self, into: bool) -> str:
        """The cell that a line leads to, or comes from, that is none of a copy: what enters a row beside the
        lines from copies turns to its side."""
        return self.among()[-1 if into and self.fed else len(self.cells) // 2]

    def boxes(self) -> list[Box]:
        high = self._thick()
        found = []
        for block, number in zip(self.cells, self.numbers, strict=True):
            least = (block.height if self.across else block.width) + 2 * self._pad()
            wide = least if number is None else max(self.wide, least)
            found.append(Box(self.box(number), *((high, wide) if self.across else (wide, high))))
        return found

    def cluster(self) -> Cluster:
        return Cluster(str(self.spec.name), tuple(self.among()), bare=True, level=True)

    def _along(self, boxes: Mapping[str, Point]) -> list[float]:
        """The middles of the cells along the row, from left to right or from below."""
        return [boxes[name][1 if self.across else 0] for name in self.among()]

    def fit(self, boxes: Mapping[str, Point], gap: float) -> None:
        """Makes the cells as long as leaves the copies where they are, with a gap between two."""
        dots = next((c for c, number in zip(self.cells, self.numbers, strict=True) if number is None), None)
        narrow = 0.0 if dots is None else (dots.height if self.across else dots.width) + 2 * self._pad()
        pairs = pairwise(zip(self._along(boxes), self.numbers, strict=True))
        rooms = [
            abs(b - a) - gap if one is not None and two is not None else 2 * (abs(b - a) - gap) - narrow
            for (a, one), (b, two) in pairs
        ]
        self.wide = min(rooms, default=0.0)
        self.half_cell = (self.wide + gap) / 2

    def _thick(self) -> float:
        """How far the row reaches along the flow."""
        most = max(block.width if self.across else block.height for block in self.cells)
        return max(self.sheet.lengths["bar height"], most + 2 * self._pad())

    def _pad(self) -> float:
        return self.sheet.lengths["pad"]

    def cuts(self, boxes: Mapping[str, Point]) -> list[float]:
        """Where the row begins, its cells are parted, and it ends. Dots have what the others leave."""
        middles = self._along(boxes)
        least = max(box.height if self.across else box.width for box in self.boxes())
        half = max(self.half_cell, least / 2) * (-1 if middles[-1] < middles[0] else 1)
        ends = [middles[0] - half]
        for (a, one), (b, two) in pairwise(zip(middles, self.numbers, strict=True)):
            ends.append(a + half if two is None else b - half if one is None else (a + b) / 2)
        return [*ends, middles[-1] + half]

    def middle(self, boxes: Mapping[str, Point]) -> Point:
        cuts, first = self.cuts(boxes), boxes[self.among()[0]]
        centre = (cuts[0] + cuts[-1]) / 2
        return (first[0], centre) if self.across else (centre, first[1])

    def half(self, boxes: Mapping[str, Point]) -> float:
        cuts = self.cuts(boxes)
        return abs(cuts[-1] - cuts[0]) / 2

    def draw_row(self, place: Place, boxes: Mapping[str, Point]) -> str:
        """Draw it with its middle at a place; the name of its shape."""
        sheet = self.sheet
        sheet.at = self.spec.where
        cuts = self.cuts(boxes)
        long = sheet.length("row", abs(cuts[-1] - cuts[0]))
        thick = sheet.length("bar height", self._thick())
        wide, tall = (thick, long) if self.across else (long, thick)
        shape = sheet.rectangle(self.spec.name, self.role, wide, tall, place, "rounded")
        self.drawn = (shape.name,)
        centre = (cuts[0] + cuts[-1]) / 2
        for cut in cuts[1:-1]:
            by = sheet.signed("cut", cut - centre)
            if self.across:
                start, end = End(shape.name, "west", (), by), End(shape.name, "east", (), by)
            else:
                start, end = End(shape.name, "south", by), End(shape.name, "north", by)
            points = [sheet.point(at.of, at.at, at.right, at.up) for at in (start, end)]
            sheet.wire(points, start, end, f"{matrix_role(self.role)} grid", head=False, tail=False)
        for block, at in zip(self.cells, [(a + b) / 2 for a, b in pairwise(cuts)], strict=True):
            by = sheet.signed("cell", at - centre)
            inside = Place("center", shape.name, "center", *((), by) if self.across else (by, ()))
            sheet.label(block, inside, self.role, f"{shape.name}-cell")
        if self.note is not None:
            self._beside(shape.name, shape.name)
        return shape.name


def prepare(part: NodePart, sheet: Sheet, symbols: Symbols, spec: FlowNode, cells: ops.Cells) -> CellsNode:
    """The row of a node that was prepared as any other."""
    labels = [r"\vdots" if label == r"\cdots" and part.across else label for label in cells.labels]
    blocks = tuple(sheet.math(label) for label in labels)
    fed = any(number is not None for number in cells.fed)
    common = (sheet, symbols, spec, part.role, part.across, part.back, part.note, part.label)
    return CellsNode(*common, cells=blocks, numbers=cells.drawn, fed=fed)
