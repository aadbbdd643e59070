"""What the language server answers, as functions of a text. `|` in a text is the position."""

from __future__ import annotations

import re

import pytest

from lorafig.lsp.analysis import Analysis, analyse, is_spec
from lorafig.lsp.complete import complete
from lorafig.lsp.context import context
from lorafig.lsp.fixes import fixes
from lorafig.lsp.hover import hover
from lorafig.resources import gallery

HEAD = "id: mine\ntitle: LoRA\nmodel: {d: 256, r: 4}\n"
GOOD = (
    HEAD + "row:\n  - panel: LoRA\n    stack:\n      - bar: x\n"
    "      - split: [{square: W}, {bottleneck: [A, B], brace: r}]\n      - sum: [Wx, BAx]\n      - bar: h\n"
    "  - equations: ['h = Wx + BAx']\ncaption: 'LoRA trains $2dr = \\num{2dr}$ numbers'\n"
)


def _at(marked: str) -> tuple[str, int]:
    at = marked.index("|")
    return marked[:at] + marked[at + 1 :], at


def _labels(marked: str, last: Analysis | None = None) -> list[str]:
    return [item.label for item in complete(*_at(marked), last)[1]]


@pytest.mark.parametrize(
    ("written", "some", "none"),
    [
        (HEAD + "st|", ["stack"], ["row", "bar"]),
        (HEAD + "|", ["stack", "row", "flow", "theme", "caption"], ["title", "model"]),
        ("id: x\nmodel:\n  |", ["d", "k", "r", "adapter", "symbols"], ["stack"]),
        ("id: x\nmodel:\n  d: 64\n  a|", ["adapter", "alpha"], ["d"]),
        ("id: x\nmodel: {d: 64, |", ["r", "k", "adapter"], ["d", "stack"]),
        ("id: x\nmodel: {d: 64, adapter: lo|", ["lora", "loha", "lokr"], ["dora", "d"]),
        (HEAD + "stack:\n  - |", ["bar", "square", "split"], ["brace", "id"]),
        (HEAD + "stack:\n- ba|", ["bar"], ["square"]),
        (HEAD + "stack:\n  - bar: x\n    |", ["brace", "name", "unverified"], ["square", "bar"]),
        (HEAD + "stack: [{bar: x}, {sq|", ["square"], ["bar"]),
        (HEAD + "stack: [{bar: x}, {square: W, |", ["math", "brace"], ["square", "bar"]),
        (HEAD + "stack:\n  - split:\n      - square: W\n      - - bottleneck: [A, B]\n          |", ["brace"], ["bar"]),  # noqa: E501
        (HEAD + "stack:\n  - bar: x\n  - brace|", [], ["brace"]),
        (HEAD + "theme: ok|", ["okabe-ito"], ["paper"]),
        (HEAD + "theme: {palette: |", ["paper", "dark"], ["font"]),
        (HEAD + "theme: {|", ["palette", "font"], ["paper"]),
        (HEAD + "model: {network: llama-3|", ["llama-3-8b"], ["gpt2"]),
        (HEAD + "flow:\n  nodes:\n    x: {box: x}\n    low: {box: A}\n  edges: ['x -> |", ["x", "low"], ["nodes"]),  # noqa: E501
        (HEAD + "flow:\n  nodes:\n    x: {|", ["box", "circle", "badge"], ["nodes"]),
        (HEAD + "flow:\n  nodes:\n    x:\n      box: x\n      badge: |", ["frozen", "trainable"], ["box"]),
        (HEAD + "flow: {direction: |", ["right", "down"], ["nodes"]),
        (HEAD + "flow:\n  classes:\n    warm: {fill: |", ["#FFE6C4"], ["stroke"]),
        (HEAD + "stack:\n  - bar: '\\al|", ["\\alpha"], ["\\beta"]),
        (HEAD + "stack:\n  - square: W\n    math: W \\in \\mathb|", ["\\mathbb", "\\mathbf"], ["\\alpha"]),
        (HEAD + "caption: 'it trains $\\nu|", ["\\num", "\\nu"], []),
        (HEAD + "stack:\n  - bar: |", ["x", "W", "h", "\\alpha"], []),
        (HEAD + "lesson: {|", [], ["stack"]),
        (HEAD.replace("r: 4", "r: 4, sizes: {b: 2, N: 8}") + "controls:\n  |", ["b", "N", "r"], ["stack"]),
        (HEAD.replace("{d: 256, r: 4}", "\n  sizes:\n    b: 2\n    N: 8") + "controls: {|", ["b", "N"], []),
    ],
)  # fmt: skip
def test_completion(written: str, some: list[str], none: list[str]) -> None:
    found = _labels(written)
    assert set(some) <= set(found)
    assert not set(none) & set(found)


def test_completion_knows_the_symbols_and_classes_of_the_figure() -> None:
    own = HEAD.replace("r: 4", "r: 4, symbols: {G_t: {shape: [d, d], role: trained}}")
    text = (
        own
        + "flow:\n  nodes: {x: {box: x, class: warm}}\n  edges: []\n  classes: {warm: {fill: '#FFE6C4'}}\n"
    )
    last = analyse(text, "x.yaml")
    assert last.figure is not None
    assert "G_t" in _labels(own + "stack:\n  - square: |", last)
    assert _labels(text.replace("class: warm", "class: |"), last) == ["warm"]
    assert {"W", "h", "d", "r"} <= set(_labels(GOOD.replace("bar: h", "bar: |"), analyse(GOOD, "x.yaml")))


@pytest.mark.sample(6)
@pytest.mark.parametrize("name", list(gallery()))
def test_every_position_of_the_gallery_has_an_answer(name: str) -> None:
    """Whatever stands before a position, nothing fails, and a key that stands there is among the items."""
    with open(gallery()[name], encoding="utf-8") as file:
        text = file.read()
    for match in list(re.finditer(r"^( *(?:- )*)([a-z_]+):(?= |$)", text, re.MULTILINE))[:40]:
        at = match.start(2) + 1
        here = context(text, at)
        if here.on_key and any(type(kind).__name__ == "Record" for kind in here.kinds()):
            assert match[2] in [item.label for item in complete(text, at, None)[1]], (name, match[2])
    for at in range(0, len(text), 97):
        complete(text, at, None)
        context(text, at)


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (GOOD.replace("square: W", "square: |W"), ["**W**: weight, d × d = 256 × 256, 65,536 parameters, frozen"]),  # noqa: E501
        (GOOD.replace("Wx + BAx'", "Wx + B|Ax'"), ["r × d = 4 × 256", "`h = Wx + BAx` **holds** (equation)"]),
        (GOOD.replace("brace: r", "brace: |r"), ["**r**: rank, value 4"]),
        (GOOD.replace("stack:", "st|ack:"), ["`stack`: "]),
        (GOOD.replace("model:", "mod|el:"), ["`model`: "]),
        (GOOD.replace("h = Wx + BAx", "h =| Wx + ABx"), ["claim-equation", "**ill-typed** (equation): A B x: the inner"]),  # noqa: E501
        (GOOD.replace("sum: [Wx", "sum: [Wx").replace("LoRA trains", "LoRA tr|ains"), ["**holds**"]),
    ],
)  # fmt: skip
def test_hover(marked: str, said: list[str]) -> None:
    text, at = _at(marked)
    found = hover(text, at, analyse(text, "x.yaml"))
    assert found is not None
    for part in said:
        assert part in found


def test_nothing_is_known_of_a_blank() -> None:
    assert hover("id: x\n\nstack: []\n", 6, Analysis(())) is None


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (HEAD + "stack: [{bar: x}, {sqare: W}]\n", "{square: W}"),
        (HEAD.replace("r: 4", "rank: 4") + "stack: [{bar: x}]\n", "r: 4"),
        (HEAD + "stack: [{bar: x}]\ntheme: okabe\n", "theme: okabe-ito"),
        (GOOD.replace("h = Wx + BAx", "h = Wx + ABx"), "'h = Wx + BAx'"),
        (GOOD.replace("\\num{2dr}", "2049"), "2dr = 2048"),
        (GOOD.replace("brace: r", "brace: d"), "brace: r"),
        (GOOD.replace("[A, B]", "[B, A]"), "bottleneck: [A, B]"),
        (HEAD + "flow:\n  nodes: {x: {box: x}, Wq: {box: W}}\n  edges: ['x -> wq']\n", "x -> Wq"),
        (HEAD + "flow: {nodes: {x: {box: x, class: a}}, edges: [], classes: {a: {fill: orange}}}\n", "'#FFA500'"),  # noqa: E501
        (HEAD + "stack: [{bar: x}]\ncard: {rows: ['$d^2 = 65K$']}\n", "66K"),
        (HEAD + "stack: [{bar: x}]\nflow:\n  nodes: {x: {box: x, badge: fire}}\n", "badge: trainable"),
    ],
)  # fmt: skip
def test_fixes_do_what_the_hints_say(wrong: str, right: str) -> None:
    found = [finding for finding in analyse(wrong, "x.yaml").findings if finding.severity == "error"]
    assert found
    mended = [
        wrong[: fix.start] + fix.new + wrong[fix.end :]
        for finding in found
        for fix in fixes(wrong, "x.yaml", finding)
    ]
    assert any(right in text for text in mended), mended


def test_a_fix_that_does_not_help_is_not_offered() -> None:
    wrong = GOOD.replace("h = Wx + BAx", "h = Wx + BBx")
    for finding in analyse(wrong, "x.yaml").findings:
        for fix in fixes(wrong, "x.yaml", finding):
            after = analyse(wrong[: fix.start] + fix.new + wrong[fix.end :], "x.yaml")
            assert finding.what not in [one.what for one in after.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [(GOOD, True), ("on: push\njobs: {}\n", False), ("", False), ("version: 1\nrow: 3\n", False)],
)
def test_only_specs_are_looked_at(text: str, expected: bool) -> None:
    assert is_spec(text) is expected


def test_findings_have_one_severity_for_each_verdict() -> None:
    text = (
        HEAD + "stack: [{bar: x}, {square: W, math: 'W = 7', unverified: measured}]\n"
        "caption: A figure of the method.\ncard: {rows: ['$d^2 = 65K$']}\n"
    )
    found = {finding.severity: finding.code for finding in analyse(text, "x.yaml").findings}
    assert found["error"] in ("claim-count", "claim-equation")
    assert found["hint"] == "prose"
