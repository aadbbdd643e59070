"""Numbers as they are shown: their exact value, whether they say what is true, and what they should say.

Integers and fractions only. A number shown stands for its digits: `65.5K` for the multiples of 100.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal

from msgspec.structs import replace

from lorafig.errors import LorafigError, Problem
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild
from lorafig.notation.forms import FORM_HINT, read_form
from lorafig.notation.tree import Computed, Node, Number

Rounding = Literal["nearest", "down"]
_POWER = {"K": 1, "M": 2, "B": 3, "T": 4}
_SIGNIFICANT = 3  # digits of \num where its form does not say


def unit_value(unit: str, kilo: int = 1000) -> Fraction:
    """What a unit stands for: '%' is 1/100, 'M' kilo squared, '' and '×' are 1."""
    if unit == "%":
        return Fraction(1, 100)
    return Fraction(kilo ** _POWER[unit]) if unit in _POWER else Fraction(1)


def _parts(number: Number) -> tuple[int, int]:
    """(mantissa, exponent of ten): `65.5` -> (655, -1); `1e-4` -> (1, -4)."""
    digits, _, exponent = number.digits.replace(",", "").replace(" ", "").partition("e")
    whole, _, decimals = digits.partition(".")
    return int(whole + decimals), (int(exponent) if exponent != "" else 0) - len(decimals)


def exact(number: Number, kilo: int = 1000) -> Fraction:
    """The exact value of a number as it is typed, with its unit."""
    mantissa, _ = _parts(number)
    return mantissa * quantum(number, kilo)


def decimals(number: Number) -> int:
    """How many digits are shown behind the point."""
    return len(number.digits.partition("e")[0].partition(".")[2])


def quantum(number: Number, kilo: int = 1000) -> Fraction:
    """The value of one in the last digit shown: 100 for `65.5K`, 1/10000 for `0.39 %`."""
    _, exponent = _parts(number)
    return Fraction(10) ** exponent * unit_value(number.unit, kilo)


def reads(
    value: Fraction | int,
    shown: Number,
    rounding: Rounding = "nearest",
    kilo: int = 1000,
    round_zeros: bool = False,
) -> bool:
    """Whether `shown` is `value` at the digits shown.

    'nearest': rounded to nearest, an exact tie up or to even. 'down': cut off. Zero reads for zero alone.
    `round_zeros` (for what
    is written with ≈): the zeros at the end of an integer may stand for digits left out.
    """
    step = quantum(shown, kilo)
    if round_zeros and decimals(shown) == 0 and "e" not in shown.digits:
        digits = str(_parts(shown)[0])
        step *= 10 ** (len(digits) - len(digits.rstrip("0"))) if int(digits) != 0 else 1
    units = Fraction(value) / step
    claimed = exact(shown, kilo) / step
    if claimed == 0 and value != 0:
        return False
    if rounding == "down":
        return claimed == int(units)
    return claimed in (_half_up(units), round(units))


def should_read(
    value: Fraction | int, shown: Number, rounding: Rounding = "nearest", kilo: int = 1000
) -> str:
    """What `shown` should say for `value`, in its own form: as many decimals, its separator and its unit.

    More decimals where it would be zero.
    """
    value = Fraction(value)
    places = decimals(shown)
    scaled = value / unit_value(shown.unit, kilo)
    if "e" in shown.digits:
        return str(value)
    while scaled != 0 and abs(_rounded(scaled, places, rounding)) * 10**places < 1 and places < 40:
        places += 1
    separator = " " if " " in shown.digits else ","
    plain = shown.digits.isdigit() and len(shown.digits) > 3
    text = _write(_rounded(scaled, places, rounding), places, "" if plain else separator)
    return text + shown.unit


# Forms of \num -------------------------------------------------------------------------------


def shown_number(
    value: Fraction | int, form: str = "", rounding: Rounding = "nearest", kilo: int = 1000
) -> Number:
    """`value` as `\\num[form]{…}` shows it. It reads true: reads(value, shown_number(value, …), …).

    An integer without a unit is shown whole, anything else with three digits or, if that is more, its
    whole part; an exact value loses the zeros at its end. A negative value raises LorafigError.
    """
    how = read_form(form)
    if how is None:
        raise LorafigError(Problem(f"unknown form [{form}] of \\num", None, FORM_HINT, code="number-form"))
    unit, digits, places = how
    value = Fraction(value)
    if value < 0:
        raise LorafigError(
            Problem(
                f"\\num of a negative value, {value}", None, "write the sign before \\num", code="number-form"
            )
        )
    scaled = value / unit_value(unit, kilo)
    if places is None:
        wanted = digits if digits is not None else _SIGNIFICANT
        whole = unit in ("", "×") and digits is None and scaled.denominator == 1
        places = 0 if whole else max(wanted - _magnitude(scaled), 0)
        rounded = _rounded(scaled, places, rounding)
        if _magnitude(rounded) > _magnitude(scaled) and places > 0:
            places -= 1  # 9.996 with three digits is 10.0
        if digits is None and _rounded(scaled, places, rounding) == scaled:
            while places > 0 and _rounded(scaled, places - 1, rounding) == scaled:
                places -= 1
    while scaled != 0 and _rounded(scaled, places, rounding) == 0:
        places += 1  # what is there is never shown as nothing
    return Number(_write(_rounded(scaled, places, rounding), places, ","), unit)


def format_number(
    value: Fraction | int, form: str = "", rounding: Rounding = "nearest", kilo: int = 1000
) -> str:
    """As shown_number, as text: `65,536`, `16.8M`, `0.391%`, `32×`."""
    number = shown_number(value, form, rounding, kilo)
    return number.digits + number.unit


def fill(
    node: Node, value: Callable[[Node], Fraction | int], rounding: Rounding = "nearest", kilo: int = 1000
) -> Node:
    """The tree with each `\\num{…}` replaced by its number; `value` computes the expression inside."""
    if isinstance(node, Computed):
        number = shown_number(value(node.body), node.form, rounding, kilo)
        return Number(number.digits, number.unit, span=node.span)
    return rebuild(node, lambda child: fill(child, value, rounding, kilo))


def settled(node: Node, numbers: Mapping[str, Fraction]) -> Node:
    """The tree with these numbers in the place of their symbols in every `\\num{…}`."""
    if not numbers:
        return node
    if isinstance(node, Computed):
        return replace(node, body=_settled(node.body, numbers))
    return rebuild(node, lambda child: settled(child, numbers))


def _settled(node: Node, numbers: Mapping[str, Fraction]) -> Node:
    number = numbers.get(key(node) or "")
    if number is None:
        return rebuild(node, lambda child: _settled(child, numbers))
    if number.denominator == 1:
        return Number(str(number.numerator))
    return tree.Fraction(Number(str(number.numerator)), Number(str(number.denominator)))


# Rounding ------------------------------------------------------------------------------------


def _half_up(x: Fraction) -> int:
    """To nearest, ties away from zero."""
    return int(abs(x) + Fraction(1, 2)) * (1 if x >= 0 else -1)


def _rounded(x: Fraction, places: int, rounding: Rounding) -> Fraction:
    units = x * 10**places
    return Fraction(int(units) if rounding == "down" else _half_up(units), 10**places)


def _magnitude(x: Fraction) -> int:
    """Digits before the point, or minus the zeros after it: 3 for 655, 0 for 0.39, -1 for 0.039."""
    if x == 0:
        return 1
    x = abs(x)
    magnitude = len(str(x.numerator)) - len(str(x.denominator))
    while x >= Fraction(10) ** magnitude:
        magnitude += 1
    while x < Fraction(10) ** (magnitude - 1):
        magnitude -= 1
    return magnitude


def _write(x: Fraction, places: int, separator: str) -> str:
    units = abs(int(x * 10**places))
    whole, rest = divmod(units, 10**places)
    text = f"{whole:,}".replace(",", separator)
    if places > 0:
        text += f".{rest:0{places}d}"
    return ("-" if x < 0 else "") + text
