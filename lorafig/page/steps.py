"""A method's forward pass as the steps in which one computes it: Ax, B(Ax), s · B(Ax), Wx, their sum.

The steps are compiled from the core's own definitions of h and W', read as verification reads them. A product
that ends in a vector goes from right to left, so that no matrix is formed that need not be; columns that are
scaled in it (DoRA) scale the vector instead. What stands twice is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from lorafig.core.adapter import Adapter, Law
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols

# What a step does to the values of its arguments. `rows` and `columns` scale those of a matrix by the vector
# before it, `over` divides a vector by entries, `over-columns` the columns of a matrix by those of a vector;
# `norms` takes the norm of each column.
Op: TypeAlias = Literal[
    "matmul", "scale", "add", "subtract", "hadamard", "kron", "rows", "columns", "over", "over-columns",
    "norms", "divide", "sqrt",
]  # fmt: skip
Argument: TypeAlias = str | int  # a symbol that is given, or the number of an earlier step


@dataclass(frozen=True, slots=True)
class Given:
    """A symbol that has numbers from the beginning. `sizes` are its dimensions by name, none of a number;
    `law` is what it holds before training, None if no adapter draws it."""

    name: str
    node: tree.Node
    sizes: tuple[str, ...]
    law: Law | None = None
    trained: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. `expression` is what it computes, in terms of what is given; `name` is the symbol that
    the core defines so, None if there is none."""

    op: Op
    arguments: tuple[Argument, ...]
    expression: tree.Node
    sizes: tuple[str, ...]
    name: str | None = None

    @property
    def label(self) -> tree.Node:
        """What a reader sees: `h = Wx + s · B(Ax)`."""
        if self.name is None:
            return self.expression
        return tree.Relation((parse_math(self.name), self.expression), ("=",))


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one method: those up to `h` are its forward pass, the rest merges and checks.

    `h`, `merged` and `product` are the steps of h, W' and W'x; `unadapted` is that of Wx, which is h before
    training, or None if it is not. `begin` says what a symbol is then, if that has to be computed: DoRA's m
    is ‖W‖_c.
    """

    method: str
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    h: int
    merged: int
    product: int
    unadapted: int | None
    begin: Mapping[str, Step]

    @property
    def update(self) -> int | None:
        """The step of ΔW (of ΔV for DoRA), or of what the frozen part of W' is added to; None for neither."""
        for place, step in enumerate(self.steps):
            if step.name is not None and step.name.startswith("Δ"):
                return place
        merged = self.steps[self.merged]
        last = merged.arguments[-1]
        return last if merged.op == "add" and isinstance(last, int) else None

    def through_rank(self) -> tuple[str, str] | None:
        """The matrices whose columns and rows make the rank-one pieces of the update, B and A; None if it is
        not a product through the rank alone, as LoHa's is not."""
        if self.update is None:
            return None
        pending: list[Argument] = [self.update]
        met: list[str] = []
        while pending:
            which = pending.pop()
            if isinstance(which, str):
                met.append(which)
            elif self.steps[which].sizes == ():
                continue  # the scaling, which is a number whatever it takes
            elif self.steps[which].op in ("matmul", "scale", "rows", "columns"):
                pending += self.steps[which].arguments
            else:
                return None
        ranked = [one for one in self.given if "r" in one.sizes and one.name in met]
        left = [one.name for one in ranked if len(one.sizes) == 2 and one.sizes[1] == "r"]
        right = [one.name for one in ranked if len(one.sizes) == 2 and one.sizes[0] == "r"]
        if any(one.sizes.count("r") > 1 for one in ranked) or (len(left), len(right)) != (1, 1):
            return None
        return left[0], right[0]


def compile_plan(method: str, scaled: bool = True, square: bool = False) -> Plan:
    """The plan of a method of the core. Without `scaled` its update has no scaling, as where a figure gives
    no alpha; with `square` k is called d."""
    row = ADAPTERS[method]
    compiler = _Compiler(row, scaled and row.scale != "", square)
    h, merged = compiler.named("h"), compiler.named("W'")
    for name in row.defined:
        if name.startswith("Δ"):
            compiler.call(name)
    x, W = (compiler.value(compiler.symbols.term(name)) for name in "xW")
    product = compiler.matmul(merged, x)
    begin = {name: compiler.apart(name, source) for name, source in row.before.items()}
    unadapted = _place(compiler.matmul(W, x)) if row.at_weight else None
    given, steps = compiler.given(begin), tuple(compiler.steps)
    return Plan(method, given, steps, _place(h), _place(merged), _place(product), unadapted, begin)


@dataclass(frozen=True, slots=True)
class _Value:
    ref: Argument
    node: tree.Node
    type: terms.Type


@dataclass(frozen=True, slots=True)
class _Columns:
    """A factor that scales the columns of what stands before it, or divides them."""

    vector: terms.Term
    divides: bool


def _place(value: _Value) -> int:
    assert isinstance(value.ref, int)
    return value.ref


class _Compiler:
    def __init__(self, row: Adapter, scaled: bool, square: bool) -> None:
        sizes = {name for shape in row.symbols.values() for name in shape} | {"d", "k", "r"}
        if square:
            sizes.discard("k")
        self.row = row
        self.scaled = scaled
        self.symbols = Symbols(row, dict.fromkeys(sorted(sizes)), {"k": "d"} if square else {})
        for name, shape in {"W": ("d", "k"), **row.symbols}.items():  # PiSSA splits W up
            self.symbols.declare(name, shape)
        self.symbols.terms["α"] = terms.Variable("α", terms.SCALAR)
        scale = elaborate(parse_math(row.scale), self.symbols) if scaled else terms.number(1)
        self.symbols.terms["s"] = terms.Defined("s", scale, terms.SCALAR) if scaled else scale
        self.steps: list[Step] = []
        self.known: dict[tuple[Op, tuple[Argument, ...]], _Value] = {}

    def term(self, source: str) -> terms.Term:
        """What the core writes of a symbol; the scaling is 1 if there is none."""
        if not self.scaled and self.row.scale != "":
            source = source.replace(f"{self.row.scale} ", "")  # rsLoRA writes it out
        return elaborate(parse_math(source), self.symbols)

    def named(self, name: str) -> _Value:
        """The steps of a symbol that the core defines. From here on it is called by its name."""
        value = self.value(self.term(self.row.defined[name]))
        place = _place(value)
        step = self.steps[place] = replace(self.steps[place], name=name)
        self.known[step.op, step.arguments] = replace(value, node=parse_math(name))
        return self.known[step.op, step.arguments]

    def call(self, name: str) -> None:
        """The name of a step that is there already; nothing if it is not."""
        before = len(self.steps)
        place, _ = self._tried(self.row.defined[name])
        if place < before and self.steps[place].name is None:
            self.steps[place] = replace(self.steps[place], name=name)

    def apart(self, name: str, source: str) -> Step:
        """What is computed in one step before training, such as the norms of W."""
        _, step = self._tried(source)
        return replace(step, name=name)

    def _tried(self, source: str) -> tuple[int, Step]:
        """A step and its place, which is taken back if it is new."""
        before, known = len(self.steps), dict(self.known)
        place = _place(self.value(self.term(source)))
        step = self.steps[place]
        del self.steps[before:]
        self.known = known
        return place, step

    def given(self, begin: Mapping[str, Step]) -> tuple[Given, ...]:
        row = self.row
        used = {argument for step in (*self.steps, *begin.values()) for argument in step.arguments}
        others = [name for name in ("W", "α", "r") if name not in row.symbols and name in used]
        return tuple(
            Given(
                name,
                parse_math(name),
                _sizes(self.symbols.term(name).type),
                row.laws.get(name),
                name in row.trainable,
            )
            for name in (*row.symbols, *others)
        )

    # Terms ---------------------------------------------------------------------------------------

    def value(self, term: terms.Term) -> _Value:
        match term:
            case terms.Variable(name, kind):
                return _Value(name, parse_math(name), kind)
            case terms.Defined(name, body):
                value = self.value(body)
                place = _place(value)
                self.steps[place] = replace(self.steps[place], name=name)
                return replace(value, node=parse_math(name))
            case terms.Add(parts, (1, *signs), kind) if set(signs) <= {1} or signs == [-1]:
                values = [self.value(part) for part in reversed(parts)][::-1]
                nodes, sign = tuple(value.node for value in values), "-" if signs == [-1] else "+"
                total = tree.Sum(nodes, ("", *(sign for _ in signs)))
                return self.step("subtract" if sign == "-" else "add", values, total, kind)
            case terms.Multiply():
                return self.product(_factors(term, term.type.is_vector))
            case terms.Entrywise(terms.Spread(vector), matrix, kind):
                return self.between("columns", vector, "⊙", matrix, kind)
            case terms.Entrywise(left, right, kind):
                return self.between("hadamard", left, "⊙", right, kind)
            case terms.Kronecker(left, right, kind):
                return self.between("kron", left, "⊗", right, kind)
            case terms.Quotients(above, terms.Spread(below), kind):
                return self.quotient("over-columns", above, below, kind)
            case terms.Divide(above, below, kind) if kind.is_scalar:
                return self.quotient("divide", above, below, kind)
            case terms.Function("columns", body, kind):
                inside = self.value(body)
                norms = tree.Script(tree.Fenced("‖", "‖", inside.node), tree.Symbol("c"))
                return self.step("norms", [inside], norms, kind)
            case terms.Function("sqrt", body, kind):
                inside = self.value(body)
                return self.step("sqrt", [inside], tree.Root(inside.node), kind)
            case _:
                raise LorafigError(
                    Problem(f"no step of the forward pass of {self.row.name} computes {term}", code="page")
                )

    def between(self, op: Op, left: terms.Term, sign: str, right: terms.Term, kind: terms.Type) -> _Value:
        second, first = self.value(right), self.value(left)
        return self.step(op, [first, second], _between(first.node, sign, second.node), kind)

    def quotient(self, op: Op, above: terms.Term, below: terms.Term, kind: terms.Type) -> _Value:
        over, under = self.value(above), self.value(below)
        return self.step(op, [over, under], tree.Fraction(over.node, under.node), kind)

    def product(self, factors: Sequence[terms.Term | _Columns]) -> _Value:
        """From right to left; numbers last."""
        numbers = [one for one in factors if not isinstance(one, _Columns) and one.type.is_scalar]
        *others, last = [one for one in factors if isinstance(one, _Columns) or not one.type.is_scalar]
        assert not isinstance(last, _Columns)
        result = self.value(last)
        for factor in reversed(others):
            result = self.applied(factor, result)
        for number in reversed(numbers):
            if number != terms.number(1):
                scale = self.value(number)
                node = _beside(scale.node, result.node, "·")
                result = self.step("scale", [scale, result], node, result.type)
        return result

    def applied(self, factor: terms.Term | _Columns, right: _Value) -> _Value:
        match factor:
            case _Columns(vector, divides):
                by = self.value(vector)
                if divides:
                    return self.step("over", [right, by], tree.Fraction(right.node, by.node), right.type)
                return self.step("hadamard", [by, right], _between(by.node, "⊙", right.node), right.type)
            case terms.Diagonal(body):
                by = self.value(body)
                node = _beside(tree.Apply(tree.Symbol("diag"), (by.node,)), right.node)
                return self.step("rows", [by, right], node, right.type)
            case _:
                return self.matmul(self.value(factor), right)

    def matmul(self, left: _Value, right: _Value) -> _Value:
        kind = terms.Type(left.type.rows, right.type.columns)
        return self.step("matmul", [left, right], _beside(_closed(left.node), right.node), kind)

    def step(self, op: Op, arguments: Sequence[_Value], node: tree.Node, kind: terms.Type) -> _Value:
        """The step, or the one that did the same before."""
        key = (op, tuple(argument.ref for argument in arguments))
        if key not in self.known:
            self.known[key] = _Value(len(self.steps), node, kind)
            self.steps.append(Step(*key, node, _sizes(kind)))
        return self.known[key]


def _sizes(kind: terms.Type) -> tuple[str, ...]:
    return tuple(size for size in (kind.rows, kind.columns) if size != terms.ONE)


def _factors(term: terms.Term, to_vector: bool) -> list[terms.Term | _Columns]:
    """The factors of a product, without its brackets."""
    match term:
        case terms.Multiply(left, right):
            return [*_factors(left, to_vector), *_factors(right, to_vector)]
        case terms.Entrywise(terms.Spread(vector), matrix) if to_vector:
            return [*_factors(matrix, to_vector), _Columns(vector, False)]
        case terms.Quotients(matrix, terms.Spread(vector)) if to_vector:
            return [*_factors(matrix, to_vector), _Columns(vector, True)]
        case _:
            return [term]


# How a step is written -----------------------------------------------------------------------


def _closed(node: tree.Node) -> tree.Node:
    """A factor: in brackets where it is a product or a sum itself."""
    return tree.Fenced("(", ")", node) if isinstance(node, (tree.Product, tree.Sum)) else node


def _between(left: tree.Node, op: str, right: tree.Node) -> tree.Node:
    return tree.Product((_closed(left), _closed(right)), (op,), ("",))


def _beside(left: tree.Node, right: tree.Node, op: str = "") -> tree.Node:
    """`B(Ax)`; of a number, `s · B(Ax)`."""
    if op != "" and isinstance(right, tree.Product) and set(right.ops) == {""}:
        return tree.Product((left, *right.factors), (op, *right.ops), ("", *right.spaces))
    return tree.Product((left, _closed(right)), (op,), ("",))
