"""Words of Markdown, notebooks and plain text: emphasis, links, code spans, mathematics between dollars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from lorafig.auditing.documents.block import Builder

URL = re.compile(r"(?:https?|ftp)://[^\s<>\"'`|]*[^\s<>\"'`|.,;:!?)\]}]|\bwww\.[^\s<>\"'`|)]+")
_ADDRESS = re.compile(r"<(?:https?|mailto|ftp):[^>\s]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>|<!--.{0,4000}?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_ROLE = re.compile(r"\{math\}`([^`]{1,4000})`")
_LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]{0,500}\]){0,1000})\](?:\([^()]{0,2000}(?:\([^()]{0,500}\)[^()]{0,500})?\)|\[[^\[\]]{0,500}\])"
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_MATH = (
    re.compile(r"\$`(?P<inner>[^`]{1,4000})`\$"),
    re.compile(r"\$\$(?P<inner>.{1,4000}?)\$\$", re.DOTALL),
    re.compile(r"\$(?P<inner>(?=\S)(?:\\.|[^\\$]){0,2000}?(?<=\S))\$(?!\d)", re.DOTALL),
    re.compile(r"\\\((?P<inner>.{1,4000}?)\\\)", re.DOTALL),
    re.compile(r"\\\[(?P<inner>.{1,4000}?)\\\]", re.DOTALL),
)
_CODE = re.compile(r"(`{1,20})(?P<inner>.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
# Code that a reader reads as a statement of sizes: `r = 8`, `lora_alpha=32`, `q_proj`.
_STATED = re.compile(r"[A-Za-z_]\w{0,30}(?:\s*[=:]\s*[\d.,]{1,20})?")
MAX_DEPTH = 8  # links within links; what stands between marks is bounded too, lest all of a page be tried


def inline(text: str, places: Sequence[int], built: Builder, markup: bool = True, depth: int = 0) -> None:
    """Adds the words and the mathematics of a text; without `markup` all but dollars are words."""
    at = 0
    while at < len(text):
        end = _mathematics(text, places, at, built)
        if end == at and markup:
            end = _markup(text, places, at, built, depth)
        if end == at:
            match = URL.match(text, at) if text[at] in "hfw" else None
            if match is None:
                built.word(text[at], [places[at]])
                end = at + 1
            else:
                end = match.end()
        at = end


def _mathematics(text: str, places: Sequence[int], at: int, built: Builder) -> int:
    if text[at] not in "$\\":
        return at
    for pattern in _MATH:
        match = pattern.match(text, at)
        if match is not None:
            start, end = match.span("inner")
            built.math(text[start:end].replace("\n", " "), places[start:end])
            return match.end()
    return at


def _markup(text: str, places: Sequence[int], at: int, built: Builder, depth: int) -> int:
    char = text[at]
    if char == "`" and (code := _CODE.match(text, at)) is not None:
        start, end = code.span("inner")
        if _STATED.fullmatch(text[start:end].strip()):
            built.word(text[start:end], places[start:end])
        else:
            built.sign(" … ", places[at])
        return code.end()
    if char == "{" and (role := _ROLE.match(text, at)) is not None:
        built.math(role[1], places[role.start(1) : role.end(1)])
        return role.end()
    if char in "![" and depth < MAX_DEPTH and (link := _LINK.match(text, at)) is not None:
        start, end = link.span(1)
        inline(text[start:end], places[start:end], built, True, depth + 1)
        return link.end()
    if char == "[" and (note := _FOOTNOTE.match(text, at)) is not None:
        return note.end()
    if char == "<" and (tag := _ADDRESS.match(text, at) or _TAG.match(text, at)) is not None:
        built.sign(" " if tag[0].lower().startswith(("<br", "<p", "</p")) else "", places[at])
        return tag.end()
    if char == "&" and (entity := _ENTITY.match(text, at)) is not None:
        built.sign(unescape(entity[0]), places[at])
        return entity.end()
    if char == "\\" and text[at + 1 : at + 2] and not text[at + 1].isalnum() and not text[at + 1].isspace():
        built.word(text[at + 1], [places[at + 1]])
        return at + 2
    if char in "*_~":
        return _emphasis(text, at)
    return at


def _emphasis(text: str, at: int) -> int:
    """Past the marks of emphasis; a sign within a word or between blanks is not a mark."""
    end = at
    while text[end : end + 1] == text[at]:
        end += 1
    before, after = text[at - 1 : at] if at else "", text[end : end + 1]
    opens = after != "" and not after.isspace()
    closes = before != "" and not before.isspace()
    if text[at] == "~" and end - at < 2:
        return at
    if text[at] == "_" and opens and closes and before.isalnum() and after.isalnum():
        return at
    return end if opens != closes or (opens and not (before.isalnum() and after.isalnum())) else at
