"""A theme is one file, a venue one row: what is added is known everywhere."""

import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys

import numpy as np
import pytest

import lorafig
from lorafig.themes.legend import AREAS, BADGES
from lorafig.themes.palettes import DEFAULT, PALETTES, palette_of, suited
from lorafig.themes.style import MATRICES, SEEN, channels, colours, contrast, styles
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
            assert PALETTES["okabe-ito"].colours["blue"].removeprefix("#") not in text, name
    assert "0.361 0.251 0.2 setrgbcolor" in (place / "out" / "own.eps").read_text()
    from PIL import Image

    assert (0x5C, 0x40, 0x33) in {colour for _, colour in pixels(Image.open(place / "out" / "own.png"))}
    page = (place / "out" / "own.html").read_text()
    assert "--ground:#201812" in page  # its partner's
    assert '"sepia"' in run("schema").stdout
    said = run("render", "own.yaml", "--theme", "sepai").stderr
    known = "'paper', 'grey', 'okabe-ito', 'poster', 'sepia', 'dark', 'paper-dark', 'slide' and 'umber'"
    assert f"did you mean 'sepia'? the themes are {known}" in said
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
    used = {colour for look in palette.roles.values() for colour in look} | {palette.ink, palette.background}
    assert used - {None} <= set(palette.colours)
    assert {"black", "white"} <= set(palette.colours)
    if palette.partner is not None:  # the same figure in other colours, and nothing else
        partner = PALETTES[palette.partner]
        assert partner.partner == name
        assert (partner.line, partner.hairline, partner.corner) == (
            palette.line, palette.hairline, palette.corner,
        )  # fmt: skip
    shades = {shade: PALETTES[other].background is not None for shade, other in suited(name).items()}
    assert shades == {"light": False, "dark": True}


VISIONS = {
    # Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB; grey is the luminance alone.
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}  # fmt: skip
XYZ = [
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
]
APART = 10.0  # a difference in CIE Lab that is seen at a glance; 2.3 is the least that is seen at all


def lab(colour, vision):
    """A colour as CIE Lab (D65), as it is seen."""
    srgb = np.array(channels(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    x, y, z = XYZ @ np.clip(np.array(VISIONS[vision]) @ linear, 0, 1) / (0.95047, 1.0, 1.08883)
    f, g, h = (np.cbrt(t) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return np.array((116 * g - 16, 500 * (f - g), 200 * (g - h)))


def apart(one, other, vision):
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", PALETTES)
def test_roles_are_told_apart_by_colour_or_by_badge(name, vision):
    """In grey and by the colour-blind too. Frozen and trained have badges, the others have none."""
    palette = PALETTES[name]
    badges = {role: [badge for badge, key in BADGES.items() if AREAS[key] == role] for role in AREAS.values()}
    for one, other in itertools.combinations(("frozen", "adapter", "merged", "activation"), 2):
        looks = zip(palette.roles[one][:2], palette.roles[other][:2], strict=True)
        colours = [apart(palette.colours[a], palette.colours[b], vision) for a, b in looks]
        assert max(colours) >= APART or badges[one] != badges[other], (one, other, colours)
        assert max(colours) >= APART or vision in ("tritanopia", "grey"), (one, other, colours)


@pytest.mark.parametrize("name", PALETTES)
def test_the_bars_of_a_card_are_seen_beside_what_is_left_of_the_whole(name):
    palette = palette_of(name)
    known, resolved = colours(palette), styles(palette)
    for role in MATRICES:
        fill = resolved[f"{role} bar"].fill
        assert fill in (f"{role} shade", palette.roles[role][1])
        assert contrast(known[fill], known["track"]) >= SEEN


def test_the_simulation_is_that_of_the_literature():
    """Machado's matrices keep greys, and a protanope takes red for a dark yellow-brown."""
    for vision in VISIONS:
        assert apart("#808080", "#808080", "normal") == 0
        assert np.allclose(lab("#808080", vision), lab("#808080", "normal"), atol=0.05)
    assert apart("#D00000", "#5A5000", "protanopia") < 15 < 60 < apart("#D00000", "#5A5000", "normal")


def test_a_venue_has_widths_that_grow_and_a_name_of_its_own():
    names = [name.lower() for venue in venues() for name in (venue.name, *venue.aliases)]
    assert len(set(names)) == len(names)
    for venue in venues():
        assert 50 < venue.limits()[0] <= venue.limits()[-1] < 1200  # mm, of a poster
        assert list(venue.limits()) == sorted(venue.limits())
        assert venue.source != ""
