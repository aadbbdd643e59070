"""What a saved adapter is, whoever wrote it: modules with shape, rank and scaling, and all else in the file.

Read is the header of the weights, the configuration beside it, and numbers that stand in the file as arrays.
Where the configuration says other than the file, the file is right, and a remark says so.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapters import ADAPTERS
from lorafig.core.files import factored, folder, layer, peft, tensors, writers
from lorafig.core.files.others import CLASSIFIERS, CLASSIFYING, Other, others_of
from lorafig.core.files.tensors import Header, Path, Tensor, shown
from lorafig.errors import LorafigError, Problem

Kind = Literal["linear", "embedding", "convolution", "experts"]
_DOWN, _UP = ("A", "A_1", "A_2", "Q", "block"), ("B", "B_1", "B_2", "P")  # r × k, and d × r
_KERNELS = ("mid", "mid_1", "mid_2")
MAX_NAMED = 3  # modules that a remark names


class Module(Struct, frozen=True):
    """A module with an adapter beside it. `shape` is that of its weight, d × k; of a convolution d, the
    channels that it reads and the kernel; of experts how many, d and k. A side that the file does not say is
    None. `arrays` are the names in the file, by the core's symbols."""

    name: str
    method: str
    kind: Kind
    shape: tuple[int | None, ...]
    r: int | None
    alpha: Fraction | None
    scaling: Fraction | None
    parameters: int
    dtype: str
    bytes: int
    arrays: Mapping[str, str]
    turned: bool = False

    @property
    def sides(self) -> tuple[int | None, int | None]:
        """d and k, of one expert; a convolution reads a patch of channels."""
        d, *rest = self.shape[1:] if self.kind == "experts" else self.shape
        return d, None if None in rest else prod(side for side in rest if side is not None)


class Remark(Struct, frozen=True):
    """Something that a reader has to know. One that `fails` says that the adapter is not what it says."""

    problem: Problem
    fails: bool = False


class Saved(Struct, frozen=True):
    """A saved adapter. `written` is who wrote the file, `weights` is where it lies."""

    path: str
    weights: str
    header: Header
    method: str
    written: str | None
    base: str | None
    modules: tuple[Module, ...]
    others: tuple[Other, ...]
    remarks: tuple[Remark, ...]
    config: Mapping[str, Any]

    @property
    def trainable(self) -> int:
        return sum(module.parameters for module in self.modules) + sum(
            other.parameters for other in self.others if other.trained
        )


class _Parts(Struct):
    """The arrays of a module by symbol, while they are collected."""

    method: str = ""
    kind: str = ""
    turned: bool = False
    arrays: dict[str, str] = {}


class _Alphas:
    """The numerator of each module's scaling, by what the file or the configuration says."""

    def __init__(self, path: str, header: Header, config: Mapping[str, Any], written: str | None) -> None:
        self.config, self.written = config, written
        self.trained_by = _diffusers_metadata(header)
        self.scalars: dict[str, Fraction | None] = {}
        names = [
            name for name, one in header.tensors.items() if name.endswith(".alpha") and prod(one.shape) == 1
        ]
        if names:
            with tensors.Arrays(path, header) as arrays:
                for name in names:
                    self.scalars[name] = layer.number(float(arrays.whole(name).ravel()[0]))

    def of(self, module: str, parts: _Parts, r: int | None) -> tuple[Fraction | None, Fraction | None]:
        """alpha and the scaling; None where nothing says them. Errors: LorafigError."""
        adapter = ADAPTERS[parts.method]
        if adapter.scale == "":
            return None, None
        if "lora_parameters" in self.config:
            return self._of_mlx(r)
        if peft_type(self.config) is not None:
            alpha = layer.said_alpha(adapter, self.config, module)
        else:
            alpha = self._beside(module, parts, r)
        if alpha is not None and r is None and parts.method == "lokr":
            return None, Fraction(1)  # LyCORIS scales no update whose two matrices are whole
        if alpha is None or r is None:
            return alpha, None
        return alpha, peft.scaling(adapter, self._said(module))(alpha, r)

    def _said(self, module: str) -> Mapping[str, Any]:
        """PEFT's configuration of a module: that of the folder, or what diffusers notes of its part."""
        noted = (said for prefix, said in self.trained_by.items() if module.startswith(f"{prefix}."))
        return self.config or next(noted, {})

    def _beside(self, module: str, parts: _Parts, r: int | None) -> Fraction | None:
        """Without a configuration: the number beside the arrays. Where there is none, kohya's scripts and
        diffusers take the rank."""
        name = parts.arrays.get(writers.ALPHA)
        if name is not None:
            return self.scalars.get(name)
        said = self._said(module)
        if said:
            value = peft.by_module(said.get("alpha_pattern"), module, said.get("lora_alpha"), "alpha_pattern")
            return layer.number(value)
        return Fraction(r) if r is not None and self.written in ("kohya", "diffusers") else None

    def _of_mlx(self, r: int | None) -> tuple[Fraction | None, Fraction | None]:
        """MLX multiplies the update by `scale`; before it dropped `alpha`, by scale · alpha / rank."""
        said = self.config["lora_parameters"]
        scale = layer.number(said.get("scale")) if isinstance(said, dict) else None
        alpha = layer.number(said.get("alpha")) if isinstance(said, dict) else None
        if scale is None or r is None:
            return alpha, None
        scaling = scale if alpha is None else scale * alpha / r
        return scaling * r, scaling


def saved(path: Path) -> Saved:
    """What an adapter is: a folder, or a safetensors file. Errors: LorafigError."""
    text = os.fspath(path)
    weights = folder.weights_of(text)
    header = tensors.read_header(weights)
    config: dict[str, Any] = {}
    remarks: list[Remark] = []
    beside = os.path.isdir(text) and os.path.lexists(os.path.join(text, folder.CONFIG))
    if beside:
        config = folder.configuration(text)
    kind = peft_type(config)
    modules, left = _by_peft(config, header, remarks) if kind is not None else _by_names(header)
    written: str | None = "PEFT" if kind is not None else _writer(header, modules)
    made, failed = _made(weights, header, config, written, modules, remarks)
    left = dict(sorted({**left, **failed}.items(), key=lambda pair: natural(pair[0])))
    methods = Counter(module.method for module in made)
    method = ", ".join(name for name, _ in methods.most_common()) or (kind or "unknown").lower()
    if not beside and written in ("PEFT", None) and made:
        what = f"no {folder.CONFIG} was read: what alpha is, and so the scaling, is not known"
        hint = "name the folder" if not os.path.isdir(text) else None
        remarks.append(Remark(Problem(what, None, hint, code="adapter-file")))
    others = others_of(header, config, left)
    _remark_unknown(others, remarks, bool(failed))
    _remark_targets(config, made, others, remarks)
    base = config.get("base_model_name_or_path", config.get("model"))
    base = base if isinstance(base, str) else header.metadata.get("ss_sd_model_name")
    return Saved(text, weights, header, method, written, base, made, others, tuple(remarks), config)


def peft_type(config: Mapping[str, Any]) -> str | None:
    kind = config.get("peft_type")
    return kind if isinstance(kind, str) else None


def _by_peft(
    config: Mapping[str, Any], header: Header, remarks: list[Remark]
) -> tuple[dict[str, _Parts], dict[str, str]]:
    """The modules of PEFT's file, by the method of the configuration, and why other arrays make none. Where
    the arrays are those of another method, the file is right."""
    try:
        adapter = peft.method(config, header.tensors)
    except LorafigError:
        return {}, dict.fromkeys(header.tensors, "")
    shared = {peft.SHARED_PREFIX + end for end in adapter.file.shared.values()}
    modules: dict[str, _Parts] = {}
    left = {}
    for name in header.tensors:
        plain = name.replace(".default.weight", ".weight") if ".lora_" in name else name
        symbol, module = peft.owner(adapter.file, plain)
        read = writers.read_name(name)
        kind = ""
        if read is not None and read.end.method in (adapter.name, adapter.file.kind.lower()):
            kind = read.end.kind
            if symbol is None:
                symbol, module = read.end.symbol, read.module
        elif symbol is None and read is not None and read.end.symbol == "m" and adapter.file.kind == "LORA":
            symbol, module = "m", read.module
        if name in shared:
            left[name] = "frozen: the matrix that all layers share"
        elif symbol is None:
            left[name] = ""
        else:
            parts = modules.setdefault(module, _Parts(adapter.name))
            parts.arrays[symbol] = name
            parts.kind = parts.kind or kind
    other = [module for module, parts in modules.items() if _is_other(parts)]
    for module in other:
        modules[module].method = "dora" if "m" in modules[module].arrays else "lora"
    if other:
        there = "has" if "m" in modules[other[0]].arrays else "lacks"
        what = f"use_dora is {bool(config.get('use_dora'))} in {folder.CONFIG}, and the file {there} the"
        remarks.append(
            Remark(
                Problem(
                    f"{what} magnitudes of {_few(other)}", None, "the file is right", code="adapter-file"
                ),
                True,
            )
        )
    if not modules:
        named, unread = _by_names(header)
        if named:
            methods = ", ".join(dict.fromkeys(parts.method for parts in named.values()))
            said = f"peft_type is {shown(config['peft_type'])[1:-1]} in {folder.CONFIG}"
            what = f"{said}, and the arrays are those of {methods}"
            remarks.append(Remark(Problem(what, None, "the file is right", code="adapter-file"), True))
            return named, unread
    return modules, left


def _is_other(parts: _Parts) -> bool:
    """Whether a module has magnitudes where the configuration speaks of none, or the other way round."""
    if "A" not in parts.arrays or ADAPTERS[parts.method].file.kind != "LORA":
        return False
    return (parts.method == "dora") != any(one in parts.arrays for one in ("m", "m_columns"))


def _by_names(header: Header) -> tuple[dict[str, _Parts], dict[str, str]]:
    """The modules by the names of their arrays alone."""
    modules: dict[str, _Parts] = {}
    left = {}
    for name in header.tensors:
        read = writers.read_name(name)
        if read is None:
            left[name] = ""
            continue
        parts = modules.setdefault(read.module, _Parts())
        parts.arrays[read.end.symbol] = name
        parts.turned |= read.end.turned
        parts.kind = parts.kind or read.end.kind
        if read.end.method == "dora" or parts.method == "":
            parts.method = read.end.method
    for module in [module for module, parts in modules.items() if set(parts.arrays) <= {"m", writers.ALPHA}]:
        left.update(dict.fromkeys(modules.pop(module).arrays.values(), ""))
    return modules, left


def _writer(header: Header, modules: Mapping[str, _Parts]) -> str | None:
    """Who wrote most of the arrays."""
    names = (writers.read_name(name) for parts in modules.values() for name in parts.arrays.values())
    count = Counter(name.writer for name in names if name is not None and name.writer is not None)
    return count.most_common(1)[0][0] if count else None


def _made(
    weights: str,
    header: Header,
    config: Mapping[str, Any],
    written: str | None,
    modules: Mapping[str, _Parts],
    remarks: list[Remark],
) -> tuple[tuple[Module, ...], dict[str, str]]:
    """The modules, and why the arrays of others make none."""
    made = []
    failed: dict[str, str] = {}
    alphas = _Alphas(weights, header, config, written)
    wrong: dict[tuple[int | None, str], list[str]] = {}
    untold: dict[str, list[str]] = {}
    for name, parts in modules.items():
        try:
            whole = _module(name, parts, header, config)
        except LorafigError as error:
            reason = str(error.problems[0].what)
            failed.update(dict.fromkeys(parts.arrays.values(), f"not understood: {reason}"))
            continue
        try:
            alpha, scaling = alphas.of(name, parts, whole.r)
        except LorafigError as error:
            untold.setdefault(str(error.problems[0].what), []).append(name)
            alpha = scaling = None
        said = _claimed_rank(name, parts, config)
        if said is not _UNSAID and said != whole.r:
            wrong.setdefault((whole.r, shown(said)[1:-1]), []).append(name)
        made.append(replace(whole, alpha=alpha, scaling=scaling))
    for (r, claimed), names in wrong.items():
        what = f"{folder.CONFIG} says the rank {claimed}, and the file has {r}: {_few(names)}"
        remarks.append(
            Remark(
                Problem(what, None, "the file is right: PEFT would refuse to load it", code="adapter-file"),
                True,
            )
        )
    for reason, names in untold.items():
        remarks.append(Remark(Problem(f"{reason}: {_few(names)}", code="adapter-file"), True))
    return tuple(sorted(made, key=lambda module: natural(module.name))), failed


def natural(name: str) -> list[tuple[int, int | str]]:
    """A key that sorts layer 2 before layer 10."""
    parts = re.split(r"([0-9]{1,18})", name)
    return [(0, int(part)) if place % 2 else (1, part) for place, part in enumerate(parts)]


def _few(names: list[str]) -> str:
    """Some of the modules that a remark is about."""
    listed = ", ".join(shown(name)[1:-1] for name in names[:MAX_NAMED])
    more = len(names) - MAX_NAMED
    return listed if more <= 0 else f"{listed} and {more:,} more"


_UNSAID = object()


def _claimed_rank(module: str, parts: _Parts, config: Mapping[str, Any]) -> object:
    """What the configuration says that the rank is, where the arrays have to have it."""
    if peft_type(config) is None:
        said = config.get("lora_parameters")
        return said["rank"] if isinstance(said, dict) and "rank" in said else _UNSAID
    if not ADAPTERS[parts.method].file.fixed or config.get("target_parameters"):
        return _UNSAID
    try:
        return layer.said_rank(config, module)
    except LorafigError:
        return _UNSAID


def _module(name: str, parts: _Parts, header: Header, config: Mapping[str, Any]) -> Module:
    """A module by its arrays. Errors: LorafigError where they do not go together."""
    adapter = ADAPTERS[parts.method]
    found = {symbol: header.tensors[array] for symbol, array in parts.arrays.items()}
    experts, kernel = None, _kernel(found)
    shapes: dict[str, tuple[int, ...]] = {}
    if parts.turned and all(len(found[one].shape) == 3 for one in ("A", "B") if one in found):
        experts, shapes = _switch(name, found)
    merged = _is_merged(parts, found)
    whole = factored.shapes_of(parts.method, {symbol: tensor.shape for symbol, tensor in found.items()})
    for symbol, own in whole.items():
        if symbol != writers.ALPHA and symbol not in shapes:
            if symbol not in adapter.symbols and symbol not in adapter.file.shapes:
                raise LorafigError(
                    Problem(f"{shown(name)} has arrays of several methods", code="adapter-file")
                )
            shapes[symbol] = _flat(symbol, own, parts.turned)
            if symbol == "l" and len(own) > 2 and not _is_fed(config, name):
                shapes[symbol] = shapes[symbol][::-1]
            layer.fits(adapter, parts.arrays.get(symbol, name), Tensor("", shapes[symbol]), symbol)
    if (
        "m" in shapes
        and "A" in shapes
        and "B" in shapes
        and shapes["m"] == shapes["A"][1:] != shapes["B"][:1]
    ):
        shapes["m_columns"] = shapes.pop("m")  # a norm for each column, as in the paper
    if merged:
        shapes["A"] = shapes["B"][1], shapes["A"][1]
    d, k, r = layer.dimensions(adapter, name, shapes)
    if merged:
        d = None  # the file does not say how many of the projections have none
    if r is None:
        r = _said_whole(config, adapter.file.ranks)
    claimed = config.get("r")
    if (
        config.get("target_parameters")
        and isinstance(claimed, int)
        and claimed > 0
        and r
        and r % claimed == 0
    ):
        experts, r = r // claimed, claimed  # one matrix holds the ranks of all experts
    shape: tuple[int | None, ...] = (d, k)
    kind: Kind = "linear"
    if experts is not None and (experts > 1 or parts.turned):
        kind, shape = "experts", (experts, d, k)
    elif kernel is not None and k is not None:
        kind, shape = "convolution", (d, k // prod(kernel), *kernel)
    elif parts.kind == "embedding":
        kind = "embedding"
    trained = [tensor for symbol, tensor in found.items() if symbol not in (*adapter.frozen, writers.ALPHA)]
    return Module(
        name,
        parts.method,
        kind,
        shape,
        r,
        None,
        None,
        sum(prod(tensor.shape) for tensor in trained),
        ", ".join(sorted({tensor.dtype for tensor in trained})),
        sum(map(tensors.stored, found.values())),
        parts.arrays,
        parts.turned,
    )


def _is_merged(parts: _Parts, found: Mapping[str, Tensor]) -> bool:
    """Whether it is loralib's layer of several projections in one, as GPT-2's: A has the ranks of all of them
    above each other, B those of one."""
    if parts.method != "lora" or not {"A", "B"} <= set(found) or not parts.arrays["A"].endswith(".lora_A"):
        return False
    first, second = found["A"].shape, found["B"].shape
    many = len(first) == len(second) == 2 and first[0] > second[1] > 0 and first[0] % second[1] == 0
    return many and second[0] % (first[0] // second[1]) == 0


def _said_whole(config: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    value = config.get(keys[0]) if keys else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _kernel(found: Mapping[str, Tensor]) -> tuple[int, ...] | None:
    """The kernel of a convolution: behind the rank and the channels of A, or behind the ranks of the one
    between."""
    for symbol in (*_KERNELS, "A", "Q", "block"):
        if symbol in found and len(found[symbol].shape) in (3, 4, 5):
            return found[symbol].shape[2:]
    return None


def _flat(symbol: str, shape: tuple[int, ...], turned: bool) -> tuple[int, ...]:
    """The shape of an array as the core has it: convolutions as matrices, vectors without sides of 1."""
    if symbol == "m":
        return (prod(shape),)
    if symbol == "l" and len(shape) > 2:
        return shape[:2]
    if turned and len(shape) == 2:
        return shape[::-1]
    if symbol in _DOWN and len(shape) > 2:
        return shape[0], prod(shape[1:])
    if symbol in _UP and len(shape) > 2 and prod(shape[2:]) == 1:
        return shape[:2]
    return shape


def _is_fed(config: Mapping[str, Any], name: str) -> bool:
    """Whether (IA)³ scales what a module reads: the vector beside a convolution does not say it."""
    said = config.get("feedforward_modules")
    return isinstance(said, list) and any(isinstance(one, str) and _has(name, one) for one in said)


def _switch(name: str, found: Mapping[str, Tensor]) -> tuple[int, dict[str, tuple[int, ...]]]:
    """How many experts MLX has in one module, and the shapes of one: A experts × r × k, B experts × d × r."""
    if "A" not in found or "B" not in found or found["A"].shape[0] != found["B"].shape[0]:
        raise LorafigError(Problem(f"the arrays of {shown(name)} do not go together", code="adapter-file"))
    return found["A"].shape[0], {"A": found["A"].shape[1:], "B": found["B"].shape[1:]}


def _diffusers_metadata(header: Header) -> Mapping[str, dict[str, Any]]:
    """What diffusers notes beside the arrays: PEFT's configuration of each part, as `unet.lora_alpha`."""
    said = folder.parsed(header.metadata.get("lora_adapter_metadata", "")) or {}
    parts: dict[str, dict[str, Any]] = {}
    for key, value in said.items():
        part, _, name = key.partition(".")
        parts.setdefault(part, {})[name] = value
    return parts


def _remark_unknown(others: tuple[Other, ...], remarks: list[Remark], broken: bool) -> None:
    """`broken`: among them are arrays of modules that lack others."""
    unknown = [other for other in others if other.trained is None]
    if unknown:
        count = sum(other.parameters for other in unknown)
        names = _few([other.name for other in unknown])
        arrays = "1 array is" if len(unknown) == 1 else f"{len(unknown):,} arrays are"
        parameters = "1 parameter" if count == 1 else f"{count:,} parameters"
        what = f"{arrays} not understood, and {parameters} not counted: {names}"
        remarks.append(Remark(Problem(what, code="adapter-file"), broken))


def _remark_targets(
    config: Mapping[str, Any], made: tuple[Module, ...], others: tuple[Other, ...], remarks: list[Remark]
) -> None:
    """Modules that the configuration names and the file does not have."""
    for key in ("target_modules", "modules_to_save"):
        names = config.get(key)
        if peft_type(config) is None or not isinstance(names, list):
            continue
        there = [module.name for module in made] if key == "target_modules" else [one.name for one in others]
        absent = [
            name for name in names if isinstance(name, str) and not any(_has(one, name) for one in there)
        ]
        if config.get("task_type") in CLASSIFYING:
            absent = [name for name in absent if name not in CLASSIFIERS]  # of which PEFT names all
        if absent and (made or key == "modules_to_save"):
            what = f"{key} in {folder.CONFIG} names {_few(absent)}, of which the file has nothing"
            remarks.append(Remark(Problem(what, code="adapter-file")))


def _has(path: str, name: str) -> bool:
    return f".{name}." in f".{path}."
