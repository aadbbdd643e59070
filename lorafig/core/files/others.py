"""What is in an adapter's file besides the method's own arrays: whole modules, biases, rows of tokens."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from msgspec import Struct

from lorafig.core.files.folder import CONFIG
from lorafig.core.files.peft import PREFIX
from lorafig.core.files.tensors import Header, shown, stored

_EMBEDDINGS = ("embed_tokens", "wte", "word_embeddings", "tok_embeddings", "embed_in", "shared")
_HEADS = ("lm_head", "embed_out", "output_layer", "output")
CLASSIFYING = ("SEQ_CLS", "TOKEN_CLS")
CLASSIFIERS = ("classifier", "score")  # which PEFT trains whole in tasks of classification
_LYCORIS = {
    "diff": "what a whole weight gains",
    "diff_b": "what a bias gains",
    "w_norm": "what the weight of a norm gains",
    "b_norm": "what the bias of a norm gains",
    "scalar": "a factor of the update",
}
# What methods that are not read further keep and do not train.
_METHODS = {
    "RANDLORA": ("randlora_A", "randlora_B"),
    "BOFT": ("boft_P",),
    "DELORA": ("delora_w_norm",),
    "FROD": ("frod_V",),
    "GLORA": ("zeros",),
    "PVERA": ("pvera_A", "pvera_B"),
    "TINYLORA": ("tinylora_A", "tinylora_B", "tinylora_P"),
}


class Other(Struct, frozen=True):
    """An array that is not of the method, and why it is there. `trained` is None where nothing says it;
    `added` says that the model has it beside its own."""

    name: str
    shape: tuple[int, ...]
    parameters: int
    dtype: str
    bytes: int
    why: str
    trained: bool | None
    added: bool = True


def others_of(header: Header, config: Mapping[str, Any], left: Mapping[str, str]) -> tuple[Other, ...]:
    """The arrays that are left, with what is known of them already, '' if nothing is."""
    found = []
    for name, known in left.items():
        tensor = header.tensors[name]
        why, trained, added = _why(name, tensor.dtype, known, config)
        parameters = prod(tensor.shape)
        if f"{name}.absmax" in header.tensors or f"{name}.quant_map" in header.tensors:
            parameters *= 2  # bitsandbytes packs two of 4 bits into a byte
        elif any(f".weight.{end}" in name for end in ("absmax", "quant_map", "quant_state", "nested_")):
            parameters, why, trained = 0, "constants of a quantised weight", False
        found.append(Other(name, tensor.shape, parameters, tensor.dtype, stored(tensor), why, trained, added))
    return tuple(found)


def _why(name: str, dtype: str, known: str, config: Mapping[str, Any]) -> tuple[str, bool | None, bool]:
    """Why an array is there, whether it is trained, and whether it comes to the model's own."""
    if known.startswith("frozen"):
        return known, False, False
    if known != "":
        return known, None, True
    kind = config.get("peft_type")
    parts = name.removeprefix(PREFIX).split(".")
    if name.endswith(".base_layer.weight"):
        return "frozen: the weight that the adapter stands beside", False, False
    if parts[-1] == "trainable_tokens_delta":
        return "trained: the rows of chosen tokens (trainable_token_indices)", True, True
    if parts[-2:] == ["lora_B", "bias"]:
        return "trained: the bias of B (lora_bias)", True, True
    if parts[-1] in _LYCORIS:
        return f"trained: {_LYCORIS[parts[-1]]} (LyCORIS)", True, parts[-1].startswith("scalar")
    if parts[-1] == "bias" and config.get("bias") in ("all", "lora_only"):
        return f"trained: a bias, as bias in {CONFIG} is '{config['bias']}'", True, False
    whole = config.get("modules_to_save")
    if isinstance(whole, list):
        for saved in whole:
            if isinstance(saved, str) and f".{saved}." in f".{'.'.join(parts)}.":
                return f"trained whole: modules_to_save names {shown(saved)}", True, True
    if config.get("task_type") in CLASSIFYING and set(parts) & set(CLASSIFIERS):
        return f"trained whole: the head of the task {config['task_type']}", True, True
    if isinstance(kind, str) and parts[-1] in ("weight", "bias") and len(parts) > 1:
        if parts[-2] in _EMBEDDINGS:
            return f"an embedding saved whole; modules_to_save in {CONFIG} does not name it", False, False
        if parts[-2] in _HEADS:
            return f"an output layer saved whole; modules_to_save in {CONFIG} does not name it", False, False
    if isinstance(kind, str) and kind not in _KNOWN:
        if dtype.startswith(("I", "U", "BOOL")):
            return "frozen: indices, which nobody trains", False, True
        if set(parts) & set(_METHODS.get(kind, ())):
            return f"frozen: a matrix of {shown(kind)[1:-1]} that nobody trains", False, True
        what = f"an array of {shown(kind)[1:-1]}, a method that is not read further: taken for trained"
        return what, True, True
    return "not understood", None, True


_KNOWN = ("LORA", "ADALORA", "LOHA", "LOKR", "VERA", "IA3")
