"""A figure that writes vectors as rows and as columns is told, and holds."""

from __future__ import annotations

from lorafig.verify import verify
from tests.verify.figures import two_panel


def test_both_conventions_on_one_figure_are_told() -> None:
    found = verify(two_panel(first="h = xW^\\top + xA^\\top B^\\top"), floating=False)
    assert found.verdict == "holds"
    (told,) = [claim for claim in found.claims if claim.text == "rows and columns"]
    assert told.detail == "vectors are columns in W x, and rows in x Wᵀ"
    assert told.hint == "write every product as W x, or every one as x W^\\top"


def test_one_convention_is_not_spoken_of() -> None:
    assert all(one.text != "rows and columns" for one in verify(two_panel(), floating=False).claims)
