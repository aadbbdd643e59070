"""Spec to scene: sizes from the labels and the dimensions, positions from relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Place, Problem
from lorafig.graph.lower import entries
from lorafig.icons import ICONS
from lorafig.language.model import Equations, Figure
from lorafig.layout import card, equations, flow, row, stack
from lorafig.layout.flow import FlowPart
from lorafig.layout.looks import Looks
from lorafig.layout.move import moved
from lorafig.layout.node import NodePart
from lorafig.layout.parts import BoxPart, Sides
from lorafig.layout.row import PanelPart, Part
from lorafig.layout.sheet import LARGEST, Sheet
from lorafig.layout.split import SplitPart
from lorafig.layout.stack import StackPart
from lorafig.layout.symbols import of_model
from lorafig.layout.wrap import wrapped
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import fill
from lorafig.notation.tree import Node
from lorafig.scene import Arrow, Brace, Icon, Item, Label, Scene, Shape, walk
from lorafig.themes.measures import LEAST_SIDE, caption_size
from lorafig.themes.palettes import PALETTES
from lorafig.themes.style import styles
from lorafig.typeset import LatinModern, Typesetter

LEAST_CAPTION = 24.0  # em; a caption is not broken into shorter lines
STEP = 0.5  # mm; the longest dimension is a multiple of it


class DrawnSides(Struct, frozen=True):
    """How long dimensions are drawn: each the given part of the longest length in mm."""

    longest: float
    shares: Mapping[str, float]


def layout(
    figure: Figure,
    *,
    typesetter: Typesetter | None = None,
    description: str | None = None,
    unverified: bool = False,
    drawn: DrawnSides | None = None,
) -> Scene:
    """Lay a figure out.

    `typesetter` measures and sets labels, `description` is the alternative text, `unverified` adds
    a mark that nobody can overlook, `drawn` says how long dimensions are drawn. Raises LorafigError
    where a label cannot be set or the picture would be too large.
    """
    setter = typesetter_of(figure) if typesetter is None else typesetter
    sheet, looks, parts = _prepared(figure, setter, {} if drawn is None else drawn.shares)
    if drawn is None:
        _fit(sheet, looks.symbols.sides, parts)
    else:
        looks.symbols.sides.scale(sheet, drawn.longest)
    base = row.draw(sheet, parts)
    blocks = []
    small = caption_size(figure.theme.font_size)
    if figure.caption is not None:
        x0, _, x1, _ = sheet.extent
        widest = max(x1 - x0, LEAST_CAPTION * sheet.em)
        blocks.append((sheet.block(wrapped(setter, figure.caption, small, widest)), "text"))
    if unverified:
        blocks.append((sheet.block([setter.text("unverified", figure.theme.font_size, bold=True)]), "mark"))
    row.below(sheet, base, blocks)
    return _scene(figure, sheet, looks, description, unverified)


def fitted(figure: Figure, shares: Mapping[str, float], typesetter: Typesetter) -> DrawnSides:
    """Dimensions drawn as these parts of the longest length, which is the least at which labels fit."""
    sheet, looks, parts = _prepared(figure, typesetter, shares)
    return DrawnSides(_fit(sheet, looks.symbols.sides, parts), shares)


def _prepared(
    figure: Figure, typesetter: Typesetter, shares: Mapping[str, float]
) -> tuple[Sheet, Looks, list[Part]]:
    sheet = Sheet(typesetter, figure.theme.font_size)
    symbols = of_model(figure.model)
    if shares:
        sides = Sides(symbols.sides.values, symbols.sides.aliases, shares)
        symbols = replace(symbols, sides=sides)
    symbols.sides.scale(sheet, LEAST_SIDE * sheet.em)
    looks = Looks(PALETTES[figure.theme.palette], symbols)
    return sheet, looks, _parts(figure, sheet, looks)


def typesetter_of(figure: Figure) -> Typesetter:
    """The typesetter that knows the figure's numbers."""
    model, numbers = figure.model, figure.numbers
    sizes = ADAPTERS[model.adapter].sizes(model.d, model.d if model.k is None else model.k, model.r)
    values = {name: Fraction(size) for name, size in sizes.items()}
    if model.alpha is not None:
        values["α"] = Fraction(model.alpha)

    def compute(node: Node) -> Node:
        return fill(node, lambda body: evaluate(body, values, numbers.kilo), numbers.rounding, numbers.kilo)

    return LatinModern(compute, f"{values} {numbers.rounding} {numbers.kilo}")


def _parts(figure: Figure, sheet: Sheet, looks: Looks) -> list[Part]:
    parts: list[Part] = []
    flows = 0
    for number, entry in enumerate(entries(figure)):
        if isinstance(entry, Equations):
            part = equations.prepare(sheet, entry)
            part.name = sheet.unique("equations")
            parts.append(part)
            continue
        prepared: StackPart | FlowPart
        panel = entry.panel
        if panel.flow is None:
            prepared = stack.prepare(sheet, looks.symbols, panel.stack, "k")
        else:
            flows += 1
            prepared = flow.prepare(sheet, looks, entry, panel.flow, "" if flows == 1 else str(flows))
        title, name, comment = None, sheet.unique(f"panel-{number + 1}"), "The figure"
        if panel.panel is not None:
            line = sheet.typesetter.text(panel.panel, figure.theme.font_size, bold=True)
            title, name, comment = sheet.block([line]), sheet.unique(line.plain.lower()), line.plain
        parts.append(PanelPart(sheet, prepared, title, name, comment, panel.where))
    if figure.card is not None:
        beside = card.prepare(sheet, figure.card)
        beside.name = sheet.unique("card")
        parts.append(beside)
    return parts


def _fit(sheet: Sheet, sides: Sides, parts: list[Part]) -> float:
    """Find the least length of the longest dimension at which every label fits, to the step."""
    stacks = [part.body for part in parts if isinstance(part, PanelPart)]
    if not stacks:
        return LEAST_SIDE * sheet.em

    def fits(longest: float) -> bool:
        sides.scale(sheet, longest)
        return max(one.longest() for one in stacks) <= longest + 1e-9

    low, high = LEAST_SIDE * sheet.em / STEP, LEAST_SIDE * sheet.em / STEP
    while not fits(int(high + 1) * STEP):
        low, high = high, high * 2
        if high * STEP > LARGEST:
            where = _neediest(stacks)
            raise LorafigError(Problem("a label is too long for any shape", where, "shorten it"), "limit")
    lower, upper = int(low), int(high + 1)
    while upper - lower > 1:
        middle = (lower + upper) // 2
        if fits(middle * STEP):
            upper = middle
        else:
            lower = middle
    fits(upper * STEP)
    return upper * STEP


def _neediest(parts: Sequence[BoxPart | NodePart | StackPart | FlowPart]) -> Place | None:
    """The place of the element whose label asks for the longest shape."""
    part = max(parts, key=lambda part: part.longest())
    match part:
        case FlowPart():
            return _neediest(list(part.nodes.values()))
        case StackPart():
            return _neediest(part.parts)
        case SplitPart():
            return _neediest(part.branches)
        case _:
            where: Place | None = getattr(part, "spec").where  # noqa: B009
            return where


def _scene(figure: Figure, sheet: Sheet, looks: Looks, description: str | None, unverified: bool) -> Scene:
    palette = looks.palette
    named = {**palette.colours, **looks.colours}
    x0, y0, x1, y1 = sheet.extent
    border = sheet.lengths["border"]
    items = tuple(moved(item, border - x0, border - y0) for item in sheet.items)
    used = {item.role for item in walk(items)}
    known = {**styles(palette), **looks.styles}
    shown = {role: style for role, style in known.items() if role in used}
    colours = {name for style in shown.values() for name in (style.fill, style.stroke, style.ink)}
    if palette.background is not None:
        colours.add(palette.background)
    return Scene(
        id=figure.id,
        title=f"{figure.title} (unverified)" if unverified else figure.title,
        description=figure.title if description is None else description,
        width=round(x1 - x0 + 2 * border, 3),
        height=round(y1 - y0 + 2 * border, 3),
        font_size=figure.theme.font_size,
        arrow_head=(sheet.lengths["arrow head"], round(0.75 * sheet.lengths["arrow head"], 3)),
        lengths=_used_lengths(sheet),
        palette={name: value for name, value in named.items() if name in colours},
        styles=shown,
        outlines=_outlines(sheet, items),
        items=items,
        background=palette.background,
        unverified=unverified,
    )


def _outlines(sheet: Sheet, items: tuple[Item, ...]) -> dict[str, str]:
    """Those of all glyphs and icons."""
    outlines = dict(sheet.typesetter.outlines)
    for item in walk(items):
        if isinstance(item, Icon):
            outlines[item.key] = ICONS[item.key.removeprefix("icon ")].outline
    return outlines


def _used_lengths(sheet: Sheet) -> dict[str, float]:
    """The lengths that something on the sheet is placed or sized by."""
    names: set[str] = set()
    for item in walk(tuple(sheet.items)):
        match item:
            case Label():
                lengths = [item.place.right, item.place.up]
            case Shape():
                lengths = [item.place.right, item.place.up, item.width, item.height, *(item.sides or ())]
            case Arrow():
                lengths = [item.start.right, item.start.up, item.end.right, item.end.up]
            case Brace():
                lengths = [((1.0, item.gap), (1.0, item.amplitude))]
            case Icon():
                lengths = [item.place.right, item.place.up, ((1.0, "icon"),)]
        names |= {name for length in lengths for _, name in length}
    return {name: value for name, value in sheet.lengths.items() if name in names}
