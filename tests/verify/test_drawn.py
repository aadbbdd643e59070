"""The picture is held to the spec: each thing drawn wrong is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import lorafig
from lorafig.draw import lay_out
from lorafig.language.model import Arrow as SpecArrow
from lorafig.language.model import Bar, Bottleneck, Figure, Panel, Split, Square, Sum
from lorafig.language.model import Brace as SpecBrace
from lorafig.layout import layout
from lorafig.scene import Arrow, Brace, Group, Item, Scene, Shape, walk
from lorafig.values import replace
from lorafig.verify import verify
from tests.verify.figures import two_panel

BRACED = two_panel(h=Bar("h", span=False, brace=SpecBrace("d")))
WITH_ARROWS = replace(
    BRACED,
    row=(
        Panel((Bar("x"), SpecArrow(), Split((Square("W"), Bottleneck(("A", "B")))), Sum("arrows"), Bar("h"))),
    ),
)


def changed(scene: Scene, name: str, change: Callable[[Any], Item | None]) -> Scene:
    """The scene with one item changed, or left out."""

    def visit(items: tuple[Item, ...]) -> tuple[Item, ...]:
        found = []
        for item in items:
            if isinstance(item, Group):
                found.append(replace(item, items=visit(item.items)))
            else:
                new = change(item) if item.name == name else item
                if new is not None:
                    found.append(new)
        return tuple(found)

    return replace(scene, items=visit(scene.items))


def moved(right: float, up: float) -> Callable[[Any], Item]:
    def move(item: Any) -> Item:
        if isinstance(item, Shape):
            return replace(item, points=tuple((x + right, y + up) for x, y in item.points))
        if isinstance(item, Brace):
            (x0, y0), (x1, y1) = item.start, item.end
            return replace(item, start=(x0 + right, y0 + up), end=(x1 + right, y1 + up))
        assert isinstance(item, Arrow)
        return replace(item, points=tuple((x + right, y + up) for x, y in item.points))

    return move


def upside_down(item: Any) -> Item:
    _, y0, _, y1 = item.box
    return replace(item, points=tuple((x, y0 + y1 - y) for x, y in item.points))


def turned(item: Any) -> Item:
    return replace(item, points=item.points[::-1])


def slanted(item: Any) -> Item:
    (x, y), *rest = item.points
    return replace(item, points=((x + 0.5, y), *rest))


def wider(item: Any) -> Item:
    return replace(item, points=tuple((x * 1.001, y) for x, y in item.points))


def findings(figure: Figure, scene: Scene) -> str:
    report = verify(figure, scene, floating=False)
    assert report.verdict == ("fails" if report.problems() else "holds")
    return "\n".join(str(problem) for problem in report.problems())


@pytest.mark.parametrize("figure", [BRACED, WITH_ARROWS], ids=["bars", "arrows"])
def test_what_is_laid_out_holds(figure: Figure) -> None:
    assert findings(figure, layout(figure)) == ""


@pytest.mark.parametrize(
    ("figure", "name", "change", "says"),
    [
        (BRACED, "A", upside_down, "the lower side of A is"),
        (BRACED, "B", upside_down, "the upper side of B is"),
        (BRACED, "W", wider, "the lower side of W is"),
        (BRACED, "x-2", wider, "the lower side of x is"),
        (BRACED, "h", moved(0.0, -60.0), "h is not drawn above"),
        (BRACED, "B", moved(0.0, -30.0), "B is not drawn above A"),
        (BRACED, "W", lambda item: None, "the spec asks for 9 shapes, and 8 are drawn"),
        (BRACED, "h-brace", moved(0.01, 0.0), "the brace h-brace goes from"),
        (BRACED, "h-brace", moved(0.0, 0.5), "does not lie along the edge of h"),
        (BRACED, "h-brace", lambda item: replace(item, of="W"), "and the edge of W that it measures"),
        (BRACED, "equation-2-brace", moved(30.0, 0.0), "reaches beyond equation-2"),
        (WITH_ARROWS, "x-to-W", turned, "does not point upwards"),
        (WITH_ARROWS, "x-to-A", moved(0.0, 1.0), "the arrow x-to-A misses the edge of x"),
        (WITH_ARROWS, "W-to-sum", moved(0.0, 1.0), "the arrow W-to-sum misses the edge of sum"),
        (WITH_ARROWS, "A-to-B", slanted, "the arrow A-to-B does not run along the axes"),
        (WITH_ARROWS, "A-to-B", lambda item: None, "what flows from A to B has no arrow"),
        (BRACED, "B-to-sum", lambda item: None, "what flows from B to sum has no arrow"),
    ],
)  # fmt: skip
def test_what_is_drawn_wrong_is_found(
    figure: Figure, name: str, change: Callable[[Any], Item], says: str
) -> None:
    assert says in findings(figure, changed(layout(figure), name, change))


def test_a_smaller_dimension_is_drawn_shorter() -> None:
    scene = layout(BRACED)
    lengths = {**scene.lengths, "r": scene.lengths["d"] + 1}
    assert "r = 8 is drawn" in findings(BRACED, replace(scene, lengths=lengths))


def test_equal_dimensions_are_drawn_equal() -> None:
    figure = two_panel(
        k=768,
        W_math=r"W \in \mathbb{R}^{d\times k}",
        after=(Bar("x"), Square(r"W_{\mathrm{merged}}"), Bar("h")),
    )
    scene = layout(figure)
    assert findings(figure, scene) == ""
    assert "are equal, and are drawn" in findings(figure, replace(scene, lengths={**scene.lengths, "k": 1.0}))


@pytest.mark.parametrize("letter", ["q", "k", "v", "o"])
def test_the_symbols_of_a_projection_are_drawn_as_those_of_the_layer(letter: str) -> None:
    """Verification took A_q as A, r × d, and the layout drew it at no length."""
    layer = (
        "id: a\ntitle: One projection\nmodel: {d: 768, k: 512, r: 8}\nstack:\n- bar: x\n"
        "- split: [{square: W}, {bottleneck: [A, B], brace: r}]\n- sum: [W x, B A x]\n- bar: h\n"
    )
    projection = re.sub(r"\b([WAB])(?=[],} ])", rf"\1_{letter}", layer)
    assert projection.count(f"_{letter}") == 6
    drawn = []
    for text in (layer, projection):
        figure = lorafig.loads(text)
        assert figure.check().verdict == "holds"
        scene = lay_out(figure.spec)
        shapes = [item for item in walk(scene.items) if isinstance(item, Shape)]
        widths = [max(x for x, _ in item.points) - min(x for x, _ in item.points) for item in shapes]
        drawn.append(([item.role for item in shapes], [round(width / widths[0], 2) for width in widths]))
    assert drawn[0] == drawn[1]
