"""The pixels of a PNG beside those that the spec gives."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

MOST_PIXELS = 100_000_000
_CELL = 4  # pixels of a side of the squares that are compared where a picture was resized
_SLIGHT = 4  # levels of 255 that a square may differ by in a picture that was not resized
_NEAR = 24  # levels of 255 that a square may differ by: what ways to resize leave open
_SHAPE = 0.01  # how far the ratio of the sides may be off, besides whole pixels

Said = tuple[Literal["same", "altered", "unknown"], str]


def compare(own: bytes, given: bytes) -> Said:
    """Two PNGs, each without its record."""
    from PIL import Image, UnidentifiedImageError

    try:
        there, here = (Image.open(io.BytesIO(data), formats=["PNG"]) for data in (own, given))
        if there.width * there.height > MOST_PIXELS:
            return "unknown", f"its pixels, {there.width} × {there.height}, are too many to compare"
        there.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return "altered", "the file is cut off, or damaged"
    sizes = f"{there.width} × {there.height} pixels for {here.width} × {here.height}"
    if there.size == here.size:
        return _alike(there, here)
    if abs(there.width / here.width * here.height - there.height) > 1 + _SHAPE * there.height:
        return "altered", f"it was cropped or stretched: {sizes}"
    most = _most(there, here)
    if most <= _NEAR:
        return "same", f"it was resized, {sizes}, and no part of it looks otherwise"
    return "altered", f"it was resized, {sizes}, and a part of it differs by {most / 255:.0%}"


def _alike(there: Image, here: Image) -> Said:
    import numpy as np

    off = np.abs(_levels(there) - _levels(here))
    different = off.max(axis=2) > 0
    if not different.any():
        return "same", "another program wrote the file; its pixels are those that the spec gives"
    most = float(np.abs(_cells(_levels(there) - _levels(here))).max(initial=0))
    if most <= _SLIGHT and off.max() <= _NEAR:
        return "same", f"its colours were rounded: no part of it differs by more than {most / 255:.1%}"
    rows, columns = np.nonzero(different)
    place = f"from ({columns.min()}, {rows.min()}) to ({columns.max()}, {rows.max()})"
    return "altered", f"{different.mean():.2%} of its pixels differ, {place}"


def _most(there: Image, here: Image) -> float:
    """The largest difference of a square of some pixels, in levels, to the picture as one of the usual ways
    to resize gives it: the nearest one."""
    import numpy as np
    from PIL.Image import Resampling

    known = _levels(there)
    resized = (_levels(here.convert("RGBA").resize(there.size, way)) for way in Resampling)
    return min(float(np.abs(_cells(known - one)).max(initial=0)) for one in resized)


def _cells(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The means of squares of pixels; what is left at two sides is not looked at."""
    height, width = levels.shape[0] // _CELL, levels.shape[1] // _CELL
    whole = levels[: height * _CELL, : width * _CELL]
    means: NDArray[np.float32] = whole.reshape(height, _CELL, width, _CELL, 4).mean(axis=(1, 3))
    return means


def _levels(image: Image) -> NDArray[np.float32]:
    import numpy as np

    return np.asarray(image.convert("RGBA"), dtype=np.float32)
