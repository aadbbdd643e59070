"""A theme is one file, a venue one row: what is added is known everywhere."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import lorafig
from lorafig.themes.palettes import DEFAULT, PALETTES, suited
from lorafig.themes.style import READABLE, contrast, styles
from lorafig.themes.venues import venues

PACKAGE = pathlib.Path(lorafig.__file__).parent
SEPIA = {
    "like": "okabe-ito",
    "partner": "umber",
    "colours": {"blue": "#5C4033", "blue line": "#3B2A20", "orange": "#D9A441"},
}
UMBER = {"like": "dark", "partner": "sepia", "colours": {"night": "#201812"}}
SPEC = """\
id: a
title: A
model: {d: 64, r: 4}
theme: THEME
row:
  - panel: One
    stack: [bar: x, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, bar: h]
  - panel: Two
    flow:
      nodes: {x: {box: x}, W: {box: W}, A: {box: A}, B: {box: B}, sum: {circle: +}, h: {box: h}}
      edges: ['x -> W -> sum', 'x -> A -> B -> sum', 'sum -> h']
controls: {r: {min: 2, max: 8}}
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """lorafig in a folder of its own, with two themes more and one more venue."""
    place = tmp_path_factory.mktemp("copied")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, place / "lorafig", ignore=ignored)
    shutil.copytree(PACKAGE.parent / "templates", place / "lorafig" / "templates", ignore=ignored)
    themes = place / "lorafig" / "themes"
    (themes / "palettes" / "sepia.json").write_text(json.dumps(SEPIA))
    (themes / "palettes" / "umber.json").write_text(json.dumps(UMBER))
    rows = json.loads((themes / "venues.json").read_text())
    rows.append(
        {"name": "Nature", "aliases": ["Science"], "widths": ["89 mm", "183 mm"], "source": "a guide"}
    )
    (themes / "venues.json").write_text(json.dumps(rows))

    def run(*arguments):
        surroundings = os.environ | {"PYTHONPATH": str(place), "LORAFIG_CACHE": "off"}
        command = [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(place)!r}]; {START}", *arguments]
        return subprocess.run(
            command, cwd=place, capture_output=True, text=True, env=surroundings, check=False
        )

    return place, run


START = "from lorafig.cli import main; main()"
FORMATS = ("svg", "tikz", "tex", "png", "pdf", "eps", "html", "mmd")


def test_one_file_is_a_theme_of_the_language_the_command_line_and_every_format(copied):
    place, run = copied
    for name, theme in (("own", "sepia"), ("given", "grey")):
        (place / f"{name}.yaml").write_text(SPEC.replace("id: a", f"id: {name}").replace("THEME", theme))
    done = run("render", "own.yaml", "-f", ",".join(FORMATS), "-o", "out")
    assert done.returncode == 0, done.stderr
    done = run("render", "given.yaml", "--theme", "sepia", "-f", "svg", "-o", "out")
    assert done.returncode == 0, done.stderr
    for name in ("own.svg", "own.tikz", "own.tex", "own.html", "own.mmd", "given.svg"):
        text = (place / "out" / name).read_text().upper()
        assert SEPIA["colours"]["blue"].removeprefix("#") in text, name
        if name != "own.html":  # a page has colours of its own around the figure
            assert PALETTES[DEFAULT].colours["blue"].removeprefix("#") not in text, name
    assert "0.361 0.251 0.2 setrgbcolor" in (place / "out" / "own.eps").read_text()
    from PIL import Image

    assert (0x5C, 0x40, 0x33) in {colour for _, colour in pixels(Image.open(place / "out" / "own.png"))}
    page = (place / "out" / "own.html").read_text()
    assert "--ground:#201812" in page  # its partner's
    assert '"sepia"' in run("schema").stdout
    said = run("render", "own.yaml", "--theme", "sepai").stderr
    assert "did you mean 'sepia'? the themes are 'okabe-ito', 'grey', 'sepia', 'dark' and 'umber'" in said
    done = run("gallery", "own.yaml", "-o", "site")
    assert done.returncode == 0, done.stderr
    style = (place / "site" / "gallery.css").read_text()
    assert '.stage[data-palette="umber"], .thumb[data-palette="umber"] { background: #201812; }' in style


def pixels(picture):
    return picture.convert("RGB").getcolors(1 << 24)


def test_one_row_is_a_venue_of_the_command_line_and_of_what_words_may_name(copied):
    place, run = copied
    (place / "v.yaml").write_text(
        SPEC.replace("THEME", "grey").replace("title: A", "title: Seen at Nature 2026")
    )
    done = run("render", "v.yaml", "--venue", "science", "-f", "svg", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "AISTATS, UAI, " in run("render", "v.yaml", "--venue", "Natur").stderr
    assert ", Nature" in run("render", "v.yaml", "--venue", "Natur").stderr


@pytest.mark.parametrize("name", PALETTES)
def test_a_theme_names_what_it_has(name):
    palette = PALETTES[name]
    assert set(palette.roles) == set(PALETTES[DEFAULT].roles)
    used = {colour for pair in palette.roles.values() for colour in pair} | {palette.ink, palette.background}
    assert used - {None} <= set(palette.colours)
    assert {"black", "white"} <= set(palette.colours)
    assert palette.partner is None or PALETTES[palette.partner].partner == name
    shades = {shade: PALETTES[other].background is not None for shade, other in suited(name).items()}
    assert shades == {"light": False, "dark": True}
    for style in styles(palette).values():
        if style.fill is not None:
            assert contrast(palette.colours[style.fill], palette.colours[style.ink]) >= READABLE


def test_a_venue_has_widths_that_grow_and_a_name_of_its_own():
    names = [name.lower() for venue in venues() for name in (venue.name, *venue.aliases)]
    assert len(set(names)) == len(names)
    for venue in venues():
        assert 50 < venue.limits()[0] <= venue.limits()[-1] < 200
        assert list(venue.limits()) == sorted(venue.limits())
        assert venue.source != ""
