"""What transformers and diffusers say of the named networks, each made on the meta device: nothing is
downloaded and no weight takes memory.

    build/oracle/bin/python -m tests.core.oracle.make_networks     rewrites networks.json

Recorded is the number of parameters of each, how often a module of each name and shape stands in it, and how
many parameters PEFT trains beside some of its modules.
"""

from __future__ import annotations

import json
import re
import warnings
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lorafig.core.networks.table import TABLE

FIXTURE = Path(__file__).with_name("networks.json")
PACKAGES = ("torch", "transformers", "diffusers", "peft")
OWN_CODE = ("phi3small",)  # whose classes are in none of these packages
R = 8
# What PEFT is asked to train, for each type; for those that are not here, the queries and values of LLaMA.
TARGETS = {
    "gpt2": ["c_attn", "c_proj"],
    "gpt3": ["c_fc"],
    "bert": ["query", "value", "output.dense"],
    "roberta": ["query", "value"],
    "deberta": ["in_proj", "intermediate.dense"],
    "deberta-v2": ["query_proj", "value_proj"],
    "vit": ["q_proj", "v_proj"],
    "t5": ["q", "v", "wo"],
    "phi3": ["qkv_proj", "gate_up_proj"],
    "unet": ["to_q", "to_k", "to_v", "to_out.0"],
}
DECODER = ["q_proj", "v_proj"]


# Values that the named networks have no two of.
VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "llama": ({}, {"attention_bias": True, "mlp_bias": True, "num_key_value_heads": 4}),
    "qwen3": ({}, {"attention_bias": True}),
    "gemma2": ({}, {"attention_bias": True}),
    "t5": ({}, {"num_decoder_layers": 2, "feed_forward_proj": "gated-silu", "tie_word_embeddings": False}),
    "gpt2": ({}, {"n_inner": 100, "tie_word_embeddings": False}),
    "bert": ({}, {"type_vocab_size": 5, "vocab_size": 100}),
    "deberta": (
        {},
        {"relative_attention": True, "pos_att_type": ["c2p"], "max_relative_positions": 40},
        {"relative_attention": True, "pos_att_type": "p2c", "type_vocab_size": 3, "talking_head": True},
    ),
    "deberta-v2": (
        {},
        {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 16},
        {"relative_attention": True, "pos_att_type": ["p2c"], "share_att_key": True, "conv_kernel_size": 5},
    ),
    "vit": ({}, {"qkv_bias": False, "patch_size": 32, "image_size": 384}),
}


def made(kind: str, config: dict[str, Any]) -> Any:
    """The network of transformers of a type and the values of its configuration."""
    import torch
    import transformers

    config = dict(config)
    classes = config.pop("num_labels", None)
    with torch.device("meta"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole = transformers.AutoConfig.for_model(kind, **config)
        if classes is not None:
            whole.num_labels = classes
            return transformers.AutoModelForImageClassification.from_config(whole)
        if kind == "t5":
            model = transformers.AutoModelForSeq2SeqLM.from_config(whole)
            if config.get("tie_word_embeddings") is False:
                # Version 5 ties the head until a checkpoint is loaded that has one of its own.
                model.lm_head.weight = torch.nn.Parameter(torch.empty_like(model.lm_head.weight))
            return model
        if kind in ("bert", "roberta", "deberta", "deberta-v2", "vit"):
            return transformers.AutoModel.from_config(whole)
        return transformers.AutoModelForCausalLM.from_config(whole)


def model_of(name: str) -> Any:
    """The named network, of transformers or diffusers."""
    config = dict(TABLE[name].config)
    kind = str(config.pop("model_type"))
    if kind == "gpt3":  # the classes of GPT-2, with the positions of GPT-3
        return made("gpt2", {**config, "n_positions": 2048})
    if kind != "unet":
        return made(kind, config)
    import torch
    from diffusers import UNet2DConditionModel

    if name == "sdxl-unet":  # which change no shape
        config |= {"attention_head_dim": [5, 10, 20], "addition_time_embed_dim": 256}
    with torch.device("meta"):
        return UNet2DConditionModel(**config)


def count(model: Any) -> dict[str, Any]:
    """The parameters, and the modules that an adapter may go beside: `self_attn.q_proj 4096 4096`."""
    import torch
    from transformers.pytorch_utils import Conv1D

    modules: Counter[str] = Counter()
    for path, module in model.named_modules():
        weight = getattr(module, "weight", None)
        if isinstance(module, (torch.nn.Linear, torch.nn.Embedding, Conv1D)):
            d, k = weight.shape if isinstance(module, torch.nn.Linear) else weight.shape[::-1]
            last = (
                ".".join(path.split(".")[-2:])
                if path.rpartition(".")[2].isdecimal()
                else path.rpartition(".")[2]
            )
            modules[f"{last} {d} {k}"] += 1
    return {
        "parameters": sum(one.numel() for one in model.parameters()),
        "modules": dict(sorted(modules.items())),
    }


def trained(model: Any, kind: str) -> int:
    """The parameters that PEFT trains."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=R, target_modules=TARGETS.get(kind, DECODER))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind == "unet":
            model.add_adapter(config)
            return sum(one.numel() for name, one in model.named_parameters() if ".lora_" in name)
        adapted = get_peft_model(model, config, low_cpu_mem_usage=True)
    return int(adapted.get_nb_trainable_parameters()[0])


def record(name: str) -> dict[str, Any]:
    model = model_of(name)
    found = count(model)
    return {**found, "trained": trained(model, str(TABLE[name].config["model_type"]))}


def known() -> list[str]:
    return [name for name, row in TABLE.items() if row.config["model_type"] not in OWN_CODE]


def main() -> None:
    found = {name: record(name) for name in known()}
    versions = {name: version(name).partition("+")[0] for name in PACKAGES}
    text = json.dumps({"versions": versions, "networks": found}, indent=1)
    # one line a network
    FIXTURE.write_text(re.sub(r"\n {3,}", " ", text).replace("\n  }", " }") + "\n")


if __name__ == "__main__":
    main()
