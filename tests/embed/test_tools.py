"""Docusaurus, VitePress, Astro and Eleventy themselves, with the plugins switched on as their README says.

They come with hundreds of packages, so that they have a target of their own: `make sites` installs each into
build/sites and runs these tests. Elsewhere they are skipped.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.embed.sites import BIN, SPEC, WRONG, write

ROOT = Path(__file__).parents[2]
README = ROOT / "editors" / "npm" / "README.md"
HEAD = "---\ntitle: LoRA\n---\n\n# Low-rank adaptation\n\n"
PAGE = HEAD + f'```lorafig width="80%"\n{SPEC}```\n\nWords behind it.\n'
FALSE = HEAD + f"```lorafig\n{WRONG}```\n"
# Six lines of the page and the fence stand above the spec, the seventh of which is wrong.
SAYS = "14:54: error: 'd' does not hold: the waist is r, and the brace along it says d"
_SITE = "export default { title: 'Example', url: 'https://example.org', baseUrl: '/', ...own }\n"


class Tool(NamedTuple):
    """`config` is where the lines of the README go; `made` is the page that comes out of `page`."""

    packages: tuple[str, ...]
    config: str
    page: str
    build: str
    made: str
    files: dict[str, str] = {}


TOOLS = {
    "Docusaurus": Tool(
        (
            "@docusaurus/core@3.10.2",
            "@docusaurus/preset-classic@3.10.2",
            "@mdx-js/react@3.1.1",
            "react@19.3.1",
            "react-dom@19.3.1",
        ),
        "own.js",
        "docs/intro.md",
        "docusaurus build",
        "build/docs/intro/index.html",
        {"docusaurus.config.js": "import own from './own.js'\n" + _SITE, "src/pages/index.md": "# Home\n"},
    ),
    "Astro": Tool(
        ("astro@5.18.2",), "astro.config.mjs", "src/pages/index.md", "astro build", "dist/index.html"
    ),
    "VitePress": Tool(
        ("vitepress@1.6.4",),
        ".vitepress/config.mjs",
        "index.md",
        "vitepress build",
        ".vitepress/dist/index.html",
    ),
    "Eleventy": Tool(
        ("@11ty/eleventy@3.1.8",), "eleventy.config.mjs", "index.md", "eleventy", "_site/index.html"
    ),
}
pytestmark = [
    pytest.mark.skipif("LORAFIG_SITES" not in os.environ, reason="run by 'make sites'"),
    pytest.mark.timeout(1800),  # npm installs hundreds of packages
]


def _lines_of_the_readme(tool: str) -> str:
    section = README.read_text().partition(f"## {tool}\n")[2]
    found = re.search(r"```js\n(.*?)```", section, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module", params=TOOLS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tool, Path]:
    """A project of the tool. What npm installs is kept in build/sites, by its versions."""
    tool = TOOLS[request.param]
    kept = ROOT / "build" / "sites" / "+".join(tool.packages).replace("/", "-")
    if not (kept / "done").exists():
        shutil.rmtree(kept, ignore_errors=True)
        write(kept, {"package.json": '{"type": "module", "private": true}'})
        install = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *tool.packages]
        subprocess.run([*install, str(README.parent)], cwd=kept, check=True, timeout=1200)
        (kept / "done").touch()
    folder = tmp_path_factory.mktemp(request.param)
    # Docusaurus does not build where its package is of modules alone.
    kind = "" if request.param == "Docusaurus" else '"type": "module", '
    write(folder, {"package.json": f'{{{kind}"private": true}}', **tool.files})
    write(folder, {tool.config: _lines_of_the_readme(request.param)})
    (folder / "node_modules").symlink_to(kept / "node_modules")
    return tool, folder


def _built(tool: Tool, folder: Path, page: str) -> subprocess.CompletedProcess[str]:
    write(folder, {tool.page: page})
    program, *arguments = tool.build.split()
    environment = os.environ | {
        "PATH": f"{BIN}:{os.environ['PATH']}", "NO_COLOR": "1", "NODE_ENV": "production",
        "ASTRO_TELEMETRY_DISABLED": "1", "NO_UPDATE_NOTIFIER": "1", "DOCUSAURUS_NO_TELEMETRY": "1",
    }  # fmt: skip
    return subprocess.run(
        [folder / "node_modules" / ".bin" / program, *arguments], cwd=folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=600,
    )  # fmt: skip


def test_the_fence_is_a_figure(site: tuple[Tool, Path]) -> None:
    tool, folder = site
    done = _built(tool, folder, PAGE)
    assert done.returncode == 0, done.stdout
    html = (folder / tool.made).read_text()
    assert "Words behind it." in html
    assert "LoRA beside a frozen weight" in html
    assert re.search(r"<svg|<img[^>]+(?:data:image/svg\+xml|\.svg)", html)
    assert re.search(r"width:\s*80%", html)
    assert "language-lorafig" not in html


def test_a_false_figure_ends_the_build(site: tuple[Tool, Path]) -> None:
    tool, folder = site
    done = _built(tool, folder, FALSE)
    assert done.returncode != 0
    assert SAYS in re.sub(r"\s+", " ", done.stdout)
