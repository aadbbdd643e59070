"""The smallest case in which a false equation fails: small dimensions, then small whole entries, found by
trying, in exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from lorafig.notation.tree import Node
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.field import MERSENNE, Field, Matrix, composed, fraction, largest, named
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable, Variable
from lorafig.verify.read.quoted import spaced

LARGEST = 2  # of a dimension
MOST_ENTRIES = 2**12  # of a matrix whose dimensions are numbers
MOST_NAMES, MOST_VARIABLES, MOST_TRIED = 5, 7, 400
_P = (1 << MERSENNE[0]) - 1


def smallest(one: Term, two: Term, nodes: tuple[Node, Node], symbols: Symbols) -> str | None:
    """`with d = 1, k = 1, r = 1: W = 0, B = 1, A = 1, x = 1: h = 1, W x = 0`; None where there is none among
    the cases that are tried, and for what is not a rational function."""
    if terms.has_functions(one, two) or any(
        isinstance(part, (terms.Slice, terms.Cut)) for part in terms.below(one, two)
    ):
        return None
    variables = _variables((one, two))
    if len(variables) > MOST_VARIABLES:
        return None
    try:
        simple, products = named((one, two))
        sized = sorted({*simple, *(own.name for own in variables if own.name in symbols.dimensions)})
        if len(sized) > MOST_NAMES:
            return None
        tried = 0
        for small in _sizes(sized):
            sizes = composed(small, products)
            if largest((one, two), sizes) > MOST_ENTRIES:
                return None
            for values in _entries(variables, sizes, symbols):
                tried += 1
                if tried > MOST_TRIED:
                    return None
                case = _case(one, two, nodes, sizes, values)
                if case is not None:
                    dims = ", ".join(f"{name} = {sizes[name]}" for name in sized if not name.isdecimal())
                    return (f"with {dims}: " if dims != "" else "with ") + case
    except Undecidable:
        pass
    return None


def _variables(sides: Sequence[Term]) -> list[Variable]:
    """In the order in which they are met from left to right, the right side first: it is written out."""
    met = terms.below(*sides, parts=lambda part: terms.parts(part)[::-1])
    return list({part.name: part for part in met if isinstance(part, Variable)}.values())


def _sizes(names: Sequence[str]) -> Iterator[dict[str, int]]:
    """Every dimension 1 or 2, the fewest of 2 first; one that is a number is its own size."""
    choices = sorted(product(range(1, LARGEST + 1), repeat=len(names)), key=sum)
    for sizes in choices:
        yield {name: int(name) if name.isdecimal() else size for name, size in zip(names, sizes, strict=True)}


def _entries(
    variables: Sequence[Variable], sizes: Mapping[str, int], symbols: Symbols
) -> Iterator[dict[str, Matrix]]:
    """Entries of every variable, those with the smallest first."""
    options = [_patterns(variable, sizes, symbols) for variable in variables]
    places = sorted(product(*(range(len(choices)) for choices in options)), key=sum)
    for place in places:
        chosen = zip(variables, options, place, strict=True)
        yield {variable.name: choices[i] for variable, choices, i in chosen}


def _patterns(variable: Variable, sizes: Mapping[str, int], symbols: Symbols) -> list[Matrix]:
    if variable.type.is_scalar:
        if variable.name in symbols.dimensions:
            return [[[sizes[variable.name]]]]
        return [[[1]], [[2]]]
    rows, columns = sizes[variable.type.rows], sizes[variable.type.columns]
    if rows == columns == 1:
        return [[[0]], [[1]], [[2]]]
    nothing: Matrix = [[0] * columns for _ in range(rows)]
    first = [list(row) for row in nothing]
    first[0][0] = 1
    counted = [[1 + columns * i + j for j in range(columns)] for i in range(rows)]
    return [nothing, first, counted]


def _case(
    one: Term, two: Term, nodes: tuple[Node, Node], sizes: dict[str, int], values: dict[str, Matrix]
) -> str | None:
    field = Field(_P, sizes, "")
    field.drawn.update(values)
    try:
        left, right = field.of(one), field.of(two)
    except Undecidable:  # division by zero, no inverse: another case
        return None
    if left == right:
        return None
    sides = [_written(side) for side in (left, right)]
    if None in sides:
        return None
    given = [
        f"{name} = {_written(value)}"
        for name, value in values.items()
        if not (name in sizes and value == [[sizes[name]]])
    ]
    shown = [f"{spaced(node)} = {side}" for node, side in zip(nodes, sides, strict=True)]
    if all(isinstance(_bare(term), terms.Constant) for term in (one, two)):
        given = []
    return ": ".join(", ".join(part) for part in (given, shown) if part)


def _bare(term: Term) -> Term:
    while isinstance(term, (terms.Defined, terms.Transpose)):
        term = term.body
    return term


def _written(matrix: Matrix) -> str | None:
    rows = [[fraction(entry, _P) for entry in row] for row in matrix]
    if any(entry is None for row in rows for entry in row):
        return None
    texts = [[str(entry).replace("-", "−") for entry in row] for row in rows]
    if len(texts) == len(texts[0]) == 1:
        return texts[0][0]
    if len(texts[0]) == 1 or len(texts) == 1:
        return f"({', '.join(entry for row in texts for entry in row)})"
    return f"[{'; '.join(' '.join(row) for row in texts)}]"
