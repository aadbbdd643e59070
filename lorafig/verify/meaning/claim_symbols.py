"""The symbols of a claim by itself: those given with it, and where none of a kind are, the adapter's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from lorafig.core.adapters import ADAPTERS
from lorafig.notation.canonical import key
from lorafig.verify.meaning.supplied import of_adapter, of_network, parsed
from lorafig.verify.meaning.symbols import (
    ALIASES,
    ALPHA,
    CLAIM_ALIASES,
    DIMENSION_ALIASES,
    PRETRAINED,
    Symbols,
)
from lorafig.verify.meaning.terms import SCALAR, Term, Undecidable, Variable, number

_RATES = frozenset({"η"})  # of learning: any number


def of_claim(
    adapter: str,
    dimensions: Mapping[str, int],
    shapes: Mapping[str, tuple[str, ...]],
    scalars: Mapping[str, Fraction],
    mentions: frozenset[str],
    network: Mapping[str, int] | None = None,
    lets: frozenset[str] = frozenset(),
) -> Symbols:
    """The symbols of one claim: those given, by kind, and where none of a kind are, the adapter's.

    `mentions` are the names in the claim, `lets` those that definitions give: without scalars given, one that
    names the scaling is about an adapter with one, whatever its value. Beside shapes that fit the adapter's,
    x, h and \\Delta W are its own.
    """
    row = ADAPTERS[adapter]
    given: dict[str, int | None] = {_name(name): size for name, size in dimensions.items()}
    if not given:
        given = dict.fromkeys(sorted({name for sizes in row.symbols.values() for name in sizes}))
    elif not shapes:
        # What a claim says of A, B or h it says whatever their sizes, where those are not given; k is d then.
        of = row.symbols.values() if mentions & row.defined.keys() else map(row.symbols.get, mentions)
        sizes_ = {size for sizes in of if sizes for size in sizes} - ({"k"} if "d" in given else set())
        given.update({size: None for size in sorted(sizes_ - given.keys()) if not size.isdecimal()})
    symbols = Symbols(row, given)
    named = {_name(name): [_name(size) for size in sizes] for name, sizes in shapes.items()}
    for sizes in [*named.values(), *(() if named else row.symbols.values())]:
        for size in sizes:
            if not dimensions and size not in given and not size.isdecimal():
                given[size] = None
    constants = {_name(name): number(value) for name, value in scalars.items()}
    alpha: Term | None = constants.get("α")
    scaling = constants.get("s") if row.scale != "" else None
    called = {ALIASES.get(name, CLAIM_ALIASES.get(name, name)) for name in mentions}
    if not scalars and called & {"α", "s"}:
        alpha = ALPHA
    if not named:
        if ("k" not in given and "d" in given) or (
            "d" in mentions and "k" not in mentions and not dimensions
        ):
            symbols.ties["k"] = "d"
            symbols.dimensions.pop("k", None)
        if "d" in symbols.dimensions:
            for alias, name in DIMENSION_ALIASES.items():
                if alias in mentions and alias not in given and alias not in (network or ()):
                    symbols.ties[alias] = symbols.ties.get(name, name)
        of_adapter(symbols, alpha, frozenset(), frozenset(), scaling=scaling)
        _alias(symbols, mentions, alpha is not None or scaling is not None)
    else:
        for name, sizes in named.items():
            symbols.declare(name, sizes)
        of_adapter(symbols, alpha, frozenset(named), frozenset(), scaling=scaling)
        _complete(symbols, alpha, scaling, named, mentions - lets)
    for name, value in constants.items():
        symbols.terms[name] = value
    for name in mentions & _RATES:
        symbols.terms.setdefault(name, Variable(name, SCALAR))
    if network is not None:
        of_network(symbols, network)
    return symbols


def _complete(
    symbols: Symbols,
    alpha: Term | None,
    scaling: Term | None,
    named: Mapping[str, Sequence[str]],
    mentions: frozenset[str],
) -> None:
    """The symbols of the adapter that a claim names beside those of given shapes: x beside `W: d,k` is of k.
    Where the shapes are not the adapter's, whatever their sizes are called, nothing is known of others."""
    row = symbols.adapter
    names = {own: target for own, target in CLAIM_ALIASES.items() if target in row.symbols}
    names |= dict.fromkeys(PRETRAINED, "W") if "W" in row.symbols else {}
    sizes: dict[str, str] = {}
    for name, given in sorted(named.items(), key=lambda item: names.get(item[0], item[0]) == "x"):
        own = row.symbols.get(names.get(name, name))
        if own is None:
            continue
        if names.get(name, name) == "x" and len(given) == 2 and sizes.get(own[0]) in given:
            continue  # many of them, in rows or in columns
        pairs = zip(own, given, strict=False)
        if len(own) != len(given) or any(sizes.setdefault(size, to) != to for size, to in pairs):
            return
    if row.rank in symbols.dimensions and row.rank not in sizes.values():
        sizes.setdefault(row.rank, row.rank)
    known = dict(named)
    for name, own in row.symbols.items():
        if all(size in sizes for size in own) and not any(names.get(one, one) == name for one in named):
            known[name] = [sizes[size] for size in own]
    if len(known) == len(named) and not mentions & {*names, *row.defined}:
        return
    whole = Symbols(row, symbols.dimensions, symbols.ties)
    for name, given in known.items():
        whole.declare(name, given)
    scaled = alpha is not None or scaling is not None
    _alias(whole, frozenset(CLAIM_ALIASES) | mentions, scaled)
    for alias in names:  # W, where W_0 is given
        if alias in whole.terms and names[alias] not in whole.terms:
            whole.terms[names[alias]] = whole.terms[alias]
    of_adapter(whole, alpha, frozenset(), frozenset(), frozenset(whole.terms), scaling)
    _alias(whole, mentions, scaled)
    for name in mentions:
        own_ = ALIASES.get(name, name)
        if not symbols.knows(name) and own_ in whole.terms:
            symbols.terms[own_] = whole.terms[own_]
            if own_ in whole.sources:
                symbols.sources[own_] = whole.sources[own_]


def _alias(symbols: Symbols, mentions: frozenset[str], scaled: bool) -> None:
    """Gives the names of a claim that are known by others what those mean."""
    own = symbols.adapter.aliases
    for alias, target in CLAIM_ALIASES.items():
        name = own.get(alias, target)
        if alias in mentions and name in symbols.terms and not symbols.knows(alias):
            symbols.terms[alias] = symbols.terms[name]
            if name in symbols.sources:
                symbols.sources[alias] = symbols.sources[name]
    for letter, name in symbols.adapter.letters.items():  # which may be that of a size
        if name in symbols.terms:
            symbols.terms[f"diag {letter}"] = symbols.terms[name]
            if letter not in symbols.dimensions:
                symbols.terms.setdefault(letter, symbols.terms[name])
    for alias, name in own.items():
        if alias in mentions and name in symbols.terms:
            symbols.terms.setdefault(alias, symbols.terms[name])
    beside = [name for name in PRETRAINED if name in mentions]
    if beside and "W" in mentions and "W" in symbols.terms and "W'" in symbols.terms:
        pretrained, merged = symbols.terms["W"], symbols.terms["W'"]
        for name in beside:
            symbols.terms[name] = pretrained
        symbols.terms["W"] = merged
        symbols.sources["W"] = symbols.sources["W'"]


def _name(text: str) -> str:
    """A symbol as it is called, however it is written: `\\Delta W` -> 'ΔW', 'alpha' -> 'alpha'."""
    if text.isdecimal():
        return text
    name = key(parsed(text))
    if name is None:
        raise Undecidable(f"'{text}' is not a symbol", "a symbol is W, W_0, W', \\Delta W, alpha …")
    return name
