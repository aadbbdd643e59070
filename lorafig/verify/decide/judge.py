"""One label's claim to its verdict: by its kind, each kind decided in its own way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from msgspec.structs import replace

from lorafig.language.table import PROJECTION
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.indexed import of_any
from lorafig.notation.named import symbols_in
from lorafig.notation.numbers.shown import shown_number
from lorafig.notation.tree import Node
from lorafig.verify.decide import counts, equations, relations, statements
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.conditions import AtStart, Compares, every
from lorafig.verify.decide.premises import Premises
from lorafig.verify.meaning import matrices
from lorafig.verify.meaning.scope import Filled
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Constant, Doubt, IllTyped, Term, Undecidable
from lorafig.verify.read import texts
from lorafig.verify.read.classify import ORDERS, kind_of, number_kind, shown, sizes
from lorafig.verify.read.quoted import spaced

SHARED = frozenset({"∈", ":", "~", "=", "←"})
WORDS_ALONE = Answer("property", "holds", detail="words alone")
ASSUMING = "by what is given"
PHRASED = "write it as W is frozen, A and B are trained, no inference latency …"


class Judge(Premises):
    """Decides labels. `assuming` is the judge that takes as true what is given, None if nothing is; `loose`
    says that something is given that nobody can use. `language` is that of words that do not say theirs."""

    assuming: Judge | None = None
    loose: bool = False
    language: str = "en"

    def at_start(self) -> Judge:
        """The same at the start of training."""
        assuming = None if self.assuming is None else self.assuming.at_start()
        return replace(super().at_start(), assuming=assuming)

    def judge(self, node: Node, subject: str | None = None) -> Answer:
        """The verdict on one label, by what is given where it needs that. `subject` is the symbol of the
        element that it stands on: a shape by itself is a claim about it."""
        node = of_any(node, self.symbols.dimensions)
        answer = self._by_given(node, subject)
        if not self.loose or answer.verdict != "fails" or answer.kind != "equation":
            return answer
        what = f"{answer.detail}, unless by what is given and cannot be solved"
        return replace(answer, verdict="undetermined", detail=what, condition=None)

    def _by_given(self, node: Node, subject: str | None) -> Answer:
        answer = self._alone(node, subject)
        if not self.given or (answer.verdict == "holds" and not _denies(node)):
            return answer
        if bare(node) in self.given:
            return Answer(answer.kind, "holds", detail="the figure takes it as true", assumed=True)
        if self.assuming is None:
            return answer
        other = self.assuming.judge(node, subject)
        if other.verdict == "holds" and answer.verdict != "holds":
            detail = ASSUMING if other.detail is None else f"{other.detail}; {ASSUMING}"
            return replace(other, detail=detail)
        return other if other.verdict == "fails" else answer

    def _alone(self, node: Node, subject: str | None) -> Answer:
        """The verdict by what is defined alone."""
        before, self.symbols.settled = self.symbols.settled, False
        room, self.symbols.room = self.symbols.room, []
        answer = self._judged(node, subject)
        last, there = self.symbols.indexed(symbols_in(node))
        fits = [Compares(parts, "≤", whole) for parts, whole in (*self.symbols.room, *there)]
        self.symbols.room = [*room, *self.symbols.room]
        if fits and answer.verdict == "holds":
            answer = replace(answer, condition=every((answer.holds, *dict.fromkeys(fits))))
        own, self.symbols.settled = self.symbols.settled, self.symbols.settled or before
        # What is said of sizes alone uses no definition, and so none that sizes decided how to compute.
        settled = own or bool(last) or (before and not self._of_sizes(node))
        if not settled or answer.verdict == "undetermined":
            return answer
        return replace(answer, condition=AtStart(answer.verdict == "holds"))

    def _of_sizes(self, node: Node) -> bool:
        """Whether all symbols in it are sizes that nothing is made of: d, k, r and those of the model."""
        known = self.symbols
        names = {known.canonical(name) for name in symbols_in(node)}
        return all(name in known.dimensions and not known.derived(name) for name in names)

    def _judged(self, node: Node, subject: str | None) -> Answer:
        kind = kind_of(node)
        try:
            if not isinstance(node, tree.Listing):
                self._of_one_projection(node)
            node = self._filled(node)
            timed = _at_start(node)
            if timed is not None:
                return self.at_start().judge(timed, subject)
            over = self.symbols.span(key(node))
            if over is not None:  # `Layer l`: any of them
                return Answer("shape", "holds", str(over), detail=f"an index, {over}")
            braces = [part for part in walk(node) if isinstance(part, tree.Braced) and part.label is not None]
            return worst([self._statement(node, subject), *map(self._brace, braces)])
        except Doubt as doubt:
            answer = doubtful(kind, doubt)
            if isinstance(doubt, IllTyped) and doubt.hint is None and isinstance(node, tree.Product):
                better = equations.reordered(self.symbols, node)
                answer = answer if better is None else replace(answer, hint=f"write {better}")
            return answer

    def _of_one_projection(self, node: Node) -> None:
        """Raises Undecidable for symbols of several projections: W_q and B_v are not of one layer."""
        known = self.symbols
        names = {name for part in walk(node) if (name := key(part)) is not None and name not in known.terms}
        indices = {found[0] for name in names if (found := PROJECTION.search(name)) and known.knows(name)}
        if len(indices) > 1:
            raise Undecidable("it speaks of several projections at once", "write a statement for each")

    def _filled(self, node: Node) -> Node:
        """The node with its computed numbers as they are shown, if words or a sign go with them: they are
        held to the words like typed ones. Raises Undecidable for what no dimension decides."""
        parts = list(walk(node))
        for part in parts:
            if isinstance(part, tree.Words) and texts.claimed(part.text) is not None:
                raise Undecidable(texts.CLAIMED, "write it as mathematics, outside \\text")
            if isinstance(part, tree.Computed) and not any(map(self._measured, walk(part.body))):
                what = f"nothing on the figure gives {spaced(part.body)}"
                raise Undecidable(what, "compute it from the dimensions: \\num{d^2}")
        if not any(isinstance(part, tree.Computed) for part in parts) or isinstance(node, tree.Computed):
            return node
        if isinstance(node, tree.Relation) and set(node.ops) <= ORDERS | {"≠"}:
            return node  # by the value, not by the digits that are shown of it
        match node:
            case tree.Product((tree.Computed() as alone, tree.Symbol("×" | "%"))):
                return alone  # nothing is said of it but what it is
        return self._united(self._shown(node))

    def _measured(self, node: Node) -> bool:
        name = key(node)
        if name is None:
            return False
        made = isinstance(self.symbols.terms.get(self.symbols.canonical(name)), Constant)
        return made or self.symbols.dimension(name) is not None or name in ("α", "s")

    def _shown(self, node: Node) -> Node:
        match node:
            case tree.Computed(body, form):
                term = elaborate(body, self.symbols)
                value = counts.value_of(term, body, self.symbols)
                assert isinstance(term, Constant)
                number = shown_number(value, form, self.rounding, self.symbols.kilo)
                return self._noted(Filled(replace(number, span=node.span), term, form))
            case tree.Product((tree.Computed(), tree.Script(tree.Number("10")))):
                self.symbols.settles()
        return rebuild(node, self._shown)

    def _noted(self, filled: Filled) -> tree.Number:
        self.symbols.filled[id(filled.number)] = filled
        return filled.number

    def _united(self, node: Node) -> Node:
        """A sign right behind a number as its unit: `32` and `×` are `32×`."""
        node = rebuild(node, self._united)
        match node:
            case tree.Product((tree.Number(unit="") as first, tree.Symbol("×" | "%") as sign, *rest)):
                number, filled = replace(first, unit=sign.name), self.symbols.filled.get(id(first))
                if filled is not None:
                    self._noted(replace(filled, number=number, sign=sign.name))
                return tree.Product((number, *rest), node.ops[1:], node.spaces[1:]) if rest else number
        return node

    def _statement(self, node: Node, subject: str | None) -> Answer:
        match node:
            case _ if matrices.has_matrix(node):
                with self.symbols.along_rank():
                    return self._statement(matrices.expanded(node, self.symbols), subject)
            case tree.Listing(items, seps):
                return worst(self._listed(_whole(items), seps, subject))
            case tree.Relation():
                return relations.relation(self, node)
            case _ if self._is_words(node):
                return WORDS_ALONE
            case tree.Shape() if subject is None:
                what = "a shape, and nothing says of what"
                raise Undecidable(what, "name the matrix with it: $A \\in \\mathbb{R}^{r \\times k}$")
            case tree.Shape() if subject is not None:
                return statements.shape(self.symbols, subject, self.symbols.term(subject), node)
            case _ if (sized := self.sized(node)) is not None:
                return relations.relation(self, sized)
            case _:
                return self._expression(node, subject)

    def sized(self, node: Node) -> tree.Relation | None:
        """`A (r × k)` as `A: r × k`; None for what has no sizes in brackets behind a matrix."""
        match node:
            case tree.Apply(matrix, (tree.Product() as inner,)):
                pass
            case tree.Product((*before, tree.Apply(last, (tree.Product() as inner,)))):
                matrix = replace(node, factors=(*before, last))
            case tree.Product((*before, tree.Fenced(_, _, tree.Product() as inner))) if node.ops[-1] == "":
                many = tree.Product(tuple(before), node.ops[:-1], node.spaces[:-1])
                matrix = before[0] if len(before) == 1 else many
            case _:
                return None
        if set(inner.ops) != {"×"}:
            return None
        try:
            known = not elaborate(matrix, self.symbols).type.is_scalar
        except Doubt:
            return None
        return tree.Relation((matrix, tree.Shape(inner.factors)), (":",)) if known else None

    def _listed(self, items: Sequence[Node], seps: Sequence[str], subject: str | None) -> list[Answer]:
        """Statements side by side. What follows from how training starts, `B = 0 ⇒ h = Wx`, is so then."""
        judge = self
        answers: list[Answer] = []
        for item, sep in zip(items, ("", *seps), strict=True):
            if sep in ("⇒", "⇔") and any(answer.kind == "init" for answer in answers):
                judge = self.at_start()
            answers.append(judge.judge(item, subject))
        return answers

    def is_word(self, node: Node) -> TypeGuard[tree.Symbol]:
        """A word of lower-case letters that is not a symbol here."""
        if not isinstance(node, tree.Symbol):
            return False
        name = node.name
        return len(name) > 2 and name.isascii() and name.islower() and not self.symbols.knows(name)

    def _is_words(self, node: Node) -> bool:
        """Words alone: `\\text{frozen weights}`."""
        return isinstance(node, tree.Words) or self.is_word(node)

    def measured(self, answer: Answer, one: Term, two: Term) -> Answer:
        """What holds exactly, in float64 at the figure's own dimensions."""
        return equations.measured(self, answer, one, two)

    def _brace(self, node: tree.Braced) -> Answer:
        assert node.label is not None
        return self.labelled(node.body, node.label)

    def labelled(self, part: Node, label: Node) -> Answer:
        """A brace's label names the part that it spans."""
        if self._is_words(label):
            return Answer("equation", "holds", detail="words alone")
        if sizes(label) is not None and shown(label) is None:
            return self.judge(tree.Relation((part, label), (":",)))
        if isinstance(label, tree.Relation):
            return worst([self.labelled(part, label.sides[0]), self.judge(label)])
        return self.judge(tree.Relation((part, label), ("=",)))

    def _expression(self, node: Node, subject: str | None) -> Answer:
        said, number = counts.in_words(node, self.symbols, subject), shown(node)
        if said is not None and number is not None:
            return counts.against(self, said, number, number_kind(node))
        what = f"nothing says what {spaced(node)} is"
        if number is not None:
            raise Undecidable(what, "write what it counts: r(d+k) = …, or \\num{r(d+k)}")
        inside = {type(part) for part in walk(node)}
        if tree.Words in inside and tree.Number in inside:
            raise Undecidable(what, "write it as an equation")
        if isinstance(node, tree.Shape):
            for size in node.sizes:
                statements.size(self.symbols, size)
            return Answer("shape", "holds", value=spaced(node))
        term = elaborate(node, self.symbols)
        if isinstance(term, Constant):
            return Answer(kind_of(node), "holds", value=str(term.value))
        return Answer("shape", "holds", value=str(term.type), detail=f"{spaced(node)} is {term.type}")


def _whole(items: Sequence[Node]) -> list[Node]:
    """The statements of a list: in `A, B ∈ ℝ^{d×r}` a symbol shares what is said of the next one, and in
    `r ≪ d, k` what was said of the one before."""
    statements: list[Node] = []
    for place, item in enumerate(items):
        statement = item
        if key(item) is not None:
            after = next((other for other in items[place:] if key(other) is None), None)
            before = next((other for other in reversed(items[:place]) if key(other) is None), None)
            if (
                isinstance(after, tree.Relation)
                and after.ops[0] in SHARED
                and key(after.sides[0]) is not None
            ):
                statement = tree.Relation((item, *after.sides[1:]), after.ops)
            elif isinstance(before, tree.Relation) and before.ops[-1] in ORDERS:
                statement = tree.Relation((*before.sides[:-1], item), before.ops)
        statements.append(statement)
    return statements


def _denies(node: Node) -> bool:
    """Whether it denies something: what is given may make it so."""
    return isinstance(node, tree.Relation) and "≠" in node.ops


def _at_start(node: Node) -> Node | None:
    """A relation that ends with `at the start`, without these words; None for any other."""
    if not isinstance(node, tree.Relation) or not isinstance(node.sides[-1], tree.Product):
        return None
    last = node.sides[-1]
    *factors, words = last.factors
    if not isinstance(words, tree.Words) or texts.at_start(words.text) != "":
        return None
    right = factors[0] if len(factors) == 1 else tree.Product(tuple(factors), last.ops[:-1], last.spaces[:-1])
    return tree.Relation((*node.sides[:-1], right), node.ops)
