"""Rules on the sizes and the symbols that a model declares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.language import kinds, model, nodes
from lorafig.language.index import HINT, Index, indices
from lorafig.language.messages import UNKNOWN, Finding, did_you_mean, listing
from lorafig.language.table import begun, called, defined, layer_of, roles, table, ungiven
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.indexed import at
from lorafig.notation.named import symbols_in
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.notation.shapes import law

# What has a meaning of its own in every figure.
RESERVED: Mapping[str, str] = {
    "d": "it is given by model.d",
    "k": "it is given by model.k",
    "r": "it is given by model.r",
    "α": "it is given by model.alpha",
    "I": "it is the identity matrix",
}
LONGEST_SHAPE = 2

_Named: TypeAlias = model.Symbol | model.Function  # what may be a family


def declared(values: dict[str, Any], node: nodes.Mapping) -> Iterator[Finding]:
    """Names once, sizes that are known, indices with a range, and roles that the adapter has too."""
    read = _read(values, node)
    if read is not None:
        yield from checked(read)


def checked(model_: model.Model) -> Iterator[Finding]:
    """What of it does not go together; labels that cannot be read have been told."""
    if not all(map(_reads, _labels(model_))):
        return
    sizes, symbols, lets = model_.sizes, model_.symbols, model_.let
    adapter = ADAPTERS[model_.adapter]
    layer = layer_of(model_)
    known = {**adapter.sizes(*layer.values()), "k": layer["k"]}
    missing = ungiven(model_, known)
    taken: dict[str, str] = {}
    free = {"α"} if adapter.scale == "" and model_.alpha is None else set()
    for size in sizes:
        name = called(size.name)
        yield from _once(name, ("sizes", size.name), taken, free)
        if name in adapter.symbols:
            what = f"{name} is a matrix or a vector of {adapter.title}"
            yield ("sizes", size.name), what, "call the size by another letter"
        known[name] = size.value
    names = {left for source in lets if (left := defined(source)) is not None}
    for symbol in symbols:
        path: tuple[str | int, ...] = ("symbols", symbol.name)
        name = called(symbol.name)
        if key(parse_math(symbol.name)) is None:
            what = f"'{symbol.name}' is not a symbol"
            hint = "a symbol is a letter, with an index or an accent: W_g, A_i, \\lambda, \\hat W"
            match parse_math(symbol.name):
                case tree.Script(sup=tree.Symbol() | tree.Number()):
                    before, _, above = symbol.name.rpartition("^")
                    hint = (
                        f"what stands above is a power; an index there has brackets: {before}^{{({above})}}"
                    )
            yield path, what, hint
            continue
        yield from _once(_anywhere(symbol), path, taken, free)
        yield from _shaped(symbol, path, known, names)
        if symbol.over is not None:
            given = {name: size for name, size in known.items() if name not in missing}
            yield from _indexed(symbol, path, _valued(model_, symbol, given))
        if isinstance(symbol.start, str) and law(parse_math(symbol.start)) is None:
            own = {called(each.name) for each in symbols} | {*adapter.symbols, *adapter.defined, *names}
            if not symbols_in(parse_math(symbol.start)) & (own - {name}):
                what = f"'{symbol.start}' is nothing that {symbol.name} may start as"
                meant = _STARTS.get(symbol.start.casefold().rstrip("_").removesuffix("s"))
                hint = "write 0, 1, a distribution, \\mathcal{N}(0, \\sigma^2), or what it is made of: U S"
                hint = hint if meant is None else f"write start: {meant}"
                yield (*path, "start"), what, hint
        yield from _agrees(symbol, name, path, adapter, model_.k is None)
    for applied in model_.functions:
        if applied.over is not None:
            given = {name: size for name, size in known.items() if name not in missing}
            yield from _indexed(applied, ("functions", applied.name), _valued(model_, applied, given))


# How others call the laws of a start.
_NORMAL = "'\\mathcal{N}(0, \\sigma^2)'"
_STARTS = {
    "zero": "0",
    "one": "1",
    "normal": _NORMAL,
    "gaussian": _NORMAL,
    "randn": _NORMAL,
    "random": _NORMAL,
}
_STARTS |= dict.fromkeys(("uniform", "kaiming", "kaiming_uniform", "xavier"), "'\\mathcal{U}(-a, a)'")


_BEGINS = {"zero": "as 0", "one": "as 1", "normal": "at random", "uniform": "at random"}


def _valued(model_: model.Model, symbol: _Named, known: Mapping[str, int]) -> Mapping[str, Any]:
    """What an index may run between: sizes, and what `let` makes of them where it needs that."""
    try:
        several = indices(str(symbol.over))
        ends = {name for over in several for end in (over.first, over.last) for name in symbols_in(end)}
        return known if ends <= known.keys() else table(model_).values()
    except LorafigError:  # which is told where it stands
        return known


def _labels(model_: model.Model) -> Iterator[str]:
    for symbol in model_.symbols:
        yield symbol.name
        yield from (size for size in symbol.shape if isinstance(size, str))
        if isinstance(symbol.start, str):
            yield symbol.start


def _reads(label: str) -> bool:
    try:
        parse_math(label)
    except LorafigError:
        return False
    return True


def _read(values: dict[str, Any], node: nodes.Mapping) -> model.Model | None:
    """The model, but for what could not be read; None if what is told here depends on that."""
    said = {field.attribute for field in kinds.fields(model.Model) if node.get(field.key) is not None}
    return None if said - values.keys() else model.Model(**values)


def _anywhere(symbol: model.Symbol) -> str:
    """The name of a symbol, with one sign for any index of a family: A_i and A_j have the same members."""
    if symbol.over is None:
        return called(symbol.name)
    node = parse_math(symbol.name)
    for over in indices(str(symbol.over)):
        node = at(node, over.letter, tree.Symbol("·"))
    return key(node) or called(symbol.name)


def _once(
    name: str, path: tuple[str | int, ...], taken: dict[str, str], free: Collection[str]
) -> Iterator[Finding]:
    """A name has one meaning; α is free where no scaling is made of it."""
    if name in RESERVED and name not in free:
        what, hint = f"{name} has a meaning already: {RESERVED[name]}", "call it by another letter"
        if "sizes" in path and name in ("d", "k", "r"):
            what = f"{name} is a size of the model itself, and not one of 'sizes'"
            hint = f"write it beside them: model: {{{name}: …, sizes: …}}"
        yield path, what, hint
    if name in taken:
        shown = called(str(path[-1]))
        yield path, f"{shown} is declared twice: as '{taken[name]}' too", "declare it once"
    taken.setdefault(name, str(path[-1]))


_INDICES = frozenset("ijlmnt")  # that nobody takes for part of a name
_LETTERS = (*"mnpqabcefghijlostuvwyz", "size")  # of sizes that a hint gives a name


def _shaped(
    symbol: model.Symbol, path: tuple[str | int, ...], known: Mapping[str, int], defined: set[str]
) -> Iterator[Finding]:
    if len(symbol.shape) > LONGEST_SHAPE:
        what = f"{symbol.name} has {len(symbol.shape)} sizes, and a matrix has two"
        yield (*path, "shape"), what, "a stack of matrices is a family: over: 'i = 1..N'"
    for place, size in enumerate(symbol.shape):
        if isinstance(size, int):
            continue
        name = key(parse_math(size))
        if name is None and not size.isdecimal():
            what = f"'{size}' in the shape of {symbol.name} is not a size"
            parts = re.split(r"\s*[×x]\s*", size.strip(" ()"))
            several = len(parts) > 1 and all(part in known for part in parts)
            letter = next(letter for letter in _LETTERS if letter not in known and letter not in defined)
            hint = f"give it a name: let: ['{letter} = {size}'], shape: [{letter}, …]"
            hint = f"write a list of its sizes: shape: [{', '.join(parts)}]" if several else hint
            yield (*path, "shape", place), what, hint
        elif name is not None and name not in known and name not in defined:
            what = f"there is no size '{size}', which {symbol.name} has in its shape"
            close = did_you_mean(name, known)
            hint = close or f"give it a value: sizes: {{{size}: 64}}"
            yield (*path, "shape", place), what, hint, UNKNOWN


def _indexed(symbol: _Named, path: tuple[str | int, ...], known: Mapping[str, Any]) -> Iterator[Finding]:
    several = indices(str(symbol.over))
    for over in several:
        yield from _ranged(symbol, over, (*path, "over"), known)
    beside = _side_by_side(parse_math(symbol.name), {over.letter for over in several})
    if beside is not None and any(_last(over, known) > 9 for over in several):
        apart = ",".join(beside)
        what = f"nothing stands between the indices in {symbol.name}: is 111 1 and 11, or 11 and 1?"
        yield path, what, f"write a comma between them: {symbol.name.partition('_')[0]}_{{{apart}}}"


def _ranged(
    symbol: _Named, over: Index, path: tuple[str | int, ...], known: Mapping[str, Any]
) -> Iterator[Finding]:
    """An index stands in the name, and its range has values."""
    name = parse_math(symbol.name)
    if all(key(part) != over.letter for part in walk(name)):
        what = f"{symbol.name} has no index {over.letter}"
        hint = f"write it with its index: {symbol.name}_{over.letter}"
        if isinstance(name, tree.Script) and name.sub is not None:
            below = symbol.name.partition("_")[2].strip("{}")
            if below in _INDICES and len(indices(str(symbol.over))) == 1:
                range_ = str(symbol.over).replace(over.letter, below, 1)
                yield path, what, f"its index is {below}: over: '{range_}'"
                return
            hint = f"write it with its index: {symbol.name.partition('_')[0]}_{{{below},{over.letter}}}"
        yield path, what, hint
    ends = []
    for end in (over.first, over.last):
        try:
            ends.append(evaluate(end, known))
        except LorafigError as error:
            yield path, error.problems[0].what, HINT
            return
    first, last = ends
    if first.denominator != 1 or last.denominator != 1 or first > last:
        yield path, f"{over.letter} runs from {first} to {last}: there is nothing between", HINT


def _last(over: Index, known: Mapping[str, Any]) -> Fraction:
    try:
        return evaluate(over.last, known)
    except LorafigError:  # which is told where it stands
        return Fraction(0)


def _side_by_side(name: tree.Node, letters: set[str]) -> list[str] | None:
    """The indices in A_{ij}, between which nothing stands."""
    below = name.sub if isinstance(name, tree.Script) else None
    if not isinstance(below, tree.Product) or set(below.ops) != {""}:
        return None
    found = [key(factor) or "" for factor in below.factors]
    return found if len(letters & set(found)) > 1 else None


def _agrees(
    symbol: model.Symbol, name: str, path: tuple[str | int, ...], adapter: Adapter, tied: bool
) -> Iterator[Finding]:
    """A symbol of the adapter keeps its shape, its start and its role."""
    if name in adapter.defined:
        yield (
            path,
            f"{name} is defined by {adapter.title}: {adapter.defined[name]}",
            "call it by another name",
        )
        return
    shape = adapter.symbols.get(name)
    if shape is None:
        return
    said = tuple(size if isinstance(size, int) else called(size) for size in symbol.shape)
    same = ["d" if tied and size == "k" else size for size in said] == [
        "d" if tied and size == "k" else size for size in shape
    ]
    if said and not same:
        written = " × ".join(map(str, said))
        what = f"{name} has two shapes: {written} here, and {' × '.join(shape)} in {adapter.title}"
        yield (*path, "shape"), what, "leave it out, or call it by another name"
    if symbol.bits is not None and adapter.bits is not None:
        due = adapter.bits[name not in adapter.frozen]
        if symbol.bits != due:
            what = f"{name} is kept in {symbol.bits} bits here, and in {due} in {adapter.title}"
            yield (*path, "bits"), what, "leave it out, or write adapter: lora, which has no formats"
    if symbol.start is not None:
        begins, due_ = begun(symbol.start), adapter.laws.get(name)
        drawn = {begins, due_} <= {"normal", "uniform"}
        if begins is None or not (begins == due_ or drawn):
            otherwise = _BEGINS.get(due_ or "", "otherwise")
            what = f"{name} starts as {symbol.start} here, and {otherwise} in {adapter.title}"
            yield (*path, "start"), what, "leave it out, or write adapter: none and declare every symbol"
    own = roles(adapter).get(name)
    close = own == "random" and symbol.role == "frozen"
    if symbol.role is not None and own is not None and symbol.role != own and not close:
        what = f"{name} is {symbol.role} here, and {own} in {adapter.title}"
        hint = f"{adapter.title} trains {listing(adapter.trainable, quote=False)}; call another one otherwise"
        yield (*path, "role"), what, hint
