"""Braces, arrows and outlines: their properties, and that they are what PGF paints."""

from __future__ import annotations

from math import dist, pi
from pathlib import Path

import extract
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.render import strokes, tex

length = st.floats(0.5, 200)


@given(length, st.floats(0.1, 20), st.sampled_from(["over", "under"]))
def test_brace_begins_ends_and_points_where_it_should(span: float, amplitude: float, side) -> None:
    path = strokes.brace((3.0, 2.0), (3.0 + span, 2.0), side, amplitude)
    points = strokes.flatten(path)
    up = 1 if side == "over" else -1
    heights = [(y - 2.0) * up for _, y in points]
    assert points[0] == (3.0, 2.0)
    assert points[-1] == (3.0 + span, 2.0)
    assert max(heights) == pytest.approx(amplitude)
    assert min(heights) == pytest.approx(0.0, abs=1e-9)
    assert points[heights.index(max(heights))][0] == pytest.approx(3.0 + span / 2)


@given(length, st.floats(0.1, 20))
def test_brace_is_symmetric(span: float, amplitude: float) -> None:
    points = strokes.flatten(strokes.brace((0.0, 0.0), (span, 0.0), "over", amplitude))
    for (x, y), (u, v) in zip(points, reversed(points), strict=True):
        assert (x, y) == pytest.approx((span - u, v), abs=1e-9)


def test_brace_of_no_length_is_a_point() -> None:
    assert strokes.brace((1.0, 1.0), (1.0, 1.0), "over", 2.0) == (("M", ((1.0, 1.0),)),)


@given(st.floats(0, 2 * pi), length, st.floats(1, 5), st.floats(0.1, 0.5))
def test_arrow_ends_at_its_tip_whatever_its_direction(
    angle: float, far: float, long: float, line: float
) -> None:
    from math import cos, sin

    tip = far * cos(angle), far * sin(angle)
    shaft, head = strokes.arrow((0.0, 0.0), tip, (long, 0.8 * long), line)
    assert shaft[0] == (0.0, 0.0)
    assert dist(tip, head[0]) < 0.02 * long
    assert dist(shaft[1], tip) == pytest.approx(strokes.stealth(long, 0.8 * long, line)[0])


def test_arrow_of_no_length_has_no_head() -> None:
    assert strokes.arrow((1.0, 2.0), (1.0, 2.0), (2.0, 1.5), 0.3) == (((1.0, 2.0), (1.0, 2.0)), ())


@given(length, length, st.floats(0.01, 2))
def test_rectangle_grown_and_shrunk(width: float, height: float, line: float) -> None:
    box = ((0.0, 0.0), (width, 0.0), (width, height), (0.0, height))
    outer, inner = strokes.grow(box, line / 2), strokes.grow(box, -line / 2)
    half = line / 2
    assert outer[0] == pytest.approx((-half, -half))
    assert outer[2] == pytest.approx((width + half, height + half))
    assert inner[0] == pytest.approx((half, half))


def test_a_corner_too_sharp_for_a_mitre_is_cut_off() -> None:
    sharp = ((0.0, 0.0), (100.0, 0.0), (0.0, 1.0))
    assert max(x for x, _ in strokes.grow(sharp, 1.0)) < 102
    assert len(strokes.grow(sharp, 1.0)) == 4


@given(length, st.floats(0.05, 1))
def test_stroke_of_a_straight_line_is_a_rectangle(far: float, line: float) -> None:
    outline = strokes.stroke(((0.0, 0.0), (far, 0.0)), line)
    corners = [(0, line / 2), (0, -line / 2), (far, line / 2), (far, -line / 2)]
    assert len(outline) == 4
    assert max(extract.match(corners, outline)) < 1e-9


PICTURE = r"""\documentclass[border=0pt]{standalone}
\usepackage{tikz}
\usetikzlibrary{arrows.meta, decorations.pathreplacing}
\begin{document}
\begin{tikzpicture}[line width=0.3mm]
  \path[use as bounding box] (0,0) rectangle (100mm,60mm);
  %s
\end{tikzpicture}
\end{document}
"""


@pytest.mark.parametrize("span", [2.0, 5.0, 6.0, 30.0])
@pytest.mark.parametrize("side", ["over", "under"])
def test_brace_is_what_pgf_paints(span: float, side, tmp_path: Path) -> None:
    mirror = "" if side == "over" else "mirror, "
    line = rf"(10mm,20mm) -- ({10 + span}mm,20mm)"
    source = rf"\draw[decorate, decoration={{brace, {mirror}amplitude=1.5mm}}] {line};"
    (mark,) = extract.from_pdf(tex.compile_pdf(PICTURE % source), tmp_path).marks
    (theirs,) = mark.subpaths
    ours = strokes.flatten(strokes.brace((10.0, 20.0), (10 + span, 20.0), side, 1.5), extract.PIECES)
    assert max(min(dist(p, q) for q in theirs) for p in ours) < 0.01
    assert max(min(dist(p, q) for q in ours) for p in theirs) < 0.01
    outline = strokes.stroke(ours, 0.3)
    box = (
        min(x for x, _ in outline),
        min(y for _, y in outline),
        max(x for x, _ in outline),
        max(y for _, y in outline),
    )
    assert box == pytest.approx(extract.box(extract._paint(mark)), abs=0.01)


@pytest.mark.parametrize(
    ("long", "wide", "line"), [(2.2, 1.8, 0.28), (2.6, 2.0, 0.35), (1.5, 1.5, 0.5), (4.0, 2.0, 0.1)]
)
@pytest.mark.parametrize("tip", [(50.0, 20.0), (10.0, 50.0), (30.0, 45.0)])
def test_arrow_is_what_pgf_paints(long: float, wide: float, line: float, tip, tmp_path: Path) -> None:
    head = rf"-{{Stealth[length={long}mm, width={wide}mm]}}"
    source = rf"\draw[line width={line}mm, {head}] (10mm,20mm) -- ({tip[0]}mm,{tip[1]}mm);"
    shaft, painted = extract.from_pdf(tex.compile_pdf(PICTURE % source), tmp_path).marks
    ours_shaft, ours_head = strokes.arrow((10.0, 20.0), tip, (long, wide), line)
    assert dist(shaft.subpaths[0][-1], ours_shaft[1]) < 0.01
    assert extract.apart(extract._paint(painted), [(ours_head,)]) < 0.02
