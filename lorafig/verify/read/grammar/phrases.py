"""Noun phrases: who and what a sentence speaks of, with the number that counts it, however they are put
together: `the number of trainable parameters in A and B`, `A's r rows`, `a rank of 8`.

Each rule gives every way to read the units that begin at a place, and where each ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    IsA,
    Moves,
    Ranked,
    Sized,
    Stated,
    Subject,
)
from lorafig.verify.read.clause import Context, unit_of
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames.making import GIVES
from lorafig.verify.read.grammar import lexis
from lorafig.verify.read.grammar.phrase import Np, described, joined
from lorafig.verify.read.grammar.units import Unit
from lorafig.verify.read.lexicon import Lexicon, Meaning

LONGEST = 6  # words of a phrase of the lexicon
_NAMED = frozenset({"base", "adapter", "update", "merged", "magnitude", "vectors", "matrices", "model"})
_LINES = {"row": "rows", "rows": "rows", "column": "columns", "columns": "columns"}
_THINGS = {
    "layers": "n_layers",
    "blocks": "n_layers",
    "layer": "n_layers",
    "heads": "n_heads",
    **dict.fromkeys(("modules", "projections", "matrices"), "n_adapted"),
}


class Marks(Struct, frozen=True):
    """What stands before the number and the noun of a phrase."""

    only: bool = False
    none: bool = False
    every: bool = False


Read = Iterator[tuple[Np, int]]


class Phrases:
    """The noun phrases of a sentence."""

    def __init__(self, units: Sequence[Unit], known: Lexicon, context: Context) -> None:
        self.units = units
        self.known = known
        self.context = context
        self.words = [unit.text if unit.concept is None and not unit.mark else "" for unit in units]
        self._kept: dict[tuple[str, int], list[tuple[Np, int]]] = {}

    # Small pieces ------------------------------------------------------------------------------

    def word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def says(self, at: int, *texts: str) -> int:
        """Where one of these phrases ends, if it stands here; else the place itself."""
        for text in texts:
            words = text.split()
            if self.words[at : at + len(words)] == words:
                return at + len(words)
        return at

    def concept(self, at: int, *sorts: str) -> Concept | None:
        part = self.units[at].concept if at < len(self.units) else None
        return part if part is not None and part.sort in sorts else None

    def mark(self, at: int, *texts: str) -> bool:
        return at < len(self.units) and self.units[at].mark and self.units[at].text in texts

    def meanings(self, at: int, *sorts: str) -> Iterator[tuple[Meaning, int]]:
        """Phrases of the lexicon that begin here, the longest first, of these sorts."""
        most = next((size for size in range(LONGEST) if not self.word(at + size)), LONGEST)
        for size in range(most, 0, -1):
            meaning = self.known.phrase(self.words[at : at + size])
            if meaning is not None and meaning.sort in sorts:
                yield meaning, at + size

    def says_how(self, at: int) -> bool:
        """Whether an adverb of manner stands here, and none that is known to limit what is said: `partly`."""
        word = self.word(at)
        known = self.meanings(at, "unknown", "neg", "limit", "near")
        return len(word) > 5 and word.endswith("ly") and word != "equally" and not any(True for _ in known)

    def near(self, at: int) -> tuple[str, int]:
        """The relation that words before a number stand for, `about`, and where they end."""
        for size in (3, 2, 1):
            op = lexis.near().get(tuple(self.words[at : at + size]))
            if op is not None and self.concept(at + size, "amount", "size"):
                return op, at + size
        signs = {"~": "≈", "≈": "≈", "∼": "≈", "<": "<", ">": ">"}
        if at < len(self.units) and self.units[at].mark and self.units[at].text in signs:
            return signs[self.units[at].text], at + 1
        return "=", at

    def _once(self, name: str, at: int, rule: Callable[[int], Read]) -> list[tuple[Np, int]]:
        if (name, at) not in self._kept:
            self._kept[name, at] = []  # a phrase that begins with itself has no other way
            self._kept[name, at] = list(rule(at))
        return self._kept[name, at]

    # Phrases -----------------------------------------------------------------------------------

    def phrase(self, at: int) -> list[tuple[Np, int]]:
        """Noun phrases that begin here, those in a row as one."""
        return self._once("phrase", at, self._phrase)

    def single(self, at: int) -> list[tuple[Np, int]]:
        """Noun phrases that begin here, with all that belongs to them."""
        return self._once("single", at, self._single)

    def _phrase(self, at: int) -> Read:
        for first, stop in self.single(at):
            yield from self._row((first,), stop)

    def _row(self, items: tuple[Np, ...], stop: int) -> Read:
        place = stop + 1 if self.mark(stop, ",") else stop
        behind = self.says(place, "and", "plus", "as well as", "along with")
        behind = place + 1 if self.mark(place, "&", "+") else behind
        if behind > place or place > stop:
            for item, end in self.single(behind):
                yield from self._row((*items, item), end)
        yield joined(items), stop

    def _single(self, at: int) -> Read:
        for first, stop in self._plain(at):
            yield from self._with_more(first, stop)

    def _with_more(self, phrase: Np, stop: int) -> Read:
        for whole, end in self._more(phrase, stop):
            yield from self._with_more(whole, end)
        yield phrase, stop

    def _more(self, phrase: Np, at: int) -> Read:
        """A phrase with what stands behind it and belongs to it."""
        word = self.word(at)
        if word == "s" and phrase.head in ("who", "method", "data"):
            for owned, stop in self._plain(at + 1):
                if (whole := self.attached(owned, "of", phrase)) is not None:
                    yield whole, stop
        behind = self.says(at, "out of", "among")
        prep = "out of" if behind > at else word
        behind = behind if behind > at else at + 1
        if prep in lexis.words("preposition") or prep == "out of":
            for inner, stop in self.phrase(behind):
                if (whole := self.attached(phrase, prep, inner)) is not None:
                    yield whole, stop
        yield from self._with_role(phrase, at)
        node = self.concept(at, "relation")
        if node is not None and phrase.head in ("size", "who") and _is_bracketed(node):
            yield replace(phrase, said=(*phrase.said, Stated(bare(node.node or tree.Words(""))))), at + 1

    def _with_role(self, phrase: Np, at: int) -> Read:
        """`parameters to train`, `weights that are updated`, `parameters trained`."""
        if phrase.head != "count" or phrase.what.role:
            return
        place = self.says(
            at, "to be", "to", "that are", "which are", "that get", "being", "that is", "which is"
        )
        for meaning, stop in self.meanings(place, "role"):
            verb = lexis.verbs().get(self.word(place), ())
            if place == at and not any(form.done for form in verb):
                continue
            yield replace(phrase, what=replace(phrase.what, role=meaning.value)), stop

    def _marks(self, at: int) -> Iterator[tuple[Marks, int]]:
        """`only`, `no`, `both of the`, `its`."""
        marks, place = Marks(), at
        while True:
            yield marks, place
            word = self.word(place)
            behind = place + 1
            if word in lexis.words("only"):
                marks = replace(marks, only=True)
            elif self.says(place, "nothing but", "no more than") > place:
                marks, behind = replace(marks, only=True), self.says(place, "nothing but", "no more than")
            elif word in ("no", "none", "neither"):
                marks = replace(marks, none=True)
            elif word in lexis.words("every"):
                marks = replace(marks, every=True)
            elif word not in lexis.words("article"):
                return
            place = self.says(behind, "of") if word in (*lexis.words("every"), "none", "neither") else behind

    def _plain(self, at: int) -> Read:
        """A noun with what stands before it."""
        for marks, place in reversed(list(self._marks(at))):
            first = self.says(place, "full", "original", "entire")
            op, number = self.near(first)
            part = self.concept(number, "amount", "size")
            if part is not None:
                for phrase, stop in self._numbered(part, op, number + 1):
                    yield _marked(phrase, marks), stop
            if number == first:
                for phrase, stop in self._noun(place, None, "="):
                    yield _marked(phrase, marks), stop
                stop = self.says(place, "branches", "paths")
                if marks.every and stop > place:  # `both branches`
                    yield Np("who", who=("base", "adapter"), every=True), stop

    def _numbered(self, part: Concept, op: str, at: int) -> Read:
        """What a number counts, or the number alone."""
        named = self.word(at) in lexis.words("whole") and unit_of(part.node or tree.Words("")) in ("B", "M")
        if named:  # `the 70B model`
            yield Np("who", who=("model",)), at + 1
        yield from self._noun(at, part.node, op)
        if part.sort == "size":
            yield Np("size", name=part.value, node=part.node), at
        yield Np("amount", amount=part.node, op=op), at

    def _noun(self, at: int, amount: Node | None, op: str) -> Read:
        """A noun with its adjectives, `amount` of it."""
        role, law, low, place = "", "", "", at
        while True:
            yield from self._head(place, amount, op, role, law, low)
            word = self.word(place)
            adjective = next(self.meanings(place, "role"), None)
            if adjective is not None and adjective[1] > place and self._is_adjective(place, adjective[1]):
                role, place = adjective[0].value, adjective[1]
                continue
            shape = next(
                (
                    (said, stop)
                    for said, stop in self.meanings(place, "shape")
                    if said.value in ("low", "full")
                ),
                None,
            )
            random = next(self.meanings(place, "law"), None)
            if word in lexis.words("plain") or self.says_how(place):
                place += 1
            elif shape is not None:
                low, place = shape[0].value, shape[1]
            elif random is not None and random[0].value in ("random", "zero"):
                law, place = random[0].value, random[1]
            else:
                return

    def _is_adjective(self, at: int, stop: int) -> bool:
        word = self.word(stop - 1)
        return stop == at + 1 and (word in lexis.words("adjective") or word.endswith(("ed", "able")))

    def _head(self, at: int, amount: Node | None, op: str, role: str, law: str, low: str) -> Read:
        word = self.word(at)
        if word in lexis.words("counted") and not law:
            stop = self.says(at + 1, "count") if word in ("parameter", "weight") else at + 1
            yield Np("count", amount=amount, op=op, what=Counted(role)), stop
            if word == "weights" and role == "frozen" and amount is None:
                yield Np("who", who=("base",), said=(Moves(("base",), False),)), stop
        if word in ("number", "count", "amount", "total") and self.word(at + 1) == "of" and amount is None:
            for inner, stop in self.single(at + 2):
                if inner.head in ("count", "lines", "things") and inner.amount is None:
                    yield replace(inner, name=inner.name or "number"), stop
        if word in lexis.words("dimension") and amount is not None and not (role or law or low):
            yield Np("dims", amount=amount, op=op), at + 1
        if word == "dimensional" and amount is not None:
            vector = self.says(at + 1, *lexis.phrases("space"))
            if vector > at + 1:
                yield Np("dims", amount=amount, op=op), vector
        if word in _LINES and not (role or law):
            yield Np("lines", name=_LINES[word], amount=amount, op=op), at + 1
        if word in _THINGS and not (law or low):
            yield Np("things", name=_THINGS[word], amount=amount, op=op, what=Counted(role)), at + 1
        if not (role or law or low) and amount is None:
            yield from self._other(at)
        yield from self._who(at, amount, role, law, low)

    def _other(self, at: int) -> Read:
        """Nouns that no adjective of ours stands before."""
        if self.word(at) in lexis.words("effect"):
            yield Np("effect", name="effect"), at + 1
        if self.word(at) in ("same", "identical", "equal"):
            for name in ("shape", "entries", "rank", "rows", "columns"):
                stop = self.says(at + 1, *lexis.phrases(name))
                if stop > at + 1:
                    yield Np("same", name=name), stop
        stop = self.says(at, *lexis.phrases("first"))
        if stop > at:
            yield Np("first"), stop
        stop = self.says(at, *lexis.phrases("space"))
        vector = self.concept(stop, "formula")
        if stop > at and vector is not None:  # `the hidden vector Ax`
            yield Np("data", node=vector.node), stop + 1
        place = self.says(at, "adam s", "the optimizer s", "optimizer s")
        if place > at:
            yield from ((Np("state"), stop) for _, stop in self.meanings(place, "state"))
        for meaning, stop in self.meanings(at, "dimension", "law", "method", "gradient", "state"):
            if meaning.sort == "dimension":
                symbol = self.concept(stop, "amount", "size")
                space = self.says(stop + 1, "space", "subspace", "bottleneck") if symbol is not None else stop
                if symbol is not None and space > stop + 1:
                    yield Np("dims", amount=symbol.node), space
                if symbol is not None and symbol.sort == "size":
                    yield Np("size", name=meaning.value, node=symbol.node), stop + 1
                number = self.concept(stop, "amount", "size")
                if number is not None:
                    yield Np("size", name=meaning.value, amount=number.node), stop + 1
                relation = self.concept(stop, "relation")
                if relation is not None:
                    yield Np("size", name=meaning.value, said=_stated(relation)), stop + 1
                yield Np("size", name=meaning.value), stop
            elif meaning.sort == "law":
                yield Np("law", name=meaning.value), stop
            elif meaning.sort == "method":
                yield (
                    Np("method", name=meaning.value),
                    self.says(stop, "fine tuning", "finetuning", "training"),
                )
            else:
                yield Np(meaning.sort), stop
        if self.word(at) in ("gradient", "gradients"):
            yield Np("gradient"), at + 1
        factor = {
            "changing": "",
            "varying": "",
            "doubling": "2",
            "halving": "1/2",
            "tripling": "3",
            "quadrupling": "4",
        }
        if self.word(at) in factor:
            for inner, stop in self.single(at + 1):
                if inner.head == "size" and inner.amount is None and not inner.said:
                    yield Np("change", name=inner.name, compare=factor[self.word(at)]), stop
        change = {**dict.fromkeys(lexis.words("more"), "2"), **dict.fromkeys(lexis.words("fewer"), "1/2")}
        if self.word(at) in change:
            for inner, stop in self.single(at + 1):
                if inner.head == "size" and inner.amount is None and not inner.said:
                    yield Np("change", name=inner.name, compare=change[self.word(at)]), stop
        vector = self.concept(at + 1, "formula")
        if self.word(at) == "product" and vector is not None:
            yield Np("who", who=(vector.node,) if vector.node is not None else ()), at + 2
        stop = self.says(at, "product of")
        for inner, end in self.phrase(stop) if stop > at else ():
            names = {key(bare(one)) for one in inner.who if not isinstance(one, str)}
            if inner.head == "who" and (names == {"A", "B"} or inner.who == ("adapter",)):
                yield Np("who", who=(parse_math("BA"),)), end
        stop = self.says(at, "sum of")
        for inner, end in self.phrase(stop) if stop > at else ():
            terms = [item.node for item in (inner.items or (inner,)) if item.head == "data"]
            if inner.head == "list" and None not in terms and len(terms) == len(inner.items):
                kept = tuple(term for term in terms if term is not None)
                yield Np("data", node=tree.Sum(kept, ("", *("+" for _ in kept[1:])))), end
        if self.word(at) in ("input", "inputs"):
            symbol = self.concept(at + 1, "matrix")
            stop = at + 2 if symbol is not None and symbol.value == "x" else at + 1
            yield Np("data", node=parse_math("x")), stop
        if self.word(at) in lexis.words("output"):
            symbol = self.concept(at + 1, "matrix")
            stop = at + 2 if symbol is not None and symbol.value == "h" else at + 1
            yield Np("data", node=parse_math("h"), name="output"), stop
        part = self.concept(at, "relation", "shapes")
        if part is not None and part.node is not None:
            stop = at + 1
            if part.sort == "shapes":
                yield Np("shape", node=part.node), self.says(stop, "matrix", "matrices")
            else:
                yield Np("statement", node=part.node), stop

    def _who(self, at: int, amount: Node | None, role: str, law: str, low: str) -> Read:
        """Matrices, by symbol or by what they are called."""
        if self.word(at) == "it" and amount is None and not (role or law or low):
            yield Np("it"), at + 1
        pronoun = (
            self.word(at) in lexis.words("pronoun") and self.context.subjects and not (role or law or low)
        )
        if pronoun and amount is None:
            yield Np("who", who=self.context.subjects), at + 1
        called = [
            (meaning.value, stop) for meaning, stop in self.meanings(at, "subject") if meaning.value in _NAMED
        ]
        called += [
            (meaning.value, stop)
            for meaning, stop in self.meanings(at, "project")
            if "projection" in self.words[at:stop] or self.word(stop) in ("matrix", "projection")
        ]
        called += [("bias", stop) for meaning, stop in self.meanings(at, "module") if meaning.value == "bias"]
        called += [("", at + 1)] if self.word(at) in lexis.words("matrix") else []
        for name, stop in [*called, ("", at)]:
            place = stop
            while name and self.word(place) in lexis.words("matrix"):
                place += 1
            symbol = self.concept(place, "matrix", "formula")
            said: tuple[Assertion, ...] = ()
            if symbol is not None and symbol.node is not None and key(bare(symbol.node)) not in ("x", "h"):
                who: tuple[Subject, ...] = (symbol.node,)
                said = (IsA(who, name),) if name in ("base", "adapter", "update", "merged") else ()
                if amount is None or (stop > at and _is(amount, "2")):
                    yield described(Np("who", who=who, said=said), role, law, low), place + 1
            if name and (pair := _pair(amount, self.word(stop - 1), name)) is not None:
                yield described(Np("who", who=(name,), said=pair), role, law, low), stop
            vector = symbol is not None and symbol.sort == "formula" and stop == at and amount is None
            if vector and not role and symbol is not None and _is_vector(symbol.node):
                yield Np("data", node=symbol.node), at + 1
        symbol = self.concept(at, "matrix")
        if symbol is not None and symbol.value in ("x", "h") and amount is None:
            yield Np("data", node=symbol.node), at + 1

    # What belongs to a phrase ------------------------------------------------------------------

    def attached(self, phrase: Np, prep: str, inner: Np) -> Np | None:
        """A phrase with another one behind a preposition; None if they say nothing together."""
        whole = None if inner.none or inner.only else self._attached(phrase, prep, inner)
        return None if whole is None else replace(whole, said=(*whole.said, *inner.said))

    def _attached(self, phrase: Np, prep: str, inner: Np) -> Np | None:
        match phrase.head, inner.head:
            case "count", "who" if prep in lexis.words("inside") and not phrase.what.subjects:
                return replace(phrase, what=replace(phrase.what, subjects=inner.who, each=inner.every))
            case "count", "method" if prep in (*lexis.words("inside"), "with"):
                return replace(phrase, what=replace(phrase.what, method=self.other(inner.name)))
            case (("count" | "amount"), "count") if prep in ("of", "out of") and phrase.whole is None:
                return replace(phrase, whole=inner) if phrase.amount is not None else None
            case "count", "amount" if prep == "out of" and phrase.amount is not None:
                return replace(phrase, whole=inner)
            case "amount", "who" if prep == "of" and phrase.unit in ("%", "/") and phrase.whole is None:
                return replace(phrase, whole=inner)
            case "size", "amount" if prep == "of" and phrase.amount is None and not inner.unit:
                return replace(phrase, amount=inner.amount, op=inner.op)
            case "size", "size" if prep == "of" and phrase.amount is None and inner.node is not None:
                return replace(phrase, amount=inner.node)
            case "size", "who" if prep == "of" and not phrase.who:
                return replace(phrase, who=inner.who)
            case (("gradient" | "state"), "who") if prep in ("of", "for", "to", "into", "in", "on"):
                return replace(phrase, who=inner.who)
            case "law", "who" if prep in ("for", "in") and not phrase.who:
                return replace(phrase, who=inner.who)
            case "lines", "who" if prep in ("of", "in") and not phrase.who:
                return replace(phrase, who=inner.who)
            case "same", "who" if prep == "as" and not phrase.who:
                return replace(phrase, who=inner.who)
            case "data", "who" if prep == "of" and phrase.name == "output":
                return self._output(inner)
            case "who", "size" if prep in ("of", "with") and inner.amount is not None and inner.name == "r":
                sized: Assertion = Sized("r", (inner.amount,), inner.op)
                if phrase.who != ("adapter",):
                    sized = Ranked(phrase.who[0], inner.amount, inner.op)
                return replace(phrase, said=(*phrase.said, sized))
            case "who", "who" if prep in ("of", "in", "for") and inner.who in (("model",), ("base",)):
                return phrase if phrase.who in (("base",), ("adapter",), ("update",)) else None
            case "dims", "who" if prep in ("of", "from") and inner.who == ("model",):
                return phrase
            case "first", "who" if prep == "of" and inner.who in (("model",), ("adapter",)):
                return phrase
            case "who", "method" if prep in ("of", "in") and not self.other(inner.name):
                return phrase
        return None

    def _output(self, inner: Np) -> Np | None:
        (who, *more) = inner.who
        name = who if isinstance(who, str) else key(bare(who))
        formula = GIVES.get(name or "")
        return Np("data", node=parse_math(formula)) if formula is not None and not more else None

    def other(self, method: str) -> str:
        """The method, if it is another than the figure's."""
        return "" if method == self.context.method else method


def _is_vector(node: Node | None) -> bool:
    """Whether it may be one: `Wx`, `h = Wx + BAx` is none."""
    return node is not None and key(bare(node)) is None and not isinstance(bare(node), tree.Relation)


def _is(amount: Node | None, digits: str) -> bool:
    plain = None if amount is None else bare(amount)
    return isinstance(plain, Number) and plain.digits == digits and not plain.unit


def _pair(amount: Node | None, last: str, name: str) -> tuple[Assertion, ...] | None:
    """What a number before a noun says by the way: `two low-rank matrices`; None if it is none of those."""
    if amount is None:
        return ()
    if name == "adapter" and last in lexis.words("pair"):
        return (Counts(Counted("trained", (), "", "matrices"), (amount,)),)
    return None


def _marked(phrase: Np, marks: Marks) -> Np:
    return replace(phrase, only=marks.only, none=marks.none, every=marks.every)


def _stated(relation: Concept) -> tuple[Assertion, ...]:
    assert relation.node is not None
    return (Stated(relation.node),)


def _is_bracketed(part: Concept) -> bool:
    return part.text.startswith("(")
