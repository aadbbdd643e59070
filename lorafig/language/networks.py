"""The network of a model: by name, or by a `config.json` beside the spec.

It is looked up once, when the spec is read, and goes with its name from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from msgspec import UNSET

from lorafig.core.adapters import ADAPTERS
from lorafig.core.network import ALL_LINEAR, Network, symbols_of
from lorafig.errors import LorafigError, Problem
from lorafig.language import beside, model
from lorafig.language.nodes import Mapping

MAX_NAME = 200
MAX_CONFIG = 1 << 20  # bytes
CONFIG = beside.Kind("config.json", "network", "network")


def named(source: model.Source) -> model.NamedNetwork:
    """The network that a name or a path stands for. Errors: LorafigError."""
    known = model.NamedNetwork(source, source.where, source.exact)
    if source.endswith(".json"):
        known.data = beside.read(source, beside.folder(source, CONFIG), MAX_CONFIG, CONFIG)
        known.network = _parsed(known.data, source)
    else:
        known.network = by_name(source)
    return known


def by_name(name: str) -> Network:
    """The network of a name. Errors: LorafigError with the names that are near."""
    from lorafig.core import networks

    network = networks.by_name(name) if len(name) <= MAX_NAME else None
    if network is None:
        from difflib import get_close_matches

        near = get_close_matches(name[:64].lower(), networks.names(), 3, 0.6)
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        hint += "name one that is known, or give the path of its config.json"
        raise LorafigError(Problem(f"there is no network '{name[:64]}'", None, hint, code="network"))
    return network


def from_file(path: str) -> Network:
    """The network of a `config.json`. Errors: LorafigError."""
    return _parsed(beside.read(path, None, MAX_CONFIG, CONFIG), path)


def _parsed(data: bytes, path: str) -> Network:
    import json

    from lorafig.core import networks

    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        problem = Problem(f"{path} is not JSON", None, "give the config.json of a network", code="network")
        raise LorafigError(problem) from None
    return networks.of_config(values, path)


def network_of(known: model.Model) -> Network | None:
    """The network of a model that was read."""
    return known.network.network if isinstance(known.network, model.NamedNetwork) else None


def numbers_of(known: model.Model) -> dict[str, Fraction]:
    """What a network gives values to, by the symbols that labels have for them."""
    network = network_of(known)
    if network is None:
        return {}
    sizes = symbols_of(network, known.targets, ADAPTERS[known.adapter], known.r)
    return {**{name: Fraction(size) for name, size in sizes.items()}, **_layers(sizes)}


def _layers(sizes: dict[str, int]) -> dict[str, Fraction]:
    return {"L": Fraction(sizes["n_layers"])} if "n_layers" in sizes else {}


# The shape that is drawn ----------------------------------------------------------------------


def problems(
    values: dict[str, Any], node: Mapping
) -> Iterator[tuple[tuple[str | int, ...], str, str | None]]:
    """What is wrong between the network, its targets and the sizes: paths, facts and hints."""
    targets, name = values.get("targets") or (), values.get("network")
    if name is None:
        if targets and node.get("network") is None:
            yield ("targets",), "targets of no network", "name the network: network: llama-3-8b"
        return
    network: Network = name.network
    wrong = [place for place, target in enumerate(targets) if not network.has(target)]
    for place in wrong:
        yield (
            ("targets", place),
            f"{name} has no module '{targets[place][:64]}'",
            no_module(network, targets[place]),
        )
    if wrong or not targets:
        return
    fitting = _fitting(values, node)
    shown = ", ".join(f"{module.path} {module.d} × {module.k}" for module in network.chosen(targets)[:8])
    if not fitting:
        told = " and ".join(f"{key} = {values.get(key):,}" for key in ("d", "k") if key in node.entries)
        hint = f"they are {shown}: leave d and k out, or give those of one"
        yield ("d" if "d" in node.entries else "k",), f"none of the targets has {told}", hint


# What other networks have as one weight, by the names of its parts.
_QKV = ("c_attn", "qkv_proj", "query_key_value", "Wqkv", "in_proj")
_FUSED = {
    **dict.fromkeys(("q_proj", "k_proj", "v_proj", "query", "key", "value", "q", "k", "v"), _QKV),
    **dict.fromkeys(("gate_proj", "up_proj"), ("gate_up_proj",)),
}
# Words of other networks and of papers for one module.
_WORDS = {
    word: names
    for names in (
        ("q_proj", "query", "q", "to_q", "W_q", "wq"),
        ("k_proj", "key", "k", "to_k", "W_k", "wk"),
        ("v_proj", "value", "v", "to_v", "W_v", "wv"),
        ("o_proj", "out_proj", "o", "to_out.0", "W_o", "wo"),
    )
    for word in names
} | dict.fromkeys(("all", "linear", "all_linear", "everything"), (ALL_LINEAR,))


def no_module(network: Network, target: str) -> str:
    """The hint for a target that is not a module of the network."""
    from lorafig.language.messages import did_you_mean, listing

    known = network.named()
    called = next((name for name in _WORDS.get(target, ()) if name in (*known, ALL_LINEAR)), None)
    near = did_you_mean(target, known) if called is None else f"write {called};"
    fused = [name for name in _FUSED.get(target, ()) if name in known]
    if fused:
        near = f"{network.title} has it in '{fused[0]}';"
    names = f"its modules are {listing(known)}; '{ALL_LINEAR}' are all linear ones but the head"
    return names if near is None else f"{near} {names}"


def drawn(values: dict[str, Any], node: Mapping) -> dict[str, int | None]:
    """The sizes d and k that the network gives to a model whose own were not given."""
    unread = UNSET in (values.get("targets"), values.get("d"), values.get("k"))
    if unread or not isinstance(values.get("network"), model.NamedNetwork):
        return {}
    network: Network = values["network"].network
    if not values.get("targets"):
        size = network.sizes.get("d_model")
        return {"d": size} if size is not None and "d" not in node.entries else {}
    fitting = _fitting(values, node)
    if not fitting:
        return {}
    own = network.shape(values["targets"])
    d, k = own if own in fitting else min(fitting)
    return {"d": d, "k": None if d == k and "k" not in node.entries else k}


def _shapes(network: Network, targets: tuple[str, ...]) -> set[tuple[int, int]]:
    return {(module.d, module.k) for module in network.chosen(targets)}


def _fitting(values: dict[str, Any], node: Mapping) -> set[tuple[int, int]]:
    """The shapes of targets that the sizes given allow; d alone is that of a square one, if there is one."""
    shapes = _shapes(values["network"].network, values["targets"])
    if "d" in node.entries:
        shapes = {shape for shape in shapes if shape[0] == values.get("d")}
        if "k" not in node.entries and len(shapes) > 1:
            return {shape for shape in shapes if shape[0] == shape[1]} or shapes
    if "k" in node.entries and values.get("k") is not None:
        shapes = {shape for shape in shapes if shape[1] == values["k"]}
    return shapes
