"""Mathematics in words, drawn as mathematics: `W is frozen` as `$W$ is frozen`.

What is a symbol in a text is known from the parse by which its claims are read: the article of `A weight` is
none, nor is the k of `q, k, v projections`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lorafig.errors import LorafigError
from lorafig.language import model
from lorafig.language.rewrite import Write, rewritten
from lorafig.language.scope import panels, scoped
from lorafig.language.table import Row, Table, table
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Node, Relation, Run
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.token import Token

# Letters that stand alone, capitals in a row such as BAx, and signs: without one of them nothing is to do.
_MAY = re.compile(r"(?<![^\W_])(?:[A-Za-zΑ-Ωα-ω]|[A-ZΔ]{1,3}x?|Δ[A-Z])(?=_|['′]|[₀-₉]|(?![^\W_]))")
_SORTS = frozenset({"matrix", "size", "amount", "relation", "formula", "shapes"})
# What letters are the names of, and no symbols: `Appendix A`, `Task A`.
_LETTERED = frozenset(
    [
        *("appendix", "case", "client", "example", "expert", "figure", "group", "layer", "model", "option"),
        *("panel", "part", "phase", "plan", "request", "section", "stage", "step", "system", "table", "task"),
        *("tenant", "user", "variant"),
    ]
)
_TERM = r"(?<![\w.])(?:[A-ZΔ]{1,3}x?|[a-zα-ω])(?:_\w)?['′]?(?![\w.'-])"
_FORMULA = re.compile(rf"{_TERM}(?:\s?[=+−]\s?{_TERM})*\s?=\s?{_TERM}(?:\s?[=+−]\s?{_TERM})*")
_ESCAPED = re.compile(r"[$%&#_{}\\*]")


class Names(Struct, frozen=True):
    """The symbols of a model by name, and its families."""

    symbols: frozenset[str]
    sizes: frozenset[str]
    families: frozenset[Row]

    def knows(self, name: str) -> bool:
        if name in self.symbols or name in self.sizes:
            return True
        return any(row.member(name) is not None for row in self.families)

    def kind(self, node: Node) -> str:
        """What mathematics in a text is, as far as names say it: see `concepts`."""
        plain = bare(node)
        if isinstance(plain, Relation):
            return "relation"
        name = key(plain)
        if name is None:
            return "formula"
        return "size" if name in self.sizes else "matrix" if self.knows(name) else "unknown"

    def __or__(self, other: Names) -> Names:
        families = self.families | other.families
        return Names(self.symbols | other.symbols, self.sizes | other.sizes, families)


def names_of(table: Table) -> Names:
    rows = (row for row in table.rows.values() if row.indices)
    families = frozenset(Row(None, indices=row.indices, around=row.around) for row in rows)
    bases = {row.around[0].rstrip("_") for row in families}
    sizes = frozenset((*table.sizes, *table.ties))
    return Names(frozenset((*table.rows, *table.lets, *bases)) - {""}, sizes, families)


def inlined(figure: model.Figure, *, page: bool = False) -> model.Figure:
    """The figure with the symbols in its words as mathematics, those of its `page` too if that is asked; the
    same figure where there are none."""
    own, write = _names(figure), writer_of(figure)
    row = tuple(_panel(panel, figure, own) for panel in figure.row)
    if any(new is not old for new, old in zip(row, figure.row, strict=True)):
        figure = replace(figure, row=row)
    if page and figure.about.shows is not None:
        figure = replace(figure, about=replace(figure.about, shows=write(figure.about.shows, "text")))
    aside = (model.About, model.Panel, *(() if page else (model.Lesson,)))
    done: model.Figure = rewritten(figure, write, aside)
    return done


def _panel(panel: Any, figure: model.Figure, own: Names) -> Any:
    scope = isinstance(panel, model.Panel) and panel.model is not None
    return rewritten(panel, _writer(_names(scoped(figure, panel)) if scope else own))


def writer_of(figure: model.Figure) -> Write:
    """What writes a text that may speak of all panels."""
    scopes = [_names(scoped(figure, panel)) for panel in panels(figure) if panel.model is not None]
    return _writer(reduce(or_, scopes, _names(figure)))


def _names(figure: model.Figure) -> Names:
    return names_of(table(figure.model, figure.numbers.kilo))


def _writer(names: Names) -> Write:
    def write(source: str, form: str) -> str:
        if form != "text" or _MAY.search(source) is None:
            return source
        text = inline(str(source), names)
        return source if text is None else model.Source(text, getattr(source, "where", None))

    return write


@lru_cache(maxsize=4096)
def inline(source: str, names: Names) -> str | None:
    """A text with the symbols in its words between `$…$`; None if it has none."""
    from lorafig.verify.read.concepts import concepts, language_of
    from lorafig.verify.read.tokens import tokens

    runs = parse_text(source)
    language = language_of("".join([run.text for run in runs]))
    found = tokens(runs, names.knows, language)
    if all(token.kind != "math" or token.text == "" for token in found):
        return None
    read = concepts(found, language, names.kind)
    spans = [
        span
        for run in runs
        if run.math is None
        for span in _unbroken(run, [*_spans(run, found, read, language)])
    ]
    return "".join(_written(run, source, spans) for run in runs) if spans else None


def _spans(
    run: Run, found: Sequence[Token], read: Sequence[Concept], language: str
) -> Iterator[tuple[int, int]]:
    """Where symbols stand in a run of words."""
    from lorafig.verify.read.concepts import article
    from lorafig.verify.read.lexicon import lexicon

    known = lexicon(language)
    for at, token in enumerate(found):
        start, stop = token.start - run.offset, token.stop - run.offset
        if token.kind != "math" or token.node is None:
            continue
        own = run.text[max(start, 0) : stop]
        if own != token.text:
            if start >= 0 and own == token.text.replace("×", "x"):  # `d x d`: its sizes are symbols
                yield from ((start + at, start + to) for at, to in _sizes(own))
            continue
        place = next((place for place, part in enumerate(read) if part.start == token.start), None)
        if start < 0 or token.text == "" or place is None or read[place].sort not in _SORTS:
            continue
        letter = len(token.text) == 1
        if letter and (article(found, at) or (language != "en" and known.has([token.text]))):
            continue
        if letter and (
            _is_lettered(found[at - 1 : at]) or _in_modules(read, place) or _between_sizes(read, place)
        ):
            continue
        if _is_as_read(token.text, token.node):
            yield token.start, token.stop


def _unbroken(run: Run, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places, but for a formula with letters that nobody knows, the b of `y = Wx + b`: whole."""
    for match in _FORMULA.finditer(run.text) if spans else ():
        start, stop = match.start() + run.offset, match.end() + run.offset
        inside = [span for span in spans if start <= span[0] and span[1] <= stop]
        if inside and inside != [(start, stop)]:
            with suppress(LorafigError):
                parse_math(match[0])
                spans = sorted([*(span for span in spans if span not in inside), (start, stop)])
    return spans


def _sizes(shape: str) -> Iterator[tuple[int, int]]:
    """Where the sizes that are letters stand in a shape as keyboards write it."""
    return (match.span() for match in re.finditer(r"(?<![\w.])(?!x )[A-Za-z](?:_\w+)?(?![\w.])", shape))


def _is_lettered(before: Sequence[Token]) -> bool:
    return bool(before) and before[0].kind == "word" and before[0].text.lower() in _LETTERED


def _in_modules(read: Sequence[Concept], place: int) -> bool:
    """Whether it stands in a list with letters that name modules: the k of `q, k, v`."""
    beside = (*read[max(0, place - 2) : place], *read[place + 1 : place + 3])
    return any(part.sort == "module" and len(part.text) == 1 for part in beside)


def _between_sizes(read: Sequence[Concept], place: int) -> bool:
    """Whether it is the sign of `d x d`."""
    around = [part.sort for part in (*read[max(0, place - 1) : place], *read[place + 1 : place + 2])]
    return read[place].text == "x" and around in (["size"] * 2, ["amount"] * 2)


def _is_as_read(text: str, node: Node) -> bool:
    """Whether mathematics that looks like the words is what they were read as, and has a symbol in it."""
    if re.search(r"\w\s+\w", text) is not None or re.search(r"\dx$", text) is not None:
        return False
    try:
        return parse_math(text) == node and any(key(part) is not None for part in walk(node))
    except LorafigError:
        return False


def _written(run: Run, source: str, spans: Sequence[tuple[int, int]]) -> str:
    """A run as a text has it, with mathematics in these places of its words."""
    if run.math is not None:
        end = run.offset + 1
        while source[end] != "$":
            end += 2 if source[end] == "\\" else 1
        return source[run.offset : end + 1]
    pieces, at = [], 0
    inside = (span for span in spans if run.offset <= span[0] and span[1] <= run.offset + len(run.text))
    for start, stop in ((start - run.offset, stop - run.offset) for start, stop in inside):
        pieces += [_ESCAPED.sub(r"\\\g<0>", run.text[at:start]), f"${run.text[start:stop]}$"]
        at = stop
    text = "".join(pieces) + _ESCAPED.sub(r"\\\g<0>", run.text[at:])
    return f"**{text}**" if run.bold else text
