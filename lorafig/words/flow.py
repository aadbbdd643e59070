"""A flow in words: its nodes layer by layer, and its groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lorafig.graph.ops import Product, Sum
from lorafig.graph.order import Telling
from lorafig.graph.structure import Graph, Node
from lorafig.language.model import Badge, Flow, FlowNode
from lorafig.notation.canonical import bare
from lorafig.words.blocks import (
    Block,
    Item,
    Phrase,
    bullets,
    listing,
    mathematics,
    numbered,
    paragraph,
    phrase,
    spoken,
    together,
)
from lorafig.words.entities import property_of
from lorafig.words.facts import Facts
from lorafig.words.labels import Labels

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
LONGEST_NAME = 60  # characters of a node's words where it is only spoken of


def shape_of(node: FlowNode) -> tuple[str, str | tuple[str, ...]]:
    """The key that names a node's shape, and what stands there."""
    for shape in SHAPES:
        value = getattr(node, shape)
        if value is not None:
            return shape, value
    return "box", str(node.name)  # made in Python, without one; the spec's rules refuse it


class Names:
    """What the nodes of a flow are called where they are only spoken of; two of one label get their names
    added."""

    __slots__ = ("_names",)

    def __init__(self, graph: Graph, labels: Labels) -> None:
        names = {name: called(node, labels) for name, node in graph.specs().items()}
        counts = Counter(names.values())
        self._names = {
            name: words if counts[words] == 1 else words + f" ({name})" for name, words in names.items()
        }

    def __getitem__(self, name: str) -> Phrase:
        return self._names[name]

    def several(self, names: Iterable[str]) -> Phrase:
        return listing([self[name] for name in dict.fromkeys(names)])


def called(node: FlowNode, labels: Labels) -> Phrase:
    shape, value = shape_of(node)
    if isinstance(value, str):
        return labels.math(value)
    if shape == "bottleneck":
        return listing([labels.math(symbol) for symbol in value], "then")
    words = _lines(value, labels)
    if all(isinstance(piece, str) for piece in words.pieces):
        plain = "".join(map(str, words.pieces))
        if len(plain) > LONGEST_NAME:
            words = phrase(plain[: LONGEST_NAME - 1].rstrip() + "…")
    return "“" + words + "”"


def _lines(value: Iterable[str], labels: Labels) -> Phrase:
    return together((labels.text(line) for line in value), " / ")


def components(flow: Flow, told: Telling, facts: Facts, names: Names) -> Iterator[Block]:
    """The nodes, layer by layer, and the groups that frame them."""
    layers, nodes = told.layers(), told.graph.nodes
    towards = "left" if flow.direction == "right" else "top"
    items: list[Item] = []
    for number, layer in enumerate(layers, 1):
        head = f"Layer {number} of {len(layers)}"
        if number == 1:
            head += f", at the {towards}"
        items.append(Item(phrase(head + ":"), bullets(_node(nodes[name], facts) for name in layer)))
    yield numbered(items)
    if flow.groups:
        yield paragraph("Groups, each in a frame of its own:")
        yield bullets(
            _group(group.title, group.of, group.name, names, flow, facts.labels) for group in flow.groups
        )


def _group(
    title: str | None, members: tuple[str, ...], name: str, names: Names, flow: Flow, labels: Labels
) -> Phrase:
    inner = {str(group.name): group for group in flow.groups}
    said = []
    for member in members:
        group = inner.get(str(member))
        if group is None:
            said.append(names[str(member)])
        else:
            words = phrase(str(group.name)) if group.title is None else labels.text(group.title)
            said.append("the group “" + words + "”")
    own = phrase(str(name)) if title is None else labels.text(title)
    return "“" + own + "”: " + listing(said) + "."


def _node(drawn: Node, facts: Facts) -> Phrase:
    node, operation = drawn.spec, drawn.operation
    assert isinstance(node, FlowNode)
    shape, value = shape_of(node)
    labels = facts.labels
    known: Phrase | None = None
    if shape == "bottleneck" and not isinstance(value, str):
        trees = [labels.tree(symbol) for symbol in value]
        head = listing([spoken(tree) for tree in trees], "then") + f": {SHAPES[shape]}"
        properties = [(tree, property_of(tree, facts)) for tree in trees]
        parts = [mathematics(tree) + ": " + said for tree, said in properties if said is not None]
        known = together(parts, "; ") if parts else None
    elif isinstance(value, str):
        tree = labels.tree(value)
        said = spoken(tree)
        if isinstance(operation, (Sum, Product)):
            what = "product" if isinstance(operation, Product) else "sum"
            entrywise = "entrywise " if operation == Product("⊙") else ""
            said = mathematics(tree) + f", the {entrywise}{what} of what comes in"
        head = said + f": {SHAPES[shape]}"
        known = property_of(tree, facts)
        if node.math is not None and bare(labels.tree(node.math)) != bare(tree):
            head += ", with the label " + labels.spoken(node.math)
    else:
        head = "“" + _lines(value, labels) + f"”: {SHAPES[shape]}"
        if node.math is not None:
            head += ", with the label " + labels.spoken(node.math)
    if node.text:
        head += ", “" + _lines(node.text, labels) + "”"
    if node.note is not None:
        head += ", with the note “" + labels.text(node.note) + "”"
    if node.badge is not None:
        head += f", {BADGES[node.badge]}"
    return head + "." if known is None else head + "; " + known + "."
