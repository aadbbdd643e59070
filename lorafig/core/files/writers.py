"""How trainers other than PEFT name the arrays of an adapter. A trainer that is added is some more rows.

- kohya's sd-scripts, A1111 and LyCORIS: `lora_unet_mid_block_…_to_q.lora_down.weight`, and a number `.alpha`
- diffusers: `unet.….to_q.lora.down.weight`, `….to_q_lora.down.weight`, `….lora_linear_layer.down.weight`,
  and PEFT's ends after `unet.`, `transformer.` or `text_encoder.`
- MLX: `….q_proj.lora_a` (k × r), `lora_b` (r × d)
- loralib, the code of Hu et al. (2021): `….lora_A` (r × k), `lora_B` (d × r), without `.weight`
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Writer = Literal["PEFT", "kohya", "diffusers", "MLX", "loralib"]

ALPHA = "alpha"  # a number


class End(Struct, frozen=True):
    """What follows a module's name: the method, the symbol of the array, who writes so (None: several do).
    `turned` says that the array lies transposed, `kind` what the module is where the name tells."""

    method: str
    symbol: str
    writer: Writer | None = None
    turned: bool = False
    kind: str = ""


def _pairs(method: str, writer: Writer | None, ends: Mapping[str, str]) -> dict[str, End]:
    return {end: End(method, symbol, writer) for end, symbol in ends.items()}


ENDS: Mapping[str, End] = {
    **_pairs("lora", None, {".lora_A.weight": "A", ".lora_B.weight": "B"}),
    **_pairs("lora", None, {".lora_A.default.weight": "A", ".lora_B.default.weight": "B"}),
    ".lora_embedding_A": End("lora", "A", "PEFT", kind="embedding"),
    ".lora_embedding_B": End("lora", "B", "PEFT", kind="embedding"),
    ".lora_magnitude_vector": End("dora", "m", None),
    ".lora_magnitude_vector.weight": End("dora", "m", None),
    **_pairs("lora", "loralib", {".lora_A": "A", ".lora_B": "B"}),
    ".lora_a": End("lora", "A", "MLX", turned=True),
    ".lora_b": End("lora", "B", "MLX", turned=True),
    ".m": End("dora", "m", "MLX"),
    **_pairs("lora", "diffusers", {".lora.down.weight": "A", ".lora.up.weight": "B"}),
    **_pairs("lora", "diffusers", {"_lora.down.weight": "A", "_lora.up.weight": "B"}),
    **_pairs(
        "lora",
        "diffusers",
        {".lora_linear_layer.down.weight": "A", ".lora_linear_layer.up.weight": "B"},
    ),
    **_pairs("lora", "kohya", {".lora_down.weight": "A", ".lora_up.weight": "B", ".lora_mid.weight": "mid"}),
    ".dora_scale": End("dora", "m", "kohya"),
    ".alpha": End("", ALPHA),
    **_pairs(
        "loha",
        "kohya",
        {".hada_w1_a": "B_1", ".hada_w1_b": "A_1", ".hada_w2_a": "B_2", ".hada_w2_b": "A_2"},
    ),
    **_pairs("loha", "kohya", {".hada_t1": "mid_1", ".hada_t2": "mid_2"}),
    **_pairs(
        "lokr",
        "kohya",
        {".lokr_w1": "C", ".lokr_w2": "block", ".lokr_w2_a": "B", ".lokr_w2_b": "A"},
    ),
    **_pairs("lokr", "kohya", {".lokr_w1_a": "C_1", ".lokr_w1_b": "C_2", ".lokr_t2": "mid"}),
}
_PREFIXES: Mapping[str, Writer] = {
    "base_model.model.": "PEFT",
    "unet.": "diffusers",
    "transformer.": "diffusers",
    "text_encoder.": "diffusers",
    "text_encoder_2.": "diffusers",
}


class Name(Struct, frozen=True):
    """The name of an array, read: the module, what follows it, and who wrote it."""

    module: str
    end: End
    writer: Writer | None


def read_name(name: str) -> Name | None:
    """None if no end is known."""
    for dots in range(1, 5):
        parts = name.rsplit(".", dots)
        if len(parts) <= dots:
            break
        module, tail = parts[0], "." + ".".join(parts[1:])
        if tail in ENDS and module:
            return _named(module, ENDS[tail])
        inner, joined, rest = module.rpartition("_")
        if joined and inner and f"_{rest}{tail}" in ENDS:
            return _named(inner, ENDS[f"_{rest}{tail}"])
    return None


def _named(module: str, end: End) -> Name:
    writer = end.writer
    if writer is None:
        writer = next((found for prefix, found in _PREFIXES.items() if module.startswith(prefix)), None)
    return Name(module.removeprefix("base_model.model."), end, writer)
