"""The figure by Matplotlib: `OUT.svg|OUT.pdf`, or `--again COUNT`."""

from __future__ import annotations

import io
import sys

import matplotlib.pyplot as plt
import picture
from matplotlib.patches import PathPatch, Polygon
from matplotlib.path import Path

MM = 1 / 25.4


def draw(waist: float, target: str | io.BytesIO, form: str) -> None:
    figure, axes = plt.subplots(figsize=(picture.WIDTH * MM, picture.HEIGHT * MM))
    axes.set_position((0, 0, 1, 1))
    axes.set_xlim(0, picture.WIDTH)
    axes.set_ylim(0, picture.HEIGHT)
    axes.set_axis_off()
    for shape in picture.shapes(waist):
        axes.add_patch(Polygon(shape.points, facecolor=shape.fill, edgecolor=shape.stroke, linewidth=0.8))
    for curves in picture.braces(waist):
        points = [curves[0][0]]
        codes = [Path.MOVETO]
        for start, *rest in curves:
            if start != points[-1]:
                points.append(start)
                codes.append(Path.LINETO)
            points += rest
            codes += [Path.CURVE4] * 3
        axes.add_patch(PathPatch(Path(points, codes), fill=False, edgecolor=picture.INK, linewidth=0.8))
    for label in picture.LABELS:
        weight = "bold" if label.bold else "normal"
        text = axes.text(label.x, label.y, label.text, ha="center", va="center", weight=weight)
        text.set(size=label.size, color=label.ink)
    figure.savefig(target, format=form)
    plt.close(figure)


def to_svg(waist: float) -> bytes:
    output = io.BytesIO()
    draw(waist, output, "svg")
    return output.getvalue()


if __name__ == "__main__":
    plt.rcParams["mathtext.fontset"] = "cm"
    plt.rcParams["font.family"] = "serif"
    if sys.argv[1] == "--again":
        from again import report

        report(to_svg, int(sys.argv[2]))
    else:
        draw(picture.WAIST, sys.argv[1], sys.argv[1].rpartition(".")[2])
