"""What the gallery looks like, kept as text: a change that moves a line shows itself here.

`make accept` rewrites the stored files; look at the pictures before.
"""

import os
import pathlib

import pytest

from lorafig.language import load
from lorafig.layout import layout
from lorafig.render import svg, tikz
from lorafig.scene import Arrow, Brace, Icon, Label, Shape, walk
from lorafig.words.alt import alt_text

ROOT = pathlib.Path(__file__).parent.parent
GOLDENS = ROOT / "tests" / "goldens"
GALLERY = sorted((ROOT / "figures").glob("*.yaml"))


def _points(points):
    return " ".join(f"({x:.3f}, {y:.3f})" for x, y in points)


def _outline(scene):
    """The scene in a few lines: every item with its role and place in mm."""
    lines = [f"{scene.id} {scene.width:.3f} x {scene.height:.3f}"]
    for item in walk(scene.items):
        match item:
            case Shape():
                lines.append(f"shape {item.name} [{item.role}] {_points(item.points)}")
            case Label():
                text = " / ".join(line.plain for line in item.lines)
                lines.append(f"label {item.name} [{item.role}] {_points([item.centre])} {text}")
            case Arrow():
                lines.append(f"arrow {item.name} [{item.role}] {_points(item.points)}")
            case Icon():
                lines.append(f"icon {item.name} [{item.role}] {_points([item.centre])} {item.meaning}")
            case Brace():
                lines.append(f"brace {item.name} {item.side} {_points([item.start, item.end])}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("spec", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_is_as_it_was_accepted(spec):
    figure = load(spec)
    scene = layout(figure, description=alt_text(figure))
    outputs = {
        f"{spec.stem}.scene": _outline(scene),
        f"{spec.stem}.tikz": tikz.render(scene),
        f"{spec.stem}.svg": svg.render(scene, text="live"),
    }
    for name, text in outputs.items():
        stored = GOLDENS / name
        if os.environ.get("LORAFIG_ACCEPT") == "1":
            GOLDENS.mkdir(exist_ok=True)
            stored.write_text(text)
        assert stored.read_text() == text, f"{name} has changed: look at it, then make accept"


def test_no_golden_is_left_over():
    assert {path.stem for path in GOLDENS.iterdir()} == {path.stem for path in GALLERY}
