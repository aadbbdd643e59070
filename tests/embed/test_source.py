"""Where the spec of a figure on a page comes from; a documentation build reads strangers' pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig.embed.request import Request
from lorafig.embed.source import find
from lorafig.errors import LorafigError
from tests.test_cli import TRUE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder that also holds what is none of its business."""
    project = tmp_path / "project"
    for name in (
        "docs/sub/page.yaml",
        "docs/near.yaml",
        "figures/fig.yaml",
        ".git/config.yaml",
        "docs/a.txt",
    ):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(TRUE)
    (tmp_path / "secret.yaml").write_text(TRUE)
    (project / "docs" / "out.yaml").symlink_to(tmp_path / "secret.yaml")
    (project / "docs" / "away").symlink_to(tmp_path)
    (project / "docs" / "zero.yaml").symlink_to("/dev/zero")
    (project / "docs" / "in.yaml").symlink_to(project / "figures" / "fig.yaml")
    (project / "docs" / "folder.yaml").mkdir()
    return project


def _find(project: Path, file: str) -> str:
    found = find(Request(file=file), "", "docs/page.md", str(project / "docs"), str(project))
    assert found.data == TRUE.encode()
    assert found.path is not None
    return found.file


def test_files_of_the_project(project: Path) -> None:
    assert _find(project, "near.yaml") == "docs/near.yaml"
    assert _find(project, "sub/page.yaml") == "docs/sub/page.yaml"
    assert _find(project, "../figures/fig.yaml") == "figures/fig.yaml"
    assert _find(project, "/figures/fig.yaml") == "figures/fig.yaml"
    assert _find(project, "sub/../near.yaml") == "docs/near.yaml"
    assert _find(project, "in.yaml") == "docs/in.yaml"


def test_a_file_named_in_the_fence(project: Path) -> None:
    found = find(Request(), "\n  near.yaml \n", "docs/page.md", str(project / "docs"), str(project))
    assert (found.file, found.data) == ("docs/near.yaml", TRUE.encode())


def test_the_fence_itself(project: Path) -> None:
    found = find(Request(), TRUE, "docs/page.md", str(project / "docs"), str(project))
    assert (found.file, found.data, found.path) == ("docs/page.md", TRUE.encode(), None)


def test_the_gallery(project: Path) -> None:
    found = find(Request(gallery="lora-flow"), "", "p", str(project), str(project))
    assert found.file == "lora-flow.yaml"
    assert b"id: lora-flow" in found.data


OUT = "leads out of the project\n  hint: a spec is a file of the project"
NOT_A_SPEC = (
    "is not the name of a spec\n"
    "  hint: its name ends in one of .yaml, .yml, .json, and no part of it begins with a dot"
)
ABOUT = "\n  hint: names are relative to the page; those with '/' before them to the top of the project"
REFUSED = {
    "../../secret.yaml": f"'../../secret.yaml' {OUT}",
    "/../secret.yaml": f"'/../secret.yaml' {OUT}",
    "sub/../../../secret.yaml": f"'sub/../../../secret.yaml' {OUT}",
    "out.yaml": f"'out.yaml' {OUT}",
    "away/secret.yaml": f"'away/secret.yaml' {OUT}",
    "zero.yaml": f"'zero.yaml' {OUT}",
    "..\\..\\secret.yaml": "'..\\..\\secret.yaml' is not the name of a file of the project",
    "near.yaml\0.txt": "'near.yaml\0.txt' is not the name of a file of the project",
    "a.txt": f"'a.txt' {NOT_A_SPEC}",
    "/.git/config.yaml": f"'/.git/config.yaml' {NOT_A_SPEC}",
    "/etc/passwd": f"'/etc/passwd' {NOT_A_SPEC}",
    "none.yaml": f"there is no file docs/none.yaml{ABOUT}",
    "folder.yaml": f"there is no file docs/folder.yaml{ABOUT}",
    "figures/fig.yaml": (
        "there is no file docs/figures/fig.yaml\n"
        "  hint: did you mean '/figures/fig.yaml'?" + ABOUT.removeprefix("\n  hint:")
    ),
}


@pytest.mark.parametrize(("file", "message"), REFUSED.items(), ids=[repr(one) for one in REFUSED])
def test_what_is_refused(project: Path, file: str, message: str) -> None:
    with pytest.raises(LorafigError) as caught:
        _find(project, file)
    assert str(caught.value) == message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(("..", ".", "/", "docs", "sub", "away", "out.yaml", "secret.yaml", "near.yaml", "~"))
    )
)
def test_nothing_outside_the_project_is_read(project: Path, parts: list[str]) -> None:
    try:
        found = find(Request(file="/".join(parts)), "", "p", str(project / "docs"), str(project))
    except LorafigError:
        return
    assert found.path is not None
    assert Path(found.path).resolve().is_relative_to(project.resolve())


@pytest.mark.parametrize(
    ("asked", "body", "message"),
    [
        (
            Request(),
            " \n",
            "there is no spec\n  hint: write it here, or name a file or a figure of the gallery",
        ),
        (
            Request(file="near.yaml"),
            "id: x",
            "a spec is named, and another one is written below it\n  hint: leave one of them out",
        ),
        (
            Request(gallery="lora-fow"),
            "",
            "the gallery has no figure 'lora-fow'\n  hint: did you mean 'lora-flow'? it has",
        ),
    ],
)
def test_errors(project: Path, asked: Request, body: str, message: str) -> None:
    with pytest.raises(LorafigError) as caught:
        find(asked, body, "docs/page.md", str(project / "docs"), str(project))
    assert str(caught.value).startswith(message)


def test_giants(project: Path) -> None:
    (project / "docs" / "giant.yaml").write_bytes(b"#" * (1 << 21))
    with pytest.raises(LorafigError) as caught:
        _find(project, "giant.yaml")
    assert str(caught.value) == (
        "docs/giant.yaml is larger than 1 MiB\n  hint: the spec of a figure is a few kilobytes"
    )
    assert caught.value.kind == "limit"
    with pytest.raises(LorafigError) as caught:
        find(Request(), "#" * (1 << 21), "docs/page.md", "docs", ".")
    assert caught.value.kind == "limit"
