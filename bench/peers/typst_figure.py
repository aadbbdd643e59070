"""Typst by its Python binding: `SOURCE OUT.svg fonts|no-fonts [NAME=VALUE …]`, or `--again COUNT SOURCE`.

`fonts` scans the system's fonts, as an installed Typst does; `no-fonts` takes those it brings along.
"""

from __future__ import annotations

import sys

import typst

if __name__ == "__main__":
    if sys.argv[1] == "--again":
        from again import report

        compiler = typst.Compiler(sys.argv[3])  # keeps its fonts, and what it has set before

        def draw(waist: float) -> bytes:
            output: bytes = compiler.compile(format="svg", sys_inputs={"waist": f"{waist:.3f}"})
            return output

        report(draw, int(sys.argv[2]))
    else:
        inputs = dict(pair.split("=") for pair in sys.argv[4:])
        own = sys.argv[3] == "no-fonts"
        typst.compile(sys.argv[1], sys.argv[2], format="svg", ignore_system_fonts=own, sys_inputs=inputs)
