"""The drawing of a page: an SVG at its start, how it moves, and the labels whose numbers change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from lorafig.errors import LorafigError
from lorafig.graph.structure import headed
from lorafig.language.model import Figure, Panel
from lorafig.language.table import table
from lorafig.notation import canonical
from lorafig.notation.children import children
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node
from lorafig.page import drawing
from lorafig.page.drawing import Motion, NotAffineError, Sides, Spot, attributes
from lorafig.page.formulas import pictured
from lorafig.page.grips import Grip, grips
from lorafig.page.layouts import Layouts, layouts, number_key, shown
from lorafig.page.modes import Mode, modes
from lorafig.page.numbers import Digit, NumberedLine, Recorder, Request, composed, numbered
from lorafig.page.setting import reach, start
from lorafig.render import shapes, strokes, svg
from lorafig.render.outlines import Bar, Stamp, bar, relative, stamps
from lorafig.scene import Arrow, Group, Label, Scene, Shape, walk
from lorafig.themes.palettes import NIGHT, by_night, palette_of
from lorafig.values import replace
from lorafig.verify import verify

SVG = "http://www.w3.org/2000/svg"
LARGER = (1.0, 1.5)  # what is tried where the layout decides by the width of a label


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
    panels: list[tuple[str, str, Mode | None]] = field(default_factory=list)  # group, title, what it shows
    shapes: dict[str, tuple[str, str]] = field(default_factory=dict)  # the symbol of a shape, and its role
    lights: dict[str, list[str]] = field(default_factory=dict)  # by symbol, the labels in which it stands
    grips: list[Grip] = field(default_factory=list)
    room: tuple[float, float] = (0.0, 0.0)  # that they need at the left and right, and below
    reached: tuple[str, ...] = ()  # the sizes with sliders that sides stand for, whether they follow or not
    css: str = ""
    words: str = ""  # the id of what says it in words
    ground: str = ""
    night: str = NIGHT


def draw(whole: Figure, description: str, glyphs: Glyphs, unverified: bool = False) -> Drawing:
    """The picture of a figure, laid out for all that its sliders reach, without what stands beside its
    panels. `glyphs` gains its letters."""
    figure = pictured(whole)
    all_of = layouts(figure, description, unverified)
    begin, recorder = start(figure), all_of.recorder
    shares = all_of.shares(begin.drawn)
    motion, sides, longest = _motion(all_of, shares)
    all_of = replace(all_of, longest=longest)
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
    found.reached = tuple(
        name
        for name in all_of.sides.moving
        if (motion.pieces and name in motion.names) or _drawn(name, all_of, shares)
    )
    found.panels = _panels(figure, first)
    _symbols(figure, first, recorder, found)
    own = figure.theme.palette
    ground, partner = palette_of(own).ground, by_night(own)
    dark = None
    if ground is not None and partner is None:
        found.ground, found.night = "night", ground
    elif partner is not None:
        dark = all_of.scene(shares, partner)
        found.ground, found.night = "both", palette_of(partner).ground or found.night
        if ground is not None:  # the page draws it
            first = replace(first, background=None)
            found.ground, found.night = "night", f"light-dark({ground},{found.night})"
    found.svg = _document(first, dark, found, texts, glyphs)
    composed_of = [written.item for written in found.labels]
    parted = (spot[0] for spot in motion.pieces if spot[1] >= 0 and spot[0] in found.areas)
    _grouped(motion, dict.fromkeys([*composed_of, *parted]))
    if motion.names:
        scenes = [first, all_of.scene(sides.low), all_of.scene(sides.high)]
        found.width, found.height = (
            max(getattr(one, side) for one in scenes) for side in ("width", "height")
        )
        most = {name: reached[1] for name, reached in reach(figure).items()}
        found.grips, found.room = grips(all_of, motion.names, shares, scenes, most)
    return found


def _drawn(name: str, all_of: Layouts, shares: Mapping[str, float]) -> bool:
    """Whether a side of the picture stands for a size."""
    ends = [all_of.scene({**shares, name: end[name]}) for end in (all_of.sides.low, all_of.sides.high)]
    return svg.render(ends[0]) != svg.render(ends[1])


def _panels(figure: Figure, scene: Scene) -> list[tuple[str, str, Mode | None]]:
    """The groups of the panels, if there are several, with their titles."""
    shown = modes(figure)
    panels = [entry for entry in figure.row if isinstance(entry, Panel)]
    groups = [svg.identity(scene, item.name) for item in scene.items if isinstance(item, Group)]
    if len(panels) < 2 or len(groups) != len(panels):
        return []
    titles = [headed(one) or str(number + 1) for number, one in enumerate(panels)]
    return list(zip(groups, titles, shown, strict=True))


def _symbols(figure: Figure, scene: Scene, recorder: Recorder, found: Drawing) -> None:
    """Where on the picture each symbol stands: in labels, and as a shape, which stands for the symbol of its
    name, or for the first one in its label."""
    known = table(figure.model, figure.numbers.kilo)
    letters: dict[str, str] = {}
    for name in known.rows:
        letters.setdefault(re.sub(r"\W|_", "", name), name)
    drawn = {item.name for item in walk(scene.items) if isinstance(item, Shape)}
    for item in walk(scene.items):
        if not isinstance(item, Label):
            continue
        named = dict.fromkeys(name for line in item.lines for name in _named(recorder.request(line)))
        said = [name for name in named if known.row(name) is not None or name in {*known.sizes, "k", "α"}]
        for name in said:
            found.lights.setdefault(name, []).append(svg.identity(scene, item.name))
        stem = item.name.removesuffix("-label")
        symbols = [name for name in said if known.row(name) is not None]
        if stem not in drawn or not symbols:
            continue
        stripped = re.sub(r"-\d+$|\W", "", stem)
        own = letters.get(stripped, "")
        symbol = own if own in said or (own != "" and len(stripped) > 1) else symbols[0]
        row = known.row(symbol)
        role = "" if row is None or row.role is None else str(row.role)
        found.shapes[svg.identity(scene, stem)] = symbol, role


def _named(request: Request | None) -> Iterator[str]:
    """The symbols in a line of a label, in their order."""
    if request is None or not any(map(str.isalnum, request.source)):  # a sign between matrices
        return
    trees = [run.math for run in parse_text(request.source)] if request.text else [parse_math(request.source)]

    def inside(node: Node) -> Iterator[str]:
        name = canonical.key(node)
        if name is not None:
            yield name
        else:
            for child in children(node):
                yield from inside(child)

    for node in trees:
        if node is not None:
            yield from inside(node)


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


def _motion(all_of: Layouts, begin: Mapping[str, float]) -> tuple[Motion, Sides, float]:
    """How the picture moves with as many sides as the layout allows: all, or the rank alone, or none, and the
    longest length at which it does: a larger picture has room where labels decide. Those that do not move
    stay as they begin."""
    everything = all_of.sides.moving
    rank = tuple(name for name in everything if name == "r")
    for names in dict.fromkeys((everything, rank)):
        low = {name: one if name in names else begin[name] for name, one in all_of.sides.low.items()}
        high = {name: one if name in names else begin[name] for name, one in all_of.sides.high.items()}
        some = replace(all_of.sides, low=low, high=high)
        for larger in LARGER if names else ():
            tried = replace(all_of, longest=round(all_of.longest * larger, 2))
            pictures = {
                order: [
                    (drawing.lengths(tried.longest, shares), _moved(tried.scene(shares)))
                    for shares in drawing.samples(order, some)
                ]
                for order in drawing.orders(some)
            }
            try:
                return drawing.solve(pictures, names), some, tried.longest
            except NotAffineError:
                continue
    return Motion(), replace(all_of.sides, low=dict(begin), high=dict(begin)), all_of.longest


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
            SubElement(into, _name("use"), {"href": f"#g{number}", **place})
        if bars:
            SubElement(into, _name("path"), {"d": bars})

    def definitions(self) -> str:
        """The outlines, as the inside of <defs>."""
        found = []
        for key, number in self.known.items():
            x, y, path = relative(self.outlines[key])
            found.append(f'<path id="g{number}" d="M{x} {y}{path}"/>')
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
    said = root.find(_name("desc"))
    if said is not None:  # the page has it as a paragraph, of the same id
        found.words = said.get("id", "")
        root.remove(said)
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
        _gathered(element)
    return tostring(root, encoding="unicode").replace(" />", "/>")


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
                rule = f"{{{name}:light-dark({light},{night})}}"
                label = rules.setdefault(rule, f"c{len(rules)}")
                one.set("class", f"{one.get('class', '')} {label}".strip())
    return "".join(f".{label}{rule}" for rule, label in rules.items())


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


def _gathered(element: Element) -> None:
    """A label of several scales stands where it stands as a whole."""
    places = {child.get("transform", "").partition(")")[0] for child in element}
    if element.get("transform") is None and len(places) == 1:
        element.set("transform", places.pop() + ")")
        for child in element:
            child.set("transform", child.get("transform", "").partition(")")[2])


def _grouped(motion: Motion, labels: Iterable[str]) -> None:
    """A label of pieces is one group: it moves as a whole, and has no scale of its own."""
    for label in labels:
        spots = [spot for spot in motion.pieces if spot[0] == label]
        for place, spot in enumerate(spots):
            pieces, rows = motion.pieces.pop(spot), motion.rows.pop(spot)
            if place == 0:
                whole: Spot = (label, -1, "transform")
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
