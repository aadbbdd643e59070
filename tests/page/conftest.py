"""Pages of the gallery's visualizer and of specs of every kind, each written once."""

from __future__ import annotations

from pathlib import Path

import pytest

import lorafig
from lorafig.resources import gallery
from tests.page.specs import ALL

SPECS = {**ALL, "visualizer": Path(gallery()["lora-visualizer"]).read_text(encoding="utf-8")}


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every spec's page as a file, by name."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, text in SPECS.items():
        found[name] = folder / f"{name}.html"
        found[name].write_text(lorafig.loads(text, f"{name}.yaml").to_html(), encoding="utf-8")
    return found
