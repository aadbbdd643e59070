"""The words on a step of a pipeline: what they say is done there must be what the step does."""

from __future__ import annotations

from collections.abc import Sequence

from lorafig.verify.decide.answer import Answer
from lorafig.verify.read.lexicon import folded, lexicon

# What a step may be called that it is not named after.
ALSO: dict[str, frozenset[str]] = {
    "load_adapter": frozenset({"load", "inject", "load_adapter", "keep"}),
    "forward": frozenset({"load", "train", "save", "merge", "freeze", "inject", "forward"}),
}


def called(lines: Sequence[str], does: Sequence[str]) -> Answer | None:
    """The verdict on words that begin with an act; None for words that begin with none."""
    from lorafig.verify.read.concepts import language_of

    text = " ".join(lines)
    known, words = lexicon(f"{language_of(text)}.steps"), folded(text)
    named = lexicon(language_of(text))
    acts = []
    place = 0
    while place < len(words):
        match, thing = known.at(words, place), named.at(words, place)
        if thing is not None and thing[0].sort in ("subject", "stage") and thing[1] > (match or thing)[1] - 1:
            place += thing[1]  # `预训练权重` trains nothing
        elif match is not None:
            acts.append((place, match[0].value))
            place += match[1]
        else:
            place += 1
    if not acts or (known.first and acts[0][0] > 1):
        return None
    act = acts[0][1]
    allowed = set(does) | {other for step in does for other in ALSO.get(step, ())}
    if act in allowed:
        about = _about(text)
        wrong = ("base" in about and act == "train") or (about & {"base", "merged"} and act == "save")
        if not wrong or "adapter" in about:
            return None
        detail = f"the step is {act}, which is of the adapter alone"
        return Answer("diagram", "fails", detail=detail, hint="write what the step does")
    detail = f"the words say {act}, and the step is {' and '.join(does)}"
    return Answer(
        "diagram", "fails", detail=detail, hint="write what the step does, or give it another one: does: …"
    )


def _about(text: str) -> set[str]:
    """Whom words speak of."""
    from lorafig.verify.read.concepts import language_of

    known, words, named, place = lexicon(language_of(text)), folded(text), set(), 0
    while place < len(words):
        match = known.at(words, place)
        if match is not None and match[0].sort == "subject":
            named.add(match[0].value)
        place += 1 if match is None else match[1]
    return named
