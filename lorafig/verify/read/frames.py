"""What a clause asserts: each frame takes the clauses that are made of certain sorts of concepts, and of
nothing else. A clause with a word of any other sort is none of its kind: nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read import ellipsis, memory, merging, ways, worked
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Full,
    Grows,
    IsA,
    Joins,
    Marked,
    Merges,
    Method,
    Moves,
    Passes,
    Projects,
    Ranked,
    Shaped,
    Shows,
    Sized,
    Stage,
    Starts,
    Stated,
    Subject,
    Takes,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    amounts,
    clause,
    is_scaling,
    negated,
    op_of,
    subject,
    subjects,
    unit_of,
)
from lorafig.verify.read.comparisons import (
    as_many,
    begins_from,
    branches,
    compared_sizes,
    listed_shapes,
    module_shapes,
    multiplied,
)
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.measures import (
    contrast,
    counts,
    differs,
    none_of,
    of_network,
    part_of,
    per_each,
    ratios,
    rows,
    share,
)

Frame: TypeAlias = Callable[[Clause, Context], "list[Assertion] | None"]


# What training moves ---------------------------------------------------------------------------


def moves(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is frozen`, `train A and B only`, `Frozen` on an element."""
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
        *SUBJECTS,
    ):
        return None
    if c.has("instead"):
        return _rather(c, context)
    apart = _but_not(c, context)
    if apart is not None:
        return apart
    pronoun = any(part.text.lower().split()[:1] in (["it"], ["they"], ["this"]) for part in c.whole)
    named = [part.sort for part in c.parts] == ["method", "role"] and c.parts[0].value == context.method
    if named and not pronoun:
        return [Moves(("adapter",), c.parts[1].value == "trained")]  # `W is frozen, LoRA is trained`
    left = _left(c)
    if left is not None:
        return moves(left, context)
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
        said.append(Counts(Counted(role, (), "", part.value), (part.node,)))
        if not c.has(*SUBJECTS) and not c.has("only"):
            return said
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
    return [Moves(named, trained), Moves(others, not trained)]


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


def _whole(parts: Sequence[Concept], context: Context) -> tuple[Subject, ...]:
    if any(part.sort == "sum" for part in parts):
        return ("model",)
    if any(part.sort == "noun" for part in parts) and not context.own:
        if any(part.sort == "all" for part in parts):
            return ("model",)
        frozen = any(part.sort == "role" and part.value == "frozen" for part in parts) and not negated(parts)
        return ("base",) if frozen else ()
    return context.own or context.subjects


# Sizes, shapes and ranks -----------------------------------------------------------------------


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
            *SUBJECTS,
        )
    ):
        return None
    named_first = found[0].number is None  # `the scaling α/r is 2`
    if len(found) == 2 and c.has("near") and c.place(found[0]) < c.place(c.of("near")[0]) < c.place(found[1]):
        return None  # `the rank r is at most d`
    if len(found) == 2 and not (c.has("equals") or named_first or any(part.sort == "size" for part in found)):
        return None
    if any(unit_of(part.node or Number("0")) in ("×", "%") for part in found) or c.has("compare"):
        return None
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
    if name == "r" and any(not isinstance(one, str) for one in about):
        if len(about) != 1:
            return None
        return [*said, *(Ranked(about[0], node, op) for node in nodes)]
    if name == "r" and op in ("≤", "≥", "<", ">") and (about or (methods and op in ("≤", "<"))):
        return [*said, *(Ranked("update", node, op) for node in nodes)]
    if c.has("role"):
        return None
    if context.titled and context.staged:  # `With an adapter of rank 4`
        said.append(Shows(frozenset(one for one in about if isinstance(one, str))))
    return [*said, Sized(name, tuple(nodes), op)]


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
        *SUBJECTS,
    ) or len(c.of("dimension", "size")) not in (1, 2):
        return None
    causes, powers, effects = c.of("change"), c.of("power"), c.of("effect")
    words = list(c.parts)
    if len(causes) == 1 and len(effects) == 1 and not powers and words[0] is causes[0]:
        at = words.index(effects[0])
        before, behind, factor, by = words[1:at], words[at + 1 :], causes[0].value, effects[0].value
    elif (way := _direction(words)) is not None and not causes and not effects and not powers:
        factor, before, by, behind = way
    elif len(powers) == 1 and not causes and not effects and not c.has("amount"):
        at = words.index(powers[0])
        before, behind = words[at + 1 :], [part for part in words[:at] if part.sort != "compare"]
        factor, by = "2", str(2 ** int(powers[0].value))
    else:
        return None
    cause = [part for part in before if part.sort in ("dimension", "size")]
    if len(cause) != 1 or len(before) != 1:
        return None
    sizes = [part for part in behind if part.sort in ("dimension", "size")]
    if len(behind) == 1 and behind[0].sort == "amount" and is_scaling(behind[0]):
        what = "scale"  # `doubling the rank halves α/r`
    elif sizes:
        scale = len(behind) == 1 and sizes[0].value in ("scale", "s")
        what = "scale" if scale else ""
    else:
        roles = {part.value for part in behind if part.sort == "role"}
        named = set(subjects(behind))
        if named == {"update"} and not roles and cause[0].value in ("α", "alpha"):
            what = "scale"
        elif named <= {"adapter"} and roles <= {"trained"} and (named or roles):
            what = "trained"
        elif len(behind) == 1 and (named == {"base"} or behind[0].value == "W"):
            what = "base"
        else:
            what = ""
    return [Grows(cause[0].value, factor, what, by)] if what else None


def _of_alpha(node: tree.Node) -> bool:
    return isinstance(node, tree.Relation) and key(bare(node.sides[0])) == "α"


def _direction(words: list[Concept]) -> tuple[str, list[Concept], str, list[Concept]] | None:
    """`A lower r gives more trainable parameters`: the factor, the size, whether it grows, and what."""
    compares = [at for at, part in enumerate(words) if part.sort == "compare" and part.value != "as"]
    if len(compares) != 2 or compares[0] != 0 or len(words) < 4:
        return None
    first, second = (words[at].value for at in compares)
    by = ">" if second == "more" else "<"
    return ("2" if first == "more" else "1/2"), words[1 : compares[1]], by, words[compares[1] + 1 :]


def full_rank(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update is of low rank`."""
    ranks = [part for part in c.of("shape") if part.value in ("low", "full")]
    if len(ranks) != 1 or not c.within("shape", "neg", *SUBJECTS) or c.has("neg"):
        return None
    about = subjects(c.parts) or context.own
    called = [one for one in about if one in ("base", "adapter")]
    own: list[Assertion] = [IsA(context.own, str(called[0]))] if context.own and len(called) == 1 else []
    return [*own, Full(about, ranks[0].value == "full")] if about else None


# How it starts ---------------------------------------------------------------------------------


def starts(c: Clause, context: Context) -> list[Assertion] | None:
    """`B starts at zero`, `A is drawn from a Gaussian`, `zero-initialized` on an element."""
    laws = c.of("law")
    numbers = [part for part in c.of("amount") if part.text in ("0", "1")]
    if not laws and not (numbers and c.has("begin")):
        return None
    if not c.within(
        "law",
        "begin",
        "start",
        "neg",
        "amount",
        "all",
        "role",
        "size",
        "method",
        "stage",
        *SUBJECTS,
    ):
        return None
    if any(law.value == "nothing" for law in laws):
        return _idle(c, context)
    if any(stage.value != "early" for stage in c.of("stage")):
        return None
    other = _other(c, context)
    if other is None or any(part.value == "full" for part in c.of("method")):
        return None
    if len(c.of("amount")) != len(numbers) or c.has("role"):
        return None
    values = [law.value for law in laws] + [{"0": "zero", "1": "one"}[part.text] for part in numbers]
    if "one" in values and not c.has("begin", "start", "stage"):
        return None
    if "random" in values and "normal" in values:
        values = ["normal"]
    about = subjects(c.parts)
    if values == ["singular"]:  # `of the weight`, whatever stands behind
        about = subjects(c.parts[: c.place(laws[0])])
    elif c.has("size"):
        return None
    if len(values) == 2 and len(about) == 2 and not c.has("neg"):
        return [Starts((one,), value, method=other) for one, value in zip(about, values, strict=True)]
    about = about or context.own or context.subjects
    if len(set(values)) != 1 or not about:
        return None
    return [Starts(about, values[0], negated(c.parts), other)]


def _idle(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter does nothing at first`: only then is that so."""
    if not c.has("start", "begin") or set(subjects(c.parts)) - {"adapter", "update"}:
        return None
    if c.has("neg", "role", "size"):
        return None
    return [Starts(("update",), "zero")] if subjects(c.parts) else None


# What it is made of, and what it costs ---------------------------------------------------------


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
        or {part.value for part in c.of("dimension")} - {"r"}
    ):
        return None
    sizes = [part for part in c.of("amount", "several", "size") if part.node is not None]
    named = subjects(c.parts)
    about = [one for one in named if isinstance(one, str) or key(bare(one)) not in ("x", "h")]
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


def _directions(c: Clause) -> list[bool]:
    """Whether it goes down, for each word that says so: `down to`, `back up`."""
    ways = [part.value == "down" for part in c.of("project", "way")]
    ways += [part.text.lower().startswith("down") for part in c.of("fromto") if "down" in part.text.lower()]
    return ways + [False for part in c.of("near") if part.text.lower() == "up to"]


def _widens(c: Clause, context: Context) -> list[Assertion] | None:
    """`A projects the input up to a higher dimension`."""
    about = subjects(c.parts) or context.own
    compares = {"more": False, "fewer": True}
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
    if (
        len(places) != 1
        or len(c.of("role")) != 1
        or {part.value for part in c.of("method")} - {context.method}
    ):
        return None
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
    return [Moves(subjects(who), trained, only), Moves(subjects(behind), not trained)]


def joins(c: Clause, context: Context) -> list[Assertion] | None:
    """How the branches come together: `both are added`, `the sum is added to that of the frozen weight`,
    `h is the sum of Wx and BAx`."""
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
    hows = {part.value for part in c.of("joined")} or (
        {"added"} if c.has("merge") and c.has("add") else set()
    )
    if len(hows) != 1 or not c.within(
        "joined", "all", "branches", "several", "neg", "role", "loss", "stage", "merge", "add", *SUBJECTS
    ):
        return None
    how = hows.pop()
    roles = {part.value for part in c.of("role")}
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
    if len(two) != 2 or c.has("subject", "neg", "several") or how == "multiplied":
        return None
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


def is_a(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is the pretrained weight`, `Base model` on an element."""
    named = [part for part in c.of("subject") if part.value in ("base", "adapter", "merged", "update")]
    if len(named) != 1 or not c.within("subject", "matrix", "formula", "neg", "isas"):
        return None
    about = tuple(subject(part) for part in c.of("matrix", "formula")) or context.own
    if not about or len(c.of("subject")) != 1:
        return None
    if any(part.text.lower() in ("sees", "see", "receive", "receives", "get", "gets") for part in c.whole):
        return None  # `W and the adapter see x`
    return [IsA(about, named[0].value, negated(c.parts))]


def names(c: Clause, context: Context) -> list[Assertion] | None:
    """A symbol on an element is the element's own: `LoRA B` on A is not."""
    found = c.of("matrix")
    if len(found) != 1 or found[0].node is None or not c.within("matrix", "method") or context.titled:
        return None
    own = [one for one in context.own if not isinstance(one, str)]
    if len(own) != len(context.own) or not own or not c.has("method"):
        return None
    return [Stated(tree.Relation((own[0], found[0].node), ("=",)))]


def merged(c: Clause, context: Context) -> list[Assertion] | None:
    """`Merged` on a matrix, or beside it: `W (merged)`."""
    stages = c.of("stage")
    left = any(part.text.lower() in ("left", "remains") for part in c.whole)
    if left and [part.value for part in stages] == ["merged", "merged"] and c.within("stage"):
        return [Merges(True)]  # `after merging there is one matrix left`
    if len(stages) != 1 or stages[0].value != "merged" or not c.within("stage", "matrix", "formula"):
        return None
    first = stages[0].text.lower().split()[0]
    about = tuple(subject(part) for part in c.of("matrix", "formula")) or context.own
    if first not in ("merged", "fused", "folded") or not about or context.staged:
        return None
    return [IsA(about, "merged")]


def shows(c: Clause, context: Context) -> list[Assertion] | None:
    """A title of a panel that names what is on it: `Pretrained weights`, `Two branches`, `Extra latency`."""
    if not (context.titled and context.staged) or not c.within(
        "subject", "noun", "branches", "several", "latency", "merge", "stage", "compare"
    ):
        return None
    names = {part.value for part in c.of("subject")}
    counted = any(part.value == "branches" for part in c.of("several"))
    whole = any(part.value == "merged" for part in c.of("stage")) and names & {"model", "base"}
    if c.has("merge") or whole:
        names = {"merged"}
    if c.has("branches") or counted:
        names.add("branches")
    if c.has("latency"):
        names.add("latency")
    if not names or names == {"model"} or (c.has("several") and not counted):
        return None
    told: list[Assertion] = [Shows(frozenset(names))]
    told += [
        Counts(Counted("", (), "", "branches"), (part.node,))
        for part in c.of("several")
        if part.node is not None
    ]
    return [*told, *(Stage(part.value) for part in c.of("stage"))]


def titles(c: Clause, context: Context) -> list[Assertion] | None:
    """A title that names a method, or a time: `LoRA`, `After merging`."""
    training = c.of("role")
    if context.titled and context.staged and len(c.parts) == len(training) == 1:
        early = training[0].text.lower() in ("training", "fine-tuning", "trains")
        return [Stage("training")] if early else None
    if (
        not context.titled
        or not c.within("method", "stage", "shape", "subject")
        or not c.has("method", "stage")
    ):
        return None
    if len(c.of("method")) > 1 or any(part.value != "low" for part in c.of("shape")):
        return None
    if any(part.value == "merged" for part in c.of("subject")) or (
        c.has("subject") and not c.has("stage", "method")
    ):
        return None
    methods = c.of("method") if context.method != "none" else []
    said: list[Assertion] = [Method(method.value) for method in methods]
    return said + [Stage(stage.value) for stage in c.of("stage") if context.staged] or None


def _with_role(c: Clause) -> list[Assertion] | None:
    """`B = 0, trained`, `frozen W ∈ ℝ^{d × k}`: the role is of what the statement begins with."""
    relations, roles = c.of("relation"), {part.value for part in c.of("role")}
    if len(relations) != 1 or len(roles) != 1 or not c.within("relation", "role"):
        return None
    node = relations[0].node
    if relations[0].value not in ("matrix", "formula") or not isinstance(node, tree.Relation):
        return None
    begun = (
        node.ops == ("=",) and key(bare(node.sides[1])) is None and isinstance(bare(node.sides[1]), Number)
    )
    return [Stated(node, begun), Moves((node.sides[0],), roles == {"trained"})]


def stateless(c: Clause, context: Context) -> list[Assertion] | None:
    """`Frozen weights need no optimizer states`."""
    if not c.has("state") or not c.within("role", "noun", "subject", "neg", "state") or not c.has("role"):
        return None
    roles = {part.value for part in c.of("role")}
    if roles != {"frozen"} or not negated(c.parts) or set(subjects(c.parts)) - {"base"}:
        return None
    return [Moves(("base",), False)]


def stated(c: Clause, context: Context) -> list[Assertion] | None:
    """Statements of mathematics, with nothing beside them but a method or the time."""
    if not c.has("relation") or not c.within(
        "relation", "method", "start", "subject", "stage", "role", "only"
    ):
        return None
    if c.has("only") and (c.has("role") or len(c.of("relation")) > 1):
        return None
    early = bool(c.of("stage")) and all(part.value == "early" for part in c.of("stage"))
    if c.has("stage") and not early:
        return _once_merged(c)
    if any(part.value != "model" for part in c.of("subject")) and any(
        isinstance(bare(amounts(part)[-1]), Number | tree.Computed) for part in c.of("relation")
    ):
        return None  # a number of something
    heading = c.whole and c.whole[0].text.lower() in ("adapted", "updated") and "colon" in c.marks
    if c.has("role") and not (heading and len(c.of("role")) == 1):  # `Adapted output: h = …`
        return _with_role(c)
    begun = c.has("start") or early or context.begun
    said: list[Assertion] = [Method(method.value) for method in c.of("method")]
    named = [part.value for part in c.of("subject") if part.value in ("base", "update", "merged")]
    relations = c.of("relation")
    if len(named) == len(relations) == 1 and relations[0].value in ("matrix", "formula"):
        node = relations[0].node
        if isinstance(node, tree.Relation) and key(bare(node.sides[0])) not in ("h", "x"):
            said.append(IsA((node.sides[0],), named[0]))  # `the update ΔW = BA`
    return said + [Stated(part.node, begun) for part in c.of("relation") if part.node is not None]


def _once_merged(c: Clause) -> list[Assertion] | None:
    """`W' = W + BA after merging`: it speaks of the merged weight."""
    relations = c.of("relation")
    if (
        len(relations) != 1
        or not c.within("relation", "stage")
        or not isinstance(relations[0].node, tree.Relation)
    ):
        return None
    if any(stage.value != "merged" for stage in c.of("stage")):
        return None
    node = relations[0].node
    if relations[0].value != "matrix" or key(bare(node.sides[0])) in ("h", "x"):
        return None
    return [Stated(node), IsA((node.sides[0],), "merged")]


def marked(c: Clause, context: Context) -> list[Assertion] | None:
    """Words on an element that is drawn in a role: those whom they name have to have it."""
    if context.mark == "added":  # on a sum
        hows = {part.value for part in c.of("joined")}
        return [Marked(how, "added") for how in hows] if c.within("joined") else None
    if not context.mark or not c.within("subject", "role", "neg", "noun", "matrix", "only", "stage"):
        return None
    roles = {role.value for role in c.of("role")}
    if context.mark not in ("frozen", "trained"):  # merged, or what flows
        names = roles | {part.value for part in c.of("subject", "stage")}
        own = {"frozen", "trained", "base", "adapter", "merged", "training", "model"}
        if c.has("neg", "only", "matrix") or names - own or (context.mark == "activation" and not roles):
            return None
        return [Marked(name, context.mark) for name in sorted(names - {"model"})] or None
    weights = c.has("subject") or any(part.value not in ("x", "h") for part in c.of("matrix"))
    if len(roles) > 1 or not (roles or weights) or c.has("stage"):
        return None
    said: list[Assertion] = []
    named = tuple(one for one in subjects(c.parts) if one != "model")
    if roles:
        role = roles.pop()
        if negated(c.parts):
            role = "frozen" if role == "trained" else "trained"
        said.append(Marked(role, context.mark))
        if named:
            said.append(Moves(named, role == "trained"))
    if named:
        said.append(Moves(named, context.mark == "trained"))
    return said or None


FRAMES: Mapping[str, Frame] = {
    "likewise": ellipsis.likewise,
    "together": ellipsis.together,
    "in another": memory.in_another,
    "in total": memory.in_total,
    "shrinks": memory.shrinks,
    "states": memory.states,
    "product": worked.product,
    "quotient": worked.quotient,
    "each takes": worked.each_takes,
    "per_layer": ways.per_layer,
    "targeted": ways.targeted,
    "placed": ways.placed,
    "passes": ways.passes,
    "removes": merging.removes,
    "sets_out": ways.sets_out,
    "marked": marked,
    "per number": memory.per_number,
    "of so many": memory.of_so_many,
    "stored": memory.stored,
    "begins from": begins_from,
    "as many": as_many,
    "branches": branches,
    "moves": moves,
    "per each": per_each,
    "counts": counts,
    "of_network": of_network,
    "rows": rows,
    "none_of": none_of,
    "part_of": part_of,
    "contrast": contrast,
    "enlarges": ways.enlarges,
    "differs": differs,
    "ratios": ratios,
    "share": share,
    "compared sizes": compared_sizes,
    "sized": sized,
    "listed shapes": listed_shapes,
    "multiplied": multiplied,
    "module shapes": module_shapes,
    "shaped": shaped,
    "scaled": scaled,
    "grows": grows,
    "full_rank": full_rank,
    "starts": starts,
    "maps": maps,
    "projects": projects,
    "joins": joins,
    "adds to the weight": merging.adds,
    "leaves": merging.leaves,
    "merges": merging.merges,
    "latency": merging.latency,
    "is_a": is_a,
    "names": names,
    "merged": merged,
    "stateless": stateless,
    "shows": shows,
    "titles": titles,
    "stated": stated,
    "alike": ways.alike,
    "takes": ways.takes,
    "proportioned": ways.proportioned,
    "first_output": ways.first_output,
    "paces": merging.paces,
}
