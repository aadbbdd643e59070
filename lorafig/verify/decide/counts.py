"""Numbers on a figure, held to integers and fractions that are exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language.table import Row
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.pattern import Pattern
from lorafig.verify.decide import conditions
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import MUCH, Condition
from lorafig.verify.decide.premises import Premises
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import over, plus, times
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import SCALAR, Term, Undecidable
from lorafig.verify.meaning.values import closed
from lorafig.verify.read import quantities
from lorafig.verify.read.classify import shown, words
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind

_THOUSANDS = Pattern(r"\d{1,3}(?:\.\d{3})+")  # as languages write whole numbers that have decimal commas
TRAINED = terms.Variable("# trained", SCALAR)  # parameters of the method: no label can call a symbol so


def readable(value: Fraction) -> str:
    """A value for a message: `65,536`, `0.0208333 (1/48)`."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    sign, size = ("-" if value < 0 else ""), abs(value)
    decimal = numbers.format_number(size, "6")
    return f"{sign}{decimal} ({value})" if len(str(value)) < 24 else f"{sign}{decimal}"


def value_of(term: Term, node: Node, symbols: Symbols) -> Fraction:
    """The value of a number. Raises Undecidable if a symbol in it has none."""
    have_values((term,), (node,), symbols)
    return valued(term)


def have_values(numbers: Sequence[Term], nodes: Sequence[Node], symbols: Symbols) -> None:
    """Raises Undecidable if one has no value, with all symbols that stand in the way."""
    open_ = [(term, node) for term, node in zip(numbers, nodes, strict=True) if closed(term) is None]
    free = sorted({name for term, _ in open_ for name in terms.variables(term)})
    if free:
        raise symbols.valueless(free)
    if open_:
        raise Undecidable(f"the value of {spaced(open_[0][1])} cannot be computed")


def valued(term: Term) -> Fraction:
    value = closed(term)
    assert value is not None
    return value


class Quantity(Struct, frozen=True):
    """What a number counts: the first of `choices` that it reads, if words do not say which; one without a
    value may be meant if no other reads. If words call it fewer, `fewer` says when it is, and `instead` what
    is so where it is not."""

    choices: tuple[Term, ...]
    fewer: Condition | None = None
    instead: str = ""


def against(premises: Premises, said: Quantity | Term, number: Number, kind: Kind, op: str = "=") -> Answer:
    """Whether the number shown is the value of what it counts, at the digits shown."""
    quantity = said if isinstance(said, Quantity) else Quantity((said,))
    valueless = [choice for choice in quantity.choices if closed(choice) is None]
    if valueless:
        return _of_valued(premises, quantity, valueless, number, kind, op)
    kilo, loose, term = premises.symbols.kilo, op == "≈", _chosen(premises, quantity, number)
    condition: Condition = conditions.Reads(term, _typed(premises, number), premises.rounding, kilo, loose)
    holds = conditions.holds(condition) is True
    if len(quantity.choices) > 1:
        condition = conditions.AtStart(holds)
        if premises.rounding == "nearest" and not loose:
            condition = conditions.Either(tuple(_reads(premises, term, number) for term in quantity.choices))
    if quantity.fewer is not None:
        condition = conditions.All((quantity.fewer, condition))
        if not conditions.holds(quantity.fewer):
            return _not_fewer(quantity, kind, condition)
    value, shown_as = valued(term), number.digits + number.unit
    if holds:
        detail = "exact" if numbers.exact(number, kilo) == value else f"rounded from {readable(value)}"
        return Answer(kind, "holds", str(value), shown_as, detail=detail, condition=condition)
    detail = f"it is {readable(value)}, not {shown_as}"
    if value.denominator == 1 and _THOUSANDS.fullmatch(shown_as):
        detail += ", as '.' is the decimal point here"
        number = replace(number, digits=number.digits.replace(".", ","))
    hint = f"it should read {numbers.should_read(value, number, premises.rounding, kilo)}"
    return Answer(kind, "fails", str(value), shown_as, detail=detail, hint=hint, condition=condition)


def _of_valued(
    premises: Premises, quantity: Quantity, valueless: Sequence[Term], number: Number, kind: Kind, op: str
) -> Answer:
    """The answer by the choices that have a value, if one of them is meant."""
    choices = tuple(choice for choice in quantity.choices if choice not in valueless)
    if choices:
        answer = against(premises, replace(quantity, choices=choices), number, kind, op)
        if answer.verdict == "holds":
            return answer
    raise premises.symbols.valueless(sorted({name for term in valueless for name in terms.variables(term)}))


def compared(premises: Premises, said: Quantity, op: str, number: Number, text: str) -> Answer:
    """`< 1 % of the parameters`."""
    limit = terms.number(numbers.exact(number, premises.symbols.kilo))
    free = sorted({name for term in said.choices if closed(term) is None for name in terms.variables(term)})
    if free:
        raise premises.symbols.valueless(free)
    answers = [relate("inequality", choice, op, limit, "it", text) for choice in said.choices]
    answer = next((answer for answer in answers if answer.verdict == "holds"), answers[0])
    if len(answers) > 1:
        answer = replace(answer, condition=conditions.Either(tuple(one.holds for one in answers)))
    if said.fewer is None:
        return answer
    condition = conditions.All((said.fewer, answer.holds))
    if not conditions.holds(said.fewer):
        return _not_fewer(said, "inequality", condition)
    return replace(answer, condition=condition)


def _not_fewer(quantity: Quantity, kind: Kind, condition: Condition) -> Answer:
    return Answer(kind, "fails", detail=quantity.instead, hint="choose a smaller rank", condition=condition)


def _typed(premises: Premises, number: Number) -> Number | conditions.Shown:
    filled = premises.symbols.filled.get(id(number))
    return number if filled is None else conditions.Shown(filled.of, filled.form, filled.sign)


def _reads(premises: Premises, term: Term, number: Number) -> Condition:
    return conditions.Reads(term, _typed(premises, number), "nearest", premises.symbols.kilo)


def _chosen(premises: Premises, quantity: Quantity, number: Number) -> Term:
    if len(quantity.choices) == 1:
        return quantity.choices[0]
    reading = (term for term in quantity.choices if conditions.holds(_reads(premises, term, number)))
    return next(reading, quantity.choices[0])


def relate(kind: Kind, one: Term, op: str, two: Term, left: str, right: str) -> Answer:
    """Two numbers that have values."""
    if op == "≈":
        raise Undecidable("how close ≈ means is not said", "write the number itself: ≈ 65.5K")
    condition = conditions.Compares(one, op, two)
    verdict = conditions.holds(condition)
    first, second = valued(one), valued(two)
    detail = f"{left} is {readable(first)}, {right} is {readable(second)}"
    if not verdict and op in ("≪", "≫"):
        detail += f", and {op} means a factor of {MUCH} or more"
    return Answer(
        kind, "holds" if verdict else "fails", str(first), str(second), detail=detail, condition=condition
    )


# What is counted -----------------------------------------------------------------------------


def entries(node: Node, symbols: Symbols) -> Term:
    """How many entries the matrices that a label names have together: of `W`, `A + B`, `A, B`."""
    named: dict[str, Term] = {}
    for part in walk(node):
        name = key(part)
        if name is not None and symbols.knows(name) and symbols.dimension(name) is None:
            term = symbols.term(name)
            if isinstance(term, (terms.Variable, terms.Defined)):
                named.setdefault(name, term)
    if not named:
        raise Undecidable(f"{spaced(node)} names no matrix that has entries", "write W: …, or A + B: …")
    return plus(*(entries_of(term, symbols) for term in named.values()))


def entries_of(term: Term, symbols: Symbols) -> Term:
    return times(symbols.size(term.type.rows), symbols.size(term.type.columns))


def in_words(node: Node, symbols: Symbols, subject: str | None) -> Quantity | None:
    """What the words behind a number name: `32× fewer`, `0.39 % of the parameters`, and with a subject
    `590K parameters`. None if they name nothing."""
    said, number = words(node), shown(node)
    if said == "" or number is None or _any(quantities.OTHERS, said):
        return None
    fewer = _any(quantities.FEWER, said)
    if number.unit in ("×", "%"):
        if not fewer and not _any(quantities.OF_ALL, said):
            return None
        trained, weight = network(symbols) or parameters(symbols)
        part = over(trained, weight)
        if number.unit == "×":
            part = over(weight, trained)
        elif fewer:
            part = plus(terms.number(1), times(terms.number(-1), part))
        if not fewer:
            if number.unit == "×" or network(symbols) is None:
                return Quantity((part,))
            return Quantity((part, over(trained, plus(weight, trained))))  # the second as PEFT prints it
        many = f"{readable(valued(trained))} are trained, and {_of(symbols)} {readable(valued(weight))}"
        less = conditions.Compares(trained, "<", weight)
        return Quantity((part,), less, f"they are not fewer: {many}")
    if subject is not None:
        if not _any(quantities.ENTRIES, said):
            return None
        return Quantity((entries_of(symbols.term(subject), symbols),))
    if _any(quantities.TRAINED, said):
        whole = network(symbols)
        if whole is not None and "d" not in symbols.dimensions:
            return Quantity(whole[:1])
        # Of the network, or of one weight where it has many.
        return Quantity((*(() if whole is None else whole[:1]), trained_parameters(symbols)))
    if said in quantities.ENTRIES_ALONE:  # of the adapter, of the weight, or of both
        whole = network(symbols)
        if whole is not None and "d" not in symbols.dimensions:
            return Quantity((*whole, plus(*whole)))
        own = any_parameters(symbols)
        return Quantity(own if whole is None else (*whole, plus(*whole), *own))
    return None


def _any(listed: tuple[str, ...], said: str) -> bool:
    return any(word in said for word in listed)


def network(symbols: Symbols) -> tuple[Term, Term] | None:
    """The parameters that the method trains in a whole network, and those of the network, if there is one."""
    if not {"n_trained", "n_params"} <= symbols.network:
        return None
    return symbols.term("n_trained"), symbols.term("n_params")


def _of(symbols: Symbols) -> str:
    return "the weight has" if network(symbols) is None else "the network has"


def parameters(symbols: Symbols) -> tuple[Term, Term]:
    """The parameters that the method trains, and those of the weight. Raises Undecidable without a weight."""
    return trained_parameters(symbols), weight_parameters(symbols)


def any_parameters(symbols: Symbols) -> tuple[Term, ...]:
    """What may be meant by parameters: those of the adapter, of the weight, or of both. Without a rank those
    of the weight are known, and the others are terms that have no value."""
    weight = weight_parameters(symbols)
    try:
        trained = trained_parameters(symbols)
    except Undecidable:
        trained = terms.Variable(symbols.adapter.rank or "r", SCALAR)  # what has no value
    return trained, weight, plus(weight, trained)


def trained_parameters(symbols: Symbols) -> Term:
    """The parameters that the method trains."""
    d, k, r = (int(valued(size)) for size in _sizes(symbols, "d", "k", "r"))
    own = [_all_entries(symbols, row) for _, row in symbols.own("trained")]
    if not own and not symbols.adapter.symbols and not any(symbols.own("frozen", "random")):
        hint = "declare its matrices in the model, or name its network: model: {network: llama-3-8b}"
        raise Undecidable("nothing on this figure is declared that has parameters", hint)
    trained: Term = terms.number(symbols.adapter.parameters(d, k, r), _moved(symbols))
    return plus(trained, *own) if own else trained


def weight_parameters(symbols: Symbols) -> Term:
    """The parameters of the weight, or of what else is frozen. Raises Undecidable if nothing is."""
    if symbols.adapter.symbols:
        return times(*_sizes(symbols, "d", "k"))
    frozen = [_all_entries(symbols, row) for _, row in symbols.own("frozen", "random")]
    if not frozen:
        raise Undecidable("no symbol of the figure is declared as frozen", "give a symbol the role frozen")
    return plus(*frozen)


def _sizes(symbols: Symbols, *asked: str) -> list[Term]:
    """These sizes of the layer, 1 if its method has none. Raises Undecidable if one has no value."""
    method = symbols.adapter
    has = {"d", "k", *(size for shape in method.symbols.values() for size in shape)} if method.symbols else {}
    named = {name: symbols.dimension(name) or name for name in asked}
    missing = [size for name, size in named.items() if name in has and symbols.dimensions.get(size) is None]
    if missing:
        raise symbols.valueless(list(dict.fromkeys(missing)))
    return [symbols.size(size) if name in has else terms.number(1) for name, size in named.items()]


def _all_entries(symbols: Symbols, row: Row) -> Term:
    """How many entries a symbol has, all members of a family together."""
    count: Term = terms.number(1)
    family = next((family for family in symbols.families if family.row is row), None)
    factors = [symbols.size(symbols.dimension(size) or size) for size in row.shape or ()]
    for span in () if family is None else family.spans:
        ends = symbols.size(span.size) if span.size in symbols.dimensions else terms.number(span.last)
        factors.append(plus(ends, terms.number(1 - span.first)))
    return reduce(times, factors, count)


def _moved(symbols: Symbols) -> Term | None:
    """The parameters that the method trains at other sizes: on a page its method may be another one, in a
    panel's own model it is not."""
    if symbols.fixed is None:
        return TRAINED
    if symbols.adapter.whole is not None:
        return None
    counted = elaborate(parse_math(symbols.adapter.count), symbols)
    return counted.of if isinstance(counted, terms.Constant) else None
