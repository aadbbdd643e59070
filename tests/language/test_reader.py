"""The reader of YAML: its two parsers agree, and what they would read each in its own way is settled."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.language import reader
from lorafig.language.nodes import Mapping, Node, Scalar, Sequence

PIECES = (
    *"aW0.:-,#'\"\\[]{}&*!|>%@`~= \n\té𝒩", "- ", ": ", " #", "\n  ", "\n- ", "\n  - ", "\n---\n", "\n...\n",
    "|-\n  ", ">+\n  ", "''", '""', "null", "0o17", "1e3", "\\n", "\\u0041", "\\ud835", "\\U0001d4a9",
    "\\x41", "\\/", "\\_", "\\\n", "<<",
)  # fmt: skip


def read(text: str, fast: bool) -> str:
    with pytest.MonkeyPatch.context() as patch:
        if not fast:
            patch.setattr(reader, "_FAST", yaml.SafeLoader)
        try:
            return repr(reader.compose(text, "s.yaml"))
        except LorafigError as error:
            return f"{error.kind}: {error}"


@settings(deadline=None, max_examples=400)
@given(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.sampled_from(["{}", "id: a\nt: {}\nz: b\n", "t: '{}'\n", 't: "{}"\n', '{{"id": {}, "b": "c"}}']),
)
def test_the_two_parsers_agree(text: str, around: str) -> None:
    whole = around.format(text)
    fast, slow = read(whole, True), read(whole, False)
    if fast != slow and fast.startswith(("spec", "limit")) and slow.startswith(("spec", "limit")):
        return  # what is refused in two places may be told of either
    if "---" in whole and "value=None" in fast:
        return  # a document of nothing is nothing, wherever it stands
    assert fast == slow


def plain(node: Node) -> object:
    match node:
        case Scalar(value=value):
            return value
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {key.raw: plain(value) for key, value in entries.values()}


# What parsers of YAML 1.1, of 1.2 and of JSON do not read alike.
TRAPS: dict[str, object] = {
    "a: W:x": {"a": "W:x"},
    "a: x#y": {"a": "x#y"},
    "a: x #y": {"a": "x"},
    "a: [W:x, y#z]": {"a": ["W:x", "y#z"]},
    "a: 12:30": {"a": "12:30"},
    "a: 0o17": {"a": 15},
    "a: 017": {"a": 17},
    "a: 0x1F": {"a": 31},
    "a: 0b1": {"a": "0b1"},
    "a: 1_000": {"a": "1_000"},
    "a: +1": {"a": 1},
    "a: 1e3": {"a": 1000.0},
    "a: .5": {"a": 0.5},
    "a: 5.": {"a": 5.0},
    "a: .": {"a": "."},
    "a: +": {"a": "+"},
    "a: e5": {"a": "e5"},
    "a: ٣": {"a": "٣"},
    "a: ²": {"a": "²"},
    "a: -.INF": {"a": float("-inf")},
    "a: .Inf": {"a": float("inf")},
    "a: inf": {"a": "inf"},
    "a: yes": {"a": "yes"},
    "a: no": {"a": "no"},
    "a: TRUE": {"a": True},
    "a: tRUE": {"a": "tRUE"},
    "a: NULL": {"a": None},
    "a: 2001-01-01": {"a": "2001-01-01"},
    "a: =": {"a": "="},
    "a: 'it''s'": {"a": "it's"},
    'a: "\\u2113\\x41\\/\\U0001d4a9"': {"a": "ℓA/𝒩"},
    '{"a": "\\ud835\\udca9"}': {"a": "𝒩"},
    'a: "\\ud835\\udca9"': {"a": "𝒩"},
    "a: 'x\n  y'": {"a": "x y"},
    "a: x\n  y\n\n  z": {"a": "x y\nz"},
    "a: |\n  x\n   y\n": {"a": "x\n y\n"},
    "a: >-\n  x\n  y\n": {"a": "x y"},
    "a: |2\n   x\n": {"a": " x\n"},
    '{"a":1,"b":[true,null]}': {"a": 1, "b": [True, None]},
    '{\n\t"a"\n:\t"\\t"}': {"a": "\t"},
    "\ufeffa: 1": {"a": 1},
    "a: 1\r\nb: 2\rc: 3": {"a": 1, "b": 2, "c": 3},
    "a:\n- b\n": {"a": ["b"]},
    "a: 'x\t y'": {"a": "x\t y"},
    "𝒩: 𝒩": {"𝒩": "𝒩"},
    "---\na: 1\n...\n": {"a": 1},
}


@pytest.mark.parametrize("fast", [True, False], ids=["c", "python"])
@pytest.mark.parametrize("text", TRAPS)
def test_traps(text: str, fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not fast:
        monkeypatch.setattr(reader, "_FAST", yaml.SafeLoader)
    assert plain(reader.compose(text, "s.yaml")) == TRAPS[text]


@pytest.mark.parametrize("fast", [True, False], ids=["c", "python"])
def test_columns_count_characters(fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not bytes, and not the halves of UTF-16; a line feed of Windows or of an old Mac is one."""
    if not fast:
        monkeypatch.setattr(reader, "_FAST", yaml.SafeLoader)
    node = reader.compose("\ufeff{'𝒩é': 1, x:\r\n 'ℓ', y: '𝒩',\rz: w}", "s.yaml")
    assert isinstance(node, Mapping)
    places = [(str(key.where), str(value.where)) for key, value in node.entries.values()]
    assert places == [
        ("s.yaml:1:3", "s.yaml:1:8"),
        ("s.yaml:1:11", "s.yaml:2:3"),
        ("s.yaml:2:7", "s.yaml:2:11"),
        ("s.yaml:3:1", "s.yaml:3:4"),
    ]


@pytest.mark.parametrize("header", ["| ##", "|  # a # b", "> #"])
def test_a_comment_after_the_mark_of_a_block(header: str) -> None:
    node = reader.compose(f"a: {header}\n  x", "s.yaml")
    assert isinstance(node, Mapping)
    assert [value.raw for _, value in node.entries.values()] == ["x"]


REFUSED: dict[str, str] = {
    "a: >#x\nb: 1": "s.yaml:1:5: a value cannot begin with '|' or '>'",
    "a:\tx": "s.yaml:1:3: a tab where YAML wants spaces",
    "a: x\t#y": "s.yaml:1:5: a tab where YAML wants spaces",
    "a: !<": "s.yaml:1:6: a value cannot begin with '!'",
    "a: 'x\n---\n'": "s.yaml:1:4: a quote that is not closed",
    '{"a": "\\udca9\\ud835"}': "s.yaml:1:7: half of a surrogate pair in an escape sequence",
    "%YAML 1.2\n---\na: 1": "s.yaml:1:1: directives (%) are not allowed in a spec",
    "a: %x": "s.yaml:1:4: a value cannot begin with '%'",
}


@pytest.mark.parametrize("fast", [True, False], ids=["c", "python"])
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused(text: str, fast: bool) -> None:
    assert read(text, fast).partition("\n")[0] == f"spec: {REFUSED[text]}"
