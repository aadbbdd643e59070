"""Pipelines as figures: what a node does is run in the order of the arrows, and what cannot be is told."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.graph.lower import lower
from lorafig.language import FlowNode, Panel, loads
from lorafig.verify import verify
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure import steps as pipeline
from lorafig.verify.figure.collector import Collector
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.report import Claim

NODES = {
    "base": "{rounded: [Load the pretrained model, freeze its weights], does: [load, freeze]}",
    "inject": "{rounded: [Replace the projections], does: {inject: [q, k, v, o]}}",
    "layer": r"{rounded: [LoRA layer], math: 'W(x) + \mathrm{scale} \cdot B(A(x))', does: forward}",
    "train": "{rounded: [Train A and B only], does: train}",
    "save": "{rounded: [Save the adapter], does: save}",
    "apart": "{rounded: [Keep the adapter apart], does: load_adapter}",
    "merged": "{rounded: [Merge for inference], does: merge}",
    "back": "{rounded: [Take it apart again], does: unmerge}",
    "use": "{stadium: [Inference], does: forward}",
    "data": "{box: [A data set]}",
    "file": "{box: [A file]}",
    "choice": "{diamond: [Which one?]}",
}
PLAIN = "{rounded: [LoRA layer], does: forward}"  # claims its step alone
SEED = "base -> inject -> layer -> train -> save -> apart, merged"
MODEL = "{adapter: lora, d: 16, r: 2, alpha: 4}"


def spec(edges: str | list[str], model: str = MODEL, **more: str) -> str:
    lines = ["lorafig: 1", "id: steps", "title: Steps", f"model: {model}", "flow:", "  nodes:"]
    chains = [edges] if isinstance(edges, str) else edges
    named = " ".join(chains).replace(",", " ").split()
    known = {**NODES, **more}
    lines += [f"    {name}: {text}" for name, text in known.items() if name in named or name in more]
    if any(chains):
        lines.append("  edges: [" + ", ".join(f"'{chain}'" for chain in chains if chain) + "]")
    return "\n".join(lines) + "\n"


def claims(text: str) -> list[Claim]:
    figure = loads(text, "steps.yaml")
    assert figure.flow is not None
    collector = Collector(Judge(of_figure(figure), "steps", "nearest", None))
    pipeline.run(lower(Panel(flow=figure.flow)), figure, collector)
    return collector.claims


def false(edges: str | list[str], **more: str) -> str:
    """The one claim that fails: what is written there, why, and what to do."""
    found = [claim for claim in claims(spec(edges, **more)) if claim.verdict != "holds"]
    assert len(found) == 1, found
    assert found[0].verdict == "fails"
    return f"{found[0].text}: {found[0].detail}" + ("" if found[0].hint is None else f"\n{found[0].hint}")


def all_hold(edges: str | list[str], **more: str) -> list[Claim]:
    found = claims(spec(edges, **more))
    assert [claim.verdict for claim in found] == ["holds"] * len(found), found
    return found


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_the_seed_holds_with_every_method(adapter: str) -> None:
    model = f"{{adapter: {adapter}, d: 768, k: 512, r: 8, alpha: 16}}"
    found = claims(spec(f"{SEED} -> use", model, layer=PLAIN))
    assert [(claim.text, claim.kind, claim.verdict) for claim in found] == [
        ("Load the pretrained model freeze its weights", "diagram", "holds"),
        ("Load the pretrained model freeze its weights", "diagram", "holds"),
        ("Replace the projections", "diagram", "holds"),
        ("LoRA layer", "diagram", "holds"),
        ("Train A and B only", "diagram", "holds"),
        ("Save the adapter", "diagram", "holds"),
        ("Keep the adapter apart", "diagram", "holds"),
        ("Merge for inference", "diagram", "holds"),
        ("Inference", "diagram", "holds"),
    ]
    lines = [claim.where.line for claim in found if claim.where is not None]
    assert lines == [7, 7, 8, 9, 10, 11, 12, 13, 14]
    assert {claim.where.file for claim in found if claim.where is not None} == {"steps.yaml"}
    merged, use = found[-2:]
    for one in (merged, use):
        assert one.residual is not None
        assert one.bound is not None
        assert 0 < one.residual <= one.bound < 1e-9
    assert use.detail == "the 2 paths that reach it give the same output, up to rounding"


def test_a_flow_without_steps_claims_nothing_here() -> None:
    assert claims(spec("data -> file -> choice")) == []


def test_taking_dora_apart_again_is_a_false_figure() -> None:
    path = "base -> inject -> train -> merged -> back"
    assert all_hold(path)[-1].detail == "the weights of q, k, v and o are back, up to rounding"
    found = claims(spec(path, "{adapter: dora, d: 16, r: 2}"))
    assert [claim.verdict for claim in found] == ["holds"] * 5 + ["fails"]
    assert found[-1].text == "Take it apart again"
    assert found[-1].detail == (
        "unmerge cannot give W back: merging divides by the norms of its columns and does not keep them"
    )


# Orders ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (
            "base -> merged -> inject -> train",
            "Merge for inference: merge has nothing to merge: no adapter was injected before it\n"
            "put adapters beside projections before: does: {inject: [q, v]}",
        ),
        (
            "base -> inject -> train -> apart",
            "Keep the adapter apart: load_adapter has no file to load: no adapter was saved before it\n"
            "save it before: does: save",
        ),
        (
            "base -> inject -> train -> merged -> save",
            "Save the adapter: save has no adapter to save: the adapters were merged into the weights "
            "before it\n"
            "save the adapter before merging it",
        ),
        (
            "base -> inject -> save -> train -> merged",
            "Save the adapter: save saves the adapter as it was drawn: it is trained after that and not "
            "saved again\nsave after training",
        ),
        (
            "inject -> train -> save",
            "Replace the projections: inject has nothing to put an adapter beside: no model was loaded "
            "before it\n"
            "load one first: does: load",
        ),
    ],
)
def test_an_impossible_order_is_a_false_figure(edges: str, message: str) -> None:
    assert false(edges) == message


def test_the_order_within_a_node_counts() -> None:
    odd = "{rounded: [Freeze and load], does: [freeze, load]}"
    assert false("odd -> inject", odd=odd) == (
        "Freeze and load: freeze has nothing to freeze: no model was loaded before it\n"
        "load one first: does: load"
    )
    twice = "{rounded: [Replace], does: [{inject: [q]}, {inject: [v, q]}]}"
    assert false("base -> twice", twice=twice) == (
        "Replace: inject puts a second adapter beside q\nname each projection once"
    )


def test_an_untrained_adapter_may_be_saved_where_it_is_saved_again_or_never_trained() -> None:
    assert all_hold("base -> inject -> save -> apart")[3].detail is not None
    again = "{rounded: [Save it again], does: save}"
    all_hold("base -> inject -> save -> train -> again -> apart", again=again)
    all_hold("base -> inject -> train -> save -> more", more="{rounded: [Train on], does: train}")


def test_what_comes_after_a_false_step_is_not_claimed() -> None:
    found = claims(spec("base -> train -> save -> apart, merged -> use"))
    assert [(claim.text, claim.verdict) for claim in found] == [
        ("Load the pretrained model freeze its weights", "holds"),
        ("Load the pretrained model freeze its weights", "holds"),
        ("Train A and B only", "fails"),
    ]


def test_claims_are_in_the_order_of_the_spec() -> None:
    text = spec(SEED, layer=PLAIN)
    nodes = [line for line in text.splitlines() if line.startswith("    ")]
    turned = text
    for line, other in zip(nodes, reversed(nodes), strict=True):
        turned = turned.replace(line, f"<{other.strip()}>", 1)
    turned = turned.replace("<", "    ").replace(">\n", "\n")
    found = claims(turned)
    assert [claim.text for claim in found] == [claim.text for claim in reversed(claims(text))]
    assert all(claim.verdict == "holds" for claim in found)


def test_the_expression_on_a_step_that_runs_the_layer_is_what_the_layer_gives() -> None:
    def told(math: str, path: str = "base -> inject -> layer", model: str = MODEL) -> str:
        layer = f"{{rounded: [LoRA layer], math: '{math}', does: forward}}"
        said = [claim for claim in claims(spec(path, model, layer=layer)) if claim.text == math]
        assert len(said) == 1
        return said[0].verdict

    for true in (r"W(x) + \mathrm{scale} \cdot B(A(x))", "Wx + 2BAx", r"(W + \frac{\alpha}{r} BA)x"):
        assert told(true) == "holds"
        assert told(true, "base -> inject -> train -> merged -> layer") == "holds"
        assert told(true, "base -> layer") == "fails"
        assert told(true, model="{adapter: dora, d: 16, r: 2, alpha: 4}") == "fails"
    for false in ("Wx - 2BAx", "Wx + BAx", "Wx", "2BAx", "Wh + 2BAx", "x"):
        assert told(false) in ("fails", "ill-typed"), false
    assert told("Wx", "base -> layer") == "holds"


@pytest.mark.parametrize(
    ("badge", "does", "detail"),
    [
        ("frozen", "[load, freeze]", None),
        ("trainable", "{inject: [q]}", None),
        ("trainable", "[load, freeze, {inject: [q]}]", None),
        (
            "trainable",
            "[load, freeze]",
            "its step freezes the weights, and puts nothing beside them that is trained",
        ),
        ("frozen", "train", "its step trains: what it moves is not frozen"),
        ("lock", "[train, save]", "its step trains: what it moves is not frozen"),
    ],
)
def test_a_badge_is_held_to_the_steps_of_its_node(badge: str, does: str, detail: str | None) -> None:
    node = f"{{rounded: [A step], badge: {badge}, does: {does}}}"
    figure = loads(spec("", one=node), "steps.yaml")
    found = [claim for claim in verify(figure).claims if claim.kind == "property"]
    assert [(one.verdict, one.detail) for one in found if one.verdict != "holds"] == (
        [] if detail is None else [("fails", detail)]
    )


# Forks and joins ----------------------------------------------------------------------------------------


def test_a_fork_runs_each_branch_from_the_same_place() -> None:
    """Merging in one branch merges nothing in the other."""
    also = "{rounded: [Merge here too], does: merge}"
    all_hold(["base -> inject -> train -> merged", "train -> also"], also=also)
    all_hold(["base -> inject -> train -> save -> merged", "save -> apart -> also"], also=also)


def test_a_file_of_one_branch_is_not_there_in_another() -> None:
    assert false(["base -> inject -> train -> save", "train -> apart"]) == (
        "Keep the adapter apart: load_adapter has no file to load: no adapter was saved before it\n"
        "save it before: does: save"
    )


def test_paths_that_meet_must_bring_the_same() -> None:
    assert false("base -> inject -> train -> save -> apart, merged -> back") == (
        "Take it apart again: unmerge is reached by paths that do not bring the same: "
        "'Keep the adapter apart' brings adapters beside q, k, v, o, trained and saved, "
        "'Merge for inference' brings the merged weights\n"
        "give each branch a step of its own, or join them before what tells them apart"
    )
    left, right = ("{rounded: [" + side + "], does: train}" for side in ("Left", "Right"))
    all_hold("base -> inject -> left, right -> merged", left=left, right=right)
    right = "{rounded: [Right], does: [train, train]}"
    assert false("base -> inject -> left, right -> merged", left=left, right=right).startswith(
        "Merge for inference: merge is reached by paths that do not bring the same: 'Left' brings "
    )


def test_inference_is_reached_by_paths_that_give_the_same_output() -> None:
    all_hold(f"{SEED} -> choice -> use")
    right = "{rounded: [Train on], does: train}"
    message = false("base -> inject -> train -> right, merged -> use", right=right)
    assert message.startswith(
        "Inference: forward is reached by paths that do not bring the same: 'Merge for inference' brings the "
        "merged weights, 'Train on' brings adapters beside q, k, v, o, trained\n"
    )


def test_nodes_without_steps_are_passed_through_and_bring_nothing() -> None:
    all_hold(["base -> choice -> inject -> file -> train", "data -> train", "data -> choice"])


def test_an_arrow_past_a_step_takes_nothing_back() -> None:
    """It says only what comes before: what it brings has come with the longer way."""
    all_hold([SEED, "base -> layer", "base -> merged", "inject -> save"])


def test_a_model_of_one_path_and_a_file_of_another_are_put_together() -> None:
    again = "{rounded: [Load the model again], does: [load, freeze]}"
    all_hold(["base -> inject -> train -> save -> apart", "again -> apart -> use"], again=again)
    message = false(["base -> inject -> train -> save -> merged", "again -> merged"], again=again)
    assert message.startswith("Merge for inference: merge is reached by paths that do not bring the same: ")


def test_two_models_loaded_are_one_where_they_meet() -> None:
    again = "{rounded: [The same model], does: [load, freeze]}"
    all_hold(["base -> inject", "again -> inject -> train"], again=again)
    bare = "{rounded: [The same model], does: load}"
    assert "do not bring the same" in false(["base -> inject", "bare -> inject -> train"], bare=bare)


def test_a_line_without_arrowheads_gives_no_order() -> None:
    assert false("base -> inject -- train") == (
        "Train A and B only: train has nothing to train: no model was loaded before it\n"
        "a line without arrowheads (--) gives no order: draw an arrow (->)"
    )


# Circles ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ("base -> inject -> train -> train", "'Train A and B only' → 'Train A and B only'"),
        (
            "base -> inject -> train -> choice -> inject",
            "'Replace the projections' → 'Train A and B only' → 'Replace the projections'",
        ),
        (
            "base -> inject <-> train",
            "'Replace the projections' → 'Train A and B only' → 'Replace the projections'",
        ),
    ],
)
def test_a_pipeline_that_runs_in_a_circle_is_false(edges: str, circle: str) -> None:
    assert false(edges).partition(": ")[2] == (
        f"the pipeline runs in a circle: {circle}\na step is done once; leave out the arrow that leads back"
    )


def test_a_circle_of_nodes_without_steps_is_none_of_steps() -> None:
    all_hold(
        ["base -> inject -> train -> save", "train -> choice -> data -> choice", "file -> file -> train"]
    )


def test_a_long_circle_is_told_in_short() -> None:
    more = {f"n{i}": f"{{rounded: [Train {i}], does: train}}" for i in range(50)}
    chain = " -> ".join([*more, "n0"])
    message = false(chain, **more)
    assert "'Train 7' → …" in message
    assert len(message) < 400


# What is written on a node, and what is not as usual ----------------------------------------------------


def test_the_text_is_what_is_written_on_the_node() -> None:
    def said(**shape: Any) -> str:
        return pipeline.words(FlowNode(name="n", **shape))

    assert said(rounded=("Load the model,", "freeze it")) == "Load the model, freeze it"
    assert said(box="W", text=("Merged", "weights")) == "Merged weights W"
    assert said(bottleneck=("A", "B")) == "A B"
    assert said(bar="x") == said(circle="x") == said(stadium="x") == said(diamond="x") == "x"


def test_what_cannot_be_decided_can_be_excused() -> None:
    model = "{adapter: lora, d: 16, r: 2, alpha: 1.0e+300}"
    train = "{rounded: [Train], does: train, unverified: alpha is a joke}"
    found = claims(spec("base -> inject -> train", model, train=train))[-1]
    assert (found.verdict, found.detail) == (
        "undetermined",
        "train leaves the range of float64 with alpha = 1e+300",
    )
    assert found.unverified == "alpha is a joke"
    assert found.stands


def test_as_many_steps_as_the_limit_are_run() -> None:
    steps = ", ".join(["forward"] * (pipeline.MAX_STEPS - 2))
    many = f"{{rounded: [Look again], does: [{steps}]}}"
    assert len(all_hold("base -> many", many=many)) == pipeline.MAX_STEPS
    more = f"{{rounded: [Look again], does: [{steps}, forward]}}"
    with pytest.raises(LorafigError) as caught:
        claims(spec("base -> more", more=more))
    assert caught.value.kind == "limit"
    assert str(caught.value) == "steps.yaml:6:3: the pipeline has 1,001 steps\n  hint: 1,000 are run at most"


def test_a_net_of_edges_between_steps_is_cut_short() -> None:
    """Seven thousand edges between nodes without steps, seen from each of a thousand steps."""
    steps = {f"s{i}": "{box: [Step], does: forward}" for i in range(998)}
    layers = [[f"n{layer}x{i}" for i in range(60)] for layer in range(3)]
    chains = [f"{name} -> first" for name in steps] + [f"first -> {', '.join(layers[0])}"]
    for one, two in itertools.pairwise(layers):
        chains += [f"{name} -> {', '.join(two)}" for name in one]
    plain = dict.fromkeys(("first", *itertools.chain(*layers)), "{box: [Plain]}")
    with pytest.raises(LorafigError) as caught:
        claims(spec(chains, **steps, **plain))
    assert caught.value.kind == "limit"
    assert "there are too many ways through the pipeline" in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.permutations(["inject", "train", "save", "apart", "merged"]))
def test_of_all_orders_those_hold_that_can_be(order: list[str]) -> None:
    """Against the rules in words: an adapter is injected before all else, trained before it is saved (where
    it is trained after that, it is saved again), saved before it is loaded, and merged last."""
    place = {name: order.index(name) for name in order}
    possible = (
        place["inject"] == 0
        and place["train"] < place["save"] < place["apart"]
        and place["merged"] == len(order) - 1
    )
    found = claims(spec("base -> " + " -> ".join(order)))
    assert all(claim.verdict in ("holds", "fails") for claim in found)
    assert all(claim.verdict == "holds" for claim in found) == possible, found
