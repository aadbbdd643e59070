"""A figure's page as one HTML file: nothing is fetched, and nothing runs but what is named by its hash."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from lorafig.core.adapters import NO_ADAPTER
from lorafig.language.model import Figure
from lorafig.language.scope import panels
from lorafig.notation.write.mathml import text_html
from lorafig.page import claims, picture, sections
from lorafig.page.claims import Statement
from lorafig.page.data import page_data, plans_beside, plans_of, titles
from lorafig.page.formulas import Formula, formulas
from lorafig.page.forward import forward_html
from lorafig.page.live import Numbers
from lorafig.page.picture import Drawing, Glyphs
from lorafig.page.script import script
from lorafig.page.setting import methods, start
from lorafig.resources import page_templates, template
from lorafig.themes.palettes import NIGHT
from lorafig.values import replace
from lorafig.verify.figure.inline import inlined, writer_of
from lorafig.verify.report import Report


def render(figure: Figure, report: Report, description: str, unverified: bool = False) -> str:
    """The page. `report` is what verification said of the figure; `description` is its alternative text."""
    return contents(figure, report, description, unverified).html()


@dataclass(frozen=True, slots=True)
class Contents:
    """What is on a page: the picture, formulas beside it, statements, and the numbers that it computes."""

    figure: Figure
    description: str
    unverified: bool
    drawing: Drawing
    formulas: tuple[Formula, ...]
    statements: tuple[Statement, ...]
    numbers: Numbers
    glyphs: Glyphs

    def html(self) -> str:
        from markupsafe import Markup as Safe  # what is made here, of escaped pieces

        figure, begin, offered = self.figure, start(self.figure), methods(self.figure)
        tables = sections.groups(figure, self.statements, self.numbers)
        plans = plans_of(figure, offered)
        beside = plans_beside(figure, plans.values())
        every = {**plans, **{key: plan for key, (_, plan) in beside.items()}}
        alike = [panel for panel in panels(figure) if panel.model is None]
        passing = {
            **({"": titles(alike)} if plans and alike else {}),
            **{key: title for key, (title, _) in beside.items()},
        }
        moved = sections.controls(figure, begin)
        beyond = any(plan.beyond for plan in every.values())
        code, css = script(beyond, figure.controls is not None), _css(self.drawing)
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
            "glyphs": Safe(self.glyphs.definitions()),
            "drawing": {"svg": Safe(self.drawing.svg), "ground": self.drawing.ground},
            "panels": [Safe(text_html(title, self.numbers.live)) for _, title, _ in self.drawing.panels],
            "symbols": sections.symbols(self.drawing),
            "formulas": [
                {
                    "html": Safe(one.html(self.numbers)),
                    "like": one.like,
                    "of": None if one.of is None else Safe(text_html(one.of, self.numbers.live)),
                }
                for one in self.formulas
            ],
            "scale": sections.scale_of(self.drawing),
            "verdict": sections.verdict(self.statements, self.unverified),
            "unverified": self.unverified,
            "controls": figure.controls is not None,
            "axis": moved[0] if moved else None,
            "sliders": moved[1:],
            "methods": [sections.offered_as(one) for one in offered],
            "choice": "Scaling" if offered[0].scheme is not None else "Method",
            "cost": sections.cost(figure, begin),
            "adapted": figure.model.adapter != NO_ADAPTER,
            "merges": any(plan.merged is not None for plan in plans.values()),
            "grows": figure.model.adapter != NO_ADAPTER
            or any(plan.update is not None for plan in plans.values()),
            "passes": next((plan.heading for plan in every.values()), None),
            "presets": sections.models(figure, begin),
            "settable": sections.sizes_to_set(figure),
            "models_note": sections.models_note(begin),
            "forward": Safe(forward_html(every, passing)) if every else "",
            "claims": tables,
            "lesson": sections.lesson(figure),
            "words": self.description,
            "words_id": self.drawing.words,
            "words_heading": "In words" if figure.controls is None else "In words, as the page begins",
            "after": None if after is None else Safe(text_html(after)),
            "license": figure.about.license,
        }
        # What is computed is numbered as it is written: the data comes last.
        data = page_data(figure, offered, every, [self.drawing], self.statements, self.formulas, self.numbers)
        return page_templates("page").get_template("page.html.j2").render({**context, "data": Safe(data)})


def contents(figure: Figure, report: Report, description: str, unverified: bool = False) -> Contents:
    """Draws a page's picture, and finds where each statement of the figure holds."""
    # Claims are read in the words as they are, and shown as those on the figure.
    found = claims.statements(figure) if figure.controls is not None else claims.told(report)
    figure, written = inlined(figure, page=True), writer_of(figure)
    found = tuple(
        replace(one, text=written(one.text, "text")) if one.kind == "property" and one.tree is None else one
        for one in found
    )
    numbers, glyphs = Numbers(figure, start(figure).values()), Glyphs()
    # An underscore, which no id of a spec has: the page's own ids are never those of a figure.
    named = replace(figure, id=f"{figure.id}_figure")
    drawing = picture.draw(named, description, glyphs, unverified)
    return Contents(figure, description, unverified, drawing, formulas(figure), found, numbers, glyphs)


def _css(drawing: Drawing) -> str:
    """The style of the page, and the colours of its picture."""
    page = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", template("page", "page.css"), flags=re.DOTALL))
    return f":root{{--night:{NIGHT};--ground:{drawing.night}}}{page}{drawing.css}"


def _policy(code: str, css: str) -> str:
    def source(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; script-src {source(code)}; style-src {source(css)}; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
