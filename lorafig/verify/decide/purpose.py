"""What a method is for: `r ≪ min(d, k)` beside other statements, where these sizes have no value, says that,
as its authors do, and nothing that is to be decided."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.tree import Apply, Listing, Node, Relation
from lorafig.verify.meaning.symbols import Symbols


def without(node: Node, symbols: Symbols) -> Node:
    """A statement without what the method is for beside it."""
    if isinstance(node, Listing):
        kept = [item for item in node.items if not states(item, symbols)]
        if kept and len(kept) < len(node.items) and set(node.seps) <= {",", ";"}:
            whole = Listing(tuple(kept), (node.seps[0],) * (len(kept) - 1), ("",) * (len(kept) - 1))
            return without(kept[0] if len(kept) == 1 else whole, symbols)
        return replace(node, items=tuple(without(item, symbols) for item in node.items))
    if isinstance(node, Relation) and len(node.ops) > 1:
        last = Relation(node.sides[-2:], node.ops[-1:])
        if states(last, symbols):
            return Relation(node.sides[:-1], node.ops[:-1])
    return node


def states(node: Node, symbols: Symbols) -> bool:
    """Whether it says that the rank is smaller than the sizes of the weight, none of which has a value."""
    if not isinstance(node, Relation) or len(node.ops) != 1 or node.ops[0] not in ("≪", "<", "≤"):
        return False
    left, right = node.sides
    inside = [name for part in walk(right) if (name := key(part)) is not None and symbols.knows(name)]
    sizes = [symbols.dimension(name) or "" for name in inside]
    rank = symbols.dimension(symbols.adapter.rank)
    if rank is None or rank != symbols.dimension(key(left)) or not sizes or rank in sizes:
        return False
    least = isinstance(right, Apply) and key(right.function) == "min"
    open_ = all(symbols.dimensions.get(size, 0) is None for size in (rank, *sizes))
    return open_ and (least or key(right) is not None)
