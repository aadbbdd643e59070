"""The description as HTML says what a Markdown parser reads in it, and no label becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lorafig.notation.read.parse import parse_math
from lorafig.resources import gallery
from lorafig.site.gallery import words
from lorafig.site.gallery.description import html, inline, read, sections
from lorafig.words.markdown import bullets, escape, heading, mathematics, numbered, table
from tests.notation.labels import LABELS
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


def ours(markdown: str) -> list[Event]:
    parser = _Events()
    parser.feed(str(html(read(markdown))).replace("</math><wbr><math>", ""))  # long formulas are in pieces
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


@pytest.mark.parametrize("name", gallery())
def test_a_description_reads_as_markdown_it_reads_it(site: Path, name: str) -> None:
    markdown = (site / name / f"{name}.md").read_text(encoding="utf-8")
    assert ours(markdown) == theirs(markdown)
    assert "<code>" not in html(read(markdown))  # all of its mathematics is read


def test_a_hostile_description_too(hostile: Path) -> None:
    markdown = (hostile / "hostile" / "hostile.md").read_text(encoding="utf-8")
    assert "script" in markdown
    assert ours(markdown) == theirs(markdown)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_escaped_words_stay_words(text: str) -> None:
    assert inline(escape(text)) == Markup.escape(" ".join(text.split()))


@pytest.mark.parametrize("label", LABELS)
def test_mathematics_comes_back_as_the_tree_that_was_written(label: str) -> None:
    node = parse_math(label)
    written = mathematics(node)
    if written.startswith("$"):
        assert inline(written) == words.mathematics(node)


WORDS = st.text(st.sampled_from("ab*_`[]()<>&|\\$#-+.1 :/@\"'"), min_size=1, max_size=12).map(escape)
ITEMS = st.lists(WORDS.filter(bool), min_size=1, max_size=3)


@given(st.lists(st.one_of(
    st.tuples(st.integers(1, 4), WORDS.filter(bool)).map(lambda pair: heading(*pair)),
    WORDS.filter(bool),
    ITEMS.map(bullets),
    ITEMS.map(numbered),
    st.tuples(ITEMS, ITEMS).map(lambda pair: bullets(["\n".join([pair[0][0], *numbered(pair[1])])])),
    st.lists(WORDS, min_size=2, max_size=2).map(lambda row: table(["a", "b"], [row])),
), min_size=1, max_size=4))  # fmt: skip
def test_whatever_describe_can_write_reads_as_markdown_it_reads_it(parts: list[str | list[str]]) -> None:
    # Two lists one after the other are one to a Markdown parser; describe writes words between them.
    spaced = [one for part in parts for one in (part, "between")]
    markdown = "\n\n".join("\n".join(part) if isinstance(part, list) else part for part in spaced)
    assert ours(markdown) == theirs(markdown)


def test_sections_begin_at_their_headings() -> None:
    blocks = read("# Title\n\nshows\n\n## One\n\n- a\n\n### Inner\n\n## Two\n\nend\n")
    assert [(title, len(found)) for title, found in sections(blocks)] == [("", 2), ("One", 2), ("Two", 1)]


def test_headings_go_lower() -> None:
    assert html(read("## One\n\n###### Deep"), lower=1) == "<h3>One</h3>\n<h6>Deep</h6>"
