"""A sum: bars for the terms, one above each branch, with + between them."""

from __future__ import annotations

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Sum
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Port, Prepared, Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place

UNSEEN = 0.1  # mm
OUTPUT_ROLES = {"frozen": "frozen output", "adapter": "adapter output", "merged": "merged"}


class SumPart(Prepared):
    spec: Sum
    out: str  # the dimension of the terms
    labels: tuple[Block, ...]
    plus_sign: Block
    split: SplitPart | None  # the branches below it
    role: str = "activation"

    def longest(self) -> float:
        widest = max(label.width for label in self.labels) + 2 * self.sheet.lengths["pad"]
        return widest / self.sides.ratio(self.out)

    def width(self) -> Length:
        gaps = times(named("column gap"), len(self.labels) - 1)
        return plus(times(self.sides.length(self.out), len(self.labels)), gaps)

    def height(self) -> Length:
        return named("bar height")

    def _lift(self, label: Block) -> Length:
        """What brings the baselines of all terms to one height: a fraction reaches further down than `Wx`."""
        first = label.lines[0]
        own = (first.height - first.depth) * first.em / 2
        lines = [block.lines[0] for block in self.labels]
        tall, deep = max(line.height * line.em for line in lines), max(line.depth * line.em for line in lines)
        lift = own - (tall - deep) / 2
        return self.sheet.signed("term lift", lift) if abs(lift) > UNSEEN else ()

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet = self.sheet
        ports: list[Port] = []
        split = self.split
        centres: tuple[Length, ...] = ((),) if split is None else split.columns().centres
        roles = ("activation",) if split is None else tuple(branch.role for branch in split.branches)
        tops = ("",) if split is None else split.tops
        for label, centre, branch, top in zip(self.labels, centres, roles, tops, strict=True):
            at = Spot(spot.of, spot.at, plus(spot.right, centre), spot.up)
            if split is not None and top != "":
                at = Spot(top, "north", (), plus(spot.up, times(split.roof, -1.0)))
            stem = label.lines[0].plain
            role = OUTPUT_ROLES.get(branch, "activation")
            shape = sheet.rectangle(stem, role, self.sides.length(self.out), height, at.place())
            place = Place("center", shape.name, "center", (), self._lift(label))
            sheet.label(label, place, role, f"{shape.name}-label")
            if ports:
                # Half-way between the edges of the two bars: the columns may be wider than these.
                before = ports[-1].shape
                gap = sheet.boxes[shape.name][0] - sheet.boxes[before][2]
                wider = abs(gap - sheet.lengths["column gap"]) > 0.005
                half = sheet.length("sign gap", gap / 2) if wider else times(named("column gap"), 0.5)
                sheet.label(self.plus_sign, Place("center", before, "east", half), "text", "plus")
            ports.append(Port(shape.name, centre, role))
        return Drawn(tuple(ports), tuple(ports), spot.raised(height))


def prepare(sheet: Sheet, symbols: Symbols, spec: Sum, flow: str, split: SplitPart | None) -> SumPart:
    assert not isinstance(spec.sum, str)
    labels = tuple([sheet.math(term) for term in spec.sum])
    branches = 1 if split is None else len(split.branches)
    if len(labels) != branches:
        below = "one branch" if branches == 1 else f"{branches} branches"
        what, hint = f"a sum of {len(labels)} terms over {below}", "give one term for each branch below it"
        raise LorafigError(Problem(what, spec.where, hint))
    if split is not None:
        split.column = symbols.sides.length(flow)
    return SumPart(sheet, symbols.sides, spec.where, spec, flow, labels, sheet.text("+"), split)
