"""Expressions as JavaScript: what is written, and that no name can break out of it. That the values are right
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
from lorafig.notation.write.javascript import names, quoted, to_javascript
from tests.javascript import node, script


@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("d^2", 'Exact.pow(v["d"], 2)'),
        ("2dr", 'Exact.mul(Exact.mul(Exact.num(2n), v["d"]), v["r"])'),
        ("d^2/2dr", 'Exact.div(Exact.pow(v["d"], 2), Exact.mul(Exact.mul(Exact.num(2n), v["d"]), v["r"]))'),
        (r"\frac{\alpha}{r}", 'Exact.div(v["\\u03b1"], v["r"])'),
        ("-d + k - 0.5 %", 'Exact.sub(Exact.add(Exact.neg(v["d"]), v["k"]), Exact.num(1n, 200n))'),
        (r"\min(d, k)", 'Exact.min(v["d"], v["k"])'),
        (r"\min\{d, k\}", 'Exact.min(v["d"], v["k"])'),
        (r"\lfloor d/3 \rfloor", 'Exact.floor(Exact.div(v["d"], Exact.num(3n)))'),
        (r"\left\lceil \frac{d}{3} \right\rceil", 'Exact.ceil(Exact.div(v["d"], Exact.num(3n)))'),
        ("W(x)", 'Exact.mul(v["W"], v["x"])'),
        (r"W_{\text{</script>}}", 'v["W_\\u003c\\u002fscript\\u003e"]'),
    ],
)
def test_what_is_written(label: str, source: str) -> None:
    assert to_javascript(parse_math(label)) == source


def test_a_thousand_may_be_1024() -> None:
    assert to_javascript(parse_math("2K"), 1024) == "Exact.num(2048n)"


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
        to_javascript(parse_math(label))
    assert str(caught.value) == (
        f"'{part}' cannot be computed\n  hint: use + - × / powers, min and max of the dimensions, ⌊ ⌋ and ⌈ ⌉"
    )


def test_the_symbols_that_an_expression_needs() -> None:
    assert names(parse_math(r"r(d + k) + \frac{\alpha}{d_1} \cdot 2")) == {"r", "d", "k", "α", "d_1"}


@settings(deadline=None)
@given(st.lists(st.text(st.characters()), min_size=1))
def test_a_string_stays_a_string(texts: list[str]) -> None:
    for text in texts:
        source = quoted(text)
        assert json.loads(source) == text
        assert source.isascii()
        assert not set(source[1:-1]) & set('<>&/"\n\r\u2028')


def test_the_longest_label_can_be_read_by_a_browser() -> None:
    """Brackets as deep as labels have factors."""
    product, total = parse_math(" ".join("d" * 900)), parse_math("+".join("d" * 900))
    values = f"const values = (v) => [{to_javascript(product)}, {to_javascript(total)}];"
    answer = "const answer = () => values({d: Exact.num(1)}).map(Exact.text);"
    with node(script("exact.js") + values + answer) as ask:
        assert ask(None) == ["1", "900"]


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
    sources = [to_javascript(Symbol(name)) for name in HOSTILE]
    mirror = "new Proxy({}, {get: (_, name) => name})"
    page.set_content(
        f"<title>in</title><script>const v = {mirror}, found = [{', '.join(sources)}];</script><p>after</p>"
    )
    found = page.evaluate("found.map((name) => name.split('').map((unit) => unit.charCodeAt(0)))")
    units = [name.encode("utf-16-be", "surrogatepass") for name in HOSTILE]
    assert found == [[256 * one[i] + one[i + 1] for i in range(0, len(one), 2)] for one in units]
    assert page.title() == "in"
    assert page.locator("p").inner_text() == "after"
    assert page.locator("script").count() == 1
