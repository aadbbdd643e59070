"""A file beside the one that its spec gives: byte for byte, the same picture written otherwise, or another.

What another program has done to a file is judged by what is drawn: the pixels of a PNG, the shapes of an SVG,
the drawing operators of a PDF, the lines of a source.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, NamedTuple, TypeAlias

from lorafig.options import Format
from lorafig.provenance.carriers import bare
from lorafig.provenance.record import Record, digest

Picture: TypeAlias = Literal["exact", "same", "earlier", "altered", "unknown"]
STANDS: tuple[Picture, ...] = ("exact", "same", "earlier")  # as far as this lorafig can tell
MOST_TOLD = 3  # differences that are told one by one
MAX_LINES = 20_000
_SHOWN = 60  # characters of a line


class Likeness(NamedTuple):
    """What can be said of a file: in a word, in words, and where it differs."""

    picture: Picture
    detail: str
    differs: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the file is what its spec gives, as far as this lorafig can tell."""
        return self.picture in STANDS


def compare(known: Record | None, form: Format, data: bytes, given: bytes, version: str) -> Likeness:
    """The file `data`, with the record that is in it, beside what lorafig `version` makes of its spec."""
    if data == given:
        return Likeness("exact", "it is byte for byte what the spec gives")
    own, drawn = bare(form, data), bare(form, given)
    if own == drawn:
        return Likeness("same", f"the picture is what the spec gives{_but(known, version)}")
    if form not in ("png", "pdf"):
        plain = data.replace(b"\r\n", b"\n")
        own = bare(form, plain)
        if own == drawn:
            return Likeness("same", "the picture is what the spec gives, but for the ends of its lines")
        if form != "json" and drawn.strip() in plain:
            return Likeness("same", "the figure stands in it as the spec gives it")
    if known is not None and digest(own) == known.picture:
        told = f"nobody has changed it since lorafig {known.version} wrote it"
        if known.version == version:
            what = (
                f"{told}, and that version draws it otherwise now: its code, a library or TeX is another one"
            )
            return Likeness("unknown", what)
        return Likeness("earlier", f"{told}; lorafig {version} draws it otherwise, so render it again")
    match form:
        case "png":
            from lorafig.provenance import pixels

            return Likeness(*pixels.compare(own, drawn))
        case "pdf":
            return _operators(known, data, drawn)
        case "svg":
            from lorafig.provenance import shapes

            return Likeness(*shapes.compare(own, drawn))
        case _:
            return _lines(own, drawn)


def _but(known: Record | None, version: str) -> str:
    if known is None:
        return "; there is no spec in it"
    return "" if known.version == version else f", though lorafig {known.version} wrote it"


def _operators(known: Record | None, data: bytes, given: bytes) -> Likeness:
    from lorafig.provenance import pdf

    content = pdf.content(given).strip()
    if any(stream.lstrip().startswith(content) for stream in pdf.streams(data)):
        what = "another program wrote the file, or included the figure; it is drawn as the spec gives it"
        return Likeness("same", what)
    if known is None:
        what = (
            "another program may have drawn it anew: its drawing operators are not those that the spec gives"
        )
        return Likeness("unknown", what)
    return Likeness("altered", "no page of it is drawn as the spec gives it")


def _lines(own: bytes, given: bytes) -> Likeness:
    """What differs in a source, line by line."""
    before, after = (data.decode("utf-8", "replace").splitlines() for data in (given, own))
    if max(len(before), len(after)) > MAX_LINES:
        return Likeness("altered", "its lines are not those that the spec gives")
    differs = list(_differences(before, after))
    count = len(differs)
    what = f"{count} {'place differs' if count == 1 else 'places differ'} from what the spec gives"
    return Likeness("altered", what, tuple(differs[:MOST_TOLD]))


def _differences(before: list[str], after: list[str]) -> Iterator[str]:
    for tag, start, stop, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        match tag:
            case "replace":
                yield f"line {first + 1}: {_cut(after[first])} for {_cut(before[start])}"
            case "delete":
                yield f"line {first + 1}: {_cut(before[start])} is missing"
            case "insert":
                yield f"line {first + 1}: {_cut(after[first])} is new"
        del stop, last


def _cut(line: str) -> str:
    text = line.strip()
    return f"'{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}'"
