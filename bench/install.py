"""Fetches the tools that we are measured beside into a folder of the benchmark's own, each if it can be had.

Python's come into a virtual environment without Matplotlib (schemdraw is slower where it finds that);
Mermaid's command line comes from the npm registry and draws with the Chromium that is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TIME_LIMIT = 150.0  # seconds for one installation

# What to import -> what to install.
PYTHON_PEERS: Mapping[str, str] = {
    "typst": "typst",
    "schemdraw": "schemdraw[svgmath]",
    "svgwrite": "svgwrite",
}
MERMAID = "@mermaid-js/mermaid-cli"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Tool:
    """A program: the start of its command line, and its version. `missing` says why it is not there."""

    argv: tuple[str, ...] = ()
    version: str = ""
    missing: str | None = None


def python_peers(folder: Path) -> dict[str, Tool]:
    """The interpreter for each of Python's peers."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    if not python.exists():
        failure = _failure([sys.executable, "-m", "venv", str(venv)])
        if failure is not None:
            return {name: Tool(missing=f"no virtual environment: {failure}") for name in PYTHON_PEERS}
    return {name: _python_peer(str(python), name, requirement) for name, requirement in PYTHON_PEERS.items()}


def _python_peer(python: str, name: str, requirement: str) -> Tool:
    version = _version(python, name)
    if version is None:
        quiet = ("--quiet", "--disable-pip-version-check")
        failure = _failure([python, "-m", "pip", "install", *quiet, requirement])
        version = _version(python, name)
        if version is None:
            return Tool(missing=f"could not be installed: {failure or 'it cannot be imported'}")
    return Tool((python,), version)


def _version(python: str, name: str) -> str | None:
    code = f"import importlib.metadata, {name}; print(importlib.metadata.version({name!r}))"
    done = subprocess.run([python, "-c", code], check=False, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def mermaid(folder: Path) -> Tool:
    """Mermaid's command line with a configuration that names the installed Chromium."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        return Tool(missing="there is no Chromium")
    if shutil.which("npm") is None or shutil.which("node") is None:
        return Tool(missing="there is no npm")
    home = folder / "mermaid"
    program = home / "node_modules" / ".bin" / "mmdc"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "1"}
        failure = _failure(["npm", "install", *quiet, "--prefix", str(home), MERMAID], environment)
        if failure is not None or not program.exists():
            return Tool(missing=f"could not be installed: {failure or 'npm left no program'}")
    configuration = home / "chromium.json"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to have one under root
    configuration.write_text(json.dumps({"executablePath": chromium, "args": sandbox}))
    package = json.loads((home / "node_modules" / MERMAID / "package.json").read_text())
    return Tool((str(program), "--quiet", "-p", str(configuration)), str(package["version"]))


def system(name: str) -> Tool:
    """A program that the machine has or has not."""
    path = shutil.which(name)
    return Tool((path,)) if path is not None else Tool(missing=f"there is no {name}")


def _failure(argv: Sequence[str], env: Mapping[str, str] | None = None) -> str | None:
    """Runs a command; None where it went well, else the last line that it said."""
    try:
        done = subprocess.run(
            argv,
            check=False,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            env=env,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {TIME_LIMIT:.0f} s"
    except OSError as error:
        return f"cannot start: {error.strerror}"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith(("error", "npm error"))]
    return (errors or lines or ["no reason given"])[-1][:120]
