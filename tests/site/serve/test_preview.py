"""The preview as one sees it: the real command and a real browser."""

import os
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lorafig.site.serve.board import Board
from lorafig.site.serve.drawing import Picture
from lorafig.site.serve.faults import Fault
from lorafig.site.serve.pages import Pages
from lorafig.site.serve.server import Server, bind
from tests.browser import Complaints, axe, overflow
from tests.site.serve.conftest import BROKEN, FALSE, OTHER, SMALL, Preview

GALLERY = Path(__file__).parents[3] / "figures"
AGAIN = re.compile("^Drawn again, ")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator("#status")).to_have_text(re.compile("^Drawn"))
    expect(page.locator("#stage img")).to_be_visible()
    return page


def picture(page: Page) -> str:
    """The picture that is shown: the text of its SVG."""
    address = page.locator("#stage img").get_attribute("src")
    found: str = page.evaluate("(address) => fetch(address).then((answer) => answer.text())", address)
    return found


def test_a_save_is_drawn(page: Page, small: Preview) -> None:
    opened(page, small.address + "figure/0/")
    expect(page.locator("h1")).to_have_text("Small")
    assert page.title() == "Small · lorafig preview"
    assert "Small</title>" in picture(page)
    shown = page.locator("#stage img").evaluate("(image) => [image.naturalWidth, image.alt]")
    assert shown[0] > 100
    assert shown[1] != ""
    small.file.write_text(OTHER)
    expect(page.locator("h1")).to_have_text("Another")
    expect(page.locator("#status")).to_have_text(AGAIN)
    assert "Another</title>" in picture(page)
    drawn = page.locator("#stage img").get_attribute("src")
    small.file.write_text(OTHER.replace("title: Another", "title: Another\ncaption: with a caption"))
    expect(page.locator("#stage img")).not_to_have_attribute("src", drawn)


def test_a_theme_file_is_drawn_when_it_is_saved(page: Page, small: Preview) -> None:
    theme = small.file.parent / "mine.yaml"
    theme.write_text("frozen: {fill: '#DDEEDD'}\ndark: {frozen: {fill: '#1D3A1D'}}\n")
    opened(page, small.address + "figure/0/")
    shown = page.locator("#stage img")
    drawn = shown.get_attribute("src")
    small.file.write_text(SMALL + "theme: mine.yaml\n")
    expect(shown).not_to_have_attribute("src", drawn)
    assert "#DDEEDD" in picture(page)
    drawn = shown.get_attribute("src")
    theme.write_text("frozen: {fill: '#EEEEDD'}\n")
    expect(shown).not_to_have_attribute("src", drawn)
    assert "#EEEEDD" in picture(page)
    theme.write_text("frozen: {fill: blue}\n")
    expect(page.locator("#faults .place")).to_have_text("mine.yaml:1:16")
    expect(page.locator("#faults mark")).to_have_text("blue")
    theme.unlink()


def test_what_is_wrong_is_shown_with_its_line_above_the_last_good_picture(page: Page, small: Preview) -> None:
    opened(page, small.address + "figure/0/")
    before = picture(page)
    expect(page.locator("#before")).to_be_hidden()
    small.file.write_text(BROKEN)
    faults = page.locator("#faults")
    expect(faults).to_be_visible()
    expect(faults.locator("li")).to_have_count(1)
    expect(faults.locator(".place")).to_have_text("small.yaml:11:5")
    expect(faults.locator(".what")).to_have_text(re.compile("'barr'"))
    expect(faults.locator("pre")).to_have_text("11 |   - barr: h")
    expect(faults.locator("mark")).to_have_text("barr")
    expect(faults.locator(".hint")).to_have_text(re.compile("did you mean 'bar'"))
    expect(page.locator("#status")).to_have_text(re.compile("^line 11: .*'barr'"))
    expect(page.locator("#before")).to_have_text("The last good picture, as of before.")
    assert page.title() == "✗ Small · lorafig preview"
    assert picture(page) == before
    assert "small.yaml:11:5: error:" in small.stderr()  # the terminal says so too
    small.file.write_text(OTHER)
    expect(page.locator("h1")).to_have_text("Another")
    expect(faults).to_be_hidden()
    expect(page.locator("#before")).to_be_hidden()


def test_a_false_figure_keeps_the_picture_and_shows_the_claims(page: Page, small: Preview) -> None:
    opened(page, small.address + "figure/0/")
    expect(page.get_by_role("tab", name="Claims")).to_have_text(re.compile(r"^Claims \([0-9]+\)$"))
    before = picture(page)
    small.file.write_text(FALSE)
    expect(page.locator("#faults")).to_be_visible()
    expect(page.locator("#faults .place").first).to_have_text(re.compile("^small.yaml:8:"))
    assert picture(page) == before
    expect(page.get_by_role("tab", name="Claims")).to_have_text(
        re.compile(r"^Claims \([0-9]+ of [0-9]+ wrong\)$")
    )
    page.get_by_role("tab", name="Claims").click()
    expect(page.locator("#panel-claims li").first).to_have_class(re.compile("ill-typed|fails"))


def test_a_figure_that_was_never_good_is_drawn_with_a_mark(page: Page, preview, file: Path) -> None:
    file.write_text(SMALL.replace("[Wx, BAx]", "[Wx, ABx]"))
    page.goto(preview("small.yaml").address)
    expect(page.locator("#faults")).to_be_visible()
    expect(page.locator("#before")).to_have_text(re.compile("not verified"))
    expect(page.locator("#stage img")).to_be_visible()
    file.write_text(SMALL)
    expect(page.locator("#before")).to_be_hidden()
    expect(page.locator("#faults")).to_be_hidden()


def test_a_file_that_is_not_there_yet(page: Page, shared: Preview) -> None:
    page.goto(shared.address + "figure/1/")
    expect(page.locator("#faults .what")).to_have_text("there is no file later/small.yaml")
    expect(page.locator("#views")).to_be_hidden()
    (shared.folder / "later").mkdir()
    (shared.folder / "later/small.yaml").write_text(SMALL)
    expect(page.locator("h1")).to_have_text("Small")
    expect(page.locator("#stage img")).to_be_visible()


def test_half_a_file_is_nothing_to_stumble_over(page: Page, small: Preview) -> None:
    opened(page, small.address + "figure/0/")
    whole = OTHER.encode()
    with open(small.file, "wb", buffering=0) as slow:
        for start in range(0, len(whole), 12):
            slow.write(whole[start : start + 12])
            time.sleep(0.03)
    expect(page.locator("h1")).to_have_text("Another")
    expect(page.locator("#faults")).to_be_hidden()
    for half in (b"", b"\xff\xfe\x00", b"id: [", b"\x00" * 50, whole[:-40], b"stack: &a [*a]", b"- " * 90000):
        small.file.write_bytes(half)
        expect(page.locator("#faults")).to_be_visible()
        small.file.write_bytes(whole)
        expect(page.locator("#faults")).to_be_hidden()
    expect(page.locator("#stage img")).to_be_visible()


def test_files_are_replaced_deleted_and_written_again(page: Page, small: Preview) -> None:
    opened(page, small.address + "figure/0/")
    aside = small.folder / ".small.yaml.swp"
    for title in ("By rename", "And again"):  # as vim, emacs and others save
        aside.write_text(SMALL.replace("title: Small", f"title: {title}"))
        os.replace(aside, small.file)
        expect(page.locator("h1")).to_have_text(title)
    small.file.rename(small.folder / "small.yaml~")  # the old one is kept, the new one is written
    small.file.write_text(OTHER)
    expect(page.locator("h1")).to_have_text("Another")
    small.file.unlink()
    expect(page.locator("#status")).to_have_text("there is no file small.yaml")
    expect(page.locator("#stage img")).to_be_visible()
    small.file.write_text(OTHER)
    expect(page.locator("#status")).to_have_text(AGAIN)
    expect(page.locator("#faults")).to_be_hidden()


def test_a_folder_is_replaced(page: Page, shared: Preview) -> None:
    """As when another branch is checked out."""
    folder = shared.folder / "node_modules"
    opened(page, shared.address + "figure/2/")
    shutil.rmtree(folder)
    expect(page.locator("#faults")).to_be_visible()
    folder.mkdir()
    (folder / "small.yaml").write_text(OTHER)
    expect(page.locator("h1")).to_have_text("Another")
    (folder / "small.yaml").write_text(SMALL)
    expect(page.locator("h1")).to_have_text("Small")


def test_a_link_is_followed(page: Page, shared: Preview) -> None:
    opened(page, shared.address + "figure/3/")
    (shared.folder / "else/small.yaml").write_text(OTHER)
    expect(page.locator("h1")).to_have_text("Another")


def test_two_browsers_at_once(open_page, small: Preview) -> None:
    address = small.address + "figure/0/"
    pages = [opened(open_page(), address) for _ in range(2)]
    small.file.write_text(OTHER)
    for page in pages:
        expect(page.locator("h1")).to_have_text("Another")
    pages[0].close()
    small.file.write_text(SMALL)
    expect(pages[1].locator("h1")).to_have_text("Small")


def test_many_pages_in_one_browser(page: Page, small: Preview) -> None:
    """A browser opens six connections to a server, and no more: pages that are not seen give theirs back."""
    address = small.address + "figure/0/"
    opened(page, address)
    for number in range(8):
        other = page.context.new_page()
        other.add_init_script(
            f"Object.defineProperty(document, 'hidden', {{configurable: true, get: () => {number} < 5}})"
        )
        other.goto(address)
    opened(page.context.new_page(), address)
    small.file.write_text(OTHER)
    for one in page.context.pages[-1], page:
        expect(one.locator("h1")).to_have_text("Another")
    hidden = page.context.pages[1]
    assert hidden.locator("h1").text_content() == "small.yaml"
    hidden.evaluate("Object.defineProperty(document, 'hidden', {get: () => false})")
    hidden.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(hidden.locator("h1")).to_have_text("Another")


def test_views_by_keyboard(page: Page, preview, tmp_path: Path) -> None:
    shutil.copy(GALLERY / "lora-flow.yaml", tmp_path)
    opened(page, preview("lora-flow.yaml", "--theme", "grey").address)
    expect(page.locator("#stage img")).to_have_attribute("src", "/figure/0/picture/grey.svg?1")
    page.get_by_role("tab", name="Picture").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Claims")).to_be_focused()
    expect(page.locator("#panel-claims li")).to_have_count(29)
    expect(page.locator("#panel-claims math").first).to_be_visible()
    expect(page.locator("#panel-picture")).to_be_hidden()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="In words")).to_be_focused()
    expect(page.locator("#panel-words h2").first).to_have_text("Components")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Picture")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.reload()  # the view is kept
    expect(page.get_by_role("tab", name="In words")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#panel-words h2").first).to_have_text("Components")


def test_colours_and_sizes(open_page, small: Preview) -> None:
    page = open_page(scheme="dark")
    opened(page, small.address + "figure/0/")
    image = page.locator("#stage img")
    colours = page.get_by_label("Colours", exact=True)
    assert colours.locator("option").all_text_contents() == [
        "as in the spec (paper)", "to suit this page", "dark", "grey", "okabe-ito", "paper", "paper-dark",
        "poster", "slide",
    ]  # fmt: skip
    expect(image).to_have_attribute("src", re.compile("^/figure/0/picture/paper.svg"))
    colours.select_option("to suit this page")
    expect(image).to_have_attribute("src", re.compile("^/figure/0/picture/paper-dark.svg"))
    assert "#14171c" in picture(page).lower()
    page.get_by_label("Light").check()
    expect(image).to_have_attribute("src", re.compile("^/figure/0/picture/paper.svg"))
    colours.select_option("grey")
    expect(image).to_have_attribute("src", re.compile("^/figure/0/picture/grey.svg"))
    assert "#ffe6c4" not in picture(page).lower()
    size = page.get_by_label("Size")
    size.select_option("As in print")
    width = image.evaluate("(image) => image.getBoundingClientRect().width")
    size.select_option("Twice that")
    assert image.evaluate("(image) => image.getBoundingClientRect().width") == pytest.approx(2 * width)
    page.reload()  # both are kept
    expect(image).to_have_attribute("src", re.compile("^/figure/0/picture/grey.svg"))
    expect(size).to_have_value("2")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_what_takes_long_says_so(page: Page) -> None:
    """A drawing that goes on is told of, one that is done at once is not; and so is what came of it."""
    board, pages = Board(["small.yaml"]), Pages(["small.yaml"])
    server = Server(bind(0), board, pages)
    server.start()
    try:
        page.goto(server.address)
        status = page.locator("#status")
        expect(status).to_have_text("Drawing…")
        picture = Picture(
            "Small",
            "alt",
            "grey",
            {"light": "grey", "dark": "dark"},
            {"grey": b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
            b"",
            False,
            False,
        )
        board.update(0, drawing=False, picture=picture, revision=1)
        expect(status).to_have_text("Drawn")
        page.evaluate(
            """() => {
              const status = document.getElementById("status");
              window.said = [];
              new MutationObserver(() => said.push(status.textContent)).observe(status, {childList: true});
            }"""
        )
        board.update(0, drawing=True)
        board.update(0, drawing=False, revision=2)
        expect(status).to_have_text(AGAIN)
        board.update(0, drawing=True)
        expect(status).to_have_text("Drawing…")
        expect(status).to_have_attribute("data-state", "drawing")
        wrong = Fault("not right", None, "small.yaml:3:1", 3, 1, ("", "it", " is"))
        board.update(0, drawing=False, revision=3, faults=(wrong, wrong), more=1)
        expect(status).to_have_text("line 3: not right, and 2 more")
        expect(page.locator("#faults-more")).to_have_text("And 1 more.")
        again, drawing, line = page.evaluate("said")
        assert (AGAIN.match(again) is not None, drawing) == (True, "Drawing…")
        assert line == "line 3: not right, and 2 more"
        assert status.get_attribute("role") == "status"
    finally:
        server.close()


def test_several_specs(page: Page, preview, file: Path, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(OTHER)
    running = preview("small.yaml", "other.yaml", "missing.yaml")
    page.goto(running.address)
    expect(page.locator(".card h2")).to_have_text(["Small", "Another", "missing.yaml"])
    expect(page.locator(".card img")).to_have_count(2)
    expect(page.locator("#status")).to_have_text("1 of 3 are wrong")
    file.write_text(BROKEN)
    expect(page.locator("#status")).to_have_text(re.compile("^Small: line 11: .*'barr'"))
    expect(page.locator(".card .status").first).to_have_text(re.compile("^line 11: "))
    page.get_by_role("link", name="Another").click()
    expect(page.locator("h1")).to_have_text("Another")
    expect(page.locator("#stage img")).to_be_visible()
    links = page.get_by_role("navigation", name="Specs").get_by_role("link")
    expect(links).to_have_text(["small.yamlis wrong", "other.yaml", "missing.yamlis wrong"])
    expect(links.nth(1)).to_have_attribute("aria-current", "page")
    file.write_text(SMALL)
    expect(links.first).to_have_text("small.yaml")
    links.first.click()
    expect(page.locator("h1")).to_have_text("Small")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Another")


def test_the_interactive_page(page: Page, preview, tmp_path: Path) -> None:
    shutil.copy(GALLERY / "lora-visualizer.yaml", tmp_path)
    spec = tmp_path / "lora-visualizer.yaml"
    running = preview("lora-visualizer.yaml")
    opened(page, running.address)
    page.get_by_role("tab", name="Interactive").click()
    frame = page.frame_locator("#frame iframe")
    slider = frame.get_by_role("slider").first
    expect(slider).to_be_visible()
    expect(page.locator("#page-status")).to_be_hidden()
    value = slider.input_value()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.input_value() != value
    # A stranger to the preview: it cannot look out of its frame.
    inner = page.frames[1]
    assert inner.evaluate("origin") == "null"
    assert inner.evaluate("(() => { try { return parent.document.title } catch { return null } })()") is None
    text = spec.read_text()
    spec.write_text(re.sub("^title: .*$", "title: Another", text, flags=re.MULTILINE))
    expect(page.locator("h1")).to_have_text("Another")
    expect(page.locator("#frame iframe")).to_have_attribute("src", "/figure/0/page?2")
    expect(frame.locator("h1")).to_have_text("Another")
    spec.write_text(SMALL)  # nothing to move any more
    expect(page.locator("h1")).to_have_text("Small")
    expect(page.get_by_role("tab", name="Interactive")).to_be_hidden()
    expect(page.locator("#stage img")).to_be_visible()
    spec.write_text(text)
    page.get_by_role("tab", name="Interactive").click()
    with page.expect_navigation(url=re.compile("/page$")):
        page.get_by_role("link", name="Open the page by itself").click()
    expect(page.get_by_role("slider").first).to_be_visible()


def test_nothing_that_a_spec_says_is_markup(page: Page, small: Preview, complaints: Complaints) -> None:
    evil = "<img src=x onerror=alert()><script>alert()//"
    small.file.write_text(SMALL.replace("title: Small", f"title: '{evil}'\nunverified: it is none"))
    opened(page, small.address + "figure/0/")
    expect(page.locator("h1")).to_have_text(evil)
    for name in ("Claims", "In words"):
        page.get_by_role("tab", name=name).click()
    small.file.write_text(SMALL.replace("bar: h", f"'{evil}': h"))
    expect(page.locator("#faults")).to_contain_text("onerror=alert()")
    assert page.locator("main script, main img[src=x]").count() == 0
    assert complaints.found == []


def test_it_ends_and_comes_back(page: Page, preview, file: Path, complaints: Complaints) -> None:
    running = preview("small.yaml")
    opened(page, running.address)
    assert running.interrupt() == 130
    assert running.stderr().strip() == ""
    expect(page.locator("#gone")).to_be_visible()
    expect(page.locator("#stage img")).to_be_visible()
    file.write_text(OTHER)
    preview("small.yaml", "--port", str(running.port))  # which is free again
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("h1")).to_have_text("Another")
    expect(page.locator("#gone")).to_be_hidden()


def test_a_crash_is_survived(page: Page, preview, file: Path, complaints: Complaints) -> None:
    """The browser itself tries again, and finds the preview when it is started anew."""
    complaints.allow("/events")
    running = preview("small.yaml")
    opened(page, running.address)
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    expect(page.locator("#gone")).to_be_visible()
    file.write_text(OTHER)
    preview("small.yaml", "--port", str(running.port))
    expect(page.locator("h1")).to_have_text("Another")


@pytest.mark.sample(1)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(open_page, preview, tmp_path: Path, scheme: str) -> None:
    for name in ("lora-two-panel", "lora-flow", "lora-visualizer"):
        shutil.copy(GALLERY / f"{name}.yaml", tmp_path)
    two = tmp_path / "lora-two-panel.yaml"
    good = two.read_text()
    running = preview("lora-two-panel.yaml", "lora-flow.yaml", "lora-visualizer.yaml", "missing.yaml")
    page = open_page(scheme=scheme, motion="reduce")

    def fine() -> None:
        assert axe(page) == []
        for width in (320, 1280):
            assert overflow(page, width) == []

    page.goto(running.address)
    expect(page.locator(".card img")).to_have_count(3)
    fine()
    opened(page, running.address + "figure/0/")
    for tab in page.get_by_role("tab").all():
        tab.click() if tab.is_visible() else None
        page.wait_for_timeout(100)
        fine()
    two.write_text(good.replace("h = Wx + BAx", "h = Wx + ABx") + "unknown: 1\n")
    expect(page.locator("#faults")).to_be_visible()
    fine()
    page.goto(running.address + "figure/3/")
    expect(page.locator("#faults")).to_be_visible()
    fine()
