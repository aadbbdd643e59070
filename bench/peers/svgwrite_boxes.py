"""Many boxes by svgwrite as it comes, with live text: `LAYERS OUT.svg`. Prints JSON."""

from __future__ import annotations

import json
import sys
import time


def draw(layers: int) -> str:
    import many
    import svgwrite

    width, height = many.size(layers)
    drawing = svgwrite.Drawing(size=(f"{width}mm", f"{height}mm"), viewBox=f"0 0 {width} {height}")
    for x, y, wide, label in many.boxes(layers):
        corner = round(x, 2), round(y, 2)
        drawing.add(drawing.rect(corner, (round(wide, 2), 2.8), fill="#F0E442", stroke="#857C00"))
        place = round(x - 0.5, 2), round(y + 1.9, 2)
        drawing.add(drawing.text(label, insert=place, font_size=1.75, text_anchor="end"))
    for x, tail, tip in many.arrows(layers):
        head = f"M{x - 0.5:.2f} {tip + 1.3:.2f}L{x:.2f} {tip:.2f}L{x + 0.5:.2f} {tip + 1.3:.2f}Z"
        drawing.add(drawing.path(f"M{x:.2f} {tail:.2f}V{tip + 1.3:.2f}{head}", stroke="#333333"))
    output: str = drawing.tostring()
    return output


if __name__ == "__main__":
    begun = time.perf_counter()
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(draw(int(sys.argv[1])))
    print(json.dumps({"seconds": [time.perf_counter() - begun]}))
