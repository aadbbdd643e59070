"""What every adapter is: a row of symbols and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

# What an array holds before the first step: draws from N(0, σ²), from a uniform distribution, 0, 1 or
# another constant; singular vectors and values of W; the norms of W.
Law: TypeAlias = Literal["normal", "uniform", "zero", "one", "constant", "singular", "norms"]
State: TypeAlias = Any  # the arrays of one layer, by the names of the symbols; a class of each method's own


LAWS: Mapping[Law, str] = {
    "normal": "is drawn from N(0, σ²)",
    "uniform": "is drawn from a uniform distribution",
    "zero": "is 0",
    "one": "is 1",
    "constant": "is one number throughout",
    "singular": "is made of singular vectors of W",
    "norms": "is the norms of W",
}


@dataclass(frozen=True, slots=True, eq=False)  # one object a method: equal means the same
class Adapter:
    """A method as a row.

    Symbols and what they mean, in the notation of labels:

    - `symbols`: the shapes of what it works on, by the names of the dimensions.
    - `defined`: the symbols that it defines in terms of these, `s` being the scaling. A definition may
      use notation whose claims cannot be decided; what cannot be read is not there.
    - `scale`: the scaling s by alpha and the rank, '' where the method has none.
    - `count`: the number of trained parameters.
    - `rank`: the dimension that must be small, '' where there is none.

    What holds at the start and what moves:

    - `laws`: what its arrays hold before the first step, by symbol. The state has an attribute of each.
    - `trainable` and `frozen`: which symbols training moves, and which it leaves.

    What it computes, for a weight W (d × k), a rank, a seed and the scaling:

    - `initial(d, k, r, seed)`: the state, of a weight that is drawn where it depends on one.
    - `start(W, r, seed, s)`: the weight that stays frozen beside the state, and the state. It is W
      itself, but what is left of W in PiSSA and W quantised in QLoRA. The next three take that weight.
    - `forward(W, state, x)`, `merged(W, state)`, `gradients(W, state, slope)`: the output; the weight
      that gives it by itself; what a loss gains by each trained array where it gains `slope` by that
      weight.
    - `unmerged(merged, state)`: the frozen weight back, None where it cannot be had (DoRA: merging loses
      the norms).
    - `parameters(d, k, r)`: the number of trained parameters.
    """

    name: str
    source: str
    symbols: Mapping[str, tuple[str, ...]]
    defined: Mapping[str, str]
    scale: str
    count: str
    laws: Mapping[str, Law]
    trainable: tuple[str, ...]
    frozen: tuple[str, ...]
    rank: str
    scaling: Callable[[Fraction, int], Fraction]
    initial: Callable[[int, int, int, int], State]
    start: Callable[[Array, int, int, float], tuple[Array, State]]
    forward: Callable[[Array, State, Array], Array]
    merged: Callable[[Array, State], Array]
    unmerged: Callable[[Array, State], Array] | None
    gradients: Callable[[Array, State, Array], Mapping[str, Array]]
    parameters: Callable[[int, int, int], int]


def drawn(
    start: Callable[[Array, int, int, float], tuple[Array, State]],
) -> Callable[[int, int, int, int], State]:
    """The initial state of a method that starts from the weight, of one that is drawn."""

    def initial(d: int, k: int, r: int, seed: int) -> State:
        from lorafig.core.arrays import random

        return start(random(seed).normal(0.0, k**-0.5, (d, k)), r, seed, 1.0)[1]

    return initial


def unscaled(alpha: Fraction, r: int) -> Fraction:
    """1, for methods that do not scale the update."""
    return Fraction(1)
