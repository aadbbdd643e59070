"""Claims as people write them have the verdict that they should."""

from __future__ import annotations

from typing import Any

import pytest

from lorafig.verify import decide_claim
from tests.verify.public_claims import CORPUS


@pytest.mark.parametrize(("claim", "given", "verdict"), CORPUS)
def test_a_public_claim(claim: str, given: dict[str, Any], verdict: str) -> None:
    found = decide_claim(claim, **given)
    assert found.verdict == verdict, f"{found.detail}; {found.hint}"


def test_the_claims_are_many_and_has_both() -> None:
    verdicts = [verdict for _, _, verdict in CORPUS]
    assert len(verdicts) >= 150
    assert verdicts.count("holds") >= 90
    assert len(verdicts) - verdicts.count("holds") >= 40
