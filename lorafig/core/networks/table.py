"""The networks that have a name, one row each: the title, the id under which its `config.json` is public, and
what that file says that its class does not say already.

The sources are these files; for GPT-3, which has none, Brown et al. (2020), table 2.1, without the two rows
(1.3B and 13B) whose numbers contradict each other. A network that is added is one more row.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Row(Struct, frozen=True):
    title: str
    hub: str
    config: Mapping[str, object]


def _gpt(kind: str, d: int, layers: int, heads: int) -> dict[str, object]:
    return {"model_type": kind, "n_embd": d, "n_layer": layers, "n_head": heads}


def _encoder(kind: str, d: int, layers: int, heads: int, ff: int, **more: object) -> dict[str, object]:
    sizes = {"hidden_size": d, "num_hidden_layers": layers, "num_attention_heads": heads}
    return {"model_type": kind, **sizes, "intermediate_size": ff, **more}


def _decoder(
    kind: str, d: int, ff: int, layers: int, heads: int, kv: int, vocabulary: int, **more: object
) -> dict[str, object]:
    sizes = {"num_key_value_heads": kv, "vocab_size": vocabulary}
    return {**_encoder(kind, d, layers, heads, ff), **sizes, **more}


def _t5(d: int, ff: int, layers: int, heads: int, **more: object) -> dict[str, object]:
    sizes = {"d_model": d, "d_ff": ff, "num_layers": layers, "num_heads": heads}
    return {"model_type": "t5", **sizes, **more}


_ROBERTA = {"type_vocab_size": 1, "max_position_embeddings": 514}
_DEBERTA = {"relative_attention": True, "position_biased_input": False, "pos_att_type": ["c2p", "p2c"]}
_DEBERTA_2 = {**_DEBERTA, "share_att_key": True, "position_buckets": 256, "norm_rel_ebd": "layer_norm"}
_CLASSES = {"architectures": ["ViTForImageClassification"], "num_labels": 1000}  # of ImageNet
_GATED = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
_TIED = {"tie_word_embeddings": True}

TABLE: Mapping[str, Row] = {
    # Radford et al. (2019), table 2
    "gpt2": Row("GPT-2", "openai-community/gpt2", _gpt("gpt2", 768, 12, 12)),
    "gpt2-medium": Row("GPT-2 Medium", "openai-community/gpt2-medium", _gpt("gpt2", 1024, 24, 16)),
    "gpt2-large": Row("GPT-2 Large", "openai-community/gpt2-large", _gpt("gpt2", 1280, 36, 20)),
    "gpt2-xl": Row("GPT-2 XL", "openai-community/gpt2-xl", _gpt("gpt2", 1600, 48, 25)),
    # Brown et al. (2020), table 2.1
    "gpt3-125m": Row("GPT-3 125M", "", _gpt("gpt3", 768, 12, 12)),
    "gpt3-350m": Row("GPT-3 350M", "", _gpt("gpt3", 1024, 24, 16)),
    "gpt3-760m": Row("GPT-3 760M", "", _gpt("gpt3", 1536, 24, 16)),
    "gpt3-2.7b": Row("GPT-3 2.7B", "", _gpt("gpt3", 2560, 32, 32)),
    "gpt3-6.7b": Row("GPT-3 6.7B", "", _gpt("gpt3", 4096, 32, 32)),
    "gpt3-175b": Row("GPT-3 175B", "", _gpt("gpt3", 12288, 96, 96)),
    # Devlin et al. (2019), section 3
    "bert-base": Row("BERT base", "google-bert/bert-base-uncased", _encoder("bert", 768, 12, 12, 3072)),
    "bert-large": Row("BERT large", "google-bert/bert-large-uncased", _encoder("bert", 1024, 24, 16, 4096)),
    "roberta-base": Row(
        "RoBERTa base", "FacebookAI/roberta-base", _encoder("roberta", 768, 12, 12, 3072, **_ROBERTA)
    ),
    "roberta-large": Row(
        "RoBERTa large", "FacebookAI/roberta-large", _encoder("roberta", 1024, 24, 16, 4096, **_ROBERTA)
    ),
    "deberta-base": Row(
        "DeBERTa base", "microsoft/deberta-base", _encoder("deberta", 768, 12, 12, 3072, **_DEBERTA)
    ),
    "deberta-large": Row(
        "DeBERTa large", "microsoft/deberta-large", _encoder("deberta", 1024, 24, 16, 4096, **_DEBERTA)
    ),
    "deberta-xlarge": Row(
        "DeBERTa XL", "microsoft/deberta-xlarge", _encoder("deberta", 1024, 48, 16, 4096, **_DEBERTA)
    ),
    "deberta-v2-xlarge": Row(
        "DeBERTa V2 XL",
        "microsoft/deberta-v2-xlarge",
        _encoder("deberta-v2", 1536, 24, 24, 6144, **_DEBERTA_2, conv_kernel_size=3),
    ),
    "deberta-v2-xxlarge": Row(
        "DeBERTa V2 XXL",
        "microsoft/deberta-v2-xxlarge",
        _encoder("deberta-v2", 1536, 48, 24, 6144, **_DEBERTA_2, conv_kernel_size=3),
    ),
    "deberta-v3-xsmall": Row(
        "DeBERTa V3 XSmall",
        "microsoft/deberta-v3-xsmall",
        _encoder("deberta-v2", 384, 12, 6, 1536, **_DEBERTA_2),
    ),
    "deberta-v3-small": Row(
        "DeBERTa V3 Small",
        "microsoft/deberta-v3-small",
        _encoder("deberta-v2", 768, 6, 12, 3072, **_DEBERTA_2),
    ),
    "deberta-v3-base": Row(
        "DeBERTa V3 Base",
        "microsoft/deberta-v3-base",
        _encoder("deberta-v2", 768, 12, 12, 3072, **_DEBERTA_2),
    ),
    "deberta-v3-large": Row(
        "DeBERTa V3 Large",
        "microsoft/deberta-v3-large",
        _encoder("deberta-v2", 1024, 24, 16, 4096, **_DEBERTA_2),
    ),
    # Raffel et al. (2020), section 3.7
    "t5-small": Row("T5 Small", "google-t5/t5-small", _t5(512, 2048, 6, 8)),
    "t5-base": Row("T5 Base", "google-t5/t5-base", _t5(768, 3072, 12, 12)),
    "t5-large": Row("T5 Large", "google-t5/t5-large", _t5(1024, 4096, 24, 16)),
    "t5-3b": Row("T5 3B", "google-t5/t5-3b", _t5(1024, 16384, 24, 32, d_kv=128)),
    "t5-11b": Row("T5 11B", "google-t5/t5-11b", _t5(1024, 65536, 24, 128, d_kv=128)),
    "t5-v1.1-small": Row("T5 V1.1 Small", "google/t5-v1_1-small", _t5(512, 1024, 8, 6, **_GATED)),
    "t5-v1.1-base": Row("T5 V1.1 Base", "google/t5-v1_1-base", _t5(768, 2048, 12, 12, **_GATED)),
    "t5-v1.1-large": Row("T5 V1.1 Large", "google/t5-v1_1-large", _t5(1024, 2816, 24, 16, **_GATED)),
    "t5-v1.1-xl": Row("T5 V1.1 XL", "google/t5-v1_1-xl", _t5(2048, 5120, 24, 32, **_GATED)),
    "t5-v1.1-xxl": Row("T5 V1.1 XXL", "google/t5-v1_1-xxl", _t5(4096, 10240, 24, 64, **_GATED)),
    "flan-t5-small": Row("FLAN-T5 Small", "google/flan-t5-small", _t5(512, 1024, 8, 6, **_GATED)),
    "flan-t5-base": Row("FLAN-T5 Base", "google/flan-t5-base", _t5(768, 2048, 12, 12, **_GATED)),
    "flan-t5-large": Row("FLAN-T5 Large", "google/flan-t5-large", _t5(1024, 2816, 24, 16, **_GATED)),
    "flan-t5-xl": Row("FLAN-T5 XL", "google/flan-t5-xl", _t5(2048, 5120, 24, 32, **_GATED)),
    "flan-t5-xxl": Row("FLAN-T5 XXL", "google/flan-t5-xxl", _t5(4096, 10240, 24, 64, **_GATED)),
    # Dosovitskiy et al. (2020), table 1
    "vit-b-16": Row(
        "ViT-B/16", "google/vit-base-patch16-224", _encoder("vit", 768, 12, 12, 3072, **_CLASSES)
    ),
    "vit-l-16": Row(
        "ViT-L/16", "google/vit-large-patch16-224", _encoder("vit", 1024, 24, 16, 4096, **_CLASSES)
    ),
    "vit-h-14": Row(
        "ViT-H/14", "google/vit-huge-patch14-224-in21k", _encoder("vit", 1280, 32, 16, 5120, patch_size=14)
    ),
    # Touvron et al. (2023), LLaMA, table 2
    "llama-7b": Row("LLaMA 7B", "huggyllama/llama-7b", _decoder("llama", 4096, 11008, 32, 32, 32, 32000)),
    "llama-13b": Row("LLaMA 13B", "huggyllama/llama-13b", _decoder("llama", 5120, 13824, 40, 40, 40, 32000)),
    "llama-33b": Row("LLaMA 33B", "huggyllama/llama-30b", _decoder("llama", 6656, 17920, 60, 52, 52, 32000)),
    "llama-65b": Row("LLaMA 65B", "huggyllama/llama-65b", _decoder("llama", 8192, 22016, 80, 64, 64, 32000)),
    "llama-2-7b": Row(
        "Llama 2 7B", "meta-llama/Llama-2-7b-hf", _decoder("llama", 4096, 11008, 32, 32, 32, 32000)
    ),
    "llama-2-13b": Row(
        "Llama 2 13B", "meta-llama/Llama-2-13b-hf", _decoder("llama", 5120, 13824, 40, 40, 40, 32000)
    ),
    "llama-2-70b": Row(
        "Llama 2 70B", "meta-llama/Llama-2-70b-hf", _decoder("llama", 8192, 28672, 80, 64, 8, 32000)
    ),
    # Grattafiori et al. (2024), The Llama 3 Herd of Models, table 3
    "llama-3-8b": Row(
        "Llama 3 8B", "meta-llama/Meta-Llama-3-8B", _decoder("llama", 4096, 14336, 32, 32, 8, 128256)
    ),
    "llama-3-70b": Row(
        "Llama 3 70B", "meta-llama/Meta-Llama-3-70B", _decoder("llama", 8192, 28672, 80, 64, 8, 128256)
    ),
    "llama-3.1-8b": Row(
        "Llama 3.1 8B", "meta-llama/Llama-3.1-8B", _decoder("llama", 4096, 14336, 32, 32, 8, 128256)
    ),
    "llama-3.1-70b": Row(
        "Llama 3.1 70B", "meta-llama/Llama-3.1-70B", _decoder("llama", 8192, 28672, 80, 64, 8, 128256)
    ),
    "llama-3.1-405b": Row(
        "Llama 3.1 405B", "meta-llama/Llama-3.1-405B", _decoder("llama", 16384, 53248, 126, 128, 8, 128256)
    ),
    "llama-3.2-1b": Row(
        "Llama 3.2 1B",
        "meta-llama/Llama-3.2-1B",
        _decoder("llama", 2048, 8192, 16, 32, 8, 128256, head_dim=64, **_TIED),
    ),
    "llama-3.2-3b": Row(
        "Llama 3.2 3B",
        "meta-llama/Llama-3.2-3B",
        _decoder("llama", 3072, 8192, 28, 24, 8, 128256, head_dim=128, **_TIED),
    ),
    "llama-3.3-70b": Row(
        "Llama 3.3 70B",
        "meta-llama/Llama-3.3-70B-Instruct",
        _decoder("llama", 8192, 28672, 80, 64, 8, 128256),
    ),
    "tinyllama-1.1b": Row(
        "TinyLlama 1.1B",
        "TinyLlama/TinyLlama-1.1B-Chat-v1.0",
        _decoder("llama", 2048, 5632, 22, 32, 4, 32000),
    ),
    # Jiang et al. (2023), table 1; Jiang et al. (2024), table 1
    "mistral-7b": Row(
        "Mistral 7B", "mistralai/Mistral-7B-v0.1", _decoder("mistral", 4096, 14336, 32, 32, 8, 32000)
    ),
    "mistral-7b-v0.3": Row(
        "Mistral 7B v0.3", "mistralai/Mistral-7B-v0.3", _decoder("mistral", 4096, 14336, 32, 32, 8, 32768)
    ),
    "mixtral-8x7b": Row(
        "Mixtral 8x7B", "mistralai/Mixtral-8x7B-v0.1", _decoder("mixtral", 4096, 14336, 32, 32, 8, 32000)
    ),
    "mixtral-8x22b": Row(
        "Mixtral 8x22B", "mistralai/Mixtral-8x22B-v0.1", _decoder("mixtral", 6144, 16384, 56, 48, 8, 32000)
    ),
    # Yang et al. (2024), Qwen2.5 Technical Report, table 1
    "qwen2.5-0.5b": Row(
        "Qwen2.5 0.5B", "Qwen/Qwen2.5-0.5B", _decoder("qwen2", 896, 4864, 24, 14, 2, 151936, **_TIED)
    ),
    "qwen2.5-1.5b": Row(
        "Qwen2.5 1.5B", "Qwen/Qwen2.5-1.5B", _decoder("qwen2", 1536, 8960, 28, 12, 2, 151936, **_TIED)
    ),
    "qwen2.5-3b": Row(
        "Qwen2.5 3B", "Qwen/Qwen2.5-3B", _decoder("qwen2", 2048, 11008, 36, 16, 2, 151936, **_TIED)
    ),
    "qwen2.5-7b": Row("Qwen2.5 7B", "Qwen/Qwen2.5-7B", _decoder("qwen2", 3584, 18944, 28, 28, 4, 152064)),
    "qwen2.5-14b": Row("Qwen2.5 14B", "Qwen/Qwen2.5-14B", _decoder("qwen2", 5120, 13824, 48, 40, 8, 152064)),
    "qwen2.5-32b": Row("Qwen2.5 32B", "Qwen/Qwen2.5-32B", _decoder("qwen2", 5120, 27648, 64, 40, 8, 152064)),
    "qwen2.5-72b": Row("Qwen2.5 72B", "Qwen/Qwen2.5-72B", _decoder("qwen2", 8192, 29568, 80, 64, 8, 152064)),
    # Yang et al. (2025), Qwen3 Technical Report, table 1
    "qwen3-0.6b": Row(
        "Qwen3 0.6B", "Qwen/Qwen3-0.6B", _decoder("qwen3", 1024, 3072, 28, 16, 8, 151936, **_TIED)
    ),
    "qwen3-1.7b": Row(
        "Qwen3 1.7B", "Qwen/Qwen3-1.7B", _decoder("qwen3", 2048, 6144, 28, 16, 8, 151936, **_TIED)
    ),
    "qwen3-4b": Row("Qwen3 4B", "Qwen/Qwen3-4B", _decoder("qwen3", 2560, 9728, 36, 32, 8, 151936, **_TIED)),
    "qwen3-8b": Row("Qwen3 8B", "Qwen/Qwen3-8B", _decoder("qwen3", 4096, 12288, 36, 32, 8, 151936)),
    "qwen3-14b": Row("Qwen3 14B", "Qwen/Qwen3-14B", _decoder("qwen3", 5120, 17408, 40, 40, 8, 151936)),
    "qwen3-32b": Row("Qwen3 32B", "Qwen/Qwen3-32B", _decoder("qwen3", 5120, 25600, 64, 64, 8, 151936)),
    # Mesnard et al. (2024), Gemma, table 1; Riviere et al. (2024), Gemma 2, table 1
    "gemma-2b": Row("Gemma 2B", "google/gemma-2b", _decoder("gemma", 2048, 16384, 18, 8, 1, 256000)),
    "gemma-7b": Row("Gemma 7B", "google/gemma-7b", _decoder("gemma", 3072, 24576, 28, 16, 16, 256000)),
    "gemma-2-2b": Row("Gemma 2 2B", "google/gemma-2-2b", _decoder("gemma2", 2304, 9216, 26, 8, 4, 256000)),
    "gemma-2-9b": Row("Gemma 2 9B", "google/gemma-2-9b", _decoder("gemma2", 3584, 14336, 42, 16, 8, 256000)),
    "gemma-2-27b": Row(
        "Gemma 2 27B", "google/gemma-2-27b", _decoder("gemma2", 4608, 36864, 46, 32, 16, 256000, head_dim=128)
    ),
    # Abdin et al. (2024), section 2
    "phi-3-mini": Row(
        "Phi-3 mini", "microsoft/Phi-3-mini-4k-instruct", _decoder("phi3", 3072, 8192, 32, 32, 32, 32064)
    ),
    "phi-3-small": Row("Phi-3 small", "microsoft/Phi-3-small-8k-instruct", {"model_type": "phi3small"}),
    "phi-3-medium": Row(
        "Phi-3 medium", "microsoft/Phi-3-medium-4k-instruct", _decoder("phi3", 5120, 17920, 40, 40, 10, 32064)
    ),
    # Rombach et al. (2022), appendix E.2.1; Podell et al. (2023), table 1
    "sd-1.5-unet": Row(
        "Stable Diffusion 1.5, U-Net",
        "stable-diffusion-v1-5/stable-diffusion-v1-5",
        {"model_type": "unet", "cross_attention_dim": 768},
    ),
    "sdxl-unet": Row(
        "SDXL, U-Net",
        "stabilityai/stable-diffusion-xl-base-1.0",
        {
            "model_type": "unet",
            "cross_attention_dim": 2048,
            "block_out_channels": [320, 640, 1280],
            "transformer_layers_per_block": [1, 2, 10],
            "use_linear_projection": True,
            "addition_embed_type": "text_time",
            "projection_class_embeddings_input_dim": 2816,
            "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
            "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
        },
    ),
}
