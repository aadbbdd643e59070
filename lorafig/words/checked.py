"""What was checked, in words: how many claims hold, and those that are not decided or not so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lorafig.errors import LorafigError
from lorafig.verify.report import Claim, Report
from lorafig.verify.verdicts import Kind
from lorafig.words import blocks
from lorafig.words.blocks import Block, Phrase, after, bullets, listing, paragraph, phrase
from lorafig.words.facts import Facts
from lorafig.words.labels import quantity

# What the kinds of claims are called, one and several.
KINDS: dict[Kind, tuple[str, str]] = {
    "equation": ("equation", "equations"),
    "shape": ("shape", "shapes"),
    "init": ("initial value", "initial values"),
    "count": ("count", "counts"),
    "ratio": ("ratio", "ratios"),
    "percent": ("percentage", "percentages"),
    "inequality": ("inequality", "inequalities"),
    "rank": ("rank", "ranks"),
    "property": ("property", "properties"),
    "diagram": ("statement of the drawing", "statements of the drawing"),
    "geometry": ("length or place", "lengths or places"),
}


def section(facts: Facts, report: Report) -> Iterator[Block]:
    yield blocks.section("Checked", *_told(facts, report))


def _told(facts: Facts, report: Report) -> Iterator[Block]:
    held = [claim for claim in report.claims if claim.verdict == "holds" and not claim.assumed]
    assumed = [claim for claim in report.claims if claim.assumed]
    kinds = Counter(claim.kind for claim in held)
    counted = [f"{count:,} {KINDS[kind][count != 1]}" for kind, count in kinds.items()]
    if not report.claims:
        yield paragraph("The figure claims nothing that can be checked.")
    elif held:
        verb = "holds" if len(held) == 1 else "hold"
        all_ = (
            "" if len(held) < len(report.claims) - len(assumed) else "All " if len(held) > 1 else "The only "
        )
        number = quantity(len(held), "claim") if all_ != "The only " else "claim"
        yield paragraph(f"{all_}{number} on this figure {verb}: " + listing(counted) + ".")
    if assumed:
        yield paragraph("Assumed, as the figure says:")
        yield bullets(_assumed(claim, facts) + "." for claim in assumed)
    if report.unverified:
        yield paragraph("Not decided, and there for the reason that the figure gives:")
        yield bullets(_quoted(claim) + ": " + _reason(claim, facts) + "." for claim in report.unverified)
    wrong = [claim for claim in report.claims if not claim.stands]
    if wrong:
        yield paragraph("Not so, or not decided:")
        yield bullets(_wrong(claim) for claim in wrong)


def _reason(claim: Claim, facts: Facts) -> Phrase:
    return facts.labels.text("" if claim.unverified is None else claim.unverified.rstrip().rstrip("."))


def _assumed(claim: Claim, facts: Facts) -> Phrase:
    try:
        return facts.labels.spoken(str(claim.text))
    except LorafigError:  # it stands in a text
        return _quoted(claim)


def _quoted(claim: Claim) -> Phrase:
    return "“" + phrase(str(claim.text)) + "”"


def _wrong(claim: Claim) -> Phrase:
    verb = {"fails": "does not hold", "ill-typed": "is ill-typed"}.get(claim.verdict, "cannot be decided")
    return _quoted(claim) + f" {verb}" + after(": ", claim.detail) + "."
