"""A site by MkDocs: built, looked at in a browser, refused where a figure is false."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import Complaints, axe, overflow, until
from tests.embed.sites import SPEC, WRONG, WRONG_SAYS, built, figures, run, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.browser import OpenPage

    Serve = Callable[[Path], str]

CONFIGURATION = """\
site_name: Site
theme: {name: mkdocs, highlightjs: false, color_mode: auto, user_color_mode_toggle: true}
markdown_extensions:
  - pymdownx.superfences
  - attr_list
  - lorafig.embed.markdown
watch: [figures]
"""
# Its own theme looks for the styles of highlight.js, which come from elsewhere, even where they are off.
THEME = r"Cannot set properties of null \(setting 'disabled'\)[^$]*darkmode\.js"
BY_HAND = """\
site_name: Site
markdown_extensions:
  - attr_list
  - pymdownx.superfences:
      custom_fences:
        - name: lorafig
          class: lorafig
          format: !!python/name:lorafig.embed.markdown.fence
          validator: !!python/name:lorafig.embed.markdown.validate
"""
PAGE = f"""\
---
title: Home
author: Somebody
---

# A page

``` {{ .lorafig #two-panel gallery=lora-two-panel caption="LoRA, during and after training" }}
```

## The same again, and one by name

```lorafig gallery="lora-two-panel" theme="dark"
```

```lorafig file="../figures/mine.yaml" width="50%"
```

## Here

```lorafig
{SPEC}```
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    pages = {"docs/index.md": PAGE, "docs/sub/page.md": "# Sub\n\n```lorafig\n../../figures/mine.yaml\n```\n"}
    return write(tmp_path, {"mkdocs.yml": CONFIGURATION, "figures/mine.yaml": SPEC, **pages})


def test_a_site(site: Path) -> None:
    built("mkdocs build --strict", site)
    html = (site / "site" / "index.html").read_text()
    assert len(figures(html)) == 4
    assert '<figure id="two-panel" class="lorafig">' in html
    ids = re.findall(r'<[^>]*? id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert figures((site / "site" / "sub" / "page" / "index.html").read_text())[0].count("<path") > 5
    search = json.loads((site / "site" / "search" / "search_index.json").read_text())
    found = "".join(one["text"] for one in search["docs"])
    assert "a bottleneck of A and B, r wide at the waist" in found
    assert "light-dark" not in found


def test_the_formatter_by_itself_gives_the_same_site(site: Path) -> None:
    built("mkdocs build", site)
    one = figures((site / "site" / "index.html").read_text())
    (site / "mkdocs.yml").write_text(BY_HAND)
    built("mkdocs build", site)
    assert figures((site / "site" / "index.html").read_text()) == one


def test_it_follows_the_theme_of_the_page(
    site: Path, open_page: OpenPage, serve_folder: Serve, complaints: Complaints
) -> None:
    complaints.expect(THEME)
    built("mkdocs build", site)
    for scheme in ("light", "dark"):
        page = open_page(scheme=scheme)
        page.goto(serve_folder(site / "site"))
        until(page, "document.documentElement.dataset.bsTheme !== undefined")
        follows, fixed = page.locator("#lorafig-0_after-training"), page.locator("#lorafig-1_after-training")
        assert follows.count() == fixed.count() == 1
        colours = [_fills(page, f"#lorafig-{number}") for number in (0, 1)]
        assert ("rgb(28, 58, 92)" in colours[0]) == (scheme == "dark")
        assert ("rgb(195, 218, 241)" in colours[0]) == (scheme == "light")
        assert "rgb(86, 180, 233)" in colours[1]
        # Paper is white.
        page.emulate_media(media="print")
        assert "rgb(195, 218, 241)" in _fills(page, "#lorafig-0")
        page.emulate_media(media="screen")
        # The reader may choose otherwise than the system.
        page.evaluate("document.documentElement.dataset.bsTheme = 'light'")
        assert "rgb(195, 218, 241)" in _fills(page, "#lorafig-0")


def _fills(page: Page, selector: str) -> set[str]:
    found: list[str] = page.evaluate(
        "(one) => [...document.querySelectorAll(one + ' path')].map((path) => getComputedStyle(path).fill)",
        selector,
    )
    return set(found)


def test_in_a_browser(site: Path, open_page: OpenPage, serve_folder: Serve, complaints: Complaints) -> None:
    complaints.expect(THEME)
    built("mkdocs build", site)
    for scheme in ("light", "dark"):
        page = open_page(width=320, scheme=scheme)
        page.goto(serve_folder(site / "site"))
        assert overflow(page) == []
        assert overflow(page, 1280) == []
        names = page.get_by_role("img", name=re.compile("^LoRA .low-rank adaptation., during and after"))
        assert names.count() == 2
        # What is wrong with the theme itself is none of a figure's business.
        assert [one for one in axe(page) if "figure" in one or "svg" in one] == []
        box = page.locator("#lorafig-2").bounding_box()
        room = page.locator("#lorafig-2").locator("xpath=..").bounding_box()
        assert box is not None
        assert room is not None
        assert box["width"] == pytest.approx(room["width"] / 2, abs=1)
        # Its proportions are those of the picture.
        wide, high = map(float, page.locator("#lorafig-2").get_attribute("viewBox").split()[2:])
        assert box["height"] / box["width"] == pytest.approx(high / wide, rel=0.01)


@pytest.mark.parametrize("configuration", [CONFIGURATION, BY_HAND], ids=["the extension", "by hand"])
def test_a_false_figure_fails_the_build(site: Path, configuration: str) -> None:
    write(site, {"mkdocs.yml": configuration, "figures/mine.yaml": WRONG})
    status, output = run("mkdocs build -q", site)
    assert status == 1
    line = PAGE.splitlines().index('```lorafig file="../figures/mine.yaml" width="50%"') + 1
    assert output == (
        "ERROR   -  Error reading page 'index.md':\n"
        f"ERROR   -  docs/index.md:{line}: this figure does not hold\n"
        f"{WRONG_SAYS.format('figures/mine.yaml')}\n"
        "\nAborted with a BuildError!\n"
    )
    assert not (site / "site" / "index.html").exists()


def test_lines_of_a_page_with_front_matter(site: Path) -> None:
    page = PAGE.replace("brace: r", "brace: d")
    write(site, {"docs/index.md": page})
    status, output = run("mkdocs build -q", site)
    assert status == 1
    line = next(number for number, text in enumerate(page.splitlines(), 1) if "brace: d" in text)
    assert f"docs/index.md:{line - 7}: this figure does not hold\n" in output
    assert f"\ndocs/index.md:{line}:54: error: 'd' does not hold: " in output


def test_a_page_of_a_stranger(site: Path, tmp_path: Path) -> None:
    (site / "docs" / "passwords.yaml").symlink_to("/etc/passwd")
    for name in ("../../../secret.yaml", "/../secret.yaml", "passwords.yaml"):
        write(site, {"docs/index.md": f'# Hello\n\n```lorafig file="{name}"\n```\n'})
        status, output = run("mkdocs build -q", site)
        assert status == 1
        assert f"docs/index.md:3: this figure cannot be drawn\nerror: '{name}' leads out of" in output
        assert "root:" not in output


def test_a_changed_spec_changes_the_site(site: Path) -> None:
    built("mkdocs build", site)
    before = (site / "site" / "index.html").read_text()
    write(site, {"figures/mine.yaml": SPEC.replace("r: 4", "r: 64")})
    built("mkdocs build", site)
    assert (site / "site" / "index.html").read_text() != before


def test_the_same_bytes_every_time(site: Path) -> None:
    pages = []
    for _ in range(2):
        built("mkdocs build", site)
        pages.append(figures((site / "site" / "index.html").read_text()))
    assert pages[0] == pages[1]
