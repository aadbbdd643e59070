"""Scenes made by hand, so that backends are tested without the layout.

`two_panels` looks like the two-panel figure: bars, a square with a label of three lines, two
trapezoids, a brace over the waist, a plus, equations with a brace under a part, arrows.
"""

# ruff: noqa: E501 — an item of a scene reads best as one line

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb

from lorafig.scene import (
    Anchor,
    Arrow,
    Brace,
    End,
    Glyph,
    Group,
    Item,
    Label,
    Length,
    Line,
    Part,
    Place,
    Point,
    Scene,
    Shape,
    Style,
)

FONTS = Path(__file__).parents[2] / "lorafig" / "fonts"
FILES = {"m": "latinmodern-math.otf", "r": "lmroman10-regular.otf", "b": "lmroman10-bold.otf"}
POINT = 25.4 / 72.27
SCRIPT = 2 / 3


@cache
def _font(face: str) -> Any:
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(FONTS / FILES[face]))))


def _commands(face: str, index: int) -> str:
    out: list[str] = []
    draw = hb.DrawFuncs()
    draw.set_move_to_func(lambda x, y, _: out.append(f"M{round(x)} {round(y)}"))
    draw.set_line_to_func(lambda x, y, _: out.append(f"L{round(x)} {round(y)}"))
    draw.set_cubic_to_func(
        lambda a, b, c, d, x, y, _: out.append(
            f"C{round(a)} {round(b)} {round(c)} {round(d)} {round(x)} {round(y)}"
        )
    )
    draw.set_close_path_func(lambda _: out.append("Z"))
    _font(face).draw_glyph(index, draw, None)
    return "".join(out)


def _math_letter(char: str) -> str:
    if char == "h":
        return "\u210e"
    if char.isalpha() and char.isascii():
        return chr((0x1D434 if char.isupper() else 0x1D44E) + ord(char.lower()) - ord("a"))
    return {"N": "\U0001d4a9", "σ": "\U0001d70e", "ℝ": "\u211d"}.get(char, char)


def of_gallery(path: Path) -> Scene:
    """A figure of the gallery, laid out."""
    from lorafig.language import load
    from lorafig.layout import layout

    return layout(load(path))


class Setter:
    """Sets `marked` text: plain characters in mathematics; `^…` and `_…` one script; ' ' a thick space."""

    def __init__(self) -> None:
        self.outlines: dict[str, str] = {}

    def line(self, pieces: list[tuple[str, str, float]], size: float, tex: str, plain: str) -> Line:
        """`pieces` are (text, face, shift): shift 0 on the baseline, else a script raised by shift em."""
        em, x, glyphs, height, depth = size * POINT, 0.0, [], 0.0, 0.0
        for text, face, shift in pieces:
            font, scale = _font(face), SCRIPT if shift else 1.0
            for char in text:
                if char == "\u2004":  # thick
                    x += 5 / 18
                    continue
                if char == "\u2005":  # medium
                    x += 4 / 18
                    continue
                if char == "\u2009":
                    x += 3 / 18
                    continue
                shown = char if face != "m" else _math_letter(char)
                index = font.get_nominal_glyph(ord(shown))
                key = f"{face}{index}"
                self.outlines.setdefault(key, _commands(face, index))
                box = font.get_glyph_extents(index)
                if box.width:
                    glyphs.append(Glyph(key, shown, round(x, 6), shift, scale))
                top = (box.y_bearing / 1000) * scale + shift
                height = max(height, top)
                depth = max(depth, -((box.y_bearing + box.height) / 1000 * scale + shift))
                advance = font.get_glyph_h_advance(index) / 1000
                if face == "m":
                    advance += (font.get_math_glyph_italics_correction(index) or 0) / 1000
                x += advance * scale
        return Line((0.0, 0.0), x * em, height * em, depth * em, em, tuple(glyphs), (), tex, plain)


class Builder:
    """Places items by their relations and remembers where they are."""

    def __init__(self, lengths: dict[str, float], size: float) -> None:
        self.lengths, self.size = lengths, size
        self.boxes: dict[str, tuple[float, float, float, float]] = {}
        self.setter = Setter()

    def length(self, length: Length) -> float:
        return sum(factor * self.lengths[name] for factor, name in length)

    def anchor(self, name: str, anchor: Anchor) -> Point:
        x0, y0, x1, y1 = self.boxes[name]
        x = x0 if "west" in anchor else x1 if "east" in anchor else (x0 + x1) / 2
        y = y0 if "south" in anchor else y1 if "north" in anchor else (y0 + y1) / 2
        return x, y

    def place(self, name: str, place: Place, width: float, height: float) -> Point:
        x, y = (0.0, 0.0) if place.of is None else self.anchor(place.of, place.at)
        x, y = x + self.length(place.right), y + self.length(place.up)
        x -= 0 if "west" in place.anchor else width if "east" in place.anchor else width / 2
        y -= 0 if "south" in place.anchor else height if "north" in place.anchor else height / 2
        self.boxes[name] = (x, y, x + width, y + height)
        return x, y

    def shape(
        self,
        name: str,
        role: str,
        place: Place,
        width: Length,
        height: Length,
        sides: tuple[Length, Length] | None = None,
    ) -> Shape:
        w, h = self.length(width), self.length(height)
        x, y = self.place(name, place, w, h)
        lower, upper = (w, w) if sides is None else (self.length(sides[0]), self.length(sides[1]))
        c = x + w / 2
        points = (c - lower / 2, y), (c + lower / 2, y), (c + upper / 2, y + h), (c - upper / 2, y + h)
        return Shape(name, role, points, place, width, height, sides)

    def label(
        self,
        name: str,
        role: str,
        place: Place,
        lines: list[Line],
        size: float | None = None,
        leading: float = 1.2,
    ) -> Label:
        size = self.size if size is None else size
        lead = size * POINT * leading
        width = max(line.width for line in lines)
        height = lines[0].height + lead * (len(lines) - 1) + lines[-1].depth
        x, y = self.place(name, place, width, height)
        base = y + height - lines[0].height
        placed = tuple(
            Line((x + (width - line.width) / 2, base - lead * i), line.width, line.height, line.depth, line.size,
                 line.glyphs, line.rules, line.tex, line.plain)
            for i, line in enumerate(lines)
        )  # fmt: skip
        return Label(name, role, (x + width / 2, y + height / 2), width, height, size, lead, placed, place)

    def text(self, words: str, bold: bool = False, size: float | None = None) -> Line:
        tex = rf"\textbf{{{words}}}" if bold else words
        spaced = [(words, "b" if bold else "r", 0.0)]
        return self.setter.line(spaced, size or self.size, tex, words)

    def math(self, pieces: list[tuple[str, str, float]], tex: str, size: float | None = None) -> Line:
        plain = "".join(text for text, _, _ in pieces).translate({0x2004: " ", 0x2005: " ", 0x2009: " "})
        return self.setter.line(pieces, size or self.size, f"${tex}$", plain)


T, S, P = "\u2004", "\u2005", "\u2009"


def two_panels(name: str = "hand-two-panel", size: float = 10.0, title: str = "LoRA by hand") -> Scene:
    lengths = {
        "d": 30.0, "r": 12.0, "bar": 5.0, "gap": 6.0, "column gap": 8.0, "margin": 4.0, "trapezoid": 11.5,
        "waist": 7.0, "label gap": 1.5, "brace gap": 0.8, "brace": 1.4, "span": 68.0, "panel gap": 9.0,
        "width": 166.0, "height": 82.0, "term": 14.0,
    }  # fmt: skip
    b = Builder(lengths, size)

    def n(name: str, factor: float = 1.0) -> Length:
        return ((factor, name),)

    eq = T + "=" + T
    plus = S + "+" + S
    x_bar = b.shape("x", "activation", Place("south west", None, "center", n("margin") + n("label gap", 3), n("margin") + n("gap")),
                    n("span"), n("bar"))  # fmt: skip
    W = b.shape("W", "frozen", Place("south west", "x", "north west", (), n("gap")), n("d"), n("d"))
    A = b.shape(
        "A",
        "trainable",
        Place("south east", "x", "north east", (), n("gap")),
        n("d"),
        n("trapezoid"),
        (n("d"), n("r")),
    )
    B = b.shape(
        "B",
        "trainable",
        Place("south", "A", "north", (), n("waist")),
        n("d"),
        n("trapezoid"),
        (n("r"), n("d")),
    )
    r0 = b.anchor("A", "north")
    Wx = b.shape("Wx", "frozen-light", Place("south", "W", "north", (), n("gap")), n("term"), n("bar"))
    BAx = b.shape("BAx", "trainable", Place("south", "B", "north", (), n("gap")), n("term"), n("bar"))
    h_bar = b.shape(
        "h",
        "activation",
        Place("south west", "x", "north west", (), n("gap", 3) + n("d") + n("bar")),
        n("span"),
        n("bar"),
    )

    def head(name: str, start: End, end: End, role: str = "flow") -> Arrow:
        p, q = b.anchor(start.of, start.at), b.anchor(end.of, end.at)
        p = p[0] + b.length(start.right), p[1] + b.length(start.up)
        q = q[0] + b.length(end.right), q[1] + b.length(end.up)
        return Arrow(name, role, (p, q), start, end)

    left = n("span", -0.5) + n("d", 0.5)
    right = n("span", 0.5) + n("d", -0.5)
    training: tuple[Item, ...] = (
        x_bar,
        b.label("x-label", "note", Place("east", "x", "west", n("label gap", -1)), [b.math([("x", "m", 0)], "x")]),
        W,
        b.label("W-label", "frozen", Place("center", "W"), [
            b.text("Pretrained", bold=True), b.text("Weights", bold=True),
            b.math([("W" + T + "∈" + T + "ℝ", "m", 0), ("d×d", "m", 0.363)], r"W \in \mathbb{R}^{d\times d}"),
        ]),
        A,
        b.label("A-label", "trainable", Place("center", "A"), [
            b.math([("A" + eq, "m", 0), ("\U0001d4a9", "m", 0), ("(0," + P + "σ", "m", 0), ("2", "m", 0.363), (")", "m", 0)],
                   r"A = \mathcal{N}(0,\sigma^2)")]),
        B,
        b.label("B-label", "trainable", Place("center", "B"), [b.math([("B" + eq + "0", "m", 0)], "B = 0")]),
        Brace("r-brace", "note", (r0[0] - 6, r0[1] + 0.8), (r0[0] + 6, r0[1] + 0.8), "over", "A", "brace gap", "brace"),
        b.label("r-label", "note", Place("south", "A", "north", (), n("brace gap") + n("brace") + n("brace gap", 0.5)),
                [b.math([("r", "m", 0)], "r")]),
        Wx, BAx,
        b.label("Wx-label", "frozen-light", Place("center", "Wx"), [b.math([("Wx", "m", 0)], "Wx")]),
        b.label("BAx-label", "trainable", Place("center", "BAx"), [b.math([("BAx", "m", 0)], "BAx")]),
        b.label("plus", "note", Place("center", "Wx", "east", n("span", 0.5) + n("d", -0.5) + n("term", -0.5)),
                [b.math([("+", "m", 0)], "+")]),
        h_bar,
        b.label("h-label", "note", Place("east", "h", "west", n("label gap", -1)), [b.math([("h", "m", 0)], "h")]),
        b.label("training-title", "note", Place("south", "h", "north", (), n("label gap", 2)), [b.text("During training", bold=True)]),
        head("x-to-W", End("x", "north", left), End("W", "south")),
        head("x-to-A", End("x", "north", right), End("A", "south")),
        head("W-to-Wx", End("W", "north"), End("Wx", "south")),
        head("B-to-BAx", End("B", "north"), End("BAx", "south")),
        head("Wx-to-h", End("Wx", "north"), End("h", "south", left)),
        head("BAx-to-h", End("BAx", "north"), End("h", "south", right)),
    )  # fmt: skip

    first = b.label(
        "eq-1",
        "note",
        Place("west", "W", "east", n("column gap", 2) + n("d") + n("panel gap"), n("gap")),
        [b.math([("h" + eq + "Wx" + plus + "BAx", "m", 0)], "h = Wx + BAx")],
    )
    second = b.label(
        "eq-2",
        "note",
        Place("north", "eq-1", "south", (), n("gap", -1)),
        [b.math([("h" + eq + "(W" + plus + "BA)x", "m", 0)], "h = (W + BA)x")],
    )
    before = b.math([("h" + eq, "m", 0)], "").width
    upto = b.math([("h" + eq + "(W" + plus + "BA)", "m", 0)], "").width
    x0, y0, _, _ = b.boxes["eq-2"]
    under = Brace("merged-brace", "note", (x0 + before, y0 - 0.8), (x0 + upto, y0 - 0.8), "under",
                  Part("eq-2", "h = ", "(W + BA)", "x"), "brace gap", "brace")  # fmt: skip
    b.boxes["merged-brace"] = (x0 + before, y0 - 2.2, x0 + upto, y0 - 0.8)
    merged = [("W", "m", 0), ("merged", "r", -0.15)]
    equations: tuple[Item, ...] = (
        first, second, under,
        b.label("merged-label", "note", Place("north", "merged-brace", "south", (), n("label gap", -0.5)), [
            b.math(merged, r"W_{\mathrm{merged}}")]),
    )  # fmt: skip

    Wm = b.shape(
        "W-merged",
        "trainable",
        Place("south west", "W", "south east", n("column gap", 2) + n("d") + n("panel gap", 4)),
        n("d"),
        n("d"),
    )
    x2 = b.shape("x-2", "activation", Place("north", "W-merged", "south", (), n("gap", -1)), n("d"), n("bar"))
    h2 = b.shape(
        "h-2", "activation", Place("south", "W-merged", "north", (), n("gap", 2) + n("bar")), n("d"), n("bar")
    )
    after: tuple[Item, ...] = (
        Wm, x2, h2,
        b.label("merged-weights", "trainable", Place("center", "W-merged"), [
            b.text("Merged", bold=True), b.text("Weights", bold=True), b.math(merged, r"W_{\mathrm{merged}}")]),
        b.label("after-title", "note", Place("south", "h-2", "north", (), n("label gap", 2)), [b.text("After training", bold=True)]),
        head("x-2-to-W", End("x-2", "north"), End("W-merged", "south")),
        head("W-to-h-2", End("W-merged", "north"), End("h-2", "south")),
        b.label("caption", "small", Place("north", "x", "south", (), n("label gap", -1)),
                [b.text("after Hu et al., 2021", size=8)], size=8),
    )  # fmt: skip
    return Scene(
        id=name,
        title=title,
        description="A frozen weight W in parallel with a low-rank update BA of rank r.",
        width=lengths["width"],
        height=lengths["height"],
        font_size=size,
        arrow_head=(2.2, 1.8),
        lengths=lengths,
        palette={
            "blue": "#0072B2", "blue-light": "#80B9D9", "blue-dark": "#005080", "orange": "#E69F00",
            "orange-dark": "#A16F00", "yellow": "#F0E442", "yellow-dark": "#A8A02E", "ink": "#404040",
            "black": "#000000", "white": "#FFFFFF",
        },
        styles={
            "activation": Style("yellow", "yellow-dark", "black", 0.35),
            "frozen": Style("blue", "blue-dark", "white", 0.35),
            "frozen-light": Style("blue-light", "blue-dark", "black", 0.35),
            "trainable": Style("orange", "orange-dark", "black", 0.35),
            "note": Style(None, "ink", "ink", 0.28),
            "small": Style(None, None, "ink", 0.0),
            "flow": Style(None, "ink", "ink", 0.35),
        },
        outlines=b.setter.outlines,
        items=(
            Group("training", "During training", training),
            Group("equations", "The equations", equations),
            Group("after", "After training", after),
        ),
    )  # fmt: skip
