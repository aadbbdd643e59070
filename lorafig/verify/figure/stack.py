"""A stack is followed from bottom to top, up to the first thing that is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.graph import ops
from lorafig.graph.structure import Edge, branches_of, trapezoids
from lorafig.language import model
from lorafig.notation.canonical import key
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import Condition, every
from lorafig.verify.figure.collector import place_of
from lorafig.verify.figure.executor import Executor, Stop, Unfit, count, fails
from lorafig.verify.figure.flowing import Flowing, short
from lorafig.verify.meaning.terms import Doubt


def run(executor: Executor) -> None:
    """What the labels on a stack say up to the first thing that is wrong, and one claim on the whole of it
    if there is none. The rest is followed as far as it goes, and nothing is said of it."""
    graph = executor.graph
    told: set[tuple[str, int]] = set()
    given: list[Condition] = []
    executor.given = dict.fromkeys(graph.nodes, given)
    for node in graph.nodes.values():
        edges = graph.entering[node.name]
        flows = executor.flows(edge.tail for edge in edges)
        if len(flows) < len(edges):
            continue
        try:
            if any(edge.specs for edge in edges):
                _labels(executor, edges, told, given)
            if isinstance(node.operation, ops.Output):
                _whole(executor, _ended(executor, node.operation, flows), given)
                continue
            if isinstance(node.operation, ops.Input) and node.operation.implied:
                _begun(graph.panel.stack)
            executor.leaves(node.name, executor.value(node, flows), (edge.tail for edge in edges))
            continue
        except Stop as stop:
            executor.say(node, stop.answer, stop.symbol)
            if stop.said is not None:
                executor.assumed[node.name] = stop.said
        except Unfit as unfit:
            answer = Answer(
                "diagram", "ill-typed", unfit.value, unfit.shown, detail=unfit.what, hint=unfit.hint
            )
            executor.say(node, answer, unfit.symbol)
        except Doubt as doubt:
            _whole(executor, doubtful("diagram", doubt), given)
        executor.quiet = True


def _whole(executor: Executor, answer: Answer, given: Sequence[Condition]) -> None:
    """A claim on the whole stack, which is called by the way through it."""
    panel = executor.graph.panel
    stack = panel.stack
    path = short(_way(stack))
    excuses = (element.unverified for element in stack if element.unverified is not None)
    where = stack[0].where if stack[0].where is not None else panel.where
    executor.tell(answer, path, next(excuses, executor.excuse), where, given)


def _begun(stack: Sequence[model.StackElement]) -> None:
    """A stack without a bar works on x; one with a bar begins with one."""
    bar = next((element for element in stack if isinstance(element, model.Bar)), None)
    if bar is not None:
        what = f"the stack begins with {_path(stack[0])}: nothing says what flows into it"
        raise Stop(fails(what, "begin with the bar of the input: bar: x").answer, bar.bar)


def _labels(
    executor: Executor, edges: Sequence[Edge], told: set[tuple[str, int]], given: Sequence[Condition]
) -> None:
    """The labels of the arrows that lead to a node. One in front of several branches is told once, and so is
    one behind them, by the first branch that it is not true of."""
    arrows: dict[int, tuple[model.Arrow, list[str]]] = {}
    for edge in edges:
        for arrow in edge.specs:
            if isinstance(arrow, model.Arrow) and (edge.tail, id(arrow)) not in told:
                told.add((edge.tail, id(arrow)))
                arrows.setdefault(id(arrow), (arrow, []))[1].append(edge.tail)
    for arrow, tails in arrows.values():
        source = str(arrow.arrow) if arrow.arrow is None else arrow.arrow
        parts: list[Condition] = []
        for tail in tails:
            answer = executor.labelled(source, executor.flows((tail,))[0])
            parts.append(answer.holds)
            if answer.verdict != "holds":
                break
        answer = replace(answer, condition=every(parts))
        executor.tell(answer, source, arrow.unverified, place_of(source, element=arrow), given)


def _ended(executor: Executor, output: ops.Output, flows: Sequence[Flowing]) -> Answer:
    if output.branches > 0:
        several = output.branches > 1
        what = f"the {count(output.branches)} branches reach the top but nothing adds them"
        hint = "add a sum: sum: [Wx, BAx]"
        if not several:
            what, hint = "a split with one branch", "write a second branch, or the element without the split"
        return fails(what, hint).answer
    judge, last = executor.judge, executor.graph.panel.stack[-1]
    flow = flows[0]
    gives = Answer("diagram", "holds", value=flow.name, detail=f"the drawing gives {flow.name}")
    if "h" not in judge.symbols.terms:
        return gives
    model_ = judge.symbols.term("h")
    ends_in_h = (
        isinstance(last, model.Bar) and judge.symbols.canonical(key(executor.read(last.bar)) or "") == "h"
    )
    if not ends_in_h and not isinstance(last, model.Sum):
        return gives
    condition = executor.when(flow, model_)
    if not executor.same(flow.term, model_):
        return executor.judged(executor.differs(flow, "h", "drawing", condition), flow, model_)
    detail = "the drawing, executed, gives h"
    answer = Answer("diagram", "holds", value=f"h = {flow.name}", detail=detail, condition=condition)
    return judge.measured(answer, flow.term, model_)


def _way(elements: Sequence[model.StackElement]) -> str:
    return " → ".join(_path(element) for element in elements if not isinstance(element, model.Arrow))


def _path(element: model.StackElement) -> str:
    """An element in the line that describes a drawing."""
    match element:
        case model.Bar(bar=symbol) | model.Square(square=symbol) | model.Scale(scale=symbol):
            return str(symbol)
        case model.Apply(apply=symbol):
            return str(symbol)
        case model.Trapezoid(trapezoid=symbol) | model.Gate(gate=symbol) | model.Bias(bias=symbol):
            return str(symbol)
        case model.Bottleneck():
            return " → ".join(part.trapezoid for part in trapezoids(element))
        case model.Split():
            return f"({', '.join(map(_way, branches_of(element)))})"
        case model.Sum():
            return "+"
        case model.Repeat():
            return "…"
        case model.Skip():
            return "skip"
        case model.Arrow(arrow=label):
            return "" if label is None else str(label)
