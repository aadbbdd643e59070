"""A book by Sphinx: HTML, PDF, EPUB and words, in parallel and again after a change."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from lorafig import language
from lorafig.draw import lay_out
from lorafig.language.model import ThemeChoice
from lorafig.resources import gallery
from lorafig.themes.palettes import PALETTES
from lorafig.values import replace
from tests.browser import axe
from tests.embed.sites import SPEC, WRONG, WRONG_SAYS, built, figures, run, write

if TYPE_CHECKING:
    from tests.browser import OpenPage
    from tests.conftest import Once

CONF = """\
project = "Book"
extensions = ["lorafig.embed.sphinx", "myst_parser"]
man_pages = [("index", "book", "Book", [], 1)]
latex_elements = {"fontpkg": r"\\usepackage{lmodern}"}
epub_copyright = "none"
"""
INDEX = """\
Book
====

.. toctree::

   words
   chapter/one
   chapter/two
   plain1
   plain2
   plain3
   plain4

.. lorafig:: figures/mine.yaml
   :name: mine
   :width: 60%
   :class: wide

   LoRA beside *one* weight.

   A legend.

See :ref:`mine`.
"""
ONE = f"""\
One
===

.. note::

   .. lorafig::
      :align: right
      :alt: Told otherwise

{re.sub("(?m)^", "      ", SPEC)}

.. lorafig:: ../figures/mine.yaml
   :theme: dark
"""
TWO = f"""\
# Two

```{{lorafig}} /figures/mine.yaml
```

```{{lorafig}}
:caption: In MyST

{SPEC}```
"""
WORDS = (
    "LoRA beside a frozen weight. From bottom to top: a bar x, then side by side a square W; and a bottleneck"
    " of A and B, r wide at the waist, then the sum of W x and B A x, then a bar h."
)


def _write(folder: Path) -> Path:
    """More than five documents: Sphinx reads fewer in one process."""
    plain = {f"plain{number}.rst": f"Plain {number}\n=======\n" for number in range(1, 5)}
    gallery_page = "Words\n=====\n\n.. lorafig::\n   :gallery: lora-flow\n"
    return write(
        folder,
        {
            "conf.py": CONF,
            "index.rst": INDEX,
            "words.rst": gallery_page,
            "chapter/one.rst": ONE,
            "chapter/two.md": TWO,
            "figures/mine.yaml": SPEC,
            **plain,
        },
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return _write(tmp_path)


@pytest.fixture(scope="session")
def html(built_once: Once) -> Path:
    """The book, built by two processes. Tests look at it and leave it as it is."""
    return built_once("sphinx", lambda folder: built("sphinx-build -W -j 2 . out", _write(folder)))


def _page(book: Path, name: str) -> str:
    return (book / "out" / f"{name}.html").read_text()


def test_html(html: Path) -> None:
    (first,) = figures(_page(html, "index"))
    assert re.match('<figure class="(wide lorafig|lorafig wide) align-default" id="mine">', first)
    assert 'style="width:60%;max-width:100%;height:auto"' in first
    assert "light-dark" in first
    assert "<em>one</em>" in first
    assert '<div class="legend">\n<p>A legend.</p>' in first
    assert 'href="#mine"><span class="std std-ref">LoRA beside one weight.</span></a>' in _page(html, "index")
    inner, dark = figures(_page(html, "chapter/one"))
    assert inner.startswith('<figure class="lorafig align-right">')
    assert re.search(r"<desc [^>]*>Told otherwise</desc>", inner)
    assert PALETTES["dark"].colours["night"] in dark
    by_name, inline = figures(_page(html, "chapter/two"))
    assert by_name.count("<path") == inline.count("<path")
    assert "In MyST" in inline
    pages = [_page(html, name) for name in ("index", "words", "chapter/one", "chapter/two")]
    ids = [
        one
        for page in pages
        for figure in figures(page)
        for one in re.findall(r'<[^>]*? id="([^"]*)"', figure)
    ]
    captions = [one for one in ids if one.startswith("id") or one == "mine"]
    assert len(ids) - len(captions) == len(set(ids) - set(captions))


def test_one_process_and_two_give_the_same(book: Path, html: Path) -> None:
    built("sphinx-build -j 1 . out", book)
    for name in ("index", "chapter/one", "chapter/two"):
        assert _page(book, name) == _page(html, name)


def test_in_a_browser(html: Path, open_page: OpenPage) -> None:
    page = open_page(width=320)
    page.goto((html / "out" / "chapter" / "two.html").as_uri())
    assert page.get_by_role("img", name=re.compile("LoRA beside a frozen weight")).count() == 2
    for figure in page.locator("figure svg").all():
        box = figure.bounding_box()
        assert box is not None
        assert box["x"] > 0
        assert box["x"] + box["width"] <= 320
    assert [one for one in axe(page) if "figure" in one or "svg" in one] == []


def test_latex_and_its_pdf(book: Path) -> None:
    built("sphinx-build -W -b latex . tex", book)
    for _ in range(2):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"],
            cwd=book / "tex",
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-2000:]
    reader = PdfReader(book / "tex" / "book.pdf")
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "LoRA beside one weight." in text
    assert "In MyST" in text
    pictures = [found for page in reader.pages for found in _pictures(page)]
    # They are drawings: none is a raster image. A file that is used twice is there once.
    assert {kind for kind, _ in pictures} == {"/Form"}
    widths = {round(float(box[2] - box[0]) / 72 * 25.4, 1) for _, box in pictures}
    specs = (language.loads(SPEC, "mine.yaml"), language.load(gallery()["lora-flow"]))
    dark = replace(specs[0], theme=ThemeChoice("dark"))  # which has a margin around it
    assert widths == {round(lay_out(figure).width, 1) for figure in (*specs, dark)}


def _pictures(page: object) -> list[tuple[str, list[float]]]:
    resources = page["/Resources"]  # type: ignore[index]
    found = resources.get("/XObject", {})
    return [(one.get_object()["/Subtype"], one.get_object().get("/BBox")) for one in found.values()]


def test_what_has_no_pictures_gets_words(book: Path) -> None:
    built("sphinx-build -W -b text . text", book)
    assert " ".join((book / "text" / "index.txt").read_text().split()).count(WORDS) == 1
    assert "Told otherwise" in (book / "text" / "chapter" / "one.txt").read_text()
    built("sphinx-build -W -b man . man", book)
    assert WORDS in " ".join((book / "man" / "book.1").read_text().replace("\\-", "-").split())
    built("sphinx-build -W -b texinfo . texinfo", book)
    assert WORDS in " ".join((book / "texinfo" / "book.texi").read_text().split())


def test_epub(book: Path) -> None:
    built("sphinx-build -b epub . epub", book)
    with zipfile.ZipFile(book / "epub" / "Book.epub") as file:
        names = set(file.namelist())
        root = ElementTree.fromstring(file.read("index.xhtml"))
    (image,) = (one for one in root.iter("{http://www.w3.org/1999/xhtml}img") if one.get("alt") == WORDS)
    assert image.attrib["src"] in names
    assert image.attrib["style"] == "width: 60%"


def test_a_changed_spec_is_read_again_and_nothing_else(book: Path) -> None:
    built("sphinx-build -W -j 2 . out", book)
    assert "0 added, 0 changed, 0 removed" in built("sphinx-build -W -j 2 . out", book)
    write(book, {"figures/mine.yaml": SPEC.replace("frozen", "heavy")})
    output = built("sphinx-build -W -j 2 . out", book)
    assert "0 added, 3 changed, 0 removed" in output
    assert set(re.findall(r"reading sources\.\.\. \[ *\d+%\] (\S+)", output)) <= {
        "chapter/one",
        "chapter/two",
        "index",
    }
    assert "LoRA beside a heavy weight" in _page(book, "index")


def _refused(book: Path, more: str = "") -> str:
    status, output = run(f"sphinx-build -q -j 2 {more} . out", book)
    assert status == 1
    return output


@pytest.mark.sample(1)
@pytest.mark.parametrize("more", ["", "-W", "-W --keep-going"])
def test_a_false_figure_fails_the_build(book: Path, more: str) -> None:
    write(book, {"figures/mine.yaml": WRONG, "chapter/two.md": "# Two\n", "chapter/one.rst": "One\n===\n"})
    says = WRONG_SAYS.format(book / "figures" / "mine.yaml").replace("error:", "ERROR:")
    expected = f"{says}\n  shown by {book / 'index.rst'}:14 [lorafig]\n"
    assert _refused(book, more) == expected
    # Nothing has changed, and it fails again.
    assert _refused(book, more) == expected
    write(book, {"figures/mine.yaml": SPEC})
    assert built("sphinx-build -q -j 2 -W . out", book) == ""


def test_lines_of_the_document(book: Path) -> None:
    write(
        book,
        {
            "chapter/two.md": TWO.replace("brace: r", "brace: d"),
            "chapter/one.rst": ONE.replace("brace: r", "brace: d"),
        },
    )
    output = _refused(book)
    for name, text, column in (("one.rst", ONE, 60), ("two.md", TWO, 54)):
        line = next(number for number, one in enumerate(text.splitlines(), 1) if "brace: r" in one)
        assert f"{book / 'chapter' / name}:{line}:{column}: ERROR: 'd' does not hold: " in output
    assert output.count("ERROR") == 2


ERRORS = {
    "a missing file": (
        ".. lorafig:: none.yaml",
        "there is no file none.yaml\n"
        "  hint: names are relative to the page; those with '/' before them to the top of the project",
    ),
    "a file outside": (
        ".. lorafig:: ../secret.yaml",
        "'../secret.yaml' leads out of the project\n  hint: a spec is a file of the project",
    ),
    "an unknown theme": (
        ".. lorafig:: figures/mine.yaml\n   :theme: nigth",
        "there is no theme 'nigth'\n  hint: the themes are 'auto', 'paper', 'grey', 'okabe-ito', 'poster',"
        " 'dark', 'paper-dark' and 'slide'",
    ),
    "nothing": (
        ".. lorafig::",
        "there is no spec\n  hint: write it here, or name a file or a figure of the gallery",
    ),
}


def test_errors(book: Path) -> None:
    """Each of a page is told in one build, at the line of its directive."""
    page, lines = "Words\n=====\n", {}
    for what, (text, _) in ERRORS.items():
        page += "\n"
        lines[what] = page.count("\n") + 1
        page += f"{text}\n"
    write(book, {"words.rst": page})
    assert _refused(book) == "".join(
        f"{book / 'words.rst'}:{lines[what]}: ERROR: {message} [lorafig]\n"
        for what, (_, message) in ERRORS.items()
    )


def test_a_file_that_comes_later(book: Path) -> None:
    write(book, {"words.rst": "Words\n=====\n\n.. lorafig:: none.yaml\n"})
    _refused(book)
    write(book, {"none.yaml": SPEC})
    assert built("sphinx-build -q -j 2 -W . out", book) == ""


def test_specs_beside_the_documentation(book: Path) -> None:
    write(book, {"docs/conf.py": 'extensions = ["lorafig.embed.sphinx"]\n'})
    write(book, {"docs/index.rst": "Top\n===\n\n.. lorafig:: ../figures/mine.yaml\n"})
    status, output = run("sphinx-build -q docs out", book)
    assert status == 1
    assert "leads out of the project" in output
    built("sphinx-build -q -W -D lorafig_root=.. docs out", book)


def test_a_theme_for_all_figures(book: Path) -> None:
    built("sphinx-build -q -W -D lorafig_theme=grey . out", book)
    assert "light-dark" not in _page(book, "index")


def test_the_interactive_page(book: Path) -> None:
    write(
        book,
        {"words.rst": "Words\n=====\n\n.. lorafig:: figures/mine.yaml\n   :interactive:\n   :height: 400\n"},
    )
    built("sphinx-build -q -W . out", book)
    assert 'sandbox="allow-scripts" loading="lazy" style="width:100%;height:400px' in _page(book, "words")
    built("sphinx-build -q -W -b latex . tex", book)
    assert "sphinxincludegraphics" in (book / "tex" / "book.tex").read_text()


def test_a_theme_that_does_not_say_that_it_is_dark(html: Path, open_page: OpenPage) -> None:
    """Furo: the rules of its dark half, with the stylesheet that the extension adds for it."""
    import lorafig.embed.sphinx

    (figure, *_) = figures(_page(html, "index"))
    style = (Path(lorafig.embed.sphinx.__file__).parent / "static" / "lorafig-furo.css").read_text()
    for theme, scheme, dark in (("dark", "light", True), ("light", "dark", False), ("auto", "dark", True),
                                ("auto", "light", False)):  # fmt: skip
        document = f'<!doctype html><title>x</title><style>{style}</style><body data-theme="{theme}">{figure}'
        page = open_page(scheme=scheme)
        page.set_content(document)
        fills = page.evaluate(
            "[...document.querySelectorAll('svg path')].map((one) => getComputedStyle(one).fill)"
        )
        assert ("rgb(28, 58, 92)" in fills) == dark, (theme, scheme)
