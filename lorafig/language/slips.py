"""Slips of the pen that a parser of YAML blames on another place: what is wrong, and where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_KEY = re.compile(r"(?P<indent>[ ]*(?:- )*)(?P<key>[A-Za-z_][\w-]*):(?P<rest>[^\s:/][^\n]*)$")
_QUOTE_BEGINS = frozenset(" \t\n,[{:-")


class Slip(NamedTuple):
    what: str
    at: int
    hint: str
    code: str = "yaml-syntax"


def find(text: str, at: int) -> Slip | None:
    """The slip behind an error of syntax that the parser met at `at`; None if none is seen there."""
    return (
        _fence(text)
        or _comment_in_brackets(text, at)
        or _key_after_comma(text, at)
        or _other_comment(text, at)
        or _quote_within(text, at)
        or _key_without_blank(text, at)
        or _dash_without_blank(text, at)
        or _semicolon(text, at)
        or _indented(text, at)
        or _colon_in_text(text, at)
        or _other_sign(text, at)
        or _bracket_left_open(text, at)
    )


def _fence(text: str) -> Slip | None:
    """A spec as it is pasted out of Markdown, with the lines around it."""
    begin = len(text) - len(text.lstrip())
    if text[begin : begin + 3] not in ("```", "~~~"):
        return None
    what = "a line of Markdown: the spec is what stands between the fences"
    return Slip(what, begin, "delete the first line and the last one")


def _key_after_comma(text: str, at: int) -> Slip | None:
    """`- bar: h, text: out`: two keys on one line, without the brackets that part them."""
    line, written = next(_lines_up_to(text, at))
    match = re.fullmatch(r"\s*(?:- )?(\w+: [^'\"\[{,]+, (\w+): .*)", written)
    if match is None:
        return None
    entry = match[1].strip()[:60]
    hint = f"write {{{entry}}}, or each key on a line of its own; text with ': ' in it needs quotes"
    return Slip("a second key on the line of another", line + match.start(2), hint)


_COMMENT = re.compile(r"(?:^|(?<=[\s,\[\]{}]))(?://|/\*)")


def _other_comment(text: str, at: int) -> Slip | None:
    """`// words` is not a comment here."""
    for line, written in _lines_up_to(text, at):
        begun = _COMMENT.search(written)
        if begun is not None and not any(written.count(quote, 0, begun.start()) % 2 for quote in "'\""):
            what = f"'{begun[0]}' begins a comment of another language"
            return Slip(what, line + begun.start(), "a comment begins with '#'")
    return None


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
            line_end = (text + "\n").find("\n", index)
            if depth > 0 and any(bracket in text[index:line_end] for bracket in "]}"):
                comment = index
            index = line_end
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
    rest = text[comment:].partition("\n")[0]
    shown = re.split(r"[\]},]", rest, maxsplit=1)[0].strip()
    what = "'#' begins a comment in YAML, and the bracket that follows is part of it"
    start = max(text.rfind(mark, 0, comment) for mark in ":,[{") + 1
    value = (text[start:comment].strip() + " " + shown).strip()
    return Slip(what, comment, f"in quotes it is text: '{value}'")


def _bracket_left_open(text: str, at: int) -> Slip | None:
    """`title: [LoRA` and a key on the next line: the parser says that the key does not fit the list."""
    line = text.rfind("\n", 0, at) + 1
    key = re.match(r"[ ]*(?:- )?[A-Za-z_][\w-]*:(?:\s|$)", text[line:])
    before = text[:line].rstrip()
    opened = re.search(r"(?:^|\n)([ ]*)(?:- )?[A-Za-z_][\w-]*:[ ]+([\[{])[^\n\]}]*$", before)
    if key is None or opened is None or len(key[0]) - len(key[0].lstrip()) > len(opened[1]):
        return None
    closing = "]" if opened[2] == "[" else "}"
    hint = f"add '{closing}' at the end of its line, or put the text in single quotes"
    return Slip(f"a bracket that is not closed: '{closing}' is missing", opened.start(2), hint)


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
    for line, written in _lines_up_to(text, at):
        match = _KEY.match(written)
        if match is not None:
            place = line + len(match["indent"]) + len(match["key"])
            what = f"the key '{match['key'][:40]}' has no blank after its ':'"
            return Slip(what, place, f"write {match['key'][:40]}: {match['rest'].strip()[:60]}", "no-blank")
    return None


def _dash_without_blank(text: str, at: int) -> Slip | None:
    """`-bar: x`, on the line of the error or on the one before it: a key that begins with '-'."""
    for line, written in _lines_up_to(text, at):
        match = re.match(r"\s*(-)([A-Za-z_]\w*):(?:\s|$)", written)
        if match is not None:
            return Slip("no blank after '-'", line + match.start(1), f"write - {match[2]}: …", "no-blank")
    return None


def _semicolon(text: str, at: int) -> Slip | None:
    """`{d: 256; r: 4}`: entries are parted by another sign."""
    line, written = next(_lines_up_to(text, at))
    match = re.search(r";\s*[A-Za-z_][\w-]*:", written)
    if match is None or written.count("{", 0, match.start()) <= written.count("}", 0, match.start()):
        return None
    return Slip("';' between two entries", line + match.start(), "write ',' between them")


def _indented(text: str, at: int) -> Slip | None:
    """A key that is further right than the one above it, which has a value of its own."""
    (line, written), *above = _lines_up_to(text, at)
    here = re.match(r"([ ]+)([A-Za-z_][\w-]*):(?:\s|$)", written)
    before = re.match(r"([ ]*)(?:- )?([A-Za-z_][\w-]*): [^\s|>&*!'\"\[{]", above[0][1]) if above else None
    if here is None or before is None or len(here[1]) <= len(before[1]):
        return None
    what = f"the key '{here[2]}' is further right than '{before[2]}' above it, which has a value"
    return Slip(what, line + len(here[1]), "keys of one mapping begin in one column")


def _colon_in_text(text: str, at: int) -> Slip | None:
    """`title: LoRA: low rank`: a text without quotes ends at its ': '."""
    line, written = next(_lines_up_to(text, at))
    match = re.match(
        r"(?:[ ]*(?:- )?[A-Za-z_][\w-]*: +)([^\s'\"\[{|>&*!#][^#]*?(:)(?: [^#]*?)?)\s*(?:#.*)?$", written
    )
    if match is None or text[at : at + 1] != ":" or line + match.end() < at:
        return None
    whole = match[1].replace("'", "''")
    return Slip("': ' in a text without quotes", at, f"put it in single quotes: '{whole}'")


def unquoted(text: str, at: int) -> str | None:
    """What to write for a text in double quotes with a backslash at a place."""
    begin, end = text.rfind('"', 0, at), text.find('"', at)
    inner = text[begin + 1 : end]
    if begin < 0 or end < 0 or "\n" in inner or "'" in inner or len(inner) > 80:
        return None
    return f"in single quotes a backslash is a backslash: '{inner}'"


def _other_sign(text: str, at: int) -> Slip | None:
    """`title： T` has a wide colon, `title:\u00a0T` a wide blank."""
    for line, written in _lines_up_to(text, at):
        match = re.match(r"\s*(?:- )?\w+\s*(?:([：﹕ː︓])|:([^\S \t\n]))", written)
        if match is not None:
            char = match[1] or match[2]
            meant = "':'" if match[1] else "a blank"
            shown = char if match[1] else "this blank"
            what = f"{shown} is the character U+{ord(char):04X}"
            return Slip(what, line + match.start(1 if match[1] else 2), f"type {meant} in its place")
    return None


def _lines_up_to(text: str, at: int) -> Iterator[tuple[int, str]]:
    """The line of a place, and the last one before it that is not empty, each with its beginning."""
    line = text.rfind("\n", 0, at) + 1
    for _ in range(2):
        yield line, text[line:].partition("\n")[0]
        while line > 0:
            line = text.rfind("\n", 0, line - 1) + 1
            if text[line:].partition("\n")[0].strip() != "":
                break
