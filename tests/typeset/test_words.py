"""Words in a sans or a serif, mathematics in a serif: in every output, and in TikZ where it was asked for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import lorafig
from lorafig.language import loads
from lorafig.layout import layout
from lorafig.render import svg, tikz
from lorafig.scene import walk
from lorafig.themes.measures import caption_size, equation_size, title_size
from lorafig.typeset import LatinModern
from lorafig.typeset.fonts import FILES

FONTS = Path(lorafig.__file__).parent / "fonts"
SPEC = """\
id: a
title: A
model: {d: 64, r: 4}
theme: THEME
row:
  - panel: Training
    stack: [bar: x, {square: W, text: [Frozen weight]}, bar: h]
"""


def faces(line):
    """The font of each glyph, by the first letter of its key, and what it shows."""
    return {(glyph.key[0], glyph.char) for glyph in line.glyphs if glyph.char.strip()}


def test_words_are_sans_and_mathematics_is_serif():
    sans, serif = LatinModern(font="sans"), LatinModern(font="serif")
    assert {face for face, _ in faces(sans.text("rank $r$", 8.5))} == {"g", "m"}
    assert {face for face, _ in faces(serif.text("rank $r$", 8.5))} == {"r", "m"}
    assert {face for face, _ in faces(sans.text("rank", 9, bold=True))} == {"d"}
    assert {face for face, _ in faces(sans.text("a **bold** word", 9))} == {"g", "d"}
    assert sans.math("W x", 8.5) == serif.math("W x", 8.5)
    assert faces(sans.text("秩 r", 9)) == {("s", "秩"), ("g", "r")}


def test_the_sans_is_drawn_alike_at_every_size():
    """A serif has drawings of its own for small sizes, a sans has one."""
    small, large = (LatinModern(font="sans").text("Frozen", size).width for size in (6, 12))
    assert small == large
    small, large = (LatinModern(font="serif").text("Frozen", size).width for size in (6, 12))
    assert small > 1.2 * large


@pytest.mark.parametrize(
    ("size", "title", "equation", "note"),
    [(8.5, 9, 10, 7.5), (9, 9, 10.95, 8), (10, 10, 12, 9), (7, 7, 9, 6)],
)
def test_titles_equations_and_notes_follow_the_text(size, title, equation, note):
    assert (title_size(size), equation_size(size), caption_size(size)) == (title, equation, note)


def scene(theme):
    return layout(loads(SPEC.replace("THEME", theme)))


def test_tikz_has_the_documents_font_unless_one_is_asked_for():
    assert not re.search("sffamily|rmfamily|helvet", tikz.render(scene("paper")))
    assert re.search(r"\\sffamily.*\\fontsize", tikz.render(scene("{font: sans}")))
    assert re.search(r"\\rmfamily.*\\fontsize", tikz.render(scene("{font: serif}")))
    assert r"\usepackage{helvet}" in tikz.render(scene("paper"), standalone=True)
    assert "helvet" not in tikz.render(scene("{font: serif}"), standalone=True)


def test_live_text_names_the_fonts_of_its_words():
    sans, serif = (svg.render(scene(theme), text="live") for theme in ("paper", "{font: serif}"))
    assert re.search(
        r"font-family=\"'TeX Gyre Heros',[^\"]*sans-serif\"[^>]*><text[^>]*><tspan[^>]*bold", sans
    )
    assert "Heros" not in serif
    assert "'Latin Modern Math'" in sans  # for mathematics


def test_the_command_line_has_the_last_word(tmp_path):
    spec = tmp_path / "a.yaml"
    spec.write_text(SPEC.replace("THEME", "{font: sans}"))
    command = [sys.executable, "-m", "lorafig", "render", str(spec), "-f", "tikz", "-o", "-", "--no-check"]
    written = [
        subprocess.run([*command, *options], capture_output=True, text=True, check=True).stdout
        for options in ((), ("--font", "serif"))
    ]
    assert [r"\sffamily" in text for text in written] == [True, False]
    assert r"\rmfamily" in written[1]


def test_every_font_is_listed_with_its_licence():
    told = (FONTS / "README.md").read_text()
    for name in FILES.values():
        assert f"| {name} |" in told
    assert {path.name for path in FONTS.glob("*.?tf")} == set(FILES.values())
    assert (FONTS / "GUST-FONT-LICENSE.txt").exists()


def test_a_sans_figure_opens_no_serif_for_words():
    items = walk(scene("paper").items)
    keys = {glyph.key[0] for item in items for line in getattr(item, "lines", ()) for glyph in line.glyphs}
    assert keys == {"g", "d", "m"} or keys == {"d", "m"}


@pytest.mark.parametrize("size", [7.5, 8.5])
def test_no_index_is_smaller_than_6_points(size):
    line = LatinModern().math("d^{k_1}", size)
    assert min(glyph.scale for glyph in line.glyphs) * size == pytest.approx(6)


def test_tex_gives_indices_the_size_that_they_are_drawn_in():
    text = tikz.render(scene("paper"))
    assert r"\csname S@8.5\endcsname" in text
    assert r"sf@size\endcsname{6}" in text
    assert r"ssf@size\endcsname{6}" in tikz.render(scene("{font_size: 9}"))  # LaTeX has 5 there
    assert "S@" not in tikz.render(scene("{font_size: 12}"))
