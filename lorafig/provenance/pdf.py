"""A record in a PDF: a marked-content point in a content stream of its own, after the page's.

TeX engines copy a page's content and its resources when they include it in a document, and drop everything
else: the document's information, its metadata, its attachments. So the record stands in the content, where
`/lorafig <</Spec (…)>> DP` draws nothing (ISO 32000-1, 14.6). It is added as an incremental update (7.5.6):
the file begins with the very bytes that it had before.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from lorafig.errors import LorafigError, Problem

MAX_STREAM = 32 << 20  # bytes of a stream, unpacked: of a larger one the first are looked at
MAX_STREAMS = 256 << 20  # bytes of all of them
_STRING = 8000  # characters: 32,767 bytes are what a string may have
_STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_OBJECT = re.compile(rb"(?<!\d)(\d+) 0 obj\b")
_CONTENTS = re.compile(rb"/Contents\s*\[?\s*(\d+ 0 R)\s*\]?")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_UPDATE = b"\n%lorafig-update\n"


def attach(data: bytes, text: str) -> bytes:
    """A PDF of one page, with a table of its objects at its end, with a text of ASCII in its page."""
    start = _STARTXREF.search(data)
    assert start is not None
    trailer = data[data.rindex(b"trailer") :]
    size, root, info = (re.search(rb"/%s\s+(\d+)" % key, trailer) for key in (b"Size", b"Root", b"Info"))
    page = _PAGE.search(data)
    assert size is not None
    assert root is not None
    assert page is not None
    begin = list(_OBJECT.finditer(data, 0, page.start()))[-1]
    end = data.index(b"endobj", page.start()) + len(b"endobj")
    new = int(size[1])
    changed, count = _CONTENTS.subn(rb"/Contents[\1 %d 0 R]" % new, data[begin.start() : end])
    assert count == 1
    strings = "\n".join(f"({text[at : at + _STRING]})" for at in range(0, len(text), _STRING))
    content = f"/lorafig <</Spec [{strings}]>> DP".encode("ascii")
    out = bytearray(data + _UPDATE)
    places = []
    for number, body in (
        (int(begin[1]), changed[len(begin[0]) :]),
        (new, b"\n<< /Length %d >>\nstream\n%s\nendstream\nendobj" % (len(content), content)),
    ):
        places.append((number, len(out)))
        out += b"%d 0 obj%s\n" % (number, body)
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places:
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    about = b"" if info is None else b" /Info %s 0 R" % info[1]
    out += b"trailer\n<< /Size %d /Root %s 0 R%s /Prev %s >>\n" % (new + 1, root[1], about, start[1])
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def bare(data: bytes) -> bytes:
    """The file before the record was added; the whole of one that has been written anew."""
    return data.partition(_UPDATE)[0]


def content(data: bytes) -> bytes:
    """What is drawn on the page of a PDF of ours that has no record."""
    page = _PAGE.search(data)
    assert page is not None
    contents = _CONTENTS.search(data, data.rindex(b" 0 obj", 0, page.start()))
    assert contents is not None
    number = contents[1].split()[0]
    start = re.search(rb"(?<!\d)%s 0 obj\b" % number, data)
    assert start is not None
    return next(streams(data[start.start() :]))


def streams(data: bytes) -> Iterator[bytes]:
    """The streams of a PDF, unpacked where zlib has packed them. Errors: LorafigError where they are larger
    than MAX_STREAMS together."""
    view, at, unpacked = memoryview(data), 0, 0
    while (match := _STREAM.search(data, at)) is not None:
        at = match.end()
        stream, taken = inflated(view[at:], MAX_STREAM)
        if taken == 0:
            stop = data.find(b"endstream", at)
            stop = len(data) if stop < 0 else stop
            stream = data[at : min(stop, at + MAX_STREAM)]
            at = stop
        at += taken
        unpacked += len(stream) if taken else 0
        if unpacked > MAX_STREAMS:
            what = f"what is packed in it is larger than {MAX_STREAMS >> 20} MiB"
            raise LorafigError(Problem(what), "limit")
        yield stream


def inflated(data: bytes | memoryview[int], most: int) -> tuple[bytes, int]:
    """What zlib has packed, at most so much of it, and how many bytes of `data` it takes; none if it is not
    so packed."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(data, most)
    except zlib.error:
        return b"", 0
    left = len(unpacker.unused_data) + len(unpacker.unconsumed_tail)
    return found, len(data) - left
