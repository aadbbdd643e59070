"""A claim is decided once: the value of its condition at any sizes is the verdict that a figure has there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from lorafig.language import Figure, loads
from lorafig.language.model import Equations, Model
from lorafig.page.claims import statements
from lorafig.page.conditions import condition_data, values_at
from lorafig.page.setting import Method, Setting, figure_at, methods, start
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.decide.conditions import AtStart, Open, holds
from lorafig.verify.decide.settled import settled
from lorafig.verify.report import Report
from tests.page.conftest import SPECS
from tests.page.settings import settings
from tests.verify.mutate import gallery
from tests.verify.pages import PAGES
from tests.verify.public_claims import CORPUS

LARGEST = 200  # of a dimension where a rank is computed


@pytest.mark.parametrize("name", [*gallery(), *SPECS])
def test_the_value_at_the_sizes_of_the_figure_is_the_verdict(name: str) -> None:
    figure = loads(SPECS[name], name) if name in SPECS else gallery()[name]
    for claim in verify(figure, floating=False).claims:
        assert claim.condition is not None
        verdict = None if claim.verdict == "undetermined" else claim.verdict == "holds"
        assert holds(claim.condition) == verdict, claim.text


def _told(report: Report) -> dict[tuple[str, str], list[bool]]:
    """Whether what is said in one place holds."""
    told: dict[tuple[str, str], list[bool]] = {}
    for claim in report.claims:
        told.setdefault((str(claim.where), claim.text), []).append(claim.verdict == "holds")
    return told


def _held(report: Report, setting: Setting, settle: bool) -> Iterator[tuple[tuple[str, str], bool]]:
    """What the conditions of a report say of another setting, but for what they leave open."""
    values = values_at(setting)
    known = frozenset(values)
    said: dict[tuple[str, str], list[bool | None]] = {}
    for claim in (*report.claims, *report.silent):
        assert claim.condition is not None
        condition = settled(claim.condition, known) if settle else claim.condition
        if settle:
            condition_data(condition)
        value = None if isinstance(condition, (AtStart, Open)) else holds(condition, values)
        said.setdefault((str(claim.where), claim.text), []).append(value)
    for key, parts in said.items():
        if False in parts or None not in parts:
            yield key, False not in parts


@pytest.mark.parametrize("name", SPECS)
def test_it_is_the_verdict_at_every_other_setting(name: str) -> None:
    figure = replace(loads(SPECS[name], f"{name}.yaml"), lesson=None)
    ranked = "rank" in SPECS[name]
    begin = start(figure)
    reports = {
        method: verify(figure_at(figure, replace(begin, method=method)), floating=False)
        for method in methods(figure)
    }
    for setting in settings(figure, 60, seed=4, beyond=False):
        if ranked and max(setting.sizes.values()) > LARGEST:
            continue
        told = _told(verify(figure_at(figure, setting), floating=False))
        for settle in (False, True):
            for key, value in _held(reports[setting.method], setting, settle):
                assert value == all(told.get(key, [True])), (setting, key, settle)


CLAIMS = [text for text, given, _ in CORPUS + PAGES if "shapes" not in given and "adapter" not in given]
ADAPTERS = ("lora", "lora", "rslora", "dora", "vera", "lokr", "ia3", "pissa")


@pytest.mark.sample(3)
@pytest.mark.parametrize("seed", range(12))
def test_claims_of_the_corpus_at_random_sizes(seed: int) -> None:
    dice = random.Random(seed)
    adapter = ADAPTERS[seed % len(ADAPTERS)]
    texts = [text for text in dice.sample(CLAIMS, 40) if _parses(text)]
    figure = Figure("f", "t", model=Model(adapter, 64, 48, 4, 16.0), row=(Equations(tuple(texts)),))
    method = Method(adapter)
    report = verify(figure, floating=False)
    for _ in range(12):
        setting = Setting(*_sizes(dice), method)
        told = _told(verify(figure_at(figure, setting), floating=False))
        for settle in (False, True):
            for key, value in _held(report, setting, settle):
                assert value == all(told.get(key, [True])), (setting, key, settle)


def _sizes(dice: random.Random) -> tuple[int, int, int, Fraction]:
    sizes = [dice.choice((1, 2, 4, 8, 16, 36, 48, 64, 96)) for _ in range(3)]
    return sizes[0], sizes[1], sizes[2], Fraction(dice.choice((sizes[2], sizes[2] ** 2, 1, 8, 16, 32)))


def _parses(text: str) -> bool:
    from lorafig.errors import LorafigError
    from lorafig.notation.read.parse import parse_math

    try:
        parse_math(text)
    except LorafigError:
        return False
    return True


def test_a_page_asks_verification_once_for_each_method(monkeypatch: pytest.MonkeyPatch) -> None:
    from lorafig.page import claims

    asked: list[str] = []

    def counted(figure: Figure, *, floating: bool) -> Report:
        asked.append(str(figure.model.adapter))
        return verify(figure, floating=floating)

    monkeypatch.setattr(claims, "verify", counted)
    statements(loads(SPECS["family"], "family.yaml"))
    assert asked == ["lora", "rslora", "dora", "vera", "lokr", "ia3"]
