"""What would be so at another rank, or with another α: `if r were 8, there would be 4,096 parameters`, `rank
16 would double the trained parameters`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.adjuncts import adjuncts
from lorafig.verify.read.assertions import Assertion, Counted, Counts, Ratio, Sized, Stated, Supposed
from lorafig.verify.read.clause import Clause, Context, clause, subjects, unit_of
from lorafig.verify.read.concept import Concept

_SUPPOSES = ("would", "would be", "were", "would make")
_SIZES = {"r": "r", "α": "alpha"}
_FACTORS = {"2": "2", "1/2": "1/2", "3": "3", "4": "4"}


def supposes(parts: Sequence[Concept]) -> bool:
    """Whether it says what would be."""
    return any(part.text.lower() in _SUPPOSES for part in parts)


def resizes(parts: Sequence[Concept]) -> bool:
    """Whether it says what would be with another size, which it gives."""
    named, left, more = _sizes(parts)
    return supposes(parts) and bool(named) and bool(more or clause(left).parts)


def _sizes(parts: Sequence[Concept]) -> tuple[list[tuple[str, Node]], list[Concept], list[Assertion]]:
    """The sizes that are given, what is left, and what else is said by the way."""
    plain = [part for part in parts if not (part.sort == "limit" and part.text.lower() in ("if", "suppose"))]
    told = _told(plain)
    cut = next((at for at, part in enumerate(told) if part.text.lower().startswith("would")), len(told))
    pieces = [adjuncts(told[:cut]), adjuncts(told[cut + 1 :])]  # of `alpha would be 8` none is given
    sizes = [one for said, _ in pieces for one in said]
    left = [part for _, rest in pieces for part in rest]
    named = [pair for one in sizes for pair in _size(one)]
    left = [part for part in left if part.text.lower() not in _SUPPOSES]
    return named, left, [one for one in sizes if not _size(one)]


def supposed(
    parts: Sequence[Concept], context: Context, frames: Callable[[Clause, Context], list[Assertion] | None]
) -> list[Assertion] | None:
    """What is said of the figure with other sizes; None for a clause that says no such thing."""
    if not supposes(parts):
        return None
    named, left, more = _sizes(parts)
    if not named:
        return None
    changed = clause(left)
    then = _then(left)
    times = _times(changed if then is None else clause(then[0]))
    if times is not None and not more:
        what, by = times
        said: list[Assertion] = [Supposed(tuple(named), (), what, by)]
        if then is not None and what == "trained":
            said.append(Supposed(tuple(named), (Counts(Counted("trained"), (then[1],)),)))
        return said if then is None or len(said) == 2 else None
    told = frames(changed, context) if changed.parts else []
    if told is None:
        return None
    told = [*more, *told]
    counted = tuple(one for one in told if isinstance(one, Counts | Ratio | Sized))
    return [Supposed(tuple(named), counted)] if counted and len(counted) == len(told) else None


def _then(parts: Sequence[Concept]) -> tuple[Sequence[Concept], Node] | None:
    """`… to 131,072` at the end: how many it would be then."""
    if len(parts) < 3 or parts[-1].sort != "amount" or parts[-2].text.lower() != "to":
        return None
    node = parts[-1].node
    return None if node is None or unit_of(node) else (parts[:-2], node)


def _told(parts: Sequence[Concept]) -> list[Concept]:
    """`r were 8`, `doubling the rank to 16`, as what it says of the size."""
    told: list[Concept] = []
    for at, part in enumerate(parts):
        behind = [other for other in parts[at + 1 :] if other.sort not in ("filler", "near", "join")][:1]
        before = told[-1] if told else None
        if part.sort == "change" or (part.sort == "shift" and part.text.lower().startswith("chang")):
            continue  # `doubling the rank to 16`
        if part.sort == "size" and before is not None and before.text.lower().endswith("same"):
            continue  # `at the same α`
        if part.sort == "size" and key(bare(part.node or Number("0"))) in _SIZES:
            name = _SIZES[key(bare(part.node or Number("0"))) or ""]
            if before is not None and before.sort == "dimension":
                continue  # `the rank r`
            if behind and behind[0].sort in ("amount", "size"):
                told.append(Concept("dimension", name, part.text, part.start))
                continue
        told.append(part)
    return told


def _size(said: Assertion) -> list[tuple[str, Node]]:
    match said:
        case Sized(name=("r" | "alpha") as name, amounts=(amount,), op="="):
            return [(name, amount)]
        case Stated(node=tree.Relation(sides=(left, right), ops=("=",))):
            own = _SIZES.get(key(bare(left)) or "")
            return [] if own is None else [(own, right)]
        case _:
            return []


def _times(c: Clause) -> tuple[str, Node] | None:
    """`would double the trained parameters`, `would halve the scaling`."""
    factor = next((_FACTORS.get(part.value) for part in c.of("effect")), None)
    amounts = [part.node for part in c.of("amount") if part.node is not None]
    if not c.within("effect", "amount", "noun", "role", "dimension", "size", "subject", "method"):
        return None
    if factor is None and len(amounts) == 1 and unit_of(amounts[0]) == "×" and c.parts[0].sort == "amount":
        node: Node = amounts[0]
    elif factor is not None and not amounts and c.parts[0].sort == "effect":
        node = Number(factor) if "/" in factor else Number(factor, "×")
    else:
        return None
    named = set(subjects(c.parts))
    if [part.value for part in c.of("dimension", "size")] in (["scale"], ["s"]) and not c.has("noun", "role"):
        return "scale", node
    roles = {part.value for part in c.of("role")}
    if len(c.parts) == 1 and any(part.text.lower() in ("this", "that", "it", "them") for part in c.whole):
        return "trained", node  # `rank 4 would halve this`
    if c.has("dimension", "size") or not (roles == {"trained"} or named == {"adapter"}):
        return None
    return ("trained", node) if named <= {"adapter", "model"} else None
