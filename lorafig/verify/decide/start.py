"""Claims about the start: `A ~ 𝒩(0, σ²)`, `B = 0`, `BA = 0`."""

from __future__ import annotations

import re

from msgspec.structs import replace

from lorafig.core.adapter import LAWS, Adapter
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.gradients import NABLA, gathered, parts
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node
from lorafig.verify.decide import conditions, counts, exact, initial
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Doubt, IllTyped, Undecidable, number, replaced
from lorafig.verify.read.classify import is_zero, law
from lorafig.verify.read.quoted import spaced

_DEVIATIONS = ("σ", "ς", "τ", "ε", "ϵ", "sigma", "std")  # what a standard deviation is called
KAIMING = "write \\mathcal{U}(-1/\\sqrt{k}, 1/\\sqrt{k}), for its k columns"
WORDS = {"zero": "0", "one": "1", "normal": "N(0, σ²)", "uniform": "a uniform distribution"}
_ENTRY = r"[A-Za-z]_\(?(?:i,?j|j,?i|m,?n)\)?"


def undeclared(name: str) -> Undecidable:
    """Of a symbol of the author's own that has no start."""
    hint = f"declare it, symbols: {{{name}: {{start: '\\mathcal{{N}}(0, \\sigma^2)'}}}}"
    return Undecidable(f"the figure does not say how {name} starts", hint)


def _factor(symbols: Symbols, node: Node) -> str:
    """The symbol of a trained factor. Raises Unknown for a symbol that is not defined."""
    name = key(node)
    if name is None:
        raise Undecidable(f"{spaced(node)} is not a symbol", "write one claim for each matrix: A ~ N(0, σ²)")
    if not symbols.knows(name) and re.fullmatch(_ENTRY, name) is not None:
        name = name.partition("_")[0]  # A_ij is any entry of A
    name = symbols.canonical(name)
    symbols.term(name)
    return name


def drawn(symbols: Symbols, left: Node, right: Node) -> Answer:
    name = _factor(symbols, left)
    adapter = symbols.adapter
    which, said = law(right), spaced(right)
    if which is None:
        raise Undecidable(f"{said} is not a distribution", "write \\mathcal{N}(0, \\sigma^2)")

    def fails(detail: str, hint: str | None = None) -> Answer:
        return Answer("init", "fails", shown=said, detail=detail, hint=hint)

    declared = symbols.row(name)
    if declared is not None and declared.start is not None:
        if declared.start == which:
            return Answer("init", "holds", value=said, shown=said, detail=f"{name} is declared to start so")
        return fails(f"{name} is declared to start as {WORDS[declared.start]}")
    if declared is not None and declared.own and name not in adapter.laws:
        raise undeclared(name)
    if name not in adapter.laws:
        what = "is pretrained" if name in adapter.frozen else "is not drawn"
        return fails(f"{name} {what}: {_starts(symbols)}")
    normal = initial.is_normal(adapter, name)
    if which == "uniform" and kaiming(adapter, name):
        if _is_kaiming(symbols, right):
            detail = f"{name} is drawn, and PEFT draws it Kaiming-uniform"
            return Answer("init", "holds", value=said, shown=said, detail=detail)
        raise Undecidable(f"{said} are not the bounds that PEFT draws {name} by", KAIMING)
    if which != "normal":
        if normal.passed or initial.is_zero(adapter, name).passed:
            return fails(f"{name} is not uniform: {_starts(symbols)}")
        raise Undecidable(f"{said} is not tested", None)
    if isinstance(right, tree.Apply):
        if len(right.arguments) != 2:
            raise Undecidable(f"{said} needs a mean and a variance", "write \\mathcal{N}(0, \\sigma^2)")
        mean, variance = right.arguments[0], _number(right.arguments[1])
        if not is_zero(replace(mean, unit="") if isinstance(mean, tree.Number) else mean):  # 0 % is 0
            return fails(f"the mean of {name} is 0", "write N(0, σ²)")
        if not _is_variance(symbols, variance):
            return fails(f"{spaced(variance)} is not a variance: that of {name} is a number above 0")
        if not _is_open(symbols, variance) and not initial.is_zero(adapter, name).passed:
            choice = f"a variance of {spaced(variance)} is the author's choice"
            hint = "write \\mathcal{N}(0, \\sigma^2), or say on its element: unverified: …"
            raise Undecidable(f"{_starts(symbols)}, for any σ; {choice}", hint)
    if normal.passed:
        return Answer("init", "holds", value="N(0, σ²)", shown=said, detail=normal.detail)
    return replace(fails(f"{_starts(symbols)}; {normal.detail}"), value="0")


def kaiming(adapter: Adapter, name: str) -> bool:
    """Whether PEFT draws a factor Kaiming-uniform where the paper has a normal law: of LoRA and those that
    are saved as LoRA is."""
    return adapter.laws.get(name) == "normal" and adapter.file.kind == "LORA"


def _is_kaiming(symbols: Symbols, right: Node) -> bool:
    """`U`, `U(-a, a)`, or with the bounds that Kaiming's law with a = √5 has: 1/√n, for the n columns."""
    if not isinstance(right, tree.Apply):
        return True
    if len(right.arguments) != 2:
        return False
    low, high = right.arguments
    if not isinstance(low, tree.Sum) or low.signs != ("-",) or bare(low.terms[0]) != bare(high):
        return False
    name = key(bare(high))
    if name is not None and not symbols.knows(name):
        return True
    try:
        bound = elaborate(high, symbols)
    except Doubt:
        return False
    return bound == elaborate(parse_math("1/√k"), symbols)


def _number(variance: Node) -> Node:
    """σ² of σ² I, the covariance of independent entries."""
    plain = bare(variance)
    if isinstance(plain, tree.Product) and len(plain.factors) == 2 and set(plain.ops) == {""}:
        first, last = plain.factors
        if (key(last) or "").partition("_")[0] == "I":
            return first
    return plain


def _is_variance(symbols: Symbols, node: Node) -> bool:
    """σ² stands for any number above 0, and so does what has no value here."""
    try:
        term = elaborate(node, symbols)
    except IllTyped:
        return False
    except Doubt:
        return True
    return term.type.is_scalar and (not isinstance(term, terms.Constant) or term.value > 0)


def _is_open(symbols: Symbols, node: Node) -> bool:
    """σ² and its like, σ_A² too, where they have no value here. Any other letter may mean something."""
    if not isinstance(node, tree.Script) or node.sup != tree.Number("2") or key(node.base) not in _DEVIATIONS:
        return False
    name = key(replace(node, sup=None))
    return name is not None and not symbols.knows(name)


def _starts(symbols: Symbols) -> str:
    written = [f"{name} {LAWS[law].says}" for name, law in symbols.adapter.laws.items()]
    return "at the start " + ", ".join(written)


def nothing(symbols: Symbols, seed: str, left: Node) -> Answer:
    """A statement that something is 0: at the start, if it is about what is trained."""
    name = symbols.canonical(key(left) or "")
    if name in symbols.adapter.laws and symbols.knows(name):
        test = initial.is_zero(symbols.adapter, name)
        if test.passed:
            return Answer("init", "holds", value="0", shown="0", detail=test.detail)
        return Answer("init", "fails", shown="0", detail=f"{_starts(symbols)}; {test.detail}")
    declared = symbols.row(name)
    if declared is not None and declared.start == "zero":
        return Answer("init", "holds", value="0", shown="0", detail=f"{name} is declared to start as 0")
    plain = gathered(left) if isinstance(left, tree.Product) else left
    plain = plain.factors[0] if isinstance(plain, tree.Product) and len(plain.factors) == 1 else plain
    if (gradient := parts(plain)) is not None and not symbols.assumed:
        return _no_gradient(symbols, symbols.canonical(gradient[0]), spaced(left))
    term = elaborate(left, symbols)
    if isinstance(term, terms.Constant):
        return counts.relate("count", term, "=", number(0), spaced(left), "0")
    if isinstance(term, terms.Variable) and term.name.startswith(NABLA):
        raise Undecidable(f"{spaced(left)} has a shape and no value")
    zero = terms.Zero(term.type)
    sides = (term, *(() if symbols.assumed else (replaced(term, initial.values(symbols)),)))
    condition = conditions.Either(tuple(conditions.Same(side, zero, seed) for side in sides))
    if any(exact.same(side, zero, seed).equal for side in sides):
        detail = "0 at the start, exactly"
        return Answer("init", "holds", value="0", shown="0", detail=detail, condition=condition)
    detail = f"{spaced(left)} is not 0" + ("" if symbols.assumed else ", at the start neither")
    return Answer("init", "fails", shown="0", detail=detail, condition=condition)


def _no_gradient(symbols: Symbols, name: str, text: str) -> Answer:
    """Whether a gradient is 0 before the first step."""
    if name not in symbols.adapter.trainable or any(symbols.own("trained")):
        raise Undecidable(f"{text} is not the gradient of what is trained")
    zero = name in initial.still(symbols.adapter)
    detail = f"{text} is {'' if zero else 'not '}0 before the first step of the core"
    return Answer("init", "holds" if zero else "fails", value="0" if zero else None, shown="0", detail=detail)


def ones(symbols: Symbols, left: Node) -> Answer | None:
    """A statement that a factor is 1 throughout, None if the core does not start it so."""
    name = symbols.canonical(key(left) or "")
    declared = symbols.row(name)
    if declared is not None and declared.start == "one":
        return Answer("init", "holds", value="1", shown="1", detail=f"{name} is declared to start as 1")
    if name not in symbols.adapter.laws or not symbols.knows(name):
        return None
    test = initial.is_one(symbols.adapter, name)
    return Answer("init", "holds", value="1", shown="1", detail=test.detail) if test.passed else None
