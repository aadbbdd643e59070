"""What texts call the modules of a network, whatever its library names them: queries, the output projection,
the MLP. One row a kind, by the ends of paths."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lorafig.core.network import Module, last_name

_FUSED = r"qkv_proj|query_key_value|c_attn|in_proj|Wqkv"  # queries, keys and values in one matrix
_ATTENTION = re.compile(r"att(?:n|ention)", re.IGNORECASE)
_ENDS: Mapping[str, re.Pattern[str]] = {
    "q": re.compile(rf"(?:(?:to_|W_)?q(?:uery)?(?:_proj)?|{_FUSED})\Z"),
    "k": re.compile(rf"(?:(?:to_|W_)?k(?:ey)?(?:_proj)?|{_FUSED})\Z"),
    "v": re.compile(rf"(?:(?:to_|W_)?v(?:alue)?(?:_proj)?|{_FUSED})\Z"),
    "o": re.compile(r"(?:(?:W_)?o(?:ut)?(?:_proj)?|to_out\.0|c_proj|dense)\Z"),
    "gate": re.compile(r"gate(?:_up)?_proj\Z"),
    "up": re.compile(r"(?:gate_)?up_proj\Z"),
    "down": re.compile(r"down_proj\Z"),
}
_NO_MLP = re.compile(r"pooler|proj_(?:in|out)|pos_proj|embed")


def is_called(module: Module, name: str) -> bool:
    """Whether a module is of a kind: one of `_ENDS`, 'attention', 'mlp', 'all' linear ones, 'embedding',
    'head'; or has this name."""
    inside = _ATTENTION.search(module.path) is not None
    match name:
        case "all":
            return module.part == "linear"
        case "attention":
            return module.part == "linear" and inside
        case "mlp":
            return module.part == "linear" and not inside and _NO_MLP.search(module.path) is None
        case "embedding" | "head":
            return module.part == name
    last = last_name(module.path)
    pattern = _ENDS.get(name)
    if pattern is None:
        return module.part != "other" and module.answers(name)
    return module.part == "linear" and inside == (name in "qkvo") and pattern.match(last) is not None
