"""How to use a figure: what an author pastes into a paper, a page, a book or a program."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from lorafig.language.model import Figure
from lorafig.notation.write.tex import text_to_tex
from lorafig.site.gallery.entry import Entry
from lorafig.site.markup import plain
from lorafig.words.alt import alt_text
from lorafig.words.labels import Labels

_CJK = re.compile(r"\\lorafigCJK\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Usage:
    """A way to use it: `code` is to be copied, `note` says what there is to know."""

    key: str
    title: str
    note: str
    code: str


def usages(entry: Entry, shipped: bool) -> tuple[Usage, ...]:
    """`shipped` is whether the spec is one of lorafig's own gallery."""
    return (
        _latex(entry),
        _html(entry),
        _markdown(entry),
        _sphinx(entry),
        _python(entry),
        _command(entry, shipped),
    )


def alternative(figure: Figure) -> str:
    """The alternative text of the picture: its title, and what is on it."""
    title = plain(figure.title, Labels(figure))
    return f"{title}{'' if title.endswith(('.', '!', '?', '。')) else '.'} {alt_text(figure)}".strip()


def _latex(entry: Entry) -> Usage:
    tikz = entry.outputs["tikz"].decode()
    preamble = re.findall(r"^%   (\\use.*)$", tikz, re.MULTILINE)
    engine = "pdfLaTeX, XeLaTeX or LuaLaTeX"
    if tikz.startswith("% UTF-8, for XeLaTeX or LuaLaTeX"):
        preamble.append(r"\usepackage[scheme=plain]{ctex}")
        engine = "XeLaTeX or LuaLaTeX"
    # Chinese and Japanese as they are: what the fragment defines for them is unknown in a list of figures.
    caption = _CJK.sub(r"\1", text_to_tex(Labels(entry.figure).runs(entry.figure.title)))
    code = [
        *preamble,
        "…",
        r"\begin{figure}",
        r"  \centering",
        rf"  \input{{{entry.id}.tikz}}",
        rf"  \caption{{{caption}}}",
        rf"  \label{{fig:{entry.id}}}",
        r"\end{figure}",
    ]
    note = f"With {entry.id}.tikz beside your document, compiled by {engine}; in the document's own font."
    return Usage("latex", "LaTeX", note, "\n".join(code))


def _html(entry: Entry) -> Usage:
    alt = html.escape(alternative(entry.figure))
    code = [
        "<picture>",
        f'  <source srcset="{entry.id}.dark.svg" media="(prefers-color-scheme: dark)">',
        f'  <img src="{entry.id}.svg" alt="{alt}">',
        "</picture>",
    ]
    return Usage("html", "HTML", "Light and dark, with nothing loaded from elsewhere.", "\n".join(code))


def _markdown(entry: Entry) -> Usage:
    code = f"```lorafig\n{entry.id}.yaml\n```"
    note = "A fence for MkDocs and Zensical, with lorafig.embed.markdown among their Markdown extensions."
    return Usage("markdown", "Markdown", note, code)


def _sphinx(entry: Entry) -> Usage:
    note = "With lorafig.embed.sphinx among the extensions: SVG in HTML, PDF in LaTeX."
    return Usage("sphinx", "Sphinx", note, f".. lorafig:: {entry.id}.yaml")


def _python(entry: Entry) -> Usage:
    code = [
        "import lorafig",
        "",
        f'figure = lorafig.load("{entry.id}.yaml")',
        "figure.check().verdict  # 'holds'",
        f'figure.save("{entry.id}.pdf")',
        "figure  # shows itself in a notebook",
    ]
    return Usage("python", "Python", "In a program or a notebook.", "\n".join(code))


def _command(entry: Entry, shipped: bool) -> Usage:
    code = [f"lorafig new {entry.id} --from {entry.id}"] if shipped else []
    code += [
        f"lorafig check {entry.id}.yaml",
        f"lorafig render {entry.id}.yaml -f {','.join(entry.outputs)} -o .",
    ]
    note = "Writes what is on this page anew, after another look at every claim."
    return Usage("shell", "Command line", note, "\n".join(code))
