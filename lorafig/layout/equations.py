"""A column of equations, each with the braces that lie over or under its parts."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Brace, Equation, Equations
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Length, Part, Place, Side
from lorafig.themes.measures import caption_size, equation_size
from lorafig.typeset import SetLine


class EquationPart(Struct):
    """One equation: its block, and for each brace the marked line, the side and the label."""

    block: Block
    where: errors.Place | None
    braces: tuple[tuple[SetLine, Side, Block], ...]

    def room(self, sheet: Sheet, side: Side) -> float:
        """What the braces on one side add to the equation's height, in mm."""
        line = self.block.lines[0]
        rooms = [0.0]
        for marked, where, label in self.braces:
            if where == side and marked.part is not None:
                inset = (line.height - marked.part[2]) if side == "over" else (line.depth - marked.part[3])
                rooms.append(sheet.brace_room(label) - inset * line.em)
        return max(rooms)


class EquationsPart(Struct):
    sheet: Sheet
    equations: tuple[EquationPart, ...]
    name: str
    where: errors.Place | None
    comment: str = "Equations"
    spaced: ClassVar[str] = "panel gap"

    def reach(self) -> tuple[float, float]:
        half = max(equation.block.width for equation in self.equations) / 2
        return half, half

    def _height(self) -> float:
        gap = self.sheet.lengths["line gap"]
        rooms = sum(e.room(self.sheet, "over") + e.room(self.sheet, "under") for e in self.equations)
        height = 0.0
        for number, equation in enumerate(self.equations):
            height += equation.block.height
            self.sheet.demand((0.0, height + gap * number), equation.where)
        return gap * (len(self.equations) - 1) + rooms + height

    def top(self, tall: float, topping: Length, descent: float) -> float:
        return (tall + self._height()) / 2

    def draw(self, spot: Spot, middle: float) -> Spot:
        """Draw the column about the line `middle` mm above the spot; a spot to place others from."""
        sheet = self.sheet
        names: list[str] = []
        drop: Length = ()  # from the top of the first: TeX's lines may be a little higher or lower than ours
        for number, equation in enumerate(self.equations):
            sheet.at = equation.where
            over = equation.room(sheet, "over")
            if names:
                room = sheet.length("over room", over) if over > 0.005 else ()
                drop = plus(drop, named("line gap"), room)
                place = Place("north", names[0], "north", (), times(drop, -1.0))
            else:
                top = middle + self._height() / 2 - over
                if spot.of is None:
                    place = Place("north", None)
                else:
                    rise = plus(spot.up, sheet.length("equations rise", top))
                    place = Place("north", spot.of, spot.at, spot.right, rise)
            label = sheet.label(equation.block, place, "text", f"equation-{number + 1}")
            names.append(label.name)
            for marked, side, text in equation.braces:
                self._brace(label.name, equation, marked, side, text)
            under = equation.room(sheet, "under")
            below = sheet.length("under room", under) if under > 0.005 else ()
            drop = plus(drop, sheet.length("equation height", equation.block.height), below)
        return Spot(names[0])

    def _brace(self, name: str, equation: EquationPart, marked: SetLine, side: Side, text: Block) -> None:
        sheet, line = self.sheet, equation.block.lines[0]
        assert marked.part is not None
        assert marked.pieces is not None
        start, end, height, depth = (value * line.em for value in marked.part)
        x0, _, _, y1 = sheet.boxes[name]
        baseline = y1 - line.height * line.em
        y = baseline + height if side == "over" else baseline - depth
        before, part, after = marked.pieces
        sheet.brace(Part(name, before, part, after), (x0 + start, y), (x0 + end, y), side, text)


def prepare(sheet: Sheet, spec: Equations) -> EquationsPart:
    equations = tuple([_equation(sheet, entry) for entry in spec.equations])
    return EquationsPart(sheet, equations, sheet.unique("equations"), spec.where)


def _equation(sheet: Sheet, entry: str | Equation) -> EquationPart:
    equation = entry if isinstance(entry, Equation) else Equation(entry)
    size = equation_size(sheet.font_size)
    small = caption_size(sheet.font_size)
    block = sheet.block([sheet.typesetter.math(equation.math, size, display=True)])
    given = (
        equation.brace
        if isinstance(equation.brace, tuple)
        else ()
        if equation.brace is None
        else (equation.brace,)
    )
    braces = []
    for brace in given:
        part, side = _part(brace)
        marked = sheet.typesetter.math(equation.math, size, display=True, part=part)
        braces.append((marked, side, sheet.math(brace.label, small)))
    return EquationPart(block, getattr(entry, "where", None), tuple(braces))


def _part(brace: Brace) -> tuple[str, Side]:
    if brace.under is not None:
        return brace.under, "under"
    if brace.over is not None:
        return brace.over, "over"
    raise LorafigError(
        Problem(
            "a brace on an equation must say which part it spans",
            brace.where,
            "add under: or over: with the part",
            code="layout",
        )
    )
