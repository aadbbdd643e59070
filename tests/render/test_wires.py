"""Lines from point to point: properties of any of them, and that they are what PGF paints."""

from __future__ import annotations

from itertools import pairwise
from math import dist, hypot, inf
from pathlib import Path
from random import Random

import extract
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.render import strokes, tex, wires
from lorafig.render.tikz.names import Lengths
from lorafig.render.tikz.ways import Way
from lorafig.scene import Arrow, Dash, End, Point

HEAD = (2.4, 1.8)
NOWHERE = End("a", "center")
# Whole tenths: points on a line, repeated ones and right angles come up often.
coordinate = st.integers(-150, 150).map(lambda tenths: tenths / 10)
way = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=8).map(tuple)
corner = st.sampled_from([0.0, 0.3, 1.0, 2.0, 50.0])
line_width = st.sampled_from([0.1, 0.28, 0.7])


def line(points: tuple[Point, ...], corner: float = 0.0, head: bool = True, tail: bool = False) -> Arrow:
    return Arrow("line", "line", points, NOWHERE, NOWHERE, head, tail, corner)


def beside(point: Point, path: tuple[Point, ...]) -> float:
    return extract._farthest([point], [path])


@given(way)
def test_a_route_has_the_ends_of_its_line_and_leaves_its_way(points: tuple[Point, ...]) -> None:
    route = wires.route(points)
    assert route[0] == points[0]
    assert len(route) == 1 or route[-1] == points[-1]
    assert all(dist(p, q) > wires.TINY for p, q in pairwise(route))
    assert all(beside(point, route) < 0.02 for point in points)
    assert wires.route(route) == route


@given(way, st.data())
def test_repeated_points_and_points_on_the_way_change_nothing(points: tuple[Point, ...], data) -> None:
    more = [points[0]]
    for p, q in pairwise(points):
        if data.draw(st.booleans()):
            more.append(p)
        if data.draw(st.booleans()):
            more.append(((p[0] + q[0]) / 2, (p[1] + q[1]) / 2))
        more.append(q)
    assert wires.route(tuple(more)) == wires.route(points)


@given(way, corner, line_width, st.booleans(), st.booleans())
def test_a_line_is_whole(points, corner: float, width: float, head: bool, tail: bool) -> None:
    shaft, heads = wires.wire(line(points, corner, head, tail), HEAD, width)
    flat = strokes.flatten(shaft)
    assert all(abs(x) < 1e4 and abs(y) < 1e4 for x, y in (*flat, *(p for h in heads for p in h)))
    route = wires.route(points)
    if len(route) == 1:
        assert (flat, heads) == ((points[0],), ())
        return
    assert len(heads) == head + tail
    taken = strokes.stealth(*HEAD, width)[0]
    assert dist(flat[0], points[0]) == pytest.approx(taken if tail else 0.0)
    assert dist(flat[-1], points[-1]) == pytest.approx(taken if head else 0.0)
    tips = [points[0]] * tail + [points[-1]] * head
    assert all(dist(outline[0], tip) < 0.02 * HEAD[0] for outline, tip in zip(heads, tips, strict=True))


@given(way, corner, line_width, st.booleans(), st.booleans())
def test_bends_stay_between_their_segments(points, corner, width: float, head: bool, tail: bool) -> None:
    item, route = line(points, corner, head, tail), wires.route(points)
    cuts = wires.cuts(route, item, HEAD, width)
    assert len(cuts) == max(0, len(route) - 2)
    lengths = [dist(p, q) for p, q in pairwise(route)]
    taken = strokes.stealth(*HEAD, width)[0]
    for cut, before, after in zip(cuts, lengths, lengths[1:], strict=False):
        assert 0 <= cut <= min(corner, before / 2, after / 2)
    if cuts and head and lengths[-1] > taken:
        assert cuts[-1] <= lengths[-1] - taken + 1e-9
    shaft, _ = wires.wire(item, HEAD, width)
    bends = [i for i, cut in enumerate(cuts, 1) if cut > 0]
    curves = [(start[-1], *curve) for (_, start), (letter, curve) in pairwise(shaft) if letter == "C"]
    assert len(curves) == len(bends)
    for i, curve in zip(bends, curves, strict=True):
        cut = cuts[i - 1]
        assert dist(curve[0], route[i]) == pytest.approx(cut)
        assert dist(curve[3], route[i]) == pytest.approx(cut)
        triangle = np.array([curve[0], route[i], curve[3]])
        # In the triangle: no coordinate within it is negative, and they add up to one.
        for x, y in strokes.flatten((("M", curve[:1]), ("C", curve[1:]))):
            parts = np.linalg.lstsq(np.vstack([triangle.T, np.ones(3)]), np.array([x, y, 1.0]), rcond=None)[0]
            assert (parts.min() > -1e-6) or beside((x, y), tuple(map(tuple, triangle))) < 1e-6


def test_a_bend_at_a_right_angle_is_a_quarter_of_a_circle() -> None:
    shaft, _ = wires.wire(line(((0.0, 0.0), (10.0, 0.0), (10.0, 10.0)), 3.0, head=False), HEAD, 0.3)
    assert [letter for letter, _ in shaft] == ["M", "L", "C", "L"]
    curve = strokes.flatten(shaft)[2:-1]
    assert all(hypot(x - 7, y - 3) == pytest.approx(3.0, abs=0.001) for x, y in curve)


def test_a_line_that_comes_back_is_not_rounded() -> None:
    there_and_back = ((0.0, 0.0), (10.0, 0.0), (4.0, 0.0), (4.0, 5.0))
    assert wires.cuts(there_and_back, line(there_and_back, 1.0, False), HEAD, 0.3) == (0.0, 1.0)


@settings(deadline=None)
@given(way, corner, st.sampled_from([0.1, 0.3, 0.7]), st.sampled_from(sorted(wires.PATTERNS)))
def test_dashes_are_as_long_as_they_should_be(points, corner: float, width: float, dash: Dash) -> None:
    shaft = strokes.flatten(wires.wire(line(points, corner, False), HEAD, width)[0])
    whole = sum(dist(p, q) for p, q in pairwise(shaft))
    pieces = list(wires.dashes(shaft, width, dash))
    drawn = [sum(dist(p, q) for p, q in pairwise(piece)) for piece in pieces]
    on, period = wires.PATTERNS[dash][0] * width, sum(wires.PATTERNS[dash]) * width
    assert sum(drawn) == pytest.approx(whole // period * on + min(on, whole % period), abs=1e-6)
    assert all(length == pytest.approx(on, abs=1e-6) for length in drawn[:-1])
    assert all(beside(point, shaft) < 1e-6 for piece in pieces for point in piece)


def test_a_line_of_no_width_has_no_dashes() -> None:
    assert list(wires.dashes(((0.0, 0.0), (1.0, 0.0)), 0.0)) == []


@given(way, corner, line_width)
@settings(max_examples=60)
def test_what_a_line_covers_has_no_holes_along_it(points, corner: float, width: float) -> None:
    """Filled by the non-zero rule, as Matplotlib does it."""
    shaft = strokes.flatten(wires.wire(line(points, corner, False), HEAD, width)[0])
    if len(shaft) > 1:
        along = np.array(extract._points([(shaft,)], 0.2)[: -max(1, round(dist(shaft[0], shaft[-1]) / 0.2))])
        outline = strokes.stroke(shaft, width)
        outside = along[~extract._covered(along, (outline,))]
        # The ends themselves are on the outline's own edge.
        assert not len(outside) or extract._distances(outside, extract._edges([outline])).max() < 1e-6


def test_one_route_is_written_with_the_bends_that_it_has() -> None:
    def written(points: tuple[Point, ...], corner: float = 2.0, marks=None) -> tuple[str, tuple[str, ...]]:
        item = line(points, corner, head=False)
        route = wires.route(points)
        way = Way(route, wires.cuts(route, item, HEAD, 0.3), "(a.east)", "(b.west)")
        return way.path(marks or {}, Lengths({"bend": 2.0}))

    rounded = (r"rounded corners=\lorafigBend",)
    assert written(((0, 0), (9, 0))) == ("(a.east) -- (b.west)", ())
    assert written(((0, 0), (5, 0), (9, 0))) == ("(a.east) -- (b.west)", ())
    assert written(((0, 0), (9, 0), (9, 9))) == ("(a.east) -| (b.west)", rounded)
    assert written(((0, 0), (0, 9), (9, 9))) == ("(a.east) |- (b.west)", rounded)
    assert written(((0, 0), (9, 0), (9, 9)), 0.0) == ("(a.east) -| (b.west)", ())
    z = (0.0, 0.0), (9.0, 0.0), (9.0, -9.0), (20.0, -9.0)
    assert written(z) == (r"(a.east) -- ++(\lorafigRun, 0) |- (b.west)", rounded)
    middle = r"(a.east) -- ++(\lorafigRun, 0) -- coordinate[midway] (m) ++(0, -\lorafigRun) -- (b.west)"
    assert written(z, 2.0, {(9.0, -4.5): "m"}) == (middle, rounded)
    near = r"(a.east) -- coordinate[pos=0.25] (m) (b.west)"
    assert written(((0, 0), (8, 0)), 2.0, {(2.0, 0.0): "m"}) == (near, ())
    oblique = (0.0, 0.0), (5.0, 5.0), (9.0, 2.0)
    assert written(oblique) == (r"(a.east) -- ++(\lorafigRun, \lorafigRun) -- (b.west)", rounded)
    tight = (0.0, 0.0), (9.0, 0.0), (9.0, 1.0), (20.0, 1.0)
    assert written(tight) == (
        r"(a.east) -- ++(\lorafigRun, 0) |- (b.west)",
        (r"rounded corners=\lorafigBendTwo",),
    )
    uneven = (0.0, 0.0), (9.0, 0.0), (9.0, 5.0), (10.0, 5.0), (10.0, 9.0)
    up = r"[rounded corners=\lorafigBendTwo] -- ++(0, \lorafigRunTwo) -| (b.west)"
    assert written(uneven) == (rf"(a.east) -- ++(\lorafigRun, 0) {up}", rounded)


PICTURE = r"""\documentclass[border=0pt]{standalone}
\usepackage{tikz}
\usetikzlibrary{arrows.meta}
\begin{document}
\begin{tikzpicture}[line width=0.3mm]
  \tikzset{dashes/.style={dash pattern=on %s off %s}, head/.tip={Stealth[length=2.4mm, width=1.8mm]}}
  \path[use as bounding box] (-20mm,-20mm) rectangle (20mm,20mm);
  %s
\end{tikzpicture}
\end{document}
"""


def test_lines_are_what_pgf_paints(tmp_path: Path) -> None:
    """Eighty lines with up to six bends, at right angles and at any, with heads at either end."""
    random, drawn, source = Random(4), [], []
    for number in range(80):
        count, square = random.randint(2, 8), number % 2 == 0
        points = [(random.uniform(-15, 15), random.uniform(-15, 15))]
        for i in range(1, count):
            x, y = random.uniform(-15, 15), random.uniform(-15, 15)
            points.append(
                (points[-1][0] if square and i % 2 else x, points[-1][1] if square and not i % 2 else y)
            )
        item = line(
            tuple(points), random.choice([0.0, 1.0, 4.0]), random.random() < 0.7, random.random() < 0.3
        )
        lengths, route = Lengths({}), wires.route(item.points)
        start, end = (f"({x:.4f}mm,{y:.4f}mm)" for x, y in (route[0], route[-1]))
        way = Way(route, wires.cuts(route, item, HEAD, 0.3), start, end)
        text, options = way.path({}, lengths)
        source += [rf"\def{macro}{{{value}mm}}" for macro, value in lengths.used()]
        dashed = ("dashes",) if number % 3 else ()
        tips = ("head" if item.tail else "") + "-" + ("head" if item.head else "")
        source.append(rf"\draw[{', '.join((tips, *options, *dashed))}] {text};")
        drawn.append((item, number % 3 > 0))
    on, off = (f"{part * 0.3:.4f}mm" for part in wires.PATTERNS["dashed"])
    page = extract.from_pdf(tex.compile_pdf(PICTURE % (on, off, "\n  ".join(source))), tmp_path)
    marks = iter(page.marks)
    for item, is_dashed in drawn:
        shaft, heads = wires.wire(item, HEAD, 0.3)
        ours = tuple((x + 20, y + 20) for x, y in strokes.flatten(shaft, extract.PIECES))
        theirs = next(marks)
        pieces = [tuple(p) for p in theirs.subpaths]
        # A dash that ends right behind a corner has its mitre or has it not: half of a line's width.
        dashes = wires.dashes(ours, 0.3) if is_dashed else (ours,)
        covered = [(strokes.stroke(dash, 0.3),) for dash in dashes]
        far = extract.apart(extract._paint(theirs), covered)
        assert far < (0.16 if is_dashed else 0.03), item
        assert dist(pieces[0][0], ours[0]) < 0.01
        tips = [next(marks) for _ in heads]
        assert all(tip.dashes == () for tip in tips)
        painted = [region for tip in tips for region in extract._paint(tip)]
        outlines = [(tuple((x + 20, y + 20) for x, y in head),) for head in heads]
        assert not heads or extract.apart(painted, outlines) < 0.03, item
    assert next(marks, inf) == inf
