"""Nodes and the edges between them: `A[words] & B -- words --> C:::look --> D@{ shape: diam }`."""

from __future__ import annotations

import re

from lorafig.errors import LorafigError, Problem
from lorafig.language.messages import did_you_mean
from lorafig.language.nodes import Mapping, Scalar, shorten
from lorafig.mermaid.chart import Label
from lorafig.mermaid.node_shapes import BRACKETS, NAMED_NEAREST, NAMED_SAME, STORES, drawn_as
from lorafig.mermaid.read import arrows
from lorafig.mermaid.read.cursor import SPACE, Cursor
from lorafig.mermaid.read.prepare import yaml

_LINK_NAME = re.compile(r"([^\s\"\[\](){}|@]{1,200}+)@(?=[^{\"])")
_AND = re.compile(r"[^\S\n]++&[^\S\n]++")
_SHAPE_DATA = re.compile(r"@\{((?:[^}\"]|\"[^\"]*\")*+)\}")
# What `@{ … }` may say of a node, and of an edge.
_DATA: dict[bool, frozenset[str]] = {
    False: frozenset({"shape", "label", "labelType", "icon", "form", "pos", "img", "constraint", "w", "h"}),
    True: frozenset({"animate", "animation", "curve", "step"}),
}
_NAMES = (*NAMED_SAME, *NAMED_NEAREST, *STORES)


def chain(cursor: Cursor) -> None:
    cursor.build.begin()
    tails = _nodes(cursor)
    while (link := _link(cursor)) is not None:
        arrow, label, name, at = link
        heads = _nodes(cursor)
        cursor.build.connect(tails, heads, arrow, label, name, cursor.lines.place(at))
        tails = heads
    cursor.ended()


def _nodes(cursor: Cursor) -> list[str]:
    names = [_node(cursor)]
    while cursor.take(_AND) is not None:
        names.append(_node(cursor))
    return names


def _node(cursor: Cursor) -> str:
    start = cursor.at
    name = cursor.name("the name of a node")
    where = cursor.lines.place(start)
    cursor.build.vertex(name, where)
    for opening, endings in BRACKETS:
        if cursor.text.startswith(opening, cursor.at):
            if opening == "[" and cursor.text.startswith("[|", cursor.at):
                _properties(cursor, name)
                break
            label, closing = cursor.bracket(opening, endings)
            cursor.build.vertex(name, where, label, endings[closing])
            break
    while True:
        if cursor.text.startswith(":::", cursor.at):
            cursor.at += 3
            at = cursor.at
            cursor.build.add_class(name, cursor.name("the name of a class"), cursor.lines.place(at))
        elif cursor.text.startswith("@{", cursor.at):
            _data(cursor, name)
        else:
            return name


def _properties(cursor: Cursor, name: str) -> None:
    """`A[|borders:lt|words]`: a box of which some sides are drawn."""
    start = cursor.at
    bar = cursor.text.find("|", start + 2)
    if bar < 0 or "\n" in cursor.text[start:bar]:
        cursor.fail(start, "expected '|' after the properties of a box", "A[|borders:lt|words]")
    cursor.at = bar
    label, _ = cursor.bracket("|", {"]": "rect"})
    cursor.build.vertex(name, cursor.lines.place(start), label, "rect")
    cursor.remark(
        start,
        f"{shorten(cursor.text[start + 1 : bar + 1])} has no place in a figure: a box has all its sides",
    )


def _data(cursor: Cursor, name: str) -> None:
    """`@{ shape: …, label: … }` after a node, an edge or a subgraph: YAML between braces."""
    start = cursor.at
    data = cursor.take(_SHAPE_DATA)
    if data is None:
        cursor.fail(start, "'@{' is never closed", "close it with '}'")
    body = re.sub(r"\"[^\"]*\"", lambda quote: re.sub(r"\n\s*+", "<br/>", quote.group()), data.group(1))
    if body.strip() == "":
        return
    flow = "\n" not in body
    node = yaml("{" + body + "}" if flow else body, cursor.lines.place(start + 1 if flow else start + 2))
    if not isinstance(node, Mapping):
        what = "expected keys and values between '@{' and '}'"
        cursor.fail(start, what, "A@{ shape: diam, label: words }")
    edge = cursor.build.is_edge(name)
    values = {key.raw: value for key, value in node.entries.values() if isinstance(value, Scalar)}
    for key, value in node.entries.values():
        if not edge and key.raw == "shape" and isinstance(value, Scalar):
            cursor.build.vertex(name, cursor.lines.place(start), None, _shape(value))
        elif not edge and key.raw == "label" and isinstance(value, Scalar):
            literal = "labelType" in values and values["labelType"].raw in ("string", "text")
            if value.raw.strip():
                label = cursor.label(value.raw, "string" if literal else "markdown", start)
                cursor.build.vertex(name, cursor.lines.place(start), label)
        elif edge or key.raw != "labelType":
            owner = "edge" if edge else "node"
            what = f"'{key.raw}' of the {owner} {shorten(name)} has no place in a figure"
            close = None if key.raw in _DATA[edge] else did_you_mean(key.raw, sorted(_DATA[edge]))
            cursor.build.remarks.append(Problem(what, key.where, close, code="chart"))


def _link(cursor: Cursor) -> tuple[arrows.Arrow, Label | None, str | None, int] | None:
    """An arrow with what is written on it and its name; None if no arrow stands here."""
    before = cursor.at
    cursor.take(SPACE)
    named = cursor.take(_LINK_NAME)
    name = None if named is None else named.group(1)
    if named is None:
        cursor.at = before
    start = cursor.at
    link = cursor.take(arrows.WHOLE)
    if link is not None:
        arrow = arrows.whole(link.group("link"))
        at = link.start("link")
        if arrow.lost:
            what = f"Mermaid draws no head at the start of '{link.group('link')}'"
            cursor.remark(at, what, "both ends: <-->")
        label = None
        if cursor.text.startswith("|", cursor.at):
            label, _ = cursor.bracket("|", {"|": ""})
            cursor.take(SPACE)
        return arrow, label, name, at
    begun = cursor.take(arrows.START)
    if begun is None:
        if name is not None:
            what = f"expected an arrow after '{name}@', found {cursor.there(start)}"
            cursor.fail(start, what, "A e1@--> B")
        cursor.at = before
        return None
    start = begun.start("start")
    opening = begun.group("start")
    label = cursor.quoted()
    end = arrows.end_of(opening)
    if label is None:
        begin = cursor.at
        ending = end.search(cursor.text, begin)
        if ending is not None:
            label = cursor.label(cursor.text[begin : ending.start()], "text", begin)
    else:
        ending = end.match(cursor.text, cursor.at) or arrows.WHOLE.match(cursor.text, cursor.at)
    if ending is None or label is None:
        bare = {"-": "'---' or '-->'", "=": "'===' or '==>'", ".": "'-.-' or '-.->'"}[opening[-1]]
        hint = f"without words on it, an edge is {bare}"
        cursor.fail(start, f"the edge that begins with '{opening}' has no end", hint)
    cursor.at = ending.end()
    closing = ending.group("link")
    between = arrows.around(opening, closing)
    if between is None:
        what = f"'{opening}' and '{closing}' are two ends of different edges; drawn by the second"
        cursor.remark(start, what)
        between = arrows.whole(closing)
    return between, label, name, start


def _shape(value: Scalar) -> str:
    if drawn_as(value.raw) is None or value.raw != value.raw.lower() or "_" in value.raw:
        problem = Problem(
            f"Mermaid has no shape {shorten(value.raw)}",
            value.where,
            did_you_mean(value.raw, _NAMES),
            code="chart",
        )
        raise LorafigError(problem)
    return value.raw
