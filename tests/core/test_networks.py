"""Networks against what transformers, diffusers and PEFT say of them, and against published totals."""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.core.network import ALL_LINEAR
from lorafig.core.networks.architectures import decoder
from lorafig.core.networks.table import TABLE
from lorafig.errors import LorafigError
from tests.core.oracle import make_networks

LIVE = os.environ.get("LORAFIG_ORACLE") == "1"
RECORDED = json.loads(make_networks.FIXTURE.read_text())
LORA = ADAPTERS["lora"]

# What the networks' own pages say, to the parameter; those of GPT-3 as Hu et al. (2021), table 4, rounded.
PUBLISHED = {
    "gpt2": 124_439_808,
    "gpt2-xl": 1_557_611_200,
    "bert-base": 109_482_240,
    "roberta-base": 124_645_632,
    "t5-11b": 11_307_321_344,
    "flan-t5-xxl": 11_135_332_352,
    "vit-b-16": 86_567_656,
    "llama-2-7b": 6_738_415_616,
    "llama-2-70b": 68_976_648_192,
    "llama-3-8b": 8_030_261_248,
    "llama-3.1-405b": 405_853_388_800,
    "llama-3.2-1b": 1_235_814_400,
    "mistral-7b": 7_241_732_096,
    "mixtral-8x7b": 46_702_792_704,
    "mixtral-8x22b": 140_620_634_112,
    "qwen2.5-7b": 7_615_616_512,
    "gemma-2-9b": 9_241_705_984,
    "phi-3-mini": 3_821_079_552,
    "phi-3-small": 7_392_272_384,
    "phi-3-medium": 13_960_238_080,
    "sdxl-unet": 2_567_463_684,
}


def _network(name):
    network = networks.by_name(name)
    assert network is not None
    return network


def _targets(name):
    kind = TABLE[name].config["model_type"]
    return make_networks.TARGETS.get(kind, make_networks.DECODER)


def _agree(name, recorded):
    network = _network(name)
    assert network.parameters == recorded["parameters"]
    ours = Counter()
    for module in network.modules:
        if module.part != "other" and "experts" not in module.path and module.path != "block_sparse_moe.gate":
            last = module.also or module.path
            *front, end = last.split(".")
            ours[
                f"{front[-1]}.{end} {module.d} {module.k}"
                if end.isdecimal()
                else f"{end} {module.d} {module.k}"
            ] += module.times
    theirs = Counter(recorded["modules"])
    kind = TABLE[name].config["model_type"]
    if kind == "gpt3":  # queries, keys and values are one weight in the classes of GPT-2
        ours = Counter({key: times for key, times in ours.items() if "W_" not in key})
        theirs = Counter({key: times for key, times in theirs.items() if "c_attn" not in key})
        size = network.sizes["d_model"]
        theirs[f"c_proj {size} {size}"] = 0
    elif kind == "t5":  # the same embedding under three names
        theirs = Counter({key: times for key, times in theirs.items() if "embed_tokens" not in key})
    assert +ours == +theirs
    assert network.trained(LORA, make_networks.R, _targets(name)) == recorded["trained"]


@pytest.mark.parametrize("name", make_networks.known())
def test_a_network_is_that_of_transformers_or_diffusers(name):
    _agree(name, RECORDED["networks"][name])


@pytest.mark.skipif(not LIVE, reason="needs transformers and diffusers: make oracle")
@pytest.mark.parametrize("name", make_networks.known())
def test_and_as_they_are_here_and_now(name):
    _agree(name, make_networks.record(name))


def test_every_network_that_a_library_has_is_recorded():
    assert set(RECORDED["networks"]) == set(make_networks.known())
    assert set(TABLE) - set(make_networks.known()) == {"phi-3-small"}
    assert set(RECORDED["versions"]) == set(make_networks.PACKAGES)


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_the_published_ones(name):
    assert _network(name).parameters == PUBLISHED[name]


def test_what_papers_say_they_train():
    """Hu et al. (2021), tables 4 (4.7M, 37.7M) and 2 (0.3M, 0.8M, 4.7M); Dettmers et al. (2023), appendix
    B.2, beside all linear modules; LLaMA with r = 8 on queries and values, as PEFT prints it."""
    trained = lambda name, r, *targets: _network(name).trained(LORA, r, targets)  # noqa: E731
    assert trained("gpt3-175b", 1, "W_q", "W_v") == 4_718_592
    assert trained("gpt3-175b", 8, "W_q", "W_v") == 37_748_736
    assert trained("gpt3-175b", 2, "W_q", "W_k", "W_v", "W_o") == 18_874_368
    assert trained("roberta-base", 8, "query", "value") == 294_912
    assert trained("roberta-large", 8, "query", "value") == 786_432
    assert trained("deberta-v2-xxlarge", 16, "query_proj", "value_proj") == 4_718_592
    assert trained("llama-2-7b", 8, "q_proj", "v_proj") == 4_194_304
    assert trained("llama-3-8b", 8, "q_proj", "v_proj") == 3_407_872
    assert trained("llama-2-7b", 64, ALL_LINEAR) == 159_907_840


def test_a_network_is_one_row():
    """Every name is in the table alone, and nothing else of lorafig knows it."""
    import pathlib

    root = pathlib.Path(networks.__file__).parents[2]
    for path in root.rglob("*.py"):
        if path.name != "table.py":
            text = path.read_text()
            assert not [
                name for name in ("llama-3.1-405b", "gemma-2-27b", "qwen2.5-14b") if f'"{name}"' in text
            ], path
    assert set(networks.names()) == set(TABLE)


@pytest.mark.parametrize("name", networks.names())
def test_each_name_and_public_id_finds_its_network(name):
    assert _network(name).name == name
    assert _network(name.upper().replace("-", "_")).name == name
    if TABLE[name].hub:
        assert _network(TABLE[name].hub).parameters == _network(name).parameters


def test_unknown_names_are_none():
    assert networks.by_name("llama-9-8b") is None
    assert networks.by_name("") is None
    assert networks.by_name("x" * 10_000) is None


@pytest.mark.parametrize("name", networks.names())
def test_targets_are_what_they_are_named(name):
    network = _network(name)
    for target in network.named():
        assert network.has(target)
        chosen = network.chosen([target])
        assert all(module.part != "other" for module in chosen)
        assert network.adapted([target]) == sum(module.times for module in chosen)
    assert not network.has("no_such_module")
    assert not network.has("")
    assert network.chosen([ALL_LINEAR]) == tuple(one for one in network.modules if one.part == "linear")


def test_grouped_queries_make_shapes_differ():
    network = _network("llama-3-8b")
    assert network.shape(["q_proj"]) == (4096, 4096)
    assert network.shape(["v_proj"]) == (1024, 4096)
    assert network.shape(["v_proj", "q_proj"]) == (4096, 4096)  # the first that is square
    assert network.shape(["k_proj", "v_proj"]) == (1024, 4096)
    assert network.adapted(["q_proj", "v_proj"]) == 64
    assert network.sizes["n_kv"] == 8


def test_a_target_counts_once_however_it_is_named():
    network = _network("t5-base")
    assert network.adapted(["q"]) == network.adapted(["q", "SelfAttention.q"]) == 36
    assert network.adapted(["SelfAttention.q"]) == 24


@given(
    st.sampled_from(sorted(decoder.DEFAULTS)),
    st.integers(1, 64),
    st.integers(1, 8),
    st.integers(1, 8),
    st.integers(1, 300),
    st.integers(1, 300),
    st.booleans(),
)
def test_a_layer_more_is_what_a_layer_has(kind, layers, kv, group, ff, vocabulary, tied):
    """Differences between networks of one architecture: in layers, in the vocabulary, in a tied head."""
    heads = kv * group
    values = {
        "model_type": kind, "hidden_size": 8 * heads, "num_attention_heads": heads, "num_key_value_heads": kv,
        "intermediate_size": ff, "vocab_size": vocabulary, "num_hidden_layers": layers,
        "tie_word_embeddings": tied, "num_local_experts": 4, "head_dim": 8,
    }  # fmt: skip
    count = lambda **more: networks.of_config({**values, **more}, "x").parameters  # noqa: E731
    one = count()
    assert count(num_hidden_layers=layers + 2) - one == 2 * (count(num_hidden_layers=layers + 1) - one)
    assert count(vocab_size=vocabulary + 1) - one == 8 * heads * (1 if tied else 2)
    assert count(tie_word_embeddings=False) - count(tie_word_embeddings=True) == 8 * heads * vocabulary


WHOLE = "expected a whole number from 1 to"
ERRORS = [  # a hint follows a bar
    ([], "c.json is not the configuration of a network | it is an object"),
    (
        {"text_config": {}},
        "c.json is of a network made of several | give its text_config as a file of its own",
    ),
    ({"model_type": "llama", "hidden_size": "4096"}, f"c.json: hidden_size is '4096' | {WHOLE} 2^40"),
    ({"model_type": "llama", "hidden_size": True}, f"c.json: hidden_size is True | {WHOLE} 2^40"),
    (
        {"model_type": "llama", "num_hidden_layers": 10**6},
        f"c.json: num_hidden_layers is 1000000 | {WHOLE} 100,000",
    ),
    (
        {"model_type": "llama", "hidden_size": 100},
        "c.json: hidden_size is 100 | expected a multiple of num_attention_heads, 32",
    ),
    (
        {"model_type": "llama", "num_key_value_heads": 5},
        "c.json: num_attention_heads is 32 | expected a multiple of num_key_value_heads, 5",
    ),
    (
        {"model_type": "llama", "tie_word_embeddings": 1},
        "c.json: tie_word_embeddings is 1 | expected true or false",
    ),
    ({"model_type": "t5", "feed_forward_proj": 3}, "c.json: feed_forward_proj is 3 | expected a word"),
    (
        {"model_type": "unet", "down_block_types": ["Other"]},
        "c.json: down_block_types is ['Other'] | expected a list of DownBlock2D and CrossAttnDownBlock2D",
    ),
    (
        {"model_type": "unet", "addition_embed_type": "image"},
        "c.json: addition_embed_type is 'image' | expected text_time, or none",
    ),
    (
        {"model_type": "unet", "block_out_channels": [1, 2]},
        "c.json: block_out_channels is [1, 2] | expected 4 whole numbers",
    ),
]


@pytest.mark.parametrize(("values", "said"), ERRORS)
def test_what_is_wrong_in_a_configuration(values, said):
    with pytest.raises(LorafigError) as caught:
        networks.of_config(values, "c.json")
    assert str(caught.value).replace("\n  hint:", " |") == said


def test_an_unknown_architecture_names_those_that_are_known():
    known = ", ".join(networks.ARCHITECTURES)
    for values, said in (({}, "no model_type"), ({"model_type": "mamba"}, "the model_type 'mamba'")):
        with pytest.raises(LorafigError) as caught:
            networks.of_config(values, "c.json")
        assert str(caught.value) == f"c.json has {said}, whose formula is not known\n  hint: known: {known}"


@pytest.mark.skipif(not LIVE, reason="needs transformers: make oracle")
@pytest.mark.parametrize(
    "kind", [kind for kind in networks.ARCHITECTURES if kind not in ("gpt3", "phi3small", "unet")]
)
def test_what_a_configuration_leaves_out_is_as_its_class_has_it(kind):
    for more in make_networks.VARIANTS.get(kind, ({},)):
        theirs = make_networks.count(make_networks.made(kind, more))
        assert networks.of_config({"model_type": kind, **more}, kind).parameters == theirs["parameters"]
