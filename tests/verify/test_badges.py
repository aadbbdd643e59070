"""Badges on what has no symbol: they claim what the figure knows, and are prose where it knows nothing."""

from __future__ import annotations

from typing import Any

import pytest

from lorafig.verify import verify
from tests.verify.own import figure

FUNCTION = {"f": {"means": "d -> d"}}


def told(node: dict[str, Any], model: dict[str, Any]) -> tuple[str, int]:
    """The verdict on a figure with one node, and how many texts of it are prose."""
    flow = {"nodes": {"x": {"bar": "x"}, "layer": node}, "edges": ["x -> layer"]}
    symbols = {"x": {"shape": ["d"], "role": "input"}} | model.pop("symbols", {})
    report = verify(figure({"adapter": "none", "d": 8, "symbols": symbols, **model}, row=[{"flow": flow}]))
    told = [
        text.text
        for text in report.prose
        if "frozen" in text.text or "train" in text.text or "lock" in text.text
    ]
    return report.verdict, len(told)


@pytest.mark.parametrize("badge", ["frozen", "lock", "trainable"])
def test_a_badge_on_a_function_without_a_role_is_prose(badge: str) -> None:
    node = {"rounded": ["Layer"], "apply": "f", "badge": badge}
    assert told(node, {"functions": FUNCTION}) == ("holds", 1)
    role = "trained" if badge == "trainable" else "frozen"
    other = "frozen" if badge == "trainable" else "trained"
    assert told(node, {"functions": {"f": {**FUNCTION["f"], "role": role}}}) == ("holds", 0)
    assert told(node, {"functions": {"f": {**FUNCTION["f"], "role": other}}})[0] == "fails"


@pytest.mark.parametrize("badge", ["frozen", "lock"])
def test_a_badge_on_words_is_prose_where_the_figure_tells_of_no_weights(badge: str) -> None:
    node = {"rounded": ["Side network"], "badge": badge}
    assert told(node, {}) == ("holds", 1)
    for role, verdict in (("frozen", "holds"), ("trained", "fails")):
        assert told(node, {"symbols": {"W": {"shape": ["d", "d"], "role": role}}})[0] == verdict
