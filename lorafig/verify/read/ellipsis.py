"""Clauses that leave unsaid what was said last: `W_k and W_o are not`, `as W is`, `together 2,048`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Moves,
    Ranked,
    Shaped,
    Sized,
    Starts,
    Stated,
    Stored,
    Targets,
)
from lorafig.verify.read.clause import (
    AMOUNTS,
    LOOSE,
    PER_LAYER,
    SUBJECTS,
    Clause,
    Context,
    op_of,
    subjects,
    unit_of,
)
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames.ways import module_of

_SAME = ("so", "too", "also", "likewise", "as")


def likewise(c: Clause, context: Context) -> list[Assertion] | None:
    """The same of others, or the opposite: `the pretrained weights are not`, `as W is`, `so does B`."""
    if not context.last or not c.parts or not c.within(
        "neg", "than", "module", "all", "law", "method", "only", *SUBJECTS
    ) or (c.has("only") and not isinstance(context.last[-1], Moves)):  # fmt: skip
        return None
    negs = c.of("neg")
    turned = len(negs) == 1 and c.parts[-1] is negs[0] and negs[0].text.lower() in _NOT
    same = not negs and any(part.text.lower() in _SAME for part in (*context.before, *c.whole))
    turned = turned or (context.denied and not negs and not same and _affirms(c.whole))
    modules = tuple(module_of(part) for part in c.parts if module_of(part))
    named = subjects([part for part in c.parts if not module_of(part)])
    last = context.last[-1]
    if not (turned or same):
        return None
    if methods := c.of("method"):  # `Full fine-tuning trains W, LoRA does not`
        if not isinstance(last, Moves) or len(methods) > 1 or named or modules or c.has("law"):
            return None
        own = "" if methods[0].value == context.method else methods[0].value
        return [replace(last, method=own, trained=last.trained != turned, only=False)]
    laws = c.of("law")
    if laws:  # `A starts as a random matrix, B as zeros`
        if len(laws) != 1 or not isinstance(last, Starts) or turned or not named or not c.has("than"):
            return None
        return [replace(last, subjects=named, law=laws[0].value, negated=False)]
    match last:
        case Targets() if modules:
            return [replace(last, names=modules, without=last.without != turned)]
        case _ if not named or modules:
            return None
        case Moves():
            return [replace(last, subjects=named, trained=last.trained != turned, only=c.has("only"))]
        case Starts():
            return [replace(last, subjects=named, negated=last.negated != turned)]
        case Shaped() if same:
            return [replace(last, subjects=named)]
        case Counts(what=Counted(subjects=(_, *_)) as what) if same:
            return [replace(last, what=replace(what, subjects=named))]
        case _:
            return None


_NOT = (
    "not",
    "none",
    "neither",
    "do not",
    "does not",
    "isn t",
    "aren t",
    "don t",
    "doesn t",
    "didn t",
    "weren t",
    "wasn t",
)


_WHO = frozenset({*SUBJECTS, "method"})
_DO = ("do", "does", "are", "is", "were", "was", "did", "will")


def _affirms(parts: Sequence[Concept]) -> bool:
    """Whether it says of others that they do what was denied: `W is not updated, A and B are`."""
    return bool(parts) and parts[-1].text.lower() in _DO and any(part.sort in _WHO for part in parts)


def denied(parts: Sequence[Concept]) -> bool:
    """Whether the end of it denies of others what is said before, `A and B learn | , W does not`, or says of
    them what was denied, `W does not learn | , A and B do`."""
    last = len(parts) - 1
    if _affirms(parts):
        bound = next((at for at in range(last, 0, -1) if parts[at].sort == "comma"), 0)
        others = [part for part in parts[bound:last] if part.sort not in LOOSE]
        turned = any(part.sort == "neg" for part in parts[:bound])
        return turned and bool(others) and all(part.sort in _WHO for part in others)
    while last >= 0 and parts[last].sort in LOOSE:
        last -= 1
    if last < 0 or parts[last].sort != "neg" or parts[last].text.lower() not in _NOT:
        return False
    bound = next((at for at in range(last, 0, -1) if parts[at].sort in ("comma", "join")), 0)
    while bound > 1 and parts[bound].text.lower() in ("and", "or"):  # `, W_k and W_o are not`
        bound = next((at for at in range(bound - 1, 0, -1) if parts[at].sort in ("comma", "join")), 0)
    others = [part for part in parts[bound:last] if part.sort not in LOOSE]
    said = any(
        part.sort in ("role", "shift", "adapted", "begin", "law") or part.value == "adapter"
        for part in parts[:bound]
    )
    return said and bool(others) and all(part.sort in _WHO or module_of(part) for part in others)


def in_bits(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is stored in 4 bits, A and B in 16`: in so many bits, too."""
    last = context.last[-1] if context.last else None
    found = c.of("amount", "precision")
    named = subjects(c.parts)
    if (
        not isinstance(last, Stored)
        or len(found) != 1
        or not named
        or not c.within("amount", "precision", *SUBJECTS)
    ):
        return None
    digits = found[0].value if found[0].sort == "precision" else getattr(found[0].node, "digits", "")
    return [Stored(named, int(digits))] if digits in ("2", "3", "4", "8", "16", "32") else None


_OF_SIZES = {"r": "r", "d": "d", "k": "k", "alpha": r"\alpha"}


def than_a_size(c: Clause, context: Context) -> list[Assertion] | None:
    """`The rank is 8, far smaller than the hidden size of 4,096`: the size that was told last."""
    last = context.last[-1] if context.last else None
    near, named, found = c.of("near"), c.of("dimension", "size"), c.of("amount")
    if not isinstance(last, Sized) or last.name not in _OF_SIZES or len(near) != 1 or len(named) != 1:
        return None
    if c.parts[0] is not near[0] or not c.within("near", "dimension", "size", "amount") or len(found) > 1:
        return None
    left = parse_math(_OF_SIZES[last.name])
    right = named[0].node if named[0].sort == "size" else None
    if right is None and named[0].value in _OF_SIZES:
        right = parse_math(_OF_SIZES[named[0].value])
    if right is None:
        return None
    own = [Sized(named[0].value, (node,)) for part in found if (node := part.node) is not None]
    return [Stated(tree.Relation((left, right), (near[0].value,))), *own]


def that_of(c: Clause, context: Context) -> list[Assertion] | None:
    """`The rank of BA is 16 at most, that of W up to 4,096`: the same of another."""
    last, found, named = context.last[-1] if context.last else None, c.of("amount"), subjects(c.parts)
    first = c.whole[0].text.lower() if c.whole else ""
    before = [part.text.lower() for part in context.before]
    if "that" not in (first, *before) or len(found) != 1 or len(named) != 1 or found[0].node is None:
        return None
    if not c.within("amount", "near", *SUBJECTS) or not isinstance(last, Ranked):
        return None
    return [Ranked(named[0], found[0].node, op_of(c))]


def per_block(c: Clause, context: Context) -> list[Assertion] | None:
    """`96 adapters, three per block`: so many of them in each."""
    found = c.of("amount", "several")
    own = any(isinstance(one, Sized) and one.name == "n_adapted" for one in context.last)
    scoped = any(part.sort == "scope" and part.text.lower() in PER_LAYER for part in c.whole)
    if not own or not scoped or len(found) != 1 or found[0].node is None or not c.within("amount", "several"):
        return None
    return None if unit_of(found[0].node) else [Sized("n_each", (found[0].node,))]


def together(c: Clause, context: Context) -> list[Assertion] | None:
    """`A has 8,192, B 8,192, together 16,384`: of all that were counted."""
    found = c.of(*AMOUNTS)
    if len(found) != 1 or not c.has("sum") or not c.within("sum", "amount", "near", "noun", "bytes"):
        return None
    node, listed = found[0].node, tuple(dict.fromkeys(context.listed))
    last = context.last[-1] if context.last else None
    if isinstance(last, Sized) and last.name == "n_each" and node is not None and not unit_of(node):
        # `each layer has 4 adapted matrices, 128 in total`
        return [Sized("n_adapted", (node,), op_of(c))] if c.within("sum", "amount", "near") else None
    if node is None or unit_of(node) or not isinstance(last, Counts) or len(listed) < 2:
        return None
    what = replace(last.what, subjects=listed, each=False)
    if c.has("bytes"):
        what = replace(what, scale=c.of("bytes")[0].value)
    return [Counts(what, (node,), op_of(c))]
