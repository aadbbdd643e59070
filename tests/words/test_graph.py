"""A flow as a graph: layers, an order to tell it in, and the edges that lead back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lorafig.language.model import Edge, Flow, FlowNode
from lorafig.words.graph import Wire, graph


def flow(names: str | list[str], *edges: str | Edge) -> Flow:
    return Flow(tuple(FlowNode(name=name, box=(name,)) for name in names), edges)


def test_layers_are_the_longest_way() -> None:
    drawn = graph(
        flow(["x", "W", "A", "r", "B", "sum", "h"], "x -> W -> sum", "x -> A -> r -> B -> sum -> h")
    )
    assert drawn.layers() == [["x"], ["W", "A"], ["r"], ["B"], ["sum"], ["h"]]
    assert drawn.order == ("x", "W", "A", "r", "B", "sum", "h")
    assert not drawn.back


def test_an_edge_that_closes_a_cycle_leads_back() -> None:
    drawn = graph(flow("abc", "a -> b -> c -> a"))
    assert drawn.layers() == [["a"], ["b"], ["c"]]
    assert drawn.back == {Wire("c", "a", "->")}


def test_an_edge_to_itself_leads_back() -> None:
    drawn = graph(flow("ab", "a -> a -> b"))
    assert drawn.back == {Wire("a", "a", "->")}
    assert drawn.layers() == [["a"], ["b"]]


def test_what_is_written_on_edges() -> None:
    drawn = graph(flow("abc", Edge("a -> b, c", math="x", dashed=True), Edge("b -- c", text="with")))
    assert drawn.wires == (
        Wire("a", "b", "->", "x", None, True),
        Wire("a", "c", "->", "x", None, True),
        Wire("b", "c", "--", None, "with"),
    )
    assert [wire.head for wire in drawn.leaving["a"]] == ["b", "c"]
    assert [wire.tail for wire in drawn.forward("c")] == ["a", "b"]


def test_a_chain_of_thousands_of_nodes() -> None:
    names = [f"n{i}" for i in range(5_000)]
    drawn = graph(flow(names, *(f"n{i} -> n{i + 1}" for i in range(4_999)), "n4999 -> n0"))
    assert len(drawn.layers()) == 5_000
    assert len(drawn.back) == 1


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24)


@given(EDGES)
def test_every_edge_goes_forward_or_back(pairs: list[tuple[int, int]]) -> None:
    names = [f"n{i}" for i in range(8)]
    drawn = graph(flow(names, *(f"n{tail} -> n{head}" for tail, head in pairs)))
    assert sorted(drawn.order) == names
    place = {name: i for i, name in enumerate(drawn.order)}
    for wire in drawn.wires:
        if wire in drawn.back:
            # it closes a cycle: its tail is reached from its head by edges that lead forward
            reached, pending = {wire.head}, [wire.head]
            while pending:
                for other in drawn.leaving[pending.pop()]:
                    if other not in drawn.back and other.head not in reached:
                        reached.add(other.head)
                        pending.append(other.head)
            assert wire.tail in reached
        else:
            assert place[wire.tail] < place[wire.head]
            assert drawn.layer[wire.tail] < drawn.layer[wire.head]
    assert sorted(name for layer in drawn.layers() for name in layer) == names
    for name in names:
        before = [drawn.layer[wire.tail] for wire in drawn.forward(name)]
        assert drawn.layer[name] == (max(before) + 1 if before else 0)
