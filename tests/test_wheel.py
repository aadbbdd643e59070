"""The wheel carries the templates, the gallery and the fonts, and works where no checkout is."""

import os
import pathlib
import subprocess
import sys
import zipfile

import pytest

ROOT = pathlib.Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel's content unpacked into a folder of its own, as pip would."""
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = out.glob("lorafig-*.whl")
    target = out / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def _lorafig(installed, folder, *arguments):
    environment = os.environ | {"PYTHONPATH": str(installed), "LORAFIG_CACHE": "off"}
    command = [sys.executable, "-c", "from lorafig.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_gallery_is_in_the_wheel(installed, tmp_path):
    listed = _lorafig(installed, tmp_path, "list")
    for spec in (ROOT / "figures").glob("*.yaml"):
        assert spec.stem in listed
    assert str(ROOT) not in listed


def test_it_renders_from_the_wheel(installed, tmp_path):
    _lorafig(installed, tmp_path, "new", "mine", "--from", "lora-two-panel")
    _lorafig(installed, tmp_path, "render", "mine.yaml", "-f", "svg,tikz", "-o", "out")
    assert (tmp_path / "out" / "mine.svg").stat().st_size > 10_000
    assert "\\begin{tikzpicture}" in (tmp_path / "out" / "mine.tikz").read_text()


def test_data_lies_beside_the_code(installed):
    data = {
        path.relative_to(ROOT) for end in ("json", "yaml") for path in (ROOT / "lorafig").rglob(f"*.{end}")
    }
    assert len(data) > 10
    assert data <= {path.relative_to(installed) for path in installed.rglob("*")}


def test_licences_come_along(installed):
    names = {path.name for path in installed.rglob("*") if path.is_file()}
    assert {"LICENSE", "GUST-FONT-LICENSE.txt", "py.typed"} <= names
