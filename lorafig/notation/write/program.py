"""A label's tree -> a program: an expression as data, that a page computes with exact numbers.

A program is the expression in postfix order, a list of short strings: `d^2 / (2dr)` is
`["$d", "^2", "#2", "$d", "*", "$r", "*", "/"]`. `$` comes before the name of a symbol, `#` before a number
(`#1/200`), `^` before a power; `neg`, `floor` and `ceil` take one argument, all others two. A page makes a
function of it (templates/page/program.js). What can be computed is what arithmetic.py can compute, and at
every setting the value is the same, or null: after a division by zero, or for a symbol without a value.
"""

from __future__ import annotations

from typing import TypeAlias

from lorafig.notation import tree
from lorafig.notation.numbers.arithmetic import Operation, compute
from lorafig.notation.numbers.shown import exact

Program: TypeAlias = list[str]


def to_program(node: tree.Node, kilo: int = 1000) -> Program:
    """The expression as a program. K, M, … are powers of `kilo`.

    Errors: LorafigError where `evaluate` raises one whatever the values of the symbols.
    """
    return compute(node, _Postfix(kilo))


def names(node: tree.Node) -> frozenset[str]:
    """The symbols whose values the expression needs.

    Errors: as to_program.
    """
    return frozenset(token[1:] for token in to_program(node) if token.startswith("$"))


class _Postfix:
    """Arithmetic that writes itself down."""

    def __init__(self, kilo: int) -> None:
        self.kilo = kilo

    def number(self, number: tree.Number) -> Program:
        return [f"#{exact(number, self.kilo)}"]

    def symbol(self, name: str) -> Program:
        return [f"${name}"]

    def power(self, base: Program, exponent: int) -> Program:
        return [*base, f"^{exponent}"]

    def apply(self, operation: Operation, node: tree.Node, *values: Program) -> Program:
        return [*(token for value in values for token in value), operation]
