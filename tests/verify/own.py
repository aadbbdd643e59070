"""Figures of their own symbols, for tests: a spec of equations with a model."""

from __future__ import annotations

from typing import Any

from lorafig.language import from_data
from lorafig.language.model import Figure


def figure(model: dict[str, Any], *equations: str, **more: Any) -> Figure:
    row = more.pop("row", [{"equations": list(equations)}] if equations else [])
    return from_data({"id": "own", "title": "A figure", "model": model, "row": row, **more})


def verdicts(drawn: Figure) -> dict[str, str]:
    """The verdict on each text."""
    from lorafig.verify import verify

    return {claim.text: claim.verdict for claim in verify(drawn).claims}


def details(drawn: Figure) -> dict[str, str]:
    from lorafig.verify import verify

    return {claim.text: f"{claim.detail}" for claim in verify(drawn).claims}
