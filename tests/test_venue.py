"""A figure for a venue is laid out anew with smaller text, never scaled."""

import pathlib

import pytest

from lorafig.errors import LorafigError
from lorafig.language import load
from lorafig.language.model import Panel
from lorafig.layout import layout
from lorafig.layout.venue import LAST_RESORT, SIZES, fitted
from lorafig.themes.venues import venues

WIDTHS = {venue.name: venue.limits() for venue in venues()}

GALLERY = sorted((pathlib.Path(__file__).parent.parent / "figures").glob("*.yaml"))


@pytest.mark.parametrize("venue", WIDTHS)
@pytest.mark.parametrize("spec", GALLERY, ids=lambda path: path.stem)
def test_the_gallery_fits_every_venue_with_the_largest_text_that_does(spec, venue):
    figure = fitted(load(spec), venue.lower(), layout)
    size = figure.theme.font_size
    assert size in (*SIZES, LAST_RESORT)
    width = layout(figure).width
    limit = next(limit for limit in WIDTHS[venue] if width <= limit)
    larger = [other for other in (*SIZES, LAST_RESORT) if other > size]
    if limit == WIDTHS[venue][-1] and larger:
        from lorafig.values import replace

        above = replace(figure, theme=replace(figure.theme, font_size=min(larger)))
        assert layout(above).width > limit


def test_an_unknown_venue_lists_those_there_are():
    with pytest.raises(LorafigError) as caught:
        fitted(load(GALLERY[0]), "Nature", layout)
    names = ", ".join(WIDTHS)
    assert str(caught.value) == f"there is no venue 'Nature'\n  hint: the venues are {names}"


def test_what_no_readable_size_makes_fit_is_refused():
    figure = load(next(path for path in GALLERY if path.stem == "lora-reparametrization"))
    row = (Panel(figure.stack, "a very long title " * 20),)
    long = type(figure)(id="long", title="Long", row=row)
    with pytest.raises(LorafigError) as caught:
        fitted(long, "ICLR", layout)
    assert caught.value.problems[0].what.startswith("at 6 pt the figure is ")
    assert caught.value.problems[0].what.endswith(" mm wide, and ICLR has 140 mm")
