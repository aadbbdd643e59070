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

import pypdf

from lorafig.scene import Arrow, Brace, Label, Scene, Shape, walk

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
MM = 25.4 / 72
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
PIECES = 24


@dataclass(frozen=True)
class Mark:
    """One painted path: its colours, its line width, and its subpaths as points, curves cut up."""

    fill: str | None
    stroke: str | None
    width: float
    subpaths: tuple[tuple[Point, ...], ...]
    curved: bool

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
            yield Mark(fill, stroke, width if stroke else 0.0, subpaths, "C" in d)
    for child in element:
        yield from _marks(child, matrix, defined, style)


def _style(element: ET.Element) -> dict[str, str]:
    names = ("fill", "stroke", "stroke-width")
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


# -- items of a scene, found among the marks ------------------------------------------------

NEAR = 1.5  # mm: how far from where it should be a mark is still taken for an item


@dataclass(frozen=True)
class Found:
    """What was measured of a page: corners of shapes, boxes of what braces, arrows and frames paint,
    and the middles of the labels' ink."""

    shapes: dict[str, tuple[Point, ...]]
    frames: dict[str, tuple[float, ...]]
    lines: dict[str, tuple[float, ...]]
    labels: dict[str, Point]
    colours: dict[str, str]


def find(page: Page, scene: Scene) -> Found:
    """Take each mark for the item whose place it is at. What belongs to no item is an error."""
    items = list(walk(scene.items))
    shapes = {item.name: item for item in items if isinstance(item, Shape)}
    lines = {item.name: _line_box(item, scene) for item in items if isinstance(item, Brace | Arrow)}
    labels = {item.name: item for item in items if isinstance(item, Label)}
    found = Found({}, {}, {}, {}, {})
    painted: dict[str, list[tuple[float, ...]]] = {}
    ink: dict[str, list[tuple[float, ...]]] = {}
    background = _colour(None if scene.background is None else scene.palette[scene.background])
    for mark in page.marks:
        box = mark.box
        if background is not None and mark.fill == background and box[2] - box[0] > 0.95 * scene.width:
            continue
        corners = [_distinct(path) for path in mark.subpaths]
        name = _nearest(corners[0], shapes) if len(corners) == 1 and not mark.curved else None
        if name is not None:
            if mark.fill is not None:
                found.shapes[name] = tuple(corners[0])
                found.colours[name] = mark.fill
            if mark.stroke is not None:
                found.frames[name] = _painted(mark)
            continue
        if name is None and len(corners) == 2 and not mark.curved:  # the frame of a shape, as a fill
            name = _nearest([_middle(pair) for pair in _pairs(*corners)], shapes)
            if name is not None:
                found.frames[name] = box
                continue
        if not mark.curved or mark.stroke is not None or len(corners[0]) > 60:
            name = next((n for n, b in lines.items() if _within(_painted(mark), b)), None)
            if name is not None and not any(_inside(_centre(box), label) for label in labels.values()):
                painted.setdefault(name, []).append(_painted(mark))
                found.colours[name] = mark.fill or mark.stroke or ""
                continue
        for path in mark.subpaths:
            contour = _box(path)
            name = min(labels, key=lambda n: _distance(_centre(contour), labels[n]))
            assert _distance(_centre(contour), labels[name]) < NEAR, f"stray ink at {_centre(contour)}"
            ink.setdefault(name, []).append(contour)
            found.colours[name] = mark.fill or ""
    found.lines.update({name: _union(boxes) for name, boxes in painted.items()})
    found.labels.update({name: _centre(_union(boxes)) for name, boxes in ink.items()})
    return found


def _line_box(item: Brace | Arrow, scene: Scene) -> tuple[float, ...]:
    """Where a brace or an arrow should paint, roughly."""
    if isinstance(item, Arrow):
        x0, y0, x1, y1 = _box(item.points)
        wide = scene.arrow_head[1] / 2
        return x0 - wide, y0 - wide, x1 + wide, y1 + wide
    tip = scene.lengths[item.amplitude] * (1 if item.side == "over" else -1)
    return _box((item.start, item.end, (item.end[0], item.end[1] + tip)))


def _painted(mark: Mark) -> tuple[float, ...]:
    """The box of what a mark covers, flat ends and mitred corners of its line included."""
    if mark.stroke is None:
        return mark.box
    points = [point for path in mark.subpaths for point in _sides(path, mark.width / 2)]
    return _box([*points, *((point for path in mark.subpaths for point in path) if mark.fill else ())])


def _sides(path: tuple[Point, ...], half: float) -> list[Point]:
    """Points on both edges of a line along a path."""
    closed = path[0] == path[-1]
    points = [q for p, q in zip((None, *path), path, strict=False) if p != q]
    normals = []
    for (x0, y0), (x1, y1) in pairwise(points):
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        normals.append((-(y1 - y0) / length, (x1 - x0) / length))
    befores = [normals[-1] if closed else normals[0], *normals]
    afters = [*normals, normals[0] if closed else normals[-1]]
    edges = []
    for (x, y), (a, b), (c, d) in zip(points, befores, afters, strict=True):
        cosine = a * c + b * d
        if 100 * (1 + cosine) < 2:
            continue
        factor = half / (1 + cosine)
        edges += [(x + s * (a + c) * factor, y + s * (b + d) * factor) for s in (1, -1)]
    return edges


def _distinct(path: tuple[Point, ...]) -> list[Point]:
    """The corners of a closed path."""
    points: list[Point] = []
    for x, y in path:
        if all(abs(x - a) + abs(y - b) > 1e-3 for a, b in points):
            points.append((x, y))
    return points


def _nearest(corners: list[Point], shapes: dict[str, Shape]) -> str | None:
    """The shape that has these corners, within NEAR."""
    if len(corners) != 4:
        return None
    for name, shape in shapes.items():
        if max(match(corners, shape.points)) < NEAR:
            return name
    return None


def match(corners: Sequence[Point], others: Sequence[Point]) -> list[float]:
    """How far each corner is from the nearest of the others."""
    return [min(((x - a) ** 2 + (y - b) ** 2) ** 0.5 for a, b in others) for x, y in corners]


def _pairs(one: list[Point], other: list[Point]) -> list[tuple[Point, Point]]:
    return (
        [(p, min(other, key=lambda q: (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2)) for p in one] if other else []
    )


def _middle(pair: tuple[Point, Point]) -> Point:
    return (pair[0][0] + pair[1][0]) / 2, (pair[0][1] + pair[1][1]) / 2


def _box(points: Iterable[Point]) -> tuple[float, ...]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _union(boxes: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _centre(box: tuple[float, ...]) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _within(box: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return all(a > b - NEAR for a, b in zip(box[:2], outer[:2], strict=True)) and all(
        a < b + NEAR for a, b in zip(box[2:], outer[2:], strict=True)
    )


def _distance(point: Point, label: Label) -> float:
    """From a point to a label's box; 0 inside."""
    dx = max(0.0, abs(point[0] - label.centre[0]) - label.width / 2)
    dy = max(0.0, abs(point[1] - label.centre[1]) - label.height / 2)
    return (dx * dx + dy * dy) ** 0.5


def _inside(point: Point, label: Label) -> bool:
    return _distance(point, label) == 0
