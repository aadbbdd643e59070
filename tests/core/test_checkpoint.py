"""Saved adapters: PEFT's own are read, ours are PEFT's to the byte, what does not fit is refused."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import checkpoint
from lorafig.core.files.folder import CONFIG, PICKLE, WEIGHTS
from lorafig.core.files.tensors import read, read_header, write
from lorafig.core.pipeline.attention import Line, pretrained
from lorafig.core.pipeline.rounding import size
from lorafig.core.pipeline.stage import Setting
from lorafig.core.pipeline.steps import started
from lorafig.errors import LorafigError
from tests.core.oracle import make_checkpoints
from tests.core.oracle.make_checkpoints import Saved

LIVE = os.environ.get("LORAFIG_ORACLE") == "1"
RECORDED = make_checkpoints.recorded()
CASES = [pytest.param(case, id=f"{case.name}-recorded") for case in RECORDED]


@pytest.fixture(scope="session")
def live(tmp_path_factory: Any) -> dict[str, Saved]:
    folder = tmp_path_factory.mktemp("peft")
    return {case.name: case for case in make_checkpoints.all_cases(folder)}


def columns(case: Saved) -> dict[str, int]:
    return {module: case.arrays[f"W/{module}"].shape[1] for module in make_checkpoints.MODULES}


def held_to_peft(case: Saved) -> None:
    """Shapes, ranks and scalings, by what PEFT's layers give for the weights in the file."""
    found, states = checkpoint.load(case.folder, columns(case))
    assert found.adapter == case.method
    assert {layer.module for layer in found.layers} == set(states) == set(make_checkpoints.MODULES)
    assert found.others == ()
    adapter = ADAPTERS[found.adapter]
    for layer in found.layers:
        W, x, h = (case.arrays[f"{what}/{layer.module}"] for what in "Wxh")
        wanted: tuple[int | None, ...] = W.shape
        if found.adapter == "vera":
            wanted = (W.shape[0], None)
        elif found.adapter == "ia3":
            wanted = (None, W.shape[1]) if layer.module.endswith("o_proj") else (W.shape[0], None)
        assert (layer.d, layer.k) == wanted
        state: Any = states[layer.module]
        limit = size(adapter, Line(W, state))
        if found.adapter == "adalora":  # PEFT divides by the rank + 1e-5, lest that be 0
            assert layer.r == 2
            state = replace(state, scale=state.scale * layer.r / (layer.r + 1e-5))
        ours = adapter.forward(W, state, x.T)
        assert np.all(abs(ours - h.T) <= 2 * limit.error(x.T, 0.0))


@pytest.mark.parametrize("case", CASES)
def test_what_peft_saved_gives_what_peft_gives(case: Saved) -> None:
    held_to_peft(case)


def test_every_method_with_a_file_of_its_own_is_recorded() -> None:
    assert {case.method for case in RECORDED} == set(ADAPTERS) - {"qlora", "lora-fa", "lora-xs"}
    ranks = {
        case.name: {
            layer.module[-6:]: (layer.r, layer.alpha) for layer in checkpoint.inspect(case.folder).layers
        }
        for case in RECORDED
    }
    assert set(ranks["lora"].values()) == {(2, Fraction(7))}
    assert ranks["patterns"] == {
        "q_proj": (3, Fraction(7)),
        "k_proj": (2, Fraction(7)),
        "v_proj": (2, Fraction(5)),
        "o_proj": (2, Fraction(7)),
    }
    assert set(ranks["lokr-block"].values()) == {(4, Fraction(7))}
    assert set(ranks["ia3"].values()) == {(None, None)}
    assert set(ranks["vera"].values()) == {(2, None)}
    kept = checkpoint.inspect(make_checkpoints.FOLDER / "bfloat16").header
    assert {one.dtype for one in kept.tensors.values()} == {"BF16"}


@pytest.mark.parametrize("case", [one for one in CASES if one.values[0].name not in ("patterns", "bfloat16")])  # type: ignore[union-attr]
def test_saved_again_the_file_is_that_of_peft_byte_for_byte(case: Saved, tmp_path: Path) -> None:
    found, states = checkpoint.load(case.folder, columns(case))
    layer = found.layers[0]
    alpha = None if layer.alpha is None else float(layer.alpha)
    header = checkpoint.save(tmp_path, found.adapter, states, layer.r or 1, alpha, "float32")
    ours, theirs = (folder / WEIGHTS for folder in (tmp_path, case.folder))
    assert ours.read_bytes() == theirs.read_bytes()
    assert header == read_header(theirs)
    mine, own = (json.loads((folder / CONFIG).read_text()) for folder in (tmp_path, case.folder))
    for key, value in mine.items():
        same = set(value) == set(own[key]) if key == "target_modules" else value == own[key]
        known = {"feedforward_modules", "target_r", "total_step"}  # which our block does not have, or not yet
        assert same or key in known, key
    again, back = checkpoint.load(tmp_path, columns(case))
    assert again.layers == found.layers
    for module, state in states.items():
        for name in ADAPTERS[found.adapter].laws:
            assert np.array_equal(getattr(state, name), getattr(back[module], name))


if LIVE:

    @pytest.mark.parametrize("name", make_checkpoints.METHODS)
    def test_what_peft_saves_now_gives_what_it_gives(name: str, live: dict[str, Saved]) -> None:
        held_to_peft(live[name])

    @pytest.mark.parametrize("name", make_checkpoints.METHODS)
    def test_names_and_shapes_are_as_recorded(name: str, live: dict[str, Saved]) -> None:
        now = read_header(live[name].folder / WEIGHTS)
        assert now == read_header(make_checkpoints.FOLDER / name / WEIGHTS)

    @pytest.mark.parametrize("name", [name for name in ADAPTERS if name not in ("dora", "lora-xs", "pissa")])
    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_peft_reads_what_is_saved_here(name: str, dtype: Any, tmp_path: Path) -> None:
        from lorafig.core.pipeline.steps import shaken
        from tests.core.test_attention import adapted

        block = shaken(adapted(name, make_checkpoints.D, make_checkpoints.K))
        setting = Setting(name, make_checkpoints.D, make_checkpoints.K, 2)
        states = {module: block.lines[module[-6]].state for module in make_checkpoints.MODULES}  # type: ignore[index]
        checkpoint.save(tmp_path, name, states, setting.rank, setting.alpha_there, dtype)
        generator = np.random.default_rng(4)
        weights = {module: block.lines[module[-6]].W for module in states}  # type: ignore[index]
        x = {module: generator.normal(size=(3, W.shape[1])) for module, W in weights.items()}
        theirs = make_checkpoints.read_by_peft(tmp_path, weights, x)
        _, back = checkpoint.load(tmp_path, {module: W.shape[1] for module, W in weights.items()})
        for module, W in weights.items():
            state: Any = back[module]
            limit = size(block.adapter, Line(W, state))
            if name == "adalora":
                state = replace(state, scale=state.scale * 2 / (2 + 1e-5))
            ours = block.adapter.forward(W, state, x[module].T)
            assert np.all(abs(ours - theirs[module].T) <= 2 * limit.error(x[module].T, 0.0)), module

    def test_peft_reads_pissa_and_splits_the_weights_as_here(tmp_path: Path) -> None:
        """In float32, as it splits no others: by the errors of float32 is it off."""
        D, K = make_checkpoints.D, make_checkpoints.K
        setting = Setting("pissa", D, K, 2)
        W = {name: W.astype(np.float32).astype(np.float64) for name, W in pretrained(D, K).items()}
        found = started(setting, W)
        states: dict[str, Any] = {module: found[module[-6]][1] for module in make_checkpoints.MODULES}  # type: ignore[index]
        states = {name: replace(one, A=one.A + 0.125, B=one.B - 0.125) for name, one in states.items()}
        checkpoint.save(tmp_path, "pissa", states, setting.rank, setting.alpha_there, "float32")
        generator = np.random.default_rng(4)
        weights = {module: W[module[-6]] for module in states}  # type: ignore[index]
        x = {module: generator.normal(size=(3, one.shape[1])) for module, one in weights.items()}
        theirs = make_checkpoints.read_by_peft(tmp_path, weights, x, single=True)
        for module, state in states.items():
            ours = ADAPTERS["pissa"].forward(found[module[-6]][0], state, x[module].T)  # type: ignore[index]
            near = 64 * 2.0**-24 * float(np.linalg.norm(weights[module]) * np.linalg.norm(x[module]))
            assert np.max(abs(ours - theirs[module].T)) < near


# What is not as it should be -----------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """PEFT's own LoRA adapter, to be spoilt."""
    return Path(shutil.copytree(make_checkpoints.FOLDER / "lora", tmp_path / "adapter"))


def told(folder: Path) -> str:
    with pytest.raises(LorafigError) as caught:
        checkpoint.inspect(folder)
    return str(caught.value).replace(str(folder), "FOLDER")


def configured(folder: Path, **changes: Any) -> Path:
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps({**config, **changes}))
    return folder


def rewritten(folder: Path, change: Callable[[dict[str, np.ndarray]], None]) -> Path:
    arrays = read(folder / WEIGHTS)
    change(arrays)
    write(folder / WEIGHTS, arrays, "float32")
    return folder


Q = "base_model.model.model.layers.0.self_attn.q_proj"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"peft_type": "OFT"}, "adapter_config.json has the peft_type 'OFT'\n"
         "  hint: read are LORA, ADALORA, IA3, LOHA, LOKR, VERA"),
        ({"peft_type": None}, "adapter_config.json has no peft_type\n"
         "  hint: read are LORA, ADALORA, IA3, LOHA, LOKR, VERA"),
        ({"r": 4}, "'model.layers.0.self_attn.k_proj' has the rank 2, and adapter_config.json says '4'"),
        ({"r": "2"}, "'model.layers.0.self_attn.k_proj' has the rank 2, and adapter_config.json says '2'"),
        ({"rank_pattern": {"v_proj": 8}},
         "'model.layers.0.self_attn.v_proj' has the rank 2, and adapter_config.json says '8'"),
        ({"rank_pattern": {"(a+)+$": 8}}, "rank_pattern in adapter_config.json has the expression '(a+)+$'\n"
         "  hint: read are names of modules, such as layers.0.q_proj, with .*, \\d+, [0-9] and (a|b)"),
        ({"rank_pattern": [1]}, "rank_pattern in adapter_config.json is not an object"),
        ({"lora_alpha": None}, "lora_alpha in adapter_config.json is 'None', not a number"),
        ({"lora_alpha": True}, "lora_alpha in adapter_config.json is 'True', not a number"),
        ({"lora_alpha": float("nan")}, "lora_alpha in adapter_config.json is 'nan', not a number"),
        ({"alpha_pattern": {"q_proj": "x\n"}}, "lora_alpha in adapter_config.json is 'x�', not a number"),
        ({"use_dora": True}, "'model.layers.0.self_attn.k_proj' has no lora_magnitude_vector"),
        ({"peft_type": "LOHA"}, "FOLDER/adapter_model.safetensors holds no array of loha"),
        ({"peft_type": "ADALORA"}, "FOLDER/adapter_model.safetensors holds no array of adalora"),
    ],
)  # fmt: skip
def test_a_configuration_that_does_not_fit_is_told(
    folder: Path, changes: dict[str, Any], message: str
) -> None:
    assert told(configured(folder, **changes)) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop(f"{Q}.lora_B.weight"),
         "'model.layers.0.self_attn.q_proj' has no lora_B.weight"),
        (lambda arrays: arrays.update({f"{Q}.lora_B.weight": np.ones((10, 3))}),
         "the arrays of 'model.layers.0.self_attn.q_proj' do not go together: "
         "lora_B.weight is 10 × 3, lora_A.weight is 2 × 6"),
        (lambda arrays: arrays.update({f"{Q}.lora_A.weight": np.ones((2, 6, 1, 1))}),
         f"'{Q}.lora_A.weight' is 2 × 6 × 1 × 1\n  hint: a matrix is wanted"),
        (lambda arrays: arrays.update({f"{Q}.lora_A.weight": np.ones((0, 6))}),
         f"'{Q}.lora_A.weight' is 0 × 6\n  hint: a matrix is wanted"),
        (lambda arrays: arrays.update({f"{Q}.lora_A.weight": np.array(1.0)}),
         f"'{Q}.lora_A.weight' is a number\n  hint: a matrix is wanted"),
        (dict.clear, "FOLDER/adapter_model.safetensors holds no array of lora"),
    ],
)  # fmt: skip
def test_arrays_that_do_not_go_together_are_told(folder: Path, change: Any, message: str) -> None:
    assert told(rewritten(folder, change)) == message


def test_what_else_is_in_a_file_is_listed(folder: Path) -> None:
    more = {"base_model.model.lm_head.weight": np.ones((4, 2)), "stray\x07": np.ones(1)}
    found = checkpoint.inspect(rewritten(folder, lambda arrays: arrays.update(more)))
    assert found.others == ("base_model.model.lm_head.weight", "stray\x07")
    assert len(found.layers) == 4
    assert found.base is None
    configured(folder, base_model_name_or_path="meta-llama/Llama-2-7b-hf")
    assert checkpoint.inspect(folder).base == "meta-llama/Llama-2-7b-hf"


def test_a_pickle_is_not_read(folder: Path) -> None:
    (folder / WEIGHTS).rename(folder / PICKLE)
    assert told(folder) == (
        "adapter_model.bin is a pickle, and reading one runs what is in it\n"
        "  hint: save the adapter again, with safe_serialization=True"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "FOLDER/adapter_config.json is no JSON object"),
        (b"[]", "FOLDER/adapter_config.json is no JSON object"),
        (b"\xff", "FOLDER/adapter_config.json is no JSON object"),
        (b"[" * 100_000, "FOLDER/adapter_config.json is no JSON object"),
        (b'{"r": ' + b"9" * 10_000 + b"}", "FOLDER/adapter_config.json is no JSON object"),
        (b" " * (1 << 20) + b"{}", "FOLDER/adapter_config.json is larger than 1 MiB"),
    ],
    ids=range(6),
)
def test_a_configuration_that_is_none_is_told(folder: Path, text: bytes, message: str) -> None:
    (folder / CONFIG).write_bytes(text)
    assert told(folder) == message


def test_a_folder_without_a_configuration_is_told(tmp_path: Path) -> None:
    assert told(tmp_path) == (
        "there is no file FOLDER/adapter_config.json\n"
        "  hint: an adapter is a folder with adapter_config.json and adapter_model.safetensors"
    )


def test_patterns_are_names_of_modules(folder: Path) -> None:
    def alphas(**patterns: Any) -> dict[str, Any]:
        found = checkpoint.inspect(configured(folder, alpha_pattern=patterns)).layers
        return {layer.module[-6:-5]: layer.alpha for layer in found}

    assert alphas(q_proj=9) == {"q": 9, "k": 7, "v": 7, "o": 7}
    assert alphas(**{"^model.layers.0.self_attn.q_proj": 9})["q"] == 9
    assert alphas(**{"^q_proj": 9})["q"] == 7
    assert alphas(**{r"layers\.0\.self_attn\.v_proj$": 0.5})["v"] == Fraction(1, 2)
    assert alphas(proj=9) == {"q": 7, "k": 7, "v": 7, "o": 7}
    assert alphas(q_proj=1, **{"self_attn.q_proj": 2})["q"] == 1  # the first one that fits, as in PEFT


def test_dora_by_columns_is_not_taken_for_peft_s(tmp_path: Path) -> None:
    """Its magnitudes have a name of their own: at d = k PEFT would take them for those of rows."""
    setting = Setting("dora", 8, 8, 2)
    states = {f"m.{name}_proj": state for name, (_, state) in started(setting, pretrained(8, 8)).items()}
    header = checkpoint.save(tmp_path, "dora", states, 2, 4.0)
    assert not any(name.endswith("lora_magnitude_vector") for name in header.tensors)
    _, back = checkpoint.load(tmp_path)
    for module, state in states.items():
        assert back[module].per == "column"
        assert np.array_equal(back[module].m, state.m)


def test_layers_of_vera_with_matrices_of_their_own_cannot_be_saved(tmp_path: Path) -> None:
    row = ADAPTERS["vera"]
    states = {name: row.start(np.ones((4, 4)), 2, seed, 1.0)[1] for seed, name in enumerate("ab")}
    with pytest.raises(LorafigError) as caught:
        checkpoint.save(tmp_path, "vera", states, 2, None)
    assert str(caught.value) == "every layer has A of its own, and a file has one for all"


def test_vera_without_its_matrices_is_told(tmp_path: Path) -> None:
    source = make_checkpoints.FOLDER / "vera"
    folder = Path(shutil.copytree(source, tmp_path / "adapter"))
    rewritten(folder, lambda arrays: arrays.pop("base_model.vera_A"))
    assert len(checkpoint.inspect(folder).layers) == 4
    with pytest.raises(LorafigError) as caught:
        checkpoint.load(folder)
    assert str(caught.value) == "the file does not hold vera_A\n  hint: save it with save_projection=True"
