"""Who is spoken of: the symbols, the matrices and the entries that a subject in words means."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import children, rebuild
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.decide import counts, properties
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable
from lorafig.verify.read.assertions import Assertion, Subject
from lorafig.verify.read.quoted import spaced


def weight(symbols: Symbols) -> str:
    """The pretrained weight. Raises Undecidable."""
    own = ("W",) if symbols.knows("W") else ()  # of a figure without an adapter
    known: tuple[str, ...] = (*symbols.adapter.frozen, *own)
    name: str | None = next((name for name in known if name.startswith("W")), None)
    if name is None:
        raise Undecidable("no weight of the figure is known as the pretrained one", "name it by its symbol")
    return name


def names(subject: Subject, symbols: Symbols) -> tuple[str, ...]:
    """The symbols of the adapter that are meant. Raises Undecidable."""
    adapter = symbols.adapter
    match subject:
        case "base":
            return (weight(symbols),)
        case "adapter" if known := ready(symbols):
            return known
        case "adapter" | "update":
            return (*sorted(properties.moved(adapter)), *(name for name, _ in symbols.own("trained")))
        case "matrices" | "vectors" | "magnitude":
            return of_method(str(subject), adapter)
        case "bias":
            if not symbols.knows("b"):
                raise Undecidable("no bias of the figure is known", "name it b")
            return (properties.own_symbol(symbols, "b"),)
        case "up" | "down":
            return _projection(adapter, str(subject))
        case "model":
            return (*adapter.frozen, *adapter.trainable)
        case str():
            raise Undecidable(f"the {subject} weight is made of other symbols")
    name = key(bare(subject))
    if name is not None and not _is_made(subject, symbols):
        return (properties.own_symbol(symbols, name),)
    parts = [part for part in matrices(subject) if symbols.knows(part)]
    known = tuple(dict.fromkeys(symbols.canonical(part) for part in parts))
    known = tuple(part for part in known if part in adapter.symbols and part != "x")
    if name is not None and symbols.canonical(name) == "ΔW":
        known = tuple(adapter.trainable)
    if not known:
        raise Undecidable(f"{spaced(subject)} is neither trained nor frozen itself")
    return known


def ready(symbols: Symbols) -> tuple[str, ...]:
    """Families of factors that are there before: A_i and B_i of adapters that are mixed anew, and frozen."""
    factors = [name for family in symbols.families if (name := family.name)[:1] in "AB"]
    frozen = tuple(name for name, row in symbols.own("frozen") if row.indices)
    return tuple(factors) if len(factors) > 1 and set(factors) <= set(frozen) else ()


def of_method(called: str, adapter: Adapter) -> tuple[str, ...]:
    """What a method calls its matrices, its vectors or its magnitude. Raises Undecidable."""
    if called == "matrices":
        return low_rank(adapter)
    if called == "vectors":
        return _vectors(adapter)
    if "m" not in adapter.symbols:
        raise Undecidable("the method has no vector of magnitudes")
    return ("m",)


def low_rank(adapter: Adapter) -> tuple[str, ...]:
    """The low-rank matrices of a method, whether training moves them or not: those with the rank as one of
    two sizes. Raises Undecidable."""
    found = [name for name, shape in adapter.symbols.items() if len(shape) == 2 and adapter.rank in shape]
    thin = tuple(name for name in found if len(set(adapter.symbols[name])) == 2)
    if not thin:
        raise Undecidable(f"{adapter.title} has no low-rank matrices")
    return thin


def _projection(adapter: Adapter, way: str) -> tuple[str, ...]:
    """The matrix that leads down to the rank, or up from it. Raises Undecidable."""
    side = 0 if way == "down" else 1
    found = tuple(name for name in low_rank(adapter) if adapter.symbols[name][side] == adapter.rank)
    if len(found) != 1:
        raise Undecidable(f"{adapter.title} has not one {way}-projection")
    return found


def _vectors(adapter: Adapter) -> tuple[str, ...]:
    """The vectors that a method trains. Raises Undecidable."""
    found = tuple(name for name in adapter.trainable if len(adapter.symbols[name]) == 1)
    if not found:
        raise Undecidable(f"{adapter.title} trains no vectors")
    return found


def of_members(assertion: Assertion, symbols: Symbols) -> list[Assertion]:
    """What is asserted of families by their letter, `B starts at zero` of B_i, as said of any member; more
    than one assertion if several families have that letter. Anything else as it is."""
    found = [assertion]
    whole = (*symbols.families, *symbols.made)
    for letter in dict.fromkeys(family.base for family in whole):
        if letter and symbols.canonical(letter) not in symbols.terms:
            members = [parse_math(family.name) for family in whole if family.base == letter]
            found = [_with(one, letter, member) for one in found for member in members]
    return found


def _with(assertion: Any, letter: str, member: Node) -> Assertion:
    """The same of a member in the place of its family's letter."""

    def meant(subject: Subject) -> Subject:
        return subject if isinstance(subject, str) else _in_place(subject, letter, member)

    said: Assertion = assertion
    if hasattr(assertion, "subjects"):
        said = replace(assertion, subjects=tuple(map(meant, assertion.subjects)))
    elif hasattr(assertion, "subject"):
        said = replace(assertion, subject=meant(assertion.subject))
    return said


def _in_place(node: Node, letter: str, member: Node) -> Node:
    """The node with a member for a letter; A_i has no A in it."""
    name = key(node)
    if name is not None:
        return member if name == letter else node
    return rebuild(node, lambda child: _in_place(child, letter, member))


def _is_made(subject: Node, symbols: Symbols) -> bool:
    name = key(bare(subject))
    return name is None or symbols.canonical(name) == "ΔW" or (len(name) > 1 and not symbols.knows(name))


def matrices(node: Node) -> list[str]:
    """The names in an expression, each as often as it stands there."""
    name = key(bare(node))
    if name is not None:
        return [name]
    return [part for child in children(node) for part in matrices(child)]


def entries(subject: Subject, symbols: Symbols) -> Term:
    """How many entries what is spoken of has. Raises a Doubt."""
    match subject:
        case "base" | "merged":
            return counts.entries_of(symbols.term(weight(symbols)), symbols)
        case "adapter":
            return counts.parameters(symbols)[0]
        case "magnitude":
            return counts.entries_of(symbols.term(*names(subject, symbols)), symbols)
        case "factor":
            own = [counts.entries_of(symbols.term(name), symbols) for name in symbols.adapter.trainable]
            if not own or any(counts.valued(term) != counts.valued(own[0]) for term in own):
                raise Undecidable("they have not as many each", "say it of each by itself")
            return own[0]
        case str():
            raise Undecidable(
                f"what is counted of the {subject} is not said", "name the matrix, or say trainable or frozen"
            )
    return counts.entries_of(elaborate(subject, symbols), symbols)


def matrix(subject: Subject, symbols: Symbols) -> Term:
    """What is spoken of, as one matrix. Raises a Doubt."""
    if isinstance(subject, str):
        (name,) = ("W",) if subject in ("base", "merged") else ("ΔW",)
        return symbols.term(name)
    return elaborate(subject, symbols)
