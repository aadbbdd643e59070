"""Boxes: glyphs with a width, a height and a depth, and the ways to combine them. Lengths are em."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from lorafig.scene import Glyph, Rule
from lorafig.typeset.line import Mark


class Box(Struct, frozen=True, gc=False):
    """What has been set so far, its baseline starting at (0, 0).

    `italic` is the italic correction of a lone slanted letter: already part of `width`, and taken
    out again where a subscript follows (The TeXbook, appendix G, rule 17).
    """

    width: float = 0.0
    height: float = 0.0
    depth: float = 0.0
    glyphs: tuple[Glyph, ...] = ()
    rules: tuple[Rule, ...] = ()
    marks: tuple[Mark, ...] = ()
    italic: float = 0.0
    accent: float | None = None


def moved(box: Box, x: float, y: float) -> Box:
    """The box shifted; its width stays, as if it started where it did."""
    if x == 0.0 and y == 0.0:
        return box
    return Box(
        box.width,
        box.height + y,
        box.depth - y,
        tuple(Glyph(g.key, g.char, g.x + x, g.y + y, g.scale, g.stretch) for g in box.glyphs),
        tuple(Rule(r.x + x, r.y + y, r.width, r.height) for r in box.rules),
        tuple((a + x, b + x, height + y, depth - y) for a, b, height, depth in box.marks),
    )


def scaled(box: Box, factor: float) -> Box:
    if factor == 1.0:
        return box
    return Box(
        box.width * factor,
        box.height * factor,
        box.depth * factor,
        tuple(
            Glyph(g.key, g.char, g.x * factor, g.y * factor, g.scale * factor, g.stretch) for g in box.glyphs
        ),
        tuple(Rule(r.x * factor, r.y * factor, r.width * factor, r.height * factor) for r in box.rules),
        tuple((a * factor, b * factor, h * factor, d * factor) for a, b, h, d in box.marks),
        box.italic * factor,
        None if box.accent is None else box.accent * factor,
    )


def placed(width: float, boxes: Iterable[tuple[Box, float, float]]) -> Box:
    """Boxes at (x, y), together one box of the given width."""
    glyphs: list[Glyph] = []
    rules: list[Rule] = []
    marks: list[Mark] = []
    height = depth = 0.0
    for box, x, y in boxes:
        shifted = moved(box, x, y)
        glyphs += shifted.glyphs
        rules += shifted.rules
        marks += shifted.marks
        height, depth = max(height, shifted.height), max(depth, shifted.depth)
    return Box(width, height, depth, tuple(glyphs), tuple(rules), tuple(marks))


def beside(boxes: Iterable[Box]) -> Box:
    """Boxes one after the other on one baseline."""
    x, row = 0.0, []
    for box in boxes:
        row.append((box, x, 0.0))
        x += box.width
    return placed(x, row)


def space(width: float) -> Box:
    return Box(width)


def rule(width: float, height: float) -> Box:
    """A bar standing on the baseline."""
    return Box(width, height, 0.0, (), (Rule(0.0, 0.0, width, height),))
