"""The plugins for remark and markdown-it, run by node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.embed.sites import BIN
from tests.npm.install import installed, packages

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "editors" / "npm"
SPEC = "id: mine\ntitle: A {{figure}} & more\nstack: [{bar: x}]\n"
WRONG = "id: mine\ntitle: L\nmodel: {d: 64, r: 4}\nstack: [{bar: x}, {bottleneck: [B, A]}]\n"
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")


def _node(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"LORAFIG": str(BIN / "lorafig")}
    command = ["node", "--input-type=module", "-e", program]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def _remark(fence: dict[str, object], folder: Path, settings: str = "{}") -> subprocess.CompletedProcess[str]:
    tree = {"type": "root", "children": [{"type": "list", "children": [{"type": "code", **fence}]}]}
    return _node(
        f"import lorafig from '{PLUGINS}/remark.js'; const tree = {json.dumps(tree)};"
        f"lorafig({settings})(tree, {{ path: '{folder}/docs/page.md' }}); console.log(JSON.stringify(tree))",
        folder,
    )


def test_remark_puts_an_image_in_the_place_of_the_fence(tmp_path: Path) -> None:
    done = _remark({"lang": "lorafig", "value": SPEC, "meta": 'width="50%"'}, tmp_path)
    assert done.returncode == 0, done.stderr
    (image,) = json.loads(done.stdout)["children"][0]["children"][0]["children"]
    assert image["type"] == "image"
    assert image["url"].startswith("data:image/svg+xml;base64,")
    assert image["alt"].startswith("A {{figure}} & more. ")
    assert image["data"]["hProperties"]["style"] == "width: 50%"


def test_other_fences_stay(tmp_path: Path) -> None:
    fence = {"lang": "yaml", "value": SPEC, "meta": None}
    done = _remark(fence, tmp_path)
    assert json.loads(done.stdout)["children"][0]["children"] == [{"type": "code", **fence}]


@pytest.mark.parametrize("name", ["/figures/mine.yaml", "../figures/mine.yaml"])
def test_a_spec_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "figures" / "mine.yaml").write_text(SPEC)
    done = _remark({"lang": "lorafig", "value": "", "meta": f'file="{name}"'}, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("meta", "body", "says"),
    [
        ("", WRONG, "the other way round it narrows: bottleneck: [A, B]"),
        ('file="/none.yaml"', "", "there is no file /none.yaml"),
        ('file="/../out.yaml"', "", "leads out of the project"),
        ('file="/link.yaml"', "", "leads out of the project"),
        ('file="/secret.txt"', "", "is not the name of a spec"),
        ('file="/in.yaml"', SPEC, "another one is written below it"),
        ('widht="50%"', SPEC, "there is no option 'widht'"),
        ('width="50%;x:url(a)"', SPEC, "is not a width"),
    ],
)
def test_what_is_wrong_ends_the_build(meta: str, body: str, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "out.yaml").write_text(SPEC)
    (folder / "link.yaml").symlink_to(tmp_path / "out.yaml")
    (folder / "secret.txt").write_text("x")
    (folder / "in.yaml").write_text(SPEC)
    done = _remark({"lang": "lorafig", "value": body, "meta": meta}, folder)
    assert done.returncode != 0
    assert says in done.stderr


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    done = _remark({"lang": "lorafig", "value": SPEC, "meta": ""}, tmp_path, "{ command: 'no-lorafig' }")
    assert "there is no program 'no-lorafig'" in done.stderr


def test_markdown_it_puts_the_figure_into_the_page(tmp_path: Path) -> None:
    (package,) = packages("markdown-it")
    text = f'# Hi\n\n```lorafig caption="<Mine>"\n{SPEC}```\n\n```js\nx\n```\n'
    done = _node(
        f"import MarkdownIt from '{installed(package)}'; import lorafig from '{PLUGINS}/markdown-it.js';"
        f"console.log(new MarkdownIt().use(lorafig).render({json.dumps(text)}))",
        tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert '<figure class="lorafig" v-pre><svg' in done.stdout
    assert "<figcaption>&lt;Mine&gt;</figcaption></figure>" in done.stdout
    assert '<code class="language-js">x' in done.stdout
    assert "<?xml" not in done.stdout


FENCE = f"```lorafig\n{WRONG}```\n"


@pytest.mark.parametrize(
    ("front", "line"), [("", 1), ("---\ntitle: a\n---\n", 1), ("---\ntitle: a\n---\n", 4)]
)
def test_a_false_figure_is_told_at_its_line_of_the_page(front: str, line: int, tmp_path: Path) -> None:
    """Whether the tool counts the lines of the front matter or not."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(front + FENCE)
    position = {"start": {"line": line}}
    done = _remark({"lang": "lorafig", "value": WRONG, "meta": "", "position": position}, tmp_path)
    assert f"docs/page.md:{front.count(chr(10)) + 5}:33: error: 'B then A' does not hold" in done.stderr


def _myst(page: str, folder: Path) -> tuple[str, str]:
    """What MyST makes of a page, and what it says."""
    (package,) = packages("mystmd")
    (folder / "figures").mkdir()
    (folder / "figures" / "mine.yaml").write_text(SPEC)
    (folder / "myst.yml").write_text(f"version: 1\nproject: {{plugins: ['{PLUGINS}/myst.mjs']}}\n")
    (folder / "page.md").write_text(page)
    done = subprocess.run(
        ["node", installed(package), "build", "page.md", "--md", "--strict"], cwd=folder,
        env=os.environ | {"LORAFIG": str(BIN / "lorafig")}, capture_output=True, text=True, check=False,
        timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    made = folder / "_build" / "exports" / "page.md"
    return made.read_text() if made.exists() else "", done.stdout + done.stderr


def test_myst_has_a_directive_and_a_fence(tmp_path: Path) -> None:
    directive = "```{lorafig} /figures/mine.yaml\n:caption: Mine\n:width: 60%\n```\n"
    made, said = _myst(f"{directive}\n```lorafig\n{SPEC}```\n", tmp_path)
    assert ":::{figure} data:image/svg+xml;base64," in made, said
    assert ":width: 60%\n:alt: A {{figure}} & more. From" in made
    assert "\nMine\n:::" in made
    assert "![A {{figure}} & more. From" in made


@pytest.mark.parametrize("fence", [FENCE, FENCE.replace("```lorafig", "```{lorafig}\n:width: 60%\n")])
def test_myst_says_what_is_false_and_where(fence: str, tmp_path: Path) -> None:
    made, said = _myst(f"---\ntitle: A\n---\n\n{fence}", tmp_path)
    assert made == ""
    line = 4 + fence[: fence.index("stack")].count("\n") + 1
    assert f"page.md:{line}:33: error: 'B then A' does not hold" in said


def test_the_actions_and_hooks_name_commands_that_there_are() -> None:
    import yaml

    from lorafig.cli.group import COMMANDS

    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["entry"].split()[1] for hook in hooks} <= set(COMMANDS)
    for path in (ROOT / "action.yml", ROOT / "actions" / "figures" / "action.yml"):
        action = yaml.safe_load(path.read_text())
        for step in action["runs"]["steps"]:
            checked = subprocess.run(["bash", "-n"], input=step["run"], text=True, check=False)
            assert checked.returncode == 0


def test_the_action_checks_renders_and_compares(tmp_path: Path) -> None:
    """The shell of the action, in a repository whose figures are committed."""
    import yaml

    action = yaml.safe_load((ROOT / "actions" / "figures" / "action.yml").read_text())
    run = action["runs"]["steps"][1]["run"]
    (tmp_path / "figures").mkdir()
    spec = tmp_path / "figures" / "mine.yaml"
    spec.write_text(SPEC)
    environment = os.environ | {
        "PATH": f"{BIN}:{os.environ['PATH']}", "SPECS": "figures/*.yaml", "FORMATS": "svg", "OUTPUT": "out",
        "COMMITTED": "true",
    }  # fmt: skip

    def act() -> int:
        done = subprocess.run(
            ["bash", "-e", "-c", run], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        return done.returncode

    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run([*git, "init", "-q"], cwd=tmp_path, check=True)
    assert act() == 1  # nothing is committed yet
    subprocess.run([*git, "add", "."], cwd=tmp_path, check=True)
    subprocess.run([*git, "commit", "-qm", "x"], cwd=tmp_path, check=True)
    assert act() == 0
    spec.write_text(SPEC.replace("bar: x", "square: W"))
    assert act() == 1
    spec.write_text(SPEC)
    (tmp_path / "figures" / "new.yaml").write_text(SPEC.replace("id: mine", "id: new"))
    assert act() == 1  # its picture is not committed
    (tmp_path / "figures" / "new.yaml").unlink()
    (tmp_path / "out" / "new.svg").unlink()
    subprocess.run([*git, "reset", "-q"], cwd=tmp_path, check=True)
    assert act() == 0
    spec.write_text(WRONG)
    assert act() == 1
