"""What a pipeline has come to: the block, what is frozen, saved and merged; and what a step finds."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.core.pipeline.attention import PROJECTIONS, Block, Projection

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Action: TypeAlias = Literal[
    "load", "freeze", "inject", "forward", "train", "save", "load_adapter", "merge", "unmerge"
]
Verdict: TypeAlias = Literal["holds", "fails", "undetermined"]
WIDTH = 32  # of the block that is run, where the figure's weights are larger
RANK = 4


class Step(Struct, frozen=True):
    """An action; `inject` names the projections that adapters are put beside."""

    action: Action
    projections: tuple[Projection, ...] = ()


class Outcome(Struct, frozen=True):
    """What came of a step. Residual and bound are in float64, where the step compares what is rounded."""

    verdict: Verdict
    detail: str
    value: str | None = None
    residual: float | None = None
    bound: float | None = None
    hint: str | None = None


class Impossible(Exception):  # noqa: N818  an answer, not a failure
    """Why a step cannot be done here, and what to do about it."""

    def __init__(self, what: str, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Setting(Struct, frozen=True, dict=True):
    """The adapter and dimensions of a figure, and those of the small block that stands for its model.

    Weights are d × k (k × d in the output's projection). Where they are larger than 32, the longer side is 32
    and the shorter one in proportion, at least 4; the rank is at most 4, and low if the figure's is. The
    scaling is the figure's own.
    """

    adapter: str
    d: int
    k: int
    r: int
    alpha: Fraction | None = None

    @cached_property
    def row(self) -> Adapter:
        return ADAPTERS[self.adapter]

    @cached_property
    def sides(self) -> tuple[int, int]:
        """d and k of the block."""
        longer, shorter = max(self.d, self.k), min(self.d, self.k)
        if longer <= WIDTH:
            return self.d, self.k
        less = min(shorter, max(4, WIDTH * shorter // longer))
        return (WIDTH, less) if self.d == longer and self.d != self.k else (less, WIDTH)

    @cached_property
    def rank(self) -> int:
        """The rank in the block."""
        d, k = self.sides
        most = min(self.r, d, k)
        if (d, k) == (self.d, self.k):
            return most
        ranks = range(min(most, RANK), 0, -1)
        low = self.row.is_low(self.d, self.k, self.r)
        return next((r for r in ranks if self.row.is_low(d, k, r)), 1) if low else ranks[0]

    @cached_property
    def alpha_there(self) -> float | None:
        """The alpha that gives the block the figure's scaling at its own rank; None without a scaling."""
        if self.row.scale == "":
            return None
        wanted = Fraction(1) if self.alpha is None else self.row.scaling(self.alpha, self.r)
        return float(wanted / self.row.scaling(Fraction(1), self.rank))

    @cached_property
    def scale(self) -> float:
        if self.alpha_there is None:
            return 1.0
        return float(self.row.scaling(Fraction(self.alpha_there), self.rank))

    @property
    def place(self) -> str:
        """At what dimensions the pipeline is run."""
        d, k = self.sides
        sides = f"d = k = {d}" if d == k else f"d = {d}, k = {k}"
        return f"{sides}, r = {self.rank}" if self.row.rank != "" else sides

    def stored(self, d: int, k: int, r: int, projections: tuple[Projection, ...]) -> tuple[int, int]:
        """Entries that the adapters of these projections are saved as: those that are trained, and those that
        are drawn and never trained, which a file has to hold all the same."""
        row = self.row
        trained = kept = 0
        shared: dict[str, int] = {}
        for name in projections:
            rows, columns = (k, d) if name == "o" else (d, k)
            trained += row.parameters(rows, columns, r)
            sizes = row.sizes(rows, columns, r)
            for symbol in row.laws:
                if symbol in row.trainable:
                    continue
                entries = prod(sizes[name] for name in row.symbols[symbol])
                if symbol in row.shared:  # one for all layers
                    shared[symbol] = max(entries, shared.get(symbol, 0))
                else:
                    kept += entries
        return trained, kept + sum(shared.values())


class Saved(Struct, frozen=True, eq=False):
    """An adapter's file: its folder, its bytes in short, how often the adapter had been trained, and what the
    block gave."""

    folder: str
    digest: str
    rounds: int
    y: Array


class Stage(Struct, frozen=True, eq=False):
    """Where a pipeline is. Nothing in it changes, so the branches of a fork may share it.

    `apart` is the block before its adapters were merged, None where they are not. `rounds` counts the times
    that the adapters were trained; `current` says whether the saved file holds them as they are.
    """

    block: Block | None = None
    frozen: bool = False
    apart: Block | None = None
    rounds: int = 0
    saved: Saved | None = None
    current: bool = True

    def same(self, other: Stage) -> bool:
        """Whether both are bit for bit the same."""
        if self is other:
            return True
        plain = (self.frozen, self.rounds, self.current) == (other.frozen, other.rounds, other.current)
        files = [None if one.saved is None else one.saved.digest for one in (self, other)]
        return (
            plain
            and files[0] == files[1]
            and _same_block(self.block, other.block)
            and _same_block(self.apart, other.apart)
        )

    def said(self) -> str:
        """What a path brings, in a few words."""
        if self.block is None:
            return "nothing"
        if self.apart is not None:
            return "the merged weights"
        if not self.block.adapted:
            return "the weights alone"
        state = "as they were drawn" if self.rounds == 0 else "trained"
        where = ", ".join(self.block.adapted)
        return f"adapters beside {where}, {state}{'' if self.saved is None else ' and saved'}"


def _same_block(one: Block | None, other: Block | None) -> bool:
    import numpy as np

    if one is None or other is None or one is other:
        return one is other
    for name in PROJECTIONS:
        left, right = one.lines[name], other.lines[name]
        if not np.array_equal(left.W, right.W) or (left.state is None) != (right.state is None):
            return False
    mine, theirs = list(one.arrays()), list(other.arrays())
    return len(mine) == len(theirs) and all(
        a[:2] == b[:2] and np.array_equal(a[2], b[2]) for a, b in zip(mine, theirs, strict=True)
    )
