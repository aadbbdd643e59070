"""Names of symbols, and parts of equations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.notation.canonical import bare, key
from lorafig.notation.children import children, rebuild, walk
from lorafig.notation.find import Located, locate, split_at
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Fenced, Node, Product, Relation, Sum
from lorafig.notation.write.tex import to_tex
from tests.notation.labels import LABELS

KEYS: tuple[tuple[str, str | None], ...] = (
    ("W", "W"),
    (r"\mathbf{W}_0", "W_0"),
    (r"\mathbf{W_0}", "W_0"),
    ("W₀", "W_0"),
    ("W0", "W_0"),
    (r"W_{\mathrm{merged}}", "W_merged"),
    (r"W_\text{merged}", "W_merged"),
    ("W_merged", "W_merged"),
    (r"W_{\text{pre trained}}", "W_pre trained"),
    (r"W_{\text{pre-trained}}", "W_pre-trained"),
    ("W'", "W'"),
    ("W_0'", "W_0'"),
    ("W'_0", "W_0'"),
    (r"\Delta W", "ΔW"),
    ("ΔW", "ΔW"),
    (r"\Delta\mathbf{W}_0", "ΔW_0"),
    (r"\hat W", "hat W"),
    ("Ŵ", "hat W"),
    (r"\alpha", "α"),
    ("alpha", "α"),
    ("x_{ij}", "x_ij"),
    ("x_{i,j}", "x_i,j"),
    ("x^{(l)}", "x^(l)"),
    ("W^*", "W^*"),
    ("lora_A", "lora_A"),
    ("W^T", None),
    (r"W^\top", None),
    ("d^2", None),
    ("Wx", None),
    (r"\mathbf{BA}", None),
    ("2", None),
    ("(W)", None),
)


@pytest.mark.parametrize(("source", "name"), KEYS)
def test_key(source: str, name: str | None) -> None:
    assert key(parse_math(source)) == name


PARTS: tuple[tuple[str, str, tuple[str, str, str] | None], ...] = (
    ("h = (W + BA)x", "W + BA", ("h = ", "(W + BA)", "x")),
    ("h = (W + BA)x", "(W + BA)", ("h = ", "(W + BA)", "x")),
    (r"h = \left(W + BA\right)x", "W+BA", ("h = ", r"\left(W + BA\right)", "x")),
    (r"h = (\mathbf{W} + \mathbf{B}\,\mathbf{A})x", "W + BA",
     ("h = ", r"(\mathbf{W} + \mathbf{B} \, \mathbf{A})", "x")),
    ("h = BAx", "BA", ("h = ", "BA", "x")),
    ("h = BAx", "Ax", ("h = B", "Ax", "")),
    (r"h = s \cdot BAx", "sB", ("h = ", r"s \cdot B", "Ax")),
    ("h = Wx + BAx", "Wx + BAx", ("h = ", "Wx + BAx", "")),
    ("h = Wx + BAx", "h", ("", "h", " = Wx + BAx")),
    ("h = Wx + BAx", "BAx", ("h = Wx + ", "BAx", "")),
    ("h = W_0x + Wx + BAx", "Wx + BAx", ("h = W_0x + ", "Wx + BAx", "")),
    ("h = Wx + BAx = (W + BA)x", "Wx + BAx = (W + BA)x", ("h = ", "Wx + BAx = (W + BA)x", "")),
    ("h = Wx + BAx", "h = Wx + BAx", ("", "h = Wx + BAx", "")),
    (r"h = W x + \frac{\alpha}{r} B A x", r"\frac{\alpha}{r}BA", ("h = Wx + ", r"\frac{\alpha}{r}BA", "x")),
    (r"h = \sigma BAx", "BA", (r"h = \sigma ", "BA", "x")),
    ("α/r BAx", "BA", (r"\alpha/r \, ", "BA", "x")),
    ("α/r BAx", "α/r", ("", r"\alpha/r", r" \, BAx")),
    ("α/r BAx", "rB", None),
    ("2dr/dk", "dk", ("2dr/", "dk", "")),
    ("a - b + c", "b + c", None),
    ("a + b - c", "b - c", ("a + ", "b - c", "")),
    ("a - b + c", "a - b", ("", "a - b", " + c")),
    ("a - b + c", "b", ("a - ", "b", " + c")),
    ("h = Wx + BAx", "AB", None),
    ("h = Wx + BAx", "z", None),
    ("W^{BA}", "BA", ("W^{", "BA", "}")),
    (r"\frac{\alpha}{r}", "r", (r"\frac{\alpha}{", "r", "}")),
    ("B(A(x))", "A(x)", ("B(", "A(x)", ")")),
    ("d = 8, r = 2", "r = 2", ("d = 8, ", "r = 2", "")),
    (r"\Delta W x", "ΔW", ("", r"\Delta W", "x")),
)  # fmt: skip


@pytest.mark.parametrize(("source", "part", "pieces"), PARTS, ids=[f"{row[1]} in {row[0]}" for row in PARTS])
def test_split(source: str, part: str, pieces: tuple[str, str, str] | None) -> None:
    tree = parse_math(source)
    assert split_at(tree, parse_math(part)) == pieces
    if pieces is not None:
        assert "".join(pieces) == to_tex(tree)


def test_located_nodes_are_those_of_the_tree() -> None:
    tree = parse_math("h = (W + BA)x")
    assert isinstance(tree, Relation)
    product = tree.sides[1]
    assert isinstance(product, Product)
    fenced = product.factors[0]
    assert isinstance(fenced, Fenced)
    assert isinstance(fenced.body, Sum)
    found = locate(tree, parse_math("W + BA"))
    assert found is not None
    assert found.container is fenced
    assert (found.start, found.stop) == (-1, -1)
    part = locate(parse_math("BAx"), parse_math("BA"))
    assert part == Located(parse_math("BAx"), 0, 2)


@pytest.mark.parametrize("source", LABELS)
def test_every_node_is_found_and_splits(source: str) -> None:
    tree = parse_math(source)
    tex = to_tex(tree)
    for node in walk(tree):
        pieces = split_at(tree, node)
        assert pieces is not None
        assert "".join(pieces) == tex


@given(st.sampled_from(LABELS), st.data())
def test_every_run_of_factors_is_found(source: str, data: st.DataObject) -> None:
    tree = parse_math(source)
    products = [node for node in walk(tree) if isinstance(node, Product)]
    if not products:
        return
    node = data.draw(st.sampled_from(products))
    start = data.draw(st.integers(0, len(node.factors) - 2))
    stop = data.draw(st.integers(start + 2, len(node.factors)))
    part = Product(node.factors[start:stop], node.ops[start : stop - 1], node.spaces[start : stop - 1])
    found = locate(tree, part)
    assert (found is None) == (start > 0 and node.ops[start - 1] == "/" and locate(tree, part) is None)


@pytest.mark.parametrize("source", LABELS)
def test_rebuilding_without_a_change_gives_the_tree(source: str) -> None:
    def same(node: Node) -> Node:
        return rebuild(node, same)

    tree = parse_math(source)
    assert same(tree) == tree
    assert [type(node) for node in walk(same(tree))] == [type(node) for node in walk(tree)]
    assert bare(bare(tree)) == bare(tree)
    assert sum(len(children(node)) for node in walk(tree)) == len(list(walk(tree))) - 1
