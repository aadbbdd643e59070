"""A figure in Russian: the same picture in every backend, and TeX that says what it needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_cjk import PREAMBLE, run, words
from test_parity import agree

import lorafig
from lorafig.layout import layout
from lorafig.render import svg, tex, tikz
from lorafig.resources import folder

SPEC = """id: russian
title: Адаптер
model: {d: 256, r: 4}
flow:
  direction: down
  nodes: {x: {box: ['Вход **жирный** $x$, ёлка']}, y: {box: [їжак ґанок]}}
  edges: ['x -> y']
"""
FIGURE = r"\begin{document}\input{russian.tikz}\end{document}"


@pytest.fixture(scope="module")
def fragment() -> str:
    return tikz.render(layout(lorafig.loads(SPEC).spec))


def test_backends_agree_and_name_the_font(tmp_path: Path) -> None:
    scene = layout(lorafig.loads(SPEC).spec)
    agree(scene, tmp_path)
    live = svg.render(scene, text="live")
    assert "Вход" in live
    assert "жирный" in live
    assert "Liberation Sans" in live


def test_a_document_of_its_own_has_the_letters(tmp_path: Path) -> None:
    source = tikz.render(layout(lorafig.loads(SPEC).spec), standalone=True)
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(tex.compile_pdf(source))
    assert words(pdf).split() == ["Входжирныйx,ёлка", "їжакґанок"]


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("pdflatex", r"Package lorafig Error: Add \usepackage[T2A,T1]{fontenc} to the preamble."),
        (
            "xelatex",
            r"Package lorafig Error: Add \usepackage{fontspec} and a font with Cyrillic to the",
        ),
    ],
)
def test_a_document_without_cyrillic_is_told_what_to_add(
    engine: str, said: str, fragment: str, tmp_path: Path
) -> None:
    (tmp_path / "russian.tikz").write_text(fragment, encoding="utf-8")
    status, log = run(engine, r"\documentclass{article}" + PREAMBLE + FIGURE, tmp_path)
    assert status != 0
    assert said in log


def test_a_document_with_a_font_of_its_own_sets_it(fragment: str, tmp_path: Path) -> None:
    (tmp_path / "russian.tikz").write_text(fragment, encoding="utf-8")
    fonts = rf"\usepackage{{fontspec}}\setmainfont{{cyrillic-serif-regular.ttf}}[Path={folder('fonts')}/]"
    document = r"\documentclass{article}" + PREAMBLE + fonts + FIGURE
    status, log = run("xelatex", document, tmp_path)
    assert status == 0, log[-2000:]
    assert "їжакґанок" in words(tmp_path / "main.pdf")
