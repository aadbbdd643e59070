"""A flow: nodes placed in layers, and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import ClassVar, Literal

from msgspec import Struct

from lorafig import errors
from lorafig.graph import ops
from lorafig.graph.structure import Edge, Graph, outermost_first, titled
from lorafig.language import model
from lorafig.layered import Arrangement, Box, Cluster, Gaps, Outline, arrange
from lorafig.layered import Edge as Line
from lorafig.layout import cells, flanks, lines
from lorafig.layout import node as nodes
from lorafig.layout.cells import CellsNode
from lorafig.layout.copies import Copies, EdgePart
from lorafig.layout.copies import prepare as prepare_copies
from lorafig.layout.node import NodePart
from lorafig.layout.origin import Origin
from lorafig.layout.parts import Sides, Spot
from lorafig.layout.roles import FlowRoles
from lorafig.layout.sheet import LARGEST, Block, Sheet
from lorafig.layout.signs import Sign, entered, parted, turning
from lorafig.layout.stack import SPREAD, Joint
from lorafig.layout.strata import Layer, Solid, Strata, strata
from lorafig.scene import Length, Point, Shape
from lorafig.themes.measures import caption_size, title_size

INPUTS = "the inputs"  # of no level that an author can name
DOTS = 1.6  # times the size of the text
OUTLINES: dict[str, Outline] = {"circle": "ellipse", "diamond": "diamond"}


class FlowPart(Struct):
    sheet: Sheet
    sides: Sides
    spec: model.Flow
    nodes: dict[str, NodePart]
    edges: list[EdgePart]
    frames: dict[str, str]  # the roles of the groups
    titles: dict[str, Block]
    classes: dict[str, str] = {}  # the roles of the classes of style
    copies: list[Copies] = []
    opening: frozenset[str] = frozenset()  # nodes from which a wedge leads to the right
    more: float = 0.0  # mm between its layers, beside the usual gap
    raised: float = 0.0  # mm above the floor, to stand level with a neighbour
    slug: str = ""
    framed: dict[str, str] = {}  # once drawn, the shapes of the groups
    drawn_after: ClassVar[int] = 1
    _placed: Arrangement | None = None
    _axis: float = 0.0  # its centre line, in mm from its left end
    _strata: Strata | None = None  # of a flow with nodes on levels

    def longest(self) -> float:
        return max((node.longest() for node in self.nodes.values()), default=0.0)

    def neediest(self) -> errors.Place | None:
        return max(self.nodes.values(), key=lambda node: node.longest()).spec.where

    def placed(self) -> Arrangement:
        """Where everything lies. The dimensions must have their final lengths."""
        if self._placed is None:
            beside = self.beside()
            layered = [edge for edge in self._lines() if beside.keys().isdisjoint(edge.ends)]
            placed, boxes, rooms = self._arranged(layered, beside)
            turns = self._turning(placed, boxes, layered, rooms)
            if self.sides.shares:  # a slider moves dimensions, and no line from one side to another
                with self.sides.usually(self.sheet):
                    usual, usual_boxes, _ = self._arranged(layered, beside)
                    turns = self._turning(usual, usual_boxes, layered, rooms)
            placed = entered(placed, self._signs(placed, layered), turns, self.spec.direction)
            exits = self._exits(placed, layered)
            if exits:
                ends, least = [self._ends(edge.link) for edge in layered], self._shortest
                placed = parted(placed, boxes, ends, exits, rooms, self.spec.direction, least)
            self._axis = placed.size[0] / 2
            if beside:
                placed, self._axis = self._with_flanks(placed, beside)
            self._placed = placed
            self.sheet.demand(placed.size, self.spec.where)
            if self.levels:
                self._strata = strata(self._solids(placed))
        return self._placed if self._strata is None else self._strata.stretched(self._placed)

    @property
    def levels(self) -> dict[str, str]:
        """The levels of nodes, by their names."""
        nodes = ((name, part.spec.level) for name, part in self.nodes.items())
        return {name: str(level) for name, level in nodes if level is not None}

    def _entering(self) -> dict[str, str]:
        """The level of the inputs, by their names: data comes in at one height."""
        heads = {head for edge in self.edges for head in (*edge.link.heads, edge.link.head)}
        return {
            name: INPUTS
            for name, part in self.nodes.items()
            if part.role == "activation" and name not in heads
        }

    def beside(self) -> dict[str, str]:
        """The nodes that stand at the side of another, with the other's name."""
        grouped = {str(member) for group in self.spec.groups for member in group.of}
        return flanks.flanks(self.levels, [edge.ends for edge in self.edges], grouped)

    def _gaps(self, beside: Mapping[str, str]) -> dict[str, float]:
        """How far nodes stand from those that they stand beside: the words on their lines have room, and the
        dashes between two heads."""
        lengths = self.sheet.lengths
        gaps = dict.fromkeys(beside, lengths["layer gap"] + lengths["turn gap"])
        for edge in self.edges:
            for name in edge.ends:
                if name in gaps and edge.label is not None:
                    gaps[name] = max(gaps[name], edge.label.width + 2 * self.sheet.lengths["label gap"])
        return gaps

    def _with_flanks(self, placed: Arrangement, beside: Mapping[str, str]) -> tuple[Arrangement, float]:
        known = {*placed.boxes, *beside}  # without rows of cells, which are groups of the layers
        sizes = {name: part.size() for name, part in self.nodes.items() if name in known}
        ends = [edge.ends for edge in self._lines()]
        rooms = [None if edge.label is None else self._room(edge.label) for edge in self._lines()]
        lane = self.sheet.lengths["lane"]
        return flanks.placed(placed, beside, sizes, self._gaps(beside), ends, rooms, lane)

    @property
    def joints(self) -> list[Joint]:
        """The gaps that stretch where nodes stand on levels, from the floor up."""
        self.placed()
        return [] if self._strata is None else self._strata.joints

    def layers(self) -> list[Layer]:
        """What lies between these gaps."""
        self.placed()
        return [] if self._strata is None else self._strata.layers

    def _solids(self, placed: Arrangement) -> list[Solid]:
        """What does not stretch: nodes, and the words on lines and groups."""
        solids, levels = [], self.levels
        for name, part in self.nodes.items():
            y, half = self._middle(placed, name)[1] - part.lift(), part.size()[1] / 2
            solids.append(Solid(y - half, y + half, levels.get(name), name, part.spec.where))
        for edge, route in zip(self.edges, placed.edges, strict=False):
            if edge.label is not None and route.label is not None:
                half = self._room(edge.label)[1] / 2
                solids.append(Solid(route.label[1] - half, route.label[1] + half))
        for name, (_, y) in placed.titles.items():
            half = self.titles[name].height / 2
            solids.append(Solid(y - half, y + half))
        return solids

    def _turning(
        self,
        placed: Arrangement,
        boxes: Sequence[Box],
        layered: Sequence[EdgePart],
        rooms: Sequence[tuple[float, float] | None],
    ) -> set[int]:
        signs, ends = self._signs(placed, layered), [self._ends(edge.link) for edge in layered]
        return turning(placed, boxes, ends, signs, rooms, self.spec.direction, self._shortest)

    @property
    def _shortest(self) -> float:
        """Of the pieces of a line that lead to the side of a shape, in mm."""
        return 2 * self.sheet.lengths["arrow head"]

    def _exits(self, placed: Arrangement, layered: Sequence[EdgePart]) -> dict[int, Sign]:
        """The lines that may leave at a side: those of several out of a diamond, as decisions are drawn."""
        out = Counter(edge.link.tail for edge in layered)
        axis = 0 if self.spec.direction in ("up", "down") else 1
        found = {}
        for number, edge in enumerate(layered):
            tail, part = edge.link.tail, self.nodes.get(edge.link.tail)
            if part is not None and part.spec.shape == "diamond" and out[tail] > 1:
                half = part.shape_size()[axis] / 2
                found[number] = Sign(
                    placed.boxes[tail], half, frozenset({tail}), edge.role + edge.link.stroke
                )
        return found

    def _signs(self, placed: Arrangement, layered: Sequence[EdgePart]) -> dict[int, Sign]:
        """The lines that may enter at a side: those of several into a circle, and the one that brings a row
        of cells its vector."""
        heads = [self._ends(edge.link)[1] for edge in layered]
        into = Counter(heads)
        signs = {}
        for number, (edge, head) in enumerate(zip(layered, heads, strict=True)):
            part = self.nodes.get(edge.link.head)
            if isinstance(part, CellsNode):
                if self._enters(edge.link, head):
                    centre, half = part.middle(placed.boxes), part.half(placed.boxes)
                    signs[number] = Sign(centre, half, frozenset(part.among()), edge.role + edge.link.stroke)
            elif part is not None and part.spec.shape == "circle" and into[head] > 1:
                centre, half = placed.boxes[head], part.size()[0] / 2
                signs[number] = Sign(centre, half, frozenset({head}), edge.role + edge.link.stroke)
        return signs

    def _ends(self, link: Edge) -> tuple[str, str]:
        """The boxes that a line is between: those of nodes, or of cells."""
        tail, head = self.nodes.get(link.tail), self.nodes.get(link.head)
        out, into = link.tail, link.head
        if isinstance(tail, CellsNode):
            out = tail.end(False) if tail.fed else self._cell(tail, link.head, False)
        if isinstance(head, CellsNode):
            into = self._cell(head, link.tail, True)
        return out, into

    def _enters(self, link: Edge, box: str) -> bool:
        """Whether a line brings a row that copies feed its vector."""
        row = self.nodes.get(link.head)
        if not isinstance(row, CellsNode) or not row.fed or box != row.end(True):
            return False
        return self._beside(row, link.tail) is None

    def _cell(self, row: CellsNode, other: str, into: bool) -> str:
        copies = self._beside(row, other)
        return row.end(into) if copies is None else row.box(copies.which(other))

    def _beside(self, row: CellsNode, name: str) -> Copies | None:
        """The copies that a node is of, if a row of cells stands beside them."""
        known = (several for several in self.copies if several.place(name) is not None)
        return next((several for several in known if several.place(str(row.spec.name)) is None), None)

    def _arranged(
        self, layered: Sequence[EdgePart], beside: Mapping[str, str]
    ) -> tuple[Arrangement, list[Box], list[tuple[float, float] | None]]:
        """The layers, their boxes and the room of the labels on lines, at the present lengths."""
        rows = [part for part in self.nodes.values() if isinstance(part, CellsNode)]
        for part in rows:
            part.wide = part.half_cell = 0.0
        placed = self._layers(layered, beside)
        if rows:  # their cells are as long as the copies are apart
            for part in rows:
                part.fit(placed[0].boxes, self._gap)
            placed = self._layers(layered, beside)
        return placed

    def _layers(
        self, layered: Sequence[EdgePart], beside: Mapping[str, str]
    ) -> tuple[Arrangement, list[Box], list[tuple[float, float] | None]]:
        boxes, levels = [], self._entering() | self.levels
        sizes = {name: part.size() for name, part in self.nodes.items()}
        widths = flanks.room(beside, sizes, self._gaps(beside))
        for name, part in self.nodes.items():
            if name in beside:
                continue
            if isinstance(part, CellsNode):
                boxes += part.boxes()
                continue
            size = widths[name], sizes[name][1]
            outline = OUTLINES.get(part.spec.shape, "rectangle") if size == part.shape_size() else "rectangle"
            opens = name in self.opening and self.spec.direction in ("up", "down")
            core = part.shape_size()[1 if part.across else 0]
            boxes.append(Box(name, *size, outline, levels.get(name, ""), opens, core))
        names = [*self.nodes]
        for several in self.copies:
            more = several.boxes(names)
            names += [box.name for box in more]
            boxes += more
        lines = []
        for edge in layered:
            label = None if edge.label is None else self._room(edge.label)
            link = edge.link
            # A line from a frame is none from what is in it: the two share no way.
            framed_at = "".join(f" {frame}" for frame in link.frames if frame is not None)
            kind = edge.role + link.stroke + edge.argument + framed_at
            ends = self._ends(link)
            side: Literal["head"] | None = "head" if self._enters(link, ends[1]) else None
            # What carries data enters a bottleneck at its first trapezoid.
            specs = [self.nodes[end].spec for end in edge.ends if end in self.nodes]
            paired = not link.flows or all(spec.bottleneck is None for spec in specs)
            lines.append(Line(*ends, label, kind, link.weak, side, paired, edge.drawn))
        clusters = [
            Cluster(group.name, tuple(group.of), self._title(group), bare=not group.frame)
            for group in self.spec.groups
        ]
        for several in self.copies:
            clusters = several.among(clusters)
        clusters += [part.cluster() for part in self.nodes.values() if isinstance(part, CellsNode)]
        lengths = self.sheet.lengths
        gaps = Gaps(
            lengths["layer gap"] + self.more,
            self._gap,
            lengths["lane"],
            lengths["frame pad"],
            lengths["turn gap"],
        )
        # An edge to a group leads to all that begins in it, whichever of them it is drawn to.
        framed = (edge.link for edge in self.edges if edge.link.frames != (None, None))
        before = [pair for link in framed if link.flows for pair in product(link.tails, link.heads)]
        placed = arrange(boxes, lines, clusters, self.spec.direction, gaps, self.spec.where, LARGEST, before)
        return placed, boxes, [line.label for line in lines]

    @property
    def _gap(self) -> float:
        """Between neighbours in a layer, in mm."""
        across = self.spec.direction in ("right", "left")
        return self.sheet.lengths["node gap" if across else "side gap"]

    def _lines(self) -> list[EdgePart]:
        """The edges, and those of the copies that are not drawn, which take room too."""
        lines = [*self.edges]
        for several in self.copies:
            lines += several.lines(lines)
        return lines

    def _room(self, label: Block) -> tuple[float, float]:
        """Of words on a line: what they need along it; beside it half a gap, as half a lane is free."""
        pad = self.sheet.lengths["label gap"]
        if self.spec.direction in ("right", "left"):
            return label.width + 2 * pad, label.height + pad / 2
        return label.width + pad / 2, label.height + pad

    def _title(self, group: model.FlowGroup) -> tuple[float, float] | None:
        """The room of a title; that of the longest of copies."""
        alike = next((several.names() for several in self.copies if group.name in several.names()), ())
        blocks = [self.titles[name] for name in (group.name, *alike) if name in self.titles]
        return (max(b.width for b in blocks), max(b.height for b in blocks)) if blocks else None

    # -- as the body of a panel ---------------------------------------------------------------

    def reach(self) -> tuple[float, float]:
        width = self.placed().size[0]
        return self._axis, width - self._axis

    def level(self) -> float:
        return self.placed().size[1] + self.raised

    def topping(self) -> Length:
        return ()

    def rise(self, spare: float, name: str) -> None:
        """Sets its layers further apart, so that what comes in and what goes out are level with those of its
        neighbours. What gaps that are wider by three quarters cannot fill, it is raised half-way in."""
        own = self.level()
        if spare > 0 and self.spec.direction in ("up", "down"):
            most = SPREAD * (self.sheet.lengths["layer gap"] + self.sheet.lengths["turn gap"])
            self._spread(most)
            gained = self.level() - own
            if gained > spare:
                self._spread(most * spare / gained)
        self.raised = max(0.0, own + spare - self.level()) / 2

    def _spread(self, more: float) -> None:
        self.more, self._placed = more, None

    def stand(self, spot: Spot, ceiling: float | None) -> tuple[Spot, Spot]:
        """Draw it above the spot, as far as it is raised; that spot, from what was drawn."""
        floor = self._draw(spot)
        return floor, floor if ceiling is None else floor.raised(self.sheet.length("ceiling", ceiling))

    def openings(self) -> list[tuple[str, str]]:
        """The shapes that open into panels, each with the name of the panel."""
        return [
            (node.drawn[0], str(node.spec.opens))
            for node in self.nodes.values()
            if node.spec.opens is not None
        ]

    # -- drawing ------------------------------------------------------------------------------

    def _draw(self, spot: Spot) -> Spot:
        placed = self.placed()
        frames = outermost_first(self.spec)
        x0, y0, x1, y1 = placed.clusters[frames[0]] if frames else (0.0, 0.0, 0.0, 0.0)
        first = ((x0 + x1) / 2, (y0 + y1) / 2) if frames else self._middle(placed, next(iter(self.nodes)))
        origin = Origin(self.sheet, spot, (self._axis, -self.raised), first)
        for name in frames:
            self._frame(name, placed, origin)
        for name, part in self.nodes.items():
            at = origin.place(self._middle(placed, name))
            origin.drawn(part.draw_row(at, placed.boxes) if isinstance(part, CellsNode) else part.draw(at))
        for copies in self.copies:
            if copies.series.left_out:
                at = origin.place(copies.middle(placed))
                self.sheet.label(copies.label, at, "text", f"{copies.series.group}-dots")
        shapes = {item.name: item for item in self.sheet.items if isinstance(item, Shape)}
        for edge, route in zip(self.edges, placed.edges, strict=False):
            out, into = edge.link.frames
            leaves, enters = (0, -1) if route.turned else (-1, 0)
            tail = shapes[self.nodes[edge.link.tail].drawn[leaves] if out is None else self.framed[out]]
            head = shapes[self.nodes[edge.link.head].drawn[enters] if into is None else self.framed[into]]
            lines.draw(self.sheet, edge, route, (tail, head), origin)
        return origin.floor()

    def _middle(self, placed: Arrangement, name: str) -> Point:
        part = self.nodes[name]
        if isinstance(part, CellsNode):
            return part.middle(placed.boxes)
        x, y = placed.boxes[name]
        return x, y + part.lift()

    def _frame(self, name: str, placed: Arrangement, origin: Origin) -> None:
        sheet, role = self.sheet, self.frames[name]
        x0, y0, x1, y1 = placed.clusters[name]
        wide, high = sheet.length("frame width", x1 - x0), sheet.length("frame height", y1 - y0)
        place = origin.place(((x0 + x1) / 2, (y0 + y1) / 2))
        frame = sheet.rectangle(name, role, wide, high, place, "rounded")
        self.framed[name] = frame.name
        origin.drawn(frame.name)
        if name in self.titles:
            sheet.label(self.titles[name], origin.place(placed.titles[name]), role, f"{frame.name}-title")


def _siblings(graph: Graph, parts: Mapping[str, NodePart]) -> list[list[NodePart]]:
    """Nodes that come of the same ones: the ends of one split."""
    split: dict[tuple[str, ...], list[NodePart]] = {}
    for name, part in parts.items():
        tails = tuple(sorted({edge.tail for edge in graph.entering.get(name, ())}))
        split.setdefault(tails, []).append(part)
    return [several for tails, several in split.items() if tails and len(several) > 1]


def prepare(
    sheet: Sheet,
    classes: FlowRoles,
    graph: Graph,
    spec: model.Flow,
    slug: str,
    most_bits: int = 0,
    behind: frozenset[str] = frozenset(),
) -> FlowPart:
    """`most_bits` are those of any weight on the figure, `behind` the panels that stand further right."""
    classes.add(spec, slug)
    across = spec.direction in ("right", "left")
    back = spec.direction in ("left", "up")
    roles = {str(node.name): classes.node(node, slug) for node in spec.nodes}
    lower = {"up": graph.entering, "down": graph.leaving}.get(spec.direction, {})
    ways = {(edge.tail, edge.head) for edge in graph.edges}
    hung = {  # lines come and go beneath these; what leads back beside another does not
        name
        for name, edges in lower.items()
        if any(not edge.weak or (edge.head, edge.tail) not in ways for edge in edges)
    }
    parts: dict[str, NodePart] = {}
    for node in spec.nodes:
        name, operation = str(node.name), graph.nodes[str(node.name)].operation
        part = nodes.prepare(sheet, classes.symbols, node, roles[name], across, back, graph.passes(name))
        if isinstance(operation, ops.Cells):
            part = cells.prepare(part, sheet, classes.symbols, node, operation)
        elif node.bits is not None:
            from lorafig.layout import bits

            part = bits.prepared(part, most_bits, name not in hung)
        parts[name] = part
    siblings = _siblings(graph, parts)
    nodes.alike(parts.values(), siblings)
    nodes.level(siblings)
    for several in graph.series:
        for row in several.rows:
            nodes.same([parts[name] for name in row if name in parts])
    edges, last = [], None
    for edge in graph.edges:
        look = edge.look
        label = None if look is None or look is last else _edge_label(sheet, look)  # on a chain's first alone
        role = classes.edge(look, slug)
        words = look is not None and look.math is None
        ink = "note" if words else "text" if look is None else classes.ink(str(look.math))
        called = isinstance(graph.nodes[edge.head].operation, ops.Call) and len(graph.entering[edge.head]) > 1
        edges.append(EdgePart(edge, label, role, ink, edge.tail if called else ""))
        last = look
    frames = {str(group.name): classes.frame(group, slug) for group in spec.groups}
    titles = {
        str(group.name): sheet.text(title, title_size(sheet.font_size), bold=True)
        for group in spec.groups
        if (title := titled(group)) is not None
    }
    looks = {str(look.name): classes.of_class(look.name, slug) for look in spec.classes}
    sign = "\\vdots" if across else "\\cdots"
    copies = [
        prepare_copies(several, sheet.math(sign, DOTS * sheet.font_size), sheet.lengths["pad"])
        for several in graph.series
    ]
    opening = frozenset(str(node.name) for node in spec.nodes if node.opens in behind)
    return FlowPart(sheet, classes.symbols.sides, spec, parts, edges, frames, titles, looks, copies, opening)


def _edge_label(sheet: Sheet, edge: model.Edge) -> Block | None:
    size = caption_size(sheet.font_size)
    if edge.math is not None:
        return sheet.math(edge.math, size)
    return None if edge.text is None else sheet.text(edge.text, size)
