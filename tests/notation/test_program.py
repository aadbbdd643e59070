"""Expressions as programs: what is written, and that no name can break out of it. That the values are right
is tests/page/test_exact.py."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Symbol
from lorafig.notation.write.program import names, to_program
from lorafig.page.data import script_safe
from tests.javascript import node, script


@pytest.mark.parametrize(
    ("label", "program"),
    [
        ("d^2", ["$d", "^2"]),
        ("2dr", ["#2", "$d", "*", "$r", "*"]),
        ("d^2/2dr", ["$d", "^2", "#2", "$d", "*", "$r", "*", "/"]),
        (r"\frac{\alpha}{r}", ["$α", "$r", "/"]),
        ("-d + k - 0.5 %", ["$d", "neg", "$k", "+", "#1/200", "-"]),
        (r"\min(d, k)", ["$d", "$k", "min"]),
        (r"\min\{d, k, r\}", ["$d", "$k", "min", "$r", "min"]),
        (r"\lfloor d/3 \rfloor", ["$d", "#3", "/", "floor"]),
        (r"\left\lceil \frac{d}{3} \right\rceil", ["$d", "#3", "/", "ceil"]),
        ("W(x)", ["$W", "$x", "*"]),
        (r"W_{\text{</script>}}", ["$W_</script>"]),
    ],
)
def test_what_is_written(label: str, program: list[str]) -> None:
    assert to_program(parse_math(label)) == program


def test_a_thousand_may_be_1024() -> None:
    assert to_program(parse_math("2K"), 1024) == ["#2048"]


@pytest.mark.parametrize(
    ("label", "part"),
    [
        (r"\sqrt{d}", "√d"),
        ("d^{0.5}", "d^(0.5)"),
        (r"d \pm k", "d ± k"),
        (r"A \otimes B", "A ⊗ B"),
        (r"\mathrm{rank}(BA)", "rank(BA)"),
        ("|d - k|", "|d − k|"),
        ("d = k", "d = k"),
        (r"2\num{d}", r"\num{d}"),
    ],
)
def test_what_is_no_arithmetic_is_refused(label: str, part: str) -> None:
    with pytest.raises(LorafigError) as caught:
        to_program(parse_math(label))
    assert str(caught.value) == (
        f"'{part}' cannot be computed\n  hint: use + - × / powers, min and max of the dimensions, ⌊ ⌋ and ⌈ ⌉"
    )


def test_the_symbols_that_an_expression_needs() -> None:
    assert names(parse_math(r"r(d + k) + \frac{\alpha}{d_1} \cdot 2")) == {"r", "d", "k", "α", "d_1"}


@settings(deadline=None)
@given(
    st.recursive(st.text(st.characters()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_data_stays_data(data: object) -> None:
    source = script_safe(data)
    assert json.loads(source) == data
    assert source.isascii()
    assert "<" not in source


def test_the_longest_label_can_be_read_by_a_browser() -> None:
    """Brackets as deep as labels have factors."""
    product, total = parse_math(" ".join("d" * 900)), parse_math("+".join("d" * 900))
    answer = "const answer = (program) => Exact.text(Program.compile(program)({d: Exact.num(1)}));"
    with node(script("exact.js", "program.js") + answer) as ask:
        assert [ask(to_program(product)), ask(to_program(total))] == ["1", "900"]


HOSTILE = (
    "</script><script>document.title='out'</script>",
    "<!--<script>",
    "]]>",
    '"];document.title="out";v["',
    "\\",
    "\u2028\u2029\n\r",
    "`${document.title='out'}`",
    "'\"",
    "\ud800",
    "ɑ 𝒩",
)


def test_no_name_ends_the_script(page: Any) -> None:
    """In a real page, names come out as they went in, and nothing of them is run."""
    data = script_safe([to_program(Symbol(name)) for name in HOSTILE])
    page.set_content(
        f'<title>in</title><script type="application/json" id="data">{data}</script><p>after</p>'
    )
    found = page.evaluate(
        "JSON.parse(document.getElementById('data').textContent)"
        ".map(([name]) => name.slice(1).split('').map((unit) => unit.charCodeAt(0)))"
    )
    units = [name.encode("utf-16-be", "surrogatepass") for name in HOSTILE]
    assert found == [[256 * name[i] + name[i + 1] for i in range(0, len(name), 2)] for name in units]
    assert page.title() == "in"
    assert page.locator("p").inner_text() == "after"
    assert page.locator("script").count() == 1
