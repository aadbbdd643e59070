"""The way along the edges of a flow in words: where it splits and joins, what flows, which steps are run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lorafig.graph import order
from lorafig.graph.ops import Act, Words
from lorafig.graph.order import Telling
from lorafig.graph.structure import Edge, Graph, Node, actions
from lorafig.language.chain import Stroke
from lorafig.language.messages import listing
from lorafig.language.model import Action, FlowNode, Inject, Projection
from lorafig.notation.canonical import key
from lorafig.verify.figure.flowing import Flowing
from lorafig.words.blocks import List, Phrase, numbered, together
from lorafig.words.facts import Facts
from lorafig.words.flow import Names, called
from lorafig.words.flowing import told
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
# What an edge of each kind does.
KINDS = {
    "data": "goes to",
    "skip": "passes by to",
    "gradient": "sends its gradient to",
    "update": "updates",
    "control": "sends a control signal to",
    "memory": "moves to",
}
PROJECTIONS: dict[Projection, str] = {"q": "query", "k": "key", "v": "value", "o": "output"}


def steps(telling: Telling, values: Mapping[str, Flowing], facts: Facts, names: Names) -> List:
    """A numbered list: from every node to where its edges lead, with what flows where that is known."""
    graph = telling.graph
    said_of_all = []
    for name in telling.nodes:
        leaving = [edge for edge in graph.leaving[name] if edge.frames[0] is None]
        entering = graph.entering[name]
        if not leaving and not entering and not graph.leaving[name]:
            said_of_all.append(names[name] + " has no edge.")
            continue
        said = names[name]
        tails = list(dict.fromkeys(edge.ends[0] for edge in entering if _joins(edge, telling)))
        if len(tails) > 1:
            said += " joins what comes from " + names.several(tails)
        gives = _gives(graph.nodes[name], values.get(name), facts) if leaving else None
        if gives is not None:
            said += ", " + gives if len(tails) > 1 else " " + gives
        more = len(tails) > 1 or gives is not None
        if not leaving:
            said_of_all.append(said + (". It is an end." if more else " is an end."))
            continue
        heads = dict.fromkeys(edge.ends[1] for edge in leaving)
        fork = f" It splits in {len(heads)}." if len(heads) > 1 else ""
        joint = ", and " if more else " "
        said_of_all.append(said + joint + _ways(leaving, telling, names, facts.labels) + f".{fork}")
    framed: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        if edge.frames[0] is not None:
            framed.setdefault(edge.frames[0], []).append(edge)
    said_of_all += [
        names[group] + " " + _ways(several, telling, names, facts.labels) + "."
        for group, several in framed.items()
    ]
    return numbered(said_of_all)


def _joins(edge: Edge, telling: Telling) -> bool:
    """Whether data comes in by an edge, and not on the way back."""
    return edge.flows and not telling.leads_back(edge)


def _gives(node: Node, flow: Flowing | None, facts: Facts) -> Phrase | None:
    """What comes out of a node, where it is more than its own symbol; words say it themselves."""
    gives = told(flow, facts)
    if gives is None or isinstance(node.operation, Words) or not isinstance(node.spec, FlowNode):
        return None
    own = called(node.spec, facts.labels)
    if gives.pieces[: len(own.pieces)] == own.pieces:
        return None
    symbols = node.operation.symbols if isinstance(node.operation, Act) else ()
    symbol = key(facts.labels.tree(symbols[0])) if len(symbols) == 1 else None
    verb = (
        "passes on" if symbol is not None and facts.canonical(symbol) in facts.symbols.dimensions else "gives"
    )
    return f"{verb} " + gives


def _ways(edges: Iterable[Edge], telling: Telling, names: Names, labels: Labels) -> Phrase:
    """`goes to $W$ and $A$, and back to …`: edges of one look together."""
    groups: dict[tuple[bool, Stroke, object], list[Edge]] = {}
    for edge in edges:
        look = edge.look
        written = None if look is None else (look.math, look.text, look.dashed, look.thick, look.kind)
        groups.setdefault((telling.leads_back(edge), edge.stroke, written), []).append(edge)
    said = []
    for (back, stroke, _), several in groups.items():
        look = several[0].look
        goes = "goes to" if look is None else KINDS[look.kind]
        verb = {"->": goes, "--": "is joined to", "<->": f"{goes} and comes back from"}[stroke]
        verb = verb.replace(" to", " back to", 1) if back and stroke != "--" else verb
        way = f"{verb} " + names.several(edge.ends[1] for edge in several)
        if look is not None and look.math is not None:
            way += ", with " + labels.spoken(look.math) + " on the edge"
        if look is not None and look.text is not None:
            way += ", with “" + labels.text(look.text) + "” on the edge"
        if look is not None and (look.dashed or look.thick):
            way += " (dashed)" if look.dashed else " (a thick line)"
        said.append(way)
    return together(said, "; ")


# -- pipelines ------------------------------------------------------------------------------------


def pipeline(graph: Graph, names: Names) -> List:
    """The steps of a pipeline, in the order in which they are run; none where the flow has no steps."""
    way = order.steps(graph).order()
    return numbered(
        names[name] + f": {', then '.join(map(action, actions(graph.nodes[name].spec)))}."
        for name in (*way.nodes, *way.rest)
    )


def action(step: Action | Inject) -> str:
    """A step in words."""
    if isinstance(step, Inject):
        which = listing([PROJECTIONS[name] for name in step.inject], quote=False)
        noun = "projection" if len(step.inject) == 1 else "projections"
        return f"put an adapter beside the {which} {noun}"
    return ACTIONS[step]
