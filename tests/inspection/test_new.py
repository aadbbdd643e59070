"""`lorafig new --from-adapter`: a spec with the sizes of a saved adapter, which holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import lorafig
from lorafig.cli.group import cli
from tests.core.oracle import make_checkpoints
from tests.inspection import made


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["new", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("name", ["adalora", "dora", "loha", "lokr", "rslora", "pissa", "lora"])
def test_the_spec_of_every_method_holds(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = make_checkpoints.FOLDER / name
    assert run("mine", "--from-adapter", folder) == (0, "mine.yaml\n", "")
    figure = lorafig.load("mine.yaml")
    model = figure.spec.model
    assert (model.adapter, model.d, model.k, model.r, model.alpha) == (
        name,
        10,
        6,
        1 if name == "lokr" else 2,
        7,
    )
    assert figure.check().verdict == "holds"
    if name == "dora":  # PEFT's file has a norm for each row, the paper one for each column
        assert "\\num{" + "r(d + k) + k" not in Path("mine.yaml").read_text()


def test_the_whole_network_where_the_file_trains_all_of_its_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shapes = {"q_proj": (4096, 4096), "v_proj": (1024, 4096)}
    folder = made.peft(tmp_path / "a", made.lora(made.decoder(32, shapes), 8))
    assert run("mine", "--from-adapter", folder, "--base", "llama-3-8b")[0] == 0
    text = Path("mine.yaml").read_text()
    assert "# 3,407,872 parameters are trained" in text
    assert "network: llama-3-8b" in text
    assert lorafig.load("mine.yaml").check().verdict == "holds"
    # Of half of the layers the network's own count is not that of the file.
    half = made.peft(tmp_path / "b", made.lora(made.decoder(16, shapes), 8))
    assert run("half", "--from-adapter", half, "--base", "llama-3-8b")[0] == 0
    assert "network:" not in Path("half.yaml").read_text()
    assert lorafig.load("half.yaml").check().verdict == "holds"


def test_what_cannot_be_begun_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("mine", "--from-adapter", tmp_path)[0] == 2
    assert run("mine", "--base", "llama-3-8b")[0] == 2
    assert run("mine", "--from", "lora-dora", "--from-adapter", tmp_path)[0] == 2
    status, _, err = run("mine", "--from-adapter", make_checkpoints.FOLDER / "ia3")
    assert (status, "has no module whose shape is known" in err) == (2, True)
    wrong = made.peft(tmp_path / "w", made.lora({"fc$x": (4, 4)}, 2))
    status, _, err = run("wrong", "--from-adapter", wrong)
    assert (status, "says the rank 8, and the file has 2" in err) == (0, True)
    assert lorafig.load("wrong.yaml").check().verdict == "holds"


def test_an_adapter_without_modules_is_drawn_by_its_arrays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefixes and prompts stand beside no weight."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "a"
    arrays: made.Arrays = {"prompt_embeddings": ("F32", (3, 64)), "b": ("F32", (5,)), "c": ("F32", (5,))}
    made.peft(folder, arrays, peft_type="PREFIX_TUNING")
    assert run("mine", "--from-adapter", folder)[0] == 0
    assert lorafig.load("mine.yaml").check().verdict == "holds"
    text = Path("mine.yaml").read_text()
    assert "P_1 \\in" in text
    assert "2 \\cdot n_{21} n_{22}" in text
    made.peft(folder, {"indices": ("I64", (4,))}, peft_type="SHIRA")
    assert run("none", "--from-adapter", folder)[2].startswith(f"error: {folder} has no trained array")
