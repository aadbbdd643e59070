"""Spec to scene: sizes from the labels and the dimensions, positions from relations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError, Place, Problem
from lorafig.graph.lower import entries
from lorafig.graph.picture import Picture
from lorafig.graph.structure import headed, most_bits
from lorafig.language import networks
from lorafig.language.model import Equations, Figure, Panel
from lorafig.language.scope import numbers_of, settled_numbers
from lorafig.layout import elements, row
from lorafig.layout.finish import finished
from lorafig.layout.marks import marked
from lorafig.layout.opening import opened
from lorafig.layout.row import Body, PanelPart, Part
from lorafig.layout.sheet import LARGEST, Block, Sheet
from lorafig.layout.symbols import Shapes, of_figure
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import fill
from lorafig.notation.tree import Node
from lorafig.scene import Scene
from lorafig.themes.measures import LEAST_SIDE, caption_size, equation_size, title_size
from lorafig.themes.palettes import UNIT, palette_of
from lorafig.themes.style import seen_from_afar, width
from lorafig.typeset import LatinModern, Typesetter

if TYPE_CHECKING:
    from lorafig.layout.roles import FlowRoles

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
    shapes: Shapes | None = None,
    places: dict[str, Place] | None = None,
) -> Scene:
    """Lay a figure out.

    `typesetter` measures and sets labels, `description` is the alternative text, `unverified` adds
    a mark that nobody can overlook, `drawn` says how long dimensions are drawn. `shapes` are those of what
    `let` defines. `places` is filled with where in the spec items come from, by name. Raises LorafigError
    where a label cannot be set or the picture would be too large.
    """
    asked = figure
    figure, footnotes = marked(asked)
    draft = _Draft(figure, typesetter, {} if drawn is None else drawn.shares, shapes)
    sheet = draft.sheet
    if drawn is None:
        draft.fit()
    else:
        draft.symbols.sides.scale(sheet, drawn.longest)
    base = row.draw(sheet, figure, draft.parts)
    _surround(figure, draft, base, footnotes, unverified)
    if places is not None:
        places.update(sheet.places)
    roles = draft.roles
    return finished(
        asked, sheet, ({}, {}) if roles is None else (roles.styles, roles.colours), description, unverified
    )


def _surround(figure: Figure, draft: _Draft, base: str, footnotes: tuple[str, ...], unverified: bool) -> None:
    """What stands around the row: the title, the legend, the caption, the reasons for what is unverified, and
    the mark of a figure that is."""
    sheet, centre = draft.sheet, row.middle(draft.sheet)
    size = figure.theme.font_size
    if figure.show_title:
        title = _broken(sheet, (figure.title,), equation_size(size), bold=True)
        row.above(sheet, base, title, centre)
    if figure.legend is not False:
        from lorafig.layout import legend

        part = legend.prepare(sheet, figure, draft.parts)
        if part is not None:
            part.draw(base, centre)
    blocks = []
    if figure.caption is not None:
        blocks.append((_broken(sheet, (figure.caption,), caption_size(size)), "note"))
    if footnotes:
        blocks.append((_broken(sheet, footnotes, caption_size(size)), "note"))
    if unverified:
        blocks.append((sheet.text("unverified", bold=True), "mark"))
    row.below(sheet, base, blocks, centre)


def _broken(sheet: Sheet, sources: Sequence[str], size: float, *, bold: bool = False) -> Block:
    """Texts in lines as wide as the figure."""
    from lorafig.layout.wrap import wrapped

    x0, _, x1, _ = sheet.extent
    widest = max(x1 - x0, LEAST_CAPTION * sheet.em)
    lines = (wrapped(sheet.typesetter, source, size, widest, bold=bold) for source in sources)
    return sheet.block([line for broken in lines for line in broken])


def fitted(
    figure: Figure,
    shares: Mapping[str, float],
    typesetter: Typesetter,
    shapes: Shapes | None = None,
) -> DrawnSides:
    """Dimensions drawn as these parts of the longest length, which is the least at which labels fit."""
    return DrawnSides(_Draft(marked(figure)[0], typesetter, shares, shapes).fit(), shares)


def typesetter_of(figure: Figure) -> Typesetter:
    """The typesetter that knows the figure's numbers."""
    numbers, values = figure.numbers, numbers_of(figure.model, figure.numbers.kilo)

    def compute(node: Node) -> Node:
        return fill(node, lambda body: evaluate(body, values, numbers.kilo), numbers.rounding, numbers.kilo)

    stamp = f"{values} {numbers.rounding} {numbers.kilo}"
    return LatinModern(compute, stamp, figure.theme.words)


class _Draft:
    """The parts of a figure, their labels set, before the lengths of the dimensions are known."""

    def __init__(
        self,
        figure: Figure,
        typesetter: Typesetter | None,
        shares: Mapping[str, float],
        shapes: Shapes | None = None,
    ) -> None:
        setter = typesetter_of(figure) if typesetter is None else typesetter
        whole = networks.numbers_of(figure.model)
        setter = setter.within(whole) if whole else setter
        self.palette = palette = seen_from_afar(palette_of(figure.theme.palette), figure.theme.font_size)
        spread = palette.unit / UNIT
        self.sheet = Sheet(setter, figure.theme.font_size, width(palette.corner), spread)
        self.symbols, self.own = of_figure(figure, shares, shapes)
        self.symbols.sides.scale(self.sheet, LEAST_SIDE * self.sheet.em)
        self.roles: FlowRoles | None = None  # of its flows
        self.parts = self._parts(figure)

    def _parts(self, figure: Figure) -> list[Part]:
        sheet, setter = self.sheet, self.sheet.typesetter
        parts: list[Part] = []
        flows, opens = 0, opened(figure)
        for number, entry in enumerate(entries(figure)):
            settled = settled_numbers(figure, entry if isinstance(entry, Equations) else entry.panel)
            sheet.typesetter = setter.within(settled) if settled else setter
            if isinstance(entry, Equations):
                from lorafig.layout import equations

                parts.append(equations.prepare(sheet, entry))
                sheet.typesetter = setter
                continue
            panel = entry.panel
            symbols = self.symbols if panel.model is None else self.own[panel.model]
            body: Body
            if isinstance(entry, Picture):
                from lorafig.layout import product

                body = product.prepare(sheet, symbols, entry)
            elif panel.flow is None:
                body = elements.of_panel(sheet, symbols, entry)
            else:
                from lorafig.layout import flow
                from lorafig.layout.roles import FlowRoles

                flows += 1
                if self.roles is None:
                    self.roles = FlowRoles(self.palette, symbols)
                roles = replace(self.roles, symbols=symbols)  # it shares what the classes add
                slug = "" if flows == 1 else str(flows)
                behind = frozenset(
                    str(other.name) for other in figure.row[number + 1 :] if isinstance(other, Panel)
                )
                body = flow.prepare(sheet, roles, entry, panel.flow, slug, most_bits(figure), behind)
            title, name, comment = None, sheet.unique(f"panel-{number + 1}"), "The figure"
            heading = headed(panel)
            if heading is not None:
                title = sheet.text(heading, title_size(sheet.font_size), bold=True)
                comment = title.lines[0].plain
            if panel.panel is not None:
                words = title if panel.times is None else sheet.text(panel.panel)
                name = sheet.unique(comment.lower() if words is None else words.lines[0].plain.lower())
            framed = str(panel.name) in opens
            parts.append(PanelPart(sheet, body, title, name, comment, panel.where, framed))
            sheet.typesetter = setter
        if figure.card is not None:
            from lorafig.layout import card

            parts.append(card.prepare(sheet, figure))
        return parts

    def fit(self) -> float:
        """Find the least length of the longest dimension at which every label fits, to the step."""
        bodies = [part.body for part in self.parts if isinstance(part, PanelPart)]
        least = LEAST_SIDE * self.sheet.em
        if not bodies:
            return least

        def fits(longest: float) -> bool:
            self.symbols.sides.scale(self.sheet, longest)
            return max(body.longest() for body in bodies) <= longest + 1e-9

        low = high = least / STEP
        while not fits(int(high + 1) * STEP):
            low, high = high, high * 2
            if high * STEP > LARGEST:
                where = max(bodies, key=lambda body: body.longest()).neediest()
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
