"""What figures and claims say of a whole network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.language import loads
from lorafig.verify import decide_claim, verify

LLAMA = {"network": "llama-2-7b", "targets": ("q_proj", "v_proj"), "dims": {"r": 8}}
GROUPED = {"network": "llama-3-8b", "targets": ("q_proj", "v_proj"), "dims": {"r": 8}}
# Nobody says which weights have an adapter.
BARE = {"network": "llama-2-7b"}
BARE_GROUPED = {"network": "llama-3-8b"}

HOLD = [
    (LLAMA, "4,194,304 of 6,738,415,616 parameters in the model are trained."),
    (LLAMA, "4.2M of the 6.7B parameters in the model"),
    (LLAMA, "4.2M of 6.7B parameters in the base model"),
    (LLAMA, "4.2M of 6.7B parameters of the base model"),
    (LLAMA, "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"),
    (LLAMA, "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.06220594176090199"),
    (LLAMA, "4.2M trainable parameters"),
    (LLAMA, "0.062% of the parameters"),
    (LLAMA, r"1{,}607\times fewer trainable parameters"),
    (LLAMA, r"n_{trained} = 2 \cdot L \cdot r(d + k)"),
    (LLAMA, r"n_{params} + n_{trained} = 6{,}742{,}609{,}920"),
    (LLAMA, r"d_{model} = 4096"),
    (LLAMA, r"W: d_{model} \times d_{model}"),
    (LLAMA, r"4 \times 32 \times 131{,}072 = 16{,}777{,}216"),
    (GROUPED, "3.4M trainable parameters"),
    (GROUPED, r"n_{kv} = \frac{n_{heads}}{4}"),
    (GROUPED, r"n_{adapted} = 2 n_{layers}"),
    ({"network": "gpt3-175b", "targets": ("W_q", "W_v"), "dims": {"r": 8}}, r"n_{trained} = 37.7M"),
    (BARE_GROUPED, "hidden size 4096"),
    (BARE_GROUPED, "The hidden size is 4096."),
    (BARE_GROUPED, "32 attention heads"),
    (BARE_GROUPED, "The model has 8.03B parameters"),
    (BARE_GROUPED, "Llama 3 8B has 8.03 billion parameters."),
    (BARE_GROUPED, "In 16-bit precision, the weights need about 16 GB."),
    (BARE_GROUPED, "the weights take 16.1 GB in bf16"),
    (BARE_GROUPED, "16 GB in fp16"),
    (BARE_GROUPED, "intermediate size 14336"),
    (BARE_GROUPED, "head dimension 128"),
    (BARE_GROUPED, "d_model = 4096"),
    (BARE_GROUPED, "It has 32 layers and 8 KV heads."),
    (BARE_GROUPED, "4-bit weights need about 4 GB"),
    (BARE, "Full fine-tuning of 6.74B parameters"),
    (BARE, "In 16-bit precision, the weights alone need about 13.5 GB."),
    (BARE, "Full fine-tuning trains all 6.7B parameters."),
    (BARE, "The base model has 6.7B frozen parameters."),
]
FAIL = [
    (LLAMA, "4,194,305 of 6,738,415,616 parameters in the model are trained."),
    (LLAMA, "4.2M of the 7.7B parameters in the model"),
    (LLAMA, "4,194,304 of 6,738,415,616 parameters in the base model are trained."),
    (LLAMA, "6.7B of 6.7B parameters of the base model"),
    (LLAMA, "6.7B of 6.7B parameters"),
    (LLAMA, "trainable params: 4,194,304 || all params: 6,738,415,616 || trainable%: 0.0622"),
    (LLAMA, "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0623"),
    (LLAMA, "trainable params: 8,388,608 || all params: 6,746,804,224 || trainable%: 0.1243"),
    (LLAMA, "trainable params: 9 || all params: 3 || trainable%: 300"),
    (LLAMA, "8.4M trainable parameters"),
    (LLAMA, "0.62% of the parameters"),
    (LLAMA, r"2{,}000\times fewer trainable parameters"),
    (LLAMA, r"n_{params} = 7.7B"),
    (GROUPED, "4.2M trainable parameters"),
    (GROUPED, r"n_{kv} = 32"),
    (BARE_GROUPED, "hidden size 2048"),
    (BARE_GROUPED, "64 attention heads"),
    (BARE_GROUPED, "The model has 7.03B parameters"),
    (BARE_GROUPED, "intermediate size 11008"),
    (BARE_GROUPED, "head dimension 64"),
    (BARE_GROUPED, "d_model = 8192"),
    (BARE_GROUPED, "The weights take 8 GB in bf16"),
]


@pytest.mark.parametrize(("known", "text"), HOLD)
def test_what_is_true_of_the_network_holds(known: dict, text: str) -> None:
    assert decide_claim(text, **known).verdict == "holds"


@pytest.mark.parametrize(("known", "text"), FAIL)
def test_what_is_false_of_it_fails(known: dict, text: str) -> None:
    assert decide_claim(text, **known).verdict == "fails"


def test_a_line_without_a_network_is_held_to_itself() -> None:
    line = "trainable params: 4,194,304 || all params: 6,742,609,920 || trainable%: 0.0622"
    assert decide_claim(line).verdict == "holds"
    assert decide_claim(line.replace("0.0622", "0.622")).verdict == "fails"


def test_what_has_no_value_is_not_decided() -> None:
    assert decide_claim("n_{trained} = 4.2M", **{**LLAMA, "dims": {}}).verdict == "undetermined"
    assert decide_claim("L = 12", network="t5-base").verdict == "undetermined"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(networks.names()),
    st.integers(1, 64),
    st.sampled_from(["lora", "dora", "vera"]),
    st.data(),
)
def test_the_line_that_peft_would_print_holds_and_any_other_fails(name, r, adapter, data):
    network = networks.by_name(name)
    assert network is not None
    targets = tuple(data.draw(st.sets(st.sampled_from(network.named()), min_size=1, max_size=3)))
    trained = network.trained(ADAPTERS[adapter], r, targets)
    total = network.parameters + trained

    def verdict(trained: int, total: int) -> str:
        share = f"{100 * trained / total:.4f}"
        line = f"trainable params: {trained:,} || all params: {total:,} || trainable%: {share}"
        known = {"network": name, "targets": targets, "dims": {"r": r}, "adapter": adapter}
        return decide_claim(line, **known).verdict

    assert verdict(trained, total) == "holds"
    off = data.draw(st.integers(1, 1000))
    assert verdict(trained + off, total + off) == "fails"
    assert verdict(trained, total + off) == "fails"


def test_errors() -> None:
    with pytest.raises(LorafigError, match="there is no network 'x'"):
        decide_claim("L = 1", network="x")
    with pytest.raises(LorafigError, match="gpt2 has no module 'q_proj'"):
        decide_claim("L = 1", network="gpt2", targets=("q_proj",))
    with pytest.raises(LorafigError, match="targets of no network"):
        decide_claim("L = 1", targets=("q_proj",))


def test_a_configuration_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps({"model_type": "llama", "num_hidden_layers": 3}))
    assert decide_claim("L = 3", network=str(path)).verdict == "holds"


FIGURE = r"""
id: a
title: LoRA
model: {network: llama-3-8b, targets: [q_proj, v_proj], d: 1024, r: 8}
row: [{equations: ['h = Wx + BAx']}]
caption: '%s'
"""


@pytest.mark.parametrize(
    ("caption", "verdict"),
    [
        (r"$\num[M 3]{n_{trained}}$ trainable parameters", "holds"),
        (r"$n_{trained} = 3.41M$", "holds"),
        (r"$n_{trained} = 4.19M$", "fails"),
        (r"trainable params: 3,407,872 || all params: 8,033,669,120 || trainable%: 0.0424", "holds"),
        (r"trainable params: 3,407,872 || all params: 8,030,261,248 || trainable%: 0.0424", "fails"),
        (r"$\num{L}$ layers of $\num{n_{heads}}$ heads", "holds"),
    ],
)
def test_figures(caption: str, verdict: str) -> None:
    report = verify(loads(FIGURE % caption))
    assert report.verdict == ("holds" if verdict == "holds" else "fails")
    assert [claim.verdict for claim in report.claims if claim.verdict != "holds"] == (
        [] if verdict == "holds" else [verdict]
    )


def test_a_panel_counts_at_its_own_rank() -> None:
    text = r"""
id: a
title: LoRA
model: {network: llama-2-7b, targets: [q_proj, v_proj], r: 8}
row:
- {panel: '$\num{n_{trained}}$ parameters', stack: [bar: x, arrow, square: W, arrow, bar: Wx]}
- {panel: '$n_{trained} = 8{,}388{,}608$', model: {r: 16}, stack: [bar: x, arrow, square: W, arrow, bar: Wx]}
"""
    assert verify(loads(text)).verdict == "holds"


def test_pages_have_the_numbers_of_a_network() -> None:
    from lorafig.draw import draw
    from lorafig.options import Options

    text = FIGURE % r"$\num{n_{trained}}$ parameters" + (
        "controls: {alpha: {min: 8, max: 64}}\n"
        "lesson: {questions: [{ask: How many?, answer: '$\\num{n_{trained}}$', at: {alpha: 32}}]}\n"
    )
    figure = loads(text.replace("r: 8}", "r: 8, alpha: 16}").replace("Wx + BAx", r"Wx + \frac{\alpha}{r}BAx"))
    outputs, report = draw(figure, ("html", "md", "svg"), Options(), "a.yaml")
    assert report.verdict == "holds"
    assert "3{,}407{,}872" in outputs["md"].decode()


@pytest.mark.parametrize("text", ["6.7B trainable parameters", "LoRA trains 6.7B parameters."])
def test_what_is_trained_needs_targets(text: str) -> None:
    claim = decide_claim(text, **BARE)
    assert claim.verdict == "undetermined"
    assert claim.detail == "which weights have an adapter is not said"
    assert claim.hint == "say it: targets, and the rank"


MLP = {"network": "llama-2-7b", "targets": ("gate_proj", "up_proj", "down_proj"), "dims": {"r": 8}}


@pytest.mark.parametrize(("text", "attention", "mlp"), [
    ("Only the attention layers are adapted, the feed-forward network is frozen.", "holds", "fails"),
    ("Only the attention layers are adapted.", "holds", "fails"),
    ("We only adapt the MLP layers.", "fails", "holds"),
])  # fmt: skip
def test_each_part_of_a_sentence_is_held_to_the_targets(text: str, attention: str, mlp: str) -> None:
    assert decide_claim(text, **LLAMA).verdict == attention
    assert decide_claim(text, **MLP).verdict == mlp
