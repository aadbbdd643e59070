"""Mermaid flowchart -> chart: the statements, read as Mermaid's own parser reads them.

One pass, nothing is read twice. Mermaid's grammar (flow.jison of version 12) says what a statement is; where
Mermaid only says "Parse error", the errors here say what to do.
"""

from __future__ import annotations

import re

from lorafig.errors import LorafigError, Problem
from lorafig.language.nodes import shorten
from lorafig.mermaid.chart import Chart, Style
from lorafig.mermaid.read.cursor import KEYWORD, SPACE, Cursor
from lorafig.mermaid.read.nodes import chain

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
    return _chart(Cursor(text, file))


def _chart(cursor: Cursor) -> Chart:
    _header(cursor)
    while True:
        cursor.take(_GAP)
        if cursor.at >= len(cursor.text):
            break
        _statement(cursor)
    if cursor.build.open:
        name, where = cursor.build.open[-1].name, cursor.build.open[-1].where
        problem = Problem(
            f"the subgraph '{name}' is never closed", where, "close it with a line 'end'", code="chart"
        )
        raise LorafigError(problem)
    return cursor.build.chart()


def _header(cursor: Cursor) -> None:
    cursor.take(_GAP)
    start = cursor.at
    if cursor.take(_HEADER) is None:
        word = _OTHER.match(cursor.text, start)
        hint = "a flowchart begins with 'flowchart TD' or 'graph LR'"
        if cursor.text.startswith("```", start):
            hint = "give the lines between the fences alone"
        elif word is not None and word.group() in _DIAGRAMS:
            hint = "only Mermaid's flowcharts become figures"
        cursor.fail(start, f"expected 'flowchart' or 'graph', found {cursor.there(start)}", hint)
    cursor.build.where = cursor.lines.place(start)
    direction = cursor.take(_DIRECTION)
    if direction is not None:
        word_ = direction.group(1)
        cursor.build.direction = _DIRECTIONS.get(word_, word_)
    cursor.take(SPACE)
    if cursor.at < len(cursor.text) and cursor.text[cursor.at] not in "\n;":
        hint = "the directions are TB, TD, BT, LR and RL; the first statement stands on a line of its own"
        cursor.fail(cursor.at, f"expected the end of the line, found {cursor.there(cursor.at)}", hint)


def _statement(cursor: Cursor) -> None:
    start = cursor.at
    inner = cursor.take(_INNER)
    if inner is not None:
        cursor.build.turn(_DIRECTIONS.get(inner.group(1), inner.group(1)), cursor.lines.place(start))
        return
    if _ACC.match(cursor.text, start) is not None:
        _accessible(cursor)
        return
    keyword = KEYWORD.match(cursor.text, start)
    if keyword is None:
        chain(cursor)
        return
    word = keyword.group()
    after = cursor.text[keyword.end() : keyword.end() + 1]
    if word == "end" and (after == "" or after in " \t\n;"):
        cursor.at = keyword.end()
        if not cursor.build.open:
            hint = "as the name of a node, 'end' needs a capital: 'End'"
            cursor.fail(start, "'end' without a subgraph", hint)
        cursor.build.close()
    elif after != "" and after not in " \t\n;":
        cursor.reserved(start, word)
    else:
        cursor.at = keyword.end()
        match word:
            case "subgraph":
                _subgraph(cursor, start)
            case "classDef":
                _class_def(cursor, start)
            case "class":
                _class(cursor, start)
            case "style":
                _style(cursor, start)
            case "linkStyle":
                _link_style(cursor, start)
            case "click":
                _passed_over(cursor, start)
            case _:
                if cursor.take(_DIRECTION) is None and cursor.take(_END) is None:
                    cursor.reserved(start, word)
                cursor.fail(start, f"a second '{word}'", "a file holds one flowchart")
    cursor.ended("the end of the line")


def _accessible(cursor: Cursor) -> None:
    match = cursor.take(_ACC)
    assert match is not None
    if match.group(2) == ":":
        value = cursor.take(_LINE)
        assert value is not None
        text = value.group().strip()
    else:
        end = cursor.text.find("}", cursor.at)
        if end < 0:
            cursor.fail(match.start(), "this description is never closed", "end it with '}'")
        text, cursor.at = cursor.text[cursor.at : end].strip(), end + 1
    if match.group(1) == "Title":
        cursor.build.accessible_title = text
    else:
        cursor.build.description = text


def _passed_over(cursor: Cursor, start: int) -> None:
    cursor.take(_LINE)
    cursor.remark(
        start, f"a click has no place in a figure: {shorten(cursor.text[start : cursor.at].strip())}"
    )


def _subgraph(cursor: Cursor, start: int) -> None:
    cursor.take(SPACE)
    label = cursor.quoted()
    name: str | None = None
    if label is not None:
        name = label.text.strip()
    else:
        begin = cursor.at
        title = _TITLE.match(cursor.text, begin)
        assert title is not None
        cursor.at = title.end()
        name = title.group().strip()
        if name:
            label = cursor.label(title.group(), "text", begin)
    cursor.take(SPACE)
    if cursor.text.startswith("[", cursor.at) and name:
        label, _ = cursor.bracket("[", {"]": ""})
    elif name is not None and re.search(r"\s", name):
        name = None  # words are a title; the name is then Mermaid's own
    cursor.build.open_subgraph(name or None, label, cursor.lines.place(start))


def _class_def(cursor: Cursor, start: int) -> None:
    cursor.take(SPACE)
    names = cursor.take(_IDS)
    if names is None:
        cursor.fail(start, "a class without a name", "classDef frozen fill:#bbdefb,stroke:#0d47a1")
    styles = _styles(cursor)
    for name in re.split(r"\s*,\s*", names.group()):
        cursor.build.define(name, styles, cursor.lines.place(start))


def _class(cursor: Cursor, start: int) -> None:
    cursor.take(SPACE)
    names = cursor.take(_IDS)
    cursor.take(SPACE)
    at = cursor.at
    name = cursor.take(_IDS)
    if names is None or name is None:
        cursor.fail(start, "expected nodes and a class", "class A,B frozen")
    for node in re.split(r"\s*,\s*", names.group()):
        cursor.build.add_class(node, name.group(), cursor.lines.place(at))


def _style(cursor: Cursor, start: int) -> None:
    cursor.take(SPACE)
    at = cursor.at
    name = cursor.name("the name of a node")
    cursor.build.add_style(name, _styles(cursor), cursor.lines.place(at))


def _link_style(cursor: Cursor, start: int) -> None:
    cursor.take(SPACE)
    at = cursor.at
    which = cursor.want(_LINKS, "the number of an edge", "linkStyle 0,1 stroke:#f66")
    curve = cursor.take(_INTERPOLATE)
    if curve is not None:
        cursor.remark(curve.start(1), f"the curve '{curve.group(1)}' has no place in a figure")
    styles = _styles(cursor)
    if which.group() == "default":
        cursor.build.style_edges(styles, cursor.lines.place(at))
        return
    for number in which.group().split(","):
        if len(number.strip()) > 6 or int(number) >= len(cursor.build.edges):
            last = len(cursor.build.edges) - 1
            what = f"there is no edge {number.strip()[:12]}"
            cursor.fail(at, what, f"edges are counted from 0, in the order in which they stand: 0 to {last}")
        cursor.build.style_edge(int(number), styles)


def _styles(cursor: Cursor) -> tuple[Style, ...]:
    """`fill:#f9f,stroke:#333`, to the end of the statement; a comma in a value is `\\,`."""
    cursor.take(SPACE)
    start = cursor.at
    rest = cursor.take(_REST)
    assert rest is not None
    styles = []
    for part in re.finditer(r"(?:[^,\\]|\\.|\\$)+", rest.group()):
        key, colon, value = part.group().partition(":")
        where = cursor.lines.place(start + part.start() + len(part.group()) - len(part.group().lstrip()))
        if key.strip() and not colon:
            raise LorafigError(
                Problem(
                    f"{shorten(key.strip())} is not a style", where, "fill:#f9f,stroke:#333", code="chart"
                )
            )
        if key.strip():
            value = value.replace("\\,", ",").strip()
            styles.append(Style(key.strip().lower(), value, where))
    return tuple(styles)
