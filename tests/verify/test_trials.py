"""What the core has shown of an adapter is kept, and only of that adapter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from lorafig import cache
from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.verify.decide import initial, properties, trials

TWO_PANEL = Path(__file__).parent.parent.parent / "figures" / "lora-two-panel.yaml"


def _counted(calls: list[str], result: bool = True) -> trials.Trial[bool]:
    def trial(adapter: Adapter, *symbols: str) -> bool:
        calls.append(adapter.name)
        return result

    return trial


def test_a_trial_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path))
    calls: list[str] = []
    for _ in range(2):  # as in two processes
        kept = trials.kept(bool)(_counted(calls))
        assert kept(ADAPTERS["lora"], "A")
        assert kept(ADAPTERS["lora"], "A")
    assert calls == ["lora"]
    assert kept(ADAPTERS["lora"], "B")
    assert kept(ADAPTERS["dora"], "A")
    assert calls == ["lora", "lora", "dora"]


def test_an_adapter_that_has_the_name_of_another_is_tried_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path))
    calls: list[str] = []
    kept = trials.kept(bool)(_counted(calls))
    kept(ADAPTERS["lora"])
    kept(replace(ADAPTERS["lora"], sigma=1.0))
    kept(replace(ADAPTERS["lora"], name="none of ours"))
    assert calls == ["lora", "lora", "none of ours"]


def test_what_is_kept_and_cannot_be_read_is_found_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path))
    calls: list[str] = []
    trial = _counted(calls)
    cache.put("trial", (trial.__qualname__, "lora"), b"\xc1")
    assert trials.kept(bool)(trial)(ADAPTERS["lora"])
    assert calls == ["lora"]


def test_what_is_kept_is_what_the_core_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (str(tmp_path), str(tmp_path), "off"):
        monkeypatch.setenv("LORAFIG_CACHE", where)
        lora = ADAPTERS["lora"]
        for trial in (initial.is_zero, initial.is_normal, initial.is_one, properties.moved):
            trial.cache_clear()
        assert properties.moved(lora) == {"A", "B"}
        assert (initial.is_zero(lora, "A").passed, initial.is_zero(lora, "B").passed) == (False, True)
        assert (initial.is_normal(lora, "A").passed, initial.is_normal(lora, "B").passed) == (True, False)
        assert not initial.is_one(lora, "A").passed


@pytest.mark.parametrize(("form", "loaded"), [("svg", False), ("json", True)])
def test_only_float64_needs_numpy_after_the_first_figure(form: str, loaded: bool, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import lorafig.draw, lorafig.language\n"
        "from lorafig.options import Options\n"
        f"figure = lorafig.language.load({str(TWO_PANEL)!r})\n"
        f"lorafig.draw.draw(figure, [{form!r}], Options())\n"
        "print('numpy' in sys.modules)"
    )
    env = {"LORAFIG_CACHE": str(tmp_path), "PYTHONPATH": str(TWO_PANEL.parent.parent)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env
        )
    assert done.stdout.strip() == str(loaded)
