"""What `lorafig render` does, once its arguments are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from lorafig.cli import console, output
from lorafig.cli.batch import clashes, each, expand
from lorafig.errors import LorafigError
from lorafig.options import Caption, Engine, Font, Format, Options, TextMode
from lorafig.pipeline import Rendered, recall, render_bytes


def run(
    specs: tuple[str, ...],
    formats: tuple[Format, ...] | None,
    place: str,
    engine: Engine,
    text: TextMode,
    theme: str | None,
    font: Font | None,
    venue: str | None,
    width: str | None,
    dpi: int,
    caption: Caption,
    jobs: int,
    engine_on: str | None,
    no_check: bool,
    depfile: str | None,
    as_json: bool,
    watch: bool,
) -> int:
    """The exit status. What is wrong with the arguments together is told before anything is done."""
    paths = expand(specs)
    wanted, target = output.where_to(place, formats, paths)
    if depfile is not None and (watch or place == "-" or "-" in paths):
        raise console.usage("--depfile is for files: leave out --watch and '-'")
    if as_json and (watch or place == "-"):
        raise console.usage("--json takes standard output for itself: leave out --watch and '-o -'")
    options = Options(engine, text, theme, not no_check, venue, font, dpi, width, caption=caption)
    if not watch:
        beside = len(paths) == 1 and engine_on is None
        return render_all(paths, wanted, target, options, jobs, beside, engine_on, as_json, depfile)
    if "-" in paths:
        raise console.usage("--watch needs files, and '-' is stdin")
    from lorafig.cli.watching import changed, demand_one
    from lorafig.language.themes import theme_files

    demand_one(paths)
    for numbers in changed(paths, theme_files(theme)):
        render_all([paths[number] for number in numbers], wanted, target, options, jobs)
    return 0


def render_all(
    paths: Sequence[str],
    formats: tuple[Format, ...],
    target: output.Target,
    options: Options,
    jobs: int = 1,
    beside: bool = False,
    on: str | None = None,
    as_json: bool = False,
    depfile: str | None = None,
) -> int:
    """Renders every spec, says what went wrong, writes what went well. Returns the exit status. `beside`:
    what draws may be imported in another process, which is worth it once."""
    sources = console.Sources()
    work = partial(render_bytes, formats=formats, options=options, beside=beside)
    known = partial(recall, formats=formats, options=options)
    results = dict(each(paths, sources, work, jobs, known, on))
    ids = [(path, result.id) for path, result in results.items() if isinstance(result, Rendered)]
    results |= clashes(ids, "write the same files")
    errors = [result for result in results.values() if isinstance(result, LorafigError)]
    for error in errors:  # all of them before anything is written
        console.report_error(error, sources)
    written: list[dict[str, Any]] = []
    failed = [(path, result) for path, result in results.items() if isinstance(result, LorafigError)]
    for path, result in results.items():
        if isinstance(result, LorafigError):
            continue
        console.report_doubts(result.doubts, sources)
        if result.fit is not None and not as_json:
            console.say(f"{result.id}: {result.fit}")
        try:
            files = output.write(result, target, paths, quiet=as_json)
            doubts = [problem.to_data(path) for problem in result.doubts]
            written.append(
                {"id": result.id, "file": path, "outputs": files, "doubts": doubts, "fit": result.fit}
            )
        except LorafigError as error:
            console.report_error(error, sources)
            errors.append(error)
            failed.append((path, error))
    if depfile is not None:
        rules = [(figure["outputs"], figure["file"]) for figure in written]
        output.write_depfile(depfile, rules, options, sources.texts)
    if as_json:
        output.emit_json({"figures": written}, failed)
    return max((error.exit_status for error in errors), default=0)
