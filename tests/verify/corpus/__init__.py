"""Texts that stand on figures, with what should come of each: assertions, names and prose.

The files of data are lines; README.md beside them says how they are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

FOLDER = Path(__file__).parent
VERDICTS = {"+": "holds", "-": "fails", "!": "ill-typed", "?": "undetermined", ".": "prose"}
KEYS = ("kind", "model", "shapes", "let", "network", "at", "about", "source", "language")
_CHOICE = re.compile(r"\[\[(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Case:
    """A text, the model that it stands in, where it stands, and the verdict that it should have. `check` is
    what must be so of its numbers for it to hold."""

    file: str
    line: int
    text: str
    verdict: str
    kind: str
    at: str
    about: str
    source: str
    language: str
    adapter: str
    sizes: tuple[tuple[str, int], ...]
    lets: tuple[str, ...]
    network: str
    shapes: str
    check: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(slots=True)
class _State:
    """The keys that hold for the lines below them."""

    kind: str = ""
    model: str = "lora"
    at: str = "caption"
    about: str = ""
    source: str = "own"
    language: str = "en"
    network: str = ""
    shapes: str = ""
    lets: tuple[str, ...] = ()

    def take(self, key: str, value: str) -> None:
        if key == "let":
            self.lets = (*self.lets, value)
            return
        if key == "model":
            self.lets, self.network, self.shapes = (), "", ""
        setattr(self, key, value)


def assertions() -> list[Case]:
    return [
        case
        for path in sorted((FOLDER / "assertions").glob("*.txt"))
        for case in read(path.read_text(), path)
    ]


def names() -> list[Case]:
    return _listed("names.txt")


def near() -> list[Case]:
    path = FOLDER / "near.txt"
    return read(path.read_text(), path)


def prose() -> list[Case]:
    return _listed("prose.txt")


def _listed(name: str) -> list[Case]:
    path = FOLDER / name
    return read(path.read_text(), path, plain=True)


def read(text: str, path: Path, *, plain: bool = False) -> list[Case]:
    """The cases of a file. Of one that is `plain`, every line is a text that claims nothing."""
    state = _State()
    cases: list[Case] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() == "" or line.startswith("#"):
            continue
        key, _, value = line.partition(":")
        if key in KEYS and line[: len(key) + 1] == f"{key}:":
            state.take(key, value.strip())
        elif plain:
            cases.append(_case(path, number, line.strip(), "prose", "", state))
        elif line[:1] in (*VERDICTS, "=") and " " in line:
            cases += _cases(path, number, line, state)
        else:
            _wrong(path, number, line)
    return cases


def _cases(path: Path, number: int, line: str, state: _State) -> Iterator[Case]:
    """`=` makes a true text of the first choices and a false one of each of the others; a sign behind it is
    the verdict on those, `-` unless given."""
    signs, _, rest = line.partition(" ")
    written, _, check = (part.strip() for part in rest.partition(" ## "))
    if signs in VERDICTS:
        yield _case(path, number, written, VERDICTS[signs], _chosen(check, written, 0), state)
        return
    choices = [choice.split("|") for choice in _CHOICE.findall(written)]
    if signs not in ("=", "=!", "=?") or not choices or min(map(len, choices)) < 2:
        _wrong(path, number, line)
    for place in range(max(map(len, choices))):
        verdict = "holds" if place == 0 else VERDICTS[signs[1:] or "-"]
        text = _CHOICE.sub(lambda match, place=place: _pick(match[1].split("|"), place), written)
        yield _case(path, number, text, verdict, _chosen(check, written, place), state)


def _pick(choices: list[str], place: int) -> str:
    return choices[min(place, len(choices) - 1)]


def _chosen(check: str, written: str, place: int) -> str:
    """A check with `#`, `#2`, … replaced by the first, the second choice of the text."""
    choices = [choice.split("|") for choice in _CHOICE.findall(written)]
    return re.sub(r"#(\d?)", lambda match: _pick(choices[int(match[1] or 1) - 1], place), check)


def _case(path: Path, number: int, text: str, verdict: str, check: str, state: _State) -> Case:
    adapter, *sizes = state.model.split()
    given = {name: int(size) for name, _, size in (one.partition("=") for one in sizes)}
    return Case(
        path.name,
        number,
        text,
        verdict,
        state.kind,
        state.at,
        state.about,
        state.source,
        state.language,
        adapter,
        tuple(given.items()),
        state.lets,
        state.network,
        state.shapes,
        check,
    )


def _wrong(path: Path, number: int, line: str) -> NoReturn:
    raise ValueError(f"{path.name}:{number}: not a line of the corpus: {line!r}")
