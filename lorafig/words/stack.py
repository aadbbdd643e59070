"""A stack in words: what is on it from the input to the output, and what flows through it, step by step."""

from __future__ import annotations

from typing import assert_never

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
from lorafig.words.flowing import Stream, added, sized


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
            for branch in element.split:
                several = branch if isinstance(branch, tuple) else (branch,)
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


def steps(stack: tuple[StackElement, ...], facts: Facts) -> List:
    """A numbered list of what happens to the data, from the first element to the last."""
    first = stack[0]
    entering = facts.labels.tree(first.bar if isinstance(first, Bar) else "x")
    stream = _named(entering, facts)
    comes = mathematics(entering) + " comes in" + _after(": ", sized(stream.rows, facts)) + "."
    rest = stack[1:] if isinstance(first, Bar) else stack
    told, _ = _steps(rest, [stream], facts)
    return numbered([comes, *told])


def _after(sign: str, said: Phrase | None) -> Phrase:
    return phrase("") if said is None else sign + said


def _named(node: Node, facts: Facts) -> Stream:
    kind = facts.type_of(node)
    return Stream(node, None if kind is None else kind.rows)


def _steps(
    elements: tuple[StackElement, ...], streams: list[Stream], facts: Facts
) -> tuple[list[Said | Item], list[Stream]]:
    """What happens on the way through some elements, and what flows behind them."""
    told: list[Said | Item] = []
    for place, element in enumerate(elements):
        last = place == len(elements) - 1
        match element:
            case Bar():
                tree = facts.labels.tree(element.bar)
                came, stream = added(streams) if len(streams) > 1 else streams[0], _named(tree, facts)
                same = came.node is None or bare(came.node) == bare(tree)
                equal = tree if same or came.node is None else Relation((tree, came.node), ("=",))
                verb = " goes out" if last else " comes of it"
                told.append(mathematics(equal) + verb + _after(": ", sized(stream.rows, facts)) + ".")
                streams = [stream]
            case Square() | Trapezoid() | Scale() | Bottleneck():
                said, stream = _through(element, streams[0], facts)
                told.append(_capital(said) + ".")
                streams = [stream]
            case Split():
                branches, ends = [], []
                for number, branch in enumerate(element.split, 1):
                    inner = branch if isinstance(branch, tuple) else (branch,)
                    way, end = _branch(f"Branch {number}: ", inner, streams[0], facts)
                    branches.append(way)
                    ends += end
                head = f"It splits: all of it goes into each of {len(branches)} branches."
                told.append(Item(phrase(head), bullets(branches)))
                streams = ends
            case Sum():
                given = [] if element.sum == "arrows" else [facts.labels.tree(term) for term in element.sum]
                if given:
                    streams = [
                        Stream(term, end.rows)
                        for term, end in zip(given, _padded(streams, given), strict=True)
                    ]
                total = added(streams)
                words = phrase("their sum") if total.node is None else spoken(total.node)
                told.append("The branches are added: " + words + _after(", ", sized(total.rows, facts)) + ".")
                streams = [total]
            case Arrow():
                if element.arrow is not None:
                    told.append(_along(facts.labels.tree(element.arrow), facts))
            case _:
                assert_never(element)
    return told, streams


def _along(label: Node, facts: Facts) -> Phrase:
    name = key(label)
    size = sized(name, facts) if name is not None and facts.canonical(name) in facts.sizes else None
    return (
        "Along the arrow flows " + spoken(label) if size is None else "Along the arrow flow " + size
    ) + "."


def _padded(streams: list[Stream], given: list[Node]) -> list[Stream]:
    """One stream for each term; a figure that is not checked may have too few of them."""
    return [*streams[: len(given)], *(Stream(None, None) for _ in range(len(given) - len(streams)))]


def _branch(
    head: str, elements: tuple[StackElement, ...], stream: Stream, facts: Facts
) -> tuple[Item, list[Stream]]:
    """A branch in one sentence; elements that need lists of their own follow it as such."""
    said: list[Phrase] = []
    for place, element in enumerate(elements):
        match element:
            case Square() | Trapezoid() | Scale() | Bottleneck():
                words, stream = _through(element, stream, facts)
                said.append(words)
            case Arrow(arrow=None):
                pass
            case _:
                inner, ends = _steps(elements[place:], [stream], facts)
                way = together(said, "; then ") if said else phrase("straight on")
                return Item(head + way + "; then:", numbered(inner)), ends
    way = together(said, "; then ") if said else phrase("straight on, as it is")
    return Item(head + way + "."), [stream]


def _through(
    element: Square | Trapezoid | Scale | Bottleneck, stream: Stream, facts: Facts
) -> tuple[Phrase, Stream]:
    """The way through one element that changes what flows."""
    if isinstance(element, Scale):
        factor = facts.labels.tree(element.scale)
        out = stream.scaled(factor, facts)
        return "scaled by " + mathematics(factor) + ", which gives " + _gives(out, facts), out
    said = []
    for symbol in _matrices(element):
        factor = facts.labels.tree(symbol)
        stream = stream.passed(factor, facts)
        said.append("through " + mathematics(factor) + ", which gives " + _gives(stream, facts))
    return together(said, "; then "), stream


def _gives(stream: Stream, facts: Facts) -> Phrase:
    told = stream.told(facts)
    return phrase("what flows on") if told is None else told


def _matrices(element: Square | Trapezoid | Bottleneck) -> list[str]:
    match element:
        case Square():
            return [element.square]
        case Trapezoid():
            return [element.trapezoid]
        case Bottleneck():
            return [part.trapezoid if isinstance(part, Trapezoid) else part for part in element.bottleneck]
        case _:
            assert_never(element)


def _capital(said: Phrase) -> Phrase:
    first, *rest = said.pieces
    return Phrase((first[:1].upper() + first[1:] if isinstance(first, str) else first, *rest))


def mentions(stack: tuple[StackElement, ...], name: str, facts: Facts) -> bool:
    """Whether a matrix of this name is drawn on a stack."""
    for element in stack:
        if isinstance(element, Split):
            inner = tuple(
                one
                for branch in element.split
                for one in (branch if isinstance(branch, tuple) else (branch,))
            )
            if mentions(inner, name, facts):
                return True
        elif isinstance(element, (Square, Trapezoid, Bottleneck)):
            found = (key(facts.labels.tree(symbol)) for symbol in _matrices(element))
            if any(one is not None and facts.canonical(one) == name for one in found):
                return True
    return False
