"""What a line of a label is once it has been set."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from lorafig.scene import Glyph, Rule
from lorafig.themes.measures import MM_PER_POINT

if TYPE_CHECKING:
    from lorafig.notation.tree import Node

# A marked part of a line: x from, x to, height, depth.
Mark: TypeAlias = tuple[float, float, float, float]
Compute: TypeAlias = "Callable[[Node], Node] | None"


class SetLine(Struct, frozen=True, gc=False, array_like=True):
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


class MissingGlyphError(LookupError):
    """No font here has the character `char`."""

    def __init__(self, char: str) -> None:
        super().__init__(char)
        self.char = char
