"""Encoders after BERT: Devlin et al. (2019), section 3. RoBERTa is the same with other numbers (Liu et al.,
2019, section 2); DeBERTa attends to contents and relative positions apart (He et al., 2020, section 3.1), and
from version 2 on shares the weights of both (its released code; He et al., 2021, for version 3); ViT has
patches for words (Dosovitskiy et al., 2020, section 3.1).

Without the head of a task: BERT and RoBERTa with their pooler, DeBERTa has none. ViT has the classifier that
its configuration gives it, else the pooler.
"""

from __future__ import annotations

from collections.abc import Mapping

from lorafig.core.network import Module, Modules
from lorafig.core.networks.config import Config

_BASE: Mapping[str, object] = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
}
_DEBERTA: Mapping[str, object] = {
    **_BASE, "type_vocab_size": 0, "relative_attention": False, "max_relative_positions": -1,
    "position_biased_input": True, "position_buckets": -1, "share_att_key": False,
    "norm_rel_ebd": "none", "conv_kernel_size": 0, "talking_head": False,
}  # fmt: skip
DEFAULTS: Mapping[str, Mapping[str, object]] = {
    "bert": {**_BASE, "vocab_size": 30522, "type_vocab_size": 2},
    "roberta": {**_BASE, "vocab_size": 50265, "type_vocab_size": 2},
    "deberta": {**_DEBERTA, "vocab_size": 50265},
    "deberta-v2": {
        **_DEBERTA, "vocab_size": 128100, "hidden_size": 1536, "num_hidden_layers": 24,
        "num_attention_heads": 24, "intermediate_size": 6144,
    },
    "vit": {**_BASE, "image_size": 224, "patch_size": 16, "num_channels": 3, "qkv_bias": True},
}  # fmt: skip


def build(config: Config) -> tuple[tuple[Module, ...], Mapping[str, int]]:
    kind = config.word("model_type")
    d, ff = config.whole("hidden_size"), config.whole("intermediate_size")
    layers, heads = config.whole("num_hidden_layers"), config.whole("num_attention_heads")
    size = config.divided("hidden_size", "num_attention_heads")
    sizes = {"n_layers": layers, "d_model": d, "d_ff": ff, "n_heads": heads, "n_kv": heads, "d_head": size}
    modules = Modules()
    if kind == "vit":
        _vit(config, modules, d, layers)
    elif kind in ("bert", "roberta"):
        _embeddings(config, modules, d)
        modules.add(
            "embeddings.position_embeddings", d, config.whole("max_position_embeddings"), part="embedding"
        )
        for name in ("query", "key", "value"):
            modules.add(f"attention.self.{name}", d, d, layers, bias=True)
        modules.norm("LayerNorm", d, 2 * layers, bias=True)
        modules.add("pooler.dense", d, d, bias=True)
    else:
        _deberta(config, modules, d, layers)
    if kind != "vit":
        sizes["n_vocab"] = config.whole("vocab_size")
    later = ("o_proj", "fc1", "fc2") if kind == "vit" else ("", "", "")
    modules.add("attention.output.dense", d, d, layers, bias=True, also=later[0])
    modules.add("intermediate.dense", ff, d, layers, bias=True, also=later[1])
    modules.add("output.dense", d, ff, layers, bias=True, also=later[2])
    return modules.all(), sizes


def _embeddings(config: Config, modules: Modules, d: int) -> None:
    modules.add("embeddings.word_embeddings", d, config.whole("vocab_size"), part="embedding")
    types = config.whole("type_vocab_size", least=0)
    modules.add("embeddings.token_type_embeddings", d, types, 1 if types else 0, part="embedding")
    modules.norm("embeddings.LayerNorm", d, bias=True)


def _deberta(config: Config, modules: Modules, d: int, layers: int) -> None:
    second = config.word("model_type") == "deberta-v2"
    _embeddings(config, modules, d)
    positions, terms = config.whole("max_position_embeddings"), config.words("pos_att_type")
    if config.flag("position_biased_input"):
        modules.add("embeddings.position_embeddings", d, positions, part="embedding")
    relative = config.flag("relative_attention")
    if second:
        for name in ("query_proj", "key_proj", "value_proj"):
            modules.add(f"attention.self.{name}", d, d, layers, bias=True)
        own = relative and not config.flag("share_att_key")
        modules.add("attention.self.pos_key_proj", d, d, layers if own and "c2p" in terms else 0, bias=True)
        modules.add("attention.self.pos_query_proj", d, d, layers if own and "p2c" in terms else 0, bias=True)
    else:
        modules.add("attention.self.in_proj", 3 * d, d, layers)
        modules.vector("attention.self.q_bias", d, layers)
        modules.vector("attention.self.v_bias", d, layers)
        modules.add("attention.self.pos_proj", d, d, layers if relative and "c2p" in terms else 0)
        modules.add(
            "attention.self.pos_q_proj", d, d, layers if relative and "p2c" in terms else 0, bias=True
        )
        heads = config.whole("num_attention_heads")
        talking = 2 * layers if config.flag("talking_head") else 0
        modules.add("attention.self.head_proj", heads, heads, talking, part="other")
    modules.norm("LayerNorm", d, 2 * layers, bias=True)
    if relative:
        reach = config.whole("max_relative_positions", least=-1)
        reach = positions if reach < 1 else reach
        buckets = config.whole("position_buckets", least=-1)
        rows = 2 * (buckets if second and buckets > 0 else reach)
        modules.add("encoder.rel_embeddings", d, rows, part="embedding")
    if second:
        if "layer_norm" in config.words("norm_rel_ebd"):
            modules.norm("encoder.LayerNorm", d, bias=True)
        width = config.whole("conv_kernel_size", 0, least=0)
        if width > 0:
            modules.add("encoder.conv.conv", d, width * d, bias=True, part="other")
            modules.norm("encoder.conv.LayerNorm", d, bias=True)


def _vit(config: Config, modules: Modules, d: int, layers: int) -> None:
    side, patch = config.divided("image_size", "patch_size"), config.whole("patch_size")
    modules.vector("embeddings.cls_token", d)
    modules.add("embeddings.position_embeddings", d, side**2 + 1, part="other")
    modules.add(
        "embeddings.patch_embeddings", d, config.whole("num_channels") * patch**2, bias=True, part="other"
    )
    bias = config.flag("qkv_bias")
    for name in ("query", "key", "value"):  # q_proj, k_proj, v_proj from version 5 of transformers on
        modules.add(f"attention.attention.{name}", d, d, layers, bias, also=f"{name[0]}_proj")
    modules.norm("layernorm", d, 2 * layers + 1, bias=True)
    if any(name.endswith("ForImageClassification") for name in config.words("architectures")):
        labels = config.values.get("id2label")
        many = len(labels) if isinstance(labels, Mapping) else config.whole("num_labels", 2)
        modules.add("classifier", many, d, bias=True, part="head")
    else:
        modules.add("pooler.dense", d, d, bias=True)
