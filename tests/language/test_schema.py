# ruff: noqa: E501
"""The schema says what the reader says: on the gallery, on single mistakes, and on random ones."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lorafig import language
from lorafig.errors import LorafigError
from lorafig.language import kinds, model
from lorafig.language.convert import Conversion
from lorafig.language.docs import class_docs
from lorafig.language.kinds import Record
from lorafig.language.load import _Plain
from lorafig.language.reference import SECTIONS, reference
from lorafig.language.schema import schema
from lorafig.language.write import to_data
from lorafig.resources import gallery
from lorafig.themes.palettes import PALETTES
from tests.language.test_load import FIGURE, SPEC

VALIDATOR = Draft202012Validator(schema())

# Uniqueness and counts are beyond a schema, and what depends on another place of the file.
BEYOND = re.compile(
    r"the name '.*' is taken|\d+ labels for \d+ parts|is in the group '"
    r"|is inside itself|' is a node too|more than [0-9,]+ edges"
    r"|nothing in the group|in it too|indices for what is repeated|and no frame|which has no frame"
    r"|is what a copy of|nothing stands on the level|two elements of one stack|the level '.*' above"
    r"|nothing that is repeated has|a sign stands between two matrices|' at the end$|' in brackets$"
    r"|' beside each other$|of a grid of \d+ × \d+ cells|a sum of terms over branches"
)


class Reader(Conversion):
    """The reader without the notation: how a label is written is no matter of the schema."""

    def parsed(self, node: Any, source: model.Source, form: str) -> model.Source:
        return source


def accepts(data: Any) -> bool:
    reader = Reader()
    try:
        reader.record(_Plain().node(data, "", 1), Record(model.Figure))
    except LorafigError:
        assume(False)  # an index is looked for in a label that is no mathematics
    seen = [problem for problem in reader.problems if problem.code != "unknown-name"]
    return not [problem for problem in seen if BEYOND.search(problem.what) is None]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", gallery().values(), ids=gallery())
def test_the_gallery_is_valid(path: str) -> None:
    assert list(VALIDATOR.iter_errors(to_data(language.load(path)))) == []


def test_everything_is_described() -> None:
    definitions = schema()["$defs"]
    docs = class_docs()
    for name, definition in definitions.items():
        assert definition["description"], name
        for key, value in definition.get("properties", {}).items():
            assert value.get("description"), f"{name}.{key}"
    assert docs["Trapezoid"].fields["from_"].startswith("The dimension")


def test_defaults_and_limits() -> None:
    definitions = schema()["$defs"]
    assert definitions["Slider"]["properties"]["step"] == {
        "description": "From one value to the next, counted from `min`.",
        "type": "integer",
        "minimum": 1,
        "maximum": 2**40,
        "default": 1,
    }
    assert "default" not in definitions["Model"]["properties"]["d"]  # a size that nobody gives is not known
    named, path = definitions["ThemeChoice"]["properties"]["palette"]["anyOf"]
    assert named == {"enum": list(PALETTES)}
    assert re.search(path["pattern"], "mine.yaml")
    assert not any(re.search(path["pattern"], name) for name in PALETTES)


def test_that_of_themes() -> None:
    theme = schema("theme")
    Draft202012Validator.check_schema(theme)
    valid = Draft202012Validator(theme).is_valid
    assert valid({"like": "paper", "frozen": {"fill": "#FFF"}, "line": 1})
    assert not any(map(valid, ({"like": "none"}, {"adapter": {}}, {"line": 9}, {"frozen": {"fill": "red"}})))


BASES: tuple[Any, ...] = (
    to_data(FIGURE),
    {
        "id": "b",
        "title": "B",
        "stack": [
            "arrow",
            {"arrow": None},
            {"bar": "x", "span": True},
            {"bar": "x", "brace": "d"},
            {"square": "W", "brace": {"label": "d", "side": "under"}},
            {"trapezoid": "A", "from": "d", "to": "r", "brace": {"label": "r"}},
            {"split": [{"square": "W"}, ["arrow", {"bottleneck": ["A", {"trapezoid": "B"}], "math": "A"}]]},
            {"sum": "arrows", "as": "arrows"},
        ],
        "numbers": {"rounding": "down", "kilo": 1024},
        "model": {"alpha": 16.0},
    },
    {
        "id": "c",
        "title": "C",
        "row": [{"equations": [{"math": "h = Wx", "brace": [{"under": "W", "label": "a"}, {"over": "x", "label": "b"}]}]}],
    },
)  # fmt: skip

FLOW: Any = {
    "id": "f",
    "title": "F",
    "flow": {
        "direction": "right",
        "nodes": {
            "x": {"bar": "x", "note": "Input", "badge": "data"},
            "W": {"box": "W", "math": "W", "text": "Weights", "class": "out", "does": "load"},
            "low": {"bottleneck": ["A", "B"], "unverified": "u"},
            "go": {"rounded": ["Load", "freeze"], "does": ["load", {"inject": ["q", "v"]}]},
            "ask": {"diamond": ["Good?"], "does": {"inject": ["o"]}},
        },
        "edges": ["x -> W, low -> go", {"edge": "go -- ask", "text": "t", "dashed": True, "class": "out"}],
        "groups": {"inner": {"of": ["W", "low"], "title": "T", "class": "out"}, "outer": {"of": ["inner"]}},
        "classes": {
            "out": {"like": "merged", "fill": "#fff", "stroke": "#0072B2", "ink": "#111111", "dashed": True}
        },
    },
    "card": {"title": "P", "rows": ["a", {"row": "b", "like": "adapter", "unverified": "u"}]},
}
PANELS: Any = {
    "id": "p",
    "title": "P",
    "row": [
        {"panel": "P", "flow": {"nodes": {"x": {"stadium": "x"}}}},
        {"stack": ["arrow", {"scale": "a", "math": "b"}]},
    ],
}
LEVELS: Any = {
    "id": "l",
    "title": "L",
    "levels": {"in": "Input", "out": {"title": "Output", "note": "n"}},
    "row": [
        {
            "stack": [
                {"bar": "x", "level": "in"},
                {
                    "split": [
                        {"square": "W"},
                        "skip",
                        [{"square": "W"}, "arrow"],
                        {
                            "repeat": [{"square": "A_i"}, {"split": [["skip"], {"bias": "b"}]}],
                            "over": "i = 1..3",
                        },
                    ]
                },
                {"sum": "arrows"},
                {"apply": "ReLU", "text": ["a"], "level": "out"},
            ]
        }
    ],
}
PRODUCT: Any = {
    "id": "m",
    "title": "M",
    "product": [
        {
            "matrix": "W",
            "cells": {"rows": 4, "columns": 4, "of": ["r", 2], "excerpt": True},
            "crossed": {"rows": [1], "entries": [[1, 2]], "columns": 3},
            "brace": [{"label": "d", "side": "left"}, {"label": "r"}],
        },
        "=",
        {"matrix": "B", "blocks": [{"block": "B_1", "rows": "d"}, {"block": "B_2", "rows": "r"}]},
        ["x", "+", {"vector": "x", "cells": "all", "shaded": {"diagonal": [1]}}],
    ],
}
LOOKS: Any = {
    "id": "k",
    "title": "K",
    "flow": {
        "nodes": {
            "W": {"box": "W", "bits": 4, "badge": "frozen"},
            "n": {"rounded": "n", "sheets": "N"},
            "c": {"cells": "g", "note": "n"},
            "f": {"stadium": ["F"], "apply": "f"},
        },
        "groups": {"g": {"of": ["W"], "frame": False}, "o": {"of": ["n"], "title": "T"}},
    },
}
BASES = (*BASES, FLOW, PANELS, LEVELS, PRODUCT, LOOKS)

VALUES = st.sampled_from(
    [
        None, True, False, 0, 1, -1, 8, 1000, 8.0, 8.5, 4.9, 25, 2**40, 2**40 + 1, "", " ", "x", "arrow", "arrows",
        "bars", "dark", "A\tB", "x" * 2000, "../x", "n" * 65, [], ["x"], ["x", "y"], [[]], ["arrow"], {}, [{}],
        {"bar": "x"}, [{"bar": "x"}], {"label": "r"}, {"label": "r", "under": "W"}, {"bar": "x", "sum": ["a"]},
        "x -> W", "x->W", "x -> W, low -> go", "x <-> W -- go", "x", "x ->", "-> x", "x -> -> W", "x,, W -> go", "x => W",
        "a- -> b", "a--b", " x -> W ", "x ->\tW", "#fff", "#FFFF", "#0072B2", "red", "right", {"x": {"box": "x"}}, {"x": {}},
        {"a-": {"box": "x"}}, {"a_b": {"box": "x"}}, {"of": ["x"]}, {"inject": ["q"]}, {"edge": "x -> W", "math": "a", "text": "b"},
        {"box": "x", "circle": "y"}, {"box": None}, ["load", "load"], "load", "frozen", {"row": "a"},
        {"label": "r", "side": "left"}, {"label": "r", "over": "W"}, "skip", ["skip"], ["skip", "arrow"], "all", "in", 4,
        {"rows": 2, "columns": 2}, {"rows": [1]}, [[1, 2], [1]], [1, 2, 3], [{"block": "B"}], [{"block": "B", "columns": "r"}],
        [{"block": "B", "columns": "r"}, {"block": "B", "rows": "r", "columns": "r"}], {"repeat": ["skip"], "over": "i = 1..3"},
    ]
)  # fmt: skip
KEYS = sorted(
    {"", "foo"} | {field.key for _, classes in SECTIONS for cls in classes for field in kinds.fields(cls)}
)


def spots(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all values in plain data."""
    inner: list[tuple[Any, ...]] = []
    if isinstance(data, dict):
        inner = [spot for key, value in data.items() for spot in spots(value, (*path, key))]
    elif isinstance(data, list):
        inner = [spot for index, value in enumerate(data) for spot in spots(value, (*path, index))]
    return [path, *inner]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    data = copy.deepcopy(draw(st.sampled_from(BASES)))
    for _ in range(draw(st.integers(1, 2))):
        *path, last = draw(st.sampled_from([spot for spot in spots(data) if spot]))
        holder = data
        for step in path:
            holder = holder[step]
        change = draw(st.sampled_from(["replace", "replace", "remove", "move", "add", "repeat"]))
        if change == "replace":
            holder[last] = copy.deepcopy(draw(VALUES))
        elif change == "remove":
            del holder[last]
        elif change == "repeat" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        elif change == "move" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = holder.pop(last)
        elif isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(VALUES))
    return data


@settings(deadline=None, max_examples=600)
@given(mutated())
def test_the_reader_accepts_what_the_schema_accepts(data: Any) -> None:
    assert accepts(data) == VALIDATOR.is_valid(data)


def test_the_bases_are_accepted() -> None:
    for data in BASES:
        assert accepts(data)
        assert VALIDATOR.is_valid(data)
        assert language.from_data(data) == language.loads(language.dump(language.from_data(data)))
    assert accepts(to_data(language.loads(SPEC)))


def test_the_reference_has_every_class_and_field() -> None:
    text = reference()
    told = {cls for _, classes in SECTIONS for cls in classes}
    assert told == {value for value in vars(model).values() if isinstance(value, type) and issubclass(value, model.Located)} - {
        model.Located,
        model.Element,
    }  # fmt: skip
    for cls in told:
        for field in kinds.fields(cls):
            assert f"| `{field.key}` | " in text


def test_the_reference_in_docs_is_the_one_of_the_classes() -> None:
    path = Path(__file__).parents[2] / "docs" / "language.md"
    assert path.read_text(encoding="utf-8") == reference(), "run 'make docs'"
