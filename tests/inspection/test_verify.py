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
CASES = [case for case in make_checkpoints.recorded() if case.method != "pissa"]


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


def test_a_start_that_splits_the_base_is_told(tmp_path: Path) -> None:
    """PEFT takes PiSSA's part away from the base each time that it loads the adapter."""
    (case,) = (case for case in make_checkpoints.recorded() if case.method == "pissa")
    frozen = {module: case.arrays[f"W/{module}"] for module in make_checkpoints.MODULES}
    found = lorafig.inspect(case.folder, base(tmp_path / "base", frozen, attention_bias=False), verify=True)
    assert remarks(found) == [
        "init_lora_weights is 'pissa': PEFT takes a part of the base away before it adds the update"
    ]
    assert {told.differs for told in found.verified.values()} == {None}


def _update(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """The update of a convolution, as LyCORIS writes it."""
    if "lora_mid.weight" in arrays:
        up, mid, down = (arrays[f"lora_{name}.weight"] for name in ("up", "mid", "down"))
        whole: np.ndarray = np.einsum("nmkl,in,mj->ijkl", mid, up[:, :, 0, 0], down[:, :, 0, 0])
        return whole

    def between(core: str, left: str, right: str) -> np.ndarray:
        made: np.ndarray = np.einsum("ijkl,ip,jr->prkl", arrays[core], arrays[left], arrays[right])
        return made

    if "hada_t1" in arrays:
        return between("hada_t1", "hada_w1_a", "hada_w1_b") * between("hada_t2", "hada_w2_a", "hada_w2_b")
    small = arrays["lokr_w1_a"] @ arrays["lokr_w1_b"] if "lokr_w1_a" in arrays else arrays["lokr_w1"]
    block = between("lokr_t2", "lokr_w2_a", "lokr_w2_b") if "lokr_t2" in arrays else arrays["lokr_w2"]
    product: np.ndarray = np.kron(small[:, :, None, None], block)
    return product


@pytest.mark.parametrize(
    ("shapes", "r"),
    [
        ({"lora_up.weight": (6, 2, 1, 1), "lora_mid.weight": (2, 2, 3, 3),
          "lora_down.weight": (2, 4, 1, 1)}, 2),
        ({"hada_w1_a": (2, 6), "hada_w1_b": (2, 4), "hada_t1": (2, 2, 3, 3),
          "hada_w2_a": (2, 6), "hada_w2_b": (2, 4), "hada_t2": (2, 2, 3, 3)}, 2),
        ({"lokr_w1": (2, 2), "lokr_w2_a": (2, 3), "lokr_w2_b": (2, 2), "lokr_t2": (2, 2, 3, 3)}, 2),
        ({"lokr_w1_a": (2, 1), "lokr_w1_b": (1, 2), "lokr_w2": (3, 2, 3, 3)}, None),
    ],
    ids=("lora", "loha", "lokr", "lokr-both"),
)  # fmt: skip
def test_factors_around_a_kernel(
    shapes: Mapping[str, tuple[int, ...]], r: int | None, tmp_path: Path
) -> None:
    """Convolutions 6 × 4 × 3 × 3 as LyCORIS keeps them, by whole numbers: exact."""
    rng = np.random.default_rng(3)
    arrays = {name: rng.integers(-2, 3, shape).astype(float) for name, shape in shapes.items()}
    update, W = _update(arrays), rng.integers(-4, 5, (6, 4, 3, 3)).astype(float)
    named = {f"conv.{name}": array for name, array in arrays.items()} | {"conv.alpha": np.array(4.0)}
    kinds: Any = {name: ("F32", array.shape) for name, array in named.items()}
    data = {name: np.ascontiguousarray(array, "<f4").tobytes() for name, array in named.items()}
    file = made.file(tmp_path / "a.safetensors", kinds, data)
    (module,) = lorafig.inspect(file).modules
    assert (module.kind, module.shape, module.r) == ("convolution", (6, 4, 3, 3), r)
    assert module.parameters == sum(array.size for array in arrays.values())
    scale = 1 if r is None else 2
    merged = weights(tmp_path / "m.safetensors", {"conv": W + scale * update})
    # The form of the network is not known, and its weights are looked at all the same.
    place = base(tmp_path / "base", {"conv": W}, model_type="unheard-of")
    found = lorafig.inspect(file, place, verify=True, merged=merged)
    assert found.verified["conv"].differs == 0
    assert found.total is None
    other = weights(tmp_path / "o.safetensors", {"conv": W + scale * update.swapaxes(2, 3)})
    assert not lorafig.inspect(file, place, verify=True, merged=other).holds


def test_the_base_under_names_with_dots(tmp_path: Path) -> None:
    """kohya's scripts write '_' for '.': the longest end is the weight."""
    rng = np.random.default_rng(5)
    W, other = (rng.integers(-4, 5, (6, 4)).astype(float) for _ in range(2))
    down, up = rng.integers(-2, 3, (2, 4)).astype(float), rng.integers(-2, 3, (6, 2)).astype(float)
    name = "lora_unet_mid_block_attn_to_q"
    arrays = {f"{name}.lora_down.weight": down, f"{name}.lora_up.weight": up}
    shapes: Any = {key: ("F32", array.shape) for key, array in arrays.items()}
    data = {key: np.ascontiguousarray(array, "<f4").tobytes() for key, array in arrays.items()}
    file = made.file(tmp_path / "a.safetensors", shapes, data)
    place = base(tmp_path / "base", {"mid_block.attn.to_q": W, "attn.to_q": other}, model_type="unheard-of")
    right = weights(tmp_path / "m.safetensors", {"mid_block.attn.to_q": W + up @ down})
    found = lorafig.inspect(file, place, verify=True, merged=right)
    assert found.verified[name].differs == 0
    assert found.holds


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
