"""Sides and braces as the spec gives them: what they stand for must be what they are drawn along."""

from __future__ import annotations

from lorafig.errors import Place
from lorafig.language.model import Bar, Bottleneck, Brace, Square, Trapezoid
from lorafig.notation.tree import Node, Number, Relation, Words
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.counts import readable
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Constant, Doubt, IllTyped, Term, Undecidable
from lorafig.verify.read import texts
from lorafig.verify.read.classify import shown
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
    if not kind.is_vector:
        return None
    return kind.rows if kind.columns == ONE else kind.columns


def size(name: str, collector: Collector) -> int | None:
    if name == ONE:
        return 1
    return int(name) if name.isdecimal() else collector.judge.symbols.dimensions.get(name)


def measures(
    brace: Brace, along: tuple[str, ...], what: str, collector: Collector, unverified: str | None
) -> None:
    """A brace along a side: its label must name the dimension of the side, one of `along`."""
    label = collector.tree(brace.label)
    if isinstance(label, Words) and texts.claimed(label.text) is None:
        return
    try:
        if isinstance(label, Relation):
            collector.math(brace.label, unverified)
            label = label.sides[0]
        answer = _measured(label, along, what, collector)
    except Doubt as doubt:
        answer = doubtful("geometry", doubt)
    collector.add(answer, brace.label, unverified)


def _measured(label: Node, along: tuple[str, ...], what: str, collector: Collector) -> Answer:
    from lorafig.notation.canonical import key

    symbols = collector.judge.symbols
    name = key(label)
    dimension = symbols.dimension(name) if name is not None else None
    sides = " or ".join(along)
    if dimension is not None:
        if dimension in along:
            return Answer("geometry", "holds", value=dimension, shown=spaced(label))
        detail = f"{what} is {sides}, and the brace along it says {spaced(label)}"
        return Answer(
            "geometry", "fails", sides, spaced(label), detail=detail, hint=f"it should read {sides}"
        )
    term = elaborate(label, symbols)
    if not term.type.is_scalar:
        detail = f"{what} is {sides}, and {spaced(label)} is no dimension but {_a(term)}"
        return Answer(
            "geometry", "ill-typed", sides, spaced(label), detail=detail, hint=f"it should read {sides}"
        )
    number = shown(label)
    if not isinstance(term, Constant) or (number is None and not isinstance(label, Number)):
        if isinstance(term, Constant):
            values = [size(one, collector) for one in along]
            if term.value in values:
                return Answer("geometry", "holds", value=str(term.value), shown=spaced(label))
            detail = f"{what} is {sides}, and {spaced(label)} is {readable(term.value)}"
            return Answer(
                "geometry", "fails", sides, spaced(label), detail=detail, hint=f"it should read {sides}"
            )
        raise Undecidable(f"the size of {spaced(label)} is not known")
    values = [size(one, collector) for one in along]
    if term.value in values:
        return Answer("geometry", "holds", value=str(term.value), shown=spaced(label))
    detail = f"{what} is {sides} = {values[0]:,}, and the brace along it says {spaced(label)}"
    return Answer(
        "geometry",
        "fails",
        str(values[0]),
        spaced(label),
        detail=detail,
        hint=f"it should read {values[0]:,}",
    )


def _a(term: Term) -> str:
    return f"of shape {term.type}"


def bar(element: Bar, collector: Collector) -> None:
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
        answer = Answer(
            "geometry",
            "fails",
            detail="the bar spans its panel: its width stands for no dimension, and no brace measures it",
            hint="leave out 'span' or the brace",
        )
        collector.add(answer, element.brace.label, element.unverified)
        return
    dimension = term.type.rows if term.type.columns == ONE else term.type.columns
    what = f"the bar of {spaced(collector.tree(element.bar))}"
    measures(element.brace, (dimension,), what, collector, element.unverified)


def square(element: Square, collector: Collector) -> None:
    own = matrix(element.square, collector)
    if own is None:
        _no_matrix(element.square, "a square", element.unverified, collector)
    elif element.brace is not None:
        what = f"the width of {spaced(collector.tree(element.square))}"
        measures(element.brace, (own[0],), what, collector, element.unverified)


def _no_matrix(symbol: str, what: str, unverified: str | None, collector: Collector) -> None:
    """A shape that stands for a matrix, and its symbol is none."""
    try:
        term = collector.term(symbol)
    except Doubt:
        return
    kind = "a number" if term.type.is_scalar else f"a vector of {term.type}"
    answer = Answer(
        "geometry", "ill-typed", detail=f"{what} is a matrix, and {spaced(collector.tree(symbol))} is {kind}"
    )
    collector.add(answer, symbol, unverified)


def sides(element: Trapezoid, collector: Collector) -> None:
    """The sides that a trapezoid is drawn from and to, held to what its matrix maps from and to."""
    own = matrix(element.trapezoid, collector)
    if own is None:
        _no_matrix(element.trapezoid, "a trapezoid", element.unverified, collector)
        return
    if element.from_ is None and element.to is None:
        return
    try:
        drawn = tuple(
            own[i] if given is None else _dimension(given, collector)
            for i, given in enumerate((element.from_, element.to))
        )
    except Doubt as doubt:
        collector.add(doubtful("geometry", doubt), element.trapezoid, element.unverified, _place(element))
        return
    name = spaced(collector.tree(element.trapezoid))
    maps = f"{own[0]} to {own[1]}"
    said = f"{drawn[0]} to {drawn[1]}"
    if drawn == own:
        answer = Answer("geometry", "holds", value=maps, shown=said)
    else:
        detail = f"{name} is drawn from {said}, but it maps {maps}"
        answer = Answer(
            "geometry", "fails", maps, said, detail=detail, hint=f"write from: {own[0]}, to: {own[1]}"
        )
    collector.add(answer, f"{name} from {said}", element.unverified, _place(element))


def _place(element: Trapezoid) -> Place | None:
    for source in (element.from_, element.to):
        if source is not None and place_of(source) is not None:
            return place_of(source)
    return element.where


def _dimension(source: str, collector: Collector) -> str:
    from lorafig.notation.canonical import key

    node = collector.tree(source)
    name = key(node)
    found = collector.judge.symbols.dimension(name) if name is not None else None
    if found is None:
        known = ", ".join(collector.judge.symbols.dimensions)
        raise Undecidable(f"{spaced(node)} is no dimension of this figure", f"the dimensions are {known}")
    return found


def trapezoid(element: Trapezoid, collector: Collector) -> None:
    sides(element, collector)
    own = matrix(element.trapezoid, collector)
    if own is None:
        return
    narrows(
        own,
        f"trapezoid {spaced(collector.tree(element.trapezoid))}",
        element.trapezoid,
        element.unverified,
        collector,
    )
    if element.brace is not None:
        lower, upper = own
        along = {"under": (lower,), "over": (upper,), None: (lower, upper)}[element.brace.side]
        what = f"that side of {spaced(collector.tree(element.trapezoid))}"
        measures(element.brace, along, what, collector, element.unverified)


def narrows(
    own: tuple[str, str], what: str, source: str, unverified: str | None, collector: Collector
) -> None:
    """The side of the rank must be the shorter one. A dimension without a value claims nothing."""
    rank = collector.judge.symbols.adapter.rank
    for other in own:
        if rank not in own or other == rank:
            continue
        small, large = size(rank, collector), size(other, collector)
        if small is None or large is None or small < large:
            continue
        than = "is greater than" if small > large else "is no less than"
        detail = f"the {what} does not narrow: {rank} = {small:,} {than} {other} = {large:,}"
        answer = Answer(
            "geometry", "fails", str(small), str(large), detail=detail, hint=f"a low rank is below {other}"
        )
        collector.add(answer, source, unverified)


def bottleneck(element: Bottleneck, collector: Collector) -> None:
    symbols_ = [part.trapezoid if isinstance(part, Trapezoid) else part for part in element.bottleneck]
    shapes = []
    for symbol in symbols_:
        own = matrix(symbol, collector)
        if own is None:
            if not any(
                isinstance(part, Trapezoid) and part.trapezoid is symbol for part in element.bottleneck
            ):
                _no_matrix(symbol, "a trapezoid", element.unverified, collector)
            return
        shapes.append(own)
    waists = [one[1] for one in shapes[:-1]]
    outer = [shapes[0][0], shapes[-1][1]]
    names = " then ".join(spaced(collector.tree(symbol)) for symbol in symbols_)
    wide: list[str] = []
    for waist in dict.fromkeys(waists):
        for end in dict.fromkeys(outer):
            small, large = size(waist, collector), size(end, collector)
            if waist == end:
                wide.append(f"its waist and its end are both {end}")
            elif small is not None and large is not None and small >= large:
                than = "is greater than" if small > large else "is no less than"
                wide.append(f"{waist} = {small:,} {than} {end} = {large:,}")
    place = place_of(symbols_[0])
    place = place if place is not None else element.where
    if wide:
        detail = f"the bottleneck does not narrow: {'; '.join(wide)}"
        hint = f"{names} goes from {outer[0]} through {waists[0] if waists else '?'} to {outer[1]}"
        answer = Answer("geometry", "fails", detail=detail, hint=hint)
    else:
        path = " → ".join([outer[0], *waists, outer[1]])
        answer = Answer("geometry", "holds", value=path)
    collector.add(answer, names, element.unverified, place)
    if element.brace is not None and waists:
        measures(element.brace, tuple(dict.fromkeys(waists)), "the waist", collector, element.unverified)
    for part in element.bottleneck:
        if isinstance(part, Trapezoid) and part.brace is not None:
            own = matrix(part.trapezoid, collector)
            if own is not None:
                along = {"under": own[:1], "over": own[1:], None: own}[part.brace.side]
                what = f"that side of {spaced(collector.tree(part.trapezoid))}"
                measures(part.brace, along, what, collector, part.unverified)
