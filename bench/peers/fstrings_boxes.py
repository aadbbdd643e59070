"""Many boxes by f-strings, with live text: `LAYERS OUT.svg`. Prints JSON."""

from __future__ import annotations

import json
import sys
import time


def draw(layers: int) -> str:
    import many

    width, height = many.size(layers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm"'
        f' viewBox="0 0 {width:g} {height:g}" font-size="1.75" text-anchor="end" stroke-width="0.28">'
    ]
    for x, y, wide, label in many.boxes(layers):
        box = (
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="2.8" fill="#F0E442" stroke="#857C00"/>'
        )
        parts.append(f'{box}<text x="{x - 0.5:.2f}" y="{y + 1.9:.2f}">{label}</text>')
    for x, tail, tip in many.arrows(layers):
        head = f"M{x - 0.5:.2f} {tip + 1.3:.2f}L{x:.2f} {tip:.2f}L{x + 0.5:.2f} {tip + 1.3:.2f}Z"
        parts.append(f'<path d="M{x:.2f} {tail:.2f}V{tip + 1.3:.2f}{head}" stroke="#333"/>')
    parts.append("</svg>")
    return "\n".join(parts)


if __name__ == "__main__":
    begun = time.perf_counter()
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(draw(int(sys.argv[1])))
    print(json.dumps({"seconds": [time.perf_counter() - begun]}))
