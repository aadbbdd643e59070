"""`given`: what the author takes as true. It is used where a claim needs it, and reported as assumed.

An equation is solved for one variable: for one that stands alone on a side, for one that is a summand, for
an entry of a vector whose entries it adds up. Of P, PᵀP = I makes a matrix with orthonormal columns in the
way of Cayley, P = (I − S)(I + S)⁻¹ with Sᵀ = −S: exactly, over a field too. X of XY = 0 is F (I − Y Y⁺),
and of XY = I it is Y⁺ more, where Y has more rows than columns. What is found is tried: put in
its variable's place it must make the equation an identity. So no assumption is used that does not follow
from what is written, and one that cannot be solved so is not used at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod

from lorafig.notation.indexed import at
from lorafig.notation.named import symbols_in
from lorafig.notation.tree import Node, Number, Relation
from lorafig.verify.decide import exact
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.equations import both
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.field import Dimensions, Field
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, SCALAR, Doubt, Term, Type, Undecidable, Variable
from lorafig.verify.read.classify import EQUALITIES, is_zero
from lorafig.verify.read.quoted import spaced

HINT = "write it with one symbol alone on a side, as a sum of entries, as P^\\top P = I, or as XY = 0"
_P = (1 << 521) - 1
MOST_MEMBERS = 64  # of a family: each is solved by itself


def assume(nodes: Sequence[Node], judge: Judge) -> tuple[list[Answer], dict[str, Term]]:
    """The answers on what is given, in order, and what it makes of variables, by their names."""
    solved: dict[str, Term] = {}
    return [_all(node, judge, solved) for node in nodes], solved


def pairs(node: Node) -> tuple[Node, ...]:
    """The equations of a chain, `R = P = Q` as R = P and P = Q."""
    if not isinstance(node, Relation) or len(node.sides) < 3:
        return (node,)
    ends = zip(pairwise(node.sides), node.ops, strict=True)
    return tuple(Relation(sides, (op,), span=node.span) for sides, op in ends)


def _all(node: Node, judge: Judge, solved: dict[str, Term]) -> Answer:
    """The answer on what is given: on the first of its equations that is not simply assumed, if there is one.
    What is said of any member of a family is so of each."""
    answers = []
    try:
        for part in pairs(node):
            for member in (part, *_members(part, judge)):
                answers.append(_taken(member, judge, solved))
                if answers[-1].verdict != "holds":
                    return answers[-1]
    except Doubt as doubt:
        return doubtful("equation", doubt)
    return next((answer for answer in answers if answer.assumed), answers[0])


def _members(node: Node, judge: Judge) -> Iterator[Node]:
    """The same of each member of the families that it speaks of, R_i of R_1 to R_N."""
    families = (*judge.symbols.families, *judge.symbols.made)
    met = ((family, family.row.member(name)) for name in sorted(symbols_in(node)) for family in families)
    ways = (
        (span, index) for family, inner in met for span, index in zip(family.spans, inner or (), strict=False)
    )
    spans = list(dict.fromkeys(span for span, index in ways if index == span.letter))
    if not spans:
        return
    if len({span.letter for span in spans}) < len(spans):
        raise Undecidable("it speaks of families over different indices", "write it of one index")
    many = prod(len(span.all) for span in spans)
    if many > MOST_MEMBERS:
        raise Undecidable(f"it is given of {many:,} members of a family", f"{MOST_MEMBERS} are taken at most")
    for values in product(*(span.all for span in spans)):
        member = node
        for span, value in zip(spans, values, strict=True):
            member = at(member, span.letter, Number(str(value)))
        yield member


def _taken(node: Node, judge: Judge, solved: dict[str, Term]) -> Answer:
    if not isinstance(node, Relation) or len(node.sides) != 2:
        raise Undecidable("what is given is one equation", "write P^\\top P = I")
    assumed = Answer("equation", "holds", detail="assumed", assumed=True)
    if node.ops[0] not in EQUALITIES:
        answer = judge.judge(node)
        if answer.verdict in ("holds", "fails", "ill-typed") and node.ops[0] != "≈":
            return answer
        both(judge, *node.sides)  # of one shape
        return assumed
    one, two = (terms.replaced(side, solved) for side in _sides(node, judge))
    if exact.same(one, two, judge.seed).equal:
        return Answer("equation", "holds", detail="it follows from what is defined")
    if isinstance(one, terms.Constant) and isinstance(two, terms.Constant):
        return judge.judge(node)  # which says what it is
    if _contradicts(one, two):
        left, right = map(spaced, node.sides)
        what = f"it contradicts what is defined and given: {left} is never {right}"
        return Answer("equation", "fails", detail=what, hint="leave one of them out")
    _fits(one, two, judge)
    for name, term in _candidates(one, two, judge):
        there = {name: term}
        try:
            if exact.same(terms.replaced(one, there), terms.replaced(two, there), judge.seed).equal:
                solved.update({known: terms.replaced(body, there) for known, body in solved.items()})
                solved[name] = term
                return assumed
        except Undecidable:
            continue
    start = judge.at_start()
    begun = start.judge(node)
    if begun.verdict == "fails" and _sides(node, start) != _sides(node, judge):
        what = f"it is false at the start: {begun.detail}" if begun.detail else "it is false at the start"
        raise Undecidable(f"{what}; and what is given holds always", "leave it out, or change what starts so")
    raise Undecidable("it cannot be solved for a symbol, and so nothing can be decided by it", HINT)


def _sides(node: Relation, judge: Judge) -> tuple[Term, Term]:
    """Both sides, of one shape; 0 is that of what it is compared with."""
    left, right = node.sides
    if is_zero(right):
        term = elaborate(left, judge.symbols)
        return term, terms.number(0) if term.type.is_scalar else terms.Zero(term.type)
    return both(judge, left, right)


def _fits(one: Term, two: Term, judge: Judge) -> None:
    """Raises IllTyped for more orthonormal columns, or rows, than there is room for."""
    met = {part.name: part for part in terms.below(one, two) if isinstance(part, Variable)}
    for variable in met.values():
        for side, other in ((one, two), (two, one)):
            for _, term in _orthonormal(variable, side, other):
                straight = term.body.type if isinstance(term, terms.Transpose) else term.type
                rows, columns = (judge.symbols.dimensions.get(size) for size in straight.sizes)
                if rows is not None and columns is not None and rows < columns:
                    few, many = f"{straight.rows} = {rows:,}", f"{straight.columns} = {columns:,}"
                    raise terms.IllTyped(f"there are no {many} orthonormal vectors of {few} entries")


def _contradicts(one: Term, two: Term) -> bool:
    """Whether the sides differ by what is the same whatever the entries are."""
    if terms.has_functions(one, two):
        return False
    return _is_constant(terms.Add((one, two), (1, -1), one.type))


def _is_constant(term: Term) -> bool:
    """Whether it comes to the same whatever the entries are, and not to 0."""
    sizes = Dimensions(term).sizes()
    values = [Field(_P, sizes, seed).of(term) for seed in ("one", "other")]
    return values[0] == values[1] and any(map(any, values[0]))


# What a variable may be -------------------------------------------------------------------------


def _candidates(one: Term, two: Term, judge: Judge) -> Iterator[tuple[str, Term]]:
    """Variables, the author's own before the adapter's, with what they are if the sides are equal."""
    met = {part.name: part for part in terms.below(one, two) if isinstance(part, Variable)}
    dimensions, core = judge.symbols.dimensions, judge.symbols.adapter
    ranked = sorted(
        (variable for name, variable in met.items() if name not in dimensions),
        key=lambda variable: (variable.name in core.symbols, variable.name in core.trainable),
    )
    for variable in ranked:
        for side, other in ((one, two), (two, one)):
            yield from _alone(variable, side, other)
            yield from _orthonormal(variable, side, other)
            yield from _factor(variable, side, other, dimensions)
    for variable in ranked:
        yield from _summand(variable, one, two)
        yield from _entry(variable, one, two)


def _free(variable: Variable) -> Variable:
    return Variable(f"{variable.name} (free)", variable.type)


def _alone(variable: Variable, side: Term, other: Term) -> Iterator[tuple[str, Term]]:
    plain = _bare(side)
    if plain == variable and variable.name not in terms.variables(other):
        yield variable.name, _shaped(other, variable.type)
    match plain:
        case terms.Multiply(terms.Constant(value), body) if value != 0 and _bare(body) == variable:
            if variable.name not in terms.variables(other):
                part = terms.Multiply(terms.number(1 / value), other, other.type)
                yield variable.name, _shaped(part, variable.type)
    turned = isinstance(plain, terms.Transpose) and plain.body == variable
    if turned and variable.name not in terms.variables(other):
        yield variable.name, terms.transposed(other)


def _bare(term: Term) -> Term:
    while isinstance(term, terms.Defined):
        term = term.body
    return term


def _shaped(term: Term, kind: Type) -> Term:
    if (term.type.rows, term.type.columns) == (kind.rows, kind.columns):
        return term
    return terms.transposed(term)


def _summand(variable: Variable, one: Term, two: Term) -> Iterator[tuple[str, Term]]:
    """X of X + Y = Z: X less the difference of the sides, or with it."""
    if (one.type.rows, one.type.columns) != (variable.type.rows, variable.type.columns):
        return
    there = {variable.name: _free(variable)}
    left, right = (terms.replaced(side, there) for side in (one, two))
    for signs in ((1, -1, 1), (1, 1, -1)):
        yield variable.name, terms.Add((_free(variable), left, right), signs, variable.type)


def _entry(variable: Variable, one: Term, two: Term) -> Iterator[tuple[str, Term]]:
    """The last entry of a vector in an equation of numbers, and a number in one: what makes it so, if the
    difference of the sides is linear in it."""
    if not one.type.is_scalar:
        return
    kind, free = variable.type, _free(variable)
    if kind.is_scalar:
        unit: Term = terms.number(1)
    elif kind.is_vector:
        cuts = [part for part in terms.below(one, two) if isinstance(part, terms.Slice)]
        count = next((cut.size for cut in cuts if cut.body == variable), None)
        if count is None:
            return
        square = Type(kind.rows, kind.rows)
        unit = terms.Slice(terms.Identity(square), Type(kind.rows, ONE), "columns", count, count)
    else:
        return
    here, there = (
        _less(*(terms.replaced(side, {variable.name: at}) for side in (one, two)))
        for at in (free, terms.Add((free, unit), (1, 1), kind))
    )
    if not _is_constant(_less(there, here)):
        return  # where it is 0, other entries make the equation true
    step = terms.Divide(here, _less(there, here), SCALAR)
    moved = step if kind.is_scalar else terms.Multiply(step, unit, kind)
    yield variable.name, terms.Add((free, moved), (1, -1), kind)


def _less(one: Term, two: Term) -> Term:
    return terms.Add((one, two), (1, -1), SCALAR)


def _orthonormal(variable: Variable, side: Term, other: Term) -> Iterator[tuple[str, Term]]:
    """P of PᵀP = I, and of PPᵀ = I; u of uᵀu = 1."""
    if variable.type.is_vector and _bare(other) == terms.number(1):
        match _bare(side):
            case terms.Multiply(terms.Transpose(left), right) if left == right == variable:
                yield variable.name, _unit(variable)
    if not isinstance(_bare(other), terms.Identity) or variable.type.is_vector or variable.type.is_scalar:
        return
    match _bare(side):
        case terms.Multiply(terms.Transpose(left), right) if left == right == variable:
            yield variable.name, _columns(variable.name, variable.type)
        case terms.Multiply(left, terms.Transpose(right)) if left == right == variable:
            turned = Type(variable.type.columns, variable.type.rows)
            yield variable.name, terms.transposed(_columns(variable.name, turned))


def _factor(
    variable: Variable, side: Term, other: Term, dimensions: Mapping[str, int | None]
) -> Iterator[tuple[str, Term]]:
    """X of XY = 0 and of XY = I, where Y is a matrix of more rows than columns; and Y of the same, turned."""
    other = _bare(other)
    match _bare(side):
        case terms.Multiply(left, right) if isinstance(other, (terms.Zero, terms.Identity)):
            pairs = ((left, right), (terms.transposed(right), terms.transposed(left)))
        case _:
            return
    for factor, beside in pairs:
        known, kind = _bare(factor), beside.type
        flipped = isinstance(known, terms.Transpose) and _bare(known.body) == variable
        if not (flipped or known == variable) or variable.name in terms.variables(beside):
            continue
        rows, columns = (dimensions.get(size) for size in kind.sizes)
        if rows is None or columns is None or rows <= columns:
            continue
        own = _multiplied_to(other, factor.type, beside, f"{variable.name} (free)")
        yield variable.name, terms.transposed(own) if flipped else own


def _multiplied_to(other: Term, kind: Type, beside: Term, free: str) -> Term:
    """What times Y, of full column rank, is 0 or I: F (I − Y Y⁺), and Y⁺ more, with Y⁺ = (YᵀY)⁻¹ Yᵀ."""
    tall, square = beside.type, Type(beside.type.columns, beside.type.columns)
    turned = terms.transposed(beside)
    gram = terms.Inverse(terms.Multiply(turned, beside, square), square)
    left = terms.Multiply(gram, turned, Type(tall.columns, tall.rows))
    whole = Type(tall.rows, tall.rows)
    onto = terms.Multiply(beside, left, whole)
    away = terms.Add((terms.Identity(whole), onto), (1, -1), whole)
    rest = terms.Multiply(Variable(free, kind), away, kind)
    return rest if isinstance(other, terms.Zero) else terms.Add((left, rest), (1, 1), kind)


def _unit(variable: Variable) -> Term:
    """A vector of length 1: the first column of a reflection, e − 2 v (vᵀe) / vᵀv."""
    kind = variable.type
    square, row = Type(kind.rows, kind.rows), Type(ONE, kind.rows)
    first = terms.Slice(terms.Identity(square), kind, "columns", 1, 1)
    free = _free(variable)
    turned = terms.Transpose(free, row)
    entry, long = terms.Multiply(turned, first, SCALAR), terms.Multiply(turned, free, SCALAR)
    twice = terms.Multiply(terms.number(2), terms.Divide(entry, long, SCALAR), SCALAR)
    return terms.Add((first, terms.Multiply(twice, free, kind)), (1, -1), kind)


def _columns(name: str, kind: Type) -> Term:
    """A matrix with orthonormal columns: the first ones of Cayley's."""
    square = Type(kind.rows, kind.rows)
    drawn, unit = Variable(f"{name} (free)", square), terms.Identity(square)
    skew = terms.Add((drawn, terms.transposed(drawn)), (1, -1), square)
    minus, plus = (terms.Add((unit, skew), (1, sign), square) for sign in (-1, 1))
    whole = terms.Multiply(minus, terms.Inverse(plus, square), square)
    if kind.rows == kind.columns:
        return whole
    return terms.Multiply(whole, terms.Identity(kind), kind)
