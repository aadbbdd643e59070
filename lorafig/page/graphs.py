"""The forward pass of a figure of its author's own: the steps are those of the figure's graph, in the order
in which verification runs it, with the terms that it found in every node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from lorafig.core.adapters import ADAPTERS, NO_ADAPTER
from lorafig.errors import LorafigError
from lorafig.graph.lower import entries
from lorafig.graph.structure import Graph, headed
from lorafig.language.index import indices
from lorafig.language.model import Figure, Size
from lorafig.language.table import called
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.page.compiler import Argument, Columns, Compiler, Value, factors, sizes_of, symbol
from lorafig.page.setting import sliders
from lorafig.page.steps import FORWARD, MERGED, Given, Plan, start_of
from lorafig.values import replace as changed
from lorafig.verify.figure.collector import begun
from lorafig.verify.figure.execute import execute
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term

COPIES = 2  # of what there is once for each index
MOST = 40  # steps: a reader walks through no more
STARTS = {"zero": Fraction(0), "one": Fraction(1)}


def own_plan(figure: Figure) -> Plan | None:
    """The plan of a figure that has no method, or that gives what its method does not define, as DyLoRA's
    h_b; None for any other."""
    if figure.model.adapter == NO_ADAPTER:
        return graph_plan(figure)
    plan = graph_plan(figure) if figure.model.let else None
    given = None if plan is None else plan.steps[plan.h].name
    return None if given in (None, *ADAPTERS[figure.model.adapter].defined) else plan


def graph_plan(figure: Figure) -> Plan | None:
    """The plan of a figure; None if nothing on it is computed, or not by steps that a page can show."""
    copies = dict(_copies(figure))
    sizes = tuple(
        Size(name=size.name, value=copies.get(called(size.name), size.value)) for size in figure.model.sizes
    )
    small = changed(figure, model=changed(figure.model, sizes=sizes))
    with suppress(LorafigError, terms.Doubt):
        first = _Graphs(small)  # whose steps are not called by names that are met after them
        first.plan()
        names = first.names()
        plan = _Graphs(small, names).plan()
        return None if plan is None else replace(plan, copies=copies)
    return None


def _copies(figure: Figure) -> Iterator[tuple[str, int]]:
    """The sizes that an index runs to, as far as there are more than are shown."""
    flows = [entry.panel.flow for entry in entries(figure) if isinstance(entry, Graph) and entry.panel.flow]
    ranges = [group.over for flow in flows for group in flow.groups if group.over is not None]
    ranges += [one.over for one in figure.model.symbols if one.over is not None]
    last = {key(over.last) for source in ranges for over in indices(source)}
    for size in figure.model.sizes:
        if called(size.name) in last and size.value > COPIES:
            yield called(size.name), COPIES


class _Graphs:
    """The graphs of the panels that have the model of the figure, one after another."""

    def __init__(self, figure: Figure, names: Mapping[int, str] | None = None) -> None:
        self.figure = figure
        self.judge = begun(figure).judge
        self.compiler = Compiler(self.written, names)

    @property
    def symbols(self) -> Symbols:
        return self.judge.symbols

    def written(self, name: str) -> tree.Node:
        """A symbol as its author writes it."""
        row = self.symbols.row(name)
        return row.node if row is not None and row.node is not None and not row.indices else symbol(name)

    def plan(self) -> Plan | None:
        headings: list[tuple[int, str]] = []
        flowing: list[tuple[Term, Value]] = []
        steps = self.compiler.steps
        for graph in entries(self.figure):
            if not isinstance(graph, Graph) or graph.panel.model is not None:
                continue
            before = len(steps)
            values = {name: flow.term for name, flow in execute(graph, self.judge, parse_math).values.items()}
            ways = [(tail, head) for tail, head in graph.run.ways() if tail in values]
            for name, term in values.items():
                into = [values[tail] for tail, head in ways if head == name]
                if isinstance(term, terms.Defined) and [one.type.sizes for one in into] == [term.type.sizes]:
                    value = self.compiler.call_so(
                        term, self.compiler.value(into[0])
                    )  # they are equal: it ran
                else:
                    value = self.compiler.reach(term)
                flowing.append((term, value))
            title = headed(graph.panel)
            if len(steps) > before:
                headings.append((before, str(title) if title is not None else self.heading()))
        if not steps or len(steps) > MOST:
            return None
        h = len(steps) - 1
        plan = self.merge(flowing, Plan((), (), h, None, None))
        update = self.symbols.terms.get("ΔW")
        if isinstance(update, terms.Defined) and update.name in self.symbols.given:
            plan = replace(plan, update=self.compiler.value(update).place)
        if len(steps) > h + 1:
            later = plan.merged is not None and plan.merged > h
            headings.append((h + 1, MERGED if later else "The update"))
        return self.sized(replace(plan, given=self.given(), steps=tuple(steps), headings=tuple(headings)))

    def names(self) -> dict[int, str]:
        """What the steps are called, those too that do what a definition says without naming it."""
        steps = self.compiler.steps
        many = len(steps)
        for term in [*self.symbols.terms.values()]:
            if isinstance(term, terms.Defined):
                with suppress(LorafigError):
                    self.compiler.value(term)
        return {place: step.name for place, step in enumerate(steps[:many]) if step.name is not None}

    def heading(self) -> str:
        roles = [self.role(terms.Variable(name, kind)) for name, kind in self.compiler.given.items()]
        return FORWARD if "input" in roles else "What it computes"

    def merge(self, flowing: list[tuple[Term, Value]], plan: Plan) -> Plan:
        """The plan with the weight that does the work of a frozen one and its update, if there is one: the
        figure's own, or else that of the first sum of their products with what comes in."""
        compiler, own = self.compiler, self.own_merged()
        for term, value in flowing:
            found = self.linear(term)
            if found is None:
                continue
            weight, update, x = found
            plan = replace(plan, update=compiler.value(update).place)
            if own is None:
                name = f"{weight.name}'"
                whole = compiler.value(terms.Add((weight, update), (1, 1), weight.type))
                merged = whole if self.symbols.knows(name) else compiler.named(whole, name)
                plan = self.checked(plan, merged, x, value)
            rows = [self.symbols.row(name) for name in terms.variables(update)]
            if any(row is not None and row.start == "zero" for row in rows):
                before = compiler.matmul(compiler.value(weight), compiler.value(x))
                plan = replace(plan, unadapted=before.place)
            break
        if own is None:
            return plan
        merged = compiler.value(own)
        for term, value in flowing:
            if not isinstance(term, terms.Defined) or term.type.rows != own.type.rows:
                continue
            for name in sorted(terms.variables(term)):
                x = terms.Variable(name, self.compiler.given.get(name, terms.SCALAR))
                if self.role(x) == "input" and x.type.rows == own.type.columns:
                    return self.checked(plan, merged, x, value)
        return plan

    def checked(self, plan: Plan, merged: Value, x: terms.Variable, adapted: Value) -> Plan:
        product = self.compiler.matmul(merged, self.compiler.value(x))
        return replace(plan, merged=merged.place, product=product.place, adapted=adapted.place)

    def linear(self, term: Term) -> tuple[terms.Variable, Term, terms.Variable] | None:
        """The frozen weight, its update and what both are multiplied with, of a sum of such products."""
        parts = _parts(term)
        x = parts[0][-1] if parts else None
        weights = [_coefficient(part[:-1]) for part in parts if len(part) > 1]
        if not isinstance(x, terms.Variable) or any(part[-1] != x for part in parts):
            return None
        if not 1 < len(parts) == len(weights) or any(x.name in terms.variables(one) for one in weights):
            return None
        alone = [one for one in weights if isinstance(one, terms.Variable)]
        frozen = [one for one in alone if self.role(one) == "frozen"]
        if len(frozen) != 1 or any(one.type.sizes != frozen[0].type.sizes for one in weights):
            return None
        updates = tuple(one for one in weights if one is not frozen[0])
        both = terms.Add(updates, (1,) * len(updates), frozen[0].type)
        return frozen[0], updates[0] if len(updates) == 1 else both, x

    def own_merged(self) -> Term | None:
        """The merged weight that the figure itself defines, W' if it has that."""
        every = [one for one in self.symbols.terms.values() if isinstance(one, terms.Defined)]
        made = [one for one in every if one.name in self.symbols.given]
        named = [one for one in made if self.symbols.canonical(one.name) == "W'"]
        merged = [one for one in made if self.symbols.role(one.name) == "merged"]
        return next((one for one in (*named, *merged) if terms.ONE not in one.type.sizes), None)

    def role(self, variable: terms.Variable) -> str:
        role, adapter = self.symbols.role(variable.name), self.symbols.adapter
        if role is None and variable.name in (*adapter.trainable, *adapter.frozen, *adapter.symbols):
            entering = "input" if variable.name == "x" else "frozen"
            return "trained" if variable.name in adapter.trainable else entering
        return "" if role is None else str(role)

    def given(self) -> tuple[Given, ...]:
        used = {argument for step in self.compiler.steps for argument in step.arguments}
        found = []
        for name, kind in self.compiler.given.items():
            if name not in used:
                continue
            variable = terms.Variable(name, kind)
            row, role = self.symbols.row(name), self.role(variable)
            start = start_of(self.symbols.adapter, name)
            start = start if row is None or row.start is None else STARTS.get(row.start)
            sized = self.symbols.dimension(name) is not None or name in self.symbols.network or name == "α"
            free = kind.is_scalar and not sized
            said = role if role in ("trained", "frozen", "random", "input") else ""
            found.append(Given(name, self.written(name), sizes_of(kind), None, said, start, True, free))
        first = [one for one in found if one.role == "input" and one.sizes]
        return (*first, *(one for one in found if one not in first))

    def sized(self, plan: Plan) -> Plan:
        """The plan with its sizes: large are those of what comes in and of what the update is between."""
        parts = [
            (str(step.detail[-1]), _whole(plan, step.arguments[0], str(step.detail[0])))
            for step in plan.steps
            if step.op == "cut"
        ]
        update, moved, rank = plan.update, [*sliders(self.figure)], None
        entering = [size for one in plan.given if one.role == "input" for size in one.sizes]
        passing = [*entering, *plan.steps[plan.h].sizes]
        ends = passing[:1] + passing[-1:]
        if update is not None and len(plan.steps[update].sizes) == 2:
            ends = [*plan.steps[update].sizes]
            inner = _sizes_below(plan, update) - set(ends)
            first = [part for part, whole in parts if whole in inner]  # of b of r ranks, b
            inner |= {*first}
            rank = next((size for size in (*first, *moved, "r", *sorted(inner)) if size in inner), None)
        outer = (*ends, *dict.fromkeys(size for size in passing if size not in ends))
        values = {name: size for name, size in self.symbols.dimensions.items() if size is not None}
        return replace(plan, outer=outer, rank=rank, parts=tuple(dict.fromkeys(parts)), values=values)


def _whole(plan: Plan, argument: Argument, axis: str) -> str:
    """The size of which a part is cut."""
    sizes = (
        plan.steps[argument].sizes
        if isinstance(argument, int)
        else next(one.sizes for one in plan.given if one.name == argument)
    )
    return sizes[0 if axis == "rows" else -1]


def _sizes_below(plan: Plan, place: int) -> set[str]:
    """The sizes of all that takes part in a step."""
    pending: list[Argument] = [place]
    given = {one.name: one.sizes for one in plan.given}
    found: set[str] = set()
    while pending:
        which = pending.pop()
        if isinstance(which, str):
            found.update(given.get(which, ()))
        else:
            pending += plan.steps[which].arguments
    return found


def _parts(term: Term) -> list[list[Term]]:
    """The factors of every summand, numbers first, if all of them are added; none otherwise."""
    match term:
        case terms.Defined(body=body):
            return _parts(body)
        case terms.Add(several, signs) if set(signs) == {1}:
            found = [_parts(one) for one in several]
            return [part for parts in found for part in parts] if all(found) else []
        case terms.Multiply():
            flat = [one for one in factors(term, False) if not isinstance(one, Columns)]
            numbers = [one for one in flat if one.type.is_scalar]
            rest = [one for one in flat if not one.type.is_scalar]
            return [[*numbers, *rest]] if rest else []
        case terms.Divide(above, below) if below.type.is_scalar:
            inside = _parts(above)
            over = terms.Divide(terms.number(1), below, terms.SCALAR)
            return [[over, *part] for part in inside]
        case terms.Variable():
            return [[term]]
        case _:
            return []


def _coefficient(several: list[Term]) -> Term:
    """The product of factors."""
    return reduce(_times, several)


def _times(left: Term, right: Term) -> Term:
    if left.type.is_scalar or right.type.is_scalar:
        return terms.Multiply(left, right, right.type if left.type.is_scalar else left.type)
    return terms.Multiply(left, right, terms.Type(left.type.rows, right.type.columns))
