"""The arrangement and the text size at which a figure fits a width.

A figure is never scaled: labels would come out at a size that nobody chose. It is laid out anew with smaller
text, with its equations and its card below, or in fewer columns, until it fits. Of what fits, the largest
text is taken, and then the arrangement that is nearest to the spec's. Where none fits, gaps become smaller,
and where the height is what is short, flows run to the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.model import Equations, Figure, Legend, Panel
from lorafig.scene import Label, Scene, walk
from lorafig.themes.measures import LEAST_TEXT, MM_PER_POINT
from lorafig.themes.palettes import LEAST_UNIT, Named, palette_of
from lorafig.themes.venues import SIZES, Venue
from lorafig.themes.widths import Width

# How much higher than wide what is arranged anew may be: a tower of panels takes a page for itself.
TALLEST = 1.3
WIDTH = "width"  # what a width is called that an author gives
FAR = 1.15  # times what there is: too wide or too high in any smaller size that comes near it
# A figure is set across the page rather than in a column with text below this part of the largest.
IN_COLUMN = 7 / 9


Holder = TypeVar("Holder", Figure, Panel)


class Room(Struct, frozen=True):
    """What a figure has to fit: one of the `widths` in mm, narrowest first, and a height if there is one.
    `places` are what the widths are called, `sizes` those that text may have, largest first."""

    name: str
    widths: tuple[float, ...]
    places: tuple[str, ...]
    sizes: tuple[float, ...] = SIZES
    height: float | None = None


class Composed(Struct, frozen=True):
    """A figure as it fits: which width of the room it has, in mm, and what it is called; how it was
    arranged."""

    figure: Figure
    width: float
    place: str
    arranged: str

    def told(self, name: str) -> str:
        """What came of it, in a line."""
        more = f", {self.arranged}" if self.arranged else ""
        size = self.figure.theme.font_size
        head = "" if self.place == WIDTH else f"{name}: "
        return f"{head}{self.place} of {self.width:.1f} mm, text of {size:g} pt{more}"


def room_of_venue(venue: Venue, width: Width | None = None) -> Room:
    """That of a venue, or of a part of it."""
    widths, places = venue.limits(), venue.called()
    if width is not None:
        widths, places = (width.mm(widths),), (WIDTH,)
    return Room(venue.name, widths, places, venue.text, venue.highest())


def room_of_width(width: Width, size: float) -> Room:
    """That of a width, with text no larger than the spec's."""
    sizes = (size, *(smaller for smaller in SIZES if smaller < size))
    return Room("this width", (width.mm(),), (WIDTH,), sizes)


def composed(figure: Figure, room: Room, lay_out: Callable[[Figure], Scene]) -> Composed:
    """The figure as it fits, in the narrowest width where its text is large enough.

    Errors: LorafigError where no readable size fits.
    """
    tried = [(other, said, _Drawn(lay_out, other, room.sizes[0])) for other, said in _arrangements(figure)]
    for number, (width, place) in enumerate(zip(room.widths, room.places, strict=True)):
        last = number == len(room.widths) - 1
        for size in room.sizes:
            if not last and size < IN_COLUMN * room.sizes[0]:
                break
            for index, (_, said, drawn) in enumerate(tried):
                high = room.height if room.height is not None else None if index == 0 else TALLEST * width
                fitting = drawn.fits(size, width, high)
                if fitting is not None:
                    return Composed(fitting, width, place, said)
    least, widest = room.sizes[-1], room.widths[-1]
    highest = TALLEST * widest if room.height is None else room.height
    others = [*_others(figure, lay_out, room)]
    for size in room.sizes:
        for said, drawn in others:
            fitting = drawn.fits(size, widest, highest)
            if fitting is not None:
                return Composed(fitting, widest, room.places[-1], said)
    every = [*((said, drawn) for _, said, drawn in tried), *others]
    said, low = min(every, key=lambda way: (way[1].at(least).width > widest, way[1].at(least).height))
    scene = low.at(least)
    if scene.width > widest:
        what = f"at {least:g} pt the figure is {scene.width:.0f} mm wide, and {room.name} has {widest:.0f} mm"
        where, hint = _remedy(figure)
        raise LorafigError(Problem(what, where, hint, "width"))
    too_high = f"{scene.height:.0f} mm high, and there are {highest:.0f} mm: {_lower(figure)}"
    return Composed(low.figure_at(least), widest, room.places[-1], ", ".join(filter(None, (said, too_high))))


def _others(figure: Figure, lay_out: Callable[[Figure], Scene], room: Room) -> Iterator[tuple[str, _Drawn]]:
    """What is tried where no arrangement fits: smaller gaps; where there is a height, flows on their side."""
    lying = _lying(figure) if room.height is not None else None
    ways = [(figure, "", True)]
    if lying is not None:
        ways += [(lying, "flows to the right", False), (lying, "flows to the right", True)]
    for way, turned, closer in ways:
        for other, said in _arrangements(way):
            drawn = _Drawn(lay_out, _closer(other) if closer else other, room.sizes[0])
            yield ", ".join(filter(None, (turned, said, "closer together" if closer else ""))), drawn


def _lying(figure: Figure) -> Figure | None:
    """The figure with its flows from left to right; None if none of them leads up or down, or if one must:
    its nodes stand on levels."""
    holders = [entry for entry in (*figure.row, figure) if not isinstance(entry, Equations)]
    flows = [holder.flow for holder in holders if holder.flow is not None]
    upright = [flow for flow in flows if flow.direction in ("up", "down")]
    if not upright or any(node.level is not None for flow in upright for node in flow.nodes):
        return None
    row = tuple(entry if isinstance(entry, Equations) else _laid(entry) for entry in figure.row)
    return _laid(replace(figure, row=row))


def _laid(holder: Holder) -> Holder:
    return holder if holder.flow is None else replace(holder, flow=replace(holder.flow, direction="right"))


def _closer(figure: Figure) -> Figure:
    """The figure with the least gaps that a theme may have."""
    own = figure.theme.palette
    name = copy(own) if isinstance(own, Named) else Named(own)
    name.palette = replace(palette_of(own), unit=min(LEAST_UNIT, palette_of(own).unit))
    return replace(figure, theme=replace(figure.theme, palette=name))


def _remedy(figure: Figure) -> tuple[Place | None, str]:
    """What makes a figure narrower, and where."""
    flows = [panel.flow for panel in (*figure.row, figure) if not isinstance(panel, Equations) and panel.flow]
    for flow in flows:
        if flow.direction in ("right", "left"):
            return flow.where, "set direction: down in the flow: then it is as wide as its longest layer"
    if len(figure.row) > 1:
        return figure.where, "shorten its labels, or draw its panels as figures of their own"
    return figure.where, "shorten its labels"


def _lower(figure: Figure) -> str:
    """What makes a figure lower that is as low as it gets."""
    if sum(isinstance(entry, Panel) for entry in figure.row) > 1:
        return "draw its panels as figures of their own"
    return "draw it in two figures, or with fewer nodes"


class _Drawn:
    """A figure laid out in several sizes, each once."""

    def __init__(self, lay_out: Callable[[Figure], Scene], figure: Figure, size: float) -> None:
        self.lay_out = lay_out
        self.figure = figure
        self.largest = size
        self.scenes: dict[float, Scene] = {}

    def figure_at(self, size: float) -> Figure:
        return replace(self.figure, width=None, theme=replace(self.figure.theme, font_size=size))

    def at(self, size: float) -> Scene:
        if size not in self.scenes:
            self.scenes[size] = self.lay_out(self.figure_at(size))
        return self.scenes[size]

    def fits(self, size: float, width: float, height: float | None) -> Figure | None:
        """The figure with text of this size, if it fits and its smallest letters can be read."""
        # Most of a figure grows with its text: what is far too wide in one size is so in the next.
        for known, scene in self.scenes.items():
            grown = size / known / FAR
            if size < known and (
                scene.width * grown > width or (height is not None and scene.height * grown > height)
            ):
                return None
        scene = self.at(size)
        high = height is None or scene.height <= height + 1e-6
        fitting = scene.width <= width + 1e-6 and high and smallest(scene) >= LEAST_TEXT - 0.01
        return self.figure_at(size) if fitting else None


def smallest(scene: Scene) -> float:
    """The size of the smallest letters, in points, indices counted."""
    sizes = [
        glyph.scale * line.size / MM_PER_POINT
        for label in walk(scene.items)
        if isinstance(label, Label)
        for line in label.lines
        for glyph in line.glyphs
    ]
    return min(sizes, default=LEAST_TEXT)


def _arrangements(figure: Figure) -> Iterator[tuple[Figure, str]]:
    """The spec's own, and those that are narrower, with what was moved."""
    yield figure, ""
    moved: list[str] = []
    if isinstance(figure.legend, Legend) and figure.legend.at == "right":
        figure, moved = replace(figure, legend=replace(figure.legend, at="below")), [*moved, "legend"]
        yield figure, _below(moved)
    if figure.card is not None and figure.card.at == "right":
        figure, moved = replace(figure, card=replace(figure.card, at="below")), [*moved, "card"]
        yield figure, _below(moved)
    panels = tuple(entry for entry in figure.row if isinstance(entry, Panel))
    others = tuple(entry for entry in figure.row if isinstance(entry, Equations))
    columns = len(figure.row) if figure.wrap is None else figure.wrap
    if panels and others and figure.wrap is None:
        figure, moved = replace(figure, row=(*panels, *others), wrap=len(panels)), [*moved, "equations"]
        columns = len(panels)
        yield figure, _below(moved)
    columns = min(columns, len(figure.row))
    # Fewer are narrower; more than the spec has are lower.
    for other in (*range(columns - 1, 0, -1), *range(columns + 1, len(figure.row) + 1)):
        said = f"{other} {'column' if other == 1 else 'columns'}"
        yield replace(figure, wrap=other), ", ".join(filter(None, (_below(moved), said)))


def _below(moved: Sequence[str]) -> str:
    return f"{' and '.join(moved)} below" if moved else ""
