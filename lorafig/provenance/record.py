"""A record: what a file says of how it was made, so that it can be made again.

It has the spec's whole text, the files that the spec names, lorafig's version, the format, the options that
are not the default, the verdict, and a digest of the picture without the record. No path, date or machine is
in it: the same figure has the same bytes in any folder.

Two ways to write it, both text that can be read:

- in a line: `lorafig-spec:1;SUM;version=0.1.0;format=svg;…;spec=lorafig: 1%0Aid: mine%0A…;.`
- in comments of a source, `%` for TeX: the line up to the long values, and then these line by line.

What a carrier could not hold or would change (line ends, runs of blanks, quotes, angle brackets) is
percent-encoded UTF-8, as in a URL; a percent sign is itself unless two capital hexadecimal digits follow. SUM
is the BLAKE2b digest, of 8 bytes, of all names and values: it tells damage. It is no signature.

In a file that is compressed as a whole, as on the web, plain text takes a third less than deflate and base64:
750 bytes for 1,040 in an SVG of the gallery.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lorafig.errors import LorafigError, Problem
from lorafig.files import MAX_SPEC_BYTES
from lorafig.hashes import blake2b
from lorafig.options import FORMATS, Format, Options

VERSION = 1
NAME = "lorafig-spec"
MARK = f"{NAME}:{VERSION};"
END = ";."
MAX_CHARACTERS = 4 * MAX_SPEC_BYTES  # of a record, with the files that a spec names
_BYTES = 8  # of a digest
_SHORT = 60  # characters of a value that stands in the first line of comments
_PLACES: Mapping[str, Format] = {"engine": "pdf", "text": "svg", "dpi": "png"}  # where alone an option counts
_FILE = "file."
# Controls, line ends of Unicode, what XML cannot have; what begins and ends things in HTML, XML and records.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
_IN_LINE = re.compile(rf"[{_CONTROLS};\"&<>]|%(?=[0-9A-F]{{2}})|(?<= ) |\A | \Z")
_IN_ASCII = re.compile(r"[^ -~]|[;\"&<>()\\]|%(?=[0-9A-F]{2})|(?<= ) |\A | \Z|e(?=nd(?:stream|obj))")
_IN_COMMENT = re.compile(r"[^ -~]|%(?=[0-9A-F]{2})| \Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,199}")
_PART = re.compile(r"[^\x00-\x1f\x7f/\\:]{1,200}")
_ESCAPED = re.compile(r"(?:%[0-9A-F]{2})+")


class Record(NamedTuple):
    """What a file says of how it was made. `picture` is the digest of the file without the record; `files`
    are what the spec or the command line names, by their names."""

    id: str
    spec: str
    format: Format
    options: Options
    version: str
    verdict: str
    picture: str
    files: Mapping[str, str] = {}

    def fields(self) -> list[tuple[str, str]]:
        """Names and values as they are written; the spec is the last."""
        files = [(_FILE + name, self.files[name]) for name in sorted(self.files)]
        head = [("version", self.version), ("id", self.id), ("format", self.format)]
        found = [("verdict", self.verdict), ("picture", self.picture)]
        return [*head, *found, *self.chosen().items(), *files, ("spec", self.spec)]

    def chosen(self) -> dict[str, str]:
        """The options that are not the default, of those that change the file."""
        pairs = zip(Options._fields, self.options, Options(), strict=True)
        return {
            name: _said(value)
            for name, value, default in pairs
            if value != default and _PLACES.get(name, self.format) == self.format
        }

    def command(self, name: str) -> str:
        """The command that makes the file again from its spec in the file `name`."""
        import shlex

        words = ["lorafig", "render", name, "-f", self.format]
        for key, value in self.chosen().items():
            if value in self.files:  # which lies beside the spec
                words += [f"--{key}", os.path.join(os.path.dirname(name), value)]
            else:
                words += ["--no-check"] if key == "check" else [f"--{key}", value]
        return shlex.join(words)


def recorded(
    name: str,
    spec: str,
    form: Format,
    options: Options,
    verdict: str,
    output: bytes,
    files: Mapping[str, str] | None = None,
) -> Record:
    """The record of an output that has none yet, of the figure `name`."""
    from lorafig import __version__

    return Record(name, spec, form, options, __version__, verdict, digest(output), files or {})


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=_BYTES).hexdigest()


# Writing --------------------------------------------------------------------------------------


def line(known: Record, ascii_only: bool = False) -> str:
    """The record in one line; `ascii_only` without brackets and backslashes too, for a string of PDF."""
    unsafe = _IN_ASCII if ascii_only else _IN_LINE
    parts = [f"{key}={_quoted(value, unsafe)}" for key, value in known.fields()]
    return ";".join([f"{MARK}{_sum(known.fields())}", *parts]) + END


def comments(known: Record, sign: str, widest: int = 160) -> str:
    """The record in lines that begin with `sign`, of ASCII alone, and at most `widest` characters each."""
    fields = known.fields()
    long = [(key, value) for key, value in fields if len(value) > _SHORT or "\n" in value or key == "spec"]
    short = [f"{key}={_quoted(value, _IN_ASCII)}" for key, value in fields if (key, value) not in long]
    lines = [";".join([f"{MARK}{_sum(fields)}", *short])]
    for key, value in long:
        lines.append(f"{key}:")
        for written in value.split("\n"):
            pieces = list(_pieces(written, widest - len(sign) - 3))
            lines += [f"| {pieces[0]}".rstrip(" "), *(f"+ {piece}" for piece in pieces[1:])]
    return "".join(f"{sign} {written}\n" for written in (*lines, "."))


def _pieces(text: str, widest: int) -> Iterator[str]:
    """A line in pieces, each encoded by itself, none of them longer than that."""
    at = 0
    while True:
        size = widest if text.isascii() else max(1, widest // 12)
        piece = _quoted(text[at : at + size], _IN_COMMENT)
        while len(piece) > widest:
            size //= 2
            piece = _quoted(text[at : at + size], _IN_COMMENT)
        yield piece
        at += size
        if at >= len(text):
            return


def _quoted(text: str, unsafe: re.Pattern[str]) -> str:
    return unsafe.sub(_encoded, text)


def _encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))


def _sum(fields: Iterable[tuple[str, str]]) -> str:
    found = blake2b(digest_size=_BYTES)
    for pair in fields:
        for part in pair:
            data = part.encode("utf-8", "surrogatepass")
            found.update(b"%d:" % len(data))  # lengths keep ('ab', 'c') apart from ('a', 'bc')
            found.update(data)
    return found.hexdigest()


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


# Reading --------------------------------------------------------------------------------------


def read_line(text: str) -> Record:
    """The record of a line, from its mark to its end. Errors: LorafigError."""
    if not text.endswith(END):
        raise damaged("is cut off")
    parts = text[len(MARK) : -len(END)].split(";")
    return _made(parts[0], _fields(parts[1:]))


def _fields(parts: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, _plain(value)) for key, _, value in (part.partition("=") for part in parts)]


def read_comments(lines: list[str]) -> Record:
    """The record of lines of comments, without the sign of a comment. Errors: LorafigError."""
    head = lines[0][len(MARK) :].split(";")
    fields = _fields(head[1:])
    key, values = "", list[str]()
    for written in lines[1:]:
        if written == ".":
            break
        if written.startswith("+ ") and values:
            values[-1] += _plain(written[2:])
        elif written == "|" or written.startswith("| "):
            values.append(_plain(written[2:]))
        elif written.endswith(":"):
            if values:
                fields.append((key, "\n".join(values)))
            key, values = written[:-1], []
        else:
            raise damaged("is broken by another line")
    else:
        raise damaged("is cut off")
    fields.append((key, "\n".join(values)))
    return _made(head[0], fields)


def from_fields(total: str, fields: list[tuple[str, str]]) -> Record:
    """The record of names and values that are no text of ours: those of an object of JSON."""
    return _made(total, fields)


def total(known: Record) -> str:
    """The sum of a record."""
    return _sum(known.fields())


def _plain(text: str) -> str:
    try:
        return _ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("%", "")).decode(), text)
    except UnicodeDecodeError:
        raise damaged("is not UTF-8") from None


def _made(claimed: str, fields: list[tuple[str, str]]) -> Record:
    """A record whose sum is right, of values that are such. Errors: LorafigError."""
    if _sum(fields) != claimed:
        raise damaged("has been changed, or damaged: its checksum is another one")
    values = dict(fields)
    try:
        written = values.pop("format")
        form = next(form for form in FORMATS if form == written)
        name, spec, version, verdict, picture = (
            values.pop(key) for key in ("id", "spec", "version", "verdict", "picture")
        )
    except (KeyError, StopIteration):
        raise damaged("lacks what every record has") from None
    files = {key.removeprefix(_FILE): values.pop(key) for key in list(values) if key.startswith(_FILE)}
    if len(spec.encode("utf-8", "surrogatepass")) > MAX_SPEC_BYTES:
        raise LorafigError(Problem("the spec in it is larger than 1 MiB"), "limit")
    if not _ID.fullmatch(name) or not all(map(_may_lie_beside, files)):
        raise damaged("names what no figure has")
    return Record(name, spec, form, _options(values, version), version, verdict, picture, files)


def _may_lie_beside(name: str) -> bool:
    """Whether a file of this name may be written beside a spec, whoever says so."""
    parts = name.split("/")
    plain = all(part != "" and not part.startswith(".") and _PART.fullmatch(part) for part in parts)
    return plain and name.endswith((".json", ".yaml", ".yml"))


def _options(values: Mapping[str, str], version: str) -> Options:
    made: dict[str, Any] = {}
    for name, value in values.items():
        if name not in Options._fields:
            what = f"the file was made with an option '{name}' that this lorafig does not have"
            raise LorafigError(Problem(what, None, f"use lorafig {version}"))
        default = getattr(Options(), name)
        made[name] = value
        if isinstance(default, bool):
            made[name] = value == "yes"
        elif isinstance(default, float):
            try:
                made[name] = float(value)
            except ValueError:
                raise damaged(f"has '{value[:20]}' for {name}") from None
    return Options(**made)


def damaged(how: str) -> LorafigError:
    hint = "write the file again from its spec"
    return LorafigError(Problem(f"the spec in it {how}", None, hint, code="spec-damaged"))
