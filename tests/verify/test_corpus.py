"""The corpus of texts: what its files say is so, and lorafig makes no more mistakes on it than it did."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from tests.verify import corpus
from tests.verify.corpus import Case, score

ASSERTIONS = [*corpus.assertions(), *corpus.near()]
KINDS = score.by_kind()
POWERS = {"": 0, "k": 1, "K": 1, "M": 2, "B": 3, "G": 3, "T": 4}  # of 1000, or of 1024
CHECKED = [case for case in ASSERTIONS if case.check]


@pytest.mark.whole
@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_texts_is_judged_worse_than_before(kind: str) -> None:
    counts, offenders = score.score(KINDS[kind])
    before = score.stored()[kind]
    assert counts["texts"] == before["texts"], "run python -m tests.verify.corpus.score --write"
    worse = {fault for fault in score.FAULTS if counts[fault] > before[fault]}
    assert not worse, [
        f"{fault}: {case.where} {case.text!r} is {verdict}: {detail}"
        for fault, case, verdict, detail in offenders
        if fault in worse
    ]


def test_the_scores_are_of_these_kinds() -> None:
    assert set(score.stored()) == set(KINDS)


def test_the_numbers_of_the_corpus_are_so() -> None:
    wrong = [
        f"{case.where}: {case.text!r} should be {case.verdict}: {case.check}"
        for case in CHECKED
        if _is_so(case) is not (case.verdict == "holds")
    ]
    assert wrong == []


def test_the_corpus_is_large_and_in_many_languages() -> None:
    verdicts = [case.verdict for case in ASSERTIONS]
    assert verdicts.count("holds") >= 600
    assert len(verdicts) - verdicts.count("holds") >= 600
    assert len(corpus.names()) >= 600
    assert len(corpus.near()) >= 100
    assert len(corpus.prose()) >= 600
    assert len(CHECKED) >= 600
    for language in ("zh", "ja", "ko", "de", "fr", "es"):
        of_it = [case.verdict for case in ASSERTIONS if case.language == language]
        assert of_it.count("holds") >= 20
        assert of_it.count("fails") >= 20


def test_no_text_stands_twice_in_one_place() -> None:
    seen: dict[tuple[object, ...], str] = {}
    twice = []
    for case in (*ASSERTIONS, *corpus.names(), *corpus.prose()):
        key = (case.text, case.at, case.adapter, case.sizes, case.lets, case.network)
        if key in seen:
            twice.append(f"{case.where} and {seen[key]}: {case.text!r}")
        seen[key] = case.where
    assert twice == []


def _is_so(case: Case) -> bool:
    sizes = dict(case.sizes)
    names = {**sizes, "k": sizes.get("k", sizes.get("d")), "Fraction": Fraction}
    return all(_part(part, names) for part in re.split(r"\s+and\s+", case.check))


def _part(part: str, names: dict[str, object]) -> bool:
    """One statement: a comparison, or `value ~ number as it is shown`."""
    value, near, shown = part.partition(" ~ ")
    result = eval(_python(value), {"__builtins__": {}}, names)  # from our own file
    return _shows(Fraction(result), shown.replace("{,}", ",").rstrip("\\% ")) if near else result is True


def _python(value: str) -> str:
    """An expression that may be written as on a figure: `2dr`, `r(d + k)`, `d^2`, `65{,}536`."""
    value = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", value.replace("$", ""))
    value = re.sub(r"(?<=\d)(?:\{,\}|,)(?=\d{3})", "", value).replace("^", "**").replace("\\times", "*")
    return re.sub(r"(?<=[\ddkr)])(?=[dkr(])", "*", value)


def _shows(value: Fraction, shown: str) -> bool:
    """Whether the value, rounded to the digits shown, is what is shown: 2.05K, 65,536, 0.0622, 2e3, 4 MiB."""
    match = re.fullmatch(r"\s*([\d,.]+)(?:e(\d+))?\s*(B|[kKMGT]?)(i?)(B?)", shown)
    assert match is not None, f"not a number as it is shown: {shown!r}"
    digits, tens, unit, binary, _ = match.groups("")
    scale = 10 ** int(tens or 0) * (1024 if binary else 1000) ** POWERS[unit]
    step = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    exact = Decimal(value.numerator) / Decimal(value.denominator * scale)
    return any(
        exact.quantize(step, rounding) == Decimal(digits.replace(",", ""))
        for rounding in (ROUND_HALF_EVEN, ROUND_HALF_UP)
    )
