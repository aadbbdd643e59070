"""The options of a fence: what they give, and what is said of those that are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lorafig.embed.request import OPTIONS, Request, palettes, request
from lorafig.errors import LorafigError


def test_every_option() -> None:
    given = {
        "file": "a.yaml",
        "theme": "dark",
        "text": "live",
        "width": "80%",
        "alt": "A figure",
        "caption": "Below",
        "interactive": "interactive",
        "height": "400",
    }
    expected = Request("a.yaml", None, "dark", "live", "80%", "A figure", "Below", True, 400)
    assert request(given) == expected
    assert set(given) | {"gallery"} == set(OPTIONS)
    assert request({"gallery": "lora-flow"}) == Request(gallery="lora-flow")


def test_the_theme_that_is_taken_where_none_is_given() -> None:
    assert request({}).theme == "auto"
    assert request({}, "grey").theme == "grey"
    assert request({"theme": "auto"}, "grey").theme == "auto"
    assert palettes() == ("paper", "grey", "okabe-ito", "poster", "dark", "paper-dark", "slide")


@pytest.mark.parametrize("width", ["1%", "12.5cm", "100px", "3em", "20pt", "45mm", "2in"])
def test_widths(width: str) -> None:
    assert request({"width": width}).width == width


ERRORS = {
    "an unknown option": (
        {"fille": "x"},
        "there is no option 'fille'\n  hint: did you mean 'file'? the options are 'file', 'gallery', 'theme',"
        " 'text', 'width', 'alt', 'caption', 'interactive' and 'height'",
    ),
    "an unknown theme": (
        {"theme": "nigth"},
        "there is no theme 'nigth'\n  hint: the themes are 'auto', 'paper', 'grey', 'okabe-ito', 'poster',"
        " 'dark', 'paper-dark' and 'slide'",
    ),
    "text": ({"text": "bold"}, "'text' is 'paths' or 'live', not 'bold'"),
    "an empty value": ({"file": " "}, "'file' is empty\n  hint: it takes the name of a spec"),
    "a width without a unit": (
        {"width": "80"},
        "'80' is not a width\n  hint: such as '80%', '30em', '480px' or '12cm'",
    ),
    "a style for a width": (
        {"width": "1px;position:fixed"},
        "'1px;position:fixed' is not a width\n  hint: such as '80%', '30em', '480px' or '12cm'",
    ),
    "a value for a flag": (
        {"interactive": "no"},
        "'interactive' takes no value\n  hint: write it alone, or leave it out",
    ),
    "a height in cm": (
        {"interactive": "", "height": "10cm"},
        "'10cm' is not a height\n  hint: it is a number of pixels from 50 to 10,000",
    ),
    "a height that is too great": (
        {"interactive": "", "height": "10001"},
        "'10001' is not a height\n  hint: it is a number of pixels from 50 to 10,000",
    ),
    "a height of a picture": (
        {"height": "400"},
        "'height' is for the interactive page\n"
        "  hint: a picture takes its height from its width; add 'interactive', or leave 'height' out",
    ),
    "two specs": (
        {"file": "a.yaml", "gallery": "b"},
        "'file' and 'gallery' both name a spec\n  hint: leave one of them out",
    ),
    "all at once": (
        {"text": "x", "height": "3"},
        "'text' is 'paths' or 'live', not 'x'\n"
        "'3' is not a height\n"
        "  hint: it is a number of pixels from 50 to 10,000\n"
        "'height' is for the interactive page\n"
        "  hint: a picture takes its height from its width; add 'interactive', or leave 'height' out",
    ),
}


@pytest.mark.parametrize(("options", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(options: dict[str, str], message: str) -> None:
    with pytest.raises(LorafigError) as caught:
        request(options)
    assert str(caught.value) == message


@given(st.dictionaries(st.sampled_from((*OPTIONS, "onload", "style")), st.text(max_size=12)))
def test_whatever_is_written_is_read_or_refused(options: dict[str, str]) -> None:
    try:
        asked = request(options)
    except LorafigError:
        return
    # What goes into a style attribute is what it says it is.
    assert asked.width is None or asked.width.rstrip("%abcdefghijklmnopqrstuvwxyz").replace(".", "").isdigit()
    assert 50 <= asked.height <= 10_000
