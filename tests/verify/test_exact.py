"""Identities over a prime field: none that is true is refused, none that is false is accepted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.verify.decide.exact import ACCEPT, same
from lorafig.verify.meaning.operations import as_row
from lorafig.verify.meaning.operations import power as _power
from lorafig.verify.meaning.terms import (
    ONE,
    Add,
    Divide,
    Multiply,
    Term,
    Transpose,
    Type,
    Undecidable,
    Variable,
    number,
)

N = Type("n", "n")
LETTERS = st.sampled_from([Variable(name, N) for name in "ABC"])


def add(one: Term, other: Term, sign: int = 1) -> Term:
    return Add((one, other), (1, sign), one.type)


def times(one: Term, other: Term) -> Term:
    return Multiply(one, other, N)


TERMS = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.builds(add, inner, inner, st.sampled_from([1, -1])),
        st.builds(times, inner, inner),
        st.builds(lambda one: Transpose(one, N), inner),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(TERMS, TERMS, TERMS)
def test_laws_of_matrices_hold(one: Term, two: Term, three: Term) -> None:
    laws = [
        (times(times(one, two), three), times(one, times(two, three))),
        (times(one, add(two, three)), add(times(one, two), times(one, three))),
        (add(one, two), add(two, one)),
        (Transpose(times(one, two), N), times(Transpose(two, N), Transpose(one, N))),
    ]
    for left, right in laws:
        outcome = same(left, right, "seed")
        assert outcome.equal
        assert outcome.error > ACCEPT


@settings(max_examples=60, deadline=None)
@given(TERMS, LETTERS, st.integers(1, 2**100))
def test_one_more_term_is_seen(one: Term, more: Term, factor: int) -> None:
    assert not same(one, add(one, Multiply(number(factor), more, N)), "seed").equal


def test_matrices_do_not_commute() -> None:
    A, B = Variable("A", N), Variable("B", N)
    assert not same(times(A, B), times(B, A), "seed").equal


def test_a_multiple_of_the_prime_is_not_zero() -> None:
    A = Variable("A", N)
    for exponent in (127, 521, 1279):
        zero = Multiply(number((1 << exponent) - 1), A, N)
        outcome = same(add(A, zero), A, "seed")
        assert not outcome.equal


def test_quotients() -> None:
    a, b = Variable("a", Type(ONE, ONE)), Variable("b", Type(ONE, ONE))
    half = Divide(a, b, a.type)
    assert same(Multiply(half, b, a.type), a, "seed").equal
    assert not same(half, Divide(b, a, a.type), "seed").equal


def test_what_is_too_large_is_not_decided() -> None:
    A: Term = Variable("A", N)
    for _ in range(30):
        A = _power(A, 64)
    with pytest.raises(Undecidable, match="its degree or its numbers are too large to be decided"):
        same(A, A, "seed")


def test_a_power_is_repeated_multiplication() -> None:
    A: Term = Variable("A", N)
    product = A
    for times_ in range(2, 12):
        product = times(product, A)
        assert same(_power(A, times_), product, "seed").equal


def test_a_row_is_a_vector_turned() -> None:
    x = Variable("x", Type("n", ONE, "free"))
    assert as_row(x).type == Type(ONE, "n", "row")
