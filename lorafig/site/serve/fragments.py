"""The parts of the page that are HTML: the claims with their verdicts, and the figure in words.

Text is escaped by the template; mathematics is MathML that is written from parsed trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from lorafig.resources import page_templates
from lorafig.site.markup import claim as claim_html

if TYPE_CHECKING:
    from lorafig.language.model import Figure
    from lorafig.verify.report import Report

_ORDER = ("ill-typed", "fails", "undetermined", "holds", "prose")


@dataclass(frozen=True, slots=True)
class Claim:
    text: Markup
    kind: str
    verdict: str
    line: int | None
    details: tuple[str, ...]
    hint: str | None


def claims(report: Mapping[str, Any], figure: Figure, wrong: int) -> bytes:
    """A figure's object of the report's JSON; the `wrong` claims, which keep it from holding, first."""
    from lorafig.words.labels import Labels

    labels = Labels(figure)
    rows = [_claim(claim, labels) for claim in report["claims"]]
    rows.sort(key=lambda claim: _ORDER.index(claim.verdict))
    template = page_templates("serve", ends=False).get_template("claims.html.j2")
    return template.render(claims=rows, verdict=report["verdict"], wrong=wrong).encode("utf-8", "replace")


def _claim(claim: Mapping[str, Any], labels: Any) -> Claim:
    said = [claim["detail"]]
    if claim["unverified"]:
        said.append(f"unverified: {claim['unverified']}")
    if claim["counterexample"] is not None:
        said.append(f"for one, {claim['counterexample']}")
    if claim["detail"] is None and claim["value"] is not None:
        said.append(f"computed: {claim['value']}")
    return Claim(
        claim_html(claim["text"], labels),
        claim["kind"],
        claim["verdict"],
        claim["line"],
        tuple(detail for detail in said if detail is not None),
        claim["hint"],
    )


def words(figure: Figure, report: Report) -> bytes:
    """The description, a level lower than the page's title."""
    from lorafig.words.document import document
    from lorafig.words.write.html import write

    blocks = document(figure, report).blocks  # its title is that of the page
    return f"<!doctype html><div>{write(blocks, level=2)}</div>".encode("utf-8", "replace")
