"""Labels as text: one element a line, one span for each run at one height and size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from lorafig.render.svg.numbers import number, pair
from lorafig.scene import Glyph, Label, Line

# The fonts that the outlines come from, then faces that most machines have.
FONTS = "'Latin Modern Roman','Latin Modern Math','STIX Two Text','STIX Two Math','Cambria Math',serif"
SANS = "'TeX Gyre Heros','Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif"
# For Chinese, Japanese and Korean by the first letter of a glyph's key: regular is song, bold is hei.
CJK_FONTS = {
    "s": "'Noto Serif CJK SC','Noto Serif SC','Source Han Serif SC','Songti SC',SimSun,serif",
    "h": "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Heiti SC',SimHei,sans-serif",
}


def label(label: Label, drawing: Any, **own: str) -> Any:
    """`drawing` makes the elements; `own` are attributes of the outermost."""
    family = _family(next((glyph for line in label.lines for glyph in line.glyphs), None))
    group = drawing.g(font_family=family, font_size=number(label.lines[0].size), **own)
    for line in label.lines:
        group.add(_line(line, drawing, family))
    return group


def _family(glyph: Glyph | None) -> str:
    """The fonts of a glyph, by the first letter of its key."""
    letter = "" if glyph is None else glyph.key[:1]
    return SANS if letter in ("g", "d", "l", "w") else CJK_FONTS.get(letter, FONTS)


def _line(line: Line, drawing: Any, family: str) -> Any:
    """Words take the room that they were measured for, in whatever font is found: one that is wider would run
    over the edge of their box and into what stands behind them."""
    element = drawing.text("", transform=f"matrix(1 0 0-1 {pair(line.origin)})")
    raised = False
    runs = _runs(line.glyphs)
    ends = [*(following[0].x * line.size for following in runs[1:]), line.width]
    for glyphs, end in zip(runs, ends, strict=True):
        glyph, chars = glyphs[0], "".join(_upright(glyph.char) for glyph in glyphs)
        span = drawing.tspan(clean(chars), x=[number(glyph.x * line.size)])
        if len(glyphs) > 1 and (glyphs[-1].char == " " or glyphs is runs[-1]):  # else there is a gap behind
            span["textLength"] = number(end - glyph.x * line.size)
            span["lengthAdjust"] = "spacingAndGlyphs"
        if glyph.y != 0 or raised:
            span["y"] = number(-glyph.y * line.size)
            raised = glyph.y != 0
        if glyph.scale != 1:
            span["font-size"] = number(glyph.scale * line.size)
        if _family(glyph) != family:
            span["font-family"] = _family(glyph)
        if glyph.key[:1] in ("b", "h", "d", "e", "w"):
            span["font-weight"] = "bold"
        if chars[:1] != glyph.char[:1]:
            span["font-style"] = "italic"
        element.add(span)
    return element


def _runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Words run on with the spacing of the font that is found; in mathematics each letter has its place.

    A list of places in one span would be shorter, but librsvg heeds only the first.
    """
    runs: list[list[Glyph]] = []
    previous: object = None
    for glyph in glyphs:
        run = glyph.key[:1], glyph.y, glyph.scale
        if glyph.char == " " and run != previous and runs:
            runs[-1].append(glyph)  # librsvg drops a blank at the start of a span
            continue
        if run == previous and not glyph.key.startswith("m"):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        previous = run
    return runs


def _upright(char: str) -> str:
    """The plain letter of a mathematical italic one, which far more fonts have in their italic."""
    italic = len(char) == 1 and (
        char == "\u210e" or 0x1D434 <= ord(char) <= 0x1D467 or 0x1D6E2 <= ord(char) <= 0x1D71B
    )
    return unicodedata.normalize("NFKC", char) if italic else char


def clean(text: str) -> str:
    """Characters that XML 1.0 does not allow become the replacement character."""
    if text.isprintable():
        return text
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
