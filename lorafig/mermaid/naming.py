"""Names of the language for those of a chart, which may have any character."""

from __future__ import annotations

import re

from lorafig.language.kinds import NAME_LENGTH

_OTHER = re.compile("[^A-Za-z0-9]+")


class Names:
    """Gives each a name of its own: letters, digits and '-', a letter first, not '-' last."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.next: dict[str, int] = {}

    def take(self, wanted: str, otherwise: str) -> str:
        """`wanted` as a name, or a number after `otherwise` where nothing of it can stand in one."""
        name = _OTHER.sub("-", wanted).strip("-")[: NAME_LENGTH - 8].strip("-")
        if name != "" and not name[0].isalpha():
            name = f"{otherwise}-{name}"
        if name == "" or (not wanted.isascii() and len(name) < 2):
            name = f"{otherwise}-1" if name == "" else name
        if name in self.taken:
            base = re.sub("-[0-9]+$", "", name)
            number = self.next.get(base, 2)
            while f"{base}-{number}" in self.taken:
                number += 1
            self.next[base] = number + 1
            name = f"{base}-{number}"
        self.taken.add(name)
        return name
