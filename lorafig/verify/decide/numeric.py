"""Statements about norms, roots and ranks. See `sampled` for how they are computed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
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
MOST_SETTINGS = 1_024  # of sizes that are not known, to be compared at
MIRRORED = {">": "<", "≥": "≤", "≫": "≪"}


def relate(premises: Premises, one: Term, two: Term, pair: Pair) -> Answer:
    """Two numbers, at least one of which is not a polynomial."""
    from lorafig.verify.decide import sampled

    left, op, right = pair.left, pair.op, pair.right
    if terms.applied(one, two):  # draws of the entries are not in general position behind a function
        what = f"{spaced(left)} {op} {spaced(right)} has a function in it that is applied"
        raise Undecidable(what, "say why it is true: unverified: …")
    ranked = _is_ranked(one, two)
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
        so = None if told is None else conditions.holds(told)
        if so is None and ranked and op in ("≤", "<", "≪") and not _is_ranked(two):
            most = written_out(one, premises.symbols.size, most=True)
            bound = None if most is None else conditions.Compares(most, op, two)
            if bound is not None and conditions.holds(bound):
                detail = f"{values} holds of any entries, by the factors"
                return Answer(kind, "holds", detail=detail, condition=bound)
        if so is None:
            raise
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


def _is_ranked(*sides: Term) -> bool:
    return any(isinstance(part, terms.Function) and part.name == "rank" for part in terms.below(*sides))


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
    """Raises Undecidable if sizes without a value decide it, `rank(BA) < d`: those that are drawn for the
    float64 evaluation are not the figure's."""
    sizes = {size for part in terms.below(one, two) for size in part.type.sizes} | terms.variables(one)
    sizes |= terms.variables(two)
    missing = sorted(size for size in sizes if symbols.dimensions.get(size, 0) is None)
    if not missing:
        return

    def at(values: tuple[int, ...]) -> bool:
        given = dict(zip(missing, values, strict=True))
        left, right = (
            written_out(_valued(term, given), partial(_sized, symbols, given)) for term in (one, two)
        )
        if left is not None and right is not None:
            return conditions.holds(conditions.Compares(left, op, right)) is True
        from lorafig.verify.decide import sampled

        sizes_ = {**symbols.dimensions, **given}
        sides = (_valued(one, given), _valued(two, given))
        return _verdict(op, sampled.compare(*sides, sizes_, ""), True) == "holds"

    known = {value for size in sizes if (value := symbols.dimensions.get(size)) is not None}
    held = [value for value in map(closed, (one, two)) if value is not None]
    settings = _settings(missing, known, held)
    told = None if settings is None else {values: at(values) for values in settings}
    if told is None or (len(set(told.values())) > 1 and (held or any(_low(told, missing, symbols)))):
        raise symbols.valueless(missing)


def _low(told: Mapping[tuple[int, ...], bool], missing: Sequence[str], symbols: Symbols) -> Iterator[bool]:
    """Whether it holds where the rank is below the sizes of the weight, as it is in what the method is for:
    what is false even there is false."""
    rank = symbols.dimension(symbols.adapter.rank) or ""
    for values, holds in told.items():
        sizes = dict(zip(missing, values, strict=True))
        if all(sizes.get(rank, 1) < size for name, size in sizes.items() if name != rank):
            yield holds


def _settings(
    missing: Sequence[str], known: Collection[int], held: Sequence[Fraction]
) -> Iterable[tuple[int, ...]] | None:
    """Values of sizes that have none, in each order that they, the known ones and a number may have; None if
    these are too many."""
    if held:  # min(d, k, r) is compared with a number: what counts is where that lies
        most = int(held[0])
        return None if most > LARGEST_RANK else [(value,) * len(missing) for value in range(1, most + 2)]
    around = {near for value in known for near in (value - 1, value, value + 1) if near > 0}
    values = sorted({*range(1, len(missing) + 1), MUCH * len(missing), *around})
    return None if len(values) ** len(missing) > MOST_SETTINGS else product(values, repeat=len(missing))


def _valued(term: Term, given: Mapping[str, int]) -> Term:
    return terms.replaced(term, {name: number(value) for name, value in given.items()})


def _sized(symbols: Symbols, given: Mapping[str, int], name: str) -> Term:
    return number(given[name]) if name in given else symbols.size(name)


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
