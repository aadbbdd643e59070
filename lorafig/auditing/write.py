"""Audits for programs and for a notebook: SARIF 2.1.0, which services that scan code show, and HTML."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from lorafig import __version__

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MARK: Mapping[str, str] = {"holds": "all hold"}
_LEVELS = {"fails": "error", "ill-typed": "error", "undetermined": "note"}
_SAYS = {
    "fails": ("FalseClaim", "A claim about the model is false."),
    "ill-typed": ("IllTypedClaim", "A formula about the model does not go together."),
    "undetermined": ("UndeterminedClaim", "A claim about the model cannot be decided."),
}


def to_sarif(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What does not hold, as one run of a tool. `documents` are entries of `audit --json`."""
    rules = [
        {
            "id": verdict,
            "name": name,
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": _LEVELS[verdict]},
        }
        for verdict, (name, text) in _SAYS.items()
    ]
    driver = {"name": "lorafig", "version": __version__, "semanticVersion": __version__, "rules": rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [result for document in documents for result in _results(document)],
            }
        ],
    }


def _results(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    rules = list(_SAYS)
    seen: dict[str, int] = {}
    for claim in document["claims"]:
        if claim["verdict"] not in _SAYS:
            continue
        text = f"'{claim['text']}': {claim['detail'] or claim['verdict']}"
        if claim["hint"]:
            text += f" ({claim['hint']})"
        region = {"startLine": claim["line"] or 1, "startColumn": claim["column"] or 1}
        file = document["file"] if claim["where"] is None else claim["where"].rsplit(":", 2)[0]
        uri = _uri(file)
        same = f"{claim['verdict']} {claim['text']}"
        seen[same] = seen.get(same, 0) + 1
        mark = hashlib.sha256(f"{uri} {same} {seen[same]}".encode()).hexdigest()[:32]
        yield {
            "ruleId": claim["verdict"],
            "ruleIndex": rules.index(claim["verdict"]),
            "level": _LEVELS[claim["verdict"]],
            "message": {"text": text},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
            "partialFingerprints": {"claim/v1": mark},
        }


def _uri(file: str) -> str:
    path = file.replace(os.sep, "/")
    return quote(path, safe="/") if not os.path.isabs(file) else "file://" + quote(path, safe="/")
