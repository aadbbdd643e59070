"""The tree as a tree: a node's children, and a copy of it with other ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from lorafig.notation.tree import (
    Accent,
    Apply,
    Big,
    Braced,
    Computed,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Prefix,
    Product,
    Relation,
    Root,
    Script,
    Shape,
    Styled,
    Sum,
    Symbol,
    Words,
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, in the order in which they are written."""
    match node:
        case Number() | Symbol() | Words():
            return ()
        case Script():
            return _given(node.base, node.sub, node.sup)
        case Prefix() | Fenced() | Accent() | Computed() | Styled():
            return (node.body,)
        case Product():
            return node.factors
        case Sum():
            return node.terms
        case Relation():
            return node.sides
        case Shape():
            return node.sizes
        case Fraction():
            return (node.above, node.below)
        case Apply():
            return (node.function, *node.arguments)
        case Root():
            return _given(node.degree, node.body)
        case Braced():
            return _given(node.body, node.label)
        case Big():
            return _given(node.lower, node.upper, node.body)
        case Listing():
            return node.items
        case _:
            assert_never(node)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the top, left to right."""
    yield node
    for child in children(node):
        yield from walk(child)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """A copy of `node` whose children are `change(child)`. Spans are kept."""
    span = node.span
    match node:
        case Number() | Symbol() | Words():
            return node
        case Script(base, sub, sup, primes):
            new_sub = None if sub is None else change(sub)
            return Script(change(base), new_sub, None if sup is None else change(sup), primes, span=span)
        case Prefix(mark, body):
            return Prefix(mark, change(body), span=span)
        case Product(factors, ops, spaces):
            return Product(tuple(change(factor) for factor in factors), ops, spaces, span=span)
        case Sum(terms, signs):
            return Sum(tuple(change(term) for term in terms), signs, span=span)
        case Relation(sides, ops):
            return Relation(tuple(change(side) for side in sides), ops, span=span)
        case Shape(sizes):
            return Shape(tuple(change(size) for size in sizes), span=span)
        case Fraction(above, below):
            return Fraction(change(above), change(below), span=span)
        case Fenced(opening, closing, body, stretch):
            return Fenced(opening, closing, change(body), stretch, span=span)
        case Apply(function, arguments, brackets, stretch):
            changed = tuple(change(argument) for argument in arguments)
            return Apply(change(function), changed, brackets, stretch, span=span)
        case Root(body, degree):
            return Root(change(body), None if degree is None else change(degree), span=span)
        case Accent(mark, body):
            return Accent(mark, change(body), span=span)
        case Braced(body, label, over):
            return Braced(change(body), None if label is None else change(label), over, span=span)
        case Big(op, body, lower, upper):
            new_lower = None if lower is None else change(lower)
            return Big(op, change(body), new_lower, None if upper is None else change(upper), span=span)
        case Computed(body, form):
            return Computed(change(body), form, span=span)
        case Listing(items, seps, spaces):
            return Listing(tuple(change(item) for item in items), seps, spaces, span=span)
        case Styled(font, body):
            return Styled(font, change(body), span=span)
        case _:
            assert_never(node)


def _given(*nodes: Node | None) -> tuple[Node, ...]:
    return tuple(node for node in nodes if node is not None)
