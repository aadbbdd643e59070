"""One claim by itself, as `lorafig claim` decides it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.children import children
from lorafig.notation.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify import properties
from lorafig.verify.definitions import define
from lorafig.verify.floating import Floating
from lorafig.verify.judge import Judge
from lorafig.verify.report import Claim
from lorafig.verify.symbols import of_claim
from lorafig.verify.terms import Doubt
from lorafig.verify.texts import claimed

_FONTS = re.compile(r"\\(?:text|mathrm|mathbf|textbf|textit|emph)\{([^{}]*)\}")
_SPELLINGS = (
    (re.compile(r"\s+is (?:zero|0)(?=\s|$)"), " = 0"),
    (re.compile(r"(?<![A-Za-z\\])dW(?![A-Za-z])"), "ΔW"),
    (re.compile(r"(?<![A-Za-z\\])sqrt\s*\("), "√("),
    (re.compile(r"^(?:an?|only|just)\s+(?=[0-9])", re.IGNORECASE), ""),
)
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
    source = _usual(text)
    words = plain_words(source)
    begun = properties.at_start(words)
    node, fault = _read(source if begun is None else begun)
    definitions = [(source, parse_math(source)) for source in lets]
    names = _names([*([] if node is None else [node]), *(tree for _, tree in definitions)])
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
    known, rest = properties.decide(words, symbols, text)
    if known is not None and claimed(rest) is None:
        return known.claim(text)
    if node is None:
        assert fault is not None
        raise fault
    if begun is not None:
        judge = judge.at_start()
    return judge.judge(node).claim(text)


def _usual(text: str) -> str:
    """A claim as it stands in a sentence, in the notation's own spelling: without dollars and article."""
    source = text.strip()
    for left, right in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        inner = source[len(left) : len(source) - len(right)]
        if source.startswith(left) and source.endswith(right) and inner.strip() != "" and "$" not in inner:
            source = inner
    for pattern, new in _SPELLINGS:
        source = pattern.sub(new, source)
    return source


def _read(text: str) -> tuple[Node | None, LorafigError | None]:
    """The tree of a claim. One in words may be no mathematics: then what is wrong with it is kept."""
    try:
        return parse_math(text), None
    except LorafigError as error:
        return None, error


def plain_words(text: str) -> str:
    """A claim as a sentence: without dollars, and words as they are read."""
    return _FONTS.sub(lambda match: match[1], text).replace("$", "").replace("\\Delta ", "Δ")


def _verb(verdict: str) -> str:
    return {"fails": "does not hold", "ill-typed": "is ill-typed"}.get(verdict, "cannot be decided")


def _names(nodes: Sequence[Node]) -> frozenset[str]:
    """The names in the claims: of W_0 that one, not W."""
    found: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        name = key(node)
        if name is not None:
            found.add(name)
        else:
            pending.extend(children(node))
    return frozenset(found)
