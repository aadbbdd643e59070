"""Work on many items: in this process, in several, or on a cluster that is there already.

All of it goes through joblib, and its own backends for Dask and Ray: a worker that is lost has its work done
again by them. Results come in the order of the items, and what goes wrong with one stops no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from lorafig.errors import LorafigError, Problem, fault

T = TypeVar("T")
R = TypeVar("R")
ENGINES = ("dask", "ray")
PATIENCE = 15  # seconds until a cluster has answered


def attempt(work: Callable[[T], R], item: T, name: str) -> R | LorafigError:
    """What the work returns, or an error: that of the item, or a fault of our own."""
    try:
        return work(item)
    except LorafigError as error:
        return error
    except Exception as error:
        return fault(error, name)


def spread(
    work: Callable[[T], R], items: Sequence[T], names: Sequence[str], jobs: int = 1, on: str | None = None
) -> Iterator[R | LorafigError]:
    """What the work makes of each item. `names` are what problems call them."""
    if on is None and (jobs == 1 or len(items) <= 1 or not _has_folder()):
        for item, name in zip(items, names, strict=True):
            yield attempt(work, item, name)
        return
    import warnings

    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    left = list(names)
    with ExitStack() as stack:
        if on is None:
            count = min(jobs, len(items))
            parallel = Parallel(count, return_as="generator", initializer=_begin, initargs=(os.getpid(),))
        else:
            stack.enter_context(_cluster(on))
            parallel = Parallel(return_as="list" if on.startswith("ray") else "generator")
        calls = (delayed(attempt)(work, item, name) for item, name in zip(items, names, strict=True))
        try:
            results = parallel(calls)
        except Exception as error:
            raise _lost(on, error) from None
        try:
            for result in results:
                del left[0]
                yield result
        except TerminatedWorkerError:
            for name in left:
                what = f"{name}: a process that works on it has ended, perhaps for want of memory"
                yield LorafigError(Problem(what, None, "use fewer --jobs"), "limit")
        except Exception as error:
            if on is None:
                raise
            told = _lost(on, error)
            for name in left:
                yield LorafigError(
                    Problem(f"{name}: {told.problems[0].what}", None, told.problems[0].hint), "tool"
                )
        finally:
            if not isinstance(results, list):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # that there is more to do is known
                    results.close()  # which ends the processes at once


def _lost(on: str | None, error: Exception) -> LorafigError:
    said = str(error).strip().partition("\n")[0][:200]
    what = f"the cluster {on} did not finish the work: {type(error).__name__}: {said}"
    return LorafigError(
        Problem(what, None, "its workers need this version of lorafig, and the files"), "tool"
    )


@contextmanager
def _cluster(on: str) -> Iterator[None]:
    """joblib's backend for a cluster. Errors: LorafigError where it is not installed, or nobody answers."""
    from joblib import parallel_config

    name, _, address = on.partition(":")
    if name == "dask":
        try:
            from distributed import Client
        except ImportError:
            raise _missing("Dask", "dask") from None
        try:
            client: Any = Client(address, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise _unanswered("Dask scheduler", address, error) from None
        with client, parallel_config("dask"):
            yield
        return
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise _missing("Ray", "ray") from None
    try:
        ray.init(address=address or None, log_to_driver=False, logging_level="error")
    except (OSError, ValueError, RuntimeError) as error:
        raise _unanswered("Ray cluster", address or "this machine", error) from None
    try:
        register_ray()
        with parallel_config("ray"):
            yield
    finally:
        ray.shutdown()


def _missing(title: str, extra: str) -> LorafigError:
    return LorafigError(Problem(f"{title} is not installed", None, f"pip install 'lorafig[{extra}]'"), "tool")


def _unanswered(what: str, address: str, error: Exception) -> LorafigError:
    said = str(error).strip().partition("\n")[0][:200]
    return LorafigError(Problem(f"no {what} answers at {address}: {said}", None, "start it first"), "tool")


def _has_folder() -> bool:
    """Whether there is a folder to start a process in: the current one may have been removed."""
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _begin(parent: int) -> None:
    """A worker leaves an interrupt to the process that started it, and ends when that one has been killed."""
    import signal
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()
