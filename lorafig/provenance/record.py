"""A record: what a file says of how it was made, so that it can be made again.

It has the spec's whole text, the files that the spec names, lorafig's version, the format, the options that
are not the default, the verdict, and a digest of the picture without the record. No path, date or machine is
in it: the same figure has the same bytes in any folder.

Two ways to write it, both text that can be read:

- in a line: `lorafig-spec:1;SUM;version=0.1.0;format=svg;…;spec=lorafig: 1%0Aid: mine%0A…;.`
- in comments of a source, `%` for TeX: the line up to the long values, and then these line by line.

What a carrier could not hold or would change (line ends, runs of blanks, quotes, angle brackets) is
percent-encoded UTF-8, as in a URL; a percent sign is itself unless two capital hexadecimal digits follow. SUM
is the BLAKE2b digest, of 8 bytes, of all names and values: it tells damage. It is not a signature.

In a file that is compressed as a whole, as on the web, plain text takes a third less than deflate and base64:
750 bytes for 1,040 in an SVG of the gallery.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from lorafig.files import MAX_SPEC_BYTES
from lorafig.hashes import blake2b
from lorafig.options import Format, Options

VERSION = 1
NAME = "lorafig-spec"
MARK = f"{NAME}:{VERSION};"
END = ";."
MAX_CHARACTERS = 4 * MAX_SPEC_BYTES  # of a record, with the files that a spec names
_BYTES = 8  # of a digest
_WIDEST = 160  # characters of a line of comments
_SHORT = 60  # characters of a value that stands in the first line of comments
_PLACES: Mapping[str, Format] = {"engine": "pdf", "text": "svg", "dpi": "png"}  # where alone an option counts
FILE = "file."


class _Quoting(dict[int, str]):
    """What stands for a character, by its code: itself, or its UTF-8 as a URL has it."""

    def __init__(self, unsafe: Callable[[str], bool]) -> None:
        super().__init__()
        self.unsafe = unsafe

    def __missing__(self, code: int) -> str:
        char = chr(code)
        made = "".join(f"%{byte:02X}" for byte in char.encode()) if self.unsafe(char) else char
        self[code] = made
        return made


# What begins and ends things in HTML, XML and records; controls, line ends of Unicode, what XML cannot have.
_LINE = _Quoting(
    lambda char: char in ';"&<>\u2028\u2029\ufeff\ufffe\uffff' or char < " " or "~" < char < "\xa0"
)
_ASCII = _Quoting(lambda char: char in ';"&<>()\\' or not " " <= char <= "~")
_COMMENT = _Quoting(lambda char: not " " <= char <= "~")


class Record(Struct, frozen=True):
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
        files = [(FILE + name, self.files[name]) for name in sorted(self.files)]
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
    quoting = _ASCII if ascii_only else _LINE
    parts = [f"{key}={_quoted(value, quoting)}" for key, value in known.fields()]
    return ";".join([f"{MARK}{total_of(known.fields())}", *parts]) + END


def comments(known: Record, sign: str) -> str:
    """The record in lines that begin with `sign`, of ASCII alone, and of at most `_WIDEST` characters."""
    fields = known.fields()
    long = [(key, value) for key, value in fields if len(value) > _SHORT or "\n" in value or key == "spec"]
    short = [f"{key}={_quoted(value, _ASCII)}" for key, value in fields if (key, value) not in long]
    lines = [";".join([f"{MARK}{total_of(fields)}", *short])]
    for key, value in long:
        lines.append(f"{key}:")
        for written in value.split("\n"):
            pieces = list(_pieces(written, _WIDEST - len(sign) - 3))
            lines += [f"| {pieces[0]}".rstrip(" "), *(f"+ {piece}" for piece in pieces[1:])]
    return "".join(f"{sign} {written}\n" for written in (*lines, "."))


def _pieces(text: str, widest: int) -> Iterator[str]:
    """A line in pieces, each encoded by itself, none of them longer than that."""
    at = 0
    while True:
        size = widest if text.isascii() else max(1, widest // 12)
        piece = _quoted(text[at : at + size], _COMMENT)
        while len(piece) > widest:
            size //= 2
            piece = _quoted(text[at : at + size], _COMMENT)
        yield piece
        at += size
        if at >= len(text):
            return


def _quoted(text: str, quoting: _Quoting) -> str:
    """The text of a value. A blank beside another one, or at an end, may be lost in an attribute, and in a
    comment at its end. What ends an object of PDF is in none."""
    if "%" in text:
        text = re.sub("%(?=[0-9A-F]{2})", "%25", text)
    text = text.translate(quoting)
    if quoting is not _COMMENT:
        text = re.sub(r"(?<= ) |\A | \Z", "%20", text)
    elif text.endswith(" "):
        text = f"{text[:-1]}%20"
    if quoting is _ASCII:
        text = text.replace("endstream", "%65ndstream").replace("endobj", "%65ndobj")
    return text


def total_of(fields: Iterable[tuple[str, str]]) -> str:
    """The sum of names and values."""
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


def total(known: Record) -> str:
    """The sum of a record."""
    return total_of(known.fields())
