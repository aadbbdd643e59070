"""Texts that call a family by its letter: they are decided for any of its members."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.own import figure, verdicts

FAMILIES: dict[str, Any] = {
    "x": {"shape": ["d"], "role": "input"},
    "W": {"shape": ["d", "d"], "role": "frozen"},
    "A_i": {
        "shape": ["r", "d"],
        "role": "trained",
        "over": "i = 1..N",
        "start": "\\mathcal{N}(0, \\sigma^2)",
    },
    "B_i": {"shape": ["d", "r"], "role": "trained", "over": "i = 1..N", "start": 0},
}
MODEL = {"adapter": "none", "d": 64, "r": 4, "sizes": {"N": 3}}


def shown(text: str) -> dict[str, Any]:
    return {"caption": text, "row": [{"equations": ["d = 64"]}]}


def outcome(text: str, **symbols: Any) -> str:
    return verdicts(figure({**MODEL, "symbols": FAMILIES | symbols}, **shown(text))).get(text, "prose")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$B$ starts at zero.", "holds"),
        ("$A$ starts at zero.", "fails"),
        ("Each $B_i$ starts at zero.", "holds"),
        ("Each $A_i$ starts at zero.", "fails"),
        ("$A$ is $r \\times d$.", "holds"),
        ("$A$ is $d \\times r$.", "ill-typed"),
        ("$A$ and $B$ are trained.", "holds"),
        ("$A$ and $B$ are frozen.", "fails"),
        ("Each $A_i$ is trained.", "holds"),
        ("Each $A_i$ is frozen.", "fails"),
        ("Every $B_i$ is trained.", "holds"),
        ("Each of the $B_i$ starts at zero.", "holds"),
        ("Each $A$ is frozen.", "fails"),
        ("$B_i A_i$ starts at zero.", "holds"),
    ],
)
def test_what_is_said_of_a_family_is_said_of_each_member(text: str, verdict: str) -> None:
    assert outcome(text) == verdict


def test_it_is_false_of_families_of_one_letter_if_it_is_of_one() -> None:
    more = {"B_j^{(l)}": {"shape": ["d", "r"], "role": "frozen", "over": "j = 1..2, l = 1..2", "start": 1}}
    assert outcome("$B$ starts at zero.", **more) == "fails"
    assert outcome("$B$ is trained.", **more) == "fails"
    same = {"B_j^{(l)}": {**more["B_j^{(l)}"], "role": "trained", "start": 0}}
    assert outcome("$B$ starts at zero.", **same) == "holds"


def test_a_matrix_beside_a_family_is_itself() -> None:
    beside = {"B": {"shape": ["d", "r"], "role": "frozen", "start": 1}}
    assert outcome("$B$ starts at zero.", **beside) == "fails"
    assert outcome("$B$ is frozen.", **beside) == "holds"


def test_mathematics_in_prose_names_any_member_too() -> None:
    """A page sets the symbols of a text as mathematics: what it said before, it says then."""
    for text in ("The server averages A and B", "The server averages $A$ and $B$"):
        told = verdicts(figure({**MODEL, "symbols": FAMILIES}, **shown(text)))
        assert set(told.values()) == {"holds"}
    told = verdicts(figure({**MODEL, "symbols": FAMILIES}, **shown("The server averages $C$")))
    assert told["C"] == "undetermined"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Each client trains a pair of factors.", "holds"),
        ("One base for all clients.", "holds"),
        ("One averaged adapter for all clients.", "prose"),  # as a server makes it: that is not decided
    ],
)
def test_families_are_what_each_task_has_of_its_own(text: str, verdict: str) -> None:
    assert outcome(text) in (verdict, "undetermined" if verdict == "prose" else verdict)


def test_where_one_symbol_is_trained_for_all_nothing_is_said_of_each() -> None:
    more = {"C": {"shape": ["d", "d"], "role": "trained"}}
    assert outcome("Each client trains a pair of factors.", **more) == "undetermined"
