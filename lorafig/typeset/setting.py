"""A label is read and set. One that has been kept needs none of this, nor the parser, nor HarfBuzz."""

from __future__ import annotations

from lorafig.errors import LorafigError, Problem
from lorafig.notation.cjk import spaced_runs
from lorafig.notation.find import locate, split_at
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node, Run, Symbol
from lorafig.notation.write.plain import text_to_plain, to_plain
from lorafig.notation.write.tex import text_to_tex, to_tex
from lorafig.typeset.boxes import Box, beside
from lorafig.typeset.fonts import WORDS, outline
from lorafig.typeset.glyphs import words
from lorafig.typeset.line import Compute, Mark, SetLine
from lorafig.typeset.mathematics import typeset
from lorafig.typeset.style import wider

__all__ = ["line", "outline"]

# Signs between matrices and in circles, which by themselves are not a formula.
# Signs that stand alone. TeX sets them the same in any case; in the MathML of arXiv's HTML they would have
# the room of an operator before them. A minus would be a hyphen there.
ALONE = frozenset("+=×⊗⊕⊙•·")
SIGNS = {sign: Symbol(sign) for sign in ("=", "−", "•")}


def line(kind: str, source: str, size: float, flag: bool, part: str | None, compute: Compute) -> SetLine:
    """Mathematics, in display style if `flag`, with a `part` marked; or a text in a font, bold if `flag`."""
    if kind == "math":
        return _math(source, size, flag, part, compute)
    return _text(source, size, flag, kind, compute)


def _math(source: str, size: float, display: bool, part: str | None, compute: Compute) -> SetLine:
    node = SIGNS.get(source) or _filled(parse_math(source), compute)
    located, pieces = None, None
    if part is not None:
        wanted = _filled(parse_math(part), compute)
        located, pieces = locate(node, wanted), split_at(node, wanted)
        if located is None or pieces is None:
            where, hint = getattr(part, "where", None), "name it as the equation writes it"
            raise LorafigError(Problem(f"'{part}' is not a part of '{source}'", where, hint, code="notation"))
    tex = to_tex(node)
    if isinstance(node, Symbol) and node.name in ALONE:
        tex = f"\\mathord{{{tex}}}"
    # Without a fraction or a large operator the two styles look much the same, and plain TeX reads better.
    display = display and any(tall in tex for tall in ("\\frac", "\\sum", "\\prod"))
    box = typeset(node, size, display=display, part=located)
    mark = box.marks[0] if located is not None else None
    if display:
        tex = f"\\displaystyle {tex}"
        if pieces is not None:
            pieces = (f"\\displaystyle {pieces[0]}", f"\\displaystyle {pieces[1]}", pieces[2])
    return _line(box, size, f"${tex}$", to_plain(node), mark, pieces)


def _text(source: str, size: float, bold: bool, font: str, compute: Compute) -> SetLine:
    written = tuple(
        run if run.math is None else Run(run.text, _filled(run.math, compute), run.bold, run.offset)
        for run in parse_text(source)
    )
    runs = spaced_runs(written)
    boxes: list[Box] = []
    for run in runs:
        if run.math is not None:
            boxes.append(typeset(run.math, size))
        else:
            heavy = bold or run.bold
            boxes.append(worded(run.text, size, font, heavy))
    tex = text_to_tex(runs)
    return _line(beside(boxes), size, f"\\textbf{{{tex}}}" if bold else tex, text_to_plain(written))


def worded(text: str, size: float, font: str, bold: bool) -> Box:
    """Words of one weight. The serif alone has drawings of its own for small sizes, which are wider."""
    plain, heavy = WORDS[font]
    return words(text, heavy if bold else plain, wider(size, not bold) if font == "serif" else 1.0)


def _filled(node: Node, compute: Compute) -> Node:
    return node if compute is None else compute(node)


def _line(
    box: Box,
    size: float,
    tex: str,
    plain: str,
    part: Mark | None = None,
    pieces: tuple[str, str, str] | None = None,
) -> SetLine:
    return SetLine(size, box.width, box.height, box.depth, box.glyphs, box.rules, tex, plain, part, pieces)
