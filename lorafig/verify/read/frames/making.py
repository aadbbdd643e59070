"""Clauses on which way a matrix leads, and how what it gives is joined to the rest."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    IsA,
    Joins,
    Moves,
    Passes,
    Projects,
    Stated,
    Takes,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    clause,
    subject,
    subjects,
    unit_of,
)
from lorafig.verify.read.concept import Concept

# What each gives of x.
GIVES = {
    "base": "Wx", "adapter": r"\Delta W x", "update": r"\Delta W x", "merged": "W'x", "W": "Wx",
    "W_0": "W_0 x", "model": "h", "A": "Ax", "B": "BAx", "BA": "BAx", "ΔW": r"\Delta W x",
}  # fmt: skip


def projects(c: Clause, context: Context) -> list[Assertion] | None:
    ways = c.of("project")
    if not ways or not c.within("project", "size", "all", "each", *SUBJECTS) or c.has("size"):
        return None
    about = subjects(c.parts) or context.own
    if len(about) == len(ways):
        return [Projects(one, way.value == "down") for one, way in zip(about, ways, strict=True)]
    return None


def maps(c: Clause, context: Context) -> list[Assertion] | None:
    """`A maps d to r`, `B maps back from 4 to 256 dimensions`: columns, and rows."""
    if (
        c.has("maps", "project")
        and {part.text.lower() for part in c.of("near")} <= {"up to"}
        and (c.has("compare", "way") or not c.of("amount", "size"))
        and c.within("maps", "project", "way", "compare", "shape", "near", "fromto", "thing", *SUBJECTS)
    ):
        return _widens(c, context)
    unsaid = len(c.parts) == 2 and c.within("size", "amount") and len(context.own) == 1
    unsaid = unsaid and any(part.text.lower() in ("to", "→") for part in c.whole)  # `d → r` on A
    if (
        not (unsaid or c.has("maps", "project"))
        or not c.within(
            "maps",
            "way",
            "near",
            "project",
            "amount",
            "several",
            "branches",
            "size",
            "noun",
            "shape",
            "thing",
            "matrix",
            "subject",
            "formula",
            "fromto",
            "order",
            "of",
            "dimension",
        )
        or {part.value for part in c.of("dimension")} - {"r", "d", "k", "out"}
    ):
        return None
    sizes = [part for part in c.of("amount", "several", "size") if part.node is not None]
    sizes = [
        replace(part, node=tree.Symbol(_SIDES[part.value])) if part.value in _SIDES else part
        for part in c.parts
        if part in sizes or (part.sort == "dimension" and part.value in _SIDES)
    ]
    named = subjects(c.parts)
    about = [one for one in named if isinstance(one, str) or not _is_data(one)]
    about = about or list(context.own)
    early = any(part.value == "first" or part.text.lower().startswith("compress") for part in c.parts)
    if about == ["adapter"] and early:
        about = [parse_math("A")]  # `the adapter first projects from 2,048 to 16 dimensions`
    if len(about) != 1 or not sizes or any(part.value not in ("shape",) for part in c.of("shape")):
        return None
    if any(unit_of(part.node) in ("×", "%") for part in sizes if part.node is not None):
        return None
    if {part.text.lower() for part in c.of("near")} - {"up to"}:
        return None
    told: list[Assertion] = [Projects(about[0], down) for down in _directions(c)]
    orders = {part.value for part in c.of("order")} | {
        "then" for part in context.before if part.text.lower() == "then"
    }
    if orders - {"first", "then"} or len(orders) > 1:
        return None
    if orders == {"first"}:
        told.append(Takes((about[0],)))
    elif orders and len(context.subjects) == 1:
        told.append(Passes((*context.subjects, about[0])))
    if len(sizes) == 2:
        first, second = (part.node for part in sizes)
        assert first is not None
        assert second is not None
        return [
            *told,
            Counts(Counted("", (about[0],), "", "columns"), (first,)),
            Counts(Counted("", (about[0],), "", "rows"), (second,)),
        ]
    if len(sizes) == 1 and sizes[0].node is not None:
        return [*told, Counts(Counted("", (about[0],), "", "rows"), (sizes[0].node,))]
    return None


_SIDES = {"d": "d", "out": "d", "k": "k"}


def _is_data(node: tree.Node) -> bool:
    """Whether it is x, h, or what a matrix makes of x."""
    plain = bare(node)
    last = plain.factors[-1] if isinstance(plain, tree.Product) else plain
    return key(bare(last)) in ("x", "h")


def _directions(c: Clause) -> list[bool]:
    """Whether it goes down, for each word that says so: `down to`, `back up`."""
    ways = [part.value == "down" for part in c.of("project", "way")]
    ways += [part.text.lower().startswith("down") for part in c.of("fromto") if "down" in part.text.lower()]
    return ways + [False for part in c.of("near") if part.text.lower() == "up to"]


def _widens(c: Clause, context: Context) -> list[Assertion] | None:
    """`A projects the input up to a higher dimension`."""
    about = subjects(c.parts) or context.own
    compares = {"more": False, "fewer": True}
    if {part.value for part in c.of("shape")} - {"shape"}:
        return None  # `A is tall and narrow`
    ways = {*_directions(c), *(compares[part.value] for part in c.of("compare") if part.value in compares)}
    if (
        len(about) != 1
        or len(ways) != 1
        or (c.has("compare") and not c.has("shape", "fromto", "near", "way"))
    ):
        return None
    return [Projects(about[0], ways.pop())]


def _but_not(c: Clause, context: Context) -> list[Assertion] | None:
    """`The gradient flows into A and B, not into W`, `A and B are trained, not W`: of those behind, the
    opposite."""
    places = [at for at, part in enumerate(c.parts) if part.sort == "neg"]
    if len(places) != 1 or len(c.of("role")) != 1 or len(c.of("method")) > 1:
        return None
    named = {part.value for part in c.of("method")} or {context.within or context.method}
    method = "" if named == {context.method} else named.pop()
    before, behind = c.parts[: places[0]], c.parts[places[0] + 1 :]
    groups = [[part for part in parts if part.sort not in ("method", "only")] for parts in (before, behind)]
    roles = [part for part in groups[0] if part.sort == "role"]
    who = [part for part in groups[0] if part.sort != "role"]
    if len(roles) != 1 or not who or not behind:
        return None
    if any(part.sort not in SUBJECTS for part in (*who, *groups[1])) or len(behind) != len(groups[1]):
        return None
    trained = roles[0].value == "trained"
    only = any(part.sort == "only" for part in before)
    return [
        Moves(subjects(who), trained, only, method),
        Moves(subjects(behind), not trained, method=method),
    ]


def joins(c: Clause, context: Context) -> list[Assertion] | None:
    """How the branches come together: `both are added`, `the sum is added to that of the frozen weight`,
    `h is the sum of Wx and BAx`."""
    if (
        c.parts[:1] and c.parts[0].value == "model" and len(c.of("formula")) == 2
    ):  # `the layer computes Wx and …`
        c = clause([part for part in c.whole if part is not c.parts[0] and part.sort != "stage"])
    sorts = [part.sort for part in c.parts]
    terms = [part.node for part in c.parts[2:] if part.node is not None]
    if (
        sorts[1:2] == ["joined"]
        and c.parts[1].text.lower().endswith("sum")
        and {sorts[0], *sorts[2:]} <= {"matrix", "formula"}
        and len(terms) == len(sorts) - 2 > 1
        and c.parts[0].node is not None
    ):
        total = tree.Sum(tuple(terms), ("",) + ("+",) * (len(terms) - 1))
        return [Stated(tree.Relation((c.parts[0].node, total), ("=",)))]
    # `The adapter's output is multiplied by Wx.`
    if c.has("scaled") and c.within("scaled", "formula") and len(c.of("formula")) == 2:
        return [Joins("multiplied")] if all(map(_of_branch, c.of("formula"))) else None
    hows = {part.value for part in c.of("joined")} or (
        {"added"} if c.has("add") and (c.has("merge") or len(c.of("formula")) == 2) else set()
    )
    if len(hows) != 1 or not c.within(
        "joined", "all", "branches", "several", "neg", "role", "loss", "stage", "merge", "add", *SUBJECTS
    ):
        return None
    how = hows.pop()
    roles = {part.value for part in c.of("role")}
    pair = [_side(part) for part in c.of(*SUBJECTS) if key(bare(part.node or tree.Symbol(""))) != "h"]
    branches = len(pair) == 2 and set(pair) == {"base", "adapter"}
    branches = branches and all(part.node is None for part in c.of(*SUBJECTS)[-2:])
    if branches and roles <= {"frozen"} and not c.has("neg", "several", "merge", "loss"):
        return [*([Moves(("base",), False)] if roles else []), Joins(how)]
    if roles:
        if roles != {"frozen"} or set(subjects(c.parts)) != {"base"} or c.has("neg", "several"):
            return None
        return [Moves(("base",), False), Joins(how)]
    if c.has("branches"):
        gives = any(part.text.lower() == "give" for part in c.whole)
        terms_ = [part for part in c.of("matrix", "formula") if not (part.value == "h" and gives)]
        both = {"base", "adapter"} == {
            "base" if part.value in ("base", "W", "W_0") else part.value
            for part in (*terms_, *c.of("subject"))
        }
        alone = not terms_ and not c.has("subject")
        return [Joins(how)] if (both or alone) and not c.has("neg") else None
    if c.has("formula") and set(subjects(c.of("subject"))) == {"update"}:  # `the update BA is added to Wx`
        c = clause([part for part in c.whole if part.sort != "subject"])
    two = c.of("formula", "matrix")
    if len(two) != 2 or c.has("subject", "neg", "several"):
        return None
    if how == "multiplied":  # `Wx and BAx are multiplied`
        return [Joins(how)] if all(map(_of_branch, two)) else None
    if any(part.sort == "matrix" for part in two):  # `BA is added to W`
        about = [part.node for part in two if part.sort == "formula" and part.node is not None]
        base = [part for part in two if part.sort == "matrix" and part.node is not None]
        if len(about) != 1 or len(base) != 1 or base[0].node is None:
            return None
        called = "whole update" if c.has("merge") else "update"
        return [IsA((about[0],), called), IsA((base[0].node,), "base"), Joins(how)]
    one, other = (part.node for part in two)
    sign = "+" if how == "added" else "−"
    assert one is not None
    assert other is not None
    whole = parse_math(f"h = {to_plain(other)} {sign} {to_plain(one)}")
    return [Stated(whole)]


def _side(part: Concept) -> str:
    """Which of the two branches it is; '' for another."""
    value = "base" if part.value in ("base", "model") else part.value
    return {"update": "adapter"}.get(value, value) if part.node is None else ""


def _of_branch(part: Concept) -> bool:
    """Whether it is what a branch gives of x: `Wx`, `BAx`."""
    if part.node is None:
        return False
    symbols = [one for one in walk(part.node) if isinstance(one, tree.Symbol)]
    return len(symbols) > 1 and key(symbols[-1]) == "x"


def computed(c: Clause, context: Context) -> list[Assertion] | None:
    """`h is computed from W and the adapter`, `h is computed from the adapter alone`: as the sum of these."""
    told = [part.text.lower() for part in c.whole]
    named = [part for part in c.of(*SUBJECTS) if part.value != "h"]
    if len(c.parts) == len(named) == 2 and _COMPUTES & set(told) and (said := _given(*named)) is not None:
        return [said]
    whole = c.parts[:1] and (c.parts[0].value == "h" or (told and "output" in told[:2]))
    if not whole or not c.has("handled") or "from" not in told:
        return None
    if (
        not c.within("handled", "only", "all", *SUBJECTS)
        or not named
        or (len(named) == 1 and not c.has("only"))
    ):
        return None
    terms = [GIVES.get(part.value or "") for part in named]
    if None in terms:
        return None
    return [Stated(parse_math("h = " + " + ".join(term for term in terms if term is not None)))]


_COMPUTES = frozenset({"computes", "compute", "gives", "outputs", "returns", "yields", "produces"})


def _given(who: Concept, what: Concept) -> Assertion | None:
    """`W computes Wx`: what it makes of x; None if that is not what is said."""
    term = GIVES.get(who.value)
    side = to_plain(what.node) if what.node is not None else ""
    return Stated(parse_math(f"{term} = {side}")) if term is not None and side.endswith("x") else None


def faces(c: Clause, context: Context) -> list[Assertion] | None:
    """`The wide end of A faces the input`: which way it leads."""
    ends, about = c.of("side"), [part for part in c.of(*SUBJECTS) if part.value not in ("x", "h")]
    if len(ends) != 1 or not c.within("side", *SUBJECTS):
        return None
    names = {"input": True, "inputs": True, "x": True, "output": False, "outputs": False, "h": False}
    meets = [names[word] for part in c.whole if (word := part.text.lower()) in names]
    own = [subject(part) for part in about] or list(context.own)
    if len(meets) != 1 or len(own) != 1:
        return None
    return [Projects(own[0], (ends[0].value == "wide") == meets[0])]
