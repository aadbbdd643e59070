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
        "html": (r"<title>(.*?)</title>", r'id="words-heading".*?<p id="[^"]*">(.*?)</p>'),
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


EXCUSED = """\
id: measured
title: What was measured
marks: true
unverified: from table 2
caption: Training is faster by 25 %.
model: {d: 64, r: 4}
flow:
  nodes:
    x: {bar: x}
    W: {box: W, note: 35 GB, unverified: measured on one GPU}
    h: {box: [takes 3 hours of 8 GPUs], unverified: measured on one GPU}
  edges: ['x -> W', {edge: 'W -> h', text: 20 % of the rank, unverified: our log}]
"""


@pytest.mark.parametrize("form", ["svg", "html", "tikz", "tex", "mmd", "pdf", "png", "md"])
def test_the_reasons_stand_in_every_output(form: Format) -> None:
    data = draw(lorafig.loads(EXCUSED).spec, [form], Options())[0][form]
    if form == "pdf":
        about = pypdf.PdfReader(BytesIO(data)).metadata
        assert about is not None
        text = str(about.subject)
    elif form == "png":
        text = Image.open(BytesIO(data)).info["Description"]
    else:
        begins = {"svg": "<desc", "html": '__desc">', "md": "Not decided", "mmd": "accDescr"}
        text = " ".join(unescape(data.decode()).partition(begins.get(form, "alt="))[2].split())
        text = text.partition("spec:")[0]
    for reason in ("from table 2", "measured on one GPU", "our log"):
        assert reason in text


def test_marks_are_drawn_with_their_reasons_below() -> None:
    spec = lorafig.loads(EXCUSED).spec
    scene = draw(spec, ["tikz"], Options(caption="on"))[0]["tikz"].decode()
    text = scene.replace("~", " ")
    for label in (
        r"25 \%.\ \dag{}",
        r"\dag{} from table 2",
        r"W \, \text{\ddag{}}",
        r"\ddag{} measured on one GPU",
    ):
        assert label in text
    assert len(re.findall(r"\\node.*\\S\{\}", text)) == 2
    plain = draw(lorafig.loads(EXCUSED.replace("marks: true\n", "")).spec, ["tikz"], Options())[0]["tikz"]
    assert b"dag{}" not in plain


STACK = """\
id: measured
title: What was measured
marks: true
model: {d: 64, r: 4}
stack:
  - {bar: x, unverified: a}
  - split:
      - {square: W, text: [35 GB], unverified: b}
      - {bottleneck: [A, B], unverified: c}
  - {sum: [Wx, BAx], unverified: d}
  - {apply: ReLU, unverified: e}
"""


def test_every_element_can_have_a_mark() -> None:
    from lorafig.layout.marks import marked

    figure, footnotes = marked(lorafig.loads(STACK).spec)
    assert footnotes == ("† a", "‡ b", "§ c", "¶ d", "†† e")
    bar, split, total, apply = figure.stack
    assert (bar.math, split.split[0].text, split.split[1].math[-1]) == (
        r"x\,\text{†}",
        ("35 GB ‡",),
        r"B\,\text{§}",
    )
    assert total.sum[-1] == r"BAx\,\text{¶}"
    assert apply.text == ("$ReLU$ ††",)
