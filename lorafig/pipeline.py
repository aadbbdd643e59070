"""From a spec to outputs: load, verify, lay out, render, in this order and in one place.

Every step is imported where it is first needed. A spec that has held before is not read again: its
outputs are kept, keyed by its bytes, what was asked for, and the installed lorafig.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from lorafig import cache
from lorafig.errors import LorafigError, Problem
from lorafig.values import replace

if TYPE_CHECKING:
    from lorafig import language
    from lorafig.scene import Scene
    from lorafig.verify.report import Report

Format = Literal["svg", "tikz", "tex", "pdf", "png", "eps", "html", "mmd", "md", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
Engine = Literal["mpl", "tex"]
TextMode = Literal["paths", "live"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to draw. `theme` replaces the spec's palette, `venue` its text size by one that fits there;
    `check` is False to draw what may be false."""

    engine: Engine = "mpl"
    text: TextMode = "paths"
    theme: str | None = None
    check: bool = True
    venue: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A figure's id, its outputs by format, and, where it was drawn unchecked, what keeps it from holding."""

    id: str
    outputs: dict[Format, bytes]
    doubts: tuple[Problem, ...] = ()


def render_bytes(data: bytes, file: str, formats: Iterable[Format], options: Options) -> Rendered:
    """A spec's bytes to outputs, from the cache where it has them all.

    Errors: LorafigError with everything that is wrong; of kind 'false' where the figure does not hold.
    """
    wanted = tuple(dict.fromkeys(formats))
    kept = recall(data, file, wanted, options)
    if kept is not None:
        return kept
    from lorafig.language import loads

    figure = loads(data, file)
    outputs, report = drawn(figure, wanted, options, file)
    rendered = Rendered(str(figure.id), outputs, report.problems())
    if options.check:  # what was not verified is not kept
        for form, output in rendered.outputs.items():
            if _kept(form, options):
                _keep(data, file, form, options, rendered.id, output)
    return rendered


def check_bytes(data: bytes, file: str) -> dict[str, Any]:
    """A spec's bytes to the object that the report's JSON has for its figure, from the cache if it held."""
    kept = recall(data, file, ("json",), Options())
    if kept is None:
        from lorafig.language import loads
        from lorafig.verify.report import to_json

        report = check_figure(loads(data, file))
        output = to_json([(file, report)]).encode()
        if report.verdict == "holds":
            _keep(data, file, "json", Options(), str(report.id), output)
    else:
        output = kept.outputs["json"]
    import json

    found: dict[str, Any] = json.loads(output)["figures"][0]
    return found


def recall(data: bytes, file: str, formats: Iterable[Format], options: Options) -> Rendered | None:
    """The outputs of a spec that has held before, if all of them are in the cache."""
    if not options.check:
        return None
    outputs: dict[Format, bytes] = {}
    name = b""
    for form in formats:
        entry = cache.get("render", _key(data, file, form, options)) if _kept(form, options) else None
        if entry is None:
            return None
        name, _, outputs[form] = entry.partition(b"\n")
    return Rendered(name.decode(), outputs) if outputs else None


def _keep(data: bytes, file: str, form: Format, options: Options, name: str, output: bytes) -> None:
    cache.put("render", _key(data, file, form, options), name.encode() + b"\n" + output)


def _kept(form: Format, options: Options) -> bool:
    """TeX is a program outside: its output may change with an update that the cache cannot see."""
    return not (form == "pdf" and options.engine == "tex")


def _key(data: bytes, file: str, form: Format, options: Options) -> tuple[bytes | str, ...]:
    # The report names the file; nothing else depends on it.
    chosen = (options.engine, options.text, options.theme or "", options.venue or "")
    return (data, form, *chosen, file if form == "json" else "")


def render_figure(
    figure: language.Figure,
    formats: Iterable[Format],
    options: Options = Options(),
    file: str | None = None,
) -> dict[Format, bytes]:
    """The outputs of a figure by format. A figure that does not hold raises the reasons."""
    return drawn(figure, formats, options, file)[0]


def drawn(
    figure: language.Figure, formats: Iterable[Format], options: Options, file: str | None
) -> tuple[dict[Format, bytes], Report]:
    """The outputs of a figure by format, and the report on it."""
    figure = with_theme(figure, options.theme)
    if options.venue is not None:
        from lorafig.layout.venue import fitted

        figure = fitted(figure, options.venue, lay_out)
    scene, report = _checked(figure)
    if options.check:
        demand(report)
    elif report.verdict != "holds":
        scene = lay_out(figure, unverified=True)
    outputs = {form: _render(figure, scene, report, form, options, file) for form in dict.fromkeys(formats)}
    return outputs, report


def with_theme(figure: language.Figure, name: str | None) -> language.Figure:
    """The figure with the palette `name`; an unknown one is an error that lists those there are."""
    if name is None:
        return figure
    known_palette(name)
    return replace(figure, theme=replace(figure.theme, palette=name))


def known_palette(name: str) -> tuple[str, ...]:
    """The palettes there are, `name` among them; an unknown one is an error that lists them."""
    from lorafig.language.messages import did_you_mean, listing
    from lorafig.themes.palettes import PALETTES

    known = tuple(PALETTES)
    if name not in known:
        close = did_you_mean(name, known)
        hint = f"the themes are {listing(known)}"
        raise LorafigError(Problem(f"there is no theme '{name}'", None, f"{close} {hint}" if close else hint))
    return known


def lay_out(figure: language.Figure, unverified: bool = False) -> Scene:
    """The picture; with a mark that nobody can overlook where it is `unverified`."""
    from lorafig.layout import layout
    from lorafig.words.alt import alt_text

    return layout(figure, description=alt_text(figure, unverified), unverified=unverified)


def check_figure(figure: language.Figure) -> Report:
    """Every claim of the figure with its verdict, those of the drawing included."""
    try:
        return _checked(figure)[1]
    except LorafigError as error:
        if error.kind != "false":
            raise
        from lorafig.verify import verify

        return verify(figure)


def _checked(figure: language.Figure) -> tuple[Scene, Report]:
    """The picture and the report on it.

    What cannot be laid out is often false as well (a sum of more terms than branches): then the
    reasons why it does not hold say more than the reason why it cannot be drawn.
    """
    from lorafig.verify import verify

    try:
        scene = lay_out(figure)
    except LorafigError:
        demand(verify(figure))
        raise
    return scene, verify(figure, scene)


def demand(report: Report) -> None:
    """Raises what keeps the figure from holding, if anything does."""
    if report.verdict != "holds":
        raise LorafigError(report.problems(), "false")


def _render(
    figure: language.Figure, scene: Scene, report: Report, form: Format, options: Options, file: str | None
) -> bytes:
    match form:
        case "mmd":
            from lorafig.mermaid.write import flowchart

            # Of the scene, what is not geometry: Mermaid places nodes itself.
            return flowchart.render(figure, scene.description, scene.unverified).encode()
        case "html":
            from lorafig.page.document import render

            return render(figure, report, scene.description, scene.unverified).encode()
        case "md":
            from lorafig.words import describe

            return describe(figure, report).encode()
        case "json":
            from lorafig.verify.report import to_json

            return to_json([(file, report)]).encode()
        case "svg":
            from lorafig.render import svg

            return svg.render(scene, text=options.text).encode()
        case "tikz" | "tex":
            from lorafig.render import tikz

            return tikz.render(scene, standalone=form == "tex").encode()
        case "pdf" if options.engine == "tex":
            from lorafig.render import tex, tikz

            return tex.compile_pdf(tikz.render(scene, standalone=True))
        case "pdf" | "png" | "eps":
            from lorafig.render import mpl

            return mpl.save(scene, form)
