"""The rows on large figures and large matrices: time, memory, and how they grow."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

from bench.measure import Command, Measured
from bench.setting import OURS, ROOT, START, Bench, at_most, reference
from bench.table import MIB, Goal, Section, timed

# Layers of the large figure and of one about a tenth as large; `ours/boxes.py` says what a layer is.
MANY, FEW = 98, 10
BOXES, ARROWS = 99, 196
DIMENSION, RANK = 16_384, 64
TIME_LIMIT = 45.0  # seconds for the large figure


def boxes(bench: Bench) -> Section:
    few = bench.measure(box_commands(bench, FEW), bench.rounds(3))
    many = bench.measure(box_commands(bench, MANY), bench.rounds(3), warm_up=False)
    base = reference(many, "Typst", "f-strings")
    title = f"{MANY * BOXES + 1:,} boxes with labels, {MANY * ARROWS:,} arrows, to SVG, whole process"
    section = Section(title, base.name)
    growths = []
    for name, result in many.items():
        growth = _growth(few, many, name)
        goals: tuple[Goal, ...] = ()
        if name.startswith("lorafig"):
            peak = None if result.median is None else result.peak / MIB
            goals = Goal("≤ 2.5 s", result.median, 2.5), Goal("≤ 200 MiB", peak, 200.0)
            goals += (Goal("linear", growth, 1.15),)
        if growth is not None:
            growths.append(f"{name} {growth:.2f}")
        if name != START:
            section.lines.append(timed(result, base, goals))
    section.notes.append(
        f"time a box, less Python's start, ÷ that with {FEW * BOXES + 1:,} boxes: {'; '.join(growths)}"
    )
    return section


def box_commands(bench: Bench, layers: int) -> list[tuple[str, Command]]:
    target = str(bench.work / "boxes-of-peers.svg")

    def ours(name: str, mode: str) -> tuple[str, Command]:
        argv = (sys.executable, str(OURS / "boxes.py"), str(layers), str(bench.work / "boxes.svg"), mode)
        return "lorafig", Command(f"lorafig, {name}", argv, bench.env("labels"), ROOT, time_limit=TIME_LIMIT)

    typst = (str(OURS.with_name("peers") / "boxes.typ"), target, "fonts", f"layers={layers}")
    return [
        ours("verified", "verified"),
        ours("drawn only", "drawn"),
        ("lorafig", bench.script("f-strings", "lorafig", "fstrings_boxes.py", str(layers), target)),
        ("svgwrite", bench.script("svgwrite", "svgwrite", "svgwrite_boxes.py", str(layers), target)),
        ("typst", bench.script("Typst", "typst", "typst_figure.py", *typst)),
        ("lorafig", bench.start()),
    ]


def _growth(few: Mapping[str, Measured], many: Mapping[str, Measured], name: str) -> float | None:
    """How a box's share of the time grows with their number: 1 is linear. Start-up is taken off."""
    small, large = few[name].median, many[name].median
    starts = few[START].median, many[START].median
    if name == START or small is None or large is None or starts[0] is None or starts[1] is None:
        return None
    return (large - starts[1]) / max(small - starts[0], 1e-3) / (MANY / FEW)


def equation(bench: Bench) -> Section:
    d = str(DIMENSION)
    arguments = ("claim", "h = (W + BA)x", "-D", f"d={d}", "-D", f"k={d}", "-D", f"r={RANK}", "--json")
    own, blocks = "lorafig claim", "NumPy, W in blocks"
    commands = [
        ("claim", bench.ours(own, arguments, "claim")),
        ("lorafig", bench.script(blocks, "lorafig", "numpy_product.py", "blocks", d, d)),
        ("lorafig", bench.script("NumPy, W whole", "lorafig", "numpy_product.py", "whole", d, d)),
    ]
    # The claim's answer is not kept between runs, or only the first of them would compute anything.
    commands[0] = commands[0][0], replace(commands[0][1], env=bench.env("claim") | {"LORAFIG_CACHE": "off"})
    results = bench.measure(commands, bench.rounds(3), warm_up=False)
    section = Section(f"Verify h = (W + BA)x at d = k = {DIMENSION:,}, r = {RANK}, whole process", blocks)
    peak = None if results[own].median is None else results[own].peak / MIB
    goals = at_most(1.3, results, own, blocks), Goal("≤ 300 MiB", peak, 300.0)
    for name, result in results.items():
        section.lines.append(timed(result, results[blocks], goals if name == own else ()))
    section.notes.append("NumPy generates W once and multiplies it once; it verifies nothing.")
    return section
