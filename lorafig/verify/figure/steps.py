"""The pipeline of a flow figure is executed: the steps that its nodes stand for are run in the order of the
edges, on a small attention block with the figure's adapter and on real files.

A fork runs each branch from where the pipeline is there. Paths that meet must bring the same, but for two
steps that take what both bring: `forward`, where both must give the same output, and `load_adapter`, which
takes the model of one path and the file of the other. A line without arrowheads gives no order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct, structs

from lorafig.core.pipeline import run as core
from lorafig.core.pipeline.stage import Outcome, Setting, Stage, Step
from lorafig.core.pipeline.workshop import Workshop
from lorafig.errors import LorafigError, Problem
from lorafig.graph import order
from lorafig.graph.structure import Graph, actions
from lorafig.language.model import Figure, FlowNode, Inject
from lorafig.language.table import layer_of
from lorafig.notation.tree import Listing, Relation
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import AtStart
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Doubt

MAX_STEPS = 1_000  # of one flow; each takes a few milliseconds
ONE_HEAD = "a line without arrowheads (--) gives no order: draw an arrow (->)"


def run(graph: Graph, figure: Figure, collector: Collector) -> None:
    """One claim for each step of a flow."""
    specs = (node.spec for node in graph.nodes.values())
    nodes = {str(spec.name): spec for spec in specs if isinstance(spec, FlowNode) and actions(spec)}
    total = sum(len(actions(node)) for node in nodes.values())
    if total > MAX_STEPS:
        flow = graph.panel.flow
        what, hint = f"the pipeline has {total:,} steps", f"{MAX_STEPS:,} are run at most"
        raise LorafigError(Problem(what, None if flow is None else flow.where, hint), "limit")
    lines = (edge for edge in graph.edges if edge.stroke == "--")
    loose = {name for edge in lines for name in (edge.tail, edge.head)}
    with core.opened(_setting(figure)) as workshop:
        pipeline = _Run(order.steps(graph), nodes, loose, workshop)
        answers = pipeline.answers()
    for name, node in nodes.items():
        excuse = node.unverified
        for answer in answers.get(name, ()):
            at_start = structs.replace(answer, condition=AtStart(answer.verdict == "holds"))
            collector.add(at_start, words(node), excuse, node.where)
        if node.math is not None and not isinstance(node.label, str) and "forward" in actions(node):
            _layer(node.math, pipeline.ends.get(name, []), excuse, collector)


def _layer(math: str, ends: Sequence[_Brought], excuse: str | None, collector: Collector) -> None:
    """The expression on a node that runs the layer is what the layer gives there: h, and W x where no adapter
    stands beside the weights. What is not an output of a layer, by its shape, says nothing of that."""
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


def _setting(figure: Figure) -> Setting:
    model = figure.model
    alpha = None if model.alpha is None else Fraction(repr(model.alpha))
    return Setting(model.adapter, **layer_of(model), alpha=alpha)  # the steps are the same at any sizes


class _Brought(Struct, frozen=True):
    """Where a pipeline is, and the node that brings it there."""

    stage: Stage
    by: str


class _Run:
    """`loose` are the nodes with lines without arrowheads."""

    def __init__(
        self, steps: order.Steps, nodes: Mapping[str, FlowNode], loose: set[str], workshop: Workshop
    ) -> None:
        self.steps, self.nodes, self.loose, self.workshop = steps, nodes, loose, workshop
        self.ends: dict[str, list[_Brought]] = {}
        self.ancestors: dict[str, int] = {}  # bit i for the i-th node of the order
        self.bits: dict[str, int] = {}

    def answers(self) -> dict[str, list[Answer]]:
        """The answers of each node, step by step. Nothing is said of what comes after a step that fails."""
        way = self.steps.order()
        answers: dict[str, list[Answer]] = {}
        circle = order.circle(self.steps.after, way.rest)
        if circle:
            path = " → ".join(f"'{words(self.nodes[name])}'" for name in circle[:8])
            what = f"the pipeline runs in a circle: {path}{' → …' if len(circle) > 8 else ''}"
            hint = "a step is done once; leave out the arrow that leads back"
            answers[circle[0]] = [Answer("diagram", "fails", detail=what, hint=hint)]
        late = self._trained_late(way.nodes)
        for name in way.nodes:
            self._mark(name)
            brought = self._brought(name)
            if brought is not None:
                answers[name] = self._node(name, brought, late)
        return answers

    def _mark(self, name: str) -> None:
        mask = 0
        for tail in self.steps.before[name]:
            mask |= self.ancestors[tail] | self.bits[tail]
        self.ancestors[name] = mask
        self.bits[name] = 1 << len(self.bits)

    def _brought(self, name: str) -> list[_Brought] | None:
        """What the paths to a node bring, each once; None where one of them broke off.

        What a path brings that another one goes on from has come with it.
        """
        before = self.steps.before[name]
        if not before:
            return [_Brought(Stage(), "")]
        if any(tail not in self.ends for tail in before):
            return None
        older = 0
        for tail in before:
            older |= self.ancestors[tail]
        several: list[_Brought] = []
        for tail in before:
            if self.bits[tail] & older:
                continue
            for brought in self.ends[tail]:
                if not any(brought.stage.same(other.stage) for other in several):
                    several.append(brought)
        return several

    def _node(self, name: str, brought: list[_Brought], late: set[tuple[str, int]]) -> list[Answer]:
        answers: list[Answer] = []
        for place, action in enumerate(actions(self.nodes[name])):
            step = Step("inject", action.inject) if isinstance(action, Inject) else Step(action)
            untrained = step.action == "save" and all(end.stage.rounds == 0 for end in brought)
            then, answer = self._step(step, brought)
            if then is not None and untrained and (name, place) in late:
                what = "save saves the adapter as it was drawn: it is trained after that and not saved again"
                then, answer = None, Answer("diagram", "fails", detail=what, hint="save after training")
            if then is None and name in self.loose and not self.steps.before[name]:
                answer = Answer("diagram", answer.verdict, detail=answer.detail, hint=ONE_HEAD)
            answers.append(answer)
            if then is None:
                return answers
            brought = [_Brought(end.stage, name) for end in then]
        self.ends[name] = brought
        return answers

    def _step(self, step: Step, brought: list[_Brought]) -> tuple[list[_Brought] | None, Answer]:
        if len(brought) > 1 and step.action == "forward":
            return self._all_forward(step, brought)
        if len(brought) > 1 and step.action == "load_adapter":
            files = [end for end in brought if end.stage.saved is not None]
            others = [end.stage.block for end in brought if end.stage.saved is None]
            if len(files) == 1 and all(block is not None and not block.adapted for block in others):
                brought = files
        if len(brought) > 1:
            return None, self._differ(step, brought)
        stage, outcome = core.step(self.workshop, brought[0].stage, step)
        then = None if stage is None else [_Brought(stage, brought[0].by)]
        return then, _answer(outcome)

    def _all_forward(self, step: Step, brought: list[_Brought]) -> tuple[list[_Brought] | None, Answer]:
        """The same output by every path, up to rounding."""
        first = brought[0]
        worst: tuple[float, float] | None = None
        for end in brought:
            stage, outcome = core.step(self.workshop, end.stage, step)
            if stage is None:
                return None, _answer(outcome)
            measured = core.agree(self.workshop, first.stage, end.stage)
            if measured is None or not measured[0] <= measured[1]:
                return None, self._differ(step, [first, end])
            if worst is None or measured[0] > worst[0]:
                worst = measured
        assert worst is not None
        detail = f"the {len(brought)} paths that reach it give the same output, up to rounding"
        return brought, Answer("diagram", "holds", residual=worst[0], bound=worst[1], detail=detail)

    def _differ(self, step: Step, brought: list[_Brought]) -> Answer:
        said = [f"'{words(self.nodes[end.by])}' brings {end.stage.said()}" for end in brought[:2]]
        what = f"{step.action} is reached by paths that do not bring the same: {', '.join(said)}"
        hint = "give each branch a step of its own, or join them before what tells them apart"
        return Answer("diagram", "fails", detail=what, hint=hint)

    def _trained_late(self, names: Sequence[str]) -> set[tuple[str, int]]:
        """The places of steps after which the adapter is trained and not saved again."""
        late: set[tuple[str, int]] = set()
        saves: dict[str, bool] = {}
        trains: dict[str, bool] = {}
        for name in reversed(names):
            after = [head for head in self.steps.after[name] if head in saves]
            saved, trained = any(saves[head] for head in after), any(trains[head] for head in after)
            for place, action in reversed(list(enumerate(actions(self.nodes[name])))):
                if trained:
                    late.add((name, place))
                trained = trained or (action == "train" and not saved)
                saved = saved or action == "save"
            saves[name], trains[name] = saved, trained
        return late


def _answer(outcome: Outcome) -> Answer:
    return Answer("diagram", **structs.asdict(outcome))
