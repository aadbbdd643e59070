"""The script of every page: the files of templates/page, without comments and blanks."""

from __future__ import annotations

import re
from functools import cache

from lorafig.resources import template

SCRIPTS = ("exact.js", "program.js", "dom.js", "picture.js", "curve.js", "forward.js", "delta.js", "page.js")

# A comment, a string, blanks, a word, or one other sign. Templates nest, and are followed by hand.
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
    r"""|(?P<blank>\s+)|(?P<word>[\w$]+)|(?P<sign>.)""",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/\w*")
_VALUE_NEXT = "(,=:[!&|?{};<>+-*%~^"  # after these a slash begins a regular expression
_ENDS = re.compile(r"[\w$)\]}'\"`]")  # a line may end after these, and JavaScript ends a statement there
_BEGINS = re.compile(r"[\w$(\[{'\"`!~+\-/]")  # and a new one may begin with these


@cache
def script() -> str:
    """All of it, in the order in which the parts need each other."""
    return squeezed("\n".join(template("page", name) for name in SCRIPTS))


def squeezed(source: str) -> str:
    """The same program in fewer bytes. A line break stays wherever it could end a statement."""
    out: list[str] = []
    place, blank, depth = 0, "", [0]  # braces that are open in each template around
    while place < len(source):
        last = out[-1][-1] if out else ""
        if source[place] == "`" or (source[place] == "}" and len(depth) > 1 and depth[-1] == 0):
            inner = source[place] == "}"
            end = _template_end(source, place + 1)
            if not inner and blank and _joins(last, "`", blank):
                out.append(_joins(last, "`", blank))
            out.append(source[place:end])
            opened = source[end - 1] == "{"
            if opened and not inner:
                depth.append(0)
            elif not opened and inner:
                depth.pop()
            place, blank = end, ""
            continue
        found = _TOKEN.match(source, place)
        assert found is not None
        regex = _REGEX.match(source, place) if source[place] == "/" and found["comment"] is None else None
        if regex is not None and (last == "" or last in _VALUE_NEXT):
            found = regex
            text = regex[0]
        elif found["comment"] is not None or found["blank"] is not None:
            blank += found[0] if found["comment"] is None else ""
            place = found.end()
            continue
        else:
            text = found[0]
        if blank:
            out.append(_joins(last, text[0], blank))
        if text in "{}":
            depth[-1] += 1 if text == "{" else -1
        out.append(text)
        place, blank = found.end(), ""
    return "".join(out)


def _template_end(source: str, place: int) -> int:
    """Where a template's text ends: behind its backtick, or behind `${`."""
    while source[place] != "`" and source[place : place + 2] != "${":
        place += 2 if source[place] == "\\" else 1
    return place + (1 if source[place] == "`" else 2)


def _joins(last: str, first: str, blank: str) -> str:
    """What must stay of the blanks between two signs."""
    word = re.compile(r"[\w$]")
    if "\n" in blank and _ENDS.match(last) and _BEGINS.match(first):
        return "\n"
    if word.match(last) and word.match(first):
        return " "
    return " " if last == first and last in "+-" and last != "" else ""
