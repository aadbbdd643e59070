"""Characters of a label: what kind they are of, and where a run of one kind ends.

By hand and not by regular expressions, which would be compiled at every start.
"""

from __future__ import annotations

from collections.abc import Container

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
SMALL = frozenset("abcdefghijklmnopqrstuvwxyz")
DIGITS = frozenset("0123456789")
BLANKS = frozenset(" \t\n\r\u00a0\u202f\u3000") | frozenset(map(chr, range(0x2002, 0x200B)))
TEX_SPACES = frozenset(",:;>! ")  # after a backslash


def end_of(source: str, at: int, chars: Container[str]) -> int:
    """Where the run of `chars` ends that begins at `at`."""
    length = len(source)
    while at < length and source[at] in chars:
        at += 1
    return at


def after_white(source: str, at: int) -> int:
    while source[at : at + 1].isspace():
        at += 1
    return at


def after_space(source: str, at: int) -> int:
    """Where what shows as white ends: blanks, `~` and `\\,`."""
    while True:
        char = source[at : at + 1]
        if char in BLANKS or char == "~":
            at += 1
        elif char == "\\" and source[at + 1 : at + 2] in TEX_SPACES:
            at += 2
        else:
            return at


def command_at(source: str, at: int) -> str:
    """The name of the command whose backslash is at `at`: letters, or one other character; '' at the end."""
    end = end_of(source, at + 1, LETTERS)
    if end == at + 1:
        return source[end : end + 1]
    name = source[at + 1 : end]
    return "operatorname*" if name == "operatorname" and source[end : end + 1] == "*" else name


def word_at(source: str, at: int) -> str:
    """The word that begins at `at`, with hyphens between its parts: `low-rank`."""
    end = end_of(source, at, LETTERS)
    while end > at and source[end : end + 1] == "-" and source[end + 1 : end + 2] in LETTERS:
        end = end_of(source, end + 1, LETTERS)
    return source[at:end]
