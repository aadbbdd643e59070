"""A product as it is drawn: every matrix as long and as wide as its dimensions, with all of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, prod

from lorafig.graph.picture import Factor, Picture
from lorafig.language import model
from lorafig.scene import Arrow, Group, Scene, Shape, walk
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.product import extent
from lorafig.verify.meaning.terms import ONE, TIMES

EXACT = 1e-6  # mm
ROUNDED = 1e-3


def check(
    picture: Picture, group: Group, scene: Scene, collector: Collector
) -> Iterator[tuple[str, str, model.Matrix | model.Vector | None]]:
    """What is drawn wrong, how, and what of the spec asks for it."""
    items = list(walk(group.items))
    # What lies on a matrix, its cells and blocks, is placed from its corner.
    shapes = [item for item in items if isinstance(item, Shape) and item.place.anchor == "west"]
    asked = [(factor, own) for factor in picture.factors() if (own := _extent(factor, collector)) is not None]
    if len(asked) != len(shapes):
        yield "matrices", f"the spec asks for {len(asked)} matrices, and {len(shapes)} are drawn", None
        return
    for (factor, own), shape in zip(asked, shapes, strict=True):
        x0, y0, x1, y1 = shape.box
        for what, side, length in (("height", own[0], y1 - y0), ("width", own[1], x1 - x0)):
            due = _due(side, scene.lengths, collector)
            if abs(length - due) > EXACT:
                drawn = "at no length" if due == inf else f"{due:.3f} mm long"
                told = f"the {what} of {shape.name} is {length:.3f} mm, and {side} is drawn {drawn}"
                yield factor.symbol, told, factor.spec
        if abs(y0 + y1 - shapes[0].box[1] - shapes[0].box[3]) > ROUNDED:
            yield factor.symbol, f"{shape.name} does not lie on the middle line of the others", factor.spec
        for item in items:
            if isinstance(item, Shape) and item.place.of == shape.name and item.place.anchor == "north west":
                a0, b0, a1, b1 = item.box
                if min(a0 - x0, b0 - y0, x1 - a1, y1 - b1) < -ROUNDED:
                    yield factor.symbol, f"{item.name} reaches beyond {shape.name}", factor.spec
        lines = sum(_is_grid(item, shape) for item in items)
        cells = None if factor.spec is None else factor.spec.cells
        if isinstance(cells, model.Cells) and lines != cells.rows + cells.columns - 2:
            told = f"{shape.name} has {lines} lines for {cells.rows} × {cells.columns} cells"
            yield factor.symbol, told, factor.spec


def _due(side: str, lengths: Mapping[str, float], collector: Collector) -> float:
    """How long a side is to be drawn. One that a Kronecker product has, m·n, is as long as any size of that
    value."""
    own = lengths.get("entry" if side == ONE else side)
    if own is not None or TIMES not in side:
        return inf if own is None else own
    sizes = collector.judge.symbols.dimensions
    values = [int(part) if part.isdecimal() else sizes.get(part) for part in side.split(TIMES)]
    whole = None if None in values else prod(filter(None, values))
    return next(
        (length for name, length in lengths.items() if whole is not None and sizes.get(name) == whole), inf
    )


def _is_grid(item: object, shape: Shape) -> bool:
    return isinstance(item, Arrow) and item.start.of == shape.name and item.role.endswith(" grid")


def _extent(factor: Factor, collector: Collector) -> tuple[str, str] | None:
    """The rows and columns of what is drawn to scale; None of a number."""
    own = extent(factor.symbol, collector)
    return None if own == (ONE, ONE) and factor.spec is None else own
