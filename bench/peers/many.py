"""Where the boxes and arrows of the large figure lie; millimetres, y points down as in SVG.

A layer is a wide box, arrows from it to 98 boxes, and arrows from these to the next layer.
"""

from __future__ import annotations

from collections.abc import Iterator

BRANCHES = 98
BOX, HIGH, GAP, RISE = 13.2, 2.8, 4.2, 5.6
STEP = BOX + GAP
WIDE = BRANCHES * STEP - GAP
LEFT = 5.0  # room for the labels, which stand left of the boxes
LAYER = 2 * (HIGH + RISE)


def size(layers: int) -> tuple[float, float]:
    return LEFT + WIDE + 1, layers * LAYER + HIGH + 2


def boxes(layers: int) -> Iterator[tuple[float, float, float, str]]:
    """Left, top, width and label."""
    floor = layers * LAYER + 1
    for layer in range(layers):
        label = f"y{layer}"
        yield LEFT, floor - layer * LAYER, WIDE, label
        for branch in range(BRANCHES):
            yield LEFT + branch * STEP, floor - layer * LAYER - LAYER / 2, BOX, label
    yield LEFT, 1.0, WIDE, f"y{layers}"


def arrows(layers: int) -> Iterator[tuple[float, float, float]]:
    """x, and y of the tail and of the tip."""
    floor = layers * LAYER + 1
    for half in range(2 * layers):
        tail = floor - half * LAYER / 2
        for branch in range(BRANCHES):
            yield LEFT + branch * STEP + BOX / 2, tail, tail - RISE
