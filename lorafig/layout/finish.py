"""From the sheet to the scene: everything moved to where the lower left corner is the origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec.structs import replace

from lorafig.language.model import Figure
from lorafig.layout.lengths import named
from lorafig.layout.sheet import Sheet
from lorafig.notation.read.parse import parse_text
from lorafig.notation.write.plain import text_to_plain
from lorafig.scene import (
    Arrow,
    Brace,
    Drawn,
    Group,
    Icon,
    Item,
    Label,
    Length,
    Point,
    Scene,
    Shape,
    Style,
    Wedge,
    walk,
)
from lorafig.themes.palettes import palette_of
from lorafig.themes.style import colours, seen_from_afar, styles
from lorafig.typeset.style import OWN_SCRIPTS


def finished(
    figure: Figure,
    sheet: Sheet,
    classes: tuple[Mapping[str, Style], Mapping[str, str]],
    description: str | None,
    unverified: bool,
) -> Scene:
    """The scene of all that is on the sheet. `classes` are the styles and colours that its flows add."""
    palette = seen_from_afar(palette_of(figure.theme.palette), figure.theme.font_size)
    named_colours = {**colours(palette), **classes[1]}
    x0, y0, x1, y1 = sheet.extent
    border, head = sheet.lengths["border"], sheet.lengths["arrow head"]
    if palette.background is not None:  # whose edge is seen
        border += sheet.lengths["margin"]
    drawn = list(walk(tuple(sheet.items)))
    roles = {item.role for item in drawn}
    sizes = {item.size for item in drawn if isinstance(item, Label)}
    used = {name for item in drawn for length in _lengths(item) for _, name in length}
    known = {**styles(palette), **classes[0]}
    shown = {role: style for role, style in known.items() if role in roles}
    inks = {name for style in shown.values() for name in (style.fill, style.stroke, style.ink, style.icon)}
    title = text_to_plain(parse_text(figure.title))
    return Scene(
        id=figure.id,
        title=f"{title} (unverified)" if unverified else title,
        description=title if description is None else description,
        width=round(x1 - x0 + 2 * border, 3),
        height=round(y1 - y0 + 2 * border, 3),
        font_size=figure.theme.font_size,
        arrow_head=(head, round(0.75 * head, 3)),
        lengths={name: value for name, value in sheet.lengths.items() if name in used},
        palette={name: value for name, value in named_colours.items() if name in inks | {palette.background}},
        styles=shown,
        outlines=_outlines(sheet, drawn),
        items=tuple([moved(item, border - x0, border - y0) for item in sheet.items]),
        background=palette.background,
        unverified=unverified,
        font=figure.theme.words,
        scripts=tuple((size, *OWN_SCRIPTS[size]) for size in sorted(sizes) if size in OWN_SCRIPTS),
        font_asked=figure.theme.font is not None,
    )


def _outlines(sheet: Sheet, drawn: list[Drawn]) -> dict[str, str]:
    """Those of all glyphs and icons."""
    outlines = dict(sheet.typesetter.outlines)
    icons = [item.key for item in drawn if isinstance(item, Icon)]
    if icons:
        from lorafig.icons import ICONS

        outlines.update((key, ICONS[key.removeprefix("icon ")].outline) for key in icons)
    return outlines


def _lengths(item: Drawn) -> tuple[Length, ...]:
    """The lengths that an item is placed or sized by."""
    match item:
        case Label():
            return item.place.right, item.place.up
        case Shape():
            return item.place.right, item.place.up, item.width, item.height, *(item.sides or ())
        case Arrow():
            return item.start.right, item.start.up, item.end.right, item.end.up
        case Brace():
            return named(item.gap), named(item.amplitude)
        case Icon():
            return item.place.right, item.place.up, named("icon")
        case Wedge():
            return ()
        case _:
            assert_never(item)


def moved(item: Item, right: float, up: float) -> Item:
    """The item moved by (right, up) in mm; its relations to others stay as they are."""

    def at(point: Point) -> Point:
        return round(point[0] + right, 4), round(point[1] + up, 4)

    match item:
        case Label():
            lines = tuple([replace(line, origin=at(line.origin)) for line in item.lines])
            return replace(item, centre=at(item.centre), lines=lines)
        case Shape() | Arrow() | Wedge():
            return replace(item, points=tuple([at(point) for point in item.points]))
        case Icon():
            return replace(item, centre=at(item.centre))
        case Brace():
            return replace(item, start=at(item.start), end=at(item.end))
        case Group():
            return replace(item, items=tuple([moved(inner, right, up) for inner in item.items]))
        case _:
            assert_never(item)
