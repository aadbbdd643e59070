"""The TeX engine, shut in: what it says when it cannot, and what it must not do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lorafig.errors import LorafigError
from lorafig.render import tex

DOCUMENT = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"


def refusal(source: str, **options: float) -> LorafigError:
    with pytest.raises(LorafigError) as caught:
        tex.compile_pdf(source, **options)
    return caught.value


def test_same_bytes() -> None:
    first = tex.compile_pdf(DOCUMENT % "x")
    assert first.startswith(b"%PDF")
    assert tex.compile_pdf(DOCUMENT % "x") == first


def test_an_error_has_its_line() -> None:
    error = refusal(DOCUMENT % "\\nonsense here")
    assert (
        str(error)
        == "TeX stopped in line 3: Undefined control sequence\n  hint: the line is: \\nonsense here"
    )
    assert error.kind == "tool"


def test_a_missing_package_is_named() -> None:
    error = refusal("\\documentclass{article}\\usepackage{no-such-package}\\begin{document}\\end{document}")
    assert str(error) == (
        "TeX lacks no-such-package.sty\n"
        "  hint: install the TeX Live package that has it (texlive-full has all)"
    )


def test_no_tex_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    error = refusal(DOCUMENT % "x")
    assert str(error) == (
        "pdflatex is not installed\n"
        "  hint: install TeX Live (Debian: texlive-pictures, lmodern), or leave out --engine tex"
    )
    assert (error.kind, error.exit_status) == ("tool", 3)


def test_time_limit_ends_the_process() -> None:
    error = refusal(DOCUMENT % "\\loop\\iftrue\\repeat", seconds=1.5)
    assert str(error) == "pdflatex took longer than 1.5 seconds"
    assert error.kind == "limit"


def test_files_outside_cannot_be_read_or_written(tmp_path: Path) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    assert "TeX stopped" in str(refusal(DOCUMENT % f"\\input{{{secret}}}")) or "TeX lacks" in str(
        refusal(DOCUMENT % f"\\input{{{secret}}}")
    )
    target = tmp_path / "written"
    refusal(DOCUMENT % f"\\newwrite\\f\\immediate\\openout\\f={target} \\immediate\\write\\f{{x}}")
    assert not target.exists()


def test_no_shell(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    tex.compile_pdf(DOCUMENT % f"\\immediate\\write18{{touch {target}}}x")
    assert not target.exists()


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    tex.compile_pdf(DOCUMENT % "x")
    assert os.listdir(tmp_path) == []


XETEX = "%% !TeX program = xelatex\n" + DOCUMENT


def test_xetex_gives_the_same_bytes() -> None:
    first = tex.compile_pdf(XETEX % "x")
    assert first.startswith(b"%PDF")
    assert tex.compile_pdf(XETEX % "x") == first


def test_an_error_of_xetex_has_its_line() -> None:
    assert str(refusal(XETEX % "\\nonsense here")).startswith(
        "TeX stopped in line 4: Undefined control sequence"
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("\\special{pdf:fstream @a (%s)}", "the TeX of the figure would read a file (pdf:fstream)"),
        ("\\special{ pdf: image (%s)}", "the TeX of the figure would read a file (pdf: image)"),
        ("\\special{psfile=%s}", "the TeX of the figure would read a file (psfile)"),
        ("\\special{x:fontmapfile %s}", "the TeX of the figure would read a file (fontmapfile)"),
        ("\\special{dvipdfmx:config i %s}", "the TeX of the figure would read a file (dvipdfmx:config)"),
        ("\\input{%s}", "TeX lacks"),
        ("\\newread\\f\\openin\\f=%s \\ifeof\\f\\errmessage{closed}\\fi", "TeX stopped in line 4: closed"),
    ],
)
def test_xetex_is_kept_from_files(body: str, said: str, tmp_path: Path) -> None:
    """By Kpathsea's walls for TeX itself, by a look at its output for xdvipdfmx, which has none."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    assert str(refusal(XETEX % ("x" + body % secret))).startswith(said)


def test_xetex_is_kept_from_pictures(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "picture.png"
    Image.new("RGB", (2, 2)).save(picture)
    assert "pdf:image" in str(refusal(XETEX % f"x\\XeTeXpicfile {picture} "))


def test_xetex_writes_no_file_and_starts_no_shell(tmp_path: Path) -> None:
    target = tmp_path / "written"
    refusal(XETEX % f"\\newwrite\\f\\immediate\\openout\\f={target} \\immediate\\write\\f{{x}}")
    tex.compile_pdf(XETEX % f"\\immediate\\write18{{touch {target}}}x")
    assert not target.exists()


def test_no_other_engine_is_started() -> None:
    """LuaTeX least of all: the first line of a document chooses between two."""
    assert set(tex.ENGINES) == {"pdflatex", "xelatex"}
    body = "\\ifcsname directlua\\endcsname\\nonsense\\fi x"
    assert tex.compile_pdf("% !TeX program = lualatex\n" + DOCUMENT % body).startswith(b"%PDF")


def test_what_tikz_asks_of_xdvipdfmx_is_let_through() -> None:
    from lorafig.render.xdv import outside

    assert (
        outside(b"\x2epdf:code q 1 0 0 1 0 0 cm\x00pdf: bcontent color push rgb 1 0 0 pdf:pagesize") is None
    )
    assert outside(b"pdf:code q pdf:stream @a (x)") == "pdf:stream"
