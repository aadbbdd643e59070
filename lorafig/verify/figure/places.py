"""Words of a caption that say where they point: `Left: …`, `(a) …`, `… (right)`, `the left branch`, and by
their colour, `Blue: frozen`. What follows is said of the panel, the branch or the role that is there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from lorafig.errors import Place
from lorafig.language import model
from lorafig.language.scope import panels
from lorafig.notation.read.parse import parse_text
from lorafig.pattern import Pattern, any_case
from lorafig.themes.palettes import palette_of
from lorafig.themes.style import colours
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure import contrasts, pictured
from lorafig.verify.figure.collector import Collector
from lorafig.verify.figure.references import HUES, ROLES, hue, resolved
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
        pointed = resolved(sentence, figure, collector)
        if pointed is not None:
            if pointed.named is not None:
                collector.add(pointed.named, source, figure.unverified)
            elif not _heard(pointed.texts, source, figure, collector):
                rest.append(written)
            continue
        if not any(word in sentence.casefold() for word in (*HUES, *_ICONS)):
            rest.append(written)
            continue
        found = _concepts(sentence, collector)
        sorts = {part.sort for part in found}
        answer = coloured(figure, found, collector)
        if answer is not None:
            collector.add(answer, source, figure.unverified)
        if answer is None or ("role" in sorts and sorts & {"matrix", "subject"}):
            rest.append(written)  # it says more than what its colours mean
    return " ".join(rest)


def _concepts(sentence: str, collector: Collector) -> Sequence[Concept]:
    from lorafig.verify.read.reading import spoken

    judge = collector.judge
    return spoken(parse_text(sentence), judge.symbols.knows, collector.kind, judge.language)


def _heard(texts: Sequence[str], source: model.Source, figure: model.Figure, collector: Collector) -> bool:
    """Takes in what a sentence says of what it points to; False for prose."""
    if len(texts) > 1 and not any(part.sort == "role" for part in _concepts(texts[0], collector)):
        return False  # how two branches come together is said of no single one
    heard = Collector(collector.judge)
    for text in texts:
        heard.text(model.Source(text, source.where), figure.unverified)
    if not any(claim.text in texts for claim in heard.claims):
        return False  # the names alone are claims
    undecided = all(claim.verdict in ("undetermined", "prose") for claim in heard.claims)
    if undecided and not all(map(heard.understood, texts)):
        alone = Collector(collector.judge)
        alone.text(source, figure.unverified)
        if all(claim.verdict == "prose" for claim in alone.claims):
            return False
    for claim in heard.claims:  # as it is written
        collector.claims.append(replace(claim, text=str(source)) if claim.text in texts else claim)
    return True


# `Fine-tuning changes the orange trapezoids only.`
_CHANGES = any_case(
    r"\s*(?:fine-tuning|training|LoRA|it|we)\s+(?:only\s+)?(?:changes?|updates?|trains?|moves?"
    r"|learns?|adapts?)\s+(?:only\s+)?"
    r"(?P<what>the\s+(?:\w+\s+){0,2}(?:square|trapezoids?|bottleneck))(?:\s+(?:only|alone))?\s*\.?\s*$",
    "square|trapezoid|bottleneck",
)


# Colours ------------------------------------------------------------------------------------------

_ICONS = {"snowflake": "frozen", "lock": "frozen", "padlock": "frozen", "flame": "trained", "fire": "trained"}
_SAID = {"base": "frozen", "adapter": "trained", "update": "trained", "merged": "merged"}


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


def _sign(part: Concept) -> str:
    """The colour or the badge that a word names, '' if it names none."""
    word = part.text.lower()
    return next((name for name in (word, word.removesuffix("s")) if name in HUES or name in _ICONS), "")


def _one_colour(parts: Sequence[Concept]) -> bool:
    return sum(_sign(part) != "" for part in parts) == 1


def _told(parts: Sequence[Concept], collector: Collector) -> set[str]:
    return {role for part in parts if (role := _meant(part, collector)) in ROLES}


def coloured(figure: model.Figure, sentence: Sequence[Concept], collector: Collector) -> Answer | None:
    """The verdict on a sentence that says what each colour or badge means; None if it names none, or other
    things too. In a figure with colours of the author's own nothing is known of them."""
    named = [sign for part in sentence if (sign := _sign(part))]
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
        if role in ROLES and roles[-1:] != [role]:
            roles.append(role)
    palette = palette_of(figure.theme.palette)
    known = colours(palette)
    looks = {role: hue(known[palette.roles[drawn][1] or ""]) for role, drawn in ROLES.items()}
    meant = {
        word: _ICONS.get(word) or next((role for role in looks if looks[role] == word), "") for word in named
    }
    if len(roles) != len(named) or "" in meant.values():
        return None
    wrong = any(meant[word] != role for role, word in zip(roles, named, strict=True))
    told = ", ".join(f"{word} is for what is {role}" for word, role in meant.items())
    hint = "name the colours and the badges as they are drawn"
    return Answer("property", "fails" if wrong else "holds", detail=told, hint=hint)
