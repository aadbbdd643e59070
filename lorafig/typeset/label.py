"""One line of a label: source text to glyphs, sizes, TeX and plain text.

What was set once is kept in the cache on disk, with the outlines of its glyphs: a warm run needs
neither the parser nor HarfBuzz nor a font.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol, TypeAlias

from lorafig import cache
from lorafig.errors import LorafigError, Place, Problem
from lorafig.notation.tree import Node
from lorafig.scene import Glyph, Rule
from lorafig.themes import MM_PER_POINT
from lorafig.typeset.boxes import Box, Mark, MissingGlyphError
from lorafig.values import replace

# \DeclareMathSizes of LaTeX's fonts: sizes of scripts and of scripts of scripts, in points.
_SCRIPT_SIZES: dict[float, tuple[float, float]] = {
    5: (5, 5),
    6: (5, 5),
    7: (5, 5),
    8: (6, 5),
    9: (6, 5),
    10: (7, 5),
    10.95: (8, 6),
    12: (8, 6),
    14.4: (10, 7),
    17.28: (12, 10),
    20.74: (14.4, 12),
    24.88: (20.74, 17.28),
}


def script_ratios(size: float) -> tuple[float, float]:
    """Sizes of scripts as parts of `size` (points), as LaTeX chooses them."""
    script, scripts = _SCRIPT_SIZES.get(size, (0.7 * size, 0.5 * size))
    return script / size, scripts / size


# Latin Modern has drawings of its own for small and for large sizes. For each: below which size (points,
# t1lmr.fd) a document takes it, and how much wider than at 10 pt its letters are, measured with pdfTeX.
_DRAWINGS = (
    (5.5, 1.37),
    (6.5, 1.225),
    (7.5, 1.14),
    (8.5, 1.06),
    (9.5, 1.027),
    (11, 1.0),
    (float("inf"), 0.979),
)
_LARGEST = (15.0, 0.915)  # from this size on, regular text alone takes lmr17


def letter_widths(size: float) -> tuple[float, float, float]:
    """How much wider than at 10 pt letters are drawn: in labels of `size` points, in scripts, in theirs."""
    script, scripts = script_ratios(size)
    return _wider(size), _wider(script * size), _wider(scripts * size)


def _wider(size: float, regular_text: bool = False) -> float:
    if regular_text and size >= _LARGEST[0]:
        return _LARGEST[1]
    return next(width for limit, width in _DRAWINGS if size < limit)


@dataclass(frozen=True, slots=True)
class SetLine:
    """A typeset line in em of `size` points. `part` is the marked stretch, `pieces` its TeX."""

    size: float
    width: float
    height: float
    depth: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    tex: str
    plain: str
    part: Mark | None = None
    pieces: tuple[str, str, str] | None = None

    @property
    def em(self) -> float:
        """The em in mm."""
        return self.size * MM_PER_POINT


Compute: TypeAlias = Callable[[Node], Node] | None


class Typesetter(Protocol):
    """What layout needs: a label's source to its sizes. Tests pass one of fixed widths."""

    outlines: dict[str, str]

    def math(
        self, source: str, size: float, *, display: bool = False, part: str | None = None
    ) -> SetLine: ...

    def text(self, source: str, size: float, *, bold: bool = False) -> SetLine: ...


@dataclass(slots=True)
class LatinModern:
    """The typesetter of every figure: Computer Modern's shapes, TeX's rules.

    `compute` replaces every `\\num{…}` of a tree by its number; `stamp` says which numbers it knows, so
    that labels of other figures are not mistaken for it in the cache.
    """

    compute: Compute = None
    stamp: str = ""
    outlines: dict[str, str] = field(default_factory=dict)
    kept: dict[Key, Kept] = field(default_factory=dict)

    def math(self, source: str, size: float, *, display: bool = False, part: str | None = None) -> SetLine:
        return self._line(source, ("math", str(source), size, display, part))

    def text(self, source: str, size: float, *, bold: bool = False) -> SetLine:
        return self._line(source, ("text", str(source), size, bold, None))

    def _line(self, source: str, key: Key) -> SetLine:
        try:
            if "\\num" not in key[1]:
                kept = _remembered(key)
            else:
                if key not in self.kept:
                    self.kept[key] = _stored(key, self.stamp, self.compute)
                kept = self.kept[key]
        except LorafigError as error:
            raise _placed_at(error, getattr(source, "where", None)) from None
        except MissingGlyphError as missing:
            raise _undrawn(source, missing.char) from None
        self.outlines.update(kept[1])
        return kept[0]


Key: TypeAlias = tuple[str, str, float, bool, str | None]
Kept: TypeAlias = tuple[SetLine, dict[str, str]]  # a line and the outlines of its glyphs


@lru_cache(maxsize=4096)
def _remembered(key: Key) -> Kept:
    """A label that depends on nothing but its text: kept in memory too, for the next figure."""
    return _stored(key, "", None)


def _stored(key: Key, stamp: str, compute: Compute) -> Kept:
    """A label from the cache on disk, or set now and put there."""
    name = [*(str(part) for part in key), stamp]
    stored = cache.get("label", name)
    if stored is not None:
        return _decode(json.loads(stored), key[2])
    line = _set(*key, compute)
    kept = line, _outlines(line)
    if cache.folder() is not None:
        cache.put("label", name, _encode(*kept))
    return kept


def _placed_at(error: LorafigError, where: Place | None) -> LorafigError:
    """The same error with the label's place, where it has none of its own."""
    problems = tuple(
        problem if problem.where is not None else problem._replace(where=where) for problem in error.problems
    )
    return LorafigError(problems, error.kind)


def _undrawn(source: str, char: str) -> LorafigError:
    """The error for a character that no font here has, at its column where the label writes it as it is."""
    from lorafig.notation.cjk import is_cjk
    from lorafig.notation.read.fault import code_point, fault

    what = f"no font here has the character {char!r} ({code_point(char)})"
    hint = r"in words use Latin letters, and mathematics for others: $\alpha$"
    if is_cjk(char):
        hint = "Chinese and Japanese words may use what GB 2312 and JIS X 0208, level 1, have"
    at = source.find(char)
    if at < 0:
        return LorafigError(Problem(what, getattr(source, "where", None), hint))
    return fault(source, at, what, hint)


def _encode(line: SetLine, outlines: dict[str, str]) -> bytes:
    record = {
        "box": [line.width, line.height, line.depth],
        "glyphs": [[g.key, g.char, g.x, g.y, g.scale, g.stretch] for g in line.glyphs],
        "rules": [[r.x, r.y, r.width, r.height] for r in line.rules],
        "tex": line.tex,
        "plain": line.plain,
        "part": line.part,
        "pieces": line.pieces,
        "outlines": outlines,
    }
    return json.dumps(record).encode()


def _decode(record: dict[str, Any], size: float) -> Kept:
    width, height, depth = record["box"]
    line = SetLine(
        size,
        width,
        height,
        depth,
        tuple(Glyph(*glyph) for glyph in record["glyphs"]),
        tuple(Rule(*rule) for rule in record["rules"]),
        record["tex"],
        record["plain"],
        None if record["part"] is None else tuple(record["part"]),
        None if record["pieces"] is None else tuple(record["pieces"]),
    )
    return line, record["outlines"]


def _set(kind: str, source: str, size: float, flag: bool, part: str | None, compute: Compute) -> SetLine:
    if kind == "math":
        return _set_math(source, size, flag, part, compute)
    return _set_text(source, size, flag, compute)


def _set_math(source: str, size: float, display: bool, part: str | None, compute: Compute) -> SetLine:
    from lorafig.notation.find import locate, split_at
    from lorafig.notation.read.parse import parse_math
    from lorafig.notation.write.plain import to_plain
    from lorafig.notation.write.tex import to_tex
    from lorafig.typeset.mathematics import typeset

    node = _filled(parse_math(source), compute)
    located, pieces = None, None
    if part is not None:
        wanted = _filled(parse_math(part), compute)
        located, pieces = locate(node, wanted), split_at(node, wanted)
        if located is None or pieces is None:
            where, hint = getattr(part, "where", None), "name it as the equation writes it"
            raise LorafigError(Problem(f"'{part}' is not a part of '{source}'", where, hint))
    tex = to_tex(node)
    # Without a fraction or a large operator the two styles look much the same, and plain TeX reads better.
    display = display and any(tall in tex for tall in ("\\frac", "\\sum", "\\prod"))
    box = typeset(node, display=display, ratios=script_ratios(size), widths=letter_widths(size), part=located)
    mark = box.marks[0] if located is not None else None
    if display:
        tex = f"\\displaystyle {tex}"
        if pieces is not None:
            pieces = (f"\\displaystyle {pieces[0]}", f"\\displaystyle {pieces[1]}", pieces[2])
    return _finished(box, size, tex, to_plain(node), mark, pieces, math=True)


def _set_text(source: str, size: float, bold: bool, compute: Compute) -> SetLine:
    from lorafig.notation.cjk import spaced_runs
    from lorafig.notation.read.parse import parse_text
    from lorafig.notation.write.plain import text_to_plain
    from lorafig.notation.write.tex import text_to_tex
    from lorafig.typeset.boxes import beside
    from lorafig.typeset.letters import words
    from lorafig.typeset.mathematics import typeset

    written = tuple(
        run if run.math is None else replace(run, math=_filled(run.math, compute))
        for run in parse_text(source)
    )
    runs = spaced_runs(written)
    boxes: list[Box] = []
    ratios, widths = script_ratios(size), letter_widths(size)
    for run in runs:
        if run.math is not None:
            boxes.append(typeset(run.math, display=False, ratios=ratios, widths=widths))
        else:
            heavy = bold or run.bold
            boxes.append(words(run.text, "bold" if heavy else "regular", _wider(size, not heavy)))
    tex = text_to_tex(runs)
    if bold:
        tex = f"\\textbf{{{tex}}}"
    return _finished(beside(boxes), size, tex, text_to_plain(written), None, None, math=False)


def _filled(node: Node, compute: Compute) -> Node:
    return node if compute is None else compute(node)


def _finished(
    box: Box,
    size: float,
    tex: str,
    plain: str,
    part: Mark | None,
    pieces: tuple[str, str, str] | None,
    *,
    math: bool,
) -> SetLine:
    return SetLine(
        size,
        box.width,
        box.height,
        box.depth,
        box.glyphs,
        box.rules,
        f"${tex}$" if math else tex,
        plain,
        part,
        pieces,
    )


def _outlines(line: SetLine) -> dict[str, str]:
    from lorafig.typeset.fonts import outline

    return {glyph.key: outline(glyph.key) for glyph in line.glyphs}
