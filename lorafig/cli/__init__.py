"""The command line: arguments, files, exit status. The work is done by `pipeline` and the modules it calls.

Exit status: 0 all well; 1 a claim fails; 2 bad spec or usage; 3 a tool is missing; 4 a limit is hit;
5 lorafig itself fails. With several specs it is the highest of theirs.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, NoReturn


def program() -> NoReturn:
    """`main` as the whole of a process, which ends without taking itself apart: that would be a tenth of the
    time of a run in which nothing has changed."""
    try:
        main()
    except SystemExit as leaving:
        import atexit
        import threading

        if threading.active_count() > 1:
            raise
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else 1)


def main() -> NoReturn:
    """The command line: every way out has its exit status, and none of them is a traceback."""
    gc.set_threshold(100_000, 50, 100)  # what is imported stays: there is nothing to look for in it
    _open_streams()
    _end_on_signals()
    try:
        status = _run()
    except KeyboardInterrupt:
        status = 130
    sys.exit(status)


def _run() -> int:
    from lorafig.cli import console, remembered
    from lorafig.errors import LorafigError, Problem, fault

    try:
        for argument in sys.argv[1:]:
            console.demand_utf_8(argument, "an argument")
        known = remembered.known(sys.argv[1:])
        outcome = _asked() if known is None else _again(known)
        sys.stdout.flush()
        return outcome
    except _RefusedError as refusal:
        console.discard(1)
        if refusal.cause.errno == errno.EPIPE:  # nobody reads any more
            return 141  # as by SIGPIPE
        told = LorafigError(
            Problem(f"cannot write to standard output: {refusal.cause.strerror}", code="file-write")
        )
    except LorafigError as error:
        told = error
    except Exception as error:
        if _interrupted(error):
            return 130
        told = fault(error)
    console.report_error(told)
    if "--json" in sys.argv:
        from lorafig.cli import output

        output.emit_json({"figures": []}, [(None, told)])
    return told.exit_status


def _asked() -> int:
    """What click makes of the arguments."""
    import click

    from lorafig.cli import console
    from lorafig.cli.group import cli

    try:
        outcome = cli.main(prog_name="lorafig", standalone_mode=False, obj=sys.argv[1:])
        return outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        with console.lost_if_refused():
            error.show()
        if "--json" in sys.argv:
            _emit_usage(error.format_message())
        return 2
    except click.Abort:
        return 130


def _again(known: dict[str, Any]) -> int:
    """The same for arguments that click has read before. What is wrong with them now, click says."""
    from lorafig.cli import rendering

    try:
        return rendering.run(**known)
    except Exception as error:
        click = sys.modules.get("click")
        if click is None or not isinstance(error, click.ClickException):
            raise
    return _asked()


def _emit_usage(message: str) -> None:
    """A command line that is not understood, for the program that wrote it."""
    from lorafig.cli import output
    from lorafig.errors import LorafigError, Problem

    told = LorafigError(Problem(message.rstrip("."), code="usage"))
    output.emit_json({"figures": []}, [(None, told)])


def _interrupted(error: BaseException) -> bool:
    """Whether an error is what a library made of Ctrl-C, in the middle of an import for one."""
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, KeyboardInterrupt):
            return True
        chain = chain.__cause__ or chain.__context__
    return False


class _RefusedError(Exception):
    """Standard output takes nothing more. No OSError, so that nobody takes it for another one on the way."""

    def __init__(self, cause: OSError) -> None:
        self.cause = cause


class _Stdout(io.FileIO):
    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise _RefusedError(error) from None


def _open_streams() -> None:
    """Opens the streams that the shell has closed, so that their numbers do not fall to files: those of stdin
    and stdout fail when they are used, as closed ones do. A locale without ℝ is no reason to fail."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = getattr(sys, name)
        if stream is None:
            handle = os.open(os.devnull, os.O_RDONLY if name == "stdout" else os.O_WRONLY)
            if handle != number:
                os.dup2(handle, number)
                os.close(handle)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    stdout = sys.stdout
    if stdout is sys.__stdout__ or sys.__stdout__ is None:
        raw = io.BufferedWriter(_Stdout(1, "w", closefd=False))
        sys.stdout = io.TextIOWrapper(
            raw, stdout.encoding, "backslashreplace", line_buffering=stdout.isatty()
        )


def _end_on_signals() -> None:
    """Ends by an exception, so that temporary files are removed and processes ended on the way out. What the
    shell wants ignored (nohup) stays ignored."""

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        if number == getattr(signal, "SIGHUP", None):  # with the terminal, whoever reads has gone
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, leave)
