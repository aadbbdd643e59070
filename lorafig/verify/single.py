"""One claim by itself, as `lorafig claim` decides it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.definitions import define
from lorafig.verify.floating import Floating
from lorafig.verify.judge import Judge
from lorafig.verify.report import Claim
from lorafig.verify.symbols import of_claim
from lorafig.verify.terms import Doubt

ROUNDINGS: Mapping[str, Literal["nearest", "down"]] = {"nearest": "nearest", "down": "down"}


def decide_one(
    text: str,
    dims: Mapping[str, int],
    shapes: Mapping[str, tuple[str, ...]],
    scalars: Mapping[str, Fraction],
    lets: Sequence[str],
    adapter: str,
    rounding: str,
) -> Claim:
    if adapter not in ADAPTERS:
        raise LorafigError(
            Problem(f"there is no adapter '{adapter}'", None, f"the adapters are {', '.join(ADAPTERS)}")
        )
    if rounding not in ROUNDINGS:
        raise LorafigError(Problem(f"there is no rounding '{rounding}'", None, "it is 'nearest' or 'down'"))
    node = parse_math(text)
    definitions = [(source, parse_math(source)) for source in lets]
    names = _names([node, *(tree for _, tree in definitions)])
    try:
        symbols = of_claim(adapter, dims, shapes, scalars, names)
    except Doubt as doubt:
        raise LorafigError(Problem(doubt.what, None, doubt.hint)) from None
    values = {name: size for name, size in symbols.dimensions.items() if size is not None}
    judge = Judge(symbols, text, ROUNDINGS[rounding], Floating(values, text) if values else None)
    for source, tree in definitions:
        answer = define(tree, judge)
        if answer.verdict != "holds":
            detail = answer.detail if answer.detail is not None else answer.verdict
            raise LorafigError(
                Problem(f"the definition '{source}' {_verb(answer.verdict)}: {detail}", None, answer.hint)
            )
    return judge.judge(node).claim(text)


def _verb(verdict: str) -> str:
    return {"fails": "does not hold", "ill-typed": "is ill-typed"}.get(verdict, "cannot be decided")


def _names(nodes: Sequence[Node]) -> frozenset[str]:
    found = (key(one) for node in nodes for one in walk(node))
    return frozenset(name for name in found if name is not None)
