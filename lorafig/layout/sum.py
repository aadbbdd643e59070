"""A sum: a circle with +, and below it bars for the terms where the spec asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Sum
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.parts import Drawn, Mark, Marks, Prepared, Spot, halves
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.symbols import Symbols
from lorafig.scene import Length, Place

UNSEEN = 0.1  # mm
OUTPUTS: Mapping[str, str] = {"frozen": "frozen output", "adapter": "adapter output", "merged": "merged"}


class SumPart(Prepared):
    spec: Sum
    out: str  # the dimension of the terms
    sign: Block
    terms: tuple[Block, ...]
    split: SplitPart | None  # the branches below it
    role: str = "activation"

    @property
    def bars(self) -> tuple[Block, ...]:
        """The labels of the terms that stand in bars."""
        return self.terms if self.spec.as_ == "bars" else ()

    def longest(self) -> float:
        if not self.bars:
            return 0.0
        widest = max(label.width for label in self.bars) + 2 * self.sheet.lengths["pad"]
        return widest / self.sides.ratio(self.out)

    def _roles(self) -> tuple[str, ...]:
        return ("activation",) if self.split is None else tuple(part.role for part in self.split.flowing())

    def marks(self) -> Marks:
        if self.bars or not self.terms:
            return {}
        roles = (f"{role} line" if role in OUTPUTS else "text" for role in self._roles())
        marks = [Mark(label, role) for label, role in zip(self.terms, roles, strict=True)]
        return {("", "under"): tuple(marks)}

    def spans(self) -> tuple[Length, Length]:
        """Those of the circle: a split makes room for the bars above it."""
        return halves(named("sign"))

    def height(self) -> Length:
        return plus(named("bar height"), named("arrow"), named("sign")) if self.bars else named("sign")

    def _lift(self, label: Block) -> Length:
        """What brings the baselines of all terms to one height: a fraction reaches further down than `Wx`."""
        first = label.lines[0]
        own = (first.height - first.depth) * first.em / 2
        lines = [block.lines[0] for block in self.bars]
        tall, deep = max(line.height * line.em for line in lines), max(line.depth * line.em for line in lines)
        lift = own - (tall - deep) / 2
        return self.sheet.signed("term lift", lift) if abs(lift) > UNSEEN else ()

    def draw(self, spot: Spot, height: Length) -> Drawn:
        sheet, shapes = self.sheet, {}
        centres: tuple[Length, ...] = ((),) if self.split is None else self.split.centres()
        for number, (label, centre, branch) in enumerate(
            zip(self.bars, centres, self._roles(), strict=False)
        ):
            role, stem = OUTPUTS.get(branch, "activation"), label.lines[0].plain
            wide, high = self.sides.length(self.out), named("bar height")
            shape = sheet.rectangle(stem, role, wide, high, spot.shifted(centre).place())
            sheet.label(
                label,
                Place("center", shape.name, "center", (), self._lift(label)),
                role,
                f"{shape.name}-label",
            )
            shapes[f" {number}"] = shape.name
        up = plus(height, times(named("sign"), -1.0))
        circle = sheet.rectangle(
            "sum", "sign", named("sign"), named("sign"), spot.raised(up).place(), "circle"
        )
        sheet.inside(self.sign, circle.name, "sign")
        return Drawn({"": circle.name, **shapes}, Spot(circle.name, "north"))


def prepare(sheet: Sheet, symbols: Symbols, spec: Sum, flow: str, split: SplitPart | None) -> SumPart:
    terms = () if isinstance(spec.sum, str) else spec.sum
    branches = 1 if split is None else len(split.flowing())
    if terms and len(terms) != branches:
        below = "one branch" if branches == 1 else f"{branches} branches"
        what, hint = f"a sum of {len(terms)} terms over {below}", "give one term for each branch below it"
        raise LorafigError(Problem(what, spec.where, hint, code="layout"))
    labels = tuple([sheet.math(term) for term in terms])
    if split is not None:
        split.adds = True
        if spec.as_ == "bars":
            split.column = symbols.sides.length(flow)
        else:
            split.terms = tuple(label.width for label in labels)
    return SumPart(sheet, symbols.sides, spec.where, spec, flow, sheet.sign("+"), labels, split)
