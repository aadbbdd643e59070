"""One label's claim to its verdict: by its kind, each kind decided in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.numbers.shown import fill
from lorafig.notation.tree import (
    Braced,
    Computed,
    Listing,
    Node,
    Number,
    Product,
    Relation,
    Shape,
    Symbol,
    Words,
)
from lorafig.notation.write.plain import to_plain
from lorafig.verify.decide import counts, equations, initial, properties, relations, statements
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.floating import Floating
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Constant, Doubt, Term, Undecidable
from lorafig.verify.read import texts
from lorafig.verify.read.classify import ORDERS, kind_of, number_kind, shown, sizes
from lorafig.verify.read.quoted import spaced

SHARED = frozenset({"∈", ":", "~", "=", "←"})
WORDS_ALONE = Answer("property", "holds", detail="words alone")
PHRASED = "write it as W is frozen, A and B are trained, no inference latency …"


@dataclass(slots=True)
class Judge:
    """Decides labels. `floating` is None where the dimensions have no values, or it is not wanted."""

    symbols: Symbols
    seed: str
    rounding: Literal["nearest", "down"] = "nearest"
    floating: Floating | None = None
    start: Mapping[str, Term] = field(default_factory=dict)  # what has one value at the time spoken of

    def at_start(self) -> Judge:
        """The same at the start of training."""
        return replace(self, floating=None, start=initial.values(self.symbols))

    def judge(self, node: Node, subject: str | None = None) -> Answer:
        """The verdict on one label. `subject` is the symbol of the element that it stands on: a shape by
        itself is a claim about it."""
        kind = kind_of(node)
        try:
            node = self._filled(node)
            timed = _at_start(node)
            if timed is not None:
                return self.at_start().judge(timed, subject)
            answers = [self._statement(node, subject)]
            answers += [
                self._brace(one) for one in walk(node) if isinstance(one, Braced) and one.label is not None
            ]
        except Doubt as doubt:
            return doubtful(kind, doubt)
        return worst(answers)

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
        if isinstance(node, Relation) and set(node.ops) <= ORDERS | {"≠"}:
            return node  # by the value, not by the digits that are shown of it
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
                return worst([self.judge(item, subject) for item in _whole(items)])
            case Relation():
                return relations.relation(self, node)
            case _ if any(isinstance(one, Words) for one in walk(node)) and shown(node) is None:
                known, _ = properties.decide(to_plain(node), self.symbols, self.seed)
                if known is not None:
                    return known
                if self._is_words(node):
                    return WORDS_ALONE
                if properties.may_claim(to_plain(node)):
                    raise Undecidable("words that may claim something, in no way that is known", PHRASED)
                return self._expression(node, subject)
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

    def measured(self, answer: Answer, one: Term, two: Term) -> Answer:
        """What holds exactly, in float64 at the figure's own dimensions."""
        return equations.measured(self, answer, one, two)

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
        inside = list(walk(node))
        if any(isinstance(one, Words) for one in inside) and any(isinstance(one, Number) for one in inside):
            raise Undecidable(f"nothing says what {spaced(node)} is", "write it as an equation")
        if isinstance(node, Shape):
            for size in node.sizes:
                statements.size(self.symbols, size)
            return Answer("shape", "holds", value=spaced(node))
        term = elaborate(node, self.symbols)
        value = str(term.type)
        if isinstance(term, Constant):
            return Answer(kind_of(node), "holds", value=counts.written(term.value))
        return Answer("shape", "holds", value=value, detail=f"{spaced(node)} is {value}")


def _whole(items: Sequence[Node]) -> list[Node]:
    """The statements of a list: in `A, B ∈ ℝ^{d×r}` a symbol shares what is said of the next one, and in
    `r ≪ d, k` what was said of the one before."""
    found: list[Node] = []
    for place, one in enumerate(items):
        item = one
        if key(item) is not None:
            after = next((one for one in items[place:] if key(one) is None), None)
            before = next((one for one in reversed(items[:place]) if key(one) is None), None)
            if isinstance(after, Relation) and after.ops[0] in SHARED and key(after.sides[0]) is not None:
                item = Relation((item, *after.sides[1:]), after.ops)
            elif isinstance(before, Relation) and before.ops[-1] in ORDERS:
                item = Relation((*before.sides[:-1], item), before.ops)
        found.append(item)
    return found


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
