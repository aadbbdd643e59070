"""A claim by itself that holds under conditions on sizes: `For d = k, 2dr < d^2 if r < d/2`, `LoRA has fewer
parameters than W if and only if r < dk/(d + k)`.

It is decided at layers that fulfil the conditions, on both sides of their borders as near as there are any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import floor

from msgspec import Struct
from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.errors import LorafigError
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Relation
from lorafig.verify.decide import conditions
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import Compares
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.claim_symbols import of_claim
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import Doubt, Undecidable
from lorafig.verify.meaning.values import Values
from lorafig.verify.read.spelling import usual
from lorafig.verify.report import Claim, placed
from lorafig.verify.unsized import Decide, Layer
from lorafig.verify.verdicts import Verdict

_SIZES = {"d": "d", "k": "k", "r": "r", "α": "alpha", "alpha": "alpha"}
_NUMBERS = ("=", "<", ">", "≤", "≥", "≠", "≪", "≫")
# What stands in front of a condition, and what behind it.
_FRONT = re.compile(
    r"\s*(?:if|when|whenever|for(?: all| any| every)?|provided(?: that)?|(?:as|so) long as|assuming(?: that)?"
    r"|given(?: that)?|suppose|with|once|where)\s+(?:we have\s+)?",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"\s*(?:,\s*then\b|\bthen\b|[,:;])\s*|\s+(?=(?!and\b)[A-Za-z][A-Za-z-]{2,}\s)", re.IGNORECASE
)
_ONLY = (
    r"(?:,\s*)?\b(?:if and only if|iff|(?:exactly|precisely|just) (?:when|if))\b"
    r"|⇔|⟺|\\(?:iff|Leftrightarrow)\b"
)
_BEHIND = re.compile(
    rf"\s*(?:(?P<both>{_ONLY})|(?:,\s*)?\b(?P<needs>only (?:if|when))\b"
    r"|(?:,\s*)?\b(?:if|when|whenever|for(?: all| any| every)?|provided(?: that)?|(?:as|so) long as"
    r"|assuming(?: that)?|given(?: that)?|once|where)\b)\s+",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(r"\s*(?:⇒|⟹|\\(?:Rightarrow|implies)\b|\bimplies\b(?: that)?|\bmeans\b(?: that)?)\s*")
_WORDS = (
    (r"\b(?:the )?rank(?: r)?\b(?=\s+(?:is|equals|exceeds|stays)\b)", "r"),
    (r"\s+(?:is|stays)\s+(?:much|far) (?:smaller|less|lower) than\s+", " ≪ "),
    (
        r"\s+(?:is|stays)\s+(?:strictly )?(?:smaller|less|lower) than\s+|\s+(?:is|stays) (?:below|under)\s+",
        " < ",
    ),
    (
        r"\s+is\s+(?:strictly )?(?:greater|larger|more|higher|bigger) than\s+|\s+(?:is above|exceeds)\s+",
        " > ",
    ),
    (r"\s+is\s+at least\s+", " ≥ "),
    (r"\s+is\s+at most\s+|\s+(?:does not|doesn't) exceed\s+", " ≤ "),
)
_EVEN = re.compile(
    r"(?:(?:the |at )?(?:break[- ]?even|crossover)(?: point| rank)?(?: (?:is|at|when|for))*\s*[:,]?\s*"
    r"(?:at |for )?|(?:LoRA|the adapter|it) breaks even (?:at|when|for|if) )(?:the )?(?:rank )?r\s*=\s*",
    re.IGNORECASE,
)
_OF_ONE_MODEL = re.compile(r"\d{2}|\d\s?(?:[KMBTG%]|\\%|million|billion|thousand)")
# Sizes of the sides and the rank, at all of which together W is wide, tall and square; and α.
_POOL = {
    **dict.fromkeys("dk", tuple(map(Fraction, (4, 12, 30, 48, 60)))),
    "r": tuple(map(Fraction, (1, 2, 3, 4, 6, 8, 11, 12, 15, 20, 24, 30, 40, 61))),
    "α": tuple(map(Fraction, (7, 16))),
}
_SOME = 8  # layers on each side of the border


class Conditional(Struct, frozen=True):
    """What a text says, and the conditions in front. With `both` it says that it holds there and nowhere
    else of where the `last` condition is; with `needs`, that it does not elsewhere."""

    said: str
    premises: tuple[Relation, ...]
    last: tuple[Relation, ...] = ()
    both: bool = False
    needs: bool = False


def read(text: str) -> Conditional | None:
    """A text with conditions between sizes; None for any other."""
    plain = re.sub(r"\$|\\\(|\\\)", " ", text).strip().rstrip(".")
    even = _EVEN.match(plain)
    if even is not None:
        plain = f"as many trainable parameters as W if r = {plain[even.end() :]}"
    premises, said = _in_front(plain)
    follows = _FOLLOWS.search(said)
    if follows is not None and (first := _conditions(said[: follows.start()])):
        return _between(Conditional(said[follows.end() :], (*premises, *first)))
    for match in _BEHIND.finditer(said):
        behind = _conditions(said[match.end() :])
        if match.start() > 0 and behind:
            both, needs = match["both"] is not None, match["needs"] is not None
            return _between(Conditional(said[: match.start()].strip(" ,"), premises, behind, both, needs))
        if match["both"] is not None and (first := _conditions(said[: match.start()])):
            return _between(Conditional(said[match.end() :], premises, first, True))
    return _between(Conditional(said, premises)) if premises else None


def _between(read: Conditional) -> Conditional | None:
    """The same, if one of its conditions is between sizes, or bounds one: a size with a value is supposed."""
    relations = (*read.premises, *read.last)
    open_ = [one for one in relations if one.ops != ("=",) or len(_named(one)) > 1]
    return read if open_ and read.said.strip() else None


def _in_front(text: str) -> tuple[tuple[Relation, ...], str]:
    start = _FRONT.match(text)
    if start is not None:
        for stop in _STOPS.finditer(text, start.end()):
            if premises := _conditions(text[start.end() : stop.start()]):
                more, said = _in_front(text[stop.end() :])
                return (*premises, *more), said
    return (), text


def _conditions(text: str) -> tuple[Relation, ...]:
    """The relations between sizes of which a text is made; none of any other."""
    for written, sign in _WORDS:
        text = re.sub(written, sign, text, flags=re.IGNORECASE)
    try:
        pieces = [parse_math(usual(piece)) for piece in re.split(r"\s+and\s+", text) if piece.strip()]
    except LorafigError:
        return ()
    parts = [
        one for piece in pieces for one in (piece.items if isinstance(piece, tree.Listing) else (piece,))
    ]
    relations = tuple(part for part in parts if isinstance(part, Relation) and _of_sizes(part))
    return relations if len(relations) == len(parts) else ()


def _of_sizes(node: Relation) -> bool:
    names = {key(part) for part in walk(node) if isinstance(part, tree.Symbol)}
    return bool(_named(node)) and names <= {*_SIZES, None, "min", "max"} and set(node.ops) <= set(_NUMBERS)


def _named(node: Node) -> set[str]:
    names = {key(part) for part in walk(node) if isinstance(part, tree.Symbol)}
    return {name for name in names if name in _SIZES}


def decided(text: str, row: Adapter, given: Mapping[str, Fraction], decide: Decide) -> Claim | None:
    """The claim at layers that fulfil its conditions; None for a text without any, and if it is not the
    same at all of them. Sizes that are given stay as they are, but for a rank that a condition bounds, and
    for those that its conditions name and are not fulfilled by."""
    read_ = read(text)
    if read_ is None or not {size for shape in row.symbols.values() for size in shape} <= {"d", "k", "r"}:
        return None
    letters = _letters(text)
    both = read_.both or read_.needs
    try:
        border = _Border(read_, row, scaled=re.search("α|alpha", text) is not None)
    except Doubt:
        return None
    inside, outside = border.layers(given, "k" not in letters and "d" in letters, both)
    claims = [decide(read_.said, layer) for layer in inside]
    others = [decide(read_.said, layer) for layer in outside] if both else []
    verdicts = {claim.verdict for claim in (*claims, *others)}
    if not claims or "undetermined" in verdicts:
        return None
    if both:
        kept = [claim for claim in claims if claim.verdict != "holds"] if read_.both else []
        return _turned(text, [*kept, *(claim for claim in others if claim.verdict == "holds")], claims[0])
    claim = claims[0]
    if border.bounds_rank() and len(verdicts) > 1 and "holds" in verdicts:
        what = Undecidable(
            "it is so at some ranks there, and not at others", "say where it is so: r < dk/(d + k)"
        )
        return placed(doubtful(claim.kind, what), text)
    of_one = claim.verdict != "holds" and len(claims) > 1 and _OF_ONE_MODEL.search(read_.said) is not None
    if len(verdicts) > 1 or of_one:  # a number that is wrong at these sizes may be right at others
        return None
    return replace(claim, text=text, value=None, shown=None, condition=None)


def _turned(text: str, against: Sequence[Claim], claim: Claim) -> Claim:
    """The claim that something is so there and nowhere else."""
    verdict: Verdict = "fails" if against else "holds"
    detail = "so there, and nowhere else"
    if against:
        elsewhere = against[0].verdict == "holds"
        detail = "it is so elsewhere too" if elsewhere else "it is false at some sizes there"
    return placed(Answer(claim.kind, verdict, detail=detail), text)


def _letters(text: str) -> str:
    """The letters of a text that belong to no word."""
    return re.sub(r"\\?[A-Za-z]{3,}", "", text)


class _Border:
    """Where the conditions of a text hold. Raises Doubt for what is not a number."""

    def __init__(self, read_: Conditional, row: Adapter, scaled: bool) -> None:
        self.sizes = {size: _POOL[size] for size in ("d", "k", "r", *(["α"] if scaled else []))}
        symbols = of_claim(row.name, {}, {}, {}, frozenset({"α"}))
        self.premises, self.last = (
            [
                Compares(elaborate(left, symbols), op, elaborate(right, symbols))
                for relation in relations
                for left, op, right in zip(relation.sides, relation.ops, relation.sides[1:], strict=False)
            ]
            for relations in (read_.premises, read_.last)
        )

    def bounds_rank(self) -> bool:
        """Whether a condition says between what the rank is: it speaks of any rank there."""
        rank = terms.Variable("r", terms.SCALAR)
        return any(one.op != "=" and rank in (one.left, one.right) for one in (*self.premises, *self.last))

    def layers(self, given: Layer, tied: bool, both: bool) -> tuple[list[Layer], list[Layer]]:
        """Layers at which all conditions hold, and such at which only the last does not, which are needed for
        `both`. Sizes that are given stay, if there are layers then. With `tied`, k is d."""
        own = {"k": given["d"], **given} if "d" in given else dict(given)
        if self.bounds_rank():
            own.pop("r", None)
        named = set().union(*map(_sized, (*self.premises, *self.last)))
        inside, outside = self._sides(own, tied)
        if not inside or (both and not outside):
            inside, outside = self._sides({size: own[size] for size in own if size not in named}, tied)
        return self._some(inside), self._some(outside)

    def _sides(self, fixed: Layer, tied: bool) -> tuple[list[Layer], list[Layer]]:
        inside: dict[tuple[Fraction, ...], Layer] = {}
        outside: dict[tuple[Fraction, ...], Layer] = {}
        for layer in self._pool(fixed, tied):
            there = _solved(self.premises, layer)
            last = None if there is None else _solved(self.last, there)
            if last is not None:
                inside[tuple(last.values())] = last
            elif there is not None and self.last:
                outside[tuple(there.values())] = there
        return list(inside.values()), list(outside.values())

    def _pool(self, fixed: Layer, tied: bool) -> Iterator[Layer]:
        """Layers with these sizes, and ranks about those that the conditions compare r with."""
        pool = {size: (fixed[size],) if size in fixed else self.sizes[size] for size in self.sizes}
        for values in product(*(pool[size] for size in pool if size != "r")):
            layer = dict(zip((size for size in pool if size != "r"), values, strict=True))
            layer = {**layer, "k": layer["d"]} if tied else layer
            limits = [
                value
                for one in (*self.premises, *self.last)
                for side, other in ((one.left, one.right), (one.right, one.left))
                if side == terms.Variable("r", terms.SCALAR)
                and (value := Values(layer).of(other)) is not None
            ]
            near = {Fraction(floor(limit) + by) for limit in limits for by in (-1, 0, 1, 2)}
            for rank in pool["r"] if "r" in fixed else sorted({*pool["r"], *near}):
                yield {**layer, "r": rank}

    def _some(self, layers: Iterable[Layer]) -> list[Layer]:
        """Those nearest to the border, and some of the others."""
        ordered = sorted(layers, key=self._distance)
        near, others = ordered[: _SOME // 2], ordered[_SOME // 2 :]
        return near + others[:: max(1, 2 * len(others) // _SOME)]

    def _distance(self, layer: Layer) -> Fraction:
        """How far the sides of the condition nearest to its border are apart, for their size."""
        values = Values(layer)
        pairs = [(values.of(one.left), values.of(one.right)) for one in self.last or self.premises]
        apart = [abs(one - two) / max(abs(one), abs(two)) for one, two in pairs if one and two and one != two]
        return min(apart, default=Fraction(0))


def _sized(condition: Compares) -> frozenset[str]:
    return terms.variables(condition.left) | terms.variables(condition.right)


def _solved(relations: Sequence[Compares], layer: Layer) -> Layer | None:
    """The layer, with what the equalities say of sizes; None if another relation does not hold there, or a
    size is not a whole number."""
    layer = dict(layer)
    for relation in relations:
        if relation.op == "=":
            left, right = relation.left, relation.right
            left, right = (left, right) if isinstance(left, terms.Variable) else (right, left)
            value = Values(layer).of(right)
            if isinstance(left, terms.Variable) and value is not None:
                layer[left.name] = value
    whole = all(layer[size].denominator == 1 and layer[size] > 0 for size in layer if size != "α")
    return layer if whole and all(conditions.holds(one, layer) for one in relations) else None
