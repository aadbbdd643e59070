"""What a clause asserts: each frame takes the clauses that are made of certain sorts of concepts, and of
nothing else. A clause with a word of any other sort is none of its kind: nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
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
    Ratio,
    Shaped,
    Sized,
    Stage,
    Starts,
    Stated,
    Subject,
)
from lorafig.verify.read.concepts import Concept

# What stands between the words of a statement, and what names something: neither changes what is said.
LOOSE = frozenset(
    {"keep", "thing", "filler", "name", "scope", "comma", "open", "close", "join", "colon", "equals"}
)
SUBJECTS = frozenset({"subject", "matrix", "formula"})


class Context(Struct):
    """What a clause may leave unsaid: who is spoken of (`own` of the element, or the last clause's),
    and whether it is parameters that are counted. `titled` is True for a title, which says what stands
    below it."""

    own: tuple[Subject, ...] = ()
    subjects: tuple[Subject, ...] = ()
    counted: bool = False
    titled: bool = False
    staged: bool = False  # whether it is known at which stage that is
    mark: str = ""  # the role that its element is drawn in
    method: str = "lora"
    strict: bool = False  # no clause of it may be prose


class Clause(Struct):
    """The concepts of a clause without those that are loose."""

    parts: tuple[Concept, ...]
    marks: frozenset[str] = frozenset()
    sorts: frozenset[str] = field(default_factory=frozenset)

    def of(self, *sorts: str) -> list[Concept]:
        return [part for part in self.parts if part.sort in sorts]

    def has(self, *sorts: str) -> bool:
        return not self.sorts.isdisjoint(sorts)

    def within(self, *sorts: str) -> bool:
        """Whether it is made of these sorts alone."""
        return self.sorts <= set(sorts)

    def place(self, concept: Concept) -> int:
        return next(at for at, part in enumerate(self.parts) if part is concept)


def clause(concepts: Sequence[Concept]) -> Clause:
    through = next((at for at, part in enumerate(concepts) if part.sort == "through"), 0)
    said = any(part.sort == "role" for part in concepts)  # `x passes through the frozen W`
    if said and all(part.sort in LOOSE or part.value in ("x", "h") for part in concepts[:through]):
        concepts = concepts[through:]
        concepts = concepts[1:] if concepts[0].sort == "through" else concepts
    roles = any(part.sort in ("role", "shift") for part in concepts)
    first = next((part for part in concepts if part.sort not in LOOSE - {"keep"}), None)
    keeps = first is not None and first.sort == "keep" and first.text.lower() in ("keep", "keeps")
    if keeps and not roles:  # `keep W`, but `kept frozen`
        concepts = [
            replace(part, sort="role", value="frozen") if part.sort == "keep" else part for part in concepts
        ]
    parts = tuple(
        replace(part, sort="role") if part.sort == "shift" else part
        for part in concepts
        if part.sort not in LOOSE
    )
    marks = frozenset(part.sort for part in concepts if part.sort in LOOSE)
    return Clause(parts, marks, frozenset(part.sort for part in parts))


Frame: TypeAlias = Callable[[Clause, Context], "list[Assertion] | None"]


def subjects(parts: Sequence[Concept]) -> tuple[Subject, ...]:
    return tuple(subject(part) for part in parts if part.sort in SUBJECTS)


def subject(part: Concept) -> Subject:
    return part.node if part.node is not None else part.value


def negated(parts: Sequence[Concept]) -> bool:
    """Whether what turns a statement round turns it an odd number of times; `neither … nor` turns it once."""
    words = [part.text.lower() for part in parts if part.sort == "neg"]
    if "neither" in words and "nor" in words:
        words.remove("nor")
    return len(words) % 2 == 1


def _amounts(part: Concept) -> tuple[Node, ...]:
    """The sides of an amount: `d^2 = 65,536` is two."""
    assert part.node is not None
    if part.sort == "relation" and isinstance(part.node, tree.Relation):
        return part.node.sides
    return (part.node,)


def _is_size(node: Node) -> bool:
    return key(bare(node)) in ("r", "d", "k", "α", "s")


def _op(c: Clause) -> str:
    near = c.of("near")
    return near[0].value if near else "="


def _unit(node: Node) -> str:
    match bare(node):
        case Number(_, unit):
            return unit
        case tree.Computed(_, form):
            return "%" if "%" in form else "×" if "x" in form or "×" in form else ""
        case tree.Relation(sides):
            return _unit(sides[-1])
        case tree.Product((*_, tree.Symbol("×" | "%") as sign)):
            return sign.name
        case _:
            return ""


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
    said: list[Assertion] = []
    for part in c.of("several"):
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
        said.append(Moves(group, trained, only))
        if full:
            said.append(Moves(group, not trained, method="full"))
    called = {one for one in subjects(c.parts) if isinstance(one, str)} & {"base", "adapter", "merged"}
    if context.own and len(called) == 1 and not c.has("matrix", "formula"):
        said.append(IsA(context.own, called.pop()))
    return said or None


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


# Numbers with a subject ------------------------------------------------------------------------

_COUNTING = (
    "amount", "relation", "noun", "role", "neg", "only", "all", "method", "near", "sum", "each", "bytes",
    "precision", "madds", "state", "compare", "shape", "stage", *SUBJECTS,
)  # fmt: skip
AMOUNTS = ("amount", "relation")


def counts(c: Clause, context: Context) -> list[Assertion] | None:
    """`2,048 trainable parameters`, `W: 65,536`, `A and B have 1,024 entries each`."""
    amounts = c.of(*AMOUNTS)
    if len(amounts) != 1 or not c.within(*_COUNTING) or _unit(amounts[0].node or Number("0")) in ("×", "%"):
        return None
    if c.has("compare", "several") or any(_is_size(side) for side in _amounts(amounts[0])):
        return None
    if c.has("shape"):
        return _rows(c, context, amounts[0])
    spoken = c.has("noun", "role", "sum", "bytes", "madds", "state") or "colon" in c.marks
    if amounts[0].sort == "relation" and (not spoken or not _is_counted(c, amounts[0])):
        return None
    at = c.place(amounts[0])
    if subjects(c.parts[:at]) and subjects(c.parts[at:]):  # `W with 65,536, A and B`: of whom, is not said
        return None
    what = counted(c, context)
    if what is None or (what.subjects == ("model",) and not what.role and not c.has("noun", "bytes")):
        return None
    stages = {stage.value for stage in c.of("stage")}
    if stages:
        if len(stages) > 1 or what.role not in ("", "total") or set(what.subjects) - {"model"}:
            return None
        what = (
            replace(what, role="", subjects=("base",))
            if stages == {"merged"}
            else replace(what, role="total")
        )
    said: list[Assertion] = []
    sides = _amounts(amounts[0])
    if amounts[0].sort == "relation":
        relation = amounts[0].node
        assert isinstance(relation, tree.Relation)
        if set(relation.ops) - {"=", "≡", "≈"}:
            return None
        said.append(Stated(relation))
    said.append(Counts(what, sides, _op(c)))
    named = what.subjects
    if what.role and named and not c.has("sum") and set(named) != {"model"}:
        said.append(Moves(named, what.role == "trained"))
    return said


def _is_counted(c: Clause, amount: Concept) -> bool:
    """Whether a statement says how many: with a noun, or with a number at its end."""
    sides = _amounts(amount)
    return c.has("noun", "role", "sum", "bytes", "madds", "state") or isinstance(
        bare(sides[-1]), Number | tree.Computed
    )


def counted(c: Clause, context: Context, parts: Sequence[Concept] | None = None) -> Counted | None:
    """What a clause, or a part of it, says is counted; None if that is not said."""
    inside = clause(c.parts if parts is None else parts)
    roles = {role.value for role in inside.of("role")}
    if len(roles) > 1:
        return None
    role = next(iter(roles), "")
    if role and negated(inside.parts):
        role = "frozen" if role == "trained" else "trained"
    elif not role and inside.has("neg"):
        return None
    named = subjects(inside.parts)
    methods = [method.value for method in inside.of("method")]
    if len(methods) > 1:
        return None
    unit = ""
    for sort in ("madds", "state", "bytes"):
        if inside.has(sort):
            unit = sort
    if inside.has("sum") and not role:
        role = "total"
    bits = [int(precision.value) for precision in inside.of("precision")]
    scales = [memory.value for memory in inside.of("bytes") if memory.value]
    if len(set(bits)) > 1 or len(scales) > 1 or (bits and unit != "bytes"):
        return None
    about = bool(role or named or methods or unit)
    if (
        not inside.has("noun")
        and not context.counted
        and not (about and parts is not None)
        and unit == ""
        and not (role or named or methods)
    ):
        return None
    if not named and not methods and role != "total":
        named = context.own
    each = inside.has("each") or any(word.text.lower() in ("each", "both") for word in inside.of("all"))
    return Counted(role, named, methods[0] if methods else "", unit, each, bits[0] if bits else 0,
                   scales[0] if scales else "")  # fmt: skip


def _rows(c: Clause, context: Context, amount: Concept) -> list[Assertion] | None:
    """`A has 4 rows`, `256 columns of A`."""
    which = [shape.value for shape in c.of("shape")]
    named = subjects(c.parts) or context.own or context.subjects
    if (
        len(which) != 1
        or which[0] not in ("rows", "columns")
        or not named
        or c.has("role", "method", "neg", "bytes")
    ):
        return None
    return [Counts(Counted("", named, "", which[0]), _amounts(amount), _op(c))]


def several(c: Clause, context: Context) -> list[Assertion] | None:
    """Two amounts in contrast: `trains 2,048 instead of 65,536`, `from 65,536 down to 2,048`."""
    amounts = c.of(*AMOUNTS)
    if len(amounts) != 2 or not c.has("instead", "fromto", "compare", "than"):
        return None
    if not c.within(*_COUNTING, "instead", "fromto", "than"):
        return None
    if any(_unit(amount.node or Number("0")) in ("×", "%") for amount in amounts) or c.has(
        "neg", "sum", "shape"
    ):
        return None
    if c.has("role") and {role.value for role in c.of("role")} != {"trained"}:
        return None
    methods = [method.value for method in c.of("method") if method.value != "full"]
    own = Counted("trained", (), methods[0] if methods else "")
    base = Counted("trained", (), "full")
    first, last = amounts
    if c.has("instead"):
        instead = c.of("instead")[0]
        less, more = (last, first) if c.place(instead) < c.place(first) else (first, last)
    elif c.has("than"):
        return None
    else:
        more, less = first, last
        if not any(part.value == "to" or part.value == "fewer" for part in c.parts):
            return None
    return [Counts(own, _amounts(less)), Counts(base, _amounts(more))]


# Times, and shares -----------------------------------------------------------------------------


def ratios(c: Clause, context: Context) -> list[Assertion] | None:
    """`32× fewer trainable parameters`, `half as many as W`, `3.1 % of the parameters are trained`."""
    amounts = c.of("amount", "relation")
    if len(amounts) > 1 or not c.within(*_COUNTING, "than", "share", "instead", "unlike", "factor"):
        return None
    if c.has("shape", "each", "stage", "bytes", "precision", "madds", "state"):
        return None
    compare = [part.value for part in c.of("compare")]
    if len(set(compare)) > 1 or (not amounts and (not compare or "as" in compare or not c.has("than"))):
        return None
    amount = amounts[0] if amounts else None
    unit = "" if amount is None or amount.node is None else _unit(amount.node)
    if unit == "" and c.has("factor"):
        unit = "×"
    elif c.has("factor"):
        return None
    fraction = amount is not None and amount.number is not None and "/" in amount.number.digits
    if unit not in ("×", "%") and amount is not None and not fraction:
        return None
    how = compare[0] if compare else ""
    if how == "as" and any(part.text.lower() == "few" for part in c.parts):
        how = "few"
    place = c.place(amount) if amount is not None else 0
    than = next(
        (at for at, part in enumerate(c.parts) if part.sort in ("than", "instead") and at >= place), None
    )
    before = c.parts if than is None else c.parts[:than]
    after = () if than is None else c.parts[than + 1 :]
    if how == "":
        if unit == "×":
            return None
        return _share(c, context, amount)
    quick = Context(own=(), counted=True)
    left = counted(
        c, quick, [part for part in before if part.sort not in ("than", "share", "compare", "amount")]
    )
    right = (
        counted(c, quick, [part for part in after if part.sort not in ("than", "share")])
        if after
        else Counted()
    )
    if left is None or right is None or left.role == "total":
        return None
    said: list[Assertion] = []
    if amount is not None and amount.sort == "relation":
        assert isinstance(amount.node, tree.Relation)
        said.append(Stated(amount.node))
    node = None if amount is None else amount.node
    if amount is not None and isinstance(node, tree.Relation):
        node = node.sides[-1]
    return [*said, Ratio(left, right, how, node, _op(c))]


def _share(c: Clause, context: Context, amount: Concept | None) -> list[Assertion] | None:
    """`3.1 % of the parameters are trained`."""
    if amount is None or c.has("than", "instead") or not c.has("share", "role", "noun", *SUBJECTS):
        return None
    parts = [part for part in c.parts if part.sort not in ("share", "amount", "relation", "near")]
    shares = c.of("share")
    what = counted(c, Context(counted=True), parts)
    if what is None or what.unit:
        return None
    said: list[Assertion] = []
    node = amount.node
    if isinstance(node, tree.Relation):
        said.append(Stated(node))
        node = node.sides[-1]
    if not shares and not what.role:
        return None
    if what.role == "" and what.subjects:
        return None
    role = what.role or "trained"
    than = Counted("all", what.subjects if shares or what.subjects else ())
    return [*said, Ratio(Counted(role, (), what.method), than, "share", node, _op(c))]


# Sizes, shapes and ranks -----------------------------------------------------------------------


def sized(c: Clause, context: Context) -> list[Assertion] | None:
    """`a rank of 4`, `rank r`, `hidden size: 256`, `the rank of BA is at most r`."""
    named = c.of("dimension")
    amounts = c.of("amount", "size", "relation")
    if (
        len(named) != 1
        or not 1 <= len(amounts) <= 2
        or not c.within(
            "dimension", "amount", "size", "relation", "near", "method", "only", "role", "compare", *SUBJECTS
        )
    ):
        return None
    if len(amounts) == 2 and not (c.has("equals") or any(part.sort == "size" for part in amounts)):
        return None
    if any(_unit(part.node or Number("0")) in ("×", "%") for part in amounts) or c.has("compare"):
        return None
    said: list[Assertion] = []
    nodes = [node for part in amounts for node in _amounts(part)]
    for part in amounts:
        if isinstance(part.node, tree.Relation):
            if set(part.node.ops) - {"="}:
                return None
            said.append(Stated(part.node))
    about = subjects(c.parts)
    op, name = _op(c), named[0].value
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
    if not c.within("law", "begin", "start", "neg", "amount", "all", "role", "size", *SUBJECTS):
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
        return [Starts((one,), value) for one, value in zip(about, values, strict=True)]
    about = about or context.own or context.subjects
    if len(set(values)) != 1 or not about:
        return None
    return [Starts(about, values[0], negated(c.parts))]


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
    how = c.of("joined")
    if len(how) != 1 or not c.within("joined", "all", "branches", "several", "neg", *SUBJECTS):
        return None
    if c.has("branches"):
        return None if c.has("matrix", "formula", "neg") else [Joins(how[0].value)]
    two = [part.node for part in c.of("formula")]
    if len(two) != 2 or c.has("matrix", "subject", "neg", "several") or how[0].value == "multiplied":
        return None
    (one, other), sign = two, "+" if how[0].value == "added" else "−"
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
    "several": several,
    "ratios": ratios,
    "sized": sized,
    "shaped": shaped,
    "full_rank": full_rank,
    "starts": starts,
    "projects": projects,
    "joins": joins,
    "merges": merges,
    "latency": latency,
    "is_a": is_a,
    "titles": titles,
    "stated": stated,
}
