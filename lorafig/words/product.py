"""A product in words: the equation that it shows, how it is drawn, and what is on each of its matrices."""

from __future__ import annotations

from collections.abc import Iterator

from lorafig.graph.picture import Factor, Picture
from lorafig.language import model
from lorafig.language.product import DOTS
from lorafig.language.table import layer_sizes, table
from lorafig.notation.canonical import bare
from lorafig.words.blocks import Block, Phrase, Said, numbered, paragraph, spoken, together
from lorafig.words.entities import property_of
from lorafig.words.facts import Facts
from lorafig.words.labels import marked

PROPORTIONS = {
    "root": "in proportion to the fourth root of its size",
    "log": "on a logarithmic scale",
    "linear": "in proportion to its size",
}


def components(picture: Picture, facts: Facts) -> Iterator[Block]:
    yield paragraph("From left to right: " + spoken(picture.node) + ".")
    drawn = [factor for factor in picture.factors() if factor.spec is not None or _is_drawn(factor, facts)]
    yield numbered(_factor(factor, facts) for factor in drawn)


def scale(figure: model.Figure) -> str:
    """How long sides are drawn, in a sentence."""
    given = table(figure.model)
    open_ = [name for name in layer_sizes(figure.model) if name in given.open]
    if open_:
        have = "has" if len(open_) == 1 else "have"
        return f"Sides are drawn as those of a usual layer: {' and '.join(open_)} {have} no value."
    return f"A side that stands for a dimension is drawn {PROPORTIONS[figure.proportion]}."


def _is_drawn(factor: Factor, facts: Facts) -> bool:
    kind = facts.type_of(facts.labels.tree(factor.symbol))
    return kind is None or not kind.is_scalar


def _factor(factor: Factor, facts: Facts) -> Phrase:
    spec, labels = factor.spec, facts.labels
    tree = labels.tree(factor.symbol)
    kind = facts.type_of(tree)
    vector = isinstance(spec, model.Vector) or (spec is None and kind is not None and kind.is_vector)
    known = property_of(tree, facts)
    if spec is None and known is not None:
        return spoken(tree) + ": " + known + "."
    said: Phrase = spoken(tree) + (": a vector" if vector else ": a matrix")
    if spec is None:
        return said + "."
    words = together((labels.text(line) for line in spec.text), " ")
    if words.pieces:
        said += ", “" + words + "”"
    if spec.math is not None and bare(labels.tree(spec.math)) != bare(tree):
        said += ", with the label " + labels.spoken(spec.math)
    braces = spec.brace if isinstance(spec.brace, tuple) else () if spec.brace is None else (spec.brace,)
    for brace in braces:
        way = "height" if brace.side in ("left", "right") else "width"
        said += f", with a brace {place(brace.side)} it that says its {way} is " + labels.spoken(brace.label)
    for told in _cells(spec, facts):
        said += ", " + told
    return said + "." if known is None else said + "; " + known + "."


def place(side: str | None) -> str:
    """Where a brace lies, before what it lies at."""
    return {"left": "left of", "right": "right of", "under": "under"}.get(side or "over", "over")


def _cells(spec: model.Matrix | model.Vector, facts: Facts) -> Iterator[Said]:
    cells = spec.cells
    if isinstance(cells, model.Cells):
        grid: Said = f"a grid of {cells.rows} × {cells.columns} cells"
        if cells.of:
            rows, columns = (facts.labels.math(str(size)) for size in cells.of)
            grid = grid + " of " + rows + " × " + columns
        yield grid + ", an excerpt" if cells.excerpt else grid
    elif cells is not None:
        yield "a cell for each of its entries"
    if spec.crossed is not None:
        yield f"{marked(spec.crossed)} crossed out"
    if spec.shaded is not None:
        yield f"{marked(spec.shaded)} drawn darker"
    for block in spec.blocks if isinstance(spec, model.Matrix) else ():
        if block.block in DOTS:
            yield "dots for the blocks between"
            continue
        head: Phrase = "a block " + facts.labels.spoken(block.block)
        if block.rows is not None and block.columns is not None:
            size = facts.labels.math(block.rows) + " × " + facts.labels.math(block.columns)
            yield head + " of " + size + " on the diagonal"
            continue
        side, what = (block.rows, "rows") if block.rows is not None else (block.columns, "columns")
        yield head if side is None else head + " of " + facts.labels.math(side) + f" {what}"
