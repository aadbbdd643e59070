"""Decoders after LLaMA: RMS norms before attention and MLP, no learned positions, a gated MLP (SwiGLU).

Touvron et al. (2023), LLaMA, section 2.2. Keys and values have fewer heads than queries under grouped-query
attention: Ainslie et al. (2023). Modules are named as transformers names them.
"""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.core.network import Module, Modules
from lorafig.core.networks.config import Config

_BASE: Mapping[str, object] = {
    "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "vocab_size": 32000,
    "tie_word_embeddings": False,
    "attention_bias": False,
    "mlp_bias": False,
}
# What each type leaves out of its config.json: the defaults of its class in transformers.
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "llama": _BASE,
    "mistral": {**_BASE, "intermediate_size": 14336, "num_key_value_heads": 8},
    "mixtral": {**_BASE, "intermediate_size": 14336, "num_key_value_heads": 8, "num_local_experts": 8},
    "qwen2": {**_BASE, "intermediate_size": 22016, "vocab_size": 151936, "num_key_value_heads": 32},
    "qwen3": {
        **_BASE, "intermediate_size": 22016, "vocab_size": 151936, "num_key_value_heads": 32, "head_dim": 128,
    },
    "gemma": {
        **_BASE, "hidden_size": 3072, "intermediate_size": 24576, "num_hidden_layers": 28,
        "num_attention_heads": 16, "num_key_value_heads": 16, "head_dim": 256, "vocab_size": 256000,
        "tie_word_embeddings": True,
    },
    "gemma2": {
        **_BASE, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
        "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "vocab_size": 256000,
        "tie_word_embeddings": True,
    },
    "phi3": {**_BASE, "hidden_size": 3072, "intermediate_size": 8192, "vocab_size": 32064},
}  # fmt: skip


def build(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    kind = config.word("model_type")
    d, ff = config.whole("hidden_size"), config.whole("intermediate_size")
    layers, vocabulary = config.whole("num_hidden_layers"), config.whole("vocab_size")
    heads = config.whole("num_attention_heads")
    kv = config.whole("num_key_value_heads", heads)
    if heads % kv != 0:
        config.refuse("num_attention_heads", heads, f"a multiple of num_key_value_heads, {kv:,}")
    own = config.values.get("head_dim", config.defaults.get("head_dim"))
    size = config.divided("hidden_size", "num_attention_heads") if own is None else config.whole("head_dim")
    bias, mlp_bias = config.flag("attention_bias"), config.flag("mlp_bias") and kind == "llama"
    if kind == "qwen2":
        bias = True  # of queries, keys and values alone: Yang et al. (2024), Qwen2, section 2.2.1
    modules = Modules()
    modules.add("embed_tokens", d, vocabulary, part="embedding")
    if kind == "phi3":
        modules.add("self_attn.qkv_proj", (heads + 2 * kv) * size, d, layers)
        modules.add("self_attn.o_proj", d, heads * size, layers)
    else:
        bias = bias and kind not in ("mistral", "mixtral")
        modules.add("self_attn.q_proj", heads * size, d, layers, bias)
        modules.add("self_attn.k_proj", kv * size, d, layers, bias)
        modules.add("self_attn.v_proj", kv * size, d, layers, bias)
        modules.add("self_attn.o_proj", d, heads * size, layers, bias and kind != "qwen2")
    if kind == "qwen3":
        modules.norm("self_attn.q_norm", size, layers)
        modules.norm("self_attn.k_norm", size, layers)
    if kind == "mixtral":
        experts = config.whole("num_local_experts")
        modules.add("block_sparse_moe.gate", experts, d, layers)
        modules.add("block_sparse_moe.experts.w1", ff, d, layers * experts)
        modules.add("block_sparse_moe.experts.w2", d, ff, layers * experts)
        modules.add("block_sparse_moe.experts.w3", ff, d, layers * experts)
    elif kind == "phi3":
        modules.add("mlp.gate_up_proj", 2 * ff, d, layers)
        modules.add("mlp.down_proj", d, ff, layers)
    else:
        modules.add("mlp.gate_proj", ff, d, layers, mlp_bias)
        modules.add("mlp.up_proj", ff, d, layers, mlp_bias)
        modules.add("mlp.down_proj", d, ff, layers, mlp_bias)
    # Gemma 2 has norms behind attention and MLP too: Riviere et al. (2024), section 2.
    modules.norm("norms", d, layers * (4 if kind == "gemma2" else 2))
    modules.norm("norm", d)
    modules.add("lm_head", vocabulary, d, part="head", tied=config.flag("tie_word_embeddings"))
    sizes = {
        "n_layers": layers, "d_model": d, "d_ff": ff, "n_heads": heads, "n_kv": kv, "d_head": size,
        "n_vocab": vocabulary,
    }  # fmt: skip
    if kind == "mixtral":
        sizes["n_experts"] = config.whole("num_local_experts")
    return modules.all(), sizes
