"""Pages of the gallery's visualizer and of specs of every kind, each written once."""

from __future__ import annotations

from pathlib import Path

import pytest

import lorafig
from lorafig.resources import gallery
from tests.conftest import Once
from tests.page.specs import ALL

SPECS = {**ALL, "visualizer": Path(gallery()["lora-visualizer"]).read_text(encoding="utf-8")}


@pytest.fixture(scope="session")
def pages(built_once: Once) -> dict[str, Path]:
    """Every spec's page as a file, by name."""

    def make(folder: Path) -> None:
        for name, text in SPECS.items():
            page = lorafig.loads(text, f"{name}.yaml").to_html()
            (folder / f"{name}.html").write_text(page, encoding="utf-8")

    folder = built_once("pages", make)
    return {name: folder / f"{name}.html" for name in SPECS}
