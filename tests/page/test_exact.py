"""exact.js against the Python that it repeats: every operation, and every number as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.tree import Apply, Fenced, Node, Number, Product, Script, Sum, Symbol
from lorafig.notation.tree import Fraction as Quotient
from lorafig.notation.write.program import Program, names, to_program
from lorafig.verify.decide.counts import readable
from tests.javascript import PAGE, node, pair, script

Ask = Callable[[Any], Any]

ANSWER = """
const exact = (pair) => (pair === null ? null : Exact.num(...pair));
const answer = ([what, ...given]) => {
  if (what === 'expression') {
    const v = Object.fromEntries(given[1].map(([name, pair]) => [name, exact(pair)]));
    const found = Program.compile(given[0])(v);
    return Exact.is(found) ? [`${found.n}`, `${found.d}`] : null;
  }
  const [value, ...rest] = given;
  const found = Exact[what](exact(value), ...rest);
  return typeof found === 'number' ? `${found}` : found;
};
"""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    with node(script("exact.js", "program.js") + ANSWER) as found:
        yield found


def test_it_is_small() -> None:
    assert (PAGE / "exact.js").stat().st_size <= 8 * 1024


# Numbers of every size that a page may meet: up to 2^80, at and beside powers of ten and of two, ties.
whole = st.one_of(
    st.integers(0, 20),
    st.integers(0, 2**80),
    st.builds(lambda power, off: max(0, 10**power + off), st.integers(0, 24), st.integers(-6, 6)),
    st.builds(lambda power, off: max(0, 2**power + off), st.integers(0, 80), st.integers(-1, 1)),
    st.builds(lambda digits, power: digits * 10**power, st.integers(1, 9995), st.integers(0, 9)),
)
sizes = st.builds(lambda n, d: Fraction(n, d + 1), whole, st.one_of(st.just(0), whole))
values = st.one_of(sizes, sizes, sizes, st.builds(lambda one: -one, sizes))
units = st.sampled_from(["", "", "K", "M", "B", "T", "%", "×"])
roundings = st.sampled_from(["nearest", "down"])
kilos = st.sampled_from([1000, 1024])
forms = st.one_of(
    st.sampled_from(
        [
            "",
            "K",
            "M",
            "B",
            "T",
            "%",
            "×",
            "x",
            "3",
            "1",
            "99",
            ".0",
            ".2",
            ".12",
            "M 3",
            "% .3",
            "K,4",
            "  B  ",
        ]
    ),
    st.sampled_from(
        ["MK", "x ×", "3 4", "0", "00", "100", ".", ".123", ".2 .3", "2 .3", "q", "k", "٣", "toString"]
    ),
)


@settings(max_examples=400, deadline=None)
@given(values, forms, roundings, kilos)
@example(Fraction(65_536), "", "nearest", 1000)
@example(Fraction(9_996, 1000), "3", "nearest", 1000)
@example(Fraction(1, 2**80), ".2", "nearest", 1000)
@example(Fraction(0), "%", "down", 1024)
def test_numbers_are_shown_alike(
    ask: Ask, value: Fraction, form: str, rounding: numbers.Rounding, kilo: int
) -> None:
    try:
        expected: str | None = numbers.format_number(value, form, rounding, kilo)
    except LorafigError:
        expected = None
    assert ask(["shown", pair(value), form, rounding, kilo]) == expected


@st.composite
def typed(draw: st.DrawFn) -> tuple[Fraction, Number]:
    """A number as somebody types it, and a value that it may stand for: as it is, a tie, or beside."""
    digits = draw(
        st.one_of(
            st.sampled_from(["65.5", "65,536", "65 536", "65536", "0", "0.00", "1e-4", "1.5e3", "1e+12"]),
            st.integers(0, 10**9).map(str),
            st.integers(0, 10**9).map(lambda n: f"{n:,}"),
            st.builds(
                lambda n, power: f"{n / 10**power:.{power}f}", st.integers(0, 10**6), st.integers(1, 5)
            ),
            st.builds(lambda n, zeros: str(n * 10**zeros), st.integers(1, 99), st.integers(0, 6)),
        )
    )
    number = Number(digits, draw(units))
    off = draw(
        st.sampled_from([Fraction(n, 1000) for n in (0, 499, 500, 501, -499, -500, -501, 1000, -1000)])
    )
    zeros = 10 ** draw(st.integers(0, 3))
    near = numbers.exact(number) + off * numbers.quantum(number) * zeros
    return draw(st.one_of(st.just(near), values)), number


@settings(max_examples=400, deadline=None)
@given(typed(), roundings, kilos, st.booleans())
@example((Fraction(65_536), Number("65", "K")), "nearest", 1000, False)
@example((Fraction(2_500_000), Number("2,000,000")), "nearest", 1000, True)
@example((Fraction(2, 10**40), Number("0.1")), "nearest", 1000, False)
@example((Fraction(2, 10**41), Number("0.1")), "nearest", 1000, False)
def test_numbers_are_read_alike(
    ask: Ask, case: tuple[Fraction, Number], rounding: numbers.Rounding, kilo: int, zeros: bool
) -> None:
    value, number = case
    given_ = [pair(value), number.digits, number.unit, rounding, kilo]
    assert ask(["reads", *given_, zeros]) == numbers.reads(value, number, rounding, kilo, zeros)


@settings(max_examples=200, deadline=None)
@given(values)
def test_a_value_in_a_message(ask: Ask, value: Fraction) -> None:
    assert ask(["readable", pair(value)]) == readable(value)


@settings(max_examples=200, deadline=None)
@given(values)
def test_a_value_to_draw_with_is_the_nearest_double(ask: Ask, value: Fraction) -> None:
    exact = value.numerator / value.denominator  # CPython rounds the quotient of two integers once
    assert float(ask(["float", pair(value)])) == pytest.approx(exact, rel=2**-52, abs=0)


# Expressions ---------------------------------------------------------------------------------

SYMBOLS = ("d", "k", "r", "α", "s", "constructor", "__proto__", "toString")
leaves = st.one_of(
    st.sampled_from(SYMBOLS).map(Symbol),
    st.builds(Number, st.sampled_from(["0", "1", "2", "0.01", "100", "65,536", "1e-4", "7"]), units),
)


def larger(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    @st.composite
    def product(draw: st.DrawFn) -> Node:
        factors = draw(st.lists(inner, min_size=2, max_size=4))
        ops = [draw(st.sampled_from(["", "·", "×", "*", "/", "/", "⊗"])) for _ in factors[1:]]
        return Product(tuple(factors), tuple(ops), ("",) * len(ops))

    @st.composite
    def total(draw: st.DrawFn) -> Node:
        terms = draw(st.lists(inner, min_size=1, max_size=3))
        signs = [
            draw(st.sampled_from(["", "-"])),
            *(draw(st.sampled_from(["+", "-", "±"])) for _ in terms[1:]),
        ]
        return Sum(tuple(terms), tuple(signs))

    fences = st.sampled_from(["()", "[]", "{}", "⌊⌋", "⌊⌋", "⌈⌉", "⌈⌉", "‖‖"])
    return st.one_of(
        product(),
        product(),
        total(),
        st.builds(Quotient, inner, inner),
        st.builds(lambda pair, body: Fenced(pair[0], pair[1], body), fences, inner),
        st.builds(lambda base, power: Script(Fenced("(", ")", base), None, Number(power)), inner,
                  st.sampled_from(["0", "1", "2", "3", "64", "65", "0.5"])),
        st.builds(lambda name, of: Apply(Symbol(name), tuple(of)),
                  st.sampled_from(["min", "max", "r", "rank"]), st.lists(inner, min_size=1, max_size=3)),
    )  # fmt: skip


expressions = st.recursive(leaves, larger, max_leaves=12)


def outcome(expression: Node, known: dict[str, Fraction], kilo: int) -> Fraction | str | None:
    """The value, None where these values of the symbols give none, or why there never is one."""
    try:
        return evaluate(expression, known, kilo)
    except LorafigError as error:
        what = error.problems[0].what
        of_values = "has no value" in what or "divides by zero" in what or "1,200 digits" in what
        return None if of_values else what


def program_of(expression: Node, kilo: int) -> Program | str | None:
    try:
        return to_program(expression, kilo)
    except LorafigError as error:
        return None if "cannot be computed" in error.problems[0].what else "another error"


LARGE = Script(Symbol("d"), None, Number("64"))  # 3,841 bits where d is 2^60
SQUARED = Product((LARGE, LARGE), ("",), ("",))


@settings(max_examples=500, deadline=None)
@example(SQUARED, {"d": Fraction(2**60)}, 1000)
@example(Quotient(SQUARED, Symbol("d")), {"d": Fraction(2**60)}, 1000)
@example(Quotient(Symbol("d"), SQUARED), {"d": Fraction(2**60)}, 1000)
@given(expressions, st.dictionaries(st.sampled_from(SYMBOLS), values, min_size=4), kilos)
def test_an_expression_has_the_same_value_in_a_page(
    ask: Ask, expression: Node, known: dict[str, Fraction], kilo: int
) -> None:
    program, expected = program_of(expression, kilo), outcome(expression, known, kilo)
    if program is None:
        assert expected is None or isinstance(expected, str)
        return
    assert not isinstance(expected, str), "what can be compiled can be computed"
    v = [[name, pair(value)] for name, value in known.items()]
    assert ask(["expression", program, v]) == (None if expected is None else pair(expected))
    assert names(expression) <= set(SYMBOLS)
    if not set(known) >= names(expression):
        assert expected is None


def many(count: int) -> Iterator[tuple[list[Any], Any]]:
    """Questions with the answers of Python, the same ones every time."""
    draw = Random(20_260_101)
    sizes_ = (1, 4, 10, 17, 30, 53, 64, 80)
    for _ in range(count):
        above = draw.choice(
            [draw.getrandbits(draw.choice(sizes_)), 10 ** draw.randrange(20) + draw.randrange(-1, 2)]
        )
        below = draw.choice([1, 1, draw.getrandbits(draw.choice(sizes_)) + 1, 10 ** draw.randrange(12), 8])
        value = Fraction(above, below)
        rounding: numbers.Rounding = draw.choice(["nearest", "down"])
        kilo, zeros = draw.choice([1000, 1024]), draw.random() < 0.5
        form = draw.choice(["", "", "K", "M", "B", "%", "x", "2", ".1", "M 4", "% .2"])
        shown = numbers.shown_number(value, form, rounding, kilo)
        yield ["shown", pair(value), form, rounding, kilo], shown.digits + shown.unit
        yield ["readable", pair(-value)], readable(-value)
        near = value * Fraction(draw.choice([1000, draw.randrange(990, 1010)]), 1000)
        given_ = [pair(near), shown.digits, shown.unit, rounding, kilo]
        yield ["reads", *given_, zeros], numbers.reads(near, shown, rounding, kilo, zeros)


def test_thousands_of_numbers_in_chromium(page: Any) -> None:
    """What the engine of a browser says of them, to the character."""
    questions, answers = zip(*many(2_000), strict=True)
    source = script("exact.js", "program.js") + ANSWER + "return questions.map(answer);"
    found = page.evaluate(f"(questions) => {{ {source} }}", list(questions))
    wrong = [one for one in zip(questions, answers, found, strict=True) if one[1] != one[2]]
    assert wrong == []
    assert len(found) == 6_000
    assert 500 < answers[2::3].count(True) < 1_500, "some read true, some do not"
