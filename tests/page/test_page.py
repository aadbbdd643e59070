# ruff: noqa: E501
"""The page in a real Chromium: its controls, its drawing, and whom it is for."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import lorafig
from lorafig.core.adapters import ADAPTERS
from lorafig.language import loads
from lorafig.page.drawing import LABEL_TOLERANCE, attributes, split
from lorafig.page.formulas import pictured
from lorafig.page.layouts import layouts
from lorafig.page.picture import Glyphs, draw
from lorafig.page.setting import sliders, start
from lorafig.render import svg
from lorafig.resources import gallery
from lorafig.values import replace
from tests.browser import WIDTHS, axe, overflow, until
from tests.conftest import Few
from tests.page.conftest import SPECS

if TYPE_CHECKING:
    from playwright.sync_api import Page

OpenPage = Callable[..., "Page"]
KIB = 1024

SET = """(values) => {
  for (const [name, value] of Object.entries(values)) {
    const field = document.querySelector(`.slider[data-name="${name}"] input[type=number]`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}"""


@pytest.fixture
def visualizer(pages: dict[str, Path], page: Page) -> Page:
    page.goto(pages["visualizer"].as_uri())
    return page


def _out(page: Page, name: str) -> str:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(f'[data-out="{name}"]').inner_text()


# -- one file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", gallery())
def test_the_gallery_s_pages_are_small_and_whole(name: str) -> None:
    text = lorafig.load(gallery()[name]).to_html()
    assert len(text.encode()) <= 150 * KIB
    assert 'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;' in text
    # Nothing is fetched: an address stands in no attribute but the name spaces of SVG and MathML.
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", text)
    assert "url(" not in text
    assert "@import" not in text
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
    ):
        assert forbidden not in text


def test_the_same_bytes_every_time() -> None:
    figure = loads(SPECS["visualizer"], "v.yaml")
    assert lorafig.Figure(figure).to_html() == lorafig.Figure(figure).to_html()


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", gallery())
def test_every_page_of_the_gallery_opens(name: str, tmp_path: Path, page: Page) -> None:
    path = tmp_path / "page.html"
    lorafig.load(gallery()[name]).save(path)
    page.goto(path.as_uri())
    assert _out(page, "verdict").startswith("✓ All ")
    assert axe(page) == []
    if lorafig.load(gallery()[name]).spec.controls is not None:
        _works(page)
    assert overflow(page, 320) == []


def _works(page: Page) -> None:
    """What is to be seen together is on one screen; the curve has an axis; a knob lies on no label; and the
    figure stays where it is while the first control moves."""
    for part in (
        ".frame svg",
        ".formulas",
        ".left > .verdict",
        ".delta .sum",
        ".cost",
        ".plot svg",
        ".controls",
    ):
        for one in page.locator(part).all():
            box = one.bounding_box()
            assert box is not None, part
            assert 0 <= box["y"] <= 800 - box["height"], part
    assert page.locator(".plot .tick").count() >= 2
    assert page.locator(".plot .count").get_attribute("points") != ""
    covered = page.evaluate(KNOBS)
    assert covered == []
    before = page.locator(".frame").bounding_box()
    page.locator(".axis input[type=range]").press("End")
    page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    assert page.locator(".frame").bounding_box() == before


KNOBS = """() => {
  const box = (one) => one.getBoundingClientRect(), found = [];
  for (const knob of document.querySelectorAll('.knob')) {
    for (const part of knob.querySelectorAll('.ring, text')) {
      for (const label of document.querySelectorAll('.frame [id$=-label]')) {
        const a = box(part), b = box(label);
        if (a.width && a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top) found.push(label.id);
      }
    }
  }
  return found;
}"""


def test_it_works_in_a_frame_without_an_origin(pages: dict[str, Path], tmp_path: Path, page: Page) -> None:
    outer = tmp_path / "outer.html"
    outer.write_text(
        '<!doctype html><html lang="en"><title>Outer</title><iframe sandbox="allow-scripts" title="The page"'
        f' width="1000" height="800" src="{pages["visualizer"].as_uri()}"></iframe></html>'
    )
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#r-number").fill("64")
    expect(frame.locator('[data-out="trained"]')).to_have_text("131,072")


def test_no_script_may_be_added(visualizer: Page, complaints: Any) -> None:
    complaints.allow("TrustedScript")
    ran = visualizer.evaluate(
        """() => {
          const script = document.createElement('script');
          try { script.text = 'window.ran = true'; document.body.append(script); } catch (error) { return String(error); }
          return window.ran === true;
        }"""
    )
    assert "TrustedScript" in ran
    assert visualizer.evaluate("window.ran") is None


def test_what_a_stranger_writes_stays_text(tmp_path: Path, page: Page) -> None:
    hostile = "</script><img src=y onerror=window.ran=1><script>window.ran=1//"
    text = (
        f"id: hostile\ntitle: 'A {hostile} title'\nmodel: {{d: 64, r: 4}}\n"
        f"about: {{shows: 'Shows {hostile}', after: '{hostile}', license: '{hostile}'}}\n"
        f"stack: [{{bar: x}}, {{square: W, text: ['{hostile}'], unverified: words of a stranger}}, {{bar: Wx}}]\ncaption: '{hostile}'\n"
        f"card: {{rows: ['{hostile}', '$2dr = \\num{{2dr}}$']}}\n"
        f"lesson: {{objectives: ['{hostile}'], questions: [{{ask: '{hostile}', answer: '{hostile}'}}]}}\n"
        "controls: {r: {min: 1, max: 32}}\nunverified: words of a stranger\n"
    )
    path = tmp_path / "page.html"
    path.write_text(lorafig.loads(text, "hostile.yaml").to_html(), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.evaluate("window.ran") is None
    assert page.locator("img").count() == 0
    assert page.locator("script:not(#data)").count() == 1
    page.evaluate(SET, {"r": "32"})
    assert page.evaluate("window.ran") is None


def test_what_is_drawn_unchecked_says_so(tmp_path: Path, page: Page) -> None:
    text = "id: wrong\ntitle: Wrong\nmodel: {d: 64, r: 4}\nstack: [{bar: x}, {square: W}, {bar: h}]\n"
    path = tmp_path / "page.html"
    path.write_text(lorafig.loads(text, "wrong.yaml").to_html(check=False), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.title() == "Wrong (unverified)"
    assert _out(page, "verdict") == "✗ False at this setting: h."
    assert page.locator("td.fails").count() >= 1
    with pytest.raises(lorafig.LorafigError):
        lorafig.loads(text, "wrong.yaml").to_html()


# -- the controls ---------------------------------------------------------------------------------


def test_a_slider_and_its_field_say_the_same(visualizer: Page) -> None:
    slider = visualizer.get_by_role("slider", name="Rank r")
    slider.focus()
    for _ in range(8):
        visualizer.keyboard.press("ArrowRight")
    expect(visualizer.get_by_role("spinbutton", name="Rank r")).to_have_value(
        "16"
    )  # painted at the next frame
    assert _out(visualizer, "trained") == "32,768"
    visualizer.get_by_role("spinbutton", name="Rank r").fill("32")
    assert slider.get_attribute("aria-valuetext") == "32"
    assert slider.input_value() == "500"  # half of the way from 1 to 1,024
    assert _out(visualizer, "trained") == "65,536"
    assert visualizer.locator("td mn[data-n]").filter(has_text="65,536").all_text_contents() == [
        "65,536",
        "65,536",
    ]


def test_numbers_beyond_two_to_the_53_are_exact(visualizer: Page) -> None:
    d, k, r = 2**40 - 87, 2**39 + 11, 12_345_677
    visualizer.evaluate(SET, {"d": str(d), "k": str(k), "r": str(r)})
    assert _out(visualizer, "full") == f"{d * k:,}"
    assert _out(visualizer, "trained") == f"{r * (d + k):,}"
    assert d * k > 2**53


def test_what_stops_holding_is_marked_as_false(visualizer: Page) -> None:
    assert visualizer.locator(".mark").count() == 0
    visualizer.evaluate(SET, {"d": "64", "k": "64", "r": "64"})
    assert _out(visualizer, "times") == "✗ Not fewer"
    assert _out(visualizer, "fewer") == "2× as many"
    assert _out(visualizer, "verdict") == "✗ False at this setting: A then B; 0.5× fewer; r < min(d, k)."
    assert visualizer.locator(".frame .mark, .formulas .wrongly").count() >= 2
    assert visualizer.locator(".fails").count() == 3
    assert "-" not in visualizer.locator(".bars").inner_text()
    visualizer.get_by_role("button", name="Last true setting").click()
    assert visualizer.locator(".mark, .wrongly").count() == 0
    visualizer.get_by_role("button", name="Reset").click()
    visualizer.evaluate(SET, {"r": "1024"})
    visualizer.get_by_role("button", name="Last true setting").click()
    assert visualizer.locator("#r-number").input_value() == "8"
    assert _out(visualizer, "verdict").startswith("✓ All ")


@pytest.mark.sample(2)
@pytest.mark.parametrize("typed", ["", "0", "-4", "2.5", "1099511627777", "1e3"])
def test_what_is_no_size_is_told_and_changes_nothing(typed: str, visualizer: Page) -> None:
    field = visualizer.locator("#r-number")
    field.evaluate(
        "(one, text) => { one.value = text; one.dispatchEvent(new Event('input', { bubbles: true })); }",
        typed,
    )
    assert field.get_attribute("aria-invalid") == "true"
    assert visualizer.locator("#r-wrong").inner_text() == "Write a whole number from 1 to 1,099,511,627,776."
    assert _out(visualizer, "trained") == "16,384"
    field.fill("4")
    assert field.get_attribute("aria-invalid") == "false"
    assert visualizer.locator("#r-wrong").is_hidden()


def test_the_rank_that_trains_no_more_can_be_set(visualizer: Page) -> None:
    field = visualizer.get_by_label("Train at most")
    field.fill("0.5")
    assert _out(visualizer, "answer") == "r ≤ 2"
    visualizer.get_by_role("button", name="Set r = 2").click()
    assert visualizer.locator("#r-number").input_value() == "2"
    field.fill("0.01")
    assert _out(visualizer, "answer") == "no rank, rank 1 trains 0.195%"
    assert visualizer.locator("#go").is_hidden()
    field.fill("100")
    assert _out(visualizer, "answer") == "write a number between 0 and 100"


def test_break_even(visualizer: Page) -> None:
    visualizer.evaluate(SET, {"d": "64", "k": "64"})
    assert visualizer.locator('[data-out="even"]').inner_text() == (
        "Break-even: fewer up to r = 31, not from r = 32 on."
    )


def test_training_and_merged_are_shown_in_turn(pages: dict[str, Path], open_page: OpenPage) -> None:
    """On a telephone one panel at a time, elsewhere both, and merging fades what it began with."""
    page = open_page()
    page.goto(pages["visualizer"].as_uri())
    training = page.locator("#lora-visualizer_figure_during-training")
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(training).to_have_class("dim")
    assert page.evaluate("location.hash") == "#mode=merged"
    page.get_by_role("button", name="Take apart").click()
    expect(training).not_to_have_class("dim")
    small = open_page(width=360)
    small.goto(pages["visualizer"].as_uri())
    box = "() => document.querySelector('.frame svg').viewBox.baseVal.x"
    before = small.evaluate(box)
    small.get_by_role("button", name="Merged").click()
    assert small.evaluate(box) > before + 20
    small.get_by_role("button", name="During training").click()
    assert small.evaluate(box) == before


def test_methods_and_schemes_change_the_count_and_the_verdicts(pages: dict[str, Path], page: Page) -> None:
    page.goto(pages["family"].as_uri())
    assert _out(page, "trained") == f"{4 * (64 + 96)}"
    page.get_by_label("Method", exact=True).select_option(label="VeRA")
    assert _out(page, "trained") == f"{64 + 4}"
    assert "not about VeRA" in _out(page, "verdict")
    page.get_by_label("Method", exact=True).select_option(label="IA³")
    assert _out(page, "trained") == "64"
    assert _out(page, "even") == "The rank does not change how many IA³ trains."
    assert "not about IA³" in _out(page, "verdict")
    page.get_by_label("Method", exact=True).select_option(label="LoKr")
    assert _out(page, "even").startswith("LoKr splits d and k")
    page.goto(pages["schemes"].as_uri())
    assert _out(page, "verdict").startswith("✓")
    page.get_by_role("radio", name="α / √r").check()
    assert _out(page, "verdict").startswith("✗ False at this setting: (α/r)BAx")


def test_the_lesson_asks_first_and_its_answers_hold(visualizer: Page) -> None:
    visualizer.get_by_role("button", name="Set the sliders").first.click()
    assert visualizer.locator("#r-number").input_value() == "5"
    answer = visualizer.locator(".lesson details").first
    assert answer.is_hidden()
    predict = visualizer.locator(".predict").first
    predict.get_by_role("button").click()
    assert answer.is_hidden()  # nothing was predicted
    predict.get_by_role("textbox").fill("r = 5")
    predict.get_by_role("button").click()
    said = answer.inner_text()
    assert said.split("\n\n")[1].startswith("✓ r = 5 is in the answer.")
    assert "10,240" in said
    assert "1,048,576" in said
    predict.get_by_role("textbox").fill("6")
    predict.get_by_role("textbox").press("Enter")
    assert "You predicted: 6. Compare:" in answer.inner_text()
    assert _out(visualizer, "trained") == "10,240"


def test_ids_of_a_figure_are_none_of_the_page_s(tmp_path: Path, page: Page) -> None:
    for name in ("go", "percent", "reset", "method", "picture", "g0"):
        text = (
            f"id: {name}\ntitle: 'With $\\num{{2dr}}$'\nmodel: {{d: 512, r: 4}}\n"
            "stack: [{bar: x}, {square: W}, {bar: Wx}]\ncontrols: {r: {min: 1, max: 64}}\n"
        )
        path = tmp_path / f"{name}.html"
        path.write_text(lorafig.loads(text, "named.yaml").to_html(), encoding="utf-8")
        page.goto(path.as_uri())
        assert page.title() == "With 4,096"
        page.locator("#r-number").fill("64")
        expect(page.locator("h1 mn")).to_have_text("65,536")
        page.locator("#go").click()
        assert page.locator("#r-number").input_value() == "2"
        page.get_by_role("button", name="Reset").click()
        assert page.locator("#r-number").input_value() == "4"
        assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size") == (
            page.locator("[id]").count()
        )


# -- the drawing ----------------------------------------------------------------------------------


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", ["visualizer", "family", "schemes", "wires"])
def test_the_drawing_moves_as_the_layout_does(
    name: str, pages: dict[str, Path], page: Page, few: Few
) -> None:
    """Every coordinate in the browser, at settings at random, held to the layout in Python at the same lengths."""
    figure = loads(SPECS[name], f"{name}.yaml")
    drawing = draw(figure, "words", Glyphs())
    drawn = replace(layouts(pictured(figure), "words"), longest=drawing.longest, sides=drawing.sides)
    page.goto(pages[name].as_uri())
    dice = random.Random(3)
    moved = sliders(figure)
    for _ in few(range(25), 8):
        values = {
            key: one.min + one.step * dice.randint(0, (one.max - one.min) // one.step)
            for key, one in moved.items()
        }
        page.evaluate(SET, {key: str(value) for key, value in values.items()})
        sizes = {**start(figure).sizes, **values}
        if figure.model.k is None:
            sizes["k"] = sizes["d"]
        expected = dict(attributes(svg.render(drawn.scene(drawn.shares(sizes)))))
        stem = f"{figure.id}_figure_"
        checked = 0
        for (item, child, key), text in expected.items():
            if item == "" or child >= 0 or (key == "d" and "-label" in item):
                continue
            identity = stem + item.removeprefix(f"{figure.id}_")
            found = page.evaluate(
                "([id, key]) => document.getElementById(id)?.getAttribute(key)", [identity, key]
            )
            if found is None:
                continue
            ours, theirs = split(found)[1], split(text)[1]
            if key == "transform":
                ours, theirs = ours[:2], theirs[:2]
            if len(ours) != len(theirs) or "card-row" in item:
                continue  # a label that is put together from pieces, an arrow that turns
            limit = LABEL_TOLERANCE if key == "transform" else 0.1 if "-brace" in item else 0.05
            assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) <= limit, (item, key, values)
            checked += 1
        assert checked >= 5


def test_what_stands_beside_the_picture_follows(visualizer: Page) -> None:
    rows = visualizer.locator(".formulas li")
    assert rows.all_inner_texts()[0].startswith("𝑊")  # a symbol, in words too
    visualizer.evaluate(SET, {"r": "512"})
    assert "1×" in rows.nth(3).inner_text()
    expect(rows.nth(3)).to_have_class("merged wrongly")


def test_a_side_is_taken_by_its_knob(visualizer: Page) -> None:
    """The corner stays beside the pointer, and the size is that of the length."""
    knob = visualizer.locator('.knob[data-symbol="r"] .ring')
    box = knob.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visualizer.mouse.move(x, y)
    visualizer.mouse.down()
    visualizer.mouse.move(x - 10, y)
    visualizer.mouse.move(x - 20, y)
    after = knob.bounding_box()
    visualizer.mouse.up()
    assert after is not None
    assert after["x"] + after["width"] / 2 == pytest.approx(x - 20, abs=2.5)
    assert int(visualizer.locator("#r-number").input_value()) > 8
    assert visualizer.locator(".knob").count() == 3


def test_a_symbol_lights_up_wherever_it_stands(visualizer: Page) -> None:
    """Its shape, its labels and its places in formulas, by the keyboard as by a pointer."""
    assert visualizer.locator(".lit").count() == 0
    visualizer.locator('.symbols [data-symbol="A"]').focus()
    assert visualizer.locator("#lora-visualizer_figure_A").get_attribute("class").endswith("lit")
    assert visualizer.locator(".halo").count() == 3
    assert visualizer.locator(".symbols .lit").count() == 1
    visualizer.locator(".formulas mi", has_text="d").first.hover()
    assert visualizer.locator('.controls .lit[data-name="d"]').count() == 1
    assert visualizer.locator(".formulas mi.lit").count() >= 2


def test_a_link_shows_a_setting(pages: dict[str, Path], page: Page) -> None:
    page.goto(pages["family"].as_uri() + "#r=7&k=96&alpha=5&method=vera&nonsense=%3Cb%3E&d=0")
    assert page.locator("#r-number").input_value() == "7"
    assert page.locator("#method").input_value() == "3"
    assert _out(page, "trained") == f"{64 + 7}"
    page.evaluate(SET, {"r": "4"})
    expect(page.locator("#link")).to_have_value(re.compile(r"family\.html#alpha=5&method=vera$"))
    assert page.evaluate("location.hash") == "#alpha=5&method=vera"
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#link")).to_have_value(re.compile(r"family\.html$"))


def test_what_turns_false_first_is_said(visualizer: Page) -> None:
    first = visualizer.locator('[data-out="next"]')
    expect(first).to_have_text("First to turn false: ✗ 1× fewer at r = 512")
    visualizer.evaluate(SET, {"d": "64", "k": "64", "r": "9"})
    expect(first).to_have_text("First to turn false: ✗ 1× fewer at r = 32")
    visualizer.evaluate(SET, {"r": "32"})
    expect(first).to_have_text("")


def test_the_figure_stays_in_view_on_a_telephone(pages: dict[str, Path], open_page: OpenPage) -> None:
    page = open_page(width=360, height=740)
    page.goto(pages["visualizer"].as_uri())
    page.mouse.wheel(0, 500)
    until(page, "scrollY >= 400")
    box = page.locator(".frame svg").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 360 - box["width"]
    assert 0 <= box["y"] <= 740 - 93 - box["height"]
    page.get_by_role("button", name="d 1,024").click()
    slider = page.get_by_role("slider", name="Output d")
    slider.press("ArrowRight")
    assert _out(page, "full") == f"{1088 * 1024:,}"
    assert page.get_by_role("slider").count() == 1


def test_a_telephone_shows_the_figure_the_verdict_and_the_cost_at_once(
    pages: dict[str, Path], open_page: OpenPage
) -> None:
    page = open_page(width=360, height=740)
    page.goto(pages["visualizer"].as_uri())
    tops = []
    for part in ("h1", ".frame", ".verdict", ".bars"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 740 - 93, part
        tops.append(box["y"])
    assert tops == sorted(tops)
    scheme = page.get_by_role("radio", name="Dark")
    scheme.check()
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"


def test_a_screen_of_1280_shows_the_figure_large_and_all_that_follows_it(visualizer: Page) -> None:
    high = visualizer.locator(".frame svg").evaluate("(one) => one.getBoundingClientRect().height")
    assert high >= 400
    for part in (".frame", ".formulas", ".verdict", ".delta", ".cost", ".axis", ".controls", ".scale"):
        box = visualizer.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800, part


def test_a_page_without_sliders_shows_the_cost_beside_the_figure(tmp_path: Path, page: Page) -> None:
    (tmp_path / "still.html").write_text(lorafig.load(gallery()["lora-dora"]).to_html(), encoding="utf-8")
    page.goto((tmp_path / "still.html").as_uri())
    figure, cost = page.locator(".frame").bounding_box(), page.locator(".cost").bounding_box()
    assert figure is not None
    assert cost is not None
    assert cost["x"] >= figure["x"] + figure["width"]
    assert abs(cost["y"] - figure["y"]) < 8


def test_what_a_knob_says_lies_on_nothing_at_any_rank(visualizer: Page) -> None:
    """Beside a narrow waist at its left, in a wide one at its right."""
    said = visualizer.locator(".knob.first text")
    weight = visualizer.locator('[id$="figure_W"]').evaluate("(one) => one.getBoundingClientRect().right")
    for rank, anchor in ((1, "end"), (8, "end"), (40, "end"), (100, "start"), (1024, "start")):
        visualizer.evaluate(SET, {"r": str(rank)})
        expect(said).to_have_text(f"{rank:,}")
        assert said.get_attribute("text-anchor") == anchor
        assert said.evaluate("(one) => one.getBoundingClientRect().left") > weight


@pytest.mark.parametrize(
    ("least", "most", "ticks"), [(1, 12, [2, 4, 6, 8, 10, 12]), (512, 2048, [512, 1024, 1536, 2048])]
)
def test_ticks_of_a_short_range_are_round(least: int, most: int, ticks: list[int], visualizer: Page) -> None:
    found = visualizer.evaluate("([least, most]) => Curve.marks(Curve.scale(least, most), 6)", [least, most])
    assert found == ticks


METHODS = [name for name in ADAPTERS if name != "none"]


@pytest.mark.sample(3)
@pytest.mark.parametrize("method", METHODS)
def test_the_update_grows_by_what_the_method_is(method: str, tmp_path: Path, page: Page) -> None:
    """The last column is the method's own update; pieces of rank one are so called where they are."""
    text = (
        f"id: grown\ntitle: Grown\nmodel: {{adapter: {method}, d: 64, k: 64, r: 4{', alpha: 8' if ADAPTERS[method].scale else ''}}}\n"
        "stack: [{bar: x, unverified: of no matter}]\nunverified: of no matter\ncontrols: {r: {min: 1, max: 8}}\n"
    )
    path = tmp_path / "grown.html"
    path.write_text(lorafig.loads(text, "grown.yaml").to_html(check=False), encoding="utf-8")
    page.goto(path.as_uri())
    ranks = page.evaluate(
        """() => {
          const { key, divides } = Dom.DATA.methods[0], plan = { ...Dom.DATA.plans[key], divides };
          const known = Delta.grown(plan, 64, 64), sums = [0, 1, 2, 3].map((i) => (i === 0 ? null : known.at(i)));
          const piece = sums[3].map((row, i) => row.map((x, j) => x - sums[2][i][j]));
          const minors = piece.slice(1).flatMap((row, i) => row.slice(1).map((x, j) => x * piece[0][0] - piece[i + 1][0] * piece[0][j + 1]));
          return { pieces: plan.pieces, minor: Math.max(...minors.map(Math.abs)), size: Math.max(...piece.flat().map(Math.abs)) };
        }"""
    )
    title = page.locator("#delta-heading").inner_text()
    if ranks["pieces"] is not None:
        assert ranks["size"] > 1e-3
        assert ranks["minor"] < 1e-9
        assert title.endswith("is a sum of r rank-one pieces")
    elif method == "ia3":
        assert title == "ΔW has no rank"
    else:
        assert ranks["minor"] > 1e-6
        assert title == "ΔW, rank by rank"


def test_what_a_network_costs(visualizer: Page) -> None:
    row = visualizer.locator(".models tbody tr").nth(2)
    assert "3,407,872" in row.inner_text()
    assert "6.82 MB" in row.inner_text()
    visualizer.get_by_role("button", name="GPT-2").click()
    assert [visualizer.locator(f"#{name}-number").input_value() for name in "dk"] == ["2304", "768"]
    visualizer.evaluate(SET, {"r": "16"})
    assert "6,815,744" in row.inner_text()


# -- for everybody --------------------------------------------------------------------------------


def test_the_keyboard_alone(visualizer: Page) -> None:
    visualizer.keyboard.press("Tab")
    assert visualizer.evaluate("document.activeElement.textContent") == "To the figure"
    seen = []
    for _ in range(60):
        visualizer.keyboard.press("Tab")
        seen.append(
            visualizer.evaluate(
                "document.activeElement.id || document.activeElement.getAttribute('aria-label')"
                " || document.activeElement.textContent.trim().slice(0, 20)"
            )
        )
        if seen[-1] == "Rank r, slider":
            break
    assert seen[-1] == "Rank r, slider"
    for _ in range(3):
        visualizer.keyboard.press("ArrowRight")
    assert visualizer.locator("#r-number").input_value() == "11"
    assert _out(visualizer, "trained") == "22,528"
    visualizer.keyboard.press("End")
    assert visualizer.locator("#r-number").input_value() == "1024"


def test_what_changes_is_spoken_once_it_stands_still(visualizer: Page) -> None:
    spoken = visualizer.get_by_role("status").first
    for r in ("9", "10", "64"):
        visualizer.evaluate(SET, {"r": r})
    expect(spoken).to_have_text(re.compile("^131,072 trained parameters of 1,048,576. ✓ All "))


@pytest.mark.sample(2)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_no_rule_of_accessibility_is_broken(
    scheme: str, motion: str, pages: dict[str, Path], open_page: OpenPage, few: Few
) -> None:
    for name in few(("family", "visualizer"), 1 if motion == "reduce" else 2):
        page = open_page(scheme=scheme, motion=motion)
        page.goto(pages[name].as_uri())
        assert axe(page) == []
        page.evaluate(SET, {"r": "32", "k": "64"})
        for details in page.locator("details").all():
            details.evaluate("(one) => { one.open = true; }")
        assert axe(page) == []


@pytest.mark.sample(2)
@pytest.mark.parametrize("width", [*WIDTHS, 768])
def test_nothing_makes_it_scroll_sideways(width: int, pages: dict[str, Path], open_page: OpenPage) -> None:
    page = open_page(width=width)
    page.goto(pages["visualizer"].as_uri())
    assert overflow(page) == []
    page.evaluate(SET, {"d": "1099511627776", "k": "1099511627776", "r": "1099511627776"})
    assert overflow(page) == []


def test_a_scheme_can_be_chosen(visualizer: Page) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert visualizer.evaluate(ground) == "rgb(255, 255, 255)"
    visualizer.get_by_role("radio", name="Dark").check()
    assert visualizer.evaluate(ground) == "rgb(20, 23, 28)"
    assert axe(visualizer) == []
    visualizer.get_by_role("radio", name="Auto").check()
    visualizer.emulate_media(color_scheme="dark")
    assert visualizer.evaluate(ground) == "rgb(20, 23, 28)"


def test_no_motion_where_none_is_wanted(pages: dict[str, Path], open_page: OpenPage) -> None:
    page = open_page(motion="reduce")
    page.goto(pages["visualizer"].as_uri())
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s').length"
    )
    assert moving == 0


def test_without_scripts_it_shows_the_figure(pages: dict[str, Path], open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    page.goto(pages["visualizer"].as_uri())
    assert page.locator(".frame svg").is_visible()
    assert page.get_by_role("slider").count() == 0
    assert page.locator('[data-out="full"]').text_content() == "1,048,576"
    assert page.locator('[data-out="verdict"]').text_content().startswith("✓ All ")


def test_print_is_light_and_has_no_controls(visualizer: Page) -> None:
    visualizer.emulate_media(media="print", color_scheme="dark")
    assert visualizer.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert visualizer.locator("input[type=range]").first.is_hidden()
    assert visualizer.locator(".frame svg").first.is_visible()


def test_the_picture_has_a_name_and_a_description(visualizer: Page) -> None:
    image = visualizer.get_by_role("img").first
    assert image.get_attribute("aria-labelledby") is not None
    name = visualizer.get_by_role("img", name=re.compile("LoRA visualizer"))
    assert name.count() >= 1
