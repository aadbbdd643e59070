"""Numbers shown: values, verdicts and forms, exactly."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.forms import UNITS, read_form
from lorafig.notation.numbers.shown import (
    Rounding,
    decimals,
    exact,
    fill,
    format_number,
    quantum,
    reads,
    should_read,
    shown_number,
)
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.notation.write.tex import to_tex


def number(source: str) -> Number:
    tree = parse_math(source)
    assert isinstance(tree, Number)
    return tree


@pytest.mark.parametrize(
    ("source", "value", "step", "places"),
    [
        ("65,536", 65_536, 1, 0),
        ("65 536", 65_536, 1, 0),
        ("65.5K", 65_500, 100, 1),
        ("16.8M", 16_800_000, 100_000, 1),
        ("0.39 %", Fraction(39, 10_000), Fraction(1, 10_000), 2),
        ("32×", 32, 1, 0),
        ("1e-4", Fraction(1, 10_000), Fraction(1, 10_000), 0),
        ("1.50e3", 1500, 10, 2),
        (".5", Fraction(1, 2), Fraction(1, 10), 1),
        ("0", 0, 1, 0),
    ],
)
def test_value(source: str, value: Fraction | int, step: Fraction | int, places: int) -> None:
    shown = number(source)
    assert exact(shown) == value
    assert quantum(shown) == step
    assert decimals(shown) == places


def test_kilo() -> None:
    assert exact(number("64K"), 1024) == 65_536
    assert exact(number("1.5M"), 1024) == Fraction(3, 2) * 1024**2


@pytest.mark.parametrize(
    ("value", "source", "holds", "should"),
    [
        (65_536, "65,536", True, "65,536"),
        (65_536, "65K", False, "66K"),
        (65_536, "66K", True, "66K"),
        (65_536, "65.5K", True, "65.5K"),
        (65_536, "65.54K", True, "65.54K"),
        (65_537, "65,536", False, "65,537"),
        (65_537, "65 536", False, "65 537"),
        (65_537, "65536", False, "65537"),
        (16_777_216, "16.7M", False, "16.8M"),
        (16_777_216, "16.8M", True, "16.8M"),
        (Fraction(1, 256), "0.39 %", True, "0.39%"),
        (Fraction(1, 256), "0.4 %", True, "0.4%"),
        (Fraction(1, 256), "0.38 %", False, "0.39%"),
        (Fraction(1, 10**6), "0.39 %", False, "0.0001%"),
        (Fraction(5, 2), "2", True, "3"),  # a tie: to even
        (Fraction(5, 2), "3", True, "3"),  # a tie: up
        (Fraction(7, 2), "3", False, "4"),
        (Fraction(7, 2), "4", True, "4"),
        (32, "32×", True, "32×"),
        (Fraction(127, 4), "32×", True, "32×"),
        (0, "0", True, "0"),
        (Fraction(1, 3), "0", False, "0.3"),
        (4096, "0M", False, "0.004M"),
        (999_950, "999.9K", False, "1,000.0K"),
    ],
)
def test_reads(value: Fraction | int, source: str, holds: bool, should: str) -> None:
    assert reads(value, number(source)) is holds
    assert should_read(value, number(source)) == should


def test_rounding_down() -> None:
    assert reads(65_536, number("65K"), "down")
    assert not reads(65_536, number("66K"), "down")
    assert should_read(65_536, number("66K"), "down") == "65K"


def test_kilo_1024() -> None:
    assert reads(65_536, number("64K"), kilo=1024)
    assert should_read(65_536, number("65K"), kilo=1024) == "64K"


def test_zeros_may_be_rounded_where_the_figure_says_about() -> None:
    assert not reads(10_923, number("11,000×"))
    assert reads(10_923, number("11,000×"), round_zeros=True)
    assert not reads(10_423, number("11,000×"), round_zeros=True)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (65_536, "", "65,536"),
        (65_536, "K", "65.5K"),
        (65_536, "K 2", "66K"),
        (65_536, "K .2", "65.54K"),
        (16_777_216, "M", "16.8M"),
        (12_000_000, "M", "12M"),
        (12_040_000, "M", "12.0M"),
        (7_000_000_000, "B", "7B"),
        (Fraction(1, 256), "%", "0.391%"),
        (Fraction(1, 256), "% .2", "0.39%"),
        (Fraction(1, 256), "2,%", "0.39%"),
        (Fraction(1, 4), "%", "25%"),
        (32, "x", "32×"),
        (Fraction(32_768, 3), "x", "10,923×"),
        (Fraction(1, 3), "", "0.333"),
        (Fraction(1, 2), "", "0.5"),
        (Fraction(1, 3000), "", "0.000333"),
        (0, "", "0"),
        (0, "%", "0%"),
        (9_996, "K 3", "10.0K"),
        (2**80, "", "1,208,925,819,614,629,174,706,176"),
    ],
)
def test_format(value: Fraction | int, form: str, text: str) -> None:
    assert format_number(value, form) == text


@pytest.mark.parametrize("form", ["Q", "K M", "3 4", "3 .2", ".", ".x", "0", "123", "-1", "٣"])
def test_unknown_forms(form: str) -> None:
    assert read_form(form) is None
    with pytest.raises(LorafigError) as caught:
        format_number(1, form)
    assert caught.value.problems[0].what == f"unknown form [{form}] of \\num"


def test_a_negative_value_has_no_form() -> None:
    with pytest.raises(LorafigError) as caught:
        format_number(-3)
    assert str(caught.value) == "\\num of a negative value, -3\n  hint: write the sign before \\num"


values = st.one_of(
    st.integers(0, 2**80),
    st.fractions(min_value=0, max_value=10**12, max_denominator=10**6),
)
forms = st.builds(
    lambda unit, count: f"{unit} {count}",
    st.sampled_from(["", *UNITS, "x"]),
    st.one_of(st.just(""), st.integers(1, 12).map(str), st.integers(0, 9).map(lambda n: f".{n}")),
)


@given(values, forms, st.sampled_from(["nearest", "down"]), st.sampled_from([1000, 1024]))
def test_what_is_shown_reads_true(value: Fraction | int, form: str, rounding: str, kilo: int) -> None:
    how: Rounding = "down" if rounding == "down" else "nearest"
    shown = shown_number(value, form, how, kilo)
    assert reads(value, shown, how, kilo)
    again = parse_math(to_tex(shown))
    assert again == shown


@given(values, st.from_regex(r"[1-9][0-9]{0,2}(,[0-9]{3}){0,2}(\.[0-9]{1,3})?[KM%]?", fullmatch=True))
def test_what_it_should_read_reads_true(value: Fraction | int, source: str) -> None:
    should = should_read(value, number(source))
    assert reads(value, number(should))


@given(values, st.integers(-3, 3).filter(bool))
def test_a_digit_off_does_not_read(value: Fraction | int, off: int) -> None:
    units = int(Fraction(value)) + off
    close = abs(Fraction(value) - units) <= Fraction(1, 2)
    assert close or units < 0 or not reads(value, Number(str(units)))


def test_fill() -> None:
    def value(node: Node) -> Fraction:
        return {"d^2": Fraction(65_536), "d/r": Fraction(32)}[to_tex(node)]

    tree = fill(parse_math(r"d^2 = \num{d^2} \approx \num[K]{d^2}, \num[x]{d/r}"), value)
    assert to_tex(tree) == r"d^2 = 65{,}536 \approx 65.5\mathrm{K}, 32\times"
