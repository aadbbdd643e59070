"""Shape inference: a label's tree -> a typed term, or the two shapes that do not go together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import chain, pairwise
from math import prod
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from lorafig.language.functions import with_functions
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import children, rebuild, walk
from lorafig.notation.gradients import gathered
from lorafig.notation.indexed import at
from lorafig.notation.numbers import shown as numbers
from lorafig.notation.ranges import NoCut, Sizes, cut_of, cuts
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.notation.write.plain import to_plain
from lorafig.verify.meaning import calls, functions, gradients, operations, terms
from lorafig.verify.meaning.operations import UNSAID, add, computed, divide, multiply
from lorafig.verify.meaning.scope import Scope
from lorafig.verify.meaning.terms import SCALAR, Doubt, IllTyped, Term, Type, Undecidable, number, sized
from lorafig.verify.read.quoted import spaced
from lorafig.verify.read.texts import turning
from lorafig.verify.verdicts import EQUATION

TRANSPOSES = frozenset({"T", "⊤", "⊺", "top", "t"})
MAX_POWER = 64
COUNTING = frozenset({"params", "parameters", "numel", "nparams"})  # functions that count entries
LONGEST_SUM = 4_096  # terms
LONGEST_WRITTEN = 512  # terms that are not numbers: they are written out
HINT = "sums, products, transposes, quotients and powers can; or say why it is true: unverified: …"


def elaborate(node: Node, symbols: Scope) -> Term:
    """What a label's expression means. Raises IllTyped, Unknown or Undecidable, IllTyped first: shapes that
    do not go together are told even beside a symbol that is not known."""
    match node:
        case tree.Symbol():  # most are
            return _symbol(node.name, symbols)
        case tree.Number():
            return _number(node, symbols)
        case (
            tree.Computed(body)
            | tree.Fenced("(" | "[" | "{", _, body)
            | tree.Styled(_, body)
            | tree.Braced(body)
        ):
            name = key(node)
            if name is not None and symbols.knows(name):
                return symbols.term(name)
            return elaborate(body, symbols)
        case tree.Script(tree.Fenced("‖", _, body)) | tree.Fenced("‖", _, body):
            return functions.norm(node, elaborate(body, symbols), symbols)
        case tree.Fenced("⌊" | "⌈", _, body):
            return functions.whole(node, elaborate(body, symbols), symbols)
        case tree.Fenced("|", _, body):
            return _entries(elaborate(body, symbols), symbols, node)
        case tree.Script() | tree.Apply() if (cut := cut_of(node)) is not None:
            return _cut(node, *cut, symbols)
        case tree.Script():
            return _script(node, symbols)
        case tree.Sum(summands, signs):
            if "±" in signs:
                raise Undecidable("± is not one statement", "write one with + and one with -")
            if any(map(_is_dots, summands)):
                summands, signs = _summed(node, symbols)
            return add(all_of(summands, symbols), [-1 if sign == "-" else 1 for sign in signs], summands)
        case tree.Product():
            return _product(node, symbols)
        case tree.Fraction(above, below):
            gradient = gradients.slope(node, symbols)
            if gradient is not None:
                return gradient
            top, bottom = all_of((above, below), symbols)
            return divide(top, bottom, below)
        case tree.Apply():
            return _apply(node, symbols)
        case tree.Root():
            return _root(node, symbols)
        case tree.Big():
            return _big(node, symbols)
        case tree.Matrix():
            return elaborate(_joined(node.rows, node), symbols)
        case _:
            name = key(node)
            if name is not None:
                return _symbol(name, symbols)
            if isinstance(node, tree.Relation):
                raise Undecidable(EQUATION, "write the symbol alone")
            listed = isinstance(node, tree.Listing)
            hint = "a shape is written with a sign between: d \\times k" if listed else HINT
            raise Undecidable(f"the value of {to_plain(node)} cannot be computed", hint)


def _joined(rows: Sequence[Sequence[Node]], node: Node) -> Node:
    """A matrix of blocks, by the functions that put them together."""
    entries = [entry for row in rows for entry in row]
    if len(entries) < 2 or any(isinstance(bare(entry), tree.Number) or _is_dots(entry) for entry in entries):
        raise Undecidable(f"the value of {to_plain(node)} cannot be computed", HINT)
    lines = [row[0] if len(row) == 1 else tree.Apply(tree.Symbol("columns"), tuple(row)) for row in rows]
    return lines[0] if len(lines) == 1 else tree.Apply(tree.Symbol("concat"), tuple(lines))


def _number(node: tree.Number, symbols: Scope) -> Term:
    value = sized(numbers.exact(node, symbols.kilo))
    filled = symbols.filled.get(id(node))
    if filled is None:
        return number(value)
    if filled.form != "" or filled.sign != "" or filled.of.value != value:
        symbols.settles(_sizes_in(filled.of.of))  # it is rounded
    return number(value, filled.of.of)


def _sizes_in(of: Term | None) -> frozenset[str]:
    """The sizes that a number is made of."""
    return frozenset() if of is None else terms.variables(of)


def all_of(nodes: Sequence[Node], symbols: Scope) -> list[Term]:
    """Every part elaborated; shapes that do not go together come before a symbol that is not known."""
    elaborated: list[Term] = []
    first: Doubt | None = None
    for node in nodes:
        try:
            elaborated.append(elaborate(node, symbols))
        except IllTyped:
            raise
        except Doubt as doubt:
            first = first if first is not None else doubt
    if first is not None:
        raise first
    return elaborated


def type_of(node: Node, symbols: Scope) -> Type | None:
    """The shape of an expression, None if it has none that is known."""
    try:
        return elaborate(node, symbols).type
    except Doubt:
        return None


def _symbol(name: str, symbols: Scope) -> Term:
    if name[0] == "I" and not symbols.knows(name):
        size = symbols.dimension(name[2:]) if name.startswith("I_") else None
        if name == "I" or size is not None:
            return functions.identity(size)
    return symbols.term(name)


def _cut(node: Node, base: Node, parts: Sequence[Node], symbols: Scope) -> Term:
    """Rows and columns of a matrix: `A[:b]`, `U_{[:, :r]}`."""
    body = elaborate(base, symbols)
    if body.type.is_scalar:
        raise IllTyped(f"{to_plain(node)}: {spaced(base)} is a number")
    try:
        found = cuts(parts, body.type.sizes, Sizes(symbols.dimensions, partial(_size_or_number, symbols)))
    except NoCut as wrong:
        if wrong.known:
            raise IllTyped(f"{to_plain(node)}: {wrong}: {spaced(base)} is {body.type}") from None
        raise Undecidable(f"{to_plain(node)}: {wrong}", "write sizes: A_{:b}, A_{r+1:2r}") from None
    axes: tuple[Literal["rows", "columns"], ...] = ("rows", "columns")
    for axis, cut in zip(axes, found, strict=True):
        if cut is None:
            continue
        kind = body.type
        whole = kind.rows if axis == "rows" else kind.columns
        kind = replace(kind, rows=cut.extent) if axis == "rows" else replace(kind, columns=cut.extent)
        body = terms.Cut(body, kind, axis, cut.after, cut.last)
        if cut.last:
            symbols.settles(
                (whole, cut.extent, *cut.after)
            )  # the size of what is left is the name of another one, or a number
        symbols.fits((*cut.after, cut.extent), whole)
    return body


def _size_or_number(symbols: Scope, name: str) -> str | Fraction | None:
    size = symbols.dimension(name)
    if size is not None or not symbols.knows(name):
        return size
    term = symbols.term(name)
    return term.value if isinstance(term, terms.Constant) else None


def _entries(body: Term, symbols: Scope, node: Node) -> Term:
    """`|A|`, `params(A)`: how many entries a matrix has, as papers on adapters write it."""
    if body.type.is_scalar:
        raise Undecidable(f"the value of {to_plain(node)} cannot be computed", HINT)
    sizes = (body.type.rows, body.type.columns)
    rows, columns = (number(int(size)) if size.isdecimal() else symbols.term(size) for size in sizes)
    return multiply(rows, columns, (node,), node)


def _root(node: tree.Root, symbols: Scope) -> Term:
    if node.degree is not None and node.degree != tree.Number("2"):
        raise Undecidable(f"{to_plain(node)} cannot be computed", "square roots can")
    return functions.root(node, elaborate(node.body, symbols))


# Powers --------------------------------------------------------------------------------------


def _script(node: tree.Script, symbols: Scope) -> Term:
    name = key(node)
    if name is not None and (symbols.knows(name) or node.sup is None):
        return _symbol(name, symbols)
    if node.sup is None:
        return _entry(node, symbols)
    plain = node.sub is None and node.primes == 0
    base_node = node.base if plain else tree.Script(node.base, node.sub, None, node.primes)
    base = elaborate(base_node, symbols)
    letter = key(node.sup)
    if letter in TRANSPOSES and not (base.type.is_scalar and symbols.knows(str(letter))):
        return terms.transposed(base) if not isinstance(base, terms.Constant) else base
    exponent = elaborate(node.sup, symbols)
    if isinstance(exponent, terms.Constant) and exponent.value == Fraction(1, 2):
        return _root(tree.Root(base_node), symbols)
    if not isinstance(exponent, terms.Constant) or exponent.value.denominator != 1:
        raise Undecidable(f"the power {to_plain(node)} cannot be computed", "a power is a whole number")
    times = int(exponent.value)
    if exponent.of is not None:
        symbols.settles(_sizes_in(exponent.of))
    if isinstance(base, terms.Constant):
        return _number_to(base, times, node)
    if base.type.is_scalar and -MAX_POWER <= times < 0:
        return divide(number(1), operations.power(base, -times), node)
    if times == -1 and not base.type.is_scalar:
        return functions.inverse(base, base_node, symbols)
    if not 1 <= times <= MAX_POWER:
        if times == 0 and base.type.is_scalar:
            return number(1)
        hint = f"a power of a matrix is 1 to {MAX_POWER}"
        raise Undecidable(f"the power {to_plain(node)} cannot be computed", hint)
    if base.type.rows != base.type.columns:
        what = f"only a square matrix has powers: {spaced(base_node)} is {base.type}"
        raise IllTyped(f"{to_plain(node)}: {what}")
    return operations.power(base, times)


def _entry(node: tree.Script, symbols: Scope) -> Term:
    """An entry of what has no name: softmax(W_g x)_2, (Wx)_2."""
    if node.sub is None or node.primes or not isinstance(node.base, tree.Apply | tree.Fenced):
        # A brace with a subscript has no name and no meaning here.
        raise Undecidable(f"the value of {to_plain(node)} cannot be computed", HINT)
    body = elaborate(node.base, symbols)
    index = node.sub.digits if isinstance(node.sub, tree.Number) else key(node.sub)
    if not body.type.is_vector:
        what = "a number" if body.type.is_scalar else f"a matrix of {body.type}"
        raise Undecidable(f"{to_plain(node)}: {spaced(node.base)} is {what}", "a vector has entries")
    over = next(size for size in body.type.sizes if size != terms.ONE)
    value = calls.valued(over, symbols)
    if value is not None and index is not None and symbols.dimension(index) == over:
        index = str(value)  # the last one
    if value is None or index is None or not index.isdecimal():
        what = f"{to_plain(node)}: {to_plain(node.sub)} is not a number from 1 to {over}"
        raise Undecidable(what, "write a number, or a sum over it")
    if not 1 <= int(index) <= value:
        what = f"{to_plain(node)} is out of range: the index goes from 1 to {over} = {value:,}"
        raise IllTyped(what)
    axis: Literal["rows", "columns"] = "columns" if body.type.rows == terms.ONE else "rows"
    return terms.Slice(body, SCALAR, axis, int(index), value)


def _number_to(base: terms.Constant, times: int, node: Node) -> Term:
    if base.value == 0 and times < 0:
        raise Undecidable(f"{to_plain(node)} divides by zero")
    bits = max(base.value.numerator.bit_length(), base.value.denominator.bit_length(), 1)
    if abs(times) * bits > terms.LONGEST_NUMBER:
        what = f"{to_plain(node)} is a number of more than 1,200 digits"
        raise Undecidable(what, "write smaller numbers")

    def made(of: tuple[Term, ...]) -> Term:
        if times == 0 or abs(times) > MAX_POWER:
            return number(1) if times == 0 else UNSAID
        whole = operations.power(of[0], abs(times))
        return whole if times > 0 else terms.Divide(number(1), whole, SCALAR)

    return computed(base.value**times, (base,), made)


# Products ------------------------------------------------------------------------------------


def _product(node: tree.Product, symbols: Scope) -> Term:
    """Factors from left to right, those beside each other before ⊙ and ⊗: W ⊙ BA is W ⊙ (BA)."""
    node = _without_words(node)
    if symbols.functions:
        applied = with_functions(node, symbols.functions)
        if not isinstance(applied, tree.Product):
            return elaborate(applied, symbols)
        node = applied
    node = gathered(node)
    factors = all_of(node.factors, symbols)
    bounds = [0, *(i for i, op in enumerate(node.ops, 1) if op in ("⊙", "⊗", "∘")), len(factors)]
    result, shown = _run(node, symbols, factors, 0, bounds[1])
    for start, stop in pairwise(bounds[1:]):
        right, beside = _run(node, symbols, factors, start, stop)
        whole = tree.Product(tuple(beside), node.ops[start : stop - 1], node.spaces[start : stop - 1])
        factor = beside[0] if len(beside) == 1 else whole
        op = node.ops[start - 1]
        if op == "⊗":
            result = calls.kronecker(result, right, symbols)
        elif op == "⊙" and _ends_in_vector(factors, start, stop) and result.type.length != right.type.length:
            matrix, inner = _run(node, symbols, factors, start, stop - 1)  # (m ⊙ V / ‖V‖) x
            result = operations.entrywise(result, matrix, shown, inner[0])
            result = multiply(result, factors[stop - 1], [*shown, *inner], node.factors[stop - 1])
        elif op == "⊙" or operations.is_entrywise(result, right):
            result = operations.entrywise(result, right, shown, factor)
        else:
            result = multiply(result, right, shown, factor)  # one map after another
        shown = [*shown, *beside]
    return result


def _ends_in_vector(factors: Sequence[Term], start: int, stop: int) -> bool:
    """Whether a matrix in these factors is applied to a vector: behind a product by entries with a vector of
    other length, that product may be the matrix."""
    return stop - start > 1 and factors[stop - 1].type.is_vector and not factors[start].type.is_vector


def _run(
    node: tree.Product, symbols: Scope, factors: Sequence[Term], start: int, stop: int
) -> tuple[Term, list[Node]]:
    """The factors `start` to `stop`, and what they are written as. After a slash, numbers that stand
    directly side by side are all below it, `d^2/2dr`, up to a sign, an explicit space or a matrix:
    `α/r BA` is a fraction times BA."""
    if _is_magnitude(node, factors, start, stop):
        result, rest = _run(node, symbols, factors, start + 1, stop)
        before = [node.factors[start]]
        return multiply(factors[start], result, before, rest[0]), [*before, *rest]
    result, shown = factors[start], [node.factors[start]]
    index = start + 1
    while index < stop:
        op, right, factor = node.ops[index - 1], factors[index], node.factors[index]
        below = [factor]
        if op == "/":
            while (
                index + 1 < stop
                and node.ops[index] == ""
                and node.spaces[index] == ""
                and right.type.is_scalar
                and factors[index + 1].type.is_scalar
            ):
                index += 1
                right = multiply(right, factors[index], below, node.factors[index])
                below.append(node.factors[index])
            result = divide(result, right, factor)
        elif op == "" and isinstance(factor, tree.Fenced) and _is_size(result, factor.body, symbols):
            raise Undecidable(*_sized(node.factors[index - 1], factor))
        elif op in ("", "·", "×") or (op == "*" and not _ambiguous(result.type, right.type)):
            result = multiply(result, right, shown, factor)
        elif op == "*":
            raise Undecidable(
                "* between matrices may mean either product", "write B A, or B \\odot A by entries"
            )
        else:
            raise Undecidable(f"the product {op} cannot be computed", HINT)
        shown = [*shown, *below]
        index += 1
    return result, shown


def _is_size(before: Term, node: Node, symbols: Scope) -> bool:
    """Whether sizes stand in brackets behind a matrix or a vector: `W (d × d)`, `x (256)`."""
    if before.type.is_scalar:
        return False
    parts = node.factors if isinstance(node, tree.Product) and set(node.ops) <= {"", "×"} else (node,)
    return isinstance(node, tree.Shape) or all(
        isinstance(part, tree.Number) or symbols.dimension(key(part)) is not None for part in parts
    )


def _sized(matrix: Node, sizes: Node) -> tuple[str, str]:
    """What cannot be decided about it, and a hint."""
    what = f"{spaced(sizes)} behind {spaced(matrix)} may be its size, or a number that multiplies it"
    size = "math: 'W \\in \\mathbb{R}^{d \\times d}'"
    return what, f"write the symbol alone, and its size beside it: {size}; a factor goes in front"


def _is_magnitude(node: tree.Product, factors: Sequence[Term], start: int, stop: int) -> bool:
    """Whether a vector stands before a matrix over the norms of its columns: m (W + BA) / ‖W + BA‖_c."""
    divided = any(
        node.ops[i - 1] == "/" and isinstance(factors[i], terms.Function) and not factors[i].type.is_scalar
        for i in range(start + 2, stop)
    )
    return divided and factors[start].type.is_vector and node.ops[start] != "/"


def _ambiguous(one: Type, other: Type) -> bool:
    """Whether * may be the product by entries as well as that of matrices."""
    return not (one.is_scalar or other.is_scalar) and one.sizes == other.sizes


@cache
def _saying() -> re.Pattern[str]:
    return re.compile(r"\b(?:is|are|was|were|be|equals?|if)\b", re.IGNORECASE)


def _without_words(node: tree.Product) -> tree.Product:
    """Words between factors say something to the reader alone: `\\text{rank } r`; but for those that change
    what is said, `h is 2 Wx`, `… is false`. Raises Undecidable for these."""
    kept = [i for i, factor in enumerate(node.factors) if not isinstance(factor, tree.Words)]
    if len(kept) == len(node.factors):
        return node
    for part in node.factors:
        if isinstance(part, tree.Words) and (_saying().search(part.text) or turning().search(part.text)):
            what = f"'{part.text.strip()}' changes what is said, in no way that is known"
            raise Undecidable(what, "write it in signs")
    if not kept:
        return node
    ops = tuple(node.ops[i - 1] for i in kept[1:])
    spaces = tuple(node.spaces[i - 1] for i in kept[1:])
    return tree.Product(tuple(node.factors[i] for i in kept), ops, spaces)


# Functions -----------------------------------------------------------------------------------


def _apply(node: tree.Apply, symbols: Scope) -> Term:
    if any(map(_is_dots, node.arguments)):
        node = replace(node, arguments=tuple(chain.from_iterable(_counted(node, node.arguments, symbols))))
    name = key(node.function)
    gradient = gradients.slope(node, symbols)
    if gradient is not None:
        return gradient
    if name in ("min", "max"):
        return _extreme(name, node, symbols)
    free = name not in symbols.terms and name not in symbols.dimensions
    if name == "rank" and free and node.brackets == "" and _is_rank(node.arguments[0], symbols):
        return elaborate(node.arguments[0], symbols)  # `rank r ≤ min(d, k)`
    if name is not None and name in functions.APPLIED and free and len(node.arguments) == 1:
        return _applied(name, node.arguments[0], symbols)
    if name == "diag" and free and len(node.arguments) > 1:
        return calls.diagonal(all_of(node.arguments, symbols), node.arguments, symbols)
    if name in COUNTING and free:
        each = all_of(node.arguments, symbols)
        many = [_entries(term, symbols, node) for term in each]
        return add(many, [1] * len(many), node.arguments)
    own = calls.callee(node.function, symbols)
    if own is not None:
        found = all_of(node.arguments, symbols)
        return calls.call(own, found, node.arguments, symbols, to_plain(node.function), elaborate)
    if name is not None and (
        symbols.knows(name) or (isinstance(node.function, tree.Symbol) and len(name) == 1)
    ):
        if not symbols.knows(name):
            raise calls.no_function(node.function, symbols)
        if len(node.arguments) == 1:  # W(x): what it means is decided by what W is
            left, right = all_of((node.function, node.arguments[0]), symbols)
            if _is_size(left, node.arguments[0], symbols):
                raise Undecidable(*_sized(node.function, tree.Fenced("(", ")", node.arguments[0])))
            return multiply(left, right, (node.function,), node.arguments[0])
        raise Undecidable(f"{to_plain(node)} has {len(node.arguments)} arguments", HINT)
    raise calls.no_function(node.function, symbols)


def _is_dots(node: Node) -> bool:
    return isinstance(node, tree.Symbol) and node.name in ("…", "⋯")


def _summed(node: tree.Sum, symbols: Scope) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    """The terms with those that dots stand for, `B_1 A_1 x + … + B_N A_N x`, and their signs."""
    parts = _counted(node, node.terms, symbols)
    signs = [[sign] * len(part) for part, sign in zip(parts, node.signs, strict=True)]
    for place, term in enumerate(node.terms):
        if _is_dots(term) and node.signs[place] != node.signs[place + 1]:
            raise Undecidable(f"the dots in {to_plain(node)} are between two signs", "write one sign")
    return tuple(chain.from_iterable(parts)), tuple(chain.from_iterable(signs))


def _counted(node: Node, parts: Sequence[Node], symbols: Scope) -> list[list[Node]]:
    """Each part by itself, and in the place of dots what they stand for: that between `z_1, …, z_N`, whose
    ends differ in one number."""
    found: list[list[Node]] = []
    for place, part in enumerate(parts):
        if not _is_dots(part):
            found.append([part])
            continue
        form = _form(parts[place - 1], parts[place + 1]) if 0 < place < len(parts) - 1 else None
        if form is None:
            what = f"nothing says what the dots in {to_plain(node)} stand for"
            raise Undecidable(what, "write the first and the last of them: z_1, \\dots, z_N")
        first, until = (elaborate(end, symbols) for end in (form.first, form.last))
        if not (isinstance(first, terms.Constant) and isinstance(until, terms.Constant)):
            raise Undecidable(f"the dots in {to_plain(node)} are between no numbers", "give the sizes values")
        if not 0 < until.value - first.value <= LONGEST_WRITTEN or until.value.denominator != 1:
            what = f"the dots in {to_plain(node)} go from {first.value} to {until.value}"
            raise Undecidable(what, f"up to {LONGEST_WRITTEN} are written out")
        if until.of is not None:
            symbols.settles(_sizes_in(until.of))
        between = range(int(first.value) + 1, int(until.value))
        found.append([at(form.body, HOLE, tree.Number(str(index))) for index in between])
    return found


HOLE = "□"  # for an index: no label has this sign


class _Form(Struct, frozen=True):
    """What two expressions have in common, with a hole for the one number in which they differ."""

    body: Node
    first: Node
    last: Node


def _form(one: Node, other: Node) -> _Form | None:
    """None for two that differ otherwise, or not at all."""
    if isinstance(one, tree.Number):
        return _Form(tree.Symbol(HOLE), one, other)
    if type(one) is not type(other) or len(children(one)) != len(children(other)):
        return None
    pairs = zip(children(one), children(other), strict=True)
    forms = [None if bare(left) == bare(right) else (left, _form(left, right)) for left, right in pairs]
    apart = [form for pair in forms if pair is not None and (form := pair[1]) is not None]
    if not apart or len(apart) < sum(pair is not None for pair in forms):
        return None
    if any(bare(form.last) != bare(apart[0].last) or form.first != apart[0].first for form in apart):
        return None
    bodies = iter([None if pair is None else pair[1] for pair in forms])

    def filled(child: Node) -> Node:
        form = next(bodies)
        return child if form is None else form.body

    return _Form(rebuild(one, filled), apart[0].first, apart[0].last)


def _extreme(name: str, node: tree.Apply, symbols: Scope) -> Term:
    arguments = node.arguments
    match arguments:
        case (tree.Fenced(body=tree.Listing(items)),):
            arguments = items  # min\{d, k\}
    numbers = all_of(arguments, symbols)
    for term, argument in zip(numbers, arguments, strict=True):
        if not term.type.is_scalar:
            raise IllTyped(f"{name} is of numbers: {spaced(argument)} is {term.type}")
    return operations.extreme(terms.EXTREMES[name], numbers)


def _applied(name: str, argument: Node, symbols: Scope) -> Term:
    """`rank(BA)`, `diag(v)`, `tr(BA)`, `\\sqrt` as a word."""
    if name == "sqrt":
        return _root(tree.Root(argument), symbols)
    if name == "diag":
        known = symbols.terms.get(f"diag {key(argument)}")
        return functions.diagonal(argument, known if known is not None else elaborate(argument, symbols))
    return functions.applied(name, argument, elaborate(argument, symbols))


def _is_rank(node: Node, symbols: Scope) -> bool:
    """Whether it is the size r."""
    return symbols.dimension(key(node)) == "r"


# Sums over an index --------------------------------------------------------------------------


def _big(node: tree.Big, symbols: Scope) -> Term:
    """`∑_{l=1}^{L} 2dr`: as often as the index runs, or term by term if its limits are numbers."""
    node = _limited(_nested(node), symbols)
    lower = node.lower
    if not isinstance(lower, tree.Relation) or lower.ops != ("=",) or node.upper is None:
        raise Undecidable(f"the limits of {to_plain(node)} are not told", "write \\sum_{l=1}^{L}")
    index = key(lower.sides[0])
    first, last = elaborate(lower.sides[1], symbols), elaborate(node.upper, symbols)
    if index is None or not (first.type.is_scalar and last.type.is_scalar):
        raise Undecidable(f"the limits of {to_plain(node)} are not numbers")
    runs = any(key(part) == index or _indexed(part, index) for part in walk(node.body))
    if not runs and node.op == "∑":
        count = add((last, first, number(1)), (1, -1, 1), (node.upper, lower.sides[1], tree.Number("1")))
        return multiply(count, elaborate(node.body, symbols), (node,), node.body)
    if not isinstance(first, terms.Constant) or not isinstance(last, terms.Constant):
        raise Undecidable(f"{to_plain(node)} has no limits that are numbers", "give them: -D L=12")
    if first.value.denominator != 1 or last.value.denominator != 1:
        raise Undecidable(f"the limits of {to_plain(node)} are not whole numbers")
    values = range(int(first.value), int(last.value) + 1)
    many = prod((*symbols.written, len(values)))  # with the sums that it stands in
    within = ", with the sums around it" if symbols.written else ""
    if not 0 < many <= LONGEST_SUM:
        what = f"{to_plain(node)} has {many:,} terms{within}"
        raise Undecidable(what, f"1 to {LONGEST_SUM:,} are added up")
    symbols.settles(_sizes_in(first.of) | _sizes_in(last.of))
    symbols.running.append(symbols.dimension(key(node.upper)))
    symbols.written.append(len(values))
    try:
        head = elaborate(at(node.body, index, tree.Number(str(values[0]))), symbols)
        if not isinstance(head, terms.Constant) and many > LONGEST_WRITTEN:
            what = f"{to_plain(node)} has {many:,} terms{within}"
            raise Undecidable(what, f"sums of matrices and vectors have at most {LONGEST_WRITTEN}")
        rest = [elaborate(at(node.body, index, tree.Number(str(value))), symbols) for value in values[1:]]
    finally:
        symbols.running.pop()
        symbols.written.pop()
    summands = [head, *rest]
    if node.op == "∑":
        return add(summands, [1] * len(summands), [node.body] * len(summands))
    result = summands[0]
    for term in summands[1:]:
        result = multiply(result, term, (node.body,), node.body)
    return result


def _nested(node: tree.Big) -> tree.Big:
    """A sum over several indices, `∑_{i,j}` or `∑_{i,j=1}^{N}`, as one sum in another."""
    lower = node.lower
    if not isinstance(lower, tree.Listing) or set(lower.seps) != {","}:
        return node
    *outer, last = lower.items
    first = last.sides[1] if isinstance(last, tree.Relation) and len(last.sides) == 2 else None
    for item in (last, *reversed(outer)):
        alone = first is not None and key(item) is not None
        limit = tree.Relation((item, first), ("=",)) if alone and first is not None else item
        node = replace(node, lower=limit, body=node if item is not last else node.body)
    return node


def _indexed(node: Node, index: str) -> bool:
    """Whether an index stands below or, in brackets, above a symbol."""
    if not isinstance(node, tree.Script):
        return False
    above = node.sup if isinstance(node.sup, tree.Fenced) else None
    return any(index in map(key, walk(part)) for part in (node.sub, above) if part is not None)


def _limited(node: tree.Big, symbols: Scope) -> tree.Big:
    """A sum over an index without limits with those of what has the index: `∑_i g_i B_i A_i`."""
    index = None if node.lower is None or node.upper is not None else key(node.lower)
    if index is None:
        return node
    names = (name for part in walk(node.body) if _indexed(part, index) and (name := key(part)) is not None)
    ranges = [sizes for name in names if (sizes := symbols.runs_over(name, index))]
    common = frozenset.intersection(*ranges) if ranges else frozenset()
    if len(common) != 1:
        what = f"nothing says what {index} runs over in {to_plain(node)}"
        raise Undecidable(what, f"write its limits: \\sum_{{{index}=1}}^{{N}}")
    (size,) = common
    last = tree.Number(size) if size.isdecimal() else parse_math(size)
    lower = tree.Relation((tree.Symbol(index), tree.Number("1")), ("=",))
    return replace(node, lower=lower, upper=last)
