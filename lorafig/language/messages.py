"""How errors and the reference put what the language expects into words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from lorafig.errors import Place
from lorafig.language import kinds, model
from lorafig.language.kinds import Kind, members
from lorafig.themes.palettes import PALETTES

# A path from an object to what is wrong in it, or a place; what is wrong; a hint; and a code, if it is
# another than that of things that do not go together.
Where: TypeAlias = tuple[str | int, ...] | Place
Finding: TypeAlias = tuple[Where, str, str | None] | tuple[Where, str, str | None, str]
UNKNOWN = "unknown-name"

# Classes that an author knows by another word than their name.
TITLES: dict[type, str] = {
    model.ThemeChoice: "theme",
    model.Theme: "a theme file",
    model.Inks: "the colours of dark pages",
    model.Colours: "the colours of a role",
    model.FlowNode: "node",
    model.FlowGroup: "group",
    model.Look: "class",
    model.CardRow: "row",
    model.SizeSlider: "slider",
}


def title(cls: type) -> str:
    """What an author calls an object of the class: its key, or the key that it stands under."""
    return TITLES.get(cls, cls.__name__.lower())


def phrase(kind: Kind, plural: bool = False) -> str:
    """A kind in words, after 'expected'."""
    match kind:
        case kinds.Label(form="math"):
            return "formulas" if plural else "a formula"
        case kinds.Label():
            return "texts" if plural else "a text"
        case kinds.Identifier():
            return "names" if plural else "a name"
        case kinds.Whole(low=low, high=high):
            bound = "2^40" if high == 2**40 else f"{high}"
            return f"{'whole numbers' if plural else 'a whole number'} from {low} to {bound}"
        case kinds.Real(low=low, high=high, positive=positive):
            if positive:
                return "a number greater than 0"
            return f"a number from {low:g} to {high:g}"
        case kinds.Truth():
            return "true or false"
        case kinds.Colour():
            return "colours" if plural else "a colour such as '#0072B2'"
        case kinds.Chain():
            return "edges" if plural else "an edge such as 'x -> W'"
        case kinds.Range():
            return "indices with their ranges" if plural else "an index and its range, 'i = 1..N'"
        case kinds.NetworkName():
            return "a network such as 'llama-3-8b', or the path of a config.json"
        case kinds.PaletteFile():
            return phrase(kinds.Choice(tuple(PALETTES))) + ", or the path of a theme file such as 'mine.yaml'"
        case kinds.Length():
            return "a width such as '3.25in'"
        case kinds.Target():
            return "names of modules" if plural else "the name of a module such as 'q_proj'"
        case kinds.Rest():
            return "sizes by their symbols"
        case kinds.Named(cls=cls, symbol=symbol):
            ending = "es" if title(cls).endswith("s") else "s"
            keys = "names" if not symbol or cls is model.Symbol else "symbols"
            return f"a mapping from {keys} to {title(cls)}{ending}"
        case kinds.Choice(values=values):
            shown = [f"'{value}'" if isinstance(value, str) else repr(value) for value in values]
            return ("one of " if len(values) > 1 else "") + listing(shown, "or", quote=False)
        case kinds.Many(item=kinds.Either() as item) if any(
            isinstance(member, kinds.Many) for member in members(item)
        ):
            if any(isinstance(member, kinds.Label) for member in members(item)):
                return "a list of matrices and signs, [ΔW, '=', B, A]"
            return "a list of branches, each an element or a list of elements"
        case kinds.Many(item=item, least=least):
            if plural:
                return "lists of " + phrase(item, plural=True)
            return ("a list of two or more " if least > 1 else "a list of ") + phrase(item, plural=True)
        case kinds.Record(cls=cls):
            if plural:
                return title(cls) + "s"
            return (
                f"a mapping for '{title(cls)}'" if cls is not model.Figure else "a mapping of keys to values"
            )
        case kinds.Either():
            return _either_phrase(kind, plural)


def _either_phrase(kind: kinds.Either, plural: bool) -> str:
    texts: list[str] = []
    records: list[kinds.Record] = []
    others: list[str] = []
    for member in kind.members:
        match member:
            case kinds.Record():
                records.append(member)
            case kinds.Label():
                texts.append(phrase(member, plural))
            case _:
                others.append(phrase(member, plural))
    if len(records) == 1:
        texts.append(phrase(records[0], plural))
    elif records:
        elements = issubclass(records[0].cls, model.Element)
        single, several = ("an element", "elements") if elements else ("an entry", "entries")
        texts.append(several if plural else single)
    return listing(dict.fromkeys([*texts, *others]), "or", quote=False)


def listing(words: Iterable[str], last: str = "and", quote: bool = True) -> str:
    quoted = [f"'{word}'" if quote else word for word in words]
    if len(quoted) < 2:
        return "".join(quoted)
    return ", ".join(quoted[:-1]) + f" {last} " + quoted[-1]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that is meant, as a question; None if none is close."""
    return _close(word[:64].lower(), tuple(known))


@lru_cache(1024)  # a mistake may be made ten thousand times
def _close(word: str, known: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches

    by_lower = {text.lower(): text for text in known}
    close = get_close_matches(word, by_lower, n=1, cutoff=0.6)
    return f"did you mean '{by_lower[close[0]]}'?" if close else None
