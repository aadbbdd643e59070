"""One block of multi-head attention, small enough to run whole: softmax(Q Kᵀ / √(d_h)) V and its projections.

Columns are tokens, as everywhere in the core: x is k × n. The projections of the query, the key and the
value are d × k, that of the output is k × d, so that a figure's weight of d × k stands for the first three.
Vaswani et al. (2017), Attention Is All You Need, equation 1 and section 3.2.2; no mask, no bias.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf, sqrt
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.arrays import random

if TYPE_CHECKING:
    from lorafig.core.adapter import Adapter, State
    from lorafig.core.arrays import Array

Projection: TypeAlias = Literal["q", "k", "v", "o"]
PROJECTIONS: tuple[Projection, ...] = ("q", "k", "v", "o")
SEED = 20_210_617  # of the pretrained block; there is only one


class Line(Struct, frozen=True, eq=False):
    """A projection: its frozen weight, and the state of the adapter beside it, where there is one."""

    W: Array
    state: State | None = None

    def apply(self, adapter: Adapter, x: Array) -> Array:
        return self.W @ x if self.state is None else adapter.forward(self.W, self.state, x)

    def merged(self, adapter: Adapter) -> Array:
        """The weight that does the work of both."""
        return self.W if self.state is None else adapter.merged(self.W, self.state)


class Block(Struct, frozen=True, eq=False):
    """The four projections, and how many heads share their rows."""

    lines: Mapping[Projection, Line]
    heads: int
    adapter: Adapter

    @property
    def adapted(self) -> tuple[Projection, ...]:
        """The projections that have an adapter beside them."""
        return tuple(name for name in PROJECTIONS if self.lines[name].state is not None)

    def arrays(self) -> Iterator[tuple[Projection, str, Array]]:
        """What stands beside the weights and is trained: projection, symbol, array."""
        for name in self.adapted:
            for symbol in self.adapter.trainable:
                array = getattr(self.lines[name].state, symbol)
                if array is not None:  # LoKr without A: the block itself is B
                    yield name, symbol, array


class Trace(Struct, frozen=True, eq=False):
    """What a forward pass computes: Q, K, V and O by heads (heads × d_h × n), the attention (heads × n × n,
    a row for each query), and the output (k × n)."""

    Q: Array
    K: Array
    V: Array
    P: Array
    O: Array  # noqa: E741
    y: Array


def pretrained(d: int, k: int) -> dict[Projection, Array]:
    """Weights of a block, drawn with a variance of 1 / fan_in. They stand for a pretrained model's."""
    generator = random(SEED)
    shapes: Mapping[Projection, tuple[int, int]] = {"q": (d, k), "k": (d, k), "v": (d, k), "o": (k, d)}
    return {name: generator.normal(0.0, shape[1] ** -0.5, shape) for name, shape in shapes.items()}


def examples(k: int, tokens: int) -> tuple[Array, Array]:
    """Tokens x (k × n), and what a task wants of the block: another linear map of them (k × n)."""
    generator = random(SEED + 1)
    x = generator.normal(size=(k, tokens))
    other = generator.normal(0.0, k**-0.5, (k, k))
    return x, (other[:, :, None] * x).sum(axis=1)  # not by BLAS, whose last bits are the processor's own


def heads_of(d: int) -> int:
    """The number of heads, at most 4, that d can be shared out to."""
    return next(heads for heads in (4, 2, 1) if d % heads == 0)


def forward(block: Block, x: Array) -> Trace:
    """The block's output with all that leads to it; x is k × n."""
    import numpy as np

    def by_heads(h: Array) -> Array:
        return h.reshape(block.heads, -1, h.shape[1])

    Q, K, V = (by_heads(block.lines[name].apply(block.adapter, x)) for name in PROJECTIONS[:3])
    S = Q.transpose(0, 2, 1) @ K * (1 / sqrt(Q.shape[1]))
    weights = np.exp(S - S.max(axis=2, keepdims=True))
    P = weights / weights.sum(axis=2, keepdims=True)
    O = V @ P.transpose(0, 2, 1)  # noqa: E741
    y = block.lines["o"].apply(block.adapter, O.reshape(-1, x.shape[1]))
    return Trace(Q, K, V, P, O, y)


def loss(y: Array, target: Array) -> float:
    """1 / (2 n) ‖y − t‖² over n tokens."""
    import numpy as np

    return float(np.sum((y - target) ** 2) / (2 * y.shape[1]))


def slopes(block: Block, trace: Trace, x: Array, target: Array) -> dict[Projection, Array]:
    """What the loss gains by the merged weight of each projection: the chain rule, backwards."""
    n = x.shape[1]
    by_y = (trace.y - target) / n
    by_O = (block.lines["o"].merged(block.adapter).T @ by_y).reshape(trace.O.shape)
    by_P = by_O.transpose(0, 2, 1) @ trace.V
    by_S = trace.P * (by_P - (by_P * trace.P).sum(axis=2, keepdims=True)) * (1 / sqrt(trace.Q.shape[1]))
    by_heads = {"q": trace.K @ by_S.transpose(0, 2, 1), "k": trace.Q @ by_S, "v": by_O @ trace.P}
    by_weight: dict[Projection, Array] = {
        name: by_heads[name].reshape(-1, n) @ x.T for name in PROJECTIONS[:3]
    }
    return {**by_weight, "o": by_y @ trace.O.reshape(-1, n).T}


def gradients(block: Block, trace: Trace, x: Array, target: Array) -> dict[Projection, Mapping[str, Array]]:
    """What the loss gains by every trained array, by projection and symbol. The weights stay out of it."""
    by_weight = slopes(block, trace, x, target)
    lines = {name: block.lines[name] for name in block.adapted}
    return {
        name: block.adapter.gradients(line.W, line.state, by_weight[name]) for name, line in lines.items()
    }


def stepped(block: Block, by: Mapping[Projection, Mapping[str, Array]], rates: Mapping[str, float]) -> Block:
    """The block after a step down these gradients, at a rate for each symbol."""
    lines = dict(block.lines)
    for name, arrays in by.items():
        state: Any = lines[name].state
        moved = {symbol: getattr(state, symbol) - rates[symbol] * slope for symbol, slope in arrays.items()}
        lines[name] = replace(lines[name], state=replace(state, **moved))
    return replace(block, lines=lines)


def _rates(value: float, by: Mapping[Projection, Mapping[str, Array]]) -> dict[str, float]:
    """Polyak's rate for each symbol, the loss over the square of its gradient; 0 where that is 0."""
    import numpy as np

    rates: dict[str, float] = {}
    for symbol in dict.fromkeys(symbol for arrays in by.values() for symbol in arrays):
        slopes_there = [arrays[symbol] for arrays in by.values() if symbol in arrays]
        square = sum(float(np.sum(slope * slope)) for slope in slopes_there)
        if not square < inf or (square == 0.0 and any(slope.any() for slope in slopes_there)):
            raise FloatingPointError
        rates[symbol] = value / square if square > 0.0 else 0.0
    if not any(rates.values()):
        raise FloatingPointError
    return rates


def descend(block: Block, x: Array, target: Array, steps: int) -> tuple[Block, list[float]]:
    """Gradient descent of what the adapters train, and the losses: the first one before any step.

    The rates are Polyak's, symbol by symbol, so that a scaling of the update changes nothing, halved until
    the loss is lower (at most 40 times: then the gradient does not point downhill). Raises
    FloatingPointError where that leaves float64, as an extreme scaling does.
    """
    trace = forward(block, x)
    losses = [loss(trace.y, target)]
    for _ in range(steps):
        by = gradients(block, trace, x, target)
        rates = _rates(losses[-1], by)
        for _ in range(40):
            candidate = stepped(block, by, rates)
            there = forward(candidate, x)
            value = loss(there.y, target)
            if value < losses[-1]:
                block, trace = candidate, there
                losses.append(value)
                break
            rates = {symbol: rate / 2 for symbol, rate in rates.items()}
        else:
            break
    return block, losses
