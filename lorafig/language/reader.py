"""Text to nodes: one pass over the events of a YAML 1.2 parser that screens and composes.

JSON is YAML 1.2 and takes the same way. What a stranger could misuse is refused here, before any
meaning is given to it: size, depth, number of values, aliases and anchors, tags, several documents,
control characters, duplicate keys. Scalars are resolved by the YAML 1.2 core schema
(yaml.org/spec/1.2.2, section 10.3.2), without `.nan` and `.inf`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.parser import Parser
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

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

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
# Never allowed in a file: controls but tab and line ends, separators that some readers take for line
# ends, and what is no character at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_JSON_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[ \t\n]++')
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#.*)?\n)*(?=%)")
_REMARK = re.compile(r"[ \t]*(#\S.*)")


class _Events(Reader, Scanner, Parser):
    """ruamel's reader, scanner and parser, without its constructors: a source of events."""

    comment_handling = None
    processing_version = (1, 2)
    scanner_processing_version = (1, 2)

    def __init__(self, text: str) -> None:
        self._reader = self._scanner = self._parser = self.loader = self
        Reader.__init__(self, text, loader=self)
        Scanner.__init__(self, loader=self)
        Parser.__init__(self, loader=self)

    @property
    def reader(self) -> _Events:
        return self

    @property
    def scanner(self) -> _Events:
        return self

    @property
    def resolver(self) -> _Events:
        return self


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
        raise LorafigError(Problem(f"byte {data[error.start]:#04x} is not UTF-8", where, hint)) from None
    return text


def compose(text: str, file: str) -> Node:
    """The one document of `text` as nodes. Errors: LorafigError with the first problem of the syntax."""
    if len(text) > MAX_SPEC_BYTES:
        raise LorafigError(too_large(file), "limit")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = Lines(text, file)
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        what = f"the character U+{ord(forbidden.group()):04X} cannot stand in a spec"
        raise LorafigError(Problem(what, lines.place(forbidden.start()), "delete it"))
    return _Composer(text, lines).document()


class _Composer:
    def __init__(self, text: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines
        self.count = 0
        # JSON may have tabs, and line ends before a colon, where this parser wants spaces: the same
        # text in the same places for it.
        flow = text.lstrip().startswith(("{", "["))
        self.events: Any = _Events(_JSON_TOKEN.sub(_spaces, text) if flow else text)
        self.get: Callable[[], Any] = self.events.get_event

    def fail(self, index: int, what: str, hint: str | None = None) -> NoReturn:
        raise LorafigError(Problem(what, self.lines.place(index), hint))

    def limit(self, index: int, what: str) -> NoReturn:
        raise LorafigError(Problem(what, self.lines.place(index)), "limit")

    def document(self) -> Node:
        directive = _DIRECTIVE.match(self.text)
        if directive is not None:
            self.fail(
                directive.end(),
                "directives (%) are not allowed in a spec",
                "delete the line: YAML is 1.2 here",
            )
        try:
            self.get()  # the stream's start
            event = self.get()
            if not isinstance(event, DocumentStartEvent):
                self.fail(0, "the file is empty", "'lorafig new mine' writes a spec to begin with")
            node = self.node(self.get(), 1)
            self.get()  # the document's end
            event = self.get()
            if isinstance(event, DocumentStartEvent):
                self.fail(event.start_mark.index, "a second document", "a file holds one figure")
            return node
        except MarkedYAMLError as error:
            self.syntax(error)

    def node(self, event: Any, depth: int, colon: int = 0) -> Node:
        """The node that begins with `event`; `colon` is where the one after its key ends, if it has one."""
        start: int = event.start_mark.index
        if isinstance(event, AliasEvent):
            self.fail(start, "aliases (*) are not allowed in a spec", QUOTE_IT + " if it begins with '*'")
        if event.anchor is not None:
            self.fail(start, "anchors (&) are not allowed in a spec", QUOTE_IT + " if it begins with '&'")
        if event.tag is not None:
            self.fail(start, "tags (!) are not allowed in a spec", QUOTE_IT + " if it begins with '!'")
        self.count += 1
        if self.count > MAX_NODES:
            self.limit(start, f"more than {MAX_NODES:,} values in one spec")
        if isinstance(event, ScalarEvent):
            # The parser has an empty value begin where the next line does.
            return self.scalar(event, colon if colon > 0 and event.value == "" and not event.style else start)
        if depth > MAX_DEPTH:
            self.limit(start, f"nested deeper than {MAX_DEPTH} levels")
        where = self.lines.place(start)
        if isinstance(event, SequenceStartEvent):
            items = []
            event = self.get()
            while not isinstance(event, SequenceEndEvent):
                items.append(self.node(event, depth + 1))
                event = self.get()
            return Sequence(tuple(items), where, "")
        assert isinstance(event, MappingStartEvent)
        return Mapping(self.entries(depth), where, "")

    def entries(self, depth: int) -> tuple[tuple[Scalar, Node], ...]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        event = self.get()
        while not isinstance(event, MappingEndEvent):
            index = event.start_mark.index
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                self.fail(
                    index,
                    "a list or mapping cannot be a key",
                    "put text that begins with a bracket in quotes",
                )
            colon = self.text.find(":", event.end_mark.index)
            value = self.node(self.get(), depth + 1, colon + 1)
            if key.raw in entries:
                first = entries[key.raw][0].where
                assert first is not None
                line = self.lines.place(index).line
                what = f"the key {shorten(key.raw)} stands twice: on line {first.line} and on line {line}"
                self.fail(index, what, "keep one of them")
            entries[key.raw] = (key, value)
            event = self.get()
        return tuple(entries.values())

    def scalar(self, event: Any, start: int) -> Scalar:
        text: str = event.value
        quote: str = event.style or ""
        if len(text) > MAX_CHARACTERS:
            self.limit(start, f"a text of {len(text):,} characters; the limit is {MAX_CHARACTERS:,}")
        if quote == "":
            raw = self.text[start : event.end_mark.index]
            found = _REMARK.match(self.text, start) if text == "" else None
            remark = None if found is None else found.group(1)
            return Scalar(resolve(text), text, "", self.lines.place(start), "", raw == text, remark)
        if quote == '"':
            text = self.join_surrogates(text, start)
        raw = self.text[start + 1 : event.end_mark.index - 1]
        exact = quote in "'\"" and raw == text
        return Scalar(text, text, quote, self.lines.place(start + 1 if exact else start), "", exact)

    def join_surrogates(self, text: str, start: int) -> str:
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
        at: int = mark.index
        if "not closed" in what and error.context_mark is not None:
            at = error.context_mark.index
        elif "in double quotes" in what:
            at = self.text.rfind("\\", 0, at)
        self.fail(at, what, hint)


def _spaces(found: re.Match[str]) -> str:
    """Tabs as spaces, and line ends too where a colon follows."""
    token = found.group()
    if token.startswith('"'):
        return token
    return (
        " " * len(token) if found.string[found.end() : found.end() + 1] == ":" else token.replace("\t", " ")
    )


def resolve(text: str) -> Value:
    """A plain scalar by the core schema; `.nan`, `.inf` and what overflows are non-finite floats."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _WHOLE.match(text):
        return int(text)
    if _REAL.match(text):
        return float(text)
    if _BASED.match(text):
        return int(text, 0)
    if _NOT_FINITE.match(text):
        return float("nan") if "n" in text.lower().removesuffix("inf") else float(text.replace(".", ""))
    return text
