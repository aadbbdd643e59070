"""A flow in words: its nodes layer by layer, and its groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from lorafig.graph.ops import Call, Cells, Product, Sum
from lorafig.graph.order import Telling
from lorafig.graph.structure import Graph, Node, headed, noted, titled
from lorafig.language.model import Badge, Flow, FlowGroup, FlowNode, Panel
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
    "hexagon": "a hexagon",
    "bar": "a bar",
    "bottleneck": "a bottleneck",
    "cells": "a row of cells, one for each entry",
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


class Names:
    """What the nodes of a flow are called where they are only spoken of; two of one label get their names
    added."""

    __slots__ = ("_names",)

    def __init__(self, graph: Graph, labels: Labels) -> None:
        names = {name: called(node, labels) for name, node in graph.specs().items()}
        flow = graph.panel.flow
        for group in () if flow is None else flow.groups:
            names[str(group.name)] = "the group " + _title(group, labels)
        counts = Counter(names.values())
        self._names = {
            name: words if counts[words] == 1 else words + f" ({name})" for name, words in names.items()
        }

    def __getitem__(self, name: str) -> Phrase:
        return self._names[name]

    def several(self, names: Iterable[str]) -> Phrase:
        return listing([self[name] for name in dict.fromkeys(names)])


def called(node: FlowNode, labels: Labels) -> Phrase:
    if isinstance(node.label, str):
        return labels.math(node.label)
    if node.bottleneck is not None:
        return listing([labels.math(symbol) for symbol in node.bottleneck], "then")
    words = lines(node.label, labels)
    if all(isinstance(piece, str) for piece in words.pieces):
        plain = "".join(map(str, words.pieces))
        if len(plain) > LONGEST_NAME:
            words = phrase(plain[: LONGEST_NAME - 1].rstrip() + "…")
    return "“" + words + "”"


def lines(value: Iterable[str], labels: Labels) -> Phrase:
    return together((labels.text(line) for line in value), " / ")


def components(flow: Flow, told: Telling, facts: Facts, names: Names) -> Iterator[Block]:
    """The nodes, layer by layer, and the groups that frame them."""
    layers, nodes = told.layers(), told.graph.nodes
    towards = {"right": "left", "left": "right", "down": "top", "up": "bottom"}[flow.direction]
    items: list[Item] = []
    for number, layer in enumerate(layers, 1):
        head = f"Layer {number} of {len(layers)}"
        if number == 1:
            head += f", at the {towards}"
        items.append(Item(phrase(head + ":"), bullets(_node(nodes[name], facts) for name in layer)))
    yield numbered(items)
    framed = [group for group in flow.groups if group.frame]
    if framed:
        yield paragraph("Groups, each in a frame of its own:")
        groups = {str(group.name): group for group in flow.groups}
        yield bullets(_group(group, groups, names, facts.labels) for group in framed)
    for series in told.graph.series:
        dots = series.dots()
        if dots is not None:
            before, after = series.ends(nodes)
            between = "Between " + names[before] + " and " + names[after]
            yield paragraph(between + " dots, for the same with " + facts.labels.range(dots) + ".")


def _group(group: FlowGroup, groups: Mapping[str, FlowGroup], names: Names, labels: Labels) -> Phrase:
    members = [
        "the group " + _title(groups[member], labels) if member in groups else names[member]
        for member in _framed(group, groups)
    ]
    return _title(group, labels) + ": " + listing(members) + "."


def _framed(group: FlowGroup, groups: Mapping[str, FlowGroup]) -> Iterator[str]:
    """What is in a frame: its nodes and the frames in it; a group without one is what it holds together."""
    for member in map(str, group.of):
        inner = groups.get(member)
        if inner is None or inner.frame:
            yield member
        else:
            yield from _framed(inner, groups)


def _title(group: FlowGroup, labels: Labels) -> Phrase:
    title = titled(group)
    return "“" + (phrase(str(group.name)) if title is None else labels.text(title)) + "”"


def _panel(facts: Facts, name: str) -> Phrase:
    """A panel of the figure by its title, or by its name."""
    panels = [entry for entry in facts.figure.row if isinstance(entry, Panel) and entry.name == name]
    title = headed(panels[0])
    return "the panel “" + (phrase(name) if title is None else facts.labels.text(title)) + "”"


def _node(drawn: Node, facts: Facts) -> Phrase:
    node, operation, labels = drawn.spec, drawn.operation, facts.labels
    assert isinstance(node, FlowNode)
    trees = [labels.tree(symbol) for symbol in drawn.symbols]
    if isinstance(operation, (Sum, Product)):
        what = "sum" if isinstance(operation, Sum) else "product"
        if isinstance(operation, Sum) and operation.minus:
            what = "difference"
        entrywise = "entrywise " if operation == Product("⊙") else ""
        head = labels.math(str(node.label)) + f", the {entrywise}{what} of what comes in"
    elif isinstance(operation, Call) and isinstance(node.label, str):
        head = labels.spoken(operation.function) + ", a function of what comes in"
    elif isinstance(operation, Call):
        head = "“" + lines(node.label, labels) + "”, which applies the function "
        head += labels.spoken(operation.function)
    elif trees:
        head = listing([spoken(tree) for tree in trees], "then")
    else:
        head = "“" + lines(node.label, labels) + "”"
    head += f": {SHAPES[node.shape]}"
    if isinstance(operation, Cells) and any(number is not None for number in operation.fed):
        head += "; what a copy brings is multiplied by its entry, and all is added"
    own = bare(labels.tree(node.label)) if isinstance(node.label, str) else None
    if node.math is not None and node.bottleneck is None and bare(labels.tree(node.math)) != own:
        head += ", with the label " + labels.spoken(node.math)
    if node.text:
        head += ", “" + lines(node.text, labels) + "”"
    note = noted(node)
    if note is not None:
        head += ", with the note “" + labels.text(note) + "”"
    if node.sheets is not None:
        head += ", drawn as sheets behind one another"
    if node.bits is not None:
        head += ", drawn as cells, one column for each bit"
    if node.opens is not None:
        head += ", which opens into " + _panel(facts, str(node.opens))
    if node.badge is not None:
        head += f", {BADGES[node.badge]}"
    known = [(tree, said) for tree in trees if (said := property_of(tree, facts)) is not None]
    alone = len(trees) == 1
    properties = together((said if alone else mathematics(tree) + ": " + said for tree, said in known), "; ")
    return head + "; " + properties + "." if known else head + "."
