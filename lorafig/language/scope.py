"""The model that holds in a panel: the figure's, but for what the panel says of its own."""

from __future__ import annotations

from fractions import Fraction

from lorafig.language import networks
from lorafig.language.model import Equations, Figure, Model, Panel, Scope
from lorafig.language.table import called, defined, table
from lorafig.values import replace

NUMBERS = ("d", "k", "r", "alpha")
SIZES = ("d", "k", "r")


def scoped(figure: Figure, panel: Panel) -> Figure:
    """The figure as its panel sees it; the figure itself for a panel without a model of its own."""
    own = panel.model
    return figure if own is None else replace(figure, model=merged(figure.model, own))


def merged(model: Model, own: Scope) -> Model:
    """A model with what a panel says of its own in the place of what it says."""
    said = {name: value for name in ("adapter", *NUMBERS) if (value := getattr(own, name)) is not None}
    named = {defined(source) for source in own.let}
    let = tuple(source for source in model.let if defined(source) not in named)
    sizes = {called(size.name): size for size in (*model.sizes, *own.sizes)}
    symbols = {called(symbol.name): symbol for symbol in (*model.symbols, *own.symbols)}
    functions = {called(each.name): each for each in (*model.functions, *own.functions)}
    return replace(
        model,
        **said,
        functions=tuple(functions.values()),
        let=(*let, *own.let),
        given=(*model.given, *own.given),
        sizes=tuple(sizes.values()),
        symbols=tuple(symbols.values()),
    )


def numbers_of(model: Model, kilo: int = 1000) -> dict[str, Fraction]:
    """The numbers of a model by the symbols that labels have for them: all sizes, α, what `let` makes of
    them, and those of its network; K stands for `kilo`."""
    return {**networks.numbers_of(model), **table(model, kilo).values()}


def settled_numbers(figure: Figure, entry: Panel | Equations) -> dict[str, Fraction]:
    """The numbers that a panel has of its own, and that nothing moves, by their symbols: those of a network
    too. Equations have those of the first panel that they speak of: numbers that are not the same in all are
    refused."""
    whole = networks.numbers_of(figure.model)
    if isinstance(entry, Equations):
        return next((settled_numbers(figure, panel) for panel in spoken_of(figure, entry)), whole)
    panel = entry
    if panel.model is None:
        return whole
    model, own = scoped(figure, panel).model, own_numbers(panel)
    tied = own | ({"k"} if model.k is None and "d" in own else set()) | ({"α"} if "alpha" in own else set())
    derived = panel.model.adapter is not None
    return {
        name: number
        for name, number in numbers_of(model).items()
        if name in tied or name in whole or (derived and name not in (*SIZES, "α"))
    }


def own_numbers(panel: Panel) -> frozenset[str]:
    """What a panel gives itself of d, k, r, alpha and further sizes: no control of the page moves it."""
    own = Scope() if panel.model is None else panel.model
    sizes = frozenset(called(size.name) for size in own.sizes)
    return sizes | frozenset(name for name in NUMBERS if getattr(own, name) is not None)


def length_of(figure: Figure, panel: Panel, size: str) -> str:
    """What the length is called that stands for a size on a panel: the size, or, if it is one of the panel's
    own, the size and the number of the panel's model on the figure."""
    own = panel.model
    if own is None or (size not in own_numbers(panel) and (own.adapter is None or size in SIZES)):
        return size
    return f"{size} {number_of(figure, panel)}"


def number_of(figure: Figure, panel: Panel) -> int:
    """The number of a panel's model on its figure, whose own is the first."""
    models = [None, *dict.fromkeys(each.model for each in panels(figure) if each.model is not None)]
    return models.index(panel.model) + 1


def parts_of(figure: Figure) -> tuple[tuple[tuple[Panel, ...], Figure], ...]:
    """A figure cut by the models of its panels: the panels of each, and the figure in that model with these
    panels and the equations that speak of them. The figure itself if no panel has a model of its own."""
    models = list(dict.fromkeys(panel.model for panel in panels(figure)))
    if models in ([], [None]):
        return (((), figure),)
    parts = []
    for model in models:
        own = tuple(panel for panel in panels(figure) if panel.model == model)
        row = tuple(
            entry
            for entry in figure.row
            if (entry in own if isinstance(entry, Panel) else any(_speaks(entry, panel) for panel in own))
        )
        parts.append((own, replace(scoped(figure, own[0]), row=row)))
    return tuple(parts)


def panels(figure: Figure) -> tuple[Panel, ...]:
    """The panels of a row, from left to right."""
    return tuple(entry for entry in figure.row if isinstance(entry, Panel))


def spoken_of(figure: Figure, equations: Equations) -> tuple[Panel, ...]:
    """The panels that equations speak of: those that they name, or all; of several in one model, the first.
    None for a figure without panels."""
    named = [panel for panel in panels(figure) if _speaks(equations, panel)]
    return tuple({panel.model: panel for panel in reversed(named)}.values())[::-1]


def _speaks(equations: Equations, panel: Panel) -> bool:
    return not equations.of or panel.name in equations.of
