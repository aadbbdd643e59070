"""What is known of what stands at a position: a symbol, a claim, a key, a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lorafig.codes import codes
from lorafig.errors import LorafigError
from lorafig.language import kinds, model
from lorafig.language.docs import class_docs
from lorafig.lsp.analysis import Analysis, Lines
from lorafig.lsp.context import context
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.verify.report import Claim

_SYMBOL = re.compile(r"(?:\\Delta\s*|Δ)?(?:\\[A-Za-z]+|[^\W\d_])(?:_(?:\{[^{}]*\}|\w))?'*")


def hover(text: str, at: int, analysis: Analysis) -> str | None:
    """Markdown for an offset; None if nothing is known there."""
    parts = [*_problems(at, analysis), *_symbol(text, at, analysis), *_claims(text, at, analysis)]
    return "\n\n---\n\n".join(parts or _key(text, at)) or None


def _problems(at: int, analysis: Analysis) -> Iterator[str]:
    known = codes()
    for finding in analysis.findings:
        if finding.start <= at <= finding.end and finding.code in known:
            yield f"`{finding.code}`: {known[finding.code].title}. {known[finding.code].meaning}"


def _symbol(text: str, at: int, analysis: Analysis) -> Iterator[str]:
    """A symbol with its shape, role, size and start."""
    figure, report = analysis.figure, analysis.report
    if figure is None or report is None or report.judge is None:
        return
    from lorafig.words import symbols_of

    line_start, line_end = text.rfind("\n", 0, at) + 1, (text + "\n").find("\n", at)
    line = text[line_start:line_end]
    at -= line_start
    value = re.match(r"\s*(?:- )*(?:[\w-]+:\s*)", line)
    if value is not None and at < value.end():
        return  # on a key
    told = symbols_of(figure, report)
    # The whole word first (`merged`), then one letter with its index (`W_q` in `W_qx`).
    whole = [match for match in re.finditer(r"[^\W\d_]{2,}", line) if match.start() <= at < match.end()]
    for match in [*whole, *(match for match in _SYMBOL.finditer(line) if match.start() <= at < match.end())]:
        try:
            name = key(parse_math(match.group()))
        except LorafigError:
            continue
        if name in told:
            yield told[name]
            return


def _claims(text: str, at: int, analysis: Analysis) -> Iterator[str]:
    report = analysis.report
    if report is None:
        return
    lines = Lines(text)
    for claim in (*report.claims, *report.prose):
        if claim.where is None or claim.kind in ("diagram", "geometry"):
            continue
        start = lines.offset(claim.where)
        if start <= at <= start + len(claim.text) and "\n" not in text[min(start, at) : max(start, at)]:
            yield _claim(claim)


def _claim(claim: Claim) -> str:
    said = f"`{claim.text}` **{claim.verdict}**"
    if claim.verdict == "prose":
        return f"{said}: a text that claims nothing; nobody checks it"
    said += f" ({claim.kind})"
    said += "" if claim.detail is None else f": {claim.detail}"
    said += "" if claim.value is None else f"; its value is {claim.value}"
    said += "" if claim.counterexample is None else f"; {claim.counterexample}"
    said += "" if claim.unverified is None else f"; unverified: {claim.unverified}"
    return said if claim.hint is None else f"{said}\n\n{claim.hint}"


def _key(text: str, at: int) -> list[str]:
    """What a key is for."""
    match = next(
        (found for found in re.finditer(r"[\w-]+(?=\s*:)", text) if found.start() <= at <= found.end()), None
    )
    if match is None:
        return []
    here = context(text, match.end())
    for kind in here.kinds() if here.on_key else ():
        if isinstance(kind, kinds.Record) and match.group() in kinds.by_key(kind.cls):
            field = kinds.by_key(kind.cls)[match.group()]
            doc = class_docs()[kind.cls.__name__]
            said = doc.fields.get(field.attribute, "")
            whole = issubclass(kind.cls, model.Element) and field.key == kinds.leading(kind.cls)
            return [f"`{field.key}`: {doc.text if whole and not said else said}"]
    return []
