"""From a spec's bytes to outputs.

A spec that has held before is not read again: its outputs are kept, keyed by its bytes, what was asked for,
and the installed lorafig. What reads and draws is imported for the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from lorafig import cache
from lorafig.options import Format, Options

if TYPE_CHECKING:
    from lorafig.errors import Problem
    from lorafig.language import Figure
    from lorafig.lint import Linted
    from lorafig.verify.report import Report


class Rendered(NamedTuple):
    """A figure's id, its outputs by format, and, if it was drawn unchecked, what keeps it from holding. `fit`
    says how it came to fit a width, if it had to; `report` is the one on it, if it was verified just now."""

    id: str
    outputs: dict[Format, bytes]
    doubts: tuple[Problem, ...] = ()
    fit: str | None = None
    report: Report | None = None


def render_bytes(
    data: bytes, file: str, formats: Iterable[Format], options: Options, beside: bool = False
) -> Rendered:
    """A spec's bytes to outputs, from the cache if it has them all. `beside`: another process may draw.

    Errors: LorafigError with everything that is wrong; of kind 'false' if the figure does not hold.
    """
    wanted = tuple(dict.fromkeys(formats))
    known = recall(data, file, wanted, options)
    if known is not None:
        return known
    from lorafig.render.beside import pen

    with pen(wanted if beside else (), options.engine, options.text, options.dpi) as drawing:
        from lorafig.language import loads

        figure = loads(data, file)
        from lorafig.draw import draw, settled

        kept = options.check and not read_beside(figure, options, file)
        shown, fit = settled(figure, options)
        outputs, report = draw(figure, wanted, options, file, drawing, data.decode(), shown)
    rendered = Rendered(str(figure.id), outputs, report.problems(), fit, report)
    if kept:  # what was not verified is not kept
        _keep(data, file, options, rendered)
    return rendered


def hold(data: bytes, file: str, texts: Iterable[str | None]) -> None:
    """Holds texts that a page puts beside a figure to it, as its own caption is held.

    Errors: LorafigError, of kind 'false' if one is false.
    """
    given = [text for text in texts if text is not None]
    if not given:
        return
    from lorafig.draw import demand
    from lorafig.language import loads
    from lorafig.verify import verify_texts

    demand(verify_texts(loads(data, file), given))


def alternative_bytes(data: bytes, file: str, check: bool = True) -> str:
    """A spec's bytes to the alternative text of its figure.

    Errors: LorafigError with everything that is wrong; with `check`, of kind 'false' if it does not hold.
    """
    from lorafig.draw import alternative, demand
    from lorafig.draw import check as verified
    from lorafig.language import loads

    figure = loads(data, file)
    report = verified(figure)
    if check:
        demand(report)
    return alternative(figure, report)


def check_bytes(data: bytes, file: str) -> dict[str, Any]:
    """A spec's bytes to the object that the report's JSON has for its figure, from the cache if it held."""
    import json

    known = cache.get("check", (data, file))  # the report names the file
    if known is None:
        from lorafig.draw import check
        from lorafig.language import loads
        from lorafig.verify.report import to_json

        figure = loads(data, file)
        report = check(figure)
        known = to_json([(file, report)]).encode()
        if report.verdict == "holds" and not read_beside(figure, Options(), file):
            cache.put("check", (data, file), known)
    found: dict[str, Any] = json.loads(known)["figures"][0]
    return found


def lint_bytes(theme: str | None, venue: str | None, width: str | None, data: bytes, file: str) -> Linted:
    """What keeps the picture of a spec, in its bytes, from being read."""
    from lorafig.draw import readable
    from lorafig.language import loads

    return readable(loads(data, file), theme, venue, width)


def read_beside(figure: Figure, options: Options, file: str) -> list[str]:
    """The files beside the spec that the figure is made of, which may change by themselves: a network, a
    theme. Those that the spec names lie in its folder; an option names them from where one is."""
    import os

    from lorafig.language.themes import is_file

    folder = os.path.dirname(file)
    network, theme = figure.model.network, figure.theme.palette
    found = [] if network is None or not network.endswith(".json") else [os.path.join(folder, network)]
    if options.theme is None:
        return [*found, os.path.join(folder, theme)] if is_file(theme) else found
    return [*found, options.theme] if is_file(options.theme) else found


def recall(data: bytes, file: str, formats: Iterable[Format], options: Options) -> Rendered | None:
    """The outputs of a spec that has held before, if all of them are in the cache."""
    outputs: dict[Format, bytes] = {}
    name = b""
    for form in formats:
        key = _key(data, file, form, options)
        entry = cache.get("render", key) if key is not None else None
        if entry is None:
            return None
        name, _, outputs[form] = entry.partition(b"\n")
    called, _, fit = name.decode().partition(" ")
    return Rendered(called, outputs, fit=fit or None) if outputs else None


def _keep(data: bytes, file: str, options: Options, rendered: Rendered) -> None:
    for form, output in rendered.outputs.items():
        key = _key(data, file, form, options)
        if key is not None:
            head = rendered.id if rendered.fit is None else f"{rendered.id} {rendered.fit}"
            cache.put("render", key, head.encode() + b"\n" + output)


def _key(data: bytes, file: str, form: Format, options: Options) -> tuple[bytes | str, ...] | None:
    """What the output depends on; None if it is not kept: what may be false, and what comes of TeX, a program
    outside that may be another one tomorrow."""
    if not options.check or (form == "pdf" and options.engine == "tex"):
        return None
    # The report names the file; nothing else depends on it.
    return (data, form, file if form == "json" else "", *map(str, options))
