"""A figure as a part of a page: its own ids, and both colour schemes in one SVG."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lorafig.embed.inline import anonymous, by_page, figure, framed, picture, with_prefix
from lorafig.embed.request import AUTO, Request
from lorafig.embed.source import Source
from lorafig.options import Options
from lorafig.pipeline import render_bytes
from lorafig.provenance import bare
from lorafig.resources import gallery
from lorafig.themes.palettes import PALETTES
from lorafig.themes.style import contrast
from tests.test_cli import TRUE

GALLERY = gallery()
_LIGHT_DARK = re.compile(r"(fill|stroke):light-dark\((#[0-9A-F]{6}),(#[0-9A-F]{6})\)")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))


def _svg(path: str, theme: str | None = None) -> str:
    rendered = render_bytes(Path(path).read_bytes(), path, ("svg",), Options(theme=theme))
    return bare("svg", rendered.outputs["svg"]).decode()


def _tree(svg: str, scheme: int | None = None) -> list[tuple[str, dict[str, str], str | None]]:
    """Elements with their attributes, coloured as for a page that is light (0) or dark (1)."""
    elements = []
    for element in ElementTree.fromstring(svg).iter():
        attributes = dict(element.attrib)
        style = attributes.pop("style", "")
        if scheme is not None:
            for found in _LIGHT_DARK.finditer(style):
                assert attributes[found[1]] == found[2]  # what browsers without light-dark() see
                attributes[found[1]] = found[2 + scheme]
        elements.append((element.tag, attributes, element.text))
    return elements


def _colours(svg: str, scheme: int | None = None) -> list[dict[str, str]]:
    found = ({key: own.get(key, "") for key in ("id", "fill", "stroke")} for _, own, _ in _tree(svg, scheme))
    return [own for own in found if any(own.values())]


@pytest.mark.parametrize("path", GALLERY.values(), ids=GALLERY)
def test_one_svg_is_both_drawings(path: str) -> None:
    light, dark = _svg(path, "paper"), _svg(path, "paper-dark")
    both = by_page(_svg(path, AUTO))
    assert _tree(both, 0) == _tree(light)
    night = PALETTES["paper-dark"].ground
    assert _colours(both, 1) == [own for own in _colours(dark) if own["fill"] != night]
    assert len(both) < 1.35 * len(light)


def test_inks_are_readable_on_every_ground_of_a_dark_page() -> None:
    """The dark drawing lies on the page's own ground; those of the well-known themes are darker still."""
    palette = PALETTES["paper-dark"]
    for ground in ("#000000", "#131416", "#1E2129", "#212529", "#333333", "#404040"):
        for role, (fill, stroke, ink) in palette.roles.items():
            if fill is None:
                assert contrast(palette.colours[ink], ground) >= 4.5, (role, ground)
                if stroke not in (None, "hairline"):
                    assert contrast(palette.colours[stroke], ground) >= 3.0, (role, ground)


def test_a_figure_follows_the_page_unless_its_spec_or_the_author_chose() -> None:
    spec = Source(TRUE.encode(), "a.yaml")
    assert "light-dark" in picture(Request(), spec, "p").svg
    for theme in PALETTES:
        assert "light-dark" not in picture(Request(theme=theme), spec, "p").svg
        chosen = Source((TRUE + f"theme: {theme}\n").encode(), "a.yaml")
        assert ("light-dark" in picture(Request(), chosen, "p").svg) == (theme in ("paper", "okabe-ito"))
    assert PALETTES["dark"].colours["night"] in picture(Request(theme="dark"), spec, "p").svg


@pytest.mark.parametrize("path", GALLERY.values(), ids=GALLERY)
def test_ids_belong_to_the_page(path: str) -> None:
    source = Source(Path(path).read_bytes(), path)
    one, other = (figure(Request(), source, prefix) for prefix in ("lorafig-0", "lorafig-1"))
    ids = re.findall(r'<[^>]* id="([^"]*)"', one + other)
    assert len(ids) == len(set(ids)) > 10
    for prefix, html in (("lorafig-0", one), ("lorafig-1", other)):
        root = ElementTree.fromstring(html)[0]
        named = root.attrib["aria-labelledby"].split(" ")
        assert named == [f"{prefix}__title", f"{prefix}__desc"]
        texts = {element.attrib.get("id"): element.text for element in root}
        assert texts[named[0]]
        assert texts[named[1]]
        assert root.attrib["role"] == "img"


def test_ids_are_renamed_in_tags_alone() -> None:
    svg = '<svg id="mine" aria-labelledby="mine-title"><title id="mine-title"> id="mine-x" </title></svg>'
    assert with_prefix(svg, "mine", "p7") == (
        '<svg id="p7" aria-labelledby="p7-title"><title id="p7-title"> id="mine-x" </title></svg>'
    )


def test_titles_captions_and_alternatives_are_text() -> None:
    hostile = '</title></svg><script>alert("no")// id="x" & \'y\''
    quoted = hostile.replace("'", "''")
    spec = Source(
        re.sub(
            r"(?m)^title: .*$", lambda _: f"title: '{quoted}'\nunverified: it is not a claim", TRUE
        ).encode(),
        "a.yaml",
    )
    asked = Request(alt=hostile, caption=hostile, width="50%")
    html = figure(asked, spec, "p", ("lorafig", '"><b>'), '"><i>')
    root = ElementTree.fromstring(html)
    assert root.attrib == {"class": 'lorafig "><b>', "id": '"><i>'}
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "figure", "svg", "title", "desc", "g", "path", "style", "figcaption",
    }  # fmt: skip
    texts = {element.tag.rpartition("}")[2]: element.text for element in root.iter()}
    assert texts["title"] == texts["desc"] == texts["figcaption"] == hostile
    assert root[0].attrib["style"] == "width:50%;max-width:100%;height:auto"


def test_mathematics_in_a_caption() -> None:
    html = figure(Request(caption="$d^2$ & more"), Source(TRUE.encode(), "a.yaml"), "p")
    caption = ElementTree.fromstring(html)[-1]
    assert caption[0].tag == "math"
    assert caption[0].tail == " & more"


def test_without_ids() -> None:
    root = ElementTree.fromstring(anonymous(_svg(GALLERY["lora-flow"])))
    title, description = (element.text for element in root[:2])
    assert root.attrib["aria-label"] == f"{title}. {description}"
    assert not [
        element for element in root.iter() if "id" in element.attrib or "aria-labelledby" in element.attrib
    ]


def test_a_page_in_a_frame() -> None:
    page = '<!doctype html><script>"</iframe>" & 1</script>'
    root = ElementTree.fromstring(framed(page, 'A "title"', 300))
    assert root.attrib == {
        "title": 'A "title"',
        "sandbox": "allow-scripts",
        "loading": "lazy",
        "style": "width:100%;height:300px;border:0",
        "srcdoc": page,
    }
