"""What lines between nodes of words say: numbers that count steps, and a line to what it cannot lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lorafig.graph import order
from lorafig.graph.structure import Graph
from lorafig.language.model import FlowNode
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import stepwords
from lorafig.verify.figure.collector import Collector
from lorafig.verify.read.lexicon import folded

_NUMBERED = re.compile(r"\s*(?:step|stage|phase)\s+(\d{1,2})\b|\s*\(?(\d{1,2})[.):]\s", re.IGNORECASE)
_BASE = re.compile(r"\b(?:base|pretrained|pre-trained|frozen|backbone)\b", re.IGNORECASE)
_ADAPTER = re.compile(r"\b(?:adapters?|LoRA)\b", re.IGNORECASE)
_FILE = re.compile(r"\b(?:adapter|LoRA)\s+(?:file|checkpoint|weights? file)\b|adapter_model", re.IGNORECASE)
_OPTIMIZER = re.compile(r"\b(?:optimi[sz]er|Adam\w*|SGD)\b", re.IGNORECASE)
_WRITES = re.compile(r"^(?:updates?|gradient updates?|trains?|writes?|changes)$", re.IGNORECASE)
_QUANTISES = re.compile(r"\bquanti[sz]e", re.IGNORECASE)


def claims(graph: Graph, collector: Collector) -> None:
    """Adds what is wrong with numbers that do not rise, and with lines to what they cannot lead to."""
    for what, text, spec in (*_steps(graph), *_lines(graph), *_ends(graph, collector)):
        wrong = Answer("diagram", "fails", detail=what, hint="turn the arrow round, or say what is meant")
        collector.add(
            wrong, text, None if spec is None else spec.unverified, None if spec is None else spec.where
        )


def _said(graph: Graph, name: str) -> str:
    spec = graph.nodes[name].spec
    if not isinstance(spec, FlowNode):
        return ""
    own = () if isinstance(spec.label, str) else spec.label
    return " ".join(map(str, (*own, *spec.text)))


def _number(words: str) -> int | None:
    match = _NUMBERED.match(words)
    return None if match is None else int(match[1] or match[2])


def _steps(graph: Graph) -> Iterator[tuple[str, str, FlowNode | None]]:
    """Numbers of nodes rise along the arrows; of those in a circle nothing is known."""
    specs = graph.specs()
    heads = order.heads_of(graph.nodes, graph.ways())
    numbers = {name: number for name in specs if (number := _number(_said(graph, name))) is not None}
    for name, number in numbers.items():
        for head in heads[name]:
            if head in numbers and numbers[head] < number and not _leads(head, name, heads):
                said = _said(graph, head)
                yield f"“{_said(graph, name)}” leads to “{said}”, which has a lower number", said, specs[head]


def _leads(start: str, end: str, heads: dict[str, list[str]]) -> bool:
    seen, pending = set[str](), [start]
    while pending:
        for head in heads[pending.pop()]:
            if head == end:
                return True
            if head not in seen:
                seen.add(head)
                pending.append(head)
    return False


def _lines(graph: Graph) -> Iterator[tuple[str, str, FlowNode | None]]:
    """Numbers on lines rise from one line to the next."""
    heads = order.heads_of(graph.nodes, graph.ways())
    told = {
        (edge.tail, edge.head): int(words)
        for edge in graph.edges
        if edge.look is not None
        and edge.look.text is not None
        and (words := str(edge.look.text).strip()).isdecimal()
    }
    for (tail, head), number in told.items():
        for (other, last), later in told.items():
            if other == head and later < number and not _leads(last, tail, heads):
                yield f"the line {number} leads to the line {later}", str(later), None


def _ends(graph: Graph, collector: Collector) -> Iterator[tuple[str, str, FlowNode | None]]:
    """What is written to a file of an adapter is the adapter; what is quantised is the base; and an optimizer
    writes to what is trained alone."""
    specs, symbols = graph.specs(), collector.judge.symbols
    slopes = [edge for edge in graph.edges if edge.look is not None and edge.look.kind == "gradient"]
    onward = {edge.tail for edge in slopes}  # gradients go through what is frozen
    for edge in graph.edges:
        tail, head = (_said(graph, name) for name in (edge.tail, edge.head))
        base, other = (
            _BASE.search(words) is not None and _ADAPTER.search(words) is None for words in (tail, head)
        )
        if base and _FILE.search(head) is not None:
            yield f"“{tail}” leads to “{head}”, which has the adapter alone", tail, specs.get(edge.head)
        adapter = (
            _ADAPTER.search(head) is not None and _BASE.search(head) is None and "quanti" not in head.lower()
        )
        step = stepwords.step_of([head], collector.judge.language)
        alone = adapter and len(folded(head)) <= 3 and step == ""
        if symbols.adapter.name == "qlora" and edge.flows and alone and _QUANTISES.search(tail) is not None:
            yield f"“{tail}” leads to “{head}”, and the base is what is quantised", tail, specs.get(edge.head)
        look = "" if edge.look is None or edge.look.text is None else str(edge.look.text)
        kind = "" if edge.look is None else edge.look.kind
        writes = kind == "update" or _WRITES.search(look) is not None
        writes = writes or (kind == "gradient" and edge.head not in onward)
        if edge.weak and writes and _frozen(graph, edge.head, collector, other):
            what = f"“{look}”" if look else f"the {kind}"
            yield f"{what} leads to what is frozen", look or tail, specs.get(edge.head)
        for end, words in ((edge.head, tail), (edge.tail, head)):
            if (
                _OPTIMIZER.search(words) is None
                or not edge.weak
                or not _frozen(graph, end, collector, other or base)
            ):
                continue
            yield f"a line joins “{words}” and what is frozen", words, specs.get(end)


def _frozen(graph: Graph, name: str, collector: Collector, said: bool) -> bool:
    """Whether a node is a matrix that is frozen, or words for the base."""
    symbols = collector.judge.symbols
    own = [symbols.canonical(symbol) for symbol in graph.nodes[name].symbols]
    if own:
        return all(
            symbol in symbols.adapter.frozen and symbols.role(symbol) in (None, "frozen") for symbol in own
        )
    return said and _BASE.search(_said(graph, name)) is not None
