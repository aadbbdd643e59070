"""What a matrix, or the method of the figure, is called."""

from __future__ import annotations

from msgspec.structs import replace

from lorafig.core.adapters import NO_ADAPTER
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.verify.decide import (
    counts,
    properties,
)
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Doubt, Term, Undecidable
from lorafig.verify.read.assertions import Subject
from lorafig.verify.read.quoted import spaced

METHOD_SHOWN = "the figure shows"


def is_a(subject: Subject, called: str, judge: Judge) -> Answer:
    symbols = judge.symbols
    if isinstance(subject, str):
        if {subject, called} == {"adapter", "update"} or subject == called:
            return properties.told(True, "it is so called")
        return properties.told(False, f"it is the {subject}")
    if isinstance(subject, tree.Product) and key(bare(subject.factors[-1])) == "x" and not any(subject.ops):
        rest = subject.factors[:-1]  # of `Wx`, the weight
        subject = rest[0] if len(rest) == 1 else replace(subject, factors=rest, ops=subject.ops[:-1])
    name = symbols.canonical(key(bare(subject)) or "")
    if called == "merged" and key(bare(subject)) is None and symbols.knows("W'"):  # `W + BA`
        term, whole = elaborate(subject, symbols), symbols.term("W'")
        same = term.type == whole.type and properties.are_same(term, whole, judge.seed)[0]
        return properties.told(same, f"{spaced(subject)} {'is' if same else 'is not'} W'")
    if called == "merged":
        return properties.decided("merged", (key(bare(subject)) or spaced(subject),), symbols, judge.seed)
    if name in symbols.adapter.frozen and name.startswith("W"):
        return properties.told(called == "base", f"{name} is the pretrained weight")
    if name in symbols.adapter.symbols and name != "x":
        return properties.told(called in ("adapter",), f"{name} is of the adapter")
    term = elaborate(subject, symbols)
    if not symbols.knows("ΔW") or symbols.role(name) in ("frozen", "trained", "random"):
        return _of_role(spaced(subject), symbols.role(name), called)
    update = elaborate(parse_math("ΔW"), symbols)
    scaled = () if called == "whole update" else _scalings(symbols)
    same = term.type == update.type and any(
        properties.are_same(one, update, judge.seed)[0]
        for one in (term, *(terms.Multiply(factor, term, term.type) for factor in scaled))
    )
    if same:
        is_ = called in ("update", "adapter", "whole update")
        return properties.told(is_, f"{spaced(subject)} is the update")
    if called == "whole update":
        return properties.told(False, f"{spaced(subject)} is not the update with its scaling")
    return properties.told(False, f"{spaced(subject)} is neither the weight nor of the adapter")


def _of_role(name: str, role: str | None, called: str) -> Answer:
    """What a symbol of one's own may be called by its role: the base what is frozen, of the adapter or the
    update what is trained. What is frozen may be of an adapter too, and a base may be trained."""
    fits = {"base": "frozen", "adapter": "trained", "update": "trained"}.get(called)
    if role is not None and role == fits:
        return properties.told(True, f"the figure declares {name} as {role}")
    if role in ("merged", "input", "output", "data"):
        return properties.told(False, f"{name} is {'what flows' if role != 'merged' else 'merged'}")
    said = f"{name} is {role}" if role is not None else f"nothing says what {name} is"
    hint = "give it a role, or say why it is called so: unverified: …"
    raise Undecidable(f"{said}, and whether it is the {called} is not known", hint)


def _scalings(symbols: Symbols) -> tuple[Term, ...]:
    """The factor of the update, if it has one: it is called the update with it and without."""
    try:
        own = elaborate(parse_math(r"\frac{\alpha}{r}"), symbols)
        counts.value_of(own, parse_math("s"), symbols)
    except Doubt:
        return ()
    return (own,)


def method(name: str, symbols: Symbols) -> Answer:
    own = symbols.adapter
    if name == own.name:
        return properties.told(True, f"{METHOD_SHOWN} {own.title}")
    if own.name == NO_ADAPTER:
        hint = f"name it, model: {{adapter: {name}}}, or say why it is so: unverified: …"
        raise Undecidable(f"{METHOD_SHOWN} no method that it names, by `adapter: none`", hint)
    return properties.told(False, f"{METHOD_SHOWN} {own.title}, by `adapter: {own.name}`")
