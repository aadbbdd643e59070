"""A node that opens into a panel: it takes and gives what the panel does, and the wedge leads there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lorafig.graph import ops
from lorafig.graph.lower import Entry
from lorafig.graph.structure import Graph, Node
from lorafig.language import functions
from lorafig.language.model import Equations, FlowNode, Source
from lorafig.notation import tree
from lorafig.notation.named import symbols_in
from lorafig.scene import Drawn, Group, Shape, Wedge, walk
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import headings
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.scopes import Scopes
from lorafig.verify.meaning.terms import ONE, Doubt
from lorafig.verify.read.quoted import spaced

Sizes = tuple[str | None, str | None]  # of what is taken and of what is given; None if that is not known


def claims(graph: Graph, entries: Sequence[Entry], scopes: Scopes) -> None:
    """What each node of a flow that opens into a panel claims by that."""
    panels = {str(entry.panel.name): entry for entry in entries if isinstance(entry, Graph)}
    collector = scopes.of(graph.panel)
    for node in graph.nodes.values():
        spec = node.spec
        if not isinstance(spec, FlowNode) or spec.opens is None or spec.opens not in panels:
            continue
        inner = panels[str(spec.opens)]
        place = getattr(spec.opens, "where", None)
        if node.symbols:
            missing = _missing(node, inner, collector)
            if missing is not None:
                collector.add(missing, f"opens: {spec.opens}", spec.unverified, place)
                continue
        words = spec.text if isinstance(spec.label, str) else (*spec.label, *spec.text)
        if not node.symbols and words:
            headings.over(Source(" ".join(map(str, words)), place), inner, inner.nodes, spec.unverified,
                          scopes.of(inner.panel))  # fmt: skip
        own, inside = _does(node, collector), _inside(inner, scopes.of(inner.panel))
        gives = own[0] is None and own[1] is not None
        if inside[1] is None or own[1] is None or (not gives and None in (own[0], inside[0])):
            continue  # nothing is said that could be compared
        inside = (None, inside[1]) if gives else inside
        said, there = (_told(*sizes) for sizes in (own, inside))
        detail = f"it {said}, and the panel {there}"
        if own == inside:
            answer = Answer("shape", "holds", there, said, detail=detail)
        else:
            hint = "let the panel take and give the same, or open another one"
            answer = Answer("shape", "fails", there, said, detail=detail, hint=hint)
        collector.add(answer, f"opens: {spec.opens}", spec.unverified, place)


def _told(takes: str | None, gives: str | None) -> str:
    return f"gives {gives}" if takes is None else f"takes {takes} and gives {gives}"


def _missing(node: Node, inner: Graph, collector: Collector) -> Answer | None:
    """That a panel shows nothing of what opens into it: not its symbols, nor what these are made of."""
    made, there = (
        {name for symbol in symbols for name in _made_of(collector.tree(symbol), collector)}
        for symbols in (node.symbols, [symbol for part in inner.nodes.values() for symbol in part.symbols])
    )
    if inner.panel.model is not None or not there or not made or made & there:
        return None
    own = " and ".join(spaced(collector.tree(symbol)) for symbol in node.symbols)
    detail = f"the panel shows {', '.join(sorted(there))}, and nothing of {own}"
    return Answer("diagram", "fails", detail=detail, hint="open the panel that shows what is inside it")


def _made_of(node: tree.Node, collector: Collector) -> set[str]:
    """The weights in an expression, and those of which what `let` and the adapter define is made."""
    symbols, made = collector.judge.symbols, set[str]()
    table = symbols.table
    if table is None:
        return made
    pending = [symbols.canonical(name) for name in symbols_in(node)]
    while pending:
        name = pending.pop()
        if name not in made:
            made.add(name)
            source = symbols.adapter.defined.get(name)
            defined = table.lets.get(name) if source is None else collector.tree(source)
            pending += [] if defined is None else [symbols.canonical(part) for part in symbols_in(defined)]
    rows = {name: row for name in made if (row := table.row(name)) is not None}
    return {name for name, row in rows.items() if row.role in ("frozen", "trained", "random")}


def _does(node: Node, collector: Collector) -> Sizes:
    """What a node takes and gives, by the function that it applies or the matrix that it is."""
    symbols = collector.judge.symbols
    if isinstance(node.operation, ops.Call):
        own = symbols.functions.get(functions.called(collector.tree(node.operation.function)))
        return (None, None) if own is None or len(own.takes) != 1 else (own.takes[0][0], own.gives[0])
    if not isinstance(node.operation, ops.Act):
        return None, None
    first, last = (_kind(node.operation.symbols[end], collector) for end in (0, -1))
    if last is not None and ONE in last:  # a vector is what comes out, and takes nothing
        return None, last[0]
    return (None if first is None else first[1]), (None if last is None else last[0])


def _inside(graph: Graph, collector: Collector) -> Sizes:
    """The rows of the one thing that a panel takes, and of the one that it gives."""
    ways = [edge for edge in graph.edges if edge.flows]
    tails, heads = {edge.tail for edge in ways}, {edge.head for edge in ways}
    ends: list[str | None] = []
    for here, there in ((tails, heads), (heads, tails)):
        named = [graph.nodes[name] for name in graph.nodes if name in here and name not in there]
        named = [
            node if not isinstance(node.operation, ops.Output) else _before(graph, node) for node in named
        ]
        kinds = [_kind(node.symbols[0], collector) for node in named if node.symbols]
        ends.append(kinds[0][0] if len(kinds) == len(named) == 1 and kinds[0] is not None else None)
    return ends[0], ends[1]


def _before(graph: Graph, node: Node) -> Node:
    return graph.nodes[graph.entering[node.name][0].tail]


def _kind(symbol: str, collector: Collector) -> tuple[str, str] | None:
    """The rows and columns of a symbol; None if nothing says them."""
    try:
        kind = collector.term(symbol).type
    except Doubt:
        return None
    return None if kind.is_scalar else (kind.rows, kind.columns)


def drawn(
    flows: Sequence[tuple[Graph, Group]], placed: Sequence[tuple[Entry, Group]], items: Sequence[Drawn]
) -> Iterator[tuple[str, str]]:
    """What of the wedges is not as the spec has it: from which node each leads, and to the frame of which
    panel."""
    frames = {item.name: item for item in items if isinstance(item, Shape) and item.role == "panel"}
    wedges = {item.of: item for item in items if isinstance(item, Wedge)}
    groups = {str(e.panel.name): group for e, group in placed if not isinstance(e, Equations)}
    for graph, group in flows:
        shapes = {item.name for item in walk((group,)) if isinstance(item, Shape)}
        for name, spec in graph.specs().items():
            if spec.opens is None:
                continue
            wedge = next((wedge for of, wedge in wedges.items() if of in shapes and _is(of, name)), None)
            if wedge is None or wedge.to not in frames:
                yield name, "no wedge leads from it to the panel that it opens into"
                continue
            x0, y0, x1, y1 = frames[wedge.to].box
            boxes = [item.box for item in walk((groups[str(spec.opens)],)) if isinstance(item, Shape)]
            if not all(x0 <= b[0] and y0 <= b[1] and b[2] <= x1 and b[3] <= y1 for b in boxes):
                yield wedge.name, "it leads to a frame that does not hold the panel"


def _is(shape: str, node: str) -> bool:
    """Whether a shape is that of a node, by its name."""
    return shape == node or shape.rpartition("-")[0] == node
