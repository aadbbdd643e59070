"""The row on pages: from a key on a slider to the frame that shows it, in the system's Chromium."""

from __future__ import annotations

import shutil
import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from bench.setting import Bench
from bench.table import Goal, Line, Section

if TYPE_CHECKING:
    from playwright.sync_api import Page

FRAME = 0.016  # s, of a display at 60 Hz
KIB = 1 << 10

# From the event's own time stamp, which the browser gives when the key is pressed, to a task that runs once
# the frame after it has been painted. `work` is what the page's script and the layout after it take of that.
WATCH = """() => {
  window.times = []; window.work = [];
  let begun = 0;
  document.addEventListener('keydown', (event) => {
    begun = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.times.push(performance.now() - event.timeStamp);
      channel.port2.postMessage(0);
    });
  }, true);
  document.addEventListener('keydown', () => {
    document.body.getBoundingClientRect();
    window.work.push(performance.now() - begun);
  });
}"""


def page(bench: Bench) -> Section:
    import lorafig
    from lorafig.resources import gallery

    section = Section("The page of lora-visualizer: a slider moved by the keyboard, to the painted frame")
    path = bench.work / "page.html"
    lorafig.load(gallery()["lora-visualizer"]).save(path)
    times, work = _moved(path, bench.rounds(120))
    paint, script = statistics.median(times), statistics.median(work)
    goal = Goal("≤ 16 ms from slider to paint", paint, FRAME)
    section.lines.append(
        Line("slider to paint", f"{1000 * paint:.1f} ms", goals=(goal,), values=tuple(times))
    )
    section.lines.append(Line("of it script and layout", f"{1000 * script:.1f} ms", values=tuple(work)))
    section.notes.append(f"the page has {path.stat().st_size / KIB:.1f} KiB; medians of {len(times)} keys")
    return section


def _moved(path: Path, keys: int) -> tuple[list[float], list[float]]:
    """Seconds to paint, and of script and layout, for so many keys on each of three sliders."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(path.as_uri())
        opened.wait_for_timeout(500)
        opened.evaluate(WATCH)
        for name in ("Rank r", "Output d", "Input k"):
            _press(opened, name, keys // 3)
        times, work = opened.evaluate("[times, work]")
        browser.close()
    return [one / 1000 for one in times], [one / 1000 for one in work]


def _press(opened: Page, name: str, keys: int) -> None:
    opened.get_by_role("slider", name=name).focus()
    for _ in range(keys):
        opened.keyboard.press("ArrowRight")
        opened.wait_for_timeout(23)  # no multiple of a frame: keys come when they come
