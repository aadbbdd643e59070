"""A method's forward pass as the steps in which one computes it: Ax, B(Ax), s · B(Ax), Wx, their sum.

The steps are compiled from the core's own definitions of h and W', read as verification reads them. A product
that ends in a vector goes from right to left, so that no matrix is formed that need not be; columns that are
scaled in it (DoRA) scale the vector instead. What stands twice is computed once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from lorafig.core.adapters import ADAPTERS
from lorafig.core.adapters.row import Adapter, Law
from lorafig.errors import LorafigError, Problem
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Apply, Fenced, Fraction, Node, Product, Relation, Root, Script, Sum, Symbol
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import (
    ONE,
    SCALAR,
    Add,
    Defined,
    Diagonal,
    Divide,
    Entrywise,
    Function,
    Kronecker,
    Multiply,
    Quotients,
    Spread,
    Term,
    Type,
    Variable,
    number,
)

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
    `law` is what it holds before training, None for what no adapter draws."""

    name: str
    node: Node
    sizes: tuple[str, ...]
    law: Law | None = None
    trained: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. `expression` is what it computes, in terms of what is given; `name` is the symbol that
    the core defines so, None where it has none."""

    op: Op
    arguments: tuple[Argument, ...]
    expression: Node
    sizes: tuple[str, ...]
    name: str | None = None

    @property
    def label(self) -> Node:
        """What a reader sees: `h = Wx + s · B(Ax)`."""
        if self.name is None:
            return self.expression
        return Relation((parse_math(self.name), self.expression), ("=",))


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one method: those up to `h` are its forward pass, the rest merges and checks.

    `h`, `merged` and `product` are the steps of h, W' and W'x; `unadapted` is that of Wx, which is h before
    training. `begin` says what a symbol is then, where that has to be computed: DoRA's m is ‖W‖_c.
    """

    method: str
    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    h: int
    merged: int
    product: int
    unadapted: int
    begin: Mapping[str, Step]


def compile_plan(method: str, scaled: bool = True, square: bool = False) -> Plan:
    """The plan of a method of the core. Without `scaled` its update has no scaling, as where a figure gives
    no alpha; with `square` k is called d."""
    row = ADAPTERS[method]
    compiler = _Compiler(row, scaled and row.scale != "", square)
    h = compiler.named("h")
    merged = compiler.named("W'")
    for name in row.defined:
        if name.startswith("Δ"):
            compiler.call(name)
    x = compiler.value(compiler.symbols.term("x"))
    product = compiler.matmul(merged, x)
    begin = compiler.begin(merged)
    unadapted = compiler.matmul(compiler.value(compiler.symbols.term("W")), x)
    return Plan(
        method,
        compiler.given(begin),
        tuple(compiler.steps),
        _place(h),
        _place(merged),
        _place(product),
        _place(unadapted),
        begin,
    )


@dataclass(frozen=True, slots=True)
class _Value:
    ref: Argument
    node: Node
    type: Type


@dataclass(frozen=True, slots=True)
class _Columns:
    """A factor that scales the columns of what stands before it, or divides them."""

    vector: Term
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
        for name, shape in row.symbols.items():
            self.symbols.declare(name, shape)
        if "W" not in row.symbols:
            self.symbols.declare("W", ("d", "k"))  # PiSSA splits it up
        self.symbols.terms["α"] = Variable("α", SCALAR)
        scale = elaborate(parse_math(row.scale), self.symbols) if scaled else number(1)
        self.symbols.terms["s"] = Defined("s", scale, SCALAR) if scaled else scale
        self.steps: list[Step] = []
        self.known: dict[tuple[Op, tuple[Argument, ...]], _Value] = {}

    def term(self, name: str) -> Term:
        """What the core defines a symbol as; the scaling is 1 where there is none."""
        source = self.row.defined[name]
        if not self.scaled and self.row.scale != "":
            source = source.replace(f"{self.row.scale} ", "")  # rsLoRA writes it out
        return elaborate(parse_math(source), self.symbols)

    def named(self, name: str) -> _Value:
        """The steps of a symbol that the core defines. From here on it is called by its name."""
        found = self.value(self.term(name))
        place = _place(found)
        step = self.steps[place] = replace(self.steps[place], name=name)
        named = replace(found, node=parse_math(name))
        self.known[step.op, step.arguments] = named
        return named

    def call(self, name: str) -> None:
        """The name of a step that is there already; nothing where it is not."""
        before, known = len(self.steps), dict(self.known)
        place = _place(self.value(self.term(name)))
        del self.steps[before:]
        self.known = known
        if place < before and self.steps[place].name is None:
            self.steps[place] = replace(self.steps[place], name=name)

    def begin(self, merged: _Value) -> dict[str, Step]:
        """What has to be computed before training: norms of W; what singular vectors leave of it."""
        found: dict[str, Step] = {}
        for name, law in self.row.laws.items():
            if law == "norms":
                sizes = _sizes(self.symbols.term(name).type)
                found[name] = Step("norms", ("W",), _norms(Symbol("W")), sizes, name)
            elif law == "singular":
                (left,) = self.row.frozen  # W_res, which is W without the update
                update = next(one for one in self.steps[_place(merged)].arguments if one != left)
                assert isinstance(update, int)
                node = Sum((Symbol("W"), self.steps[update].expression), ("", "-"))
                found[left] = Step("subtract", ("W", update), node, _sizes(merged.type), left)
        return found

    def given(self, begin: Mapping[str, Step]) -> tuple[Given, ...]:
        used = [one for step in (*self.steps, *begin.values()) for one in step.arguments]
        row = self.row
        names = [
            *row.symbols,
            *(name for name in ("W", "α", "r") if name not in row.symbols and name in used),
        ]
        return tuple(
            Given(
                name,
                parse_math(name),
                _sizes(self.symbols.term(name).type),
                row.laws.get(name),
                name in row.trainable,
            )
            for name in names
        )

    # Terms ---------------------------------------------------------------------------------------

    def value(self, term: Term) -> _Value:
        match term:
            case Variable(name, kind):
                return _Value(name, parse_math(name), kind)
            case Defined(name, body):
                found = self.value(body)
                place = _place(found)
                self.steps[place] = replace(self.steps[place], name=name)
                return replace(found, node=parse_math(name))
            case Add(terms, signs, kind) if all(sign == 1 for sign in signs):
                values = [self.value(one) for one in reversed(terms)][::-1]
                total = Sum(tuple(one.node for one in values), ("", *"+" * (len(values) - 1)))
                return self.step("add", values, total, kind)
            case Multiply():
                return self.product(_factors(term, term.type.is_vector))
            case Entrywise(Spread(vector), matrix, kind):
                scaled, by = self.value(matrix), self.value(vector)
                return self.step("columns", [by, scaled], _between(by.node, "⊙", scaled.node), kind)
            case Entrywise(left, right, kind):
                second, first = self.value(right), self.value(left)
                return self.step("hadamard", [first, second], _between(first.node, "⊙", second.node), kind)
            case Kronecker(left, right, kind):
                second, first = self.value(right), self.value(left)
                return self.step("kron", [first, second], _between(first.node, "⊗", second.node), kind)
            case Quotients(above, Spread(below), kind):
                over, under = self.value(above), self.value(below)
                return self.step("over-columns", [over, under], Fraction(over.node, under.node), kind)
            case Function("columns", body, kind):
                inside = self.value(body)
                return self.step("norms", [inside], _norms(inside.node), kind)
            case Function("sqrt", body, kind):
                inside = self.value(body)
                return self.step("sqrt", [inside], Root(inside.node), kind)
            case Divide(above, below, kind) if kind.is_scalar:
                over, under = self.value(above), self.value(below)
                return self.step("divide", [over, under], Fraction(over.node, under.node), kind)
            case _:
                raise LorafigError(Problem(f"no step of the forward pass of {self.row.name} computes {term}"))

    def product(self, factors: Sequence[Term | _Columns]) -> _Value:
        """From right to left; numbers last."""
        numbers = [one for one in factors if not isinstance(one, _Columns) and one.type.is_scalar]
        others = [one for one in factors if isinstance(one, _Columns) or not one.type.is_scalar]
        last = others[-1]
        assert not isinstance(last, _Columns)
        result = self.value(last)
        for factor in reversed(others[:-1]):
            result = self.applied(factor, result)
        for one in reversed(numbers):
            if one != number(1):
                scale = self.value(one)
                node = _beside(scale.node, result.node, "·")
                result = self.step("scale", [scale, result], node, result.type)
        return result

    def applied(self, factor: Term | _Columns, right: _Value) -> _Value:
        match factor:
            case _Columns(vector, divides):
                by = self.value(vector)
                if divides:
                    return self.step("over", [right, by], Fraction(right.node, by.node), right.type)
                return self.step("hadamard", [by, right], _between(by.node, "⊙", right.node), right.type)
            case Diagonal(body):
                by = self.value(body)
                node = _beside(Apply(Symbol("diag"), (by.node,)), right.node)
                return self.step("rows", [by, right], node, right.type)
            case _:
                return self.matmul(self.value(factor), right)

    def matmul(self, left: _Value, right: _Value) -> _Value:
        kind = Type(left.type.rows, right.type.columns)
        return self.step("matmul", [left, right], _beside(_closed(left.node), right.node), kind)

    def step(self, op: Op, arguments: Sequence[_Value], node: Node, kind: Type) -> _Value:
        """The step, or the one that did the same before."""
        key = (op, tuple(one.ref for one in arguments))
        if key not in self.known:
            self.known[key] = _Value(len(self.steps), node, kind)
            self.steps.append(Step(*key, node, _sizes(kind)))
        return self.known[key]


def _sizes(kind: Type) -> tuple[str, ...]:
    return tuple(size for size in (kind.rows, kind.columns) if size != ONE)


def _factors(term: Term, to_vector: bool) -> list[Term | _Columns]:
    """The factors of a product, without its brackets."""
    match term:
        case Multiply(left, right):
            return [*_factors(left, to_vector), *_factors(right, to_vector)]
        case Entrywise(Spread(vector), matrix) if to_vector:
            return [*_factors(matrix, to_vector), _Columns(vector, False)]
        case Quotients(matrix, Spread(vector)) if to_vector:
            return [*_factors(matrix, to_vector), _Columns(vector, True)]
        case _:
            return [term]


# How a step is written -----------------------------------------------------------------------


def _closed(node: Node) -> Node:
    """A factor: in brackets where it is a product or a sum itself."""
    return Fenced("(", ")", node) if isinstance(node, (Product, Sum)) else node


def _norms(node: Node) -> Node:
    return Script(Fenced("‖", "‖", node), Symbol("c"))


def _between(left: Node, op: str, right: Node) -> Node:
    return Product((_closed(left), _closed(right)), (op,), ("",))


def _beside(left: Node, right: Node, op: str = "") -> Node:
    """`B(Ax)`; of a number, `s · B(Ax)`."""
    if op != "" and isinstance(right, Product) and set(right.ops) == {""}:
        return Product((left, *right.factors), (op, *right.ops), ("", *right.spaces))
    return Product((left, _closed(right)), (op,), ("",))
