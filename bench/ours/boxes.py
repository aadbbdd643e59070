"""Our figure of many boxes with labels and arrows: `LAYERS OUT.svg drawn|verified`. Prints JSON.

A layer is a bar with arrows to 98 bars of the same vector, whose sum is the next layer's vector: 99
boxes and 196 arrows out of 102 elements, so that 98 layers come as near to 10,000 boxes as the limit of
10,000 elements lets them. The figure is true: every layer is 98 times the one below.
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lorafig.language import Figure, StackElement

BRANCHES = 98


def build(layers: int) -> Figure:
    from lorafig.language import Arrow, Bar, Figure, Model, Split, Sum, ThemeChoice

    symbols = ["x", *(f"y_{{{number}}}" for number in range(1, layers + 1))]
    stack: list[StackElement] = []
    for symbol in symbols[:-1]:
        stack += [Bar(symbol, span=True), Arrow(), Split((Bar(symbol),) * BRANCHES), Sum("arrows")]
    definitions = (f"{symbols[number]} = {BRANCHES}^{{{number}}} x" for number in range(1, layers + 1))
    return Figure(
        id="boxes",
        title="Many boxes",
        model=Model(d=16, r=2, let=tuple(definitions)),
        theme=ThemeChoice(font_size=5.0),
        stack=(*stack, Bar(symbols[-1], span=True)),
    )


def main() -> None:
    layers, target, mode = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    begun = time.perf_counter()
    from lorafig import Figure
    from lorafig.files import write_whole

    figure = Figure(build(layers))
    if mode == "verified":
        output = figure.to_svg()
    else:
        from lorafig.draw import lay_out
        from lorafig.render import svg

        output = svg.render(lay_out(figure.spec))
    write_whole(target, output)
    print(json.dumps({"seconds": [time.perf_counter() - begun]}))


if __name__ == "__main__":
    main()
