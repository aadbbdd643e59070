"""`lorafig check` of files that lorafig wrote: as written, edited, and after other programs."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from lorafig.options import FORMATS, Format, Options
from lorafig.outputs import check_file, stands
from lorafig.pipeline import render_bytes
from lorafig.provenance import Record, attach, bare, shapes
from lorafig.provenance.find import find
from lorafig.provenance.record import digest
from lorafig.resources import gallery
from tests.npm.install import installed, packages
from tests.test_cli import FALSE, TRUE, Run, run  # noqa: F401

GALLERY = gallery()
NUMBERED = list(enumerate(GALLERY))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


def _drawn(form: Format, options: Options = Options(), spec: str = TRUE) -> bytes:  # noqa: B008
    return render_bytes(spec.encode(), "a.yaml", (form,), options).outputs[form]


def _said(data: bytes, form: str, against: str | None = None) -> dict[str, Any]:
    (figure,) = check_file(against, data, f"a.{form}")
    found: dict[str, Any] = figure["provenance"]
    assert stands(figure) == (found["picture"] in ("exact", "same", "earlier"))
    return found


FORMS = [form for form in FORMATS if form != "mmd"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_as_it_was_written(form: Format) -> None:
    data = _drawn(form, Options(dpi=96.0))
    found = _said(data, form)
    assert found["picture"] == ("same" if form == "json" else "exact")  # the report names another file
    assert (found["format"], found["version"]) == (form, "0.1.0")
    assert found["options"] == ({"dpi": "96"} if form == "png" else {})


# A change of each kind of picture, outside of the record.
EDITS: dict[Format, tuple[bytes, bytes]] = {
    "svg": (b'fill="#C3DAF1"', b'fill="#C3DAF5"'),
    "tikz": (b"\\draw[", b"\\draw[thick, "),
    "tex": (b"\\begin{document}", b"\\begin{document}x"),
    "html": (b"<h1>", b"<h1>Not "),
    "eps": (b"setrgbcolor", b"setrgbcolor 0 0 0 setrgbcolor"),
    "md": (b"# Small", b"# Large"),
    "json": (b'"verdict": "holds"', b'"verdict": "fails"'),
}


@pytest.mark.parametrize("form", EDITS)
def test_a_picture_that_was_edited(form: Format) -> None:
    data = _drawn(form)
    before, after = EDITS[form]
    start = data.index(b"spec:1;") if form == "html" else 0  # its own text is before
    edited = data[:start] + data[start:].replace(before, after, 1)
    assert edited != data
    found = _said(edited, form)
    assert found["picture"] == "altered"
    assert found["differs"]


def test_a_picture_with_the_spec_of_another() -> None:
    other = TRUE.replace("- bar: x", "- {bar: x, brace: d}")
    (known,) = find(_drawn("svg", spec=other), "a")
    found = _said(attach(known, bare("svg", _drawn("svg"))), "svg")
    assert found["picture"] == "altered"
    assert "is missing" in "".join(found["differs"])


def test_other_ends_of_lines() -> None:
    for form in ("tikz", "svg", "md"):
        found = _said(_drawn(form).replace(b"\n", b"\r\n"), form)
        assert (found["picture"], "ends of its lines" in found["detail"]) == ("same", True)


def test_a_fragment_in_a_paper() -> None:
    paper = b"\\documentclass{article}\n\\begin{document}\nWords.\n%s\nMore.\n\\end{document}\n" % _drawn(
        "tikz"
    )
    assert _said(paper, "tex")["picture"] == "same"
    assert _said(paper.replace(b"\\draw[", b"\\fill[", 1), "tex")["picture"] == "altered"


@pytest.mark.parametrize(("version", "picture"), [("0.0.9", "earlier"), ("0.1.0", "unknown")])
def test_a_file_of_another_version(version: str, picture: str) -> None:
    """Its digest says that nobody has changed it, whatever this version draws."""
    drawn = bare("svg", _drawn("svg")).replace(b"#C3DAF1", b"#C3DAF5")
    known = Record("small", TRUE, "svg", Options(), version, "holds", digest(drawn))
    found = _said(attach(known, drawn), "svg")
    assert (found["picture"], found["version"]) == (picture, version)
    assert f"nobody has changed it since lorafig {version} wrote it" in found["detail"]


# Optimisers of SVG ----------------------------------------------------------------------------

SVGO = """
const { optimize } = await import(process.argv[1]);
let text = ''; for await (const part of process.stdin) text += part;
process.stdout.write(JSON.stringify(JSON.parse(text).map((one) => optimize(one).data)));
"""


def _optimised(pictures: list[str], folder: Path) -> list[str]:
    (package,) = packages("svgo")
    bundle = folder / "svgo.mjs"
    shutil.copy(installed(package), bundle)
    command = ["node", "--input-type=module", "-e", SVGO, f"file://{bundle}"]
    done = subprocess.run(command, input=json.dumps(pictures), capture_output=True, text=True, check=True)
    optimised: list[str] = json.loads(done.stdout)
    return optimised


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        (name, (Options(), Options(text="live"), Options(theme="auto"))[at % 3])
        for at, name in enumerate(GALLERY)
    ],
)
def test_svgo(tmp_path: Path, name: str, options: Options) -> None:
    data = Path(GALLERY[name]).read_bytes()
    picture = render_bytes(data, "a.yaml", ("svg",), options).outputs["svg"].decode()
    (optimised,) = _optimised([picture], tmp_path)
    assert optimised != picture
    found = _said(optimised.encode(), "svg")
    assert (found["picture"], found["differs"]) == ("same", [])
    moved = re.sub(r"translate\((\d+)", lambda match: f"translate({int(match[1]) + 1}", optimised, count=1)
    if moved != optimised:
        assert _said(moved.encode(), "svg")["picture"] == "altered"


def _rewritten(data: bytes, change: Callable[[ElementTree.Element], None]) -> bytes:
    root = ElementTree.fromstring(data)
    change(root)
    return ElementTree.tostring(root)


def _without_ids(root: ElementTree.Element) -> None:
    for element in root.iter():
        element.attrib.pop("id", None)
        for key in ("fill", "stroke"):
            if key in element.attrib:
                element.set(key, element.attrib[key].lower())


def _in_a_group(root: ElementTree.Element) -> None:
    inner = ElementTree.Element("{http://www.w3.org/2000/svg}g", {"transform": "translate(3 4)scale(2)"})
    outer = ElementTree.Element("{http://www.w3.org/2000/svg}g", {"transform": "scale(.5)translate(-3 -4)"})
    outer.append(inner)
    inner.extend(list(root))
    root[:] = [outer]


def _with_an_image(root: ElementTree.Element) -> None:
    ElementTree.SubElement(root, "{http://www.w3.org/2000/svg}image", {"width": "9", "height": "9"})


def _faint(root: ElementTree.Element) -> None:
    root[-1].set("opacity", "0.1")


def _larger(root: ElementTree.Element) -> None:
    root.set("viewBox", "0 0 500 500")


def _without_a_shape(root: ElementTree.Element) -> None:
    root[-1].remove(root[-1][-1])


@pytest.mark.parametrize(
    ("change", "picture"),
    [
        (lambda root: None, "same"),
        (_without_ids, "same"),
        (_in_a_group, "same"),
        (_with_an_image, "altered"),
        (_faint, "altered"),
        (_larger, "altered"),
        (_without_a_shape, "altered"),
    ],
)
def test_an_svg_that_is_written_otherwise(
    change: Callable[[ElementTree.Element], None], picture: str
) -> None:
    assert _said(_rewritten(_drawn("svg"), change), "svg")["picture"] == picture


def test_the_shapes_of_hostile_files() -> None:
    given = bare("svg", _drawn("svg"))
    for bad in (
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + given,
        given[:-20],
        given.replace(b' d="M', b' d="M1e999 M', 1),
        given.replace(b' d="M', b' d="Mx', 1),
        given.replace(b"matrix(", b"unknown(", 1),
        b"<svg>" * 3000,
    ):
        assert shapes.compare(bad, given)[0] == "altered"


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        ('rect x="1" y="2" width="3" height="4"', "M1 2h3v4H1z"),
        ('circle cx="1" cy="2" r="3"', "M-2 2A3 3 0 0 0 4 2 3 3 0 0 0-2 2z"),
        ('ellipse cx="1" cy="2" rx="3" ry="1"', "M-2 2a3 1 0 006 0 3 1 0 00-6 0z"),
        ('polygon points="0,0 4,0 4,4"', "M0 0 4 0v4z"),
        (
            'rect width="4" height="3" rx="1"',
            "M1 0h2a1 1 0 011 1v1a1 1 0 01-1 1H1a1 1 0 01-1-1V1a1 1 0 011-1z",
        ),
        ('path d="M0 0C1 1 2 1 3 0S5-1 6 0"', "M0 0c1 1 2 1 3 0c1-1 2-1 3 0"),
        ('path d="M0 0Q1 1 2 0T4 0"', "m0 0q1 1 2 0 1-1 2 0"),
    ],
)
def test_shapes_as_paths(shape: str, path: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><{} fill="red"/></svg>'
    said, _, differs = shapes.compare(svg.format(shape).encode(), svg.format(f'path d="{path}"').encode())
    assert said == "same", differs
    moved = svg.format(f'path d="{path}" transform="rotate(1 9 9)"')
    assert shapes.compare(svg.format(shape).encode(), moved.encode())[0] == "altered"


# Other programs -------------------------------------------------------------------------------

HOST = rb"""\documentclass{article}\usepackage{graphicx}\begin{document}
A\includegraphics[angle=90,width=3cm]{small.pdf}B\includegraphics{other.pdf}\end{document}"""


@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
def test_a_pdf_in_a_paper(tmp_path: Path, engine: str) -> None:
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    other = TRUE.replace("small", "other").replace("d: 64", "d: 32")
    (tmp_path / "small.pdf").write_bytes(_drawn("pdf"))
    (tmp_path / "other.pdf").write_bytes(_drawn("pdf", Options(theme="grey"), other))
    (tmp_path / "paper.tex").write_bytes(HOST)
    command = [engine, "-interaction=batchmode", "paper.tex"]
    subprocess.run(command, cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    figures = check_file(None, (tmp_path / "paper.pdf").read_bytes(), "paper.pdf")
    assert [figure["id"] for figure in figures] == ["small", "other"]
    for figure in figures:
        assert figure["provenance"]["picture"] == "same"
        assert "included the figure" in figure["provenance"]["detail"]
        assert figure["file"] == "paper.pdf"


def test_a_pdf_whose_page_was_edited() -> None:
    import zlib

    data = _drawn("pdf")
    start = data.index(b"stream\n") + 7
    page = zlib.decompressobj().decompress(data[start:])
    packed = zlib.compress(page.replace(b" l\n", b" m\n", 1))
    found = _said(data[:start] + packed + data[data.index(b"\nendstream", start) :], "pdf")
    assert (found["picture"], found["detail"]) == ("altered", "no page of it is drawn as the spec gives it")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_a_pdf_by_tex() -> None:
    assert _said(_drawn("pdf", Options(engine="tex")), "pdf")["picture"] == "exact"


def _saved(image: Image.Image, texts: dict[str, str]) -> bytes:
    about, buffer = PngImagePlugin.PngInfo(), io.BytesIO()
    for key, value in texts.items():
        about.add_text(key, value)
    image.save(buffer, "PNG", pnginfo=about)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def png() -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(_drawn("png"))) as image:
        image.load()
        yield image


@pytest.mark.sample(3)
@pytest.mark.parametrize("way", Image.Resampling)
def test_a_png_that_was_resized(png: Image.Image, way: Image.Resampling) -> None:
    for share in (0.3, 0.71, 1.4):
        small = png.resize((round(png.width * share), round(png.height * share)), way)
        found = _said(_saved(small, png.text), "png")  # type: ignore[attr-defined]
        assert (found["picture"], "resized" in found["detail"]) == ("same", True)


def test_a_png_that_was_edited(png: Image.Image) -> None:
    texts = png.text  # type: ignore[attr-defined]
    edited = png.copy()
    ImageDraw.Draw(edited).rectangle((200, 200, 215, 215), fill=(255, 0, 0))
    assert _said(_saved(edited, texts), "png")["detail"].endswith("from (200, 200) to (215, 215)")
    half = edited.resize((png.width // 2, png.height // 2))
    assert _said(_saved(half, texts), "png")["picture"] == "altered"
    cropped = _said(_saved(png.crop((0, 0, png.width, png.height // 2)), texts), "png")
    assert "cropped or stretched" in cropped["detail"]
    again = _said(_saved(png, texts), "png")
    assert (again["picture"], "its pixels are" in again["detail"]) == ("same", True)
    assert _said(_saved(png, texts)[:-40], "png")["picture"] == "altered"


# The command ----------------------------------------------------------------------------------


def test_pictures_and_specs_in_one_run(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(TRUE)
    (tmp_path / "b.yaml").write_text(FALSE)
    assert run("render", "a.yaml", "b.yaml", "--no-check", "-f", "svg,tikz", "-o", ".").status == 0
    svg = (tmp_path / "small.svg").read_text()
    (tmp_path / "edited.svg").write_text(svg.replace("#C3DAF1", "#C3DAF5"))
    (tmp_path / "none.svg").write_text("<svg/>")
    names = ("a.yaml", "small.svg", "small.tikz", "edited.svg", "none.svg", "untrue.svg")
    result = run("check", *names, "--json", "--jobs", "2")
    assert result.status == 2
    report = json.loads(result.out)
    assert [figure["file"] for figure in report["figures"]] == [name for name in names if name != "none.svg"]
    assert [figure["verdict"] for figure in report["figures"]] == [*["holds"] * 4, "ill-typed"]
    said = [figure.get("provenance", {}).get("picture") for figure in report["figures"]]
    assert said == [None, "exact", "exact", "altered", "exact"]
    assert all("spec" not in figure for figure in report["figures"])
    assert "none.svg: there is no spec in it" in report["errors"][0]["what"]
    assert run("check", "small.svg", "small.tikz").status == 0
    shown = run("check", "edited.svg")
    assert shown.status == 1
    assert "picture: altered: 2 things differ from what the spec gives" in shown.text
    assert "a shape in #C3DAF5" in shown.text
    untrue = run("check", "untrue.svg")
    assert (untrue.status, "picture: exact" in untrue.text) == (1, True)


def test_against_the_spec_beside(tmp_path: Path, run: Run) -> None:  # noqa: F811
    """Pictures that are committed with a paper, and the specs that they came from."""
    (tmp_path / "figures").mkdir()
    spec = tmp_path / "figures" / "small.yaml"
    spec.write_text(TRUE)
    assert (
        run("render", "figures/small.yaml", "-f", "tikz,pdf,png", "--theme", "grey", "-o", "paper").status
        == 0
    )
    files = ("paper/small.tikz", "paper/small.pdf", "paper/small.png")
    assert run("check", *files, "--against", "figures").status == 0
    spec.write_text(f"# another remark\n{TRUE}")
    result = run("check", *files, "--against", "figures")
    assert result.status == 0
    assert "figures/small.yaml has another text than the spec in it, and draws the same" in result.text
    spec.write_text(TRUE.replace("r: 4", "r: 8"))
    for file in files:
        result = run("check", file, "--against", "figures/small.yaml")
        assert result.status == 1
        assert "figures/small.yaml has changed since the file was written: render it again" in result.text
    assert run("check", *files).status == 0  # they are what the spec inside gives
    (tmp_path / "made.pdf").write_bytes(b"%PDF-1.4\n")
    foreign = run("check", "made.pdf", "--against", "figures")
    assert foreign.err == (
        "error: made.pdf: there is no spec in it, and no made.yaml in figures\n"
        "  hint: name its spec: --against SPEC; of a paper that reads TikZ by \\input, check the .tikz file\n"
    )
    missing = run("check", *files, "--against", "paper")
    assert (missing.status, "there is no small.yaml in paper" in missing.err) == (2, True)


def test_a_paper_without_a_spec_in_it(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "paper.pdf").write_bytes(bare("pdf", _drawn("pdf")))
    result = run("check", "paper.pdf")
    assert (result.status, result.err) == (
        2,
        "error: paper.pdf: there is no spec in it\n"
        "  hint: programs that draw a PDF anew drop it; 'check --against SPEC' compares what is drawn;"
        " TikZ that a paper reads by \\input leaves none: check the .tikz file\n",
    )


def test_against_a_spec_without_one_inside(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(TRUE)
    assert run("render", "a.yaml", "-f", "tikz,svg", "-o", ".").status == 0
    for name, form in (("small.tikz", "tikz"), ("small.svg", "svg")):
        path = tmp_path / name
        path.write_bytes(bare(form, path.read_bytes()))  # type: ignore[arg-type]
        result = run("check", name, "--against", "a.yaml")
        assert (result.status, "there is no spec in it" in result.text) == (0, True)
        path.write_bytes(path.read_bytes().replace(b"x", b"y"))
        assert run("check", name, "--against", "a.yaml").status == 1


def test_files_that_a_spec_names_are_in_it_too(tmp_path: Path, run: Run) -> None:  # noqa: F811
    config = {"model_type": "llama", "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2}
    config |= {"num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 1000}
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "config.json").write_text(json.dumps(config))
    (tmp_path / "mine.yaml").write_text("frozen: {fill: '#DDEEFF'}\n")
    (tmp_path / "a.yaml").write_text(
        TRUE.replace("{d: 64, r: 4}", "{network: sub/config.json, targets: [q_proj], r: 4}")
    )
    theme = str(tmp_path / "mine.yaml")
    assert run("render", "a.yaml", "-f", "svg,tikz,json", "-o", "out", "--theme", theme).status == 0
    for name in ("small.svg", "small.tikz"):
        assert str(tmp_path) not in (tmp_path / "out" / name).read_text()
    for path in ("sub/config.json", "mine.yaml", "a.yaml"):
        (tmp_path / path).unlink()
    result = run("check", "out/small.svg", "out/small.tikz", "out/small.json", "--json")
    assert result.status == 0
    said = [figure["provenance"]["picture"] for figure in json.loads(result.out)["figures"]]
    assert said == ["exact", "exact", "same"]
    assert "lorafig-" not in result.text
    assert run("recover", "out/small.svg", "-o", "back/").status == 0
    assert json.loads((tmp_path / "back" / "sub" / "config.json").read_text()) == config
    again = run("render", "back/small.yaml", "-o", "again", "--theme", "back/mine.yaml")
    assert again.status == 0
    assert (tmp_path / "again" / "small.svg").read_bytes() == (tmp_path / "out" / "small.svg").read_bytes()


def test_a_picture_on_stdin(tmp_path: Path, run: Run) -> None:  # noqa: F811
    result = run("check", "-", stdin=_drawn("svg"))
    assert (result.status, "picture: exact" in result.text) == (0, True)
