"""The tree of a label: one tree that is typeset, verified, spoken and written as TeX.

The nodes keep both what a label means (a product, a sum, a relation) and how its author
wrote it (`\\cdot` or nothing between two factors, brackets, fonts), so that nothing has to be
parsed twice. Positions are offsets into the label's source, for error messages.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from lorafig.values import Placed

Span: TypeAlias = tuple[int, int]


class _Node(Placed, frozen=True, kw_only=True, gc=False, tag=True):
    span: Span = (0, 0)


class Number(_Node, frozen=True, gc=False):
    """A number as typed: `65,536`, `65 536`, `0.39`, `1e-4`, and its unit: '', 'K', 'M', 'B', 'T', '%'
    or '×' (`32×`, times as many). After any other factor these two signs are factors of their own:
    Symbol('%') and Symbol('×')."""

    digits: str
    unit: str = ""


class Symbol(_Node, frozen=True, gc=False):
    """A letter, a Greek letter or a word: `W`, `α`, `ℓ`, `merged`, `scale`.

    Greek letters and other symbols (`…`, `∞`, `∇`) are stored as Unicode. `font` is how it is
    set: '' for the default (one letter italic, a word upright), or 'rm', 'it', 'bf', 'bm', 'cal',
    'bb', 'sf', 'tt'. Fonts change the look, not the meaning.
    """

    name: str
    font: str = ""


class Script(_Node, frozen=True, gc=False):
    """A base with a subscript, a superscript and primes: `W_0`, `d^2`, `W^\\top`, `W'`."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


class Prefix(_Node, frozen=True, gc=False):
    """A letter bound to the symbol that follows, making one name: `\\Delta W`."""

    mark: str  # 'Δ'
    body: Node


class Product(_Node, frozen=True, gc=False):
    """Factors in order. `ops[i]` stands before `factors[i + 1]`: '' (juxtaposition) or one of
    '·' (\\cdot), '×' (\\times), '*', '/', '⊗', '⊙', '∘'. `spaces[i]` is the explicit space there:
    '' or one of '\\,', '\\:', '\\;', '\\!', '\\ ', '~', '\\quad', '\\qquad'."""

    factors: tuple[Node, ...]
    ops: tuple[str, ...]
    spaces: tuple[str, ...]


class Sum(_Node, frozen=True, gc=False):
    """Terms with their signs. `signs[i]` is '+', '-' or '±' before `terms[i]`; `signs[0]` is ''
    unless the first term carries a written sign."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


class Relation(_Node, frozen=True, gc=False):
    """A chain: `h = Wx + BAx = (W + BA)x`, `W ∈ ℝ^{d×k}`, `A: r × d`, `r ≪ min(d, k)`.

    `ops[i]` stands between `sides[i]` and `sides[i + 1]`, one of
    '=', '≈', '≡', '≔', '≠', '<', '>', '≤', '≥', '≪', '≫', '∈', '~', ':', '→', '←', '∝'.
    In `≈ 65K`, which is about something elsewhere on the figure, the first side is Words('').
    """

    sides: tuple[Node, ...]
    ops: tuple[str, ...]


class Shape(_Node, frozen=True, gc=False):
    """A shape written out, `d × k`, where it is not the exponent of ℝ: after ':', or by itself."""

    sizes: tuple[Node, ...]


class Fraction(_Node, frozen=True, gc=False):
    """`\\frac{above}{below}`; a slash is a Product with '/'."""

    above: Node
    below: Node


class Fenced(_Node, frozen=True, gc=False):
    """A body in brackets: `(`, `[`, `{` (\\{), `|`, `‖`, `⌊`, `⌈`, `⟨` and their partners.

    `stretch` is true for `\\left…\\right`: the brackets grow with what is inside."""

    open: str
    close: str
    body: Node
    stretch: bool = False


class Apply(_Node, frozen=True, gc=False):
    """A function of arguments: `min(d, k)`, `\\mathrm{rank}(BA)`, `\\mathcal{N}(0, σ²)`, `B(A(x))`,
    `\\log_2 r` (no brackets). `function` is a Symbol or a Script of one. W(x) is a product too:
    what it means is decided by what W is."""

    function: Node
    arguments: tuple[Node, ...]
    brackets: str = "("  # '(' or '[' or '' (none)
    stretch: bool = False


class Root(_Node, frozen=True, gc=False):
    body: Node
    degree: Node | None = None


class Accent(_Node, frozen=True, gc=False):
    """`\\hat`, `\\tilde`, `\\bar`, `\\vec`, `\\dot`, `\\overline`: part of a symbol's name."""

    mark: str  # 'hat', 'tilde', 'bar', 'vec', 'dot', 'ddot', 'overline'
    body: Node


class Braced(_Node, frozen=True, gc=False):
    """`\\underbrace{body}_{label}` or `\\overbrace{body}^{label}`."""

    body: Node
    label: Node | None
    over: bool = False


class Big(_Node, frozen=True, gc=False):
    """`\\sum_{l=1}^{L} body`, `\\prod`."""

    op: str  # '∑' or '∏'
    body: Node
    lower: Node | None = None
    upper: Node | None = None


class Words(_Node, frozen=True, gc=False):
    """Words inside mathematics: `\\text{ where }`, or bare ones after a number: `32× fewer`. The text
    holds its own spaces, as drawn (' fewer')."""

    text: str


class Computed(_Node, frozen=True, gc=False):
    """`\\num{d^2}`, `\\num[M]{…}`: the value of an expression, never typed. `form` is the bracket's
    content: '' or a unit such as 'K', 'M', '%', 'x'."""

    body: Node
    form: str = ""


class Listing(_Node, frozen=True, gc=False):
    """Several statements or arguments in one label: `d = 768, r = 8`. `seps[i]`, one of
    ',', ';', '⇒' and '⇔', follows `items[i]`; spaces[i] is the explicit space after it, as in Product."""

    items: tuple[Node, ...]
    seps: tuple[str, ...]
    spaces: tuple[str, ...]


class Range(_Node, frozen=True, gc=False):
    """Rows or columns of a matrix: `:b`, `1:b`, `r+1:2r`, `r:`, `:`. They stand in brackets (`A[:b]`, the
    argument of an Apply) or in an index (`A_{:b}`, `U_{[:, :r]}`)."""

    first: Node | None = None
    last: Node | None = None


class Matrix(_Node, frozen=True, gc=False):
    """`\\begin{bmatrix} a & b \\\\ c & d \\end{bmatrix}`: its entries row by row. `open` is '[' of bmatrix,
    '(' of pmatrix and '' of matrix."""

    entries: tuple[Node, ...]
    columns: int
    open: str = "["

    @property
    def rows(self) -> tuple[tuple[Node, ...], ...]:
        starts = range(0, len(self.entries), self.columns)
        return tuple(self.entries[start : start + self.columns] for start in starts)


class Styled(_Node, frozen=True, gc=False):
    """A font over more than one symbol: `\\mathbf{BA}`, `\\boldsymbol{…}`, `\\mathrm{…}`."""

    font: str
    body: Node


Node: TypeAlias = (
    Number
    | Symbol
    | Script
    | Prefix
    | Product
    | Sum
    | Relation
    | Shape
    | Fraction
    | Fenced
    | Apply
    | Root
    | Accent
    | Braced
    | Big
    | Words
    | Computed
    | Listing
    | Range
    | Matrix
    | Styled
)


class Run(Struct, frozen=True, gc=False):
    """A piece of a text label: words, or mathematics that stood between `$…$`."""

    text: str  # the words; '' for mathematics
    math: Node | None = None
    bold: bool = False
    offset: int = 0  # where it begins in the label
