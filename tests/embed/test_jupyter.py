"""Figures in notebooks: run by a real kernel, converted, opened in a browser."""

from __future__ import annotations

import base64
import html
import io
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter
from pypdf import PdfReader

import lorafig
from lorafig.resources import gallery
from tests.browser import axe
from tests.embed.sites import SPEC, WRONG

if TYPE_CHECKING:
    from tests.browser import OpenPage

GALLERY = gallery()
ALL = {"text/html", "image/svg+xml", "application/pdf", "text/plain"}
WORDS = (
    "LoRA beside a frozen weight. From bottom to top: a bar x, then side by side a square W; and a bottleneck"
    " of A and B, r wide at the waist, then the sum of W x and B A x, then a bar h."
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))


def test_what_a_figure_shows_of_itself() -> None:
    data = lorafig.loads(SPEC)._repr_mimebundle_()
    assert set(data) == ALL
    assert data["text/plain"] == WORDS
    root = ElementTree.fromstring(data["image/svg+xml"])
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", WORDS)
    image = ElementTree.fromstring(data["text/html"].replace(">", "/>"))
    assert (image.tag, image.attrib["alt"]) == ("img", WORDS)
    source = image.attrib["src"].removeprefix("data:image/svg+xml;base64,")
    assert base64.b64decode(source).decode() == data["image/svg+xml"]
    (page,) = PdfReader(io.BytesIO(data["application/pdf"])).pages
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(
        float(root.attrib["width"].removesuffix("mm")), abs=0.1
    )


def test_it_lies_on_paper_whatever_the_theme_of_the_notebook() -> None:
    """JupyterLab draws SVG as an image, which knows nothing of the page's colours."""
    for theme, paper in (("okabe-ito", "#FFFFFF"), ("grey", "#FFFFFF"), ("dark", "#16181D")):
        svg = lorafig.loads(SPEC + f"theme: {theme}\n")._repr_mimebundle_()["image/svg+xml"]
        first = next(ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"))
        assert first.attrib["fill"] == paper


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (None, None, ALL),
        (["application/pdf"], None, {"application/pdf"}),
        (None, ["application/pdf", "text/html"], {"image/svg+xml", "text/plain"}),
        (ALL, {"text/plain"}, ALL - {"text/plain"}),
        (["image/png"], None, set()),
        ([], None, set()),
    ],
)
def test_no_more_is_made_than_is_wanted(include: Any, exclude: Any, expected: set[str]) -> None:
    assert set(lorafig.loads(SPEC)._repr_mimebundle_(include=include, exclude=exclude)) == expected


@pytest.mark.parametrize("path", GALLERY.values(), ids=GALLERY)
def test_the_gallery(path: str) -> None:
    data = lorafig.load(path)._repr_mimebundle_()
    ElementTree.fromstring(data["image/svg+xml"])
    assert " id=" not in data["image/svg+xml"]
    assert (
        len(json.dumps(data | {"application/pdf": base64.b64encode(data["application/pdf"]).decode()}))
        < 250_000
    )


def test_a_figure_that_does_not_hold_says_why() -> None:
    data = lorafig.loads(WRONG, "wrong.yaml")._repr_mimebundle_()
    assert data["text/plain"] == (
        "This figure does not hold:\n"
        "wrong.yaml:7:54: 'd' does not hold: the waist is r, and the brace along it says d\n"
        "  hint: it should read r"
    )
    root = ElementTree.fromstring(data["text/html"])
    assert (root.tag, root.attrib, root.text) == ("pre", {"role": "alert"}, data["text/plain"])


def test_importing_lorafig_asks_for_nothing_of_jupyter() -> None:
    source = Path(lorafig.__file__).parent.joinpath("embed", "jupyter.py").read_text()
    assert not re.search(r"import (IPython|ipywidgets|nbformat)|from (IPython|ipywidgets|nbformat)", source)


def test_the_interactive_page() -> None:
    figure = lorafig.load(GALLERY["lora-visualizer"])
    shown = figure.interact(height=500)
    data = shown._repr_mimebundle_()
    head, _, rest = data["text/html"].partition(' srcdoc="')
    title = html.escape(str(figure.spec.title))
    style = "width:100%;height:500px;border:0"
    assert head == f'<iframe title="{title}" sandbox="allow-scripts" loading="lazy" style="{style}"'
    page, _, rest = rest.partition('">')
    assert html.unescape(page) == figure.to_html()
    # What JupyterLab leaves of it in a notebook that somebody else has run.
    assert rest == f"Run this cell for the interactive page. {html.escape(data['text/plain'])}</iframe>"
    assert data["text/plain"].startswith(f"{figure.spec.title}. ")
    assert set(shown._repr_mimebundle_(include=["text/plain"])) == {"text/plain"}
    assert set(shown._repr_mimebundle_(exclude=["text/plain"])) == {"text/html"}
    assert repr(shown) == f"<lorafig interactive page: {figure.spec.title}>"
    with pytest.raises(lorafig.LorafigError):
        lorafig.loads(WRONG).interact()


# -- a notebook -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "wrong.yaml").write_text(WRONG)
    cells = [
        f"import lorafig\nfigure = lorafig.loads({SPEC!r})\nfigure",
        "figure",
        'lorafig.load("wrong.yaml")',
        f"lorafig.load({GALLERY['lora-visualizer']!r}).interact(height=900)",
        "print(figure)",
        "import sys\nassert 'matplotlib.pyplot' not in sys.modules\nfigure.plot()",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    environment = os.environ | {"LORAFIG_CACHE": str(folder / ".cache")}
    client = NotebookClient(
        book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    with client.setup_kernel(env=environment):
        for number, cell in enumerate(book.cells):
            client.execute_cell(cell, number)
    return book


def test_the_outputs_of_its_cells(notebook: Any) -> None:
    first, second, wrong, page, printed, plotted = (cell.outputs[0] for cell in notebook.cells)
    assert base64.b64decode(plotted.data["image/png"]).startswith(b"\x89PNG")
    assert set(first.data) == ALL
    assert first.data == second.data
    assert base64.b64decode(first.data["application/pdf"]).startswith(b"%PDF")
    assert set(wrong.data) == {"text/plain", "text/html"}
    assert wrong.data["text/plain"].startswith("This figure does not hold:\nwrong.yaml:7:54: ")
    assert set(page.data) == {"text/plain", "text/html"}
    assert printed.text == "<lorafig.Figure mine: LoRA beside a frozen weight>\n"
    nbformat.validate(notebook)


def test_as_a_page(notebook: Any, tmp_path: Path, open_page: OpenPage) -> None:
    """What nbconvert loads from elsewhere (MathJax, RequireJS) is left out: the figures need none of it."""
    text, _ = HTMLExporter(template_name="lab").from_notebook_node(notebook)
    head, body, rest = text.partition("<body")
    head = re.sub(r"<script.*?</script>", "", head, flags=re.DOTALL)
    (tmp_path / "notebook.html").write_text(head + body + rest)
    page = open_page(width=1280, height=2000)
    page.goto((tmp_path / "notebook.html").as_uri())
    images = page.get_by_role("img", name=WORDS)
    assert images.count() == 2
    assert images.first.evaluate("(one) => one.complete && one.naturalWidth > 100")
    assert page.get_by_role("alert").inner_text().startswith("This figure does not hold:")
    frame = page.frame_locator("iframe")
    page.locator("iframe").scroll_into_view_if_needed()
    slider = frame.get_by_role("slider").first
    slider.wait_for()
    before = frame.locator("body").inner_text()
    slider.focus()
    slider.press("End")
    assert frame.locator("body").inner_text() != before
    # It has an origin of its own: the page around it is out of its reach.
    inner = next(one for one in page.frames if one != page.main_frame)
    assert inner.evaluate("origin") == "null"
    assert [one for one in axe(page) if one.startswith(("image", "frame", "svg"))] == []


def test_on_the_way_to_pdf(notebook: Any) -> None:
    """LaTeX takes the PDF, and nobody asks for Inkscape."""
    tex, resources = LatexExporter().from_notebook_node(notebook)
    assert {name.rpartition(".")[2] for name in resources["outputs"]} >= {"pdf"}
    assert len(re.findall(r"\\adjustimage\{max size=.*\}\{output_\d+_\d+\.pdf\}", tex)) == 2
