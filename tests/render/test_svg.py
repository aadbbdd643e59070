"""SVG: well-formed, self-contained, small, accessible, and the same in Chromium and librsvg."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

import large
import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image, ImageChops

from lorafig.render import svg
from lorafig.resources import gallery
from lorafig.scene import Arrow, Brace, Icon, Label, Scene, Shape, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page

Drawn = Label | Shape | Arrow | Brace | Icon
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("text", ["paths", "live"])
def test_document(scene: Scene, text: svg.Text) -> None:
    root = ET.fromstring(svg.render(scene, text=text))
    assert root.tag == SVG + "svg"
    assert root.get("width") == f"{svg.number(scene.width)}mm"
    assert root.get("height") == f"{svg.number(scene.height)}mm"
    assert root.get("viewBox") == f"0 0 {svg.number(scene.width)} {svg.number(scene.height)}"
    assert root.get("role") == "img"
    title, desc = root[0], root[1]
    assert (title.tag, title.text) == (SVG + "title", scene.title)
    assert (desc.tag, desc.text) == (SVG + "desc", scene.description)
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", *(("text", "tspan") if text == "live" else ())}


def test_every_item_has_an_id_of_its_own(scene: Scene) -> None:
    ids = [element.get("id") for element in ET.fromstring(svg.render(scene)).iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"{scene.id}_{item.name}" for item in walk(scene.items)} <= set(ids)
    assert all(f"{name}_".startswith(f"{scene.id}_") for name in ids)


@pytest.mark.parametrize(("text", "most"), [("paths", 8192), ("live", 2048)])
def test_small(scene: Scene, text: svg.Text, most: int) -> None:
    """Flows have icons, which are outlines also beside live text; a Chinese character is five letters."""
    items = list(walk(scene.items))
    most += 256 * len({item.key for item in items if isinstance(item, Icon)})
    most += 64 * sum(isinstance(item, Icon | Arrow) for item in items)
    most += 40 * sum(isinstance(item, Shape) and item.sides is not None for item in items)  # slanted corners
    most += 24 * sum(isinstance(item, Shape) and item.name.startswith("card-") for item in items)
    if text == "paths":
        most += 256 * sum(ord(char) >= 0x2E80 for char in _chars(items))
    assert len(gzip.compress(svg.render(scene, text=text).encode(), 9)) <= most


def _chars(items: list[Drawn]) -> set[str]:
    labels = [item for item in items if isinstance(item, Label)]
    return {char for item in labels for line in item.lines for glyph in line.glyphs for char in glyph.char}


def test_few_digits_and_no_minus_zero(scene: Scene) -> None:
    document = re.sub(r' id="[^"]*"| aria-labelledby="[^"]*"', "", svg.render(scene))
    assert not re.search(r"-0(?![.\d])", document)
    decimals = re.findall(
        r"\d*\.(\d+)",
        re.sub(r"scale\([^)]*\)", "", re.sub(r"<desc.*?</desc>|<title.*?</title>", "", document)),
    )
    assert max(map(len, decimals)) <= 3


@given(st.text(max_size=60))
def test_any_text_is_well_formed(text: str) -> None:
    hostile = Scene("a", text, text, 10.0, 10.0, 9.0, (1.0, 1.0), {}, {}, {}, {}, ())
    document = svg.render(hostile)
    root = ET.fromstring(document.encode())
    legal = "".join(
        c
        if c in "\t\n\r" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
        else "\ufffd"
        for c in text
    )
    assert root[0].text == (legal.replace("\r\n", "\n").replace("\r", "\n") or None)


@pytest.mark.parametrize(
    "text", ["]]>", "<script>alert(1)</script>", "\x00\x1b", "\"'&", "\ud800", "</title>"]
)
def test_hostile_text_stays_text(text: str, two_panels: Scene) -> None:
    label = next(item for item in walk(two_panels.items) if item.name == "caption")
    glyph = replace(label.lines[0].glyphs[0], char=text)
    label = replace(label, name=text, lines=(replace(label.lines[0], glyphs=(glyph,)),))
    document = svg.render(replace(two_panels, title=text, description=text, items=(label,)), text="live")
    root = ET.fromstring(document.encode())
    assert [element.tag for element in root.iter() if element.tag == SVG + "script"] == []
    assert "CDATA" not in document


def test_number() -> None:
    values = [0.0, -0.0, 1.0, -0.0004, 1.23456, -2.5, 100.0, 1e-9, 0.0005001]
    assert [svg.number(value) for value in values] == [
        "0",
        "0",
        "1",
        "0",
        "1.235",
        "-2.5",
        "100",
        "0",
        "0.001",
    ]


def test_background(two_panels: Scene) -> None:
    root = ET.fromstring(svg.render(replace(two_panels, background="ink")))
    assert root[2][0].attrib == {"fill": "#404040", "d": "M0 0H166V82H0z"}


@pytest.mark.sample(5)
def test_chromium_and_librsvg_agree(scene: Scene, tmp_path: Path) -> None:
    """No pixel differs by more than what smoothing of edges explains."""
    document = svg.render(scene)
    width, height = round(scene.width / 25.4 * 96), round(scene.height / 25.4 * 96)
    sized = re.sub(
        r'(width|height)="[\d.]+mm"',
        lambda m: f'{m[1]}="{width if m[1] == "width" else height}px"',
        document,
        count=2,
    )
    page, one, other = tmp_path / "page.svg", tmp_path / "chromium.png", tmp_path / "librsvg.png"
    page.write_text(sized.replace("<svg ", '<svg preserveAspectRatio="none" ', 1))
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--hide-scrollbars", "--force-device-scale-factor=2", f"--user-data-dir={tmp_path / 'profile'}",
         f"--window-size={width},{height + 300}", f"--screenshot={one}", page.as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    subprocess.run(["rsvg-convert", "-z", "2", "-b", "white", "-o", other, page], check=True)
    a, b = (Image.open(path).convert("RGB") for path in (one, other))
    a = a.crop((0, 0, a.width, a.height - 600))  # a lower window would show less of the page
    assert a.size == b.size
    difference = ImageChops.difference(a, b).convert("L")
    counts = difference.histogram()
    assert sum(counts[64:]) < 0.0005 * a.width * a.height, counts[64:]
    assert sum(value * count for value, count in enumerate(counts)) / (a.width * a.height) < 0.5


def test_ten_thousand_boxes() -> None:
    from time import process_time

    scene, twice = large.boxes(5_000), large.boxes(10_000)
    svg.render(large.boxes(10))
    start = process_time()
    svg.render(scene)
    middle = process_time()
    document = svg.render(twice)
    end = process_time()
    assert end - middle < 4  # 0.7 s on a quiet machine
    assert (end - middle) / (middle - start) < 4
    assert document.count("<path") == 29_999


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys\nfrom lorafig.render import svg\nfrom lorafig.scene import Scene\n"
        "svg.render(Scene('a', 'A', 'A', 1.0, 1.0, 9.0, (1.0, 1.0), {}, {}, {}, {}, ()))\n"
        "print({'numpy', 'matplotlib', 'jinja2', 'uharfbuzz', 'yaml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("name", ["lora-pipeline", "transformer-lora"])
def test_live_words_fill_their_room_in_any_font(page: Page, tmp_path: Path, name: str) -> None:
    """This machine has none of the fonts that the words were measured in; its own is a sixth wider."""
    scene = scenes.of_gallery(Path(gallery()[name]))
    (tmp_path / "live.svg").write_text(svg.render(scene, text="live"))
    page.goto((tmp_path / "live.svg").as_uri())
    widths = page.evaluate("""() => [...document.querySelectorAll("text")].map(
      (one) => [one.textContent, one.getBBox().width])""")
    lines = [line for item in walk(scene.items) if isinstance(item, Label) for line in item.lines]
    words = [
        (line.width, said, width)
        for line, (said, width) in zip(lines, widths, strict=True)
        if "$" not in line.tex
    ]
    assert len(words) > 4
    assert [said for wide, said, width in words if abs(width - wide) > 0.02 * wide + 0.1] == []
