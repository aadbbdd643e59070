"""A figure for a venue or a width is composed anew, with its parts moved and smaller text, never scaled."""

from __future__ import annotations

import pathlib
import re
import subprocess

import pytest
from click.testing import CliRunner

from lorafig import language
from lorafig.cli.group import cli
from lorafig.draw import composed, lay_out
from lorafig.errors import LorafigError
from lorafig.language import load
from lorafig.layout import layout
from lorafig.layout.arrangements import CLOSE
from lorafig.layout.composed import IN_COLUMN, TALLEST, Room, smallest
from lorafig.layout.composed import composed as fitted
from lorafig.scene import Label, walk
from lorafig.themes.palettes import LEAST_UNIT, palette_of
from lorafig.themes.venues import names, venue, venues
from lorafig.themes.widths import width
from lorafig.values import replace

GALLERY = sorted((pathlib.Path(__file__).parent.parent / "figures").glob("*.yaml"))
TWO = """\
id: a
title: A
model: {d: 64, r: 4, let: ['V = W + BA']}
row:
  - {panel: One, stack: [bar: x, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, bar: h]}
  - {equations: ['h = Wx + BAx', 'V = W + BA']}
  - {panel: Two, stack: [bar: x, square: V, bar: h]}
card: {title: Parameters, rows: ['all: $d^2 = 4096$']}
"""


@pytest.mark.sample(30)
@pytest.mark.parametrize("name", [row.name for row in venues()])
@pytest.mark.parametrize("spec", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_fits_every_venue_with_text_that_can_be_read(spec: pathlib.Path, name: str) -> None:
    row = venue(name)
    figure, told = composed(load(spec), name.lower())
    scene = lay_out(figure)
    assert told is not None
    moved = re.search(r"pt, (?!\d+ mm high)", told) is not None
    used = min(
        limit for limit in row.limits()
        if scene.width <= limit + 1e-6
        and (not moved or scene.height <= TALLEST * limit or limit == row.limits()[-1])
    )  # fmt: skip
    assert f" of {used:.1f} mm, text of {figure.theme.font_size:g} pt" in told
    assert row.called()[row.limits().index(used)] in told
    assert figure.theme.font_size in row.text
    assert smallest(scene) >= 5.99
    assert used == row.limits()[-1] or figure.theme.font_size >= IN_COLUMN * row.text[0]


def at(
    room: float, sizes: tuple[float, ...] = (9, 8, 7, 6), height: float | None = None
) -> tuple[str, float]:
    found = fitted(language.loads(TWO), Room("x", (room,), ("page",), sizes, height), lay_out)
    return found.arranged, found.figure.theme.font_size


def test_what_is_moved_is_what_gives_the_larger_text() -> None:
    whole = lay_out(replace(language.loads(TWO), theme=language.model.ThemeChoice(font_size=9))).width
    assert at(whole) == ("", 9)
    assert at(whole - 1) == ("card below", 9)
    assert at(0.75 * whole) == ("card and equations below", 9)
    arranged, size = at(0.4 * whole)
    assert arranged.startswith("card")
    assert size < 9


def test_a_row_of_its_own_stands_in_the_middle() -> None:
    figure = replace(language.loads(TWO), card=None)
    found = fitted(figure, Room("x", (0.7 * lay_out(figure).width,), ("page",)), lay_out)
    assert found.arranged == "equations below"
    scene = layout(found.figure)
    labels = {item.name: item for item in walk(scene.items) if isinstance(item, Label)}
    assert labels["equation-1"].centre[0] == pytest.approx(scene.width / 2, abs=0.5)


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_every_figure_of_the_gallery_fits_on_a_slide(path: pathlib.Path) -> None:
    """Of 16 to 9, the lower one, with text that can be read."""
    figure, told = composed(load(path), "beamer-16:9")
    assert " mm high, and there are " not in told
    assert smallest(lay_out(figure)) >= 5.99


def test_a_tower_is_no_arrangement_and_a_slide_has_a_height() -> None:
    figure = language.loads(TWO)
    narrow = 0.4 * lay_out(figure).width
    found = fitted(figure, Room("x", (narrow,), ("page",), (9, 6)), lay_out)
    scene = lay_out(found.figure)
    assert scene.height <= TALLEST * narrow or "mm high, and there are" in found.told("x")
    arranged, size = at(1000, height=lay_out(figure).height * 0.8)
    assert (arranged, size) == ("closer together", 7)
    assert " mm high, and there are 5 mm" in at(1000, height=5)[0]


def test_on_a_slide_gaps_become_smaller_where_nothing_else_fits():
    figure = language.loads(TWO)
    low = fitted(figure, Room("x", (1000,), ("page",), (9, 6), 1000), lay_out)
    least = lay_out(replace(low.figure, theme=language.model.ThemeChoice(font_size=6))).height
    found = fitted(figure, Room("x", (1000,), ("page",), (9, 6), 0.9 * least), lay_out)
    assert (found.arranged, found.figure.theme.font_size) == ("closer together", 6)
    scene = lay_out(found.figure)
    assert scene.height <= 0.9 * least
    assert smallest(scene) >= 5.99
    assert palette_of(found.figure.theme.palette).unit == CLOSE[0] < palette_of(figure.theme.palette).unit
    close = fitted(figure, Room("x", (1000,), ("page",), (9, 6), scene.height - 0.1), lay_out)
    assert (close.arranged, close.figure.theme.font_size) == ("closer together", 6)
    assert palette_of(close.figure.theme.palette).unit == CLOSE[1] == LEAST_UNIT
    assert smallest(lay_out(close.figure)) >= 5.99


CHAIN = """\
id: a
title: A
model: {adapter: none}
flow:
  direction: up
  nodes: {a: {box: [One]}, b: {box: [Two]}, c: {box: [Three]}, d: {box: [Four]}, e: {box: [Five]}}
  edges: [a -> b -> c -> d -> e]
"""


def test_a_flow_that_is_too_high_for_a_slide_lies() -> None:
    """Where there is a height; with as large a text as it then has, and told."""
    figure = language.loads(CHAIN)
    room = Room("x", (140.0,), ("slide",), (9, 6), 30.0)
    found = fitted(figure, room, lay_out)
    assert (found.arranged, found.figure.theme.font_size) == ("flows to the right", 9)
    scene = lay_out(found.figure)
    assert scene.height <= 30 < lay_out(figure).height
    assert fitted(figure, replace(room, height=None), lay_out).arranged == ""
    levels = language.loads(
        CHAIN.replace("{box: [One]}", "{box: [One], level: low}") + "levels: {low: Low}\n"
    )
    assert fitted(levels, replace(room, height=20.0), lay_out).arranged.startswith("closer together, ")


def test_what_is_far_too_wide_in_large_text_is_tried_in_the_least() -> None:
    """It is arranged in another way at 9 pt and more, so that its width does not grow as its text does."""
    figure = load(next(path for path in GALLERY if path.stem == "federated-lora"))
    told = composed(figure, "beamer-16:9")[1]
    assert told == "beamer-16:9: slide of 140.0 mm, text of 6 pt, 2 columns, closer together"


def test_words_in_boxes_of_a_flow_that_lies_are_broken() -> None:
    """What lies is as long as they are; formulas are not broken."""
    words = ["Layer norm", "Feed-forward network", "Query $W_q x$ now", "Attention", "Two words"]
    texts = iter(words)
    chain = re.sub(r"\[\w+\]", lambda _: f"[{next(texts)}]", CHAIN, count=5)
    found = fitted(language.loads(chain), Room("x", (140.0,), ("slide",), (9, 6), 30.0), lay_out)
    assert found.arranged == "flows to the right"
    assert found.figure.flow is not None
    assert [node.label for node in found.figure.flow.nodes] == [
        ("Layer", "norm"),
        ("Feed-forward", "network"),
        ("Query", "$W_q x$ now"),
        ("Attention",),
        ("Two", "words"),
    ]


def test_what_is_too_high_in_every_way_is_as_low_as_it_gets_and_told_what_helps() -> None:
    figure = language.loads(CHAIN)
    found = fitted(figure, Room("x", (140.0,), ("slide",), (9, 6), 4.0), lay_out)
    height = lay_out(found.figure).height
    assert found.arranged == (
        f"flows to the right, closer together, {height:.0f} mm high, and there are 4 mm: "
        "draw it in two figures, or with fewer nodes"
    )
    assert at(1000, height=5)[0].endswith(" and there are 5 mm: draw it in two figures, or with fewer nodes")


def test_advice_is_given_only_if_it_helps() -> None:
    figure = language.loads(TWO)
    tower = lay_out(replace(figure, card=None, theme=language.model.ThemeChoice(font_size=6)))
    alone = replace(figure, card=None, row=figure.row[:1])
    panel = lay_out(replace(alone, theme=language.model.ThemeChoice(font_size=6)))
    narrow = Room("x", (panel.width,), ("slide",), (6,), panel.height)
    assert panel.width < tower.width
    found = fitted(figure, narrow, lay_out).arranged
    assert found.endswith(f"and there are {panel.height:.0f} mm: draw its panels as figures of their own")
    equations = replace(alone, row=figure.row[:2])
    found = fitted(equations, narrow, lay_out).arranged
    assert found.endswith(": set its equations in the text of the document")


LINES = """\
id: a
title: A
model: {adapter: none, d: 64, r: 32, symbols: {W: {shape: [d, d]}, B: {shape: [d, r]}, A: {shape: [r, d]}}}
proportion: linear
wrap: 1
row:
  - product: [{matrix: W}, '=', {matrix: B}, '\\times', {matrix: A}, '=', {matrix: B}, '\\times', {matrix: A}]
  - product: [{matrix: W}, '=', {matrix: B}, '\\times', {matrix: A}]
  - product: [{matrix: W}, '=', {matrix: B}, '\\times', {matrix: A}]
card: {at: below, title: Sizes, rows: ['all: $d^2 = 4096$']}
"""


def test_what_is_too_high_for_a_slide_stands_side_by_side() -> None:
    """In lines of any length, with the card beside; and what is wide enough stays as it is."""
    figure = language.loads(LINES.replace("adapter: none, ", "let: ['W = BA'], adapter: none, "))
    whole = lay_out(replace(figure, theme=language.model.ThemeChoice(font_size=9)))
    room = Room("x", (1.4 * whole.width,), ("slide",), (9, 6), 0.75 * whole.height)
    assert fitted(figure, room, lay_out).arranged == "lines of 1 and 2"
    told = fitted(figure, replace(room, height=0.5 * whole.height), lay_out)
    assert told.arranged.startswith("lines of 1 and 2, card beside")
    assert lay_out(told.figure).height <= 0.5 * whole.height
    assert fitted(figure, replace(room, height=None), lay_out).arranged == ""


def test_equations_stand_side_by_side_below_panels() -> None:
    figure = replace(language.loads(TWO), card=None, theme=language.model.ThemeChoice(font_size=9))
    below = replace(figure, row=(figure.row[0], figure.row[2], figure.row[1]), wrap=2)
    scene = lay_out(below)
    room = Room("x", (1.05 * scene.width,), ("slide",), (9,), scene.height - 1)
    found = fitted(figure, room, lay_out)
    assert found.arranged == "lines of 2 and 2"
    assert lay_out(found.figure).height <= scene.height - 1


def test_on_a_slide_small_text_is_a_reason_to_arrange_anew() -> None:
    """Where that makes it larger by more than a little."""
    figure = language.loads(CHAIN)
    room = Room("x", (140.0,), ("slide",), (11, 9, 8, 7, 6), 51.0)
    upright = lay_out(replace(figure, theme=language.model.ThemeChoice(font_size=6)))
    assert upright.height <= 51
    found = fitted(figure, room, lay_out)
    assert (found.arranged, found.figure.theme.font_size) == ("flows to the right", 11)


def test_posters_have_text_and_lines_that_are_seen_from_afar() -> None:
    figure, told = composed(language.loads(TWO), "poster-a0")
    assert figure.theme.font_size == 48
    assert told == "poster: page of 780.0 mm, text of 48 pt, card below"
    poster, paper = layout(figure), layout(language.loads(TWO))
    assert poster.styles["frozen"].line > 3 * paper.styles["frozen"].line
    assert smallest(poster) > 24


CLASSES = {
    "IEEE": "[conference]{IEEEtran}", "ACM": "[sigconf, nonacm]{acmart}", "LNCS": "{llncs}",
    "arXiv": "{article}", "beamer": "{beamer}", "beamer-16:9": "[aspectratio=169]{beamer}",
}  # fmt: skip


@pytest.mark.sample(2)
@pytest.mark.parametrize("name", CLASSES)
def test_the_widths_are_those_that_the_class_has(name: str, tmp_path: pathlib.Path) -> None:
    said = r"\typeout{WIDTHS \the\columnwidth\space\the\textwidth}"
    column = r"\twocolumn" if name == "ACM" else ""  # as \maketitle does
    text = rf"\documentclass{CLASSES[name]}\begin{{document}}{column}{said}\end{{document}}"
    (tmp_path / "a.tex").write_text(text)
    command = ["pdflatex", "-interaction=nonstopmode", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
    found = re.search(r"WIDTHS ([\d.]+)pt ([\d.]+)pt", done.stdout)
    assert found is not None, done.stdout[-2000:]
    sizes = sorted({width(f"{points}pt").mm() for points in found.groups()})
    assert venue(name).limits() == pytest.approx(sizes, abs=0.05)


def test_every_venue_of_the_field_is_there() -> None:
    known = [name.lower() for name in names()]
    expected = (
        "NeurIPS ICLR ICML CVPR ICCV WACV ECCV LNCS AAAI ACL EMNLP NAACL COLM JMLR TMLR AISTATS UAI COLT ",
        "IJCAI AAMAS MLSys CoRL IEEE ACM Interspeech ICASSP Nature arXiv beamer-4:3 beamer-16:9 poster",
    )
    for name in " ".join(expected).split():
        assert name.lower() in known
    assert "poster" not in names(published=True)


def test_an_unknown_venue_lists_those_there_are() -> None:
    with pytest.raises(LorafigError) as caught:
        composed(load(GALLERY[0]), "Natur")
    listed = ", ".join(row.name for row in venues())
    assert str(caught.value) == f"there is no venue 'Natur'\n  hint: the venues are {listed}"


# -- widths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mm"),
    [("3.25in", 82.55), ("8.5cm", 85), ("85 mm", 85), ("240pt", 84.35), (r"\linewidth", 121.25),
     (r"0.48\linewidth", 58.2), (r"0.5\textwidth", 60.63)],
)  # fmt: skip
def test_widths(text: str, mm: float) -> None:
    assert width(text).mm() == pytest.approx(mm, abs=0.02)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8.5", "'8.5' is not a width\n  hint: give it a unit: 8.5cm"),
        ("cm", "'cm' is not a width"),
        ("8.5em", "'8.5em' is not a width"),
        ("nan cm", "'nan cm' is not a width"),
        (r"0.5\linewdth", r"there is no width \linewdth"),
        ("1mm", "a figure 1mm wide\n  hint: widths go from 1 cm to 5.7 m"),
        (r"9\linewidth", r"a figure 9\linewidth wide"),
        ("9" * 400 + "cm", "'" + "9" * 64 + "' is not a width"),
    ],
)
def test_what_is_no_width(text: str, said: str) -> None:
    with pytest.raises(LorafigError) as caught:
        width(text)
    assert str(caught.value).startswith(said)
    with pytest.raises(LorafigError) as caught:
        language.loads(f"{TWO}width: '{text}'\n")
    assert f":9:9: {said}" in str(caught.value)


def test_a_width_in_the_spec_on_the_command_line_and_of_a_venue(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pathlib.Path("a.yaml").write_text(TWO + "width: 12cm\n")

    def wide(*options: str) -> tuple[float, str]:
        done = CliRunner().invoke(cli, ["render", "a.yaml", *options, "-o", "a.svg"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        svg = pathlib.Path("a.svg").read_text()
        return float(svg.partition('width="')[2].partition("mm")[0]), done.output

    assert wide()[0] <= 120
    assert "a: width of 120.0 mm, text of " in wide()[1]
    assert wide() == wide()  # from the cache too
    assert wide("--width", "4in")[0] <= 101.6
    assert "NeurIPS: page of 139.7 mm" in wide("--venue", "NeurIPS")[1]
    half = wide("--venue", "Nature", "--width", r"0.9\textwidth")
    assert half[0] <= 0.9 * 183
    assert lay_out(load("a.yaml")).width <= 120
    done = CliRunner().invoke(cli, ["lint", "a.yaml", "--width", "2cm"])
    assert "too-wide" in done.output


def test_what_no_readable_size_makes_fit_is_refused_with_what_helps() -> None:
    with pytest.raises(LorafigError) as caught:
        composed(language.loads(TWO), None, "2cm")
    problem = caught.value.problems[0]
    assert problem.what.startswith("at 6 pt the figure is ")
    assert problem.what.endswith(" mm wide, and this width has 20 mm")
    assert problem.hint == "shorten its labels"
    flow = "id: a\ntitle: A\nflow: {nodes: {x: {box: x}, W: {box: W}, h: {box: h}}, edges: ['x -> W -> h']}\n"
    with pytest.raises(LorafigError, match="hint: set direction: down in the flow"):
        composed(language.loads(flow.replace("nodes", "direction: right, nodes")), None, "2cm")
