"""A layered graph drawn at random, the same each time: `NODES SEED` lays it out and prints JSON."""

from __future__ import annotations

import json
import random
import sys

WIDTH, HEIGHT = 14.0, 8.0  # mm, each box
GAPS = 10.0, 6.0  # between layers, in a layer


def edges(count: int, seed: int = 0) -> list[tuple[int, int]]:
    """About 1.4 edges a node, most to a node near by in the next layer, some further on."""
    mix = random.Random(seed)
    width = max(2, int(count**0.5 * 0.8))
    last = (count + width - 1) // width - 1
    found = set()
    for node in range(count):
        for _ in range(1 + (mix.random() < 0.4)):
            layer = node // width
            layer = min(last, layer + (1 if mix.random() < 0.85 else mix.randint(2, 4)))
            if layer > node // width:
                low, high = layer * width, min(count, (layer + 1) * width)
                near = low + node % width + round(mix.gauss(0, width / 6 + 1))
                found.add((node, min(high - 1, max(low, near))))
    return sorted(found)


def dot(count: int, seed: int = 0) -> str:
    """The same graph for Graphviz, boxes and gaps alike."""
    size = f"width={WIDTH / 25.4:.3f}, height={HEIGHT / 25.4:.3f}, fixedsize=true"
    lines = [
        "digraph {",
        f"rankdir=LR; ranksep={GAPS[0] / 25.4:.3f}; nodesep={GAPS[1] / 25.4:.3f};",
        f'node [shape=box, label="", {size}];',
        *(f"{node};" for node in range(count)),
        *(f"{tail} -> {head};" for tail, head in edges(count, seed)),
        "}",
    ]
    return "\n".join(lines)


def main() -> None:
    from lorafig.layered import Box, Edge, Gaps, arrange

    count, seed = int(sys.argv[1]), int(sys.argv[2])
    boxes = [Box(str(node), WIDTH, HEIGHT) for node in range(count)]
    found = arrange(
        boxes, [Edge(str(tail), str(head)) for tail, head in edges(count, seed)], (), "right", Gaps(*GAPS)
    )
    print(json.dumps({"crossings": found.crossings}))


if __name__ == "__main__":
    main()
