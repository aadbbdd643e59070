"""Sizes beside sizes, formats by their bits, and what is listed: frames of clauses without a count of their
own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lorafig.notation import tree
from lorafig.notation.canonical import bare
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import (
    Assertion,
    Counted,
    Counts,
    ModuleShape,
    Shaped,
    Starts,
    Stated,
)
from lorafig.verify.read.clause import (
    SUBJECTS,
    Clause,
    Context,
    clause,
    is_scaling,
    op_of,
    subject,
    subjects,
    unit_of,
)
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.suppositions import value

_SYMBOLS = {"r": "r", "d": "d", "k": "k", "alpha": r"\alpha", "scale": "s"}


def compared_sizes(c: Clause, context: Context) -> list[Assertion] | None:
    """`r is much smaller than d`, `alpha is twice the rank`, `r = 8 is below d = 4096`, `r: 8`."""
    if [part.sort for part in c.parts if part.sort != "near"] == ["size", "amount"] and c.parts[0].node:
        node = c.parts[-1].node
        if node is None or unit_of(node) or isinstance(node, tree.Relation):
            return None
        return [Stated(tree.Relation((c.parts[0].node, node), (op_of(c),)))]
    if [part.sort for part in c.parts] == ["amount", "amount"] and is_scaling(c.parts[0]):
        left, right = (part.node for part in c.parts)  # `α/r is 2`
        assert left is not None
        return None if right is None or unit_of(right) else [Stated(tree.Relation((left, right), ("=",)))]
    if (told := value(c.whole, 0)) is not None and not clause(c.whole[told[2] :]).parts and c.has("begin"):
        left = parse_math(_SYMBOLS[told[0]])  # `alpha is set to twice the rank`
        return [Stated(tree.Relation((left, told[1]), ("=",)))]
    if not c.within("dimension", "size", "relation", "near", "than", "compare", "amount"):
        return None
    whole = (*context.before, *c.whole)
    if context.subjects and any(
        one.text.lower() in ("its", "their") and other.value == "r" for one, other in pairwise(whole)
    ):
        return None  # `its rank`: of a matrix
    ends = c.of("dimension", "size", "relation")
    if [part.sort for part in ends[:2]] == ["dimension", "size"] and len(ends) == 3:
        ends = ends[1:]  # `the rank r is much smaller than d`
    if len(ends) == 3 and [part.sort for part in ends[:2]] == ["dimension", "relation"]:
        ends = ends[1:]  # `the rank r = 4 is far below d`
    if len(ends) != 2:
        return None
    sides = [_size(part) for part in ends]
    if None in sides:
        return None
    first, second = (side for side in sides if side is not None)
    said: list[Assertion] = [Stated(part.node) for part in ends if part.sort == "relation" and part.node]
    amounts, compares = c.of("amount"), {part.value for part in c.of("compare")}
    if not amounts and len(c.of("near")) == 1 and not compares:
        return [*said, Stated(tree.Relation((first, second), (op_of(c),)))]
    if not amounts and len(compares) == 1 and c.has("than") and not c.has("near"):
        op = {"fewer": "<", "more": ">"}.get(compares.pop(), "=")
        return [*said, Stated(tree.Relation((first, second), (op,)))]
    near = c.of("near")
    if (
        len(amounts) != 1
        or len(compares) > 1
        or amounts[0].node is None
        or {part.value for part in near} - {"≈"}
    ):
        return None
    factor = _factor(amounts[0].node)
    if factor is None:
        return None
    if compares == {"fewer"}:  # `r is 64 times smaller than d`
        first, second = second, first
    times = tree.Product((factor, second), ("·",), ("",))
    return [*said, Stated(tree.Relation((first, times), (op_of(c),)))]


def _size(part: Concept) -> Node | None:
    """The size that a part names: of `r = 8` r."""
    if part.sort == "dimension":
        symbol = _SYMBOLS.get(part.value)
        return None if symbol is None else parse_math(symbol)
    if part.sort == "size":
        return part.node
    if part.value != "size" or not isinstance(part.node, tree.Relation) or part.node.ops != ("=",):
        return None
    return part.node.sides[0]


def _factor(node: Node) -> Node | None:
    """The number of `twice` and `half`; None for what is not a factor."""
    plain = bare(node)
    if not isinstance(plain, Number):
        return None
    if "/" in plain.digits:
        above, _, below = plain.digits.partition("/")
        return tree.Fraction(Number(above), Number(below))
    return Number(plain.digits) if plain.unit == "×" else None


# Starts, branches and lists --------------------------------------------------------------------


def begins_from(c: Clause, context: Context) -> list[Assertion] | None:
    """`Training starts from the pretrained model`, `The model starts as the pretrained one`: the update is
    zero then. `Training begins with BA = 0`."""
    if [part.sort for part in c.parts] == ["role", "begin", "relation"] and c.parts[
        0
    ].text.lower() == "training":
        node = c.parts[-1].node
        return [Stated(node, True)] if node is not None else None
    if not c.has("begin") or not c.within("role", "begin", "start", "subject", "law", "method", "all"):
        return None
    first = c.parts[0]
    training = first.text.lower() in ("training", "fine-tuning") or first.sort == "method"
    model = first.sort == "subject" and first.value == "model" and c.parts[1].sort == "begin"
    unnamed = first.sort == "begin" and not context.subjects and not context.own  # `It starts as …`
    if (model or unnamed) and [part.sort for part in c.parts[-2:]] == ["begin", "subject"]:
        return [Starts(("update",), "zero")] if c.parts[-1].value == "base" else None
    if not training or any(part.value != "trained" for part in c.of("role")):
        return None
    named = set(subjects(c.parts))
    if {part.value for part in c.of("method")} - {context.method}:
        return None
    laws = {part.value for part in c.of("law")}
    if named == {"base"} and not laws:
        return [Starts(("update",), "zero")]
    if named <= {"model", "base"} and len(laws) == 1 and named:
        return [Starts(("update",), "random")]
    return None


def as_many(c: Clause, context: Context) -> list[Assertion] | None:
    """`… and B as many`: as many as was said last of another."""
    compares = c.of("compare")
    if len(compares) != 1 or not compares[0].text.lower().startswith("as ") or not context.amounts:
        return None
    named = subjects(c.parts)
    if context.what is None or not named or not c.within("compare", *SUBJECTS):
        return None
    what = Counted(context.what.role, named, "", context.what.unit, context.what.each)
    return [Counts(what, context.amounts)]


def listed_shapes(c: Clause, context: Context) -> list[Assertion] | None:
    """`W (256 × 256), A (4 × 256), B (256 × 4)`: each shape stands behind its matrix. `BA (d × r, r × d)`:
    those of the factors stand behind a product."""
    shapes = c.of("shapes")
    product = bare(c.parts[0].node) if c.parts and c.parts[0].node is not None else None
    if isinstance(product, tree.Product) and len(c.parts) == 1 + len(shapes) == 1 + len(product.factors) > 2:
        pairs = zip(product.factors, shapes, strict=True)
        return [Shaped((factor,), part.node) for factor, part in pairs if part.node is not None]
    if len(shapes) < 2 or not c.within("shapes", "shape", "only", *SUBJECTS):
        return None
    parts = [part for part in c.parts if part.sort != "shape"]
    said: list[Assertion] = []
    group: list[Concept] = []
    for part in parts:
        if part.sort != "shapes":
            group.append(part)
            continue
        if not group or part.node is None:
            return None
        said.append(Shaped(tuple(map(subject, group)), part.node))
        group = []
    return said if not group else None


def multiplied(c: Clause, context: Context) -> list[Assertion] | None:
    """`B and A multiply to a 256 × 256 matrix`: the shape of their product."""
    factors = [part.node for part in c.of("matrix") if part.node is not None]
    hows = [part.value for part in c.of("joined")]
    if not c.within("matrix", "joined", "shapes") or c.parts[-1].sort != "shapes" or len(c.of("shapes")) > 1:
        return None
    if hows != ["multiplied"] or c.parts[-1].node is None or len(factors) < 2:
        return None
    gaps = ("",) * (len(factors) - 1)
    return [Shaped((tree.Product(tuple(factors), gaps, gaps),), c.parts[-1].node)]


def module_shapes(c: Clause, context: Context) -> list[Assertion] | None:
    """`k_proj maps 4096 to 1024`, `c_attn is 768 × 2304`."""
    named = tuple(part.text for part in c.of("module"))
    if not named or not context.network:
        return None
    if c.within("module", "maps", "project", "amount", "several", "branches", "thing", "noun", "all"):
        sizes = [part.node for part in c.of("amount", "several") if part.node is not None]
        if len(sizes) == 2 and (c.has("maps", "project") or between(c.whole)):
            return [ModuleShape(named, sizes[0], sizes[1])]
        return None
    shapes = c.of("shapes")
    if len(shapes) != 1 or not c.within("module", "shapes", "shape", "each", "all"):
        return None
    node = shapes[0].node
    factors = (
        node.sizes if isinstance(node, tree.Shape) else node.factors if isinstance(node, tree.Product) else ()
    )
    return [ModuleShape(named, *factors, code=True)] if len(factors) == 2 else None


def branches(c: Clause, context: Context) -> list[Assertion] | None:
    """`Two branches from x to h`."""
    several = [part for part in c.of("several") if part.value == "branches"]
    if len(several) != 1 or several[0].node is None or not c.within("several", "branches", "matrix"):
        return None
    if {part.value for part in c.of("matrix")} != {"x", "h"}:
        return None
    return [Counts(Counted("", (), "", "branches"), (several[0].node,))]


def between(parts: Sequence[Concept]) -> bool:
    """Whether something falls from one number to another: `drop from 16.8M to 66K`."""
    words = [part.text.lower() for part in parts if part.sort == "filler"]
    return "from" in words and "to" in words
