"""Claims about training and merging, as functions, `frozen(W)`, and in words, `W is frozen`.

A phrase of the table stands for a predicate; a predicate is decided by the core: its training steps say
what moves, its start what is 0, its definitions what can be merged, its counts what that costs. Words that
no phrase of the table is found in claim nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from lorafig.core.adapter import Adapter
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.verify.decide import exact, initial
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.meaning.operations import multiply
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Defined, Doubt, Undecidable, Unknown, Variable, replaced
from lorafig.verify.read import phrases
from lorafig.verify.read.quoted import spaced


@dataclass(frozen=True, slots=True)
class Truth:
    """What the core finds."""

    holds: bool
    detail: str


Predicate: TypeAlias = Callable[[Symbols, tuple[str, ...], str], Truth]

# Words by themselves on an element, about its own symbol.
OWN: Mapping[str, str] = {
    "frozen": "frozen", "fixed": "frozen", "pretrained": "frozen", "pre-trained": "frozen",
    "trainable": "trainable", "trained": "trainable", "learned": "trainable", "learnable": "trainable",
    "merged": "merged",
}  # fmt: skip


def decide(words: str, symbols: Symbols, seed: str) -> tuple[Answer | None, str]:
    """The verdict on what the words claim, None where that is nothing that is known here; and the words
    that are left."""
    found: list[Answer] = []
    rest = words
    if phrases.stem().search(words) is None or not words.isprintable():
        return None, rest
    for pattern, name in phrases.patterns():
        at = 0
        while (match := pattern.search(rest, at)) is not None:
            groups = match.groupdict()
            said = groups.get("names") or groups.get("term") or ""
            arguments = (said,) if "term" in groups else tuple(_split(said))
            article = name.endswith(" label") and said.lower() == "a" and match.end() < len(rest.rstrip())
            if article or ("names" in groups and not all(_is_symbol(one, symbols) for one in arguments)):
                at = match.start() + 1  # `a fixed`, `I trained`: words, no symbols
                continue
            found.append(_answer(name.removesuffix(" label"), arguments, symbols, seed))
            rest = rest[: match.start()] + " … " + rest[match.end() :]
            at = match.start()
    return (worst(found) if found else None), rest


def may_claim(words: str) -> bool:
    """Whether there are words of a phrase among them, though no phrase is."""
    return phrases.stem().search(words) is not None


def begun(before: str, after: str, first: bool) -> bool:
    """Whether mathematics between these words is said of the start of training: what follows it up to the
    next comma, or what precedes it in its clause; in front of all other mathematics, in its sentence."""
    clause = re.split(r"[;.]" if first else r"[,;.]", before)[-1]
    return (
        phrases.start().search(clause) is not None
        or phrases.start().search(re.split(r"[,;.]", after)[0]) is not None
    )


def at_start(words: str) -> str | None:
    """The words without `at the start of training`; None where they do not say so."""
    return phrases.start().sub(" ", words).strip() if phrases.start().search(words) is not None else None


def about(own: str, words: str, symbols: Symbols, seed: str) -> Answer | None:
    """What a line of words on an element claims of the element's own symbol: `Frozen`, `Merged Weights`."""
    found = [
        _answer(OWN[word], (own,), symbols, seed)
        for word in re.findall(r"[A-Za-z-]+", words.lower())
        if word in OWN
    ]
    return worst(found) if found else None


def _split(names: str) -> list[str]:
    return [one for one in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*/\s*|\s+or\s+", names) if one]


def _is_symbol(name: str, symbols: Symbols) -> bool:
    plain = _named(name)
    return (
        symbols.knows(plain)
        or plain in symbols.adapter.letters
        or (len(plain) <= 2 and plain[0].isupper() and plain not in ("I", "It", "A"))
    )


def _named(name: str) -> str:
    try:
        found = key(parse_math(name.replace(" ", "_")))
    except Exception:
        found = None
    return found if found is not None else name


def _answer(name: str, arguments: tuple[str, ...], symbols: Symbols, seed: str) -> Answer:
    try:
        if name != "starts at":
            arguments = tuple(one if symbols.knows(one) else _named(one) for one in arguments)
        truth = PREDICATES[name](symbols, arguments, seed)
    except Doubt as doubt:
        return doubtful("property", doubt)
    return Answer("property", "holds" if truth.holds else "fails", detail=truth.detail)


# What the core finds --------------------------------------------------------------------------


@cache
def moved(adapter: Adapter) -> frozenset[str]:
    """The symbols whose arrays three steps of gradient descent change."""
    import numpy as np

    from lorafig.core.training import train_adapter

    first, *_, last = train_adapter(adapter, 12, 8, 2, 3)
    found = {
        name
        for name in adapter.laws
        if not np.array_equal(getattr(first.state, name), getattr(last.state, name))
    }
    if not np.array_equal(first.W, last.W):
        found |= set(adapter.frozen) - set(adapter.laws)
    return frozenset(found)


def _known(symbols: Symbols, name: str) -> str:
    """A symbol of the adapter. Raises Unknown."""
    found = symbols.adapter.letters.get(name) or symbols.canonical(name)
    term = symbols.term(found)
    if isinstance(term, Variable):
        found = term.name
    if found not in symbols.adapter.symbols:
        raise Undecidable(f"{name} is made of other symbols: it is neither trained nor frozen itself")
    return found


def _movements(symbols: Symbols) -> str:
    trained = sorted(moved(symbols.adapter))
    return f"three steps of gradient descent in the core move {' and '.join(trained)} and nothing else"


def _frozen(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    known = {_known(symbols, name) for name in names}
    return Truth(known.isdisjoint(moved(symbols.adapter)) and "x" not in known, _movements(symbols))


def _trainable(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    known = {_known(symbols, name) for name in names}
    return Truth(known <= moved(symbols.adapter), _movements(symbols))


def _only_trained(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    known = {_known(symbols, name) for name in names}
    return Truth(known == moved(symbols.adapter), _movements(symbols))


def _weights_frozen(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    return _frozen(symbols, symbols.adapter.frozen, seed)


def _weights_trained(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    return _trainable(symbols, symbols.adapter.frozen, seed)


def _starts_at(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    node = parse_math(names[0])
    one, two = symbols.term("h"), elaborate(node, symbols)
    start = initial.values(symbols)
    holds = (one.type.rows, one.type.columns) == (two.type.rows, two.type.columns)
    holds = holds and exact.same(replaced(one, start), replaced(two, start), seed).equal
    said = spaced(node)
    if holds and said in ("W x", "Wx"):
        return _starts_pretrained(symbols, names, seed)
    zero = " and ".join(sorted(initial.zero_factors(symbols.adapter))) or "nothing"
    return Truth(
        holds, f"at the start {zero} is 0, and h {'is' if holds else 'is not'} {said}, decided exactly"
    )


@cache
def _first_output(adapter: Adapter) -> bool:
    import numpy as np

    from lorafig.core.training import regression

    W, x, _ = regression(12, 8, 0)
    frozen, state = adapter.start(W, 2, 0, 1.0)
    return np.array_equal(adapter.forward(frozen, state, x), W @ x)


def _starts_pretrained(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    if not symbols.adapter.at_weight:
        return Truth(False, "the first output of the core is near that of the pretrained weight, and not it")
    if _first_output(symbols.adapter):
        return Truth(True, "the first output of the core is that of the pretrained weight, bit for bit")
    if "h" in symbols.terms and symbols.knows("W"):
        product = multiply(symbols.term("W"), symbols.term("x"), (parse_math("W"),), parse_math("x"))
        start = initial.values(symbols)
        if exact.same(replaced(symbols.term("h"), start), replaced(product, start), seed).equal:
            return Truth(True, "h is W x at the start, decided exactly")
    raise Undecidable("the first output differs from the pretrained one by more than its last bit")


def _zero(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    from lorafig.verify.decide.start import nothing

    answers = [nothing(symbols, seed, parse_math(name)) for name in names]
    return Truth(all(one.verdict == "holds" for one in answers), worst(answers).detail or "")


def _normal(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    known = [_known(symbols, name) for name in names]
    tests = [initial.is_normal(symbols.adapter, name) for name in known if name in symbols.adapter.laws]
    holds = len(tests) == len(known) and all(one.passed for one in tests)
    return Truth(holds, tests[0].detail if tests else f"{known[0]} is not drawn")


def _no_update(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    from lorafig.verify.decide.start import nothing

    answer = nothing(symbols, seed, parse_math("ΔW"))
    return Truth(answer.verdict == "holds", answer.detail or "")


def _merges(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    if "h" not in symbols.terms or "W'" not in symbols.adapter.defined:
        raise Unknown("the adapter does not define a merged weight")
    scope = _scaled(symbols)
    merged = elaborate(parse_math(symbols.adapter.defined["W'"]), scope)
    whole = elaborate(parse_math(symbols.adapter.defined["h"]), scope)
    product = multiply(merged, symbols.term("x"), (parse_math("W'"),), parse_math("x"))
    holds = exact.same(whole, product, seed).equal
    shape = (
        "the shape of the weight"
        if merged.type == symbols.term(symbols.adapter.frozen[0]).type
        else str(merged.type)
    )
    return Truth(
        holds, f"h = W' x, decided exactly, and W' has {shape}: as many multiply-adds as without an adapter"
    )


def _scaled(symbols: Symbols) -> Symbols:
    """The same symbols with a scaling, whatever it is."""
    if symbols.knows("s"):
        return symbols
    from lorafig.verify.meaning.terms import number

    return Symbols(symbols.adapter, symbols.dimensions, symbols.ties, {**symbols.terms, "s": number(1)})


def _costs(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    truth = _merges(symbols, names, seed)
    return Truth(not truth.holds, truth.detail)


def _merged(symbols: Symbols, names: tuple[str, ...], seed: str) -> Truth:
    """That an element's symbol is the merged weight."""
    merged = elaborate(parse_math(symbols.adapter.defined["W'"]), _scaled(symbols))
    term = symbols.term(names[0])
    same = (term.type.rows, term.type.columns) == (merged.type.rows, merged.type.columns)
    same = same and exact.same(term, merged, seed).equal
    what = symbols.sources.get(symbols.canonical(names[0]))
    named = f"{names[0]} is {what}" if what is not None and isinstance(term, Defined) else names[0]
    return Truth(same, f"{named}, {'the merged weight' if same else 'and that is not the merged weight'}")


PREDICATES: Mapping[str, Predicate] = {
    "frozen": _frozen,
    "trainable": _trainable,
    "only trained": _only_trained,
    "weights frozen": _weights_frozen,
    "weights trained": _weights_trained,
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
