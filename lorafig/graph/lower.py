"""A figure to its graphs: what flows through each panel, whether it is drawn as a stack or as a flow."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import TypeAlias, assert_never

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.graph import ops
from lorafig.graph.picture import Picture, picture
from lorafig.graph.structure import Edge, Graph, Node, branches_of, graph_of, trapezoids
from lorafig.language import model
from lorafig.language.chain import Link, links
from lorafig.language.copies import Copies, repeated
from lorafig.language.functions import Functions, applies
from lorafig.language.repeat import copies, expanded, repeats
from lorafig.language.scope import scoped
from lorafig.language.table import table
from lorafig.notation.read.parse import SIGNS
from lorafig.values import replace

ADDS, JOINS, MINUS = ("+", "⊕"), ("×", "⊙"), "−"


Entry: TypeAlias = Graph | Picture | model.Equations

# The last figures with what they were lowered to: verification, words and layout ask for the same.
_lowered: deque[tuple[model.Figure, tuple[Entry, ...]]] = deque(maxlen=4)


def entries(figure: model.Figure) -> tuple[Entry, ...]:
    """What stands on a figure from left to right: its panels, lowered, and its equations."""
    for known, lowered in _lowered:
        if known is figure:
            return lowered
    panel = model.Panel(figure.stack, flow=figure.flow, product=figure.product, where=figure.where)
    only = figure.stack or figure.flow is not None or figure.product
    row = figure.row if figure.row else (panel,) if only else ()
    lowered = tuple(_entry(entry, figure) for entry in row)
    _lowered.append((figure, lowered))
    return lowered


def _entry(entry: model.Panel | model.Equations, figure: model.Figure) -> Entry:
    if isinstance(entry, model.Equations):
        return entry
    if entry.product:
        return picture(entry)
    known = scoped(figure, entry).model
    if repeated(entry.flow) or _has_cells(entry.flow):
        return _copied(entry, table(known).values(), Functions(known))
    if repeats(entry.stack):
        entry = replace(entry, stack=expanded(entry.stack, table(known).values()))
    return lower(entry, Functions(known))


def lower(panel: model.Panel, functions: Container[str] = frozenset()) -> Graph:
    """What flows through a panel; `functions` are those that its model declares."""
    if panel.flow is None:
        return _Stack().graph(panel)
    return _flow(panel, panel.flow, functions, _links(panel.flow))


def _has_cells(flow: model.Flow | None) -> bool:
    return flow is not None and any(node.cells is not None for node in flow.nodes)


# Flows -------------------------------------------------------------------------------------------

_Line: TypeAlias = tuple[Link, model.Edge | None]


def _copied(panel: model.Panel, values: Mapping[str, Fraction], functions: Container[str]) -> Graph:
    """A flow with copies: those that are drawn, and the whole."""
    assert panel.flow is not None
    copies = Copies(panel.flow, values)
    drawn, every = copies.drawn(), copies.all()
    shown = copies.made(drawn)
    series = copies.series()
    graph = _flow(replace(panel, flow=shown), shown, functions, copies.links(drawn))
    _beside_copies(graph, copies, drawn)
    if not any(several.left_out for several in series):
        return replace(graph, series=series)
    whole = _flow(panel, copies.made(every), functions, copies.links(every), frozenset(graph.nodes))
    _beside_copies(whole, copies, every)
    return replace(graph, whole=whole, series=series)


def _beside_copies(graph: Graph, copies: Copies, numbers: Mapping[str, Sequence[int]]) -> None:
    """What rows of cells get from copies, and what they give to them."""
    known, ways = copies.numbers(numbers), graph.ways()
    for name, node in graph.nodes.items():
        if not isinstance(node.operation, ops.Cells):
            continue
        around = len(known.get(name, ()))  # the copies that the row itself is in
        beside = {
            other: known[other][around:]
            for way in ways
            for other, end in (way, way[::-1])
            if end == name and len(known.get(other, ())) > around
        }
        groups = {tuple(group for group, _ in own) for own in beside.values()}
        if [len(several) for several in groups] != [1]:
            many = len({group for several in groups for group in several})
            what = f"copies of {many or 'no'} groups are beside the cells of '{name}'"
            hint = "draw edges between them and what is in a group that has an index: over: 'i = 1..N'"
            raise LorafigError(Problem(what, node.spec.where, hint, code="layout"))
        copy = {other: number for other, ((_, number),) in beside.items()}
        fed = tuple(copy.get(tail) for tail, head in ways if head == name)
        feeds = {head: copy[head] for tail, head in ways if tail == name and head in copy}
        entries = {} if any(number is not None for number in fed) else feeds
        labels, drawn = copies.row(node.operation.symbol, groups.pop()[0])
        operation = ops.Cells(node.operation.symbol, fed, entries, frozenset(beside), labels, drawn)
        graph.nodes[name] = replace(node, operation=operation)


def _flow(
    panel: model.Panel,
    flow: model.Flow,
    functions: Container[str],
    lines: Iterable[_Line],
    drawn: frozenset[str] | None = None,
) -> Graph:
    """The graph of a flow with these edges; with `drawn` all other nodes are hidden."""
    nodes = (
        Node(str(node.name), _operation(node, functions), node, drawn is not None and node.name not in drawn)
        for node in flow.nodes
    )
    lines = list(lines)
    ends = _Groups(flow, lines)
    return graph_of(panel, nodes, (_edge(link, edge, ends) for link, edge in lines))


def _links(flow: model.Flow) -> Iterator[_Line]:
    """The edges as they are written, each with its label and its look."""
    for entry in flow.edges:
        edge = entry if isinstance(entry, model.Edge) else None
        yield from ((link, edge) for link in links(str(entry if edge is None else edge.edge)))


def _edge(link: Link, edge: model.Edge | None, ends: _Groups) -> Edge:
    specs = () if edge is None else (edge,)
    frames = ends.frame(link.tail), ends.frame(link.head)
    if frames == (None, None):
        return Edge(link.tail, link.head, link.stroke, specs)
    tails, heads = ends.last(link.tail), ends.first(link.head)
    return Edge(tails[0], heads[0], link.stroke, specs, frames, tails, heads)


class _Groups:
    """The nodes that edges to and from groups lead to and come from."""

    def __init__(self, flow: model.Flow, lines: Sequence[_Line]) -> None:
        groups = {str(group.name): group for group in flow.groups}

        def nodes(name: str) -> tuple[str, ...]:
            group = groups.get(name)
            return (name,) if group is None else tuple(chain.from_iterable(map(nodes, map(str, group.of))))

        self.members = {name: nodes(name) for name in groups}
        self.lines = lines

    def frame(self, name: str) -> str | None:
        """The group of this name; None for a node."""
        return name if name in self.members else None

    def first(self, name: str) -> tuple[str, ...]:
        """The nodes of a group to which no edge within it leads; a node by itself."""
        return self._free(name, 1)

    def last(self, name: str) -> tuple[str, ...]:
        """The nodes of a group from which no edge within it leads on."""
        return self._free(name, 0)

    def _free(self, name: str, end: int) -> tuple[str, ...]:
        members = self.members.get(name)
        if members is None:
            return (name,)
        inside = frozenset(members)
        pairs = ((link.tail, link.head) for link, _ in self.lines)
        bound = {pair[end] for pair in pairs if pair[0] in inside and pair[1] in inside}
        return tuple(node for node in members if node not in bound) or members


def _operation(node: model.FlowNode, functions: Container[str]) -> ops.Operation:
    """What a node of a flow does: what it applies, its sign or its symbols say it."""
    if node.apply is not None:
        return ops.Call(node.apply)
    if node.bottleneck is not None:
        return ops.Act(node.bottleneck)
    if node.cells is not None:
        return ops.Cells(node.cells, (), {}, frozenset(), (), ())
    if not isinstance(node.label, str):
        return ops.Words()
    sign = SIGNS.get(node.label.strip())
    if sign in ADDS or sign == MINUS:
        return ops.Sum(minus=sign == MINUS)
    if sign in JOINS:
        return ops.Product(sign)
    return ops.Call(node.label) if applies(node.label, functions) else ops.Act((node.label,))


# Stacks ------------------------------------------------------------------------------------------


class _Tail(Struct, frozen=True):
    """A node that nothing leads on from yet: the labels of the arrows that leave it, and the places of the
    skips that what leaves it has passed."""

    node: str
    arrows: tuple[model.Arrow, ...] = ()
    past: tuple[str, ...] = ()


class _Ends(Struct, frozen=True):
    """Where a stack is on the way up; `open` while its tails are branches that nothing has joined."""

    tails: tuple[_Tail, ...]
    open: bool = False

    def along(self, *arrows: model.Arrow, past: tuple[str, ...] = ()) -> _Ends:
        """The same further up: arrows with these labels lead on, past these skips."""
        tails = [_Tail(tail.node, (*tail.arrows, *arrows), (*tail.past, *past)) for tail in self.tails]
        return _Ends(tuple(tails), self.open)


class _Stack:
    """Lowers a stack, element by element, from bottom to top."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.behind: list[model.Repeat] = []  # repeats whose copies are not drawn, where these are lowered

    def graph(self, panel: model.Panel) -> Graph:
        first, begun = panel.stack[0], isinstance(panel.stack[0], model.Bar)
        source = ops.Input(first.bar) if isinstance(first, model.Bar) else ops.Input("x", True)
        ends = self.node("0" if begun else "in", source, first, _Ends(()))
        ends = self.follow(panel.stack, ends, "", int(begun))
        output = ops.Output(len(ends.tails) if ends.open else 0)
        self.node("out", output, panel.stack[-1], ends)
        return graph_of(panel, self.nodes, self.edges)

    def node(self, name: str, operation: ops.Operation, spec: model.StackElement, below: _Ends) -> _Ends:
        self.nodes.append(Node(name, operation, self.behind[0] if self.behind else spec))
        self.edges += [Edge(tail.node, name, "->", tail.arrows, past=tail.past) for tail in below.tails]
        return _Ends((_Tail(name),))

    def follow(
        self, elements: tuple[model.StackElement, ...], ends: _Ends, place: str, begin: int = 0
    ) -> _Ends:
        """Elements one above the other; `place` stands before the number of each in its name."""
        for number in range(begin, len(elements)):
            element, name = elements[number], f"{place}{number}"
            match element:
                case model.Arrow():
                    ends = ends if element.arrow is None else ends.along(element)
                case model.Skip(skip=None):
                    ends = ends.along(past=(name,))
                case model.Skip(skip=label):
                    arrow = model.Arrow(label, unverified=element.unverified, where=element.where)
                    ends = ends.along(arrow, past=(name,))
                case model.Sum():
                    terms = () if element.sum == "arrows" else tuple(element.sum)
                    operation = ops.Sum(terms, len(ends.tails) if ends.open else 0)
                    ends = self.node(name, operation, element, ends)
                case model.Apply():
                    ends = self.node(name, ops.Call(element.apply), element, ends)
                case model.Split():
                    loose = ops.Loose(len(ends.tails))
                    ends = self.split(element, self.joined(name, loose, element, ends), name)
                case model.Bar():
                    ends = self.through(name, ops.State(element.bar), element, ends)
                case model.Square():
                    ends = self.through(name, ops.Apply(element.square), element, ends)
                case model.Trapezoid():
                    ends = self.through(name, ops.Apply(element.trapezoid), element, ends)
                case model.Scale():
                    ends = self.through(name, ops.Scale(element.scale), element, ends)
                case model.Gate():
                    ends = self.through(name, ops.Scale(element.gate), element, ends)
                case model.Bias():
                    ends = self.through(name, ops.Shift(element.bias), element, ends)
                case model.Bottleneck():
                    for matrix, part in enumerate(trapezoids(element)):
                        ends = self.through(f"{name}.{matrix}", ops.Apply(part.trapezoid), element, ends)
                case model.Repeat():
                    pass  # a branch by itself: see `split`
                case _:
                    assert_never(element)
        return ends

    def through(
        self,
        name: str,
        operation: ops.State | ops.Apply | ops.Scale | ops.Shift,
        element: model.StackElement,
        ends: _Ends,
    ) -> _Ends:
        """A node that takes what flows as one."""
        loose = ops.Loose(len(ends.tails), operation.symbol)
        return self.node(name, operation, element, self.joined(name, loose, element, ends))

    def joined(self, name: str, loose: ops.Loose, element: model.StackElement, ends: _Ends) -> _Ends:
        """What flows as one; branches that nothing adds come out of a node that says so."""
        return self.node(f"{name} loose", loose, element, ends) if ends.open else ends

    def split(self, element: model.Split, ends: _Ends, name: str) -> _Ends:
        tails: list[_Tail] = []
        for number, branch in enumerate(branches_of(element)):
            place = f"{name}.{number}"
            if isinstance(branch[0], model.Repeat):
                self.behind.append(branch[0])
                for copy, several in enumerate(copies(branch[0])):
                    tails += self.branch(several, ends, f"{place}.{copy}", element)
                self.behind.pop()
            else:
                tails += self.branch(branch, ends, place, element)
        return _Ends(tuple(tails), True)

    def branch(
        self, branch: tuple[model.StackElement, ...], ends: _Ends, place: str, element: model.Split
    ) -> tuple[_Tail, ...]:
        end = self.follow(branch, ends, f"{place}.")
        loose = ops.Loose(len(end.tails), inner=True)
        return self.joined(place, loose, element, end).tails
