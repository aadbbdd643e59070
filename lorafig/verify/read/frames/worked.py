"""Sums that are worked out in words: `32 layers × 2 projections × 65,536 = 4,194,304`, `6.74B × 2 bytes =
13.5 GB`, `65,536 : 2,048 = 32:1`."""

from __future__ import annotations

from fractions import Fraction

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.numbers.shown import exact
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import Assertion, Counted, Counts, PerNumber, Sized, Stated
from lorafig.verify.read.clause import Clause, Context, op_of, unit_of
from lorafig.verify.read.concept import Concept

_SORTS = (
    "cross", "amount", "several", "things", "thing", "relation", "noun", "bytes", "precision", "near", "each",
    "role", "subject", "adapted", "scope", "shapes", "sum",
)  # fmt: skip
_MEMORY = {"": Fraction(1), "B": Fraction(1), "bits": Fraction(1, 8)}


def product(c: Clause, context: Context) -> list[Assertion] | None:
    """A product of what is counted, and what it is: each factor by what it counts, too."""
    words = [part for part in c.whole if part.sort not in ("filler", "comma")]
    if not (c.has("cross") or _sized(words)) or not c.within(*_SORTS):
        return None
    at = next((at for at, part in enumerate(words) if part.sort == "equals" or _near(words, at)), None)
    if at is None:
        split = _stated(words)
        if split is None:
            return None
        left, right, op = split
    else:
        left, right, op = words[:at], words[at + 1 :], words[at].value or "="
    said: list[Assertion] = []
    factors: list[Node] = []
    memory: Fraction | None = None
    for place, part in enumerate(left):
        if part.sort == "bytes":
            scale = _MEMORY.get(part.value)
            if memory is not None or scale is None:
                return None
            memory = scale
        if part.sort not in ("amount", "several", "relation", "shapes") or part.node is None:
            continue
        if unit_of(part.node) in ("×", "%"):
            return None
        sizes = part.node.sizes if isinstance(part.node, tree.Shape) else (part.node,)
        factors += sizes
        said += _counted(sizes[-1], left[place + 1 : place + 2], context)
    many = [part for part in right if part.sort in ("amount", "relation") and part.node is not None]
    scales = [part.value for part in right if part.sort == "bytes"]
    if len(factors) < 2 or len(many) != 1 or (memory is None) != (not scales) or len(scales) > 1:
        return None
    result = many[0].node
    assert result is not None
    if memory is not None:
        numbers = [bare(factor) for factor in factors]
        if not all(isinstance(one, Number) for one in numbers):
            return None
        total = memory
        for one in numbers:
            assert isinstance(one, Number)
            total *= exact(one)
        amount = Number(str(total.numerator)) if total.denominator == 1 else None
        return (
            None
            if amount is None
            else [*said, PerNumber(result, scales[0] or "B", 8, ("weight",), op=op, of=amount)]
        )
    gaps = ("",) * (len(factors) - 1)
    whole = tree.Product(tuple(factors), ("×",) * len(gaps), gaps)
    return [*said, Stated(tree.Relation((whole, result), (op if op in ("=", "≈") else "=",)))]


def _sized(words: list[Concept]) -> bool:
    """Whether it begins with a product of numbers, the last of things: `131,072 × 32 layers = …`."""
    node = words[0].node if words else None
    shape = isinstance(node, tree.Shape) and all(isinstance(size, Number) for size in node.sizes)
    counts = any(part.sort in ("thing", "things") for part in words[1:2])
    return shape and counts and any(part.sort == "equals" for part in words[2:3])


def each_takes(c: Clause, context: Context) -> list[Assertion] | None:
    """`65.3B parameters at 2 bytes each are 131 GB`: so many, so much for each, and what it comes to."""
    sorts = [part.sort for part in c.parts if part.sort not in ("near", "each", "role")]
    roles = {part.value for part in c.of("role")}
    if sorts != ["amount", "noun", "amount", "bytes", "amount", "bytes"] or len(roles) > 1:
        return None
    many, each, whole = (bare(part.node) if part.node is not None else None for part in c.of("amount"))
    unit, scale = (part.value for part in c.of("bytes"))
    if not isinstance(many, Number) or not isinstance(each, Number) or not isinstance(whole, Number):
        return None
    if unit not in _MEMORY or unit_of(many) in ("×", "%") or whole.unit:
        return None
    size = Fraction(each.digits) if "/" in each.digits else exact(each)
    total = exact(many) * size * _MEMORY[unit]
    said: list[Assertion] = [Counts(Counted(roles.pop()), (many,))] if roles else []
    amount = Number(str(total.numerator)) if total.denominator == 1 else None
    if amount is None:
        return None
    return [*said, PerNumber(whole, scale or "B", 8, ("weight",), op=op_of(c), of=amount)]


def _near(words: list[Concept], at: int) -> bool:
    """Whether it is the sign before a result: `≈ 13.5 GB`."""
    return words[at].sort == "near" and words[at].text in ("≈", "~", "∼")


def _stated(words: list[Concept]) -> tuple[list[Concept], list[Concept], str] | None:
    """A product whose last factor the result stands beside: `… × 65,536 = 4,194,304`."""
    at = next((at for at, part in enumerate(words) if part.sort == "relation"), None)
    node = None if at is None else words[at].node
    if (
        at is None
        or not isinstance(node, tree.Relation)
        or len(node.sides) != 2
        or set(node.ops) - {"=", "≈"}
    ):
        return None
    part = words[at]
    first = Concept("amount", "", part.text, part.start, node.sides[0])
    second = Concept("amount", "", part.text, part.start, node.sides[1])
    return [*words[:at], first], [second, *words[at + 1 :]], node.ops[0]


def _counted(node: Node, behind: list[Concept], context: Context) -> list[Assertion]:
    """What a factor counts of the network."""
    word = behind[0].text.lower() if behind else ""
    if not context.network:
        return []
    if word.endswith(("layers", "blocks")):
        return [Sized("n_layers", (node,))]
    if word.endswith(("projections", "matrices", "modules", "targets")):
        return [Sized("n_each", (node,))]
    return []


def quotient(c: Clause, context: Context) -> list[Assertion] | None:
    """`65,536 : 2,048 = 32:1`."""
    sorts = [part.sort for part in c.whole if part.sort != "filler"]
    if sorts[:3] != ["amount", "colon", "relation"] or op_of(c) != "=":
        return None
    if sorts[3:] and (sorts[3:] != ["colon", "amount"] or c.parts[-1].text != "1"):
        return None
    above, node = c.parts[0].node, c.parts[1].node
    if above is None or not isinstance(node, tree.Relation) or len(node.sides) != 2:
        return None
    if not isinstance(bare(node.sides[0]), Number) or unit_of(node.sides[1]) == "%":
        return None  # `or 16.8M: r(d + k)/(dk) = 0.391 %`: what follows the colon is a statement of its own
    return [Stated(tree.Relation((tree.Fraction(above, node.sides[0]), node.sides[1]), node.ops))]
