"""What a symbol is called, whatever its look; and a tree without its look, to compare."""

from __future__ import annotations

from lorafig.notation.children import rebuild
from lorafig.notation.tree import (
    Accent,
    Apply,
    Fenced,
    Listing,
    Node,
    Number,
    Prefix,
    Product,
    Script,
    Styled,
    Sum,
    Symbol,
    Words,
)

_NAMING_SUPERSCRIPTS = frozenset({"*", "⋆"})  # W^* is another matrix; W^T, W^2, W^† and W^+ are operations


def key(node: Node) -> str | None:
    """The name of a symbol, None for what is no symbol.

    `\\mathbf{W}_0`, `W_0`, `W₀` -> 'W_0'; `W_{\\mathrm{merged}}` -> 'W_merged'; `W'` -> "W'";
    `\\Delta W` -> 'ΔW'; `\\hat W` -> 'hat W'; `x^{(l)}` -> 'x^(l)'; `W^*` -> 'W^*'. A power or a transpose
    is an operation on a symbol: None.
    """
    match node:
        case Symbol(name):
            return name
        case Styled(_, body):
            return key(body)
        case Prefix(mark, body):
            inner = key(body)
            return None if inner is None else mark + inner
        case Accent(mark, body):
            inner = key(body)
            return None if inner is None else f"{mark} {inner}"
        case Script(base, sub, sup, primes):
            name_ = key(base)
            if name_ is None:
                return None
            if sub is not None:
                name_ += "_" + index(sub)
            name_ += "'" * primes
            if sup is None:
                return name_
            named = isinstance(sup, Fenced) or (isinstance(sup, Symbol) and sup.name in _NAMING_SUPERSCRIPTS)
            return f"{name_}^{index(sup)}" if named else None
        case _:
            return None


def index(node: Node) -> str:
    """A subscript as part of a name: `0`, `merged`, `ij`, `i,j`, `l-1`."""
    match node:
        case Symbol(name):
            return name
        case Number(digits):
            return digits
        case Words(text):
            return text.strip()
        case Product(factors) if set(node.ops) == {""}:
            return "".join(index(factor) for factor in factors)
        case _:
            from lorafig.notation.write.plain import to_plain

            return to_plain(bare(node)).replace(" ", "")


def bare(node: Node) -> Node:
    """The tree without its look: no fonts, explicit spaces or stretched brackets, `·` and `*` as nothing."""
    match node:
        case Symbol(name):
            return Symbol(name, span=node.span)
        case Styled(_, body):
            return bare(body)
        case Product(factors, ops, _):
            plain = tuple("" if op in ("·", "*") else op for op in ops)
            return Product(tuple(map(bare, factors)), plain, ("",) * len(ops), span=node.span)
        case Sum((term,), ("+",)):
            return bare(term)
        case Sum(terms, signs):
            return Sum(
                tuple(map(bare, terms)), ("" if signs[0] == "+" else signs[0], *signs[1:]), span=node.span
            )
        case Fenced(opening, closing, body):
            return Fenced(opening, closing, bare(body), span=node.span)
        case Apply(function, arguments, brackets):
            return Apply(bare(function), tuple(map(bare, arguments)), brackets, span=node.span)
        case Listing(items, seps, _):
            return Listing(tuple(map(bare, items)), seps, ("",) * len(seps), span=node.span)
        case _:
            return rebuild(node, bare)
