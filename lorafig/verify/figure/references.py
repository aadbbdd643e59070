"""What a sentence points to on the picture: `the left branch`, `both orange trapezoids`, `the factor on the
right`.

A sentence is read with the names of what is there in place of the words that point: what it says of `the
right branch` it says of the adapter. Nothing is decided here but whether a colour or a name fits what is
pointed to.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lorafig.graph.structure import branches_of, trapezoids
from lorafig.language import model
from lorafig.language.scope import panels
from lorafig.pattern import any_case
from lorafig.themes.palettes import palette_of
from lorafig.themes.style import channels, colours
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.properties import told
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.headings import role_of

# Where each colour is on the circle of hues, in degrees.
HUES = {
    "red": ((340, 360), (0, 14)), "orange": ((15, 45),), "yellow": ((46, 68),), "green": ((85, 175),),
    "blue": ((190, 255),), "purple": ((256, 330),), "violet": ((256, 330),),
}  # fmt: skip
ROLES = {"frozen": "frozen", "trained": "adapter", "merged": "merged"}  # as a palette calls them

_SHAPES = {"square": "square", "trapezoid": "trapezoid", "bottleneck": "trapezoid"}
_WAYS = ("branch", "path", "arm", "column", "route")
_ANY = ("box", "block", "shape", "matrix", "weight", "factor")
_WIDE = ("thick", "wide", "large", "big", "wider", "larger", "bigger")
_THIN = ("thin", "narrow", "small", "narrower", "smaller", "thinner")
_FIRST = ("left", "left-hand", "first", "lower", "bottom")
_LAST = ("right", "right-hand", "second", "last", "upper", "top")
_UP = ("lower", "bottom", "upper", "top")
_MANY = ("both", "neither", "all", "either")
_HEADS = "|".join((*_SHAPES, *_WAYS, "box", "block", "shape", "matri", "weight", "factor"))
_POINTS = any_case(
    rf"(?P<det>\b(?:the|both|neither|either|all|no)\s+(?:of\s+)?(?:the\s+)?(?:two\s+)?|^\s*(?=\w+(?:\s+\w+)?:))"
    rf"(?P<how>(?:(?:{'|'.join((*_FIRST, *_LAST, *_WIDE, *_THIN, *HUES))})\s+)*)"
    r"(?P<head>squares?|trapezoids?|bottleneck|branch(?:es)?|paths?|arms?|columns?|routes?|box(?:es)?|blocks?"
    r"|shapes?|matrix|matrices|weights?|factors?)\b(?!\s+of\b)"
    r"(?P<behind>\s+(?:on|at|to)\s+the\s+(?P<side>left|right|top|bottom))?",
    _HEADS,
)
_NAME = r"\$?(?P<name>[A-Z](?:_\w+)?)\$?"
_CALLED = re.compile(rf"\s+{_NAME}(?![\w'])")
_IS = re.compile(rf"\s+(?:is|shows|holds)\s+{_NAME}\s*\.?\s*$")
_MORE = re.compile(r"\s*,?\s*and\s+")


class _Part(NamedTuple):
    """A weight of the picture: its shape, its branch of how many, its place from below or from the left."""

    symbol: str
    shape: str
    branch: int
    branches: int
    level: int


class Pointed(NamedTuple):
    """The sentence with names in place of what points, once for each that it is said of. `named` is the
    verdict on a colour or a name."""

    texts: tuple[str, ...] = ()
    named: Answer | None = None


def resolved(sentence: str, figure: model.Figure, collector: Collector) -> Pointed | None:
    """None for a sentence that points to nothing on the picture."""
    if any(panel.model is not None for panel in panels(figure)):
        return None
    parts: list[_Part] | None = None
    texts = [""]
    end = 0
    for match in _POINTS.finditer(sentence):
        looks, head = match["how"].lower().split(), _singular(match["head"].lower())
        if match["side"]:
            looks.append(match["side"].lower())
        det = match["det"].lower().split()[:1]
        plural = head != match["head"].lower()
        many = bool(det) and (det[0] in _MANY or (plural and not looks and head in _WAYS))
        if not looks and head not in _SHAPES and not (many and head in _WAYS):
            continue  # `the matrix` is any
        parts = _parts(figure) if parts is None else parts
        chosen = _chosen(parts, looks, head)
        hues = [look for look in looks if look in HUES]
        if chosen and hues:
            seen = {part.symbol: colour_of(part, figure, collector) for part in chosen}
            fitting = [part for part in chosen if seen[part.symbol] in ("", hues[0])]
            if not fitting:
                drawn = " and in ".join(dict.fromkeys(seen.values()))
                return Pointed((), told(False, f"it is drawn in {drawn}"))
            chosen = fitting
        symbols = list(dict.fromkeys(part.symbol for part in chosen))
        several = many or plural or head == "bottleneck" or head in _WAYS
        if not symbols or (len(symbols) > 1 and not several):
            continue
        behind = sentence[match.end() :]
        name = _CALLED.match(behind) or _IS.match(behind)
        if name is not None and (name.re is _IS or name["name"] not in symbols):
            return Pointed((), told(name["name"] in symbols, f"it is {' and '.join(symbols)}"))
        stop = match.end() + (0 if name is None else name.end())
        each = many and head in _WAYS
        groups = _by_branch(chosen) if each else [symbols]
        spoken = [_named(group, collector) for group in groups]
        if det in (["neither"], ["no"]):
            spoken = [f"{'neither' if len(spoken) > 1 else 'not'} {' nor '.join(spoken)}"]
        between = sentence[end : match.start()]
        texts = [f"{text}{between}{own}" for text in texts for own in spoken][:8]
        end = stop
    if end == 0:
        return None
    return Pointed(tuple(f"{text}{sentence[end:]}" for text in texts))


def colour_of(part: _Part, figure: model.Figure, collector: Collector) -> str:
    """The colour that a weight is drawn in; '' if it has no name."""
    role = role_of(part.symbol, collector) or ("frozen" if part.shape == "square" else "trained")
    palette = palette_of(figure.theme.palette)
    return hue(colours(palette)[palette.roles[ROLES.get(role, "frozen")][1] or ""])


def hue(colour: str) -> str:
    angle, _, saturation = colorsys.rgb_to_hls(*channels(colour))
    degrees = 360 * angle
    names = (name for name, spans in HUES.items() if any(low <= degrees <= high for low, high in spans))
    return next(names, "") if saturation > 0.2 else ""


def _singular(head: str) -> str:
    irregular = {"matrices": "matrix", "branches": "branch", "boxes": "box"}
    return irregular.get(head, head.removesuffix("s"))


def _parts(figure: model.Figure) -> list[_Part]:
    """The weights that are drawn, in stacks or as a product."""
    shown = panels(figure)
    stacks = [panel.stack for panel in shown if panel.stack] or ([figure.stack] if figure.stack else [])
    found = [part for stack in stacks for part in _of_stack(stack)]
    if not found and len(shown) < 2:
        product = shown[0].product if shown else figure.product
        last = [place for place, part in enumerate(product) if isinstance(part, str) and part in ("=", "≈")]
        behind = product[last[-1] + 1 :] if last else product
        factors = [str(part.matrix) for part in behind if isinstance(part, model.Matrix)]
        found = [_Part(symbol, "", place, len(factors), place) for place, symbol in enumerate(factors)]
    return found


def _of_stack(stack: Sequence[model.StackElement]) -> Iterator[_Part]:
    splits = sum(isinstance(part, model.Split) for part in stack)
    for level, part in enumerate(stack):
        branches = branches_of(part) if isinstance(part, model.Split) else ((part,),)
        for number, branch in enumerate(branches):
            for height, (symbol, shape) in enumerate(pair for inner in branch for pair in _weights(inner)):
                count = len(branches) if splits == 1 and isinstance(part, model.Split) else 0
                yield _Part(symbol, shape, number, count, level + height)


def _weights(part: model.StackElement) -> list[tuple[str, str]]:
    match part:
        case model.Square(square=symbol):
            return [(symbol, "square")]
        case model.Trapezoid(trapezoid=symbol):
            return [(symbol, "trapezoid")]
        case model.Bottleneck():
            return [(factor.trapezoid, "trapezoid") for factor in trapezoids(part)]
        case _:
            return []


def _chosen(parts: Sequence[_Part], looks: Sequence[str], head: str) -> list[_Part]:
    """Those that the words fit; none where what they say of a place is open."""
    chosen = [part for part in parts if _SHAPES.get(head, part.shape) == part.shape]
    if any(word in (*_WIDE, *_THIN) for word in looks):
        if not any(part.shape == "square" for part in parts):
            return []
        shape = "square" if any(word in _WIDE for word in looks) else "trapezoid"
        chosen = [part for part in chosen if part.shape == shape]
    for word in looks:
        if word not in (*_FIRST, *_LAST):
            continue
        by_height = word in _UP or (word in ("first", "second", "last") and head not in _WAYS)
        aside = {part.branches for part in parts} == {2} and not (by_height and head not in _WAYS)
        beside = parts if aside else chosen
        places = sorted({part.branch if aside else part.level for part in beside})
        if (
            len(places) != 2
            or (by_height and head in _WAYS)
            or (not aside and not by_height and head in _SHAPES)
        ):
            return []
        at = places[0 if word in _FIRST else -1]
        chosen = [part for part in chosen if (part.branch if aside else part.level) == at]
    return chosen if head not in _WAYS or {part.branches for part in parts} <= {0, 2} else []


def _by_branch(parts: Sequence[_Part]) -> list[list[str]]:
    branches: dict[int, list[str]] = {}
    for part in parts:
        branches.setdefault(part.branch, []).append(part.symbol)
    return list(branches.values())


def _named(symbols: Sequence[str], collector: Collector) -> str:
    """What a sentence calls these: the adapter, if they are all of it that is trained."""
    trained = collector.judge.symbols.adapter.trainable
    if len(symbols) > 1 and set(symbols) == set(trained):
        return "the adapter"
    return " and ".join(f"${symbol}$" for symbol in symbols)
