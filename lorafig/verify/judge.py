"""One label's claim to its verdict: by its kind, each kind decided in its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.numbers import fill
from lorafig.notation.plain import to_plain
from lorafig.notation.tex import to_tex
from lorafig.notation.tree import (
    Braced,
    Computed,
    Listing,
    Node,
    Number,
    Product,
    Relation,
    Script,
    Shape,
    Symbol,
    Words,
)
from lorafig.verify import counts, exact, initial, numeric, properties, sampled, start, statements, texts
from lorafig.verify.answer import Answer, doubtful, worst
from lorafig.verify.classify import (
    EQUALITIES,
    ORDERS,
    is_zero,
    kind_of,
    law,
    number_kind,
    shown,
    sizes,
)
from lorafig.verify.floating import Floating
from lorafig.verify.nearest import neighbours
from lorafig.verify.report import Kind, Verdict
from lorafig.verify.shapes import elaborate, spaced, together
from lorafig.verify.symbols import Symbols
from lorafig.verify.terms import (
    Constant,
    Defined,
    Doubt,
    IllTyped,
    Term,
    Undecidable,
    Variable,
    has_functions,
    is_plain,
    variables,
)

MOST_NEIGHBOURS = 120
WORDS_ALONE = Answer("property", "holds", detail="words alone")
LARGEST_CORRECTED = 60  # nodes
DRAWS = EQUALITIES | {"~", ":", "←"}  # how a symbol is said to be drawn from a distribution


_SAYING = re.compile(r"\b(?:is|isn|are|was|were|be|not|no|never|false|wrong|true)\b", re.IGNORECASE)


@dataclass(slots=True)
class Judge:
    """Decides labels. `floating` is None where the dimensions have no values, or it is not wanted."""

    symbols: Symbols
    seed: str
    rounding: Literal["nearest", "down"] = "nearest"
    floating: Floating | None = None
    zeros: frozenset[str] = frozenset()  # the variables that are 0: those that start so, at the start

    def at_start(self) -> Judge:
        """The same at the start of training."""
        return replace(self, floating=None, zeros=initial.zero_factors(self.symbols.adapter))

    def judge(self, node: Node, subject: str | None = None) -> Answer:
        """The verdict on one label. `subject` is the symbol of the element that it stands on: a shape by
        itself is a claim about it."""
        kind = kind_of(node)
        try:
            node = self._filled(node)
            timed = _at_start(node)
            if timed is not None:
                return self.at_start().judge(timed, subject)
            self._heard(node)
            answers = [self._statement(node, subject)]
            answers += [
                self._brace(one) for one in walk(node) if isinstance(one, Braced) and one.label is not None
            ]
        except Doubt as doubt:
            return doubtful(kind, doubt)
        return worst(answers)

    def _heard(self, node: Node) -> None:
        """Raises Undecidable where words say something of the mathematics beside them that no phrase of
        the table decides: read past, `W is not frozen` would be W, and hold."""
        if isinstance(node, Words):
            return
        for one in walk(node):
            if isinstance(one, Words) and _SAYING.search(one.text) is not None:
                known, _ = properties.decide(to_plain(node), self.symbols, self.seed)
                if known is None:
                    what = f"'{one.text.strip()}' says something that is not decided"
                    raise Undecidable(what, "write mathematics alone, or say why it is true: unverified: …")

    def _filled(self, node: Node) -> Node:
        """The node with its computed numbers as they are shown, where words or a sign go with them: they
        are held to the words like typed ones. Raises Undecidable for what no dimension decides."""
        parts = list(walk(node))
        for one in parts:
            if isinstance(one, Words) and texts.claimed(one.text) is not None:
                raise Undecidable(texts.CLAIMED, "write it as mathematics, outside \\text")
            if isinstance(one, Computed) and not any(self._measured(inner) for inner in walk(one.body)):
                what = f"nothing on the figure gives {spaced(one.body)}"
                raise Undecidable(what, "compute it from the dimensions: \\num{d^2}")
        if not any(isinstance(one, Computed) for one in parts) or isinstance(node, Computed):
            return node
        match node:
            case Product((Computed() as alone, Symbol("×" | "%"))):
                return alone  # nothing is said of it but what it is
        return _united(fill(node, self._value, self.rounding, self.symbols.kilo))

    def _measured(self, node: Node) -> bool:
        name = key(node)
        return name is not None and (self.symbols.dimension(name) is not None or name in ("α", "s"))

    def _value(self, body: Node) -> Fraction:
        term = elaborate(body, self.symbols)
        if not isinstance(term, Constant):
            raise Undecidable(
                f"{spaced(body)} has no value here", "compute it from the dimensions: \\num{d^2}"
            )
        return term.value

    def _statement(self, node: Node, subject: str | None) -> Answer:
        match node:
            case Listing(items):
                return worst([self.judge(item, subject) for item in items])
            case Relation():
                return self._relation(node, subject)
            case _ if any(isinstance(one, Words) for one in walk(node)) and shown(node) is None:
                known, _ = properties.decide(to_plain(node), self.symbols, self.seed)
                if known is not None:
                    return known
                return self._expression(node, subject) if not self._is_words(node) else WORDS_ALONE
            case _ if self._is_words(node):
                return WORDS_ALONE
            case Shape() if subject is None:
                what = "a shape, and nothing says of what"
                raise Undecidable(what, "name the matrix with it: $A \\in \\mathbb{R}^{r \\times k}$")
            case Shape() if subject is not None:
                return statements.shape(self.symbols, subject, self.symbols.term(subject), node)
            case _:
                return self._expression(node, subject)

    def _is_words(self, node: Node) -> bool:
        """Words alone: `\\text{frozen weights}`, and a word of lower-case letters that is no symbol here."""
        if isinstance(node, Symbol):
            name = node.name
            return len(name) > 2 and name.isascii() and name.islower() and not self.symbols.knows(name)
        return isinstance(node, Words)

    def _brace(self, node: Braced) -> Answer:
        assert node.label is not None
        return self.labelled(node.body, node.label)

    def labelled(self, part: Node, label: Node) -> Answer:
        """A brace's label names the part that it spans."""
        if self._is_words(label):
            return Answer("equation", "holds", detail="words alone")
        if sizes(label) is not None and shown(label) is None:
            return self.judge(Relation((part, label), (":",)))
        if isinstance(label, Relation):
            return worst([self.labelled(part, label.sides[0]), self.judge(label)])
        return self.judge(Relation((part, label), ("=",)))

    # -- expressions --------------------------------------------------------------------------

    def _expression(self, node: Node, subject: str | None) -> Answer:
        said = counts.in_words(node, self.symbols, subject)
        number = shown(node)
        if said is not None and number is not None:
            return counts.against(said, number, number_kind(node), self.rounding, self.symbols.kilo, "=")
        if number is not None:
            raise Undecidable(
                f"nothing says what {spaced(node)} is", "write what it counts: r(d+k) = …, or \\num{r(d+k)}"
            )
        if isinstance(node, Shape):
            for size in node.sizes:
                statements.size(self.symbols, size)
            return Answer("shape", "holds", value=spaced(node))
        term = elaborate(node, self.symbols)
        value = str(term.type)
        if isinstance(term, Constant):
            return Answer(kind_of(node), "holds", value=counts.written(term.value))
        return Answer("shape", "holds", value=value, detail=f"{spaced(node)} is {value}")

    # -- relations ----------------------------------------------------------------------------

    def _relation(self, node: Relation, subject: str | None) -> Answer:
        if node.ops[:2] == (":", "→") and len(node.sides) == 3:
            return statements.mapping(self.symbols, node)
        answers = []
        for i, op in enumerate(node.ops):
            answers.append(self._pair(node.sides[i], op, node.sides[i + 1], node))
        return worst(answers)

    def _pair(self, left: Node, op: str, right: Node, whole: Relation) -> Answer:
        kind = kind_of(Relation((left, right), (op,)))
        try:
            if kind == "rank":
                return self._rank(left, op, right)
            if op == "~" or law(right) is not None:
                if op not in DRAWS:
                    what = f"{spaced(right)} is a distribution, and {op} is no relation to one"
                    raise IllTyped(what, f"write {spaced(left)} ~ {spaced(right)}")
                return start.drawn(self.symbols, left, right)
            found = sizes(right)
            if op in EQUALITIES and found is not None and self._multiplies(found):
                return self._compare(left, op, right, whole)  # B × A
            if op in EQUALITIES and found is not None and isinstance(bare(right), Script):
                what = f"{spaced(right)} is a space, and {spaced(left)} is one element of it"
                raise IllTyped(what, f"write {spaced(left)} ∈ {spaced(right)}")
            if op == ":" and found is not None and len(found) == 1 and isinstance(found[0], Number):
                return self._colon(left, found[0], whole)
            if op == "∈" or (found is not None and op in (":", "=") and kind == "shape"):
                if found is None:
                    raise Undecidable(f"{spaced(right)} is no shape", "write \\mathbb{R}^{d \\times k}")
                return statements.shape(self.symbols, spaced(left), elaborate(left, self.symbols), right)
            if op == ":":
                return self._counted(left, right)
            if op in EQUALITIES | {"≈"} and is_zero(right):
                return start.nothing(self.symbols, self.seed, left)
            if op not in EQUALITIES | ORDERS | {"≈", "≠"}:
                raise Undecidable(f"{op} is no relation that can be decided here")
            return self._compare(left, op, right, whole)
        except Doubt as doubt:
            return self._sided(kind, doubt, left, op, right, whole)

    def _multiplies(self, factors: tuple[Node, ...]) -> bool:
        """Whether what is written with × between is a product of matrices and no shape."""
        names = [key(one) for one in factors]
        return len(names) > 1 and all(
            name is not None
            and self.symbols.knows(name)
            and self.symbols.dimension(name) is None
            and not self.symbols.term(name).type.is_scalar
            for name in names
        )

    def _colon(self, left: Node, right: Number, whole: Relation) -> Answer:
        """`x: 768` is a shape, `r: 8` a value, `W: 589,824` a number of entries."""
        try:
            term = elaborate(left, self.symbols)
        except IllTyped:
            return self._counted(left, right)
        if term.type.is_scalar:
            return self._compare(left, "=", right, whole)
        if term.type.is_vector:
            return statements.shape(self.symbols, spaced(left), term, Shape((right,)))
        return self._counted(left, right)

    def _sided(self, kind: Kind, doubt: Doubt, left: Node, op: str, right: Node, whole: Relation) -> Answer:
        """What is ill-typed on either side is told before a symbol that is not known on the other."""
        answer = doubtful(kind, doubt)
        if not isinstance(doubt, IllTyped):
            for side in (left, right):
                try:
                    if law(side) is None and sizes(side) is None:
                        elaborate(side, self.symbols)
                except IllTyped as other:
                    answer = doubtful(kind, other)
                except Doubt:
                    pass
        if answer.verdict == "ill-typed" and kind == "equation":
            better = self._nearest(whole)
            if better is not None:
                return replace(answer, hint=f"it would hold as {better}")
        return answer

    def _compare(self, left: Node, op: str, right: Node, whole: Relation) -> Answer:
        number = shown(right, loose=op == "≈")
        other = shown(left, loose=op == "≈")
        if number is not None or other is not None:
            if number is None and other is not None:
                left, right, number = right, left, other
                op = {"<": ">", ">": "<", "≤": "≥", "≥": "≤", "≪": "≫", "≫": "≪"}.get(op, op)
            assert number is not None
            origin = self._origin(left, whole)
            value = elaborate(origin, self.symbols)
            if not value.type.is_scalar:
                raise IllTyped(f"{spaced(left)} is {value.type}, and {spaced(right)} is a number")
            ranked = has_functions(value) and numeric.closed(value) is None
            if op in EQUALITIES | {"≈"} and not ranked:
                known = counts.value_of(value, origin)
                return counts.against(
                    known, number, number_kind(left, right), self.rounding, self.symbols.kilo, op
                )
        one, two = self._both(left, right)
        if one.type.is_scalar:
            if has_functions(one, two) and not (
                op in EQUALITIES and exact.same(one, two, self.seed, self.zeros).equal
            ):
                return numeric.relate(self.symbols, self.seed, one, op, two, left, right)
            return self._numbers(one, op, two, left, right, whole)
        if op in ORDERS:
            raise IllTyped(f"{op} is between numbers: {spaced(left)} is {one.type}")
        return self._equation(one, op, two, left, right, whole)

    def _origin(self, left: Node, whole: Relation) -> Node:
        """In `d^2 = 65,536 = 65.5K` every number is held to d^2, not to the number before it."""
        if shown(left) is None or not set(whole.ops) <= EQUALITIES | {"≈"}:
            return left
        return next((side for side in whole.sides if shown(side) is None), left)

    def _both(self, left: Node, right: Node) -> tuple[Term, Term]:
        """The sides, of one shape."""
        nodes = (left, right)
        found: list[Term] = []
        doubt: Doubt | None = None
        for node in nodes:
            try:
                found.append(elaborate(node, self.symbols))
            except IllTyped:
                raise
            except Doubt as error:
                doubt = error if doubt is None else doubt
        if doubt is not None:
            raise doubt
        if not any(term.type.is_scalar for term in found) or all(term.type.is_scalar for term in found):
            one, two = together(found, nodes)
            return one, two
        raise IllTyped(
            f"the shapes differ: {spaced(left)} is {found[0].type}, {spaced(right)} is {found[1].type}"
        )

    def _numbers(self, one: Term, op: str, two: Term, left: Node, right: Node, whole: Relation) -> Answer:
        kind = kind_of(Relation((left, right), (op,)))
        if isinstance(one, Constant) and isinstance(two, Constant):
            answer = counts.relate(one.value, op, two.value, spaced(left), spaced(right))
            return replace(answer, kind="inequality" if op in ORDERS else number_kind(left, right))
        if op in ORDERS | {"≈"}:
            counts.value_of(one, left), counts.value_of(two, right)
        if op in EQUALITIES | {"≠"} and kind == "equation":
            return self._equation(one, op, two, left, right, whole)
        outcome = exact.same(one, two, self.seed, self.zeros)
        holds = outcome.equal == (op in EQUALITIES)
        return Answer(kind, "holds" if holds else "fails", detail=_exactly(outcome, op))

    def _equation(self, one: Term, op: str, two: Term, left: Node, right: Node, whole: Relation) -> Answer:
        value = str(one.type)
        if op == "≈":
            op = "="
        outcome = exact.same(one, two, self.seed, self.zeros)
        if op == "≠":
            verdict: Verdict = "fails" if outcome.equal else "holds"
            return Answer("equation", verdict, value=value, detail=_exactly(outcome, op))
        if not outcome.equal and has_functions(one, two):
            found = numeric.residual(self.symbols, self.seed, one, two)
            if found.residual <= found.bound:
                detail = f"in float64 at {sampled.DRAWS} draws of the entries, with {found.where}"
                return Answer("equation", "holds", value, None, found.residual, found.bound, detail)
        if not outcome.equal:
            loose = self._loose(one, two, left) or self._loose(two, one, right)
            if loose is not None:
                raise Undecidable(f"{loose} has a shape and no value", f"say what it is: --let '{loose} = …'")
            better = self._nearest(whole)
            detail = f"the sides differ: {spaced(left)} is not {spaced(right)}"
            hint = self._definition(one, left) or self._definition(two, right)
            if better is not None:
                detail += f"; it holds as {better}"
                hint = f"write {better}"
            return Answer("equation", "fails", value=value, detail=detail, hint=hint)
        answer = Answer("equation", "holds", value=value, detail=_exactly(outcome, op))
        return self.measured(answer, one, two)

    def measured(self, answer: Answer, one: Term, two: Term) -> Answer:
        """What holds exactly, in float64 at the figure's own dimensions."""
        if self.floating is None or one.type.is_scalar:
            return answer
        try:
            if is_plain(one, two):
                found = self.floating.compare(one, two)
            else:
                found = numeric.residual(self.symbols, self.seed, one, two)
        except Undecidable as doubt:
            return replace(answer, detail=f"{answer.detail}; not evaluated in float64: {doubt.what}")
        if found.residual <= found.bound:
            return replace(answer, residual=found.residual, bound=found.bound)
        return replace(
            answer,
            verdict="fails",
            residual=found.residual,
            bound=found.bound,
            detail="it holds exactly, but not in float64 within its bound",
        )

    def _loose(self, one: Term, other: Term, node: Node) -> str | None:
        """A symbol by itself that is given a shape, but neither a value nor a place in the adapter."""
        if not isinstance(one, Variable) or key(node) is None or one.type.is_scalar:
            return None
        bound = one.name in variables(other) or one.name in self.symbols.adapter.symbols
        return None if bound else one.name

    def _definition(self, term: Term, node: Node) -> str | None:
        name = self.symbols.canonical(key(node) or "")
        source = self.symbols.sources.get(name)
        return f"{name} is {source}" if isinstance(term, Defined) and source is not None else None

    def _nearest(self, whole: Relation) -> str | None:
        """A true statement one change away, as TeX."""
        if len(whole.sides) != 2 or whole.ops[0] not in EQUALITIES:
            return None
        if sum(1 for _ in walk(whole)) > LARGEST_CORRECTED:
            return (
                None  # nobody reads a correction of a statement that long, and the search would take seconds
            )
        for count, near in enumerate(neighbours(whole, self.symbols.knows("α"))):
            if count >= MOST_NEIGHBOURS:
                break
            try:
                one, two = self._both(*near.sides)
                if exact.same(one, two, self.seed, self.zeros).equal:
                    return to_tex(near)
            except Doubt:
                continue
        return None

    # -- rank and counts ----------------------------------------------------------------------

    def _rank(self, left: Node, op: str, right: Node) -> Answer:
        one, two = elaborate(left, self.symbols), elaborate(right, self.symbols)
        if not (one.type.is_scalar and two.type.is_scalar):
            side, term = (left, one) if not one.type.is_scalar else (right, two)
            raise IllTyped(f"a rank is a number, and {spaced(side)} is {term.type}")
        if op not in EQUALITIES | ORDERS | {"≈", "≠"}:
            raise Undecidable(f"{op} is no relation between ranks")
        return numeric.relate(self.symbols, self.seed, one, op, two, left, right)

    def _counted(self, left: Node, right: Node) -> Answer:
        number = shown(right)
        if number is None:
            if law(right) is not None:
                return start.drawn(self.symbols, left, right)
            term = elaborate(right, self.symbols)
            total = counts.entries(left, self.symbols)
            known = counts.value_of(term, right)
            return replace(
                counts.relate(total, "=", known, f"the entries of {spaced(left)}", spaced(right)),
                kind=number_kind(right),
            )
        total = counts.entries(left, self.symbols)
        return counts.against(total, number, number_kind(right), self.rounding, self.symbols.kilo, "=")


def _exactly(outcome: exact.Outcome, op: str) -> str:
    if outcome.equal == (op != "≠") or outcome.equal:
        return f"decided exactly: an error has a probability below 2^-{int(outcome.error)}"
    return "decided exactly"


def _at_start(node: Node) -> Node | None:
    """A relation that ends with `at the start`, without these words; None for any other."""
    if not isinstance(node, Relation) or not isinstance(node.sides[-1], Product):
        return None
    *factors, words = node.sides[-1].factors
    if not isinstance(words, Words) or properties.at_start(words.text) != "":
        return None
    last = node.sides[-1]
    right = factors[0] if len(factors) == 1 else Product(tuple(factors), last.ops[:-1], last.spaces[:-1])
    return Relation((*node.sides[:-1], right), node.ops)


def _united(node: Node) -> Node:
    """A sign right behind a number as its unit: `32` and `×` are `32×`."""
    node = rebuild(node, _united)
    if not isinstance(node, Product) or not isinstance(node.factors[0], Number) or len(node.factors) < 2:
        return node
    first, sign, *rest = node.factors
    assert isinstance(first, Number)
    if sign not in (Symbol("×"), Symbol("%")) or first.unit != "" or not isinstance(sign, Symbol):
        return node
    number = Number(first.digits, sign.name)
    return Product((number, *rest), node.ops[1:], node.spaces[1:]) if rest else number
