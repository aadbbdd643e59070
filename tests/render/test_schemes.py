"""One SVG is light on light pages and dark on dark ones."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lorafig import language
from lorafig.draw import draw
from lorafig.options import AUTO, Options
from lorafig.resources import gallery

GALLERY = gallery()


def svg(path, **options):
    figure = language.load(str(path))
    return draw(figure, ["svg"], Options(check=False, **options))[0]["svg"].decode()


def coloured(text, dark):
    """The colours of each element, on a page of this shade; the ground of a dark drawing left out."""
    rules = dict(re.findall(r"\.(\w+)\{(\w+:#\w+)\}", text)) if dark else {}
    found = []
    for element in ElementTree.fromstring(text).iter():
        own = {key: element.get(key) for key in ("fill", "stroke") if element.get(key)}
        for label in element.get("class", "").split():
            if label in rules:
                key, _, value = rules[label].partition(":")
                own[key] = value
        if element.get("id") is not None or own:
            found.append((element.get("id"), own))
    return found


@pytest.mark.parametrize("text", ["paths", "live"])
@pytest.mark.parametrize("name", ["lora-two-panel", "lora-flow", "matrices-lora"])
def test_one_file_is_both_drawings(name, text):
    both = svg(GALLERY[name], theme=AUTO, text=text)
    light, dark = (svg(GALLERY[name], theme=theme, text=text) for theme in ("paper", "paper-dark"))
    assert coloured(both, dark=False) == coloured(light, dark=False)
    ground = "#14171C"
    assert coloured(both, dark=True) == [
        one for one in coloured(dark, dark=False) if one != (None, {"fill": ground})
    ]
    assert "prefers-color-scheme:dark" in both
    assert ground not in both  # it lies on the page's own ground
    assert "<script" not in both


def test_a_figure_with_a_ground_of_its_own_stays(tmp_path):
    spec = tmp_path / "a.yaml"
    spec.write_text(Path(GALLERY["lora-flow"]).read_text() + "theme: slide\n")
    kept, own = (re.sub(r' data-lorafig="[^"]*"', "", svg(spec, theme=theme)) for theme in (AUTO, None))
    assert kept == own


DAY = """\
like: %s
frozen: {fill: '#DDEEDD', line: '#2F6B2F', text: '#143D14'}
%sdark:
  frozen: {fill: '#1D3A1D', line: '#7CC47C', text: '#D5F0D5'}
  plain: {fill: '#2A2A3A'}
  note: '#C0C0D0'
  ground: '#101014'
line: 1.2
font: serif
"""


@pytest.mark.parametrize("like", ["paper", "okabe-ito"])
@pytest.mark.parametrize("ground", ["", "ground: '#FFFDF7'\n"], ids=["bare", "ground"])
def test_a_theme_file_with_a_part_for_dark_pages(tmp_path, like, ground):
    """By day the theme, by night what its dark part is as a theme of its own, lines and type included."""
    light, _, dark = (DAY % (like, ground)).partition("dark:\n")
    ends = dark.index("\nline:") + 1
    partner = {"paper": "paper-dark", "okabe-ito": "dark"}[like]
    (tmp_path / "mine.yaml").write_text(DAY % (like, ground))
    (tmp_path / "day.yaml").write_text(light + dark[ends:])
    (tmp_path / "night.yaml").write_text(
        f"like: {partner}\n" + dark[:ends].replace("\n  ", "\n")[2:] + dark[ends:]
    )
    drawn = {}
    for name in ("mine", "day", "night"):
        spec = tmp_path / "a.yaml"
        spec.write_text(Path(GALLERY["lora-two-panel"]).read_text() + f"theme: {name}.yaml\n")
        drawn[name] = svg(spec, theme=AUTO if name == "mine" else None)
    assert coloured(drawn["mine"], dark=False) == coloured(drawn["day"], dark=False)
    by_night, expected = coloured(drawn["mine"], dark=True), coloured(drawn["night"], dark=False)
    if not ground:
        expected = [one for one in expected if one != (None, {"fill": "#101014"})]
    assert by_night == expected
    assert ("#FFFDF7" in drawn["mine"]) == bool(ground)
