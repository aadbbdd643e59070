"""What arXiv makes HTML of TeX with: labels stand where they belong, as a browser shows them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lorafig import language
from lorafig.draw import lay_out
from lorafig.render import tikz
from lorafig.scene import Icon, Label, Scene, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIGURES = Path(__file__).parents[2] / "figures"
FIRST = "relora"  # words beside badges, words mixed with formulas, a script; and few nodes, of a second each
NAMES = [path.stem for path in sorted(FIGURES.glob("*.yaml")) if path.stem != FIRST]
DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb,bm,tikz}
\usetikzlibrary{%s}
\begin{document}
%s
\end{document}
"""
NEEDED = re.compile(r"^%\s+\\usetikzlibrary\{(.+)\}$", re.MULTILINE)  # what a fragment says that it needs
# Of each picture: its size, and of each label the box of its letters in px, the height of a line of it, its
# ink, and the largest script as a part of what it stands at; of each path, its middle and how wide it is.
MEASURE = """() => [...document.querySelectorAll("svg.ltx_picture")].map((svg) => {
  const frame = svg.getBoundingClientRect();
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const leaf = (one) => one.children.length ? leaf(one.children[0]) : one;
  const labels = [...svg.querySelectorAll("foreignObject")].map((label) => {
    const texts = document.createTreeWalker(label, NodeFilter.SHOW_TEXT), boxes = [];
    while (texts.nextNode()) {
      if (texts.currentNode.textContent.trim() === "") continue;
      const letters = document.createRange();
      letters.selectNodeContents(texts.currentNode);
      boxes.push(...[...letters.getClientRects()].filter((box) => box.width > 0));
    }
    const box = {left: Math.min(...boxes.map((one) => one.left)),
      right: Math.max(...boxes.map((one) => one.right)), top: Math.min(...boxes.map((one) => one.top)),
      bottom: Math.max(...boxes.map((one) => one.bottom))};
    const scripts = [...label.querySelectorAll("msub, msup, msubsup")].flatMap((one) =>
      [...one.children].slice(1).map((script) => size(leaf(script)) / size(one)));
    return {text: label.textContent.trim(), left: box.left - frame.left, right: box.right - frame.left,
      middle: (box.top + box.bottom) / 2 - frame.top, high: box.bottom - box.top,
      ink: label.closest("[fill]").getAttribute("fill"), script: Math.max(0, ...scripts)};
  }).filter((label) => label.text !== "");
  const paths = [...svg.querySelectorAll("path")].map((path) => path.getBoundingClientRect()).map((box) => ({
    x: (box.left + box.right) / 2 - frame.left, y: (box.top + box.bottom) / 2 - frame.top, wide: box.width}));
  return {width: frame.width, height: frame.height, labels, paths};
})"""


def batches(names: list[str], each: int) -> list[list[str]]:
    return [names[at : at + each] for at in range(0, len(names), each)]


def converted(folder: Path, names: list[str]) -> list[Scene]:
    """Makes main.html of the figures, as arXiv does. TikZ itself takes some 20 seconds, a library more, and
    each node or arrow up to one."""
    if shutil.which("latexmlc") is None:
        pytest.fail("there is no latexmlc: run 'make test', or apt-get install latexml", pytrace=False)
    scenes = [lay_out(language.load(FIGURES / f"{name}.yaml")) for name in names]
    libraries: set[str] = set()
    for name, scene in zip(names, scenes, strict=True):
        (folder / f"{name}.tikz").write_text(fragment := tikz.render(scene))
        libraries |= set(NEEDED.findall(fragment)[0].split(", "))
    floats = "\n".join(rf"\begin{{figure}}\centering\input{{{name}.tikz}}\end{{figure}}" for name in names)
    (folder / "main.tex").write_text(DOCUMENT % (",".join(sorted(libraries)), floats))
    command = ["latexmlc", "--timeout=0", "--dest=main.html", "main.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Error:" not in done.stderr, done.stderr[-2000:]
    return scenes


@pytest.mark.timeout(1300)
@pytest.mark.sample(1)
@pytest.mark.parametrize("names", [[FIRST], *batches(NAMES, 5)], ids=lambda names: names[0])
def test_labels_and_icons_are_where_they_belong(page: Page, tmp_path: Path, names: list[str]) -> None:
    scenes = converted(tmp_path, names)
    page.goto((tmp_path / "main.html").as_uri())
    pictures: list[dict[str, Any]] = page.evaluate(MEASURE)
    assert len(pictures) == len(scenes)
    wrong = []
    for name, picture, scene in zip(names, pictures, scenes, strict=True):
        # Room for words makes a picture wider, where they stand at its right end.
        px = min(picture["width"] / scene.width, picture["height"] / scene.height)
        assert all(label["script"] < 0.8 for label in picture["labels"]), name
        for item in walk(scene.items):
            if isinstance(item, Icon) and not any(
                is_icon(path, item, scene, px) for path in picture["paths"]
            ):
                wrong.append((name, item.name))
            if isinstance(item, Label):
                inks = {scene.palette[scene.styles[item.role].ink].upper()}
                wrong += [
                    (name, line.plain)
                    for line in item.lines
                    if not any(fits(shown, item, line, scene, px, inks) for shown in picture["labels"])
                ]
    assert wrong == []


def is_icon(path: dict[str, float], icon: Icon, scene: Scene, px: float) -> bool:
    """Whether a path of the page is this picture, where TeX has it; it may hang on words. Room for others
    makes the page's figure half a hundredth larger."""
    x, y = icon.centre[0] * px, (scene.height - icon.centre[1]) * px
    return (
        abs(path["x"] - x) < 2 + 0.005 * x
        and abs(path["y"] - y) < 3 + 0.005 * y
        and path["wide"] < 1.2 * icon.size * px
    )


def fits(shown: dict[str, Any], label: Label, line: Any, scene: Scene, px: float, inks: set[str]) -> bool:
    """Whether a label of the page is this line: on its height, on one line, in its ink, and with its middle,
    or the edge that it is set from, where TeX has it. Letters are other ones there, and may be wider."""
    x0, y = line.origin[0] * px, (scene.height - line.origin[1]) * px
    x1 = x0 + line.width * px
    slack = 1.2 * px + 0.05 * (x1 - x0)
    anchor = label.place.anchor if len(label.lines) == 1 else "center"
    if "west" in anchor:
        beside = abs(shown["left"] - x0)
    elif "east" in anchor:
        beside = abs(shown["right"] - x1)
    else:
        beside = abs((shown["left"] + shown["right"]) / 2 - (x0 + x1) / 2)
    high = (line.height + line.depth) * px
    return (
        beside <= slack
        and abs(shown["middle"] - (y - (line.height - line.depth) / 2 * px)) <= 2 * px
        and shown["high"] <= 1.9 * high + 3 * px
        and shown["right"] - shown["left"] <= 1.3 * (x1 - x0) + 1 * px
        and (
            shown["ink"] in inks
            or label.role in ("text", "note", "line", "sign", "frame", "card")
            or " line" in label.role
        )
    )
