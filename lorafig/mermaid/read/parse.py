"""Mermaid flowchart -> chart: the statements, read as Mermaid's own parser reads them.

One pass, nothing is read twice. Mermaid's grammar (flow.jison of version 12) says what a statement is; where
Mermaid only says "Parse error", the errors here say what to do.
"""

from __future__ import annotations

import re

from lorafig.errors import LorafigError, Problem
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Chart, Style
from lorafig.mermaid.read.cursor import KEYWORD, SPACE
from lorafig.mermaid.read.nodes import Nodes

_GAP = re.compile(r"[\s;]*+")
_HEADER = re.compile(r"(?:flowchart-elk|flowchart|graph)(?![\w-])")
_OTHER = re.compile(r"[A-Za-z][\w-]*")
_DIRECTION = re.compile(r"[^\S\n]*+(LR|RL|TB|BT|TD|BR|<|>|\^|v)(?![\w-])")
_DIRECTIONS = {"TD": "TB", "<": "RL", ">": "LR", "^": "BT", "v": "TB", "BR": "BR"}
_INNER = re.compile(r"direction\s+(TB|TD|BT|RL|LR)\b[^\n]*")
_ACC = re.compile(r"acc(Title|Descr)[^\S\n]*+(:|\{)")
_REST = re.compile(r"[^\n;]*+")
_END = re.compile(r"[^\S\n]*+(?=\n|;|$)")
_LINE = re.compile(r"[^\n]*+")
_IDS = re.compile(r"[^\s,;]++(?:[^\S\n]*+,[^\S\n]*+[^\s,;]++)*+")
_LINKS = re.compile(r"default\b|[0-9]++(?:[^\S\n]*+,[^\S\n]*+[0-9]++)*+")
_INTERPOLATE = re.compile(r"[^\S\n]++interpolate[^\S\n]++([A-Za-z0-9]++)")
_TITLE = re.compile(r"[^\[\](){}|\"\n;]*+")
_DIAGRAMS = frozenset({
    "sequenceDiagram", "classDiagram", "stateDiagram", "stateDiagram-v2", "erDiagram", "gantt", "pie",
    "journey", "gitGraph", "mindmap", "timeline", "quadrantChart", "requirementDiagram", "C4Context",
    "sankey", "block", "packet", "kanban", "architecture", "radar", "treemap", "xychart", "zenuml",
})  # fmt: skip


def read(text: str, file: str) -> Chart:
    """The chart of a file's text. Raises LorafigError: of kind 'spec' with the first problem and its place,
    of kind 'limit' for what is too large."""
    return _Parser(text, file).chart()


class _Parser(Nodes):
    def chart(self) -> Chart:
        self.header()
        while True:
            self.take(_GAP)
            if self.at >= len(self.text):
                break
            self.statement()
        if self.build.open:
            name, where = self.build.open[-1].name, self.build.open[-1].where
            problem = Problem(f"the subgraph '{name}' is never closed", where, "close it with a line 'end'")
            raise LorafigError(problem)
        return self.build.chart()

    def header(self) -> None:
        self.take(_GAP)
        start = self.at
        if self.take(_HEADER) is None:
            word = _OTHER.match(self.text, start)
            hint = "a flowchart begins with 'flowchart TD' or 'graph LR'"
            if self.text.startswith("```", start):
                hint = "give the lines between the fences alone"
            elif word is not None and word.group() in _DIAGRAMS:
                hint = "of Mermaid's diagrams, flowcharts alone become figures"
            self.fail(start, f"expected 'flowchart' or 'graph', found {self.found(start)}", hint)
        self.build.where = self.lines.place(start)
        direction = self.take(_DIRECTION)
        if direction is not None:
            word_ = direction.group(1)
            self.build.direction = _DIRECTIONS.get(word_, word_)
        self.take(SPACE)
        if self.at < len(self.text) and self.text[self.at] not in "\n;":
            hint = "the directions are TB, TD, BT, LR and RL; the first statement stands on a line of its own"
            self.fail(self.at, f"expected the end of the line, found {self.found(self.at)}", hint)

    def statement(self) -> None:
        start = self.at
        inner = self.take(_INNER)
        if inner is not None:
            self.build.turn(_DIRECTIONS.get(inner.group(1), inner.group(1)), self.lines.place(start))
            return
        if _ACC.match(self.text, start) is not None:
            self.accessible()
            return
        keyword = KEYWORD.match(self.text, start)
        if keyword is None:
            self.nodes()
            return
        word = keyword.group()
        after = self.text[keyword.end() : keyword.end() + 1]
        if word == "end" and (after == "" or after in " \t\n;"):
            self.at = keyword.end()
            if not self.build.open:
                hint = "as the name of a node, 'end' needs a capital: 'End'"
                self.fail(start, "'end' without a subgraph", hint)
            self.build.close()
        elif after != "" and after not in " \t\n;":
            self.reserved(start, word)
        else:
            self.at = keyword.end()
            match word:
                case "subgraph":
                    self.subgraph(start)
                case "classDef":
                    self.class_def(start)
                case "class":
                    self.class_(start)
                case "style":
                    self.style(start)
                case "linkStyle":
                    self.link_style(start)
                case "click":
                    self.passed_over(start, "a click")
                case _:
                    if self.take(_DIRECTION) is None and self.take(_END) is None:
                        self.reserved(start, word)
                    self.fail(start, f"a second '{word}'", "a file holds one flowchart")
        self.ended("the end of the line")

    def accessible(self) -> None:
        found = self.take(_ACC)
        assert found is not None
        if found.group(2) == ":":
            value = self.take(_LINE)
            assert value is not None
            text = value.group().strip()
        else:
            end = self.text.find("}", self.at)
            if end < 0:
                self.fail(found.start(), "this description is never closed", "end it with '}'")
            text, self.at = self.text[self.at : end].strip(), end + 1
        if found.group(1) == "Title":
            self.build.accessible_title = text
        else:
            self.build.description = text

    def passed_over(self, start: int, what: str) -> None:
        self.take(_LINE)
        self.remark(start, f"{what} has no place in a figure: {shorten(self.text[start : self.at].strip())}")

    def subgraph(self, start: int) -> None:
        self.take(SPACE)
        label = self.quoted()
        name: str | None = None
        if label is not None:
            name = label.text.strip()
        else:
            begin = self.at
            found = _TITLE.match(self.text, begin)
            assert found is not None
            self.at = found.end()
            name = found.group().strip()
            if name:
                label = self.label(found.group(), "text", begin)
        self.take(SPACE)
        if self.text.startswith("[", self.at) and name:
            label, _ = self.bracket("[", {"]": ""})
        elif name is not None and re.search(r"\s", name):
            name = None  # words are a title; the name is then Mermaid's own
        self.build.open_subgraph(name or None, label, self.lines.place(start))

    def class_def(self, start: int) -> None:
        self.take(SPACE)
        names = self.take(_IDS)
        if names is None:
            self.fail(start, "a class without a name", "classDef frozen fill:#bbdefb,stroke:#0d47a1")
        styles = self.styles()
        for name in re.split(r"\s*,\s*", names.group()):
            self.build.define(name, styles, self.lines.place(start))

    def class_(self, start: int) -> None:
        self.take(SPACE)
        names = self.take(_IDS)
        self.take(SPACE)
        at = self.at
        name = self.take(_IDS)
        if names is None or name is None:
            self.fail(start, "expected nodes and a class", "class A,B frozen")
        for one in re.split(r"\s*,\s*", names.group()):
            self.build.add_class(one, name.group(), self.lines.place(at))

    def style(self, start: int) -> None:
        self.take(SPACE)
        at = self.at
        name = self.name("the name of a node")
        self.build.add_style(name, self.styles(), self.lines.place(at))

    def link_style(self, start: int) -> None:
        self.take(SPACE)
        at = self.at
        which = self.take(_LINKS)
        if which is None:
            self.fail(
                at, f"expected the number of an edge, found {self.found(at)}", "linkStyle 0,1 stroke:#f66"
            )
        curve = self.take(_INTERPOLATE)
        if curve is not None:
            self.remark(curve.start(1), f"the curve '{curve.group(1)}' has no place in a figure")
        styles = self.styles()
        if which.group() == "default":
            self.build.style_edges(styles, self.lines.place(at))
            return
        for number in which.group().split(","):
            if len(number.strip()) > 6 or int(number) >= len(self.build.edges):
                last = len(self.build.edges) - 1
                what = f"there is no edge {number.strip()[:12]}"
                self.fail(
                    at, what, f"edges are counted from 0, in the order in which they stand: 0 to {last}"
                )
            self.build.style_edge(int(number), styles)

    def styles(self) -> tuple[Style, ...]:
        """`fill:#f9f,stroke:#333`, to the end of the statement; a comma in a value is `\\,`."""
        self.take(SPACE)
        start = self.at
        found = self.take(_REST)
        assert found is not None
        styles = []
        for part in re.finditer(r"(?:[^,\\]|\\.|\\$)+", found.group()):
            key, colon, value = part.group().partition(":")
            where = self.lines.place(start + part.start() + len(part.group()) - len(part.group().lstrip()))
            if key.strip() and not colon:
                raise LorafigError(
                    Problem(f"{shorten(key.strip())} is no style", where, "fill:#f9f,stroke:#333")
                )
            if key.strip():
                value = value.replace("\\,", ",").strip()
                styles.append(Style(key.strip().lower(), value, where))
        return tuple(styles)
