"""Times figure after figure in one process, each with another number on it. Prints JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

WARM_UPS = 2


def report(draw: Callable[[float], str | bytes], count: int) -> None:
    """Calls `draw` with the length of the side r, and prints the seconds of each call after the warm-up."""
    seconds = []
    for number in range(WARM_UPS + count):
        waist = 12 + 10 * (number + 0.5) / (WARM_UPS + count)
        begun = time.perf_counter()
        output = draw(waist)
        seconds.append(time.perf_counter() - begun)
        assert len(output) > 500
    print(json.dumps({"seconds": seconds[WARM_UPS:]}))
