"""Where the controls of a page stand, and the figure that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.language import networks
from lorafig.language.model import AdapterName, Controls, Figure, Model, Size, Slider
from lorafig.language.table import called, layer_of, table, ungiven
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.notation.write.program import names
from lorafig.values import replace

SIZES = ("d", "k", "r")


@dataclass(frozen=True, slots=True)
class Method:
    """An adapter with its scaling, as the page offers it. `scaled` is False for the scheme 'none'."""

    adapter: AdapterName
    scheme: str | None = None
    scaled: bool = True

    @property
    def name(self) -> str:
        """Its value in the page's menu."""
        return self.adapter if self.scheme is None else self.scheme

    @property
    def ranked(self) -> bool:
        """Whether the number of trained parameters depends on the rank."""
        return "r" in names(parse_math(ADAPTERS[self.adapter].count))


@dataclass(frozen=True, slots=True)
class Setting:
    """Values of the dimensions, alpha (None where the figure has none), and the method; those of sizes of
    one's own, as the spec writes them, and the numbers that `let` makes of all these, in order."""

    d: int
    k: int | None
    r: int
    alpha: Fraction | None
    method: Method
    own: tuple[tuple[str, int], ...] = ()
    made: tuple[tuple[str, Node], ...] = ()
    kilo: int = 1000
    network: tuple[tuple[str, Fraction], ...] = ()  # what a network gives values to, whatever is moved
    open: frozenset[str] = frozenset()  # the sizes that nobody gives: theirs are for the picture

    @property
    def sizes(self) -> dict[str, int]:
        """d, k and r; k is d where the figure does not tell them apart."""
        return {"d": self.d, "k": self.d if self.k is None else self.k, "r": self.r}

    @property
    def drawn(self) -> dict[str, int]:
        """All sizes, by what they are called."""
        return self.sizes | {called(name): size for name, size in self.own}

    def values(self) -> dict[str, Fraction]:
        """What the symbols of numbers are worth: every dimension of the method, and α."""
        sizes = ADAPTERS[self.method.adapter].sizes(*self.sizes.values())
        sizes |= {called(name): size for name, size in self.own}
        sizes = {name: size for name, size in sizes.items() if name not in self.open}
        values = {**dict(self.network), **{name: Fraction(size) for name, size in sizes.items()}}
        if self.alpha is not None:
            values["α"] = self.alpha
        for name, node in self.made:
            with suppress(LorafigError):  # it has no value here
                values[name] = evaluate(node, values, self.kilo)
        return values


def methods(figure: Figure) -> tuple[Method, ...]:
    """What the page offers, the figure's own first."""
    own = figure.model.adapter
    controls = figure.controls
    if controls is None or not (controls.adapter or controls.scheme):
        return (Method(own),)
    if controls.adapter:
        return tuple(Method(one) for one in controls.adapter)
    known = {
        "standard": Method("lora", "standard"),
        "rank-stabilised": Method("rslora", "rank-stabilised"),
        "none": Method("lora", "none", scaled=False),
    }
    first = "standard" if own == "lora" else "rank-stabilised"
    rest = [one for one in controls.scheme if one != first]
    return tuple(known[one] for one in (first, *rest) if one in controls.scheme or one == first)


def start(figure: Figure) -> Setting:
    """Where the page begins."""
    model, controls = figure.model, figure.controls or Controls()
    layer = layer_of(model)
    moved: dict[str, Slider] = {slider.name: slider for slider in controls.sizes}
    return Setting(
        _begin(controls.d, layer["d"]),
        None if model.k is None else _begin(controls.k, model.k),
        _begin(controls.r, layer["r"]),
        None if model.alpha is None else _alpha(controls.alpha, model.alpha),
        methods(figure)[0],
        tuple((size.name, _begin(moved.get(size.name), size.value)) for size in model.sizes),
        tuple(made(figure)),
        figure.numbers.kilo,
        tuple(networks.numbers_of(model).items()),
        frozenset(ungiven(model, ADAPTERS[model.adapter].sizes(1, 1, 1))),
    )


def made(figure: Figure) -> Iterator[tuple[str, Node]]:
    """The numbers that `let` makes of others, each after those that it needs."""
    known = table(figure.model, figure.numbers.kilo)
    return ((name, known.lets[name]) for name in known.numbers if name in known.lets)


def _begin(slider: Slider | None, value: int) -> int:
    return value if slider is None or slider.start is None else slider.start


def _alpha(slider: Slider | None, value: float) -> Fraction:
    return Fraction(slider.start) if slider is not None and slider.start is not None else exact(value)


def exact(value: float) -> Fraction:
    """A number of the spec as its author wrote it: 0.1 is a tenth."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def figure_at(figure: Figure, setting: Setting) -> Figure:
    """The figure as its author would write it for this setting."""
    scaled = setting.method.scaled and (figure.model.adapter == setting.method.adapter or _scales(setting))
    alpha = float(setting.alpha) if scaled and setting.alpha is not None else None
    model: Model = replace(
        figure.model,
        adapter=setting.method.adapter,
        d=setting.d,
        k=setting.k,
        r=setting.r,
        alpha=alpha,
        sizes=tuple(Size(name=name, value=value) for name, value in setting.own),
    )
    return replace(figure, model=model)


def _scales(setting: Setting) -> bool:
    return ADAPTERS[setting.method.adapter].scale != ""


def sliders(figure: Figure) -> Mapping[str, Slider]:
    """The sliders by what they move, in the order in which the page has them."""
    controls = figure.controls or Controls()
    found = {name: getattr(controls, name) for name in ("r", "d", "k", "alpha")}
    own = {called(slider.name): slider for slider in controls.sizes}
    given = {name: slider for name, slider in found.items() if slider is not None}
    return given | own if "r" in given else own | given  # the first is the axis of the curve


def reach(figure: Figure) -> dict[str, tuple[int, int]]:
    """The least and the greatest value of every size on its slider."""
    begin, moved = start(figure).drawn, sliders(figure)
    found = {
        name: (moved[name].min, moved[name].max) if name in moved else (size, size)
        for name, size in begin.items()
    }
    if figure.model.k is None:
        found["k"] = found["d"]
    return found


def around(slider: Slider | None, value: int) -> list[int]:
    """Values of a slider that between them show all that can change: ends, neighbours, and between."""
    if slider is None:
        return [value]
    low, high, step = slider.min, slider.max, slider.step
    last = (high - low) // step
    indices = {0, 1, last // 3, last // 2, 2 * last // 3, last - 1, last}
    return sorted({low + step * index for index in indices if 0 <= index <= last} | {value})


def spread(figure: Figure, method: Method) -> Iterator[Setting]:
    """Settings that show every order of the dimensions that the sliders can reach, the start first."""
    begin, moved = replace(start(figure), method=method), sliders(figure)
    yield begin
    sizes = {name: around(moved.get(name), getattr(begin, name) or begin.d) for name in SIZES}
    if begin.k is not None:
        shared = sorted({*sizes["d"], *sizes["k"], *sizes["r"]})
        sizes = {name: _with(moved.get(name), sizes[name], shared) for name in SIZES}
    else:
        shared = sorted({*sizes["d"], *sizes["r"]})
        sizes = {name: _with(moved.get(name), sizes[name], shared) for name in ("d", "r")} | {"k": [0]}
    for d, k, r in product(sizes["d"], sizes["k"], sizes["r"]):
        for own in _ends(figure, begin):
            yield replace(begin, d=d, k=None if begin.k is None else k, r=r, own=own)


def _ends(figure: Figure, begin: Setting) -> list[tuple[tuple[str, int], ...]]:
    """Sizes of one's own where they begin, and all of them at one end or the other of their sliders."""
    if figure.controls is None or not figure.controls.sizes:
        return [begin.own]
    moved = {slider.name: slider for slider in figure.controls.sizes}
    low = tuple((name, moved[name].min if name in moved else size) for name, size in begin.own)
    high = tuple((name, moved[name].max if name in moved else size) for name, size in begin.own)
    return [begin.own, low, high]


def _with(slider: Slider | None, own: list[int], others: list[int]) -> list[int]:
    """Also values of the others that the slider reaches: dimensions can be equal."""
    if slider is None:
        return own
    met = {one for one in others if slider.min <= one <= slider.max and (one - slider.min) % slider.step == 0}
    return sorted({*own, *met})
