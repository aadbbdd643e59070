"""Runs PEFT on PyTorch and records what it computes, for `tests/core/test_peft.py` to hold the core to.

    python -m tests.core.oracle.make_peft        rewrites peft.npz beside this file

It needs what requirements.txt beside it lists, on a CPU. A case is one adapter on one module with
random entries in float64: the weight, a batch and a slope by the output go in; what comes out is the output,
the merged weight, the gradients and the number of trained parameters. Adapter arrays are named as in the
core; batches are rows here, as in PyTorch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

FIXTURE = Path(__file__).with_name("peft.npz")
PACKAGES = ("peft", "torch", "transformers", "bitsandbytes")
SHAPES = ((10, 6, 2), (6, 9, 3), (8, 8, 4))  # d, k, r
KRONECKER = ((24, 20, 2), (6, 9, 3), (7, 5, 1), (12, 30, 2))  # the second one with a block of full rank
BATCH = 3


@dataclass(frozen=True)
class Recipe:
    """`conv` is a module that stores its weight as k × d (`fan_in_fan_out`)."""

    adapter: str
    d: int
    k: int
    r: int
    conv: bool = False
    option: str = ""

    @property
    def alpha(self) -> float:
        return 3.0 * self.r + 1

    @property
    def name(self) -> str:
        parts = [self.adapter, f"{self.d}x{self.k}", f"r{self.r}", "conv" if self.conv else "", self.option]
        return "-".join(part for part in parts if part != "")


@dataclass
class Case:
    """What went in and what came out."""

    recipe: Recipe
    facts: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


def recipes() -> Iterator[Recipe]:
    for adapter in ("lora", "rslora", "dora", "lora-fa", "vera", "adalora", "pissa"):
        yield from (Recipe(adapter, *shape) for shape in SHAPES)
        yield Recipe(adapter, 10, 6, 2, conv=True)
    for side in ("output", "input"):
        yield from (Recipe("ia3", *shape, option=side) for shape in SHAPES[:2])
        yield Recipe("ia3", 10, 6, 2, conv=True, option=side)
    yield from (Recipe("loha", *shape) for shape in SHAPES)
    yield from (Recipe("lokr", *shape) for shape in KRONECKER)


# The arrays of a layer by the core's names -----------------------------------------------------

_ARRAYS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "lora": {
        "A": lambda layer: layer.lora_A["default"].weight,
        "B": lambda layer: layer.lora_B["default"].weight,
    },
    "vera": {
        "A": lambda layer: layer.vera_A["default"],
        "B": lambda layer: layer.vera_B["default"],
        "λ_d": lambda layer: layer.vera_lambda_d["default"],
        "λ_b": lambda layer: layer.vera_lambda_b["default"],
    },
    "adalora": {
        "P": lambda layer: layer.lora_B["default"],
        "λ": lambda layer: layer.lora_E["default"],
        "Q": lambda layer: layer.lora_A["default"],
    },
    "loha": {
        "B_1": lambda layer: layer.hada_w1_a["default"],
        "A_1": lambda layer: layer.hada_w1_b["default"],
        "B_2": lambda layer: layer.hada_w2_a["default"],
        "A_2": lambda layer: layer.hada_w2_b["default"],
    },
    "ia3": {"l": lambda layer: layer.ia3_l["default"]},
}
for _name in ("rslora", "lora-fa", "pissa"):
    _ARRAYS[_name] = _ARRAYS["lora"]
_ARRAYS["dora"] = {"m": lambda layer: layer.lora_magnitude_vector["default"].weight, **_ARRAYS["lora"]}


def _tensors(recipe: Recipe, layer: Any) -> dict[str, Any]:
    if recipe.adapter == "lokr":
        if "default" in layer.lokr_w2:
            return {"C": layer.lokr_w1["default"], "B": layer.lokr_w2["default"]}
        parts = layer.lokr_w1, layer.lokr_w2_a, layer.lokr_w2_b
        return dict(zip("CBA", (part["default"] for part in parts), strict=True))
    return {name: get(layer) for name, get in _ARRAYS[recipe.adapter].items()}


def _numpy(name: str, tensor: Any) -> np.ndarray:
    """As the core has it: λ, l and m are vectors where PEFT keeps a row or a column."""
    array: np.ndarray = tensor.detach().double().numpy().copy()
    return array.ravel() if name in ("λ", "l", "m") else array


def _config(recipe: Recipe) -> Any:
    import peft

    shared = {"target_modules": ["layer"], "fan_in_fan_out": recipe.conv}
    low_rank = {**shared, "r": recipe.r, "lora_alpha": recipe.alpha}
    match recipe.adapter:
        case "lora" | "lora-fa":
            return peft.LoraConfig(**low_rank)
        case "rslora":
            return peft.LoraConfig(use_rslora=True, **low_rank)
        case "dora":
            return peft.LoraConfig(use_dora=True, **low_rank)
        case "pissa":
            return peft.LoraConfig(init_lora_weights="pissa", **low_rank)
        case "vera":
            return peft.VeraConfig(r=recipe.r, **shared)
        case "adalora":
            return peft.AdaLoraConfig(
                init_r=recipe.r,
                target_r=1,
                lora_alpha=recipe.alpha,
                total_step=100,
                orth_reg_weight=0.5,
                **shared,
            )
        case "loha":
            return peft.LoHaConfig(target_modules=["layer"], r=recipe.r, alpha=recipe.alpha)
        case "lokr":
            return peft.LoKrConfig(target_modules=["layer"], r=recipe.r, alpha=recipe.alpha)
        case "ia3":
            feedforward = ["layer"] if recipe.option == "input" else []
            return peft.IA3Config(feedforward_modules=feedforward, **shared)
    raise ValueError(recipe.adapter)


def _module(recipe: Recipe, dtype: Any) -> Any:
    """A model whose one layer has a random weight and no bias, or a bias of zero where it must have one."""
    import torch
    from transformers.pytorch_utils import Conv1D

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = {"model_type": "custom"}
            self.layer = (
                Conv1D(recipe.d, recipe.k) if recipe.conv else torch.nn.Linear(recipe.k, recipe.d, bias=False)
            )

        def forward(self, x: Any) -> Any:
            return self.layer(x)

    model = Model().to(dtype)
    torch.nn.init.normal_(model.layer.weight)
    return model


def run(recipe: Recipe, seed: int) -> Case:
    import peft
    import torch

    torch.manual_seed(seed)
    # PiSSA starts in float32 alone; what comes after it is computed in float64 like the others.
    model = _module(recipe, torch.float32 if recipe.adapter == "pissa" else torch.float64)
    pretrained = model.layer.weight.detach().double().numpy().copy()
    adapted = peft.get_peft_model(model, _config(recipe))
    if recipe.adapter == "lora-fa":
        from peft.optimizers import create_lorafa_optimizer

        create_lorafa_optimizer(adapted, r=recipe.r, lora_alpha=recipe.alpha, lr=1e-3)
    adapted = adapted.double()
    layer = adapted.base_model.model.layer
    case = Case(recipe)
    tensors = _tensors(recipe, layer)
    case.facts["start"] = {
        name: [float(tensor.detach().abs().min()), float(tensor.detach().abs().max())]
        for name, tensor in tensors.items()
    }
    trained = {name: tensor for name, tensor in adapted.named_parameters() if tensor.requires_grad}
    # AdaLoRA's number of ranks is a parameter that asks for a gradient and that no loss moves.
    case.facts["trained"] = sum(tensor.numel() for name, tensor in trained.items() if "ranknum" not in name)
    if recipe.adapter == "pissa":
        case.arrays["pretrained"] = pretrained
        case.arrays |= {f"start/{name}": _numpy(name, tensor) for name, tensor in tensors.items()}
    with torch.no_grad():
        for tensor in tensors.values():
            tensor.normal_()
    case.arrays["W"] = layer.get_base_layer().weight.detach().numpy().copy()
    case.arrays |= {f"state/{name}": _numpy(name, tensor) for name, tensor in tensors.items()}
    if "scaling" in dir(layer):
        scale = float(layer.scaling["default"])
        if recipe.adapter == "adalora":
            scale /= recipe.r + 1e-5
        elif recipe.adapter == "loha":
            scale = float(np.float32(scale))  # PEFT keeps LoHa's in a tensor of float32
        case.facts["scale"] = scale
    x = torch.randn(BATCH, recipe.k, dtype=torch.float64)
    by_output = torch.randn(BATCH, recipe.d, dtype=torch.float64)
    output = layer(x)  # the layer's, for AdaLoRA's model adds a term of its own to a loss
    (output * by_output).sum().backward()
    case.arrays |= {"x": x.numpy(), "h": output.detach().numpy(), "by_h": by_output.numpy()}
    case.arrays |= {
        f"gradient/{name}": _numpy(name, tensor.grad)
        for name, tensor in tensors.items()
        if tensor.grad is not None
    }
    layer.merge()
    case.arrays["merged"] = layer.get_base_layer().weight.detach().numpy().copy()
    return case


# What is beside the layers -----------------------------------------------------------------------


def allocation() -> Case:
    """AdaLoRA's importance over three steps, what it prunes, and its budget."""
    import peft
    import torch
    from peft.tuners.adalora.layer import RankAllocator

    recipe = Recipe("adalora", 9, 7, 5, option="allocation")
    torch.manual_seed(5)
    config = peft.AdaLoraConfig(
        init_r=5, target_r=2, tinit=3, tfinal=4, deltaT=1, total_step=20, beta1=0.8, beta2=0.7,
        target_modules=["layer"],
    )  # fmt: skip
    adapted = peft.get_peft_model(_module(recipe, torch.float64), config).double()
    layer = adapted.base_model.model.layer
    tensors = _tensors(recipe, layer)
    with torch.no_grad():
        for tensor in tensors.values():
            tensor.normal_()
    case = Case(recipe, {"betas": [0.8, 0.7], "keep": 2})
    case.arrays |= {f"state/{name}": _numpy(name, tensor) for name, tensor in tensors.items()}
    allocator = RankAllocator(adapted, config, "default")
    case.facts["budget"] = [allocator.budget_schedule(step)[0] for step in range(21)]
    for step in range(3):
        for name, tensor in tensors.items():
            tensor.grad = torch.randn_like(tensor)
            case.arrays[f"gradient/{step}/{name}"] = _numpy(name, tensor.grad)
        allocator.update_ipt(adapted)
    allocator.mask_to_budget(adapted, 2)
    case.arrays["pruned"] = _numpy("λ", tensors["λ"])
    return case


def splits() -> Case:
    """How LoKr takes a dimension apart: size, factor (-1 for none), and the two."""
    from peft.tuners.lokr.layer import factorization

    wanted = [(size, factor) for size in range(1, 200) for factor in (-1, 2, 3, 4, 8, 16)]
    rows = [[size, factor, *factorization(size, factor)] for size, factor in wanted]
    return Case(Recipe("lokr", 1, 1, 1, option="splits"), {"splits": rows})


def quantisation() -> Case:
    """bitsandbytes' NF4 with constants in 8 bits, and PEFT's LoRA on a layer kept so."""
    import bitsandbytes
    import peft
    import torch
    from bitsandbytes import functional

    recipe = Recipe("qlora", 132, 128, 4)
    # Steps of 1 / 4096, so that the weight takes two bytes an entry in the fixture.
    steps = np.clip(np.random.default_rng(11).normal(0, 900, (recipe.d, recipe.k)), -32767, 32767).astype(
        np.int16
    )
    W = torch.from_numpy((steps / 4096).astype(np.float32))
    packed, state = functional.quantize_4bit(W, blocksize=64, compress_statistics=True, quant_type="nf4")
    single, plain = functional.quantize_4bit(W, blocksize=64, compress_statistics=False, quant_type="nf4")
    assert torch.equal(packed, single)
    case = Case(recipe)
    case.facts["levels"] = [float(level) for level in state.code]
    case.facts["dynamic"] = [float(level) for level in state.state2.code]
    case.facts["offset"] = float(state.offset)
    case.arrays = {
        "steps": steps,
        "packed": packed.numpy().ravel(),
        "constants": plain.absmax.numpy(),
        "codes": state.absmax.numpy(),
        "second": state.state2.absmax.numpy(),
    }

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.config = {"model_type": "custom"}
            self.layer = bitsandbytes.nn.Linear4bit(
                recipe.k, recipe.d, bias=False, compute_dtype=torch.float32, quant_type="nf4"
            )
            self.layer.weight = bitsandbytes.nn.Params4bit(W, requires_grad=False, quant_type="nf4")

        def forward(self, x: Any) -> Any:
            return self.layer(x)

    torch.manual_seed(12)
    adapted = peft.get_peft_model(Model().to("cpu"), _config(Recipe("lora", recipe.d, recipe.k, recipe.r)))
    layer = adapted.base_model.model.layer
    case.facts["trained"] = adapted.get_nb_trainable_parameters()[0]
    case.facts["scale"] = float(layer.scaling["default"])
    with torch.no_grad():
        for name, tensor in _tensors(Recipe("lora", 1, 1, 1), layer).items():
            tensor.normal_()
            case.arrays[f"state/{name}"] = tensor.detach().numpy().copy()
        x = torch.randn(BATCH, recipe.k)
        case.arrays |= {"x": x.numpy(), "h": layer(x).numpy()}
    back = functional.dequantize_4bit(packed, state)
    case.facts["dequantised"] = digest(back.numpy())
    return case


def digest(array: np.ndarray) -> str:
    """Every bit of an array of float32 in a line of text."""
    import hashlib

    return hashlib.sha256(np.ascontiguousarray(array, dtype="<f4").tobytes()).hexdigest()


def versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}


def all_cases() -> list[Case]:
    layers = [run(recipe, seed) for seed, recipe in enumerate(recipes())]
    return [*layers, allocation(), splits(), quantisation()]


def write(cases: list[Case], path: Path = FIXTURE) -> None:
    """One array of bytes a case, and a table of what is in it: 500 files in a zip are mostly headers."""
    table: dict[str, Any] = {"versions": versions(), "cases": []}
    blobs = {}
    for case in cases:
        kept = {name: np.ascontiguousarray(array) for name, array in case.arrays.items()}
        places = [[name, array.dtype.str, list(array.shape)] for name, array in kept.items()]
        table["cases"].append({"recipe": vars(case.recipe), "facts": case.facts, "arrays": places})
        blobs[case.recipe.name] = np.frombuffer(
            b"".join(array.tobytes() for array in kept.values()), np.uint8
        )
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    np.savez_compressed(path, **blobs, table=np.frombuffer(text.encode(), np.uint8))


def read(path: Path = FIXTURE) -> tuple[dict[str, str], list[Case]]:
    with np.load(path, allow_pickle=False) as stored:
        table = json.loads(stored["table"].tobytes().decode())
        cases = []
        for row in table["cases"]:
            recipe = Recipe(**row["recipe"])
            blob, offset, arrays = stored[recipe.name].tobytes(), 0, {}
            for name, dtype, shape in row["arrays"]:
                count = math.prod(shape)
                arrays[name] = np.frombuffer(blob, dtype, count, offset).reshape(shape)
                offset += arrays[name].nbytes
            assert offset == len(blob)
            cases.append(Case(recipe, row["facts"], arrays))
    return table["versions"], cases


if __name__ == "__main__":
    found = all_cases()
    write(found)
    print(f"{FIXTURE}: {len(found)} cases, {FIXTURE.stat().st_size / 1024:.0f} KiB, {versions()}")
