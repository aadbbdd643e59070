"""The drawing of a page: an SVG at its start, how it moves, and the labels whose numbers change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.page import drawing
from lorafig.page.drawing import Motion, NotAffineError, Sides, Spot, attributes
from lorafig.page.layouts import Layouts, layouts, number_key, shown
from lorafig.page.numbers import Digit, NumberedLine, composed, numbered
from lorafig.page.setting import start
from lorafig.render import shapes, strokes, svg
from lorafig.render.outlines import Bar, Stamp, bar, relative, stamps
from lorafig.scene import Arrow, Label, Scene, Shape, walk
from lorafig.themes.palettes import NIGHT, palette_of
from lorafig.verify import verify

SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Written:
    """A label with numbers in it: the middle of its first baseline from the label's own origin, in mm."""

    item: str
    lines: tuple[NumberedLine, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """Where a label lies, from its first baseline's start, in mm: left, bottom, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Drawing:
    """One picture of the page, whose elements' ids begin with `id`; `css` has its colours, `ground` is the
    class of what is behind it, and `night` its colour on a dark page. `areas` are those of labels, by item;
    `places` their lines and columns in the spec with the lengths of their sources."""

    id: str
    svg: str
    width: float
    height: float
    motion: Motion
    longest: float
    sides: Sides
    labels: list[Written]
    fonts: dict[str, dict[str, Digit]]
    areas: dict[str, Area] = field(default_factory=dict)
    places: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    wires: dict[str, tuple[float, float, list[float]]] = field(default_factory=dict)
    corners: dict[str, float] = field(default_factory=dict)  # the radius of each polygon with rounded corners
    mode: str | None = None
    reached: tuple[str, ...] = ()  # the dimensions that have sliders, whether the layout follows them or not
    css: str = ""
    ground: str = ""
    night: str = NIGHT


def draw(figure: Figure, description: str, glyphs: Glyphs, unverified: bool = False) -> Drawing:
    """The picture of a figure, laid out for everything that its sliders reach. `glyphs` gains its letters."""
    all_of = layouts(figure, description, unverified)
    begin, recorder = start(figure), all_of.recorder
    shares = all_of.shares(begin.drawn)
    motion, sides = _motion(all_of, shares)
    first = all_of.scene(shares)
    if all_of.moves and not unverified:
        told = verify(all_of.figure, first, floating=False)
        if told.verdict != "holds":
            raise LorafigError(told.problems(), "false")
    fonts: dict[str, dict[str, Digit]] = {}
    found = Drawing(first.id, "", first.width, first.height, motion, all_of.longest, sides, [], fonts)
    values = begin.values()
    texts: dict[str, list[str]] = {}
    for item in walk(first.items):
        if isinstance(item, Shape) and corner(item) > 0:
            found.corners[svg.identity(first, item.name)] = corner(item)
        if isinstance(item, Arrow) and is_wire(item, first):
            found.wires[svg.identity(first, item.name)] = wire_head(first, item.role)
        if not isinstance(item, Label):
            continue
        lines = numbered(item, recorder, lambda one: all_of.widest[number_key(one)], fonts)
        identity = svg.identity(first, item.name)
        if lines is not None:
            found.labels.append(Written(identity, lines))
            slots = [slot for line in lines for slot in line.slots]
            texts[identity] = [shown(slot.body, slot.form, values, figure) for slot in slots]
        x, y = item.lines[0].origin
        left, bottom = item.centre[0] - item.width / 2 - x, item.centre[1] - item.height / 2 - y
        found.areas[identity] = Area(left, bottom, item.width, item.height)
        requests = [recorder.request(line) for line in item.lines]
        for request in requests:
            where = getattr(request.source, "where", None) if request is not None else None
            if request is not None and where is not None:
                found.places.setdefault(identity, []).append((where.line, where.column, len(request.source)))
    found.reached = all_of.sides.moving
    own = figure.theme.palette
    ground, partner = palette_of(own).ground, palette_of(own).partner
    dark = None
    if ground is not None:
        found.ground, found.night = "night", ground
    elif partner is not None:
        dark = all_of.scene(shares, partner)
        found.ground, found.night = "both", palette_of(partner).ground or found.night
    found.svg = _document(first, dark, found, texts, glyphs)
    _grouped(motion, found.labels)
    if motion.names:
        wide = all_of.scene(sides.high)
        found.width, found.height = max(first.width, wide.width), max(first.height, wide.height)
    return found


def _moved(scene: Scene) -> dict[Spot, str]:
    """What can move in a picture. A straight arrow by its ends alone: its head turns with it. A polygon by
    its corners: how they are rounded depends on their angles."""
    found = dict(attributes(svg.render(scene)))
    for item in walk(scene.items):
        if isinstance(item, Arrow) and is_wire(item, scene):
            identity = svg.identity(scene, item.name)
            del found[identity, -1, "d"]
            ends = [coordinate for point in item.points for coordinate in point]
            found[identity, -1, "wire"] = " ".join(svg.number(one) for one in ends)
        elif isinstance(item, Shape) and corner(item) > 0:
            identity = svg.identity(scene, item.name)
            del found[identity, -1, "d"]
            places = [coordinate for point in item.points for coordinate in point]
            found[identity, -1, "corners"] = " ".join(svg.number(one) for one in places)
    return found


def corner(shape: Shape) -> float:
    """The radius of a polygon's rounded corners; 0 for any other shape."""
    return shape.corner if shape.form == "rounded" or shapes.is_rounded_trapezoid(shape) else 0.0


def is_wire(item: Arrow, scene: Scene) -> bool:
    """Whether an arrow is one straight solid line with one head."""
    return len(item.points) == 2 and item.head and not item.tail and scene.styles[item.role].dash == ""


def wire_head(scene: Scene, role: str) -> tuple[float, float, list[float]]:
    """An arrow along the x axis, its tip at the origin: the width of its line, where the line ends, and
    the outline of its head."""
    line = scene.styles[role].line
    (_, end), outline = strokes.arrow((-100.0, 0.0), (0.0, 0.0), scene.arrow_head, line)
    return line, round(end[0], 4), [round(value, 4) for point in outline for value in point]


def _motion(all_of: Layouts, begin: Mapping[str, float]) -> tuple[Motion, Sides]:
    """How the picture moves with as many sides as the layout allows: all, or the rank alone, or none. Those
    that do not move stay as they begin."""
    sides, longest = all_of.sides, all_of.longest
    everything = sides.moving
    for names in dict.fromkeys((everything, tuple(name for name in everything if name == "r"), ())):
        low = {name: sides.low[name] if name in names else begin[name] for name in sides.low}
        high = {name: sides.high[name] if name in names else begin[name] for name in sides.low}
        some = Sides(sides.largest, low, high, sides.proportion)
        if not names:
            break
        pictures = {
            order: [
                (drawing.lengths(longest, shares), _moved(all_of.scene(shares)))
                for shares in drawing.samples(order, some)
            ]
            for order in drawing.orders(some)
        }
        try:
            return drawing.solve(pictures, names), some
        except NotAffineError:
            continue
    return Motion(), some


# -- the document ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Glyphs:
    """Outlines of letters, each written once on the page and used wherever it stands."""

    known: dict[str, int] = field(default_factory=dict)
    outlines: dict[str, str] = field(default_factory=dict)

    def put(self, into: Element, ink: Sequence[Stamp | Bar]) -> None:
        """The letters and rules of a label as children of `into`."""
        bars = "".join(bar(one) for one in ink if len(one) == 4)
        for one in ink:
            if len(one) == 4 or not relative(self.outlines[one[0]])[2]:
                continue
            number = self.known.setdefault(one[0], len(self.known))
            place = {name: str(value) for name, value in (("x", one[1]), ("y", one[2])) if value != 0}
            SubElement(into, _name("use"), {"href": f"#glyph-{number}", **place})
        if bars:
            SubElement(into, _name("path"), {"d": bars})

    def definitions(self) -> str:
        """The outlines, as the inside of <defs>."""
        found = []
        for key, number in self.known.items():
            x, y, path = relative(self.outlines[key])
            found.append(f'<path id="glyph-{number}" d="M{x} {y}{path}"/>')
        return "".join(found)


def _name(tag: str) -> str:
    return f"{{{SVG}}}{tag}"


def _document(
    scene: Scene, dark: Scene | None, found: Drawing, texts: Mapping[str, Sequence[str]], glyphs: Glyphs
) -> str:
    """The SVG for the page: sized by its frame, its letters shared, its colours for light and dark."""
    register_namespace("", SVG)
    root = fromstring(svg.render(scene))
    for key in ("width", "height"):
        root.attrib.pop(key)
    if dark is not None:
        found.css = _colours(root, fromstring(svg.render(dark)))
    elements = {element.get("id"): element for element in root.iter()}
    numbers = {written.item: written for written in found.labels}
    glyphs.outlines.update(scene.outlines)
    for item in walk(scene.items):
        if not isinstance(item, Label):
            continue
        identity = svg.identity(scene, item.name)
        element = elements[identity]
        if identity in numbers:
            _rewrite(element, numbers[identity], texts[identity], found, glyphs)
            continue
        ink = list(stamps(item).values())
        parts = [element] if element.get("transform") is not None else list(element)
        drawn = [one for one in ink if any(len(s) == 4 or relative(scene.outlines[s[0]])[2] for s in one)]
        for part, some in zip(parts, drawn, strict=True):
            part.tag = _name("g")
            part.attrib.pop("d")
            glyphs.put(part, some)
    return tostring(root, encoding="unicode")


def _colours(root: Element, dark: Element) -> str:
    """Gives everything whose colour is another one in the dark a class, and the rules of these classes."""
    rules: dict[str, str] = {}
    # The dark picture has a ground of its own as its first path; the page has one for all of them.
    shown = [element for element in dark.iter() if element.get("id") is not None]
    other = {element.get("id"): element for element in shown}
    for element in root.iter():
        twin = other.get(element.get("id")) if element.get("id") is not None else None
        if twin is None:
            continue
        for one, two in zip([element, *_anonymous(element)], [twin, *_anonymous(twin)], strict=True):
            for name in ("fill", "stroke"):
                light, night = one.get(name), two.get(name)
                if light is None or night is None or light == night or not light.startswith("#"):
                    continue
                label = f"{name[0]}{light[1:]}{night[1:]}".lower()
                one.set("class", f"{one.get('class', '')} {label}".strip())
                rules[label] = f".{label}{{{name}:{light};{name}:light-dark({light},{night})}}"
    return "".join(rules[label] for label in sorted(rules))


def _anonymous(element: Element) -> list[Element]:
    return [child for child in element if child.get("id") is None]


def _rewrite(
    element: Element, written: Written, texts: Sequence[str], found: Drawing, glyphs: Glyphs
) -> None:
    """A label put together from pieces and numbers: first the pieces of a line, then its numbers."""
    inner = element if element.get("transform") is not None else element[0]
    x, y = drawing.split(inner.get("transform", ""))[1][:2]
    kept = {name: element.get(name, "") for name in ("id", "fill", "class") if element.get(name) is not None}
    element.tag = _name("g")
    element.attrib.clear()
    for child in list(element):
        element.remove(child)
    element.attrib |= {**kept, "transform": f"translate({x:g} {y:g})"}
    middle = written.lines[0].width / 2
    for ink in composed(written.lines, texts, found.fonts):
        group = SubElement(element, _name("g"))
        if ink.piece is not None:
            group.set("transform", placed(middle + ink.x, ink.y, ink.piece.across, ink.piece.up))
            glyphs.put(group, ink.piece.ink)
        for across, up, path in ink.paths:
            SubElement(
                group, _name("path"), {"transform": placed(middle + ink.x, ink.y, across, up), "d": path}
            )


def _grouped(motion: Motion, labels: Sequence[Written]) -> None:
    """A label put together from pieces is one group: it moves as a whole, and has no scale of its own."""
    for written in labels:
        spots = [spot for spot in motion.pieces if spot[0] == written.item]
        for place, spot in enumerate(spots):
            pieces, rows = motion.pieces.pop(spot), motion.rows.pop(spot)
            if place == 0:
                whole: Spot = (written.item, -1, "transform")
                motion.pieces[whole] = (
                    [*pieces[:2], ")"] if len(pieces) > 2 else [pieces[0], _head(pieces[1])]
                )
                motion.rows[whole] = [row[:2] for row in rows]


def _head(text: str) -> str:
    return text.partition(")")[0] + ")"


def placed(x: float, y: float, across: float, up: float) -> str:
    """Where a path of a label stands, and how large a unit of the grid is."""
    return f"translate({svg.number(x)} {svg.number(y)})scale({scales(across, up)})"


def scales(across: float, up: float) -> str:
    """What `scale(…)` takes: one number where both are the same."""
    both = [across] if across == up else [across, up]
    return " ".join(f"{one:.7f}".strip("0") for one in both)
