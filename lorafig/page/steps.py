"""The forward pass of a figure or of a method as the steps in which one computes it (compiler.py), and what
merges its update into one weight.

The steps of a method are those of the core's own definitions of h and W', read as verification reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lorafig.core.adapter import Adapter, Law
from lorafig.core.adapters import ADAPTERS
from lorafig.notation import tree
from lorafig.notation.read.parse import parse_math
from lorafig.page.compiler import BEYOND, Argument, Compiler, Step, Value, sizes_of
from lorafig.verify.meaning import terms
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.symbols import Symbols


@dataclass(frozen=True, slots=True)
class Given:
    """A symbol that has numbers from the beginning. `sizes` are its dimensions by name, none of a number;
    `law` is what it holds before training, None if no adapter draws it, and `start` every entry of it then,
    None if they differ. `own` says that it is of the method or of the figure, and not only needed for what
    is shown before training; a number that is `free` has no value on the figure."""

    name: str
    node: tree.Node
    sizes: tuple[str, ...]
    law: Law | None = None
    role: str = ""
    start: Fraction | None = None
    own: bool = True
    free: bool = False

    @property
    def trained(self) -> bool:
        return self.role == "trained"


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one method, or of one figure: those up to `h` are its forward pass, the rest merges and
    checks.

    `h` is the last step of the forward pass; `merged` and `product` are those of W' and W'x, None where
    nothing merges, `update` is that of ΔW (of ΔV for DoRA), or of what the frozen part of W' is added to, and
    `adapted` that of what W'x has to be, which is h if it is None;
    `unadapted` is that of Wx, which is h before training, or None if it is not. `begin` says what a symbol
    is then, if that has to be computed: DoRA's m is ‖W‖_c. `headings` stand before the steps of these places.

    `outer` are the sizes of what comes in and goes out, which are shown large; the first two are the rows and
    the columns of the update, which grows with the `rank`. `copies` are sizes that are shown as what they
    are given here, `parts` those of a part of another: b of r. A plan that `divides` takes d and k for
    products of two sizes each. `values` are the sizes that no control moves, `fixed` the numbers that a panel
    gives itself, whatever those of the figure are.
    """

    given: tuple[Given, ...]
    steps: tuple[Step, ...]
    h: int
    merged: int | None
    product: int | None
    update: int | None = None
    adapted: int | None = None
    unadapted: int | None = None
    begin: Mapping[str, Step] = field(default_factory=dict)
    headings: tuple[tuple[int, str], ...] = ()
    outer: tuple[str, ...] = ("d", "k")
    rank: str | None = "r"
    copies: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    fixed: Mapping[str, Fraction] = field(default_factory=dict)
    divides: bool = False

    @property
    def inner(self) -> tuple[str, ...]:
        """The other sizes, which are shown smaller."""
        met = [
            *((self.rank,) if self.rank is not None else ()),
            *(x for one in self.given for x in one.sizes),
        ]
        known = {*self.outer, *self.copies, *(("d_1", "d_2", "k_1", "k_2") if self.divides else ())}
        return tuple(dict.fromkeys(size for size in met if size not in known))

    @property
    def starts(self) -> bool:
        """Whether anything is another one before training."""
        return bool(self.begin) or any(one.start is not None for one in self.given)

    @property
    def beyond(self) -> bool:
        """Whether a step does what no method of the core does."""
        return any(step.op in BEYOND for step in self.steps)

    @property
    def heading(self) -> str:
        """What stands above all of it."""
        passes = any(one.role == "input" for one in self.given)
        return f"{FORWARD if passes else 'What it computes'}, one step at a time"

    def unknown(self) -> list[tree.Node]:
        """The functions of which nothing is known, as they are written: something stands for each."""
        called = {
            step.detail[0]: step.expression.function
            for step in self.steps
            if step.op == "stand-in" and isinstance(step.expression, tree.Apply)
        }
        return list(called.values())

    def through_rank(self) -> tuple[str, str] | None:
        """The matrices whose columns and rows make the rank-one pieces of the update, B and A; None if it is
        not a product through the rank alone, as LoHa's is not."""
        if self.update is None or self.rank is None:
            return None
        pending: list[Argument] = [self.update]
        met: list[str] = []
        while pending:
            which = pending.pop()
            if isinstance(which, str):
                met.append(which)
            elif self.steps[which].sizes == ():
                continue  # the scaling, which is a number whatever it takes
            elif self.steps[which].op in ("matmul", "scale", "rows", "columns"):
                pending += self.steps[which].arguments
            else:
                return None
        ranked = [one for one in self.given if self.rank in one.sizes and one.name in met]
        left = [one.name for one in ranked if len(one.sizes) == 2 and one.sizes[1] == self.rank]
        right = [one.name for one in ranked if len(one.sizes) == 2 and one.sizes[0] == self.rank]
        if any(one.sizes.count(self.rank) > 1 for one in ranked) or (len(left), len(right)) != (1, 1):
            return None
        return left[0], right[0]


FORWARD, MERGED = "The forward pass", "Merged into one weight"


def compile_plan(method: str, scaled: bool = True, square: bool = False) -> Plan:
    """The plan of a method of the core. Without `scaled` its update has no scaling, as where a figure gives
    no alpha; with `square` k is called d."""
    row = ADAPTERS[method]
    compiler = _Method(row, scaled and row.scale != "", square)
    h, merged = compiler.defined("h"), compiler.defined("W'")
    for name in row.defined:
        if name.startswith("Δ"):
            compiler.call(name)
    x, W = (compiler.value(compiler.symbols.term(name)) for name in "xW")
    product = compiler.matmul(merged, x)
    begin = {name: compiler.apart(name, source) for name, source in row.before.items()}
    unadapted = compiler.matmul(W, x).place if row.at_weight else None
    return Plan(
        compiler.symbols_given(begin),
        tuple(compiler.steps),
        h.place,
        merged.place,
        product.place,
        _update(compiler.steps, merged.place),
        h.place,
        unadapted,
        begin,
        ((0, FORWARD), (h.place + 1, MERGED)),
        ("d", "d") if square else ("d", "k"),
        divides="d_1" in row.sizes(1, 1, 1),
    )


def _update(steps: Sequence[Step], merged: int) -> int | None:
    """The step that is called ΔW, or what the frozen part of W' is added to; None for neither."""
    for place, step in enumerate(steps):
        if step.name is not None and step.name.startswith("Δ"):
            return place
    last = steps[merged].arguments[-1]
    return last if steps[merged].op == "add" and isinstance(last, int) else None


class _Method(Compiler):
    def __init__(self, row: Adapter, scaled: bool, square: bool) -> None:
        super().__init__(parse_math)
        sizes = {name for shape in row.symbols.values() for name in shape} | {"d", "k", "r"}
        if square:
            sizes.discard("k")
        self.row = row
        self.scaled = scaled
        self.symbols = Symbols(row, dict.fromkeys(sorted(sizes)), {"k": "d"} if square else {})
        for name, shape in {"W": ("d", "k"), **row.symbols}.items():  # PiSSA splits W up
            self.symbols.declare(name, shape)
        self.symbols.terms["α"] = terms.Variable("α", terms.SCALAR)
        scale = elaborate(parse_math(row.scale), self.symbols) if scaled else terms.number(1)
        self.symbols.terms["s"] = terms.Defined("s", scale, terms.SCALAR) if scaled else scale

    def term(self, source: str) -> terms.Term:
        """What the core writes of a symbol; the scaling is 1 if there is none."""
        if not self.scaled and self.row.scale != "":
            source = source.replace(f"{self.row.scale} ", "")  # rsLoRA writes it out
        return elaborate(parse_math(source), self.symbols)

    def defined(self, name: str) -> Value:
        """The steps of a symbol that the core defines."""
        return self.named(self.value(self.term(self.row.defined[name])), name)

    def call(self, name: str) -> None:
        """The name of a step that is there already; nothing if it is not."""
        before = len(self.steps)
        place, _ = self._tried(self.row.defined[name])
        if place < before and self.steps[place].name is None:
            self.steps[place] = replace(self.steps[place], name=name)

    def apart(self, name: str, source: str) -> Step:
        """What is computed in one step before training, such as the norms of W."""
        _, step = self._tried(source)
        return replace(step, name=name)

    def _tried(self, source: str) -> tuple[int, Step]:
        """A step and its place, which is taken back if it is new."""
        before, known = len(self.steps), dict(self.known)
        place = self.value(self.term(source)).place
        step = self.steps[place]
        del self.steps[before:]
        self.known = known
        return place, step

    def symbols_given(self, begin: Mapping[str, Step]) -> tuple[Given, ...]:
        row = self.row
        used = {argument for step in (*self.steps, *begin.values()) for argument in step.arguments}
        others = [name for name in ("W", "α", "r") if name not in row.symbols and name in used]
        return tuple(
            Given(
                name,
                parse_math(name),
                sizes_of(self.symbols.term(name).type),
                row.laws.get(name),
                "input" if name == "x" else "trained" if name in row.trainable else "frozen",
                start_of(row, name),
                name in row.symbols,
            )
            for name in (*row.symbols, *others)
        )


def start_of(row: Adapter, name: str) -> Fraction | None:
    """What every entry of a method's symbol is before training; None if that is drawn, or computed."""
    match row.laws.get(name):
        case "zero":
            return Fraction(0)
        case "one":
            return Fraction(1)
        case "constant":
            return Fraction(repr(float(getattr(row.initial(4, 4, 2, 0), name).flat[0])))
        case _:
            return None
