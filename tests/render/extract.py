"""What is painted in a picture, read back from its PDF: by Cairo's and Poppler's eyes, not by ours.

Every backend's output is turned into a PDF, `pdftocairo -svg` turns that into plain paths, and these
are read here. Lengths are mm, y points up, the origin is the lower left corner.
"""

from __future__ import annotations

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pypdf

from lorafig.scene import OUTWARDS, Arrow, Brace, Icon, Label, Scene, Shape, Wedge, walk

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
MM = 25.4 / 72
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
PIECES = 24


@dataclass(frozen=True)
class Mark:
    """One painted path, or one line of a path of several: its colours, its line width, and its subpaths as
    points, curves cut up."""

    fill: str | None
    stroke: str | None
    width: float
    subpaths: tuple[tuple[Point, ...], ...]
    curved: bool
    dashes: tuple[float, ...] = ()

    @property
    def colour(self) -> str:
        return self.stroke or self.fill or ""

    @property
    def box(self) -> tuple[float, float, float, float]:
        xs = [x for path in self.subpaths for x, _ in path]
        ys = [y for path in self.subpaths for _, y in path]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class Page:
    width: float
    height: float
    marks: tuple[Mark, ...]


def from_svg(svg: str, folder: Path) -> Page:
    """A picture in SVG, printed to PDF by librsvg."""
    # Cairo writes a rectangle as one, beginning at a corner of its own; so that dashes stay where they
    # are, a dashed one goes on for a little.
    svg = re.sub(r'(stroke-dasharray="[^"]*" d="M[^"MCaL]*L[^"L]*)"', r'\1l.005 0"', svg)
    source, pdf = folder / "svg.svg", folder / "svg.pdf"
    source.write_text(svg, encoding="utf-8")
    subprocess.run(["rsvg-convert", "-f", "pdf", "-o", pdf, source], check=True)
    return from_pdf(pdf.read_bytes(), folder)


def from_pdf(pdf: bytes, folder: Path) -> Page:
    source, plain = folder / "page.pdf", folder / "page.svg"
    source.write_bytes(pdf)
    subprocess.run(["pdftocairo", "-svg", "-noshrink", "-nocenter", source, plain], check=True)
    width, height = media_box(pdf)
    root = ET.parse(plain).getroot()
    top = float(root.get("viewBox", "0 0 0 0").split()[3])
    defined = {element.get("id"): element for element in root.iter() if element.get("id")}
    marks = tuple(_marks(root, (MM, 0, 0, -MM, 0, top * MM), defined, {}))
    return Page(width, height, marks)


def media_box(pdf: bytes) -> tuple[float, float]:
    """Width and height of the page in mm."""
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return float(box.width) * MM, float(box.height) * MM


def _marks(
    element: ET.Element, matrix: Matrix, defined: dict[str, ET.Element], style: dict[str, str]
) -> Iterator[Mark]:
    if element.tag in (SVG + "defs", SVG + "clipPath", SVG + "symbol", SVG + "mask"):
        return
    matrix = _times(matrix, _matrix(element.get("transform")))
    style = style | _style(element)
    if element.tag == SVG + "use":
        moved = _times(matrix, (1, 0, 0, 1, float(element.get("x", 0)), float(element.get("y", 0))))
        target = defined[element.get(XLINK, element.get("href", ""))[1:]]
        if target.tag in (SVG + "symbol", SVG + "g"):
            for child in target:
                yield from _marks(child, moved, defined, style)
        else:
            yield from _marks(target, moved, defined, style)
    elif element.tag in (SVG + "path", SVG + "rect"):
        d = element.get("d", "") if element.tag == SVG + "path" else _rectangle(element)
        subpaths = tuple(
            tuple(_apply(matrix, point) for point in path) for path in _subpaths(d) if len(path) > 1
        )
        fill, stroke = _colour(style.get("fill", "black")), _colour(style.get("stroke", "none"))
        scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) ** 0.5
        if subpaths and (fill is not None or stroke is not None):
            width = float(style.get("stroke-width", "1")) * scale
            pattern = re.findall(r"[\d.]+", style.get("stroke-dasharray", "")) if stroke else []
            dashes = tuple(float(length) * scale for length in pattern)
            width, curved = width if stroke else 0.0, "C" in d
            if fill is not None:
                yield Mark(fill, stroke, width, subpaths, curved, dashes)
            else:  # lines of one look may be one path, a grid's in TikZ; each is a line all the same
                for path in subpaths:
                    yield Mark(None, stroke, width, tuple(_dashed(path, dashes)), curved, dashes)
    for child in element:
        yield from _marks(child, matrix, defined, style)


def _style(element: ET.Element) -> dict[str, str]:
    names = ("fill", "stroke", "stroke-width", "stroke-dasharray")
    found = {name: element.get(name) for name in names if element.get(name) is not None}
    for part in element.get("style", "").split(";"):
        name, _, value = part.partition(":")
        if name.strip() in names:
            found[name.strip()] = value.strip()
    return found


def _colour(text: str | None) -> str | None:
    if text is None or text == "none":
        return None
    if text.startswith("rgb"):
        parts = [part.strip() for part in text[4:-1].split(",")]
        values = [round(float(p[:-1]) * 2.55) if p.endswith("%") else round(float(p)) for p in parts]
        return "#" + "".join(f"{value:02X}" for value in values)
    return {"black": "#000000", "white": "#FFFFFF"}.get(text, text.upper())


def _matrix(text: str | None) -> Matrix:
    if not text:
        return 1, 0, 0, 1, 0, 0
    numbers = [float(n) for n in re.findall(r"-?[\d.]+(?:e-?\d+)?", text)]
    if text.startswith("translate"):
        return 1, 0, 0, 1, numbers[0], numbers[1]
    assert text.startswith("matrix"), text
    return tuple(numbers)  # type: ignore[return-value]


def _times(m: Matrix, n: Matrix) -> Matrix:
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * o + e, b * k + d * o + f


def _apply(m: Matrix, p: Point) -> Point:
    return m[0] * p[0] + m[2] * p[1] + m[4], m[1] * p[0] + m[3] * p[1] + m[5]


def _rectangle(element: ET.Element) -> str:
    x, y, w, h = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
    return f"M {x} {y} L {x + w} {y} L {x + w} {y + h} L {x} {y + h} Z"


def _subpaths(d: str) -> list[list[Point]]:
    """Poppler writes absolute M, L, C and Z alone."""
    paths: list[list[Point]] = []
    for letter, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", d):
        n = [float(x) for x in rest.replace(",", " ").split()]
        points = list(zip(n[::2], n[1::2], strict=True))
        if letter == "M":
            paths.append(points)
        elif letter == "L":
            paths[-1] += points
        elif letter == "C":
            (x0, y0), (x1, y1), (x2, y2), (x3, y3) = paths[-1][-1], *points
            for i in range(1, PIECES + 1):
                t = i / PIECES
                a, b, c, e = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                paths[-1].append((a * x0 + b * x1 + c * x2 + e * x3, a * y0 + b * y1 + c * y2 + e * y3))
        elif letter in "Zz":
            if paths[-1][0] != paths[-1][-1]:
                paths[-1].append(paths[-1][0])
        else:
            raise ValueError(letter)
    return paths


def _dashed(path: tuple[Point, ...], pattern: tuple[float, ...]) -> list[tuple[Point, ...]]:
    """A path cut into what a pattern of lengths on and off leaves of it."""
    if not pattern:
        return [path]
    points = np.array(path)
    steps = np.hypot(*np.diff(points, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    pieces, start, number = [], 0.0, 0
    while start < at[-1] - 1e-6:
        stop = min(start + pattern[number % len(pattern)], at[-1])
        if number % 2 == 0:
            inner = points[(at > start + 1e-9) & (at < stop - 1e-9)]
            ends = [[np.interp(s, at, points[:, axis]) for axis in (0, 1)] for s in (start, stop)]
            pieces.append(tuple(map(tuple, np.vstack([ends[:1], inner.reshape(-1, 2), ends[1:]]).tolist())))
        start, number = stop, number + 1
    return pieces  # type: ignore[return-value]


# -- items of a scene, found among the marks ------------------------------------------------

Array = np.ndarray[Any, np.dtype[Any]]
REACH = 0.5  # mm: what is farther away is looked for among all
NEAR = 1.5  # mm: how far from where it should be a mark is still taken for an item
Region = tuple[tuple[Point, ...], ...]  # closed paths, covered by the non-zero rule
Paint = list[Region]


@dataclass(frozen=True)
class Found:
    """What was measured of a page: outlines of shapes, what frames, lines and icons cover, and the
    middles of the labels' ink."""

    shapes: dict[str, tuple[Point, ...]]
    frames: dict[str, Paint]
    lines: dict[str, Paint]
    icons: dict[str, Paint]
    labels: dict[str, Point]
    colours: dict[str, str]


def find(page: Page, scene: Scene) -> Found:
    """Take each mark for the item whose place it is at. What belongs to no item is an error."""
    items = list(walk(scene.items))
    shapes = {item.name: item for item in items if isinstance(item, Shape)}
    wedges = {item.name: item for item in items if isinstance(item, Wedge)}
    icons = {item.name: item for item in items if isinstance(item, Icon)}
    lines = {item.name: item for item in items if isinstance(item, Brace | Arrow)}
    labels = {item.name: item for item in items if isinstance(item, Label)}
    found = Found({}, {}, {}, {}, {}, {})
    ink: dict[str, list[tuple[float, ...]]] = {}
    background = _colour(None if scene.background is None else scene.palette[scene.background])
    for mark in page.marks:
        box = mark.box
        if background is not None and mark.fill == background and box[2] - box[0] > 0.95 * scene.width:
            continue
        name = _shape(mark, shapes, wedges)
        if name is not None:
            if mark.fill is not None:
                found.shapes[name] = tuple(_distinct(mark.subpaths[0]))
                found.colours[name] = mark.fill
            if mark.stroke is not None:
                found.frames[name] = _paint(mark, frame=True)
            continue
        icon = next((n for n, icon in icons.items() if _in_icon(mark, icon, scene)), None)
        # An icon may be about as large as the shape that it lies on.
        name = _frame(mark, shapes, scene, NEAR if icon is None else NEAR / 3)
        if name is not None:
            found.frames[name] = _paint(mark, frame=True)
            continue
        if icon is not None:
            found.icons.setdefault(icon, []).extend(_paint(mark))
            found.colours[icon] = mark.colour
            continue
        if not mark.curved or mark.stroke is not None or len(mark.subpaths[0]) > 60:
            names = _lines(mark, lines, scene)
            if names and not any(_of_label(box, label) for label in labels.values()):
                for name in names:
                    found.lines.setdefault(name, []).extend(_paint(mark))
                    found.colours[name] = mark.colour
                continue
        for path in mark.subpaths:
            contour = _box(path)
            name = min(labels, key=lambda n: _distance(_centre(contour), labels[n]))
            assert _distance(_centre(contour), labels[name]) < NEAR, f"stray ink at {_centre(contour)}"
            ink.setdefault(name, []).append(contour)
            found.colours[name] = mark.fill or ""
    found.labels.update({name: _centre(_union(boxes)) for name, boxes in ink.items()})
    return found


def _shape(mark: Mark, shapes: dict[str, Shape], wedges: dict[str, Wedge]) -> str | None:
    """The shape or the wedge whose outline a mark is."""
    if len(mark.subpaths) != 1 or (mark.fill is None and mark.dashes):
        return None
    if not mark.curved:
        return (
            _nearest(_distinct(mark.subpaths[0]), {**shapes, **wedges}) if len(mark.subpaths[0]) < 8 else None
        )
    box = mark.box
    for name, shape in shapes.items():
        rounded = shape.form not in ("box", "diamond", "hexagon") or (
            shape.sides is not None and shape.corner > 0
        )
        if rounded and _gap(box, _box(_round(shape))) < NEAR / 3:
            return name
    return None


def _frame(mark: Mark, shapes: dict[str, Shape], scene: Scene, near: float) -> str | None:
    """The shape whose line a mark is: dashes, or a fill between two outlines."""
    if len(mark.subpaths) < 2:
        return None
    for name, shape in shapes.items():
        style = scene.styles[shape.role]
        if style.stroke is None or not same(mark.colour, scene.palette[style.stroke].upper()):
            continue
        points = [point for path in mark.subpaths for point in path]
        if _gap(_box(points), shape.box) < NEAR and _farthest(points, [_round(shape)]) < near:
            return name
    return None


def _round(shape: Shape) -> tuple[Point, ...]:
    """A shape's outline, its curves by their angle: another way than the one of the backends."""
    x0, y0, x1, y1 = shape.box
    side = min(x1 - x0, y1 - y0)
    if shape.sides is not None and shape.corner > 0:
        return _rounded(shape.points, shape.corner)
    radius = {"rounded": shape.corner, "stadium": side / 2, "circle": side / 2}.get(shape.form)
    if radius is None:
        return (*shape.points, shape.points[0])
    angles = np.radians(np.arange(0, 361, 3))
    x = np.where(np.cos(angles) > 0, x1 - radius, x0 + radius) + radius * np.cos(angles)
    y = np.where(np.sin(angles) > 0, y1 - radius, y0 + radius) + radius * np.sin(angles)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def _rounded(points: Sequence[Point], radius: float) -> tuple[Point, ...]:
    """A polygon whose corners are rounded, by circles that lie against both sides."""
    path: list[Point] = []
    corners = np.array(points)
    for before, at, after in zip(np.roll(corners, 1, 0), corners, np.roll(corners, -1, 0), strict=True):
        one, other = (before - at) / np.linalg.norm(before - at), (after - at) / np.linalg.norm(after - at)
        half = np.arccos(one @ other) / 2
        middle = at + (one + other) / np.linalg.norm(one + other) * radius / np.sin(half)
        first, last = (at + way * radius / np.tan(half) - middle for way in (one, other))
        turn = np.arctan2(first[0] * last[1] - first[1] * last[0], first @ last)
        for angle in np.linspace(0, turn, 13):
            c, s = np.cos(angle), np.sin(angle)
            x, y = middle + np.array([[c, -s], [s, c]]) @ first
            path.append((float(x), float(y)))
    return (*path, path[0])


def _in_icon(mark: Mark, icon: Icon, scene: Scene) -> bool:
    (x, y), half = icon.centre, icon.size / 2
    colour = scene.palette[scene.styles[icon.role].mark].upper()
    return same(mark.colour, colour) and _within(mark.box, (x - half, y - half, x + half, y + half), NEAR / 2)


def _of_label(box: tuple[float, ...], label: Label) -> bool:
    """Whether a mark is as small as the letters of a label, and among them; a line may bend round a label."""
    x0, y0, x1, y1 = label.box
    return (
        _inside(_centre(box), label) and box[2] - box[0] < x1 - x0 + NEAR and box[3] - box[1] < y1 - y0 + NEAR
    )


def _lines(mark: Mark, lines: dict[str, Brace | Arrow], scene: Scene) -> list[str]:
    """The line that all of a mark is on; or all of them, for a head that several of one colour share."""
    far, points = {}, [point for path in mark.subpaths for point in path]
    for name, item in lines.items():
        style = scene.styles[item.role]
        colour = scene.palette[style.stroke or style.ink].upper()
        if same(mark.colour, colour) and _within(mark.box, _line_box(item, scene)):
            far[name] = (
                _farthest(points, [item.points])
                if isinstance(item, Arrow)
                else _gap(mark.box, _line_box(item, scene))
            )
    nearest = min(far.values(), default=NEAR)
    return [name for name, distance in far.items() if distance < min(NEAR, nearest + 0.1)]


def same(one: str, other: str) -> bool:
    """Backends round colours in their own way."""
    return one == other or all(
        abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) <= 1 for i in (1, 3, 5)
    )


def _farthest(points: Sequence[Point], paths: Sequence[tuple[Point, ...]]) -> float:
    """The largest distance of any of the points from all of the paths."""
    return float(_distances(np.array(points), _edges(paths, closed=False)).max())


def _edges(paths: Sequence[tuple[Point, ...]], closed: bool = True) -> Array:
    """The straight pieces of paths, each as start and end: (pieces, 2, 2)."""
    ends = [np.array((*path, path[0]) if closed or len(path) == 1 else path) for path in paths]
    return np.concatenate([np.stack([a[:-1], a[1:]], axis=1) for a in ends])


def _blocks(points: Array, edges: Array, reach: float) -> Iterator[tuple[slice, Array]]:
    """Points in blocks, each with the edges that are no farther from it than `reach` and to its right."""
    low, high = edges.min(axis=1), edges.max(axis=1)
    for first in range(0, len(points), 64):
        block = slice(first, first + 64)
        near, far = points[block].min(axis=0) - reach, points[block].max(axis=0) + reach
        yield block, (low[:, 1] <= far[1]) & (high[:, 1] >= near[1]) & (high[:, 0] >= near[0])


def _distances(points: Array, edges: Array) -> Array:
    """The distance of each point from the nearest of the edges."""
    result = np.full(len(points), np.inf)
    for block, near in _blocks(points, edges, REACH):
        result[block] = _nearest_edge(points[block], edges[near])
        if result[block].max() > REACH:
            result[block] = _nearest_edge(points[block], edges)
    return result


def _nearest_edge(points: Array, edges: Array) -> Array:
    if not len(edges):
        return np.full(len(points), np.inf)
    start, along = edges[:, 0], edges[:, 1] - edges[:, 0]
    to = points[:, None] - start
    t = np.clip((to * along).sum(axis=2) / np.maximum((along**2).sum(axis=1), 1e-18), 0, 1)
    away = to - t[..., None] * along
    return np.sqrt((away**2).sum(axis=2).min(axis=1))


def _covered(points: Array, region: Region) -> Array:
    """Whether each point is in a region."""
    edges, turns = _edges(region), np.zeros(len(points), dtype=int)
    for block, near in _blocks(points, edges, 0.0):
        (x0, y0), (x1, y1) = edges[near, 0].T, edges[near, 1].T
        x, y = points[block].T[:, :, None]
        left = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        up, down = (y0 <= y) & (y1 > y) & (left > 0), (y0 > y) & (y1 <= y) & (left < 0)
        turns[block] = up.sum(axis=1) - down.sum(axis=1)
    return turns != 0


def apart(one: Paint, other: Paint, step: float = 0.25) -> float:
    """How far anything that one of two paints covers is from all that the other covers, at most.

    Edges are looked at every `step` mm: what sticks out does so there.
    """
    worst = 0.0
    for a, b in ((one, other), (other, one)):
        points = np.array(_points(a, step))
        outside = np.logical_and.reduce([~_covered(points, region) for region in b])
        if outside.any():
            edges = _edges([path for region in b for path in region])
            worst = max(worst, _distances(points[outside], edges).max())
    return float(worst)


def _points(paint: Paint, step: float) -> list[Point]:
    result: list[Point] = []
    for path in (path for region in paint for path in region):
        for (x0, y0), (x1, y1) in pairwise((*path, path[0])):
            count = max(1, round(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / step))
            result += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(count)]
    return result


def moved(paint: Paint, right: float) -> Paint:
    return [tuple(tuple((x + right, y) for x, y in path) for path in region) for region in paint]


def box(paint: Paint) -> tuple[float, ...]:
    return _box([point for region in paint for path in region for point in path])


def _paint(mark: Mark, frame: bool = False) -> Paint:
    """What a mark covers. Of a frame, what its line covers."""
    if mark.stroke is None:
        return [mark.subpaths]
    paths = mark.subpaths
    if mark.fill is not None:  # cut only now, as the fill was not to be
        paths = tuple(piece for path in paths for piece in _dashed(path, mark.dashes))
    line = [tuple(closed for path in paths for closed in _stroke(path, mark.width / 2))]
    return line if mark.fill is None or frame else [mark.subpaths, *line]


def _stroke(path: tuple[Point, ...], half: float) -> Region:
    """What a line with flat ends covers: a rectangle for each piece, and a mitre or a bevel at each joint,
    all turning the same way."""
    points = [q for p, q in zip((None, *path), path, strict=False) if p != q]
    normals = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        normals.append((-(y1 - y0) / length * half, (x1 - x0) / length * half))
    paths: list[tuple[Point, ...]] = []
    for (x, y), (u, v), (a, b) in zip(points, points[1:], normals, strict=False):
        paths.append(((x + a, y + b), (x - a, y - b), (u - a, v - b), (u + a, v + b)))
    joints = list(zip(points[1:], normals, normals[1:], strict=False))
    if path[0] == path[-1] and len(normals) > 1:
        joints.append((points[0], normals[-1], normals[0]))
    for (x, y), (a, b), (c, d) in joints:
        side = -1 if a * d - b * c > 0 else 1  # the outside of the turn
        cosine = (a * c + b * d) / half**2
        factor = side / (1 + cosine) if 100 * (1 + cosine) > 2 else 0.0
        middle = [(x + (a + c) * factor, y + (b + d) * factor)] if factor else []
        joint = ((x, y), (x + side * a, y + side * b), *middle, (x + side * c, y + side * d))
        paths.append(joint[::-side])
    return tuple(paths)


def _line_box(item: Brace | Arrow, scene: Scene) -> tuple[float, ...]:
    """Where a brace or an arrow should paint, roughly."""
    if isinstance(item, Arrow):
        x0, y0, x1, y1 = _box(item.points)
        wide = scene.arrow_head[1] / 2
        return x0 - wide, y0 - wide, x1 + wide, y1 + wide
    (right, up), tip = OUTWARDS[item.side], scene.lengths[item.amplitude]
    return _box((item.start, item.end, (item.end[0] + right * tip, item.end[1] + up * tip)))


def _distinct(path: tuple[Point, ...]) -> list[Point]:
    """The corners of a closed path."""
    points: list[Point] = []
    for x, y in path:
        if all(abs(x - a) + abs(y - b) > 1e-2 for a, b in points):
            points.append((x, y))
    return points


def _nearest(corners: list[Point], shapes: dict[str, Shape | Wedge]) -> str | None:
    """The shape that has these corners, within NEAR."""
    if len(corners) not in (4, 6):
        return None
    for name, shape in shapes.items():
        if max(*match(corners, shape.points), *match(shape.points, corners)) < NEAR:
            return name
    return None


def match(corners: Sequence[Point], others: Sequence[Point]) -> list[float]:
    """How far each corner is from the nearest of the others."""
    return [min(((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b in others) for x, y in corners]


def _box(points: Iterable[Point]) -> tuple[float, ...]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _union(boxes: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _centre(box: tuple[float, ...]) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _within(box: tuple[float, ...], outer: tuple[float, ...], near: float = NEAR) -> bool:
    return all(a > b - near for a, b in zip(box[:2], outer[:2], strict=True)) and all(
        a < b + near for a, b in zip(box[2:], outer[2:], strict=True)
    )


def _gap(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    return max(abs(a - b) for a, b in zip(box, other, strict=True))


def _distance(point: Point, label: Label) -> float:
    """From a point to a label's box; 0 inside."""
    dx = max(0.0, abs(point[0] - label.centre[0]) - label.width / 2)
    dy = max(0.0, abs(point[1] - label.centre[1]) - label.height / 2)
    return (dx * dx + dy * dy) ** 0.5


def _inside(point: Point, label: Label) -> bool:
    return _distance(point, label) == 0
