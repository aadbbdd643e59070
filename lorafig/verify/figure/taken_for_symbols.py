"""Words on a node of a flow that stand where a symbol is read: `box: Train` for `box: [Train]`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.model import Figure, FlowNode
from lorafig.verify.figure.collector import place_of
from lorafig.verify.report import Claim

_WORDS = re.compile(r"[A-Za-z][A-Za-z'-]{2,}(?:[ ,]+[A-Za-z0-9'-]+)*")


def hinted(figure: Figure, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims; where words were taken for a symbol and not understood, with a hint that says so."""
    claims = tuple(claims)
    if all(claim.verdict in ("holds", "prose") for claim in claims):
        return claims
    spelt: dict[tuple[Place | None, str], str] = {}
    for graph in entries(figure):
        for node in graph.nodes.values() if isinstance(graph, Graph) else ():
            spec = node.spec
            if isinstance(spec, FlowNode) and isinstance(spec.label, str) and _WORDS.fullmatch(spec.label):
                hint = f"words stand in a list: {spec.shape}: [{spec.label}]"
                spelt[place_of(spec.label, element=spec), str(spec.label)] = hint
    return tuple(_told(claim, spelt.get((claim.where, str(claim.text)))) for claim in claims)


def _told(claim: Claim, hint: str | None) -> Claim:
    unread = claim.verdict in ("undetermined", "ill-typed")
    return replace(claim, hint=hint) if unread and hint is not None else claim
