"""The fence in Python-Markdown itself: what it becomes, and what is said of what is wrong, with the line."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import Any

import markdown
import pytest
from pymdownx.superfences import SuperFencesException

from lorafig.embed.markdown import LorafigExtension, fence, validate
from tests.embed.sites import SPEC, WRONG, WRONG_SAYS, figures, write

BOTH = ["pymdownx.superfences", "lorafig.embed.markdown"]


@pytest.fixture(autouse=True)
def _in_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LORAFIG_CACHE", str(tmp_path / ".cache"))
    monkeypatch.chdir(write(tmp_path, {"figures/mine.yaml": SPEC, "figures/wrong.yaml": WRONG}))


def _html(text: str, *extensions: Any, **configs: Any) -> str:
    return markdown.markdown(text, extensions=[*(extensions or BOTH), "attr_list"], extension_configs=configs)


def _fence(header: str = "", body: str = "", mark: str = "```") -> str:
    return f"{mark}lorafig{' ' if header else ''}{header}\n{body}{mark}\n"


def _without_specs(html: str) -> str:
    """Pages may differ in the text of a spec: in the blank lines at its end."""
    return re.sub(r' data-lorafig="[^"]*"', "", html)


INLINE = _fence(body=SPEC)


# -- what it becomes ------------------------------------------------------------------------------


def test_every_way_to_set_it_up_gives_the_same() -> None:
    custom = {"name": "lorafig", "class": "lorafig", "format": fence, "validator": validate}
    by_hand = {"pymdownx.superfences": {"custom_fences": [custom]}}
    text = INLINE + _fence('file="figures/mine.yaml" theme="grey"')
    html = _html(text)
    assert html == _html(text, *reversed(BOTH))
    assert html == _html(text, "pymdownx.superfences", **by_hand)
    assert html == _html(text, "pymdownx.superfences", LorafigExtension())
    assert len(figures(html)) == 2


def test_every_way_to_name_a_spec_gives_the_same_figure() -> None:
    ways = [
        INLINE,
        _fence('file="figures/mine.yaml"'),
        _fence("file='/figures/mine.yaml'"),
        _fence(body="figures/mine.yaml\n"),
        _fence(mark="~~~~", header='file="figures/mine.yaml"'),
        "``` { .lorafig file=figures/mine.yaml }\n```\n",
        "``` lorafig { file=figures/mine.yaml }\n```\n",
    ]
    assert len({_without_specs(_html(way)) for way in ways}) == 1
    assert _html(_fence('gallery="lora-flow"')).count("<svg") == 1


def test_where_a_fence_may_stand() -> None:
    indented = INLINE.replace("\n", "\n    ").rstrip(" ")
    quoted = "".join(f"> {line}\n" for line in INLINE.splitlines())
    text = f"1. A list\n\n    {indented}\n{quoted}\n!!! note\n\n    {indented}\n\ttabs\n"
    html = _html(text, *BOTH, "admonition")
    shapes = {re.sub(r"lorafig-\d+", "", _without_specs(figure)) for figure in figures(html)}
    assert len(figures(html)) == 3
    assert len(shapes) == 1
    assert "<li>" in html
    assert "<blockquote>" in html


def test_ids_on_a_page_are_its_own() -> None:
    html = _html(
        "# Mine { #mine }\n\n" + INLINE * 2 + "``` { .lorafig #here .wide gallery=lora-flow }\n```\n"
    )
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert '<figure id="here" class="lorafig wide">' in html


def test_options_of_the_extension() -> None:
    html = _html(INLINE, *BOTH, **{"lorafig.embed.markdown": {"theme": "grey"}})
    assert html == _html(_fence('theme="grey"', SPEC))
    html = _html(_fence('theme="auto"', SPEC), *BOTH, **{"lorafig.embed.markdown": {"theme": "grey"}})
    assert html == _html(INLINE)


def test_the_folder_that_specs_are_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    monkeypatch.chdir(tmp_path / "site")
    text = _fence('file="/figures/mine.yaml"')
    with pytest.raises(SuperFencesException, match=r"there is no file figures/mine\.yaml"):
        _html(text)
    assert _html(text, *BOTH, **{"lorafig.embed.markdown": {"root": ".."}}).count("<svg") == 1


def test_the_interactive_page() -> None:
    html = _html(_fence('file="figures/mine.yaml" interactive height="300" caption="Try $r = 4$"'))
    (figure,) = figures(html)
    assert 'sandbox="allow-scripts" loading="lazy" style="width:100%;height:300px;border:0"' in figure
    assert 'title="LoRA beside a frozen weight"' in figure
    assert "<figcaption>Try <math>" in figure
    assert "<script" not in html


def test_other_fences_are_left_alone() -> None:
    text = "```lorafig-notes\nx\n```\n\n```` { .markdown }\n" + INLINE + "````\n\n    ```py\n    x\n    ```\n"
    html = _html(text)
    assert figures(html) == []
    assert html.count("<pre>") == 3


# -- what is wrong --------------------------------------------------------------------------------


def _said(text: str, *extensions: Any, **configs: Any) -> str:
    with pytest.raises(SuperFencesException) as caught:
        _html(text, *extensions, **configs)
    return str(caught.value)


def test_a_false_figure_in_a_file() -> None:
    said = _said("Text.\n\n" + _fence('file="figures/wrong.yaml"'))
    assert said == f"<markdown>:3: this figure does not hold\n{WRONG_SAYS.format('figures/wrong.yaml')}"


def test_a_false_figure_in_the_page() -> None:
    """Its lines are the page's."""
    said = _said("# Title\n\nText.\n\n" + _fence(body=WRONG))
    expected = WRONG_SAYS.format("<markdown>").replace(":7:", ":12:")
    assert said == f"<markdown>:5: this figure does not hold\n{expected}"


@pytest.mark.parametrize("before", ["    ", "> ", "\t"])
def test_a_false_figure_further_to_the_right(before: str) -> None:
    lines = "".join(before + line + "\n" for line in _fence(body=WRONG).splitlines())
    said = _said(f"- x\n\n{lines}" if before != "> " else f"Text\n\n{lines}")
    column = 54 + len(before.expandtabs(4))
    assert said.startswith(
        f"<markdown>:3: this figure does not hold\n<markdown>:10:{column}: error: 'd' does not"
    )


def test_the_second_of_two_and_not_an_example_of_it() -> None:
    wrong = _fence(body=WRONG)
    text = f"```` md\n{wrong}````\n\n{INLINE}\n{wrong}"
    line = len(text.splitlines()) - len(wrong.splitlines()) + 1
    assert text.splitlines()[line - 1] == "```lorafig"
    said = _said(text)
    assert said.startswith(f"<markdown>:{line}: this figure does not hold\n<markdown>:{line + 7}:54: error: ")


NOT_UNDERSTOOD = """\
error: this fence is not understood
  hint: options are written name="value": ```lorafig file="figures/mine.yaml" theme="dark"; a fence ends \
with a line like its first, as far to the right"""
ERRORS = {
    "a missing file": (
        _fence('file="none.yaml"'),
        """\
        <markdown>:1: this figure cannot be drawn
        error: there is no file none.yaml
          hint: names are relative to the page; those with '/' before them to the top of the project""",
    ),
    "a file outside": (
        "Text\n\n" + _fence('file="../x.yaml"'),
        """\
        <markdown>:3: this figure cannot be drawn
        error: '../x.yaml' leads out of the project
          hint: a spec is a file of the project""",
    ),
    "an unknown option": (
        _fence('fyle="x.yaml"'),
        """\
        <markdown>:1: this figure cannot be drawn
        error: there is no option 'fyle'
          hint: did you mean 'file'? the options are 'file', 'gallery', 'theme', 'text', 'width', 'alt', \
'caption', 'interactive' and 'height'""",
    ),
    "an empty fence": (
        _fence(),
        """\
        <markdown>:1: this figure cannot be drawn
        error: there is no spec
          hint: write it here, or name a file or a figure of the gallery""",
    ),
    "an option without quotes": (
        "Text\n\n" + INLINE + "\n" + _fence("file=figures/mine.yaml"),
        f"<markdown>:15: this figure cannot be drawn\n{NOT_UNDERSTOOD}",
    ),
    "a fence without an end": (
        "Text\n\n```lorafig\n" + SPEC,
        f"<markdown>:3: this figure cannot be drawn\n{NOT_UNDERSTOOD}",
    ),
    "a slip in the spec": (
        "Text\n\n" + _fence(body=SPEC.replace("bar: h", "br: h")),
        """\
        <markdown>:3: this figure cannot be drawn
        <markdown>:12:5: error: an element is named by its key, and no key here names one: found 'br'
            - br: h
              ^^
          hint: did you mean 'bar'? the keys that do: 'bar', 'square', 'trapezoid', 'bottleneck', 'split', \
'sum', 'scale', 'gate', 'bias', 'skip', 'apply', 'repeat' and 'arrow'""",
    ),
}


@pytest.mark.parametrize(("text", "message"), ERRORS.values(), ids=ERRORS)
def test_errors(text: str, message: str) -> None:
    assert _said(text) == dedent(message)


def test_a_caption_that_is_not_mathematics() -> None:
    assert _said(_fence('file="figures/mine.yaml" caption="$\\frac{$"')).startswith(
        "<markdown>:1: this figure cannot be drawn\nerror: "
    )


def test_without_superfences() -> None:
    message = (
        "error: lorafig.embed.markdown needs pymdownx.superfences\n  hint: add it to markdown_extensions"
    )
    assert _said(INLINE, "lorafig.embed.markdown") == message
    assert _html("Text", "lorafig.embed.markdown") == "<p>Text</p>"


def test_an_unknown_theme_of_the_extension() -> None:
    with pytest.raises(Exception, match="there is no theme 'nigth'"):
        _html("Text", *BOTH, **{"lorafig.embed.markdown": {"theme": "nigth"}})


def test_a_mistake_of_ours_is_not_taken_for_a_fence_of_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: Any) -> str:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("lorafig.embed.inline.figure", broken)
    assert _said(INLINE) == "<markdown>:1: ZeroDivisionError: by zero"


def test_giants() -> None:
    said = _said(_fence(body="# " + "x" * (1 << 20) + "\n" + SPEC))
    assert said == (
        "<markdown>:1: this figure cannot be drawn\n"
        "error: <markdown> is larger than 1 MiB\n  hint: the spec of a figure is a few kilobytes"
    )
