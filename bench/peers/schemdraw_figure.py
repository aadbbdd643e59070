"""The figure by schemdraw's own SVG backend, labels as outlines: `OUT.svg`, or `--again COUNT`."""

from __future__ import annotations

import sys

import picture
import schemdraw
from schemdraw import elements
from schemdraw.segments import Segment, SegmentBezier, SegmentPoly, SegmentText

SCALE = 0.1  # one drawing unit is 10 mm


def scaled(*points: picture.Point) -> list[picture.Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]


class TwoPanels(elements.Element):  # type: ignore[misc]
    def __init__(self, waist: float) -> None:
        super().__init__()
        for shape in picture.shapes(waist):
            outline = scaled(*shape.points)
            self.segments.append(SegmentPoly(outline, fill=shape.fill, color=shape.stroke, lw=0.8))
        for curves in picture.braces(waist):
            end = curves[0][0]
            for curve in curves:
                if curve[0] != end:
                    self.segments.append(Segment(scaled(end, curve[0]), color=picture.INK, lw=0.8))
                self.segments.append(SegmentBezier(scaled(*curve), color=picture.INK, lw=0.8))
                end = curve[3]
        for label in picture.LABELS:
            (place,) = scaled((label.x, label.y))
            align = ("center", "center")
            text = SegmentText(place, label.text, align=align, fontsize=label.size, color=label.ink)
            self.segments.append(text)


def draw(waist: float) -> bytes:
    drawing = schemdraw.Drawing(canvas="svg", show=False, inches_per_unit=10 / 25.4)
    drawing.add(TwoPanels(waist).right())
    output: bytes = drawing.get_imagedata("svg")
    return output


if __name__ == "__main__":
    schemdraw.svgconfig.text = "path"
    if sys.argv[1] == "--again":
        from again import report

        report(draw, int(sys.argv[2]))
    else:
        with open(sys.argv[1], "wb") as file:
            file.write(draw(picture.WAIST))
