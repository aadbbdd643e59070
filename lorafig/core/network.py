"""What a network is: its modules, how often each stands in it, and what follows from their shapes.

A module's weight is d × k and maps k to d, as everywhere in the core. An embedding maps the vocabulary to the
width of the network, so d is that width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import NO_ADAPTER

Part = Literal["linear", "head", "embedding", "other"]

ALL_LINEAR = "all-linear"  # as PEFT calls every linear module but the head


class Module(Struct, frozen=True):
    """Modules of one path and shape: `self_attn.q_proj`, d × k, `times` of them in the network.

    `part` is what an adapter may go beside (`linear`, `head`, `embedding`) or not (`other`: norms, positions,
    convolutions). The weight of one that is `tied` is another module's, and is not counted again. `also` is
    its name in another version of its library.
    """

    path: str
    d: int
    k: int
    times: int
    bias: bool = False
    part: Part = "linear"
    tied: bool = False
    also: str = ""

    @property
    def parameters(self) -> int:
        """Of one of them."""
        return (0 if self.tied else self.d * self.k) + (self.d if self.bias else 0)

    def answers(self, target: str) -> bool:
        """Whether a target means it: its name, the end of its path, or the letter that papers have for it:
        q of `W_q` and of `q_proj`."""
        last = self.path.rpartition(".")[2]
        lettered = len(target) == 1 and last in (f"W_{target}", f"{target}_proj")
        return f".{self.path}".endswith(f".{target}") or lettered or (self.also != "" and self.also == target)


class Modules:
    """Collects the modules of a network."""

    def __init__(self) -> None:
        self._times: dict[Module, int] = {}

    def add(
        self,
        path: str,
        d: int,
        k: int = 1,
        times: int = 1,
        bias: bool = False,
        part: Part = "linear",
        tied: bool = False,
        also: str = "",
    ) -> None:
        if times == 0:
            return
        module = Module(path, d, k, 1, bias, part, tied, also)
        self._times[module] = self._times.get(module, 0) + times

    def norm(self, path: str, size: int, times: int = 1, bias: bool = False) -> None:
        """The gain of a norm, one number an entry, and its bias."""
        self.add(path, size, 1, times, bias, "other")

    def vector(self, path: str, size: int, times: int = 1) -> None:
        self.add(path, size, 1, times, part="other")

    def all(self) -> tuple[Module, ...]:
        return tuple(replace(module, times=times) for module, times in self._times.items())


class Network(Struct, frozen=True, kw_only=True):
    """A network by its modules. `sizes` are its dimensions by the names that papers give them: n_layers,
    d_model, d_ff, n_heads, n_kv, d_head, n_vocab. One that has no single value is not among them."""

    name: str
    title: str
    source: str
    modules: tuple[Module, ...]
    sizes: Mapping[str, int]

    @property
    def parameters(self) -> int:
        """All of them, each that is shared counted once."""
        return sum(module.times * module.parameters for module in self.modules)

    def named(self) -> tuple[str, ...]:
        """What a target may be called: the last name of a path, and all of it where several end so."""
        places: dict[str, list[str]] = {}
        for module in self.modules:
            if module.part != "other":
                paths = places.setdefault(last_name(module.path), [])
                if module.path not in paths:
                    paths.append(module.path)
        return tuple(
            name
            for last, paths in places.items()
            for name in ((last,) if len(paths) == 1 else (last, *paths))
        )

    def chosen(self, targets: Sequence[str]) -> tuple[Module, ...]:
        """The modules that the targets mean, each once."""
        return tuple(module for module in self.modules if any(_means(module, target) for target in targets))

    def has(self, target: str) -> bool:
        return any(_means(module, target) for module in self.modules)

    def shape(self, targets: Sequence[str]) -> tuple[int, int] | None:
        """d and k of the targets: of the first that is square if they differ, of the first if none is. None
        without targets."""
        named = [(module.d, module.k) for target in targets for module in self.chosen((target,))]
        square = [shape for shape in named if shape[0] == shape[1]]
        return next(iter((*square, *named)), None)

    def adapted(self, targets: Sequence[str]) -> int:
        """How many weights have an adapter beside them."""
        return sum(module.times for module in self.chosen(targets))

    def trained(self, adapter: Adapter, r: int, targets: Sequence[str]) -> int:
        """What the adapter trains beside all targets: for LoRA the sum of r (d + k), Hu et al. (2021),
        section 4.2."""
        return self.total(targets, lambda module: adapter.parameters(module.d, module.k, r))

    def total(self, targets: Sequence[str], count: Callable[[Module], int]) -> int:
        return sum(module.times * count(module) for module in self.chosen(targets))


def symbols_of(network: Network, targets: Sequence[str], adapter: Adapter, r: int | None) -> dict[str, int]:
    """The sizes of a network by the symbols that labels have for them. n_layers, d_model, n_heads, d_head and
    n_params are Brown et al.'s (2020, table 2.1). With targets, n_adapted is how many weights have an adapter
    beside them, and n_trained how many parameters these have."""
    sizes = {**network.sizes, "n_params": network.parameters}
    if targets:
        sizes["n_adapted"] = network.adapted(targets)
        if r is not None and adapter.name != NO_ADAPTER:
            sizes["n_trained"] = network.trained(adapter, r, targets)
    return sizes


def last_name(path: str) -> str:
    """The last name of a path; a number stands for what is in front of it: `to_out.0`."""
    *front, last = path.split(".")
    return f"{front[-1]}.{last}" if last.isdecimal() else last


def _means(module: Module, target: str) -> bool:
    if target == ALL_LINEAR:
        return module.part == "linear"
    return module.part != "other" and module.answers(target)


# Bits of a number by its type; those of NF4 without the constants of its blocks.
BITS: Mapping[str, int] = {
    "fp64": 64,
    "fp32": 32,
    "tf32": 32,  # stored as fp32
    "fp16": 16,
    "bf16": 16,
    "fp8": 8,
    "int8": 8,
    "int4": 4,
    "nf4": 4,
    "nf4-double": 4,
}
