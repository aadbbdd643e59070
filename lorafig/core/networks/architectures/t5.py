"""T5: an encoder and a decoder, relative positions by a table of each that all its layers share.

Raffel et al. (2020), section 2.1. Version 1.1, and FLAN-T5 with it, has a gated MLP (Shazeer, 2020) and a
head of its own. There are no biases.
"""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.core.network import Module, Modules
from lorafig.core.networks.config import Config

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "t5": {
        "vocab_size": 32128, "d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_heads": 8,
        "relative_attention_num_buckets": 32, "feed_forward_proj": "relu", "tie_word_embeddings": True,
    },
}  # fmt: skip


def build(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    d, ff, heads, size = (config.whole(key) for key in ("d_model", "d_ff", "num_heads", "d_kv"))
    encoder = config.whole("num_layers")
    decoder = config.whole("num_decoder_layers", encoder)
    vocabulary, inner = config.whole("vocab_size"), heads * size
    modules = Modules()
    modules.add("shared", d, vocabulary, part="embedding")
    for attention, layers in (("SelfAttention", encoder + decoder), ("EncDecAttention", decoder)):
        for name in ("q", "k", "v"):
            modules.add(f"{attention}.{name}", inner, d, layers)
        modules.add(f"{attention}.o", d, inner, layers)
    buckets = config.whole("relative_attention_num_buckets")
    modules.add("SelfAttention.relative_attention_bias", heads, buckets, 2, part="embedding")
    if config.word("feed_forward_proj").startswith("gated-"):
        modules.add("DenseReluDense.wi_0", ff, d, encoder + decoder)
        modules.add("DenseReluDense.wi_1", ff, d, encoder + decoder)
    else:
        modules.add("DenseReluDense.wi", ff, d, encoder + decoder)
    modules.add("DenseReluDense.wo", d, ff, encoder + decoder)
    modules.norm("layer_norm", d, 2 * encoder + 3 * decoder + 2)
    modules.add("lm_head", vocabulary, d, part="head", tied=config.flag("tie_word_embeddings"))
    sizes = {"d_model": d, "d_ff": ff, "n_heads": heads, "n_kv": heads, "d_head": size, "n_vocab": vocabulary}
    return modules.all(), sizes  # layers: those of two stacks
