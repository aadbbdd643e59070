"""Lies about symbols of one's own, each false by how it is made: no other judge has to say so. And figures
that mislead in one place each, written before the rules that find them.

A figure of the gallery that holds has a badge turned round, a summand of an equation left out, or a matrix
put in the place of another one of its shape; and truths: nodes in another order, and another theme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from lorafig.language import model
from lorafig.language.load import loads
from lorafig.language.scope import scoped
from lorafig.language.table import Table, called, table
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.tex import to_tex
from lorafig.verify import verify
from tests.verify.corpus import FOLDER
from tests.verify.mutate import gallery
from tests.verify.test_mutation import BEYOND

FIGURES = {name: figure for name, figure in gallery().items() if name in BEYOND}
TURNED = {"frozen": "trainable", "trainable": "frozen"}


def panels(figure: model.Figure) -> list[model.Panel]:
    return [panel for panel in figure.row if isinstance(panel, model.Panel)] or [
        model.Panel(figure.stack, flow=figure.flow, product=figure.product)
    ]


def with_panel(figure: model.Figure, old: model.Panel, flow: model.Flow) -> model.Figure:
    if figure.flow is not None:
        return replace(figure, flow=flow)
    row = tuple(replace(old, flow=flow) if entry is old else entry for entry in figure.row)
    return replace(figure, row=row)


def with_node(figure: model.Figure, panel: model.Panel, at: int, node: model.FlowNode) -> model.Figure:
    assert panel.flow is not None
    nodes = (*panel.flow.nodes[:at], node, *panel.flow.nodes[at + 1 :])
    return with_panel(figure, panel, replace(panel.flow, nodes=nodes))


def like(name: str, known: Table) -> str | None:
    """Another matrix of the same shape and role, as it is written."""
    row = known.row(name)
    for other, its in known.rows.items():
        alike = row is not None and (its.shape, its.role, its.indices) == (row.shape, row.role, ())
        if alike and its.own and other != name and its.node is not None:
            return to_tex(its.node)
    return None


def lies(figure: model.Figure) -> Iterator[tuple[str, model.Figure]]:
    for panel in panels(figure):
        flow, known = panel.flow, table(scoped(figure, panel).model)
        nodes = () if flow is None else flow.nodes
        names = [called(node.label) if isinstance(node.label, str) else "" for node in nodes]
        for at, (node, name) in enumerate(zip(nodes, names, strict=True)):
            row = known.row(name)
            if node.badge in TURNED and (row is not None or node.bottleneck is not None):
                turned = replace(node, badge=TURNED[str(node.badge)])
                yield f"badge of {node.name}", with_node(figure, panel, at, turned)
            weight = row is not None and row.shape is not None and len(row.shape) == 2
            other = like(name, known) if weight and node.box is not None else None
            if other is not None and node.badge in TURNED and known.lets.keys() & set(names):
                swapped = replace(node, box=model.Source(other))
                yield f"{other} for {node.name}", with_node(figure, panel, at, swapped)
    for place, entry in enumerate(figure.row):
        for at, equation in enumerate(entry.equations if isinstance(entry, model.Equations) else ()):
            relation = parse_math(equation) if isinstance(equation, str) else None
            if not isinstance(relation, tree.Relation) or not isinstance(relation.sides[-1], tree.Sum):
                continue
            total = relation.sides[-1]
            less = total.terms[0] if len(total.terms) == 2 else tree.Sum(total.terms[:-1], total.signs[:-1])
            written = model.Source(to_tex(replace(relation, sides=(*relation.sides[:-1], less))))
            assert isinstance(entry, model.Equations)
            equations = (*entry.equations[:at], written, *entry.equations[at + 1 :])
            row_ = (*figure.row[:place], replace(entry, equations=equations), *figure.row[place + 1 :])
            yield f"shorter {equation}", replace(figure, row=row_)


def truths(figure: model.Figure) -> Iterator[tuple[str, model.Figure]]:
    yield "another theme", replace(figure, theme=model.ThemeChoice("grey"))
    for panel in panels(figure):
        if panel.flow is not None:
            yield (
                "nodes turned round",
                with_panel(figure, panel, replace(panel.flow, nodes=panel.flow.nodes[::-1])),
            )


@pytest.mark.sample(6)
@pytest.mark.parametrize("name", FIGURES)
def test_no_lie_about_ones_own_symbols_gets_through(name: str) -> None:
    figure = FIGURES[name]
    through = [what for what, lie in lies(figure) if verify(lie, floating=False).verdict == "holds"]
    assert through == []
    refused = [what for what, truth in truths(figure) if verify(truth, floating=False).verdict != "holds"]
    assert refused == []


CHOICE = re.compile("«(.*?)»", re.DOTALL)


def misleading() -> list[tuple[str, str]]:
    """The blocks of a file of figures: a name and a spec with choices, the true one first."""
    text = (FOLDER / "figures.txt").read_text()
    parts = re.split(r"^# (.*)\n", text, flags=re.MULTILINE)
    return [(name, body) for name, body in zip(parts[1::2], parts[2::2], strict=True) if "«" in body]


def told(body: str, place: int) -> str:
    """The verdict on a figure with one of its choices."""
    title = "" if re.search("^title:", body, re.MULTILINE) else "title: A figure\n"
    spec = CHOICE.sub(lambda match: match[1].split("|")[place], body)
    return verify(loads(f"id: misleading\n{title}{spec}"), floating=False).verdict


@pytest.mark.sample(24)
@pytest.mark.parametrize(("name", "body"), misleading(), ids=lambda text: text[:24].partition("\n")[0])
def test_a_figure_that_misleads_in_one_place_is_found(name: str, body: str) -> None:
    assert told(body, 0) == "holds"
    assert told(body, -1) != "holds"


def test_there_are_lies_enough() -> None:
    assert sum(1 for figure in FIGURES.values() for _ in lies(figure)) > 50
