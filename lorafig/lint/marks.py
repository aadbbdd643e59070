"""Rules about letters and lines: how large, how thick, how wide the whole; and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from lorafig.lint.picture import Finding, Picture
from lorafig.themes.measures import LEAST_TEXT, MM_PER_POINT

LEAST_LINE = 0.5  # points; the style files of IEEE and Nature ask for it


def small_text(picture: Picture) -> Iterator[Finding]:
    """Letters smaller than 6 pt at the size at which the figure is drawn, indices counted."""
    for label in picture.labels:
        sizes = [glyph.scale * line.size for line in label.lines for glyph in line.glyphs]
        least = min(sizes, default=LEAST_TEXT * MM_PER_POINT) / MM_PER_POINT
        if least < LEAST_TEXT - 0.01:
            size = picture.scene.font_size
            enough = ceil(2 * size * LEAST_TEXT / least) / 2
            yield Finding(
                label.name, picture.where(label.name),
                f"the smallest letters of '{label.lines[0].plain}' have {least:.1f} pt; print needs 6 pt",
                f"set theme: {{font_size: {enough:g}}} (it is {size:g}), or write fewer indices",
                round(least, 2), LEAST_TEXT, "pt",
            )  # fmt: skip


def thin_line(picture: Picture) -> Iterator[Finding]:
    """Lines thinner than 0.5 pt, which print may lose."""
    for role, style in picture.scene.styles.items():
        width = style.line / MM_PER_POINT
        if style.stroke is not None and width < LEAST_LINE - 0.01:
            yield Finding(
                None, picture.figure.where,
                f"lines of the role '{role}' have {width:.2f} pt; print needs 0.5 pt",
                "set a thicker line in the theme",
                round(width, 2), LEAST_LINE, "pt",
            )  # fmt: skip


def too_wide(picture: Picture) -> Iterator[Finding]:
    """A figure wider than the page that it is for."""
    width, widest = picture.scene.width, picture.widest
    if widest is not None and width > widest + 0.01:
        yield Finding(
            None, picture.figure.where,
            f"the figure is {width:.1f} mm wide, and the page leaves {widest:.1f} mm",
            "set direction: down, shorten labels, or draw its panels as figures of their own",
            round(width, 1), round(widest, 1), "mm",
        )  # fmt: skip


def no_alternative_text(picture: Picture) -> Iterator[Finding]:
    """A picture that says nothing to those who do not see it."""
    said = picture.scene.description.strip()
    if said in ("", picture.figure.title.strip()):
        yield Finding(
            None, picture.figure.where,
            "nothing is said to those who do not see the picture",
            "leave alt away, and lorafig writes it; or say in it what the figure shows",
        )  # fmt: skip


RULES = (small_text, thin_line, too_wide, no_alternative_text)
