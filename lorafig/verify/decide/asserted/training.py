"""What training moves, and how the matrices start."""

from __future__ import annotations

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.language.table import Row
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.verify.decide import (
    conditions,
    initial,
    properties,
    spoken,
    start,
)
from lorafig.verify.decide.answer import Answer, worst
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Undecidable
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Subject
from lorafig.verify.read.quoted import spaced


def moves(said: assertions.Moves, judge: Judge) -> Answer:
    symbols = judge.symbols
    if said.method == "full":
        if any(
            name not in symbols.adapter.frozen
            for one in said.subjects
            for name in spoken.names("base" if one == "model" else one, symbols)
        ):
            raise Undecidable("full fine-tuning has no adapter")
        return properties.told(said.trained, "full fine-tuning trains the weight itself")
    if said.method:
        return _moves_in(said, symbols)
    if said.subjects == ("base",) and not said.only and (symbols.adapter.frozen or not symbols.knows("W")):
        predicate = "weights trained" if said.trained else "weights frozen"
        return properties.decided(predicate, (), symbols, judge.seed)
    if said.trained and "adapter" in said.subjects and spoken.ready(symbols):
        raise Undecidable("the adapters were trained before, and are frozen here", "say that they are frozen")
    known = tuple(dict.fromkeys(name for one in said.subjects for name in spoken.names(one, symbols)))
    if said.only and not said.trained:
        own = {name for name, _ in symbols.own("trained", "frozen", "random")}
        others = set(symbols.adapter.symbols) - {"x"} - properties.moved(symbols.adapter)
        if own:
            raise Undecidable("which of the symbols alone are frozen is not decided from words")
        return properties.told(set(known) == others, "what three steps of gradient descent leave")
    name = "only trained" if said.only else "trainable" if said.trained else "frozen"
    return properties.decided(name, known, symbols, judge.seed)


def first_step(said: assertions.FirstStep, symbols: Symbols) -> Answer:
    """What the first step of training moves, by the gradients of the core before it."""
    adapter, still = symbols.adapter, initial.still(symbols.adapter)
    if any(symbols.own("trained")) or not adapter.trainable:
        raise Undecidable("what the first step moves is not known of the figure's own symbols")
    first = set(adapter.trainable) - still
    known = {name for one in said.subjects for name in spoken.names(one, symbols)}
    if not said.moves:
        holds = not known & first and (not said.only or known == set(still))
    else:
        holds = known == first if said.only else known <= first
    zero = " and ".join(sorted(still)) or "nothing"
    return properties.told(holds, f"before the first step the gradient of {zero} is 0")


def saved(said: assertions.Saved, symbols: Symbols) -> Answer:
    """Whether what is saved of an adapter has these in it: what is trained has to be. Raises Undecidable for
    what another part of it may be made again from, a seed or the pretrained weight."""
    adapter = symbols.adapter
    if not adapter.trainable or any(symbols.own("trained", "frozen", "random")):
        raise Undecidable("what is saved of the figure's own symbols is not known")
    named = {name for one in said.subjects for name in spoken.names(one, symbols)}
    doubtful = {name for name in adapter.frozen if not name.startswith("W")}
    if named & doubtful or (said.only and doubtful):
        raise Undecidable(f"{adapter.title} may save {' and '.join(sorted(doubtful))} or make them again")
    inside = set(adapter.trainable)
    holds = (named == inside if said.only else named <= inside) if said.inside else not named & inside
    return properties.told(holds, f"{adapter.title} trains, and saves, {' and '.join(adapter.trainable)}")


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
            case "matrices" | "vectors" | "magnitude":
                meant |= set(spoken.of_method(str(subject), adapter))
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


def starts_in(method: str, subject: Subject, law: str) -> Answer:
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


def _declared(name: str, law: str, row: Row) -> Answer:
    """Whether a symbol of the author's own starts by this law."""
    if row.start is not None:
        holds = law == row.start or (law == "random" and row.start in ("normal", "uniform"))
        return properties.told(holds, f"{name} is declared to start as {start.WORDS[row.start]}")
    if row.role == "random" and law in ("random", "zero", "one"):
        return properties.told(law == "random", f"{name} is declared as random")
    raise start.undeclared(name)


def starts(subject: Subject, law: str, judge: Judge) -> Answer:
    symbols = judge.symbols
    if isinstance(subject, str):
        if subject == "update" or (subject == "adapter" and law in ("zero", "nothing")):
            idle = properties.decided("no update", (), symbols, judge.seed)
            return idle if law in ("zero", "nothing") else properties.turned(idle, True)
        if subject in ("base",) and law in ("zero", "one", "normal", "random"):
            return properties.told(False, "the weight is pretrained")
        if subject in ("vectors", "matrices", "magnitude", "up", "down"):
            named = [tree.Symbol(name) for name in spoken.names(subject, symbols)]
            return worst([starts(one, law, judge) for one in named])
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
    declared = symbols.row(name)
    if declared is not None and declared.own and name not in symbols.adapter.laws:
        return _declared(name, law, declared)
    if name not in symbols.adapter.laws:
        return properties.told(False, f"{name} is not drawn")
    tests = {"zero": initial.is_zero, "one": initial.is_one, "normal": initial.is_normal}
    passed = {test: decide_(symbols.adapter, name) for test, decide_ in tests.items()}
    if law == "one":
        return properties.told(passed["one"].passed, passed["one"].detail)
    if law == "normal":
        return properties.told(passed["normal"].passed, passed["normal"].detail)
    own = symbols.adapter.laws[name]
    if law in ("singular", "norms"):
        return properties.told(own == law, f"{name}: {own}")
    if law == "random":
        return properties.told(own in ("normal", "uniform"), f"{name} {own}")
    if passed["zero"].passed or passed["one"].passed:
        return properties.told(False, passed["zero"].detail)
    if own == "uniform" or start.kaiming(symbols.adapter, name):
        return properties.told(True, f"{name} is drawn, and PEFT draws it Kaiming-uniform")
    return properties.told(False, f"{name} is not uniform")
