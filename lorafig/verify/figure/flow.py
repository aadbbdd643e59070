"""A flow of tensors is run from its inputs to its outputs, and held to what its nodes and edges say.

What flows is a term, as the equations have it: so it is decided exactly, and in float64, by the same
code as they are.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from lorafig.errors import Place
from lorafig.language.chain import Link, links
from lorafig.language.model import Edge, Figure, Flow, FlowNode, Inject
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import SIGNS
from lorafig.notation.tree import Node, Symbol
from lorafig.verify.decide import properties
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.figure.diagram import Flowing, Followed, count
from lorafig.verify.meaning.operations import add as add_terms
from lorafig.verify.meaning.operations import entrywise
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Defined, Doubt, IllTyped, Multiply, Term, Type, Undecidable
from lorafig.verify.read.quoted import spaced

ADDS = ("+", "⊕")
JOINS = ("×", "⊙")


def run(flow: Flow, figure: Figure, collector: Collector) -> None:
    """The claims of a flow: its labels, its badges, and what it computes or does."""
    for node in flow.nodes:
        _node(node, collector)
    for group in flow.groups:
        if group.title is not None:
            collector.text(group.title, figure.unverified)
    for entry in flow.edges:
        if isinstance(entry, Edge) and entry.text is not None:
            collector.text(entry.text, entry.unverified)
    if any(node.does is not None for node in flow.nodes):
        from lorafig.verify.figure import steps as pipeline

        pipeline.run(flow, figure, collector)
    _Run(flow, figure, collector).run()


def operator(node: FlowNode) -> str | None:
    """The sign that a node joins its inputs by, None for any other node."""
    label = node.label
    return label if isinstance(label, str) and label.strip() in SIGNS else None


def symbols(node: FlowNode) -> tuple[str, ...]:
    """The symbols of a node, in the order in which the data passes them; none for words and signs."""
    if node.bottleneck is not None:
        return node.bottleneck
    label = node.label
    return (label,) if isinstance(label, str) and operator(node) is None else ()


def _sign(node: FlowNode) -> str | None:
    return SIGNS.get(str(node.label).strip()) if isinstance(node.label, str) else None


# What a node says by itself ---------------------------------------------------------------------


def _node(node: FlowNode, collector: Collector) -> None:
    named = symbols(node)
    own = named[0] if len(named) == 1 else None
    words = node.label if isinstance(node.label, tuple) and node.bottleneck is None else ()
    for line in (*words, *node.text):
        collector.text(line, node.unverified, own)
    if node.bottleneck is not None:
        for symbol in node.bottleneck:
            collector.label(symbol, symbol, node.unverified)
        if node.math is not None:
            collector.math(node.math, node.unverified)
    elif own is not None:
        collector.label(own, node.math if node.math is not None else own, node.unverified)
        if node.bar is not None:
            _bar(node, collector)
    elif node.math is not None:
        collector.math(node.math, node.unverified)
    if node.note is not None:
        collector.text(node.note, node.unverified, own)
    if node.badge in ("frozen", "lock", "trainable"):
        _badge(node, named, collector)


def _bar(node: FlowNode, collector: Collector) -> None:
    """A bar is as long as a vector has entries: nothing else is drawn as one."""
    symbol = str(node.bar)
    try:
        term = elaborate(collector.tree(symbol), collector.judge.symbols)
    except Doubt:
        return  # its label says why
    if term.type.is_vector:
        return
    what = f"a bar stands for a vector, and {spaced(collector.tree(symbol))} is {_a(term)}"
    answer = Answer("geometry", "fails", detail=what, hint=f"draw a box: {{box: {symbol}}}")
    collector.add(answer, symbol, node.unverified, place_of(symbol) or node.where)


def _badge(node: FlowNode, named: Sequence[str], collector: Collector) -> None:
    """A badge of what is frozen or trained is a claim about the symbols of its node, its steps, or the
    weights."""
    said = "trainable" if node.badge == "trainable" else "frozen"
    judge = collector.judge
    against = None if named else _not_so(node, said)
    if against is not None:
        wrong = Answer("property", "fails", detail=against, hint="leave out the badge, or give another one")
        collector.add(wrong, f"badge: {node.badge}", node.unverified, node.where)
        return
    for symbol in named:
        phrase = f"{spaced(collector.tree(symbol))} is {said}"
        answer, _ = properties.decide(phrase, judge.symbols, judge.seed)
        if answer is None:
            answer = Answer("property", "undetermined", detail=f"whether {phrase} is not known")
        collector.add(answer, phrase, node.unverified, place_of(symbol) or node.where)
    if not named and said == "frozen":
        phrase = "the pretrained weights are frozen"
        known, _ = properties.decide(phrase, judge.symbols, judge.seed)
        if known is not None:
            collector.add(known, phrase, node.unverified, node.where)


def _not_so(node: FlowNode, said: str) -> str | None:
    """What contradicts the badge of a node without symbols: a sign, or the steps that it stands for."""
    if operator(node) is not None and said == "trainable":
        return f"there is nothing to train in {str(node.label).strip()}"
    does = node.does if isinstance(node.does, tuple) else (node.does,)
    if said == "frozen":
        return "its step trains: what it moves is not frozen" if "train" in does else None
    if "freeze" not in does or "train" in does or any(isinstance(one, Inject) for one in does):
        return None
    return "its step freezes the weights, and puts nothing beside them that is trained"


# What it computes -------------------------------------------------------------------------------


class _Stop(Exception):  # noqa: N818  an answer, not a failure
    """This node has no value; the reason was told."""


@dataclass(slots=True)
class _Run:
    flow: Flow
    figure: Figure
    collector: Collector
    values: dict[str, Flowing] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # nodes without a value, for a reason that was told

    @property
    def followed(self) -> Followed:
        return Followed(self.figure, self.collector)

    def run(self) -> None:
        nodes = {str(node.name): node for node in self.flow.nodes}
        if not any(symbols(node) for node in nodes.values()):
            return  # words alone: nothing is computed
        into: dict[str, list[str]] = {name: [] for name in nodes}
        out: dict[str, list[str]] = {name: [] for name in nodes}
        for link, _ in self._links():
            if link.stroke == "--":
                continue  # a line without arrowheads carries nothing
            both = ((link.tail, link.head), (link.head, link.tail))
            for tail, head in both if link.stroke == "<->" else both[:1]:
                into[head].append(tail)
                out[tail].append(head)
        order = _order(into, out)
        if len(order) < len(nodes):
            circle = [name for name in nodes if name not in set(order)]
            what = f"what flows into {circle[0]} comes from it: {', '.join(circle[:6])} are a circle"
            self._fail(nodes[circle[0]], what, "a flow of tensors goes from its inputs to its outputs")
            return
        for name in order:
            if any(one in self.lost for one in into[name]):
                self.lost.add(name)  # the reason was told where it arose
                continue
            try:
                value = self._value(nodes[name], [self.values.get(one) for one in into[name]])
                if not into[name]:
                    self._begins(nodes[name], value, out[name], any(into.values()))
                if value is not None:
                    self.values[name] = value
            except _Stop:
                self.lost.add(name)
            except Doubt as doubt:
                self.lost.add(name)
                self._say(nodes[name], doubtful("diagram", doubt))
        self._labels()
        ends = [name for name in order if not out[name] and into[name] and name not in self.lost]
        for name in ends:
            if name in self.values:
                self._end(nodes[name], self.values[name])

    def _links(self) -> list[tuple[Link, Edge | None]]:
        found: list[tuple[Link, Edge | None]] = []
        for entry in self.flow.edges:
            edge = entry if isinstance(entry, Edge) else None
            source = entry.edge if isinstance(entry, Edge) else entry
            found += [(link, edge) for link in links(str(source))]
        return found

    def _say(self, node: FlowNode, answer: Answer, where: Place | None = None) -> None:
        label = node.label if isinstance(node.label, str) else " ".join(node.label)
        excuse = node.unverified if node.unverified is not None else self.figure.unverified
        place = where if where is not None else place_of(label) if isinstance(node.label, str) else None
        self.collector.add(answer, label, excuse, place if place is not None else node.where)

    def _fail(self, node: FlowNode, what: str, hint: str | None = None) -> _Stop:
        self._say(node, Answer("diagram", "fails", detail=what, hint=hint))
        return _Stop()

    # -- one node ----------------------------------------------------------------------------

    def _begins(self, node: FlowNode, value: Flowing | None, heads: list[str], drawn: bool) -> None:
        """What may stand where no arrow leads to: a size that nothing of that size flows through does not,
        nor does the output, by itself beside what is computed."""
        named = symbols(node)
        if named and value is None and heads:
            what = f"{self._shown(named[0])} says how wide it is, and nothing flows into it"
            raise self._fail(node, what, "draw an arrow into it")
        known = self.collector.judge.symbols
        name = key(self.collector.tree(named[0])) if len(named) == 1 else None
        output = name is not None and "h" in known.terms and known.canonical(name) == "h"
        if output and drawn and not heads:
            what = f"no arrow leads to {self._shown(named[0])}, which is what comes out"
            raise self._fail(node, what, "draw an arrow (->) into it")

    def _value(self, node: FlowNode, given: list[Flowing | None]) -> Flowing | None:
        """What leaves a node; None where that is not known, because nothing that is known comes in."""
        inputs = [one for one in given if one is not None]
        if len(given) > 1 and symbols(node):
            head = self._shown(symbols(node)[0])
            what = f"{count(len(given))} arrows flow into {head}, and nothing joins them"
            raise self._fail(node, what, "join them in a node of their own: {circle: '+'}")
        if len(inputs) < len(given):
            return None if symbols(node) == () else self._unfed(node, inputs)
        sign = _sign(node)
        if sign in ADDS:
            return self._sum(node, inputs)
        if sign in JOINS:
            return self._product(node, inputs, sign)
        named = symbols(node)
        if not named:
            return inputs[0] if len(inputs) == 1 else None
        if not inputs:
            return self._source(node, named)
        flow = inputs[0]
        for symbol in named:
            flow = self._through(node, symbol, flow)
        return flow

    def _unfed(self, node: FlowNode, inputs: list[Flowing]) -> Flowing | None:
        """A node fed by words or by what could not be followed: its own symbol is what leaves it."""
        named = symbols(node)
        if inputs or len(named) != 1:
            return None
        return self._source(node, named)

    def _shown(self, symbol: str) -> str:
        return spaced(self.collector.tree(symbol))

    def _source(self, node: FlowNode, named: Sequence[str]) -> Flowing | None:
        node_of = self.collector.tree(named[0])
        name = key(node_of)
        if name is not None and self.collector.judge.symbols.dimension(name) is not None:
            return None  # a size that nothing flows through
        flow = Flowing(elaborate(node_of, self.collector.judge.symbols), spaced(node_of))
        for symbol in named[1:]:
            flow = self._through(node, symbol, flow)
        return flow

    def _sum(self, node: FlowNode, inputs: list[Flowing]) -> Flowing:
        if len(inputs) < 2:
            what = f"{count(len(inputs))} arrow flows into the sum: there is nothing to add"
            raise self._fail(node, what, "draw an arrow into it from each term")
        nodes = [Symbol(one.name) for one in inputs]
        total = add_terms([one.term for one in inputs], [1] * len(inputs), nodes)
        return Flowing(total, " + ".join(one.name for one in inputs))

    def _product(self, node: FlowNode, inputs: list[Flowing], sign: str) -> Flowing:
        if len(inputs) != 2:
            what = f"{count(len(inputs))} arrows flow into the product: it has two factors"
            raise self._fail(node, what, "draw an arrow into it from each factor")
        one, other = inputs
        scalars = [part for part in inputs if part.term.type.is_scalar]
        if scalars:
            kind = other.term.type if one.term.type.is_scalar else one.term.type
            return Flowing(Multiply(one.term, other.term, kind), f"{_factor(one)} {_factor(other)}")
        name = f"{_factor(one)} ⊙ {_factor(other)}"
        return Flowing(entrywise(one.term, other.term, (Symbol(one.name),), Symbol(other.name)), name)

    def _through(self, node: FlowNode, symbol: str, flow: Flowing) -> Flowing:
        """What comes out of the symbol of a node that something flows into."""
        judge = self.collector.judge
        tree = self.collector.tree(symbol)
        name = key(tree)
        if name is not None and judge.symbols.dimension(name) is not None:
            return self._waist(node, tree, name, flow)
        term = elaborate(tree, judge.symbols)
        kind = term.type
        shown = self._shown(symbol)
        if kind.is_scalar and not flow.term.type.is_scalar:
            return Flowing(Multiply(term, flow.term, flow.term.type), f"{_grouped(tree)} {flow.name}")
        if self._is_state(name, term, flow):
            return self._state(node, shown, term, flow)
        if kind.is_vector:
            try:
                scaled = entrywise(term, flow.term, (tree,), Symbol(flow.name))
            except IllTyped:
                what = (
                    f"{shown} is a vector of {kind}, and what flows into it is {flow.name}, {_a(flow.term)}"
                )
                raise IllTyped(what) from None
            return Flowing(scaled, f"{shown} ⊙ {_factor(flow)}")
        other = flow.term.type
        if kind.columns != other.rows:
            what = f"{shown} maps {kind.columns} to {kind.rows}, and what flows into it is {flow.name}"
            raise IllTyped(f"{what}, {_a(flow.term)}")
        product = Multiply(term, flow.term, Type(kind.rows, other.columns))
        return Flowing(product, f"{_grouped(tree)} {flow.name}")

    def _is_state(self, name: str | None, term: Term, flow: Flowing) -> bool:
        """Whether a symbol names what flows, and is not something that works on it: h, x, (W + BA)x, or a
        matrix that is made of others, W' = W + BA."""
        adapter = self.collector.judge.symbols.adapter
        held = {*adapter.trainable, *adapter.frozen}
        canonical = None if name is None else self.collector.judge.symbols.canonical(name)
        if canonical in held:
            return False
        if term.type.is_vector or term.type.is_scalar:
            return True
        same = (term.type.rows, term.type.columns) == (flow.term.type.rows, flow.term.type.columns)
        return same and isinstance(term, Defined)

    def _state(self, node: FlowNode, shown: str, term: Term, flow: Flowing) -> Flowing:
        same = self.followed.same(flow.term, term)
        if same is None:
            what = f"what flows into {shown} is {flow.name}, {_a(flow.term)}, and {shown} is {_a(term)}"
            raise IllTyped(what)
        if not same:
            source = self.collector.judge.symbols.sources.get(shown)
            defined = f", and {shown} is {source}" if source is not None else f", and that is not {shown}"
            answer = Answer(
                "diagram", "fails", flow.name, shown, detail=f"the flow gives {flow.name}{defined}"
            )
            self._say(node, answer)
            raise _Stop
        answer = Answer(
            "diagram", "holds", flow.name, shown, detail=f"the flow, run from its inputs, gives {shown}"
        )
        self._say(node, self.collector.judge.measured(answer, flow.term, term))
        return Flowing(term, flow.name)

    def _waist(self, node: FlowNode, tree: Node, name: str, flow: Flowing) -> Flowing:
        """A node of a dimension says how wide what flows through it is."""
        dimension = self.collector.judge.symbols.dimension(name)
        kind = flow.term.type
        if kind.columns == ONE and kind.rows == dimension:
            self._say(node, Answer("diagram", "holds", str(kind), spaced(tree)))
            return flow
        detail = f"what flows through {spaced(tree)} is {flow.name}, {_a(flow.term)}"
        answer = Answer(
            "diagram", "fails", str(kind), spaced(tree), detail=detail, hint=f"it should read {kind}"
        )
        self._say(node, answer)
        raise _Stop

    # -- edges and ends ----------------------------------------------------------------------

    def _labels(self) -> None:
        """The mathematics on an edge names what flows along it, or its size."""
        for link, edge in self._links():
            if edge is None or edge.math is None:
                continue
            if link.tail in self.lost:
                continue
            flow = self.values.get(link.tail)
            where = place_of(edge.math) or edge.where
            try:
                if flow is None:
                    raise Undecidable(f"what flows along {link.tail} -> {link.head} is not known")
                answer = self.followed.labelled(self.collector.tree(edge.math), flow)
            except Doubt as doubt:
                answer = doubtful("diagram", doubt)
            self.collector.add(answer, edge.math, edge.unverified, where)

    def _end(self, node: FlowNode, flow: Flowing) -> None:
        """What the flow ends in: where that is no symbol of its own, it must be h."""
        if symbols(node):
            return
        judge = self.collector.judge
        if _sign(node) is None or "h" not in judge.symbols.terms or not flow.term.type.is_vector:
            return
        model = judge.symbols.term("h")
        if self.followed.same(flow.term, model):
            answer = Answer(
                "diagram", "holds", f"h = {flow.name}", detail="the flow, run from its inputs, gives h"
            )
            self._say(node, judge.measured(answer, flow.term, model))
        else:
            self._say(
                node, Answer("diagram", "fails", flow.name, "h", detail=f"the flow gives {flow.name}, not h")
            )


def _order(into: dict[str, list[str]], out: dict[str, list[str]]) -> list[str]:
    """The nodes, each after all that flow into it; those of a circle are left out."""
    waiting = {name: len(tails) for name, tails in into.items()}
    ready = deque(name for name, tails in waiting.items() if tails == 0)
    order = []
    while ready:
        name = ready.popleft()
        order.append(name)
        for head in out[name]:
            waiting[head] -= 1
            if waiting[head] == 0:
                ready.append(head)
    return order


def _factor(flow: Flowing) -> str:
    return f"({flow.name})" if " + " in flow.name or " ⊙ " in flow.name else flow.name


def _grouped(tree: Node) -> str:
    shown = spaced(bare(tree))
    return f"({shown})" if " + " in shown or " − " in shown else shown


def _a(term: Term) -> str:
    kind = term.type
    return f"a vector of {kind}" if kind.is_vector else str(kind) if kind.is_scalar else f"of shape {kind}"
