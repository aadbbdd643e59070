"""The site in a real Chromium, from its folder and from a server: found, read, copied, by everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from lorafig.resources import gallery as shipped
from tests.browser import WIDTHS, axe, overflow, until
from tests.conftest import Few
from tests.site.gallery.conftest import HARM, SPECS

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser import OpenPage

LOOKED_AT = [
    "",
    "lora-two-panel",
    "lora-pipeline-zh",
    "lora-visualizer",
]  # the index, and pages of every kind


def address(site: Path, name: str = "", fragment: str = "") -> str:
    return (site / name / "index.html").as_uri() + (f"#{fragment}" if fragment else "")


@pytest.fixture
def still(open_page: OpenPage, site: Path) -> Page:
    """The index as those see it who want nothing to move: it does not glide to where the focus goes."""
    page = open_page(motion="reduce")
    page.goto(address(site))
    return page


def shown(page: Page) -> list[str]:
    """The figures that the index shows."""
    links = page.locator(".card:not([hidden]) h2 a")
    return [
        re.sub("/index.html$", "", href)
        for href in links.evaluate_all("all => all.map((a) => a.getAttribute('href'))")
    ]


def arrived(page: Page) -> None:
    """The index is there, and its script has run."""
    page.locator("search").wait_for()


def search(page: Page, words: str) -> list[str]:
    page.get_by_role("searchbox", name="Search the figures").fill(words)
    return shown(page)


# -- looking for figures --------------------------------------------------------------------------


def test_search_finds_what_has_all_the_words(page: Page, site: Path, names: list[str]) -> None:
    def there(figures: str) -> list[str]:
        return [name for name in figures.split() if name in names]

    page.goto(address(site))
    assert shown(page) == names
    assert page.locator("#found").text_content() == f"{len(names)} figures"
    assert search(page, "quantiz") == there("full-lora-qlora loftq lora-qlora")
    assert search(page, "  PEFT  column ") == ["lora-dora"]  # a tag and a concept, in any case
    assert page.locator("#found").text_content() == f"1 of {len(names)} figures"
    assert search(page, "lora-rslora") == ["lora-rslora"]  # an id
    assert search(page, "delta v") == search(page, "ΔV") == ["lora-dora"]  # a symbol, spoken and written
    assert search(page, "α") == there("lora-visualizer dylora lora-pipeline lora-pipeline-zh lora-rslora")
    # One letter is a symbol, and not a part of every word.
    assert search(page, "m") == there("adapter-fusion houlsby-adapter ia3 lora-dora lora-dora-outputs")
    assert search(page, "冻结") == ["lora-pipeline-zh"]
    assert search(page, "ｌｏｒａ-flow") == ["lora-flow"]  # however wide it is typed
    assert search(page, "") == names


def test_nothing_found_says_so_and_offers_the_way_back(page: Page, site: Path, names: list[str]) -> None:
    page.goto(address(site))
    assert search(page, "zebra <b>&amp;") == []
    assert page.locator("#missed").text_content() == "No figure fits “zebra <b>&amp;”."
    assert page.locator("#found").text_content() == f"0 of {len(names)} figures"
    page.get_by_role("button", name="Show all figures").click()
    assert shown(page) == names
    assert page.locator("#nothing").is_hidden()
    assert page.evaluate("document.activeElement.id") == "query"


def test_tags_and_words_are_asked_for_together(page: Page, site: Path, names: list[str]) -> None:
    page.goto(address(site))
    pipeline = page.get_by_role("button", name="pipeline 2")
    pipeline.click()
    assert pipeline.get_attribute("aria-pressed") == "true"
    assert shown(page) == ["lora-pipeline", "lora-pipeline-zh"]
    assert search(page, "chinese") == ["lora-pipeline-zh"]
    page.get_by_role("button", name="fine-tuning").click()
    assert shown(page) == ["lora-pipeline-zh"]
    assert search(page, "dora") == []
    assert (
        page.locator("#missed").text_content() == "No figure fits “dora” with the tags fine-tuning, pipeline."
    )
    page.get_by_role("button", name="Show all figures").click()
    assert pipeline.get_attribute("aria-pressed") == "false"
    assert shown(page) == names


def test_what_is_looked_for_can_be_linked(open_page: OpenPage, site: Path) -> None:
    first = open_page()
    first.goto(address(site))
    search(first, "a & b = c#d 100%")
    first.get_by_role("button", name=re.compile("^lora [0-9]+$")).first.click()
    linked = first.url
    second = open_page()
    second.goto(linked)
    assert second.locator("#query").input_value() == "a & b = c#d 100%"
    assert second.locator('.tag[aria-pressed="true"]').get_attribute("data-tag") == "lora"
    second.goto(address(site, fragment="q=LoRA&tag=peft&tag=chinese&tag=unknown&q=other"))
    assert shown(second) == ["lora-pipeline-zh"]
    assert second.locator('.tag[data-tag="chinese"]').is_visible()  # rare tags are folded away else
    second.get_by_role("link", name="LoRA 微调流程").click()
    second.go_back()
    arrived(second)
    assert shown(second) == ["lora-pipeline-zh"]
    second.evaluate("location.hash = ''")
    until(second, "document.querySelectorAll('.card[hidden]').length === 0")


def test_a_tag_of_a_figure_leads_to_the_others(page: Page, site: Path) -> None:
    page.goto(address(site, "lora-pipeline"))
    page.get_by_role("link", name="workflow").click()
    arrived(page)
    assert shown(page) == ["lora-pipeline", "lora-pipeline-zh"]


def test_the_count_is_told_politely(page: Page, site: Path, names: list[str]) -> None:
    page.goto(address(site))
    assert page.get_by_role("status").text_content() == f"{len(names)} figures"


def test_by_keyboard_alone(still: Page) -> None:
    page = still

    def focused() -> str:
        text: str = page.evaluate("(document.activeElement.textContent || document.activeElement.id).trim()")
        return text

    page.keyboard.press("Tab")
    assert focused() == "Skip to the content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused() == "query"
    page.keyboard.type("lora-vera")
    assert shown(page) == ["lora-vera"]
    page.keyboard.press("Tab")
    assert focused().startswith("lora")  # the tag that most have comes first
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.ariaPressed") == "true"
    for _ in range(30):
        page.keyboard.press("Tab")
        if focused().startswith("VeRA"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/lora-vera/index.html")
    seen = []
    for _ in range(200):
        page.keyboard.press("Tab")
        visible = page.evaluate(
            """() => {
              const one = document.activeElement, box = one.getBoundingClientRect();
              const ring = getComputedStyle(one).outlineStyle !== "none" || one.matches(".themes input");
              return [one.localName, box.width > 0 && box.bottom > 0 && box.top < innerHeight, ring];
            }"""
        )
        if visible[0] == "body":
            break
        seen.append(visible)
    else:
        pytest.fail("the keyboard does not come out of the page")
    assert [one for one in seen if not (one[1] and one[2])] == []
    assert {tag for tag, *_ in seen} == {"a", "input", "button", "pre", "div", "summary"}


# -- reading and copying --------------------------------------------------------------------------


def test_buttons_copy(open_page: OpenPage, site: Path) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    folder = site / "lora-two-panel"
    page.goto(address(site, "lora-two-panel"))
    for name, expected in {
        "Copy the spec": (folder / "lora-two-panel.yaml").read_text(),
        "Copy the TikZ source": (folder / "lora-two-panel.tikz").read_text(),
        "Copy for Sphinx": ".. lorafig:: lora-two-panel.yaml",
    }.items():
        page.get_by_role("button", name=name).first.click()
        told = name.replace("Copy", "Copied")
        until(page, "(told) => document.getElementById('copied').textContent === told", told)
        assert page.evaluate("navigator.clipboard.readText()") == expected
    page.get_by_role("button", name="Copy for Sphinx").wait_for()  # after a while it says 'Copy' again
    page.evaluate("scrollTo(0, 0)")
    for name in ("Copy the spec", "Copy the TikZ"):  # with the picture, on the first screen
        box = page.locator(".preview").get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 800


def test_a_page_without_a_clipboard_copies_all_the_same(open_page: OpenPage, site: Path) -> None:
    page = open_page(permissions=["clipboard-read"])
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(address(site, "lora-flow"))
    copied = "document.addEventListener('copy', () => { window.copied = getSelection().toString(); })"
    page.evaluate(copied)
    page.get_by_role("button", name="Copy for Python").click()
    assert page.evaluate("window.copied").startswith("import lorafig\n\nfigure = lorafig.load(")
    expect(page.get_by_role("button", name="Copied for Python")).to_be_visible()


def test_a_line_of_the_report_leads_to_the_spec(page: Page, site: Path) -> None:
    page.goto(address(site, "lora-flow"))
    page.get_by_text("Every claim, and how it was decided").click()
    page.locator(".report a").first.click()
    line = page.locator(":target")
    assert line.is_visible()
    source = Path(shipped()["lora-flow"]).read_text().splitlines()
    number = int((line.get_attribute("id") or "").removeprefix("line-"))
    assert line.text_content() == source[number - 1] + "\n"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_follow_the_colours_of_the_page(open_page: OpenPage, site: Path, scheme: str) -> None:
    page = open_page(scheme=scheme)
    page.goto(address(site, "lora-flow"))

    def picture() -> str:
        found: str = page.locator(".preview img").evaluate("(img) => img.currentSrc.split('/').pop()")
        return found

    def ground() -> str:
        found: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return found

    files = {"light": "lora-flow.svg", "dark": "lora-flow.dark.svg"}
    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}
    assert (picture(), ground()) == (files[scheme], grounds[scheme])
    other = "dark" if scheme == "light" else "light"
    page.get_by_role("radio", name=other.capitalize()).check()
    seen = page.locator(".preview img")
    expect(seen).to_have_js_property("currentSrc", (site / "lora-flow" / files[other]).as_uri())
    assert ground() == grounds[other]
    page.goto(address(site))  # it is kept for the other pages
    assert ground() == grounds[other]
    assert page.get_by_role("radio", name=other.capitalize()).is_checked()
    sources = page.locator(".card img").evaluate_all(
        "all => all.map((img) => img.currentSrc).filter(Boolean)"
    )
    assert sources
    assert all(source.endswith(".dark.svg") == (other == "dark") for source in sources)
    page.get_by_role("radio", name="Auto").check()
    assert ground() == grounds[scheme]


def test_all_pictures_are_drawn(page: Page, site: Path) -> None:
    page.goto(address(site))
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    until(page, "[...document.images].every((image) => image.complete && image.naturalWidth > 0)")


def test_without_a_script_all_is_there(open_page: OpenPage, site: Path, names: list[str]) -> None:
    page = open_page(javascript=False)
    page.goto(address(site))
    assert page.locator(".card h2 a").count() == len(names)
    assert page.locator(".card").last.is_visible()
    assert not page.locator("search").is_visible()
    assert not page.locator(".themes").is_visible()
    page.goto(address(site, "lora-two-panel"))
    assert page.locator("#fragment").is_visible()
    assert page.locator(".copy:visible").count() == 0


def test_it_works_from_a_server_too(page: Page, site: Path, serve_folder: Callable[[Path], str]) -> None:
    base = serve_folder(site)
    page.goto(base)
    assert search(page, "lora-qlora") == ["lora-qlora"]
    page.get_by_role("link", name="QLoRA (LoRA over a quantized weight)").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(".preview img").evaluate("(img) => img.naturalWidth") > 0
    with page.expect_download() as download:
        page.locator('a[download][href="lora-qlora.tikz"]').click()
    assert Path(download.value.path()).read_bytes() == (site / "lora-qlora" / "lora-qlora.tikz").read_bytes()


def test_the_interactive_page_runs_within_its_frame(page: Page, site: Path) -> None:
    page.goto(address(site, "lora-visualizer"))
    frame = page.frame_locator("iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    expect(frame.get_by_role("slider").first).to_be_visible()
    assert page.locator("iframe").evaluate("(frame) => frame.contentDocument") is None  # it has no way out


# -- for everybody --------------------------------------------------------------------------------


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", LOOKED_AT)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: OpenPage, site: Path, name: str, scheme: str) -> None:
    page = open_page(scheme=scheme)
    page.goto(address(site, name))
    assert axe(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_nothing_is_found(open_page: OpenPage, site: Path, scheme: str) -> None:
    page = open_page(scheme=scheme, width=320)
    page.goto(address(site, fragment="q=nothing&tag=lora&tag=nf4"))
    assert page.locator("#nothing").is_visible()
    assert axe(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(
    page: Page, site: Path, names: list[str], hostile: Path, width: int, few: Few
) -> None:
    ours = [(site, name) for name in few(names, 4)]
    for folder, name in [(site, ""), *ours, (hostile, ""), (hostile, "hostile")]:
        page.goto(address(folder, name))
        assert overflow(page, width) == [], name


def test_nothing_moves_for_those_who_do_not_want_it(still: Page) -> None:
    durations = "[...document.querySelectorAll('*')].map((one) => getComputedStyle(one).transitionDuration)"
    assert set(still.evaluate(durations)) == {"0s"}
    assert still.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_print_is_light_and_whole(open_page: OpenPage, site: Path) -> None:
    page = open_page(scheme="dark")
    page.goto(address(site, "lora-two-panel"))
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "light"
    until(page, "document.querySelector('.preview img').currentSrc.endsWith('/lora-two-panel.svg')")
    assert not page.locator(".copy:visible, nav:visible, .themes:visible").count()
    clipped = page.locator("pre").evaluate_all(
        "all => all.filter((one) => one.scrollHeight > one.clientHeight + 2).length"
    )
    assert clipped == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


# -- strangers' specs -----------------------------------------------------------------------------


def test_harm_does_nothing(page: Page, hostile: Path) -> None:
    """A policy would stop it; here it does not even get to be stopped: the console stays silent."""
    page.add_init_script("window.stolen = () => { window.gone = true; }")
    for name in ("", "hostile"):
        page.goto(address(hostile, name))
        assert page.evaluate("window.gone") is None
        assert HARM in (page.locator("main").text_content() or "")
        assert page.locator("script:not([src])").count() == 0
    page.goto(address(hostile))
    for tag in page.locator(".tag").all():
        tag.click()
        assert shown(page) == ["hostile"]
    linked = page.url
    page.goto("about:blank")
    page.goto(linked)
    assert page.locator('.tag[aria-pressed="true"]').count() == 5
    search(page, HARM + "nothing")
    assert HARM in (page.locator("#missed").text_content() or "")
    assert page.evaluate("window.gone") is None


def test_links_of_hostile_tags_come_back_as_they_were(page: Page, hostile: Path) -> None:
    page.goto(address(hostile, "hostile"))
    for number in range(page.locator(".hero .labels a").count()):
        link = page.locator(".hero .labels a").nth(number)
        text = link.text_content()
        link.click()
        arrived(page)
        assert page.locator('.tag[aria-pressed="true"]').get_attribute("data-tag") == text
        page.go_back()


def test_the_hostile_page_is_for_everybody_too(page: Page, hostile: Path) -> None:
    page.goto(address(hostile, "hostile"))
    assert axe(page) == []


def test_a_picture_is_zoomed_on_a_telephone(open_page: OpenPage, site: Path) -> None:
    page = open_page(width=360)
    page.goto(address(site, "lora-visualizer"))
    image = page.locator(".preview img")
    before = image.bounding_box()
    page.get_by_role("button", name="Zoom").click()
    after = image.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 2 * before["width"]
    assert overflow(page) == []
    assert axe(page) == []


def test_what_people_come_for_is_first(page: Page, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.locator(".card a").first.get_attribute("href") == "lora-reparametrization/index.html"
    assert set(SPECS) == set(shipped())
