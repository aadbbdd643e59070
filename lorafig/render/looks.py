"""The styles, colours and text sizes of a TikZ picture: those that are used, each with a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from lorafig.render import wires
from lorafig.render.names import Lengths, colour, coordinate
from lorafig.render.outlines import commands
from lorafig.scene import Form, Icon, Label, Scene, Style

LARGER, SMALLER = ("Large", "Larger", "Largest"), ("Small", "Smaller", "Smallest")
POINT = 25.4 / 72.27  # mm
BOX = "shape=rectangle", "inner sep=0pt", "outer sep=0pt"
# The node that a form is drawn as. TikZ rounds the corners of its rectangle.
FORMS: Mapping[Form, tuple[str, ...]] = {
    "box": BOX,
    "rounded": ("lorafig/box", "rounded corners=#1"),
    "stadium": ("lorafig/box", "rounded corners=0.5*(#1)"),
    "circle": ("lorafig/box", "shape=circle", "minimum size=#1"),
    "diamond": ("lorafig/box", "shape=diamond"),
}
# A line's heads: at its end, at its start, at both.
HEADS: Mapping[tuple[bool, bool], tuple[str, str]] = {
    (True, False): ("arrow", "-{%s}"),
    (False, True): ("arrow back", "{%s}-"),
    (True, True): ("arrow both", "{%s}-{%s}"),
}
OWN = {*FORMS, *(name for name, _ in HEADS.values()), "label", "brace over", "brace under"}

Part = Literal["shape", "line", "text", "icon"]


class Looks:
    """Hands out the names of styles, and remembers which were asked for."""

    def __init__(self, scene: Scene, lengths: Lengths, labels: Iterable[Label]) -> None:
        self.scene = scene
        self.lengths = lengths
        self._labels = {label.size: label for label in labels}
        self._forms: dict[Form, None] = {"box": None}
        self._heads: dict[tuple[bool, bool], None] = {}
        self._braces: set[str] = set()
        self._pics: dict[str, str] = {}  # key of an outline -> name
        self._names: dict[tuple[Part, str], str] = {}  # (part, role) -> name, in order
        self._taken: set[str] = set(OWN)
        self._colours: dict[str, str] = {}
        for name in scene.palette:
            self._colours[name] = _free(colour(name), set(self._colours.values()), "-")

    # -- names -----------------------------------------------------------------------------

    def shape(self, role: str) -> str:
        return self._name("shape", role, role)

    def line(self, role: str) -> str:
        """The style of a line. A role that fills its shapes has another one for its lines."""
        style = self.scene.styles[role]
        plain = style.fill is None and style.stroke is not None and style.line > 0
        return self.shape(role) if plain else self._name("line", role, f"{role} line")

    def ink(self, role: str) -> str:
        style = self.scene.styles[role]
        plain = style.fill is None and style.stroke is None
        return self._name("text", role, role if plain else f"{role} text")

    def icon(self, role: str) -> str:
        return self._name("icon", role, f"{role} icon")

    def _name(self, part: Part, role: str, name: str) -> str:
        """A style's name: letters, digits, blanks and hyphens, and nobody else's."""
        if (part, role) not in self._names:
            plain = " ".join(re.sub(r"[^A-Za-z0-9 -]+", "-", name).split()) or "-"
            self._names[part, role] = _free(plain, self._taken)
            self._taken.add(self._names[part, role])
        return f"lorafig/{self._names[part, role]}"

    def form(self, form: Form) -> str:
        self._forms[form] = None
        return f"lorafig/{form}"

    def heads(self, head: bool, tail: bool) -> tuple[str, ...]:
        if not head and not tail:
            return ()
        self._heads[head, tail] = None
        return (f"lorafig/{HEADS[head, tail][0]}",)

    def brace(self, side: str) -> str:
        self._braces.add(side)
        return f"lorafig/brace {side}"

    def pic(self, icon: Icon) -> str:
        """The name of the picture of an icon."""
        if icon.key not in self._pics:
            plain = re.sub(r"[^A-Za-z0-9]+", " ", icon.key).strip() or "icon"
            self._pics[icon.key] = _free(plain, set(self._pics.values()))
        return f"lorafig/{self._pics[icon.key]}"

    def colour(self, name: str) -> str:
        return self._colours[name]

    # -- text sizes ------------------------------------------------------------------------

    def size(self, size: float) -> str:
        """The macro of a text size, named by how it compares with the text's own."""
        base = self.scene.font_size
        sizes = sorted(self._labels)
        if size == base:
            return r"\lorafigText"
        row = [s for s in sizes if s > base] if size > base else [s for s in reversed(sizes) if s < base]
        words, index = LARGER if size > base else SMALLER, row.index(size)
        return rf"\lorafigText{words[min(index, 2)]}{'X' * (index - 2)}"

    def sizes(self) -> list[tuple[str, float, float]]:
        """(macro, size, leading) in points, the text's own size first."""
        base = self.scene.font_size
        leading = {base: 1.2 * base} | {size: label.leading / POINT for size, label in self._labels.items()}
        order = sorted(leading, key=lambda size: (size != base, size))
        return [(self.size(size), size, leading[size]) for size in order]

    # -- what was asked for ----------------------------------------------------------------

    def styles(self) -> list[tuple[str, tuple[str, ...]]]:
        """(name, options) of every style that is used, the parts before what is made of them."""
        styles = self.scene.styles
        result: list[tuple[str, tuple[str, ...]]] = [(form, FORMS[form]) for form in self._forms]
        by_part: dict[Part, list[tuple[str, str]]] = {"shape": [], "line": [], "text": [], "icon": []}
        for (part, role), name in self._names.items():
            by_part["shape" if part == "line" else part].append((role, name))
        lines = {name for (part, _), name in self._names.items() if part == "line"}
        for role, name in by_part["shape"]:
            result.append((name, self._drawn(styles[role], name in lines)))
        result.append(("label", ("lorafig/box", "align=center", f"font={self.size(self.scene.font_size)}")))
        result += [
            (name, ("lorafig/label", f"text={self.colour(styles[role].ink)}"))
            for role, name in by_part["text"]
        ]
        result += [(name, (f"color={self.colour(styles[role].ink)}",)) for role, name in by_part["icon"]]
        for ends in self._heads:
            long, wide = self.scene.arrow_head
            length = self.lengths.macro("arrow head length", long)
            width = self.lengths.macro("arrow head width", wide)
            name, pattern = HEADS[ends]
            result.append((name, (pattern.replace("%s", f"Stealth[length={length}, width={width}]"),)))
        for side, mirror in (("over", ""), ("under", "mirror, ")):
            if side in self._braces:
                decoration = f"decoration={{brace, {mirror}amplitude=#1}}"
                result.append((f"brace {side}", ("decorate", decoration)))
        return [(f"{name}/.style", options) for name, options in result]

    def _drawn(self, style: Style, line: bool) -> tuple[str, ...]:
        """The options of what is drawn in a role: filled, or a line alone."""
        fill, stroke = (None, style.stroke or style.ink) if line else (style.fill, style.stroke)
        options: tuple[str, ...] = () if fill is None else (f"fill={self.colour(fill)}",)
        if stroke is not None and (line or style.line > 0):
            width = self.lengths.macro("line width", style.line)
            options += f"draw={self.colour(stroke)}", f"line width={width}"
            if style.dashed:
                on = self.lengths.macro("dash", wires.DASH * style.line)
                off = self.lengths.macro("dash gap", wires.GAP * style.line)
                options += (f"dash pattern=on {on} off {off}",)
        return options

    def pics(self) -> list[tuple[str, tuple[str, ...]]]:
        """(name, outlines) of every icon that is used, in parts of its size."""
        return [(name, _outlines(self.scene.outlines[key])) for key, name in self._pics.items()]

    def colours(self) -> list[tuple[str, str]]:
        """(name, value) of every colour that is used."""
        used = {self.scene.background}
        for part, role in self._names:
            style = self.scene.styles[role]
            match part:
                case "shape":
                    used |= {style.fill, style.stroke}
                case "line":
                    used.add(style.stroke or style.ink)
                case _:
                    used.add(style.ink)
        return [(self.colour(name), value) for name, value in self.scene.palette.items() if name in used]


def _free(name: str, taken: set[str], joint: str = " ") -> str:
    """The name, with a number where it is taken."""
    stem, count = name, 2
    while name in taken:
        name, count = f"{stem}{joint}{count}", count + 1
    return name


def _outlines(outline: str) -> tuple[str, ...]:
    """Each closed curve of an outline as TikZ writes it."""
    result: list[str] = []
    path = ""
    for letter, numbers in commands(outline):
        points = [coordinate(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        match letter:
            case "M":
                path = points[0]
            case "L":
                path += f" -- {points[0]}"
            case "C":
                path += f" .. controls {points[0]} and {points[1]} .. {points[2]}"
            case "Z":
                result.append(f"{path} -- cycle")
            case _:
                raise ValueError(f"an icon is drawn with M, L, C and Z, not with {letter}")
    return tuple(result)
