"""Decoders after GPT-2: learned positions, layer norms and biases everywhere, the head tied.

Radford et al. (2019), section 2.3; GPT-3 is the same (Brown et al., 2020, section 2.1). The released code of
GPT-2 has one weight for queries, keys and values, `c_attn`; for GPT-3, which is not released, they are named
as in Hu et al. (2021), section 4.2. Phi-3-small keeps the one weight, with rotary positions, grouped queries
and a gated MLP: Abdin et al. (2024), section 2.
"""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.core.network import Module, Modules
from lorafig.core.networks.config import Config

DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "gpt2": {
        "n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257, "n_positions": 1024,
        "tie_word_embeddings": True,
    },
    "gpt3": {
        "n_embd": 12288, "n_layer": 96, "n_head": 96, "vocab_size": 50257, "n_positions": 2048,
        "tie_word_embeddings": True,
    },
    "phi3small": {
        "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
        "ff_intermediate_size": 14336, "vocab_size": 100352, "tie_word_embeddings": True,
    },
}  # fmt: skip


def build(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    if config.word("model_type") == "phi3small":
        return _phi3_small(config)
    d, layers, heads = config.whole("n_embd"), config.whole("n_layer"), config.whole("n_head")
    vocabulary, positions = config.whole("vocab_size"), config.whole("n_positions")
    ff, size = config.whole("n_inner", 4 * d), config.divided("n_embd", "n_head")
    modules = Modules()
    modules.add("wte", d, vocabulary, part="embedding")
    modules.add("wpe", d, positions, part="embedding")
    if config.word("model_type") == "gpt3":
        for name in ("W_q", "W_k", "W_v", "W_o"):
            modules.add(f"attn.{name}", d, d, layers, bias=True)
    else:
        modules.add("attn.c_attn", 3 * d, d, layers, bias=True)
        modules.add("attn.c_proj", d, d, layers, bias=True)
    modules.add("mlp.c_fc", ff, d, layers, bias=True)
    modules.add("mlp.c_proj", d, ff, layers, bias=True)
    modules.norm("norms", d, 2 * layers + 1, bias=True)
    modules.add("lm_head", vocabulary, d, part="head", tied=config.flag("tie_word_embeddings"))
    sizes = {
        "n_layers": layers, "d_model": d, "d_ff": ff, "n_heads": heads, "n_kv": heads, "d_head": size,
        "n_vocab": vocabulary,
    }  # fmt: skip
    return modules.all(), sizes


def _phi3_small(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    d, layers = config.whole("hidden_size"), config.whole("num_hidden_layers")
    heads, kv = config.whole("num_attention_heads"), config.whole("num_key_value_heads")
    ff, vocabulary = config.whole("ff_intermediate_size"), config.whole("vocab_size")
    size = config.divided("hidden_size", "num_attention_heads")
    modules = Modules()
    modules.add("embed_tokens", d, vocabulary, part="embedding")
    modules.add("self_attn.query_key_value", (heads + 2 * kv) * size, d, layers, bias=True)
    modules.add("self_attn.dense", d, d, layers, bias=True)
    modules.add("mlp.up_proj", 2 * ff, d, layers, bias=True)
    modules.add("mlp.down_proj", d, ff, layers, bias=True)
    modules.norm("norms", d, 2 * layers + 1, bias=True)
    modules.add("lm_head", vocabulary, d, part="head", tied=config.flag("tie_word_embeddings"))
    sizes = {
        "n_layers": layers, "d_model": d, "d_ff": ff, "n_heads": heads, "n_kv": kv, "d_head": size,
        "n_vocab": vocabulary,
    }  # fmt: skip
    return modules.all(), sizes
