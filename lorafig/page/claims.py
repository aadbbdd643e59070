"""The claims of a figure as the page has them: what is said, and at which settings it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.notation.tree import Node
from lorafig.page.conditions import AtStart, Condition, Fixed, Foreign, Orders, Rules, compiled, holds
from lorafig.page.setting import Method, Order, Setting, figure_at, methods, sliders, spread, start
from lorafig.values import replace
from lorafig.verify import verify
from lorafig.verify.report import Claim, Report
from lorafig.verify.verdicts import Kind

# Dimensions in every order that they can have. They divide well, for methods that split them in two.
_LADDER = (1, 24, 36, 60)
_PLAIN = 7  # alpha, where nothing depends on which it is
_SCALINGS = ((24, 24), (36, 6), (1, 1))  # ranks and alphas at which a scaling is 1
_MOST = 16  # settings at which conditions are held to the core, for each method
_RANKED = 256  # the largest dimension there, where a rank has to be computed: that takes a second at 1,024

Key = tuple[int, int, str]  # line, column and text: what stands in one place is one statement


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, and for each method of the page the condition under which it holds."""

    text: str
    kind: Kind
    line: int
    column: int
    tree: Node | None
    conditions: tuple[Condition, ...]
    unverified: str | None = None

    @property
    def constant(self) -> bool:
        """Whether it is the same at every setting."""
        return len(set(self.conditions)) == 1 and isinstance(self.conditions[0], Fixed)

    @property
    def stands(self) -> bool:
        return self.conditions[0] != Fixed(False)


def told(report: Report) -> tuple[Statement, ...]:
    """The statements of a figure without controls, as verification left them."""
    found = []
    for one in report.claims:
        line, column, *_ = _key(one)
        unverified = _excuse(one)
        condition: Condition = Fixed(one.stands)
        found.append(Statement(one.text, one.kind, line, column, one.tree, (condition,), unverified))
    return tuple(found)


def statements(figure: Figure) -> tuple[Statement, ...]:
    """Every claim of the figure (a lesson's apart), with its conditions.

    Each condition agrees with the core at settings of every order and all over the sliders, or is that
    of the start alone.
    """
    figure = replace(figure, lesson=None)
    rules = Rules(figure.numbers.rounding, figure.numbers.kilo)
    first = verify(figure_at(figure, start(figure)), floating=False)
    found: dict[Key, list[Condition]] = {}
    claims: dict[Key, Claim] = {}
    for claim in first.claims:
        claims.setdefault(_key(claim), claim)
    offered = methods(figure)
    told = [_Told(figure, method) for method in offered]
    for one in told:
        for key, claim in one.claims.items():
            claims.setdefault(key, claim)
    for key, claim in claims.items():
        found[key] = [_condition(key, claim, one, rules) for one in told]
    return tuple(
        Statement(claim.text, claim.kind, key[0], key[1], claim.tree, tuple(found[key]), _excuse(claim))
        for key, claim in claims.items()
    )


def _excuse(claim: Claim) -> str | None:
    """The reason that is given for what cannot be decided."""
    return claim.unverified if claim.verdict == "undetermined" and claim.stands else None


def _key(claim: Claim) -> Key:
    line, column = (0, 0) if claim.where is None else (claim.where.line, claim.where.column)
    return line, column, claim.text


class _Told:
    """What the core says of a figure under one method, setting by setting."""

    def __init__(self, figure: Figure, method: Method) -> None:
        self.method = method
        self.claims: dict[Key, Claim] = {}
        self.by_order: dict[Order, dict[Key, bool]] = {}
        self.decided: set[Key] = set()  # what the core could tell true or false anywhere
        self.refused = False  # whether the figure could not even be read under the method
        self.by_setting: list[tuple[Setting, dict[Key, bool]]] = []
        self.start = replace(start(figure), method=method)
        begin = self.start if self.start.alpha is None else replace(self.start, alpha=Fraction(_PLAIN))
        for setting in _ladders(begin):
            self.by_order[setting.order] = self._ask(figure, setting)
        self.scaled: dict[str, tuple[dict[Key, bool], dict[Key, bool]]] = {}
        if self.start.alpha is not None:
            for r, alpha in _SCALINGS:
                plain = replace(self.start, d=60, k=None if self.start.k is None else 60, r=r)
                usual, special = (replace(plain, alpha=Fraction(one)) for one in (_PLAIN, alpha))
                self.scaled[special.scaling] = self._ask(figure, usual), self._ask(figure, special)
        every = list(spread(figure, method)) if sliders(figure) else [self.start]
        if any(claim.kind == "rank" for claim in self.claims.values()):
            every = [setting for setting in every if max(setting.sizes.values()) <= _RANKED]
        step = max(1, len(every) // _MOST)
        for place, setting in enumerate(islice(every, 0, None, step)):
            equal = setting.alpha is not None and place % 4 == 3
            asked = replace(setting, alpha=Fraction(setting.r)) if equal else setting
            self.by_setting.append((asked, self._ask(figure, asked)))
        self.names = frozenset(self.start.values())

    def _ask(self, figure: Figure, setting: Setting) -> dict[Key, bool]:
        """Which claims stand. What is not there stands: some are told only where they fail."""
        try:
            claims = verify(figure_at(figure, setting), floating=False).claims
        except LorafigError:
            self.refused = True
            return {}
        found: dict[Key, bool] = {}
        for claim in claims:
            key = _key(claim)
            self.claims.setdefault(key, claim)
            found[key] = found.get(key, True) and claim.stands
            if claim.verdict != "undetermined" or claim.stands:
                self.decided.add(key)
        return found


def _ladders(begin: Setting) -> Iterator[Setting]:
    seen: set[Order] = set()
    for d in _LADDER:
        for k in _LADDER if begin.k is not None else (None,):
            for r in _LADDER:
                setting = replace(begin, d=d, k=k, r=r)
                if setting.order not in seen:
                    seen.add(setting.order)
                    yield setting


def _condition(key: Key, claim: Claim, told: _Told, rules: Rules) -> Condition:
    """The condition of a claim under a method that agrees with the core wherever it was asked."""
    if told.refused or (key in told.claims and key not in told.decided):
        return Foreign()
    candidates: list[Condition] = []
    numeric = compiled(claim.tree, told.method, told.names)
    if numeric is not None:
        candidates.append(numeric)
    # An order that was not asked for is one that no sizes have.
    false = frozenset(order for order, said in told.by_order.items() if not said.get(key, True))
    scaled = tuple(
        (scaling, special.get(key, True))
        for scaling, (usual, special) in told.scaled.items()
        if usual.get(key, True) != special.get(key, True)
    )
    candidates.append(Orders(false, scaled) if false or scaled else Fixed(True))
    for condition in candidates:
        if all(holds(condition, setting, rules) == said.get(key, True) for setting, said in told.by_setting):
            return condition
    return AtStart()
