"""A label's tree -> TeX, as a careful author writes it.

Only ASCII, only commands of LaTeX, amsmath and amssymb, and nothing of the source: every character
comes from a table. (A `Computed` has no value here and is written `\\num{…}`; fill it in first.)
It also tells where each node went, so that a part can be cut out: see find.py.
"""

from __future__ import annotations

import re
from typing import assert_never

from lorafig.notation.read.commands import OPERATORS, RELATIONS, SYMBOLS, TEX_FUNCTIONS
from lorafig.notation.read.wordlike import is_word, reads_as_letters
from lorafig.notation.textchars import escape
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

FONT_COMMANDS: dict[str, str] = {
    "rm": "\\mathrm", "it": "\\mathit", "bf": "\\mathbf", "bm": "\\boldsymbol", "cal": "\\mathcal",
    "bb": "\\mathbb", "sf": "\\mathsf", "tt": "\\mathtt",
}  # fmt: skip


def _backwards(table: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, char in table.items():
        found.setdefault(char, "\\" + name)
    return found


_SYMBOL = _backwards(SYMBOLS) | {
    "Δ": "\\Delta", "·": "\\cdot", "×": "{\\times}", "⊕": "{\\oplus}", "%": "\\%", "#": "\\#",
    "*": "*", "+": "+", "-": "-", "±": "\\pm", "/": "/", "∘": "\\circ",
    "⊗": "\\otimes", "⊙": "\\odot", "ϵ": "\\epsilon",
}  # fmt: skip
_RELATION = _backwards(RELATIONS) | {
    "=": "=", "<": "<", ">": ">", "≔": ":=", ":": "\\colon", "≤": "\\le", "≥": "\\ge", "≠": "\\neq",
}  # fmt: skip
_OPERATOR = _backwards(OPERATORS) | {"*": "*", "/": "/"}
_SIGN = {"+": "+", "-": "-", "±": "\\pm"}
_OPEN = {"(": "(", "[": "[", "{": "\\{", "|": "\\lvert ", "‖": "\\lVert ", "⌊": "\\lfloor ", "⌈": "\\lceil ",
         "⟨": "\\langle "}  # fmt: skip
_CLOSE = {")": ")", "]": "]", "}": "\\}", "|": " \\rvert", "‖": " \\rVert", "⌋": " \\rfloor", "⌉": " \\rceil",
          "⟩": " \\rangle"}  # fmt: skip
_STRETCH = {"|": "|", "‖": "\\|", "{": "\\{", "}": "\\}", "⌊": "\\lfloor", "⌋": "\\rfloor", "⌈": "\\lceil",
            "⌉": "\\rceil", "⟨": "\\langle", "⟩": "\\rangle"}  # fmt: skip
_CONTROL_WORD = re.compile(r"\\[A-Za-z]+$")
_ONE_TOKEN = re.compile(r"(?:[A-Za-z0-9*]|\\[A-Za-z]+)$")


def to_tex(node: Node) -> str:
    """The tree as TeX for math mode. Parsing it gives the tree again."""
    writer = Writer()
    writer.visit(node)
    return "".join(writer.out)


class Writer:
    """TeX under construction. `spans` tells where each node went, by its id; `slots` where child i of a
    Product, Sum, Relation, Shape or Listing did, by (id, i), with the brackets that it was given."""

    __slots__ = ("out", "size", "slots", "spans")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.size = 0
        self.spans: dict[int, tuple[int, int]] = {}
        self.slots: dict[tuple[int, int], tuple[int, int]] = {}

    def emit(self, text: str) -> None:
        """Append; with a blank where a command's name would run into a letter."""
        if text[:1].isalpha() and self.out and _CONTROL_WORD.search(self.out[-1]) is not None:
            text = " " + text
        self.out.append(text)
        self.size += len(text)

    def visit(self, node: Node) -> None:
        mark, start = len(self.out), self.size
        self.write(node)
        if len(self.out) > mark and self.out[mark][:1] == " ":
            start += 1
        self.spans.setdefault(id(node), (start, self.size))

    def slot(self, container: Node, index: int, child: Node, bracketed: bool) -> None:
        mark, start = len(self.out), self.size
        self.bracketed(child) if bracketed else self.visit(child)
        if len(self.out) > mark and self.out[mark][:1] == " ":
            start += 1
        self.slots[id(container), index] = start, self.size

    def bracketed(self, node: Node) -> None:
        self.emit("(")
        self.visit(node)
        self.emit(")")

    def braced(self, node: Node) -> None:
        self.emit("{")
        self.visit(node)
        self.emit("}")

    def write(self, node: Node) -> None:
        match node:
            case Number():
                self.emit(_number(node))
            case Symbol():
                self.emit(_symbol(node))
            case Script():
                self.script(node)
            case Prefix():
                self.emit(_SYMBOL[node.mark])
                if not _symbol_starts_with_letter(node.body):
                    self.emit(" ")
                self.base(node.body)
            case Product():
                self.product(node)
            case Sum():
                self.sum(node)
            case Relation():
                for i, side in enumerate(node.sides):
                    if i > 0:
                        op = node.ops[i - 1]
                        blank = "" if self.size == 0 else " "
                        self.emit("\\colon " if op == ":" else f"{blank}{_RELATION[op]} ")
                    self.slot(node, i, side, isinstance(side, (Listing, Relation)))
            case Shape():
                for i, size in enumerate(node.sizes):
                    if i > 0:
                        self.emit(" \\times ")
                    self.slot(node, i, size, _is_loose(size))
            case Listing():
                for i, item in enumerate(node.items):
                    if i > 0:
                        space = node.spaces[i - 1]
                        space = f" {space} " if space not in ("~", "\\ ") else "\\ "
                        self.emit(
                            f"{node.seps[i - 1]}{space}"
                            if node.spaces[i - 1] != ""
                            else f"{node.seps[i - 1]} "
                        )
                    self.slot(node, i, item, isinstance(item, Listing))
            case Fraction():
                self.emit("\\frac")
                self.braced(node.above)
                self.braced(node.below)
            case Fenced():
                self.fenced(node)
            case Apply():
                self.apply(node)
            case Root():
                self.emit("\\sqrt")
                if node.degree is not None:
                    self.emit("[")
                    self.visit(node.degree)
                    self.emit("]")
                self.braced(node.body)
            case Accent():
                wide = node.mark in ("hat", "tilde") and not isinstance(node.body, Symbol)
                self.emit(f"\\{'wide' if wide else ''}{node.mark}")
                self.braced(node.body)
            case Braced():
                self.emit("\\overbrace" if node.over else "\\underbrace")
                self.braced(node.body)
                if node.label is not None:
                    self.emit("^" if node.over else "_")
                    self.braced(node.label)
            case Big():
                self.big(node)
            case Words():
                if node.text != "":
                    self.emit(f"\\text{{{escape(node.text)}}}")
            case Computed():
                form = node.form.replace("%", "\\%")
                self.emit(f"\\num[{form}]" if form != "" else "\\num")
                self.braced(node.body)
            case Styled():
                self.emit(FONT_COMMANDS[node.font])
                self.braced(node.body)
            case _:
                assert_never(node)

    def product(self, node: Product) -> None:
        for i, factor in enumerate(node.factors):
            op, space = ("", "") if i == 0 else (node.ops[i - 1], node.spaces[i - 1])
            if op == "/":
                self.emit("/")
                if isinstance(factor, Product):
                    self.below(node, i, factor)
                    continue
            elif op != "":
                self.emit(f" {_OPERATOR[op]} ")
            elif space != "":
                self.emit("\\ " if space in ("~", "\\ ") else f" {space} ")
            elif i > 0 and _run_together(node, i):
                self.emit(" ")
            if isinstance(factor, Number) and factor.unit == "×" and i + 1 < len(node.factors):
                start = self.size
                self.emit(_number(factor)[: -len("\\times")] + "{\\times}")  # no space around it
                self.spans.setdefault(id(factor), (start, self.size))
                self.slots[id(node), i] = start, self.size
                continue
            if i > 0 and op == "" and _reads_as_unit(node, i):
                self.emit("{")
                self.slot(node, i, factor, False)
                self.emit("}")
                continue
            self.slot(node, i, factor, _is_loose(factor) or isinstance(factor, Product))

    def below(self, node: Product, index: int, factor: Product) -> None:
        """Below a slash: all of it without a blank, or in braces."""
        inner = Writer()
        inner.visit(factor)
        text = "".join(inner.out)
        tight = " " not in text and set(factor.ops) == {""}
        start = self.size
        self.emit(text if tight else f"{{{text}}}")
        begin = start if tight else start + 1
        for key, (a, b) in inner.spans.items():
            self.spans.setdefault(key, (a + begin, b + begin))
        self.slots |= {key: (a + begin, b + begin) for key, (a, b) in inner.slots.items()}
        self.slots[id(node), index] = start, self.size

    def sum(self, node: Sum) -> None:
        for i, (sign, term) in enumerate(zip(node.signs, node.terms, strict=True)):
            if i > 0:
                self.emit(f" {_SIGN[sign if sign != '' else '+']} ")
            elif sign != "":
                first = term.factors[0] if isinstance(term, Product) else term
                self.emit(_SIGN[sign] + (" " if isinstance(first, Sum) else ""))
            self.slot(node, i, term, _is_loose(term))

    def base(self, node: Node) -> None:
        match node:
            case Product() | Sum() | Relation() | Shape() | Listing() | Big() | Apply(brackets=""):
                self.bracketed(node)
            case Script() | Words() | Number(unit="K" | "M" | "B" | "T" | "%" | "×"):
                self.braced(node)
            case _:
                self.visit(node)

    def script(self, node: Script) -> None:
        self.base(node.base)
        if node.sub is not None:
            self.emit("_")
            self.raised(node.sub)
        if node.primes > 0:
            self.emit("'" * node.primes)
        if node.sup is not None:
            self.emit("^")
            self.raised(node.sup)

    def raised(self, node: Node) -> None:
        # \max is one token and needs braces all the same; + and - get them to stand as symbols
        tex = ""
        if isinstance(node, Symbol) and len(node.name) == 1:
            tex = _symbol(node)
        elif isinstance(node, Number):
            tex = _number(node)
        self.visit(node) if _ONE_TOKEN.match(tex) is not None else self.braced(node)

    def fenced(self, node: Fenced) -> None:
        if node.stretch:
            left = "\\left" + _STRETCH.get(node.open, node.open)
            right = "\\right" + _STRETCH.get(node.close, node.close)
        else:
            left, right = _OPEN[node.open], _CLOSE[node.close]
        self.emit(left)
        self.visit(node.body)
        self.emit(right)

    def apply(self, node: Apply) -> None:
        if node.brackets == "":
            name = node.function.base if isinstance(node.function, Script) else node.function
            own = isinstance(name, Symbol) and len(name.name) > 1 and name.name not in TEX_FUNCTIONS
            mark = len(self.out)
            self.visit(node.function)
            if own:  # an operator's name has the space of an operator after it
                before = len(self.out[mark])
                self.out[mark] = self.out[mark].replace("\\mathrm", "\\operatorname", 1)
                self.size += len(self.out[mark]) - before
            self.emit(" ")
            argument = node.arguments[0]
            self.bracketed(argument) if _is_loose(argument) else self.visit(argument)
            return
        self.visit(node.function)
        left, right = ("\\left", "\\right") if node.stretch else ("", "")
        self.emit(left + node.brackets)
        for i, argument in enumerate(node.arguments):
            if i > 0:
                self.emit(", ")
            several = len(node.arguments) > 1 and isinstance(argument, Listing)
            self.bracketed(argument) if several else self.visit(argument)
        self.emit(right + {"(": ")", "[": "]"}[node.brackets])

    def big(self, node: Big) -> None:
        self.emit("\\sum" if node.op == "∑" else "\\prod")
        if node.lower is not None:
            self.emit("_")
            self.raised(node.lower)
        if node.upper is not None:
            self.emit("^")
            self.raised(node.upper)
        self.emit(" ")
        self.bracketed(node.body) if _is_loose(node.body) else self.visit(node.body)


def _is_loose(node: Node) -> bool:
    """Binds less than a product, so that brackets keep what is drawn true. No parser gives one there
    but a signed factor: `a \\cdot -b`."""
    if isinstance(node, Sum):
        return len(node.terms) > 1 or node.signs[0] == ""
    return isinstance(node, (Relation, Listing, Shape))


def _reads_as_unit(node: Product, index: int) -> bool:
    """`2B` at the end of a product would be two billion."""
    left, right = node.factors[index - 1], node.factors[index]
    if not (isinstance(left, Number) and left.unit == "" and isinstance(right, Symbol)):
        return False
    last = (
        index + 1 == len(node.factors) or node.ops[index] != "" or isinstance(node.factors[index + 1], Words)
    )
    return last and right.name in ("K", "M", "B", "T") and right.font in ("", "rm")


def _run_together(node: Product, index: int) -> bool:
    """Whether the letters up to factor `index` and it would be read as a word: then a blank parts them."""
    right = node.factors[index]
    run = _letter(right.base if isinstance(right, Script) else right)
    if run == "":
        return False
    for i in range(index - 1, -1, -1):
        factor = node.factors[i]
        if node.ops[i] != "" or node.spaces[i] != "":
            break
        if isinstance(factor, Prefix):
            return _letter(factor.body) != "" and not reads_as_letters(_letter(factor.body) + run)
        if isinstance(factor, Script):
            last = factor.sup if factor.sup is not None else factor.sub if factor.primes == 0 else None
            return last is not None and _letter(last) != "" and not reads_as_letters(_letter(last) + run)
        if _letter(factor) == "":
            break
        run = _letter(factor) + run
    return not reads_as_letters(run)


def _letter(node: Node) -> str:
    plain = isinstance(node, Symbol) and len(node.name) == 1 and node.font == "" and node.name.isascii()
    return node.name if isinstance(node, Symbol) and plain and node.name.isalpha() else ""


def _symbol_starts_with_letter(node: Node) -> bool:
    return isinstance(node, Symbol) and _symbol(node)[:1].isalpha()


def _number(node: Number) -> str:
    digits = node.digits.replace(",", "{,}").replace(" ", "\\,")
    if "e" in digits:
        mantissa, exponent = digits.split("e")
        sign, figures = (exponent[0], exponent[1:]) if exponent[0] in "+-" else ("", exponent)
        digits = mantissa + "\\mathrm{e}" + (f"{{{sign}}}" if sign else "") + figures
    match node.unit:
        case "":
            return digits
        case "%":
            return digits + "\\%"
        case "×":
            return digits + "\\times"
        case unit:
            return f"{digits}\\mathrm{{{unit}}}"


def _symbol(node: Symbol) -> str:
    name, font = node.name, node.font
    if len(name) == 1:
        tex = name if name.isascii() and name.isalnum() else _SYMBOL[name]
        return tex if font == "" else f"{FONT_COMMANDS[font]}{{{tex}}}"
    if font in ("", "rm"):
        if name in TEX_FUNCTIONS:
            return "\\" + name
        return f"\\mathrm{{{name}}}" if name.isalnum() else f"\\text{{{escape(name)}}}"
    if font in ("bf", "bm", "cal", "bb") and not is_word(name):
        return f"{FONT_COMMANDS[font]}{{\\mathrm{{{name}}}}}"
    return f"{FONT_COMMANDS[font]}{{{name}}}"


# Text ----------------------------------------------------------------------------------------


def text_to_tex(runs: tuple[Run, ...]) -> str:
    """The runs of a text as TeX for text mode: bold words in `\\textbf{…}`, mathematics in `$…$`."""
    pieces: list[str] = []
    for run in runs:
        tex = escape(run.text) if run.math is None else f"${to_tex(run.math)}$"
        if run.bold:
            tex = f"\\textbf{{{tex}}}" if run.math is None else f"$\\boldsymbol{{{tex[1:-1]}}}$"
        pieces.append(tex)
    return "".join(pieces)
