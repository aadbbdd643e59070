"""TeX source to PDF by pdfLaTeX, shut in: no shell, no files but its own, a time limit.

Only documents that lorafig wrote itself belong here; the walls are for the case that one of them
is not what it should be.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from shutil import which

from lorafig.errors import LorafigError, Problem

SECONDS = 60.0
EPOCH = "0"  # the date that TeX believes it is, so that the same source gives the same bytes


def compile_pdf(source: str, *, seconds: float = SECONDS) -> bytes:
    """The PDF of a LaTeX document.

    Raises LorafigError of kind 'tool' where pdfLaTeX or a package is missing or TeX stops at an
    error, and of kind 'limit' where it takes longer than `seconds`.
    """
    engine = which("pdflatex")
    if engine is None:
        what = "pdflatex is not installed"
        hint = "install TeX Live (Debian: texlive-pictures, lmodern), or leave out --engine tex"
        raise LorafigError(Problem(what, hint=hint), "tool")
    with tempfile.TemporaryDirectory(prefix="lorafig-") as folder:
        with open(os.path.join(folder, "figure.tex"), "w", encoding="utf-8") as file:
            file.write(source)
        output = _run(engine, folder, seconds)
        try:
            with open(os.path.join(folder, "figure.pdf"), "rb") as pdf:
                return pdf.read()
        except FileNotFoundError:
            raise LorafigError(problem(output, source), "tool") from None


def _run(engine: str, folder: str, seconds: float) -> str:
    """Run pdfLaTeX in `folder`, in a process group of its own; what it printed.

    A PDF of a run that failed is taken away, so that only whole ones are left.
    """
    environment = os.environ | {
        "openin_any": "p", "openout_any": "p", "shell_escape": "f",
        "SOURCE_DATE_EPOCH": EPOCH, "FORCE_SOURCE_DATE": "1", "max_print_line": "10000",
    }  # fmt: skip
    command = [engine, "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "figure.tex"]
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
            raise LorafigError(Problem(f"pdflatex took longer than {seconds:g} seconds"), "limit") from None
        raise
    if process.returncode != 0:
        path = os.path.join(folder, "figure.pdf")
        if os.path.exists(path):
            os.unlink(path)
    return output.decode("utf-8", "replace")


def problem(log: str, source: str) -> Problem:
    """TeX's first error, with the line of the source that it stopped at."""
    error = re.search(r"^! (.*(?:\n(?!l\.|!|\s*$).*)*)", log, re.MULTILINE)
    if error is None:
        return Problem("pdflatex wrote no PDF and said no error")
    what = " ".join(error[1].split()).rstrip(".")
    missing = re.search(r"File `([^']+)' not found", what)
    if missing is not None:
        return Problem(
            f"TeX lacks {missing[1]}", hint="install the TeX Live package that has it (texlive-full has all)"
        )
    place = re.search(r"^l\.(\d+) ", log[error.end() :], re.MULTILINE)
    lines = source.splitlines()
    if place is None or not 0 < int(place[1]) <= len(lines):
        return Problem(f"TeX stopped: {what}")
    number = int(place[1])
    return Problem(
        f"TeX stopped in line {number}: {what}", hint=f"the line is: {lines[number - 1].strip()[:200]}"
    )
