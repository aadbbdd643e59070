"""Claims about training and merging, as predicates of symbols. The core decides them: its training steps say
what moves, its start what is 0, its definitions what can be merged, its counts what that costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lorafig.core.adapter import Adapter
from lorafig.notation.read.parse import parse_math
from lorafig.verify.decide import exact, initial, start, trials
from lorafig.verify.decide.answer import Answer, worst
from lorafig.verify.decide.conditions import FAILS, Condition, Not, Same
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import multiply
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import WHOLE, Symbols
from lorafig.verify.meaning.terms import Term, Undecidable, Variable, number
from lorafig.verify.read.quoted import spaced

Predicate: TypeAlias = Callable[[Symbols, tuple[str, ...], str], Answer]


def decided(name: str, arguments: tuple[str, ...], symbols: Symbols, seed: str) -> Answer:
    """The verdict on a predicate of these symbols. Raises a Doubt."""
    return PREDICATES[name](symbols, arguments, seed)


def told(holds: bool, detail: str, condition: Condition | None = None) -> Answer:
    return Answer("property", "holds" if holds else "fails", detail=detail, condition=condition)


# What training moves --------------------------------------------------------------------------


@trials.kept(frozenset)
def moved(adapter: Adapter) -> frozenset[str]:
    """The symbols whose arrays three steps of gradient descent change."""
    import numpy as np

    from lorafig.core.training import train_adapter

    first, *_, last = train_adapter(adapter, 12, 8, 2, 3)
    names = {
        name
        for name in adapter.laws
        if not np.array_equal(getattr(first.state, name), getattr(last.state, name))
    }
    if not np.array_equal(first.W, last.W):
        names |= set(adapter.frozen) - set(adapter.laws)
    return frozenset(names)


def own_symbol(symbols: Symbols, name: str) -> str:
    """A symbol of the adapter. Raises Unknown."""
    vector = f"λ_{name}"  # VeRA's vectors b and d: of these d is also the size
    own = vector if vector in symbols.adapter.symbols else symbols.canonical(symbols.any_of(name))
    term = symbols.term(own)
    if isinstance(term, Variable):
        own = term.name
    if symbols.role(own) is not None and isinstance(term, Variable):
        return own
    if own not in symbols.adapter.symbols or isinstance(term, terms.Defined):
        raise Undecidable(f"{name} is made of other symbols: it is neither trained nor frozen itself")
    return own


def _moves(wanted: Callable[[set[str], frozenset[str]], bool], weights: bool = False) -> Predicate:
    """What is claimed of the symbols that are named, or of the `weights`, and of those that move."""

    def predicate(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
        own = [name for name, _ in symbols.own("frozen", "random")]
        meant = (*symbols.adapter.frozen, *own) if weights else names
        if not meant:
            raise Undecidable("the figure has no weights that anything is known of", "give symbols a role")
        known = {own_symbol(symbols, name) for name in meant}
        trained, declared = moved(symbols.adapter), {name for name in known if symbols.role(name) is not None}
        others = {name for name, _ in symbols.own("trained")} | {
            name for name in declared if symbols.role(name) == "trained"
        }
        if declared:
            roles = ", ".join(f"{name} as {symbols.role(name)}" for name in sorted(declared))
            return told(wanted(known, trained | others), f"the figure declares {roles}")
        movements = f"move {' and '.join(sorted(trained))} and nothing else"
        return told(
            wanted(known, trained | others), f"three steps of gradient descent in the core {movements}"
        )

    return predicate


def _stay(known: set[str], trained: frozenset[str]) -> bool:
    return known.isdisjoint(trained) and "x" not in known


# How it starts --------------------------------------------------------------------------------


def _starts_at(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    node = parse_math(names[0])
    holds, condition = _same_at_start(symbols.term("h"), elaborate(node, symbols), symbols, seed)
    said = spaced(node)
    if holds and said in ("W x", "Wx"):
        return _starts_pretrained(symbols, names, seed)
    zero = " and ".join(sorted(initial.zero_factors(symbols.adapter))) or "nothing"
    detail = f"at the start {zero} is 0, and h {'is' if holds else 'is not'} {said}, decided exactly"
    return told(holds, detail, condition)


def _same_at_start(one: Term, two: Term, symbols: Symbols, seed: str) -> tuple[bool, Condition]:
    values = initial.values(symbols)
    return are_same(terms.replaced(one, values), terms.replaced(two, values), seed)


def are_same(one: Term, two: Term, seed: str) -> tuple[bool, Condition]:
    if one.type.sizes != two.type.sizes:
        return False, FAILS
    return exact.same(one, two, seed).equal, Same(one, two, seed)


@trials.kept(bool)
def _first_output(adapter: Adapter) -> bool:
    import numpy as np

    from lorafig.core.training import regression

    W, x, _ = regression(12, 8, 0)
    frozen, state = adapter.start(W, 2, 0, 1.0)
    return np.array_equal(adapter.forward(frozen, state, x), W @ x)


def _starts_pretrained(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    if not symbols.adapter.symbols:
        raise Undecidable("without an adapter nothing says what the first output is", "give the model one")
    if not symbols.adapter.at_weight:
        return told(False, "the first output of the core is near that of the pretrained weight, and not it")
    rounded = [name for name in symbols.adapter.frozen if (symbols.declared_bits(name) or WHOLE) < WHOLE]
    if rounded:
        what = f"{' and '.join(rounded)} may be rounded to the bits that it is kept in"
        raise Undecidable(what, "say it of the weight as it is kept: h = Wx")
    if _first_output(symbols.adapter):
        return told(True, "the first output of the core is that of the pretrained weight, bit for bit")
    if "h" in symbols.terms and symbols.knows("W"):
        product = multiply(symbols.term("W"), symbols.term("x"), (parse_math("W"),), parse_math("x"))
        holds, condition = _same_at_start(symbols.term("h"), product, symbols, seed)
        if holds:
            return told(True, "h is W x at the start, decided exactly", condition)
    raise Undecidable("the first output differs from the pretrained one by more than its last bit")


def _zero(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    answer = worst([start.nothing(symbols, seed, parse_math(name)) for name in names])
    return told(answer.verdict == "holds", answer.detail or "", answer.condition)


def _no_update(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    return _zero(symbols, ("ΔW",), seed)


def _normal(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    known = [own_symbol(symbols, name) for name in names]
    tests = [initial.is_normal(symbols.adapter, name) for name in known if name in symbols.adapter.laws]
    holds = len(tests) == len(known) and all(test.passed for test in tests)
    return told(holds, tests[0].detail if tests else f"{known[0]} is not drawn")


# What can be merged ---------------------------------------------------------------------------


def _merges(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    if "h" not in symbols.terms or "W'" not in symbols.adapter.defined:
        raise terms.Unknown("the adapter does not define a merged weight")
    merged, whole = _defined("W'", symbols), _defined("h", symbols)
    product = multiply(merged, symbols.term("x"), (parse_math("W'"),), parse_math("x"))
    condition = Same(whole, product, seed)
    own = merged.type == symbols.term(symbols.adapter.frozen[0]).type
    shape = "the shape of the weight" if own else str(merged.type)
    detail = f"h = W' x, decided exactly, and W' has {shape}: as many multiply-adds as without an adapter"
    return told(exact.same(whole, product, seed).equal, detail, condition)


def _defined(name: str, symbols: Symbols) -> Term:
    """What the adapter defines a symbol as, with a scaling, whatever it is."""
    if not symbols.knows("s"):
        scaled = {**symbols.terms, "s": number(1)}
        symbols = Symbols(symbols.adapter, symbols.dimensions, symbols.ties, scaled)
    return elaborate(parse_math(symbols.adapter.defined[name]), symbols)


def _costs(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    answer = _merges(symbols, names, seed)
    return told(answer.verdict != "holds", answer.detail or "", Not(answer.holds))


def _merged(symbols: Symbols, names: tuple[str, ...], seed: str) -> Answer:
    """That an element's symbol is the merged weight."""
    term = symbols.term(names[0])
    if "W'" not in symbols.adapter.defined:  # of no adapter: what the author makes of frozen and trained ones
        role = symbols.role(symbols.canonical(names[0]))
        if role is None:
            raise Undecidable(f"whether {names[0]} is merged is not known", "give its symbols a role")
        made = "of frozen and trained symbols" if role == "merged" else f"a symbol whose role is {role}"
        return told(role == "merged", f"{names[0]} is {made}")
    same, condition = are_same(term, _defined("W'", symbols), seed)
    source = symbols.sources.get(symbols.canonical(names[0]))
    named = f"{names[0]} is {source}" if source is not None and isinstance(term, terms.Defined) else names[0]
    detail = f"{named}, {'the merged weight' if same else 'and that is not the merged weight'}"
    return told(same, detail, condition)


PREDICATES: Mapping[str, Predicate] = {
    "frozen": _moves(_stay),
    "weights frozen": _moves(_stay, weights=True),
    "trainable": _moves(set.issubset),
    "weights trained": _moves(set.issubset, weights=True),
    "only trained": _moves(set.__eq__),
    "starts at": _starts_at,
    "starts pretrained": _starts_pretrained,
    "zero": _zero,
    "normal": _normal,
    "no update": _no_update,
    "merges": _merges,
    "free": _merges,
    "costs": _costs,
    "never merges": _costs,
    "merged": _merged,
}


def turned(answer: Answer, negated: bool) -> Answer:
    """The answer to what is denied, if it is."""
    if not negated or answer.verdict not in ("holds", "fails"):
        return answer
    return told(answer.verdict != "holds", answer.detail or "", Not(answer.holds))
