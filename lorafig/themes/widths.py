"""Widths as authors write them: `3.25in`, `8.5cm`, `0.48\\linewidth`."""

from __future__ import annotations

import re

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.themes.measures import MM_PER_POINT

UNITS = {"in": 25.4, "cm": 10.0, "mm": 1.0, "pt": MM_PER_POINT, "bp": 25.4 / 72}
# Lengths of a document, and whether they are a column's: `\textwidth` goes across all columns.
PARTS = {r"\linewidth": True, r"\columnwidth": True, r"\textwidth": False}
PATTERN = r"^\s*\d*\.?\d*\s*(in|cm|mm|pt|bp|\\(line|column|text)width)\s*$"
LEAST, MOST = 10.0, 5_700.0  # mm
ARTICLE = 345 * MM_PER_POINT  # mm, the text of LaTeX's article at 10 pt
HINT = r"such as 3.25in, 8.5cm or 0.48\linewidth"


class Width(Struct, frozen=True):
    """So many mm, or, with a `part`, so much of a document's length."""

    amount: float
    part: str | None = None

    def mm(self, widths: tuple[float, ...] = (ARTICLE,)) -> float:
        """In mm; `widths` are those of the document's column and of its text, the narrowest first."""
        if self.part is None:
            return self.amount
        return self.amount * widths[0 if PARTS[self.part] else -1]


def _meant(text: str) -> str:
    """What to write for a width of the web, by CSS's 96 pixels an inch."""
    web = re.fullmatch(r"\s*(\d{1,5}(?:\.\d{1,3})?)\s*(%|px)\s*", text)
    plain = re.fullmatch(r"\s*(\d{1,4}(?:\.\d{1,3})?)\s*", text)
    if plain is not None:
        return f"give it a unit: {plain[1]}{'cm' if float(plain[1]) <= 30 else 'mm'}"
    if web is None:
        return HINT
    amount = float(web[1])
    return rf"write {amount / 100:g}\linewidth" if web[2] == "%" else f"write {amount * 25.4 / 96:.0f}mm"


def width(text: str) -> Width:
    """A width as it is written. Errors: LorafigError."""
    written = re.fullmatch(r"\s*(\d*\.?\d*)\s*(in|cm|mm|pt|bp|\\\w+)\s*", text) if len(text) < 64 else None
    if written is None or (written[1] in ("", ".") and written[2] not in PARTS):
        raise LorafigError(Problem(f"'{text[:64]}' is not a width", None, _meant(text), "out-of-range"))
    amount = float(written[1]) if written[1] not in ("", ".") else 1.0
    found = Width(amount, written[2]) if written[2] in PARTS else None
    if found is None and written[2] in UNITS:
        found = Width(amount * UNITS[written[2]])
    if found is None:
        hint = f"the lengths of a document are {', '.join(PARTS)}"
        raise LorafigError(Problem(f"there is no width {written[2][:32]}", None, hint, "out-of-range"))
    if not (LEAST <= found.mm() <= MOST and (found.part is None or found.amount <= 2)):
        what = f"a figure {text.strip()} wide"
        raise LorafigError(Problem(what, None, "widths go from 1 cm to 5.7 m", "out-of-range"))
    return found
