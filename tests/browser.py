"""A real Chromium for the tests of pages, through Playwright: fixtures for all folders, what to ask of pages.

    def test_it(page, tmp_path):
        page.goto((tmp_path / "page.html").as_uri())
        assert axe(page) == []
        assert overflow(page) == []

A test fails in its teardown where a page complained: an error or a warning on the console, an exception that
nobody caught, a request that failed, or one that left this machine (none of them gets out). A test that wants
to see such a thing says so first: `complaints.expect("regular expression")`.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest

from tests.npm.install import installed, packages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebError

    OpenPage = Callable[..., Page]

Scheme = Literal["light", "dark"]
Motion = Literal["no-preference", "reduce"]

SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"
WIDTHS = (320, 1280, 3840)  # px: a small telephone, a laptop, 4K
PATIENCE = 20_000  # ms that a step may take on a machine with much else to do
_AT_HOME = {"localhost", "127.0.0.1", "[::1]", "::1"}
_WITHIN = {"about", "blob", "data", "file"}
# Names are not looked up, and no other machine is spoken to. `rebound.test` is a name of this machine that a
# stranger could have made: what DNS rebinding looks like to a server.
_RULES = "MAP rebound.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"
_ARGUMENTS = [
    f"--host-resolver-rules={_RULES}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",  # Debian's Chromium would do in software what it takes for the work of a graphics card
    "--disable-gpu-rasterization",
]


class Complaints:
    """What the pages of a test complained about."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._expected: list[str] = []
        self._allowed: list[str] = []

    def expect(self, pattern: str) -> None:
        """The test wants to see a complaint in which the regular expression is found; it fails without."""
        self._expected.append(pattern)

    def allow(self, pattern: str) -> None:
        """A complaint in which the regular expression is found may come, or not: it is a matter of time."""
        self._allowed.append(pattern)

    def faults(self) -> list[str]:
        """Complaints that nobody expected, and expectations that nothing met."""
        known = self._expected + self._allowed
        unexpected = [one for one in self.found if not any(re.search(p, one) for p in known)]
        missing = [p for p in self._expected if not any(re.search(p, one) for one in self.found)]
        return unexpected + [f"expected, and did not come: {pattern}" for pattern in missing]

    def console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            at = message.location
            self.found.append(f"console {message.type}: {message.text} ({at['url']}:{at['lineNumber'] + 1})")

    def error(self, error: WebError) -> None:
        self.found.append(f"uncaught: {error.error.stack or error.error.message}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _WITHIN and address.hostname not in _AT_HOME:
            self.found.append(f"request to another machine: {request.url}")

    def failed(self, request: Request) -> None:
        # Aborted is what a page does itself: by going elsewhere, by closing a stream, by a download.
        if request.failure not in (None, "net::ERR_ABORTED"):
            self.found.append(f"request failed: {request.url}: {request.failure}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, one for all tests of a process."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("there is no chromium: run 'make test', or apt-get install chromium", pytrace=False)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=path, args=_ARGUMENTS, chromium_sandbox=os.geteuid() != 0
            )
            _between_tests()
            yield browser
        finally:
            _within_tests(playwright)
            browser.close()


def _between_tests() -> None:
    """Playwright leaves its event loop marked as the running one of this thread, and `asyncio.run` of a later
    test would refuse to start: the mark is taken off while nobody uses the browser."""
    asyncio._set_running_loop(None)


def _within_tests(of: Any) -> None:
    asyncio._set_running_loop(of._loop)


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def open_page(chromium: Browser, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens pages, each in a context of its own (cookies, storage, cache):
    `open_page(width=320, height=640, scheme="dark", motion="reduce", javascript=False, ...)`. More keywords
    are those of Playwright's `Browser.new_context`."""
    _within_tests(chromium)
    contexts = []

    def opened(
        *,
        width: int = 1280,
        height: int = 800,
        scheme: Scheme = "light",
        motion: Motion = "no-preference",
        javascript: bool = True,
        **more: Any,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion=motion,
            java_script_enabled=javascript,
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", complaints.console)
        context.on("weberror", complaints.error)
        context.on("request", complaints.request)
        context.on("requestfailed", complaints.failed)
        return context.new_page()

    try:
        yield opened
        for context in contexts:
            for page in context.pages:
                page.evaluate("0")  # what was on its way has arrived
        faults = complaints.faults()
    finally:
        for context in contexts:
            context.close()
        _between_tests()
    if faults:
        pytest.fail("the page complained:\n" + "\n".join(faults), pytrace=False)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """An empty page, light, 1280 px wide. `page.set_viewport_size`, `page.emulate_media` change that."""
    return open_page()


def axe(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds wrong with the page as it is now, frames included: a line for each element. All
    rules that are not experimental hold, the size of targets (WCAG 2.2) too, except those in `without`.

    The script comes in through the browser's debugger, and a Content-Security-Policy has no say in that.
    """
    (package,) = packages("axe-core")
    source = installed(package).read_text(encoding="utf-8")
    for frame in page.frames:
        # Files and data have the origin 'null', which axe-core would not send its questions to.
        talk = "axe.configure({allowedOrigins: ['<unsafe_all_origins>']})"
        frame.evaluate(f"() => {{ if (typeof axe === 'undefined') {{ {source}\n{talk}; }} }}")
    # Nothing is fetched: a policy that allows style sheets of the page's own does not let scripts load them.
    rules = {"target-size": {"enabled": True}} | {name: {"enabled": False} for name in without}
    found: list[str] = page.evaluate(
        """async (options) => (await axe.run(document, options)).violations.flatMap((rule) => rule.nodes.map(
          (node) => `${rule.id}: ${rule.help}: ${node.target.join(" ")}: ${node.failureSummary}`))""",
        {"rules": rules, "resultTypes": ["violations"], "preload": False},
    )
    return found


def until(page: Page, expression: str, argument: object = None) -> None:
    """Waits until an expression is true. Playwright's own `wait_for_function` evaluates text in the
    page, which a strict policy forbids as soon as it has to look twice."""
    end = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression, argument):
        assert time.monotonic() < end, f"it never became true: {expression}"
        page.wait_for_timeout(20)


def overflow(page: Page, width: int | None = None) -> list[str]:
    """What makes the page scroll sideways, at this width or at another."""
    if width is not None:
        page.set_viewport_size({"width": width, "height": 800})
    found: list[str] = page.evaluate(
        """() => {
          const root = document.documentElement, room = root.clientWidth;
          if (root.scrollWidth <= room) return [];
          const wide = [...document.body.querySelectorAll("*")].filter((one) => {
            const box = one.getBoundingClientRect();
            return box.width > 0 && box.right + scrollX > room + 0.5;
          });
          const name = (one) => [one.localName + (one.id ? "#" + one.id : ""), ...one.classList].join(".");
          return [`${root.scrollWidth} px in a window of ${room} px`,
            ...wide.map((one) => `${name(one)} ends at ${one.getBoundingClientRect().right + scrollX} px`)];
        }"""
    )
    return found


def screenshot(page: Page, name: str, *, whole: bool = True) -> Path:
    """The page, or its window, as build/screenshots/NAME.png, to be looked at."""
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def serve_folder() -> Iterator[Callable[[Path], str]]:
    """Serves a folder as a web server does, and gives its address with a slash at the end."""
    servers = []

    def served(folder: Path) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield served
    for server in servers:
        server.shutdown()
        server.server_close()
