"""A record in each kind of file, and the file without it. What is there in `attach` is what `bare` takes out.

| format | where | survives |
|---|---|---|
| svg | the attribute `data-lorafig` of the root | SVGO and SVGR, which drop metadata elements and comments |
| html | a `meta` element | |
| pdf | a point in the page's drawing that marks nothing, with a property | being included in another PDF |
| png | a text chunk (tEXt) | ImageMagick, which resizes |
| eps, tikz, tex, mmd | comments | |
| md | a comment of HTML | |
| json | the key `provenance` | |
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from lorafig.options import Format
from lorafig.provenance.record import NAME, VERSION, Record, comments, line, total

PNG = b"\x89PNG\r\n\x1a\n"
KEY = "provenance"
_SIGNS = {"tikz": "%", "tex": "%", "mmd": "%%", "eps": "%"}
_SAID = "The spec of this figure; 'lorafig recover' reads it."
_EPS_HEAD = b"%%EndComments\n"


def attach(known: Record, output: bytes) -> bytes:
    """The output with its record in it."""
    match known.format:
        case "svg":
            head, end, rest = output.partition(b">")
            return head + f' data-lorafig="{line(known)}"'.encode() + end + rest
        case "html":
            meta = f'<meta name="{NAME}" content="{line(known)}">\n'.encode()
            return output.replace(b"<title>", meta + b"<title>", 1)
        case "md":
            return output + f"\n<!-- {line(known)} -->\n".encode()
        case "png":
            return _with_chunk(output, line(known, ascii_only=True))
        case "pdf":
            from lorafig.provenance import pdf

            return pdf.attach(output, line(known, ascii_only=True))
        case "json":
            return _json({**_parsed(output), KEY: as_object(known)})
        case "tikz" | "tex" | "mmd" | "eps":
            sign = _SIGNS[known.format]
            block = f"{sign} {_SAID}\n{comments(known, sign)}".encode()
            if known.format != "eps":
                return output + block
            head, end, rest = output.partition(_EPS_HEAD)
            return head + end + block + rest


def bare(form: Format, data: bytes) -> bytes:
    """A file as it is without its record; a file that has none as it is."""
    match form:
        case "svg":
            return re.sub(rf' data-lorafig="{NAME}:[^"]*"'.encode(), b"", data, count=1)
        case "html":
            return re.sub(rf'<meta name="{NAME}" content="[^"]*">\n'.encode(), b"", data, count=1)
        case "md":
            return re.sub(rf"\n<!-- {NAME}:[^\n]* -->\n\Z".encode(), b"", data, count=1)
        case "png":
            own = NAME.encode()
            return PNG + b"".join(chunk for _, value, chunk in chunks(data) if not value.startswith(own))
        case "pdf":
            from lorafig.provenance import pdf

            return pdf.bare(data)
        case "json":
            parsed = _parsed(data)
            parsed.pop(KEY, None)
            return _json(parsed)
        case "tikz" | "tex" | "mmd" | "eps":
            sign = _SIGNS[form]
            start = data.find(f"{sign} {_SAID}\n".encode())
            end = data.find(f"\n{sign} .\n".encode(), start)
            return data if start < 0 or end < 0 else data[:start] + data[end + len(sign) + 4 :]


def as_object(known: Record) -> dict[str, Any]:
    """The record for JSON."""
    return {NAME: VERSION, "sum": total(known), **dict(known.fields())}


def _parsed(data: bytes) -> dict[str, Any]:
    import json

    parsed: dict[str, Any] = json.loads(data)
    return parsed


def _json(data: dict[str, Any]) -> bytes:
    import json

    return (json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _with_chunk(data: bytes, text: str) -> bytes:
    """A PNG with the text before its pixels, where programs look for it that do not read these. It is ASCII:
    ImageMagick keeps tEXt when it resizes a picture, and not iTXt."""
    content = NAME.encode() + b"\0" + text.encode("ascii")
    body = b"tEXt" + content
    chunk = len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    at = data.index(b"IDAT") - 4
    return data[:at] + chunk + data[at:]


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The chunks of a PNG: name, content, and the whole of it, to where the file is cut off or broken."""
    at = len(PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        whole = data[at : at + 12 + size]
        if len(whole) < 12 + size or zlib.crc32(whole[4:-4]) != int.from_bytes(whole[-4:], "big"):
            return
        yield whole[4:8], whole[8:-4], whole
        at += len(whole)
