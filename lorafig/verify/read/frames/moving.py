"""Clauses on what training moves, and what stays frozen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Full,
    IsA,
    Moves,
    Sized,
    Subject,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    clause,
    negated,
    subjects,
)
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames import making

_MATRICES = ("matrix", "matrices", "factor", "factors", "pair")


def moves(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is frozen`, `train A and B only`, `Frozen` on an element, `LoRA adds two matrices`."""
    said = _moves(c, context)
    called = [part.text.lower() for part in c.of("subject") if part.value == "adapter"]
    if said is None or not called or not all(text.split()[-1] in _MATRICES for text in called):
        return said
    if any(word in text for text in called for word in ("train", "learn", "kronecker")):
        return said
    return [replace(one, subjects=_low_rank(one)) if isinstance(one, Moves) else one for one in said]


def _low_rank(said: Moves) -> tuple[Subject, ...]:
    """`The low-rank matrices` are so whether they are trained or not."""
    return tuple("matrices" if one == "adapter" else one for one in said.subjects)


def _moves(c: Clause, context: Context) -> list[Assertion] | None:
    if c.has("add") and not c.has("role") and any(part.value == "matrices" for part in c.of("several")):
        added = [replace(p, sort="role", value="trained") if p.sort == "add" else p for p in c.whole]
        c = clause(added)
    if not c.has("role") or not c.within(
        "role",
        "neg",
        "only",
        "all",
        "method",
        "stage",
        "unlike",
        "noun",
        "share",
        "sum",
        "several",
        "instead",
        "shape",
        *SUBJECTS,
    ):
        return None
    if c.has("instead"):
        return _rather(c, context)
    if c.has("shape"):
        return _of_low_rank(c, context)
    if _only_named(c) or _of_a_name((*context.before, *c.whole)):
        return None
    if any(part.sort == "only" and behind.sort == "method" for part, behind in pairwise(c.whole)):
        return _only_in(c, context)
    if c.has("neg") and (_contradicts(c) or ("colon" in c.marks and _apart(c)) or _denies_nobody(c)):
        return None
    apart = making._but_not(c, context)
    if apart is not None:
        return apart
    things = any(part.sort == "thing" for part in c.whole)  # `in VeRA the matrices are frozen`
    pronoun = things or any(part.text.lower().split()[:1] in (["it"], ["they"], ["this"]) for part in c.whole)
    named = [part.sort for part in c.parts] == ["method", "role"] and c.parts[0].value == context.method
    if named and not pronoun:
        return [Moves(("adapter",), c.parts[1].value == "trained")]  # `W is frozen, LoRA is trained`
    named_others = any(part.sort == "thing" and part.text.lower() in _OTHERS for part in c.whole)
    if named_others and not c.has("method", "noun", *SUBJECTS):
        return None  # `the layers themselves are trained`: not who was spoken of before
    left = _left(c)
    if left is not None:
        return _moves(left, context)
    if any(stage.value != "training" for stage in c.of("stage")):
        return None
    methods = c.of("method")
    full = any(method.value == "full" for method in methods)
    unlike = c.has("unlike")
    other = _other(c, context)
    if other is None:
        return None
    said: list[Assertion] = []
    for part in c.of("several"):
        if part.node is not None and part.value == "branches":
            said.append(Counts(Counted("", (), "", "branches"), (part.node,)))
            continue
        if len({role.value for role in c.of("role")}) > 1 or part.node is None:
            return None
        role = c.of("role")[0].value
        behind = c.parts[c.place(part) + 1 :][:1]
        if behind and behind[0].value == "adapter":  # `and two trainable matrices`
            role = "trained"
        if context.network and behind and behind[0].value == "adapter":
            return (
                [Sized("n_adapted", (part.node,))] if role == "trained" else None
            )  # `64 adapters are trained`
        said.append(Counts(Counted(role, (), other, part.value), (part.node,)))
        if not c.has(*SUBJECTS) and not c.has("only"):
            return said
    kinds = {part.value for part in c.of("several")}
    if kinds == {"vectors"} and not c.has(*SUBJECTS):
        return [*said, Moves(("vectors",), not negated(c.parts), True, other)]  # `only two vectors`
    for group, role, parts in _paired(c, context):
        if not group or (group == ("model",) and not c.has("all", "sum", "only")):
            return None
        trained = (role == "trained") != negated(parts)
        only = any(part.sort == "only" for part in parts) or (c.has("only") and len(c.of("role")) == 1)
        if full and not unlike:
            said.append(Moves(group, trained, method="full"))
            continue
        said.append(Moves(group, trained, only, "" if unlike else other))
        if unlike and other:
            said.append(Moves(group, not trained, method=other))
        if full:
            said.append(Moves(group, not trained, method="full"))
    called = {one for one in subjects(c.parts) if isinstance(one, str)} & {"base", "adapter", "merged"}
    if context.own and len(called) == 1 and not c.has("matrix", "formula"):
        said.append(IsA(context.own, called.pop()))
    return said or None


def _of_low_rank(c: Clause, context: Context) -> list[Assertion] | None:
    """`LoRA learns an update of low rank`: that it is learned, and of which rank it is."""
    ranks = c.of("shape")
    at = c.place(ranks[0])
    before = c.parts[at - 1 : at] if at else ()
    if len(ranks) != 1 or ranks[0].value not in ("low", "full") or not before:
        return None
    if before[0].sort != "subject" or before[0].value not in ("update", "adapter") or "of" not in c.marks:
        return None
    said = _moves(clause([part for part in c.whole if part is not ranks[0]]), context)
    return None if said is None else [*said, Full((before[0].value,), ranks[0].value == "full")]


def _of_a_name(parts: Sequence[Concept]) -> bool:
    """Whether somebody does it who is not known: `BitFit trains the biases`."""
    words = [part for part in parts if part.sort != "filler"][:2]
    verb = words[1].text.lower() if len(words) > 1 and words[1].sort == "role" else ""
    return bool(words) and words[0].sort == "name" and verb.endswith("s") and " " not in verb


def _only_named(c: Clause) -> bool:
    """Whether the one role names its noun, and another noun with an article of its own stands beside: of `the
    frozen weight and the adapter see x` nothing is said of what is trained."""
    roles = [at for at, part in enumerate(c.whole) if part.sort == "role"]
    if len(roles) != 1 or c.has("only", "method", "add"):
        return False
    at = roles[0]
    before, behind = c.whole[:at], c.whole[at + 1 :]
    article = not before or before[-1].text.lower() in _ARTICLES
    if not article or not behind or behind[0].sort != "subject":
        return False
    return any(
        first.text.lower() in _ARTICLES and second.sort in SUBJECTS for first, second in pairwise(behind)
    ) or any(part.sort == "subject" and part.text.lower().startswith("the ") for part in behind[1:])


_ARTICLES = ("the", "a", "an")


def _only_in(c: Clause, context: Context) -> list[Assertion] | None:
    """`Of LoRA, VeRA and LoRA-FA, only LoRA trains A`: what one method does and the others do not."""
    only = next(at for at, part in enumerate(c.parts) if part.sort == "only")
    others = [part.value for part in c.parts[:only] if part.sort == "method"]
    rest = c.parts[only + 1 :]
    roles, named = [part.value for part in rest if part.sort == "role"], subjects(rest)
    listed = any(part.sort == "of" for part in (*context.before, *c.whole[:1]))
    if not listed or len(roles) != 1 or not named or len(c.of("method")) != len(others) + 1:
        return None
    if (
        not c.within("only", "method", "role", *SUBJECTS)
        or rest[0].value not in others
        or c.parts[:only] != tuple(part for part in c.parts[:only] if part.sort == "method")
    ):
        return None
    trained = roles == ["trained"]
    return [
        Moves(named, trained == (other == rest[0].value), method="" if other == context.method else other)
        for other in others
    ]


def _contradicts(c: Clause) -> bool:
    """Whether the same is said and denied of one: `W is trained and does not receive updates`."""
    roles = [at for at, part in enumerate(c.parts) if part.sort == "role"]
    for first, last in pairwise(roles):
        between = c.parts[first + 1 : last]
        behind = c.parts[last + 1 : last + 2]
        same = c.parts[first].value == c.parts[last].value and not any(p.sort in SUBJECTS for p in between)
        turns = (
            [*between, *behind] if last == roles[-1] and len(behind) == len(c.parts) - last - 1 else between
        )
        if (
            same
            and sum(part.sort == "neg" for part in turns) == 1
            and not any(part.sort == "neg" for part in c.parts[:first])
        ):
            return True
    return False


def _denies_nobody(c: Clause) -> bool:
    """Whether somebody who is not named is denied at the end: `learned is W, not the rest`."""
    at = next(at for at, part in enumerate(c.whole) if part.sort == "neg")
    before, behind = c.whole[:at], c.whole[at + 1 :]
    set_off = bool(before) and before[-1].sort == "comma"
    return (
        set_off
        and bool(subjects(before))
        and any(part.sort in ("all", "thing") for part in behind)
        and not any(part.sort in (*SUBJECTS, "role", "shift") for part in behind)
    )


def _apart(c: Clause) -> bool:
    """Whether what is denied before a colon is another thing than what is said behind it: `no gradient is
    needed: W is frozen`."""
    at = next(at for at, part in enumerate(c.whole) if part.sort == "colon")
    denied = any(part.sort == "neg" for part in c.whole[:at])
    return denied and any(part.sort in ("role", "gradient", "state") for part in c.whole[at:])


def _left(c: Clause) -> Clause | None:
    """What stands behind the verb of `the adapter leaves W unchanged`: who leaves it is not what is left."""
    words = list(c.whole)
    verbs = ("leaves", "leave", "leaving", "keeps", "keep", "keeping")
    at = next((at for at, part in enumerate(words) if part.text.lower() in verbs), None)
    if (
        at is None
        or not at
        or not set(subjects(words[:at]))
        or set(subjects(words[:at])) - {"adapter", "model"}
    ):
        return None
    behind = words[at + 1 :]
    if not subjects(behind) or not any(part.sort == "role" for part in behind):
        return None
    return clause([part for part in words[:at] if part.sort in ("method", "stage")] + behind)


def _rather(c: Clause, context: Context) -> list[Assertion] | None:
    """`Instead of updating W, we learn A and B`: what is denied, and what is meant."""
    words = list(c.whole)
    at = next(at for at, part in enumerate(words) if part.sort == "instead")
    meant, denied = words[:at], words[at + 1 :]
    if not subjects(meant):
        comma = next((place for place, part in enumerate(denied) if part.sort == "comma"), len(denied))
        meant, denied = denied[comma:], denied[:comma]
    roles = {part.value for part in words if part.sort == "role"}
    named, others = subjects(meant), subjects(denied)
    if len(roles) != 1 or not named or not others or c.has("neg", "stage", "unlike", "several", "noun"):
        return None
    if {part.value for part in c.of("method")} - {context.method}:
        return None
    trained = roles == {"trained"}
    low = [part for part in c.of("shape") if part.value in ("low", "full")]
    if len(low) != len(c.of("shape")) or (low and not set(named) <= {"update", "adapter"}):
        return None
    ranks = [Full(named, part.value == "full") for part in low]
    return [Moves(named, trained), Moves(others, not trained), *ranks]


def _other(c: Clause, context: Context) -> str | None:
    """The method of a clause, if it is another than the figure's; None if it speaks of several."""
    named = {method.value for method in c.of("method")} - {"full"} or {context.within} - {""}
    if len(named) > 1:
        return None
    return next(iter(named - {context.method}), "")


def _paired(c: Clause, context: Context) -> list[tuple[tuple[Subject, ...], str, list[Concept]]]:
    """Each role with those that it is said of: behind it if the clause begins with one, else before it."""
    parts = [part for part in c.parts if part.sort not in ("method", "unlike", "stage")]
    roles = [part for part in parts if part.sort == "role"]
    if len(roles) == 1:
        split = _contrast(parts)
        if split is not None:
            denied, meant = split
            plain = [part for part in meant if part.sort != "neg"]
            return [(subjects(denied), roles[0].value, denied), (subjects(meant), roles[0].value, plain)]
        at = parts.index(roles[0])
        own = next((place for place, part in enumerate(c.whole) if part is roles[0]), 0)
        article = own > 0 and c.whole[own - 1].text.lower() in ("the", "a", "an", "its")
        behind_it = parts[at + 1 : at + 2]
        beside = own > 1 and c.whole[own - 2].text.lower() in ("beside", "next to", "side by side", "with")
        if article and beside and behind_it and subjects(parts[:at]):
            if behind_it[0].sort == "subject":
                return [(subjects(behind_it), roles[0].value, [])]  # `an adapter beside the frozen weight`
            if behind_it[0].sort == "noun" and roles[0].value == "frozen":
                return [(("base",), "frozen", [])]
        before, behind = subjects(parts[:at]), subjects(parts[at:])
        if before and behind and parts[-1].sort == "neg":  # `A and B learn while W does not`
            return [(before, roles[0].value, parts[:at]), (behind, roles[0].value, parts[-1:])]
        limits = [place for place, part in enumerate(parts) if part.sort == "only"]
        if limits and subjects(parts[: limits[0]]) and subjects(parts[limits[0] :]):  # `of A and B, only B`
            return [(subjects(parts[limits[0] :]), roles[0].value, parts)]
    if len({role.value for role in roles}) == 1 and not any(part.sort == "neg" for part in parts[1:-1]):
        group = subjects(parts) or _whole(parts, context)
        return [(group, roles[0].value, parts)]
    if len(roles) == 1:
        return [(subjects(parts) or _whole(parts, context), roles[0].value, parts)]
    first = next(part for part in parts if part.sort in ("role", *SUBJECTS))
    forward = first.sort == "role"
    groups: list[list[Concept]] = []
    run: list[Concept] = []
    ordered = parts if forward else parts[::-1]
    for part in ordered:
        if part.sort == "role" and run and any(other.sort == "role" for other in run):
            if not any(other.sort in SUBJECTS for other in run):
                run.append(part)
                continue
            groups.append(run)
            run = []
        run.append(part)
    groups.append(run)
    if not forward:  # what turns a role stands before it: with the one behind
        groups = groups[::-1]
    told: list[tuple[tuple[Subject, ...], str, list[Concept]]] = []
    for members in groups:
        values = {part.value for part in members if part.sort == "role"}
        named = subjects(members) or context.own
        if not named and values == {"frozen"} and any(part.sort == "noun" for part in members):
            named = ("base",)
        if len(values) != 1 or not named:
            return [((), "", [])]
        told.append((named, values.pop(), members))
    return told


def _contrast(parts: Sequence[Concept]) -> tuple[list[Concept], list[Concept]] | None:
    """`not W but BA is learned`: what is denied, and what is meant."""
    at = next((at for at, part in enumerate(parts) if part.sort == "neg"), None)
    if at is None:
        return None
    named = [place for place, part in enumerate(parts) if part.sort in SUBJECTS]
    role = next(place for place, part in enumerate(parts) if part.sort == "role")
    if (
        len(named) == 2
        and at < named[0]
        and parts[at].text.lower() == "not"
        and (role < at or role > named[1])
    ):
        return [*parts[: named[1]]], [*parts[named[1] :]]
    return None


_OTHERS = frozenset(
    {"layers", "blocks", "heads", "projections", "input", "output", "inputs", "loss", "modules"}
)


def _whole(parts: Sequence[Concept], context: Context) -> tuple[Subject, ...]:
    if any(part.sort == "sum" for part in parts):
        return ("model",)
    if any(part.sort == "noun" for part in parts) and not context.own:
        if any(part.sort == "all" for part in parts):
            return ("model",)
        frozen = any(part.sort == "role" and part.value == "frozen" for part in parts) and not negated(parts)
        return ("base",) if frozen else ()
    return context.own or context.subjects
