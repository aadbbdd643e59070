"""What the arrays of a saved adapter say: finite or not, rank and size of each update, and what merging gives
beside a base.

One module is read at a time, and the base in blocks of rows: memory does not grow with the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Adapter, State
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import factored, writers
from lorafig.core.files.peft import splits_base
from lorafig.core.files.saved import Module, Saved
from lorafig.core.files.tensors import Arrays
from lorafig.core.files.weights import Weights
from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    import numpy as np

    from lorafig.core.arrays import Array

MAX_ENTRIES = 1 << 27  # of one array of an adapter: a gigabyte in float64
BLOCK = 1 << 21  # entries of the base at once
# Unit roundoff and largest number of the types that weights are kept in.
ROUNDOFF: Mapping[str, float] = {"F64": 2.0**-53, "F32": 2.0**-24, "F16": 2.0**-11, "BF16": 2.0**-8}
_LARGEST = {"F64": float("inf"), "F32": (2 - 2.0**-23) * 2.0**127, "F16": 65504.0}
_LARGEST["BF16"] = (2 - 2.0**-7) * 2.0**127


class Verified(Struct, frozen=True):
    """What the arrays of a module say.

    - `infinite`: entries that are NaN or infinite. All else is None if there are any.
    - `zero`: whether the update is zero throughout, as before training.
    - `rank`, `norm`, `largest`: of the update s B A its rank, its Frobenius norm, its largest singular
      value; None where it is not a product of two.
    - `base_norm`, `overflows`, `kept`: beside a base: its Frobenius norm, entries of the merged weight past
      the largest number of the base's type, and the share of entries that the merged weight, rounded to that
      type, has otherwise than the base.
    - `differs`: how far a merged checkpoint is from this merge, as a multiple of what rounding allows.
    """

    infinite: int
    zero: bool | None = None
    rank: int | None = None
    norm: float | None = None
    largest: float | None = None
    base_norm: float | None = None
    overflows: int | None = None
    kept: float | None = None
    differs: float | None = None


def verified(
    found: Saved, base: Weights | None = None, merged: Weights | None = None
) -> Iterator[tuple[Module, Verified]]:
    """Every module with what its arrays say. Errors: LorafigError."""
    with Arrays(found.weights, found.header) as arrays:
        for module in found.modules:
            for name in module.arrays.values():
                if prod(found.header.tensors[name].shape) > MAX_ENTRIES:
                    what = f"{name} has more than {MAX_ENTRIES:,} entries"
                    raise LorafigError(Problem(what, None, "inspect it without --verify"), "limit")
            yield module, _verified(found, module, arrays, base, merged)


def _verified(
    found: Saved, module: Module, arrays: Arrays, base: Weights | None, merged: Weights | None
) -> Verified:
    import numpy as np

    whole = {symbol: arrays.whole(name) for symbol, name in module.arrays.items()}
    own = {
        symbol: _array(array, symbol, module)
        for symbol, array in factored.arrays_of(module.method, whole).items()
    }
    infinite = sum(int(np.count_nonzero(~np.isfinite(array))) for array in own.values())
    if infinite:
        return Verified(infinite)
    zero = _is_zero(module, own)
    told = Verified(0, zero)
    factors = _factors(module, own)
    if factors is not None:
        s = None if module.scaling is None else float(module.scaling)
        told = replace(told, **_product(*factors, s))
    grouped = factors is None and module.method == "lora"  # of loralib, beside a part of the weight
    if base is None or module.kind == "experts" or grouped or splits_base(found.config) is not None:
        return told
    if module.method == "lokr" and found.written == "PEFT" and len(module.shape) == 3:
        return told  # PEFT 0.21 shuffles the product of one that runs along one axis
    return _beside(told, found, module, own, arrays, base, merged)


def _array(array: Array, symbol: str, module: Module) -> Array:
    """An array as the core has it."""
    if symbol in (writers.ALPHA, "m"):
        return array.ravel()
    if symbol == "l" and array.ndim > 2:
        return array.reshape(array.shape[:2])
    if module.turned and array.ndim == 2:
        return array.T
    if array.ndim > 2 and module.kind == "convolution":
        return array.reshape(array.shape[0], -1)
    return array


def _is_zero(module: Module, own: Mapping[str, Array]) -> bool | None:
    """Whether an additive update is zero, as far as one factor that is zero says it."""
    product = {
        "lora": "AB", "rslora": "AB", "pissa": "AB", "adalora": "PλQ", "vera": ("λ_b", "λ_d"),
        "loha": ("B_1", "A_1", "B_2", "A_2"), "lora-xs": "ARB",
    }.get(module.method)  # fmt: skip
    if module.method == "lokr":
        product = ("C", "block") if "block" in own else ("C", "A", "B")
    if product is None:
        return None
    return any(not own[symbol].any() for symbol in product if symbol in own)


def _factors(module: Module, own: Mapping[str, Array]) -> tuple[Array, Array] | None:
    """B (d × r) and A (r × k) of an update that is their product."""
    if module.kind == "experts":
        return None
    if module.method in ("lora", "rslora", "pissa", "dora"):
        return (own["B"], own["A"]) if own["B"].shape[1] == own["A"].shape[0] else None
    if module.method == "lora-xs":
        return own["B"] @ own["R"], own["A"]
    if module.method == "adalora":
        return own["P"] * own["λ"].ravel(), own["Q"]
    return None


def _product(B: Array, A: Array, s: float | None) -> dict[str, Any]:
    """Rank and norms of s B A, by the r × r matrix between orthonormal factors of the two."""
    import numpy as np

    qr: Any = np.linalg.qr  # whose types do not know its modes
    values: Array = np.linalg.svd(qr(B, mode="r") @ qr(A.T, mode="r").T, compute_uv=False)
    limit = max(B.shape[0], A.shape[1]) * 2.0**-52 * float(values[0])
    rank = int(np.count_nonzero(values > limit))
    if s is None:
        return {"rank": rank}
    return {
        "rank": rank,
        "norm": abs(s) * float(np.linalg.norm(values)),
        "largest": abs(s) * float(values[0]),
    }


def _beside(
    told: Verified,
    found: Saved,
    module: Module,
    own: dict[str, Array],
    arrays: Arrays,
    base: Weights,
    merged: Weights | None,
) -> Verified:
    """The same with what merging into the base gives."""
    import numpy as np

    frozen = base.find(module.name)
    adapter = ADAPTERS[module.method]
    scaled = module.scaling is not None or adapter.scale == ""
    if frozen is None or not scaled:
        return told
    name, source = frozen
    tensor = source.header.tensors[name]
    turned = bool(found.config.get("fan_in_fan_out")) and module.kind == "linear"
    d, k = module.sides
    sides = tensor.shape[::-1] if turned or module.kind == "embedding" else tensor.shape
    if module.method != "ia3" and len(sides) > 2:  # a convolution reads a patch of channels
        sides = sides[0], prod(sides[1:])
    if tensor.dtype not in ROUNDOFF or len(sides) != 2 or (d or sides[0], k or sides[1]) != sides:
        return told
    turned = turned or module.kind == "embedding"  # whose weight is stored k × d
    state = _state(adapter, module, own, arrays, sides)
    other = None if merged is None else merged.find(module.name)
    if other is not None and other[1].header.tensors[other[0]].shape != tensor.shape:
        return replace(told, differs=float("inf"))
    squares, overflows, changed, apart = 0.0, 0, 0, 0.0
    step = max(1, BLOCK // prod(tensor.shape[1:]))
    if _is_whole(module, turned):
        step = tensor.shape[0]
    elif module.method == "lokr":  # whole blocks of the Kronecker product
        step = max(1, step // len(state.B)) * len(state.B)
    for first in range(0, tensor.shape[0], step):
        last = min(first + step, tensor.shape[0])
        rows = source.rows(name, first, last)
        part = _part(adapter, state, "k" if turned else "d", first, last, sides)
        W = rows.T if turned else rows
        result = adapter.merged(W, part)
        squares += float(np.sum(rows * rows))
        overflows += int(np.count_nonzero(~(np.abs(result) <= _LARGEST[tensor.dtype])))
        changed += int(np.count_nonzero(_rounded(result, tensor.dtype) != W))
        if other is not None:
            there = other[1].rows(other[0], first, last)
            kind = other[1].header.tensors[other[0]].dtype
            apart = max(apart, _apart(adapter, W, part, result, there.T if turned else there, kind))
    return replace(
        told,
        base_norm=float(np.sqrt(squares)),
        overflows=overflows,
        kept=changed / prod(tensor.shape),
        differs=None if other is None else apart,
    )


def _is_whole(module: Module, turned: bool) -> bool:
    """Whether a weight has to be merged in one piece: norms that lie across."""
    return (module.method == "lokr" and turned) or (
        module.method == "dora" and (turned or "m_columns" in module.arrays)
    )


def _state(
    adapter: Adapter, module: Module, own: dict[str, Array], arrays: Arrays, sides: tuple[int, ...]
) -> State:
    sizes = {"d": sides[0], "k": sides[1], "r": module.r}
    for symbol, end in adapter.file.shared.items():
        name = f"base_model.{end}"
        if name not in arrays.header.tensors:
            raise LorafigError(
                Problem(
                    f"the file does not hold {end}",
                    None,
                    "save it with save_projection=True",
                    code="adapter-file",
                )
            )
        whole = arrays.whole(name)
        own[symbol] = whole[tuple(slice(sizes[side]) for side in adapter.symbols[symbol])]
    if "m" in own and own["m"].shape[0] != sides[0]:
        own["m_columns"] = own.pop("m")
    scale = 1.0 if module.scaling is None else float(module.scaling)
    return adapter.file.state({key: own[key] for key in own if key != writers.ALPHA}, scale)


def _part(adapter: Adapter, state: State, side: str, first: int, last: int, sides: tuple[int, ...]) -> State:
    """The state of some of the weight's rows (`d`) or columns (`k`)."""
    if (first, last) == (0, sides[0] if side == "d" else sides[1]):
        return state
    if adapter.name == "lokr":
        rows = len(state.B)
        return replace(state, C=state.C[first // rows : -(-last // rows)])
    cut = {}
    for symbol, shape in adapter.symbols.items():
        if symbol in ("x", "W") or getattr(state, symbol, None) is None:
            continue
        named = shape
        if adapter.name == "ia3":
            named = ("d",) if state.side == "output" else ("k",)
        elif adapter.name == "dora" and symbol == "m":
            named = ("d",) if state.per == "row" else ("k",)
        if side in named:
            place = tuple(slice(first, last) if name == side else slice(None) for name in named)
            cut[symbol] = getattr(state, symbol)[place]
    return replace(state, **cut)


def _rounded(array: Array, kind: str) -> Array:
    """To the nearest number of a type, ties to even; to bfloat16 by way of float32, as PyTorch does."""
    import numpy as np

    if kind == "BF16":
        bits = array.astype("<f4").view("<u4").astype("<u8")
        bits = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
        nearest: Array = bits.astype("<u4").view("<f4").astype(np.float64)
        return nearest
    with np.errstate(over="ignore"):
        plain: Array = array.astype({"F64": "<f8", "F32": "<f4", "F16": "<f2"}[kind]).astype(np.float64)
        return plain


def _apart(adapter: Adapter, W: Array, state: State, result: Array, there: Array, kind: str) -> float:
    """How far a merged weight is from this one, as a multiple of what rounding allows: a sum of n products
    of a type with unit roundoff u is off by at most γ(n) of its magnitudes, in any order (Higham 2002,
    section 3.1); here n is the longest side within the update and some roundings more."""
    import numpy as np

    u = ROUNDOFF.get(kind, 0.0)
    arrays = {
        name: getattr(state, name)
        for name in state.__struct_fields__
        if isinstance(getattr(state, name), np.ndarray)
    }
    n = max((min(array.shape) for array in arrays.values() if array.ndim == 2), default=1) + 8
    if n * u >= 1:
        return 0.0
    if adapter.magnitude is not None:
        magnitudes = adapter.magnitude(W, state, n + max(W.shape))
    else:
        size = replace(state, **{name: np.abs(array) for name, array in arrays.items()})
        magnitudes = adapter.merged(np.abs(W), size)
    allowed = n * u / (1 - n * u) * magnitudes
    off = np.abs(there - result)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: np.ndarray[Any, Any] = np.where(off == 0, 0.0, off / allowed)
    return float(np.max(ratio, initial=0.0)) if not np.isnan(ratio).any() else float("inf")
