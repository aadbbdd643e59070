"""`python -m bench [--quick] [--json FILE] [ROW …]`: our speed beside the neighbouring tools', as ratios."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.install import Tool, mermaid, python_peers, system
from bench.large import boxes, equation
from bench.layout import layout
from bench.lies import lies
from bench.many import adapters, specs
from bench.measure import run
from bench.page import page
from bench.rows import again, figures, sizes, to_pdf, to_svg
from bench.setting import ROOT, Bench
from bench.table import Section, write_json, write_table

ROWS: Mapping[str, Callable[[Bench], Section]] = {
    "svg": to_svg,
    "pdf": to_pdf,
    "again": again,
    "boxes": boxes,
    "sizes": sizes,
    "figures": figures,
    "equation": equation,
    "lies": lies,
    "layout": layout,
    "page": page,
    "adapters": adapters,
    "specs": specs,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; all unless named")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every run's seconds there too")
    options = parser.parse_args(arguments)
    unknown = [row for row in options.rows if row not in ROWS]
    if unknown:
        parser.error(f"there is no row '{unknown[0]}'; the rows are {', '.join(ROWS)}")
    folder = ROOT / "build" / "bench"
    work = folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    say("installing the other tools into build/bench/")
    bench = Bench(work, tools(folder), options.quick)
    bench.tools = {**bench.tools, "claim": claim(bench)}
    sections: list[Section] = []
    for name, row in ROWS.items():
        if not options.rows or name in options.rows:
            say(f"measuring: {name}")
            sections.append(measured(name, row, bench))
    heading = "\n".join(heading_lines(bench))
    write_table(sections, heading, sys.stdout)
    if options.json is not None:
        with open(options.json, "w", encoding="utf-8") as file:
            write_json(sections, heading, file)
    return 1 if any(section.failure for section in sections) else 0


def measured(name: str, row: Callable[[Bench], Section], bench: Bench) -> Section:
    """What the row measured; one that breaks off says so in its place, and costs the others nothing."""
    try:
        return row(bench)
    except Exception as error:
        traceback.print_exc()
        return Section(name, failure=f"broke off: {error}")


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


def tools(folder: Path) -> dict[str, Tool]:
    """Everything that a row may need, by name."""
    pdflatex, pdftocairo = system("pdflatex"), system("pdftocairo")
    both = pdftocairo if pdflatex.missing is None else pdflatex
    found = {"lorafig": Tool((sys.executable,)), "pdflatex": pdflatex, "pdftocairo": both}
    return {**found, **python_peers(folder), "mermaid": mermaid(folder), "dot": system("dot")}


def claim(bench: Bench) -> Tool:
    """Our own command that decides a claim, where this version has it."""
    failure = run(bench.ours("claim", ("claim", "--help"), "claim")).failure
    return Tool() if failure is None else Tool(missing="this version has no 'lorafig claim'")


def heading_lines(bench: Bench) -> Iterator[str]:
    from importlib.metadata import version

    cores = os.cpu_count()
    yield f"Python {platform.python_version()}, {cores} cores, {platform.system()} on {platform.machine()};"
    versions = [f"Matplotlib {version('matplotlib')}", f"NumPy {version('numpy')}"]
    for name in ("typst", "schemdraw", "svgwrite", "mermaid"):
        if bench.tools[name].version:
            versions.append(f"{name} {bench.tools[name].version}")
    if bench.tools["pdflatex"].argv:
        command = (*bench.tools["pdflatex"].argv, "--version")
        said = subprocess.run(command, check=False, capture_output=True, text=True)
        versions.append(said.stdout.partition("\n")[0].partition(" (")[0])
    yield f"{', '.join(versions)}."
    yield "Medians of runs taken in turn; a ratio is the median over the rounds. Below 1: faster or smaller."


if __name__ == "__main__":
    sys.exit(main())
