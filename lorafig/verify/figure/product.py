"""What a product says: the equation that it shows, and what is written on each of its matrices."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from lorafig.errors import LorafigError
from lorafig.graph.picture import Factor, Picture
from lorafig.language import model
from lorafig.language.product import DOTS
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.write.plain import to_plain
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.conditions import Compares, Condition, every, holds
from lorafig.verify.figure import geometry
from lorafig.verify.figure.collector import Collector, place_of
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Constant, Doubt, IllTyped, Term, Undecidable
from lorafig.verify.read.quoted import spaced


def claims(picture: Picture, figure: model.Figure, collector: Collector) -> None:
    if picture.panel.panel is not None:
        collector.text(picture.panel.panel, figure.unverified)
    for factor in picture.factors():
        _factor(factor, figure.unverified, collector)
    excuses = (factor.spec.unverified for factor in picture.factors() if factor.spec is not None)
    excuse = next((reason for reason in excuses if reason is not None), figure.unverified)
    first = next(iter(picture.factors())).symbol
    place = place_of(first)
    answer = collector.judge.judge(picture.node)
    where = place if place is not None else picture.panel.where
    collector.add(answer, to_plain(picture.node), excuse, where, picture.node)


def extent(symbol: str, collector: Collector) -> tuple[str, str] | None:
    """The rows and columns of what a symbol stands for; those of a vector are a column, and of a number one.
    None if it has no meaning, which its label says."""
    try:
        kind = collector.term(symbol).type
    except Doubt:
        return None
    if kind.is_scalar:
        return ONE, ONE
    return kind.rows, kind.columns


def _factor(factor: Factor, unverified: str | None, collector: Collector) -> None:
    spec, symbol = factor.spec, factor.symbol
    if spec is None:
        collector.label(symbol, symbol, unverified)
        return
    excuse = spec.unverified if spec.unverified is not None else unverified
    for line in spec.text:
        collector.text(line, excuse, symbol)
    collector.label(symbol, symbol if spec.math is None else spec.math, excuse)
    own = extent(symbol, collector)
    if own is None:
        return
    if isinstance(spec, model.Matrix) == (ONE in own):
        what = "a matrix" if isinstance(spec, model.Matrix) else "a vector"
        shape = f"a matrix of {own[0]} × {own[1]}"
        is_ = "a number" if own == (ONE, ONE) else "a vector" if ONE in own else shape
        detail = f"it is drawn as {what}, and {spaced(collector.tree(symbol))} is {is_}"
        collector.add(Answer("geometry", "ill-typed", detail=detail), symbol, excuse)
        return
    _braces(spec, own, collector, excuse)
    if isinstance(spec.cells, model.Cells):
        _cells(spec.cells, symbol, own, collector, excuse)
    elif spec.cells is not None:
        _all_cells(symbol, own, collector, excuse)
    if isinstance(spec, model.Matrix) and spec.blocks:
        _blocks(spec, own, collector, excuse)


def _braces(
    spec: model.Matrix | model.Vector, own: tuple[str, str], collector: Collector, excuse: str | None
) -> None:
    given = spec.brace if isinstance(spec.brace, tuple) else () if spec.brace is None else (spec.brace,)
    symbol = spec.matrix if isinstance(spec, model.Matrix) else spec.vector
    for brace in given:
        upright = brace.side in ("left", "right")
        what = f"the {'height' if upright else 'width'} of {spaced(collector.tree(symbol))}"
        along = (own[0] if upright else own[1],)
        geometry.measures(brace, along, what, symbol, collector, excuse)


def _cells(
    cells: model.Cells, symbol: str, own: tuple[str, str], collector: Collector, excuse: str | None
) -> None:
    """All cells together are as many rows and columns as the matrix has; those of an excerpt fewer."""
    name, counts = spaced(collector.tree(symbol)), (cells.rows, cells.columns)
    text = f"{cells.rows} × {cells.columns} cells of {name}"
    try:
        sizes = [_total(f"{count} ({size})" if size else f"{count}", collector)
                 for count, size in zip(counts, cells.of or ("", ""), strict=False)]  # fmt: skip
        wholes = [_size(side, collector) for side in own]
    except Doubt as doubt:
        collector.add(doubtful("count", doubt), text, excuse, cells.where)
        return
    op = "≤" if cells.excerpt else "="
    condition = every(Compares(size, op, whole) for size, whole in zip(sizes, wholes, strict=True))
    shown, value = _written(sizes), _written(wholes)
    answer = Answer("count", "holds", value, shown, condition=condition)
    if not holds(condition):
        grid = f"a grid of {cells.rows} × {cells.columns} cells"
        grid += f" of {cells.of[0]} × {cells.of[1]}, {shown}," if cells.of else ""
        detail = f"{grid} on {name}, which is {value}"
        hint = "give the size of one: of: [r, r], or say excerpt: true"
        hint = "an excerpt has no more than the whole" if cells.excerpt else hint
        answer = Answer("count", "fails", value, shown, detail=detail, hint=hint, condition=condition)
    collector.add(answer, text, excuse, cells.where)


def _all_cells(symbol: str, own: tuple[str, str], collector: Collector, excuse: str | None) -> None:
    """One cell for each entry, at these sizes."""
    name = spaced(collector.tree(symbol))
    try:
        terms = [_size(side, collector) for side in own]
    except Doubt as doubt:
        collector.add(doubtful("count", doubt), symbol, excuse)
        return
    drawn = [_total(str(_value(term)), collector) for term in terms]
    condition = every(Compares(count, "=", term) for count, term in zip(drawn, terms, strict=True))
    said = _written(terms)
    collector.add(Answer("count", "holds", said, said, condition=condition), f"cells of {name}", excuse)


def _blocks(spec: model.Matrix, own: tuple[str, str], collector: Collector, excuse: str | None) -> None:
    """Blocks have as many rows or columns together as the matrix; a symbol on one has its shape. Those of a
    diagonal are all that is not 0."""
    name = spaced(collector.tree(spec.matrix))
    for sources, side, what in (
        ([block.rows for block in spec.blocks], own[0], "rows"),
        ([block.columns for block in spec.blocks], own[1], "columns"),
    ):
        given = [f"({source})" for source in sources if source is not None]
        if not given:
            continue
        text = " + ".join(source for source in sources if source is not None)
        try:
            total, whole = _total(" + ".join(given), collector), _size(side, collector)
            condition: Condition = Compares(total, "=", whole)
            answer = Answer("count", "holds", _written([whole]), _written([total]), condition=condition)
            if not holds(condition):
                detail = f"its blocks have {_written([total])} {what}, and {name} has {_written([whole])}"
                answer = replace(answer, verdict="fails", detail=detail)
        except Doubt as doubt:
            answer = doubtful("count", doubt)
        collector.add(answer, text, excuse, spec.blocks[0].where)
    for block in spec.blocks:
        if block.block in DOTS:
            continue
        collector.label(block.block, block.block, excuse)
        mine = extent(block.block, collector)
        if mine is None:
            continue
        sides = ((block.rows, own[0]), (block.columns, own[1]))
        due = tuple(side if source is None else _named(source, collector) for source, side in sides)
        if mine != due:
            part = spaced(collector.tree(block.block))
            detail = f"{part} is {' × '.join(mine)}, and this block of {name} is {' × '.join(due)}"
            answer = Answer("shape", "ill-typed", " × ".join(due), " × ".join(mine), detail=detail)
            collector.add(answer, block.block, excuse)
    if spec.blocks[0].rows is not None and spec.blocks[0].columns is not None:
        dots = tree.Symbol("…")
        parts = [dots if b.block in DOTS else collector.tree(b.block) for b in spec.blocks]
        whole_node = tree.Apply(tree.Symbol("diag", "rm"), tuple(parts))
        equal = tree.Relation((collector.tree(spec.matrix), whole_node), ("=",))
        if len(parts) > 1:
            collector.add(collector.judge.judge(equal), to_plain(equal), excuse, spec.blocks[0].where)


def _named(source: str, collector: Collector) -> str:
    """A dimension by its name, and other sizes as they are written."""
    node = collector.tree(source)
    name = key(node)
    dimension = None if name is None else collector.judge.symbols.dimension(name)
    return spaced(node) if dimension is None else dimension


def _total(source: str, collector: Collector) -> Term:
    """What an expression of dimensions comes to. Raises a Doubt if it is not a number."""
    try:
        term = elaborate(parse_math(source), collector.judge.symbols)
    except LorafigError as error:
        raise Undecidable(f"{source} is not a size: {error}") from None
    if not isinstance(term, Constant):
        if not term.type.is_scalar:
            raise IllTyped(f"{source} is not a size but of shape {term.type}")
        raise Undecidable(f"{source} has no value here")
    return term


def _size(name: str, collector: Collector) -> Term:
    return _total(name.replace("·", " "), collector)


def _value(term: Term) -> int:
    return int(term.value) if isinstance(term, Constant) else 0


def _written(several: Iterable[Term]) -> str:
    return " × ".join(f"{_value(term):,}" for term in several)
