"""The bracket of `\\num[…]`: how a computed number is shown."""

from __future__ import annotations

UNITS = ("K", "M", "B", "T", "%", "×")
FORM_HINT = (
    "a form is a unit (K, M, B, T, % or x), a number of digits (3) or of decimals (.2), or both: [M 3]"
)


def read_form(form: str) -> tuple[str, int | None, int | None] | None:
    """(unit, significant digits, decimals): `M 3` -> ('M', 3, None). At most one of the two counts is given.

    In any order, with blanks or commas between. None if it is something else.
    """
    unit, digits, places = "", None, None
    for word in form.replace(",", " ").split():
        if word == "x" or word in UNITS:
            if unit != "":
                return None
            unit = "×" if word == "x" else word
        elif word[0] == "." and word[1:].isdecimal() and word.isascii() and len(word) <= 3 and places is None:
            places = int(word[1:])
        elif word.isdecimal() and word.isascii() and len(word) <= 2 and int(word) > 0 and digits is None:
            digits = int(word)
        else:
            return None
    return None if digits is not None and places is not None else (unit, digits, places)
