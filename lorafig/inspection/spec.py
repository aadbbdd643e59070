"""A spec that shows what a saved adapter does beside one weight, with its own sizes."""

from __future__ import annotations

import re
from collections import Counter
from math import prod

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Problem
from lorafig.inspection import write
from lorafig.inspection.found import Found
from lorafig.inspection.model import drawn, measured, model_of, targets_of
from lorafig.language.write import scalar

# The term of the sum, where the method has a bottleneck and alpha is known.
_TERMS = {"lora": "\\frac{\\alpha}{r} BAx"}


def spec_of(found: Found, name: str) -> str:
    """The spec of an adapter as YAML: a picture where its update is LoRA's, what it computes, and what it
    trains. Errors: LorafigError."""
    if not found.modules:
        return _of_arrays(found, name)
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
    title = f"Saved adapter: {ADAPTERS[module.method].title}"
    if found.network is not None:
        title += f" for {found.network.title}"
    drawn_is = f"# Drawn is {_comment(module.name)}, which most of them are like."
    lines = [drawn_is, *_begun(found, name, title), *(f"  {key}: {value}" for key, value in model.items())]
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
    lines += ["card:", "  title: In numbers", "  rows:", *(f"    - {entry}" for entry in rows)]
    return "\n".join(lines) + "\n"


def _begun(found: Found, name: str, title: str) -> list[str]:
    return [
        f"# {_comment(write.title(found))}",
        *(f"# {_comment(line)}" for line in write.totals(found)),
        "lorafig: 1",
        f"id: {scalar(name)}",
        f"title: {scalar(_text(title))}",
        "model:",
    ]


MAX_GROUPS = 6  # of arrays of one shape


def _of_arrays(found: Found, name: str) -> str:
    """The spec of an adapter without modules, as prefixes are: its arrays by their shapes, largest first."""
    trained = [other for other in found.others if other.trained and other.shape]
    shapes = Counter(other.shape for other in trained)
    groups = sorted(shapes, key=lambda shape: -shapes[shape] * prod(shape))[:MAX_GROUPS]
    if not groups:
        raise LorafigError(
            Problem(f"{found.path} has no trained array to draw", None, None, code="adapter-file")
        )
    sizes: dict[str, int] = {}
    symbols, formulas, rows, counts = [], [], [], []
    for number, shape in enumerate(groups, 1):
        sides = [f"n_{{{number}{place}}}" for place in range(1, 3)]
        # As a matrix: what lies behind the first side is one row.
        lengths = (shape[0], prod(shape[1:]))
        sizes.update(zip(sides, lengths, strict=True))
        symbols.append(f"    P_{number}: {{shape: [{scalar(sides[0])}, {scalar(sides[1])}], role: trained}}")
        formulas.append(f"P_{number} \\in \\mathbb{{R}}^{{{sides[0]} \\times {sides[1]}}}")
        many = "" if shapes[shape] == 1 else f"{shapes[shape]} \\cdot "
        counts.append(f"{many}{sides[0]} {sides[1]}")
        rows.append(f"${counts[-1]} = \\num{{{counts[-1]}}}$")
    if 1 < len(groups) == len(shapes) <= 3:
        whole = " + ".join(counts)
        rows.append(f"${whole} = \\num{{{whole}}}$")
    lines = [
        *_begun(found, name, f"What {found.method} trains"),
        "  adapter: none",
        "  sizes:",
        *(f"    {scalar(side)}: {length}" for side, length in sizes.items()),
        "  symbols:",
        *symbols,
        "row:",
        "  - equations:",
        *(f"      - {scalar(formula)}" for formula in formulas),
        "card:",
        "  title: In numbers",
        "  rows:",
        *(f"    - {scalar(row)}" for row in rows),
    ]
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
