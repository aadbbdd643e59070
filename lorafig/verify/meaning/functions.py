"""What is written as a function, a norm, a root, a sum over an index: its typed term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import TYPE_CHECKING

from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.tree import Apply, Big, Fenced, Node, Number, Relation, Root, Script
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning.shapes import add, as_row, elaborate, multiply, spaced
from lorafig.verify.meaning.terms import (
    ANY,
    ONE,
    SCALAR,
    TIMES,
    Constant,
    Diagonal,
    Entrywise,
    Function,
    Identity,
    IllTyped,
    Inverse,
    Kronecker,
    Name,
    Quotients,
    Singular,
    Spread,
    Term,
    Type,
    Undecidable,
    number,
    variables,
)

if TYPE_CHECKING:
    from lorafig.verify.meaning.symbols import Symbols

# Norms by their index; that of a vector is the Euclidean one, and without an index that of Frobenius.
NORMS: Mapping[str, Name] = {
    "": "frobenius",
    "F": "frobenius",
    "2": "spectral",
    "*": "nuclear",
    "c": "columns",
    "col": "columns",
    "column": "columns",
}
NAMES: Mapping[str, Name] = {"rank": "rank", "tr": "trace", "Tr": "trace", "trace": "trace"}
APPLIED = frozenset({"diag", "sqrt", *NAMES})
LONGEST_SUM = 4_096  # terms


def norm(node: Fenced | Script, symbols: Symbols) -> Term:
    """`‖x‖`, `‖BA‖_F`, `‖W‖_2^2`."""
    fenced = node.base if isinstance(node, Script) else node
    assert isinstance(fenced, Fenced)
    sub = node.sub if isinstance(node, Script) else None
    index = "" if sub is None else key(sub) or to_plain(sub)
    body = elaborate(fenced.body, symbols)
    which = NORMS.get(index)
    if which is None:
        raise Undecidable(f"the norm {to_plain(node)} is not computed", "those of index F, 2, * and c are")
    if body.type.is_vector or body.type.is_scalar:
        which = "frobenius"
    kind = Type(body.type.columns, ONE, "free") if which == "columns" else SCALAR
    found: Term = Function(which, body, kind)
    if isinstance(node, Script) and node.sup is not None:
        if node.sup != Number("2"):
            raise Undecidable(f"the power {to_plain(node)} cannot be computed", "a norm has the power 2")
        found = multiply(found, found, (node,), node)
    return found


def root(node: Root, symbols: Symbols) -> Term:
    if node.degree is not None and node.degree != Number("2"):
        raise Undecidable(f"{to_plain(node)} cannot be computed", "square roots can")
    body = elaborate(node.body, symbols)
    if not body.type.is_scalar:
        raise IllTyped(f"a root is of a number: {spaced(node.body)} is {body.type}")
    if isinstance(body, Constant):
        if body.value < 0:
            raise Undecidable(f"{to_plain(node)} is the root of a negative number")
        above, below = isqrt(body.value.numerator), isqrt(body.value.denominator)
        if above * above == body.value.numerator and below * below == body.value.denominator:
            return number(Fraction(above, below))
    return Function("sqrt", body)


def whole(node: Fenced, symbols: Symbols) -> Term:
    """`⌊d/3⌋` and `⌈d/3⌉`, of a number that has a value."""
    body = elaborate(node.body, symbols)
    if not body.type.is_scalar:
        raise IllTyped(f"{node.open} {node.close} are round a number: {spaced(node.body)} is {body.type}")
    if not isinstance(body, Constant):
        open_ = sorted(variables(body))
        what = f"{to_plain(node)} is known where {spaced(node.body)} has an exact value"
        hint = " ".join(f"-D {name}=…" for name in open_)
        raise Undecidable(what, f"give it: {hint}" if open_ else "sums, products and quotients have one")
    return number(floor(body.value) if node.open == "⌊" else ceil(body.value))


def apply(node: Apply, symbols: Symbols) -> Term | None:
    """`rank(BA)`, `diag(v)`, `tr(BA)`, `\\sqrt` as a word; None for another function."""
    name = key(node.function)
    if name not in APPLIED or len(node.arguments) != 1:
        return None
    (argument,) = node.arguments
    if name == "sqrt":
        return root(Root(argument), symbols)
    known = symbols.terms.get(f"diag {key(argument)}") if name == "diag" else None
    body = known if known is not None else elaborate(argument, symbols)
    if name == "diag":
        if not body.type.is_vector:
            raise IllTyped(f"diag is of a vector: {spaced(argument)} is {body.type}")
        size = body.type.rows if body.type.columns == ONE else body.type.columns
        return Diagonal(body, Type(size, size))
    assert name is not None
    which = NAMES[name]
    if body.type.is_scalar or (which == "trace" and body.type.rows != body.type.columns):
        what = "a square matrix" if which == "trace" else "a matrix"
        raise IllTyped(f"{name} is of {what}: {spaced(argument)} is {body.type}")
    return Function(which, body)


def identity(name: str, symbols: Symbols) -> Term | None:
    """`I`, `I_r`: the identity matrix, where the figure calls nothing else so."""
    if name == "I":
        return Identity(Type(ANY, ANY))
    dimension = symbols.dimension(name[2:]) if name.startswith("I_") else None
    return None if dimension is None else Identity(Type(dimension, dimension))


def inverse(body: Term, node: Node) -> Term:
    if body.type.rows != body.type.columns:
        raise IllTyped(f"only a square matrix has an inverse: {spaced(node)} is {body.type}")
    from lorafig.verify.decide.exact import same

    found = Inverse(body, body.type)
    try:
        same(found, found, "inverse")
    except Singular:
        raise IllTyped(f"{spaced(node)} has no inverse: its rank is too low") from None
    except Undecidable:
        pass  # too large to tell, and so is what is claimed of it
    return found


# Products by entries and of Kronecker --------------------------------------------------------


def entrywise(left: Term, right: Term, shown: Sequence[Node], factor: Node) -> Term:
    """The Hadamard product; a vector of the columns beside a matrix scales each of them."""
    left, right = _spread(left, right.type), _spread(right, left.type)
    if "row" in (left.type.mark, right.type.mark):
        left, right = (as_row(one) if one.type.mark == "free" else one for one in (left, right))
    if (left.type.rows, left.type.columns) != (right.type.rows, right.type.columns):
        before = " ".join(map(spaced, shown))
        raise IllTyped(f"⊙ needs one shape: {before} is {left.type}, {spaced(factor)} is {right.type}")
    mark = left.type.mark if left.type.mark == right.type.mark else ""
    return Entrywise(left, right, Type(left.type.rows, left.type.columns, mark))


def is_entrywise(left: Term, right: Term) -> bool:
    """Whether ∘ between these is the Hadamard product: of two of one shape. Raises Undecidable where it may
    as well be one map after another."""
    one, other = left.type, right.type
    same = (one.rows, one.columns) == (other.rows, other.columns)
    if same and one.columns == other.rows and not one.is_scalar:
        raise Undecidable("∘ may mean either product", "write B A, or B \\odot A by entries")
    return same


def _spread(vector: Term, beside: Type) -> Term:
    kind = vector.type
    if beside.is_vector or beside.is_scalar or not kind.is_vector:
        return vector
    length = kind.rows if kind.columns == ONE else kind.columns
    return Spread(vector, Type(beside.rows, beside.columns)) if length == beside.columns else vector


def columnwise(left: Term, right: Term) -> Term | None:
    """A matrix, or a vector of its columns, over their norms; None where the right side is no such."""
    if not isinstance(right, Function) or right.name != "columns":
        return None
    if (left.type.rows, left.type.columns) == (right.type.rows, right.type.columns):
        return Quotients(left, right, left.type)
    spread = _spread(right, left.type)
    if not isinstance(spread, Spread):
        return None
    return Quotients(left, spread, left.type)


def kronecker(left: Term, right: Term, symbols: Symbols) -> Term:
    if left.type.is_scalar or right.type.is_scalar:
        raise IllTyped("⊗ is between matrices")
    rows = _size(left.type.rows, right.type.rows, symbols)
    return Kronecker(left, right, Type(rows, _size(left.type.columns, right.type.columns, symbols)))


def _size(one: str, other: str, symbols: Symbols) -> str:
    """d_1 and d_2 make d, where the figure has all three; other names make a name of their own."""
    if ONE in (one, other):
        return other if one == ONE else one
    whole = one.partition("_")[0]
    if {one, other} == {f"{whole}_1", f"{whole}_2"} and symbols.dimension(whole) is not None:
        return symbols.dimension(whole) or whole
    return TIMES.join(sorted([*one.split(TIMES), *other.split(TIMES)]))


# Sums over an index --------------------------------------------------------------------------


def big(node: Big, symbols: Symbols) -> Term:
    """`∑_{l=1}^{L} 2dr`: as often as the index runs, or term by term where its limits are numbers."""
    lower = node.lower
    if not isinstance(lower, Relation) or lower.ops != ("=",) or node.upper is None:
        raise Undecidable(f"the limits of {to_plain(node)} are not told", "write \\sum_{l=1}^{L}")
    index = key(lower.sides[0])
    first, last = elaborate(lower.sides[1], symbols), elaborate(node.upper, symbols)
    if index is None or not (first.type.is_scalar and last.type.is_scalar):
        raise Undecidable(f"the limits of {to_plain(node)} are no numbers")
    runs = any(key(one) == index or _indexed(one, index) for one in walk(node.body))
    if not runs and node.op == "∑":
        count = add((last, first, number(1)), (1, -1, 1), (node.upper, lower.sides[1], Number("1")))
        return multiply(count, elaborate(node.body, symbols), (node,), node.body)
    if not isinstance(first, Constant) or not isinstance(last, Constant):
        raise Undecidable(f"{to_plain(node)} has no limits that are numbers", "give them: -D L=12")
    if first.value.denominator != 1 or last.value.denominator != 1:
        raise Undecidable(f"the limits of {to_plain(node)} are no whole numbers")
    values = range(int(first.value), int(last.value) + 1)
    if not 0 < len(values) <= LONGEST_SUM:
        raise Undecidable(f"{to_plain(node)} has {len(values):,} terms", f"1 to {LONGEST_SUM:,} are added up")
    terms = [elaborate(_at(node.body, index, value), symbols) for value in values]
    if node.op == "∑":
        return add(terms, [1] * len(terms), [node.body] * len(terms))
    result = terms[0]
    for term in terms[1:]:
        result = multiply(result, term, (node.body,), node.body)
    return result


def _indexed(node: Node, index: str) -> bool:
    return isinstance(node, Script) and node.sub is not None and index in map(key, walk(node.sub))


def _at(node: Node, index: str, value: int) -> Node:
    """The node with the index as a number, in scripts too: d_l -> d_1."""
    if key(node) == index:
        return Number(str(value))
    return rebuild(node, lambda child: _at(child, index, value))
