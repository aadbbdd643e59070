"""What limits an assertion: a time, a place, a condition or a hedge beside it. `W is frozen on paper`, `until
step 100`, `W is sometimes frozen`.

What limits nothing is a list of data: `in each layer`, `with AdamW`. All else may make a true assertion
false, and it may not be dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from lorafig.notation import tree
from lorafig.verify.read.assertions import FirstOutput, Moves, Starts, Stated, Targets
from lorafig.verify.read.classify import is_zero
from lorafig.verify.read.clause import LOOSE, SUBJECTS
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.lexicon import LONGEST, Lexicon, folded, lexicon


class Limit(Struct, frozen=True):
    """From which part to which. One that is 'timed' limits only what is so at one time, a start; one that is
    'placed' only what is not said of modules."""

    begin: int
    stop: int
    kind: str = ""


# What frames take is theirs to understand; these are words that none of them asks for.
_WORDS = LOOSE | {"unknown", "all", "each", "order", "way", "neg", "near", "only", "anyway", "limit"}
_NOUNS = frozenset({"name", "module", "targets"})
_FILE = "en.limits"  # beside the language of that name
_PAST = ("merged", "base", "early")  # stages
_COUNTED = ("amount", "size", "several", "relation", "precision", "share")
_LIMITS = ("limit", "counted")
_OWN = ("timed", "counted")  # kinds of a clause that says something itself
_OPENERS = ("opener", "excluding")
_ENDS = frozenset({"comma", "colon", "open", "close", "end", "equals", "join"})


def limits(parts: Sequence[Concept]) -> list[Limit]:
    """The places of what limits an assertion among these parts."""
    known = lexicon(_FILE)
    words = [(word, at) for at, part in enumerate(parts) for word in folded(part.text) or [""]]
    told: list[Limit] = []
    at = 0
    while at < len(words):
        meaning, size = _at(known, words, at)
        begin, stop = words[at][1], 0
        kind = ""
        inside = at > 0 and words[at - 1][1] == begin
        if inside:
            pass  # `back to earlier layers` is one concept
        elif meaning in _LIMITS and _is_loose(parts, meaning, begin, words[at + size - 1][1] + 1):
            stop = words[at + size - 1][1] + 1
            kind = meaning
        elif meaning in _OPENERS and _opens(parts, words, at, size):
            stop, kind = _adjunct(known, parts, words, at + size, meaning == "excluding")
        if stop:
            told.append(Limit(begin, stop, kind))
        at = next((place for place in range(at + size, len(words)) if words[place][1] >= stop), len(words))
    return told


def limited(told: Sequence[Limit], begin: int, stop: int, said: Sequence[object]) -> bool:
    """Whether what these parts assert is limited. What starts is so at one time."""
    begun = any(isinstance(one, Starts | FirstOutput) or _vanishes(one) for one in said)
    held = () if begun else ("timed",)
    held = (*held, "placed") if any(isinstance(one, Targets) for one in said) else held
    return any(one.begin < stop and one.stop > begin and one.kind not in held for one in told)


def is_past(parts: Sequence[Concept], rest: Sequence[object]) -> bool:
    """Whether these parts are of a stage at which nothing is trained, and what is said behind is of training:
    `At inference, A and B are trained`."""
    stages = [part.value for part in parts if part.sort not in LOOSE]
    trains = any((isinstance(one, Moves) and one.trained) or isinstance(one, Starts) for one in rest)
    return len(stages) == 1 and stages[0] in _PAST and parts[-1].sort == "stage" and trains


def _vanishes(said: object) -> bool:
    """Whether it states that something is zero, as the factor that starts so is."""
    node = said.node if isinstance(said, Stated) else None
    return isinstance(node, tree.Relation) and is_zero(node.sides[-1])


def of_passed(told: Sequence[Limit], parts: Sequence[Concept], begin: int, stop: int) -> bool:
    """Whether a clause without an assertion limits the one beside it: an adjunct, `In theory, …`, or an
    adverb, `Reportedly, …`. In a sentence of its own, `we train with cosine decay, …`, it limits that."""
    whole = [at for at in range(begin, stop) if parts[at].sort not in LOOSE]
    adverb = len(whole) == 1 and parts[whole[0]].text.lower().endswith("ly")
    if adverb and not lexicon(_FILE).has(folded(parts[whole[0]].text)):
        return True
    first = whole[0] if whole else stop
    return any(one.begin <= first and one.stop > begin and one.kind not in _OWN for one in told)


def _at(known: Lexicon, words: Sequence[tuple[str, int]], at: int) -> tuple[str, int]:
    match = known.at([word for word, _ in words[at : at + LONGEST]], 0)
    return ("", 1) if match is None else (match[0].value or match[0].sort, match[1])


def _opens(parts: Sequence[Concept], words: Sequence[tuple[str, int]], at: int, size: int) -> bool:
    """Whether these words are a preposition, and no part of a longer phrase: `per layer` is one concept."""
    whole = at + size == len(words) or words[at + size][1] != words[at + size - 1][1]
    return whole and (size > 1 or parts[words[at][1]].sort in _WORDS)


def _is_loose(parts: Sequence[Concept], meaning: str, begin: int, stop: int) -> bool:
    """Whether no frame asks for these words: `almost 3 %` is a number, `almost frozen` is not; `half of the
    weights` are counted."""
    number = stop < len(parts) and parts[stop].sort in _COUNTED
    loose = meaning == "limit" or all(part.sort in _WORDS or _is_model(part) for part in parts[begin:stop])
    return loose and not (number and parts[stop - 1].sort == "near")


def _is_model(part: Concept) -> bool:
    """Whether it names where something is: a layer, a module, a model by its name."""
    return part.sort in _NOUNS or (part.sort == "subject" and part.value == "model")


def _adjunct(
    known: Lexicon, parts: Sequence[Concept], words: Sequence[tuple[str, int]], at: int, excluding: bool
) -> tuple[int, str]:
    """Where an adjunct that may limit what is said ends, and its kind of limit; 0 if there is none."""
    only = at > 1 and parts[words[at - 2][1]].sort == "only"
    strange, timed, content, placed = 0, 0, 0, 0
    while at < len(words):
        place = words[at][1]
        part = parts[place]
        meaning, size = _at(known, words, at)
        if part.sort == "only" and content and not placed:
            return content, ""  # `on the GPU only`
        if meaning in _LIMITS and _is_loose(parts, meaning, place, words[at + size - 1][1] + 1):
            return words[at + size - 1][1] + 1, ""
        if part.sort in _ENDS or meaning in _OPENERS:
            break
        speaks = part.sort in ("neg", "only") or part.node is not None or part.sort not in _WORDS
        if speaks and not _is_model(part):  # the adjunct is of what stands here: `with scale 2`
            happens = excluding and part.sort not in (*SUBJECTS, *_COUNTED, "dimension")
            clause = part.sort in SUBJECTS and strange and parts[strange - 1].sort == "unknown"
            return (content, "") if clause or (happens and content) else (0, "")
        at += size
        if _is_model(part):
            placed = place + 1
            continue
        if meaning == "small":
            continue
        content = place + 1
        timed = content if meaning == "timed" else timed
        strange = strange if strange or meaning in ("harmless", "timed") else content
    if excluding and (content or placed):
        return max(content, placed), ""
    if only and not strange and (content or placed):
        return max(content, placed), "placed"
    return (strange, "") if strange else (timed, "timed")
