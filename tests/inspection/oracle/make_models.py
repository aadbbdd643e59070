"""Adapters that PEFT saves on transformers' own models, with random entries, and what PEFT says of them.

It needs what tests/core/oracle/requirements.txt lists. A case is a folder: `base`, `adapter` and `merged`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TEXT = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24,
         "vocab_size": 40, "max_position_embeddings": 32}  # fmt: skip
_GROUPED = {**_TEXT, "num_key_value_heads": 2}
_SPEECH = {"d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
           "decoder_attention_heads": 4, "encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "vocab_size": 40,
           "num_mel_bins": 8, "max_source_positions": 16, "max_target_positions": 16, "pad_token_id": 0,
           "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1}  # fmt: skip
_IMAGE = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24,
          "image_size": 8, "patch_size": 4}  # fmt: skip
# The class, the sizes, and what the adapters stand beside.
MODELS: Mapping[str, tuple[str, Mapping[str, object], tuple[str, ...]]] = {
    "Llama": ("ForCausalLM", {**_GROUPED, "tie_word_embeddings": False}, ("q_proj", "v_proj", "down_proj")),
    "Mistral": ("ForCausalLM", {**_GROUPED, "head_dim": 4}, ("q_proj", "k_proj", "gate_proj")),
    "Qwen2": ("ForCausalLM", {**_GROUPED, "tie_word_embeddings": True}, ("q_proj", "o_proj")),
    "Mixtral": ("ForCausalLM", {**_GROUPED, "num_local_experts": 4}, ("q_proj", "v_proj")),
    "GPT2": (
        "LMHeadModel",
        {"n_embd": 16, "n_layer": 2, "n_head": 4, "vocab_size": 40, "n_positions": 32},
        ("c_attn", "c_proj", "c_fc"),
    ),
    "Bert": ("Model", _TEXT, ("query", "value")),
    "T5": (
        "ForConditionalGeneration",
        {"d_model": 16, "d_kv": 4, "d_ff": 24, "num_layers": 2, "num_heads": 4, "vocab_size": 40},
        ("q", "v", "wi"),
    ),
    "ViT": ("ForImageClassification", _IMAGE, ("q_proj", "v_proj")),
    "Whisper": ("ForConditionalGeneration", _SPEECH, ("q_proj", "v_proj", "conv1")),
    "ResNet": (
        "ForImageClassification",
        {"embedding_size": 8, "hidden_sizes": [8, 12], "depths": [1, 1]},
        ("convolution",),
    ),
}
_CONFIGS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "lora": ("LoraConfig", {}),
    "rslora": ("LoraConfig", {"use_rslora": True}),
    "dora": ("LoraConfig", {"use_dora": True}),
    "dora-rslora": ("LoraConfig", {"use_dora": True, "use_rslora": True}),
    "bias": ("LoraConfig", {"bias": "lora_only"}),
    "all-biases": ("LoraConfig", {"bias": "all"}),
    "bias-of-B": ("LoraConfig", {"lora_bias": True}),
    "pissa": ("LoraConfig", {"init_lora_weights": "pissa"}),
    "olora": ("LoraConfig", {"init_lora_weights": "olora"}),
    "adalora": ("AdaLoraConfig", {"init_r": 3, "target_r": 2, "total_step": 10, "lora_alpha": 7}),
    "loha": ("LoHaConfig", {"r": 3, "alpha": 7}),
    "loha-kernel": ("LoHaConfig", {"r": 3, "alpha": 7, "use_effective_conv2d": True}),
    "lokr": ("LoKrConfig", {"r": 2, "alpha": 7}),
    "lokr-kernel": ("LoKrConfig", {"r": 2, "alpha": 7, "use_effective_conv2d": True}),
    "lokr-both": ("LoKrConfig", {"r": 1, "alpha": 7, "decompose_both": True, "decompose_factor": 4}),
    "vera": ("VeraConfig", {"r": 3}),
    "ia3": ("IA3Config", {}),
}
# What only some of the models have: words, experts, a task with a head of its own.
_MORE: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "Llama": {
        "embeddings": {"target_modules": ["q_proj", "embed_tokens", "lm_head"]},
        "whole": {"modules_to_save": ["lm_head", "embed_tokens"]},
        "tokens": {"trainable_token_indices": [1, 2]},
        "task": {"task_type": "SEQ_CLS"},
    },
    "Qwen2": {"whole": {"modules_to_save": ["embed_tokens"]}},
    "Mixtral": {
        "experts": {"target_parameters": ["mlp.experts.gate_up_proj", "mlp.experts.down_proj"]},
        "router": {"target_modules": ["gate"]},
    },
    "Bert": {"task": {"task_type": "SEQ_CLS"}, "tokens-task": {"task_type": "TOKEN_CLS"}},
}
_HEADS = {"task": "ForSequenceClassification", "tokens-task": "ForTokenClassification"}


@dataclass
class Case:
    """What PEFT says of an adapter: its counts, by module the rank and the scaling, and whether it could
    merge it."""

    model: str
    kind: str
    folder: Path
    trained: int
    total: int
    layers: dict[str, tuple[int | None, float | None]] = field(default_factory=dict)
    merged: bool = False


def names() -> Iterator[tuple[str, str]]:
    for model in MODELS:
        for kind in (*_CONFIGS, "patterns", *_MORE.get(model, ())):
            if (model, kind) != ("GPT2", "olora"):  # of which PEFT 0.21 turns the arrays round
                yield model, kind


def _config(model: str, kind: str) -> Any:
    import peft

    targets = list(MODELS[model][2])
    turned: dict[str, Any] = {"fan_in_fan_out": True} if model == "GPT2" else {}
    if kind == "patterns":
        more: Mapping[str, object] = {
            "rank_pattern": {targets[0]: 5},
            "alpha_pattern": {targets[-1]: 2},
        }
        name = "LoraConfig"
    else:
        name, more = _CONFIGS.get(kind) or ("LoraConfig", _MORE[model][kind])
    said: dict[str, Any] = {"target_modules": targets}
    if name == "LoraConfig":
        said |= {"r": 3, "lora_alpha": 7}
    if name == "IA3Config":
        said["feedforward_modules"] = targets[-1:]
    if name not in ("LoHaConfig", "LoKrConfig"):
        said |= turned
    return getattr(peft, name)(**{**said, **more})


def make(model: str, kind: str, folder: Path) -> Case | None:
    """None if PEFT itself cannot."""
    import peft
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    torch.manual_seed(0)
    head, sizes, _ = MODELS[model]
    build: Callable[[Any], Any] = getattr(transformers, model + _HEADS.get(kind, head))
    network = build(getattr(transformers, f"{model}Config")(**sizes)).eval()
    network.save_pretrained(folder / "base")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            adapted = peft.get_peft_model(network, _config(model, kind))
        except (TypeError, ValueError):
            return None
        with torch.no_grad():
            for name, tensor in adapted.named_parameters():
                if tensor.requires_grad and "ranknum" not in name:
                    tensor.normal_(0, 0.3)
        adapted.save_pretrained(folder / "adapter")
        trained, total = adapted.get_nb_trainable_parameters()
        # AdaLoRA keeps its number of ranks as a parameter, which the file has not.
        ranks = [tensor for name, tensor in adapted.named_parameters() if "ranknum" in name]
        trained -= sum(tensor.numel() for tensor in ranks if tensor.requires_grad)
        case = Case(model, kind, folder, trained, total - sum(tensor.numel() for tensor in ranks))
        for name, layer in adapted.named_modules():
            if isinstance(layer, peft.tuners.tuners_utils.BaseTunerLayer) and "token_adapter" not in name:
                r, s = (getattr(layer, key, None) for key in ("r", "scaling"))
                rank = r.get("default") if isinstance(r, dict) else None
                scaling = float(s["default"]) if isinstance(s, dict) and "default" in s else None
                if kind == "adalora" and scaling is not None and rank is not None:
                    scaling /= rank + 1e-5
                case.layers[name.removeprefix("base_model.model.")] = rank, scaling
        try:
            adapted.merge_and_unload().save_pretrained(folder / "merged")
            case.merged = True
        except RuntimeError:
            pass  # a bias of B beside a layer without one, and the like
    return case
