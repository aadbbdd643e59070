"""The command: what it finds, what it refuses, what it writes, and how it ends."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lorafig.resources import folder
from lorafig.resources import gallery as shipped
from tests.conftest import spread
from tests.site.gallery.conftest import ENVIRONMENT, FALSE, SPECS, TRUE, Gallery, Result, files, run


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def pages(site: Path) -> list[str]:
    return sorted(path.parent.name for path in site.glob("*/index.html"))


def test_the_shipped_gallery_is_the_default(site: Path, names: list[str]) -> None:
    assert pages(site) == sorted(names)
    assert sorted(SPECS) == sorted(shipped())


def test_files_folders_and_patterns(gallery: Gallery, tmp_path: Path) -> None:
    for number, name in enumerate(
        ["one.yaml", "more/b.yml", "more/a.json", "more/.hidden.yaml", "more/x.txt"]
    ):
        text = TRUE.replace("small", f"figure-{number}")
        if name.endswith("json"):
            text = f'{{"id": "figure-{number}", "title": "J", "stack": [{{"bar": "x"}}, {{"square": "W"}}]}}'
        written(tmp_path / name, text)
    assert gallery("one.yaml", "more").status == 0
    assert pages(tmp_path / "site") == ["figure-0", "figure-1", "figure-2"]
    # In the order of the arguments, and in a folder by name; each once, however it is named.
    assert gallery("more", "one.yaml", "./more/../one.yaml", "o*.yaml").status == 0
    index = (tmp_path / "site" / "index.html").read_text()
    order = [index.index(f'href="figure-{number}/index.html"') for number in (2, 1, 0)]
    assert order == sorted(order)
    # What is on the site renders as it is named there: a spec in JSON is YAML too.
    assert gallery("site/figure-2/figure-2.yaml", "-o", "again").status == 0
    # As by a pattern, in the order of the alphabet: what people come for is first.
    for name in ("lora-two-panel", "all-others"):
        written(tmp_path / f"{name}.yaml", TRUE.replace("small", name))
    assert gallery("all-others.yaml", "lora-two-panel.yaml", "one.yaml").status == 0
    index = (tmp_path / "site" / "index.html").read_text()
    order = [
        index.index(f'href="{name}/index.html"') for name in ("lora-two-panel", "all-others", "figure-0")
    ]
    assert order == sorted(order)


def test_a_spec_from_stdin(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", "from lorafig.cli import main; main()", "gallery", "-"],
        cwd=tmp_path, env=ENVIRONMENT, input=TRUE.encode(), capture_output=True, check=True,
    )  # fmt: skip
    assert found.stdout == b"site/index.html\n"
    assert pages(tmp_path / "site") == ["small"]


def test_a_folder_without_specs(gallery: Gallery, tmp_path: Path) -> None:
    written(tmp_path / "empty" / "notes.txt", "nothing")
    assert gallery("empty") == Result(
        2, "", "error: there is no spec in empty\n  hint: specs end in .yaml, .yml or .json\n"
    )
    assert gallery("missing.yaml") == Result(2, "", "error: there is no file missing.yaml\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty"]


def test_a_figure_that_does_not_hold_keeps_the_old_site(gallery: Gallery, tmp_path: Path) -> None:
    written(tmp_path / "specs" / "small.yaml", TRUE)
    assert gallery("specs").status == 0
    before = files(tmp_path / "site")
    written(tmp_path / "specs" / "untrue.yaml", FALSE)
    written(tmp_path / "specs" / "small.yaml", TRUE.replace("Small", "Changed"))
    result = gallery("specs")
    assert result.status == 1
    assert result.out == ""
    assert result.err == (
        "specs/untrue.yaml:8:22: error: 'B then A' does not hold: the bottleneck does not narrow:"
        " d = 64 is greater than r = 4\n"
        "        - bottleneck: [B, A]\n"
        "                       ^\n"
        "  hint: the other way round it narrows: bottleneck: [A, B]\n"
        "specs/untrue.yaml:9:16: error: 'r' does not hold: the waist is d, and the brace along it says r\n"
        "          brace: r\n"
        "                 ^\n"
        "  hint: it should read d\n"
        "specs/untrue.yaml:8:22: error: 'B' is ill-typed: B maps r to d, and what flows into it is x,"
        " a vector of d\n"
        "        - bottleneck: [B, A]\n"
        "                       ^\n"
    )
    assert files(tmp_path / "site") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "specs"]


def test_everything_that_is_wrong_is_told_at_once(gallery: Gallery, tmp_path: Path) -> None:
    written(tmp_path / "a.yaml", FALSE)
    written(tmp_path / "b.yaml", TRUE.replace("bar: x", "barr: x"))
    result = gallery("a.yaml", "b.yaml", "c.yaml", "--jobs", "2")
    assert result.status == 2
    assert "a.yaml:8:22: error: 'B then A' does not hold" in result.err
    assert "b.yaml:5:5: error: an element is named by its key" in result.err
    assert result.err.endswith("error: there is no file c.yaml\n")
    assert not (tmp_path / "site").exists()


def test_an_id_that_two_figures_have(gallery: Gallery, tmp_path: Path) -> None:
    written(tmp_path / "one.yaml", TRUE)
    written(tmp_path / "two.yaml", TRUE.replace("title: Small", "title: Other"))
    written(tmp_path / "three.yaml", TRUE.replace("id: small", "id: Small"))
    hint = "  hint: give each figure an id of its own\n"
    assert gallery("one.yaml", "two.yaml", "three.yaml") == Result(
        2,
        "",
        "error: two.yaml has the id 'small', as one.yaml has: both would have the same page\n"
        + hint
        + "error: three.yaml has the id 'Small', and one.yaml has 'small': both would have the same page\n"
        + hint,
    )
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", ["../outside", "a/b", "index.html", "..", "a b", "<b>"])
def test_an_id_cannot_lead_out_of_the_site(gallery: Gallery, tmp_path: Path, name: str) -> None:
    written(tmp_path / "in" / "one.yaml", TRUE.replace("id: small", f"id: '{name}'"))
    result = gallery("in", "-o", "in/site")
    assert result.status == 2
    assert result.err.startswith(f"in/one.yaml:1:6: error: '{name}' is not a name\n")
    assert sorted(files(tmp_path)) == ["in/one.yaml"]


def test_a_folder_of_somebody_is_refused_before_the_work(gallery: Gallery, tmp_path: Path) -> None:
    written(tmp_path / "site" / "thesis.tex", "years")
    written(tmp_path / "bad.yaml", "nonsense")
    assert gallery("bad.yaml") == Result(
        2,
        "",
        "error: cannot write site: it holds thesis.tex and is not a site that 'lorafig gallery' wrote\n"
        "  hint: choose a folder that is new or empty\n",
    )
    assert files(tmp_path / "site") == {"thesis.tex": b"years"}


def test_the_same_bytes_in_any_folder_and_number_of_processes(tmp_path: Path) -> None:
    specs = tmp_path / "elsewhere" / "specs"
    specs.mkdir(parents=True)
    for path in spread(sorted(Path(folder("figures")).glob("*.yaml")), 6):
        shutil.copy(path, specs)
    assert run("elsewhere/specs", "-o", "site", cwd=tmp_path).status == 0
    (tmp_path / "here").mkdir()
    result = run(
        "../elsewhere/specs", "-o", "deep/in/it", "--jobs", "2", cwd=tmp_path / "here", LORAFIG_CACHE="off",
        TZ="Asia/Tokyo", LC_ALL="C", PYTHONHASHSEED="7", SOURCE_DATE_EPOCH="0",
    )  # fmt: skip
    assert result == Result(0, "deep/in/it/index.html\n", "")
    ours, theirs = files(tmp_path / "site"), files(tmp_path / "here" / "deep" / "in" / "it")
    assert sorted(ours) == sorted(theirs)
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_nothing_on_the_site_names_this_machine(site: Path) -> None:
    for name, data in files(site).items():
        assert str(site.parent).encode() not in data, name
        assert folder("figures").encode() not in data, name


def test_line_ends_and_marks_of_other_systems(gallery: Gallery, tmp_path: Path) -> None:
    (tmp_path / "dos.yaml").write_bytes(b"\xef\xbb\xbf" + TRUE.replace("\n", "\r\n").encode())
    assert gallery("dos.yaml").status == 0
    assert (tmp_path / "site" / "small" / "small.yaml").read_bytes() == TRUE.encode()


def test_a_bar_on_a_terminal_alone(tmp_path: Path) -> None:
    for name in ("one", "two"):
        written(tmp_path / f"{name}.yaml", TRUE.replace("small", name))
    parent, child = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from lorafig.cli import main; main()",
        "gallery",
        "one.yaml",
        "two.yaml",
    ]
    subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=child, check=True)
    os.close(child)
    shown = os.read(parent, 65536)
    os.close(parent)
    assert b"rendering" in shown
    assert b"100%" in shown


def test_the_help_says_what_it_takes(gallery: Gallery) -> None:
    text = gallery("--help").out
    assert text.startswith("Usage: lorafig gallery [OPTIONS] [SPEC|FOLDER]...\n")
    assert "[default: site]" in text
    assert gallery("--jobs", "0").status == 2
