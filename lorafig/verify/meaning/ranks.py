"""The rank of a matrix whose parts have entries in general position, as a number over the sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from lorafig.verify.meaning import terms
from lorafig.verify.meaning.algebra import Algebra
from lorafig.verify.meaning.operations import least, plus, times
from lorafig.verify.meaning.terms import Term, Undecidable, number


def ranked(value: Term, size: Callable[[str], Term], most: bool = False) -> Term | None:
    """A number with the ranks in it written out; None if it depends on entries in another way, or if a matrix
    stands twice in what is ranked: its rank may then be lower, and is asked for at `most`. `size` gives a
    dimension as a number."""
    ranks = _Rank(size)

    def change(part: Term) -> Term | None:
        if not isinstance(part, terms.Function) or part.name != "rank":
            return None
        if not most and any(times > 1 for times in _occurring(part.body, {}).values()):
            return ranks.beyond(part)
        return ranks.of(part.body)

    try:
        written = terms.rebuilt(value, change)
    except Undecidable:
        return None
    return written if all(part.type.is_scalar for part in terms.below(written)) else None


def _occurring(term: Term, known: dict[int, Counter[str]]) -> Counter[str]:
    """How often each matrix stands in a term, written out."""
    if id(term) not in known:
        if isinstance(term, terms.Variable):
            known[id(term)] = Counter({term.name: 0 if term.type.is_scalar else 1})
        else:
            known[id(term)] = sum((_occurring(part, known) for part in terms.parts(term)), Counter())
    return known[id(term)]


class _Rank(Algebra[Term]):
    def __init__(self, size: Callable[[str], Term]) -> None:
        super().__init__()
        self.size = size

    def beyond(self, term: Term) -> Term:
        raise Undecidable("a rank that has to be computed")

    def _full(self, term: Term, *bounds: Term) -> Term:
        return least(self.size(term.type.rows), self.size(term.type.columns), *bounds)

    def constant(self, term: terms.Constant) -> Term:
        return number(0 if term.value == 0 else 1)

    def zero(self, term: terms.Zero) -> Term:
        return number(0)

    def variable(self, term: terms.Variable) -> Term:
        return self._full(term)

    def identity(self, term: terms.Identity) -> Term:
        return self._full(term)

    def cut(self, term: terms.Cut, body: Term) -> Term:
        return self._full(term, body)

    def inverse(self, term: terms.Inverse, body: Term) -> Term:
        return self._full(term)

    def diagonal(self, term: terms.Diagonal, body: Term) -> Term:
        return self._full(term)

    def transpose(self, term: terms.Transpose, body: Term) -> Term:
        return body

    def sum(self, term: terms.Add, values: Sequence[Term]) -> Term:
        return self._full(term, plus(*values))

    def scaled(self, term: terms.Multiply, number: Term, value: Term) -> Term:
        return times(number, value)  # a number is of rank 1, and 0 of none

    def quotient(self, term: terms.Divide, left: Term, right: Term) -> Term:
        return left

    def product(self, term: terms.Multiply, left: Term, right: Term) -> Term:
        return least(left, right)

    def entrywise(self, term: terms.Entrywise, left: Term, right: Term) -> Term:
        return self._full(term, times(left, right))

    def kronecker(self, term: terms.Kronecker, left: Term, right: Term) -> Term:
        return times(left, right)
