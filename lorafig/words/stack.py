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
from lorafig.words.entities import property_of
from lorafig.words.facts import Facts
from lorafig.words.flowing import Stream, added, sized
from lorafig.words.labels import listing
from lorafig.words.markdown import bullets, mathematics, numbered, prose, spoken


def components(stack: tuple[StackElement, ...], facts: Facts) -> list[str]:
    """A numbered list of what is on the stack, in the order in which the data passes it."""
    found = [said for element in stack for said in _element(element, facts)]
    return numbered(found)


def _element(element: StackElement, facts: Facts) -> list[str]:
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
                one = part if isinstance(part, Trapezoid) else Trapezoid(part)
                label = element.math[number] if number < len(element.math) else one.math
                parts.append(_trapezoid(one, label, facts))
            waist = "" if element.brace is None else _braced(element.brace, "its waist", facts)
            return ["\n".join([f"A bottleneck, {len(parts)} trapezoids{waist}:", *numbered(parts)])]
        case Split():
            branches = []
            for branch in element.split:
                several = branch if isinstance(branch, tuple) else (branch,)
                said = [one for inner in several for one in _element(inner, facts)]
                branches.append(
                    said[0] if len(said) == 1 else "\n".join(["Several, in order:", *numbered(said)])
                )
            return ["\n".join([f"Side by side, {len(branches)} branches:", *bullets(branches)])]
        case Sum():
            if element.sum == "arrows":
                return ["$+$: the branches are added."]
            terms = [mathematics(facts.labels.tree(term)) for term in element.sum]
            drawn = "arrows" if element.as_ == "arrows" else "bars"
            return [f"$+$: the terms {listing(terms)}, drawn as {drawn}, are added."]
        case Scale():
            return [_part(element.scale, element.math, "a scaling", (), None, facts)]
        case Arrow():
            if element.arrow is None:
                return []
            return [f"An arrow with the label {spoken(facts.labels.tree(element.arrow))}."]
        case _:
            assert_never(element)


def _trapezoid(element: Trapezoid, label: str | None, facts: Facts) -> str:
    what = "a trapezoid"
    if element.from_ is not None and element.to is not None:
        sides = [mathematics(facts.labels.tree(side)) for side in (element.from_, element.to)]
        what = f"a trapezoid from {sides[0]} to {sides[1]}"
    return _part(element.trapezoid, label, what, (), element.brace, facts)


def _part(
    symbol: str, label: str | None, what: str, text: tuple[str, ...], brace: Brace | None, facts: Facts
) -> str:
    """`$W$: a square, “Pretrained Weights”, with the label …; 768 × 768, 589,824 parameters, frozen.`"""
    tree = facts.labels.tree(symbol)
    words = " ".join(prose(facts.labels.runs(line)) for line in text)
    said = f"{spoken(tree)}: {what}"
    if words != "":
        said += f", “{words}”"
    if label is not None and bare(facts.labels.tree(label)) != bare(tree):
        said += f", with the label {spoken(facts.labels.tree(label))}"
    if brace is not None:
        said += _braced(brace, "its width", facts)
    known = property_of(tree, facts)
    return f"{said}; {known}." if known != "" else f"{said}."


def _braced(brace: Brace, what: str, facts: Facts) -> str:
    side = "" if brace.side is None else f" {brace.side} it"
    return f", with a brace{side} that says {what} is {spoken(facts.labels.tree(brace.label))}"


# -- the data flow --------------------------------------------------------------------------------


def steps(stack: tuple[StackElement, ...], facts: Facts) -> list[str]:
    """A numbered list of what happens to the data, from the first element to the last."""
    first = stack[0]
    entering: Node = facts.labels.tree(first.bar) if isinstance(first, Bar) else facts.labels.tree("x")
    stream = _named(entering, facts)
    size = sized(stream.rows, facts)
    found = [f"{mathematics(entering)} comes in{': ' if size != '' else ''}{size}."]
    rest = stack[1:] if isinstance(first, Bar) else stack
    told, _ = _steps(rest, [stream], facts)
    return numbered(found + told)


def _named(node: Node, facts: Facts) -> Stream:
    kind = facts.type_of(node)
    return Stream(node, None if kind is None else kind.rows)


def _steps(
    elements: tuple[StackElement, ...], streams: list[Stream], facts: Facts
) -> tuple[list[str], list[Stream]]:
    """What happens on the way through some elements, and what flows behind them."""
    found: list[str] = []
    for place, element in enumerate(elements):
        last = place == len(elements) - 1
        match element:
            case Bar():
                tree = facts.labels.tree(element.bar)
                came, stream = added(streams) if len(streams) > 1 else streams[0], _named(tree, facts)
                same = came.node is None or bare(came.node) == bare(tree)
                equal = tree if same or came.node is None else Relation((tree, came.node), ("=",))
                size = sized(stream.rows, facts)
                verb = "goes out" if last else "comes of it"
                found.append(f"{mathematics(equal)} {verb}{': ' if size != '' else ''}{size}.")
                streams = [stream]
            case Square() | Trapezoid() | Scale() | Bottleneck():
                said, stream = _through(element, streams[0], facts)
                found.append(_capital(said) + ".")
                streams = [stream]
            case Split():
                branches, ends = [], []
                for number, branch in enumerate(element.split, 1):
                    inner = branch if isinstance(branch, tuple) else (branch,)
                    said_, end = _branch(inner, streams[0], facts)
                    branches.append(f"Branch {number}: {said_}" + ("" if "\n" in said_ else "."))
                    ends += end
                head = f"It splits: all of it goes into each of {len(branches)} branches."
                found.append("\n".join([head, *bullets(branches)]))
                streams = ends
            case Sum():
                given = [] if element.sum == "arrows" else [facts.labels.tree(term) for term in element.sum]
                if given:
                    streams = [
                        Stream(term, end.rows)
                        for term, end in zip(given, _padded(streams, given), strict=True)
                    ]
                total = added(streams)
                words = "their sum" if total.node is None else spoken(total.node)
                size = sized(total.rows, facts)
                found.append(f"The branches are added: {words}{', ' if size != '' else ''}{size}.")
                streams = [total]
            case Arrow():
                if element.arrow is not None:
                    found.append(_along(facts.labels.tree(element.arrow), facts))
            case _:
                assert_never(element)
    return found, streams


def _along(label: Node, facts: Facts) -> str:
    name = key(label)
    size = sized(name, facts) if name is not None and facts.canonical(name) in facts.sizes else ""
    return f"Along the arrow flow {size}." if size != "" else f"Along the arrow flows {spoken(label)}."


def _padded(streams: list[Stream], given: list[Node]) -> list[Stream]:
    """One stream for each term; a figure that is not checked may have too few of them."""
    return [*streams[: len(given)], *(Stream(None, None) for _ in range(len(given) - len(streams)))]


def _branch(elements: tuple[StackElement, ...], stream: Stream, facts: Facts) -> tuple[str, list[Stream]]:
    """A branch in one sentence; elements that need lists of their own follow it as such."""
    said: list[str] = []
    for place, element in enumerate(elements):
        match element:
            case Square() | Trapezoid() | Scale() | Bottleneck():
                words, stream = _through(element, stream, facts)
                said.append(words)
            case Arrow(arrow=None):
                pass
            case _:
                inner, ends = _steps(elements[place:], [stream], facts)
                head = "; then ".join(said) if said else "straight on"
                return "\n".join([f"{head}; then:", *numbered(inner)]), ends
    return "; then ".join(said) if said else "straight on, as it is", [stream]


def _through(
    element: Square | Trapezoid | Scale | Bottleneck, stream: Stream, facts: Facts
) -> tuple[str, Stream]:
    """The way through one element that changes what flows."""
    if isinstance(element, Scale):
        factor = facts.labels.tree(element.scale)
        out = stream.scaled(factor, facts)
        return f"scaled by {mathematics(factor)}, which gives {_gives(out, facts)}", out
    said = []
    for symbol in _matrices(element):
        factor = facts.labels.tree(symbol)
        stream = stream.passed(factor, facts)
        said.append(f"through {mathematics(factor)}, which gives {_gives(stream, facts)}")
    return "; then ".join(said), stream


def _gives(stream: Stream, facts: Facts) -> str:
    told = stream.told(facts)
    return told if told != "" else "what flows on"


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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
