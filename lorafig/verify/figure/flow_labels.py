"""A flow: what its nodes and edges say by themselves, whatever comes of running it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from lorafig.core.functions import function
from lorafig.core.network import BITS
from lorafig.graph import ops
from lorafig.graph.structure import Graph, Node, actions
from lorafig.language.functions import Signature, called
from lorafig.language.model import Brace, Edge, Figure, Flow, FlowGroup, FlowNode, Inject, Source
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.named import plain, symbols_in
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.write.tex import to_tex
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.asserted import stored
from lorafig.verify.decide.asserted.decide import Standing, decide
from lorafig.verify.decide.counts import readable, valued
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure import decisions, geometry, headings, stepwords, told_lines, told_steps
from lorafig.verify.figure.collector import NOWHERE, Collector, place_of
from lorafig.verify.figure.executor import a
from lorafig.verify.meaning.terms import Constant, Doubt
from lorafig.verify.read import wordnumbers
from lorafig.verify.read.assertions import Moves
from lorafig.verify.read.quoted import spaced
from lorafig.verify.read.reading import spoken


def own(graph: Graph, flow: Flow, figure: Figure, collector: Collector) -> None:
    """The claims of labels, notes, badges, titles and words."""
    for node in graph.nodes.values():
        assert isinstance(node.spec, FlowNode)
        _node(node, node.spec, graph, flow, collector)
    told_steps.claims(graph, collector)
    told_lines.claims(graph, collector)
    decisions.claims(graph, collector)
    for group in flow.groups:
        if group.title is not None:
            inside = [name for member in group.of for name in _named(graph, str(member))]
            collector.text(group.title, figure.unverified, inside, titled=True)
            worded = [str(member) for member in group.of if not _named(graph, str(member))]
            headings.over(group.title, graph, worded, figure.unverified, collector)
            specs = (graph.nodes[name].spec for name in worded if name in graph.nodes)
            steps = [step for spec in specs if isinstance(spec, FlowNode) for step in _does(spec)]
            wrong = stepwords.phase(group.title, steps, collector.judge.language)
            if wrong is not None:
                collector.add(wrong, group.title, figure.unverified)
        if group.times is not None:
            often(f"the group '{group.name}' stands there", group.times, figure.unverified, collector)
        if group.class_ is not None:
            _framed(graph, group, flow, figure, collector)
    for entry in flow.edges:
        if not isinstance(entry, Edge):
            continue
        if entry.kind in ("gradient", "update"):
            _backward(graph, entry, flow, collector)
        language = collector.judge.language
        wrong = None if entry.text is None else stepwords.of_line(entry.text, entry.kind, language)
        if wrong is not None and entry.text is not None and entry.kind in ("gradient", "update"):
            collector.add(wrong, entry.text, entry.unverified)
        elif entry.text is not None:
            collector.text(entry.text, entry.unverified, mark=_along(graph, entry, collector))
            if entry.kind in ("data", "skip"):
                _wide(graph, entry, entry.text, collector)
                _whose(graph, entry, entry.text, collector)
        if entry.math is not None and entry.kind not in ("data", "skip"):
            collector.math(entry.math, entry.unverified)


# The sizes of a network that say how often something stands in it.
_REPEATED = ("n_layers", "n_heads", "n_kv", "n_experts", "n_adapted")


def often(what: str, times: str, unverified: str | None, collector: Collector) -> None:
    """How often something is there is a number, and of a network one of its own. Of a symbol without a
    meaning nothing is claimed."""
    hint = "give a number or a size: times: L"
    word = collector.tree(times)
    if collector.judge.is_word(word):
        number = wordnumbers.SMALL.get(word.name)
        remedy = hint if number is None else f"write the number: {number}"
        collector.add(
            Answer("count", "fails", detail=f"'{word.name}' is a word", hint=remedy), times, unverified
        )
        return
    try:
        term = collector.term(times)
    except Doubt:
        return
    if not term.type.is_scalar:
        answer = Answer("count", "fails", detail=f"it says how often {what}, and is {a(term)}", hint=hint)
        collector.add(answer, times, unverified)
        return
    symbols = collector.judge.symbols
    due = {name: valued(symbols.term(name)) for name in _REPEATED if name in symbols.network}
    if isinstance(collector.tree(times), tree.Number) and due and isinstance(term, Constant):
        told = ", ".join(f"{name} = {readable(value)}" for name, value in due.items())
        holds = term.value in due.values()
        answer = Answer("count", "holds" if holds else "fails", detail=f"the network has {told}", hint=hint)
        collector.add(answer, times, unverified)


def _framed(graph: Graph, group: FlowGroup, flow: Flow, figure: Figure, collector: Collector) -> None:
    """A frame that looks like what is frozen or trained has something in it that is."""
    look = next((look for look in flow.classes if look.name == group.class_), None)
    said = None if look is None else LIKE.get(str(look.like))
    symbols = collector.judge.symbols
    inside = [name for member in group.of for name in _named(graph, str(member))]
    roles = {_role_of(name, collector) for name in inside} - {None}
    if look is None or said is None or not roles or roles & {*said, "merged"} or symbols.table is None:
        return
    inside_ = " and ".join(sorted(map(str, roles)))
    what = f"what is in it is {inside_}, and the class {look.name} looks like what is {said[0]}"
    answer = Answer("property", "fails", detail=what, hint="leave out the class, or its like")
    collector.add(answer, f"class: {look.name}", figure.unverified, place_of(group.class_))


def _role_of(symbol: str, collector: Collector) -> str | None:
    """The role of a weight; None for what flows, and for what has none."""
    role = headings.role_of(symbol, collector)
    return None if role in ("input", "output", "data") else role


def _named(graph: Graph, name: str) -> tuple[str, ...]:
    """The symbols of a member of a group."""
    node = graph.nodes.get(name)
    return node.symbols if node is not None else ()


def _node(node: Node, spec: FlowNode, graph: Graph, flow: Flow, collector: Collector) -> None:
    named, excuse = node.symbols, spec.unverified
    subject = named[0] if len(named) == 1 else None
    words = spec.label if not isinstance(spec.label, str) and spec.bottleneck is None else ()
    does = _does(spec)
    mark = "" if named or does else _mark(spec, flow)
    if isinstance(node.operation, ops.Sum):
        mark = "added"
    standing = Standing(step=does[0]) if len(does) == 1 else NOWHERE
    collector.lines((*words, *spec.text), excuse, subject, mark=mark, standing=standing)
    if isinstance(node.operation, ops.Call) and (words or spec.text):
        applied((*words, *spec.text), node.operation.function, excuse, collector)
    if does:
        lines = [str(line) for line in (*words, *spec.text)]
        look = next((look.like for look in flow.classes if look.name == spec.class_), None)
        puts = [
            projection
            for action in actions(spec)
            if isinstance(action, Inject)
            for projection in action.inject
        ]
        told = stepwords.called(lines, does, puts, collector.judge.language)
        told = told or stepwords.looks(str(look), does)
        if told is not None:
            collector.add(told, " ".join(map(str, words)), excuse, spec.where)
    if subject is not None and spec.bottleneck is None:
        collector.label(subject, spec.math if spec.math is not None else subject, excuse)
        if spec.bar is not None:
            _bar(spec, spec.bar, collector)
    else:
        for symbol in named:
            collector.label(symbol, symbol, excuse)
        if spec.math is not None:
            collector.math(spec.math, excuse)
    if spec.bottleneck is not None:
        geometry.bottleneck_of_flow(spec, excuse, collector)
    if spec.bar is not None and isinstance(node.operation, ops.Call):
        what = f"a bar is a vector, and {spaced(collector.tree(spec.bar))} is a function"
        wrong = Answer("geometry", "ill-typed", detail=what, hint=f"write rounded: {spec.bar}")
        collector.add(wrong, spec.bar, excuse, place_of(spec.bar))
    if spec.bits is not None:
        _bits(spec, spec.bits, collector)
    if spec.sheets is not None:
        often("it stands there", spec.sheets, excuse, collector)
    if spec.note is not None:
        joined = "added" if mark == "added" else ""
        own = subject if spec.sheets is None else None
        collector.text(spec.note, excuse, own, mark=joined, standing=standing)
        if not named:
            headings.over(spec.note, graph, [node.name], excuse, collector)
        if mark in ("frozen", "trained"):
            collector.marked(spec.note, excuse, mark)
    if spec.badge in ("frozen", "lock", "trainable"):
        _badge(node, spec, collector)
    if spec.class_ is not None:
        _class(node, spec, flow, collector)


def _does(spec: FlowNode) -> list[str]:
    """The steps that a node stands for, by name."""
    return [action if isinstance(action, str) else "inject" for action in actions(spec)]


def applied(lines: Sequence[str], apply: str, unverified: str | None, collector: Collector) -> None:
    """Words on what applies a function may name that function, and no other."""
    words = " ".join(map(str, lines))
    said, own = function(words), function(called(parse_math(apply)))
    if said is not None and own is not None and said.name != own.name:
        wrong = Answer("diagram", "fails", own.name, said.name, detail=f"it applies {own.spoken}")
        collector.add(wrong, words, unverified, place_of(lines[0]))


def _bits(spec: FlowNode, bits: int, collector: Collector) -> None:
    symbols = collector.judge.symbols
    tree = collector.tree(str(spec.box))
    name = key(tree)
    try:
        answer = None if name is None else stored.kept(symbols.canonical(name), bits, symbols)
    except Doubt as doubt:
        answer = doubtful("property", doubt)
    if answer is not None:
        collector.add(answer, f"{spaced(tree)} is kept in {bits} bits", spec.unverified, spec.where)
    for word in re.findall(r"\w+", "" if spec.note is None else spec.note):
        due = BITS.get(word.lower(), bits)
        if due != bits:
            wrong = Answer("property", "fails", detail=f"{word} has {due} bits, and {bits} are drawn")
            collector.add(wrong, str(spec.note), spec.unverified, spec.where)


def _backward(graph: Graph, edge: Edge, flow: Flow, collector: Collector) -> None:
    """An update ends in what is trained, and a gradient too: into what is frozen it leads only to go on from
    there."""
    kinds = [(other.tail, other.look.kind) for other in graph.edges if other.look is not None]
    onward = {tail for tail, kind in kinds if kind == edge.kind == "gradient"}
    for end in graph.edges:
        node = graph.nodes[end.head]
        if end.look is not edge or end.head in onward or not isinstance(node.spec, FlowNode):
            continue
        roles = {_role_of(symbol, collector) for symbol in node.symbols} or {_mark(node.spec, flow)}
        if roles <= {"frozen", "random"}:
            what = f"the {edge.kind} ends in {end.head}, which is frozen"
            hint = "lead it to what is trained" + (", or on from there" if edge.kind == "gradient" else "")
            wrong = Answer("diagram", "fails", detail=what, hint=hint)
            collector.add(wrong, f"{end.tail} -> {end.head}", edge.unverified, edge.where)


_VALUES = re.compile(
    r"\s*(\d[\d,]*|[a-z])(?:\s+|-)?(?:values|numbers|dimensions|dims?|dimensional|features)\s*"
)


def _wide(graph: Graph, edge: Edge, text: str, collector: Collector) -> None:
    """`8 values` beside a line: as many as flow along it."""
    match = _VALUES.fullmatch(text)
    for end in graph.edges if match is not None else ():
        if end.look is not edge or match is None:
            continue
        tail, head = graph.nodes[end.tail], graph.nodes[end.head]
        along = None
        if isinstance(head.operation, ops.Act):
            there = geometry.matrix(head.symbols[0], collector)
            along = None if there is None else there[0]
        elif tail.symbols and isinstance(tail.operation, ops.Act):
            there = geometry.matrix(tail.symbols[-1], collector)
            along = None if there is None else there[1]
        if along is not None:
            what = f"what flows from {end.tail} to {end.head}"
            brace = Brace(Source(match[1], getattr(text, "where", None)))
            geometry.measures(brace, (along,), what, match[1], collector, edge.unverified)


_NAMING = frozenset({"subject", "role", "filler", "thing", "noun"})


def _whose(graph: Graph, edge: Edge, text: str, collector: Collector) -> None:
    """Words on an edge that name the base or the adapter, `low-rank update`, name what it comes from, or what
    it leads to where that is no weight."""
    symbols = collector.judge.symbols
    parts = spoken(parse_text(text), symbols.knows, collector.kind)
    if any(part.sort not in _NAMING for part in parts):
        return
    sides = {"base" if part.value == "base" else "adapter" for part in parts if part.sort == "subject"}
    sides |= {_SIDES[part.value] for part in parts if part.sort == "role" and part.value in _SIDES}
    for end in graph.edges:
        if end.look is edge and len(sides) == 1:
            named = graph.nodes[end.tail].symbols, graph.nodes[end.head].symbols
            own = next(filter(None, (_side(names, collector) for names in named)), "")
            if own and own not in sides:
                of = " and ".join(next(names for names in named if _side(names, collector) == own))
                what = f"the edge is of {of}, which the words do not name"
                wrong = Answer("diagram", "fails", detail=what, hint=f"say the {own}")
                collector.add(wrong, text, edge.unverified, place_of(text, element=edge))


_SIDES = {"frozen": "base", "trained": "adapter"}


def _side(names: Sequence[str], collector: Collector) -> str:
    """Whether symbols are of the base or of the adapter beside it; '' for what flows, and for any other."""
    adapter = collector.judge.symbols.adapter
    own = {key(collector.tree(name)) for name in names}
    if not own or not own <= {*adapter.trainable, "W"} or set(adapter.frozen) != {"W"}:
        return ""
    return "base" if own == {"W"} else "" if "W" in own else "adapter"


def _along(graph: Graph, edge: Edge, collector: Collector) -> str:
    """The role of what an edge leads into: frozen, or trained; '' for what has neither, and of a chain. From
    a step that freezes comes what is frozen, and what is saved is trained."""
    ends = [other for other in graph.edges if other.look is edge]
    if len(ends) != 1:
        return ""
    before, after = (graph.nodes[name].spec for name in (ends[0].tail, ends[0].head))
    if isinstance(before, FlowNode) and "freeze" in (steps := actions(before)) and "train" not in steps:
        return "" if any(isinstance(step, Inject) for step in steps) else "frozen"
    if isinstance(after, FlowNode) and actions(after) == ("save",):
        return "trained"
    adapter = collector.judge.symbols.adapter
    named = [key(collector.tree(symbol)) for symbol in graph.nodes[ends[0].head].symbols]
    if len(named) == 1 and named[0] in adapter.trainable:
        return "trained"
    return "frozen" if len(named) == 1 and named[0] in adapter.frozen else ""


def _mark(spec: FlowNode, flow: Flow) -> str:
    """The role that a node of words is drawn in, by its badge or the colours of its class."""
    like = next((look.like for look in flow.classes if look.name == spec.class_), None)
    badges = {"frozen": "frozen", "lock": "frozen", "trainable": "trained", "adapter": "trained"}
    return badges.get(str(spec.badge)) or stepwords.MARKS.get(str(like), "")


def _bar(spec: FlowNode, symbol: str, collector: Collector) -> None:
    """A bar is as long as a vector has entries: nothing else is drawn as one."""
    try:
        term = collector.term(symbol)
    except Doubt:
        return  # its label says why
    if not term.type.is_vector:
        what = f"a bar stands for a vector, and {spaced(collector.tree(symbol))} is {a(term)}"
        answer = Answer("geometry", "fails", detail=what, hint=f"draw a box: {{box: {symbol}}}")
        collector.add(answer, symbol, spec.unverified, place_of(symbol, element=spec))


def _borne(label: str, collector: Collector) -> list[str]:
    """The symbols that a badge on a node speaks of: its own, or the matrices and vectors of its expression,
    since a number is neither trained nor frozen."""
    node = collector.tree(label)
    if key(node) is not None:
        return [label]
    try:
        known = collector.judge.symbols
        written = {key(plain(part)): to_tex(plain(part)) for part in walk(node)}
        named = [name for name in sorted(symbols_in(node)) if known.role(name) is not None]
        own = [name for name in named if not known.term(name).type.is_scalar]
        return [written.get(name, name) for name in own] or [label]
    except Doubt:
        return [label]


def _badge(node: Node, spec: FlowNode, collector: Collector) -> None:
    """A badge of what is frozen or trained is a claim about the symbols of its node, its steps, or the
    weights."""
    said = "trainable" if spec.badge == "trainable" else "frozen"
    judge, named = collector.judge, node.symbols
    against = None if named else _not_so(node, spec, said)
    if against is not None:
        wrong = Answer("property", "fails", detail=against, hint="leave out the badge, or give another one")
        collector.add(wrong, f"badge: {spec.badge}", spec.unverified, spec.where)
        return
    if isinstance(node.operation, ops.Call):
        name = called(collector.tree(node.operation.function))
        own = judge.symbols.functions.get(name)
        if own is not None:
            role = _role(own, judge)
            if role is None:  # then the badge alone says it
                collector.is_prose(f"{name} is {said}", spec.unverified, spec.where)
            else:
                told = _of_function(name, role, said)
                collector.add(told, f"{name} is {said}", spec.unverified, spec.where)
            return
    for symbol in (borne for label in named for borne in _borne(label, collector)):
        tree = collector.tree(symbol)
        answer = decide(Moves((tree,), said == "trainable"), judge, NOWHERE)
        other = "frozen" if said == "trainable" else "trainable"
        contrary = Moves((tree,), other == "trainable")
        if answer.verdict == "fails" and decide(contrary, judge, NOWHERE).verdict == "holds":
            answer = replace(answer, hint=f"write badge: {other}")
        phrase = f"{spaced(tree)} is {said}"
        collector.add(answer, phrase, spec.unverified, place_of(symbol, element=spec))
    if not named and said == "frozen":
        answer = decide(Moves(("base",), False), judge, NOWHERE)
        if answer.verdict == "undetermined":  # of a figure that tells of no such weights
            collector.is_prose(f"badge: {spec.badge}", spec.unverified, spec.where)
            return
        collector.add(answer, "the pretrained weights are frozen", spec.unverified, spec.where)


def _role(own: Signature, judge: Judge) -> str | None:
    """What the figure says of the weights in a function, itself or by those in its formula."""
    if own.role is not None or own.formula is None:
        return own.role
    found = {judge.symbols.role(name) for name in symbols_in(own.formula) - set(own.letters)}
    roles = {"frozen" if role == "random" else role for role in found if role is not None}
    return roles.pop() if len(roles) == 1 and roles <= {"frozen", "trained"} else None


def _of_function(name: str, role: str, said: str) -> Answer:
    """What is frozen or trained in a function that the figure declares: what it says of its role."""
    if (role == "frozen") == (said == "frozen"):
        return Answer("property", "holds", detail=f"the figure declares it as {role}")
    return Answer("property", "fails", detail=f"the weights in {name} are {role}", hint="change the badge")


# What a class of style that looks like a role of the palette says of a weight.
LIKE: Mapping[str, tuple[str, ...]] = {
    "frozen": ("frozen", "random"),
    "adapter": ("trained",),
    "merged": ("merged",),
}


def _class(node: Node, spec: FlowNode, flow: Flow, collector: Collector) -> None:
    """A class that looks like what is frozen, trained or merged says that of the weights on its nodes."""
    look = next((look for look in flow.classes if look.name == spec.class_), None)
    table = collector.judge.symbols.table
    said = None if look is None or look.like is None else LIKE.get(look.like)
    if look is None or said is None or table is None:
        return
    for symbol in node.symbols:
        role = _role_of(symbol, collector)
        if role is None or role in said:
            continue
        like = f"the class {look.name} looks like what is {said[0]}"
        what = f"{spaced(collector.tree(symbol))} is {role}, and {like}"
        answer = Answer("property", "fails", detail=what, hint="leave out the class, or its like")
        collector.add(answer, f"class: {look.name}", spec.unverified, place_of(spec.class_))


def _trains(node: Node) -> bool:
    """Whether there may be something to train in a node without symbols: in words, and in a function of which
    nothing is known, or which has a gain."""
    if isinstance(node.operation, ops.Call):
        row = function(called(parse_math(node.operation.function)))
        return row is None or row.trained
    return isinstance(node.operation, ops.Words)


def _not_so(node: Node, spec: FlowNode, said: str) -> str | None:
    """What contradicts the badge of a node without symbols: a sign, or the steps that it stands for."""
    if said == "trainable" and not _trains(node):
        return f"there is nothing to train in {str(spec.label).strip()}"
    does = actions(spec)
    if said == "frozen":
        return "its step trains: what it moves is not frozen" if "train" in does else None
    if "freeze" not in does or "train" in does or any(isinstance(action, Inject) for action in does):
        return None
    return "its step freezes the weights, and puts nothing beside them that is trained"
