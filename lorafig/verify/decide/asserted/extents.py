"""Sizes, shapes and ranks that words give, and which way a matrix leads."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.numbers.shown import exact
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.decide import (
    conditions,
    counts,
    properties,
    spoken,
    statements,
)
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.asserted import written
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import over
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Cut, Doubt, Term, Undecidable, number
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Subject
from lorafig.verify.read.classify import sizes
from lorafig.verify.read.quoted import spaced


def size(name: str, symbols: Symbols) -> counts.Quantity:
    if name == "n_each":  # of those that have an adapter, in one layer
        return counts.Quantity(
            (over(size("n_adapted", symbols).choices[0], size("n_layers", symbols).choices[0]),)
        )
    if name.startswith("n_") or name in ("d_ff", "d_head"):
        if name not in symbols.network:
            raise Undecidable("no network says how many", "name it: network: …")
        return counts.Quantity((symbols.term(name),))
    if name == "d" and "d_model" in symbols.network and symbols.dimensions.get("d") is None:
        return counts.Quantity((symbols.term("d_model"),))
    match name:
        case "k":
            return counts.Quantity((symbols.size(symbols.dimension(name) or name),))
        case "r":  # or that of the part of it that an update takes, A_{:b}
            rank = symbols.dimension(name) or name
            parts = [part for part in terms.below(*symbols.terms.values()) if isinstance(part, Cut)]
            cut = sorted({part.extent for part in parts if part.whole == rank})
            return counts.Quantity(tuple(map(symbols.size, (rank, *cut))))
        case "d":
            sizes_ = dict.fromkeys(symbols.dimension(name) or name for name in ("d", "k"))
            return counts.Quantity(tuple(symbols.size(size) for size in sizes_))
        case "out":
            return counts.Quantity((symbols.size(symbols.dimension("d") or "d"),))
        case "alpha":
            return counts.Quantity((symbols.term("α"),))
        case "scale":
            return counts.Quantity((_scaling(symbols),))
        case _:
            raise Undecidable(f"what {name} is of is not known")


def _scaling(symbols: Symbols) -> Term:
    """The factor of the update: 1 where the figure has no α."""
    try:
        counts.value_of(symbols.term("α"), parse_math(r"\alpha"), symbols)
    except Doubt:
        return number(1)
    return symbols.term("s")


def shaped(subject: Subject, shape: Node, symbols: Symbols) -> Answer:
    if isinstance(subject, str):
        if subject not in ("base", "merged", "update", "model"):
            raise Undecidable(f"the {subject} has more than one matrix")
        name = "ΔW" if subject == "update" else spoken.weight(symbols)
        return statements.shape(symbols, name, symbols.term(name), shape)
    if sizes(shape) is None:
        raise Undecidable(f"{spaced(shape)} is not a shape")
    return statements.shape(symbols, spaced(subject), elaborate(subject, symbols), shape)


def ranked(subject: Subject, amount: Node, op: str, judge: Judge) -> Answer:
    named = {"merged": "W'", "base": "W"}
    inner = parse_math(named.get(subject, "ΔW")) if isinstance(subject, str) else subject
    amount = written.in_full(amount)
    bound = _low(inner, amount, op, judge)
    if bound is not None:
        return bound
    rank = tree.Apply(tree.Symbol("rank"), (inner,))
    if op in (">", "≥"):
        below = judge.judge(tree.Relation((rank, amount), ("<" if op == "≥" else "≤",)))
        if below.verdict == "holds":
            return replace(below, verdict="fails", condition=conditions.Not(below.holds))
        raise Undecidable("a rank is bounded from above alone", "write rank at most r")
    if (op == "=" and key(bare(amount)) == "r") or op == "≤":
        op = "≤"
    return judge.judge(tree.Relation((rank, amount), (op,)))


def _low(inner: Node, amount: Node, op: str, judge: Judge) -> Answer | None:
    """The rank of an update that is the product of two factors: r at most, and as much if they are in general
    position. None for any other, and for what has no number."""
    symbols = judge.symbols
    if symbols.adapter.defined.get("ΔW") != "s BA" or op not in ("≤", "<", "="):
        return None
    product = key(bare(inner)) == "ΔW" or spoken.matrices(inner) == ["B", "A"]
    typed = written.typed_number(amount)
    if not product or typed is None or typed.unit or symbols.dimensions.get("r") is None:
        return None
    answer = counts.relate(
        "rank", symbols.size("r"), "≤" if op == "=" else op, number(exact(typed)), "its rank", spaced(amount)
    )
    return answer if op != "=" else None


def full_rank(subject: Subject, full: bool, symbols: Symbols) -> Answer:
    low = subject in ("update", "adapter") or (not isinstance(subject, str) and any(
        name in symbols.adapter.trainable for name in spoken.names(subject, symbols)
    ))  # fmt: skip
    if symbols.adapter.rank == "":
        raise Undecidable("the method has no rank")
    return properties.told(
        low is not full,
        f"what is {'low' if low else 'full'}-rank here is {'the update' if low else 'the weight'}",
    )


def module_shape(said: assertions.ModuleShape, symbols: Symbols) -> Answer:
    network, _ = symbols.whole
    if network is None:
        raise Undecidable("no network says which modules there are", "name it: network: …")
    named = [module for name in said.names for module in network.chosen((name.removeprefix("W_"),))]
    sizes_ = [counts.value_of(elaborate(size, symbols), size, symbols) for size in (said.takes, said.gives)]
    if not named:
        raise Undecidable(f"{network.title} has no module {said.names[0]}")
    own = {(module.k, module.d) for module in named}
    fits = own <= {tuple(sizes_), *([tuple(reversed(sizes_))] if said.code else ())}
    shown_ = ", ".join(f"{module.path} maps {module.k:,} to {module.d:,}" for module in named)
    return properties.told(fits, shown_)


def projects(subject: Subject, down: bool, symbols: Symbols) -> Answer:
    kind = spoken.matrix(subject, symbols).type
    rows, columns = (counts.valued(symbols.size(size)) for size in (kind.rows, kind.columns))
    narrow, wide = rows < columns, columns < rows
    if narrow == wide:
        return properties.told(False, f"{kind} goes neither up nor down")
    return properties.told(narrow if down else wide, f"it is {kind}")
