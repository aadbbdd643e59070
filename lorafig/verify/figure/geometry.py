"""Sides and braces as the spec gives them: what they stand for must be what they are drawn along."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from lorafig.graph.structure import trapezoids
from lorafig.language import model
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import FAILS, HOLDS, Compares, Condition, Either, every, holds
from lorafig.verify.decide.counts import readable
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Constant, Doubt, IllTyped, Undecidable
from lorafig.verify.read import texts
from lorafig.verify.read.classify import shown
from lorafig.verify.read.concepts import language_of
from lorafig.verify.read.lexicon import folded, lexicon
from lorafig.verify.read.quoted import spaced


def matrix(symbol: str, collector: Collector) -> tuple[str, str] | None:
    """The dimensions that a matrix maps from and to; None where its symbol has no such meaning, which is a
    claim of its own that was decided with its label."""
    try:
        term = collector.term(symbol)
    except Doubt:
        return None
    if term.type.is_scalar or term.type.is_vector:
        return None
    return term.type.columns, term.type.rows


def vector(symbol: str, collector: Collector) -> str | None:
    """The dimension of a vector; None for anything else."""
    try:
        kind = collector.term(symbol).type
    except Doubt:
        return None
    return kind.length if kind.is_vector else None


def size(name: str, collector: Collector) -> int | None:
    if name == ONE:
        return 1
    return int(name) if name.isdecimal() else collector.judge.symbols.dimensions.get(name)


def measures(
    brace: model.Brace,
    along: tuple[str, ...],
    what: str,
    own: str,
    collector: Collector,
    unverified: str | None,
) -> None:
    """A brace along a side of the element of the symbol `own`: its label must name the dimension of the side,
    one of `along`, and words in it may speak of the symbol."""
    label = collector.tree(brace.label)
    said = collector.spoken(label, collector.tree(own))
    if said is not None and not isinstance(label, tree.Relation):
        collector.add(said, brace.label, unverified)
    word = isinstance(label, tree.Words) or collector.judge.is_word(label)
    called = _called(spaced(label), collector) if word else None
    if called is not None and said is None:
        label = called
    elif word and (said is not None or texts.claimed(spaced(label)) is None):
        return
    try:
        if isinstance(label, tree.Relation):
            collector.math(brace.label, unverified)
            label = label.sides[0]
        answer = _measured(label, along, what, collector)
    except Doubt as doubt:
        answer = doubtful("geometry", doubt)
    collector.add(answer, brace.label, unverified)


def _called(words: str, collector: Collector) -> tree.Node | None:
    """The size that words along a side name, as `rank` does; None if they name none, or any: `width`."""
    match, folded_ = None, folded(words)
    if folded_ and "width" not in folded_:
        match = lexicon(language_of(words, collector.judge.language)).at(folded_, 0)
    if match is None or match[1] < len(folded_) or match[0].sort != "dimension":
        return None
    name = collector.judge.symbols.dimension(match[0].value)
    return None if name is None else collector.tree(name)


def _measured(label: tree.Node, along: tuple[str, ...], what: str, collector: Collector) -> Answer:
    symbols = collector.judge.symbols
    dimension = symbols.dimension(key(label))
    sides, said = " or ".join(along), spaced(label)
    due, hint = sides, f"it should read {sides}"
    if dimension is not None:
        if dimension in along:
            return Answer("geometry", "holds", value=dimension, shown=said)
        detail = f"{what} is {sides}, and the brace along it says {said}"
        return Answer("geometry", "fails", due, said, detail=detail, hint=hint)
    term = elaborate(label, symbols)
    if not term.type.is_scalar:
        detail = f"{what} is {sides}, and {said} is not a dimension but of shape {term.type}"
        return Answer("geometry", "ill-typed", due, said, detail=detail, hint=hint)
    if not isinstance(term, Constant):
        raise Undecidable(f"the size of {said} is not known")
    values = [size(dimension, collector) for dimension in along]
    sized = [
        symbols.size(dimension) for dimension, value in zip(along, values, strict=True) if value is not None
    ]
    condition = Either(tuple(Compares(term, "=", value) for value in sized))
    if holds(condition):
        return Answer("geometry", "holds", value=str(term.value), shown=said, condition=condition)
    if shown(label) is not None or isinstance(label, tree.Number):
        detail = f"{what} is {sides} = {values[0]:,}, and the brace along it says {said}"
        due, hint = str(values[0]), f"it should read {values[0]:,}"
    else:
        detail = f"{what} is {sides}, and {said} is {readable(term.value)}"
    return Answer("geometry", "fails", due, said, detail=detail, hint=hint, condition=condition)


def bar(element: model.Bar, collector: Collector) -> None:
    try:
        term = collector.term(element.bar)
        if not term.type.is_vector:
            raise IllTyped(f"a bar is a vector, and {spaced(collector.tree(element.bar))} is {term.type}")
    except Doubt as doubt:
        if isinstance(doubt, IllTyped):
            collector.add(doubtful("geometry", doubt), element.bar, element.unverified)
        return
    if element.brace is None:
        return
    if element.span:
        detail = "the bar spans its panel: its width stands for no dimension, and no brace measures it"
        answer = Answer("geometry", "fails", detail=detail, hint="leave out 'span' or the brace")
        collector.add(answer, element.brace.label, element.unverified)
        return
    what = f"the bar of {spaced(collector.tree(element.bar))}"
    measures(element.brace, (term.type.length,), what, element.bar, collector, element.unverified)


def square(element: model.Square, collector: Collector) -> None:
    own = matrix(element.square, collector)
    if own is None:
        _no_matrix(element.square, "a square", element.unverified, collector)
    elif element.brace is not None:
        what = f"the width of {spaced(collector.tree(element.square))}"
        measures(element.brace, (own[0],), what, element.square, collector, element.unverified)


def _no_matrix(symbol: str, what: str, unverified: str | None, collector: Collector) -> None:
    """A shape that stands for a matrix, and its symbol is none."""
    try:
        kind = collector.term(symbol).type
    except Doubt:
        return
    is_ = "a number" if kind.is_scalar else f"a vector of {kind}"
    detail = f"{what} is a matrix, and {spaced(collector.tree(symbol))} is {is_}"
    collector.add(Answer("geometry", "ill-typed", detail=detail), symbol, unverified)


def sides(element: model.Trapezoid, collector: Collector) -> None:
    """The sides that a trapezoid is drawn from and to, held to what its matrix maps from and to."""
    own = matrix(element.trapezoid, collector)
    if own is None:
        _no_matrix(element.trapezoid, "a trapezoid", element.unverified, collector)
        return
    given = (element.from_, element.to)
    if given == (None, None):
        return
    places = (place_of(side) for side in given if side is not None)
    place = next((place for place in places if place is not None), element.where)
    try:
        drawn = tuple(own[i] if side is None else _dimension(side, collector) for i, side in enumerate(given))
    except Doubt as doubt:
        collector.add(doubtful("geometry", doubt), element.trapezoid, element.unverified, place)
        return
    name, maps, said = spaced(collector.tree(element.trapezoid)), _path(*own), _path(*drawn)
    answer = Answer("geometry", "holds", value=maps, shown=said)
    if drawn != own:
        detail = f"{name} is drawn from {said}, but it maps {maps}"
        hint = f"write from: {own[0]}, to: {own[1]}"
        answer = Answer("geometry", "fails", maps, said, detail=detail, hint=hint)
    collector.add(answer, f"{name} from {said}", element.unverified, place)


def _path(first: str, last: str) -> str:
    return f"{first} to {last}"


def _dimension(source: str, collector: Collector) -> str:
    node = collector.tree(source)
    symbols = collector.judge.symbols
    dimension = symbols.dimension(key(node))
    if dimension is None:
        hint = f"the dimensions are {', '.join(symbols.dimensions)}"
        raise Undecidable(f"{spaced(node)} is not a dimension of this figure", hint)
    return dimension


def trapezoid(element: model.Trapezoid, collector: Collector) -> None:
    sides(element, collector)
    own = matrix(element.trapezoid, collector)
    if own is None:
        return
    _narrows(own, element, collector)
    _braced(element, own, collector)


def _braced(element: model.Trapezoid, own: tuple[str, str], collector: Collector) -> None:
    """The brace of a trapezoid: along its lower or its upper side, or along one of both."""
    if element.brace is None:
        return
    along = {"under": own[:1], "over": own[1:], None: own}[element.brace.side]
    what = f"that side of {spaced(collector.tree(element.trapezoid))}"
    measures(element.brace, along, what, element.trapezoid, collector, element.unverified)


def _narrows(own: tuple[str, str], element: model.Trapezoid, collector: Collector) -> None:
    """The side of the rank must be the shorter one. A dimension without a value claims nothing."""
    rank = collector.judge.symbols.adapter.rank
    for other in own:
        if rank not in own or other == rank:
            continue
        condition, wide = _narrower(rank, other, collector)
        if wide is None:
            answer = Answer("geometry", "holds", condition=condition)
            collector.untold(answer, element.trapezoid, element.unverified)
        else:
            small, large = size(rank, collector), size(other, collector)
            name = spaced(collector.tree(element.trapezoid))
            detail = f"the trapezoid {name} does not narrow: {wide}"
            hint = f"a low rank is below {other}: give r a smaller value in the model"
            answer = Answer(
                "geometry", "fails", str(small), str(large), detail=detail, hint=hint, condition=condition
            )
            collector.add(answer, element.trapezoid, element.unverified)


def bottleneck(element: model.Bottleneck, collector: Collector) -> None:
    parts, shapes = trapezoids(element), []
    for part, given in zip(parts, element.bottleneck, strict=True):
        own = matrix(part.trapezoid, collector)
        if own is None:
            if not isinstance(given, model.Trapezoid):  # of which its sides said so
                _no_matrix(given, "a trapezoid", element.unverified, collector)
            return
        shapes.append(own)
    waists = [own[1] for own in shapes[:-1]]
    outer = [shapes[0][0], shapes[-1][1]]
    names = " then ".join(spaced(collector.tree(part.trapezoid)) for part in parts)
    answer = Answer("geometry", "holds", value=" → ".join([outer[0], *waists, outer[1]]))
    pairs = [
        _narrower(waist, end, collector) for waist in dict.fromkeys(waists) for end in dict.fromkeys(outer)
    ]
    condition, wide = every(part for part, _ in pairs), [what for _, what in pairs if what is not None]
    answer = replace(answer, condition=condition)
    if wide:
        detail = f"the bottleneck does not narrow: {'; '.join(wide)}"
        hint = _narrowing(parts, shapes, collector)
        answer = Answer("geometry", "fails", detail=detail, hint=hint, condition=condition)
    collector.add(answer, names, element.unverified, place_of(parts[0].trapezoid, element=element))
    if element.brace is not None and waists:
        along = tuple(dict.fromkeys(waists))
        first = parts[0].trapezoid
        measures(element.brace, along, "the waist", first, collector, element.unverified)
    for part, own in zip(parts, shapes, strict=True):
        _braced(part, own, collector)


def bottleneck_of_flow(spec: model.FlowNode, excuse: str | None, collector: Collector) -> None:
    """The trapezoids of a node, which words may lead to: each takes what the one before it gives, and they
    narrow; of rows of data, which they multiply from the right, the other way round."""
    shapes = [matrix(symbol, collector) for symbol in spec.bottleneck or ()]
    known = [own for own in shapes if own is not None]
    if len(known) < max(len(shapes), 2):
        return
    answer = _passed(known, spec, collector)
    inputs = (row.shape or () for _, row in collector.judge.symbols.own("input"))
    if answer.verdict != "holds" and any(len(shape) == 2 for shape in inputs):
        turned = _passed([(to, start) for start, to in known], spec, collector)
        answer = turned if turned.verdict == "holds" else answer
    symbols = spec.bottleneck or ()
    names = " then ".join(spaced(collector.tree(symbol)) for symbol in symbols)
    told = collector.untold if answer.verdict == "holds" else collector.add
    told(answer, names, excuse, place_of(symbols[0], element=spec))


def _passed(shapes: Sequence[tuple[str, str]], spec: model.FlowNode, collector: Collector) -> Answer:
    for place, (before, after) in enumerate(pairwise(shapes)):
        if before[1] != after[0]:
            first, second = (spaced(collector.tree(symbol)) for symbol in (spec.bottleneck or ())[place:][:2])
            detail = f"{first} gives {before[1]} numbers, and {second} takes {after[0]}"
            return Answer("geometry", "ill-typed", detail=detail)
    outer = dict.fromkeys((shapes[0][0], shapes[-1][1]))
    waists = dict.fromkeys(own[1] for own in shapes[:-1])
    pairs = [_narrower(waist, end, collector) for waist in waists for end in outer]
    condition, wide = every(part for part, _ in pairs), [what for _, what in pairs if what is not None]
    if not wide:
        return Answer("geometry", "holds", condition=condition)
    parts = [model.Trapezoid(symbol) for symbol in spec.bottleneck or ()]
    detail = f"the bottleneck does not narrow: {'; '.join(wide)}"
    hint = _narrowing(parts, shapes, collector)
    return Answer("geometry", "fails", detail=detail, hint=hint, condition=condition)


def _narrowing(
    parts: Sequence[model.Trapezoid], shapes: Sequence[tuple[str, str]], collector: Collector
) -> str:
    """What to do with trapezoids that widen: put them the other way round, where the waist is a side of the
    weight, and a smaller rank elsewhere."""
    turned = shapes[::-1]
    waists, outer = [own[1] for own in turned[:-1]], (turned[0][0], turned[-1][1])
    narrows = all(_narrower(waist, end, collector)[1] is None for waist in waists for end in outer)
    if narrows and {own[1] for own in shapes[:-1]} & {"d", "k"}:
        order = ", ".join(str(part.trapezoid) for part in reversed(parts))
        return f"the other way round it narrows: bottleneck: [{order}]"
    waist = shapes[0][1] if len(shapes) > 1 else "r"
    sides = " and ".join(dict.fromkeys((shapes[0][0], shapes[-1][1])))
    return f"a rank is below both sides: give {waist} a smaller value than {sides}"


def _narrower(waist: str, end: str, collector: Collector) -> tuple[Condition, str | None]:
    """That a waist is narrower than an end, and how it is not; a dimension without a value claims nothing."""
    if waist == end:
        return FAILS, f"its waist and its end are both {end}"
    small, large = size(waist, collector), size(end, collector)
    if small is None or large is None:
        return HOLDS, None
    symbols = collector.judge.symbols
    condition = Compares(symbols.size(waist), "<", symbols.size(end))
    if holds(condition):
        return condition, None
    than = "is greater than" if small > large else "is no less than"
    return condition, f"{waist} = {small:,} {than} {end} = {large:,}"
