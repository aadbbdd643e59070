"""What is known of a figure's symbols: shape, size, parameters, who trains them, how they start.

All of it comes from the adapter's row and the core, by the meaning that verification gives the symbols.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import prod

from lorafig.core.adapter import LAWS, Adapter
from lorafig.errors import LorafigError
from lorafig.language.model import Figure
from lorafig.language.table import counted
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number, Relation
from lorafig.notation.write.tex import to_tex
from lorafig.values import replace
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, TIMES, Constant, Doubt, Type
from lorafig.words.labels import Labels
from lorafig.words.written import symbols as symbols_in
from lorafig.words.written import trees

LARGEST = 400  # characters of a definition that is shown


@dataclass(frozen=True, slots=True)
class Entity:
    """A symbol of the figure. `shape` and `sizes` have the names and the values of its dimensions, none
    for a number; `kind` says what it is, `status` who computes or trains it; `definition` is the expression
    that it stands for. Of a family it is any member, of as `many` as there are."""

    name: str
    node: Node
    shape: tuple[str, ...] | None
    sizes: tuple[int, ...] | None
    kind: str
    status: str
    parameters: int | None = None
    start: str = ""
    definition: Node | None = None
    value: Fraction | None = None
    many: int = 1
    bits: int | None = None


def _rank(entity: Entity) -> int:
    """Where an entity stands in a list: what has a shape, then numbers, then what is left open."""
    if entity.shape is None:
        return 2
    return 0 if entity.shape else 1


class Facts:
    """The facts about one figure, or of the part of it that is in one model."""

    def __init__(self, figure: Figure, labels: Labels, judge: Judge) -> None:
        self.figure = figure
        self.labels = labels
        self.symbols, self.judge = judge.symbols, replace(judge, floating=None)
        self.sizes = {name: size for name, size in self.symbols.dimensions.items() if size is not None}

    @property
    def adapter(self) -> Adapter:
        return self.symbols.adapter

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """Every symbol on the figure by name, in the order in which they are met, and the dimensions that
        their shapes are made of."""
        known = frozenset(self.symbols.terms)
        entities: dict[str, Entity] = {}
        for tree in trees(self.figure, self.labels):
            for name, node in symbols_in(tree, known):
                if name not in entities:
                    entities[name] = self._entity(name, node)
        for size in [size for entity in entities.values() for size in entity.shape or ()]:
            for name in size.split(TIMES):
                if name in self.symbols.dimensions and name not in entities:
                    entities[name] = self._entity(name, parse_math(name))
        return dict(sorted(entities.items(), key=lambda item: _rank(item[1])))

    def type_of(self, node: Node) -> Type | None:
        """The shape of an expression, None where it has none that is known."""
        try:
            return elaborate(node, self.symbols).type
        except (Doubt, LorafigError):
            return None

    def size(self, dimension: str) -> int | None:
        """The value of a dimension: a name, a number, or a product of names (d_1·d_2)."""
        parts = [int(part) if part.isdecimal() else self.sizes.get(part) for part in dimension.split(TIMES)]
        known = [part for part in parts if part is not None]
        return prod(known) if len(known) == len(parts) else None

    def holds(self, claim: str, at_start: bool = False) -> bool:
        """Whether a claim is decided to hold; `at_start` before the first step of training."""
        judge = self.judge.at_start() if at_start else self.judge
        try:
            return judge.judge(parse_math(claim)).verdict == "holds"
        except LorafigError:
            return False

    def canonical(self, name: str) -> str:
        return self.symbols.canonical(name)

    # -- counts -------------------------------------------------------------------------------

    @cached_property
    def layer(self) -> tuple[int, int, int] | None:
        """d, k and r; None if the figure does not give those that the method has."""
        known = counted(self.figure.model)
        return None if known is None else (known["d"], known["k"], known["r"])

    @property
    def ties(self) -> str:
        """What to add to a formula with k in it where k is d."""
        return "" if "k" in self.symbols.dimensions else "with $k = d$"

    # -- one symbol ---------------------------------------------------------------------------

    def _entity(self, name: str, node: Node) -> Entity:
        own = self.canonical(name)
        if own in self.symbols.dimensions:
            value = self.sizes.get(own)
            kind = "rank" if own == self.adapter.rank else "dimension"
            if value is None:
                return Entity(name, node, (), (), kind, "left open")
            return Entity(name, node, (), (), kind, "given", value=Fraction(value))
        term = self.symbols.terms.get(own)
        kind_ = None if term is None else term.type
        if kind_ is None and own in self.adapter.symbols:
            rows, *columns = self.adapter.symbols[own]
            kind_ = Type(rows, columns[0] if columns else ONE)
        if kind_ is None:
            return Entity(name, node, None, None, "symbol", "left open")
        shape = tuple(size for size in (kind_.rows, kind_.columns) if size != ONE)
        values = [self.size(size) for size in shape]
        sizes = tuple(size for size in values if size is not None)
        known = sizes if len(sizes) == len(shape) else None
        status = self.status(own)
        counted = status in ("frozen", "trained", "random") and known is not None
        constant = term.value if isinstance(term, Constant) else None
        return Entity(
            name,
            node,
            shape,
            known,
            self._kind(own, kind_),
            status,
            parameters=prod(known) if counted and known is not None else None,
            start=self._start(own, status),
            definition=self._definition(own),
            value=constant,
            many=self._many(own),
            bits=self.symbols.declared_bits(own),
        )

    def _many(self, name: str) -> int:
        families = (*self.symbols.families, *self.symbols.made)
        return next((prod(len(span.all) for span in one.spans) for one in families if one.name == name), 1)

    def status(self, name: str) -> str:
        """Whether a symbol is an input, the output, frozen, trained or computed."""
        adapter = self.adapter
        own = self.canonical(name)
        declared = self.symbols.row(own)
        if declared is not None and declared.node is not None:
            return declared.role if declared.role is not None else "given"
        if own in self.symbols.given:
            return "computed"
        if own in adapter.trainable:
            return "trained"
        if own in adapter.frozen:
            return "frozen"
        if own == "h":
            return "output"
        if own in adapter.symbols:
            return "input"
        return "given" if own == "α" else "computed"

    def _kind(self, name: str, kind: Type) -> str:
        if name == "s":
            return "scaling"
        if kind.is_scalar:
            return "number"
        if kind.is_vector:
            return "vector"
        if name in self.adapter.frozen and name not in self.adapter.laws:
            return "weight"
        rank = self.adapter.rank
        if rank != "" and kind.rows == rank and kind.columns != rank:
            return "down-projection"
        if rank != "" and kind.columns == rank and kind.rows != rank:
            return "up-projection"
        return "matrix"

    def _start(self, name: str, status: str) -> str:
        declared = self.symbols.row(name)
        if declared is not None and declared.node is not None:
            if declared.begins is not None:
                return f"${to_tex(declared.begins)}$"
            return "" if declared.start is None else LAWS[declared.start].noun
        if name in self.symbols.given:
            return ""
        if name in self.adapter.laws:
            return LAWS[self.adapter.laws[name]].noun
        if status == "frozen":
            return "pretrained" if name == "W" else "what is left of the pretrained weight"
        return ""

    def _definition(self, name: str) -> Node | None:
        source = self.symbols.sources.get(name)
        if source is None or len(source) > LARGEST:
            return None
        try:
            return parse_math(source)
        except LorafigError:
            return None

    # -- what follows -------------------------------------------------------------------------

    def vanishes(self, name: str) -> bool:
        """Whether this is the adapter's update, and is 0 at the start of training."""
        return name in self.adapter.defined and name[:1] == "Δ" and self.holds(f"{name} = 0", at_start=True)

    def update(self, name: str) -> Node:
        """The update with what it stands for, as an equation: `ΔW = BA = 0`."""
        body = self._definition(name)
        sides = (parse_math(name), *(() if body is None else (body,)), Number("0"))
        return Relation(sides, ("=",) * (len(sides) - 1))

    def merges(self, name: str) -> bool:
        """Whether a symbol is the weight that does the work of the frozen one and of the adapter."""
        if name not in self.symbols.given and name != "W'":
            return False
        return self.holds(f"h = ({self._source(name)}) x")

    def _source(self, name: str) -> str:
        """A symbol as a label that can be read."""
        entity = self.entities.get(name)
        return name if entity is None else to_tex(entity.node)
