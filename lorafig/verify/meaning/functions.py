"""What is written as a function, a norm or a root: its typed term, of the terms that it is written of."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor, isqrt

from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.field import MERSENNE, Field, sizes_of, squared
from lorafig.verify.meaning.operations import computed, multiply
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.terms import ANY, ONE, SCALAR, IllTyped, Term, Type, Undecidable
from lorafig.verify.read.quoted import spaced

# Norms by their index; that of a vector is the Euclidean one, and without an index that of Frobenius.
NORMS: Mapping[str, terms.Name] = {
    "": "frobenius",
    "F": "frobenius",
    "2": "spectral",
    "*": "nuclear",
    "c": "columns",
    "col": "columns",
    "column": "columns",
}
NAMES: Mapping[str, terms.Name] = {"rank": "rank", "tr": "trace", "Tr": "trace", "trace": "trace"}
APPLIED = frozenset({"diag", "sqrt", *NAMES})


def norm(node: tree.Fenced | tree.Script, body: Term, symbols: Scope) -> Term:
    """`‖x‖`, `‖BA‖_F`, `‖W‖_2^2`; `body` is what stands between the bars. Without an index it is that of each
    column where the method has these."""
    sub = node.sub if isinstance(node, tree.Script) else None
    which = NORMS.get("" if sub is None else key(sub) or to_plain(sub))
    if which is None:
        raise Undecidable(f"the norm {to_plain(node)} is not computed", "those of index F, 2, * and c are")
    if sub is None and symbols.columnwise:
        which = "columns"
    if body.type.is_vector or body.type.is_scalar:
        which = "frobenius"
    kind = Type(body.type.columns, ONE, "free") if which == "columns" else SCALAR
    term: Term = terms.Function(which, body, kind)
    if isinstance(node, tree.Script) and node.sup is not None:
        if node.sup != tree.Number("2"):
            raise Undecidable(f"the power {to_plain(node)} cannot be computed", "a norm has the power 2")
        term = multiply(term, term, (node,), node)
    return term


def root(node: tree.Root, body: Term) -> Term:
    if not body.type.is_scalar:
        raise IllTyped(f"a root is of a number: {spaced(node.body)} is {body.type}")
    if isinstance(body, terms.Constant):
        if body.value < 0:
            raise Undecidable(f"{to_plain(node)} is the root of a negative number")
        above, below = isqrt(body.value.numerator), isqrt(body.value.denominator)
        if above * above == body.value.numerator and below * below == body.value.denominator:
            return computed(Fraction(above, below), (body,), lambda of: terms.Function("sqrt", of[0]))
    return terms.Function("sqrt", body)


def whole(node: tree.Fenced, body: Term, symbols: Scope) -> Term:
    """`⌊d/3⌋` and `⌈d/3⌉`, of a number that has a value."""
    if not body.type.is_scalar:
        raise IllTyped(f"{node.open} {node.close} are round a number: {spaced(node.body)} is {body.type}")
    if not isinstance(body, terms.Constant):
        free = sorted(terms.variables(body))
        what = f"{to_plain(node)} is known where {spaced(node.body)} has an exact value"
        hint = symbols.valueless(free).hint if free else "sums, products and quotients have one"
        raise Undecidable(what, hint)
    if node.open == "⌊":
        return computed(Fraction(floor(body.value)), (body,), lambda of: terms.Function("floor", of[0]))
    return computed(Fraction(ceil(body.value)), (body,), lambda of: terms.Function("ceiling", of[0]))


def diagonal(argument: Node, body: Term) -> Term:
    if not body.type.is_vector:
        raise IllTyped(f"diag is of a vector: {spaced(argument)} is {body.type}")
    return terms.Diagonal(body, Type(body.type.length, body.type.length))


def applied(name: str, argument: Node, body: Term) -> Term:
    """`rank(BA)`, `tr(BA)`."""
    which = NAMES[name]
    if body.type.is_scalar or (which == "trace" and body.type.rows != body.type.columns):
        what = "a square matrix" if which == "trace" else "a matrix"
        raise IllTyped(f"{name} is of {what}: {spaced(argument)} is {body.type}")
    return terms.Function(which, body)


def identity(size: str | None) -> Term:
    """`I`, and `I_r` of a size."""
    return terms.Identity(Type(ANY, ANY) if size is None else Type(size, size))


def inverse(body: Term, node: Node, symbols: Scope) -> Term:
    if body.type.rows != body.type.columns:
        raise IllTyped(f"only a square matrix has an inverse: {spaced(node)} is {body.type}")
    term = terms.Inverse(body, body.type)
    sides = squared(body)
    if sides is not None:
        summed, kept = (symbols.dimensions.get(side) for side in sides)
        if summed is not None and kept is not None and summed < kept:
            what = f"{sides[0]} = {summed:,} is less than {sides[1]} = {kept:,}"
            raise IllTyped(f"{spaced(node)} has no inverse: {what}")
        symbols.fits((sides[1],), sides[0])
    try:
        Field((1 << MERSENNE[0]) - 1, sizes_of((term,)), "inverse").of(term)
    except terms.Singular:
        raise IllTyped(f"{spaced(node)} has no inverse: its rank is too low") from None
    except Undecidable:
        pass  # too large to tell, and so is what is claimed of it
    return term
