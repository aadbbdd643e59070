"""What an adapter and a network give the symbols: shapes, sizes, and what the adapter defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from lorafig.core.adapter import Adapter
from lorafig.core.network import Network
from lorafig.language.table import of_layer
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import symbolic
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import CLAIM_ALIASES, PRETRAINED, Symbols
from lorafig.verify.meaning.terms import Doubt, Term, Undecidable, number


@cache
def parsed(source: str) -> Node:
    """The tree of a formula that lorafig itself writes, or of a name. Errors: LorafigError."""
    return parse_math(source)


def of_network(symbols: Symbols, sizes: Mapping[str, int]) -> None:
    """Gives the sizes of a network to its symbols, but to those that the figure declares itself. d_model is d
    or k where these are as large."""
    width, known = sizes.get("d_model"), symbols.dimensions
    own = next((name for name in ("d", "k") if width is not None and known.get(name) == width), None)
    for name, size in sizes.items():
        if name == "d_model" and own is not None:
            symbols.ties.setdefault(name, own)
        elif name not in known and name not in symbols.terms:
            symbols.terms[name] = number(size)
    if "n_layers" in sizes and not symbols.knows("L"):
        symbols.ties["L"] = "n_layers"
    symbols.network = frozenset({*sizes, "L"}) if "n_layers" in sizes else frozenset(sizes)


def of_modules(symbols: Symbols, network: Network, mentions: Iterable[str]) -> None:
    """Gives the matrices of a projection that is not d × k, `W_k` of grouped queries, their own shapes."""
    row = symbols.adapter
    for name in mentions:
        base, _, letter = name.rpartition("_")
        shapes = {(module.d, module.k) for module in network.chosen((letter,))}
        if base not in row.symbols or of_layer(name) != base or len(shapes) != 1:
            continue
        rows, columns = shapes.pop()
        own = {"d": rows, "k": columns}
        if any(symbols.dimensions.get(symbols.ties.get(size, size)) != own[size] for size in own):
            symbols.declare(name, tuple(str(own.get(size, size)) for size in row.symbols[base]))


def of_adapter(
    symbols: Symbols,
    alpha: Term | None,
    declared: frozenset[str],
    without: frozenset[str],
    has: frozenset[str] = frozenset(),
    scaling: Term | None = None,
) -> None:
    """The adapter's symbols and what it defines, but for those `without`. With `declared` shapes these
    symbols alone, in the orientation in which the shapes fit. Beside those that it `has`, no others. The
    scaling follows from alpha and the rank, or is given itself.

    Raises Undecidable for two scalings that are not one."""
    row = symbols.adapter
    if not declared and not has:
        for name, sizes in row.symbols.items():
            if all(symbols.dimension(size) is not None for size in sizes):
                symbols.declare(name, sizes)
    scale: Term = number(1)
    if alpha is not None:
        symbols.terms["α"] = alpha
        if row.scale != "" and symbols.knows(row.rank):
            rank = symbols.term(row.rank)
            try:
                if isinstance(alpha, terms.Constant) and isinstance(rank, terms.Constant):
                    scale = number(row.scaling(alpha.value, int(rank.value)), _scale(row, alpha, rank))
                else:
                    scale = elaborate(parsed(row.scale), symbols)
                symbols.terms["s"] = scale
            except Doubt:
                pass  # a root, say: then nothing is known of s, and what speaks of it is not decided
    told = (scale, scaling) if alpha is not None else ()
    if len({part.value for part in told if isinstance(part, terms.Constant)}) > 1:
        raise Undecidable("s is not what alpha and the rank give", "give alpha and the rank, or s")
    if scaling is not None:
        scale = symbols.terms["s"] = scaling
    scope = Symbols(row, symbols.dimensions, symbols.ties, {**symbols.terms, "s": scale})
    base = next((name for name in PRETRAINED if name in declared), None)
    if base is not None and "W" not in declared and "W" in row.symbols:
        scope.terms["W"] = symbols.terms[base]
    if "X" in declared and "x" not in declared:
        scope.terms["x"] = symbols.terms["X"]
    # The scaling is 1 where nothing is said of it.
    written = "s " if scaling is not None else f"{row.scale} " if alpha is not None else ""
    shown = "s " if scaling is not None else "α/r " if alpha is not None else ""
    for defined, definition in row.defined.items():
        name = defined
        if declared and name not in declared:
            name = next((own for own in sorted(declared) if CLAIM_ALIASES.get(own) == defined), "")
        if name in without or (declared and name == ""):
            continue
        whole = definition if row.scale == "" else definition.replace(f"{row.scale} ", written)
        for source in (whole, *_TURNED.get(definition, ())):
            try:
                term = elaborate(parsed(source), scope)
            except Doubt:
                continue
            if not declared or _fits(term, symbols.terms[name]):
                symbols.define(name, term)
                symbols.sources[name] = re.sub(r"\bs ", shown, source)  # and not the end of W_res
                break


def _scale(row: Adapter, alpha: terms.Constant, rank: terms.Constant) -> Term | None:
    """What the scaling is made of; None if neither alpha nor the rank follows the sizes."""
    if alpha.of is None and rank.of is None:
        return None
    open_ = Symbols(row, {}, terms={"α": symbolic(alpha), row.rank: symbolic(rank)})
    return elaborate(parsed(row.scale), open_)


# The same with rows for vectors, where the shapes are declared so.
_TURNED: Mapping[str, tuple[str, ...]] = {
    "Wx + s BAx": ("xW + s xAB", "xW^T + s xA^T B^T"),
    "s BA": ("s AB", "s A^T B^T"),
    "W + s BA": ("W + s AB", "W + s A^T B^T"),
}


def _fits(term: Term, declared: Term) -> bool:
    one, other = term.type, declared.type
    turned = one.mark == "row" and other.mark == "free" and one.columns == other.rows
    return turned or one.sizes == other.sizes
