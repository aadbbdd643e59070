"""Two expressions with a relation between them: of one shape, then decided exactly, and what holds is
measured in float64 at the figure's own dimensions."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.gradients import NABLA
from lorafig.notation.tree import Node, Product, Relation
from lorafig.notation.write.tex import to_tex
from lorafig.verify.decide import applied, conditions, counts, exact
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.premises import Premises
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import together
from lorafig.verify.meaning.shapes import all_of, elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import (
    Doubt,
    IllTyped,
    Term,
    Undecidable,
    has_functions,
    replaced,
)
from lorafig.verify.meaning.values import closed
from lorafig.verify.read.classify import EQUALITIES, ORDERS, Pair, number_kind, shown
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind

MOST_NEIGHBOURS = 120
LARGEST_CORRECTED = 60  # nodes
TURNED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "≪": "≫", "≫": "≪"}


def compare(premises: Premises, pair: Pair) -> Answer:
    if premises.given and bare(Relation((pair.left, pair.right), (pair.op,))) in premises.given:
        both(premises, pair.left, pair.right)  # in a chain with others
        return Answer(pair.kind, "holds", detail="the figure takes it as true", assumed=True)
    loose = pair.op == "≈"
    number, other = shown(pair.right, loose), shown(pair.left, loose)
    if number is None and other is not None:
        pair = replace(pair, left=pair.right, op=TURNED.get(pair.op, pair.op), right=pair.left)
        number = other
    if number is not None:
        origin = _origin(pair)
        value = elaborate(origin, premises.symbols)
        if not value.type.is_scalar:
            raise IllTyped(f"{spaced(pair.left)} is {value.type}, and {spaced(pair.right)} is a number")
        if terms.applied(value):
            raise Undecidable(f"{spaced(origin)} has no exact value", "leave out the number")
        if pair.op in EQUALITIES | {"≈"} and not (has_functions(value) and closed(value) is None):
            counts.value_of(value, origin, premises.symbols)
            return counts.against(premises, value, number, number_kind(pair.left, pair.right), pair.op)
    one, two = both(premises, pair.left, pair.right)
    if not one.type.is_scalar:
        if pair.op in ORDERS:
            raise IllTyped(f"{pair.op} is between numbers: {spaced(pair.left)} is {one.type}")
        return _equation(premises, one, two, pair, "equation")
    if terms.applied(one, two):
        if pair.op in ORDERS:
            raise Undecidable(f"{pair.op} with a function in it cannot be decided", "say why: unverified: …")
        return _equation(premises, one, two, pair, pair.kind)
    if any(isinstance(part, terms.Extreme) for part in terms.below(one, two)):  # a number, where these are
        counts.have_values((one, two), (pair.left, pair.right), premises.symbols)
    if has_functions(one, two):
        if not (pair.op in EQUALITIES and exact.same(one, two, premises.seed).equal):
            from lorafig.verify.decide import numeric

            return numeric.relate(premises, one, two, pair)
    elif isinstance(one, terms.Constant) and isinstance(two, terms.Constant):
        kind = "inequality" if pair.op in ORDERS else number_kind(pair.left, pair.right)
        return counts.relate(kind, one, pair.op, two, spaced(pair.left), spaced(pair.right))
    if pair.op in ORDERS | {"≈"}:
        counts.have_values((one, two), (pair.left, pair.right), premises.symbols)
    return _equation(premises, one, two, pair, pair.kind)


def _origin(pair: Pair) -> Node:
    """In `d^2 = 65,536 = 65.5K` every number is held to d^2, not to the number before it."""
    if shown(pair.left) is None or not set(pair.whole.ops) <= EQUALITIES | {"≈"}:
        return pair.left
    return next((side for side in pair.whole.sides if shown(side) is None), pair.left)


def both(premises: Premises, left: Node, right: Node) -> tuple[Term, Term]:
    """The sides, of one shape, with what the symbols are at the time that is spoken of. Raises a Doubt:
    shapes that do not go together before a symbol that is not known."""
    one, two = all_of((left, right), premises.symbols)
    if one.type.is_scalar != two.type.is_scalar:
        raise IllTyped(f"the shapes differ: {spaced(left)} is {one.type}, {spaced(right)} is {two.type}")
    one, two = together((one, two), (left, right))
    return replaced(one, premises.start), replaced(two, premises.start)


def _equation(premises: Premises, one: Term, two: Term, pair: Pair, kind: Kind) -> Answer:
    symbols, named = premises.symbols, kind == "equation"
    value = str(one.type) if named else None
    outcome = exact.same(one, two, premises.seed)
    surely = f"decided exactly: an error has a probability below 2^-{int(outcome.error)}"
    if terms.applied(one, two) and not outcome.equal:
        _bound(premises, one, two)
        away = applied.apart(one, two, symbols.dimensions, premises.seed)
        if away is not None:
            return _through_functions(premises, one, two, pair, kind, away)
    if pair.op == "≠":
        condition = conditions.Not(conditions.Same(one, two, premises.seed))
        return Answer(kind, "fails" if outcome.equal else "holds", value, detail=surely, condition=condition)
    same = conditions.Same(one, two, premises.seed, True, symbols.dimensions)
    if outcome.equal:
        return measured(premises, Answer(kind, "holds", value, detail=surely, condition=same), one, two)
    if has_functions(one, two) and not terms.applied(one, two):
        from lorafig.verify.decide import sampled

        distance = sampled.compare(one, two, symbols.dimensions, premises.seed)
        if distance.within:
            residual, bound = distance.apart, distance.bound
            return Answer(kind, "holds", value, None, residual, bound, distance.how, condition=same)
    _bound(premises, one, two)
    detail = f"the sides differ: {spaced(pair.left)} is not {spaced(pair.right)}"
    hint = _definition(premises, one, pair.left) or _definition(premises, two, pair.right)
    if key(pair.left) == "W" and not {"W_0", "W_pretrained", "W_frozen"}.isdisjoint(
        map(key, walk(pair.right))
    ):
        hint = "where W is the new weight, say so: let: ['W = W_0 + \\Delta W']"
    elif key(pair.left) == "W" and "W'" in symbols.terms:
        hint = "the merged weight is W': write W' = …"
    better = nearest(premises, pair.whole)
    if better is not None:
        detail += f"; it holds as {better}"
        hint = f"write {better}"
    from lorafig.verify.decide import counterexample

    example = counterexample.smallest(one, two, (pair.left, pair.right), symbols)
    return Answer(kind, "fails", value, detail=detail, hint=hint, counterexample=example, condition=same)


def _through_functions(
    premises: Premises, one: Term, two: Term, pair: Pair, kind: Kind, away: applied.Apart
) -> Answer:
    """What is not the same for every function."""
    value = str(one.type)
    same = conditions.Same(one, two, premises.seed, True, premises.symbols.dimensions)
    numbers = away.residual, away.bound
    if not away.differs:
        return Answer(kind, "undetermined", value, None, *numbers, away.detail, away.hint)
    if pair.op == "≠":
        return Answer(kind, "holds", value, None, *numbers, away.detail, condition=conditions.Not(same))
    detail, hint = f"{spaced(pair.left)} is not {spaced(pair.right)}: {away.detail}", None
    better = nearest(premises, pair.whole)
    if better is not None:
        detail, hint = f"{detail}; it holds as {better}", f"write {better}"
    return Answer(kind, "fails", value, None, *numbers, detail, hint, condition=same)


def measured(premises: Premises, answer: Answer, one: Term, two: Term) -> Answer:
    """What holds exactly, in float64 at the figure's own dimensions."""
    if premises.floating is None or one.type.is_scalar:
        return answer
    try:
        if terms.is_plain(one, two):
            found = premises.floating.compare(one, two)
            apart, bound = found.residual, found.bound
        else:
            from lorafig.verify.decide import sampled

            distance = sampled.compare(one, two, premises.symbols.dimensions, premises.seed)
            apart, bound = distance.apart, distance.bound
    except Undecidable as doubt:
        return replace(answer, detail=f"{answer.detail}; not evaluated in float64: {doubt.what}")
    answer = replace(answer, residual=apart, bound=bound)
    if apart <= bound:
        return answer
    detail = "it holds exactly, but not in float64 within its bound"
    return replace(answer, verdict="fails", detail=detail, condition=conditions.AtStart(False))


def _bound(premises: Premises, one: Term, two: Term) -> None:
    """Raises Undecidable if a side is a symbol that may be anything."""
    for term, other in ((one, two), (two, one)):
        loose = _loose(premises, term, other)
        if loose is not None:
            let = "--let" if premises.symbols.table is None else "let:"
            hint = f"say what it is: {let} '{loose} = …'"
            if loose.startswith(NABLA) and premises.symbols.table is not None:
                by, _, loss = loose.removeprefix(NABLA).partition(" ")
                hint = f"say what it is taken as: given: ['\\nabla_{{{by}}} {loss} = …']"
            raise Undecidable(f"{loose} has a shape and no value", hint)


def _loose(premises: Premises, term: Term, other: Term) -> str | None:
    """A symbol by itself that is given a shape, but neither a value nor a place in the adapter."""
    while isinstance(term, terms.Transpose):
        term = term.body
    if not isinstance(term, terms.Variable) or term.type.is_scalar:
        return None
    bound = term.name in terms.variables(other) or term.name in premises.symbols.adapter.symbols
    return None if bound else term.name


def _definition(premises: Premises, term: Term, node: Node) -> str | None:
    name = premises.symbols.canonical(key(node) or "")
    source = premises.symbols.sources.get(name)
    return f"{name} is {source}" if isinstance(term, terms.Defined) and source is not None else None


def reordered(symbols: Symbols, node: Product) -> str | None:
    """A product with two neighbouring factors swapped whose shapes go together, as TeX; None unless one alone
    has them, or it is longer than what anybody would correct so."""
    if len(node.factors) > LARGEST_CORRECTED:
        return None
    fitting = []
    for i in range(len(node.factors) - 1):
        one, other = node.factors[i], node.factors[i + 1]
        swapped = replace(node, factors=(*node.factors[:i], other, one, *node.factors[i + 2 :]))
        try:
            elaborate(swapped, symbols)
        except Doubt:
            continue
        fitting.append(swapped)
    return to_tex(fitting[0]) if len(fitting) == 1 else None


def nearest(premises: Premises, whole: Relation) -> str | None:
    """A true statement one change away, as TeX."""
    if len(whole.sides) != 2 or whole.ops[0] not in EQUALITIES:
        return None
    if sum(1 for _ in walk(whole)) > LARGEST_CORRECTED:
        return None  # nobody reads a correction of a statement that long, and the search takes seconds
    from lorafig.verify.decide.nearest import neighbours

    for count, near in enumerate(neighbours(whole, premises.symbols.knows("α"))):
        if count >= MOST_NEIGHBOURS:
            break
        try:
            one, two = both(premises, *near.sides)
            if exact.same(one, two, premises.seed).equal:
                return to_tex(near)
        except Doubt:
            continue
    return None
