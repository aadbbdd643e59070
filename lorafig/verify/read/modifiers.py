"""What is said by the way and changes nothing of what a clause says: `in LoRA` of a LoRA figure, `of the
layer`, `during training`. A clause is read without it.

What may change it, `only`, `at the start`, `after merging`, is none of these: a frame has to take it.
"""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.verify.read.clause import SUBJECTS, Context
from lorafig.verify.read.concept import Concept

_WITHIN = frozenset({"in", "of", "for", "inside", "within", "to", "from"})
_BY = _WITHIN | {"with", "using", "by", "under", "here"}
_ARTICLES = frozenset({"the", "this", "a", "our", "each", "that", "whole", "entire"})
_WHILE = ("during", "throughout", "while training", "in training", "at training")
_TIMED = frozenset({"latency", "bytes", "madds", "merge", "pace", "stage", "result", "state"})


def plainly(parts: Sequence[Concept], context: Context) -> list[Concept]:
    """The clause without what changes nothing."""
    sorts = [part.sort for part in parts]
    timed = sorts.count("stage") > 1 or any(sort in _TIMED - {"stage"} for sort in sorts)
    spoken = sum(part.sort in SUBJECTS or part.sort in ("noun", "dimension", "shape") for part in parts)
    told: list[Concept] = []
    for part in parts:
        before = _before(told)
        if part.sort == "method" and part.value == context.method and before in _BY:
            continue
        if part.sort == "stage" and part.text.lower().startswith(_WHILE) and not timed:
            continue
        if part.sort == "subject" and part.value == "model" and spoken > 1 and before in _WITHIN:
            spoken -= 1
            continue
        told.append(part)
    return told


def _before(told: Sequence[Concept]) -> str:
    """The last word but for articles."""
    return next((part.text.lower() for part in reversed(told) if part.text.lower() not in _ARTICLES), "")
