"""The folders beside the code are found in a checkout and in a wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from lorafig import language, resources

TOP = Path(__file__).parents[1]


def test_in_a_checkout() -> None:
    assert resources.folder("templates") == str(TOP / "templates")
    assert resources.folder("figures") == str(TOP / "figures")
    assert resources.folder("fonts") == str(TOP / "lorafig" / "fonts")


def test_a_stale_copy_in_the_package_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "lorafig"
    (package / "figures").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", str(package))
    monkeypatch.setattr(resources, "_TOP", str(tmp_path))
    (tmp_path / "figures").mkdir()
    assert resources.folder("figures") == str(package / "figures")  # another project's folder, no checkout
    (tmp_path / "pyproject.toml").write_text("")
    assert resources.folder("figures") == str(tmp_path / "figures")
    (tmp_path / "figures").rmdir()
    assert resources.gallery() == {}


def test_a_file_is_named_by_its_figure() -> None:
    assert resources.gallery()
    for name, path in resources.gallery().items():
        assert language.load(path).id == name


def test_in_a_wheel(tmp_path: Path) -> None:
    """The folders lie in the package there: the same files are found."""
    installed = tmp_path / "site-packages"
    archive = tmp_path / "lorafig.whl"
    with zipfile.ZipFile(archive, "w") as wheel:
        for source, target in (
            ("lorafig", "lorafig"),
            ("figures", "lorafig/figures"),
            ("templates", "lorafig/templates"),
        ):
            for path in (TOP / source).rglob("*"):
                if path.is_file() and "__pycache__" not in path.parts:
                    wheel.write(path, os.path.join(target, path.relative_to(TOP / source)))
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(installed)
    code = "from lorafig import resources; print(resources.folder('templates')); print(*resources.gallery())"
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
    )
    templates, figures = found.stdout.splitlines()
    assert templates == str(installed / "lorafig" / "templates")
    assert figures.split() == list(resources.gallery())
