"""Noun phrases as what they stand for, whatever their length: `the pretrained weight matrix W` is W, `the
product of B and A` is BA, `the output of the adapter` is ΔWx, `the frozen branch` is the pretrained weight.

What a phrase says by the way, that W is the pretrained weight, is an assertion of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.read.assertions import Assertion, Full, IsA, Moves, Projects, Sized
from lorafig.verify.read.clause import SUBJECTS, subject
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames.making import GIVES
from lorafig.verify.read.phrases import BRANCHES

_NAMED = frozenset({"base", "adapter", "update", "merged"})
_HEADS = frozenset(
    {"matrix", "matrices", "weight", "weights", "vector", "vectors", "factor", "factors", "called", "named"}
)
_OUTPUTS = frozenset({"output", "outputs", "result", "results", "contribution"})
_TWO = frozenset({"both", "the two", "two", "these", "them", "those"})


class Phrase(Struct, frozen=True):
    """What a phrase stands for, what it says by the way, and where it ends."""

    parts: list[Concept]
    said: list[Assertion]
    stop: int


Rule = Callable[[Sequence[Concept], int], "Phrase | None"]


def nouns(parts: Sequence[Concept]) -> tuple[list[Concept], list[Assertion]]:
    """The concepts with each noun phrase as one, and what the phrases say by the way."""
    return _read(parts, (*_MADE, *_TOLD))


def made(parts: Sequence[Concept]) -> tuple[list[Concept], list[Assertion]]:
    """The same for what no frame tells apart from its parts: `the product of B and A` is neither of them."""
    return _read(parts, _MADE)


def _read(parts: Sequence[Concept], rules: Sequence[Rule]) -> tuple[list[Concept], list[Assertion]]:
    told: list[Concept] = []
    said: list[Assertion] = []
    at = 0
    while at < len(parts):
        phrase = next((found for rule in rules if (found := rule(parts, at)) is not None), None)
        if phrase is None:
            told.append(parts[at])
            at += 1
        else:
            told += phrase.parts
            said += phrase.said
            at = phrase.stop
    return told, said


def _after(parts: Sequence[Concept], at: int, words: frozenset[str]) -> int:
    """The next place behind articles and these words."""
    while at < len(parts) and (parts[at].text.lower() in words or _is_article(parts[at])):
        at += 1
    return at


def _is_article(part: Concept) -> bool:
    return part.sort == "filler" and part.text.lower() in ("the", "a", "an", "its", "their", "our")


def _symbols(parts: Sequence[Concept], at: int, several: bool) -> tuple[list[Concept], int]:
    """The symbols that stand here, `A and B` if several may, and where they end."""
    found: list[Concept] = []
    while at < len(parts) and parts[at].sort in ("matrix", "formula") and parts[at].node is not None:
        found.append(parts[at])
        at += 1
        joint = parts[at : at + 1]
        more = parts[at + 1 : at + 2]
        joined = joint and joint[0].text.lower() in ("and", ",", "&", "or") and more
        if not (several and joined and more[0].sort == "matrix"):
            break
        at += 1
    return found, at


def _layer(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the frozen layer` is the pretrained weight, which is frozen then."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    frozen = part.sort == "role" and part.value == "frozen" and at > 0 and _is_article(parts[at - 1])
    if (
        not frozen
        or not behind
        or behind[0].sort != "subject"
        or behind[0].text.lower() not in ("layer", "model")
    ):
        return None
    who = replace(behind[0], value="base", text=f"{part.text} {behind[0].text}")
    return Phrase([who], [Moves(("base",), False)], at + 2)


def _kind(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`Frozen weights need no gradients`: the pretrained weight, which is frozen then."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    plural = behind and behind[0].text.lower() in ("weights", "parameters")
    rest = {other.sort for other in parts[at + 2 :]}
    if part.sort != "role" or part.value != "frozen" or at or not plural or behind[0].sort != "noun":
        return None
    if not rest & {"gradient", "state", "bytes"} or rest & {"amount", "relation", "compare"}:
        return None
    who = replace(part, sort="subject", value="base", text=f"{part.text} {behind[0].text}")
    return Phrase([who], [Moves(("base",), False)], at + 2)


def _inner(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the hidden vector between A and B` is Ax."""
    if parts[at].sort not in ("thing", "filler") or parts[at].text.lower() not in _VECTORS:
        return None
    if parts[at + 1 : at + 2] == [] or parts[at + 1].text.lower() != "between":
        return None
    found, stop = _symbols(parts, _after(parts, at + 2, frozenset()), True)
    if [one.value for one in found] not in (["A", "B"], ["B", "A"]):
        return None
    return Phrase([_formula(parts[at], parse_math("Ax"))], [], stop)


_VECTORS = ("vector", "representation", "space", "state", "activation", "bottleneck", "features")


def _tuned(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`Fine-tuning with LoRA` is LoRA."""
    if parts[at].text.lower() not in (
        "fine tuning",
        "fine - tuning",
        "fine-tuning",
        "finetuning",
        "training",
    ):
        return None
    behind = parts[at + 1 : at + 3]
    by = len(behind) == 2 and behind[0].text.lower() in ("with", "by", "using") and behind[1].sort == "method"
    return Phrase([behind[1]], [], at + 3) if by and behind[1].value != "full" else None


def _besides(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`Besides A and B, …` at the beginning: what is said behind it is of others."""
    if parts[at].text.lower() not in ("besides", "apart from", "in addition to", "on top of") or at:
        return None
    stop = next((place for place in range(at, len(parts)) if parts[place].sort == "comma"), at)
    named = [part for part in parts[at + 1 : stop] if not _is_article(part) and part.sort != "join"]
    return Phrase([], [], stop + 1) if named and all(part.sort == "matrix" for part in named) else None


def _projection(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the up-projection` of what is said of its start, or of training: B."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    if part.sort != "project" or "projection" not in part.text.lower() or not at:
        return None
    symbol = behind and behind[0].sort in ("matrix", "formula", "size")
    before = parts[at - 2].sort if at > 1 else ""
    if not _is_article(parts[at - 1]) or symbol or before in SUBJECTS:
        return None
    spoken = {other.sort for other in parts}
    if not spoken & {"law", "role", "begin"} or spoken & {"maps", "matrix", "amount"}:
        return None
    return Phrase([replace(part, sort="subject")], [], at + 1)


def _called(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the pretrained weight W`, `the low-rank matrices A and B`, `the up-projection B`, `the rank r`."""
    part = parts[at]
    if part.sort == "dimension":
        behind = parts[at + 1 : at + 2]
        named = at > 0 and _is_article(parts[at - 1]) and behind and behind[0].sort == "size"
        if not named or (node := behind[0].node) is None:
            return None  # `of rank r`
        return Phrase(list(behind), [Sized(part.value, (node,))], at + 2)
    if not ((part.sort == "subject" and part.value in _NAMED) or part.sort == "project"):
        return None
    if at and parts[at - 1].sort in SUBJECTS:
        return None  # `W, the pretrained weight A`
    place = at + 1
    while place < len(parts) and parts[place].text.lower() in _HEADS:
        place += 1
    several = parts[place - 1].text.lower().endswith(("s", "matrices"))
    found, stop = _symbols(parts, place, several)
    if not found:
        return None
    about = tuple(subject(one) for one in found)
    if part.sort == "project":
        return Phrase(found, [Projects(one, part.value == "down") for one in about], stop)
    kept = list(parts[place:stop])
    return Phrase(kept, [IsA((one,), part.value) for one in about], stop)


def _product(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the product of B and A`, `their product`, `the product BA`."""
    part = parts[at]
    if part.text.lower() != "product":
        return None
    behind = at + 1
    if behind < len(parts) and parts[behind].sort == "formula":
        return Phrase([parts[behind]], [], behind + 1)
    if behind < len(parts) and parts[behind].sort == "of":
        place = _after(parts, behind + 1, _HEADS | {"low rank"})
        found, stop = _symbols(parts, place, True)
        if len(found) == 2:
            return Phrase([_formula(part, _in_order(found))], [], stop)
        if place < len(parts) and (parts[place].text.lower() in _TWO or parts[place].value == "adapter"):
            stop = _after(parts, place, _TWO | _HEADS)
            stop = stop + 1 if stop < len(parts) and parts[stop].value == "adapter" else stop
            return Phrase([_formula(part, parse_math("BA"))], [], stop)
        return None
    if at and parts[at - 1].text.lower() in ("their", "whose"):
        return Phrase([_formula(part, parse_math("BA"))], [], behind)
    return None


def _in_order(found: Sequence[Concept]) -> Node:
    """`the product of A and B` is BA, in whichever order they are told."""
    if {one.value for one in found} == {"A", "B"}:
        return parse_math("BA")
    factors = tuple(one.node for one in found if one.node is not None)
    return tree.Product(factors, ("",), ("",))


def _formula(part: Concept, node: Node) -> Concept:
    return Concept("formula", "", part.text, part.start, node)


def _output(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the output of the frozen layer`, `the adapter's output`."""
    part = parts[at]
    if part.text.lower() in _OUTPUTS and part.sort in ("thing", "filler"):
        if at + 1 < len(parts) and parts[at + 1].sort == "share":
            who, stop = _who(parts, at + 1)  # `of the frozen layer`
        elif at + 1 < len(parts) and parts[at + 1].sort == "of":
            who, stop = _who(parts, _after(parts, at + 2, frozenset()))
        else:
            return None
    else:
        who, stop = _who(parts, at)
        genitive = who is not None and parts[stop - 1].text.lower().endswith((" s", "'s"))
        genitive = genitive or (stop < len(parts) and parts[stop].text.lower() == "s")
        stop = stop + 1 if stop < len(parts) and parts[stop].text.lower() == "s" else stop
        if not genitive or stop >= len(parts) or parts[stop].text.lower() not in _OUTPUTS:
            return None
        stop += 1
    node = None if who is None else GIVES.get(who)
    return None if node is None else Phrase([_formula(part, parse_math(node))], [], stop)


def _who(parts: Sequence[Concept], at: int) -> tuple[str | None, int]:
    """Who stands here, `the frozen layer` being the pretrained weight, and where it ends."""
    if at >= len(parts):
        return None, at
    part, behind = parts[at], parts[at + 1 : at + 2]
    if part.sort == "role" and behind and behind[0].sort == "subject":
        own = {"model": {"frozen": "base", "trained": "adapter"}.get(part.value)}
        return own.get(behind[0].value, behind[0].value), at + 2
    if part.sort == "subject":
        return part.value, at + 1
    whole = whole_of(part) if part.sort == "share" else ""
    if whole:
        return whole, at + 1
    return (part.value, at + 1) if part.sort == "matrix" else (None, at)


def whole_of(part: Concept) -> str:
    """Who the whole of a share is: `of the base model`; '' if it does not say."""
    if part.text.lower() in ("of the layer", "of the model", "of the network"):
        return "model"
    return "base" if {"frozen", "original", "base", "pretrained"} & set(part.text.lower().split()) else ""


def _part(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the frozen branch`, `the trainable part of the layer`."""
    part = parts[at]
    behind = parts[at + 1 : at + 2]
    article = at > 0 and _is_article(parts[at - 1])
    if part.sort != "role" or not article or not behind or behind[0].text.lower() not in BRANCHES:
        return None
    stop = at + 2
    if stop + 1 < len(parts) and parts[stop].sort == "of":
        after = _after(parts, stop + 1, frozenset())
        whole = after < len(parts) and parts[after].sort == "subject" and parts[after].value == "model"
        stop = after + 1 if whole else stop
    value = "base" if part.value == "frozen" else "adapter"
    return Phrase(
        [replace(part, sort="subject", value=value, text=f"{part.text} {behind[0].text}")], [], stop
    )


def _low_rank(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`a low-rank update` of which something else is said."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    if part.sort != "shape" or part.value != "low" or not behind or behind[0].sort != "subject":
        return None
    said = any(other.sort in ("role", "shift", "law", "joined") for other in parts)
    if behind[0].value not in ("update", "adapter") or not said:
        return None
    return Phrase([behind[0]], [Full((behind[0].value,), False)], at + 2)


def _update_of(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the update to the weight matrix`, `the adapter of W`: the update, where nothing is added to W."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    if part.sort != "subject" or part.value not in ("update", "adapter") or not behind:
        return None
    if behind[0].text.lower() not in ("to", "of", "in", "for", "on") or behind[0].sort == "order":
        return None
    if any(other.sort in ("add", "joined", "merge", "remove", "placed", "amount") for other in parts):
        return None
    place = _after(parts, at + 2, frozenset())
    if place >= len(parts) or not (parts[place].value == "base" or parts[place].value in ("W", "W_0")):
        return None
    return Phrase([part], [], _after(parts, place + 1, _HEADS))


def _with_role(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the frozen weight`, `a trainable adapter`: who it is, and what is said of it by the way, where
    something is said of others too."""
    part, behind = parts[at], parts[at + 1 : at + 2]
    adjective = part.text.lower() in ("frozen", "fixed", "trainable", "trained", "learnable", "learned")
    article = at > 0 and _is_article(parts[at - 1])
    if part.sort != "role" or not adjective or not article or not behind:
        return None
    if behind[0].sort != "subject" or behind[0].value not in ("base", "adapter", "update"):
        return None
    said = (
        other.sort in ("role", "shift", "gradient", "flow") and not (before and _is_article(before[-1]))
        for other, before in ((parts[place], parts[:place]) for place in range(len(parts)) if place != at)
    )
    if not any(said):
        return None
    return Phrase([behind[0]], [Moves((behind[0].value,), part.value == "trained")], at + 2)


def _frozen_branch(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the frozen branch` where `branch` alone would be the adapter's."""
    called = at + 1 < len(parts) and parts[at + 1].sort == "subject" and parts[at + 1].value == "adapter"
    frozen = parts[at].sort == "role" and parts[at].value == "frozen"
    phrase = _part(parts, at) if frozen and called else None
    return None if phrase is None else Phrase(phrase.parts, [Moves(("base",), False)], phrase.stop)


def _branch(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the frozen branch` beside another subject: what is said is not that the other is frozen."""
    others = [part for part in parts if part.sort in SUBJECTS and part.value not in ("model", "x", "h")]
    joined = any(
        part.sort in ("joined", "branches") or part.text.lower() in ("sum", "product") for part in parts
    )
    return _part(parts, at) if others and joined else None


def _of_whom(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`none of the original weights`: who they are, where no number says what share of them."""
    part = parts[at]
    if part.sort != "share" or any(other.sort in _NUMBERS for other in parts):
        return None
    words = set(part.text.lower().split())
    if "of" not in words:
        return None
    of = Concept("of", "", "of", part.start)
    value = "base" if words & {"original", "base", "frozen", "pretrained", "dense", "full"} else ""
    if not value and words <= {"of", "the", "weights", "parameters"}:
        return Phrase(
            [of, replace(part, sort="noun", value="entries", text=part.text.split()[-1])], [], at + 1
        )
    if not value:
        return None
    return Phrase([of, replace(part, sort="subject", value=value)], [], at + 1)


def _entries(parts: Sequence[Concept], at: int) -> Phrase | None:
    """`the entries of A` are A, where nobody counts them."""
    if parts[at].sort != "noun" or any(other.sort in (*_NUMBERS, "compare", "all") for other in parts):
        return None
    if not (at + 2 < len(parts) and parts[at + 1].sort == "of"):
        return None
    place = _after(parts, at + 2, frozenset())
    named = place < len(parts) and parts[place].sort in SUBJECTS and parts[place].value != "model"
    return Phrase([parts[place]], [], place + 1) if named else None


_NUMBERS = ("amount", "relation", "several", "bytes", "shapes", "size")
_MADE: Sequence[Rule] = (
    _frozen_branch,
    _with_role,
    _low_rank,
    _update_of,
    _branch,
    _inner,
    _kind,
    _output,
    _product,
    _layer,
    _tuned,
    _besides,
)
_TOLD: Sequence[Rule] = (_projection, _part, _called, _of_whom, _entries)
