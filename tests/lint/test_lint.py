"""Every rule finds what it is for, where it is, and nothing on what is well drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lorafig import language
from lorafig.cli.group import cli
from lorafig.draw import readable
from lorafig.errors import LorafigError
from lorafig.errors import Place as Where
from lorafig.layout import layout
from lorafig.lint import NAMES, lint
from lorafig.lint.picture import Finding
from lorafig.resources import gallery
from lorafig.scene import Arrow, Drawn, End, Glyph, Icon, Label, Line, Place, Scene, Shape, Style, walk
from lorafig.themes.palettes import PALETTES
from lorafig.themes.vision import difference

FIGURE = language.loads(
    "id: a\ntitle: Title\nmodel: {d: 64, r: 4}\nstack: [{bar: x}, {square: W}, {bar: h}]\n", "a.yaml"
)
PLACE = Place("center")
STYLES = {
    "frozen": Style("blue", "blue line", "ink", 0.28),
    "adapter": Style("orange", "orange line", "ink", 0.28),
    "text": Style(None, None, "ink", 0.28),
    "pale": Style(None, "grey", "grey", 0.28),
    "white": Style(None, None, "white", 0.28),
    "line": Style(None, "ink", "ink", 0.28),
    "hair": Style(None, "ink", "ink", 0.1),
}
PALETTE = {
    "ink": "#111111", "white": "#FFFFFF", "grey": "#C0C0C0", "blue": "#C3DAF1", "blue line": "#2B6CB0",
    "orange": "#FFE6C4", "orange line": "#B85F0A",
}  # fmt: skip


def box(name: str, x: float, y: float, width: float = 20, height: float = 10, role: str = "frozen") -> Shape:
    points = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return Shape(name, role, points, PLACE, (), ())


def text(name: str, x: float, y: float, said: str = "text", role: str = "text", points: float = 9) -> Label:
    """A label whose letters fill a box of 8 by 2 mm around (x, y)."""
    em = points * 25.4 / 72.27
    line = Line((x - 4, y - 1), 8.0, 2.0, 0.0, em, (Glyph("g", said, 0, 0),), (), said, said)
    return Label(name, role, (x, y), 8.0, 2.0, points, em, (line,), PLACE)


def wire(
    name: str, *points: tuple[float, float], of: tuple[str, str] = ("a", "b"), role: str = "line"
) -> Arrow:
    return Arrow(name, role, points, End(of[0], "east"), End(of[1], "west"))


def badge(name: str, x: float, y: float, meaning: str = "frozen", role: str = "text") -> Icon:
    return Icon(name, role, "icon frozen", meaning, (x, y), 3.0, PLACE)


def found(*items: Drawn, widest: float | None = None, said: str = "What it shows.") -> list[Finding]:
    roles = {item.role for item in items}
    scene = Scene(
        "a",
        "Title",
        said,
        100,
        60,
        9,
        (2, 1.5),
        {},
        PALETTE,
        {role: STYLES[role] for role in roles},
        {},
        items,
    )
    places = {item.name: Where("a.yaml", 7, 3) for item in items}
    return list(lint(FIGURE, scene, places, widest).findings)


GOOD = (
    box("a", 10, 10), text("l", 20, 15, "W"), badge("f", 27, 17),
    box("b", 60, 10, role="adapter"), text("m", 70, 15, "A"), badge("t", 77, 17, "trainable"),
    wire("a-to-b", (30.5, 15), (59.5, 15)), text("n", 45, 18, "Wx"),
)  # fmt: skip


def test_what_is_well_drawn_has_no_finding() -> None:
    assert found(*GOOD, widest=100) == []


CASES = [
    ("small-text", (text("l", 20, 15, "a", points=5),), "the smallest letters of 'a' have 5.0 pt", 5.0),
    ("thin-line", (wire("w", (0, 0), (30, 0), role="hair"),), "lines of the role 'hair' have 0.28 pt", 0.28),
    ("faint-text", (text("l", 20, 15, "a", role="pale"),), "'a' in #C0C0C0 on #FFFFFF", 1.82),
    ("faint-text", (box("b", 10, 10, role="adapter"), text("l", 20, 15, "A", role="white")),
     "'A' in #FFFFFF on #FFE6C4", 1.21),
    ("faint-mark", (wire("w", (0, 0), (30, 0), role="pale"),), "a line in #C0C0C0 on #FFFFFF", 1.82),
    ("faint-mark", (badge("i", 9, 9, role="pale"),), "the badge 'frozen' in #C0C0C0 on #FFFFFF", 1.82),
    ("near-line", (box("a", 10, 10), text("l", 14.1, 15, "W")), "'W' is 0.10 mm from the edge of a", 0.1),
    ("near-line", (box("a", 10, 10), text("l", 10, 15, "W")), "'W' lies over the edge of a", 0.0),
    ("near-line", (wire("w", (0, 15), (40, 15)), text("l", 20, 15, "Wx")), "'Wx' lies over the line w", 0.0),
    ("over-each-other", (text("l", 20, 15, "W"), text("m", 25, 15.5, "A")),
     "'W' and 'A' overlap by 1.50", 1.5),
    ("over-each-other", (text("l", 20, 15, "W"), badge("i", 23, 15)),
     "'W' and 'frozen' overlap by 2", 2),
    ("over-each-other", (box("a", 10, 10), box("b", 25, 15)), "a and b overlap by 5.00 mm", 5.0),
    ("through-box", (box("a", 0, 10), box("c", 30, 10), box("b", 60, 10), wire("w", (20, 15), (60, 15))),
     "the line w runs through c for 19.9 mm", 19.9),
    ("on-a-line", (wire("v", (0, 0), (0, 9), (20, 9), of=("a", "b")),
                   wire("w", (9, 0), (9, 9), (20, 9), of=("c", "b"), role="adapter")),
     "the lines v and w run on each other for 11.0 mm", 11.0),
    ("on-a-line", (wire("v", (0, 0), (20, 0), of=("a", "b")), wire("w", (15, 0), (30, 0), of=("c", "d"))),
     "the lines v and w run on each other for 5.0 mm", 5.0),
    ("near-badge", (text("t", 10, 5), badge("b", 15.7, 5)),
     "'text' is 0.20 mm from its badge; it needs 0.4 mm", 0.2),
    ("crossing", (wire("v", (0, 0), (20, 20), of=("a", "b")), wire("w", (0, 20), (20, 0), of=("a", "c"))),
     "the lines v and w cross, and have an end in common", None),
    ("uneven", (box("a", 0, 0, 10), box("b", 20, 0, 10), box("c", 45, 0, 10)),
     "the gaps between a, b and on are 10.0 to 15.0 mm", 1.5),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "items", "what", "measure"), CASES)
def test_each_finding_happens(rule: str, items: tuple[Drawn, ...], what: str, measure: float | None) -> None:
    findings = [finding for finding in found(*items) if finding.rule != "alike"]
    assert [finding.rule for finding in findings] == [rule]
    assert findings[0].what.startswith(what)
    assert findings[0].measure == (None if measure is None else pytest.approx(measure, abs=0.02))
    assert findings[0].remedy
    assert findings[0].where == (FIGURE.where if rule == "thin-line" else ("a.yaml", 7, 3))


def test_a_figure_that_is_too_wide_or_says_nothing() -> None:
    (wide,) = found(*GOOD, widest=83)
    assert (wide.rule, wide.measure, wide.limit, wide.unit) == ("too-wide", 100, 83, "mm")
    for said in ("", "Title"):
        (silent,) = found(*GOOD, said=said)
        assert silent.rule == "no-alternative-text"


def test_roles_that_look_the_same_in_grey_are_told_apart_by_a_badge() -> None:
    frozen, trained = (
        (box("a", 10, 10), text("l", 20, 15)),
        (box("b", 60, 10, role="adapter"), text("m", 70, 15)),
    )
    (alike,) = found(*frozen, *trained)
    assert alike.rule == "alike"
    assert "what is frozen and what is trained look the same with grey print" in alike.what
    assert alike.measure == pytest.approx(difference("#C3DAF1", "#FFE6C4", "grey print"), abs=0.05)
    assert found(*frozen, badge("i", 27, 17), *trained) == []


@pytest.mark.parametrize(
    ("frozen", "adapter", "vision"),
    [("#3D7ABE", "#E567C6", "protanopia"), ("#5BB287", "#EB3D7F", "deuteranopia")],
)
def test_roles_that_the_colour_blind_cannot_tell_apart(
    frozen: str, adapter: str, vision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody else can, in grey print too."""
    for role, colour in (("frozen", frozen), ("adapter", adapter)):
        monkeypatch.setitem(PALETTE, role, colour)
        monkeypatch.setitem(STYLES, role, Style(role, "ink", "ink", 0.28))
    shown = found(box("a", 10, 10), text("l", 20, 15), box("b", 60, 10, role="adapter"), text("m", 70, 15))
    (blind,) = (finding for finding in shown if finding.rule == "alike")
    assert f"look the same with {vision}: their colours are" in blind.what
    assert difference(frozen, adapter, "grey print") > 10


def test_frames_grids_sheets_and_other_ends_are_no_faults() -> None:
    frame = box("frame", 0, 0, 100, 50)
    assert found(frame, *GOOD) == []  # a line within a frame
    grid = Arrow("g", "line", ((15, 10), (15, 20)), End("a", "south"), End("a", "north"), head=False)
    assert [f.rule for f in found(box("a", 10, 10), grid, text("l", 15, 15))] == []
    assert found(box("a", 10, 10), box("b", 12, 12)) == []  # sheets of one stack
    across = wire("v", (0, 0), (20, 20)), wire("w", (0, 20), (20, 0), of=("c", "d"))
    assert found(*across) == []


def test_the_names_of_the_rules() -> None:
    assert NAMES == (
        "small-text", "thin-line", "too-wide", "no-alternative-text", "faint-text", "faint-mark", "alike",
        "near-line", "over-each-other", "through-box", "crossing", "on-a-line", "near-badge", "uneven",
    )  # fmt: skip


# -- the command ----------------------------------------------------------------------------------

SMALL = """\
id: small
title: Small
model: {d: 64, r: 4}
theme: {font_size: 8.4}
stack:
  - bar: x
  - square: 'W_{q_1}'
  - bar: h
"""


def run(tmp_path: Path, *arguments: str) -> tuple[int, str]:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    result = CliRunner().invoke(cli, ["lint", str(path), *arguments])
    if isinstance(result.exception, LorafigError):
        raise result.exception
    return result.exit_code, result.output.replace(f"{tmp_path}/", "")


def test_the_command_names_the_place_the_rule_and_what_to_do(tmp_path: Path) -> None:
    status, told = run(tmp_path)
    assert status == 1
    assert "small.yaml:7:5: warning: small-text: the smallest letters of 'W" in told
    assert "  - square: 'W_{q_1}'\n" in told
    assert "hint: set theme: {font_size: " in told
    assert told.endswith("\n1 figure, 1 finding\n")


def test_the_command_for_a_program(tmp_path: Path) -> None:
    status, told = run(tmp_path, "--json")
    report = json.loads(told)
    assert (status, report["version"], report["errors"]) == (1, 1, [])
    (figure,) = report["figures"]
    assert (figure["id"], figure["file"].endswith("small.yaml")) == ("small", True)
    first = figure["findings"][0]
    assert set(first) == {"rule", "line", "column", "item", "what", "measure", "limit", "unit", "remedy"}
    assert (first["rule"], first["line"], first["limit"], first["unit"]) == ("small-text", 7, 6.0, "pt")


@pytest.mark.parametrize(
    ("option", "value", "said"), [("--venue", "NIPZ", "venue"), ("--theme", "drak", "theme")]
)
def test_a_name_that_there_is_not(tmp_path: Path, option: str, value: str, said: str) -> None:
    with pytest.raises(LorafigError, match=f"there is no {said} '{value}'"):
        run(tmp_path, option, value)


# -- the gallery ----------------------------------------------------------------------------------


@pytest.mark.sample(20)
@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("name", gallery())
def test_the_gallery_has_no_finding_in_any_theme(name: str, theme: str) -> None:
    figure = language.load(gallery()[name])
    assert [finding.what for finding in readable(figure, theme).findings] == []


@pytest.mark.sample(8)
@pytest.mark.parametrize("name", gallery())
def test_nor_in_a_venue(name: str) -> None:
    """What is composed anew keeps its distances, and letters of 6 pt with indices counted."""
    figure = language.load(gallery()[name])
    assert [finding.what for finding in readable(figure, None, "ECCV").findings] == []


def test_matrices_of_several_roles_carry_badges() -> None:
    """Of one role alone, they carry none."""
    product = (
        "id: a\ntitle: A\nmodel: {adapter: pissa, d: 64, r: 8, let: ['W = W_{res} + BA']}\nproduct: PARTS\n"
    )
    icons = {
        parts: [item.meaning for item in walk(layout(language.loads(product.replace("PARTS", parts))).items)
                if isinstance(item, Icon)]
        for parts in ("[W, '=', 'W_{res}', '+', B, '×', A]", "[B, '×', A]")
    }  # fmt: skip
    assert list(icons.values()) == [["frozen", "trainable", "trainable"], []]
