"""Where the controls of a page stand, and the figure that this makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from lorafig.core.adapters import ADAPTERS
from lorafig.language.model import AdapterName, Controls, Figure, Model, Slider
from lorafig.notation.read.parse import parse_math
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
    """Values of the dimensions, alpha (None where the figure has none), and the method."""

    d: int
    k: int | None
    r: int
    alpha: Fraction | None
    method: Method

    @property
    def sizes(self) -> dict[str, int]:
        """d, k and r; k is d where the figure does not tell them apart."""
        return {"d": self.d, "k": self.d if self.k is None else self.k, "r": self.r}

    def values(self) -> dict[str, Fraction]:
        """What the symbols of numbers are worth: every dimension of the method, and α."""
        sizes = ADAPTERS[self.method.adapter].sizes(*self.sizes.values())
        values = {name: Fraction(size) for name, size in sizes.items()}
        if self.alpha is not None:
            values["α"] = self.alpha
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
    return Setting(
        _begin(controls.d, model.d),
        None if model.k is None else _begin(controls.k, model.k),
        _begin(controls.r, model.r),
        None if model.alpha is None else _alpha(controls.alpha, model.alpha),
        methods(figure)[0],
    )


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
    )
    return replace(figure, model=model)


def _scales(setting: Setting) -> bool:
    return ADAPTERS[setting.method.adapter].scale != ""


def sliders(figure: Figure) -> Mapping[str, Slider]:
    """The sliders by what they move, in the order in which the page has them."""
    controls = figure.controls or Controls()
    found = {name: getattr(controls, name) for name in ("r", "d", "k", "alpha")}
    return {name: slider for name, slider in found.items() if slider is not None}


def reach(figure: Figure) -> dict[str, tuple[int, int]]:
    """The least and the greatest value of d, k and r on their sliders."""
    begin, moved = start(figure).sizes, sliders(figure)
    found = {
        name: (moved[name].min, moved[name].max) if name in moved else (begin[name], begin[name])
        for name in SIZES
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
        yield replace(begin, d=d, k=None if begin.k is None else k, r=r)


def _with(slider: Slider | None, own: list[int], others: list[int]) -> list[int]:
    """Also values of the others that the slider reaches: dimensions can be equal."""
    if slider is None:
        return own
    met = {one for one in others if slider.min <= one <= slider.max and (one - slider.min) % slider.step == 0}
    return sorted({*own, *met})
