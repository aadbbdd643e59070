"""Markdown and MyST: front matter, fences, display mathematics, lists, tables and comments."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise

from lorafig.auditing.documents.block import Builder, Document, Include, Item, Setting, printed
from lorafig.auditing.documents.inline import inline

_FENCE = re.compile(r"(?P<indent>[ >\t]*)(?P<mark>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>[^`\n]*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_QUOTE = re.compile(r"(?: {0,3}> ?)+(?:\[![A-Z]+\])?")
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_REFERENCE = re.compile(r" {0,3}\[[^\]\n]+\]:[ \t]*\S")
_SETTING = re.compile(r"<!--\s*lorafig:\s*(?P<said>.*?)\s*-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RAW = re.compile(r"<(script|style|pre|svg|math|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_FRONT = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(?P<inner>.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_OWN = re.compile(r"^lorafig:[ \t]*(?P<said>\{[^\n]*\}|[^\n#{]*?)[ \t]*$((?:\n[ \t]+[^\n]*)*)", re.MULTILINE)


def read(document: Document) -> Iterator[Item]:
    text, start = document.text, 0
    front = _FRONT.match(text)
    if front is not None:
        start = front.end()
        own = _OWN.search(front["inner"])
        if own is not None:
            where = own.start("said") if own["said"] else own.start()
            yield Setting(own["said"].strip() or own[2], front.start("inner") + where)
    yield from _Reader(document, text).read(start)


class _Reader:
    def __init__(self, document: Document, text: str) -> None:
        self.document, self.text = document, text
        self.built = Builder()
        self.lines: list[tuple[int, int]] = []  # of the paragraph: where each begins and ends

    def read(self, at: int) -> Iterator[Item]:
        text = self.text
        listed = False
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            line = text[at:end]
            quote = _QUOTE.match(line)
            inner = line[quote.end() :] if quote else line
            begin = at + len(line) - len(inner)
            raw = _RAW.match(text, begin + len(inner) - len(inner.lstrip()))
            fence = _FENCE.match(line)
            if (comment := _COMMENT.match(text, begin + len(inner) - len(inner.lstrip()))) is not None:
                yield from self.paragraph()
                said = _SETTING.match(comment[0])
                if said is not None:
                    yield Setting(said["said"], comment.start() + said.start("said"))
                at = comment.end()
                continue
            if raw is not None:
                yield from self.paragraph()
                at = raw.end()
                continue
            if fence is not None and (
                fence["mark"][0] != ":" or fence["info"].strip() or self._is_close(line)
            ):
                yield from self.paragraph()
                at = yield from self._fenced(fence, end)
                continue
            if inner.strip() == "":
                yield from self.paragraph()
            elif not self.lines and re.match(r"(?: {4}|\t)", inner) and not listed and quote is None:
                pass  # code
            elif inner.lstrip().startswith("$$") and (shown := self._display(begin)) is not None:
                yield from self.paragraph()
                at = yield from self._formula(shown)
                continue
            elif (heading := _HEADING.match(inner)) is not None:
                yield from self.paragraph()
                self.lines.append((begin + heading.end(), begin + len(inner.rstrip("# \t"))))
                yield from self.paragraph(len(heading[1]))
                listed = False
            elif self.lines and _UNDERLINE.match(inner):
                yield from self.paragraph(1 if "=" in inner else 2)
            elif _RULE.match(inner) or _ROW.match(inner) or _REFERENCE.match(inner):
                yield from self.paragraph()
            elif "|" in inner and inner.count("|") > 1 and inner.lstrip().startswith("|"):
                yield from self.paragraph()
                for first, last in _cells(self.text, begin, begin + len(inner)):
                    self.lines.append((first, last))
                    yield from self.paragraph()
            else:
                item = _ITEM.match(inner)
                if item is not None:
                    yield from self.paragraph()
                    begin += item.end()
                listed = item is not None or (listed and inner[:1] in (" ", "\t"))
                self.lines.append((begin, at + len(line)))
            at = end + 1
        yield from self.paragraph()

    def _is_close(self, line: str) -> bool:
        return line.strip(" :") == ""

    def paragraph(self, level: int = 0) -> Iterator[Item]:
        """The lines that were collected, as one text."""
        chars: list[str] = []
        places: list[int] = []
        for begin, end in self.lines:
            if chars:
                chars.append(" ")
                places.append(begin)
            chars += self.text[begin:end]
            places += range(begin, end)
        self.lines = []
        if chars:
            inline("".join(chars), places, self.built)
            yield from self.built.take(level)

    def _fenced(self, fence: re.Match[str], end: int) -> Generator[Item, None, int]:
        """A fence: code is left out, MyST's mathematics is a formula, and what a directive holds is text."""
        mark, info = fence["mark"], fence["info"].strip()
        if mark[0] == ":":  # the lines of a directive that holds Markdown, or its end
            return end + 1
        closing = re.compile(rf"^[ >\t]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        found = closing.search(self.text, end + 1)
        last = len(self.text) if found is None else found.start()
        after = len(self.text) if found is None else found.end() + 1
        name = re.match(r"\{([\w:.-]+)\}|(math)\b", info)
        if name is not None and (name[1] or name[2]) in ("math", "latex"):
            first = end + 1
            while (option := re.compile(r"[ \t]*:[\w-]+:[^\n]*\n").match(self.text, first)) is not None:
                first = option.end()
            yield from formula(self.text, first, last, self.built)
        elif name is not None and name[1] == "include":
            argument = info[name.end() :].strip()
            yield Include(argument, self.text.rfind("\n", 0, end) + 1)
        elif name is not None and name[1] in _HELD:
            yield from _Reader(self.document, self.text[:last]).read(end + 1)
        else:
            yield from printed(self.text, end + 1, last)
        return after

    def _display(self, begin: int) -> tuple[int, int] | None:
        first = self.text.find("$$", begin) + 2
        last = self.text.find("$$", first)
        return None if last < 0 else (first, last)

    def _formula(self, shown: tuple[int, int]) -> Generator[Item, None, int]:
        first, last = shown
        yield from formula(self.text, first, last, self.built)
        end = self.text.find("\n", last)
        return len(self.text) if end < 0 else end + 1


_HELD = frozenset(
    ("note", "tip", "warning", "important", "admonition", "hint", "caution", "attention", "danger", "seealso")
)


def formula(text: str, first: int, last: int, built: Builder) -> Iterator[Item]:
    """A displayed formula, each of its lines by itself."""
    body = re.sub(r"\\(?:begin|end)\{[a-z]+\*?\}|\\label\{[^{}]*\}|\\tag\*?\{[^{}]*\}|\\(?:nonumber|notag)\b",
                  lambda match: " " * len(match[0]), text[first:last])  # fmt: skip
    at = 0
    for line in re.split(r"(\\\\(?:\[[^\]\n]*\])?)", body):
        if not line.startswith("\\\\"):
            plain = line.replace("&", " ").replace("\n", " ")
            shown = plain.rstrip().rstrip(".,;")
            built.math(shown, range(first + at, first + at + len(shown)))
            yield from built.take()
        at += len(line)


def _cells(text: str, begin: int, end: int) -> Sequence[tuple[int, int]]:
    """The cells of a table's row."""
    places = [begin - 1, *(at for at in range(begin, end) if text[at] == "|" and text[at - 1] != "\\"), end]
    return [(first + 1, last) for first, last in pairwise(places) if last > first + 1]
