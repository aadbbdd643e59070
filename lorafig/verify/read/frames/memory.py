"""Frames of bytes and bits: formats, what so many numbers take in one, and what is stored in it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Moves,
    OfFormats,
    PerNumber,
    Stated,
    Stored,
    Subject,
)
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, kept_of, op_of, subject, subjects, unit_of
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.concepts import METHOD

_WHOLE = ("×", "%")


def per_number(c: Clause, context: Context) -> list[Assertion] | None:
    """`2 bytes per parameter in bf16`, `fp32 needs 32 bits`, `16 bytes a trained parameter` with Adam's
    states: facts of the formats, whatever the figure."""
    found, precisions = c.of("amount"), c.of("precision")
    worked = c.of("relation")
    if (
        len(worked) == len(precisions) == 1
        and c.has("levels")
        and c.within("relation", "precision", "levels")
    ):
        node = worked[0].node  # `NF4 has 2^4 = 16 levels`
        levels = Number(str(2 ** int(precisions[0].value)))
        if isinstance(node, tree.Relation) and set(node.ops) == {"="}:
            return [Stated(node), Stated(tree.Relation((levels, node.sides[-1]), ("=",)))]
    if len(found) == len(precisions) == 1 and c.has("levels") and c.within("amount", "precision", "levels"):
        levels = Number(str(2 ** int(precisions[0].value)))
        return [Stated(tree.Relation((levels, found[0].node), ("=",)))] if found[0].node is not None else None
    if len(precisions) == 2:
        return _of_formats(c)
    single = [
        part for part in c.of("noun") if part.text.lower() in ("weight", "parameter", "number", "value")
    ]
    each = any(part.value == "number" for part in c.of("each")) or len(single) == 1
    if (
        len(found) != 1
        or len(c.of("bytes")) != 1
        or len(precisions) > 1
        or not (precisions or c.has("mixed") or (each and c.has("state")))
    ):
        return None
    if not c.within(
        "amount", "bytes", "precision", "each", "noun", "state", "gradient", "mixed", "near", "role", "only"
    ):
        return None
    if not each and (context.own or c.has("noun", "state", "gradient", "role", "mixed", *SUBJECTS)):
        return None
    scale = c.of("bytes")[0].value or "B"
    if found[0].node is None or unit_of(found[0].node) in _WHOLE or scale not in ("B", "bits"):
        return None
    kept = kept_of(c)
    kept = ("weight", *kept) if c.has("noun") or not kept else kept
    bits = int(precisions[0].value) if precisions else 32 if kept == ("state",) and not c.has("mixed") else 0
    return [PerNumber(found[0].node, scale, bits, kept, c.has("mixed"), op_of(c))]


def of_so_many(c: Clause, context: Context) -> list[Assertion] | None:
    """`7 billion parameters take 14 GB in fp16`, `a 7B model in 4 bits needs 3.5 GB`: what so many take.
    Where a network is drawn, it has so many."""
    amounts, precisions, scales = c.of("amount"), c.of("precision"), c.of("bytes")
    if not len(precisions) == len(scales) == 1 or len(amounts) != 2:
        return None
    if not c.within("amount", "bytes", "precision", "noun", "role", "near", "method", *SUBJECTS):
        return None
    parts = [part for part in c.parts if part.sort != "near"]
    memory = next((one for one, two in pairwise(parts) if two.sort == "bytes"), None)
    many = next((part for part in amounts if part is not memory), None)
    if memory not in amounts or many is None or many.node is None or memory is None or memory.node is None:
        return None
    if unit_of(many.node) in _WHOLE or unit_of(memory.node):
        return None
    bits, scale = int(precisions[0].value), scales[0].value or "B"
    at = next(place for place, part in enumerate(parts) if part is many)
    counted = parts[at + 1 : at + 2]
    named = subjects(c.parts)
    alone = not c.has("role", "method") and set(named) <= {"model"} and not context.network
    if alone and counted and (counted[0].sort == "noun" or counted[0].value == "model"):
        return [PerNumber(memory.node, scale, bits, ("weight",), op=op_of(c), of=many.node)]
    roles = {part.value for part in c.of("role")}
    named = tuple(one for one in named if one != "model")
    if c.parts.index(many) > c.parts.index(memory) or len(roles) > 1:
        return None
    if not named and not roles and "each" in c.sorts:
        return None
    role = next(iter(roles), "")
    named = named or (() if role else ("base",))
    taken = Counted(role, named, "", "bytes", bits=bits, scale=scale)
    return [Counts(Counted(role, named), (many.node,)), Counts(taken, (memory.node,), op_of(c))]


_NARROWS = {"halves": "1/2", "halve": "1/2", "doubles": "2", "double": "2"}


def _of_formats(c: Clause) -> list[Assertion] | None:
    """`int8 needs half the memory of fp16`, `from fp32 to int8 the memory falls by 75 %`, `NF4 uses 4 bits
    per parameter`: of two formats."""
    first, second = (int(part.value) for part in c.of("precision"))
    each = any(part.value == "number" for part in c.of("each"))
    if each and c.within("precision", "each"):
        return [PerNumber(Number(str(second)), "bits", first, ("weight",))]
    found, compares = c.of("amount"), {part.value for part in c.of("compare")}
    sorts = (
        "precision",
        "amount",
        "near",
        "compare",
        "than",
        "subject",
        "effect",
        "noun",
        "factor",
        "method",
        "matrix",
    )
    if not c.within(*sorts) or len(compares) > 1 or len(found) + len(c.of("effect")) != 1:
        return None
    if {part.value for part in c.of("matrix", "subject")} - {"base", "model", "W", "W_0"} or {
        part.value for part in c.of("method")
    } - {
        "qlora",
        "lora",
    }:
        return None
    if _falls(c.whole) or c.parts[0].sort == "than":  # `compared with 16 bits, 4-bit weights are …`
        first, second = second, first  # `from 16 to 4 bits`: the second is what is there then
    if c.has("effect"):
        share = _NARROWS.get(c.of("effect")[0].text.lower())
        return None if share is None else [OfFormats(first, second, _number(share), "as")]
    node = bare(found[0].node) if found[0].node is not None else None
    if isinstance(node, Number) and c.has("factor") and node.unit == "":
        node = Number(node.digits, "×")
    if not isinstance(node, Number) or not (node.unit in _WHOLE or "/" in node.digits):
        return None
    return [OfFormats(first, second, node, next(iter(compares), "as"), op_of(c))]


def _number(digits: str) -> Number:
    return Number(digits) if "/" in digits else Number(digits, "×")


def _falls(parts: Sequence[Concept]) -> bool:
    """Whether something goes from one format to another."""
    places = [at for at, part in enumerate(parts) if part.sort == "precision"]
    before = [part.text.lower() for part in parts[: places[0]]]
    between = [part.text.lower() for part in parts[places[0] + 1 : places[1]]]
    return ("from" in before[-1:] and "to" in between) or between == ["to"]


def stored(c: Clause, context: Context) -> list[Assertion] | None:
    """`QLoRA stores W in 4 bits`: the format of what is known to be kept in one."""
    named = [one for one in subjects(c.parts) if one != "model"]
    formats = [part for part in c.whole if part.sort == "name" and part.value not in ("", METHOD)]
    precisions = c.of("precision") or formats
    each = {part.value for part in c.of("each")} == {"number"}  # `4 bits per weight`
    if (c.within("precision") or (each and c.within("precision", "each"))) and context.own:  # `8-bit`
        named = list(context.own)
    roles = {part.value for part in c.of("role")}
    pairs = _pairs(c) if len(precisions) > 1 and context.formats else []
    if pairs:
        return pairs
    if not named and roles == {"frozen"} and c.has("noun"):
        named = ["base"]  # `the frozen weights are stored in 4 bits`
    places = [at for at, part in enumerate(c.whole) if part in precisions]
    if not context.formats or not places or places[-1] - places[0] != len(places) - 1:
        return None  # `8-bit NF4` are two that stand side by side
    if (
        not named
        and any(part.text.lower().startswith("comput") for part in (*context.before, *c.whole))
        and c.within("precision")
    ):
        named = ["adapter"]  # computed with, as the adapter is kept
    if not named:
        return None
    if not c.within(
        "precision", "method", "role", "only", "noun", *(("each",) if each else ()), *SUBJECTS
    ) or (c.has("noun") and not roles):
        return None
    if {part.value for part in c.of("method")} - {"qlora"}:
        return None
    said: list[Assertion] = [Stored(tuple(named), int(part.value)) for part in precisions]
    if roles and (len(roles) > 1 or len(named) > 1):
        return None
    if roles:
        said.append(Moves(tuple(named), roles == {"trained"}))
    return said


def _pairs(c: Clause) -> list[Assertion]:
    """`W is stored in 4 bits, A and B in 16`: each format stands behind what has it."""
    told: list[Assertion] = []
    group: list[Subject] = []
    for part in c.parts:
        if part.sort in SUBJECTS:
            group.append(subject(part))
        elif part.sort == "precision" and group:
            told.append(Stored(tuple(group), int(part.value)))
            group = []
        elif part.sort != "method":
            return []
    return told if not group and len(told) > 1 else []


def in_total(c: Clause, context: Context) -> list[Assertion] | None:
    """`… 8 bytes per trained parameter, 33.6 MB in total`: of all that are trained."""
    last = context.last[-1] if context.last else None
    if not isinstance(last, PerNumber) or last.of is not None or last.mixed or not c.has("sum", "bytes"):
        return None
    if not c.within("amount", "bytes", "sum", "near") or len(c.of("amount")) != 1 or not c.has("bytes"):
        return None
    node, kept = c.of("amount")[0].node, tuple(one for one in last.kept if one != "weight")
    if node is None or unit_of(node) or not last.bits:
        return None
    scale = c.of("bytes")[0].value or "B"
    return [
        Counts(Counted("trained", (), "", "bytes", bits=last.bits, scale=scale, kept=kept), (node,), op_of(c))
    ]


def shrinks(c: Clause, context: Context) -> list[Assertion] | None:
    """`A 13B model shrinks from 26 GB in fp16 to 6.5 GB in 4 bits`."""
    sorts = [
        part.sort for part in c.parts if part.sort not in ("near", "compare", "fromto", "becomes", "instead")
    ]
    first = ["amount", "subject"] if c.has("subject") else ["amount", "noun"]
    if sorts != [*first, *("amount", "bytes", "precision") * 2] or context.network or c.has("neg"):
        return None
    if {part.value for part in c.of("subject")} - {"model"} or {part.value for part in c.of("compare")} - {
        "fewer"
    }:
        return None
    many, *sizes = (part.node for part in c.of("amount"))
    units = [part.value or "B" for part in c.of("bytes")]
    bits = [int(part.value) for part in c.of("precision")]
    if many is None or unit_of(many) in _WHOLE:
        return None
    return [
        PerNumber(size, unit, of, ("weight",), of=many)
        for size, unit, of in zip(sizes, units, bits, strict=True)
        if size is not None
    ]


def in_another(c: Clause, context: Context) -> list[Assertion] | None:
    """`… takes 14 GB in fp16, and 3.5 GB in 4 bits`: as much of the same, in another format."""
    sorts = sorted(part.sort for part in c.parts if part.sort != "near")
    last = context.last[-1] if context.last else None
    if sorts != ["amount", "bytes", "precision"] or not isinstance(last, PerNumber) or last.of is None:
        return None
    node = c.of("amount")[0].node
    if node is None or unit_of(node):
        return None
    scale, bits = c.of("bytes")[0].value or "B", int(c.of("precision")[0].value)
    return [PerNumber(node, scale, bits, ("weight",), op=op_of(c), of=last.of)]


def states(c: Clause, context: Context) -> list[Assertion] | None:
    """`Adam keeps two states for each trained parameter`: as many as Adam has."""
    words = [part.text.lower() for part in c.of("state")]
    each = [at for at, part in enumerate(c.parts) if part.sort == "each" and part.value == "number"]
    if len(each) != 1 or not any("adam" in word for word in words) or c.of("role") or len(c.of("amount")) > 1:
        return None
    if not c.within("state", "amount", "each", "noun", "near"):
        return None
    found = c.of("amount")[0] if c.has("amount") else None
    if found is not None and c.place(found) > each[0] and c.has("noun") and found.node is not None:
        whole = Counted("trained", kept=("state",))  # `two states per parameter: 262,144 numbers`
        return [Counts(whole, (found.node,), op_of(c))] if any(word[:4] == "two " for word in words) else None
    node: Node | None = Number("2") if found is None else found.node
    if (
        node is None
        or c.has("noun", "near")
        or (found is None and not any(word[:4] == "two " for word in words))
    ):
        return None
    return [Stated(tree.Relation((node, Number("2")), ("=",)))]


def kept_for(c: Clause, context: Context) -> list[Assertion] | None:
    """`Gradients and optimizer states are kept for just 4.2M parameters`: for as many as are trained."""
    found = c.of("amount")
    if len(found) != 1 or not c.has("gradient", "state") or not c.has("noun") or found[0].node is None:
        return None
    if not c.within("gradient", "state", "amount", "noun", "only", "near", "role", "handled", "each", "all"):
        return None
    at = next(at for at, part in enumerate(c.whole) if part is found[0])
    words = [part.text.lower() for part in c.whole[:at] if part.sort not in ("only", "near")]
    behind = next(part for part in c.whole[at + 1 :] if part.sort not in ("filler", "role"))
    roles = {part.value for part in c.of("role")}
    own = words[-1:] and words[-1] in ("for", "of", "each of", "for each of", "the")
    if not own or "for" not in words or behind.sort != "noun" or roles - {"trained"}:
        return None
    if unit_of(found[0].node) in _WHOLE or {part.value for part in c.of("each")} - {""}:
        return None
    return [Counts(Counted("trained"), (found[0].node,), op_of(c))]
