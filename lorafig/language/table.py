"""The table of a model's symbols: what each is, those of its adapter and its author's own alike.

A symbol has a shape, a role and a start. What `let` defines in terms of others has a row too, without a
shape: verification infers it. Nothing is computed here but numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Adapter, Shape
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.language.index import Index, indices
from lorafig.language.model import Model, Role, Symbol
from lorafig.language.order import FORMER, ordered
from lorafig.notation.canonical import key
from lorafig.notation.indexed import at, further, of_any
from lorafig.notation.named import symbols_in
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.notation.shapes import law
from lorafig.notation.shapes import sizes as shape_of
from lorafig.notation.tree import Node, Number, Product, Relation
from lorafig.notation.write.plain import to_plain

EQUALITIES = frozenset({"=", "≡", "≔"})
PRETRAINED = ("W_0", "W_pretrained", "W_frozen")  # other names of the pretrained weight
LARGEST_SIZE = 2**40
WIDTH, RANK = 768, 8  # of a layer that is drawn without sizes
PROJECTION = re.compile(r"(?<=[A-Za-z])_[qkvo](?=$|')")  # that a symbol belongs to


# What a definition makes may be data too: what flows.
Made: TypeAlias = Role | Literal["data"]


Start: TypeAlias = Literal["zero", "one", "normal", "uniform"]


class Row(Struct, frozen=True):
    """A symbol. Its `shape` has the names of its sizes, none for a number; it is None if only the symbol's
    definition says it. A family has `indices`, in the order in which they stand in its name, and `around`
    them what the names of its members have between them: `B_`, `^(` and `)` of B_i^{(l)}. `own` says that the
    author declares the symbol, which is the `node`. It is `computed` if it is declared as something that
    `let` may say how to compute: an output, what is merged, or no role at all. `bits` are those in which each
    of its entries is kept, if the author says so."""

    shape: Shape | None
    role: Made | None = None
    indices: tuple[Index, ...] = ()
    own: bool = True
    node: Node | None = None
    start: Start | None = None
    around: tuple[str, ...] = ()
    computed: bool = False
    begins: Node | None = None  # what it starts as, if that is made of others
    bits: int | None = None

    def begins_as(self, name: str) -> Node | None:
        """What a symbol of this row starts as, if that is made of others: of a member of a family its own."""
        node = self.begins
        for over, inner in zip(self.indices, self.member(name) or (), strict=False):
            if node is not None and inner != over.letter:
                node = at(node, over.letter, Number(inner))
        return node

    def member(self, name: str) -> tuple[str, ...] | None:
        """What stands in a name where this family has its indices; None for what is called otherwise."""
        if not self.around or not name.startswith(self.around[0]):
            return None
        rest, inner = name[len(self.around[0]) :], []
        for over, behind in zip(self.indices, self.around[1:], strict=True):
            last = over is self.indices[-1]
            if last and not rest.endswith(behind):
                return None
            end = len(rest) - len(behind) if last else rest.find(behind) if behind else 1
            if end < 0 or not over.may_be(rest[:end]):
                return None
            inner.append(rest[:end])
            rest = rest[end + len(behind) :]
        return tuple(inner)

    def called(self, inner: Sequence[str]) -> str:
        """The name of the member that has these in the place of its indices."""
        first, *rest = self.around
        return first + "".join(one + behind for one, behind in zip(inner, rest, strict=True))

    def lacks(self, name: str) -> Index | None:
        """The index that a name has not, which is called as a member of this family up to there: l for B_1 of
        B_i^{(l)}. None for any other name, and for that of a member."""
        rest = name.removeprefix(self.around[0]) if len(self.indices) > 1 else name
        if rest == name:
            return None
        for over, missing, behind in zip(self.indices, self.indices[1:], self.around[1:], strict=False):
            if over.may_be(rest):
                return missing
            inner, found, rest = rest.partition(behind) if behind else (rest[:1], "", rest[1:])
            if found != behind or not over.may_be(inner):
                return None
        return None


class Table(Struct, frozen=True):
    """`sizes` are all sizes by name, `ties` other names of one; `lets` are the definitions by what they
    define, and `numbers` the values of those that are numbers. `open` are the sizes that nobody gives, d, k
    and r and what is made of them: theirs are lengths of the drawing, and so are numbers of `drawn` that are
    made of these. W is `renewed` if `let` says that it is the new weight, W = W_0 + ΔW."""

    adapter: Adapter
    rows: Mapping[str, Row]
    sizes: Mapping[str, int]
    ties: Mapping[str, str]
    lets: Mapping[str, Node]
    numbers: Mapping[str, Fraction]
    open: frozenset[str] = frozenset()
    drawn: Mapping[str, Fraction] = {}
    renewed: bool = False

    @property
    def given(self) -> dict[str, int | None]:
        """All sizes by name; None for those that nobody gives."""
        return {name: None if name in self.open else size for name, size in self.sizes.items()}

    def values(self) -> dict[str, Fraction]:
        """What the names of numbers are worth, as in `\\num{2drL}`."""
        return _values(self.given, self.ties) | dict(self.numbers)

    def row(self, name: str) -> Row | None:
        """What a symbol is: one that has a row, a member of a family, or the layer's for a projection."""
        return _row(name, self.rows)

    def made(self, node: Node) -> Made | None:
        """The role of what an expression gives."""
        return made(node, self.rows)

    def product(self, sizes: Sequence[str]) -> str | None:
        """The size that `let` says is the product of just these, m of `m = ab`."""
        names = sorted(sizes)
        return next((name for name, node in self.lets.items() if _factors(node) == names), None)

    def size(self, name: str) -> int | None:
        """The value of a size: a name, or a number as it is written."""
        return int(name) if name.isdecimal() else self.sizes.get(self.ties.get(name, name))


def _factors(node: Node) -> list[str] | None:
    """The symbols that a product has as its factors, in the order of their names."""
    if not isinstance(node, Product) or not set(node.ops) <= {"", "·", "×", "*"}:
        return None
    names = [key(factor) for factor in node.factors]
    return None if None in names else sorted(filter(None, names))


def table(model: Model, kilo: int = 1000) -> Table:
    """`kilo` is what K stands for in numbers of `let`."""
    return _table(model, kilo)  # the one call that is kept, however `kilo` is given


@lru_cache(64)
def _table(model: Model, kilo: int) -> Table:
    adapter = ADAPTERS[model.adapter]
    layer = layer_of(model)
    sizes = adapter.sizes(*layer.values())
    ties = {}
    if model.k is None:
        del sizes["k"]
        ties["k"] = "d"
    open_ = ungiven(model, sizes)
    sizes |= {called(size.name): size.value for size in model.sizes}
    rows = _adapter_rows(adapter)
    for symbol in model.symbols:
        name = called(symbol.name)
        rows[name] = _own(symbol, rows.get(name))
    lets = _lets(model, rows)
    renewed = "W" in adapter.symbols and any(map(_renews, model.let))
    _made(rows, {**_definitions(adapter), **lets})
    if renewed:
        rows["W"] = replace(rows["W"], role="merged")
    elif "W" in adapter.symbols:  # whose other names are those of one weight
        same = ("W", *PRETRAINED)
        bits = next((rows[name].bits for name in same if rows[name].bits is not None), None)
        rows |= {name: replace(rows[name], bits=bits) for name in same} if bits is not None else {}
    defined = {name: node for name, node in lets.items() if name not in sizes and name not in ties}
    drawn = _numbers(model, _values(sizes, ties), defined, kilo)
    given = {name: size for name, size in sizes.items() if name not in open_}
    numbers = _numbers(model, _values(given, ties), defined, kilo) if open_ else drawn
    for row in rows.values():
        for size in (row.shape or ()) if row.own else ():
            value = drawn.get(size)
            if value is not None and value.denominator == 1 and 0 < value <= LARGEST_SIZE:
                sizes[size] = int(value)
                open_ |= set() if size in numbers else {size}
    drawn = _values(sizes, ties) | drawn
    return Table(adapter, rows, sizes, ties, lets, numbers, frozenset(open_), drawn, renewed)


def ungiven(model: Model, sizes: Iterable[str]) -> set[str]:
    """Those of a layer's sizes that the model does not give; d_1 of LoKr is a part of d."""
    missing = {name for name in ("d", "r") if getattr(model, name) is None}
    missing |= {"k"} if model.k is None and model.d is None else set()
    return {name for name in sizes if name.partition("_")[0] in missing}


def layer_sizes(model: Model) -> list[str]:
    """Those of d, k and r that its method has."""
    shapes = ADAPTERS[model.adapter].symbols.values()
    return [name for name in ("d", "k", "r") if any(name in shape for shape in shapes)]


def counted(model: Model) -> dict[str, int] | None:
    """d, k and r of what is counted; None if the model does not give those that its method has."""
    return None if ungiven(model, layer_sizes(model)) else layer_of(model)


def layer_of(model: Model) -> dict[str, int]:
    """d, k and r as the layer is drawn. Those that the model does not give are in the proportions of a usual
    layer, which no number is counted with."""
    d = max(WIDTH, 2 * (model.r or 1)) if model.d is None else model.d
    k = d if model.k is None else model.k
    low = RANK if min(d, k) > RANK else max(1, min(d, k) // 2)
    return {"d": d, "k": k, "r": low if model.r is None else model.r}


def _values(sizes: Mapping[str, int | None], ties: Mapping[str, str]) -> dict[str, Fraction]:
    values = {name: Fraction(size) for name, size in sizes.items() if size is not None}
    return values | {alias: values[name] for alias, name in ties.items() if name in values}


@lru_cache(maxsize=4096)
def called(symbol: str) -> str:
    """A symbol as it is called, `\\lambda_b` as λ_b; what is not a symbol stays as it is written."""
    try:
        name = key(parse_math(symbol))
    except LorafigError:  # which the reader tells
        name = None
    return str(symbol) if name is None else name


def roles(adapter: Adapter) -> dict[str, Role]:
    """What the adapter's symbols are."""
    roles: dict[str, Role] = dict.fromkeys(adapter.trainable, "trained")
    for symbol in adapter.frozen:
        roles[symbol] = "random" if adapter.laws.get(symbol) in ("normal", "uniform") else "frozen"
    return roles | {"x": "input", "h": "output"}


def _renews(source: str) -> bool:
    """Whether an equation says what W is by the pretrained weight."""
    node = parse_math(source)
    if not isinstance(node, Relation) or key(node.sides[0]) != "W" or node.ops[0] not in EQUALITIES:
        return False
    return not symbols_in(node.sides[1]).isdisjoint(PRETRAINED)


def defined(source: str) -> str | None:
    """What an equation has on its left side, if that is a symbol; None for what cannot be read too."""
    try:
        node = parse_math(source)
    except LorafigError:
        return None
    return key(node.sides[0]) if isinstance(node, Relation) else None


def _adapter_rows(adapter: Adapter) -> dict[str, Row]:
    known = roles(adapter)
    rows = {name: Row(shape, known.get(name), own=False) for name, shape in adapter.symbols.items()}
    if "W" in rows:
        rows |= dict.fromkeys(PRETRAINED, rows["W"])
    for name, definition in adapter.defined.items():
        # A matrix with a vector on its diagonal, as VeRA's Λ_b, is that vector.
        vector = definition.removeprefix("diag(").removesuffix(")")
        own = adapter.symbols.get(vector)
        rows[name] = Row(own, known.get(name if own is None else vector), own=False)
    return rows


def _own(symbol: Symbol, known: Row | None) -> Row:
    """A symbol that is declared; one of the adapter is what it was, where nothing else is said."""
    shape = tuple(str(size) if isinstance(size, int) else called(size) for size in symbol.shape)
    node = parse_math(symbol.name)
    own = around_of(node, () if symbol.over is None else indices(symbol.over))
    if known is not None:
        return replace(known, shape=shape or known.shape, role=symbol.role or known.role, bits=symbol.bits)
    computed = symbol.start is None and symbol.role in (None, "output", "merged")
    start = begun(symbol.start)
    begins = parse_math(symbol.start) if start is None and isinstance(symbol.start, str) else None
    return Row(shape, symbol.role, own.indices, True, node, start, own.around, computed, begins, symbol.bits)


def begun(start: str | int | None) -> Start | None:
    """What a symbol starts as, as a law of the core."""
    if start is None or isinstance(start, int):
        return None if start is None else ("zero", "one")[start]
    return law(parse_math(start))


_MARK = "00000"  # an index that nobody writes


def _lets(model: Model, rows: dict[str, Row]) -> dict[str, Node]:
    """What `let` defines, by name; the shapes that it declares are taken into the rows."""
    lets: dict[str, Node] = {}
    lefts: dict[str, Node] = {}
    sizes = {"d", "k", "r", *(called(size.name) for size in model.sizes)}
    for source in model.let:
        node = of_any(parse_math(source), sizes)
        name = key(node.sides[0]) if isinstance(node, Relation) else None
        if name is None or not isinstance(node, Relation):
            continue
        known = rows.get(name)
        if known is not None and not known.computed and (known.own or known.shape is not None):
            continue  # a claim on what is known already
        shape = shape_of(node.sides[1])
        if node.ops[0] in ("∈", ":") and shape is not None:
            if known is not None:
                continue
            rows[name] = Row(tuple(key(size) or to_plain(size) for size in shape), computed=True)
        elif node.ops[0] in EQUALITIES:
            lets.setdefault(name, node.sides[1])
            rows.setdefault(name, Row(None))
            lefts.setdefault(name, node.sides[0])
    functions = {called(own.name): indices(own.over) for own in model.functions if own.over is not None}
    _indexed(rows, lets, lefts, {name: Row(None, indices=several) for name, several in functions.items()})
    return lets


def _indexed(
    rows: dict[str, Row], lets: Mapping[str, Node], lefts: Mapping[str, Node], functions: Mapping[str, Row]
) -> None:
    """What `let` defines by members of families over i, z_i by U_i and D_i, is a family too, over that i."""
    found = True
    while found:  # one may be made of another, in any order
        found = False
        for name, right in lets.items():
            row = rows[name]
            if row.indices or row.shape is not None:
                continue
            known = {**functions, **rows}
            met = _met(right, known) or _running(name, right, known)
            own = around_of(lefts[name], tuple(met.values()))
            if own.indices:
                rows[name], found = replace(row, indices=own.indices, around=own.around), True


def _met(node: Node, rows: Mapping[str, Row]) -> dict[str, Index]:
    """The indices of the families in a definition, by their letters; of A_{i-1} over i = 1..N that is
    i = 2..N+1, unless another one is called by i itself. One that begins later, or ends earlier, holds."""
    known = ((FORMER.search(name), rows.get(FORMER.sub(r"\1", name))) for name in sorted(symbols_in(node)))
    met: dict[str, Index] = {}
    by_itself = set()
    for former, row in sorted(known, key=lambda pair: pair[0] is not None):
        if row is None:
            continue
        for over in row.indices:
            if former is None or former[1] != over.letter:
                by_itself.add(over.letter)
                met[over.letter] = _common(met.get(over.letter, over), over)
            elif over.letter not in by_itself:
                by, first = int(former[2]), _first(row, over, rows)
                met[over.letter] = Index(over.letter, further(first, by), further(over.last, by))
    return met


def _first(row: Row, over: Index, rows: Mapping[str, Row]) -> Node:
    """The first member that a family has, with one in front of it that has a name of its own: y_0 of y_i."""
    first = over.first
    while isinstance(first, Number) and first.digits.isdecimal() and int(first.digits) > 0:
        before = Number(str(int(first.digits) - 1))
        if len(row.indices) > 1 or row.called((before.digits,)) not in rows:
            break
        first = before
    return first


def _common(one: Index, other: Index) -> Index:
    """What both run between, as far as numbers say it."""
    ends = []
    for several, choose in (((one.first, other.first), max), ((one.last, other.last), min)):
        numbers = [int(end.digits) for end in several if isinstance(end, Number) and end.digits.isdecimal()]
        ends.append(Number(str(choose(numbers))) if len(numbers) == len(several) else several[1])
    return Index(one.letter, ends[0], ends[1])


def _running(name: str, right: Node, rows: Mapping[str, Row]) -> dict[str, Index]:
    """The index of what is made of itself alone, x_l = f(x_{l-1}): that which families have of this letter,
    if all of them run over the same."""
    former = next((found for found in map(FORMER.search, symbols_in(right)) if found is not None), None)
    if former is None or FORMER.sub(r"\1", former.string) != name:
        return {}
    runs = {over for row in rows.values() for over in row.indices if over.letter == former[1]}
    return {over.letter: over for over in runs} if len(runs) == 1 else {}


class Around(Struct, frozen=True):
    """The indices that stand in a name, in their order, and what is around them."""

    indices: tuple[Index, ...]
    around: tuple[str, ...]


def around_of(node: Node, several: Sequence[Index]) -> Around:
    """Those of the indices that are in the name of a member of a family."""
    for number, over in enumerate(several):
        node = at(node, over.letter, Number(_MARK + str(number)))
    first, *rest = re.split(_MARK + r"(\d)", key(node) or "")
    own = tuple(several[int(number)] for number in rest[::2])
    return Around(own, (first, *rest[1::2]) if own else ())


def _made(rows: dict[str, Row], lets: Mapping[str, Node]) -> None:
    """The roles of what is defined, by what it is made of: an update of what is trained alone, a merged
    weight of what is frozen too; what is made of data is data."""
    for name in ordered(lets)[0]:
        row = rows.get(name)
        if row is not None and row.role is None:
            node = lets[name]
            for over in row.indices:  # of W_i = W_{i-1} + B_i A_i the first one tells: W_0 + B_1 A_1
                node = at(node, over.letter, over.first)
            rows[name] = replace(row, role=made(node, rows))


def _row(name: str, rows: Mapping[str, Row]) -> Row | None:
    known = rows.get(name)
    if known is not None:
        return known
    families = [row for row in rows.values() if row.indices]
    if not families:
        layer = rows.get(of_layer(name))
        return layer if layer is not None and not layer.own else None
    return next((row for row in families if row.member(name) is not None), None)


def _vector(name: str, rows: Mapping[str, Row]) -> Row | None:
    """That of the vector whose entry a symbol is, g of g_i."""
    whole = rows.get(name.rpartition("_")[0])
    return whole if whole is not None and whole.shape is not None and len(whole.shape) == 1 else None


def of_layer(name: str) -> str:
    """W of W_q: in a figure of one layer without families, the symbols of a projection are the layer's."""
    return PROJECTION.sub("", name)


def made(node: Node, rows: Mapping[str, Row]) -> Made | None:
    """The role of what an expression gives, in which members of families may stand; None if it has none: that
    of a number. Random matrices that trained numbers scale are an update, as in VeRA and NOLA."""
    known = (_row(name, rows) or _vector(name, rows) for name in symbols_in(node))
    found = {row.role for row in known if row is not None}
    if found & {"input", "output", "data"}:
        return "data"
    if "merged" in found or {"trained", "frozen"} <= found:
        return "merged"
    return next((role for role in _SINGLE if role in found), None)


_SINGLE: tuple[Role, ...] = ("trained", "frozen", "random")


@lru_cache(64)
def _definitions(adapter: Adapter) -> dict[str, Node]:
    """What the adapter defines, as far as it can be read."""
    read: dict[str, Node] = {}
    for name, definition in adapter.defined.items():
        with suppress(LorafigError):
            read[name] = parse_math(definition)
    return read


def _numbers(
    model: Model, sizes: Mapping[str, Fraction], lets: Mapping[str, Node], kilo: int
) -> dict[str, Fraction]:
    """α, and what `let` makes of numbers: of these sizes."""
    numbers: dict[str, Fraction] = {}
    if model.alpha is not None:
        numbers["α"] = Fraction(repr(model.alpha))
    known = dict(sizes) | numbers
    for name in ordered({name: node for name, node in lets.items() if name not in numbers})[0]:
        with suppress(LorafigError):  # it is not a number
            known[name] = numbers[name] = evaluate(lets[name], known, kilo)
    return numbers
