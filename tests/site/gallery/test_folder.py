"""A site takes the place of a site, whole or not at all; nothing else is ever lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lorafig.errors import LorafigError
from lorafig.site.gallery import folder
from tests.site.gallery.conftest import files

SITE = {"index.html": b"one", "a/index.html": b"two"}
MARKED = {".lorafig-gallery": b"lorafig gallery 1\na/index.html\nindex.html\n"}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "site"


def refused(target: Path | str) -> str:
    with pytest.raises(LorafigError) as caught:
        folder.replace(str(target), SITE)
    assert caught.value.exit_status == 2
    return str(caught.value)


def alone(target: Path) -> None:
    """Nothing is left beside the site."""
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.parametrize("there", ["nothing", "an empty folder", "a site"])
def test_a_site_is_written(target: Path, there: str) -> None:
    if there == "an empty folder":
        target.mkdir()
    elif there == "a site":
        folder.replace(str(target), {"old.html": b"old", "b/c/old.html": b"old"})
    folder.replace(str(target), SITE)
    assert files(target) == SITE | MARKED
    alone(target)


def test_folders_above_it_are_made(target: Path) -> None:
    folder.replace(str(target / "in" / "it"), SITE)
    assert files(target / "in" / "it") == SITE | MARKED


def test_a_name_may_end_in_a_slash_and_begin_with_a_dot(target: Path) -> None:
    for _ in range(2):
        folder.replace(f"{target.parent}/.hidden/", SITE)
    assert [path.name for path in target.parent.iterdir()] == [".hidden"]


def test_permissions_stay_and_new_ones_are_those_of_the_umask(target: Path) -> None:
    before = os.umask(0o027)
    try:
        folder.replace(str(target), SITE)
        assert target.stat().st_mode & 0o777 == 0o750
        assert (target / "index.html").stat().st_mode & 0o777 == 0o640
        target.chmod(0o705)
        folder.replace(str(target), SITE)
        assert target.stat().st_mode & 0o777 == 0o705
    finally:
        os.umask(before)


def test_a_folder_of_somebody_is_refused(target: Path) -> None:
    target.mkdir()
    (target / "thesis.tex").write_text("years")
    assert refused(target) == (
        f"cannot write {target}: it holds thesis.tex and is not a site that 'lorafig gallery' wrote\n"
        "  hint: choose a folder that is new or empty"
    )
    assert files(target) == {"thesis.tex": b"years"}


@pytest.mark.parametrize("marker", [b"", b"mine\n", b"\xff", b"lorafig gallery 10\nthesis.tex\n"])
def test_a_marker_that_is_not_ours_marks_nothing(target: Path, marker: bytes) -> None:
    target.mkdir()
    (target / ".lorafig-gallery").write_bytes(marker)
    (target / "thesis.tex").write_text("years")
    assert "is not a site that 'lorafig gallery' wrote" in refused(target)


@pytest.mark.parametrize("name", ["CNAME", "a/notes.txt", ".git/config", "a/empty/"])
def test_a_file_that_somebody_put_into_the_site_is_not_lost(target: Path, name: str) -> None:
    folder.replace(str(target), SITE)
    (target / name).parent.mkdir(exist_ok=True)
    if name.endswith("/"):
        (target / name).mkdir()
    else:
        (target / name).write_text("mine")
    before = files(target)
    assert refused(target) == (
        f"cannot write {target}: 'lorafig gallery' did not write {name}, which would be lost\n"
        "  hint: move it away, or build elsewhere and copy the site here"
    )
    assert files(target) == before


def test_a_link_in_the_site_is_somebodys(target: Path) -> None:
    folder.replace(str(target), SITE)
    (target / "link").symlink_to(target.parent)
    assert "'lorafig gallery' did not write link, which would be lost" in refused(target)


def test_a_link_is_refused(target: Path) -> None:
    real = target.parent / "real"
    real.mkdir()
    target.symlink_to(real)
    assert refused(target) == (
        f"cannot write {target}: it is a symbolic link\n"
        f"  hint: name the folder itself, {real}, or remove the link"
    )


def test_a_file_is_refused(target: Path) -> None:
    target.write_text("file")
    assert refused(target) == (
        f"cannot write {target}: it is not a folder\n  hint: name a folder of its own: -o site"
    )


@pytest.mark.parametrize("name", [".", "..", "/", ""])
def test_the_current_folder_is_refused(target: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target.mkdir()
    monkeypatch.chdir(target)
    if name == "":
        name = str(target)
    assert refused(name) == (
        f"cannot write {name}: it is the current folder, or one that holds it\n"
        "  hint: name a folder of its own: -o site"
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with somebody's work in it, in `src`, and behind the link `link`."""
    here = tmp_path / "project"
    for name in ("project", "project/src", "else", "else/src", "else/deep"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "thesis.tex").write_text("years")
    (here / "link").symlink_to(tmp_path / "else" / "deep")
    monkeypatch.chdir(here)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "./", "..", "src", "src/", "src/.", "src/..", "src/../src", "nosuch/..", "nosuch/../src",
        "nosuch/../../project", "nosuch/deeper/../../src/", "link", "link/", "link/.", "link/..",
        "link/../src", "../else", "thesis.tex", "thesis.tex/..", "//", "src//", "../project/src",
    ],
)  # fmt: skip
def test_a_name_by_which_somebodys_work_could_be_lost(project: Path, name: str) -> None:
    before = files(project)
    for call in (folder.check, lambda name: folder.replace(name, SITE)):
        with pytest.raises(LorafigError) as caught:
            call(name)
        assert caught.value.exit_status == 2
    assert files(project) == before


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("nosuch/../new", "project/new"),
        ("link/../new", "else/new"),
        ("nosuch/deep/new", "project/nosuch/deep/new"),
        ("src/new", "project/src/new"),
    ],
)
def test_a_new_folder_is_where_the_system_says(project: Path, name: str, written: str) -> None:
    before = files(project)
    for _ in range(2):
        folder.replace(name, SITE)
    site = {f"{written}/{name}": data for name, data in (SITE | MARKED).items()}
    assert files(project) == before | site


def test_what_is_added_while_the_new_site_is_written_is_not_lost(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.replace(str(target), SITE)
    write = folder._write

    def slow(new: str, files: object) -> None:
        write(new, files)
        (target / "notes.txt").write_text("mine")

    monkeypatch.setattr(folder, "_write", slow)
    assert "'lorafig gallery' did not write notes.txt" in refused(target)
    assert files(target) == SITE | MARKED | {"notes.txt": b"mine"}
    alone(target)


def test_what_only_looks_left_over_is_kept(target: Path) -> None:
    """Folders of somebody's with names like ours, and somebody's files in one that is ours."""
    names = (
        ".site.backup.lorafig-old",
        ".site.1-xy.lorafig-old",
        ".site.1-00.lorafig-new",
        "site-1-00.lorafig-old",
    )
    for name in names:
        target.parent.joinpath(name).mkdir()
        target.parent.joinpath(name, "thesis.tex").write_text("years")
    elsewhere = target.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.html").write_text("mine")
    ours = target.parent / ".site.2-00.lorafig-new"
    folder.replace(str(ours), {"index.html": b"old", "a/index.html": b"old"})
    shutil.rmtree(ours / "a")
    (ours / "a").symlink_to(elsewhere)
    folder.replace(str(target), SITE)
    for name in names:
        assert (target.parent / name / "thesis.tex").read_text() == "years"
    assert (elsewhere / "index.html").read_text() == "mine"
    assert os.listdir(ours) == ["a"]


def test_what_cannot_be_looked_into_is_somebodys(target: Path) -> None:
    folder.replace(str(target), SITE)
    secret = target / "secret"
    secret.mkdir()
    (secret / "thesis.tex").write_text("years")
    secret.chmod(0)
    try:
        if not os.access(secret, os.R_OK):  # root looks into everything
            assert refused(target) == f"cannot write {target}: Permission denied"
    finally:
        secret.chmod(0o700)
    assert (secret / "thesis.tex").read_text() == "years"


def test_a_folder_that_cannot_be_made(target: Path) -> None:
    target.write_text("file")
    assert refused(target / "inside") == f"cannot write {target}/inside: Not a directory"


def test_a_name_too_long_is_an_error(target: Path) -> None:
    name = target.parent / ("n" * 300)
    assert refused(name) == f"cannot write {name}: File name too long"


def test_what_fails_half_way_leaves_the_old_site(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.replace(str(target), SITE)

    def full(new: str, files: object) -> None:
        (Path(new) / "index.html").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder, "_write", full)
    with pytest.raises(LorafigError, match="No space left on device"):
        folder.replace(str(target), {"index.html": b"new"})
    assert files(target) == SITE | MARKED
    alone(target)


def test_an_exchange_that_fails_is_undone(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.replace(str(target), SITE)
    rename = os.rename

    def second(old: str, new: str) -> None:
        if new == str(target) and ".lorafig-new" in old:
            raise OSError(5, "Input/output error")
        rename(old, new)

    monkeypatch.setattr(os, "rename", second)
    with pytest.raises(LorafigError, match="Input/output error"):
        folder.replace(str(target), {"index.html": b"new"})
    assert files(target) == SITE | MARKED
    alone(target)


def test_what_a_killed_run_left_is_tidied_up(target: Path) -> None:
    """Killed while it writes: the old site is there, and the next run removes the rest."""
    folder.replace(str(target), SITE)
    code = (
        "import time\nfrom lorafig.site.gallery import folder\n"
        "real = folder._write\n"
        "folder._write = lambda new, files: (real(new, files), print('there', flush=True), time.sleep(60))\n"
        f"folder.replace({str(target)!r}, {{'index.html': b'new'}})"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path.cwd()) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"there\n"
        (left,) = target.parent.glob(".site.*.lorafig-new")
        folder.replace(str(target), SITE | {"more.html": b"more"})
        assert left.exists()  # its writer is alive
        writer.send_signal(signal.SIGKILL)
    assert left.exists()
    folder.replace(str(target), SITE)
    assert files(target) == SITE | MARKED
    alone(target)


def test_a_run_killed_between_the_two_renames_costs_nothing(target: Path) -> None:
    folder.replace(str(target), SITE)
    target.rename(target.parent / ".site.1-00.lorafig-old")
    target.parent.joinpath(".other.1-00.lorafig-old").mkdir()  # of another site
    with pytest.raises(AssertionError):
        folder.replace(str(target), {"../outside": b"no"})
    assert files(target) == SITE | MARKED  # it is back, though this run has failed as well
    assert sorted(path.name for path in target.parent.iterdir()) == [".other.1-00.lorafig-old", "site"]


def test_two_runs_at_once_leave_one_whole_site(target: Path) -> None:
    code = (
        "import sys\nfrom lorafig.site.gallery import folder\n"
        "own = {f'{number}.html': sys.argv[1].encode() for number in range(50)}\n"
        f"for _ in range(20):\n    try: folder.replace({str(target)!r}, own)\n"
        "    except folder.LorafigError: pass\n"
    )
    begun = time.monotonic()
    runs = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("one", "two")]
    assert [run.wait() for run in runs] == [0, 0]
    assert time.monotonic() - begun < 60
    found = files(target)
    assert len(found) == 51
    assert len({data for name, data in found.items() if name.endswith(".html")}) == 1
    shutil.rmtree(target)
    assert not list(target.parent.glob("*.lorafig-new"))
