"""The picture itself, held to the spec: what is as long as it says, on which side, and in which order.

Works on the scene, after layout: a mistake there is found as one in the spec is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import TypeAlias, assert_never

from msgspec import Struct
from msgspec.structs import replace

from lorafig.graph import ops
from lorafig.graph.lower import entries
from lorafig.graph.picture import Picture
from lorafig.graph.structure import Graph, Node, most_bits, trapezoids
from lorafig.graph.wires import wires
from lorafig.language import model
from lorafig.language.scope import length_of, panels
from lorafig.notation.canonical import key
from lorafig.scene import OUTWARDS, Arrow, Brace, Drawn, Group, Label, Part, Scene, Shape, Style, walk
from lorafig.themes.style import contrast
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.geometry import matrix, vector
from lorafig.verify.figure.scopes import Scopes

_Edge: TypeAlias = tuple[float, float, float]  # left and right end, height
# What is drawn wrong, how, and what of the spec asks for it; None for the figure as a whole.
_Fault: TypeAlias = tuple[str, str, model.StackElement | model.FlowNode | model.Factor | None]
EXACT = 1e-6  # mm
HIDDEN = 1.3  # contrast: a light grey on white has 1.5 and can just be read
ROUNDED = 1e-3  # mm; what is placed is rounded to tenths of a micrometre, what is measured is not


def check(figure: model.Figure, scene: Scene, scopes: Scopes) -> None:
    """Adds a claim for all that is drawn wrong, or one that all is drawn right. What is drawn wrong of a
    spec that does not hold follows from that, and is not told."""
    items = list(walk(scene.items))
    collector = scopes.own
    faults = list(_faults(figure, scene, items, scopes))
    if faults and any(not claim.stands for claim in collector.claims):
        return
    for text, what, spec in faults:
        about = figure if spec is None else spec
        collector.add(Answer("geometry", "fails", detail=what), text, about.unverified, about.where)
    if not faults:
        kinds = ((Shape, "shapes"), (Brace, "braces"), (Arrow, "arrows"))
        counts = [f"{sum(isinstance(item, kind) for item in items)} {name}" for kind, name in kinds]
        detail = f"{counts[0]}, {counts[1]} and {counts[2]} are drawn as long and where they should be"
        collector.add(Answer("geometry", "holds", detail=detail), "the picture", None, figure.where)


def _faults(figure: model.Figure, scene: Scene, items: Sequence[Drawn], scopes: Scopes) -> Iterator[_Fault]:
    shown, groups = entries(figure), [item for item in scene.items if isinstance(item, Group)]
    placed = list(zip(shown, groups, strict=False))
    panels = [(entry, group) for entry, group in placed if isinstance(entry, Graph)]
    products = [(entry, group) for entry, group in placed if isinstance(entry, Picture)]
    flows = [(graph, group) for graph, group in panels if graph.panel.flow is not None]
    # Flows, products and the card are looked at by themselves.
    beside = [group for _, group in (*flows, *products)] + groups[len(shown) :]
    apart = {id(item) for group in beside for item in walk(group.items)}
    shapes = [item for item in items if isinstance(item, Shape) and id(item) not in apart]
    shapes = [shape for shape in shapes if shape.role != "panel" and not _unseen(scene.styles[shape.role])]
    stacks = [entry for entry in shown if isinstance(entry, Graph) and entry.panel.flow is None]
    wanted = [[_wanted(node, scopes.of(graph.panel)) for node in graph.nodes.values()] for graph in stacks]
    asked = sum(len(sides) for graph in wanted for sides in graph)
    picture, drawn = _Picture(scene, items), iter(shapes)
    yield from _lengths(figure, scene, scopes)
    yield from _hidden(scene, items)
    most = most_bits(figure)
    if asked != len(shapes):
        yield "shapes", f"the spec asks for {asked} shapes, and {len(shapes)} are drawn", None
    else:
        for graph, sides in zip(stacks, wanted, strict=True):
            yield from picture.stack(graph, sides, drawn, _seen(figure, graph, scene, scopes))
        if figure.levels:
            from lorafig.verify.figure import drawn_flow, drawn_row

            counts = [
                (graph, [len(several) for several in sides])
                for graph, sides in zip(stacks, wanted, strict=True)
            ]
            group = next(iter(groups[len(shown) + (figure.card is not None) :]), None)
            standing = [
                drawn_flow.standing(flow, part, most)
                for graph, part in flows
                if (flow := graph.panel.flow) is not None
            ]
            told = drawn_row.level(figure.levels, counts, shapes, group, standing)
            yield from ((name, what, None) for name, what in told)
    if figure.wrap is not None:
        from lorafig.verify.figure import drawn_row

        told = drawn_row.wrapped(figure.lines(len(shown)), groups[: len(shown)])
        yield from ((name, what, None) for name, what in told)
    for item in items:
        if isinstance(item, Brace):
            yield from ((item.name, what, None) for what in picture.brace(item))
        elif isinstance(item, Arrow) and id(item) not in apart:
            yield from ((item.name, what, None) for what in picture.arrow(item))
    for product, group in products:
        from lorafig.verify.figure import drawn_product

        seen = replace(scene, lengths=_seen(figure, product, scene, scopes))
        yield from drawn_product.check(product, group, seen, scopes.of(product.panel))
    for graph, group in flows:
        from lorafig.verify.figure import drawn_flow

        seen = replace(scene, lengths=_seen(figure, graph, scene, scopes))
        yield from (
            (name, what, None)
            for name, what in drawn_flow.check(graph, group, seen, scopes.of(graph.panel), most)
        )
    if any(spec.opens is not None for graph, _ in flows for spec in graph.specs().values()):
        from lorafig.verify.figure import opening

        yield from ((name, what, None) for name, what in opening.drawn(flows, placed, items))
    if figure.legend is not False:
        from lorafig.verify.figure import legend

        others = len(shown) + (figure.card is not None) + bool(figure.levels)
        found = legend.check(legend.spec_of(figure), scene, flows, groups[others:], most)
        yield from ((name, what, None) for name, what in found)


def _hidden(scene: Scene, items: Sequence[Drawn]) -> Iterator[_Fault]:
    """Text in the colour of what it stands on: nobody reads it."""
    hidden: dict[str, bool] = {}
    for item in items:
        if not isinstance(item, Label):
            continue
        style = scene.styles[item.role]
        if item.role not in hidden:
            seen = (
                style.fill is None or contrast(scene.palette[style.ink], scene.palette[style.fill]) >= HIDDEN
            )
            hidden[item.role] = not seen
        if hidden[item.role] and style.fill is not None:
            words, colours = " ".join(line.plain for line in item.lines), (style.ink, style.fill)
            ink, fill = (scene.palette[colour] for colour in colours)
            yield item.name, f"'{words}' is written in {ink} on {fill}, and cannot be seen", None


def _unseen(style: Style) -> bool:
    """Whether a shape of this style only keeps room, as that of a skip does."""
    return style.fill is None and style.stroke is None


# What the spec asks for --------------------------------------------------------------------------


class _Sides(Struct, frozen=True):
    """A shape that the spec asks for: its symbol, and the dimensions of its lower and upper edge and of its
    height; None for a length that stands for no dimension."""

    symbol: str
    lower: str | None
    upper: str | None
    height: str | None = None


def _wanted(node: Node, collector: Collector) -> list[_Sides]:
    """The shapes of a node of a stack, in the order of the spec."""
    operation, spec = node.operation, node.spec
    if isinstance(spec, model.Repeat):
        return []  # one of those that dots stand for
    match operation:
        case ops.Input(implied=True) | ops.Loose() | ops.Output():
            return []
        case ops.Input(symbol) | ops.State(symbol):
            spans = isinstance(spec, model.Bar) and spec.span
            return [_Sides(symbol, None, None) if spans else _level(symbol, collector)]
        case ops.Scale(symbol):
            gate = isinstance(spec, model.Gate)
            return [_Sides(symbol, None, None) if gate else _level(symbol, collector)]
        case ops.Shift(symbol):
            return [_Sides(symbol, None, None)]
        case ops.Apply(symbol):
            own = matrix(symbol, collector)
            lower, upper = (None, None) if own is None else own
            if isinstance(spec, model.Square):
                return [_Sides(symbol, lower, lower, upper)]
            return [_trapezoid(_Sides(symbol, lower, upper), node, collector)]
        case ops.Sum(terms):
            bars = isinstance(spec, model.Sum) and spec.as_ == "bars"
            return [*(_level(term, collector) for term in terms if bars), _Sides("+", None, None)]
        case ops.Call(function):
            return [_Sides(function, None, None)]
        case ops.Act() | ops.Cells() | ops.Entry() | ops.Product() | ops.Words():
            return []  # of flows
        case _:
            assert_never(operation)


def _level(symbol: str, collector: Collector) -> _Sides:
    dimension = vector(symbol, collector)
    return _Sides(symbol, dimension, dimension)


def _trapezoid(sides: _Sides, node: Node, collector: Collector) -> _Sides:
    """Drawn from and to what the spec says: whether that is what its matrix maps is a claim of the spec."""
    part = node.spec
    if isinstance(part, model.Bottleneck):
        part = trapezoids(part)[int(node.name.rpartition(".")[2])]
    assert isinstance(part, model.Trapezoid)
    given = [None if side is None else key(collector.tree(side)) for side in (part.from_, part.to)]
    named = [collector.judge.symbols.dimension(name) for name in given]
    lower = sides.lower if part.from_ is None else named[0]
    return _Sides(sides.symbol, lower, sides.upper if part.to is None else named[1])


def _seen(figure: model.Figure, graph: Graph | Picture, scene: Scene, scopes: Scopes) -> dict[str, float]:
    """The lengths of a scene, by the names that a panel has for its sizes."""
    sizes = scopes.of(graph.panel).judge.symbols.dimensions
    named = {size: length_of(figure, graph.panel, size) for size in sizes}
    own = {size: scene.lengths[name] for size, name in named.items() if name in scene.lengths}
    return {**scene.lengths, **own}


def _lengths(figure: model.Figure, scene: Scene, scopes: Scopes) -> Iterator[_Fault]:
    """Dimensions in the order of their values: longer ones longer, equal ones equal."""
    known = dict(scopes.own.judge.symbols.dimensions)
    for panel in panels(figure):
        sizes = scopes.of(panel).judge.symbols.dimensions
        known |= {length_of(figure, panel, size): value for size, value in sizes.items()}
    values = {name: value for name, value in known.items() if value is not None and name in scene.lengths}
    names = sorted(values, key=lambda name: (values[name], name))
    for name, other in pairwise(names):
        short, long = scene.lengths[name], scene.lengths[other]
        if values[name] == values[other]:
            if abs(short - long) > 1e-9:
                yield (
                    name,
                    f"{name} and {other} are equal, and are drawn {short:g} and {long:g} mm long",
                    None,
                )
        elif not short < long:
            less = f"{name} = {values[name]:,} is drawn {short:g} mm long"
            yield name, f"{less}, {other} = {values[other]:,} only {long:g} mm", None


# What is drawn -----------------------------------------------------------------------------------


class _Picture:
    """The items of a scene by name, with what each shows wrong."""

    def __init__(self, scene: Scene, items: Sequence[Drawn]) -> None:
        self.scene = scene
        self.boxes: dict[str, Drawn] = {item.name: item for item in items}
        self.edges: dict[str, tuple[_Edge, _Edge]] = {}

    def level(self, shape: Shape) -> tuple[_Edge, _Edge]:
        """The lower and the upper edge of a shape."""
        edges = self.edges.get(shape.name)
        if edges is None:
            heights = [y for _, y in shape.points]
            low, high = min(heights), max(heights)
            under = [x for x, y in shape.points if y <= low + EXACT]
            over = [x for x, y in shape.points if y >= high - EXACT]
            edges = (min(under), max(under), low), (min(over), max(over), high)
            self.edges[shape.name] = edges
        return edges

    def edge(self, shape: Shape, side: str) -> _Edge:
        """The lower ('under') or upper ('over') edge of a shape."""
        return self.level(shape)[side == "over"]

    def stack(
        self,
        graph: Graph,
        wanted: list[list[_Sides]],
        shapes: Iterator[Shape],
        lengths: Mapping[str, float],
    ) -> Iterator[_Fault]:
        """Every shape has the sides that the spec asks for, at the `lengths` of the panel's sizes, and lies
        above those that it takes its data from, to which an arrow leads. They come in the order of the
        spec."""
        tops: dict[str, tuple[float, str]] = {}
        names: dict[str, list[str]] = {}
        for node, several in zip(graph.nodes.values(), wanted, strict=True):
            below = max((tops[edge.tail] for edge in graph.entering[node.name]), default=(-inf, ""))
            top = (-inf, "") if several else below
            for sides in several:
                shape = next(shapes)
                yield from ((sides.symbol, what, node.spec) for what in self.shape(sides, shape, lengths))
                (_, _, low), (_, _, high) = self.level(shape)
                if low < below[0] - EXACT:
                    yield shape.name, f"{shape.name} is not drawn above {below[1]}", None
                top = max(top, (high, shape.name))
                names.setdefault(node.name, []).append(shape.name)
            tops[node.name] = top
        yield from ((name, what, None) for name, what in self.lines(graph, names))

    def lines(self, graph: Graph, names: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
        """An arrow for each edge of a stack whose nodes are drawn as these shapes. It leads into a sum past
        the bar of its term, if there is one."""
        joined = {(item.start.of, item.end.of) for item in self.boxes.values() if isinstance(item, Arrow)}
        for edge in wires(graph):
            tail, (*bars, head) = names[edge.tail][-1], names[edge.head]
            past = any((tail, bar) in joined and (bar, head) in joined for bar in bars)
            if (tail, head) not in joined and not past:
                yield head, f"what flows from {tail} to {head} has no arrow"

    def shape(self, sides: _Sides, shape: Shape, lengths: Mapping[str, float]) -> Iterator[str]:
        (left, right, low), (first, last, high) = self.level(shape)
        for what, dimension, length in (
            ("lower side", sides.lower, right - left),
            ("upper side", sides.upper, last - first),
            ("height", sides.height, high - low),
        ):
            if dimension is None or abs(length - lengths.get(dimension, inf)) <= EXACT:
                continue
            due, whose = lengths.get(dimension), f"the {what} of {sides.symbol}"
            if due is None:
                yield f"{whose} stands for {dimension}, which is drawn at no length"
            else:
                yield f"{whose} is {length:.3f} mm long, and {dimension} is {due:.3f} mm"
        if abs((left + right) - (first + last)) > EXACT:
            yield f"{sides.symbol} leans to one side"

    def brace(self, brace: Brace) -> Iterator[str]:
        right, _ = OUTWARDS[brace.side]
        upright = right != 0
        # Along the edge, and across it.
        (left, y), (end, end_y) = [(p[1], p[0]) if upright else p for p in (brace.start, brace.end)]
        if abs(y - end_y) > EXACT or end <= left:
            way = "upright from below" if upright else "level from left to right"
            yield f"the brace {brace.name} is not {way}"
        if isinstance(brace.of, Part):
            label = self.boxes.get(brace.of.label)
            if not isinstance(label, Label):
                yield f"the brace {brace.name} spans a part of {brace.of.label}, which is not drawn"
            elif (
                left < label.centre[0] - label.width / 2 - ROUNDED
                or end > label.centre[0] + label.width / 2 + ROUNDED
            ):
                yield f"the brace {brace.name} reaches beyond {brace.of.label}"
            return
        shape = self.boxes.get(brace.of)
        if not isinstance(shape, Shape):
            yield f"the brace {brace.name} measures {brace.of}, which is not drawn"
            return
        first, last, edge = self.upright(shape, brace.side) if upright else self.edge(shape, brace.side)
        if abs(left - first) > EXACT or abs(end - last) > EXACT:
            yield (
                f"the brace {brace.name} goes from {left:.3f} to {end:.3f} mm, and the edge of {shape.name}"
                f" that it measures from {first:.3f} to {last:.3f} mm"
            )
        gap = self.scene.lengths.get(brace.gap, 0.0) * (1 if brace.side in ("over", "right") else -1)
        if abs(y - edge - gap) > EXACT:
            yield f"the brace {brace.name} does not lie along the edge of {shape.name}"

    def upright(self, shape: Shape, side: str) -> _Edge:
        """The left or right edge of a shape: its lower and its upper end, and where it is."""
        x0, y0, x1, y1 = shape.box
        return y0, y1, x0 if side == "left" else x1

    def arrow(self, arrow: Arrow) -> Iterator[str]:
        """An arrow of a stack: upwards, along the axes, from the upper side of a shape to the lower one of
        another, or to a side of a sum; with the gap that all keep."""
        if arrow.points[-1][1] <= arrow.points[0][1]:
            yield f"the arrow {arrow.name} does not point upwards, the way the data flows"
        if any(min(abs(x1 - x0), abs(y1 - y0)) > ROUNDED for (x0, y0), (x1, y1) in pairwise(arrow.points)):
            yield f"the arrow {arrow.name} does not run along the axes"
        gap = self.scene.lengths.get("wire gap", 0.0)
        for name, (x, y), side in (
            (arrow.start.of, arrow.points[0], "over"), (arrow.end.of, arrow.points[-1], "under"),
        ):  # fmt: skip
            shape = self.boxes.get(name)
            if not isinstance(shape, Shape):
                continue
            left, right, edge = self.edge(shape, side)
            away = y - edge if side == "over" else edge - y
            touches = abs(away - gap) <= ROUNDED and left - ROUNDED <= x <= right + ROUNDED
            if shape.form == "circle" and side == "under" and not touches:
                x0, y0, x1, y1 = shape.box
                level = abs(y - (y0 + y1) / 2) <= ROUNDED
                touches = level and min(abs(x0 - gap - x), abs(x1 + gap - x)) <= ROUNDED
            if not touches:
                yield f"the arrow {arrow.name} misses the edge of {name}"
