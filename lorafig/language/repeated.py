"""Rules on branches that are repeated: where one may stand, and how many copies there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lorafig.errors import LorafigError, Problem
from lorafig.language import copies, model, nodes
from lorafig.language.chain import links
from lorafig.language.index import indices
from lorafig.language.messages import Finding
from lorafig.language.repeat import SHOWN, put, reach, repeats, single
from lorafig.language.scope import merged
from lorafig.language.table import called, table
from lorafig.notation.canonical import key
from lorafig.notation.named import symbols_in
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.tree import Number


def checked(values: dict[str, Any], node: nodes.Mapping) -> Iterator[Finding]:
    """Ranges that have a value in the model of their panel."""
    own = values.get("model")
    if own is None:
        if node.get("model") is not None:
            return  # which could not be read
        own = model.Model()
    moved = _moved(values.get("controls"))
    total, panels = 0, [(own, values.get("stack", ()), values.get("flow"))]
    for entry in values.get("row", ()):
        if isinstance(entry, model.Panel):
            known = own if entry.model is None else merged(own, entry.model)
            panels.append((known, entry.stack, entry.flow))
    for known, stack, flow in panels:
        if not repeats(stack) and not copies.repeated(flow):
            continue
        try:
            numbers = table(known).values()
            for range_, of in ranges(stack, flow):
                yield from _unmoved(range_, of, moved, numbers)
            total += sum(_size(element, numbers) for element in stack)
            total += 0 if flow is None else _amount(flow, numbers)
        except LorafigError as error:
            problem = error.problems[0]
            if error.kind == "limit":
                raise
            yield problem.where or ("row",), problem.what, problem.hint
    if total > nodes.MAX_ELEMENTS:
        what = f"{total:,} elements with all that is repeated; the limit is {nodes.MAX_ELEMENTS:,}"
        raise LorafigError(Problem(what, getattr(own, "where", None), "repeat fewer"), "limit")


def _moved(controls: model.Controls | None) -> dict[str, int]:
    """The sizes that the page moves, with the least value of each."""
    if controls is None:
        return {}
    own = {name: getattr(controls, name) for name in ("d", "k", "r")}
    least = {name: slider.min for name, slider in own.items() if slider is not None}
    return least | {called(slider.name): slider.min for slider in controls.sizes}


def ranges(
    stack: tuple[model.StackElement, ...], flow: model.Flow | None
) -> Iterator[tuple[str, model.Repeat | model.FlowGroup]]:
    """The ranges that something on a panel is repeated over, and what is."""
    for element in stack:
        if isinstance(element, model.Split):
            for branch in element.split:
                yield from ranges(branch if isinstance(branch, tuple) else (branch,), None)
        elif isinstance(element, model.Repeat):
            yield element.over, element
            yield from ranges(element.repeat, None)
    for group in () if flow is None else flow.groups:
        if group.over is not None:
            yield group.over, group


def _unmoved(
    range_: str, of: model.Located, moved: Mapping[str, int], numbers: Mapping[str, Fraction]
) -> Iterator[Finding]:
    """A slider leaves the picture as it is: 1, 2, …, N is drawn for each N from 5 on."""
    for over in indices(str(range_)):
        named = {name for end in (over.first, over.last) for name in symbols_in(end) & moved.keys()}
        for name in sorted(named):
            what, hint = f"a slider for {name}, over which something is repeated", "leave out the slider"
            if key(over.last) == name and not symbols_in(over.first) & moved.keys():
                least = evaluate(over.first, numbers) + SHOWN + 2
                if moved[name] >= least <= numbers.get(name, 0):
                    continue
                what += f", from {moved[name]} on"
                hint = (
                    f"begin at {least}, min: {least}: from there on the picture is the same, 1, 2, …, {name}"
                )
            if isinstance(of, model.FlowGroup):
                hint += f"; or draw the group once, with times: {name} in place of over"
            yield getattr(range_, "where", None) or of.where or ("row",), what, hint


def _amount(flow: model.Flow, values: Mapping[str, Fraction]) -> int:
    """How many nodes, or edges if they are more, a flow has with all copies."""
    made = copies.Copies(flow, values)
    written = (entry.edge if isinstance(entry, model.Edge) else entry for entry in flow.edges)
    pairs = ((link.tail, link.head) for edges in written for link in links(str(edges)))
    return max(sum(made.many(str(node.name)) for node in flow.nodes), sum(made.many(*pair) for pair in pairs))


def _size(element: model.StackElement, values: Mapping[str, Fraction]) -> int:
    """How many elements one is, with all of its copies."""
    match element:
        case model.Repeat():
            there = reach(element, values)
            count = there.last - there.first + 1
            return count * sum(_size(inner, values) for inner in element.repeat)
        case model.Split():
            branches = (branch if isinstance(branch, tuple) else (branch,) for branch in element.split)
            return 1 + sum(_size(inner, values) for branch in branches for inner in branch)
        case _:
            return 1


def sums(stack: tuple[model.StackElement, ...], path: tuple[str | int, ...]) -> Iterator[Finding]:
    """What is repeated is added by arrows: a sum of terms has one for each branch."""
    for place, (below, element) in enumerate(pairwise(stack), 1):
        several = isinstance(below, model.Split) and any(
            isinstance(single(branch), model.Repeat) for branch in below.split
        )
        if several and isinstance(element, model.Sum) and element.sum != "arrows":
            what = "a sum of terms over branches that are repeated"
            yield (*path, place), what, "write sum: arrows, which adds all of them"


def has_index(values: dict[str, Any]) -> Iterator[Finding]:
    """The one index stands in what is repeated, and is not that of a repeat in it."""
    over, elements = values.get("over"), values.get("repeat")
    if over is None or elements is None:
        return
    letter, *others = (each.letter for each in indices(str(over)))
    if others:
        return  # which is told where it is counted
    if any(letter in [each.letter for each in indices(str(inner.over))] for inner in _inner(elements)):
        yield ("over",), *_same(letter, "a repeat in it")
        return
    value = Number("0")
    if all(put(element, letter, value) == element for element in elements):
        yield (
            ("over",),
            f"nothing that is repeated has the index {letter}",
            _other_index(elements, letter),
        )


def _other_index(parts: Sequence[model.Located], letter: str) -> str:
    """What to write where nothing has an index: the one that symbols there have, if it is another."""
    there = [other for other in "ijlt" if any(put(part, other, Number("0")) != part for part in parts)]
    if len(there) == 1:  # a letter that nobody takes for a size
        return f"what is in it has the index {there[0]}: over: '{there[0]} = …'"
    return f"write it on a symbol: A_{letter}"


def _same(letter: str, inner: str) -> tuple[str, str]:
    return f"{letter} is the index of {inner} too", "call each index by a letter of its own"


def _inner(elements: tuple[model.StackElement, ...]) -> Iterator[model.Repeat]:
    """The repeats in the branches of elements, and in those."""
    for element in elements:
        for branch in element.split if isinstance(element, model.Split) else ():
            for inner in branch if isinstance(branch, tuple) else (branch,):
                if isinstance(inner, model.Repeat):
                    yield inner
                    yield from _inner(inner.repeat)
                else:
                    yield from _inner((inner,))


def groups(flow: model.Flow) -> Iterator[Finding]:
    """Groups that are copied: each over one index, which is in it and not that of a group in it, and with
    names that are free."""
    framed = {str(group.name): group for group in flow.groups}
    nodes_ = {str(node.name): node for node in flow.nodes}
    taken = {*framed, *nodes_}
    over = {
        str(group.name): [each.letter for each in indices(str(group.over))]
        for group in flow.groups
        if group.over is not None
    }
    if any(len(letters) > 1 for letters in over.values()):
        return  # which is told where they are counted
    for group in flow.groups:
        path: tuple[str | int, ...] = ("groups", group.name)
        if group.over is None:
            continue
        members = [*copies.inside(group, framed)]
        own_letter = over[str(group.name)]
        inner = next((name for name in members if over.get(name) == own_letter), None)
        if inner is not None:
            yield (*path, "over"), *_same(own_letter[0], f"'{inner}' in it")
            continue
        letter, value = own_letter[0], Number("0")
        parts: list[model.Located] = [group, *(nodes_[name] for name in members if name in nodes_)]
        own = {str(group.name), *members}
        for entry in flow.edges:
            if isinstance(entry, model.Edge):
                ends = links(str(entry.edge))
                parts += [entry for link in ends[:1] if link.tail in own or link.head in own]
        if all(put(part, letter, value) == part for part in parts):
            what = f"nothing in the group '{group.name}' has the index {letter}"
            yield (*path, "over"), what, _other_index(parts, letter)
        for name in own:
            clash = next((other for other in taken if _copy_of(other, name)), None)
            if clash is not None:
                yield path, f"'{clash}' is what a copy of '{name}' is called", f"call '{clash}' otherwise"


def _copy_of(name: str, of: str) -> bool:
    return name.startswith(f"{of}-") and all(part.isdecimal() for part in name[len(of) + 1 :].split("-"))
