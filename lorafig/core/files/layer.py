"""An adapted layer of a saved adapter: what the shapes of its arrays and the configuration say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from msgspec import Struct

from lorafig.core.adapter import Adapter, Shape
from lorafig.core.files.peft import by_module
from lorafig.core.files.tensors import Tensor, shown
from lorafig.errors import LorafigError, Problem

MAX_SIDE = 2**40


class Layer(Struct, frozen=True):
    """An adapted module of a checkpoint: the shapes of its arrays by the core's symbols, the dimensions that
    these say (None where they do not), and the scaling's numerator where the method has one."""

    module: str
    shapes: Mapping[str, tuple[int, ...]]
    d: int | None
    k: int | None
    r: int | None
    alpha: Fraction | None


def _named(adapter: Adapter, symbol: str) -> Shape:
    """The shape of an array in a file, by the names of the dimensions."""
    return adapter.file.shapes.get(symbol) or adapter.symbols[symbol]


def fits(adapter: Adapter, name: str, tensor: Tensor, symbol: str) -> None:
    wanted = len(_named(adapter, symbol))
    if len(tensor.shape) != wanted or not all(1 <= side <= MAX_SIDE for side in tensor.shape):
        what = f"{shown(name)} is {_sides(tensor.shape) or 'a number'}"
        raise LorafigError(
            Problem(
                what, None, "a vector is wanted" if wanted == 1 else "a matrix is wanted", code="adapter-file"
            )
        )


def layer_of(
    adapter: Adapter, module: str, shapes: Mapping[str, tuple[int, ...]], config: Mapping[str, Any]
) -> Layer:
    form = adapter.file
    d, k, r = dimensions(adapter, module, shapes)
    if form.fixed:
        said = said_rank(config, module)
        if said != r:
            what = f"{shown(module)} has the rank {r}, and adapter_config.json says {shown(said)}"
            raise LorafigError(Problem(what, code="adapter-file"))
    alpha = said_alpha(adapter, config, module)
    if r is None and form.ranks:
        r = _rank(config.get(form.ranks[0]))
    return Layer(module, shapes, d, k, r, alpha)


def dimensions(
    adapter: Adapter, module: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[int | None, int | None, int | None]:
    """d, k and r by the shapes of a layer's arrays, which must all be there and go together."""
    sizes = _sizes(adapter, module, shapes)
    return _size(sizes, "d"), _size(sizes, "k"), _size(sizes, "r")


def said_rank(config: Mapping[str, Any], module: str) -> Any:
    """What the configuration says that the rank of a module is, whatever it says."""
    return by_module(config.get("rank_pattern"), module, config.get("r"), "rank_pattern")


def said_alpha(adapter: Adapter, config: Mapping[str, Any], module: str) -> Fraction | None:
    """The scaling's numerator by the configuration; None if the method has none."""
    key = adapter.file.alpha
    if key == "":
        return None
    value = by_module(config.get("alpha_pattern"), module, config.get(key), "alpha_pattern")
    alpha = number(value)
    if alpha is None:
        raise LorafigError(
            Problem(f"{key} in adapter_config.json is {shown(value)}, not a number", code="adapter-file")
        )
    return alpha


def number(value: object) -> Fraction | None:
    """A number of a JSON file; None if it is something else, or not finite."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _usable(value):
        return None
    return Fraction(value)


def _sides(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _usable(value: int | float) -> bool:
    return abs(value) < 2**1000 if isinstance(value, int) else isfinite(value)


def _rank(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIDE:
        raise LorafigError(
            Problem(f"r in adapter_config.json is {shown(value)}, not a rank", code="adapter-file")
        )
    return value


def _size(sizes: Mapping[str, int], name: str) -> int | None:
    """A dimension, or the product of the two that it is split into."""
    first, second = sizes.get(f"{name}_1"), sizes.get(f"{name}_2")
    return first * second if first is not None and second is not None else sizes.get(name)


def _sizes(adapter: Adapter, module: str, shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, int]:
    """The dimensions by the shapes of a layer's arrays, which must all be there and go together."""
    form = adapter.file
    absent = {one for other, ones in form.instead.items() for one in (ones if other in shapes else (other,))}
    sizes: dict[str, int] = {}
    arrays: dict[str, str] = {}  # which of them said a dimension first
    for symbol, end in form.names.items():
        if symbol in absent:
            continue
        if symbol not in shapes:
            raise LorafigError(Problem(f"{shown(module)} has no {end}", code="adapter-file"))
        for name, side in zip(_named(adapter, symbol), shapes[symbol], strict=True):
            first = arrays.setdefault(name, symbol)
            if sizes.setdefault(name, 1 if name == "1" else side) != side:
                raise _apart(adapter, module, shapes, dict.fromkeys((symbol, first)))
    if form.sizes is not None:
        sizes = dict(form.sizes(shapes))
    if not sizes:
        raise _apart(adapter, module, shapes, shapes)
    return sizes


def _apart(
    adapter: Adapter, module: str, shapes: Mapping[str, tuple[int, ...]], symbols: Iterable[str]
) -> LorafigError:
    what = ", ".join(f"{adapter.file.names[one]} is {_sides(shapes[one])}" for one in symbols)
    return LorafigError(
        Problem(f"the arrays of {shown(module)} do not go together: {what}", code="adapter-file")
    )
