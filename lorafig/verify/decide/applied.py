"""Terms with functions in them that are not the same for every function: do they differ, or does a property
of a function make them equal?

ReLU(2x) is 2 ReLU(x), for a reason that nothing here knows: then the claim is not decided. It is false only
where the functions themselves, evaluated in float64, give sides further apart than all rounding can bring
them; and with a function of which nothing is known, where the sides differ whatever it is."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from lorafig.language.messages import listing
from lorafig.verify.decide import exact
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import Term, Undecidable

HINT = "write the same expression on both sides, or say why it is true: unverified: …"


class Apart(Struct, frozen=True):
    """`differs` says whether two terms that are not the same exactly differ; `False` if nobody can tell."""

    differs: bool
    detail: str
    hint: str | None = None
    residual: float | None = None
    bound: float | None = None


def apart(one: Term, two: Term, dimensions: Mapping[str, int | None], seed: str) -> Apart | None:
    """None if no function is in what differs: then the terms differ."""
    functions = terms.applied(one, two)
    unknown = list(dict.fromkeys(part.name for part in functions if part.known != "core"))
    if unknown:
        try:
            always = exact.settled_apart(one, two, seed)
        except Undecidable:
            always = False
        if not always:
            verb = "is a function" if len(unknown) == 1 else "are functions"
            what = (
                f"the sides are equal only if {listing(unknown, quote=False)}, which {verb} that nothing more"
            )
            return Apart(False, f"{what} is known of, makes them so", HINT)
        one, two = (terms.rebuilt(side, _nothing) for side in (one, two))
        functions = terms.applied(one, two)
    if not functions:
        return None
    from lorafig.verify.decide import sampled

    names = listing(list(dict.fromkeys(part.name for part in functions)), quote=False)
    what = f"the sides are equal only through a property of {names}"
    try:
        distance = sampled.compare(one, two, dimensions, seed)
    except Undecidable as doubt:
        return Apart(False, f"{what}, and float64 does not tell: {doubt.what}", HINT)
    if distance.within:
        said = f"{what}: they are, {distance.how}, and nothing proves it"
        return Apart(False, said, HINT, distance.apart, distance.bound)
    return Apart(True, f"the sides differ, {distance.how}", None, distance.apart, distance.bound)


def _nothing(part: Term) -> Term | None:
    """Zeros for a function of which nothing is known, where it does not matter what it is."""
    return terms.Zero(part.type) if isinstance(part, terms.Applied) and part.known != "core" else None
