"""Conditions of verification as data: what a page decides again at every setting (its program.js)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from lorafig.core.adapters import ADAPTERS
from lorafig.notation.tree import Number
from lorafig.notation.write.program import Program
from lorafig.page.setting import Setting
from lorafig.verify.decide import conditions
from lorafig.verify.decide.conditions import Condition
from lorafig.verify.decide.counts import TRAINED
from lorafig.verify.decide.settled import symbolic
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.terms import Term

Json: TypeAlias = Any  # null, numbers, strings, lists and objects


def values_at(setting: Setting) -> dict[str, Fraction]:
    """What the names in a condition are worth."""
    return {**setting.values(), TRAINED.name: Fraction(trained(setting))}


def trained(setting: Setting) -> int:
    """The number of trained parameters, by the core."""
    sizes = setting.sizes
    return ADAPTERS[setting.method.adapter].parameters(sizes["d"], sizes["k"], sizes["r"])


def condition_data(condition: Condition) -> Json:
    """A condition that is settled, as program.js reads it: its kind, and what the kind has."""
    match condition:
        case conditions.AtStart(holds):
            return ["start", holds]
        case conditions.Open():
            return ["foreign"]
        case conditions.Fixed(holds):
            return ["fixed", holds]
        case conditions.All(parts):
            return ["all", *map(condition_data, parts)]
        case conditions.Either(parts):
            return ["either", *map(condition_data, parts)]
        case conditions.Not(part):
            return ["not", condition_data(part)]
        case conditions.Compares(left, op, right):
            return ["compares", _program(left), op, _program(right), conditions.rooted(condition)]
        case conditions.Reads(value, number, loose=loose):
            if isinstance(number, Number):
                return ["reads", _program(value), number.digits, number.unit, loose]
            return ["shows", _program(value), _program(number.value), number.form, number.sign, loose]
        case conditions.Same():
            raise AssertionError("it is not settled")
        case _:
            assert_never(condition)


def _program(term: Term) -> Program:
    return _Postfix().of(symbolic(term))


class _Postfix(Algebra[Program]):
    """A number over the sizes, as notation/write/program.py writes expressions."""

    def constant(self, term: terms.Constant) -> Program:
        return [f"#{term.value}"]

    def variable(self, term: terms.Variable) -> Program:
        return [f"${term.name}"]

    def sum(self, term: terms.Add, values: Sequence[Program]) -> Program:
        first, *rest = values
        program = [*first, "neg"] if term.signs[0] < 0 else first
        for sign, value in zip(term.signs[1:], rest, strict=True):
            program = [*program, *value, "+" if sign > 0 else "-"]
        return program

    def scaled(self, term: terms.Multiply, number: Program, value: Program) -> Program:
        return [*number, *value, "*"]

    def quotient(self, term: terms.Divide, left: Program, right: Program) -> Program:
        return [*left, *right, "/"]

    def extreme(self, term: terms.Extreme, values: Sequence[Program]) -> Program:
        first, *rest = values
        return [*first, *(token for value in rest for token in (*value, term.of))]

    def function(self, term: terms.Function, body: Program) -> Program:
        return [*body, {"ceiling": "ceil"}.get(term.name, term.name)]
