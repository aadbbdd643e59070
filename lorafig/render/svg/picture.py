"""Scene to SVG: the elements of a picture.

The root is sized in mm, its viewBox is in mm, and one group turns the y axis upwards. Style is written
as presentation attributes, which every viewer, editor and slide program understands and which cannot
leak into the page that the picture is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal, assert_never
from xml.etree.ElementTree import Element, tostring

import svgwrite

from lorafig.render import strokes, wires
from lorafig.render.outlines import GRID, paths, relative
from lorafig.render.svg import live
from lorafig.render.svg.numbers import curve, number, outline, pair, polygon
from lorafig.scene import Arrow, Brace, Group, Icon, Item, Label, Scene, Shape, Style, Wedge

Text = Literal["paths", "live"]
Attributes = dict[str, str]

# svgwrite sorts attributes by name. A reader looks for the name first, for the path last.
ORDER = (
    "id", "fill", "stroke", "stroke-width", "stroke-dasharray", "transform", "stroke-miterlimit", "x", "y",
    "font-family", "font-size", "font-weight", "font-style", "textLength", "lengthAdjust", "d",
)  # fmt: skip

_NOT_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def render(scene: Scene, *, text: Text = "paths") -> str:
    """The picture as an SVG document (UTF-8 needs no XML declaration)."""
    width, height = number(scene.width), number(scene.height)
    names = [identity(scene, part) for part in ("_title", "_desc")]  # no item is called so
    drawing = svgwrite.Drawing(debug=False)  # makes the elements
    root = drawing.svg(
        size=(f"{width}mm", f"{height}mm"),
        viewBox=f"0 0 {width} {height}",
        id=scene.id,
        role="img",
        aria_labelledby=" ".join(names),
        xmlns="http://www.w3.org/2000/svg",
    )
    root.elements.remove(root.defs)  # there is nothing to define
    root.set_desc(title=live.clean(scene.title), desc=live.clean(scene.description))
    upwards = drawing.g(transform=f"matrix(1 0 0-1 0 {height})", stroke_miterlimit="10")
    if scene.background is not None:
        ground = f"M0 0H{width}V{height}H0z"
        upwards.add(drawing.path(ground, fill=scene.palette[scene.background]))
    root.add(upwards)
    document = root.get_xml()
    *about, picture = document
    for element, name in zip(about, names, strict=True):
        element.set("id", name)
    _Painter(scene, drawing, text).paint(scene.items, picture)
    _put_in_order(picture)
    return tostring(document, encoding="unicode") + "\n"


def _put_in_order(picture: Element[str]) -> None:
    rank = {name: place for place, name in enumerate(ORDER)}.__getitem__
    for element in picture.iter():
        attributes = element.attrib
        element.attrib = {name: attributes[name] for name in sorted(attributes, key=rank)}


class _Painter:
    """Turns items into elements, each into XML at once: kept as objects they would take thrice the memory."""

    def __init__(self, scene: Scene, drawing: Any, text: Text) -> None:
        self.scene, self.live = scene, text == "live"
        self.drawing, self.path, self.group = drawing, drawing.path, drawing.g

    def paint(self, items: Iterable[Item], parent: Element[str]) -> None:
        for item in items:
            element = self.element(item, identity(self.scene, item.name)).get_xml()
            if isinstance(item, Group):
                self.paint(item.items, element)
            parent.append(element)

    def element(self, item: Item, name: str) -> Any:
        match item:
            case Group():
                return self.group(id=name)
            case Shape():
                style = self.scene.styles[item.role]
                fill = "none" if style.fill is None else self.scene.palette[style.fill]
                pen = self.pen(style) if style.stroke is not None and style.line > 0 else {}
                return self.path(outline(item, style.dash != ""), id=name, fill=fill, **pen)
            case Arrow():
                return self.arrow(item, name)
            case Wedge():
                ground = self.scene.styles[item.role].fill or "none"
                return self.path(polygon(item.points), id=name, fill=self.scene.palette.get(ground, ground))
            case Brace():
                bent = strokes.brace(item.start, item.end, item.side, self.scene.lengths[item.amplitude])
                return self.path(curve(bent), id=name, fill="none", **self.pen(self.scene.styles[item.role]))
            case Icon():
                return self.icon(item, name)
            case Label():
                ink = self.ink(item)
                if self.live:
                    return live.label(item, self.drawing, id=name, fill=ink)
                return self.label(item, id=name, fill=ink)
            case _:
                assert_never(item)

    def ink(self, item: Icon | Label) -> str:
        style = self.scene.styles[item.role]
        return self.scene.palette[style.mark if isinstance(item, Icon) else style.ink]

    def pen(self, style: Style) -> Attributes:
        pen = {"stroke": self.scene.palette[style.stroke or style.ink], "stroke-width": number(style.line)}
        if style.dash:
            on, off = wires.PATTERNS[style.dash]
            pen["stroke-dasharray"] = f"{number(on * style.line)} {number(off * style.line)}"
        return pen

    def arrow(self, arrow: Arrow, name: str) -> Any:
        """A line: one filled path where it is straight and solid, else a stroked path and its heads."""
        style = self.scene.styles[arrow.role]
        shaft, heads = wires.wire(arrow, self.scene.arrow_head, style.line)
        ends = "".join(map(polygon, heads))
        colour = self.scene.palette[style.stroke or style.ink]
        if len(shaft) == 2 and style.dash == "":
            ((start,), (end,)) = shaft[0][1], shaft[1][1]
            return self.path(polygon(strokes.stroke((start, end), style.line)) + ends, id=name, fill=colour)
        if not heads:
            return self.path(curve(shaft), id=name, fill="none", **self.pen(style))
        group = self.group(id=name)
        group.add(self.path(curve(shaft), fill="none", **self.pen(style)))
        group.add(self.path(ends, fill=colour))
        return group

    def icon(self, icon: Icon, name: str) -> Any:
        """An icon as one path, on the grid of outlines."""
        x, y, rest = relative(self.scene.outlines[icon.key])
        place = f"translate({pair(icon.box[:2])})scale({_factor(icon.size / GRID)})"
        return self.path(f"M{x} {y}{rest}", id=name, fill=self.ink(icon), transform=place)

    def label(self, label: Label, **own: str) -> Any:
        """A label as one path for each size of its glyphs, on the grid of outlines."""
        inks = []
        for units, path in paths(label, self.scene.outlines).items():
            factors = " ".join(map(_factor, dict.fromkeys(units)))
            inks.append((path, f"translate({pair(label.lines[0].origin)})scale({factors})"))
        if len(inks) == 1:
            return self.path(inks[0][0], transform=inks[0][1], **own)
        group = self.group(**own)
        for path, place in inks:
            group.add(self.path(path, transform=place))
        return group


def _factor(factor: float) -> str:
    return f"{factor:.7f}".strip("0")


def identity(scene: Scene, name: str) -> str:
    """The id of an item. The name of an item has no `_`, nor has a figure's id: so no other figure's
    items, of whatever name, have the same."""
    return _NOT_NAME.sub("-", f"{scene.id}_{name}")
