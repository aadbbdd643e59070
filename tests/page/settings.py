# ruff: noqa: E501
"""Settings of a page at random: on the sliders, beside them, and as large as the number fields allow."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from lorafig.language.model import Figure
from lorafig.page.setting import Setting, methods, sliders, start


def settings(figure: Figure, count: int, seed: int, beyond: bool) -> Iterator[Setting]:
    """So many settings; `beyond` the sliders up to 2^40, on them otherwise."""
    dice = random.Random(seed)
    moved, begin = sliders(figure), start(figure)
    yield begin
    for _ in range(count):
        values: dict[str, Any] = {}
        for name, slider in moved.items():
            steps = (slider.max - slider.min) // slider.step
            value = slider.min + slider.step * dice.randint(0, steps)
            if beyond and dice.random() < 0.5:
                value = dice.choice([2 ** dice.randint(0, 40), dice.randint(1, 2**40), dice.randint(1, 5000)])
            values[name] = Fraction(value) if name == "alpha" else value
        if dice.random() < 0.2 and {"d", "r"} <= values.keys():
            values["r"] = values["d"]  # ties are where verdicts turn
        yield replace(begin, method=dice.choice(methods(figure)), **values)


def in_page(setting: Setting, figure: Figure) -> dict[str, Any]:
    """A setting for the page's own functions: numbers as text, BigInt has no JSON."""
    return {
        "d": str(setting.d),
        "k": None if setting.k is None else str(setting.k),
        "r": str(setting.r),
        "alpha": None if setting.alpha is None else str(setting.alpha.numerator),
        "method": methods(figure).index(setting.method),
    }


ASK = """(settings) => settings.map((one) => {
  const big = (value) => (value === null ? null : BigInt(value));
  const found = Page.evaluate({ d: big(one.d), k: big(one.k), r: big(one.r), alpha: big(one.alpha), method: one.method });
  return { numbers: found.numbers, claims: found.claims, trained: `${found.trained.n}`, full: `${found.full.n}` };
})"""
