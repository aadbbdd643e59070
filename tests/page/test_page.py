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
from lorafig.language import loads
from lorafig.page.drawing import LABEL_TOLERANCE, attributes, split
from lorafig.page.layouts import layouts
from lorafig.page.modes import in_mode
from lorafig.page.setting import sliders, start
from lorafig.render import svg
from lorafig.resources import gallery
from tests.browser import WIDTHS, axe, overflow
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


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", gallery())
def test_every_page_of_the_gallery_opens(name: str, tmp_path: Path, page: Page) -> None:
    path = tmp_path / "page.html"
    lorafig.load(gallery()[name]).save(path)
    page.goto(path.as_uri())
    assert _out(page, "verdict").startswith("✓ All ")
    assert axe(page) == []
    assert overflow(page, 320) == []


def test_it_works_in_a_frame_without_an_origin(pages: dict[str, Path], tmp_path: Path, page: Page) -> None:
    outer = tmp_path / "outer.html"
    outer.write_text(
        '<!doctype html><html lang="en"><title>Outer</title><iframe sandbox="allow-scripts" title="The page"'
        f' width="1000" height="800" src="{pages["visualizer"].as_uri()}"></iframe></html>'
    )
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    frame.locator("#r-number").fill("64")
    assert frame.locator('[data-out="trained"]').inner_text() == "131,072"


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
    hostile = "</script><script>window.ran=1</script><img src=x onerror=window.ran=1>"
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
    assert page.locator("td .fails").count() >= 1
    with pytest.raises(lorafig.LorafigError):
        lorafig.loads(text, "wrong.yaml").to_html()


# -- the controls ---------------------------------------------------------------------------------


def test_a_slider_and_its_field_say_the_same(visualizer: Page) -> None:
    slider = visualizer.get_by_role("slider", name="Rank r")
    slider.fill("16")
    assert visualizer.get_by_role("spinbutton", name="Rank r").input_value() == "16"
    assert _out(visualizer, "trained") == "32,768"
    visualizer.get_by_role("spinbutton", name="Rank r").fill("32")
    assert slider.input_value() == "32"
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
    assert _out(visualizer, "saving") == "✗ Not fewer: 2× as many as the weight has"
    assert _out(visualizer, "verdict") == "✗ False at this setting: A then B; 0.5× fewer; r < min(d, k)."
    assert visualizer.locator(".frame:not([hidden]) .mark").count() >= 2
    assert visualizer.locator(".fails").count() == 3
    assert "-" not in visualizer.locator(".bars").inner_text()
    visualizer.get_by_role("button", name="Back to the start").click()
    assert visualizer.locator(".mark").count() == 0
    assert _out(visualizer, "verdict").startswith("✓ All ")


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


def test_the_rank_that_saves_enough_can_be_set(visualizer: Page) -> None:
    visualizer.get_by_label("Save at least").fill("99.5")
    assert _out(visualizer, "answer") == "Up to r = 2: there 99.6% is saved"
    visualizer.get_by_role("button", name="Set this rank").click()
    assert visualizer.locator("#r-number").input_value() == "2"
    visualizer.get_by_label("Save at least").fill("99.99")
    assert _out(visualizer, "answer") == "No rank saves 99.99%: even rank 1 saves 99.8%"
    assert visualizer.get_by_role("button", name="Set this rank").is_hidden()
    visualizer.get_by_label("Save at least").fill("100")
    assert _out(visualizer, "answer").startswith("Write a number of percent")


def test_break_even(visualizer: Page) -> None:
    visualizer.evaluate(SET, {"d": "64", "k": "64"})
    assert visualizer.locator('[data-out="even"]').inner_text() == (
        "Break-even: fewer up to r = 31, not from r = 32 on."
    )


def test_training_and_merged_are_shown_in_turn(visualizer: Page) -> None:
    shown = visualizer.locator(".frame:not([hidden]) svg")
    assert shown.get_attribute("id") == "lora-visualizer_training"
    visualizer.get_by_role("radio", name="Merged").check()
    expect(shown).to_have_attribute("id", "lora-visualizer_merged")
    assert shown.count() == 1


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


def test_the_lesson_sets_the_sliders_and_its_answers_hold(visualizer: Page) -> None:
    visualizer.get_by_role("button", name="Set the sliders").first.click()
    assert visualizer.locator("#r-number").input_value() == "5"
    answer = visualizer.locator(".lesson details").first
    answer.locator("summary").click()
    said = answer.inner_text()
    assert "10,240" in said
    assert "1,048,576" in said
    assert _out(visualizer, "trained") == "10,240"


def test_ids_of_a_figure_are_none_of_the_page_s(tmp_path: Path, page: Page) -> None:
    for name in ("go", "percent", "reset", "method", "picture", "glyph-0"):
        text = (
            f"id: {name}\ntitle: 'With $\\num{{2dr}}$'\nmodel: {{d: 512, r: 4}}\n"
            "stack: [{bar: x}, {square: W}, {bar: Wx}]\ncontrols: {r: {min: 1, max: 64}}\n"
        )
        path = tmp_path / f"{name}.html"
        path.write_text(lorafig.loads(text, "named.yaml").to_html(), encoding="utf-8")
        page.goto(path.as_uri())
        assert page.title() == "With 4,096"
        page.get_by_role("slider").fill("64")
        expect(page.locator("h1 mn")).to_have_text("65,536")
        page.get_by_role("button", name="Set this rank").click()
        assert page.locator("#r-number").input_value() == "2"
        page.get_by_role("button", name="Back to the start").click()
        assert page.locator("#r-number").input_value() == "4"
        assert page.evaluate("new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size") == (
            page.locator("[id]").count()
        )


# -- the drawing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["visualizer", "family", "schemes", "wires"])
def test_the_drawing_moves_as_the_layout_does(name: str, pages: dict[str, Path], page: Page) -> None:
    """Every coordinate in the browser, at settings at random, held to the layout in Python at the same lengths."""
    figure = loads(SPECS[name], f"{name}.yaml")
    modes = figure.controls.mode if figure.controls is not None else ()
    shown = in_mode(figure, modes[0]) if modes else figure
    drawn = layouts(shown, "words")
    page.goto(pages[name].as_uri())
    dice = random.Random(3)
    moved = sliders(figure)
    for _ in range(25):
        values = {
            key: one.min + one.step * dice.randint(0, (one.max - one.min) // one.step)
            for key, one in moved.items()
        }
        page.evaluate(SET, {key: str(value) for key, value in values.items()})
        sizes = {**start(figure).sizes, **values}
        if figure.model.k is None:
            sizes["k"] = sizes["d"]
        expected = dict(attributes(svg.render(drawn.scene(drawn.shares(sizes)))))
        stem = f"{figure.id}_{modes[0] if modes else 'figure'}_"
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


def test_numbers_in_labels_stay_in_the_middle(visualizer: Page) -> None:
    """The row of a card is centred under its title, whatever its number."""
    for r in ("1", "77", "128", "1099511627776"):
        visualizer.evaluate(SET, {"r": r})
        centres = visualizer.evaluate(
            """() => ['card-row', 'card-row-2', 'card-row-3', 'card-row-5'].map((name) => {
              const box = document.getElementById(`lora-visualizer_training_${name}`).getBoundingClientRect();
              return (box.left + box.right) / 2;
            })"""
        )
        assert max(centres) - min(centres) < 4


# -- for everybody --------------------------------------------------------------------------------


def test_the_keyboard_alone(visualizer: Page) -> None:
    visualizer.keyboard.press("Tab")
    assert visualizer.evaluate("document.activeElement.textContent") == "To the figure"
    seen = []
    for _ in range(40):
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
    assert visualizer.locator("#r-number").input_value() == "128"


def test_what_changes_is_spoken_once_it_stands_still(visualizer: Page) -> None:
    spoken = visualizer.get_by_role("status").first
    for r in ("9", "10", "64"):
        visualizer.evaluate(SET, {"r": r})
    expect(spoken).to_have_text(re.compile("^131,072 trained parameters of 1,048,576. ✓ All "))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_no_rule_of_accessibility_is_broken(
    scheme: str, motion: str, pages: dict[str, Path], open_page: OpenPage
) -> None:
    for name in ("visualizer", "family"):
        page = open_page(scheme=scheme, motion=motion)
        page.goto(pages[name].as_uri())
        assert axe(page) == []
        page.evaluate(SET, {"r": "32", "k": "64"})
        for details in page.locator("details").all():
            details.evaluate("(one) => { one.open = true; }")
        assert axe(page) == []


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
    assert page.locator(".frame:not([hidden]) svg").is_visible()
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
