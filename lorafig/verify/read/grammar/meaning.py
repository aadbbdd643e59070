"""What a clause asserts, by its verb and by what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lorafig.verify.read.assertions import (
    Assertion,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar import data, numbers, sizes, training
from lorafig.verify.read.grammar.clauses import Clause
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.settled import Settled, settled


def asserted(clause: Clause, context: Context) -> list[Assertion] | None:
    """What a clause asserts; None if that is not known, or if not all of it is."""
    part = settled(clause, context)
    if part is None:
        return None
    none = part.clause.subject is not None and part.clause.subject.none
    for rule in _OF_TRAINING if none else (*_OF_TRAINING, *_RULES):  # `no matrix has …` is of these alone
        said = rule(part, context)
        if said is not None:
            beside = [one for phrase in _phrases(clause) for one in phrase.said]
            return [*part.said, *beside, *said]
    return None


def _phrases(clause: Clause) -> Iterator[Np]:
    whole = [*([] if clause.subject is None else [clause.subject]), *(phrase for _, phrase in clause.behind)]
    for phrase in whole:
        yield phrase
        yield from phrase.items
        if phrase.whole is not None:
            yield phrase.whole


Rule = Callable[[Settled, Context], "list[Assertion] | None"]

_OF_TRAINING: Sequence[Rule] = (
    training.trained,
    training.gradients,
    training.starts,
    training.likewise,
)
_RULES: Sequence[Rule] = (
    *(numbers.counts, numbers.shares, numbers.compared, sizes.sized),
    *(data.takes, data.joins, data.is_sum, data.maps, data.passed_on, data.first),
    *(
        numbers.adapts,
        numbers.more,
        numbers.again,
        sizes.grows,
        sizes.at_size,
        sizes.depends,
        data.merges,
        data.stated,
    ),
)
