"""A stack in words: what is on it from the input to the output, and what flows through it, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count, takewhile
from typing import assert_never

from msgspec import Struct

from lorafig.graph import ops
from lorafig.graph.structure import Graph, branches_of, trapezoids
from lorafig.language.model import (
    Apply,
    Arrow,
    Bar,
    Bias,
    Bottleneck,
    Brace,
    Gate,
    Repeat,
    Scale,
    Skip,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)
from lorafig.language.repeat import amount
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Relation
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
            return [_trapezoid(element, facts)]
        case Bottleneck():
            parts = [_trapezoid(part, facts) for part in trapezoids(element)]
            waist = phrase("") if element.brace is None else _braced(element.brace, "its waist", facts)
            return [Item(f"A bottleneck, {len(parts)} trapezoids" + waist + ":", numbered(parts))]
        case Split():
            branches: list[Item] = []
            for several in branches_of(element):
                said = [told for inner in several for told in _element(inner, facts)]
                in_order = Item(phrase("Several, in order:"), numbered(said))
                branches.append(item(said[0]) if len(said) == 1 else in_order)
            return [Item(phrase(f"Side by side, {_several(element)} branches:"), bullets(branches))]
        case Sum():
            plus = facts.labels.math("+")
            if element.sum == "arrows":
                return [plus + ": the branches are added."]
            terms = [facts.labels.math(term) for term in element.sum]
            drawn = ", drawn as bars," if element.as_ == "bars" else ""
            return [plus + ": the terms " + listing(terms) + f"{drawn} are added."]
        case Scale():
            return [_part(element.scale, element.math, "a scaling", (), None, facts)]
        case Apply():
            return [_applied(element, facts)]
        case Gate():
            return [_part(element.gate, element.math, "a gate", (), None, facts)]
        case Bias():
            return [_part(element.bias, element.math, "a sum with what is beside it", (), None, facts)]
        case Repeat():
            return ["Dots, for the same with " + facts.labels.range(element.over) + "."]
        case Skip():
            along = (
                phrase("")
                if element.skip is None
                else ", along which flows " + facts.labels.spoken(element.skip)
            )
            return ["A branch that changes nothing" + along + "."]
        case Arrow():
            if element.arrow is None:
                return []
            return ["An arrow with the label " + facts.labels.spoken(element.arrow) + "."]
        case _:
            assert_never(element)


def _several(split: Split) -> int:
    """How many branches a split has, those that dots stand for included."""
    firsts = (branch[0] for branch in branches_of(split))
    return sum(amount(first) if isinstance(first, Repeat) else 1 for first in firsts)


def _applied(element: Apply, facts: Facts) -> Phrase:
    words = together((facts.labels.text(line) for line in element.text), " ")
    function = facts.labels.spoken(element.apply)
    said = function if not words.pieces else "“" + words + "”, the function " + function
    return said + ": a rounded box, a function that is applied."


def _trapezoid(element: Trapezoid, facts: Facts) -> Phrase:
    what = phrase("a trapezoid")
    if element.from_ is not None and element.to is not None:
        what += " from " + facts.labels.math(element.from_) + " to " + facts.labels.math(element.to)
    return _part(element.trapezoid, element.math, what, (), element.brace, facts)


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
    return f", with a mark{side} that says {what} is " + facts.labels.spoken(brace.label)


# -- the data flow --------------------------------------------------------------------------------


def steps(graph: Graph, values: Mapping[str, Flowing], facts: Facts) -> List:
    """A numbered list of what happens to the data, from the first element to the last."""
    first, *_ = graph.nodes.values()
    assert isinstance(first.operation, ops.Input)
    way, begin = _Way(graph, values, facts), int(not first.operation.implied)
    entering = facts.labels.tree(first.symbols[0])
    comes = mathematics(entering) + " comes in" + way.size(": ", facts.type_of(entering)) + "."
    return numbered([comes, *way.through(graph.panel.stack, "", begin)])


class _Way(Struct, frozen=True):
    """The way through a stack, with what flows behind each of its elements."""

    graph: Graph
    values: Mapping[str, Flowing]
    facts: Facts

    def through(self, elements: Sequence[StackElement], place: str, begin: int = 0) -> list[Said | Item]:
        """What happens on the way through some elements; `place` stands before their numbers."""
        numbers = range(begin, len(elements))
        said = [self.step(elements[n], f"{place}{n}", n == len(elements) - 1) for n in numbers]
        return [step for step in said if step is not None]

    def step(self, element: StackElement, name: str, last: bool) -> Said | Item | None:
        labels = self.facts.labels
        match element:
            case Bar(bar=symbol):
                came = self.values.get(self.graph.entering[name][0].tail)
                tree, node = labels.tree(symbol), None if came is None else came.node
                whole = tree if node is None or bare(node) == bare(tree) else Relation((tree, node), ("=",))
                verb = "goes out" if last else "comes of it"
                return mathematics(whole) + f" {verb}" + self.size(": ", self.facts.type_of(tree)) + "."
            case Square() | Trapezoid() | Scale() | Gate() | Bias() | Apply() | Bottleneck():
                return _capital(self.gives(name)) + "."
            case Split():
                head = f"It splits: all of it goes into each of {_several(element)} branches."
                branches = enumerate(branches_of(element))
                return Item(phrase(head), bullets(self.branch(several, name, n) for n, several in branches))
            case Sum():
                flow = self.values.get(name)
                total, kind = (None, None) if flow is None else (flow.node, flow.term.type)
                words = phrase("their sum") if total is None else spoken(total)
                return "The branches are added: " + words + self.size(", ", kind) + "."
            case Repeat():
                return "The same with " + labels.range(element.over) + "."
            case Arrow(arrow=label) | Skip(skip=label):
                return None if label is None else self.along(label)
            case _:
                assert_never(element)

    def branch(self, elements: Sequence[StackElement], split: str, number: int) -> Item:
        """A branch in one sentence; elements that need lists of their own follow it as such."""
        if isinstance(elements[0], Repeat):
            return Item("The same with " + self.facts.labels.range(elements[0].over) + ".")
        said: list[Phrase] = []
        head, place = f"Branch {number + 1}: ", f"{split}.{number}."
        for i, element in enumerate(elements):
            if isinstance(element, (Square, Trapezoid, Scale, Gate, Bias, Apply, Bottleneck)):
                said.append(self.gives(f"{place}{i}"))
            elif not ((isinstance(element, Arrow) and element.arrow is None) or isinstance(element, Skip)):
                way = together(said, "; then ") if said else phrase("straight on")
                return Item(head + way + "; then:", numbered(self.through(elements, place, i)))
        way = together(said, "; then ") if said else phrase("straight on, as it is")
        return Item(head + way + ".")

    def gives(self, name: str) -> Phrase:
        """The way through an element that changes what flows, or through each matrix of a bottleneck."""
        if name not in self.graph.nodes:
            parts = (f"{name}.{matrix}" for matrix in count())
            return together(map(self.gives, takewhile(self.graph.nodes.__contains__, parts)), "; then ")
        node, flow = self.graph.nodes[name], told(self.values.get(name), self.facts)
        verb = "scaled by " if isinstance(node.operation, ops.Scale) else "through "
        gives = phrase("") if flow is None else ", which gives " + flow
        if isinstance(node.operation, ops.Call):
            return "the function " + self.facts.labels.math(node.operation.function) + " of it" + gives
        return verb + self.facts.labels.math(node.symbols[0]) + gives

    def size(self, sign: str, kind: Type | None) -> Phrase:
        """How many numbers something of this type is, after a sign; nothing if that is not known."""
        size = sized(kind, self.facts)
        return phrase("") if size is None else sign + size

    def along(self, label: str) -> Phrase:
        name = key(self.facts.labels.tree(label))
        dimension = None if name is None else self.facts.symbols.dimension(name)
        size = None if dimension is None else sized(Type(dimension, ONE), self.facts)
        if size is None:
            return "Along the arrow flows " + self.facts.labels.spoken(label) + "."
        return "Along the arrow flow " + size + "."


def _capital(said: Phrase) -> Phrase:
    first, *rest = said.pieces
    return Phrase((first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest))


def mentions(graph: Graph, name: str, facts: Facts) -> bool:
    """Whether a matrix of this name is drawn on a stack."""
    nodes = (node for node in graph.nodes.values() if isinstance(node.operation, ops.Apply))
    matrices = (key(facts.labels.tree(symbol)) for node in nodes for symbol in node.symbols)
    return any(matrix is not None and facts.canonical(matrix) == name for matrix in matrices)
