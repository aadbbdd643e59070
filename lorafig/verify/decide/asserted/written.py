"""Whether an amount that is written is that of what is counted, and how two counts compare."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.numbers.shown import exact
from lorafig.notation.tree import Node, Number
from lorafig.verify.decide import (
    conditions,
    counts,
    properties,
)
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.asserted import counted
from lorafig.verify.decide.judge import Judge
from lorafig.verify.decide.suppositions import SCALED
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.operations import over, plus, times
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Term, Undecidable, number
from lorafig.verify.meaning.values import closed
from lorafig.verify.read import assertions
from lorafig.verify.read.assertions import Counted, Subject
from lorafig.verify.read.classify import shown
from lorafig.verify.read.clause import unit_of
from lorafig.verify.read.quantities import MEMORY
from lorafig.verify.read.quoted import spaced
from lorafig.verify.verdicts import Kind

CLOSE = Fraction(1, 20)  # how near `about half` is


def in_full(node: Node) -> Node:
    """Numbers that words give as a share, `half`, as fractions."""
    if not any(isinstance(part, Number) and "/" in part.digits for part in walk(node)):
        return node  # the same, by which it is known
    if isinstance(node, Number):
        above, _, below = node.digits.partition("/")
        return tree.Fraction(Number(above), Number(below))
    return rebuild(node, in_full)


def per_number(said: assertions.PerNumber, judge: Judge) -> Answer:
    """Bytes, or bits, of each parameter: by the format, with the gradient and Adam's two states."""
    counted.named_optimizer(said.kept)
    each = {"weight": 1, "gradient": 1, "state": 2}
    bits = said.bits * sum(each[kept] for kept in said.kept)
    if said.mixed:  # Rajbhandari et al. (2020), section 3.1: 2 + 2 + 4 + 4 + 4 bytes
        bits = 128
    many = Fraction(1)
    if said.of is not None:
        many = counts.value_of(elaborate(said.of, judge.symbols), said.of, judge.symbols)
    value = number(many * Fraction(bits, 8) / MEMORY[said.scale])
    return is_amount(judge, counts.Quantity((value,)), said.amount, said.op, "count")


def in_unit(answer: Answer, what: Counted, amount: Node) -> Answer:
    """The answer on bytes, but for what rounding cannot mean: an amount that is exact in the other unit, as
    1 MB of 1 MiB, or one that is more than half as much again."""
    typed = typed_number(amount)
    if answer.verdict != "holds" or typed is None or answer.value is None or "/" in typed.digits:
        return answer
    value, claimed = Fraction(answer.value), exact(typed)
    other = what.scale.replace("i", "") if "i" in what.scale else f"{what.scale[:1].upper()}iB"
    if value != claimed and other in MEMORY and value * MEMORY[what.scale] == claimed * MEMORY[other]:
        detail = f"it is {typed.digits} {other}, and {counts.readable(value)} {what.scale}"
        meant = f"write {typed.digits} {other}"
        return replace(
            answer, verdict="fails", detail=detail, hint=meant, condition=conditions.AtStart(False)
        )
    if value != 0 and abs(claimed - value) * 2 > value:
        detail = f"it is {counts.readable(value)} {what.scale}"
        return replace(answer, verdict="fails", detail=detail, condition=conditions.AtStart(False))
    return answer


def is_amount(judge: Judge, quantity: counts.Quantity, amount: Node, op: str, kind: Kind) -> Answer:
    """Whether an amount, a number or an expression, is a quantity."""
    match bare(amount):
        case tree.Computed() as computed if op == "=":
            return _is_term(judge, quantity, elaborate(computed.body, judge.symbols), amount, kind)
        case tree.Product((tree.Computed() as computed, tree.Symbol("×" | "%"))) if op == "=":
            return _is_term(judge, quantity, elaborate(computed.body, judge.symbols), amount, kind)
        case tree.Product((*factors, tree.Symbol("×"))) if (
            not isinstance(factors[0], Number) or len(factors) > 1
        ):
            whole = tree.Product(tuple(factors), ("",) * (len(factors) - 1), ("",) * (len(factors) - 1))
            inner = factors[0] if len(factors) == 1 else whole
            return _is_term(judge, quantity, elaborate(inner, judge.symbols), amount, kind, op)
    typed = typed_number(amount)
    if typed is None:
        return _is_term(judge, quantity, elaborate(amount, judge.symbols), amount, kind, op)
    if "/" in typed.digits:
        return _fraction(quantity, typed, op, kind)
    if op in ("=", "≈"):
        return counts.against(judge, quantity, typed, kind, op)
    return counts.compared(judge, quantity, op, typed, spaced(amount))


def typed_number(amount: Node) -> Number | None:
    if isinstance(amount, Number):
        return amount
    match bare(amount):
        case Number() as plain:
            return plain
        case tree.Product((Number() as plain, tree.Symbol("×" | "%") as sign)) if plain.unit == "":
            return Number(plain.digits, sign.name)
    return shown(amount, loose=True)


def _fraction(quantity: counts.Quantity, typed: Number, op: str, kind: Kind) -> Answer:
    claimed, value = Fraction(typed.digits), counts.valued(quantity.choices[0])
    choices = [counts.valued(choice) for choice in quantity.choices]
    if op == "≈":
        holds = any(abs(choice - claimed) <= CLOSE * abs(choice) for choice in choices)
    else:
        compare = conditions.COMPARE.get(op, Fraction.__eq__)
        holds = any(compare(choice, claimed) for choice in choices)
    detail = f"it is {counts.readable(value)}" + ("" if holds else f", not {typed.digits}")
    condition = conditions.AtStart(holds)
    return Answer(
        kind, "holds" if holds else "fails", str(value), typed.digits, detail=detail, condition=condition
    )


def _is_term(
    judge: Judge, quantity: counts.Quantity, term: Term, amount: Node, kind: Kind, op: str = "="
) -> Answer:
    if not term.type.is_scalar:
        raise terms.IllTyped(f"{spaced(amount)} is {term.type}, not a number")
    counts.value_of(term, amount, judge.symbols)
    mirrored, text = "=" if op == "≈" else _mirrored(op), spaced(amount)
    answers = [counts.relate(kind, term, mirrored, choice, text, "what is counted")
               for choice in quantity.choices]  # fmt: skip
    answer = next((answer for answer in answers if answer.verdict == "holds"), answers[0])
    if answer.verdict == "fails" and op == "=" and answer.hint is None:
        answer = replace(answer, hint=_due(judge, term, quantity.choices[0]))
    return answer


def _due(judge: Judge, said: Term, counted: Term) -> str | None:
    """What to write for an expression of another value; None if a value is not known."""
    if closed(said) is None or closed(counted) is None:
        return None
    off = counts.valued(counted) - counts.valued(said)
    network = judge.symbols.network
    if {"n_trained", "n_params"} <= network and off == counts.valued(judge.symbols.term("n_trained")):
        return "the adapters are counted too: \\num{n_params + n_trained}"
    return f"it should be {counts.readable(counts.valued(counted))}"


def _mirrored(op: str) -> str:
    return {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}.get(op, op)


def ratio(said: assertions.Ratio, judge: Judge) -> Answer:
    symbols = judge.symbols
    if said.what.kept == said.than.kept:  # as many states of whichever optimizer on both sides
        kept = tuple("state" if one == "unnamed" else one for one in said.what.kept)
        said = replace(said, what=replace(said.what, kept=kept), than=replace(said.than, kept=kept))
    if said.compare == "share":
        return _share(said, judge)
    one = counted.side(said.what, said.than, "trained", symbols)
    other = counted.side(said.than, said.what, "base", symbols)
    first, second = counts.readable(counts.valued(one)), counts.readable(counts.valued(other))
    if said.amount is None:
        op = "=" if said.compare == "as" else "<" if said.compare in ("fewer", "few") else ">"
        same = conditions.Compares(one, op, other)
        detail = f"{first} against {second}"
        return Answer("ratio", "holds" if conditions.holds(same) else "fails", detail=detail, condition=same)
    less = said.compare in ("fewer", "few")
    condition: conditions.Condition = conditions.Compares(one, "<" if less else ">", other)
    if said.compare == "as":
        condition = conditions.HOLDS
    if not conditions.holds(condition):
        verb = "fewer" if less else "more"
        told = f"they are not {verb}: {first} are trained, and the weight has {second}"
        detail = told if said.than == Counted() else f"{first} are not {verb} than {second}"
        return Answer("ratio", "fails", detail=detail, condition=condition)
    percent = unit_of(said.amount) == "%"
    if said.compare == "as":
        part = over(one, other)
    elif percent or "/" in getattr(said.amount, "digits", ""):
        part = over(one, other)
        part = plus(number(1), times(number(-1), part)) if less else plus(part, number(-1))
    else:
        part = over(other, one) if less else over(one, other)
    answer = is_amount(
        judge, counts.Quantity((part,)), said.amount, said.op, "percent" if percent else "ratio"
    )
    return replace(answer, condition=conditions.every((condition, answer.holds)))


def _share(said: assertions.Ratio, judge: Judge) -> Answer:
    """A share of all parameters, of the network where there is one, that are trained or frozen: of the
    weights, or of these and the adapter together, as PEFT prints it."""
    symbols = judge.symbols
    assert said.amount is not None
    than = tuple("base" if _is_weight(one, symbols) else one for one in said.than.subjects)
    if set(than) - {"model", "base"} or said.what.unit:
        raise Undecidable("of what it is a share is not known")
    whole = counts.network(symbols)
    trained, weight = whole or (counted.terms_of(said.what, symbols)[0], counts.parameters(symbols)[1])
    frozen = weight if whole is not None else counted.frozen_entries(symbols)
    moved = trained if whole is not None else counts.parameters(symbols)[0]
    choices: tuple[Term, ...]
    if said.what.role == "trained":
        choices = (over(trained, weight), over(trained, plus(frozen, moved)))
        choices = choices[:1] if than == ("base",) else choices
    else:
        choices = (over(frozen, plus(frozen, moved)),)
    return is_amount(judge, counts.Quantity(choices), said.amount, said.op, "percent")


def _is_weight(subject: Subject, symbols: Symbols) -> bool:
    name = None if isinstance(subject, str) else key(bare(subject))
    return name is not None and symbols.canonical(name) in symbols.adapter.frozen and name.startswith("W")


def grows(said: assertions.Grows, symbols: Symbols) -> Answer:
    """Whether a quantity grows so with a size: both are computed at twice the sizes, and there at so many
    times the one."""
    adapter, name = symbols.adapter, {"alpha": "α", "out": "d"}.get(said.size, said.size)
    own = symbols.dimension(name) or name
    before = {
        size: 2 * int(counts.valued(symbols.size(symbols.dimension(size) or size)))
        for size in ("d", "k", "r")
    }
    moved = {size for size in before if (symbols.dimension(size) or size) == own}
    after = {
        size: Fraction(value) * (Fraction(said.factor) if size in moved else 1)
        for size, value in before.items()
    }
    if not moved and name != "α":
        raise Undecidable(f"{said.size} is not a size of the figure")

    def quantity(sizes: Mapping[str, Fraction | int], alpha: Fraction) -> Fraction:
        d, k, r = (int(sizes[size]) for size in ("d", "k", "r"))
        match said.what:
            case "trained":
                return Fraction(adapter.parameters(d, k, r))
            case "base":
                return Fraction(d * k)
        if adapter.name not in SCALED:
            raise Undecidable("how the scaling of the method grows is not known")
        return alpha / r

    factor = Fraction(said.factor) if name == "α" else Fraction(1)
    times_ = quantity(after, factor) / quantity(before, Fraction(1))
    ways = {">": times_ > 1, "<": times_ < 1, "≠": times_ != 1}
    holds = ways[said.by] if said.by in ways else times_ == Fraction(said.by)
    return properties.told(holds, f"it is {counts.readable(times_)} times as large then")
