"""Products of matrices: to scale, in the order of the spec, with all that the spec puts on them."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.language import from_data, loads
from lorafig.language.write import to_data
from lorafig.layout import layout
from lorafig.scene import Arrow, Brace, Label, Shape, walk
from lorafig.verify import verify
from lorafig.words import describe
from lorafig.words.alt import alt_text

HEAD = "id: p\ntitle: P\n"


def figure(body, model="{d: 768, r: 8}", more=""):
    return loads(f"{HEAD}model: {model}\n{more}{textwrap.dedent(body)}")


def product(items, model="{d: 768, r: 8}", more=""):
    return figure(f"product: {items}\n", model, more)


def items(figure, kind):
    return [item for item in walk(layout(figure).items) if isinstance(item, kind)]


def matrices(figure):
    return [shape for shape in items(figure, Shape) if shape.place.anchor == "west"]


def wrong(figure):
    report = verify(figure, layout(figure))
    return [(claim.text, claim.verdict, claim.detail) for claim in report.claims if not claim.stands]


UPDATE = r"['\Delta W', '=', B, '\times', A]"
PROPORTIONS = {"root": lambda n, m: (n / m) ** 0.25, "linear": lambda n, m: n / m}


@pytest.mark.parametrize("proportion", PROPORTIONS)
@given(d=st.integers(2, 4096), k=st.integers(2, 4096), r=st.integers(1, 64))
@settings(max_examples=25, deadline=None)
def test_sides_are_in_the_proportion_that_the_figure_says(proportion, d, k, r):
    spec = product(UPDATE, f"{{d: {d}, k: {k}, r: {r}}}", f"proportion: {proportion}\n")
    whole, left, right = matrices(spec)
    longest = max(whole.box[2] - whole.box[0], whole.box[3] - whole.box[1], left.box[2] - left.box[0])
    for shape, rows, columns in ((whole, d, k), (left, d, r), (right, r, k)):
        x0, y0, x1, y1 = shape.box
        share = PROPORTIONS[proportion]
        assert y1 - y0 == pytest.approx(longest * share(rows, max(d, k, r)), abs=0.02)
        assert x1 - x0 == pytest.approx(longest * share(columns, max(d, k, r)), abs=0.02)
        assert y0 + y1 == pytest.approx(whole.box[1] + whole.box[3], abs=1e-3)


def test_the_root_is_the_default_of_a_product_and_the_logarithm_of_all_else():
    (whole, thin, _), (x, _) = matrices(product(UPDATE)), items(figure("stack: [bar: x, bar: x]\n"), Shape)
    assert (thin.box[2] - thin.box[0]) / (whole.box[2] - whole.box[0]) == pytest.approx(
        (8 / 768) ** 0.25, abs=1e-3
    )
    assert x.box[2] > x.box[0]


EQUATIONS = [
    (r"['\Delta W', '=', B, '\times', A]", "lora", "holds"),
    (r"['\Delta W', '=', A, '\times', B]", "lora", "ill-typed"),
    (r"['\Delta W', '=', B, '\times', A, '+', W]", "lora", "fails"),
    (r"[\Delta W, '=', [B_1, '\times', A_1], '\odot', [B_2, '\times', A_2]]", "loha", "holds"),
    (r"[\Delta W, '=', [B_1, '\times', A_1], '+', [B_2, '\times', A_2]]", "loha", "fails"),
    (r"[\Delta W, '=', C, '\otimes', [B, '\times', A]]", "lokr", "holds"),
    (r"[\Delta W, '=', [B, '\times', A], '\otimes', C]", "lokr", "fails"),
    (r"[\Delta W, '=', P, '\times', '\Lambda', '\times', Q]", "adalora", "holds"),
    (r"[\Delta W, '≈', P, '\Lambda', Q]", "adalora", "holds"),
    (r"[h, '=', W, x, '+', B, A, x]", "lora", "holds"),
]


@pytest.mark.parametrize(("written", "adapter", "verdict"), EQUATIONS)
def test_a_product_is_verified_as_the_equation_that_it_shows(written, adapter, verdict):
    spec = product(
        written.replace("[\\Delta W", "['\\Delta W'"), f"{{adapter: {adapter}, d: 768, k: 512, r: 8}}"
    )
    (claim,) = [claim for claim in verify(spec).claims if claim.kind == "equation"]
    assert claim.verdict == verdict
    if verdict == "holds":
        assert wrong(spec) == []


@pytest.mark.parametrize("d", [256, 250])  # which a size has too, or none
@pytest.mark.parametrize("m", [16, 17])
def test_a_sum_of_kronecker_products_is_as_large_as_these(d, m):
    model = f"""
  adapter: none
  d: {d}
  r: 1
  sizes: {{n: 4, q: 64, m: {m}}}
  symbols:
    C_i: {{shape: [n, n], role: trained, over: 'i = 1..n'}}
    s_i: {{shape: [q, r], role: trained, over: 'i = 1..n'}}
    t_i: {{shape: [r, m], role: trained, over: 'i = 1..n'}}
  let: ['\\Delta W = \\sum_{{i=1}}^{{n}} C_i \\otimes (s_i t_i)']
"""
    written = (
        r"['\Delta W', '=', '\sum_{i=1}^{n}', {matrix: C_i, cells: all}, '\otimes', [s_i, '\times', t_i]]"
    )
    spec = product(written, model)
    assert wrong(spec) == []
    whole, block, *_ = matrices(spec)
    for low, high, size in ((0, 2, 4 * m), (1, 3, 256)):
        assert (whole.box[high] - whole.box[low]) / (block.box[high] - block.box[low]) == pytest.approx(
            (size / 4) ** 0.25, abs=0.01
        )


def test_numbers_stand_beside_the_matrices():
    spec = product(r"['\Delta W', '=', '\frac{\alpha}{r}', B, '\times', A]", "{d: 768, r: 8, alpha: 16}")
    assert wrong(spec) == []
    assert len(matrices(spec)) == 3
    assert verify(product(UPDATE, "{d: 768, r: 8, alpha: 16}")).verdict == "fails"


def test_vectors_are_one_entry_wide():
    spec = product(r"[{vector: h}, '=', W, {vector: x}, '+', B, A, x]")
    h, w, x, *_ = matrices(spec)
    assert h.box[2] - h.box[0] == pytest.approx(x.box[2] - x.box[0], abs=1e-3)
    assert h.box[2] - h.box[0] < (w.box[2] - w.box[0]) / 4
    assert h.box[3] - h.box[1] == pytest.approx(w.box[3] - w.box[1], abs=1e-3)
    assert wrong(spec) == []
    row = product(r"[{vector: 'x^\top'}]")
    (shape,) = matrices(row)
    assert shape.box[2] - shape.box[0] > shape.box[3] - shape.box[1]


def test_braces_lie_on_all_four_sides():
    sides = ", ".join(f"{{label: d, side: {side}}}" for side in ("left", "right", "over", "under"))
    spec = product(f"[{{matrix: W, brace: [{sides}]}}]")
    (shape,), braces = matrices(spec), items(spec, Brace)
    x0, y0, x1, y1 = shape.box
    found = {brace.side: (brace.start, brace.end) for brace in braces}
    assert found["left"][0][0] == found["left"][1][0] < x0 < x1 < found["right"][0][0]
    assert (found["left"][0][1], found["left"][1][1]) == (y0, y1)
    assert found["under"][0][1] < y0 < y1 < found["over"][0][1]
    assert wrong(spec) == []
    labels = [label for label in items(spec, Label) if label.lines[0].plain == "d"]
    assert len(labels) == 4


@pytest.mark.parametrize("side", ["left", "right", "over", "under"])
def test_a_brace_says_what_it_measures(side):
    upright = side in ("left", "right")
    spec = product(f"[{{matrix: B, brace: {{label: {'r' if upright else 'd'}, side: {side}}}}}]")
    what, due, said = ("height", "d", "r") if upright else ("width", "r", "d")
    assert wrong(spec) == [(said, "fails", f"the {what} of B is {due}, and the brace along it says {said}")]


def test_cells_are_drawn_and_counted():
    spec = product("[{matrix: A, cells: all}]", "{d: 12, r: 4}")
    lines = [arrow for arrow in items(spec, Arrow) if arrow.role.endswith("grid")]
    assert len(lines) == 11 + 3
    assert wrong(spec) == []
    assert (
        wrong(product("[{matrix: W, cells: {rows: 24, columns: 24, of: [r, r]}}]", "{d: 768, r: 32}")) == []
    )


@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        ("{rows: 12, columns: 12}", "a grid of 12 × 12 cells on W, which is 768 × 768"),
        ("{rows: 24, columns: 23, of: [r, r]}",
         "a grid of 24 × 23 cells of r × r, 768 × 736, on W, which is 768 × 768"),
        ("{rows: 25, columns: 24, of: [r, r], excerpt: true}",
         "a grid of 25 × 24 cells of r × r, 800 × 768, on W, which is 768 × 768"),
    ],
)  # fmt: skip
def test_counts_of_cells_that_are_not_so(cells, detail):
    ((_, verdict, told),) = wrong(product(f"[{{matrix: W, cells: {cells}}}]", "{d: 768, r: 32}"))
    assert (verdict, told) == ("fails", detail)


def test_an_excerpt_is_said_on_the_picture_and_in_words():
    spec = product("[{matrix: W, cells: {rows: 4, columns: 6, excerpt: true}}]")
    assert wrong(spec) == []
    assert "4 × 6 of its cells" in {label.lines[0].plain for label in items(spec, Label)}
    assert "a grid of 4 × 6 cells, an excerpt" in describe(spec, verify(spec))


def test_marks_are_drawn_on_their_cells():
    spec = product(
        "[{matrix: A, cells: all, crossed: {rows: [2], entries: [[1, 3]]}, shaded: {columns: [12]}}]",
        "{d: 12, r: 4}",
    )
    (shape,) = matrices(spec)
    crossed = [item for item in items(spec, Shape) if item.role == "crossed"]
    (shaded,) = [item for item in items(spec, Shape) if item.role.endswith("shade")]
    x0, y0, x1, y1 = shape.box
    assert crossed[0].box == pytest.approx((x0, y1 - (y1 - y0) / 2, x1, y1 - (y1 - y0) / 4), abs=1e-3)
    assert shaded.box[2] == pytest.approx(x1)
    cross = [arrow for arrow in items(spec, Arrow) if arrow.role == "line"]
    row, cell = cross[:-2], cross[-2:]
    assert len(row) >= 3
    for arrow in row:  # strokes from side to side of the crossed row
        assert sorted(y for _, y in arrow.points) == pytest.approx(crossed[0].box[1::2], abs=1e-3)
    assert sorted(cell[0].points)[0][0] == pytest.approx(crossed[1].box[0], abs=1e-3)
    outline = items(spec, Shape)[-1]
    assert outline.role == f"{shape.role} outline", (
        "cells lie on the edge of the matrix, and the edge on them"
    )
    assert outline.points == shape.points
    assert wrong(spec) == []
    assert "row 2 and cell (1, 3) crossed out, column 12 drawn darker" in describe(spec, verify(spec))


def test_beside_its_diagonal_a_diagonal_matrix_is_empty():
    spec = product(r"[{matrix: '\Lambda', cells: all}]", "{adapter: adalora, d: 64, r: 4}")
    (shape,) = matrices(spec)
    assert shape.role == "plain"
    assert len([item for item in items(spec, Shape) if item.role == "adapter"]) == 4


BLOCKS = "[{matrix: W, blocks: [{block: B, columns: r}, {block: R, columns: 'd - r'}]}]"


def test_blocks_have_their_shares_and_fill_the_matrix():
    spec = product(BLOCKS.replace("block: R", "block: '\\text{rest}'"), "{d: 96, r: 32}")
    (shape,) = matrices(spec)
    first, second = [item for item in items(spec, Shape) if "block" in item.name]
    wide = shape.box[2] - shape.box[0]
    assert first.box[2] - first.box[0] == pytest.approx(wide / 3, abs=0.01)
    assert second.box[2] == pytest.approx(shape.box[2], abs=1e-3)
    assert [claim for claim in wrong(spec) if "block" in (claim[2] or "")] == []


def test_blocks_that_do_not_add_up():
    told = wrong(
        product("[{matrix: W, blocks: [{block: B, columns: r}, {block: B, columns: r}]}]", "{d: 96, r: 32}")
    )
    assert ("r + r", "fails", "its blocks have 64 columns, and W has 96") in told


def test_a_block_has_the_shape_of_its_symbol():
    told = wrong(
        product("[{matrix: W, blocks: [{block: A, rows: r}, {block: A, rows: 'd - r'}]}]", "{d: 96, r: 32}")
    )
    assert [claim[2] for claim in told] == ["A is r × d, and this block of W is d − r × d"]


EXPERTS = """{d: 64, r: 4, sizes: {N: 3}, symbols: {g: {shape: [N]},
  C_i: {shape: [r, d], role: trained, over: 'i = 1..N'},
  D_i: {shape: [d, r], role: trained, over: 'i = 1..N'}},
  let: ['U = \\sum_{i=1}^{N} g_i D_i C_i']}"""


def test_a_sum_is_of_what_stands_behind_it():
    whole = product(r"[U, '=', '\sum_{i=1}^{N}', g_i, D_i, '\times', C_i]", EXPERTS)
    assert wrong(whole) == []
    assert "the sum over i equals 1 to N of g sub i D sub i C sub i" in alt_text(whole)
    assert len(matrices(whole)) == 3
    scaled = product(r"[U, '+', W, '=', W, '+', '\sum_i', g_i, D_i, C_i]", EXPERTS)
    assert wrong(scaled) == []


@pytest.mark.parametrize(
    "items_",
    [
        r"[U, '=', '\sum_{i=1}^{N}', D_i, C_i]",
        r"[U, '=', '\sum_{i=1}^{2}', g_i, D_i, C_i]",
        r"[U, '=', '\sum_{i=1}^{N}', g_i, D_i, C_i, '+', W]",
    ],
)
def test_a_sum_of_something_else_is_refused(items_):
    assert [claim[1] for claim in wrong(product(items_, EXPERTS))] == ["fails"]


def test_what_a_function_of_entries_gives_is_as_large_as_what_it_takes():
    model = "{d: 64, r: 4, symbols: {v: {shape: [d]}}, let: ['S = \\mathrm{diag}(\\mathrm{ReLU}(v))']}"
    drawn = product(r"[S, '=', {matrix: '\mathrm{diag}(\mathrm{ReLU}(v))'}]", model)
    assert wrong(drawn) == []


ERRORS = [
    ("['=', W]", "'=' at the beginning: a sign stands between two matrices", "put a matrix before it"),
    ("[W, '=']", "'=' at the end", "put a matrix behind it"),
    (r"[W, '=', '\times', A]", "'×' right behind '=': a sign stands between two matrices",
     "put a matrix before it"),
    ("[[W, '=', W], '+', W]", "'=' in brackets", "put it outside: a list is what stands in brackets"),
    (r"[W, '=', '\sum_{i=1}^{N}']", r"'\sum_{i=1}^{N}' at the end", "put a matrix behind it"),
    (r"['\sum_i', '+', W]", r"'+' right behind '\sum_i': a sign stands between two matrices",
     "put a matrix before it"),
    (r"[B, '\times', A, '\odot', W]", "'×' and '⊙' beside each other",
     r"put into a list what is taken first: [[B_1, \times, A_1], \odot, [B_2, \times, A_2]]"),
    ("[{matrix: W, crossed: {rows: [1]}}]", "'crossed' on a matrix without cells",
     "say how many there are: cells: {rows: 8, columns: 8}"),
    ("[{matrix: W, cells: {rows: 4, columns: 4}, crossed: {rows: [5]}}]", "row 5 of a grid of 4 × 4 cells",
     "count from 1"),
    ("[{matrix: W, blocks: [{block: A}]}]", "a block of no size",
     "give its rows, or its columns: {block: W_q, rows: d}"),
    ("[{matrix: W, cells: {rows: 4, columns: 4, of: [r]}}]", "sizes of a cell that are not two",
     "give its rows and its columns: of: [r, r]"),
    (f"[{', '.join(['W'] * 25)}]", "25 matrices in one product; the limit is 24", "draw it in parts"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "what", "hint"), ERRORS)
def test_what_is_no_product_is_an_error_with_its_place(written, what, hint):
    with pytest.raises(LorafigError) as caught:
        product(written)
    (problem,) = caught.value.problems
    assert (problem.what, problem.hint) == (what, hint)
    assert problem.where is not None


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("[{matrix: W, cells: all}]", "768 × 768 cells; the limit is 64 on a side"),
        ("[Z, '=', W]", "the shape of 'Z' is not known"),
        (r"['\alpha']", "a product without a matrix"),
    ],
)
def test_what_cannot_be_drawn(written, what):
    with pytest.raises(LorafigError) as caught:
        layout(product(written, "{d: 768, r: 8, alpha: 16}"))
    assert caught.value.problems[0].what == what


def test_a_product_is_told_in_words_with_its_scale():
    spec = product(UPDATE)
    told = describe(spec, verify(spec))
    assert "On the figure: a picture of matrices, $\\Delta W = BA$." in told
    assert "A side that stands for a dimension is drawn in proportion to the fourth root of its size." in told
    assert alt_text(spec) == "Matrices to scale: delta W equals B A."
    log = product(UPDATE, more="proportion: log\n")
    assert "A side that stands for a dimension is drawn on a logarithmic scale." in describe(log, verify(log))


def test_it_survives_the_way_through_plain_data():
    spec = product(
        "[{matrix: A, cells: all, crossed: {rows: [2]}}, '+', [A, '+', {vector: x}]]", "{d: 12, r: 4}"
    )
    assert from_data(to_data(spec)) == spec


def test_a_panel_of_products_has_a_model_of_its_own():
    spec = figure(
        r"""
        row:
          - panel: Low
            product: ['\Delta W', '=', B, '\times', A]
          - panel: High
            model: {r: 64}
            product: ['\Delta W', '=', {matrix: B, brace: r}, '\times', A]
        """,
        "{d: 768, r: 4}",
    )
    first, second = (shapes[1].box for shapes in (matrices(spec)[:3], matrices(spec)[3:]))
    assert wrong(spec) == []
    assert second[2] - second[0] > 1.5 * (first[2] - first[0])


def test_strokes_of_signs_lie_on_the_middle_line():
    """A minus and an equals sign are lower than a plus, and stand no higher."""
    spec = loads(
        "id: s\ntitle: T\nmodel: {d: 64, r: 4}\nproduct: [W, '=', W, '-', W, '+', [B, '\\times', A]]"
    )
    scene = layout(spec)
    signs = [item for item in walk(scene.items) if isinstance(item, Label) and item.name.startswith("sign")]
    assert [label.lines[0].plain for label in signs] == ["=", "−", "+", "×"]
    assert len({round(label.lines[0].origin[1], 3) for label in signs}) == 1
    assert len({round(label.centre[1], 3) for label in signs}) == 1
