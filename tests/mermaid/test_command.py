"""`lorafig new ID --from-mermaid FILE`: files, remarks and exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from lorafig import language
from lorafig.cli.group import cli
from tests.mermaid.charts import SEED


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def test_a_chart_becomes_a_spec(run: CliRunner) -> None:
    Path("chart.mmd").write_text(SEED, encoding="utf-8")
    found = run.invoke(cli, ["new", "mine", "--from-mermaid", "chart.mmd"])
    assert (found.exit_code, found.stdout) == (0, "mine.yaml\n")
    assert found.stderr.splitlines()[0] == (
        "chart.mmd:1:1: warning: the directive 'init' has no place in a figure"
    )
    figure = language.load("mine.yaml")
    assert figure.flow is not None
    assert len(figure.flow.nodes) == 7


def test_a_chart_from_stdin(run: CliRunner) -> None:
    found = run.invoke(cli, ["new", "mine", "--from-mermaid", "-"], input="graph LR\n a-->b\n")
    assert (found.exit_code, found.stdout, found.stderr) == (0, "mine.yaml\n", "")
    assert language.load("mine.yaml").title == "mine"


def test_a_mistake_is_shown_in_its_line(run: CliRunner) -> None:
    found = run.invoke(cli, ["new", "mine", "--from-mermaid", "-"], input="graph LR\n a-->b[f(x)]\n")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == (
        "<stdin>:2:9: error: expected ']' after 'f', found '(x)]'\n"
        "   a-->b[f(x)]\n"
        "          ^\n"
        '  hint: put words with brackets, quotes or bars in them between quotes: A["f(x)"]\n'
    )
    assert not Path("mine.yaml").exists()


def test_what_is_refused(run: CliRunner) -> None:
    Path("there.yaml").write_text("x", encoding="utf-8")
    for arguments, text, status, expected in (
        (["there"], "graph LR\n a\n", 2, "error: there.yaml is there already"),
        (["../x"], "graph LR\n a\n", 2, "error: '../x' is not an id"),
        (["a", "--from", "lora-two-panel"], "graph LR\n a\n", 2, "a spec begins with one of them"),
        (["a"], "graph LR\n", 2, "<stdin>:1:1: error: there is no node in this chart"),
        (["a"], "graph LR\n" + "subgraph a\n" * 40, 4, "subgraphs nested deeper than 32 levels"),
        (["a"], "graph LR\n a[" + "x" * 2001 + "]", 4, "a label of 2,001 characters; the limit is 2,000"),
    ):
        found = run.invoke(cli, ["new", *arguments, "--from-mermaid", "-"], input=text)
        assert found.exit_code == status, arguments
        assert expected in found.stderr
    assert Path("there.yaml").read_text(encoding="utf-8") == "x"
    assert not Path("a.yaml").exists()
