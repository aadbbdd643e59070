"""Settings of all tests, and the sample of them that `make test` runs.

Of a test with many cases, `--sample` runs MOST, evenly spread over them, and says how many it leaves out;
of one that is marked `sample(n)`, since each of its cases takes long, it runs n. Without it, as in
`make test-all`, everything is run. A test that is marked `whole` is never sampled. A test that walks through
many pages or figures asks `few` for those of a sample; one that looks at random examples looks at a third.
"""

import fcntl
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.browser"]
MOST = 6
Few = Callable[[Iterable, int], list]
Once = Callable[[str, Callable[[Path], object]], Path]
_left = {"out": 0}

# Where a change is judged, the examples are the same in every run: what fails there can be seen again here,
# and nobody's change is refused for what an earlier one did. Everywhere else each run looks at new ones. How
# long one takes is no reason to fail on a machine with much else to do, but where a test says so.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile("same" if os.environ.get("CI") else "new")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sample", action="store_true", help=f"of a test with many cases, run {MOST}")


@pytest.hookimpl(trylast=True)  # of what -k and -m leave
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--sample"):
        return
    cases = defaultdict(list)
    for item in items:
        if item.get_closest_marker("whole") is None:
            cases[item.nodeid.partition("[")[0]].append(item)
    for item in items:
        _with_fewer_examples(item)
    left_out = set()
    for same in cases.values():
        mark = same[0].get_closest_marker("sample")
        most = MOST if mark is None else mark.args[0]
        if len(same) > most:
            left_out |= set(same) - set(spread(same, most))
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]
    _left["out"] = len(left_out)
    if hasattr(config, "workeroutput"):
        config.workeroutput["left out"] = len(left_out)


def _with_fewer_examples(item: pytest.Item) -> None:
    """A test of hypothesis, with a third of the random examples that it asks for."""
    test = getattr(item, "obj", None)
    if not getattr(test, "is_hypothesis_test", False):
        return
    test = getattr(test, "__func__", test)
    if hasattr(test, "all_examples"):  # another of its cases was here
        return
    asked = getattr(test, "_hypothesis_internal_use_settings", settings())
    test.all_examples = asked.max_examples
    test._hypothesis_internal_use_settings = settings(asked, max_examples=max(5, asked.max_examples // 3))


@pytest.fixture(scope="session")
def few(request: pytest.FixtureRequest) -> Few:
    """Of values, at most so many in a sample, and else all."""
    sample = request.config.getoption("--sample")
    return lambda values, most: spread(list(values), most) if sample else list(values)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes a folder by its name, once for all processes of a run. Tests look at it and leave it as it is."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = base / name, base / f"{name}.done"
        with (base / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return once


def spread(values: list, most: int) -> list:
    """At most so many of the values, the first and the last among them."""
    if len(values) <= most:
        return values
    return [values[round(index * (len(values) - 1) / max(1, most - 1))] for index in range(most)]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    _left["out"] = getattr(node, "workeroutput", {}).get("left out", _left["out"])


# What tests need and nobody could install: the command, library or file, and the package that has it.
# It is read once, before a test takes the place of what reads files.
_LIST = Path(os.environ.get("LORAFIG_MISSING", f"{sys.prefix}/missing"))
MISSING = dict(line.split() for line in _LIST.read_text().splitlines()) if _LIST.exists() else {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """A test that fails and names what is missing on this machine was not run."""
    report = yield
    lacking = [name for name in MISSING if report.failed and name in report.longreprtext]
    if lacking:
        path, line, _ = item.location
        report.outcome = "skipped"
        report.longrepr = (path, line or 0, f"needs {lacking[0]}")
    return report


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if exitstatus == pytest.ExitCode.OK and MISSING:
        session.exitstatus = 3  # not all that was asked for was run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _left["out"]:
        terminalreporter.write_line(f"A sample: {_left['out']} more cases are left to `make test-all`.")
    if MISSING:
        needing = [
            report for report in terminalreporter.getreports("skipped") if "needs " in report.longreprtext
        ]
        packages = " ".join(dict.fromkeys(MISSING.values()))
        terminalreporter.write_line(
            f"Missing: {', '.join(MISSING)}. {len(needing)} tests that need one were not run."
        )
        terminalreporter.write_line(f"As root: apt-get install --no-install-recommends {packages}")
