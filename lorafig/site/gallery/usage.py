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
    name = entry.id
    alt = html.escape(alternative(entry.figure))
    picture = [
        "<picture>",
        f'  <source srcset="{name}.dark.svg" media="(prefers-color-scheme: dark)">',
        f'  <img src="{name}.svg" alt="{alt}">',
        "</picture>",
    ]
    python = [
        "import lorafig",
        "",
        f'figure = lorafig.load("{name}.yaml")',
        "figure.check().verdict  # 'holds'",
        f'figure.save("{name}.pdf")',
        "figure  # shows itself in a notebook",
    ]
    shell = [f"lorafig new {name} --from {name}"] if shipped else []
    shell += [
        f"lorafig check {name}.yaml",
        f"lorafig render {name}.yaml -f {','.join(entry.outputs)} -o .",
    ]
    fence = "A fence for MkDocs and Zensical, with lorafig.embed.markdown among their Markdown extensions."
    directive = "With lorafig.embed.sphinx among the extensions: SVG in HTML, PDF in LaTeX."
    anew = "Writes what is on this page anew, after another look at every claim."
    return (
        _latex(entry),
        Usage("html", "HTML", "Light and dark, with nothing loaded from elsewhere.", "\n".join(picture)),
        Usage("markdown", "Markdown", fence, f"```lorafig\n{name}.yaml\n```"),
        Usage("sphinx", "Sphinx", directive, f".. lorafig:: {name}.yaml"),
        Usage("python", "Python", "In a program or a notebook.", "\n".join(python)),
        Usage("shell", "Command line", anew, "\n".join(shell)),
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
