"""What a clause asserts: each frame takes the clauses that are made of certain sorts of concepts, and of
nothing else. A clause with a word of any other sort is none of its kind: nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Full,
    IsA,
    Joins,
    Latency,
    Marked,
    Merges,
    Method,
    Moves,
    Projects,
    Ranked,
    Shaped,
    Sized,
    Stage,
    Starts,
    Stated,
    Subject,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    amounts,
    negated,
    op_of,
    subject,
    subjects,
    unit_of,
)
from lorafig.verify.read.concepts import Concept
from lorafig.verify.read.measures import contrast, counts, none_of, of_network, part_of, ratios, rows, share

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
        "state",
        "sum",
        "several",
        *SUBJECTS,
    ):
        return None
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
    if (
        len(named) != 1
        or not 1 <= len(found) <= 2
        or not c.within(
            "dimension", "amount", "size", "relation", "near", "method", "only", "role", "compare", *SUBJECTS
        )
    ):
        return None
    named_first = found[0].number is None  # `the scaling α/r is 2`
    if len(found) == 2 and not (c.has("equals") or named_first or any(part.sort == "size" for part in found)):
        return None
    if any(unit_of(part.node or Number("0")) in ("×", "%") for part in found) or c.has("compare"):
        return None
    said: list[Assertion] = []
    nodes = [node for part in found for node in amounts(part)]
    for part in found:
        if isinstance(part.node, tree.Relation):
            if set(part.node.ops) - {"="}:
                return None
            said.append(Stated(part.node))
    about = subjects(c.parts)
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
    if name == "r" and op in ("≤", "≥", "<", ">") and about:
        return [*said, *(Ranked("update", node, op) for node in nodes)]
    if c.has("role") and not about:
        return None
    if c.has("role"):
        return None
    return [*said, Sized(name, tuple(nodes), op)]


def shaped(c: Clause, context: Context) -> list[Assertion] | None:
    """`A is r × d`, `a 256 × 256 weight`, `$d \\times d$` on an element."""
    shapes = c.of("shapes")
    if len(shapes) != 1 or not c.within("shapes", "shape", "noun", "role", "near", "dimension", *SUBJECTS):
        return None
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


def full_rank(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update is of low rank`."""
    ranks = [part for part in c.of("shape") if part.value in ("low", "full")]
    if len(ranks) != 1 or not c.within("shape", "neg", *SUBJECTS) or c.has("neg"):
        return None
    about = subjects(c.parts) or context.own
    return [Full(about, ranks[0].value == "full")] if about else None


# How it starts ---------------------------------------------------------------------------------


def starts(c: Clause, context: Context) -> list[Assertion] | None:
    """`B starts at zero`, `A is drawn from a Gaussian`, `zero-initialized` on an element."""
    laws = c.of("law")
    numbers = [part for part in c.of("amount") if part.text in ("0", "1")]
    if not laws and not (numbers and c.has("begin")):
        return None
    if not c.within("law", "begin", "start", "neg", "amount", "all", "role", "size", "method", *SUBJECTS):
        return None
    other = _other(c, context)
    if other is None or any(part.value == "full" for part in c.of("method")):
        return None
    if len(c.of("amount")) != len(numbers) or c.has("role"):
        return None
    values = [law.value for law in laws] + [{"0": "zero", "1": "one"}[part.text] for part in numbers]
    if "one" in values and not c.has("begin", "start"):
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


# What it is made of, and what it costs ---------------------------------------------------------


def projects(c: Clause, context: Context) -> list[Assertion] | None:
    ways = c.of("project")
    if not ways or not c.within("project", "size", "all", "each", *SUBJECTS) or c.has("size"):
        return None
    about = subjects(c.parts) or context.own
    if len(about) == len(ways):
        return [Projects(one, way.value == "down") for one, way in zip(about, ways, strict=True)]
    return None


def joins(c: Clause, context: Context) -> list[Assertion] | None:
    """How the branches come together: `both are added`, `the sum is added to that of the frozen weight`."""
    hows = {part.value for part in c.of("joined")}
    if len(hows) != 1 or not c.within(
        "joined", "all", "branches", "several", "neg", "role", "loss", "stage", *SUBJECTS
    ):
        return None
    how = hows.pop()
    roles = {part.value for part in c.of("role")}
    if roles:
        if roles != {"frozen"} or set(subjects(c.parts)) != {"base"} or c.has("neg", "several"):
            return None
        return [Moves(("base",), False), Joins(how)]
    if c.has("branches"):
        return None if c.has("matrix", "formula", "neg") else [Joins(how)]
    two = c.of("formula", "matrix")
    if len(two) != 2 or c.has("subject", "neg", "several") or how == "multiplied":
        return None
    if any(part.sort == "matrix" for part in two):  # `BA is added to W`
        about = [part.node for part in two if part.sort == "formula" and part.node is not None]
        base = [part for part in two if part.sort == "matrix" and part.value.startswith("W")]
        return [IsA((about[0],), "update"), Joins(how)] if len(about) == len(base) == 1 else None
    one, other = (part.node for part in two)
    sign = "+" if how == "added" else "−"
    assert one is not None
    assert other is not None
    whole = parse_math(f"h = {to_plain(other)} {sign} {to_plain(one)}")
    return [Stated(whole)]


def merges(c: Clause, context: Context) -> list[Assertion] | None:
    if not c.has("merge") or not c.within("merge", "loss", "method", "stage", *SUBJECTS):
        return None
    if c.has("loss"):
        return None if c.has("stage") else [Merges(c.of("loss")[0].value == "can")]
    merged = {stage.value for stage in c.of("stage")} == {"merged"}
    return [Merges(True)] if merged and c.has(*SUBJECTS) else None


def latency(c: Clause, context: Context) -> list[Assertion] | None:
    if not c.has("latency") or not c.within(
        "latency", "neg", "add", "joined", "method", "stage", "merge", "unlike", "near", *SUBJECTS
    ):
        return None
    stages = {stage.value for stage in c.of("stage")}
    if len(stages) > 1 or "base" in stages or not c.has("neg", "add", "joined", "stage"):
        return None
    return [Latency(not negated(c.parts), "training" not in stages)]


def is_a(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is the pretrained weight`, `Base model` on an element."""
    named = [part for part in c.of("subject") if part.value in ("base", "adapter", "merged", "update")]
    if len(named) != 1 or not c.within("subject", "matrix", "formula", "neg"):
        return None
    about = tuple(subject(part) for part in c.of("matrix", "formula")) or context.own
    if not about or len(c.of("subject")) != 1:
        return None
    return [IsA(about, named[0].value, negated(c.parts))]


def merged(c: Clause, context: Context) -> list[Assertion] | None:
    """`Merged` on a matrix, or beside it: `W (merged)`."""
    stages = c.of("stage")
    if len(stages) != 1 or stages[0].value != "merged" or not c.within("stage", "matrix", "formula"):
        return None
    first = stages[0].text.lower().split()[0]
    about = tuple(subject(part) for part in c.of("matrix", "formula")) or context.own
    if first not in ("merged", "fused", "folded") or not about or context.staged:
        return None
    return [IsA(about, "merged")]


def titles(c: Clause, context: Context) -> list[Assertion] | None:
    """A title that names a method, or a time: `LoRA`, `After merging`."""
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


def stated(c: Clause, context: Context) -> list[Assertion] | None:
    """Statements of mathematics, with nothing beside them but a method or the time."""
    if not c.has("relation") or not c.within("relation", "method", "start", "subject"):
        return None
    if any(part.value != "model" for part in c.of("subject")) and any(
        isinstance(bare(amounts(part)[-1]), Number | tree.Computed) for part in c.of("relation")
    ):
        return None  # a number of something
    said: list[Assertion] = [Method(method.value) for method in c.of("method")]
    begun = c.has("start")
    return said + [Stated(part.node, begun) for part in c.of("relation") if part.node is not None]


def marked(c: Clause, context: Context) -> list[Assertion] | None:
    """Words on an element that is drawn in a role: those whom they name have to have it."""
    if context.mark not in ("frozen", "trained") or not c.within(
        "subject", "role", "neg", "noun", "matrix", "only"
    ):
        return None
    roles = {role.value for role in c.of("role")}
    if len(roles) > 1 or not (roles or c.has("subject")):
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
    "marked": marked,
    "moves": moves,
    "counts": counts,
    "of_network": of_network,
    "rows": rows,
    "none_of": none_of,
    "part_of": part_of,
    "contrast": contrast,
    "ratios": ratios,
    "share": share,
    "sized": sized,
    "shaped": shaped,
    "full_rank": full_rank,
    "starts": starts,
    "projects": projects,
    "joins": joins,
    "merges": merges,
    "latency": latency,
    "is_a": is_a,
    "merged": merged,
    "titles": titles,
    "stated": stated,
}
