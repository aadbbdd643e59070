"""The order of a graph: layers, an order to tell it in, the edges that lead back, circles, steps."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lorafig.graph import order
from lorafig.graph.lower import lower
from lorafig.graph.order import Telling, telling
from lorafig.language.model import Edge, Flow, FlowNode, Panel


def drawn_as(names: str | list[str], *edges: str | Edge) -> Telling:
    nodes = tuple(FlowNode(name=name, box=(name,)) for name in names)
    return telling(lower(Panel(flow=Flow(nodes, edges))))


def test_layers_are_the_longest_way() -> None:
    drawn = drawn_as(["x", "W", "A", "r", "B", "sum", "h"], "x -> W -> sum", "x -> A -> r -> B -> sum -> h")
    assert drawn.layers() == [["x"], ["W", "A"], ["r"], ["B"], ["sum"], ["h"]]
    assert drawn.nodes == ("x", "W", "A", "r", "B", "sum", "h")
    assert not drawn.back


def test_an_edge_that_closes_a_cycle_leads_back() -> None:
    drawn = drawn_as("abc", "a -> b -> c -> a")
    assert drawn.layers() == [["a"], ["b"], ["c"]]
    assert drawn.back == {("c", "a")}


def test_an_edge_to_itself_leads_back() -> None:
    drawn = drawn_as("ab", "a -> a -> b")
    assert drawn.back == {("a", "a")}
    assert drawn.layers() == [["a"], ["b"]]


def test_a_chain_of_thousands_of_nodes() -> None:
    names = [f"n{i}" for i in range(5_000)]
    drawn = drawn_as(names, *(f"n{i} -> n{i + 1}" for i in range(4_999)), "n4999 -> n0")
    assert len(drawn.layers()) == 5_000
    assert len(drawn.back) == 1


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24)
NAMES = [f"n{i}" for i in range(8)]


@given(EDGES)
def test_every_edge_goes_forward_or_back(pairs: list[tuple[int, int]]) -> None:
    drawn = drawn_as(NAMES, *(f"n{tail} -> n{head}" for tail, head in pairs))
    graph = drawn.graph
    assert sorted(drawn.nodes) == NAMES
    place = {name: i for i, name in enumerate(drawn.nodes)}
    for edge in graph.edges:
        if drawn.leads_back(edge):
            # it closes a cycle: its tail is reached from its head by edges that lead forward
            reached, pending = {edge.head}, [edge.head]
            while pending:
                for other in graph.leaving[pending.pop()]:
                    if not drawn.leads_back(other) and other.head not in reached:
                        reached.add(other.head)
                        pending.append(other.head)
            assert edge.tail in reached
        else:
            assert place[edge.tail] < place[edge.head]
            assert drawn.layer[edge.tail] < drawn.layer[edge.head]
    assert sorted(name for layer in drawn.layers() for name in layer) == NAMES
    for name in NAMES:
        before = [drawn.layer[edge.tail] for edge in graph.entering[name] if not drawn.leads_back(edge)]
        assert drawn.layer[name] == (max(before) + 1 if before else 0)


@given(EDGES)
def test_what_cannot_be_ordered_is_on_a_circle_or_behind_one(pairs: list[tuple[int, int]]) -> None:
    heads = order.heads_of(NAMES, [(f"n{tail}", f"n{head}") for tail, head in pairs])
    way = order.ordered(heads)
    assert sorted((*way.nodes, *way.rest)) == NAMES
    place = {name: i for i, name in enumerate(way.nodes)}
    for tail in way.nodes:
        assert all(head in way.rest or place[tail] < place[head] for head in heads[tail])
    circle = order.circle(heads, way.rest)
    assert bool(circle) is bool(way.rest)
    assert all(head in heads[tail] for tail, head in pairwise(circle))
    assert circle[:1] == circle[-1:]


def test_steps_lead_to_each_other_through_other_nodes() -> None:
    nodes = tuple(FlowNode(name=name, box=(name,), does="load" if name in "ad" else None) for name in "abcde")
    flow = Flow(nodes, ("a -> b <-> c -> d -> e", "a -- d"))
    steps = order.steps(lower(Panel(flow=flow)))
    assert steps.after == {"a": ["d"], "d": []}
    assert steps.before == {"a": [], "d": ["a"]}
    assert steps.order().nodes == ("a", "d")
