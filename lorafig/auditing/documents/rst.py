"""reStructuredText: paragraphs, headings, the role and the directive of mathematics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lorafig.auditing.documents.block import Builder, Document, Include, Item, Setting
from lorafig.auditing.documents.inline import URL
from lorafig.auditing.documents.markdown import formula

_DIRECTIVE = re.compile(r"(?P<indent>[ \t]*)\.\.(?:[ \t]+(?P<rest>.*))?$")
_NAMED = re.compile(r"(?P<name>[\w:.-]+)::[ \t]*(?P<argument>.*)")
_ADORNMENT = re.compile(r"([=\-`:.'\"~^_*+#<>])\1{2,}[ \t]*$")
_HELD = frozenset(
    ("note", "tip", "warning", "important", "admonition", "hint", "caution", "attention", "danger", "seealso",
     "topic", "sidebar", "rubric", "epigraph")
)  # fmt: skip
_INLINE = re.compile(
    r":math:`(?P<math>[^`]+)`|:[\w:.+-]+:`(?P<role>[^`<]+)(?:<[^`]*>)?`|``(?P<literal>[^`]+)``"
    r"|`(?P<link>[^`<]+?)\s*(?:<[^`]*>)?`__?|(?P<mark>\*\*?)(?=\S)(?P<strong>[^*\n]+?)(?<=\S)(?P=mark)"
    r"|\[[#\w.-]+\]_|\\(?P<sign>\W)"
)
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|[0-9#]{1,9}[.)])[ \t]+")


def read(document: Document) -> Iterator[Item]:
    built = Builder()
    lines = _lines(document.text)
    paragraph: list[tuple[int, str]] = []
    number = 0

    def taken(level: int = 0) -> Iterator[Item]:
        text = " ".join(line for _, line in paragraph)
        places = [place for at, line in paragraph for place in (*range(at, at + len(line)), at + len(line))]
        paragraph.clear()
        _inline(text, places, built)
        yield from built.take(level)

    while number < len(lines):
        at, line = lines[number]
        directive = _DIRECTIVE.match(line)
        if directive is not None:
            yield from taken()
            rest = directive["rest"] or ""
            end = _after(lines, number, len(directive["indent"]))
            said = re.match(r"lorafig:\s*(.*)", rest)
            named = _NAMED.match(rest)
            if said is not None:
                yield Setting(said[1].strip(), at + line.index(said[1]) if said[1] else at)
            elif named is not None and named["name"] == "math":
                first = at + line.index("::") + 2
                last = lines[end - 1][0] + len(lines[end - 1][1])
                body = re.sub(
                    r"(?m)^[ \t]*:[\w-]+:.*$", lambda match: " " * len(match[0]), document.text[first:last]
                )
                start = 0
                for part in re.split(r"(\n[ \t]*\n)", body):
                    if part.strip():
                        yield from formula(
                            document.text[:first] + body, first + start, first + start + len(part), built
                        )
                    start += len(part)
            elif named is not None and named["name"] == "include":
                yield Include(named["argument"].strip(), at)
            elif named is not None and named["name"] in _HELD:
                number += 1
                continue
            number = end
            continue
        if line.strip() == "":
            literal = bool(paragraph) and paragraph[-1][1].rstrip().endswith("::")
            indent = _indent(paragraph[0][1]) if paragraph else 0
            yield from taken()
            number = _after(lines, number, indent) if literal else number + 1
            continue
        if _ADORNMENT.match(line):
            if paragraph:
                yield from taken(1 if "=" in line else 2)
            number += 1
            continue
        item = _ITEM.match(line)
        if item is not None:
            yield from taken()
        start = item.end() if item is not None else 0
        paragraph.append((at + start, line[start:]))
        number += 1
    yield from taken()


def _lines(text: str) -> list[tuple[int, str]]:
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _after(lines: list[tuple[int, str]], number: int, indent: int) -> int:
    """The first line behind that is not indented more."""
    number += 1
    while number < len(lines) and (lines[number][1].strip() == "" or _indent(lines[number][1]) > indent):
        number += 1
    return number


def _inline(text: str, places: list[int], built: Builder) -> None:
    at = 0
    for match in re.finditer(f"{_INLINE.pattern}|(?P<url>{URL.pattern})", text):
        built.word(text[at : match.start()], places[at : match.start()])
        at = match.end()
        for name in ("math", "role", "literal", "link", "strong", "sign"):
            if match[name] is not None:
                first, last = match.span(name)
                add = built.math if name == "math" else built.word
                add(text[first:last], places[first:last])
    built.word(text[at:], places[at : len(text)])
