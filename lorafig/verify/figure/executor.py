"""A drawing is executed: what flows from its inputs through every node must be what the labels say.

What flows is a term, as the equations have it: so it is decided exactly, and in float64, by the same code as
they are. Stacks and flows are one graph, and what a node does with what comes in is decided here alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Literal, TypeAlias, assert_never

from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.graph import ops
from lorafig.graph.structure import Graph, Node
from lorafig.language import model
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.verify.decide import applied, exact
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import FAILS, HOLDS, AtStart, Condition, Either, Not, Same, every
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure.collector import place_of
from lorafig.verify.figure.flowing import Flowing, added, call, short, times
from lorafig.verify.meaning import calls, operations, terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Doubt, IllTyped, Term, Undecidable
from lorafig.verify.read.classify import sizes
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Verdict

MOST_GIVEN = 64  # conditions that a claim has of its own; all before them are one, which the claims share
MOST_TAKEN = 8  # terms of a difference that is written out
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

# An answer, the text that it is about, the reason given for what cannot be decided, and the place.
Finding: TypeAlias = tuple[Answer, str, str | None, Place | None]


class Unfit(IllTyped):
    """What flows does not have the shape that a symbol needs; `value` is what flows, `shown` the symbol."""

    def __init__(
        self,
        what: str,
        symbol: str,
        value: str | None = None,
        shown: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what, hint)
        self.symbol, self.value, self.shown = symbol, value, shown


class Stop(Exception):  # noqa: N818  an answer, not a failure
    """A node from which the drawing cannot be followed any further, and why; `symbol` is what of it says
    something else, and `said` what would leave it if it were so: at other sizes it may be."""

    def __init__(self, answer: Answer, symbol: str | None = None, said: Flowing | None = None) -> None:
        super().__init__(answer)
        self.answer, self.symbol, self.said = answer, symbol, said


class Executor:
    """Runs a graph node by node. `values` has what comes out of each; `findings` is what came of it.

    What follows on a node that is wrong is `quiet`: nothing is said of it, but at sizes at which the node is
    so it may be said. `silent` are the findings of that, `assumed` the values. What is run `once` is known at
    the sizes of the figure alone: at others there are more copies, or fewer.
    """

    def __init__(
        self,
        graph: Graph,
        judge: Judge,
        read: Callable[[str], tree.Node],
        excuse: str | None,
        once: bool = False,
    ) -> None:
        self.graph, self.judge, self.read, self.excuse = graph, judge, read, excuse
        self.comparer = exact.Comparer(judge.seed)
        self.values: dict[str, Flowing] = {}
        self.findings: list[Finding] = []
        self.silent: list[Finding] = []
        self.assumed: dict[str, Flowing] = {}
        self.quiet = False
        self.once = once
        self.given: dict[str, list[Condition]] = {}  # what has to hold for a node to be reached
        # The term of a label, and how messages show it, each made once: then large drawings take linear time.
        self.term: Callable[[str], Term] = cache(lambda source: elaborate(read(source), judge.symbols))
        self.shown: Callable[[str], str] = cache(lambda source: spaced(read(source)))

    # -- symbols ------------------------------------------------------------------------------

    def dimension(self, source: str) -> str | None:
        return self.judge.symbols.dimension(key(self.read(source)))

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

    def when(self, flow: Flowing, term: Term) -> Condition:
        """At which sizes what flows is a term."""
        name = tree.Symbol("x")
        try:
            left, right = operations.together((flow.meant, term), (name, name))
        except IllTyped:
            return FAILS
        return HOLDS if left is right else Same(left, right, self.judge.seed)

    def judged(self, wrong: Answer, flow: Flowing, term: Term) -> Answer:
        """What is said of a difference: that nobody can tell, if a property of a function may make it
        none."""
        name = tree.Symbol("x")
        try:
            left, right = operations.together((flow.term, term), (name, name))
        except IllTyped:
            return wrong
        if not terms.applied(left, right):
            return wrong
        away = applied.apart(left, right, self.judge.symbols.dimensions, self.judge.seed)
        if away is None:
            return wrong
        detail = f"{wrong.detail}: {away.detail}"
        if away.differs:
            return replace(wrong, detail=detail, residual=away.residual, bound=away.bound)
        return replace(wrong, verdict="undetermined", detail=detail, hint=away.hint)

    # -- what is said -------------------------------------------------------------------------

    def say(self, node: Node, answer: Answer, symbol: str | None = None) -> None:
        """A claim on a node: that of a flow is named by its label, that of a stack by the symbol."""
        spec = node.spec
        if isinstance(spec, model.FlowNode):
            label = spec.label
            text = label if isinstance(label, str) else " ".join(label)
            excuse = spec.unverified if spec.unverified is not None else self.excuse
            where = place_of(label, element=spec)
        else:
            text = symbol if symbol is not None else node.name
            excuse, where = spec.unverified, place_of(text, element=spec)
        given = self.given.setdefault(node.name, [])
        if not node.hidden or answer.verdict != "holds":  # it is told of the copies that are drawn
            self.tell(answer, text, excuse, where, given)
        if answer.condition is not None and answer.condition is not HOLDS:
            if len(given) >= MOST_GIVEN:
                given[:] = [every(given)]
            given.append(answer.condition)

    def tell(
        self,
        answer: Answer,
        text: str,
        excuse: str | None,
        where: Place | None,
        given: Sequence[Condition],
    ) -> None:
        """A claim, which stands where it is not reached."""
        if self.once and answer.verdict != "undetermined":
            answer = replace(answer, condition=AtStart(answer.verdict == "holds"))
        elif given and answer.holds is not HOLDS:
            answer = replace(answer, condition=Either((Not(every(given)), answer.holds)))
        (self.silent if self.quiet else self.findings).append((answer, text, excuse, where))

    def flows(self, tails: Iterable[str]) -> list[Flowing]:
        """What comes in from these nodes, as far as it is known."""
        known = (self.values.get(tail, self.assumed.get(tail)) for tail in tails)
        return [flow for flow in known if flow is not None]

    def leaves(self, name: str, flow: Flowing | None, tails: Iterable[str]) -> None:
        """Keeps what comes out of a node; it is assumed if anything that comes in is."""
        if flow is not None:
            assumed = any(tail in self.assumed for tail in tails)
            (self.assumed if assumed else self.values)[name] = flow

    # -- one node -----------------------------------------------------------------------------

    def value(self, node: Node, flows: Sequence[Flowing]) -> Flowing | None:
        """What leaves a node that these come into; None where it is not known. Raises Stop, or Doubt."""
        match node.operation:
            case ops.Input(symbol, implied):
                flow = self._named(symbol)
                if not implied and not flow.term.type.is_vector:
                    raise IllTyped(f"what enters is {flow.name}, and it is {flow.term.type}")
                return flow
            case ops.State(symbol):
                return self._state(node, symbol, flows[0])
            case ops.Apply(symbol):
                kind = self.term(symbol).type
                if kind.is_scalar or kind.is_vector:
                    raise IllTyped(f"{self.shown(symbol)} is {kind}: nothing flows through it")
                return self._multiplied(symbol, flows[0])
            case ops.Scale(symbol):
                name, plain = self.shown(symbol), (tree.Symbol, tree.Script, tree.Fraction)
                name = name if isinstance(self.read(symbol), plain) else f"({name})"
                return self._multiplied(symbol, flows[0], name)
            case ops.Shift(symbol):
                return self._shifted(symbol, flows[0])
            case ops.Act(symbols):
                if not flows and self.dimension(symbols[0]) is not None:
                    return None  # a size, and nothing flows through it
                flow = flows[0] if flows else self._named(symbols[0])
                for symbol in symbols if flows else symbols[1:]:
                    flow = self._acted(node, symbol, flow)
                return flow
            case ops.Cells():
                return self._cells(node, node.operation, flows)
            case ops.Entry(index):
                return self._entry(flows[0], index)
            case ops.Sum():
                return self._sum(node, node.operation, flows)
            case ops.Product():
                return self._product(flows)
            case ops.Call(function):
                return self._called(node, function, flows)
            case ops.Words():
                return None
            case ops.Output():
                return flows[0] if len(flows) == 1 else None
            case ops.Loose():
                raise self._loose(node.operation)
            case _:
                assert_never(node.operation)

    def _named(self, symbol: str) -> Flowing:
        return Flowing(self.term(symbol), self.shown(symbol), self.read(symbol))

    def _acted(self, node: Node, symbol: str, flow: Flowing) -> Flowing:
        """What comes out of a symbol that something flows into: what it does is said by its type."""
        name = self.dimension(symbol)
        if name is not None:
            return self._waist(node, symbol, name, flow)
        term, other = self.term(symbol).type, flow.term.type
        scales = term.is_scalar and not other.is_scalar
        return (
            self._multiplied(symbol, flow)
            if scales or not self._names(symbol, flow)
            else self._state(node, symbol, flow)
        )

    def brought(self, node: Node, flows: Sequence[Flowing]) -> Flowing | None:
        """What leaves a matrix that one of two arrows brings, and that the other flows through: ΔW = F(c)
        and x give ΔW x. None for any other matrix. Raises Stop if what is brought is another one."""
        if not isinstance(node.operation, ops.Act) or len(node.operation.symbols) > 1 or len(flows) != 2:
            return None
        (symbol,) = node.operation.symbols
        kind = self.term(symbol).type
        own = [flow for flow in flows if flow.term.type.sizes == kind.sizes]
        through = [flow for flow in flows if flow.term.type.sizes != kind.sizes]
        if ONE in kind.sizes or len(own) != 1:
            return None
        self._state(node, symbol, own[0])
        return self._multiplied(symbol, through[0])

    def _names(self, symbol: str, flow: Flowing) -> bool:
        """Whether a symbol names what flows, and is not something that works on it: h, x, (W + BA)x, or a
        matrix that is made of others, W' = W + BA."""
        term, adapter = self.term(symbol), self.judge.symbols.adapter
        name = self.name(symbol)
        if name in (*adapter.trainable, *adapter.frozen):
            return False
        if name is not None and self.judge.symbols.role(name) in ("frozen", "trained", "random"):
            return False
        kind, other = term.type, flow.term.type
        made = isinstance(term, terms.Defined) and kind.sizes == other.sizes
        return made or kind.is_vector or kind.is_scalar

    def _state(self, node: Node, symbol: str, flow: Flowing) -> Flowing:
        if self._defines(symbol, flow):
            return Flowing(flow.term, flow.name, self.read(symbol))
        term, name = self.term(symbol), self.shown(symbol)
        stacked = not isinstance(node.spec, model.FlowNode)
        same, condition = self.same(flow.term, term), self.when(flow, term)
        if same is None:
            if stacked:
                here = f"what flows here is {flow.name}, and its shape is {flow.term.type}"
                raise Unfit(f"{here}, that of {name} {term.type}", symbol, flow.name, name)
            what = f"what flows into {name} is {flow.name}, {a(flow.term)}, and {name} is {a(term)}"
            raise IllTyped(what)
        if not same:
            answer = self.judged(
                self.differs(flow, name, "drawing" if stacked else "flow", condition), flow, term
            )
            raise Stop(answer, symbol, Flowing(term, flow.name, None))
        if stacked:
            self.say(node, Answer("diagram", "holds", flow.name, name, condition=condition), symbol)
        else:
            detail = f"the flow, run from its inputs, gives {name}"
            answer = Answer("diagram", "holds", flow.name, name, detail=detail, condition=condition)
            self.say(node, self.judge.measured(answer, flow.term, term))
        return Flowing(term, flow.name, self.read(symbol))

    def _defines(self, symbol: str, flow: Flowing) -> bool:
        """An output that is declared, and that no `let` defines, is what first comes out under its name."""
        symbols, name = self.judge.symbols, key(self.read(symbol))
        if name not in symbols.outputs() or symbols.terms[name].type.sizes != flow.term.type.sizes:
            return False
        symbols.define(name, flow.term)
        symbols.given.add(name)
        symbols.sources[name] = flow.name
        return True

    def differs(self, flow: Flowing, name: str, what: str, condition: Condition) -> Answer:
        """What flows is not what a symbol stands for."""
        source = self.judge.symbols.sources.get(name)
        defined = f", and {name} is {source}" if source is not None else f", and that is not {name}"
        detail = f"the {what} gives {flow.name}{defined}"
        hint = (
            None
            if source is None
            else _missing(str(source), flow.name, name, self.judge.symbols.adapter.name)
        )
        return Answer("diagram", "fails", flow.name, name, detail=detail, hint=hint, condition=condition)

    def _waist(self, node: Node, symbol: str, dimension: str, flow: Flowing) -> Flowing:
        """A node of a dimension says how wide what flows through it is."""
        kind, name = flow.term.type, self.shown(symbol)
        if kind.columns == ONE and kind.rows == dimension:
            self.say(node, Answer("diagram", "holds", str(kind), name))
            return flow
        detail = f"what flows through {name} is {flow.name}, {a(flow.term)}"
        hint = f"it should read {kind}"
        raise Stop(Answer("diagram", "fails", str(kind), name, detail=detail, hint=hint), symbol)

    def _multiplied(self, symbol: str, flow: Flowing, scale: str | None = None) -> Flowing:
        """What comes out of a factor: a number, a vector that multiplies entry by entry, or a matrix; `scale`
        is what messages call the factor of a scaling."""
        factor, shown, node = self.term(symbol), self.shown(symbol), self.read(symbol)
        kind, other, op = factor.type, flow.term.type, ""
        name = f"({shown})" if " + " in shown or " − " in shown else shown
        name, flows = (name, flow.factor()) if scale is None else (scale, flow.name)
        product: Term
        if kind.is_scalar:
            product, flows = terms.Multiply(factor, flow.term, other), flow.name
        elif kind.is_vector:
            op = "⊙"
            try:
                product = operations.entrywise(factor, flow.term, (node,), tree.Symbol(flow.name))
            except IllTyped:
                what = f"{name} is a vector of {kind}, and what flows into it is {flow.name}"
                raise Unfit(f"{what}, {a(flow.term)}", symbol) from None
        elif kind.columns == other.rows:
            product, flows = (
                terms.Multiply(factor, flow.term, terms.Type(kind.rows, other.columns)),
                flow.name,
            )
        elif kind.rows == other.columns != ONE:  # rows that flow: x W
            whole = terms.Multiply(flow.term, factor, terms.Type(other.rows, kind.columns))
            written = None if flow.node is None else times(flow.node, node, "")
            return Flowing(whole, short(f"{flow.factor()} {name}"), written)
        else:
            what = f"{shown} maps {kind.columns} to {kind.rows}, and what flows into it is {flow.name}"
            raise Unfit(f"{what}, {a(flow.term)}", symbol, str(other), shown)
        written = None if flow.node is None else times(node, flow.node, op)
        return Flowing(product, short(" ".join(filter(None, (name, op, flows)))), written)

    def _shifted(self, symbol: str, flow: Flowing) -> Flowing:
        """What comes out where a vector is added."""
        by = self._named(symbol)
        if by.term.type.sizes != flow.term.type.sizes:
            what = f"{by.name} is {a(by.term)}, and what it is added to is {flow.name}"
            raise Unfit(f"{what}, {a(flow.term)}", symbol)
        total = operations.add([flow.term, by.term], [1, 1], [tree.Symbol(flow.name), self.read(symbol)])
        return Flowing(total, short(f"{flow.name} + {by.name}"), added([flow, by]))

    def _called(self, node: Node, function: str, flows: Sequence[Flowing]) -> Flowing:
        """What a function gives of what comes in; `apply` may name a symbol too."""
        name, tree_ = self.shown(function), self.read(function)
        own = calls.callee(tree_, self.judge.symbols)
        if not flows:
            raise fails(
                f"nothing flows into {name}", f"draw an arrow into it; words are a list: [{name}]", function
            )
        if own is None:
            if self.name(function) is None or not self.judge.symbols.knows(str(self.name(function))):
                raise calls.no_function(tree_, self.judge.symbols)
            if len(flows) > 1:
                raise fails(
                    f"{count(len(flows))} arrows flow into {name}, and nothing joins them", None, function
                )
            return self._acted(node, function, flows[0])
        nodes = [flow.node if flow.node is not None else tree.Symbol(flow.name) for flow in flows]
        arguments = [flow.term for flow in flows]
        try:
            term = calls.call(own, arguments, nodes, self.judge.symbols, name, elaborate)
        except IllTyped as wrong:
            raise Unfit(wrong.what, function, hint=wrong.hint) from None
        if own.last is None and own.parts is None:  # one of several letters is its name
            name = own.name
        said = short(f"{name}({', '.join(flow.name for flow in flows)})")
        return Flowing(term, said, call(tree_, [flow.node for flow in flows]))

    # -- what joins ---------------------------------------------------------------------------

    def _sum(self, node: Node, operation: ops.Sum, flows: Sequence[Flowing]) -> Flowing:
        said, branches = operation.terms, operation.branches
        text, n = " + ".join(said) if said else "sum", len(flows)
        if branches is None and n < 2:
            if operation.minus:
                what = f"{count(n)} arrow flows into the difference: there is nothing to take from it"
                raise fails(what, "draw an arrow into it from each term, the first one first")
            what = f"{count(n)} arrow flows into the sum: there is nothing to add"
            raise fails(what, "draw an arrow into it from each term")
        if branches == 0:
            what = "a sum without a split: one branch comes in, and there is nothing to add"
            raise fails(what, "put a split below it, with a branch for each term", text)
        if said and len(said) != n:
            terms_, ends = "term" if len(said) == 1 else "terms", "branch" if n == 1 else "branches"
            what = f"{count(len(said))} {terms_} for {count(n)} {ends}"
            raise fails(what, "give one term for each branch, in the same order", text)
        signs = [1, *([-1 if operation.minus else 1] * (n - 1))]
        name = short((" − " if operation.minus else " + ").join(flow.name for flow in flows))
        try:
            meant = operations.add([*map(self.term, said)], signs, [*map(self.read, said)]) if said else None
        except Doubt:
            meant = None
        try:
            flows = [self._summand(node, i, said[i], flows) for i in range(n)] if said else flows
        except Stop as stop:
            stop.said = None if meant is None else Flowing(meant, name, None)
            raise
        nodes = [tree.Symbol(flow.name) for flow in flows]
        try:
            total = operations.add([flow.term for flow in flows], signs, nodes)
        except IllTyped as doubt:
            raise Stop(doubtful("diagram", doubt), text) from None
        if operation.minus:
            first, *rest = [flow.node for flow in flows]
            told = [tree.Fenced("(", ")", x) if isinstance(x, tree.Sum) else x for x in rest]
            known = tuple(part for part in (first, *told) if part is not None)
            whole = tree.Sum(known, ("", *(["-"] * (n - 1))))
            return Flowing(total, name, whole if len(known) == n <= MOST_TAKEN else None)
        return Flowing(total, short(" + ".join(flow.name for flow in flows)), added(flows), meant)

    def _summand(self, node: Node, i: int, source: str, flows: Sequence[Flowing]) -> Flowing:
        """A term must be what its branch gives; the scaling, which no shape stands for, may be with it."""
        term, name, flow = self.term(source), self.shown(source), flows[i]
        symbols, condition, scaled = self.judge.symbols, self.when(flow, term), None
        if symbols.knows("s"):
            kind, s = flow.term.type, symbols.term("s")
            scaled = Flowing(terms.Multiply(s, flow.term, kind), name, self.read(source), term)
            other = Flowing(terms.Multiply(s, flow.meant, kind), name, None)
            condition = Either((condition, self.when(other, term)))
        if self.same(term, flow.term):
            self.say(node, Answer("diagram", "holds", flow.name, name, condition=condition), source)
            return replace(flow, node=self.read(source), said=term)
        if scaled is not None and self.same(term, scaled.term):
            detail = f"{flow.name} times the scaling"
            answer = Answer("diagram", "holds", flow.name, name, detail=detail, condition=condition)
            self.say(node, answer, source)
            return scaled
        others = [j for j, other in enumerate(flows) if j != i and self.same(term, other.term)]
        detail = f"its branch gives {flow.name}, not {name}"
        hint = f"it should read {flow.name}"
        if others:
            detail += f": the terms are swapped, {name} comes from branch {others[0] + 1}"
            hint = "list the terms in the order of the branches"
        wrong = Answer("diagram", "fails", flow.name, name, detail=detail, hint=hint, condition=condition)
        raise Stop(self.judged(wrong, flow, term), source)

    def _cells(self, node: Node, cells: ops.Cells, flows: Sequence[Flowing]) -> Flowing:
        """A vector by its entries: what comes from a copy is multiplied by its entry, and all is added."""
        own, name = self._named(cells.symbol), self.shown(cells.symbol)
        if not own.term.type.is_vector:
            raise IllTyped(f"cells are the entries of a vector, and {own.name} is {a(own.term)}")
        ways = list(zip(cells.fed, flows, strict=False))
        itself = [flow for number, flow in ways if number is None]
        fed = [(number, flow) for number, flow in ways if number is not None]
        if len(itself) > 1:
            what = f"{count(len(itself))} arrows bring {name} to its cells"
            raise fails(what, "draw one, beside those from the copies", cells.symbol)
        if itself:
            own = self._state(node, cells.symbol, itself[0])
        size = self.judge.symbols.dimensions.get(own.term.type.length)
        if size is None or sorted(number for number, _ in fed) not in ([], list(range(1, size + 1))):
            many = f"{own.term.type.length} = {size:,}" if size is not None else own.term.type.length
            copies = "copy feeds" if len(fed) == 1 else "copies feed"
            what = f"{name} has {many} entries, and {count(len(fed))} {copies} its cells"
            raise fails(what, "let the index run from 1 to the size of the vector", cells.symbol)
        if not fed:
            return own
        parts = [self._weighted(self._entry(own, number), flow) for number, flow in fed]
        nodes = [tree.Symbol(part.name) for part in parts]
        total = operations.add([part.term for part in parts], [1] * len(parts), nodes)
        return Flowing(total, short(" + ".join(part.name for part in parts)), added(parts))

    def _entry(self, flow: Flowing, index: int) -> Flowing:
        kind = flow.term.type
        size = self.judge.symbols.dimensions.get(kind.length)
        if size is None or not 1 <= index <= size:
            raise IllTyped(f"{flow.name} has no entry {index}: it is {a(flow.term)}")
        axis: Literal["rows", "columns"] = "rows" if kind.columns == ONE else "columns"
        entry = terms.Slice(flow.term, terms.SCALAR, axis, index, size)
        simple = isinstance(flow.node, tree.Symbol)
        node = tree.Script(flow.node, tree.Number(str(index))) if simple and flow.node is not None else None
        return Flowing(entry, f"{flow.factor()}_{index}", node)

    @staticmethod
    def _weighted(weight: Flowing, flow: Flowing) -> Flowing:
        product = terms.Multiply(weight.term, flow.term, flow.term.type)
        node = None if weight.node is None or flow.node is None else times(weight.node, flow.node, "")
        return Flowing(product, short(f"{weight.name} {flow.factor()}"), node)

    def _product(self, flows: Sequence[Flowing]) -> Flowing:
        if len(flows) != 2:
            what = f"{count(len(flows))} arrows flow into the product: it has two factors"
            raise fails(what, "draw an arrow into it from each factor")
        left, right = flows
        kind, other, name = left.term.type, right.term.type, tree.Symbol(right.name)
        product: Term
        if kind.is_scalar or other.is_scalar:
            product, op = terms.Multiply(left.term, right.term, other if kind.is_scalar else kind), " "
        else:
            product, op = operations.entrywise(left.term, right.term, (tree.Symbol(left.name),), name), " ⊙ "
        node = None if left.node is None or right.node is None else times(left.node, right.node, "⊙")
        return Flowing(product, short(f"{left.factor()}{op}{right.factor()}"), node)

    def _loose(self, loose: ops.Loose) -> Stop:
        branches = f"the {count(loose.branches)} branches"
        if loose.symbol is not None:
            what = f"{branches} reach {self.shown(loose.symbol)} but nothing adds them"
            return fails(what, "add a sum below it: sum: [Wx, BAx]", loose.symbol)
        if loose.inner:
            what = f"{branches} inside a branch are not added"
            return fails(what, "add a sum at the end of the inner branches", "split")
        return fails("a split follows a split: nothing joins its branches", "add a sum", "split")

    # -- labels -------------------------------------------------------------------------------

    def labelled(self, source: str, flow: Flowing) -> Answer:
        """A label on an edge names what flows along it, or its dimension."""
        node, kind = self.read(source), flow.term.type
        dimension, size = self.dimension(source), sizes(node)
        here = f"what flows here is {flow.name}"
        if dimension is not None:
            said, holds = key(node), dimension == kind.rows and kind.columns == ONE
            detail = f"{here}, a vector of {kind}"
        elif size is not None and (isinstance(node, tree.Shape) or not isinstance(bare(node), tree.Symbol)):
            said = " × ".join(map(spaced, size))
            holds, detail = said in (str(kind), f"{kind.rows} × 1"), f"{here}, of shape {kind}"
        else:
            shown, term = self.shown(source), self.term(source)
            same, condition = self.same(term, flow.term), self.when(flow, term)
            if same:
                return Answer("diagram", "holds", flow.name, shown, condition=condition)
            verdict: Verdict = "ill-typed" if same is None else "fails"
            detail = f"{here}, not {shown}"
            wrong = Answer("diagram", verdict, flow.name, shown, detail=detail, condition=condition)
            return self.judged(wrong, flow, term)
        if holds:
            return Answer("diagram", "holds", value=str(kind), shown=said)
        return Answer("diagram", "fails", str(kind), said, detail=detail, hint=f"it should read {kind}")


# Words -------------------------------------------------------------------------------------------


def a(term: Term) -> str:
    """`a vector of d`, `of shape d × k`."""
    kind = term.type
    return f"a vector of {kind}" if kind.is_vector else str(kind) if kind.is_scalar else f"of shape {kind}"


def count(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def fails(what: str, hint: str | None = None, symbol: str | None = None) -> Stop:
    return Stop(Answer("diagram", "fails", detail=what, hint=hint), symbol)


def _missing(source: str, gives: str, name: str, method: str) -> str | None:
    """What to draw, if a symbol of what `name` stands for is not in what a drawing gives."""
    lacks = [symbol for symbol in _symbols(source) if symbol not in _symbols(gives)]
    if lacks == ["α"]:
        scale = "scale: '\\frac{\\alpha}{r}'"
        return f"alpha is given: scale the branch of the adapter, {scale}, or leave alpha out of the model"
    if not lacks and "+" in source and "+" not in gives:
        return f"{name} is a sum, and nothing is added here: put what it adds side by side, in a split"
    if not lacks:
        return None
    what = " and ".join(lacks) if len(lacks) < 3 else ", ".join(lacks)
    verb = "is" if len(lacks) == 1 else "are"
    if set(lacks) <= {"W", "A", "B"}:
        return (
            f"{what} {verb} not on the way to {name}: draw the branch and add it, or model: {{adapter: none}}"
        )
    it, them = ("it", "it") if len(lacks) == 1 else ("they", "them")
    other = "" if method in ("lora", "none") else ", or name what is drawn: model: {adapter: lora}"
    return f"{what} {verb} not on the way to {name}: draw {them} where {it} {verb} in the formula{other}"


def _symbols(text: str) -> tuple[str, ...]:
    """The letters of a formula, each with its index, but those of sizes; λ and Λ = diag(λ) count as one."""
    letters = re.sub(r"\\?[a-z]{2,}", " ", text.replace("Λ", "λ"))
    found = re.findall(r"(?<!_)[A-Za-zα-ω](?:_\w)?", letters)
    return tuple(letter for letter in dict.fromkeys(found) if letter not in ("d", "k", "r"))
