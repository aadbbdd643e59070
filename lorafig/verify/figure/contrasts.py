"""What panels say in contrast to one another: `Small rank` beside `Large rank`, `The adapter on the right has
more parameters`, `From left to right the rank grows`, `Two ranks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from lorafig.language import model
from lorafig.language.scope import numbers_of, panels, scoped
from lorafig.pattern import any_case
from lorafig.verify.decide import counts
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.properties import told
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.meaning.terms import Doubt

_LOW = r"small|smaller|low|lower|few|fewer|less|narrow|narrower|thin|thinner|tiny|short"
_HIGH = r"large|larger|big|bigger|high|higher|many|more|wide|wider|thick|thicker"
_NOUN = r"rank|parameters|adapter|bottleneck|update|layer|model|weight|width|hidden size"
_SIDE = r"left|right|first|second|last|top|bottom"
_TITLES = tuple(
    any_case(pattern, f"{_LOW}|{_HIGH}")
    for pattern in (
        rf"(?:an?\s+|the\s+)?(?:(?P<low>{_LOW})|(?P<high>{_HIGH}))\s+(?P<noun>{_NOUN})",
        rf"(?P<noun>{_NOUN}):\s+(?:(?P<low>{_LOW})|(?P<high>{_HIGH}))",
    )
)
_HAS = any_case(
    rf"\s*the\s+(?:(?P<noun>{_NOUN})\s+(?:on|at)\s+the\s+(?P<at>{_SIDE})"
    rf"|(?P<at2>{_SIDE})\s+(?P<noun2>{_NOUN}))"
    rf"\s+(?:has|trains|needs|takes|is)\s+(?:an?\s+|the\s+)?(?:(?P<low>{_LOW})|(?P<high>{_HIGH}))"
    rf"(?:\s+(?:trainable\s+)?(?P<of>{_NOUN}))?\s*\.?\s*",
    _SIDE,
)
_TRAINED = any_case(
    rf"\s*(?:(?P<low>fewer|less)|(?P<high>more))\s+parameters\s+are\s+(?:trained|learned)\s+(?:on"
    rf"|at)\s+the\s+(?P<at>{_SIDE})"
    rf"(?:\s+than\s+(?:on|at)\s+the\s+(?:{_SIDE}))?\s*\.?\s*",
    _SIDE,
)
_COST = any_case(
    r"(?:(?P<low>cheap|cheaper|inexpensive)|(?P<high>expensive|costly|dear))\s+to\s+(?:train|fine-tune)",
    "train|fine-tune",
)
_NUMBER_OF = r"(?:(?:number|count)\s+of\s+)?(?:(?:trainable|trained|learned)\s+)?"
_GROWS = r"(?:(?P<high>grows?|rises?|increases?|widens?)|(?P<low>shrinks?|falls?|decreases?|drops?|narrows?))"
_TURNS = tuple(
    any_case(pattern, "grow|rise|increase|widen|shrink|fall|decrease|drop|narrow")
    for pattern in (
        rf"\s*from\s+(?P<first>left|right)\s+to\s+(?:left"
        rf"|right),?\s+the\s+{_NUMBER_OF}(?P<noun>{_NOUN})\s+{_GROWS}\s*\.?\s*",
        rf"\s*the\s+{_NUMBER_OF}(?P<noun>{_NOUN})\s+{_GROWS}\s+from\s+(?P<first>left|right)\s+to\s+(?:left"
        rf"|right)\s*\.?\s*",
    )
)
_HOLDS = any_case(
    rf"\s*the\s+(?P<at>{_SIDE})\s+(?P<noun>adapter|bottleneck|update|one"
    rf"|panel|figure|layer)\s+(?:has|trains|needs)\s+(?P<times>twice|[\w.]+\s+times)\s+"
    rf"(?:the|as\s+many)\s+(?:trainable\s+)?(?P<of>rank|parameters)"
    rf"(?:\s+(?:of|as|than)\s+(?:on\s+)?the\s+(?P<other>{_SIDE})(?:\s+(?:one|panel))?)?\s*\.?\s*",
    "twice|times",
)
_TIMES = any_case(
    rf"\s*the\s+(?P<at>{_SIDE})\s+(?P<noun>{_NOUN})\s+is\s+(?P<times>[\d.]+)\s*(?:times|×"
    rf"|x)\s+as\s+(?:large|big|wide|high)"
    rf"\s+as\s+the\s+(?P<other>{_SIDE})(?:\s+one)?\s*\.?\s*",
    _SIDE,
)
_MANY = any_case(
    r"\s*(?P<many>two|three|four|five|[2-9])\s+(?P<of>ranks|methods|adapters|panels)\b",
    "ranks|methods|adapters|panels",
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "eight": 8, "ten": 10, "sixteen": 16}


def title(panel: model.Panel, figure: model.Figure) -> Answer | None:
    """The verdict on a panel's title that says how it compares with the others; None if it says nothing of
    that, or all are the same in it."""
    text = str(panel.panel).strip()
    match = next((one for pattern in _TITLES if (one := pattern.fullmatch(text)) is not None), None)
    cost = _COST.fullmatch(text)
    shown = panels(figure)
    noun = "parameters" if match is None else match["noun"]
    match = match or cost
    if match is None:
        return None
    values = _values(noun, shown, figure)
    mine = values[shown.index(panel)]
    if len(set(values)) < 2 or mine is None:
        return None
    known = [value for value in values if value is not None]
    right = mine < max(known) if match["low"] else mine > min(known)
    return told(right, _listed(noun, known))


def sentence(text: str, figure: model.Figure) -> Answer | None:
    """The verdict on a sentence of a caption that compares panels; None for any other."""
    shown = panels(figure)
    if len(shown) < 2:
        return None
    has, times, trained, holds = (pattern.fullmatch(text) for pattern in (_HAS, _TIMES, _TRAINED, _HOLDS))
    turns = next((match for pattern in _TURNS if (match := pattern.fullmatch(text)) is not None), None)
    if holds is not None:
        many = _NUMBERS.get(holds["times"].split()[0].lower().replace("twice", "two"))
        values = _values(holds["of"], shown, figure)
        own = _place(holds["at"], len(values))
        if holds["other"] is None and len(values) != 2:
            return None
        there = 1 - own if holds["other"] is None else _place(holds["other"], len(values))
        mine, other = values[own], values[there]
        if many is None or mine is None or other is None:
            return None
        return told(mine == many * other, _listed(holds["of"], [mine, other]))
    if trained is not None:
        values = _values("parameters", shown, figure)
        return _differs(values[_place(trained["at"], len(values))], values, trained["high"] is not None)
    if has is not None:
        values = _values(has["of"] or has["noun"] or has["noun2"], shown, figure)
        mine = values[_place(has["at"] or has["at2"], len(values))]
        return _differs(mine, values, has["high"] is not None)
    if turns is not None:
        values = _values(turns["noun"], shown, figure)
        values = values if turns["first"].lower() == "left" else values[::-1]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        steps = [one < other if turns["high"] else one > other for one, other in pairwise(known)]
        return told(all(steps), _listed(turns["noun"], known))
    if times is not None:
        values = _values(times["noun"], shown, figure)
        mine, other = (values[_place(times[name], len(values))] for name in ("at", "other"))
        if mine is None or not other:
            return None
        return told(mine == float(times["times"]) * other, _listed(times["noun"], [mine, other]))
    return counted(text, figure)


def counted(text: str, figure: model.Figure) -> Answer | None:
    """The verdict on `Two ranks`, at the beginning of a title; None for any other."""
    match, shown = _MANY.match(text), panels(figure)
    if match is None or len(shown) < 2:
        return None
    of = match["of"].lower()
    there: Mapping[str, set[object]] = {
        "ranks": {scoped(figure, panel).model.r for panel in shown},
        "methods": {scoped(figure, panel).model.adapter for panel in shown},
        "adapters": set(range(len(shown))),
        "panels": set(range(len(shown))),
    }
    many = _NUMBERS.get(match["many"].lower()) or int(match["many"])
    return told(many == len(there[of]), f"{len(there[of])} {of} are shown")


def _differs(mine: int | None, values: Sequence[int | None], higher: bool) -> Answer | None:
    known = [value for value in values if value is not None]
    if mine is None or len(known) < len(values):
        return None
    right = mine > min(known) if higher else mine < max(known)
    return told(right, "they are " + ", ".join(f"{value:,}" for value in known))


def _listed(noun: str, values: Sequence[int]) -> str:
    return f"{noun}, panel by panel: {', '.join(f'{value:,}' for value in values)}"


def _place(side: str, many: int) -> int:
    return {"left": 0, "first": 0, "top": 0, "second": 1}.get(side.lower(), many - 1)


def _trained(figure: model.Figure) -> int | None:
    try:
        return int(counts.valued(counts.trained_parameters(of_figure(figure))))
    except Doubt:
        return None


def _values(noun: str, shown: Sequence[model.Panel], figure: model.Figure) -> list[int | None]:
    """What a noun means in each panel: its rank, the parameters that it trains, or how wide its layer is."""
    found: list[int | None] = []
    for panel in shown:
        there = scoped(figure, panel)
        numbers = numbers_of(there.model)
        d, r = (numbers.get(name) for name in ("d", "r"))
        if noun.lower() == "rank":
            found.append(None if r is None else int(r))
        elif noun.lower() in ("layer", "model", "weight", "width", "hidden size"):
            found.append(None if d is None else int(d))
        else:
            found.append(_trained(there))
    return found
