"""The rows on the gallery's own figures: whole processes, one figure after the other, sizes."""

from __future__ import annotations

import gzip
import shutil
import sys
from dataclasses import replace

from bench.measure import Command, run
from bench.setting import OURS, PEERS, ROOT, SPEC, START, Bench, at_most, reference
from bench.table import Goal, Line, Section, seconds, timed

FORMATS = "svg,tikz,tex,pdf,png"

# How `lorafig render` finds its caches, as the names of the lines say it.
LABELS, WARM, EMPTY = "lorafig, labels kept", "lorafig, all kept", "lorafig, caches empty"
LIVE = "lorafig, live text"
TYPST, TYPST_OWN, SCHEMDRAW, MATPLOTLIB = "Typst", "Typst, its own fonts only", "schemdraw", "Matplotlib"
PDFLATEX, TEX_SVG, MERMAID, SVGWRITE = "pdfLaTeX", "pdfLaTeX, pdftocairo", "Mermaid", "svgwrite, live text"


def svg_commands(bench: Bench) -> list[tuple[str, Command]]:
    """Every way to draw the figure as SVG, each with the tool that it needs."""
    spec, change = bench.changing("changed-svg")

    def clear() -> None:
        shutil.rmtree(bench.work / "cache-empty", ignore_errors=True)

    typ, source = str(PEERS / "two_panels.typ"), "typst_figure.py"
    diagram = ("-i", str(PEERS / "two_panels.mmd"), "-o", bench.svg_of(MERMAID))
    mermaid = Command(MERMAID, (*bench.tools["mermaid"].argv, *diagram), bench.env("none"), bench.work)
    return [
        ("lorafig", replace(bench.render(LABELS, "svg", "labels", spec), prepare=change)),
        ("lorafig", bench.render(WARM, "svg", "warm", SPEC)),
        ("lorafig", replace(bench.render(EMPTY, "svg", "empty", SPEC), prepare=clear)),
        ("typst", bench.script(TYPST, "typst", source, typ, bench.svg_of(TYPST), "fonts")),
        ("typst", bench.script(TYPST_OWN, "typst", source, typ, bench.svg_of(TYPST_OWN), "no-fonts")),
        ("lorafig", bench.start()),
        ("schemdraw", bench.script(SCHEMDRAW, "schemdraw", "schemdraw_figure.py", bench.svg_of(SCHEMDRAW))),
        ("lorafig", bench.script(MATPLOTLIB, "lorafig", "matplotlib_figure.py", bench.svg_of(MATPLOTLIB))),
        ("pdftocairo", pdflatex(bench, TEX_SVG, bench.svg_of(TEX_SVG))),
        ("mermaid", replace(mermaid, at_most=bench.rounds(3))),
    ]


def pdflatex(bench: Bench, name: str, svg: str | None = None) -> Command:
    """TeX on the document that we write ourselves, which is made once, outside of what is timed."""
    folder = bench.work / "tex"
    document = folder / f"{SPEC.stem}.tex"

    def once() -> None:
        folder.mkdir(exist_ok=True)
        if not document.exists():
            run(bench.ours("document", ("render", str(SPEC), "-o", str(document)), "warm"))

    tex = f"pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape {document.name}"
    and_then = "" if svg is None else f" && pdftocairo -svg {document.stem}.pdf {svg}"
    return Command(name, ("sh", "-c", tex + and_then), bench.env("none"), folder, once)


def to_svg(bench: Bench) -> Section:
    results = bench.measure(svg_commands(bench), bench.rounds(7))
    base = reference(results, TYPST, MATPLOTLIB)
    section = Section("Spec to SVG, ours verified, whole process", base.name)
    limits = {LABELS: 4.0, WARM: 1.2, EMPTY: 5.0}
    for name, result in results.items():
        goals = (at_most(limits[name], results, name, TYPST),) if name in limits else ()
        if name == LABELS:
            goals += (at_most(1.0, results, name, TEX_SVG),)
        section.lines.append(timed(result, base, goals))
    section.notes.append(
        "'labels kept': numbers in the spec that are new each time. The peers verify nothing."
    )
    typst, start, own = (results[name].median for name in (TYPST, START, LABELS))
    if typst is not None and start is not None and own is not None:
        section.notes.append(
            "Typst runs through its Python binding, which pays for Python's start: without that it takes"
            f" {seconds(typst - start)}, and ours with labels kept is {own / (typst - start):.1f} × as long."
        )
    return section


def to_pdf(bench: Bench) -> Section:
    spec, change = bench.changing("changed-pdf")
    drawing = bench.script(MATPLOTLIB, "lorafig", "matplotlib_figure.py", str(bench.work / "Matplotlib.pdf"))
    commands = [
        ("lorafig", replace(bench.render(LABELS, "pdf", "labels", spec), prepare=change)),
        ("lorafig", bench.render(WARM, "pdf", "warm", SPEC)),
        ("lorafig", drawing),
        ("pdflatex", pdflatex(bench, PDFLATEX)),
    ]
    results = bench.measure(commands, bench.rounds(7))
    section = Section("Spec to PDF, ours verified, whole process", MATPLOTLIB)
    for name, result in results.items():
        goals = (at_most(1.1, results, name, MATPLOTLIB),) if name == LABELS else ()
        section.lines.append(timed(result, results[MATPLOTLIB], goals))
    return section


def again(bench: Bench) -> Section:
    count = 5 if bench.quick else 20

    def ours(name: str, way: str) -> tuple[str, Command]:
        argv = (sys.executable, str(OURS / "again.py"), str(count), way, str(SPEC))
        return "lorafig", Command(f"lorafig, {name}", argv, bench.env("labels"), ROOT, reports=True)

    def peer(name: str, tool: str, file: str, times: int, *more: str) -> tuple[str, Command]:
        command = bench.script(name, tool, f"{file}_figure.py", "--again", str(times), *more)
        return tool, replace(command, reports=True)

    limits = {"lorafig, from the text of a spec": 6, "lorafig, from a figure in Python": 4}  # ms
    commands = [
        ours("from the text of a spec", "yaml"),
        ours("from a figure in Python", "python"),
        peer(TYPST, "typst", "typst", count, str(PEERS / "two_panels.typ")),
        peer(MATPLOTLIB, "lorafig", "matplotlib", 5),
        peer(SCHEMDRAW, "schemdraw", "schemdraw", 2),
    ]
    results = bench.measure(commands, bench.rounds(3), warm_up=False)  # each warms itself up
    base = reference(results, TYPST, MATPLOTLIB)
    section = Section("One more figure, its numbers changed, in the same process, to SVG", base.name)
    for name, result in results.items():
        limit = limits.get(name)
        goals = () if limit is None else (Goal(f"≤ {limit} ms", result.median, limit / 1000),)
        section.lines.append(timed(result, base, goals))
    section.notes.append("Typst keeps its fonts and what it has set before; ours keeps its labels.")
    return section


def sizes(bench: Bench) -> Section:
    """Gzipped sizes of the files that were drawn; what has not been drawn yet is drawn now."""
    script = bench.script(SVGWRITE, "svgwrite", "svgwrite_figure.py", bench.svg_of(SVGWRITE))
    commands = {command.name: (tool, command) for tool, command in svg_commands(bench)}
    commands[LIVE] = "lorafig", bench.render(LIVE, "svg", "labels", SPEC, "--text", "live")
    commands[SVGWRITE] = "svgwrite", script
    shown = {
        WARM: ("lorafig, outlines", 8),
        LIVE: (LIVE, 2),
        SVGWRITE: (SVGWRITE, None),
        MERMAID: ("Mermaid, boxes only", None),
        MATPLOTLIB: (MATPLOTLIB, None),
        SCHEMDRAW: (SCHEMDRAW, None),
        TYPST: (TYPST, None),
        TEX_SVG: (TEX_SVG, None),
    }
    found = {name: _size(bench, *commands[name]) for name in shown}
    base = found[TYPST]
    section = Section("Size of the SVG, gzipped", TYPST if isinstance(base, int) else None)
    for name, (title, limit) in shown.items():
        size = found[name]
        measured = float(size) if isinstance(size, int) else None
        goals = () if limit is None else (Goal(f"≤ {limit} KB", measured, limit * 1000),)
        if isinstance(size, str):
            section.lines.append(Line(title, goals=goals, missing=size))
        else:
            ratio = size / base if isinstance(base, int) else None
            amount = f"{size / 1000:.1f} KB"
            section.lines.append(Line(title, amount, None, ratio, goals, values=(float(size),)))
    return section


def _size(bench: Bench, tool: str, command: Command) -> int | str:
    """Bytes of what a command draws, gzipped, or why there is nothing."""
    missing, path = bench.tools[tool].missing, bench.drawn[command.name]
    if missing is None and not path.exists():
        missing = run(command).failure
    if missing is None and not path.exists():
        missing = "it wrote no file"
    return missing if missing is not None else len(gzip.compress(path.read_bytes(), 9, mtime=0))


def figures(bench: Bench) -> Section:
    specs = [str(path) for path in sorted((ROOT / "figures").glob("*.yaml"))]
    arguments = ("render", *specs, "-f", FORMATS, "-o", str(bench.work / "figures"))
    same = "lorafig, nothing changed"

    def clear() -> None:
        shutil.rmtree(bench.work / "cache-first", ignore_errors=True)

    first = bench.ours("lorafig, for the first time", arguments, "first")
    commands = [
        ("lorafig", bench.ours(same, arguments, "figures")),
        ("lorafig", replace(first, prepare=clear, at_most=bench.rounds(3))),
        ("lorafig", bench.start()),
    ]
    results = bench.measure(commands, bench.rounds(9))
    section = Section(f"make figures: {len(specs)} figures to {FORMATS}", START)
    for name, result in results.items():
        goals = (Goal("≤ 0.3 s", result.median, 0.3),) if name == same else ()
        section.lines.append(timed(result, results[START], goals))
    return section
