"""Statements about norms, roots and ranks. See `sampled` for how they are computed."""

from __future__ import annotations

from lorafig.notation.tree import Node
from lorafig.verify.decide import sampled
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.counts import MUCH
from lorafig.verify.decide.floating import Residual
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import SCALAR, Function, Term, Undecidable, number, variables
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind, Verdict

MIRRORED = {">": "<", "≥": "≤", "≫": "≪"}


def relate(symbols: Symbols, seed: str, one: Term, op: str, two: Term, left: Node, right: Node) -> Answer:
    """Two numbers, at least one of which is not a polynomial."""
    ranked = any(isinstance(term, Function) and term.name == "rank" for term in terms.below(one, two))
    kind: Kind = "rank" if ranked else "inequality" if op in "<>≤≥≪≫" else "equation"
    values = f"{spaced(left)} {op} {spaced(right)}"
    if op in MIRRORED:
        one, op, two, left, right = two, MIRRORED[op], one, right, left
    if not ranked and any(_is_free(this) and not _is_free(other) for this, other in ((one, two), (two, one))):
        node = left if _is_free(one) else right
        raise Undecidable(
            f"{spaced(node)} depends on entries that may be anything", "compare it with what they bound"
        )
    first = terms.Multiply(number(MUCH), one, SCALAR) if op == "≪" else one
    found = sampled.compare(first, two, symbols.dimensions, seed)
    verdict = _verdict(op, found, ranked)
    how = (
        f"in float64 at {sampled.DRAWS} draws of the entries{', with ' + found.where if found.where else ''}"
    )
    detail = f"{values} {'at every one' if verdict == 'holds' else 'is false'}, {how}"
    if verdict == "undetermined":
        detail = f"the sides are too close to tell, {how}"
    residual = max(abs(found.above), abs(found.below)) if op in "=≡≔≈≠" else max(found.above, 0.0)
    return Answer(kind, verdict, residual=residual, bound=found.bound, detail=detail)


def _is_free(term: Term) -> bool:
    """Whether the value depends on entries."""
    return bool(variables(term))


def _verdict(op: str, found: sampled.Found, whole: bool) -> Verdict:
    apart = max(abs(found.above), abs(found.below)) > found.bound
    if op in "=≡≔≈":
        return "fails" if apart else "holds"
    if op == "≠":
        return "holds" if apart else "fails"
    if found.above > found.bound:
        return "fails"
    if op == "<" and found.above >= -found.bound:
        return "fails" if whole else "undetermined"
    return "holds"


def residual(symbols: Symbols, seed: str, one: Term, two: Term) -> Residual:
    """How far two terms are apart in float64, and what rounding alone can make that."""
    found = sampled.compare(one, two, symbols.dimensions, seed)
    return Residual(max(abs(found.above), abs(found.below)), found.bound, found.where)
