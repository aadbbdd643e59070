"""The brace of an element: where it lies, the room it takes, and drawing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lorafig.errors import Place
from lorafig.language.model import Brace
from lorafig.layout.sheet import Block, Sheet
from lorafig.scene import Length


@dataclass(frozen=True, slots=True)
class ElementBrace:
    """A brace along the whole upper or lower edge of a shape."""

    label: Block
    side: Literal["over", "under"]
    where: Place | None = None

    def room(self, sheet: Sheet) -> Length:
        """How far it reaches from its edge."""
        return sheet.length("brace room", sheet.brace_room(self.label))

    def above(self, sheet: Sheet) -> Length:
        return self.room(sheet) if self.side == "over" else ()

    def below(self, sheet: Sheet) -> Length:
        return self.room(sheet) if self.side == "under" else ()

    def draw(self, sheet: Sheet, shape: str) -> None:
        start, end = sheet.edge(shape, self.side)
        sheet.brace(shape, start, end, self.side, self.label)


def prepare(sheet: Sheet, spec: Brace | None, side: Literal["over", "under"]) -> ElementBrace | None:
    """Prepare the brace of an element; `side` is where it lies unless the spec says."""
    if spec is None:
        return None
    label = sheet.block([sheet.typesetter.math(spec.label, sheet.font_size)])
    return ElementBrace(label, spec.side if spec.side is not None else side, spec.where)
