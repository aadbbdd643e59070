"""What a flow and a card say, worked out anew: the drawn graph is run on arrays of random integers, the rows
of the card are counted, the steps of a pipeline are held to rules in words (`oracle_steps`).

A `--` carries nothing, a `<->` carries both ways. Raises False_ and NoOpinion like `oracle`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np

from lorafig.language.model import CardRow, Edge, Figure, FlowNode, Function
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.named import symbols_in
from lorafig.notation.read.parse import parse_text
from lorafig.values import replace
from tests.verify import oracle_copies, oracle_steps
from tests.verify.oracle import (
    KNOWN,
    False_,
    NoOpinion,
    Value,
    World,
    applied,
    as_number,
    equal,
    labelled,
    lay,
    members,
    narrow,
    number,
    parse_math,
    product,
    reads,
    shaped,
    statement,
    value,
)

SUMS = ("+", "⊕", r"\oplus")
PRODUCTS = ("⊙", r"\odot", "×", r"\times", "·", r"\cdot")
TRAINED = {
    "lora": {"A", "B"},
    "rslora": {"A", "B"},
    "qlora": {"A", "B"},
    "dora": {"A", "B", "m"},
    "vera": {"λ_d", "λ_b"},
}
HELD = {"W", "A", "B"}  # what a node multiplies by


def claims(figure: Figure, at: World) -> list[bool]:
    found: list[bool] = []
    flow = figure.flow
    if flow is not None:
        if any(group.over is not None for group in flow.groups):
            flow = oracle_copies.expanded(flow, at)
            figure = replace(figure, flow=flow)
        if any(node.opens is not None for node in flow.nodes):
            raise NoOpinion("a node of parts")
        if any(node.does is not None for node in flow.nodes):
            try:
                ends = oracle_steps.run(flow)
            except oracle_steps.Impossible:
                raise False_("the steps") from None
            except oracle_steps.Unclear as doubt:
                raise NoOpinion(str(doubt)) from None
            for node in flow.nodes:
                found += layer(node, ends, at)
                found.append(told(node))
        for node in flow.nodes:
            found += own(node, figure, at)
        for group in flow.groups:
            found += sayings(group.title, at)
            found += framed(group.title, at)
        found += run(figure, at)
    if figure.card is not None:
        found += sayings(figure.card.title, at)
        counts = figure.card.title is not None and "arameter" in figure.card.title
        for row in figure.card.rows:
            text = row.row if isinstance(row, CardRow) else row
            found += counted(text, at) if counts else sayings(text, at)
    return found


# What a node says --------------------------------------------------------------------------


def words_alone(node: FlowNode) -> bool:
    return isinstance(node.label, tuple) and node.bottleneck is None


def sign(node: FlowNode) -> str | None:
    label = node.label
    if isinstance(label, str) and label.strip() in (*SUMS, *PRODUCTS):
        return "+" if label.strip() in SUMS else "⊙"
    return None


def symbols(node: FlowNode) -> tuple[str, ...]:
    if words_alone(node) or sign(node) is not None:
        return ()
    return node.bottleneck if node.bottleneck is not None else (str(node.label),)


def own(node: FlowNode, figure: Figure, at: World) -> list[bool]:
    named = symbols(node)
    subject = key(parse_math(named[0])) if len(named) == 1 else None
    found: list[bool] = []
    for line in (*(node.label if words_alone(node) else ()), *node.text, node.note):
        if line is not None:
            found += sayings(line, at, subject)
    for symbol in named:
        if key(parse_math(symbol)) not in {*at.functions, *KNOWN}:
            value(parse_math(symbol), at)  # it stands for something
    if node.bits is not None and figure.model.adapter == "qlora" and named == ("W",):
        found.append(node.bits == 4)
    if node.bottleneck is not None:
        parts = [value(parse_math(symbol), at) for symbol in named]
        if not any(part.scalar or 1 in part.array.shape for part in parts):  # of which the flow says more
            found.append(narrow(parts, at))
    if node.math is not None and len(named) == 1:
        found += labelled(named[0], node.math, at)
    elif node.math is not None:
        found.append(statement(parse_math(node.math), at))
    if node.bar is not None:
        bar = value(parse_math(node.bar), at)
        found.append(not bar.scalar and 1 in bar.array.shape)
    if node.badge in ("frozen", "lock", "trainable"):
        found.append(badge(node, named, figure, at))
    return found


def badge(node: FlowNode, named: tuple[str, ...], figure: Figure, at: World) -> bool:
    declared = members(figure.model, at.small)
    own_ = {str(key(parse_math(str(one.name)))): one.role for one in declared}
    trained = TRAINED.get(figure.model.adapter, {name for name, role in own_.items() if role == "trained"})
    held = {*HELD, "W_0"} if not own_ else {name for name, role in own_.items() if role == "frozen"}
    called = named[0] if named else None if node.apply is None else str(node.apply)
    if called is not None and called not in KNOWN:
        called = key(parse_math(called))
    if called is not None and called in {*KNOWN, *functions(figure)}:
        return of_function(called, node, figure)
    does = oracle_steps.actions(node)
    learns = any(one == "train" or not isinstance(one, str) for one in does)
    if node.badge == "trainable":
        if sign(node) is not None:
            return False  # a sign has nothing that could be trained
        if any(key(parse_math(one)) is None for one in named):
            raise NoOpinion("a flame on what is made of others")
        if named:
            return all(key(parse_math(one)) in trained for one in named)
        if learns:
            return True
        if "freeze" in does:
            return False
        raise NoOpinion("a flame beside words")
    if named:
        names = {key(parse_math(one)) for one in named}
        if names & trained:
            return False
        if names <= held:
            return True
        raise NoOpinion("a snowflake on what is not a weight")
    if "train" in does:
        return False
    if "freeze" in does:
        return True
    raise NoOpinion("a snowflake beside words")


def functions(figure: Figure) -> dict[str | None, Function]:
    return {key(parse_math(str(one.name))): one for one in figure.model.functions}


def of_function(called: str, node: FlowNode, figure: Figure) -> bool:
    """Whether the badge of a function is right: by the role that it has; without one there may be weights of
    either kind in it."""
    declared = functions(figure).get(called)
    if declared is None:
        if called in ("LN", "layer norm", "layernorm"):  # which has a gain
            return True
        raise NoOpinion("nothing to train, and nothing to freeze")
    if declared.role is not None:
        return (node.badge == "trainable") == (declared.role == "trained")
    if "->" not in str(declared.means):
        inside = symbols_in(parse_math(str(declared.means)))
        roles = {one.role for one in figure.model.symbols if key(parse_math(str(one.name))) in inside}
        roles &= {"trained", "frozen", "random"}
        if roles not in ({"trained"}, {"frozen"}):
            raise NoOpinion("the weights in a formula")
        return (node.badge == "trainable") == (roles == {"trained"})
    return True


def layer(node: FlowNode, ends: dict[str, list[oracle_steps.Facts]], at: World) -> list[bool]:
    """An expression on a node that runs the layer is what the layer gives."""
    if "forward" not in oracle_steps.actions(node) or node.math is None or symbols(node):
        return []
    label = parse_math(node.math)
    if isinstance(label, (tree.Relation, tree.Words, tree.Listing)):
        return []
    said = value(label, at)
    if said.scalar or 1 not in said.array.shape:
        raise NoOpinion("no output of a layer")
    with_update = all(end.beside for end in ends[str(node.name)])
    due = at.get("h") if with_update else product(at.get("W"), "", at.get("x"))
    return [said.array.shape == due.array.shape and equal(said, due)]


def told(node: FlowNode) -> bool:
    try:
        return oracle_steps.as_told(node)
    except oracle_steps.Unclear as doubt:
        raise NoOpinion(str(doubt)) from None


def framed(title: str | None, at: World) -> list[bool]:
    """An expression in the title of a frame is what the frame holds: the weight, or of the adapter."""
    found = []
    for run_ in () if title is None else parse_text(title):
        if isinstance(run_.math, (tree.Product, tree.Fraction)):
            said = value(run_.math, at)
            known = [at.get(name) for name in ("W", "W'", "ΔW", "A", "B") if name in at.values]
            known.append(product(at.get("B"), "", at.get("A")))
            found.append(any(said.array.shape == one.array.shape and equal(said, one) for one in known))
    return found


# What a text says ---------------------------------------------------------------------------


def sayings(text: str | None, at: World, subject: str | None = None) -> list[bool]:
    if text is None:
        return []
    runs = parse_text(text)
    found = []
    for i, run_ in enumerate(runs):
        if run_.math is None or (key(run_.math) in at.indices and key(run_.math) not in at.values):
            continue
        after = runs[i + 1].text.strip() if i + 1 < len(runs) else ""
        if after.startswith("fewer") and not _a_number(run_.math):
            raise NoOpinion("so many fewer of what is no number")
        if subject is not None and isinstance(run_.math, tree.Product) and "×" in run_.math.ops:
            found.append(across(run_.math, subject, at))
            continue
        said = computed(run_.math, at)
        if said is not None and after != "" and subject is None:
            found.append(amount(*said, after, at))
        elif said is None or isinstance(run_.math, tree.Number):
            found.append(statement(run_.math, at, subject))
    return found


def _a_number(node: Any) -> bool:
    if isinstance(node, tree.Product) and len(node.factors) == 2 and key(node.factors[1]) in ("×", "%"):
        node = node.factors[0]
    return isinstance(node, (tree.Number, tree.Computed, tree.Relation))


def across(node: tree.Product, subject: str, at: World) -> bool:
    """`2d × d` on an element: its size, side by side."""
    sides: list[list[Any]] = [[node.factors[0]]]
    for op, factor in zip(node.ops, node.factors[1:], strict=True):
        if op == "×":
            sides.append([factor])
        else:
            sides[-1].append(factor)
    shape = at.get(subject).array.shape
    if len(sides) != len(shape):
        return False
    if all(len(side) == 1 for side in sides):
        return shaped(at.get(subject), [side[0] for side in sides], at)
    return False  # no side is a multiple or a product of dimensions


def computed(node: Any, at: World) -> tuple[Fraction, str, tree.Number | None] | None:
    """A number by itself: its value, its unit and, where it is typed, its digits."""
    unit = ""
    if isinstance(node, tree.Product) and len(node.factors) == 2 and key(node.factors[1]) in ("×", "%"):
        node, unit = node.factors[0], str(key(node.factors[1]))
    if isinstance(node, tree.Computed):
        found = value(node.body, at)
        if not found.scalar:
            raise False_("no number")
        if "%" in node.form:
            return Fraction(found.array), "%", None
        return Fraction(found.array), unit or ("×" if "x" in node.form or "×" in node.form else ""), None
    typed = as_number(node)
    if typed is None or not isinstance(node, tree.Number):
        return None
    return number(node, at.kilo), unit or node.unit, replace(node, unit=unit or node.unit)


def amount(said: Fraction, unit: str, typed: tree.Number | None, after: str, at: World) -> bool:
    d, k, r = (at.true[name] for name in "dkr")
    trained = Fraction(r * (d + k))
    if re.match(r"(parameters\s+)?fewer\b", after) is None and "of the parameters" not in after:
        if typed is None:
            return True  # it says of nothing that it is so many
        raise False_("a number that nothing names")
    if "of the parameters" in after:
        due = trained / (d * k)
        if (
            typed is not None
            and not reads(due, typed, at, "=")
            and reads(trained / (d * k + trained), typed, at, "=")
        ):
            raise NoOpinion("of the weight's or of all")
    else:
        due = {"×": d * k / trained, "%": 1 - trained / (d * k), "": d * k - trained}.get(unit, Fraction(-1))
    if typed is not None:
        return unit != "" and reads(due, typed, at, "=")
    if said == due:
        return True
    if due > 0 and abs(said / due - 1) < Fraction(1, 100):
        raise NoOpinion("to the digits that are shown")
    return False


ABOUT = re.compile(r"([A-Z](?:\s*(?:\+|,|&|and)\s*[A-Z])*|x|h)\s*:")


def counted(text: str, at: World) -> list[bool]:
    """`A + B: $2dr = …$`: what stands behind the colon is how many entries these have."""
    runs = parse_text(text)
    about = ABOUT.fullmatch(runs[0].text.strip()) if runs[0].math is None else None
    if about is None or len(runs) < 2:
        return sayings(text, at)
    names = [one for one in re.split(r"\s*(?:\+|,|&|and)\s*", about[1]) if one]
    if not all(name in at.values for name in names):
        raise NoOpinion("names that are none")
    if len(set(names)) < len(names):
        raise NoOpinion("the same twice: counted once, or twice")
    said = runs[1].math
    first = said.sides[0] if isinstance(said, tree.Relation) else said
    if isinstance(first, tree.Number):
        due = sum(entries(name, at, at.true) for name in names)
        found = [reads(Fraction(due), first, at, "=")]
    else:
        sides = []
        for other in ({"d": 1009, "k": 757, "r": 31}, {"d": 521, "k": 1427, "r": 67}):
            sizes = {**other, "k": other["d"]} if at.small["k"] == at.small["d"] else other
            there = value(first, replace(at, true=sizes))
            if not there.scalar:
                raise False_("no number")
            sides.append(there.array == sum(entries(name, at, sizes) for name in names))
        found = [all(sides)]
    if isinstance(said, (tree.Number, tree.Computed)):
        return found
    return [*found, *sayings(text, at)]


def entries(name: str, at: World, sizes: dict[str, int]) -> int:
    total = 1
    for length in at.get(name).array.shape:
        if length > 1:
            total *= sizes[next(one for one, small in at.small.items() if small == length)]
    return total


# What is computed ---------------------------------------------------------------------------


def run(figure: Figure, at: World) -> list[bool]:
    flow = figure.flow
    assert flow is not None
    nodes = {str(node.name): node for node in flow.nodes}
    if not any(symbols(node) for node in nodes.values()):
        return []
    lines = [(tail, head) for tail, stroke, head in oracle_steps.arrows(flow) if stroke != "--"]
    lines += [(head, tail) for tail, stroke, head in oracle_steps.arrows(flow) if stroke == "<->"]
    out: dict[str, Value | None] = {}
    found: list[bool] = []
    shared: dict[tuple[str, str], Value | None] = {}  # what leaves a weight of several inputs
    left = list(nodes)
    while left:
        ready = [name for name in left if not any(head == name and tail in left for tail, head in lines)]
        if not ready:
            raise False_("a circle")
        for name in ready:
            left.remove(name)
            tails = [tail for tail, head in lines if head == name]
            given = [shared.get((tail, name), out[tail]) for tail in tails]
            heads = [head for tail, head in lines if tail == name]
            leads = bool(heads)
            if len(tails) > 1 and len(heads) == len(tails) and of_several(nodes[name], given, at):
                for head, flowing in zip(heads, given, strict=True):
                    shared[name, head] = passed(nodes[name], [flowing], at, found)
                out[name] = None
                continue
            if nodes[name].cells is not None:
                out[name] = oracle_copies.added(nodes[name], tails, given, at, found)
                continue
            out[name] = passed(nodes[name], given, at, found)
            known = "h" in at.values  # elsewhere what comes out has no name
            if known and not leads and sign(nodes[name]) is not None and out[name] is not None:
                end = out[name]
                assert end is not None
                if not end.scalar and 1 in end.array.shape:
                    found.append(end.array.shape == at.get("h").array.shape and equal(end, at.get("h")))
            if (
                not tails
                and not leads
                and lines
                and "h" in [key(parse_math(s)) for s in symbols(nodes[name])]
            ):
                raise False_("the output, and nothing leads to it")
            if leads and not tails and out[name] is None and symbols(nodes[name]):
                raise False_("a size, and nothing of that size comes in")
    for entry in flow.edges:
        if isinstance(entry, Edge) and entry.text is not None:
            found += sayings(entry.text, at)
        if isinstance(entry, Edge) and entry.math is not None:
            for tail, _, _ in oracle_steps.arrows(replace(flow, edges=(entry,))):
                found.append(along(parse_math(entry.math), out[tail], at))
    return found


def of_several(node: FlowNode, given: list[Value | None], at: World) -> bool:
    """Whether several inputs share what a node multiplies by, and are not the same."""
    named = symbols(node)
    if len(named) != 1 or node.apply is not None or key(parse_math(named[0])) not in at.drawn:
        return False
    mine = value(parse_math(named[0]), at)
    arrays = [None if one is None else one.array.tobytes() for one in given]
    return not mine.scalar and 1 not in mine.array.shape and None not in given and len({*arrays}) > 1


def along(label: Any, flow: Value | None, at: World) -> bool:
    if flow is None:
        raise False_("nothing flows there")
    if isinstance(label, (tree.Relation, tree.Listing)):
        raise NoOpinion("a statement on an edge")
    name = key(label)
    if name is not None and name in at.small:
        return 1 in flow.array.shape and max(flow.array.shape) == at.small[name]
    if isinstance(label, tree.Shape) or as_number(label) is not None:
        raise NoOpinion("a shape on an edge")
    one, two = lay([value(label, at), flow])
    return bool(np.all(one.array == two.array))


def passed(node: FlowNode, given: list[Value | None], at: World, found: list[bool]) -> Value | None:
    """What leaves a node."""
    inputs = [one for one in given if one is not None]
    named = symbols(node)
    function = node.apply if node.apply is not None else named[0] if len(named) == 1 else None
    called = None if function is None else str(function)
    called = called if called in KNOWN or called is None else key(parse_math(called))
    if called is not None and (called in at.functions or called in KNOWN):
        if len(inputs) < len(given) or not inputs:
            raise False_("nothing flows in")
        return applied(called, inputs, at)
    if node.apply is not None:
        raise NoOpinion("another function")
    if sign(node) is not None:
        if len(inputs) < len(given):
            raise NoOpinion("words flow in")
        if sign(node) == "+":
            if len(inputs) < 2:
                raise False_("nothing to add")
            laid = lay(inputs)
            total = laid[0].array
            for one in laid[1:]:
                total = total + one.array
            return Value(total)
        if len(inputs) != 2:
            raise False_("two factors")
        one, two = inputs
        return product(one, "" if one.scalar or two.scalar else "⊙", two)
    if not named:
        return inputs[0] if len(inputs) == 1 and len(given) == 1 else None
    if (
        len(given) > 1
        and set(named) & at.drawn
        and all(np.array_equal(one.array, inputs[0].array) for one in inputs)
    ):
        raise NoOpinion("a weight that inputs share, which are the same")
    if len(given) > 1:
        raise False_("nothing joins them")
    flow = inputs[0] if inputs else None
    for symbol in named:
        flow = through(symbol, flow, at, found)
    return flow if inputs or not given else None  # of what words bring nobody knows what becomes


def through(symbol: str, flow: Value | None, at: World, found: list[bool]) -> Value | None:
    node = parse_math(symbol)
    name = key(node)
    if name is not None and name in at.small and name not in at.values:
        if flow is None:
            return None
        if flow.scalar or 1 not in flow.array.shape or max(flow.array.shape) != at.small[name]:
            raise False_("as wide as that it is not")
        return flow
    mine = value(node, at)
    if flow is None:
        return mine
    if mine.scalar:
        return product(mine, "", flow)
    if 1 in mine.array.shape:
        if name in ("λ_d", "λ_b", "m"):
            return product(mine, "⊙", flow)
        found.append(mine.array.shape == flow.array.shape and equal(mine, flow))
        return mine
    single = name is not None and (name in HELD or name == "W_0" or name in at.drawn)
    if not single and not flow.scalar and mine.array.shape == flow.array.shape:
        found.append(equal(mine, flow))
        return mine
    return product(mine, "", flow)
