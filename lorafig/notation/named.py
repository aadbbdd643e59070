"""The symbols that stand in a label."""

from __future__ import annotations

from lorafig.notation.canonical import key
from lorafig.notation.children import children
from lorafig.notation.tree import Node, Script


def plain(node: Node) -> Node:
    """A symbol without what stands above it, t_1 of t_1^⊤; any other part of a label as it is."""
    if not isinstance(node, Script) or node.sup is None or key(node) is not None:
        return node
    if node.sub is None and node.primes == 0:
        return node.base if key(node.base) is not None else node
    below = Script(node.base, node.sub, None, node.primes)
    return below if key(below) is not None else node


def symbols_in(node: Node) -> frozenset[str]:
    """The symbols in an expression; W in W_res is a part of its name."""
    names: set[str] = set()
    pending = [node]
    while pending:
        part = plain(pending.pop())
        name = key(part)
        if name is None:
            pending.extend(children(part))
        else:
            names.add(name)
    return frozenset(names)
