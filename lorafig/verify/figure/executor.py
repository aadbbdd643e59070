"""A drawing is executed: what flows from its inputs through every node must be what the labels say.

What flows is a term, as the equations have it: so it is decided exactly, and in float64, by the same code as
they are. Stacks and flows are one graph, and what a node does with what comes in is decided here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, assert_never

from lorafig.errors import Place
from lorafig.graph import ops
from lorafig.graph.structure import Graph, Node
from lorafig.language import model
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.verify.decide import exact
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure.collector import place_of
from lorafig.verify.figure.flowing import Flowing, added, short, times
from lorafig.verify.meaning import operations, terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, IllTyped, Term, Undecidable
from lorafig.verify.read.classify import sizes
from lorafig.verify.read.quoted import spaced

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

# An answer, the text that it is about, the reason given for what cannot be decided, and the place.
Finding: TypeAlias = tuple[Answer, str, str | None, Place | None]


class Unfit(IllTyped):
    """What flows does not have the shape that a symbol needs; `value` is what flows, `shown` the symbol."""

    def __init__(self, what: str, symbol: str, value: str | None = None, shown: str | None = None) -> None:
        super().__init__(what)
        self.symbol, self.value, self.shown = symbol, value, shown


class Stop(Exception):  # noqa: N818  an answer, not a failure
    """A node from which the drawing cannot be followed any further, and why; `symbol` is what of it says
    something else."""

    def __init__(self, answer: Answer, symbol: str | None = None) -> None:
        super().__init__(answer)
        self.answer, self.symbol = answer, symbol


class Executor:
    """Runs a graph node by node. `values` has what comes out of each; `findings` is what came of it."""

    def __init__(
        self, graph: Graph, judge: Judge, read: Callable[[str], tree.Node], excuse: str | None
    ) -> None:
        self.graph, self.judge, self.read, self.excuse = graph, judge, read, excuse
        self.comparer = exact.Comparer(judge.seed)
        self.values: dict[str, Flowing] = {}
        self.findings: list[Finding] = []
        self.terms: dict[str, Term] = {}
        self.shown_as: dict[str, str] = {}

    # -- symbols ------------------------------------------------------------------------------

    def term(self, source: str) -> Term:
        """The term of a label, built once: then a large drawing is followed in linear time."""
        term = self.terms.get(source)
        if term is None:
            term = self.terms[source] = elaborate(self.read(source), self.judge.symbols)
        return term

    def shown(self, source: str) -> str:
        """A label as messages show it."""
        shown = self.shown_as.get(source)
        if shown is None:
            shown = self.shown_as[source] = spaced(self.read(source))
        return shown

    def dimension(self, source: str) -> str | None:
        name = key(self.read(source))
        return None if name is None else self.judge.symbols.dimension(name)

    def name(self, source: str) -> str | None:
        """What a symbol is called, by the first of its names."""
        name = key(self.read(source))
        return None if name is None else self.judge.symbols.canonical(name)

    def same(self, term: Term, other: Term) -> bool | None:
        """Whether two terms are equal; None where their shapes differ."""
        if term is other:
            return True
        name = tree.Symbol("x")
        try:
            left, right = operations.together((term, other), (name, name))
        except IllTyped:
            return None
        try:
            return self.comparer.same(left, right).equal
        except Undecidable:  # with what was compared before, it may be: two Kronecker products that differ
            return exact.same(left, right, self.judge.seed).equal

    # -- what is said -------------------------------------------------------------------------

    def say(self, node: Node, answer: Answer, symbol: str | None = None) -> None:
        """A claim on a node: that of a flow is named by its label, that of a stack by the symbol."""
        spec = node.spec
        if isinstance(spec, model.FlowNode):
            label = spec.label
            text = label if isinstance(label, str) else " ".join(label)
            excuse = spec.unverified if spec.unverified is not None else self.excuse
            where = place_of(label)
        else:
            text = symbol if symbol is not None else named(node)
            excuse, where = spec.unverified, place_of(text)
        self.findings.append((answer, text, excuse, where if where is not None else spec.where))

    # -- one node -----------------------------------------------------------------------------

    def value(self, node: Node, flows: Sequence[Flowing]) -> Flowing | None:
        """What leaves a node that these come into; None where it is not known. Raises Stop, or Doubt."""
        match node.operation:
            case ops.Input(symbol, implied):
                return self._entered(symbol, implied)
            case ops.State(symbol):
                return self._state(node, symbol, flows[0])
            case ops.Apply(symbol):
                kind = self.term(symbol).type
                if kind.is_scalar or kind.is_vector:
                    raise IllTyped(f"{self.shown(symbol)} is {kind}: nothing flows through it")
                return self._applied(symbol, flows[0])
            case ops.Scale(symbol):
                return self._scaled(symbol, flows[0])
            case ops.Act(symbols):
                flow = flows[0] if flows else self._source(symbols[0])
                for symbol in symbols if flows else symbols[1:]:
                    flow = None if flow is None else self._acted(node, symbol, flow)
                return flow
            case ops.Sum():
                return self._sum(node, node.operation, flows)
            case ops.Product():
                return self._product(flows)
            case ops.Words() | ops.Output():
                return flows[0] if len(flows) == 1 else None
            case ops.Loose():
                raise self._loose(node.operation)
            case _:
                assert_never(node.operation)

    def _entered(self, symbol: str, implied: bool) -> Flowing:
        if implied:
            return Flowing(self.judge.symbols.term(symbol), symbol, self.read(symbol))
        term = self.term(symbol)
        if not term.type.is_vector:
            raise IllTyped(f"what enters is {self.shown(symbol)}, and it is {term.type}")
        return Flowing(term, self.shown(symbol), self.read(symbol))

    def _source(self, symbol: str) -> Flowing | None:
        """What comes in by a symbol that no edge leads to; None for a size, through which nothing flows."""
        if self.dimension(symbol) is not None:
            return None
        return Flowing(self.term(symbol), self.shown(symbol), self.read(symbol))

    def _acted(self, node: Node, symbol: str, flow: Flowing) -> Flowing:
        """What comes out of a symbol that something flows into: what it does is said by its type."""
        name = self.dimension(symbol)
        if name is not None:
            return self._waist(node, symbol, name, flow)
        term = self.term(symbol)
        kind = term.type
        if kind.is_scalar and not flow.term.type.is_scalar:
            return self._times(symbol, flow, self._grouped(symbol))
        if self._is_state(symbol, term, flow):
            return self._state(node, symbol, flow)
        return (
            self._entrywise(symbol, flow, self.shown(symbol), flow.factor())
            if kind.is_vector
            else self._applied(symbol, flow)
        )

    def _is_state(self, symbol: str, term: Term, flow: Flowing) -> bool:
        """Whether a symbol names what flows, and is not something that works on it: h, x, (W + BA)x, or a
        matrix that is made of others, W' = W + BA."""
        adapter = self.judge.symbols.adapter
        if self.name(symbol) in (*adapter.trainable, *adapter.frozen):
            return False
        if term.type.is_vector or term.type.is_scalar:
            return True
        return (term.type.rows, term.type.columns) == (
            flow.term.type.rows,
            flow.term.type.columns,
        ) and isinstance(term, terms.Defined)

    def _state(self, node: Node, symbol: str, flow: Flowing) -> Flowing:
        term, name = self.term(symbol), self.shown(symbol)
        stacked = not isinstance(node.spec, model.FlowNode)
        same = self.same(flow.term, term)
        if same is None:
            if stacked:
                here = f"what flows here is {flow.name}, and its shape is {flow.term.type}"
                raise Unfit(f"{here}, that of {name} {term.type}", symbol, flow.name, name)
            what = f"what flows into {name} is {flow.name}, {a(flow.term)}, and {name} is {a(term)}"
            raise IllTyped(what)
        if not same:
            raise Stop(self.differs(flow, name, "drawing" if stacked else "flow"), symbol)
        if stacked:
            self.say(node, Answer("diagram", "holds", flow.name, name), symbol)
        else:
            detail = f"the flow, run from its inputs, gives {name}"
            answer = Answer("diagram", "holds", flow.name, name, detail=detail)
            self.say(node, self.judge.measured(answer, flow.term, term))
        return Flowing(term, flow.name, self.read(symbol))

    def differs(self, flow: Flowing, name: str, what: str) -> Answer:
        """What flows is not what a symbol stands for."""
        source = self.judge.symbols.sources.get(name)
        defined = f", and {name} is {source}" if source is not None else f", and that is not {name}"
        return Answer("diagram", "fails", flow.name, name, detail=f"the {what} gives {flow.name}{defined}")

    def _waist(self, node: Node, symbol: str, dimension: str, flow: Flowing) -> Flowing:
        """A node of a dimension says how wide what flows through it is."""
        kind, name = flow.term.type, self.shown(symbol)
        if kind.columns == ONE and kind.rows == dimension:
            self.say(node, Answer("diagram", "holds", str(kind), name))
            return flow
        detail = f"what flows through {name} is {flow.name}, {a(flow.term)}"
        hint = f"it should read {kind}"
        raise Stop(Answer("diagram", "fails", str(kind), name, detail=detail, hint=hint), symbol)

    def _applied(self, symbol: str, flow: Flowing) -> Flowing:
        term = self.term(symbol)
        kind, other = term.type, flow.term.type
        if kind.columns != other.rows:
            name = self.shown(symbol)
            what = f"{name} maps {kind.columns} to {kind.rows}, and what flows into it is {flow.name}"
            raise Unfit(f"{what}, {a(flow.term)}", symbol, str(other), name)
        product = terms.Multiply(term, flow.term, terms.Type(kind.rows, other.columns))
        return self._after(product, self._grouped(symbol), symbol, flow)

    def _scaled(self, symbol: str, flow: Flowing) -> Flowing:
        """What multiplies the flow: a number, a vector entry by entry, or a diagonal matrix."""
        kind, node, name = self.term(symbol).type, self.read(symbol), self.shown(symbol)
        name = name if isinstance(node, (tree.Symbol, tree.Script, tree.Fraction)) else f"({name})"
        if kind.is_scalar:
            return self._times(symbol, flow, name)
        return (
            self._entrywise(symbol, flow, name, flow.name) if kind.is_vector else self._applied(symbol, flow)
        )

    def _times(self, symbol: str, flow: Flowing, name: str) -> Flowing:
        scaled = terms.Multiply(self.term(symbol), flow.term, flow.term.type)
        return self._after(scaled, name, symbol, flow)

    def _entrywise(self, symbol: str, flow: Flowing, name: str, other: str) -> Flowing:
        term = self.term(symbol)
        try:
            scaled = operations.entrywise(term, flow.term, (self.read(symbol),), tree.Symbol(flow.name))
        except IllTyped:
            what = f"{name} is a vector of {term.type}, and what flows into it is {flow.name}"
            raise Unfit(f"{what}, {a(flow.term)}", symbol) from None
        return self._after(scaled, f"{name} ⊙", symbol, flow, "⊙", other)

    def _after(
        self, term: Term, name: str, symbol: str, flow: Flowing, op: str = "", other: str | None = None
    ) -> Flowing:
        node = None if flow.node is None else times(self.read(symbol), flow.node, op)
        return Flowing(term, short(f"{name} {flow.name if other is None else other}"), node)

    def _grouped(self, symbol: str) -> str:
        name = self.shown(symbol)
        return f"({name})" if " + " in name or " − " in name else name

    # -- what joins ---------------------------------------------------------------------------

    def _sum(self, node: Node, operation: ops.Sum, flows: Sequence[Flowing]) -> Flowing:
        said, branches = operation.terms, operation.branches
        if branches is None and len(flows) < 2:
            what = f"{count(len(flows))} arrow flows into the sum: there is nothing to add"
            raise fails(what, "draw an arrow into it from each term")
        if branches == 0:
            what = "a sum without a split: one branch comes in, and there is nothing to add"
            raise fails(what, "put a split below it, with a branch for each term")
        if said and len(said) != len(flows):
            listed = f"{count(len(said))} {_plural('term', len(said))}"
            what = f"{listed} for {count(len(flows))} {_plural('branch', len(flows))}"
            raise fails(what, "give one term for each branch, in the same order")
        flows = [self._summand(node, i, said[i], flows) for i in range(len(said))] if said else flows
        nodes = [tree.Symbol(flow.name) for flow in flows]
        try:
            total = operations.add([flow.term for flow in flows], [1] * len(flows), nodes)
        except IllTyped as doubt:
            raise Stop(doubtful("diagram", doubt)) from None
        return Flowing(total, short(" + ".join(flow.name for flow in flows)), added(flows))

    def _summand(self, node: Node, i: int, source: str, flows: Sequence[Flowing]) -> Flowing:
        """A term must be what its branch gives; the scaling, which no shape stands for, may be with it."""
        term, name, flow = self.term(source), self.shown(source), flows[i]
        if self.same(term, flow.term):
            self.say(node, Answer("diagram", "holds", flow.name, name), source)
            return Flowing(flow.term, flow.name, self.read(source))
        symbols = self.judge.symbols
        if symbols.knows("s"):
            scaled = terms.Multiply(symbols.term("s"), flow.term, flow.term.type)
            if self.same(term, scaled):
                detail = f"{flow.name} times the scaling"
                self.say(node, Answer("diagram", "holds", flow.name, name, detail=detail), source)
                return Flowing(scaled, name, self.read(source))
        others = [j for j, other in enumerate(flows) if j != i and self.same(term, other.term)]
        detail = f"its branch gives {flow.name}, not {name}"
        hint = f"it should read {flow.name}"
        if others:
            detail += f": the terms are swapped, {name} comes from branch {others[0] + 1}"
            hint = "list the terms in the order of the branches"
        raise Stop(Answer("diagram", "fails", flow.name, name, detail=detail, hint=hint), source)

    def _product(self, flows: Sequence[Flowing]) -> Flowing:
        if len(flows) != 2:
            what = f"{count(len(flows))} arrows flow into the product: it has two factors"
            raise fails(what, "draw an arrow into it from each factor")
        flow, other = flows
        left, right = flow.term, other.term
        node = None if flow.node is None or other.node is None else times(flow.node, other.node, "⊙")
        if left.type.is_scalar or right.type.is_scalar:
            kind = right.type if left.type.is_scalar else left.type
            return Flowing(
                terms.Multiply(left, right, kind), short(f"{flow.factor()} {other.factor()}"), node
            )
        product = operations.entrywise(left, right, (tree.Symbol(flow.name),), tree.Symbol(other.name))
        return Flowing(product, short(f"{flow.factor()} ⊙ {other.factor()}"), node)

    def _loose(self, loose: ops.Loose) -> Stop:
        branches = f"the {count(loose.branches)} branches"
        if loose.inner:
            what = f"{branches} inside a branch are not added"
            return fails(what, "add a sum at the end of the inner branches")
        if loose.symbol is None:
            return fails("a split follows a split: nothing joins its branches", "add a sum")
        what = f"{branches} reach {self.shown(loose.symbol)} but nothing adds them"
        return fails(what, "add a sum below it: sum: [Wx, BAx]")

    # -- labels -------------------------------------------------------------------------------

    def labelled(self, source: str, flow: Flowing) -> Answer:
        """A label on an edge names what flows along it, or its dimension."""
        node, kind = self.read(source), flow.term.type
        name, dimension = key(node), self.dimension(source)
        size = sizes(node)
        if dimension is not None and name is not None:
            if dimension == kind.rows and kind.columns == ONE:
                return Answer("diagram", "holds", value=str(kind), shown=name)
            said, detail = name, f"what flows here is {flow.name}, a vector of {kind}"
        elif size is not None and (isinstance(node, tree.Shape) or not isinstance(bare(node), tree.Symbol)):
            said = " × ".join(map(spaced, size))
            if said in (str(kind), f"{kind.rows} × 1"):
                return Answer("diagram", "holds", value=str(kind), shown=said)
            detail = f"what flows here is {flow.name}, of shape {kind}"
        else:
            shown = self.shown(source)
            same = self.same(self.term(source), flow.term)
            if same:
                return Answer("diagram", "holds", flow.name, shown)
            detail = f"what flows here is {flow.name}, not {shown}"
            verdict = Answer("diagram", "fails", flow.name, shown, detail=detail)
            return (
                Answer("diagram", "ill-typed", flow.name, shown, detail=detail) if same is None else verdict
            )
        return Answer("diagram", "fails", str(kind), said, detail=detail, hint=f"it should read {kind}")


# Words -------------------------------------------------------------------------------------------


def named(node: Node) -> str:
    """What a claim on a node of a stack is about."""
    operation = node.operation
    match operation:
        case ops.Sum(terms=said):
            return " + ".join(said) if said else "sum"
        case ops.Loose(symbol=str(symbol)):
            return symbol
        case ops.Loose():
            return "split"
        case ops.Input() | ops.State() | ops.Apply() | ops.Scale():
            return operation.symbol
        case _:
            return node.name


def a(term: Term) -> str:
    """`a vector of d`, `of shape d × k`."""
    kind = term.type
    return f"a vector of {kind}" if kind.is_vector else str(kind) if kind.is_scalar else f"of shape {kind}"


def count(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def fails(what: str, hint: str | None = None) -> Stop:
    return Stop(Answer("diagram", "fails", detail=what, hint=hint))


def _plural(word: str, n: int) -> str:
    return word if n == 1 else word + ("es" if word.endswith("ch") else "s")
