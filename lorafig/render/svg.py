"""Scene to SVG. svgwrite serialises; it is imported by this module alone.

Lengths are mm: the root is sized in mm, its viewBox is in mm, and one group turns the y axis
upwards. Style is written as presentation attributes, which every viewer, editor and slide program
understands and which cannot leak into the page that the picture is put in.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, Literal, assert_never
from xml.etree.ElementTree import Element

from lorafig.render import forms, geometry, wires
from lorafig.render.outlines import GRID, paths, relative
from lorafig.scene import Arrow, Brace, Glyph, Group, Icon, Item, Label, Line, Point, Scene, Shape, Style

Text = Literal["paths", "live"]

# For live text: the fonts that the outlines come from, then faces that most machines have.
FONTS = "'Latin Modern Roman','Latin Modern Math','STIX Two Text','STIX Two Math','Cambria Math',serif"
# For Chinese and Japanese by the first letter of a glyph's key: regular is song, bold is hei.
CJK_FONTS = {
    "s": "'Noto Serif CJK SC','Noto Serif SC','Source Han Serif SC','Songti SC',SimSun,serif",
    "h": "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','Heiti SC',SimHei,sans-serif",
}

# Compiled when first needed: most texts are printable, and the pattern takes 5 ms.
_NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_NOT_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def render(scene: Scene, *, text: Text = "paths") -> str:
    """The picture as an SVG document (UTF-8 needs no XML declaration)."""
    drawing = _svgwrite().container.SVG(
        size=(f"{number(scene.width)}mm", f"{number(scene.height)}mm"),
        viewBox=f"0 0 {number(scene.width)} {number(scene.height)}",
        id=_id(scene.id),
        role="img",
        aria_labelledby=f"{_id(scene.id, 'title')} {_id(scene.id, 'desc')}",
        xmlns="http://www.w3.org/2000/svg",
        debug=False,
    )
    drawing.elements.remove(drawing.defs)  # there is nothing to define
    drawing.add(_Element("title", {"id": _id(scene.id, "title")}, _clean(scene.title)))
    drawing.add(_Element("desc", {"id": _id(scene.id, "desc")}, _clean(scene.description)))
    root = _Element(
        "g", {"transform": f"matrix(1 0 0-1 0 {number(scene.height)})", "stroke-miterlimit": "10"}
    )
    if scene.background is not None:
        box = f"M0 0H{number(scene.width)}V{number(scene.height)}H0z"
        root.children.append(_Element("path", {"fill": scene.palette[scene.background], "d": box}))
    root.children.extend(_items(scene.items, scene, text))
    drawing.add(root)
    document: str = drawing.tostring()
    return document + "\n"


def number(value: float) -> str:
    """A length in mm to a thousandth, without trailing zeros, and never -0."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Element:
    """An element as svgwrite's containers take it: they only ask for its XML.

    svgwrite's own classes cost 20 µs an element for checks and conversions that are switched off.
    """

    __slots__ = ("attributes", "children", "elementname", "text")

    def __init__(self, elementname: str, attributes: dict[str, str], text: str | None = None) -> None:
        self.elementname = elementname
        self.attributes = attributes
        self.text = text
        self.children: list[_Element] = []

    def get_xml(self) -> Element[str]:
        xml = Element(self.elementname, self.attributes)
        xml.text = self.text
        xml.extend([child.get_xml() for child in self.children])
        return xml


def _items(items: Iterable[Item], scene: Scene, text: Text) -> list[_Element]:
    elements: list[_Element] = []
    for item in items:
        attributes = {"id": _id(scene.id, item.name)}
        match item:
            case Group():
                group = _Element("g", attributes)
                group.children = _items(item.items, scene, text)
                elements.append(group)
            case Shape():
                style = scene.styles[item.role]
                attributes["fill"] = "none" if style.fill is None else scene.palette[style.fill]
                if style.stroke is not None and style.line > 0:
                    attributes |= _pen(scene.palette[style.stroke], style)
                attributes["d"] = _outline(item, style.dashed)
                elements.append(_Element("path", attributes))
            case Arrow():
                elements.append(_arrow(item, attributes, scene))
            case Brace():
                style = scene.styles[item.role]
                attributes |= {"fill": "none", **_pen(scene.palette[style.stroke or style.ink], style)}
                curve = geometry.brace(item.start, item.end, item.side, scene.lengths[item.amplitude])
                attributes["d"] = _curve(curve)
                elements.append(_Element("path", attributes))
            case Icon():
                attributes["fill"] = scene.palette[scene.styles[item.role].ink]
                elements.append(_icon(item, attributes, scene.outlines[item.key]))
            case Label():
                attributes["fill"] = scene.palette[scene.styles[item.role].ink]
                elements.append(
                    _live(item, attributes) if text == "live" else _outlined(item, attributes, scene.outlines)
                )
            case _:
                assert_never(item)
    return elements


def _pen(colour: str, style: Style) -> dict[str, str]:
    pen = {"stroke": colour, "stroke-width": number(style.line)}
    if style.dashed:
        pen["stroke-dasharray"] = f"{number(wires.DASH * style.line)} {number(wires.GAP * style.line)}"
    return pen


def _arrow(arrow: Arrow, attributes: dict[str, str], scene: Scene) -> _Element:
    """A line: all of it one filled path where it is straight and solid, else a stroked path and its heads."""
    style = scene.styles[arrow.role]
    colour = scene.palette[style.stroke or style.ink]
    shaft, heads = wires.wire(arrow, scene.arrow_head, style.line)
    ends = "".join([_polygon(head) for head in heads])
    if len(shaft) == 2 and not style.dashed:
        ((start,), (end,)) = shaft[0][1], shaft[1][1]
        attributes["fill"] = colour
        attributes["d"] = _polygon(geometry.stroke((start, end), style.line)) + ends
        return _Element("path", attributes)
    line = _Element("path", {"fill": "none", **_pen(colour, style), "d": _curve(shaft)})
    if not heads:
        line.attributes = {**attributes, **line.attributes}
        return line
    group = _Element("g", attributes)
    group.children = [line, _Element("path", {"fill": colour, "d": ends})]
    return group


def _icon(icon: Icon, attributes: dict[str, str], outline: str) -> _Element:
    """An icon as one path, on the grid of outlines."""
    x, y, rest = relative(outline)
    corner = icon.centre[0] - icon.size / 2, icon.centre[1] - icon.size / 2
    scale = f"{icon.size / GRID:.7f}".strip("0")
    attributes["transform"] = f"translate({_pair(corner)})scale({scale})"
    attributes["d"] = f"M{x} {y}{rest}" if rest else ""
    return _Element("path", attributes)


def _outlined(label: Label, attributes: dict[str, str], outlines: Mapping[str, str]) -> _Element:
    """A label as one path for each size of its glyphs, on the grid of outlines."""
    elements = []
    for (across, up), path in paths(label, outlines).items():
        factors = [f"{factor:.7f}".strip("0") for factor in dict.fromkeys((across, up))]
        place = f"translate({_pair(label.lines[0].origin)})scale({' '.join(factors)})"
        elements.append(_Element("path", {"transform": place, "d": path}))
    if len(elements) == 1:
        elements[0].attributes = {**attributes, **elements[0].attributes}
        return elements[0]
    group = _Element("g", attributes)
    group.children = elements
    return group


def _live(label: Label, attributes: dict[str, str]) -> _Element:
    """A label as text: one element a line, one span for each run at one height and size."""
    group = _Element("g", {**attributes, "font-family": FONTS, "font-size": number(label.lines[0].size)})
    group.children = [_live_line(line) for line in label.lines]
    return group


def _live_line(line: Line) -> _Element:
    element = _Element("text", {"transform": f"matrix(1 0 0-1 {_pair(line.origin)})"})
    raised = False
    for glyphs in _runs(line.glyphs):
        glyph, chars = glyphs[0], "".join(_upright(glyph.char) for glyph in glyphs)
        attributes = {"x": number(glyph.x * line.size)}
        if glyph.y != 0 or raised:
            attributes["y"] = number(-glyph.y * line.size)
            raised = glyph.y != 0
        if glyph.scale != 1:
            attributes["font-size"] = number(glyph.scale * line.size)
        if glyph.key[:1] in CJK_FONTS:
            attributes["font-family"] = CJK_FONTS[glyph.key[:1]]
        if glyph.key[:1] in ("b", "h"):
            attributes["font-weight"] = "bold"
        if chars[:1] != glyph.char[:1]:
            attributes["font-style"] = "italic"
        element.children.append(_Element("tspan", attributes, _clean(chars)))
    return element


def _runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Words run on with the spacing of the font that is found; in mathematics each letter has its place.

    A list of places in one span would be shorter, but librsvg heeds only the first.
    """
    runs: list[list[Glyph]] = []
    previous: object = None
    for glyph in glyphs:
        run = glyph.key[:1], glyph.y, glyph.scale
        if glyph.char == " " and run != previous and runs:
            runs[-1].append(glyph)  # librsvg drops a blank at the start of a span
            continue
        if run == previous and not glyph.key.startswith("m"):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
        previous = run
    return runs


def _upright(char: str) -> str:
    """The plain letter of a mathematical italic one, which far more fonts have in their italic."""
    italic = len(char) == 1 and (
        char == "\u210e" or 0x1D434 <= ord(char) <= 0x1D467 or 0x1D6E2 <= ord(char) <= 0x1D71B
    )
    return unicodedata.normalize("NFKC", char) if italic else char


def _pair(point: Point) -> str:
    y = number(point[1])
    return f"{number(point[0])}{y}" if y.startswith("-") else f"{number(point[0])} {y}"


def _polygon(points: Sequence[Point]) -> str:
    if len(points) == 4:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points
        if x0 == x3 and x1 == x2 and y0 == y1 and y2 == y3:
            return f"M{_pair((x0, y0))}H{number(x1)}V{number(y2)}H{number(x0)}z"
    return f"M{'L'.join([_pair(point) for point in points])}z" if points else ""


def _outline(shape: Shape, dashed: bool) -> str:
    """The outline of a shape. Arcs are counter-clockwise where y points up.

    A dashed one is left open at its start: some viewers would join its last dash to its first.
    """
    radius = 0.0 if shape.form == "box" else forms.corner(shape)
    if radius == 0.0:
        points = shape.points if shape.form == "box" else [point for _, (point,) in forms.outline(shape)]
        path = _polygon(points)
        return f"{path[:-1]}L{_pair(points[0])}" if dashed else path
    x0, y0, x1, y1 = shape.box
    r, end = number(radius), "" if dashed else "z"
    if shape.form == "circle":
        across = number(2 * radius)
        return f"M{_pair((x1, (y0 + y1) / 2))}a{r} {r} 0 1 1-{across} 0a{r} {r} 0 1 1 {across} 0{end}"
    arc = f"a{r} {r} 0 0 1"
    return (
        f"M{_pair((x1 - radius, y1))}H{number(x0 + radius)}{arc}-{r}-{r}V{number(y0 + radius)}{arc} {r}-{r}"
        f"H{number(x1 - radius)}{arc} {r} {r}V{number(y1 - radius)}{arc}-{r} {r}{end}"
    )


def _curve(path: geometry.Path) -> str:
    return "".join(command + " ".join(_pair(point) for point in points) for command, points in path)


def _id(*parts: str) -> str:
    return "-".join(_NOT_NAME.sub("-", part) for part in parts)


def _clean(text: str) -> str:
    """Characters that XML 1.0 does not allow become the replacement character."""
    return text if text.isprintable() else re.sub(_NOT_XML, "\ufffd", text)


def _svgwrite() -> Any:
    """svgwrite, without the network modules that it imports to embed web fonts.

    `from urllib.request import urlopen` costs half of svgwrite's start-up. LazyLoader cannot put
    it off, as fetching the name loads the module. A module that looks its names up when they are
    used (PEP 562) can, and stays correct for anyone else who happens to get hold of it.
    """
    if "svgwrite" not in sys.modules and "urllib.request" not in sys.modules:
        later = ModuleType("urllib.request")

        def real(name: str) -> Any:
            if name.startswith("__"):  # asked for by the import machinery itself
                raise AttributeError(name)
            if sys.modules.get("urllib.request") is later:
                del sys.modules["urllib.request"]
            import urllib.request

            return getattr(urllib.request, name)

        def open_later(*args: Any, **options: Any) -> Any:
            return real("urlopen")(*args, **options)

        later.__getattr__ = real  # type: ignore[method-assign]
        later.urlopen = open_later  # type: ignore[attr-defined]
        sys.modules["urllib.request"] = later
        try:
            import svgwrite
        finally:
            if sys.modules.get("urllib.request") is later:
                del sys.modules["urllib.request"]
    import svgwrite

    return svgwrite
