"""What clauses say of numbers: how many, which share, how many times."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Alike,
    Assertion,
    Counted,
    Counts,
    Differs,
    Ratio,
    Sized,
    Subject,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.settled import Settled


def counts(s: Settled, context: Context) -> list[Assertion] | None:
    """`The adapter has 2,048 parameters`, `2,048 parameters are trained`, `the number of parameters is …`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if (verb is not None and verb.denied) or s.flags - {"total", "each", "layer", "only"}:
        return None
    if "layer" in s.flags and context.network:
        return None
    each = "each" in s.flags
    if verb is None:
        if subject is None or subject.head != "count" or subject.amount is None or behind:
            return None
        return _number(subject, (), "", each, s.method, context)
    if subject is not None and subject.head == "count" and subject.amount is not None:
        roles = [phrase for prep, phrase in behind if not prep and phrase.head == "role"]
        if verb.passive and verb.of("trains", "freezes") and not behind:
            return _number(subject, (), "trained" if verb.of("trains") else "frozen", each, s.method, context)
        if verb.of("is") and not verb.passive and len(roles) == len(behind) == 1:
            return _number(subject, (), roles[0].name, each, s.method, context)
        return None
    if subject is not None and subject.head == "count" and len(behind) == 1:
        prep, phrase = behind[0]
        if not (verb.of("is", "makes") and not verb.passive) or phrase.head not in ("amount", "count"):
            return None
        if phrase.head == "count" and (phrase.what != Counted() or phrase.whole):
            return None
        if prep not in ("", "to", "at") or phrase.amount is None or phrase.unit in ("%", "×", "/"):
            return None
        whole = replace(subject, amount=phrase.amount, op=phrase.op)
        return _number(whole, (), "", each, s.method, context)
    counts = [
        phrase for prep, phrase in behind if prep in ("", "of", "to", "with") and phrase.head == "count"
    ]
    if len(counts) != 1 or counts[0].amount is None:
        return None
    rest = [(prep, phrase) for prep, phrase in behind if phrase is not counts[0]]
    if any(prep not in ("in", "for") or phrase.head != "who" for prep, phrase in rest) or len(rest) > 1:
        return None
    inside = rest[0][1].who if rest else ()
    nobody = subject is None or subject.head == "agent"
    who: tuple[Subject, ...] = inside
    role = ""
    if verb.of("trains") and not verb.passive and nobody:
        role = "trained"
    elif verb.name == "exist" and subject is None:
        pass
    elif (
        not (verb.of("has", "costs", "makes", "is", "adds") and not verb.passive)
        or inside
        or (verb.of("is") and verb.name == "be" and not nobody)
    ):
        return None
    elif nobody and not counts[0].what.role and not counts[0].what.subjects:
        who = ("adapter",)  # `LoRA adds 2,048 parameters`
    if subject is not None and subject.head == "who":
        who = subject.who
        each = each or subject.every
    elif not nobody:
        return None
    return _number(counts[0], who, role, each, s.method, context)


def _number(
    phrase: Np, who: tuple[Subject, ...], role: str, each: bool, method: str, context: Context
) -> list[Assertion] | None:
    """So many of what is counted, or such a share of it."""
    what = phrase.what
    if (role and what.role and role != what.role) or (who and what.subjects) or (method and what.method):
        return None
    assert phrase.amount is not None
    who = who or (context.subjects if each and not what.subjects else ())
    if each and not (who or what.subjects or role or what.role):
        return None
    what = replace(
        what,
        role=what.role or role,
        subjects=what.subjects or who,
        method=what.method or method,
        each=what.each or each,
    )
    if what.method and what.subjects == ("adapter",):
        what = replace(what, subjects=(), role=what.role or "trained")
    if phrase.whole is not None and phrase.whole.head == "count" and phrase.whole.amount is None:
        return None
    if phrase.none or phrase.unit in ("×", "%", "/"):
        return None
    said: list[Assertion] = [Counts(what, (phrase.amount,), phrase.op)]
    if phrase.whole is not None:
        whole = phrase.whole
        if whole.amount is None or whole.unit:
            return None
        said.append(Counts(replace(whole.what, role=whole.what.role or "total"), (whole.amount,), whole.op))
    return said


def shares(s: Settled, context: Context) -> list[Assertion] | None:
    """`0.5 % of the parameters are trained`, `LoRA trains 0.5 % of the weights`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.denied or s.flags - {"only"} or s.method:
        return None
    part, role = None, ""
    inside = [phrase for prep, phrase in behind if prep in ("in", "of") and phrase.head == "who"]
    if subject is not None and subject.head == "amount" and subject.whole is not None and inside:
        owner = subject.whole  # `half of them in A`
        if verb.name != "be" or len(behind) != 1 or owner.head != "who" or subject.amount is None:
            return None
        return [Ratio(Counted("", inside[0].who), Counted("", owner.who), "as", subject.amount, subject.op)]
    if subject is not None and subject.head == "amount" and subject.whole is not None:
        roles = [phrase for prep, phrase in behind if not prep and phrase.head == "role"]
        if verb.passive and verb.of("trains", "freezes") and not behind:
            part, role = subject, "trained" if verb.of("trains") else "frozen"
        elif verb.of("is") and not verb.passive and len(roles) == len(behind) == 1:
            part, role = subject, roles[0].name
    elif (
        (subject is None or subject.head == "agent")
        and verb.of("trains")
        and not verb.passive
        and len(behind) == 1
    ):
        part, role = behind[0][1], "trained"
    if part is None or part.head != "amount" or part.whole is None or part.amount is None:
        return None
    whole = part.whole
    if part.unit not in ("%", "/") or whole.head != "count" or whole.amount is not None or whole.what.role:
        return None
    return [
        Ratio(
            Counted(role),
            replace(whole.what, role="total" if not whole.what.subjects else ""),
            "share",
            part.amount,
            part.op,
        )
    ]


def compared(s: Settled, context: Context) -> list[Assertion] | None:
    """`LoRA trains 32 times fewer parameters than full fine-tuning`, `A is smaller than W`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.denied or s.flags or len(behind) != 1 or verb.passive:
        return None
    compare = behind[0][1]
    if compare.head == "same" and subject is not None and subject.head == "who" and verb.of("has"):
        both = (*subject.who, *compare.who)
        return [Alike(both, compare.name)] if len(both) > 1 and not (subject.only or subject.none) else None
    if compare.name == "equal" and verb.of("is") and subject is not None and len(subject.who) > 1:
        return [Alike(subject.who, "entries")]
    lines = [item.name for item in compare.items for item in (item.items or (item,)) if item.head == "lines"]
    if (
        lines
        and compare.whole is not None
        and subject is not None
        and subject.head == "who"
        and verb.of("has")
    ):
        op = {"as": "=", "fewer": "<", "more": ">"}[compare.compare]
        both = (*subject.who, *compare.whole.who)
        plain = compare.amount is None and compare.whole.head == "who" and len(both) == 2
        return [Alike(both, name, op) for name in lines] if plain and not compare.whole.said else None
    if compare.head != "compare" or behind[0][0] or compare.whole is None or compare.none:
        return None
    role = "trained" if verb.of("trains") and not verb.of("is", "has", "costs") else ""
    noun = compare.items[0] if compare.items else None
    if noun is not None and noun.head == "lines":
        return None
    if noun is None and not verb.of("is"):
        return None
    if noun is not None:
        role = noun.what.role or role
    first = _side(subject, role, s.method, context)
    then = _side(
        compare.whole,
        role if compare.whole.head == "method" and compare.whole.name != "full" else "",
        "",
        context,
    )
    if first is None or then is None or first == then:
        return None
    if compare.amount is None and compare.compare == "as":
        return [Ratio(first, then, "as", Number("1", "×"))]
    if compare.amount is None:
        return [Ratio(first, then, compare.compare)]
    if compare.unit not in ("×", "%", "/"):
        if compare.compare == "as" or noun is None:
            return None
        return [Differs(first, then, compare.amount, compare.compare == "more", compare.op)]
    return [Ratio(first, then, compare.compare, compare.amount, compare.op)]


def _side(phrase: Np | None, role: str, method: str, context: Context) -> Counted | None:
    if phrase is None or phrase.head == "agent":
        return Counted(role or "trained", (), method)
    if phrase.none or phrase.only:
        return None
    if phrase.head == "who":
        return Counted("", phrase.who)
    if phrase.head == "method":
        return Counted(role, (), "" if phrase.name == context.method else phrase.name)
    if phrase.head == "count" and phrase.amount is None:
        return phrase.what
    return None


def more(s: Settled, context: Context) -> list[Assertion] | None:
    """`DoRA has 256 extra trainable parameters over LoRA`; `128 times less than the full 65,536` of whom the
    clause before counted."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.denied or verb.passive or s.flags or len(behind) != 2:
        return None
    (first, phrase), (prep, other) = behind
    compare = other if other.head == "compare" and other.whole is not None and other.amount is None else None
    if compare is not None and compare.whole is not None and not (prep or compare.items):
        prep, other = "over", compare.whole  # `4,096 parameters more than LoRA`
    more = compare is None or compare.compare == "more"
    if (
        first
        or prep not in ("over", "to")
        or phrase.head != "count"
        or other.head != "method"
        or phrase.amount is None
    ):
        return None
    if not (subject is None or subject.head == "agent") or not verb.of("adds", "has", "costs", "trains"):
        return None
    if phrase.unit or phrase.whole is not None or phrase.what.subjects or phrase.what.method:
        return None
    role = phrase.what.role or "trained"
    than = Counted(role, (), "" if other.name == context.method else other.name)
    return [Differs(Counted(role, (), s.method), than, phrase.amount, more, phrase.op)]


def again(s: Settled, context: Context) -> list[Assertion] | None:
    """`…, 65,536 in total`: the number of what was just said to be a share."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if subject is None and verb is None and len(behind) == 1 and context.subjects and not s.flags:
        compare = behind[0][1]  # `…, 128 times less than the full 65,536`
        full = compare.whole
        if (
            full is None
            or full.head != "amount"
            or compare.amount is None
            or compare.items
            or full.amount is None
        ):
            return None
        base, own = Counted("", ("base",)), Counted("", context.subjects)
        share = Ratio(own, base, compare.compare, compare.amount, compare.op)
        return [share, Counts(base, (full.amount,), full.op)] if not full.unit else None
    last = [one for one in context.last if isinstance(one, Ratio) and one.compare == "share"]
    if verb is not None or behind or not last or subject is None or subject.head != "amount":
        return None
    if s.flags - {"total"} or subject.amount is None or subject.unit or subject.whole is not None:
        return None
    return [Counts(last[-1].what, (subject.amount,), subject.op)]


def adapts(s: Settled, context: Context) -> list[Assertion] | None:
    """`Applying LoRA there adapts 64 matrices`: so many of a network."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.denied or not context.network or s.method or s.flags - {"total"}:
        return None
    things = [phrase for prep, phrase in behind if not prep and phrase.head == "things"]
    if verb.name == "adapt" and not verb.passive and len(behind) == len(things) == 1:
        phrase = things[0]
    elif (
        verb.name == "adapt"
        and verb.passive
        and not behind
        and subject is not None
        and subject.head == "things"
    ):
        phrase = subject
    else:
        return None
    if phrase.amount is None or phrase.name != "n_adapted" or phrase.what.role:
        return None
    return [Sized("n_adapted", (phrase.amount,), phrase.op)]
