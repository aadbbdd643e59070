"""Errors of a label: what is wrong, at which column, and what to write instead."""

from __future__ import annotations

from lorafig.errors import Kind, LorafigError, Place, Problem

MAX_LABEL = 2_000  # characters
MAX_DEPTH = 32  # levels of nesting


def fault(
    source: str, offset: int, what: str, hint: str | None = None, kind: Kind = "spec", code: str = "notation"
) -> LorafigError:
    """The error at `offset` (in characters, from 0) of the label `source`.

    A `language.Source` knows its place in its file. If its characters are those of the file, the place is
    that of the fault itself; otherwise it is the label's, and the message gives the column in the label.
    """
    place: Place | None = getattr(source, "where", None)
    if place is not None and getattr(source, "exact", False):
        place = Place(place.file, place.line, place.column + offset)
    else:
        what = f"{what} (column {offset + 1})"
    return LorafigError(Problem(what, place, hint, code=code if kind == "spec" else ""), kind)


def code_point(char: str) -> str:
    """`U+202E`."""
    return f"U+{ord(char):04X}"
