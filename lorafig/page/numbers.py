"""Labels with computed numbers in them: set once for the widest value, cut where the numbers stand.

The browser has no typesetter. It gets the rest of a line as finished outlines, and the digits one by one;
a number narrower than the widest draws what follows it nearer, and the line stays centred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from msgspec.structs import replace

from lorafig.notation.children import rebuild, walk
from lorafig.notation.find import Located
from lorafig.notation.numbers.shown import settled
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Computed, Node, Number
from lorafig.render.outlines import GRID, Bar, Stamp, relative, stamps
from lorafig.scene import Glyph, Label, Line, Place, Rule
from lorafig.themes.measures import MM_PER_POINT
from lorafig.typeset import LatinModern, SetLine
from lorafig.typeset.boxes import Box, beside
from lorafig.typeset.line import Mark
from lorafig.typeset.mathematics import typeset
from lorafig.typeset.setting import worded

CHARACTERS = "0123456789,."
UNITS = ("K", "M", "B", "T", "%", "×")
_EDGE = 1e-6  # em


@dataclass(frozen=True, slots=True)
class Request:
    """What the layout asked to be set."""

    source: str
    text: bool
    size: float
    flag: bool  # bold, or display style
    numbers: Mapping[str, Fraction]  # those that stay what they are
    font: str = "serif"


@dataclass(slots=True)
class Recorder:
    """A typesetter that remembers what it set: a line of the scene is found again by its glyphs."""

    setter: LatinModern
    seen: dict[int, Request] = field(default_factory=dict)
    kept: list[tuple[Glyph, ...]] = field(default_factory=list)  # so that no id is given twice
    numbers: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def outlines(self) -> dict[str, str]:
        return self.setter.outlines

    @outlines.setter
    def outlines(self, value: dict[str, str]) -> None:
        self.setter.outlines = value

    def within(self, numbers: Mapping[str, Fraction]) -> Recorder:
        return Recorder(self.setter.within(numbers), self.seen, self.kept, numbers)

    def math(self, source: str, size: float, *, display: bool = False, part: str | None = None) -> SetLine:
        line = self.setter.math(source, size, display=display, part=part)
        return self._noted(line, Request(source, False, size, display, self.numbers))

    def text(self, source: str, size: float, *, bold: bool = False) -> SetLine:
        line = self.setter.text(source, size, bold=bold)
        return self._noted(line, Request(source, True, size, bold, self.numbers, self.setter.font))

    def _noted(self, line: SetLine, request: Request) -> SetLine:
        glyphs = (*line.glyphs,)  # an object of its own, also where the same label stands twice
        self.kept.append(glyphs)
        self.seen[id(glyphs)] = request
        return replace(line, glyphs=glyphs)

    def request(self, line: Line) -> Request | None:
        return self.seen.get(id(line.glyphs))


@dataclass(frozen=True, slots=True)
class Digit:
    """A character of numbers at one size: how far the next one stands in mm, its outline on the grid."""

    advance: float
    x: int
    y: int
    path: str
    across: float
    up: float


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a number stands in a line, in mm from the line's start and its first baseline.

    `inline`: what follows moves with its width; otherwise it stays centred in the room that it has.
    """

    body: Node
    form: str
    x: float
    y: float
    width: float
    inline: bool
    font: str  # the key of its digits


@dataclass(frozen=True, slots=True)
class Piece:
    """Finished outlines of one size between two slots: `slot` slots come before it."""

    slot: int
    across: float
    up: float
    ink: tuple[Stamp | Bar, ...]


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of a label: its full width, its baseline below the first one's, pieces and slots."""

    width: float
    drop: float
    pieces: tuple[Piece, ...]
    slots: tuple[Slot, ...]


def numbered(
    label: Label, recorder: Recorder, fill: Callable[[Computed], Number], fonts: dict[str, dict[str, Digit]]
) -> tuple[NumberedLine, ...] | None:
    """The label cut at its computed numbers; None where it has none. `fonts` gains the digits it needs."""
    lines = []
    for line in label.lines:
        request = recorder.request(line)
        found = [] if request is None else _slots(request, fill, recorder, fonts)
        drop = line.origin[1] - label.lines[0].origin[1]
        lines.append(_cut(line, drop, found))
    return tuple(lines) if any(line.slots for line in lines) else None


def _slots(
    request: Request,
    fill: Callable[[Computed], Number],
    recorder: Recorder,
    fonts: dict[str, dict[str, Digit]],
) -> list[tuple[Slot, Mark]]:
    """The computed numbers of a line, with where each stands in em."""
    if "\\num" not in request.source:
        return []
    trees: list[Node | str]
    if request.text:
        runs = parse_text(request.source)
        trees = [run.text if run.math is None else settled(run.math, request.numbers) for run in runs]
    else:
        trees = [settled(parse_math(request.source), request.numbers)]
    wanted = [
        one for tree in trees if not isinstance(tree, str) for one in walk(tree) if isinstance(one, Computed)
    ]
    found = []
    for index, computed in enumerate(wanted):
        box = _marked(request, trees, fill, index)
        mark = box.marks[0]
        glyphs = [one for one in box.glyphs if _within(one, mark)]
        alone = not any(_overlaps(one, mark) for one in box.glyphs if not _within(one, mark))
        alone = alone and not any(r.x < mark[1] and mark[0] < r.x + r.width for r in box.rules)
        first = glyphs[0]
        em = request.size * MM_PER_POINT
        font = _font(first, request.size, recorder, fonts)
        inline = alone and first.y == 0.0 and first.scale == 1.0
        slot = Slot(
            computed.body, computed.form, mark[0] * em, first.y * em, (mark[1] - mark[0]) * em, inline, font
        )
        found.append((slot, mark))
    return found


def _within(glyph: Glyph, mark: Mark) -> bool:
    return mark[0] - _EDGE <= glyph.x < mark[1] - _EDGE and -mark[3] - _EDGE <= glyph.y <= mark[2] + _EDGE


def _overlaps(glyph: Glyph, mark: Mark) -> bool:
    return mark[0] + _EDGE < glyph.x < mark[1] - _EDGE


def _marked(
    request: Request, trees: Sequence[Node | str], fill: Callable[[Computed], Number], wanted: int
) -> Box:
    """The line with its numbers filled in and the one that is wanted marked."""
    count = -1
    marked: Node | None = None

    def change(node: Node) -> Node:
        nonlocal count, marked
        if isinstance(node, Computed):
            count += 1
            number = fill(node)
            if count == wanted:
                marked = number
            return number
        return rebuild(node, change)

    boxes = []
    for tree in trees:
        if isinstance(tree, str):
            boxes.append(worded(tree, request.size, request.font, request.flag))
            continue
        before = marked
        changed = change(tree)
        part = None if marked is before or marked is None else Located(marked)
        display = request.flag and not request.text
        boxes.append(typeset(changed, request.size, display=display, part=part))
    return beside(boxes)


def _font(like: Glyph, size: float, recorder: Recorder, fonts: dict[str, dict[str, Digit]]) -> str:
    """The digits as large as this one; a key for them."""
    key = f"{size:g} {like.scale:.4f} {like.stretch:.4f}"
    if key not in fonts:
        em = size * MM_PER_POINT
        fonts[key] = {}
        for char in (*CHARACTERS, *UNITS):
            number = Number(f"0{char}0") if char in CHARACTERS else Number("0", char)
            box = typeset(number, size)
            glyph = box.glyphs[1]
            end = box.glyphs[2].x if char in CHARACTERS else box.width
            from lorafig.typeset.fonts import outline

            x, y, path = relative(outline(glyph.key))
            up = em / GRID * like.scale
            fonts[key][char] = Digit((end - glyph.x) * em * like.scale, x, y, path, up * glyph.stretch, up)
    return key


def _cut(line: Line, drop: float, slots: Iterable[tuple[Slot, Mark]]) -> NumberedLine:
    """A line's outlines, by how many numbers stand before them."""
    ordered = sorted(slots, key=lambda one: one[0].x)
    marks = [mark for _, mark in ordered]
    inline = [mark for slot, mark in ordered if slot.inline]
    ink: dict[int, tuple[list[Glyph], list[Rule]]] = {}
    for glyph in line.glyphs:
        if any(_within(glyph, mark) for mark in marks):
            continue
        ink.setdefault(_before(glyph.x, inline), ([], []))[0].append(glyph)
    for rule in line.rules:
        ink.setdefault(_before(rule.x, inline), ([], []))[1].append(rule)
    pieces = tuple(
        Piece(count, across, up, tuple(stamped))
        for count, (glyphs, rules) in sorted(ink.items())
        for (across, up), stamped in _stamps(line, glyphs, rules).items()
    )
    return NumberedLine(line.width, drop, pieces, tuple(slot for slot, _ in ordered))


def _before(x: float, marks: Sequence[Mark]) -> int:
    return sum(mark[1] - _EDGE <= x for mark in marks)


def _stamps(
    line: Line, glyphs: Sequence[Glyph], rules: Sequence[Rule]
) -> dict[tuple[float, float], list[Stamp | Bar]]:
    alone = replace(line, origin=(0.0, 0.0), glyphs=tuple(glyphs), rules=tuple(rules))
    return stamps(Label("piece", "text", (0.0, 0.0), 0.0, 0.0, line.size, 0.0, (alone,), Place("center")))


@dataclass(frozen=True, slots=True)
class Ink:
    """A part of a label at (x, y): a piece of what stands around its numbers, or the paths of one number,
    by their scales across and up."""

    x: float
    y: float
    piece: Piece | None = None
    paths: tuple[tuple[float, float, str], ...] = ()


def composed(
    lines: Sequence[NumberedLine], texts: Sequence[str], fonts: Mapping[str, Mapping[str, Digit]]
) -> Iterator[Ink]:
    """A label with these numbers, from the middle of its first baseline: in every line the pieces first.

    The page does the same in the browser (page.js, `write`).
    """
    rest = iter(texts)
    for line in lines:
        written = [next(rest) for _ in line.slots]
        widths = [
            sum(fonts[slot.font].get(char, fonts[slot.font]["."]).advance for char in text)
            for slot, text in zip(line.slots, written, strict=True)
        ]
        gains = [
            width - slot.width if slot.inline else 0.0 for slot, width in zip(line.slots, widths, strict=True)
        ]
        left = -(line.width + sum(gains)) / 2
        inline = [gain for slot, gain in zip(line.slots, gains, strict=True) if slot.inline]
        for piece in line.pieces:
            yield Ink(left + sum(inline[: piece.slot]), line.drop, piece)
        moved = 0.0
        for slot, text, width, gain in zip(line.slots, written, widths, gains, strict=True):
            x = left + moved + slot.x + (0.0 if slot.inline else (slot.width - width) / 2)
            yield Ink(x, line.drop + slot.y, None, tuple(_written(text, fonts[slot.font])))
            moved += gain


def _written(text: str, font: Mapping[str, Digit]) -> Iterator[tuple[float, float, str]]:
    """The digits of one number, as one path for each scale."""
    by_scale: dict[tuple[float, float], list[str]] = {}
    at = 0.0
    for char in text:
        digit = font.get(char, font["."])
        start = round(at / digit.across) + digit.x
        by_scale.setdefault((digit.across, digit.up), []).append(f"M{start} {digit.y}{digit.path}")
        at += digit.advance
    for (across, up), found in by_scale.items():
        yield across, up, "".join(found)
