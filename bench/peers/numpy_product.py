"""Generates W (d × k, normal, float64) once and multiplies it once: `whole|blocks D K`. Prints nothing.

`whole` as one writes it down; `blocks` of 128 rows, so that W never stands in memory at once.
"""

from __future__ import annotations

import sys

import numpy as np

ROWS = 128


def main() -> None:
    way, d, k = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    random = np.random.default_rng(0)
    x = random.standard_normal(k)
    if way == "whole":
        h = random.standard_normal((d, k)) @ x
    else:
        h = np.empty(d)
        block = np.empty((ROWS, k))
        for row in range(0, d, ROWS):
            random.standard_normal(out=block)
            h[row : row + ROWS] = (block @ x)[: d - row]
    assert np.isfinite(h).all()


if __name__ == "__main__":
    main()
