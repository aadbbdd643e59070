"""The process beside: what it returns, raises, survives."""

import os
import signal
import time

import pytest

from lorafig import __version__
from lorafig.errors import LorafigError, Problem
from lorafig.site.serve.process import Worker


def never() -> bool:
    return False


def square(number: int) -> int:
    return number * number


def where() -> int:
    return os.getpid()


def fail() -> None:
    raise LorafigError((Problem("one"), Problem("two", None, "mend it")), "limit")


def blunder() -> None:
    raise ZeroDivisionError("secret")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def worker():
    made = Worker(patience=0.2)
    yield made
    made.close()


def test_results_and_errors(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    first = worker.do(where, (), never)
    assert first != os.getpid()
    assert worker.do(square, (12,), never) == 144
    with pytest.raises(LorafigError, match="one\ntwo\n  hint: mend it") as caught:
        worker.do(fail, (), never)
    assert caught.value.kind == "limit"
    with pytest.raises(LorafigError) as caught:
        worker.do(blunder, (), never)
    assert str(caught.value) == (
        f"lorafig {__version__} itself failed: ZeroDivisionError: secret (LORAFIG_TRACEBACK=1 shows where)"
    )
    assert caught.value.exit_status == 5
    assert worker.do(where, (), never) == first  # it was the same process all the time
    assert capfd.readouterr().err == ""


def test_a_traceback_is_shown_to_those_who_ask(
    worker: Worker, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LORAFIG_TRACEBACK", "1")
    with pytest.raises(LorafigError):
        worker.do(blunder, (), never)
    error = capfd.readouterr().err
    assert error.startswith("Traceback")
    assert "in blunder\n" in error


def test_a_death_is_told_and_survived(worker: Worker) -> None:
    with pytest.raises(LorafigError) as caught:
        worker.do(die, (), never)
    assert str(caught.value) == (
        "the process that draws has ended with status -9\n"
        "  hint: it is tried again at the next save; what is too large can take all the memory"
    )
    assert worker.do(square, (3,), never) == 9


def test_what_nobody_wants_is_ended(worker: Worker) -> None:
    assert worker.do(square, (1,), never) == 1  # it runs
    begun = time.monotonic()
    assert worker.do(time.sleep, (60,), lambda: True) is None
    assert time.monotonic() - begun < 20
    assert worker.do(square, (3,), never) == 9


def test_an_interrupt_is_not_for_it(worker: Worker) -> None:
    process = worker.do(where, (), never)
    assert process is not None
    os.kill(process, signal.SIGINT)
    time.sleep(0.1)
    assert worker.do(where, (), never) == process


def test_closing_ends_it(worker: Worker) -> None:
    process = worker.do(where, (), never)
    worker.close()
    assert not os.path.exists(f"/proc/{process}")
    worker.close()
