"""Rows and columns that a label cuts out of a matrix: `A[:b]`, `B_{:, :b}`, `U_{[:, r+1:2r]}`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from lorafig.errors import LorafigError
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import ranges_of, walk
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.write.plain import to_plain

ONE = "1"
MOST_NAMES = 4  # of sizes that are added up to what stands before


class Cut(Struct, frozen=True):
    """So many rows or columns: `extent` is the name of a size, or a number. `after` are those before them,
    sizes that are added up, and `last` says that there are none behind them."""

    extent: str
    after: tuple[str, ...]
    last: bool


class NoCut(ValueError):  # noqa: N818  an answer, not a failure
    """What stands there says no rows or columns of the matrix. `known` says that it is wrong, and not that a
    size has no value."""

    def __init__(self, what: str, known: bool = True) -> None:
        super().__init__(what)
        self.known = known


def cut_of(node: tree.Node) -> tuple[tree.Node, tuple[tree.Node, ...]] | None:
    """The matrix that a label cuts, and what it says of its rows and columns; None if it cuts nothing."""
    match node:
        case tree.Apply(base, arguments, "[") if any(isinstance(part, tree.Range) for part in arguments):
            return base, arguments
        case tree.Script(base, sub, None, primes) if sub is not None and ranges_of(sub):
            return (tree.Script(base, None, None, primes) if primes else base), ranges_of(sub)
    return None


class Sizes(Struct, frozen=True):
    """The sizes of a figure with their values, None for any; `named` gives the size or the number that a name
    stands for."""

    values: Mapping[str, int | None]
    named: Callable[[str], str | Fraction | None]


def cuts(parts: Sequence[tree.Node], kind: tuple[str, str], sizes: Sizes) -> tuple[Cut | None, Cut | None]:
    """What is cut out of the rows and of the columns of a matrix of this shape; None for all of them. Raises
    NoCut."""
    vector = ONE in kind
    if len(parts) > (1 if vector else 2):
        many = f"{len(parts)} ranges"
        raise NoCut(f"{many} for a {'vector' if vector else 'matrix'}")
    along = [1] if vector and kind[0] == ONE else [0, 1]
    found: list[Cut | None] = [None, None]
    for axis, part in zip(along, parts, strict=False):
        if not isinstance(part, tree.Range):
            raise NoCut(f"{to_plain(part)} is an index beside a range")
        found[axis] = _cut(part, kind[axis], sizes)
    return found[0], found[1]


def _cut(part: tree.Range, whole: str, sizes: Sizes) -> Cut | None:
    if part.first is None and part.last is None:
        return None
    said = to_plain(part)
    every = Counter({whole: 1})
    first = Counter[str]() if part.first is None else _linear(part.first, sizes)
    last = every if part.last is None else _linear(part.last, sizes)
    if part.first is not None and _from_one(part.first):
        first = _less(first, Counter({ONE: 1}))
    start, stop, most = (_value(each, sizes) for each in (first, last, every))
    if start is not None and start < 0:
        first, start = _plus(first, every), None if most is None else start + most
    if stop is not None and stop < 0:
        last, stop = _plus(last, every), None if most is None else stop + most
    if start is not None and stop is not None and start >= stop:
        raise NoCut(f"{said} has nothing in it")
    if most is not None and ((stop is not None and stop > most) or (start is not None and start < 0)):
        number = f"{most:,}" if whole.isdecimal() else f"{whole} = {most:,}"
        raise NoCut(f"{said} is out of range: there are {number}")
    extent = _less(last, first)
    if extent == every:
        return None
    behind = last == every or (stop is not None and stop == most)
    return Cut(_named(extent, said, sizes), _added(first, said, sizes), behind)


def _from_one(first: tree.Node) -> bool:
    """Whether it counts from 1, as mathematics does: `1:b`, `r+1:2r`. Other ranges count from 0 and leave the
    last one out, as Python does: `:b`, `r:2r`, `r:`."""
    match bare(first):
        case tree.Number("1", ""):
            return True
        case tree.Sum(terms=(*_, tree.Number("1", "")), signs=(*_, "+")):
            return True
    return False


def _linear(node: tree.Node, sizes: Sizes) -> Counter[str]:
    """A bound as a sum of sizes, so many of each; `ONE` counts numbers."""
    plain = bare(node)
    name = key(plain)
    match plain:
        case _ if name is not None:
            own = sizes.named(name)
            if own is None:
                raise NoCut(f"{name} is not a size", known=False)
            return Counter({own: 1}) if isinstance(own, str) else _constant(own, node)
        case tree.Number(digits, "") if digits.isdecimal():
            return _constant(Fraction(int(digits)), node)
        case tree.Product((tree.Number(digits, ""), other), ("",)) if digits.isdecimal():
            return Counter({name: int(digits) * count for name, count in _linear(other, sizes).items()})
        case tree.Fenced(_, _, body):
            return _linear(body, sizes)
        case tree.Sum(several, signs):
            total = Counter[str]()
            for term, sign in zip(several, signs, strict=True):
                each = _linear(term, sizes)
                total = _less(total, each) if sign == "-" else _plus(total, each)
            return total
    known: dict[str, Fraction] = {}
    for part in walk(plain):
        own = None if (inner := key(part)) is None else sizes.named(inner)
        value = sizes.values.get(own) if isinstance(own, str) else own
        if inner is not None and value is not None:
            known[inner] = Fraction(value)
    try:
        return _constant(evaluate(plain, known, 1000), node)
    except LorafigError:
        raise NoCut(f"{to_plain(node)} has no value", known=False) from None


def _constant(value: Fraction, node: tree.Node) -> Counter[str]:
    if value.denominator != 1:
        raise NoCut(f"{to_plain(node)} is {value}, and no whole number")
    return Counter({ONE: int(value)}) if value else Counter()


def _plus(one: Counter[str], other: Counter[str]) -> Counter[str]:
    return _less(one, Counter({name: -count for name, count in other.items()}))


def _less(one: Counter[str], other: Counter[str]) -> Counter[str]:
    left = {name: one[name] - other[name] for name in sorted({*one, *other})}
    return Counter({name: count for name, count in left.items() if count != 0})


def _value(total: Counter[str], sizes: Sizes) -> int | None:
    values = {name: int(name) if name.isdecimal() else sizes.values.get(name) for name in total}
    if any(value is None for value in values.values()):
        return None
    return sum(count * (values[name] or 0) for name, count in total.items())


def _named(total: Counter[str], said: str, sizes: Sizes) -> str:
    """By its name where it is one size, else by that which has its value, else as a number."""
    match list(total.items()):
        case [(name, 1)] if name != ONE:
            return name
    value = _value(total, sizes)
    if value is None:
        raise NoCut(f"how many {said} are is not known", known=False)
    named = (name for name in reversed(list(sizes.values)) if sizes.values[name] == value)
    return str(value) if set(total) == {ONE} else next(named, str(value))


def _added(total: Counter[str], said: str, sizes: Sizes) -> tuple[str, ...]:
    whole = ONE not in total and all(count > 0 for count in total.values())
    if whole and sum(total.values()) <= MOST_NAMES:
        return tuple(name for name, count in total.items() for _ in range(count))
    return (_named(total, said, sizes),)
