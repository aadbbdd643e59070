"""Nodes and the edges between them: `A[words] & B -- words --> C:::look --> D@{ shape: diam }`."""

from __future__ import annotations

import re

from lorafig.errors import LorafigError, Problem
from lorafig.language.messages import did_you_mean
from lorafig.language.nodes import Mapping, Scalar, shorten
from lorafig.mermaid.chart import Label
from lorafig.mermaid.read import arrows
from lorafig.mermaid.read.cursor import SPACE, Cursor
from lorafig.mermaid.read.source import yaml
from lorafig.mermaid.shapes import BRACKETS, NAMED_NEAREST, NAMED_SAME, drawn_as

_LINK_NAME = re.compile(r"([^\s\"\[\](){}|@]{1,200}+)@(?=[^{\"])")
_AND = re.compile(r"[^\S\n]++&[^\S\n]++")
_SHAPE_DATA = re.compile(r"@\{((?:[^}\"]|\"[^\"]*\")*+)\}")
# What `@{ … }` may say of a node, and of an edge.
_DATA: dict[bool, frozenset[str]] = {
    False: frozenset({"shape", "label", "labelType", "icon", "form", "pos", "img", "constraint", "w", "h"}),
    True: frozenset({"animate", "animation", "curve", "step"}),
}
_NAMES = (*NAMED_SAME, *NAMED_NEAREST)


class Nodes(Cursor):
    def nodes(self) -> None:
        self.build.begin()
        tails = self.list_of_nodes()
        while (link := self.link()) is not None:
            arrow, label, name, at = link
            heads = self.list_of_nodes()
            self.build.connect(tails, heads, arrow, label, name, self.lines.place(at))
            tails = heads
        self.ended()

    def list_of_nodes(self) -> list[str]:
        names = [self.node()]
        while self.take(_AND) is not None:
            names.append(self.node())
        return names

    def node(self) -> str:
        start = self.at
        name = self.name("the name of a node")
        where = self.lines.place(start)
        self.build.vertex(name, where)
        for opening, endings in BRACKETS:
            if self.text.startswith(opening, self.at):
                if opening == "[" and self.text.startswith("[|", self.at):
                    self.properties(name)
                    break
                label, closing = self.bracket(opening, endings)
                self.build.vertex(name, where, label, endings[closing])
                break
        while True:
            if self.text.startswith(":::", self.at):
                self.at += 3
                at = self.at
                self.build.add_class(name, self.name("the name of a class"), self.lines.place(at))
            elif self.text.startswith("@{", self.at):
                self.data(name)
            else:
                return name

    def properties(self, name: str) -> None:
        """`A[|borders:lt|words]`: a box of which some sides are drawn."""
        start = self.at
        bar = self.text.find("|", start + 2)
        if bar < 0 or "\n" in self.text[start:bar]:
            self.fail(start, "expected '|' after the properties of a box", "A[|borders:lt|words]")
        self.at = bar
        label, _ = self.bracket("|", {"]": "rect"})
        self.build.vertex(name, self.lines.place(start), label, "rect")
        self.remark(
            start,
            f"{shorten(self.text[start + 1 : bar + 1])} has no place in a figure: a box has all its sides",
        )

    def data(self, name: str) -> None:
        """`@{ shape: …, label: … }` after a node, an edge or a subgraph: YAML between braces."""
        start = self.at
        found = self.take(_SHAPE_DATA)
        if found is None:
            self.fail(start, "'@{' is never closed", "close it with '}'")
        body = re.sub(r"\"[^\"]*\"", lambda quote: re.sub(r"\n\s*+", "<br/>", quote.group()), found.group(1))
        flow = "\n" not in body
        node = (
            yaml("{" + body + "}" if flow else body, self.lines.place(start + 1 if flow else start + 2))
            if (body.strip())
            else None
        )
        if node is None:
            return
        if not isinstance(node, Mapping):
            what = "expected keys and values between '@{' and '}'"
            self.fail(start, what, "A@{ shape: diam, label: words }")
        edge = self.build.is_edge(name)
        values = {key.raw: value for key, value in node.entries if isinstance(value, Scalar)}
        for key, value in node.entries:
            if not edge and key.raw == "shape" and isinstance(value, Scalar):
                self.build.vertex(name, self.lines.place(start), None, _shape(value))
            elif not edge and key.raw == "label" and isinstance(value, Scalar):
                literal = "labelType" in values and values["labelType"].raw in ("string", "text")
                if value.raw.strip():
                    label = self.label(value.raw, "string" if literal else "markdown", start)
                    self.build.vertex(name, self.lines.place(start), label)
            elif edge or key.raw != "labelType":
                owner = "edge" if edge else "node"
                what = f"'{key.raw}' of the {owner} {shorten(name)} has no place in a figure"
                close = None if key.raw in _DATA[edge] else did_you_mean(key.raw, sorted(_DATA[edge]))
                self.build.remarks.append(Problem(what, key.where, close))

    def link(self) -> tuple[arrows.Arrow, Label | None, str | None, int] | None:
        """An arrow with what is written on it and its name, or None where there is none."""
        before = self.at
        self.take(SPACE)
        named = self.take(_LINK_NAME)
        name = None if named is None else named.group(1)
        if named is None:
            self.at = before
        start = self.at
        found = self.take(arrows.WHOLE)
        if found is not None:
            arrow = arrows.whole(found.group("link"))
            at = found.start("link")
            if arrow.lost:
                self.remark(
                    at, f"Mermaid draws no head at the start of '{found.group('link')}'", "both ends: <-->"
                )
            label = None
            if self.text.startswith("|", self.at):
                label, _ = self.bracket("|", {"|": ""})
                self.take(SPACE)
            return arrow, label, name, at
        begun = self.take(arrows.START)
        if begun is None:
            if name is not None:
                self.fail(
                    start, f"expected an arrow after '{name}@', found {self.found(start)}", "A e1@--> B"
                )
            self.at = before
            return None
        start = begun.start("start")
        opening = begun.group("start")
        label = self.quoted()
        end = arrows.end_of(opening)
        if label is None:
            begin = self.at
            found = end.search(self.text, begin)
            if found is not None:
                label = self.label(self.text[begin : found.start()], "text", begin)
        else:
            found = end.match(self.text, self.at) or arrows.WHOLE.match(self.text, self.at)
        if found is None or label is None:
            bare = {"-": "'---' or '-->'", "=": "'===' or '==>'", ".": "'-.-' or '-.->'"}[opening[-1]]
            hint = f"without words on it, an edge is {bare}"
            self.fail(start, f"the edge that begins with '{opening}' has no end", hint)
        self.at = found.end()
        ending = found.group("link")
        between = arrows.around(opening, ending)
        if between is None:
            self.remark(
                start, f"'{opening}' and '{ending}' are two ends of different edges; drawn by the second"
            )
            between = arrows.whole(ending)
        return between, label, name, start


def _shape(value: Scalar) -> str:
    if drawn_as(value.raw) is None or value.raw != value.raw.lower() or "_" in value.raw:
        problem = Problem(
            f"Mermaid has no shape {shorten(value.raw)}", value.where, did_you_mean(value.raw, _NAMES)
        )
        raise LorafigError(problem)
    return value.raw
