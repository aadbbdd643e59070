"""What the symbols of a figure mean: those of its adapter, and those that `let` defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lorafig.core.adapter import Adapter
from lorafig.core.network import Network
from lorafig.language.functions import Functions
from lorafig.language.table import Made, Row, Table, of_layer
from lorafig.notation import tree
from lorafig.notation.indexed import at
from lorafig.notation.named import symbols_in
from lorafig.values import replace
from lorafig.verify.meaning import operations, terms
from lorafig.verify.meaning.families import Family, Span, by_size, without_index
from lorafig.verify.meaning.scope import Filled
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import (
    ONE,
    SCALAR,
    Doubt,
    IllTyped,
    Term,
    Type,
    Undecidable,
    Variable,
    number,
)

if TYPE_CHECKING:
    from lorafig.language.model import Role

# Other names of what an adapter defines.
ALIASES: Mapping[str, str] = {
    "W_0": "W",
    "W_frozen": "W",
    "W_pretrained": "W",
    "scale": "s",
    "scaling": "s",
    "alpha": "α",
    "lora_alpha": "α",
}
# More of them in a claim by itself, which has no drawing and no `let` to say what a symbol is.
CLAIM_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(
        ("W_orig", "W_original", "W_base", "W_pre", "W_pt", "W_init", "W_q", "W_v", "W_old"), "W"
    ),
    **dict.fromkeys(("W_new", "W_merged", "W_eff", "W_effective", "W_adapted", "W_final", "W_updated"), "W'"),
    **dict.fromkeys(
        ("W_ft", "W_finetuned", "W_fine-tuned", "W_tuned", "W_LoRA", "W_lora", "hat W", "tilde W", "W^*"),
        "W'",
    ),
    **dict.fromkeys(("W_fused", "W_combined", "W_total", "effective_weight", "merged_weight"), "W'"),
    **dict.fromkeys(("dW", "ΔW_0", "delta_W", "Δ_W"), "ΔW"),
    **dict.fromkeys(("y", "output", "out", "Y", "H", "hat y", "hat h", "h_out"), "h"),
    "X": "x",
    **dict.fromkeys(("lora_A", "loraA", "A_lora", "lora_a", "A_r", "A_θ", "W_down"), "A"),
    **dict.fromkeys(("lora_B", "loraB", "B_lora", "lora_b", "B_r", "B_θ", "W_up"), "B"),
    **dict.fromkeys(("γ_r", "γ", "scaling_factor", "s_r"), "s"),
}
# What a network, and its targets, give a value.
OF_NETWORK = frozenset(
    {"n_params", "n_trained", "n_adapted", "n_layers", "n_heads", "n_vocab", "d_model", "d_ff"}
)
DIMENSION_ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("d_out", "out", "out_features", "d_model", "out_dim"), "d"),
    **dict.fromkeys(("d_in", "in", "in_features", "in_dim"), "k"),
    **dict.fromkeys(("rank", "lora_r", "lora_rank"), "r"),
}
# The pretrained weight beside W, which then is the merged one: W = W_0 + ΔW.
PRETRAINED = ("W_0", "W_pretrained", "W_frozen", "W_orig", "W_original", "W_base", "W_pre", "W_pt", "W_init")
MERGED = "W'"
# Sizes of a model as its keys are called, with what a message gives for one.
_WRITTEN = {"d": "d", "k": "k", "r": "r", "α": "alpha"}
_USUAL = {"d": 4096, "k": 4096, "r": 16, "α": 32}
WHOLE = 16  # bits of a number format that weights are not quantized to
DEEPEST = 64  # definitions of definitions
ALPHA = Variable("α", SCALAR)


@dataclass(slots=True)
class Symbols:
    """`dimensions` maps each to its value, None where it may be any; `ties` gives other names of one."""

    adapter: Adapter
    dimensions: dict[str, int | None]
    ties: dict[str, str] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    kilo: int = 1000
    depth: dict[str, int] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)  # what a symbol is defined as, as written
    given: set[str] = field(default_factory=set)  # those that `let` gave a meaning
    undone: set[str] = field(default_factory=set)  # those that it defines by what has none
    filled: dict[int, Filled] = field(default_factory=dict)  # numbers that were computed, by their ids
    functions: Functions = field(default_factory=Functions)  # those that the figure declares
    lasting: set[str] = field(default_factory=set)  # those defined by the last member of a family, of any N
    network: frozenset[str] = frozenset()  # the symbols that a network gives their values
    settled: bool = False  # whether a size decided how something is computed, and not only what comes out
    room: list[tuple[Term, Term]] = field(default_factory=list)  # what has to be no larger than what
    moving: frozenset[str] | None = None  # the sizes that controls move; None if any may be another one
    copied: bool = True  # whether something on the figure may be repeated over one of them
    fixed: frozenset[str] | None = None  # in a panel's own model: the sizes that no control moves
    table: Table | None = None  # of a figure: what is declared of its symbols
    families: tuple[Family, ...] = ()
    made: tuple[Family, ...] = ()  # those that `let` defines by members of others
    running: list[str | None] = field(default_factory=list)  # what the indices of sums around run over
    written: list[int] = field(default_factory=list)  # how many terms each of these sums has
    whole: tuple[Network | None, tuple[str, ...]] = (None, ())  # the network, and its targets
    merged: Term | None = None  # of a figure's adapter: the weight that does the work of both
    assumed: Mapping[str, Term] = field(default_factory=dict)  # what is taken as true of variables

    def canonical(self, name: str) -> str:
        name = self.ties.get(name, name)
        if name in self.terms or name in self.dimensions:
            return name
        plain = ALIASES.get(name, name)
        return plain if plain in self.terms else self._of_projection(plain)

    def _of_projection(self, name: str) -> str:
        plain = of_layer(name)
        known = plain != name and plain in (*self.adapter.symbols, *self.adapter.defined)
        return plain if known and plain in self.terms and not self.families else name

    def assuming(self, assumed: Mapping[str, Term]) -> Symbols:
        """The same symbols where variables are what they are taken as."""
        known = {name: terms.replaced(term, assumed) for name, term in self.terms.items()}
        merged = None if self.merged is None else terms.replaced(self.merged, assumed)
        return replace(self, terms=known, merged=merged, assumed=assumed)

    def row(self, name: str) -> Row | None:
        """What the author declares of a symbol, or a definition makes of it; None for the adapter's."""
        row = None if self.table is None else self.table.row(self.canonical(name))
        return row if row is not None and row.own else None

    def role(self, name: str) -> Made | None:
        row = self.row(name)
        return None if row is None else row.role

    def bits(self, name: str) -> int | None:
        """In how many bits each entry of a symbol is kept, as the author or the method says."""
        declared = self.declared_bits(name)
        if declared is not None:
            return declared
        own = self.adapter.bits
        return None if own is None else own[self.canonical(name) not in self.adapter.frozen]

    def declared_bits(self, name: str) -> int | None:
        """In how many bits each entry of a symbol is kept, if the author says so."""
        row = None if self.table is None else self.table.row(self.canonical(name))
        return None if row is None else row.bits

    @property
    def formats(self) -> bool:
        """Whether it is known of any symbol in how many bits it is kept."""
        rows = {} if self.table is None else self.table.rows
        return self.adapter.bits is not None or any(row.bits is not None for row in rows.values())

    @property
    def columnwise(self) -> bool:
        """Whether a norm without an index is that of each column, as in the method's own formulas."""
        return "norms" in self.adapter.laws.values()

    def own(self, *roles: Role) -> Iterator[tuple[str, Row]]:
        """The symbols that the author declares to be of these roles, families by their own name."""
        for name, row in ({} if self.table is None else self.table.rows).items():
            if row.own and row.node is not None and row.role in roles:
                yield name, row

    def knows(self, name: str | None) -> bool:
        """Whether it is the name of a symbol; what has no name is none."""
        own = None if name is None else self.canonical(name)
        if own is None or own in self.terms or own in self.dimensions:
            return own is not None
        try:
            return self._member(own) is not None
        except Doubt:  # of a family, and not as it is written, or not to be told
            return True

    def taken(self, name: str) -> bool:
        """Whether a symbol has a meaning that no definition may give it anew; A beside a family A_i, and x_1
        beside a vector x, may be defined."""
        own = self.canonical(name)
        if own in self.terms or own in self.dimensions:
            return True
        with suppress(IllTyped):
            return any(name != family.base and family.member(own) is not None for family in self.families)
        return True

    def term(self, name: str) -> Term:
        """What a symbol stands for; a dimension is its size. Raises Unknown with the known ones."""
        own = self.canonical(name)
        if own in self.terms:
            return self.terms[own]
        if own in self.dimensions:
            size = self.dimensions[own]
            return Variable(own, SCALAR) if size is None else number(size, self.moved(own))
        member = self._member(own)
        if member is not None:
            return self.terms.setdefault(own, terms.replaced(member, self.assumed))
        whole = own if own in self.undone else without_index(own)[0]
        if whole in self.undone:
            what = f"what let says of {name if whole == own else whole} has no meaning"
            raise terms.Unknown(what, "it is told there: mend that first")
        where = "here" if self.table is None else "on this figure"
        raise terms.Unknown(f"{name} is not defined {where}", self._suggest(name))

    def _member(self, name: str) -> Term | None:
        """A member of a family. Raises IllTyped for one that is not there."""
        fault: IllTyped | None = None
        for family in self.families:
            try:
                member = family.member(name)
            except IllTyped as wrong:  # but for another family it may be right
                fault = fault if fault is not None else wrong
                continue
            if member is not None:
                return member
        made = self._made(name)
        if made is not None:
            return made
        if fault is not None:
            raise fault
        return self._slice(name)

    def _made(self, name: str) -> Term | None:
        """A member of a family that `let` defines, by the definition of any of them. Raises Doubt."""
        for family in self.made:
            own = family.called(name) if family.name in self.given else None
            if own is None or own == family.name:
                continue
            assert self.table is not None
            body = self.table.lets[family.name]
            for span, index in zip(family.spans, family.row.member(own) or (), strict=True):
                if index != span.letter:  # any of them, along this index
                    body = at(body, span.letter, tree.Number(index))
            running, self.running = self.running, []
            try:
                if any(map(family.row.member, symbols_in(body))):  # it is made of those in front of it
                    for other in family.before(own):
                        self.term(other)
                self.define(own, elaborate(body, self))
            finally:
                self.running = running
            return self.terms[own]
        return None

    def precede(self, right: tree.Node) -> None:
        """In the definition of any member of a family, the one in front of it is any matrix of its shape:
        W_{i-1}, that of W_0. Raises Doubt."""
        for family in (*self.families, *self.made):
            for name, first in family.behind(symbols_in(right)):
                kind = family.kind if family in self.families else self.term(first).type
                self.terms.setdefault(name, Variable(name, kind))

    def _slice(self, name: str) -> Term | None:
        """An entry of a vector, g_2 of g; a column or a row of a matrix, b_2 of B: that along the index of
        the sum around, or along the rank."""
        base, index = without_index(name)
        body = self._whole(base)
        own = body is not None and (self.running or self.row(base) is not None)
        if body is not None and body.type.is_vector and own:
            if any(index in family for family in self.families):
                return Variable(name, SCALAR)  # any of them
            return self._along(body, (body.type.rows, body.type.columns), index, name)
        if "^" in base:
            return None
        matrix = self.terms.get(base.upper())
        if body is not None or matrix is None or base == base.upper() or matrix.type.is_scalar:
            return None
        sizes = matrix.type.rows, matrix.type.columns
        over = self.running[-1] if self.running else None
        if matrix.type.is_vector or not (self.running or self.row(base.upper()) is not None):
            return None
        along = over if over in sizes else self.adapter.rank
        return self._along(matrix, tuple(size if size == along else ONE for size in sizes), index, name)

    def _whole(self, name: str) -> Term | None:
        """What an index may be of: a symbol that is known, or w^(l), a member of a family."""
        if name not in self.terms and "^" in name:
            with suppress(Doubt):
                return self.term(name)
        return self.terms.get(name)

    def _along(self, body: Term, over: tuple[str, ...], index: str, name: str) -> Term | None:
        """The part of a term at an index of the one size that it runs over; None if there is not one."""
        sizes = [size for size in over if size != ONE]
        value = self._sized(sizes[0]) if len(sizes) == 1 else None
        if value is not None and self.ties.get(index, index) == sizes[0]:
            index, name = str(value), name.replace(f"_{index}", f"_{value}")  # the last one, g_N
        if value is None or not index.isdecimal():
            return None
        if not 1 <= int(index) <= value:
            raise IllTyped(f"{name} is out of range: the index goes from 1 to {sizes[0]} = {value:,}")
        axis: Literal["rows", "columns"] = "rows" if over[0] != ONE else "columns"
        across = body.type.columns if axis == "rows" else body.type.rows
        return terms.Slice(body, Type(across, ONE), axis, int(index), value)

    def _sized(self, name: str) -> int | None:
        return int(name) if name.isdecimal() else self.dimensions.get(name)

    @contextmanager
    def along_rank(self) -> Iterator[None]:
        """Inside it b_1 is the first column of B, as in a sum over the rank."""
        self.running.append(self.adapter.rank)
        try:
            yield
        finally:
            self.running.pop()

    def any_of(self, name: str) -> str:
        """The name of any member for that of a family, A_i for A; any other name as it is."""
        if self.canonical(name) in self.terms:
            return name
        return next((family.name for family in self.families if family.base == name), name)

    def span(self, letter: str | None) -> Span | None:
        """What runs under a letter that is the index of a family, and nothing else; None for any other."""
        if letter is None or len(letter) > 1 or letter in self.terms or letter in self.dimensions:
            return None
        spans = (span for family in (*self.families, *self.made) for span in family.spans)
        return next((span for span in spans if span.letter == letter and letter not in self.ties), None)

    def runs_over(self, name: str, letter: str) -> frozenset[str]:
        """What the index of a symbol may run over, from 1: sizes by name."""
        for family in (*self.families, *self.made):
            for span, index in zip(family.spans, family.row.member(name) or (), strict=False):
                if index == letter and span.first == 1:
                    return frozenset({span.size if span.size in self.dimensions else str(span.last)})
        base, index = without_index(name)
        body = self._whole(base)
        body = self.terms.get(base.upper()) if body is None else body
        if index != letter or body is None or body.type.is_scalar:
            return frozenset()
        sizes = frozenset({body.type.rows, body.type.columns} - {ONE})
        return sizes & {self.adapter.rank} or sizes

    def _suggest(self, name: str) -> str:
        if ALIASES.get(name, name) in ("s", "α") and self.adapter.scale != "":
            where = "-S alpha=16" if self.table is None else "in the model, alpha: 16"
            return f"it is the scaling: give its alpha, {where}"
        if any(family.row.member(name) is not None for family in self.made):
            return f"say with what it begins: let: ['{name} = …']"
        base, _, letter = name.rpartition("_")
        whole = self.terms.get(base)
        if isinstance(whole, terms.Variable) and len(letter) == 1 and letter.isalpha():
            declared = f"{name}: {{over: '{letter} = 1..N', …}}"
            return f"{base} is not a family: write {base}, or declare it: {declared}"
        if isinstance(whole, terms.Variable) and letter.isdecimal() and self.table is not None:
            sizes = [size for size in (whole.type.rows, whole.type.columns) if size != ONE]
            adapter = self.adapter
            role = "frozen" if base in adapter.frozen else "trained" if base in adapter.laws else None
            shape = f"shape: [{', '.join(sizes)}]"
            declared = f"{name}: {{{shape if role is None else f'{shape}, role: {role}'}}}"
            return f"the figure has one {base}: write {base}, or declare it, symbols: {{{declared}}}"
        known = self.names()
        folded = {own.casefold(): own for own in reversed(known)}
        alike = [own for own in folded if set(own) & set(name.casefold())]
        meant = ""
        if alike:
            from difflib import get_close_matches

            close = get_close_matches(name.casefold(), alike, 1, 0.6)
            meant = f"did you mean {folded[close[0]]}? " if close else ""
        other = {"Σ": "+", "∑": "+"}.get(name, CLAIM_ALIASES.get(name, ""))
        if other == "+" or other in known:
            meant = f"a sum is written {other}; " if other == "+" else f"did you mean {other}? "
        if name in ("A", "B") and self.table is not None and self.adapter.name not in ("lora", "none"):
            meant = f"{name} is LoRA's: model: {{adapter: lora}}; "
        if name in OF_NETWORK and self.table is not None:
            return "a network gives it a value: model: {network: llama-2-7b, targets: [q_proj], r: 8}"
        written = re.sub(r"^(hat|bar|tilde|vec|dot|overline) (\w+)", r"\\\1{\2}", name)  # as TeX has it
        quoted = name if written == name else f"'{written}'"
        others = f"declare it, symbols: {{{quoted}: {{shape: [d, d]}}}}, or define it, let: ['{written} = …']"
        if len(name) == 1 and name.islower():
            others = f"declare it, sizes: {{{name}: 8}} or symbols: {{{name}: {{shape: [d]}}}}, or define it"
        if self.table is None:  # a claim by itself
            if any(name in sizes for sizes in self.adapter.symbols.values()):
                return f"it is a size: -D {name}=8"
            others = f"give its shape, -T '{name}: d', or its meaning, --let '{name} = …'"
        return f"{meant}the symbols are {', '.join(known)}; {others}"

    def layer(self, name: str) -> Term | None:
        """What the adapter's layer gives. None if the figure has another way from this symbol to an output:
        `h_2 = h + x`."""
        output = self.terms.get("h") if "h" in self.adapter.defined else None
        for given in self.given:
            term = self.terms.get(given)
            if term is None or not (term.type.is_vector or term.type.is_scalar):
                continue  # `W_m = W + BA` is no output
            around = terms.below(term, parts=lambda part: () if part is output else terms.parts(part))
            if any(isinstance(part, terms.Variable) and part.name == name for part in around):
                return None
        return output

    def derived(self, name: str) -> bool:
        """Whether a size follows from others, by `let`."""
        return self.table is not None and name in self.table.numbers and name in self.dimensions

    def product(self, sizes: Sequence[str]) -> str | None:
        """The size that `let` says is the product of these, by its name."""
        return None if self.table is None else self.table.product(sizes)

    def made_of_open(self, name: str) -> bool:
        """Whether a size follows by `let` from others that nobody gives: it is known as what that is."""
        return self.table is not None and name in self.table.open and name in self.table.lets

    def settles(self, names: Iterable[str] | None = None) -> None:
        """Notes that sizes decide how something is computed: these, or any. Those that no control moves stay
        what they are."""
        if names is None or self.moving is None:
            self.settled = True
            return
        names = tuple(names)
        made = [self.terms.get(name) for name in names]
        of = [terms.variables(term.of) for term in made if isinstance(term, terms.Constant) and term.of]
        self.settled = self.settled or not self.moving.isdisjoint(frozenset(names).union(*of))

    def indexed(self, names: Iterable[str]) -> tuple[set[str], list[tuple[Term, Term]]]:
        """Of members of families: the sizes that some are called by, or what is defined by such ones; what
        has to be no larger than what for the others to be there. Of sizes that may move alone."""
        rows = [
            *(family.row for family in (*self.families, *self.made)),
            *(family.row for family in self.functions.families),
        ]
        moving = self.dimensions.keys() & (self.dimensions.keys() if self.moving is None else self.moving)
        names = tuple(names)
        last, there = by_size(names, rows, moving)
        defined = {family.name for family in self.made for name in names if family.row.member(name)}
        last |= self.lasting & {*names, *defined}
        return last, [(number(least), self.size(size)) for least, size in there]

    def fits(self, parts: Sequence[str], whole: str) -> None:
        """Notes that a part of a matrix is in it only where its sizes are together no larger."""
        with suppress(Undecidable):
            sizes = [self.size(part) for part in parts]
            self.room.append((operations.plus(*sizes), self.size(whole)))

    def names(self) -> list[str]:
        """What an author may write; of a family the name of any member alone."""
        met = (name for name, term in self.terms.items() if not isinstance(term, terms.Slice))
        known = (name for name in (*met, *self.dimensions, *self.ties) if not {" ", "−"} & {*name})
        families = (*self.families, *self.made)
        own = [name for name in known if all(family.row.member(name) is None for family in families)]
        return [*own, *(family.name for family in families)]

    def dimension(self, name: str | None) -> str | None:
        """The dimension that a name stands for, None where it is none."""
        own = None if name is None else self.ties.get(name, name)
        return own if own in self.dimensions else None

    def moved(self, name: str) -> Term | None:
        """What a size is at others than the figure's; None if it stays what it is."""
        return None if self.fixed is not None and name in self.fixed else Variable(name, SCALAR)

    def size(self, name: str) -> Term:
        """A dimension as a number. Raises Undecidable if it has no value."""
        value = self.dimensions.get(name)
        made = self.terms.get(name)  # 4d, say
        if value is not None:
            return made if isinstance(made, terms.Constant) else number(value, self.moved(name))
        if name.isdecimal():
            return number(int(name))
        raise self.valueless(sorted(terms.variables(made)) if made is not None else [name])

    def valueless(self, names: Sequence[str]) -> Undecidable:
        """That symbols have no value, and how to give them one."""
        open_ = frozenset() if self.table is None else self.table.open
        names = list(dict.fromkeys(name.partition("_")[0] if name in open_ else name for name in names))
        what = f"{' and '.join(names)} {'has' if len(names) == 1 else 'have'} no value here"
        if self.table is None:
            options = (f"-{'D' if name in self.dimensions else 'S'} {name}=…" for name in names)
            return Undecidable(what, f"give it: {' '.join(options)}")
        own = [f"{written}: {_USUAL[name]}" for name in names if (written := _WRITTEN.get(name)) is not None]
        sizes = [f"{name}: 64" for name in names if name in self.dimensions and name not in _WRITTEN]
        own += [f"sizes: {{{', '.join(sizes)}}}"] if sizes else []
        numbers = [f"'{name} = 2'" for name in names if name not in self.dimensions and name not in _WRITTEN]
        own += [f"let: [{', '.join(numbers)}]"] if numbers else []
        return Undecidable(what, f"write what it is: model: {{{', '.join(own)}}}")

    def declare(self, name: str, sizes: Sequence[str]) -> None:
        """A symbol of this shape whose entries may be anything."""
        sizes = [self.ties.get(size, size) for size in sizes]
        if not sizes:
            kind = SCALAR
        elif len(sizes) == 1:
            kind = Type(sizes[0], ONE, "free")
        elif len(sizes) == 2:
            kind = Type(sizes[0], sizes[1])
        else:
            raise Undecidable(f"{name} has {len(sizes)} dimensions", "a shape has one or two")
        self.terms[name] = Variable(name, kind)

    def outputs(self) -> set[str]:
        """The outputs that the author declares and nothing defines: a picture says what they are."""
        rows = {} if self.table is None else self.table.rows
        own = {name for name, row in rows.items() if row.role == "output" and row.own and not row.indices}
        own -= self.given | self.undone
        return {name for name in own if isinstance(self.terms.get(name), terms.Variable)}

    def define(self, name: str, term: Term) -> None:
        """A symbol that stands for a term."""
        deepest = max((self.depth.get(known, 0) for known in _mentioned(term)), default=0) + 1
        if deepest > DEEPEST:
            raise Undecidable(
                f"{name} is defined through more than {DEEPEST} other symbols", "shorten the chain"
            )
        kind = term.type
        if kind.is_vector and kind.columns == ONE and kind.mark == "":
            kind = Type(kind.rows, ONE, "free")  # h = W x may stand in h = x Wᵀ too
        elif kind.mark == "row":
            term, kind = terms.transposed(term), Type(kind.columns, ONE, "free")
        self.depth[name] = deepest
        self.terms[name] = term if isinstance(term, terms.Constant) else terms.Defined(name, term, kind)


def _mentioned(term: Term) -> set[str]:
    """Names of the definitions right below a term, not through them."""

    def parts(part: Term) -> Sequence[Term]:
        return () if isinstance(part, terms.Defined) else terms.parts(part)

    return {part.name for part in terms.below(term, parts=parts) if isinstance(part, terms.Defined)}
