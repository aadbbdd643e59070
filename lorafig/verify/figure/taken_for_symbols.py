"""Words that stand where a symbol is read: `box: Train` for `box: [Train]` in a flow, `square: Base weights`
for `square: W` with `text: [Base weights]` in a stack."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph
from lorafig.language.kinds import leading
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
            key = spec.shape if isinstance(spec, FlowNode) else leading(type(spec))
            label = spec.label if isinstance(spec, FlowNode) else getattr(spec, key, None)
            if isinstance(spec, FlowNode):
                hint = f"words stand in a list: {key}: [{label}]"
            else:
                usual = "W" if key == "square" else "x"
                beside = f", text: [{label}]" if hasattr(spec, "text") else ""
                hint = f"a symbol stands here{', and words beside it' * bool(beside)}: {key}: {usual}{beside}"
            if isinstance(label, str) and _WORDS.fullmatch(label):
                spelt[place_of(label, element=spec), str(label)] = hint
    return tuple(_told(claim, spelt.get((claim.where, str(claim.text)))) for claim in claims)


def _told(claim: Claim, hint: str | None) -> Claim:
    unread = claim.verdict in ("undetermined", "ill-typed")
    return replace(claim, hint=hint) if unread and hint is not None else claim
