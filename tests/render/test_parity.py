"""TikZ, SVG and Matplotlib paint the same picture: measured on what each of them really paints."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import extract
import pytest

from lorafig.layout import layout
from lorafig.render import mpl, svg, tex, tikz
from lorafig.scene import Arrow, Brace, Label, Scene, Shape, walk
from lorafig.spec import load
from lorafig.spec.model import Model, ThemeChoice

GALLERY = sorted((Path(__file__).parents[2] / "figures").glob("*.yaml"))
SIDE, CENTRE = 0.2, 0.5  # mm


def pages(scene: Scene, folder: Path) -> dict[str, extract.Page]:
    return {
        "svg": extract.from_svg(svg.render(scene), folder),
        "matplotlib": extract.from_pdf(mpl.save(scene, "pdf"), folder),
        "tikz": extract.from_pdf(tex.compile_pdf(tikz.render(scene, standalone=True)), folder),
    }


def differences(scene: Scene, folder: Path) -> dict[str, tuple[float, str]]:
    """The largest difference in mm between any two backends by kind, and the item that has it."""
    drawn = pages(scene, folder)
    found = {backend: extract.find(page, scene) for backend, page in drawn.items()}
    items = list(walk(scene.items))
    for backend, measured in found.items():
        assert set(measured.shapes) == {i.name for i in items if isinstance(i, Shape)}, backend
        assert set(measured.lines) == {i.name for i in items if isinstance(i, Brace | Arrow)}, backend
        assert set(measured.labels) == {i.name for i in items if isinstance(i, Label)}, backend
    worst = dict.fromkeys(("page", "shape", "frame", "line", "label"), (0.0, ""))

    def note(kind: str, value: float, name: str) -> None:
        worst[kind] = max(worst[kind], (value, name))

    for (one, a), (other, b) in combinations(found.items(), 2):
        pair = f"{one} and {other}"
        for p, q in ((drawn[one].width, drawn[other].width), (drawn[one].height, drawn[other].height)):
            note("page", abs(p - q), pair)
        for name in a.shapes:
            note("shape", max(extract.match(a.shapes[name], b.shapes[name])), f"{name}: {pair}")
        for kind, boxes, others in (("frame", a.frames, b.frames), ("line", a.lines, b.lines)):
            assert set(boxes) == set(others), pair
            for name, box in boxes.items():
                note(kind, max(abs(x - y) for x, y in zip(box, others[name], strict=True)), f"{name}: {pair}")
        for name, (x, y) in a.labels.items():
            u, v = b.labels[name]
            note("label", ((x - u) ** 2 + (y - v) ** 2) ** 0.5, f"{name}: {pair}")
        for name, colour in a.colours.items():
            assert same_colour(colour, b.colours[name]), f"{name}: {pair}"
    return worst


def same_colour(one: str, other: str) -> bool:
    return all(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) <= 1 for i in (1, 3, 5))


def test_backends_agree(scene: Scene, tmp_path: Path) -> None:
    agree(scene, tmp_path)


CHANGES = {
    "7 pt": {"theme": ThemeChoice(font_size=7)},
    "8 pt": {"theme": ThemeChoice(font_size=8)},
    "8.5 pt": {"theme": ThemeChoice(font_size=8.5)},
    "10 pt": {"theme": ThemeChoice(font_size=10)},
    "12 pt": {"theme": ThemeChoice(font_size=12)},
    "grey": {"theme": ThemeChoice("grey")},
    "dark": {"theme": ThemeChoice("dark")},
    "other dimensions": {"model": Model(d=4096, r=64)},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("spec", GALLERY, ids=lambda path: path.stem)
def test_backends_agree_after_a_change(spec: Path, change: str, tmp_path: Path) -> None:
    """Another size, palette or dimension, and the three still paint one picture."""
    agree(layout(replace(load(str(spec)), **CHANGES[change])), tmp_path)


def agree(scene: Scene, folder: Path) -> None:
    worst = differences(scene, folder)
    print(scene.id, {kind: f"{value:.3f} mm, {name}" for kind, (value, name) in worst.items()})
    assert worst["page"][0] < 0.01, worst["page"]
    assert worst["shape"][0] < SIDE, worst["shape"]
    assert worst["frame"][0] < SIDE, worst["frame"]
    assert worst["line"][0] < SIDE, worst["line"]
    assert worst["label"][0] < CENTRE, worst["label"]
