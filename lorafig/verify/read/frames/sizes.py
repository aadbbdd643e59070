"""Clauses on sizes, shapes, ranks and the scaling, and on how counts grow with them."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Assertion,
    Full,
    Grows,
    IsA,
    Moves,
    Ranked,
    Shaped,
    Shows,
    Sized,
    Stated,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    amounts,
    is_scaling,
    negated,
    op_of,
    subjects,
    unit_of,
)
from lorafig.verify.read.concept import Concept


def _at_the_waist(c: Clause, context: Context) -> bool:
    """`At the waist, vectors have 4 entries.`"""
    words = {part.text.lower() for part in (*context.before, *c.whole)}
    return "at" in words and not words.isdisjoint({"vector", "vectors", "activations", "features"})


def sized(c: Clause, context: Context) -> list[Assertion] | None:
    """`a rank of 4`, `rank r`, `hidden size: 256`, `the rank of BA is at most r`."""
    named = c.of("dimension")
    found = c.of("amount", "size", "relation")
    if any(part.sort == "relation" and part.value in ("matrix", "formula") for part in found):
        return None
    if (
        len(named) != 1
        or not 1 <= len(found) <= 2
        or not c.within(
            "dimension",
            "amount",
            "size",
            "relation",
            "near",
            "method",
            "only",
            "role",
            "compare",
            "share",
            "shape",
            *(("noun",) if _at_the_waist(c, context) else ()),
            *SUBJECTS,
        )
    ):
        return None
    if (
        c.has("near")
        and c.place(c.of("near")[0]) < c.place(named[0])
        and c.of("near")[0].value in ("≪", "≫", "<", ">")
    ):
        return None  # `far smaller than the hidden size of 4,096`: what is, is not said
    named_first = found[0].number is None  # `the scaling α/r is 2`
    if len(found) == 2 and c.has("near") and c.place(found[0]) < c.place(c.of("near")[0]) < c.place(found[1]):
        return None  # `the rank r is at most d`
    if len(found) == 2 and not (c.has("equals") or named_first or any(part.sort == "size" for part in found)):
        return None
    if any(unit_of(part.node or Number("0")) in ("×", "%") for part in found) or c.has("compare"):
        return None
    if any("/" in part.number.digits for part in found if part.number is not None):
        return None  # `an eighth of the width`
    if any(not part.text.lower().startswith("dimension") for part in c.of("shape")):
        return None  # but `the bottleneck has 4 dimensions`
    if any(not part.text.lower().startswith("of the") for part in c.of("share")):
        return None
    said: list[Assertion] = []
    nodes = [node for part in found for node in amounts(part)]
    for part in found:
        if isinstance(part.node, tree.Relation):
            if set(part.node.ops) - {"="}:  # `rank r ≤ min(d, k)`: the size by its name
                names_it = key(bare(part.node.sides[0])) == named[0].value and len(c.parts) == 2
                return [Stated(part.node)] if names_it and c.parts[0] is named[0] else None
            said.append(Stated(part.node))
    about = subjects(c.parts)
    symbols = tuple(one for one in about if not isinstance(one, str))
    about = symbols if symbols and len(about) == 2 and "update" in about else about  # `the update BA`
    op, name = op_of(c), named[0].value
    methods = {method.value for method in c.of("method")}
    if methods - {context.method, "lora"} or (name == "scale" and methods - {context.method}):
        return None
    if name == "r" and not about and context.own:
        about = context.own
    if (
        name == "r"
        and not about
        and any(part.text.lower() in ("its", "their") for part in (*context.before, *c.whole))
    ):
        about = context.subjects[:1]
    if name == "r" and not about and any(part.text.lower().startswith("can ") for part in c.of("near")):
        return None  # what it could be, is not what it is
    if name == "r" and any(not isinstance(one, str) for one in about):
        if len(about) != 1:
            return None
        return [*said, *(Ranked(about[0], node, op) for node in nodes)]
    if name == "r" and about in (("merged",), ("base",)):  # whose rank is not the size r
        return [*said, *(Ranked(about[0], node, op) for node in nodes)]
    if name == "r" and op in ("≤", "≥", "<", ">") and (about or (methods and op in ("≤", "<"))):
        return [*said, *(Ranked("update", node, op) for node in nodes)]
    if c.has("role"):
        return None
    if context.titled and context.staged:  # `With an adapter of rank 4`
        said.append(Shows(frozenset(one for one in about if isinstance(one, str))))
    return [*said, Sized(name, tuple(nodes), op)]


def outer(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update BA is a sum of r outer products`, `of 8 rank-one matrices`."""
    found = c.of("amount", "size")
    if not c.has("outer") or len(found) != 1 or not c.within("outer", "joined", "amount", "size", *SUBJECTS):
        return None
    if (
        {part.text.lower() for part in c.of("joined")} - {"sum"}
        or found[0].node is None
        or unit_of(found[0].node)
    ):
        return None
    if {part.value for part in c.of("subject")} - {"update", "adapter"} or c.has("matrix"):
        return None
    own = [IsA((part.node,), "update") for part in c.of("formula") if part.node is not None]
    return [*own, Sized("r", (found[0].node,))]


def shaped(c: Clause, context: Context) -> list[Assertion] | None:
    """`A is r × d`, `a 256 × 256 weight`, `$d \\times d$` on an element."""
    shapes = c.of("shapes")
    if len(shapes) != 1 or not c.within(
        "shapes", "shape", "noun", "role", "near", "dimension", "each", "all", "joined", *SUBJECTS
    ):
        return None
    if c.has("joined") and [part.text.lower() for part in c.of("joined")] != ["sum"]:
        return None  # `W, BA and their sum`
    if any(part.value not in ("shape",) for part in c.of("shape")) or c.has("near"):
        return None
    about = subjects(c.parts) or context.own or context.subjects
    if not about:
        return None
    assert shapes[0].node is not None
    said: list[Assertion] = [Shaped(about, shapes[0].node)]
    roles = {role.value for role in c.of("role")}
    if len(roles) > 1:
        return None
    if roles:
        said.append(Moves(about, roles.pop() == "trained"))
    return said


def scaled(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update is scaled by 2`, `scaled by α/r = 2`, `the update is doubled`."""
    factor = c.of("amount")
    of_scale = any(isinstance(one, Stated) and _of_alpha(one.node) for one in context.last)
    named_ = set(subjects(c.parts))
    alone = len(factor) == 1 and c.has("factor") and c.within("factor", "amount", "subject")
    if alone and (named_ == {"update"} or (of_scale and not named_)):  # `alpha is 2r: a factor of 2`
        return [Sized("scale", amounts(factor[0]))]
    if negated(c.parts) and c.within("neg", "scaled", "subject") and named_ == {"update"}:
        return [Sized("scale", (Number("1"),))]  # `the update is not rescaled`
    effects = c.of("effect")
    if len(effects) == 1 and c.within("effect", "subject") and set(subjects(c.parts)) == {"update"}:
        return [Sized("scale", (Number(effects[0].value),))]
    if not c.has("scaled") or not c.within(
        "scaled", "amount", "relation", "near", "method", "size", *SUBJECTS
    ):
        return None
    found = c.of("amount", "relation", "size")
    if len(found) != 1 or found[0].node is None or unit_of(found[0].node) == "%":
        return None
    of_update = all(part.value == "ΔW" for part in c.of("matrix"))
    if {one for one in subjects(c.parts) if isinstance(one, str)} - {"update", "adapter"} or not (
        of_update or c.has("formula")
    ):
        return None
    methods = {part.value for part in c.of("method")} - {context.method}
    if methods or any(part.value == "x" for part in c.of("matrix")):
        return None
    node = found[0].node
    said: list[Assertion] = [Stated(node)] if isinstance(node, tree.Relation) else []
    return [*said, Sized("scale", amounts(found[0]), op_of(c))]


# What a quantity does `with` a size.
_MOVE = frozenset(
    f"{verb}{ending}"
    for verb in ("grow", "rise", "increase", "shrink", "fall", "drop", "decrease")
    for ending in ("", "s")
)


def grows(c: Clause, context: Context) -> list[Assertion] | None:
    """`Doubling r doubles the trainable parameters`, `they grow linearly with r`."""
    if not c.within(
        "change",
        "effect",
        "amount",
        "power",
        "compare",
        "dimension",
        "size",
        "noun",
        "role",
        "method",
        "neg",
        "share",
        *SUBJECTS,
    ):
        return None
    several = _listed(c, context)
    if several is not None:
        return several
    if c.has("neg", "share") or len(c.of("dimension", "size")) not in (1, 2):
        return None
    causes, powers, effects = c.of("change"), c.of("power"), c.of("effect")
    words = list(c.parts)
    if len(causes) == 1 and len(effects) == 1 and not powers and words[0] is causes[0]:
        at = words.index(effects[0])
        before, behind, factor, by = words[1:at], words[at + 1 :], causes[0].value, effects[0].value
    elif [part.sort for part in words[:3]] == ["amount", "dimension", "amount"]:
        told = [_times(part) for part in (words[0], words[2])]
        if "" in told:
            return None
        factor, before, by, behind = told[0], words[1:2], told[1], words[3:]  # `twice the rank means twice …`
    elif (way := _direction(words)) is not None and not causes and not effects and not powers:
        factor, before, by, behind = way
    elif (way := _direction(words[:-1])) is not None and powers == words[-1:] and powers[0].value in "12":
        if (way[0], way[2]) != ("2", ">"):
            return None
        factor, before, by, behind = "2", way[1], str(2 ** int(powers[0].value)), way[3]
    elif len(powers) == 1 and powers[0].value != "0<" and not causes and not effects and not c.has("amount"):
        at = words.index(powers[0])
        before, behind = words[at + 1 :], [part for part in words[:at] if part.sort != "compare"]
        power = powers[0].value
        factor, by = "2", power if power == "≠" else str(2 ** int(power))
    else:
        return None
    cause = [part for part in before if part.sort in ("dimension", "size")]
    if len(cause) != 1 or len(before) != 1:
        return None
    what = _what(behind, cause[0])
    return [Grows(cause[0].value, factor, what, by)] if what else None


def _listed(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter depends on r, d and k but not on alpha`, `alpha adds nothing to the parameter count`."""
    powers = c.of("power")
    if (
        len(powers) != 1
        or powers[0].value not in ("≠", "0", "0<")
        or c.has("change", "effect", "amount", "compare")
    ):
        return None
    at = c.place(powers[0])
    before = [part for part in c.parts[:at] if part.sort != "share"]
    behind = [part for part in c.parts[at + 1 :] if part.sort != "share"]
    what, causes = (behind, before) if powers[0].value == "0<" else (before, behind)
    turned = [place for place, part in enumerate(causes) if part.sort == "neg"]
    sizes = [part for part in causes if part.sort != "neg"]
    if len(turned) > 1 or not sizes or any(part.sort not in ("dimension", "size") for part in sizes):
        return None
    if (turned and (turned[0] == 0 or powers[0].value != "≠")) or any(part.sort == "neg" for part in what):
        return None
    said: list[Assertion] = []
    for place, part in enumerate(causes):
        if part.sort == "neg":
            continue
        grown = _what(list(what), part)
        changes = powers[0].value == "≠" and not (turned and place > turned[0])
        if not grown:
            return None
        said.append(Grows(part.value, "2", grown, "≠" if changes else "1"))
    return said


def _what(behind: list[Concept], cause: Concept) -> str:
    """What grows with a size; '' for what is not known to."""
    if len(behind) > 1 and behind[0].text.lower() == "the size of":
        behind = behind[1:]
    if behind and behind[-1].value == "update" and behind[0].value in ("scale", "s"):
        behind = behind[:-1]  # `the scale of the update`
    sizes = [part for part in behind if part.sort in ("dimension", "size")]
    if len(behind) == 1 and behind[0].sort == "amount" and is_scaling(behind[0]):
        return "scale"  # `doubling the rank halves α/r`
    if sizes:
        return "scale" if len(behind) == 1 and sizes[0].value in ("scale", "s") else ""
    roles = {part.value for part in behind if part.sort == "role"}
    named = set(subjects(behind))
    if named == {"update"} and not roles and cause.value in ("α", "alpha"):
        return "scale"
    if named <= {"adapter"} and roles <= {"trained"} and (named or roles):
        return "trained"
    if [part.sort for part in behind] == ["noun"] and cause.value == "r":
        return "trained"  # of all parameters, those of the adapter alone hang on the rank
    if (
        (named == {"merged"} and not roles)
        or (named <= {"base"} and roles == {"frozen"})
        or (len(behind) == 1 and (named == {"base"} or behind[0].value == "W"))
    ):
        return "base"
    return ""


def _times(part: Concept) -> str:
    """The factor of `twice`, `half`, `4 times`; '' for another amount."""
    number = part.number
    if number is None or (number.unit != "×" and "/" not in number.digits):
        return ""
    return number.digits


def _of_alpha(node: tree.Node) -> bool:
    return isinstance(node, tree.Relation) and key(bare(node.sides[0])) == "α"


def _direction(words: list[Concept]) -> tuple[str, list[Concept], str, list[Concept]] | None:
    """`A lower r gives more trainable parameters`, `the adapter grows with r`: the factor, the size, whether
    it grows, and what."""
    compares = [at for at, part in enumerate(words) if part.sort == "compare" and part.value != "as"]
    if len(compares) == 1 and 0 < compares[0] == len(words) - 2 and words[compares[0]].text.lower() in _MOVE:
        by = ">" if words[compares[0]].value == "more" else "<"
        return "2", words[-1:], by, words[: compares[0]]
    if len(compares) != 2 or compares[0] != 0 or len(words) < 4:
        return None
    first, second = (words[at].value for at in compares)
    by = ">" if second == "more" else "<"
    if compares[1] == len(words) - 1:  # `raising r makes the adapter larger`
        return ("2" if first == "more" else "1/2"), words[1:2], by, words[2:-1]
    return ("2" if first == "more" else "1/2"), words[1 : compares[1]], by, words[compares[1] + 1 :]


def full_rank(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update is of low rank`."""
    ranks = [part for part in c.of("shape") if part.value in ("low", "full")]
    if len(ranks) != 1 or not c.within("shape", "neg", *SUBJECTS) or c.has("neg"):
        return None
    if any(part.text.lower() in ("can", "could", "may", "might") for part in c.whole):
        return None  # what it can have, it need not
    about = subjects(c.parts) or context.own
    called = [one for one in about if one in ("base", "adapter")]
    own: list[Assertion] = [IsA(context.own, str(called[0]))] if context.own and len(called) == 1 else []
    return [*own, Full(about, ranks[0].value == "full")] if about else None
