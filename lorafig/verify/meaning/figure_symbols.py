"""The symbols of a figure: those that its model declares, and what its adapter and its network give."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from lorafig.core.network import symbols_of
from lorafig.language.functions import Functions
from lorafig.language.index import indices
from lorafig.language.networks import network_of
from lorafig.language.repeated import ranges
from lorafig.language.scope import panels
from lorafig.language.table import called, table
from lorafig.notation.named import symbols_in
from lorafig.values import replace
from lorafig.verify.meaning.families import families
from lorafig.verify.meaning.supplied import of_adapter, of_network
from lorafig.verify.meaning.symbols import ALPHA, MERGED, PRETRAINED, Symbols
from lorafig.verify.meaning.terms import number

if TYPE_CHECKING:
    from lorafig.language.model import Figure, Model


def of_figure(figure: Figure, fixed: frozenset[str] | None = None) -> Symbols:
    """The symbols of a figure's model, without its `let`. `fixed` are the sizes that a panel gives itself."""
    known = _of_model(figure.model, figure.numbers.kilo, fixed)
    parts = {name: getattr(known, name) for name in Symbols.__slots__}
    own = {name: part.copy() for name, part in parts.items() if isinstance(part, dict | set | list)}
    symbols = replace(
        known, moving=_moving(figure), copied=_copied(figure), **own
    )  # what verification adds is its own
    network = network_of(figure.model)
    if network is not None:
        of_network(symbols, symbols_of(network, figure.model.targets, symbols.adapter, figure.model.r))
        symbols.whole = (network, tuple(map(str, figure.model.targets)))
    return symbols


@lru_cache(4)  # layout and verification ask for the same; a network may be another one under its name
def _of_model(model: Model, kilo: int, fixed: frozenset[str] | None) -> Symbols:
    declared = table(model, kilo)
    of_alpha = None if fixed is not None and "alpha" in fixed else ALPHA
    alpha = None if model.alpha is None else number(Fraction(repr(model.alpha)), of_alpha)
    symbols = Symbols(
        declared.adapter,
        declared.given,
        dict(declared.ties),
        kilo=kilo,
        fixed=fixed,
        table=declared,
        families=families(declared),
        made=families(declared, made=True),
    )
    symbols.functions = Functions(model)
    of_adapter(symbols, alpha, frozenset(), frozenset())
    symbols.merged = symbols.terms.get(MERGED)  # what `let` may define otherwise
    source = symbols.sources.get(MERGED, "")
    if declared.renewed and symbols.merged is not None:
        symbols.terms |= dict.fromkeys(PRETRAINED, symbols.terms["W"])
        symbols.terms["W"], symbols.sources["W"] = symbols.merged, source
    for symbol in model.symbols:
        name = called(symbol.name)
        row = declared.rows[name]
        if row.shape is not None and not row.indices and row.own:
            symbols.declare(name, row.shape)
    return symbols


def _copied(figure: Figure) -> bool:
    """Whether something on the figure is repeated over a size that its page moves."""
    moving = _moving(figure)
    if moving is None:
        return True
    ends = (
        end
        for panel in panels(figure)
        for range_, _ in (ranges(panel.stack, panel.flow) if moving else ())
        for index in indices(str(range_))
        for end in (index.first, index.last)
    )
    return any(not moving.isdisjoint(symbols_in(end)) for end in ends)


def _moving(figure: Figure) -> frozenset[str] | None:
    """The sizes that the page of a figure moves, as they are called. None if nothing says which."""
    controls = figure.controls
    if controls is None or figure.lesson is not None:
        return None
    named = {"d": controls.d, "k": controls.k, "r": controls.r, "α": controls.alpha}
    own = {called(slider.name) for slider in controls.sizes}
    return frozenset(own | {name for name, slider in named.items() if slider is not None})
