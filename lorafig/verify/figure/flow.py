"""A flow: what comes of running it from its inputs, and what its labels say of that."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from lorafig.core.functions import function
from lorafig.graph import ops, order
from lorafig.graph.structure import Graph, Node
from lorafig.language.model import FlowNode
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.figure.collector import place_of
from lorafig.verify.figure.executor import Executor, Stop, count, fails
from lorafig.verify.figure.flowing import Flowing
from lorafig.verify.meaning.terms import Doubt, Undecidable


def run(executor: Executor) -> None:
    """What the labels on a flow say of what it computes; nothing of a flow of words alone."""
    graph = executor.graph
    if any(node.symbols or isinstance(node.operation, ops.Call) for node in graph.nodes.values()):
        _Run(executor).run()


class _Run:
    """Every node after those before it. What comes of a node that is wrong is lost, with all behind it."""

    def __init__(self, executor: Executor) -> None:
        self.executor, self.graph = executor, executor.graph
        self.nodes, ways, self.tails = _passes(self.graph)
        self.out = order.heads_of(self.nodes, ways)
        self.into = order.heads_of(self.nodes, ((head, tail) for tail, head in ways))
        self.draws = any(self.into.values())
        self.lost: set[str] = set()  # nodes without a value, for a reason that was told
        self.unknown: dict[
            str, Node
        ] = {}  # nodes of words that something flows into, each by the first of them

    def run(self) -> None:
        way = order.ordered(self.out)
        if way.rest:
            circle = list(dict.fromkeys(str(self.nodes[name].spec.name) for name in way.rest))
            first = circle[0]
            what = f"what flows into {first} comes from it: {', '.join(circle[:6])} form a circle"
            what = f"{first} flows into itself" if len(circle) == 1 else what
            hint = (
                "data goes from inputs to outputs; on an edge that leads back write kind: control, or memory"
            )
            self.executor.say(self.nodes[way.rest[0]], fails(what, hint).answer)
            return
        for name in way.nodes:
            node = self.nodes[name]
            lost = [tail for tail in self.into[name] if tail in self.lost]
            if lost:
                self.lost.add(name)
            if not all(tail in self.executor.assumed for tail in lost):
                continue
            self.executor.quiet = bool(lost)
            given = {id(part): part for tail in self.into[name] for part in self.executor.given.get(tail, ())}
            self.executor.given[name] = list(given.values())
            if self.hidden(node):
                continue
            try:
                self.executor.leaves(name, self.value(node), self.into[name])
            except Stop as stop:
                self.lost.add(name)
                self.executor.say(node, stop.answer)
                if stop.said is not None:
                    self.executor.assumed[name] = stop.said
            except Doubt as doubt:
                self.lost.add(name)
                self.executor.say(node, doubtful("diagram", doubt))
        self.labels()
        for name in way.nodes:
            if not self.out[name] and self.into[name]:
                self.executor.quiet = name in self.lost
                for flow in self.executor.flows((name,)):
                    self.end(self.nodes[name], flow)

    def hidden(self, node: Node) -> bool:
        """Whether what comes in, or goes out, passes through words: nobody knows what these make of it."""
        tails = self.into[node.name]
        words = next((self.unknown[tail] for tail in tails if tail in self.unknown), None)
        if isinstance(node.operation, ops.Words):
            if words is not None or self.executor.flows(tails):
                self.unknown[node.name] = node if words is None else words
            return words is not None
        if words is None:
            return False
        assert isinstance(words.spec, FlowNode)
        said, own = " ".join(words.spec.label), words.name
        here = node.spec.label if isinstance(node.spec, FlowNode) else node.name
        what = (
            f"what flows into {here if isinstance(here, str) else node.name} passes through words, “{said}”"
        )
        known = function(said)
        name = "f" if known is None else known.name
        more = "" if known is not None else ", and declare the function, functions: {f: d -> d}"
        hint = f"say what the node does: {own}: {{{words.spec.shape}: [{said}], apply: {name}}}{more}"
        doubt = Undecidable(f"{what}: what leaves them is not known", hint)
        self.lost.add(node.name)
        self.executor.say(node, doubtful("diagram", doubt))
        return True

    def value(self, node: Node) -> Flowing | None:
        """What leaves a node; None where that is not known, because nothing that is known comes in."""
        executor, tails, named = self.executor, self.into[node.name], node.symbols
        if len(tails) > 1 and named and not isinstance(node.operation, ops.Cells):
            made = executor.brought(node, executor.flows(tails)) if len(tails) == 2 else None
            if made is not None:
                return made
            what = f"{count(len(tails))} arrows flow into {executor.shown(named[0])}, and nothing joins them"
            own = "join them in a node of their own, {circle: '+'}"
            raise fails(what, f"{own}, or draw as many arrows out of it, in their order")
        flows = executor.flows(tails)
        if len(flows) == len(tails):
            value = executor.value(node, flows)
        else:  # fed by words without data, or by what could not be followed: its own symbol is what leaves it
            value = executor.value(node, ()) if len(named) == 1 else None
        if not tails:
            self.begins(node, value)
        return value

    def begins(self, node: Node, value: Flowing | None) -> None:
        """What may stand where no arrow leads to: a size that nothing of that size flows through does not,
        nor does the output, by itself beside what is computed."""
        executor, named, heads = self.executor, node.symbols, self.out[node.name]
        if named and value is None and heads:
            what = f"{executor.shown(named[0])} says how wide it is, and nothing flows into it"
            raise fails(what, "draw an arrow into it")
        known = executor.judge.symbols
        output = len(named) == 1 and "h" in known.terms and executor.name(named[0]) == "h"
        if output and self.draws and not heads:
            what = f"no arrow leads to {executor.shown(named[0])}, which is what comes out"
            raise fails(what, "draw an arrow (->) into it")

    def labels(self) -> None:
        """The mathematics on an edge names what flows along it, or its size."""
        executor = self.executor
        for edge in self.graph.edges:
            spec = edge.look
            tail = self.tails.get((edge.tail, edge.head), edge.tail)
            executor.quiet, flows = tail in self.lost, executor.flows((tail,))
            if spec is None or spec.math is None or edge.weak or (executor.quiet and not flows):
                continue
            try:
                if not flows:
                    raise Undecidable(f"what flows along {edge.tail} -> {edge.head} is not known")
                answer = executor.labelled(spec.math, flows[0])
            except Doubt as doubt:
                answer = doubtful("diagram", doubt)
            if answer.verdict == "holds" and self.nodes[tail].hidden:
                continue
            where = place_of(spec.math, element=spec)
            executor.tell(answer, spec.math, spec.unverified, where, executor.given.get(tail, ()))

    def end(self, node: Node, flow: Flowing) -> None:
        """What the flow ends in: where that is not a symbol of its own, it must be h."""
        executor, known = self.executor, self.executor.judge.symbols
        joins = isinstance(node.operation, (ops.Sum, ops.Product))
        if not joins or "h" not in known.terms or not flow.term.type.is_vector:
            return
        h = known.term("h")
        condition = executor.when(flow, h)
        if executor.same(flow.term, h):
            detail = "the flow, run from its inputs, gives h"
            answer = Answer("diagram", "holds", f"h = {flow.name}", detail=detail, condition=condition)
            executor.say(node, executor.judge.measured(answer, flow.term, h))
        else:
            detail = f"the flow gives {flow.name}, not h"
            wrong = Answer("diagram", "fails", flow.name, "h", detail=detail, condition=condition)
            executor.say(node, executor.judged(wrong, flow, h))


def _passes(graph: Graph) -> tuple[dict[str, Node], list[tuple[str, str]], dict[tuple[str, str], str]]:
    """The nodes and the ways of data between them, where a matrix that several inputs share stands once for
    each of them: what the first arrow brings leaves it along the first one out. And what stands for its tail
    on the way from such a node to another."""
    ways, nodes = graph.ways(), dict(graph.nodes)
    leaving, entering = Counter(tail for tail, _ in ways), Counter(head for _, head in ways)
    entries: dict[tuple[str, str], str] = {}
    for name, node in graph.nodes.items():
        for head, index in node.operation.feeds.items() if isinstance(node.operation, ops.Cells) else ():
            entries[name, head] = f"{name} {index}"
            nodes[f"{name} {index}"] = replace(node, name=f"{name} {index}", operation=ops.Entry(index))
    if entries:
        fed = dict.fromkeys((tail, entry) for (tail, _), entry in entries.items())
        ways = [*fed, *((entries.get(way, way[0]), way[1]) for way in ways)]
    shared = {
        name
        for name, number in entering.items()
        if number > 1 and number == leaving[name] and isinstance(nodes[name].operation, ops.Act)
    }
    if not shared:
        return nodes, ways, entries
    for name in shared:
        node = nodes.pop(name)
        nodes |= {copy: replace(node, name=copy) for copy in _copies(name, entering[name])}
    outs, ins = ({name: iter(_copies(name, entering[name])) for name in shared} for _ in range(2))
    tails = dict(entries)
    passed: list[tuple[str, str]] = []
    for tail, head in ways:
        if tail in shared:
            tails[tail, head] = next(outs[tail])
        passed.append((tails.get((tail, head), tail), next(ins[head]) if head in shared else head))
    return nodes, passed, tails


def _copies(name: str, number: int) -> list[str]:
    return [f"{name} {copy}" for copy in range(1, number + 1)]
