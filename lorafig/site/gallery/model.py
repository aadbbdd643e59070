"""What the templates are given, as values that are ready to be set.

Strings are escaped by the templates; `Markup` is HTML that was made in `site.markup` and `words.write.html`.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from lorafig.site.gallery.usage import Usage


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for light and for dark pages, by its files, and its size in CSS pixels."""

    light: str
    dark: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Tag:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on the index. `search` is what is searched, a line each; `lang` the language of its texts."""

    id: str
    lang: str
    title: Markup
    shows: Markup
    tags: tuple[str, ...]
    claims: int
    interactive: bool
    picture: Picture
    search: str


@dataclass(frozen=True, slots=True)
class Index:
    cards: tuple[Card, ...]
    tags: tuple[Tag, ...]
    rare: tuple[Tag, ...]
    claims: int


@dataclass(frozen=True, slots=True)
class Download:
    file: str
    name: str
    about: str
    size: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the report. `line` is that of the spec."""

    line: int | None
    text: Markup
    kind: str
    verdict: str
    detail: str
    hint: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a figure."""

    id: str
    lang: str
    title: Markup
    name: str
    shows: Markup
    summary: str
    tags: tuple[str, ...]
    picture: Picture
    alternative: str
    interactive: bool
    facts: tuple[tuple[str, Markup], ...]
    advice: tuple[tuple[str, Markup], ...]
    concepts: tuple[Markup, ...]
    downloads: tuple[Download, ...]
    usages: tuple[Usage, ...]
    description: Markup
    verdict: str
    counts: tuple[str, ...]
    claims: tuple[Claim, ...]
    unverified: tuple[tuple[Markup, Markup], ...]
    source: tuple[str, ...]
    tikz: str


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    lang: str
    title: Markup
