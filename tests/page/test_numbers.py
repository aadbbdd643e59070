"""What a page computes, held to the Python core at thousands of settings."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.language import Figure, loads
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import format_number
from lorafig.page import claims
from lorafig.page.claims import statements
from lorafig.page.document import contents
from lorafig.page.setting import Setting, figure_at, methods, start
from lorafig.verify import verify
from lorafig.verify.decide.conditions import AtStart
from lorafig.verify.decide.conditions import Open as Foreign
from lorafig.verify.report import Report
from tests.page.conftest import SPECS
from tests.page.settings import ASK, in_page, settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

THOUSANDS = 3_000
HUNDREDS = 150
_LARGEST = 256  # of a dimension where a rank is computed


def _figure(name: str) -> Figure:
    return loads(SPECS[name], f"{name}.yaml")


def _asked(page: Page, path: Path, figure: Figure, asked: list[Setting]) -> list[dict[str, Any]]:
    page.goto(path.as_uri())
    found: list[dict[str, Any]] = page.evaluate(ASK, [in_page(one, figure) for one in asked])
    return found


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", SPECS)
def test_numbers_are_those_of_the_core(name: str, pages: dict[str, Path], page: Page) -> None:
    figure = _figure(name)
    asked = list(settings(figure, THOUSANDS, seed=1, beyond=True))
    computed = _computed(figure)
    assert bool(computed) == ("\\num" in SPECS[name])
    for setting, found in zip(asked, _asked(page, pages[name], figure, asked), strict=True):
        sizes = setting.sizes
        row = ADAPTERS[setting.method.adapter]
        assert int(found["trained"]) == row.parameters(sizes["d"], sizes["k"], sizes["r"])
        assert int(found["full"]) == sizes["d"] * sizes["k"]
        expected = [_shown(body, form, setting, figure) for body, form in computed]
        assert found["numbers"] == expected, setting


def _computed(figure: Figure) -> list[tuple[Any, str]]:
    """The expressions of the page's numbers, in its order."""
    page = contents(figure, verify(figure, floating=False), "")
    page.html()
    return list(page.numbers.known)


def _shown(body: Any, form: str, setting: Setting, figure: Figure) -> str:
    try:
        value: Fraction = evaluate(body, setting.values(), figure.numbers.kilo)
        return format_number(value, form, figure.numbers.rounding, figure.numbers.kilo)
    except LorafigError:
        return "—"


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", SPECS)
def test_verdicts_are_those_of_the_core(name: str, pages: dict[str, Path], page: Page) -> None:
    """The figure written anew for each setting, and verified as any figure is."""
    figure = _figure(name)
    found = statements(figure)
    ranked = any(one.kind == "rank" for one in found)
    asked = [
        one
        for one in settings(figure, HUNDREDS, seed=2, beyond=False)
        if not ranked or max(one.sizes.values()) <= _LARGEST
    ]
    assert len(asked) > 10
    told = _asked(page, pages[name], figure, asked)
    turned = set()
    for setting, answer in zip(asked, told, strict=True):
        stands: dict[tuple[int, int, str], bool] = {}
        for claim in verify(figure_at(figure, setting), floating=False).claims:
            line, column = (0, 0) if claim.where is None else (claim.where.line, claim.where.column)
            key = line, column, claim.text
            stands[key] = stands.get(key, True) and claim.stands
        of_method = methods(figure).index(setting.method)
        for one, holds in zip(found, answer["claims"], strict=True):
            if isinstance(one.conditions[of_method], Foreign):
                assert holds is None
                assert stands.get((one.line, one.column, one.text)) is not True
                continue
            if isinstance(one.conditions[of_method], AtStart):
                assert holds is (True if setting == start(figure) else None)
                continue
            expected = stands.get((one.line, one.column, one.text), True)
            assert holds == expected, (setting, one.text)
            if not expected:
                turned.add(one.text)
    assert turned  # something on each of these figures is false somewhere


@pytest.mark.parametrize("name", SPECS)
def test_everything_is_decided_at_every_setting(name: str) -> None:
    open_ = [
        one.text for one in statements(_figure(name)) if any(isinstance(c, AtStart) for c in one.conditions)
    ]
    assert open_ == []


def test_a_figure_that_a_method_cannot_read_holds_nothing_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(figure: Figure, *, floating: bool) -> Report:
        if figure.model.adapter == "vera":
            raise LorafigError(Problem("a definition does not fit"))
        return verify(figure, floating=floating)

    monkeypatch.setattr(claims, "verify", refusing)
    figure = _figure("family")
    vera = next(i for i, one in enumerate(methods(figure)) if one.adapter == "vera")
    assert {one.conditions[vera] for one in statements(figure)} == {Foreign()}


@pytest.mark.sample(2)
@pytest.mark.parametrize("percent", ["1", "50", "0.1", "99.5", "87.75"])
def test_the_rank_that_trains_no_more(percent: str, pages: dict[str, Path], page: Page) -> None:
    """By trying every rank, in whole numbers."""
    figure = _figure("visualizer")
    page.goto(pages["visualizer"].as_uri())
    limit = Fraction(percent) / 100
    for d, k in ((64, 64), (256, 256), (4096, 64), (96, 384), (128, 192)):
        answer = page.evaluate(
            """([d, k, percent]) => {
              const setting = { d: BigInt(d), k: BigInt(k), r: 1n, alpha: 16n, method: 0 };
              const found = Page.atMost(setting, Page.valuesOf(setting), Page.decimal(percent));
              return [`${found.rank}`, found.text];
            }""",
            [str(d), str(k), percent],
        )
        count = ADAPTERS[figure.model.adapter].parameters
        most = int(limit * d * k)  # as many parameters
        best = max((r for r in range(1, d * k) if count(d, k, r) <= most), default=0)
        assert int(answer[0]) == best
        assert answer[1].startswith("no rank, rank 1 trains ") if best == 0 else answer[1] == f"r ≤ {best:,}"
