"""What is written otherwise here: `box: Train` for `box: [Train]` in a flow, `square: Base weights` for
`square: W` with `text: [Base weights]` in a stack, and `3,1 %` for 3.1 %."""

from __future__ import annotations

from collections.abc import Iterable, Set

from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.kinds import leading
from lorafig.language.model import Figure, FlowNode
from lorafig.pattern import Pattern
from lorafig.verify.figure.collector import place_of
from lorafig.verify.report import Claim

WORDS = "words stand where a formula is read"
_WORDS = Pattern(r"(\[?)\s*([A-Za-z][A-Za-z'-]{2,}(?:[ ,]+[A-Za-z0-9'-]+)*)\s*(\]?)")
_BESIDE = Pattern(r"(\\?[A-Za-z_0']{1,8})\s*\(([a-z][a-z-]{3,}(?: [a-z-]+)*)\)")  # `W (frozen)`

_COMMA = Pattern(r"(?<![\d.,])(\d{1,3}),(\d{1,2})(\s?[%×])")  # a decimal as many languages write it


def hinted(figure: Figure, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims; where words were taken for a symbol and not understood, with a hint that says so."""
    claims = tuple(claims)
    if all(claim.verdict in ("holds", "prose") for claim in claims):
        return claims
    spelt: dict[tuple[Place | None, str], str] = {}
    for graph in entries(figure):
        for node in graph.nodes.values() if isinstance(graph, Graph) else ():
            spec = node.spec
            key = spec.shape if isinstance(spec, FlowNode) else leading(type(spec))
            label = spec.label if isinstance(spec, FlowNode) else getattr(spec, key, None)
            found = _WORDS.fullmatch(label) if isinstance(label, str) else None
            both = _BESIDE.fullmatch(label) if isinstance(label, str) and found is None else None
            if both is not None and hasattr(spec, "text"):
                hint = f"words stand beside the symbol: {key}: {both[1]}, text: [{both[2]}]"
                spelt[place_of(label, element=spec), str(label)] = hint
            if found is None or len(found[1]) != len(found[3]):
                continue
            quoted, words = ", and not in quotes" * bool(found[1]), found[2]
            if isinstance(spec, FlowNode):
                hint = f"words stand in a list{quoted}: {key}: [{words}]"
            else:
                usual = "W" if key == "square" else "x"
                beside = f", text: [{words}]" if hasattr(spec, "text") else ""
                hint = f"a symbol stands here{', and words beside it' * bool(beside)}: {key}: {usual}{beside}"
            spelt[place_of(label, element=spec), str(label)] = hint
    hints = [spelt.get((claim.where, str(claim.text))) for claim in claims]
    unread = {
        claim.detail
        for claim, hint in zip(claims, hints, strict=True)
        if hint is not None and claim.verdict == "undetermined" and claim.detail is not None
    }
    return tuple(_told(_pointed(claim), hint, unread) for claim, hint in zip(claims, hints, strict=True))


def _pointed(claim: Claim) -> Claim:
    """The claim; where a decimal comma made two numbers of one, with a hint that says so."""
    found = None if claim.verdict in ("holds", "prose") else _COMMA.search(str(claim.text))
    if found is None:
        return claim
    return replace(claim, hint=f"a decimal has a point: {found[1]}.{found[2]}{found[3]}")


def _told(claim: Claim, hint: str | None, unread: Set[str]) -> Claim:
    """A diagram that is undetermined for the words alone says so too: it is not told of a second time."""
    if claim.verdict == "undetermined" and (
        hint is not None or (claim.kind == "diagram" and claim.detail in unread)
    ):
        return replace(claim, detail=WORDS, hint=claim.hint if hint is None else hint)
    if claim.verdict == "ill-typed" and claim.hint is None:  # that of `top` says how it is written
        return replace(claim, hint=hint)
    return claim
