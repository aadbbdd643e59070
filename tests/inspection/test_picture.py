"""The picture of layers × projections: what stands in which cell, and how it is told."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import lorafig
from lorafig.errors import LorafigError
from lorafig.inspection.picture import scene_of
from lorafig.scene import Label, Scene, Shape, walk
from tests.inspection import made

RANKS = {
    ("0", "q_proj"): 4,
    ("0", "v_proj"): 8,
    ("1", "q_proj"): 8,
    ("10", "q_proj"): 4,
    ("10", "v_proj"): 32,
}


@pytest.fixture
def found(tmp_path: Path) -> lorafig.Inspection:
    arrays = {}
    for (layer, name), r in RANKS.items():
        arrays.update(made.lora({f"model.layers.{layer}.self_attn.{name}": (64, 64)}, r))
    patterns = {f"layers.{layer}.self_attn.{name}": r for (layer, name), r in RANKS.items()}
    return lorafig.inspect(made.peft(tmp_path / "a", arrays, rank_pattern=patterns))


def cells(scene: Scene) -> list[Shape]:
    return [item for item in walk(scene.items) if isinstance(item, Shape) and item.name.startswith("cell")]


def labels(scene: Scene) -> list[Label]:
    return [item for item in walk(scene.items) if isinstance(item, Label)]


def test_every_module_has_its_cell(found: lorafig.Inspection) -> None:
    scene = scene_of(found)
    columns = sorted({cell.box[0] for cell in cells(scene)})
    rows = sorted({cell.box[1] for cell in cells(scene)})
    assert (len(columns), len(rows)) == (2, 3)
    shades = {4: "heat 1", 8: "heat 2", 32: "heat 3"}
    for cell in cells(scene):
        at = ("0", "1", "10")[rows.index(cell.box[1])], ("q_proj", "v_proj")[columns.index(cell.box[0])]
        assert cell.role == (shades[RANKS[at]] if at in RANKS else "heat none")
        inner = [
            one.lines[0].plain
            for one in labels(scene)
            if one.place.of == cell.name and one.place.at == "center"
        ]
        assert inner == ([str(RANKS[at])] if at in RANKS else [])
    texts = [label.lines[0].plain for label in labels(scene)]
    assert "rank 8: 2 modules, 2,048 parameters" in texts  # 2 · 8 (64 + 64)
    assert {"layer", "0", "1", "10", "q_proj", "v_proj"} <= set(texts)
    assert scene.description.startswith("A grid of 3 layers and 2 projections (q_proj, v_proj), ")


def test_nothing_lies_on_anything_else(found: lorafig.Inspection) -> None:
    scene = scene_of(found)
    boxes = [label.box for label in labels(scene) if label.place.at != "center"] + [
        one.box for one in cells(scene)
    ]
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        assert 0 <= x0 < x1 <= scene.width
        assert 0 <= y0 < y1 <= scene.height
        for a0, b0, a1, b1 in boxes[:number]:
            assert x1 <= a0 + 1e-6 or a1 <= x0 + 1e-6 or y1 <= b0 + 1e-6 or b1 <= y0 + 1e-6


def test_files_and_notebooks(found: lorafig.Inspection, tmp_path: Path) -> None:
    found.save(tmp_path / "a.svg")
    found.save(tmp_path / "a.tikz")
    ElementTree.parse(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text() == found.to_svg()
    assert "\\begin{tikzpicture}" in (tmp_path / "a.tikz").read_text()
    assert '<img alt="A grid of 3 layers' in found._repr_html_()
    with pytest.raises(LorafigError, match=r"no picture ends in '\.gif'"):
        found.save(tmp_path / "a.gif")


def test_too_much_for_a_picture(tmp_path: Path) -> None:
    found = lorafig.inspect(made.peft(tmp_path / "a", made.lora(made.decoder(201, {"q_proj": (4, 4)}), 8)))
    with pytest.raises(LorafigError, match="would have 201 layers and 1 projections") as caught:
        scene_of(found)
    assert caught.value.kind == "limit"
    assert "<img" not in found._repr_html_()
    empty = lorafig.inspect(made.file(tmp_path / "e.safetensors", {"x": ("F32", (1,))}))
    with pytest.raises(LorafigError, match="has no module to draw"):
        scene_of(empty)
