"""The arrangement and the text size at which a figure fits a width.

A figure is never scaled: labels would come out at a size that nobody chose. It is laid out anew with smaller
text, with its equations and its card below, or in fewer columns, until it fits. Of what fits, the largest
text is taken, and then the arrangement that is nearest to the spec's. Where none fits, gaps become smaller,
and where still none does, as small as they may be.
On a slide, which has a height, small text is a reason too: there rows have lines of any length, equations,
the card and the legend stand side by side with the rest, and flows run to the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.model import Equations, Figure, Panel
from lorafig.layout.arrangements import CLOSE, alone, closer, joined, led, lower, lying, narrower
from lorafig.scene import Label, Scene, walk
from lorafig.themes.measures import LEAST_TEXT, MM_PER_POINT
from lorafig.themes.venues import SIZES, Venue
from lorafig.themes.widths import Width

# How much higher than wide what is arranged anew may be: a tower of panels takes a page for itself.
TALLEST = 1.3
WIDTH = "width"  # what a width is called that an author gives
FAR = 1.15  # times what there is: too wide or too high in any smaller size that comes near it
# A figure is set across the page rather than in a column with text below this part of the largest.
IN_COLUMN = 7 / 9
LARGER = 1.15  # times the text of a narrow arrangement that is small: less is no reason for another one


class Room(Struct, frozen=True):
    """What a figure has to fit: one of the `widths` in mm, narrowest first, and a height if there is one.
    `places` are what the widths are called, `sizes` those that text may have, largest first."""

    name: str
    widths: tuple[float, ...]
    places: tuple[str, ...]
    sizes: tuple[float, ...] = SIZES
    height: float | None = None

    def highest(self) -> float:
        """How high what is arranged anew may be, in mm."""
        return TALLEST * self.widths[-1] if self.height is None else self.height


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
    found = _narrow(figure, room, lay_out)
    if found is not None and (
        room.height is None or found.figure.theme.font_size >= IN_COLUMN * room.sizes[0]
    ):
        return found
    least = 0.0 if found is None else LARGER * found.figure.theme.font_size
    for unit in CLOSE if found is None else CLOSE[:1]:
        others = [*_others(figure, lay_out, room, unit)]
        for size in room.sizes:
            for said, drawn in others:
                fitting = drawn.fits(size, room.widths[-1], room.highest()) if size >= least else None
                if fitting is not None:
                    return Composed(fitting, room.widths[-1], room.places[-1], said)
    return _unfitting(figure, room, lay_out) if found is None else found


def _narrow(figure: Figure, room: Room, lay_out: Callable[[Figure], Scene]) -> Composed | None:
    """The figure in an arrangement that is no wider than its own, in the narrowest width."""
    tried = [(said, _Drawn(lay_out, other, room.sizes[0])) for other, said in narrower(figure)]
    for number, (width, place) in enumerate(zip(room.widths, room.places, strict=True)):
        last = number == len(room.widths) - 1
        for size in room.sizes:
            if not last and size < IN_COLUMN * room.sizes[0]:
                break
            for index, (said, drawn) in enumerate(tried):
                high = room.height if room.height is not None else None if index == 0 else TALLEST * width
                fitting = drawn.fits(size, width, high)
                if fitting is not None:
                    return Composed(fitting, width, place, said)
    return None


def _others(
    figure: Figure, lay_out: Callable[[Figure], Scene], room: Room, unit: float
) -> Iterator[tuple[str, _Drawn]]:
    """What is tried where no such arrangement fits: gaps of this unit; where there is a height, lines of
    other lengths, and flows on their side. Of them those that fit in the least size."""
    least, width, high = room.sizes[-1], room.widths[-1], room.highest()

    def size(part: Figure) -> tuple[float, float]:
        scene = lay_out(replace(part, width=None, theme=replace(part.theme, font_size=least)))
        return scene.width, scene.height

    for way, turned, close in _ways(figure, room, unit):
        more = () if room.height is None else lower(way, width, high, size)
        for other, said in (*narrower(way), *more):
            drawn = _Drawn(lay_out, other, room.sizes[0])
            if drawn.fits(least, width, high) is not None:
                yield joined(turned, said, close), drawn


def _ways(figure: Figure, room: Room, unit: float) -> Iterator[tuple[Figure, str, str]]:
    """The figure with gaps of this unit; where there is a height, as it is, and with flows on their side."""
    turned = lying(figure) if room.height is not None else None
    for way, told in ((figure, ""), *(() if turned is None else ((turned, "flows to the right"),))):
        if room.height is not None and unit == CLOSE[0]:
            yield way, told, ""
        yield closer(way, unit), told, "closer together"


def _unfitting(figure: Figure, room: Room, lay_out: Callable[[Figure], Scene]) -> Composed:
    """The figure as low as it gets, if it is no more than too high, with what helps."""
    least, widest, highest = room.sizes[-1], room.widths[-1], room.highest()
    ways = [
        (joined(turned, said, close), _Drawn(lay_out, other, least))
        for way, turned, close in ((figure, "", ""), *_ways(figure, room, CLOSE[-1]))
        for other, said in narrower(way)
    ]

    def excess(way: tuple[str, _Drawn]) -> tuple[bool, float]:
        scene = way[1].at(least)
        return scene.width > widest, scene.width if scene.width > widest else scene.height

    said, low = min(ways, key=excess)
    scene = low.at(least)

    def fits(part: Figure) -> bool:
        if _narrow(part, room, lay_out) is not None:
            return True
        return any(next(_others(part, lay_out, room, unit), None) is not None for unit in CLOSE)

    if scene.width > widest:
        what = f"at {least:g} pt the figure is {scene.width:.0f} mm wide, and {room.name} has {widest:.0f} mm"
        where, hint = _remedy(figure, fits)
        raise LorafigError(Problem(what, where, hint, "width"))
    too_high = f"{scene.height:.0f} mm high, and there are {highest:.0f} mm: {_lower(figure, fits)}"
    return Composed(low.figure_at(least), widest, room.places[-1], joined(said, too_high))


def _remedy(figure: Figure, fits: Callable[[Figure], bool]) -> tuple[Place | None, str]:
    """What makes a figure narrower, and where."""
    flows = [panel.flow for panel in (*figure.row, figure) if not isinstance(panel, Equations) and panel.flow]
    across = [flow for flow in flows if flow.direction in ("right", "left")]
    if across and fits(led(figure, "down")):
        return across[0].where, "set direction: down in the flow: then it is as wide as its longest layer"
    return figure.where, "shorten its labels"


def _lower(figure: Figure, fits: Callable[[Figure], bool]) -> str:
    """What makes a figure lower that is as low as it gets."""
    if _panels_fit(figure, fits):
        return "draw its panels as figures of their own"
    panels = tuple(entry for entry in figure.row if isinstance(entry, Panel))
    if 0 < len(panels) < len(figure.row) and fits(replace(figure, row=panels, wrap=None)):
        return "set its equations in the text of the document"
    return "draw it in two figures, or with fewer nodes"


def _panels_fit(figure: Figure, fits: Callable[[Figure], bool]) -> bool:
    """Whether there are several panels, each of which fits alone."""
    panels = [entry for entry in figure.row if isinstance(entry, Panel)]
    return len(panels) > 1 and all(fits(alone(figure, panel)) for panel in panels)


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
        # Most of a figure grows with its text: what is far too wide in one size is so in the next. Not all
        # of them: what is laid out in this size is looked at.
        for known, scene in () if size in self.scenes else self.scenes.items():
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
