"""Statements about norms, roots and ranks. See `sampled` for how they are computed."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING

from lorafig.verify.decide import conditions
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import MUCH, Condition
from lorafig.verify.decide.premises import Premises
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.ranks import ranked as written_out
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import SCALAR, Term, Undecidable, number, variables
from lorafig.verify.meaning.values import closed
from lorafig.verify.read.classify import EQUALITIES, ORDERS, Pair
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind, Verdict

if TYPE_CHECKING:
    from lorafig.verify.decide.sampled import Distance

LARGEST_RANK = 32  # of a number that a rank is held to at sizes that are not known
MIRRORED = {">": "<", "≥": "≤", "≫": "≪"}


def relate(premises: Premises, one: Term, two: Term, pair: Pair) -> Answer:
    """Two numbers, at least one of which is not a polynomial."""
    from lorafig.verify.decide import sampled

    left, op, right = pair.left, pair.op, pair.right
    if terms.applied(one, two):  # draws of the entries are not in general position behind a function
        what = f"{spaced(left)} {op} {spaced(right)} has a function in it that is applied"
        raise Undecidable(what, "say why it is true: unverified: …")
    ranked = any(isinstance(part, terms.Function) and part.name == "rank" for part in terms.below(one, two))
    kind: Kind = "rank" if ranked else "inequality" if op in ORDERS else "equation"
    values = f"{spaced(left)} {op} {spaced(right)}"
    if op in MIRRORED:
        one, op, two, left, right = two, MIRRORED[op], one, right, left
    free = [bool(variables(term)) for term in (one, two)]  # whether the value depends on entries
    if not ranked and free[0] != free[1]:
        node = left if free[0] else right
        raise Undecidable(
            f"{spaced(node)} depends on entries that may be anything", "compare it with what they bound"
        )
    if ranked:
        _whatever_sizes(premises.symbols, one, op, two)
    first = terms.Multiply(number(MUCH), one, SCALAR) if op == "≪" else one
    try:
        distance = sampled.compare(first, two, premises.symbols.dimensions, premises.seed)
    except Undecidable:
        told = _in_general(premises.symbols, one, op, two) if ranked else None
        if told is None:
            raise
        so = conditions.holds(told)
        detail = f"{values} {'holds' if so else 'is false'} for entries in general position, by its factors"
        return Answer(kind, "holds" if so else "fails", detail=detail, condition=told)
    verdict = _verdict(op, distance, ranked)
    how = distance.how
    detail = f"{values} {'at every one' if verdict == 'holds' else 'is false'}, {how}"
    if verdict == "undetermined":
        detail = f"the sides are too close to tell, {how}"
    residual = distance.apart if op in EQUALITIES | {"≈", "≠"} else max(distance.above, 0.0)
    condition = _condition(premises.symbols, one, op, two, verdict)
    return Answer(kind, verdict, residual=residual, bound=distance.bound, detail=detail, condition=condition)


def _verdict(op: str, distance: Distance, whole: bool) -> Verdict:
    apart = distance.apart > distance.bound
    if op in EQUALITIES | {"≈"}:
        return "fails" if apart else "holds"
    if op == "≠":
        return "holds" if apart else "fails"
    if distance.above > distance.bound:
        return "fails"
    if op == "<" and distance.above >= -distance.bound:
        return "fails" if whole else "undetermined"
    return "holds"


def _whatever_sizes(symbols: Symbols, one: Term, op: str, two: Term) -> None:
    """Raises Undecidable if a rank is held to a number, and sizes without a value decide it: those that are
    drawn for the float64 evaluation are not the figure's."""
    held = next((value for value in map(closed, (one, two)) if value is not None), None)
    sizes = {size for part in terms.below(one, two) for size in part.type.sizes}
    missing = sorted(size for size in sizes if symbols.dimensions.get(size, 0) is None)
    if held is None or not missing:
        return

    def at(value: int) -> bool:
        left, right = (written_out(term, partial(_sized, symbols, missing, value)) for term in (one, two))
        if left is not None and right is not None:
            return conditions.holds(conditions.Compares(left, op, right)) is True
        from lorafig.verify.decide import sampled

        sizes_ = {**symbols.dimensions, **dict.fromkeys(missing, value)}
        return _verdict(op, sampled.compare(one, two, sizes_, ""), True) == "holds"

    told = {at(value) for value in range(1, min(int(held), LARGEST_RANK) + 2)}
    if len(told) > 1 or held > LARGEST_RANK:
        raise symbols.valueless(missing)


def _sized(symbols: Symbols, missing: Collection[str], value: int, name: str) -> Term:
    return number(value) if name in missing else symbols.size(name)


def _in_general(symbols: Symbols, one: Term, op: str, two: Term) -> Condition | None:
    """When it holds of entries in general position; None if it depends on entries in another way."""
    left, right = (written_out(term, symbols.size) for term in (one, two))
    return None if left is None or right is None else conditions.Compares(left, op, right)


def _condition(symbols: Symbols, one: Term, op: str, two: Term, verdict: Verdict) -> Condition | None:
    """Numbers without entries, and ranks, are known at other sizes too."""
    condition = _in_general(symbols, one, op, two)
    if condition is not None and conditions.holds(condition) is (verdict == "holds"):
        return condition
    return None if verdict == "undetermined" else conditions.AtStart(verdict == "holds")
