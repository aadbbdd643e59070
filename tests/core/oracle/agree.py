"""How far the core is from what PEFT computed, and how far rounding alone could take them apart.

    python -m tests.core.oracle.agree        prints the largest differences, adapter by adapter

Both sides evaluate the same polynomial in float64, in an order of their own. A sum of n products is off by at
most γ_n = n u / (1 - n u) times the sum of the products' magnitudes (Higham, Accuracy and Stability of
Numerical Algorithms, section 3.1), which is the same formula at the magnitudes of all entries: the two differ
by at most twice that. DoRA divides by norms, whose own error is that of V over their length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS, dora, lora
from lorafig.core.adapters import lokr as kronecker
from lorafig.core.adapters.adalora import Adalora
from lorafig.core.adapters.ia3 import Ia3
from lorafig.core.adapters.loha import Loha
from lorafig.core.adapters.lora import Factors
from lorafig.core.adapters.vera import Vera
from tests.core.oracle.make_peft import Case

Array = np.ndarray
U = 2.0**-53


@dataclass(frozen=True)
class Difference:
    """Of one array: the largest difference, and the largest share of its limit that an entry takes."""

    adapter: str
    case: str
    what: str
    largest: float
    share: float


def linear_weight(stored: Array, fan_in_fan_out: bool) -> Array:
    """The weight as d × k: modules with `fan_in_fan_out` (GPT-2's Conv1D) store it as k × d."""
    return stored.T if fan_in_fan_out else stored


def gamma(n: int) -> float:
    return n * U / (1 - n * U)


def state_of(case: Case) -> Any:
    """The core's state with PEFT's entries."""
    own = {
        name.removeprefix("state/"): array for name, array in case.arrays.items() if name.startswith("state/")
    }
    scale = case.facts.get("scale", 1.0)
    match case.recipe.adapter:
        case "dora":
            return dora.Dora(**own, scale=scale, per="row")
        case "vera":
            return Vera(**own)
        case "adalora":
            return Adalora(**own, scale=scale)
        case "loha":
            return Loha(**own, scale=scale)
        case "lokr":
            return kronecker.Lokr(own["C"], own["B"], own.get("A"), scale)
        case "ia3":
            side: Any = case.recipe.option
            return Ia3(own["l"], side)
        case _:
            return Factors(**own, scale=scale)


def magnitudes(state: Any) -> Any:
    """The state with every entry's magnitude in its place."""
    found = {name: getattr(state, name) for name in state.__struct_fields__}
    return replace(
        state, **{name: abs(value) for name, value in found.items() if isinstance(value, np.ndarray)}
    )


def fixed_norm(W: Array, state: dora.Dora, slope: Array) -> dict[str, Array]:
    """DoRA's gradients with the norms as constants, as section 4.3 (equation 11) of its paper proposes and
    PEFT does: m gains what it gains anyway, A and B what lies along V too."""
    factors = Factors(state.A, state.B, state.scale)
    lengths = dora.norms(lora.merged(W, factors), state.per)
    ratio = state.m / lengths
    scaled = slope * ratio if state.per == "column" else slope * ratio[:, None]
    return {"m": dora.gradients(W, state, slope)["m"], **lora.gradients(W, factors, scaled)}


def _dora_limits(W: Array, state: dora.Dora, x: Array, slope: Array) -> dict[str, Array]:
    """The formulas at magnitudes, with the true lengths, and room for the error of these."""
    low_rank = Factors(abs(state.A), abs(state.B), state.scale)
    V = ADAPTERS["lora"].merged(abs(W), low_rank)
    lengths = dora.norms(ADAPTERS["lora"].merged(W, replace(low_rank, A=state.A, B=state.B)), state.per)
    room = 2 + float(np.max(dora.norms(V, state.per) / lengths))
    ratio = (abs(state.m) / lengths)[:, None]
    for_V = ADAPTERS["lora"].gradients(V, low_rank, ratio * slope)
    found = {"h": ratio * (V @ x), "merged": ratio * V, "m": (slope * V).sum(axis=1) / lengths, **for_V}
    return {name: room * array for name, array in found.items()}


def compare(case: Case) -> Iterator[Difference]:
    """The output, the merged weight and every gradient of a layer."""
    adapter, state, recipe = ADAPTERS[case.recipe.adapter], state_of(case), case.recipe
    W = linear_weight(case.arrays["W"], recipe.conv)
    x, by_h = case.arrays["x"].T, case.arrays["by_h"].T
    slope = by_h @ x.T
    if isinstance(state, dora.Dora):
        gradients = fixed_norm(W, state, slope)
        limits = _dora_limits(W, state, abs(x), abs(by_h) @ abs(x).T)
    else:
        gradients = adapter.gradients(W, state, slope)
        sizes = magnitudes(state)
        limits = {
            "h": adapter.forward(abs(W), sizes, abs(x)),
            "merged": adapter.merged(abs(W), sizes),
            **adapter.gradients(abs(W), sizes, abs(by_h) @ abs(x).T),
        }
    pairs = {
        "h": (adapter.forward(W, state, x), case.arrays["h"].T),
        "merged": (adapter.merged(W, state), linear_weight(case.arrays["merged"], recipe.conv)),
    }
    assert {f"gradient/{name}" for name in gradients} == {
        name for name in case.arrays if name.startswith("gradient/")
    }, "PEFT trains other arrays"
    pairs |= {name: (found, case.arrays[f"gradient/{name}"]) for name, found in gradients.items()}
    # No sum here is longer than all sides together, and no product has more than eight factors.
    most = 2 * gamma(recipe.d + recipe.k + 2 * recipe.r + x.shape[1] + 8)
    for what, (ours, theirs) in pairs.items():
        assert ours.shape == theirs.shape
        gap = abs(ours - theirs)
        share = float(np.max(gap / np.maximum(most * limits[what], np.finfo(float).tiny)))
        yield Difference(recipe.adapter, recipe.name, what, float(np.max(gap)), share)


def main() -> None:
    from tests.core.oracle.make_peft import read

    versions, cases = read()
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    layers = [case for case in cases if "W" in case.arrays]
    for name in dict.fromkeys(case.recipe.adapter for case in layers):
        own = [one for case in layers if case.recipe.adapter == name for one in compare(case)]
        parts = []
        for what in ("h", "merged", "gradient"):
            some = [one for one in own if (one.what if one.what in ("h", "merged") else "gradient") == what]
            parts.append(f"{what} {max(one.largest for one in some):.1e}")
        print(f"{name:8} {', '.join(parts)}; at most {max(one.share for one in own):.3f} of the limit")


if __name__ == "__main__":
    main()
