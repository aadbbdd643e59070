"""What a method is known by, decided by its definitions, its shapes and its format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.notation.canonical import bare, key
from lorafig.verify.decide import properties
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Undecidable
from lorafig.verify.read.assertions import Has, Subject

_FULL = 16  # bits of a weight that is not quantised


def _made(sign: str) -> Callable[[Adapter], bool]:
    """Whether the update, or the weight with it, is made so."""
    return lambda row: sign in row.defined.get("ΔW", row.defined.get("W'", ""))


def _quantised(row: Adapter) -> bool:
    return row.bits is not None and row.bits[0] < _FULL


DECIDED: Mapping[str, Callable[[Adapter], bool]] = {
    "kronecker": _made("⊗"),
    "hadamard": lambda row: "⊙" in row.defined.get("ΔW", ""),
    "svd": lambda row: "orthogonal" in row.traits,
    "direction": _made("‖"),
    "shared": lambda row: bool(row.shared),
    "own": lambda row: not row.shared,
    "seeded": lambda row: bool(row.shared),
    "quantized": _quantised,
    "dequantized": _quantised,
    "constants": _quantised,
    "orthogonal": lambda row: "orthogonal" in row.traits,
    "ranks": lambda row: "ranks" in row.traits,
    "rank": lambda row: "ranks" not in row.traits,
    "rescales": lambda row: "ΔW" not in row.defined and not row.rank,
    "vectors": lambda row: all(len(row.symbols[name]) == 1 for name in row.trainable),
    "linear": lambda row: "ΔW" in row.defined,
    "nonlinear": lambda row: "ΔW" not in row.defined,
    "root": lambda row: "sqrt" in row.scale,
}


def has(said: Has, symbols: Symbols) -> Answer:
    """Whether a method has this trait. Raises Undecidable."""
    row = ADAPTERS.get(said.method) if said.method else symbols.adapter
    if row is None or not row.symbols:
        raise Undecidable("of which method that is said is not known")
    if said.bits and row.bits is None:
        raise Undecidable("in how many bits it computes is not known of the method")
    if said.trait in ("linear", "nonlinear") and "ΔW" not in row.defined:
        raise Undecidable(f"{row.title} adds no product to the weight")
    holds = DECIDED[said.trait](row)
    if said.bits:
        holds = holds and row.bits is not None and said.bits == row.bits[1]
    if said.trait == "quantized":
        if not holds and symbols.formats:
            raise Undecidable("the figure says by itself in how many bits its weights are kept")
        holds = holds and all(_is_weight(subject, row) for subject in said.subjects)
    if said.trait in ("shared", "own", "seeded"):
        named = {key(bare(one)) for one in said.subjects if not isinstance(one, str)}
        if row.shared and not named <= set(row.shared):
            raise Undecidable("which of these layers share is not decided from words")
    answer = properties.told(holds, f"{row.title}: h = {row.defined.get('h', 'not known')}")
    return properties.turned(answer, said.negated)


def _is_weight(subject: Subject, row: Adapter) -> bool:
    if isinstance(subject, str):
        return subject in ("base", "model")
    return (key(bare(subject)) or "") in row.frozen
