"""The row on flow layout: time and crossings beside dot's on the same random layered graphs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Command
from bench.ours.graph import dot, edges
from bench.setting import OURS, ROOT, Bench
from bench.table import Goal, Section, timed

SIZES = 10, 100, 1000
SEEDS = 0, 1, 2
GOAL = 1.3  # times dot's crossings, at most


def layout(bench: Bench) -> Section:
    section = Section("Flow layout of random layered graphs, whole process", "dot of the same size")
    for count in SIZES:
        results = bench.measure(_commands(bench, count), bench.rounds(5))
        ours, peer = results[f"lorafig, {count:,} nodes"], results[f"dot, {count:,} nodes"]
        own, theirs = _crossings(bench, count)
        # One more on both sides, so that none beside none is as good.
        ratio = None if theirs is None or own is None else (own + 1) / (theirs + 1)
        section.lines.append(timed(ours, peer, (Goal(f"crossings ≤ {GOAL:g} × dot", ratio, GOAL),)))
        section.lines.append(timed(peer, peer))
        section.notes.append(
            f"{count:,} nodes, {len(edges(count)):,} edges: {_said(own)} crossings, dot {_said(theirs)}"
            f" (sums over {len(SEEDS)} graphs)"
        )
    section.notes.append("dot draws splines and draws no two edges apart; ours routes at right angles.")
    return section


def _commands(bench: Bench, count: int) -> list[tuple[str, Command]]:
    source = _source(bench, count, 0)
    argv = (*bench.tools["dot"].argv, "-Tplain", str(source), "-o", str(source.with_suffix(".txt")))
    return [
        ("lorafig", Command(f"lorafig, {count:,} nodes", _arrange(count, 0), bench.env("none"), ROOT)),
        ("dot", Command(f"dot, {count:,} nodes", argv, bench.env("none"), bench.work)),
    ]


def _arrange(count: int, seed: int) -> Sequence[str]:
    return sys.executable, str(OURS / "graph.py"), str(count), str(seed)


def _source(bench: Bench, count: int, seed: int) -> Path:
    path = bench.work / f"graph-{count}-{seed}.dot"
    path.write_text(dot(count, seed), encoding="utf-8")
    return path


def _crossings(bench: Bench, count: int) -> tuple[int | None, int | None]:
    """Crossings between layers of all graphs of one size: ours, and dot's as `dot -v` tells them."""
    own = theirs = 0
    for seed in SEEDS:
        argv = _arrange(count, seed)
        said = subprocess.run(argv, check=True, capture_output=True, text=True, env=bench.env("none"))
        own += json.loads(said.stdout)["crossings"]
    if bench.tools["dot"].missing is not None:
        return own, None
    for seed in SEEDS:
        argv = (*bench.tools["dot"].argv, "-v", "-Tplain", str(_source(bench, count, seed)))
        said = subprocess.run(argv, check=True, capture_output=True, text=True)
        found = re.findall(r"^mincross \S+: (\d+) crossings", said.stderr, re.MULTILINE)
        if not found:
            return own, None
        theirs += int(found[-1])
    return own, theirs


def _said(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"
