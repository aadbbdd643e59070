"""The forward pass of panels with a model of their own: a reader chooses between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import lorafig
from lorafig.language import load, loads
from lorafig.page.data import plans_beside, plans_of
from lorafig.page.setting import methods
from lorafig.page.steps import Plan
from lorafig.resources import gallery

if TYPE_CHECKING:
    from playwright.sync_api import Page

SPEC = """\
id: ranks
title: Two ranks and methods
model: {d: 8, r: 4}
row:
  - {panel: Four, stack: [{bar: x}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: arrows}, {bar: h}]}
  - panel: One
    model: {adapter: vera, r: 1}
    stack:
      - bar: x
      - split:
          - square: W
          - [{trapezoid: A}, {scale: '\\lambda_d'}, {trapezoid: B}, {scale: '\\lambda_b'}]
      - sum: arrows
      - bar: h
controls: {r: {min: 2, max: 8}}
"""


def beside(text: str) -> dict[str, tuple[str, Plan]]:
    figure = loads(text)
    return plans_beside(figure, plans_of(figure, methods(figure)).values())


def test_panels_that_compute_something_else_have_steps_of_their_own() -> None:
    adapters = load(gallery()["unified-adapters"])
    assert plans_of(adapters, methods(adapters)) == {}
    titles = [title for title, _ in plans_beside(adapters, ()).values()]
    assert titles == ["Adapter", "Parallel", "LoRA"]
    vera = load(gallery()["lora-beside-vera"])
    [(title, plan)] = plans_beside(vera, plans_of(vera, methods(vera)).values()).values()
    assert title == "VeRA"
    assert {one.name for one in plan.given if one.trained} == {"λ_b", "λ_d"}
    assert plan.fixed["r"] == 256


def test_those_that_differ_in_sizes_alone_are_shown_once() -> None:
    ranks = load(gallery()["lora-ranks"])
    assert plans_beside(ranks, plans_of(ranks, methods(ranks)).values()) == {}
    page = lorafig.load(gallery()["lora-ranks"]).to_html()
    assert "data-of=" not in page


def test_a_reader_chooses_the_panel_and_its_own_sizes_stay(page: Page, tmp_path: Path) -> None:
    [(title, plan)] = beside(SPEC).values()
    assert (title, plan.fixed["r"]) == ("One", 1)
    path = tmp_path / "ranks.html"
    path.write_text(lorafig.loads(SPEC, "ranks.yaml").to_html(), encoding="utf-8")
    page.goto(path.as_uri())
    choices, sizes = page.locator(".of button"), page.locator(".forward .sizes")
    shown = page.locator("[data-plan]:not([hidden])")
    assert choices.all_inner_texts() == ["Four", "One"]
    first = sizes.inner_text()
    assert "r = 1" not in first
    page.get_by_role("button", name="Walk through it").click()
    choices.nth(1).click()
    assert sizes.inner_text().endswith("r = 1")
    assert shown.count() == 1
    assert "𝜆" in shown.inner_text()
    assert [choice.get_attribute("aria-pressed") for choice in choices.all()] == ["false", "true"]
    assert page.get_by_role("button", name="Walk through it").is_visible()
    page.locator(".slider input[type=number]").first.fill("2")
    page.wait_for_timeout(100)
    assert sizes.inner_text().endswith("r = 1")
    choices.nth(0).click()
    assert sizes.inner_text().endswith("r = 2")
