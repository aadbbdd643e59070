"""Work in several processes and on clusters: the same results in the same order, whatever is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from lorafig.cli.group import cli
from lorafig.cli.spread import spread
from lorafig.errors import LorafigError, Problem
from tests.inspection import made

ROOT = Path(__file__).parents[1]


def work(item: int) -> int:
    if item == 3:
        raise LorafigError(Problem("three"))
    if item == 5:
        raise ValueError("five")
    return item * item


def told(results: Iterator[int | LorafigError]) -> list[int | str]:
    return [str(one.problems[0].what) if isinstance(one, LorafigError) else one for one in results]


WANTED = ["0", "1", "4", "three", "16", r"5: lorafig \S+ itself failed: ValueError: five.*", "36"]


def held(results: list[int | str]) -> None:
    assert len(results) == len(WANTED)
    for one, wanted in zip(results, WANTED, strict=True):
        assert re.fullmatch(wanted, str(one))


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order_and_errors_stay_with_their_item(jobs: int) -> None:
    held(told(spread(work, range(7), [str(item) for item in range(7)], jobs)))


def test_adapters_and_documents_in_two_processes(tmp_path: Path) -> None:
    folders = [
        str(made.peft(tmp_path / f"a{r}", made.lora({"model.layers.0.self_attn.q_proj": (64, 64)}, r), r=r))
        for r in (2, 4, 8)
    ]
    document = tmp_path / "a.md"
    document.write_text("# LoRA\n\nThe rank is 4.\n")
    spec = tmp_path / "a.yaml"
    spec.write_text("id: a\ntitle: A\nmodel: {d: 64, r: 4}\nstack: [{bar: x}]\n")
    commands = (
        ["inspect", *folders, str(tmp_path / "none"), "-f", "csv"],
        ["audit", str(document), str(tmp_path / "none.md"), "--model", str(spec), "--json"],
        ["check", str(spec), "--json"],
    )
    for command in commands:
        one, two = (CliRunner().invoke(cli, [*command, "--jobs", jobs]) for jobs in "12")
        assert (one.exit_code, one.stdout, one.stderr) == (two.exit_code, two.stdout, two.stderr)
        assert one.stdout != ""


def test_engines_that_are_not_there() -> None:
    for on in ("spark:1", "dask", "dask:", ""):
        result = CliRunner().invoke(cli, ["inspect", "a", "--on", on])
        assert result.exit_code == 2
        assert "is not dask:ADDRESS, ray or ray:ADDRESS" in result.stderr
    if _installed("ray"):
        return
    with pytest.raises(LorafigError) as caught:
        next(spread(work, [1], ["1"], on="ray"))
    assert str(caught.value) == "Ray is not installed\n  hint: pip install 'lorafig[ray]'"
    assert caught.value.exit_status == 3


def _installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler on the loopback address, and two workers."""
    pytest.importorskip("distributed")
    where = {**os.environ, "PYTHONPATH": str(ROOT)}
    file = tmp_path / "scheduler.json"

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], env=where, stdout=quiet, stderr=quiet, cwd=tmp_path
        )

    own = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    started = [start("distributed.cli.dask_scheduler", *own)]
    try:
        while not file.exists():
            time.sleep(0.1)
        address = str(yaml.safe_load(file.read_text())["address"])
        more = [address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started += [start("distributed.cli.dask_worker", *more) for _ in range(2)]
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def slow(item: int) -> int:
    time.sleep(0.2)
    return work(item)


def test_dask_with_a_worker_killed_in_the_middle(dask: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = dask
    results = spread(slow, range(7), [str(item) for item in range(7)], on=f"dask:{address}")
    first = told(iter([next(results)]))
    workers[0].kill()
    held(first + told(results))


def test_ray_on_this_machine() -> None:
    pytest.importorskip("ray")
    held(told(spread(work, range(7), [str(item) for item in range(7)], on="ray")))


def test_the_action_and_the_hooks_name_what_there_is() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    for hook in hooks:
        name, command = hook["entry"].split()
        assert (name, command in cli.list_commands(None)) == ("lorafig", True)  # type: ignore[arg-type]
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    used = set(re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text()))
    assert used == set(action["inputs"])


def test_the_action_writes_what_does_not_hold_and_fails(tmp_path: Path) -> None:
    """Its own script, as the runner starts it, in a folder with a blank in its name."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    place = tmp_path / "a checkout"
    tools = tmp_path / "lorafig" / "bin"
    tools.mkdir(parents=True)
    place.mkdir()
    (tools / "lorafig").symlink_to(Path(sys.executable).with_name("lorafig"))
    (place / "a.yaml").write_text("id: a\ntitle: A\nmodel: {d: 64, r: 4}\nstack: [{bar: x}]\n")
    (place / "one.md").write_text("# LoRA\n\nThe rank is 4.\n")
    (place / "two.md").write_text("# LoRA\n\nThe rank is 9.\n")
    shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
    for files, status, count in (("one.md", 0, 0), ("*.md", 1, 1), ("none.md", 2, 0)):
        inputs = {"FILES": files, "MODEL": "a.yaml", "BASE": "", "SARIF": "out put.sarif"}
        assert set(inputs) == set(step["env"])
        env = {**os.environ, **inputs, "RUNNER_TEMP": str(tmp_path)}
        ran = subprocess.run(shell, cwd=place, env=env, capture_output=True, text=True, check=False)
        assert ran.returncode == status, ran.stderr
        log = yaml.safe_load((place / "out put.sarif").read_text())
        assert len(log["runs"][0]["results"]) == count
        assert ("rank is 9" in ran.stdout) == (count == 1)
