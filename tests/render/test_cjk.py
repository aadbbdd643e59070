"""A figure in Chinese: the same picture in every backend, and TeX that says what it needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from PIL import Image
from test_parity import agree

from lorafig.errors import LorafigError
from lorafig.language import load
from lorafig.layout import layout
from lorafig.render import mpl, svg, tex, tikz
from lorafig.resources import folder
from lorafig.scene import Scene
from lorafig.words.alt import alt_text

SPEC = Path(__file__).parent / "chinese.yaml"
PREAMBLE = (
    r"\usepackage{lmodern, tikz, amsmath, amssymb}"
    r"\usetikzlibrary{arrows.meta, decorations.pathreplacing, positioning}"
)
FIGURE = r"\begin{document}\resizebox{\linewidth}{!}{\input{chinese.tikz}}\end{document}"
WORDS = ["预训练模型", "冻结原始权重", "替换q/k/v/output proj", "仅训练A/B矩阵", "训练态：独立adaptor"]


@pytest.fixture(scope="module")
def chinese() -> Scene:
    figure = load(str(SPEC))
    return layout(figure, description=alt_text(figure))


def run(engine: str, document: str, tmp_path: Path) -> tuple[int, str]:
    (tmp_path / "main.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        [engine, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "main.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=180, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "max_print_line": "10000"},
    )  # fmt: skip
    return done.returncode, done.stdout


def words(pdf: Path) -> str:
    """The text in a PDF, without its blanks."""
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout.decode()
    return text.replace(" ", "")


def must_say(pdf: Path) -> None:
    said = words(pdf)
    for line in WORDS:
        assert line.replace(" ", "") in said, line


def test_backends_agree(chinese: Scene, tmp_path: Path) -> None:
    agree(chinese, tmp_path)


@pytest.mark.parametrize("engine", ["xelatex", "lualatex"])
def test_the_document_compiles_untouched(chinese: Scene, engine: str, tmp_path: Path) -> None:
    status, said = run(engine, tikz.render(chinese, standalone=True), tmp_path)
    assert status == 0, said[-2000:]
    assert "Missing character" not in (tmp_path / "main.log").read_text(errors="replace")
    must_say(tmp_path / "main.pdf")
    fonts = subprocess.run(["pdffonts", tmp_path / "main.pdf"], capture_output=True, text=True, check=True)
    assert "FandolSong" in fonts.stdout
    assert "FandolHei-Bold" in fonts.stdout


def test_the_document_prefers_the_fonts_beside_it(chinese: Scene, tmp_path: Path) -> None:
    for name in tex.FONTS:
        shutil.copy(Path(folder("fonts")) / name, tmp_path)
    status, said = run("lualatex", tikz.render(chinese, standalone=True), tmp_path)
    assert status == 0, said[-2000:]
    fonts = subprocess.run(["pdffonts", tmp_path / "main.pdf"], capture_output=True, text=True, check=True)
    assert "NotoSerifCJKsc" in fonts.stdout
    assert "Fandol" not in fonts.stdout


@pytest.mark.parametrize(
    ("engine", "setup"),
    [
        ("xelatex", r"\usepackage[scheme=plain,fontset=fandol]{ctex}"),
        (
            "xelatex",
            r"\usepackage{xeCJK}\setCJKmainfont{FandolSong-Regular.otf}[BoldFont=FandolHei-Bold.otf]",
        ),
        (
            "lualatex",
            r"\usepackage{fontspec}\newfontfamily\zh{FandolSong-Regular.otf}[BoldFont=FandolHei-Bold.otf]"
            r"\newcommand\lorafigCJK[1]{{\zh #1}}",
        ),
    ],
    ids=["ctex", "xeCJK", "own"],
)
def test_the_fragment_takes_the_fonts_of_its_document(
    chinese: Scene, engine: str, setup: str, tmp_path: Path
) -> None:
    (tmp_path / "chinese.tikz").write_text(tikz.render(chinese), encoding="utf-8")
    status, said = run(engine, rf"\documentclass{{article}}{setup}{PREAMBLE}{FIGURE}", tmp_path)
    assert status == 0, said[-2000:]
    assert "Missing character" not in (tmp_path / "main.log").read_text(errors="replace")
    must_say(tmp_path / "main.pdf")


def test_the_fragment_sets_no_font(chinese: Scene) -> None:
    fragment = tikz.render(chinese)
    for command in ("fontspec", "newfontfamily", "documentclass", "\n\\usepackage"):
        assert command not in fragment
    assert fragment.startswith("% UTF-8, for XeLaTeX or LuaLaTeX")


@pytest.mark.parametrize("standalone", [True, False], ids=["document", "fragment"])
def test_pdflatex_is_told_what_to_use(chinese: Scene, standalone: bool, tmp_path: Path) -> None:
    written = tikz.render(chinese, standalone=standalone)
    (tmp_path / "chinese.tikz").write_text(written, encoding="utf-8")
    document = written if standalone else rf"\documentclass{{article}}{PREAMBLE}{FIGURE}"
    status, said = run("pdflatex", document, tmp_path)
    assert status != 0
    first = next(line for line in said.splitlines() if line.startswith("!"))
    assert first == "! Package lorafig Error: Figure chinese needs XeLaTeX or LuaLaTeX."
    before = written[: written.index("\\fi\\fi")]
    assert before.isascii()  # pdfLaTeX is told before it meets another byte


def test_a_document_without_chinese_is_told_what_to_add(chinese: Scene, tmp_path: Path) -> None:
    (tmp_path / "chinese.tikz").write_text(tikz.render(chinese), encoding="utf-8")
    status, said = run("xelatex", rf"\documentclass{{article}}{PREAMBLE}{FIGURE}", tmp_path)
    assert status != 0
    assert "! Package lorafig Error: Add \\usepackage[scheme=plain]{ctex} to the preamble." in said


def test_a_figure_without_such_words_stays_ascii(two_panels: Scene) -> None:
    for standalone in (False, True):
        written = tikz.render(two_panels, standalone=standalone)
        assert written.isascii()
        assert "CJK" not in written
        assert "UTF-8" not in written


def test_alternative_texts_carry_the_words(chinese: Scene, tmp_path: Path) -> None:
    assert "预训练模型" in chinese.description
    document = svg.render(chinese)
    assert f'<title id="chinese__title">{chinese.title}</title>' in document
    assert chinese.description in document
    alt = tikz.render(chinese).partition("alt={")[2].partition("}]")[0]
    assert "预训练模型" in alt
    (tmp_path / "figure.pdf").write_bytes(mpl.save(chinese, "pdf"))
    about = pypdf.PdfReader(tmp_path / "figure.pdf").metadata
    assert about is not None
    assert (about.title, about.subject) == (chinese.title, chinese.description)
    (tmp_path / "figure.png").write_bytes(mpl.save(chinese, "png"))
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.info["Title"] == chinese.title
        assert picture.info["Description"] == chinese.description
    assert mpl.save(chinese, "eps").isascii()


def test_live_text_holds_the_words_and_names_fonts_for_them(chinese: Scene) -> None:
    document = svg.render(chinese, text="live")
    assert ">预训练模型<" in document
    assert ">替换 <" in document  # the blank ends a span: librsvg drops one that begins it
    assert ">q/k/v/output proj<" in document
    assert "Noto Serif CJK SC" in document


def test_xelatex_is_chosen_and_gives_the_same_bytes(chinese: Scene, tmp_path: Path) -> None:
    first = tex.compile_pdf(tikz.render(chinese, standalone=True))
    assert tex.compile_pdf(tikz.render(chinese, standalone=True)) == first
    (tmp_path / "figure.pdf").write_bytes(first)
    must_say(tmp_path / "figure.pdf")


def test_no_xelatex(chinese: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pdflatex").symlink_to(shutil.which("pdflatex") or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LorafigError) as caught:
        tex.compile_pdf(tikz.render(chinese, standalone=True))
    assert str(caught.value) == (
        "xelatex is not installed\n"
        "  hint: the figure has words in other letters than Latin ones, which take XeLaTeX: "
        "install it (Debian: texlive-xetex, "
        "texlive-pictures, lmodern), or leave out --engine tex"
    )
    assert (caught.value.kind, caught.value.exit_status) == ("tool", 3)
