"""Networks by name, and by the values of a `config.json`.

A network that is added is one row of `table`; an architecture is one file of `architectures` and a row here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from lorafig.core.network import Network
from lorafig.core.networks.config import Config
from lorafig.core.networks.table import TABLE, Row
from lorafig.errors import LorafigError, Problem

# The file that has the formula of each `model_type`.
ARCHITECTURES: Mapping[str, str] = {
    "gpt2": "gpt",
    "gpt3": "gpt",
    "phi3small": "gpt",
    "bert": "encoder",
    "roberta": "encoder",
    "deberta": "encoder",
    "deberta-v2": "encoder",
    "vit": "encoder",
    "t5": "t5",
    "llama": "decoder",
    "mistral": "decoder",
    "mixtral": "decoder",
    "qwen2": "decoder",
    "qwen3": "decoder",
    "gemma": "decoder",
    "gemma2": "decoder",
    "phi3": "decoder",
    "unet": "unet",
}
MOST_TEXT = 60  # characters of a stranger's text in a message


def names() -> tuple[str, ...]:
    """The names of all networks."""
    return tuple(TABLE)


@cache
def by_name(name: str) -> Network | None:
    """The network of this name, or of the id under which it is public; None if there is none.

    Capitals, hyphens and who published it make no difference: Llama-3-8B, gpt-2, Qwen/Qwen2.5-7B.
    """
    own = _by_letters().get(_letters(name))
    if own is None:
        return None
    row: Row = TABLE[own]
    source = f"config.json of {row.hub}" if row.hub else "Brown et al. (2020), table 2.1"
    return _network(own, row.title, source, row.config, own)


def of_config(values: object, called: str) -> Network:
    """The network of a `config.json`. `called` names the file in errors (LorafigError)."""
    if not isinstance(values, Mapping) or not all(isinstance(key, str) for key in values):
        raise LorafigError(
            Problem(
                f"{called} is not the configuration of a network", None, "it is an object", code="network"
            )
        )
    kind = values.get("model_type")
    if kind is None and values.get("_class_name") == "UNet2DConditionModel":
        kind = "unet"
    if kind is None and isinstance(values.get("text_config"), Mapping):
        what = f"{called} is of a network made of several"
        raise LorafigError(Problem(what, None, "give its text_config as a file of its own", code="network"))
    if not isinstance(kind, str) or kind not in ARCHITECTURES:
        said = "no model_type" if kind is None else f"the model_type {str(kind)[:MOST_TEXT]!r}"
        known = ", ".join(ARCHITECTURES)
        raise LorafigError(
            Problem(
                f"{called} has {said}, whose formula is not known", None, f"known: {known}", code="network"
            )
        )
    return _network(called, called, called, {**values, "model_type": kind}, called)


def _network(name: str, title: str, source: str, values: Mapping[str, object], called: str) -> Network:
    kind = str(values["model_type"])
    formula = import_module(f"lorafig.core.networks.architectures.{ARCHITECTURES[kind]}")
    modules, sizes = formula.build(Config(values, formula.DEFAULTS[kind], called))
    return Network(name=name, title=title, source=source, modules=modules, sizes=sizes)


@cache
def _by_letters() -> Mapping[str, str]:
    public = {_letters(row.hub): name for name, row in TABLE.items() if row.hub}
    return public | {_letters(name): name for name in TABLE}


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", name[: 2 * MOST_TEXT].rpartition("/")[2].lower())
