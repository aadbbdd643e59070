"""A row of atoms to a box: the space between two neighbours depends on their classes alone."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from lorafig.typeset.boxes import Box, placed
from lorafig.typeset.style import Style

Class: TypeAlias = Literal["ord", "op", "bin", "rel", "open", "close", "punct", "inner", "space", "mark"]

THIN, MEDIUM, THICK = 3 / 18, 4 / 18, 5 / 18

SPACES = {
    "": 0.0,
    "\\,": THIN,
    "\\:": MEDIUM,
    "\\;": THICK,
    "\\!": -THIN,
    "\\ ": 1 / 3,
    "~": 1 / 3,
    "\\quad": 1.0,
    "\\qquad": 2.0,
}

# Space between neighbours (The TeXbook, page 170): 1 thin, 2 medium, 3 thick; a minus: not in scripts.
_ORDER = ("ord", "op", "bin", "rel", "open", "close", "punct", "inner")
_BETWEEN = {
    "ord": (0, 1, -2, -3, 0, 0, 0, -1),
    "op": (1, 1, 0, -3, 0, 0, 0, -1),
    "bin": (-2, -2, 0, 0, -2, 0, 0, -2),
    "rel": (-3, -3, 0, 0, -3, 0, 0, -3),
    "open": (0, 0, 0, 0, 0, 0, 0, 0),
    "close": (0, 1, -2, -3, 0, 0, 0, -1),
    "punct": (-1, -1, 0, -1, -1, -1, -1, -1),
    "inner": (-1, 1, -2, -3, -1, 0, -1, -1),
}
_WIDTHS = (0.0, THIN, MEDIUM, THICK)


class Atom(Struct, frozen=True, gc=False):
    kind: Class
    box: Box


# Where a marked part of a label begins and ends.
START, STOP = Atom("mark", Box(1.0)), Atom("mark", Box(-1.0))


def joined(atoms: list[Atom], style: Style) -> Box:
    kinds = _resolved(atoms)
    x, row, marks, start = 0.0, [], [], 0.0
    before: str | None = None
    opening = False
    end = 0.0
    for atom, kind in zip(atoms, kinds, strict=True):
        if atom is START:
            opening = True
            continue
        if atom is STOP:
            marks.append((start, end))
            continue
        if kind == "space":
            x += atom.box.width
            continue
        if before is not None:
            amount = _BETWEEN[before][_ORDER.index(kind)]
            if amount > 0 or style.level < 2:
                x += _WIDTHS[abs(amount)]
        if opening:
            start, opening = x, False
        row.append((atom.box, x, 0.0))
        x += atom.box.width
        before, end = kind, x
    box = placed(x, row)
    own = []
    for left, right in marks:
        spanned = [b for b, at, _ in row if left - 1e-9 <= at < right - 1e-9]
        own.append((left, right, max(b.height for b in spanned), max(b.depth for b in spanned)))
    return Box(x, box.height, box.depth, box.glyphs, box.rules, box.marks + tuple(own))


def _resolved(atoms: list[Atom]) -> list[Class]:
    """Binary operators with nothing to bind on one side are ordinary (rules 5 and 6)."""
    kinds: list[Class] = [atom.kind for atom in atoms]
    before: int | None = None
    for index, kind in enumerate(kinds):
        if kind in ("mark", "space"):
            continue
        last = None if before is None else kinds[before]
        if kind == "bin" and last in (None, "bin", "op", "rel", "open", "punct"):
            kinds[index] = "ord"
        elif kind in ("rel", "close", "punct") and last == "bin" and before is not None:
            kinds[before] = "ord"
        before = index
    if before is not None and kinds[before] == "bin":
        kinds[before] = "ord"
    return kinds
