"""The words on a step of a pipeline: what they say is done there must be what the step does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lorafig.verify.decide.answer import Answer
from lorafig.verify.read.concepts import language_of
from lorafig.verify.read.lexicon import Lexicon, Meaning, folded, lexicon

# The role of what looks like an area of the palette.
MARKS: Mapping[str, str] = {"frozen": "frozen", "adapter": "trained", "merged": "merged"}
# What a step may be called that it is not named after.
ALSO: Mapping[str, frozenset[str]] = {
    "load_adapter": frozenset({"load", "inject", "load_adapter", "unmerge"}),
    "forward": frozenset({"load", "train", "save", "merge", "unmerge", "freeze", "inject", "forward"}),
}
# Whom a step cannot be about, unless its words name the adapter too: of an act of the adapter, the weights.
NOT_OF: Mapping[str, frozenset[str]] = {
    "train": frozenset({"base"}),
    "save": frozenset({"base", "merged", "whole"}),
    "load": frozenset({"merged"}),
    "inject": frozenset({"merged", "other"}),
    "load_adapter": frozenset({"merged"}),
    "freeze": frozenset({"merged", "gradient"}),
    "merge": frozenset({"apart", "latency"}),
}


# The looks of the palette that each step has nothing to do with.
NOT_LIKE: Mapping[str, frozenset[str]] = {
    "load": frozenset({"adapter", "merged"}),
    "freeze": frozenset({"adapter", "merged"}),
    "inject": frozenset({"frozen", "merged"}),
    "train": frozenset({"frozen", "merged"}),
    "merge": frozenset({"frozen", "adapter"}),
    "unmerge": frozenset({"merged"}),
}


def looks(like: str, does: Sequence[str]) -> Answer | None:
    """The verdict on a look that no step of a node has anything to do with; None for one that fits."""
    if not all(like in NOT_LIKE.get(step, ()) for step in does):
        return None
    hint = "leave out the class, or its like"
    return _wrong(f"the step is {' and '.join(does)}, and it looks like what is {MARKS[like]}", hint)


def called(
    lines: Sequence[str], does: Sequence[str], puts: Sequence[str] = (), otherwise: str = "en"
) -> Answer | None:
    """The verdict on words that name another act than the step does, or do it to another thing, or put
    adapters beside other projections than `puts`; None for words that do not."""
    text = " ".join(lines)
    language, words = language_of(text, otherwise), folded(text)
    known, named = lexicon(f"{language}.steps"), lexicon(language)
    told = _told(words, known, named)
    acts = [(place, meaning.value) for place, meaning in told if meaning.sort == "action"]
    about = _about([meaning for _, meaning in told], text)
    steps = " and ".join(does)
    if acts and not (known.first and acts[0][0] > 1 and not about & {"no"}):
        place, act = acts[0]
        allowed = set(does) | {other for step in does for other in ALSO.get(step, ())}
        turned = any(meaning.sort == "neg" and at < place for at, meaning in told)
        if act not in allowed or turned:
            said = f"no {act}" if turned else act
            hint = "write what the step does, or give it another one: does: …"
            return _wrong(f"the words say {said}, and the step is {steps}", hint)
    beside = _projections(words, known)
    # Of a list of letters, and of an English one, every member is known.
    listed = language == "en" or len(beside & set(words)) > 1
    if language == "es" and "o" in words:  # `q o v` or `q, k, v, o`
        beside |= {"o"} & set(puts)
    if puts and beside and (beside != set(puts) if listed else beside - set(puts)):
        what = f"the words name {', '.join(sorted(beside))}, and adapters are put beside {', '.join(puts)}"
        return _wrong(what, "name the projections of the step")
    for step in does:
        wrong = about & NOT_OF.get(step, frozenset())
        always = wrong & {"merged", "apart", "other", "latency", "gradient"}
        if len(does) == 1 and wrong and ("adapter" not in about or always):
            return _wrong(f"the step is {step}, which is not of that", "write what the step does")
    return None


def step_of(lines: Sequence[str], otherwise: str = "en") -> str:
    """The step that words tell by what they begin with, `Train A and B`, or by what is there then, `Merged`;
    '' if they tell none, or do it to what is not known: `Train the tokenizer`."""
    text = " ".join(lines)
    language, words = language_of(text, otherwise), folded(text)
    known, named = lexicon(f"{language}.steps"), lexicon(language)
    told = _told(words, known, named)
    about = _about([meaning for _, meaning in told], text)
    strange = any(_is_strange(words, place, known, named) for place in range(len(words)))
    acts = [(place, meaning.value) for place, meaning in told if meaning.sort in ("action", "before")]
    about |= {"base"} if "w" in words else set()
    about |= {"adapter"} if {"a", "b"} <= set(words) else set()
    if any(meaning.sort == "neg" for _, meaning in told) or len(acts) > 1:
        return ""
    if acts:
        place, act = acts[0]
        if (known.first and place > 0) or (strange and not about & {"adapter", "base", "update", "merged"}):
            return ""
        whole = act in ("load", "freeze") and "base" not in about
        other = act in ("inject", "train", "save", "merge") and about & {"base", "other"} and not (
            about & {"adapter", "update"} or act == "merge"
        )  # fmt: skip
        return "" if whole or other else act
    later = any(
        match is not None and match[0].sort == "phase"
        for match in map(known.at, [words] * len(words), range(len(words)))
    )
    states = {frozenset({"base"}): "load", frozenset({"merged"}): "" if later else "merge"}
    return "" if strange else states.get(frozenset(about - {"model"}), "")


def _is_strange(words: Sequence[str], place: int, known: Lexicon, named: Lexicon) -> bool:
    """Whether a word is in no phrase, and is not a symbol."""
    inside = any(
        match is not None and at + match[1] > place
        for at in range(max(0, place - 5), place + 1)
        for match in (known.at(words, at), named.at(words, at))
    )
    return not inside and len(words[place]) > 2


def phase(title: str, does: Sequence[str], otherwise: str) -> Answer | None:
    """The verdict on the title of a group of steps that calls them by another time than they are done at."""
    words = folded(title)
    known = lexicon(f"{language_of(title, otherwise)}.steps")
    found = (known.at(words, place) for place in range(len(words)))
    named = {told[0].value for told in found if told is not None and told[0].sort == "phase"}
    late = {"merge", "load_adapter", "forward", "unmerge"}
    if len(named) != 1 or not does:
        return None
    trains = named == {"training"}
    if (trains and not set(does) <= late) or (not trains and "train" not in does):
        return None
    detail = f"the steps are {' and '.join(dict.fromkeys(does))}, and the title says {named.pop()}"
    return _wrong(detail, "call them by what they do")


def _projections(words: Sequence[str], known: Lexicon) -> set[str]:
    """The projections of the attention that words name: `queries and values`, `q、k、v 和输出投影`."""
    found = (known.at(words, place) for place in range(len(words)))
    told = {match[0].value for match in found if match is not None and match[0].sort == "projection"}
    return set() if told == {"k"} and words[0] == "key" else told  # `Key step: insert the adapters`


def of_line(text: str, kind: str, otherwise: str) -> Answer | None:
    """The verdict on words for edges of a kind that name edges of another kind alone."""
    known, words = lexicon(f"{language_of(text, otherwise)}.steps"), folded(text)
    found = (known.at(words, place) for place in range(len(words)))
    named = {told[0].value for told in found if told is not None and told[0].sort == "line"}
    if not named or kind in named or (kind == "skip" and "data" in named):
        return None
    what = f"the words say {' and '.join(sorted(named))}, and these edges are of the kind {kind}"
    return _wrong(what, "write what they are, or give them another kind")


def _wrong(detail: str, hint: str) -> Answer:
    return Answer("diagram", "fails", detail=detail, hint=hint)


def _told(words: Sequence[str], known: Lexicon, named: Lexicon) -> list[tuple[int, Meaning]]:
    """Acts and what words speak of, each at its place; the longer first: `预训练权重` trains nothing."""
    told: list[tuple[int, Meaning]] = []
    place = 0
    while place < len(words):
        act, thing = known.at(words, place), named.at(words, place)
        match = act
        if thing is not None and (
            act is None or (thing[1] >= act[1] and thing[0].sort in ("subject", "stage"))
        ):
            match = thing
        if match is None:
            place += 1
            continue
        told.append((place, match[0]))
        place += match[1]
    things = ((place, known.at(words, place)) for place in range(len(words)))  # of `every layer norm` too
    told += [(place, thing[0]) for place, thing in things if thing is not None and thing[0].sort == "object"]
    return told


def _about(meanings: Sequence[Meaning], text: str) -> set[str]:
    """Whom the words speak of, and what else tells a step from another."""
    about = {meaning.value for meaning in meanings if meaning.sort in ("subject", "object")}
    sorts = {meaning.sort for meaning in meanings}
    if "model" in about and "all" in sorts:
        about.add("whole")
    for meaning in meanings:
        if meaning.sort == "stage":
            about.add({"merged": "merged", "training": "apart"}.get(meaning.value, meaning.value))
    if "merge" in sorts:
        about.add("merged")
    if "latency" in sorts and "neg" not in sorts:
        about.add("latency")
    if "gradient" in sorts and "neg" not in sorts:
        about.add("gradient")
    if "−" in text or " - " in text:
        about.add("apart")
    return about
