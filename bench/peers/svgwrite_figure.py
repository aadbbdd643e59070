"""The figure by svgwrite with live text: `OUT.svg`."""

from __future__ import annotations

import sys

import picture
import svgwrite


def draw(waist: float) -> str:
    size = (f"{picture.WIDTH}mm", f"{picture.HEIGHT}mm")
    box = f"0 0 {picture.WIDTH} {picture.HEIGHT}"
    drawing = svgwrite.Drawing(size=size, viewBox=box, debug=False)
    lines = drawing.g(stroke_width=picture.LINE, fill="none", stroke=picture.INK)
    for shape in picture.shapes(waist):
        corners = [(round(x, 2), round(picture.HEIGHT - y, 2)) for x, y in shape.points]
        lines.add(drawing.polygon(corners, fill=shape.fill, stroke=shape.stroke))
    for curves in picture.braces(waist):
        path = ""
        for number, curve in enumerate(curves):
            start, *rest = (f"{x:.2f} {picture.HEIGHT - y:.2f}" for x, y in curve)
            path += f"{'L' if number else 'M'}{start}C{' '.join(rest)}"
        lines.add(drawing.path(path))
    drawing.add(lines)
    words = drawing.g(text_anchor="middle", font_family="serif")
    for label in picture.LABELS:
        place = (label.x, round(picture.HEIGHT - label.y + 1.1, 2))
        weight = {"font_weight": "bold"} if label.bold else {}
        size_mm = round(label.size * 25.4 / 72.27, 2)
        words.add(drawing.text(label.live, insert=place, fill=label.ink, font_size=size_mm, **weight))
    drawing.add(words)
    output: str = drawing.tostring()
    return output


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(draw(picture.WAIST))
