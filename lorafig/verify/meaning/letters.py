"""Letters of a claim's own: the factors of the update by other names, a bias, and what a projection gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.named import symbols_in
from lorafig.notation.tree import Node
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import plus
from lorafig.verify.meaning.shapes import TRANSPOSES
from lorafig.verify.meaning.symbols import Symbols

BIASES = ("b", "bias", "b_0")
_OUTPUTS = "qkvo"  # of W_q, … : `Q = (W_q + B_q A_q)x`


def called(nodes: Sequence[Node], symbols: Symbols, lets: frozenset[str] = frozenset()) -> None:
    """Gives letters that nothing else says the meaning of the one that they have in these statements."""
    names = {name for node in nodes for name in symbols_in(node)}
    strange = {name for name in names if name not in lets and not symbols.knows(name)}
    _outputs(strange, names, symbols)
    for name in strange & {"Δh", "Δy"}:  # what the update adds to h
        if "ΔW" in symbols.terms and "x" in symbols.terms:
            update, given = symbols.terms["ΔW"], symbols.terms["x"]
            symbols.terms[name] = terms.Multiply(update, given, symbols.terms["h"].type)
    _factors(nodes, strange, names, symbols)
    for bias in strange & set(BIASES):
        if any(_adds(part, bias) for node in nodes for part in walk(node)):
            _biased(symbols, bias)


def _outputs(strange: set[str], names: set[str], symbols: Symbols) -> None:
    for letter in _OUTPUTS:
        for name in strange & {letter, letter.upper()}:
            if f"W_{letter}" in names and "h" in symbols.terms:
                symbols.terms[name] = symbols.terms["h"]


def _adds(node: Node, name: str) -> bool:
    return isinstance(node, tree.Sum) and any(key(term) == name for term in node.terms)


def _biased(symbols: Symbols, name: str) -> None:
    """A layer whose equation has a bias, `h = Wx + b + BAx`, is one with a bias, which stays as it is."""
    output = symbols.terms.get("h")
    if output is None or not symbols.adapter.defined["h"].startswith("W"):
        return
    symbols.declare(name, ("d",))
    symbols.define("h", plus(output, symbols.terms[name]))
    for other, term in symbols.terms.items():
        if term is output:  # y, say
            symbols.terms[other] = symbols.terms["h"]


def _factors(nodes: Sequence[Node], strange: set[str], names: set[str], symbols: Symbols) -> None:
    """`h = Wx + U V^T x`, or `\\Delta W = U V^T`: what stands first is B, the other A."""
    method = symbols.adapter
    if method.defined.get("ΔW") != "s BA" or names & {"A", "B"} or not names & {"h", "y", "ΔW"}:
        return
    pairs = {pair for node in nodes for part in walk(node) for pair in _pairs(part, strange)}
    if len({(first[0], second[0]) for first, second in pairs}) != 1 or not {"A", "B"} <= symbols.terms.keys():
        return
    for (name, turned), factor in zip(pairs.pop(), ("B", "A"), strict=True):
        own = symbols.terms[factor]
        symbols.terms[name] = terms.transposed(own) if turned else own


def _pairs(node: Node, strange: set[str]) -> Iterator[tuple[tuple[str, bool], tuple[str, bool]]]:
    """Two letters side by side in a product, each with whether it is transposed."""
    if not isinstance(node, tree.Product):
        return
    factors = [_factor(factor) for factor in node.factors]
    for first, second in pairwise(factors):
        if first is not None and second is not None and {first[0], second[0]} <= strange:
            yield first, second


def _factor(node: Node) -> tuple[str, bool] | None:
    plain = bare(node)
    if isinstance(plain, tree.Script) and key(plain) is None and key(plain.sup or plain) in TRANSPOSES:
        name = key(tree.Script(plain.base, plain.sub, None, plain.primes))
        return None if name is None else (name, True)
    name = key(plain)
    return None if name is None else (name, False)
