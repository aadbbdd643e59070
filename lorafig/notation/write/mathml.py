"""A label's tree -> MathML Core, for pages: a browser sets it and a screen reader reads it.

Only elements of MathML Core, and nothing of the source but its characters, escaped: the result can stand in
HTML and in XML. Letters are what TeX would draw (small Greek slanted, capital Greek upright); fonts are the
mathematical letters of Unicode. A number that is computed is what the page wants there: see `Shown`.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TypeAlias, assert_never

from lorafig.notation import tree
from lorafig.notation.alphabets import styled
from lorafig.notation.read.commands import CLOSING
from lorafig.notation.read.parse import parse_text
from lorafig.notation.tree import Node, Run
from lorafig.notation.write.loose import is_loose

Shown: TypeAlias = Callable[[tree.Computed], str]  # the MathML of a computed number, such as <mn>65,536</mn>

_SIGN = {"+": "+", "-": "−", "±": "±"}
_OPERATOR = {"·": "⋅", "*": "∗"}
_RELATION = {"~": "∼", "≔": ":="}
_SIGNS = frozenset("+-−±×⊕⊗⊙*∘·")  # symbols that look like operators and stand by themselves
_ACCENT = {"hat": "ˆ", "tilde": "˜", "bar": "¯", "vec": "→", "dot": "˙", "ddot": "¨", "overline": "¯"}
_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_SPACE = {"\\,": "0.1667", "\\:": "0.2222", "\\;": "0.2778", "\\ ": "0.3333", "~": "0.3333", "\\quad": "1",
          "\\qquad": "2"}  # fmt: skip
_TIMES, _OF = "<mo>\u2062</mo>", "<mo>\u2061</mo>"  # they do not show: a product, and a function of something


def to_mathml(node: Node, shown: Shown | None = None, *, font: str = "") -> str:
    """`<math>…</math>` of a tree.

    `shown` gives what stands for each `\\num{…}`; without it the expression itself does, as `\\num{d²}`.
    `font` is one of a Symbol's, for all of the label.
    """
    return f"<math>{_Writer(shown).write(node, font)}</math>"


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


def _symbol(node: tree.Symbol, font: str) -> str:
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
    """tree.Words with the blanks at their ends, which a browser would drop."""
    head, tail = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    kept = "\u00a0" * head + text.strip() + "\u00a0" * (tail if text.strip() != "" else 0)
    return f"<mtext>{_escaped(kept)}</mtext>"


def _multiplies(left: Node, right: Node) -> bool:
    """Whether nothing between two factors means a product."""
    for side in (left, right):
        if isinstance(side, tree.Words) or (
            isinstance(side, tree.Symbol) and (side.name in _SIGNS or side.name in "%…⋯⋮")
        ):
            return False
    return not (isinstance(left, tree.Number) and left.unit != "")


class _Writer:
    """Every node is one element, or nothing. `font` is the one in force; a symbol's own comes before it."""

    __slots__ = ("shown",)

    def __init__(self, shown: Shown | None) -> None:
        self.shown = shown

    def element(self, node: Node | None, font: str) -> str:
        """The node where an element has to be; '' for None."""
        return "" if node is None else _row(self.write(node, font))

    def part(self, node: Node, font: str, bracketed: bool | None = None) -> str:
        """A factor, a term or a base: in brackets where it would be read otherwise."""
        inside = self.element(node, font)
        bracketed = is_loose(node) if bracketed is None else bracketed
        return _fence("(", ")", False, inside) if bracketed else inside

    def write(self, node: Node, font: str) -> str:
        match node:
            case tree.Number(digits, unit):
                face = "bf" if font in ("bf", "bm") else "rm"
                text = "".join(styled(char, face) for char in digits).replace(" ", "\u2009").replace("-", "−")
                return f"<mn>{_escaped(text + unit)}</mn>"
            case tree.Symbol():
                return _symbol(node, font)
            case tree.Script(base, sub, sup, primes):
                wide = isinstance(base, (tree.Product, tree.Big)) or (
                    isinstance(base, tree.Apply) and base.brackets == ""
                )
                marks = _operator(_PRIMES.get(primes, "′" * primes)) if primes > 0 else ""
                above = _row(marks, self.element(sup, font)) if marks != "" else self.element(sup, font)
                inside = self.part(base, font, wide or isinstance(base, tree.Sum) or is_loose(base))
                return _scripted("sub", "sup", inside, self.element(sub, font), above)
            case tree.Prefix(mark, body):
                return _row(_symbol(tree.Symbol(mark), font), self.element(body, font))
            case tree.Product():
                return self.product(node, font)
            case tree.Sum(terms, signs):
                pieces: list[str] = []
                for i, (sign, term) in enumerate(zip(signs, terms, strict=True)):
                    if sign != "" or i > 0:
                        pieces.append(_operator(_SIGN[sign if sign != "" else "+"]))
                    pieces.append(self.part(term, font))
                return _row(*pieces)
            case tree.Relation(sides, ops):
                pieces = []
                for op, side in zip(("", *ops), sides, strict=True):
                    gaps = ' lspace="0.1111em" rspace="0.3333em"' if op == ":" else ""
                    pieces.append(_operator(_RELATION.get(op, op), gaps) if op != "" else "")
                    if side != tree.Words(""):
                        pieces.append(self.part(side, font, isinstance(side, (tree.Listing, tree.Relation))))
                return _row(*pieces)
            case tree.Shape(sizes):
                first, *others = (self.part(size, font) for size in sizes)
                return _row(first, *(f"<mo>×</mo>{other}" for other in others))
            case tree.Fraction(above_, below):
                return f"<mfrac>{self.element(above_, font)}{self.element(below, font)}</mfrac>"
            case tree.Fenced(opening, closing, body, stretch):
                return _fence(opening, closing, stretch, self.write(body, font))
            case tree.Apply():
                return self.apply(node, font)
            case tree.Root(body, degree):
                tag = "msqrt" if degree is None else "mroot"
                return f"<{tag}>{self.element(body, font)}{self.element(degree, font)}</{tag}>"
            case tree.Accent(mark, body):
                # Without accent="true": with it Chromium draws the mark into a capital letter.
                over = _operator(_ACCENT[mark], "" if mark == "overline" else ' stretchy="false"')
                return f"<mover>{self.element(body, font)}{over}</mover>"
            case tree.Braced(body, label, over_):
                tag, brace = ("mover", "⏞") if over_ else ("munder", "⏟")
                braced = f"<{tag}>{self.element(body, font)}<mo>{brace}</mo></{tag}>"
                return braced if label is None else f"<{tag}>{braced}{self.element(label, font)}</{tag}>"
            case tree.Big(op, body, lower, upper):
                limits = self.element(lower, font), self.element(upper, font)
                return _row(_scripted("under", "over", f"<mo>{op}</mo>", *limits), self.part(body, font))
            case tree.Words(text):
                return _words(text) if text != "" else ""
            case tree.Computed(body, form):
                if self.shown is not None:
                    return self.shown(node)
                head = "\\num{" if form == "" else f"\\num[{form}]{{"
                return _row(f"<mtext>{_escaped(head)}</mtext>", self.element(body, font), "<mtext>}</mtext>")
            case tree.Listing(items, seps, spaces):
                pieces = []
                for i, item in enumerate(items):
                    if i > 0:
                        pieces += [_operator(seps[i - 1]), _space(spaces[i - 1])]
                    pieces.append(self.part(item, font, isinstance(item, tree.Listing)))
                return _row(*pieces)
            case tree.Range(first_, last):
                return _row(
                    self.element(first_, font),
                    _operator(":", ' lspace="0em" rspace="0em"'),
                    self.element(last, font),
                )
            case tree.Matrix(open=opening):
                cells = [[f"<mtd>{self.element(entry, font)}</mtd>" for entry in row] for row in node.rows]
                rows = "".join(f"<mtr>{''.join(row)}</mtr>" for row in cells)
                table = f"<mtable>{rows}</mtable>"
                return table if opening == "" else _fence(opening, CLOSING[opening], True, table)
            case tree.Styled(inner, body):
                return self.write(body, inner)
            case _:
                assert_never(node)

    def product(self, node: tree.Product, font: str) -> str:
        pieces = [self.part(node.factors[0], font)]
        for left, factor, op, space in zip(
            node.factors, node.factors[1:], node.ops, node.spaces, strict=False
        ):
            if op == "/":
                pieces.append(_operator("/", ' lspace="0em" rspace="0em"'))
            elif op != "":
                pieces.append(_operator(_OPERATOR.get(op, op)))
            else:
                pieces += [_TIMES if _multiplies(left, factor) else "", _space(space)]
            several = isinstance(factor, tree.Product) and op != "/"
            pieces.append(self.part(factor, font, is_loose(factor) or several))
        return _row(*pieces)

    def apply(self, node: tree.Apply, font: str) -> str:
        if node.brackets == "":
            inside = _space("\\,") + self.part(node.arguments[0], font)
        else:
            several = len(node.arguments) > 1
            arguments = (
                self.part(argument, font, several and isinstance(argument, tree.Listing))
                for argument in node.arguments
            )
            listed = "<mo>,</mo>".join(arguments)
            inside = _fence(node.brackets, CLOSING[node.brackets], node.stretch, listed)
        return _row(self.element(node.function, font), _OF, inside)


def _scripted(below: str, above: str, base: str, lower: str, upper: str) -> str:
    """A base with what stands below and above it: `sub` and `sup`, or `under` and `over`."""
    tag = "m" + below * (lower != "") + above * (upper != "")
    return f"<{tag}>{base}{lower}{upper}</{tag}>" if tag != "m" else base
