"""What a function of the core, or one that the figure declares, gives of its arguments: a typed term."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.functions import FUNCTIONS, Function, Short, function
from lorafig.language.functions import Functions, Signature, called, unknown
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.verify.meaning import operations, terms
from lorafig.verify.meaning.operations import add, multiply
from lorafig.verify.meaning.scope import Filled, Scope
from lorafig.verify.meaning.terms import ONE, SCALAR, Doubt, IllTyped, Term, Type, Undecidable, number
from lorafig.verify.read.quoted import spaced


class Callee(Struct, frozen=True):
    """A function by the name that a figure gives it; `row` is that of the core, otherwise `signature` says
    what is known of it. `parts` is the index of one that splits; `last` is one that stands for the last
    argument."""

    name: str
    row: Function | None
    signature: Signature = Signature()
    parts: int | None = None
    last: tree.Node | None = None


def declared(node: tree.Node, symbols: Scope) -> Signature | None:
    """What the figure says of a function of this name."""
    return symbols.functions.get(called(node)) if symbols.functions else None


def callee(node: tree.Node, symbols: Scope) -> Callee | None:
    """The function that a label names; None if it names none. What the figure declares comes first."""
    name = called(node)
    said = declared(node, symbols)
    if isinstance(symbols, _Inside) and symbols.functions.canonical(name) in symbols.around:
        raise Undecidable(f"{name} calls itself", "say what it gives by other functions")
    if said is not None:
        name = symbols.functions.canonical(name)
        return Callee(name, None if said.function is None else FUNCTIONS[said.function], said)
    if name in symbols.terms or name in symbols.dimensions:
        return None
    match node:
        case tree.Script(base=base, sub=index, sup=None, primes=0) if index is not None:
            row = function(called(base))
            if row is not None and row.indexed:
                last = row.arguments[0] > 1
                return Callee(
                    row.name,
                    row,
                    parts=None if last else _parts(index, symbols),
                    last=index if last else None,
                )
    row = function(name)
    return None if row is None else Callee(row.name, row)


def _parts(index: tree.Node, symbols: Scope) -> int:
    """A whole number, or a size that has a value."""
    if isinstance(index, tree.Number) and index.digits.isdecimal() and int(index.digits) > 0:
        return int(index.digits)
    name = symbols.dimension(called(index))
    size = None if name is None else symbols.dimensions[name]
    if size is None:
        raise Undecidable(
            f"{spaced(index)} does not say into how many parts", "write \\mathrm{split}_{12}(x)"
        )
    symbols.settles((str(name),))
    return size


def call(
    own: Callee,
    arguments: Sequence[Term],
    nodes: Sequence[tree.Node],
    symbols: Scope,
    name: str,
    elaborate: Callable[[tree.Node, Scope], Term],
) -> Term:
    """The function of these arguments, which are written as `nodes`; messages call it `name`. Raises
    IllTyped."""
    if own.last is not None:
        arguments, nodes = [*arguments, elaborate(own.last, symbols)], [*nodes, own.last]
    _count(own, name, len(arguments))
    if own.signature.formula is not None:
        return _formula(own, name, arguments, symbols, elaborate)
    if own.row is None:
        return _opaque(own, name, arguments, nodes)
    row = own.row
    if row.indexed and row.arguments[0] > 1:
        _many(arguments, nodes, name, symbols)
    if row.average and len(arguments) > 1:
        total = add(arguments, [1] * len(arguments), nodes)
        return multiply(number(Fraction(1, len(arguments))), total, nodes, nodes[0])
    if row.means:
        return _short(row, name, arguments, nodes, symbols, elaborate)
    if row.acts == "entries":
        return terms.Applied(row.name, tuple(arguments), arguments[0].type)
    if row.acts == "columns":
        for argument, node in zip(arguments, nodes, strict=True):
            if argument.type.is_scalar:
                raise IllTyped(f"{name} is of a vector: {spaced(node)} is a number")
    kind = (
        arguments[0].type if row.result is None else _result(row, own.parts, name, arguments, nodes, symbols)
    )
    if row.name == "columns" and all(argument.type.columns == ONE for argument in arguments):
        return operations.side_by_side(arguments, kind, len(arguments))
    return _along(terms.Applied(row.name, tuple(arguments), kind), arguments[0].type)


def _along(term: terms.Applied, argument: Type) -> Term:
    """A vector that stands as a row is taken as one."""
    return replace(term, by="rows") if argument.rows == ONE and argument.is_vector else term


def _count(own: Callee, name: str, given: int) -> None:
    takes = len(own.signature.takes) or len(own.signature.letters)
    least, most = own.row.arguments if own.row is not None else (max(takes, 1),) * 2
    if not least <= given <= most:
        many = f"{least}" if least == most else f"{least} to {most}"
        plural = "argument" if many == "1" else "arguments"
        below = own.row is not None and own.row.indexed and given == least - 1
        hint = f"say how many below it: \\mathrm{{{name}}}_2" if below else None
        raise IllTyped(f"{name} takes {many} {plural}, and has {given}", hint)


def _many(arguments: Sequence[Term], nodes: Sequence[tree.Node], name: str, symbols: Scope) -> None:
    """How many entries of its first argument a function keeps is a number from 1 to all of them."""
    whole, many = arguments[0].type.rows, arguments[-1]
    if not isinstance(many, terms.Constant):
        return
    if many.value.denominator != 1 or many.value < 1:
        raise IllTyped(f"{name} keeps a whole number of entries, and {spaced(nodes[-1])} is {many.value}")
    all_ = valued(whole, symbols)
    if all_ is not None and many.value > all_:
        raise IllTyped(f"{name} keeps {int(many.value):,} entries, and {spaced(nodes[0])} has {all_:,}")
    size = symbols.dimension(called(nodes[-1]))
    if size is not None:
        symbols.fits((size,), whole)


def _opaque(own: Callee, name: str, arguments: Sequence[Term], nodes: Sequence[tree.Node]) -> Term:
    takes, gives = own.signature.takes, own.signature.gives
    if not takes:
        return terms.Applied(own.name, tuple(arguments), arguments[0].type, "entries")
    zeros = [isinstance(argument, terms.Constant) and argument.value == 0 for argument in arguments]
    arguments = [
        terms.Zero(Type((*sizes, ONE)[0], (*sizes, ONE)[1])) if zero else argument
        for argument, zero, sizes in zip(arguments, zeros, takes, strict=True)
    ]
    kinds = [argument.type for argument in arguments]
    if any(len(sizes) > 1 for sizes in (*takes, gives)):
        if [kind.sizes for kind in kinds] == [(*sizes, ONE)[:2] for sizes in takes]:
            rows, columns = (*gives, ONE)[:2]
            return terms.Applied(own.name, tuple(arguments), Type(rows, columns), "whole")
        raise IllTyped(_unlike(own, name, kinds, nodes))
    for by in ("columns", "rows"):
        along = {kind.columns if by == "columns" else kind.rows for kind in kinds}
        sizes = tuple(kind.rows if by == "columns" else kind.columns for kind in kinds)
        if tuple((size,) for size in sizes) != takes or len(along) > 1:
            continue
        batch = along.pop()
        if by == "columns":
            return terms.Applied(own.name, tuple(arguments), Type(gives[0], batch), "columns")
        kind = Type(batch, gives[0], "row" if batch == ONE and gives[0] != ONE else "")
        return terms.Applied(own.name, tuple(arguments), kind, "columns", "rows")
    raise IllTyped(_unlike(own, name, kinds, nodes))


def _unlike(own: Callee, name: str, kinds: Sequence[Type], nodes: Sequence[tree.Node]) -> str:
    takes, gives = own.signature.takes, own.signature.gives
    said = ", ".join(f"{spaced(node)} is {kind}" for node, kind in zip(nodes, kinds, strict=True))
    return f"{name} takes {', '.join(map(' × '.join, takes))} and gives {' × '.join(gives)}: {said}"


# Formulas --------------------------------------------------------------------------------------

MOST_CALLS = 512  # of functions inside what one label calls


def _formula(
    own: Callee,
    name: str,
    arguments: Sequence[Term],
    symbols: Scope,
    elaborate: Callable[[tree.Node, Scope], Term],
) -> Term:
    """What a function gives that the figure declares by a formula. It knows the other symbols of the figure,
    and every function but itself."""
    assert own.signature.formula is not None
    scope = _Inside(symbols, own.name, dict(zip(own.signature.letters, arguments, strict=True)))
    try:
        return elaborate(own.signature.formula, scope)
    except IllTyped as wrong:
        raise IllTyped(f"in {name}, {wrong.what}") from None


class _Inside:
    """The scope of a formula: its letters before all that the figure knows."""

    def __init__(self, outer: Scope, function: str, letters: dict[str, Term]) -> None:
        self.outer, self.letters = outer, letters
        within: frozenset[str] = outer.around if isinstance(outer, _Inside) else frozenset()
        self.around: frozenset[str] = within | {function}
        self.terms = {**outer.terms, **letters}
        self.dimensions = {name: size for name, size in outer.dimensions.items() if name not in letters}
        self.functions = outer.functions
        self.kilo, self.filled = outer.kilo, outer.filled
        self.running, self.written, self.assumed = outer.running, outer.written, outer.assumed
        self.columnwise = outer.columnwise
        self.calls: list[None] = outer.calls if isinstance(outer, _Inside) else []
        self.calls.append(None)
        if len(self.calls) > MOST_CALLS:
            raise Undecidable(f"more than {MOST_CALLS} functions are called inside one", "write it out")

    def knows(self, name: str | None) -> bool:
        return name in self.letters or self.outer.knows(name)

    def term(self, name: str) -> Term:
        return self.letters[name] if name in self.letters else self.outer.term(name)

    def dimension(self, name: str | None) -> str | None:
        return None if name in self.letters else self.outer.dimension(name)

    def settles(self, names: Iterable[str] | None = None) -> None:
        self.outer.settles(names)

    def fits(self, parts: Sequence[str], whole: str) -> None:
        self.outer.fits(parts, whole)

    def valueless(self, names: Sequence[str]) -> Undecidable:
        return self.outer.valueless(names)

    def derived(self, name: str) -> bool:
        return self.outer.derived(name)

    def layer(self, name: str) -> Term | None:
        return self.outer.layer(name)

    def product(self, sizes: Sequence[str]) -> str | None:
        return self.outer.product(sizes)

    def runs_over(self, name: str, letter: str) -> frozenset[str]:
        return self.outer.runs_over(name, letter)


def _result(
    row: Function,
    parts: int | None,
    name: str,
    arguments: Sequence[Term],
    nodes: Sequence[tree.Node],
    symbols: Scope,
) -> Type:
    assert row.result is not None
    try:
        rows, columns = row.result([(term.type.rows, term.type.columns) for term in arguments], parts)
    except ValueError as wrong:
        said = ", ".join(
            f"{spaced(node)} is {term.type}" for node, term in zip(nodes, arguments, strict=True)
        )
        raise IllTyped(f"{name}: {wrong}: {said}") from None
    return Type(_size(rows, name, symbols), _size(columns, name, symbols))


def _size(name: str, function: str, symbols: Scope) -> str:
    """A size that is put together from others: by the name that has this value, or as a number."""
    for sign in "+*/":
        if sign not in name:
            continue
        sizes = [valued(part, symbols) for part in name.split(sign)]
        known = [size for size in sizes if size is not None]
        if len(known) < len(sizes):
            return name
        if sign == "/" and known[0] % known[1] != 0:
            raise IllTyped(f"{function}: {known[0]:,} is not {known[1]:,} times a whole number")
        symbols.settles(name.split(sign))
        total = sum(known) if sign == "+" else prod(known) if sign == "*" else known[0] // known[1]
        if total == 1:
            return ONE
        return named(total, symbols)
    return name


def named(size: int, symbols: Scope) -> str:
    """A size by its name: by that which the author gives it, where d, k or r has the same value."""
    return next((own for own, known in reversed(symbols.dimensions.items()) if known == size), str(size))


def diagonal(arguments: Sequence[Term], nodes: Sequence[tree.Node], symbols: Scope) -> Term:
    """Numbers, or blocks of one shape, along a diagonal: `diag(R_1, …, R_N)`. Raises IllTyped."""
    kind, count = arguments[0].type, len(arguments)
    for argument, node in zip(arguments, nodes, strict=True):
        if argument.type.sizes != kind.sizes:
            what = f"{spaced(node)} is {argument.type}, and {spaced(nodes[0])} is {kind}"
            raise IllTyped(f"the blocks of a diagonal have one shape: {what}")
    if kind.is_vector:
        raise IllTyped(f"the blocks of a diagonal are numbers or matrices: {spaced(nodes[0])} is {kind}")
    along = named(count, symbols)
    sides = [along if size == ONE else _times(count, size, symbols) for size in kind.sizes]
    return operations.along_diagonal(arguments, Type(along, along), Type(sides[0], sides[1]), count)


def kronecker(left: Term, right: Term, symbols: Scope) -> Term:
    """A Kronecker product. Where `let` makes one size of others, b of m/n, or m of n·b, the product of these
    has the name of what it comes to."""
    term = operations.kronecker(left, right, symbols.dimension)
    sizes = []
    for size in term.type.sizes:
        parts = size.split(terms.TIMES)
        known_as = symbols.product(parts) if len(parts) > 1 else None
        if known_as is not None:
            sizes.append(known_as)
            continue
        values = [valued(part, symbols) for part in parts]
        known = [value for value in values if value is not None]
        made = len(known) == len(parts) > 1 and any(map(symbols.derived, parts))
        sizes.append(named(prod(known), symbols) if made else size)
    return terms.Kronecker(left, right, Type(sizes[0], sizes[1]))


def _times(count: int, size: str, symbols: Scope) -> str:
    """So many times a size, by its name."""
    value = valued(size, symbols)
    if value is None:
        raise symbols.valueless([size])
    return named(count * value, symbols)


def valued(name: str, symbols: Scope) -> int | None:
    return int(name) if name.isdecimal() else symbols.dimensions.get(name)


# What is short for something ------------------------------------------------------------------


class _Letters(Struct):
    """The scope of what a function is short for: its letters."""

    terms: dict[str, Term]
    dimensions: dict[str, int | None]
    kilo: int = 1000
    filled: dict[int, Filled] = {}
    functions: Functions = Functions()
    running: list[str | None] = []
    written: list[int] = []
    assumed: Mapping[str, Term] = {}
    columnwise: bool = False

    def knows(self, name: str | None) -> bool:
        return name in self.terms

    def term(self, name: str) -> Term:
        return self.terms[name]

    def dimension(self, name: str | None) -> str | None:
        return name if name in self.dimensions else None

    def settles(self, names: Iterable[str] | None = None) -> None:
        pass

    def fits(self, parts: Sequence[str], whole: str) -> None:
        pass

    def valueless(self, names: Sequence[str]) -> Undecidable:
        return Undecidable(f"{' and '.join(names)} without a value")

    def derived(self, name: str) -> bool:
        return False

    def layer(self, name: str) -> Term | None:
        return None

    def product(self, sizes: Sequence[str]) -> str | None:
        return None

    def runs_over(self, name: str, letter: str) -> frozenset[str]:
        return frozenset()


def _short(
    row: Function,
    name: str,
    arguments: Sequence[Term],
    nodes: Sequence[tree.Node],
    symbols: Scope,
    elaborate: Callable[[tree.Node, Scope], Term],
) -> Term:
    along = _batch(arguments)
    for short in sorted(row.means, key=lambda short: short.n == along):
        letters = dict(zip(row.letters, arguments, strict=True))
        scope = _Letters({**letters, "n": _length(short, arguments[0].type, symbols)}, symbols.dimensions)
        try:
            return elaborate(parse_math(short.formula), scope)
        except Doubt:
            continue
    said = ", ".join(f"{spaced(node)} is {term.type}" for node, term in zip(nodes, arguments, strict=True))
    raise IllTyped(f"the shapes do not go together in {name}: {said}")


def _batch(arguments: Sequence[Term]) -> str | None:
    """Along which side the arguments are a batch, if only one is: the side that comes from what all but the
    first have in common, X in W_k X and W_v X. None for those that have nothing in common."""
    if len(arguments) < 3:
        return None
    sides = [_Sides().of(argument) for argument in arguments[1:]]
    rows, columns = (frozenset.intersection(*several) for several in zip(*sides, strict=True))
    return None if bool(rows) == bool(columns) else "rows" if rows else "columns"


class _Sides(Struct):
    """The variables that give a matrix its rows, and those that give its columns; what is shared is gone
    through once."""

    known: dict[int, tuple[frozenset[str], frozenset[str]]] = {}

    def of(self, term: Term) -> tuple[frozenset[str], frozenset[str]]:
        if id(term) not in self.known:
            self.known[id(term)] = self._of(term)
        return self.known[id(term)]

    def _of(self, term: Term) -> tuple[frozenset[str], frozenset[str]]:
        match term:
            case terms.Variable(name):
                return frozenset({name}), frozenset({name})
            case terms.Multiply(left, right) if left.type.is_scalar or right.type.is_scalar:
                return self.of(right if left.type.is_scalar else left)
            case terms.Multiply(left, right):
                return self.of(left)[0], self.of(right)[1]
            case terms.Transpose(body):
                return self.of(body)[::-1]
        rows, columns = frozenset[str](), frozenset[str]()
        for part in terms.parts(term):
            if not part.type.is_scalar:
                more = self.of(part)
                rows, columns = rows | more[0], columns | more[1]
        return rows, columns


def _length(short: Short, kind: Type, symbols: Scope) -> Term:
    size = kind.rows if short.n == "rows" else kind.columns
    value = valued(size, symbols)
    named = terms.Variable(size, SCALAR)
    return named if value is None else number(value, None if size.isdecimal() else named)


def no_function(node: tree.Node, symbols: Scope) -> Undecidable:
    """A function that nothing is known of."""
    name = called(node)
    for family in symbols.functions.families:
        if family.row.member(name) is not None:
            what = f"{name} is out of the range of its family: {family.runs}"
            return Undecidable(what, f"the last one is {family.row.called([*map(str, family.last)])}")
        if family.name.partition("_")[0] == name:
            first = family.row.called([*map(str, family.first)])
            return Undecidable(f"{name} is a family, over {family.runs}", f"write {family.name}, or {first}")
    doubt = unknown(name)
    if len(name) == 1 or "_" in name:
        doubt.hint = (
            f"declare it: functions: {{{name}: d -> k}}, or the name of a function: {{{name}: sigmoid}}"
        )
    return Undecidable(doubt.what, doubt.hint)
