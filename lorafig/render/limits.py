"""How large a picture each kind of file can hold. Looked at before anything is drawn or allocated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from lorafig.errors import LorafigError, Problem
from lorafig.scene import Scene

INCH = 25.4  # mm
PAGE = 14_400 / 72 * INCH  # what reads PDF, and what makes PDF of EPS, goes no further
# mm. TeX counts lengths up to 16,383 pt, which are 5,758 mm; a document needs some of it around the picture.
LONGEST: Mapping[str, float] = {"TeX": 5_700.0, "PDF": PAGE, "EPS": PAGE}
PIXELS = 100_000_000
PIXELS_ACROSS = 65_535  # Agg's limit on either side before Matplotlib 3.10, and that of many a viewer

HINT = "split the figure into several, or write SVG, which has no such limit"


def demand_size(scene: Scene, kind: Literal["TeX", "PDF", "EPS"]) -> None:
    """Raises LorafigError of kind 'limit' if the picture is wider or higher than the file can be."""
    if max(scene.width, scene.height) > LONGEST[kind]:
        size = f"the picture is {_size(scene.width, scene.height)} mm"
        raise _refusal(scene, f"{size}: {kind} goes no further than {LONGEST[kind]:,.0f}")


def demand_pixels(scene: Scene, dpi: float) -> None:
    """Raises LorafigError of kind 'limit' if the picture has too many pixels at `dpi` dots an inch."""
    width, height = scene.width / INCH * dpi, scene.height / INCH * dpi
    size = f"at {dpi:g} dots an inch the picture is {_size(width, height)} pixels"
    if width * height > PIXELS:
        raise _refusal(scene, f"{size}: a PNG has at most {PIXELS // 1_000_000} million")
    if max(width, height) > PIXELS_ACROSS:
        raise _refusal(scene, f"{size}: a PNG has at most {PIXELS_ACROSS:,} on a side")


def _size(width: float, height: float) -> str:
    return f"{width:,.0f} × {height:,.0f}"


def _refusal(scene: Scene, what: str) -> LorafigError:
    """With the place of the figure's id, if that knows where it is written."""
    return LorafigError(Problem(what, getattr(scene.id, "where", None), HINT), "limit")
