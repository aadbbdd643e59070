"""Formulas in a claim by itself that name the method that they are of: `In rsLoRA, s = α/√r`, `s = α/r for
LoRA but s = α/√r for rsLoRA`.
"""

from __future__ import annotations

import re
from functools import cache

from lorafig.core.adapters import ADAPTERS

_RELATES = re.compile(r"[=≈∈~]|\\(?:in|approx|sim)\b|:\s")
_ALSO = {"ia3": r"\(?IA\)?\^?(?:³|3|\{3\})", "rslora": "rs-?LoRA|rank-stabili[sz]ed LoRA"}
_SCALES = (
    r"(?:scales|multiplies)(?: the update| BA| its update)?(?: by| with)"
    r"|(?:uses|has) (?:the |a )?scal(?:e|ing)(?: factor)?(?: of)?"
)


@cache
def _titles() -> re.Pattern[str]:
    """The title of any method."""
    rows = sorted(ADAPTERS.values(), key=lambda row: -len(row.title))
    titles = {row.name.replace("-", "_"): _ALSO.get(row.name, re.escape(row.title)) for row in rows}
    return re.compile("|".join(f"(?P<{name}>{title})" for name, title in titles.items()), re.IGNORECASE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """A method in front of a formula, behind it, and as what scales by one; what parts such formulas."""
    method = rf"(?:(?:standard|vanilla|plain|original|classic|ordinary) )?(?:{_titles().pattern})"
    written = (
        rf"(?:in |for |with |under )?{method}\s*(?::|,|uses|has|sets|computes|gives|takes|is)\s+(?P<said>.+)",
        rf"(?P<said>.+?),?\s*(?:\(|(?:for|in|with|under)\s+){method}\)?",
        rf"{method}\s+(?:(?:{_SCALES})|(?=by )by)\s+(?P<factor>.+)",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in written)


_PARTS = re.compile(r"\s*[,;]?\s+(?:but|and|while|whereas|vs\.?|versus)\s+|\s*[;,]\s+", re.IGNORECASE)


def parts(text: str) -> list[tuple[str, str]]:
    """The methods that a text names, each with what it says of it; none of a text in which a part names no
    method, or says no formula."""
    plain = text.strip().rstrip(".")
    pieces = [_part(piece) for piece in _PARTS.split(plain)]
    if None not in pieces:
        return [piece for piece in pieces if piece is not None]
    whole = _part(plain)
    return [whole] if whole is not None and _titles().search(whole[1]) is None else []


def _part(text: str) -> tuple[str, str] | None:
    for pattern in _patterns():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        groups = match.groupdict()
        name = next(row for row in ADAPTERS if groups[row.replace("-", "_")] is not None)
        said = f"s = {groups['factor']}" if "factor" in groups else groups["said"]
        worded = re.search(r"[A-Za-z]{4,}", re.sub(r"\\[A-Za-z]+", "", said)) is not None
        if _RELATES.search(said) is not None and not worded:
            return name, said
    return None
