"""The legend: a sample of each look that is on the figure, and what it means.

It is made from what has been drawn, so that nothing is in it that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from lorafig.language.model import Figure, Legend
from lorafig.layout.lengths import named, plus
from lorafig.layout.roles import BROKEN
from lorafig.layout.row import PanelPart, Part
from lorafig.layout.sheet import Block, Bounds, Sheet
from lorafig.layout.stack import StackPart
from lorafig.scene import End, Form, Group, Icon, Length, Place, Shape, walk
from lorafig.themes.legend import AREAS, BADGES, LINES, WORDS
from lorafig.themes.measures import caption_size

if TYPE_CHECKING:
    from lorafig.layout.flow import FlowPart

GRAIN = 0.005  # mm
MIDDLE = 0.24  # em: the middle of the small letters above their baseline


class Entry(Struct):
    """A sample and its words: an area of a role, with a badge in it perhaps; a badge alone; a line."""

    words: str
    role: str
    badge: tuple[str, str] | None = None  # its name, and what it says
    ink: str = "text"  # the role that a badge alone is drawn in
    line: bool = False
    bit: bool = False  # a cell of a weight that is drawn by its bits


class LegendPart(Struct):
    sheet: Sheet
    spec: Legend
    entries: tuple[Entry, ...]
    labels: tuple[Block, ...]

    def _sample(self, entry: Entry) -> str:
        """The name of the width of a sample."""
        if entry.bit:
            return "bit"
        return "legend line" if entry.line else "icon" if entry.badge is not None else "legend mark"

    def _width(self, number: int, sample: float | None = None) -> float:
        """How wide an entry is, with its own sample or with room for one of this width."""
        lengths = self.sheet.lengths
        wide = lengths[self._sample(self.entries[number])] if sample is None else sample
        return wide + lengths["label gap"] + self.labels[number].width

    def _high(self) -> float:
        """The height of an entry; all have the same."""
        lengths = self.sheet.lengths
        return max(lengths["icon"], *(label.height for label in self.labels))

    def _lines(self, widest: float) -> list[list[int]]:
        """The entries line by line, as many on each as fit."""
        lines: list[list[int]] = []
        used, gap = 0.0, self.sheet.lengths["legend gap"]
        for number in range(len(self.entries)):
            wide = self._width(number)
            if not lines or used + gap + wide > widest:
                lines.append([])
                used = -gap
            lines[-1].append(number)
            used += gap + wide
        return lines

    def _long(self, line: Sequence[int]) -> float:
        return sum(map(self._width, line)) + self.sheet.lengths["legend gap"] * (len(line) - 1)

    def _tall(self, lines: Sequence[Sequence[int]]) -> float:
        return self._high() * len(lines) + self.sheet.lengths["legend row"] * (len(lines) - 1)

    def draw(self, base: str, middle: float) -> None:
        """Draw it below the figure about the line `middle`, at its right, or in an empty corner of it. Its
        place is told from the shape `base`."""
        sheet = self.sheet
        x0, y0, x1, y1 = sheet.extent
        mark = len(sheet.items)
        column = [[number] for number in range(len(self.entries))]
        sample = max(sheet.lengths[self._sample(entry)] for entry in self.entries)
        wide = max(self._width(number, sample) for [number] in column)
        at = self.spec.at
        corner = self._corner(wide, self._tall(column)) if at == "corner" else None
        if corner is not None:
            self._draw(base, column, *corner, sample)
        elif at == "right":
            self._draw(
                base, column, x1 + sheet.lengths["card gap"], (y0 + y1 + self._tall(column)) / 2, sample
            )
        else:
            lines = self._lines(x1 - x0)
            long = max(map(self._long, lines))
            left = min(max(middle - long / 2, x0), max(x1 - long, x0))
            self._draw(base, lines, left, y0 - sheet.lengths["caption gap"])
        group = Group(sheet.unique("legend"), "The legend", tuple(sheet.items[mark:]))
        del sheet.items[mark:]
        sheet.items.append(group)

    def _corner(self, wide: float, tall: float) -> tuple[float, float] | None:
        """The left upper end of the first empty corner that has room: the lower ones come first."""
        sheet = self.sheet
        x0, y0, x1, y1 = sheet.extent
        gap = sheet.lengths["legend gap"] / 2
        taken = list(sheet.boxes.values())
        for left, top in ((x1 - wide, y0 + tall), (x0, y0 + tall), (x1 - wide, y1), (x0, y1)):
            box = (left - gap, top - tall - gap, left + wide + gap, top + gap)
            if box[0] >= x0 - gap - GRAIN and box[3] <= y1 + gap + GRAIN and not _meets(box, taken):
                return left, top
        return None

    def _draw(
        self, base: str, lines: Sequence[Sequence[int]], left: float, top: float, sample: float | None = None
    ) -> None:
        """Lines of entries, the upper left end of all at this point. All samples have room for one of the
        width `sample`, if it is given."""
        sheet, high = self.sheet, self._high()
        bx, by = sheet.point(base, "center")
        y = top - high / 2
        for line in lines:
            x = left
            for number in line:
                spare = 0.0
                if sample is not None:
                    spare = (sample - sheet.lengths[self._sample(self.entries[number])]) / 2
                right = sheet.signed("legend column", x + spare - bx)
                place = Place("west", base, "center", right, sheet.signed("legend level", y - by))
                self._entry(number, place, spare)
                x += self._width(number) + sheet.lengths["legend gap"]
            y -= high + sheet.lengths["legend row"]

    def _entry(self, number: int, place: Place, spare: float) -> None:
        """An entry, its words `spare` mm further away from its sample."""
        sheet, entry = self.sheet, self.entries[number]
        wide: Length = named(self._sample(entry))
        if entry.line:
            sample = sheet.rectangle("legend-line", "text", wide, named("legend mark"), place, "box").name
            ends = End(sample, "west"), End(sample, "east")
            points = [sheet.point(end.of, end.at) for end in ends]
            sheet.wire(points, *ends, entry.role, head=True, tail=False)
        elif entry.role == "text" and entry.badge is not None:
            name, meaning = entry.badge
            sample = sheet.icon(name, meaning, named("icon"), place, entry.ink, "legend-badge").name
        else:
            stem = "legend-bit" if entry.bit else "legend-mark"
            form: Form = "box" if entry.bit else "rounded"
            sample = sheet.rectangle(stem, entry.role, wide, wide, place, form).name
            if entry.badge is not None:
                name, meaning = entry.badge
                inside = Place("center", sample, "center")
                sheet.icon(name, meaning, named("icon"), inside, entry.role, "legend-badge")
        label = self.labels[number]
        first = label.lines[0]
        # The baseline is that of words without a letter that reaches below it.
        lift = sheet.signed("legend lift", ((first.height - first.depth) / 2 - MIDDLE) * first.em)
        away = plus(named("label gap"), sheet.signed("legend spare", spare))
        sheet.label(label, Place("west", sample, "east", away, lift), "note", "legend-words")


def _meets(box: Bounds, others: Sequence[Bounds]) -> bool:
    x0, y0, x1, y1 = box
    return any(a < x1 and c > x0 and b < y1 and d > y0 for a, b, c, d in others)


def prepare(sheet: Sheet, figure: Figure, parts: Sequence[Part]) -> LegendPart | None:
    """The legend of what is on the sheet; None if the figure has none, or nothing that a legend explains."""
    if figure.legend is False:
        return None
    spec = figure.legend if isinstance(figure.legend, Legend) else Legend()
    entries = tuple(_entries(sheet, spec, parts))
    if not entries:
        return None
    size = caption_size(sheet.font_size)
    return LegendPart(sheet, spec, entries, tuple(sheet.text(entry.words, size) for entry in entries))


def _entries(sheet: Sheet, spec: Legend, parts: Sequence[Part]) -> Iterator[Entry]:
    def words(key: str) -> str | None:
        own: str | None = getattr(spec, key)
        return own if own is not None else WORDS.get(key)

    items = list(walk(tuple(sheet.items)))
    areas = {item.role for item in items if isinstance(item, Shape)}
    badges = {item.key.removeprefix("icon "): item.meaning for item in items if isinstance(item, Icon)}
    for key, role in AREAS.items():
        said = words(key)
        if role in areas and said is not None:
            badge = next((name for name in badges if BADGES.get(name) == key), None)
            yield Entry(said, role, None if badge is None else (badge, badges.pop(badge)))
    flows = _flows(parts)
    classes = list(_classes(flows))
    yield from (Entry(said, role) for said, role in classes if role in areas)
    for name, meaning in badges.items():
        said = words(BADGES[name]) if name in BADGES else meaning
        inks = {item.role for item in items if isinstance(item, Icon) and item.key == f"icon {name}"}
        ink = inks.pop() if len(inks) == 1 else "text"
        yield Entry(meaning if said is None else said, "text", (name, meaning), ink)
    cells = [node.role for flow in flows for node in flow.nodes.values() if node.spec.bits is not None]
    bit = words("bit")
    if cells and bit is not None:
        yield Entry(bit, "frozen" if "frozen" in cells else cells[0], bit=True)
    lines = _lines(flows)
    for key in LINES:
        said = words(key)
        if said is not None and key in lines:
            yield Entry(said, lines[key], line=True)
    drawn = {edge.role for flow in flows for edge in flow.edges}
    for said, role in classes:
        line = next((drawn_ for drawn_ in sorted(drawn) if drawn_.startswith(f"{role} line")), None)
        if role not in areas and line is not None:
            yield Entry(said, line, line=True)


def _flows(parts: Sequence[Part]) -> list[FlowPart]:
    bodies = [part.body for part in parts if isinstance(part, PanelPart)]
    if all(isinstance(body, StackPart) for body in bodies):
        return []
    from lorafig.layout.flow import FlowPart

    return [body for body in bodies if isinstance(body, FlowPart)]


def _classes(flows: Sequence[FlowPart]) -> Iterator[tuple[str, str]]:
    """The words and the roles of the classes of style that have a title, once for each text."""
    told: set[str] = set()
    for flow in flows:
        for look in flow.spec.classes:
            if look.title is not None and look.title not in told:
                told.add(look.title)
                yield look.title, flow.classes[str(look.name)]


def _lines(flows: Sequence[FlowPart]) -> Mapping[str, str]:
    """The roles of the kinds of edges: that of all of a kind, or that of a line without a colour."""
    roles: dict[str, set[str]] = {}
    for flow in flows:
        for edge in flow.edges:
            look = edge.link.look
            if look is None or look.class_ is None:
                roles.setdefault("data" if look is None else look.kind, set()).add(edge.role)
    return {
        kind: next(iter(several)) if len(several) == 1 else _plain(several) for kind, several in roles.items()
    }


def _plain(roles: set[str]) -> str:
    """A line without a colour, broken as those of these roles are if all are broken alike."""
    dashes = {role.rpartition(" ")[2] if role.endswith(BROKEN) else "" for role in roles}
    dash = next(iter(dashes)) if len(dashes) == 1 else ""
    return f"line {dash}".strip()
