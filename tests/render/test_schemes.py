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
