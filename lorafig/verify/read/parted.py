"""A sentence of several predicates as clauses that each say of whom they speak.

`LoRA freezes W and trains the adapter, which starts at zero` is `LoRA freezes W`, `LoRA trains the adapter`,
`the adapter starts at zero`.

A clause without a subject has that of the one before it, a relative clause the noun before it. Between two
clauses stands a bound that no clause reaches across.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.verify.read.clause import SUBJECTS
from lorafig.verify.read.concept import Concept

BOUND = "clause"  # the value of a comma that no clause reaches across

_PREDICATES = frozenset(
    {"role", "shift", "begin", "law", "merge", "joined", "result", "latency", "pace", "placed", "add"}
    | {"maps", "project", "keep", "scaled", "trait", "remove", "shapes", "file", "bytes", "compare"}
)
_ADDS = frozenset({"injects", "inject", "inserts", "insert", "attaches", "attach"})
RELATIVE = frozenset({"which", "which is", "that", "that is", "whose", "who"})
_CONJUNCTIONS = frozenset(
    {"and", "but", "while", "whereas", "because", "since", "so", "so that", "as", "although", "though"}
    | {"then", "thus", "hence", "therefore", "yet", "where", "when", "or"}
)
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "our", "this", "these", "those", "two", "both"})
_PLURAL = frozenset({"are", "were", "stay", "remain", "have", "receive", "get", "start", "learn", "do"})
_OPEN = frozenset({"filler", "only", "neg", "method", "several", "thing", "scope", "all", "each", "of"})
_NOUNS = frozenset({"noun", "thing", "scope", "name", *SUBJECTS})


def parted(parts: Sequence[Concept]) -> list[Concept]:
    """The clauses of a sentence, one behind the other; the same if it has one predicate."""
    places = [at for at in range(len(parts)) if _predicate(parts, at)]
    told: list[Concept] = []
    begin, who = 0, list[Concept]()
    carried = list[Concept]()  # the subject of the clause that begins there, if it has none
    for first, second in pairwise(places):
        cut = _cut(parts, first, second)
        if cut is None:
            continue
        own = _subject(parts[begin:first]) or carried
        who = own or who
        stop, noun = cut, list[Concept]()
        if _relates(parts, cut, second):
            noun, start = _noun_before(parts, cut)
            if noun and start > first + 1 and parts[start - 1].text.lower() in _CONJUNCTIONS:
                stop = start - 1  # `… while B, which starts at zero, …`
                who = noun
        told += [*carried, *_unrelated(parts[begin:stop]), Concept("comma", BOUND, ",", parts[cut].start)]
        begin = _begin(parts, cut, second)
        named = _subject(parts[begin:second])
        carried = [] if named else noun or who
    return [*told, *carried, *_unrelated(parts[begin:])] if told else list(parts)


def _relates(parts: Sequence[Concept], cut: int, second: int) -> bool:
    """Whether what begins here says more of the noun before it: `, which is …`, `, initialised …`."""
    words = [part.text.lower() for part in parts[cut : second + 1]]
    if words[0] in RELATIVE or (len(words) > 1 and words[1] in RELATIVE):
        return True
    participle = parts[second].text.lower().partition(" ")[0].endswith(("ed", "en", "drawn"))
    return parts[cut].sort in ("comma", "open") and participle and cut + 1 == second


def _unrelated(parts: Sequence[Concept]) -> list[Concept]:
    """The clause without `which` behind its subject: `W, which is frozen`."""
    told: list[Concept] = []
    for part in parts:
        if part.text.lower() in RELATIVE and told and part.text.lower() != "whose":
            noun = [other for other in told if other.sort not in ("filler", "comma")]
            if noun and noun[-1].sort in _NOUNS:
                if told[-1].sort == "comma":
                    told.pop()
                continue
        told.append(part)
    return told


def _predicate(parts: Sequence[Concept], at: int) -> bool:
    """Whether something is said by it, and it does not only stand before its noun: `trainable matrices`."""
    part = parts[at]
    if part.text.lower() in _ADDS:
        return True
    if part.sort not in _PREDICATES:
        return False
    before = parts[at - 1] if at else None
    behind = parts[at + 1] if at + 1 < len(parts) else None
    if part.sort == "law":
        near = [other.sort for other in parts[max(0, at - 4) : at]]
        if "begin" in near:
            return False
    if part.sort in ("role", "law", "shift", "add") and behind is not None and behind.sort in _NOUNS:
        word = part.text.lower().rpartition(" ")[2]
        adjective = word.endswith(("able", "ed", "en", "static", "fixed", "random"))
        return not adjective or (before is None or before.sort == "join")
    return True


def _cut(parts: Sequence[Concept], first: int, second: int) -> int | None:
    """Where the clause of the second predicate begins; None if both are in one."""
    cuts = [at for at in range(first + 1, second) if _joins(parts, at)]
    if not cuts:
        return None
    cut = cuts[-1]
    if _subject(parts[cut + 1 : second]):
        plural = any(part.text.lower() in _PLURAL for part in parts[cut + 1 : second])
        while len(cuts) > 1 and plural and parts[cut].text.lower() in ("and", ","):
            between = parts[cuts[-2] + 1 : cut]
            if not between or not all(part.sort in (*SUBJECTS, "filler", "role") for part in between):
                break
            cuts.pop()
            cut = cuts[-1]
            plural = parts[cut].text.lower() == ","
    while cut > first + 1 and _joins(parts, cut - 1):  # `, and`, `, which`
        cut -= 1
    return cut


def _joins(parts: Sequence[Concept], at: int) -> bool:
    part = parts[at]
    word = part.text.lower()
    relative = word in RELATIVE and at > 0 and parts[at - 1].sort in (*_NOUNS, "comma")
    return part.sort in ("comma", "colon", "open", "close", "end") or word in _CONJUNCTIONS or relative


def _begin(parts: Sequence[Concept], cut: int, second: int) -> int:
    """Where the words of the clause begin, behind what joins it."""
    at = cut
    while at < second and (_joins(parts, at) or parts[at].text.lower() in RELATIVE):
        if parts[at].text.lower() == "whose":
            return at
        at += 1
    return at


def _subject(parts: Sequence[Concept]) -> list[Concept]:
    """Of whom the words before a predicate speak: the last phrase that names somebody."""
    told: list[list[Concept]] = [[]]
    for part in parts:
        joins = bool(told[-1]) and part.sort == "join" and part.text.lower() in ("and", "or", "&")
        if part.sort in ("comma", "colon", "end"):
            told.append([])  # `In LoRA, W is …`
        elif joins or part.sort in (*SUBJECTS, "method", "several", "module", "noun", "role", "shape"):
            told[-1].append(part)
    for phrase in reversed(told):
        while phrase and phrase[-1].sort == "join":
            phrase.pop()
        if any(part.sort in (*SUBJECTS, "method", "noun") for part in phrase):
            return phrase
    return []


def _noun_before(parts: Sequence[Concept], at: int) -> tuple[list[Concept], int]:
    """The noun that a relative clause stands behind, `the adapter, which …`, and where it begins."""
    told: list[Concept] = []
    place = at - 1
    while place >= 0 and parts[place].sort in (*SUBJECTS, "role", "shape", "thing", "filler", "noun"):
        if parts[place].sort in (*SUBJECTS, "noun", "role", "shape"):
            told.insert(0, parts[place])
        elif told and parts[place].sort == "filler" and parts[place].text.lower() not in _DETERMINERS:
            break
        place -= 1
    while told and told[0].sort == "role" and not told[0].text.lower().endswith(("able", "ed", "en")):
        told.pop(0)
    named = any(part.sort in (*SUBJECTS, "noun") for part in told)
    return (told, place + 1) if named else ([], at)
