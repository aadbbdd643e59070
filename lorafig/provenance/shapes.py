"""The shapes of an SVG beside those that the spec gives, however they are written.

An optimiser moves attributes, joins paths, drops groups and rounds numbers; the picture stays as it is. So
each part of a path is reduced to what is seen of it: how it is painted, its box, its length, its area and its
middle, in units of the picture (mm). What no optimiser writes, an image or an effect, is a difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias
from xml.etree import ElementTree

from lorafig.provenance import curves
from lorafig.provenance.curves import IDENTITY, Matrix, Point

MAX_BYTES = 16 << 20
# What SVGO's roundings and arcs were seen to move a shape by: 0.03 mm, 2.4 % of a length, 4.3 % of an area.
_NEAR = 0.05  # mm
_SHARE = 0.05
_MOST_TOLD = 3
_SVG = "{http://www.w3.org/2000/svg}"
_SAYS = ("title", "desc", "metadata")
_DRAWN = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
_PAINT = {
    "fill": "black", "fill-rule": "nonzero", "stroke": "none", "stroke-width": "1",
    "stroke-dasharray": "none", "stroke-linecap": "butt", "stroke-linejoin": "miter",
}  # fmt: skip
# Attributes that say nothing of how a shape looks here.
_SILENT = re.compile(
    r"id|class|role|aria-.*|data-.*|version|xmlns.*|font-.*|text-anchor|stroke-miterlimit|style|width|height|viewBox"
    r"|transform|d|x|y|x1|y1|x2|y2|r|rx|ry|cx|cy|points|preserveAspectRatio|\{.*"
)

Said: TypeAlias = tuple[Literal["same", "altered", "unknown"], str, tuple[str, ...]]


class Part(NamedTuple):
    """A part of a path as it is seen: how it is painted, and the numbers that tell it from others."""

    paint: tuple[str, ...]
    numbers: tuple[float, ...]  # left, bottom, right, top, x and y of the middle, length, area

    def is_near(self, other: Part) -> bool:
        return self.paint == other.paint and all(
            abs(a - b) <= _NEAR + (_SHARE * max(abs(a), abs(b)) if place >= 6 else 0.0)
            for place, (a, b) in enumerate(zip(self.numbers, other.numbers, strict=True))
        )

    def __str__(self) -> str:
        if self.paint[0] == "text":
            return f"the text '{self.paint[1][:60]}'"
        colour = self.paint[0] if self.paint[0] != "none" else self.paint[1]
        return f"a shape in {colour} at ({self.numbers[4]:.1f}, {self.numbers[5]:.1f}) mm"


class Seen(NamedTuple):
    """What is seen of an SVG, and what it says of itself."""

    size: tuple[str, ...]
    says: tuple[str, ...]
    sheet: str
    parts: list[Part]
    strange: set[str]


def compare(own: bytes, given: bytes) -> Said:
    """Two SVGs, each without its record."""
    if len(own) > MAX_BYTES:
        return "unknown", "the file is too large to compare its shapes", ()
    if b"<!ENTITY" in own or b"<!DOCTYPE" in own:
        return "altered", "it declares a document type, which the spec does not give", ()
    try:
        there, here = _seen(own), _seen(given)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        return "altered", f"it cannot be read: {str(error)[:80]}", ()
    differs = [f"it has {name}" for name in sorted(there.strange - here.strange)]
    if there.size != here.size:
        differs.append(f"its size is {' '.join(there.size)} for {' '.join(here.size)}")
    if there.sheet != here.sheet:
        differs.append("its style sheet is another one")
    for text in _missing(here.says, there.says):
        differs.append(f"the text '{text[:60]}' is missing")
    for text in _missing(there.says, here.says):
        differs.append(f"the text '{text[:60]}' is new")
    lost, new = _unmatched(here.parts, there.parts)
    differs += [f"{part} is missing" for part in lost] + [f"{part} is new" for part in new]
    if differs:
        count = len(differs)
        what = f"{count} {'thing differs' if count == 1 else 'things differ'} from what the spec gives"
        return "altered", what, tuple(differs[:_MOST_TOLD])
    what = f"another program wrote the file; its {len(here.parts)} shapes are those that the spec gives"
    return "same", what, ()


def _missing(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    left = list(others)
    return [text for text in texts if text not in left or left.remove(text)]  # type: ignore[func-returns-value]


def _unmatched(here: list[Part], there: list[Part]) -> tuple[list[Part], list[Part]]:
    """The parts of either that have none in the other. Of those in one cell of a grid, each is taken once."""
    cells: dict[tuple[int, int], list[Part]] = {}
    for part in there:
        cells.setdefault(_cell(part), []).append(part)
    lost = []
    for part in here:
        column, row = _cell(part)
        for cell in ((column + a, row + b) for a in (0, -1, 1) for b in (0, -1, 1)):
            found = next((other for other in cells.get(cell, ()) if part.is_near(other)), None)
            if found is not None:
                cells[cell].remove(found)
                break
        else:
            lost.append(part)
    return lost, [part for cell in cells.values() for part in cell]


def _cell(part: Part) -> tuple[int, int]:
    return math.floor(part.numbers[0]), math.floor(part.numbers[1])


def _seen(data: bytes) -> Seen:
    root = ElementTree.fromstring(data)
    seen = Seen(_size(root), (), "", [], set())
    says: list[str] = []
    sheets: list[str] = []
    _walk(root, IDENTITY, _PAINT, seen, says, sheets)
    return seen._replace(says=tuple(says), sheet=re.sub(r"[\s\"';]", "", "".join(sheets)).lower())


def _size(root: ElementTree.Element) -> tuple[str, ...]:
    """The view box in whole hundredths, and the shape of the place that it is set in."""
    box = root.get("viewBox") or f"0 0 {root.get('width', '')} {root.get('height', '')}"
    return tuple(f"{float(number):.2f}" for number in re.findall(r"-?[\d.]+(?:e-?\d+)?", box))


def _walk(
    element: ElementTree.Element,
    matrix: Matrix,
    paint: Mapping[str, str],
    seen: Seen,
    says: list[str],
    sheets: list[str],
) -> None:
    name = element.tag.removeprefix(_SVG) if isinstance(element.tag, str) else ""
    if name in ("", "metadata", "defs"):
        return
    if name in ("title", "desc"):
        says.append(" ".join("".join(element.itertext()).split()))
        return
    if name == "style":
        sheets.append("".join(element.itertext()))
        return
    attributes = {**element.attrib, **_declared(element.get("style", ""))}
    paint = {key: _colour(attributes.get(key, before)) for key, before in paint.items()}
    seen.strange.update(
        f"an attribute '{key}'" for key in attributes if key not in _PAINT and not _SILENT.fullmatch(key)
    )
    if "transform" in attributes:
        matrix = curves.multiplied(matrix, curves.transform(attributes["transform"]))
    if name == "text":
        words = " ".join("".join(element.itertext()).split())
        x, y = curves.moved(matrix, (0.0, 0.0))
        seen.parts.append(Part(("text", words), (x, y, x, y, x, y, 0.0, 0.0)))
        return
    if name in _DRAWN:
        scale = math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
        for points, closed in curves.flattened(curves.path_of(name, attributes)):
            part = _part([curves.moved(matrix, point) for point in points], closed, paint, scale)
            if part is not None:
                seen.parts.append(part)
    elif name not in ("svg", "g", "a"):
        seen.strange.add(f"an element '{name}'")
    for child in element:
        _walk(child, matrix, paint, seen, says, sheets)


def _declared(style: str) -> dict[str, str]:
    """The declarations of a style attribute."""
    pairs = (part.partition(":") for part in style.split(";") if ":" in part)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _colour(value: str) -> str:
    """A colour in one spelling; what is none stays."""
    if re.fullmatch(r"[\d.,\s]+|none|currentColor", value):
        return value
    from PIL import ImageColor

    try:
        return "#" + "".join(f"{level:02X}" for level in ImageColor.getrgb(value)[:3])
    except ValueError:
        return value


def _part(points: list[Point], closed: bool, paint: Mapping[str, str], scale: float) -> Part | None:
    filled, drawn = paint["fill"] != "none", paint["stroke"] != "none" and float(paint["stroke-width"]) > 0
    if not points or not (filled or drawn):
        return None
    if filled or closed:
        points = [*points, points[0]]
    xs, ys = zip(*points, strict=True)
    length = area = along = up = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        step = math.hypot(x1 - x0, y1 - y0)
        length += step
        along += step * (x0 + x1) / 2
        up += step * (y0 + y1) / 2
        area += (x0 * y1 - x1 * y0) / 2
    if length == 0:
        return None
    numbers = (min(xs), min(ys), max(xs), max(ys), along / length, up / length, length, abs(area))
    return Part(tuple(_look(paint, filled, drawn, scale)), numbers)


def _look(paint: Mapping[str, str], filled: bool, drawn: bool, scale: float) -> Iterator[str]:
    yield paint["fill"] if filled else "none"
    yield paint["stroke"] if drawn else "none"
    if filled:
        yield paint["fill-rule"]
    if drawn:
        yield f"{float(paint['stroke-width']) * scale:.2f}"
        yield paint["stroke-linecap"]
        yield paint["stroke-linejoin"]
        dashes = re.findall(r"[\d.]+", paint["stroke-dasharray"])
        yield " ".join(f"{float(dash) * scale:.1f}" for dash in dashes)
