"""Statements with a relation in them: each pair of neighbouring sides, by what stands between them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node, Number, Product, Relation, Script, Shape, Words
from lorafig.verify.decide import counts, equations, numeric, start, statements
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Doubt, IllTyped, Undecidable
from lorafig.verify.read.classify import (
    EQUALITIES,
    ORDERS,
    is_one,
    is_zero,
    kind_of,
    law,
    number_kind,
    shown,
    sizes,
)
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind, Verdict

if TYPE_CHECKING:
    from lorafig.verify.decide.judge import Judge

DRAWS = EQUALITIES | {"~", ":", "←"}  # how a symbol is said to be drawn from a distribution
MERGED = "W'"


def relation(judge: Judge, node: Relation) -> Answer:
    if node.ops[:2] == (":", "→") and len(node.sides) == 3:
        return statements.mapping(judge.symbols, node)
    pairs = zip(node.sides[:-1], node.ops, node.sides[1:], strict=True)
    return worst([_pair(judge, left, op, right, node) for left, op, right in pairs])


def _pair(judge: Judge, left: Node, op: str, right: Node, whole: Relation) -> Answer:
    kind = kind_of(Relation((left, right), (op,)))
    symbols = judge.symbols
    try:
        if isinstance(left, Words) and left.text.strip() == "":
            return _about(judge, op, right)
        if kind == "rank":
            return _rank(judge, left, op, right)
        if op == "~" or law(right) is not None:
            if op not in DRAWS:
                what = f"{spaced(right)} is a distribution, and {op} is no relation to one"
                raise IllTyped(what, f"write {spaced(left)} ~ {spaced(right)}")
            return start.drawn(symbols, left, right)
        if op == "←":
            return _becomes(judge, left, right)
        if isinstance(left, Shape) and op in EQUALITIES | {"≈"}:  # `A: 8 × 4,096 = 32,768`
            left, right = _product(left), _product(right) if isinstance(right, Shape) else right
        found = sizes(right)
        if op in EQUALITIES and found is not None and (_multiplies(judge, found) or _is_number(judge, left)):
            return equations.compare(judge, left, op, right, whole)  # B × A, 2 × 12,288 × 4
        if op in EQUALITIES and found is not None and isinstance(bare(right), Script):
            what = f"{spaced(right)} is a space, and {spaced(left)} is one element of it"
            raise IllTyped(what, f"write {spaced(left)} ∈ {spaced(right)}")
        if op == ":" and found is not None and len(found) == 1 and isinstance(found[0], Number):
            return _colon(judge, left, found[0], whole)
        if op == "∈" or (found is not None and op in (":", "=") and kind == "shape"):
            if found is None:
                raise Undecidable(f"{spaced(right)} is no shape", "write \\mathbb{R}^{d \\times k}")
            return statements.shape(symbols, spaced(left), elaborate(left, symbols), right)
        if op == ":":
            return _counted(judge, left, right)
        if op == "≠" and is_zero(right):
            return _turned(start.nothing(symbols, judge.seed, left))
        if op in EQUALITIES | {"≈"} and is_zero(right):
            return start.nothing(symbols, judge.seed, left)
        if op in EQUALITIES and is_one(right):
            answer = start.ones(symbols, left)
            if answer is not None:
                return answer
        if op not in EQUALITIES | ORDERS | {"≈", "≠"}:
            raise Undecidable(f"{op} is no relation that can be decided here")
        if op in EQUALITIES and symbols.adapter.laws.get(symbols.canonical(key(left) or "")) == "norms":
            judge = judge.at_start()  # `m = ‖W‖_c` says how m starts, like `B = 0`
        return equations.compare(judge, left, op, right, whole)
    except Doubt as doubt:
        return _sided(judge, kind, doubt, left, op, right, whole)


def _about(judge: Judge, op: str, right: Node) -> Answer:
    """`≈ 128× fewer`, `< 1 % of the parameters`: of what the words name."""
    said, number = counts.in_words(right, judge.symbols, None), shown(right)
    if said is None or number is None:
        raise Undecidable(f"nothing says what {spaced(right)} is", "write what it counts: r(d+k) = …")
    if op in EQUALITIES | {"≈", "~"}:
        loose = "≈" if op == "~" else op
        return counts.against(said, number, number_kind(right), judge.rounding, judge.symbols.kilo, loose)
    if op not in ORDERS:
        raise Undecidable(f"{op} is no relation that can be decided here")
    limit = counts.exactly(number, judge.symbols.kilo)
    return replace(counts.relate(said, op, limit, "it", spaced(right)), kind="inequality")


def _turned(answer: Answer) -> Answer:
    """The opposite of an answer that is certain."""
    opposite: dict[Verdict, Verdict] = {"holds": "fails", "fails": "holds"}
    return replace(answer, verdict=opposite.get(answer.verdict, answer.verdict))


def _becomes(judge: Judge, left: Node, right: Node) -> Answer:
    """`B ← 0` says how a factor starts, `W ← W + BA` what is merged into the weight."""
    name = judge.symbols.canonical(key(left) or "")
    if is_zero(right) or name not in judge.symbols.adapter.frozen:
        return judge.judge(Relation((left, right), ("=",)))
    answers = [
        judge.judge(Relation((side, right), ("=",)))
        for side in (Script(left, None, None, 1), left)
        if judge.symbols.knows(key(side) or "")
    ]
    return answers[0]


def _is_number(judge: Judge, node: Node) -> bool:
    try:
        return elaborate(node, judge.symbols).type.is_scalar
    except Doubt:
        return False


def _product(node: Shape) -> Node:
    times = len(node.sizes) - 1
    return Product(node.sizes, ("×",) * times, ("",) * times) if times > 0 else node.sizes[0]


def _multiplies(judge: Judge, factors: tuple[Node, ...]) -> bool:
    """Whether what is written with × between is a product of matrices and no shape."""
    names = [key(one) for one in factors]
    return len(names) > 1 and all(
        name is not None
        and judge.symbols.knows(name)
        and judge.symbols.dimension(name) is None
        and not judge.symbols.term(name).type.is_scalar
        for name in names
    )


def _colon(judge: Judge, left: Node, right: Number, whole: Relation) -> Answer:
    """`x: 768` is a shape, `r: 8` a value, `W: 589,824` a number of entries."""
    try:
        term = elaborate(left, judge.symbols)
    except IllTyped:
        return _counted(judge, left, right)
    if term.type.is_scalar:
        return equations.compare(judge, left, "=", right, whole)
    if term.type.is_vector:
        return statements.shape(judge.symbols, spaced(left), term, Shape((right,)))
    return _counted(judge, left, right)


def _sided(
    judge: Judge, kind: Kind, doubt: Doubt, left: Node, op: str, right: Node, whole: Relation
) -> Answer:
    """What is ill-typed on either side is told before a symbol that is not known on the other."""
    answer = doubtful(kind, doubt)
    if not isinstance(doubt, IllTyped):
        for side in (left, right):
            try:
                if law(side) is None and sizes(side) is None:
                    elaborate(side, judge.symbols)
            except IllTyped as other:
                answer = doubtful(kind, other)
            except Doubt:
                pass
    if answer.verdict == "ill-typed" and kind == "equation":
        better = equations.nearest(judge, whole)
        if better is not None:
            return replace(answer, hint=f"it would hold as {better}")
    return answer


def _rank(judge: Judge, left: Node, op: str, right: Node) -> Answer:
    one, two = elaborate(left, judge.symbols), elaborate(right, judge.symbols)
    if not (one.type.is_scalar and two.type.is_scalar):
        side, term = (left, one) if not one.type.is_scalar else (right, two)
        raise IllTyped(f"a rank is a number, and {spaced(side)} is {term.type}")
    if op not in EQUALITIES | ORDERS | {"≈", "≠"}:
        raise Undecidable(f"{op} is no relation between ranks")
    return numeric.relate(judge.symbols, judge.seed, one, op, two, left, right)


def _counted(judge: Judge, left: Node, right: Node) -> Answer:
    """`W: 589,824`, `A + B: r(d + k)`: entries; of a number its value."""
    if _is_number(judge, left):
        return equations.compare(judge, left, "=", right, Relation((left, right), ("=",)))
    number = shown(right)
    if number is None:
        if law(right) is not None:
            return start.drawn(judge.symbols, left, right)
        term = elaborate(right, judge.symbols)
        total = counts.entries(left, judge.symbols)
        known = counts.value_of(term, right)
        answer = counts.relate(total, "=", known, f"the entries of {spaced(left)}", spaced(right))
        return replace(answer, kind=number_kind(right))
    total = counts.entries(left, judge.symbols)
    return counts.against(total, number, number_kind(right), judge.rounding, judge.symbols.kilo, "=")
