"""The records in a file of any kind, by its bytes alone: no parser of XML, no interpreter of PDF.

What strangers send is bounded before it is unpacked: the file, each stream of it, and all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lorafig.errors import LorafigError, Problem
from lorafig.files import read_named
from lorafig.provenance import pdf
from lorafig.provenance.carriers import KEY, PNG, chunks
from lorafig.provenance.reading import damaged, from_fields, read_comments, read_line
from lorafig.provenance.record import END, MARK, MAX_CHARACTERS, NAME, VERSION, Record, total

MAX_FILE = 64 << 20  # bytes
MAX_RECORDS = 1000
_ANY = re.compile(rf"{NAME}:(\d{{1,9}});")
_COMMENT = re.compile(r"[ \t]*(%{1,2}) ")


def read(path: str) -> bytes:
    """The bytes of a file, at most 64 MiB. Errors: LorafigError."""
    data = read_named(path, MAX_FILE)
    if len(data) > MAX_FILE:
        raise LorafigError(Problem(f"{path} is larger than 64 MiB"), "limit")
    return data


def find(data: bytes, name: str) -> tuple[Record, ...]:
    """The records in a file, which problems call `name`, each once. Errors: LorafigError for a file without
    any, and for a record that is damaged, of a newer version, or too large."""
    records = search(data, name)
    demand_one(records, data, name)
    return records


def demand_one(records: tuple[Record, ...], data: bytes, name: str) -> None:
    """Raises LorafigError for a file in which no record was found."""
    if not records:
        what = f"{name}: there is no spec in it"
        hint = "it is a spec itself" if name.endswith((".yaml", ".yml")) else _why(data, name)
        raise LorafigError(Problem(what, None, hint, code="no-spec-inside"))


def search(data: bytes, name: str) -> tuple[Record, ...]:
    """As `find`, also of a file without any."""
    records: dict[str, Record] = {}
    try:
        for record in _records(data):
            records[total(record)] = record
            if len(records) > MAX_RECORDS:
                raise LorafigError(Problem(f"there are more than {MAX_RECORDS:,} specs in it"), "limit")
    except LorafigError as error:
        told = tuple(problem._replace(what=f"{name}: {problem.what}") for problem in error.problems)
        raise LorafigError(told, error.kind) from None
    return tuple(records.values())


def drawn_by_us(data: bytes, name: str) -> bool:
    """Whether a file is a picture or a page, by its name or how it begins, and not a spec."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("svg", "html", "htm", "pdf", "png", "eps", "tikz", "tex", "mmd", "md"):
        return True
    if data.startswith((PNG, b"%PDF-", b"%!PS", b"<svg", b"<?xml", b"<!doctype html>", b"<!DOCTYPE")):
        return True
    return ending not in ("yaml", "yml") and f'"{NAME}":'.encode() in data


def _records(data: bytes) -> Iterator[Record]:
    if data.startswith(PNG):
        for text in _texts_of_png(data):
            yield from _in_text(text)
    elif b"%PDF-" in data[:1024]:
        yield from _in_pdf(data)
    elif data[:1] == b"{":
        yield from _in_json(data)
    else:
        yield from _in_text(data.decode("utf-8", "replace"))


def _in_text(text: str) -> Iterator[Record]:
    """The records in a text: in a line, or in comments."""
    at = 0
    while (mark := _ANY.search(text, at)) is not None:
        if int(mark[1]) != VERSION:
            raise _newer(mark[1])
        start = mark.start()
        begin = text.rfind("\n", 0, start) + 1
        sign = _COMMENT.fullmatch(text, begin, start)
        if sign is not None:
            lines, at = _block(text, start, text[begin:start])
            yield read_comments(lines)
            continue
        stop = min((place for end in '"<>\n' if (place := text.find(end, start)) >= 0), default=len(text))
        if stop - start > 3 * MAX_CHARACTERS:
            raise LorafigError(Problem("the record in it is too large"), "limit")
        line = unescape(text[start:stop])
        end = line.find(END)
        yield read_line(line[: end + len(END)] if end >= 0 else line)
        at = stop


def _block(text: str, start: int, sign: str) -> tuple[list[str], int]:
    """The lines of comments that a record has, without what they begin with, and where they end."""
    lines: list[str] = []
    at = start - len(sign)
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop].rstrip()
        if not line.startswith(sign.rstrip()):
            break
        lines.append(line[len(sign) :])
        at = stop + 1
        if at - start > 3 * MAX_CHARACTERS:
            raise LorafigError(Problem("the record in it is too large"), "limit")
        if lines[-1] == ".":
            break
    return lines, at


def _in_json(data: bytes) -> Iterator[Record]:
    import json

    try:
        known = json.loads(data)
    except (ValueError, RecursionError):
        if NAME.encode() in data:
            raise damaged("cannot be read: the file is not JSON") from None
        return
    held = known.get(KEY) if isinstance(known, dict) else None
    if not isinstance(held, dict) or NAME not in held:
        return
    if held[NAME] != VERSION:
        raise _newer(str(held[NAME])[:20])
    fields = [(key, value) for key, value in held.items() if key not in (NAME, "sum")]
    if not all(isinstance(value, str) for _, value in fields) or not isinstance(held.get("sum"), str):
        raise damaged("is not what a record is")
    yield from_fields(held["sum"], fields)


def _texts_of_png(data: bytes) -> Iterator[str]:
    """The texts of a PNG: also those that another program has packed."""
    whole = len(PNG)
    for name, value, chunk in chunks(data):
        whole += len(chunk)
        _, _, rest = value.partition(b"\0")
        if name == b"tEXt":
            yield rest.decode("utf-8", "replace")
        elif name == b"zTXt":
            yield _unpacked(rest[1:]).decode("utf-8", "replace")
        elif name == b"iTXt" and len(rest) > 2:
            text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
            yield (_unpacked(text) if rest[0] == 1 else text).decode("utf-8", "replace")
    if whole != len(data) and MARK.encode() in data[whole:]:
        raise damaged("is cut off, or the file is damaged")


def _unpacked(data: bytes) -> bytes:
    return pdf.inflated(data, 3 * MAX_CHARACTERS)[0]


def _in_pdf(data: bytes) -> Iterator[Record]:
    """The records in the content streams of a PDF: a TeX engine joins those of a page that it includes."""
    for stream in pdf.streams(data):
        start = stream.find(f"({NAME}:".encode())
        while start >= 0:
            end = stream.find(END.encode(), start)
            stop = len(stream) if end < 0 else end + len(END)
            yield from _in_text(re.sub(r"\)\s*\(", "", stream[start + 1 : stop].decode("latin-1")))
            start = stream.find(f"({NAME}:".encode(), stop)


def _newer(version: str) -> LorafigError:
    what = f"the spec in it is recorded in version {version}, and this lorafig reads version {VERSION}"
    return LorafigError(Problem(what, None, "use a newer lorafig", code="spec-newer"))


def _why(data: bytes, name: str) -> str:
    """What may have become of the record of a file."""
    if not data:
        return "the file is empty"
    if data.startswith(PNG):
        return "programs that resize a picture drop its texts; 'check --against SPEC' compares the pixels"
    if b"%PDF-" in data[:1024]:
        again = "programs that draw a PDF anew drop it; 'check --against SPEC' compares what is drawn"
        return f"{again}; TikZ that a paper reads by \\input leaves none: check the .tikz file"
    if data.startswith(b"\x1f\x8b"):
        return "it is packed by gzip: unpack it first"
    if name.lower().endswith((".md", ".rst", ".ipynb")):
        return f"lorafig did not write it; 'lorafig audit {name}' decides what a page claims"
    return (
        "lorafig did not write it, or another program took the spec out; 'check --against SPEC' compares it"
    )
