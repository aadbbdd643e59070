"""Changes of flows, pipelines and cards: every edge, node, label, badge, row and step, and rewrites that keep
the meaning. The figures to change are those of the gallery and three crowded ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, permutations
from typing import Any

from lorafig.errors import LorafigError
from lorafig.language.load import loads
from lorafig.language.model import CardRow, Edge, Figure, Flow, FlowNode, Inject, Panel
from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Computed, Symbol
from lorafig.notation.write.tex import to_tex
from lorafig.values import replace
from tests.verify import oracle
from tests.verify.oracle_steps import actions, arrows

WORDS = ("box", "rounded", "stadium", "circle", "diamond", "hexagon")
OPERATORS = ("+", "⊕", "⊙", r"\odot", "×", r"\otimes")
SYMBOLS = ("x", "h", "W", "A", "B", "d", "k", "r", "W + BA", r"\alpha")
STEPS: tuple[Any, ...] = ("load", "freeze", "forward", "train", "save", "load_adapter", "merge", "unmerge")
STEPS = (*STEPS, Inject(("q", "v")))

CROWDED_FLOW = r"""
lorafig: 1
id: crowded-flow
title: Everything that a flow can say
model: {adapter: lora, d: 768, k: 512, r: 8, alpha: 16}
flow:
  nodes:
    x: {bar: x, note: '$x \in \mathbb{R}^{k}$'}
    W: {box: W, note: '$d \times k$', math: 'W \in \mathbb{R}^{d \times k}', badge: lock}
    AB: {bottleneck: [A, B], badge: trainable}
    s: {stadium: '\frac{\alpha}{r}'}
    plus: {circle: '+'}
    h: {bar: h, math: 'h = Wx + \frac{\alpha}{r} BAx'}
  edges:
    - 'x -> W, AB'
    - {edge: W -> plus, math: Wx}
    - {edge: AB -> s, math: BAx}
    - {edge: s -> plus, math: d}
    - 'plus -> h'
  groups:
    update: {of: [AB, s], title: 'The update $\frac{\alpha}{r} BA$'}
card:
  title: Parameters
  rows:
    - 'W: $dk = 393{,}216 = 393K$'
    - 'A, B: $r(d + k) = \num{r(d + k)}$'
    - '$38.4\times$ fewer'
    - '$2.6\%$ of the parameters'
"""
VECTORS = r"""
lorafig: 1
id: vera-flow
title: VeRA as a flow
model: {adapter: vera, d: 768, r: 16}
flow:
  nodes:
    x: {rounded: x}
    W: {rounded: W, badge: frozen}
    A: {rounded: A, note: '$r \times d$', badge: frozen}
    c: {stadium: '\lambda_d', badge: trainable}
    B: {rounded: B, badge: frozen}
    b: {stadium: '\lambda_b', badge: trainable}
    plus: {circle: '+'}
    h: {rounded: h}
  edges: ['x -> W -> plus', 'x -> A -> c -> B -> b -> plus -> h']
"""
CROWDED_STEPS = r"""
lorafig: 1
id: crowded-pipeline
title: Everything that a pipeline can do
model: {adapter: lora, d: 16, r: 2, alpha: 4}
flow:
  direction: down
  nodes:
    data: {box: [A data set]}
    base: {box: [Load, freeze], does: [load, freeze], badge: frozen}
    put: {box: [Adapters], does: {inject: [q, v]}}
    train: {box: [Train], does: [train, forward], badge: trainable}
    save: {box: [Save], does: save}
    choice: {diamond: [Which one?]}
    again: {box: [Load the model again], does: [load, freeze]}
    apart: {box: [Keep it apart], does: load_adapter}
    merge: {box: [Merge], does: merge}
    back: {box: [Take it apart], does: unmerge}
    use: {stadium: [Inference], math: 'Wx + 2BAx', does: forward}
  edges:
    - 'base -> put -> train -> save -> choice -> apart, merge -> use'
    - 'data -> train'
    - 'again -> apart'
    - 'merge -> back'
"""


def crowded() -> list[Figure]:
    return [loads(text, "crowded.yaml") for text in (CROWDED_FLOW, VECTORS, CROWDED_STEPS)]


# Where the mathematics stands ----------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """A piece of mathematics, and the figure with another one in its place."""

    what: str
    math: str
    put: Callable[[str], Figure]


def spots(figure: Figure) -> Iterator[Spot]:
    flow, card = figure.flow, figure.card
    if flow is not None:
        for i, node in enumerate(flow.nodes):
            yield from _on_node(figure, i, node)
        for i, entry in enumerate(flow.edges):
            if isinstance(entry, Edge) and entry.math is not None:
                yield Spot(f"edge {entry.edge}", entry.math, partial(_edge_math, figure, i))
        for i, group in enumerate(flow.groups):
            if group.title is not None:
                yield from in_text(f"group {group.name}", group.title, partial(_group_title, figure, i))
    for i, row in enumerate(card.rows if card is not None else ()):
        yield from in_text(f"row {i + 1}", text_of(row), partial(with_row, figure, i))
    if figure.caption is not None:
        yield from in_text("caption", figure.caption, lambda new: replace(figure, caption=new))


def _on_node(figure: Figure, i: int, node: FlowNode) -> Iterator[Spot]:
    for field in (*WORDS, "bar", "bottleneck", "math", "text", "note"):
        value = getattr(node, field)
        if value is None or value in OPERATORS:
            continue
        several = isinstance(value, tuple)
        in_words = field in ("text", "note") or (several and field != "bottleneck")
        for j, line in enumerate(value if several else (value,)):
            put = partial(_node_line, figure, i, field, j if several else None)
            what = f"{node.name}.{field}"
            if in_words:
                yield from in_text(what, line, put)
            else:
                yield Spot(what, line, put)


def _node_line(figure: Figure, i: int, field: str, j: int | None, new: str) -> Figure:
    assert figure.flow is not None
    node = figure.flow.nodes[i]
    value: Any = new if j is None else _at(getattr(node, field), j, new)
    return with_node(figure, i, replace(node, **{field: value}))


def _edge_math(figure: Figure, i: int, new: str) -> Figure:
    assert figure.flow is not None
    edge = figure.flow.edges[i]
    assert isinstance(edge, Edge)
    return with_edges(figure, _at(figure.flow.edges, i, replace(edge, math=new)))


def _group_title(figure: Figure, i: int, new: str) -> Figure:
    assert figure.flow is not None
    groups = _at(figure.flow.groups, i, replace(figure.flow.groups[i], title=new))
    return replace(figure, flow=replace(figure.flow, groups=groups))


def text_of(row: str | CardRow) -> str:
    return row.row if isinstance(row, CardRow) else row


def in_text(what: str, text: str, put: Callable[[str], Figure]) -> Iterator[Spot]:
    parts = re.split(r"(?<!\\)\$", text)
    for i in range(1, len(parts), 2):

        def here(new: str, i: int = i) -> Figure:
            return put("$".join((*parts[:i], new, *parts[i + 1 :])))

        yield Spot(what, parts[i], here)


def _at(found: tuple[Any, ...], i: int, new: Any) -> tuple[Any, ...]:
    return (*found[:i], new, *found[i + 1 :])


def with_node(figure: Figure, i: int, node: FlowNode) -> Figure:
    assert figure.flow is not None
    return replace(figure, flow=replace(figure.flow, nodes=_at(figure.flow.nodes, i, node)))


def with_edges(figure: Figure, edges: Any) -> Figure:
    assert figure.flow is not None
    return replace(figure, flow=replace(figure.flow, edges=tuple(edges)))


def with_row(figure: Figure, i: int, text: str) -> Figure:
    assert figure.card is not None
    old = figure.card.rows[i]
    row = replace(old, row=text) if isinstance(old, CardRow) else text
    return replace(figure, card=replace(figure.card, rows=_at(figure.card.rows, i, row)))


# Changes --------------------------------------------------------------------------------------


def changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    yield from edges_changed(figure)
    yield from nodes_changed(figure)
    yield from labels_changed(figure)
    yield from rows_changed(figure)
    yield from steps_changed(figure)


def in_panels(change: Callable[[Figure], Iterator[tuple[str, Figure]]]) -> Any:
    """The same changes of the flows that stand in the panels of a figure."""

    def changes(figure: Figure) -> Iterator[tuple[str, Figure]]:
        for i, entry in enumerate(figure.row):
            if isinstance(entry, Panel) and entry.flow is not None:
                for what, new in change(replace(figure, flow=entry.flow, card=None)):
                    row = _at(figure.row, i, replace(entry, flow=new.flow))
                    yield f"panel {i}: {what}", replace(figure, row=row)

    return changes


def single(flow: Flow) -> list[tuple[str, str, str, Any]]:
    """Edges one by one, each with the look and the label of its own."""
    found: list[tuple[str, str, str, Any]] = []
    for entry in flow.edges:
        look = entry if isinstance(entry, Edge) else None
        found += [(*one, look) for one in arrows(replace(flow, edges=(entry,)))]
    return found


def drawn(links: list[tuple[str, str, str, Any]]) -> list[Any]:
    found: list[Any] = []
    for tail, stroke, head, look in links:
        chain = f"{tail} {stroke} {head}"
        found.append(chain if look is None else replace(look, edge=chain))
    return found


def edges_changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    flow = figure.flow
    assert flow is not None
    links, names = single(flow), [str(node.name) for node in flow.nodes]
    for i, (tail, stroke, head, look) in enumerate(links):
        said = f"{tail} {stroke} {head}"

        def put(*new: tuple[str, str, str, Any], i: int = i) -> Figure:
            return with_edges(figure, drawn([*links[:i], *new, *links[i + 1 :]]))

        yield f"edge reversed: {said}", put((head, stroke, tail, look))
        yield f"edge dropped: {said}", put()
        yield f"edge twice: {said}", put((tail, stroke, head, look), (tail, stroke, head, None))
        for other in ("->", "--", "<->"):
            if other != stroke:
                yield f"stroke {other}: {said}", put((tail, other, head, look))
        for name in names:
            if name != head:
                yield f"edge to {name}: {said}", put((tail, stroke, name, look))
                yield (
                    f"edge to {name} too: {said}",
                    put((tail, stroke, head, look), (tail, stroke, name, None)),
                )
            if name != tail:
                yield f"edge from {name}: {said}", put((name, stroke, head, look))
        for j in range(i + 1, len(links)):
            one, two = links[i], links[j]
            if one[2] != two[2]:
                new = _at(tuple(links), i, (one[0], one[1], two[2], one[3]))
                new = _at(new, j, (two[0], two[1], one[2], two[3]))
                yield (
                    f"heads swapped: {said}, {two[0]} {two[1]} {two[2]}",
                    with_edges(figure, drawn(list(new))),
                )


def nodes_changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    flow = figure.flow
    assert flow is not None
    for i, node in enumerate(flow.nodes):
        said = f"node {node.name}"
        shape, label = node.shape, node.label
        if isinstance(label, str):
            for other in (*SYMBOLS, *OPERATORS):
                if other != label and not (shape == "bar" and other in OPERATORS):
                    yield f"{said}: {label} -> {other}", with_node(figure, i, replace(node, **{shape: other}))
            if label not in OPERATORS and node.bits is None:  # which are for a box
                for other in (*WORDS, "bar"):
                    if other != shape:
                        new = replace(node, **{shape: None, other: label})
                        yield f"{said}: {shape} -> {other}", with_node(figure, i, new)
        if node.bottleneck is not None:
            for order in permutations(node.bottleneck):
                if order != node.bottleneck:
                    yield f"{said}: {order}", with_node(figure, i, replace(node, bottleneck=order))
            for j, symbol in enumerate(node.bottleneck):
                twice = (*node.bottleneck[:j], symbol, *node.bottleneck[j:])
                yield f"{said}: {twice}", with_node(figure, i, replace(node, bottleneck=twice))
        for badge in ("frozen", "lock", "trainable", None):
            if badge != node.badge:
                new = replace(node, badge=badge)
                yield f"{said}: badge {node.badge} -> {badge}", with_node(figure, i, new)
        links = [one for one in single(flow) if node.name not in (one[0], one[2])]
        rest = replace(flow, nodes=(*flow.nodes[:i], *flow.nodes[i + 1 :]), edges=tuple(drawn(links)))
        groups = tuple(
            replace(one, of=tuple(name for name in one.of if name != node.name)) for one in rest.groups
        )
        yield f"{said} dropped", replace(figure, flow=replace(rest, groups=groups))
        own = single(flow)
        tails = [one[0] for one in own if one[2] == node.name]
        heads = [one[2] for one in own if one[0] == node.name]
        past = [*links, *((tail, "->", head, None) for tail in tails for head in heads)]
        yield (
            f"{said} passed by",
            replace(figure, flow=replace(rest, groups=groups, edges=tuple(drawn(past)))),
        )


def labels_changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    from tests.verify.mutate import changes

    for spot in spots(figure):
        for what, new in changes(parse_math(spot.math)):
            try:
                text = to_tex(new)
                parse_math(text)
            except (LorafigError, ValueError, AttributeError):
                continue
            yield f"{spot.what}, {what}: {spot.math} -> {text}", spot.put(text)
    for i, source in enumerate(figure.model.let):
        for what, new in changes(parse_math(source)):
            try:
                text = to_tex(new)
            except (LorafigError, ValueError, AttributeError):
                continue
            model = replace(figure.model, let=_at(figure.model.let, i, text))
            yield f"let, {what}: {source} -> {text}", replace(figure, model=model)


NAMED = ("W", "A", "B", "x", "h", "A + B", "B + A", "A and B", "A, B", "A & B", "W + A", "W + A + B", "A + A")


def rows_changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    """Names before the colon, and typed numbers in the place of computed ones."""
    from tests.verify.mutate import changes

    card = figure.card
    for i, row in enumerate(card.rows if card is not None else ()):
        own, colon, rest = text_of(row).partition(":")
        put = partial(with_row, figure, i)

        if colon != "":
            for names in NAMED:
                if names != own:
                    yield f"row {i + 1}: {own} -> {names}", put(f"{names}:{rest}")
            for body in ("d^2", "dk", "2dr", "dr", "rk", "r(d + k)", "2d", "d"):
                yield f"row {i + 1}: {own}: {body} alone", put(rf"{own}: $\num{{{body}}}$")
                size = amount(figure, body)
                for form in typed(size):
                    yield f"row {i + 1}: {own}: {form} alone", put(f"{own}: ${form}$")
    for spot in spots(figure):
        if not spot.what.startswith("row"):
            continue
        whole = parse_math(spot.math)
        for one in walk(whole):
            if not isinstance(one, Computed):
                continue
            for form in typed(amount(figure, to_tex(one.body))):
                number = parse_math(form)

                def fill(node: Any, one: Any = one, number: Any = number) -> Any:
                    return number if node == one else rebuild(node, fill)

                new = _joined(fill(whole))
                yield f"{spot.what}: typed {to_tex(new)}", spot.put(to_tex(new))
                for what, other in changes(new):
                    try:
                        other_text = to_tex(other)
                        parse_math(other_text)
                    except (LorafigError, ValueError, AttributeError):
                        continue
                    yield f"{spot.what}: typed, {what}: {other_text}", spot.put(other_text)


def _joined(node: Any) -> Any:
    """A number and the sign right behind it, as they are read when typed."""
    return parse_math(to_tex(node).replace(r"{\times}", r"\times"))


def amount(figure: Figure, body: str) -> Any:
    return oracle.value(parse_math(body), oracle.world(figure)).array


def typed(size: Any) -> list[str]:
    if size.denominator != 1:
        return [f"{float(size):.1f}"]
    found = [f"{size.numerator:,}".replace(",", "{,}"), f"{size.numerator}"]
    if size >= 1000:
        found.append(f"{float(size) / 1000:.0f}K")
    return found


def steps_changed(figure: Figure) -> Iterator[tuple[str, Figure]]:
    flow = figure.flow
    assert flow is not None
    places = [(i, j) for i, node in enumerate(flow.nodes) for j in range(len(actions(node)))]
    if not places:
        return
    done = {i: list(actions(node)) for i, node in enumerate(flow.nodes)}

    def put(new: dict[int, list[Any]]) -> Figure:
        assert flow is not None
        nodes = []
        for i, node in enumerate(flow.nodes):
            one: Any = tuple(new[i]) if len(new[i]) > 1 else new[i][0] if new[i] else None
            nodes.append(replace(node, does=one))
        return replace(figure, flow=replace(flow, nodes=tuple(nodes)))

    def copy() -> dict[int, list[Any]]:
        return {i: list(steps) for i, steps in done.items()}

    def named(place: tuple[int, int]) -> str:
        action = done[place[0]][place[1]]
        return "inject" if isinstance(action, Inject) else str(action)

    for n, (i, j) in enumerate(places):
        new = copy()
        del new[i][j]
        yield f"step dropped: {named((i, j))}", put(new)
        new = copy()
        new[i].insert(j, new[i][j])
        yield f"step twice: {named((i, j))}", put(new)
        for other in STEPS:
            if other != done[i][j]:
                new = copy()
                new[i][j] = other
                yield f"step {named((i, j))} -> {other}", put(new)
        for k, m in places[n + 1 :]:
            new = copy()
            new[i][j], new[k][m] = done[k][m], done[i][j]
            yield f"steps swapped: {named((i, j))}, {named((k, m))}", put(new)
        for k, m in places:
            if (k, m) != (i, j):
                new = copy()
                moved = done[i][j]
                new[k].insert(m, moved)
                del new[i][j + 1 if k == i and m <= j else j]
                yield f"step moved: {named((i, j))} before {named((k, m))}", put(new)
        if isinstance(done[i][j], Inject):
            names = done[i][j].inject
            for wrong in ((*names, names[0]), (names[0], names[0])):
                new = copy()
                new[i][j] = Inject(wrong)
                yield f"inject {wrong}", put(new)


# Rewrites that keep the meaning ---------------------------------------------------------------


def rewritten(figure: Figure) -> Iterator[tuple[str, Figure]]:
    yield from edges_rewritten(figure)
    yield from nodes_rewritten(figure)
    yield from labels_rewritten(figure)


def edges_rewritten(figure: Figure) -> Iterator[tuple[str, Figure]]:
    flow = figure.flow
    assert flow is not None
    links = single(flow)
    yield "chains split", with_edges(figure, drawn(links))
    tails, heads = [link[0] for link in links], [link[2] for link in links]
    # What several inputs share gives each its own in the order of the edges.
    free = not any(tails.count(name) == heads.count(name) > 1 for name in tails)
    if free:
        yield "chains split and turned round", with_edges(figure, drawn(links[::-1]))
    for turn in range(1, len(links) if free else 0):
        yield f"edges turned by {turn}", with_edges(figure, drawn([*links[turn:], *links[:turn]]))
    for i in range(len(links) - 1 if free else 0):
        new = [*links[:i], links[i + 1], links[i], *links[i + 2 :]]
        yield f"edges {i} and {i + 1} swapped", with_edges(figure, drawn(new))
    merged: list[Any] = []
    for tail, stroke, head, look in links:
        last = merged[-1] if merged else None
        if look is None and isinstance(last, str) and last.endswith(f" {tail}"):
            merged[-1] = f"{last} {stroke} {head}"
        else:
            merged += drawn([(tail, stroke, head, look)])
    yield "chains merged", with_edges(figure, merged)
    yield (
        "chains without blanks",
        with_edges(figure, [one.replace(" ", "") if isinstance(one, str) else one for one in merged]),
    )
    by_tail: dict[str, list[str]] = {}
    by_head: dict[str, list[str]] = {}
    looks = [one for one in links if one[3] is not None]
    for tail, stroke, head, look in links:
        if look is None and stroke == "->":
            by_tail.setdefault(tail, []).append(head)
            by_head.setdefault(head, []).append(tail)
    splits = [f"{tail} -> {', '.join(dict.fromkeys(heads))}" for tail, heads in by_tail.items()]
    joins = [f"{', '.join(dict.fromkeys(tails))} -> {head}" for head, tails in by_head.items()]
    yield "edges split", with_edges(figure, [*splits, *drawn(looks)])
    yield "edges joined", with_edges(figure, [*joins, *drawn(looks)])


def nodes_rewritten(figure: Figure) -> Iterator[tuple[str, Figure]]:
    flow = figure.flow
    assert flow is not None
    nodes = flow.nodes
    yield "nodes turned round", replace(figure, flow=replace(flow, nodes=nodes[::-1]))
    for turn in range(1, len(nodes)):
        yield (
            f"nodes turned by {turn}",
            replace(figure, flow=replace(flow, nodes=nodes[turn:] + nodes[:turn])),
        )
    yield "direction", replace(figure, flow=replace(flow, direction="down"))
    for names in (
        lambda i, name: f"node{i}",
        lambda i, name: f"{name}-2",
        lambda i, name: "ABCDWxhrk"[i % 9] + f"{i}",
    ):
        called = {str(node.name): names(i, str(node.name)) for i, node in enumerate(nodes)}  # type: ignore[no-untyped-call]
        links = [(called[tail], stroke, called[head], look) for tail, stroke, head, look in single(flow)]
        groups = tuple(replace(one, of=tuple(called.get(n, n) for n in one.of)) for one in flow.groups)
        renamed = tuple(replace(node, name=called[str(node.name)]) for node in nodes)
        new = replace(flow, nodes=renamed, edges=tuple(drawn(links)), groups=groups)
        yield f"nodes renamed {next(iter(called.values()))}", replace(figure, flow=new)
    for i, node in enumerate(nodes):
        if node.shape in WORDS and node.bits is None:  # which are for a box
            for other in WORDS:
                if other != node.shape:
                    changed_ = replace(node, **{node.shape: None, other: node.label})
                    yield f"{node.name}: {node.shape} -> {other}", with_node(figure, i, changed_)
        if node.label == "+":
            for other in (" + ", "⊕", r"\oplus"):
                yield f"{node.name}: {other}", with_node(figure, i, replace(node, **{node.shape: other}))
        if node.badge in ("frozen", "lock"):
            other = "lock" if node.badge == "frozen" else "frozen"
            yield f"{node.name}: {other}", with_node(figure, i, replace(node, badge=other))
        if node.bottleneck is not None:
            yield f"{node.name} in nodes of their own", _apart(figure, node)


def _apart(figure: Figure, node: FlowNode) -> Figure:
    """The symbols of a bottleneck as a chain of boxes."""
    flow = figure.flow
    assert flow is not None
    assert node.bottleneck is not None
    parts = tuple(
        FlowNode(name=f"part{j}", box=symbol, badge=node.badge) for j, symbol in enumerate(node.bottleneck)
    )
    first, last = str(parts[0].name), str(parts[-1].name)
    links = [
        (last if tail == node.name else tail, stroke, first if head == node.name else head, look)
        for tail, stroke, head, look in single(flow)
    ]
    inner = [(str(one.name), "->", str(two.name), None) for one, two in pairwise(parts)]
    rest = tuple(one for one in flow.nodes if one is not node)
    groups = tuple(
        replace(one, of=tuple(name for name in one.of if name != node.name)) for one in flow.groups
    )
    new = replace(flow, nodes=(*rest, *parts), edges=tuple(drawn([*links, *inner])), groups=groups)
    return replace(figure, flow=new)


def labels_rewritten(figure: Figure) -> Iterator[tuple[str, Figure]]:
    from tests.verify.mutate import REWRITES

    for spot in spots(figure):
        node = parse_math(spot.math)
        for name, change, write in REWRITES:
            if name == "sides turned" and spot.what.startswith("row"):
                continue  # what stands first behind the names counts them
            new = write(change(node))
            if "Unicode" in name and re.search(r"_\w{2}", new):
                continue  # W_BF16, without its braces, is W_B times F16
            if new != spot.math:
                yield f"{spot.what}, {name}: {spot.math} -> {new}", spot.put(new)

    def zero(node: Any) -> Any:
        return parse_math("W_0") if key(node) == "W" and isinstance(node, Symbol) else rebuild(node, zero)

    made = figure
    for n in range(sum(1 for _ in spots(figure))):
        spot = list(spots(made))[n]
        made = spot.put(to_tex(zero(parse_math(spot.math))))
    if all(symbol.name != "W" for symbol in figure.model.symbols):  # W_0 is another name of a method's W
        yield "W renamed", made
