"""Rules that a schema cannot say, as a table from class to rule; the others are in `together`.

A rule is given the values that could be read and yields findings: the path from the object's node to
what is wrong (or the place of a value that knows it), the fact, the hint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import Place
from lorafig.language import elsewhere, kinds, levels, model, networks, product, repeated, table, themes
from lorafig.language.chain import links
from lorafig.language.functions import NoFunction, called, signature
from lorafig.language.messages import UNKNOWN, Finding, Where, did_you_mean, listing
from lorafig.language.model import SHAPES
from lorafig.language.nodes import Mapping, Scalar
from lorafig.language.scope import merged
from lorafig.language.symbols import checked, declared
from lorafig.language.together import ONE_OF, findings
from lorafig.notation.read.parse import parse_math
from lorafig.values import replace

Rule: TypeAlias = Callable[[dict[str, Any], Mapping], Iterator[Finding]]


def _figure(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    yield from repeated.sums(values.get("stack", ()), ("stack",))
    yield from _product(values)
    named = [key for key in ONE_OF[model.Figure] if node.get(key) is not None]
    if len(named) > 1:
        hint = "give one of them: a stack, a flow or a product is a row of one panel"
        yield (named[1],), f"{listing(named)} in one figure", hint
    if not named and all(_drawn(key) is None for key in node.entries):
        hint = "give a 'row' of panels and equations, or one 'stack', 'flow' or 'product'"
        yield (), "nothing is on the figure", hint
    controls, known = values.get("controls"), values.get("model")
    if known is not None or node.get("model") is None:
        yield from _scopes(values.get("row", ()), known or model.Model())
    if values.get("lesson") is not None and (known is not None or node.get("model") is None):
        yield from _lesson(values["lesson"], known or model.Model())
    if controls is not None and (known is not None or node.get("model") is None):
        yield from _controls(controls, known or model.Model())
    yield from _spoken_of(values.get("row", ()))
    yield from _opened(values)
    yield from _wrapped(values)
    yield from levels.checked(values)
    yield from repeated.checked(values, node)


def _drawn(key: str) -> str | None:
    """Which of the keys for what is drawn an unknown key stands for."""
    drawn = ONE_OF[model.Figure]
    said = elsewhere.key(model.Figure, key) or did_you_mean(key, drawn) or ""
    return next((name for name in drawn if said.startswith((f"{name}:", f"did you mean '{name}'"))), None)


def _spoken_of(row: tuple[model.Panel | model.Equations, ...]) -> Iterator[Finding]:
    """Equations speak of panels that there are."""
    names = {str(panel.name) for panel in row if isinstance(panel, model.Panel) and panel.name is not None}
    for index, entry in enumerate(row):
        for name in entry.of if isinstance(entry, model.Equations) else ():
            if name not in names:
                meant = _meant(name, names, "panels") if names else f"give the panel a name: name: {name}"
                yield _where(name) or ("row", index, "of"), f"there is no panel '{name}'", meant, UNKNOWN


def _wrapped(values: dict[str, Any]) -> Iterator[Finding]:
    """Lines of a row that are given one by one hold all that is in it."""
    lines, row = values.get("wrap"), values.get("row", ())
    if isinstance(lines, tuple) and row and sum(lines) != len(row):
        has = "entry" if len(row) == 1 else "entries"
        hint = "say how many of them stand in each line, from top to bottom"
        yield ("wrap",), f"lines of {sum(lines)} in a row of {len(row)} {has}", hint


def _opened(values: dict[str, Any]) -> Iterator[Finding]:
    """What opens, opens into another panel that there is."""
    row: tuple[model.Panel | model.Equations, ...] = values.get("row", ())
    panels = [entry for entry in row if isinstance(entry, model.Panel)]
    names = {str(panel.name) for panel in panels if panel.name is not None}
    flows = [(panel.flow, panel.name, ("row",)) for panel in panels] + [(values.get("flow"), None, ("flow",))]
    for flow, own, path in flows:
        for name in (node.opens for node in (() if flow is None else flow.nodes) if node.opens is not None):
            if name == own:
                yield _where(name) or path, f"what is on the panel '{name}' opens into it", "open another one"
            elif name not in names:
                meant = _meant(name, names, "panels") if names else f"give the panel a name: name: {name}"
                yield _where(name) or path, f"there is no panel '{name}'", meant, UNKNOWN


def _controls(controls: model.Controls, known: model.Model) -> Iterator[Finding]:
    """What can be moved must be something that the figure tells apart, and begins where the figure is."""
    at = "controls"
    if known.network is not None:
        for name in ("r", "d", "k", "adapter"):
            if getattr(controls, name):
                what = f"a choice of {name}, and the figure is of the network {known.network[:64]}"
                hint = "leave one out: the page does not count a whole network again"
                yield (at, name), what, hint
    yield from _sized(controls, known, at)
    for name in ("k", "alpha"):
        if getattr(controls, name) is not None and getattr(known, name) is None:
            figure = "takes k for d" if name == "k" else "has no alpha"
            yield (at, name), f"a slider for {name}, and the figure {figure}", f"give model.{name} a value"
    for name in ("r", "d", "k", "alpha"):
        slider, value = getattr(controls, name), getattr(known, name)
        if slider is None or value is None or slider.start is not None:
            continue
        if not _reaches(slider, value):
            what = f"the slider for {name} does not reach {value:,g}, where the figure stands"
            yield (at, name), what, "give it a start, or another min, max or step"
    own = {size.name: size.value for size in known.sizes}
    for moved in controls.sizes:
        value = own.get(moved.name)
        if value is None:
            what = f"a slider for {moved.name}, and the figure has no such size"
            yield (at, moved.name), what, _size(model.Controls, moved.name, own)
        elif moved.start is None and not _reaches(moved, value):
            what = f"the slider for {moved.name} does not reach {value:,g}, where the figure stands"
            yield (at, moved.name), what, "give it a start, or another min, max or step"
    for name in ("adapter", "scheme", "mode"):
        listed = getattr(controls, name)
        twice = next((word for index, word in enumerate(listed) if word in listed[:index]), None)
        if twice is not None:
            yield (at, name), f"'{twice}' stands twice in {name}", "leave one out"
    if controls.adapter and controls.adapter[0] != known.adapter:
        what = f"the first adapter is '{controls.adapter[0]}', and the figure's is '{known.adapter}'"
        yield (at, "adapter"), what, f"put {known.adapter} first: the page begins with the figure as it is"
    if controls.scheme:
        if known.adapter not in ("lora", "rslora") or controls.adapter:
            what = "a choice of schemes is for the adapter lora alone"
            yield (at, "scheme"), what, "leave it out: each adapter has its own scaling"
        elif known.alpha is None:
            what = "a choice of schemes, and the figure has no alpha"
            yield (at, "scheme"), what, "give model.alpha a value"


def _sized(controls: model.Controls, known: model.Model, at: str) -> Iterator[Finding]:
    """What a page counts with has a value: in the model, or where its slider starts."""
    moved = [name for name in ("r", "d", "k", "adapter") if getattr(controls, name)]
    given, missing = controlled(known, controls), set[str]()
    for adapter in (known.adapter, *controls.adapter) if moved and known.network is None else ():
        missing |= table.ungiven(given, table.layer_sizes(replace(given, adapter=adapter)))
    for name in sorted(missing - ({"k"} if given.k is None else set())):
        if name in moved:
            what = f"the slider for {name} has no start, and the model gives no {name}"
            yield (at, name), what, f"give it a start, or model.{name} a value"
        else:
            what = f"the page counts with {name}, and nothing gives it"
            yield (at, moved[0]), what, f"give model.{name} a value"


def controlled(known: model.Model, controls: model.Controls) -> model.Model:
    """A model with the sizes that the sliders start at, where it gives none itself."""
    starts = {name: slider.start for name in ("d", "r") if (slider := getattr(controls, name)) is not None}
    return replace(known, **{name: start for name, start in starts.items() if getattr(known, name) is None})


def _scopes(row: tuple[model.Panel | model.Equations, ...], known: model.Model) -> Iterator[Finding]:
    """What a panel declares goes together with what the figure does."""
    for place, entry in enumerate(row):
        own = entry.model if isinstance(entry, model.Panel) else None
        if own is None or not (own.sizes or own.symbols):
            continue
        said = {("sizes", size.name) for size in own.sizes} | {
            ("symbols", symbol.name) for symbol in own.symbols
        }
        for path, *rest in checked(merged(known, own)):
            if isinstance(path, tuple) and path[:2] in said:
                yield ("row", place, "model", *path), *rest  # type: ignore[misc]


def _lesson(lesson: model.Lesson, known: model.Model) -> Iterator[Finding]:
    """A setting is of sizes that the figure has."""
    own = {size.name for size in known.sizes}
    for part in ("activities", "questions"):
        for place, entry in enumerate(getattr(lesson, part)):
            at = entry.at if isinstance(entry, model.Activity) else None
            for size in () if at is None else at.sizes:
                if size.name not in own:
                    what = f"there is no size '{size.name}' on this figure"
                    hint = _size(model.Setting, size.name, own)
                    yield ("lesson", part, place, "at", size.name), what, hint, UNKNOWN


def _size(cls: type, name: str, own: Iterable[str]) -> str:
    """What to do about a size that the figure does not have; `own` are those that it declares."""
    meant = elsewhere.key(cls, name)
    if meant is not None:
        return f"write {meant}"
    return did_you_mean(name, [*kinds.by_key(cls), *own]) or f"declare it: model.sizes.{name}"


def _reaches(slider: model.Slider, value: float) -> bool:
    """Whether a slider can stand at a value; one that is wrong itself is told where it stands."""
    if slider.min >= slider.max or (slider.max - slider.min) % slider.step != 0:
        return True
    return slider.min <= value <= slider.max and (value - slider.min) % slider.step == 0


def _slider(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    low, high = values.get("min"), values.get("max")
    start, step = values.get("start"), values.get("step", 1)
    if low is None or high is None:
        return
    if low >= high:
        yield ("max",), f"max is {high:,}, and min is {low:,}", "max is the greater one"
    elif (high - low) % step != 0:
        what = f"steps of {step:,} from {low:,} do not reach {high:,}"
        yield ("step",), what, f"the last one before it is {low + (high - low) // step * step:,}"
    elif start is not None and not (low <= start <= high and (start - low) % step == 0):
        what = f"start is {start:,}, and the slider goes from {low:,} to {high:,} in steps of {step:,}"
        yield ("start",), what, "choose one of its values"


def _split(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    for index, branch in enumerate(values.get("split", ())):
        if isinstance(branch, tuple):
            yield from repeated.sums(branch, ("split", index))


def _repeat(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    yield from repeated.has_index(values)
    yield from repeated.sums(values.get("repeat", ()), ("repeat",))


def _panel(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    yield from repeated.sums(values.get("stack", ()), ("stack",))
    named = [key for key in ONE_OF[model.Panel] if node.get(key) is not None]
    if len(named) > 1:
        yield (named[1],), f"{listing(named)} in one panel", "give each a panel of its own"
    if not named:
        yield (), "nothing is on the panel", "give it a 'stack', a 'flow' or a 'product'"
    yield from _product(values)


def _product(values: dict[str, Any]) -> Iterator[Finding]:
    for path, what, hint in product.faults(values.get("product", ())):
        at: Where = ("product", *path)
        yield at, what, hint


def _node(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    named = [key for key in ONE_OF[model.FlowNode] if node.get(key) is not None]
    if not named and node.entries.keys() <= kinds.by_key(model.FlowNode).keys():  # else: an unknown key
        shapes = f"the shapes: {listing(SHAPES)}"
        text = node.get("text")
        if isinstance(text, Scalar):
            shapes = f"write box: [{text.raw}]; {shapes}"
        yield (), "a node is named by its shape, and no key here names one", shapes
    if len(named) > 1:
        yield (named[1],), f"{listing(named)} in one node", "give each a node of its own"


def _flow(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    """Edges, groups and classes name what there is; a group is in one other at most."""
    nodes, groups, looks = values.get("nodes"), values.get("groups", ()), values.get("classes")
    if nodes is None:
        return
    known = {node.name for node in nodes}
    framed = {group.name: group for group in groups or ()}
    edges = values.get("edges", ())
    for index, edge in enumerate(edges):
        source = edge.edge if isinstance(edge, model.Edge) else edge
        told: set[str] = set()
        for link in links(source):
            for name, at in zip((link.tail, link.head), link.at, strict=True):
                if name not in known and name not in framed and name not in told:
                    told.add(name)
                    place = source.at(at) if isinstance(source, model.Source) else None
                    noun, several = ("node or group", "nodes and groups") if framed else ("node", "nodes")
                    hint = _meant(name, known | set(framed), several)
                    yield place or ("edges", index), f"there is no {noun} '{name}'", hint, UNKNOWN
            for name, at in zip((link.tail, link.head), link.at, strict=True):
                if name in framed and not framed[name].frame and name not in told:
                    told.add(name)
                    place = source.at(at) if isinstance(source, model.Source) else None
                    what = f"an edge to or from the group '{name}', which has no frame"
                    yield place or ("edges", index), what, "draw it to or from what is in the group"
            if (link.tail == link.head and link.tail in framed) or _within(link.tail, link.head, framed):
                place = source.at(link.at[0]) if isinstance(source, model.Source) else None
                what = f"an edge from '{link.tail}' to '{link.head}', and one is inside the other"
                yield place or ("edges", index), what, "edges go from one to another beside it"
    if groups is not None:
        told_of = len(framed)
        wrong = list(_groups(groups, known))
        yield from wrong
        if not wrong and told_of:
            yield from repeated.groups(model.Flow(nodes, edges, groups=groups))
    if looks is not None or node.get("classes") is None:
        classes = {look.name for look in looks or ()}
        for user in (*nodes, *(groups or ()), *(edge for edge in edges if isinstance(edge, model.Edge))):
            name = user.class_
            if name is not None and name not in classes:
                what = f"there is no class '{name}'"
                hint = _meant(name, classes, "classes")
                if not classes and (alike := elsewhere.like(str(name))) is not None:
                    hint = f"define it: classes: {{{name}: {{like: {alike}}}}}"
                yield _where(name) or ("classes",), what, hint, UNKNOWN


def _within(one: str, other: str, groups: dict[str, model.FlowGroup]) -> bool:
    """Whether one of two is a group with the other in it."""

    def holds(outer: str, inner: str, seen: frozenset[str] = frozenset()) -> bool:
        group = groups.get(outer)
        if group is None or outer in seen:
            return False
        return any(member == inner or holds(member, inner, seen | {outer}) for member in group.of)

    return holds(one, other) or holds(other, one)


def _where(name: str) -> Place | None:
    return name.where if isinstance(name, model.Source) else None


def _groups(groups: tuple[model.FlowGroup, ...], nodes: set[str]) -> Iterator[Finding]:
    names = {group.name for group in groups}
    inside: dict[str, str] = {}
    for group in groups:
        path: tuple[str | int, ...] = ("groups", group.name)
        if group.name in nodes:
            yield path, f"'{group.name}' is a node too", "give the group another name"
        for member in group.of:
            at = _where(member) or path
            if member not in nodes and member not in names:
                what = f"there is no node or group '{member}'"
                others = nodes | names - {str(group.name)}
                yield at, what, _meant(member, others, "nodes and groups"), UNKNOWN
            elif inside.setdefault(member, group.name) != group.name:
                what = f"'{member}' is in the group '{inside[member]}' too"
                yield at, what, "a node is in one group at most; a group may be in another"
    for group in groups:
        seen, at_name = {str(group.name)}, inside.get(group.name)
        while at_name is not None and at_name not in seen:
            seen.add(at_name)
            at_name = inside.get(at_name)
        if at_name == group.name:
            yield ("groups", group.name), f"the group '{group.name}' is inside itself", None


def _meant(name: str, known: set[str], what: str) -> str:
    close = did_you_mean(name, sorted(known))
    some = sorted(known)[:12]
    more = "" if len(some) == len(known) else " …"
    if close is not None or some:
        return close if close is not None else f"the {what}: {listing(some)}{more}"
    return f"define it: classes: {{{name}: {{fill: '#FFE6C4'}}}}" if what == "classes" else f"no {what} here"


def _function(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    means = values.get("means")
    if means is None:
        return
    try:
        signature(means)
    except NoFunction as wrong:
        yield _where(means) or ("means",), wrong.what, wrong.hint


def _model(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    """What is declared goes together, and a function takes and gives what has a size."""
    yield from networks.problems(values, node)
    yield from declared(values, node)
    row = ADAPTERS.get(values.get("adapter", "lora"))
    if row is None or ("sizes" not in values and node.get("sizes") is not None):
        return  # which could not be read
    own_sizes = [table.called(size.name) for size in values.get("sizes", ())]
    sizes, named = {*row.sizes(1, 1, 1), *own_sizes}, set()
    for own in values.get("functions", ()):
        name = called(parse_math(own.name))
        if name in named:
            yield ("functions", str(own.name)), f"'{own.name}' stands twice in functions", "leave one out"
        named.add(name)
        try:
            said = signature(own.means)
        except NoFunction:
            continue  # told where it stands
        for size in (*chain.from_iterable(said.takes), *said.gives):
            if size not in sizes and not size.isdecimal():
                what = f"there is no size '{size}'"
                yield _where(own.means) or ("functions",), what, _meant(size, sizes, "sizes"), UNKNOWN


def _bottleneck(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    parts, labels = values.get("bottleneck"), values.get("math")
    if parts is not None and labels is not None and len(labels) > len(parts):
        what = f"{len(labels)} labels for {len(parts)} parts"
        yield ("math",), what, "give one for each part, in the same order"


def _factor(values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    """What is marked is one of the cells."""
    cells = values.get("cells")
    for key in ("crossed", "shaded"):
        marks = values.get(key)
        if marks is not None and isinstance(cells, model.Cells):
            yield from _beyond(key, marks, cells)


def _beyond(key: str, marks: model.Marks, cells: model.Cells) -> Iterator[Finding]:
    rows = [*marks.rows, *marks.diagonal, *(entry[0] for entry in marks.entries if entry)]
    columns = [*marks.columns, *marks.diagonal, *(entry[1] for entry in marks.entries if len(entry) > 1)]
    for several, most, name in ((rows, cells.rows, "row"), (columns, cells.columns, "column")):
        place = max(several, default=0)
        if place > most:
            yield (key,), f"{name} {place} of a grid of {cells.rows} × {cells.columns} cells", "count from 1"


RULES: dict[type, Rule] = {
    model.Figure: _figure,
    model.Theme: themes.checked,
    model.Slider: _slider,
    model.SizeSlider: _slider,
    model.Panel: _panel,
    model.FlowNode: _node,
    model.Flow: _flow,
    model.Function: _function,
    model.Model: _model,
    model.Bottleneck: _bottleneck,
    model.Split: _split,
    model.Repeat: _repeat,
    model.Matrix: _factor,
    model.Vector: _factor,
}


def found(cls: type, values: dict[str, Any], node: Mapping) -> Iterator[Finding]:
    """All that is wrong with an object of the class as a whole."""
    yield from findings(cls, values)
    if cls in RULES:
        yield from RULES[cls](values, node)
