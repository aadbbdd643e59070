"""`lorafig inspect`: what is printed, and the exit status."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lorafig.cli.group import cli
from tests.inspection import made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made.peft(tmp_path / "a", made.lora(made.decoder(2, {"q_proj": (64, 64)}), 8))


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["inspect", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_table(folder: Path) -> None:
    status, out, err = run(folder)
    assert (status, err) == (0, "")
    assert out.splitlines()[1:] == [
        "module                               count  kind    shape    r  alpha  scaling  parameters  type",
        "model.layers.{0–1}.self_attn.q_proj  2      linear  64 × 64  8  16     2        2,048       F32",
        "",
        "2,048 parameters are trained",
        f"{(folder / 'adapter_model.safetensors').stat().st_size:,} bytes",
        "",
    ]


def test_a_picture_is_named(folder: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "ranks.svg"
    assert run(folder, "--figure", drawn)[::2] == (0, f"{drawn}\n")
    assert drawn.read_text().startswith("<svg")
    assert run(folder, "--figure", drawn, "--json")[::2] == (0, "")


def test_json(folder: Path) -> None:
    status, out, _ = run(folder, "--json")
    report = json.loads(out)
    (adapter,) = report["adapters"]
    assert status == 0
    assert report["version"] == 1
    assert adapter["path"] == str(folder)
    assert (adapter["method"], adapter["base"], adapter["trainable"], adapter["total"]) == (
        "lora",
        None,
        2048,
        None,
    )
    assert adapter["others"] == []
    wanted = {"kind": "linear", "shape": [64, 64], "r": 8, "alpha": 16, "scaling": 2, "parameters": 1024}
    first = adapter["modules"][0]
    assert {"name": "model.layers.0.self_attn.q_proj", **wanted}.items() <= first.items()


def test_the_status_and_what_is_told(folder: Path, tmp_path: Path) -> None:
    wrong = made.peft(tmp_path / "w", made.lora({"fc": (4, 4)}, 2))
    status, out, err = run(wrong, folder)
    assert status == 1
    assert err.startswith(
        f"error: {wrong}: adapter_config.json says the rank 8, and the file has 2: fc\n  hint:"
    )
    assert "2,048 parameters are trained" in out
    status, out, err = run(tmp_path / "none", folder)
    assert (status, "2,048" in out) == (2, True)
    assert "there is no file" in err
    long = tmp_path / "long.safetensors"
    long.write_bytes(b"\xff" * 9)
    assert run(long)[0] == 2
    report = json.loads(run(tmp_path / "none", folder, "--json")[1])
    assert len(report["adapters"]) == len(report["errors"]) == 1


def test_csv_and_markdown(folder: Path, tmp_path: Path) -> None:
    more = {**made.lora({"fc": (4, 4)}, 8), "=1+1": ("F32", (2,))}
    other = made.peft(tmp_path / "o", more)  # type: ignore[arg-type]
    status, out, _ = run(folder, other, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert [row["parameters"] for row in rows] == ["1024", "1024", "64", "2"]
    assert rows[-1]["why"] == "not understood"
    assert "| model.layers.{0–1}.self\\_attn.q\\_proj | 2 |" in run(folder, "-f", "md")[1]


def test_the_arrays_too(folder: Path, tmp_path: Path) -> None:
    status, out, err = run(folder, "--verify")
    assert status == 0
    assert "model.layers.{0–1}.self_attn.q_proj  2      0                   0     0" in out
    assert err == f"warning: {folder}: every update is exactly zero: the adapter is as before training\n"
    data = json.loads(run(folder, "--verify", "--json")[1])["adapters"][0]["modules"][0]["verified"]
    assert (data["rank"], data["norm"], data["zero"], data["base_norm"]) == (0, 0.0, True, None)
    assert run(folder, "--merged", tmp_path)[0] == 2
