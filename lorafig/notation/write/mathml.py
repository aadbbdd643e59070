"""A label's tree -> MathML Core, for pages: a browser sets it and a screen reader reads it.

Only elements of MathML Core, and nothing of the source but its characters, escaped: the result can stand in
HTML and in XML. Letters are what TeX would draw (small Greek slanted, capital Greek upright); fonts are the
mathematical letters of Unicode. A number that is computed is what the page wants there: see `Number`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeAlias, assert_never

from lorafig.notation.alphabets import styled
from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import (
    Accent,
    Apply,
    Big,
    Braced,
    Computed,
    Fenced,
    Fraction,
    Listing,
    Node,
    Number,
    Prefix,
    Product,
    Relation,
    Root,
    Run,
    Script,
    Shape,
    Styled,
    Sum,
    Symbol,
    Words,
)

Shown: TypeAlias = Callable[[Computed], str]  # the MathML of a computed number, such as <mn>65,536</mn>

_SIGN = {"+": "+", "-": "−", "±": "±"}
_OPERATOR = {"·": "⋅", "*": "∗"}
_RELATION = {"~": "∼", "≔": ":="}
_SIGNS = frozenset("+-±×⊕⊗⊙*∘·")  # symbols that look like operators and stand by themselves
_ACCENT = {"hat": "ˆ", "tilde": "˜", "bar": "¯", "vec": "→", "dot": "˙", "ddot": "¨", "overline": "¯"}
_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_SPACE = {"\\,": "0.1667", "\\:": "0.2222", "\\;": "0.2778", "\\ ": "0.3333", "~": "0.3333", "\\quad": "1",
          "\\qquad": "2"}  # fmt: skip
_TIMES, _OF = "<mo>\u2062</mo>", "<mo>\u2061</mo>"  # they do not show: a product, and a function of something


def to_mathml(
    node: Node, shown: Shown | None = None, *, display: bool = False, attributes: str = "", font: str = ""
) -> str:
    """`<math>…</math>` of a tree.

    `shown` gives what stands for each `\\num{…}`; without it the expression itself does, as `\\num{d²}`.
    `display` sets fractions and sums large, and the label on a line of its own. `attributes` go into the
    `<math>` tag as they are: they are the page's own. `font` is one of a Symbol's, for all of the label.
    """
    head = "<math" + (' display="block"' if display else "") + (f" {attributes}" if attributes != "" else "")
    return f"{head}>{_Writer(shown).write(node, font)}</math>"


def text_html(text: str, shown: Shown | None = None) -> str:
    """A text of a spec as HTML for inside a paragraph: words escaped, `**bold**` as `<strong>`, mathematics
    between `$…$` as MathML.

    Errors: those of parse_text.
    """
    return runs_html(parse_text(text), shown)


def runs_html(runs: tuple[Run, ...], shown: Shown | None = None) -> str:
    """The runs of a text as HTML."""
    pieces: list[str] = []
    for run in runs:
        if run.math is None:
            html = _escaped(run.text)
        else:
            html = to_mathml(run.math, shown, font="bm" if run.bold else "")
        pieces.append(f"<strong>{html}</strong>" if run.bold else html)
    return "".join(pieces)


def _escaped(text: str) -> str:
    """Text for HTML and XML alike; characters that XML cannot have are left out."""
    return escape("".join(char for char in text if _is_written(char)))


def _is_written(char: str) -> bool:
    code = ord(char)
    if code < 0x20:
        return char in "\t\n"
    return not (0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE)


def _operator(char: str, attributes: str = "") -> str:
    return f"<mo{attributes}>{_escaped(char)}</mo>"


def _row(*pieces: str) -> str:
    """Elements as one."""
    kept = [piece for piece in pieces if piece != ""]
    return kept[0] if len(kept) == 1 else f"<mrow>{''.join(kept)}</mrow>"


def _fence(opening: str, closing: str, stretch: bool, *pieces: str) -> str:
    stays = "" if stretch else ' stretchy="false"'
    left, right = _operator(opening, f' form="prefix"{stays}'), _operator(closing, f' form="postfix"{stays}')
    return _row(left, *pieces, right)


def _space(command: str) -> str:
    return f'<mspace width="{_SPACE[command]}em"/>' if command in _SPACE else ""


def _symbol(node: Symbol, font: str) -> str:
    name, font = node.name, node.font if node.font != "" else font
    if name in _SIGNS:
        return _operator("−" if name == "-" else name, ' lspace="0em" rspace="0em"')
    if len(name) > 1:
        return (
            f"<mi>{_escaped(name if font == 'rm' else ''.join(_in_word(char, font) for char in name))}</mi>"
        )
    char = styled(name, font)
    # A browser slants a letter that is by itself, also capital Greek.
    slanted = font == "" and char != name
    upright = (
        "" if slanted or char != name or not (name.isalpha() or name in "∂∇") else ' mathvariant="normal"'
    )
    return f"<mi{upright}>{_escaped(name if slanted else char)}</mi>"


def _in_word(char: str, font: str) -> str:
    return char if font == "" else styled(char, font)


def _words(text: str) -> str:
    """Words with the blanks at their ends, which a browser would drop."""
    head, tail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    kept = "\u00a0" * head + text.strip() + "\u00a0" * (tail if text.strip() != "" else 0)
    return f"<mtext>{_escaped(kept)}</mtext>"


def _is_loose(node: Node) -> bool:
    """Binds less than a product: brackets keep what is drawn true, as in tex.py."""
    if isinstance(node, Sum):
        return len(node.terms) > 1 or node.signs[0] == ""
    return isinstance(node, (Relation, Listing, Shape))


def _multiplies(left: Node, right: Node) -> bool:
    """Whether nothing between two factors means a product."""
    for one in (left, right):
        if isinstance(one, Words) or (isinstance(one, Symbol) and (one.name in _SIGNS or one.name in "%…⋯")):
            return False
    return not (isinstance(left, Number) and left.unit != "")


class _Writer:
    """Every node is one element, or nothing. `font` is the one in force; a symbol's own comes before it."""

    __slots__ = ("shown",)

    def __init__(self, shown: Shown | None) -> None:
        self.shown = shown

    def one(self, node: Node, font: str) -> str:
        """The node where an element has to be."""
        return _row(self.write(node, font))

    def part(self, node: Node, font: str, loose: bool | None = None) -> str:
        """A factor, a term or a base: in brackets where it would be read otherwise."""
        inside = self.one(node, font)
        return _fence("(", ")", False, inside) if (_is_loose(node) if loose is None else loose) else inside

    def write(self, node: Node, font: str) -> str:
        match node:
            case Number(digits, unit):
                face = "bf" if font in ("bf", "bm") else "rm"
                text = "".join(styled(char, face) for char in digits).replace(" ", "\u2009").replace("-", "−")
                return f"<mn>{_escaped(text + unit)}</mn>"
            case Symbol():
                return _symbol(node, font)
            case Script():
                return self.script(node, font)
            case Prefix(mark, body):
                return _row(_symbol(Symbol(mark), font), self.one(body, font))
            case Product():
                return self.product(node, font)
            case Sum(terms, signs):
                pieces: list[str] = []
                for i, (sign, term) in enumerate(zip(signs, terms, strict=True)):
                    if sign != "" or i > 0:
                        pieces.append(_operator(_SIGN[sign if sign != "" else "+"]))
                    pieces.append(self.part(term, font))
                return _row(*pieces)
            case Relation(sides, ops):
                pieces = [self.part(sides[0], font, isinstance(sides[0], (Listing, Relation)))]
                if sides[0] == Words(""):
                    pieces = []
                for op, side in zip(ops, sides[1:], strict=True):
                    gaps = ' lspace="0.1111em" rspace="0.3333em"' if op == ":" else ""
                    pieces.append(_operator(_RELATION.get(op, op), gaps))
                    pieces.append(self.part(side, font, isinstance(side, (Listing, Relation))))
                return _row(*pieces)
            case Shape(sizes):
                return _row(
                    self.part(sizes[0], font), *(f"<mo>×</mo>{self.part(one, font)}" for one in sizes[1:])
                )
            case Fraction(above, below):
                return f"<mfrac>{self.one(above, font)}{self.one(below, font)}</mfrac>"
            case Fenced(opening, closing, body, stretch):
                return _fence(opening, closing, stretch, self.write(body, font))
            case Apply():
                return self.apply(node, font)
            case Root(body, degree):
                inside = self.one(body, font)
                if degree is None:
                    return f"<msqrt>{inside}</msqrt>"
                return f"<mroot>{inside}{self.one(degree, font)}</mroot>"
            case Accent(mark, body):
                # Without accent="true": with it Chromium draws the mark into a capital letter.
                over = _operator(_ACCENT[mark], "" if mark == "overline" else ' stretchy="false"')
                return f"<mover>{self.one(body, font)}{over}</mover>"
            case Braced(body, label, over):
                element, brace = ("mover", "⏞") if over else ("munder", "⏟")
                braced = f"<{element}>{self.one(body, font)}<mo>{brace}</mo></{element}>"
                return braced if label is None else f"<{element}>{braced}{self.one(label, font)}</{element}>"
            case Big(op, body, lower, upper):
                return _row(self.limits(f"<mo>{op}</mo>", lower, upper, font), self.part(body, font))
            case Words(text):
                return _words(text) if text != "" else ""
            case Computed(body, form):
                if self.shown is not None:
                    return self.shown(node)
                head = "\\num{" if form == "" else f"\\num[{form}]{{"
                return _row(f"<mtext>{_escaped(head)}</mtext>", self.one(body, font), "<mtext>}</mtext>")
            case Listing(items, seps, spaces):
                pieces = []
                for i, item in enumerate(items):
                    if i > 0:
                        pieces += [_operator(seps[i - 1]), _space(spaces[i - 1])]
                    pieces.append(self.part(item, font, isinstance(item, Listing)))
                return _row(*pieces)
            case Styled(inner, body):
                return self.write(body, inner)
            case _:
                assert_never(node)

    def script(self, node: Script, font: str) -> str:
        base = node.base
        wide = isinstance(base, (Product, Sum, Relation, Shape, Listing, Big)) or (
            isinstance(base, Apply) and base.brackets == ""
        )
        inside = self.part(base, font, wide)
        primes = _PRIMES.get(node.primes, "′" * node.primes)
        sup = "" if node.sup is None else self.one(node.sup, font)
        if primes != "":
            sup = _row(_operator(primes), sup)
        if node.sub is None:
            return inside if sup == "" else f"<msup>{inside}{sup}</msup>"
        sub = self.one(node.sub, font)
        if sup == "":
            return f"<msub>{inside}{sub}</msub>"
        return f"<msubsup>{inside}{sub}{sup}</msubsup>"

    def product(self, node: Product, font: str) -> str:
        pieces = [self.part(node.factors[0], font)]
        for i, factor in enumerate(node.factors[1:]):
            op, space = node.ops[i], node.spaces[i]
            if op == "/":
                pieces.append(_operator("/", ' lspace="0em" rspace="0em"'))
            elif op != "":
                pieces.append(_operator(_OPERATOR.get(op, op)))
            else:
                pieces.append(_TIMES if _multiplies(node.factors[i], factor) else "")
                pieces.append(_space(space))
            pieces.append(
                self.part(factor, font, _is_loose(factor) or (isinstance(factor, Product) and op != "/"))
            )
        return _row(*pieces)

    def apply(self, node: Apply, font: str) -> str:
        arguments: list[str] = []
        for i, argument in enumerate(node.arguments):
            if i > 0:
                arguments.append("<mo>,</mo>")
            several = len(node.arguments) > 1 and isinstance(argument, Listing)
            arguments.append(self.part(argument, font, several))
        if node.brackets == "":
            inside = _space("\\,") + self.part(node.arguments[0], font)
        else:
            inside = _fence(node.brackets, {"(": ")", "[": "]"}[node.brackets], node.stretch, *arguments)
        return _row(self.one(node.function, font), _OF, inside)

    def limits(self, sign: str, lower: Node | None, upper: Node | None, font: str) -> str:
        below = "" if lower is None else self.one(lower, font)
        above = "" if upper is None else self.one(upper, font)
        if below != "" and above != "":
            return f"<munderover>{sign}{below}{above}</munderover>"
        if below != "":
            return f"<munder>{sign}{below}</munder>"
        return f"<mover>{sign}{above}</mover>" if above != "" else sign
