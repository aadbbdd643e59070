"""What the script of a page needs of a figure, as data; an expression is a program.

The script itself is the same on every page: templates/page/*.js.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace as changed

from lorafig.core.adapter import Shape
from lorafig.core.adapters import ADAPTERS, NO_ADAPTER
from lorafig.errors import LorafigError
from lorafig.graph.structure import headed
from lorafig.language.model import Figure, Panel
from lorafig.language.scope import parts_of, settled_numbers
from lorafig.language.table import called, table
from lorafig.notation.children import rebuild
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Computed, Node, Relation, Words
from lorafig.notation.write.plain import text_to_plain, to_plain
from lorafig.notation.write.program import to_program
from lorafig.page import picture
from lorafig.page.claims import Statement
from lorafig.page.conditions import Json, condition_data
from lorafig.page.costs import own_counts, own_curve, presets
from lorafig.page.formulas import Formula
from lorafig.page.forward import plan_data
from lorafig.page.graphs import own_plan
from lorafig.page.live import Numbers
from lorafig.page.numbers import Digit, NumberedLine
from lorafig.page.picture import Drawing
from lorafig.page.setting import Method, sliders, start
from lorafig.page.steps import Plan, compile_plan
from lorafig.themes.measures import POWERS, SHORTEST
from lorafig.values import replace


def page_data(
    figure: Figure,
    offered: Sequence[Method],
    plans: Mapping[str, Plan],
    drawings: Sequence[Drawing],
    statements: Sequence[Statement],
    said: Sequence[Formula],
    numbers: Numbers,
) -> str:
    """All of it as JSON that can stand in a `<script>`: no text in it can end one."""
    begin = start(figure)
    fonts = {key: font for drawing in drawings for key, font in drawing.fonts.items()}
    places = [*_label_places(drawings), *_formula_places(said)]
    own, first = own_counts(figure), next(iter(sliders(figure)), None)
    data: dict[str, Json] = {
        "rules": {"rounding": figure.numbers.rounding, "kilo": figure.numbers.kilo},
        "shortest": SHORTEST,
        "stated": sum(statement.unverified is not None for statement in statements),
        "start": {
            name: None if size is None else str(size)
            for name, size in (("d", begin.d), ("k", begin.k), ("r", begin.r), ("alpha", begin.alpha))
        },
        "own": {called(name): str(size) for name, size in begin.own},
        "made": [[name, to_program(node, begin.kilo)] for name, node in begin.made],
        "modes": [] if figure.controls is None else list(figure.controls.mode),
        "methods": [_method(figure, method) for method in offered],
        "counts": None if own is None else {"trained": own["trained"], "frozen": own["frozen"]},
        "curve": own_curve(figure, first) if first is not None else None,
        "presets": [[one["parameters"], one["weights"]] for one in presets(figure)],
        "claims": [_claim(statement, places, numbers) for statement in statements],
        "fonts": [_font(font) for font in fonts.values()],
        "drawings": [_drawing(drawing, numbers, list(fonts)) for drawing in drawings],
        "plans": {name: plan_data(plan) for name, plan in plans.items()},
    }
    # What is computed is numbered as it is written: the numbers themselves come last.
    data["numbers"] = numbers.data()
    return script_safe(data)


def script_safe(data: Json) -> str:
    """JSON in ASCII without `<`, so that it may stand in a `<script>`."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def plans_of(figure: Figure, offered: Sequence[Method]) -> dict[str, Plan]:
    """The steps of each method's forward pass, by the page's name for it; those of the figure's own graph
    where it is no method's, none if it has none."""
    own = own_plan(figure) if len(offered) == 1 else None
    if own is not None or figure.model.adapter == NO_ADAPTER:
        return {} if own is None else {method.name: own for method in offered}
    alpha, square = figure.model.alpha is not None, figure.model.k is None
    return {method.name: compile_plan(method.adapter, alpha and method.scaled, square) for method in offered}


def plans_beside(figure: Figure, known: Iterable[Plan]) -> dict[str, tuple[str, Plan]]:
    """The steps of panels with a model of their own, with the titles of those panels, each under a name that
    no method has; without those that are the steps of another panel, or `known`."""
    found: dict[str, tuple[str, Plan]] = {}
    before = [steps_alone(plan) for plan in known]
    for number, (own, part) in enumerate(parts_of(figure), 1):
        if not own or own[0].model is None:
            continue
        alone = replace(part, row=tuple(replace(panel, model=None) for panel in own), wrap=None)
        plan = own_plan(alone)
        if plan is None and alone.model.adapter != NO_ADAPTER:
            plan = compile_plan(alone.model.adapter, alone.model.alpha is not None, alone.model.k is None)
        if plan is not None and steps_alone(plan) not in before:
            before.append(steps_alone(plan))
            fixed = settled_numbers(figure, own[0])
            found[f"panel {number}"] = titles(own), changed(plan, fixed=fixed)
    return found


def steps_alone(plan: Plan) -> Plan:
    """A plan, whatever its sizes are: they are shown as small ones."""
    return changed(plan, values={}, fixed={})


def titles(several: Iterable[Panel]) -> str:
    """What panels are called together."""
    return ", ".join(dict.fromkeys(str(headed(panel) or "The figure") for panel in several))


# What is said ------------------------------------------------------------------------------------


def _claim(statement: Statement, places: Sequence[tuple[str, int, int, int]], numbers: Numbers) -> Json:
    if statement.constant and statement.stands:  # it is never named
        return 1
    items = [
        item
        for item, line, column, length in places
        if line == statement.line and column <= statement.column < column + max(length, 1)
    ]
    if not items:  # said by an element whose label has another source: at what is named so
        words = re.findall(r"[A-Za-z]+", statement.text)
        items = [item for item, *_ in places if item.removesuffix("-label") in words]
    return {
        "plain": _plain(statement, numbers),
        "at": [] if statement.constant else list(dict.fromkeys(items)),
        "holds": [condition_data(condition) for condition in statement.conditions],
    }


def _plain(statement: Statement, numbers: Numbers) -> str:
    """What is said, in one line of text. ⟦3⟧ stands for the number of that place, which the page computes."""

    def place(node: Node) -> Node:
        if isinstance(node, Computed):
            return Words(f"⟦{numbers.index(node.body, node.form)}⟧")
        return rebuild(node, place)

    try:
        if statement.tree is not None:
            return to_plain(place(statement.tree))
        if "$" in statement.text:  # words, with mathematics in them
            runs = parse_text(statement.text)
            return text_to_plain(
                tuple(run if run.math is None else replace(run, math=place(run.math)) for run in runs)
            )
        if statement.kind == "property" or (statement.kind == "geometry" and " " in statement.text):
            return statement.text
        return to_plain(place(parse_math(statement.text)))
    except LorafigError:
        return statement.text


def _label_places(drawings: Sequence[Drawing]) -> list[tuple[str, int, int, int]]:
    """Labels by the line, column and length of what they say in the spec."""
    return [
        (item.removeprefix(f"{drawing.id}_"), line, column, length)
        for drawing in drawings
        for item, spans in drawing.places.items()
        for line, column, length in spans
    ]


def _formula_places(said: Sequence[Formula]) -> list[tuple[str, int, int, int]]:
    """As `_label_places`; the item of a formula is its number after a sign that no item has."""
    return [
        (f"={number}", *formula.place) for number, formula in enumerate(said) if formula.place is not None
    ]


# Methods -----------------------------------------------------------------------------------------


def shapes(method: Method, symbols: Mapping[str, Shape] | None = None) -> list[tuple[str, str, str, bool]]:
    """The matrices of a method, rows by columns, and whether it trains them."""
    row = ADAPTERS[method.adapter]
    return [
        (name, sizes[0], sizes[1] if len(sizes) == 2 else "1", name in row.trainable)
        for name, sizes in (row.symbols if symbols is None else symbols).items()
        if name in row.frozen or name in row.trainable
    ]


def own_shapes(figure: Figure) -> list[tuple[str, str, str, bool]]:
    """The same of the symbols that the author declares."""
    rows = table(figure.model, figure.numbers.kilo).rows
    found = []
    for name, row in rows.items():
        if row.own and row.role in ("trained", "frozen"):
            high, wide = (*(row.shape or ()), "1", "1")[:2]
            found.append((name, high, wide, row.role == "trained"))
    return found


def _method(figure: Figure, method: Method) -> Json:
    row = ADAPTERS[method.adapter]
    data = {
        "key": method.name,
        "name": row.title,
        "count": _count(method.adapter),
        "ranked": method.ranked,
        "divides": "d_1" in row.sizes(1, 1, 1),
        "shapes": own_shapes(figure) if method.adapter == NO_ADAPTER else shapes(method),
    }
    return data if row.whole is None else {**data, "whole": shapes(method, row.whole.symbols)}


def _count(adapter: str) -> Json:
    """The number of trained parameters, from the core's own formula."""
    row = ADAPTERS[adapter]
    formula = to_program(parse_math(row.count))
    if row.whole is None:
        return {"then": formula}
    condition = parse_math(row.whole.condition)
    assert isinstance(condition, Relation)
    left, right = (to_program(side) for side in condition.sides)
    whole = to_program(parse_math(row.whole.count))
    return {"when": [left, condition.ops[0], right], "then": formula, "otherwise": whole}


# Pictures ----------------------------------------------------------------------------------------


def _drawing(drawing: Drawing, numbers: Numbers, fonts: Sequence[str]) -> Json:
    stem, motion, sides = f"{drawing.id}_", drawing.motion, drawing.sides
    every = list(sides.low)
    moving = {identity for identity, _, name in motion.pieces if name in ("wire", "corners")}
    return {
        "id": drawing.id,
        "width": _decimal(drawing.width),
        "height": _decimal(drawing.height),
        "longest": _decimal(drawing.longest),
        "values": sides.values,
        "power": POWERS.get(sides.proportion),
        "low": {name: _decimal(sides.low[name], 6) for name in every},
        "high": {name: _decimal(sides.high[name], 6) for name in every},
        "names": list(motion.names),
        "grips": [
            [
                grip.name,
                grip.item.removeprefix(stem),
                grip.corner,
                grip.along,
                _decimal(grip.gain),
                grip.off,
                grip.said,
                grip.brief,
                grip.most,
                grip.turned,
            ]
            for grip in drawing.grips
        ],
        "room": [_decimal(one, 2) for one in drawing.room],
        "panels": [[group.removeprefix(stem), mode] for group, _, mode in drawing.panels],
        "shapes": {
            item.removeprefix(stem): [symbol, role] for item, (symbol, role) in drawing.shapes.items()
        },
        "lights": {
            symbol: [item.removeprefix(stem) for item in items] for symbol, items in drawing.lights.items()
        },
        "orders": [[every.index(name) for name in order] for order in motion.orders],
        "table": [[_decimal(value, 3) for value in row] for row in motion.table],
        "spots": [
            [spot[0].removeprefix(stem), *spot[1:], list(pieces), *_rows(motion.rows[spot])]
            for spot, pieces in motion.pieces.items()
        ],
        "labels": [
            [label.item.removeprefix(stem), [_line(line, numbers, fonts) for line in label.lines]]
            for label in drawing.labels
        ],
        "areas": [
            [identity.removeprefix(stem), *map(_decimal, (area.x, area.y, area.width, area.height))]
            for identity, area in drawing.areas.items()
        ],
        "wires": {
            identity.removeprefix(stem): [_decimal(line), _decimal(end), [_decimal(value) for value in head]]
            for identity, (line, end, head) in drawing.wires.items()
            if identity in moving
        },
        "corners": {
            identity.removeprefix(stem): _decimal(radius)
            for identity, radius in drawing.corners.items()
            if identity in moving
        },
    }


def _rows(orders: Sequence[tuple[int, ...]]) -> list[str | tuple[int, ...]]:
    """Which of the rows that follow each order of the sides has, a character each from 0 on (nothing if all
    have one), and the rows, each once."""
    rows = list(dict.fromkeys(orders))
    return ["" if len(rows) == 1 else "".join(chr(ord("0") + rows.index(one)) for one in orders), *rows]


def _line(line: NumberedLine, numbers: Numbers, fonts: Sequence[str]) -> Json:
    pieces = [[piece.slot, picture.scales(piece.across, piece.up)] for piece in line.pieces]
    slots = [
        [
            numbers.index(slot.body, slot.form),
            *map(_decimal, (slot.x, slot.y, slot.width)),
            slot.inline,
            fonts.index(slot.font),
        ]
        for slot in line.slots
    ]
    return [_decimal(line.width), _decimal(line.drop), pieces, slots]


def _font(font: Mapping[str, Digit]) -> Json:
    """The digits that numbers in labels are written with, at one size."""
    return {
        char: [
            _decimal(digit.advance),
            digit.x,
            digit.y,
            digit.path,
            _decimal(digit.across, 7),
            _decimal(digit.up, 7),
        ]
        for char, digit in font.items()
    }


def _decimal(value: float, places: int = 4) -> float:
    """A number of as many decimals as a picture needs, whole where it is."""
    short = round(value, places)
    return int(short) if short == int(short) else short
