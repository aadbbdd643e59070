"""The pages of a site as a parser reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LINKS = {"href", "src", "srcset", "data-copy", "aria-labelledby"}
MATHML = {
    "math", "mi", "mo", "mn", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup",
    "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "mmultiscripts",
}  # fmt: skip


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """`elements` in the order of the document, each with the text within it."""

    path: Path
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.feed(self.path.read_text(encoding="utf-8"))
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in ("meta", "link", "img", "input", "source", "wbr"):
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag == "path" and self.open[-1].tag != "path":
            return
        assert self.open.pop().tag == tag, f"{self.path}: </{tag}>"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag and wanted.items() <= element.attributes.items()
        ]

    def ids(self) -> list[str]:
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def links(self) -> Iterator[tuple[str, str, str]]:
        """Every address on the page: the attribute, the path that it leads to from here, the fragment."""
        for element in self.elements:
            for name in ("href", "src", "srcset"):
                if name in element.attributes:
                    parts = urlsplit(element.attributes[name])
                    assert parts.scheme == parts.netloc == parts.query == "", element
                    yield name, unquote(parts.path), parts.fragment


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
