"""The number of what a phrase counts, as a term: parameters of a layer or of the whole network, bytes
and multiply-adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.verify.decide import (
    counts,
    spoken,
)
from lorafig.verify.meaning.operations import over, plus, times
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable, number
from lorafig.verify.read.assertions import Counted
from lorafig.verify.read.quantities import MEMORY
from lorafig.verify.read.quoted import spaced

UNITS = ("", "bytes")  # of what is counted of a whole network


def quantity(what: Counted, symbols: Symbols) -> counts.Quantity:
    """The number of what is counted."""
    return counts.Quantity(terms_of(what, symbols))


def named_optimizer(kept: Sequence[str]) -> None:
    """Raises Undecidable for the states of an optimizer that is not named: Adam has two for each parameter,
    SGD none."""
    if "unnamed" in kept:
        raise Undecidable("which optimizer has these states is not said", "name it: Adam's states")


def terms_of(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    """What a phrase counts, the likeliest first where it does not say of whom."""
    if what.unit in ("madds", "flops"):
        return (times(number(2 if what.unit == "flops" else 1), _multiply_adds(what, symbols)),)
    named_optimizer(what.kept)
    if what.unit == "bytes" and what.bits == 0 and set(what.kept) <= {"weight"} and not what.method:
        model = what.subjects == ("model",) and not what.role
        whole = [replace(what, role="frozen", subjects=())] if model else []
        whole.append(replace(what, role="total", subjects=()) if model else what)
        parted = [_as_declared(one, symbols) for one in whole]
        if any(part.bits for parts in parted for part in parts):
            return tuple(_in_parts(parts, symbols) for parts in parted if all(part.bits for part in parts))
    unsaid = what.kept and not (what.role or what.subjects or what.method)
    if unsaid:
        what = replace(what, role="trained")
    many = sum({"state": 2}.get(kept, 1) for kept in what.kept) or 1
    found = _parameters(what, symbols)
    if unsaid and counts.network(symbols) is not None:  # or of full fine-tuning
        found = (*found, *_parameters(replace(what, role="", method="full"), symbols))
    return tuple(_scaled(times(number(many), term), what) for term in found)


def _in_parts(parts: Sequence[Counted], symbols: Symbols) -> Term:
    return plus(*(_scaled(_parameters(part, symbols)[0], part) for part in parts))


def _as_declared(what: Counted, symbols: Symbols) -> tuple[Counted, ...]:
    """What takes memory, in parts that are kept in as many bits each as the figure says; the whole if it
    does not say that of all."""
    parts = [replace(what, subjects=(one,)) for one in what.subjects]
    if not parts:
        parts = [
            replace(what, role=role) for role in ("frozen", "trained") if what.role in (role, "total", "")
        ]
    kept = [_bits_of(part, symbols) for part in parts]
    if 0 in kept:
        return (what,)
    if len(set(kept)) == 1:
        return (replace(what, bits=kept[0]),)
    if what.each or (what.role == "" and not what.subjects):
        return (what,)
    return tuple(replace(part, bits=bits) for part, bits in zip(parts, kept, strict=True))


def _bits_of(part: Counted, symbols: Symbols) -> int:
    """In how many bits each entry of it is kept, as the figure or its method says; 0 if neither does, or
    there are several."""
    adapter = symbols.adapter
    names: tuple[str, ...]
    if part.subjects:
        try:
            names = spoken.names(part.subjects[0], symbols)
        except Undecidable:
            return 0
    elif part.role == "frozen":
        names = (*adapter.frozen, *(name for name, _ in symbols.own("frozen", "random")))
    else:
        names = (*adapter.trainable, *(name for name, _ in symbols.own("trained")))
    kept = {symbols.bits(name) or 0 for name in names}
    return kept.pop() if len(kept) == 1 else 0


def _scaled(term: Term, what: Counted) -> Term:
    if what.unit != "bytes":
        return term
    bits = what.bits
    if bits == 0:
        raise Undecidable("in how many bits each is stored is not said", "say it: in fp16, or at 4 bits")
    unit = MEMORY.get(what.scale or "B")
    if unit is None:
        raise Undecidable(f"{what.scale} is not a unit of memory")
    return times(number(Fraction(bits, 8) / unit), term)


def _multiply_adds(what: Counted, symbols: Symbols) -> Term:
    """Those of a product, of the weight, of the adapter beside it, or of both, for one input."""
    if what.role == "frozen" and not what.subjects:
        what = replace(what, role="", subjects=("base",))
    if what.role not in ("", "total") or what.kept or symbols.adapter.defined.get("h") is None:
        raise Undecidable("multiply-adds are of a product", "write the product that is computed")
    named = [one for one in what.subjects if not isinstance(one, str)]
    if named and len(named) == len(what.subjects) and all(key(bare(one)) is not None for one in named):
        return plus(*(spoken.entries(one, symbols) for one in named))  # each times a vector
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
    """The multiply-adds of a product of matrices: those in brackets first, then from the right end."""
    names = spoken.matrices(node)
    if len(names) < 2 or not all(symbols.knows(name) for name in names):
        raise Undecidable(f"{spaced(node)} is not a product of matrices")
    elaborate(node, symbols)  # ill-typed products cost nothing
    return plus(*_costs(node, symbols))


def _costs(node: Node, symbols: Symbols) -> Iterator[Term]:
    """The multiply-adds of each product in it."""
    match bare(node):
        case tree.Fenced(_, _, body):
            yield from _costs(body, symbols)
        case tree.Product(factors, ops) if set(ops) == {""}:
            yield from _one_after_other(factors, symbols)
        case tree.Apply(function, (argument,)):  # `B(Ax)`
            yield from _one_after_other((function, argument), symbols)
        case plain if key(plain) is None:
            raise Undecidable(f"{spaced(node)} is not a product of matrices")


def _one_after_other(factors: Sequence[Node], symbols: Symbols) -> Iterator[Term]:
    for factor in factors:
        yield from _costs(factor, symbols)
    kinds = [elaborate(factor, symbols).type for factor in factors]
    last = symbols.size(kinds[-1].columns)
    for kind in kinds[:-1]:
        yield times(times(symbols.size(kind.rows), symbols.size(kind.columns)), last)


def _parameters(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    whole = counts.network(symbols)
    roles = ("model", "adapter", "base", "merged")
    if (what.each and not what.per) or set(what.subjects) - set(roles) or what.unit not in UNITS:
        return _of_layer(what, symbols)
    if whole is None:
        return _without_targets(what, symbols)
    if what.method not in ("", "full", symbols.adapter.name):
        return _of_layer(what, symbols)
    if what.modules:
        return _of_modules(what, symbols)
    trained, base = whole
    of_adapter = what.role in ("", "trained") and not set(what.subjects) & {"base", "merged"}
    if what.per and of_adapter:
        if what.per == "module" and not _alike(symbols):
            raise Undecidable("they have not as many each", "say it of each by itself")
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


def _without_targets(what: Counted, symbols: Symbols) -> tuple[Term, ...]:
    """The parameters of a network of which nobody says where it has adapters, or of one layer with sizes."""
    if "n_params" not in symbols.network or what.per:
        return _of_layer(what, symbols)
    of_adapter = what.role == "trained" or what.subjects == ("adapter",) or what.method != ""
    found = (symbols.term("n_params"),) if what.method == "full" or not of_adapter else ()
    try:
        return (*found, *_of_layer(what, symbols))
    except Undecidable:
        if found:
            return found
        raise Undecidable(
            "which weights have an adapter is not said", "say it: targets, and the rank"
        ) from None


def _alike(symbols: Symbols) -> bool:
    """Whether the adapters of the network are all of one size."""
    network, targets = symbols.whole
    if network is None:
        return True
    rank = int(counts.valued(symbols.size(symbols.dimension("r") or "r")))
    chosen = network.chosen(targets)
    return len({symbols.adapter.parameters(module.d, module.k, rank) for module in chosen}) < 2


def names_model(amount: Node, what: Counted, symbols: Symbols) -> bool:
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
    if what.unit in ("matrices", "vectors"):
        other = ADAPTERS.get(what.method, adapter)
        many = [other.symbols[name] for name in (other.trainable if what.role == "trained" else other.frozen)]
        if other is not adapter:
            return (number(sum(len(shape) == (2 if what.unit == "matrices" else 1) for shape in many)),)
        own = symbols.own("trained") if what.role == "trained" else symbols.own("frozen", "random")
        many += [row.shape or () for _, row in own]
        return (number(sum(len(shape) == (2 if what.unit == "matrices" else 1) for shape in many)),)
    if what.unit == "branches":
        if not adapter.defined.get("h", "").startswith("W"):
            raise Undecidable("how many branches the method has is not known")
        return (number(2),)
    if what.method == "full":
        if what.role == "frozen":
            raise Undecidable("full fine-tuning freezes nothing")
        return (counts.weight_parameters(symbols),)
    if what.method == "before":  # full fine-tuning, or LoRA
        return (counts.weight_parameters(symbols), _of_method("lora", symbols))
    if what.method and what.method != adapter.name:
        if what.method == "dora" and what.subjects == ("magnitude",):
            return (symbols.size(symbols.dimension("d") or "d"),)
        if what.role in ("", "trained"):
            return (_of_method(what.method, symbols),)
        raise Undecidable(f"the figure has another method than {what.method}")
    if what.subjects == ("update",):  # as it is made of factors, or as the matrix that they give
        return (counts.trained_parameters(symbols), counts.entries_of(symbols.term("ΔW"), symbols))
    if what.subjects and set(what.subjects) - {"model"}:
        if what.each:
            terms_ = [spoken.entries(one, symbols) for one in what.subjects]
            if any(counts.valued(term) != counts.valued(terms_[0]) for term in terms_):
                raise Undecidable("they have not as many each", "say it of each by itself")
            return (terms_[0],)
        return (plus(*(spoken.entries(one, symbols) for one in what.subjects)),)
    match what.role:
        case "trained":
            return (counts.trained_parameters(symbols),)
        case "frozen":
            return (frozen_entries(symbols),)
        case "total":
            return (plus(frozen_entries(symbols), counts.trained_parameters(symbols)),)
    if what.method:
        return (counts.trained_parameters(symbols),)
    trained, weight, whole = counts.any_parameters(symbols)
    with suppress(Undecidable):  # of the frozen factors, that need a rank
        whole = plus(frozen_entries(symbols), trained)
    if what.subjects:  # the model, or the layer: with the adapter or without
        return (weight, whole)
    return (trained, weight, whole)  # of the adapter, of the weight, or of both


def frozen_entries(symbols: Symbols) -> Term:
    """How many parameters the method leaves as they are."""
    own = [counts.entries_of(symbols.term(name), symbols) for name in symbols.adapter.frozen]
    return plus(*own) if own else counts.weight_parameters(symbols)


def _of_method(name: str, symbols: Symbols) -> Term:
    if name not in ADAPTERS:
        raise Undecidable(f"{name} is not known")
    d, k, r = (int(counts.valued(symbols.size(symbols.dimension(size) or size))) for size in ("d", "k", "r"))
    return number(ADAPTERS[name].parameters(d, k, r))


def side(what: Counted, other: Counted, otherwise: str, symbols: Symbols) -> Term:
    """One side of a comparison. What it does not say is what the method trains, or what that is compared
    with: the weight, or what full fine-tuning trains. What is compared with what the method trains is the
    weight."""
    if what.unit in ("madds", "flops"):
        if not what.subjects and not what.role:
            what = (
                replace(what, role="total") if otherwise == "trained" else replace(what, subjects=("base",))
            )
        return terms_of(replace(what, role="" if what.subjects else what.role), symbols)[0]
    if not (what.role or what.subjects or what.method):
        own = other.subjects == ("adapter",) or other.method == symbols.adapter.name
        if not own and (otherwise == "trained" or other.method == "full"):
            what = replace(what, role="trained")
        else:
            what = replace(what, method="full")
    if what.subjects in (("model",), ()) and not what.role and not what.method and what.kept == ():
        what = replace(what, subjects=("base",))
    return terms_of(what, symbols)[0]
