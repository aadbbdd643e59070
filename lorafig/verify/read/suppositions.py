"""What is so with other sizes: `if r were 8, there would be 4,096 parameters`, `rank 16 would double the
trained parameters`, `for r = 8, 16: 2dr = 12,288, 24,576`.

On a figure a size by the way is the figure's own, unless it is supposed: by `would`, by `if`, by a row of
values, or in front of what is said of numbers: `With r = 1, the adapter has 2,048 parameters`. A claim by
itself speaks of the sizes that it gives, whatever the model's are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.adjuncts import adjuncts
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Differs,
    Full,
    Ranked,
    Ratio,
    Shaped,
    Sized,
    Stated,
    Supposed,
)
from lorafig.verify.read.classify import is_zero
from lorafig.verify.read.clause import LOOSE, Clause, Context, clause, subjects, unit_of
from lorafig.verify.read.concept import Concept

Frames = Callable[[Clause, Context], "list[Assertion] | None"]
Sizes = tuple[tuple[str, Node], ...]

_SUPPOSES = ("would", "would be", "were", "would make")
_IF = ("if", "when", "suppose", "supposing", "assume", "assuming", "imagine", "whenever")
# What stands before a size that a claim gives itself: behind what it says, or in front of it.
_BEHIND = frozenset({"if", "when", "for", "at", "whenever"})
_IN_FRONT = _BEHIND | {
    *("with", "suppose", "assume", "assuming", "say", "given", "setting", "choosing", "let", "once", "using"),
    "supposing",
}
_AHEAD = ("a", "an", "the", ";", "but", "while")
_SIZES = {"r": "r", "α": "alpha", "d": "d", "k": "k"}
_SYMBOLS = {"r": "r", "alpha": r"\alpha", "d": "d", "k": "k"}
_FACTORS = {"1": "1", "2": "2", "1/2": "1/2", "3": "3", "4": "4"}
_CHOOSES = ("setting", "choosing")
_LEAVES = ("leaves", "gives", "yields", "means", "makes", "brings")
_OF_SIZES = ("size", "dimension")
_LINKS = ("filler", "equals", "begin", "near")


def supposes(parts: Sequence[Concept]) -> bool:
    """Whether it says what would be."""
    return any(part.text.lower() in _SUPPOSES for part in parts)


def resizes(parts: Sequence[Concept], context: Context) -> bool:
    """Whether it says what is so with another size, which it gives."""
    if not (supposes(parts) or _conditional(parts) or _given(parts, context)):
        return False
    named, left, more = _sizes(parts)
    return bool(named) and bool(more or clause(left).parts)


def settles(parts: Sequence[Concept], behind: Sequence[Concept], context: Context) -> Sizes:
    """The sizes that these words give and nothing else, of which the rest of the sentence speaks: `if r is
    16`, and in a claim by itself `at r = 16` or `r = 16:`."""
    joined = parts[-1].sort in ("join", "comma") and behind and _is_size(behind[0])
    parts = [part for part in parts if part.sort != "end"]
    if joined:
        return ()  # `with r = 64 | and α = 16 the scaling is …`
    named, left, more = _sizes(parts)
    if not named or more or clause(left).parts:
        return ()
    return tuple(named) if _conditional(parts) or _given(parts, context) else ()


def under(sizes: Sizes, said: Assertion, parts: Sequence[Concept], context: Context) -> Assertion:
    """What is said behind sizes that these words give, of these sizes. What no size changes, `With r = 8, W
    is frozen`, is said of the model, unless it is supposed."""
    if isinstance(said, Supposed) or not (context.alone or _conditional(parts) or _changes(said)):
        return said
    return Supposed(sizes, (said,))


def _changes(said: Assertion) -> bool:
    """Whether the sizes change what is said."""
    if isinstance(said, Stated):
        named = {key(part) for part in walk(said.node) if isinstance(part, tree.Symbol)}
        return bool(named & {*_SIZES, "s"}) and named <= {*_SIZES, "s", "k", "×", "%"}
    return isinstance(said, Counts | Differs | Full | Ranked | Ratio | Shaped | Sized)


def _given(parts: Sequence[Concept], context: Context) -> bool:
    """Whether it gives sizes that it speaks of: anywhere in a claim by itself, in front on a figure."""
    return _gives(parts) if context.alone else _in_front(parts)


def _in_front(parts: Sequence[Concept]) -> bool:
    """Whether a sentence begins with sizes in numbers, `With r = 1`, `At rank 16`, `For d = 512 and r = 8`:
    numbers that the figure computes are its own."""
    first = next((at for at, part in enumerate(parts) if part.sort in _OF_SIZES or _is_size(part)), 0)
    before = [part.text.lower() for part in parts[:first] if part.text.lower() not in _AHEAD]
    if before[-1:] not in (["with"], ["for"], ["at"]) or len(before) > 1:
        return False
    named, _, _ = _sizes(parts)
    return all(not isinstance(part, tree.Computed) for _, node in named for part in walk(node))


def rows(parts: Sequence[Concept]) -> list[list[Concept]]:
    """`for r = 8, 16: 2dr = 12,288, 24,576` as one sentence for each value; none if there is no row."""
    first = next((at for at in range(len(parts)) if _is_size(parts[at])), len(parts))
    own = _run(parts, first)
    if len(own) < 2 or not any(part.sort == "colon" for part in parts[own[-1] : own[-1] + 2]):
        return []
    for start in range(own[-1] + 1, len(parts)):
        told = _run(parts, start)
        if len(told) == len(own) and told[0] == start:
            return [_one_of(parts, (own, told), place) for place in range(len(own))]
    return []


def _is_size(part: Concept) -> bool:
    node = part.node
    return (
        part.sort == "relation"
        and isinstance(node, tree.Relation)
        and node.ops == ("=",)
        and key(bare(node.sides[0])) in _SIZES
    )


def _run(parts: Sequence[Concept], start: int) -> list[int]:
    """The places of a row of numbers, the first of which may be that of a statement: `r = 8, 16 and 32`."""
    if start >= len(parts) or parts[start].sort not in ("amount", "relation") or parts[start].node is None:
        return []
    found, at = [start], start + 1
    while at < len(parts):
        if parts[at].sort == "amount":
            found.append(at)
        elif parts[at].sort not in ("comma", "join") or parts[at].text.lower() not in (",", "and", "/"):
            break
        at += 1
    return found


def _one_of(parts: Sequence[Concept], runs: Sequence[Sequence[int]], place: int) -> list[Concept]:
    """The sentence with the value at this place of each row, and without the others."""
    told: list[Concept] = []
    for at, part in enumerate(parts):
        run = next((run for run in runs if run[0] <= at <= run[-1]), None)
        if run is None:
            told.append(part)
        elif at == run[0]:
            chosen = parts[run[place]]
            if part.sort == "relation" and place > 0:
                assert isinstance(part.node, tree.Relation)
                assert chosen.node is not None
                node = replace(part.node, sides=(*part.node.sides[:-1], chosen.node))
                told.append(replace(part, node=node))
            else:
                told.append(chosen)
    return told


def with_sizes(parts: Sequence[Concept], context: Context, frames: Frames) -> list[Assertion] | None:
    """What a clause says that gives sizes by the way: of these if it supposes them, else of the model's own,
    which they have to be. None for a clause that gives none."""
    if supposes(parts) or _conditional(parts) or _given(parts, context):
        said = _supposed(parts, context, frames)
        own = supposes(parts) or (context.alone and _in_symbols(parts))
        return said if said is not None or own else _by_the_way(parts, context, frames)
    return _by_the_way(parts, context, frames)


def _in_symbols(parts: Sequence[Concept]) -> bool:
    """Whether it gives a size by another, `d = k`: a condition, and no fact of the model."""
    sides = [part.node.sides[1] for part in parts if _is_size(part) and isinstance(part.node, tree.Relation)]
    return any(not isinstance(bare(side), Number) for side in sides)


def squared(parts: Sequence[Concept]) -> list[Concept]:
    """`For a square weight`, `if W is square`, as a condition on its sizes: d = k."""
    told: list[Concept] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        before = [one for one in told if one.sort != "filler"][-2:]
        words = [one.text.lower() for one in before]
        if part.sort != "shape" or part.value != "=" or not words:
            told.append(part)
            at += 1
            continue
        if words[-1] in ("for", "with", "in") and parts[at + 1 : at + 2] and _is_weight(parts[at + 1]):
            at += 1
        elif not (words[0] in _IF and _is_weight(before[-1])):
            told.append(part)
            at += 1
            continue
        else:
            told = told[: next(place for place, one in enumerate(told) if one is before[-1])]
        node = tree.Relation((tree.Symbol("d"), tree.Symbol("k")), ("=",))
        told.append(Concept("relation", "size", "d = k", part.start, node))
        at += 1
    return told


def _is_weight(part: Concept) -> bool:
    return part.value in ("base", "model", "W", "W_0") or part.text.lower() in (
        "matrix",
        "matrices",
        "weight",
        "case",
    )


def _conditional(parts: Sequence[Concept]) -> bool:
    first = parts[0] if parts else None
    changes = (
        first is not None
        and first.sort == "change"
        and any(part.text.lower() == "to" and behind.sort == "amount" for part, behind in pairwise(parts))
    )  # `quadrupling the rank to 64`
    changes = changes or (
        first is not None
        and first.sort == "change"
        and any(part.text.lower() in _LEAVES for part in parts)
        and any(part.sort == "amount" and part.value == "" for part in parts)
    )  # `halving the rank leaves 4,096 trainable parameters`
    return changes or any(map(_is_if, parts)) or (first is not None and first.text.lower() in _CHOOSES)


def _is_if(part: Concept) -> bool:
    return part.text.lower() in _IF or (part.sort == "limit" and part.text.lower().startswith("had "))


def _gives(parts: Sequence[Concept]) -> bool:
    """Whether a size stands behind a word that gives it, or before a colon."""
    for at, part in enumerate(parts):
        if part.sort not in _OF_SIZES and not _is_size(part):
            continue
        told = any(other.sort not in LOOSE | {"limit", "end"} for other in parts[: max(0, at - 1)])
        words = {other.text.lower() for other in parts[max(0, at - 2) : at]}
        if words & (_BEHIND if told else _IN_FRONT) or (not told and _announced(parts[at + 1 :])):
            return True
    return False


def _announced(behind: Sequence[Concept]) -> bool:
    """Whether what is said of sizes stands behind them: `r = 16: …`, `(r = 16, α = 32) ⇒ α/r = 2`."""
    for part in behind:
        if part.sort == "colon" or part.text in ("→", "⇒"):
            return True
        if part.sort not in ("comma", "join", "close") and not _is_size(part):
            return False
    return False


def _by_the_way(parts: Sequence[Concept], context: Context, frames: Frames) -> list[Assertion] | None:
    """`At rank 4, A and B have 2,048 parameters`: two things at once."""
    sizes, left = adjuncts(parts, context.network)
    if not sizes or any(
        part.sort == "method" and part.value not in ("full", context.method) for part in parts
    ):
        return None  # of another method at another size
    of_rank = any(isinstance(size, Sized) and size.name == "r" for size in sizes)
    others = [part for part in left if part.sort in ("role", "method", "sum", "subject", "matrix", "formula")]
    if of_rank and all(part.value == "model" for part in others):  # `rank 8 costs 65,536 a projection`
        left = [part for part in left if part.sort != "subject"]
        context = replace(context, role="trained")
    own = clause(left)
    if not own.parts:
        return sizes
    if own.has("compare", "than") and own.within("compare", "than", "amount", "near"):
        return None  # `r = 8 is 96 times smaller than d = 768`
    said = frames(own, context)
    return None if said is None else [*sizes, *said]


def _sizes(parts: Sequence[Concept]) -> tuple[list[tuple[str, Node]], list[Concept], list[Assertion]]:
    """The sizes that are given, what is left, and what else is said by the way."""
    plain = [part for part in parts if not _is_if(part)]
    zeros, plain = _zeros(plain) if len(plain) < len(parts) else ([], plain)
    told = list(_told(plain))
    cut = next((at for at, part in enumerate(told) if part.text.lower().startswith("would")), len(told))
    pieces = [adjuncts(told[:cut]), adjuncts(told[cut + 1 :])]  # of `alpha would be 8` none is given
    sizes = [one for said, _ in pieces for one in said]
    left = [part for _, rest in pieces for part in rest]
    named = [*zeros, *(pair for one in sizes for pair in _size(one))]
    left = [part for part in _settled(left) if part.text.lower() not in _SUPPOSES]
    return named, left, [one for one in sizes if not _size(one)]


def _settled(parts: Sequence[Concept]) -> list[Concept]:
    """`the scaling becomes 4`, `drops to 4`, as what it is then."""
    return [
        part
        for at, part in enumerate(parts)
        if part.sort not in ("becomes", "add")
        and not (
            part.sort == "compare" and [other.text.lower() for other in parts[at + 1 : at + 2]] == ["to"]
        )
    ]


def _zeros(parts: Sequence[Concept]) -> tuple[list[tuple[str, Node]], list[Concept]]:
    """The matrices that are supposed to be zero, `if B = 0`, `if B is zero`, and what is left."""
    found: list[tuple[str, Node]] = []
    left: list[Concept] = []
    at = 0
    while at < len(parts):
        part, behind = parts[at], [other for other in parts[at + 1 : at + 4] if other.sort != "filler"]
        node = part.node if part.sort == "relation" else None
        name = key(bare(node.sides[0])) if isinstance(node, tree.Relation) and node.ops == ("=",) else None
        law = behind and behind[0].sort == "law" and behind[0].value == "zero"
        if name is not None and isinstance(node, tree.Relation) and is_zero(node.sides[1]):
            found.append((name, node.sides[1]))
        elif part.sort == "matrix" and law and not found:
            found.append((part.value, Number("0")))
            at = next(place for place in range(at, len(parts)) if parts[place] is behind[0])
        else:
            left.append(part)
        at += 1
    return found, left


def _supposed(parts: Sequence[Concept], context: Context, frames: Frames) -> list[Assertion] | None:
    """What is said of the model with other sizes; None for a clause that says no such thing."""
    named, left, more = _sizes(parts)
    if not named:
        return None
    changed = clause(left)
    then = _then(left)
    times = _times(changed if then is None else clause(then[0]))
    if times is not None and not more:
        what, by = times
        said: list[Assertion] = [Supposed(tuple(named), (), what, by)]
        if then is not None and what == "trained":
            said.append(Supposed(tuple(named), (Counts(Counted("trained"), (then[1],)),)))
        return said if then is None or len(said) == 2 else None
    told = of_settled(changed, context) if changed.parts else []
    if told is None and any(name not in _SIZES.values() for name, _ in named):
        told = _idle(changed)
    told = frames(changed, context) if told is None else told
    if told is None:
        return None
    told = [*more, *told]
    free = context.alone or supposes(parts) or _conditional(parts)
    if not told or not (free or any(map(_changes, told))):
        return None  # `With r = 8, W is frozen` on a figure
    return [Supposed(tuple(named), tuple(told))]


def of_settled(c: Clause, context: Context) -> list[Assertion] | None:
    """A number by itself, beside sizes that are given, `r = 1: 8,192`: of what is trained then."""
    if [part.sort for part in c.parts] == ["shape"] and c.parts[0].value in ("low", "full"):
        op = "=" if c.parts[0].value == "full" else "<"  # `setting r = d gives full rank`
        return [Stated(tree.Relation((parse_math("r"), parse_math("d")), (op,)))]
    node = c.parts[0].node if len(c.parts) == 1 and c.parts[0].sort == "amount" else None
    return None if node is None or unit_of(node) else [Counts(Counted("trained"), (node,))]


def _idle(c: Clause) -> list[Assertion] | None:
    """`When A is zero the adapter does nothing`: h is Wx."""
    laws = [part.value for part in c.of("law")]
    if (
        laws != ["nothing"]
        or not c.within("law", "subject")
        or set(subjects(c.parts)) - {"adapter", "update"}
    ):
        return None
    return [Stated(parse_math("h = Wx"))]


def _then(parts: Sequence[Concept]) -> tuple[Sequence[Concept], Node] | None:
    """`… to 131,072` at the end: how many it would be then."""
    if len(parts) < 3 or parts[-1].sort != "amount" or parts[-2].text.lower() != "to":
        return None
    node = parts[-1].node
    return None if node is None or unit_of(node) else (parts[:-2], node)


def _told(parts: Sequence[Concept]) -> Iterator[Concept]:
    """`r were 8`, `doubling the rank to 16`, `alpha is set to twice the rank`, as what is said of it."""
    at = 0
    last: Concept | None = None
    while at < len(parts):
        part = parts[at]
        given = value(parts, at)
        same = last is not None and last.text.lower().endswith("same")
        if part.sort == "change" and _own(parts, at + 1):
            at += 1
            if not any(other.text.lower() == "to" for other in parts[at : at + 4]):  # `doubling the rank`
                name, stop = _own(parts, at) or ("", at)
                yield Concept("dimension", name, part.text, part.start)
                yield Concept(
                    "amount", "", part.text, part.start, _times_as(_FACTORS.get(part.value, "1"), name)
                )
                at = stop
            last = part
            continue
        doubles = part.sort == "effect" or (
            part.sort == "amount" and part.value == "×" and part.text[:1].isalpha()
        )
        if doubles and (own := _own(parts, at + 1)) is not None and not _spoken(parts[:at]):
            factor = part.value if part.sort == "effect" else getattr(part.node, "digits", "1")
            yield Concept("dimension", own[0], part.text, part.start)  # `if we double r`
            yield Concept("amount", "", part.text, part.start, _times_as(factor, own[0]))
            last, at = part, own[1]
            continue
        if part.sort == "shift" and part.text.lower().startswith("chang"):
            at += 1
            continue  # `changing the rank to 16`
        if part.sort in _OF_SIZES and same:
            last, at = part, at + 1
            continue  # `at the same α`
        if given is not None:
            name, node, stop = given
            yield Concept("dimension", name, part.text, part.start)
            yield Concept("amount", "", part.text, part.start, node)
            last, at = part, stop
            continue
        last = part
        yield part
        at += 1


def _spoken(parts: Sequence[Concept]) -> bool:
    return any(part.sort not in LOOSE for part in parts)


def _own(parts: Sequence[Concept], at: int) -> tuple[str, int] | None:
    """The size that is named here, `r`, `the rank r`, and where its name ends."""
    place = at
    while place < len(parts) and parts[place].sort == "filler":
        place += 1
    if place == len(parts) or parts[place].sort not in _OF_SIZES:
        return None
    part = parts[place]
    name = (
        part.value if part.sort == "dimension" else _SIZES.get(key(bare(part.node or Number("0"))) or "", "")
    )
    if name not in _SYMBOLS:
        return None
    behind = parts[place + 1 : place + 2]
    twice = part.sort == "dimension" and behind and behind[0].sort == "size" and behind[0].node is not None
    if twice and _SIZES.get(key(bare(behind[0].node or Number("0"))) or "") == name:
        place += 1  # `the rank r`
    return name, place + 1


def value(parts: Sequence[Concept], at: int) -> tuple[str, Node, int] | None:
    """The size that is named here, what it is, and where that ends."""
    if parts[at].sort not in _OF_SIZES:
        return None
    own = _own(parts, at)
    if own is None:
        return None
    name, place = own
    while place < len(parts) and parts[place].sort in _LINKS and parts[place].value in ("", "="):
        place += 1
    if place == len(parts):
        return None
    part = parts[place]
    if part.sort == "effect" and part.value in _FACTORS:  # `r is doubled`
        passive = part.text.lower().endswith("ed")
        return (name, _times_as(part.value, name), place + 1) if passive else None
    if part.sort == "change" and (other := _own(parts, place + 1)) is not None:  # `alpha is twice the rank`
        return name, _times_as(_FACTORS.get(part.value, "1"), other[0]), other[1]
    if part.sort in _OF_SIZES and (other := _own(parts, place)) is not None and place > at + 1:
        return name, parse_math(_SYMBOLS[other[0]]), other[1]
    if part.sort == "amount" and (times := _multiple(parts, place)) is not None:
        return name, *times
    behind = parts[place + 1 : place + 2]
    counted = behind and behind[0].sort in ("noun", "bytes", "factor")
    if part.sort != "amount" or part.node is None or unit_of(part.node) or counted:
        return None
    return name, part.node, place + 1


def _multiple(parts: Sequence[Concept], at: int) -> tuple[Node, int] | None:
    """`twice the rank`, `half of d`."""
    number = parts[at].number
    place = at + 1
    while place < len(parts) and parts[place].sort in ("of", "filler", "factor"):
        place += 1
    own = _own(parts, place)
    if (
        number is None
        or own is None
        or number.unit not in ("×", "")
        or (number.unit == "" and "/" not in number.digits)
    ):
        return None
    return _times_as(number.digits, own[0]), own[1]


def _times_as(factor: str, name: str) -> Node:
    return parse_math(f"({factor}) {_SYMBOLS[name]}")


def _size(said: Assertion) -> list[tuple[str, Node]]:
    match said:
        case Sized(name=("r" | "alpha" | "d" | "k") as name, amounts=(amount,), op="="):
            return [(name, amount)]
        case Stated(node=tree.Relation(sides=(left, right), ops=("=",))):
            own = _SIZES.get(key(bare(left)) or "")
            return [] if own is None else [(own, right)]
        case _:
            return []


def _times(c: Clause) -> tuple[str, Node] | None:
    """`would double the trained parameters`, `would halve the scaling`."""
    factor = next((_FACTORS.get(part.value) for part in c.of("effect")), None)
    amounts = [part.node for part in c.of("amount") if part.node is not None]
    if not c.within("effect", "amount", "noun", "role", "dimension", "size", "subject", "method", "compare"):
        return None
    grown = [part.sort for part in c.parts] == ["subject", "amount", "compare"] and c.parts[2].value == "as"
    factor_ = grown and (unit_of(amounts[0]) == "×" or "/" in getattr(amounts[0], "digits", ""))
    if factor_ and c.parts[0].value in ("adapter", "update"):  # `the adapter becomes twice as large`
        return {"adapter": "trained", "update": "scale"}[c.parts[0].value], amounts[0]
    if c.has("compare"):
        return None
    if factor is None and len(amounts) == 1 and unit_of(amounts[0]) == "×" and c.parts[0].sort == "amount":
        node: Node = amounts[0]
    elif factor is not None and not amounts and c.parts[0].sort == "effect":
        node = Number(factor) if "/" in factor else Number(factor, "×")
    else:
        return None
    named = set(subjects(c.parts))
    if [part.value for part in c.of("dimension", "size")] in (["scale"], ["s"]) and not c.has("noun", "role"):
        return "scale", node
    roles = {part.value for part in c.of("role")}
    if len(c.parts) == 1 and any(part.text.lower() in ("this", "that", "it", "them") for part in c.whole):
        return "trained", node  # `rank 4 would halve this`
    if c.has("dimension", "size") or not (roles == {"trained"} or named == {"adapter"}):
        return None
    return ("trained", node) if named <= {"adapter", "model"} else None
