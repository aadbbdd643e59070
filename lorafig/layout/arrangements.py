"""The arrangements of a figure: the spec's own, and others that are narrower or lower."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from itertools import product
from typing import Literal, TypeAlias, TypeVar

from msgspec.structs import replace

from lorafig.language.model import Card, Equations, Figure, Flow, FlowNode, Legend, Panel
from lorafig.layout.wrap import halves
from lorafig.themes.palettes import LEAST_UNIT, Named, palette_of

CLOSE = (3.0, LEAST_UNIT)  # units of smaller gaps: the least that a theme may have where nothing else fits
MOST = 6  # entries of a row that are tried in lines of every length: there are 2 ^ (MOST - 1) ways

Entry: TypeAlias = Panel | Equations
Holder = TypeVar("Holder", Figure, Panel)
Direction: TypeAlias = Literal["up", "down", "left", "right"]
Size: TypeAlias = tuple[float, float]  # width and height, in mm


def narrower(figure: Figure) -> Iterator[tuple[Figure, str]]:
    """The spec's own arrangement, and those that are narrower, with what was moved."""
    yield figure, ""
    moved: list[str] = []
    if isinstance(figure.legend, Legend) and figure.legend.at == "right":
        figure, moved = replace(figure, legend=replace(figure.legend, at="below")), [*moved, "legend"]
        yield figure, _below(moved)
    if figure.card is not None and figure.card.at == "right":
        figure, moved = replace(figure, card=replace(figure.card, at="below")), [*moved, "card"]
        yield figure, _below(moved)
    panels = tuple(entry for entry in figure.row if isinstance(entry, Panel))
    others = tuple(entry for entry in figure.row if isinstance(entry, Equations))
    if figure.levels:  # which go through one line
        return
    if panels and others and (figure.wrap is None or figure.row != (*panels, *others)):
        figure, moved = replace(figure, row=(*panels, *others), wrap=len(panels)), [*moved, "equations"]
        yield figure, _below(moved)
    columns = max(figure.lines(len(figure.row)))
    # Fewer are narrower; more than the spec has are lower.
    for other in (*range(columns - 1, 0, -1), *range(columns + 1, len(figure.row) + 1)):
        said = f"{other} {'column' if other == 1 else 'columns'}"
        yield replace(figure, wrap=other), joined(_below(moved), said)


def joined(*said: str) -> str:
    return ", ".join(filter(None, said))


def _below(moved: Sequence[str]) -> str:
    return f"{' and '.join(moved)} below" if moved else ""


def lower(
    figure: Figure, width: float, height: float, size: Callable[[Figure], Size]
) -> Iterator[tuple[Figure, str]]:
    """Those in lines of any length, with equations side by side, and with the card and the legend beside the
    rest; without lines that `size`, in mm, shows to be too wide, or too high together."""
    beside = [*product(_cards(figure), _legends(figure))]
    for row, lines, told in _lines(figure, width, height, size):
        arranged = replace(figure, row=row, wrap=lines)
        for (card, card_told), (legend, legend_told) in beside:
            said = joined(told, card_told, legend_told)
            if said:
                yield replace(arranged, card=card, legend=legend), said


def _cards(figure: Figure) -> list[tuple[Card | None, str]]:
    ways: list[tuple[Card | None, str]] = [(figure.card, "")]
    if figure.card is not None and figure.card.at == "below":
        ways.append((replace(figure.card, at="right"), "card beside"))
    return ways


def _legends(figure: Figure) -> list[tuple[bool | Legend, str]]:
    ways: list[tuple[bool | Legend, str]] = [(figure.legend, "")]
    if figure.legend is not False:
        legend = Legend() if figure.legend is True else figure.legend
        others = [("corner", "legend in a corner"), ("right", "legend beside")]
        ways += [(replace(legend, at=at), said) for at, said in others if legend.at == "below"]
    return ways


def _lines(
    figure: Figure, width: float, height: float, size: Callable[[Figure], Size]
) -> Iterator[tuple[tuple[Entry, ...], int | tuple[int, ...] | None, str]]:
    yield figure.row, figure.wrap, ""
    if len(figure.row) < 2 or figure.levels:
        return
    sorted_row = tuple(sorted(figure.row, key=lambda entry: isinstance(entry, Equations)))  # panels first
    rows = [tuple(one for entry in row for one in _apart(entry)) for row in (figure.row, sorted_row)]
    for row in dict.fromkeys((figure.row, *rows)):
        if len(row) > MOST:
            continue
        sizes = [size(alone(figure, entry)) for entry in row]
        for lines in _compositions(len(row)):
            if len(lines) == 1 or (row == figure.row and lines == figure.lines(len(row))):
                continue
            rest = iter(sizes)
            held = [[next(rest) for _ in range(line)] for line in lines]
            wide = max(sum(one[0] for one in line) for line in held)
            if wide <= width and sum(max(one[1] for one in line) for line in held) <= height:
                yield row, lines, f"lines of {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def _apart(entry: Entry) -> Iterator[Entry]:
    """The equations of a column one by one, which may stand side by side; a panel as it is."""
    if isinstance(entry, Equations):
        yield from (replace(entry, equations=(equation,)) for equation in entry.equations)
    else:
        yield entry


def _compositions(count: int) -> Iterator[tuple[int, ...]]:
    """The ways to divide so many parts into lines, in their order, few lines first."""
    ways = []
    for cuts in product((False, True), repeat=count - 1):
        lines = [1]
        for cut in cuts:
            if cut:
                lines.append(1)
            else:
                lines[-1] += 1
        ways.append(tuple(lines))
    return iter(sorted(ways, key=len))


def alone(figure: Figure, entry: Entry) -> Figure:
    """An entry of a figure's row as a figure of its own."""
    return replace(figure, row=(entry,), wrap=None, card=None, legend=False, caption=None, show_title=False)


def lying(figure: Figure) -> Figure | None:
    """The figure with its flows from left to right; None if none of them leads up or down, or if one must:
    its nodes stand on levels."""
    holders = [entry for entry in (*figure.row, figure) if not isinstance(entry, Equations)]
    flows = [holder.flow for holder in holders if holder.flow is not None]
    upright = [flow for flow in flows if flow.direction in ("up", "down")]
    if not upright or any(node.level is not None for flow in upright for node in flow.nodes):
        return None
    return _broken(led(figure, "right"))


def _broken(figure: Figure) -> Figure:
    """The figure with the words in the boxes of its flows on two lines each: what lies is as long as they
    are."""

    def node(own: FlowNode) -> FlowNode:
        words = own.label if isinstance(own.label, tuple) and own.bottleneck is None else ()
        label = {own.shape: _halved(words)} if words else {}
        return replace(own, text=_halved(own.text), **label)

    return _flows(figure, lambda flow: replace(flow, nodes=tuple(map(node, flow.nodes))))


def _halved(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(half for line in lines for half in halves(line))


def led(figure: Figure, direction: Direction) -> Figure:
    """The figure with all its flows in this direction."""
    return _flows(figure, lambda flow: replace(flow, direction=direction))


def _flows(figure: Figure, change: Callable[[Flow], Flow]) -> Figure:
    """The figure with each of its flows changed."""

    def changed(holder: Holder) -> Holder:
        return holder if holder.flow is None else replace(holder, flow=change(holder.flow))

    row = tuple(entry if isinstance(entry, Equations) else changed(entry) for entry in figure.row)
    return changed(replace(figure, row=row))


def closer(figure: Figure, unit: float) -> Figure:
    """The figure with gaps of this unit, if its own are larger."""
    own = figure.theme.palette
    name = copy(own) if isinstance(own, Named) else Named(own)
    name.palette = replace(palette_of(own), unit=min(unit, palette_of(own).unit))
    return replace(figure, theme=replace(figure.theme, palette=name))
