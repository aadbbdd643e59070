"""One line of a label: source text to glyphs, sizes, TeX and plain text.

What was set once is kept in the cache on disk, with the outlines of its glyphs: a warm run needs
neither the parser nor HarfBuzz nor a font.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Protocol, TypeAlias

from msgspec import Struct, msgpack

from lorafig import cache
from lorafig.errors import LorafigError, Place, Problem
from lorafig.typeset.line import Compute, MissingGlyphError, SetLine


class Typesetter(Protocol):
    """What layout needs: a label's source to its sizes. Tests pass one of fixed widths."""

    outlines: dict[str, str]

    def math(
        self, source: str, size: float, *, display: bool = False, part: str | None = None
    ) -> SetLine: ...

    def text(self, source: str, size: float, *, bold: bool = False) -> SetLine: ...

    def within(self, numbers: Mapping[str, Fraction]) -> Typesetter:
        """The same with numbers of its own, as a panel may have them, in the place of their symbols."""


class LatinModern:
    """The typesetter of every figure: mathematics in Computer Modern's shapes, by TeX's rules.

    `compute` replaces every `\\num{…}` of a tree by its number; `stamp` says which numbers it knows, so
    that labels of other figures are not mistaken for it in the cache. Words are set in the `font`, serif or
    sans; mathematics is serif.
    """

    def __init__(self, compute: Compute = None, stamp: str = "", font: str = "serif") -> None:
        self.compute, self.stamp, self.font = compute, stamp, font
        self.outlines: dict[str, str] = {}
        self._computed: dict[Key, Kept] = {}

    def math(self, source: str, size: float, *, display: bool = False, part: str | None = None) -> SetLine:
        return self._line(source, ("math", str(source), size, display, part))

    def text(self, source: str, size: float, *, bold: bool = False) -> SetLine:
        return self._line(source, (self.font, str(source), size, bold, None))

    def within(self, numbers: Mapping[str, Fraction]) -> LatinModern:
        from lorafig.notation.numbers.shown import settled

        compute = self.compute
        own = LatinModern(None if compute is None else lambda node: compute(settled(node, numbers)))
        own.stamp, own.outlines, own.font = f"{self.stamp} {numbers}", self.outlines, self.font
        return own

    def _line(self, source: str, key: Key) -> SetLine:
        try:
            if "\\num" not in key[1]:
                kept = _remembered(key)
            else:
                if key not in self._computed:
                    self._computed[key] = _stored(key, self.stamp, self.compute)
                kept = self._computed[key]
        except LorafigError as error:
            raise _placed_at(error, getattr(source, "where", None)) from None
        except MissingGlyphError as missing:
            raise _undrawn(source, missing.char) from None
        self.outlines.update(kept.outlines)
        return kept.line


Key: TypeAlias = tuple[str, str, float, bool, str | None]


class Kept(Struct, frozen=True, gc=False, array_like=True):
    """A line and the outlines of its glyphs."""

    line: SetLine
    outlines: dict[str, str]


@lru_cache(maxsize=4096)
def _remembered(key: Key) -> Kept:
    """A label that depends on nothing but its text: kept in memory too, for the next figure."""
    return _stored(key, "", None)


def _stored(key: Key, stamp: str, compute: Compute) -> Kept:
    """A label from the cache on disk, or set now and put there."""
    name = [*(str(part) for part in key), stamp]
    stored = cache.get("label", name)
    if stored is not None:
        return msgpack.decode(stored, type=Kept)
    from lorafig.typeset import setting

    line = setting.line(*key, compute)
    kept = Kept(line, {glyph.key: setting.outline(glyph.key) for glyph in line.glyphs})
    if cache.folder() is not None:
        cache.put("label", name, msgpack.encode(kept))
    return kept


def _placed_at(error: LorafigError, where: Place | None) -> LorafigError:
    """The same error with the label's place, where it has none of its own."""
    problems = [problem._replace(where=problem.where or where) for problem in error.problems]
    return LorafigError(tuple(problems), error.kind)


def _undrawn(source: str, char: str) -> LorafigError:
    """The error for a character that no font here has, at its column where the label writes it as it is."""
    from unicodedata import category

    from lorafig.notation.cjk import is_cjk
    from lorafig.notation.read.fault import code_point, fault

    what = f"no font here has the character {char!r} ({code_point(char)})"
    hint = "in words use Latin, Cyrillic, Chinese, Japanese or Korean letters"
    hint += r", and mathematics for others: $\alpha$"
    if category(char) == "So":
        hint = "leave it out; in a flow, a node's badge is a picture: badge: trainable"
    if is_cjk(char):
        hint = "words may use what GB 2312, JIS X 0208, level 1, and KS X 1001 have"
    at = source.find(char)
    if at < 0:
        return LorafigError(Problem(what, getattr(source, "where", None), hint, code="notation"))
    return fault(source, at, what, hint)
