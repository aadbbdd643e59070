"""`let`: equations that define further symbols. One over symbols that are known already is a claim."""

from __future__ import annotations

from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide import exact
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Constant, Doubt, Term
from lorafig.verify.read.classify import EQUALITIES, sizes
from lorafig.verify.read.quoted import spaced


def define(node: Node, judge: Judge) -> Answer:
    """Takes a `let` in: its left side, if it is a symbol that is not defined, from here on is."""
    symbols = judge.symbols
    if not isinstance(node, Relation):
        return Answer("equation", "undetermined", detail="nothing is defined", hint="write W' = W + BA")
    name, right = key(node.sides[0]), node.sides[1]
    own = name in symbols.adapter.defined and name != "h" and name not in symbols.given
    if name is None or (symbols.knows(name) and not own):
        return judge.judge(node)
    try:
        shape = sizes(right)
        if node.ops[0] in ("∈", ":") and shape is not None:
            symbols.declare(name, [symbols.dimension(key(size)) or spaced(size) for size in shape])
            symbols.given.add(name)
            answer = Answer("shape", "holds", value=str(symbols.term(name).type), detail=f"declares {name}")
            return answer if len(node.sides) == 2 else worst([answer, judge.judge(node)])
        if node.ops[0] not in EQUALITIES:
            return judge.judge(node)
        term = elaborate(right, symbols)
        if name == "ΔW" and own and not _is_update(term, judge):
            return judge.judge(node)
        symbols.define(name, term)
        symbols.given.add(name)
        symbols.sources[name] = spaced(right)
    except Doubt as doubt:
        return doubtful("equation", doubt)
    value = str(term.value) if isinstance(term, Constant) else str(term.type)
    answer = Answer("equation", "holds", value=value, detail=f"defines {name}")
    if len(node.sides) == 2:
        return answer
    return worst([answer, judge.judge(Relation(node.sides[1:], node.ops[1:]))])


def _is_update(term: Term, judge: Judge) -> bool:
    """Whether a term is the update with its scaling or without: both are called ΔW."""
    symbols = judge.symbols
    updates = [symbols.term("ΔW"), *([elaborate(parse_math("BA"), symbols)] if symbols.knows("B") else [])]
    return any(term.type == update.type and exact.same(term, update, judge.seed).equal for update in updates)
