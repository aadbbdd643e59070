"""Words that mean something else where they stand: what is said of a noun by the words around it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.concept import Concept

_BOUNDS = ("join", "comma", "colon", "open", "close", "end")
_SPOKEN = ("matrix", "formula", "subject")
_WIDE = {"wide": "columns", "tall": "rows", "high": "rows"}
_MOST = ("most", "majority")
_ADAM = ("adam", "moment")  # who has two states for each parameter
_SEES = ("see", "sees", "gets", "receives", "has", "holds")
_NUMBERS = ("amount", "size", "bytes", "precision", "state", "several")
_LARGE = ("size", "amount")
_SAME = ("equals", "equal", "is", "is just", "is exactly", "gives", "=", "is that of")
_MATRICES = ("matrix", "matrices", "factors", "vectors", "weights")


_OF_METHODS = {
    "vectors": "vectors", "matrices": "matrices", "magnitude": "magnitude", "magnitudes": "magnitude",
    "magnitude vector": "magnitude", "magnitude vectors": "magnitude",
}  # fmt: skip


def _of_method(found: Sequence[Concept]) -> list[Concept]:
    """Where a method is named that has more than two matrices, its `vectors` and `matrices` are who is spoken
    of: `VeRA trains two vectors`."""
    methods = {part.value for part in found if part.sort == "method"}
    if len(methods) != 1 or methods <= {"lora", "full"}:
        return list(found)
    told: list[Concept] = []
    for at, part in enumerate(found):
        value = _OF_METHODS.get(part.text.lower(), "")
        behind = found[at + 1] if at + 1 < len(found) else None
        counted = bool(told) and told[-1].sort in ("amount", "role")  # `learned vectors`
        if (
            value
            and not counted
            and part.sort in ("thing", "filler")
            and (behind is None or behind.sort not in _SPOKEN)
        ):
            if told and told[-1].sort == "law" and told[-1].value == "random":
                told.pop()  # `its random matrices`
            told.append(replace(part, sort="subject", value=value))
        else:
            told.append(part)
    return told


def _without_the_denied(found: Sequence[Concept]) -> list[Concept]:
    """`The scale is 2, not 16`: a number beside another that it is not, and says nothing more."""
    told: list[Concept] = []
    at = 0
    while at < len(found):
        parts = found[at : at + 3]
        alike = [part.sort for part in parts] == ["comma", "neg", "amount"] and bool(told)
        ends = all(part.sort in _BOUNDS for part in found[at + 3 : at + 4])
        other = told[-1] if told else None
        if alike and ends and other is not None and other.sort == "amount" and parts[1].text.lower() == "not":
            first, second = other.number, parts[2].number
            if first is not None and second is not None and first != second and first.unit == second.unit:
                at += 3
                continue
        told.append(found[at])
        at += 1
    return told


def meant(found: Sequence[Concept]) -> list[Concept]:
    """The concepts as they are meant."""
    found = _of_method(_without_the_denied(found))
    told: list[Concept] = []
    named = any(part.sort in ("dimension", "shapes") for part in found)
    counting = any(part.sort in _NUMBERS for part in found)
    compared = any(part.sort in ("compare", "result", "pace") for part in found)
    adam = any(word in part.text.lower() for part in found for word in _ADAM)
    for at, part in enumerate(found):
        before, behind = found[at - 1 : at] if at else (), found[at + 1 : at + 2]
        word = part.text.lower()
        ends = not behind or behind[0].sort in _BOUNDS
        if part.sort == "instead" and word == "instead" and ends:
            continue  # `we learn A and B instead`
        if part.text == "m" and part.sort == "unknown" and told and told[-1].value == "magnitude":
            continue  # `the magnitude vector m`
        if part.sort == "unknown" and part.text in ("r", "d", "k") and behind and _is_wide(behind[0]):
            told.append(replace(part, sort="size", value=part.text, node=tree.Symbol(part.text)))
            continue
        if word == "alone" and part.sort == "only" and _leaves(told):
            told.append(replace(part, sort="role", value="frozen"))  # `leaves the weight alone`
            continue
        if part.sort == "filler" and word in _WIDE and before and before[0].sort in _LARGE and not named:
            told.append(replace(part, sort="shape", value=_WIDE[word]))  # `W is 512 wide`
            continue
        if part.sort == "compare" and word.startswith("compress") and _of_data(found, at):
            told.append(replace(part, sort="maps", value=""))  # `A compresses the input to 8 dimensions`
            continue
        if told and part.node is not None and _product(told[-1], part):
            told[-1] = _times(told[-1], part)  # `B A`
            continue
        if part.sort in ("size", "dimension") and before and before[0].text.lower().endswith("same"):
            told.append(replace(part, sort="filler", value=""))  # `at the same α`
            continue
        if part.number is not None and part.value == "" and _is_format(found, at):
            told.append(replace(part, sort="precision", value=part.number.digits))  # `from 16 to 4 bits`
            continue
        if word in _MOST and behind and behind[0].sort in ("of", "share") and _of_known(found[at + 1 :]):
            told.append(replace(part, sort="near", value=">"))
            told.append(replace(part, sort="amount", value="", node=Number("1/2")))
            continue
        if part.sort == "each" and not counting and (part.value or _of_matrix(found[at + 1 :])):
            told.append(replace(part, sort="all", value=""))  # `every parameter of the adapter is trained`
            continue
        if part.sort == "file" and counting:
            passive = part.value == "passive"  # `a quarter of the parameters are saved`
            meant_ = (
                ("compare", "fewer") if passive else ("subject", "adapter")
            )  # `the adapter file has 2 MB`
            told.append(replace(part, sort=meant_[0], value=meant_[1]))
            continue
        if word == "as" and part.sort == "than" and before and before[0].sort == "comma" and not compared:
            told.append(replace(part, sort="join"))  # `…, as B is zero`
            continue
        if word in _NEXT and _are_counted(told, found[at + 1 :]):
            told.append(
                replace(part, sort="join", value="")
            )  # `2,048 trainable ones next to 65,536 frozen ones`
            continue
        if part.sort == "state" and not adam:
            told.append(replace(part, value="unnamed"))  # `optimizer states`: of which one?
            continue
        if part.sort == "role" and word == "update" and behind and behind[0].value == "ΔW":
            continue  # `the update ΔW`
        if _mistakes(part, behind):
            told.append(replace(part, sort="unknown", value=""))  # `the matrix m`
            continue
        if word in _SEES and part.sort == "filler" and _by_optimizer(told):
            told.append(replace(part, sort="role", value="trained"))  # `the optimizer only sees A and B`
            continue
        first, _, rest = word.partition(" ")
        if (
            part.sort == "subject"
            and first in ("trainable", "trained")
            and rest in _MATRICES
            and _named(told)
        ):
            told.append(replace(part, sort="role", value="trained", text=first))
            told.append(replace(part, sort="thing", value="", text=rest))  # `A and B are the trainable ones`
            continue
        told.append(part)
    return _outputs(_bounded(_quotients(_plain(told))))


def _is_wide(part: Concept) -> bool:
    return part.text.lower().startswith("dimensional")  # `r-dimensional`


def _leaves(told: Sequence[Concept]) -> bool:
    """Whether what stands last is what somebody leaves: `leaves the weight`."""
    named = False
    for part in reversed(told):
        if part.text.lower() in ("leave", "leaves", "leaving"):
            return named
        if part.sort not in (*_SPOKEN, "filler", "noun", "all", "of", "thing", "join"):
            return False
        named = named or part.sort in _SPOKEN
    return False


_DIMENSIONS = {"alpha": r"\alpha", "r": "r", "d": "d", "k": "k"}


def _named_size(part: Concept) -> str:
    """The symbol of a size that words or mathematics name; '' for what is none."""
    if part.sort == "dimension":
        return _DIMENSIONS.get(part.value, "")
    return to_plain(part.node) if part.sort == "size" and part.node is not None else ""


def _quotients(parts: Sequence[Concept]) -> list[Concept]:
    """`alpha divided by r`, `alpha over the square root of r`, as mathematics."""
    told: list[Concept] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        behind = [place for place in range(at + 1, min(at + 4, len(parts))) if parts[place].sort != "filler"]
        above = _named_size(told[-1]) if told else ""
        divides = part.sort == "over" or (
            part.text.lower() == "over" and told and told[-1].value in ("alpha", "α")
        )
        root = bool(behind) and parts[behind[0]].sort == "sqrt"
        place = behind[1] if root and len(behind) > 1 else behind[0] if behind and not root else -1
        below = _named_size(parts[place]) if place > 0 else ""
        if divides and above and below:
            below = rf"\sqrt{{{below}}}" if root else below
            node = parse_math(rf"\frac{{{above}}}{{{below}}}")
            told[-1] = Concept("amount", "", f"{told[-1].text} / {parts[place].text}", told[-1].start, node)
            at = place + 1
            continue
        told.append(replace(part, sort="unknown", value="") if part.sort in _OPERATORS else part)
        at += 1
    return told


_OPERATORS = ("over", "sqrt", "anyway")  # nothing by themselves
_DENIED = {">": "≤", "<": "≥", "≥": "<", "≤": ">"}


def _bounded(parts: Sequence[Concept]) -> list[Concept]:
    """`BA cannot have a rank above r`: a rank of r at most."""
    negs = [at for at, part in enumerate(parts) if part.sort == "neg"]
    nears = [at for at, part in enumerate(parts) if part.sort == "near"]
    if len(negs) != 1 or len(nears) != 1 or negs[0] > nears[0] or parts[nears[0]].value not in _DENIED:
        return list(parts)
    between = parts[negs[0] + 1 : nears[0]]
    sorts = {part.sort for part in between}
    if sorts - {"filler", "dimension"} or "dimension" not in {part.sort for part in parts[: nears[0]]}:
        return list(parts)
    near = replace(parts[nears[0]], value=_DENIED[parts[nears[0]].value])
    return [near if at == nears[0] else part for at, part in enumerate(parts) if at != negs[0]]


_NEXT = ("next to", "beside", "alongside", "side by side with")


def _are_counted(before: Sequence[Concept], behind: Sequence[Concept]) -> bool:
    """Whether numbers of parameters stand on both sides."""
    first = [part.sort for part in before if part.sort in ("amount", "role")]
    last = [part.sort for part in behind[:4] if part.sort in ("amount", "role")]
    return first[:2] == last[:2] == ["amount", "role"]


def _plain(parts: Sequence[Concept]) -> list[Concept]:
    """The concepts without what says the same again: `, whatever B holds` and `for every x`, as a statement
    of matrices is one of any; `more, not fewer`."""
    told: list[Concept] = []
    at = 0
    while at < len(parts):
        stop = _universal(parts, at) or _again(parts, at)
        if _as_many(parts, at):  # `neither more nor fewer`
            told.append(replace(parts[at + 1], value="as", text="as many"))
            at += 4
        elif stop:
            at = stop
        else:
            told.append(parts[at])
            at += 1
    return told


def _as_many(parts: Sequence[Concept], at: int) -> bool:
    words = [part.text.lower() for part in parts[at : at + 4]]
    if len(words) < 4 or words[0] != "neither" or words[2] != "nor":
        return False
    return {parts[at + 1].sort, parts[at + 3].sort} == {"compare"} and {
        parts[at + 1].value,
        parts[at + 3].value,
    } == {
        "more",
        "fewer",
    }


def _universal(parts: Sequence[Concept], at: int) -> int:
    """Where words end that say of a matrix that it may be any; 0 if none begin here."""
    start = at + 1 if parts[at].sort == "comma" else at
    words = [part.text.lower() for part in parts[start : start + 2]]
    if words in (["for", "every"], ["for", "all"], ["for", "any"], ["whatever", "the"]):
        start += 1
    elif parts[start : start + 1] == [] or parts[start].sort != "anyway":
        return 0
    named = [place for place in range(start + 1, min(start + 4, len(parts))) if parts[place].sort == "matrix"]
    if not named or any(part.sort != "filler" for part in parts[start + 1 : named[0]]):
        return 0
    stop = named[0] + 1
    while stop < len(parts) and parts[stop].sort == "filler":
        stop += 1
    return stop if stop == len(parts) or parts[stop].sort in _BOUNDS else 0


_OPPOSITES = (("compare", "more", "fewer"), ("role", "trained", "frozen"))


def _again(parts: Sequence[Concept], at: int) -> int:
    """Where `, not fewer` behind `more` ends; 0 if it does not begin here."""
    if [part.sort for part in parts[at : at + 2]] != ["comma", "neg"] or len(parts) <= at + 2:
        return 0
    last, ends = parts[at + 2], at + 3 == len(parts) or parts[at + 3].sort in _BOUNDS
    said = next((part for part in reversed(parts[:at]) if part.sort == last.sort), None)
    turned = any(part.sort == "neg" for part in parts[:at])
    if said is None or turned or not ends:
        return 0
    opposite = any(sort == last.sort and {said.value, last.value} == {*pair} for sort, *pair in _OPPOSITES)
    return at + 3 if opposite else 0


def _of_matrix(behind: Sequence[Concept]) -> bool:
    """Whether `each` is each of a family of matrices: `each A_i`, `each of the A_i`."""
    named = next((part for part in behind if part.text.lower() not in ("of", "the")), None)
    return named is not None and named.sort in ("matrix", "formula")


def _product(first: Concept, second: Concept) -> bool:
    """Whether two symbols stand beside one another, as in `B A x`."""
    last = first.text.replace(" ", "")[-1:]
    return (
        first.sort in ("matrix", "formula")
        and second.sort == "matrix"
        and first.node is not None
        and second.start == first.start + len(first.text) + 1
        and last + second.text in ("BA", "Ax", "Wx")
    )


def _times(first: Concept, second: Concept) -> Concept:
    assert first.node is not None
    assert second.node is not None
    node = tree.Product((first.node, second.node), ("",), ("",))
    return replace(first, sort="formula", value="", text=f"{first.text} {second.text}", node=node)


def _clause(found: Sequence[Concept], at: int) -> Sequence[Concept]:
    """What stands before a place, from the start of its sentence."""
    ends = [place for place in range(at) if found[place].sort == "end"]
    return found[ends[-1] + 1 if ends else 0 : at]


def _mistakes(part: Concept, behind: Sequence[Concept]) -> bool:
    """Whether a symbol is called a matrix that is written as a vector, or the other way round."""
    word = part.text.lower()
    return (
        word in ("matrix", "vector")
        and bool(behind)
        and behind[0].sort == "matrix"
        and behind[0].text.islower() == (word == "matrix")
    )


def _by_optimizer(told: Sequence[Concept]) -> bool:
    for part in reversed(told):
        if part.sort == "filler" and part.text.lower().endswith("optimizer"):
            return True
        if part.sort != "only" and part.text.lower() not in ("ever", "actually", "really"):
            return False
    return False


def _named(told: Sequence[Concept]) -> bool:
    return any(part.sort in ("matrix", "formula") for part in _clause(told, len(told)))


_BITS = ("4", "8", "16", "32", "64")


def _is_format(found: Sequence[Concept], at: int) -> bool:
    """Whether a number is that of the bits of a format, as another one is: `at 4 bits instead of at 16`."""
    number, behind = found[at].number, found[at + 1 : at + 2]
    before = found[at - 1].text.lower() if at else ""
    others = [place for place, part in enumerate(found) if part.sort == "precision" and "bit" in part.text]
    if number is None or number.digits not in _BITS or not others:
        return False
    if behind and behind[0].sort not in (*_BOUNDS, "filler", "than"):
        return False
    return before in ("from", "at", "against", "to", "of", "than", "instead of", "in")


def _of_data(found: Sequence[Concept], at: int) -> bool:
    """Whether a matrix, or an adapter, compresses what stands behind: an input, or so many features."""
    who = next((part for part in reversed(found[:at]) if part.sort not in ("filler", "order")), None)
    what = [part for part in found[at + 1 : at + 4] if part.sort != "filler"]
    by_one = who is not None and (who.sort == "matrix" or who.value == "adapter")
    data = [part.sort in ("thing", "amount", "size") or part.value == "x" for part in what[:1]]
    return by_one and all(data) and not any(part.sort == "noun" for part in found)


def _outputs(found: Sequence[Concept]) -> list[Concept]:
    """`the output equals Wx`: h, where it is no other's."""
    told = list(found)
    for at, part in enumerate(told):
        behind = told[at + 1 : at + 3]
        if (
            part.text.lower() == "output"
            and part.sort == "thing"
            and len(behind) == 2
            and behind[0].text.lower() in _SAME
            and behind[1].sort in ("formula", "matrix")
            and behind[1].node is not None
            and not any(other.sort in _SPOKEN for other in _clause(told, at))
        ):
            stop, summands = at + 3, [behind[1]]
            while [other.text.lower() for other in told[stop : stop + 1]] in (["plus"], ["+"]):
                if not told[stop + 1 :] or told[stop + 1].sort not in ("formula", "matrix"):
                    break
                summands.append(told[stop + 1])  # `the output is Wx plus BAx`
                stop += 2
            nodes = [summand.node for summand in summands if summand.node is not None]
            side = nodes[0] if len(nodes) == 1 else tree.Sum(tuple(nodes), ("", *["+"] * (len(nodes) - 1)))
            node = tree.Relation((tree.Symbol("h"), side), ("=",))
            text = " ".join(other.text for other in told[at:stop])
            relation = Concept("relation", "matrix", text, part.start, node)
            return [*told[:at], relation, *_outputs(told[stop:])]
    return told


def _of_known(behind: Sequence[Concept]) -> bool:
    """Whether every word between `most` and the end of its clause is known."""
    end = next((at for at, part in enumerate(behind) if part.sort in _BOUNDS), len(behind))
    return all(part.sort != "unknown" for part in behind[:end])
