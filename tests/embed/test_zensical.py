"""A site by Zensical, from its own configuration and from that of MkDocs."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import axe, overflow
from tests.embed.sites import SPEC, WRONG, WRONG_SAYS, built, figures, run, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser import OpenPage

    Serve = Callable[[Path], str]

TOML = """\
[project]
site_name = "Site"
watch = ["figures"]

[project.theme]
font = false

[[project.theme.palette]]
media = "(prefers-color-scheme: light)"
scheme = "default"
toggle = {icon = "lucide/sun", name = "Dark"}

[[project.theme.palette]]
media = "(prefers-color-scheme: dark)"
scheme = "slate"
toggle = {icon = "lucide/moon", name = "Light"}

[project.markdown_extensions.attr_list]
[project.markdown_extensions.pymdownx.superfences]
[project.markdown_extensions."lorafig.embed.markdown"]
"""
YAML = """\
site_name: Site
theme: {font: false, palette: [{media: (prefers-color-scheme), scheme: default}]}
watch: [figures]
markdown_extensions:
  - attr_list
  - pymdownx.superfences:
      custom_fences:
        - name: lorafig
          class: lorafig
          format: !!python/name:lorafig.embed.markdown.fence
          validator: !!python/name:lorafig.embed.markdown.validate
"""
PAGE = """\
---
title: Home
---

# A page

```lorafig gallery="lora-two-panel" caption="LoRA, during and after training"
```

```lorafig file="../figures/mine.yaml"
```
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path, {"zensical.toml": TOML, "docs/index.md": PAGE, "figures/mine.yaml": SPEC})


def _index(site: Path) -> str:
    return (site / "site" / "index.html").read_text()


def test_a_site_from_either_configuration(site: Path) -> None:
    built("zensical build", site)
    one = figures(_index(site))
    assert len(one) == 2
    write(site, {"mkdocs.yml": YAML})
    built("zensical build --clean -f mkdocs.yml", site)
    assert figures(_index(site)) == one


def test_in_a_browser(site: Path, open_page: OpenPage, serve_folder: Serve) -> None:
    built("zensical build", site)
    for scheme, colour in (("light", "rgb(195, 218, 241)"), ("dark", "rgb(28, 58, 92)")):
        page = open_page(width=320, scheme=scheme)
        page.goto(serve_folder(site / "site"))
        wanted = "default" if scheme == "light" else "slate"
        page.wait_for_selector(f"body[data-md-color-scheme={wanted}]")
        fills = page.evaluate(
            "[...document.querySelectorAll('#lorafig-0 path')].map((one) => getComputedStyle(one).fill)"
        )
        assert colour in fills
        assert overflow(page) == []
        assert [one for one in axe(page) if "figure" in one or "lorafig" in one] == []


def test_a_false_figure_fails_the_build(site: Path) -> None:
    write(site, {"figures/mine.yaml": WRONG})
    status, output = run("zensical build", site)
    assert status == 1
    line = PAGE.splitlines().index('```lorafig file="../figures/mine.yaml"') + 1
    message = f"docs/index.md:{line}: this figure does not hold\n{WRONG_SAYS.format('figures/mine.yaml')}\n"
    assert f"RuntimeError: Python error: SuperFencesException: {message}" in output
    assert not (site / "site" / "index.html").exists()


def test_a_figure_that_becomes_false_fails_the_next_build(site: Path) -> None:
    """Zensical keeps pages: without `watch` the picture that was true would stay."""
    built("zensical build", site)
    write(site, {"figures/mine.yaml": WRONG})
    later = time.time() + 2  # it looks at whole seconds
    os.utime(site / "figures" / "mine.yaml", (later, later))
    status, output = run("zensical build", site)
    assert status == 1
    assert "this figure does not hold" in output


def test_a_spec_that_is_not_watched_is_refused(site: Path) -> None:
    write(site, {"zensical.toml": TOML.replace('watch = ["figures"]\n', "")})
    status, output = run("zensical build", site)
    assert status == 1
    assert (
        "SuperFencesException: docs/index.md:10: this figure cannot be drawn\n"
        "error: figures/mine.yaml is not watched\n"
        "  hint: Zensical builds a page again when a watched file changes; in its configuration,"
        " watch: [figures]\n"
    ) in output
