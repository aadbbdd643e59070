"""The command line: arguments, files, exit status. The work is done by `pipeline` and the modules it calls.

Exit status: 0 all well; 1 a claim fails; 2 bad spec or usage; 3 a tool is missing; 4 a limit is hit;
5 lorafig itself fails. With several specs it is the highest of theirs.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def main() -> NoReturn:
    """The entry point: every way out has its exit status, and none of them is a traceback."""
    _open_streams()
    _end_on_signals()
    try:
        status = _run()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _run() -> int:
    import click

    from lorafig.cli import console
    from lorafig.cli.group import cli

    try:
        _demand_text(sys.argv[1:])
        outcome = cli.main(prog_name="lorafig", standalone_mode=False)
        sys.stdout.flush()
        return outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        with console.lost_if_refused():
            error.show()
        return 2
    except click.Abort:
        return 130
    except SystemExit as leaving:  # click's own way to end where nobody reads any more
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        return _nobody_reads()
    except BrokenPipeError:
        return _nobody_reads()
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> int:
    from lorafig.cli import console
    from lorafig.errors import LorafigError, Problem, fault

    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as refusal:  # which is why the command has failed, if it has not failed before
        console.discard(1)
        if not isinstance(error, LorafigError):
            error = LorafigError(Problem(f"cannot write to standard output: {refusal.strerror or refusal}"))
    if not isinstance(error, LorafigError):
        error = fault(error)
    console.report_error(error)
    return error.exit_status


def _nobody_reads() -> int:
    from lorafig.cli import console

    console.discard(1)
    return 141  # as by SIGPIPE


def _demand_text(arguments: list[str]) -> None:
    from lorafig.errors import LorafigError, Problem

    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError:
            shown = os.fsencode(argument).decode("utf-8", "backslashreplace")
            raise LorafigError(Problem(f"the argument '{shown}' is not UTF-8")) from None


def _open_streams() -> None:
    """Opens the streams that the shell has closed, so that their numbers do not fall to files: those of stdin
    and stdout fail when they are used, as closed ones do. A locale without ℝ is no reason to fail."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDONLY if name == "stdout" else os.O_WRONLY)
            os.dup2(handle, number)
            if handle != number:
                os.close(handle)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _end_on_signals() -> None:
    """Ends by an exception, so that temporary files are removed and processes ended on the way out. What the
    shell wants ignored (nohup) stays ignored."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
