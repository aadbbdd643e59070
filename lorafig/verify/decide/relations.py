"""Statements with a relation in them: each pair of neighbouring sides, by what stands between them."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.gradients import NABLA
from lorafig.notation.named import symbols_in
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide import conditions, counts, equations, numeric, properties, start, statements
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.premises import Premises
from lorafig.verify.meaning.shapes import elaborate, type_of
from lorafig.verify.meaning.terms import Doubt, IllTyped, Undecidable
from lorafig.verify.read.classify import (
    EQUALITIES,
    ORDERS,
    Pair,
    is_one,
    is_zero,
    law,
    number_kind,
    shown,
    sizes,
)
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Verdict

DRAWS = EQUALITIES | {"~", ":", "←"}  # how a symbol is said to be drawn from a distribution


def relation(premises: Premises, node: Relation) -> Answer:
    if node.ops[:2] == (":", "→") and len(node.sides) == 3:
        return statements.mapping(premises.symbols, node)
    if set(node.ops) == {"→"} and not all(_is_matrix(premises, side) for side in node.sides):
        return statements.path(premises.symbols, node)
    if set(node.ops) == {"="} and (answer := statements.joined(premises.symbols, node)) is not None:
        return answer
    node = _ratios(node)
    pairs = zip(node.sides[:-1], node.ops, node.sides[1:], strict=True)
    return worst([_pair(premises, Pair(left, op, right, node)) for left, op, right in pairs])


def _ratios(node: Relation) -> Relation:
    """`65,536 : 2,048 = 32 : 1`, where a colon between numbers divides."""
    sides, ops = [node.sides[0]], list[str]()
    for op, side in zip(node.ops, node.sides[1:], strict=True):
        number = side.sizes[0] if isinstance(side, tree.Shape) and len(side.sizes) == 1 else side
        if op == ":" and isinstance(sides[-1], tree.Number) and isinstance(number, tree.Number):
            sides[-1] = tree.Fraction(sides[-1], number)
            continue
        ops.append(op)
        sides.append(number if isinstance(number, tree.Number) else side)
    return Relation(tuple(sides), tuple(ops)) if 0 < len(ops) < len(node.ops) else node


def _pair(premises: Premises, pair: Pair) -> Answer:
    try:
        return _decided(premises, pair)
    except Doubt as doubt:
        return _sided(premises, pair, doubt)


def _decided(premises: Premises, pair: Pair) -> Answer:
    left, op, right = pair.left, pair.op, pair.right
    symbols, kind, equal = premises.symbols, pair.kind, op in EQUALITIES
    if isinstance(left, tree.Words) and left.text.strip() == "":
        return _about(premises, op, right)
    if kind == "rank":
        return _rank(premises, pair)
    if op == "~" or law(right) is not None:
        if op not in DRAWS:
            what = f"{spaced(right)} is a distribution, and {op} is not a relation to one"
            raise IllTyped(what, f"write {spaced(left)} ~ {spaced(right)}")
        return start.drawn(symbols, left, right)
    if op == "←":
        return _becomes(premises, left, right)
    if op == "→" and _is_matrix(premises, left):
        return _turns(premises, pair)
    if isinstance(left, tree.Shape) and (equal or op == "≈"):  # `A: 8 × 4,096 = 32,768`
        left, right = _product(left), _product(right) if isinstance(right, tree.Shape) else right
        pair = replace(pair, left=left, right=right)
    named = sizes(right)
    if named is not None:
        if equal and (_multiplies(premises, named) or _is_number(premises, left)):
            return equations.compare(premises, pair)  # B × A, 2 × 12,288 × 4
        if equal and isinstance(bare(right), tree.Script):
            what = f"{spaced(right)} is a space, and {spaced(left)} is one element of it"
            raise IllTyped(what, f"write {spaced(left)} ∈ {spaced(right)}")
        if op == ":" and len(named) == 1 and isinstance(named[0], tree.Number):
            return _colon(premises, pair, named[0])
        if op == "∈" or (op in (":", "=") and kind == "shape"):
            return statements.shape(symbols, spaced(left), elaborate(left, symbols), right)
    elif op == "∈":
        raise Undecidable(f"{spaced(right)} is not a shape", "write \\mathbb{R}^{d \\times k}")
    if op == ":":
        return _counted(premises, left, right)
    if op in EQUALITIES | {"≈", "≠"} and is_zero(right) and (moved := _moved(left)) is not None:
        left, right = moved  # it is not a statement on the start
        pair = replace(pair, left=left, right=right)
    elif op in EQUALITIES | {"≈", "≠"} and is_zero(right):
        answer = start.nothing(symbols, premises.seed, _normed(left))
        return answer if op != "≠" else _turned(answer)
    if equal and is_one(right):
        ones = start.ones(symbols, left)
        if ones is not None:
            return ones
    if op not in EQUALITIES | ORDERS | {"≈", "≠"}:
        raise Undecidable(f"{op} is not a relation that can be decided here")
    if equal and _says_start(premises, left):
        premises = premises.at_start()  # `m = ‖W‖_c` says how m starts, like `B = 0`
    return equations.compare(premises, pair)


def _says_start(premises: Premises, left: Node) -> bool:
    """Whether what is said of a symbol is how it starts: of one that is trained from what others are."""
    name = premises.symbols.canonical(key(left) or "")
    row = premises.symbols.row(name)
    if row is not None and row.begins is not None:
        premises.symbols.term(name)  # one of a family is known from here on
    return premises.symbols.adapter.laws.get(name) == "norms" or (row is not None and row.begins is not None)


def _normed(node: Node) -> Node:
    """What a norm is of, `ΔW` of `‖ΔW‖_F`: one is 0 where the other is."""
    body = node.base if isinstance(node, tree.Script) and node.sup is None else node
    return body.body if isinstance(body, tree.Fenced) and body.open == "‖" else node


def _about(premises: Premises, op: str, right: Node) -> Answer:
    """`≈ 128× fewer`, `< 1 % of the parameters`: of what the words name."""
    said, number = counts.in_words(right, premises.symbols, None), shown(right)
    if said is None or number is None:
        raise Undecidable(f"nothing says what {spaced(right)} is", "write what it counts: r(d+k) = …")
    if op in EQUALITIES | {"≈", "~"}:
        return counts.against(premises, said, number, number_kind(right), "≈" if op == "~" else op)
    if op not in ORDERS:
        raise Undecidable(f"{op} is not a relation that can be decided here")
    return counts.compared(premises, said, op, number, spaced(right))


def _turned(answer: Answer) -> Answer:
    """The opposite of an answer that is certain."""
    opposite: dict[Verdict, Verdict] = {"holds": "fails", "fails": "holds"}
    verdict = opposite.get(answer.verdict, answer.verdict)
    return replace(answer, verdict=verdict, condition=conditions.Not(answer.holds))


def _becomes(premises: Premises, left: Node, right: Node) -> Answer:
    """`B ← 0` says how a factor starts, `W ← W + BA` what is merged into the weight."""
    symbols, merged = premises.symbols, tree.Script(left, None, None, 1)
    if key(left) is not None and key(left) == key(right):
        return properties.told(not _trained(premises, left), f"{spaced(left)} stays as it is")
    if key(left) is not None and key(left) in symbols_in(right) and _trained(premises, left):
        return _step(premises, left, right)
    frozen = symbols.canonical(key(left) or "") in symbols.adapter.frozen
    side = merged if frozen and not is_zero(right) and symbols.knows(key(merged)) else left
    return relation(premises, Relation((side, right), ("=",)))


def _turns(premises: Premises, pair: Pair) -> Answer:
    """`W → U S Vᵀ` says that both are one, `W → W + BA` what becomes of W."""
    left, right = pair.left, pair.right
    same = equations.compare(premises, Pair(left, "=", right, Relation((left, right), ("=",))))
    becomes = None if same.verdict == "holds" or key(left) is None else _becomes(premises, left, right)
    return becomes if becomes is not None and becomes.verdict == "holds" else same


def _is_matrix(premises: Premises, node: Node) -> bool:
    kind = None if is_zero(node) else type_of(node, premises.symbols)
    return kind is not None and not kind.is_scalar and not kind.is_vector


def _trained(premises: Premises, node: Node) -> bool:
    name = premises.symbols.canonical(key(node) or "")
    role = premises.symbols.role(name)
    return role == "trained" or (role is None and name in premises.symbols.adapter.trainable)


def _step(premises: Premises, left: Node, right: Node) -> Answer:
    """`A ← A − η ∇_A L`, a step of training: it says what becomes of A, of A's shape; a gradient in it is
    A's own, and is subtracted, since a loss shall fall."""
    kind, other = (elaborate(side, premises.symbols).type for side in (left, right))
    if kind.sizes != other.sizes:
        raise IllTyped(f"the shapes differ: {spaced(left)} is {kind}, {spaced(right)} is {other}")
    own = f"{NABLA}{key(left)}"
    signs = dict(zip(right.terms, right.signs, strict=True)) if isinstance(right, tree.Sum) else {right: ""}
    for summand, sign in signs.items():
        slopes = {name for name in symbols_in(summand) if name.startswith(NABLA)}
        if slopes - {own}:
            what = f"the gradient in it is not that by {spaced(left)}"
            return Answer("equation", "fails", detail=what, hint=f"write \\nabla_{{{key(left)}}} L")
        if slopes and sign != "-":
            what = f"it adds the gradient to {spaced(left)}, and a step that lowers a loss subtracts it"
            return Answer("equation", "fails", detail=what, hint="write − before it")
    return Answer("equation", "holds", str(kind), str(other), detail=f"a step of training of {spaced(left)}")


def _is_number(premises: Premises, node: Node) -> bool:
    kind = type_of(node, premises.symbols)
    return kind is not None and kind.is_scalar


def _product(node: tree.Shape) -> Node:
    times = len(node.sizes) - 1
    return tree.Product(node.sizes, ("×",) * times, ("",) * times) if times > 0 else node.sizes[0]


def _multiplies(premises: Premises, factors: tuple[Node, ...]) -> bool:
    """Whether what is written with × between is a product of matrices, not a shape."""
    names = [key(factor) for factor in factors]
    return len(names) > 1 and all(
        name is not None
        and premises.symbols.knows(name)
        and premises.symbols.dimension(name) is None
        and not premises.symbols.term(name).type.is_scalar
        for name in names
    )


def _colon(premises: Premises, pair: Pair, number: tree.Number) -> Answer:
    """`x: 768` is a shape, `r: 8` a value, `W: 589,824` a number of entries."""
    try:
        term = elaborate(pair.left, premises.symbols)
    except IllTyped:
        return _counted(premises, pair.left, number)
    if term.type.is_scalar:
        return equations.compare(premises, replace(pair, op="=", right=number))
    if term.type.is_vector:
        return statements.shape(premises.symbols, spaced(pair.left), term, tree.Shape((number,)))
    return _counted(premises, pair.left, number)


def _sided(premises: Premises, pair: Pair, doubt: Doubt) -> Answer:
    """What is ill-typed on either side is told before a symbol that is not known on the other."""
    kind = pair.kind
    answer = doubtful(kind, doubt)
    if not isinstance(doubt, IllTyped):
        for side in (pair.left, pair.right):
            try:
                if law(side) is None and sizes(side) is None:
                    elaborate(side, premises.symbols)
            except IllTyped as other:
                answer = doubtful(kind, other)
            except Doubt:
                pass
    if answer.verdict == "ill-typed" and kind == "equation":
        better = equations.nearest(premises, pair.whole)
        if better is not None:
            return replace(answer, hint=f"it would hold as {better}")
    return answer


def _rank(premises: Premises, pair: Pair) -> Answer:
    one, two = (elaborate(side, premises.symbols) for side in (pair.left, pair.right))
    for side, term in ((pair.left, one), (pair.right, two)):
        if not term.type.is_scalar:
            raise IllTyped(f"a rank is a number, and {spaced(side)} is {term.type}")
    if pair.op not in EQUALITIES | ORDERS | {"≈", "≠"}:
        raise Undecidable(f"{pair.op} is not a relation between ranks")
    return numeric.relate(premises, one, two, pair)


def _counted(premises: Premises, left: Node, right: Node) -> Answer:
    """`W: 589,824`, `A + B: r(d + k)`: entries; of a number its value."""
    if _is_number(premises, left):
        return equations.compare(premises, Pair(left, "=", right, Relation((left, right), ("=",))))
    number = shown(right)
    if number is not None:
        return counts.against(premises, counts.entries(left, premises.symbols), number, number_kind(right))
    if law(right) is not None:
        return start.drawn(premises.symbols, left, right)
    term, total = elaborate(right, premises.symbols), counts.entries(left, premises.symbols)
    counts.value_of(term, right, premises.symbols)
    what = f"the entries of {spaced(left)}"
    return counts.relate(number_kind(right), total, "=", term, what, spaced(right))


def _moved(node: Node) -> tuple[Node, Node] | None:
    """`W x + BAx - W x` as what is taken from what; None where nothing is taken."""
    plain = bare(node)
    if not isinstance(plain, tree.Sum) or set(plain.signs) - {"", "+", "-"} or "-" not in plain.signs[1:]:
        return None
    sides = [[term for term, sign in zip(plain.terms, plain.signs, strict=True) if (sign == "-") == less]
             for less in (False, True)]  # fmt: skip
    if not sides[0]:
        return None
    first, second = (
        terms[0] if len(terms) == 1 else tree.Sum(tuple(terms), ("", *("+",) * (len(terms) - 1)))
        for terms in sides
    )
    return first, second
