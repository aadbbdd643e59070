"""The index of a family and what it runs over: `i = 1..N`."""

from __future__ import annotations

import re

from msgspec import Struct

from lorafig.errors import LorafigError, Problem
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node

_DOTS = r"\s*,?\s*(?:\.\.\.?|…|\\l?dots|\\cdots)\s*,?\s*"
HINT = "write i = 1..N: an index, and the numbers or sizes that it runs between"


class Index(Struct, frozen=True):
    """`letter` is the index, `first` and `last` are what it runs between, both included."""

    letter: str
    first: Node
    last: Node


def index(source: str) -> Index:
    """Raises LorafigError for what is not a range."""
    name, equals, rest = source.partition("=")
    ends = re.split(_DOTS, rest.strip())
    if equals == "" or len(ends) != 2 or "" in (name.strip(), *ends):
        raise LorafigError(Problem(f"'{source}' is not an index with its range", None, HINT, code="index"))
    letter = key(parse_math(name.strip()))
    first, last = map(parse_math, ends)
    if letter is None:
        raise LorafigError(Problem(f"'{name.strip()}' is not an index", None, HINT, code="index"))
    return Index(letter, first, last)
