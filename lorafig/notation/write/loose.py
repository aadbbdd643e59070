"""Which part of a label needs brackets, so that what is written is read as it is meant."""

from __future__ import annotations

from lorafig.notation import tree


def is_loose(node: tree.Node) -> bool:
    """Binds less than a product. No parser gives one as a factor but a signed one: `a \\cdot -b`."""
    if isinstance(node, tree.Sum):
        return len(node.terms) > 1 or node.signs[0] == ""
    return isinstance(node, (tree.Relation, tree.Listing, tree.Shape, tree.Range))
