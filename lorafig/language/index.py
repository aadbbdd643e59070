"""The index of a family and what it runs over, `i = 1..N`; several of one, `i = 1..N, j = 1..M`."""

from __future__ import annotations

import re

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Listing, Node

_DOTS = r"\s*,?\s*(?:\.\.\.?|…|\\l?dots|\\cdots)\s*,?\s*"
_NEXT = re.compile(r"\s*,\s*(?=[^,=]+=)")  # between two indices with their ranges
HINT = "write i = 1..N: an index, and the numbers or sizes that it runs between"


class Index(Struct, frozen=True):
    """`letter` is the index, `first` and `last` are what it runs between, both included."""

    letter: str
    first: Node
    last: Node

    def may_be(self, name: str) -> bool:
        """Whether it may stand in the place of the index: a number, a letter, or the size that it ends at."""
        return name.isdecimal() or len(name) == 1 or (name != "" and name == key(self.last))


def indices(source: str) -> tuple[Index, ...]:
    """Each index with its range. Raises LorafigError for what is not a range, and for an index that is there
    twice."""
    found = tuple(map(index, _NEXT.split(source)))
    letters = [each.letter for each in found]
    twice = next((letter for letter in letters if letters.count(letter) > 1), None)
    if twice is not None:
        what = f"the index {twice} is there twice in '{source}'"
        raise LorafigError(Problem(what, None, "call each index by a letter of its own", code="index"))
    return found


def index(source: str) -> Index:
    """The one index. Raises LorafigError for what is not a range."""
    name, equals, rest = source.partition("=")
    ends = re.split(_DOTS, rest.strip())
    if equals == "" or len(ends) != 2 or "" in (name.strip(), *ends):
        raise LorafigError(Problem(f"'{source}' is not an index with its range", None, HINT, code="index"))
    letter = key(parse_math(name.strip()))
    first, last = map(parse_math, ends)
    if isinstance(last, Listing):  # what is behind a comma has no range
        raise LorafigError(Problem(f"'{source}' is not an index with its range", None, HINT, code="index"))
    if letter is None:
        raise LorafigError(Problem(f"'{name.strip()}' is not an index", None, HINT, code="index"))
    return Index(letter, first, last)
