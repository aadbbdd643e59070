"""A flow figure as a Mermaid flowchart, for README files and wherever Mermaid is drawn.

Mermaid places nodes itself: what it wants is structure (nodes, edges, groups, classes), and a scene has
geometry (points, outlines, glyphs) in its place. So this writes the spec, its numbers filled in, and stands
beside the reader and not among the backends, which see the scene alone.

Mermaid has no bars and no waists: a vector becomes a parallelogram, its sign for data, and a bottleneck an
inverted trapezoid. Notes and badges are words in the label, mathematics is plain Unicode, a card is a node.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import groupby
from typing import TypeAlias

from lorafig.errors import LorafigError, Problem
from lorafig.graph.lower import entries
from lorafig.graph.structure import Edge as Way
from lorafig.graph.structure import Graph, headed, noted, titled
from lorafig.language.chain import Stroke
from lorafig.language.copies import Series
from lorafig.language.model import Card, CardRow, Edge, Figure, Flow, FlowGroup, FlowNode, Look
from lorafig.language.scope import scoped
from lorafig.layout.roles import FlowRoles
from lorafig.layout.symbols import of_model
from lorafig.mermaid.write.quote import quoted
from lorafig.notation.write.plain import text_to_plain, to_plain
from lorafig.scene import Style
from lorafig.themes.legend import DASHES
from lorafig.themes.palettes import palette_of
from lorafig.themes.style import styles
from lorafig.words.labels import Labels
from lorafig.words.legend import explained

_BRACKETS = {
    "box": ("[", "]"),
    "rounded": ("(", ")"),
    "stadium": ("([", "])"),
    "circle": ("((", "))"),
    "diamond": ("{", "}"),
    "hexagon": ("{{", "}}"),
    "bar": ("[/", "/]"),
    "bottleneck": ("[\\", "/]"),
    "cells": ("[", "]"),
}
_ARROWS: dict[tuple[Stroke, bool], str] = {
    ("->", False): "-->",
    ("--", False): "---",
    ("<->", False): "<-->",
    ("->", True): "-.->",
    ("--", True): "-.-",
    ("<->", True): "<-.->",
}
_THICK: dict[Stroke, str] = {"->": "==>", "--": "===", "<->": "<==>"}
# Words that Mermaid takes for its own, a class 'node' or 'default' that every node would have, and what every
# object of JavaScript has: its layout keeps nodes by name.
_RESERVED = frozenset({
    "node", "end", "graph", "flowchart", "subgraph", "style", "class", "click", "default", "linkStyle",
    "classDef", "call", "href", "interpolate", "constructor", "toString", "toLocaleString", "valueOf",
    "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable",
})  # fmt: skip
INDENT = "    "
# What Mermaid takes unless a page configures it otherwise (maxEdges, maxTextSize); no chart can.
MAX_EDGES = 500
DIRECTIONS = {"right": "LR", "left": "RL", "down": "TB", "up": "BT"}
MAX_TEXT = 50_000

Piece: TypeAlias = tuple[str, bool]  # words, and whether they are bold


def render(figure: Figure, description: str | None = None, unverified: bool = False) -> str:
    """The flows of a figure as one flowchart; `description` is its text for those who do not see it.

    Raises LorafigError for a figure without a flow. The same figure gives the same text.
    """
    return _Writer(figure).text(description, unverified)


class _Writer:
    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.palette = palette_of(figure.theme.palette)
        self.labels = Labels(figure)
        self.lines: list[str] = []
        self.prefix = ""
        self.used: dict[str, list[str]] = {}  # class -> the nodes that have it
        self.looks: dict[str, str] = {}  # class -> its style
        self.strokes: dict[str, str] = {}  # class of the language -> the colour of its line
        self.edges = 0
        self.link_styles: list[str] = []

    def text(self, description: str | None, unverified: bool) -> str:
        flows = flows_of(self.figure)
        if not flows:
            hint = "give it a 'flow', or choose svg, tikz, pdf or another format that draws stacks"
            what = f"{self.figure.id} has no flow, and Mermaid draws nothing else"
            raise LorafigError(Problem(what, None, hint, code="mermaid-output"))
        title = self.plain_text(self.figure.title) + (" (unverified)" if unverified else "")
        head = ["---", f"title: {_yaml(title)}", "---"]
        directions = {flow.direction for _, flow in flows}
        head.append(f"flowchart {DIRECTIONS[flows[0][1].direction] if len(directions) == 1 else 'TB'}")
        if description is not None:
            self.lines.append(f"{INDENT}accDescr: {_described(description)}")
        whole = self.figure, self.labels
        for number, (graph, flow) in enumerate(flows, 1):
            self.figure = scoped(whole[0], graph.panel)
            self.labels = Labels(self.figure)
            if len(flows) > 1:
                self.prefix = f"p{number}_"
                self.panel(graph, flow, f"panel_{number}")
            else:
                self.flow(graph, flow, INDENT)
        self.openings(flows)
        self.prefix = ""
        self.figure, self.labels = whole
        if self.figure.card is not None:
            self.card(self.figure.card)
        if self.figure.legend is not False:
            self.legend()
        if self.figure.caption is not None:
            self.lines.append(f"{INDENT}lorafig_caption[{quoted([self.runs(self.figure.caption)])}]")
            self.mark("lorafig_caption", "lorafig_note", self.role("text"))
        if unverified:
            self.lines.append(f"{INDENT}lorafig_unverified[{quoted([[('unverified', True)]])}]")
            self.mark("lorafig_unverified", "lorafig_mark", self.role("mark"))
        for name, style in self.looks.items():
            self.lines.append(f"{INDENT}classDef {name} {style}")
            if self.used.get(name):
                self.lines.append(f"{INDENT}class {','.join(self.used[name])} {name}")
        text = "\n".join([*head, *self.lines, *self.link_styles]) + "\n"
        hint = "give each part a figure of its own"
        if self.edges > MAX_EDGES:
            what = f"{self.figure.id} has {self.edges:,} edges, and Mermaid draws {MAX_EDGES} at most"
            raise LorafigError(Problem(what, None, hint), "limit")
        if len(text) > MAX_TEXT:
            what = f"{self.figure.id} takes {len(text):,} characters, and Mermaid reads {MAX_TEXT:,} at most"
            raise LorafigError(Problem(what, None, hint), "limit")
        return text

    # Flows

    def panel(self, graph: Graph, flow: Flow, name: str) -> None:
        """A flow among others: a subgraph under the panel's title."""
        title = headed(graph.panel)
        label = quoted([] if title is None else [self.runs(title)])
        self.lines.append(f"{INDENT}subgraph {name} [{label}]")
        self.lines.append(f"{INDENT}{INDENT}direction {DIRECTIONS[flow.direction]}")
        self.flow(graph, flow, INDENT + INDENT)
        self.lines.append(f"{INDENT}end")

    def openings(self, flows: list[tuple[Graph, Flow]]) -> None:
        """What a node opens into, by a line without data to the subgraph of that panel."""
        panels = {str(graph.panel.name): f"panel_{number}" for number, (graph, _) in enumerate(flows, 1)}
        for number, (_, flow) in enumerate(flows, 1):
            self.prefix = f"p{number}_"
            for node in flow.nodes:
                if node.opens is not None and str(node.opens) in panels:
                    self.lines.append(f"{INDENT}{self.name(node.name)} -.- {panels[str(node.opens)]}")
                    self.edges += 1

    def flow(self, graph: Graph, flow: Flow, indent: str) -> None:
        looks = self.classes(flow)
        inside = {member: group for group in flow.groups for member in group.of}
        parts: dict[str, FlowNode | FlowGroup] = {node.name: node for node in flow.nodes}
        parts |= {group.name: group for group in flow.groups}
        written: set[str] = set()
        for node in flow.nodes:
            outermost: FlowNode | FlowGroup = node
            while outermost.name in inside:
                outermost = inside[outermost.name]
            if outermost.name not in written:
                written.add(outermost.name)
                self.part(outermost, parts, looks, indent)
        for series in graph.series:
            if series.left_out:
                self.dots(series, graph, indent)
        classes = {look.name: look for look in flow.classes}
        for look, edges in groupby(graph.edges, lambda edge: edge.look):
            self.chain(look or Edge(""), list(edges), classes, indent)

    def dots(self, series: Series, graph: Graph, indent: str) -> None:
        """Dots for the copies that are not drawn, held beside the others by lines that nobody sees."""
        before, _ = series.ends(graph.nodes)
        name = self.name(f"{series.group}-dots")
        self.lines.append(f'{indent}{name}["⋯"]')
        self.mark(name, "lorafig_dots", "fill:none,stroke:none")
        for edge in graph.entering[before][:1]:
            self.lines.append(f"{indent}{self.name(edge.tail)} ~~~ {name}")
            self.edges += 1

    def name(self, name: str) -> str:
        """A name as one of Mermaid's, where '-' may begin an edge; no name of the language has a '_'."""
        plain = self.prefix + name.replace("-", "_")
        return plain + "_" if plain in _RESERVED else plain

    def part(
        self,
        part: FlowNode | FlowGroup,
        parts: dict[str, FlowNode | FlowGroup],
        looks: FlowRoles,
        indent: str,
    ) -> None:
        """A node, or a group with all that is in it."""
        if isinstance(part, FlowNode):
            self.node(part, looks, indent)
            return
        if not part.frame:
            for member in part.of:
                self.part(parts[member], parts, looks, indent)
            return
        name = self.name(part.name)
        words = titled(part)
        title = quoted([] if words is None else [self.runs(words)])
        self.lines.append(f"{indent}subgraph {name} [{title}]")
        for member in part.of:
            self.part(parts[member], parts, looks, indent + INDENT)
        self.lines.append(f"{indent}end")
        if part.class_ is not None:
            self.used.setdefault(self.name(part.class_), []).append(name)

    def node(self, node: FlowNode, looks: FlowRoles, indent: str) -> None:
        shape = next(shape for shape in _BRACKETS if getattr(node, shape) is not None)
        opening, closing = _BRACKETS[shape]
        name = self.name(node.name)
        label = quoted(self.label(node, getattr(node, shape), shape))
        self.lines.append(f"{indent}{name}{opening}{label}{closing}")
        if node.class_ is not None:
            self.used.setdefault(self.name(node.class_), []).append(name)
        elif (role := looks.node(node, "")) != "plain":  # plain ones follow the page, light or dark
            self.mark(name, f"lorafig_{role.replace(' ', '_')}", self.role(role))

    def label(self, node: FlowNode, content: str | tuple[str, ...], shape: str) -> list[list[Piece]]:
        """Its lines, each of pieces with whether they are bold."""
        lines = [self.runs(line) for line in node.text]
        if shape == "bottleneck":
            lines.append([(" → ".join(self.plain_math(symbol) for symbol in content), False)])
        elif isinstance(content, tuple):
            lines = [*(self.runs(line) for line in content), *lines]
        elif node.math is None:
            lines.append([(self.plain_math(content), False)])
        if node.math is not None:
            lines.append([(self.plain_math(node.math), False)])
        note = noted(node)
        if note is not None:
            lines.append(self.runs(note))
        if node.badge is not None:
            lines.append([(f"({node.badge})", False)])
        return lines

    def chain(self, given: Edge, edges: list[Way], classes: dict[str, Look], indent: str) -> None:
        """Edges of one look."""
        label = ""
        if given.math is not None:
            label = f"|{quoted([[(self.plain_math(given.math), False)]])}|"
        elif given.text is not None:
            label = f"|{quoted([self.runs(given.text)])}|"
        first = self.edges
        for edge in edges:
            broken = given.dashed or given.kind in DASHES
            arrow = _THICK[edge.stroke] if given.thick and not broken else _ARROWS[edge.stroke, broken]
            tail, head = map(self.name, edge.ends)
            self.lines.append(f"{indent}{tail} {arrow}{label} {head}")
        self.edges += len(edges)
        if given.class_ is not None:
            look = classes[given.class_]
            style = [f"stroke:{self.strokes[given.class_]}"]
            if look.ink is not None:
                style.append(f"color:{look.ink}")
            if look.dashed:
                style.append("stroke-dasharray:4 3")
            numbers = ",".join(str(number) for number in range(first, self.edges))
            self.link_styles.append(f"{INDENT}linkStyle {numbers} {','.join(style)}")

    def card(self, card: Card) -> None:
        lines = [] if card.title is None else [[("".join(text for text, _ in self.runs(card.title)), True)]]
        lines += [self.runs(row.row if isinstance(row, CardRow) else row) for row in card.rows]
        self.lines.append(f"{INDENT}lorafig_card[{quoted(lines)}]")
        self.mark("lorafig_card", "lorafig_card_look", self.role("card"))

    def legend(self) -> None:
        """The words of the legend in a box of their own."""
        lines = [self.runs(text) for text in explained(self.figure)]
        if lines:
            self.lines.append(f"{INDENT}lorafig_legend[{quoted(lines)}]")
            self.mark("lorafig_legend", "lorafig_card_look", self.role("card"))

    # FlowRoles

    def mark(self, name: str, cls: str, style: str) -> None:
        self.looks[cls] = style
        self.used.setdefault(cls, []).append(name)

    def style(self, look: Style, colours: Mapping[str, str]) -> str:
        fill = "none" if look.fill is None else colours[look.fill]
        stroke = "none" if look.stroke is None else colours[look.stroke]
        dashes = ",stroke-dasharray:4 3" if look.dash else ""
        return f"fill:{fill},stroke:{stroke},color:{colours[look.ink]}{dashes}"

    def role(self, role: str) -> str:
        return self.style(styles(self.palette)[role], self.palette.colours)

    def classes(self, flow: Flow) -> FlowRoles:
        """The roles of a flow's nodes, and its classes as they are drawn elsewhere too: colours that a class
        gives as it writes them, the others those of the palette."""
        looks = FlowRoles(self.palette, of_model(self.figure.model))
        looks.add(flow, "")
        for look in flow.classes:
            drawn = looks.styles[f"class {look.name}"]
            colours = {**self.palette.colours, **looks.colours}
            for given, name in ((look.fill, drawn.fill), (look.stroke, drawn.stroke), (look.ink, drawn.ink)):
                if given is not None and name is not None:
                    colours[name] = given
            self.looks[self.name(look.name)] = self.style(drawn, colours)
            self.strokes[look.name] = colours[drawn.stroke] if drawn.stroke is not None else "none"
        return looks

    # Words

    def plain_math(self, source: str) -> str:
        return to_plain(self.labels.tree(source))

    def plain_text(self, source: str) -> str:
        return text_to_plain(self.labels.runs(source))

    def runs(self, source: str) -> list[Piece]:
        return [(text_to_plain((run,)), run.bold) for run in self.labels.runs(source)]


def flows_of(figure: Figure) -> list[tuple[Graph, Flow]]:
    """What can be drawn of a figure: its flows, each with its graph."""
    graphs = [entry for entry in entries(figure) if isinstance(entry, Graph)]
    return [(graph, graph.panel.flow) for graph in graphs if graph.panel.flow is not None]


def _yaml(title: str) -> str:
    """A title in the double quotes of YAML, with what a directive or an entity begins with by its number."""
    text = json.dumps(_unescaped(title), ensure_ascii=False)
    return "".join(f"\\u{ord(char):04x}" if char in "%#" else char for char in text)


def _described(text: str) -> str:
    """A description runs to the end of its line; a directive or an entity in it would be read."""
    return re.sub(r"#(?=\w+;)", "＃", re.sub("%(?=%)", "% ", _unescaped(text)))


def _unescaped(text: str) -> str:
    """Mermaid escapes titles and descriptions for HTML and then shows them as they are, `&lt;` and all. The
    wide forms of the three characters are shown as they stand."""
    return " ".join(text.split()).translate(str.maketrans("&<>", "＆＜＞"))
