"""A flow in words: its nodes layer by layer, and its groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lorafig.language.model import Badge, Flow, FlowNode
from lorafig.notation.canonical import bare
from lorafig.notation.tree import Styled, Symbol
from lorafig.words.entities import property_of
from lorafig.words.facts import Facts
from lorafig.words.graph import Graph
from lorafig.words.labels import Labels, listing
from lorafig.words.markdown import bullets, escape, mathematics, numbered, prose, spoken

SHAPES = {
    "box": "a box",
    "rounded": "a rounded box",
    "stadium": "a stadium",
    "circle": "a circle",
    "diamond": "a diamond",
    "bar": "a bar",
    "bottleneck": "a bottleneck",
}
BADGES: dict[Badge, str] = {
    "frozen": "marked as frozen by a snowflake",
    "lock": "marked as frozen by a lock",
    "trainable": "marked as trained by a flame",
    "data": "with the picture of data",
    "model": "with the picture of a model",
    "adapter": "with the picture of an adapter",
    "merge": "with the picture of merging",
    "save": "with the picture of saving",
}
OPERATIONS = {"+": "the sum", "⊕": "the sum", "⊙": "the entrywise product", "×": "the product"}
LONGEST_NAME = 60  # characters of a node's words where it is only spoken of


def shape_of(node: FlowNode) -> tuple[str, str | tuple[str, ...]]:
    """The key that names a node's shape, and what stands there."""
    for shape in SHAPES:
        value = getattr(node, shape)
        if value is not None:
            return shape, value
    return "box", str(node.name)  # made in Python, without one; the spec's rules refuse it


def operation(node: FlowNode, labels: Labels) -> str | None:
    """The sign of a node that adds or multiplies what comes in, None for any other."""
    shape, value = shape_of(node)
    if not isinstance(value, str) or shape in ("bar", "bottleneck"):
        return None
    tree = labels.tree(value)
    while isinstance(tree, Styled):
        tree = tree.body
    return tree.name if isinstance(tree, Symbol) and tree.name in OPERATIONS else None


class Names:
    """What the nodes of a flow are called where they are only spoken of; two of one label get their names
    added."""

    __slots__ = ("_names",)

    def __init__(self, graph: Graph, labels: Labels) -> None:
        found = {name: called(node, labels) for name, node in graph.nodes.items()}
        counts = Counter(found.values())
        self._names = {
            name: words if counts[words] == 1 else f"{words} ({escape(name)})"
            for name, words in found.items()
        }

    def __getitem__(self, name: str) -> str:
        return self._names[name]

    def several(self, names: Iterable[str]) -> str:
        return listing([self[name] for name in dict.fromkeys(names)])


def called(node: FlowNode, labels: Labels) -> str:
    shape, value = shape_of(node)
    if isinstance(value, str):
        return mathematics(labels.tree(value))
    if shape == "bottleneck":
        return listing([mathematics(labels.tree(one)) for one in value], "then")
    words = " / ".join(prose(labels.runs(line)) for line in value)
    if len(words) > LONGEST_NAME and "$" not in words and "\\" not in words:
        words = words[: LONGEST_NAME - 1].rstrip() + "…"
    return f"“{words}”"


def components(flow: Flow, graph: Graph, facts: Facts, names: Names) -> list[str]:
    """The nodes, layer by layer, and the groups that frame them."""
    layers = graph.layers()
    towards = "left" if flow.direction == "right" else "top"
    lines: list[str] = []
    for number, layer in enumerate(layers, 1):
        head = f"Layer {number} of {len(layers)}"
        if number == 1:
            head += f", at the {towards}"
        lines.append("\n".join([f"{head}:", *bullets(_node(graph.nodes[name], facts) for name in layer)]))
    found = numbered(lines)
    groups = [_group(group.title, group.of, group.name, names, flow, facts) for group in flow.groups]
    if groups:
        found += ["", "Groups, each in a frame of its own:", "", *bullets(groups)]
    return found


def _group(
    title: str | None, members: tuple[str, ...], name: str, names: Names, flow: Flow, facts: Facts
) -> str:
    inner = {str(group.name): group for group in flow.groups}
    said = []
    for member in members:
        group = inner.get(str(member))
        if group is None:
            said.append(names[str(member)])
        else:
            words = None if group.title is None else prose(facts.labels.runs(group.title))
            said.append(f"the group “{words if words is not None else escape(str(group.name))}”")
    own = escape(str(name)) if title is None else prose(facts.labels.runs(title))
    return f"“{own}”: {listing(said)}."


def _node(node: FlowNode, facts: Facts) -> str:
    shape, value = shape_of(node)
    labels = facts.labels
    known = ""
    if shape == "bottleneck" and not isinstance(value, str):
        trees = [labels.tree(one) for one in value]
        head = f"{listing([spoken(tree) for tree in trees], 'then')}: {SHAPES[shape]}"
        parts = [f"{mathematics(tree)}: {said}" for tree in trees if (said := property_of(tree, facts))]
        known = "; ".join(parts)
    elif isinstance(value, str):
        tree = labels.tree(value)
        sign = operation(node, labels)
        said = spoken(tree) if sign is None else f"{mathematics(tree)}, {OPERATIONS[sign]} of what comes in"
        head = f"{said}: {SHAPES[shape]}"
        known = property_of(tree, facts)
        if node.math is not None and bare(labels.tree(node.math)) != bare(tree):
            head += f", with the label {spoken(labels.tree(node.math))}"
    else:
        lines = " / ".join(prose(labels.runs(line)) for line in value)
        head = f"“{lines}”: {SHAPES[shape]}"
        if node.math is not None:
            head += f", with the label {spoken(labels.tree(node.math))}"
    if node.text:
        head += f", “{' / '.join(prose(labels.runs(line)) for line in node.text)}”"
    if node.note is not None:
        head += f", with the note “{prose(labels.runs(node.note))}”"
    if node.badge is not None:
        head += f", {BADGES[node.badge]}"
    return f"{head}; {known}." if known != "" else f"{head}."
