"""Names with numbers in them: how long it takes to find them."""

from __future__ import annotations

import time

import pytest

from lorafig.verify.read.names import names
from lorafig.verify.read.tokens import LONGEST


@pytest.mark.parametrize(
    "piece", ["x", "1", "a.", "A.", "ab-", "1.", "1 ", "A ", " ", "-", "_", "(", "1, ", "and "]
)
@pytest.mark.parametrize("first", ["", "A ", "step ", "ab"])
def test_a_long_text_takes_no_time(first: str, piece: str) -> None:
    """A rule that goes back over what it took would need hours for two thousand letters."""
    begun = time.process_time()
    for last in ("", "!", "% params"):
        names(first + piece * (LONGEST // len(piece)) + last)
    assert time.process_time() - begun < 10
