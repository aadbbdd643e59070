"""Adapters saved by PEFT itself, for `test_checkpoint.py` to read, and PEFT reading those saved here.

    python -m tests.core.oracle.make_checkpoints        rewrites checkpoints/ beside this file

It needs what requirements.txt beside it lists. A case is one method on the four projections of an attention
block with random entries: the folder is as `save_pretrained` writes it; beside it stand the weights,
one batch (as rows) for each projection, and what PEFT's layers give for it in float64.
"""

from __future__ import annotations

import json
import math
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).with_name("checkpoints")
D, K = 10, 6  # of q, k and v; the output is K × D
MODULES = tuple(f"model.layers.0.self_attn.{name}_proj" for name in "qkvo")
TARGETS = [module.rpartition(".")[2] for module in MODULES]
BATCH = 3
# Some layers have a rank and an alpha of their own.
PATTERNS = {"rank_pattern": {"q_proj": 3}, "alpha_pattern": {"layers.0.self_attn.v_proj": 5}}
METHODS: dict[str, Callable[[Any], Any]] = {
    "lora": lambda peft: peft.LoraConfig(r=2, lora_alpha=7, target_modules=TARGETS),
    "patterns": lambda peft: peft.LoraConfig(r=2, lora_alpha=7, target_modules=TARGETS, **PATTERNS),
    "bfloat16": lambda peft: peft.LoraConfig(r=2, lora_alpha=7, target_modules=TARGETS),
    "rslora": lambda peft: peft.LoraConfig(r=2, lora_alpha=7, target_modules=TARGETS, use_rslora=True),
    "dora": lambda peft: peft.LoraConfig(r=2, lora_alpha=7, target_modules=TARGETS, use_dora=True),
    "pissa": lambda peft: peft.LoraConfig(
        r=2, lora_alpha=7, target_modules=TARGETS, init_lora_weights="pissa"
    ),
    "vera": lambda peft: peft.VeraConfig(r=2, target_modules=TARGETS),
    "adalora": lambda peft: peft.AdaLoraConfig(
        init_r=2, target_r=1, lora_alpha=7, target_modules=TARGETS, total_step=10
    ),
    "loha": lambda peft: peft.LoHaConfig(r=2, alpha=7, target_modules=TARGETS),
    "lokr": lambda peft: peft.LoKrConfig(r=1, alpha=7, target_modules=TARGETS),
    "lokr-block": lambda peft: peft.LoKrConfig(r=4, alpha=7, target_modules=TARGETS),
    "ia3": lambda peft: peft.IA3Config(target_modules=TARGETS, feedforward_modules=["o_proj"]),
}


@dataclass
class Saved:
    """A saved adapter: its folder; by module the weights, batches and outputs."""

    name: str
    folder: Path
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def method(self) -> str:
        return {"patterns": "lora", "bfloat16": "lora", "lokr-block": "lokr"}.get(self.name, self.name)


def block() -> Any:
    """A model with the projections of one layer, named as in Llama's."""
    import torch

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = {"model_type": "custom"}
            layer, attention, self.model = (torch.nn.Module() for _ in range(3))
            for name in TARGETS:
                sides = (D, K) if name == "o_proj" else (K, D)
                setattr(attention, name, torch.nn.Linear(*sides, bias=False))
            layer.self_attn = attention
            self.model.layers = torch.nn.ModuleList([layer])

        def forward(self, x: Any) -> Any:
            return self.model.layers[0].self_attn.o_proj(self.model.layers[0].self_attn.v_proj(x))

    return Model()


def _layers(adapted: Any) -> dict[str, Any]:
    return {module: adapted.base_model.model.get_submodule(module) for module in MODULES}


def save(name: str, folder: Path) -> Saved:
    """PEFT's own file of one method, and what its layers give."""
    import peft
    import torch

    torch.manual_seed(list(METHODS).index(name))
    adapted = peft.get_peft_model(block(), METHODS[name](peft))
    layers = _layers(adapted)
    with torch.no_grad():
        for key, tensor in adapted.named_parameters():
            if tensor.requires_grad and "ranknum" not in key:
                tensor.normal_()
                if name == "bfloat16":
                    tensor.copy_(tensor.bfloat16().float())
    if name == "bfloat16":
        state = {key: tensor.bfloat16() for key, tensor in peft.get_peft_model_state_dict(adapted).items()}
        adapted.save_pretrained(folder, state_dict=None)
        from safetensors.torch import save_file

        save_file(state, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    else:
        adapted.save_pretrained(folder)
    (folder / "README.md").unlink()
    case = Saved(name, folder)
    adapted = adapted.double()
    for module, layer in layers.items():
        W = layer.get_base_layer().weight
        x = torch.randn(BATCH, W.shape[1], dtype=torch.float64)
        case.arrays |= {
            f"W/{module}": W.detach().numpy().copy(),
            f"x/{module}": x.numpy(),
            f"h/{module}": layer(x).detach().numpy(),
        }
    return case


def read_by_peft(
    folder: Path, weights: dict[str, np.ndarray], x: dict[str, np.ndarray], single: bool = False
) -> dict[str, Any]:
    """What PEFT's layers give in float64 with an adapter that was saved here. It must take every array.

    `single` reads it beside weights in float32: PiSSA splits no others.
    """
    import peft
    import torch

    model = block().float() if single else block().double()
    with torch.no_grad():
        for module, W in weights.items():
            model.get_submodule(module).weight.copy_(torch.from_numpy(W))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # PEFT warns of missing and of unexpected keys
        adapted = peft.PeftModel.from_pretrained(model, folder, autocast_adapter_dtype=False)
    found = peft.set_peft_model_state_dict(adapted, peft.utils.load_peft_weights(folder, device="cpu"))
    assert not found.unexpected_keys, found.unexpected_keys
    adapted = adapted.double()
    return {
        module: layer(torch.from_numpy(x[module])).detach().numpy()
        for module, layer in _layers(adapted).items()
    }


def all_cases(folder: Path) -> list[Saved]:
    return [save(name, folder / name) for name in METHODS]


def recorded() -> list[Saved]:
    table = json.loads((FOLDER / "arrays.json").read_text())
    data = (FOLDER / "arrays.bin").read_bytes()
    cases, offset = [], 0
    for name, arrays in table:
        case = Saved(name, FOLDER / name)
        for key, shape in arrays:
            count = math.prod(shape)
            case.arrays[key] = np.frombuffer(data, "<f8", count, offset).reshape(shape)
            offset += 8 * count
        cases.append(case)
    assert offset == len(data)
    return cases


def write() -> list[Saved]:
    shutil.rmtree(FOLDER, ignore_errors=True)
    cases = all_cases(FOLDER)
    table = [[case.name, [[key, list(array.shape)] for key, array in case.arrays.items()]] for case in cases]
    (FOLDER / "arrays.json").write_text(json.dumps(table, separators=(",", ":")) + "\n")
    data = [np.ascontiguousarray(array, "<f8").tobytes() for case in cases for array in case.arrays.values()]
    (FOLDER / "arrays.bin").write_bytes(b"".join(data))
    return cases


if __name__ == "__main__":
    print(f"{FOLDER}: {len(write())} adapters")
