"""What a figure says, worked out anew: NumPy arrays of exact integers and fractions, and nothing of
`lorafig.verify`.

Symbols are arrays of random integers at small dimensions that are all different (but where the figure
ties them), so that a statement is true if the arrays are equal, entry by entry. `judge` gives True or
False, and None for what this program has no opinion on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from hashlib import sha256
from itertools import product as product_of
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np

from lorafig.errors import LorafigError
from lorafig.language.load import load
from lorafig.language.model import (
    Apply,
    Arrow,
    Bar,
    Bottleneck,
    Brace,
    Edge,
    Equation,
    Equations,
    Figure,
    Panel,
    Scale,
    Skip,
    Split,
    Square,
    Sum,
    Trapezoid,
)
from lorafig.language.scope import scoped
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild
from lorafig.notation.find import locate
from lorafig.notation.read.parse import parse_math as parse
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.tex import to_tex
from lorafig.values import replace

parse_math = cache(parse)


class False_(Exception):  # noqa: N801, N818
    """What is said is not so, or says nothing."""


class NoOpinion(Exception):  # noqa: N818
    """This program does not know."""


@dataclass(frozen=True)
class Value:
    """An array, or a number (`array` is 0-dimensional). `stands` is 'free' for a vector that may lie down,
    'row' for what came of one that did; 'norms' for the norms of columns, 'ratio' for a vector over these,
    'unit' for a matrix over these."""

    array: Any
    stands: str = ""

    @property
    def scalar(self) -> bool:
        return np.ndim(self.array) == 0


SMALL = {"d": 5, "k": 7, "r": 3}
NAMES = {"W_0": "W", "alpha": "α", "scale": "s", "scaling": "s"}
DATA = ("data", "skip")  # kinds of edges
# Functions that every figure knows: by entries, or by columns.
KNOWN = {
    **dict.fromkeys(("ReLU", "GELU", "sigmoid", "tanh"), "entrywise"),
    **dict.fromkeys(("LN", "layer norm", "layernorm", "softmax"), "columns"),
}
FREE = ("free", "ratio", "norms")
SCALING: Mapping[str, Callable[[Fraction, int], Fraction] | None] = {
    "lora": lambda alpha, r: alpha / r,
    "qlora": lambda alpha, r: alpha / r,
    "dora": lambda alpha, r: alpha / r,
    "rslora": lambda alpha, r: alpha / root(Fraction(r)),
    "vera": None,
    "lora-fa": lambda alpha, r: alpha / r,
    "lora-xs": lambda alpha, r: alpha / r,
    "adalora": lambda alpha, r: alpha / r,
    "loha": lambda alpha, r: alpha / r,
    "pissa": lambda alpha, r: alpha / r,
}
LAWS: Mapping[str, Mapping[str, str]] = {
    "lora": {"A": "normal", "B": "zero"},
    "qlora": {"A": "normal", "B": "zero"},
    "rslora": {"A": "normal", "B": "zero"},
    "dora": {"A": "uniform", "B": "zero", "m": "norms"},
    "lora-fa": {"A": "normal", "B": "zero"},
    "lora-xs": {"A": "singular", "B": "singular", "R": "normal"},
    "adalora": {"P": "normal", "Q": "normal", "λ": "zero"},
    "loha": {"A_1": "normal", "B_1": "normal", "A_2": "zero", "B_2": "normal"},
    "pissa": {"A": "singular", "B": "singular"},
    "vera": {"A": "uniform", "B": "uniform", "λ_d": "constant", "λ_b": "zero"},
}


def root(value: Fraction) -> Fraction:
    """To within 2^-256; exact for squares. The same number has the same root, and so do equal sides."""
    if value < 0:
        raise NoOpinion("the root of a negative number")
    scaled = value.numerator * value.denominator << 512
    return Fraction(isqrt(scaled), value.denominator << 256)


def column_norms(matrix: Any) -> Any:
    return np.array(
        [[root(Fraction(sum(entry**2 for entry in column)))] for column in matrix.T], dtype=object
    )


@dataclass
class World:
    """What every symbol of one figure is. `true` are the dimensions as the figure gives them."""

    true: dict[str, int]
    small: dict[str, int]
    laws: Mapping[str, str]
    values: dict[str, Value]
    down: bool
    kilo: int
    functions: Mapping[str, str] = field(default_factory=dict)  # what the figure says of each
    drawn: frozenset[str] = frozenset()  # the author's own symbols that no other one makes
    indices: Mapping[str, int] = field(default_factory=dict)  # of families, with how many there are
    start: World | None = None
    claims: list[bool] = field(default_factory=list)

    def get(self, name: str) -> Value:
        name = name if name in self.values else NAMES.get(name, name)
        if name in self.values:
            return self.values[name]
        whole, _, index = name.rpartition("_")
        if index in self.small and f"{whole}_{self.small[index]}" in self.values:
            return self.values[f"{whole}_{self.small[index]}"]
        if whole in self.values and not self.values[whole].scalar and 1 in self.values[whole].array.shape:
            entries = self.values[whole].array.ravel()
            index = str(self.small[index]) if index in self.small else index
            if index.isdecimal() and 1 <= int(index) <= len(entries):
                return Value(entries[int(index) - 1])
            raise NoOpinion("any entry")
        if name in self.true:
            return Value(Fraction(self.true[name]))
        raise False_(f"{name} is nothing")


def world(figure: Figure, zero: bool = False) -> World:
    model = figure.model
    if model.adapter == "none":
        return _with_lets(_own_world(figure, zero), figure, zero)
    if model.adapter not in SCALING:
        raise NoOpinion(model.adapter)
    generator = np.random.default_rng(7)
    tied = model.k is None
    true = {"d": model.d, "k": model.d if model.k is None else model.k, "r": model.r}
    small = {**SMALL, "k": SMALL["d"]} if tied else dict(SMALL)

    def draw(*names: str) -> Any:
        shape = tuple(small[name] for name in names)
        return np.array(generator.integers(-50, 51, shape).tolist(), dtype=object)

    x, W, A, B = draw("k"), draw("d", "k"), draw("r", "k"), draw("d", "r")
    starts = [name for name, law in LAWS[model.adapter].items() if law == "zero"]
    if zero and "B" in starts:
        B = B * 0
    values = {"x": Value(x[:, None], "free"), "W": Value(W), "A": Value(A), "B": Value(B)}
    s = Fraction(1)
    scaling = SCALING[model.adapter]
    if model.alpha is not None:
        alpha = Fraction(repr(model.alpha))
        values |= {"α": Value(alpha)}
        if scaling is not None:
            s = scaling(alpha, model.r)
            values |= {"s": Value(s)}
    elif model.adapter == "rslora":
        raise NoOpinion("a scaling without a value")
    delta = s * B.dot(A)
    merged = W + delta
    if model.adapter == "dora":
        m = column_norms(W) if zero else draw("k")[:, None]
        values |= {"m": Value(m, "free"), "ΔV": Value(delta)}
        merged = (W + delta) * (m / column_norms(W + delta)).T
    elif model.adapter == "vera":
        b, c = draw("d") * (0 if zero else 1), draw("r")
        Λ_b, Λ_d = np.diag(b), np.diag(c)
        values |= {"λ_b": Value(b[:, None], "free"), "λ_d": Value(c[:, None], "free")}
        values |= {"Λ_b": Value(Λ_b), "Λ_d": Value(Λ_d)}
        delta = Λ_b.dot(B).dot(Λ_d).dot(A)
        merged = W + delta
    elif model.adapter == "adalora":
        P, c, Q = draw("d", "r"), draw("r") * (0 if zero else 1), draw("r", "k")
        delta = s * P.dot(np.diag(c)).dot(Q)
        values = {name: one for name, one in values.items() if name not in "AB"}
        values |= {"P": Value(P), "Q": Value(Q), "λ": Value(c[:, None], "free"), "Λ": Value(np.diag(c))}
        merged = W + delta
    elif model.adapter == "loha":
        first, second = draw("d", "r"), draw("r", "k") * (0 if zero else 1)
        delta = s * B.dot(A) * first.dot(second)
        values = {name: one for name, one in values.items() if name not in "AB"}
        values |= {"B_1": Value(B), "A_1": Value(A), "B_2": Value(first), "A_2": Value(second)}
        merged = W + delta
    elif model.adapter == "pissa":
        values = {name: one for name, one in values.items() if name != "W"} | {"W_res": Value(W)}
    elif model.adapter == "lora-xs":
        R = draw("r", "r")
        values |= {"R": Value(R)}
        delta = s * B.dot(R).dot(A)
        merged = W + delta
    if model.adapter != "dora":
        values |= {"ΔW": Value(delta)}
    values |= {"h": Value(merged.dot(x)[:, None], "free"), "W'": Value(merged)}
    down = figure.numbers.rounding == "down"
    made = World(true, small, LAWS[model.adapter], values, down, figure.numbers.kilo)
    return _with_lets(made, figure, zero)


def _own_world(figure: Figure, zero: bool) -> World:
    """The world of symbols that the author declares, but for families."""
    model, generator = figure.model, np.random.default_rng(7)
    given = {"d": model.d, "k": model.d if model.k is None else model.k, "r": model.r}
    true = {name: size for name, size in given.items() if size is not None}
    small = {name: SMALL[name] for name in true} | (
        {"k": SMALL["d"]} if model.k is None and "d" in true else {}
    )
    free = iter((4, 6, 8, 9, 10, 11, 12))
    for size in model.sizes:
        name = key(parse_math(str(size.name)))
        true[name], small[name] = size.value, next(free, 0)
        if small[name] == 0:
            raise NoOpinion("many sizes")
    defined = {key(node.sides[0]) for node in map(parse_math, model.let) if isinstance(node, tree.Relation)}
    values: dict[str, Value] = {}
    laws: dict[str, str] = {}
    for symbol in members(model, small):
        name = key(parse_math(str(symbol.name)))
        if isinstance(symbol.start, str):
            raise NoOpinion("a start that is made of others")
        shape = [small.get(key(parse_math(str(size)))) for size in symbol.shape]
        if None in shape:
            raise NoOpinion("a size that is made of others")
        if name in defined:
            continue
        drawn = np.array(generator.integers(-50, 51, tuple(shape)).tolist(), dtype=object)
        if symbol.start is not None:
            laws[name] = {0: "zero", 1: "one"}[symbol.start]
            drawn = drawn * 0 + symbol.start if zero else drawn
        if not shape:
            plain = symbol.start is None and abs(int(drawn)) < 2  # 1 could be left out
            values[name] = Value(Fraction(int(drawn) + 7 * plain))
        else:
            values[name] = Value(drawn[:, None], "free") if len(shape) == 1 else Value(drawn)
    functions = {str(key(parse_math(str(own.name)))): str(own.means) for own in model.functions}
    down = figure.numbers.rounding == "down"
    kilo = figure.numbers.kilo
    indices = dict(ranges(model, small))
    return World(true, small, laws, values, down, kilo, functions, frozenset(values), indices)


def members(model: Any, small: Mapping[str, int]) -> Iterator[Any]:
    """The symbols of a model one by one: of a family each of its members, and any of them."""
    for symbol in model.symbols:
        if symbol.over is None:
            yield symbol
            continue
        letter, last = index_of(str(symbol.over), small)
        for index in (letter, *map(str, range(1, last + 1))):
            name = to_tex(put_in(parse_math(str(symbol.name)), letter, index))
            yield replace(symbol, name=name, over=None)


def index_of(over: str, small: Mapping[str, int]) -> tuple[str, int]:
    """An index, and the last number that it is."""
    found = re.fullmatch(r"\s*(\w)\s*=\s*1\s*\.\.\s*(\w+)\s*", over)
    if found is None or (not found[2].isdecimal() and found[2] not in small):
        raise NoOpinion("another range")
    return found[1], int(found[2]) if found[2].isdecimal() else small[found[2]]


def ranges(model: Any, small: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for symbol in model.symbols:
        if symbol.over is not None:
            yield index_of(str(symbol.over), small)


def put_in(node: Any, letter: str, index: str) -> Any:
    """The node with an index in the place of the letter."""
    if key(node) == letter:
        return tree.Number(index) if index.isdecimal() else tree.Symbol(index)
    return rebuild(node, lambda part: put_in(part, letter, index))


def _with_lets(made: World, figure: Figure, zero: bool) -> World:
    """The world with what `let` defines, and with its start."""
    values, true = made.values, made.true
    for source in figure.model.let:
        node = parse_math(source)
        if not isinstance(node, tree.Relation) or node.ops[0] not in "=≡≔":
            raise NoOpinion(source)
        name = key(node.sides[0])
        given = {*values, *true} - {"ΔW", "W'"}  # which `let` may define otherwise
        if name is not None and name not in given and (several := any_of(name, made)):
            letter, last = several
            for index in (letter, *map(str, range(1, last + 1))):
                left, right = (put_in(side, letter, index) for side in node.sides[:2])
                found = value(right, made)
                made.values[str(key(left))] = Value(found.array, "free" if 1 in found.array.shape else "")
            continue
        if name is None or name in given:
            made.claims.append(relation(node, made))
            continue
        found = value(node.sides[1], made)
        if found.stands == "row":
            found = Value(found.array.T, "free")
        elif not found.scalar and found.array.shape[1] == 1:
            found = Value(found.array, "free")
        made.values[name] = found
        if len(node.sides) > 2:
            made.claims.append(relation(tree.Relation(node.sides[1:], node.ops[1:]), made))
    if not zero:
        made.start = world(figure, True)
    return made


def any_of(name: str, at: World) -> tuple[str, int] | None:
    """The index that a symbol has in its name, and how many there are; None if it has none."""
    return next(((letter, last) for letter, last in at.indices.items() if name.endswith(f"_{letter}")), None)


# Expressions ---------------------------------------------------------------------------------


def value(node: Any, at: World) -> Value:
    name = key(node)
    if name is not None:
        return at.get(name)
    match node:
        case tree.Number():
            return Value(number(node, at.kilo))
        case tree.Styled(body=body) | tree.Braced(body=body) | tree.Computed(body=body):
            return value(body, at)
        case tree.Fenced("(" | "[" | "{", _, body):
            return value(body, at)
        case tree.Sum(terms, signs):
            if "±" in signs:
                raise NoOpinion("±")
            found = lay([value(term, at) for term in terms])
            total = found[0].array * (-1 if signs[0] == "-" else 1)
            for sign, one in zip(signs[1:], found[1:], strict=True):
                total = total - one.array if sign == "-" else total + one.array
            stands = "row" if any(one.stands == "row" for one in found) else ""
            if all(one.stands == "free" for one in found):
                stands = "free"
            return Value(total, stands)
        case tree.Product(factors, ops):
            node = called_in(node, at)
            if not isinstance(node, tree.Product):
                return value(node, at)
            factors, ops = node.factors, node.ops
            kept = [i for i, one in enumerate(factors) if not isinstance(one, tree.Words)]
            # What stands side by side belongs together before it is multiplied by entries.
            groups: list[Value] = []
            for i in kept:
                one = value(factors[i], at)
                if groups and ops[i - 1] != "⊙":
                    groups[-1] = product(groups[-1], ops[i - 1], one)
                else:
                    groups.append(one)
            result = groups[0]
            for one in groups[1:]:
                result = product(result, "⊙", one)
            return result
        case tree.Big("∑", body, tree.Relation((letter, tree.Number("1", "")), ("=",)), upper):
            if key(letter) is None or any(isinstance(part, tree.Big) for part in within(body)):
                raise NoOpinion("a sum in a sum, or over no letter")
            last = key(upper) or ""
            if isinstance(upper, tree.Script) and last == "":
                raise NoOpinion("a sum up to a power, or what lies down")
            if last not in at.small and not isinstance(upper, tree.Number):
                raise False_("a sum up to what is not a size")
            many = at.small[last] if last in at.small else number(upper, at.kilo)
            if at.indices and last in at.small and many not in at.indices.values():
                raise NoOpinion("a sum over another size")
            if many.denominator != 1 or not 1 <= many <= 64:
                raise NoOpinion("a sum of many")
            summed = (put_in(body, str(key(letter)), str(i)) for i in range(1, int(many) + 1))
            return value(tree.Sum(tuple(summed), ("", *("+" * (int(many) - 1)))), at)
        case tree.Big("∑", body, letter, None) if (name := key(letter)) in at.indices:
            summed = (put_in(body, str(name), str(i)) for i in range(1, at.indices[str(name)] + 1))
            return value(tree.Sum(tuple(summed), ("", *("+" * (at.indices[str(name)] - 1)))), at)
        case tree.Root(body, None):
            inner = value(body, at)
            if not inner.scalar:
                raise False_("the root of no number")
            return Value(root(Fraction(inner.array)))
        case tree.Fenced("‖", _, body) | tree.Script(tree.Fenced("‖", _, body), sub=None, sup=None):
            inner = value(body, at)
            return Value(root(Fraction(np.sum(inner.array * inner.array))))
        case tree.Script(tree.Fenced("‖", _, body), sub, None, 0) if key(sub) == "c":
            inner = value(body, at)
            if inner.scalar or inner.stands in FREE:
                raise NoOpinion("the columns of a vector")
            return Value(column_norms(inner.array), "norms")
        case tree.Script(tree.Fenced("‖"), sub, None, 0) if key(sub) not in ("F", "2", "*", "1", "∞"):
            raise False_("no norm is called so")
        case tree.Fraction(above, below):
            return product(value(above, at), "/", value(below, at))
        case tree.Script(base, sub, sup, primes) if sup is not None:
            inner = value(tree.Script(base, sub, None, primes) if sub or primes else base, at)
            if key(sup) in ("⊤", "T", "⊺"):
                if inner.scalar:
                    return inner
                return Value(inner.array.T, "")
            power = value(sup, at)
            if not power.scalar or power.array.denominator != 1 or not 1 <= power.array <= 12:
                raise NoOpinion("a power")
            result = inner
            for _ in range(int(power.array) - 1):
                result = product(result, "", inner)
            return result
        case tree.Apply(function, arguments):
            called = key(function)
            if called == "diag" and len(arguments) == 1:
                inner = value(arguments[0], at)
                if inner.scalar or inner.array.shape[1] != 1:
                    raise False_("diag of no vector")
                return Value(np.diag(inner.array[:, 0]))
            if called in ("min", "max"):
                numbers = [value(one, at) for one in arguments]
                if not all(one.scalar for one in numbers):
                    raise False_("of numbers only")
                return Value((min if called == "min" else max)(one.array for one in numbers))
            if called in at.functions or called in KNOWN:
                return applied(str(called), [value(one, at) for one in arguments], at)
            if called is not None and len(called) == 1 and len(arguments) == 1:
                return product(value(function, at), "", value(arguments[0], at))
    raise NoOpinion(str(node))


def called_in(node: tree.Product, at: World) -> Any:
    """The product with functions applied to what stands in brackets behind them: γ(Wx)."""
    for i, op in enumerate(node.ops):
        one, two = node.factors[i : i + 2]
        if op == "" and isinstance(two, tree.Fenced) and key(one) in {*KNOWN, *at.functions}:
            given = two.body.items if isinstance(two.body, tree.Listing) else (two.body,)
            factors = (*node.factors[:i], tree.Apply(one, given), *node.factors[i + 2 :])
            ops, spaces = (*node.ops[:i], *node.ops[i + 1 :]), (*node.spaces[:i], *node.spaces[i + 1 :])
            return called_in(tree.Product(factors, ops, spaces), at) if ops else factors[0]
    return node


def applied(name: str, given: list[Value], at: World) -> Value:
    """What an unknown but fixed function gives: numbers that nothing but its arguments decides, entry by
    entry or column by column. What is so for every function is so for this one."""
    means = at.functions.get(name, KNOWN.get(name, ""))
    name = "LN" if name.startswith("layer") else name
    if name in KNOWN and len(given) != 1:
        raise False_("a function of one")
    if "\\mapsto" in means:
        letter, _, formula = means.partition("\\mapsto")
        if len(given) != 1 or key(parse_math(letter.strip())) is None:
            raise NoOpinion("a formula of several")
        inside = replace_values(at, {str(key(parse_math(letter.strip()))): given[0]})
        return value(parse_math(formula.strip()), inside)
    if means == "columns":
        return applied_by_columns(name, [len(one.array) for one in given], given, len(given[0].array))
    if any(one.scalar for one in given):
        raise NoOpinion("a function of numbers")
    if means == "entrywise":
        if len(given) != 1:
            raise False_("a function of one")
        return Value(np.vectorize(lambda entry: drawn_by(name, entry), otypes=[object])(given[0].array), "")
    takes, _, gives = means.partition("->")
    sizes = [side.strip() for side in takes.split(",")]
    if not gives or "×" in means or len(sizes) != len(given):
        raise NoOpinion("another function")
    lengths = [at.small[size] for size in sizes]
    return applied_by_columns(name, lengths, given, at.small[gives.strip()])


def replace_values(at: World, letters: Mapping[str, Value]) -> World:
    return World(**{**vars(at), "values": {**at.values, **letters}})


def applied_by_columns(name: str, lengths: list[int], given: list[Value], length: int) -> Value:
    if [one.array.shape[0] for one in given] != lengths or len({one.array.shape[1] for one in given}) > 1:
        raise False_("a function of other shapes")
    columns = []
    for column in zip(*(one.array.T for one in given), strict=True):
        seed = [entry for part in column for entry in part]
        columns.append([drawn_by(name, i, *seed) for i in range(length)])
    return Value(np.array(columns, dtype=object).T, "")


def drawn_by(*seed: Any) -> int:
    told = "|".join(str(Fraction(one) if not isinstance(one, str) else one) for one in seed)
    return int.from_bytes(sha256(told.encode()).digest()[:2], "big") - 32768


def number(node: tree.Number, kilo: int) -> Fraction:
    units = {"": 1, "×": 1, "K": kilo, "M": kilo**2, "B": kilo**3, "T": kilo**4, "%": Fraction(1, 100)}
    return Fraction(node.digits.replace(",", "").replace(" ", "")) * units[node.unit]


def product(one: Value, op: str, two: Value) -> Value:
    if op == "/" and two.stands == "norms" and not one.scalar:
        if one.stands == "free" and one.array.shape == two.array.shape:
            return Value(one.array / two.array, "ratio")
        if one.array.shape[1] != len(two.array):
            raise False_("not a norm for each column")
        return Value(one.array / two.array.T, "unit")
    if op == "/":
        if not two.scalar or two.array == 0:
            raise False_("divided by no number")
        return Value(one.array * (1 / Fraction(two.array)), one.stands)
    if op == "⊙" and not (one.scalar or two.scalar):
        for vector, matrix in ((one, two), (two, one)):
            if vector.stands in FREE and matrix.stands not in (*FREE, "row") and matrix.array.shape[1] > 1:
                if len(vector.array) != matrix.array.shape[1]:
                    raise False_("not a factor for each column")
                return Value(matrix.array * vector.array.T)
    if op == "⊙":
        if one.scalar or two.scalar or one.array.shape != two.array.shape:
            raise False_("⊙")
        return Value(one.array * two.array)
    if op not in ("", "·", "×", "*"):
        raise NoOpinion(op)
    if one.scalar or two.scalar:
        return Value(one.array * two.array, one.stands or two.stands)
    by_columns = two.stands == "unit" or one.stands == "ratio"
    if by_columns and one.stands in FREE and two.array.shape[1] == len(one.array) > 1:
        return Value(two.array * one.array.T)
    left, right = one.array, two.array
    if (
        one.stands in FREE
        and two.stands in ("", "unit")
        and left.shape[0] == right.shape[0]
        and right.shape[1] > 1
    ):
        return Value(left.T.dot(right), "row")
    if left.shape[1] != right.shape[0]:
        raise False_("inner dimensions")
    return Value(left.dot(right), "row" if one.stands == "row" and right.shape[1] > 1 else "")


def lay(found: list[Value]) -> list[Value]:
    """Values of one shape, free vectors laid down beside rows."""
    if any(one.stands == "row" for one in found):
        found = [Value(one.array.T, "row") if one.stands in FREE else one for one in found]
    if len({np.shape(one.array) for one in found}) > 1:
        raise False_("shapes")
    return found


# Statements ----------------------------------------------------------------------------------


def statement(node: Any, at: World, subject: str | None = None) -> bool:
    match node:
        case tree.Listing(items):
            return all(statement(item, at, subject) for item in items)
        case tree.Relation():
            return relation(node, at)
        case tree.Shape() if subject is not None:
            return shaped(at.get(subject), list(node.sizes), at)
        case tree.Words():
            return True
        case tree.Symbol(name) if len(name) > 2 and name.islower():
            return True
        case tree.Product(factors) if any(isinstance(one, tree.Words) for one in factors):
            return in_words(node, at)
        case tree.Number():
            raise False_("a number that nothing names")
        case tree.Shape(sizes):
            return all(size_of(one, at) is not None for one in sizes)
        case _:
            value(node, at)
            return all(
                relation(tree.Relation((one.body, one.label), ("=",)), at)
                for one in (node,)
                if isinstance(one, tree.Braced) and one.label is not None
            )


def relation(node: tree.Relation, at: World) -> bool:
    found = [pair(node, i, at) for i in range(len(node.ops))]
    return all(found)


def pair(node: tree.Relation, i: int, at: World) -> bool:
    left, op, right = node.sides[i], node.ops[i], node.sides[i + 1]
    law = called(right)
    if op == "≈" and law is not None:
        raise NoOpinion("almost a law")
    if op == "~" or law is not None:
        return drawn(left, op, right, at)
    if called(left) is not None:
        raise NoOpinion("a law on the left")
    if op in "=∈" and (isinstance(right, tree.Shape) or crossed(right)):
        raise NoOpinion("A = r × k")
    if op == "∈":
        body = right.base if isinstance(right, tree.Script) else right
        space = isinstance(right, tree.Script) and key(body) == "R" and right.sup is not None
        if not space or right.sub is not None or right.primes != 0:
            raise False_("no space")
        sup = right.sup
        sizes = [sup]
        if isinstance(sup, tree.Product) and "×" in sup.ops:
            if set(sup.ops) != {"×"}:
                raise NoOpinion("a product in a shape")
            sizes = list(sup.factors)
        elif isinstance(sup, tree.Shape):
            sizes = list(sup.sizes)
        return shaped(value(left, at), sizes, at)
    if op == ":" and i > 0:
        raise NoOpinion("a colon")
    if op == ":":
        if isinstance(right, tree.Shape) and not (value(left, at).scalar and len(right.sizes) == 1):
            return shaped(value(left, at), list(right.sizes), at)
        if not value(left, at).scalar:
            raise NoOpinion("a colon")
        op, right = "=", right.sizes[0] if isinstance(right, tree.Shape) else right
    numeral = as_number(right)
    if op in "=≡≔≈" and numeral is not None and numeral.digits.strip("0.") == "" and numeral.unit == "":
        return zero(left, at)
    if op in "=≡≔≈" and (numeral is not None or as_number(left) is not None):
        if numeral is None:
            left, right, numeral = right, left, as_number(left)
        assert numeral is not None
        if as_number(left) is not None:
            left = next((side for side in node.sides if as_number(side) is None), left)
        found = value(left, at)
        if not found.scalar:
            raise False_("a matrix is not a number")
        return reads(found.array, numeral, at, op)
    one, two = lay([value(left, at), value(right, at)])
    if op in "=≡≔":
        return bool(np.all(one.array == two.array))
    if op == "≠":
        return not bool(np.all(one.array == two.array))
    if op in "<>≤≥≪≫":
        if not one.scalar:
            raise False_("an order of matrices")
        a, b = one.array, two.array
        much = {"≪": 8 * a <= b, "≫": a >= 8 * b}
        return bool({"<": a < b, ">": a > b, "≤": a <= b, "≥": a >= b, **much}[op])
    if op == "≈" and not one.scalar:
        return bool(np.all(one.array == two.array))
    raise NoOpinion(op)


def crossed(node: Any) -> bool:
    return isinstance(node, tree.Product) and set(node.ops) == {"×"}


def called(node: Any) -> str | None:
    plain = bare(node)
    if isinstance(plain, tree.Apply) and key(plain.function) in ("N", "U"):
        return key(plain.function)
    return None


def drawn(left: Any, op: str, right: Any, at: World) -> bool:
    if op not in "~=≡≔≈:":
        raise False_("no relation to a law")
    name = key(left)
    plain = bare(right)
    if called(plain) != "N" or name is None:
        raise False_("not drawn so")
    at.get(name)
    if at.laws.get(NAMES.get(name, name)) != "normal" or len(plain.arguments) != 2:
        return False
    mean, variance = plain.arguments
    if as_number(mean) is None or number(mean, 1000) != 0:
        return False
    if isinstance(variance, tree.Script) and key(variance.base) == "σ":
        if variance.sub is not None or variance.primes != 0:
            raise NoOpinion("σ_A and σ' are the author's names")
        return variance.sup == tree.Number("2")
    if key(variance) == "σ" or as_number(variance) is not None:
        raise NoOpinion("σ may be either, and a number the author's choice")
    found = value(variance, at)
    if found.scalar and found.array > 0:
        raise NoOpinion("so is a number that is computed")
    return False


def zero(left: Any, at: World) -> bool:
    now = value(left, at)
    if now.scalar:
        return bool(now.array == 0)
    if not np.any(now.array):
        return True
    assert at.start is not None
    return not np.any(value(left, at.start).array)


def shaped(found: Value, sizes: list[Any], at: World) -> bool:
    if found.scalar:
        return False
    shape = list(found.array.shape)
    if found.stands in ("free", "row") or shape[1] == 1:
        shape = [max(shape)] if 1 in shape and len(sizes) == 1 else shape
    if len(shape) != len(sizes):
        return False
    return all(fits(length, size, at) for length, size in zip(shape, sizes, strict=True))


def fits(length: int, size: Any, at: World) -> bool:
    said = size_of(size, at)
    if isinstance(said, str):
        return at.small[said] == length
    names = [name for name, small in at.small.items() if small == length]
    return bool(names) and at.true[names[0]] == said


def size_of(size: Any, at: World) -> str | int | None:
    """The dimension, by its name, or the number; None for anything else."""
    name = key(size)
    if name is not None:
        if name in at.small:
            return name
        at.get(name)
        return None
    numeral = as_number(size)
    return int(number(numeral, at.kilo)) if numeral is not None else None


def as_number(node: Any) -> tree.Number | None:
    if isinstance(node, tree.Number):
        return node
    if not isinstance(node, tree.Product) or not isinstance(node.factors[0], tree.Number):
        return None
    return node.factors[0] if all(isinstance(one, tree.Words) for one in node.factors[1:]) else None


def reads(exact: Fraction, shown: tree.Number, at: World, op: str) -> bool:
    unit = number(tree.Number("1", shown.unit), at.kilo)
    places = len(shown.digits.partition(".")[2])
    step = Fraction(1, 10**places)
    if op == "≈" and places == 0:
        digits = shown.digits.replace(",", "").replace(" ", "")
        step = Fraction(10 ** (len(digits) - len(digits.rstrip("0"))))
    said = number(tree.Number(shown.digits), at.kilo)
    behind = exact / unit - said
    if at.down:
        return 0 <= behind < step
    return -step / 2 <= behind <= step / 2


def in_words(node: Any, at: World) -> bool:
    numeral = as_number(node)
    words = " ".join(one.text for one in node.factors if isinstance(one, tree.Words))
    if numeral is None:
        if any(isinstance(one, tree.Number) for one in within(node)):
            raise NoOpinion("words and several numbers")
        value(node, at)
        return True
    d, k, r = (at.true[name] for name in "dkr")
    trained = Fraction(r * (d + k), d * k)
    if numeral.unit == "×" and "fewer" in words:
        return reads(1 / trained, numeral, at, "=")
    if numeral.unit == "%" and "fewer" in words:
        return reads(1 - trained, numeral, at, "=")
    if numeral.unit == "%" and "of the parameters" in words:
        if not reads(trained, numeral, at, "=") and reads(trained / (1 + trained), numeral, at, "="):
            raise NoOpinion("of the weight's or of all")
        return reads(trained, numeral, at, "=")
    raise False_("a number that nothing names")


# Labels and the drawing ----------------------------------------------------------------------


def _known(figure: Figure) -> None:
    """What this can follow: one model, that of an adapter."""
    own = figure.model
    if own.given or own.network:
        raise NoOpinion("what is given, or a network")
    if own.r is not None and own.r >= (own.d or 0) and "projection" in str(figure.about.shows):
        raise NoOpinion("words about a rank")
    if own.adapter != "none" and (own.sizes or own.symbols):
        raise NoOpinion("symbols of a figure's own")
    for entry in figure.row:
        own_ = entry.model if isinstance(entry, Panel) else None
        if own_ is not None and (own_.sizes or own_.symbols or own_.given):
            raise NoOpinion("symbols of a panel's own")


def _spoken_of(entry: Equations, figure: Figure, worlds: Mapping[int, World]) -> list[World]:
    """The worlds of the panels that equations speak of: all of them, or those that they name."""
    if not entry.of:
        return [*worlds.values()]
    named = {str(panel_.name): worlds[number] for number, panel_ in enumerate(figure.row) if number in worlds}
    if not set(map(str, entry.of)) <= named.keys():
        raise False_("there is no such panel")
    return [named[str(name)] for name in entry.of]


def judge(figure: Figure) -> bool | None:
    """Whether all that a figure says is so; None where this has no opinion."""
    try:
        _known(figure)
        made = world(figure)
        worlds = {
            number: made if entry.model is None else world(scoped(figure, entry))
            for number, entry in enumerate(figure.row)
            if isinstance(entry, Panel)
        }
        found = [
            claim
            for one in {id(one): one for one in (made, *worlds.values())}.values()
            for claim in one.claims
        ]
        if figure.flow is not None or figure.card is not None:
            from tests.verify import oracle_flow

            found += oracle_flow.claims(figure, made)
        for text in (figure.title, figure.about.shows, figure.caption):
            found += texts(text, made)
        if figure.stack:
            found += panel(Panel(figure.stack), made)
        for number, entry in enumerate(figure.row):
            if isinstance(entry, Panel):
                found += texts(entry.panel, worlds[number])
                if entry.flow is not None:
                    from tests.verify import oracle_flow

                    own = written(str(figure.id))
                    before = own and getattr(own.row[number], "flow", None)
                    if all(others(entry.flow, by) != others(before, by) for by in ("name", "label")):
                        raise NoOpinion("what is led along an edge that carries no data")
                    carried = tuple(edge for edge in entry.flow.edges if carries(edge))
                    drawn = replace(entry.flow, edges=carried)
                    alone = replace(scoped(figure, entry), row=(), flow=drawn, card=None)
                    found += oracle_flow.claims(alone, worlds[number])
                elif entry.product:
                    from tests.verify import oracle_product

                    found += oracle_product.claims(entry, worlds[number])
                else:
                    found += panel(entry, worlds[number])
            elif isinstance(entry, Equations):
                for there in _spoken_of(entry, figure, worlds) or [made]:
                    for equation in entry.equations:
                        found += equations(equation, there)
            else:
                raise NoOpinion(type(entry).__name__)
        return all(found)
    except False_:
        return False
    except (NoOpinion, LorafigError):
        return None


@cache
def written(name: str) -> Figure | None:
    """The figure of the gallery that a changed one is made of."""
    file = Path(__file__).parents[2] / "figures" / f"{name}.yaml"
    return load(file) if file.exists() else None


def carries(edge: Any) -> bool:
    return not isinstance(edge, Edge) or edge.kind in DATA


def others(flow: Any, by: str) -> list[Any]:
    """The edges that carry no data, of which this program knows that they were right before a change: with
    the names of their ends, or what stands on these."""
    found = []
    ends = {} if flow is None else {str(node.name): str(getattr(node, by)) for node in flow.nodes}
    for edge in () if flow is None else flow.edges:
        if not carries(edge):
            parts = re.split(r"\s*(<->|->|--)\s*", str(edge.edge).strip())
            lists = [[ends.get(name.strip(), name) for name in part.split(",")] for part in parts[::2]]
            for place, stroke in enumerate(parts[1::2]):
                pairs = product_of(lists[place], lists[place + 1])
                found += [(edge.kind, edge.math, edge.text, tail, stroke, head) for tail, head in pairs]
    return sorted(found, key=str)


def texts(text: str | None, at: World, subject: str | None = None) -> list[bool]:
    if text is None:
        return []
    return [statement(run.math, at, subject) for run in parse_text(text) if run.math is not None]


def equations(equation: str | Equation, at: World) -> list[bool]:
    if isinstance(equation, str):
        return [statement(parse_math(equation), at)]
    whole = parse_math(equation.math)
    found = [statement(whole, at)]
    for brace in equation.brace if isinstance(equation.brace, tuple) else (equation.brace,):
        if brace is None:
            continue
        for spanned in (brace.under, brace.over):
            if spanned is not None:
                part = parse_math(spanned)
                found.append(locate(whole, part) is not None)
                found.append(named(part, parse_math(brace.label), at))
    return found


def named(part: Any, label: Any, at: World) -> bool:
    if isinstance(label, tree.Shape):
        return shaped(value(part, at), list(label.sizes), at)
    if isinstance(label, tree.Words) or (isinstance(label, tree.Symbol) and len(label.name) > 2):
        return True
    if isinstance(label, tree.Relation):
        return named(part, label.sides[0], at) and relation(label, at)
    return relation(tree.Relation((part, label), ("=",)), at)


def labelled(symbol: str, math: str | None, at: World) -> list[bool]:
    """What is written on an element: about its own symbol, and true."""
    if math is None:
        return []
    own, label = parse_math(symbol), parse_math(math)
    found = []
    for one in label.items if isinstance(label, tree.Listing) else (label,):
        if isinstance(one, tree.Relation):
            found.append(relation(one, at))
            name = NAMES.get(key(own) or "", key(own))
            about = any(bare(side) == bare(own) for side in one.sides)
            about = about or any(
                NAMES.get(key(part) or "", key(part)) == name for part in within(one.sides[0])
            )
            scalar = is_scalar(one.sides[0], at)
            found.append(about or scalar)
        elif isinstance(one, tree.Shape):
            found.append(shaped(value(own, at), list(one.sizes), at))
        elif isinstance(one, tree.Words):
            pass
        elif as_number(one) is not None:
            raise NoOpinion("a number on an element")
        else:
            a, b = lay([value(own, at), value(one, at)])
            found.append(bool(np.all(a.array == b.array)))
    return found


def is_scalar(node: Any, at: World) -> bool:
    try:
        return value(node, at).scalar
    except (False_, NoOpinion):
        return False


def within(node: Any) -> list[Any]:
    from lorafig.notation.children import walk

    return list(walk(node))


def panel(one: Panel, at: World) -> list[bool]:
    found: list[bool] = []
    stack = list(one.stack)
    if isinstance(stack[0], Bar):
        flows = [vector(stack[0].bar, at)]
    elif any(isinstance(element, Bar) for element in stack):
        raise False_("nothing flows in")
    else:
        flows = [at.get("x")]
    flows, split = run(stack, flows, False, at, found)
    if split:
        raise False_("branches that nothing adds")
    last = stack[-1]
    if isinstance(last, Sum) or (isinstance(last, Bar) and key(parse_math(last.bar)) == "h"):
        found.append(equal(flows[0], at.get("h")))
    return found


def vector(source: str, at: World) -> Value:
    found = value(parse_math(source), at)
    if found.scalar or 1 not in found.array.shape:
        raise False_("no vector")
    return found


def equal(one: Value, two: Value) -> bool:
    a, b = lay([one, two])
    return bool(np.all(a.array == b.array))


def run(
    stack: list[Any], flows: list[Value], split: bool, at: World, found: list[bool]
) -> tuple[list[Value], bool]:
    for element in stack:
        if split and not isinstance(element, (Sum, Arrow, Apply)):
            raise False_("branches that nothing adds")
        match element:
            case Bar():
                found.append(equal(flows[0], vector(element.bar, at)))
                found += labelled(element.bar, element.math, at)
                found += braced(element.brace, None if element.span else [vector(element.bar, at)], at)
            case Square():
                matrix = value(parse_math(element.square), at)
                if matrix.scalar or 1 in matrix.array.shape:
                    raise False_("no matrix")
                for line in element.text:
                    found += texts(line, at, key(parse_math(element.square)))
                found += labelled(element.square, element.math, at)
                found += braced(element.brace, [Value(matrix.array[:1].T)], at)
                flows = [product(matrix, "", flows[0])]
            case Trapezoid():
                flows = [product(trapezoid(element, element.math, at, found), "", flows[0])]
                matrix = value(parse_math(element.trapezoid), at)
                sides = {"under": [1], "over": [0], None: [0, 1]}[
                    element.brace.side if element.brace else None
                ]
                ends = [Value(np.zeros((matrix.array.shape[i], 1))) for i in sides]
                found += braced(element.brace, ends, at)
                found.append(narrow([matrix], at))
            case Bottleneck():
                parts = []
                for i, part in enumerate(element.bottleneck):
                    label = element.math[i] if i < len(element.math) else None
                    if isinstance(part, Trapezoid):
                        label = label if label is not None else part.math
                    parts.append(
                        trapezoid(part if isinstance(part, Trapezoid) else Trapezoid(part), label, at, found)
                    )
                    flows = [product(parts[-1], "", flows[0])]
                if len(element.math) > len(parts):
                    raise False_("a label for nothing")
                waists = [Value(np.zeros((one.array.shape[0], 1))) for one in parts[:-1]]
                if waists:
                    found += braced(element.brace, waists, at)
                found.append(narrow(parts, at))
            case Split():
                outs = []
                for branch in element.split:
                    inner = list(branch) if isinstance(branch, tuple) else [branch]
                    out, open_ = run(inner, flows, False, at, found)
                    if open_:
                        raise False_("branches in a branch")
                    outs.append(out[0])
                flows, split = outs, True
            case Sum():
                if not split:
                    raise False_("nothing to add")
                if element.sum != "arrows":
                    if len(element.sum) != len(flows):
                        raise False_("not a term for each branch")
                    for i, term in enumerate(element.sum):
                        said = value(parse_math(term), at)
                        s = at.values.get("s")
                        scaled = None if s is None else product(s, "", flows[i])
                        if scaled is not None and equal(said, scaled):
                            flows[i] = scaled
                        else:
                            found.append(equal(said, flows[i]))
                found_ = lay(flows)
                total = found_[0].array
                for one in found_[1:]:
                    total = total + one.array
                flows, split = [Value(total)], False
            case Scale():
                factor = value(parse_math(element.scale), at)
                found += labelled(element.scale, element.math, at)
                if not factor.scalar and factor.array.shape != flows[0].array.shape:
                    raise False_("not a factor for each entry")
                flows = [Value(flow.array * factor.array, flow.stands) for flow in flows]
            case Apply():
                name = str(element.apply) if str(element.apply) in KNOWN else key(parse_math(element.apply))
                if name not in {*KNOWN, *at.functions}:
                    raise NoOpinion("another function")
                for line in element.text:
                    found += texts(line, at)
                flows, split = [applied(str(name), flows, at)], False
            case Skip():
                if element.skip is not None:
                    found.append(equal(value(parse_math(element.skip), at), flows[0]))
            case Arrow():
                if element.arrow is not None:
                    node = parse_math(element.arrow)
                    for flow in flows:
                        if size_of(node, at) is not None and key(node) in at.small:
                            found.append(fits(max(flow.array.shape), node, at))
                        elif isinstance(node, tree.Shape):
                            found.append(shaped(flow, list(node.sizes), at))
                        else:
                            found.append(equal(value(node, at), flow))
            case _:
                raise NoOpinion(type(element).__name__)
    return flows, split


def trapezoid(element: Trapezoid, label: str | None, at: World, found: list[bool]) -> Value:
    matrix = value(parse_math(element.trapezoid), at)
    if matrix.scalar or 1 in matrix.array.shape:
        raise False_("no matrix")
    found += labelled(element.trapezoid, label, at)
    rows, columns = matrix.array.shape
    for given, length in ((element.from_, columns), (element.to, rows)):
        if given is not None:
            node = parse_math(given)
            found.append(key(node) in at.small and fits(length, node, at))
    return matrix


def narrow(parts: list[Value], at: World) -> bool:
    """Drawn narrower in the middle, as it is: the true sizes say so."""

    def true(length: int) -> int:
        return next(at.true[name] for name, small in at.small.items() if small == length)

    if len(parts) == 1:
        rows, columns = parts[0].array.shape
        if rows == columns or at.small.get("r") not in (rows, columns):
            return True
        other = columns if rows == at.small["r"] else rows
        return at.true["r"] < true(other)
    ends = [parts[0].array.shape[1], parts[-1].array.shape[0]]
    waists = [one.array.shape[0] for one in parts[:-1]]
    return all(true(waist) < true(end) for waist in waists for end in ends)


def braced(brace: Brace | None, sides: list[Value] | None, at: World) -> list[bool]:
    if brace is None:
        return []
    if sides is None:
        raise False_("a brace on what stands for no dimension")
    label = parse_math(brace.label)
    found = []
    if isinstance(label, tree.Relation):
        found.append(relation(label, at))
        label = label.sides[0]
    if isinstance(label, tree.Words):
        return found
    name = key(label)
    if name is not None and name in at.small:
        found.append(any(fits(max(one.array.shape), label, at) for one in sides))
        return found
    said = value(label, at)
    if not said.scalar:
        raise False_("no dimension")
    lengths = [max(one.array.shape) for one in sides]
    true = {at.true[name] for name, small in at.small.items() if small in lengths}
    found.append(said.array in true)
    return found
