"""Frames of merging: what it leaves as it was, what it costs, and how it is undone."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.verify.read.assertions import Alike, Assertion, IsA, Joins, Latency, Merges, Removes, Stated
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, clause, negated, subjects
from lorafig.verify.read.concept import Concept

_CHANGES = ("change", "changes", "alter", "alters", "modify", "modifies", "affect", "affects")
_KEEPS = ("keep", "keeps", "preserve", "preserves", "retains")
_LATE = ("merg", "once", "after", "fus", "fold")


def _merged(c: Clause) -> bool:
    return c.has("merge") or any(
        part.value == "merged" and part.text.lower().startswith(_LATE) for part in c.of("stage")
    )


def leaves(c: Clause, context: Context) -> list[Assertion] | None:
    """`Merging does not change the shape of W`, `after merging the model has no extra parameters`: what
    merging leaves as it was, or does not."""
    if not _merged(c) or not c.within(
        "merge", "stage", "neg", "role", "shift", "keep", "shape", "noun", "share", "compare", "dimension",
        "effect", "amount", "add", "method", "loss", *SUBJECTS,
    ):  # fmt: skip
        return None
    if c.has("loss") or {part.value for part in c.of("method")} - {context.method}:
        return None
    what = {part.value for part in c.of("shape") if part.value in ("shape", "rows", "columns")}
    what |= (
        {"entries"}
        if c.has("noun") or any("param" in p.text or "weights" in p.text for p in c.of("share"))
        else set()
    )
    if len(what) != 1 or len(c.of("shape")) > 1 or c.has("dimension"):
        return None
    verbs = [part for part in c.whole if part.text.lower() in _CHANGES]
    grows = c.has("effect", "amount") or any(part.value == "more" for part in c.of("compare"))
    fewer = any(part.value == "fewer" for part in c.of("compare"))
    keeps = any(part.text.lower() in _KEEPS for part in c.whole)
    if bool(verbs) + grows + keeps + fewer != 1 or len(c.of("neg")) > 1 or fewer:
        return None
    if c.has("role") and not all(part in verbs or part.value == "trained" for part in c.of("role")):
        return None
    changed = (bool(verbs) or grows) != c.has("neg")
    return [Alike(("merged", "base"), what.pop(), "≠" if changed else "=")]


def merges(c: Clause, context: Context) -> list[Assertion] | None:
    gives = {part.text.lower() for part in c.whole} & {"gives", "give", "yields", "makes"}
    if c.has("merge") and gives and c.within("merge", "formula") and len(c.of("formula")) == 1:
        node = c.of("formula")[0].node
        assert node is not None
        return [Stated(tree.Relation((parse_math("W'"), node), ("=",)))]
    pair = c.of(*SUBJECTS)
    joint = [part.text.lower().split()[-1] for part in c.whole if part.text]
    if len(pair) == 2 and c.within("merge", "method", *SUBJECTS) and {"into", "in", "with"} & set(joint):
        what, into_it = pair  # `LoRA merges BA into W`
        own = not {part.value for part in c.of("method")} - {context.method}
        verb = c.parts[0].sort in ("merge", "method") or bool({"is", "are", "gets", "get"} & set(joint))
        known = verb and (
            what.node is not None or what.value in ("adapter", "update")
        )  # a title tells a stage
        if own and known and (into_it.node is not None or into_it.value == "base"):
            of_what: list[Assertion] = [] if what.node is None else [IsA((what.node,), "update")]
            said = [*of_what, Merges(True)]
            return said if into_it.node is None else [*said, IsA((into_it.node,), "base")]
    frozen = {part.value for part in c.of("role")} == {"frozen"}  # `merged with the frozen weights`
    into = ("role", "noun") if frozen and c.has("merge") else ()
    weight = [part.text.lower() for part in c.of("noun")] in (["weight"], ["weights"])
    into = (*into, "noun") if weight and c.has("loss") else into  # `into a plain weight`
    if not c.has("merge", "loss") or not c.within("merge", "loss", "method", "stage", *into, *SUBJECTS):
        return None
    if {part.value for part in c.of("method")} - {context.method}:
        return None
    if not c.has("merge"):  # `the adapter cannot be merged`
        folded = any(part.text.lower() in ("merged", "fused") for part in c.of("stage"))
        late = {part.value for part in c.of("stage")} == {"merged"}
        return [Merges(c.of("loss")[0].value == "can")] if folded and late else None
    if c.has("loss"):
        late = all(stage.value == "merged" for stage in c.of("stage"))
        return [Merges(c.of("loss")[0].value == "can")] if late else None
    merged = {stage.value for stage in c.of("stage")} == {"merged"}
    return [Merges(True)] if merged and c.has(*SUBJECTS) else None


def adds(c: Clause, context: Context) -> list[Assertion] | None:
    """`The update can be added to W`, `merging adds BA to W`, `unmerging subtracts BA from W'`: what is added
    to the weight is the update, and nothing else is."""
    hows = {part.value for part in c.of("joined")} | ({"added"} if c.has("add") else set())
    hows |= {"subtracted" for part in c.of("remove") if part.text.lower().startswith("subtract")}
    if any(part.text.lower() in ("just", "merely") for part in c.of("only")):
        c = clause([part for part in c.whole if part.sort != "only"])  # `merging is just adding …`
    if len(hows) != 1 or not c.within(
        "joined", "add", "remove", "merge", "stage", "loss", "role", "scaled", "method", *SUBJECTS
    ):
        return None
    if {part.value for part in c.of("method")} - {context.method}:
        return None
    if {part.value for part in c.of("loss")} - {"can"} or {part.value for part in c.of("role")} - {"trained"}:
        return None
    how = hows.pop()
    undoes = c.has("remove") and any(part.text.lower().startswith("unmerg") for part in c.of("remove"))
    named = [part for part in c.of(*SUBJECTS) if part.value not in ("model",)]
    weights = [part for part in named if part.value in ("base", "merged") or part.value.startswith("W")]
    rest = [part for part in named if part not in weights]
    if len(rest) != 1 or len(weights) > 1 or how == "multiplied" or any(p.value in ("x", "h") for p in named):
        return None
    if how == "subtracted" and not weights and any(isinstance(one, Removes) for one in context.last):
        undoes = True  # `Unmerging gives back W, since BA is subtracted`
    if not weights and not undoes:
        return None
    what = rest[0]
    said: list[Assertion] = []
    if what.node is not None and key(bare(what.node)) in ("x", "h"):
        return None
    if what.node is not None:
        said.append(IsA((what.node,), "update"))
    elif what.value not in ("update", "adapter"):
        return None
    if undoes or (how == "subtracted" and weights and _of_merged(weights[0])):
        return [*said, Removes(how == "subtracted")]
    if weights and weights[0].node is not None:
        said.append(IsA((weights[0].node,), "base"))
    return [*said, Joins(how)]


def _of_merged(part: Concept) -> bool:
    return part.value in ("merged", "W'", "W_merged")


def _back(c: Clause) -> Concept | None:
    """What is said to be there again: `restores the merged weight`; None if that is not said behind it."""
    words = list(c.whole)
    at = next((at for at, part in enumerate(words) if part.sort == "recover"), len(words))
    for part in words[at + 1 :]:
        if part.text.lower() == "from":
            return None
        if part.sort in SUBJECTS:
            return part
    return None


def latency(c: Clause, context: Context) -> list[Assertion] | None:
    if not c.has("latency") or not c.within(
        "latency", "neg", "add", "joined", "method", "stage", "merge", "unlike", "near", *SUBJECTS
    ):
        return None
    stages = {stage.value for stage in c.of("stage")}
    if len(stages) > 1 or "base" in stages or not c.has("neg", "add", "joined", "stage"):
        return None
    said = "merged" in stages or c.has("merge") or any(isinstance(one, Merges) for one in context.last)
    return [Latency(not negated(c.parts), "training" not in stages, said)]


def paces(c: Clause, context: Context) -> list[Assertion] | None:
    """`Merging makes inference slower`, `once merged, inference is as fast as that of the base model`."""
    if not c.within(
        "pace", "latency", "compare", "stage", "merge", "neg", "subject", "method", "share", "than"
    ):
        return None
    paces_ = {part.value for part in c.of("pace")} or (
        {"slower" if part.value == "more" else "faster" for part in c.of("compare")}
        if c.has("latency") or any(part.text.lower() in ("cost", "costs") for part in c.whole)
        else set()
    )
    if c.has("pace") and c.has("latency", "compare"):
        return None
    model = any(part.value in ("merged", "base") for part in c.of("subject"))
    merged = _merged(c) or any(part.value == "merged" for part in c.of("subject"))
    merged = merged or any(isinstance(one, Merges) for one in context.last)
    if not (merged or (model and paces_ == {"same"})) or len(paces_) != 1 or paces_ == {"faster"}:
        return None
    return [Latency((paces_ == {"slower"}) != negated(c.parts), True, True)]


# Without the adapter ---------------------------------------------------------------------------


def removes(c: Clause, context: Context) -> list[Assertion] | None:
    """`Removing the adapter gives back the original layer`, `BA can be taken out again`."""
    taken = c.has("remove") or {part.value for part in c.of("joined")} == {"subtracted"}
    without = any(part.value == "base" for part in c.of("stage"))
    if taken and any(part.text.lower() == "back" for part in c.of("way")):  # `you can get W back by …`
        c = clause(
            [replace(part, sort="recover", value="") if part.sort == "way" else part for part in c.whole]
        )
    if not (taken or without) or not c.within(
        "remove", "limit", "joined", "recover", "loss", "neg", "stage", "merge", "role", "result", *SUBJECTS
    ):
        return None
    if c.has("role") and not kept(c):
        return None
    if {part.text.lower() for part in c.of("limit")} - {"if"}:
        return None
    can = {part.value for part in c.of("loss")}
    back = c.has("recover", "role") or _says(c, "again", "left") or {"same"} == {
        part.value for part in c.of("result")
    }  # fmt: skip
    if len(can) > 1 or not (back or (can and taken)):
        return None
    if not set(subjects(c.parts)) & {"adapter", "update"} and not c.has("formula", "matrix", "stage"):
        return None
    named = subjects(c.parts)
    last = [part.text.lower() for part in c.of("subject")][-1:]
    if last and last[0].startswith(("adapted", "wrapped", "fine")) and c.has("recover"):
        return [Removes(False)]  # `gives back the adapted model`
    back_again = _back(c)
    if taken and back_again is not None and _of_merged(back_again) and not negated(c.parts):
        return [Removes(False)]  # `restores the merged weight`
    if not can and (not named or _of_adapter(named[-1])):
        return None  # what is there again is not said
    for part, behind in zip(c.parts, c.parts[1:], strict=False):
        if part.text.lower() == "subtracting" and behind.value in ("W", "W_0", "W'", "A", "B", "x", "h"):
            return None  # `by subtracting W`: of the adapter alone it is false
    possible = can != {"cannot"}
    return [Removes(possible != negated(c.parts))]


def _of_adapter(who: object) -> bool:
    if isinstance(who, str):
        return who not in ("base", "model")
    assert isinstance(who, tree.Node)
    return not (key(bare(who)) or "").startswith("W")


def _says(c: Clause, *words: str) -> bool:
    return any(part.text.lower().startswith(words) for part in c.whole)


def kept(c: Clause) -> bool:
    """Whether something is said to be as it was."""
    roles = c.of("role")
    still = ("unchanged", "untouched", "intact", "as it is", "as is")
    return len(roles) == 1 and roles[0].text.lower() in still
