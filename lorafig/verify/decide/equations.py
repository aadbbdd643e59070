"""Two expressions with a relation between them: of one shape, then decided exactly, and what holds is
measured in float64 at the figure's own dimensions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.tree import Node, Relation
from lorafig.notation.write.tex import to_tex
from lorafig.verify.decide import counterexample, counts, exact, numeric, sampled
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.nearest import neighbours
from lorafig.verify.meaning.operations import together
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import (
    Constant,
    Defined,
    Doubt,
    IllTyped,
    Term,
    Transpose,
    Undecidable,
    Variable,
    has_functions,
    is_plain,
    replaced,
    variables,
)
from lorafig.verify.meaning.values import closed
from lorafig.verify.read.classify import EQUALITIES, ORDERS, kind_of, number_kind, shown
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Verdict

if TYPE_CHECKING:
    from lorafig.verify.decide.judge import Judge

MOST_NEIGHBOURS = 120
LARGEST_CORRECTED = 60  # nodes
TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "≪": "≫", "≫": "≪"}


def compare(judge: Judge, left: Node, op: str, right: Node, whole: Relation) -> Answer:
    """The two sides `left` and `right` of the relation `whole`."""
    number, other = shown(right, loose=op == "≈"), shown(left, loose=op == "≈")
    if number is not None or other is not None:
        if number is None:
            left, right, number, op = right, left, other, TURNED.get(op, op)
        assert number is not None
        origin = _origin(left, whole)
        value = elaborate(origin, judge.symbols)
        if not value.type.is_scalar:
            raise IllTyped(f"{spaced(left)} is {value.type}, and {spaced(right)} is a number")
        ranked = has_functions(value) and closed(value) is None
        if op in EQUALITIES | {"≈"} and not ranked:
            known = counts.value_of(value, origin)
            kind = number_kind(left, right)
            return counts.against(known, number, kind, judge.rounding, judge.symbols.kilo, op)
    one, two = both(judge, left, right)
    if one.type.is_scalar:
        if has_functions(one, two) and not (op in EQUALITIES and exact.same(one, two, judge.seed).equal):
            return numeric.relate(judge.symbols, judge.seed, one, op, two, left, right)
        return _numbers(judge, one, op, two, left, right, whole)
    if op in ORDERS:
        raise IllTyped(f"{op} is between numbers: {spaced(left)} is {one.type}")
    return _equation(judge, one, op, two, left, right, whole)


def _origin(left: Node, whole: Relation) -> Node:
    """In `d^2 = 65,536 = 65.5K` every number is held to d^2, not to the number before it."""
    if shown(left) is None or not set(whole.ops) <= EQUALITIES | {"≈"}:
        return left
    return next((side for side in whole.sides if shown(side) is None), left)


def both(judge: Judge, left: Node, right: Node) -> tuple[Term, Term]:
    """The sides, of one shape, with what the symbols are at the time that is spoken of. Raises a Doubt:
    shapes that do not go together before a symbol that is not known."""
    nodes = (left, right)
    found: list[Term] = []
    doubt: Doubt | None = None
    for node in nodes:
        try:
            found.append(elaborate(node, judge.symbols))
        except IllTyped:
            raise
        except Doubt as error:
            doubt = error if doubt is None else doubt
    if doubt is not None:
        raise doubt
    if not any(term.type.is_scalar for term in found) or all(term.type.is_scalar for term in found):
        one, two = together(found, nodes)
        return replaced(one, judge.start), replaced(two, judge.start)
    raise IllTyped(
        f"the shapes differ: {spaced(left)} is {found[0].type}, {spaced(right)} is {found[1].type}"
    )


def _numbers(judge: Judge, one: Term, op: str, two: Term, left: Node, right: Node, whole: Relation) -> Answer:
    kind = kind_of(Relation((left, right), (op,)))
    if isinstance(one, Constant) and isinstance(two, Constant):
        answer = counts.relate(one.value, op, two.value, spaced(left), spaced(right))
        return replace(answer, kind="inequality" if op in ORDERS else number_kind(left, right))
    if op in ORDERS | {"≈"}:
        counts.value_of(one, left), counts.value_of(two, right)
    return _equation(judge, one, op, two, left, right, whole, kind == "equation")


def _equation(
    judge: Judge,
    one: Term,
    op: str,
    two: Term,
    left: Node,
    right: Node,
    whole: Relation,
    named: bool = True,
) -> Answer:
    """`named` is False for numbers of another kind than an equation."""
    kind = "equation" if named else kind_of(Relation((left, right), (op,)))
    value = str(one.type) if named else None
    outcome = exact.same(one, two, judge.seed)
    if op == "≠":
        verdict: Verdict = "fails" if outcome.equal else "holds"
        return Answer(kind, verdict, value=value, detail=_exactly(outcome, op))
    if not outcome.equal and has_functions(one, two):
        found = numeric.residual(judge.symbols, judge.seed, one, two)
        if found.residual <= found.bound:
            detail = f"in float64 at {sampled.DRAWS} draws of the entries, with {found.where}"
            return Answer(kind, "holds", value, None, found.residual, found.bound, detail)
    if outcome.equal:
        answer = Answer(kind, "holds", value=value, detail=_exactly(outcome, op))
        return measured(judge, answer, one, two)
    loose = _loose(judge, one, two) or _loose(judge, two, one)
    if loose is not None:
        raise Undecidable(f"{loose} has a shape and no value", f"say what it is: --let '{loose} = …'")
    better = nearest(judge, whole)
    detail = f"the sides differ: {spaced(left)} is not {spaced(right)}"
    hint = _definition(judge, one, left) or _definition(judge, two, right)
    if better is not None:
        detail += f"; it holds as {better}"
        hint = f"write {better}"
    example = counterexample.smallest(one, two, (left, right), judge.symbols)
    return Answer(kind, "fails", value=value, detail=detail, hint=hint, counterexample=example)


def measured(judge: Judge, answer: Answer, one: Term, two: Term) -> Answer:
    """What holds exactly, in float64 at the figure's own dimensions."""
    if judge.floating is None or one.type.is_scalar:
        return answer
    try:
        if is_plain(one, two):
            found = judge.floating.compare(one, two)
        else:
            found = numeric.residual(judge.symbols, judge.seed, one, two)
    except Undecidable as doubt:
        return replace(answer, detail=f"{answer.detail}; not evaluated in float64: {doubt.what}")
    if found.residual <= found.bound:
        return replace(answer, residual=found.residual, bound=found.bound)
    return replace(
        answer,
        verdict="fails",
        residual=found.residual,
        bound=found.bound,
        detail="it holds exactly, but not in float64 within its bound",
    )


def _loose(judge: Judge, one: Term, other: Term) -> str | None:
    """A symbol by itself that is given a shape, but neither a value nor a place in the adapter."""
    while isinstance(one, Transpose):
        one = one.body
    if not isinstance(one, Variable) or one.type.is_scalar:
        return None
    bound = one.name in variables(other) or one.name in judge.symbols.adapter.symbols
    return None if bound else one.name


def _definition(judge: Judge, term: Term, node: Node) -> str | None:
    name = judge.symbols.canonical(key(node) or "")
    source = judge.symbols.sources.get(name)
    return f"{name} is {source}" if isinstance(term, Defined) and source is not None else None


def nearest(judge: Judge, whole: Relation) -> str | None:
    """A true statement one change away, as TeX."""
    if len(whole.sides) != 2 or whole.ops[0] not in EQUALITIES:
        return None
    if sum(1 for _ in walk(whole)) > LARGEST_CORRECTED:
        return None  # nobody reads a correction of a statement that long, and the search takes seconds
    for count, near in enumerate(neighbours(whole, judge.symbols.knows("α"))):
        if count >= MOST_NEIGHBOURS:
            break
        try:
            one, two = both(judge, *near.sides)
            if exact.same(one, two, judge.seed).equal:
                return to_tex(near)
        except Doubt:
            continue
    return None


def _exactly(outcome: exact.Outcome, op: str) -> str:
    if outcome.equal == (op != "≠") or outcome.equal:
        return f"decided exactly: an error has a probability below 2^-{int(outcome.error)}"
    return "decided exactly"
