"""What cannot stand together in one object, as far as a schema can say it: a table from class to rows.

The reader and the JSON Schema both go by these rows, so that they agree. What needs more than the object
itself (names that there are, sizes, the order of levels) is a rule of `rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from lorafig.language import model
from lorafig.language.fields import (
    AnyOf,
    Branch,
    Condition,
    Element,
    Entry,
    Given,
    Inside,
    Is,
    Length,
    Not,
    Path,
    Schema,
    Symbol,
    value_at,
)
from lorafig.language.messages import Finding, listing

# Of these keys an object has exactly one.
ONE_OF: dict[type, tuple[str, ...]] = {
    model.Figure: ("row", "stack", "flow", "product"),
    model.Panel: ("stack", "flow", "product"),
    model.FlowNode: model.SHAPES,
}
_SHEETS = ("box", "rounded", "stadium")
_SKIP = "put it into a split by itself: split: [W, skip]"
_LEVEL = "give it to the split: level: VALUE"
_REPEAT = "put it into a split as a branch by itself: split: [{square: W}, {repeat: [...], over: 'i = 1..N'}]"


class Row(Struct, frozen=True):
    """What cannot be, what is wrong with it, and what to do. It is told at `at`, else at what makes it so.
    VALUE in the hint stands for what is written there."""

    when: Condition
    what: str
    hint: str
    at: Path | None = None


def findings(cls: type, values: dict[str, Any]) -> Iterator[Finding]:
    """What cannot stand together in an object of the class; `values` are the fields that could be read."""
    for row in TOGETHER.get(cls, ()):
        path = row.when.found(values)
        if path is not None:
            hint = row.hint.replace("VALUE", str(value_at(values, path)))
            yield path if row.at is None else row.at, row.what, hint


def schemas(cls: type) -> Iterator[Schema]:
    """The same, and that there is one of ONE_OF, as parts of a schema."""
    if cls in ONE_OF:
        yield {"oneOf": [{"required": [key]} for key in ONE_OF[cls]]}
    yield from ({"not": row.when.schema()} for row in TOGETHER.get(cls, ()))


def _alone(key: str, branch: bool = False) -> tuple[Row, ...]:
    """A skip among others changes nothing there: it is a branch by itself. So is what is repeated."""
    skip, repeat = (
        Branch(Element(cls), least=2, alone=False) if branch else Element(cls)
        for cls in (model.Skip, model.Repeat)
    )
    return (
        Row(Inside(key, skip), "a skip that is not a branch of a split", _SKIP),
        Row(Inside(key, repeat), "a repeat that is not a branch of a split", _REPEAT),
    )


def _level(of: Condition) -> Row:
    """An arrow goes from one level to another."""
    return Row(of, "a level on an arrow, which goes from one to another", "give it to what it leads to")


_ON_FACTOR = tuple(
    Row(
        Inside("brace", Given(side)),
        f"'{side}' in the brace of an element",
        f"write side: {side}; '{side}' names a part of an equation",
    )
    for side in ("under", "over")
)
_ON_ELEMENT = (
    *_ON_FACTOR,
    *(
        Row(
            Inside("brace", Is("side", (side,))),
            f"a brace on the {side} of an element of a stack",
            "write side: over or under; the matrices of a product have braces on all sides",
        )
        for side in ("left", "right")
    ),
)
_ROWS, _COLUMNS = Given("rows") & Not(Given("columns")), Given("columns") & Not(Given("rows"))
_BOTH = Given("rows") & Given("columns")


def _blocks(one: Condition, other: Condition) -> Condition:
    return Inside("blocks", one) & Inside("blocks", other)


# What is marked is told by the cells; a grid leaves no room for blocks.
_MATRIX = (
    *_ON_FACTOR,
    *(
        Row(
            Given(key) & Not(Given("cells")),
            f"'{key}' on a matrix without cells",
            "say how many there are: cells: {rows: 8, columns: 8}",
            at=(key,),
        )
        for key in ("crossed", "shaded")
    ),
    Row(Given("cells") & Given("blocks"), "'blocks' and 'cells' on one matrix", "leave one of them out"),
    Row(
        AnyOf((_blocks(_ROWS, _COLUMNS), _blocks(_ROWS, _BOTH), _blocks(_COLUMNS, _BOTH))),
        "blocks of rows beside blocks of columns",
        "give all of them rows, or all of them columns, or both to all for a diagonal",
        at=("blocks",),
    ),
)
_SPANS = "name the part it spans: {under: 'W + BA', label: W'}"

TOGETHER: dict[type, tuple[Row, ...]] = {
    model.Figure: (
        *_alone("stack"),
        Row(
            Given("levels") & Given("wrap"),
            "levels in a row that wraps",
            "leave out 'wrap', or give each line a figure",
            at=("levels",),
        ),
    ),
    model.Panel: _alone("stack"),
    model.Split: (
        *_alone("split", branch=True),
        Row(Inside("split", Branch(Given("level"))), "a level inside a split", _LEVEL),
    ),
    model.Repeat: (
        *_alone("repeat"),
        Row(Inside("repeat", Given("level")), "a level inside a split", _LEVEL),
    ),
    model.Bar: (
        *_ON_ELEMENT,
        Row(
            Is("span", (True,)) & Given("brace"),
            "a brace on a bar that spans its panel",
            "its width then stands for no dimension: leave out one of 'span' and 'brace'",
        ),
    ),
    model.Square: _ON_ELEMENT,
    model.Trapezoid: _ON_ELEMENT,
    model.Bottleneck: _ON_ELEMENT,
    model.Arrow: (_level(Given("level")),),
    model.Sum: (
        Row(
            Is("sum", ("arrows",)) & Is("as", ("bars",)),
            "a sum of arrows drawn as bars",
            "list the terms: sum: [Wx, BAx]",
        ),
        _level((Is("sum", ("arrows",)) | Is("as", ("arrows",))) & Given("level")),
    ),
    model.Matrix: _MATRIX,
    model.Vector: _MATRIX,
    model.Cells: (
        Row(Length("of", 2), "sizes of a cell that are not two", "give its rows and its columns: of: [r, r]"),
    ),
    model.Marks: (
        Row(
            Inside("entries", Entry(2)),
            "an entry that is not a row and a column",
            "give its row and its column: [1, 2]",
        ),
    ),
    model.Block: (
        Row(
            Not(Given("rows") | Given("columns")),
            "a block of no size",
            "give its rows, or its columns: {block: W_q, rows: d}",
        ),
    ),
    model.Equation: (
        Row(
            Inside("brace", Given("side")),
            "'side' in the brace of an equation",
            "write under: or over: the part it spans",
        ),
        Row(
            Inside("brace", Not(Given("under") | Given("over") | Given("side"))),
            "neither 'under' nor 'over' in the brace of an equation",
            _SPANS,
        ),
        Row(
            Inside("brace", Given("under") & Given("over")),
            "both 'under' and 'over' in the brace of an equation",
            _SPANS,
        ),
    ),
    model.Edge: (
        Row(
            Given("math") & Given("text"),
            "'math' and 'text' on one edge",
            "put the mathematics of a text between $…$",
        ),
    ),
    model.FlowGroup: (
        Row(
            Is("frame", (False,)) & (Given("title") | Given("times") | Given("class")),
            "a title, or a look, and no frame",
            "leave out one of them",
            at=("frame",),
        ),
    ),
    model.FlowNode: (
        *(
            Row(
                Given(shape) & Given("sheets"),
                f"sheets behind a {shape}",
                f"sheets stand behind one of {listing(_SHEETS)}",
            )
            for shape in model.SHAPES
            if shape not in _SHEETS
        ),
        *(
            Row(
                Symbol(shape) & Given("apply"),
                "'apply' on a node with a symbol: the symbol says what it does",
                f"leave it out, or write words: {shape}: [Nonlinearity]",
            )
            for shape in model.SHAPES
        ),
        *(
            Row(
                Given("cells") & Given(key),
                f"'{key}' on a row of cells: its entries stand on it",
                "write it as a note",
            )
            for key in ("math", "text", "badge")
        ),
        Row(
            Given("bits") & Not(Symbol("box")),
            "bits of what is not a box with a matrix",
            "write the matrix: box: W",
            at=("bits",),
        ),
        *(
            Row(
                Given("bits") & Given(key),
                f"'{key}' on a weight that is drawn by its bits",
                "leave it out, or write a note",
            )
            for key in ("text", "sheets")
        ),
    ),
}
