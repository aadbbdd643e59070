"""The grammar of a product: matrices and signs, as an equation has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lorafig.errors import LorafigError
from lorafig.language import model
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math

# What an author writes for a sign, and what it is.
SIGNS = {
    "=": "=", "\\approx": "≈", "≈": "≈", "\\times": "×", "×": "×", "\\otimes": "⊗", "⊗": "⊗",
    "\\odot": "⊙", "⊙": "⊙", "+": "+", "-": "-", "−": "-",
    "\\to": "→", "→": "→", "\\leftarrow": "←", "←": "←",
}  # fmt: skip
RELATIONS, TERMS = ("=", "≈", "→", "←"), ("+", "-")
DOTS = ("\\cdots", "\\dots", "\\ldots", "\\ddots", "⋯", "…", "⋱")  # for terms between the first and the last
MOST = 24  # matrices and numbers in one product

Entry: TypeAlias = str | model.Matrix | model.Vector
Item: TypeAlias = Entry | tuple[Entry, ...]
Fault: TypeAlias = tuple[tuple[int, ...], str, str]


def sign(item: Item) -> str | None:
    """The sign that an item is, None if it is none."""
    return SIGNS.get(item) if isinstance(item, str) else None


def summed(item: Item) -> tree.Big | None:
    """The sum, by itself, of what stands behind it: `\\sum_{i=1}^{N}`; None for anything else."""
    if not isinstance(item, str) or not item.lstrip().startswith(("\\sum", "∑")):
        return None
    node = parse_math(item)
    return node if isinstance(node, tree.Big) and node.body == tree.Words("") else None


def entries(text: str) -> str | None:
    """An equation in one text as the list that a product is: `W = BA` is `[W, =, B, A]`; None for others."""
    try:
        items = list(_pieces(parse_math(text), text))
    except LorafigError:
        return None
    return f"[{', '.join(items)}]" if len(items) > 1 else None


def _pieces(node: tree.Node, text: str) -> Iterator[str]:
    match node:
        case tree.Relation(sides, ops):
            for op, side in zip(("", *ops), sides, strict=True):
                yield from [f"'{op}'"] if op != "" else []
                yield from _pieces(side, text)
        case tree.Sum(terms, ("", *_) as signs):
            for op, term in zip(signs, terms, strict=True):
                yield from [f"'{op}'"] if op != "" else []
                yield from _pieces(term, text)
        case tree.Product(factors, ops):
            for op, factor in zip(("", *ops), factors, strict=True):
                yield from [op] if op in SIGNS else []
                yield from _pieces(factor, text)
        case tree.Fenced("(", ")", body=tree.Product() as body):
            yield f"[{', '.join(_pieces(body, text))}]"
        case _:
            written = text[slice(*node.span)].strip()
            yield written if written.replace("_", "").isalnum() else "'" + written.replace("'", "''") + "'"


def symbol(entry: Entry) -> str:
    """What is written for a matrix, a vector or a number."""
    match entry:
        case model.Matrix(matrix=source) | model.Vector(vector=source):
            return source
        case _:
            return entry


def faults(items: Sequence[Item]) -> Iterator[Fault]:
    """What keeps items from being a product, each with the way to where it is."""
    count = sum(len(item) if isinstance(item, tuple) else sign(item) is None for item in items)
    if count > MOST:
        yield (), f"{count} matrices in one product; the limit is {MOST}", "draw it in parts"
        return
    yield from _faults(items, ())


def _faults(items: Sequence[Item], path: tuple[int, ...]) -> Iterator[Fault]:
    before: str | None = "the beginning"  # what stands before an item that is not a factor
    product: str | None = None  # the sign between the factors so far
    for index, item in enumerate(items):
        at = (*path, index)
        if summed(item) is not None:
            before = symbol(item) if isinstance(item, str) else before
            continue
        here = sign(item)
        if here is None:
            if isinstance(item, tuple):
                yield from _faults(item, at)
            if before is None and isinstance(items[index - 1], str):
                continue  # a number before a matrix, which goes with it: s A ⊗ B
            if before is None:
                here = "×"  # side by side
            else:
                before = None
                continue
        elif before is not None:
            what = f"'{here}' at the beginning" if index == 0 else f"'{here}' right behind '{before}'"
            yield at, f"{what}: a sign stands between two matrices", "put a matrix before it"
            before = here
            continue
        else:
            before = here if sign(item) is not None else None
        if here in RELATIONS and path:
            yield at, f"'{here}' in brackets", "put it outside: a list is what stands in brackets"
        if here in (*RELATIONS, *TERMS):
            product = None
        elif product not in (None, here):
            hint = "put into a list what is taken first: [[B_1, \\times, A_1], \\odot, [B_2, \\times, A_2]]"
            yield at, f"'{product}' and '{here}' beside each other", hint
        else:
            product = here
    if before is not None and items and before != "the beginning":
        yield (*path, len(items) - 1), f"'{before}' at the end", "put a matrix behind it"
