"""A spec that shows what a saved adapter does beside one weight, with its own sizes."""

from __future__ import annotations

import re

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.inspection import write
from lorafig.inspection.found import Found
from lorafig.inspection.model import drawn, measured, model_of, targets_of
from lorafig.language.write import scalar

# The term of the sum, where the method has a bottleneck and alpha is known.
_TERMS = {"lora": "\\frac{\\alpha}{r} BAx"}


def spec_of(found: Found, name: str) -> str:
    """The spec of an adapter as YAML: a picture where its update is LoRA's, what it computes, and what it
    trains. Errors: LorafigError."""
    module, model = drawn(found), model_of(found)
    network = found.network if found.network is not None and networks.by_name(found.network.name) else None
    told = measured(found)
    targets = () if told is None else targets_of(found)
    exact = (
        network is not None
        and module.r is not None
        and network.trained(ADAPTERS[module.method], module.r, targets) == found.trainable
        and network.adapted(targets) == len(found.modules)
    )
    title = f"{ADAPTERS[module.method].title} beside {module.name.rpartition('.')[2]}"
    if found.network is not None:
        title += f" of {found.network.title}"
    lines = [
        f"# {_comment(write.title(found))}",
        *(f"# {_comment(line)}" for line in write.totals(found)),
        "lorafig: 1",
        f"id: {scalar(name)}",
        f"title: {scalar(_text(title))}",
        "model:",
        *(f"  {key}: {value}" for key, value in model.items()),
    ]
    row = ADAPTERS[module.method]
    rows = ["'W: $\\num{d} \\times \\num{k}$'", f"'beside it: ${row.count} = \\num{{{row.count}}}$'"]
    d, k = module.sides
    if d is None or k is None or row.parameters(d, k, module.r or 0) != module.parameters:
        del rows[1]  # a file of PEFT's may have other vectors than the paper
    if exact:
        assert network is not None
        lines += [f"  network: {network.name}", f"  targets: [{', '.join(targets)}]"]
        rows += [
            "'$n_{adapted} = \\num{n_{adapted}}$'",
            "'trained: $n_{trained} = \\num{n_{trained}}$'",
            "'all: $n_{params} = \\num{n_{params}}$'",
            "'share: $\\num[%]{n_{trained} / n_{params}}$'",
        ]
    lines.append("row:")
    if module.method in _TERMS:
        lines += _stack("BAx" if module.alpha is None else _TERMS[module.method])
    scale = row.scale if module.alpha is not None else ""
    formulas = [
        f"{symbol} = {re.sub(r'(?<![A-Za-z])s (?=[(A-Z])', lambda _: f'{scale} ', formula)}"
        for symbol, formula in row.defined.items()
        if symbol in _SHOWN
    ]
    lines += ["  - equations:", *(f"      - {scalar(formula)}" for formula in formulas)]
    lines += ["card:", "  title: What it trains", "  rows:", *(f"    - {entry}" for entry in rows)]
    return "\n".join(lines) + "\n"


_SHOWN = ("h", "ΔW", "ΔV")


def _stack(term: str) -> list[str]:
    return [
        "  - stack:",
        "      - bar: x",
        "        math: 'x \\in \\mathbb{R}^{k}'",
        "      - arrow",
        "      - split:",
        "          - square: W",
        "          - bottleneck: [A, B]",
        "            brace: r",
        f"      - sum: [Wx, {scalar(term)}]",
        "      - bar: h",
        "        math: 'h \\in \\mathbb{R}^{d}'",
    ]


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else "�" for char in text)[:200]


def _text(text: str) -> str:
    """Words of a stranger as words of a label."""
    return "".join(f"\\{char}" if char in "\\$*{}#%&_" else char for char in _comment(text))
