"""Claims about the start: `A ~ 𝒩(0, σ²)`, `B = 0`, `BA = 0`."""

from __future__ import annotations

import re
from fractions import Fraction

from lorafig.core.adapter import LAWS
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Apply, Node, Number, Product, Script
from lorafig.values import replace
from lorafig.verify.decide import counts, exact, initial
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Constant, Doubt, IllTyped, Undecidable, Zero, replaced
from lorafig.verify.read.classify import is_zero, law
from lorafig.verify.read.quoted import spaced

_ENTRY = re.compile(r"[A-Za-z]_\(?(?:i,?j|j,?i|m,?n)\)?")


def _factor(symbols: Symbols, node: Node) -> str:
    """The symbol of a trained factor. Raises Unknown for a symbol that is not defined."""
    name = key(node)
    if name is None:
        raise Undecidable(f"{spaced(node)} is no symbol", "write one claim for each matrix: A ~ N(0, σ²)")
    if not symbols.knows(name) and _ENTRY.fullmatch(name) is not None:
        name = name.partition("_")[0]  # A_ij is any entry of A
    name = symbols.canonical(name)
    symbols.term(name)
    return name


def drawn(symbols: Symbols, left: Node, right: Node) -> Answer:
    name = _factor(symbols, left)
    adapter = symbols.adapter
    which = law(right)
    if which is None:
        raise Undecidable(f"{spaced(right)} is no distribution", "write \\mathcal{N}(0, \\sigma^2)")
    said = spaced(right)
    if name not in adapter.laws:
        what = "is pretrained" if name in adapter.frozen else "is not drawn"
        return Answer("init", "fails", shown=said, detail=f"{name} {what}: {_starts(symbols)}")
    if which != "normal":
        test = initial.is_normal(adapter, name)
        if test.passed or initial.is_zero(adapter, name).passed:
            return Answer("init", "fails", shown=said, detail=f"{name} is not uniform: {_starts(symbols)}")
        raise Undecidable(f"{said} is not tested", None)
    if not isinstance(right, Apply):
        return _normal(symbols, name, said)
    if len(right.arguments) != 2:
        raise Undecidable(f"{said} needs a mean and a variance", "write \\mathcal{N}(0, \\sigma^2)")
    mean, variance = right.arguments[0], _number(right.arguments[1])
    if not is_zero(mean):
        return Answer("init", "fails", shown=said, detail=f"the mean of {name} is 0", hint="write N(0, σ²)")
    if not _is_variance(symbols, variance):
        detail = f"{spaced(variance)} is no variance: that of {name} is a number above 0"
        return Answer("init", "fails", shown=said, detail=detail)
    if not _is_open(symbols, variance) and not initial.is_zero(adapter, name).passed:
        what = f"{_starts(symbols)}, for any σ; a variance of {spaced(variance)} is the author's choice"
        raise Undecidable(what, "write \\mathcal{N}(0, \\sigma^2), or say on its element: unverified: …")
    return _normal(symbols, name, said)


def _normal(symbols: Symbols, name: str, said: str) -> Answer:
    test = initial.is_normal(symbols.adapter, name)
    if test.passed:
        return Answer("init", "holds", value="N(0, σ²)", shown=said, detail=test.detail)
    return Answer("init", "fails", value="0", shown=said, detail=f"{_starts(symbols)}; {test.detail}")


def _number(variance: Node) -> Node:
    """σ² of σ² I, the covariance of independent entries."""
    plain = bare(variance)
    if isinstance(plain, Product) and len(plain.factors) == 2 and set(plain.ops) == {""}:
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
    return term.type.is_scalar and (not isinstance(term, Constant) or term.value > 0)


def _is_open(symbols: Symbols, node: Node) -> bool:
    """σ² and its like: the square of a symbol that has no value here."""
    if not isinstance(node, Script) or node.sup != Number("2"):
        return False
    name = key(replace(node, sup=None))
    return name is not None and not symbols.knows(name)


def _starts(symbols: Symbols) -> str:
    written = [f"{name} {LAWS[law].says}" for name, law in symbols.adapter.laws.items()]
    return "at the start " + ", ".join(written)


def nothing(symbols: Symbols, seed: str, left: Node) -> Answer:
    """A statement that something is 0: at the start, where it is about what is trained."""
    adapter = symbols.adapter
    name = key(left)
    if name is not None:
        name = symbols.canonical(name)
    if name in adapter.laws and symbols.knows(str(name)):
        test = initial.is_zero(adapter, str(name))
        if test.passed:
            return Answer("init", "holds", value="0", shown="0", detail=test.detail)
        return Answer("init", "fails", shown="0", detail=f"{_starts(symbols)}; {test.detail}")
    term = elaborate(left, symbols)
    if isinstance(term, Constant):
        return replace(counts.relate(term.value, "=", Fraction(0), spaced(left), "0"), kind="count")
    started = replaced(term, initial.values(symbols))
    if any(exact.same(one, Zero(term.type), seed).equal for one in (term, started)):
        return Answer("init", "holds", value="0", shown="0", detail="0 at the start, exactly")
    return Answer("init", "fails", shown="0", detail=f"{spaced(left)} is not 0, at the start neither")


def ones(symbols: Symbols, left: Node) -> Answer | None:
    """A statement that a factor is 1 throughout, None where the core does not start it so."""
    name = symbols.canonical(key(left) or "")
    if name not in symbols.adapter.laws or not symbols.knows(name):
        return None
    test = initial.is_one(symbols.adapter, name)
    return Answer("init", "holds", value="1", shown="1", detail=test.detail) if test.passed else None
