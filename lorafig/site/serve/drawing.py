"""One spec to all that the preview shows of it. Runs in the process that draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lorafig.errors import LorafigError, Problem
from lorafig.options import Options
from lorafig.themes.palettes import Named, suited

if TYPE_CHECKING:
    from lorafig.language.model import Figure


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure in every palette and in words. `own` is the spec's palette; `moves` says that the figure has a
    page with something to move; `suits` are the palettes for light and for dark pages."""

    title: str
    alternative: str
    own: str
    suits: Mapping[str, str]
    palettes: Mapping[str, bytes]
    words: bytes
    moves: bool
    unverified: bool

    def to_data(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "alternative": self.alternative,
            "own": self.own,
            "palettes": list(self.palettes),
            "suits": self.suits,
            "unverified": self.unverified,
        }


@dataclass(frozen=True, slots=True)
class Claims:
    """A report as HTML, how many claims are in it, and how many of them keep the figure from holding."""

    html: bytes
    count: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a spec: a picture, or what is wrong. There is a report on what is false too."""

    picture: Picture | None
    claims: Claims | None
    problems: tuple[Problem, ...] = ()


def draw(data: bytes, file: str, options: Options, anyhow: bool) -> Outcome:
    """Verifies and draws. What is false is not drawn, unless `anyhow` asks for a picture with the mark that
    says so: there is no better one."""
    from lorafig.language import loads

    try:
        figure = loads(data, file)
    except LorafigError as error:
        return Outcome(None, None, error.problems)
    try:
        return _drawn(figure, file, options)
    except LorafigError as error:
        if error.kind != "false":
            return Outcome(None, None, error.problems)
        return _false(figure, file, options, error, anyhow)


def page(data: bytes, file: str, options: Options) -> bytes:
    """The page of a figure. Errors: LorafigError."""
    from lorafig.pipeline import render_bytes

    return render_bytes(data, file, ["html"], options).outputs["html"]


def _drawn(figure: Figure, file: str, options: Options) -> Outcome:
    import json

    from lorafig.draw import draw, lay_out, with_theme
    from lorafig.render import svg
    from lorafig.site import markup
    from lorafig.site.serve import fragments
    from lorafig.themes.palettes import PALETTES
    from lorafig.words.alt import alt_text
    from lorafig.words.labels import Labels

    outputs, verified = draw(figure, ["svg", "json"], options, file)
    report = json.loads(outputs["json"])["figures"][0]
    palette = with_theme(figure, options.theme).theme.palette
    own = _called(palette)
    suits = {shade: (_called(name), name) for shade, name in suited(palette).items()}
    # The report is the same in all colours.
    others = {
        called: svg.render(lay_out(with_theme(figure, name), unverified=verified.verdict != "holds")).encode()
        for called, name in {**dict(zip(PALETTES, PALETTES, strict=True)), **dict(suits.values())}.items()
        if called != own
    }
    picture = Picture(
        markup.plain(figure.title, Labels(figure)),
        alt_text(figure, verified.verdict != "holds"),
        own,
        {shade: called for shade, (called, _) in suits.items()},
        {own: outputs["svg"], **others},
        fragments.words(figure, verified),
        figure.controls is not None,
        verified.verdict != "holds",
    )
    return Outcome(picture, _claims(report, figure))


def _called(palette: str) -> str:
    return palette.stem if isinstance(palette, Named) else palette


def _false(figure: Figure, file: str, options: Options, error: LorafigError, anyhow: bool) -> Outcome:
    from dataclasses import replace

    from lorafig.draw import check
    from lorafig.verify.report import to_json

    if anyhow:
        try:
            return replace(_drawn(figure, file, options._replace(check=False)), problems=error.problems)
        except LorafigError:
            pass  # what is false may be what cannot be drawn
    import json

    report = json.loads(to_json([(file, check(figure))]))["figures"][0]
    return Outcome(None, _claims(report, figure), error.problems)


def _claims(report: Mapping[str, Any], figure: Figure) -> Claims:
    from lorafig.site.serve import fragments

    claims = [claim for claim in report["claims"] if claim["verdict"] != "prose"]
    wrong = sum(claim["verdict"] != "holds" and not claim["unverified"] for claim in claims)
    return Claims(fragments.claims(report, figure, wrong), len(claims), wrong)
