"""How PEFT names what it saves, method by method: the arrays of a layer, and what the configuration says.

A file holds `base_model.model.<module>.<array>`, such as `…q_proj.lora_A.weight` (r × k), beside an
`adapter_config.json`. As written by PEFT 0.21.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lorafig.core.files.tensors import shown
from lorafig.errors import LorafigError, Problem

if TYPE_CHECKING:
    from lorafig.core.adapters.row import State
    from lorafig.core.arrays import Array

PREFIX = "base_model.model."
SHARED_PREFIX = "base_model."
# DoRA as its paper has it, a norm for each column. PEFT's is one for each row under another name: a square
# layer would take the wrong one without a word.
BY_COLUMN = "lora_magnitude_columns"


@dataclass(frozen=True, slots=True)
class Format:
    """A method in PEFT's words.

    - `kind`: the `peft_type`; `marks`: the keys that tell the method from others of its kind.
    - `names`: the arrays of a layer, from the symbol to what stands after the module's name; `shared`:
      those that all layers have in common.
    - `alpha` and `rank`: the keys of the scaling's numerator and of the rank, '' where there is none.
    - `state`: the core's arrays of a layer, of those in a file and the scaling.
    """

    kind: str
    names: Mapping[str, str]
    state: Callable[[Mapping[str, Array], float], State]
    alpha: str = "lora_alpha"
    rank: str = "r"
    marks: Mapping[str, object] | None = None
    shared: Mapping[str, str] | None = None


def _factors(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.lora import Factors

    return Factors(arrays["A"], arrays["B"], scale)


def _dora(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.dora import Dora

    by_column = "m_columns" in arrays
    m = arrays["m_columns" if by_column else "m"]
    return Dora(m, arrays["A"], arrays["B"], scale, "column" if by_column else "row")


def _vera(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.vera import Vera

    return Vera(arrays["A"], arrays["B"], arrays["λ_d"], arrays["λ_b"])


def _adalora(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.svd import Adalora

    return Adalora(arrays["P"], arrays["λ"].ravel(), arrays["Q"], scale)


def _loha(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.loha import Loha

    return Loha(arrays["B_1"], arrays["A_1"], arrays["B_2"], arrays["A_2"], scale)


def _lokr(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.lokr import Lokr

    whole = arrays.get("block")
    return Lokr(arrays["C"], arrays["B"] if whole is None else whole, arrays.get("A"), scale)


def _ia3(arrays: Mapping[str, Array], scale: float) -> State:
    from lorafig.core.adapters.ia3 import Ia3

    l = arrays["l"]  # noqa: E741
    return Ia3(l.ravel(), "output" if l.shape[1] == 1 else "input")


_LORA = {"A": "lora_A.weight", "B": "lora_B.weight"}

# What trains LoRA's arrays in another way (LoRA-FA), or beside weights of 4 bits (QLoRA), saves the same.
FORMATS: Mapping[str, Format] = {
    "lora": Format("LORA", _LORA, _factors),
    "rslora": Format("LORA", _LORA, _factors, marks={"use_rslora": True}),
    "dora": Format(
        "LORA",
        {**_LORA, "m": "lora_magnitude_vector", "m_columns": BY_COLUMN},
        _dora,
        marks={"use_dora": True},
    ),
    "pissa": Format("LORA", _LORA, _factors, marks={"init_lora_weights": "pissa"}),
    "qlora": Format("LORA", _LORA, _factors),
    "lora-fa": Format("LORA", _LORA, _factors),
    "vera": Format(
        "VERA",
        {"λ_d": "vera_lambda_d", "λ_b": "vera_lambda_b"},
        _vera,
        alpha="",
        marks={"save_projection": True, "projection_prng_key": 0},
        shared={"A": "vera_A", "B": "vera_B"},
    ),
    "adalora": Format("ADALORA", {"P": "lora_B", "λ": "lora_E", "Q": "lora_A"}, _adalora, rank="init_r"),
    "loha": Format(
        "LOHA",
        {"B_1": "hada_w1_a", "A_1": "hada_w1_b", "B_2": "hada_w2_a", "A_2": "hada_w2_b"},
        _loha,
        alpha="alpha",
    ),
    "lokr": Format(
        "LOKR",
        {"C": "lokr_w1", "B": "lokr_w2_a", "A": "lokr_w2_b", "block": "lokr_w2"},
        _lokr,
        alpha="alpha",
    ),
    "ia3": Format("IA3", {"l": "ia3_l"}, _ia3, alpha="", rank="", marks={"feedforward_modules": []}),
}


def method(config: Mapping[str, Any]) -> str:
    """The method that a configuration is of, by its name in the core."""
    kind = config.get("peft_type")
    if kind == "LORA":
        if config.get("use_dora") is True:
            return "dora"
        if config.get("use_rslora") is True:
            return "rslora"
        start = config.get("init_lora_weights")
        return "pissa" if isinstance(start, str) and start.startswith("pissa") else "lora"
    found = [name for name, one in FORMATS.items() if one.kind == kind]
    if not found:
        kinds = ", ".join(dict.fromkeys(one.kind for one in FORMATS.values()))
        what = "no peft_type" if kind is None else f"the peft_type {shown(kind)}"
        raise LorafigError(Problem(f"adapter_config.json has {what}", None, f"read are {kinds}"))
    return found[0]


def stored(name: str, state: State) -> dict[str, Array]:
    """The arrays of a layer as a file has them, by the end of their names; shared ones are not among them."""
    form = FORMATS[name]
    found: dict[str, Array] = {}
    for symbol, end in form.names.items():
        if name == "lokr" and symbol in ("A", "B", "block") and (symbol == "block") != (state.A is None):
            continue
        if name == "dora" and symbol in ("m", "m_columns") and (symbol == "m") != (state.per == "row"):
            continue
        array: Array = getattr(state, {"block": "B", "m_columns": "m"}.get(symbol, symbol))
        if symbol == "λ" or (symbol == "l" and state.side == "output"):
            array = array.reshape(-1, 1)
        elif symbol == "l":
            array = array.reshape(1, -1)
        found[end] = array
    return found


def configuration(name: str, modules: list[str], r: int, alpha: float | None) -> dict[str, Any]:
    """What `adapter_config.json` says. `modules` are the ends of the adapted modules' names."""
    form = FORMATS[name]
    config: dict[str, Any] = {
        "base_model_name_or_path": None,
        "inference_mode": True,
        "modules_to_save": None,
        "peft_type": form.kind,
        "target_modules": modules,
        "task_type": None,
        **(form.marks or {}),
    }
    if form.kind in ("LORA", "ADALORA"):
        config |= {"bias": "none", "fan_in_fan_out": False, "lora_dropout": 0.0}
    if form.rank != "":
        config[form.rank] = r
    if form.rank == "init_r":
        config |= {"target_r": r, "total_step": 1}  # PEFT wants to know how it was trained
    if form.alpha != "":
        config[form.alpha] = 1.0 if alpha is None else alpha
    return config


def by_module(patterns: object, module: str, default: Any, key: str) -> Any:
    """What `rank_pattern` or `alpha_pattern` says of a module.

    PEFT takes the keys for regular expressions. Here they are ends of modules' names, dots and all, or whole
    names after '^': a stranger's expression is not run.
    """
    if patterns is None or patterns == {}:
        return default
    if not isinstance(patterns, dict):
        raise LorafigError(Problem(f"{key} in adapter_config.json is not an object"))
    for pattern, value in patterns.items():
        plain = pattern.removeprefix("^").removesuffix("$").replace("\\.", ".")
        if not all(char.isalnum() or char in "._-" for char in plain):
            what = f"{key} in adapter_config.json has the expression {shown(pattern)}"
            raise LorafigError(Problem(what, None, "read are names of modules, such as layers.0.q_proj"))
        if module == plain or (not pattern.startswith("^") and module.endswith("." + plain)):
            return value
    return default
