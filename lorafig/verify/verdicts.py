"""The kinds of claims, and the verdicts on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["holds", "prose", "undetermined", "fails", "ill-typed"]
Kind: TypeAlias = Literal[
    "equation",
    "shape",
    "init",
    "count",
    "ratio",
    "percent",
    "inequality",
    "rank",
    "property",
    "diagram",
    "geometry",
]
SEVERITY: Mapping[Verdict, int] = {"holds": 0, "prose": 0, "undetermined": 1, "fails": 2, "ill-typed": 3}
EQUATION = "an equation stands where a symbol is read"
