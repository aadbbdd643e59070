"""No two elements of a page have one id, whatever figures and their parts are called."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lorafig
from lorafig.draw import lay_out
from lorafig.render.svg import identity
from lorafig.scene import Scene
from tests.embed.sites import SPEC, built, figures, write

NAMES = st.text("a1-", max_size=6).map("a".__add__)


def flow(name: str, *nodes: str) -> lorafig.Figure:
    """A flow with nodes of these names, one after the other."""
    parts = "".join(f"    {node}: {{box: [words]}}\n" for node in nodes)
    chain = " -> ".join(nodes)
    return lorafig.loads(f"id: {name}\ntitle: T\nflow:\n  nodes:\n{parts}  edges: [{chain}]\n")


def ids(html: str) -> list[str]:
    return re.findall(r'<[^>]*? id="([^"]*)"', html)


@pytest.mark.parametrize("text", ["paths", "live"])
def test_figures_whose_names_run_together(text: str) -> None:
    drawn = [
        flow("a", "a-x", "b", "a-a-x"),
        flow("a-a", "x", "b", "panel-1"),
        flow("a-a-x", "label", "b"),
        flow("a-b", "to-x", "x-label"),
    ]
    found = [set(ids(figure.to_svg(text=text))) for figure in drawn]  # type: ignore[arg-type]
    assert all(len(one) > 5 for one in found)
    assert not any(one & other for one, other in combinations(found, 2))


def test_parts_that_are_called_as_what_every_figure_has() -> None:
    found = ids(flow("title", "title", "desc", "title-label", "panel-1", "item").to_svg())
    assert len(found) == len(set(found))


@given(NAMES, NAMES, NAMES, NAMES)
def test_ids_of_different_figures_differ(one: str, part: str, other: str, another: str) -> None:
    def scene(name: str) -> Scene:
        return Scene(name, "", "", 1, 1, 1, (1, 1), {}, {}, {}, {}, ())

    if one != other:
        assert identity(scene(one), part) not in (identity(scene(other), another), other)
        assert identity(scene(one), "_title") != identity(scene(other), part)


def test_names_of_parts_have_no_sign_that_separates() -> None:
    for path in Path("figures").glob("*.yaml"):
        scene = lay_out(lorafig.load(path).spec)
        assert not [name for name in _names(scene.items) if "_" in name]


def _names(items: object) -> list[str]:
    found = []
    for item in items:  # type: ignore[attr-defined]
        found += [item.name, *_names(getattr(item, "items", ()))]
    return found


@pytest.mark.parametrize("builder", ["html", "singlehtml"])
def test_documents_whose_names_are_alike(builder: str, tmp_path: Path) -> None:
    chapter = "Chapter\n=======\n\n.. lorafig:: /mine.yaml\n\n.. lorafig:: /mine.yaml\n"
    write(tmp_path, {
        "conf.py": "project = 'book'\nextensions = ['lorafig.embed.sphinx']\n",
        "index.rst": "Book\n====\n\n.. toctree::\n\n   a/b\n   a-b\n   A-b\n",
        "mine.yaml": SPEC, "a/b.rst": chapter, "a-b.rst": chapter, "A-b.rst": chapter,
    })  # fmt: skip
    built(f"sphinx-build -q -b {builder} . out", tmp_path)
    pages = ["index"] if builder == "singlehtml" else ["a/b", "a-b", "A-b"]
    drawn = [figure for page in pages for figure in figures((tmp_path / "out" / f"{page}.html").read_text())]
    found = [one for figure in drawn for one in ids(figure)]
    assert len(drawn) == 6
    assert len(found) == len(set(found))
