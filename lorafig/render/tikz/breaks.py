"""Where long lines of TikZ are broken. TeX reads a line's end as a blank, and blanks stand there anyway."""

from __future__ import annotations

LONG = 64  # characters of a statement's options, or of a path, that fill a line
WIDTH = 104


def turn(text: str) -> str:
    """What stands between two halves of a statement: a blank, or a new line where `text` is long."""
    return "\n    " if len(text) > LONG else " "


def fold(text: str) -> str:
    """A path with each segment on a line of its own, where it is long."""
    return text.replace(" -- ", "\n    -- ") if len(text) > LONG else text


def curve(text: str) -> str:
    """The path of an icon, as many of its points on a line as there is room for."""
    from textwrap import fill

    indent = " " * 6
    return fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)


def wrap(text: str) -> str:
    """A text broken between words, its lines indented by two."""
    from textwrap import fill

    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
