"""`lorafig fmt`: the usual form, the same values, every comment."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from lorafig.cli.group import cli
from lorafig.formatting import _comments, _values, formatted
from lorafig.language.reader import compose
from lorafig.resources import gallery

MESSY = """\
# at the top
id:   mine     # the id
title: "LoRA"  \r



model: {d: 256,   # a size
        r: 4,
        symbols: {G: {shape: [d, d]},
                  # about H
                  H: {shape: [d]}}}
stack:
- bar: x
# before the split
- split:
  - square: W
  -
     - bottleneck: [A,B]
       brace:   r
     - scale: '\\frac{\\alpha}{r}'   # scaled
- sum: [Wx, BAx]
- {bar: h,
   text: ['a',
     'b']}
caption: |
  # no comment
  ends
# at the end"""
TIDY = """\
# at the top
id: mine  # the id
title: "LoRA"

model: {d: 256,   # a size
        r: 4,
        symbols: {G: {shape: [d, d]},
                  # about H
                  H: {shape: [d]}}}
stack:
  - bar: x
  # before the split
  - split:
      - square: W
      - - bottleneck: [A, B]
          brace: r
        - scale: '\\frac{\\alpha}{r}'  # scaled
  - sum: [Wx, BAx]
  - bar: h
    text:
      - 'a'
      - 'b'
caption: |
  # no comment
  ends
# at the end
"""


def test_the_usual_form() -> None:
    assert formatted(MESSY, "x.yaml") == TIDY
    assert formatted(TIDY, "x.yaml") == TIDY


@pytest.mark.sample(8)
@pytest.mark.parametrize("path", gallery().values(), ids=list(gallery()))
def test_the_gallery_is_in_it(path: str) -> None:
    text = Path(path).read_text()
    assert formatted(text, path) == text


_WORD = st.sampled_from(["x", "'a: b'", '"q"', "1", "true", "~", "'#1'", "a b"])
_TREE = st.recursive(
    _WORD,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ",".join(items) + "]"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "\n" + "\n".join(f"- {textwrap.indent(item, '   ').strip()} " for item in items)
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: "\n" + "\n".join(
                f"k{n}:   {textwrap.indent(item, '  ') if item[0] == chr(10) else item}   # c{n}"
                if item[0] != "\n" else f"k{n}:  # c{n}{textwrap.indent(item, '   ')}"
                for n, item in enumerate(items)
            )
        ),
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("a: 1 # x\nbc: 22   # y\n", "a: 1  # x\nbc: 22  # y\n"),
        ("a:    1   # x\nbc:   22  # y\n", "a: 1    # x\nbc: 22  # y\n"),
        ("a: 1    # x\n# between\nbc: 22  # y\n", "a: 1  # x\n# between\nbc: 22  # y\n"),
        ("a: 'x # y'    # z\n", "a: 'x # y'  # z\n"),
        ("a: {b: 1}      # x\n", "a: {b: 1}  # x\n"),
        ("a: {b: 1,   # x\n    c: 2}      # y\n", "a: {b: 1,   # x\n    c: 2}  # y\n"),
        ("a: |  # head\n  # text\n  b\nc: 1     # x\n", "a: |  # head\n  # text\n  b\nc: 1  # x\n"),
    ],
)
def test_a_comment_stands_two_blanks_behind_what_it_is_behind(written: str, tidy: str) -> None:
    assert formatted(written, "x.yaml") == tidy
    assert formatted(tidy, "x.yaml") == tidy


@given(_TREE)
def test_values_and_comments_stay(tree: str) -> None:
    text = f"id: x\ntop:{textwrap.indent(tree, '  ') if tree[0] == chr(10) else ' ' + tree}\n"
    try:
        before = _values(compose(text, "x"))
    except Exception:  # not every tree above is YAML
        return
    after = formatted(text, "x")
    assert _values(compose(after, "x")) == before
    assert _comments(after) == _comments(text)
    assert formatted(after, "x") == after
    assert not any(line != line.rstrip() for line in after.split("\n"))


def test_the_command(tmp_path: Path) -> None:
    spec, wrong = tmp_path / "a.yaml", tmp_path / "b.yaml"
    spec.write_text(MESSY)
    wrong.write_text("id: [x")
    runner = CliRunner()
    checked = runner.invoke(cli, ["fmt", "--check", str(spec)])
    assert (checked.exit_code, checked.output) == (1, f"{spec}\n")
    assert (
        spec.read_text() == MESSY.replace("\r\n", "\n").replace("\r", "\n")
        or spec.read_bytes() == MESSY.encode()
    )
    both = runner.invoke(cli, ["fmt", str(spec), str(wrong)])
    assert both.exit_code == 2
    assert spec.read_text() == TIDY
    assert wrong.read_text() == "id: [x"
    assert runner.invoke(cli, ["fmt", "--check", str(spec)]).exit_code == 0
    piped = runner.invoke(cli, ["fmt", "-"], input=MESSY)
    assert piped.stdout == TIDY
