"""Shape inference: a label's tree -> a typed term, or the two shapes that do not go together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction as Rational
from itertools import pairwise
from typing import TYPE_CHECKING

from lorafig.notation.canonical import bare, key
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.tree import (
    Apply,
    Big,
    Braced,
    Computed,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Product,
    Root,
    Script,
    Styled,
    Sum,
    Symbol,
    Words,
)
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning.terms import (
    ANY,
    ONE,
    SCALAR,
    Add,
    Constant,
    Divide,
    Doubt,
    Extreme,
    Function,
    Identity,
    IllTyped,
    Multiply,
    Quotients,
    Term,
    Transpose,
    Type,
    Undecidable,
    number,
    sized,
    transposed,
)
from lorafig.verify.read.phrases import TURNING

if TYPE_CHECKING:
    from lorafig.verify.meaning.symbols import Symbols

TRANSPOSES = frozenset({"T", "⊤", "⊺", "top", "t"})
MAX_POWER = 64
_SAYING = re.compile(r"\b(?:is|are|was|were|be|equals?|if)\b", re.IGNORECASE)


def spaced(node: Node) -> str:
    """A part of a label as messages show it: `A B` for a product of letters."""
    plain = bare(node)
    if isinstance(plain, Product) and set(plain.ops) == {""}:
        return " ".join(_factor(factor) for factor in plain.factors)
    return to_plain(plain)


def _factor(node: Node) -> str:
    text = to_plain(node)
    return f"({text})" if isinstance(node, Sum) else text


def elaborate(node: Node, symbols: Symbols) -> Term:
    """What a label's expression means. Raises IllTyped, Unknown or Undecidable, the first where there
    is one: shapes that do not go together are told even beside a symbol that is not known."""
    match node:
        case Number():
            return number(sized(numbers.exact(node, symbols.kilo)))
        case Computed(body) | Fenced("(" | "[" | "{", _, body) | Styled(_, body) | Braced(body):
            name = key(node)
            return (
                symbols.term(name) if name is not None and symbols.knows(name) else elaborate(body, symbols)
            )
        case Script(Fenced("‖")) | Fenced("‖"):
            from lorafig.verify.meaning.functions import norm

            return norm(node, symbols)
        case Fenced("⌊" | "⌈"):
            from lorafig.verify.meaning.functions import whole

            return whole(node, symbols)
        case Script():
            return _script(node, symbols)
        case Sum(terms, signs):
            if "±" in signs:
                raise Undecidable("± is not one statement", "write one with + and one with -")
            found = _all(terms, symbols)
            return add(found, [-1 if sign == "-" else 1 for sign in signs], terms)
        case Product():
            return _product(node, symbols)
        case Fraction(above, below):
            top, bottom = _all((above, below), symbols)
            return divide(top, bottom, below)
        case Apply():
            return _apply(node, symbols)
        case Root():
            from lorafig.verify.meaning.functions import root

            return root(node, symbols)
        case Big():
            from lorafig.verify.meaning.functions import big

            return big(node, symbols)
        case _:
            name = key(node)
            if name is not None:
                return _symbol(name, symbols)
            raise Undecidable(f"the value of {to_plain(node)} cannot be computed", _notation_hint())


def _symbol(name: str, symbols: Symbols) -> Term:
    if name[0] == "I" and not symbols.knows(name):
        from lorafig.verify.meaning.functions import identity

        found = identity(name, symbols)
        if found is not None:
            return found
    return symbols.term(name)


def _notation_hint() -> str:
    return "sums, products, transposes, quotients and powers can; or say why it is true: unverified: …"


def _all(nodes: Sequence[Node], symbols: Symbols) -> list[Term]:
    """Every part elaborated; shapes that do not go together come before a symbol that is not known."""
    found: list[Term] = []
    first: Doubt | None = None
    for node in nodes:
        try:
            found.append(elaborate(node, symbols))
        except IllTyped:
            raise
        except Doubt as error:
            first = first if first is not None else error
    if first is not None:
        raise first
    return found


def _script(node: Script, symbols: Symbols) -> Term:
    name = key(node)
    if name is not None and (symbols.knows(name) or node.sup is None):
        return _symbol(name, symbols)
    if node.sup is None:
        # A brace, a bracket or a product with a subscript has no name and no meaning here.
        raise Undecidable(f"the value of {to_plain(node)} cannot be computed", _notation_hint())
    base_node: Node = (
        node.base if node.sub is None and node.primes == 0 else Script(node.base, node.sub, None, node.primes)
    )
    power = node.sup
    base = elaborate(base_node, symbols)
    letter = key(power)
    if letter in TRANSPOSES and not (base.type.is_scalar and symbols.knows(str(letter))):
        return transposed(base) if not isinstance(base, Constant) else base
    exponent = elaborate(power, symbols)
    if isinstance(exponent, Constant) and exponent.value == Rational(1, 2):
        from lorafig.verify.meaning.functions import root

        return root(Root(base_node), symbols)
    if not isinstance(exponent, Constant) or exponent.value.denominator != 1:
        raise Undecidable(f"the power {to_plain(node)} cannot be computed", "a power is a whole number")
    times = int(exponent.value)
    if isinstance(base, Constant):
        if base.value == 0 and times < 0:
            raise Undecidable(f"{to_plain(node)} divides by zero")
        if (
            abs(times) * max(base.value.numerator.bit_length(), base.value.denominator.bit_length(), 1)
            > 4_096
        ):
            raise Undecidable(
                f"{to_plain(node)} is a number of more than 1,200 digits", "write smaller numbers"
            )
        return number(base.value**times)
    if base.type.is_scalar and -MAX_POWER <= times < 0:
        return divide(number(1), _power(base, -times), node)
    if times == -1 and not base.type.is_scalar:
        from lorafig.verify.meaning.functions import inverse

        return inverse(base, base_node)
    if not 1 <= times <= MAX_POWER:
        if times == 0 and base.type.is_scalar:
            return number(1)
        raise Undecidable(
            f"the power {to_plain(node)} cannot be computed", f"a power of a matrix is 1 to {MAX_POWER}"
        )
    if base.type.rows != base.type.columns:
        raise IllTyped(
            f"{to_plain(node)}: only a square matrix has powers: {spaced(base_node)} is {base.type}"
        )
    return _power(base, times)


def _power(base: Term, times: int) -> Term:
    """By squaring: parts are shared, and what evaluates them keeps each."""
    result: Term | None = None
    while True:
        if times % 2 == 1:
            result = base if result is None else Multiply(result, base, base.type)
        times //= 2
        if times == 0:
            assert result is not None
            return result
        base = Multiply(base, base, base.type)


# Sums ----------------------------------------------------------------------------------------


def add(terms: Sequence[Term], signs: Sequence[int], nodes: Sequence[Node]) -> Term:
    terms = together(terms, nodes)
    if all(isinstance(term, Constant) for term in terms):
        total = sum(
            (sign * one.value for sign, one in zip(signs, terms, strict=True) if isinstance(one, Constant)),
            Rational(0),
        )
        return number(sized(total))
    if len(terms) == 1 and signs[0] == 1:
        return terms[0]
    kind = terms[0].type
    for term in terms:
        if term.type.mark != "free":
            kind = term.type
    return Add(tuple(terms), tuple(signs), kind)


def together(terms: Sequence[Term], nodes: Sequence[Node]) -> list[Term]:
    """Terms of one shape: vectors that may be rows are, beside one that is. Raises IllTyped."""
    terms = _sized_identities(terms)
    rows = [term for term in terms if term.type.mark == "row"]
    if rows:
        columns = [
            node
            for node, term in zip(nodes, terms, strict=True)
            if term.type.is_vector and term.type.mark == "" and term.type.columns == ONE
        ]
        if columns:
            row = next(node for node, term in zip(nodes, terms, strict=True) if term.type.mark == "row")
            raise IllTyped(
                f"{spaced(columns[0])} is a column and {spaced(row)} a row",
                "write every product as W x, or every one as x W^\\top",
            )
        terms = [as_row(term) if term.type.mark == "free" else term for term in terms]
    first = terms[0].type
    for term, node in zip(terms, nodes, strict=True):
        if (term.type.rows, term.type.columns) != (first.rows, first.columns):
            raise IllTyped(f"the shapes differ: {spaced(nodes[0])} is {first}, {spaced(node)} is {term.type}")
    return list(terms)


def _sized_identities(terms: Sequence[Term]) -> Sequence[Term]:
    """I beside a matrix has its size."""
    if not any(term.type.rows == ANY for term in terms):
        return terms
    kind = next((term.type for term in terms if term.type.rows != ANY), None)
    if kind is None:
        return terms
    return [Identity(Type(kind.rows, kind.rows)) if isinstance(term, Identity) else term for term in terms]


def as_row(term: Term) -> Term:
    """A vector written as a row."""
    return Transpose(term, Type(ONE, term.type.rows, "row"))


# Products ------------------------------------------------------------------------------------


def _product(node: Product, symbols: Symbols) -> Term:
    """Factors from left to right, those beside each other before ⊙ and ⊗: W ⊙ BA is W ⊙ (BA)."""
    node = _without_words(node)
    found = _all(node.factors, symbols)
    bounds = [0, *(i for i, op in enumerate(node.ops, 1) if op in ("⊙", "⊗", "∘")), len(found)]
    result, shown = _run(node, found, 0, bounds[1], symbols)
    for start, stop in pairwise(bounds[1:]):
        right, factors = _run(node, found, start, stop, symbols)
        factor = (
            factors[0]
            if len(factors) == 1
            else Product(tuple(factors), node.ops[start : stop - 1], node.spaces[start : stop - 1])
        )
        from lorafig.verify.meaning import functions

        op = node.ops[start - 1]
        if op == "⊗":
            result = functions.kronecker(result, right, symbols)
        elif op == "⊙" or functions.is_entrywise(result, right):
            result = functions.entrywise(result, right, shown, factor)
        else:
            result = multiply(result, right, shown, factor)  # one map after another
        shown = [*shown, *factors]
    return result


def _run(
    node: Product, found: Sequence[Term], start: int, stop: int, symbols: Symbols
) -> tuple[Term, list[Node]]:
    """The factors `start` to `stop`, and what they are written as. After a slash, numbers that stand
    directly side by side are all below it, `d^2/2dr`, up to a sign, an explicit space or a matrix:
    `α/r BA` is a fraction times BA."""
    if _is_magnitude(node, found, start, stop):
        result, rest = _run(node, found, start + 1, stop, symbols)
        before = [node.factors[start]]
        return multiply(found[start], result, before, rest[0]), [*before, *rest]
    result, shown = found[start], [node.factors[start]]
    index = start + 1
    while index < stop:
        op, right, factor = node.ops[index - 1], found[index], node.factors[index]
        below = [factor]
        if op == "/":
            while (
                index + 1 < stop
                and node.ops[index] == ""
                and node.spaces[index] == ""
                and right.type.is_scalar
                and found[index + 1].type.is_scalar
            ):
                index += 1
                right = multiply(right, found[index], below, node.factors[index])
                below.append(node.factors[index])
        if op == "/":
            result = divide(result, right, factor)
        elif op in ("", "·", "×") or (op == "*" and not _ambiguous(result.type, right.type)):
            result = multiply(result, right, shown, factor)
        elif op == "*":
            raise Undecidable(
                "* between matrices may mean either product", "write B A, or B \\odot A by entries"
            )
        else:
            raise Undecidable(f"the product {op} cannot be computed", _notation_hint())
        shown = [*shown, *below]
        index += 1
    return result, shown


def _is_magnitude(node: Product, found: Sequence[Term], start: int, stop: int) -> bool:
    """Whether a vector stands before a matrix over the norms of its columns: m (W + BA) / ‖W + BA‖_c."""
    divided = any(
        node.ops[i - 1] == "/" and isinstance(found[i], Function) and not found[i].type.is_scalar
        for i in range(start + 2, stop)
    )
    return divided and found[start].type.is_vector and node.ops[start] != "/"


def _ambiguous(one: Type, other: Type) -> bool:
    """Whether * may be the product by entries as well as that of matrices."""
    return not (one.is_scalar or other.is_scalar) and (one.rows, one.columns) == (other.rows, other.columns)


def _without_words(node: Product) -> Product:
    """Words between factors say something to the reader alone: `\\text{rank } r`; but for those that change
    what is said, `h is 2 Wx`, `… is false`. Raises Undecidable for these."""
    for one in node.factors:
        if isinstance(one, Words) and (_SAYING.search(one.text) or TURNING.search(one.text)):
            raise Undecidable(
                f"'{one.text.strip()}' changes what is said, in no way that is known", "write it in signs"
            )
    kept = [i for i, factor in enumerate(node.factors) if not isinstance(factor, Words)]
    if len(kept) == len(node.factors) or not kept:
        return node
    ops = tuple(node.ops[i - 1] for i in kept[1:])
    spaces = tuple(node.spaces[i - 1] for i in kept[1:])
    return Product(tuple(node.factors[i] for i in kept), ops, spaces)


def multiply(left: Term, right: Term, shown: Sequence[Node], factor: Node) -> Term:
    """A product; `shown` and `factor` are what it is written as. Raises IllTyped."""
    one, other = left.type, right.type
    if ANY in (one.rows, other.rows) and not (one.is_scalar or other.is_scalar):
        return right if one.rows == ANY else left
    if isinstance(left, Constant) and isinstance(right, Constant):
        return number(sized(left.value * right.value))
    if one.is_scalar or other.is_scalar:
        kind = other if one.is_scalar else one
        return Multiply(left, right, kind)
    by_columns = isinstance(right, Quotients) or isinstance(left, Quotients)
    if by_columns and one.is_vector and one.rows == other.columns and not other.is_vector:
        from lorafig.verify.meaning.functions import entrywise

        return entrywise(left, right, shown, factor)  # m V / ‖V‖_c: every column by its own magnitude
    if one.mark == "free" and other.mark == "" and one.rows == other.rows and other.columns != ONE:
        left, one = as_row(left), Type(ONE, one.rows, "row")
    if one.columns != other.rows:
        names = " ".join([*map(_factor, map(bare, shown)), _factor(bare(factor))])
        before = " ".join(map(_factor, map(bare, shown))) if len(shown) > 1 else spaced(shown[0])
        sides = f"{before} is {one}, {spaced(factor)} is {other}"
        hint = None
        if other.columns == one.rows:
            swapped = " ".join([_factor(bare(factor)), *map(_factor, map(bare, shown))])
            hint = f"the other way round it fits: {swapped}"
        raise IllTyped(f"{names}: the inner dimensions differ: {sides}", hint)
    row = one.mark == "row" and other.columns != ONE
    return Multiply(left, right, Type(one.rows, other.columns, "row" if row else ""))


def divide(left: Term, right: Term, below: Node) -> Term:
    if not right.type.is_scalar:
        from lorafig.verify.meaning.functions import columnwise

        columns = columnwise(left, right)
        if columns is not None:
            return columns
        raise IllTyped(f"only a number divides: {spaced(below)} is {right.type}")
    if isinstance(right, Constant):
        if right.value == 0:
            raise Undecidable(f"{spaced(below)} is zero, and nothing is divided by it")
        if isinstance(left, Constant):
            return number(sized(left.value / right.value))
    return Divide(left, right, left.type)


# Functions -----------------------------------------------------------------------------------


def _apply(node: Apply, symbols: Symbols) -> Term:
    name = key(node.function)
    if name in ("min", "max"):
        arguments = node.arguments
        if (
            len(arguments) == 1
            and isinstance(arguments[0], Fenced)
            and isinstance(arguments[0].body, Listing)
        ):
            arguments = arguments[0].body.items  # min\{d, k\}
        found = _all(arguments, symbols)
        for term, argument in zip(found, arguments, strict=True):
            if not term.type.is_scalar:
                raise IllTyped(f"{name} is of numbers: {spaced(argument)} is {term.type}")
        values = [term.value for term in found if isinstance(term, Constant)]
        if len(values) == len(found):
            return number(min(values) if name == "min" else max(values))
        return Extreme("min" if name == "min" else "max", tuple(found), SCALAR)
    from lorafig.verify.meaning.functions import APPLIED, apply

    if name in APPLIED and name not in symbols.terms and name not in symbols.dimensions:
        applied = apply(node, symbols)
        if applied is not None:
            return applied
    if name is not None and (symbols.knows(name) or (isinstance(node.function, Symbol) and len(name) == 1)):
        if len(node.arguments) == 1:  # W(x): what it means is decided by what W is
            left, right = _all((node.function, node.arguments[0]), symbols)
            return multiply(left, right, (node.function,), node.arguments[0])
        raise Undecidable(f"{to_plain(node)} has {len(node.arguments)} arguments", _notation_hint())
    raise Undecidable(f"the function {to_plain(node.function)} cannot be computed", _notation_hint())
