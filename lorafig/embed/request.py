"""What an author asks for: the options of a fence, in one table, with errors that say what to write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lorafig.errors import LorafigError, Problem
from lorafig.language.messages import did_you_mean, listing
from lorafig.options import TextMode

AUTO = "auto"
MOST_HEIGHT = 10_000  # px
_WIDTH = re.compile(r"[0-9]{1,5}(\.[0-9]{1,3})?(%|px|em|rem|pt|mm|cm|in)")


@dataclass(frozen=True, slots=True)
class Request:
    """One figure on a page. At most one of `file` and `gallery` names the spec; it stands in the fence else.

    `theme` is 'auto' to follow the page, or the name of a palette. `width` is a CSS length, `height` is
    that of the interactive page in px.
    """

    file: str | None = None
    gallery: str | None = None
    theme: str = AUTO
    text: TextMode = "paths"
    width: str | None = None
    alt: str | None = None
    caption: str | None = None
    interactive: bool = False
    height: int = 720


# Option to what it takes, in the order in which errors and the documentation list them.
OPTIONS: Mapping[str, str] = {
    "file": "the name of a spec",
    "gallery": "the id of a figure of the gallery",
    "theme": "'auto', or a palette",
    "text": "'paths' or 'live'",
    "width": "a length in CSS",
    "alt": "the text for those who do not see the figure",
    "caption": "the text below it",
    "interactive": "nothing",
    "height": "the height of the interactive page, in pixels",
}


def request(given: Mapping[str, str], theme: str = AUTO) -> Request:
    """The options as they were written. Errors: LorafigError with all that is wrong with them."""
    problems: list[Problem] = []
    values: dict[str, object] = {"theme": theme}
    for name, value in given.items():
        problem = _option(name, value, values)
        if problem is not None:
            problems.append(problem)
    if "file" in given and "gallery" in given:
        problems.append(
            Problem("'file' and 'gallery' both name a spec", None, "leave one of them out", code="embedding")
        )
    if "height" in given and "interactive" not in given:
        hint = "a picture takes its height from its width; add 'interactive', or leave 'height' out"
        problems.append(Problem("'height' is for the interactive page", None, hint, code="embedding"))
    if problems:
        raise LorafigError(tuple(problems))
    return Request(**values)  # type: ignore[arg-type]


def _option(name: str, value: str, values: dict[str, object]) -> Problem | None:
    """Reads one option into `values`, or says what is wrong with it."""
    if name not in OPTIONS:
        hint = " ".join(
            filter(None, (did_you_mean(name, tuple(OPTIONS)), f"the options are {listing(tuple(OPTIONS))}"))
        )
        return Problem(f"there is no option '{name}'", None, hint, code="embedding")
    if name == "interactive":
        if value not in ("interactive", "true", ""):
            return Problem(
                "'interactive' takes no value", None, "write it alone, or leave it out", code="embedding"
            )
        values[name] = True
    elif value.strip() == "":
        return Problem(f"'{name}' is empty", None, f"it takes {OPTIONS[name]}", code="embedding")
    elif name == "theme":
        themes = (AUTO, *palettes())
        if value not in themes:
            hint = " ".join(filter(None, (did_you_mean(value, themes), f"the themes are {listing(themes)}")))
            return Problem(f"there is no theme '{value}'", None, hint, code="embedding")
        values[name] = value
    elif name == "text":
        if value not in ("paths", "live"):
            return Problem(f"'text' is 'paths' or 'live', not '{value}'", code="embedding")
        values[name] = value
    elif name == "width":
        if _WIDTH.fullmatch(value) is None:
            return Problem(
                f"'{value}' is not a width",
                None,
                "such as '80%', '30em', '480px' or '12cm'",
                code="embedding",
            )
        values[name] = value
    elif name == "height":
        if not re.fullmatch(r"[0-9]{2,5}", value) or not 50 <= int(value) <= MOST_HEIGHT:
            what = f"'{value}' is not a height"
            return Problem(
                what, None, f"it is a number of pixels from 50 to {MOST_HEIGHT:,}", code="embedding"
            )
        values[name] = int(value)
    else:
        values[name] = value
    return None


def palettes() -> tuple[str, ...]:
    from lorafig.themes.palettes import PALETTES

    return tuple(PALETTES)
