"""Values that know where they stand are compared without it."""

from dataclasses import dataclass

from lorafig.errors import Place
from lorafig.language import Bar, Square
from lorafig.notation.tree import Number, Symbol
from lorafig.values import replace


def test_the_place_is_no_part_of_a_value() -> None:
    here, there = Symbol("W", span=(0, 1)), Symbol("W", span=(4, 5))
    assert here == there
    assert (here != there) is False
    assert hash(here) == hash(there)
    assert here.span != there.span
    assert Bar("x", where=Place("a", 1, 2)) == Bar("x")
    assert (Bar("x", where=Place("a", 1, 2)) != Bar("x")) is False


def test_everything_else_is() -> None:
    assert Symbol("W") != Symbol("W", "bf")
    assert Symbol("W") != Number("W")
    assert Symbol("W") != "W"
    assert Bar("x") != Bar("x", name="x")
    assert Bar("x") != Square("x")
    assert len({Symbol("W"), Symbol("W", span=(1, 2)), Symbol("W", "bf")}) == 2


def test_a_copy_with_other_contents() -> None:
    @dataclass(frozen=True)
    class Point:
        x: int
        y: int

    assert replace(Point(1, 2), y=3) == Point(1, 3)
    node = replace(Symbol("W", span=(4, 5)), font="bf")
    assert (node, node.span) == (Symbol("W", "bf"), (4, 5))
