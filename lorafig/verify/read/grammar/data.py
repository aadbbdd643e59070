"""What clauses say of data on its way: what goes where, what is added, mapped and merged."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    FirstOutput,
    Joins,
    Merges,
    Projects,
    Stated,
    Takes,
)
from lorafig.verify.read.clause import Context
from lorafig.verify.read.grammar.phrase import Np
from lorafig.verify.read.grammar.settled import Settled, is_zero, names


def takes(s: Settled, context: Context) -> list[Assertion] | None:
    """`Both branches see the same input x`, `x goes to W and to A`."""
    subject, verb, behind = s.clause.subject, s.acts(), s.clause.behind
    if verb is None or subject is None or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    if subject.head == "who" and phrase.head == "data" and verb.of("takes") and not prep:
        who, data = subject, phrase
    elif (
        subject.head == "data"
        and phrase.head == "who"
        and verb.of("goes")
        and prep in ("", "to", "into", "through")
    ):
        who, data = phrase, subject
    else:
        return None
    if who.only or who.none or data.only or data.none or data.node is None:
        return None
    return [Takes(who.who)] if key(bare(data.node)) == "x" else None


def joins(s: Settled, context: Context) -> list[Assertion] | None:
    """`… and add its output`: the two branches are added."""
    subject, verb, behind = s.clause.subject, s.acts(), s.clause.behind
    nobody = subject is None or subject.head == "agent"
    if verb is None or verb.name != "add" or not nobody or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    node = None if prep or phrase.head != "data" or phrase.none or phrase.only else phrase.node
    own = node is not None and to_plain(node) in ("BAx", "ΔWx")
    return [Joins("added")] if own else None


def is_sum(s: Settled, context: Context) -> list[Assertion] | None:
    """`The output is the sum of Wx and BAx`: vectors are equal."""
    subject, verb, behind = s.clause.subject, s.acts("start"), s.clause.behind
    if verb is None or len(behind) != 1:
        return None
    prep, phrase = behind[0]
    if subject is None or subject.head != "data" or phrase.head != "data" or prep or not verb.of("returns"):
        return None
    if subject.node is None or phrase.node is None:
        return None
    node = tree.Relation((subject.node, phrase.node), ("=",))
    return [Stated(node, "start" in s.flags)]


_A, _B = parse_math("A"), parse_math("B")

_DOWN, _UP = frozenset({"compress", "squeeze", "shrink", "reduce"}), frozenset({"expand", "lift", "blow"})


def passed_on(s: Settled, context: Context) -> list[Assertion] | None:
    """`x is compressed to r dimensions`, `… and then expanded back to d`: by the one that does so."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or not verb.passive or verb.denied or s.method or s.flags - {"order"} or len(behind) != 1:
        return None
    goes_on = subject is None and any(
        isinstance(one, Counts) and one.what.subjects == (_A,) for one in context.last
    )
    given = (
        subject is not None
        and subject.head == "data"
        and subject.node is not None
        and key(bare(subject.node)) == "x"
    )
    who = _A if verb.name in _DOWN and given else _B if verb.name in _UP and goes_on else None
    prep, phrase = behind[0]
    node = _extent(phrase)
    if who is None or node is None or prep not in ("to", "into", "onto") or phrase.op != "=":
        return None
    return [Counts(Counted("", (who,), "", "rows"), (node,))]


def maps(s: Settled, context: Context) -> list[Assertion] | None:
    """`A maps the input to r dimensions`, `B takes it from r back up to d`, `goes from 8,192 to 2,048`."""
    subject, verb, behind = s.clause.subject, s.acts("down", "up"), s.clause.behind
    if verb is None or not verb.of("maps"):
        return None
    if subject is None or subject.head != "who" or subject.only or subject.none or len(subject.who) != 1:
        return None
    sides: dict[str, Node] = {}
    data = False
    for prep, phrase in behind:
        side = {"": "columns", "from": "columns", "to": "rows", "onto": "rows", "into": "rows"}.get(prep, "")
        if not prep and phrase.head == "data" and phrase.node is not None and not data:
            data = True
            continue
        if not prep and phrase.head == "who" and phrase.who == context.subjects:
            data = True  # `takes it back to d`
            continue
        node = _extent(phrase)
        if node is None or not side or side in sides or phrase.op != "=":
            return None
        sides[side] = node
    if "rows" not in sides:
        return None
    said: list[Assertion] = [
        Counts(Counted("", subject.who, "", name), (node,)) for name, node in sides.items()
    ]
    said += [Projects(subject.who[0], "down" in s.flags)] if s.flags else []
    return said


_SYMBOLS = {"r": "r", "d": "d", "k": "k", "out": "d"}


def _extent(phrase: Np) -> Node | None:
    """How many entries a vector has, by a number or by the name of a size."""
    if phrase.none or phrase.only or phrase.whole is not None or phrase.unit in ("×", "%", "/"):
        return None
    if phrase.head in ("dims", "amount") and phrase.amount is not None:
        return phrase.amount
    if phrase.head == "size" and phrase.amount is None and not phrase.who:
        return phrase.node or (parse_math(_SYMBOLS[phrase.name]) if phrase.name in _SYMBOLS else None)
    return None


def merges(s: Settled, context: Context) -> list[Assertion] | None:
    """`BA has been folded into W`, `the two branches collapse into a single matrix`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if (
        verb is None
        or verb.denied
        or s.method
        or s.flags - {"merged"}
        or subject is None
        or not verb.of("merges")
    ):
        return None
    if len(behind) != 1 or behind[0][0] not in ("into", "with") or subject.only or subject.none:
        return None
    phrase = behind[0][1]
    base = phrase.head == "who" and (phrase.who == ("base",) or names(phrase.who) in (["W"], ["W_0"]))
    own = subject.head == "who" and (
        set(subject.who) <= {"adapter", "update"}
        or names(subject.who) in (["BA"], ["ΔW"], ["A", "B"], ["B", "A"])
    )
    return [Merges(True)] if verb.passive and own and base and not (phrase.none or phrase.only) else None


def first(s: Settled, context: Context) -> list[Assertion] | None:
    """`The first forward pass gives the same output as the base model`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if verb is None or verb.passive or s.method or s.flags - {"start"} or subject is None:
        return None
    model = subject.head == "who" and subject.who == ("model",) and not (subject.only or subject.none)
    output = model or (subject.head == "data" and subject.name == "output")
    begun = subject.head == "first" or (output and ("start" in s.flags or context.begun))
    still = verb.name == "start" or (verb.of("is") and begun)
    if model and still and len(behind) == 1 and behind[0][1].head == "role" and behind[0][1].name == "frozen":
        return [FirstOutput(not verb.denied)]  # `the model starts unchanged`
    if not verb.of("returns"):
        return None
    alone = len(behind) == 1 and not behind[0][0] and behind[0][1].who == ("base",)
    if begun and verb.name == "be" and alone:  # `the first output is the pretrained one`
        return [FirstOutput(not verb.denied)]
    data = [phrase for prep, phrase in behind if not prep and phrase.head == "data"]
    whose = [phrase for prep, phrase in behind if prep == "as" and phrase.head == "who"]
    of_base = len(data) == len(whose) == 1 and whose[0].who == ("base",) and data[0].name == "output"
    own = len(behind) == 1 and data and data[0].node is not None and key(bare(data[0].node)) is None
    if not begun or not ((of_base and len(behind) == 2) or (own and to_plain(data[0].node or _A) == "Wx")):
        return None
    return [FirstOutput(not verb.denied)]


def stated(s: Settled, context: Context) -> list[Assertion] | None:
    """`At first the update BA = 0`."""
    subject, verb, behind = s.clause.subject, s.clause.verb, s.clause.behind
    if (verb is not None and s.clause.spoken) or s.flags != {"start"} or len(behind) != 1 or s.method:
        return None
    prep, phrase = behind[0]
    named = subject is None or (subject.head == "who" and subject.who == ("update",))
    zero = phrase.head == "statement" and phrase.node is not None and is_zero(phrase.node)
    return [Stated(phrase.node, True)] if named and zero and not prep and phrase.node is not None else None
