"""A Mermaid flowchart as its own parser sees it: nodes, edges, subgraphs, styles, and what was passed over.

The words are Mermaid's: a node has a shape ('square', 'stadium', …), an edge a kind of head ('arrow_point',
…) and a stroke ('normal', 'thick', 'dotted', 'invisible'), so that it can be compared
with what Mermaid reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lorafig.errors import Place, Problem

Form: TypeAlias = Literal["text", "string", "markdown"]


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in brackets, quotes or bars, without them; `markdown` between "` and `"."""

    text: str
    form: Form
    where: Place


@dataclass(frozen=True, slots=True)
class Style:
    """One declaration, such as `fill:#f9f`."""

    key: str
    value: str
    where: Place


@dataclass(frozen=True, slots=True)
class Vertex:
    """A node. `label` is None where its name is what is written on it; `shape` where none was given."""

    name: str
    where: Place
    label: Label | None = None
    shape: str | None = None
    classes: tuple[tuple[str, Place], ...] = ()
    styles: tuple[Style, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An edge between two nodes. Edges of the same `group` were written by one arrow, `chain` counts the
    statements: what was written as `a & b --> c --> d` can be written so again."""

    tail: str
    head: str
    kind: str
    stroke: str
    length: int
    label: Label | None
    name: str | None
    group: int
    chain: int
    where: Place
    classes: tuple[tuple[str, Place], ...] = ()
    styles: tuple[Style, ...] = ()


@dataclass(frozen=True, slots=True)
class Subgraph:
    """`members` are nodes, and subgraphs within it, by name, in the order in which they were met."""

    name: str
    title: Label | None
    members: tuple[str, ...]
    direction: str | None
    where: Place
    classes: tuple[tuple[str, Place], ...] = ()
    styles: tuple[Style, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """`remarks` names what was read and has no place in a figure, with its place in the file."""

    where: Place  # of its first word
    direction: str
    vertices: tuple[Vertex, ...]
    lines: tuple[Line, ...]
    subgraphs: tuple[Subgraph, ...]
    classes: dict[str, tuple[Style, ...]]
    line_styles: tuple[Style, ...]  # of every edge: `linkStyle default`
    title: str | None
    description: str | None
    remarks: tuple[Problem, ...]
