"""The functions that figures apply, one row each: what they are called, what they act on, their value and how
far an error of the argument moves it.

A function acts by entries (ReLU), on each column of its argument (softmax), or on the arguments as a whole
(concat): matrices are batches, one column each. A value comes with a bound of its error: by a Lipschitz
constant L, |f(x) - f(x')| <= L |x - x'|, or by what stands with the row. NumPy's own functions are within a
few units in the last place, and not the same on every processor: values are rounded to 2^-40 of the largest,
which counts as error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import erf, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from lorafig.core.arrays import gamma

if TYPE_CHECKING:
    from lorafig.core.arrays import Array

Acts: TypeAlias = Literal["entries", "columns", "whole"]
Shape: TypeAlias = tuple[str, str]  # rows and columns, by name
Pair: TypeAlias = "tuple[Array, Array]"  # a value, and the bound of the error of each entry

GRID = 2.0**-40  # of the largest entry
EPSILON = 1e-5  # beside the variance in layer norm and RMS norm: PyTorch's
MANY = 64  # arguments
LEAST = 2.0**-400  # that is divided by: its square does not vanish


class OutOfDomain(ValueError):  # noqa: N818  an answer, not a failure
    """The function has no value there."""


class Short(Struct, frozen=True):
    """What a function is short for, over its `letters`; `n` in it is the number of rows or of columns of the
    first, which are then the entries of its vectors: a batch lies along the others."""

    formula: str
    n: Literal["rows", "columns"] = "rows"


class Function(Struct, frozen=True, eq=False):
    """`spoken` is what words call it. `result` gives its shape from those of its arguments, and the number of
    parts that an index says; a name with +, * or / in it is the size that this comes to. What is computed of
    the arguments as a whole is put into that shape column by column. `means` are what it is short for, the
    first one whose shapes fit: then it needs nothing else. `average` says that of several arguments it gives
    the mean."""

    name: str
    spoken: str
    acts: Acts
    spellings: tuple[str, ...] = ()
    arguments: tuple[int, int] = (1, 1)
    evaluate: Callable[..., Pair] | None = None
    result: Callable[[Sequence[Shape], int | None], Shape] | None = None
    letters: tuple[str, ...] = ("x",)
    means: tuple[Short, ...] = ()
    average: bool = False
    trained: bool = False  # whether it has a gain that is trained
    indexed: bool = (
        False  # whether an index says how many: parts of split_{12}(x), or the last argument, top_2(x)
    )


# Entries -------------------------------------------------------------------------------------


def _by_entries(value: Callable[[Array], Array], lipschitz: float) -> Callable[..., Pair]:
    def evaluate(x: Array, error: Array) -> Pair:
        return _rounded(value(x), lipschitz * error)

    return evaluate


def _rounded(value: Array, error: Array) -> Pair:
    """The value on the grid, with what that and the function itself round."""
    import numpy as np

    largest = float(np.max(np.abs(value), initial=0.0))
    if not np.isfinite(largest):
        raise OutOfDomain("its values are out of the range of float64")
    grid = GRID * float(np.exp2(np.ceil(np.log2(max(largest, np.finfo(float).tiny)))))
    return np.round(value / grid) * grid, error + grid


def _relu(x: Array, error: Array) -> Pair:
    import numpy as np

    return np.maximum(x, 0.0), error


def _sigmoid(x: Array) -> Array:
    import numpy as np

    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))


def _tanh(x: Array) -> Array:
    import numpy as np

    return np.tanh(x)


def _gelu(x: Array) -> Array:
    import numpy as np

    normal = np.frompyfunc(lambda entry: 0.5 * (1 + erf(entry / sqrt(2))), 1, 1)
    return np.asarray(x * normal(x).astype(np.float64))


def _exp(x: Array, error: Array) -> Pair:
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        value = np.exp(x)
        return _rounded(value, value * np.expm1(error))


def _log(x: Array, error: Array) -> Pair:
    import numpy as np

    if not np.all(x - error > 0):
        raise OutOfDomain("it takes the logarithm of what may be 0 or less")
    return _rounded(np.log(x), error / (x - error))


def _sign(x: Array, error: Array) -> Pair:
    import numpy as np

    return np.sign(x), np.where(np.abs(x) > error, 0.0, 2.0)


def _same(x: Array, error: Array) -> Pair:
    return x, error


# Columns -------------------------------------------------------------------------------------


def _softmax(x: Array, error: Array) -> Pair:
    """Where every entry is off by at most e, each weight is off by a factor of at most exp(2e)."""
    import numpy as np

    powers = np.exp(x - np.max(x, axis=0, keepdims=True))
    value = powers / np.sum(powers, axis=0, keepdims=True)
    share = np.expm1(2 * np.max(error, axis=0, keepdims=True)) + gamma(len(x) + 8)
    return _rounded(value, value * share)


def _normed(x: Array, error: Array) -> Pair:
    """x over the root of the mean of its squares. The ε that libraries add to it is part of the error."""
    import numpy as np

    n = len(x)
    size = np.sqrt(np.mean(x * x, axis=0, keepdims=True))
    off = np.sqrt(np.mean(error * error, axis=0, keepdims=True)) + gamma(n + 4) * size
    if not np.all(size - off > LEAST):
        raise OutOfDomain("it divides by what may be zero")
    value = x / size
    epsilon = 0.5 * EPSILON / (size - off) ** 2
    return _rounded(value, (error + np.abs(value) * off) / (size - off) + np.abs(value) * epsilon)


def _layer_norm(x: Array, error: Array) -> Pair:
    import numpy as np

    mean, off = _mean(x, error)
    return _normed(x - mean, error + off + np.abs(x) * gamma(1))


def _mean(x: Array, error: Array) -> Pair:
    import numpy as np

    rounded = gamma(len(x) + 1) * np.mean(np.abs(x), axis=0, keepdims=True)
    return np.mean(x, axis=0, keepdims=True), np.mean(error, axis=0, keepdims=True) + rounded


def _top(x: Array, error: Array, many: Array, _: Array) -> Pair:
    """The largest entries of each column, and 0 in the place of the others."""
    import numpy as np

    k = int(many[0, 0])
    if k >= len(x):
        return x, error
    least, most = np.sort(x - error, axis=0), np.sort(x + error, axis=0)
    if not np.all(least[-k] > most[-k - 1]):
        raise OutOfDomain("which entries are the largest is too close to tell")
    kept = x >= np.sort(x, axis=0)[-k]
    return np.where(kept, x, 0.0), np.where(kept, error, 0.0)


# Arguments as a whole ------------------------------------------------------------------------


def _concat(*pairs: Array) -> Pair:
    import numpy as np

    return np.concatenate(pairs[::2]), np.concatenate(pairs[1::2])


def _stacked(shapes: Sequence[Shape], parts: int | None) -> Shape:
    if len({columns for _, columns in shapes}) > 1:
        raise ValueError("what it joins does not have the same number of columns")
    if len(shapes) == 1:
        return f"{shapes[0][0]}*{shapes[0][1]}", "1"  # heads side by side, as `split` gives them
    return "+".join(rows for rows, _ in shapes), shapes[0][1]


def _side_by_side(*pairs: Array) -> Pair:
    import numpy as np

    return np.concatenate(pairs[::2], axis=1), np.concatenate(pairs[1::2], axis=1)


def _beside(shapes: Sequence[Shape], parts: int | None) -> Shape:
    if len({rows for rows, _ in shapes}) > 1:
        raise ValueError("what it puts side by side does not have the same number of rows")
    return shapes[0][0], "+".join(columns for _, columns in shapes)


def _split(shapes: Sequence[Shape], parts: int | None) -> Shape:
    if shapes[0][1] != "1":
        raise ValueError("it splits a vector")
    if parts is None:
        raise ValueError("an index says into how many parts: \\mathrm{split}_{12}(x)")
    return f"{shapes[0][0]}/{parts}", str(parts)


def _number(shapes: Sequence[Shape], parts: int | None) -> Shape:
    if shapes[0][1] != "1" and shapes[0][0] != "1":
        raise ValueError("it is of a vector, or of several of one shape")
    return "1", "1"


def _first(shapes: Sequence[Shape], parts: int | None) -> Shape:
    if shapes[1] != ("1", "1"):
        raise ValueError("how many entries it keeps is a number: \\mathrm{top}_2(x)")
    return shapes[0]


# The rows ------------------------------------------------------------------------------------

_ROWS = (
    Function("ReLU", "ReLU", "entries", ("relu",), evaluate=_relu),
    Function("GELU", "GELU", "entries", evaluate=_by_entries(_gelu, 1.13)),
    Function("sigmoid", "sigmoid", "entries", ("logistic",), evaluate=_by_entries(_sigmoid, 0.25)),
    Function("SiLU", "SiLU", "entries", ("swish", "Swish"), means=(Short(r"x \odot \mathrm{sigmoid}(x)"),)),
    Function("tanh", "tanh", "entries", evaluate=_by_entries(_tanh, 1.0)),
    Function("exp", "exp", "entries", evaluate=_exp),
    Function("log", "log", "entries", ("ln",), evaluate=_log),
    Function("sign", "sign", "entries", ("sgn",), evaluate=_sign),
    Function("dropout", "dropout", "entries", ("Dropout",), evaluate=_same),
    Function("softmax", "softmax", "columns", evaluate=_softmax),
    Function("layer norm", "layer norm", "columns", ("LN", "LayerNorm"), evaluate=_layer_norm, trained=True),
    Function("RMS norm", "RMS norm", "columns", ("RMSNorm", "RMS"), evaluate=_normed, trained=True),
    Function("top", "top", "whole", ("Top", "topk", "TopK", "KeepTopK"), (2, 2), _top, _first, indexed=True),
    Function("mean", "mean", "columns", ("avg",), (1, MANY), _mean, _number, average=True),
    Function("concat", "concat", "whole", ("Concat",), (1, MANY), _concat, _stacked),
    Function("columns", "columns side by side", "whole", ("hstack",), (2, MANY), _side_by_side, _beside),
    Function(
        "split", "split into heads", "whole", ("heads", "split heads"), (1, 1), _same, _split, indexed=True
    ),
    Function(
        "attention",
        "scaled dot-product attention",
        "whole",
        ("Attention", "Attn", "SDPA"),
        (3, 3),
        letters=("Q", "K", "V"),
        means=(
            Short(r"\mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{n}}\right) V", "columns"),
            Short(r"V \mathrm{softmax}\left(\frac{K^\top Q}{\sqrt{n}}\right)"),
        ),
    ),
)
FUNCTIONS: Mapping[str, Function] = {row.name: row for row in _ROWS}


def joined(name: str) -> str:
    """A spelling without blanks and hyphens: `layer norm`, `Layer-Norm` and `LayerNorm` are one."""
    return "".join(char for char in name if char not in " -_")


@cache
def _spellings() -> tuple[dict[str, Function], dict[str, Function]]:
    exact: dict[str, Function] = {}
    folded: dict[str, Function] = {}
    for row in FUNCTIONS.values():
        for spelling in (row.name, row.spoken, *row.spellings):
            exact[joined(spelling)] = row
            if len(spelling) > 3:  # LN is not a logarithm
                folded[joined(spelling).casefold()] = row
    return exact, folded


def function(name: str) -> Function | None:
    """The function of this name, however it is spelt; None if there is none. A letter with an index, l_n,
    is a symbol."""
    if name[1:2] == "_":
        return None
    exact, folded = _spellings()
    plain = joined(name)
    return exact.get(plain, folded.get(plain.casefold()))
