"""Every panel is run: what comes out of its nodes, and the claims that come of it."""

from __future__ import annotations

from collections.abc import Callable

from lorafig.graph.structure import Graph
from lorafig.language import model
from lorafig.language.repeated import ranges
from lorafig.notation.tree import Node
from lorafig.verify.decide.judge import Judge
from lorafig.verify.figure import stack
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.executor import Executor


def execute(graph: Graph, judge: Judge, read: Callable[[str], Node], excuse: str | None = None) -> Executor:
    """The panel with all its copies, run as far as it can be followed; `read` gives the trees of labels."""
    executor = Executor(graph.run, judge, read, excuse, once=_of_moved_copies(graph, judge))
    if graph.panel.flow is None:
        stack.run(executor)
    else:
        from lorafig.verify.figure import flow

        flow.run(executor)
    return executor


def _of_moved_copies(graph: Graph, judge: Judge) -> bool:
    """Whether a slider moves how many copies there are of something, or which member of a family is the last
    one: those that were run are the figure's."""
    if judge.symbols.lasting:
        return True
    return judge.symbols.copied and any(ranges(graph.panel.stack, graph.panel.flow))


def name_outputs(graph: Graph, collector: Collector) -> None:
    """Defines the outputs that are declared alone, before anything is said of them: by what comes out."""
    judge = collector.judge
    for known in (judge, judge.assuming):
        if known is not None and known.symbols.outputs():
            execute(graph, known, collector.tree)


def _holds(executor: Executor) -> bool:
    return all(finding[0].verdict == "holds" for finding in executor.findings)


def claims(graph: Graph, figure: model.Figure, collector: Collector) -> None:
    """What comes of running a panel, and of the steps that the nodes of a flow stand for."""
    if graph.panel.flow is not None and any(node.does is not None for node in graph.panel.flow.nodes):
        from lorafig.verify.figure import steps

        steps.run(graph, figure, collector)
    executor = execute(graph, collector.judge, collector.tree, figure.unverified)
    assuming = collector.judge.assuming
    if assuming is not None and not _holds(executor):
        other = execute(graph, assuming, collector.tree, figure.unverified)
        executor = other if _holds(other) else executor
    for answer, text, unverified, where in executor.findings:
        collector.add(answer, text, unverified, where)
    for answer, text, unverified, where in executor.silent:
        collector.untold(answer, text, unverified, where)
