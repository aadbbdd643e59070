"""Symbols in words: what each is, in a line of a list and in the table of entities."""

from __future__ import annotations

from lorafig.core.counts import full_parameters
from lorafig.core.functions import FUNCTIONS
from lorafig.language.functions import signature
from lorafig.language.model import Function
from lorafig.notation.canonical import key
from lorafig.notation.numbers.shown import format_number
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Shape
from lorafig.notation.write.plain import to_plain
from lorafig.notation.write.speech import to_speech
from lorafig.words.blocks import (
    Phrase,
    Said,
    Table,
    after,
    listing,
    mathematics,
    phrase,
    table,
    text,
    together,
)
from lorafig.words.facts import Entity, Facts
from lorafig.words.flowing import dimension
from lorafig.words.labels import quantity

HEAD = ("Symbol", "Spoken", "What it is", "Shape", "Size", "Parameters", "Property", "At the start")


def property_of(node: Node, facts: Facts) -> Phrase | None:
    """`a matrix of 768 × 768, 589,824 parameters, frozen`; None unless the tree is a symbol that is known."""
    name = key(node)
    entity = None if name is None else facts.entities.get(name)
    if entity is None or entity.shape is None:
        return None
    if entity.kind in ("rank", "dimension"):
        return phrase("the rank" if entity.kind == "rank" else "a dimension") + after(
            ", ", _size_cell(entity) or None
        )
    said: list[Said] = []
    if entity.shape:
        across = shape(entity) if entity.sizes is None else size(entity)
        said.append(f"{_noun(entity)} of " + phrase(across))
    if entity.parameters is not None:
        said.append(quantity(entity.parameters, "parameter"))
    if entity.status not in ("given", "left open"):
        said.append(entity.status)
    if entity.bits is not None:
        said.append(_kept(entity))
    if entity.start not in ("", "pretrained"):
        said.append("at the start " + text(entity.start))
    elif entity.start != "":
        said.append(entity.start)
    return together(said, ", ") if said else None


def _noun(entity: Entity) -> str:
    return "a vector" if entity.shape is not None and len(entity.shape) == 1 else "a matrix"


def size(entity: Entity) -> str:
    """`768 × 768`, `768`."""
    return "" if entity.sizes is None else " × ".join(f"{number:,}" for number in entity.sizes)


def shape(entity: Entity) -> Phrase:
    """`$d \\times d$`."""
    names = tuple(parse_math(name) for name in entity.shape or ())
    if len(names) < 2:
        return Phrase(names)
    return mathematics(Shape(names))


def line(entity: Entity) -> str:
    """`W: weight, d × d = 256 × 256, 65,536 parameters, frozen`."""
    said = [entity.kind]
    if entity.shape:
        sizes = size(entity)
        said.append(" × ".join(entity.shape) + (f" = {sizes}" if sizes else ""))
    if entity.value is not None:
        said.append(f"value {format_number(entity.value) if entity.value >= 0 else entity.value}")
    if entity.parameters is not None:
        said.append(f"{_parameters(entity)} parameters")
    said.append(_property(entity))
    if entity.start:
        said.append(f"starts as {entity.start}")
    if entity.definition is not None:
        said.append(f"defined as {to_plain(entity.definition)}")
    return f"**{to_plain(entity.node)}**: " + ", ".join(said)


def entities(facts: Facts) -> Table:
    """The table of all symbols on the figure."""
    return table(HEAD, [_row(entity, facts) for entity in facts.entities.values()])


def _parameters(entity: Entity) -> str:
    """`65,536`, and `8 × 65,536` of a family of eight."""
    several = "" if entity.many == 1 else f"{entity.many:,} × "
    return "" if entity.parameters is None else f"{several}{entity.parameters:,}"


def _row(entity: Entity, facts: Facts) -> tuple[Said, ...]:
    return (
        mathematics(entity.node),
        to_speech(entity.node),
        _what(entity, facts),
        shape(entity),
        _size_cell(entity),
        _parameters(entity),
        _property(entity),
        text(_start(entity, facts)),
    )


def _kept(entity: Entity) -> str:
    return f"kept in {entity.bits} {'bit' if entity.bits == 1 else 'bits'}"


def _property(entity: Entity) -> str:
    """`frozen, kept in 4 bits`."""
    return entity.status if entity.bits is None else f"{entity.status}, {_kept(entity)}"


def _size_cell(entity: Entity) -> str:
    if entity.value is not None:
        return format_number(entity.value) if entity.value >= 0 else str(entity.value)
    return size(entity)


def _what(entity: Entity, facts: Facts) -> Said:
    match entity.kind:
        case "rank":
            return "the rank, a dimension"
        case "dimension":
            return "a dimension"
        case "weight":
            return "the weight"
        case "down-projection" | "up-projection" if entity.shape is not None:
            way = "down" if entity.kind == "down-projection" else "up"
            article = "an" if way == "up" else "a"
            rows, columns = (dimension(name) for name in entity.shape)
            return f"{article} {entity.kind}: from " + columns + f" {way} to " + rows
        case "symbol":
            return "a symbol that stands for any value"
        case "vector" if entity.status in ("input", "output"):
            return f"the {entity.status} vector"
        case "scaling":
            said = "the scaling of the update"
        case kind:
            said = f"a {kind}"
    if entity.definition is not None and entity.status in ("computed", "output"):
        return f"{said}: " + mathematics(entity.definition)
    return said


def _start(entity: Entity, facts: Facts) -> str:
    if entity.start != "" or entity.status != "computed" or not entity.shape:
        return entity.start
    return "$0$" if facts.canonical(entity.name).startswith("Δ") and facts.vanishes(entity.name) else ""


def function_of(own: Function) -> Phrase:
    """What a figure says of a function that it declares."""
    said, name = signature(own.means), mathematics(parse_math(own.name))
    role = "" if own.role is None else f"; the weights in it are {own.role}"
    if said.formula is not None:
        letters = listing([mathematics(parse_math(letter)) for letter in said.letters])
        return name + " gives, of " + letters + ", " + mathematics(said.formula) + f"{role}."
    if said.function is not None:
        return name + f" is {FUNCTIONS[said.function].spoken}{role}."
    if not said.takes:
        return name + f" acts on each entry; nothing more is known of it{role}."
    takes = listing([_sized(sizes) for sizes in said.takes])
    return (
        name
        + " takes "
        + takes
        + " and gives "
        + _sized(said.gives)
        + f"; nothing more is known of it{role}."
    )


def _sized(sizes: tuple[str, ...]) -> Phrase:
    names = tuple(parse_math(name) for name in sizes)
    across = mathematics(names[0]) if len(names) == 1 else mathematics(Shape(names))
    return f"a {'vector' if len(names) == 1 else 'matrix'} of " + across


def numbers(facts: Facts) -> list[Said]:
    """What is trained and what is not, in numbers of the core: one sentence an item."""
    from lorafig.core import counts

    row = facts.adapter
    shown = {facts.canonical(name) for name in facts.entities}
    if not shown & set(row.trainable):
        return []
    several = _trained(facts)
    whole = facts.labels.math("dk" if facts.ties == "" else "d^2")
    tied = text(facts.ties if "k" in row.count else "")
    counted = facts.labels.math(row.count) + (" " + tied if tied.pieces else "")
    if facts.layer is None:
        return [
            "The weight has " + whole + " parameters, and they are frozen.",
            "Trained are "
            + facts.labels.math(row.count)
            + " parameters"
            + after(", ", tied if tied.pieces else None)
            + ".",
        ]
    d, k, r = facts.layer
    full, trained = full_parameters(d, k), row.parameters(d, k, r)
    if sum(entity.parameters or 0 for entity in several) != trained:
        several = []  # not all of them are on the figure, or LoKr keeps its block as one matrix
    parts = [mathematics(entity.node) + f" ({entity.parameters:,})" for entity in several]
    share = format_number(counts.trained_share(d, k, trained), "%")
    fewer = format_number(counts.reduction(d, k, trained), "x")
    those = ": those of " + listing(parts) if len(parts) > 1 else phrase("")
    return [
        f"The weight has {quantity(full, 'parameter')} (" + whole + "), and they are frozen.",
        f"Trained are {quantity(trained, 'parameter')} (" + counted + ")" + those + ".",
        f"That is {share} of the weight's parameters, {fewer} fewer.",
    ]


def _trained(facts: Facts) -> list[Entity]:
    return [entity for entity in facts.entities.values() if entity.status == "trained" and entity.parameters]
