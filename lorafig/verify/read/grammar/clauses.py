"""Clauses: a subject, a verb, and what goes with them, as every way to read the units of one gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from lorafig.verify.read.grammar import lexis
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.phrases import Phrases

MOST = 4  # phrases behind a verb
_IS = frozenset(["is", "are", "was", "were", "be", "been", "being"])
_NOT = {"doesn": "do", "don": "do", "didn": "do", "isn": "be", "aren": "be", "wasn": "be", "won": "do"}


class Verb(Struct, frozen=True):
    """A verb with what stands before it: `are never updated` is `update`, passive and denied."""

    name: str
    passive: bool = False
    denied: bool = False
    flags: frozenset[str] = frozenset()

    def of(self, *groups: str) -> bool:
        return any(self.name in lexis.group(group) for group in groups)


class Clause(Struct, frozen=True):
    """Who does what: `behind` are phrases with their prepositions. `flags` are 'only', 'lasting', 'start',
    'training', 'merged', 'each', 'total', 'layer'."""

    subject: Np | None
    verb: Verb | None
    behind: tuple[tuple[str, Np], ...] = ()
    flags: frozenset[str] = frozenset()
    spoken: bool = True  # whether the verb stands there

    @property
    def denies(self) -> bool:
        """Whether it denies what it speaks of."""
        none = any(phrase.none for _, phrase in self.behind) or (
            self.subject is not None and self.subject.none
        )
        return none != (self.verb is not None and self.verb.denied)


Behind = Iterator[tuple[tuple[tuple[str, Np], ...], frozenset[str]]]


class Clauses(Phrases):
    """The clauses that all units together may be."""

    def read(self) -> Iterator[Clause]:
        for flags, lead, at in self._leads(0):
            for subject, stop in (*self.subjects(at), (None, at)):
                for verb, behind in self._verbs(stop):
                    for phrases, more in self._behind(behind, 0):
                        yield Clause(subject, verb, (*lead, *phrases), flags | more | verb.flags)
                if subject is None:
                    for phrases, more in self._behind(stop, 0):
                        if len(phrases) == 1 and phrases[0][1].head == "compare":
                            yield Clause(None, None, (*lead, *phrases), flags | more)
                if subject is not None:
                    place = stop + 1 if self.mark(stop, ":", "=") else stop
                    for phrases, more in self._behind(place, 0):
                        verbless = Verb("be") if place > stop or phrases else None
                        yield Clause(subject, verbless, (*lead, *phrases), flags | more, False)
            if self.word(at) in ("does", "do", "did", "is", "are", "was", "were") and self.context.last:
                name = "do" if self.word(at).startswith("d") else "be"  # `so does LoRA`
                for subject, stop in self.phrase(at + 1):
                    if stop == len(self.units):
                        yield Clause(subject, Verb(name), lead, flags)
            if self.word(at) == "there":
                for verb, behind in self._verbs(at + 1):
                    if verb.of("is"):
                        for phrases, more in self._behind(behind, 0):
                            yield Clause(
                                None,
                                replace(verb, name="exist"),
                                (*lead, *phrases),
                                flags | more | verb.flags,
                            )

    def subjects(self, at: int) -> Iterator[tuple[Np, int]]:
        """Whom a clause may speak of; agents that nobody asks for are nobody."""
        yield from self.phrase(at)
        place = self.says(at, "the", "an")
        stop = self.says(place, "gradient descent", "fine tuning")
        stop = stop if stop > place else place + (self.word(place) in lexis.words("agent"))
        if stop > place:
            yield Np("agent"), stop
        stop = self.says(at, *lexis.phrases("doing"))
        for phrase, end in self.single(stop) if stop > at else ():  # `fine-tuning the 70B model`
            if phrase.head in ("who", "method", "things") and not (phrase.only or phrase.none):
                yield Np("agent"), end

    def _leads(self, at: int) -> Iterator[tuple[frozenset[str], tuple[tuple[str, Np], ...], int]]:
        """Adverbs and phrases in front, up to a comma."""
        yield frozenset(), (), at
        flag, stop = self._flag(at)
        if stop > at:
            place = stop + 1 if self.mark(stop, ",", ":") else stop
            for flags, lead, end in self._leads(place):
                yield flags | ({flag} if flag else frozenset()), lead, end
        if self.word(at) in ("in", "with", "at", "for", "under", "using", "unlike", "of"):
            for phrase, end in self.phrase(at + 1):
                comma = self.mark(end, ",", ":")
                for flags, lead, last in self._leads(end + 1 if comma else end):
                    yield flags, ((self.word(at), phrase), *lead), last

    def _flag(self, at: int) -> tuple[str, int]:
        """An adverb that stands here: what it says, '' if nothing, and where it ends."""
        word = self.word(at)
        stop = self.says(at, *lexis.phrases("step"))
        if stop > at:
            return "step", stop
        for meaning, stop in self.meanings(at, "start", "stage"):
            if meaning.sort == "start":
                return "start", stop
            if meaning.value == "training" and self.word(at) in ("during", "while", "in", "throughout"):
                return "training", stop
        for name in ("layer", "total", "way", "training", "merged", "lead"):
            stop = self.says(at, *lexis.phrases(name))
            if stop > at:
                way = self.words[at] if name == "way" and word in ("down", "up") else ""
                return {"way": way, "lead": ""}.get(name, name), stop
        if word in lexis.words("lasting"):
            return "lasting", at + 1
        if word in ("first", "then"):
            return "order", at + 1
        if word in ("each", "apiece"):
            return "each", at + 1
        if word in lexis.words("only"):
            return "only", at + 1
        harmless = word in lexis.words("adverb") or self.says_how(at)
        return ("", at + 1) if harmless else ("", at)

    # Verbs -------------------------------------------------------------------------------------

    def _verbs(self, at: int) -> Iterator[tuple[Verb, int]]:
        """The verbs that stand here with their auxiliaries, and where each ends."""
        denied, before, flags, place = False, "", frozenset[str](), at
        while True:
            word = self.word(place)
            flag, stop = self._flag(place)
            if before in _IS:
                yield Verb("be", False, denied, flags), place
            if word in ("not", "never", "t"):
                denied, place = not denied, place + 1
                continue
            behind = self.says(place, *lexis.phrases("auxiliary"))
            if behind > place:
                before, place = "does", behind  # `does not need to keep`
                continue
            if word in _NOT:
                before = "is" if _NOT[word] == "be" else "does"
                place += 1
                continue
            if word in _IS or word in lexis.words("auxiliary") or word in ("gets", "get"):
                for form in lexis.verbs().get(word, ()):
                    if form.name in ("have", "do", "get") and before not in _IS:
                        yield Verb(form.name, False, denied, flags), place + 1
                before, place = word, place + 1
                continue
            if stop > place and not lexis.verbs().get(word):
                flags |= {flag} if flag else frozenset()
                place = stop
                continue
            break
        for form in lexis.verbs().get(self.word(place), ()):
            passive = before in _IS or before in ("gets", "get")
            if passive and (form.done or self.word(place).endswith("ing")):
                yield Verb(form.name, form.done, denied, flags), place + 1
            elif not passive:
                yield Verb(form.name, False, denied, flags), place + 1
                if form.done and at == place:
                    yield Verb(form.name, True, denied, flags), place + 1  # `A trained`

    # What stands behind ------------------------------------------------------------------------

    def _behind(self, at: int, count: int) -> Behind:
        """Phrases up to the end, each with its preposition."""
        if at >= len(self.units):
            yield (), frozenset()
            return
        flag, stop = self._flag(at)
        if stop > at:
            for phrases, flags in self._behind(stop, count):
                yield phrases, flags | ({flag} if flag else frozenset())
        if self.mark(at, ",") and self._flag(at + 1)[1] > at + 1:
            yield from self._behind(at + 1, count)
        if self.mark(at, ",") and self.word(at + 1) == "not" and count:
            for phrases, flags in self._behind(at + 2, count):  # `for A and B, not for W`
                if len(phrases) == 1:
                    yield ((phrases[0][0], replace(phrases[0][1], none=True)),), flags
        if self._is_purpose(at):
            yield (), frozenset()
        if self.word(at) == "us" and count == 0:  # `gives us 65,536 parameters`
            yield from self._behind(at + 1, count)
        if count >= MOST:
            return
        prep = self.word(at) if self.word(at) in lexis.words("preposition") else ""
        for phrase, end in self.phrase(at + 1 if prep else at):
            for phrases, flags in self._behind(end, count + 1):
                yield ((prep, phrase), *phrases), flags
        for phrase, end in self._predicates(at):
            for phrases, flags in self._behind(end, count + 1):
                yield (("", phrase), *phrases), flags

    def _is_purpose(self, at: int) -> bool:
        """Whether the rest only says what for: `to save memory`."""
        stop = self.says(at, *lexis.phrases("purpose"))
        rest = self.units[stop:]
        plain = all(unit.concept is None and not unit.mark for unit in rest)
        known = any(
            True
            for place in range(stop, len(self.units))
            for _ in self.meanings(
                place, "subject", "role", "neg", "only", "law", "merge", "limit", "method", "module"
            )
        )
        return stop > at and 1 <= len(rest) <= 5 and plain and not known

    def _predicates(self, at: int) -> Iterator[tuple[Np, int]]:
        """Adjectives: `frozen`, `random`, `of low rank`, `8 times smaller than …`."""
        for meaning, stop in self.meanings(self.says(at, "of"), "shape"):
            if meaning.value in ("low", "full"):
                yield Np("rank", name=meaning.value), self.says(stop, "rank")
        for meaning, stop in self.meanings(at, "role", "law"):
            word = self.word(stop - 1)
            form = lexis.verbs().get(word, ())
            if meaning.sort == "law" or stop > at + 1 or not form or any(one.done for one in form):
                yield Np(meaning.sort, name=meaning.value), stop
        yield from self._comparisons(at)

    def _comparisons(self, at: int) -> Iterator[tuple[Np, int]]:
        op, place = self.near(at)
        number = self.concept(place, "amount")
        start = place + 1 if number is not None else at
        amount = None if number is None else number.node
        word = self.word(start)
        start = start + 1 if word in ("much", "far", "times") else start
        word = self.word(start)
        compare = "fewer" if word in lexis.words("fewer") else "more" if word in lexis.words("more") else ""
        if compare:
            of = Np("compare", amount=amount, op=op, compare=compare, name=word)
            yield from self._compared(of, start + 1)
        if word == "as" and self.word(start + 1) in lexis.words("large"):
            of = Np("compare", amount=amount, op=op, compare="as", name=self.word(start + 1))
            yield from self._compared(of, start + 2)
        stop = self.says(
            at, "equally large", "equally big", "of equal size", "of the same size", "the same size"
        )
        if stop > at:
            yield Np("compare", compare="as", name="equal"), stop
        stop = self.says(start, "the size of", "the number of")
        if amount is not None and stop > start:
            for inner, end in self.single(stop):
                yield Np("compare", amount=amount, op=op, compare="as", name="size", whole=inner), end

    def _compared(self, compare: Np, at: int) -> Iterator[tuple[Np, int]]:
        """What is compared, and with whom."""
        nouns: Sequence[tuple[Np | None, int]] = [
            (phrase, stop)
            for phrase, stop in self.phrase(at)
            if {item.head for item in phrase.items or (phrase,)} <= {"count", "lines"}
        ]
        for noun, stop in (*nouns, (None, at)):
            own = compare if noun is None else replace(compare, items=(noun,))
            than = "as" if compare.compare == "as" else "than"
            if self.word(stop) == than:
                for inner, end in self.single(stop + 1):
                    last = self.says(end, "does", "do", "has", "is")
                    yield replace(own, whole=inner), last
            yield own, stop
