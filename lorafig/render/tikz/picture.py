"""Scene to TikZ, written the way a careful author would: names, styles, relations, no magic numbers.

What is said (which node stands where, by which named length) is decided in `statements`; the template
`figure.tikz.j2` decides how it is laid out. Every name in the output carries a prefix, and everything is
defined inside the picture's group, so that a document may hold many figures, or one of them twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from textwrap import fill
from typing import TYPE_CHECKING

from lorafig.render import limits
from lorafig.render.tikz.ascii import alt_text, ascii_text, one_line
from lorafig.render.tikz.names import mm, node, number
from lorafig.render.tikz.statements import Writer, together
from lorafig.resources import folder
from lorafig.scene import Scene

if TYPE_CHECKING:
    from jinja2 import Template

# Commands that plain LaTeX lacks, by the package that has them.
PACKAGES: Mapping[str, str] = {
    "amsmath": "text operatorname dfrac tfrac lVert rVert lvert rvert boldsymbol bmatrix",
    "amssymb": "mathbb mathfrak lesssim gtrsim",
    "bm": "bm",
}

_MATRIX = r"\\begin\{[a-z]+\}"  # LaTeX has a \pmatrix of its own, which is another
WIDTH = 104  # characters of a line of text


def render(scene: Scene, *, standalone: bool = False) -> str:
    """A fragment for `\\input`, or a whole document that compiles by itself.

    Raises LorafigError of kind 'limit' for a picture that TeX, or a page of PDF, cannot hold.
    """
    limits.demand_size(scene, "PDF" if standalone else "TeX")
    writer = Writer(scene)
    edges = [
        writer.lengths.macro(f"picture {side}", size)
        for side, size in (("width", scene.width), ("height", scene.height))
    ]
    statements = list(together(writer.statements(scene.items)))
    styles = writer.styles.styles()
    tex = " ".join(line.tex for label in writer.labels for line in label.lines)
    packages = {
        package: command
        for command in re.findall(r"\\([A-Za-z]+)", re.sub(_MATRIX, r"\\bmatrix", tex))
        for package, has in PACKAGES.items()
        if command in has.split()
    }
    libraries = sorted(writer.libraries | ({"positioning"} if writer.places.positioning else set()))
    needs = [("tikzpicture", r"\usepackage{tikz}")]
    needs += [(packages[package], rf"\usepackage{{{package}}}") for package in sorted(packages)]
    needs += [(f"tikz@library@{library}@loaded", rf"\usetikzlibrary{{{library}}}") for library in libraries]
    foreign = re.search(r"\\lorafigCJK\{(.)", tex)
    cyrillic = re.search(r"\\lorafigCyrillic\{(.)", tex)
    return _template().render(
        standalone=standalone,
        font=scene.font,
        family={"sans": r"\sffamily", "serif": r"\rmfamily"}[scene.font] if scene.font_asked else "",
        cjk=None if foreign is None else f"{ord(foreign[1]):X}",
        cyrillic=None if cyrillic is None else f"{ord(cyrillic[1]):X}",
        unverified=scene.unverified,
        id=ascii_text(scene.id),
        title=one_line(scene.title),
        alt=alt_text(f"{scene.title}. {scene.description}"),
        width=scene.width,
        height=scene.height,
        prefix=node(scene.id) + "-",
        packages=["tikz", *sorted(packages)],
        libraries=libraries,
        needs=needs,
        colours=[(name, value.removeprefix("#").upper()) for name, value in writer.styles.colours()],
        inks=writer.styles.inks(),
        hexes={name: value.removeprefix("#").upper() for name, value in writer.styles.colours()},
        lengths=writer.lengths.used(),
        sizes=writer.styles.sizes(),
        rooms=writer.styles.rooms(),
        scripts=scene.scripts,
        styles=styles,
        pics=writer.styles.pics(),
        edges=edges,
        background=None if scene.background is None else writer.styles.colour(scene.background),
        statements=statements,
    )


def _wrap(text: str, before: int, indent: int) -> str:
    """A text broken between words, as much on a line as there is room for."""
    first, following = " " * before, " " * indent
    return fill(text, WIDTH, initial_indent=first, subsequent_indent=following,
                break_long_words=False, break_on_hyphens=False)  # fmt: skip


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder("templates")), undefined=StrictUndefined, keep_trailing_newline=True,
        block_start_string="<%", block_end_string="%>",  # Jinja's own break on TeX's braces
        variable_start_string="<{", variable_end_string="}>",
        comment_start_string="<#", comment_end_string="#>",
    )  # fmt: skip
    environment.filters |= {"number": number, "mm": mm, "wrap": _wrap}
    return environment.get_template("figure.tikz.j2")
