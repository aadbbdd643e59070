"""The way along the edges of a flow in words: where it splits and joins, what flows, which steps are run."""

from __future__ import annotations

from lorafig.language.messages import listing
from lorafig.language.model import Action, FlowNode, Inject, Projection
from lorafig.notation.canonical import key
from lorafig.notation.tree import Node, Product
from lorafig.words.blocks import List, Phrase, numbered, together
from lorafig.words.facts import Facts
from lorafig.words.flow import Names, called, operation, shape_of
from lorafig.words.flowing import Stream, added
from lorafig.words.graph import Graph, Wire
from lorafig.words.labels import Labels

ACTIONS: dict[Action, str] = {
    "load": "load the model",
    "freeze": "freeze its weights",
    "forward": "run it",
    "train": "train what is not frozen",
    "save": "save the adapter to a file",
    "load_adapter": "load the adapter from its file",
    "merge": "merge the adapter into the weights",
    "unmerge": "take the adapter out of the weights again",
}
PROJECTIONS: dict[Projection, str] = {"q": "query", "k": "key", "v": "value", "o": "output"}


def steps(graph: Graph, facts: Facts, names: Names) -> List:
    """A numbered list: from every node to where its edges lead, with what flows where that is known."""
    streams = follow(graph, facts)
    told = []
    for name in graph.order:
        leaving, entering = graph.leaving[name], graph.forward(name)
        if not leaving and not entering and not graph.entering[name]:
            told.append(names[name] + " has no edge.")
            continue
        said = names[name]
        tails = list(dict.fromkeys(wire.tail for wire in entering))
        if len(tails) > 1:
            said += " joins what comes from " + names.several(tails)
        gives = _gives(name, graph, streams, facts)
        if gives is not None:
            said += ", " + gives if len(tails) > 1 else " " + gives
        more = len(tails) > 1 or gives is not None
        if not leaving:
            told.append(said + (". It is an end." if more else " is an end."))
            continue
        heads = list(dict.fromkeys(wire.head for wire in leaving))
        fork = f" It splits in {len(heads)}." if len(heads) > 1 else ""
        joint = ", and " if more else " "
        told.append(said + joint + _ways(leaving, graph, names, facts.labels) + f".{fork}")
    return numbered(told)


def _gives(name: str, graph: Graph, streams: dict[str, Stream], facts: Facts) -> Phrase | None:
    """What comes out of a node, where it is more than its own symbol."""
    stream = streams.get(name)
    told = None if stream is None or not graph.leaving[name] else stream.told(facts)
    own = called(graph.nodes[name], facts.labels)
    if told is None or told.pieces[: len(own.pieces)] == own.pieces:
        return None
    value = shape_of(graph.nodes[name])[1]
    symbol = key(facts.labels.tree(value)) if isinstance(value, str) else None
    verb = "passes on" if symbol is not None and facts.canonical(symbol) in facts.sizes else "gives"
    return f"{verb} " + told


def _ways(wires: tuple[Wire, ...], graph: Graph, names: Names, labels: Labels) -> Phrase:
    """`goes to $W$ and $A$, and back to …`: edges of one look together."""
    groups: dict[tuple[object, ...], list[Wire]] = {}
    for wire in wires:
        look = (wire in graph.back, wire.stroke, wire.math, wire.text, wire.dashed)
        groups.setdefault(look, []).append(wire)
    said = []
    for several in groups.values():
        wire = several[0]
        verb = {"->": "goes to", "--": "is joined to", "<->": "goes to and comes back from"}[wire.stroke]
        if wire in graph.back:
            verb = verb.replace("goes to", "goes back to")
        told = f"{verb} " + names.several(wire.head for wire in several)
        if wire.math is not None:
            told += ", with " + labels.spoken(wire.math) + " on the edge"
        if wire.text is not None:
            told += ", with “" + labels.text(wire.text) + "” on the edge"
        if wire.dashed:
            told += " (dashed)"
        said.append(told)
    return together(said, "; ")


def follow(graph: Graph, facts: Facts) -> dict[str, Stream]:
    """What comes out of every node of a flow of tensors, where each node before it is known."""
    found: dict[str, Stream] = {}
    if graph.back:
        return found
    for name in graph.order:
        came = [found.get(wire.tail) for wire in graph.entering[name]]
        if any(one is None for one in came):
            continue
        stream = _out(graph.nodes[name], [one for one in came if one is not None], facts)
        if stream is not None:
            found[name] = stream
    return found


def _out(node: FlowNode, came: list[Stream], facts: Facts) -> Stream | None:
    shape, value = shape_of(node)
    sign = operation(node, facts.labels)
    if sign in ("+", "⊕") and len(came) > 1:
        return added(came)
    if sign is not None:
        return _product(came) if len(came) > 1 else None
    if len(came) > 1:
        return None
    if not isinstance(value, str) and shape != "bottleneck":
        return None
    trees = [facts.labels.tree(one) for one in ((value,) if isinstance(value, str) else value)]
    stream = came[0] if came else None
    for tree in trees:
        stream = _one(tree, stream, facts)
        if stream is None:
            return None
    return stream


def _one(tree: Node, stream: Stream | None, facts: Facts) -> Stream | None:
    """What comes out of a symbol: a dimension lets it through, a vector names it, a matrix multiplies it."""
    name = key(tree)
    if name is not None and facts.canonical(name) in facts.sizes:
        return stream
    kind = facts.type_of(tree)
    if kind is None:
        return None
    if kind.is_vector:
        return Stream(tree, kind.rows)
    if stream is None:
        return None
    return stream.scaled(tree, facts) if kind.is_scalar else stream.passed(tree, facts)


def _product(came: list[Stream]) -> Stream:
    rows = {stream.rows for stream in came}
    nodes = tuple(stream.node for stream in came if stream.node is not None)
    node: Node | None = None
    if len(nodes) == len(came):
        node = Product(nodes, ("⊙",) * (len(nodes) - 1), ("",) * (len(nodes) - 1))
    return Stream(node, rows.pop() if len(rows) == 1 else None)


# -- pipelines ------------------------------------------------------------------------------------


def does(node: FlowNode) -> tuple[Action | Inject, ...]:
    """The steps of a pipeline that a node stands for."""
    if node.does is None:
        return ()
    return node.does if isinstance(node.does, tuple) else (node.does,)


def pipeline(graph: Graph, names: Names) -> List:
    """The steps of a pipeline, in the order in which they are run; none where the flow has no steps."""
    actions = {name: does(graph.nodes[name]) for name in graph.order}
    return numbered(
        names[name] + f": {', then '.join(action(step) for step in steps)}."
        for name, steps in actions.items()
        if steps
    )


def action(step: Action | Inject) -> str:
    """A step in words."""
    if isinstance(step, Inject):
        which = listing([PROJECTIONS[name] for name in step.inject], quote=False)
        noun = "projection" if len(step.inject) == 1 else "projections"
        return f"put an adapter beside the {which} {noun}"
    return ACTIONS[step]
