"""What a term comes to, whatever it is computed with: one method for each kind of term.

A prime field, sizes of polynomials, arrays with their errors, exact fractions: each is an algebra, and terms
are gone through in one place. What is shared is computed once: written out, a chain of definitions may be
exponentially long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar, assert_never

from lorafig.verify.meaning import terms
from lorafig.verify.meaning.terms import Term, Undecidable

Value = TypeVar("Value")


class Algebra(Generic[Value]):
    """The kinds that an algebra has no method for are `beyond` it."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[Term, Value]] = {}  # with the term, so that its id is given to no other

    def of(self, term: Term) -> Value:
        known = self.known.get(id(term))
        if known is None:
            known = self.known[id(term)] = (term, self._of(term))
        return known[1]

    def _of(self, term: Term) -> Value:
        match term:
            case terms.Variable():
                return self.variable(term)
            case terms.Multiply(left, right):
                one, other = self.of(left), self.of(right)
                if left.type.is_scalar:
                    return self.scaled(term, one, other)
                return (
                    self.scaled(term, other, one) if right.type.is_scalar else self.product(term, one, other)
                )
            case terms.Add():
                return self.sum(term, [self.of(part) for part in term.terms])
            case terms.Constant():
                return self.constant(term)
            case terms.Defined(body=body):
                return self.defined(term, self.of(body))
            case terms.Transpose(body):
                return self.transpose(term, self.of(body))
            case terms.Divide(left, right):
                return self.quotient(term, self.of(left), self.of(right))
            case terms.Entrywise(left, right):
                return self.entrywise(term, self.of(left), self.of(right))
            case terms.Zero():
                return self.zero(term)
            case terms.Identity():
                return self.identity(term)
            case terms.Kronecker(left, right):
                return self.kronecker(term, self.of(left), self.of(right))
            case terms.Quotients(left, right):
                return self.quotients(term, self.of(left), self.of(right))
            case terms.Diagonal(body):
                return self.diagonal(term, self.of(body))
            case terms.Spread(body):
                return self.spread(term, self.of(body))
            case terms.Inverse(body):
                return self.inverse(term, self.of(body))
            case terms.Slice(body):
                return self.slice(term, self.of(body))
            case terms.Cut(body):
                return self.cut(term, self.of(body))
            case terms.Function(body=body):
                return self.function(term, self.of(body))
            case terms.Applied():
                return self.applied(term, [self.of(part) for part in term.arguments])
            case terms.Extreme():
                return self.extreme(term, [self.of(part) for part in term.terms])
            case _:
                assert_never(term)

    def beyond(self, term: Term) -> Value:
        raise Undecidable("it is more than sums and products")

    def constant(self, term: terms.Constant) -> Value:
        return self.beyond(term)

    def zero(self, term: terms.Zero) -> Value:
        return self.beyond(term)

    def variable(self, term: terms.Variable) -> Value:
        return self.beyond(term)

    def identity(self, term: terms.Identity) -> Value:
        return self.beyond(term)

    def defined(self, term: terms.Defined, body: Value) -> Value:
        return body

    def sum(self, term: terms.Add, values: Sequence[Value]) -> Value:
        return self.beyond(term)

    def scaled(self, term: terms.Multiply, number: Value, value: Value) -> Value:
        """A number times anything; `number` is the left one of two."""
        return self.beyond(term)

    def product(self, term: terms.Multiply, left: Value, right: Value) -> Value:
        """Of matrices."""
        return self.beyond(term)

    def quotient(self, term: terms.Divide, left: Value, right: Value) -> Value:
        return self.beyond(term)

    def entrywise(self, term: terms.Entrywise, left: Value, right: Value) -> Value:
        return self.beyond(term)

    def transpose(self, term: terms.Transpose, body: Value) -> Value:
        return self.beyond(term)

    def extreme(self, term: terms.Extreme, values: Sequence[Value]) -> Value:
        return self.beyond(term)

    def kronecker(self, term: terms.Kronecker, left: Value, right: Value) -> Value:
        return self.beyond(term)

    def diagonal(self, term: terms.Diagonal, body: Value) -> Value:
        return self.beyond(term)

    def spread(self, term: terms.Spread, body: Value) -> Value:
        return self.beyond(term)

    def quotients(self, term: terms.Quotients, left: Value, right: Value) -> Value:
        return self.beyond(term)

    def inverse(self, term: terms.Inverse, body: Value) -> Value:
        return self.beyond(term)

    def slice(self, term: terms.Slice, body: Value) -> Value:
        return self.beyond(term)

    def cut(self, term: terms.Cut, body: Value) -> Value:
        return self.beyond(term)

    def function(self, term: terms.Function, body: Value) -> Value:
        return self.beyond(term)

    def applied(self, term: terms.Applied, values: Sequence[Value]) -> Value:
        return self.beyond(term)
