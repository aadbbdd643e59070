"""Clauses on how a matrix starts."""

from __future__ import annotations

from lorafig.verify.read.assertions import (
    Assertion,
    Moves,
    Starts,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    negated,
    subjects,
)
from lorafig.verify.read.frames import moving


def starts(c: Clause, context: Context) -> list[Assertion] | None:
    """`B starts at zero`, `A is drawn from a Gaussian`, `zero-initialized` on an element."""
    laws = c.of("law")
    numbers = [part for part in c.of("amount") if part.text in ("0", "1")]
    if not laws and not (numbers and c.has("begin", "start")):
        return None
    if not c.within(
        "law",
        "begin",
        "start",
        "neg",
        "amount",
        "all",
        "role",
        "size",
        "method",
        "stage",
        *SUBJECTS,
    ):
        return None
    if any(law.value == "nothing" for law in laws):
        return _idle(c, context)
    if any(stage.value != "early" for stage in c.of("stage")):
        return None
    if not c.has("begin", "start", "stage") and _lasts(c):
        return None
    other = moving._other(c, context)
    if other is None or any(part.value == "full" for part in c.of("method")):
        return None
    if len(c.of("amount")) != len(numbers):
        return None
    if c.has("role"):
        return _frozen_and_random(c, context)
    values = [law.value for law in laws] + [{"0": "zero", "1": "one"}[part.text] for part in numbers]
    if "one" in values and not c.has("begin", "start", "stage"):
        return None
    if "random" in values and "normal" in values:
        values = ["normal"]
    about = subjects(c.parts)
    about = () if context.own and about == ("model",) else about  # `Random projection` on an element
    at = c.place((laws or numbers)[0])
    between = len(values) == 1 and values != ["singular"] and "comma" in c.marks
    if between and subjects(c.parts[:at]) and subjects(c.parts[at:]):
        return None  # `BA is zero, so the layer computes Wx`
    if values == ["singular"]:  # `of the weight`, whatever stands behind
        about = subjects(c.parts[: c.place(laws[0])])
    elif c.has("size"):
        return None
    if len(values) == 2 and len(about) == 2 and not c.has("neg"):
        return [Starts((one,), value, method=other) for one, value in zip(about, values, strict=True)]
    about = about or context.own or context.subjects
    if len(set(values)) != 1 or not about:
        return None
    turns = [place for place, part in enumerate(c.parts) if part.sort == "neg"]
    if len(turns) == 1 and values != ["singular"]:
        before, behind = c.parts[: turns[0]], c.parts[turns[0] + 1 :]
        if subjects(before) and subjects(behind):
            # `zero-initialised is B, not A`
            return [
                Starts(subjects(before), values[0], method=other),
                Starts(subjects(behind), values[0], True, other),
            ]
    return [Starts(about, values[0], negated(c.parts), other)]


def _lasts(c: Clause) -> bool:
    """Whether it is said of more than the start: `B is always zero`, `B stays zero in every step`."""
    words = {word for part in c.whole for word in part.text.lower().split()}
    return not words.isdisjoint(_LASTING)


_LASTING = frozenset(
    {"always", "stays", "stay", "remains", "remain", "kept", "never", "forever", "permanently", "throughout"}
    | {"step", "steps", "epoch", "epochs", "pass", "passes", "training", "inference", "time", "times"}
)


def _frozen_and_random(c: Clause, context: Context) -> list[Assertion] | None:
    """`Frozen random` and `Trained, zero at first` on an element: its role, and its start."""
    roles = {part.value for part in c.of("role")}
    if not context.own or len(roles) != 1 or len(c.of("law")) != 1 or set(subjects(c.parts)) - {"model"}:
        return None
    if not c.within("role", "law", "start", "subject"):
        return None
    law = Starts(context.own, c.of("law")[0].value)
    return [Moves(context.own, roles == {"trained"}), law]


def _idle(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter does nothing at first`, `B is zero, so the adapter does nothing`: only then is that so."""
    if not (c.has("start", "begin") or context.begun) or set(subjects(c.parts)) - {"adapter", "update"}:
        return None
    if c.has("neg", "role", "size"):
        return None
    return [Starts(("update",), "zero")] if subjects(c.parts) else None
