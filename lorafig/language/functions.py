"""What `model: functions:` says of a function: one of the core by another name, a formula of what it takes,
or one of which nothing more is known than the sizes of what it takes and gives."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.functions import FUNCTIONS, function, joined
from lorafig.language.index import indices
from lorafig.language.messages import did_you_mean, listing
from lorafig.language.model import Function, Model
from lorafig.language.table import Row, around_of, table
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild
from lorafig.notation.indexed import at
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.plain import to_plain

ENTRYWISE = "entrywise"
MAPS = ("\\mapsto", "↦")  # before a formula; \to and -> stand before the size of what is given


class Signature(Struct, frozen=True):
    """`function` is the name of one of the core; `formula` is what one gives of its `letters`. Otherwise it
    acts by entries, where `takes` is empty, or takes vectors and matrices of these sizes and gives one of
    another. `role` is that of the weights in it."""

    function: str | None = None
    takes: tuple[tuple[str, ...], ...] = ()
    gives: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    formula: tree.Node | None = None
    role: Literal["frozen", "trained"] | None = None


class NoFunction(ValueError):  # noqa: N818  an answer, not a failure
    """What is wrong with a declaration, and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what, self.hint = what, hint


def called(node: tree.Node) -> str:
    """A name as it is compared: that of a symbol, or the words as they are written; `f(·)` is f."""
    match node:
        case tree.Apply(function=inner, arguments=(tree.Symbol("·"),)):
            return called(inner)
        case tree.Product((inner, tree.Fenced(body=tree.Symbol("·"))), ("",)):
            return called(inner)
    name = key(node)
    return name if name is not None else joined(to_plain(bare(node)))


class Family(Struct, frozen=True):
    """Functions over an index, f_l over l = 1..L; `row` is that of their names."""

    name: str
    row: Row
    first: tuple[int, ...]
    last: tuple[int, ...]

    def member(self, name: str) -> tuple[str, ...] | None:
        """The indices of the member that is called so, with the number of one that is called by a size; None
        for any other name, and for one that is out of the range."""
        inner = self.row.member(name)
        if inner is None:
            return None
        numbers = []
        for index, over, first, last in zip(inner, self.row.indices, self.first, self.last, strict=True):
            number = str(last) if index == key(over.last) else index
            if number.isdecimal() and not first <= int(number) <= last:
                return None
            numbers.append(number)
        return tuple(numbers)

    @property
    def runs(self) -> str:
        ends = zip(self.row.indices, self.first, self.last, strict=True)
        return ", ".join(f"{over.letter} = {first}..{last}" for over, first, last in ends)


class Functions(Mapping[str, Signature]):
    """The functions that a model declares, by what they are called: members of a family too, which are gone
    through by their family's name alone."""

    def __init__(self, model: Model | None = None) -> None:
        self._own: dict[str, Function] = {}
        self.families: list[Family] = []
        self._ties: Mapping[str, str] = {}
        for own in () if model is None else model.functions:
            node = parse_math(own.name)
            self._own[called(node)] = own
        if model is None or not self._own:
            return
        declared = table(model)
        self._ties, values = declared.ties, declared.values()
        for name, own in self._own.items():
            if own.over is not None:
                several = indices(str(own.over))
                inner = around_of(parse_math(own.name), several)
                ends = [[int(evaluate(end, values)) for end in (o.first, o.last)] for o in inner.indices]
                row = Row(None, indices=inner.indices, around=inner.around)
                self.families.append(Family(name, row, *map(tuple, zip(*ends, strict=True))))

    def canonical(self, name: str) -> str:
        """One name for each function: f_8 for f_L."""
        for family in () if name in self._own else self.families:
            inner = family.member(name)
            if inner is not None:
                return family.row.called(inner)
        return name

    def __getitem__(self, name: str) -> Signature:
        own = self._own.get(name)
        if own is not None:
            return self._tied(declared(own))
        for family in self.families:
            inner = family.member(name)
            if inner is not None:
                said = self._tied(declared(self._own[family.name]))
                for over, index in zip(family.row.indices, inner, strict=True):
                    if said.formula is not None and index != over.letter:
                        said = replace(said, formula=at(said.formula, over.letter, tree.Number(index)))
                return said
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def _tied(self, own: Signature) -> Signature:
        """With the first name of each size."""
        first = [tuple(self._ties.get(size, size) for size in sizes) for sizes in (*own.takes, own.gives)]
        return replace(own, takes=tuple(first[:-1]), gives=first[-1])


def applies(label: str, declared: Container[str]) -> bool:
    """Whether a label by itself is a function: one that is declared, or one of the core by a name that is no
    letter, with how many it keeps or parts it makes in its index, top_2."""
    node = parse_math(label)
    name = called(node)
    if name in declared or (len(name) > 1 and function(name) is not None):
        return True
    row = function(called(node.base)) if isinstance(node, tree.Script) and node.sup is None else None
    return row is not None and row.indexed


def with_functions(node: tree.Node, declared: Container[str]) -> tree.Node:
    """A letter that is declared as a function is applied to what stands in brackets behind it: γ(Wx), which
    is read as a product. What stands at the brackets is of the whole: γ(Wx)^⊤, G(x)_i."""
    if isinstance(node, tree.Product):
        for i, op in enumerate(node.ops):
            first, second = node.factors[i], node.factors[i + 1]
            fenced = second.base if isinstance(second, tree.Script) else second
            if op != "" or not isinstance(fenced, tree.Fenced) or called(first) not in declared:
                continue
            inner = fenced.body.items if isinstance(fenced.body, tree.Listing) else (fenced.body,)
            whole: tree.Node = tree.Apply(
                first, inner, "(", fenced.stretch, span=(first.span[0], fenced.span[1])
            )
            if isinstance(second, tree.Script):
                whole = replace(second, base=whole, span=(first.span[0], second.span[1]))
            factors = (*node.factors[:i], whole, *node.factors[i + 2 :])
            if len(factors) == 1:
                return with_functions(whole, declared)
            ops, spaces = (*node.ops[:i], *node.ops[i + 1 :]), (*node.spaces[:i], *node.spaces[i + 1 :])
            return with_functions(tree.Product(factors, ops, spaces, span=node.span), declared)
    return rebuild(node, lambda part: with_functions(part, declared))


def declared(own: Function) -> Signature:
    """What a function is that a model declares. Raises NoFunction."""
    return replace(signature(own.means), role=own.role)


@lru_cache(256)
def signature(source: str) -> Signature:
    """What is said of a function. Raises NoFunction."""
    node = parse_math(source)
    items = node.items if isinstance(node, tree.Listing) else (node,)
    match items[-1]:
        case tree.Relation((last, gives), ("→",)):
            takes = (*items[:-1], last)
            if any(sign in source for sign in MAPS):
                return Signature(letters=_letters(takes), formula=gives)
            return Signature(None, tuple(map(_sizes, takes)), _sizes(gives))
    name = called(node)
    if name == ENTRYWISE:
        return Signature()
    row = function(name)
    if row is None:
        raise unknown(source)
    return Signature(row.name)


def _letters(takes: Sequence[tree.Node]) -> tuple[str, ...]:
    """What a formula calls its arguments: `q, K`, or `(q, K)`. Raises NoFunction."""
    match takes:
        case (tree.Fenced("(", ")", body),):
            takes = body.items if isinstance(body, tree.Listing) else (body,)
    letters = [name for node in takes if (name := key(node)) is not None]
    if len(letters) < len(takes) or len(set(letters)) < len(letters):
        what = f"{listing([to_plain(node) for node in takes], quote=False)} are not letters of a formula"
        raise NoFunction(what, "write each of them once: 'V \\mapsto V / 2', 'q, K \\mapsto K^\\top q'")
    return tuple(letters)


def _sizes(node: tree.Node) -> tuple[str, ...]:
    """`d` of a vector, `d × k` of a matrix. Raises NoFunction."""
    match node:
        case tree.Product(factors, ("×",)) | tree.Shape(factors) if len(factors) == 2:
            return _size(factors[0]), _size(factors[1])
    return (_size(node),)


def _size(node: tree.Node) -> str:
    if not isinstance(node, tree.Number) and key(node) is None:
        what = f"'{to_plain(node)}' is not a size"
        raise NoFunction(
            what, "a formula is written with \\mapsto: 'x \\mapsto 2x'; before and behind -> stand sizes"
        )
    return node.digits if isinstance(node, tree.Number) else called(node)


def unknown(name: str) -> NoFunction:
    """There is no such function."""
    known = [*(spelling for row in FUNCTIONS.values() for spelling in row.spellings), *FUNCTIONS]
    close = did_you_mean(name, known)
    hint = f"the functions: {listing(FUNCTIONS, quote=False)}; declare another: functions: {{f: d -> k}}"
    return NoFunction(f"there is no function '{name}'", hint if close is None else f"{close} {hint}")
