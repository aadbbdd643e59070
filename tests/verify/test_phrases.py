"""A phrase that is not looked for could not have been found."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig.verify.read import phrases


@pytest.mark.parametrize("known", phrases.phrases(), ids=lambda known: known.expression[:60])
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_fits_a_phrase_has_the_words_that_it_needs(known: phrases.Phrase, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(known.expression, re.IGNORECASE)))
    assert known.may_be_in(phrases.fold(text))


def test_every_case_of_a_letter_is_folded() -> None:
    letter = re.compile("[a-z]", re.IGNORECASE)
    cases = [chr(code) for code in range(sys.maxunicode + 1) if letter.match(chr(code))]
    assert {phrases.fold(case) for case in cases} == {" " + char for char in "abcdefghijklmnopqrstuvwxyz"}


def test_few_phrases_are_looked_for() -> None:
    assert [name for _, name in phrases.patterns("Pretrained Weights, after merging")] == []
    assert {name for _, name in phrases.patterns("W IS FROZEN")} == {"frozen", "frozen label"}
