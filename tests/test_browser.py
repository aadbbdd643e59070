"""The helpers that look at pages see what they are there to see."""

import asyncio
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Complaints, axe, overflow, screenshot

ROOT = Path(__file__).parents[1]
POLICY = (
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
GOOD = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">{POLICY}<title>Good</title>
<meta name="viewport" content="width=device-width">
<style>:root {{ color-scheme: light dark }}
@media (prefers-reduced-motion) {{ p {{ width: 100px }} }}</style></head>
<body><main><h1>A page</h1><p>with words</p></main></body></html>"""


@pytest.fixture
def write(tmp_path: Path) -> object:
    def written(text: str) -> str:
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        return path.as_uri()

    return written


def test_nothing_is_wrong_with_a_good_page(page: Page, write) -> None:
    page.goto(write(GOOD))
    assert axe(page) == []
    assert axe(page) == []  # again, on the same page
    assert overflow(page) == overflow(page, 320) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("<p>with words</p>", "<p style='color: #999; background: #fff'>with words</p>"), "color-contrast"),
        (("<p>with words</p>", "<input>"), "label"),
        (("<p>with words</p>", "<button style='width: 9px; height: 9px; padding: 0; border: 0' title=a>"
          "</button><button style='width: 9px; height: 9px; padding: 0; border: 0' title=b></button>"),
         "target-size"),
        ((' lang="en"', ""), "html-has-lang"),
        (("<main>", "<div>"), "region"),
    ],
)  # fmt: skip
def test_a_violation_is_found_under_a_strict_policy(page: Page, write, change, rule) -> None:
    page.goto(write(GOOD.replace(*change)))
    found = axe(page)
    assert {one.split(":")[0] for one in found} - {"landmark-one-main"} == {rule}
    assert axe(page, without=(rule, "landmark-one-main")) == []


def test_a_violation_in_a_frame_is_found(page: Page, write) -> None:
    inner = "<!doctype html><html lang=en><title>inner</title><h1>inner</h1><img>"
    frame = f'<iframe title=inner srcdoc="{inner}"></iframe>'
    page.goto(write(GOOD.replace("default-src 'none'", "default-src *").replace("<p>", f"{frame}<p>")))
    assert [one.split(":")[0] for one in axe(page)] == ["image-alt"]


def test_what_scrolls_sideways_is_named(page: Page, write) -> None:
    page.goto(write(GOOD.replace("<p>", "<p id=wide style='width: 900px'>")))
    assert overflow(page, 1280) == []
    scrolls, culprit = overflow(page, 320)
    assert scrolls.endswith("px in a window of 320 px")
    assert culprit.startswith("p#wide ends at 9")


def test_windows_differ_as_asked(open_page, write) -> None:
    address = write(GOOD)
    look = """() => [innerWidth, innerHeight, matchMedia('(prefers-color-scheme: dark)').matches,
                     document.querySelector('p').offsetWidth === 100]"""
    plain, other = open_page(), open_page(width=320, height=500, scheme="dark", motion="reduce")
    for page in (plain, other):
        page.goto(address)
    assert plain.evaluate(look) == [1280, 800, False, False]
    assert other.evaluate(look) == [320, 500, True, True]


def test_a_screenshot_is_a_picture(page: Page, write, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.browser.SCREENSHOTS", tmp_path)
    page.goto(write(GOOD))
    assert screenshot(page, "good").read_bytes().startswith(b"\x89PNG")


def test_a_folder_is_served(page: Page, serve_folder, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(GOOD)
    page.goto(serve_folder(tmp_path) + "page.html")
    assert page.title() == "Good"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("console.error('no good')", "console error: no good"),
        ("console.warn('look out')", "console warning: look out"),
        ("setTimeout(() => { throw new Error('thrown') })", "uncaught: Error: thrown"),
        ("Promise.reject(new Error('refused'))", "uncaught: Error: refused"),
        ("new Image().src = 'missing.png'", "request failed: file:.*missing.png: net::ERR_FILE_NOT_FOUND"),
        ("fetch('https://example.org/it').catch(() => 0)", "request to another machine: https://example.org/it"),
        ("eval('1')", "unsafe-eval"),
    ],
)  # fmt: skip
def test_complaints_are_heard(page: Page, complaints: Complaints, write, script: str, complaint: str) -> None:
    policy = POLICY.replace("default-src 'none'", "default-src * file: 'unsafe-inline'")
    page.goto(write(GOOD.replace(POLICY, policy).replace("</body>", f"<script>{script}</script></body>")))
    page.wait_for_timeout(200)
    complaints.expect(complaint)
    complaints.expect("")  # what else the browser says about it
    assert complaints.faults() == []


def test_an_expected_complaint_has_to_come() -> None:
    complaints = Complaints()
    complaints.found.append("console error: seen")
    complaints.expect("unseen")
    assert complaints.faults() == ["console error: seen", "expected, and did not come: unseen"]
    complaints.allow("seen")
    complaints.allow("never")
    assert complaints.faults() == ["expected, and did not come: unseen"]


def test_asyncio_runs_beside_the_browser(chromium: Browser) -> None:
    async def answer() -> int:
        return 42

    assert asyncio.run(answer()) == 42
    assert chromium.is_connected()


def test_the_browser_still_answers(page: Page) -> None:
    assert page.evaluate("6 * 7") == 42


SUITE = """
    pytest_plugins = ["tests.browser"]
    import os

    def test_quiet(page):
        page.set_content("<p>")

    def test_error(page):
        page.evaluate("console.error('the page said no')")

    def test_says_so(page, complaints):
        complaints.expect("said no")
        page.evaluate("console.error('the page said no')")

    def test_children(page):
        found = [str(os.getpid())]
        for parent in found:
            found += os.popen(f"pgrep -P {parent}").read().split()
        print("CHILDREN", *found[1:])
"""


def test_an_error_fails_the_test_and_no_process_is_left(tmp_path: Path) -> None:
    (tmp_path / "test_suite.py").write_text(textwrap.dedent(SUITE))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-rA",
        "-c",
        os.devnull,
        "test_suite.py",
    ]
    result = subprocess.run(
        command,
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert "4 passed, 1 error" in result.stdout, result.stdout + result.stderr
    assert "ERROR test_suite.py::test_error" in result.stdout
    assert "the page complained:\nconsole error: the page said no" in result.stdout
    children = next(line for line in result.stdout.splitlines() if line.startswith("CHILDREN")).split()[1:]
    assert len(children) > 3
    end = time.monotonic() + 20  # the last ones go when they see that the browser has gone
    while (left := [pid for pid in children if os.path.exists(f"/proc/{pid}")]) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []


def test_no_browser_is_a_failure_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "test_suite.py").write_text("def test_it(page): pass\n")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.browser", "-c", os.devnull, "test_suite.py"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": str(tmp_path)},
    )
    assert "there is no chromium: run 'make test', or apt-get install chromium" in result.stdout
    assert "1 error" in result.stdout
