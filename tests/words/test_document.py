"""The figure in words: what holds for every figure, of every method, whatever is written on it."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings

from lorafig.core.adapters import ADAPTERS
from lorafig.language.model import (
    About,
    Arrow,
    Bar,
    Bottleneck,
    Card,
    CardRow,
    Edge,
    Equation,
    Equations,
    Figure,
    Flow,
    FlowGroup,
    FlowNode,
    Inject,
    Model,
    Panel,
    Scale,
    Split,
    Square,
    Sum,
    Trapezoid,
)
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.report import report
from lorafig.words import describe
from tests.layout.figures import figures
from tests.words.reading import OWN, dollars, headings, markup, section, tables


def told(figure: Figure) -> str:
    return describe(figure, verify(figure, floating=False))


def unchecked(figure: Figure) -> str:
    return describe(figure, report(figure.id, None, ()))


def latex(name: str) -> str:
    return name.replace("λ", "\\lambda ").replace("Λ", "\\Lambda ")


def family(name: str) -> Figure:
    """The shapes of a method's symbols, by name, beside a stack."""
    row = ADAPTERS[name]
    shapes = [
        latex(one) + " \\in \\mathbb{R}^{" + " \\times ".join(sizes) + "}"
        for one, sizes in row.symbols.items()
    ]
    alpha = 16.0 if row.scale != "" else None
    weight = row.frozen[0]
    return Figure(
        "family",
        "A method",
        model=Model(adapter=name, d=768, k=1024, r=16, alpha=alpha),  # type: ignore[arg-type]
        row=(Panel((Bar("x"), Square(weight)), "One weight"), Equations(tuple(shapes))),
    )


@pytest.mark.parametrize("name", ADAPTERS)
def test_the_family(name: str) -> None:
    figure, row = family(name), ADAPTERS[name]
    checked = verify(figure, floating=False)
    shapes = [claim for claim in checked.claims if claim.kind == "shape"]
    assert {claim.verdict for claim in shapes} == {"holds"}
    text = describe(figure, checked)
    assert markup(text) <= OWN
    sizes = ADAPTERS[name].sizes(768, 1024, 16)
    rows = {cells[0]: cells for cells in tables(text)[0][1:]}
    for one, shape in row.symbols.items():
        cells = next(cells for symbol, cells in rows.items() if key(parse_math(symbol[1:-1])) == one)
        entries = 1
        for size in shape:
            entries *= sizes[size]
        assert cells[4] == " × ".join(f"{sizes[size]:,}" for size in shape)
        status = "frozen" if one in row.frozen else "trained" if one in row.trainable else "input"
        assert cells[6] == status
        assert cells[5] == ("" if status == "input" else f"{entries:,}")
        assert (cells[7] != "") == (one in row.laws or one in row.frozen)
    trained = row.parameters(768, 1024, 16)
    numbers = section(text, "Numbers")
    assert f"Trained are {trained:,} parameters" in numbers
    assert f"The weight has {768 * 1024:,} parameters" in numbers
    share, fewer = re.search(r"That is (\S+)% of the weight's parameters, (\S+)× fewer\.", numbers).groups()  # type: ignore[union-attr]
    true = Fraction(trained * 100, 768 * 1024)
    assert abs(Fraction(share) - true) <= true / 200
    assert abs(Fraction(fewer.replace(",", "")) - 100 / true) <= 100 / true / 200
    assert row.source.split(" (")[0] in section(text, "About")


# Whether a method's first output is W x is not asked of `describe`: the core is run.
@pytest.mark.parametrize("name", ADAPTERS)
def test_the_start_is_what_the_core_starts_with(name: str) -> None:
    import numpy as np

    figure, row = family(name), ADAPTERS[name]
    text = told(replace(figure, row=(*figure.row, Panel((Bar("h"),), "Out"))))
    said = "the output is that of the pretrained weight alone" in text
    W = np.random.default_rng(1).normal(size=(96, 160))
    frozen, state = row.start(W, 4, 0, 1.0)
    first = row.merged(frozen, state)
    if said:
        assert np.allclose(first, frozen, rtol=1e-12, atol=0)
    else:
        # W of PiSSA is not on the figure, what is left of it is; LoRA-XS starts near W.
        assert name in ("lora-xs", "pissa")
        assert not np.allclose(first, frozen, rtol=1e-12, atol=0)
    for one, law in row.laws.items():
        values = getattr(state, one)
        name_ = latex(one).replace(" _", "_").strip()
        assert (f"- ${name_}$ is $0$." in text) is (law == "zero") is (not values.any())
        assert (f"- ${name_}$ is $1$." in text) is (law == "one") is bool((values == 1).all())


EVERYTHING = Figure(
    "all",
    "Everything",
    model=Model(d=64, k=32, r=4, alpha=8.0, let=(r"W_m = W + \frac{\alpha}{r} BA",)),
    about=About(
        after="me",
        shows="All $r$ of it.",
        author="A. B.",
        license="MIT",
        concepts=("one", "two"),
        when="Now.",
    ),
    row=(
        Panel(
            (
                Bar("x"),
                Arrow("x"),
                Split(
                    (
                        Square("W"),
                        (
                            Trapezoid("A", from_="k", to="r"),
                            Arrow("r"),
                            Trapezoid("B"),
                            Scale(r"\frac{\alpha}{r}"),
                        ),
                    )
                ),
                Sum(("Wx", r"\frac{\alpha}{r} BAx"), "arrows"),
                Bar("h", math="h"),
            ),
            "First",
        ),
        Equations((r"h = Wx + \frac{\alpha}{r} BAx", Equation("W_m = W_m", unverified="so"))),
        Panel(
            flow=Flow(
                (
                    FlowNode(name="x", bar="x"),
                    FlowNode(name="f", bottleneck=("A", "B"), badge="lock"),
                    FlowNode(name="c", diamond=("Enough?",), text=("more",), math="r", note="a $k$"),
                    FlowNode(name="e", rounded=("end",), does=("load", Inject(("q", "v")))),
                ),
                (
                    "x -> f -> c",
                    Edge("c -> e", text="yes"),
                    Edge("c -> x", math="x", dashed=True),
                    "c -- f",
                    "c <-> e",
                ),
                groups=(FlowGroup(name="g", of=("f", "i"), title="Outer"), FlowGroup(name="i", of=("c",))),
            ),
            panel="Second",
        ),
    ),
    card=Card((CardRow(r"$\num{dr}$ of them", unverified="no"), "words")),
    caption="That is all, $k$ of it.",
)  # fmt: skip


def test_everything_that_can_be_on_a_figure() -> None:
    text = unchecked(EVERYTHING)
    assert markup(text) <= OWN
    assert all(dollars(line) % 2 == 0 for line in text.splitlines())
    for words in (
        "On the figure, from left to right: a stack, “First”, 2 equations and a flow of 4 nodes, “Second”;"
        " beside it a card of numbers.",
        "a trapezoid from $k$ to $r$; a matrix of 4 × 32, 128 parameters, trained",
        "2. Along the arrow flows $x$.",
        "   - Branch 2: through $A$, which gives $Ax$, 4 numbers ($r$); then:\n"
        "     1. Along the arrow flow 4 numbers ($r$).\n",
        "The branches are added: $Wx + \\frac{\\alpha}{r}BAx$",
        "$A$ then $B$: a bottleneck, marked as frozen by a lock; $A$: a matrix of 4 × 32",
        "“Enough?”: a diamond, with the label $r$, “more”, with the note “a $k$”.",
        "- “Outer”: $A$ then $B$ and the group “i”.",
        "“Enough?” goes to “end”, with “yes” on the edge; goes back to $x$, with $x$ on the edge (dashed);"
        " is joined to $A$ then $B$; goes to and comes back from “end”. It splits in 3.\n",
        "1. “end”: load the model, then put an adapter beside the query and value projections.",
        "- $256$ of them (256 of them)",
        "- words",
        "- Key concepts: one, two",
        "- When to use it: Now.",
        "- Caption: That is all, $k$ of it.",
    ):
        assert words in text, words
    assert "a matrix: $W + (\\alpha/r)BA$" in section(text, "Entities")


def test_the_order_of_the_entities_is_that_of_the_drawing() -> None:
    (table,) = tables(unchecked(EVERYTHING))
    assert [row[0] for row in table[1:]] == [
        "$x$", "$W$", "$A$", "$B$", "$h$", "$W_m$", "$k$", "$r$", "$\\alpha$", "$d$"
    ]  # fmt: skip


def test_what_is_not_so_is_marked() -> None:
    figure = Figure(
        "f", "False", stack=(Bar("x"), Square("W", math=r"W \in \mathbb{R}^{r \times d}"), Bar("h"))
    )
    text = told(figure)
    assert text.startswith("# False\n\n**Unverified**: ")
    assert "- “W \\\\in \\\\mathbb\\{R\\}^\\{r \\\\times d\\}” is ill-typed: W is d × d, not r × d." in text


def test_what_is_not_decided_is_told_with_its_reason() -> None:
    square = Square("W", text=("$q = 7$",), unverified="as in [the paper](http://x.example), $d$ wide.")
    text = told(Figure("f", "F", stack=(Bar("x"), square)))
    assert "Unverified" not in text
    assert (
        "Not decided, and there for the reason that the figure gives:\n\n"
        "- “q = 7”: as in \\[the paper\\](http\\://x.example), $d$ wide.\n"
    ) in text
    assert markup(text) <= OWN


def test_no_symbols_no_table() -> None:
    flow = Flow((FlowNode(name="a", box=("预训练模型",)), FlowNode(name="b", box=("冻结",))), ("a -> b",))
    text = unchecked(Figure("f", "流水线", flow=flow))
    assert headings(text) == ["h1 流水线", "h2 Components", "h2 Data flow", "h2 Checked"]
    assert "1. “预训练模型” goes to “冻结”.\n2. “冻结” is an end." in text


HOSTILE = "<b>|`[a](http://evil.example)` $x$ **_\\# &lt;script&gt;"
WRITTEN = HOSTILE.replace("\\", "\\\\").replace("$", "\\$").replace("*", "\\*")


def test_hostile_words_everywhere() -> None:
    figure = Figure(
        "f",
        WRITTEN,
        about=About(
            after=WRITTEN, shows=WRITTEN, when=WRITTEN, adapt=WRITTEN, concepts=(WRITTEN,), author=WRITTEN
        ),
        row=(
            Panel((Bar("x"), Square("W", text=(WRITTEN,), unverified=WRITTEN)), WRITTEN),
            Panel(
                flow=Flow(
                    (
                        FlowNode(name="a", box=(WRITTEN, WRITTEN), note=WRITTEN, text=(WRITTEN,)),
                        FlowNode(name="b", box=(WRITTEN, WRITTEN)),
                    ),
                    (Edge("a -> b", text=WRITTEN),),
                    groups=(FlowGroup(name="g", of=("a",), title=WRITTEN),),
                )
            ),
        ),
        card=Card((WRITTEN,), WRITTEN),
        caption=WRITTEN,
    )
    text = told(figure)
    assert markup(text) <= OWN
    assert "http://" not in text
    assert "<b>" not in text.replace("\\<", "")


@given(figures())
@settings(max_examples=40, deadline=None)
def test_any_figure_can_be_told(figure: Figure) -> None:
    text = unchecked(figure)
    assert markup(text) <= OWN
    assert all(dollars(line) % 2 == 0 for line in text.splitlines())
    assert text == unchecked(figure)
    k = figure.model.d if figure.model.k is None else figure.model.k
    assert f"The weight has {figure.model.d * k:,} parameters" in text


def test_an_update_that_let_defines_at_length() -> None:
    long = " + ".join(["BA"] * 100)
    figure = Figure(
        "f",
        "F",
        model=Model(let=(f"ΔW = {long} - {' - '.join(['BA'] * 299)}",)),
        stack=(Bar("x"), Square("W"), Bottleneck(("A", "B"))),
    )
    text = unchecked(figure)
    assert max(map(len, text.splitlines())) < 2_000


def test_sums_of_sums_are_not_told_without_end() -> None:
    nodes = [FlowNode(name="x", box="x")]
    edges = []
    last = "x"
    for i in range(60):
        nodes += [
            FlowNode(name=f"a{i}", box="W"),
            FlowNode(name=f"b{i}", box="W"),
            FlowNode(name=f"s{i}", circle="+"),
        ]
        edges.append(f"{last} -> a{i}, b{i} -> s{i}")
        last = f"s{i}"
    text = unchecked(Figure("f", "F", model=Model(d=768), flow=Flow(tuple(nodes), tuple(edges))))
    assert max(map(len, text.splitlines())) < 1_000
    assert "gives 768 numbers ($d$)" in text  # the size is known where the expression is too long


def test_nodes_whose_symbols_are_commands() -> None:
    nodes = (
        FlowNode(name="s", box=r"\frac{\alpha}{r}"),
        FlowNode(name="words", box=("A longer line of words than any name of a node would be, told whole",)),
        FlowNode(name="times", circle=r"\odot"),
    )
    text = unchecked(Figure("t", "T", model=Model(alpha=8.0), flow=Flow(nodes, ("s -> words -> times",))))
    assert "than any name of a node would be, told whole”: a box." in text
    assert ", the entrywise product of what comes in: a circle." in text


def test_a_branch_beside_one_that_is_false_is_told() -> None:
    branches = Split((Bottleneck(("B", "A")), (Split((Square("W"), Square("W"))), Sum("arrows"))))
    text = told(Figure("t", "T", model=Model(d=64, k=32, r=4), stack=(Bar("x"), branches, Sum("arrows"))))
    assert "through $B$; then through $A$." in text
    assert "The branches are added: $Wx + Wx$" in text
