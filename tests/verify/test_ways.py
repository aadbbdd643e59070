"""Words of how data goes, how matrices compare, what an adapter does to the output, and what has one."""

from __future__ import annotations

from typing import Any

import pytest

import lorafig
from lorafig.verify import decide_claim, verify

SIZES = {"d": 1024, "k": 512, "r": 8}
NETWORK = {"adapter": "lora", "network": "llama-2-7b", "targets": ["q_proj", "v_proj"], "r": 8}

# A text, and the verdict of LoRA where d = 1,024 and k = 512
OF_A_LAYER = {
    "The input x is multiplied by A first, then by B.": "holds",
    "The input x is multiplied by B first, then by A.": "fails",
    "B is applied after A.": "holds",
    "A is applied after B.": "fails",
    "The output of A is fed into B.": "holds",
    "The output of W is fed into A.": "fails",
    "The same input x goes to both W and A.": "holds",
    "The same input x goes to both W and B.": "fails",
    "The adapter is applied in parallel with W.": "holds",
    "The adapter is applied in series with W.": "fails",
    "The adapter replaces W.": "fails",
    "A projects the 512-dimensional input down to 8 dimensions.": "holds",
    "A projects the 8-dimensional input up to 512 dimensions.": "fails",
    "B projects it back up to 1024 dimensions.": "holds",
    "B projects it down to 1024 dimensions.": "fails",
    "W and BA have the same shape.": "holds",
    "W and A have the same shape.": "fails",
    "A and B have the same number of parameters.": "fails",
    "W is a square matrix.": "fails",
    "W is taller than wide.": "holds",
    "W and the adapter see the same input.": "holds",
    "No gradients flow into W.": "holds",
    "No gradients flow into A.": "fails",
    "If the adapter is removed, the pretrained model is back.": "holds",
    "Gradients are not computed for W.": "holds",
    "Gradients are computed for W.": "fails",
    "Gradients flow through the pretrained weight into A and B.": "holds",
    "The optimizer keeps states for A and B only.": "holds",
    "The optimizer keeps states for W only.": "fails",
    "At initialization the adapter does not change the output.": "holds",
    "At initialization the adapter changes the output.": "fails",
    "Training starts from the pretrained model.": "holds",
    "Training starts from random weights.": "fails",
    "Removing the adapter gives back the original layer.": "holds",
    "The adapter cannot be removed.": "fails",
    "The adapter cannot be merged.": "fails",
    "Merging increases the inference latency.": "fails",
    "The adapter doubles the size of the model.": "fails",
    "The rank of BA is at least 16.": "fails",
    "The update ΔW = BA has rank at most r.": "holds",
    "The update ΔW = AB has rank at most r.": "ill-typed",
    "W ∈ ℝ^{d×k} is frozen.": "holds",
    "Only the bias is trained.": "fails",
    "The rank sets how many parameters are trained.": "prose",
    "The rank sets how wide the waist between A and B is, and how many parameters are trained.": "prose",
    "The rank sets how many parameters are trained, and W is trained.": "fails",
    "Attention with LoRA": "holds",
    "The adapters are inside the attention; the feed-forward network is frozen.": "prose",
    "LoRA is applied to the MLP layers.": "prose",  # a layer does not say which it is
    "LoRA on q and v": "prose",
    "All other weights are frozen.": "holds",
    "All other weights are trained.": "fails",
    "All weights are frozen.": "fails",
    "DoRA on q and v": "fails",
}
OF_A_NETWORK = {
    "LoRA on q_proj and v_proj trains 4,194,304 parameters.": "holds",
    "LoRA on q_proj and k_proj trains 4,194,304 parameters.": "fails",
    "LoRA is applied to the MLP layers.": "fails",
    "The MLP layers are not adapted.": "holds",
    "The queries and values are adapted.": "holds",
    "The keys and the output projection are adapted.": "fails",
    "All attention projections are adapted.": "fails",
    "Each layer has two adapted projections.": "holds",
    "Each layer has three adapted projections.": "fails",
    "Per layer, LoRA adds 131,072 parameters.": "holds",
    "Per layer, LoRA adds 65,536 parameters.": "fails",
    "32 layers × 2 projections × 65,536 = 4,194,304": "holds",
    "32 layers × 4 projections × 65,536 = 8,388,608": "fails",
    "The embeddings stay frozen.": "holds",
    "The embeddings are trained too.": "fails",
}
# What speaks of other things stays prose, whatever words it shares.
PROSE = (
    "The optimizer is AdamW.",
    "The data set is split first by topic, then by year.",
    "Figure 4 replaces Figure 2.",
    "The keys are on the table.",
    "Removing stop words changes little.",
)


def outcome(text: str, model: dict[str, Any]) -> str:
    figure = {"id": "case", "title": "Case", "model": model, "flow": {"nodes": {"x": {"bar": "x"}}}}
    claims = verify(lorafig.from_data({**figure, "caption": text}).spec, floating=False).claims
    verdicts = [claim.verdict for claim in claims if str(claim.text) == text]
    return verdicts[0] if len(verdicts) == 1 else "prose" if verdicts == [] else str(verdicts)


@pytest.mark.parametrize("text", OF_A_LAYER)
def test_what_is_said_of_a_layer_is_decided(text: str) -> None:
    assert outcome(text, {"adapter": "lora", **SIZES}) == OF_A_LAYER[text]


@pytest.mark.parametrize("text", OF_A_NETWORK)
def test_what_is_said_of_a_network_is_decided_by_its_modules(text: str) -> None:
    assert outcome(text, NETWORK) == OF_A_NETWORK[text]


@pytest.mark.parametrize("text", PROSE)
def test_what_is_said_of_other_things_is_prose(text: str) -> None:
    assert outcome(text, {"adapter": "lora", **SIZES}) == "prose"


@pytest.mark.parametrize(
    ("adapter", "text", "verdict"),
    [
        ("qlora", "The base weights are stored in 4 bits.", "holds"),
        ("qlora", "The base weights are stored in 8 bits.", "fails"),
        ("dora", "The magnitude vector is frozen.", "fails"),
        ("vera", "Only the vectors b and d are trained.", "holds"),
        ("ia3", "The adapter is applied in parallel with W.", "fails"),
    ],
)
def test_other_methods_are_decided_as_they_are(adapter: str, text: str, verdict: str) -> None:
    sizes = {name: size for name, size in SIZES.items() if adapter != "ia3" or name != "r"}
    assert outcome(text, {"adapter": adapter, **sizes}) == verdict


def test_the_modules_of_a_claim_s_network_are_known() -> None:
    said = decide_claim(
        "The keys are adapted.", dims={"r": 8}, network="llama-2-7b", targets=["q_proj", "v_proj"]
    )
    assert said.verdict == "fails"
    assert said.detail is not None
    assert "self_attn.q_proj and self_attn.v_proj" in said.detail
