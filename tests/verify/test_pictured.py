"""What a caption says of the picture, what panels say in contrast, and where the lines of words lead."""

from __future__ import annotations

from typing import Any

import pytest

from lorafig.language import from_data
from lorafig.verify import verify

LAYER = {
    "model": {"d": 256, "r": 4},
    "stack": [
        {"bar": "x"},
        {"split": [{"square": "W"}, {"bottleneck": ["A", "B"]}]},
        {"sum": ["Wx", "BAx"]},
        {"bar": "h"},
    ],
}
MERGED = {
    "model": {"d": 256, "r": 4, "let": ["W_m = W + BA"]},
    "row": [
        {"panel": "During training", "stack": LAYER["stack"]},
        {"panel": "After merging", "stack": [{"bar": "x"}, {"square": "W_m"}, {"bar": "h"}]},
    ],
}
UPDATE = {"model": {"d": 256, "r": 4}, "stack": [{"bar": "x"}, {"bottleneck": ["A", "B"]}, {"bar": "BAx"}]}


def told(figure: dict[str, Any], **more: Any) -> str:
    return verify(from_data({"id": "seen", "title": "A figure", **figure, **more}), floating=False).verdict


CAPTIONS = [
    (LAYER, "Drawn to scale.", "fails"),
    ({**LAYER, "proportion": "linear"}, "Drawn to scale.", "holds"),
    ({**LAYER, "proportion": "linear"}, "Not to scale.", "fails"),
    (LAYER, "Read it from top to bottom.", "fails"),
    (LAYER, "The output is at the bottom.", "fails"),
    (LAYER, "The input is at the bottom, the output at the top.", "holds"),
    (LAYER, "The two results are concatenated.", "fails"),
    (LAYER, "W and A read a different input.", "fails"),
    (LAYER, "Both branches get different inputs.", "fails"),
    (LAYER, "The circle multiplies what both branches give.", "fails"),
    (LAYER, "The adapter sees the input of the frozen layer.", "holds"),
    (LAYER, "B takes the output of A.", "holds"),
    (LAYER, "A takes the output of B.", "fails"),
    (LAYER, "h is computed from W alone.", "fails"),
    (LAYER, "Without the left branch, this is the pretrained layer.", "fails"),
    (LAYER, "The orange square is trained.", "fails"),
    (MERGED, "Fine-tuning changes the orange square only.", "fails"),
    (MERGED, "Fine-tuning changes the blue square only.", "fails"),
    (MERGED, "Fine-tuning changes the orange trapezoids only.", "holds"),
    (MERGED, "The blue square is frozen.", "holds"),
    (LAYER, "The square is frozen, the trapezoids are trained.", "holds"),
    (LAYER, "All of the three matrices are trained.", "fails"),
    (LAYER, "The wide branch is trained.", "fails"),
    (LAYER, "The branches run one after the other.", "fails"),
    (LAYER, "The branches are trained.", "fails"),
    (LAYER, "Only the left branch is trained.", "fails"),
    (LAYER, "Only the right branch is trained.", "holds"),
    (LAYER, "Square: frozen. Trapezoids: trainable.", "holds"),
    (LAYER, "Square: trainable. Trapezoids: frozen.", "fails"),
    (LAYER, "Gradients flow to the orange trapezoids only.", "holds"),
    (LAYER, "Gradients reach the blue square only.", "undetermined"),
    (LAYER, "The left branch has 65,536 parameters, the right branch has 2,048.", "holds"),
    (LAYER, "The right branch has 65,536 parameters, the left branch has 2,048.", "fails"),
    (LAYER, "Flames mark trained weights, snowflakes frozen ones.", "holds"),
    (LAYER, "Flames mark frozen weights.", "fails"),
    (LAYER, "The lower trapezoid starts at random, the upper trapezoid starts at zero.", "holds"),
    (LAYER, "The upper trapezoid A starts at random.", "fails"),
    (LAYER, "Neither of the trapezoids is frozen.", "holds"),
    (LAYER, "Neither of the trapezoids is trained.", "fails"),
    (LAYER, "The two branches run one after the other.", "fails"),
    (UPDATE, "The trapezoids meet at the wide end.", "fails"),
    (UPDATE, "The wide end of B faces the output.", "holds"),
    (UPDATE, "The wide end of B faces A.", "fails"),
    (UPDATE, "The upper trapezoid is A.", "fails"),
    (UPDATE, "The first trapezoid is A.", "holds"),
    (UPDATE, "The scale of the update is not told.", "holds"),  # prose
]


@pytest.mark.parametrize(("figure", "caption", "verdict"), CAPTIONS, ids=[case[1] for case in CAPTIONS])
def test_a_caption_about_the_picture(figure: dict[str, Any], caption: str, verdict: str) -> None:
    assert told(figure, caption=caption) == verdict


def test_what_nothing_is_known_of_is_prose() -> None:
    """A figure without a scale, or that does not flow one way, is not refused for such words."""
    one = {"model": {"d": 256, "r": 4}, "flow": {"nodes": {"x": {"bar": "x"}}, "edges": []}}
    assert told(one, caption="Read it from bottom to top.") == "holds"
    assert told(UPDATE, caption="The two results are multiplied.") == "holds"
    assert told(UPDATE, caption="W and A read a different input.") == "holds"


def panels(first: str, second: str, **more: Any) -> dict[str, Any]:
    stack = UPDATE["stack"]
    row = [{"panel": first, "stack": stack}, {"panel": second, "stack": stack, "model": {"r": 64}}]
    return {"model": {"d": 256, "r": 4}, "row": row, **more}


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (("Small rank", "Large rank"), ("Large rank", "Small rank")),
        (("Rank: low", "Rank: high"), ("Rank: high", "Rank: low")),
        (("Fewer parameters", "More parameters"), ("More parameters", "Fewer parameters")),
        (("Cheap to train", "Expensive to train"), ("Expensive to train", "Cheap to train")),
        (("A thin adapter", "A wide adapter"), ("A wide adapter", "A thin adapter")),
    ],
)
def test_titles_in_contrast(true: tuple[str, str], false: tuple[str, str]) -> None:
    assert (told(panels(*true)), told(panels(*false))) == ("holds", "fails")


@pytest.mark.parametrize(
    ("caption", "verdict"),
    [
        ("From left to right the rank grows.", "holds"),
        ("From right to left the rank grows.", "fails"),
        ("The adapter on the left has more parameters.", "fails"),
        ("The right adapter is 16 times as large as the left one.", "holds"),
        ("The right adapter is 4 times as large as the left one.", "fails"),
        ("More parameters are trained on the right.", "holds"),
        ("The rank falls from left to right.", "fails"),
        ("The right adapter has sixteen times the rank of the left one.", "holds"),
        ("The right adapter has twice the parameters of the left one.", "fails"),
    ],
)
def test_captions_that_compare_panels(caption: str, verdict: str) -> None:
    assert told(panels("r = 4", "r = 64"), caption=caption) == verdict


def test_titles_that_count() -> None:
    assert told(panels("r = 4", "r = 64"), title="Two ranks") == "holds"
    assert told(panels("r = 4", "r = 64"), title="Three ranks") == "fails"
    assert told(UPDATE, title="Three ranks") == "holds"  # prose, beside one panel


def flow(edges: list[Any], adapter: str = "lora", **nodes: str) -> dict[str, Any]:
    drawn = {name: {"diamond" if "?" in words else "rounded": [words]} for name, words in nodes.items()}
    return {"model": {"adapter": adapter, "d": 256, "r": 4}, "flow": {"nodes": drawn, "edges": edges}}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Step 1: load", "Step 2: train"),
        ("1. Load the model", "2. Insert A and B"),
        ("Add A and B to the model", "Train A and B"),
        ("Freeze W", "Train A and B"),
        ("Set B to zero", "Train A and B"),
        ("Merge BA into W", "Serve the merged model"),
        ("Load the base model", "Attach the adapter"),
        ("Train the adapter", "Publish the adapter"),
    ],
)
def test_the_order_of_words(first: str, second: str) -> None:
    assert told(flow(["a -> b"], a=first, b=second)) == "holds"
    assert told(flow(["a -> b"], a=second, b=first)) == "fails"


def test_what_may_be_quantised_after_training() -> None:
    words = {"a": "Train A and B", "b": "Quantize the base model"}
    assert told(flow(["a -> b"], **words)) == "holds"
    assert told(flow(["a -> b"], "qlora", **words), title="QLoRA") == "fails"


@pytest.mark.parametrize(
    ("asked", "yes", "no"),
    [
        ("Is the adapter merged?", "No extra latency", "Extra multiplications"),
        ("Does the 16-bit model fit in memory?", "LoRA", "QLoRA"),
        ("Less than 24 GB of GPU memory?", "QLoRA", "LoRA in bf16"),
        ("Many tasks at once?", "Keep the adapters apart", "Merge the adapter into W"),
        ("Is the weight frozen?", "No gradient", "Update it"),
    ],
)
def test_the_lines_of_a_question(asked: str, yes: str, no: str) -> None:
    def drawn(first: str, second: str) -> str:
        edges = [{"edge": "q -> a", "text": first}, {"edge": "q -> b", "text": second}]
        return told(flow(edges, q=asked, a=yes, b=no))

    assert (drawn("yes", "no"), drawn("no", "yes"), drawn("maybe", "no")) == ("holds", "fails", "holds")


def test_a_question_of_another_kind_is_left_alone() -> None:
    edges = [{"edge": "q -> a", "text": "yes"}, {"edge": "q -> b", "text": "no"}]
    assert told(flow(edges, q="Is it raining?", a="Take an umbrella", b="Merge the adapter")) == "holds"


@pytest.mark.parametrize(
    ("tail", "head", "verdict"),
    [
        ("LoRA weights", "Adapter file", "holds"),
        ("Base model", "Adapter file", "fails"),
        ("Base model and adapter", "Adapter file", "holds"),
        ("Quantize to NF4", "Base weights", "holds"),
        ("Quantize to NF4", "LoRA weights", "fails"),
        ("Quantize to NF4", "Train the adapters", "holds"),
    ],
)
def test_where_a_line_of_words_leads(tail: str, head: str, verdict: str) -> None:
    assert told(flow(["a -> b"], "qlora", a=tail, b=head), title="QLoRA") == verdict
