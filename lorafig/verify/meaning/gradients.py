"""Gradients: what a loss gains by a symbol has the symbol's shape, `\\nabla_A L` that of A. Of a symbol of an
adapter's layer it is what the chain rule gives: `\\nabla_B L = s \\nabla_h L (A x)^\\top`."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.gradients import NABLA, parts
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning import operations, terms
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.terms import Doubt, Term, transposed

_ANY = tree.Symbol("…")  # how what is multiplied here is written, if it were not of one shape


class _Beyond(Doubt):
    """A function through which no gradient is followed here."""


def slope(node: Node, symbols: Scope) -> Term | None:
    """What a loss gains by a symbol, whatever the loss is, unless the figure takes it as something; None for
    what is not a gradient. Raises Unknown."""
    found = parts(node)
    if found is None:
        return None
    by, loss = found
    own = symbols.term(by)
    of = f" {to_plain(bare(loss))}"
    name = f"{NABLA}{by}{of}"
    known = symbols.assumed.get(name)
    if known is not None:
        return known
    weight = symbols.terms.get("W")
    through = own
    if isinstance(own, terms.Defined) and weight is not None and own.type == weight.type:
        through = weight  # W' and ΔW multiply the input as W does
    output = symbols.layer(through.name) if isinstance(through, terms.Variable) else None
    if (
        output is None
        or not isinstance(through, terms.Variable)
        or through.name not in terms.variables(output)
    ):
        return terms.Variable(name, own.type)
    try:
        summands = list(_chain(output, terms.Variable(f"{NABLA}h{of}", output.type), through.name))
        return operations.add(summands, [1] * len(summands), [_ANY] * len(summands))
    except Doubt:
        return terms.Variable(name, own.type)


def _chain(term: Term, gain: Term, by: str) -> list[Term]:
    """What a loss gains by a variable in each place where it stands in a term, if by the term it gains
    `gain`. Raises _Beyond."""
    if by not in terms.variables(term):
        return []
    match term:
        case terms.Variable():
            return [gain]
        case terms.Defined(body=body):
            return _chain(body, gain, by)
        case terms.Add(summands, signs):
            gains = [gain if sign > 0 else _times(terms.number(-1), gain) for sign in signs]
            return [part for one, own in zip(summands, gains, strict=True) for part in _chain(one, own, by)]
        case terms.Transpose(body=body):
            return _chain(body, transposed(gain), by)
        case terms.Divide(left, right) if by not in terms.variables(right):
            return _chain(left, operations.over(gain, right), by)
        case terms.Multiply(left, right) if left.type.is_scalar and by not in terms.variables(left):
            return _chain(right, _times(left, gain), by)
        case terms.Multiply(left, right) if not (left.type.is_scalar or right.type.is_scalar):
            first = _chain(left, _times(gain, transposed(right)), by)
            return first + _chain(right, _times(transposed(left), gain), by)
        case terms.Entrywise(left, right) if left.type.sizes == right.type.sizes:
            each = ((left, right), (right, left))
            return [
                part
                for one, other in each
                for part in _chain(one, terms.Entrywise(gain, other, one.type), by)
            ]
        case _:
            raise _Beyond("a function of it")


def _times(left: Term, right: Term) -> Term:
    return operations.multiply(left, right, [_ANY, _ANY], _ANY)
