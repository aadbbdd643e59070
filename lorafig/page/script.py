"""The script of every page: the files of templates/page, without comments and blanks, its names short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from typing import Literal, NamedTuple, TypeAlias

from lorafig.resources import template

SCRIPTS = ("exact.js", "program.js", "dom.js", "picture.js", "curve.js", "forward.js", "delta.js", "page.js")
MOVING = ("curve.js", "delta.js")  # what a page without controls has no use for
FUNCTIONS = "functions.js"  # what steps of a figure's own may need: forward.js finds it if it is there

Kind: TypeAlias = Literal["text", "template", "regex", "word", "sign"]


class Token(NamedTuple):
    """A piece of the script, and the blanks before it. A template comes in pieces, between what fills it."""

    kind: Kind
    text: str
    blank: str = ""


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
_DECLARES = ("const", "let", "function")


@cache
def script(functions: bool = False, moving: bool = True) -> str:
    """All of it, in the order in which the parts need each other: with those of `functions`, and of what a
    page shows while it is `moving`."""
    names = [*((FUNCTIONS,) if functions else ()), *(one for one in SCRIPTS if moving or one not in MOVING)]
    return "".join(_joined(_renamed(list(_tokens("\n".join(template("page", name) for name in names))))))


def squeezed(source: str) -> str:
    """The same program in fewer bytes. A line break stays wherever it could end a statement."""
    return "".join(_joined(list(_tokens(source))))


def renamed(source: str) -> str:
    """The same program, its own names as short as they can be."""
    return "".join(_joined(_renamed(list(_tokens(source)))))


def _tokens(source: str) -> Iterator[Token]:
    place, blank, last, depth = 0, "", "", [0]  # braces that are open in each template around
    while place < len(source):
        kind: Kind
        if source[place] == "`" or (source[place] == "}" and len(depth) > 1 and depth[-1] == 0):
            inner = source[place] == "}"
            end = _template_end(source, place + 1)
            kind, text = "template", source[place:end]
            opened = text[-1] == "{"
            if opened and not inner:
                depth.append(0)
            elif not opened and inner:
                depth.pop()
            if inner:
                blank = ""
        else:
            found = _TOKEN.match(source, place)
            assert found is not None
            if found["comment"] is not None or found["blank"] is not None:
                blank += found[0] if found["comment"] is None else ""
                place = found.end()
                continue
            kind, text = "sign", found[0]
            regex = _REGEX.match(source, place) if text == "/" else None
            if regex is not None and (last == "" or last in _VALUE_NEXT):
                kind, text = "regex", regex[0]
            elif found["word"] is not None:
                kind = "word"
            elif found["text"] is not None:
                kind = "text"
            elif text in "{}":
                depth[-1] += 1 if text == "{" else -1
        yield Token(kind, text, blank)
        place, blank, last = place + len(text), "", text[-1]


def _joined(tokens: Sequence[Token]) -> Iterator[str]:
    last = ""
    idle = _idle(tokens)
    for place, (_, text, blank) in enumerate(tokens):
        if place in idle:
            continue
        if blank:
            yield _joins(last, text[0], blank)
        yield text
        last = text[-1]


def _idle(tokens: Sequence[Token]) -> set[int]:
    """The places of signs that say nothing: a comma and a semicolon before a brace that closes. That of a
    loop without a body stays."""
    opens = {close: place for place, close in _closes(tokens).items()}
    found: set[int] = set()
    for place, (before, one, after) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False), 1):
        if one.kind != "sign" or one.text not in ",;" or (after.kind, after.text) != ("sign", "}"):
            continue
        opened = opens.get(place - 1, 0) if before.text == ")" else 0
        if opened == 0 or tokens[opened - 1].text not in ("for", "while", "if"):
            found.add(place)
    return found


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


def _renamed(tokens: Sequence[Token]) -> list[Token]:
    """Names that are declared here, and stand nowhere for a property: each is the same short one everywhere,
    so that what hides what stays as it is."""
    ours, others = _names(tokens)
    words = Counter(one.text for one in tokens if one.kind == "word")
    free = (name for name in _short() if name not in {*words, "do", "if", "in", "of"})
    short = {
        name: next(free)
        for name, _ in words.most_common()
        if name in ours - others and len(name) > 2 and (name[0].islower() or name.isupper())
    }
    return [one._replace(text=short.get(one.text, one.text)) if one.kind == "word" else one for one in tokens]


def _names(tokens: Sequence[Token]) -> tuple[set[str], set[str]]:
    """The names that are declared, and those that stand for a property as well."""
    declared: set[str] = set()
    properties: set[str] = set()
    around: list[tuple[str, bool]] = []  # what is open, and whether names are declared in it
    closes = _closes(tokens)
    for place, (kind, text, _) in enumerate(tokens):
        before, earlier = (tokens[place - back].text if place >= back else "" for back in (1, 2))
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        if kind == "template":
            if text[0] == "}":
                around.pop()
            if text[-1] == "{":
                around.append(("$", False))
        elif kind == "sign" and text in "([{":
            follows = [one.text for one in tokens[closes[place] + 1 : closes[place] + 3]]
            declares = (text == "(" and follows == ["=", ">"]) or (text == "[" and before in _DECLARES)
            around.append((text, declares or (text == "[" and bool(around) and around[-1][1])))
        elif kind == "sign" and text in ")]}":
            around.pop()
        elif kind == "word":
            inside, declares = around[-1] if around else ("", False)
            member = (before == "." and earlier != ".") or before in ("get", "set")
            if member or (inside == "{" and before in "{," and after and after in ",}=:("):
                properties.add(text)
            elif (
                before in _DECLARES
                or (declares and before in "([,.")
                or (after == "=" and tokens[place + 2].text == ">")
            ):
                declared.add(text)
    return declared, properties


def _closes(tokens: Sequence[Token]) -> dict[int, int]:
    """Where each bracket that opens is closed."""
    found: dict[int, int] = {}
    opened: list[int] = []
    for place, (kind, text, _) in enumerate(tokens):
        if kind == "sign" and text in "([{":
            opened.append(place)
        elif kind == "sign" and text in ")]}":
            found[opened.pop()] = place
    return found


def _short() -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for length in count(1):
        if length == 1:
            yield from letters
        else:
            yield from (
                one + other for one in letters for other in letters + letters.upper() + "0123456789_$"
            )
