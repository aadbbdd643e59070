"""What clauses say of sizes and shapes, and of what grows with a size."""

from __future__ import annotations

from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Full,
    Grows,
    Shaped,
    Sized,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.settled import Settled, names

_BY = {"double": "2", "triple": "3", "quadruple": "4", "halve": "1/2", "quarter": "1/4"}


def grows(s: Settled, context: Context) -> list[Assertion] | None:
    """`Tripling the rank triples the number of parameters`, `changing alpha has no effect on it`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.passive or s.flags or s.method or subject is None or subject.head != "change":
        return None
    if subject.only or subject.none:
        return None
    phrases = [phrase for prep, phrase in behind if prep in ("", "on")]
    if not phrases:
        return None
    more = behind[0][1] if len(behind) == 1 and not behind[0][0] else None
    if more is not None and more.head == "compare" and len(more.items) == 1 and more.whole is None:
        counted = more.items[0]  # `a higher rank means more trainable parameters`
        own = not counted.what.subjects and counted.what.role in ("", "trained") and more.amount is None
        way = {"more": ">", "fewer": "<"}.get(more.compare, "")
        plain = own and verb.of("makes") and not verb.denied and counted.head == "count" and way
        return [Grows(subject.name, subject.compare or "2", "trained", way)] if plain else None
    still = (
        len(behind) == 2
        and verb.name == "leave"
        and phrases[-1].head == "role"
        and phrases[-1].name == "frozen"
    )
    nothing = len(behind) == 2 and verb.of("has") and phrases[0].name == "effect" and phrases[0].none
    phrases = phrases[:1] if still else phrases[1:] if nothing else phrases
    if len(phrases) != 1 or len(behind) - len(phrases) > 1 or phrases[0].none or phrases[0].only:
        return None
    phrase = phrases[0]
    what = "scale" if phrase.head == "size" and phrase.name == "scale" else ""
    if phrase.head == "count" and phrase.amount is None and not phrase.what.method:
        owner = phrase.what.subjects
        own = not owner or set(owner) <= {"adapter"} or set(names(owner)) <= {"A", "B"}
        what = "trained" if own and phrase.what.role in ("", "trained") else ""
    if phrase.head == "who":
        what = "trained" if phrase.who == ("adapter",) else "scale" if phrase.who == ("update",) else ""
    idle = still or nothing or (verb.denied and verb.of("changes"))
    by = "1" if idle else _BY.get(verb.name, "") if not verb.denied else ""
    return [Grows(subject.name, subject.compare or "2", what, by)] if what and by else None


def at_size(s: Settled, context: Context) -> list[Assertion] | None:
    """`…, and at r = 16 it is 49,152`: of what was said to grow."""
    subject, verb, behind = s.clause.subject, s.acts(), s.clause.behind
    last = context.last[-1] if context.last else None
    if verb is None or verb.name != "be" or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    if not isinstance(last, Grows) or last.what != "trained" or subject is None or subject.head != "it":
        return None
    if prep or phrase.head not in ("amount", "count") or phrase.amount is None or phrase.unit or phrase.whole:
        return None
    return [Counts(Counted("trained"), (phrase.amount,), phrase.op)] if phrase.what == Counted() else None


def depends(s: Settled, context: Context) -> list[Assertion] | None:
    """`alpha does not add any parameters`, `changing alpha has no effect on the number of parameters`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.passive or s.flags or s.method or subject is None or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    last = context.last[-1] if context.last else None
    it = last.size if subject.head == "it" and isinstance(last, Grows) else ""
    size = it or subject.name
    if not (it or (subject.head == "size" and subject.amount is None)) or prep:
        return None
    what = {"count": "trained", "who": "scale", "size": "scale"}.get(phrase.head, "")
    if phrase.head == "who" and (phrase.who != ("update",) or size != "alpha" or verb.name != "rescale"):
        return None
    if (phrase.head == "count" and not (verb.denied or phrase.none)) or phrase.amount is not None:
        return None
    if phrase.head == "count" and (
        not verb.of("adds", "changes") or phrase.what.subjects or phrase.what.method
    ):
        return None
    if phrase.head == "size" and (phrase.name != "scale" or not verb.of("changes")):
        return None
    turned = verb.denied or phrase.none
    return [Grows(size, "2", what, "1" if turned else "≠" if size != "alpha" else "2")] if what else None


def sized(s: Settled, context: Context) -> list[Assertion] | None:
    """`The rank is 8`, `W has 4,096 rows and 1,024 columns`, `the model has 32 layers`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.denied or s.flags - {"each"} or s.method or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    if verb.passive and not verb.of("scales"):
        return None
    if subject is not None and subject.head == "size" and not subject.who and subject.amount is None:
        if verb.of("is", "makes") and phrase.head == "amount" and not prep and phrase.amount is not None:
            if phrase.unit in ("%", "×") or phrase.whole is not None:
                return None
            return [Sized(subject.name, (phrase.amount,), phrase.op)] if subject.node is None else None
        return None
    items = phrase.items or (phrase,)
    if (
        subject is not None
        and subject.head == "data"
        and verb.of("has")
        and not prep
        and subject.node is not None
    ):
        long = phrase.amount if phrase.head in ("dims", "count") and phrase.what == Counted() else None
        return (
            None if long is None else [Counts(Counted("", (subject.node,), "", "rows"), (long,), phrase.op)]
        )
    if phrase.head == "rank" and verb.of("is", "has") and not prep and subject is not None and subject.who:
        plain = not (subject.only or subject.none or verb.denied)
        return [Full(subject.who, phrase.name == "full")] if plain else None
    if subject is None or subject.head != "who" or prep:
        return None
    if verb.of("has") and all(item.head == "lines" and item.amount is not None for item in items):
        return [
            Counts(
                Counted("", subject.who, "", item.name, subject.every or "each" in s.flags),
                (item.amount,),
                item.op,
            )
            for item in items
            if item.amount is not None
        ]
    if verb.of("has") and phrase.head == "things" and phrase.amount is not None and subject.who == ("model",):
        named = phrase.name in ("n_layers", "n_heads") and not phrase.what.role
        return [Sized(phrase.name, (phrase.amount,), phrase.op)] if named and context.network else None
    if verb.of("has") and phrase.head == "size" and phrase.name == "r" and phrase.amount is not None:
        return [Sized("r", (phrase.amount,), phrase.op)] if set(subject.who) <= {"adapter", "model"} else None
    if phrase.head == "shape" and phrase.node is not None and verb.of("is", "has"):
        return [Shaped(subject.who, phrase.node)]
    return None
