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
    return renamed("\n".join(template("page", name) for name in names))


def renamed(source: str) -> str:
    """The same program in fewer bytes, its own names as short as they can be. A line break stays wherever it
    could end a statement."""
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
    """Names that are declared here: each is the same short one everywhere, so that what hides what stays as
    it is. What stands for a property stays; a name that stands for a property of its own is written out."""
    uses = [*_uses(tokens)]
    ours = {token.text for token, use in zip(tokens, uses, strict=True) if use in ("declared", "taken")}
    words = Counter(token.text for token in tokens if token.kind == "word")
    plain = Counter(token.text for token, use in zip(tokens, uses, strict=True) if use in _VARIABLE)
    free = (name for name in _short() if name not in {*words, "do", "if", "in", "of"})
    short = {
        name: next(free)
        for name, _ in plain.most_common()
        if name in ours and len(name) > 2 and (name[0].islower() or name.isupper())
    }
    renamed = []
    for token, use in zip(tokens, uses, strict=True):
        name = short.get(token.text) if use in _VARIABLE else None
        whole = name if name is None or use not in ("same", "taken") else f"{token.text}:{name}"
        renamed.append(token if whole is None else token._replace(text=whole))
    return renamed


Use: TypeAlias = Literal["", "property", "used", "declared", "same", "taken"]
# `same` and `taken` are `name` in `{name}`: of an object that is made, and of one that is taken apart.
_VARIABLE = ("used", "declared", "same", "taken")
_MAKES = "(,=:[?|&."  # before these, besides `return`, a brace opens an object; else a block


def _uses(tokens: Sequence[Token]) -> Iterator[Use]:
    """What each word stands for."""
    around: list[tuple[str, bool]] = [("", False)]  # what is open, and whether names are declared in it
    listed: list[bool] = [False]  # whether a list of declarations goes on there
    closes = _closes(tokens)
    for place, (kind, text, _) in enumerate(tokens):
        told = [tokens[place - back].text if place >= back else "" for back in (3, 2, 1)]
        _, earlier, before = told
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        del listed[len(around) :]
        listed += [False] * (len(around) - len(listed))
        listed[-1] = (listed[-1] or text in _DECLARES) and text not in (";", "of")
        inside, declares = around[-1]
        if kind == "template":
            if text[0] == "}":
                around.pop()
            if text[-1] == "{":
                around.append(("$", False))
        elif kind == "sign" and text in "([{":
            follows = [one.text for one in tokens[closes[place] + 1 : closes[place] + 3]]
            taken = before in _DECLARES or (declares and before in ("(", "[", "{", ",", ":"))
            head = text == "(" and follows == ["=", ">"]
            around.append((_opened(text, told), head or (text != "(" and taken)))
        elif kind == "sign" and text in ")]}":
            around.pop()
        if kind != "word":
            yield ""
        elif (before == "." and earlier != ".") or before in ("get", "set"):
            yield "property"
        elif inside == "object" and before in ("{", ","):
            yield ("taken" if declares else "same") if after in (",", "}", "=") else "property"
        elif inside == "class" and after == "(":
            yield "property"
        else:
            first = (declares and before in ("(", "[", ",", ".", ":")) or (listed[-1] and before == ",")
            head = after == "=" and tokens[place + 2].text == ">"
            yield "declared" if before in _DECLARES or first or head else "used"


def _opened(text: str, before: Sequence[str]) -> str:
    """What a bracket opens behind the three words or signs `before`: an object, a class, or what it is."""
    if text != "{" or (before[2] == ":" and before[0] == "case"):
        return text
    if before[2] in (*_DECLARES, "return", *_MAKES):
        return "object"
    return "class" if before[1] == "class" else "{"


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
