"""What words assert, decided as mathematics is: by the counts, the starts, the training steps and the
equations of the core."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.numbers.shown import exact
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.verify.decide import (
    conditions,
    counts,
    initial,
    properties,
    spoken,
    start,
    statements,
    suppositions,
    ways,
)
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import over, plus, times
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Cut, Doubt, Term, Undecidable, number
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Assertion, Counted, Subject
from lorafig.verify.read.classify import shown, sizes
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind

MEMORY = {
    "B": Fraction(1), "bits": Fraction(1, 8),
    **{f"{letter}B": Fraction(1000**power) for power, letter in enumerate(("k", "M", "G", "T"), 1)},
    **{f"{letter}iB": Fraction(1024**power) for power, letter in enumerate(("K", "M", "G", "T"), 1)},
    "KB": Fraction(1000),
}  # fmt: skip
METHOD_SHOWN = "the figure shows"
UNITS = ("", "bytes")  # of what is counted of a whole network
# What a panel of each stage shows.
SHOWN = {
    "training": frozenset({"base", "adapter", "update", "branches", "latency", "model"}),
    "merged": frozenset({"merged", "model"}),
    "base": frozenset({"base", "model"}),
}
STATE_BITS = 32  # of a state of Adam, unless it is said
CLOSE = Fraction(1, 20)  # how near `about half` is


class Standing(Struct, frozen=True):
    """What a text stands over, the stage of a panel, or on, a step of a pipeline; None and '' if on none."""

    stage: str | None = None
    step: str = ""


def decide(assertion: Assertion, judge: Judge, standing: Standing) -> Answer:
    """The verdict on what a clause asserts."""
    try:
        return _decided(assertion, judge, standing)
    except Doubt as doubt:
        return doubtful(_kind(assertion), doubt)


def _kind(assertion: Assertion) -> Kind:
    match assertion:
        case assertions.Counts():
            return "count"
        case assertions.Ratio() | assertions.Differs():
            return "ratio"
        case assertions.Shaped():
            return "shape"
        case assertions.Starts():
            return "init"
        case assertions.Ranked() | assertions.Full():
            return "rank"
        case _:
            return "property"


def _decided(assertion: Assertion, judge: Judge, standing: Standing) -> Answer:
    symbols = judge.symbols
    match assertion:
        case assertions.Stated(node, begun):
            return (judge.at_start() if begun else judge).judge(_in_full(node))
        case assertions.Moves():
            return _moves(assertion, judge)
        case assertions.Counts(what, amounts, op):
            valued = any(size is not None for size in symbols.dimensions.values()) or symbols.network
            if what == Counted() and len(amounts) > 1 and not valued:
                return properties.told(True, "nothing says how large anything is")  # an equation of numbers
            if standing.stage == "merged" and what == Counted():
                what = Counted(subjects=("base",))
            if any(_names_model(amount, what, symbols) for amount in amounts):
                return properties.told(True, "so the model is called")
            answers = [_is(judge, _quantity(what, symbols), amount, op, "count") for amount in amounts]
            if what.unit == "bytes" and op in ("=", "≈"):
                answers = [
                    _in_unit(answer, what, amount) for answer, amount in zip(answers, amounts, strict=True)
                ]
            return worst(answers)
        case assertions.Ratio():
            return _ratio(assertion, judge)
        case assertions.PerNumber():
            return _per_number(assertion, judge)
        case assertions.OfFormats(bits, other, amount, compare, op):
            share_ = Fraction(bits, other)
            times_ = "/" not in getattr(amount, "digits", "") and _unit(amount) == "×"
            if compare == "fewer":
                share_ = 1 / share_ if times_ else 1 - share_
            elif compare == "more" and not times_:
                share_ = share_ - 1
            return _is(judge, counts.Quantity((number(share_),)), amount, op, "ratio")
        case assertions.Supposed():
            return suppositions.decided(assertion, judge, lambda one, there: decide(one, there, standing))
        case assertions.Differs(what, than, amount, more, op):
            sides = _side(what, than, "trained", symbols), _side(than, what, "base", symbols)
            larger, smaller = sides if more else sides[::-1]
            rest = plus(larger, times(number(-1), smaller))
            return _is(judge, counts.Quantity((rest,)), amount, op, "count")
        case assertions.Stored(subjects, bits):
            return worst([_stored(subject, bits, symbols) for subject in subjects])
        case assertions.Sized(name, amounts, op):
            return worst([_is(judge, _size(name, symbols), amount, op, "count") for amount in amounts])
        case assertions.Ranked(subject, amount, op):
            return _ranked(subject, amount, op, judge)
        case assertions.Shaped(subjects, shape):
            return worst([_shaped(subject, shape, symbols) for subject in subjects])
        case assertions.ModuleShape():
            return _module_shape(assertion, symbols)
        case assertions.Full(subjects, full):
            return worst([_full(subject, full, symbols) for subject in subjects])
        case assertions.Grows():
            return _grows(assertion, symbols)
        case assertions.Starts(subjects, law, negated, method) if method:
            return turned(worst([_starts_in(method, subject, law) for subject in subjects]), negated)
        case assertions.Starts(subjects, law, negated):
            return turned(worst([_starts(subject, law, judge) for subject in subjects]), negated)
        case assertions.Projects(subject, down):
            return _projects(subject, down, symbols)
        case assertions.Joins(how):
            if standing.step == "unmerge":
                return properties.told(how == "subtracted", "the step takes the update off the weight again")
            return _joins(how, symbols)
        case assertions.Merges(possible):
            return properties.decided("merges" if possible else "never merges", (), symbols, judge.seed)
        case assertions.Latency(added, merged, stated):
            if standing.stage == "training" and not stated:
                return properties.told(
                    added, "the products of the adapter are computed beside that of the weight"
                )
            if not merged:
                raise Undecidable("what an adapter that is not merged costs is not decided from words")
            return properties.decided("costs" if added else "free", (), symbols, judge.seed)
        case assertions.IsA(subjects, called, negated):
            return turned(worst([_is_a(subject, called, judge) for subject in subjects]), negated)
        case assertions.Marked(said, drawn):
            return properties.told(said == drawn, f"it is drawn as {drawn}")
        case assertions.Method(name):
            if standing.stage == "base" and name != "full":
                return properties.told(False, "no adapter stands there")
            return _method(name, symbols)
        case assertions.Shows(names):
            if standing.stage is None:
                raise Undecidable("nothing says what it stands over")
            shown_ = SHOWN[standing.stage]
            return properties.told(names <= shown_, f"what stands there is {' and '.join(sorted(shown_))}")
        case assertions.Passes() | assertions.Placed() | assertions.Takes():
            return ways.flows(assertion, symbols)
        case assertions.Alike() | assertions.Proportioned():
            return ways.compared(assertion, symbols)
        case assertions.FirstOutput(same):
            return turned(properties.decided("starts pretrained", (), symbols, judge.seed), not same)
        case assertions.Removes(possible):
            return turned(ways.removes(symbols), not possible)
        case assertions.Targets() | assertions.Others():
            return ways.targets(assertion, symbols)
        case assertions.Stage("early") if standing.stage is not None:
            return properties.told(standing.stage != "merged", "what stands there is merged after training")
        case assertions.Stage(name):
            if standing.stage is None:
                raise Undecidable("nothing says what it stands over")
            seen = {
                "training": "an adapter beside the weight",
                "merged": "one merged weight",
                "base": "the weight alone",
            }
            return properties.told(standing.stage == name, f"what stands there is {seen[standing.stage]}")
        case _:
            assert_never(assertion)


def _in_full(node: Node) -> Node:
    """Numbers that words give as a share, `half`, as fractions."""
    if not any(isinstance(part, Number) and "/" in part.digits for part in walk(node)):
        return node  # the same, by which it is known
    if isinstance(node, Number):
        above, _, below = node.digits.partition("/")
        return tree.Fraction(Number(above), Number(below))
    return rebuild(node, _in_full)


def _joins(how: str, symbols: Symbols) -> Answer:
    """How what the weight gives and what stands beside it come together in h."""
    own = symbols.adapter.defined.get("h", "")
    h = symbols.terms.get("h")
    whole = h.body if isinstance(h, terms.Defined) else h
    if not own.startswith("W") and not isinstance(whole, terms.Add):
        raise Undecidable("how the two come together is not known of this method")
    return properties.told(how == "added", f"h = {own}" if own else "h is a sum")


def turned(answer: Answer, negated: bool) -> Answer:
    """The answer to what is denied, if it is."""
    if not negated or answer.verdict not in ("holds", "fails"):
        return answer
    return properties.told(answer.verdict != "holds", answer.detail or "", conditions.Not(answer.holds))


# What training moves ---------------------------------------------------------------------------


def _moves(said: assertions.Moves, judge: Judge) -> Answer:
    symbols = judge.symbols
    if said.method == "full":
        if any(
            name not in symbols.adapter.frozen for one in said.subjects for name in spoken.names(one, symbols)
        ):
            raise Undecidable("full fine-tuning has no adapter")
        return properties.told(said.trained, "full fine-tuning trains the weight itself")
    if said.method:
        return _moves_in(said, symbols)
    if said.subjects == ("base",) and not said.only and (symbols.adapter.frozen or not symbols.knows("W")):
        predicate = "weights trained" if said.trained else "weights frozen"
        return properties.decided(predicate, (), symbols, judge.seed)
    known = tuple(dict.fromkeys(name for one in said.subjects for name in spoken.names(one, symbols)))
    if said.only and not said.trained:
        own = {name for name, _ in symbols.own("trained", "frozen", "random")}
        others = set(symbols.adapter.symbols) - {"x"} - properties.moved(symbols.adapter)
        if own:
            raise Undecidable("which of the symbols alone are frozen is not decided from words")
        return properties.told(set(known) == others, "what three steps of gradient descent leave")
    name = "only trained" if said.only else "trainable" if said.trained else "frozen"
    return properties.decided(name, known, symbols, judge.seed)


def _moves_in(said: assertions.Moves, symbols: Symbols) -> Answer:
    """What training moves in another method than the figure's."""
    adapter = _adapter(said.method)
    meant: set[str] = set()
    for subject in said.subjects:
        match subject:
            case "base":
                meant |= {name for name in adapter.frozen if name.startswith("W")}
            case "adapter" | "update":
                meant |= set(adapter.trainable)
            case str():
                raise Undecidable(f"what {subject} is in {adapter.title} is not known")
            case _:
                meant.add(symbols.canonical(key(bare(subject)) or ""))
    if not meant or not meant <= {*adapter.frozen, *adapter.trainable}:
        raise Undecidable(f"{adapter.title} has no such matrix")
    moved = properties.moved(adapter)
    holds = meant == moved if said.only and said.trained else meant <= moved
    if not said.trained:
        holds = not meant & moved and (not said.only or meant == set(adapter.frozen))
    return properties.told(holds, f"{adapter.title} trains {' and '.join(adapter.trainable)}")


def _starts_in(method: str, subject: Subject, law: str) -> Answer:
    adapter = _adapter(method)
    name = None if isinstance(subject, str) else key(bare(subject))
    own = adapter.laws.get(name or "")
    if own is None:
        raise Undecidable(f"how it starts in {adapter.title} is not known")
    drawn = law == "random" and own in ("normal", "uniform")
    return properties.told(drawn or own == law, f"in {adapter.title} it starts as {own}")


def _adapter(method: str) -> Adapter:
    adapter = ADAPTERS.get(method)
    if adapter is None:
        raise Undecidable(f"{method} is not known")
    return adapter


# What is counted -------------------------------------------------------------------------------


def _quantity(what: Counted, symbols: Symbols) -> counts.Quantity:
    """The number of what is counted."""
    return counts.Quantity(_terms(what, symbols))


def _terms(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    """What a phrase counts, the likeliest first where it does not say of whom."""
    if what.unit in ("madds", "flops"):
        return (times(number(2 if what.unit == "flops" else 1), _multiply_adds(what, symbols)),)
    unsaid = what.kept and not (what.role or what.subjects or what.method)
    if unsaid:
        what = replace(what, role="trained")
    many = sum({"state": 2}.get(kept, 1) for kept in what.kept) or 1
    found = _parameters(what, symbols)
    if unsaid and counts.network(symbols) is not None:  # or of full fine-tuning
        found = (*found, *_parameters(replace(what, role="", method="full"), symbols))
    return tuple(_scaled(times(number(many), term), what) for term in found)


def _scaled(term: Term, what: Counted) -> Term:
    if what.unit != "bytes":
        return term
    bits = what.bits or (STATE_BITS if what.kept == ("state",) else 0)
    if bits == 0:
        raise Undecidable("in how many bits each is stored is not said", "say it: in fp16, or at 4 bits")
    unit = MEMORY.get(what.scale or "B")
    if unit is None:
        raise Undecidable(f"{what.scale} is not a unit of memory")
    return times(number(Fraction(bits, 8) / unit), term)


def _per_number(said: assertions.PerNumber, judge: Judge) -> Answer:
    """Bytes, or bits, of each parameter: by the format, with the gradient and Adam's two states."""
    each = {"weight": 1, "gradient": 1, "state": 2}
    bits = said.bits * sum(each[kept] for kept in said.kept)
    if said.mixed:  # Rajbhandari et al. (2020), section 3.1: 2 + 2 + 4 + 4 + 4 bytes
        bits = 128
    many = Fraction(1)
    if said.of is not None:
        many = counts.value_of(elaborate(said.of, judge.symbols), said.of)
    value = number(many * Fraction(bits, 8) / MEMORY[said.scale])
    return _is(judge, counts.Quantity((value,)), said.amount, said.op, "count")


BASE_BITS, ADAPTER_BITS = 4, 16  # of QLoRA: Dettmers et al. (2023), section 3
WHOLE = 16  # bits of a number format that weights are not quantized to


def _stored(subject: Subject, bits: int, symbols: Symbols) -> Answer:
    names = spoken.names(subject, symbols)
    own = {_due(name, symbols) for name in names}
    if len(own) != 1:
        raise Undecidable(
            f"{spaced(subject) if not isinstance(subject, str) else subject} has several formats"
        )
    return _kept(bits, own.pop(), symbols)


def kept(name: str, bits: int, symbols: Symbols) -> Answer | None:
    """Whether a weight is kept in so many bits. None where the method leaves that open, as LoRA does, and
    they are as many as those of a format that nothing is quantized to. Raises Undecidable."""
    if symbols.adapter.kept:
        return _kept(bits, _due(name, symbols), symbols)
    if bits >= WHOLE:
        return None
    what = f"{symbols.adapter.title} does not say in how many bits it is kept"
    raise Undecidable(what, "write adapter: qlora, or say why under 'unverified'")


def _due(name: str, symbols: Symbols) -> int:
    return BASE_BITS if name in symbols.adapter.frozen else ADAPTER_BITS


def _kept(bits: int, due: int, symbols: Symbols) -> Answer:
    return properties.told(bits == due, f"{symbols.adapter.title} stores it in {due} bits")


def _in_unit(answer: Answer, what: Counted, amount: Node) -> Answer:
    """The answer on bytes, but for what rounding cannot mean: an amount that is exact in the other unit, as
    1 MB of 1 MiB, or one that is more than half as much again."""
    typed = _typed(amount)
    if answer.verdict != "holds" or typed is None or answer.value is None or "/" in typed.digits:
        return answer
    value, claimed = Fraction(answer.value), exact(typed)
    other = what.scale.replace("i", "") if "i" in what.scale else f"{what.scale[:1].upper()}iB"
    if value != claimed and other in MEMORY and value * MEMORY[what.scale] == claimed * MEMORY[other]:
        detail = f"it is {typed.digits} {other}, and {counts.readable(value)} {what.scale}"
    elif value != 0 and abs(claimed - value) * 2 > value:
        detail = f"it is {counts.readable(value)} {what.scale}"
    else:
        return answer
    return replace(answer, verdict="fails", detail=detail, condition=conditions.AtStart(False))


def _multiply_adds(what: Counted, symbols: Symbols) -> Term:
    """Those of a product, of the weight, of the adapter beside it, or of both, for one input."""
    if what.role == "frozen" and not what.subjects:
        what = replace(what, role="", subjects=("base",))
    if what.role not in ("", "total") or what.kept or symbols.adapter.defined.get("h") is None:
        raise Undecidable("multiply-adds are of a product", "write the product that is computed")
    named = [one for one in what.subjects if not isinstance(one, str)]
    if named and len(named) == len(what.subjects):  # `Ax first and then B(Ax)`: the last has the others
        last = named[-1]
        if all(set(spoken.matrices(one)) <= set(spoken.matrices(last)) for one in named):
            return _of_product(last, symbols)
    weight, branch = (_of_product(parse_math(source), symbols) for source in ("W x", "B A x"))
    match what:
        case Counted(subjects=("base",)) | Counted(subjects=("merged",)):
            return weight
        case Counted(subjects=("adapter",)) | Counted(subjects=("update",)):
            return branch
        case Counted(role="", subjects=() | ("model",)) | Counted(role="total"):
            return plus(weight, branch)
        case _:
            raise Undecidable("of which product these are is not said", "write the product that is computed")


def _of_product(node: Node, symbols: Symbols) -> Term:
    """The multiply-adds of a product of matrices, from its right end if that is a vector."""
    names = spoken.matrices(node)
    kinds = [symbols.term(name).type for name in names if symbols.knows(name)]
    if len(kinds) < 2 or len(kinds) != len(names) or isinstance(bare(node), tree.Sum):
        raise Undecidable(f"{spaced(node)} is not a product of matrices")
    elaborate(node, symbols)  # ill-typed products cost nothing
    last = symbols.size(kinds[-1].columns)
    return plus(*(
        times(times(symbols.size(kind.rows), symbols.size(kind.columns)), last) for kind in kinds[:-1]
    ))  # fmt: skip


def _parameters(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    whole = counts.network(symbols)
    roles = ("model", "adapter", "base", "merged")
    if (
        whole is None
        or (what.each and not what.per)
        or set(what.subjects) - set(roles)
        or what.unit not in UNITS
    ):
        return _of_layer(what, symbols)
    if what.method not in ("", "full", symbols.adapter.name):
        return _of_layer(what, symbols)
    if what.modules:
        return _of_modules(what, symbols)
    trained, base = whole
    of_adapter = what.role in ("", "trained") and not set(what.subjects) & {"base", "merged"}
    if what.per and of_adapter:
        many = symbols.term("n_layers" if what.per == "layer" else "n_adapted")
        return (over(trained, many),)
    found: tuple[Term, ...]
    match what:
        case Counted(role="total"):
            found = (plus(trained, base),)
        case Counted(method="full"):
            found = (base,)
        case Counted(role="frozen") | Counted(subjects=("base",)) | Counted(subjects=("merged",)):
            found = (base,)
        case Counted(role="trained") | Counted(subjects=("adapter",)):
            found = (trained,)
        case Counted(subjects=("model",)):
            found = (base, plus(trained, base))
        case Counted(method=own) if own:
            found = (trained,)
        case _:
            found = (trained, base, plus(trained, base))
    if "d" not in symbols.dimensions or "k" not in symbols.dimensions or what.kept:
        return found
    one = {"model": ()}.get(str(what.subjects[0]), what.subjects) if what.subjects else ()
    return (*found, *_of_layer(replace(what, subjects=one), symbols))


def _names_model(amount: Node, what: Counted, symbols: Symbols) -> bool:
    """Whether it is a number that the network's name has, such as the 70B of Llama 2 70B."""
    network, number_ = symbols.whole[0], bare(amount)
    if network is None or not isinstance(number_, Number) or what.unit or what.role not in ("", "total"):
        return False
    return number_.unit == "B" and f" {number_.digits}B" in f" {network.title}"


def _of_modules(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    """The parameters of modules of the network, in one layer: of their adapters, or of their weights."""
    network, chosen = symbols.whole
    if network is None:
        raise Undecidable("no network says which modules there are", "name it: network: …")
    named = [module for name in what.modules for module in network.chosen((name.removeprefix("W_"),))]
    if not named:
        raise Undecidable(f"{network.title} has no module {what.modules[0]}")
    if what.subjects == ("base",) or what.role == "frozen":
        return (number(sum(module.d * module.k for module in named)),)
    if not set(named) <= set(network.chosen(chosen)):
        raise Undecidable(f"{named[0].path} has no adapter here")
    rank = int(counts.valued(symbols.size(symbols.dimension("r") or "r")))
    return (number(sum(symbols.adapter.parameters(module.d, module.k, rank) for module in named)),)


def _of_layer(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    """The same of the one layer that the figure shows."""
    adapter = symbols.adapter
    alone = not (adapter.symbols or [*symbols.own("frozen", "random")])
    entries = what.unit not in ("rows", "columns", "matrices", "vectors", "branches")
    if alone and entries and what.role in ("", "trained") and not (what.subjects or what.method):
        return (counts.trained_parameters(symbols),)
    if what.unit in ("rows", "columns"):
        kinds = [spoken.matrix(one, symbols).type for one in what.subjects]
        return tuple(symbols.size(kind.rows if what.unit == "rows" else kind.columns) for kind in kinds[:1])
    trained, weight = counts.parameters(symbols)
    if what.unit in ("matrices", "vectors"):
        many = [
            adapter.symbols[name]
            for name in (adapter.trainable if what.role == "trained" else adapter.frozen)
        ]
        own = symbols.own("trained") if what.role == "trained" else symbols.own("frozen", "random")
        many += [row.shape or () for _, row in own]
        return (number(sum(len(shape) == (2 if what.unit == "matrices" else 1) for shape in many)),)
    if what.unit == "branches":
        if not adapter.defined.get("h", "").startswith("W"):
            raise Undecidable("how many branches the method has is not known")
        return (number(2),)
    frozen = _frozen(symbols)
    if what.method == "full":
        if what.role == "frozen":
            raise Undecidable("full fine-tuning freezes nothing")
        return (weight,)
    if what.method and what.method != adapter.name:
        if what.method == "dora" and what.subjects == ("magnitude",):
            return (symbols.size(symbols.dimension("d") or "d"),)
        if what.role in ("", "trained"):
            return (_of_method(what.method, symbols),)
        raise Undecidable(f"the figure has another method than {what.method}")
    if what.subjects == ("update",):  # as it is made of factors, or as the matrix that they give
        return (trained, counts.entries_of(symbols.term("ΔW"), symbols))
    if what.subjects and set(what.subjects) - {"model"}:
        if what.each:
            terms_ = [spoken.entries(one, symbols) for one in what.subjects]
            if any(counts.valued(term) != counts.valued(terms_[0]) for term in terms_):
                raise Undecidable("they have not as many each", "say it of each by itself")
            return (terms_[0],)
        return (plus(*(spoken.entries(one, symbols) for one in what.subjects)),)
    match what.role:
        case "trained":
            return (trained,)
        case "frozen":
            return (frozen,)
        case "total":
            return (plus(frozen, trained),)
    if what.method:
        return (trained,)
    if what.subjects:  # the model, or the layer: with the adapter or without
        return (weight, plus(frozen, trained))
    return (trained, weight, plus(frozen, trained))  # of the adapter, of the weight, or of both


def _frozen(symbols: Symbols) -> Term:
    """How many parameters the method leaves as they are."""
    own = [counts.entries_of(symbols.term(name), symbols) for name in symbols.adapter.frozen]
    return plus(*own) if own else counts.parameters(symbols)[1]


def _of_method(name: str, symbols: Symbols) -> Term:
    if name not in ADAPTERS:
        raise Undecidable(f"{name} is not known")
    d, k, r = (int(counts.valued(symbols.size(symbols.dimension(size) or size))) for size in ("d", "k", "r"))
    return number(ADAPTERS[name].parameters(d, k, r))


def _is(judge: Judge, quantity: counts.Quantity, amount: Node, op: str, kind: Kind) -> Answer:
    """Whether an amount, a number or an expression, is a quantity."""
    match bare(amount):
        case tree.Computed() as computed if op == "=":
            return _is_term(judge, quantity, elaborate(computed.body, judge.symbols), amount, kind)
        case tree.Product((tree.Computed() as computed, tree.Symbol("×" | "%"))) if op == "=":
            return _is_term(judge, quantity, elaborate(computed.body, judge.symbols), amount, kind)
        case tree.Product((*factors, tree.Symbol("×"))) if (
            not isinstance(factors[0], Number) or len(factors) > 1
        ):
            whole = tree.Product(tuple(factors), ("",) * (len(factors) - 1), ("",) * (len(factors) - 1))
            inner = factors[0] if len(factors) == 1 else whole
            return _is_term(judge, quantity, elaborate(inner, judge.symbols), amount, kind, op)
    typed = _typed(amount)
    if typed is None:
        return _is_term(judge, quantity, elaborate(amount, judge.symbols), amount, kind, op)
    if "/" in typed.digits:
        return _fraction(quantity, typed, op, kind)
    if op in ("=", "≈"):
        return counts.against(judge, quantity, typed, kind, op)
    return counts.compared(judge, quantity, op, typed, spaced(amount))


def _typed(amount: Node) -> Number | None:
    if isinstance(amount, Number):
        return amount
    match bare(amount):
        case Number() as plain:
            return plain
        case tree.Product((Number() as plain, tree.Symbol("×" | "%") as sign)) if plain.unit == "":
            return Number(plain.digits, sign.name)
    return shown(amount, loose=True)


def _fraction(quantity: counts.Quantity, typed: Number, op: str, kind: Kind) -> Answer:
    claimed, value = Fraction(typed.digits), counts.valued(quantity.choices[0])
    choices = [counts.valued(choice) for choice in quantity.choices]
    if op == "≈":
        holds = any(abs(choice - claimed) <= CLOSE * abs(choice) for choice in choices)
    else:
        compare = conditions.COMPARE.get(op, Fraction.__eq__)
        holds = any(compare(choice, claimed) for choice in choices)
    detail = f"it is {counts.readable(value)}" + ("" if holds else f", not {typed.digits}")
    condition = conditions.AtStart(holds)
    return Answer(
        kind, "holds" if holds else "fails", str(value), typed.digits, detail=detail, condition=condition
    )


def _is_term(
    judge: Judge, quantity: counts.Quantity, term: Term, amount: Node, kind: Kind, op: str = "="
) -> Answer:
    if not term.type.is_scalar:
        raise terms.IllTyped(f"{spaced(amount)} is {term.type}, not a number")
    counts.value_of(term, amount)
    turned, text = "=" if op == "≈" else _mirrored(op), spaced(amount)
    answers = [counts.relate(kind, term, turned, choice, text, "what is counted")
               for choice in quantity.choices]  # fmt: skip
    return next((answer for answer in answers if answer.verdict == "holds"), answers[0])


def _mirrored(op: str) -> str:
    return {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}.get(op, op)


def _ratio(said: assertions.Ratio, judge: Judge) -> Answer:
    symbols = judge.symbols
    if said.compare == "share":
        return _share(said, judge)
    one = _side(said.what, said.than, "trained", symbols)
    other = _side(said.than, said.what, "base", symbols)
    first, second = counts.readable(counts.valued(one)), counts.readable(counts.valued(other))
    if said.amount is None:
        op = "=" if said.compare == "as" else "<" if said.compare in ("fewer", "few") else ">"
        same = conditions.Compares(one, op, other)
        detail = f"{first} against {second}"
        return Answer("ratio", "holds" if conditions.holds(same) else "fails", detail=detail, condition=same)
    less = said.compare in ("fewer", "few")
    condition: conditions.Condition = conditions.Compares(one, "<" if less else ">", other)
    if said.compare == "as":
        condition = conditions.HOLDS
    if not conditions.holds(condition):
        verb = "fewer" if less else "more"
        told = f"they are not {verb}: {first} are trained, and the weight has {second}"
        detail = told if said.than == Counted() else f"{first} are not {verb} than {second}"
        return Answer("ratio", "fails", detail=detail, condition=condition)
    percent = _unit(said.amount) == "%"
    if said.compare == "as":
        part = over(one, other)
    elif percent or "/" in getattr(said.amount, "digits", ""):
        part = over(one, other)
        part = plus(number(1), times(number(-1), part)) if less else plus(part, number(-1))
    else:
        part = over(other, one) if less else over(one, other)
    answer = _is(judge, counts.Quantity((part,)), said.amount, said.op, "percent" if percent else "ratio")
    return replace(answer, condition=conditions.every((condition, answer.holds)))


def _share(said: assertions.Ratio, judge: Judge) -> Answer:
    """A share of all parameters, of the network where there is one, that are trained or frozen: of the
    weights, or of these and the adapter together, as PEFT prints it."""
    symbols = judge.symbols
    assert said.amount is not None
    than = tuple("base" if _is_weight(one, symbols) else one for one in said.than.subjects)
    if set(than) - {"model", "base"} or said.what.unit:
        raise Undecidable("of what it is a share is not known")
    whole = counts.network(symbols)
    trained, weight = whole or (_terms(said.what, symbols)[0], counts.parameters(symbols)[1])
    frozen = weight if whole is not None else _frozen(symbols)
    moved = trained if whole is not None else counts.parameters(symbols)[0]
    choices: tuple[Term, ...]
    if said.what.role == "trained":
        choices = (over(trained, weight), over(trained, plus(frozen, moved)))
        choices = choices[:1] if than == ("base",) else choices
    else:
        choices = (over(frozen, plus(frozen, moved)),)
    return _is(judge, counts.Quantity(choices), said.amount, said.op, "percent")


def _is_weight(subject: Subject, symbols: Symbols) -> bool:
    name = None if isinstance(subject, str) else key(bare(subject))
    return name is not None and symbols.canonical(name) in symbols.adapter.frozen and name.startswith("W")


def _unit(amount: Node) -> str:
    from lorafig.verify.read.clause import unit_of as unit

    return unit(amount)


def _side(what: Counted, other: Counted, otherwise: str, symbols: Symbols) -> Term:
    """One side of a comparison. What it does not say is what the method trains, or what that is compared
    with: the weight, or what full fine-tuning trains."""
    if what.unit in ("madds", "flops"):
        if not what.subjects and not what.role:
            what = (
                replace(what, role="total") if otherwise == "trained" else replace(what, subjects=("base",))
            )
        return _terms(replace(what, role="" if what.subjects else what.role), symbols)[0]
    if not (what.role or what.subjects or what.method):
        if otherwise == "trained" or other.method == "full":
            what = replace(what, role="trained")
        else:
            what = replace(what, method="full")
    if what.subjects in (("model",), ()) and not what.role and not what.method and what.kept == ():
        what = replace(what, subjects=("base",))
    return _terms(what, symbols)[0]


def _size(name: str, symbols: Symbols) -> counts.Quantity:
    if name == "n_each":  # of those that have an adapter, in one layer
        return counts.Quantity(
            (over(_size("n_adapted", symbols).choices[0], _size("n_layers", symbols).choices[0]),)
        )
    if name.startswith("n_"):
        if name not in symbols.network:
            raise Undecidable("the figure has no network that says how many", "name it: network: …")
        return counts.Quantity((symbols.term(name),))
    match name:
        case "k":
            return counts.Quantity((symbols.size(symbols.dimension(name) or name),))
        case "r":  # or that of the part of it that an update takes, A_{:b}
            rank = symbols.dimension(name) or name
            parts = [part for part in terms.below(*symbols.terms.values()) if isinstance(part, Cut)]
            cut = sorted({part.extent for part in parts if part.whole == rank})
            return counts.Quantity(tuple(map(symbols.size, (rank, *cut))))
        case "d":
            sizes_ = dict.fromkeys(symbols.dimension(name) or name for name in ("d", "k"))
            return counts.Quantity(tuple(symbols.size(size) for size in sizes_))
        case "out":
            return counts.Quantity((symbols.size(symbols.dimension("d") or "d"),))
        case "alpha":
            return counts.Quantity((symbols.term("α"),))
        case _:
            return counts.Quantity((_scaling(symbols),))


def _grows(said: assertions.Grows, symbols: Symbols) -> Answer:
    """Whether a quantity grows so with a size: both are computed at twice the sizes, and there at so many
    times the one."""
    adapter, name = symbols.adapter, {"alpha": "α", "out": "d"}.get(said.size, said.size)
    own = symbols.dimension(name) or name
    before = {
        size: 2 * int(counts.valued(symbols.size(symbols.dimension(size) or size)))
        for size in ("d", "k", "r")
    }
    moved = {size for size in before if (symbols.dimension(size) or size) == own}
    after = {
        size: Fraction(value) * (Fraction(said.factor) if size in moved else 1)
        for size, value in before.items()
    }
    if not moved and name != "α":
        raise Undecidable(f"{said.size} is not a size of the figure")

    def quantity(sizes: Mapping[str, Fraction | int], alpha: Fraction) -> Fraction:
        d, k, r = (int(sizes[size]) for size in ("d", "k", "r"))
        match said.what:
            case "trained":
                return Fraction(adapter.parameters(d, k, r))
            case "base":
                return Fraction(d * k)
        if adapter.name not in ("lora", "dora", "qlora", "lora-fa", "pissa", "loha"):
            raise Undecidable("how the scaling of the method grows is not known")
        return alpha / r

    factor = Fraction(said.factor) if name == "α" else Fraction(1)
    times_ = quantity(after, factor) / quantity(before, Fraction(1))
    holds = {">": times_ > 1, "<": times_ < 1}[said.by] if said.by in "<>" else times_ == Fraction(said.by)
    return properties.told(holds, f"it is {counts.readable(times_)} times as large then")


def _scaling(symbols: Symbols) -> Term:
    """The factor of the update: 1 where the figure has no α."""
    try:
        counts.value_of(symbols.term("α"), parse_math(r"\alpha"))
    except Doubt:
        return number(1)
    return symbols.term("s")


# Shapes, ranks and starts ----------------------------------------------------------------------


def _shaped(subject: Subject, shape: Node, symbols: Symbols) -> Answer:
    if isinstance(subject, str):
        if subject not in ("base", "merged", "update", "model"):
            raise Undecidable(f"the {subject} has more than one matrix")
        name = "ΔW" if subject == "update" else spoken.weight(symbols)
        return statements.shape(symbols, name, symbols.term(name), shape)
    if sizes(shape) is None:
        raise Undecidable(f"{spaced(shape)} is not a shape")
    return statements.shape(symbols, spaced(subject), elaborate(subject, symbols), shape)


def _ranked(subject: Subject, amount: Node, op: str, judge: Judge) -> Answer:
    inner, amount = parse_math("ΔW") if isinstance(subject, str) else subject, _in_full(amount)
    bound = _low(inner, amount, op, judge)
    if bound is not None:
        return bound
    rank = tree.Apply(tree.Symbol("rank"), (inner,))
    if op in (">", "≥"):
        below = judge.judge(tree.Relation((rank, amount), ("<" if op == "≥" else "≤",)))
        if below.verdict == "holds":
            return replace(below, verdict="fails", condition=conditions.Not(below.holds))
        raise Undecidable("a rank is bounded from above alone", "write rank at most r")
    if (op == "=" and key(bare(amount)) == "r") or op == "≤":
        op = "≤"
    return judge.judge(tree.Relation((rank, amount), (op,)))


def _low(inner: Node, amount: Node, op: str, judge: Judge) -> Answer | None:
    """The rank of an update that is the product of two factors: r at most, and as much if they are in general
    position. None for any other, and for what has no number."""
    symbols = judge.symbols
    if symbols.adapter.defined.get("ΔW") != "s BA" or op not in ("≤", "<", "="):
        return None
    product = key(bare(inner)) == "ΔW" or spoken.matrices(inner) == ["B", "A"]
    typed = _typed(amount)
    if not product or typed is None or typed.unit or symbols.dimensions.get("r") is None:
        return None
    answer = counts.relate(
        "rank", symbols.size("r"), "≤" if op == "=" else op, number(exact(typed)), "its rank", spaced(amount)
    )
    return answer if op != "=" else None


def _full(subject: Subject, full: bool, symbols: Symbols) -> Answer:
    low = subject in ("update", "adapter") or (not isinstance(subject, str) and any(
        name in symbols.adapter.trainable for name in spoken.names(subject, symbols)
    ))  # fmt: skip
    if symbols.adapter.rank == "":
        raise Undecidable("the method has no rank")
    return properties.told(
        low is not full,
        f"what is {'low' if low else 'full'}-rank here is {'the update' if low else 'the weight'}",
    )


def _starts(subject: Subject, law: str, judge: Judge) -> Answer:
    symbols = judge.symbols
    if isinstance(subject, str):
        if subject == "update" or (subject == "adapter" and law == "nothing"):
            idle = properties.decided("no update", (), symbols, judge.seed)
            return idle if law in ("zero", "nothing") else turned(idle, True)
        if subject in ("base",) and law in ("zero", "one", "normal", "random"):
            return properties.told(False, "the weight is pretrained")
        raise Undecidable(f"how the {subject} starts is said of each of its matrices", "name the matrix")
    if law == "zero":
        return properties.decided("zero", (spaced(subject).replace(" ", ""),), symbols, judge.seed)
    name = key(bare(subject))
    if name is None:
        if law in ("one", "normal", "random", "uniform"):
            zero = properties.decided("zero", (spaced(subject).replace(" ", ""),), symbols, judge.seed)
            if zero.verdict == "holds":
                return properties.told(False, zero.detail or "", conditions.Not(zero.holds))
        raise Undecidable(f"{spaced(subject)} is made of other symbols", "say it of each matrix")
    name = properties.own_symbol(symbols, name)
    symbols.term(name)
    if name not in symbols.adapter.laws:
        return properties.told(False, f"{name} is not drawn")
    tests = {"zero": initial.is_zero, "one": initial.is_one, "normal": initial.is_normal}
    passed = {test: decide_(symbols.adapter, name) for test, decide_ in tests.items()}
    if law == "one":
        return properties.told(passed["one"].passed, passed["one"].detail)
    if law == "normal":
        return properties.told(passed["normal"].passed, passed["normal"].detail)
    own = symbols.adapter.laws[name]
    if law == "singular":
        return properties.told(own == "singular", f"{name}: {own}")
    if law == "random":
        return properties.told(own in ("normal", "uniform"), f"{name} {own}")
    if passed["zero"].passed or passed["one"].passed:
        return properties.told(False, passed["zero"].detail)
    if own == "uniform" or start.kaiming(symbols.adapter, name):
        return properties.told(True, f"{name} is drawn, and PEFT draws it Kaiming-uniform")
    return properties.told(False, f"{name} is not uniform")


def _module_shape(said: assertions.ModuleShape, symbols: Symbols) -> Answer:
    network, _ = symbols.whole
    if network is None:
        raise Undecidable("no network says which modules there are", "name it: network: …")
    named = [module for name in said.names for module in network.chosen((name.removeprefix("W_"),))]
    sizes_ = [counts.value_of(elaborate(size, symbols), size) for size in (said.takes, said.gives)]
    if not named:
        raise Undecidable(f"{network.title} has no module {said.names[0]}")
    own = {(module.k, module.d) for module in named}
    fits = own <= {tuple(sizes_), *([tuple(reversed(sizes_))] if said.code else ())}
    shown_ = ", ".join(f"{module.path} maps {module.k:,} to {module.d:,}" for module in named)
    return properties.told(fits, shown_)


def _projects(subject: Subject, down: bool, symbols: Symbols) -> Answer:
    kind = spoken.matrix(subject, symbols).type
    rows, columns = (counts.valued(symbols.size(size)) for size in (kind.rows, kind.columns))
    narrow, wide = rows < columns, columns < rows
    if narrow == wide:
        return properties.told(False, f"{kind} goes neither up nor down")
    return properties.told(narrow if down else wide, f"it is {kind}")


def _is_a(subject: Subject, called: str, judge: Judge) -> Answer:
    symbols = judge.symbols
    if isinstance(subject, str):
        if {subject, called} == {"adapter", "update"} or subject == called:
            return properties.told(True, "it is so called")
        return properties.told(False, f"it is the {subject}")
    if isinstance(subject, tree.Product) and key(bare(subject.factors[-1])) == "x" and not any(subject.ops):
        rest = subject.factors[:-1]  # of `Wx`, the weight
        subject = rest[0] if len(rest) == 1 else replace(subject, factors=rest, ops=subject.ops[:-1])
    name = symbols.canonical(key(bare(subject)) or "")
    if called == "merged" and key(bare(subject)) is None and symbols.knows("W'"):  # `W + BA`
        term, whole = elaborate(subject, symbols), symbols.term("W'")
        same = term.type == whole.type and properties.are_same(term, whole, judge.seed)[0]
        return properties.told(same, f"{spaced(subject)} {'is' if same else 'is not'} W'")
    if called == "merged":
        return properties.decided("merged", (key(bare(subject)) or spaced(subject),), symbols, judge.seed)
    if name in symbols.adapter.frozen and name.startswith("W"):
        return properties.told(called == "base", f"{name} is the pretrained weight")
    if name in symbols.adapter.symbols and name != "x":
        return properties.told(called in ("adapter",), f"{name} is of the adapter")
    term = elaborate(subject, symbols)
    if not symbols.knows("ΔW") or symbols.role(name) in ("frozen", "trained", "random"):
        return _of_role(spaced(subject), symbols.role(name), called)
    update = elaborate(parse_math("ΔW"), symbols)
    scaled = () if called == "whole update" else _scalings(symbols)
    same = term.type == update.type and any(
        properties.are_same(one, update, judge.seed)[0]
        for one in (term, *(terms.Multiply(factor, term, term.type) for factor in scaled))
    )
    if same:
        is_ = called in ("update", "adapter", "whole update")
        return properties.told(is_, f"{spaced(subject)} is the update")
    if called == "whole update":
        return properties.told(False, f"{spaced(subject)} is not the update with its scaling")
    return properties.told(False, f"{spaced(subject)} is neither the weight nor of the adapter")


def _of_role(name: str, role: str | None, called: str) -> Answer:
    """What a symbol of one's own may be called by its role: the base what is frozen, of the adapter or the
    update what is trained. What is frozen may be of an adapter too, and a base may be trained."""
    fits = {"base": "frozen", "adapter": "trained", "update": "trained"}.get(called)
    if role is not None and role == fits:
        return properties.told(True, f"the figure declares {name} as {role}")
    if role in ("merged", "input", "output", "data"):
        return properties.told(False, f"{name} is {'what flows' if role != 'merged' else 'merged'}")
    said = f"{name} is {role}" if role is not None else f"nothing says what {name} is"
    hint = "give it a role, or say why it is called so: unverified: …"
    raise Undecidable(f"{said}, and whether it is the {called} is not known", hint)


def _scalings(symbols: Symbols) -> tuple[Term, ...]:
    """The factor of the update, if it has one: it is called the update with it and without."""
    try:
        own = elaborate(parse_math(r"\frac{\alpha}{r}"), symbols)
        counts.value_of(own, parse_math("s"))
    except Doubt:
        return ()
    return (own,)


def _method(name: str, symbols: Symbols) -> Answer:
    own = symbols.adapter
    if name == own.name:
        return properties.told(True, f"{METHOD_SHOWN} {own.title}")
    return properties.told(False, f"{METHOD_SHOWN} {own.title}, by `adapter: {own.name}`")
