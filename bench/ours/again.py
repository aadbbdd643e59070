"""One more figure, its numbers changed, in the same process: `COUNT yaml|python SPEC`. Prints JSON.

`yaml` reads the changed text of the spec each time, `python` changes the numbers of the figure that was
read once. Either is verified before it is drawn; no label is set twice.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lorafig.values import replace

WARM_UPS = 2


def changed(text: str, number: int) -> str:
    """The spec with other dimensions: d and r depend on `number`."""
    text, first = re.subn(r"(?m)^  d: \d+$", f"  d: {512 + 8 * number}", text)
    text, second = re.subn(r"(?m)^  r: \d+$", f"  r: {4 + number % 60}", text)
    if first != 1 or second != 1:
        raise SystemExit("the spec no longer says d and r where the benchmark changes them")
    return text


def from_yaml(spec: Path) -> Callable[[int], str]:
    import lorafig

    text = spec.read_text(encoding="utf-8")
    return lambda number: lorafig.loads(changed(text, number)).to_svg()


def from_python(spec: Path) -> Callable[[int], str]:
    import lorafig

    figure = lorafig.load(spec).spec

    def draw(number: int) -> str:
        model = replace(figure.model, d=512 + 8 * number, r=4 + number % 60)
        return lorafig.Figure(replace(figure, model=model)).to_svg()

    return draw


def main() -> None:
    count, way, spec = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    draw = from_yaml(spec) if way == "yaml" else from_python(spec)
    seconds = []
    for number in range(WARM_UPS + count):
        begun = time.perf_counter()
        draw(number)
        seconds.append(time.perf_counter() - begun)
    print(json.dumps({"seconds": seconds[WARM_UPS:]}))


if __name__ == "__main__":
    main()
