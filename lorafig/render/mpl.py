"""Scene to Matplotlib: an ordinary figure, or a drawing in axes that already exist.

Everything is a filled path in data coordinates, one unit a mm: labels are outlines, and lines are
the outline of what they cover. So the picture keeps its proportions in axes of any size, which a
line width in points would not, and no font is ever embedded. pyplot and rcParams are left alone.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, assert_never

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from lorafig.errors import LorafigError, Problem
from lorafig.render import limits, shapes, strokes, wires
from lorafig.render.outlines import commands
from lorafig.scene import Arrow, Brace, Icon, Label, Point, Scene, Shape, on_paper, walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Format = Literal["pdf", "png", "eps"]
INCH = 25.4
MOVE, LINE, CLOSE = int(Path.MOVETO), int(Path.LINETO), int(Path.CLOSEPOLY)
# A command's code for each of its points.
CODES = {"M": (MOVE, 1), "L": (LINE, 1), "Q": (int(Path.CURVE3), 2), "C": (int(Path.CURVE4), 3)}
# What a user may have set for other figures and that would change the bytes of a file of ours.
PLAIN: dict[Any, Any] = {
    "text.usetex": False, "pdf.compression": 6, "pdf.use14corefonts": False, "pdf.inheritcolor": False,
    "ps.usedistiller": None, "path.simplify": False, "agg.path.chunksize": 0,
}  # fmt: skip


def render(scene: Scene, ax: Axes | None = None) -> Figure:
    """A figure of exactly the scene's size, with an Agg canvas, unknown to pyplot; or `ax`'s own figure,
    with the picture in `ax`."""
    if ax is not None:
        plot(scene, ax)
        owner = ax.get_figure(root=True)
        if owner is None:
            raise ValueError("the axes belong to no figure")
        return owner
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    paper = "none" if scene.background is None else scene.palette[scene.background]
    figure = Figure(
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
        _fill(ax, _polygons(corners), scene.palette[scene.background], "background")
    for item in walk(scene.items):
        style = scene.styles[item.role]
        line_colour = scene.palette[style.stroke or style.ink]
        match item:
            case Shape():
                if style.fill is not None:
                    _fill(ax, _closed(shapes.outline(item)), scene.palette[style.fill], item.name)
                if style.stroke is not None and style.line > 0:
                    frame = _frame(item, style.line, style.dashed)
                    _fill(ax, frame, line_colour, f"{item.name} line")
            case Arrow():
                shaft, heads = wires.wire(item, scene.arrow_head, style.line)
                painted = _strokes(strokes.flatten(shaft), style.line, style.dashed)
                _fill(ax, _polygons(*painted, *heads), line_colour, item.name)
            case Brace():
                curve = strokes.brace(item.start, item.end, item.side, scene.lengths[item.amplitude])
                painted = _strokes(strokes.flatten(curve), style.line, style.dashed)
                _fill(ax, _polygons(*painted), line_colour, item.name)
            case Icon():
                pen = _Pen()
                corner = item.centre[0] - item.size / 2, item.centre[1] - item.size / 2
                pen.outline(scene.outlines[item.key], corner, item.size / 1000, item.size / 1000)
                _fill(ax, pen.path(), scene.palette[style.ink], item.name)
            case Label():
                _fill(ax, _text(item, scene.outlines), scene.palette[style.ink], item.name)
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
        raise LorafigError(Problem(what, None, "unset it: lorafig puts no date into a file")) from None


def _eps(figure: Figure, scene: Scene) -> bytes:
    """EPS without the date of its making, and with the scene's title."""
    from matplotlib.backends.backend_ps import FigureCanvasPS

    buffer = io.BytesIO()
    FigureCanvasPS(figure).print_eps(buffer, metadata={"Creator": "lorafig"})
    title = "".join(c if c.isascii() and c.isprintable() else "?" for c in scene.title)[:200]
    head, end, body = buffer.getvalue().partition(b"%%EndComments\n")
    dated = re.compile(rb"^%%CreationDate:.*$", re.MULTILINE)
    return dated.sub(lambda _: b"%%Title: " + title.encode(), head) + end + body


def _fill(ax: Axes, path: Path, colour: str, name: str) -> None:
    """Add a filled path. What a user's rcParams could change about it is set here."""
    patch = PathPatch(
        path, facecolor=colour, edgecolor="none", linewidth=0, antialiased=True, snap=False, hatch=None
    )
    patch.set_path_effects([])
    patch.set_sketch_params(None)
    patch.set_gid(name)
    ax.add_artist(patch)


def _polygons(*polygons: Iterable[Point]) -> Path:
    points: list[Point] = []
    codes: list[int] = []
    for polygon in map(tuple, polygons):
        if polygon:
            points += [*polygon, polygon[0]]
            codes += [MOVE, *[LINE] * (len(polygon) - 1), CLOSE]
    return Path(points or [(0.0, 0.0)], codes or [MOVE])


def _closed(*outlines: strokes.Path) -> Path:
    """Outlines with their curves, each closed."""
    points: list[Point] = []
    codes: list[int] = []
    for outline in outlines:
        for letter, some in outline:
            points += some
            codes += [CODES[letter][0]] * len(some)
        points.append(outline[0][1][0])
        codes.append(CLOSE)
    return Path(points, codes)


def _frame(shape: Shape, line: float, dashed: bool) -> Path:
    """What the line around a shape covers."""
    if dashed:
        around = strokes.flatten(shapes.outline(shape))
        return _polygons(*_strokes((*around, around[0]), line, dashed))
    inner = strokes.backwards(shapes.outline(shape, -line / 2))
    return _closed(shapes.outline(shape, line / 2), inner)


def _strokes(points: tuple[Point, ...], line: float, dashed: bool) -> list[tuple[Point, ...]]:
    pieces = wires.dashes(points, line) if dashed else (points,)
    return [strokes.stroke(piece, line) for piece in pieces]


class _Pen:
    """Glyphs and icons as one path."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self.codes: list[int] = []

    def outline(self, outline: str, at: Point, across: float, up: float) -> None:
        """An outline with its origin at a point; a unit of it is (across, up) mm."""
        x, y = at
        for letter, numbers in commands(outline):
            if letter == "Z":
                self.points.append(self.points[-1])
                self.codes.append(CLOSE)
                continue
            code, count = CODES[letter]
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            self.points += [(x + a * across, y + b * up) for a, b in pairs]
            self.codes += [code] * count

    def rectangle(self, x: float, y: float, w: float, h: float) -> None:
        self.points += [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
        self.codes += [MOVE, *[LINE] * 3, CLOSE]

    def path(self) -> Path:
        return Path(self.points or [(0.0, 0.0)], self.codes or [MOVE])


def _text(label: Label, outlines: Mapping[str, str]) -> Path:
    """All ink of a label as one path."""
    pen = _Pen()
    for line in label.lines:
        x0, y0 = line.origin
        for glyph in line.glyphs:
            at = x0 + glyph.x * line.size, y0 + glyph.y * line.size
            up = line.size * glyph.scale / 1000
            pen.outline(outlines[glyph.key], at, up * glyph.stretch, up)
        for rule in line.rules:
            x, y = x0 + rule.x * line.size, y0 + rule.y * line.size
            pen.rectangle(x, y, rule.width * line.size, rule.height * line.size)
    return pen.path()
