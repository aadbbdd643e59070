"""What an adapter is: symbols, formulas and a file format. One object a method, in a file of its own below
`adapters/`.

W is d × k and maps x (k) to h (d), as in Hu et al. (2021); batches are columns, so x may be k × n.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

State: TypeAlias = Any  # the arrays of one layer, by the names of the symbols; a class of each method's own
Shape: TypeAlias = tuple[str, ...]  # the dimensions of a symbol, by name
Number = TypeVar("Number", float, Fraction)

SIGMA = 0.02  # standard deviation of what starts from a normal distribution; LoRA's paper gives none

Law: TypeAlias = Literal["normal", "uniform", "zero", "one", "constant", "singular", "norms"]


class Start(Struct, frozen=True):
    """What an array holds before the first step of training: as a verb's clause, and as a noun in a table."""

    says: str
    noun: str


LAWS: Mapping[Law, Start] = {
    "normal": Start(
        "is drawn from N(0, σ²)", "drawn from $\\mathcal{N}(0, \\sigma^2)$, a normal distribution"
    ),
    "uniform": Start("is drawn from a uniform distribution", "drawn from a uniform distribution"),
    "zero": Start("is 0", "$0$"),
    "one": Start("is 1", "$1$"),
    "constant": Start("is one number throughout", "one number throughout"),
    "singular": Start(
        "is made of singular vectors of W", "singular vectors and values of the pretrained weight"
    ),
    "norms": Start("is the norms of W", "the norms of the columns of $W$"),
}


def scaling(alpha: Number, r: int) -> Number:
    """The factor of the update, alpha / r: Hu et al. (2021), section 4.1."""
    return alpha / r


def unscaled(alpha: Number, r: int) -> Number:
    """1, for methods that do not scale the update."""
    return alpha / alpha


def sizes(d: int, k: int, r: int) -> dict[str, int]:
    """The dimensions of a method's symbols, by name."""
    return {"d": d, "k": k, "r": r}


def additive(
    delta: Callable[[State], Array],
) -> tuple[Callable[[Array, State], Array], Callable[[Array, State], Array]]:
    """`merged` and `unmerged` of a method that adds an update to W."""

    def merged(W: Array, state: State) -> Array:
        return W + delta(state)

    def unmerged(merged: Array, state: State) -> Array:
        return merged - delta(state)

    return merged, unmerged


class Whole(Struct, frozen=True):
    """What is kept in place of a product of factors where the rank is not low.

    - `low(d, k, r)`: whether the rank is low; `condition` is the same in the notation of labels.
    - `count` and `symbols`: the trained parameters and the symbols where it is not.
    """

    low: Callable[[int, int, int], bool]
    condition: str
    count: str
    symbols: Mapping[str, Shape]


class Format(Struct, frozen=True):
    """How PEFT saves a method (version 0.21).

    - `kind`: the `peft_type`. `marks` are keys of the configuration that tell the method from others of its
      kind (a text by how it begins), `sign` is an array that only the method has; `more` are further keys.
    - `names`: the arrays of a layer, from the symbol to what follows the module's name. `shapes` are those in
      the file that are not the symbol's own; an array of `instead` stands in place of the ones listed there.
    - `shared`: the arrays that all layers have in common.
    - `alpha` and `ranks`: the keys of the scaling's numerator and of the rank; none in a method without.
      `fixed` says that a layer's rank has to be what the configuration says.
    - `scaling`: PEFT's own scaling of the update by alpha and the rank, where it is not that of the paper.
    - `state`: the core's arrays of a layer, of those in a file and the scaling. `arrays`: the arrays of a
      file by symbol; the symbols' own unless given. `sizes`: the dimensions by the shapes of the arrays,
      where the names of the shapes do not say them.
    """

    kind: str
    names: Mapping[str, str]
    state: Callable[[Mapping[str, Array], float], State]
    arrays: Callable[[State], Mapping[str, Array]] | None = None
    shapes: Mapping[str, Shape] = {}
    instead: Mapping[str, tuple[str, ...]] = {}
    sizes: Callable[[Mapping[str, tuple[int, ...]]], Mapping[str, int]] | None = None
    shared: Mapping[str, str] = {}
    alpha: str = ""
    ranks: tuple[str, ...] = ("r",)
    fixed: bool = True
    marks: Mapping[str, object] = {}
    sign: str = ""
    scaling: Callable[[Fraction, int], Fraction] | None = None
    more: Mapping[str, object] = {}


class Adapter(Struct, frozen=True, eq=False, kw_only=True):
    """A method. There is one object of each: equal means the same.

    Symbols and what they mean, in the notation of labels:

    - `symbols`: the shapes of what it works on, by the names of the dimensions, whose values are `sizes`.
    - `defined`: the symbols that it defines in terms of these, `s` being the scaling. A definition may
      use notation whose claims cannot be decided; what cannot be read is not there.
    - `scale`: the scaling s by alpha and the rank, '' if the method has none.
    - `count`: the number of trained parameters.
    - `rank`: the dimension that must be small, '' if there is none; `whole` is what is kept where it is not.
    - `letters`: the paper's letters for symbols that have another name here. `aliases`: what else a claim by
      itself may call a symbol.

    What holds at the start and what moves:

    - `laws`: what its arrays hold before the first step, by symbol. The state has an attribute of each.
      `sigma` is the standard deviation of those that are drawn from a normal distribution.
    - `before`: what is computed of the pretrained weight W before training, other than W itself.
    - `at_weight`: whether the first output is that of the frozen weight. `kept` says how that is kept,
      and `bits` in how many bits each entry of it is, and each of all others; None if the method leaves that
      open.
    - `traits`: what else it is known by that its formulas do not say: 'orthogonal', a penalty pulls P and Q
      towards orthogonal matrices; 'ranks', matrices may end with different ranks.
    - `trainable` and `frozen`: which symbols training moves, and which it leaves. `shared` are those of which
      every layer has the beginning of the same.

    What it computes, for a weight W (d × k), a rank, a seed and the scaling:

    - `start(W, r, seed, s)`: the weight that stays frozen beside the state, and the state. It is W
      itself, but what is left of W in PiSSA and W quantised in QLoRA. The next three take that weight.
    - `forward(W, state, x)`, `merged(W, state)`, `gradients(W, state, slope)`: the output; the weight
      that gives it by itself; what a loss gains by each trained array where it gains `slope` by that
      weight.
    - `unmerged(merged, state)`: the frozen weight back. None if merging loses it: `lost` says why.
    - `parameters(d, k, r)`: the number of trained parameters.
    - `magnitude(W, state, roundings)`: what bounds the rounding of `merged`, entry by entry; None if that is
      `merged` at the magnitudes of all entries.
    """

    name: str
    title: str
    source: str
    symbols: Mapping[str, Shape]
    defined: Mapping[str, str]
    scale: str = "\\frac{α}{r}"
    count: str
    rank: str = "r"
    whole: Whole | None = None
    letters: Mapping[str, str] = {}
    aliases: Mapping[str, str] = {}
    laws: Mapping[str, Law]
    sigma: float = SIGMA
    before: Mapping[str, str] = {}
    at_weight: bool = True
    kept: str = ""
    bits: tuple[int, int] | None = None
    trainable: tuple[str, ...]
    frozen: tuple[str, ...] = ("W",)
    shared: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    sizes: Callable[[int, int, int], dict[str, int]] = sizes
    scaling: Callable[[Fraction, int], Fraction] = scaling
    start: Callable[[Array, int, int, float], tuple[Array, State]]
    forward: Callable[[Array, State, Array], Array]
    merged: Callable[[Array, State], Array]
    unmerged: Callable[[Array, State], Array] | None
    lost: str = ""
    gradients: Callable[[Array, State, Array], Mapping[str, Array]]
    parameters: Callable[[int, int, int], int]
    magnitude: Callable[[Array, State, int], Array] | None = None
    file: Format

    def initial(self, d: int, k: int, r: int, seed: int) -> State:
        """The state beside a weight that is drawn."""
        from lorafig.core.arrays import random

        return self.start(random(seed).normal(0.0, k**-0.5, (d, k)), r, seed, 1.0)[1]

    def is_low(self, d: int, k: int, r: int) -> bool:
        """Whether the rank is low, so that factors are kept."""
        return self.whole is None or self.whole.low(d, k, r)
