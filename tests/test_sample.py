"""What `make test` leaves out is said, and `make test-all` leaves out nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import MOST, Few, spread


def ran(some: str, *options: str, missing: str = os.devnull) -> subprocess.CompletedProcess[str]:
    """Some tests of this file in a run of their own, whatever this machine lacks."""
    command = [sys.executable, "-m", "pytest", __file__, "-k", some, "-p", "no:cacheprovider", *options]
    environment = os.environ | {"LORAFIG_MISSING": missing}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize("number", range(MOST + 6))
def test_many(number: int) -> None:
    assert number >= 0


@pytest.mark.sample(4)
@pytest.mark.parametrize("number", range(9))
def test_few_of_many(number: int) -> None:
    assert number >= 0


@pytest.mark.whole
@pytest.mark.parametrize("number", range(MOST + 6))
def test_whole(number: int) -> None:
    assert number >= 0


def test_a_sample_has_the_first_and_the_last_and_no_case_twice() -> None:
    for length in (MOST + 1, 100, 785):
        sample = spread(list(range(length)), MOST)
        assert len(set(sample)) == MOST
        assert (sample[0], sample[-1]) == (0, length - 1)


@pytest.mark.sample(2)
@pytest.mark.parametrize("processes", [[], ["-n", "2"]])
@pytest.mark.parametrize(
    ("option", "passed", "left"), [([], 2 * MOST + 21, 0), (["--sample"], 2 * MOST + 10, 11)]
)
def test_the_sample_is_counted(processes: list[str], option: list[str], passed: int, left: int) -> None:
    said = ran("many or whole", "-v", *processes, *option).stdout
    assert f" {passed} passed" in said
    assert (f"A sample: {left} more cases are left to `make test-all`." in said) == (left > 0)


SEEN: list[int] = []


def test_figures_of_a_walk(few: Few, pytestconfig: pytest.Config) -> None:
    assert few(range(9), 3) == ([0, 4, 8] if pytestconfig.getoption("--sample") else list(range(9)))


@given(st.integers())
@settings(max_examples=90, database=None)
def test_random_examples(number: int) -> None:
    SEEN.append(number)


def test_random_examples_are_counted(pytestconfig: pytest.Config) -> None:
    """A third of them in a sample."""
    if SEEN:  # this process ran them
        assert len(SEEN) == (30 if pytestconfig.getoption("--sample") else 90)


@pytest.mark.sample(1)
@pytest.mark.parametrize("option", [["--sample"], []])
def test_walks_are_short_and_examples_rare(option: list[str]) -> None:
    assert "3 passed" in ran("of_a_walk or random_examples", *option).stdout


def test_a_tool() -> None:
    if "LORAFIG_MISSING" in os.environ:
        subprocess.run(["no-such-tool"], check=True)


@pytest.mark.sample(2)
@pytest.mark.parametrize("processes", [[], ["-n", "2"]])
@pytest.mark.parametrize(
    ("lines", "status", "told"),
    [
        (
            "no-such-tool the-package\nanother the-package\n",
            3,
            "Missing: no-such-tool, another. 1 tests that need one were not run.\n"
            "As root: apt-get install --no-install-recommends the-package\n",
        ),
        ("another the-package\n", 1, "Missing: another. 0 tests that need one were not run.\n"),
        ("", 1, "1 failed"),
    ],
)
def test_what_needs_a_missing_tool_is_not_run_and_said(
    tmp_path: Path, processes: list[str], lines: str, status: int, told: str
) -> None:
    (tmp_path / "missing").write_text(lines)
    result = ran("a_tool or few", *processes, missing=str(tmp_path / "missing"))
    assert result.returncode == status
    assert told in result.stdout
