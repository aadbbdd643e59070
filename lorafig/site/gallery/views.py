"""Entries to what the templates are given: the index, and the page of each figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech
from lorafig.pipeline import Format
from lorafig.site import markup
from lorafig.site.gallery.entry import Entry, themes
from lorafig.site.gallery.model import Card, Claim, Download, Index, Link, Page, Picture, Tag
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


def index(entries: Sequence[Entry]) -> Index:
    cards = tuple(card(entry) for entry in entries)
    counted = Counter(tag for one in cards for tag in one.tags)
    tags = [Tag(name, count) for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
    shown = sum(tag.count > 1 for tag in tags) or len(tags)
    shown = min(shown, MOST_TAGS)
    claims = sum(one.claims for one in cards)
    return Index(cards, tuple(tags[:shown]), tuple(tags[shown:]), claims)


def card(entry: Entry) -> Card:
    figure = entry.figure
    labels = Labels(figure)
    about = figure.about
    tags = _tags(entry, labels)
    said = [figure.title, *(() if about.shows is None else (about.shows,)), *about.concepts]
    search = [entry.id, *(markup.plain(one, labels) for one in said), *tags, *_symbols(entry, labels)]
    return Card(
        id=entry.id,
        lang=markup.language(figure.title),
        title=markup.text(figure.title, labels),
        shows=markup.text(about.shows, labels),
        tags=tags,
        claims=len(entry.report["claims"]),
        interactive=interactive(entry),
        picture=picture(entry),
        search="\n".join(dict.fromkeys(search)),
    )


def page(entry: Entry, shipped: bool) -> Page:
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
    claims = report["claims"]
    kinds = Counter(claim["kind"] for claim in claims if claim["verdict"] == "holds")
    return Page(
        id=entry.id,
        lang=markup.language(figure.title),
        title=markup.text(figure.title, labels),
        name=markup.plain(figure.title, labels),
        shows=markup.text(about.shows, labels),
        summary=markup.plain(about.shows or figure.title, labels),
        tags=_tags(entry, labels),
        picture=picture(entry),
        alternative=alternative(figure),
        interactive=interactive(entry),
        facts=tuple((name, markup.text(text, labels)) for name, text in facts if text is not None),
        advice=tuple((name, markup.text(text, labels)) for name, text in advice if text is not None),
        concepts=tuple(markup.text(concept, labels) for concept in about.concepts),
        downloads=_downloads(entry),
        usages=usages(entry, shipped),
        description=_description(entry),
        verdict=report["verdict"],
        counts=tuple(quantity(count, *KINDS[kind]) for kind, count in kinds.items()),
        claims=tuple(_claim(claim, labels) for claim in claims),
        unverified=tuple(
            (markup.claim(claim["text"], labels), markup.text(claim["unverified"], labels))
            for claim in claims
            if claim["verdict"] == "undetermined"
        ),
        source=tuple(entry.source.rstrip("\n").split("\n")),
        tikz=entry.outputs["tikz"].decode(),
    )


def link(entry: Entry) -> Link:
    title = entry.figure.title
    return Link(entry.id, markup.language(title), markup.text(title, Labels(entry.figure)))


def interactive(entry: Entry) -> bool:
    """Whether its page has something to move."""
    return entry.figure.controls is not None


def picture(entry: Entry) -> Picture:
    size = _SIZE.search(entry.pictures["light"].decode())
    assert size is not None  # the backend always says how large it is
    sizes = {size[1]: float(size[2]) * PIXELS_PER_MM, size[3]: float(size[4]) * PIXELS_PER_MM}
    names = pictures(entry)
    return Picture(names["light"], names["dark"], round(sizes["width"]), round(sizes["height"]))


def pictures(entry: Entry) -> dict[str, str]:
    """The files of the pictures; the one in the figure's own palette is that for download."""
    return {
        shade: f"{entry.id}.svg" if theme is None else f"{entry.id}.{shade}.svg"
        for shade, theme in themes(entry.figure).items()
    }


def _downloads(entry: Entry) -> tuple[Download, ...]:
    found = []
    for form, (name, about) in FORMATS.items():
        if form in entry.outputs:
            told = "interactive page" if form == "html" and interactive(entry) else about
            found.append(Download(f"{entry.id}.{form}", name, told, size(len(entry.outputs[form]))))
        if form == "svg":
            found += [
                Download(file, f"SVG, {shade}", f"for {shade} pages", size(len(entry.pictures[shade])))
                for shade, file in pictures(entry).items()
                if file != f"{entry.id}.svg"
            ]
    spec = Download(f"{entry.id}.yaml", "YAML", "the spec", size(len(entry.source.encode())))
    return (spec, *found)


def size(count: int) -> str:
    """`640 bytes`, `1.2 kB`, `2.3 MB`; a kB is 1,000 bytes."""
    if count < 1000:
        return quantity(count, "byte")
    return f"{count / 1000:.1f} kB" if count < 999_950 else f"{count / 1_000_000:.1f} MB"


def _claim(claim: dict[str, object], labels: Labels) -> Claim:
    value, detail, line = claim["value"], claim["detail"], claim["line"]
    assert line is None or isinstance(line, int)
    told = str(detail) if detail is not None else "" if value is None else f"computed: {value}"
    if claim["unverified"]:
        told = f"unverified: {markup.plain(str(claim['unverified']), labels)}"
    return Claim(
        line,
        markup.claim(str(claim["text"]), labels),
        str(claim["kind"]),
        str(claim["verdict"]),
        told,
        "" if claim["hint"] is None else str(claim["hint"]),
    )


def _tags(entry: Entry, labels: Labels) -> tuple[str, ...]:
    return tuple(dict.fromkeys(markup.plain(tag, labels) for tag in entry.figure.about.tags))


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
