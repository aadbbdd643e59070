"""Frames of how data goes, how matrices compare, what an adapter does to the output, and what has one."""

from __future__ import annotations

from itertools import pairwise

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Number
from lorafig.notation.write.plain import to_plain
from lorafig.verify.read.assertions import (
    Alike,
    Assertion,
    Counted,
    Counts,
    FirstOutput,
    Merges,
    Moves,
    Others,
    Passes,
    Placed,
    Proportioned,
    Ratio,
    Sized,
    Starts,
    Subject,
    Takes,
    Targets,
)
from lorafig.verify.read.clause import SUBJECTS, Clause, Context, negated, subject, subjects, unit_of
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames.merging import kept

_DATA = ("x", "h")
_BESIDE = ("in parallel", "parallel", "beside", "alongside", "next to", "side by side")
_KINDS = {
    "query": "q", "key": "k", "value": "v", "output": "o", "attention": "attention", "mlp": "mlp",
    "ffn": "mlp", "linear": "all",
}  # fmt: skip
_NO_TARGETS = ("bias", "norm", "embedding", "head")


def _says(c: Clause, *words: str) -> bool:
    """Whether one of these words, or phrases, begins one that changes nothing elsewhere."""
    return any(part.text.lower().startswith(words) for part in c.whole)


# How data goes ---------------------------------------------------------------------------------


def passes(c: Clause, context: Context) -> list[Assertion] | None:
    """`x is multiplied by A first, then by B`, `B is applied after A`."""
    if not c.within("order", "scaled", "through", "joined", "maps", "feeds", "only", "branches", *SUBJECTS):
        return None
    if c.has("joined") and {part.value for part in c.of("joined")} != {"multiplied"}:
        return None
    words = list(c.whole)
    named = [
        at for at, part in enumerate(words) if part.sort in SUBJECTS and part.value not in (*_DATA, "model")
    ]
    feeds = c.of("feeds")
    if len(feeds) == len(named) == 2 and not c.has("order") and _goes_on(words, named):
        about = tuple(subject(words[at]) for at in named)  # `x enters A, whose output goes to B`
        return [Takes(about[:1]), Passes(about)]
    spoken = (*context.before, *words)
    given = any(part.value == "x" or part.text.lower() in ("input", "inputs") for part in spoken)
    if c.has("only", "branches"):  # `x goes into the adapter only`, `into both branches`
        plain = feeds and given and not c.has("order") and bool(named) != c.has("branches")
        everywhere: tuple[Subject, ...] = ("base", "adapter")
        about = tuple(subject(words[at]) for at in named) or everywhere
        return [Takes(about, c.has("only"))] if plain else None
    if feeds and not c.has("order") and given:  # `x goes to both W and A`
        about = tuple(subject(words[at]) for at in named)
        whole = [part.text.lower() for part in words]
        return [Takes(about)] if about and not {"output", "outputs"} & set(whole) else None
    shared = any(part.text.lower() in ("input", "inputs") for part in words) and _says(c, "same")
    if shared and not c.has("order", "feeds", "scaled", "joined") and len(named) > 1:
        return [Takes(tuple(subject(words[at]) for at in named))]  # `W and the adapter see the same input`
    if len(named) == 1 and given and {part.value for part in c.of("order")} == {"first"}:
        return [Takes((subject(words[named[0]]),))]  # `A is applied to x first`
    if len(named) < 2:
        return None
    orders = {part.value for part in c.of("order")} | ({"then"} if feeds or _says(c, "then") else set())
    if not orders or {"before", "after"} <= orders or (orders == {"first"} and len(named) > 2):
        return None
    about = tuple(subject(words[at]) for at in named)
    turn = next((at for at, part in enumerate(words) if part.value in ("before", "after")), None)
    if turn is not None and len(named) == 2:
        leads = turn < named[0]  # `after A, B is applied`
        if (words[turn].value == "after") != leads:
            about = about[::-1]
    elif turn is not None:
        return None
    return [Passes(about)]


def _goes_on(words: list[Concept], named: list[int]) -> bool:
    """Whether x goes into the first, and what that gives into the second."""
    first, second = named
    before = any(part.value == "x" or part.text.lower() in ("input", "inputs") for part in words[:first])
    return before and any(part.text.lower() in ("output", "result") for part in words[first:second])


def placed(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter works in parallel to W`, `in series with`, `replaces W`."""
    beside = ("branches", "several") if c.has("branches") else ()
    if not c.within(
        "placed", "order", "role", "method", "neg", "all", "through", "feeds", *beside, *SUBJECTS
    ):  # fmt: skip
        return None
    hows = {part.value for part in c.of("placed")}
    if c.has("branches") and c.within("placed", "several", "branches", "neg") and not c.has("neg"):
        both = {getattr(part.node, "digits", "2") for part in c.of("several")} <= {"2"}
        said_ = hows or ({"parallel"} if _says(c, *_BESIDE) else set())
        plain = both and len(said_) == 1 and said_ <= {"parallel", "series"}
        return [Placed(next(iter(said_)))] if plain else None
    if c.has("branches", "several") or len(hows) > 1 or not (hows or _says(c, *_BESIDE)):
        return None
    how = next(iter(hows), "parallel")
    about = [part for part in c.of(*SUBJECTS) if part.value not in _DATA]
    base = [part for part in about if part.value in ("base", "model") or part.value.startswith("W")]
    rest = [part for part in about if part not in base and part.value != "merged"]
    own = bool(rest) or (c.has("method") and base != [])
    if not base or not own or (how != "series" and c.has("order")):
        return None
    if how == "replaces" and about and about[0] in base and not c.has("method"):
        return None
    roles = {part.value for part in c.of("role")}
    said: list[Assertion] = []
    if roles:
        last = c.of("role")[-1]
        behind = c.parts[c.place(last) + 1 : c.place(last) + 2]
        if len(c.of("role")) > 1 or not behind or behind[0].sort not in SUBJECTS or c.has("neg"):
            return None
        said.append(Moves((subject(behind[0]),), last.value == "trained"))
    if c.has("neg"):
        if how == "replaces":
            return [Placed("parallel")]
        how = "series" if how == "parallel" else "parallel"
    return [*said, Placed(how)]


def takes(c: Clause, context: Context) -> list[Assertion] | None:
    """`A takes inputs of 512 dimensions`, `the input has 4,096 features and the output 11,008`: columns, and
    rows; of the weight, where nobody is named."""
    if not c.within("amount", "size", "shape", "matrix", "several", "branches"):
        return None
    spoken = (*context.before, *c.whole)
    words = [part for part in spoken if part.sort not in ("filler", "of", "join", "comma")]
    data = [(at, part) for at, part in enumerate(words) if part.text.lower() in _DATA_WORDS]
    found = c.of("amount", "size", "several")
    wide = c.has("shape") or any(part.text.lower() in ("features", "numbers") for part in words)
    if len(data) != len(found) or not found or not wide or len(c.of("matrix")) > 1:
        return None
    if {part.value for part in c.of("shape")} - {"shape"} or any(
        part.value in ("x", "h") for part in c.of("matrix")
    ):
        return None
    who: tuple[Subject, ...] = subjects(c.parts) or context.own or ("base",)
    said: list[Assertion] = []
    for (at, part), amount in zip(data, found, strict=True):
        if amount.node is None or unit_of(amount.node) in ("×", "%") or words.index(amount) < at:
            return None
        what = "columns" if part.text.lower().startswith("input") else "rows"
        said.append(Counts(Counted("", who, "", what), (amount.node,)))
    return said


_DATA_WORDS = ("input", "inputs", "output", "outputs")


# How matrices compare --------------------------------------------------------------------------


def _turned(c: Clause) -> tuple[Subject, ...]:
    """Who is compared, `the transpose of B` being one."""
    told: list[Subject] = []
    turn = False
    for part in c.parts:
        if part.sort == "transpose":
            turn = True
        elif part.sort in SUBJECTS and part.value != "model":
            node = part.node
            told.append(parse_math(f"({to_plain(node)})^T") if turn and node is not None else subject(part))
            turn = False
    return tuple(told)


def alike(c: Clause, context: Context) -> list[Assertion] | None:
    """`W and BA have the same shape`, `A has as many rows as W`."""
    if not c.within(
        "all", "shape", "noun", "share", "dimension", "different", "than", "compare", "transpose", "stage",
        "merge", "order", "neg", "role", "near", *SUBJECTS,
    ):  # fmt: skip
        return None
    near = [part.value for part in c.of("near")]
    if near:  # `an adapter that is much smaller than the weight`
        about = _turned(c)
        far = len(about) == 2 and near in (["≪"], ["≫"]) and c.within("near", *SUBJECTS)
        return [Alike(about, "entries", near[0])] if far and not set(about) & {"merged"} else None
    same = _says(c, "same", "identical", "equal") or _has_that_of(c)
    compare = {part.value for part in c.of("compare")}
    if len(compare) > 1 or same + c.has("different") + bool(compare) > 1 or (c.of("role") and not kept(c)):
        return None
    shapes = {part.value for part in c.of("shape")}
    sizes = {part.value for part in c.of("dimension")}
    if (
        len(shapes) + len(sizes) > 1
        or (sizes and c.has("noun"))
        or sizes - {"r"}
        or shapes - {"shape", "rows", "columns"}
    ):
        return None
    sizes |= {"r"} if any(part.text.lower().endswith("same rank") for part in c.whole) else set()
    of = next(iter(shapes), "rank" if sizes else "entries" if c.has("noun", "share") else "")
    about = _turned(c)
    if of == "" and c.has("transpose") and same:
        of = "shape"
    merges = c.has("merge") or any(part.value == "merged" for part in c.of("stage"))
    if merges and len(about) < 2 and of in ("shape", "entries") and (c.has("order") or kept(c)):
        about = ("merged", "base")  # `after merging the layer has as many parameters as before`
        same = same or bool(kept(c))
    elif c.has("stage", "merge", "order", "role"):
        return None
    before = of == "entries" and merges  # as many as before: no Ratio says so
    if not before and (len(about) < 2 or of == "" or (of == "entries" and compare)):
        return None
    op = "=" if same or compare == {"as"} else "≠" if c.has("different") else ""
    op = op or {"fewer": "<", "more": ">"}.get(next(iter(compare), ""), "")
    if op == "" or (c.has("different") and of == "entries" and not c.has("noun")):
        return None
    if c.has("neg"):
        op = {"=": "≠", "≠": "=", "<": "≥", ">": "≤"}[op]
    return [Alike(about, of, op)]


def _has_that_of(c: Clause) -> bool:
    """`BA has the shape of W`."""
    words = [part.text.lower() for part in c.whole]
    at = next((at for at, part in enumerate(c.whole) if part.sort == "shape"), 0)
    return (
        at > 1
        and words[at - 2 : at] in (["has", "the"], ["have", "the"])
        and words[at + 1 : at + 2] == ["of"]
    )


def proportioned(c: Clause, context: Context) -> list[Assertion] | None:
    """`W is a square matrix`, `A is wider than tall`."""
    forms = [part for part in c.of("shape") if part.value in ("=", "≠", "<", ">")]
    if len(forms) != 1 or not c.within("shape", "neg", "role", *SUBJECTS) or len(c.of("shape")) > 1:
        return None
    about = subjects(c.parts) or context.own
    if not about or c.has("role"):
        return None
    op = forms[0].value
    if negated(c.parts):
        op = {"=": "≠", "≠": "=", "<": "≥", ">": "≤"}[op]
    return [Proportioned(about, op)]


# What an adapter does to the output ------------------------------------------------------------


_OUTCOMES = (
    "output",
    "outputs",
    "loss",
    "training loss",
    "prediction",
    "predictions",
    "logits",
    "forward pass",
)
_EQUALS = ("is", "are", "equals", "equal", "same", "matches", "that", "still")


def _as_base(c: Clause, context: Context) -> list[Assertion] | None:
    """`Before the first step the loss is the base model's`, `so the first forward pass equals that of W`."""
    if not (c.has("start") or context.begun) or not c.within("start", "neg", "all", *SUBJECTS):
        return None
    words = [part.text.lower() for part in c.whole]
    base = next((at for at, part in enumerate(c.whole) if part.value in ("base", "W", "W_0")), None)
    if base is None or any(part.value not in ("base", "model", "W", "W_0") for part in c.of(*SUBJECTS)):
        return None
    said = any(word in _OUTCOMES or word.endswith("forward pass") for word in words[:base])
    said = said and any(word in _EQUALS for word in words[:base]) and "from" not in words
    return (
        [FirstOutput(not negated(c.parts))]
        if said and sum(p.value != "model" for p in c.of(*SUBJECTS)) == 1
        else None
    )


def first_output(c: Clause, context: Context) -> list[Assertion] | None:
    """`At the start the adapted layer computes the same output as the pretrained layer`."""
    if not c.has("result"):
        return _as_base(c, context)
    results = {part.value for part in c.of("result")}
    if (
        len(results) != 1
        or not c.within(
            "result", "start", "stage", "neg", "method", "than", "all", "merge", "share", *SUBJECTS
        )
        or any(part.text.lower() not in _OF_LAYER for part in c.of("share"))
    ):
        return None
    stages = {part.value for part in c.of("stage")}
    same = (results == {"same"}) != negated(c.parts)
    if c.has("merge") or stages == {"merged"}:
        return [Merges(same)]
    about = [one for one in subjects(c.parts) if not isinstance(one, str)]
    if not (c.has("start") or stages == {"early"}) or stages - {"early"}:
        return None
    if {part.value for part in c.of("method")} - {context.method}:
        return None
    if any(key(bare(one)) not in _DATA and not _made(one) for one in about):
        return None
    return [FirstOutput(same)]


_OF_LAYER = ("of the layer", "of the model")


def leaves_data(c: Clause, context: Context) -> list[Assertion] | None:
    """`The vectors start at one, which leaves the activations unchanged`: the first output is as before."""
    spoken = (*context.before, *c.whole)
    begun = any(isinstance(said, Starts) for said in context.last)
    roles = [part for part in c.of("role") if part.value == "frozen"]
    if not begun or len(roles) != 1 or not c.within("role", "neg", "subject"):
        return None
    data = any(part.sort == "thing" and part.text.lower() in (*_OUTCOMES, "activations") for part in spoken)
    leaves = any(part.text.lower() in ("leave", "leaves", "leaving") for part in spoken)
    return [FirstOutput(not negated(c.parts))] if data and leaves else None


def _made(node: tree.Node) -> bool:
    return key(bare(node)) in ("ΔW", "W", "B", "A") or isinstance(bare(node), tree.Product)


def sets_out(c: Clause, context: Context) -> list[Assertion] | None:
    """`Training starts from the pretrained model`, `from random weights`."""
    first = c.parts[0] if c.parts else None
    if first is None or first.sort not in ("role", "shift") or first.text.lower() not in (
        "training", "fine tuning", "finetuning", "fine-tuning",
    ):  # fmt: skip
        return None
    if not c.within("role", "begin", "law", "subject", "noun", "result", "all") or not c.has("begin"):
        return None
    laws = {part.value for part in c.of("law")}
    about = set(subjects(c.parts))
    if len(c.of("role")) != 1 or c.has("result"):
        return None
    if laws and laws <= {"random", "normal", "uniform"} and about <= {"base", "model"}:
        return [FirstOutput(False)]
    return [FirstOutput(True)] if about == {"base"} and not laws and not c.has("noun") else None


# What it makes larger --------------------------------------------------------------------------


def enlarges(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter doubles the size of the model`: with it the model has so many times the parameters."""
    if not c.parts or not c.within(
        "effect", "compare", "noun", "amount", "method", "subject", "shape", "share"
    ):
        return None
    about = subjects(c.parts)
    first = c.parts[0]
    if first.sort != "method" and not (first.sort == "subject" and first.value == "adapter"):
        return None
    factor: tree.Node
    if len(c.of("effect")) == 1 and not c.has("amount", "shape"):
        value = c.of("effect")[0].value
        if not value.isdecimal() or not (c.has("noun", "share") or "model" in about or "base" in about):
            return None
        factor = Number(value, "×")
    elif _says(c, "make") and len(c.of("amount")) == 1 and "model" in about and not c.has("effect", "noun"):
        node = c.of("amount")[0].node
        if node is None or unit_of(node) != "×" or {part.value for part in c.of("compare")} - {"as"}:
            return None
        factor = node
    else:
        return None
    return [Ratio(Counted("total"), Counted(subjects=("base",)), "as", factor)]


# What has an adapter ---------------------------------------------------------------------------


def module_of(part: Concept) -> str:
    """The kind of module that words name, '' if none."""
    if part.sort == "module":
        return part.value
    if part.sort == "targets":
        return "all"
    words = part.text.lower().split()
    if part.sort in ("subject", "thing") and len(words) > 1:
        return _KINDS.get(words[0], "")
    if part.sort == "matrix" and part.value in ("W_q", "W_k", "W_v", "W_o"):
        return part.value[-1]
    return ""


def targeted(c: Clause, context: Context) -> list[Assertion] | None:
    """`LoRA is applied to the MLP layers`, `the keys and the output projection are adapted`, `LoRA on all
    linear layers`."""
    found = [(part, module_of(part)) for part in c.whole if module_of(part)]
    if any(part.sort != "targets" for part, _ in found):  # `the keys of every layer`
        found = [(part, kind) for part, kind in found if part.sort != "targets" or "linear" in part.text]
    named = tuple(dict.fromkeys(kind for _, kind in found))
    # Without a network nothing says what modules there are; of parts that none has an adapter on, the method.
    if not context.network and (context.method == "none" or not set(named) <= set(_NO_TARGETS)):
        return None
    left = [part for part in c.parts if part.sort != "targets" and not any(part is one for one, _ in found)]
    others = {part.sort for part in left}
    allowed = {
        "add",
        "joined",
        "adapted",
        "method",
        "subject",
        "all",
        "only",
        "neg",
        "role",
        "thing",
        "noun",
        "amount",
        "things",
    }
    if not named or not others <= allowed:
        return None
    layers = [part for part in left if part.sort == "things" and part.text.lower().endswith("layers")]
    many = [part for part in left if part.sort == "amount"]
    if len(layers) != len(many) or len(c.of("things")) != len(layers):
        return None
    about = {part.value for part in left if part.sort == "subject"}
    roles = {part.value for part in left if part.sort == "role"}
    adapts = any(part.sort == "role" and part.text.lower() in ("adapts", "adapted", "adapt") for part in left)
    if about - {"adapter", "model"} or len(roles) > 1 or any(part.value == "full" for part in left):
        return None
    only, no = "only" in others, negated(left) != any(part.value == "none" for part in c.of("adapted"))
    if any(part.sort == "name" for part in (*context.before, *c.whole)):
        return None  # `BitFit trains the bias terms`
    alone_ = any(part.text.lower() in ("left alone", "left out") for part in c.of("role"))
    if context.network and alone_ and others <= {"role", "neg", "all"} and not set(named) & set(_NO_TARGETS):
        return [Targets(named, not no, False, False)]  # `k_proj is left alone`
    if roles and not adapts:
        if "adapted" in others:  # of two: `The attention layers are adapted, the others are frozen`
            return None
        if len([part for part in left if part.sort == "neg"]) > 1 or many:
            return None
        by_method = "method" in others and roles == {"frozen"}
        if by_method or "adapter" in about or ("noun" in others and not only):
            return None
        return [Others(named, (roles == {"trained"}) != no)]
    if set(named) & set(_NO_TARGETS) or not (others & {"adapted", "method", "role"} or "adapter" in about):
        return None
    counts = [Sized("n_layers", (part.node,)) for part in many if part.node is not None]
    alone = bool(c.whole) and c.whole[0].sort == "module" and len(named) == 1 and c.marks & {"colon", "join"}
    some = bool(alone) or (set(named) <= {"attention", "mlp"} and not c.has("all", "targets"))
    return [Targets(named, no, only, some), *counts]


def per_layer(c: Clause, context: Context) -> list[Assertion] | None:
    """`Each layer has two adapted projections`."""
    if not c.within("amount", "several", "thing", "things", "adapted", "subject", "each", "all", "role"):
        return None
    texts = [part.text.lower() for part in c.whole]
    near = [part for part in (*context.before, *c.whole) if part.sort != "filler"]
    layered = (
        _each_of(c) is not None
        or any(text in ("per layer", "in each layer", "of each layer", "per block") for text in texts)
        or any(
            part.text.lower() in ("layer", "block") and before.text.lower() in ("each", "every")
            for before, part in pairwise(near)
        )
    )
    found = c.of("amount", "several")
    many = _each_of(c)
    if many is not None:
        found = [part for part in found if part is not many]
    adapters = any(part.value == "adapter" for part in c.of("subject"))
    adapted = adapters or c.has("adapted") or "adapted" in " ".join(texts)
    counted = adapters or any("projection" in text or "matri" in text for text in texts)
    if many is not None and many.node is not None and not found and adapted:
        return [Sized("n_layers", (many.node,))]  # `adapters sit in each of the 32 layers`
    if not layered or len(found) != 1 or not adapted or not counted or found[0].node is None:
        return None
    if unit_of(found[0].node) or {part.value for part in c.of("role")} - {"trained"}:
        return None
    layers = [Sized("n_layers", (many.node,))] if many is not None and many.node is not None else []
    return [*layers, Sized("n_each", (found[0].node,))]


def _each_of(c: Clause) -> Concept | None:
    """The number of `each of the 32 layers`."""
    for at, part in enumerate(c.whole):
        behind = [other for other in c.whole[at + 1 :] if other.sort not in ("filler", "of")][:2]
        if part.sort == "each" and len(behind) == 2 and behind[0].sort in ("amount", "several"):
            return behind[0] if behind[1].text.lower().endswith(("layers", "blocks")) else None
    return None
