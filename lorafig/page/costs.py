"""What a figure's own symbols cost, and networks to try a setting on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import TypedDict

from lorafig.core import networks
from lorafig.core.adapters import NO_ADAPTER
from lorafig.core.network import Network
from lorafig.errors import LorafigError
from lorafig.language.model import Figure, Model
from lorafig.language.networks import network_of
from lorafig.language.table import Row, layer_sizes, table, ungiven
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.mathml import to_mathml
from lorafig.notation.write.program import Program, to_program
from lorafig.verify.figure.collector import shapes

# Networks that people know, of several sizes, with the targets that papers and libraries begin with:
# Hu et al. (2021), section 7.1, and the defaults of PEFT.
KNOWN = (
    ("gpt2", ("c_attn",)),
    ("roberta-base", ("query", "value")),
    ("mistral-7b", ("q_proj", "v_proj")),
    ("llama-3-8b", ("q_proj", "v_proj")),
    ("llama-3-70b", ("q_proj", "v_proj")),
)


class Own(TypedDict):
    """What the symbols of a figure without a method come to: programs, and their names as mathematics."""

    trained: Program
    frozen: Program
    names: tuple[str, str]


def own_counts(figure: Figure) -> Own | None:
    """None for a figure with a method, and for one whose symbols have no role or no size."""
    if figure.model.adapter != NO_ADAPTER:
        return None
    rows = table(figure.model, figure.numbers.kilo).rows
    # What `let` makes of them has no entries of its own.
    declared = {name: row for name, row in rows.items() if row.node is not None}
    trained, frozen = ({n: r for n, r in declared.items() if r.role == role} for role in ROLES)
    if not trained:
        return None
    with suppress(LorafigError):  # a size that no number stands for
        names = (_named(trained), _named(frozen))
        return {
            "trained": _count(figure.model, trained),
            "frozen": _count(figure.model, frozen),
            "names": names,
        }
    return None


class Curve(TypedDict):
    """What is counted over the first control where what is trained does not depend on it: the entries of the
    symbol `name`, beside those of `whole`."""

    count: Program
    name: str
    whole: str


def own_curve(figure: Figure, size: str) -> Curve | None:
    """The first matrix that `let` makes, or else the first one declared, whose shape has the size; None where
    the size changes what is trained, or no matrix has it."""
    own = own_counts(figure)
    if own is None or f"${size}" in own["trained"]:
        return None
    rows = {name: row for name, row in table(figure.model, figure.numbers.kilo).rows.items() if row.own}
    whole = [name for name, row in rows.items() if row.role == "trained"]
    made = shapes(figure).get(None, {})
    known = {name: made.get(name, row.shape) or () for name, row in sorted(rows.items(), key=_declared)}
    for name, shape in known.items():
        if size in shape and len(whole) == 1:
            return {"count": _entries(figure.model, shape), "name": name, "whole": whole[0]}
    return None


def _declared(named: tuple[str, Row]) -> bool:
    return named[1].shape is not None


ROLES = ("trained", "frozen")


def _named(rows: dict[str, Row]) -> str:
    return ", ".join(
        to_mathml(row.node if row.node is not None else parse_math(name)) for name, row in rows.items()
    )


def _count(model: Model, rows: dict[str, Row]) -> Program:
    """The number of their entries: families as often as their indices say."""
    program: Program = ["#0"]
    for row in rows.values():
        program += _entries(model, row.shape or ())
        for over in row.indices:
            program += [*to_program(over.last), *to_program(over.first), "-", "#1", "+", "*"]
        program.append("+")
    return program


def _entries(model: Model, shape: Sequence[str]) -> Program:
    ties = {"k": "d"} if model.k is None else {}
    program: Program = ["#1"]
    for size in shape:
        program += [*to_program(parse_math(ties.get(size, size))), "*"]
    return program


def evaluated(program: Program, values: Mapping[str, Fraction]) -> Fraction | None:
    """The value of a count; None where a size has none."""
    stack: list[Fraction] = []
    for token in program:
        if token.startswith("$"):
            if token[1:] not in values:
                return None
            stack.append(values[token[1:]])
        elif token.startswith("#"):
            stack.append(Fraction(token[1:]))
        elif token.startswith("^"):
            stack.append(stack.pop() ** int(token[1:]))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append({"+": left + right, "-": left - right}.get(token, left * right))
    return stack[0]


class Preset(TypedDict):
    """A network as the page offers it: its adapted weights as d, k and how many there are."""

    title: str
    targets: str
    parameters: int
    layers: int
    weights: list[tuple[int, int, int]]


def presets(figure: Figure) -> list[Preset]:
    """The figure's own network first; none for a figure without a method, or without the rank that it has."""
    if figure.model.adapter == NO_ADAPTER or "r" in ungiven(figure.model, layer_sizes(figure.model)):
        return []
    own = network_of(figure.model)
    chosen = [] if own is None or not figure.model.targets else [(own, tuple(figure.model.targets))]
    for name, targets in KNOWN:
        network = networks.by_name(name)
        if network is not None and (own is None or network.name != own.name):
            chosen.append((network, targets))
    return [_preset(network, targets) for network, targets in chosen]


def _preset(network: Network, targets: Sequence[str]) -> Preset:
    modules = network.chosen(targets)
    return {
        "title": network.title,
        "targets": ", ".join(targets),
        "parameters": network.parameters,
        "layers": network.sizes.get("n_layers", max(module.times for module in modules)),
        "weights": [(module.d, module.k, module.times) for module in modules],
    }
