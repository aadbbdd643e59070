"""Where an adapter's parameters are: a picture of layers × projections, each in the shade of its rank."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from math import log

from msgspec import Struct

from lorafig import language
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files.saved import Module, natural
from lorafig.errors import LorafigError, Problem
from lorafig.inspection.base import places_of
from lorafig.inspection.found import Found
from lorafig.inspection.write import percent
from lorafig.language.kinds import NAME_LENGTH
from lorafig.language.model import Figure
from lorafig.layout.finish import finished
from lorafig.layout.lengths import named, plus, times
from lorafig.layout.sheet import Sheet
from lorafig.scene import Place, Scene, Style
from lorafig.themes.measures import caption_size
from lorafig.themes.palettes import DEFAULT, PALETTES
from lorafig.themes.style import colours, contrast, mixed, width
from lorafig.typeset import LatinModern

MAX_ROWS, MAX_COLUMNS = 200, 40
WRITTEN = 40  # rows at most for ranks to be written in the cells
LABELLED = 24  # layers that are labelled; of more, every fourth or so is
_KEYS = 8  # rows of the legend


class _Grid(Struct, frozen=True):
    """Modules by layer and projection. `values` are the ranks, or parameters where there is no rank."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Module]
    ranked: bool

    def value(self, module: Module) -> int:
        return module.r or 0 if self.ranked else module.parameters


def scene_of(found: Found) -> Scene:
    """The picture of an adapter. Errors: LorafigError."""
    grid = _grid(found)
    figure = _figure(found)
    size = caption_size(figure.theme.font_size)
    sheet = Sheet(LatinModern(), figure.theme.font_size)
    values = sorted({grid.value(module) for module in grid.cells.values()})
    looks = _looks(values)
    written = len(grid.rows) <= WRITTEN and len(values) > 1 and grid.ranked
    texts = {value: sheet.text(f"{value:,}", size) for value in values} if written else {}
    names = [sheet.text(_escaped(column), size) for column in grid.columns]
    em = sheet.em
    wide = max([2.4 * em, *(name.width + 0.8 * em for name in names)])
    high = 1.6 * em if written else 0.7 * em
    across, up = sheet.length("cell width", wide), sheet.length("cell height", high)
    gap = sheet.length("cell gap", 0.12 * em)
    first: str | None = None
    every = 1 if len(grid.rows) <= LABELLED else max(4, -(-len(grid.rows) // LABELLED))
    corners: list[str] = []
    for number, row in enumerate(grid.rows):  # from the first layer, at the bottom, upwards
        before = None
        for column in grid.columns:
            module = grid.cells.get((row, column))
            role = "heat none" if module is None else f"heat {values.index(grid.value(module)) + 1}"
            if before is not None:
                place = Place("west", before, "east", gap)
            elif first is not None:
                place = Place("south", first, "north", (), gap)
            else:
                place = Place("center", None)
            cell = sheet.rectangle("cell", role, across, up, place).name
            if module is not None and texts:
                sheet.inside(texts[grid.value(module)], cell, role)
            first = cell if before is None else first
            before = cell
            if number == 0:
                corners.append(cell)
        assert first is not None
        if number % every == 0:
            left = times(sheet.length("label gap", 0.5 * em), -1.0)
            sheet.label(sheet.text(_escaped(row), size), Place("east", first, "west", left), "text", "layer")
    below = times(named("label gap"), -1.0)
    for cell, name in zip(corners, names, strict=True):
        sheet.label(name, Place("north", cell, "south", (), below), "text", "projection")
    if grid.rows != ("",):
        aside = Place("north east", corners[0], "south west", times(named("label gap"), -1.0), below)
        sheet.label(sheet.text("layer", size), aside, "text", "axis")
    _legend(sheet, grid, values, corners[0], size)
    described = _described(found, grid)
    return finished(figure, sheet, looks, described, False)


def _legend(sheet: Sheet, grid: _Grid, values: Sequence[int], corner: str, size: float) -> None:
    """What each shade stands for, with the modules and the parameters that have it."""
    em = sheet.em
    drop = times(sheet.length("legend gap", 3.2 * em), -1.0)
    step = times(sheet.length("legend step", 0.5 * em), -1.0)
    side, between = sheet.length("key", 1.1 * em), sheet.length("key gap", 0.5 * em)
    before: str | None = None
    shown = values if len(values) <= _KEYS else [*values[: _KEYS - 1], values[-1]]
    for value in shown:
        place = Place("north west", corner, "south west", (), drop)
        if before is not None:
            place = Place("north", before, "south", (), step)
        key = sheet.rectangle("key", f"heat {values.index(value) + 1}", side, side, place).name
        modules = [module for module in grid.cells.values() if grid.value(module) == value]
        count = sum(module.parameters for module in modules)
        many = "1 module" if len(modules) == 1 else f"{len(modules):,} modules"
        what = f"rank {value:,}: {many}, " if grid.ranked else f"{many}, "
        told = sheet.text(f"{what}{count:,} parameters", size)
        sheet.label(told, Place("west", key, "east", plus(between, ())), "text", "key-label")
        before = key


def _grid(found: Found) -> _Grid:
    modules = found.modules
    if not modules:
        raise LorafigError(
            Problem(
                f"{found.path} has no module to draw",
                None,
                "inspect it without --figure",
                code="adapter-file",
            )
        )
    split = {module.name: _split(module.name) for module in modules}
    last = {path.rpartition(".")[2] for _, path in split.values()}
    paths = {path for _, path in split.values()}
    short = len(last) == len(paths)
    cells = {
        (row, path.rpartition(".")[2] if short else path): module
        for module in modules
        for row, path in [split[module.name]]
    }
    rows = tuple(sorted({row for row, _ in cells}, key=natural))
    columns = tuple(dict.fromkeys(column for _, column in cells))
    if found.network is not None:
        order = {module.path: place for place, module in enumerate(found.network.modules)}
        of = dict(zip((module.name for module in modules), places_of(modules, found.network), strict=True))
        rank = {
            column: order[place.path]
            for (_, column), module in cells.items()
            if (place := of[module.name]) is not None
        }
        columns = tuple(sorted(columns, key=lambda column: rank.get(column, len(order))))
    if len(rows) > MAX_ROWS or len(columns) > MAX_COLUMNS:
        what = f"the picture would have {len(rows):,} layers and {len(columns):,} projections"
        hint = f"drawn are {MAX_ROWS} × {MAX_COLUMNS} at most; -f csv has them all"
        raise LorafigError(Problem(what, None, hint), "limit")
    return _Grid(rows, columns, cells, any(module.r is not None for module in modules))


def _split(name: str) -> tuple[str, str]:
    """The layer of a module, by the numbers in its name, and what stands behind them."""
    between = r"(?<=\.)[0-9]+(?=\.)" if "." in name else r"(?<=_)[0-9]+(?=_)"
    found = list(re.finditer(between, name))
    if not found:
        return "", name
    end = found[-1].end()
    return ".".join(match[0] for match in found), name[end:].lstrip("._")


def _looks(values: Sequence[int]) -> tuple[dict[str, Style], dict[str, str]]:
    """The shades, from that of an adapter to its line, by the logarithm of the value."""
    palette = PALETTES[DEFAULT]
    known = colours(palette)
    fill, line, ink = palette.roles["adapter"]
    assert fill is not None
    assert line is not None
    low, high = log(max(1, values[0])), log(max(1, values[-1]))
    shades, styles = {}, {}
    for number, value in enumerate(values, 1):
        part = 0.35 if high == low else (log(max(1, value)) - low) / (high - low)
        name = f"heat {number}"
        shades[name] = mixed(known[fill], known[line], part)
        reads = max(
            (ink, "black", "white"), key=lambda color: contrast({**known, **shades}[color], shades[name])
        )
        styles[name] = Style(name, None, reads, width(palette.line))
    styles["heat none"] = Style(None, "heat line", palette.ink, width(palette.hairline))
    shades["heat line"] = mixed(known[fill], known[line], 0.3)
    return styles, shades


def _figure(found: Found) -> Figure:
    """The figure that the picture has its id, its title and its theme of."""
    stem = os.path.splitext(os.path.basename(os.path.normpath(found.path)))[0]
    slug = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[: NAME_LENGTH - 6]
    name = f"ranks-{slug}" if slug else "ranks"
    titles = [ADAPTERS[one].title if one in ADAPTERS else one for one in found.method.split(", ")]
    title = f"{', '.join(titles)} by layer and projection"
    return language.from_data({"id": name, "title": title, "stack": [{"bar": "x"}]})


def _described(found: Found, grid: _Grid) -> str:
    """The alternative text."""
    what = "rank" if grid.ranked else "number of parameters"
    share = "" if found.share is None else f", {percent(found.share)} of the whole"
    return (
        f"A grid of {len(grid.rows):,} layers and {len(grid.columns):,} projections "
        f"({', '.join(grid.columns)}), each cell in the shade of its {what}. "
        f"{found.trainable:,} parameters are trained{share}."
    )


def _escaped(text: str) -> str:
    """A stranger's name as words of a label."""
    plain = "".join(char if char.isprintable() else "�" for char in text)[:60] or "all"
    return "".join(f"\\{char}" if char in "\\$*{}#%&_" else char for char in plain)
