"""What an author writes: the classes of a figure spec.

YAML, JSON and Python give these same objects. The reader (`load`), the JSON Schema (`schema`)
and the reference in `docs/` are made from the fields and docstrings here, so they cannot drift.
A spec says what is on the figure and how it relates; it has no coordinates.

`Math` is mathematics (LaTeX or Unicode), `Text` is words with mathematics between `$…$`.
Values read from a file are `Source` strings, which know their place in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from lorafig.core.adapters import ADAPTERS, NO_ADAPTER
from lorafig.errors import Place
from lorafig.themes.palettes import DEFAULT, PALETTES, Named
from lorafig.values import Placed


class Source(str):
    """A string that knows where it stands in its file. Equal to the plain string.

    `exact` is true where the characters of the file are those of the value (plain and
    single-quoted scalars on one line): then offset n of the label is at `where.column + n`.
    """

    where: Place | None
    exact: bool

    def __new__(cls, value: str, where: Place | None = None, exact: bool = False) -> Source:
        source = super().__new__(cls, value)
        source.where = where
        source.exact = exact
        return source

    def at(self, offset: int) -> Place | None:
        """The place of the character at `offset`, or that of the whole where offsets cannot be told."""
        if self.where is None or not self.exact:
            return self.where
        return Place(self.where.file, self.where.line, self.where.column + offset)


Math: TypeAlias = Annotated[str, "math"]
Text: TypeAlias = Annotated[str, "text"]
Name: TypeAlias = Annotated[str, "name"]  # [A-Za-z][A-Za-z0-9-]*, at most 64 characters
Columns: TypeAlias = Annotated[int, "columns"]  # 1 to 100
Dimension: TypeAlias = Annotated[int, "dimension"]  # 1 to 2**40
FontSize: TypeAlias = Annotated[float, "font size"]  # 5 to 48 points
WidthText: TypeAlias = Annotated[str, "width"]  # '3.25in', '0.48\\linewidth'
Positive: TypeAlias = Annotated[float, "positive"]  # finite and greater than 0
Colour: TypeAlias = Annotated[str, "colour"]  # '#0072B2' or '#07B'
Cell: TypeAlias = Annotated[int, "cell"]  # 1 to 64: a place in a grid, or how many there are
Chain: TypeAlias = Annotated[str, "chain"]  # 'x -> A, W -> sum': see `lorafig.language.chain`
Range: TypeAlias = Annotated[str, "range"]  # 'i = 1..N': see `lorafig.language.index`

NetworkName: TypeAlias = Annotated[str, "network"]  # 'llama-3-8b', or the path of a config.json
Target: TypeAlias = Annotated[str, "target"]  # the name of a module: 'q_proj'
PaletteName: TypeAlias = Annotated[str, "palette"]  # 'paper', or the path of a theme file
LineWidth: TypeAlias = Annotated[float, "line width"]  # 0.5 to 4 points
Corner: TypeAlias = Annotated[float, "corner"]  # 0 to 8 points
Unit: TypeAlias = Annotated[float, "unit"]  # 3 to 8 points

# A string that follows a field says what it is for; the schema and the reference quote it.


class NamedNetwork(Source):
    """The name of a network, and the network that it was when the spec was read; for the path of a file, also
    what stood in that."""

    network: Network
    data: bytes | None = None


class NamedPalette(Source, Named):
    """The path of a theme file, what it said when it was read, and the palette that this makes."""

    theme: Theme
    data: bytes


class Located(Placed, frozen=True, kw_only=True, gc=False):
    where: Place | None = None


class Brace(Located, frozen=True, gc=False):
    """A curly brace with a label.

    On an element, `side` says where it lies: `left` and `right` are for the matrices of a product. On an
    equation, `under` or `over` names the part of it that the brace spans.
    """

    label: Math
    """What stands at its point."""
    side: Literal["over", "under", "left", "right"] | None = None
    """On an element: on which side of it."""
    under: Math | None = None
    """In an equation: the part that the brace lies under, as it is written there."""
    over: Math | None = None
    """In an equation: the part that the brace lies over."""


class Element(Located, frozen=True, kw_only=True, gc=False):
    """Fields that every element of a stack shares."""

    name: Name | None = None
    """Its name in the output, unique in its panel; made from its symbol unless given."""
    unverified: Text | None = None
    """Why a claim on it cannot be decided. The report lists it; without it such a figure fails."""
    level: Name | None = None
    """The level of the figure that it stands on, by name; for what stands in a panel's stack itself."""


class Bar(Element, frozen=True, gc=False):
    """A vector, drawn as a bar as wide as its dimension. `span` stretches it over the columns of
    its panel instead; its width then stands for no dimension, and no brace may measure it."""

    bar: Math
    """The symbol of the vector."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol: `x \\in \\mathbb{R}^{d}`."""
    brace: Brace | None = None
    """What its width is: a brace below the first bar or above the last, words beside the arrow elsewhere."""
    span: bool = False
    """Whether it stretches over all columns of its panel."""


class Square(Element, frozen=True, gc=False):
    """A weight matrix, drawn solid: as wide as its input dimension, as high as its output's."""

    square: Math
    """The symbol of the matrix."""
    text: tuple[Text, ...] = ()
    """Lines of words on it, above the mathematics."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""
    brace: Brace | None = None
    """What its width is, beside the arrow that enters it."""


class Trapezoid(Element, frozen=True, gc=False):
    """A factor of the update, drawn from its input side (`from`) to its output side (`to`).

    The sides are the symbols of the dimensions that they stand for; without them, those of the
    matrix itself are drawn.
    """

    trapezoid: Math
    """The symbol of the matrix."""
    from_: Math | None = None
    """The dimension that its lower side, where the data comes in, stands for."""
    to: Math | None = None
    """The dimension that its upper side, where the data goes out, stands for."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""
    brace: Brace | None = None
    """What its upper or lower side is, beside the arrow there."""


class Bottleneck(Element, frozen=True, gc=False):
    """Trapezoids in the order in which the data passes them, with a waist between them.

    `math` gives the label of each; `brace` says what the waist is, beside the arrow there.
    """

    bottleneck: Annotated[tuple[Math | Trapezoid, ...], "two or more"]
    """The matrices, in the order in which the data passes them."""
    math: tuple[Math, ...] = ()
    """What is written on each, in the same order."""
    brace: Brace | None = None
    """What the waist is."""


class Split(Element, frozen=True, gc=False):
    """Branches side by side, all fed by what is below. A list is a branch of several elements."""

    split: Annotated[tuple[StackElement | Annotated[tuple[StackElement, ...], "not empty"], ...], "not empty"]
    """The branches, from left to right; each is an element or a list of elements."""


class Sum(Element, frozen=True, gc=False):
    """Adds the branches below it, in a circle with + that an arrow from each enters. `sum` lists the terms,
    branch by branch: they stand beside these arrows, or in bars with `as: bars`."""

    sum: Annotated[tuple[Math, ...], "not empty"] | Literal["arrows"]
    """The terms, one for each branch, or `arrows` for arrows without a word."""
    as_: Literal["bars", "arrows"] | None = None
    """Whether the terms stand in bars, or beside their arrows, which is so unless given."""


class Arrow(Element, frozen=True, gc=False):
    """What flows from what is below to what is above, as a label. All that flows has an arrow of its own,
    whether a spec has this element there or not."""

    arrow: Math | None = None
    """What flows along it."""


class Scale(Element, frozen=True, gc=False):
    """Multiplies what flows through it: by a number (`\\alpha / r`), or entry by entry by a vector.

    A vector is drawn as a bar as wide as its dimension, a number as a rounded box.
    """

    scale: Math
    """The number or the vector, by its symbol or as an expression."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""


class Gate(Element, frozen=True, gc=False):
    """Multiplies what flows through it as `scale` does, and is drawn as a small circle with the sign in it:
    `\\times` for a number, `\\odot` for a vector. Its symbol stands beside it."""

    gate: Math
    """The number or the vector, by its symbol or as an expression."""
    math: Math | None = None
    """What is written beside it, where that is more than its symbol."""


class Bias(Element, frozen=True, gc=False):
    """Adds a vector to what flows: a small circle with `+` in it, and the symbol of the vector beside it."""

    bias: Math
    """The vector, by its symbol or as an expression."""
    math: Math | None = None
    """What is written beside it, where that is more than its symbol."""


class Repeat(Element, frozen=True, gc=False):
    """A branch of a split that is there several times, side by side: the first copies, dots, and the last,
    each with its index in the place of the letter. All are run, and `sum: arrows` adds all of them. A branch
    of a split in it may be repeated over another index."""

    repeat: Annotated[tuple[StackElement, ...], "not empty"]
    """The elements of the branch, from bottom to top."""
    over: Range
    """The index and its range: `i = 1..N`."""


class Skip(Element, frozen=True, gc=False):
    """A branch of a split that changes nothing: a line past the others."""

    skip: Math | None = None
    """What flows along it."""


class Apply(Element, frozen=True, gc=False):
    """Applies a function to what flows: `ReLU`, `softmax`, `layer norm`, or one that the model declares.
    Behind a split the branches are its arguments, from left to right. It is drawn as a box with rounded
    corners."""

    apply: Math
    """The function."""
    text: tuple[Text, ...] = ()
    """Lines of words on it, in the place of its name."""


StackElement: TypeAlias = (
    Bar | Square | Trapezoid | Bottleneck | Split | Sum | Scale | Gate | Bias | Skip | Apply | Repeat | Arrow
)


class Equation(Located, frozen=True, gc=False):
    """An equation; `brace` lies under or over part of it."""

    math: Math
    """The equation itself."""
    brace: Brace | Annotated[tuple[Brace, ...], "not empty"] | None = None
    """One or more braces, each under or over a part of it."""
    unverified: Text | None = None
    """Why it cannot be decided."""


class Cells(Located, frozen=True, gc=False):
    """A grid on a matrix. A cell is one entry, or a block of the sizes `of`; all of them together are the
    whole matrix, which is verified, or an `excerpt`, which is written beneath it."""

    rows: Cell
    """How many there are from top to bottom."""
    columns: Cell
    """How many there are from left to right."""
    of: tuple[Math | Dimension, ...] = ()
    """The rows and columns of one cell: `[r, r]`."""
    excerpt: bool = False
    """Whether the matrix has more than is shown."""


class Marks(Located, frozen=True, gc=False):
    """Cells that are marked, counted from 1 at the upper left."""

    rows: tuple[Cell, ...] = ()
    """Whole rows."""
    columns: tuple[Cell, ...] = ()
    """Whole columns."""
    diagonal: tuple[Cell, ...] = ()
    """Cells of the diagonal: 3 is the third one of the third row."""
    entries: tuple[tuple[Cell, ...], ...] = ()
    """Single cells, each its row and its column: `[[1, 2], [4, 4]]`."""


class Block(Located, frozen=True, gc=False):
    """A part of a matrix: rows of it, or columns, as many as are given. Blocks that have both stand along
    the diagonal, and the rest of the matrix is 0, which is verified; `\\ddots` is for those that are not
    shown."""

    block: Math
    """What is written on it. A symbol of the figure has to have this shape."""
    rows: Math | None = None
    """How many of the rows it has; the blocks stand one below the other."""
    columns: Math | None = None
    """How many of the columns it has; the blocks stand side by side."""


class Matrix(Element, frozen=True, gc=False):
    """A matrix in a product, as wide as its columns and as high as its rows. Its label is on it where there
    is room, else beneath."""

    matrix: Math
    """The symbol of the matrix, or an expression."""
    text: tuple[Text, ...] = ()
    """Lines of words, above the mathematics."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""
    brace: Brace | Annotated[tuple[Brace, ...], "not empty"] | None = None
    """Braces along its sides: `[{label: d, side: left}, {label: r, side: over}]`."""
    cells: Cells | Literal["all"] | None = None
    """A grid on it: `all` draws one cell for each entry."""
    blocks: tuple[Block, ...] = ()
    """Parts of it with their own sizes, from the top or from the left."""
    crossed: Marks | None = None
    """Cells that are crossed out."""
    shaded: Marks | None = None
    """Cells that are drawn darker."""


class Vector(Element, frozen=True, gc=False):
    """A vector in a product: a column, or a row with `^\\top`."""

    vector: Math
    """The symbol of the vector, or an expression."""
    text: tuple[Text, ...] = ()
    """Lines of words, above the mathematics."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""
    brace: Brace | Annotated[tuple[Brace, ...], "not empty"] | None = None
    """Braces along its sides."""
    cells: Cells | Literal["all"] | None = None
    """A grid on it: `all` draws one cell for each entry."""
    crossed: Marks | None = None
    """Cells that are crossed out."""
    shaded: Marks | None = None
    """Cells that are drawn darker."""


ProductSign: TypeAlias = Literal[
    "=", "\\approx", "≈", "\\times", "×", "\\otimes", "⊗", "\\odot", "⊙", "+", "-", "−",
    "\\to", "→", "\\leftarrow", "←"
]  # fmt: skip
Factor: TypeAlias = Matrix | Vector


class Panel(Located, frozen=True, gc=False):
    """A titled stack, listed the way the data flows and drawn bottom to top; or a titled flow, or
    product.

    With a `model` of its own, all that stands on it is verified in that model, and its lengths are
    those of its own sizes. Names of elements and nodes are a panel's own.
    """

    stack: Annotated[tuple[StackElement, ...], "not empty"] = ()
    """The elements, in the order in which the data flows."""
    panel: Text | None = None
    """The title above the panel."""
    flow: Flow | None = None
    """Boxes and arrows, in the place of a stack."""
    model: Scope | None = None
    """What its symbols mean, where that differs from the figure's `model`."""
    name: Name | None = None
    """What equations call it in `of`."""
    times: Math | None = None
    """How often what is on it stands one behind the other, such as `L`: written as `L ×` before the title."""
    product: Annotated[
        tuple[
            ProductSign | Math | Factor | Annotated[tuple[ProductSign | Math | Factor, ...], "two or more"],
            ...,
        ],
        "not empty",
    ] = ()
    """Matrices to scale with signs between them, in the place of a stack:
    `['\\Delta W', '=', B, '\\times', A]`. It is verified as the equation that it shows. `\\times` is the
    product of matrices, as two side by side are; `\\sum_{i=1}^{N}` adds what stands behind it; a list
    stands in brackets. `\\to` leads to what becomes of the left side: the same in other factors, or what it
    is after a step."""


class Level(Located, frozen=True, kw_only=True, gc=False):
    """A level through all panels of a row. Elements of a stack and nodes of a flow stand on it by their
    `level`; what has none stands with what is below it."""

    name: Name
    """What elements call it: its key under `levels`."""
    title: Text
    """What stands at its left."""
    note: Text | None = None
    """A smaller line below the title."""
    unverified: Text | None = None
    """Why what is written there cannot be decided."""


class Equations(Located, frozen=True, gc=False):
    """A column of equations. Each must hold in the model of every panel, or of those in `of`."""

    equations: Annotated[tuple[Math | Equation, ...], "not empty"]
    """The equations, from top to bottom."""
    of: tuple[Name, ...] = ()
    """The panels that they speak of, by name; all of them unless given."""


Badge: TypeAlias = Literal["frozen", "lock", "trainable", "data", "model", "adapter", "merge", "save"]
Action: TypeAlias = Literal["load", "freeze", "forward", "train", "save", "load_adapter", "merge", "unmerge"]
Projection: TypeAlias = Literal["q", "k", "v", "o"]


class Inject(Located, frozen=True, gc=False):
    """Puts an adapter beside each of these projections of the attention block."""

    inject: Annotated[tuple[Projection, ...], "not empty"]
    """The projections: of the query, the key, the value and the output."""


class FlowNode(Located, frozen=True, kw_only=True, gc=False):
    """A node of a flow. The key that names its shape takes its symbol, or a list of lines of words:
    `box: W`, `rounded: [Load the model, freeze its weights]`. It has exactly one of these keys.

    A symbol says what the node does: a matrix multiplies what comes in from the left, `W x`, and rows of
    data, an X of `n × d`, from the right where that alone fits, `X W`; `+` adds it, `-` takes all else from
    the first, `\\odot` and `\\times` multiply it entry by entry, a number scales it, a dimension names how
    wide it is, and a vector is what comes in, or an input of the flow where nothing does. A function (`ReLU`,
    `softmax`, one that the model declares) is applied to what comes in: several arrows are its arguments, in
    the order of the edges. A matrix may be brought by one of two arrows, and the other flows through it.
    A matrix that several inputs share has as many arrows out: what the first one brings leaves it along the
    first one, and so on. Nobody knows what words do: what leaves a node of words is not known, unless `apply`
    says it.
    """

    name: Name
    """What edges and groups call it: its key under `nodes`."""
    box: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A box with sharp corners."""
    rounded: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A box with rounded corners."""
    stadium: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A box with round ends."""
    circle: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A circle, as for a sum."""
    diamond: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A diamond, as for a decision."""
    hexagon: Math | Annotated[tuple[Text, ...], "not empty"] | None = None
    """A hexagon, as for a step that prepares."""
    bar: Math | None = None
    """A vector, drawn across the flow as long as its dimension."""
    bottleneck: Annotated[tuple[Math, ...], "two or more"] | None = None
    """Trapezoids in the order in which the data passes them."""
    cells: Math | None = None
    """A vector, drawn across the flow as a row of its entries, beside a group that is copied `over` its size.
    What a copy brings is multiplied by its entry, and the sum of all leaves the row; what else flows into it
    is the vector itself. From a row that no copy feeds, each copy gets its entry."""
    math: Math | None = None
    """What is written on it, where that is more than its symbol."""
    text: tuple[Text, ...] = ()
    """Lines of words on it, above the mathematics."""
    apply: Math | None = None
    """The function that a node of words applies to what comes in: `ReLU`, or one that the model declares."""
    note: Text | None = None
    """A smaller line: in a box below its label, beneath any other shape."""
    sheets: Math | None = None
    """How many of it there are side by side, such as `N`: drawn as sheets behind one another, with `N ×`
    before its note. For a box, a rounded box or a stadium."""
    bits: Cell | None = None
    """In how many bits its entries are kept: drawn as cells, a column for each bit, within a dashed outline
    as wide as the most bits on the figure. For a box with a matrix."""
    badge: Badge | None = None
    """A small picture in its corner. `frozen` (a snowflake), `lock` and `trainable` (a flame) are claims; on
    words, or a function, whose weights the figure says nothing of, they are prose."""
    opens: Name | None = None
    """The panel of the figure that shows what is inside it, by name: a wedge leads from it to that panel,
    which has a frame. What it takes and gives is held to what that panel does."""
    does: Action | Inject | Annotated[tuple[Action | Inject, ...], "not empty"] | None = None
    """The steps of a pipeline that it stands for. They are run, in the order of the edges."""
    level: Name | None = None
    """The level of the figure that it stands on, by name. One that has edges to another of its level alone
    stands at the right of that, a second one at the left."""
    class_: Name | None = None
    """The class that it takes its look from."""
    unverified: Text | None = None
    """Why a claim on it cannot be decided."""

    @property
    def shape(self) -> str:
        """The key that names its shape."""
        return next(shape for shape in SHAPES if getattr(self, shape) is not None)

    @property
    def label(self) -> str | tuple[str, ...]:
        """Its symbol, its symbols in a bottleneck, or its lines of words."""
        label: str | tuple[str, ...] = getattr(self, self.shape)
        return label


SHAPES = ("box", "rounded", "stadium", "circle", "diamond", "hexagon", "bar", "bottleneck", "cells")


class Edge(Located, frozen=True, gc=False):
    """Edges with a label or a look of their own."""

    edge: Chain
    """Nodes or groups, and arrows: `x -> A -> B` or `x -> W, A`."""
    math: Math | None = None
    """What flows along them."""
    text: Text | None = None
    """Words on them."""
    kind: Literal["data", "skip", "gradient", "update", "control", "memory"] = "data"
    """What they are. Data is run, and `skip` is data too: what passes by what is beside it. A `gradient`, the
    `update` of what is trained, a `control` signal or what moves between places of `memory` is not, and may
    lead back."""
    dashed: bool = False
    """Whether their line is dashed. That of a gradient or a control signal is, that of memory is dotted."""
    thick: bool = False
    """Whether their line is twice as thick. A line that is not whole stays thin."""
    class_: Name | None = None
    """The class that they take their colour from."""
    unverified: Text | None = None
    """Why what they say cannot be decided."""


class FlowGroup(Located, frozen=True, kw_only=True, gc=False):
    """Nodes that belong together, in a frame of their own."""

    name: Name
    """What other groups call it: its key under `groups`."""
    of: Annotated[tuple[Name, ...], "not empty"]
    """Its nodes, and the groups within it, by name."""
    title: Text | None = None
    """What stands above them."""
    times: Math | None = None
    """How often what is in it stands one behind the other, such as `L`: written as `L ×` before the title."""
    over: Range | None = None
    """An index and its range, `i = 1..N`: what is in it is there once for each value, side by side, each
    with its index in the place of the letter. The first copies, dots and the last are drawn; all are run. An
    edge to or from it is one of each copy, and between two groups over one index, of each copy to the
    same. A group within it may be there once for each value of another index."""
    frame: bool = True
    """Whether a frame is drawn around it; without one it only holds together what is in it."""
    class_: Name | None = None
    """The class that its frame takes its look from."""


class Look(Located, frozen=True, kw_only=True, gc=False):
    """A class of style. What it does not say is that of the role in `like`, or of a plain box."""

    name: Name
    """What nodes, edges and groups call it: its key under `classes`."""
    like: Literal["plain", "frozen", "adapter", "merged", "activation", "note"] | None = None
    """The role of the palette that it looks like."""
    fill: Colour | None = None
    """The colour of the area."""
    stroke: Colour | None = None
    """The colour of its line."""
    ink: Colour | None = None
    """The colour of its text; black or white, whichever is read better, unless given."""
    dashed: bool = False
    """Whether its line is dashed."""
    title: Text | None = None
    """What the legend calls it. A class without a title is not in the legend."""


class Flow(Located, frozen=True, gc=False):
    """Boxes and arrows. A layered layout places them; there are no coordinates."""

    nodes: Annotated[tuple[FlowNode, ...], "by name"]
    """The nodes, each under its name."""
    edges: tuple[Chain | Edge, ...] = ()
    """The edges, such as `x -> A -> B`. `->` has an arrowhead, `--` has none, `<->` has two. An edge to a
    group leads to what begins in it, an edge from one comes from what ends in it."""
    direction: Literal["right", "down", "left", "up"] = "right"
    """Where the data flows."""
    groups: Annotated[tuple[FlowGroup, ...], "by name"] = ()
    """Groups of nodes, each under its name."""
    classes: Annotated[tuple[Look, ...], "by name"] = ()
    """Classes of style, each under its name."""


class CardRow(Located, frozen=True, gc=False):
    """A line of a card with a look of its own."""

    row: Text
    """What it says."""
    like: Literal["plain", "frozen", "adapter", "merged", "activation", "note"] | None = None
    """The role of the palette whose colour it has."""
    unverified: Text | None = None
    """Why what it says cannot be decided."""


class Card(Located, frozen=True, gc=False):
    """A card beside the figure, with rows that are computed: `$d^2 = \\num{d^2}$`."""

    rows: Annotated[tuple[Text | CardRow, ...], "not empty"]
    """Its lines."""
    title: Text | None = None
    """The line above them."""
    at: Literal["right", "below"] = "right"
    """Where it stands."""


class Function(Located, frozen=True, gc=False):
    """A function of the figure: another name of one that is known, such as `sigmoid` or `GELU`; `entrywise`
    for one that acts by entries; a formula of what it takes, `V \\mapsto \\frac{V}{\\lVert V \\rVert_c}` or
    `q, K \\mapsto K^\\top q`; or the sizes of what it takes and gives, `d -> k`, `d, k -> r` or
    `d × k -> r × k`, of which nothing more is known.

    With `over` it is a family, as symbols are: `f_l: {means: d -> d, over: 'l = 1..L'}`."""

    name: Math
    """Its symbol: its key under `functions`."""
    means: Math
    """What it is."""
    role: Literal["frozen", "trained"] | None = None
    """Whether the weights in it are frozen or trained: what a badge on it says is held to that."""
    over: Range | None = None
    """The index of a family and its range: `f_l` over `l = 1..L` has the members f_1 to f_L."""


class Legend(Located, frozen=True, kw_only=True, gc=False):
    """What the colours, the badges and the kinds of edges mean that are on the figure. It is made from what
    is there: what is frozen, trained or merged, the kinds of edges that are not data, and the classes of
    style that have a title.

    The other keys are words of one's own. With them the legend names activations, plain boxes and data too.
    """

    at: Literal["below", "right", "corner"] = "below"
    """Where it stands: below the figure, at its right, or in a corner that is empty; below if none is."""
    frozen: Text | None = None
    """What is frozen."""
    trained: Text | None = None
    """What is trained."""
    merged: Text | None = None
    """What is merged."""
    activation: Text | None = None
    """Vectors."""
    plain: Text | None = None
    """All else."""
    data: Text | None = None
    """Edges along which data flows."""
    skip: Text | None = None
    """Edges along which data passes by."""
    gradient: Text | None = None
    """Gradients."""
    update: Text | None = None
    """Updates of what is trained."""
    control: Text | None = None
    """Control signals."""
    memory: Text | None = None
    """Moves between places of memory."""
    bit: Text | None = None
    """A cell of a weight that is drawn by its bits."""


if TYPE_CHECKING:
    from lorafig.core.network import Network

    AdapterName: TypeAlias = str
    BuiltIn: TypeAlias = str
else:  # the choices are what the core has, and the files of themes
    AdapterName = Literal[(*ADAPTERS, NO_ADAPTER)]
    BuiltIn = Literal[tuple(PALETTES)]


Role: TypeAlias = Literal["frozen", "trained", "random", "input", "output", "merged"]


class Size(Located, frozen=True, kw_only=True, gc=False):
    """A size of one's own, under its symbol: `N: 8`."""

    name: Math
    """Its symbol: its key."""
    value: Dimension
    """What it is."""


class Symbol(Located, frozen=True, kw_only=True, gc=False):
    """What a symbol of one's own is. One without a shape is a number.

    With `over` it is a family: `A_i` over `i = 1..N` has the members A_1 to A_N, and is called A_i, or by its
    number. One over two indices has both in its name, `A_{i,j}` or `B_i^{(l)}`.
    """

    name: Math
    """The symbol: its key, as labels write it."""
    shape: tuple[Math | Dimension, ...] = ()
    """Its sizes, rows first: names of sizes, or numbers. One is a vector."""
    role: Role | None = None
    """What it is: frozen, trained, random (drawn once and frozen), input, output or merged."""
    start: Literal[0, 1] | Math | None = None
    """What it holds before training: 0, 1, a distribution, `\\mathcal{N}(0, \\sigma^2)`, or what it is made
    of, `U_{[:, :r]}`."""
    bits: Cell | None = None
    """In how many bits each of its entries is kept: what is drawn and said of that is held to it."""
    over: Range | None = None
    """The index of a family and its range: `i = 1..N`; or several, `i = 1..N, l = 1..L`."""


class Model(Located, frozen=True, gc=False):
    """What the symbols of the figure mean, by the adapter. Those of LoRA: h = W x + s B A x with x: k,
    W: d × k, A: r × k, B: d × r.

    k is d unless given. What counts d, k or r needs the size: where the model does not give it, nothing can
    decide such a number, and the layer is drawn in the proportions of a usual one. The scaling s is alpha / r
    (Hu et al., 2021, section 4.1; alpha / √r for rsLoRA) where `alpha` is given, and 1 where it is not.

    With a `network`, d and k are those of its `targets`; where these have several shapes, of the first
    that is square, and d and k say which other one is drawn. Further symbols then have values: n_layers
    (or L), d_model, d_ff, n_heads, n_kv, d_head, n_vocab, n_experts, as far as the network has one such
    number; n_params, all its parameters without the adapters'; and with targets n_adapted, the number of
    weights with an adapter, and n_trained, the parameters of all these adapters. BERT, RoBERTa, DeBERTa are
    counted without a head, language models with theirs.
    """

    adapter: AdapterName = "lora"
    """The method that gives the symbols their meaning; with `none`, only what is declared has one."""
    d: Dimension | None = None
    """Size of the output h."""
    k: Dimension | None = None
    """Size of the input x; d unless given."""
    r: Dimension | None = None
    """Rank of the update."""
    alpha: Positive | None = None
    """Numerator of the scaling alpha / r."""
    sizes: Annotated[tuple[Size, ...], "by symbol"] = ()
    """Further sizes by their symbols: `{N: 8, L: 32}`. They may stand wherever d and r may."""
    symbols: Annotated[tuple[Symbol, ...], "by symbol"] = ()
    """Further symbols, each with its shape, role and start: `{W_g: {shape: [N, d], role: trained}}`."""
    let: tuple[Math, ...] = ()
    """Equations that define further symbols, in any order: `h_2 = W_2 h`. One may declare a shape
    (`P \\in \\mathbb{R}^{r \\times d}`) or a size (`L = 32`), or say what an output, or a symbol without a
    role, of `symbols` is: it keeps its shape."""
    given: tuple[Math, ...] = ()
    """Equations that are taken as true, and reported so: `P^\\top P = I`, `U \\Sigma V^\\top = W`."""
    functions: Annotated[tuple[Function, ...], "by symbol"] = ()
    """Functions that the figure declares, each under its symbol: `{\\sigma: sigmoid, f: d -> k}`."""
    network: NetworkName | None = None
    """The network that W is of: `llama-3-8b`, or a `config.json` in the folder of the spec."""
    targets: tuple[Target, ...] = ()
    """Its modules with an adapter beside them, by name as PEFT has it: `q_proj`; or `all-linear`."""


class Scope(Located, frozen=True, kw_only=True, gc=False):
    """What the symbols of one panel mean. What it does not say is as the figure's `model` has it; its `let`
    comes after the figure's. An equation of the figure's `let` that has no meaning in the panel's model,
    `W' = W + BA` beside BitFit, is not known there.

    A size that it gives stays as it is where the figure's own is moved on the interactive page.
    """

    adapter: AdapterName | None = None
    """The method that gives the symbols their meaning."""
    d: Dimension | None = None
    """Size of the output h."""
    k: Dimension | None = None
    """Size of the input x."""
    r: Dimension | None = None
    """Rank of the update."""
    alpha: Positive | None = None
    """Numerator of the scaling alpha / r."""
    sizes: Annotated[tuple[Size, ...], "by symbol"] = ()
    """Further sizes of the panel by their symbols."""
    symbols: Annotated[tuple[Symbol, ...], "by symbol"] = ()
    """Further symbols of the panel, each with its shape, role and start."""
    let: tuple[Math, ...] = ()
    """Equations that define further symbols of the panel."""
    functions: Annotated[tuple[Function, ...], "by symbol"] = ()
    """Functions of the panel, beside those of the figure."""
    given: tuple[Math, ...] = ()
    """Equations that are taken as true on the panel, beside those of the figure."""


class Slider(Located, frozen=True, kw_only=True, gc=False):
    """A slider: a whole number from `min` to `max`."""

    min: Dimension
    """The least value."""
    max: Dimension
    """The greatest value."""
    start: Dimension | None = None
    """Where it stands at first; at the value in `model` unless given. It is the d or r of a model without."""
    step: Dimension = 1
    """From one value to the next, counted from `min`."""


class SizeSlider(Slider, frozen=True, kw_only=True, gc=False):
    """A slider of a size of one's own, under its symbol: `N: {min: 1, max: 16}`."""

    name: Math
    """Its symbol: its key."""


class Controls(Located, frozen=True, gc=False):
    """What a reader can move on the interactive page (`-f html`). Every number, shape and verdict on it
    is computed again at each setting; what no longer holds is marked as false."""

    r: Slider | None = None
    """A slider for the rank."""
    d: Slider | None = None
    """A slider for the size of the output; of the input too where `model` gives no k."""
    k: Slider | None = None
    """A slider for the size of the input. `model` must give k, so that the figure tells it from d."""
    alpha: Slider | None = None
    """A slider for the numerator of the scaling. `model` must give alpha, so that the figure writes it."""
    adapter: Annotated[tuple[AdapterName, ...], "two or more"] = ()
    """Methods to choose from; the first is that of `model`."""
    scheme: Annotated[tuple[Literal["standard", "rank-stabilised", "none"], ...], "two or more"] = ()
    """Scalings of LoRA to choose from: alpha / r, alpha / √r (rsLoRA), and none (s = 1)."""
    mode: Annotated[tuple[Literal["training", "merged"], ...], "two or more"] = ()
    """Shows the panels of training, with A and B, and those of the merged weight in turn."""
    sizes: Annotated[tuple[SizeSlider, ...], "rest"] = ()
    """A slider for a size of `model.sizes`, under its symbol."""


class Setting(Located, frozen=True, gc=False):
    """Values of the dimensions, in place of those of `model`."""

    r: Dimension | None = None
    """The rank."""
    d: Dimension | None = None
    """The size of the output."""
    k: Dimension | None = None
    """The size of the input."""
    alpha: Positive | None = None
    """The numerator of the scaling."""
    sizes: Annotated[tuple[Size, ...], "rest"] = ()
    """A size of `model.sizes`, under its symbol."""


class Activity(Located, frozen=True, gc=False):
    """Something to do or to answer. Numbers in the answer are computed: `$\\num{2dr}$`."""

    ask: Text
    """What is asked."""
    answer: Text | None = None
    """What comes out, shown when the reader opens it."""
    at: Setting | None = None
    """The setting that the answer is about; a button of the page goes there."""


class Lesson(Located, frozen=True, gc=False):
    """A lesson beside the interactive figure. What it says is verified as every label is."""

    objectives: tuple[Text, ...] = ()
    """What a reader can do afterwards."""
    activities: tuple[Text | Activity, ...] = ()
    """What to try on the page."""
    questions: tuple[Text | Activity, ...] = ()
    """What to answer at the end."""


class Numbers(Located, frozen=True, gc=False):
    """How numbers on the figure are read."""

    rounding: Literal["nearest", "down"] = "nearest"
    """Whether 65,536 reads 66K (nearest) or 65K (down)."""
    kilo: Literal[1000, 1024] = 1000
    """What K stands for; M, B and T are its powers."""


class ThemeChoice(Located, frozen=True, gc=False):
    """A palette by name or from a theme file, the size of the text in points, and the font of words."""

    palette: PaletteName = DEFAULT
    """The colours: a palette's name, or the path of a theme file in the spec's folder, `mine.yaml`."""
    font_size: FontSize = 8.5
    """Size of the labels in points (72.27 an inch)."""
    font: Literal["sans", "serif"] | None = None
    """The font of words; mathematics is serif. `sans` unless it says otherwise, but TikZ has the document's
    font where nothing is said."""

    @property
    def words(self) -> Literal["sans", "serif"]:
        """The font of words where nobody else decides."""
        return "sans" if self.font is None else self.font


class Colours(Located, frozen=True, kw_only=True, gc=False):
    """The colours of a role in a theme file. What is not given is that of the theme that it is like."""

    fill: Colour | None = None
    """Of its areas."""
    line: Colour | None = None
    """Of their edges, its badges and its lines."""
    text: Colour | None = None
    """Of what is written on them."""


class Inks(Located, frozen=True, kw_only=True, gc=False):
    """The colours of a theme file on dark pages. What is not given is that of the dark theme beside the one
    that it is like: of `paper-dark` beside `paper`."""

    frozen: Colours | None = None
    """What is frozen."""
    trained: Colours | None = None
    """What is trained: the adapter."""
    merged: Colours | None = None
    """What is merged."""
    activation: Colours | None = None
    """Vectors."""
    plain: Colours | None = None
    """All else; as activations, where these are given and this is not."""
    text: Colour | None = None
    """Words and equations on the page itself."""
    note: Colour | None = None
    """Notes, captions and labels of lines."""
    wire: Colour | None = None
    """Arrows and braces."""
    ground: Colour | None = None
    """What the figure lies on; nothing, unless the theme that it is like has a ground."""


class Theme(Inks, frozen=True, kw_only=True, gc=False):
    """A theme file: it says what differs from a theme that there is."""

    like: BuiltIn = DEFAULT
    """The theme that holds where this one says nothing."""
    dark: Inks | None = None
    """Its colours on dark pages, for pictures that follow the page; without it there are none."""
    line: LineWidth | None = None
    """How thick lines are, in points."""
    hairline: LineWidth | None = None
    """How thick the lines of grids are, in points."""
    corner: Corner | None = None
    """The radius of corners, in points."""
    unit: Unit | None = None
    """What gaps and heights are counted in, in points where labels have 8.5 pt: 4, or more for more room."""
    font: Literal["sans", "serif"] | None = None
    """The font of words, where the spec says nothing."""
    font_size: FontSize | None = None
    """Size of the labels in points, where the spec says nothing."""


class About(Located, frozen=True, gc=False):
    """Where the figure comes from and what it is for."""

    after: Text | None = None
    """The work that the figure is drawn after."""
    shows: Text | None = None
    """What the figure shows, in a sentence or two."""
    tags: tuple[Text, ...] = ()
    """Words to find it by."""
    domain: Text | None = None
    """The field that it belongs to."""
    venue: tuple[Text, ...] = ()
    """Where figures like it are published."""
    license: Text | None = None
    """Its licence, as an SPDX name."""
    author: Text | None = None
    """Who made it."""
    when: Text | None = None
    """When to use it."""
    adapt: Text | None = None
    """How to make it one's own."""
    concepts: tuple[Text, ...] = ()
    """The key ideas that it shows."""
    requires: tuple[Text, ...] = ()
    """Packages of TeX that its TikZ needs beside TikZ itself."""


class Figure(Located, frozen=True, gc=False):
    """A figure spec: one file, one figure. Exactly one of `row`, `stack`,
    `flow` and `product` says what is on it."""

    def __repr__(self) -> str:
        return f"<lorafig.language.Figure {self.id!s}: {self.title!s}>"

    def lines(self, count: int) -> tuple[int, ...]:
        """How many of `count` parts of the row stand in each of its lines, from top to bottom."""
        if isinstance(self.wrap, tuple):
            return self.wrap
        each = count if self.wrap is None else self.wrap
        return tuple([min(each, count - start) for start in range(0, count, each)]) if count else (0,)

    id: Name
    """Its name: the output is written to files of this name."""
    title: Text
    """What the figure is called, for those who cannot see it too."""
    lorafig: Literal[1] = 1
    """The version of the language."""
    model: Model = Model()
    """What the symbols mean."""
    theme: ThemeChoice = ThemeChoice()
    """How it looks."""
    numbers: Numbers = Numbers()
    """How its numbers are read."""
    about: About = About()
    """Where it comes from."""
    row: Annotated[tuple[Panel | Equations, ...], "not empty"] = ()
    """Panels and equations, from left to right."""
    width: WidthText | None = None
    """How wide the figure may be: `3.25in`, `8.5cm`, `0.48\\linewidth`. It is composed anew for that, with
    smaller text if need be, and never scaled. Parts of a document's width are those of `--venue`, else of
    LaTeX's article, 345 pt."""
    wrap: Columns | Annotated[tuple[Columns, ...], "two or more"] | None = None
    """How many of them stand side by side, before the next ones begin below them: `2` for columns of two
    lines or more, `[1, 2]` for one above two, each line about the middle of all."""
    align: bool = True
    """Whether what is alike stands level in all stacks of the row: weights, bottlenecks, sums, in their
    order. What has a `level` always does."""
    levels: Annotated[tuple[Level, ...], "by name"] = ()
    """Levels that go through all panels of the row, from bottom to top: labels at the left, and hairlines
    between them."""
    stack: Annotated[tuple[StackElement, ...], "not empty"] = ()
    """The elements of a figure of one panel, in the order in which the data flows."""
    flow: Flow | None = None
    """Boxes and arrows."""
    product: Annotated[
        tuple[
            ProductSign | Math | Factor | Annotated[tuple[ProductSign | Math | Factor, ...], "two or more"],
            ...,
        ],
        "not empty",
    ] = ()
    """Matrices to scale, with signs between them."""
    proportion: Literal["root", "log", "linear"] = "root"
    """How long a side is drawn that stands for a dimension n, where the longest stands for m: `root`, the
    fourth root of n / m of its length; `log`, on a logarithmic scale; `linear`, n / m of it."""
    card: Card | None = None
    """A card beside it."""
    caption: Text | None = None
    """A line below the figure."""
    show_title: bool = False
    """Whether its title stands on the figure, above all else."""
    legend: bool | Legend = False
    """A legend, made from what is on the figure; `true` puts it below."""
    controls: Controls | None = None
    """What can be moved on its interactive page."""
    lesson: Lesson | None = None
    """What is taught with it, on its interactive page."""
    strict: bool = False
    """Whether it fails on texts that are prose, which claim nothing that could be checked."""
    unverified: Text | None = None
    """Why what the figure claims as a whole cannot be decided."""
    marks: bool = False
    """Whether a dagger stands at what is `unverified`, and its reason below the figure."""
