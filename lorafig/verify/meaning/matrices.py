"""Matrices that are written out, of numbers or of blocks: products and sums of them, entry by entry.

What is said of them becomes what is said of their entries, in the tree: `[W B] [x; Ax] = h` becomes
`Wx + BAx = h`. So it is decided as any other statement, and no other step knows of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.children import children, rebuild, walk
from lorafig.notation.numbers.shown import exact
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.shapes import TRANSPOSES, elaborate
from lorafig.verify.meaning.terms import ANY, IllTyped, Slice, Term, Type, Undecidable

HINT = "write what its entries are, or say why it is true: unverified: …"
LARGEST_POWER = 8
ZERO = tree.Number("0")
_ELLIPSES = frozenset("…⋯⋮⋱")
_PRODUCTS = ("", "·", "*", "×")
Rows: TypeAlias = tuple[tuple[Node, ...], ...]


class Grid(Struct, frozen=True):
    """A matrix by its entries."""

    rows: Rows

    @property
    def size(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])

    def __str__(self) -> str:
        return f"{len(self.rows)} × {len(self.rows[0])}"


def has_matrix(node: Node) -> bool:
    return any(isinstance(part, tree.Matrix) for part in walk(node))


def expanded(node: Node, symbols: Scope) -> Node:
    """A statement with no matrix written out in it. Raises IllTyped and Undecidable."""
    if not has_matrix(node):
        return node
    match node:
        case tree.Listing():
            return rebuild(node, lambda item: expanded(item, symbols))
        case tree.Relation(sides, ops):
            return _relation([_value(side, symbols) for side in sides], ops)
        case _:
            return _plain(_value(node, symbols), node)


def _relation(sides: Sequence[Node | Grid], ops: tuple[str, ...]) -> Node:
    grids = [side for side in sides if isinstance(side, Grid)]
    if not grids:
        return tree.Relation(tuple(side for side in sides if not isinstance(side, Grid)), ops)
    first = grids[0]
    for grid in grids:
        if grid.size != first.size:
            raise IllTyped(f"the shapes differ: a matrix of {first} entries beside one of {grid}")
    if len(grids) != len(sides):
        raise Undecidable("a matrix of entries beside an expression that has none written out", HINT)
    if not set(ops) <= {"=", "≡", "≔", "≈"}:
        raise Undecidable(f"{ops[0]} of matrices of entries", HINT)
    if any(_is_left_out(entry) for grid in grids for row in grid.rows for entry in row):
        raise Undecidable("what is left out of a matrix is not known", HINT)
    chains = [
        tree.Relation(tuple(grid.rows[i][j] for grid in grids), ops)
        for i in range(first.size[0])
        for j in range(first.size[1])
    ]
    between = len(chains) - 1
    return tree.Listing(tuple(chains), (";",) * between, ("",) * between)


def _plain(value: Node | Grid, node: Node) -> Node:
    if isinstance(value, Grid):
        raise Undecidable(f"{to_plain(node)} is a matrix of {value} entries, and nothing says of what", HINT)
    return value


def _value(node: Node, symbols: Scope) -> Node | Grid:
    """What it comes to: a grid of one entry is that entry."""
    if not has_matrix(node):
        return node
    value = _computed(node, symbols)
    return value.rows[0][0] if isinstance(value, Grid) and value.size == (1, 1) else value


def _computed(node: Node, symbols: Scope) -> Node | Grid:
    match node:
        case tree.Matrix():
            return _grid(node, symbols)
        case tree.Fenced("(" | "[" | "", _, body) | tree.Styled(_, body) | tree.Braced(body):
            return _value(body, symbols)
        case tree.Script(base, None, tree.Symbol(sign), 0) if sign in TRANSPOSES:
            grid = _as_grid(base, symbols)
            turned = zip(*grid.rows, strict=True)
            return Grid(tuple(tuple(_turned(entry, symbols) for entry in row) for row in turned))
        case tree.Script(base, None, tree.Number(digits, ""), 0) if digits.isdecimal():
            if not 0 < int(digits) <= LARGEST_POWER:
                raise Undecidable(f"the value of {to_plain(node)} cannot be computed", HINT)
            power: Node | Grid = _as_grid(base, symbols)
            for _ in range(int(digits) - 1):
                power = _multiplied(power, _as_grid(base, symbols), symbols)
            return power
        case tree.Sum(summands, signs) if "±" not in signs:
            return _sum([_value(term, symbols) for term in summands], signs, node)
        case tree.Product(factors, ops) if set(ops) <= {*_PRODUCTS, "/", "⊙"}:
            total = _value(factors[0], symbols)
            for op, factor in zip(ops, factors[1:], strict=True):
                value = _value(factor, symbols)
                if op == "⊙":
                    total = _entrywise(total, value, symbols)
                elif op == "/":
                    total = _divided(total, _plain(value, factor))
                else:
                    total = _multiplied(total, value, symbols)
            return total
        case tree.Fraction(above, below):
            return _divided(_value(above, symbols), _plain(_value(below, symbols), below))
        case tree.Apply(function, (argument,)) if bare(function) == tree.Symbol("rank"):
            return tree.Number(str(_rank(_as_grid(argument, symbols))))
        case tree.Apply(function, (argument,)) if bare(function) in (tree.Symbol("tr"), tree.Symbol("trace")):
            grid = _as_grid(argument, symbols)
            if grid.size[0] != grid.size[1]:
                raise IllTyped(f"the trace of a matrix of {grid} entries")
            numbers = _numbers(grid)
            return _number(sum((numbers[i][i] for i in range(len(numbers))), Fraction(0)))
        case _:
            if any(isinstance(_value(child, symbols), Grid) for child in children(node)):
                raise Undecidable(f"the value of {to_plain(node)} cannot be computed", HINT)
            return rebuild(node, lambda child: _plain(_value(child, symbols), child))


def _as_grid(node: Node, symbols: Scope) -> Grid:
    value = _value(node, symbols)
    return value if isinstance(value, Grid) else Grid(((value,),))


# Matrices --------------------------------------------------------------------------------------


def _grid(node: tree.Matrix, symbols: Scope) -> Grid:
    """A matrix that is written out. Raises IllTyped for blocks that do not fit side by side."""
    rows = tuple(tuple(_plain(_value(entry, symbols), entry) for entry in row) for row in node.rows)
    if len(rows) > 1 and len(rows[0]) == 1:  # a_1 below a_2: rows of A, and they stand as rows
        below = [_term(entry, symbols) for (entry,) in rows if not _is_left_out(entry)]
        if below and all(isinstance(term, Slice) and term.axis == "rows" for term in below):
            rows = tuple((_turned(entry, symbols),) for (entry,) in rows)
    grid = Grid(rows)
    for row in grid.rows:
        _alike(row, "rows", "side by side", symbols)
    for column in zip(*grid.rows, strict=True):
        _alike(column, "columns", "one below the other", symbols)
    return grid


def _alike(entries: Sequence[Node], of: str, how: str, symbols: Scope) -> None:
    """Raises IllTyped unless blocks have as many rows, or columns. Zeros and I have as many as they need."""
    known = [(entry, kind) for entry in entries if (kind := _type(entry, symbols)) is not None]
    for entry, kind in known[1:]:
        first, its = known[0]
        if getattr(kind, of) != getattr(its, of):
            raise IllTyped(f"{to_plain(first)} is {its}, and {to_plain(entry)} {how} is {kind}")


def _term(entry: Node, symbols: Scope) -> Term:
    return elaborate(entry, symbols)


def _type(entry: Node, symbols: Scope) -> Type | None:
    """None for 0 and I, which are of the size that they need, and for dots."""
    if bare(entry) == ZERO or _is_left_out(entry):
        return None
    kind = _term(entry, symbols).type
    return None if ANY in kind.sizes else kind


def _is_left_out(entry: Node) -> bool:
    return isinstance(entry, tree.Symbol) and entry.name in _ELLIPSES


def _turned(entry: Node, symbols: Scope) -> Node:
    if _is_left_out(entry) or isinstance(entry, tree.Number) or _term(entry, symbols).type.is_scalar:
        return entry
    return tree.Script(_enclosed(entry), None, tree.Symbol("⊤"))


def _enclosed(node: Node) -> Node:
    return tree.Fenced("(", ")", node) if isinstance(node, (tree.Sum, tree.Product, tree.Script)) else node


# What is done with them ------------------------------------------------------------------------


def _divided(value: Node | Grid, below: Node) -> Node | Grid:
    if not isinstance(value, Grid):
        return tree.Fraction(value, below)
    return Grid(tuple(tuple(tree.Fraction(entry, below) for entry in row) for row in value.rows))


def _sum(values: Sequence[Node | Grid], signs: tuple[str, ...], node: Node) -> Node | Grid:
    grids = [value for value in values if isinstance(value, Grid)]
    if not grids:
        return tree.Sum(tuple(value for value in values if not isinstance(value, Grid)), signs)
    if len(grids) != len(values):
        raise Undecidable(f"a sum of a matrix of entries and of one that has none: {to_plain(node)}", HINT)
    if len({grid.size for grid in grids}) > 1:
        raise IllTyped("the shapes differ: " + " and ".join(f"a matrix of {grid} entries" for grid in grids))
    rows, columns = grids[0].size
    return Grid(
        tuple(
            tuple(
                tree.Sum(tuple(_enclosed(grid.rows[i][j]) for grid in grids), signs) for j in range(columns)
            )
            for i in range(rows)
        )
    )


def _product(left: Node, right: Node) -> Node:
    factors = tuple(node if isinstance(node, tree.Script) else _enclosed(node) for node in (left, right))
    return tree.Product(factors, ("·",), ("",))


def _entrywise(left: Node | Grid, right: Node | Grid, symbols: Scope) -> Node | Grid:
    if not isinstance(left, Grid) or not isinstance(right, Grid):
        raise Undecidable("⊙ of a matrix of entries and of one that has none", HINT)
    if left.size != right.size:
        raise IllTyped(f"⊙ of a matrix of {left} entries and one of {right}")
    _numbers(left), _numbers(right)
    pairs = (zip(row, other, strict=True) for row, other in zip(left.rows, right.rows, strict=True))
    return Grid(tuple(tuple(_product(one, two) for one, two in pair) for pair in pairs))


def _multiplied(left: Node | Grid, right: Node | Grid, symbols: Scope) -> Node | Grid:
    """The product of matrices of blocks, or of one and a number, or what stands for one block."""
    if not isinstance(left, Grid) and not isinstance(right, Grid):
        return _product(left, right)
    for one, grid in ((left, right), (right, left)):
        if not isinstance(one, Grid) and isinstance(grid, Grid) and _term(one, symbols).type.is_scalar:
            return Grid(tuple(tuple(_product(one, entry) for entry in row) for row in grid.rows))
    first = left if isinstance(left, Grid) else Grid(((left,),))
    second = right if isinstance(right, Grid) else Grid(((right,),))
    if first.size[1] != second.size[0]:
        if not isinstance(left, Grid) or not isinstance(right, Grid):
            raise Undecidable("a product of a matrix of entries and of one that has none", HINT)
        raise IllTyped(f"the inner dimensions differ: a matrix of {first} entries times one of {second}")
    columns = tuple(zip(*second.rows, strict=True))
    for row in first.rows:
        for column in columns:
            for one, other in zip(row, column, strict=True):
                mine, its = _type(one, symbols), _type(other, symbols)
                if mine is not None and its is not None and mine.columns != its.rows:
                    raise IllTyped(f"{to_plain(one)} is {mine}, and {to_plain(other)} behind it is {its}")
    return Grid(tuple(tuple(_dot(row, column) for column in columns) for row in first.rows))


def _dot(row: Sequence[Node], column: Sequence[Node]) -> Node:
    """A zero block adds nothing, whatever its size."""
    if any(map(_is_left_out, (*row, *column))):
        return _run(row, column)
    pairs = zip(row, column, strict=True)
    summands = tuple(_product(one, other) for one, other in pairs if ZERO not in (bare(one), bare(other)))
    if len(summands) < 2:
        return summands[0] if summands else ZERO
    return tree.Sum(summands, ("", *("+",) * (len(summands) - 1)))


def _run(row: Sequence[Node], column: Sequence[Node]) -> Node:
    """`[b_1 ⋯ b_r] [a_1 ⋮ a_r]`: the sum of b_i a_i over i = 1..r."""
    ends = [_ends(row), _ends(column)]
    (first, upper), (second, other) = ends
    if upper is None or other is None or bare(upper) != bare(other):
        raise Undecidable(f"what is left out of {', '.join(map(to_plain, row))} is not known", HINT)
    lower = tree.Relation((tree.Symbol(_INDEX), tree.Number("1")), ("=",))
    return tree.Big("∑", _product(first, second), lower, upper)


def _ends(entries: Sequence[Node]) -> tuple[Node, Node | None]:
    """Of b_1, …, b_r one of them, b_i, and the last index; without that, they do not count as a run."""
    match entries:
        case (start, dots, stop) if _is_left_out(dots):
            one, first, last = _indexed(start), _index(start), _index(stop)
            if first == tree.Number("1") and one == _indexed(stop):
                return one, last
    return entries[0], None


_INDEX = "i"


def _index(entry: Node) -> Node | None:
    match entry:
        case tree.Script(tree.Symbol(), sub):
            return None if sub is None else bare(sub)
        case tree.Script(tree.Fenced("(", _, body), None, _) | tree.Script(body, None, _):
            return _index(body)
        case _:
            return None


def _indexed(entry: Node) -> Node:
    """The entry with any index in the place of its own."""
    match entry:
        case tree.Script(tree.Symbol(), sub) if sub is not None:
            return bare(replace(entry, sub=tree.Symbol(_INDEX)))
        case tree.Script(tree.Fenced("(", _, body), None, _) | tree.Script(body, None, _):
            return replace(bare(entry), base=_indexed(body))
        case _:
            return bare(entry)


# Numbers ---------------------------------------------------------------------------------------


def _numbers(grid: Grid) -> list[list[Fraction]]:
    """The entries as numbers. Raises Undecidable if one is none."""
    return [[_fraction(entry) for entry in row] for row in grid.rows]


def _fraction(entry: Node) -> Fraction:
    match entry:
        case tree.Number():
            return exact(entry)
        case tree.Fenced("(", _, body):
            return _fraction(body)
        case tree.Sum(summands, signs) if "±" not in signs:
            values = zip(map(_fraction, summands), signs, strict=True)
            return sum((-value if sign == "-" else value for value, sign in values), Fraction(0))
        case tree.Product((one, other), ("·",)):
            return _fraction(one) * _fraction(other)
        case tree.Fraction(above, below) if _fraction(below) != 0:
            return _fraction(above) / _fraction(below)
        case _:
            raise Undecidable(f"{to_plain(entry)} in a matrix is not a number", HINT)


def _number(value: Fraction) -> Node:
    above, below = (tree.Number(str(abs(part))) for part in value.as_integer_ratio())
    whole: Node = above if value.denominator == 1 else tree.Fraction(above, below)
    return whole if value >= 0 else tree.Sum((whole,), ("-",))


def _rank(grid: Grid) -> int:
    """By Gauss, in fractions."""
    rows, rank = _numbers(grid), 0
    for column in range(grid.size[1]):
        pivot = next((i for i in range(rank, len(rows)) if rows[i][column] != 0), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for i in range(rank + 1, len(rows)):
            factor = rows[i][column] / rows[rank][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[rank], strict=True)]
        rank += 1
    return rank
