"""Outlines of shapes: round where they should be, grown evenly, and begun where TikZ begins them."""

from __future__ import annotations

from math import dist

import extract
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.render import shapes, strokes
from lorafig.scene import Form, Place, Point, Shape

length = st.floats(0.5, 200)
ROUND: list[Form] = ["rounded", "stadium", "circle"]


def shape(form: Form, width: float, height: float, corner: float = 0.0) -> Shape:
    points: tuple[Point, ...] = (0.0, 0.0), (width, 0.0), (width, height), (0.0, height)
    if form == "diamond":
        points = (width / 2, 0.0), (width, height / 2), (width / 2, height), (0.0, height / 2)
    if form == "hexagon":
        tip, middle = height / 4, height / 2
        lower, upper = ((tip, 0.0), (width - tip, 0.0)), ((width - tip, height), (tip, height))
        points = *lower, (width, middle), *upper, (0.0, middle)
    return Shape("a", "role", points, Place("center"), (), (), None, form, corner)


def box(path: strokes.Path) -> tuple[float, ...]:
    return extract._box(strokes.flatten(path))


@given(st.sampled_from(ROUND), length, length, st.floats(0, 300), st.floats(0, 2))
def test_an_outline_fills_its_box_however_far_it_is_grown(form: Form, width, height, corner, grown) -> None:
    height = width if form == "circle" else height
    path = shapes.outline(shape(form, width, height, corner), grown)
    assert box(path) == pytest.approx((-grown, -grown, width + grown, height + grown))


@given(st.sampled_from(ROUND), length, length, st.floats(0.2, 300), st.floats(0.01, 0.3))
def test_a_line_is_as_wide_around_a_corner_as_along_a_side(form: Form, width, height, corner, line) -> None:
    height = width if form == "circle" else height
    one = shape(form, width, height, corner)
    inner, outer = (strokes.flatten(shapes.outline(one, by)) for by in (-line / 2, line / 2))
    if shapes.corner(one) > line / 2:
        away = [extract._farthest([point], [(*inner, inner[0])]) for point in outer]
        assert away == pytest.approx([line] * len(outer), rel=0.01, abs=0.003 * shapes.corner(one))


def test_a_radius_is_no_more_than_half_of_the_shorter_side() -> None:
    assert shapes.corner(shape("rounded", 10, 4, 3)) == 2
    assert shapes.corner(shape("rounded", 10, 4, 1)) == 1
    assert shapes.corner(shape("stadium", 10, 4)) == 2
    assert shapes.corner(shape("circle", 4, 4)) == 2
    assert shapes.corner(shape("box", 10, 4, 1)) == shapes.corner(shape("diamond", 10, 4, 1)) == 0
    assert shapes.outline(shape("rounded", 10, 4, 0)) == shapes.outline(shape("box", 10, 4))


def test_an_outline_begins_where_tikz_begins_it() -> None:
    """A rectangle below left, one with round corners above right, a circle and a diamond on the right."""
    starts = {
        "box": (0.0, 0.0), "rounded": (9.0, 4.0), "stadium": (8.0, 4.0), "diamond": (10.0, 2.0),
        "hexagon": (1.0, 0.0),
    }  # fmt: skip
    forms_: list[Form] = ["box", "rounded", "stadium", "diamond", "hexagon"]
    assert {form: shapes.outline(shape(form, 10, 4, 1))[0][1][0] for form in forms_} == starts
    assert shapes.outline(shape("circle", 4, 4))[0][1][0] == (4.0, 2.0)


@given(st.sampled_from(ROUND), length, length)
def test_backwards_is_the_same_curve(form: Form, width: float, height: float) -> None:
    path = shapes.outline(shape(form, width, height, 1.0))
    there, back = strokes.flatten(path), strokes.flatten(strokes.backwards(path))
    assert max(dist(p, q) for p, q in zip(there, back[::-1], strict=True)) < 1e-9


def test_a_node_has_the_anchors_that_tikz_gives_it() -> None:
    assert shapes.node_anchor(shape("rounded", 10, 4, 1), "north east") == (10, 4)
    assert shapes.node_anchor(shape("diamond", 10, 4), "north east") == (7.5, 3)
    assert shapes.node_anchor(shape("circle", 4, 4), "south west") == pytest.approx((2 - 2**0.5, 2 - 2**0.5))
    assert shapes.node_anchor(shape("circle", 4, 4), "west") == (0, 2)


def trapezoid(lower: float, upper: float, height: float, corner: float) -> Shape:
    half, wide = lower / 2, max(lower, upper)
    points = (-half, 0.0), (half, 0.0), (upper / 2, height), (-upper / 2, height)
    sides = ((1.0, "lower"),), ((1.0, "upper"),)
    return Shape("a", "role", points, Place("center"), ((wide, "w"),), (), sides, "box", corner)


@given(st.floats(4, 40), st.floats(4, 40), st.floats(4, 30), st.floats(0.1, 0.8))
def test_slanted_corners_have_the_radius_of_right_ones(lower, upper, height, corner) -> None:
    """The circle of that radius that lies against both sides touches them where the curve begins and ends."""
    points = trapezoid(lower, upper, height, corner).points
    sides = list(zip((points[-1], *points[:-1]), points, (*points[1:], points[0]), strict=True))
    for cut, (before, at, after) in zip(shapes.insets(points, corner), sides, strict=True):
        if cut < min(dist(at, before), dist(at, after)) / 2 - 1e-9:
            one, other = (shapes.towards(at, to, 1.0) for to in (before, after))
            middle = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
            slope = dist(one, middle) / dist(at, middle)  # the tangent of half the angle
            assert cut * slope == pytest.approx(corner)


def test_no_curve_goes_further_than_half_way_along_a_side() -> None:
    assert shapes.insets(trapezoid(10, 1, 8, 3).points, 3)[2:] == (0.5, 0.5)
    assert shapes.insets(((0, 0), (4, 0), (4, 2), (0, 2)), 0.5) == pytest.approx([0.5] * 4)


def test_a_trapezoid_is_rounded_where_its_sides_are_not() -> None:
    rounded, sharp = trapezoid(10, 4, 6, 0.5), trapezoid(10, 4, 6, 0.0)
    assert [command for command, _ in shapes.outline(rounded)] == ["M", *"LC" * 4]
    assert shapes.outline(sharp) == tuple(
        (command, (point,)) for command, point in zip("MLLL", sharp.points, strict=True)
    )
    for command, (*_, end) in shapes.outline(rounded):
        if command != "C":
            assert extract._farthest([end], [(*sharp.points, sharp.points[0])]) < 1e-9
    inner, outer = (strokes.flatten(shapes.outline(rounded, by)) for by in (-0.14, 0.14))
    away = [extract._farthest([point], [(*inner, inner[0])]) for point in outer]
    assert min(away) > 0.27
    assert max(away) < 0.34  # PGF's curves are not circles where a corner is not a right one
