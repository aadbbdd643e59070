"""The tree as a tree: a node's children, and a copy of it with other ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_args

from msgspec import structs

from lorafig.notation.tree import Fenced, Listing, Node, Range

# The fields of each class that hold nodes, by their annotations, in the order in which they are written.
_WRITTEN_FIRST = ("degree", "lower", "upper")


class _Fields(dict[type, tuple[str, ...]]):
    def __missing__(self, cls: type) -> tuple[str, ...]:
        """A class that adds to one of the tree's has the same nodes below."""
        self[cls] = self[cls.__mro__[1]]
        return self[cls]


_BELOW = _Fields(
    {
        cls: tuple(
            sorted(
                (name for name, annotation in cls.__annotations__.items() if "Node" in annotation),
                key=lambda name: name not in _WRITTEN_FIRST,
            )
        )
        for cls in get_args(Node)
    }
)


MOST_WALKED = 4_096
_walked: dict[int, tuple[Node, ...]] = {}  # one label is walked through for one question after the other


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below, in the order in which they are written."""
    below: list[Node] = []
    for name in _BELOW[type(node)]:
        held = getattr(node, name)
        if isinstance(held, tuple):
            below += held
        elif held is not None:
            below.append(held)
    return tuple(below)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the top, left to right."""
    known = _walked.get(id(node))
    if known is None:
        pending, parts = [node], []
        while pending:
            part = pending.pop()
            parts.append(part)
            if _BELOW[type(part)]:
                pending += reversed(children(part))
        if len(_walked) >= MOST_WALKED:
            _walked.clear()
        known = _walked[id(node)] = tuple(
            parts
        )  # the node is among them, so that its id is given to no other
    return iter(known)


def ranges_of(node: Node) -> tuple[Node, ...]:
    """What stands in the brackets or the index of a part of a matrix, `:, :r`; nothing if none is a range."""
    inner = node.body if isinstance(node, Fenced) and node.open == "[" else node
    items = inner.items if isinstance(inner, Listing) and set(inner.seps) == {","} else (inner,)
    return items if any(isinstance(item, Range) for item in items) else ()


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """A copy of `node` whose children are `change(child)`. Spans are kept."""
    changed: dict[str, Any] = {}
    for name in _BELOW[type(node)]:
        held = getattr(node, name)
        if isinstance(held, tuple):
            changed[name] = tuple(map(change, held))
        elif held is not None:
            changed[name] = change(held)
    return structs.replace(node, **changed) if changed else node
