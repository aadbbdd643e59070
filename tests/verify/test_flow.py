"""A flow of tensors is executed: a false one does not hold, whatever is wrong with it."""

import pytest

from lorafig.language import from_data, loads
from lorafig.layout import layout
from lorafig.scene import Arrow, Shape, walk
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.meaning.algebra import Algebra

NODES = {
    "x": {"box": "x", "note": "Input"},
    "W": {"box": "W", "note": r"$d \times k$", "badge": "frozen"},
    "A": {"box": "A", "note": r"$r \times k$", "badge": "trainable"},
    "r": {"box": "r"},
    "B": {"box": "B", "note": r"$d \times r$", "badge": "trainable"},
    "sum": {"circle": "+"},
    "h": {"box": "h", "math": "h = (W + BA)x"},
}
EDGES = ("x -> W -> sum", "x -> A -> r -> B -> sum", "sum -> h")


def figure_of(nodes=None, edges=EDGES, model=None, **more):
    model = {"d": 768, "k": 512, "r": 8} if model is None else model
    flow = {"nodes": {**NODES, **(nodes or {})}, "edges": list(edges), **more}
    return from_data({"id": "f", "title": "f", "model": model, "flow": flow})


def problems(figure):
    report = verify(figure)
    return report.verdict, [
        (claim.verdict, claim.detail) for claim in report.claims if claim.verdict != "holds"
    ]


def test_the_flow_of_lora_holds():
    report = verify(figure_of())
    assert report.verdict == "holds"
    run = [claim for claim in report.claims if claim.kind == "diagram"]
    assert [claim.detail for claim in run] == [None, "the flow, run from its inputs, gives h"]
    assert run[-1].value == "W x + B A x"
    assert run[-1].residual is not None
    assert run[-1].residual <= run[-1].bound


@pytest.mark.parametrize(
    ("model", "nodes", "edges"),
    [
        # a bottleneck, a scaling, vectors as bars
        (
            {"d": 768, "r": 8, "alpha": 16},
            {
                "x": {"bar": "x"},
                "A": {"bottleneck": ["A", "B"]},
                "s": {"stadium": r"\frac{\alpha}{r}"},
                "h": {"bar": "h"},
            },
            ["x -> W, A", "A -> s -> sum", "W -> sum -> h"],
        ),
        # VeRA: vectors entry by entry
        (
            {"adapter": "vera", "d": 768, "r": 16},
            {
                "A": {"box": "A"},
                "B": {"box": "B"},
                "d": {"stadium": r"\lambda_d", "badge": "trainable"},
                "b": {"stadium": r"\lambda_b"},
                "h": {"box": "h"},
                "W": {"box": "W"},
            },
            ["x -> W -> sum", "x -> A -> d -> B -> b -> sum -> h"],
        ),
        # the weights are added, not the outputs
        (
            {"d": 768, "r": 8},
            {
                "A": {"box": "A"},
                "B": {"box": "B"},
                "W": {"box": "W"},
                "h": {"box": "W + BA"},
                "x": {"box": "W + BA"},
            },
            ["A -> B -> sum", "W -> sum -> h"],
        ),
    ],
    ids=["scaled", "vera", "weights"],
)
def test_others_hold(model, nodes, edges):
    used = {name for edge in edges for name in edge.replace(",", " ").replace("->", " ").split()}
    kept = {name: node for name, node in {**NODES, **nodes}.items() if name in used}
    figure = from_data({"id": "f", "title": "f", "model": model, "flow": {"nodes": kept, "edges": edges}})
    assert problems(figure) == ("holds", [])


LIES = {
    "A and B swapped": (
        {},
        ["x -> W -> sum", "x -> B -> r -> A -> sum", "sum -> h"],
        ("ill-typed", "B maps r to d, and what flows into it is x, a vector of k"),
    ),
    "B missing": (
        {},
        ["x -> W -> sum", "x -> A -> sum", "sum -> h"],
        ("ill-typed", "the shapes differ: W x is d, A x is r"),
    ),
    "no update": (
        {},
        ["x -> W -> h"],
        ("fails", "the flow gives W x, and h is Wx + BAx"),
    ),
    "no sum": (
        {},
        ["x -> W -> h", "x -> A -> r -> B -> h"],
        ("fails", "two arrows flow into h, and nothing joins them"),
    ),
    "sum of one": (
        {},
        ["x -> W -> sum -> h"],
        ("fails", "one arrow flows into the sum: there is nothing to add"),
    ),
    "product for a sum": (
        {"sum": {"circle": r"\odot"}},
        EDGES,
        ("fails", "the flow gives W x ⊙ B A x, and h is Wx + BAx"),
    ),
    "the update twice": (
        {},
        [*EDGES, "B -> sum"],
        ("fails", "the flow gives W x + B A x + B A x, and h is Wx + BAx"),
    ),
    "r on the wrong side": (
        {},
        ["x -> W -> sum", "x -> A -> B -> r -> sum", "sum -> h"],
        ("fails", "what flows through r is B A x, a vector of d"),
    ),
    "a circle": (
        {},
        [*EDGES, "h -> x"],
        ("fails", "what flows into x comes from it: x, W, A, r, B, sum form a circle"),
    ),
    "W trained": (
        {"W": {"box": "W", "badge": "trainable"}},
        EDGES,
        ("fails", None),
    ),
    "A frozen": (
        {"A": {"box": "A", "badge": "frozen"}},
        EDGES,
        ("fails", None),
    ),
    "a shape in a note": (
        {"A": {"box": "A", "note": r"$k \times r$"}},
        EDGES,
        ("ill-typed", "A is r × k, not k × r"),
    ),
    "what flows along an edge": (
        {},
        [*EDGES[1:], "x -> W", {"edge": "W -> sum", "math": "BAx"}],
        ("fails", "what flows here is W x, not B A x"),
    ),
    "an arrow both ways": (
        {},
        [*EDGES[:-1], "sum <-> h"],
        ("fails", "what flows into sum comes from it: sum, h form a circle"),
    ),
    "a line without an arrowhead": (
        {},
        [*EDGES[:-1], "sum -- h"],
        ("fails", "no arrow leads to h, which is what comes out"),
    ),
    "an arrow left out": (
        {},
        EDGES[:-1],
        ("fails", "no arrow leads to h, which is what comes out"),
    ),
    "a size that nothing flows into": (
        {},
        [EDGES[0], "x -> A -> B", "r -> B -> sum", "sum -> h"],
        ("fails", "r says how wide it is, and nothing flows into it"),
    ),
    "a matrix as a bar": (
        {"A": {"bar": "A"}},
        EDGES,
        ("fails", "a bar stands for a vector, and A is of shape r × k"),
    ),
    "a sign that is trained": (
        {"sum": {"circle": "+", "badge": "trainable"}},
        EDGES,
        ("fails", "there is nothing to train in +"),
    ),
    "h mislabelled": (
        {"h": {"box": "h", "math": "h = (W + AB)x"}},
        EDGES,
        ("ill-typed", None),
    ),
}


@pytest.mark.parametrize(("nodes", "edges", "told"), LIES.values(), ids=LIES)
def test_lies_do_not_hold(nodes, edges, told):
    verdict, found = problems(figure_of(nodes, edges))
    assert verdict in ("fails", "ill-typed")
    assert any(one[0] == told[0] and (told[1] is None or one[1] == told[1]) for one in found), found


def test_a_missing_scaling_is_found():
    figure = figure_of(model={"d": 768, "k": 512, "r": 8, "alpha": 16})
    verdict, found = problems(figure)
    assert verdict == "fails"
    assert ("fails", "the flow gives W x + B A x, and h is Wx + α/r BAx") in found


def test_the_card_is_counted():
    data = {
        "id": "f",
        "title": "f",
        "model": {"d": 256, "r": 4},
        "flow": {"nodes": {"x": {"box": "x"}}},
        "card": {
            "title": "Parameters",
            "rows": [r"W: $d^2 = \num{d^2}$", r"A + B: $2dr = 2{,}048$", r"$\num{d^2 / (2dr)}\times$ fewer"],
        },
    }
    assert verify(from_data(data)).verdict == "holds"
    for row in ("W: $d^2 = 65K$", "A + B: $2dr = 2{,}084$", r"$31\times$ fewer", "W: $2dr = 2{,}048$"):
        data["card"]["rows"] = [row]
        assert verify(from_data(data)).verdict != "holds", row


CARD = {
    "holds": (
        "W: $65{,}536$",
        "W: $66K$",
        "W: $66K = d^2$",
        "W: $65{,}536$ parameters",
        "A and B: $2{,}048$",
        r"A: $\num{dr}$",
        r"$32\times$ fewer",
        r"$\num{d^2 / (2dr)}\times$ fewer parameters",
        r"$96.9\%$ fewer",
        r"$\num[%]{2dr / d^2}$ of the parameters",
        r"$3.1\%$ of the weights",
        r"$\num{d / r}\times$ as wide",
    ),
    "fails": (
        "W: $65{,}537$",
        "W: $65K$",
        "W: $65K = d^2$",
        "A: $2{,}048$",
        r"A + B: $\num{dr}$",
        r"$31\times$ fewer",
        r"$32\times$ as many",
        r"$\num{d^2 / (dr)}\times$ fewer",
        r"$\num{d^2 / (dr)}\times$ fewer parameters than $W$",
        r"$96.8\%$ fewer",
        r"$\num[%]{dr / d^2}$ of the parameters",
    ),
    "undetermined": (r"$\num{d^2 / (2dr)}$ fewer", "$2{,}048$"),
}


@pytest.mark.parametrize(
    ("row", "verdict"), [(row, verdict) for verdict, rows in CARD.items() for row in rows]
)
def test_numbers_on_a_card_are_what_the_words_beside_them_say(row, verdict):
    data = {
        "id": "f",
        "title": "f",
        "model": {"d": 256, "r": 4},
        "flow": {"nodes": {"x": {"box": "x"}}},
        "card": {"title": "Parameters", "rows": [row]},
    }
    assert verify(from_data(data)).verdict == verdict


def test_a_number_that_words_compare_is_held_to_them_in_a_caption_too():
    for ratio, verdict in (("d^2 / (2dr)", "holds"), ("d^2 / (dr)", "fails")):
        data = {
            "id": "f",
            "title": "f",
            "model": {"d": 256, "r": 4},
            "flow": {"nodes": {"x": {"box": "x"}}},
            "caption": rf"LoRA trains $\num{{{ratio}}}\times$ fewer parameters.",
        }
        report = verify(from_data(data))
        assert report.verdict == verdict
    assert report.claims[-1].detail.endswith("is 64, what is counted is 32")


def test_words_alone_claim_nothing():
    figure = from_data(
        {
            "id": "f",
            "title": "f",
            "flow": {"nodes": {"a": {"box": ["Read"]}, "b": {"box": ["Think"]}}, "edges": ["a -> b -> a"]},
        }
    )
    assert problems(figure) == ("holds", [])


class TestThePicture:
    """What layout draws is held to the spec as well: a mistake there is found as one in the spec is."""

    def changed(self, change):
        figure = figure_of()
        scene = layout(figure)
        kept = []
        for item in scene.items:
            items = tuple(change(one) for one in item.items)
            kept.append(type(item)(item.name, item.comment, tuple(one for one in items if one is not None)))
        return figure, replace(scene, items=tuple(kept))

    def found(self, change):
        figure, scene = self.changed(change)
        report = verify(figure, scene)
        return [claim.detail for claim in report.claims if claim.verdict == "fails"]

    def test_as_drawn_it_holds(self):
        assert self.found(lambda item: item) == []

    def test_a_line_that_misses(self):
        def change(item):
            if isinstance(item, Arrow) and item.end.of == "h":
                points = (*item.points[:-1], (item.points[-1][0] - 0.5, item.points[-1][1]))
                return replace(item, points=points)
            return item

        assert self.found(change) == ["the line from sum to h does not touch h"]

    def test_a_line_left_out(self):
        def change(item):
            return None if isinstance(item, Arrow) and item.end.of == "h" else item

        assert self.found(change) == ["7 edges are asked for, and 6 lines are drawn"]

    def test_a_shape_moved_onto_another(self):
        figure = figure_of()
        scene = layout(figure)
        target = next(one for one in walk(scene.items) if isinstance(one, Shape) and one.name == "A")

        def change(item):
            return replace(item, points=target.points) if getattr(item, "name", "") == "r" else item

        found = self.found(change)
        assert "A is drawn over r" in found or "r is drawn over A" in found

    def test_heads_turned_round(self):
        def change(item):
            if isinstance(item, Arrow) and item.end.of == "h":
                return replace(item, head=False, tail=True)
            return item

        assert self.found(change) == ["the line from sum to h has other heads than ->"]


def test_what_many_ends_share_is_evaluated_once(monkeypatch):
    seen = []
    evaluate = Algebra._of

    def counted(self, term):
        seen.append(term)
        return evaluate(self, term)

    monkeypatch.setattr(Algebra, "_of", counted)
    nodes, edges, before = {"x": {"rounded": "x"}}, [], ["x"]
    for layer in range(4):  # of sums, each fed by every node of the layer before it
        here = [f"n{layer}a{number}" for number in range(20)]
        nodes |= dict.fromkeys(here, {"box": "W"} if layer == 0 else {"circle": "+"})
        edges.append(f"{', '.join(before)} -> {', '.join(here)}")
        before = here
    figure = from_data({"id": "dense", "title": "Dense", "flow": {"nodes": nodes, "edges": edges}})
    assert verify(figure, floating=False).verdict == "fails"
    assert len(seen) < 10 * len(nodes)  # the size of a polynomial and its value in a field or two


WIDE = "'B then A' does not hold: the bottleneck does not narrow: d = 64 is greater than r = 4"
WAISTS = r"""
id: f
title: Clients
model:
  adapter: none
  d: 64
  r: 4
  symbols:
    A: {{shape: [r, d], role: trained}}
    B: {{shape: [d, r], role: trained}}
    X: {{shape: {rows}, role: input}}
flow:
  nodes: {{data: {{rounded: [Local data]}}, low: {{bottleneck: {parts}}}}}
  edges: ['data -> low']
"""


@pytest.mark.parametrize(
    ("parts", "rows", "problem"),
    [
        ("[A, B]", "[d]", None),
        (
            "[B, A]",
            "[d]",
            WIDE,
        ),
        (r"['A^\top', B]", "[d]", "'Aᵀ then B' is ill-typed: Aᵀ gives d numbers, and B takes r"),
        ("[B, A]", "[8, d]", None),  # rows of data, which they multiply from the right
    ],
)
def test_a_bottleneck_that_words_lead_to_narrows(parts, rows, problem):
    report = verify(loads(WAISTS.format(parts=parts, rows=rows)))
    assert [found.what for found in report.problems()] == ([] if problem is None else [problem])
