"""Puts the pinned files of packages.txt into build/npm: `python tests/npm/install.py`.

`npm pack` fetches the one archive of a package; `npm install` would fetch the hundred packages that are in
its bundle already.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).with_name("packages.txt")
FOLDER = Path(__file__).parents[2] / "build" / "npm"


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str
    integrity: str
    file: str

    @property
    def target(self) -> Path:
        """Where its file is put, named by the version."""
        return FOLDER / f"{self.name.split('/')[-1]}-{self.version}{Path(self.file).suffix}"


def packages(name: str | None = None) -> list[Package]:
    """Those that are pinned, or the versions of one of them."""
    lines = (line.split() for line in LOCK.read_text().splitlines() if not line.startswith("#"))
    return [one for one in (Package(*line) for line in lines) if name is None or one.name == name]


def installed(package: Package) -> Path:
    """The file of a package. Errors: FileNotFoundError that says how to get it."""
    if not package.target.exists():
        raise FileNotFoundError(f"{package.target} is missing: run 'make test', or tests/npm/install.py")
    return package.target


def install(package: Package) -> None:
    """Fetches the archive, holds it against its integrity, and keeps the file, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "npm",
            "pack",
            "--silent",
            "--pack-destination",
            folder,
            f"{package.name}@{package.version}",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if package.integrity != f"sha512-{digest}":
            sys.exit(f"{package.name}@{package.version} is not what packages.txt pins: sha512-{digest}")
        with tarfile.open(archive) as opened:
            member = opened.extractfile(package.file)
            assert member is not None
            content = member.read()
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = package.target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(package.target)


if __name__ == "__main__":
    for one in packages():
        if not one.target.exists():
            print(f"fetching {one.name} {one.version}", file=sys.stderr)
            install(one)
