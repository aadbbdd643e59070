"""A part of an equation: where it is in the tree, and its TeX with what stands before and after.

A brace under `W + BA` in `h = (W + BA)x` needs both: the typesetter the nodes (for their glyphs),
TikZ the TeX.
"""

from __future__ import annotations

from msgspec import Struct

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.children import children
from lorafig.notation.tree import Node
from lorafig.notation.write.tex import Writer


class Located(Struct, frozen=True, gc=False):
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
    `Wx + BAx` as a side or as terms. What is not an expression there is not found: `b + c` in `a - b + c`,
    `rB` in `α/r B`.
    """
    return _locate(node, bare(node), bare(part))


def _locate(node: Node, plain: Node, part: Node) -> Located | None:
    """`plain` is `node` without its look: the same shape, but for fonts over more than one symbol."""
    if plain == part:
        return Located(node)
    if isinstance(node, tree.Fenced) and isinstance(plain, tree.Fenced) and plain.body == part:
        return Located(node)
    run = _run(plain, part)
    if run is not None and type(plain) is type(node):
        return Located(node, *run)
    for child in children(node):
        located = _locate(child, bare(child), part)
        if located is not None:
            return located
    return None


def _run(plain: Node, part: Node) -> tuple[int, int] | None:
    """The children of `plain` that are those of `part`: where they begin and end."""
    match plain, part:
        case tree.Product(items, ops), tree.Product(wanted, between):
            marks = ("", *ops)
        case tree.Relation(items, ops), tree.Relation(wanted, between):
            marks = ("", *ops)
        case tree.Sum(items, marks), tree.Sum(wanted, (_, *rest)) if len(wanted) > 1:
            between = tuple(rest)
        case _:
            return None
    for start in range(len(items) - len(wanted) + 1):
        stop = start + len(wanted)
        same = items[start:stop] == wanted and marks[start + 1 : stop] == between
        if same and _begins(part, marks[start], start):
            return start, stop
    return None


def _begins(part: Node, mark: str, start: int) -> bool:
    """Whether the part can stand by itself after `mark`."""
    if isinstance(part, tree.Sum):
        sign = "" if mark == "+" else mark
        return sign == part.signs[0] and (sign == "" or start == 0)
    return mark != "/"  # what stands below a slash begins there


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
