"""What arXiv makes HTML of TeX with: labels stand where they belong, as a browser shows them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lorafig import language
from lorafig.draw import lay_out
from lorafig.render import tikz
from lorafig.scene import Label, Scene, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIGURES = Path(__file__).parents[2] / "figures"
SPECS = ("bitfit",)
DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb,tikz}
\usetikzlibrary{arrows.meta, decorations.pathreplacing, positioning, shapes.geometric, backgrounds}
\begin{document}
%s
\end{document}
"""
# Of each picture: its width, and for each label the middle of its letters and their height, in px.
MEASURE = """() => [...document.querySelectorAll("svg.ltx_picture")].map((svg) => {
  const frame = svg.getBoundingClientRect();
  const labels = [...svg.querySelectorAll("foreignObject")].map((label) => {
    const letters = document.createRange();
    letters.selectNodeContents(label);
    const box = letters.getBoundingClientRect();
    return {text: label.textContent, left: box.left - frame.left, right: box.right - frame.left,
      middle: (box.top + box.bottom) / 2 - frame.top, high: box.height};
  }).filter((label) => label.text.trim() !== "");
  return {width: frame.width, height: frame.height, labels};
})"""


def lines(scene: Scene) -> list[tuple[str, float, float, float, float]]:
    """Of each line of text: its words, its middle from left and from the top, its size, in mm."""
    return [
        (line.plain, line.origin[0] + line.width / 2, scene.height - line.origin[1], line.width,
         line.height + line.depth)
        for label in walk(scene.items) if isinstance(label, Label) for line in label.lines
    ]  # fmt: skip


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Scene]]:
    if shutil.which("latexmlc") is None:
        pytest.fail("there is no latexmlc: run 'make test', or apt-get install latexml", pytrace=False)
    folder = tmp_path_factory.mktemp("latexml")
    scenes = [lay_out(language.load(FIGURES / f"{name}.yaml")) for name in SPECS]
    for name, scene in zip(SPECS, scenes, strict=True):
        (folder / f"{name}.tikz").write_text(tikz.render(scene))
    floats = "\n".join(rf"\begin{{figure}}\input{{{name}.tikz}}\end{{figure}}" for name in SPECS)
    (folder / "main.tex").write_text(DOCUMENT % floats)
    command = ["latexmlc", "--dest=main.html", "--noparse", "main.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Error:" not in done.stderr, done.stderr[-2000:]
    return folder / "main.html", scenes


def test_labels_are_where_they_belong(page: Page, converted: tuple[Path, list[Scene]]) -> None:
    path, scenes = converted
    page.goto(path.as_uri())
    pictures: list[dict[str, Any]] = page.evaluate(MEASURE)
    assert len(pictures) == len(scenes)
    for picture, scene in zip(pictures, scenes, strict=True):
        px = picture["width"] / scene.width
        expected = lines(scene)
        assert len(picture["labels"]) >= len(expected)
        for text, x, y, wide, high in expected:
            # Letters are wider there, and begin where TeX's do.
            near = [
                label for label in picture["labels"]
                if abs(label["middle"] - y * px) < 2.2 * px
                and label["left"] - 2 * px < x * px < label["right"] + 2 * px
                and label["right"] - label["left"] < (1.7 * wide + 3) * px
                and label["high"] < (1.7 * high + 3) * px
            ]  # fmt: skip
            assert near, (text, x * px, y * px, picture["labels"])
