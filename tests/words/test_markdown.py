"""Whatever stands in a label, a Markdown parser reads it as words."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lorafig.errors import LorafigError
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.render.tex import compile_pdf
from lorafig.words.blocks import Item, bullets, numbered, phrase, spoken, table, text
from lorafig.words.write.markdown import escape, lines, mathematics
from lorafig.words.write.markdown import phrase as markdown_of
from tests.notation.labels import LABELS
from tests.words.reading import dollars, markup, tables, words

HOSTILE = (
    "<script>alert(1)</script>", "[a](http://evil.example)", "![a](b)", "<http://evil.example>",
    "&lt;b&gt;", "&#60;b&#62;", "**bold**", "*a* _b_ __c__", "`code`", "``` fence", "~~gone~~",
    "| a | b |", "$x$", "\\", "\\$", "# heading", "- item", "+ item", "* item", "1. item", "12) item",
    "> quote", "---", "===", "a\\", "{#id .c}", "[^1]", "[x]: http://evil.example", "<!-- -->", "<?php",
    "<![CDATA[", "a@b.example", "www.evil.example", "https://evil.example/a_b", "javascript:alert(1)",
    "<a href='x'>", "#", "a #", "!", "![", "&amp", "1986\\. A", "a  b", "    code", "\u2028",
    "预训练模型 <b>", "x^2^ ~y~", "==mark==", ":smile:", "\\[x\\]", "\\(x\\)",
)  # fmt: skip


def source(text: str) -> str:
    """The text as an author has to write it to have it word for word."""
    return "".join("\\" + char if char in "\\$*" else char for char in text)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", ["{}", "- {}", "1. {}", "# {}", "“{}”: a box.", "a ({})", "Caption: {}"])
def test_hostile_words_stay_words(text: str, place: str) -> None:
    written = place.format(escape(text))
    assert markup(written) <= {"paragraph", "bullet_list", "ordered_list", "list_item", "heading"}
    expected = " ".join(text.split())
    assert expected in " ".join(words(written).split())


@given(st.text())
@example("a\\")
@example("1.\u00a0a")
def test_any_words_stay_words(label: str) -> None:
    try:
        runs = parse_text(source(label))
    except LorafigError:
        assume(False)
        raise
    written = markdown_of(text(runs))
    assert markup(written) <= {"paragraph"}
    assert words(written).split() == label.split()
    assert "\n" not in written


@given(
    st.lists(st.lists(st.text("|\\`*_[]<>&$ab \n~#-+1.)"), min_size=3, max_size=3), min_size=1, max_size=4)
)
def test_cells_survive(rows: list[list[str]]) -> None:
    head = ("one", "two", "three")
    written = "\n".join(lines(table(head, rows)))
    found = tables(written)[0]
    assert len(found) == len(rows) + 1
    assert markup(written) == {"table", "thead", "tbody", "tr", "th", "td"}
    for row, read in zip(rows, found[1:], strict=True):
        assert [words(cell).split() for cell in read] == [cell.split() for cell in row]


@pytest.mark.parametrize("label", LABELS)
def test_mathematics_is_closed_and_makes_no_markup(label: str) -> None:
    for written in (mathematics(parse_math(label)), markdown_of(spoken(parse_math(label)))):
        assert dollars(written) in (0, 2)
        assert markup(written) == {"paragraph"}
        assert markup(f"| a |\n| --- |\n| {written} |") == {"table", "thead", "tbody", "tr", "th", "td"}


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("h = Wx + BAx", "$h = Wx + BAx$"),
        (r"W \in \mathbb{R}^{d \times d}", r"$W \in \mathbb{R}^{d \times d}$"),
        # what Markdown would take for a link, an escape, a column or a tag
        (r"\left[W\right](x)", r"$\left\lbrack W\right\rbrack (x)$"),
        (r"\{W\}", r"$\lbrace W\rbrace$"),
        (r"a \, b \; c", r"$a \thinspace b \thickspace c$"),
        ("r < d > k", "$r < d > k$"),
        ("|x|", r"$\lvert x \rvert$"),
        (r"\left\|W\right\|", r"$\left\Vert W\right\Vert$"),
        ("W^*", r"$W^\ast$"),
        # words that Markdown might act on are not mathematics any more
        (r"x \text{ <b> }", r"x \<b\>"),
        (r"x \text{ where \$ }", r"x where \$"),
        (r"\underbrace{W_0}_{\text{a}} x", r"$\underbrace{W_0}_ {\text{a}}x$"),
        (r"x \text{ 权重 }", "x 权重"),
        (r"x \text{ [a](b) }", r"x \[a\](b)"),
    ],
)
def test_mathematics(label: str, written: str) -> None:
    assert mathematics(parse_math(label)) == written


def test_tex_sets_it_as_it_stands() -> None:
    written = [mathematics(parse_math(label)) for label in LABELS]
    body = "\\par\n".join(one for one in written if one.startswith("$"))
    head = "\\documentclass{article}\\usepackage{amsmath,amssymb}\\begin{document}\n"
    assert compile_pdf(f"{head}{body}\n\\end{{document}}\n").startswith(b"%PDF")


def test_a_text_with_mathematics() -> None:
    assert markdown_of(text(r"W: $d^2 = 4$, or $r$ of <b>")) == r"W: $d^2 = 4$, or $r$ of \<b\>"
    assert markdown_of(text("**Frozen** $W$")) == "Frozen $W$"


def test_lists_nest() -> None:
    two = Item(phrase("two:"), bullets(["a", "b"]))
    nested = lines(numbered(["first", Item(phrase("head:"), numbered(["one", two]))]))
    assert nested == ["1. first", "2. head:", "   1. one", "   2. two:", "      - a", "      - b"]
    assert markup("\n".join(nested)) == {"ordered_list", "bullet_list", "list_item", "paragraph"}


def test_a_long_list_keeps_its_nesting() -> None:
    nested = lines(numbered(Item(phrase(f"item {n}"), bullets(["a"])) for n in range(120)))
    assert nested[-1] == "     - a"
    assert "\n".join(nested).count("- a") == 120
    assert markup("\n".join(nested)) == {"ordered_list", "bullet_list", "list_item", "paragraph"}
