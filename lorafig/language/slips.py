"""Slips of the pen that a parser of YAML blames on another place: what is wrong, and where it is."""

from __future__ import annotations

import re
from typing import NamedTuple

_KEY = re.compile(r"(?P<indent>[ ]*(?:- )*)(?P<key>[A-Za-z_][\w-]*):(?P<rest>[^\s:/][^\n]*)$")
_QUOTE_BEGINS = frozenset(" \t\n,[{:-")


class Slip(NamedTuple):
    what: str
    at: int
    hint: str


def find(text: str, at: int) -> Slip | None:
    """The slip behind an error of syntax that the parser met at `at`; None if none is seen there."""
    return (
        _comment_in_brackets(text, at)
        or _quote_within(text, at)
        or _key_without_blank(text, at)
        or _semicolon(text, at)
    )


def _comment_in_brackets(text: str, at: int) -> Slip | None:
    """`{fill: #0072B2}`: what follows '#' is a comment, the closing bracket too."""
    depth, index, quote, comment = 0, 0, "", -1
    end = min(len(text), at + 1)
    while index < end:
        char = text[index]
        before = text[index - 1] if index else "\n"
        if quote:
            if char == "\\" and quote == '"':
                index += 1
            elif char == quote:
                quote = ""
        elif char in "'\"" and before in _QUOTE_BEGINS:
            quote = char
        elif char == "#" and before.isspace():
            line_end = text.find("\n", index)
            if depth > 0 and any(bracket in text[index:line_end] for bracket in "]}"):
                comment = index
            index = len(text) if line_end < 0 else line_end
            continue
        elif char in "[{" and (depth > 0 or before in " \t\n,[{:-"):
            depth += 1
        elif char in "]}" and depth > 0:
            depth -= 1
            if depth == 0:
                comment = -1
        index += 1
    if comment < 0:
        return None
    rest = text[comment : text.find("\n", comment)]
    shown = re.split(r"[\]},]", rest, maxsplit=1)[0].strip()
    what = "'#' begins a comment in YAML, and the bracket that follows is part of it"
    start = max(text.rfind(mark, 0, comment) for mark in ":,[{") + 1
    value = (text[start:comment].strip() + " " + shown).strip()
    return Slip(what, comment, f"in quotes it is text: '{value}'")


def _quote_within(text: str, at: int) -> Slip | None:
    """`'LoRA's rank'`: an apostrophe ends a text in single quotes, and more text follows."""
    close = at - 1
    while close > 0 and text[close] in " \t":
        close -= 1
    if close <= 0 or text[close] not in "'\"":
        return None
    quote = text[close]
    begin = _opening(text, close)
    if begin is None:
        return None
    line_end = text.find("\n", close)
    rest = text[close + 1 : len(text) if line_end < 0 else line_end]
    if "\n" in text[begin:close]:
        what = "a quote that is not closed on its line: it ends at the next one, in another value"
        return Slip(what, begin, f"add {quote} at the end of the text")
    if rest.lstrip()[:1] in ("'", '"') and rest[:1].isspace():
        return Slip("a ',' between two texts is missing", close + len(rest) - len(rest.lstrip()), "write it")
    if rest[:1].isspace() or rest == "":
        what = "text goes on after its closing quote"
        return Slip(what, close, "quote the whole of the text, or nothing of it")
    what = f"this {quote} ends the text, and more follows"
    last = re.search(re.escape(quote) + r"(?=[\s\]},]*$)", rest)  # before the brackets that it stands in
    whole = rest.rstrip() if last is None else rest[: last.start()]
    written = quote * 2 if quote == "'" else '\\"'
    within = f"{quote}{text[begin + 1 : close]}{written}{whole.replace(quote, written)}{quote}"
    return Slip(what, close, f"write it as {written} within the quotes: {within}")


def _opening(text: str, close: int) -> int | None:
    """Where the text in quotes that ends at `close` begins."""
    quote, index, begin = "", 0, -1
    while index <= close:
        char = text[index]
        if quote:
            if (char == "\\" and quote == '"') or (
                char == quote and text[index + 1 : index + 2] == quote == "'"
            ):
                index += 1
            elif char == quote:
                if index == close:
                    return begin
                quote = ""
        elif char in "'\"" and (index == 0 or text[index - 1] in _QUOTE_BEGINS):
            quote, begin = char, index
        elif char == "#" and (index == 0 or text[index - 1].isspace()):
            line_end = text.find("\n", index)
            index = len(text) if line_end < 0 else line_end
            continue
        index += 1
    return None


def _key_without_blank(text: str, at: int) -> Slip | None:
    """`id:mine`, on the line of the error or on the last one before it that is not empty."""
    line = text.rfind("\n", 0, at) + 1
    for _ in range(2):
        end = text.find("\n", line)
        match = _KEY.match(text[line : len(text) if end < 0 else end])
        if match is not None:
            place = line + len(match["indent"]) + len(match["key"])
            what = f"the key '{match['key'][:40]}' has no blank after its ':'"
            return Slip(what, place, f"write {match['key'][:40]}: {match['rest'].strip()[:60]}")
        while line > 0:
            line = text.rfind("\n", 0, line - 1) + 1
            if text[line : text.find("\n", line)].strip() != "":
                break
    return None


def _semicolon(text: str, at: int) -> Slip | None:
    """`{d: 256; r: 4}`: entries are parted by another sign."""
    line = text.rfind("\n", 0, at) + 1
    match = re.search(
        r";\s*[A-Za-z_][\w-]*:", text[line : text.find("\n", at) if "\n" in text[at:] else len(text)]
    )
    if match is None or text[line : line + match.start()].count("{") <= text[
        line : line + match.start()
    ].count("}"):
        return None
    return Slip("';' between two entries", line + match.start(), "write ',' between them")
