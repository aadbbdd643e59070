"""What a saved adapter has in it."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.verify.read.assertions import Assertion, Saved
from lorafig.verify.read.clause import LOOSE, SUBJECTS, Clause, Context, clause, subjects

_HOLDS = frozenset(
    f"{verb}{ending}"
    for verb in ("hold", "contain", "store", "include", "keep", "save", "need", "carry", "comprise")
    for ending in ("", "s")
) | {"has", "have", "carries", "consists", "is made of"}


def saved(c: Clause, context: Context) -> list[Assertion] | None:
    """`An adapter checkpoint holds A and B but not W`, `the file of the adapter contains only A and B`."""
    if not c.has("file"):
        c = _as_file(c)
    if len(c.of("file")) != 1 or not c.within("file", "only", "neg", "all", "keep", *SUBJECTS):
        return None
    if c.of("file")[0].value == "passive":  # `only the adapter has to be saved`
        about = subjects(c.parts)
        return [Saved(about, not c.has("neg"), c.has("only"))] if about and not c.has("keep") else None
    words = list(c.whole)
    verb = next((at for at, part in enumerate(words) if part.text.lower() in _HOLDS), None)
    if verb is None or any(part.sort in (*SUBJECTS, "neg") for part in words[:verb]) or len(c.of("neg")) > 1:
        return None
    turn = next((at for at, part in enumerate(words) if part.sort == "neg"), len(words))
    inside, outside = subjects(words[verb:turn]), subjects(words[turn:])
    if turn < verb or not (inside or outside) or (turn < len(words) and not outside):
        return None
    only = any(part.sort == "only" for part in words[verb:turn])
    said: list[Assertion] = [Saved(inside, True, only)] if inside else []
    return [*said, Saved(outside, False)] if outside else said


def _as_file(c: Clause) -> Clause:
    """`An adapter stores A and B and not W`: what it stores is what is saved of it."""
    words = list(c.whole)
    at = next((at for at, part in enumerate(words) if part.sort not in LOOSE), 0)
    verb = words[at + 1].text.lower() if at + 1 < len(words) else ""
    own = at < len(words) and words[at].sort == "subject" and words[at].value == "adapter"
    if not own or verb not in ("stores", "store", "contains", "contain", "saves", "holds"):
        return c
    return clause([*words[:at], replace(words[at], sort="file", value=""), *words[at + 1 :]])
