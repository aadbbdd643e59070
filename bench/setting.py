"""What every row needs: folders, caches of the benchmark's own, tools, and commands made of these."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.install import Tool
from bench.measure import Command, Measured, in_turn
from bench.ours.again import changed
from bench.table import Goal

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
OURS = ROOT / "bench" / "ours"
SPEC = ROOT / "figures" / "lora-two-panel.yaml"
START = "python -c pass"


@dataclass(slots=True)
class Bench:
    """Where things lie, which tools there are, whether each is run less often."""

    work: Path
    tools: Mapping[str, Tool]
    quick: bool = False
    drawn: dict[str, Path] = field(default_factory=dict)  # SVG files by the name of the command

    def rounds(self, usual: int) -> int:
        return max(1, usual // 3) if self.quick else usual

    def env(self, cache: str) -> dict[str, str]:
        """An environment in which lorafig and Matplotlib keep their caches in the benchmark's folder.

        Python's own settings are left out: byte code that may not be kept, say, is compiled at every start.
        """
        env = {
            name: value for name, value in os.environ.items() if not name.startswith(("LORAFIG_", "PYTHON"))
        }
        env["LORAFIG_CACHE"] = str(self.work / f"cache-{cache}")
        env["MPLCONFIGDIR"] = str(self.work / "matplotlib")
        env["PYTHONPATH"] = str(ROOT)
        return env

    def ours(self, name: str, arguments: Sequence[str], cache: str) -> Command:
        """`lorafig` as a process; where it is not installed, the same by way of the interpreter."""
        script = Path(sys.executable).with_name("lorafig")
        start: tuple[str, ...] = (str(script),)
        if not script.exists():
            start = (sys.executable, "-c", "from lorafig.cli import program; program()")
        return Command(name, (*start, *arguments), self.env(cache), ROOT)

    def render(self, name: str, form: str, cache: str, spec: Path, *options: str) -> Command:
        """`lorafig render` into a folder named by the cache, the form and the options."""
        folder = self.work / "-".join((cache, form, *(option.strip("-") for option in options)))
        self.drawn[name] = folder / f"{SPEC.stem}.{form}"
        return self.ours(name, ("render", str(spec), "-f", form, "-o", str(folder), *options), cache)

    def script(self, name: str, tool: str, file: str, *arguments: str) -> Command:
        """One of the peers' programs under that peer's interpreter."""
        return Command(
            name, (*self.tools[tool].argv, str(PEERS / file), *arguments), self.env("none"), self.work
        )

    def start(self) -> Command:
        """Python's own start-up, which every tool in Python pays for."""
        return Command(START, (sys.executable, "-c", "pass"), self.env("none"), self.work)

    def svg_of(self, name: str) -> str:
        """The file that the peer of this name draws into."""
        self.drawn[name] = self.work / f"{name.replace(' ', '-').replace(',', '')}.svg"
        return str(self.drawn[name])

    def changing(self, name: str) -> tuple[Path, Callable[[], None]]:
        """A spec, and what gives it numbers that it has never had."""
        path, text = self.work / f"{name}.yaml", SPEC.read_text(encoding="utf-8")
        counts = iter(range(1, 1_000_000))

        def change() -> None:
            path.write_text(changed(text, next(counts)), encoding="utf-8")

        return path, change

    def measure(
        self, commands: Sequence[tuple[str, Command]], rounds: int, warm_up: bool = True
    ) -> dict[str, Measured]:
        """Measures those whose tool is there, by name; of the others it says why they are not."""
        there = [command for tool, command in commands if self.tools[tool].missing is None]
        results = {result.name: result for result in in_turn(there, rounds, warm_up)}
        for tool, command in commands:
            missing = self.tools[tool].missing
            if missing is not None:
                results[command.name] = Measured(command.name, missing=missing)
        return {command.name: results[command.name] for _, command in commands}


def reference(results: Mapping[str, Measured], *names: str) -> Measured:
    """What ratios are taken to: the first of the names that could be measured."""
    return next((results[name] for name in names if results[name].median is not None), results[names[0]])


def at_most(limit: float, results: Mapping[str, Measured], own: str, peer: str) -> Goal:
    """The goal that one's time is at most `limit` times a peer's."""
    return Goal(f"≤ {limit:g} × {peer}", results[own].ratio(results[peer]), limit)
