"""Sums, products and quotients of terms, of the shapes that they need. What is a number is computed at once,
and keeps what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from msgspec.structs import replace

from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node, Symbol
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import ANY, ONE, SCALAR, IllTyped, Term, Type, Undecidable, number
from lorafig.verify.read.quoted import factor as quoted
from lorafig.verify.read.quoted import spaced

# What a number is `of` if a power too large to be written out makes it.
UNSAID = terms.Variable("?", SCALAR)


def symbolic(term: Term) -> Term:
    """A number as what it is made of."""
    return term.of if isinstance(term, terms.Constant) and term.of is not None else term


def computed(
    value: Fraction, parts: Sequence[Term], made: Callable[[tuple[Term, ...]], Term]
) -> terms.Constant:
    """The number that `parts` come to; `made` says how, if one of them depends on the sizes."""
    depends = any(isinstance(part, terms.Constant) and part.of is not None for part in parts)
    return number(terms.sized(value), made(tuple(map(symbolic, parts))) if depends else None)


# Sums ----------------------------------------------------------------------------------------


def add(summands: Sequence[Term], signs: Sequence[int], nodes: Sequence[Node]) -> Term:
    """`nodes` are what the summands are written as. Raises IllTyped."""
    summands = together(summands, nodes)
    values = [term.value for term in summands if isinstance(term, terms.Constant)]
    if len(values) == len(summands):
        total = sum((sign * value for sign, value in zip(signs, values, strict=True)), Fraction(0))
        return computed(total, summands, lambda of: terms.Add(of, tuple(signs), SCALAR))
    if len(summands) == 1 and signs[0] == 1:
        return summands[0]
    kind = summands[0].type
    for term in summands:
        if term.type.mark != "free":
            kind = term.type
    return terms.Add(tuple(summands), tuple(signs), kind)


def together(summands: Sequence[Term], nodes: Sequence[Node]) -> list[Term]:
    """Terms of one shape: vectors that may be rows are, beside one that is. Raises IllTyped."""
    summands = _sized_identities(summands)
    if any(term.type.mark == "row" for term in summands):
        pairs = list(zip(nodes, summands, strict=True))
        for column, term in pairs:
            if term.type.is_vector and term.type.mark == "" and term.type.columns == ONE:
                row = next(node for node, term in pairs if term.type.mark == "row")
                raise IllTyped(
                    f"{spaced(column)} is a column and {spaced(row)} a row",
                    "write every product as W x, or every one as x W^\\top",
                )
        summands = [as_row(term) if term.type.mark == "free" else term for term in summands]
    first = summands[0].type
    for term, node in zip(summands, nodes, strict=True):
        if term.type.sizes != first.sizes:
            what = f"the shapes differ: {spaced(nodes[0])} is {first}, {spaced(node)} is {term.type}"
            raise IllTyped(what, _made_of(first, term.type))
    return list(summands)


def _made_of(one: Type, other: Type) -> str | None:
    """What to write where a size may be the product of others, d of a·b."""
    for size, parts in (*zip(one.sizes, other.sizes, strict=True), *zip(other.sizes, one.sizes, strict=True)):
        first, times, second = parts.partition(terms.TIMES)
        if times and terms.TIMES not in size + second:
            return f"if {size} is {parts}, make {second} of them: let: ['{second} = {size}/{first}']"
    return None


def _sized_identities(summands: Sequence[Term]) -> Sequence[Term]:
    """I beside a matrix has its size."""
    if not any(term.type.rows == ANY for term in summands):
        return summands
    kind = next((term.type for term in summands if term.type.rows != ANY), None)
    if kind is None:
        return summands
    size = Type(kind.rows, kind.rows)
    return [terms.Identity(size) if isinstance(term, terms.Identity) else term for term in summands]


def as_row(term: Term) -> Term:
    """A vector written as a row."""
    return terms.Transpose(term, Type(ONE, term.type.rows, "row"))


# Numbers -------------------------------------------------------------------------------------


def plus(*summands: Term) -> Term:
    return add(summands, [1] * len(summands), [Symbol("n")] * len(summands))


def times(one: Term, other: Term) -> Term:
    if isinstance(one, terms.Constant) and isinstance(other, terms.Constant):
        product = one.value * other.value
        return computed(product, (one, other), lambda of: terms.Multiply(of[0], of[1], SCALAR))
    return terms.Multiply(one, other, SCALAR)


def least(*numbers: Term) -> Term:
    return extreme("min", numbers)


def extreme(which: terms.Which, numbers: Sequence[Term]) -> Term:
    values = [term.value for term in numbers if isinstance(term, terms.Constant)]
    if len(values) < len(numbers):
        return terms.Extreme(which, tuple(numbers))
    value = min(values) if which == "min" else max(values)
    return computed(value, numbers, lambda of: terms.Extreme(which, of))


def over(one: Term, other: Term) -> Term:
    """Anything by a number."""
    if isinstance(one, terms.Constant) and isinstance(other, terms.Constant):
        quotient = one.value / other.value
        return computed(quotient, (one, other), lambda of: terms.Divide(of[0], of[1], SCALAR))
    return terms.Divide(one, other, one.type)


# Products ------------------------------------------------------------------------------------


def multiply(left: Term, right: Term, shown: Sequence[Node], factor: Node) -> Term:
    """A product; `shown` and `factor` are what it is written as. Raises IllTyped."""
    one, other = left.type, right.type
    if ANY in (one.rows, other.rows) and not (one.is_scalar or other.is_scalar):
        return right if one.rows == ANY else left
    if one.is_scalar and other.is_scalar:
        return times(left, right)
    if one.is_scalar or other.is_scalar:
        return terms.Multiply(left, right, other if one.is_scalar else one)
    by_columns = isinstance(right, terms.Quotients) or isinstance(left, terms.Quotients)
    if by_columns and one.is_vector and one.rows == other.columns and not other.is_vector:
        return entrywise(left, right, shown, factor)  # m V / ‖V‖_c: every column by its own magnitude
    if isinstance(left, terms.Applied) and left.known == "core" and other.columns != ONE != one.columns:
        # What is summed over is what it is of: softmax(Q Kᵀ) V weighs the rows of V by each row.
        left = replace(left, by="rows") if one.rows != ONE else left
    if one.mark == "free" and other.mark == "" and one.rows == other.rows and other.columns != ONE:
        left, one = as_row(left), Type(ONE, one.rows, "row")
    if one.columns != other.rows:
        before, last = [quoted(bare(node)) for node in shown], quoted(bare(factor))
        first = " ".join(before) if len(shown) > 1 else spaced(shown[0])
        sides = f"{first} is {one}, {spaced(factor)} is {other}"
        turned = " ".join([last, *before]) if other.columns == one.rows else None
        raise IllTyped(
            f"{' '.join([*before, last])}: the inner dimensions differ: {sides}",
            None if turned is None else f"the other way round it fits: {turned}",
        )
    row = one.mark == "row" and other.columns != ONE
    return terms.Multiply(left, right, Type(one.rows, other.columns, "row" if row else ""))


def power(base: Term, times: int) -> Term:
    """By squaring: parts are shared, and what evaluates them keeps each."""
    result: Term | None = None
    while True:
        if times % 2 == 1:
            result = base if result is None else terms.Multiply(result, base, base.type)
        times //= 2
        if times == 0:
            assert result is not None
            return result
        base = terms.Multiply(base, base, base.type)


def divide(left: Term, right: Term, below: Node) -> Term:
    if not right.type.is_scalar:
        columns = _columnwise(left, right)
        if columns is not None:
            return columns
        raise IllTyped(f"only a number divides: {spaced(below)} is {right.type}")
    if isinstance(right, terms.Constant) and right.value == 0:
        raise Undecidable(f"this divides by {spaced(below)}, which is 0")
    return over(left, right)


def _columnwise(left: Term, right: Term) -> Term | None:
    """A matrix, or a vector of its columns, over their norms; None if the right side is not such norms."""
    if not isinstance(right, terms.Function) or right.name != "columns":
        return None
    if left.type.sizes == right.type.sizes:
        return terms.Quotients(left, right, left.type)
    spread = _spread(right, left.type)
    return terms.Quotients(left, spread, left.type) if isinstance(spread, terms.Spread) else None


# Products by entries and of Kronecker --------------------------------------------------------


def entrywise(left: Term, right: Term, shown: Sequence[Node], factor: Node) -> Term:
    """The Hadamard product; a vector of the columns beside a matrix scales each of them, and one of the rows
    each of these."""
    for vector, matrix in ((left, right), (right, left)):
        kind, beside = vector.type, matrix.type
        if kind.is_vector and not beside.is_vector and kind.length == beside.rows != beside.columns:
            return terms.Multiply(terms.Diagonal(vector, Type(beside.rows, beside.rows)), matrix, beside)
    left, right = _spread(left, right.type), _spread(right, left.type)
    if "row" in (left.type.mark, right.type.mark):
        left, right = (as_row(term) if term.type.mark == "free" else term for term in (left, right))
    if left.type.sizes != right.type.sizes:
        before = " ".join(map(spaced, shown))
        raise IllTyped(f"⊙ needs one shape: {before} is {left.type}, {spaced(factor)} is {right.type}")
    mark = left.type.mark if left.type.mark == right.type.mark else ""
    return terms.Entrywise(left, right, Type(left.type.rows, left.type.columns, mark))


def is_entrywise(left: Term, right: Term) -> bool:
    """Whether ∘ between these is the Hadamard product: of two of one shape. Raises Undecidable if it may as
    well be one map after another."""
    one, other = left.type, right.type
    same = one.sizes == other.sizes
    if same and one.columns == other.rows and not one.is_scalar:
        raise Undecidable("∘ may mean either product", "write B A, or B \\odot A by entries")
    return same


def _spread(vector: Term, beside: Type) -> Term:
    kind = vector.type
    if beside.is_vector or beside.is_scalar or not kind.is_vector:
        return vector
    return terms.Spread(vector, Type(*beside.sizes)) if kind.length == beside.columns else vector


def kronecker(left: Term, right: Term, dimension: Callable[[str], str | None]) -> Term:
    """`dimension` says which dimension of the figure a name stands for."""
    if left.type.is_scalar or right.type.is_scalar:
        raise IllTyped("⊗ is between matrices")

    def size(one: str, other: str) -> str:
        """d_1 and d_2 make d, if the figure has it; other names make a name of their own."""
        if ONE in (one, other):
            return other if one == ONE else one
        whole = one.partition("_")[0]
        known = dimension(whole) if {one, other} == {f"{whole}_1", f"{whole}_2"} else None
        return (
            known
            if known is not None
            else terms.TIMES.join(sorted([*one.split(terms.TIMES), *other.split(terms.TIMES)]))
        )

    rows = size(left.type.rows, right.type.rows)
    return terms.Kronecker(left, right, Type(rows, size(left.type.columns, right.type.columns)))


def unit(size: str, index: int, count: int) -> Term:
    """A column of the identity matrix of this size, which is so many."""
    return terms.Slice(terms.Identity(Type(size, size)), Type(size, ONE), "columns", index, count)


def side_by_side(vectors: Sequence[Term], kind: Type, count: int) -> Term:
    """The matrix of these columns: the sum of z_i e_iᵀ."""
    columns = []
    for index, vector in enumerate(vectors, 1):
        row = terms.Transpose(unit(kind.columns, index, count), Type(ONE, kind.columns))
        columns.append(terms.Multiply(vector, row, kind))
    return terms.Add(tuple(columns), (1,) * len(columns), kind)


def along_diagonal(blocks: Sequence[Term], along: Type, kind: Type, count: int) -> Term:
    """The matrix with these blocks on its diagonal: the sum of e_i e_iᵀ ⊗ R_i."""
    parts: list[Term] = []
    for index, block in enumerate(blocks, 1):
        one = unit(along.rows, index, count)
        place = terms.Multiply(one, terms.Transpose(one, Type(ONE, along.rows)), along)
        if block.type.is_scalar:
            parts.append(terms.Multiply(block, place, kind))
        else:
            parts.append(terms.Kronecker(place, block, kind))
    return terms.Add(tuple(parts), (1,) * len(parts), kind)
