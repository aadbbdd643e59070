"""The forward pass in a real Chromium: what is drawn is what was computed; how fast; for everybody."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from lorafig.core.adapters import ADAPTERS
from lorafig.page.data import script_safe
from lorafig.page.forward import forward_html, plan_data
from lorafig.page.steps import Plan, compile_plan
from tests.browser import axe, overflow, screenshot
from tests.javascript import script

PLANS: dict[str, Plan] = {method: compile_plan(method) for method in ADAPTERS}
# What the page's own style sheet has to give at least.
STYLE = """
[hidden] { display: none !important }
body { font: 16px/1.5 sans-serif; margin: 16px; color-scheme: light dark }
td { padding: 0 .3em; text-align: right; font-variant-numeric: tabular-nums }
table { border: solid; border-width: 0 1px; border-radius: 6px }
.matrix { font-size: .8em } math { font-size: 1.1em }
.step, .given { display: flex; flex-wrap: wrap; gap: .5em 1em; align-items: center; margin: .5em 0 }
ol, ul { padding: 0; list-style: none }
"""
MAIN = """
const forward = Forward.attach(document.querySelector('.forward'), PLANS);
const at = (d, k, r, alpha) => ({ d: Exact.num(d), k: Exact.num(k), r: Exact.num(r), 'α': Exact.num(alpha) });
"""


def html(plans: dict[str, Plan]) -> str:
    """A page of its own with the section, under the policy that pages of lorafig have."""
    data = script_safe({name: plan_data(plan) for name, plan in plans.items()})
    code = "\n".join([script("exact.js", "forward.js"), f"const PLANS = {data};", MAIN])

    def sha(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    policy = f"default-src 'none'; script-src {sha(code)}; style-src {sha(STYLE)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Forward pass</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width"><style>'
        f"{STYLE}</style></head><body><main><h1>Step by step</h1>{forward_html(plans)}</main>"
        f"<script>{code}</script></body></html>"
    )


@pytest.fixture
def show(page: Any, tmp_path: Any) -> Callable[..., Any]:
    def shown(plans: dict[str, Plan] = PLANS) -> Any:
        path = tmp_path / "forward.html"
        path.write_text(html(plans), encoding="utf-8")
        page.goto(path.as_uri())
        return page

    return shown


# Every visible table as text, and what run and entry say it should be.
READ = """([method, d, k, r, alpha, start]) => {
  const plan = PLANS[method], v = at(d, k, r, alpha), switched = document.querySelector('input.start');
  switched.checked = start;
  forward.draw(method, v);
  const container = document.querySelector(`[data-plan="${method}"]`);
  const found = Forward.run(plan, { v, start });
  const text = (table) => [...table.rows].filter((row) => !row.hidden)
    .map((row) => [...row.cells].filter((cell) => !cell.hidden).map((cell) => cell.textContent));
  const drawn = [...container.querySelectorAll('[data-value]')].map((one) =>
    [one.dataset.value, text(one.querySelector('table'))]);
  const wanted = drawn.map(([which]) => [which,
    (which in found.given ? found.given[which] : found.steps[which]).map((row) => row.map(Forward.entry))]);
  const visible = [...document.querySelectorAll('[data-plan]')].filter((one) => one.checkVisibility());
  const said = [...container.querySelectorAll('.equal')].filter((one) => one.checkVisibility())
    .map((one) => [one.dataset.equal, one.dataset.holds, one.querySelector('.verdict').textContent]);
  return { drawn, wanted, visible: visible.map((one) => one.dataset.plan), said,
    sizes: document.querySelector('.sizes').textContent };
}"""


def test_what_is_drawn_is_what_was_computed(show: Callable[..., Any]) -> None:
    page = show()
    for method in PLANS:
        for d, k, r, alpha in ((768, 512, 8, 16), (2, 3, 1, 5), (4, 4, 9, 1), (1, 1, 1, 7), (64, 64, 4, 3)):
            for start in (False, True):
                found = page.evaluate(READ, [method, d, k, r, alpha, start])
                assert found["drawn"] == found["wanted"]
                assert found["visible"] == [method]
                begins = start and ADAPTERS[method].at_weight
                assert [one[:2] for one in found["said"]] == (
                    [["product", "true"], ["unadapted", "true"]] if begins else [["product", "true"]]
                )


def test_the_words_of_lora(show: Callable[..., Any]) -> None:
    page = show()
    found = page.evaluate(READ, ["lora", 768, 512, 8, 16, False])
    assert found["sizes"] == "d = 4, k = 4, r = 2"
    assert found["said"] == [["product", "true", "equal, exactly"]]
    inexact = page.evaluate(READ, ["rslora", 768, 512, 8, 16, False])["said"][0][2]
    assert inexact.startswith("equal: they differ by ")
    assert "and rounding alone can make " in inexact
    labels = page.locator('[data-plan="lora"] table').evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert labels == [
        "x, k", "W, d by k", "A, r by k", "B, d by r", "A x, r", "B times the quantity A x, d",
        "s equals alpha over r", "s times B times the quantity A x, d", "W x, d",
        "h equals W x plus s times B times the quantity A x, d", "B A, d by k",
        "delta W equals s times B A, d by k", "W prime equals W plus s times B A, d by k", "W prime x, d",
    ]  # fmt: skip


def test_what_has_no_value_is_said(show: Callable[..., Any]) -> None:
    page = show()
    page.evaluate("forward.draw('lora', {d: Exact.num(8), r: Exact.num(2)})")  # without α
    assert page.locator('[data-plan="lora"] .equal:visible .verdict').all_inner_texts() == [
        "not defined here: a number is missing, or something is divided by zero"
    ]
    assert set(page.locator('[data-plan="lora"] [data-value="3"] td:visible').all_inner_texts()) == {"–"}
    page.evaluate("forward.draw('lora', {d: Exact.num(8), r: null})")
    assert page.locator('[data-plan="lora"]').is_hidden()


def test_large_and_small_numbers(show: Callable[..., Any]) -> None:
    page = show()
    written = page.evaluate(
        """() => [[0, 1], [-1, 2], [1, 3], [-65536, 1], [123456789, 100000], [1, 1000000], [-1, 3000000000],
          [1234567890, 1], [10n ** 40n, 3]].map((one) => Forward.entry(Exact.num(...one)))"""
    )
    assert written == [
        "0", "−0.5", "0.3333", "−65,536", "1,234.5679", "0.000001", "−0.0000000003", "1.235 × 10⁹",
        "3.333 × 10³⁹",
    ]  # fmt: skip
    written = page.evaluate("() => [0, -0.5, 1e-9, -1e-9, 1234.56789].map((v) => Forward.entry({v, e: 0}))")
    assert written == ["0", "−0.5", "0", "0", "1,234.5679"]


def test_the_switch_goes_to_the_start_of_training(show: Callable[..., Any]) -> None:
    """By the keyboard; B is zero there and h is Wx."""
    page = show()
    page.evaluate("forward.draw('lora', at(768, 512, 8, 16))")
    cells = page.locator('[data-plan="lora"] [data-value="B"] td:visible')
    assert set(cells.all_inner_texts()) != {"0"}
    switch = page.get_by_label("At the start of training")
    switch.focus()
    page.keyboard.press("Space")
    assert set(cells.all_inner_texts()) == {"0"}
    assert page.locator('[data-plan="lora"] .equal:visible').all_inner_texts()[1].endswith(": equal, exactly")
    page.keyboard.press("Space")
    assert set(cells.all_inner_texts()) != {"0"}


def test_it_is_made_once_and_then_changed(show: Callable[..., Any]) -> None:
    page = show()
    page.evaluate("forward.draw('lora', at(768, 512, 8, 16))")
    changes = page.evaluate(
        """async () => {
          let added = 0;
          const watch = new MutationObserver((all) => all.forEach((one) => {
            for (const node of one.addedNodes) added += node.nodeType === Node.ELEMENT_NODE ? 1 : 0;
          }));
          watch.observe(document.querySelector('.forward'), { childList: true, subtree: true });
          for (let r = 1; r <= 64; r += 1) forward.draw('lora', at(768, 512, r, 16));
          await new Promise((done) => setTimeout(done));
          return added;
        }"""
    )
    assert changes == 0


def test_it_is_for_everybody(show: Callable[..., Any]) -> None:
    page = show()
    for method in PLANS:
        page.evaluate("(method) => forward.draw(method, at(768, 512, 8, 16))", method)
        if method in ("lora", "dora", "pissa"):
            assert axe(page) == []
        assert overflow(page, 320) == []
        screenshot(page, f"forward-{method}-320")
        page.set_viewport_size({"width": 1280, "height": 800})
        screenshot(page, f"forward-{method}-1280")
