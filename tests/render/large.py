"""A scene of many boxes with labels and arrows, for speed and memory."""

from __future__ import annotations

import scenes
from msgspec.structs import replace

from lorafig.scene import Arrow, End, Item, Label, Place, Scene, Shape


def boxes(count: int) -> Scene:
    """A grid of `count` boxes, each with a label of three letters and an arrow to the next."""
    base = scenes.two_panels()
    builder = scenes.Builder(dict(base.lengths) | {"step": 20.0}, 10.0)
    line = builder.math([("BAx", "m", 0)], "BAx")
    items: list[Item] = []
    columns = 100
    for number in range(count):
        x, y = 20.0 * (number % columns), 20.0 * (number // columns)
        name = f"box-{number}"
        at = (
            Place("south west")
            if number == 0
            else Place("west", f"box-{number - 1}", "east", ((1.0, "gap"),))
        )
        corners = (x, y), (x + 14, y), (x + 14, y + 5), (x, y + 5)
        items.append(Shape(name, "trainable", corners, at, ((1.0, "term"),), ((1.0, "bar"),)))
        placed = replace(line, origin=(x + 2, y + 2))
        centre = x + 7, y + 2.5
        items.append(
            Label(
                f"{name}-label",
                "trainable",
                centre,
                line.width,
                line.height,
                10.0,
                4.2,
                (placed,),
                Place("center", name),
            )
        )
        if number:
            start, end = End(f"box-{number - 1}", "east"), End(name, "west")
            items.append(Arrow(f"arrow-{number}", "flow", ((x - 6, y + 2.5), (x, y + 2.5)), start, end))
    outlines = dict(base.outlines) | builder.setter.outlines
    height = 20.0 * ((count - 1) // columns + 1)
    return replace(base, id="boxes", width=2000.0, height=height, items=tuple(items), outlines=outlines)
