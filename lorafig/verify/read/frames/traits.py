"""What a method is known by: a Kronecker product, a magnitude and a direction, a quantised weight, factors
that all layers share."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from lorafig.verify.read.assertions import Assertion, Has, Moves
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, clause, negated, subjects

_OF_UPDATE = frozenset({"update", "adapter", "ΔW"})
_OF_WEIGHT = frozenset({"base", "merged", "model", "W", "W'"})
_FACTORS = frozenset({"adapter", "factor", "factors", "A", "B", "P", "Q"})
# Of whom each may be said without saying something else.
TRAITS: Mapping[str, frozenset[str]] = {
    "kronecker": _OF_UPDATE,
    "hadamard": _OF_UPDATE,
    "svd": _OF_UPDATE | {"P", "Q", "Λ", "λ"},
    "direction": _OF_WEIGHT,
    "shared": _FACTORS,
    "own": _FACTORS,
    "seeded": _FACTORS,
    "quantized": _OF_WEIGHT | _FACTORS,
    "dequantized": _OF_WEIGHT,
    "constants": frozenset(),
    "orthogonal": frozenset({"P", "Q"}),
    "ranks": _FACTORS,
    "rank": _FACTORS,
    "rescales": frozenset({"adapter"}),
    "vectors": frozenset({"adapter"}),
    "root": _OF_UPDATE,
    "linear": _OF_UPDATE | {"A", "B"},
    "nonlinear": _OF_UPDATE | {"A", "B"},
}
_OF_SOMEBODY = ("quantized", "dequantized", "shared", "own", "seeded")
_BESIDE = (
    "trait",
    "method",
    "neg",
    "precision",
    "several",
    "all",
    "order",
    "different",
    "shape",
    "pushes",
    "role",
    "add",
)


def traits(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update is a Kronecker product`, `VeRA shares A and B across layers`, `the base weights are
    quantised`."""
    if c.has("unlike"):  # `Unlike adapter layers, LoRA has no nonlinearity …`: of LoRA
        comma = next((at for at, part in enumerate(c.whole) if part.sort == "comma"), len(c.whole))
        c = clause([*c.whole[comma + 1 :]])
    found = {part.value for part in c.of("trait")}
    if found == {"constants"}:  # `double quantization`
        c = clause([part for part in c.whole if part.text.lower() != "double"])
    if found == {"quantized"} and not context.alone and context.method in ("lora", "none"):
        return None  # a figure may say of its own weights in how many bits they are kept
    if len(found) != 1 or not c.within(*_BESIDE, *SUBJECTS):
        return None
    if len(c.of("method")) > 1:
        return None  # `…, and applies LoRA to the magnitude`
    if any(part.sort == "role" and before.text.lower() == "to" for before, part in pairwise(c.whole)):
        return None  # `… are dequantized to update them`: for what, is more than the trait
    trait = found.pop()
    methods = {part.value for part in c.of("method")} - {context.method}
    named = {part.value for part in c.parts if part.sort in SUBJECTS} - {"model"}
    if len(methods) > 1 or not named <= TRAITS[trait] or (c.has("precision") and trait != "dequantized"):
        return None
    about = subjects([part for part in c.parts if part.value != "model"])
    named |= {"update" for part in c.of("role") if part.text.lower() == "update"}  # `LoHa's update is …`
    if not named and not c.has("method") and trait in _OF_SOMEBODY:
        about = context.subjects if trait in ("shared", "own", "seeded") else ()
        if not about:
            return None  # `dequantize to bf16` on a step
    if c.has("several") and {part.value for part in c.of("several")} != {"matrices"}:
        return None
    bits = {int(part.value) for part in c.of("precision")}
    if len(bits) > 1:
        return None
    other = next(iter(methods), context.within if context.within != context.method else "")
    said: list[Assertion] = []
    if any(
        part.text.lower() != "update" for part in c.of("role")
    ):  # `all layers use the same frozen A and B`
        roles = {part.value for part in c.of("role")}
        if len(roles) > 1 or not named or c.has("neg"):
            return None
        said.append(Moves(about, roles == {"trained"}, method=other))
    return [*said, Has(trait, about, negated(c.parts), other, next(iter(bits), 0))]
