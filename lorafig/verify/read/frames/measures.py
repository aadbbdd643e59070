"""Numbers with a subject: how many, how many times, what share, of what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Number
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    Differs,
    Moves,
    Ratio,
    Sized,
    Stated,
    Subject,
    Targets,
)
from lorafig.verify.read.clause import (
    AMOUNTS,
    PER_LAYER,
    SUBJECTS,
    Clause,
    Context,
    amounts,
    clause,
    is_size,
    kept_of,
    negated,
    op_of,
    subjects,
    unit_of,
)
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.frames.comparisons import between
from lorafig.verify.read.nouns import whole_of

_COUNTING = (
    "amount", "relation", "noun", "role", "neg", "only", "all", "method", "near", "sum", "each", "bytes",
    "precision", "madds", "state", "gradient", "compare", "shape", "stage", "unlike", *SUBJECTS,
)  # fmt: skip
_COUNTED = ("noun", "role", "sum", "bytes", "madds", "state", "gradient")


def unit(part: Concept) -> str:
    """'×', '%', '/' of a fraction, '' of a plain number."""
    assert part.node is not None
    sign = unit_of(part.node)
    sign = sign if sign in ("×", "%") else ""
    fraction = sign == "" and part.number is not None and "/" in part.number.digits
    return "/" if fraction else sign


_SHARES = frozenset({"share", "fraction", "proportion", "portion"})


def _is_share(c: Clause, amount: Concept, context: Context) -> bool:
    """Whether a number is called a share: `The share of trained parameters is 2r/d`."""
    at = next(place for place, part in enumerate(c.whole) if part is amount)
    before = (*context.before, *c.whole[:at])
    named = (
        part.text.lower() in _SHARES and behind.sort in ("of", "filler") for part, behind in pairwise(before)
    )
    return unit(amount) == "" and any(named)


def counted(
    parts: Sequence[Concept], own: tuple[Subject, ...] = (), *, bare_: bool = False, memory: bool = False
) -> Counted | None:
    """What a part of a clause says is counted, `own` if it names nobody; None if that is not said. With
    `bare_`, it need not say anything; with `memory`, it is bytes."""
    inside = clause(parts, stored=True)
    roles = {role.value for role in inside.of("role")}
    methods = [method.value for method in inside.of("method")]
    bits = {int(precision.value) for precision in inside.of("precision")}
    scales = [memory.value for memory in inside.of("bytes")]
    if max(len(roles), len(methods), len(bits), len(scales)) > 1:
        return None
    role = next(iter(roles), "")
    if role and negated(inside.parts):
        role = "frozen" if role == "trained" else "trained"
    elif not role and inside.has("neg"):
        return None
    named = subjects(inside.parts)
    if inside.has("sum") and not role and set(named) <= {"model"} and not _in_all(inside, named, memory):
        role = "total"
    what = "bytes" if scales else inside.of("madds")[0].value or "madds" if inside.has("madds") else ""
    what = what or ("bytes" if memory else "")
    if bits and what != "bytes":
        return None
    kept = kept_of(inside)
    if kept and inside.has("noun"):
        stored = [part.text.lower() for part in inside.of("noun")]
        kept = ("weight", *kept) if "weights" in stored and what == "bytes" else kept
    if not bare_ and not (inside.has(*_COUNTED) or named or methods):
        return None
    if not named and not methods and role != "total":
        named = own
    named = _once(named)
    weights = [part.text.lower().removeprefix("the ") for part in inside.of("noun", "subject")]
    unsaid = weights == ["weights"] and set(named) <= {"base"}
    if what == "bytes" and unsaid and not (methods or role or kept):
        named = ("model",)  # `bf16 weights: 2.10 MB`: those of the base, or all
    if not named and any(_is_whole(part) for part in inside.of("each")):
        named = ("adapter",)  # `8,192 parameters per adapter`
    elif named == ("adapter",) and inside.has("each") and not any(part.value for part in inside.of("each")):
        named = _of_each(inside)
    each = inside.has("each") or any(word.text.lower() in ("each", "both") for word in inside.of("all"))
    scale = scales[0] if scales else ""
    return Counted(
        role, named, methods[0] if methods else "", what, each, "", next(iter(bits), 0), scale, kept
    )


def _in_all(c: Clause, named: tuple[Subject, ...], memory: bool) -> bool:
    """Whether a sum stands behind what nobody is named for, `4,194,304 parameters in all`: of the adapters
    perhaps."""
    said = {part.text.lower() for part in c.of("sum")}
    return not (named or memory or c.has("method")) and all(
        text.startswith(("in ", "altogether")) for text in said
    )


_WHOLE = frozenset(
    {
        *("adapter", "adapters", "adaptor", "adaptors", "module", "modules", "layer", "layers", "lora"),
        *("pair", "pairs", "branch", "path", "bypass", "decomposition", "part", "update"),
    }
)


def _of_each(c: Clause) -> tuple[Subject, ...]:
    """What `each` counts of an adapter: `each adapter` and `each LoRA pair` are A and B together, while of
    `the two factors have 1,024 each` it is one of them."""
    whole = all(map(_is_whole, c.of("subject")))
    factors = any(part.text.lower() in ("per matrix", "per factor") for part in c.of("each"))
    return ("adapter",) if whole and not factors else ("factor",)


def _is_whole(part: Concept) -> bool:
    """Whether words end with what has A and B together: `LoRA adapter`, `per adapter`."""
    return part.text.lower().split(" ")[-1] in _WHOLE


_SAME = {"base": ("W", "W_0"), "update": ("ΔW",)}


def _once(named: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """`the pretrained weight W` is one."""
    symbols = {key(bare(one)) for one in named if not isinstance(one, str)}
    return tuple(one for one in named if not (isinstance(one, str) and symbols & set(_SAME.get(one, ()))))


def counts(c: Clause, context: Context) -> list[Assertion] | None:
    """`2,048 trainable parameters`, `W: 65,536`, `A and B have 1,024 entries each`."""
    found = c.of(*AMOUNTS)
    wide = not found and len(c.of("size")) == 1 and c.has("noun") and not c.has("role", "compare", "share")
    found = c.of("size") if wide else found
    sorts = (*_COUNTING, "share", "add", *(("size",) if wide else ()))
    sorts = (*sorts, "module") if context.network and (c.has("subject", "noun")) else sorts
    if len(found) != 1 or not c.within(*sorts) or unit(found[0]) in ("×", "%", "/"):
        return None
    amount = found[0]
    if _is_share(c, amount, context):
        return None
    if amount.value in ("matrix", "formula"):
        return None
    if (any(is_size(side) for side in amounts(amount)) and not wide) or c.has("unlike"):
        return None
    if wide and not (subjects(c.parts) or context.own):
        return None
    if c.has("shape"):
        return _rows(c, context, amount)
    if c.has("compare") and c.has("state", "gradient") and _extra(c):
        c = clause([part for part in c.whole if part.sort != "compare"], stored=True)
    if c.has("compare"):
        return _difference(c, context, amount)
    nouns = any("param" in part.text.lower() or "weights" in part.text.lower() for part in c.of("subject"))
    spoken = c.has(*_COUNTED) or "colon" in c.marks or nouns
    spoken = spoken or (context.counted and c.has(*SUBJECTS))
    if not spoken and op_of(c) not in ("=", "≈") and not context.own:
        return None  # `rank 16, at least 17`
    if amount.sort == "relation" and not (spoken and _is_counted(c, amount)):
        return None
    at = c.place(amount)
    before, behind = c.parts[:at], c.parts[at + 1 :]
    if subjects(before) and subjects(behind):
        if set(subjects(behind)) != {"model"}:
            return None  # `W with 65,536, A and B`: of whom, is not said
        behind = tuple(part for part in behind if part.sort != "subject")
    parts = tuple(part for part in (*before, *behind) if part.sort != "share")
    if c.has("share") and not c.has("role", *SUBJECTS):
        wholes = [whole_of(part) for part in c.of("share")]
        if len(wholes) != 1 or not wholes[0]:
            return None
        parts = (*parts, Concept("subject", wholes[0], ""))  # `65,536 parameters of the base model`
    if context.what is not None and len(c.parts) == 1:
        return [Counts(context.what, amounts(amount))]  # `65,536, or 65.5K`
    if context.role in ("trained", "frozen") and c.has("neg") and not c.has("role", *SUBJECTS):
        other = "frozen" if context.role == "trained" else "trained"
        parts = (Concept("role", other, ""), *(part for part in parts if part.sort != "neg"))
    unsaid = not c.has("role", "method", "sum", *SUBJECTS)
    own = context.own or (context.subjects if unsaid else ())
    modules = tuple(part.value for part in parts if part.sort == "module")
    parts = tuple(part for part in parts if part.sort != "module")
    what = counted(parts, own, bare_=context.counted)
    adapted: list[Assertion] = []
    if what is not None and modules and what.role and not set(what.subjects) & {"adapter", "factor"}:
        adapted, modules = [Targets(modules)], ()  # `on q_proj and v_proj 6.8M parameters are trained`
    if what is not None and modules:
        if what.role == "total" or set(what.subjects) - {"adapter", "model", "base", "factor"} or what.method:
            return None
        adapters = what.role != "" or bool(set(what.subjects) & {"adapter", "factor"})
        who: tuple[Subject, ...] = ("adapter",) if adapters else ("base",)
        what = replace(what, subjects=who, modules=modules, each=False, role="")
    if (
        what is not None
        and set(what.subjects) <= {"model", "adapter"}
        and context.network
        and (per := _per(c))
    ):
        what = replace(what, per=per)
    if what is not None and any(part.text.lower().startswith("stor") for part in c.whole):
        what = replace(what, subjects=_factors(what.subjects))
    if what is not None and unsaid and not own and c.has("only") and not what.role:
        what = replace(what, role="trained")  # `we only store 2,048 numbers`
    if what is not None and unsaid and not own and context.role and not what.role:
        what = replace(what, role=context.role)
    if what is not None and what.each and what.role == "trained" and not what.subjects and context.last:
        what = replace(what, role="", subjects=("factor",))  # `12,288 are trained, 6,144 each`
    layer = any(part.sort == "scope" and part.text.lower() in PER_LAYER for part in c.whole)
    if what is not None and (layer or context.layer):
        what = replace(what, per="layer")
    alone = c.within("amount", "bytes", "near") and not (own or context.counted or context.bits)
    if what is not None and what.unit == "bytes" and alone and context.what is None:
        return None  # `64 GB`, of a machine
    if what is None or (what.subjects == ("model",) and not what.role and not c.has("noun", "bytes")):
        return None
    if "base" in what.subjects and what.role == "trained" and not c.has("noun"):
        return None
    stages = {stage.value for stage in c.of("stage")}
    if stages and what.unit not in ("madds", "flops"):
        if len(stages) > 1 or what.role not in ("", "total") or set(what.subjects) - {"model", "merged"}:
            return None
        merged = stages == {"merged"}
        what = replace(what, role="", subjects=("base",)) if merged else replace(what, role="total")
    elif stages:
        merged = stages == {"merged"}
        what = replace(what, subjects=("base",)) if merged else replace(what, role="total")
    said: list[Assertion] = [*adapted]
    sides = amounts(amount)
    if isinstance(amount.node, tree.Relation):
        if set(amount.node.ops) - {"=", "≡", "≈"}:
            return None
        if what.scale not in ("", "bits"):  # of `2 d^2 = 2 \text{ MiB}`
            said.append(Counts(replace(what, scale="B"), sides[:-1], op_of(c)))
            sides = sides[-1:]
        else:
            said.append(Stated(amount.node))
    said.append(Counts(what, sides, op_of(c)))
    if what.role and what.subjects and not c.has("sum") and "model" not in what.subjects and not what.kept:
        said.append(Moves(what.subjects, what.role == "trained"))
    return said


def _per(c: Clause) -> str:
    """`each layer adds`, `each projection has`, `each adapter has`: of one of them."""
    if any(_is_whole(part) for part in c.of("each")):
        return "module"
    if any(part.sort == "scope" and part.text.lower() in ("per layer", "a layer") for part in c.whole):
        return "layer"
    for part, behind in zip(c.whole, c.whole[1:], strict=False):
        if part.sort == "each" and not part.value and behind.value == "model":
            last = behind.text.lower().split()[-1]
            return {"layer": "layer", "projection": "module", "module": "module"}.get(last, "")
        if part.sort in ("each", "all") and behind.value == "adapter" and _is_whole(behind):
            return "module" if part.text.lower() in ("each", "every") else ""
    return ""


def _factors(subjects_: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """Of a product that is stored, what is stored are its factors."""
    told: list[Subject] = []
    for one in subjects_:
        plain = one if isinstance(one, str) else bare(one)
        told += plain.factors if isinstance(plain, tree.Product) else (one,)
    return tuple(told)


def _is_counted(c: Clause, amount: Concept) -> bool:
    """Whether a statement says how many: with a noun, or with a number at its end."""
    last = bare(amounts(amount)[-1])
    return c.has(*_COUNTED, "subject") or isinstance(last, Number | tree.Computed)


def _rows(c: Clause, context: Context, amount: Concept) -> list[Assertion] | None:
    """`A has 4 rows`, `256 columns of A`."""
    which = [shape.value for shape in c.of("shape")]
    named = subjects(c.parts) or context.own or context.subjects
    unsaid = not named or c.has("role", "method", "neg", "bytes")
    if len(which) != 1 or which[0] not in ("rows", "columns") or unsaid:
        return None
    if any(part.text.lower() in ("length", "long") for part in c.whole) or c.has("noun"):
        which = [{"rows": "columns", "columns": "rows"}[which[0]]]  # `the rows of A have length 4`
    return [Counts(Counted("", named, "", which[0]), amounts(amount), op_of(c))]


def rows(c: Clause, context: Context) -> list[Assertion] | None:
    """`A has r rows`."""
    sizes_ = c.of("size", "relation")
    if len(sizes_) != 1 or not c.within("size", "relation", "shape", "near", "all", *SUBJECTS):
        return None
    said = _rows(c, context, sizes_[0])
    if said is not None and isinstance(sizes_[0].node, tree.Relation):
        return [Stated(sizes_[0].node), *said]
    return said


def of_network(c: Clause, context: Context) -> list[Assertion] | None:
    """`32 layers of 32 heads`, `64 matrices are adapted`: each number stands before what it counts."""
    if not c.within(
        "amount",
        "several",
        "size",
        "things",
        "adapted",
        "subject",
        "near",
        "all",
        "method",
        "sum",
        "relation",
    ):
        return None
    parts = [part for part in c.parts if part.sort not in ("subject", "all", "method", "sum")]
    if set(subjects(c.parts)) - {"model"} or not c.has("things"):
        return None
    said: list[Assertion] = []
    adapted = c.has("adapted")
    parts = [part for part in parts if part.sort != "adapted"]
    op = "="
    while parts:
        part = parts.pop(0)
        if part.sort == "near":
            op = part.value
            continue
        if part.sort == "relation" and isinstance(part.node, tree.Relation) and parts[:1]:
            if parts[0].sort != "things" or set(part.node.ops) != {"="}:
                return None
            said.append(Stated(part.node))
            part = replace(part, sort="amount", node=part.node.sides[-1])  # `40 × 4 = 160 matrices`
        if part.sort in ("amount", "several", "size") and parts and parts[0].sort == "things":
            thing = parts.pop(0)
            if part.node is None or (thing.value == "n_adapted") != adapted:
                return None
            said.append(Sized(thing.value, (part.node,), op))
            op = "="
            continue
        return None
    return said or None


def per_each(c: Clause, context: Context) -> list[Assertion] | None:
    """`For every trained parameter there are 32 frozen ones`: a ratio."""
    each = [part for part in c.of("each") if part.value == "number"]
    found, roles = c.of("amount"), [part.value for part in c.of("role")]
    if len(each) != 1 or len(found) != 1 or len(roles) != 1 or found[0].node is None or unit(found[0]):
        return None
    words = each[0].text.lower().split()
    mine = "trained" if {"trained", "trainable"} & set(words) else ""
    if not c.within("each", "amount", "role", "noun", "near") or not mine or roles != ["frozen"]:
        return None
    whole = tree.Product((found[0].node, tree.Symbol("×")), ("",), ("",))
    return [Ratio(Counted("frozen"), Counted(mine), "as", whole, op_of(c))]


def none_of(c: Clause, context: Context) -> list[Assertion] | None:
    """`needs no extra parameters`: that none are trained."""
    extra = c.has("compare") and {part.value for part in c.of("compare")} == {"more"}
    if len(c.of("neg")) != 1 or not c.has("noun") or not (extra or c.has("add") or c.has("role")):
        return None
    if not c.within("neg", "compare", "noun", "role", "method", "add", "subject"):
        return None
    words = list(c.parts)
    at = next(at for at, part in enumerate(words) if part.sort == "neg")
    behind = [part.sort for part in words[at + 1 :]]
    if words[at].text.lower() not in ("no", "zero", "any", "without") or "noun" not in behind:
        return None
    if set(behind[: behind.index("noun")]) - {"compare", "role"} or len(behind) > behind.index("noun") + 1:
        return None
    roles = {part.value for part in c.of("role")}
    if len(roles) > 1 or set(subjects(c.parts)) - {"model", "adapter"}:
        return None
    role = next(iter(roles), "trained")
    methods = [part.value for part in c.of("method")]
    return [Counts(Counted(role, (), methods[0] if len(methods) == 1 else ""), (Number("0"),))]


def _extra(c: Clause) -> bool:
    return all(part.text.lower() in ("extra", "additional", "more") for part in c.of("compare"))


def _difference(c: Clause, context: Context, amount: Concept) -> list[Assertion] | None:
    """`adds 2,048 extra parameters`: what is more is what is trained."""
    if {part.value for part in c.of("compare")} != {"more"} or c.has("role", "neg", "stage", "than"):
        return None
    if not c.has("noun", "bytes", "madds") or set(subjects(c.parts)) - {"model", "adapter"}:
        return None
    what = counted(
        [part for part in c.parts if part.sort not in ("compare", "subject", "amount")], bare_=True
    )
    if what is None:
        return None
    if what.unit in ("madds", "flops"):
        return [Counts(replace(what, subjects=("adapter",)), amounts(amount), op_of(c))]
    return [Counts(replace(what, role="trained"), amounts(amount), op_of(c))]


# Two numbers -----------------------------------------------------------------------------------


def _with_its_place(whole: Sequence[Concept], last: int, wholes: tuple[str, ...]) -> int:
    """Where the whole ends whose noun is at `last`: `2,048 of 67,584 parameters in the model`. A matrix
    behind it is where the part is, `2,048 trained parameters in A`."""
    for place, one in enumerate(whole[last + 1 :], last + 1):
        if one.sort == "subject" and one.value in wholes:
            return place
        if one.text.lower() not in ("in", "the", "this", "our", "your", "whole", "entire"):
            return last
    return last


def part_of(c: Clause, context: Context) -> list[Assertion] | None:
    """A number of a number: `2,048 of 65,536 weights are trained`."""
    found = c.of(*AMOUNTS)
    if len(found) != 2 or not c.within(*_COUNTING, "share", "add") or c.has("neg", "shape", "stage"):
        return None
    first, second = found
    at, then = (next(at for at, part in enumerate(c.whole) if part is one) for one in found)
    words = list(c.whole)
    begins = next((place for place, part in enumerate(words) if part.sort not in ("filler", "join")), 0)
    between = [place for place in range(at, then) if words[place].sort in ("of", "share")]
    if c.has("add"):  # `adds 2,048 parameters to the 65,536 of the layer`
        between = [place for place in range(at, then) if words[place].text.lower().startswith("to")]
    if words[begins].sort == "of" and begins < at:  # `Of 65,536 weights, 2,048 are trained`
        stop = next((place for place in range(at, then) if words[place].sort == "comma"), then)
        first, second = second, first
        whole, part = words[begins:stop], words[stop:]
    elif between:
        cut = between[-1] if not c.has("add") else between[0]
        part, whole = words[:cut], words[cut:]
        last = max((place for place, one in enumerate(whole) if one.sort in ("noun", *AMOUNTS)), default=0)
        # Of the base nothing is trained: `2,048 of 65,536 parameters in the base are trained` says that.
        last = _with_its_place(whole, last, ("model",) if c.has("role") else ("model", "base"))
        part += [one for one in whole[last:] if one.sort in ("role", "only")]
        part += [one for place, one in enumerate(whole) if place > last and one.sort in SUBJECTS]
        whole = [
            one
            for place, one in enumerate(whole)
            if place <= last or one.sort not in ("role", "only", *SUBJECTS)
        ]
    else:
        return None
    if unit(second) != "" or _restated(words, at, then):
        return None
    there = counted([one for one in whole if one is not second and one.sort != "share"], bare_=True)
    here = counted([one for one in part if one is not first and one.sort != "share"], bare_=True)
    if here is None or there is None or (here.unit and here.unit != there.unit):
        return None
    if there == Counted():
        there = Counted(subjects=("model",))
    if not (here.role or here.subjects or here.method or here.unit):  # as with a share: what is trained
        here = replace(here, role=context.role or ("" if context.own else "trained"), subjects=context.own)
    said: list[Assertion] = [Stated(part.node) for part in found if isinstance(part.node, tree.Relation)]
    said.append(Counts(there, amounts(second)))
    op = op_of(c)
    if unit(first) in ("%", "/"):
        if here == Counted():
            return None
        return [*said, Ratio(here, there, "as", first.node, op)]
    if unit(first) != "":
        return None
    said.insert(0, Counts(here, amounts(first), op))
    named = here.subjects
    if here.role and named and set(named) != {"model"}:
        said.append(Moves(named, here.role == "trained"))
    return said


def _restated(words: Sequence[Concept], first: int, second: int) -> bool:
    """Whether the second number says the first once more, after a whole that is named without a number:
    `2 % of the weights: 12,288 parameters`."""
    of = next((at for at in range(first, second) if words[at].sort in ("of", "share")), second)
    return any(words[at].sort in ("colon", "comma", "open") for at in range(of, second))


def contrast(c: Clause, context: Context) -> list[Assertion] | None:
    """Two amounts in contrast: `trains 2,048 instead of 65,536`, `from 65,536 down to 2,048`."""
    found = c.of(*AMOUNTS)
    falls_ = c.has("compare", "maps", "noun") and between(c.whole)
    swaps = [part.text.lower() for part in c.of("placed")] == ["replaces"]
    if len(found) != 2 or not (c.has("instead", "fromto", "than", "becomes") or falls_ or swaps):
        return None
    if not c.within(
        *_COUNTING, *(("placed",) if swaps else ()), "instead", "fromto", "than", "becomes", "share", "maps"
    ) or c.has("neg", "sum", "shape"):
        return None
    if c.has("maps") and not {part.text.lower() for part in c.of("maps")} <= {"goes", "go"}:
        return None
    if any(unit(amount) for amount in found):
        return None
    words = list(c.whole)
    first, second = (next(at for at, part in enumerate(words) if part is one) for one in found)
    turns = [at for at, part in enumerate(words) if part.sort in ("instead", "than", "becomes", "fromto")]
    if not any(first < at < second or words[at].sort in ("instead", "than") for at in turns):
        turns = []
    turns = turns or [
        at
        for at, part in enumerate(words)
        if part.text.lower() in (("by", "with") if swaps else ("to",)) and first < at < second
    ]
    if not turns:
        return None
    turn = turns[0]
    if words[turn].sort in ("instead", "than"):
        if turn < first:  # `Instead of 65,536 parameters, LoRA trains 2,048`
            comma = next((at for at in range(first, second) if words[at].sort == "comma"), first + 1)
            less, more = (second, words[:turn] + words[comma:]), (first, words[turn:comma])
        elif first < turn < second:
            less, more = (first, words[:turn]), (second, words[turn:])
        else:
            return None
    else:
        middle = next((at for at in turns if first < at < second), None)
        falls = {part.value for part in c.of("compare")}
        if middle is None or falls - {"fewer"}:
            return None
        if words[middle].sort == "becomes" and falls:
            return None
        more, less = (first, words[:middle]), (second, words[middle:])
    told: list[Counted] = []
    for at, parts in (less, more):
        inner = [part for part in parts if part is not words[at] and part.sort not in ("compare", "near")]
        what = counted(inner, bare_=True)
        if what is None:
            return None
        told.append(what)
    own, base = told
    if {own.role, base.role} == {"trained", "frozen"} and not c.has("compare", "maps"):
        return [  # `2,048 trainable vs. 65,536 frozen`
            Counts(own, amounts(words[less[0]]), _op(less[1])),
            Counts(base, amounts(words[more[0]]), _op(more[1])),
        ]
    if {own.role, base.role} - {"", "trained"}:
        return None
    own, base = _shared(own, base)
    return [
        Counts(own, amounts(words[less[0]]), _op(less[1])),
        Counts(base, amounts(words[more[0]]), _op(more[1])),
    ]


def _op(parts: Sequence[Concept]) -> str:
    return op_of(clause(parts))


def _shared(own: Counted, base: Counted) -> tuple[Counted, Counted]:
    """What one of two says goes for the other, but what tells them apart: who, in which method, in how many
    bits. If nothing does, one is what the method trains, and the other what full fine-tuning would, or LoRA
    beside a method that grew from it."""
    unit_, kept = own.unit or base.unit, own.kept or base.kept
    own, base = (
        replace(what, unit=unit_, kept=kept, scale=what.scale or own.scale or base.scale)
        for what in (own, base)
    )
    if own.bits != base.bits and own.bits and base.bits:
        named = own.subjects or base.subjects
        return replace(own, subjects=named), replace(base, subjects=named)
    if unit_ == "bytes" and own.subjects and base.bits and not (own.bits or base.subjects or base.method):
        return own, replace(base, subjects=own.subjects)  # `8.4 MB instead of 33.6 MB in fp16`
    bits = own.bits or base.bits
    own, base = replace(own, bits=bits), replace(base, bits=bits)
    if base.method == "full" or base.subjects:
        return replace(own, role=own.role or ("" if own.subjects or own.method else "trained")), base
    if own.method == "full":
        return own, replace(base, role="trained")
    subjects_ = tuple(subject for subject in own.subjects if subject not in ("model", "adapter"))
    if subjects_:
        return own, replace(base, subjects=own.subjects) if own.kept else base
    role = "" if own.method else "trained"
    other = "full" if own.method in ("", "lora") else "before"
    return replace(own, role=role, subjects=()), replace(base, role="trained", subjects=(), method=other)


# Times, and shares -----------------------------------------------------------------------------


_AS_LARGE = ("the size of", "as large as that of")


def ratios(c: Clause, context: Context) -> list[Assertion] | None:
    """`32× fewer trainable parameters`, `half as many as W`, `twice the parameters of LoRA`."""
    found = c.of(*AMOUNTS)
    if len(found) > 1 or not c.within(*_COUNTING, "than", "share", "instead", "unlike", "factor"):
        return None
    if c.has("shape", "each", "stage") or (found and any(part.value == "merged" for part in c.of("subject"))):
        return None
    amount = found[0] if found else None
    sign = "" if amount is None else unit(amount)
    if c.has("factor"):
        sign = "×" if sign in ("", "×") else "?"
    compare = {part.value for part in c.of("compare")}
    if len(compare) > 1 or sign == "?" or (amount is not None and sign == ""):
        return None
    how = next(iter(compare), "")
    if how == "as" and any(part.text.lower().endswith("few") for part in c.of("compare")):
        how = "few"
    if amount is None and not c.has("than") and how in ("fewer", "more"):
        return _than_another(c, how)
    if amount is None and (not how or not c.has("than") or c.has("gradient", "state")):
        return None
    words = _rotated(c.whole)
    place = next((at for at, part in enumerate(words) if part is amount), 0)
    than = next(
        (at for at, part in enumerate(words) if part.sort in ("than", "instead") and at >= place), None
    )
    if how == "" and sign != "×":
        return None
    if than is None and how == "as":  # `twice the size of A`
        than = next((at for at, part in enumerate(words) if part.text.lower() in _AS_LARGE), None)
    if how == "" and (than is None or not c.has("noun")):  # `twice the parameters of LoRA`
        if not any(part.sort in ("noun", "subject") for part in words[place + 1 :]) or c.has("factor"):
            return None
        than, how = place, "as"
    how = how or "as"
    cut = {"than", "instead", "share", "compare", "amount", "relation", "factor", "near"}
    before = [part for part in (words if than is None else words[:than]) if part.sort not in cut]
    behind = [] if than is None else [part for part in words[than + 1 :] if part.sort not in cut]
    memory = c.has("precision")
    left = counted(before, bare_=True, memory=memory)
    right = counted(behind, bare_=True, memory=memory)
    if left is None or right is None or left.role == "total":
        return None
    alone = (
        how == "as" and sign == "×" and amount is not None and amount.number and left == right == Counted()
    )
    if alone and context.what is not None and context.what.subjects:
        left, right = context.what, Counted("trained")  # `W has 589,824 entries, 48 times as many`
    if left == Counted() and right.subjects and how == "as" and not c.has("unlike"):
        left = context.what or Counted(
            subjects=context.own or context.subjects
        )  # `128 entries, twice as many as A`
    left, right = _alike(left, right)
    said: list[Assertion] = []
    node = None if amount is None else amount.node
    if isinstance(node, tree.Relation):
        said.append(Stated(node))
        node = node.sides[-1]
    return [*said, Ratio(left, right, how, node, op_of(c))]


def _than_another(c: Clause, how: str) -> list[Assertion] | None:
    """`LoRA trains fewer parameters` than full fine-tuning, which trains more."""
    methods = [part.value for part in c.of("method")]
    order = [part.sort for part in c.parts]
    if order != ["method", "role", "compare", "noun"] or c.parts[1].value != "trained":
        return None
    other = "" if methods[0] == "full" else "full"
    return [Ratio(Counted("trained", method=methods[0]), Counted("trained", method=other), how)]


def times(c: Clause, context: Context) -> list[Assertion] | None:
    """The ratio of two counts, behind them: `2,048 trainable vs 65,536 frozen (32×)`."""
    counted_ = [said for said in context.last if isinstance(said, Counts)]
    numbers = [said.amounts[0] for said in counted_ if isinstance(said.amounts[0], Number)]
    found = c.of("amount")
    if len(c.parts) != 1 or len(found) != 1 or unit(found[0]) != "×" or len(numbers) != 2:
        return None
    if len(context.last) != 2 or any(number.unit for number in numbers) or found[0].node is None:
        return None
    less, more = sorted(numbers, key=lambda number: float(number.digits.replace(",", "")))
    return [Stated(tree.Relation((tree.Fraction(more, less), found[0].node), ("=",)))]


def differs(c: Clause, context: Context) -> list[Assertion] | None:
    """`DoRA trains 256 more parameters than LoRA`, `256 parameters more than LoRA`."""
    found, compares = c.of("amount"), c.of("compare")
    if len(found) != 1 or len(compares) != 1 or unit(found[0]) or not c.has("than") or found[0].node is None:
        return None
    if compares[0].value not in ("more", "fewer") or not c.within(*_COUNTING, "than", "add"):
        return None
    if c.has("shape", "each", "stage", "neg"):
        return None
    words = list(c.whole)
    than = next(at for at, part in enumerate(words) if part.sort == "than")
    cut = {"than", "compare", "amount", "near", "add"}
    left = counted([part for part in words[:than] if part.sort not in cut], bare_=True)
    right = counted([part for part in words[than + 1 :] if part.sort not in cut], bare_=True)
    if (
        left is None
        or right is None
        or right == Counted()
        or left.role == "total"
        or not c.has("noun", "bytes")
    ):
        return None
    left, right = _alike(left, right)
    return [Differs(left, right, found[0].node, compares[0].value == "more", op_of(c))]


def _alike(left: Counted, right: Counted) -> tuple[Counted, Counted]:
    """Of two that are compared, what one says of unit and bits goes for the other, if it says something."""
    unit_, kept = left.unit or right.unit, left.kept or right.kept
    if not (unit_ or kept or left.bits or right.bits):
        return left, right
    scale = "B" if unit_ == "bytes" else ""
    if unit_ == "bytes" and left.method == "qlora" and left.subjects == ("base",):  # of its own format
        left = replace(left, bits=left.bits or 4, method="")
        right = replace(right, method="") if right.method == "lora" else right
    left = replace(left, unit=unit_, kept=kept, scale=scale)
    right = replace(right, unit=unit_, kept=kept, scale=scale)
    if left.bits and right.bits and left.bits != right.bits:
        said = left.role or right.role or left.method or right.method
        named = left.subjects or right.subjects or (() if said else ("base",))
        return replace(left, subjects=named), replace(right, subjects=named)
    who = left.subjects or left.role or left.method
    if unit_ == "bytes" and who and right == Counted(unit=unit_, bits=right.bits, scale=scale, kept=kept):
        return left, replace(left, bits=right.bits)  # `W takes a quarter of what it takes in 16 bits`
    bits = left.bits or right.bits
    return replace(left, bits=bits), replace(right, bits=bits)


def _added(c: Clause, context: Context) -> list[Assertion] | None:
    """`The adapter adds 3.1 % to the parameters of the layer`."""
    who = [part for part in c.parts if part.sort in ("subject", "method")]
    own = bool(who) and (who[0].value == "adapter" or who[0].value == context.method)
    if not c.has("add") or not c.within(
        "add", "amount", "near", "noun", "share", "subject", "method", "compare"
    ):
        return None
    if not own or {part.value for part in c.of("compare")} - {"more"} or not c.has("noun", "share"):
        return None
    if {part.value for part in who[1:]} - {"model", "base"} or c.of("amount")[0].node is None:
        return None
    return [Ratio(Counted("trained"), Counted(subjects=("base",)), "as", c.of("amount")[0].node, op_of(c))]


_LIES = ("in", "inside", "from", "belong to", "belongs to", "lie", "lies")


def _rotated(parts: Sequence[Concept]) -> list[Concept]:
    """`Compared to full fine-tuning, we train …` with what is compared behind."""
    words = list(parts)
    first = next((at for at, part in enumerate(words) if part.sort != "filler"), 0)
    comma = next((at for at, part in enumerate(words) if part.sort == "comma"), None)
    if not words or words[first].sort not in ("than", "unlike") or comma is None:
        return words
    return [*words[comma + 1 :], replace(words[first], sort="than"), *words[first + 1 : comma]]


def _of_what(c: Clause) -> bool:
    return [part.text.lower() for part in c.of("than")] == ["of what"]


def share(c: Clause, context: Context) -> list[Assertion] | None:
    """`3.1 % of the parameters are trained`, `a tenth of the weights`."""
    found = c.of(*AMOUNTS)
    if len(found) != 1 or (unit(found[0]) not in ("%", "/") and not _is_share(c, found[0], context)):
        return None
    added = _added(c, context)
    if added is not None:
        return added
    if not c.within(*_COUNTING, "share", *(("than",) if _of_what(c) else ())) or c.has(
        "compare", "shape", "each", "stage", "bytes", "madds"
    ):
        return None
    amount, node = found[0], found[0].node
    words = list(c.whole)
    place = next(at for at, part in enumerate(words) if part is amount)
    of = next(
        (
            at
            for at in range(place, len(words))
            if words[at].sort in ("of", "share") or words[at].text.lower() == "of what"
        ),
        None,
    )
    inside = words[of:] if of is not None else []
    last = max(
        (at for at, part in enumerate(inside) if part.sort in ("noun", "share", "method", *SUBJECTS)),
        default=-1,
    )
    lies = next((at for at, part in enumerate(inside) if part.text.lower() in _LIES), None)
    if lies is not None and any(part.sort in SUBJECTS for part in inside[lies:]) and lies < last:
        last = lies - 1  # `half of the trained parameters are in A`
    behind = inside[last + 1 :]
    whole = [part for part in inside[: last + 1] if part.sort != "share"]
    part = [one for one in (*words[: place if of is None else of], *behind) if one is not amount]
    if of is None:
        part += list(words[place + 1 :])
    mine = [one for one in part if one.sort not in ("near", "share")]
    here = counted(mine, context.own if of is not None else (), bare_=True)
    if here is not None and any(one.value or "trainable" in one.text.lower() for one in c.of("share")):
        here = replace(here, role=here.role or "trained")
    there = counted(whole, bare_=True)
    if here is not None and len(c.parts) == 1:  # `2,048 of 65,536 (3.1 %)`
        here = replace(here, role=here.role or context.role)
    if here is None or there is None or here.unit or there.unit or (of is None and not here.role):
        return None
    if not (c.has("share", "role", "method") or here.role or (of is not None and (whole or c.has("noun")))):
        return None
    if (
        here.role == ""
        and here.subjects
        and here.subjects != context.own
        and there == Counted()
        and of is None
    ):
        return None
    said: list[Assertion] = []
    if isinstance(node, tree.Relation):
        said.append(Stated(node))
        node = node.sides[-1]
    if lies is not None and here.subjects and there.role and not here.role:
        return [*said, Ratio(here, there, "as", node, op_of(c))]  # `half of the trained ones are in A`
    if there.role == "trained" or there.method == "full":  # of what full fine-tuning trains
        base = replace(there, method=there.method or "full")
        if not (here.method or here.subjects) and there.method != "full":
            if here.role or c.has("only", "neg"):
                return None
            here = replace(here, role="trained")  # `a tenth of the trainable parameters`
        return [*said, Ratio(here, base, "as", node, op_of(c))]
    if here.subjects and here.role == "" and here.subjects != ("model",):
        whole_weight = here.subjects == ("base",) or any(
            one.sort == "matrix" and one.value in ("W", "W_0") for one in part
        )
        of_all = Counted("total") if whole_weight else Counted(subjects=("base",))
        wide = there if there != Counted() else of_all
        return [*said, Ratio(here, wide, "as", node, op_of(c))]
    if there.method and not there.role and not here.subjects:  # `half those of LoRA`
        return [
            *said,
            Ratio(
                replace(here, role=here.role or "trained"),
                replace(there, role="trained"),
                "as",
                node,
                op_of(c),
            ),
        ]
    role = here.role or "trained"
    than = Counted("all", there.subjects)
    return [*said, Ratio(Counted(role, (), here.method), than, "share", node, op_of(c))]
