"""A product: matrices to scale in a row, with signs between them, all about one middle line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import ClassVar, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig import errors
from lorafig.errors import LorafigError, Problem
from lorafig.graph.picture import Bracketed, Factor, Picture, Sign
from lorafig.language import model
from lorafig.language.product import DOTS, summed
from lorafig.language.table import called
from lorafig.layout.extent import ONE, TIMES, Extents, is_diagonal
from lorafig.layout.factor import ROOM, FactorPart, Grid, Part, demand_places
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.symbols import Symbols
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.scene import Anchor, End, Length, Place
from lorafig.themes.measures import caption_size, equation_size
from lorafig.themes.style import MATRICES

MOST_CELLS = 64  # on a side


class Mark(Struct, frozen=True, gc=False):
    """A sign, or a number: what is not an area."""

    label: Block
    role: str = "text"


class Bracket(Struct, frozen=True, gc=False):
    """The bracket before or behind some of the items."""

    opens: bool
    around: tuple[FactorPart, ...]


Item: TypeAlias = FactorPart | Mark | Bracket


class ProductPart(Struct):
    """The body of a panel."""

    sheet: Sheet
    items: list[Item]
    where: errors.Place | None
    lift: float = 0.0
    drawn_after: ClassVar[int] = 1

    def _factors(self) -> list[FactorPart]:
        return [item for item in self.items if isinstance(item, FactorPart)]

    def longest(self) -> float:
        return max([factor.longest() for factor in self._factors()], default=0.0)

    def neediest(self) -> errors.Place | None:
        return max(self._factors(), key=lambda factor: factor.longest()).where

    # -- sizes --------------------------------------------------------------------------------

    def _wide(self, item: Item) -> tuple[Length, Length, Length]:
        """An item's own width, and what is beside it on its left and right."""
        match item:
            case FactorPart():
                return item.width(), item.beyond("left"), item.beyond("right")
            case Mark(label=label):
                return self.sheet.length("sign width", label.width), (), ()
            case Bracket():
                return named("bracket"), (), ()

    def _width(self) -> Length:
        pieces = [piece for item in self.items for piece in self._wide(item)]
        return plus(*pieces, times(named("factor gap"), len(self.items) - 1))

    def _reaches(self) -> tuple[Length, Length]:
        """How far it reaches above and below its middle line."""
        above: list[Length] = [()]
        below: list[Length] = [()]
        for item in self.items:
            if isinstance(item, FactorPart):
                half = times(item.height(), 0.5)
                above.append(plus(half, item.beyond("over")))
                below.append(plus(half, item.beyond("under")))
            elif isinstance(item, Mark):
                half = times(self.sheet.length("sign height", item.label.height), 0.5)
                above.append(half)
                below.append(half)
        return max(above, key=self.sheet.mm), max(below, key=self.sheet.mm)

    def reach(self) -> tuple[float, float]:
        half = self.sheet.mm(self._width()) / 2
        return half, half

    def level(self) -> float:
        return sum(self.sheet.mm(reach) for reach in self._reaches())

    def topping(self) -> Length:
        return ()

    def rise(self, spare: float, name: str) -> None:
        """Raises it half-way."""
        self.lift = spare / 2

    # -- drawing ------------------------------------------------------------------------------

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        sheet, gap = self.sheet, named("factor gap")
        _, below = self._reaches()
        lift = sheet.length("product lift", self.lift) if self.lift > 0.005 else ()
        up, width = plus(below, lift), self._width()
        base: tuple[str, Length] | None = None  # the first that is drawn, and how far from the left it begins
        away: Length = ()
        previous = ""  # what is drawn already, and how far behind it the next one begins
        opening: list[Bracket] = []
        for number, item in enumerate(self.items):
            own, left, right = self._wide(item)
            away = plus(away, gap, left) if number > 0 else left
            if isinstance(item, Bracket):
                if item.opens:
                    opening.append(item)
                else:
                    self._bracket(item, previous, away, "east", 1.0)
                away = plus(away, own)
                continue
            if isinstance(item, Mark) and base is not None and not opening:
                # TeX may set a sign wider or narrower: what follows is placed from the factor before it.
                self._drawn(item, Place("center", previous, "east", plus(away, times(own, 0.5))))
                away = plus(away, own)
                continue
            place = Place("west", previous, "east", away)
            if base is None:
                right_of = plus(spot.right, times(width, -0.5), away)
                place = Place("west", spot.of, spot.at, right_of, plus(spot.up, up))
            previous = self._drawn(item, place)
            base = (previous, away) if base is None else base
            for bracket in opening:
                self._bracket(bracket, previous, plus(left, gap), "west", -1.0)
            opening, away = [], right
        assert base is not None
        floor = Spot(base[0], "west", plus(times(width, 0.5), times(base[1], -1.0)), times(up, -1.0))
        return floor, floor if ceiling is None else floor.raised(sheet.length("ceiling", ceiling))

    def _drawn(self, item: FactorPart | Mark, place: Place) -> str:
        if isinstance(item, FactorPart):
            return item.draw(place)
        return self.sheet.label(item.label, place, item.role, "sign").name

    def _bracket(self, bracket: Bracket, beside: str, away: Length, at: Anchor, sign: float) -> None:
        """A line with round corners, `away` from what is drawn beside it, as high as the highest within."""
        sheet = self.sheet
        half = times(max((factor.height() for factor in bracket.around), key=sheet.mm), 0.5)
        near, far = times(away, sign), times(plus(away, named("bracket")), sign)
        corners = (near, half), (far, half), (far, times(half, -1.0)), (near, times(half, -1.0))
        ends = [End(beside, at, right, up) for right, up in corners]
        points = [sheet.point(end.of, end.at, end.right, end.up) for end in ends]
        sheet.wire(points, ends[0], ends[-1], "line", head=False, tail=False)


# What it is made of -------------------------------------------------------------------------------


def prepare(sheet: Sheet, symbols: Symbols, picture: Picture) -> ProductPart:
    maker = _Maker(sheet, symbols)
    items: list[Item] = []
    for part in picture.parts:
        match part:
            case Sign(sign=sign):
                items.append(maker.sign(sign))
            case Factor():
                items.append(maker.factor(part))
            case Bracketed(parts=inner):
                inside = [maker.sign(p.sign) if isinstance(p, Sign) else maker.factor(p) for p in inner]
                around = tuple(item for item in inside if isinstance(item, FactorPart))
                if not around:
                    what = "brackets around numbers alone"
                    raise LorafigError(
                        Problem(what, picture.panel.where, "write them as one formula", code="layout")
                    )
                items += [Bracket(True, around), *inside, Bracket(False, around)]
    factors = [item for item in items if isinstance(item, FactorPart)]
    if len({factor.role for factor in factors if factor.role in MATRICES}) > 1:
        for factor in factors:
            factor.badge()
    if not factors:
        what, hint = "a product without a matrix", "write it among equations: equations: ['…']"
        raise LorafigError(Problem(what, picture.panel.where, hint, code="layout"))
    return ProductPart(sheet, items, picture.panel.where)


class _Maker(Struct):
    sheet: Sheet
    symbols: Symbols
    extents: Extents | None = None
    told: set[str] = set()

    def sign(self, sign: str) -> Mark:
        if summed(sign) is not None:
            line = self.sheet.typesetter.math(sign, equation_size(self.sheet.font_size), display=True)
            return Mark(self.sheet.block([line]))
        return Mark(self.sheet.sign("−" if sign == "-" else sign, equation_size(self.sheet.font_size)))

    def factor(self, factor: Factor) -> FactorPart | Mark:
        sheet, spec = self.sheet, factor.spec
        if factor.symbol in DOTS:
            return Mark(sheet.math("\\cdots", equation_size(sheet.font_size)))
        where = getattr(factor.symbol, "where", None) if spec is None else spec.where
        extent = self._extent(factor, where)
        if extent == (ONE, ONE) and spec is None:
            return Mark(sheet.math(factor.symbol, equation_size(sheet.font_size)))
        role = self.symbols.made_role(factor.symbol)
        lines = [
            sheet.typesetter.text(line, sheet.font_size, bold=True) for line in (spec.text if spec else ())
        ]
        source = factor.symbol if spec is None or spec.math is None else spec.math
        label = sheet.block([*lines, sheet.formula(source, sheet.font_size)])
        braces = () if spec is None or spec.brace is None else spec.brace
        several = braces if isinstance(braces, tuple) else (braces,)
        sides = tuple((brace.side or "over", sheet.math(brace.label)) for brace in several)
        grid, notes = self._grid(spec, extent)
        if grid is not None and is_diagonal(called(factor.symbol), self.symbols):
            grid = replace(grid, diagonal=grid.rows == grid.columns)
        blocks = spec.blocks if isinstance(spec, model.Matrix) else ()
        inside = grid is None and not blocks and self._fits(label, extent)
        stem = str(spec.name) if spec is not None and spec.name is not None else label.lines[-1].plain
        if source != factor.symbol and (spec is None or spec.name is None):
            stem = str(factor.symbol)
        parts = self._blocks(blocks, role) if blocks else ()
        return FactorPart(
            sheet,
            self.symbols.sides,
            stem,
            role,
            extent,
            label,
            inside,
            notes,
            sides,
            grid,
            parts,
            where,
        )

    def _extent(self, factor: Factor, where: errors.Place | None) -> tuple[str, str]:
        if self.extents is None:
            self.extents = Extents(self.symbols)
        extent = self.extents.of(parse_math(factor.symbol))
        extent = None if extent is None else (self._known(extent[0]), self._known(extent[1]))
        known = self.symbols.sides.ratios
        if extent is None or any(name not in known for name in extent):
            what = f"the shape of '{factor.symbol}' is not known"
            raise LorafigError(
                Problem(
                    what, where, "give it a meaning in let, by symbols whose shapes are known", code="layout"
                )
            )
        return extent[0], extent[1]

    def _known(self, name: str) -> str:
        """The dimension that a product of dimensions is: that of C ⊗ (BA) is d."""
        sides = self.symbols.sides
        parts = name.split(TIMES)
        if len(parts) == 1 or any(part not in sides.ratios for part in parts):
            return name
        size = prod(self._value(part) for part in parts)
        return next((own for own in sides.values if sides.values[own] == size), name)

    def _fits(self, label: Block, extent: tuple[str, str]) -> bool:
        """Whether it can stand on the shape at the figure's own sizes; sliders do not move it."""
        usual, pads = self.symbols.sides.usual, 2 * self.sheet.lengths["pad"]
        rows, columns = (usual[name] for name in extent)
        room = ROOM * self.sheet.em
        return (label.width + pads) / columns <= room and (label.height + pads) / rows <= room

    def _grid(
        self, spec: model.Matrix | model.Vector | None, extent: tuple[str, str]
    ) -> tuple[Grid | None, tuple[Block, ...]]:
        """The cells, and what is said of them."""
        if spec is None or spec.cells is None:
            return None, ()
        cells, small = spec.cells, caption_size(self.sheet.font_size)
        if isinstance(cells, model.Cells):
            demand_places(spec.crossed, cells.rows, cells.columns)
            demand_places(spec.shaded, cells.rows, cells.columns)
            said = []
            cell = cells.of and f"one cell is ${cells.of[0]} \\times {cells.of[1]}$"
            if cell and cell not in self.told:  # of all matrices, the first says it
                self.told.add(cell)
                said.append(cell)
            if cells.excerpt:
                said.append(f"{cells.rows} × {cells.columns} of its cells")
            notes = tuple(self.sheet.text(line, small) for line in said)
            return Grid(cells.rows, cells.columns, crossed=spec.crossed, shaded=spec.shaded), notes
        sizes = [1 if name == ONE else self._value(name) for name in extent]
        if max(sizes) > MOST_CELLS:
            what = f"{sizes[0]:,} × {sizes[1]:,} cells; the limit is {MOST_CELLS} on a side"
            hint = "draw blocks, cells: {rows: 24, columns: 24, of: [r, r]}, or an excerpt"
            raise LorafigError(Problem(what, spec.where, hint), "limit")
        demand_places(spec.crossed, sizes[0], sizes[1])
        demand_places(spec.shaded, sizes[0], sizes[1])
        return Grid(sizes[0], sizes[1], crossed=spec.crossed, shaded=spec.shaded), ()

    def _value(self, name: str) -> int:
        sides = self.symbols.sides
        return sides.values[sides.name(name)]

    def _blocks(self, blocks: Sequence[model.Block], role: str) -> tuple[Part, ...]:
        sizes = [(self._size(block.rows, block), self._size(block.columns, block)) for block in blocks]
        high, wide = (sum(size for size in side if size is not None) for side in zip(*sizes, strict=True))
        return tuple(
            Part(
                self.sheet.math(block.block),
                "" if block.block in DOTS else self.symbols.factor_role(block.block, role),
                Fraction(1) if rows is None else rows / high,
                Fraction(1) if columns is None else columns / wide,
            )
            for block, (rows, columns) in zip(blocks, sizes, strict=True)
        )

    def _size(self, source: str | None, block: model.Block) -> Fraction | None:
        size = None if source is None else evaluate(parse_math(source), self.symbols.table.drawn)
        if size is not None and size <= 0:
            raise LorafigError(
                Problem("a block of no size", block.where, "give it rows or columns", code="layout")
            )
        return size
