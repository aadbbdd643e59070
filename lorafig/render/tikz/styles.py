"""The styles, colours and text sizes of a TikZ picture: those that are used, each with a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, assert_never

from lorafig.render import wires
from lorafig.render.outlines import commands
from lorafig.render.tikz.names import Lengths, colour, free, number
from lorafig.scene import Anchor, Form, Icon, Label, Line, Scene, Style

LARGER, SMALLER = ("Large", "Larger", "Largest"), ("Small", "Smaller", "Smallest")
POINT = 25.4 / 72.27  # mm
LONG = 1.2  # em: a formula that HTML may set visibly wider or narrower than TeX
TALL = 1.8  # em: a formula that LaTeXML takes to be one line high, a fraction
ABOVE = 0.9  # em: what a line of words has above its baseline
SIGNS = {"$-$", r"$\to$", r"$\leftarrow$"}  # by themselves; HTML gives them room on both sides
# The node that a form is drawn as. TikZ rounds the corners of its rectangle; a hexagon is a path.
FORMS: Mapping[Form, tuple[str, ...]] = {
    "rounded": ("rounded corners=#1",),
    "stadium": ("rounded corners=0.5*(#1)",),
    "circle": ("shape=circle", "minimum size=#1"),
    "diamond": ("shape=diamond",),
}
# What lies on the page itself by role: the ink of the document, mixed with white for lines and notes, and
# mixed into the colours of text.
MIXES: Mapping[str, str] = {
    "text": ".",
    "line": ".!85",
    "line dashed": ".!85",
    "line dotted": ".!85",
    "line thick": ".!85",
    "sign": ".!85",
    "note": ".!75",
    "frozen line": "!55!.",
    "adapter line": "!55!.",
    "merged line": "!55!.",
}
# A line's heads: at its end, at its start, at both.
HEADS: Mapping[tuple[bool, bool], tuple[str, str]] = {
    (True, False): ("arrow", "-{%s}"),
    (False, True): ("arrow back", "{%s}-"),
    (True, True): ("arrow both", "{%s}-{%s}"),
}
TEXTS = {word.lower() for word in (*LARGER, *SMALLER)}
# What is set in as much room as TeX gives it, and how: words and formulas, on their middle or on an end.
ALIGNED = {"": r"\centering", " left": r"\raggedright", " right": r"\raggedleft"}
HTML_EM = 16 * 72.27 / 100  # points: of the 16 px that letters have there, in a document of any size
# Of their size that letters have in HTML: a browser's words may be wider by a sixth, bold ones by a fourth.
PARTS = {"words": 0.89, "bold": 0.86, "formula": 1.0}
ROOMS = tuple(kind + side for kind in PARTS for side in ALIGNED)
ASIDE = 0.0182  # of its room that a line is off its end: it has that room in px of 96, a picture's are of 100
LEVEL = "level"  # how far the baseline is below the middle
OWN = {
    *FORMS, *(name for name, _ in HEADS.values()), *TEXTS, *ROOMS, LEVEL, "label", "brace over", "brace under"
}  # fmt: skip

Part = Literal["shape", "line", "text", "icon"]
Definition = tuple[str, tuple[str, ...]]  # a name and its options


class Styles:
    """Hands out the names of styles, and remembers which were asked for."""

    def __init__(self, scene: Scene, lengths: Lengths, labels: Iterable[Label]) -> None:
        self.scene = scene
        self.lengths = lengths
        self._leadings = {label.size: label.leading / POINT for label in labels}
        self._forms: dict[Form, None] = {}
        self._words: set[str] = set()
        self._heads: dict[tuple[bool, bool], None] = {}
        self._braces: set[str] = set()
        self._pics: dict[str, str] = {}  # key of an outline -> name
        self._names: dict[tuple[Part, str], str] = {}  # (part, role) -> name, in order
        self._colours: dict[str, str] = {}
        self._used = {scene.background}  # names of colours
        for name in scene.palette:
            self._colours[name] = free(colour(name), self._colours.values(), "-")

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
            self._names[part, role] = free(plain, {*OWN, *self._names.values()})
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
            self._pics[icon.key] = free(plain, self._pics.values())
        return f"lorafig/{self._pics[icon.key]}"

    def colour(self, name: str) -> str:
        self._used.add(name)
        return self._colours[name]

    # -- text sizes ------------------------------------------------------------------------

    def size(self, size: float) -> str:
        """What a text size is called by how it compares with the text's own, which has no name."""
        base = self.scene.font_size
        if size == base:
            return ""
        words = LARGER if size > base else SMALLER
        # How many sizes lie between it and the text's own.
        index = sum(min(size, base) < other < max(size, base) for other in self._leadings)
        return f"{words[min(index, 2)]}{'X' * (index - 2)}"

    def sizes(self) -> list[tuple[str, float, float]]:
        """(name, size, leading) in points, the text's own size first."""
        base = self.scene.font_size
        leadings = {base: 1.2 * base} | self._leadings
        order = sorted(leadings, key=lambda size: (size != base, size))
        return [(self.size(size), size, leadings[size]) for size in order]

    def words(self, line: Line, anchor: Anchor, held: bool = False) -> tuple[str, ...]:
        """The option of a line that has words, ends where it is placed, is a minus or a long formula in the
        middle of it, or is `held` to its width by what hangs on it: what makes HTML of TeX has to be told how
        wide it is."""
        if held or line.tex in SIGNS:
            anchor, held = "center", True
        formula = re.fullmatch(r"\$[^$]*\$", line.tex) is not None
        if formula and (
            "west" in anchor or ("east" not in anchor and line.width < LONG * line.size and not held)
        ):
            return ()
        side = " left" if "west" in anchor else " right" if "east" in anchor else ""
        name = ("formula" if formula else "bold" if line.tex.startswith(r"\textbf") else "words") + side
        return (self.room(name, line.width / line.size),)

    def level(self, line: Line) -> tuple[str, ...]:
        """The option of a high formula that is placed by its middle: HTML sets what is higher than a line of
        words lower."""
        height, depth = line.height / line.size, line.depth / line.size
        down = (height - depth) / 2 - max(0.0, height - ABOVE)
        return (self.room(LEVEL, down),) if height + depth > TALL else ()

    def room(self, name: str, ems: float) -> str:
        """The option of a node that is as wide in HTML as it is in TeX, or on its level."""
        self._words.add(name)
        return f"lorafig/{name}={number(round(ems, 2))}em"

    def rooms(self) -> list[tuple[str, str]]:
        """(style, its options in HTML) of those that are used: room for letters that are wider than TeX's, in
        a node as wide as with TeX's where it is placed by its middle."""
        rooms = []
        for name in (name for name in ROOMS if name in self._words):
            kind, _, side = name.partition(" ")
            part, align = PARTS[kind], ALIGNED[f" {side}" if side else ""]
            room, less, aside = (
                f"{number(round(ems * HTML_EM / part, 2))}*(#1/1em)" for ems in (1.6, 0.3, 1.6 * ASIDE)
            )
            options = f"text width={room}, execute at begin node={align}"
            options += f", xshift={'-' if side == 'left' else ''}{aside}" if side else f", inner xsep=-{less}"
            rooms.append((name, options if part == 1.0 else f"scale={number(part)}, {options}"))
        if LEVEL in self._words:
            rooms.append((LEVEL, f"anchor=base, yshift=-{number(HTML_EM)}*(#1/1em)"))
        return rooms

    # -- what was asked for ----------------------------------------------------------------

    def styles(self) -> list[Definition]:
        """Every style that is used, the parts before what is made of them."""
        definitions: list[Definition] = [(form, FORMS[form]) for form in self._forms]
        definitions += self._of("shape", "line")
        definitions.append(("label", (r"font=\lorafigText",)))
        names = [name for name, _, _ in self.sizes() if name]
        definitions += [(name.lower(), (rf"font=\lorafigText{name}",)) for name in names]
        definitions += [(name, ()) for name, _ in self.rooms()]
        definitions += [*self._of("text"), *self._of("icon")]
        for ends in self._heads:
            long, wide = self.scene.arrow_head
            length = self.lengths.macro("arrow head length", long)
            width = self.lengths.macro("arrow head width", wide)
            name, pattern = HEADS[ends]
            definitions.append((name, (pattern.replace("%s", f"Stealth[length={length}, width={width}]"),)))
        for side, mirror in (("over", ""), ("under", "mirror, ")):
            if side in self._braces:
                decoration = f"decoration={{brace, {mirror}amplitude=#1}}"
                definitions.append((f"brace {side}", ("decorate", decoration)))
        return [(f"{name}/.style", options) for name, options in definitions]

    def _of(self, *parts: Part) -> list[Definition]:
        return [(name, self._options(part, self.scene.styles[role]))
                for (part, role), name in self._names.items() if part in parts]  # fmt: skip

    def _options(self, part: Part, style: Style) -> tuple[str, ...]:
        match part:
            case "shape":
                filled = () if style.fill is None else (f"fill={self.colour(style.fill)}",)
                drawn = style.stroke is not None and style.line > 0
                return *filled, *(self._pen(style) if drawn else ())
            case "line":
                return self._pen(style)
            case "text":
                return "lorafig/label", f"text={self.colour(style.ink)}"
            case "icon":
                return (f"color={self.colour(style.mark)}",)
            case _:
                assert_never(part)

    def _pen(self, style: Style) -> tuple[str, ...]:
        width = self.lengths.macro("line width", style.line)
        options = f"draw={self.colour(style.stroke or style.ink)}", f"line width={width}"
        if style.dash == "":
            return options
        name = "dash" if style.dash == "dashed" else "dot"
        lengths = zip((name, f"{name} gap"), wires.PATTERNS[style.dash], strict=True)
        on, off = (self.lengths.macro(called, part * style.line) for called, part in lengths)
        return *options, f"dash pattern=on {on} off {off}"

    def pics(self) -> list[Definition]:
        """Every icon that is used with its outlines, in parts of its size."""
        return [(name, _outlines(self.scene.outlines[key])) for key, name in self._pics.items()]

    def inks(self) -> dict[str, str]:
        """How colours by name are mixed from the document's own ink, in a picture without a ground: so it is
        read on dark slides too."""
        if self.scene.background is not None:
            return {}
        found: dict[str, str] = {}
        for role, mix in MIXES.items():
            style = self.scene.styles.get(role)
            if style is not None and style.fill is None:
                name = style.ink if mix.startswith("!") or style.stroke is None else style.stroke
                if name in self._used and (name != style.stroke or not mix.startswith("!")):
                    found.setdefault(self._colours[name], mix)
        return found

    def colours(self) -> list[tuple[str, str]]:
        """(name, value) of every colour that is used."""
        return [(name, self.scene.palette[key]) for key, name in self._colours.items() if key in self._used]


# How the commands of an outline are written, by macros of the picture's own: paths as TikZ reads them take
# LaTeXML, which makes arXiv's HTML, seconds an icon.
SEGMENTS = {"M": r"\lorafigFrom", "L": r"\lorafigTo", "C": r"\lorafigCurve"}


def _outlines(outline: str) -> tuple[str, ...]:
    """Each closed curve of an icon's outline, which is drawn with M, L, C and Z, in parts of its size."""
    curves: list[list[str]] = [[]]
    for letter, numbers in commands(outline):
        if letter == "Z":
            curves[-1].append(r"\pgfpathclose")
            curves.append([])
        else:
            parts = [number(thousandths / 1000) for thousandths in numbers]
            points = [f"({x},{y})" for x, y in zip(parts[::2], parts[1::2], strict=True)]
            curves[-1].append(SEGMENTS[letter] + "".join(points))
    return tuple(" ".join(curve) for curve in curves[:-1])
