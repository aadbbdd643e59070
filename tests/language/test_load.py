# ruff: noqa: E501
"""The reader: same objects from YAML, JSON and Python; every error by its full text."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig import language
from lorafig.errors import LorafigError, Place
from lorafig.language.write import to_data

HEAD = "id: a\ntitle: A\n"
STACK = HEAD + "stack:\n"

SPEC = r"""
lorafig: 1                          # version of the language
id: lora-two-panel
title: LoRA (low-rank adaptation)
about: {after: 'Hu et al., 2021', tags: [lora, peft], venue: [NeurIPS, ICLR], license: CC0-1.0}
model:
  adapter: lora                     # x: k, W: d×k
  d: 768
  r: 8
  let: ['W_{\mathrm{merged}} = W + BA']
theme: okabe-ito
row:
  - panel: During training
    stack:
      - bar: x
      - split:
          - square: W
            text: [Pretrained, Weights]
            math: 'W \in \mathbb{R}^{d\times d}'
          - - arrow
            - bottleneck: [A, {trapezoid: B, from: r, to: d}]
              math: ['A = \mathcal{N}(0,\sigma^2)', 'B = 0']
              brace: r
      - sum: [Wx, BAx]
        as: bars
      - bar: h
  - equations:
      - 'h = Wx + BAx'
      - {math: 'h = (W + BA)x', brace: {under: 'W + BA', label: 'W_{\mathrm{merged}}'}}
caption: after Hu et al., 2021
"""

FIGURE = language.Figure(
    id="lora-two-panel",
    title="LoRA (low-rank adaptation)",
    about=language.About(
        after="Hu et al., 2021", tags=("lora", "peft"), venue=("NeurIPS", "ICLR"), license="CC0-1.0"
    ),
    model=language.Model(d=768, r=8, let=(r"W_{\mathrm{merged}} = W + BA",)),
    theme=language.ThemeChoice(palette="okabe-ito"),
    row=(
        language.Panel(
            panel="During training",
            stack=(
                language.Bar(bar="x"),
                language.Split(
                    split=(
                        language.Square(
                            square="W", text=("Pretrained", "Weights"), math=r"W \in \mathbb{R}^{d\times d}"
                        ),
                        (
                            language.Arrow(),
                            language.Bottleneck(
                                bottleneck=("A", language.Trapezoid(trapezoid="B", from_="r", to="d")),
                                math=(r"A = \mathcal{N}(0,\sigma^2)", "B = 0"),
                                brace=language.Brace(label="r"),
                            ),
                        ),
                    )
                ),
                language.Sum(sum=("Wx", "BAx"), as_="bars"),
                language.Bar(bar="h"),
            ),
        ),
        language.Equations(
            equations=(
                "h = Wx + BAx",
                language.Equation(
                    math="h = (W + BA)x", brace=language.Brace(label=r"W_{\mathrm{merged}}", under="W + BA")
                ),
            )
        ),
    ),
    caption="after Hu et al., 2021",
)


def problems(text: str | bytes, kind: str = "spec") -> str:
    """All problems of a text, as they are printed."""
    with pytest.raises(LorafigError) as caught:
        language.loads(text, "s.yaml")
    assert caught.value.kind == kind
    return str(caught.value)


def test_yaml_json_and_python_give_the_same_objects() -> None:
    data = to_data(FIGURE)
    assert language.loads(SPEC) == FIGURE
    assert language.loads(json.dumps(data)) == FIGURE
    assert language.loads(json.dumps(data, indent=4, ensure_ascii=False)) == FIGURE
    assert language.loads(json.dumps(data, indent="\t")) == FIGURE
    assert language.from_data(data) == FIGURE
    assert language.validate(FIGURE) == FIGURE
    assert language.loads(language.dump(FIGURE)) == FIGURE


def test_a_file_loads_with_its_places(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(STACK + "  - bar: x\n  - square: 'W'\n    math: \"W\\u0020= 0\"\n", encoding="utf-8")
    figure = language.load(path)
    bar, square = figure.stack
    assert isinstance(bar, language.Bar)
    assert isinstance(square, language.Square)
    assert bar.where == Place(str(path), 4, 5)
    assert isinstance(bar.bar, language.Source)
    assert bar.bar.where == Place(str(path), 4, 10)
    assert bar.bar.exact
    assert isinstance(square.square, language.Source)
    assert square.square.where == Place(str(path), 5, 14)  # the W, not the quote
    assert square.square.at(0) == Place(str(path), 5, 14)
    assert isinstance(square.math, language.Source)
    assert square.math == "W = 0"
    assert not square.math.exact
    assert square.math.at(3) == Place(str(path), 6, 11)  # no telling where: the beginning


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + STACK + "  - bar: x\n",
        (STACK + "  - bar: x\n").replace("\n", "\r\n"),
        (STACK + "  - bar: x\n").replace("\n", "\r"),
        "---\n" + STACK + "  - bar: x\n...\n",
        '{"id": "a", "title": "A", "stack": [{"bar": "x"}]}',
        '\n {\t"id"\n:\t"a",\r\n\t"title":"A","stack":[\n{"bar":"\\u0078"}\t]\n}\n',
        '{"id": "\\u0061", "title": "\\u0041", "stack": [{"bar": "x"}]}',
        "id: >\n  a\ntitle: |\n  A\nstack:\n- bar: >-\n    x\n",
    ],
    ids=["mark", "crlf", "cr", "document", "json", "json-spread", "json-escapes", "blocks"],
)
def test_what_else_is_the_same_figure(text: str) -> None:
    expected = language.Figure(id="a", title="A", stack=(language.Bar(bar="x"),))
    if text.startswith("id: >"):
        with pytest.raises(LorafigError, match="is not a name"):
            language.loads(text)  # a block ends with a line feed, which no name has
        text = text.replace(">\n  a", "a")
    assert language.loads(text) == expected
    assert language.loads(text.encode()) == expected


def test_json_escapes() -> None:
    text = '{"id": "a", "title": "\\ud835\\udca9 \\/ \\u00e9", "stack": [{"bar": "x"}]}'
    assert language.loads(text).title == "𝒩 / é"


def test_values_by_the_core_schema() -> None:
    model = language.loads(STACK + "  - bar: x\nmodel: {d: 0x400, k: 1e3, r: 0o10, alpha: 1.6e1}\n").model
    assert (model.d, model.k, model.r, model.alpha) == (1024, 1000, 8, 16.0)
    assert isinstance(model.k, int)
    figure = language.loads("id: no\ntitle: yes\nstack: [{bar: on}]\ncaption: ~\n")
    assert (figure.id, figure.title, figure.caption) == ("no", "yes", None)


def test_shorthands() -> None:
    figure = language.loads(
        STACK
        + "  - bar: x\n    brace: d\n  - arrow\n  - square: W\n    text: Weights\ntheme: dark\nmodel: {let: a = 1}"
    )
    assert figure == language.Figure(
        id="a",
        title="A",
        stack=(
            language.Bar(bar="x", brace=language.Brace(label="d")),
            language.Arrow(),
            language.Square(square="W", text=("Weights",)),
        ),
        theme=language.ThemeChoice(palette="dark"),
        model=language.Model(let=("a = 1",)),
    )


# A spec and everything that is said about it.
ERRORS: dict[str, tuple[str, str]] = {
    "unknown-key": (
        STACK + "  - bar: x\n    brase: d\ntitel: B",
        """
        s.yaml:5:5: unknown key 'brase' in 'bar'
          hint: did you mean 'brace'? allowed here: 'bar', 'math', 'brace', 'span', 'name', 'unverified' and 'level'
        s.yaml:6:1: unknown key 'titel' in the spec
          hint: did you mean 'title'? allowed here: 'id', 'title', 'lorafig', 'model', 'theme', 'numbers', 'about', 'row', 'width', 'wrap', 'align', 'levels', 'stack', 'flow', 'product', 'proportion', 'card', 'caption', 'show_title', 'legend', 'controls', 'lesson', 'strict', 'unverified' and 'marks'
        """,
    ),
    "merge-key": (
        HEAD + "<<: {stack: [arrow]}",
        """
        s.yaml:1:1: nothing is on the figure
          hint: give a 'row' of panels and equations, or one 'stack', 'flow' or 'product'
        s.yaml:3:1: unknown key '<<' in the spec
          hint: merge keys are not part of the language. allowed here: 'id', 'title', 'lorafig', 'model', 'theme', 'numbers', 'about', 'row', 'width', 'wrap', 'align', 'levels', 'stack', 'flow', 'product', 'proportion', 'card', 'caption', 'show_title', 'legend', 'controls', 'lesson', 'strict', 'unverified' and 'marks'
        """,
    ),
    "missing-keys": (
        "row:\n  - panel: P\n",
        """
        s.yaml:1:1: the key 'id' is missing
          hint: id: my-figure names the files that are written
        s.yaml:1:1: the key 'title' is missing
          hint: title: What the figure shows
        s.yaml:2:5: nothing is on the panel
          hint: give it a 'stack', a 'flow' or a 'product'
        """,
    ),
    "row-and-stack": (
        STACK + "  - arrow\nrow:\n  - equations: ['h = Wx']",
        """
        s.yaml:3:1: 'row' and 'stack' in one figure
          hint: give one of them: a stack, a flow or a product is a row of one panel
        """,
    ),
    "elements": (
        STACK + "  - barr: x\n  - bar: x\n    square: W\n  - x\n  - arow\n  - 8\n  - [bar]\n  - {}\n  -\n",
        """
        s.yaml:4:5: an element is named by its key, and no key here names one: found 'barr'
          hint: did you mean 'bar'? the keys that do: 'bar', 'square', 'trapezoid', 'bottleneck', 'split', 'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'
        s.yaml:6:5: 'bar' and 'square' in one element
          hint: begin the second with '- ' on a line of its own
        s.yaml:7:5: expected an element, found the text 'x'
          hint: say what it is drawn as: bar: x; the key is one of 'bar', 'square', 'trapezoid', 'bottleneck', 'split', 'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'
        s.yaml:8:5: expected an element, found the text 'arow'
          hint: did you mean 'arrow'?
        s.yaml:9:5: expected an element, found the number 8
        s.yaml:10:5: expected an element, found a list
        s.yaml:11:5: an element is named by its key, and no key here names one
          hint: the keys that do: 'bar', 'square', 'trapezoid', 'bottleneck', 'split', 'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'
        s.yaml:12:4: expected an element, found nothing
          hint: write it, or take its key or its '-' out
        """,
    ),
    "types": (
        HEAD + "lorafig: 2\nmodel: {d: [768], r: '8', k: 65_536, alpha: big, let: {a: b}}\n"
        "stack: {bar: x}\nnumbers: {kilo: '1024', rounding: up}\nabout: shows\n",
        """
        s.yaml:3:10: expected 1, found the number 2
          hint: this lorafig reads version 1 of the language: write 1, or install a newer lorafig
        s.yaml:4:12: expected a whole number from 1 to 2^40, found a list
          hint: write one number; another figure or another panel has a model of its own
        s.yaml:4:23: expected a whole number from 1 to 2^40, found the text '8'
          hint: write 8, without quotes
        s.yaml:4:30: expected a whole number from 1 to 2^40, found the text '65_536'
          hint: write 65536
        s.yaml:4:45: expected a number greater than 0, found the text 'big'
        s.yaml:4:55: expected a list of formulas, found a mapping
          hint: write a list: ['a = b']
        s.yaml:5:8: expected a list of elements, found a mapping
          hint: begin each entry with '- '
        s.yaml:6:18: expected one of 1000 or 1024, found the text '1024'
          hint: write it without quotes
        s.yaml:6:35: expected one of 'nearest' or 'down', found the text 'up'
        s.yaml:7:8: expected a mapping for 'about', found the text 'shows'
          hint: it has the keys 'after', 'shows', 'tags', 'domain', 'venue', 'license', 'author', 'when', 'adapt', 'concepts' and 'requires'
        """,
    ),
    "ranges": (
        STACK + "  - arrow\nmodel: {d: 0, k: 1099511627777, r: 8.5, alpha: 0}\ntheme: {font_size: 4.9}",
        """
        s.yaml:5:12: 0 is out of range: expected a whole number from 1 to 2^40
        s.yaml:5:18: 1099511627777 is out of range: expected a whole number from 1 to 2^40
        s.yaml:5:36: expected a whole number from 1 to 2^40, found the number 8.5
        s.yaml:5:48: 0 is out of range: expected a number greater than 0
        s.yaml:6:20: 4.9 is out of range: expected a number from 5 to 48
        """,
    ),
    "not-finite": (
        STACK + "  - arrow\nmodel: {d: .inf, k: .nan, alpha: 1e999}\ntheme: {font_size: .NaN}",
        """
        s.yaml:5:12: expected a whole number from 1 to 2^40, found the number .inf
        s.yaml:5:21: expected a whole number from 1 to 2^40, found the number .nan
        s.yaml:5:34: 1e999 is not finite: expected a number greater than 0
        s.yaml:6:20: .NaN is not finite: expected a number from 5 to 48
        """,
    ),
    "truth": (
        STACK + "  - {bar: x, span: yes}\n  - {bar: y, span: 'true'}\n  - {bar: z, span: 1}",
        """
        s.yaml:4:20: expected true or false, found the text 'yes'
          hint: write true or false, without quotes
        s.yaml:5:21: expected true or false, found the text 'true'
          hint: write true or false, without quotes
        s.yaml:6:20: expected true or false, found the number 1
        """,
    ),
    "numbers-for-labels": (
        "id: 7\ntitle: 2024\nstack:\n  - bar: 1\n  - {square: W, text: [true]}\n  - {bar: x, math: [A]}\n  - bar: {x}\n",
        """
        s.yaml:1:5: expected a name, found the number 7
          hint: a name begins with a letter
        s.yaml:2:8: expected a text, found the number 2024
          hint: write it in quotes: '2024'
        s.yaml:4:10: expected a formula, found the number 1
          hint: write it in quotes: '1'
        s.yaml:5:24: expected a text, found true
          hint: write it in quotes: 'true'
        s.yaml:6:20: expected a formula, found a list
          hint: a value that begins with '[' needs single quotes
        s.yaml:7:10: expected a formula, found a mapping
          hint: a value that begins with '{' or has ': ' in it needs single quotes
        """,
    ),
    "hash": (
        HEAD + "theme: #0072B2\ncaption: #1\nstack:\n  - bar: #x\n",
        """
        s.yaml:3:7: expected a mapping for 'theme', found nothing
          hint: '#' begins a comment in YAML; in quotes it is text: '#0072B2'
        s.yaml:4:9: expected a text, found nothing
          hint: '#' begins a comment in YAML; in quotes it is text: '#1'
        s.yaml:6:9: expected a formula, found nothing
          hint: '#' begins a comment in YAML; in quotes it is text: '#x'
        """,
    ),
    "double-quotes": (
        STACK + '  - bar: "\\alpha x"\n  - bar: "\\beta"\n  - bar: "\\frac{a}{b}"\n  - bar: "\\nu"\n  - bar: "\\times"\n'
        '  - bar: "\\rank"\n  - bar: "x\\0"\n  - bar: "\\vec x"\n',
        """
        s.yaml:4:10: "\\alpha" in double quotes is the control character U+0007, not a command
          hint: in single quotes a backslash is a backslash: '\\alpha'
        s.yaml:5:10: "\\beta" in double quotes is the control character U+0008, not a command
          hint: in single quotes a backslash is a backslash: '\\beta'
        s.yaml:6:10: "\\frac" in double quotes is the control character U+000C, not a command
          hint: in single quotes a backslash is a backslash: '\\frac'
        s.yaml:7:10: "\\nu" in double quotes is the control character U+000A, not a command
          hint: in single quotes a backslash is a backslash: '\\nu'
        s.yaml:8:10: "\\times" in double quotes is the control character U+0009, not a command
          hint: in single quotes a backslash is a backslash: '\\times'
        s.yaml:9:10: "\\rank" in double quotes is the control character U+000D, not a command
          hint: in single quotes a backslash is a backslash: '\\rank'
        s.yaml:10:10: the control character U+0000 in a text
          hint: delete it
        s.yaml:11:10: "\\vec" in double quotes is the control character U+000B, not a command
          hint: in single quotes a backslash is a backslash: '\\vec'
        """,
    ),
    "empty": (
        HEAD + "row:\n  - stack: []\n  - equations: []\n  - stack:\n      - split: []\n      - {bottleneck: [A]}\n"
        "      - sum: []\n      - {bar: ' '}\n      - {bar: ''}\n",
        """
        s.yaml:4:12: an empty list
          hint: it needs a list of elements
        s.yaml:5:16: an empty list
          hint: it needs a list of formulas or equations
        s.yaml:7:16: an empty list
          hint: it needs a list of branches, each an element or a list of elements
        s.yaml:8:22: expected a list of two or more formulas or trapezoids, found a list of 1
          hint: write two: [A, …]
        s.yaml:9:14: an empty list
          hint: it needs a list of formulas
        s.yaml:10:16: expected a formula, found an empty text
        s.yaml:11:16: expected a formula, found an empty text
        """,
    ),
    "names": (
        "id: ../x\ntitle: A\nstack:\n  - {bar: x, name: é}\n  - {bar: x, name: 'n n'}\n  - {bar: x, name: b}\n"
        "  - {bar: y, name: b}\n  - {bar: z, name: '" + "n" * 65 + "'}\n  - {bar: z, name: '8'}\n",
        """
        s.yaml:1:5: '../x' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'x'
        s.yaml:4:20: 'é' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'e'
        s.yaml:5:21: 'n n' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'n-n'
        s.yaml:7:20: the name 'b' is taken: line 6
          hint: names are unique in a panel
        s.yaml:8:21: a name of 65 characters; the limit is 64
        s.yaml:9:21: '8' is not a name
          hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter
        """,
    ),
    "braces": (
        HEAD + "row:\n  - stack:\n      - {bar: x, brace: {label: d, under: x}}\n      - {bar: x, brace: d, span: true}\n"
        "  - equations:\n      - {math: 'h = Wx', brace: h}\n      - {math: 'h = Wx', brace: {label: h, side: over}}\n"
        "      - {math: 'h = Wx', brace: [{label: a, under: h, over: W}]}\n",
        """
        s.yaml:5:36: 'under' in the brace of an element
          hint: write side: under; 'under' names a part of an equation
        s.yaml:6:18: a brace on a bar that spans its panel
          hint: its width then stands for no dimension: leave out one of 'span' and 'brace'
        s.yaml:8:26: neither 'under' nor 'over' in the brace of an equation
          hint: name the part it spans: {under: 'W + BA', label: W'}
        s.yaml:9:44: 'side' in the brace of an equation
          hint: write under: or over: the part it spans
        s.yaml:10:34: both 'under' and 'over' in the brace of an equation
          hint: name the part it spans: {under: 'W + BA', label: W'}
        """,
    ),
    "sums-and-parts": (
        STACK + "  - sum: arows\n  - {sum: arrows, as: bars}\n  - {bottleneck: [A, B], math: [a, b, c]}\n  - {sum: [a, b], as: bar}\n"
        "  - split: {bar: x}\n",
        """
        s.yaml:4:10: expected a list of formulas or 'arrows', found the text 'arows'
          hint: did you mean 'arrows'?
        s.yaml:5:19: a sum of arrows drawn as bars
          hint: list the terms: sum: [Wx, BAx]
        s.yaml:6:26: 3 labels for 2 parts
          hint: give one for each part, in the same order
        s.yaml:7:23: expected one of 'bars' or 'arrows', found the text 'bar'
          hint: did you mean 'bars'?
        s.yaml:8:12: expected a list of branches, each an element or a list of elements, found a mapping
          hint: begin each entry with '- '
        """,
    ),
    "twice": (
        HEAD + "id: b\n",
        """
        s.yaml:3:1: the key 'id' stands twice: on line 1 and on line 3
          hint: keep one of them
        """,
    ),
    "palette": (
        STACK + "  - arrow\ntheme: okabe",
        """
        s.yaml:5:8: expected one of 'paper', 'grey', 'okabe-ito', 'poster', 'dark', 'paper-dark' or 'slide', found the text 'okabe'
          hint: did you mean 'okabe-ito'?
        """,
    ),
    "no-mapping": ("- bar: x", "s.yaml:1:1: expected a mapping of keys to values, found a list"),
    "text": ("LoRA", "s.yaml:1:1: expected a mapping of keys to values, found the text 'LoRA'"),
    "nothing": ("# a comment\n", "s.yaml:1:1: the file is empty\n  hint: 'lorafig new mine' writes a spec to begin with"),
    "documents": ("id: a\n---\nid: b", "s.yaml:2:1: a second document\n  hint: a file holds one figure"),
    "alias": (
        "id: *a",
        "s.yaml:1:5: aliases (*) are not allowed in a spec\n  hint: put the text in single quotes if it begins with '*'",
    ),
    "anchor": (
        "id: &a b",
        "s.yaml:1:5: anchors (&) are not allowed in a spec\n  hint: put the text in single quotes if it begins with '&'",
    ),
    "tag": (
        "id: !!python/object/apply:os.system [ls]",
        "s.yaml:1:5: tags (!) are not allowed in a spec\n  hint: put the text in single quotes if it begins with '!'",
    ),
    "directive": (
        "# c\n%YAML 1.1\n---\nid: a",
        "s.yaml:2:1: directives (%) are not allowed in a spec\n  hint: delete the line: YAML is 1.2 here",
    ),
    "key-list": (
        "[a]: b",
        "s.yaml:1:1: a list or mapping cannot be a key\n  hint: put text that begins with a bracket in quotes",
    ),
    "colon": (
        "title: LoRA: low rank",
        "s.yaml:1:12: ': ' in a text without quotes\n  hint: put it in single quotes: 'LoRA: low rank'",
    ),
    "escape": (
        'bar: "\\mathbb{R}"',
        "s.yaml:1:7: in double quotes, '\\' before 'm' has no meaning\n"
        "  hint: in single quotes a backslash is a backslash: '\\mathbb{R}'",
    ),
    "escape-digits": (
        'bar: "\\underbrace{x}"',
        "s.yaml:1:7: an incomplete escape sequence in double quotes\n"
        "  hint: in single quotes a backslash is a backslash: '\\underbrace{x}'",
    ),
    "tab": ("row:\n\t- bar: x", "s.yaml:2:1: a tab where YAML wants spaces\n  hint: indent with spaces"),
    "at-sign": ("id: @a", "s.yaml:1:5: a value cannot begin with '@'\n  hint: put the text in single quotes"),
    "bars": ("bar: |A|", "s.yaml:1:7: a value cannot begin with '|' or '>'\n  hint: put the text in single quotes"),
    "open-quote": ("id: a\ntitle: 'x\n", "s.yaml:2:8: a quote that is not closed\n  hint: add the same quote at the end of the text"),
    "open-bracket": ("row: [a, {b: c}", "s.yaml:1:6: a bracket that is not closed: ']' is missing\n  hint: add ']' at its end"),
    "bracket": ("row: ]", "s.yaml:1:6: unexpected ']'\n  hint: put the text in single quotes"),
    "surrogate": (
        '{"id": "\\ud835"}',
        "s.yaml:1:8: half of a surrogate pair in an escape sequence\n  hint: write the character itself",
    ),
    "control": ("id: a\x1b[31m", "s.yaml:1:6: the character U+001B cannot stand in a spec\n  hint: delete it"),
    "null-character": ("id: a\0", "s.yaml:1:6: the character U+0000 cannot stand in a spec\n  hint: delete it"),
    "line-separator": ("id: a\u2028b: c", "s.yaml:1:6: the character U+2028 cannot stand in a spec\n  hint: delete it"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors(name: str) -> None:
    text, expected = ERRORS[name]
    assert problems(text) == textwrap.dedent(expected).strip("\n")


LIMITS: dict[str, tuple[str | bytes, str]] = {
    "size": (
        b"#" * (1 << 20) + b"\n",
        "s.yaml is larger than 1 MiB\n  hint: the spec of a figure is a few kilobytes",
    ),
    "depth": ("[" * 33 + "]" * 33, "s.yaml:1:33: nested deeper than 32 levels"),
    "bomb": ("[" * 100_000, "s.yaml:1:33: nested deeper than 32 levels"),
    "elements": (STACK + "  - arrow\n" * 10_001, "s.yaml:10004:5: more than 10,000 elements in one figure"),
    "label": (
        STACK + f"  - bar: {'x' * 2001}\n",
        "s.yaml:4:10: a text of 2,001 characters; the limit is 2,000",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name: str) -> None:
    text, expected = LIMITS[name]
    assert problems(text, "limit") == expected


HOSTILE = {
    "spaces": '{"a" ' + " " * 1_000_000,
    "backslashes": '{"a' + "\\" * 1_000_000,
    "questions": "? " * 300_000,
    "mistakes": STACK + "  - barr: x\n" * 5_000,
    "open": "{" * 1_000_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_no_time(name: str) -> None:
    with pytest.raises(LorafigError):
        language.loads(HOSTILE[name])


def test_what_is_just_within_the_limits() -> None:
    figure = language.loads(
        STACK + "  - arrow\n" * 10_000 + f"model: {{d: {2**40}}}\ncaption: {'x' * 2000}\n"
    )
    assert len(figure.stack) == 10_000
    assert figure.model.d == 2**40


def test_not_utf_8() -> None:
    expected = "s.yaml:2:9: byte 0xe9 is not UTF-8\n  hint: save the file as UTF-8"
    assert problems(b"id: a\ntitle: \xc3\xa9\xe9\n") == expected
    assert (
        problems("id: a".encode("utf-16"))
        == "s.yaml:1:1: byte 0xff is not UTF-8\n  hint: save the file as UTF-8"
    )


def test_label_errors_stand_in_the_same_list() -> None:
    found = problems(STACK + "  - bar: 'x^'\n  - barr: y\n  - bar: '(W + B'\n").splitlines()
    heads = [line for line in found if line.startswith("s.yaml")]
    assert [line.split(": ")[0] for line in heads] == ["s.yaml:4:12", "s.yaml:5:5", "s.yaml:6:11"]


def test_python_data_is_told_by_its_path() -> None:
    data: dict[str, Any] = {
        "id": "a",
        "title": "A",
        "row": [{"stack": [{"bar": "x"}, {"bar": 3}]}],
        "modle": {},
    }
    with pytest.raises(LorafigError) as caught:
        language.from_data(data)
    assert str(caught.value) == (
        "modle: unknown key 'modle' in the spec\n"
        "  hint: did you mean 'model'? allowed here: 'id', 'title', 'lorafig', 'model', 'theme', 'numbers',"
        " 'about', 'row', 'width', 'wrap', 'align', 'levels', 'stack', 'flow', 'product', 'proportion', 'card', 'caption', 'show_title', 'legend', 'controls', 'lesson', 'strict', 'unverified' and 'marks'\n"
        "row[0].stack[1].bar: expected a formula, found the number 3\n"
        "  hint: write it in quotes: '3'"
    )


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        ({1: "a"}, "spec", "1: a key is a string, not int"),
        (
            {"id": object()},
            "spec",
            "id: object is not plain data\n  hint: give strings, numbers, lists and dicts",
        ),
        ({"title": "x" * 2001}, "limit", "title: a text of 2,001 characters; the limit is 2,000"),
    ],
)
def test_python_data_that_is_not_plain(data: Any, kind: str, expected: str) -> None:
    with pytest.raises(LorafigError) as caught:
        language.from_data(data)
    assert (str(caught.value), caught.value.kind) == (expected, kind)


def test_python_data_without_end() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(LorafigError, match="nested deeper than 32 levels"):
        language.from_data({"stack": endless})


def test_figures_built_from_classes_are_held_to_the_same_rules() -> None:
    figure = language.Figure(
        id="../x", title="A", stack=(language.Bar(bar="x^"),), model=language.Model(d=0, alpha=float("nan"))
    )
    with pytest.raises(LorafigError) as caught:
        language.validate(figure)
    assert [problem.what.split(":")[0] for problem in caught.value.problems] == [
        "id", "model.d", "model.alpha", "stack[0].bar"
    ]  # fmt: skip


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(LorafigError) as caught:
        language.load(tmp_path / "none.yaml")
    assert str(caught.value) == f"there is no file {tmp_path / 'none.yaml'}"
    with pytest.raises(LorafigError) as caught:
        language.load(tmp_path)
    assert str(caught.value) == f"{tmp_path} is a folder\n  hint: name the files in it: {tmp_path / '*.yaml'}"


@settings(deadline=None, max_examples=300)
@given(
    st.text(alphabet=st.sampled_from(list("abW:-[]{}'\"\\#&*!|>%@`,.? \t\n\r0123é𝒩\u2028\0")), max_size=40)
)
def test_any_text_is_a_figure_or_an_error(text: str) -> None:
    for given_text in (text, STACK + f"  - bar: {text}", HEAD + f"caption: '{text}'\nstack: [arrow]"):
        error, figure = None, None
        try:
            figure = language.loads(given_text, "s.yaml")
        except LorafigError as raised:
            error = raised
        if figure is not None:
            assert language.loads(language.dump(figure)) == figure
        assert error is None or all(problem.where is not None for problem in error.problems)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_figure_or_an_error(data: bytes) -> None:
    with pytest.raises(LorafigError):
        language.loads(data)
