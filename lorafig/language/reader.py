"""Text to nodes: one pass over the events of a YAML parser that screens and composes.

JSON is YAML 1.2 and takes the same way. What a stranger could misuse is refused here, before any
meaning is given to it: size, depth, number of values, aliases and anchors, tags, several documents,
control characters, duplicate keys. Scalars are resolved by the YAML 1.2 core schema
(yaml.org/spec/1.2.2, section 10.3.2), without `.nan` and `.inf`.

PyYAML's C parser gives the events. It is as strict as its Python parser but for tabs and halves of
surrogate pairs: texts with these, and texts with an error, are read by the Python parser, which says more
exactly what is wrong and where. So the result is the same where there is no C parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml
from yaml import events
from yaml.error import Mark, MarkedYAMLError

from lorafig.errors import LorafigError, Place, Problem
from lorafig.files import MAX_SPEC_BYTES, too_large
from lorafig.language.nodes import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_NODES,
    Lines,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Value,
    shorten,
)
from lorafig.language.syntax import QUOTE_IT, explain

_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMED: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_FIRST = frozenset("0123456789+-.")
_DECIMAL = frozenset("0123456789+-.eE")
_BASES = {"0o": (8, frozenset("01234567")), "0x": (16, frozenset("0123456789abcdefABCDEF"))}

# Keys of a list's entries: one that stands twice in a mapping lacks its '-'.
_ENTRIES = frozenset(
    {"bar", "square", "trapezoid", "bottleneck", "split", "sum", "scale", "gate", "bias", "skip", "apply"}
    | {"repeat", "arrow", "panel", "edge", "ask"}
)


# Patterns are compiled when they are needed: few texts need any.
# Never allowed in a file: controls but tab and line ends, separators that some readers take for line
# ends, and code points that are not characters.
_FORBIDDEN = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
_JSON_TOKEN = r'"(?:[^"\\\n]|\\.)*"|[ \t\n]++'
_DIRECTIVE = r"(?:[ \t]*(?:#.*)?\n)*(?=%)"


def decode(data: bytes, file: str) -> str:
    """Bytes of a file to text with line feeds. A byte order mark at the start is passed over."""
    if len(data) > MAX_SPEC_BYTES:
        raise LorafigError(too_large(file), "limit")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        where = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        hint = "save the file as UTF-8"
        raise LorafigError(
            Problem(f"byte {data[error.start]:#04x} is not UTF-8", where, hint, code="encoding")
        ) from None
    return text


def compose(text: str, file: str) -> Node:
    """The one document of `text` as nodes. Errors: LorafigError with the first problem of the syntax."""
    if len(text) > MAX_SPEC_BYTES:
        raise LorafigError(too_large(file), "limit")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").isprintable():
        forbidden = re.search(_FORBIDDEN, text)
        if forbidden is not None:
            what = f"the character U+{ord(forbidden.group()):04X} cannot stand in a spec"
            raise LorafigError(
                Problem(what, Lines(text, file).place(forbidden.start()), "delete it", code="encoding")
            )
    # JSON may have tabs, and line ends before a colon, where these parsers want spaces: the same text in
    # the same places for it.
    flow = text.lstrip().startswith(("{", "["))
    source = re.sub(_JSON_TOKEN, _spaces, text) if flow else text
    if "\t" not in source and "\\ud" not in source and "\\uD" not in source:
        try:
            return _Composer(text, file).document(yaml.parse(source, Loader=_FAST))
        except MarkedYAMLError:
            pass
    composer = _Composer(text, file)
    try:
        return composer.document(yaml.parse(source, Loader=yaml.SafeLoader))
    except MarkedYAMLError as error:
        composer.syntax(error)


class _Composer:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.count = 0

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def fail(self, mark: Any, what: str, hint: str | None = None, code: str = "yaml-feature") -> NoReturn:
        raise LorafigError(Problem(what, self.place(mark), hint, code))

    def limit(self, mark: Any, what: str) -> NoReturn:
        raise LorafigError(Problem(what, self.place(mark)), "limit")

    def document(self, stream: Iterator[Any]) -> Node:
        directive = re.match(_DIRECTIVE, self.text) if "%" in self.text else None
        if directive is not None:
            hint = "delete the line: YAML is 1.2 here"
            place = Lines(self.text, self.file).place(directive.end())
            raise LorafigError(
                Problem("directives (%) are not allowed in a spec", place, hint, code="yaml-feature")
            )
        next(stream)  # the stream's start
        event = next(stream)
        if not isinstance(event, events.DocumentStartEvent):
            hint = "'lorafig new mine' writes a spec to begin with"
            raise LorafigError(Problem("the file is empty", Place(self.file, 1, 1), hint, code="empty-file"))
        node = self.node(stream, next(stream), 1)
        next(stream)  # the document's end
        event = next(stream)
        if isinstance(event, events.DocumentStartEvent):
            self.fail(event.start_mark, "a second document", "a file holds one figure")
        return node

    def node(self, stream: Iterator[Any], event: Any, depth: int) -> Node:
        """The node that begins with `event`."""
        start: Mark = event.start_mark
        if isinstance(event, events.AliasEvent):
            self.fail(start, "aliases (*) are not allowed in a spec", QUOTE_IT + " if it begins with '*'")
        if event.anchor is not None:
            self.fail(start, "anchors (&) are not allowed in a spec", QUOTE_IT + " if it begins with '&'")
        if event.tag is not None:
            self.fail(start, "tags (!) are not allowed in a spec", QUOTE_IT + " if it begins with '!'")
        self.count += 1
        if self.count > MAX_NODES:
            self.limit(start, f"more than {MAX_NODES:,} values in one spec")
        if isinstance(event, events.ScalarEvent):
            return self.scalar(event, start)
        if depth > MAX_DEPTH:
            self.limit(start, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, events.SequenceStartEvent):
            items = []
            while not isinstance(item := next(stream), events.SequenceEndEvent):
                items.append(self.node(stream, item, depth + 1))
            return Sequence(tuple(items), self.place(start), "")
        return Mapping(self.entries(stream, depth), self.place(start), "")

    def entries(self, stream: Iterator[Any], depth: int) -> dict[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(stream), events.MappingEndEvent):
            start: Mark = event.start_mark
            key = self.node(stream, event, depth + 1)
            if not isinstance(key, Scalar):
                self.fail(
                    start,
                    "a list or mapping cannot be a key",
                    "put text that begins with a bracket in quotes",
                    "yaml-syntax",
                )
            value = self.node(stream, next(stream), depth + 1)
            if isinstance(value, Scalar) and value.raw == "" and value.quote == "":
                value = self.nothing(value, event.end_mark)
            if key.raw in entries:
                first = entries[key.raw][0].where
                assert first is not None
                lines = f"on line {first.line} and on line {start.line + 1}"
                hint = "entries of a list begin with '- ' each"
                if first.line == start.line + 1:
                    again = value.raw if isinstance(value, Scalar) else "…"
                    hint = f"each has brackets of its own: {{{key.raw}: {again}}}"
                self.fail(
                    start,
                    f"the key {shorten(key.raw)} stands twice: {lines}",
                    hint if key.raw in _ENTRIES else "keep one of them",
                    "duplicate-key",
                )
            entries[key.raw] = (key, value)
        return entries

    def scalar(self, event: Any, start: Mark) -> Scalar:
        text: str = event.value
        quote: str = event.style or ""
        if len(text) > MAX_CHARACTERS:
            self.limit(start, f"a text of {len(text):,} characters; the limit is {MAX_CHARACTERS:,}")
        if quote == "":
            exact = self.text[start.index : event.end_mark.index] == text
            return Scalar(resolve(text), text, "", self.place(start), "", exact)
        if quote in "|>" and re.match(r"[|>][-+0-9]*#", self.text[start.index :]):
            raise MarkedYAMLError  # the C parser takes it for a comment
        if quote == '"':
            text = self.join_surrogates(text, start)
        place = self.place(start)
        exact = quote in "'\"" and self.text[start.index + 1 : event.end_mark.index - 1] == text
        if exact:
            place = Place(place.file, place.line, place.column + 1)
        return Scalar(text, text, quote, place, "", exact)

    def nothing(self, value: Scalar, end: Mark) -> Scalar:
        """An empty value: it stands right after the colon of its key, which ends at `end`."""
        colon = self.text.find(":", end.index, end.index + 80)
        before = self.text[end.index : max(colon, 0)]
        if colon < 0 or before.strip(" ") != "":
            return value
        where = Place(self.file, end.line + 1, end.column + len(before) + 2)
        rest = self.text[colon + 1 : colon + MAX_CHARACTERS].partition("\n")[0].strip()
        remark = rest if len(rest) > 1 and rest[0] == "#" and not rest[1].isspace() else None
        return Scalar(None, "", "", where, "", True, remark)

    def join_surrogates(self, text: str, start: Mark) -> str:
        """JSON writes 𝒩 as two escapes, which the parser leaves as two halves of a character."""
        if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
            return text
        try:
            return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        except UnicodeDecodeError:
            self.fail(start, "half of a surrogate pair in an escape sequence", "write the character itself")

    def syntax(self, error: MarkedYAMLError) -> NoReturn:
        what, hint = explain(str(error.problem))
        mark = error.problem_mark or error.context_mark
        assert mark is not None
        at = mark.index
        from lorafig.language import slips  # for errors alone

        slip = slips.find(self.text, at)
        if slip is not None:
            raise LorafigError(
                Problem(slip.what, Lines(self.text, self.file).place(slip.at), slip.hint, slip.code)
            ) from None
        if ("not closed" in what or "without ':'" in what) and error.context_mark is not None:
            at = error.context_mark.index
        elif "in double quotes" in what:
            at = self.text.rfind("\\", 0, at)
            hint = slips.unquoted(self.text, at) or hint
        raise LorafigError(
            Problem(what, Lines(self.text, self.file).place(at), hint, code="yaml-syntax")
        ) from None


def _spaces(match: re.Match[str]) -> str:
    """Tabs as spaces, and line ends too where a colon follows."""
    token = match.group()
    if token.startswith('"'):
        return token
    return " " * len(token) if match.string.startswith(":", match.end()) else token.replace("\t", " ")


def resolve(text: str) -> Value:
    """A plain scalar by the core schema; `.nan`, `.inf` and what overflows are non-finite floats."""
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in _FIRST:
        return text
    if text.isdecimal() and text.isascii():
        return int(text)
    base, digits = _BASES.get(text[:2], (0, _DECIMAL))
    if base and len(text) > 2:
        return int(text[2:], base) if digits.issuperset(text[2:]) else text
    if not digits.issuperset(text):
        return text
    try:
        return float(text) if "." in text or "e" in text or "E" in text else int(text)
    except ValueError:
        return text
