"""Every problem has a code, every code an explanation, and every example does what it says."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import lorafig
from lorafig.cli.explained import explained
from lorafig.cli.group import cli
from lorafig.codes import codes, whole
from lorafig.errors import CODE_OF_KIND, LorafigError, Problem

ROOT = Path(lorafig.__file__).parent
EXAMPLES = [name for name, code in codes().items() if code.wrong]


def _found(spec: str) -> set[str]:
    try:
        return {problem.code for problem in lorafig.loads(spec).check().problems()}
    except LorafigError as error:
        return {problem.code for problem in error.problems}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_what_they_say(name: str) -> None:
    code = codes()[name]
    assert name in _found(whole(code.wrong))
    assert _found(whole(code.right)) == set()


def _told_in_code() -> set[str]:
    """Every code that a source file gives to a problem."""
    found = set(CODE_OF_KIND.values())
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                found.add(node.value.value)
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in (
                "problem", "wrong", "fail", "Problem",
            ):  # fmt: skip
                found |= {part.value for part in node.args[3:] if isinstance(part, ast.Constant)} - {None}
    return found


def test_every_code_is_explained_and_used() -> None:
    from lorafig.verify.verdicts import Kind

    claims = {f"claim-{kind}" for kind in Kind.__args__}
    computed = {
        *claims,
        "undecided",
        "theme-file",
        "contrast",
        "combination",
        "unknown-name",
        "wrong-type",
        "wrong-value",
    }
    assert set(codes()) == {code for code in _told_in_code() if isinstance(code, str)} | computed


def test_a_problem_without_a_code_has_that_of_its_kind() -> None:
    for kind, code in CODE_OF_KIND.items():
        assert LorafigError(Problem("what"), kind).problems[0].code == code


def test_explain_tells_a_code_and_what_is_near() -> None:
    runner = CliRunner()
    told = runner.invoke(cli, ["explain", "unknown-key"])
    assert "wrong:" in told.output
    assert "model: {d: 256, r: 4}" in told.output
    every = runner.invoke(cli, ["explain"]).output
    assert [line.split()[0] for line in every.splitlines()] == list(explained())
    assert json.loads(runner.invoke(cli, ["explain", "small-text", "--json"]).output)["codes"]["small-text"][
        "title"
    ]
    assert "did you mean 'unknown-key'?" in runner.invoke(cli, ["explain", "unknown-keys"]).output


def _json(*arguments: str, folder: Path) -> tuple[int, dict[str, object]]:
    program = [sys.executable, "-m", "lorafig", *arguments]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["render", "false.yaml"], 1, "claim-geometry"),
        (["render", "slip.yaml"], 2, "unknown-key"),
        (["render", "none.yaml"], 2, "file-missing"),
        (["render", "good.yaml", "-f", "gif"], 2, "usage"),
        (["render", "good.yaml", "--theme", "okabe"], 2, "unknown-theme"),
        (["check", "slip.yaml"], 2, "unknown-key"),
        (["check", "--nope"], 2, "usage"),
        (["lint", "slip.yaml"], 2, "unknown-key"),
        (["claim", "x_{"], 2, "notation"),
    ],
)  # fmt: skip
def test_programs_get_every_problem_as_json(
    tmp_path: Path, arguments: list[str], status: int, code: str
) -> None:
    for name in ("false", "slip", "good"):
        code_of = {"false": "claim-geometry", "slip": "unknown-key"}.get(name)
        example = "stack: [{bar: x}]" if code_of is None else codes()[code_of].wrong
        (tmp_path / f"{name}.yaml").write_text(whole(example))
    found, report = _json(*arguments, "--json", folder=tmp_path)
    assert found == status
    errors = report["errors"]
    assert isinstance(errors, list)
    assert code in {error["code"] for error in errors}
    for error in errors:
        assert set(error) == {"file", "line", "column", "what", "hint", "code"}


def test_render_as_json_says_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(whole("stack: [{bar: x}]"))
    status, report = _json("render", "good.yaml", "-f", "svg,md", "-o", "out", "--json", folder=tmp_path)
    assert status == 0
    expected = {"id": "mine", "file": "good.yaml", "outputs": ["out/mine.svg", "out/mine.md"], "doubts": []}
    expected |= {"fit": None}
    assert report == {"version": 1, "figures": [expected], "errors": []}
    assert all((tmp_path / name).is_file() for name in expected["outputs"])


def test_values_are_completed() -> None:
    import click

    from lorafig.cli.commands import claim, new, render

    def words(command: click.Command, option: str, typed: str) -> list[str]:
        (found,) = [one for one in command.params if option in one.opts]
        context = click.Context(command)
        return [item.value for item in found.shell_complete(context, typed)]

    assert words(render.command, "-f", "svg,p") == ["svg,pdf", "svg,png"]
    assert words(render.command, "--theme", "au") == ["auto"]
    assert words(render.command, "--venue", "Neu") == ["NeurIPS"]
    assert "lora-qlora" in words(new.command, "--from", "lora-q")
    assert words(claim.command, "--adapter", "vera") == ["vera"]


def test_doctor_finds_what_every_command_needs() -> None:
    told = CliRunner().invoke(cli, ["doctor", "--json"])
    assert told.exit_code == 0, told.output
    findings = {one["name"]: one for one in json.loads(told.output)["findings"]}
    assert findings["fonts"]["state"] == findings["numpy"]["state"] == "ok"
    for one in findings.values():
        assert one["state"] in ("ok", "missing")
        assert (one["state"] == "missing") <= (one["remedy"] is not None)


def test_doctor_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from lorafig import doctor

    monkeypatch.setattr(doctor, "folder", lambda name: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    told = CliRunner().invoke(cli, ["doctor"])
    assert told.exit_code == 3
    assert re.search(r"fonts\s+broken\s+lmroman10-regular.otf", told.output)
    assert re.search(r"pdflatex\s+missing", told.output)


def test_a_depfile_names_what_an_output_is_made_of(tmp_path: Path) -> None:
    """A spec, its theme and its network; blanks and dollars as make reads them."""
    (tmp_path / "a b.yaml").write_text(whole("theme: own.yaml\nstack: [{bar: x}]"))
    (tmp_path / "own.yaml").write_text("like: paper\n")
    program = [
        sys.executable,
        "-m",
        "lorafig",
        "render",
        "a b.yaml",
        "-f",
        "svg,md",
        "-o",
        "out",
        "--depfile",
        "d",
    ]
    subprocess.run(program, cwd=tmp_path, check=True, capture_output=True)
    rule = "out/mine.svg out/mine.md: a\\ b.yaml own.yaml\nown.yaml:\n"
    assert (tmp_path / "d").read_text() == rule
