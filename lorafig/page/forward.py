"""The forward pass on a page, step by step, with small numbers: what the page's script needs, and its HTML.

The script (templates/page/forward.js) computes every step itself; see steps.py for what the steps are.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from zlib import crc32

from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Shape
from lorafig.notation.write.mathml import text_html, to_mathml
from lorafig.notation.write.speech import to_speech
from lorafig.page.compiler import Step, symbol
from lorafig.page.steps import Given, Plan
from lorafig.resources import page_templates

# The most that is shown of each dimension: forward.js cuts the tables down to the setting.
MOST: Mapping[str, int] = {"d": 4, "k": 4, "r": 4, "d_1": 2, "k_1": 2, "d_2": 4, "k_2": 4}
# What numbers are drawn from, in quarters: whole numbers, halves, quarters; magnitudes are positive.
_WHOLE, _HALVES, _QUARTERS, _MAGNITUDES = (4, 8), (2, 4, 6), (1, 2, 3, 5, 6, 7), (4, 5, 6, 8, 10)
_SEED = 3_902  # of some thousands, the one whose numbers look most varied, also in B A


def table(given: Given) -> list[list[int]]:
    """The numbers of a symbol in quarters, always the same ones; a vector is a column.

    No column of W + s B A is zero, as DoRA divides by their norms: the first row of each is positive, which
    does for d = 1.
    """
    rows, columns = (*(MOST.get(size, 4) for size in given.sizes), 1, 1)[:2]
    choices: tuple[int, ...] = _QUARTERS if given.law is None else _HALVES
    if given.law == "norms":
        choices = _MAGNITUDES
    elif given.name == "x" or given.role == "input":
        choices = _WHOLE
    state = crc32(given.name.encode()) ^ _SEED
    entries: list[list[int]] = []
    for i in range(rows):
        entries.append([])
        for _ in range(columns):
            state = (1_103_515_245 * state + 12_345) % 2**31
            size = choices[(state >> 16) % len(choices)]
            negative = i > 0 and given.law != "norms" and (state >> 24) % 2 == 1
            entries[-1].append(-size if negative else size)
    return entries


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as forward.js reads it."""

    def data(step: Step) -> dict[str, Any]:
        more = {"with": step.detail} if step.detail else {}
        return {"op": step.op, "args": list(step.arguments), **more}

    given: list[dict[str, Any]] = []
    for one in plan.given:
        own: dict[str, Any] = {"name": one.name, "sizes": list(one.sizes)}
        if one.sizes or one.free:
            own["table"] = table(one)
        if one.start is not None:
            own["start"] = one.start.as_integer_ratio()
        given.append(own)
    sizes = (*plan.outer, *plan.inner)
    more = {
        "divides": plan.divides,
        "copies": plan.copies,
        "parts": plan.parts,
        "fixed": {name: value.as_integer_ratio() for name, value in plan.fixed.items()},
        "values": {size: plan.values[size] for size in sizes if size in plan.values},
    }
    return {
        "given": given,
        "steps": [data(step) for step in plan.steps],
        "h": plan.h if plan.adapted is None else plan.adapted,
        "product": plan.product,
        "merged": plan.merged,
        "update": plan.update,
        "pieces": plan.through_rank(),
        "unadapted": plan.unadapted,
        "begin": {name: data(step) for name, step in plan.begin.items()},
        "outer": plan.outer,
        "inner": plan.inner,
        "rank": plan.rank,
        **{name: value for name, value in more.items() if value},
    }


def forward_html(plans: Mapping[str, Plan], titles: Mapping[str, str] = MappingProxyType({})) -> str:
    """The section of the page that `Forward.attach` takes. Every plan is hidden until it is drawn; a reader
    chooses between those that have `titles`, and the one of the method, whose name there is empty."""
    template = page_templates("page", ends=False).get_template("forward.html.j2")
    starts = any(plan.starts for plan in plans.values())
    from markupsafe import Markup

    called = {name: Markup(text_html(title)) for name, title in titles.items()}
    described = {name: _described(plan) for name, plan in plans.items()}
    return template.render(plans=described, starts=starts, titles=called if len(titles) > 1 else {})


def _described(plan: Plan) -> dict[str, Any]:
    """What the template fills in."""
    from markupsafe import Markup

    def math(node: Node) -> Markup:
        return Markup(to_mathml(node))

    def shape(sizes: tuple[str, ...]) -> Markup | None:
        return math(_shape(sizes)) if sizes else None

    given = [
        {
            "name": one.name,
            "label": _label(one.node, one.sizes),
            "math": math(one.node),
            "begin": math(plan.begin[one.name].expression) if one.name in plan.begin else None,
            "shape": shape(one.sizes),
            "number": one.sizes == (),
            "before": not one.own,
            "kind": "" if one.role == "input" else one.role,
        }
        for one in plan.given
        if one.sizes or one.free
    ]
    last = len(plan.steps) if plan.product is None else plan.product
    steps = [
        {
            "index": index,
            "label": _label(step.label, step.sizes),
            "math": math(step.label),
            "shape": shape(step.sizes),
            "number": step.sizes == (),
            "before": index > last,
        }
        for index, step in enumerate(plan.steps)
    ]

    def called(place: int) -> Markup:
        step = plan.steps[place]
        return math(step.expression if step.name is None else symbol(step.name))

    return {
        "given": given,
        "steps": steps,
        "headings": {place: Markup(text_html(said)) for place, said in plan.headings},
        "scalars": [math(one.node) for one in plan.given if not one.sizes and not one.free],
        "h": called(plan.h if plan.adapted is None else plan.adapted),
        "product": None if plan.product is None else math(plan.steps[plan.product].expression),
        "unadapted": None if plan.unadapted is None else called(plan.unadapted),
        "unknown": [math(node) for node in plan.unknown()],
    }


def _shape(sizes: tuple[str, ...]) -> Node:
    return Shape(tuple(map(parse_math, sizes)))


def _label(node: Node, sizes: tuple[str, ...]) -> str:
    """A matrix's name for those who do not see it."""
    said = to_speech(node)
    return said if not sizes else f"{said}, {to_speech(_shape(sizes))}"
