"""A text read as a whole: what it asserts, which of its words were not understood, or that it is prose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node, Number, Run
from lorafig.verify.read.assertions import (
    Alike,
    Assertion,
    Counts,
    IsA,
    Moves,
    Passed,
    Projects,
    Proportioned,
    Ratio,
    Reading,
    Shaped,
    Starts,
    Stated,
    Stored,
    Subject,
    Supposed,
)
from lorafig.verify.read.clause import AMOUNTS, LOOSE, PER_LAYER, SUBJECTS, Clause, Context, clause, subjects
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.concepts import METHOD, Kinds, concepts, language_of
from lorafig.verify.read.ellipsis import denied
from lorafig.verify.read.frames.table import FRAMES
from lorafig.verify.read.lexicon import lexicon
from lorafig.verify.read.limits import is_past, limited, limits, of_passed
from lorafig.verify.read.modifiers import anywhere, plainly
from lorafig.verify.read.nouns import made, nouns
from lorafig.verify.read.parted import BOUND, RELATIVE, parted
from lorafig.verify.read.phrases import phrases
from lorafig.verify.read.suppositions import (
    Sizes,
    of_settled,
    resizes,
    rows,
    settles,
    squared,
    supposes,
    under,
    with_sizes,
)
from lorafig.verify.read.token import Token
from lorafig.verify.read.tokens import Knows, of_math, tokens
from lorafig.verify.read.wordnumbers import written

_OF_MATRICES = frozenset(
    {
        "role",
        "shift",
        "law",
        "shapes",
        "amount",
        "joined",
        "project",
        "compare",
        "noun",
        "shape",
        "gradient",
        "flow",
        "state",
    }
)
_SHARED = frozenset({"noun", "role", "compare", "method", "share", "subject", "latency", "madds"})
_OF_MODELS = frozenset({"noun", "matrix", "formula", "subject", "role", "method", "precision", "state"})
_OF_MODELS |= {"gradient", "sum", "module"}
HENCE = frozenset({"so that", "hence", "therefore", "thus", "so", "then"})
MAX_CONCEPTS = 80  # of one sentence
MANY = 4  # words that are not known, without a number among them, make a sentence one that tells a story
MAX_TRIES = 600  # ways to take a sentence apart
# What turns or limits what stands beside it: no clause with such a word is passed over.
_HAZARDS = frozenset(
    {
        "neg",
        "unlike",
        "instead",
        "only",
        "method",
        "limit",
        "law",
        "stage",
        "start",
        "begin",
        "effect",
        "change",
        "scaled",
        "power",
        "state",
        "gradient",
        "than",
        "result",
        "different",
        "placed",
        "trait",
    }
)
_NUMBERS = frozenset(
    {"amount", "relation", "several", "precision", "bytes", "madds", "shapes"}
)  # in a sentence that asserts, none is passed over
_UNREAD = frozenset({"unknown", "cross", "handled", "pace"})  # words that no more than one frame takes
_SIGNS = frozenset("≤≥≪≫≈≠∈∼")
_FINITE = frozenset({"is", "are", "was", "were", "does", "do", "did", "has", "have", "gets", "get"})
_PROSE = frozenset(
    {"filler", "unknown", "thing", "name", "of", "join", "comma", "colon", "open", "close", "end"}
)
_HAPPENS = frozenset({"feeds", "through", "placed", "stage", "remove"})
_BOUNDS = frozenset({"join", "comma", "colon", "open", "close", "end"})


def read(runs: Sequence[Run], knows: Knows, kinds: Kinds, context: Context) -> Reading:
    """A text: every sentence of it. `kept.read` knows those that were read before."""
    language, words = _heard(runs, knows, context.language)
    found = concepts(words, language, kinds)
    return _read(found, context, _Grammar(words, kinds) if language == "en" else None)


class _Grammar:
    """The sentences of a text by their grammar, where no frame takes them."""

    def __init__(self, words: Sequence[Token], kinds: Kinds) -> None:
        self.words = words
        self.kinds = kinds

    def said(
        self, parts: Sequence[Concept], stop: int | None, context: Context, *, mixed: bool = False
    ) -> list[Assertion | Passed] | None:
        """What a sentence of these concepts asserts, that ends before a place in the text. Each clause has a
        subject and a verb, unless it is `mixed` with parts that frames take."""
        from lorafig.verify.read.grammar import read as grammar  # for few texts, and eight files
        from lorafig.verify.read.grammar.units import units

        first = parts[0].start
        own = [word for word in self.words if word.start >= first and (stop is None or word.start < stop)]
        known = lexicon("en")

        def otherwise(begin: int, end: int, there: Context) -> list[Assertion | Passed] | None:
            piece = [part for part in parts if begin <= part.start < end]
            alone = replace(there, subjects=(), own=(), last=())  # of nobody whom it does not name
            said = _solved(piece, alone) if piece else None
            told = any(not isinstance(one, Passed) for one in said or ())
            passed = any(isinstance(one, Passed) for one in said or ())
            plain = all(part.sort in _PROSE and part.value != METHOD for part in piece)
            return said if plain or (told and not passed and mixed) else None

        return grammar.sentence(list(units(own, known, self.kinds)), known, context, otherwise, not mixed)


def read_answer(
    question: Sequence[Run], answer: Sequence[Run], knows: Knows, kinds: Kinds, context: Context
) -> Reading:
    """An answer that says nothing by itself, `2,048` or `Only A and B`, with what the question asks. What is
    asked at most, is asked: `What is the rank at most?`."""
    asked, said = (spoken(runs, knows, kinds, context.language) for runs in (question, answer))
    ends = [at for at, part in enumerate(asked) if part.sort == "end" and part.text != ";"]
    if len(ends) > 1 or (ends and ends[-1] < len(asked) - 1):  # `Set r to 16. How many are trained?`
        asked = asked[ends[-2] + 1 :] if ends[-1] == len(asked) - 1 else asked[ends[-1] + 1 :]
    asked = [part for part in asked if part.sort not in ("end", "near")]
    said = [part for part in said if part.sort != "end" or part.text == ";"]
    if any(part.sort in AMOUNTS for part in asked):
        return Reading("prose")
    first = asked[0].text.lower() if asked else ""
    if first in _WHICH:  # `Which of the two starts at zero?`: what is named stands in the place of that
        verb = next((at for at, part in enumerate(asked) if part.sort in _SAYS_OF), len(asked))
        named = _read([*said, *asked[verb:]], context)
        if verb < len(asked) and named.kind == "asserts":
            return named
    happens = next((at for at, part in enumerate(asked) if part.text.lower() == "if"), 0)
    if happens and [part.sort for part in said if part.sort != "filler"] == ["role"]:
        same = [part for part in said if part.value == "frozen"]  # `It stays the same.`
        said = [replace(part, sort="effect", value="1") for part in same] or said
    if first.startswith("what") and happens and "effect" in {part.sort for part in said}:
        what = [part for part in asked[1:happens] if part.sort not in ("filler", "unknown", "of")]
        verbs = [part for part in said if part.sort not in LOOSE]  # `… happens to them if r is doubled?`
        return _read([*asked[happens:], Concept("comma", "", ","), *_would(what, verbs)], context)
    return _read([*asked, *said], context)


_WHICH = frozenset({"which", "what", "who"})
_SAYS_OF = frozenset({"role", "shift", "begin", "law", "start", "merge", "stored", "keep"})


def _would(what: Sequence[Concept], verbs: Sequence[Concept]) -> list[Concept]:
    """`the trained parameters quadruple`, as what would be so."""
    return [Concept("filler", "", "would"), *verbs, *what]


def read_question(
    question: Sequence[Run], knows: Knows, kinds: Kinds, context: Context
) -> tuple[Assertion, ...]:
    """What a question asks whether it is so: `Is W frozen?`. Nothing if it is not understood."""
    asked = [part for part in spoken(question, knows, kinds, context.language) if part.sort != "end"]
    words = [part.text.lower() for part in asked]
    if words[:3] == ["true", "or", "false"]:
        asked = asked[4:] if asked[3:4] and asked[3].sort == "colon" else asked[3:]
    elif words[:1] == ["why"]:
        asked = asked[1:]  # that it is so is taken for granted
    elif words[:1] == [] or words[0] not in _WHETHER:
        return ()
    strange = any(part.sort == "thing" or part.text.lower() == "number" for part in asked)
    return () if strange else _read(asked, context).assertions


_WHETHER = frozenset({"is", "are", "does", "do", "did", "can", "will", "has", "have", "should", "must"})
_WHETHER |= {"was", "were", "would", "may"}


def read_below(
    heading: Sequence[Run], line: Sequence[Run], knows: Knows, kinds: Kinds, context: Context
) -> Reading | None:
    """A line below a heading that says by one word, a role or a method, of what its lines speak: `2,048`
    below `Trainable parameters`. None if they say nothing together."""
    above, below = (spoken(runs, knows, kinds, context.language) for runs in (heading, line))
    above = [part for part in above if part.sort != "end"]
    told = [part for part in above if part.sort in ("role", "method", "share")]
    if len(told) != 1 or any(part.sort in AMOUNTS for part in above):
        return None
    whole = _read([*above, Concept("colon", "", ":"), *below], context)
    return whole if whole.kind == "asserts" else None


def spoken(runs: Sequence[Run], knows: Knows, kinds: Kinds, otherwise: str = "en") -> list[Concept]:
    """The concepts of a text, in its language; in the other one if its words do not say which that is."""
    language, words = _heard(runs, knows, otherwise)
    return concepts(words, language, kinds)


def _heard(runs: Sequence[Run], knows: Knows, otherwise: str) -> tuple[str, list[Token]]:
    """The language of a text, and its tokens."""
    language = language_of("".join(run.text for run in runs), otherwise)
    return language, tokens(runs, knows, language)


def read_math(node: Node, knows: Knows, kinds: Kinds, context: Context) -> Reading:
    """A label of mathematics with words in it: nothing of it is prose."""
    found = concepts(list(written(list(of_math(node, knows)))), "en", kinds)
    return _read(found, replace(context, strict=True))


def _read(found: Sequence[Concept], context: Context, parsed: _Grammar | None = None) -> Reading:
    said: list[Assertion] = []
    aside: list[Assertion] = []
    passed: list[str] = []
    context = _asked(found, context)
    sentences = [one for sentence in _sentences(found) for one in rows(sentence) or [sentence]]
    for at, sentence in enumerate(sentences):
        stop = sentences[at + 1][0].start if at + 1 < len(sentences) else None
        told = _sentence(sentence, context)
        named = any(part.sort in (*SUBJECTS, "project", "module", "branches") for part in sentence)
        if (
            told.kind != "asserts"
            and parsed is not None
            and (named or context.alone or told.kind == "unread")
        ):
            whole = told.kind == "prose" and not context.alone  # a name says nothing
            other = _grammatical(parsed.said(sentence, stop, context, mixed=not whole))
            bound = other is None or limited(limits(sentence), 0, len(sentence), other.assertions)
            bound = bound or (context.method != "none" and _of_another(sentence) is not None)
            told = told if bound or other is None else other
        aside += phrases(sentence, context)
        if told.kind == "unread":
            return told
        passed += told.passed
        said += told.assertions
        about = [one for one in told.assertions if isinstance(one, Moves)]
        if about:
            context = replace_subjects(context, about[-1])
    kind: Literal["asserts", "prose"] = "asserts" if said else "prose"
    return Reading(kind, tuple(said), passed=tuple(passed), aside=tuple(aside))


def _grammatical(said: Sequence[Assertion | Passed] | None) -> Reading | None:
    """What was read by its grammar; None if nothing was, or if it asserts nothing."""
    told = tuple(one for one in said or () if not isinstance(one, Passed))
    passed = tuple(one.text for one in said or () if isinstance(one, Passed))
    return Reading("asserts", told, passed=passed) if told else None


def _asked(found: Sequence[Concept], context: Context) -> Context:
    """The context of an answer: the first method of a question, `What distinguishes VeRA from LoRA?`."""
    last = max((at for at, part in enumerate(found) if part.text == "?"), default=0)
    named = [part.value for part in found[:last] if part.sort == "method"]
    return replace(context, within=named[0]) if named and named[0] != context.method else context


def replace_subjects(context: Context, moves: Moves) -> Context:
    return replace(context, subjects=moves.subjects)


def _sentences(found: Sequence[Concept]) -> list[list[Concept]]:
    sentences: list[list[Concept]] = [[]]
    for part in found:
        if part.sort == "end" and part.text == "?":
            sentences[-1] = []  # a question asserts nothing
        elif part.sort == "end" and part.text != ";":
            sentences.append([])
        else:
            sentences[-1].append(part)
    return [asserted for sentence in sentences if (asserted := _without_questions(sentence))]


_ASKS = frozenset({"how many", "how much", "whether"})
_DEGREES = frozenset({"wide", "large", "small", "long", "high", "big", "few", "fast", "far", "narrow"})


def _without_questions(sentence: list[Concept]) -> list[Concept]:
    """The sentence without what it only asks, up to the next comma or conjunction: `The rank sets how many
    parameters are trained`."""
    kept: list[Concept] = []
    asking = False
    for at, part in enumerate(sentence):
        word = part.text.lower()
        behind = sentence[at + 1].text.lower() if at + 1 < len(sentence) else ""
        if at > 0 and (word in _ASKS or (word == "how" and behind.split(" ")[0] in _DEGREES)):
            asking = True
        elif asking and part.sort in _BOUNDS:
            asking = False
        if not asking:
            kept.append(part)
    return kept


def _of_another(parts: Sequence[Concept]) -> Concept | None:
    """The name of a method that is not known, `In MoRA, …`."""
    return next((part for part in parts if part.sort == "name" and part.value == METHOD), None)


def _sentence(parts: list[Concept], context: Context) -> Reading:
    text = " ".join(part.text for part in parts if part.text)
    start = parts[0].start
    counted = any(part.sort == "noun" for part in parts)
    if sum(part.sort == "method" for part in parts) > 1:  # of several, a title says which the figure has
        context = replace(context, titled=False)
    if len(parts) <= MAX_CONCEPTS:
        said = _solved(parts, replace(context, counted=context.counted or counted))
        if said is not None:
            passed = tuple(one.text for one in said if isinstance(one, Passed))
            told = tuple(one for one in said if not isinstance(one, Passed))
            other = _of_another(parts)
            if told and other is not None and context.method != "none":  # what it does is not known
                return Reading("unread", (), (other.text,), text, start)
            return Reading("asserts" if told else "prose", told, passed=passed)
    computed = any(part.sort not in LOOSE | {"amount"} for part in parts) and any(
        part.sort == "amount" and isinstance(part.node, tree.Computed) for part in parts
    )
    beside = any(part.node is not None for part in parts)  # mathematics, or a number
    turned = context.strict and beside and any(part.sort in ("limit", "unknown") for part in parts)
    counted_things = context.network and any(
        part.sort in ("amount", "several") and behind.sort in ("things", "adapted")
        for part, behind in pairwise(parts)
    )
    sorts = {part.sort for part in parts}
    modules = "adapted" in sorts and bool(sorts & {"module", "targets"})
    modules = modules or ("module" in sorts and bool(sorts & {"maps", "shapes"}))
    modules = modules and context.network
    if (
        not asserts(parts, bool(context.own))
        and not counted_things
        and not modules
        and not computed
        and not turned
    ):
        return Reading("prose")
    unknown = tuple(part.text for part in parts if part.sort in _UNREAD)
    if len(unknown) >= MANY and not any(part.sort in ("amount", "relation", "shapes") for part in parts):
        return Reading("prose")
    limiting = [" ".join(part.text for part in parts[one.begin : one.stop]) for one in limits(parts)]
    return Reading("unread", (), unknown or tuple(limiting), text, start)


def _solved(parts: Sequence[Concept], context: Context) -> list[Assertion | Passed] | None:
    """What a sentence says, with its noun phrases as what they stand for where that is needed."""
    prose: list[Assertion | Passed] | None = None
    parts = squared(parts)
    clauses = parted(parts)
    apart = [(clauses, list[Assertion]()), nouns(clauses)] if any(p.value == BOUND for p in clauses) else []
    first = apart if any(part.text.lower() in RELATIVE for part in parts) else []
    bound = len(limits(parts))
    for phrases_, aside in (*first, made(parts), (list(parts), []), nouns(parts), *apart):
        reader = _Reader(phrases_)
        said = None if len(reader.limits) < bound else reader.solve(0, context)
        if said is not None and any(not isinstance(one, Passed) for one in said):
            return [*aside, *said]
        prose = said if prose is None else prose
    return prose


class _Reader:
    """Takes a sentence apart into clauses that are understood, as few as it can."""

    def __init__(self, parts: Sequence[Concept]) -> None:
        self.parts = parts
        self.tries = 0
        self.limits = limits(parts)

    def solve(self, begin: int, context: Context) -> list[Assertion | Passed] | None:
        first = begin
        while begin < len(self.parts) and self.parts[begin].sort in LOOSE | _BOUNDS:
            begin += 1
        if begin == len(self.parts):
            return None if limited(self.limits, first, begin, context.last) else []
        told = {part.text.lower() for part in self.parts[first:begin]}
        if not told & {"or", "and", ":", "("}:
            context = replace(context, what=None)
        if any(part.sort == "scope" and part.text.lower() in PER_LAYER for part in self.parts[first:begin]):
            context = replace(context, layer=True)
        stops = [
            at
            for at in range(begin + 1, len(self.parts))
            if self.parts[at].sort in _BOUNDS or self.parts[at].text.lower() in _MEANS
        ]
        context = replace(context, before=tuple(self.parts[first:begin]))
        for stop in reversed(stops):
            sizes = settles(self.parts[first : stop + 1], self.parts[stop + 1 :], context)
            if sizes and (rest := self._of_sizes(first, stop, sizes, context)):
                return rest
        for stop in [len(self.parts), *reversed(stops)]:
            self.tries += 1
            if self.tries > MAX_TRIES:
                return None
            if not self._ends(begin, stop):
                continue
            said = self._said(first, begin, stop, context)
            if said is None or (not said and stop < len(self.parts) and self.parts[stop].sort not in _BOUNDS):
                continue
            if limited(self.limits, first, stop, said):
                continue
            rest = self.solve(stop, self._following(begin, stop, said, context))
            if rest is not None and (said or not is_past(self.parts[begin:stop], rest)):
                return [*said, *rest]
        return None if context.strict else self._passing(first, begin, stops, context)

    def _ends(self, begin: int, stop: int) -> bool:
        """Whether a clause may end here."""
        piece = self.parts[begin:stop]
        if any(part.value == BOUND for part in piece) or _denies_before(piece) or _elliptic(piece):
            return False
        if _apart(piece) or _keeps(piece) or denied(piece) or _several(piece):
            return False
        if self.parts[stop - 1].sort == "law" and self._is_of(stop):
            return False  # `zeros | for B`
        if stop < len(self.parts) and self.parts[stop - 1].sort in ("than", "instead"):
            return False  # `than with …`
        if _begins_a_list(self.parts, begin, stop) or _between_formulas(self.parts, stop):
            return False
        # `if r were 8 | , there would be …`
        later = supposes(self.parts[stop:]) and not supposes(piece)
        return not (later and resizes(self.parts[begin:], Context()))

    def _is_of(self, at: int) -> bool:
        """Whether it goes on with whose that is: `for B`."""
        behind = self.parts[at : at + 2]
        return len(behind) == 2 and behind[0].text.lower() == "for" and behind[1].sort == "matrix"

    def _of_sizes(
        self, first: int, stop: int, sizes: Sizes, context: Context
    ) -> list[Assertion | Passed] | None:
        """What the rest of the sentence says of the sizes before it; None if it says nothing of them."""
        given = self.parts[first : stop + 1]
        rest = self.solve(stop, replace(context, settled=self.parts[stop].sort == "colon"))
        told = [one if isinstance(one, Passed) else under(sizes, one, given, context) for one in rest or ()]
        return told if any(isinstance(one, Supposed) for one in told) else None

    def _said(self, first: int, begin: int, stop: int, context: Context) -> list[Assertion | Passed] | None:
        """What a clause says, whatever it says by the way of where and what for."""
        said = self._whole(first, begin, stop, context)
        if said is None and not context.strict:
            piece = plainly(self.parts[begin:stop], context)
            placed = anywhere(piece)
            said = frames(clause(placed), context) if len(placed) < len(piece) else None
        return None if said is None else [*said]

    def _whole(self, first: int, begin: int, stop: int, context: Context) -> list[Assertion] | None:
        """What a clause says with all its words, by the first way to read it that takes it."""
        piece = self.parts[begin:stop]
        own = clause(piece)
        resized = resizes(self.parts[first:stop], context)
        if not resized:
            said = of_settled(own, context) if context.settled else None
            said = frames(own, context) if said is None else said
            if said is None:
                said = _between(self.parts[first:stop], context)
            if said is not None:
                return said
        said = _with_statement(piece, context)
        if said is None:
            said = with_sizes(self.parts[first:stop], context, frames)
        if said is None and resized and not context.alone:
            said = frames(own, context)
        if said is not None:
            return said
        plain = plainly(piece, context)
        return frames(clause(plain), context) if len(plain) < len(piece) else None

    def _following(self, begin: int, stop: int, told: list[Assertion | Passed], context: Context) -> Context:
        """What a clause leaves to say to those behind it."""
        said = [one for one in told if not isinstance(one, Passed)]
        own = clause(self.parts[begin:stop])
        named = _named(said[0]) if said else subjects(own.parts)
        roles = [one.what.role for one in said if isinstance(one, Counts | Ratio) and one.what.role]
        following = replace(context, settled=False)
        following = replace(following, subjects=named) if named else following
        following = replace(following, last=tuple(said) or context.last)
        following = replace(following, denied=any(part.sort == "neg" for part in own.parts))
        counted_ = tuple(who for one in said if isinstance(one, Counts) for who in one.what.subjects)
        following = replace(following, listed=(*context.listed, *counted_))
        following = replace(following, role=roles[-1]) if roles else following
        if begin <= 2 and own.parts and own.parts[0].sort == "method" and own.parts[0].value != "full":
            following = replace(following, within=own.parts[0].value)
        for at, one in enumerate(said):
            if isinstance(one, Counts) and one.what.unit == "bytes" and not one.what.bits:
                told[at] = said[at] = replace(one, what=replace(one.what, bits=context.bits))
        counts = [one for one in said if isinstance(one, Counts)]
        bits = [one.what.bits for one in counts if one.what.bits]
        following = replace(following, bits=bits[-1]) if bits else following
        if counts:
            following = replace(following, what=counts[-1].what, amounts=counts[-1].amounts)
        elif said and isinstance(said[-1], Ratio) and said[-1].compare == "share":
            following = replace(following, what=said[-1].what)  # `2 % of the weights, or 12,288`
        starts = any(isinstance(one, Starts) or (isinstance(one, Stated) and one.begun) for one in said)
        hence = stop < len(self.parts) and any(
            part.text.lower() in HENCE for part in self.parts[stop : stop + 2]
        )
        return replace(following, begun=(starts or own.has("start")) and hence)

    def _passing(
        self, first: int, begin: int, stops: Sequence[int], context: Context
    ) -> list[Assertion | Passed] | None:
        """The rest of a sentence without a clause that says nothing of the model."""
        bounds = [at for at in stops if self.parts[at].sort in _BOUNDS]
        for stop in [*bounds, len(self.parts)]:
            part = self.parts[begin:stop]
            told = _is_clause(self.parts[first:stop])
            if not _is_setting(part) and (
                (told and context.alone) or _speaks(part) or _carries_on(part, context)
            ):
                continue
            if of_passed(self.limits, self.parts, first, stop):
                continue
            rest = self.solve(stop, context)
            if rest is not None:
                words = " ".join(piece.text for piece in part if piece.text)
                said = told or _is_setting(part) or any(piece.sort == "unknown" for piece in part)
                return [Passed(words), *rest] if said else rest
        return None


def _is_clause(parts: Sequence[Concept]) -> bool:
    """Whether it says something with a verb of its own, and has words that are known to say anything."""
    told = any(part.sort not in _PROSE for part in parts)
    return told and any(part.text.lower().split(" ")[-1] in _FINITE for part in parts)


def _carries_on(parts: Sequence[Concept], context: Context) -> bool:
    """Whether it goes on about whom the clause before spoke of: `… and is updated in the backward pass`."""
    first = next((part for part in parts if part.sort not in LOOSE), None)
    begins = first is not None and first.sort in (*_VERBS, "neg", "all", "only")
    return bool(context.last) and begins and any(part.sort in _VERBS for part in parts)


# Words that stand for somebody who was named.
_STANDS_FOR = frozenset({"one", "ones", "they", "both", "rest", "the rest", "others", "former", "latter"})
_VERBS = ("role", "shift", "joined", "remove", "placed", "feeds", "merge")


def _speaks(parts: Sequence[Concept]) -> bool:
    """Whether a clause may say anything of the model."""
    sorts = {piece.sort for piece in parts}
    signed = any(piece.sort == "unknown" and piece.text in _SIGNS for piece in parts)
    spoken = any(
        piece.sort in ("matrix", "formula") or (piece.sort == "subject" and piece.value != "model")
        for piece in parts
    )
    if spoken and "unknown" in sorts:
        return True
    words = {piece.text.lower() for piece in parts}
    if "dimension" in sorts and words & {"same", "different", "equal", "its", "their"}:
        return True  # `gives all layers the same rank`
    if any(_is_formula(piece) for piece in parts if piece.sort == "unknown"):
        return True
    if sorts & {"compare", "effect", "pace"} and sorts & {
        "role",
        "noun",
        "share",
        "bytes",
        "madds",
        "latency",
    }:
        return True  # `increases the number of trainable parameters`
    if sorts & {"role", "shift"} and any(piece.text.lower() in _STANDS_FOR for piece in parts):
        return True  # `the big one is trained`
    return bool(asserts(parts) or signed or sorts & (_HAZARDS | _NUMBERS) or {"matrix", "subject"} <= sorts)


def _is_formula(part: Concept) -> bool:
    """Whether it is of capitals alone, which may be matrices: `PΛQ`."""
    return len(part.text) > 1 and part.text.isalpha() and part.text.isupper() and not part.text.isascii()


def _is_setting(parts: Sequence[Concept]) -> bool:
    """Whether it gives a number to what the model does not know: `dropout=0.1`."""
    sorts = [part.sort for part in parts]
    return sorts == ["unknown", "equals", "amount"] and parts[1].text == "=" and parts[2].value == ""


def _named(said: Assertion) -> tuple[Subject, ...]:
    """Whom an assertion speaks of."""
    match said:
        case Counts(what) | Ratio(what):
            return what.subjects
        case Projects(subject=who):
            return (who,)
        case Stored(subjects=named):
            return named
        case Proportioned(subjects=named):
            return named
        case Alike(subjects=(first, *_)):
            return (first,)
        case Moves(subjects=named) | Shaped(subjects=named) | Starts(subjects=named) | IsA(subjects=named):
            return named
        case _:
            return ()


def _elliptic(parts: Sequence[Concept]) -> bool:
    """Whether it ends with what says the same of others, or the opposite: `…, and so does LoRA`, `…, but A
    does`."""
    words = [part.text.lower() for part in parts if part.sort != "comma"]
    at = next((at for at in range(1, len(words)) if words[at] in ("does", "do", "did")), 0)
    last = at == len(words) - 1 and any(part.sort == "join" for part in parts)
    return at > 0 and (last or words[at - 1] in ("so", "neither", "nor"))


def _denies_before(parts: Sequence[Concept]) -> bool:
    """Whether it begins with what denies the words before it, and goes on: `Merged or not, h is …`."""
    first = [part for part in parts if part.sort != "filler"][:2]
    begins = len(first) == 2 and first[0].sort == "neg" and first[1].sort in ("comma", "close")
    told = [at for at, part in enumerate(parts[:-2]) if part.sort == "neg"]
    ends = any(parts[at + 1].sort == "colon" for at in told)  # `B is not: it holds nothing but zeros`
    return ends or (begins and len(parts) > 2)


_PREDICATES = frozenset({"role", "shift", "law", "merge", "joined", "result", "latency", "pace", "placed"})
_PREDICATES |= {"gradient", "begin"}
_CONJUNCTIONS = frozenset({"whereas", "while", "but", "because", "since", "so that", "although", "though"})


def _several(parts: Sequence[Concept]) -> bool:
    """Whether these are two clauses, each with somebody of whom it says something: `W is frozen, whereas A is
    trained`."""
    for at, part in enumerate(parts):
        word = part.text.lower()
        behind = next((other for other in parts[at + 1 :] if other.sort not in ("filler", "only")), part)
        verb = word == "and" and behind.sort == "role" and behind.text.lower().split()[0].endswith("s")
        if verb and any(other.sort == "role" for other in parts[:at]):
            return True  # `freezes the weights and only trains …`
        if word not in _CONJUNCTIONS or part.sort != "join":
            continue
        sides = ({other.sort for other in parts[:at]}, {other.sort for other in parts[at + 1 :]})
        if all(side & _PREDICATES and side & {"method", *SUBJECTS} for side in sides):
            return True
    return False


def _begins_a_list(parts: Sequence[Concept], begin: int, stop: int) -> bool:
    """Whether what ends here is the first of several of whom something is said behind: `W frozen, A | and B
    updated`."""
    last = next((at for at in range(stop - 1, begin, -1) if parts[at].sort in _BOUNDS), begin)
    behind = next((part for part in parts[stop:] if part.sort not in LOOSE), None)
    alone = [part for part in parts[last:stop] if part.sort not in LOOSE | _BOUNDS]
    first = next((part for part in parts[begin:stop] if part.sort not in LOOSE | {"only"}), None)
    if first is not None and first.sort in ("role", "shift"):
        return False  # `train A and B | , W`
    return (
        any(part.sort in ("role", "shift", "law") for part in parts[begin:last])
        and bool(alone)
        and all(part.sort in SUBJECTS for part in alone)
        and behind is not None
        and behind.sort in SUBJECTS
    )


def _between_formulas(parts: Sequence[Concept], stop: int) -> bool:
    """Whether it stands between two formulas that belong together: `computes Wx | and BAx and adds them`."""
    around = [part.sort for part in parts[stop - 1 : stop + 2]]
    behind = next((part for part in parts[stop + 2 :] if part.sort not in ("filler", "scope")), None)
    return around == ["formula", "join", "formula"] and (
        behind is None or behind.sort in _BOUNDS | {"joined"}
    )


_MEANS = frozenset({"means", "gives", "give", "yields", "implies", "makes", "leads to"})
_ARTICLES = frozenset({"a", "an", "the", "its"})


def _apart(parts: Sequence[Concept]) -> bool:
    """Whether one role stands before a noun, and another noun with an article of its own behind: `a frozen
    weight and a low-rank update`. The role is of the first."""
    roles = [at for at, part in enumerate(parts) if part.sort == "role"]
    if len(roles) != 1 or roles[0] + 1 >= len(parts) or parts[roles[0] + 1].sort not in ("subject", "noun"):
        return False
    for at in range(roles[0] + 2, len(parts) - 2):
        article = parts[at + 1].sort == "filler" and parts[at + 1].text.lower() in _ARTICLES
        if parts[at].sort in ("join", "comma") and article and parts[at + 2].sort in ("subject", "noun"):
            return True
    return False


def _keeps(parts: Sequence[Concept]) -> bool:
    """Whether something is kept beside what is said before: `train A and B, keep W`."""
    kept = next((at for at, part in enumerate(parts) if part.sort == "keep"), len(parts))
    role = next((at for at in range(kept - 1, -1, -1) if parts[at].sort == "role"), None)
    if role is None or kept == len(parts):
        return False
    if any(part.sort in SUBJECTS for part in parts[kept:]):
        return True
    between = any(part.sort in SUBJECTS for part in parts[role:kept])  # `A is trained while W is kept`
    return between and not any(part.sort in ("role", "shift") for part in parts[kept:])


def _between(parts: Sequence[Concept], context: Context) -> list[Assertion] | None:
    """What is said of a number that lies between two: `0.5–1 % of the weights are trained`."""
    places = [at for at, part in enumerate(parts) if part.sort == "amount"]
    if len(places) != 2:
        return None
    first, second = places
    least, most = parts[first], parts[second]
    before = parts[first - 1].text.lower() if first > 0 else ""
    joined = [part.text.lower() for part in parts[first + 1 : second] if part.sort != "bytes"]
    dashed = joined in (["–"], ["to"]) and before not in ("from", "down from")
    if not dashed and not (before in ("between", "from") and joined == ["and"]):
        return None
    if isinstance(least.node, Number) and isinstance(most.node, Number) and least.node.unit == "":
        least = replace(least, node=replace(least.node, unit=most.node.unit), value=most.value)
    told: list[Assertion] = []
    for op, one in (("≥", least), ("≤", most)):
        near = Concept("near", op, one.text, one.start)
        begin = first - 1 if before == "between" else first
        said = frames(clause([*parts[:begin], near, one, *parts[second + 1 :]]), context)
        if said is None:
            return None
        told += said
    return told


def _with_statement(parts: Sequence[Concept], context: Context) -> list[Assertion] | None:
    """What a clause says of a matrix that it states by the way: `the update ΔW = BA has rank at most r`."""
    places = [at for at, part in enumerate(parts) if part.sort == "relation"]
    if len(places) != 1:
        return None
    at = places[0]
    stated, before = parts[at], list(parts[:at])
    node = stated.node
    if (
        stated.value not in ("matrix", "formula")
        or not isinstance(node, tree.Relation)
        or set(node.ops) != {"="}
    ):
        return None
    if isinstance(bare(node.sides[-1]), Number):  # `B = 0 at the start: the output is that of W`
        if before or not any(part.sort == "start" for part in parts[at + 1 : at + 2]):
            return None
        said = frames(clause(parts[at + 1 :]), context)
        return [Stated(node, True), *said] if said else None
    side = node.sides[0]
    name = key(bare(side)) or ""
    if name in ("h", "x") or (parts[at + 1 : at + 2] and parts[at + 1].sort in _BOUNDS):
        return None  # what is behind is not said of it
    # ΔW is called so with its scaling and without
    told: list[Assertion] = [IsA(node.sides[1:], "update") if name == "ΔW" else Stated(node)]
    if before and before[-1].sort == "subject" and before[-1].value in ("base", "update", "merged"):
        told.append(IsA((side,), before.pop().value))
    about = replace(stated, sort=stated.value, value=name, node=side)
    own = clause([*before, about, *parts[at + 1 :]])
    if len(own.parts) < 2 or own.has("relation"):
        return None
    said = frames(own, context)
    return [*told, *said] if said else None


def frames(own: Clause, context: Context) -> list[Assertion] | None:
    """What the first frame makes of a clause that takes it; nothing if it names things and no more."""
    if own.has("unknown"):
        return None
    for frame in FRAMES.values():
        said = frame(own, context)
        if said is not None:
            return said
    names = own.within("method", "stage", "size", *SUBJECTS) and len(own.parts) == 1
    if names and not any(part.text.lower() in _DOES for part in (*context.before, *own.whole)):
        return []
    if own.has("through") and own.within("through", *SUBJECTS):
        return []
    return None


# Fillers that say what somebody does: more than a name.
_DOES = frozenset(
    f"{verb}{ending}"
    for verb in ("need", "require", "store", "hold", "contain", "leave", "use", "cost", "replace")
    for ending in ("", "s")
) | {"apply", "applies", "applied", "serves", "serve", "do", "does", "did"}


def _names(parts: Sequence[Concept]) -> bool:
    """Whether it is a noun with one word or number before it."""
    return parts[0].sort in ("law", "shapes") and all(part.sort in ("unknown", "thing") for part in parts[1:])


def asserts(parts: Sequence[Concept], owned: bool = False) -> bool:
    """Whether a sentence speaks of the model: a role beside what has one, a number of what is counted, or
    mathematics."""
    sorts = {part.sort for part in parts} | ({"matrix"} if owned else set())
    amounts = [part for part in parts if part.sort == "amount"]
    named = any(part.sort == "subject" and part.value not in ("model",) for part in parts)
    if "relation" in sorts or (
        sorts & {"matrix", "size", "amount"}
        and any(part.sort == "unknown" and part.text in "≤≥≪≫≈≠∈∼" for part in parts)
    ):
        return True
    if not sorts & {"begin", "start"} and all(part.value == "one" for part in parts if part.sort == "law"):
        sorts.discard("law")  # `one A, several B`
    if owned and {"unknown"} < sorts <= {"matrix", "unknown", "thing", "law", "shapes"} and _names(parts):
        return False  # `Zero convolution`, `1×1 convolution`: what it is called
    if "shape" in sorts and not sorts & {"size", "amount"}:
        sorts.discard("shape")  # `the columns of X are tokens`
    if "matrix" in sorts and sorts & _OF_MATRICES:
        return True
    if "role" in sorts and (named or ("noun" in sorts and sorts & {"only", "neg", "all", "amount", "sum"})):
        return True
    if "dimension" in sorts and "matrix" in sorts and "size" in sorts:
        return True
    if amounts and sorts & {"dimension", "madds", "shapes", "matrix"}:
        return True
    if amounts and "bytes" in sorts and not named and not sorts & (_OF_MODELS | {"each"}):
        return False  # `64 GB RAM`
    if amounts and sorts & {"noun", "bytes", "state"}:
        return True
    if any(part.value in ("%", "×") for part in amounts) and sorts & _SHARED:
        return True
    if amounts and "compare" in sorts <= {"amount", "compare", "filler", "near"}:  # `32 fewer`: than what?
        return True
    if "merge" in sorts and "add" in sorts and sorts & {"formula", "matrix"}:
        return True
    if "latency" in sorts and "add" in sorts | {"add" for part in parts if part.sort == "neg"}:
        return True
    if "each" in sorts and "precision" in sorts and any(part.value == "number" for part in parts):
        return True  # `NF4 uses 4 bits per parameter`
    if amounts and [part.sort for part in parts].count("precision") == 2:
        return True  # `int8 needs half the memory of fp16`
    matrices = [part for part in parts if part.sort in ("matrix", "formula")]
    if len(matrices) > 1 and any(part.value == "shape" for part in parts):
        return True  # `A and B have the same shape`
    if "levels" in sorts and "precision" in sorts and amounts:
        return True
    if {"branches", "joined"} <= sorts:
        return True
    if "several" in sorts and {"x", "h"} <= {part.value for part in parts if part.sort == "matrix"}:
        return True  # `three branches from x to h`
    if "matrix" in sorts | {"matrix" for part in parts if part.sort == "formula"} and _says_more(parts):
        return True
    return "shapes" in sorts and named


def _says_more(parts: Sequence[Concept]) -> bool:
    """Whether a sentence says of a matrix where it stands, what goes through it, or what becomes of it:
    `After training, W is discarded`."""
    known = [part for part in parts if part.sort in ("matrix", "formula") and part.value not in ("x", "h")]
    sorts = {part.sort for part in parts}
    merges = "merge" in sorts and sum(part.sort in SUBJECTS for part in parts) > 1
    return bool(known) and (merges or bool(sorts & _HAPPENS)) and not sorts & {"unlike", "different"}
