"""A matrix of a product: its shape to scale, its label on it or beneath, braces, cells and blocks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language import model
from lorafig.layout import badge
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Sides
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import End, Form, Length, Shape, Side
from lorafig.scene import Place as Position
from lorafig.themes.style import MATRICES, ink

ROOM = 13.0  # em: where the longest side would have to be longer for a label, the label stands beneath
EMPTY = "plain"  # the role of a matrix whose entries are 0 but for some
MOST = 200.0  # mm: no side is drawn longer than that for a thin one to be seen
THIN = 0.6  # mm
HATCH = 2.0  # how far apart the strokes of a hatched row are, in its heights


# Marked cells: the row and the column that they begin in, from 0, how many of each, and what they are.
Box: TypeAlias = tuple[int, int, int, int, str]


class Grid(Struct, frozen=True, gc=False):
    """Cells from top to bottom and from left to right, and those that are marked."""

    rows: int
    columns: int
    diagonal: bool = False  # whether all cells beside the diagonal are 0
    crossed: model.Marks | None = None
    shaded: model.Marks | None = None


class Part(Struct, frozen=True, gc=False):
    """A part of a matrix: its label, its role, and which part of the height and of the width it has."""

    label: Block
    role: str
    high: Fraction
    wide: Fraction


class FactorPart(Struct):
    """A matrix or a vector. `extent` names the dimensions of its rows and columns; None is one entry."""

    sheet: Sheet
    sides: Sides
    stem: str
    role: str
    extent: tuple[str, str]
    label: Block
    inside: bool
    notes: tuple[Block, ...]
    braces: tuple[tuple[Side, Block], ...]
    grid: Grid | None
    parts: tuple[Part, ...]
    where: Place | None
    drawn: str = ""  # the name of its shape, once that is drawn
    badged: bool = False  # whether a badge tells it from matrices of other roles

    def badge(self) -> None:
        """Gives it a badge, if its role has one and it is plain enough."""
        self.badged = self.role in badge.BADGES and self.inside and not self.parts

    # -- sizes --------------------------------------------------------------------------------

    def _side(self, name: str) -> Length:
        return named("entry") if name == "1" else self.sides.length(name)

    def width(self) -> Length:
        return self._side(self.extent[1])

    def height(self) -> Length:
        return self._side(self.extent[0])

    def longest(self) -> float:
        """How long the longest dimension must be, in mm, for what is on it to fit and for it to be seen."""
        ratios, pads = self.sides.ratios, 2 * self.sheet.lengths["pad"]
        rows, columns = (ratios[name] for name in self.extent)
        needed = [min(MOST, THIN / ratio) for name, ratio in zip(self.extent, (rows, columns), strict=True)
                  if name != "1"]  # fmt: skip
        if self.inside:
            needed += [(self.label.width + pads) / columns, (self.label.height + pads) / rows]
        if self.badged:  # in a corner, above the label or beside it
            room, inset = 2 * badge.room(self.sheet, self.role), 2 * self.sheet.lengths["badge inset"]
            needed += [inset / columns, inset / rows]
            needed.append(min((self.label.width + room) / columns, (self.label.height + room) / rows))
        for part in self.parts:
            down, across = float(part.high), float(part.wide)
            needed += [
                (part.label.width + pads) / (columns * across),
                (part.label.height + pads / 2) / (rows * down),
            ]
        return max(needed)

    def _usual(self, name: str) -> float:
        """How long a side is at the sizes of the figure, wherever a slider stands."""
        return self.sides.usual[name] * self.sheet.lengths["longest"]

    def beyond(self, side: Side) -> Length:
        """How far what belongs to it reaches beyond its edge on a side."""
        lengths = self.sheet.lengths
        room = max(
            (self.sheet.brace_room(label, side) for at, label in self.braces if at == side), default=0.0
        )
        if side in ("left", "right"):
            wide = [label.width for at, label in self.braces if at in ("over", "under")]
            wide += [block.width for block in self._beneath()]
            room = max(room, (max(wide, default=0.0) - self._usual(self.extent[1])) / 2)
        elif side == "under" and self._beneath():
            room += sum(block.height + lengths["label gap"] for block in self._beneath())
        high = [label.height for at, label in self.braces if at in ("left", "right")]
        if side in ("over", "under"):
            room = max(room, (max(high, default=0.0) - self._usual(self.extent[0])) / 2)
        return self.sheet.length("side room", room) if room > 0.005 else ()

    def _beneath(self) -> tuple[Block, ...]:
        return self.notes if self.inside else (self.label, *self.notes)

    # -- drawing ------------------------------------------------------------------------------

    def draw(self, place: Position) -> str:
        """Draws it; the name of its shape."""
        sheet = self.sheet
        sheet.at = self.where
        empty = self.grid is not None and self.grid.diagonal
        empty = empty or any(part.high < 1 and part.wide < 1 for part in self.parts)
        role = EMPTY if empty else self.role
        shape = sheet.rectangle(self.stem, role, self.width(), self.height(), place)
        self.drawn = shape.name
        if self.grid is not None:
            self._grid(shape, self.grid)
        self._parts(shape)
        if self.inside:
            sheet.inside(self.label, shape.name, self.role)
        if self.badged:
            badge.in_corner(sheet, shape.name, self.role)
        beneath = named("label gap")
        for side, label in self.braces:
            sheet.brace(shape.name, *sheet.edge(shape.name, side), side, label)
            if side == "under":
                beneath = plus(beneath, sheet.length("brace room", sheet.brace_room(label, side)))
        below = shape.name
        for number, block in enumerate(self._beneath()):
            at = Position("north", below, "south", (), times(beneath, -1.0))
            noted = self.inside or number > 0
            stem = f"{shape.name}-note" if noted else f"{shape.name}-label"
            below = sheet.label(block, at, "note" if noted else ink(self.role), stem).name
            beneath = named("label gap")
        return shape.name

    def _grid(self, shape: Shape, grid: Grid) -> None:
        if grid.diagonal:
            marked = {*_boxes(grid.shaded, grid), *_boxes(grid.crossed, grid)}
            for number in range(grid.rows):
                box = number, number, 1, 1, "cell"
                if box not in marked:
                    self._cell(shape, grid, box, self.role)
        for marks, role in ((grid.shaded, f"{matrix_role(self.role)} shade"), (grid.crossed, "crossed")):
            for box in _boxes(marks, grid):
                self._cell(shape, grid, box, role)
        width, height = self.width(), self.height()
        for number in range(1, grid.columns):
            right = times(width, number / grid.columns)
            self._line(
                End(shape.name, "south west", right),
                End(shape.name, "north west", right),
                f"{matrix_role(shape.role)} grid",
            )
        for number in range(1, grid.rows):
            up = times(height, number / grid.rows)
            self._line(
                End(shape.name, "south west", (), up),
                End(shape.name, "south east", (), up),
                f"{matrix_role(shape.role)} grid",
            )
        for box in _boxes(grid.crossed, grid):
            self._cross(shape, grid, box)
        if grid.diagonal or grid.shaded is not None or grid.crossed is not None:
            # Cells lie on its edge: it is drawn once more, over them.
            around = Position("center", shape.name, "center")
            outline = f"{matrix_role(shape.role)} outline"
            self.sheet.rectangle(f"{shape.name}-outline", outline, width, height, around)

    def _cell(self, shape: Shape, grid: Grid, box: Box, role: str) -> None:
        top, left, rows, columns, _ = box
        wide, high = times(self.width(), columns / grid.columns), times(self.height(), rows / grid.rows)
        right, down = times(self.width(), left / grid.columns), times(self.height(), -top / grid.rows)
        place = Position("north west", shape.name, "north west", right, down)
        # One in a corner of the matrix has round corners as the matrix has, and all of a diagonal are alike.
        at_end = top == 0 or top + rows == grid.rows
        corner = at_end and (left == 0 or left + columns == grid.columns)
        form: Form = "rounded" if corner or grid.diagonal else "box"
        self.sheet.rectangle(f"{shape.name}-cells", role, wide, high, place, form)

    def _cross(self, shape: Shape, grid: Grid, box: Box) -> None:
        """Both diagonals of a cell; a whole row or column is hatched."""
        top, left, rows, columns, kind = box
        strokes = [((0.0, 0.0), (1.0, 1.0)), ((0.0, 1.0), (1.0, 0.0))]
        if kind in ("row", "column"):
            wide = self._usual(self.extent[1]) * columns / grid.columns
            high = self._usual(self.extent[0]) * rows / grid.rows
            count = max(1, round(max(wide, high) / (HATCH * min(wide, high))))
            steps = [((place + 0.25) / count, (place + 0.75) / count) for place in range(count)]
            strokes = [((start, 1.0), (stop, 0.0)) for start, stop in steps]
            if kind == "column":
                strokes = [((0.0, stop), (1.0, start)) for start, stop in steps]
        for ends in strokes:
            start, end = (
                End(
                    shape.name,
                    "north west",
                    times(self.width(), (left + x * columns) / grid.columns),
                    times(self.height(), -(top + y * rows) / grid.rows),
                )
                for x, y in ends
            )
            self._line(start, end, "line")

    def _line(self, start: End, end: End, role: str) -> None:
        points = [self.sheet.point(at.of, at.at, at.right, at.up) for at in (start, end)]
        self.sheet.wire(points, start, end, role, head=False, tail=False)

    def _parts(self, shape: Shape) -> None:
        """Its blocks, from the top, from the left, or along the diagonal."""
        above, before = Fraction(0), Fraction(0)
        for part in self.parts:
            right, down = times(self.width(), float(before)), times(self.height(), -float(above))
            wide, high = times(self.width(), float(part.wide)), times(self.height(), float(part.high))
            place = Position("north west", shape.name, "north west", right, down)
            above += part.high if part.high < 1 else 0
            before += part.wide if part.wide < 1 else 0
            if part.role == "":
                dots = plus(right, times(wide, 0.5)), plus(down, times(high, -0.5))
                middle = Position("center", shape.name, "north west", *dots)
                self.sheet.label(part.label, middle, "text", f"{shape.name}-dots")
                continue
            block = self.sheet.rectangle(f"{shape.name}-block", part.role, wide, high, place, "box")
            self.sheet.inside(part.label, block.name, part.role)


def matrix_role(role: str) -> str:
    """The role that grids and shaded cells have on a shape."""
    return role if role in MATRICES else EMPTY


def _boxes(marks: model.Marks | None, grid: Grid) -> Iterator[Box]:
    """The cells that are marked."""
    if marks is None:
        return
    for row in marks.rows:
        yield row - 1, 0, 1, grid.columns, "row"
    for column in marks.columns:
        yield 0, column - 1, grid.rows, 1, "column"
    for place in marks.diagonal:
        yield place - 1, place - 1, 1, 1, "cell"
    for row, column in marks.entries:
        yield row - 1, column - 1, 1, 1, "cell"


def demand_places(marks: model.Marks | None, rows: int, columns: int) -> None:
    """Raises LorafigError if marks lie outside of the cells."""
    if marks is None:
        return
    down = [*marks.rows, *marks.diagonal, *(entry[0] for entry in marks.entries)]
    across = [*marks.columns, *marks.diagonal, *(entry[1] for entry in marks.entries)]
    for several, most, name in ((down, rows, "row"), (across, columns, "column")):
        place = max(several, default=0)
        if place > most:
            what = f"{name} {place} of a grid of {rows} × {columns} cells"
            raise LorafigError(Problem(what, marks.where, "count from 1", code="layout"))
