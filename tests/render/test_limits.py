"""Pictures that a file cannot hold are refused before anything is drawn, with what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_tikz import ARTICLE, compile_with

from lorafig.errors import LorafigError
from lorafig.language.model import Source
from lorafig.options import Options
from lorafig.pipeline import render_bytes
from lorafig.render import mpl, tex, tikz
from lorafig.scene import Scene

HINT = "  hint: split the figure into several, or write SVG, which has no such limit"
LONG = "lorafig: 1\ntitle: Long\nid: long\nrow: [{equations: [%s]}]\n"


DOTS = "at 300 dots an inch the picture is"
SIZES = [
    (5_701, 20, "tikz", "the picture is 5,701 × 20 mm: TeX goes no further than 5,700"),
    (20, 5_081, "tex", "the picture is 20 × 5,081 mm: PDF goes no further than 5,080"),
    (5_081, 20, "pdf", "the picture is 5,081 × 20 mm: PDF goes no further than 5,080"),
    (5_081, 20, "eps", "the picture is 5,081 × 20 mm: EPS goes no further than 5,080"),
    (900, 900, "png", f"{DOTS} 10,630 × 10,630 pixels: a PNG has at most 100 million"),
    (20, 5_600, "png", f"{DOTS} 236 × 66,142 pixels: a PNG has at most 65,535 on a side"),
]
WRITERS: Mapping[str, Callable[[Scene], object]] = {
    "tikz": tikz.render,
    "tex": partial(tikz.render, standalone=True),
    "pdf": partial(mpl.save, format="pdf"),
    "eps": partial(mpl.save, format="eps"),
    "png": partial(mpl.save, format="png"),
}


@pytest.mark.parametrize(("width", "height", "form", "what"), SIZES)
def test_what_is_too_large_is_refused(
    width: float, height: float, form: str, what: str, two_panels: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mpl, "render", lambda *_: pytest.fail("it was drawn"))
    scene = replace(two_panels, width=width, height=height)
    with pytest.raises(LorafigError) as caught:
        WRITERS[form](scene)
    assert caught.value.kind == "limit"
    assert str(caught.value) == f"{what}\n{HINT}"


def test_the_spec_is_named() -> None:
    lines = ", ".join(["'h = Wx + BAx'"] * 600)
    with pytest.raises(LorafigError) as caught:
        render_bytes((LONG % lines).encode(), "long.yaml", ["pdf"], Options())
    assert str(caught.value).startswith("long.yaml:3:5: the picture is ")


@pytest.mark.parametrize(("side", "document"), [(5_699.0, False), (5_079.0, True)])
def test_what_is_not_too_large_compiles(
    side: float, document: bool, two_panels: Scene, tmp_path: Path
) -> None:
    scene = replace(two_panels, width=side, height=side)
    if document:
        assert tex.compile_pdf(tikz.render(scene, standalone=True)).startswith(b"%PDF")
    else:
        fitted = r"\resizebox{\linewidth}{!}{\input{one.tikz}}"
        compile_with("pdflatex", ARTICLE % (r"\sbox0{\input{one.tikz}}" + fitted), tmp_path, [scene])


def test_dots_are_counted(two_panels: Scene) -> None:
    sized = replace(two_panels, id=Source("a"), width=254.0, height=254.0)
    mpl.save(sized, "png", dpi=30)
    with pytest.raises(LorafigError, match=r"at 1001 dots an inch the picture is 10,010 × 10,010 pixels"):
        mpl.save(sized, "png", dpi=1001)


@pytest.mark.parametrize("epoch", ["abc", "9999999999999999", "-", "1.5"])
@pytest.mark.parametrize("form", ["pdf", "eps"])
def test_an_epoch_that_is_none_is_named(
    epoch: str, form: mpl.Format, two_panels: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(LorafigError) as caught:
        mpl.save(two_panels, form)
    assert str(caught.value) == (
        f"SOURCE_DATE_EPOCH is '{epoch}', not a number of seconds since 1970\n"
        "  hint: unset it: lorafig puts no date into a file"
    )
