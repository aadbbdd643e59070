"""Branches that are there several times: what their index runs over, and their copies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError, Problem
from lorafig.language import model
from lorafig.language.index import HINT, Index, indices
from lorafig.language.rewrite import rewritten
from lorafig.notation.canonical import key
from lorafig.notation.indexed import at
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node, Number, Run

MOST = 512  # copies: as many terms as a sum is expanded to
SHOWN = 2  # copies before the dots


class Reach(Struct, frozen=True):
    """From the first to the last value of an index."""

    index: Index
    first: int
    last: int


def reach(repeat: model.Repeat | model.FlowGroup, values: Mapping[str, Fraction]) -> Reach:
    """What an index runs over. Raises LorafigError for a range without a value, and for one too long."""
    over, *others = indices(str(repeat.over))
    where = getattr(repeat.over, "where", None) or repeat.where
    if others:
        what = f"{len(others) + 1} indices for what is repeated: it has one"
        hint = f"put what is repeated over {others[0].letter} into what is repeated over {over.letter}"
        raise LorafigError(Problem(what, where, hint, code="index"))
    try:
        first, last = evaluate(over.first, values), evaluate(over.last, values)
    except LorafigError as error:
        raise LorafigError(Problem(error.problems[0].what, where, HINT, code="index")) from None
    if first.denominator != 1 or last.denominator != 1 or first > last:
        what = f"{over.letter} runs from {first} to {last}: there is nothing between"
        raise LorafigError(Problem(what, where, HINT, code="index"))
    if last - first >= MOST:
        what = f"a repeat of {int(last - first) + 1:,}; the limit is {MOST}"
        raise LorafigError(Problem(what, where, "draw fewer, and say in words how many there are"), "limit")
    return Reach(over, int(first), int(last))


def copy(repeat: model.Repeat, letter: str, value: Node) -> tuple[model.StackElement, ...]:
    """The elements of a repeat with a value in the place of its index."""
    return tuple(put(element, letter, value) for element in repeat.repeat)


def copies(repeat: model.Repeat) -> Iterator[tuple[model.StackElement, ...]]:
    """All copies of a repeat that runs between two numbers."""
    there = reach(repeat, {})
    for value in range(there.first, there.last + 1):
        yield copy(repeat, there.index.letter, Number(str(value)))


def amount(repeat: model.Repeat) -> int:
    """How many copies a repeat has that runs between two numbers."""
    there = reach(repeat, {})
    return there.last - there.first + 1


def expanded(
    stack: tuple[model.StackElement, ...], values: Mapping[str, Fraction]
) -> tuple[model.StackElement, ...]:
    """A stack with the copies of its repeats: the first ones, a repeat of those that dots stand for, and the
    last, whose index is written as the range ends."""
    return tuple(
        _split(element, values) if isinstance(element, model.Split) else element for element in stack
    )


def repeats(stack: tuple[model.StackElement, ...]) -> bool:
    """Whether anything in a stack is repeated."""
    return any(
        isinstance(inner, model.Repeat) or repeats((inner,) if isinstance(inner, model.Split) else ())
        for element in stack
        if isinstance(element, model.Split)
        for branch in element.split
        for inner in (branch if isinstance(branch, tuple) else (branch,))
    )


def _split(split: model.Split, values: Mapping[str, Fraction]) -> model.Split:
    branches: list[model.StackElement | tuple[model.StackElement, ...]] = []
    for branch in map(single, split.split):
        if isinstance(branch, model.Repeat):
            branches += _copies(branch, values)
        else:
            branches.append(
                expanded(branch, values) if isinstance(branch, tuple) else expanded((branch,), values)[0]
            )
    return replace(split, split=tuple(branches))


def single(branch: model.StackElement | tuple[model.StackElement, ...]) -> Any:
    """A branch; the element of one that has no other."""
    return branch[0] if isinstance(branch, tuple) and len(branch) == 1 else branch


def _copies(
    repeat: model.Repeat, values: Mapping[str, Fraction]
) -> Iterator[model.StackElement | tuple[model.StackElement, ...]]:
    there = reach(repeat, values)
    letter, first, last = there.index.letter, there.first, there.last
    inner = replace(repeat, repeat=expanded(repeat.repeat, values))
    shown = range(first, last) if last - first <= SHOWN + 1 else range(first, first + SHOWN)
    for value in shown:
        yield copy(inner, letter, Number(str(value)))
    if shown.stop < last:
        yield replace(inner, over=model.Source(f"{letter} = {shown.stop}..{last - 1}", repeat.where))
    end = there.index.last
    yield copy(inner, letter, end if key(end) is not None else Number(str(last)))


def put(part: Any, letter: str, value: Node) -> Any:
    """A part of a spec with a value in the place of an index in all that is written on it."""
    from lorafig.notation.write.tex import text_to_tex, to_tex  # which a spec without a repeat does not need

    def write(old: str, form: str) -> str:
        if form == "math":
            node = parse_math(old)
            new = at(node, letter, value)
            text = old if new == node else to_tex(new)
        else:
            runs = parse_text(old)
            written = tuple(run if run.math is None else _run(run, letter, value) for run in runs)
            text = old if written == runs else text_to_tex(written)
        return model.Source(text, getattr(old, "where", None))

    return rewritten(part, write, ("unverified", "name", "level"))


def _run(run: Run, letter: str, value: Node) -> Run:
    """Mathematics in a text; an index by itself becomes words there, Expert 1, which are a name."""
    math = at(run.math, letter, value) if run.math is not None else None
    if isinstance(math, Number) and math != run.math:
        return replace(run, text=math.digits, math=None)
    return replace(run, math=math)
