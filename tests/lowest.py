"""The lowest versions that a pyproject.toml admits, as constraints for pip:
`python tests/lowest.py pyproject.toml`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def lowest(pyproject: str) -> list[str]:
    """One `name==version` a dependency. Errors: ValueError for one that says no lowest version."""
    constraints = []
    for dependency in tomllib.loads(pyproject)["project"]["dependencies"]:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9][0-9a-z.]*)", dependency.replace(" ", ""))
        if match is None:
            raise ValueError(f"{dependency}: say the lowest version, name>=version")
        constraints.append(f"{match[1]}=={match[2]}")
    return constraints


if __name__ == "__main__":
    print("\n".join(lowest(Path(sys.argv[1]).read_text())))
