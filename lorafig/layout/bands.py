"""The levels of a row as they are seen: labels at the left, and hairlines through all panels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.language.model import Level
from lorafig.layout.lengths import named
from lorafig.layout.levels import Heights
from lorafig.layout.parts import Spot
from lorafig.layout.sheet import Block, Sheet
from lorafig.layout.wrap import wrapped
from lorafig.scene import Anchor, Group, Place
from lorafig.themes.measures import caption_size

WIDEST = 8.0  # em, of a label


def bands(sheet: Sheet, floor: Spot, levels: Sequence[Level], heights: Heights) -> None:
    """Labels of the levels left of all that is there, and the hairlines between them."""
    assert floor.of is not None
    mark = len(sheet.items)
    x0, _, x1, _ = sheet.extent
    labels = {str(level.name): _lines(sheet, level) for level in levels}
    widest = max(line.width for lines in labels.values() for line in lines)
    left = x0 - sheet.lengths["level gap"] - widest
    base, _ = sheet.point(floor.of, floor.at, floor.right, floor.up)

    def place(right: float, up: float, anchor: Anchor) -> Place:
        spot = floor.shifted(sheet.signed("level offset", right - base)).raised(
            sheet.signed("level rise", up)
        )
        return Place(anchor, spot.of, spot.at, spot.right, spot.up)

    for name, height in heights.lines.items():
        wide = sheet.length("level width", x1 - left)
        sheet.rectangle(
            f"{name}-line", "hairline", wide, named("hairline"), place(left, height, "west"), "box"
        )
    for name, lines in labels.items():
        if name not in heights.levels:
            continue
        drops = [_drop(upper, lower) for upper, lower in pairwise(lines)]
        tall = sum(line.height for line in lines) + sum(drops)
        at = place(left, heights.levels[name] + tall / 2, "north west")
        for line, drop in zip(lines, [*drops, 0.0], strict=True):
            label = sheet.label(line, at, "text", f"{name}-level")
            at = Place("north west", label.name, "south west", (), sheet.signed("level line", -drop))
    group = Group(sheet.unique("levels"), "The levels", tuple(sheet.items[mark:]))
    del sheet.items[mark:]
    sheet.items.append(group)


def _lines(sheet: Sheet, level: Level) -> list[Block]:
    """The lines of a label, each by itself, as all begin at the left."""
    size, widest = sheet.font_size, WIDEST * sheet.em
    lines = wrapped(sheet.typesetter, level.title, size, widest, bold=True)
    if level.note is not None:
        lines += wrapped(sheet.typesetter, level.note, caption_size(size), widest)
    return [sheet.block([line]) for line in lines]


def _drop(upper: Block, lower: Block) -> float:
    """The gap between two lines, so that their baselines are as far apart as those of a text, in mm."""
    ends = upper.lines[0].depth * upper.lines[0].em + lower.lines[0].height * lower.lines[0].em
    return max(lower.leading - ends, 0.0)
