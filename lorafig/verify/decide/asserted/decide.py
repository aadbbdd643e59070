"""What words assert, decided as mathematics is: by the counts, the starts, the training steps and the
equations of the core."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from lorafig.verify.decide import (
    counts,
    properties,
    spoken,
    suppositions,
    traits,
    ways,
)
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.asserted import counted, extents, naming, stored, training, written
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import plus, times
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Doubt, Undecidable, number
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Assertion, Counted
from lorafig.verify.read.clause import unit_of
from lorafig.verify.verdicts import Kind

# What a panel of each stage shows.
SHOWN = {
    "training": frozenset({"base", "adapter", "update", "branches", "latency", "model"}),
    "merged": frozenset({"merged", "model"}),
    "base": frozenset({"base", "model"}),
}


class Standing(Struct, frozen=True):
    """What a text stands over, the stage of a panel, or on, a step of a pipeline; None and '' if on none."""

    stage: str | None = None
    step: str = ""


def decide(assertion: Assertion, judge: Judge, standing: Standing) -> Answer:
    """The verdict on what a clause asserts; of families that are called by their letter, on any member of
    each."""
    try:
        several = spoken.of_members(assertion, judge.symbols)
        return worst([_decided(one, judge, standing) for one in several])
    except Doubt as doubt:
        return doubtful(_kind(assertion), doubt)


def _kind(assertion: Assertion) -> Kind:
    match assertion:
        case assertions.Counts():
            return "count"
        case assertions.Ratio() | assertions.Differs():
            return "ratio"
        case assertions.Shaped():
            return "shape"
        case assertions.Starts():
            return "init"
        case assertions.Ranked() | assertions.Full():
            return "rank"
        case _:
            return "property"


def _decided(assertion: Assertion, judge: Judge, standing: Standing) -> Answer:
    symbols = judge.symbols
    match assertion:
        case assertions.Stated(node, begun):
            return (judge.at_start() if begun else judge).judge(written.in_full(node))
        case assertions.Moves():
            return training.moves(assertion, judge)
        case assertions.Counts(what, amounts, op):
            valued = any(size is not None for size in symbols.dimensions.values()) or symbols.network
            if what == Counted() and len(amounts) > 1 and not valued:
                return properties.told(True, "nothing says how large anything is")  # an equation of numbers
            if standing.stage == "merged" and what == Counted():
                what = Counted(subjects=("base",))
            if any(counted.names_model(amount, what, symbols) for amount in amounts):
                return properties.told(True, "so the model is called")
            answers = [
                written.is_amount(judge, counted.quantity(what, symbols), amount, op, "count")
                for amount in amounts
            ]
            if what.unit == "bytes" and op in ("=", "≈"):
                answers = [
                    written.in_unit(answer, what, amount)
                    for answer, amount in zip(answers, amounts, strict=True)
                ]
            return worst(answers)
        case assertions.Ratio():
            return written.ratio(assertion, judge)
        case assertions.PerNumber():
            return written.per_number(assertion, judge)
        case assertions.OfFormats(bits, other, amount, compare, op):
            share_ = Fraction(bits, other)
            times_ = "/" not in getattr(amount, "digits", "") and unit_of(amount) == "×"
            if compare == "fewer":
                share_ = 1 / share_ if times_ else 1 - share_
            elif compare == "more" and not times_:
                share_ = share_ - 1
            return written.is_amount(judge, counts.Quantity((number(share_),)), amount, op, "ratio")
        case assertions.Supposed():
            return suppositions.decided(assertion, judge, lambda one, there: decide(one, there, standing))
        case assertions.Differs(what, than, amount, more, op):
            sides = counted.side(what, than, "trained", symbols), counted.side(than, what, "base", symbols)
            larger, smaller = sides if more else sides[::-1]
            rest = plus(larger, times(number(-1), smaller))
            return written.is_amount(judge, counts.Quantity((rest,)), amount, op, "count")
        case assertions.Stored(subjects, bits):
            return worst([stored.is_stored(subject, bits, symbols) for subject in subjects])
        case assertions.Sized(name, amounts, op):
            return worst(
                [
                    written.is_amount(judge, extents.size(name, symbols), amount, op, "count")
                    for amount in amounts
                ]
            )
        case assertions.Ranked(subject, amount, op):
            return extents.ranked(subject, amount, op, judge)
        case assertions.Shaped(subjects, shape):
            return worst([extents.shaped(subject, shape, symbols) for subject in subjects])
        case assertions.ModuleShape():
            return extents.module_shape(assertion, symbols)
        case assertions.Full(subjects, full):
            return worst([extents.full_rank(subject, full, symbols) for subject in subjects])
        case assertions.Grows():
            return written.grows(assertion, symbols)
        case assertions.Starts(subjects, law, negated, method) if method:
            answers = [training.starts_in(method, subject, law) for subject in subjects]
            return worst([properties.turned(answer, negated) for answer in answers])
        case assertions.Starts(subjects, law, negated):
            answers = [training.starts(subject, law, judge) for subject in subjects]
            return worst([properties.turned(answer, negated) for answer in answers])
        case assertions.Projects(subject, down):
            return extents.projects(subject, down, symbols)
        case assertions.Joins(how):
            if standing.step == "unmerge":
                return properties.told(how == "subtracted", "the step takes the update off the weight again")
            return _joins(how, symbols)
        case assertions.Merges(possible):
            return properties.decided("merges" if possible else "never merges", (), symbols, judge.seed)
        case assertions.Latency(added, merged, stated):
            if standing.stage == "training" and not stated:
                beside = "the products of the adapter are computed beside that of the weight"
                answer = properties.told(added, beside)
                return answer if added else replace(answer, hint="say when: no latency once merged")
            if not merged and not symbols.adapter.rank:
                raise Undecidable("what an adapter that is not merged costs is not decided from words")
            if not merged:  # B(Ax) beside Wx: Hu et al. (2021), section 4.1
                return properties.told(added, "its products are computed beside that of the weight")
            return properties.decided("costs" if added else "free", (), symbols, judge.seed)
        case assertions.IsA(subjects, called, negated):
            answers = [naming.is_a(subject, called, judge) for subject in subjects]
            return worst([properties.turned(answer, negated) for answer in answers])
        case assertions.Marked(said, drawn):
            return properties.told(said == drawn, f"it is drawn as {drawn}")
        case assertions.Method(name):
            if standing.stage == "base" and name != "full":
                return properties.told(False, "no adapter stands there")
            return naming.method(name, symbols)
        case assertions.Shows(names):
            if standing.stage is None:
                raise Undecidable("nothing says what it stands over")
            shown_ = SHOWN[standing.stage]
            return properties.told(names <= shown_, f"what stands there is {' and '.join(sorted(shown_))}")
        case assertions.Passes() | assertions.Placed() | assertions.Takes():
            return ways.flows(assertion, symbols)
        case assertions.Alike() | assertions.Proportioned():
            return ways.compared(assertion, symbols)
        case assertions.FirstOutput(same):
            return properties.turned(
                properties.decided("starts pretrained", (), symbols, judge.seed), not same
            )
        case assertions.FirstStep():
            return training.first_step(assertion, symbols)
        case assertions.Saved():
            return training.saved(assertion, symbols)
        case assertions.Has():
            return traits.has(assertion, symbols)
        case assertions.Removes(possible):
            return properties.turned(ways.removes(symbols), not possible)
        case assertions.Targets() | assertions.Others():
            return ways.targets(assertion, symbols)
        case assertions.Stage("early") if standing.stage is not None:
            return properties.told(standing.stage != "merged", "what stands there is merged after training")
        case assertions.Stage(name):
            if standing.stage is None:
                raise Undecidable("nothing says what it stands over")
            seen = {
                "training": "an adapter beside the weight",
                "merged": "one merged weight",
                "base": "the weight alone",
            }
            return properties.told(standing.stage == name, f"what stands there is {seen[standing.stage]}")
        case _:
            assert_never(assertion)


def _joins(how: str, symbols: Symbols) -> Answer:
    """How what the weight gives and what stands beside it come together in h."""
    own = symbols.adapter.defined.get("h", "")
    h = symbols.terms.get("h")
    whole = h.body if isinstance(h, terms.Defined) else h
    if not own.startswith("W") and not isinstance(whole, terms.Add):
        raise Undecidable("how the two come together is not known of this method")
    return properties.told(how == "added", f"h = {own}" if own else "h is a sum")
