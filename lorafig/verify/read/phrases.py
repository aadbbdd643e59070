"""What the nouns of a text say by the way: `a full-rank update runs beside 8-bit weights`.

A sentence that tells a story is prose, and a noun in it with its adjective is an assertion all the same. One
that turns what it says, or speaks of other methods too, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lorafig.verify.read.assertions import Assertion, Full, Marked, Moves, Stored
from lorafig.verify.read.clause import Context
from lorafig.verify.read.concept import Concept

_TURNED = frozenset({"neg", "unlike", "instead", "than", "limit", "remove", "change", "stage", "order"})
_FROZEN = frozenset({"frozen", "fixed", "locked", "untrained", "untrainable", "nontrainable"})
_TRAINED = frozenset({"trainable", "learnable", "tunable"})


# What the weight and the adapter are alike.
BRANCHES = frozenset(
    {"part", "parts", "component", "components", "branch", "branches", "path", "paths", "side", "route"}
)
_DONE = _FROZEN | _TRAINED | {"trained", "learned", "tuned", "finetuned", "updated"}


def _of_its_own(sentence: Sequence[Concept], context: Context) -> Iterator[Assertion]:
    """`Frozen experts` over trained symbols, `trained end to end` on what is drawn as frozen: whatever the
    noun is called, it is what stands there."""
    first, rest = sentence[0], sentence[1:]
    strange = all(part.sort in ("unknown", "thing") or part.text.lower() == "to" for part in rest)
    if first.sort != "role" or not strange or first.text.lower().replace(" ", "") not in _DONE:
        return
    if context.mark in ("frozen", "trained"):
        yield Marked(first.value, context.mark)
    elif rest and context.own:
        yield Moves(context.own, first.value == "trained")


def phrases(sentence: Sequence[Concept], context: Context) -> Iterator[Assertion]:
    """What an adjective says of the noun behind it."""
    yield from _of_its_own(sentence, context)
    own = {context.method, "lora"} if context.method == "qlora" else {context.method}
    others = {part.value for part in sentence if part.sort == "method"} - own
    if others or any(part.sort in _TURNED for part in sentence):
        return
    for adjective, noun in pairwise(sentence):
        if noun.sort != "subject" or noun.value not in ("base", "adapter", "update"):
            continue
        about, word = (noun.value,), adjective.text.lower().replace(" ", "").replace("-", "")
        if word in _FROZEN and noun.value == "adapter" and noun.text.lower().split()[-1] in BRANCHES:
            yield Moves(("base",), False)  # of two branches, the frozen one
        elif adjective.sort == "role" and word in _FROZEN | _TRAINED:
            yield Moves(about, word in _TRAINED)
        elif adjective.sort == "shape" and adjective.value in ("low", "full"):
            yield Full(about, adjective.value == "full")
        elif adjective.sort == "name" and adjective.value.isdecimal() and context.formats:
            yield Stored(about, int(adjective.value))
