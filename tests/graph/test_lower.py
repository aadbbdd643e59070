"""Stacks and flows become one graph: what each node does, and what leads to it."""

from __future__ import annotations

from lorafig.graph import ops
from lorafig.graph.lower import entries, lower
from lorafig.graph.structure import Graph
from lorafig.language.model import (
    Arrow,
    Bar,
    Bottleneck,
    Edge,
    Equations,
    Figure,
    Flow,
    FlowNode,
    Panel,
    Scale,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)


def stack(*elements: StackElement) -> Graph:
    return lower(Panel(elements))


def ways(graph: Graph) -> list[str]:
    return [f"{edge.tail} > {edge.head}" for edge in graph.edges]


def test_a_stack_with_a_split() -> None:
    graph = stack(
        Bar("x"), Split((Square("W"), (Bottleneck(("A", "B")), Scale("s")))), Sum(("Wx", "BAx")), Bar("h")
    )
    assert {name: node.operation for name, node in graph.nodes.items()} == {
        "0": ops.Input("x"),
        "1.0.0": ops.Apply("W"),
        "1.1.0.0": ops.Apply("A"),
        "1.1.0.1": ops.Apply("B"),
        "1.1.1": ops.Scale("s"),
        "2": ops.Sum(("Wx", "BAx"), 2),
        "3": ops.State("h"),
        "out": ops.Output(),
    }
    assert ways(graph) == [
        "0 > 1.0.0", "0 > 1.1.0.0", "1.1.0.0 > 1.1.0.1", "1.1.0.1 > 1.1.1",
        "1.0.0 > 2", "1.1.1 > 2", "2 > 3", "3 > out",
    ]  # fmt: skip


def test_arrows_are_edges_and_their_labels_stand_on_them() -> None:
    label = Arrow("d")
    graph = stack(Bar("x"), Arrow(), label, Split((Square("W"), Square("W"))), Arrow("h"), Sum("arrows"))
    assert [edge.specs for edge in graph.edges] == [(label,), (label,), (Arrow("h"),), (Arrow("h"),), ()]


def test_what_comes_into_a_stack_without_a_bar() -> None:
    graph = stack(Square("W"))
    assert graph.nodes["in"].operation == ops.Input("x", implied=True)
    assert ways(graph) == ["in > 0", "0 > out"]


def test_branches_that_nothing_adds() -> None:
    split = Split((Square("W"), Trapezoid("A")))
    graph = stack(Bar("x"), split, Bar("h"))
    assert graph.nodes["2 loose"].operation == ops.Loose(2, "h")
    assert ways(graph)[-3:] == ["1.1.0 > 2 loose", "2 loose > 2", "2 > out"]
    assert stack(Bar("x"), split, split).nodes["2 loose"].operation == ops.Loose(2)
    assert stack(Bar("x"), split).nodes["out"].operation == ops.Output(2)
    inner = stack(Bar("x"), Split((split, Square("W"))), Sum("arrows"))
    assert inner.nodes["1.0 loose"].operation == ops.Loose(2, inner=True)
    assert stack(Bar("x"), Sum("arrows")).nodes["1"].operation == ops.Sum((), 0)


def test_a_flow() -> None:
    nodes = (
        FlowNode(name="x", bar="x"),
        FlowNode(name="AB", bottleneck=("A", "B")),
        FlowNode(name="sum", circle=r"\oplus"),
        FlowNode(name="times", circle=r"\odot"),
        FlowNode(name="words", box=("Some", "words")),
    )
    graph = lower(Panel(flow=Flow(nodes, ("x -> AB <-> sum -- times", Edge("AB -> words", math="h")))))
    assert [node.operation for node in graph.nodes.values()] == [
        ops.Act(("x",)),
        ops.Act(("A", "B")),
        ops.Sum(),
        ops.Product("⊙"),
        ops.Words(),
    ]
    assert [(edge.stroke, edge.look) for edge in graph.edges] == [
        ("->", None),
        ("<->", None),
        ("--", None),
        ("->", Edge("AB -> words", math="h")),
    ]
    assert graph.ways() == [("x", "AB"), ("AB", "sum"), ("sum", "AB"), ("AB", "words")]
    assert [edge.head for edge in graph.leaving["AB"]] == ["sum", "words"]


def test_the_entries_of_a_figure_are_lowered_once() -> None:
    figure = Figure("t", "T", row=(Panel((Bar("x"),), "One"), Equations(("h = Wx",)), Panel((Square("W"),))))
    lowered = entries(figure)
    first, equations, second = lowered
    assert isinstance(first, Graph)
    assert isinstance(second, Graph)
    assert first.panel.panel == "One"
    assert equations == Equations(("h = Wx",))
    assert entries(figure) is lowered
    assert [type(entry) for entry in entries(Figure("t", "T", stack=(Bar("x"),)))] == [Graph]
    assert entries(Figure("t", "T")) == ()
