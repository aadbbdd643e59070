"""What clauses say of training: what it moves, what gets gradients, how matrices start."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.canonical import bare
from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Assertion,
    Moves,
    Starts,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.settled import Settled


def trained(s: Settled, context: Context) -> list[Assertion] | None:
    """`A and B are trained`, `LoRA trains A and B`, `W stays frozen`, `we leave W untouched`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or s.flags - {"only", "lasting", "training"}:
        return None
    roles = [phrase for prep, phrase in behind if not prep and phrase.head == "role"]
    who = [phrase for prep, phrase in behind if not prep and phrase.head == "who"]
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
        and verb.of("changes")
        and not verb.passive
        and not behind
    ):
        named, role = subject, "trained"  # `the base model never changes`
    if named is None or (subject is not None and subject.head == "agent" and (subject.only or subject.none)):
        return None
    return _moves(named, role == "trained", verb.denied, "only" in s.flags, s.method)


def _moves(named: Np, trained: bool, denied: bool, only: bool, method: str) -> list[Assertion] | None:
    turned = trained != (denied != named.none)
    if (denied or named.none) and (only or named.only):
        return None
    return [Moves(named.who, turned, only or named.only, method)]


def gradients(s: Settled, context: Context) -> list[Assertion] | None:
    """`W gets no gradient`, `no gradients are stored for W`, `there is no optimizer state for W`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None and subject is not None and subject.head in ("gradient", "state") and subject.none:
        last = context.last[-1:]  # `…, and no optimizer moments either`
        again = [one for one in last if isinstance(one, Moves) and not one.trained]
        return [*again] if again and not (behind or s.flags or subject.who) else None
    if verb is None or s.flags - {"only", "lasting", "training"}:
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
        return _moves(Np("who", who=who, none=subject.none), True, verb.denied, only, s.method)
    if moved is None or len(behind) != 1 or moved.amount is not None or verb.passive:
        return None
    if subject is not None and subject.head == "who" and verb.of("stores", "takes", "has") and not moved.who:
        return _moves(replace(subject, none=moved.none), True, verb.denied, "only" in s.flags, s.method)
    nobody = subject is None or subject.head == "agent"
    if nobody and moved.who and verb.of("stores", "has") | (verb.name == "exist"):
        return _moves(Np("who", who=moved.who, none=moved.none), True, verb.denied, moved.only, s.method)
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
    if verb is None or subject is None or subject.head != "who" or s.flags - {"start"} or subject.only:
        return None
    laws = [(prep, phrase) for prep, phrase in behind if phrase.head == "law"]
    zero = [phrase for _, phrase in behind if phrase.head == "amount" and _digits(phrase) in ("0", "1")]
    if len(behind) != 1 or len(laws) + len(zero) != 1:
        return None
    begins = verb.of("starts") and verb.name != "be"
    if not (begins or verb.of("is") or (verb.name in ("hold", "contain") and laws and laws[0][1].only)):
        return None
    law = laws[0][1].name if laws else {"0": "zero", "1": "one"}[_digits(zero[0])]
    if law == "nothing" or (zero and not begins) or (law == "one" and not begins and "start" not in s.flags):
        return None
    phrase = behind[0][1]
    if verb.of("is") and verb.name != "be" and not begins:
        return None  # `B stays zero`
    return [Starts(subject.who, law, verb.denied != (subject.none or phrase.none), s.method)]


def _digits(phrase: Np) -> str:
    plain = None if phrase.amount is None else bare(phrase.amount)
    return plain.digits if isinstance(plain, Number) and not plain.unit else ""
