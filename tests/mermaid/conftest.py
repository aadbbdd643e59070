"""One browser for each version of Mermaid, kept for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mermaid.real import VERSIONS, Real


@pytest.fixture(scope="session", params=VERSIONS)
def real(request: pytest.FixtureRequest) -> Iterator[Real]:
    browser = Real(request.param)
    yield browser
    browser.close()
