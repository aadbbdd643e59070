"""What is drawn with `--no-check` says so in every format, in its title and in its alternative text."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO

import pypdf
import pytest
from PIL import Image

import lorafig
from lorafig.draw import draw
from lorafig.options import FORMATS, Format, Options
from lorafig.words.alt import LONGEST, UNVERIFIED, alt_text

FALSE = """\
id: untrue
title: A flow
about: {shows: 'What $W$ does.'}
model: {d: 64, r: 4}
flow:
  nodes: {x: {box: x}, W: {box: W}, h: {box: h}}
  edges: ['x -> W -> h']
"""
SAID = f"{UNVERIFIED} What W does. "


def output(form: Format, check: bool) -> bytes:
    text = FALSE if not check else FALSE.replace("h: {box: h}", "h: {box: Wx}")
    return draw(lorafig.loads(text).spec, [form], Options(check=check))[0][form]


def said(form: Format, check: bool = False) -> tuple[str, str]:
    """The title of an output, and the text for those who do not see it."""
    data = output(form, check)
    if form == "pdf":
        about = pypdf.PdfReader(BytesIO(data)).metadata
        assert about is not None
        return str(about.title), str(about.subject)
    if form == "png":
        info = Image.open(BytesIO(data)).info
        return info["Title"], info["Description"]
    patterns = {
        "svg": (r"<title[^>]*>(.*?)</title>", r"<desc[^>]*>(.*?)</desc>"),
        "html": (r"<title>(.*?)</title>", r'id="words-heading".*?<p>(.*?)</p>'),
        "tikz": (r"^% untrue: (.*)$", r"alt=\{\s*A flow(?: \(unverified\))?\. (.*?)\}\]"),
        "mmd": (r'^title: "(.*)"$', r"accDescr: (.*)$"),
    }
    title, description = (
        re.search(pattern, data.decode(), re.MULTILINE | (re.DOTALL if number else 0))
        for number, pattern in enumerate(patterns["tikz" if form == "tex" else form])
    )
    assert title is not None
    assert description is not None
    return unescape(title[1]), " ".join(unescape(description[1]).split())


@pytest.mark.parametrize("form", ["svg", "html", "tikz", "tex", "mmd", "pdf", "png"])
def test_titles_and_descriptions_say_so(form: Format) -> None:
    title, description = said(form)
    assert title == "A flow (unverified)"
    assert description.startswith(SAID)
    title, description = said(form, check=True)
    assert title == "A flow"
    assert "nverified" not in description


def test_the_others_say_so_in_their_own_way() -> None:
    assert b"%%Title: A flow (unverified)\n" in output("eps", False)
    assert b"\n**Unverified**: 1 claim on this figure does not hold" in output("md", False)
    assert json.loads(output("json", False))["figures"][0]["verdict"] == "fails"
    assert set(FORMATS) == {"svg", "html", "tikz", "tex", "mmd", "pdf", "png", "eps", "md", "json"}


def test_the_page_says_so_before_its_script_runs() -> None:
    page = output("html", False).decode()
    assert '<meta name="description" content="What W does. (unverified)">' in page
    assert "✗ Drawn unchecked: not everything on the figure holds." in page


def test_a_long_text_says_so_too() -> None:
    spec = lorafig.loads(FALSE.replace("What $W$ does.", "Words of it. " * 100)).spec
    text = alt_text(spec, unverified=True)
    assert text.startswith(f"{UNVERIFIED} Words of it. ")
    assert len(text) <= LONGEST
