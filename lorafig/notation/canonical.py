"""What a symbol is called, whatever its look; and a tree without its look, to compare."""

from __future__ import annotations

from msgspec import structs

from lorafig.notation import tree
from lorafig.notation.children import ranges_of, rebuild
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain

_NAMING_SUPERSCRIPTS = frozenset({"*", "⋆"})  # W^* is another matrix; W^T, W^2, W^† and W^+ are operations


def key(node: Node) -> str | None:
    """The name of a symbol, None for anything else.

    `\\mathbf{W}_0`, `W_0`, `W₀` -> 'W_0'; `W_{\\mathrm{merged}}` -> 'W_merged'; `W'` -> "W'";
    `\\Delta W` -> 'ΔW'; `\\hat W` -> 'hat W'; `x^{(l)}` -> 'x^(l)'; `W^*` -> 'W^*'. A power or a transpose
    is an operation on a symbol: None.
    """
    match node:
        case tree.Symbol(name):
            return name
        case tree.Styled(_, body):
            return key(body)
        case tree.Prefix(mark, body):
            inner = key(body)
            return None if inner is None else mark + inner
        case tree.Accent(mark, body):
            inner = key(body)
            return None if inner is None else f"{mark} {inner}"
        case tree.Script(base, sub, sup, primes):
            name_ = key(base)
            if name_ is None:
                return None
            if sub is not None:
                if ranges_of(sub):
                    return None  # a part of it
                name_ += "_" + index(sub)
            name_ += "'" * primes
            if sup is None:
                return name_
            mark = sup.name if isinstance(sup, tree.Symbol) else ""
            named = isinstance(sup, tree.Fenced) or mark in _NAMING_SUPERSCRIPTS
            return f"{name_}^{index(sup)}" if named else None
        case _:
            return None


def index(node: Node) -> str:
    """A subscript as part of a name: `0`, `merged`, `ij`, `i,j`, `l-1`."""
    match node:
        case tree.Symbol(name):
            return name
        case tree.Number(digits):
            return digits
        case tree.Words(text):
            return text.strip()
        case tree.Product(factors) if set(node.ops) == {""}:
            return "".join(index(factor) for factor in factors)
        case _:
            return to_plain(bare(node)).replace(" ", "")


def head(node: Node, brackets: bool = False) -> Node:
    """What a node is below its fonts and a plus in front of it, with `brackets` below these too: the top of
    `bare`, for those who need no more."""
    while True:
        match node:
            case tree.Styled(_, body) | tree.Sum((body,), ("+",)):
                node = body
            case tree.Fenced(_, _, body) if brackets:
                node = body
            case _:
                return node


def bare(node: Node) -> Node:
    """The tree without its look: no fonts, explicit spaces or stretched brackets, `·` and `*` as nothing."""
    match node:
        case tree.Symbol():
            return structs.replace(node, font="")
        case tree.Styled(_, body):
            return bare(body)
        case tree.Sum((term,), ("+",)):
            return bare(term)
    plain = rebuild(node, bare)
    match plain:
        case tree.Product(ops=ops):
            plain_ops = tuple("" if op in ("·", "*") else op for op in ops)
            return structs.replace(plain, ops=plain_ops, spaces=("",) * len(ops))
        case tree.Sum(signs=("+", *signs)):
            return structs.replace(plain, signs=("", *signs))
        case tree.Matrix():
            return structs.replace(plain, open="[")
        case tree.Fenced() | tree.Apply():
            return structs.replace(plain, stretch=False)
        case tree.Listing(seps=seps):
            return structs.replace(plain, spaces=("",) * len(seps))
        case _:
            return plain
