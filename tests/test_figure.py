"""A figure in Python: loaded, built, checked, drawn, saved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import lorafig
from lorafig import language
from lorafig.errors import LorafigError
from lorafig.provenance import bare
from lorafig.resources import gallery
from tests.test_cli import ENVIRONMENT, FALSE, TRUE


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))


def test_importing_it_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import lorafig; lorafig.__version__; "
        "print(*sorted(set(sys.modules) - before))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    assert set(found.stdout.split()) <= {"lorafig", "__future__"}


def test_public_names() -> None:
    assert set(lorafig.__all__) <= set(dir(lorafig))
    for name in lorafig.__all__:
        assert getattr(lorafig, name) is not None
    with pytest.raises(AttributeError, match="module 'lorafig' has no attribute 'plot'"):
        lorafig.plot  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("path", gallery().values(), ids=gallery())
def test_the_gallery_from_file_text_data_and_classes(path: str) -> None:
    figure = lorafig.load(path)
    assert figure.check().verdict == "holds"
    text = Path(path).read_text(encoding="utf-8")
    assert lorafig.loads(text).spec == figure.spec
    assert lorafig.Figure(figure.spec).spec == figure.spec
    again = lorafig.loads(language.dump(figure.spec))
    assert bare("svg", figure.to_svg().encode()) == bare("svg", again.to_svg().encode())


def test_built_from_classes() -> None:
    figure = lorafig.Figure(
        language.Figure(
            id="small",
            title="Small",
            model=language.Model(d=64, r=4),
            stack=(
                language.Bar(bar="x"),
                language.Split(
                    split=(
                        language.Square(square="W"),
                        language.Bottleneck(bottleneck=("A", "B"), brace=language.Brace(label="r")),
                    )
                ),
                language.Sum(sum=("Wx", "BAx")),
                language.Bar(bar="h"),
            ),
        )
    )
    loaded = lorafig.loads(TRUE)
    assert figure.spec == loaded.spec
    assert bare("svg", figure.to_svg().encode()) == bare("svg", loaded.to_svg().encode())
    assert bare("tikz", figure.to_tikz().encode()) == bare("tikz", loaded.to_tikz().encode())
    assert repr(figure) == "<lorafig.Figure small: Small>"


def test_what_is_wrong_is_said_when_it_is_built() -> None:
    with pytest.raises(LorafigError) as caught:
        lorafig.Figure(language.Figure(id="a b", title="A", stack=(language.Bar(bar="x"),)))
    assert str(caught.value) == (
        "id: 'a b' is not a name\n"
        "  hint: a name is letters a-z, A-Z, digits and '-', and begins with a letter, such as 'a-b'"
    )


def test_plot_into_axes_and_by_itself() -> None:
    from matplotlib.figure import Figure as MatplotlibFigure

    figure = lorafig.loads(TRUE)
    own = figure.plot()
    assert isinstance(own, MatplotlibFigure)
    given = MatplotlibFigure()
    axes = given.add_subplot()
    assert figure.plot(axes) is given
    assert axes.has_data()


def test_save(tmp_path: Path) -> None:
    figure = lorafig.loads(TRUE)
    for name, start in [("a.svg", b"<svg"), ("a.PDF", b"%PDF-"), ("a.tikz", b"%"), ("a.json", b"{")]:
        figure.save(tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(start)
    with pytest.raises(LorafigError) as caught:
        figure.save(tmp_path / "a.docx")
    assert str(caught.value) == (
        "no format ends in '.docx'\n"
        "  hint: those that do: .svg, .tikz, .tex, .pdf, .png, .eps, .html, .mmd, .md, .json"
    )


def test_a_false_figure_is_not_drawn_unless_it_is_asked_for(tmp_path: Path) -> None:
    figure = lorafig.loads(FALSE, "false.yaml")
    for draw in (figure.plot, figure.to_svg, figure.to_tikz, figure.interact):
        with pytest.raises(LorafigError) as caught:
            draw()
        assert caught.value.kind == "false"
    with pytest.raises(LorafigError):
        figure.save(tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()
    assert "unverified" in figure.to_tikz(check=False)
    figure.plot(check=False)
    figure.save(tmp_path / "a.svg", check=False)
    assert (tmp_path / "a.svg").exists()
