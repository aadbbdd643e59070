"""A new adapter is one file: in a copy of the package, as in a wheel, nothing else is added or changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import lorafig
from lorafig.resources import folder

PACKAGE = Path(lorafig.__file__).parent
SPEC = """
lorafig: 1
id: new
title: A figure of an adapter that nobody knew
model: {adapter: lora-new, d: 768, r: 8, alpha: 16}
controls:
  d: {min: 64, max: 1024, step: 64}
  r: {min: 1, max: 64}
  adapter: [lora-new, lora]
row:
  - stack:
      - bar: x
      - split:
          - square: W
          - bottleneck: [A, R, B]
      - sum: [Wx, '\\frac{\\alpha}{r} BRAx']
      - bar: h
  - equations: ['h = Wx + \\frac{\\alpha}{r} BRAx', 'R = \\mathcal{N}(0, \\sigma^2)']
caption: 'R is trained: $\\num{r^2}$ parameters. A and B are frozen.'
"""

Run = Callable[..., str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The command line of a copy with LoRA-XS under another name."""
    top = tmp_path_factory.mktemp("site")
    copy = shutil.copytree(PACKAGE, top / "lorafig", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("templates", "figures", "fonts"):
        if os.path.isdir(folder(name)) and not (copy / name).exists():
            (copy / name).symlink_to(folder(name))
    before = {path for path in copy.rglob("*") if path.is_file()}
    source = (copy / "core/adapters/lora_xs.py").read_text(encoding="utf-8")
    assert source.count('"lora-xs"') == source.count('title="LoRA-XS"') == 1
    renamed = source.replace('"lora-xs"', '"lora-new"').replace('title="LoRA-XS"', 'title="LoRA-New"')
    (copy / "core/adapters/lora_new.py").write_text(renamed, encoding="utf-8")
    assert {path for path in copy.rglob("*") if path.is_file()} - before == {
        copy / "core/adapters/lora_new.py"
    }
    (top / "new.yaml").write_text(SPEC, encoding="utf-8")

    def ran(*arguments: str, code: int = 0) -> str:
        start = f"import sys; sys.path.insert(0, {str(top)!r}); from lorafig.cli import main; main()"
        command = [sys.executable, "-I", "-c", start, *arguments]
        environment = {**os.environ, "XDG_CACHE_HOME": str(top / "cache")}
        done = subprocess.run(
            command, check=False, cwd=top, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr

    return ran


def test_the_language_knows_it(run: Run) -> None:
    schema = json.loads(run("schema"))
    assert "lora-new" in json.dumps(schema)
    names = run("claim", "B = 0", "--adapter", "nothing", code=2)
    assert "the adapters are lora, adalora" in names
    assert "lora-new, lora-xs" in names


def test_claims_are_decided(run: Run) -> None:
    assert "holds" in run("claim", "h = Wx + BRAx", "--adapter", "lora-new")
    assert "holds" in run(
        "claim", "64 trainable parameters", "--adapter", "lora-new", "-D", "d=768", "-D", "r=8"
    )
    assert "fails" in run("claim", "B = 0", "--adapter", "lora-new", code=1)


def test_a_figure_of_it_is_rendered(run: Run, tmp_path: Path) -> None:
    report = json.loads(run("check", "--json", "new.yaml"))
    assert report["figures"][0]["verdict"] == "holds"
    run("render", "new.yaml", "-f", "svg,tikz,html,md,json", "-o", str(tmp_path))
    made = {path.suffix: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {".svg", ".tikz", ".html", ".md", ".json"}
    assert "LoRA-New" in made[".html"]
    assert "Trained are 64 parameters" in made[".md"]
