"""The two-panel figure of the gallery, built in Python with every label open to change."""

# ruff: noqa: A002, B008  (`sum` is the element's name; elements are frozen)

from __future__ import annotations

from typing import Any

from lorafig.language.model import (
    Bar,
    Bottleneck,
    Brace,
    Equation,
    Equations,
    Figure,
    Model,
    Numbers,
    Panel,
    Split,
    Square,
    StackElement,
    Sum,
)

MERGED = r"W_{\mathrm{merged}}"


def two_panel(
    *,
    d: int = 768,
    k: int | None = None,
    r: int = 8,
    alpha: float | None = None,
    let: tuple[str, ...] = (MERGED + " = W + BA",),
    rounding: Any = "nearest",
    kilo: Any = 1000,
    title: str = "LoRA (low-rank adaptation)",
    caption: str | None = "after Hu et al., 2021",
    panel: str = "During training",
    x: Bar = Bar("x", span=True),
    W: str = "W",
    W_text: tuple[str, ...] = ("Pretrained", "Weights"),
    W_math: str | None = r"W \in \mathbb{R}^{d\times d}",
    W_brace: Brace | None = None,
    factors: Any = ("A", "B"),
    labels: tuple[str, ...] = (r"A = \mathcal{N}(0,\sigma^2)", "B = 0"),
    brace: Brace | None = Brace("r"),
    branches: tuple[Any, ...] | None = None,
    sum: StackElement | None = Sum(("Wx", "BAx")),
    h: Bar = Bar("h", span=True),
    stack: tuple[StackElement, ...] | None = None,
    first: str = "h = Wx + BAx",
    second: str = "h = (W + BA)x",
    under: str = "W + BA",
    label: str = MERGED,
    more: tuple[Any, ...] = (),
    after: tuple[StackElement, ...] = (
        Bar("x"),
        Square(MERGED, ("Merged", "Weights"), MERGED + r" \in \mathbb{R}^{d\times d}"),
        Bar("h"),
    ),
    unverified: str | None = None,
) -> Figure:
    if branches is None:
        branches = (Square(W, W_text, W_math, W_brace), Bottleneck(tuple(factors), labels, brace))
    if stack is None:
        stack = (x, Split(branches), *(() if sum is None else (sum,)), h)
    equations = (first, Equation(second, Brace(label, under=under)), *more)
    return Figure(
        id="lora-two-panel",
        title=title,
        model=Model(d=d, k=k, r=r, alpha=alpha, let=let),
        numbers=Numbers(rounding, kilo),
        row=(Panel(stack, panel), Equations(equations), Panel(after, "After training")),
        caption=caption,
        unverified=unverified,
    )
