"""Captions that point: to a panel by its side or letter, to a branch, to a colour."""

# ruff: noqa: E501  (a case is a line of a table)

from __future__ import annotations

import pytest

from lorafig.language.load import loads
from lorafig.verify import verify
from lorafig.verify.figure.places import pieces

LAYER = "[{bar: x}, {split: [{square: W}, {bottleneck: [A, B]}]}, {sum: [Wx, BAx]}, {bar: h}]"
TWO = f"row:\n  - stack: {LAYER}\n  - stack: [{{bar: x}}, {{square: W_m}}, {{bar: h}}]\n"
HEAD = "id: a\ntitle: A figure\nmodel: {d: 256, r: 4, let: ['W_m = W + BA']}\n"


@pytest.mark.parametrize(
    ("text", "many", "parts"),
    [
        ("Left: before. Right: after.", 2, [(0, "before"), (1, "after")]),
        ("(a) Training, and (b) merging", 2, [(0, "Training"), (1, "merging")]),
        ("Before (left) and after (right) merging", 2, [(0, "Before"), (1, "after"), (None, "merging")]),
        ("Two states. (a) Training. (b) Merged.", 2, [(None, "Two states"), (0, "Training"), (1, "Merged")]),
        ("On the left, W alone. In the middle, W and BA. On the right, W'.", 3,
         [(0, "W alone"), (1, "W and BA"), (2, "W'")]),
        ("Training (a), merging (b).", 2, [(0, "Training"), (1, "merging")]),
        ("Comparison of (a) LoRA and (b) DoRA", 2, [(None, "Comparison of"), (0, "LoRA"), (1, "DoRA")]),
        ("(a) one (b) two (c) three", 2, [(None, "(a) one (b) two (c) three")]),  # there is no third panel
        ("Middle: which one?", 2, [(None, "Middle: which one?")]),
        ("Left: alone", 1, [(None, "Left: alone")]),
        ("What is left of W", 2, [(None, "What is left of W")]),
        ("after Hu et al. (2021)", 2, [(None, "after Hu et al. (2021)")]),
    ],
)  # fmt: skip
def test_a_caption_is_taken_apart_by_the_panels_that_it_names(
    text: str, many: int, parts: list[tuple[int | None, str]]
) -> None:
    assert [(place, part.rstrip(".")) for place, part in pieces(text, many)] == parts


def told(spec: str, caption: str) -> list[str]:
    report = verify(loads(f"{HEAD}{spec}\ncaption: '{caption}'\n"), floating=False)
    return [f"{claim.text}: {claim.detail}" for claim in report.claims if not claim.stands]


@pytest.mark.parametrize(
    ("spec", "true", "false", "says"),
    [
        (TWO, "Left: during training. Right: after merging.", "Left: after merging. Right: during training.",
         "after merging.: what stands there is an adapter beside the weight"),
        (TWO, "(a) During training. (b) Merged weights.", "(a) Merged weights. (b) During training.",
         "Merged weights.: what stands there is adapter and base and branches and latency and model and update"),
        (f"stack: {LAYER}", "The left branch is frozen.", "The right branch is frozen.",
         "The right branch is frozen.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"stack: {LAYER}", "The weights on the right are trained jointly.", "Neither matrix on the right is trained.",
         "Neither matrix on the right is trained.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"stack: {LAYER}", "The branch on the right is trained, the branch on the left is frozen.", "Both branches are trained.",
         "Both branches are trained.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"stack: {LAYER}", "Neither matrix on the right is frozen.", "Neither branch is frozen.",
         "Neither branch is frozen.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"stack: {LAYER}", "Blue is frozen, orange is trained.", "Orange is frozen, blue is trained.",
         "Orange is frozen, blue is trained.: orange is for what is trained, blue is for what is frozen"),
        (f"stack: {LAYER}", "Pretrained weights (blue) and adapter (orange).", "Pretrained weights (orange).",
         "Pretrained weights (orange).: orange is for what is trained"),
        (f"stack: {LAYER}", "The blue W is frozen, the orange A and B are trained.", "The blue W is trained, the orange A and B are trained.",
         "The blue W is trained, the orange A and B are trained.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"stack: {LAYER}", "The snowflake marks W, the flame A and B.", "The flame marks W.",
         "The flame marks W.: flame is for what is trained"),
        (f"stack: {LAYER}", "The left box is frozen, the right trapezoids are trained.", "Here, the left box is trained.",
         "the left box is trained.: three steps of gradient descent in the core move A and B and nothing else"),
        (f"theme: okabe-ito\nstack: {LAYER}", "The blue weights are frozen.", "The green weights are frozen.",
         "The green weights are frozen.: it is drawn in blue and in orange"),
    ],
)  # fmt: skip
def test_what_a_caption_points_to_is_as_it_says(spec: str, true: str, false: str, says: str) -> None:
    assert told(spec, true) == []
    assert says in told(spec, false)


def test_colours_of_the_authors_own_are_not_known() -> None:
    spec = """flow:
  nodes: {x: {bar: x}, W: {box: W, class: c}}
  edges: [x -> W]
  classes: {c: {fill: '#cfe2ff', stroke: '#0d6efd'}}"""
    for caption in ("Orange is frozen.", "Blue is trained."):
        assert not any(" is for what is " in detail for detail in told(spec, caption))
