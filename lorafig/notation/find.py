"""A part of an equation: where it is in the tree, and its TeX with what stands before and after.

A brace under `W + BA` in `h = (W + BA)x` needs both: the typesetter the nodes (for their glyphs),
TikZ the TeX.
"""

from __future__ import annotations

from dataclasses import dataclass

from lorafig.notation.canonical import bare
from lorafig.notation.children import children
from lorafig.notation.tree import Fenced, Node, Product, Relation, Sum
from lorafig.notation.write.tex import Writer


@dataclass(frozen=True, slots=True)
class Located:
    """Where a part is.

    `container` is a node of the tree itself (the same object). With `start == stop == -1` the part is
    all of `container`, brackets included where it is a Fenced. Otherwise `container` is a Product, a Sum
    or a Relation, and the part is its children `start` up to, not including, `stop`, two or more of
    them, with the operators between them and neither the one before nor the one after.
    """

    container: Node
    start: int = -1
    stop: int = -1


def locate(node: Node, part: Node) -> Located | None:
    """The first place in `node`, from the left, where `part` stands as an expression of its own.

    Compared without spans, fonts, explicit spaces and the kind of brackets (stretched or not); `·` and
    nothing are the same. `W + BA` is found in `(W + BA)x` with its brackets, `BA` in `BAx` as two factors,
    `Wx + BAx` as a side or as terms. What is no expression there is not found: `b + c` in `a - b + c`,
    `rB` in `α/r B`.
    """
    return _locate(node, bare(node), bare(part))


def _locate(node: Node, plain: Node, part: Node) -> Located | None:
    """`plain` is `node` without its look: the same shape, but for fonts over more than one symbol."""
    if plain == part:
        return Located(node)
    if isinstance(node, Fenced) and isinstance(plain, Fenced) and plain.body == part:
        return Located(node)
    run = _run(plain, part)
    if run is not None and type(plain) is type(node):
        return Located(node, *run)
    for child in children(node):
        found = _locate(child, bare(child), part)
        if found is not None:
            return found
    return None


def _run(plain: Node, part: Node) -> tuple[int, int] | None:
    """The children of `plain` that are those of `part`."""
    match plain, part:
        case Product(), Product():
            length = len(part.factors)
            for i in range(len(plain.factors) - length + 1):
                same = (
                    plain.factors[i : i + length] == part.factors
                    and plain.ops[i : i + length - 1] == part.ops
                )
                if same and (i == 0 or plain.ops[i - 1] != "/"):
                    return i, i + length
        case Sum(), Sum():
            length = len(part.terms)
            for i in range(len(plain.terms) - length + 1):
                same = (
                    plain.terms[i : i + length] == part.terms
                    and plain.signs[i + 1 : i + length] == part.signs[1:]
                )
                sign = "" if plain.signs[i] == "+" else plain.signs[i]
                if same and length > 1 and sign == part.signs[0] and (sign == "" or i == 0):
                    return i, i + length
        case Relation(), Relation():
            length = len(part.sides)
            for i in range(len(plain.sides) - length + 1):
                if plain.sides[i : i + length] == part.sides and plain.ops[i : i + length - 1] == part.ops:
                    return i, i + length
        case _:
            pass
    return None


def split_at(node: Node, part: Node) -> tuple[str, str, str] | None:
    """TeX before `part` in `node`, of it, and after it, together `to_tex(node)`; None if it is not there."""
    located = locate(node, part)
    return None if located is None else split_located(node, located)


def split_located(node: Node, located: Located) -> tuple[str, str, str]:
    """As split_at, at a place that locate found."""
    writer = Writer()
    writer.visit(node)
    text = "".join(writer.out)
    container = located.container
    if located.start < 0:
        start, stop = writer.spans[id(container)]
    else:
        start = writer.slots[id(container), located.start][0]
        stop = writer.slots[id(container), located.stop - 1][1]
    return text[:start], text[start:stop], text[stop:]
