"""What a whole side of a label means: a shape, a set of reals, a name with primes."""

from __future__ import annotations

from lorafig.notation.read.lex import Token
from lorafig.notation.tree import Listing, Node, Number, Product, Relation, Script, Shape, Sum, Symbol


def is_loose(node: Node) -> bool:
    """Binds less than a product."""
    return isinstance(node, (Sum, Relation, Listing, Shape))


def is_shape(node: Product) -> bool:
    """`d × k` by itself; `2 × r` is a count."""
    if isinstance(node.factors[0], Number) and not isinstance(node.factors[1], Number):
        return False
    return len(node.factors) == 2 and node.ops == ("×",) and all(_is_size(factor) for factor in node.factors)


def _is_size(node: Node) -> bool:
    if isinstance(node, Number):
        return node.unit == ""
    return isinstance(node, Symbol) or (isinstance(node, Script) and node.sup is None)


def as_shape(node: Node) -> Node:
    """A side after ':': the sizes of a shape."""
    if isinstance(node, Product) and "×" in node.ops:
        sizes: list[Node] = []
        begin = 0
        for i in range(1, len(node.factors) + 1):
            if i == len(node.factors) or node.ops[i - 1] == "×":
                part = node.factors[begin:i]
                ops, spaces = node.ops[begin : i - 1], node.spaces[begin : i - 1]
                span = (part[0].span[0], part[-1].span[1])
                sizes.append(part[0] if len(part) == 1 else Product(part, ops, spaces, span=span))
                begin = i
        return Shape(tuple(sizes), span=node.span)
    if isinstance(node, (Symbol, Number)) or (isinstance(node, Script) and node.sup is None):
        return Shape((node,), span=node.span)
    return node


def with_reals(side: Node) -> Node:
    """R after ∈ is the set of the reals, with or without its double stroke."""
    if isinstance(side, Symbol) and side.name == "R" and side.font == "":
        return Symbol("R", "bb", span=side.span)
    if isinstance(side, Script) and isinstance(side.base, Symbol):
        base = with_reals(side.base)
        return Script(base, side.sub, side.sup, side.primes, span=side.span)
    return side


def primes_of(body: Node) -> tuple[int, Node | None]:
    """`^{\\prime\\prime}` -> two primes and no superscript."""
    if body == Symbol("′"):
        return 1, None
    if isinstance(body, Product) and all(factor == Symbol("′") for factor in body.factors):
        return len(body.factors), None
    return 0, body


def mark_crosses(source: str, tokens: list[Token]) -> None:
    """`A: r x d`, `R^{d x k}` and a lone `d x k`: an x between blanks and sizes is a ×."""
    shape = False
    for i, token in enumerate(tokens):
        if token.kind == "relation":
            shape = token.value == ":" or (shape and token.value == "=")
        elif token.kind == "sep":
            shape = False
        if token.kind != "letter" or token.value != "x" or i == 0:
            continue
        if not (source[token.start - 1].isspace() and source[token.end : token.end + 1].isspace()):
            continue
        left, right = tokens[i - 1], tokens[i + 1]
        reals = (
            i > 3 and tokens[i - 2].value in "{(" and tokens[i - 3].kind == "^" and tokens[i - 4].value == "R"
        )
        alone = len(tokens) == 4 and left.value.islower() and right.value.islower()
        if (shape or reals or alone) and right.kind in ("letter", "number", "symbol", "word"):
            token.kind, token.value = "times", "×"
