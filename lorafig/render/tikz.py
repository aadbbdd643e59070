"""Scene to TikZ, written the way a careful author would: names, styles, relations, no magic numbers.

This module decides what is said (which node stands where, by which named length); the template
`figure.tikz.j2` how it is laid out. Every name in the output carries a prefix, and everything is
defined inside the picture's group, so that a document may hold many figures, or one of them twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, assert_never

from lorafig.render.lines import fold, turn, wrap
from lorafig.render.names import Lengths, alt_text, ascii_text, colour, mm, node, number
from lorafig.resources import folder
from lorafig.scene import (
    Anchor,
    Arrow,
    Brace,
    End,
    Group,
    Item,
    Label,
    Length,
    Part,
    Place,
    Scene,
    Shape,
    walk,
)

if TYPE_CHECKING:
    from jinja2 import Template

# What a relation is called by the positioning library: (my anchor, its anchor) -> key, sign of the shift.
POSITIONS: Mapping[tuple[Anchor, Anchor], tuple[str, float]] = {
    ("south", "north"): ("above", 1.0),
    ("north", "south"): ("below", -1.0),
    ("west", "east"): ("right", 1.0),
    ("east", "west"): ("left", -1.0),
}
# Commands that plain LaTeX lacks, and the package that has them.
PACKAGES: Mapping[str, str] = {
    "mathbb": "amssymb", "mathfrak": "amssymb", "lesssim": "amssymb", "gtrsim": "amssymb",
    "text": "amsmath", "operatorname": "amsmath", "dfrac": "amsmath", "tfrac": "amsmath", "lVert": "amsmath",
    "rVert": "amsmath", "lvert": "amsmath", "rvert": "amsmath", "boldsymbol": "amsmath", "bm": "bm",
}  # fmt: skip
LARGER, SMALLER = ("Large", "Larger", "Largest"), ("Small", "Smaller", "Smallest")
POINT = 25.4 / 72.27  # mm


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the picture: a `comment`, a `node`, or a path (`draw`, `path`, `fill`).

    `text` is what the line says: the words of a comment, a node's text, a path's points.
    """

    kind: str
    text: str
    options: tuple[str, ...] = ()
    name: str = ""
    at: str = ""


def render(scene: Scene, *, standalone: bool = False) -> str:
    """A fragment for `\\input`, or a whole document that compiles by itself."""
    writer = _Writer(scene)
    width, height = ("picture width", scene.width), ("picture height", scene.height)
    edges = writer.lengths.macro(*width), writer.lengths.macro(*height)
    statements = list(writer.statements(scene.items))
    styles = writer.styles()
    tex = " ".join(line.tex for label in writer.labels for line in label.lines)
    commands = re.findall(r"\\([A-Za-z]+)", tex)
    packages = {PACKAGES[command]: command for command in commands if command in PACKAGES}
    libraries = sorted(writer.libraries)
    needs = [("tikzpicture", r"\usepackage{tikz}")]
    needs += [(packages[package], rf"\usepackage{{{package}}}") for package in sorted(packages)]
    needs += [(f"tikz@library@{library}@loaded", rf"\usetikzlibrary{{{library}}}") for library in libraries]
    return _template().render(
        standalone=standalone,
        unverified=scene.unverified,
        id=ascii_text(scene.id),
        title=ascii_text(scene.title),
        alt=alt_text(f"{scene.title}. {scene.description}"),
        width=scene.width,
        height=scene.height,
        prefix=node(scene.id) + "-",
        packages=["tikz", *sorted(packages)],
        libraries=libraries,
        needs=needs,
        colours=[(colour(name), value.removeprefix("#").upper()) for name, value in writer.colours()],
        lengths=writer.lengths.used(),
        sizes=writer.sizes(),
        styles=styles,
        edges=edges,
        background=None if scene.background is None else colour(scene.background),
        statements=statements,
    )


class _Writer:
    """Turns items into statements, and remembers which names, colours and lengths they used."""

    def __init__(self, scene: Scene) -> None:
        items = tuple(walk(scene.items))
        self.scene = scene
        self.lengths = Lengths(scene.lengths)
        self.labels = tuple(item for item in items if isinstance(item, Label))
        self.libraries: set[str] = set()
        self._roles: dict[str, None] = {}  # of shapes and lines, in order
        self._inks: dict[str, None] = {}  # of labels
        self._known: dict[str, Item] = {}
        self._referred = {item.place.of for item in items if isinstance(item, Label | Shape)}

    # -- what is said ----------------------------------------------------------------------

    def statements(self, items: Iterable[Item]) -> Iterator[Statement]:
        for item in items:
            match item:
                case Group():
                    yield Statement("comment", ascii_text(item.comment) or item.name)
                    yield from self.statements(item.items)
                case Shape():
                    yield from self._shape(item)
                case Label():
                    # `\\` would take a bracket at the start of the next line for its argument.
                    lines = [re.sub(r"^(?=[\[*])", "{}", line.tex) for line in item.lines]
                    yield self._node(item, self._ink(item), r" \\ ".join(lines))
                case Arrow():
                    yield self._arrow(item)
                case Brace():
                    yield from self._brace(item)
                case _:
                    assert_never(item)
            self._known[item.name] = item

    def _shape(self, shape: Shape) -> Iterator[Statement]:
        self._roles[shape.role] = None
        size = tuple(
            f"minimum {side}={self.lengths.sum(length)}"
            for side, length in (("width", shape.width), ("height", shape.height))
        )
        if shape.sides is None:
            yield self._node(shape, ("lorafig/box", f"lorafig/{shape.role}", *size), "")
            return
        # A trapezoid: a node of its size to refer to, and its outline drawn from that node's edges.
        yield self._node(shape, ("lorafig/box", *size), "")
        name, (lower, upper) = node(shape.name), shape.sides
        corners = (
            self._edge(name, "south", lower, -0.5), self._edge(name, "south", lower, 0.5),
            self._edge(name, "north", upper, 0.5), self._edge(name, "north", upper, -0.5),
        )  # fmt: skip
        yield Statement("path", " -- ".join((*corners, "cycle")), (f"lorafig/{shape.role}",))

    def _arrow(self, arrow: Arrow) -> Statement:
        self._roles[arrow.role] = None
        self.libraries.add("arrows.meta")
        middle = f" coordinate[midway] ({node(arrow.name)})" if arrow.name in self._referred else ""
        path = f"{self._end(arrow.start)} --{middle} {self._end(arrow.end)}"
        return Statement("draw", path, (f"lorafig/{arrow.role}", "lorafig/arrow"))

    def _brace(self, brace: Brace) -> Iterator[Statement]:
        self._roles[brace.role] = None
        self.libraries.add("decorations.pathreplacing")
        over = brace.side == "over"
        sign = 1.0 if over else -1.0
        gap: Length = ((sign, brace.gap),)
        middle: Anchor = "north" if over else "south"
        west, east = _corners(middle)
        if isinstance(brace.of, Part):
            yield from self._part(brace, brace.of)
            name, sides = f"{node(brace.name)}-part", None
        else:
            self._must_stand(brace.of)
            shape, name = self._known[brace.of], node(brace.of)
            sides = shape.sides if isinstance(shape, Shape) else None
        if sides is None:
            start, end = self._point(name, west, (), gap), self._point(name, east, (), gap)
        else:
            side = sides[1] if over else sides[0]
            start, end = self._edge(name, middle, side, -0.5, gap), self._edge(name, middle, side, 0.5, gap)
        tip = ""
        if brace.name in self._referred:
            reach = self.lengths.sum(((sign, brace.amplitude),))
            tip = f" coordinate[midway, yshift={reach}] ({node(brace.name)})"
        style = f"lorafig/brace {brace.side}={self.lengths.macro(brace.amplitude)}"
        yield Statement("draw", f"{start} --{tip} {end}", (f"lorafig/{brace.role}", style))

    def _part(self, brace: Brace, part: Part) -> Iterator[Statement]:
        """Two unseen nodes: one that ends where the part ends, and in it the part. TeX measures them."""
        self._must_stand(part.label)
        label = self._known[part.label]
        if not isinstance(label, Label):
            raise ValueError(f"{part.label!r} is not a label")
        whole, name, ink = node(part.label), node(brace.name), self._ink(label)
        yield Statement("comment", f"Part of {whole} by itself, so that TeX measures it")
        upto = rf"\phantom{{${part.before}{part.part}$}}"
        yield Statement("node", upto, (*ink, "anchor=base west"), f"{name}-upto", f"({whole}.base west)")
        alone = rf"\phantom{{${part.part}$}}"
        yield Statement("node", alone, (*ink, "anchor=base east"), f"{name}-part", f"({name}-upto.base east)")

    # -- where it stands -------------------------------------------------------------------

    def _node(self, item: Label | Shape, options: tuple[str, ...], text: str) -> Statement:
        """A node in its place: `above=… of …` where there is a word for it, else by an anchor."""
        place, name = item.place, node(item.name)
        anchor = () if place.anchor == "center" else (f"anchor={place.anchor}",)
        if place.of is None:
            x, y = _anchor_point(item, place.anchor)
            at = f"({self.lengths.macro('origin x', x)}, {self.lengths.macro('origin y', y)})"
            return Statement("node", text, (*options, *anchor), name, at)
        of = self._referent(place, place.of)
        if (place.anchor, place.at) in POSITIONS:
            word, sign = POSITIONS[place.anchor, place.at]
            along, across = (place.up, place.right) if word in ("above", "below") else (place.right, place.up)
            if not across:
                self.libraries.add("positioning")
                by = self.lengths.sum(tuple((sign * amount, length) for amount, length in along))
                return Statement("node", text, (*options, f"{word}={by} of {of}"), name)
        at = self._point(of, place.at, place.right, place.up)
        return Statement("node", text, (*options, *anchor), name, at)

    def _referent(self, place: Place, of: str) -> str:
        """The node that a place refers to. A brace is known by its point, an arrow by its middle."""
        self._must_stand(of)
        item = self._known[of]
        if isinstance(item, Brace) and place.at != ("north" if item.side == "over" else "south"):
            raise ValueError(f"{of!r} is a brace: only its point can be referred to")
        return node(of)

    def _must_stand(self, name: str) -> None:
        if name not in self._known:
            raise ValueError(f"{name!r} is referred to before it is drawn")

    def _end(self, end: End) -> str:
        self._must_stand(end.of)
        return self._point(node(end.of), end.at, end.right, end.up)

    def _edge(self, name: str, anchor: Anchor, side: Length, factor: float, up: Length = ()) -> str:
        """A point on an edge of a node: a part of a side to the right of its middle."""
        return self._point(name, anchor, tuple((amount * factor, of) for amount, of in side), up)

    def _point(self, name: str, anchor: Anchor, right: Length, up: Length) -> str:
        shifts = [f"{key}={self.lengths.sum(by)}" for key, by in (("xshift", right), ("yshift", up)) if by]
        where = name if anchor == "center" else f"{name}.{anchor}"
        return f"([{', '.join(shifts)}]{where})" if shifts else f"({where})"

    # -- how it looks ----------------------------------------------------------------------

    def _ink(self, label: Label) -> tuple[str, ...]:
        """The options of a label's node that are its look."""
        self._inks[label.role] = None
        own_size = () if label.size == self.scene.font_size else (f"font={self._size(label.size)}",)
        return f"lorafig/{self._ink_name(label.role)}", *own_size

    def _ink_name(self, role: str) -> str:
        style = self.scene.styles[role]
        return role if style.fill is None and style.stroke is None else f"{role} text"

    def _size(self, size: float) -> str:
        """The macro of a text size, named by how it compares with the text's own."""
        base = self.scene.font_size
        sizes = sorted({label.size for label in self.labels})
        if size == base:
            return r"\lorafigText"
        row = [s for s in sizes if s > base] if size > base else [s for s in reversed(sizes) if s < base]
        words, index = LARGER if size > base else SMALLER, row.index(size)
        return rf"\lorafigText{words[min(index, 2)]}{'X' * (index - 2)}"

    def sizes(self) -> list[tuple[str, float, float]]:
        """(macro, size, leading) in points, the text's own size first."""
        base = self.scene.font_size
        leading = {base: 1.2 * base} | {label.size: label.leading / POINT for label in self.labels}
        order = sorted(leading, key=lambda size: (size != base, size))
        return [(self._size(size), size, leading[size]) for size in order]

    def styles(self) -> list[tuple[str, tuple[str, ...]]]:
        """(name, options) of every style that the statements use."""
        box = "shape=rectangle", "inner sep=0pt", "outer sep=0pt"
        result: list[tuple[str, tuple[str, ...]]] = [("box", box)]
        for role in self._roles:
            style = self.scene.styles[role]
            options: tuple[str, ...] = () if style.fill is None else (f"fill={colour(style.fill)}",)
            if style.stroke is not None and style.line > 0:
                width = self.lengths.macro("line width", style.line)
                options += f"draw={colour(style.stroke)}", f"line width={width}"
            result.append((role, options))
        font = f"font={self._size(self.scene.font_size)}"
        result.append(("label", ("lorafig/box", "align=center", font)))
        for role in self._inks:
            ink = colour(self.scene.styles[role].ink)
            result.append((self._ink_name(role), ("lorafig/label", f"text={ink}")))
        if "arrows.meta" in self.libraries:
            long, wide = self.scene.arrow_head
            length = self.lengths.macro("arrow head length", long)
            width = self.lengths.macro("arrow head width", wide)
            result.append(("arrow", (f"-{{Stealth[length={length}, width={width}]}}",)))
        if "decorations.pathreplacing" in self.libraries:
            result.append(("brace over", ("decorate", "decoration={brace, amplitude=#1}")))
            result.append(("brace under", ("decorate", "decoration={brace, mirror, amplitude=#1}")))
        return [(f"{name}/.style", options) for name, options in result]

    def colours(self) -> list[tuple[str, str]]:
        """(name, value) of every colour that is used."""
        used = {self.scene.background} | {self.scene.styles[role].ink for role in self._inks}
        for role in self._roles:
            used |= {self.scene.styles[role].fill, self.scene.styles[role].stroke}
        return [(name, value) for name, value in self.scene.palette.items() if name in used]


def _corners(middle: Anchor) -> tuple[Anchor, Anchor]:
    return ("north west", "north east") if middle == "north" else ("south west", "south east")


def _anchor_point(item: Label | Shape, anchor: Anchor) -> tuple[float, float]:
    """Where an anchor of an item is, in mm."""
    if isinstance(item, Shape):
        x0, y0, x1, y1 = item.box
    else:
        (x, y), w, h = item.centre, item.width / 2, item.height / 2
        x0, y0, x1, y1 = x - w, y - h, x + w, y + h
    return (
        x0 if "west" in anchor else x1 if "east" in anchor else (x0 + x1) / 2,
        y0 if "south" in anchor else y1 if "north" in anchor else (y0 + y1) / 2,
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder("templates")), undefined=StrictUndefined, keep_trailing_newline=True,
        block_start_string="<%", block_end_string="%>",  # Jinja's own break on TeX's braces
        variable_start_string="<{", variable_end_string="}>",
        comment_start_string="<#", comment_end_string="#>",
    )  # fmt: skip
    environment.filters |= {"number": number, "mm": mm, "turn": turn, "fold": fold, "wrap": wrap}
    return environment.get_template("figure.tikz.j2")
