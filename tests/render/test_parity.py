"""TikZ, SVG and Matplotlib paint the same picture: measured on what each of them really paints."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import extract
import pytest

from lorafig.language import load
from lorafig.language.model import ThemeChoice
from lorafig.layout import layout
from lorafig.render import mpl, svg, tex, tikz
from lorafig.scene import Arrow, Brace, Icon, Label, Scene, Shape, Wedge, walk
from lorafig.values import replace

# Their cells are so small that which of the painted lines is which cannot be told by where they lie.
TOO_FINE = {"lora-adalora", "lora-lokr"}
GALLERY = sorted(
    path for path in (Path(__file__).parents[2] / "figures").glob("*.yaml") if path.stem not in TOO_FINE
)
SIDE, CENTRE = 0.2, 0.5  # mm


def pages(scene: Scene, folder: Path) -> dict[str, extract.Page]:
    return {
        "svg": extract.from_svg(svg.render(scene), folder),
        "matplotlib": extract.from_pdf(mpl.save(scene, "pdf"), folder),
        "tikz": extract.from_pdf(tex.compile_pdf(tikz.render(scene, standalone=True)), folder),
    }


def differences(scene: Scene, folder: Path, closely: bool = True) -> dict[str, tuple[float, str]]:
    """The largest difference in mm between any two backends by kind, and the item that has it.

    All that is painted is compared where it has to be looked at `closely`, else the boxes around it.
    """
    drawn = pages(scene, folder)
    found = {backend: extract.find(page, scene) for backend, page in drawn.items()}
    items = list(walk(scene.items))
    filled = {i.name for i in items if isinstance(i, Shape | Wedge) and scene.styles[i.role].fill is not None}
    framed = {i.name for i in items if isinstance(i, Shape) and scene.styles[i.role].stroke is not None}
    for backend, measured in found.items():
        assert set(measured.shapes) == filled, backend
        assert set(measured.frames) == framed, backend
        assert set(measured.lines) == {i.name for i in items if isinstance(i, Brace | Arrow)}, backend
        assert set(measured.icons) == {i.name for i in items if isinstance(i, Icon)}, backend
        assert set(measured.labels) == {i.name for i in items if isinstance(i, Label)}, backend
    labels = {i.name for i in items if isinstance(i, Label)}
    beside = {i.name for i in items if isinstance(i, Icon) and i.place.of in labels}
    worst = dict.fromkeys(("page", "shape", "frame", "line", "icon", "label"), (0.0, ""))

    def note(kind: str, value: float, name: str) -> None:
        worst[kind] = max(worst[kind], (value, name))

    for (one, a), (other, b) in combinations(found.items(), 2):
        pair = f"{one} and {other}"
        for p, q in ((drawn[one].width, drawn[other].width), (drawn[one].height, drawn[other].height)):
            note("page", abs(p - q), pair)
        for name, outline in a.shapes.items():
            there, back = extract.match(outline, b.shapes[name]), extract.match(b.shapes[name], outline)
            note("shape", max(*there, *back), f"{name}: {pair}")
        painted = ("frame", a.frames, b.frames), ("line", a.lines, b.lines), ("icon", a.icons, b.icons)
        for kind, paints, others in painted:
            for name, paint in paints.items():
                theirs = others[name]
                if name in beside:  # TeX sets the words in its own width, and the icon goes with them
                    by = extract.box(paint)[0] - extract.box(theirs)[0]
                    assert abs(by) < 2 * CENTRE, f"{name}: {pair}"
                    theirs = extract.moved(theirs, by)
                box, its = extract.box(paint), extract.box(theirs)
                note(kind, max(abs(x - y) for x, y in zip(box, its, strict=True)), f"{name}: {pair}")
                if closely:
                    note(kind, extract.apart(paint, theirs), f"{name}: {pair}")
        for name, (x, y) in a.labels.items():
            u, v = b.labels[name]
            note("label", ((x - u) ** 2 + (y - v) ** 2) ** 0.5, f"{name}: {pair}")
        for name, colour in a.colours.items():
            assert extract.same(colour, b.colours[name]), f"{name}: {pair}"
    return worst


@pytest.mark.sample(6)
def test_backends_agree(scene: Scene, tmp_path: Path) -> None:
    if scene.id not in TOO_FINE:
        agree(scene, tmp_path)


CHANGES = {
    "7 pt": {"theme": ThemeChoice(font_size=7)},
    "8 pt": {"theme": ThemeChoice(font_size=8)},
    "8.5 pt": {"theme": ThemeChoice(font_size=8.5)},
    "10 pt": {"theme": ThemeChoice(font_size=10)},
    "12 pt": {"theme": ThemeChoice(font_size=12)},
    "grey": {"theme": ThemeChoice("grey")},
    "dark": {"theme": ThemeChoice("dark")},
    "other dimensions": {},
}


@pytest.mark.sample(4)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("spec", GALLERY, ids=lambda path: path.stem)
def test_backends_agree_after_a_change(spec: Path, change: str, tmp_path: Path) -> None:
    """Another size, palette or dimension, and the three still paint one picture."""
    figure = load(str(spec))
    model = replace(figure.model, d=4096, r=64) if change == "other dimensions" else figure.model
    agree(layout(replace(figure, model=model, **CHANGES[change])), tmp_path, closely=False)


def agree(scene: Scene, folder: Path, closely: bool = True) -> None:
    worst = differences(scene, folder, closely)
    print(scene.id, {kind: f"{value:.3f} mm, {name}" for kind, (value, name) in worst.items()})
    assert worst["page"][0] < 0.01, worst["page"]
    assert worst["shape"][0] < SIDE, worst["shape"]
    assert worst["frame"][0] < SIDE, worst["frame"]
    assert worst["line"][0] < SIDE, worst["line"]
    assert worst["icon"][0] < SIDE, worst["icon"]
    assert worst["label"][0] < CENTRE, worst["label"]
