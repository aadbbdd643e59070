"""A figure as a part of an HTML page: its SVG among the page's own elements.

Two things are different there. Ids belong to the whole page, so each figure gets a prefix of its own.
And a page may be light or dark: where the two drawings of a figure differ, the CSS function `light-dark()`
chooses by the `color-scheme` that the theme of the page sets, without a script.
It stands in style attributes: a browser that does not know it, or a Content-Security-Policy that forbids
it, leaves the presentation attributes, which are the light drawing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

from lorafig.embed.request import AUTO, Request
from lorafig.embed.source import Source
from lorafig.notation.write.mathml import text_html
from lorafig.options import Options
from lorafig.pipeline import hold, render_bytes
from lorafig.provenance import attach, bare
from lorafig.provenance.find import find
from lorafig.themes.palettes import by_night

_PARTS = re.compile(r"(<[^>]*>)")  # what is between tags, and tags; render.svg escapes > in both
_NIGHT = re.compile(r"<style>@media\(prefers-color-scheme:dark\)\{((?:[^{}]*\{[^}]*\})*)\}</style>")
_RULE = re.compile(r"\.(\w+)\{(fill|stroke):([^}]*)\}")
_CLASSED = re.compile(r'(<[^>]*) class="([^"]*)"(?=\s*/?>)')
_COLOUR = re.compile(r' (fill|stroke)="([^"]*)"')
_IDS = re.compile(r'(?<= id=")[^"]*|(?<= aria-labelledby=")[^"]*')


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG element to stand in a page, and what it says of itself."""

    id: str
    svg: str
    title: str
    description: str


def figure(
    asked: Request, source: Source, prefix: str, classes: tuple[str, ...] = (), anchor: str = ""
) -> str:
    """The figure element of a page. `prefix` begins the ids in it, `anchor` is its own.

    Errors: LorafigError, also where the figure does not hold.
    """
    inner = frame(asked, source) if asked.interactive else picture(asked, source, prefix).svg
    attributes = f' class="{escape(" ".join(classes))}"' if classes else ""
    if asked.interactive:  # a theme may make figures as wide as what is in them, and a frame has no width
        attributes += ' style="width:auto"'
    if anchor != "":
        attributes = f' id="{escape(anchor)}"{attributes}'
    caption = "" if asked.caption is None else f"<figcaption>{text_html(asked.caption)}</figcaption>"
    return f"<figure{attributes}>{inner}{caption}</figure>"


def picture(asked: Request, source: Source, prefix: str, captioned: bool = False) -> Picture:
    """The verified figure as one SVG element in the colours of the page; its caption there is held to it.
    It may be `captioned` by other means too."""
    hold(source.data, source.file, (asked.alt, asked.caption))
    theme = None if asked.theme == AUTO else asked.theme
    rendered = render_bytes(source.data, source.file, ("svg",), options_of(asked, theme, captioned))
    svg = rendered.outputs["svg"].decode().strip()
    if theme is None and by_night(_palette(source)) is not None:
        options = options_of(asked, AUTO, captioned)
        following = render_bytes(source.data, source.file, ("svg",), options).outputs["svg"]
        (known,) = find(rendered.outputs["svg"], source.file)
        svg = attach(known, by_page(bare("svg", following).decode().strip()).encode()).decode()
    title, description = (unescape(_between(svg, name)) for name in ("title", "desc"))
    if asked.alt is not None:
        description = asked.alt
        svg = re.sub(r"(<desc [^>]*>)[^<]*", lambda match: match[1] + escape(asked.alt or ""), svg, count=1)
    size = (
        "max-width:100%;height:auto"
        if asked.width is None
        else f"width:{asked.width};max-width:100%;height:auto"
    )
    svg = with_prefix(svg, rendered.id, prefix).replace("<svg ", f'<svg style="{size}" ', 1)
    if "light-dark(" in svg:  # paper is white, also for a reader whose pages are dark
        on_paper = f'<style media="print">#{prefix}{{color-scheme:light}}</style>'
        svg = svg.removesuffix("</svg>") + on_paper + "</svg>"
    return Picture(rendered.id, svg, title, description)


def options_of(asked: Request, theme: str | None, captioned: bool = False) -> Options:
    """How a picture is drawn. A caption below it takes the place of the one in it."""
    given = captioned or asked.caption is not None
    return Options(text=asked.text, theme=theme, caption="off" if given else "auto")


def frame(asked: Request, source: Source) -> str:
    """The interactive page in a frame that may run its script and do nothing else."""
    hold(source.data, source.file, (asked.caption,))
    rendered = render_bytes(source.data, source.file, ("html", "svg"), Options())
    title = _between(rendered.outputs["svg"].decode(), "title")
    return framed(rendered.outputs["html"].decode(), unescape(title), asked.height)


def framed(page: str, title: str, height: int, instead: str = "") -> str:
    """A page of ours in a page of somebody else, where it is of an origin of its own. `instead` is what is
    left where frames are taken out."""
    style = f"width:100%;height:{height}px;border:0"
    attributes = f'title="{escape(title)}" sandbox="allow-scripts" loading="lazy" style="{style}"'
    return f'<iframe {attributes} srcdoc="{escape(page)}">{escape(instead)}</iframe>'


def with_prefix(svg: str, name: str, prefix: str) -> str:
    """The SVG with `prefix` in place of the figure's id, which begins every id in it."""

    def renamed(ids: re.Match[str]) -> str:
        return " ".join(prefix + identity[len(name) :] for identity in ids[0].split(" "))

    parts = _PARTS.split(svg)
    parts[1::2] = [_IDS.sub(renamed, tag) for tag in parts[1::2]]
    return "".join(parts)


def anonymous(svg: str) -> str:
    """The SVG without ids, for pages that nobody numbers figures on; what it says of itself is its label."""
    said = f"{_between(svg, 'title')}. {_between(svg, 'desc')}".replace('"', "&quot;")
    parts = _PARTS.split(svg)
    parts[1::2] = [re.sub(r' (id|aria-labelledby)="[^"]*"', "", tag) for tag in parts[1::2]]
    return "".join(parts).replace("<svg ", f'<svg aria-label="{said}" ', 1)


def by_page(svg: str) -> str:
    """A drawing that is dark where its reader's system is, as one that is dark where the page is.

    It has no ground, as a light drawing has none: on the page's own ground both look a part of it. The inks
    of the dark palette are readable on every ground darker than #404040.
    """
    rules = _NIGHT.search(svg)
    if rules is None:
        return svg
    night = {label: (name, colour) for label, name, colour in _RULE.findall(rules[1])}

    def coloured(tag: re.Match[str]) -> str:
        day = dict(_COLOUR.findall(tag[1]))
        looks = (night[label] for label in tag[2].split())
        styles = [f"{name}:light-dark({day[name]},{colour})" for name, colour in looks]
        return f'{tag[1]} style="{";".join(styles)}"'

    return _CLASSED.sub(coloured, svg[: rules.start()] + svg[rules.end() :])


def _palette(source: Source) -> str:
    from lorafig.language import loads

    return loads(source.data, source.file).theme.palette


def _between(svg: str, name: str) -> str:
    match = re.search(rf"<{name}[^>]*>([^<]*)", svg)
    assert match is not None
    return match[1]
