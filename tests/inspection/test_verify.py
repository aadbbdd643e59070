"""What the arrays say: by hand, and by the core's own merge of whole weights, which is held to PEFT's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

import lorafig
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import checkpoint, verified
from lorafig.errors import LorafigError
from tests.core.oracle import make_checkpoints
from tests.inspection import made

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
LLAMA = {"model_type": "llama", "hidden_size": 6, "num_attention_heads": 1, "num_hidden_layers": 1,
         "intermediate_size": 8, "vocab_size": 9, "head_dim": 10}  # fmt: skip
CASES = make_checkpoints.recorded()


def weights(path: Path, arrays: Mapping[str, np.ndarray], kind: str = "F64") -> Path:
    """A checkpoint with these weights."""
    named = {f"{name}.weight": array for name, array in arrays.items()}
    shapes: Any = {name: (kind, array.shape) for name, array in named.items()}
    data = {name: np.ascontiguousarray(array, TYPES[kind]).tobytes() for name, array in named.items()}
    return made.file(path, shapes, data)


def base(folder: Path, arrays: Mapping[str, np.ndarray], kind: str = "F64", **config: Any) -> Path:
    weights(folder / "model.safetensors", arrays, kind)
    (folder / "config.json").write_text(json.dumps({**LLAMA, **config}))
    return folder


def adapter(folder: Path, arrays: Mapping[str, np.ndarray], **config: Any) -> Path:
    shapes: Any = {name: ("F32", array.shape) for name, array in arrays.items()}
    data = {name: np.ascontiguousarray(array, "<f4").tobytes() for name, array in arrays.items()}
    return made.peft(folder, shapes, data, **{"r": 2, "lora_alpha": 4, **config})


def remarks(found: lorafig.Inspection) -> list[str]:
    return [("fails: " if one.fails else "") + one.problem.what for one in found.remarks]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_merging_in_blocks_is_merging_at_once(
    case: make_checkpoints.Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every method; the update scaled by a millionth more is another weight."""
    monkeypatch.setattr(verified, "BLOCK", 16)
    frozen = {module: case.arrays[f"W/{module}"] for module in make_checkpoints.MODULES}
    _, states = checkpoint.load(case.folder, {module: W.shape[1] for module, W in frozen.items()})
    row = ADAPTERS[case.method]
    if case.method == "adalora":
        states = {key: replace(state, scale=state.scale * 2 / (2 + 1e-5)) for key, state in states.items()}
    whole = {module: row.merged(W, states[module]) for module, W in frozen.items()}
    config = {"attention_bias": False}
    place = base(tmp_path / "base", frozen, **config)
    found = lorafig.inspect(
        case.folder, place, verify=True, merged=weights(tmp_path / "m.safetensors", whole)
    )
    assert found.remarks == ()
    assert len(found.verified) == 4
    for module, told in found.verified.items():
        assert told.differs is not None
        assert told.differs <= 1
        assert told.base_norm == pytest.approx(float(np.linalg.norm(frozen[module])), rel=1e-14)
        assert told.kept == 1.0
        if told.norm is not None and case.method not in ("dora", "adalora"):
            update = whole[module] - frozen[module]
            assert told.norm == pytest.approx(float(np.linalg.norm(update)), rel=1e-12)
            assert told.rank == np.linalg.matrix_rank(update)
    other = {module: W + (whole[module] - W) * 1.000001 for module, W in frozen.items()}
    apart = lorafig.inspect(
        case.folder, place, verify=True, merged=weights(tmp_path / "o.safetensors", other)
    )
    assert remarks(apart)[0].startswith(
        "fails: the merged checkpoint is not the base with this adapter: model."
    )


def test_fan_in_fan_out_turns_the_update(tmp_path: Path) -> None:
    """GPT-2 keeps W as k × d: with a square one nothing but the configuration says so."""
    rng = np.random.default_rng(1)
    W, A, B = (rng.integers(-4, 5, shape).astype(float) for shape in ((6, 6), (2, 6), (6, 2)))
    arrays = {"fc.lora_A.weight": A, "fc.lora_B.weight": B}
    place = base(tmp_path / "base", {"fc": W})
    turned = weights(tmp_path / "t.safetensors", {"fc": W + 2 * (B @ A).T})  # whole numbers: exact
    straight = weights(tmp_path / "s.safetensors", {"fc": W + 2 * B @ A})
    for said, right, wrong in ((True, turned, straight), (False, straight, turned)):
        folder = adapter(tmp_path / str(said), arrays, fan_in_fan_out=said)
        assert lorafig.inspect(folder, place, verify=True, merged=right).verified["fc"].differs == 0
        differs = lorafig.inspect(folder, place, verify=True, merged=wrong).verified["fc"].differs
        assert differs is not None
        assert differs > 1


def test_what_training_left_is_told(tmp_path: Path) -> None:
    A, B = np.array([[1.0, 2, 3], [2, 4, 6]]), np.ones((4, 2))
    names = ("lora_A.weight", "lora_B.weight")

    def of(first: np.ndarray, second: np.ndarray, name: str) -> lorafig.Inspection:
        return lorafig.inspect(
            adapter(tmp_path / name, {f"fc.{names[0]}": first, f"fc.{names[1]}": second}), verify=True
        )

    told = of(A, B, "deficient").verified["fc"]
    assert (told.zero, told.rank) == (False, 1)  # the rows of A are one direction
    assert told.norm == pytest.approx(2 * np.sqrt(4 * 9 * 14))  # s ‖B A‖, each row of B A is 3 (1, 2, 3)
    assert told.largest == pytest.approx(told.norm)
    start = of(A, np.zeros((4, 2)), "start")
    assert start.verified["fc"].zero
    assert start.verified["fc"].rank == 0
    assert remarks(start) == ["every update is exactly zero: the adapter is as before training"]
    broken = of(np.array([[np.nan, 1, 1], [np.inf, 1, 1]]), B, "broken")
    assert broken.verified["fc"].infinite == 2
    assert remarks(broken) == ["fails: entries are NaN or infinite: fc"]
    assert not broken.holds


def test_what_the_type_of_the_base_does_to_the_merge(tmp_path: Path) -> None:
    big = {"fc.lora_A.weight": np.full((2, 3), 200.0), "fc.lora_B.weight": np.full((4, 2), 200.0)}
    place = base(tmp_path / "base", {"fc": np.ones((4, 3))}, "F16")
    found = lorafig.inspect(adapter(tmp_path / "big", big), place, verify=True)
    assert found.verified["fc"].overflows == 12  # 2 · 2 · 40,000 is more than 65,504
    assert "fails: the merged weight does not fit the type of the base: fc" in remarks(found)
    small = {"fc.lora_A.weight": np.full((2, 3), 1e-3), "fc.lora_B.weight": np.full((4, 2), 1e-3)}
    lost = lorafig.inspect(adapter(tmp_path / "small", small), place, verify=True)
    assert lost.verified["fc"].kept == 0
    assert "merging changes nothing: the update is lost to rounding: fc" in remarks(lost)


def test_shards_are_found_by_their_index(tmp_path: Path) -> None:
    place = tmp_path / "base"
    W = {name: np.full((4, 3), 2.0) for name in ("model.a", "model.b")}
    for name, array in W.items():
        weights(place / f"{name}.safetensors", {name: array})
    index = {f"{name}.weight": f"{name}.safetensors" for name in W}
    (place / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    (place / "config.json").write_text(json.dumps(LLAMA))
    arrays = {f"{name}.lora_{part}.weight": np.ones(shape) for name in "abc"
              for part, shape in (("A", (2, 3)), ("B", (4, 2)))}  # fmt: skip
    found = lorafig.inspect(adapter(tmp_path / "a", arrays), place, verify=True)
    assert [told.base_norm for told in found.verified.values()] == [pytest.approx(2 * np.sqrt(12))] * 2 + [
        None
    ]
    assert remarks(found)[-1] == "no weight of the base was found: c"
    (place / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": "../x.safetensors"}}))
    with pytest.raises(LorafigError, match="is a link out of its folder"):
        lorafig.inspect(tmp_path / "a", place, verify=True)


def test_arrays_past_all_bounds_are_not_read(tmp_path: Path) -> None:
    folder = made.peft(tmp_path / "a", made.lora({"fc": (1 << 20, 16)}, 256), r=256)
    assert lorafig.inspect(folder).trainable == 256 * ((1 << 20) + 16)
    with pytest.raises(LorafigError, match="has more than 134,217,728 entries") as caught:
        lorafig.inspect(folder, verify=True)
    assert caught.value.kind == "limit"


def test_a_merged_checkpoint_needs_a_base(tmp_path: Path) -> None:
    folder = made.peft(tmp_path / "a", made.lora({"fc": (4, 4)}, 8))
    with pytest.raises(LorafigError, match="is held to a merge, which needs the base"):
        lorafig.inspect(folder, verify=True, merged=tmp_path)
