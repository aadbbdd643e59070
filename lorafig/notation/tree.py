"""The tree of a label: one tree that is typeset, verified, spoken and written as TeX.

The nodes keep both what a label means (a product, a sum, a relation) and how its author
wrote it (`\\cdot` or nothing between two factors, brackets, fonts), so that nothing has to be
parsed twice. Positions are offsets into the label's source, for error messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(_Node):
    """A number as typed: `65,536`, `65 536`, `0.39`, `1e-4`, and its unit: '', 'K', 'M', 'B', 'T', '%'
    or '×' (`32×`, times as many). After any other factor these two signs are factors of their own:
    Symbol('%') and Symbol('×')."""

    digits: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Symbol(_Node):
    """A letter, a Greek letter or a word: `W`, `α`, `ℓ`, `merged`, `scale`.

    Greek letters and other symbols (`…`, `∞`, `∇`) are stored as Unicode. `font` is how it is
    set: '' for the default (one letter italic, a word upright), or 'rm', 'it', 'bf', 'bm', 'cal',
    'bb', 'sf', 'tt'. Fonts change the look, not the meaning.
    """

    name: str
    font: str = ""


@dataclass(frozen=True, slots=True)
class Script(_Node):
    """A base with a subscript, a superscript and primes: `W_0`, `d^2`, `W^\\top`, `W'`."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Prefix(_Node):
    """A letter bound to the symbol that follows, making one name: `\\Delta W`."""

    mark: str  # 'Δ'
    body: Node


@dataclass(frozen=True, slots=True)
class Product(_Node):
    """Factors in order. `ops[i]` stands before `factors[i + 1]`: '' (juxtaposition) or one of
    '·' (\\cdot), '×' (\\times), '*', '/', '⊗', '⊙', '∘'. `spaces[i]` is the explicit space there:
    '' or one of '\\,', '\\:', '\\;', '\\!', '\\ ', '~', '\\quad', '\\qquad'."""

    factors: tuple[Node, ...]
    ops: tuple[str, ...]
    spaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sum(_Node):
    """Terms with their signs. `signs[i]` is '+', '-' or '±' before `terms[i]`; `signs[0]` is ''
    unless the first term carries a written sign."""

    terms: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation(_Node):
    """A chain: `h = Wx + BAx = (W + BA)x`, `W ∈ ℝ^{d×k}`, `A: r × d`, `r ≪ min(d, k)`.

    `ops[i]` stands between `sides[i]` and `sides[i + 1]`, one of
    '=', '≈', '≡', '≔', '≠', '<', '>', '≤', '≥', '≪', '≫', '∈', '~', ':', '→', '←', '∝'.
    In `≈ 65K`, which is about something elsewhere on the figure, the first side is Words('').
    """

    sides: tuple[Node, ...]
    ops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape(_Node):
    """A shape written out, `d × k`, where it is not the exponent of ℝ: after ':', or by itself."""

    sizes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Fraction(_Node):
    """`\\frac{above}{below}`; a slash is a Product with '/'."""

    above: Node
    below: Node


@dataclass(frozen=True, slots=True)
class Fenced(_Node):
    """A body in brackets: `(`, `[`, `{` (\\{), `|`, `‖`, `⌊`, `⌈`, `⟨` and their partners.

    `stretch` is true for `\\left…\\right`: the brackets grow with what is inside."""

    open: str
    close: str
    body: Node
    stretch: bool = False


@dataclass(frozen=True, slots=True)
class Apply(_Node):
    """A function of arguments: `min(d, k)`, `\\mathrm{rank}(BA)`, `\\mathcal{N}(0, σ²)`, `B(A(x))`,
    `\\log_2 r` (no brackets). `function` is a Symbol or a Script of one. W(x) is a product too:
    what it means is decided by what W is."""

    function: Node
    arguments: tuple[Node, ...]
    brackets: str = "("  # '(' or '[' or '' (none)
    stretch: bool = False


@dataclass(frozen=True, slots=True)
class Root(_Node):
    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent(_Node):
    """`\\hat`, `\\tilde`, `\\bar`, `\\vec`, `\\dot`, `\\overline`: part of a symbol's name."""

    mark: str  # 'hat', 'tilde', 'bar', 'vec', 'dot', 'ddot', 'overline'
    body: Node


@dataclass(frozen=True, slots=True)
class Braced(_Node):
    """`\\underbrace{body}_{label}` or `\\overbrace{body}^{label}`."""

    body: Node
    label: Node | None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Big(_Node):
    """`\\sum_{l=1}^{L} body`, `\\prod`."""

    op: str  # '∑' or '∏'
    body: Node
    lower: Node | None = None
    upper: Node | None = None


@dataclass(frozen=True, slots=True)
class Words(_Node):
    """Words inside mathematics: `\\text{ where }`, or bare ones after a number: `32× fewer`. The text
    holds its own spaces, as drawn (' fewer')."""

    text: str


@dataclass(frozen=True, slots=True)
class Computed(_Node):
    """`\\num{d^2}`, `\\num[M]{…}`: the value of an expression, never typed. `form` is the bracket's
    content: '' or a unit such as 'K', 'M', '%', 'x'."""

    body: Node
    form: str = ""


@dataclass(frozen=True, slots=True)
class Listing(_Node):
    """Several statements or arguments in one label: `d = 768, r = 8`. `seps[i]` (',' or ';')
    follows `items[i]`; spaces[i] is the explicit space after it, as in Product."""

    items: tuple[Node, ...]
    seps: tuple[str, ...]
    spaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Styled(_Node):
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
    | Styled
)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text label: words, or mathematics that stood between `$…$`."""

    text: str  # the words; '' for mathematics
    math: Node | None = None
    bold: bool = False
    offset: int = 0  # where it begins in the label
