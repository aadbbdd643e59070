"""The description as HTML says what a Markdown parser reads in it, and no label becomes markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lorafig.language import loads
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.mathml import to_mathml
from lorafig.resources import gallery
from lorafig.verify import verify
from lorafig.words.blocks import (
    Block,
    Item,
    Phrase,
    Section,
    Strong,
    bullets,
    numbered,
    paragraph,
    phrase,
    section,
    table,
)  # fmt: skip
from lorafig.words.document import document
from lorafig.words.write.breaks import breakable
from lorafig.words.write.html import phrase as html_of
from lorafig.words.write.html import write
from lorafig.words.write.markdown import write as markdown_of
from tests.notation.labels import LABELS
from tests.site.gallery.conftest import HOSTILE
from tests.words.reading import PARSER

MATHEMATICS = "∎"  # stands for what is set as mathematics
Event = tuple[str, str]


class _Events(HTMLParser):
    """The elements and the words of our HTML, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Event] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "math":
            self.words(MATHEMATICS)
        self.inside += tag == "math"
        self.element("open", tag)

    def handle_endtag(self, tag: str) -> None:
        self.element("close", tag)
        self.inside -= tag == "math"

    def element(self, what: str, tag: str) -> None:
        if self.inside == 0 and tag not in ("div", "thead", "tbody"):
            self.found.append((what, "cell" if tag in ("th", "td") else tag))

    def handle_data(self, data: str) -> None:
        if self.inside == 0:
            self.words(data)

    def words(self, text: str) -> None:
        if self.found and self.found[-1][0] == "text":
            text = self.found.pop()[1] + text
        self.found.append(("text", text))


def ours(html: str) -> list[Event]:
    parser = _Events()
    parser.feed(str(html).replace("</math><wbr><math>", ""))  # long formulas are in pieces
    return _tidy(parser.found)


def theirs(markdown: str) -> list[Event]:
    """The same of what markdown-it reads, `$…$` taken for mathematics."""
    names = {
        "bullet_list": "ul", "ordered_list": "ol", "list_item": "li", "tr": "tr", "th": "cell", "td": "cell",
        "table": "table", "strong": "strong",
    }  # fmt: skip
    found: list[Event] = []
    markdown = re.sub(r"(?<!\\)((?:\\\\)*)\\\$", "\\1\ue000", markdown)  # a dollar sign that is one
    for block in PARSER.parse(markdown):
        for token in [block, *(block.children or ())]:
            kind, _, side = token.type.rpartition("_")
            if token.type in ("text", "text_special"):
                text = token.content
                if token.type == "text":
                    text = re.sub(r"\$[^$]+\$", MATHEMATICS, text)
                found.append(("text", text.replace("\ue000", "$")))
            elif side in ("open", "close") and not token.hidden and kind not in ("thead", "tbody"):
                name = token.tag if kind in ("heading", "paragraph") else names[kind]
                found.append((side, name))
            else:
                assert token.hidden or token.type == "inline" or kind in ("thead", "tbody"), token.type
    return _tidy(found)


def _tidy(found: list[Event]) -> list[Event]:
    """Words run together, without the blanks that HTML does not show."""
    tidied: list[Event] = []
    for event in found:
        if event[0] == "text" and tidied and tidied[-1][0] == "text":
            tidied[-1] = ("text", tidied[-1][1] + event[1])
        else:
            tidied.append(event)
    cut = [(what, " ".join(text.split()) if what == "text" else text) for what, text in tidied]
    return [event for event in cut if event != ("text", "")]


def described(source: bytes, file: str) -> Section:
    figure = loads(source, file)
    return document(figure, verify(figure, floating=False))


def same(blocks: Sequence[Block]) -> None:
    """Holds what HTML says of blocks to what a Markdown parser reads in their Markdown."""
    html, markdown = write(blocks, level=2), markdown_of(Section(phrase("Title"), tuple(blocks)))
    assert [("open", "h1"), ("text", "Title"), ("close", "h1"), *ours(html)] == theirs(markdown)


@pytest.mark.parametrize("path", gallery().values())
def test_html_says_what_a_markdown_parser_reads(path: str) -> None:
    same(described(Path(path).read_bytes(), path).blocks)


def test_that_of_a_hostile_figure_too() -> None:
    description = described(HOSTILE.encode(), "hostile.yaml")
    assert "script" in markdown_of(description)
    same(description.blocks)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_words_stay_words(text: str) -> None:
    assert html_of(phrase(text)) == Markup.escape(text)
    assert html_of(Phrase((Strong(text),))) == Markup("<strong>{}</strong>").format(text)


@pytest.mark.parametrize("label", LABELS)
def test_mathematics_is_that_of_the_tree(label: str) -> None:
    node = parse_math(label)
    assert html_of(Phrase((node,))) == breakable(to_mathml(node))


WORDS = st.text(st.sampled_from("ab*_`[]()<>&|\\$#-+.1 :/@\"'"), min_size=1, max_size=12)
WORDED = WORDS.filter(str.strip)
ITEMS = st.lists(WORDED, min_size=1, max_size=3)


@given(st.lists(st.one_of(
    WORDED.map(lambda title: section(title, paragraph("below"))),
    WORDED.map(paragraph),
    ITEMS.map(bullets),
    ITEMS.map(numbered),
    st.tuples(ITEMS, ITEMS).map(lambda pair: bullets([Item(phrase(pair[0][0]), numbered(pair[1]))])),
    st.lists(WORDS, min_size=2, max_size=2).map(lambda row: table(["a", "b"], [row])),
), min_size=1, max_size=4))  # fmt: skip
def test_whatever_can_be_described_reads_as_markdown_it_reads_it(blocks: list[Block]) -> None:
    # Two lists one after the other are one to a Markdown parser; describe has words between them.
    same([one for block in blocks for one in (block, paragraph("between"))])


def test_headings_go_lower() -> None:
    deep = section("One", section("Two", section("Three", section("Four", section("Five")))))
    levels = [line[:4] for line in write([deep], level=3).split("\n")]
    assert levels == ["<h3>", "<h4>", "<h5>", "<h6>", "<h6>"]
