"""Gradients: what a loss gains by a symbol has the symbol's shape, `\\nabla_A L` that of A."""

from __future__ import annotations

from lorafig.notation.canonical import bare
from lorafig.notation.gradients import NABLA, parts
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.terms import Term


def slope(node: Node, symbols: Scope) -> Term | None:
    """What a loss gains by a symbol, whatever the loss is, unless the figure takes it as something; None for
    what is not a gradient. Raises Unknown."""
    found = parts(node)
    if found is None:
        return None
    by, loss = found
    name = f"{NABLA}{by} {to_plain(bare(loss))}"
    known = symbols.assumed.get(name)
    return terms.Variable(name, symbols.term(by).type) if known is None else known
