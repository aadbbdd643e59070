"""What clauses say of training: what it moves, what gets gradients, how matrices start."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.canonical import bare
from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Assertion,
    FirstStep,
    Moves,
    Starts,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.settled import Settled

_WHENEVER = frozenset({"only", "lasting", "training", "step"})


def trained(s: Settled, context: Context) -> list[Assertion] | None:
    """`A and B are trained`, `LoRA trains A and B`, `W stays frozen`, `we leave W untouched`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or s.flags - _WHENEVER:
        return None
    roles = [phrase for prep, phrase in behind if not prep and phrase.head == "role"]
    who = [
        replace(phrase, who=phrase.who or phrase.what.subjects)  # `every entry of W`
        for prep, phrase in behind
        if not prep
        and (phrase.head == "who" or (phrase.every and phrase.what.subjects and not phrase.amount))
    ]
    if len(roles) + len(who) != len(behind):
        return None
    named, role = None, ""
    if subject is not None and subject.head == "who" and not who:
        if verb.of("is") and not verb.passive and len(roles) == 1:
            named, role = subject, roles[0].name
        elif verb.passive and not roles and verb.of("trains", "freezes"):
            named, role = subject, "trained" if verb.of("trains") else "frozen"
        elif verb.passive and verb.of("keeps") and len(roles) == 1:
            named, role = subject, roles[0].name
    elif (subject is None or subject.head == "agent") and len(who) == 1 and not verb.passive:
        if not roles and verb.name in (
            "train",
            "learn",
            "update",
            "optimize",
            "tune",
            "freeze",
            "fix",
            "lock",
        ):
            named, role = who[0], "trained" if verb.of("trains") else "frozen"
        elif len(roles) == 1 and verb.of("keeps"):
            named, role = who[0], roles[0].name
    if (
        subject is not None
        and subject.head == "who"
        and verb.name in ("change", "move", "vary", "budge")
        and not verb.passive
        and not behind
    ):
        named, role = subject, "trained"  # `the base model never changes`
    if named is None or (subject is not None and subject.head == "agent" and (subject.only or subject.none)):
        return None
    return _moves(named, role == "trained", verb.denied, "only" in s.flags, s)


def _moves(named: Np, moved: bool, denied: bool, only: bool, s: Settled) -> list[Assertion] | None:
    turned = moved != (denied != named.none)
    if (denied or named.none) and (only or named.only):
        return None
    if "step" in s.flags:
        plain = not s.method and s.flags == {"step"}
        return [FirstStep(named.who, turned, only or named.only)] if plain else None
    return [Moves(named.who, turned, only or named.only, s.method)]


def likewise(s: Settled, context: Context) -> list[Assertion] | None:
    """`…, but B does`, `A is not`, `and so does LoRA`: what the clause before said, of others."""
    subject, verb = s.clause.subject, s.clause.verb
    last = context.last[-1] if context.last else None
    if verb is None or verb.name not in ("do", "be") or s.clause.behind or s.flags or subject is None:
        return None
    if subject.only or subject.none or not isinstance(last, Moves | FirstStep | Starts):
        return None
    turned = verb.denied != context.denied
    who = last.subjects if subject.head == "agent" else subject.who
    if not who or (subject.head == "agent" and not isinstance(last, Moves)):
        return None
    match last:
        case Moves(trained=moved, only=False):
            return [Moves(who, moved != turned, method=s.method)]
        case FirstStep(moves=moved, only=False) if not s.method:
            return [FirstStep(who, moved != turned)]
        case Starts(law=law, negated=negated):
            return [Starts(who, law, negated != turned, s.method)]
    return None


def gradients(s: Settled, context: Context) -> list[Assertion] | None:
    """`W gets no gradient`, `no gradients are stored for W`, `there is no optimizer state for W`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None and subject is not None and subject.head in ("gradient", "state") and subject.none:
        last = context.last[-1:]  # `…, and no optimizer moments either`
        again = [one for one in last if isinstance(one, Moves) and not one.trained]
        return [*again] if again and not (behind or s.flags or subject.who) else None
    if verb is None or s.flags - _WHENEVER:
        return None
    phrases = [phrase for _, phrase in behind]
    moved = next((phrase for phrase in phrases if phrase.head in ("gradient", "state")), None)
    split = _contrast(s)
    if split is not None:
        both = [gradients(part, context) for part in split]
        return None if None in both else [one for said in both for one in said or ()]
    if subject is not None and subject.head in ("gradient", "state"):
        if not ((verb.passive and verb.of("stores")) or verb.name in ("flow", "go", "reach", "exist")):
            return None
        whose = [
            phrase
            for prep, phrase in behind
            if prep in ("", "for", "to", "into", "of") and phrase.head == "who"
        ]
        who = subject.who or (whose[0].who if len(whose) == 1 else ())
        if len(behind) != (0 if subject.who else 1) or not who or subject.amount is not None:
            return None
        only = "only" in s.flags or subject.only or (bool(whose) and whose[0].only)
        if verb.name in ("flow", "go", "reach") and not (only or subject.none or verb.denied):
            return None  # gradients flow through a frozen weight, too
        return _moves(Np("who", who=who, none=subject.none), True, verb.denied, only, s)
    if moved is None or len(behind) != 1 or moved.amount is not None or verb.passive:
        return None
    if subject is not None and subject.head == "who" and verb.of("stores", "takes", "has") and not moved.who:
        return _moves(replace(subject, none=moved.none), True, verb.denied, "only" in s.flags, s)
    nobody = subject is None or subject.head == "agent"
    if nobody and moved.who and (verb.of("stores", "has") or verb.name == "exist"):
        return _moves(Np("who", who=moved.who, none=moved.none), True, verb.denied, moved.only, s)
    return None


def _contrast(s: Settled) -> tuple[Settled, Settled] | None:
    """`… for A and B, not for W` as two clauses."""
    behind = s.clause.behind
    if len(behind) < 2 or not behind[-1][1].none or behind[-1][0] != behind[-2][0] or s.clause.verb is None:
        return None
    first = replace(s.clause, behind=behind[:-1])
    denied = (*behind[:-2], (behind[-1][0], replace(behind[-1][1], none=False)))
    verb = replace(s.clause.verb, denied=not s.clause.verb.denied)
    second = replace(s.clause, behind=denied, verb=verb, flags=s.flags - {"only"})
    return replace(s, clause=first), replace(s, clause=second)


def starts(s: Settled, context: Context) -> list[Assertion] | None:
    """`B starts at zero`, `A is filled with random values`, `B holds nothing but zeros`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or s.flags - {"start"}:
        return None
    begins = verb.of("starts") and verb.name != "be"
    each = [item for _, phrase in behind for item in (phrase.items or (phrase,))]
    if begins and each and not verb.denied and all(item.head == "law" and item.who for item in each):
        # `… with uniform values for A and zeros for B`
        owner = subject is None or subject.head == "agent" or subject.who == ("adapter",)
        plain = not any(item.none or item.only or item.name in ("nothing", "one") for item in each)
        return [Starts(item.who, item.name, method=s.method) for item in each] if owner and plain else None
    if begins and not verb.passive and (subject is None or subject.head == "agent") and len(behind) == 2:
        (first, subject), *behind_ = behind  # `we initialize B with zeros`
        behind = tuple(behind_)
        if first or subject.head != "who":
            return None
    if subject is None or subject.head != "who" or subject.only or len(behind) != 1:
        return None
    phrase = behind[0][1]
    law, zero = phrase.head == "law" and not phrase.who, _digits(phrase) in ("0", "1")
    if not (law or zero):
        return None
    if not (begins or verb.name == "be" or (verb.name in ("hold", "contain") and law and phrase.only)):
        return None
    name = phrase.name if law else {"0": "zero", "1": "one"}[_digits(phrase)]
    if (
        name == "nothing"
        or (zero and not begins)
        or (name == "one" and not begins and "start" not in s.flags)
    ):
        return None
    return [Starts(subject.who, name, verb.denied != (subject.none or phrase.none), s.method)]


def _digits(phrase: Np) -> str:
    plain = None if phrase.amount is None else bare(phrase.amount)
    return plain.digits if isinstance(plain, Number) and not plain.unit else ""
