"""A label's tree -> a program: an expression as data, that a page computes with exact numbers.

A program is the expression in postfix order, a list of short strings: `d^2 / (2dr)` is
`["$d", "^2", "#2", "$d", "*", "$r", "*", "/"]`. `$` comes before the name of a symbol, `#` before a number
(`#1/200`), `^` before a power; `neg`, `floor` and `ceil` take one argument, all others two. A page makes a
function of it (templates/page/program.js). What can be computed is what arithmetic.py can compute, and at
every setting the value is the same; where there is none, by a division by zero or by a symbol without a
value, it is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from lorafig.notation.numbers.arithmetic import compute
from lorafig.notation.numbers.shown import exact
from lorafig.notation.tree import Node, Number

Program: TypeAlias = list[str]


def to_program(node: Node, kilo: int = 1000) -> Program:
    """The expression as a program. K, M, … are powers of `kilo`.

    Errors: LorafigError where `evaluate` raises one whatever the values of the symbols.
    """
    return compute(node, _Postfix(kilo))


def names(node: Node) -> frozenset[str]:
    """The symbols whose values the expression needs.

    Errors: as to_program.
    """
    return frozenset(token[1:] for token in to_program(node) if token.startswith("$"))


class _Postfix:
    """Arithmetic that writes itself down."""

    def __init__(self, kilo: int) -> None:
        self.kilo = kilo

    def number(self, number: Number) -> Program:
        return [f"#{exact(number, self.kilo)}"]

    def symbol(self, name: str) -> Program:
        return [f"${name}"]

    def negative(self, value: Program) -> Program:
        return [*value, "neg"]

    def plus(self, left: Program, right: Program) -> Program:
        return [*left, *right, "+"]

    def minus(self, left: Program, right: Program) -> Program:
        return [*left, *right, "-"]

    def times(self, left: Program, right: Program) -> Program:
        return [*left, *right, "*"]

    def over(self, above: Program, below: Program, node: Node) -> Program:
        return [*above, *below, "/"]

    def power(self, base: Program, exponent: int) -> Program:
        return [*base, f"^{exponent}"]

    def extreme(self, which: str, values: Sequence[Program]) -> Program:
        first, *rest = values
        return [*first, *(token for value in rest for token in (*value, which))]

    def floor(self, value: Program) -> Program:
        return [*value, "floor"]

    def ceiling(self, value: Program) -> Program:
        return [*value, "ceil"]
