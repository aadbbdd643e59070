"""A stack in words: what is on it from the input to the output, and what flows through it, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

from lorafig.graph import ops
from lorafig.graph.structure import Graph, branches_of
from lorafig.language.model import (
    Arrow,
    Bar,
    Bottleneck,
    Brace,
    Scale,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node, Relation
from lorafig.verify.figure.flowing import Flowing
from lorafig.verify.meaning.terms import ONE, Type
from lorafig.words.blocks import (
    Item,
    List,
    Phrase,
    Said,
    bullets,
    item,
    listing,
    mathematics,
    numbered,
    phrase,
    spoken,
    together,
)
from lorafig.words.entities import property_of
from lorafig.words.facts import Facts
from lorafig.words.flowing import sized, told

Values = Mapping[str, Flowing]


def components(stack: tuple[StackElement, ...], facts: Facts) -> List:
    """A numbered list of what is on the stack, in the order in which the data passes it."""
    return numbered(said for element in stack for said in _element(element, facts))


def _element(element: StackElement, facts: Facts) -> list[Said | Item]:
    match element:
        case Bar():
            what = "a bar over all columns" if element.span else "a bar"
            return [_part(element.bar, element.math, what, (), element.brace, facts)]
        case Square():
            return [_part(element.square, element.math, "a square", element.text, element.brace, facts)]
        case Trapezoid():
            return [_trapezoid(element, element.math, facts)]
        case Bottleneck():
            parts = []
            for number, part in enumerate(element.bottleneck):
                trapezoid = part if isinstance(part, Trapezoid) else Trapezoid(part)
                label = element.math[number] if number < len(element.math) else trapezoid.math
                parts.append(_trapezoid(trapezoid, label, facts))
            waist = phrase("") if element.brace is None else _braced(element.brace, "its waist", facts)
            return [Item(f"A bottleneck, {len(parts)} trapezoids" + waist + ":", numbered(parts))]
        case Split():
            branches: list[Item] = []
            for several in branches_of(element):
                said = [told for inner in several for told in _element(inner, facts)]
                in_order = Item(phrase("Several, in order:"), numbered(said))
                branches.append(item(said[0]) if len(said) == 1 else in_order)
            return [Item(phrase(f"Side by side, {len(branches)} branches:"), bullets(branches))]
        case Sum():
            plus = facts.labels.math("+")
            if element.sum == "arrows":
                return [plus + ": the branches are added."]
            terms = [facts.labels.math(term) for term in element.sum]
            drawn = "arrows" if element.as_ == "arrows" else "bars"
            return [plus + ": the terms " + listing(terms) + f", drawn as {drawn}, are added."]
        case Scale():
            return [_part(element.scale, element.math, "a scaling", (), None, facts)]
        case Arrow():
            if element.arrow is None:
                return []
            return ["An arrow with the label " + facts.labels.spoken(element.arrow) + "."]
        case _:
            assert_never(element)


def _trapezoid(element: Trapezoid, label: str | None, facts: Facts) -> Phrase:
    what = phrase("a trapezoid")
    if element.from_ is not None and element.to is not None:
        what += " from " + facts.labels.math(element.from_) + " to " + facts.labels.math(element.to)
    return _part(element.trapezoid, label, what, (), element.brace, facts)


def _part(
    symbol: str, label: str | None, what: Said, text: tuple[str, ...], brace: Brace | None, facts: Facts
) -> Phrase:
    """`$W$: a square, “Pretrained Weights”, with the label …; 768 × 768, 589,824 parameters, frozen.`"""
    tree = facts.labels.tree(symbol)
    words = together((facts.labels.text(line) for line in text), " ")
    said = spoken(tree) + ": " + what
    if words.pieces:
        said += ", “" + words + "”"
    if label is not None and bare(facts.labels.tree(label)) != bare(tree):
        said += ", with the label " + facts.labels.spoken(label)
    if brace is not None:
        said += _braced(brace, "its width", facts)
    known = property_of(tree, facts)
    return said + "." if known is None else said + "; " + known + "."


def _braced(brace: Brace, what: str, facts: Facts) -> Phrase:
    side = "" if brace.side is None else f" {brace.side} it"
    return f", with a brace{side} that says {what} is " + facts.labels.spoken(brace.label)


# -- the data flow --------------------------------------------------------------------------------


def steps(graph: Graph, values: Values, facts: Facts) -> List:
    """A numbered list of what happens to the data, from the first element to the last."""
    first, *_ = graph.nodes.values()
    assert isinstance(first.operation, ops.Input)
    symbol, begin = first.operation.symbol, int(not first.operation.implied)
    comes = facts.labels.math(symbol) + " comes in" + _size(": ", _type(symbol, facts), facts) + "."
    return numbered([comes, *_Way(graph, values, facts).through(graph.panel.stack, "", begin)])


def _type(symbol: str, facts: Facts) -> Type | None:
    return facts.type_of(facts.labels.tree(symbol))


def _size(sign: str, kind: Type | None, facts: Facts) -> Phrase:
    size = sized(kind, facts)
    return phrase("") if size is None else sign + size


class _Way(Struct, frozen=True):
    """The way through a stack, with what flows behind each of its elements."""

    graph: Graph
    values: Values
    facts: Facts

    def through(self, elements: tuple[StackElement, ...], place: str, begin: int = 0) -> list[Said | Item]:
        """What happens on the way through some elements; `place` stands before their numbers."""
        labels, said = self.facts.labels, list[Said | Item]()
        for number in range(begin, len(elements)):
            element, name = elements[number], f"{place}{number}"
            match element:
                case Bar():
                    tree = labels.tree(element.bar)
                    came = [self.values.get(edge.tail) for edge in self.graph.entering[name]]
                    node = came[0].node if len(came) == 1 and came[0] is not None else None
                    equal = node is not None and bare(node) != bare(tree)
                    whole = Relation((tree, node), ("=",)) if equal and node is not None else tree
                    verb = "goes out" if number == len(elements) - 1 else "comes of it"
                    said.append(
                        mathematics(whole)
                        + f" {verb}"
                        + _size(": ", _type(element.bar, self.facts), self.facts)
                        + "."
                    )
                case Square() | Trapezoid() | Scale() | Bottleneck():
                    said.append(_capital(self.one(element, name)) + ".")
                case Split():
                    head = f"It splits: all of it goes into each of {len(element.split)} branches."
                    branches = [self.branch(element, i, name) for i in range(len(element.split))]
                    said.append(Item(phrase(head), bullets(branches)))
                case Sum():
                    flow = self.values.get(name)
                    total, kind = (None, None) if flow is None else (flow.node, flow.term.type)
                    words = phrase("their sum") if total is None else spoken(total)
                    said.append("The branches are added: " + words + _size(", ", kind, self.facts) + ".")
                case Arrow():
                    if element.arrow is not None:
                        said.append(_along(labels.tree(element.arrow), self.facts))
                case _:
                    assert_never(element)
        return said

    def branch(self, split: Split, number: int, place: str) -> Item:
        """A branch in one sentence; elements that need lists of their own follow it as such."""
        elements = branches_of(split)[number]
        said: list[Phrase] = []
        for i, element in enumerate(elements):
            match element:
                case Square() | Trapezoid() | Scale() | Bottleneck():
                    said.append(self.one(element, f"{place}.{number}.{i}"))
                case Arrow(arrow=None):
                    pass
                case _:
                    way = together(said, "; then ") if said else phrase("straight on")
                    inner = self.through(elements, f"{place}.{number}.", i)
                    return Item(f"Branch {number + 1}: " + way + "; then:", numbered(inner))
        way = together(said, "; then ") if said else phrase("straight on, as it is")
        return Item(f"Branch {number + 1}: " + way + ".")

    def one(self, element: Square | Trapezoid | Scale | Bottleneck, name: str) -> Phrase:
        """The way through one element that changes what flows."""
        parts = [name]
        if isinstance(element, Bottleneck):
            parts = [f"{name}.{matrix}" for matrix in range(len(element.bottleneck))]
        return together((self.gives(part) for part in parts), "; then ")

    def gives(self, name: str) -> Phrase:
        operation, flow = self.graph.nodes[name].operation, told(self.values.get(name), self.facts)
        assert isinstance(operation, (ops.Apply, ops.Scale))
        verb = "scaled by " if isinstance(operation, ops.Scale) else "through "
        gives = phrase("") if flow is None else ", which gives " + flow
        return verb + self.facts.labels.math(operation.symbol) + gives


def _along(label: Node, facts: Facts) -> Phrase:
    name = key(label)
    dimension = None if name is None else facts.symbols.dimension(name)
    size = None if dimension is None else sized(Type(dimension, ONE), facts)
    return (
        "Along the arrow flows " + spoken(label) if size is None else "Along the arrow flow " + size
    ) + "."


def _capital(said: Phrase) -> Phrase:
    first, *rest = said.pieces
    return Phrase((first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest))


def mentions(graph: Graph, name: str, facts: Facts) -> bool:
    """Whether a matrix of this name is drawn on a stack."""
    drawn = (node.operation for node in graph.nodes.values())
    matrices = (key(facts.labels.tree(matrix.symbol)) for matrix in drawn if isinstance(matrix, ops.Apply))
    return any(matrix is not None and facts.canonical(matrix) == name for matrix in matrices)
