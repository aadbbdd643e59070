"""How A and B start: the core's own initialiser is run, and what it gives is held to the claim.

Zeros are exact. A normal distribution is tested by the largest distance of the empirical distribution
function to the claimed one. By the inequality of Dvoretzky, Kiefer and Wolfowitz (with the constant of
Massart, 1990) it exceeds e in n independent draws with a probability of at most 2 exp(-2 n e²): the limit
is set where that is `FALSE_ALARM`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from math import erf, log, sqrt
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.core.adapter import Adapter
from lorafig.verify.decide import trials
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Doubt, Term, Variable

if TYPE_CHECKING:
    from lorafig.core.arrays import Array
    from lorafig.verify.meaning.symbols import Symbols

FALSE_ALARM = 1e-9
DRAWS = 4_096
_ROWS, _COLUMNS, _RANK = 24, 40, 16  # of the layer that is initialised; the initialiser has no other sizes


class Test(Struct, frozen=True):
    passed: bool
    detail: str


def entries(adapter: Adapter, symbol: str, draws: int) -> Array:
    """At least `draws` entries of a factor as the adapter starts it."""
    import numpy as np

    # Such a rank that LoKr has all its factors.
    rank = next(r for r in (_RANK, 8, 4, 2, 1) if adapter.is_low(_ROWS, _COLUMNS, r))
    pieces: list[Array] = []
    seed = 0
    while sum(piece.size for piece in pieces) < draws:
        factors = adapter.initial(_ROWS, _COLUMNS, rank, seed)
        pieces.append(getattr(factors, symbol).ravel())
        seed += 1
    return np.concatenate(pieces)


@trials.kept(Test)
def is_zero(adapter: Adapter, symbol: str) -> Test:
    """Whether a factor starts as exact zeros."""
    return _is_all(adapter, symbol, 0)


@trials.kept(Test)
def is_one(adapter: Adapter, symbol: str) -> Test:
    """Whether a factor starts as exact ones."""
    return _is_all(adapter, symbol, 1)


def _is_all(adapter: Adapter, symbol: str, value: int) -> Test:
    start = entries(adapter, symbol, _ROWS * _COLUMNS)
    others = int((start != value).sum())
    drawn = f"{start.size:,} entries drawn by the core's initialiser are"
    told = f"all {drawn} exactly {value}" if others == 0 else f"{others:,} of {drawn} not {value}"
    return Test(others == 0, told)


@trials.kept(Test)
def is_normal(adapter: Adapter, symbol: str) -> Test:
    """Whether a factor starts as N(0, σ²) with the σ that the core has for it."""
    ordered = sorted(entries(adapter, symbol, DRAWS).tolist())
    n = len(ordered)
    distance = 0.0
    for i, value in enumerate(ordered):
        below = (1 + erf(value / (adapter.sigma * sqrt(2)))) / 2
        distance = max(distance, below - i / n, (i + 1) / n - below)
    limit = sqrt(log(2 / FALSE_ALARM) / (2 * n))
    where = "below" if distance <= limit else "above"
    measured = f"Kolmogorov-Smirnov distance {distance:.3f} of {n:,} entries to N(0, σ²)"
    return Test(distance <= limit, f"{measured}, {where} {limit:.3f}, the limit for one false alarm in 10⁹")


def values(symbols: Symbols) -> dict[str, Term]:
    """What the adapter's symbols are before the first step, of those that have one value: zeros, ones, and
    the norms of the columns of W."""
    adapter = symbols.adapter
    start: dict[str, Term] = {}
    for name, law in adapter.laws.items():
        term = symbols.terms.get(name)
        if not isinstance(term, Variable):
            continue
        if is_zero(adapter, name).passed:
            start[name] = terms.Zero(term.type)
        elif is_one(adapter, name).passed:
            any_ = Variable(f"any {name}", term.type)
            start[name] = terms.Quotients(any_, any_, term.type)
        elif law == "norms" and "W" in symbols.terms:
            start[name] = terms.Function("columns", symbols.terms["W"], term.type)
    for name, term in symbols.terms.items():
        if isinstance(term, Variable) and name not in start:
            declared = symbols.row(name)
            if declared is not None and declared.start == "zero":
                start[name] = terms.Zero(term.type)
            elif declared is not None and declared.start == "one":
                any_ = Variable(f"any {name}", term.type)
                start[name] = terms.Quotients(any_, any_, term.type)
    return start | made(symbols, start)


def made(symbols: Symbols, start: Mapping[str, Term]) -> dict[str, Term]:
    """What symbols start as that is made of others, with what these start as."""
    found: dict[str, Term] = {}
    for name, term in list(symbols.terms.items()):
        declared = symbols.row(name) if isinstance(term, Variable) else None
        begins = None if declared is None else declared.begins_as(name)
        if begins is not None:
            with suppress(Doubt):  # which is told where it is declared
                body = terms.replaced(elaborate(begins, symbols), start)
                found[name] = body if body.type.sizes == term.type.sizes else term
    return found


def zero_factors(adapter: Adapter) -> frozenset[str]:
    """The factors that start as zeros."""
    return frozenset(name for name in adapter.laws if is_zero(adapter, name).passed)


@trials.kept(frozenset)
def still(adapter: Adapter) -> frozenset[str]:
    """The trained symbols whose gradients before the first step are exact zeros."""
    from lorafig.core.training import train_adapter

    gradients = train_adapter(adapter, 12, 8, 2, 0)[0].gradients
    return frozenset(name for name, gradient in gradients.items() if not gradient.any())
