"""How data goes, how matrices compare, which modules have an adapter: what words say of these, decided by the
terms of the figure and the modules of its network."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from lorafig.verify.decide import counts, properties, spoken
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.conditions import MUCH
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Subject

Chain = tuple[str, ...]
MOST = 256  # ways through h
ALL_TARGETS = "say which, as the model's targets do: on q_proj and v_proj"
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "≠": operator.ne, "<": operator.lt, ">": operator.gt, "≤": operator.le,
    "≥": operator.ge, "≪": lambda one, two: MUCH * one <= two, "≫": lambda one, two: one >= MUCH * two,
}  # fmt: skip
IN_FULL: Mapping[str, str] = {
    "q": "query projections", "k": "key projections", "v": "value projections", "o": "output projections",
    "mlp": "linear layers of the MLP", "attention": "projections of the attention", "all": "linear layers",
}  # fmt: skip


# How data goes ---------------------------------------------------------------------------------


def flows(said: assertions.Passes | assertions.Takes | assertions.Placed, symbols: Symbols) -> Answer:
    """Whether x goes so on its ways to h. Raises a Doubt."""
    ways = _ways(symbols)
    told = "; ".join(" → ".join((*way, "h")) for way in ways)
    match said:
        case assertions.Passes(subjects):
            named = [frozenset(spoken.names(subject, symbols)) for subject in subjects]
            holds = any(_in_order(way, named) for way in ways)
        case assertions.Takes(subjects, only):
            first = {way[1] for way in ways if len(way) > 1}
            meant = [set(spoken.names(subject, symbols)) for subject in subjects]
            holds = all(first & names for names in meant) and (not only or first <= set().union(*meant))
        case assertions.Placed(how):
            holds = _placed(how, ways, symbols)
    return properties.told(holds, f"the ways through h are {told}")


def _ways(symbols: Symbols) -> list[Chain]:
    """The symbols that x meets on its way to h, one row for each summand."""
    if "h" not in symbols.terms or not symbols.knows("x"):
        raise Undecidable("how h is computed is not known here", "define it: let: h = …")
    ways = dict.fromkeys(way for way in _chains(symbols.term("h")) if way[:1] == ("x",))
    if not ways:
        raise Undecidable("h is not computed from x here")
    return list(ways)


def _chains(term: Term) -> list[Chain]:
    """What stands on the right of a product comes first; a number, or a norm, is not a step on the way."""
    if term.type.is_scalar:
        return [()]
    match term:
        case terms.Variable(name):
            return [(name,)]
        case terms.Defined(body=body) | terms.Diagonal(body=body) | terms.Spread(body=body) | terms.Cut(body):
            return _chains(body)
        case terms.Transpose(body=body):
            return [chain[::-1] for chain in _chains(body)]
        case terms.Add(parts):
            found = [chain for part in parts for chain in _chains(part)]
        case terms.Divide(left=left) | terms.Quotients(left=left):
            found = _chains(left)
        case terms.Multiply(left, right) | terms.Entrywise(left, right) | terms.Kronecker(left, right):
            before, behind = _chains(right), _chains(left)
            found = [(*first, *then) for first in before for then in behind] if before and behind else []
        case terms.Constant() | terms.Zero() | terms.Identity() | terms.Function():
            return [()]
        case _:
            raise Undecidable("how data goes through a function is not decided from words")
    if len(found) > MOST:
        raise Undecidable("there are too many ways through h")
    return found


def _in_order(way: Chain, named: list[frozenset[str]]) -> bool:
    places = [[at for at, name in enumerate(way) if name in names] for names in named]
    return all(places) and all(max(one) < min(two) for one, two in pairwise(places))


def _placed(how: str, ways: list[Chain], symbols: Symbols) -> bool:
    weight = spoken.weight(symbols)
    own = {*symbols.adapter.symbols, *(name for name, _ in symbols.own("trained"))} - {"x", weight}
    if how == "replaces":
        return all(weight not in way for way in ways)
    together = any(weight in way and own & set(way) for way in ways)
    apart = any(weight in way for way in ways) and any(weight not in way and own & set(way) for way in ways)
    if together and apart:
        raise Undecidable("part of the adapter stands beside the weight, and part of it behind both")
    return together if how == "series" else apart


def removes(symbols: Symbols) -> Answer:
    """Whether the pretrained weight is there again without the adapter: where training leaves it alone."""
    weight = spoken.weight(symbols)
    if weight != "W":
        raise Undecidable(f"{weight} is not the pretrained weight itself")
    if not properties.moved(symbols.adapter) and not any(symbols.own("trained")):
        raise Undecidable("the figure has no adapter")
    still = weight not in properties.moved(symbols.adapter)
    return properties.told(still, f"training {'leaves' if still else 'changes'} {weight}")


# How matrices compare --------------------------------------------------------------------------


def compared(said: assertions.Alike | assertions.Proportioned, symbols: Symbols) -> Answer:
    """Whether matrices compare so. Raises a Doubt."""
    compare = COMPARE[said.op]
    if isinstance(said, assertions.Proportioned):
        shapes = [_shape(subject, symbols) for subject in said.subjects]
        told = " and ".join(f"{rows:,} × {columns:,}" for rows, columns in shapes)
        return properties.told(all(compare(*shape) for shape in shapes), f"it is {told}")
    values = [_measure(said.of, subject, symbols) for subject in said.subjects]
    holds = all(compare(one, two) for one, two in pairwise(values))
    told = " and ".join(_written(value) for value in values)
    return properties.told(holds, f"they are {told}")


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return " × ".join(f"{part:,}" for part in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _shape(subject: Subject, symbols: Symbols) -> tuple[int, int]:
    if isinstance(subject, str) and subject not in ("base", "merged", "update"):
        raise Undecidable(f"the {subject} has more than one matrix", "name the matrix")
    kind = spoken.matrix(subject, symbols).type
    rows, columns = (int(counts.valued(symbols.size(size))) for size in kind.sizes)
    return rows, columns


def _measure(of: str, subject: Subject, symbols: Symbols) -> object:
    match of:
        case "shape":
            return _shape(subject, symbols)
        case "rows":
            return _shape(subject, symbols)[0]
        case "columns":
            return _shape(subject, symbols)[1]
        case "rank":
            return _rank(subject, symbols)
        case _ if subject == "update":
            return int(counts.valued(counts.entries_of(symbols.term("ΔW"), symbols)))
        case _:
            return int(counts.valued(spoken.entries(subject, symbols)))


def _rank(subject: Subject, symbols: Symbols) -> str:
    if symbols.adapter.rank == "":
        raise Undecidable("the method has no rank")
    of_base = subject in ("base", "merged") or set(spoken.names(subject, symbols)) == {spoken.weight(symbols)}
    return "of full rank" if of_base else "of low rank"


# Which modules have an adapter -----------------------------------------------------------------


def targets(said: assertions.Targets | assertions.Others, symbols: Symbols) -> Answer:
    """Whether these modules have an adapter, or are trained without one. Raises Undecidable."""
    if isinstance(said, assertions.Others):
        return _others(said, symbols)
    network, chosen = symbols.whole
    if network is None or not chosen:
        raise Undecidable("nothing says which modules have an adapter", ALL_TARGETS)
    from lorafig.core.networks import kinds

    names = tuple(name.removeprefix("W_") for name in said.names) or ("all",)
    meant = {module for name in names for module in network.modules if kinds.is_called(module, name)}
    missing = [name for name in names if not any(kinds.is_called(module, name) for module in network.modules)]
    own = set(network.chosen(chosen))
    told = f"the adapters are beside {' and '.join(sorted({module.path for module in own}))}"
    if missing:
        called = IN_FULL.get(missing[0], missing[0])
        raise Undecidable(f"{network.title} has no module {called}", ALL_TARGETS)
    if said.without:
        return properties.told(not meant & own, told)
    if said.some and said.only:  # `only the attention weights are adapted`: some of them
        return properties.told(own <= meant, told)
    if said.some:
        each = ({module for module in own if kinds.is_called(module, name)} for name in names)
        return properties.told(all(each), told)
    by_name = any(network.has(name) and len(name) > 1 for name in said.names)  # a list of them is all of it
    return properties.told(own == meant if said.only or by_name else meant <= own, told)


def _others(said: assertions.Others, symbols: Symbols) -> Answer:
    moved = sorted(properties.moved(symbols.adapter))
    if not moved:
        raise Undecidable("the figure has no adapter, and what is trained is not known")
    network, chosen = symbols.whole
    adapted = () if network is None else network.chosen(chosen)
    from lorafig.core.networks import kinds

    if said.trained and any(kinds.is_called(module, name) for module in adapted for name in said.names):
        raise Undecidable("these have an adapter", "say that of the adapter")
    if not said.trained and network is None:
        raise Undecidable("the figure has no such part")
    return properties.told(not said.trained, f"{symbols.adapter.title} trains {' and '.join(moved)}")
