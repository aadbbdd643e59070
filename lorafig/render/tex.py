"""TeX source to PDF by pdfLaTeX or XeLaTeX, shut in: no shell, no files but its own, a time limit.

Only documents that lorafig wrote itself belong here; the walls are for the case that one of them
is not what it should be. LuaLaTeX is not used: its Lua could leave them (CVE-2023-32700).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from shutil import copy, which

from lorafig.errors import LorafigError, Problem
from lorafig.render.xdv import outside
from lorafig.resources import folder as shipped

SECONDS = 60.0
EPOCH = "0"  # the date that TeX believes it is, so that the same source gives the same bytes


# What to do where an engine is missing.
ENGINES: Mapping[str, str] = {
    "pdflatex": "install TeX Live (Debian: texlive-pictures, lmodern), or leave out --engine tex",
    "xelatex": "the figure has words in other letters than Latin ones, which take XeLaTeX: install it "
    "(Debian: texlive-xetex, texlive-pictures, lmodern), or leave out --engine tex",
}
_ENGINE = re.compile(r"% !TeX program = (xelatex)$", re.MULTILINE)
# The fonts that a document with words in other scripts takes where they lie beside it.
FONTS = (
    "noto-serif-sc-regular.otf",
    "noto-sans-sc-bold.otf",
    "cyrillic-serif-regular.ttf",
    "cyrillic-serif-bold.ttf",
    "cyrillic-sans-regular.ttf",
    "cyrillic-sans-bold.ttf",
)


def compile_pdf(source: str, *, seconds: float = SECONDS) -> bytes:
    """The PDF of a LaTeX document, by the engine that its first line asks for, else by pdfLaTeX.

    Raises LorafigError of kind 'tool' where the engine or a package is missing or TeX stops at an
    error, and of kind 'limit' where it takes longer than `seconds`.
    """
    asked = _ENGINE.match(source)
    name = "pdflatex" if asked is None else asked[1]
    engine = which(name)
    if engine is None:
        raise LorafigError(Problem(f"{name} is not installed", hint=ENGINES[name]), "tool")
    with tempfile.TemporaryDirectory(prefix="lorafig-") as folder:
        with open(os.path.join(folder, "figure.tex"), "w", encoding="utf-8") as file:
            # Plain objects, which the record of the figure is added to.
            file.write(source if name == "xelatex" else f"\\pdfobjcompresslevel=0 {source}")
        if name == "xelatex":
            for font in FONTS:
                copy(os.path.join(shipped("fonts"), font), folder)
            pdf, output = _xetex(engine, folder, seconds)
        else:
            pdf, output = _tex(engine, folder, "figure.pdf", seconds)
        if pdf is None:
            raise LorafigError(problem(output, source, name), "tool")
        return pdf


def _xetex(engine: str, folder: str, seconds: float) -> tuple[bytes | None, str]:
    """XeLaTeX in two steps, with a look at what the first one asks of the second."""
    xdv, output = _tex(engine, folder, "figure.xdv", seconds, "-no-pdf")
    if xdv is None:
        return None, output
    stranger = outside(xdv)
    if stranger is not None:
        raise LorafigError(Problem(f"the TeX of the figure would read a file ({stranger})"), "tool")
    driver = which("xdvipdfmx")
    if driver is None:
        raise LorafigError(Problem("xdvipdfmx is not installed", hint=ENGINES["xelatex"]), "tool")
    return _run(
        [driver, "-q", "-E", "-V", "4", "-o", "figure.pdf", "figure.xdv"], folder, "figure.pdf", seconds
    )


def _tex(engine: str, folder: str, result: str, seconds: float, *options: str) -> tuple[bytes | None, str]:
    walls = "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode"
    return _run([engine, *walls, *options, "figure.tex"], folder, result, seconds)


def _run(command: list[str], folder: str, result: str, seconds: float) -> tuple[bytes | None, str]:
    """Run a command in `folder`, in a process group of its own; the file that it made, and what it printed.

    The file of a run that failed does not count: only whole ones do.
    """
    environment = os.environ | {
        "openin_any": "p", "openout_any": "p", "shell_escape": "f",
        "SOURCE_DATE_EPOCH": EPOCH, "FORCE_SOURCE_DATE": "1", "max_print_line": "10000",
    }  # fmt: skip
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        output, _ = process.communicate(timeout=seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            what = f"{os.path.basename(command[0])} took longer than {seconds:g} seconds"
            raise LorafigError(Problem(what), "limit") from None
        raise
    said = output.decode("utf-8", "replace")
    try:
        with open(os.path.join(folder, result), "rb") as file:
            return (file.read() if process.returncode == 0 else None), said
    except FileNotFoundError:
        return None, said


def problem(log: str, source: str, engine: str = "pdflatex") -> Problem:
    """TeX's first error, with the line of the source that it stopped at."""
    error = re.search(r"^! (.*(?:\n(?!l\.|!|\s*$).*)*)", log, re.MULTILINE)
    if error is None:
        return Problem(f"{engine} wrote no PDF and said no error", code="tool")
    what = " ".join(error[1].split()).rstrip(".")
    missing = re.search(r"File `([^']+)' not found", what)
    if missing is not None:
        return Problem(
            f"TeX lacks {missing[1]}",
            hint="install the TeX Live package that has it (texlive-full has all)",
            code="tool",
        )
    place = re.search(r"^l\.(\d+) ", log[error.end() :], re.MULTILINE)
    lines = source.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return Problem(f"TeX stopped: {what}", code="tool")
    number = int(place[1])
    return Problem(
        f"TeX stopped in line {number}: {what}",
        hint=f"the line is: {lines[number - 1].strip()[:200]}",
        code="tool",
    )
