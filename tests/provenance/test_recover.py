"""`lorafig recover`, and that every output of a figure has its spec."""

from __future__ import annotations

from pathlib import Path

import pytest

import lorafig
from lorafig import language
from lorafig.language.write import to_data
from lorafig.options import FORMATS, Format, Options
from lorafig.pipeline import render_bytes
from lorafig.provenance import bare
from lorafig.provenance.find import find
from lorafig.provenance.record import digest
from lorafig.resources import gallery
from tests.test_cli import FALSE, TRUE, Run, run  # noqa: F401

GALLERY = gallery()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))


@pytest.mark.sample(3)
@pytest.mark.parametrize("path", GALLERY.values(), ids=GALLERY)
def test_every_output_has_its_spec(path: str) -> None:
    data = Path(path).read_bytes()
    figure = language.loads(data, path)
    forms: list[Format] = [form for form in FORMATS if form != "mmd" or figure.flow is not None]
    outputs = render_bytes(data, path, forms, Options()).outputs
    for form in forms:
        (known,) = find(outputs[form], form)
        assert known.spec.encode() == data
        assert (known.id, known.format, known.version) == (figure.id, form, lorafig.__version__)
        assert known.picture == digest(bare(form, outputs[form]))


def test_a_spec_with_other_line_ends_and_a_mark_of_its_order_of_bytes(tmp_path: Path, run: Run) -> None:  # noqa: F811
    data = (
        b"\xef\xbb\xbf# Gr\xc3\xbc\xc3\x9fe, \xe5\x9b\x9b  \r\n" + TRUE.strip().replace("\n", "\r\n").encode()
    )
    (tmp_path / "a.yaml").write_bytes(data)
    assert run("render", "a.yaml", "-f", "svg,tikz", "-o", ".").status == 0
    for name in ("small.svg", "small.tikz"):
        assert run("recover", name).out == data


def test_a_figure_of_python_has_a_spec() -> None:
    figure = lorafig.from_data(to_data(language.loads(TRUE)))
    (known,) = find(figure.to_svg().encode(), "a")
    assert lorafig.loads(known.spec).spec == figure.spec
    assert lorafig.loads(known.spec).to_svg() == figure.to_svg()
    read = lorafig.loads(TRUE)
    assert find(read.to_tikz().encode(), "a")[0].spec == TRUE


def test_what_changes_the_file_is_in_it(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(FALSE)
    options = ("--theme", "dark", "--font", "serif", "--dpi", "96", "--text", "live", "--no-check")
    assert run("render", "a.yaml", "-f", "svg,png,tikz", "-o", ".", *options).status == 0
    commands = {}
    for name in ("untrue.svg", "untrue.png", "untrue.tikz"):
        result = run("recover", name)
        assert (result.status, result.text) == (0, FALSE)
        commands[name] = result.err
    common = "lorafig render untrue.yaml -f"
    assert f"{common} svg --text live --theme dark --no-check --font serif\n" in commands["untrue.svg"]
    assert f"{common} png --theme dark --no-check --font serif --dpi 96\n" in commands["untrue.png"]
    assert f"{common} tikz --theme dark --no-check --font serif\n" in commands["untrue.tikz"]


def test_into_a_file_or_a_folder_and_over_none(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(TRUE)
    assert run("render", "a.yaml", "-o", "a.svg").status == 0
    assert run("recover", "a.svg", "-o", "back.yaml").text == "back.yaml\n"
    assert (tmp_path / "back.yaml").read_text() == TRUE
    assert run("recover", "a.svg", "-o", "specs/").text == "specs/small.yaml\n"
    again = run("recover", "a.svg", "-o", "back.yaml")
    assert again.status == 2
    assert "exists" in again.err


def test_a_file_with_several(tmp_path: Path, run: Run) -> None:  # noqa: F811
    (tmp_path / "a.yaml").write_text(TRUE)
    (tmp_path / "b.yaml").write_text(TRUE.replace("small", "other"))
    assert run("render", "a.yaml", "b.yaml", "-f", "tikz", "-o", ".").status == 0
    paper = "\\begin{document}\n" + "\n".join(
        (tmp_path / f"{name}.tikz").read_text() for name in ("small", "other")
    )
    (tmp_path / "paper.tex").write_text(paper)
    result = run("recover", "paper.tex")
    assert result.status == 2
    assert "2 specs in it: small, other" in result.err
    assert run("recover", "paper.tex", "--id", "other").text == TRUE.replace("small", "other")
    assert "it has small, other" in run("recover", "paper.tex", "--id", "none").err
    assert run("recover", "paper.tex", "-o", "all/").text == "all/small.yaml\nall/other.yaml\n"


@pytest.mark.parametrize(
    ("name", "told"), [("none.svg", "there is no file"), (".", "is a folder"), ("a.txt", "no spec")]
)
def test_a_file_without_a_spec(tmp_path: Path, run: Run, name: str, told: str) -> None:  # noqa: F811
    (tmp_path / "a.txt").write_text("words")
    result = run("recover", name)
    assert (result.status, result.out) == (2, b"")
    assert told in result.err


def test_a_record_that_would_write_elsewhere(tmp_path: Path, run: Run) -> None:  # noqa: F811
    from lorafig.provenance import Record, attach
    from tests.provenance.test_record import LEAST

    for name, beside in (
        ("../a", "b.json"),
        ("a", "../b.json"),
        ("a", "/b.json"),
        ("a", ".git/b.json"),
        ("a", "b.py"),
    ):
        known = Record(name, "id: a\n", "svg", Options(), "0.1.0", "holds", "0" * 16, {beside: "{}"})
        (tmp_path / "a.svg").write_bytes(attach(known, LEAST["svg"]))
        result = run("recover", "a.svg", "-o", "out/")
        assert result.status == 2
        assert "names what no figure has" in result.err
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_too_large(tmp_path: Path, run: Run) -> None:  # noqa: F811
    with (tmp_path / "a.pdf").open("wb") as file:
        file.truncate((64 << 20) + 1)
    result = run("recover", "a.pdf")
    assert result.status == 4
    assert "larger than 64 MiB" in result.err
