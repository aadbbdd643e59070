"""Terms compiled to the steps in which one computes them: Ax, B(Ax), s · B(Ax), Wx, their sum.

A product goes from right to left, so that no matrix is formed that need not be; columns that are scaled in
one that ends in a vector (DoRA) scale the vector instead. What stands twice is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from lorafig.errors import LorafigError, Problem
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.verify.meaning import terms

# What a step does to the values of its arguments (forward.js). `rows` and `columns` scale those of a matrix
# by the vector before it, `over` divides a vector by entries, `over-columns` the columns of a matrix by those
# of a vector; `norms` takes the norm of each column, `call` a function of the core, `stand-in` one of which
# nothing is known.
Op: TypeAlias = Literal[
    "matmul", "scale", "add", "subtract", "hadamard", "kron", "rows", "columns", "over", "over-columns",
    "norms", "divide", "sqrt",
    "sum", "norm", "transpose", "diagonal", "slice", "cut", "inverse", "identity", "call", "stand-in",
]  # fmt: skip
# Those that no method of the core needs, which stand in a script of their own (functions.js).
BEYOND: frozenset[Op] = frozenset(
    {"sum", "norm", "transpose", "diagonal", "slice", "cut", "inverse", "identity", "call", "stand-in"}
)
Argument: TypeAlias = str | int  # a symbol that is given, a number `#3/2`, or the place of an earlier step
Detail: TypeAlias = tuple[str | int | tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. `expression` is what it computes, in terms of what is given; `name` is the symbol that
    stands for it, None if there is none. `detail` is what the operation needs besides its arguments: the
    signs of a sum, the axis and the place of a slice, the function that is called."""

    op: Op
    arguments: tuple[Argument, ...]
    expression: tree.Node
    sizes: tuple[str, ...]
    name: str | None = None
    detail: Detail = ()

    @property
    def label(self) -> tree.Node:
        """What a reader sees: `h = Wx + s · B(Ax)`."""
        if self.name is None:
            return self.expression
        return tree.Relation((symbol(self.name), self.expression), ("=",))


@dataclass(frozen=True, slots=True)
class Value:
    """What a term comes to: where it is found, how it is written, and its shape."""

    ref: Argument
    node: tree.Node
    type: terms.Type

    @property
    def place(self) -> int:
        assert isinstance(self.ref, int)
        return self.ref


@dataclass(frozen=True, slots=True)
class Columns:
    """A factor that scales the columns of what stands before it, or divides them."""

    vector: terms.Term
    divides: bool


class Compiler:
    """`node` is how a symbol is written, by its name; `names` are what steps are called, by their places."""

    def __init__(
        self, node: Callable[[str], tree.Node] | None = None, names: Mapping[int, str] | None = None
    ) -> None:
        self.node = symbol if node is None else node
        self.names = {} if names is None else names
        self.steps: list[Step] = []
        self.reached: dict[int, tuple[terms.Term, Value]] = {}  # what flows, by the ids of its terms
        self.called: dict[str, Value] = {}  # what stands for a symbol that is defined otherwise
        self.given: dict[str, terms.Type] = {}  # the variables that were met, in their order
        self.known: dict[tuple[Op, tuple[Argument, ...], Detail], Value] = {}

    def named(self, value: Value, name: str) -> Value:
        """The step of a value, from here on called by this name."""
        if isinstance(value.ref, str):  # another name of what is given
            return value
        step = self.steps[value.ref]
        if step.name is None:
            step = self.steps[value.ref] = replace(step, name=name)
        named = replace(value, node=self.node(step.name or name))
        for key, other in self.known.items():
            if other.ref == value.ref:
                self.known[key] = named
        return named

    def reach(self, term: terms.Term) -> Value:
        """The value of what flows, which what it flows into takes as it is."""
        value = self.value(term)
        self.reached[id(term)] = (term, value)
        return value

    def call_so(self, term: terms.Defined, value: Value) -> Value:
        """A symbol that is reached with this value, which is equal to what defines it."""
        self.called[term.name] = self.named(value, term.name)
        self.reached[id(term)] = (term, self.called[term.name])
        return self.called[term.name]

    def value(self, term: terms.Term) -> Value:
        """Raises LorafigError for what no step computes."""
        if id(term) in self.reached:
            return self.reached[id(term)][1]
        match term:
            case terms.Variable(name, kind):
                self.given.setdefault(name, kind)
                return Value(name, self.node(name), kind)
            case terms.Defined(name) if name in self.called:
                return self.called[name]
            case terms.Defined(name, body):
                return self.named(self.value(body), name)
            case terms.Constant(of=of) if of is not None:
                return self.value(of)
            case terms.Constant(number):
                return Value(f"#{number}", _number(number), terms.SCALAR)
            case terms.Add(parts, _, kind) if (side := _side_by_side(parts)) is not None:
                values = [self.value(part) for part in side]
                node = tree.Apply(tree.Symbol("columns", "rm"), tuple(value.node for value in values))
                return self.step("call", values, node, kind, ("columns", "columns"))
            case terms.Add(parts, signs, kind):
                return self.sum(parts, signs, kind)
            case terms.Multiply():
                return self.product(factors(term, term.type.is_vector, self.reached))
            case terms.Divide(above, below, kind):
                return self.quotient("divide", above, below, kind)
            case terms.Entrywise(terms.Spread(vector), matrix, kind):
                return self.between("columns", vector, "⊙", matrix, kind)
            case terms.Entrywise(left, right, kind):
                return self.between("hadamard", left, "⊙", right, kind)
            case terms.Kronecker(left, right, kind):
                return self.between("kron", left, "⊗", right, kind)
            case terms.Quotients(above, terms.Spread(below), kind):
                return self.quotient("over-columns", above, below, kind)
            case terms.Quotients(above, below, kind) if kind.is_vector:
                return self.quotient("over", above, below, kind)
            case terms.Function() | terms.Applied():
                return self.function(term)
            case _:
                return self.part(term)

    def sum(self, parts: Sequence[terms.Term], signs: Sequence[int], kind: terms.Type) -> Value:
        """What is given first is computed last: the frozen weight after its update."""
        values = [self.value(part) for part in reversed(parts)][::-1]
        written = tuple("-" if sign < 0 else "+" for sign in signs[1:])
        total = _added([value.node for value in values], ("-" if signs[0] < 0 else "", *written))
        if set(signs) == {1}:
            return self.step("add", values, total, kind)
        if signs == (1, -1):
            return self.step("subtract", values, total, kind)
        return self.step("sum", values, total, kind, tuple(signs))

    def function(self, term: terms.Function | terms.Applied) -> Value:
        match term:
            case terms.Function("columns", body, kind):
                inside = self.value(body)
                norms = tree.Script(tree.Fenced("‖", "‖", inside.node), tree.Symbol("c"))
                return self.step("norms", [inside], norms, kind)
            case terms.Function("frobenius", body, kind):
                inside = self.value(body)
                norm = tree.Script(tree.Fenced("‖", "‖", inside.node), tree.Symbol("F"))
                return self.step("norm", [inside], norm, kind)
            case terms.Function("sqrt", body, kind):
                inside = self.value(body)
                return self.step("sqrt", [inside], tree.Root(inside.node), kind)
            case terms.Applied(name, arguments, kind, known, by):
                values = [self.value(argument) for argument in arguments]
                called = self.node(name) if known != "core" else tree.Symbol(name, "rm")
                node = tree.Apply(called, tuple(value.node for value in values))
                if known == "core":
                    return self.step("call", values, node, kind, (name, by))
                return self.step("stand-in", values, node, kind, (name, known, by, kind.rows, kind.columns))
        raise _beyond(term)

    def part(self, term: terms.Term) -> Value:
        """What is cut out of a matrix, or is made of it alone."""
        match term:
            case terms.Transpose(body, kind):
                inside = self.value(body)
                node = tree.Script(closed(inside.node), sup=tree.Symbol("⊤"))
                return self.step("transpose", [inside], node, kind)
            case terms.Diagonal(body, kind):
                inside = self.value(body)
                return self.step("diagonal", [inside], tree.Apply(tree.Symbol("diag"), (inside.node,)), kind)
            case terms.Inverse(body, kind):
                inside = self.value(body)
                minus_one = tree.Sum((tree.Number("1"),), ("-",))
                return self.step("inverse", [inside], tree.Script(closed(inside.node), sup=minus_one), kind)
            case terms.Identity(kind) if terms.ANY not in kind.sizes:
                return self.step("identity", [], tree.Symbol("I"), kind, (kind.rows,))
            case terms.Slice(body, kind, axis, place, _):
                inside = self.value(body)
                rows = axis == "rows" or inside.type.is_vector
                node = tree.Script(closed(inside.node), _place(tree.Number(str(place)), rows))
                return self.step("slice", [inside], node, kind, (axis, place))
            case terms.Cut(body, kind, axis, after, _):
                inside = self.value(body)
                last = _added([symbol(size) for size in (*after, term.extent)], ("", *("+" for _ in after)))
                until = tree.Product((tree.Symbol(":"), last if after else symbol(term.extent)), ("",), ("",))
                node = tree.Script(closed(inside.node), _place(until, axis == "rows"))
                return self.step("cut", [inside], node, kind, (axis, tuple(after), term.extent))
        raise _beyond(term)

    def between(self, op: Op, left: terms.Term, sign: str, right: terms.Term, kind: terms.Type) -> Value:
        second, first = self.value(right), self.value(left)
        return self.step(op, [first, second], _between(first.node, sign, second.node), kind)

    def quotient(self, op: Op, above: terms.Term, below: terms.Term, kind: terms.Type) -> Value:
        over, under = self.value(above), self.value(below)
        return self.step(op, [over, under], tree.Fraction(over.node, under.node), kind)

    def product(self, factors: Sequence[terms.Term | Columns]) -> Value:
        """From right to left; numbers last."""
        numbers = [one for one in factors if not isinstance(one, Columns) and one.type.is_scalar]
        others = [one for one in factors if isinstance(one, Columns) or not one.type.is_scalar]
        if not others:
            others = [numbers.pop()]
        *others, last = others
        assert not isinstance(last, Columns)
        result = self.value(last)
        for factor in reversed(others):
            result = self.applied(factor, result)
        for number in reversed(numbers):
            if number != terms.number(1):
                scale = self.value(number)
                node = _beside(scale.node, result.node, "·")
                result = self.step("scale", [scale, result], node, result.type)
        return result

    def applied(self, factor: terms.Term | Columns, right: Value) -> Value:
        match factor:
            case Columns(vector, divides):
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

    def matmul(self, left: Value, right: Value) -> Value:
        kind = terms.Type(left.type.rows, right.type.columns)
        return self.step("matmul", [left, right], _beside(closed(left.node), right.node), kind)

    def step(
        self, op: Op, arguments: Sequence[Value], node: tree.Node, kind: terms.Type, detail: Detail = ()
    ) -> Value:
        """The step, or the one that did the same before."""
        own = tuple(argument.ref for argument in arguments)
        key = (op, tuple(sorted(own, key=str)) if op == "add" else own, detail)
        if key not in self.known:
            name = self.names.get(len(self.steps))
            self.known[key] = Value(len(self.steps), node if name is None else self.node(name), kind)
            self.steps.append(Step(op, own, node, sizes_of(kind), name, detail))
        return self.known[key]


def sizes_of(kind: terms.Type) -> tuple[str, ...]:
    """The sizes of a shape by name, none of a number."""
    return tuple(size for size in (kind.rows, kind.columns) if size != terms.ONE)


def factors(term: terms.Term, to_vector: bool, whole: Container[int] = ()) -> list[terms.Term | Columns]:
    """The factors of a product, without its brackets; `to_vector` if it ends in a vector. Those with an id in
    `whole` are not taken apart."""
    match term:
        case _ if id(term) in whole:
            return [term]
        case terms.Multiply(left, right):
            return [*factors(left, to_vector, whole), *factors(right, to_vector, whole)]
        case terms.Entrywise(terms.Spread(vector), matrix) if to_vector:
            return [*factors(matrix, to_vector, whole), Columns(vector, False)]
        case terms.Quotients(matrix, terms.Spread(vector)) if to_vector:
            return [*factors(matrix, to_vector, whole), Columns(vector, True)]
        case _:
            return [term]


def _side_by_side(parts: Sequence[terms.Term]) -> list[terms.Term] | None:
    """The columns of a matrix that is the sum of z_i e_iᵀ, in their order; None for another sum."""
    columns: list[terms.Term] = []
    for number, part in enumerate(parts, 1):
        match part:
            case terms.Multiply(column, terms.Transpose(terms.Slice(terms.Identity(), index=index))):
                columns.append(column)
                if index != number:
                    return None
            case _:
                return None
    return columns


def _beyond(term: terms.Term) -> LorafigError:
    return LorafigError(Problem(f"no step of a page computes {term}", code="page"))


# How a step is written -----------------------------------------------------------------------


def symbol(name: str) -> tree.Node:
    """A symbol by what it is called: `W_down` has a word for its index, `A_1,2` two, `h^(2)` one above."""
    below, caret, above = name.partition("^(")
    base, underscore, index = below.partition("_")
    if underscore and all(part.isalnum() for part in index.split(",")):
        below = f"{base}_{{{index}}}"
    return parse_math(below + (f"^{{({above}}}" if caret else ""))


def _place(which: tree.Node, rows: bool) -> tree.Node:
    """The index of rows; that of columns has all rows before it."""
    return which if rows else tree.Listing((tree.Symbol(":"), which), (",",), ("",))


def _number(value: Fraction) -> tree.Node:
    above = tree.Number(str(abs(value.numerator)))
    node = above if value.denominator == 1 else tree.Fraction(above, tree.Number(str(value.denominator)))
    return node if value >= 0 else tree.Fenced("(", ")", tree.Sum((node,), ("-",)))


def closed(node: tree.Node) -> tree.Node:
    """A factor: in brackets where it is a product or a sum itself."""
    return tree.Fenced("(", ")", node) if isinstance(node, (tree.Product, tree.Sum)) else node


def _added(nodes: Sequence[tree.Node], signs: Sequence[str]) -> tree.Node:
    """A sum, with the terms of sums that are added in it side by side."""
    flat: list[tuple[str, tree.Node]] = []
    for sign, node in zip(signs, nodes, strict=True):
        if isinstance(node, tree.Sum) and sign != "-" and node.signs[0] == "":
            flat += [(sign, node.terms[0]), *zip(node.signs[1:], node.terms[1:], strict=True)]
        else:
            flat.append((sign, tree.Fenced("(", ")", node) if isinstance(node, tree.Sum) else node))
    return tree.Sum(tuple(node for _, node in flat), tuple(sign for sign, _ in flat))


def _between(left: tree.Node, op: str, right: tree.Node) -> tree.Node:
    return tree.Product((closed(left), closed(right)), (op,), ("",))


def _beside(left: tree.Node, right: tree.Node, op: str = "") -> tree.Node:
    """`B(Ax)`; of a number, `s · B(Ax)`."""
    if op != "" and isinstance(right, tree.Product) and set(right.ops) == {""}:
        return tree.Product((left, *right.factors), (op, *right.ops), ("", *right.spaces))
    return tree.Product((left, closed(right)), (op,), ("",))
