"""Words of a caption that say where they point: `Left: …`, `(a) …`, `… (right)`, `the left branch`, and by
their colour, `Blue: frozen`. What follows is said of the panel, the branch or the role that is there."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Sequence

from lorafig.errors import Place
from lorafig.graph.structure import branches_of, trapezoids
from lorafig.language import model
from lorafig.language.scope import panels
from lorafig.notation.read.parse import parse_text
from lorafig.pattern import Pattern, any_case
from lorafig.themes.palettes import palette_of
from lorafig.themes.style import channels, colours
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.properties import told
from lorafig.verify.figure import contrasts, pictured
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.headings import role_of
from lorafig.verify.read.concept import Concept

_SIDES = {"left": 0, "top": 0, "right": -1, "bottom": -1, "middle": 1, "center": 1, "centre": 1}
_AT = "left|right|top|bottom|middle|center|centre"
_SIDE = rf"(?:{_AT})"
_LETTER = r"\(([a-h])\)"
_PANEL = r"(?:panel|side|part|figure|column|picture)"
_LEADS = any_case(
    rf"(?:^|(?<=\s)){_LETTER}:?\s|(?:^|(?<=[.;,]\s))\(?({_SIDE})(?:\s{_PANEL})?\)?\s*:\s"
    rf"|(?:^|(?<=[.;,]\s))(?:on|at|in)\s+the\s+({_SIDE})(?:\s{_PANEL})?,?\s",
    f"{_AT}|)",
)
_BEHIND = Pattern(rf"{_LETTER}\s*(?:[.,;]|$)", ")")  # the letter stands behind what it names
_TRAILS = any_case(rf"\s*\((?:({_SIDE})|([a-h]))\)", ")")
_SENTENCE = any_case(
    r"(?<=[.;!])\s+(?=\S)|,\s+(?:(?:and|but|while)\s+)?(?=the\s+(?:left|right|[a-z]+\s+(?:on"
    r"|at)\s+the\s+(?:left|right))\b)",
)
_ENDS = any_case(r"[\s,;]*(?:\band\b[\s,;]*)?$")
_STARTS = any_case(r"^[\s,;.]*(?:and\b[\s,;]*)?")
_THING = r"(?:branch|path|arm|column|box|block|square|trapezoids?|matrix|matrices|weights?)"
_BRANCH = any_case(
    rf"^\s*(?:in\s+)?(?:the\s+({_SIDE})\s+{_THING}|(?:the|neither|no)\s+{_THING}\s+(?:on"
    rf"|at)\s+the\s+({_SIDE}))\b,?\s*",
    "branch|path|arm|column|box|block|square|trapezoid|matri|weight",
)
_BRANCHES = any_case(
    r"^\s*(?:in\s+)?(?:both|neither|all|the\s+two)\s+(?:of\s+the\s+)?(?:branch|path|arm)(?:e?s)?\b,?\s*",
    "branch|path|arm",
)
_DENIES = any_case(r"\s*(?:neither|no)\b", "neither|no")
_VERB = any_case(r"\b(is|are|was|were|does|do)\b(?!\s+not)")


def pieces(text: str, many: int) -> list[tuple[int | None, str]]:
    """The parts of a text, each with the panel that it speaks of, by number; None for the figure. The text as
    a whole if it names no panels, or one that is not there."""
    trails = list(_TRAILS.finditer(text))
    leads = [] if _BEHIND.search(text) is not None else list(_LEADS.finditer(text))
    found: list[tuple[int | None, str]] = []
    if many > 1 and leads:
        stops = [*(lead.start() for lead in leads[1:]), len(text)]
        found = [(None, text[: leads[0].start()])] if leads[0].start() > 0 else []
        spans = zip(leads, stops, strict=True)
        found += [(_number(lead.groups(), many), text[lead.end() : stop]) for lead, stop in spans]
    elif many > 1 and len(trails) > 1:
        starts = [0, *(trail.end() for trail in trails[:-1])]
        found = [
            (_number(trail.groups()[::-1], many), text[start : trail.start()])
            for start, trail in zip(starts, trails, strict=True)
        ]
        found.append((None, text[trails[-1].end() :]))
    told = [(place, _STARTS.sub("", _ENDS.sub("", part))) for place, part in found]
    if not told or any(place == many for place, _ in told):
        return [(None, text)]
    return _named([(place, part) for place, part in told if part])


_NAMES = re.compile(
    r"the\s+\w+(?=\s+(?:is|are|stands?|has|have|runs?|stays?)\b)|[A-Z]\w*(?=\s)", re.IGNORECASE
)
_STANDS_FOR = re.compile(r"(?:it|they)\b", re.IGNORECASE)


def _named(told: list[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    """The parts, each with whom it speaks of: `In (a) the adapter stands beside W; in (b) it is merged`."""
    named: list[tuple[int | None, str]] = []
    last = ""
    for place, part in told:
        name, stands = _NAMES.match(part), _STANDS_FOR.match(part)
        if name is not None and stands is None and place is not None:
            last = name[0]
        named.append((place, part if stands is None or not last else f"{last}{part[stands.end() :]}"))
    return named


def _number(groups: Sequence[str | None], many: int) -> int:
    """The number of a panel, from 0; as many as there are if it is none of them."""
    letter, side = groups[0], next((group for group in groups[1:] if group), None)
    if letter is not None:
        return min(ord(letter.lower()) - ord("a"), many)
    number = _SIDES[(side or "").lower()]
    return many - 1 if number < 0 else number if number == 0 or many == 3 else many


def pointed(text: str, figure: model.Figure, collector: Collector, where: Place | None) -> str:
    """Decides the sentences that point to a branch or to colours, and gives the rest of the text."""
    rest: list[str] = []
    for written in _SENTENCE.split(text):
        source = model.Source(written, where)
        changed = _CHANGES.match(written)
        sentence = written if changed is None else f"only {changed['what']} are trained."
        seen = contrasts.sentence(sentence, figure) or pictured.answer(sentence, figure, collector)
        if seen is not None:
            collector.add(seen, source, figure.unverified)
            continue
        shaped = _ordered(sentence, figure) or _shaped(sentence, figure, collector)
        if shaped is not None:
            own, said_of, wrong = shaped
            if wrong is not None:  # or right: what it is called is decided
                collector.add(wrong, source, figure.unverified)
                continue
            heard = Collector(collector.judge)
            heard.text(model.Source(said_of, where), figure.unverified, own)
            if heard.claims and all(claim.verdict != "undetermined" for claim in heard.claims):
                collector.claims += heard.claims
                continue
        said = _branches(sentence, figure)
        if not said and not any(word in sentence.casefold() for word in (*_HUES, *_ICONS)):
            rest.append(written)
            continue
        from lorafig.verify.read.reading import spoken

        judge = collector.judge
        found = spoken(parse_text(sentence), judge.symbols.knows, collector.kind, judge.language)
        sorts = {part.sort for part in found}
        if len(said) > 1 and "role" not in sorts:  # how the two come together is said of no single one
            said = []
        answer = coloured(figure, found, collector)
        for own, said_of in said:
            collector.text(model.Source(said_of, where), figure.unverified, own)
        if said:
            continue
        if answer is not None:
            collector.add(answer, source, figure.unverified)
        if answer is None or ("role" in sorts and sorts & {"matrix", "subject"}):
            rest.append(written)  # it says more than what its colours mean
    return " ".join(rest)


def _branches(text: str, figure: model.Figure) -> list[tuple[list[str], str]]:
    """The symbols of each branch that a sentence speaks of, and what it says of it; none if it speaks of
    none, or there is not one split with two branches that have weights."""
    one, all_ = _BRANCH.match(text), _BRANCHES.match(text)
    stacks = [figure.stack, *(panel.stack for panel in panels(figure))]
    splits = [part for stack in stacks for part in stack if isinstance(part, model.Split)]
    match = one or all_
    if match is None or len(splits) != 1:
        return []
    own = [[symbol for part in branch for symbol in _weights(part)] for branch in branches_of(splits[0])]
    said = text[match.end() :]
    if _DENIES.match(text):
        said, denied = _VERB.compiled().subn(r"\1 not", said, count=1)
        if not denied:
            return []
    if one is not None:
        side = (one[1] or one[2]).lower()
        own = own if side in ("left", "right") and len(own) == 2 else []
        own = own[_SIDES[side] :][:1]
    elif len(own) != 2:
        return []
    return [(symbols, said) for symbols in own] if own and all(own) else []


# `Fine-tuning changes the orange trapezoids only.`
_CHANGES = any_case(
    r"\s*(?:fine-tuning|training|LoRA|it|we)\s+(?:only\s+)?(?:changes?|updates?|trains?|moves?"
    r"|learns?|adapts?)\s+(?:only\s+)?"
    r"(?P<what>the\s+(?:\w+\s+){0,2}(?:square|trapezoids?|bottleneck))(?:\s+(?:only|alone))?\s*\.?\s*$",
    "square|trapezoid|bottleneck",
)
_SHAPED = any_case(
    r"\s*(?P<only>only\s+)?the\s+(?:two\s+|both\s+)?(?:(?P<colour>red|orange|yellow|green|blue|purple"
    r"|violet)\s+)?"
    r"(?P<shape>square|trapezoids?|bottleneck|(?:thin|narrow|small|thick|wide|large|big)\s+(?:branch"
    r"|path|matrix|matrices))\b"
    r"(?!\s+(?:on|at)\b)\s*(?P<said>(?:is|are|was|were|has|have|stays?|learns?|starts?|remains?"
    r"|receives?|gets?|never|always|changes?)\b.*)",
    "square|trapezoid|bottleneck|branch|path|matri",
)


def _shaped(
    text: str, figure: model.Figure, collector: Collector
) -> tuple[list[str], str, Answer | None] | None:
    """The symbols of the shapes that a sentence begins with, of the colour that it says, what it says of
    them, and what is wrong with their colour; None if it begins with none, or they are not of one kind."""
    match = _SHAPED.match(text)
    if match is None:
        return None
    shown = panels(figure)
    if any(panel.model is not None for panel in shown):
        return None
    stacks = [panel.stack for panel in shown] or [figure.stack]
    parts = [part for stack in stacks for part in _all(stack)]
    squares = [part for part in parts if isinstance(part, model.Square)]
    thin = [part for part in parts if isinstance(part, model.Bottleneck | model.Trapezoid)]
    shape = match["shape"].lower()
    wide = shape == "square" or shape.startswith(("thick", "wide", "large", "big"))
    chosen = squares if wide else thin
    own = list(dict.fromkeys(symbol for part in chosen for symbol in _weights(part)))
    colour = (match["colour"] or "").lower()
    if colour:
        looks = {symbol: _look(symbol, wide, figure, collector) for symbol in own}
        if own and all(look not in ("", colour) for look in looks.values()):
            return own, "", told(False, f"it is drawn in {' and in '.join(dict.fromkeys(looks.values()))}")
        own = [symbol for symbol in own if looks[symbol] in ("", colour)]
    if (
        not own
        or (wide and len(own) > 1)
        or (not shape.startswith(("square", "trapezoid", "bottleneck")) and not squares)
    ):
        return None
    named = " and ".join(f"${symbol}$" for symbol in own)
    return own, f"{match['only'] or ''}{named} {match['said']}", None


def _look(symbol: str, wide: bool, figure: model.Figure, collector: Collector) -> str:
    """The colour that the shape of a symbol is drawn in; '' if it has no name."""
    role = role_of(symbol, collector) or ("frozen" if wide else "trained")
    palette = palette_of(figure.theme.palette)
    return _hue(colours(palette)[palette.roles[_ROLES.get(role, "frozen")][1] or ""])


_ORDERED = any_case(
    r"\s*the\s+(?:(?P<at>upper|lower|first|second|left|right|last)\s+(?P<shape>trapezoid|factor|matrix)"
    r"|(?P<shape2>trapezoid|factor|matrix)\s+(?:on|at)\s+the\s+(?P<at2>left|right|top"
    r"|bottom))\s+(?P<said>.*)",
    "trapezoid|factor|matrix",
)


def _ordered(text: str, figure: model.Figure) -> tuple[list[str], str, Answer | None] | None:
    """The same of `the upper trapezoid`, and of `the factor on the left` of a product."""
    match = _ORDERED.match(text)
    if match is None or len(panels(figure)) > 1:
        return None
    at = (match["at"] or match["at2"]).lower()
    shown = panels(figure)
    stack, product = (shown[0].stack, shown[0].product) if shown else (figure.stack, figure.product)
    if stack and (match["shape"] or match["shape2"]).lower() == "trapezoid":
        parts = [part for part in _all(stack) if isinstance(part, model.Bottleneck | model.Trapezoid)]
        own = [symbol for part in parts for symbol in _weights(part)]
        sides = {"lower": 0, "bottom": 0, "first": 0, "upper": -1, "top": -1, "second": -1, "last": -1}
    else:
        last = [place for place, part in enumerate(product) if isinstance(part, str) and part in ("=", "≈")]
        behind = product[last[-1] + 1 :] if last else product
        own = [str(part.matrix) for part in behind if isinstance(part, model.Matrix)]
        sides = {"left": 0, "first": 0, "right": -1, "second": -1, "last": -1}
    if len(own) != 2 or at not in sides:
        return None
    symbol = own[sides[at]]
    said = re.sub(r"^is\s+([A-Z]\w*)\s*\.?$", r"= $\1$", match["said"])
    if said.startswith("= "):
        name = said.removeprefix("= ").strip("$ .")
        return [symbol], "", told(name == symbol, f"it is {symbol}")
    return [symbol], f"${symbol}$ {said}", None


def _all(stack: Sequence[model.StackElement]) -> list[model.StackElement]:
    """The elements of a stack, those of branches too."""
    found: list[model.StackElement] = []
    for part in stack:
        inner = (
            [one for branch in branches_of(part) for one in branch]
            if isinstance(part, model.Split)
            else [part]
        )
        found += inner
    return found


def _weights(part: model.StackElement) -> list[str]:
    match part:
        case model.Square(square=symbol) | model.Trapezoid(trapezoid=symbol):
            return [symbol]
        case model.Bottleneck():
            return [factor.trapezoid for factor in trapezoids(part)]
        case _:
            return []


# Colours ------------------------------------------------------------------------------------------

# Where each colour is on the circle of hues, in degrees.
_HUES = {
    "red": ((340, 360), (0, 14)), "orange": ((15, 45),), "yellow": ((46, 68),), "green": ((85, 175),),
    "blue": ((190, 255),), "purple": ((256, 330),), "violet": ((256, 330),),
}  # fmt: skip
_ICONS = {"snowflake": "frozen", "lock": "frozen", "padlock": "frozen", "flame": "trained", "fire": "trained"}
_ROLES = {"frozen": "frozen", "trained": "adapter", "merged": "merged"}
_SAID = {"base": "frozen", "adapter": "trained", "update": "trained", "merged": "merged"}


def _hue(colour: str) -> str:
    hue, _, saturation = colorsys.rgb_to_hls(*channels(colour))
    degrees = 360 * hue
    names = (name for name, spans in _HUES.items() if any(low <= degrees <= high for low, high in spans))
    return next(names, "") if saturation > 0.2 else ""


def _meant(part: Concept, collector: Collector) -> str:
    """The role of what a word names."""
    known = collector.judge.symbols
    if part.sort == "matrix" and known.table is not None:
        row = known.table.row(known.canonical(part.value))
        return "" if row is None else "frozen" if row.role == "random" else str(row.role)
    if part.text.lower() in ("kept", "stays", "unchanged"):
        return "frozen"
    return {"role": part.value, "subject": _SAID.get(part.value, ""), "method": "trained"}.get(part.sort, "")


def _clauses(sentence: Sequence[Concept]) -> list[list[Concept]]:
    clauses: list[list[Concept]] = [[]]
    for part in sentence:
        if part.sort == "comma":
            clauses.append([])
        clauses[-1].append(part)
    return clauses


def _one_colour(parts: Sequence[Concept]) -> bool:
    return sum(part.text.lower() in {**_HUES, **_ICONS} for part in parts) == 1


def _told(parts: Sequence[Concept], collector: Collector) -> set[str]:
    return {role for part in parts if (role := _meant(part, collector)) in _ROLES}


def coloured(figure: model.Figure, sentence: Sequence[Concept], collector: Collector) -> Answer | None:
    """The verdict on a sentence that says what each colour or badge means; None if it names none, or other
    things too. In a figure with colours of the author's own nothing is known of them."""
    named = [word for part in sentence if (word := part.text.lower()) in {**_HUES, **_ICONS}]
    flows = [figure.flow, *(panel.flow for panel in panels(figure))]
    own = any(look.fill or look.stroke for flow in flows if flow is not None for look in flow.classes)
    turned = any(part.sort in ("neg", "gradient", "flow", "than") for part in sentence)
    if not named or turned or (own and not set(named) <= set(_ICONS)):
        return None
    if any(len(_told(clause, collector)) > 1 for clause in _clauses(sentence) if _one_colour(clause)):
        return None  # `the blue matrix W is updated`: more is said
    roles: list[str] = []
    for part in sentence:
        role = _meant(part, collector)
        if role in _ROLES and roles[-1:] != [role]:
            roles.append(role)
    palette = palette_of(figure.theme.palette)
    known = colours(palette)
    looks = {role: _hue(known[palette.roles[drawn][1] or ""]) for role, drawn in _ROLES.items()}
    meant = {
        word: _ICONS.get(word) or next((role for role in looks if looks[role] == word), "") for word in named
    }
    if len(roles) != len(named) or "" in meant.values():
        return None
    wrong = any(meant[word] != role for role, word in zip(roles, named, strict=True))
    told = ", ".join(f"{word} is for what is {role}" for word, role in meant.items())
    hint = "name the colours and the badges as they are drawn"
    return Answer("property", "fails" if wrong else "holds", detail=told, hint=hint)
