"""What PEFT writes beside and into its files: names of arrays, and `adapter_config.json`.

A file holds `base_model.model.<module>.<array>`, such as `…q_proj.lora_A.weight` (r × k). How it is saved
each adapter says itself (`Adapter.file`). As written by PEFT 0.21.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from typing import Any

from lorafig.core.adapter import Adapter, Format
from lorafig.core.adapters import ADAPTERS
from lorafig.core.files.patterns import UnreadableError, fits
from lorafig.core.files.tensors import shown
from lorafig.errors import LorafigError, Problem

PREFIX = "base_model.model."
SHARED_PREFIX = "base_model."


def array_name(module: str, end: str) -> str:
    """The name of an array in a file. What begins with an underscore goes on where the module's name ends."""
    return f"{PREFIX}{module}{'' if end.startswith('_') else '.'}{end}"


def owner(form: Format, name: str) -> tuple[str | None, str]:
    """The symbol of an array and the module that it belongs to; None if the array is not the method's."""
    for symbol, end in form.names.items():
        tail = array_name("", end).removeprefix(PREFIX)
        if name.startswith(PREFIX) and name.endswith(tail) and len(name) > len(PREFIX) + len(tail):
            return symbol, name[len(PREFIX) : -len(tail)]
    return None, ""


def method(config: Mapping[str, Any], names: Collection[str]) -> Adapter:
    """The method of a configuration and the names of its arrays: of those of its kind, the one that has most
    of what tells it from the others."""

    def marks(form: Format) -> int | None:
        """How many marks of the method are there, None if one is not."""
        there = [_marked(config.get(key), mark) for key, mark in form.marks.items()]
        there += [any(name.endswith(form.sign) for name in names)] if form.sign != "" else []
        return len(there) if all(there) else None

    kind = config.get("peft_type")
    adapters = list(ADAPTERS.values())
    found = [
        (count, adapter)
        for adapter in adapters
        if adapter.file.kind == kind and (count := marks(adapter.file)) is not None
    ]
    if not found:
        kinds = ", ".join(dict.fromkeys(adapter.file.kind for adapter in adapters))
        what = "no peft_type" if kind is None else f"the peft_type {shown(kind)}"
        raise LorafigError(
            Problem(f"adapter_config.json has {what}", None, f"read are {kinds}", code="adapter-file")
        )
    return max(found, key=lambda pair: pair[0])[1]


def scaling(adapter: Adapter, config: Mapping[str, Any]) -> Callable[[Fraction, int], Fraction]:
    """The scaling by alpha and the rank: DoRA too is scaled as rsLoRA is where the configuration says so."""
    if adapter.file.kind == "LORA" and config.get("use_rslora") is True:
        return ADAPTERS["rslora"].scaling
    return adapter.file.scaling or adapter.scaling


# Starts that take a part of the pretrained weights away, which PEFT does anew when it loads the adapter.
_SPLITTING = ("pissa", "olora", "corda", "loftq", "lora_ga")


def splits_base(config: Mapping[str, Any]) -> str | None:
    """The start of an adapter whose update is not added to the base as it lies on the disk."""
    start = config.get("init_lora_weights")
    return start if isinstance(start, str) and start.startswith(_SPLITTING) else None


def _marked(value: object, mark: object) -> bool:
    if isinstance(mark, str):
        return isinstance(value, str) and value.startswith(mark)
    return value is mark


def configuration(form: Format, modules: list[str], r: int, alpha: float | None) -> dict[str, Any]:
    """What `adapter_config.json` says. `modules` are the ends of the adapted modules' names."""
    config: dict[str, Any] = {
        "base_model_name_or_path": None,
        "inference_mode": True,
        "modules_to_save": None,
        "peft_type": form.kind,
        "target_modules": modules,
        "task_type": None,
        **form.marks,
        **form.more,
        **dict.fromkeys(form.ranks, r),
    }
    if form.alpha != "":
        config[form.alpha] = 1.0 if alpha is None else alpha
    return config


def by_module(patterns: object, module: str, default: Any, key: str) -> Any:
    """What `rank_pattern` or `alpha_pattern` says of a module.

    PEFT takes the keys for regular expressions and the first that fits. A stranger's expression is not run:
    those that names of modules need are read by `patterns`.
    """
    if patterns is None or patterns == {}:
        return default
    if not isinstance(patterns, dict):
        raise LorafigError(Problem(f"{key} in adapter_config.json is not an object", code="adapter-file"))
    for pattern, value in patterns.items():
        try:
            fitting = fits(pattern, module)
        except UnreadableError:
            what = f"{key} in adapter_config.json has the expression {shown(pattern)}"
            hint = "read are names of modules, such as layers.0.q_proj, with .*, \\d+, [0-9] and (a|b)"
            raise LorafigError(Problem(what, None, hint, code="adapter-file")) from None
        if fitting:
            return value
    return default
