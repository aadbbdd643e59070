"""An adapted layer of a saved adapter: what the shapes of its arrays and the configuration say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Any

from lorafig.core.files.peft import FORMATS, by_module
from lorafig.core.files.tensors import Tensor, shown
from lorafig.errors import LorafigError, Problem

MAX_SIDE = 2**40
_VECTORS = ("m", "m_columns", "λ_d", "λ_b")


@dataclass(frozen=True, slots=True)
class Layer:
    """An adapted module of a checkpoint: the shapes of its arrays by the core's symbols, the dimensions that
    these say (None where they do not), and the scaling's numerator where the method has one."""

    module: str
    shapes: Mapping[str, tuple[int, ...]]
    d: int | None
    k: int | None
    r: int | None
    alpha: Fraction | None


def fits(name: str, tensor: Tensor, symbol: str) -> None:
    wanted = 1 if symbol in _VECTORS else 2
    if len(tensor.shape) != wanted or not all(1 <= side <= MAX_SIDE for side in tensor.shape):
        sides = " × ".join(map(str, tensor.shape)) or "a number"
        what = f"{shown(name)} is {sides}"
        raise LorafigError(Problem(what, None, "a vector is wanted" if wanted == 1 else "a matrix is wanted"))


def layer_of(
    adapter: str, module: str, shapes: Mapping[str, tuple[int, ...]], config: Mapping[str, Any]
) -> Layer:
    d, k, r = _dimensions(adapter, module, shapes)
    form = FORMATS[adapter]
    if adapter in ("lora", "rslora", "dora", "pissa", "loha"):
        said = by_module(config.get("rank_pattern"), module, config.get("r"), "rank_pattern")
        if said != r:
            what = f"{shown(module)} has the rank {r}, and adapter_config.json says {shown(said)}"
            raise LorafigError(Problem(what))
    alpha = None
    if form.alpha != "":
        value = by_module(config.get("alpha_pattern"), module, config.get(form.alpha), "alpha_pattern")
        if isinstance(value, bool) or not isinstance(value, int | float) or not _usable(value):
            raise LorafigError(
                Problem(f"{form.alpha} in adapter_config.json is {shown(value)}, not a number")
            )
        alpha = Fraction(value)
    if adapter == "lokr" and r is None:
        r = _rank(config.get("r"))
    return Layer(module, shapes, d, k, r, alpha)


def _usable(value: int | float) -> bool:
    return abs(value) < 2**1000 if isinstance(value, int) else isfinite(value)


def _rank(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIDE:
        raise LorafigError(Problem(f"r in adapter_config.json is {shown(value)}, not a rank"))
    return value


def _dimensions(
    adapter: str, module: str, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[int | None, int | None, int | None]:
    """d, k and r by the shapes of a layer's arrays, which must go together."""

    def sides(symbol: str) -> tuple[int, ...]:
        if symbol not in shapes:
            raise LorafigError(Problem(f"{shown(module)} has no {FORMATS[adapter].names[symbol]}"))
        return shapes[symbol]

    def same(one: int, other: int, what: str) -> int:
        if one != other:
            raise LorafigError(Problem(f"the arrays of {shown(module)} do not go together: {what}"))
        return one

    def product(left: str, right: str) -> tuple[int, int, int]:
        (d, r), (inner, k) = sides(left), sides(right)
        names = FORMATS[adapter].names
        what = f"{names[left]} is {d} × {r}, {names[right]} is {inner} × {k}"
        return d, k, same(r, inner, what)

    match adapter:
        case "vera":
            return sides("λ_b")[0], None, sides("λ_d")[0]
        case "adalora":
            d, k, r = product("P", "Q")
            same(sides("λ")[0], r, f"lora_E is {' × '.join(map(str, sides('λ')))}, and the rank is {r}")
            return d, k, r
        case "loha":
            found = product("B_1", "A_1")
            other = product("B_2", "A_2")
            what = f"one product is {found[0]} × {found[1]}, the other {other[0]} × {other[1]}"
            same(int(found[:2] == other[:2]), 1, what)
            return found
        case "lokr":
            d_1, k_1 = sides("C")
            if "block" in shapes:
                d_2, k_2 = sides("block")
                return d_1 * d_2, k_1 * k_2, None
            d_2, k_2, r = product("B", "A")
            return d_1 * d_2, k_1 * k_2, r
        case "ia3":
            d, k = sides("l")
            same(min(d, k), 1, f"ia3_l is {d} × {k}")
            return (d, None, None) if k == 1 else (None, k, None)
    d, k, r = product("B", "A")
    if adapter == "dora":
        name = "m_columns" if "m_columns" in shapes else "m"
        wanted = k if name == "m_columns" else d
        same(sides(name)[0], wanted, f"there are {sides(name)[0]} magnitudes for {wanted}")
    return d, k, r
