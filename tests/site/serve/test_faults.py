"""Problems with the line they are in."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lorafig.cli.console import cut, excerpt
from lorafig.errors import LorafigError, Place, Problem
from lorafig.language import loads
from lorafig.site.serve.faults import MOST, Fault, faults
from tests.site.serve.conftest import BROKEN


def test_a_fault_has_its_line_around_the_word() -> None:
    try:
        loads(BROKEN, "small.yaml")
    except LorafigError as error:
        found, more = faults(error.problems, BROKEN.encode(), "small.yaml")
    assert more == 0
    (fault,) = found
    assert (fault.place, fault.line, fault.column) == ("small.yaml:11:5", 11, 5)
    assert fault.source == ("  - ", "barr", ": h")
    assert fault._asdict()["source"] == ("  - ", "barr", ": h")


def test_they_come_by_line_and_are_bounded() -> None:
    problems = [Problem("x", Place("a", line, 1)) for line in range(200, 0, -1)] + [Problem("no place")]
    found, more = faults(problems, b"\n" * 300, "a")
    assert [fault.line for fault in found] == [None, *range(1, MOST)]
    assert more == 201 - MOST


def test_control_characters_are_not_passed_on() -> None:
    problem = Problem("what\x1b[2J", Place("a\x07", 1, 1), "hint\0")
    (fault,), _ = faults([problem], b"\x1b[2J\n", "a\x07")
    assert fault == Fault("what�[2J", "hint�", "a�:1:1", 1, 1, ("", "�", "[2J"))


@given(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n\r"), max_size=300),
    st.integers(1, 320),
)
def test_the_parts_are_those_of_the_terminal(source: str, column: int) -> None:
    """Put together, they are the line that the terminal shows."""
    before, word, after = cut(source, column)
    shown, _ = excerpt(source, column)
    assert before + word + after == shown
    assert len(before + word + after) <= 102
    assert not any(unicodedata.category(char) == "Cc" for char in before + word + after)
    if column <= len(source) and source[column - 1].isprintable():
        assert word.startswith(source[column - 1])
