"""Nodes that open into panels of their own: a frame round the panel, and a wedge that leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lorafig.language.model import Figure, Panel
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Sheet
from lorafig.scene import OPPOSITE, Box, Place, Shape, Side, Wedge


def opened(figure: Figure) -> frozenset[str]:
    """The names of the panels that nodes of others open into."""
    flows = [entry.flow for entry in figure.row if isinstance(entry, Panel) and entry.flow is not None]
    return frozenset(str(node.opens) for flow in flows for node in flow.nodes if node.opens is not None)


def frame(sheet: Sheet, name: str, held: Sequence[str], floor: Spot, tall: float) -> Shape:
    """A frame round all that a panel holds, as high as the row; `floor` is the panel's lower middle."""
    assert floor.of is not None
    boxes = [sheet.boxes[item] for item in held if item in sheet.boxes]
    x, y = sheet.point(floor.of, floor.at, floor.right, floor.up)
    pad = sheet.lengths["frame pad"]
    x0, x1 = min(box[0] for box in boxes) - pad, max(box[2] for box in boxes) + pad
    y0, y1 = min(y, *(box[1] for box in boxes)) - pad, max(y + tall, *(box[3] for box in boxes)) + pad
    spot = floor.shifted(sheet.signed("panel offset", (x0 + x1) / 2 - x))
    spot = spot.raised(sheet.signed("panel drop", y0 - y))
    place = Place("south", spot.of, spot.at, spot.right, spot.up)
    wide, high = sheet.length("panel width", x1 - x0), sheet.length("panel height", y1 - y0)
    shape = sheet.rectangle(f"{name}-frame", "panel", wide, high, place)
    sheet.items.remove(shape)
    return shape


def wedges(
    sheet: Sheet, figure: Figure, opening: Iterable[tuple[str, str]], frames: Mapping[int, Shape]
) -> Iterator[Wedge]:
    """From each shape that opens to the frame of the panel of this name."""
    named = {str(entry.name): number for number, entry in enumerate(figure.row) if isinstance(entry, Panel)}
    for of, panel in opening:
        to = frames[named[panel]]
        side = _side(sheet.boxes[of], to.box)
        ends, others = sheet.edge(of, side), sheet.edge(to.name, OPPOSITE[side])
        name = sheet.unique(f"{of}-opens")
        yield Wedge(name, "wedge", (*ends, *reversed(others)), of, to.name, side)


def _side(of: Box, to: Box) -> Side:
    """The side of a shape on which another lies."""
    if to[0] >= of[2] or to[2] <= of[0]:
        return "right" if to[0] >= of[2] else "left"
    return "under" if to[3] <= of[1] else "over"
