"""The one error type: what is wrong, where, and what to do about it."""

from __future__ import annotations

import os
from typing import Literal, NamedTuple

Kind = Literal["false", "spec", "tool", "limit", "fault"]

# What an error is called whose place in the code says nothing more exact.
CODE_OF_KIND: dict[Kind, str] = {
    "false": "claim",
    "spec": "spec",
    "tool": "tool",
    "limit": "limit",
    "fault": "fault",
}
EXIT_STATUS: dict[Kind, int] = {"false": 1, "spec": 2, "tool": 3, "limit": 4, "fault": 5}


class Place(NamedTuple):
    """A position in a spec. Lines and columns count from 1, in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One problem: `what` is wrong, `where` (a `Place` or None), a `hint` on what to do, and its `code`,
    which `lorafig explain` explains."""

    what: str
    where: Place | None = None
    hint: str | None = None
    code: str = ""  # of `lorafig.codes`; "" is that of the kind of the error

    def to_data(self, file: str | None) -> dict[str, str | int | None]:
        """The finding for programs; `file` where it has no place of its own."""
        where = self.where
        return {
            "file": file if where is None else where.file,
            "line": None if where is None else where.line,
            "column": None if where is None else where.column,
            "what": self.what,
            "hint": self.hint,
            "code": self.code,
        }

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where is not None else self.what
        return head if self.hint is None else f"{head}\n  hint: {self.hint}"


class LorafigError(Exception):
    """Everything that is wrong, in `problems`, each a `Problem`.

    `kind` is 'false' for a figure that does not hold, 'spec' for one that cannot be read, 'limit', 'tool' or
    'fault'; it decides the `exit_status` of the command line.
    """

    def __init__(self, problems: Problem | tuple[Problem, ...], kind: Kind = "spec") -> None:
        several = (problems,) if isinstance(problems, Problem) else problems
        self.problems = tuple(
            problem if problem.code else problem._replace(code=CODE_OF_KIND[kind]) for problem in several
        )
        self.kind: Kind = kind
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[LorafigError], tuple[tuple[Problem, ...], Kind]]:
        """Errors cross from worker processes whole."""
        return LorafigError, (self.problems, self.kind)

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.kind]


def fault(error: Exception, about: str | None = None) -> LorafigError:
    """What nobody expected, told as a fault of lorafig's own and not of the file that it is `about`.

    If the variable LORAFIG_TRACEBACK is set, the traceback goes to stderr: it does not cross processes."""
    from lorafig import __version__

    head = "" if about is None else f"{about}: "
    if isinstance(error, MemoryError):
        return LorafigError(Problem(f"{head}there is not enough memory"), "limit")
    if os.environ.get("LORAFIG_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    said = str(error).strip().partition("\n")[0][:200]
    name = type(error).__name__
    what = f"{head}lorafig {__version__} itself failed: {name}{': ' if said else ''}{said}"
    return LorafigError(Problem(f"{what} (LORAFIG_TRACEBACK=1 shows where)"), "fault")
