"""`let`: equations that define further symbols. One over symbols that are known already is a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lorafig.language.order import ordered
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.indexed import of_any
from lorafig.notation.named import symbols_in
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide import exact
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import DIMENSION_ALIASES
from lorafig.verify.meaning.terms import Constant, Doubt, Term, Type
from lorafig.verify.read.classify import EQUALITIES, sizes
from lorafig.verify.read.quoted import spaced


def define_all(nodes: Sequence[Node], judge: Judge) -> tuple[Answer, ...]:
    """Takes every `let` in, each after those that it needs; the answers are in the order of the spec."""
    nodes = [of_any(node, judge.symbols.dimensions) for node in nodes]
    firsts: dict[str, int] = {}
    found = [(place, node, _defines(node, judge)) for place, node in enumerate(nodes)]
    # What an equation says of a symbol comes before its shape, to which it is held.
    for place, _, name in sorted(found, key=lambda one: _is_shape(one[1])):
        if name is not None:
            firsts.setdefault(name, place)
    rights = {name: _right(nodes[place]) for name, place in firsts.items()}
    names, circular = ordered(rights)
    answers = {firsts[name]: define(nodes[firsts[name]], judge) for name in names}
    for name in circular:
        detail = f"{' needs '.join(_circle(name, rights))}: nothing says what it is"
        hint = "define one of them by what is known"
        answers[firsts[name]] = Answer("equation", "fails", detail=detail, hint=hint)
    for place, node in enumerate(nodes):  # claims on what is known by now
        if place not in answers:
            answers[place] = define(node, judge)
    return tuple(answers[place] for place in range(len(nodes)))


def _defines(node: Node, judge: Judge) -> str | None:
    """The symbol that a `let` defines, None if it is a claim."""
    if not isinstance(node, Relation) or node.ops[0] not in (*EQUALITIES, "∈", ":"):
        return None
    name = key(node.sides[0])
    return None if name is None or (judge.symbols.taken(name) and not _own(name, judge)) else name


def _is_shape(node: Node) -> bool:
    return isinstance(node, Relation) and node.ops[0] not in EQUALITIES


def _right(node: Node) -> Node:
    assert isinstance(node, Relation)
    return node.sides[1]


def _circle(name: str, rights: Mapping[str, Node]) -> list[str]:
    """The names from one that needs itself, or one that does, up to the first that stands twice."""
    way = [name]
    while way.count(way[-1]) == 1:
        needed = {key(part) for part in walk(rights[way[-1]])}
        way.append(next(other for other in [*way, *rights] if other in needed))
    return way


def _own(name: str, judge: Judge) -> bool:
    """Whether `let` may define a symbol that has a meaning: one that the adapter defines, or one that the
    author declares as what is computed."""
    symbols = judge.symbols
    if name in symbols.given:
        return False
    return (name in symbols.adapter.defined and name != "h") or _declared(name, judge) is not None


def _declared(name: str, judge: Judge) -> Type | None:
    """What a symbol is that the author declares as what is computed; None for others."""
    symbols = judge.symbols
    row = None if symbols.table is None else symbols.table.rows.get(name)
    if row is None or row.shape is None or not row.computed:
        return None
    known = symbols.terms.get(name)
    kinds = (family.kind for family in symbols.made if family.name == name)
    return next(kinds, None) if known is None else known.type


def define(node: Node, judge: Judge) -> Answer:
    """Takes a `let` in: its left side, if it is a symbol that is not defined, from here on is."""
    symbols = judge.symbols
    if not isinstance(node, Relation):
        return Answer("equation", "undetermined", detail="nothing is defined", hint="write W' = W + BA")
    name, right = key(node.sides[0]), node.sides[1]
    own = name is not None and (_own(name, judge) or symbols.made_of_open(name))
    if name is None or (symbols.taken(name) and not own):
        return judge.judge(node)
    entry = not own and symbols.knows(name)  # of a vector, if what it is defined as is a number
    try:
        shape = sizes(right)
        if node.ops[0] in ("∈", ":") and shape is not None:
            if own and _declared(name, judge) is not None:
                return judge.judge(node)  # its shape is what the model says
            symbols.declare(name, [symbols.dimension(key(size)) or spaced(size) for size in shape])
            symbols.given.add(name)
            answer = Answer("shape", "holds", value=str(symbols.term(name).type), detail=f"declares {name}")
            return answer if len(node.sides) == 2 else worst([answer, judge.judge(node)])
        if node.ops[0] not in EQUALITIES:
            return judge.judge(node)
        symbols.precede(right)
        term = elaborate(right, symbols)
        last, _ = symbols.indexed(symbols_in(right))
        symbols.lasting |= {name} if last else set()
        if entry and term.type.is_scalar:
            return judge.judge(node)
        declared = _declared(name, judge) if own else None
        if name == "ΔW" and own and declared is None and symbols.knows(name) and not _is_update(term, judge):
            return judge.judge(node)
        wrong = _other_size(name, term, judge)
        symbols.define(name, term)
        symbols.given.add(name)
        symbols.sources[name] = spaced(right)
        if wrong is not None:
            return wrong
        if declared is not None and symbols.term(name).type != declared:
            detail = f"{name} has the shape {declared}, and {spaced(right)} has {term.type}"
            return Answer("shape", "ill-typed", str(term.type), str(declared), detail=detail)
    except Doubt as doubt:
        symbols.undone.add(name)
        return doubtful("equation", doubt)
    value = str(term.value) if isinstance(term, Constant) else str(term.type)
    answer = Answer("equation", "holds", value=value, detail=f"defines {name}")
    if len(node.sides) == 2:
        return answer
    return worst([answer, judge.judge(Relation(node.sides[1:], node.ops[1:]))])


def _other_size(name: str, term: Term, judge: Judge) -> Answer | None:
    """What is wrong if a name that a size has in code and papers is given another value: d_model of d."""
    symbols = judge.symbols
    own = symbols.dimension(DIMENSION_ALIASES.get(name))
    if own is None or name in symbols.network or not isinstance(term, Constant):
        return None
    size = symbols.dimensions.get(own)
    if size is None:
        return None
    if term.value != size:
        detail = f"{name} is another name of {own}, and that is {size:,}"
        return Answer(
            "count", "fails", str(size), str(term.value), detail=detail, hint="give it another name"
        )
    symbols.ties.setdefault(name, own)
    return None


def _is_update(term: Term, judge: Judge) -> bool:
    """Whether a term is the update with its scaling or without: both are called ΔW."""
    symbols = judge.symbols
    updates = [symbols.term("ΔW"), *([elaborate(parse_math("BA"), symbols)] if symbols.knows("B") else [])]
    return any(term.type == update.type and exact.same(term, update, judge.seed).equal for update in updates)
