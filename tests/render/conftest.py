"""Scenes for the tests of backends: one made by hand, and every figure of the gallery."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lorafig.scene import Scene

sys.path.insert(0, str(Path(__file__).parent))

GALLERY = sorted((Path(__file__).parents[2] / "figures").glob("*.yaml"))


@pytest.fixture(params=["by hand", "flow by hand", *(path.stem for path in GALLERY)])
def scene(request: pytest.FixtureRequest) -> Scene:
    import scenes

    if request.param == "by hand":
        return scenes.two_panels()
    if request.param == "flow by hand":
        import flow_scene

        return flow_scene.everything()
    return scenes.of_gallery(next(path for path in GALLERY if path.stem == request.param))


@pytest.fixture
def two_panels() -> Scene:
    import scenes

    return scenes.two_panels()


@pytest.fixture
def everything() -> Scene:
    import flow_scene

    return flow_scene.everything()
