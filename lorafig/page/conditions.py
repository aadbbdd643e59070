"""When a claim holds, as a condition on the dimensions: what the page decides again at every setting.

A claim about numbers is compiled from the tree that was verified. Any other one (a shape, an equation, a
trapezoid that narrows) depends on the dimensions by their names and their order alone: the core decides
it once for each order of d, k and r. Either is then held to the core at settings all over the sliders;
what does not agree there is said of the start alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError
from lorafig.notation.numbers.arithmetic import evaluate
from lorafig.notation.numbers.shown import Rounding, reads, shown_number
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Computed, Node, Number, Product, Relation, Sum, Symbol, Words
from lorafig.notation.write.program import names
from lorafig.page.setting import Method, Order, Setting
from lorafig.verify.decide.conditions import MUCH
from lorafig.verify.read.classify import EQUALITIES, ORDERS, shown, words
from lorafig.verify.read.quantities import FEWER, OF_ALL, OTHERS

Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Reads:
    """A number that is shown, held to the value that it shows. `fewer` where words call it that: then
    there must be fewer."""

    value: Node
    number: Number | Computed
    loose: bool = False
    fewer: bool = False


@dataclass(frozen=True, slots=True)
class Compares:
    """Two values in an order."""

    left: Node
    op: str
    right: Node


@dataclass(frozen=True, slots=True)
class Orders:
    """Verdicts by how d, k and r compare: the orders in which it does not hold. `scaled` has those by
    `Setting.scaling`, where these are others."""

    false: frozenset[Order]
    scaled: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same at every setting."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """It speaks of what the method does not have: nobody can decide it."""


@dataclass(frozen=True, slots=True)
class AtStart:
    """It holds where the page begins; elsewhere nobody has decided it."""


Condition = tuple[Reads | Compares, ...] | Orders | Fixed | Foreign | AtStart


@dataclass(frozen=True, slots=True)
class Rules:
    """How numbers of the figure are read."""

    rounding: Rounding
    kilo: int


def compiled(tree: Node | None, method: Method, known: frozenset[str]) -> tuple[Reads | Compares, ...] | None:
    """The condition of a claim about numbers, over the symbols `known`; None for any other claim."""
    if tree is None:
        return None
    try:
        parts = _relation(tree, method) if isinstance(tree, Relation) else _said(tree, method)
    except LorafigError:
        return None
    if parts is None:
        return None
    for part in parts:
        for node in _expressions(part):
            try:
                if not names(node) <= known:
                    return None
            except LorafigError:
                return None
    return parts


def _expressions(part: Reads | Compares) -> tuple[Node, ...]:
    if isinstance(part, Compares):
        return part.left, part.right
    return (part.value,) if isinstance(part.number, Number) else (part.value, part.number.body)


def _relation(tree: Relation, method: Method) -> tuple[Reads | Compares, ...] | None:
    """A chain, pair by pair: in `d^2 = 65,536 = 65.5K` every number is held to d^2."""
    found: list[Reads | Compares] = []
    if isinstance(tree.sides[0], Words) and tree.sides[0].text.strip() == "":
        return None if len(tree.sides) != 2 else _about(tree.sides[1], tree.ops[0], method)
    for left, op, right in zip(tree.sides[:-1], tree.ops, tree.sides[1:], strict=True):
        if op in EQUALITIES | {"≈"}:
            number, value = _number(right), left
            if number is None:
                number, value = _number(left), right
            elif _number(left) is not None:
                value = next((side for side in tree.sides if _number(side) is None), left)
            if number is None and op in EQUALITIES:
                found.append(Compares(left, "=", right))
                continue
            if number is None:
                return None
            found.append(Reads(_value(value), number, op == "≈"))
        elif op in ORDERS | {"≠"}:
            found.append(Compares(_value(left), op, _value(right)))
        else:
            return None
    return tuple(found)


def _number(node: Node) -> Number | Computed | None:
    """What is read by its digits: a typed number, or a computed one with words behind it at most."""
    match node:
        case Computed():
            return node
        case Product((Computed() as first, *rest)) if all(isinstance(one, Words) for one in rest):
            return first
        case Product((Computed() as first, sign)):
            return Computed(first.body, first.form) if _sign(sign) else None
        case _:
            return shown(node)


def _sign(node: Node) -> bool:
    return node in (Symbol("×"), Symbol("%"))


def _value(node: Node) -> Node:
    """An expression by its value: a computed number stands for what is inside it."""
    match node:
        case Computed(body):
            return body
        case Product((Computed() as first, *rest)) if all(
            isinstance(one, Words) or _sign(one) for one in rest
        ):
            return first.body
        case _:
            number = shown(node)
            return node if number is None else number


def _said(tree: Node, method: Method) -> tuple[Reads | Compares, ...] | None:
    """`32× fewer`, `0.4 % of the parameters`, and a computed number by itself, which is what it is."""
    if isinstance(tree, Computed):
        return ()
    return _about(tree, "=", method)


def _about(node: Node, op: str, method: Method) -> tuple[Reads | Compares, ...] | None:
    said, number = words(node), _united(node)
    if said == "" or number is None or any(word in said for word in OTHERS):
        return None
    unit = number.unit if isinstance(number, Number) else _unit(number)
    fewer = any(word in said for word in FEWER)
    if unit not in ("×", "%") or not (fewer or any(word in said for word in OF_ALL)):
        return None
    count = f"({ADAPTERS[method.adapter].count})"
    source = f"\\frac{{dk}}{{{count}}}" if unit == "×" else f"\\frac{{{count}}}{{dk}}"
    value = parse_math(source)
    if unit == "%" and fewer:
        value = Sum((Number("1"), value), ("", "-"))
    if op in EQUALITIES | {"≈", "~"}:
        return (Reads(value, number, op != "=", fewer),)
    if op not in ORDERS:
        return None
    limit = number if isinstance(number, Number) else number.body
    least: tuple[Reads | Compares, ...] = (Compares(value, op, limit),)
    return (*least, Compares(parse_math(count), "<", parse_math("dk"))) if fewer else least


def _united(node: Node) -> Number | Computed | None:
    """The number of a product, with a sign behind it as its unit."""
    if not isinstance(node, Product):
        return None
    first, *rest = node.factors
    signs = [one for one in rest if _sign(one)]
    if any(not isinstance(one, Words) and not _sign(one) for one in rest) or len(signs) > 1:
        return None
    sign = getattr(signs[0], "name", "") if signs else ""
    match first:
        case Number(digits, ""):
            return Number(digits, sign)
        case Number():
            return first if sign == "" else None
        case Computed(body, form):
            if _unit(first) == "" and sign != "":
                # `\num{…}\times` shows the plain number; the sign says what it counts.
                return Computed(body, form) if sign == "×" else None
            return first
        case _:
            return None


def _unit(node: Computed) -> str:
    from lorafig.notation.forms import read_form

    how = read_form(node.form)
    return "×" if how is None or how[0] == "" else how[0]


# -- in Python, to hold it to the core ------------------------------------------------------------


def holds(condition: Condition, setting: Setting, rules: Rules) -> bool | None:
    """What the page will say of a setting; None where it does not know."""
    if isinstance(condition, (AtStart, Foreign)):
        return None
    if isinstance(condition, Fixed):
        return condition.holds
    if isinstance(condition, Orders):
        return dict(condition.scaled).get(setting.scaling, setting.order not in condition.false)
    values = setting.values()
    try:
        return all(_part(part, values, setting, rules) for part in condition)
    except (LorafigError, ZeroDivisionError):
        return False


def _part(part: Reads | Compares, values: Values, setting: Setting, rules: Rules) -> bool:
    if isinstance(part, Compares):
        return _compare(
            evaluate(part.left, values, rules.kilo), part.op, evaluate(part.right, values, rules.kilo)
        )
    value = evaluate(part.value, values, rules.kilo)
    number = part.number
    if isinstance(number, Computed):
        number = shown_number(
            evaluate(number.body, values, rules.kilo), number.form, rules.rounding, rules.kilo
        )
    if part.fewer and trained(setting) >= setting.sizes["d"] * setting.sizes["k"]:
        return False
    return reads(value, number, rules.rounding, rules.kilo, round_zeros=part.loose)


def trained(setting: Setting) -> int:
    """The number of trained parameters, by the core."""
    sizes = setting.sizes
    return ADAPTERS[setting.method.adapter].parameters(sizes["d"], sizes["k"], sizes["r"])


_COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda one, two: one < two,
    ">": lambda one, two: one > two,
    "=": lambda one, two: one == two,
    "≤": lambda one, two: one <= two,
    "≥": lambda one, two: one >= two,
    "≠": lambda one, two: one != two,
    "≪": lambda one, two: one >= 0 and MUCH * one <= two,
    "≫": lambda one, two: two >= 0 and MUCH * two <= one,
}


def _compare(one: Fraction, op: str, two: Fraction) -> bool:
    return _COMPARE[op](one, two)


__all__ = [
    "AtStart",
    "Compares",
    "Condition",
    "Fixed",
    "Foreign",
    "Orders",
    "Reads",
    "Rules",
    "compiled",
    "holds",
    "trained",
]
