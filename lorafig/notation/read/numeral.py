"""Numbers as they are typed, `65,536`, `1e-4`, and their units: `65.5K`, `16.8 M`, `0.39 %`, `32× fewer`."""

from __future__ import annotations

import re

from lorafig.notation.read import scan
from lorafig.notation.read.commands import CHARACTERS, RELATIONS
from lorafig.notation.read.fault import fault
from lorafig.notation.read.scan import BLANKS, DIGITS, LETTERS, SMALL
from lorafig.notation.read.wordlike import PROSE, is_prose

LONGEST_EXPONENT = 4  # characters: a sign and three digits
_THOUSANDS = (",", "{,}", "\\,", "\\:", "\\;", " ", "\u00a0", "\u2009", "\u202f")
_POWERS = frozenset("KMBT")
# What goes on after K, so that it is a symbol and no unit.
_GOES_ON = LETTERS | frozenset("0123456789_^'([⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ᵀ")
_RELATION_SIGNS = frozenset(char for char, (kind, _) in CHARACTERS.items() if kind == "relation")
_CLOSING = frozenset({"right", "text", "rvert", "rVert", "rfloor", "rceil", "rangle"})
_AFTER_TIMES = _RELATION_SIGNS | frozenset(",;)]}|‖⌋⌉⟩")
_AFTER_UNIT = _AFTER_TIMES | frozenset("({+−–/·×*%-")
_COMMANDS_AFTER_TIMES = frozenset(RELATIONS) | _CLOSING | frozenset("|}")
_COMMANDS_AFTER_UNIT = _COMMANDS_AFTER_TIMES | {"times", "cdot", "pm", "quad", "qquad", "%"}


def read_digits(source: str, start: int) -> tuple[str, int]:
    """The number that begins at `start` without its unit, with ',' or ' ' between thousands, and its end."""
    end = scan.end_of(source, start, DIGITS)
    groups, separator = [source[start:end]], ""
    if 0 < end - start <= 3 and source[start] != "0":
        separator = next((mark for mark in _THOUSANDS if source.startswith(mark, end)), "")
    while separator and source.startswith(separator, end):
        group = end + len(separator)
        stop = scan.end_of(source, group, DIGITS)
        if stop - group != 3:
            break
        groups.append(source[group:stop])
        end = stop
    digits = ("," if separator in (",", "{,}") else " ").join(groups)
    if source[end : end + 1] == "." and source[end + 1 : end + 2] in DIGITS:
        stop = scan.end_of(source, end + 1, DIGITS)
        digits, end = digits + source[end:stop], stop
    power, stop = _exponent(source, end)
    if len(power) > LONGEST_EXPONENT:
        what = "a number that is too large, or too small"
        raise fault(source, end, what, "powers of ten from -999 to 999 are read")
    return (f"{digits}e{power}", stop) if power != "" else (digits, end)


def _exponent(source: str, at: int) -> tuple[str, int]:
    """The power of ten of `1e-4` and `1\\mathrm{e}{-}4`, and where it ends; '' if there is none."""
    upright = source.startswith("\\mathrm{e}", at)
    if not upright and source[at : at + 1] != "e":
        return "", at
    at += len("\\mathrm{e}") if upright else 1
    at += upright and source[at : at + 1] == "{"
    sign = source[at : at + 1] if source[at : at + 1] in ("+", "-") else ""
    at += len(sign)
    at += upright and source[at : at + 1] == "}"
    end = scan.end_of(source, at, DIGITS)
    if end == at or (not upright and source[end : end + 1] in LETTERS):
        return "", at
    return sign + source[at:end], end


def read_unit(source: str, digits: str, end: int) -> tuple[str, int]:
    """The unit of the number `digits` that ends at `end`, and where the unit ends; '' if it has none."""
    at = scan.after_space(source, end)
    if source.startswith(("%", "\\%"), at):
        return "%", source.index("%", at) + 1
    unit, stop = _power(source, at)
    if unit != "" and _ends_number(source, stop) and (stop > at + 1 or not _is_symbol(source, unit)):
        return unit, stop
    stop = _times(source, at)
    if stop > at and _ends_times(source, stop):
        return "×", stop
    letter = source[end : end + 1]
    if letter == "x" or (letter == "k" and "." in digits):
        start = scan.after_white(source, end + 1)
        word = source[start : scan.end_of(source, start, SMALL)]
        if start > end + 1 and len(word) > 1 and word in PROSE:
            return ("×" if letter == "x" else "K"), end + 1
    return "", end


def _power(source: str, at: int) -> tuple[str, int]:
    """`K`, or `\\mathrm{K}`; '' if there is none."""
    unit, stop = source[at : at + 1], at + 1
    if unit == "\\" and scan.command_at(source, at) in ("mathrm", "text"):
        opening = at + len(scan.command_at(source, at)) + 1
        closing = source.find("}", opening)
        unit, stop = source[opening + 1 : closing].strip(), closing + 1
        if source[opening : opening + 1] != "{" or closing < 0:
            return "", at
    return (unit, stop) if unit in _POWERS and source[stop : stop + 1] not in _GOES_ON else ("", at)


def _ends_number(source: str, at: int) -> bool:
    """Whether a number with a unit may end here: before an operator, a bracket or a word of a sentence."""
    stop = scan.after_space(source, at)
    char = source[stop : stop + 1]
    if char == "" or char in _AFTER_UNIT:
        return True
    if char == "\\":
        name = scan.command_at(source, stop)
        return name in _COMMANDS_AFTER_UNIT or _is_tilde(source, at, stop)
    word = source[stop : scan.end_of(source, stop, SMALL)]
    return is_prose(word) if len(word) > 1 else _is_tilde(source, at, stop)


def _is_tilde(source: str, at: int, stop: int) -> bool:
    """Whether a `~` that may be a relation stands in the white."""
    return any(source[i] == "~" and source[i + 1 : i + 2] in BLANKS for i in range(at, stop))


def _times(source: str, at: int) -> int:
    """Where a `×` ends that stands at `at`; `at` if there is none."""
    for sign in ("×", "✕", "{\\times}", "\\times"):
        if source.startswith(sign, at) and (sign != "\\times" or scan.command_at(source, at) == "times"):
            return at + len(sign)
    return at


def _ends_times(source: str, at: int) -> bool:
    """Whether `32×` may end here: nothing that it multiplies follows."""
    at = scan.after_space(source, at)
    while source[at : at + 1] == "\\" and scan.command_at(source, at) in ("quad", "qquad"):
        at = scan.after_space(source, at + len(scan.command_at(source, at)) + 1)
    char = source[at : at + 1]
    if char == "" or char in _AFTER_TIMES:
        return True
    if char == "\\":
        return scan.command_at(source, at) in _COMMANDS_AFTER_TIMES
    word = source[at : scan.end_of(source, at, LETTERS)]
    return len(word) > 1 and word in PROSE


def _is_symbol(source: str, letter: str) -> bool:
    """Whether the label also uses `letter` as a symbol: then `2B` in it is a product."""
    rest = re.sub(r"\\[A-Za-z]+|[A-Za-z]*[a-z]{3,}|[0-9]\s?" + letter, " ", source)
    return letter in rest
