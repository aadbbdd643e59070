"""A figure's page as one HTML file: nothing is fetched, and nothing runs but what is named by its hash."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lorafig.language.model import Figure
from lorafig.notation.write.mathml import text_html
from lorafig.page import claims, picture, sections
from lorafig.page.claims import Statement
from lorafig.page.data import page_data, plans_of, shapes
from lorafig.page.forward import forward_html
from lorafig.page.live import Numbers
from lorafig.page.modes import in_mode
from lorafig.page.picture import Drawing, Glyphs
from lorafig.page.setting import methods, start
from lorafig.resources import folder
from lorafig.themes.palettes import NIGHT
from lorafig.values import replace
from lorafig.verify.report import Report

MODES = {"training": "During training", "merged": "Merged"}


def render(figure: Figure, report: Report, description: str, unverified: bool = False) -> str:
    """The page. `report` is what verification said of the figure; `description` is its alternative text."""
    return contents(figure, report, description, unverified).html()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is on a page: pictures, statements, and the numbers that it computes."""

    figure: Figure
    description: str
    unverified: bool
    drawings: tuple[Drawing, ...]
    statements: tuple[Statement, ...]
    numbers: Numbers
    glyphs: Glyphs

    def html(self) -> str:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
        from markupsafe import Markup as Safe  # what is made here, of escaped pieces

        figure, begin, offered = self.figure, start(self.figure), methods(self.figure)
        tables = sections.groups(figure, self.statements, self.numbers)
        plans = plans_of(figure, offered)
        code = _script()
        css = _css(self.drawings)
        environment = Environment(
            autoescape=True,
            undefined=StrictUndefined,
            loader=FileSystemLoader(os.path.join(folder("templates"), "page")),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        plain, mark = self.numbers.plain(figure.title), " (unverified)" if self.unverified else ""
        shows, after = figure.about.shows, figure.about.after
        context: dict[str, Any] = {
            "lang": "zh" if any("\u4e00" <= char <= "\u9fff" for char in figure.title) else "en",
            "policy": _policy(code, css),
            "title": Safe(text_html(figure.title, self.numbers.live)),
            "title_plain": plain + mark,
            "summary": (plain if shows is None else self.numbers.plain(shows)) + mark,
            "shows": None if shows is None else Safe(text_html(shows, self.numbers.live)),
            "css": Safe(css),
            "script": Safe(code),
            "data": Safe(page_data(figure, offered, plans, self.drawings, self.statements, self.numbers)),
            "glyphs": Safe(self.glyphs.definitions()),
            "drawings": [{"svg": Safe(one.svg), "ground": one.ground} for one in self.drawings],
            "scale": sections.scale_of(self.drawings),
            "verdict": sections.verdict(self.statements, self.unverified),
            "unverified": self.unverified,
            "controls": figure.controls is not None,
            "sliders": sections.controls(figure, begin),
            "methods": [sections.offered_as(one) for one in offered],
            "choice": "Scaling" if offered[0].scheme is not None else "Method",
            "modes": [(one.mode, MODES[one.mode]) for one in self.drawings if one.mode is not None],
            "cost": sections.cost(begin),
            "shapes": max(len(shapes(one)) for one in offered),
            "adapted": bool(plans),
            "forward": Safe(forward_html(plans)) if plans else "",
            "claims": tables,
            "lesson": sections.lesson(figure),
            "words": self.description,
            "words_heading": "In words" if figure.controls is None else "In words, as the page begins",
            "after": None if after is None else Safe(text_html(after)),
            "license": figure.about.license,
        }
        return environment.get_template("page.html.j2").render(context)


def contents(figure: Figure, report: Report, description: str, unverified: bool = False) -> Contents:
    """Draws a page's pictures, and finds where each statement of the figure holds."""
    numbers, glyphs = Numbers(figure, start(figure).values()), Glyphs()
    modes = () if figure.controls is None else figure.controls.mode
    drawings = []
    for mode in modes or (None,):
        shown = figure if mode is None else in_mode(figure, mode)
        # An underscore, which no id of a spec has: the page's own ids are never those of a figure.
        shown = replace(shown, id=f"{figure.id}_{mode or 'figure'}")
        drawings.append(replace(picture.draw(shown, description, glyphs, unverified), mode=mode))
    found = claims.statements(figure) if figure.controls is not None else claims.told(report)
    return Contents(figure, description, unverified, tuple(drawings), found, numbers, glyphs)


def _template(name: str) -> str:
    with open(os.path.join(folder("templates"), "page", name), encoding="utf-8") as file:
        return file.read()


def _script() -> str:
    """The script of every page, without the comments that stand on lines of their own."""
    text = "\n".join(map(_template, ("exact.js", "program.js", "forward.js", "page.js")))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line != "" and not line.startswith("//"))


def _css(drawings: Sequence[Drawing]) -> str:
    """The style of the page, and the colours of its pictures."""
    page = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", _template("page.css"), flags=re.DOTALL))
    colours = dict.fromkeys(rule for one in drawings for rule in one.css.replace("}", "}\n").splitlines())
    return f":root{{--night:{NIGHT};--ground:{drawings[0].night}}}{page}" + "".join(colours)


def _policy(code: str, css: str) -> str:
    def source(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; script-src {source(code)}; style-src {source(css)}; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
