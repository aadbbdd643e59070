"""The order of steps that a flow tells in words alone: what is merged or saved was trained before, and what
is trained was put there before.

Only what is sure is said: both steps stand on one node each, and the later one leads to the earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.graph import order
from lorafig.graph.structure import Graph, actions
from lorafig.language.model import FlowNode
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import stepwords
from lorafig.verify.figure.collector import Collector

# Of two steps, the one that is done first.
ORDER = (
    ("start", "train"),
    ("merge", "serve"),
    ("merge", "unmerge"),
    ("inject", "train"),
    ("inject", "merge"),
    ("train", "merge"),
    ("train", "save"),
    ("freeze", "train"),
)
OF_QLORA = (("quantize", "train"),)  # elsewhere what was trained may be quantised
DIRECT = (
    ("load", "inject"),
    ("load", "train"),
    ("load", "merge"),
)  # if nothing stands between: a file of it may be loaded again


def claims(graph: Graph, collector: Collector) -> None:
    """Adds what is wrong with the order of the steps that nodes of words name."""
    specs = graph.specs()
    if any(actions(spec) for spec in specs.values()):
        return  # they are run
    told: dict[str, list[str]] = {}
    for name, spec in specs.items():
        if not graph.nodes[name].symbols:
            told.setdefault(stepwords.step_of(_lines(spec), collector.judge.language), []).append(name)
    heads = order.heads_of(graph.nodes, graph.ways())
    own = OF_QLORA if collector.judge.symbols.adapter.name == "qlora" else ()
    for before, after in (*ORDER, *own, *DIRECT):
        if len(told.get(before, ())) != 1 or len(told.get(after, ())) != 1:
            continue
        first, late = told[before][0], told[after][0]
        behind = set(_behind(late, heads))
        reached = first in heads[late] if (before, after) in DIRECT else first in behind
        again = (name for step in ("save", "load") for name in told.get(step, ()) if name != late)
        if any(name in behind and first in _behind(name, heads) for name in again):
            continue  # it goes on from a file
        if reached and late not in _behind(first, heads):
            words = [" ".join(_lines(specs[name])) for name in (late, first)]
            what = f"“{words[0]}” leads to “{words[1]}”, and comes after it"
            wrong = Answer("diagram", "fails", detail=what, hint="turn the arrow round, or say what is meant")
            collector.add(wrong, words[0], specs[late].unverified, specs[late].where)


def _lines(spec: FlowNode) -> list[str]:
    own = () if isinstance(spec.label, str) else spec.label
    return [str(line) for line in (*own, *spec.text)]


def _behind(name: str, heads: dict[str, list[str]]) -> Iterator[str]:
    """The nodes that it leads to."""
    seen, pending = set[str](), list(heads[name])
    while pending:
        head = pending.pop()
        if head not in seen:
            seen.add(head)
            pending += heads[head]
            yield head
