"""Numbers on a figure, held to integers and fractions that are exact."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from lorafig.core.counts import reduction, trained_share
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.tree import Node, Number
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import (
    ONE,
    Constant,
    Contradicted,
    Defined,
    Term,
    Undecidable,
    Variable,
    variables,
)
from lorafig.verify.meaning.values import closed
from lorafig.verify.read.classify import shown, words
from lorafig.verify.read.quantities import ENTRIES, ENTRIES_ALONE, FEWER, OF_ALL, OTHERS, TRAINED
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind

MUCH = 8  # ≪ and ≫ mean a factor of at least this


def written(value: Fraction) -> str:
    """An exact value as text."""
    return str(value)


def readable(value: Fraction) -> str:
    """A value for a message: `65,536`, `0.0208333 (1/48)`."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    sign, size = ("-" if value < 0 else ""), abs(value)
    decimal = numbers.format_number(size, "6")
    return f"{sign}{decimal} ({value})" if len(str(value)) < 24 else f"{sign}{decimal}"


def value_of(term: Term, node: Node) -> Fraction:
    """The value of a number. Raises Undecidable where a symbol in it has none."""
    if isinstance(term, Constant):
        return term.value
    known = closed(term)
    if known is not None:
        return known
    open_ = sorted(variables(term))
    if not open_:
        raise Undecidable(f"the value of {spaced(node)} cannot be computed")
    hint = " ".join(f"-D {name}=…" for name in open_)
    raise Undecidable(
        f"{' and '.join(open_)} {'has' if len(open_) == 1 else 'have'} no value here", f"give it: {hint}"
    )


def against(
    value: Fraction,
    number: Number,
    kind: Kind,
    rounding: Literal["nearest", "down"],
    kilo: int,
    op: str,
) -> Answer:
    """Whether the number shown is the value at the digits shown."""
    said = number.digits + number.unit
    if numbers.reads(value, number, rounding, kilo, round_zeros=op == "≈"):
        detail = "exact" if numbers.exact(number, kilo) == value else f"rounded from {readable(value)}"
        return Answer(kind, "holds", value=written(value), shown=said, detail=detail)
    right = numbers.should_read(value, number, rounding, kilo)
    detail = f"it is {readable(value)}, not {said}"
    return Answer(
        kind, "fails", value=written(value), shown=said, detail=detail, hint=f"it should read {right}"
    )


def exactly(number: Number, kilo: int) -> Fraction:
    """The number shown, as it is written: `1 %` is 1/100."""
    return numbers.exact(number, kilo)


def relate(one: Fraction, op: str, two: Fraction, left: str, right: str) -> Answer:
    """Two exact numbers."""
    if op == "≈":
        raise Undecidable("how close ≈ means is not said", "write the number itself: ≈ 65.5K")
    if op in ("≪", "≫"):
        small, large = (one, two) if op == "≪" else (two, one)
        holds = small >= 0 and MUCH * small <= large
        rule = f"{op} means a factor of {MUCH} or more"
    else:
        holds = {
            "<": one < two,
            ">": one > two,
            "≤": one <= two,
            "≥": one >= two,
            "≠": one != two,
        }.get(op, one == two)
        rule = None
    values = f"{left} is {readable(one)}, {right} is {readable(two)}"
    detail = values if rule is None or holds else f"{values}, and {rule}"
    return Answer(
        "count", "holds" if holds else "fails", value=written(one), shown=written(two), detail=detail
    )


def entries(node: Node, symbols: Symbols) -> Fraction:
    """How many entries the matrices that a label names have together: of `W`, `A + B`, `A, B`."""
    total = 0
    found = []
    for one in walk(node):
        name = key(one)
        if name is None or not symbols.knows(name) or symbols.dimension(name) is not None:
            continue
        term = symbols.term(name)
        if isinstance(term, (Variable, Defined)) and name not in found:
            found.append(name)
            total += _size(term.type.rows, symbols) * _size(term.type.columns, symbols)
    if not found:
        raise Undecidable(f"{spaced(node)} names no matrix that has entries", "write W: …, or A + B: …")
    return Fraction(total)


def _size(name: str, symbols: Symbols) -> int:
    if name == ONE:
        return 1
    value = symbols.dimensions.get(name)
    if value is None:
        if name.isdecimal():
            return int(name)
        raise Undecidable(f"{name} has no value here", f"give it: -D {name}=…")
    return value


def in_words(node: Node, symbols: Symbols, subject: str | None) -> Fraction | None:
    """The value of what the words behind a number name: `32× fewer`, `0.39 % of the parameters`, and with a
    subject `590K parameters`. None where they name nothing."""
    said, number = words(node), shown(node)
    if said == "" or number is None:
        return None
    adapter = symbols.adapter
    if number.unit in ("×", "%") and any(word in said for word in (*FEWER, *OF_ALL)):
        if any(word in said for word in OTHERS):
            return None
        d, k, r = _layer(symbols)
        trained = adapter.parameters(d, k, r)
        if any(word in said for word in FEWER) and trained >= d * k:
            what = f"they are not fewer: {trained:,} are trained, and the weight has {d * k:,}"
            raise Contradicted(what, "choose a smaller rank")
        share = trained_share(d, k, trained)
        if number.unit == "×":
            return reduction(d, k, trained)
        return 1 - share if any(word in said for word in FEWER) else share
    if number.unit in ("×", "%") or any(word in said for word in OTHERS):
        return None
    if subject is None and any(word in said for word in TRAINED):
        return Fraction(adapter.parameters(*_layer(symbols)))
    if subject is not None and any(word in said for word in ENTRIES):
        term = symbols.term(subject)
        return Fraction(_size(term.type.rows, symbols) * _size(term.type.columns, symbols))
    return _either(number, symbols) if subject is None and said in ENTRIES_ALONE else None


def _layer(symbols: Symbols) -> tuple[int, int, int]:
    d, k, r = (_size(symbols.dimension(name) or name, symbols) for name in ("d", "k", "r"))
    return d, k, r


def _either(number: Number, symbols: Symbols) -> Fraction:
    """`131K parameters`, which says nothing of what: those of the adapter, of the weight, or of both,
    whichever it reads."""
    d, k, r = _layer(symbols)
    trained = symbols.adapter.parameters(d, k, r)
    choices = [Fraction(trained), Fraction(d * k), Fraction(d * k + trained)]
    return next((one for one in choices if numbers.reads(one, number, "nearest", symbols.kilo)), choices[0])
