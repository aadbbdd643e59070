"""From a figure to outputs: verify, lay out, render, in this order.

Each kind of output is imported when it is asked for. Equations are decided exactly for all of them; what
float64 makes of one that holds, within a derived bound, is evaluated for a report that tells it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, assert_never

from lorafig.errors import LorafigError, Place
from lorafig.language.load import beside, dump
from lorafig.language.model import NamedPalette
from lorafig.layout import layout
from lorafig.options import AUTO, Format, Options, palette_named
from lorafig.provenance import attach, recorded
from lorafig.render.output import Pen
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.report import to_json
from lorafig.words.alt import alt_text, with_reasons

if TYPE_CHECKING:
    from lorafig.language.model import Figure
    from lorafig.layout.composed import Room
    from lorafig.lint import Linted
    from lorafig.scene import Scene
    from lorafig.verify.report import Report


def draw(
    figure: Figure,
    formats: Iterable[Format],
    options: Options,
    file: str | None = None,
    pen: Pen | None = None,
    spec: str | None = None,
    shown: Figure | None = None,
) -> tuple[dict[Format, bytes], Report]:
    """The outputs of a figure by format, each with its spec in it, and the report on it.

    If the figure does not hold, the reasons are raised; without `check`, they are in the report alone. `pen`
    is what draws, if there is one already; `spec` is the text that the figure was read from, if it was;
    `shown` is the figure as `settled` gives it, if that was asked already."""
    asked = figure
    pen = Pen(options.engine, options.text, options.dpi) if pen is None else pen
    follows = options.theme == AUTO
    figure = settled(figure, options)[0] if shown is None else shown
    formats = tuple(dict.fromkeys(formats))
    scene, report = _checked(figure, "json" in formats, pen, follows)
    if options.check:
        demand(report)
    elif report.verdict != "holds":
        scene = lay_out(figure, unverified=True)
        scene = _following(scene, figure) if follows else scene
        pen.show(scene)
    if report.unverified:
        scene = replace(scene, description=with_reasons(figure, scene.description, report))
        pen.show(scene)
    made = _made_of(asked, figure, options)
    spec = dump(asked) if spec is None else spec
    outputs: dict[Format, bytes] = dict.fromkeys(formats, b"")
    # A fragment comes last: the pen is shown another scene for it.
    for form in sorted(formats, key="tikz".__eq__):
        if form == "tikz" and options.caption == "auto" and figure.caption is not None:
            bare = lay_out(replace(figure, caption=None), unverified=scene.unverified)
            pen.show(replace(bare, description=scene.description))
        outputs[form] = output = _output(figure, scene, report, form, file, pen)
        if not options.carries:
            continue
        known = recorded(str(figure.id), spec, form, made[0], report.verdict, output, made[1])
        outputs[form] = attach(known, output)
    return outputs, report


def settled(figure: Figure, options: Options) -> tuple[Figure, str | None]:
    """The figure in the theme, the font and the width that is asked for, without its caption if that is, and
    how it came to fit, in words."""
    figure = with_theme(figure, None if options.theme == AUTO else options.theme)
    if options.font is not None:
        figure = replace(figure, theme=replace(figure.theme, font=options.font))
    if options.caption == "off":
        figure = replace(figure, caption=None)
    return composed(figure, options.venue, options.width)


def _made_of(asked: Figure, drawn: Figure, options: Options) -> tuple[Options, dict[str, str]]:
    """The options and the files that it takes to make a figure again, without the folders of this machine:
    a theme file of the command line is named as if it lay beside the spec."""
    files = beside(asked)
    theme = drawn.theme.palette
    if options.theme is not None and isinstance(theme, NamedPalette):
        name = os.path.basename(theme)
        while files.get(name, theme.data) != theme.data or name.startswith("."):
            name = f"theme-{name}"
        files[name] = theme.data
        options = options._replace(theme=name)
    return options, {name.replace(os.sep, "/"): data.decode(errors="replace") for name, data in files.items()}


def check(figure: Figure) -> Report:
    """Every claim of the figure with its verdict, those of the drawing included."""
    try:
        return _checked(figure, True)[1]
    except LorafigError as error:
        if error.kind != "false":
            raise
        return verify(figure)


def _checked(
    figure: Figure, floating: bool, pen: Pen | None = None, follows: bool = False
) -> tuple[Scene, Report]:
    """The picture and the report on it. The pen is shown the picture first.

    What cannot be laid out is often false as well (a sum of more terms than branches): then the
    reasons why it does not hold say more than the reason why it cannot be drawn.
    """
    try:
        scene = lay_out(figure)
    except LorafigError:
        demand(verify(figure, floating=floating))
        raise
    if follows:
        scene = _following(scene, figure)
    if pen is not None:
        pen.show(scene)
    return scene, verify(figure, scene, floating=floating)


def _following(scene: Scene, figure: Figure) -> Scene:
    """The scene with the colours of its palette's partner for dark pages; without one it stays."""
    from lorafig.themes.palettes import by_night

    partner = by_night(figure.theme.palette)
    if partner is None:
        return scene
    dark = lay_out(replace(figure, theme=replace(figure.theme, palette=partner)))
    palette = dict(dark.palette)
    if scene.background is not None and dark.background is not None:
        palette[scene.background] = palette[dark.background]
    return replace(scene, night=(palette, dark.styles))


def alternative(figure: Figure, report: Report) -> str:
    """The alternative text of a figure, by the report on it."""
    return with_reasons(figure, alt_text(figure, report.verdict != "holds"), report)


def demand(report: Report) -> None:
    """Raises what keeps the figure from holding, if anything does."""
    if report.verdict != "holds":
        raise LorafigError(report.problems(), "false")


def lay_out(figure: Figure, unverified: bool = False, places: dict[str, Place] | None = None) -> Scene:
    """The picture, in the width that the spec gives; if it is `unverified`, with a mark that nobody can
    overlook. `places` is filled with where in the spec its items come from."""
    from lorafig.verify.figure.collector import shapes
    from lorafig.verify.figure.inline import inlined

    if figure.width is not None:
        figure, _ = composed(figure)
    described, defined = alt_text(figure, unverified), shapes(figure)
    return layout(
        inlined(figure), description=described, unverified=unverified, shapes=defined, places=places
    )


def composed(figure: Figure, venue: str | None = None, width: str | None = None) -> tuple[Figure, str | None]:
    """The figure as it fits a venue, a width, or the width that its spec gives, and what came of it in words.

    Errors: LorafigError where it does not fit with text that can be read.
    """
    room = _room(figure, venue, width)
    if room is None:
        return figure, None
    from lorafig.layout.composed import composed as fitted

    found = fitted(figure, room, lay_out)
    return found.figure, found.told(room.name)


def _room(figure: Figure, venue: str | None, width: str | None) -> Room | None:
    """What a figure has to fit, if anything. A width of the spec that is not part of a document's gives
    way to the venue."""
    asked = figure.width if width is None else width
    if venue is None and asked is None:
        return None
    from lorafig.layout.composed import room_of_venue, room_of_width
    from lorafig.themes.venues import venue as named
    from lorafig.themes.widths import width as read

    wide = None if asked is None else read(asked)
    if venue is None:
        assert wide is not None
        return room_of_width(wide, figure.theme.font_size)
    if width is None and wide is not None and wide.part is None:
        wide = None
    return room_of_venue(named(venue), wide)


def readable(
    figure: Figure, theme: str | None = None, venue: str | None = None, width: str | None = None
) -> Linted:
    """What keeps the picture of a figure from being read, in a theme, and at the width of a venue.

    Errors: LorafigError where it cannot be laid out. Whether it is true is not asked.
    """
    from lorafig.lint import lint

    figure = with_theme(figure, theme)
    widest = None
    room = _room(figure, venue, width)
    if room is not None:
        widest = room.widths[-1]
        with suppress(LorafigError):  # then it is drawn as it is, and is too wide
            figure, _ = composed(figure, venue, width)
        figure = replace(figure, width=None)
    places: dict[str, Place] = {}
    scene = lay_out(figure, places=places)
    return lint(figure, scene, places, widest)


def with_theme(figure: Figure, name: str | None) -> Figure:
    """The figure in a palette, by its name or from a theme file, which brings its type too. Errors:
    LorafigError with the names there are."""
    if name is None:
        return figure
    from lorafig.language.themes import type_of

    palette = palette_named(name)
    return replace(figure, theme=replace(figure.theme, palette=palette, **type_of(palette)))


def _output(figure: Figure, scene: Scene, report: Report, form: Format, file: str | None, pen: Pen) -> bytes:
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
            return to_json([(file, report)]).encode()
        case "svg" | "tikz" | "tex" | "pdf" | "png" | "eps":
            return pen.output(form)
        case _:
            assert_never(form)
