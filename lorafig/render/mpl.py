"""Scene to Matplotlib: an ordinary figure, or a drawing in axes that already exist.

Everything is a filled path in data coordinates, one unit a mm: labels are outlines, and lines are
the outline of what they cover. So the picture keeps its proportions in axes of any size, which a
line width in points would not, and no font is ever embedded. pyplot and rcParams are left alone.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, assert_never

from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from lorafig.errors import LorafigError, Problem
from lorafig.render import limits, shapes, strokes, wires
from lorafig.render.outlines import commands
from lorafig.scene import Arrow, Brace, Drawn, Icon, Label, Point, Scene, Shape, Style, Wedge, on_paper, walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["pdf", "png", "eps"]
INCH = 25.4
MOVE = int(Path.MOVETO)
# A command's code, for each of its points.
CODES = {
    "M": MOVE, "L": int(Path.LINETO), "Q": int(Path.CURVE3), "C": int(Path.CURVE4), "Z": int(Path.CLOSEPOLY)
}  # fmt: skip
# What a user may have set for other figures and that would change the bytes of a file of ours.
PLAIN: dict[Any, Any] = {
    "text.usetex": False, "pdf.compression": 6, "pdf.use14corefonts": False, "pdf.inheritcolor": False,
    "ps.usedistiller": None, "path.simplify": False, "agg.path.chunksize": 0,
}  # fmt: skip


class Drawing(Figure):
    """A figure that a notebook shows at the end of a cell, whether or not pyplot is loaded there."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


def render(scene: Scene, ax: Axes | None = None) -> Figure:
    """A figure of exactly the scene's size, with an Agg canvas, unknown to pyplot; or `ax`'s own figure,
    with the picture in `ax`."""
    if ax is not None:
        plot(scene, ax)
        owner = ax.get_figure()
        while isinstance(owner, SubFigure):  # get_figure(root=True) needs Matplotlib 3.10
            owner = owner.get_figure()
        if owner is None:
            raise ValueError("the axes belong to no figure")
        return owner
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    paper = "none" if scene.background is None else scene.palette[scene.background]
    figure = Drawing(
        figsize=(scene.width / INCH, scene.height / INCH), dpi=100, facecolor=paper, edgecolor="none",
        linewidth=0,
        frameon=scene.background is not None,
    )  # fmt: skip
    figure.set_layout_engine("none")
    FigureCanvasAgg(figure)
    plot(scene, figure.add_axes((0.0, 0.0, 1.0, 1.0)))
    return figure


def plot(scene: Scene, ax: Axes) -> None:
    """Draw into axes: data coordinates become mm from the picture's lower left corner."""
    ax.set_axis_off()
    ax.set(xlim=(0, scene.width), ylim=(0, scene.height), aspect="equal")
    ax.set_autoscale_on(False)
    if scene.background is not None:
        corners = (0.0, 0.0), (scene.width, 0.0), (scene.width, scene.height), (0.0, scene.height)
        _fill(ax, "background", scene.palette[scene.background], _Pen().polygon(corners))
    for item in walk(scene.items):
        for name, colour, pen in _painted(item, scene):
            _fill(ax, name, scene.palette[colour], pen)


def _painted(item: Drawn, scene: Scene) -> Iterator[tuple[str, str, _Pen]]:
    """What an item paints: for each colour a name, the colour's, and all that is filled with it."""
    style, pen = scene.styles[item.role], _Pen()
    line = style.stroke or style.ink
    match item:
        case Shape():
            if style.fill is not None:
                yield item.name, style.fill, pen.curve(shapes.outline(item))
            if style.stroke is not None and style.line > 0:
                yield f"{item.name} line", line, _frame(item, style)
        case Arrow():
            shaft, heads = wires.wire(item, scene.arrow_head, style.line)
            yield item.name, line, pen.line(strokes.flatten(shaft), style).polygon(*heads)
        case Wedge():
            if style.fill is not None:
                yield item.name, style.fill, pen.polygon(item.points)
        case Brace():
            curve = strokes.brace(item.start, item.end, item.side, scene.lengths[item.amplitude])
            yield item.name, line, pen.line(strokes.flatten(curve), style)
        case Icon():
            corner, unit = item.box[:2], item.size / 1000
            yield item.name, style.mark, pen.outline(scene.outlines[item.key], corner, unit, unit)
        case Label():
            yield item.name, style.ink, pen.label(item, scene.outlines)
        case _:
            assert_never(item)


def save(scene: Scene, format: Format, *, dpi: float = 300) -> bytes:  # noqa: A002
    """The picture as a file, the same bytes every time. `dpi` is for PNG alone.

    Raises LorafigError of kind 'limit' for a picture that is too large for the format.
    """
    from matplotlib import rc_context

    if format == "png":
        limits.demand_pixels(scene, dpi)
        scene = on_paper(scene)  # programs that drop the alpha channel would fatten every edge
    else:
        limits.demand_size(scene, "PDF" if format == "pdf" else "EPS")
        demand_epoch()
    with rc_context(PLAIN):
        figure, buffer = render(scene), io.BytesIO()
        canvas: Any
        match format:
            case "pdf":
                from matplotlib.backends.backend_pdf import FigureCanvasPdf

                canvas = FigureCanvasPdf(figure)
                about = {
                    "Title": scene.title,
                    "Subject": scene.description,
                    "Creator": "lorafig",
                    "CreationDate": None,
                }
                canvas.print_pdf(buffer, metadata=about)
            case "png":
                from matplotlib.backends.backend_agg import FigureCanvasAgg

                figure.dpi = dpi
                canvas = FigureCanvasAgg(figure)
                about = {"Title": scene.title, "Description": scene.description, "Software": "lorafig"}
                canvas.print_png(buffer, metadata=about)
            case "eps":
                return _eps(figure, scene)
            case _:
                assert_never(format)
        return buffer.getvalue()


def demand_epoch() -> None:
    """Raises LorafigError if SOURCE_DATE_EPOCH is not a date: Matplotlib reads it, though we date no file."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        datetime.fromtimestamp(int(text or 0), UTC)
    except (ValueError, OverflowError, OSError):
        what = f"SOURCE_DATE_EPOCH is {text!r}, not a number of seconds since 1970"
        raise LorafigError(
            Problem(what, None, "unset it: lorafig puts no date into a file", code="environment")
        ) from None


def _eps(figure: Figure, scene: Scene) -> bytes:
    """EPS without the date of its making, and with the scene's title."""
    from matplotlib.backends.backend_ps import FigureCanvasPS

    buffer = io.BytesIO()
    FigureCanvasPS(figure).print_eps(buffer, metadata={"Creator": "lorafig"})
    title = "".join(c if c.isascii() and c.isprintable() else "?" for c in scene.title)[:200]
    head, end, body = buffer.getvalue().partition(b"%%EndComments\n")
    dated = re.compile(rb"^%%CreationDate:.*$", re.MULTILINE)
    return dated.sub(lambda _: b"%%Title: " + title.encode(), head) + end + body


def _fill(ax: Axes, name: str, colour: str, pen: _Pen) -> None:
    """Add a filled path. What a user's rcParams could change about it is set here."""
    path = Path(pen.points or [(0.0, 0.0)], pen.codes or [MOVE])
    patch = PathPatch(
        path, facecolor=colour, edgecolor="none", linewidth=0, antialiased=True, snap=False, hatch=None
    )
    patch.set_path_effects([])
    patch.set_sketch_params(None)
    patch.set_gid(name)
    ax.add_artist(patch)


def _frame(shape: Shape, style: Style) -> _Pen:
    """What the line around a shape covers."""
    if style.dash:
        around = strokes.flatten(shapes.outline(shape))
        return _Pen().line((*around, around[0]), style)
    outer, inner = (shapes.outline(shape, by) for by in (style.line / 2, -style.line / 2))
    return _Pen().curve(outer).curve(strokes.backwards(inner))


class _Pen:
    """Collects what is filled, as one path. Every part of it is closed."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.codes: list[int] = []

    def add(self, letter: str, points: Sequence[Point]) -> None:
        self.points += points or self.points[-1:]
        self.codes += [CODES[letter]] * (len(points) or 1)

    def polygon(self, *polygons: Sequence[Point]) -> _Pen:
        for points in polygons:
            if points:
                self.curve((("M", points[:1]), ("L", points[1:])))
        return self

    def curve(self, path: Iterable[tuple[str, Sequence[Point]]]) -> _Pen:
        for letter, points in path:
            self.add(letter, points)
        self.add("Z", ())
        return self

    def line(self, points: tuple[Point, ...], style: Style) -> _Pen:
        """What a line of a style's width covers."""
        pieces = wires.dashes(points, style.line, style.dash) if style.dash else (points,)
        return self.polygon(*[strokes.stroke(piece, style.line) for piece in pieces])

    def outline(self, outline: str, at: Point, across: float, up: float) -> _Pen:
        """An outline with its origin at a point; a unit of it is (across, up) mm."""
        x, y = at
        for letter, numbers in commands(outline):
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            self.add(letter, [(x + a * across, y + b * up) for a, b in pairs])
        return self

    def label(self, label: Label, outlines: Mapping[str, str]) -> _Pen:
        for line in label.lines:
            (x0, y0), size = line.origin, line.size
            for glyph in line.glyphs:
                up = size * glyph.scale / 1000
                at = x0 + glyph.x * size, y0 + glyph.y * size
                self.outline(outlines[glyph.key], at, up * glyph.stretch, up)
            for rule in line.rules:
                x, y = x0 + rule.x * size, y0 + rule.y * size
                across, up = x + rule.width * size, y + rule.height * size
                self.polygon(((x, y), (across, y), (across, up), (x, up)))
        return self
