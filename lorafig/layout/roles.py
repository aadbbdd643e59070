"""Roles of a flow: which of the palette's each node, edge and frame has, and those that its classes add."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language.functions import applies
from lorafig.language.model import Edge, Flow, FlowGroup, FlowNode, Look
from lorafig.language.table import called
from lorafig.layout.symbols import Symbols
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.scene import Dash, Style
from lorafig.themes.legend import DASHES
from lorafig.themes.palettes import Palette
from lorafig.themes.style import READABLE, colours, contrast, full, ink, readable, styles, width

# What a badge says of its node, and so how the node looks.
BADGES = {
    "frozen": "frozen",
    "lock": "frozen",
    "trainable": "adapter",
    "adapter": "adapter",
    "merge": "merged",
}
UPDATE = 1.25  # times the width of a line, in the colour of what is trained: where updates lead to
# Lines that are broken: what flows along them is not data.
BROKEN: tuple[Dash, ...] = ("dashed", "dotted")
THICK = 2.0  # times the width of a line
SIGNS = ("+", "⊕", "×", "⊙", "−")
NOTES = {"note": "card"}  # `like: note`


class FlowRoles(Struct):
    """`styles` and `colours` are those that the classes of the figure's flows add to its palette."""

    palette: Palette
    symbols: Symbols
    styles: dict[str, Style] = {}
    colours: dict[str, str] = {}

    def add(self, flow: Flow, slug: str) -> None:
        """The classes of a flow; `slug` keeps apart those of one name in two flows."""
        known, line_width = styles(self.palette), width(self.palette.line)
        for look in flow.classes:
            role = self.of_class(look.name, slug)
            base = known[NOTES.get(like, like) if (like := look.like) is not None else "plain"]
            fill = self._colour(f"{role} fill", look.fill, base.fill)
            stroke = self._colour(f"{role} stroke", look.stroke, base.stroke)
            ink = self._ink(role, look, fill, base)
            dashed: Dash = "dashed" if look.dashed else ""
            icon = base.icon if look.fill is None and look.stroke is None and look.ink is None else ink
            self.styles[role] = Style(fill, stroke, ink, line_width, dashed, icon)
            line = stroke if look.stroke is not None or look.like is not None else known["line"].stroke
            line = self.palette.ink if line is None else line
            self.styles[f"{role} line"] = Style(None, line, line, line_width, dashed)
            self.styles[f"{role} line thick"] = Style(None, line, line, THICK * line_width)
            for dash in BROKEN:
                self.styles[f"{role} line {dash}"] = Style(None, line, line, line_width, dash)
        if any(node.bits is not None for node in flow.nodes):
            plain = known["plain"]
            self.styles["ghost"] = Style(None, plain.stroke, plain.ink, line_width, "dashed")
        for role, plain, more in (("line", known["line"], 1.0), ("update", known["adapter line"], UPDATE)):
            whole = Style(None, plain.stroke, plain.ink, more * line_width)
            self.styles.setdefault(role, whole)
            self.styles[f"{role} thick"] = replace(whole, line=THICK * line_width)
            for dash in BROKEN:
                self.styles[f"{role} {dash}"] = replace(whole, dash=dash)

    def of_class(self, name: str, slug: str) -> str:
        """The role of a class of style."""
        return f"class {name}" if slug == "" else f"class {name} {slug}"

    def _colour(self, name: str, given: str | None, otherwise: str | None) -> str | None:
        if given is None:
            return otherwise
        self.colours[name] = full(given)
        return name

    def _ink(self, role: str, look: Look, fill: str | None, base: Style) -> str:
        if look.ink is not None:
            self.colours[f"{role} ink"] = full(look.ink)
            return f"{role} ink"
        if fill is None or look.fill is None:
            return base.ink
        known = {**colours(self.palette), **self.colours}
        best = readable(known, fill)
        if contrast(known[best], known[fill]) >= READABLE:
            return best
        # On a middle grey neither the palette's black nor its white is enough; true black always is then.
        self.colours[f"{role} ink"] = "#000000"
        return f"{role} ink"

    # -- who has which ------------------------------------------------------------------------

    def node(self, node: FlowNode, slug: str) -> str:
        if node.class_ is not None:
            return self.of_class(node.class_, slug)
        if node.badge in BADGES:
            return BADGES[node.badge]
        symbol = symbol_of(node)
        if symbol is None:
            return "plain"
        if isinstance(symbol, tuple):
            return self.symbols.role(symbol[-1], "adapter")
        if applies(symbol, self.symbols.functions):
            return "plain"
        name = called(symbol)
        role = self.symbols.role(symbol, "")
        if role != "":
            return role
        if self._is_dimension(name):
            return "adapter output"
        if key(parse_math(symbol)) is None:
            return self.symbols.factor_role(symbol, "plain") if node.shape == "box" else "plain"
        if name in SIGNS:
            return "sign"
        if len(self.symbols.shape(name)) == 2:
            return "plain"
        return "activation"

    def _is_dimension(self, name: str) -> bool:
        try:
            self.symbols.sides.name(name)
        except KeyError:
            return False
        return True

    def edge(self, edge: Edge | None, slug: str) -> str:
        """The role of a line: that of its class, else the wires' own, that of what is trained for updates,
        broken where no data flows, thick where the edge says so."""
        if edge is None:
            return "line"
        dash = "dashed" if edge.dashed else DASHES.get(edge.kind, "")
        suffix = f" {dash}" if dash else " thick" if edge.thick else ""
        if edge.class_ is not None:
            return f"{self.of_class(edge.class_, slug)} line{suffix}"
        return f"{'update' if edge.kind == 'update' else 'line'}{suffix}"

    def ink(self, label: str) -> str:
        """The role of what is written on a line: that of the weights that it names, frozen or trained."""
        weights = self.symbols.roles(label) - {"activation"}
        return ink(weights.pop()) if weights in ({"frozen"}, {"adapter"}) else "text"

    def frame(self, group: FlowGroup, slug: str) -> str:
        return "frame" if group.class_ is None else self.of_class(group.class_, slug)


def symbol_of(node: FlowNode) -> str | tuple[str, ...] | None:
    """The symbol of a node, those of a bottleneck, None for a node of words."""
    if node.bottleneck is not None:
        return node.bottleneck
    label = node.label
    return label if isinstance(label, str) else None
