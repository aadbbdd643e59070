"""What the pages say to paste works when it is pasted: in TeX, a browser, Python, a shell, MkDocs, Sphinx."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import until
from tests.site.gallery.conftest import ENVIRONMENT, files
from tests.site.gallery.pages import Page

if TYPE_CHECKING:
    from playwright.sync_api import Page as BrowserPage


def code(site: Path, name: str, key: str) -> str:
    """What is copied for a way to use a figure."""
    (found,) = Page(site / name / "index.html").all("code", id=f"code-{key}")
    return found.text


@pytest.fixture
def beside(site: Path, tmp_path: Path) -> Path:
    """A folder of an author's, with the downloads of two figures in it."""
    for name in ("lora-two-panel", "lora-pipeline-zh"):
        for file, data in files(site / name).items():
            (tmp_path / file).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "engine"), [("lora-two-panel", "pdflatex"), ("lora-pipeline-zh", "xelatex")]
)
def test_in_latex(site: Path, beside: Path, name: str, engine: str) -> None:
    preamble, figure = code(site, name, "latex").split("…\n")
    assert engine == "pdflatex" or "ctex" in preamble
    source = f"\\documentclass{{article}}\n{preamble}\\begin{{document}}\n{figure}\n\\end{{document}}\n"
    (beside / "paper.tex").write_text(source, encoding="utf-8")
    run = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "paper.tex"],
        cwd=beside, capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    assert (beside / "paper.pdf").stat().st_size > 10_000


def test_in_html(site: Path, beside: Path, page: BrowserPage) -> None:
    body = code(site, "lora-two-panel", "html")
    (beside / "page.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>a page</title>{body}", "utf-8"
    )
    page.goto((beside / "page.html").as_uri())
    image = page.locator("img")
    assert image.evaluate("(img) => img.naturalWidth") > 500
    assert image.get_attribute("alt") == Page(site / "lora-two-panel" / "index.html").all(
        "img", src="lora-two-panel.svg"
    )[0].attributes["alt"]  # fmt: skip
    page.emulate_media(color_scheme="dark")
    until(page, "document.images[0].currentSrc.endsWith('lora-two-panel.dark.svg')")


def test_in_python(site: Path, beside: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", code(site, "lora-two-panel", "python")],
        cwd=beside,
        env=ENVIRONMENT,
        check=True,
    )
    assert (beside / "lora-two-panel.pdf").read_bytes() == (
        site / "lora-two-panel" / "lora-two-panel.pdf"
    ).read_bytes()


@pytest.mark.sample(1)
@pytest.mark.parametrize("name", ["lora-two-panel", "lora-pipeline-zh"])
def test_on_the_command_line_it_gives_what_is_on_the_page(site: Path, tmp_path: Path, name: str) -> None:
    for line in code(site, name, "shell").split("\n"):
        program, *arguments = shlex.split(line)
        assert program == "lorafig"
        run = [sys.executable, "-c", "from lorafig.cli import main; main()", *arguments]
        subprocess.run(run, cwd=tmp_path, env=ENVIRONMENT, check=True, capture_output=True)
    made, there = files(tmp_path), files(site / name)
    for own in ("index.html", f"{name}.dark.svg"):  # the gallery's own
        del there[own]
    assert made == there


def test_a_spec_of_ones_own_is_not_looked_for_in_the_shipped_gallery(hostile: Path) -> None:
    assert code(hostile, "hostile", "shell").startswith("lorafig check hostile.yaml\n")


def test_in_markdown(site: Path, beside: Path) -> None:
    from markdown import markdown

    # Python-Markdown knows no file's name: the name is looked for in the current folder.
    made = subprocess.run(
        [sys.executable, "-c", "import sys; from markdown import markdown; print(markdown(sys.stdin.read(), "
         "extensions=['pymdownx.superfences', 'lorafig.embed.markdown']))"],
        cwd=beside, env=ENVIRONMENT, input=code(site, "lora-two-panel", "markdown"), capture_output=True,
        text=True, check=True,
    ).stdout  # fmt: skip
    assert "<svg" in made
    assert "LoRA (low-rank adaptation), during and after training" in made
    assert "<svg" not in markdown(code(site, "lora-two-panel", "markdown"))


def test_in_sphinx(site: Path, beside: Path) -> None:
    (beside / "conf.py").write_text('project = "p"\nextensions = ["lorafig.embed.sphinx"]\n')
    (beside / "index.rst").write_text(f"Title\n=====\n\n{code(site, 'lora-two-panel', 'sphinx')}\n")
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", ".", "out"]
    subprocess.run(build, cwd=beside, env=ENVIRONMENT, check=True)
    assert "<svg" in (beside / "out" / "index.html").read_text(encoding="utf-8")
