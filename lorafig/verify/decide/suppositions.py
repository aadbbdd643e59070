"""What would be so with another rank, or another α, than the figure has."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from fractions import Fraction

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node, Number
from lorafig.verify.decide import conditions, counts, properties
from lorafig.verify.decide.answer import Answer, worst
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning.operations import over
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Constant, Undecidable, Zero, number
from lorafig.verify.read.assertions import Assertion, Shaped, Sized, Stated, Supposed
from lorafig.verify.read.classify import is_zero

SCALED = ("lora", "dora", "qlora", "lora-fa", "pissa", "loha")  # by α/r
Decide = Callable[[Assertion, Judge], Answer]


def decided(said: Supposed, judge: Judge, decide: Decide) -> Answer:
    """Raises Undecidable."""
    symbols = judge.symbols
    there = replace(judge, symbols=with_sizes(said.sizes, symbols))
    if said.by is None:
        answer = worst([decide(one, there) for one in said.said])
        return replace(answer, condition=conditions.AtStart(answer.verdict == "holds"))
    first, second = (_quantity(said.what, one) for one in (symbols, there.symbols))
    wanted = bare(said.by)
    if not isinstance(wanted, Number):
        raise Undecidable("how many times is not said by a number")
    factor = Fraction(wanted.digits.replace(",", ""))  # a share too, `half`
    holds = second == factor * first
    detail = f"it would be {counts.readable(second)}, and is {counts.readable(first)}"
    return properties.told(holds, detail)


def _quantity(what: str, symbols: Symbols) -> Fraction:
    if what == "trained":
        whole = counts.network(symbols)
        return counts.valued(counts.parameters(symbols)[0] if whole is None else whole[0])
    return counts.value_of(symbols.term("s"), tree.Symbol("s"), symbols)


def with_sizes(sizes: Sequence[tuple[str, Node]], symbols: Symbols) -> Symbols:
    """The same symbols at these sizes: r and alpha, d and k of one layer, and matrices that are zero. Raises
    Undecidable."""
    zeros = {
        symbols.canonical(name): Zero(symbols.terms[symbols.canonical(name)].type)
        for name, node in sizes
        if is_zero(node) and symbols.canonical(name) in symbols.terms
    }
    symbols = symbols.assuming(zeros) if zeros else symbols
    dimensions, terms = dict(symbols.dimensions), dict(symbols.terms)
    for name, node in sizes:
        if symbols.canonical(name) in zeros:
            continue
        own = symbols.dimension(symbols.adapter.rank if name == "r" else name)
        term = elaborate(node, dataclasses.replace(symbols, dimensions=dimensions, terms=terms))
        if name == "alpha" and symbols.adapter.scale:
            terms["α"] = term if not isinstance(term, Constant) else number(term.value)
        elif own is None or not isinstance(term, Constant) or term.value.denominator != 1:
            raise Undecidable(f"what is so at another {name} is not decided here")
        elif name == "r" or symbols.whole[0] is None:
            dimensions[own] = int(term.value)
        elif dimensions[own] != term.value:
            raise Undecidable("the network has another width")
    network, targets = symbols.whole
    if network is not None and counts.network(symbols) is not None:
        rank = dimensions.get(symbols.dimension(symbols.adapter.rank) or "")
        if rank is None:
            raise Undecidable("the rank has no value here")
        terms["n_trained"] = number(network.trained(symbols.adapter, rank, targets))
    there = dataclasses.replace(symbols, dimensions=dimensions, terms=terms)
    if there.knows("α") and symbols.adapter.name in SCALED:
        there.terms["s"] = over(there.term("α"), there.size(symbols.dimension("r") or "r"))
    else:
        there.terms.pop("s", None)
    return there


def of_open(said: Sequence[Assertion], symbols: Symbols) -> tuple[Assertion, ...]:
    """What a claim says by itself, with the sizes that it gives and nobody else does as those of all that it
    says: `A rank-8 adapter of a 4096 × 4096 matrix has …`. A width alone is that of a square weight."""
    sizes: dict[str, Node] = {}
    others: list[Assertion] = []
    parts: list[tuple[Sequence[tuple[str, Node]], Assertion]] = []
    for one in said:
        whole = isinstance(one, Supposed) and one.by is None
        parts += (
            [(one.sizes, inner) for inner in one.said] if isinstance(one, Supposed) and whole else [((), one)]
        )
    for supposed, one in parts:
        given = {name: node for name, node in _given(one).items() if _is_open(name, symbols)}
        if any(sizes.get(name, node) != node for name, node in (*supposed, *given.items())):
            return tuple(said)  # at one rank so, at another so
        sizes.update(supposed)
        sizes.update(given)
        if not given:
            others.append(one)
    if not sizes or not others or any(isinstance(one, Supposed) for one in others):
        return tuple(said)
    if "d" in sizes and "k" not in sizes and _is_open("k", symbols):
        sizes["k"] = sizes["d"]
    return tuple(Supposed(tuple(sizes.items()), (one,)) for one in others)


def _given(said: Assertion) -> dict[str, Node]:
    """The sizes that an assertion gives a number."""
    match said:
        case Sized(("r" | "d" | "k") as name, (Number() as amount,), "="):
            return {name: amount}
        case Shaped(("base",), tree.Shape((Number() as rows, Number() as columns))):
            return {"d": rows, "k": columns}
        case Stated(tree.Relation((tree.Symbol("r" | "d" | "k") as size, Number() as amount), ("=",)), False):
            return {size.name: amount}
        case _:
            return {}


def _is_open(name: str, symbols: Symbols) -> bool:
    own = symbols.dimension(symbols.adapter.rank if name == "r" else name)
    return own is not None and symbols.dimensions.get(own) is None and symbols.whole[0] is None
