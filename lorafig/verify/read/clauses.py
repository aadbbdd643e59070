"""A sentence as the statements that it is made of: at `and`, `where`, semicolons, brackets and headings, if
what stands on both sides states something."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lorafig.verify.read.texts import at_start, turning

# A heading before a statement, `Savings: …`: of what is not a statement itself.
_HEADING = r"^(?P<head>[A-Za-z][A-Za-z ()/-]{3,60}):\s+(?P<rest>.+)$"
_STATES = r"[=∈∼~≈≪≫<>≤≥≠←:]|\\(?:in|sim|approx|ll|gg|leq?|geq?|neq?|to)\b|→"
_STATEMENT = rf"(?=.*(?:{_STATES}|\bis\b|\bare\b))"
_JOINTS = (
    "with|where|while|whereas|whose|which|such that|so that|so|for|given|when|because|since|vs\\.?|versus"
    "|against"
)
_ARROWS = r"→|⟶|\\(?:to|rightarrow|longrightarrow)"
_BOUND = re.compile(
    rf"\s*(?:(?<!\\);|,?\s*\\q?quad{_STATEMENT}|\s(?:{_ARROWS})\s{_STATEMENT}"
    rf"|,?(?:\s+|(?<=\s))(?:{_JOINTS})\s+{_STATEMENT}|,\s*(?:and\s+)?(?=\S+\s+is\s)"
    r"|\.\s+(?=[A-Z])|,?(?:\s+|(?<=\s))and\s+)\s*"
)
# What stands in brackets behind a statement: `s = 2 (α = 16, r = 8)`, `2dr = 12,288 \quad (48× fewer)`.
_SETTING = re.compile(
    rf"\s*(?:\\q?quad\s*\((?P<aside>(?:[^()]|\([^()]*\))*)\)|\((?P<said>\\?[A-Za-zα][^()]*(?:{_STATES})[^()]*)\))\s*$"
)
_PARENTHETICAL = (
    r"\s*\((?P<said>[A-Za-z][a-z-]{1,}(?:[ ,]+[a-z-]{2,}){0,6}"
    r"|[0-9.,]+\s*(?:[×x%]|times)\s*(?:fewer|less|smaller|reduction)[^()]*)\)"
)
_PROPERTY = r"frozen|trainable|trained|fixed|learned|learnable"


def parts(text: str, states: Callable[[str], bool]) -> Iterator[str]:
    """The statements that a sentence is made of, where each of its parts is one; itself otherwise."""
    text, said = _aside(text)
    behind = _SETTING.search(text)
    if behind is not None and behind["aside"] and not states(behind["aside"]):
        text, said = text[: behind.start()], [*said, behind["aside"]]
    yield from said
    pieces = [piece for between in _apart(text) if (piece := _unspaced(between)) != ""]
    joined: list[str] = []
    for piece in pieces:
        # What is not a statement belongs to the one before it: `x and y are rows`.
        if not _is_balanced(piece) or (joined and not (states(piece) and states(joined[-1]))):
            joined = []
            break
        joined.append(piece)
    yield from joined if len(joined) > 1 else [text]


def _apart(text: str) -> list[str]:
    """What stands between the joints of a sentence that no brackets are around."""
    found: list[str] = []
    begin = 0
    for match in _BOUND.finditer(text):
        space = re.search(_ARROWS, match[0]) and re.search(r":[^=∈]*$", text[begin : match.start()])
        if _is_balanced(text[: match.start()]) and not space:  # `A: ℝ^k → ℝ^r, B: ℝ^r → ℝ^d` maps
            found.append(text[begin : match.start()])
            begin = match.end()
    last = text[begin:]
    setting = _SETTING.search(last)
    if setting is not None and (found or states(last[: setting.start()])):
        return [*found, last[: setting.start()], setting["said"] or setting["aside"]]
    return [*found, last]


def _unspaced(piece: str) -> str:
    """A statement without the marks and spaces around it."""
    return re.sub(r"^(?:\\q?quad|\\[,;:! ]|[\s,.;…])+|(?:\\q?quad|\\[,;:!]|[\s,.;…])+$", "", piece)


def _is_balanced(text: str) -> bool:
    return all(text.count(first) == text.count(last) for first, last in ("()", "[]", "{}"))


def _aside(text: str) -> tuple[str, list[str]]:
    """The sentence without words in brackets, and these: about the symbol that the sentence begins with."""
    said: list[str] = []

    def take(match: re.Match[str]) -> str:
        words = match["said"]
        if words[0].isdigit():
            said.append(words)
            return ""
        head = re.match(r"\s*(\\?[A-Za-zΔ][A-Za-z0-9_'₀-₉]*)", text[: match.start()])
        if head is not None and re.fullmatch(_PROPERTY, words.strip(), re.IGNORECASE) is not None:
            said.append(f"{head[1]} is {words.strip()}")
            return ""
        if at_start(words) is not None:
            return f" {words}"
        return match[0] if turning().search(words) is not None or not words.islower() else ""

    return re.sub(_PARENTHETICAL, take, text), said


def heading(text: str) -> str:
    """The text without a heading that says nothing itself."""
    match = re.match(_HEADING, text, re.DOTALL)
    if match is None or turning().search(match["head"]) is not None:
        return text
    words = re.findall(r"[A-Za-z]+", match["head"])
    return match["rest"] if all(len(word) > 2 for word in words) else text


def states(text: str) -> bool:
    """Whether there is a relation in the text."""
    return re.search(_STATES, text) is not None
