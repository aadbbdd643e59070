"""The drawing is executed: what flows from the first bar through every shape must be what the labels say.

A flow is a term, as the equations have it; so the drawn graph is decided exactly, and in float64, by the
same code as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lorafig.errors import Place
from lorafig.language.model import (
    Arrow,
    Bar,
    Bottleneck,
    Figure,
    Panel,
    Scale,
    Split,
    Square,
    StackElement,
    Sum,
    Trapezoid,
)
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Fraction, Node, Script, Shape, Symbol
from lorafig.verify.decide import exact
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.operations import add as add_terms
from lorafig.verify.meaning.operations import entrywise, together
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Doubt, IllTyped, Multiply, Term, Type
from lorafig.verify.read.classify import sizes
from lorafig.verify.read.quoted import spaced

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class _Stop(Exception):  # noqa: N818  an answer, not a failure
    """The drawing cannot be followed any further; the reason was told."""


LONGEST_NAME = 200  # characters; sums of sums would have names as long as the product of all branches


@dataclass(slots=True)
class Flowing:
    """What flows, and how to call it."""

    term: Term
    name: str

    def __post_init__(self) -> None:
        self.name = _short(self.name)


@dataclass(slots=True)
class _State:
    """What flows at a height of the drawing: one flow, or those of the branches of a split."""

    flows: tuple[Flowing, ...]
    split: bool = False


def run(panel: Panel, figure: Figure, collector: Collector) -> None:
    """Follows the drawing of a panel from bottom to top."""
    _Run(figure, collector).panel(panel)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def count(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else str(n)


def _plural(word: str, n: int) -> str:
    return word if n == 1 else word + ("es" if word.endswith("ch") else "s")


@dataclass(slots=True)
class Followed:
    """What is common to following a stack and a flow."""

    figure: Figure
    collector: Collector

    def same(self, one: Term, other: Term) -> bool | None:
        """Whether two terms are equal; None where their shapes differ."""
        if one is other:
            return True
        name: Node = Symbol("x")
        try:
            left, right = together((one, other), (name, name))
        except IllTyped:
            return None
        return exact.same(left, right, self.collector.judge.seed).equal

    def labelled(self, node: Node, flow: Flowing) -> Answer:
        """A label on an arrow names what flows along it, or its dimension."""
        judge = self.collector.judge
        name = key(node)
        kind = flow.term.type
        if name is not None and judge.symbols.dimension(name) is not None:
            if judge.symbols.dimension(name) == kind.rows and kind.columns == ONE:
                return Answer("diagram", "holds", value=str(kind), shown=name)
            detail = f"what flows here is {flow.name}, a vector of {kind}"
            return Answer("diagram", "fails", str(kind), name, detail=detail, hint=f"it should read {kind}")
        if isinstance(node, Shape) or (sizes(node) is not None and not isinstance(bare(node), Symbol)):
            said = " × ".join(spaced(size) for size in sizes(node) or ())
            if said in (str(kind), f"{kind.rows} × 1"):
                return Answer("diagram", "holds", value=str(kind), shown=said)
            detail = f"what flows here is {flow.name}, of shape {kind}"
            return Answer("diagram", "fails", str(kind), said, detail=detail, hint=f"it should read {kind}")
        term = elaborate(node, judge.symbols)
        same = self.same(term, flow.term)
        if same:
            return Answer("diagram", "holds", flow.name, spaced(node))
        detail = f"what flows here is {flow.name}, not {spaced(node)}"
        verdict = Answer("diagram", "fails", flow.name, spaced(node), detail=detail)
        if same is None:
            return Answer("diagram", "ill-typed", flow.name, spaced(node), detail=detail)
        return verdict


@dataclass(slots=True)
class _Run(Followed):
    terms: dict[str, Term] = field(default_factory=dict)

    def panel(self, panel: Panel) -> None:
        collector = self.collector
        path = _short(" → ".join(_path(one) for one in panel.stack if not isinstance(one, Arrow)))
        excuse = next(
            (one.unverified for one in panel.stack if one.unverified is not None), self.figure.unverified
        )
        where = panel.where if panel.where is not None else panel.stack[0].where
        try:
            state = self._enter(panel.stack)
            state = self._stack(panel.stack[1:] if isinstance(panel.stack[0], Bar) else panel.stack, state)
            answer = self._end(panel.stack[-1], state)
        except _Stop:
            return
        except Doubt as doubt:
            answer = doubtful("diagram", doubt)
        collector.add(answer, path, excuse, where)

    def _term(self, source: str) -> Term:
        """The term of a label, built once: then a tall drawing is followed in linear time."""
        term = self.terms.get(source)
        if term is None:
            term = elaborate(self.collector.tree(source), self.collector.judge.symbols)
            self.terms[str(source)] = term
        return term

    def _show(self, source: str) -> str:
        return spaced(self.collector.tree(source))

    def _fail(self, what: str, source: str, element: StackElement, hint: str | None = None) -> _Stop:
        place = place_of(source)
        answer = Answer("diagram", "fails", detail=what, hint=hint)
        self._add(answer, source, element, place if place is not None else element.where)
        return _Stop()

    def _add(self, answer: Answer, source: str, element: StackElement, where: Place | None = None) -> None:
        self.collector.add(answer, source, element.unverified, where)

    # -- the ends -----------------------------------------------------------------------------

    def _enter(self, stack: tuple[StackElement, ...]) -> _State:
        first = stack[0]
        if isinstance(first, Bar):
            term = self._term(first.bar)
            if not term.type.is_vector:
                raise IllTyped(f"what enters is {self._show(first.bar)}, and it is {term.type}")
            return _State((Flowing(term, self._show(first.bar)),))
        bar = next((one for one in stack if isinstance(one, Bar)), None)
        if bar is not None:
            raise self._fail(
                f"the stack begins with {_path(first)}: nothing says what flows into it",
                bar.bar,
                first,
                "begin with the bar of the input: bar: x",
            )
        names = self.collector.judge.symbols
        return _State((Flowing(names.term("x"), "x"),))

    def _end(self, last: StackElement, state: _State) -> Answer:
        if state.split:
            what = f"the {count(len(state.flows))} branches reach the top but nothing adds them"
            return Answer("diagram", "fails", detail=what, hint="add a sum: sum: [Wx, BAx]")
        flow = state.flows[0]
        judge = self.collector.judge
        if "h" not in judge.symbols.terms:
            return Answer("diagram", "holds", value=flow.name, detail=f"the drawing gives {flow.name}")
        model = judge.symbols.term("h")
        ends_in_h = (
            isinstance(last, Bar) and judge.symbols.canonical(key(self.collector.tree(last.bar)) or "") == "h"
        )
        if ends_in_h or isinstance(last, Sum):
            same = self.same(flow.term, model)
            if same is None or not same:
                return self._not(flow, "h", "the drawing")
            answer = Answer(
                "diagram", "holds", value=f"h = {flow.name}", detail="the drawing, executed, gives h"
            )
            return judge.measured(answer, flow.term, model)
        return Answer("diagram", "holds", value=flow.name, detail=f"the drawing gives {flow.name}")

    def _not(self, flow: Flowing, what: str, subject: str) -> Answer:
        source = self.collector.judge.symbols.sources.get(what)
        defined = f", and {what} is {source}" if source is not None else f", and that is not {what}"
        return Answer(
            "diagram", "fails", value=flow.name, shown=what, detail=f"{subject} gives {flow.name}{defined}"
        )

    # -- the way ------------------------------------------------------------------------------

    def _stack(self, elements: tuple[StackElement, ...], state: _State) -> _State:
        for element in elements:
            match element:
                case Bar():
                    state = self._bar(element, state)
                case Square():
                    state = self._through(element.square, element, state)
                case Trapezoid():
                    state = self._through(element.trapezoid, element, state)
                case Bottleneck():
                    for part in element.bottleneck:
                        symbol = part.trapezoid if isinstance(part, Trapezoid) else part
                        state = self._through(symbol, element, state)
                case Split():
                    state = self._split(element, state)
                case Sum():
                    state = self._sum(element, state)
                case Scale():
                    state = self._scale(element, state)
                case Arrow():
                    self._arrow(element, state)
        return state

    def _one(self, state: _State, source: str, element: StackElement) -> Flowing:
        if state.split:
            what = f"the {count(len(state.flows))} branches reach {self._show(source)} but nothing adds them"
            raise self._fail(what, source, element, "add a sum below it: sum: [Wx, BAx]")
        return state.flows[0]

    def _bar(self, element: Bar, state: _State) -> _State:
        flow = self._one(state, element.bar, element)
        name = self._show(element.bar)
        where = place_of(element.bar)
        where = where if where is not None else element.where
        term = self._term(element.bar)
        same = self.same(flow.term, term)
        if same is None:
            here = f"what flows here is {flow.name}, and its shape is {flow.term.type}"
            detail = f"{here}, that of {name} {term.type}"
            self._add(
                Answer("diagram", "ill-typed", flow.name, name, detail=detail), element.bar, element, where
            )
            raise _Stop
        if not same:
            self._add(self._not(flow, name, "the drawing"), element.bar, element, where)
            raise _Stop
        self._add(Answer("diagram", "holds", flow.name, name), element.bar, element, where)
        return _State((Flowing(term, flow.name),))

    def _through(self, symbol: str, element: StackElement, state: _State) -> _State:
        flow = self._one(state, symbol, element)
        term = self._term(symbol)
        name = self._show(symbol)
        one, two = term.type, flow.term.type
        if one.is_scalar or one.is_vector:
            raise IllTyped(f"{name} is {one}: nothing flows through it")
        if one.columns != two.rows:
            vector = f"a vector of {two.rows}" if two.columns == ONE else f"of shape {two}"
            where = place_of(symbol)
            detail = (
                f"{name} maps {one.columns} to {one.rows}, and what flows into it is {flow.name}, {vector}"
            )
            answer = Answer("diagram", "ill-typed", value=str(two), shown=name, detail=detail)
            self._add(answer, symbol, element, where if where is not None else element.where)
            raise _Stop
        shown = f"({name})" if " + " in name or " − " in name else name
        product = Multiply(term, flow.term, Type(one.rows, two.columns))
        return _State((Flowing(product, f"{shown} {flow.name}"),))

    def _scale(self, element: Scale, state: _State) -> _State:
        """What multiplies the flow: a number, a vector entry by entry, or a diagonal matrix."""
        flow = self._one(state, element.scale, element)
        term = self._term(element.scale)
        node = self.collector.tree(element.scale)
        name = spaced(node) if isinstance(node, (Symbol, Script, Fraction)) else f"({spaced(node)})"
        if term.type.is_scalar:
            return _State((Flowing(Multiply(term, flow.term, flow.term.type), f"{name} {flow.name}"),))
        if not term.type.is_vector:
            return self._through(element.scale, element, state)
        try:
            scaled = entrywise(term, flow.term, (node,), Symbol(flow.name))
        except IllTyped:
            sizes = f"{name} is a vector of {term.type}, and what flows into it is {flow.name}, a vector of"
            answer = Answer("diagram", "ill-typed", detail=f"{sizes} {flow.term.type}")
            self._add(answer, element.scale, element, place_of(element.scale) or element.where)
            raise _Stop from None
        return _State((Flowing(scaled, f"{name} ⊙ {flow.name}"),))

    def _split(self, element: Split, state: _State) -> _State:
        if state.split:
            raise self._fail(
                "a split follows a split: nothing joins its branches", "split", element, "add a sum"
            )
        flow = state.flows[0]
        flows: list[Flowing] = []
        for branch in element.split:
            end = self._stack(branch if isinstance(branch, tuple) else (branch,), _State((flow,)))
            if end.split:
                what = f"the {count(len(end.flows))} branches inside a branch are not added"
                raise self._fail(what, "split", element, "add a sum at the end of the inner branches")
            flows.append(end.flows[0])
        return _State(tuple(flows), True)

    def _sum(self, element: Sum, state: _State) -> _State:
        terms = () if element.sum == "arrows" else tuple(element.sum)
        text = "sum" if not terms else " + ".join(terms)
        if not state.split:
            what = "a sum without a split: one branch comes in, and there is nothing to add"
            raise self._fail(what, text, element, "put a split below it, with a branch for each term")
        flows = state.flows
        if terms and len(terms) != len(flows):
            listed = f"{count(len(terms))} {_plural('term', len(terms))}"
            what = f"{listed} for {count(len(flows))} {_plural('branch', len(flows))}"
            raise self._fail(what, text, element, "give one term for each branch, in the same order")
        if terms:
            flows = tuple(self._summand(i, terms[i], element, flows) for i in range(len(flows)))
        nodes = [Symbol(flow.name) for flow in flows]
        try:
            total = add_terms([flow.term for flow in flows], [1] * len(flows), nodes)
        except IllTyped as doubt:
            self._add(doubtful("diagram", doubt), text, element, element.where)
            raise _Stop from None
        return _State((Flowing(total, " + ".join(flow.name for flow in flows)),))

    def _summand(self, i: int, source: str, element: Sum, flows: tuple[Flowing, ...]) -> Flowing:
        """A term must be what its branch gives; the scaling, which no shape stands for, may be with it."""
        term = self._term(source)
        name = self._show(source)
        flow = flows[i]
        where = place_of(source)
        where = where if where is not None else element.where
        if self.same(term, flow.term):
            self._add(Answer("diagram", "holds", flow.name, name), source, element, where)
            return flow
        symbols = self.collector.judge.symbols
        if symbols.knows("s"):
            scaled = Multiply(symbols.term("s"), flow.term, flow.term.type)
            if self.same(term, scaled):
                detail = f"{flow.name} times the scaling"
                self._add(Answer("diagram", "holds", flow.name, name, detail=detail), source, element, where)
                return Flowing(scaled, name)
        others = [j for j, other in enumerate(flows) if j != i and self.same(term, other.term)]
        detail = f"its branch gives {flow.name}, not {name}"
        hint = f"it should read {flow.name}"
        if others:
            detail += f": the terms are swapped, {name} comes from branch {others[0] + 1}"
            hint = "list the terms in the order of the branches"
        self._add(
            Answer("diagram", "fails", flow.name, name, detail=detail, hint=hint), source, element, where
        )
        raise _Stop

    def _arrow(self, element: Arrow, state: _State) -> None:
        if element.arrow is None:
            return
        source = element.arrow
        node = self.collector.tree(source)
        for flow in state.flows:
            answer = self.labelled(node, flow)
            if answer.verdict != "holds" or flow is state.flows[-1]:
                where = place_of(source)
                self._add(answer, source, element, where if where is not None else element.where)
                return


def _path(element: StackElement) -> str:
    """An element in the line that describes a drawing."""
    match element:
        case Bar():
            return str(element.bar)
        case Square():
            return str(element.square)
        case Trapezoid():
            return str(element.trapezoid)
        case Bottleneck():
            parts = [one.trapezoid if isinstance(one, Trapezoid) else one for one in element.bottleneck]
            return " → ".join(map(str, parts))
        case Split():
            branches = [
                " → ".join(map(_path, branch)) if isinstance(branch, tuple) else _path(branch)
                for branch in element.split
            ]
            return f"({', '.join(branches)})"
        case Sum():
            return "+"
        case Scale():
            return str(element.scale)
        case Arrow():
            return "" if element.arrow is None else str(element.arrow)
