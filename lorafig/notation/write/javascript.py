"""A label's tree -> JavaScript: the source of an expression that a page computes with exact numbers.

The source is in terms of `Exact` (templates/page/exact.js) and of `v`, an object that has an exact number for
each symbol by its name: `d^2 / (2dr)` is `Exact.div(Exact.pow(v["d"], 2), …)`. What can be computed is what
arithmetic.py can compute, and at every setting the value is the same; where there is none, by a division
by zero or by a symbol that `v` does not have, it is null.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lorafig.notation.numbers.arithmetic import compute
from lorafig.notation.numbers.shown import exact
from lorafig.notation.tree import Node, Number

_PLAIN = re.compile(r"[\w '()^,.+*-]", re.ASCII)


def to_javascript(node: Node, kilo: int = 1000) -> str:
    """The expression as source text. It can stand in a `<script>`: no name can end it. K, M, … are powers of
    `kilo`.

    Errors: LorafigError where `evaluate` raises one whatever the values of the symbols.
    """
    return compute(node, _Source(kilo))


def names(node: Node) -> frozenset[str]:
    """The symbols whose values the expression needs.

    Errors: as to_javascript.
    """
    source = _Source(1000)
    compute(node, source)
    return frozenset(source.names)


def quoted(text: str) -> str:
    """A string literal of ASCII, without what could end a script: `<` is `\\u003c`."""
    escaped = "".join(char if _PLAIN.match(char) else _escaped(char) for char in text)
    return f'"{escaped}"'


def _escaped(char: str) -> str:
    """One character as `\\uXXXX`, or as two of them."""
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


class _Source:
    """Arithmetic that writes itself down."""

    def __init__(self, kilo: int) -> None:
        self.kilo = kilo
        self.names: set[str] = set()

    def number(self, number: Number) -> str:
        value = exact(number, self.kilo)
        below = "" if value.denominator == 1 else f", {value.denominator}n"
        return f"Exact.num({value.numerator}n{below})"

    def symbol(self, name: str) -> str:
        self.names.add(name)
        return f"v[{quoted(name)}]"

    def negative(self, value: str) -> str:
        return f"Exact.neg({value})"

    def plus(self, one: str, other: str) -> str:
        return f"Exact.add({one}, {other})"

    def minus(self, one: str, other: str) -> str:
        return f"Exact.sub({one}, {other})"

    def times(self, one: str, other: str) -> str:
        return f"Exact.mul({one}, {other})"

    def over(self, above: str, below: str, node: Node) -> str:
        return f"Exact.div({above}, {below})"

    def power(self, base: str, exponent: int) -> str:
        return f"Exact.pow({base}, {exponent})"

    def extreme(self, which: str, values: Sequence[str]) -> str:
        return f"Exact.{which}({', '.join(values)})"

    def floor(self, value: str) -> str:
        return f"Exact.floor({value})"

    def ceiling(self, value: str) -> str:
        return f"Exact.ceil({value})"
