"""Sentences read by their grammar: clause by clause, each as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from lorafig.verify.read.assertions import (
    Alike,
    Assertion,
    Counts,
    Moves,
    Passed,
    Ratio,
    Shaped,
    Starts,
    Stated,
    Subject,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.clauses import Clauses
from lorafig.verify.read.grammar.meaning import asserted
from lorafig.verify.read.grammar.units import Unit
from lorafig.verify.read.lexicon import Lexicon

LONGEST = 60  # units of a sentence
_BETWEEN = frozenset(
    ["and", "but", "while", "whereas", "so", "because", "since", "where", "although", "though", "which"]
)
_HENCE = frozenset({"so", "hence", "thus", "therefore"})
_MARKS = (",", ";", ":", "—", "–", "(", ")", ".", "!")

Otherwise = Callable[[int, int, Context], "list[Assertion | Passed] | None"]


def clause(
    units: Sequence[Unit], known: Lexicon, context: Context, whole: bool = False
) -> tuple[list[Assertion], bool] | None:
    """What a clause asserts, if its grammar is known, and whether it denies what it speaks of; with `whole`,
    of one that has a subject and a verb."""
    for way in Clauses(units, known, context).read():
        if whole and (way.subject is None or way.verb is None or not way.spoken):
            continue
        said = asserted(way, context)
        if said is not None:
            return said, way.denies
    return None


def sentence(
    units: Sequence[Unit], known: Lexicon, context: Context, otherwise: Otherwise, whole: bool = False
) -> list[Assertion | Passed] | None:
    """What a sentence asserts, clause by clause; `otherwise` tells what a part of it says, by where it
    begins and ends, whose grammar is not known. With `whole`, each clause needs a subject and a verb."""
    while units and units[-1].mark and units[-1].text in _MARKS:
        units = units[:-1]
    if not 0 < len(units) <= LONGEST or any(unit.mark and unit.text == "?" for unit in units):
        return None
    alone = _Sentence(units, known, lambda begin, end, there: None, whole).solve(0, context)
    return alone if alone is not None else _Sentence(units, known, otherwise, whole).solve(0, context)


class _Sentence:
    def __init__(self, units: Sequence[Unit], known: Lexicon, otherwise: Otherwise, whole: bool) -> None:
        self.whole = whole
        self.units = units
        self.known = known
        self.otherwise = otherwise
        self._read: dict[tuple[int, int, Context], tuple[list[Assertion], bool] | None] = {}

    def _clause(self, begin: int, stop: int, context: Context) -> tuple[list[Assertion], bool] | None:
        own = (begin, stop, context)
        if own not in self._read:
            self._read[own] = clause(self.units[begin:stop], self.known, context, self.whole)
        return self._read[own]

    def _ends(self, at: int) -> bool:
        unit = self.units[at]
        return (unit.mark and unit.text in _MARKS) or (unit.concept is None and unit.text in _BETWEEN)

    def solve(self, begin: int, context: Context) -> list[Assertion | Passed] | None:
        while begin < len(self.units) and self._ends(begin):
            begin += 1
        if begin == len(self.units):
            return []
        stops = [at for at in range(begin + 1, len(self.units)) if self._ends(at)]
        for stop in (len(self.units), *reversed(stops)):
            said: list[Assertion | Passed] | None = None
            own = self._clause(begin, stop, context)
            if own is not None:
                said = [*own[0]]
            elif (begin, stop) != (0, len(self.units)):
                last = self.units[stop].start if stop < len(self.units) else self.units[-1].start + 1
                said = self.otherwise(self.units[begin].start, last, context)
            if said is None:
                continue
            told = _told(said)
            if own is None:  # whom frames do not tell
                first = Clauses(self.units[begin:stop], self.known, context).subjects(0)
                who = next((phrase.who for phrase, _ in first if phrase.head == "who"), ())
                context = replace(context, subjects=who or context.subjects)
            behind = self.units[stop : stop + 2]
            hence = any(unit.concept is None and unit.text in _HENCE for unit in behind)
            zero = any(
                (isinstance(one, Starts) and one.law == "zero") or (isinstance(one, Stated) and one.begun)
                for one in told
            )
            following = replace(
                _following(said, context),
                last=() if own is None else told or context.last,  # how frames deny is not known
                begun=hence and zero,
                denied=own is not None and own[1],
            )
            rest = self.solve(stop, following)
            if rest is not None:
                return [*said, *rest]
        return None


def _told(said: Sequence[Assertion | Passed]) -> tuple[Assertion, ...]:
    return tuple(one for one in said if not isinstance(one, Passed))


def _following(said: Sequence[Assertion | Passed], context: Context) -> Context:
    """The context of the clause behind: whom `it` stands for."""
    for one in said:
        named: tuple[Subject, ...] = ()
        match one:
            case Moves(subjects=who) | Starts(subjects=who) | Shaped(subjects=who) | Alike(subjects=who):
                named = who
            case Counts(what) | Ratio(what):
                named = what.subjects
        if named:
            return replace(context, subjects=named)
    return context
