"""Clauses on what something is called, and on what a text stands over."""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    IsA,
    Marked,
    Merges,
    Method,
    Moves,
    Shows,
    Stage,
    Stated,
)
from lorafig.verify.read.clause import (
    LOOSE,
    Clause,
    Context,
    amounts,
    clause,
    negated,
    subject,
    subjects,
)
from lorafig.verify.read.concept import Concept


def is_a(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is the pretrained weight`, `Base model` on an element."""
    if c.has("isas") and c.within("subject", "isas", "several", "loss"):
        return _factored(c)
    named = [part for part in c.of("subject") if part.value in ("base", "adapter", "merged", "update")]
    if len(named) != 1 or not c.within("subject", "matrix", "formula", "neg", "isas"):
        return None
    about = tuple(subject(part) for part in c.of("matrix", "formula")) or context.own
    if not about or len(c.of("subject")) != 1:
        return None
    if c.has("neg") and not any(part.text.lower() in ("is", "are", "was", "were") for part in c.whole):
        return None  # `the base weights, not A and B` answers something
    if any(part.text.lower() in ("sees", "see", "receive", "receives", "get", "gets") for part in c.whole):
        return None  # `W and the adapter see x`
    return [IsA(about, named[0].value, negated(c.parts))]


def _factored(c: Clause) -> list[Assertion] | None:
    """`The update is factored into two low-rank matrices`: BA is the update, of two matrices."""
    if [part.value for part in c.of("subject")] != ["update", "adapter"]:
        return None
    several = [part.node for part in c.of("several") if part.value == "matrices" and part.node is not None]
    if len(several) != len(c.of("several")) or {part.value for part in c.of("loss")} - {"can"}:
        return None
    counts = [Counts(Counted("trained", (), "", "matrices"), (node,)) for node in several]
    return [IsA((parse_math("BA"),), "update"), *counts]


_EQUALS = frozenset(
    {
        "is",
        "equals",
        "is just",
        "is exactly",
        "equal to",
        "are",
        "the",
        "exactly",
        "simply",
        "just",
        "then",
        "a",
        "be",
    }
)
_COMPUTES = frozenset({"computes", "compute", "outputs", "returns", "gives", "produces", "output"})


def equals(c: Clause, context: Context) -> list[Assertion] | None:
    """`At step 0 the output of the layer is Wx`, `the layer computes Wx`, `ΔW is factored into B and A`."""
    named = c.of("matrix", "formula")
    words = {part.text.lower() for part in c.whole if part.sort in LOOSE - {"comma"}}
    stages = {part.value for part in c.of("stage")}
    if stages - {"early"}:
        return None
    begun = c.has("start", "stage") or context.begun
    if c.within("subject", "formula", "start", "stage") and [part.value for part in c.of("subject")] == [
        "model"
    ]:
        told = len(named) == 1 and bool(words & _COMPUTES) and not words - _COMPUTES - _EQUALS
        return [Stated(_equal(parse_math("h"), named[0]), begun)] if told else None
    spread = c.has("isas") and c.within("subject", "matrix", "isas", "start")
    if spread and [part.value for part in named] in (["ΔW", "B", "A"], ["ΔW", "A", "B"]):
        return [IsA((parse_math("BA"),), "update")]
    if not c.within("matrix", "formula", "start", "stage") or len(named) != 2 or not c.has("formula"):
        return None
    return (
        [Stated(_equal(named[0].node, named[1]), begun)] if words & _EQUALS and not words - _EQUALS else None
    )


def _equal(left: tree.Node | None, right: Concept) -> tree.Relation:
    assert left is not None
    assert right.node is not None
    return tree.Relation((left, right.node), ("=",))


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
    if any(part.text.lower() == "part" for part in c.whole):
        return None  # `the adapter is part of the weight`
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
    if not context.titled or not c.has("method", "stage"):
        return None
    c = _of_a_weight(c)
    if not c.within("method", "stage", "shape", "subject"):
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


_TUNING = frozenset({"fine - tuning", "fine-tuning", "finetuning", "tuning", "training", "adaptation"})


def _of_a_weight(c: Clause) -> Clause:
    """`QLoRA fine-tuning`, `Full fine-tuning of a weight`: what the method is, and on what, is no more."""
    first = next((at for at, part in enumerate(c.whole) if part.sort == "method"), None)
    if first is None:
        return c
    behind = c.whole[first + 1 :]
    if behind and behind[0].sort in ("role", "shift") and behind[0].text.lower() in _TUNING:
        behind = behind[1:]
    sorts = ("of", "filler", "all", "matrix", "subject", "noun")
    if behind and (behind[0].sort != "of" or not all(part.sort in sorts for part in behind)):
        return c
    return clause((*c.whole[: first + 1], *(part for part in behind if part.sort in ("of", "filler"))))


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
    if {"input", "output"} & {part.text.lower() for part in c.whole} and any(
        part.text.lower() in ("takes", "take", "gives", "give", "receives", "receive") for part in c.whole
    ):
        return None  # `A ∈ ℝ^{r×k} takes the input` says more than the shape
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
