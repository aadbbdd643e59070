"""What is said by the way and changes nothing of what a clause says: `in LoRA` of a LoRA figure, `of the
layer`, `during training`, `on top of it`, `to save memory`. A clause is read without it.

What may change it, `only`, `at the start`, `after merging`, is none of these: a frame has to take it.
"""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.notation import tree
from lorafig.verify.read.classify import is_zero
from lorafig.verify.read.clause import LOOSE, SUBJECTS, Context
from lorafig.verify.read.concept import Concept

_WITHIN = frozenset({"in", "of", "for", "inside", "within", "to", "from"})
_BY = _WITHIN | {"with", "using", "by", "under", "here"}
_ARTICLES = frozenset({"the", "this", "a", "our", "each", "that", "whole", "entire"})
_WHILE = ("during", "throughout", "while training", "in training", "at training")
_TIMED = frozenset({"latency", "bytes", "madds", "merge", "pace", "stage", "result", "state"})

# A clause of these is so wherever and whatever for: where it is, and what for, turns nothing of it.
_ANYWHERE = frozenset(
    {"role", "shift", "keep", "add", "neg", "only", "all", "each", "method", "several", "law", "begin"}
    | {"start", "joined", "placed", "project", "trait", "result", "order", "stage", "merge", "loss"}
    | {"branches", "shape", "noun", "scope", "file", "same", "handled", "gradient", "flow", "instead"}
    | SUBJECTS
)
_PLACED = frozenset(
    {"in", "into", "on", "onto", "to", "for", "with", "by", "at", "across", "inside", "within", "through"}
    | {"via", "under", "among", "throughout", "beside", "alongside", "next to", "around", "over", "upon"}
    | {"using", "during", "towards", "toward", "from", "beneath", "above", "between", "parallel to"}
    | {"in parallel to", "in parallel with", "when", "as", "while", "on top", "everywhere in"}
)
# What may stand in it: a word that nobody knows may limit what is said.
_INERT = frozenset({"filler", "thing", "name", "scope", "each", "module"})
_STOPS = frozenset(
    {"is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "will", "can", "does", "do"}
    | {"did", "remain", "remains", "stay", "stays", "would", "should", "must", "may", "might", "that"}
    | {"which", "who", "whose", "it", "they", "we", "gets", "get", "becomes", "become", "receives"}
)
# What limits: a claim that is true of all need not be so of these, and one that is false may be.
_LIMITS = frozenset(
    {"some", "few", "several", "certain", "rare", "half", "most", "odd", "even", "early", "late", "last"}
    | {"beginning", "wrong", "reverse", "opposite", "name", "theory", "theoretically", "vain", "part"}
    | {"fewer", "many", "other", "another", "end", "times", "cases", "different", "mistake", "error"}
)


def plainly(parts: Sequence[Concept], context: Context) -> list[Concept]:
    """The clause without what changes nothing."""
    sorts = [part.sort for part in parts]
    timed = sorts.count("stage") > 1 or any(sort in _TIMED - {"stage"} for sort in sorts)
    spoken = sum(part.sort in SUBJECTS or part.sort in ("noun", "dimension", "shape") for part in parts)
    begun = any(part.sort in ("law", "begin") or _vanishes(part) for part in parts)  # at the start alone
    methods = {part.value for part in parts if part.sort == "method"}
    told: list[Concept] = []
    for part in parts:
        before = _before(told)
        if part.sort == "method" and methods == {context.method} and before in _BY:
            continue
        if part.sort == "stage" and part.text.lower().startswith(_WHILE) and not timed and not begun:
            continue
        if part.sort == "subject" and part.value == "model" and spoken > 1 and before in _WITHIN:
            spoken -= 1
            continue
        told.append(part)
    return told


def _vanishes(part: Concept) -> bool:
    return isinstance(part.node, tree.Relation) and is_zero(part.node.sides[-1])


def _before(told: Sequence[Concept]) -> str:
    """The last word but for articles."""
    return next((part.text.lower() for part in reversed(told) if part.text.lower() not in _ARTICLES), "")


def anywhere(parts: Sequence[Concept]) -> list[Concept]:
    """The clause without where, by which means and what for: `into each layer of the Transformer`, `to save
    memory`, `with AdamW`. The clause as it is, if that may change what it says."""
    told: list[Concept] = []
    at = 0
    while at < len(parts):
        stop = _stop(parts, at, bool(told))
        if stop == at:
            told.append(parts[at])
        at = max(stop, at + 1)
    left = {part.sort for part in told} - LOOSE
    when = "law" in left and not left & {"begin", "start"}  # `B is zero in every layer`: at the start
    return told if left and left <= _ANYWHERE and not when else list(parts)


def _stop(parts: Sequence[Concept], at: int, after: bool) -> int:
    """Where what begins here ends, if it is said by the way; else `at`."""
    if parts[at].text.lower() not in _PLACED or parts[at].sort in ("role", "shift", *SUBJECTS):
        return at
    place = at + 1
    named = False
    while place < len(parts) and _is_inert(parts, place):
        word = parts[place].text.lower()
        if word in _STOPS or (word in _PLACED and named):
            break
        if word in _LIMITS:
            return at
        named = named or parts[place].sort in ("thing", "name", "scope", "module")
        named = named or (parts[place].sort == "subject" and parts[place].value == "model")
        place += 1
        if place < len(parts) and named and parts[place].sort == "of":
            place += 1
    if not named or place == at + 1:
        return at
    behind = parts[place] if place < len(parts) else None
    if behind is not None and not after and behind.sort in SUBJECTS:
        return place if parts[place - 1].sort != "filler" else at
    if behind is not None and behind.sort in (*SUBJECTS, "role", "shift", "noun", "law", "amount", "shape"):
        return at  # `to the matrix W`: it names what is behind
    return place


def _is_inert(parts: Sequence[Concept], place: int) -> bool:
    part = parts[place]
    model = part.sort == "subject" and part.value == "model"
    every = part.sort == "all" and part.text.lower() in ("every", "all", "both")
    return part.sort in _INERT or model or every
