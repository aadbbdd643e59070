"""Entries to what the templates are given: the index, and the page of each figure.

Strings are escaped by the templates; `Markup` is HTML that was made in `site.markup` and `words.write.html`.
A template that asks a view for what it does not have fails.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace as View
from typing import Any

from markupsafe import Markup

from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech
from lorafig.options import Format
from lorafig.site import markup
from lorafig.site.gallery.entry import Entry, themes
from lorafig.site.gallery.usage import alternative, usages
from lorafig.words.blocks import Paragraph, Section, phrase
from lorafig.words.checked import KINDS
from lorafig.words.labels import Labels, quantity
from lorafig.words.write import html
from lorafig.words.written import symbols, trees

PIXELS_PER_MM = 96 / 25.4
MOST_TAGS = 24  # that are shown at once; those of one figure alone are folded away
_SIZE = re.compile(r'<svg [^>]*?\b(width|height)="([0-9.]+)mm"[^>]*?\b(width|height)="([0-9.]+)mm"')

FORMATS: dict[Format, tuple[str, str]] = {
    "svg": ("SVG", "picture for the web"),
    "pdf": ("PDF", "picture for print"),
    "png": ("PNG", "picture in pixels"),
    "eps": ("EPS", "picture for older TeX"),
    "tikz": ("TikZ", "fragment for \\input"),
    "tex": ("TeX", "document of its own"),
    "mmd": ("Mermaid", "flowchart for README files"),
    "html": ("HTML", "page of its own"),
    "md": ("Markdown", "the figure in words"),
    "json": ("JSON", "the report of the checks"),
}
# Sections of the description that a page of the gallery tells by other means.
_TOLD = [phrase("Checked"), phrase("About")]


def index(entries: Sequence[Entry]) -> View:
    cards = [card(entry) for entry in entries]
    counted = Counter(tag for card in cards for tag in card.tags)
    tags = [
        View(name=name, count=counted[name]) for name in sorted(counted, key=lambda tag: (-counted[tag], tag))
    ]
    shown = min(sum(tag.count > 1 for tag in tags) or len(tags), MOST_TAGS)
    claims = sum(card.claims for card in cards)
    return View(cards=cards, tags=tags[:shown], rare=tags[shown:], claims=claims)


def card(entry: Entry) -> View:
    """A figure on the index; `search` is what is searched, a line each."""
    labels = Labels(entry.figure)
    title, about = entry.figure.title, entry.figure.about
    tags = tuple(dict.fromkeys(markup.plain(tag, labels) for tag in about.tags))
    said = [title, *(() if about.shows is None else (about.shows,)), *about.concepts]
    search = [entry.id, *(markup.plain(text, labels) for text in said), *tags, *_symbols(entry, labels)]
    return View(
        **vars(link(entry)),
        shows=markup.text(about.shows, labels),
        tags=tags,
        claims=len(_claims(entry)),
        interactive=interactive(entry),
        picture=picture(entry),
        search="\n".join(dict.fromkeys(search)),
    )


def _claims(entry: Entry) -> list[Any]:
    """What is claimed; a text that is prose claims nothing."""
    return [claim for claim in entry.report["claims"] if claim["verdict"] != "prose"]


def link(entry: Entry) -> View:
    title = entry.figure.title
    return View(id=entry.id, lang=markup.language(title), title=markup.text(title, Labels(entry.figure)))


def page(entry: Entry, shipped: bool) -> View:
    """The page of a figure: what the index has of it, and all else."""
    figure = entry.figure
    labels = Labels(figure)
    about = figure.about
    report = entry.report
    facts = [
        ("Id", str(figure.id)),
        ("After", about.after),
        ("Domain", about.domain),
        ("Tags", ", ".join(about.tags) or None),
        ("Venues", ", ".join(about.venue) or None),
        ("Licence", about.license),
        ("Author", about.author),
        ("Requires", ", ".join(["tikz", *about.requires])),
        ("Adapter", str(figure.model.adapter)),
    ]
    advice = [("When to use it", about.when), ("How to adapt it", about.adapt)]
    claims = _claims(entry)
    kinds = Counter(claim["kind"] for claim in claims if claim["verdict"] == "holds")
    own = {
        "name": markup.plain(figure.title, labels),
        "summary": markup.plain(about.shows or figure.title, labels),
        "alternative": alternative(figure),
        "facts": [(name, markup.text(text, labels)) for name, text in facts if text is not None],
        "advice": [(name, markup.text(text, labels)) for name, text in advice if text is not None],
        "concepts": [markup.text(concept, labels) for concept in about.concepts],
        "downloads": _downloads(entry),
        "usages": usages(entry, shipped),
        "description": _description(entry),
        "verdict": report["verdict"],
        "counts": [quantity(count, *KINDS[kind]) for kind, count in kinds.items()],
        "claims": [_claim(claim, labels) for claim in claims],
        "unverified": [
            (markup.claim(claim["text"], labels), markup.text(claim["unverified"], labels))
            for claim in claims
            if claim["verdict"] == "undetermined"
        ],
        "source": entry.source.rstrip("\n").split("\n"),
        "tikz": entry.outputs["tikz"].decode(),
    }
    return View(**{**vars(card(entry)), **own})


def interactive(entry: Entry) -> bool:
    """Whether its page has something to move."""
    return entry.figure.controls is not None


def picture(entry: Entry) -> View:
    """A picture for light and for dark pages, by its files, and its size in CSS pixels."""
    size = _SIZE.search(entry.pictures["light"].decode())
    assert size is not None  # the backend always says how large it is
    pixels = {name: round(float(mm) * PIXELS_PER_MM) for name, mm in (size.group(1, 2), size.group(3, 4))}
    return View(**pictures(entry), **pixels)


def pictures(entry: Entry) -> dict[str, str]:
    """The files of the pictures; the one in the figure's own palette is that for download."""
    return {
        shade: f"{entry.id}.svg" if theme is None else f"{entry.id}.{shade}.svg"
        for shade, theme in themes(entry.figure).items()
    }


def _downloads(entry: Entry) -> list[View]:
    files = [_file(f"{entry.id}.yaml", "YAML", "the spec", entry.source.encode())]
    for form, (name, about) in FORMATS.items():
        if form in entry.outputs:
            told = "interactive page" if form == "html" and interactive(entry) else about
            files.append(_file(f"{entry.id}.{form}", name, told, entry.outputs[form]))
        if form == "svg":
            files += [
                _file(file, f"SVG, {shade}", f"for {shade} pages", entry.pictures[shade])
                for shade, file in pictures(entry).items()
                if file != f"{entry.id}.svg"
            ]
    return files


def _file(file: str, name: str, about: str, content: bytes) -> View:
    return View(file=file, name=name, about=about, size=size(len(content)))


def size(count: int) -> str:
    """`640 bytes`, `1.2 kB`, `2.3 MB`; a kB is 1,000 bytes."""
    if count < 1000:
        return quantity(count, "byte")
    return f"{count / 1000:.1f} kB" if count < 999_950 else f"{count / 1_000_000:.1f} MB"


def _claim(claim: dict[str, Any], labels: Labels) -> View:
    """A row of the report. `line` is that of the spec."""
    value, told = claim["value"], claim["detail"]
    if told is None:
        told = "" if value is None else f"computed: {value}"
    if claim["unverified"]:
        told = f"unverified: {markup.plain(claim['unverified'], labels)}"
    return View(
        line=claim["line"],
        text=markup.claim(claim["text"], labels),
        kind=claim["kind"],
        verdict=claim["verdict"],
        detail=told,
        hint=claim["hint"] or "",
    )


def _symbols(entry: Entry, labels: Labels) -> list[str]:
    """The symbols on the figure, as they are written and as they are spoken."""
    nodes = [node for tree in trees(entry.figure, labels) for _, node in symbols(tree)]
    return [said for node in nodes for said in (to_plain(node), to_speech(node))]


def _description(entry: Entry) -> Markup:
    """The figure in words: what the page does not say already."""
    blocks = entry.description.blocks
    head = [block for block in blocks if isinstance(block, Paragraph)]
    sections = [block for block in blocks if isinstance(block, Section) and block.title not in _TOLD]
    return html.write([head[-1], *sections], level=3)  # the last paragraph says what is on the figure
