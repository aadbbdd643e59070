"""Classes and styles of a chart as the language's classes: one for each node, edge and group at most.

A node of several classes, or with a style of its own, gets one that has all they say, the later ones first.
"""

from __future__ import annotations

from collections.abc import Iterable

from lorafig.errors import Place, Problem
from lorafig.language.messages import listing
from lorafig.language.model import Look
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Style
from lorafig.mermaid.css_colours import colour
from lorafig.mermaid.naming import Names

_COLOURS = {
    "fill": "fill",
    "background-color": "fill",
    "background": "fill",
    "stroke": "stroke",
    "color": "ink",
}


class Looks:
    def __init__(self, classes: dict[str, tuple[Style, ...]], remarks: list[Problem]) -> None:
        self.remarks = remarks
        self.names = Names()
        self.classes = classes
        self.looks: dict[tuple[str, ...], Look] = {}
        self.told: set[Style] = set()
        self.unknown: set[str] = set()

    def of(
        self,
        classes: Iterable[tuple[str, Place]],
        styles: tuple[Style, ...],
        what: str,
        default: bool = False,
    ) -> str | None:
        """The name of the class that a node, an edge or a group (`what`) gets, or None. Nodes have the class
        `default` too."""
        names: list[str] = ["default"] if default and "default" in self.classes else []
        for name, where in classes:
            if name in self.classes:
                names = [*(known for known in names if known != name), name]
            elif name not in self.unknown:
                self.unknown.add(name)
                hint = f"define it: classDef {name} fill:#f9f" if name.isascii() and name.isalnum() else None
                self.remarks.append(
                    Problem(f"the class {shorten(name)} is not defined here", where, hint, code="chart")
                )
        if not names and not styles:
            return None
        key = (*names, "", *(f"{style.key}:{style.value}" for style in styles))
        known = self.looks.get(key)
        if known is None:
            own = "-".join(name for name in names if name != "default")
            own = f"{own}-{what}" if own and styles else own or (what if styles else "default")
            given = [style for name in names for style in self.classes[name]]
            known = self.look(self.names.take(own, "look"), [*given, *styles])
            self.looks[key] = known
        return known.name

    def look(self, name: str, styles: list[Style]) -> Look:
        colours: dict[str, str] = {}
        dashed = False
        for style in styles:
            if style.key in _COLOURS:
                read = colour(style.value)
                if read is None:
                    self.tell(
                        style, f"'{style.key}: {style.value}' is not a colour that a figure has", "'#0072B2'"
                    )
                    continue
                if not read[1]:
                    self.tell(style, f"the transparency of '{style.value}' has no place in a figure", None)
                colours[_COLOURS[style.key]] = read[0]
            elif style.key == "stroke-dasharray":
                dashed = style.value.strip("0 ,") != "" and style.value != "none"
            else:
                what = f"'{style.key}: {style.value}' has no place in a figure"
                self.tell(style, what, f"of a style it has {listing(('fill', 'stroke', 'color'))} and dashes")
        return Look(
            name=name,
            fill=colours.get("fill"),
            stroke=colours.get("stroke"),
            ink=colours.get("ink"),
            dashed=dashed,
        )

    def tell(self, style: Style, what: str, hint: str | None) -> None:
        """Each once, however many nodes have it."""
        if style not in self.told:
            self.told.add(style)
            self.remarks.append(Problem(what, style.where, hint, code="chart"))

    def all(self) -> tuple[Look, ...]:
        """Every class; those that nothing has are defined all the same."""
        used = {name for key in self.looks for name in key[: key.index("")]}
        for name, styles in self.classes.items():
            if name not in used:
                own = self.look(self.names.take(name, "look"), list(styles))
                self.looks[(name, "", "unused")] = own
        return tuple(self.looks.values())
