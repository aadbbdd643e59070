"""The way along the edges of a flow in words: where it splits and joins, what flows, which steps are run."""

from __future__ import annotations

from lorafig.language.model import Action, FlowNode, Inject, Projection
from lorafig.notation.canonical import key
from lorafig.notation.tree import Node, Product
from lorafig.words.facts import Facts
from lorafig.words.flow import Names, called, operation, shape_of
from lorafig.words.flowing import Stream, added
from lorafig.words.graph import Graph, Wire
from lorafig.words.labels import Labels, listing
from lorafig.words.markdown import numbered, prose, spoken

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


def steps(graph: Graph, facts: Facts, names: Names) -> list[str]:
    """A numbered list: from every node to where its edges lead, with what flows where that is known."""
    streams = follow(graph, facts)
    found = []
    for name in graph.order:
        leaving, entering = graph.leaving[name], graph.forward(name)
        if not leaving and not entering and not graph.entering[name]:
            found.append(f"{names[name]} has no edge.")
            continue
        said = names[name]
        tails = list(dict.fromkeys(wire.tail for wire in entering))
        if len(tails) > 1:
            said += f" joins what comes from {names.several(tails)}"
        gives = _gives(name, graph, streams, facts)
        if gives != "":
            said += f"{',' if len(tails) > 1 else ''} {gives}"
        ways = _ways(leaving, graph, names, facts.labels)
        if not leaving:
            if len(tails) > 1 or gives != "":
                found.append(f"{said}. It is an end.")
            else:
                found.append(f"{said} is an end.")
            continue
        heads = list(dict.fromkeys(wire.head for wire in leaving))
        fork = f" It splits in {len(heads)}." if len(heads) > 1 else ""
        joint = ", and" if len(tails) > 1 or gives != "" else ""
        found.append(f"{said}{joint} {ways}.{fork}")
    return numbered(found)


def _gives(name: str, graph: Graph, streams: dict[str, Stream], facts: Facts) -> str:
    """What comes out of a node, where it is more than its own symbol."""
    stream = streams.get(name)
    if stream is None or (stream.node is None and stream.rows is None) or not graph.leaving[name]:
        return ""
    told = stream.told(facts)
    own = called(graph.nodes[name], facts.labels)
    if told == own or told.startswith(own + ","):
        return ""
    value = shape_of(graph.nodes[name])[1]
    symbol = key(facts.labels.tree(value)) if isinstance(value, str) else None
    verb = "passes on" if symbol is not None and facts.canonical(symbol) in facts.sizes else "gives"
    return f"{verb} {told}"


def _ways(wires: tuple[Wire, ...], graph: Graph, names: Names, labels: Labels) -> str:
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
        text = f"{verb} {names.several(one.head for one in several)}"
        if wire.math is not None:
            text += f", with {spoken(labels.tree(wire.math))} on the edge"
        if wire.text is not None:
            text += f", with “{prose(labels.runs(wire.text))}” on the edge"
        if wire.dashed:
            text += " (dashed)"
        said.append(text)
    return "; ".join(said)


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


def pipeline(graph: Graph, names: Names) -> list[str]:
    """The steps of a pipeline, in the order in which they are run; none where the flow has no steps."""
    found = []
    for name in graph.order:
        actions = does(graph.nodes[name])
        if actions:
            found.append(f"{names[name]}: {', then '.join(action(one) for one in actions)}.")
    return numbered(found)


def action(step: Action | Inject) -> str:
    """A step in words."""
    if isinstance(step, Inject):
        which = listing([PROJECTIONS[one] for one in step.inject])
        noun = "projection" if len(step.inject) == 1 else "projections"
        return f"put an adapter beside the {which} {noun}"
    return ACTIONS[step]
