"""The pipeline of a flow figure is executed: the steps that its nodes stand for are run in the order of the
edges, on a small attention block with the figure's adapter and on real files.

A fork runs each branch from where the pipeline is there. Paths that meet must bring the same, but for two
steps that take what both bring: `forward`, where both must give the same output, and `load_adapter`, which
takes the model of one path and the file of the other. A line without arrowheads gives no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Action, Figure, Flow, FlowNode, Inject
from lorafig.notation.tree import Listing, Relation
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.figure.order import Graph, circle_among, graph_of, ordered
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Doubt

if TYPE_CHECKING:
    from lorafig.core.pipeline.stage import Outcome, Setting, Stage, Step
    from lorafig.core.pipeline.workshop import Workshop

MAX_STEPS = 1_000  # of one flow; each takes a few milliseconds
ONE_HEAD = "a line without arrowheads (--) gives no order: draw an arrow (->)"


def run(flow: Flow, figure: Figure, collector: Collector) -> None:
    """One claim for each step of a flow; none where its nodes stand for no steps."""
    nodes = {node.name: node for node in flow.nodes if node.does is not None}
    if not nodes:
        return
    total = sum(len(_actions(node)) for node in nodes.values())
    if total > MAX_STEPS:
        what = f"the pipeline has {total:,} steps"
        raise LorafigError(Problem(what, flow.where, f"{MAX_STEPS:,} are run at most"), "limit")
    graph = graph_of(flow, nodes)
    made = _Run(graph, nodes, _setting(figure))
    answers = made.answers()
    for name, node in nodes.items():
        excuse = node.unverified if node.unverified is not None else figure.unverified
        for answer in answers.get(name, ()):
            collector.add(answer, words(node), excuse, node.where)
        if node.math is not None and not isinstance(node.label, str) and "forward" in _actions(node):
            _layer(node.math, made.ends.get(name, []), excuse, collector)


def _layer(math: str, ends: Sequence[_Brought], excuse: str | None, collector: Collector) -> None:
    """The expression on a node that runs the layer is what the layer gives there: h, and W x where no adapter
    stands beside the weights. What is no output of a layer, by its shape, says nothing of that."""
    judge, label = collector.judge, collector.tree(math)
    given = {end.stage.apart is not None or _adapted(end.stage) for end in ends}
    if len(given) != 1 or isinstance(label, (Relation, Listing)):
        return
    try:
        kind = elaborate(label, judge.symbols).type
    except Doubt:
        return  # the label itself says why
    due = "h" if given == {True} else "Wx"
    if kind.is_vector and all(judge.symbols.knows(name) for name in due):
        answer = judge.judge(Relation((collector.tree(due), label), ("=",)))
        collector.add(answer, math, excuse, place_of(math))


def _adapted(stage: Stage) -> bool:
    return stage.block is not None and bool(stage.block.adapted)


def words(node: FlowNode) -> str:
    """What is written on a node: its lines of words, or its symbol."""
    own = node.label
    lines = (*node.text, own) if isinstance(own, str) else (*node.text, *own)
    return " ".join(str(line) for line in lines)


def _actions(node: FlowNode) -> tuple[Action | Inject, ...]:
    if node.does is None:
        return ()
    return node.does if isinstance(node.does, tuple) else (node.does,)


def _setting(figure: Figure) -> Setting:
    from lorafig.core.pipeline.stage import Setting

    model = figure.model
    alpha = None if model.alpha is None else Fraction(repr(model.alpha))
    return Setting(model.adapter, model.d, model.d if model.k is None else model.k, model.r, alpha)


@dataclass(slots=True)
class _Brought:
    """Where a pipeline is, and the node that brings it there."""

    stage: Stage
    by: str


@dataclass(slots=True)
class _Run:
    graph: Graph
    nodes: Mapping[str, FlowNode]
    setting: Setting
    ends: dict[str, list[_Brought]] = field(default_factory=dict)
    ancestors: dict[str, int] = field(default_factory=dict)  # bit i for the i-th node of the order
    bits: dict[str, int] = field(default_factory=dict)

    def answers(self) -> dict[str, list[Answer]]:
        """The answers of each node, step by step. Nothing is said of what comes after a step that fails."""
        from lorafig.core.pipeline.run import opened

        order, rest = ordered(self.graph)
        found: dict[str, list[Answer]] = {}
        circle = circle_among(self.graph, rest)
        if circle:
            path = " → ".join(f"'{words(self.nodes[name])}'" for name in circle[:8])
            path += " → …" if len(circle) > 8 else ""
            what = f"the pipeline runs in a circle: {path}"
            hint = "a step is done once; leave out the arrow that leads back"
            found[circle[0]] = [Answer("diagram", "fails", detail=what, hint=hint)]
        late = self._trained_late(order)
        with opened(self.setting) as workshop:
            for name in order:
                self._mark(name)
                brought = self._brought(name)
                if brought is not None:
                    found[name] = self._node(workshop, name, brought, late)
        return found

    def _mark(self, name: str) -> None:
        mask = 0
        for one in self.graph.before[name]:
            mask |= self.ancestors[one] | self.bits[one]
        self.ancestors[name] = mask
        self.bits[name] = 1 << len(self.bits)

    def _brought(self, name: str) -> list[_Brought] | None:
        """What the paths to a node bring, each once; None where one of them broke off.

        What a path brings that another one goes on from has come with it.
        """
        from lorafig.core.pipeline.stage import Stage

        before = self.graph.before[name]
        if not before:
            return [_Brought(Stage(), "")]
        if any(one not in self.ends for one in before):
            return None
        older = 0
        for one in before:
            older |= self.ancestors[one]
        found: list[_Brought] = []
        for one in before:
            if self.bits[one] & older:
                continue
            for brought in self.ends[one]:
                if not any(brought.stage.same(other.stage) for other in found):
                    found.append(brought)
        return found

    def _node(
        self, workshop: Workshop, name: str, brought: list[_Brought], late: set[tuple[str, int]]
    ) -> list[Answer]:
        from lorafig.core.pipeline.stage import Step

        node = self.nodes[name]
        found: list[Answer] = []
        for place, action in enumerate(_actions(node)):
            one = Step("inject", action.inject) if isinstance(action, Inject) else Step(action)
            untrained = one.action == "save" and all(end.stage.rounds == 0 for end in brought)
            then, answer = self._step(workshop, one, brought)
            if then is not None and untrained and (name, place) in late:
                what = "save saves the adapter as it was drawn: it is trained after that and not saved again"
                then, answer = None, Answer("diagram", "fails", detail=what, hint="save after training")
            if then is None and name in self.graph.loose and not self.graph.before[name]:
                answer = Answer("diagram", answer.verdict, detail=answer.detail, hint=ONE_HEAD)
            found.append(answer)
            if then is None:
                return found
            brought = [_Brought(end.stage, name) for end in then]
        self.ends[name] = brought
        return found

    def _step(
        self, workshop: Workshop, one: Step, brought: list[_Brought]
    ) -> tuple[list[_Brought] | None, Answer]:
        from lorafig.core.pipeline.run import step

        if len(brought) > 1 and one.action == "forward":
            return self._all_forward(workshop, one, brought)
        if len(brought) > 1 and one.action == "load_adapter":
            files = [end for end in brought if end.stage.saved is not None]
            others = [end.stage.block for end in brought if end.stage.saved is None]
            if len(files) == 1 and all(block is not None and not block.adapted for block in others):
                brought = files
        if len(brought) > 1:
            return None, self._differ(one, brought)
        stage, outcome = step(workshop, brought[0].stage, one)
        then = None if stage is None else [_Brought(stage, brought[0].by)]
        return then, _answer(outcome)

    def _all_forward(
        self, workshop: Workshop, one: Step, brought: list[_Brought]
    ) -> tuple[list[_Brought] | None, Answer]:
        """The same output by every path, up to rounding."""
        from lorafig.core.pipeline.run import agree, step

        first = brought[0]
        worst: tuple[float, float] | None = None
        for end in brought:
            stage, outcome = step(workshop, end.stage, one)
            if stage is None:
                return None, _answer(outcome)
            found = agree(workshop, first.stage, end.stage)
            if found is None or not found[0] <= found[1]:
                return None, self._differ(one, [first, end])
            if worst is None or found[0] > worst[0]:
                worst = found
        assert worst is not None
        detail = f"the {len(brought)} paths that reach it give the same output, up to rounding"
        return brought, Answer("diagram", "holds", residual=worst[0], bound=worst[1], detail=detail)

    def _differ(self, one: Step, brought: list[_Brought]) -> Answer:
        said = [f"'{words(self.nodes[end.by])}' brings {end.stage.said()}" for end in brought[:2]]
        what = f"{one.action} is reached by paths that do not bring the same: {', '.join(said)}"
        hint = "give each branch a step of its own, or join them before what tells them apart"
        return Answer("diagram", "fails", detail=what, hint=hint)

    def _trained_late(self, order: list[str]) -> set[tuple[str, int]]:
        """The places of steps after which the adapter is trained and not saved again."""
        found: set[tuple[str, int]] = set()
        saves: dict[str, bool] = {}
        trains: dict[str, bool] = {}
        for name in reversed(order):
            after = [one for one in self.graph.after[name] if one in saves]
            saved, trained = any(saves[one] for one in after), any(trains[one] for one in after)
            actions = _actions(self.nodes[name])
            for place in range(len(actions) - 1, -1, -1):
                if trained:
                    found.add((name, place))
                if actions[place] == "train" and not saved:
                    trained = True
                saved = saved or actions[place] == "save"
            saves[name], trains[name] = saved, trained
        return found


def _answer(outcome: Outcome) -> Answer:
    return Answer(
        "diagram",
        outcome.verdict,
        value=outcome.value,
        residual=outcome.residual,
        bound=outcome.bound,
        detail=outcome.detail,
        hint=outcome.hint,
    )
