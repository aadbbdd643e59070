"""A label's tree -> TeX, as a careful author writes it.

Only ASCII, only commands of LaTeX, amsmath and amssymb, and nothing of the source: every character
comes from a table. (A `Computed` has no value here and is written `\\num{…}`; fill it in first.)
It also tells where each node went, so that a part can be cut out: see find.py.
"""

from __future__ import annotations

from typing import assert_never

from lorafig.notation import tree
from lorafig.notation.read.commands import (
    CLOSING,
    IMPLICATIONS,
    MATRICES,
    OPERATORS,
    RELATIONS,
    SYMBOLS,
    TEX_FUNCTIONS,
)
from lorafig.notation.read.wordlike import is_word, reads_as_letters
from lorafig.notation.textchars import escape
from lorafig.notation.tree import Node, Run
from lorafig.notation.write.loose import is_loose

FONT_COMMANDS: dict[str, str] = {
    "rm": "\\mathrm", "it": "\\mathit", "bf": "\\mathbf", "bm": "\\boldsymbol", "cal": "\\mathcal",
    "bb": "\\mathbb", "sf": "\\mathsf", "tt": "\\mathtt",
}  # fmt: skip


def _backwards(table: dict[str, str]) -> dict[str, str]:
    """The first name of each character."""
    return {char: "\\" + name for name, char in reversed(table.items())}


_SYMBOL = _backwards(SYMBOLS) | {
    "Δ": "\\Delta", "·": "\\cdot", "×": "{\\times}", "⊕": "{\\oplus}", "−": "-", "%": "\\%", "#": "\\#",
    "*": "*", "+": "+", "-": "-", "±": "\\pm", "/": "/", "∘": "\\circ",
    "≈": "\\approx", "⊗": "\\otimes", "⊙": "\\odot", "ϵ": "\\epsilon",
    "=": "=", "•": "\\bullet", "→": "\\to", "←": "\\leftarrow",
}  # fmt: skip
_RELATION = _backwards(RELATIONS) | {
    "=": "=", "<": "<", ">": ">", "≔": ":=", ":": "\\colon", "≤": "\\le", "≥": "\\ge", "≠": "\\neq",
}  # fmt: skip
_IMPLICATION = {char: f" {name}" for char, name in _backwards(IMPLICATIONS).items()}
_OPERATOR = _backwards(OPERATORS) | {"*": "*", "/": "/"}
_SIGN = {"+": "+", "-": "-", "±": "\\pm"}
_OPEN = {"(": "(", "[": "[", "{": "\\{", "|": "\\lvert ", "‖": "\\lVert ", "⌊": "\\lfloor ", "⌈": "\\lceil ",
         "⟨": "\\langle "}  # fmt: skip
_CLOSE = {")": ")", "]": "]", "}": "\\}", "|": " \\rvert", "‖": " \\rVert", "⌋": " \\rfloor", "⌉": " \\rceil",
          "⟩": " \\rangle"}  # fmt: skip
_STRETCH = {"|": "|", "‖": "\\|", "{": "\\{", "}": "\\}", "⌊": "\\lfloor", "⌋": "\\rfloor", "⌈": "\\lceil",
            "⌉": "\\rceil", "⟨": "\\langle", "⟩": "\\rangle"}  # fmt: skip


def to_tex(node: Node) -> str:
    """The tree as TeX for math mode. Parsing it gives the tree again."""
    writer = Writer()
    writer.visit(node)
    return "".join(writer.out)


class Writer:
    """TeX under construction. `spans` tells where each node went, by its id; `slots` where child i of a
    Product, Sum, Relation, Shape or Listing did, by (id, i), with the brackets that it was given."""

    __slots__ = ("out", "scripts", "size", "slots", "spans")

    def __init__(self) -> None:
        self.out: list[str] = []
        self.size = 0
        self.scripts = 0  # that are open
        self.spans: dict[int, tuple[int, int]] = {}
        self.slots: dict[tuple[int, int], tuple[int, int]] = {}

    def emit(self, text: str) -> None:
        """Append; with a blank where a command's name would run into a letter."""
        if text == "":
            return
        if text[0].isalpha() and self.out and _ends_in_name(self.out[-1]):
            text = " " + text
        self.out.append(text)
        self.size += len(text)

    def visit(self, node: Node, around: str = "") -> tuple[int, int]:
        """Write a node, in brackets or braces if they are given. Where both went, without a blank before."""
        mark, start = len(self.out), self.size
        if around != "":
            self.emit(around[0])
            self.visit(node)
            self.emit(around[1])
        else:
            self.write(node)
        if len(self.out) > mark and self.out[mark][:1] == " ":
            start += 1
        if around == "":
            self.spans.setdefault(id(node), (start, self.size))
        return start, self.size

    def slot(self, container: Node, index: int, child: Node, bracketed: bool) -> None:
        self.slots[id(container), index] = self.visit(child, "()" if bracketed else "")

    def write(self, node: Node) -> None:
        match node:
            case tree.Number():
                self.emit(_number(node))
            case tree.Symbol():
                self.emit(_symbol(node))
            case tree.Script(base, sub, sup, primes):
                self.base(base)
                self.script("_", sub)
                self.emit("'" * primes)
                self.script("^", sup)
            case tree.Prefix(mark, body):
                self.emit(_SYMBOL[mark])
                if not (isinstance(body, tree.Symbol) and _symbol(body)[:1].isalpha()):
                    self.emit(" ")
                self.base(body)
            case tree.Product():
                self.product(node)
            case tree.Sum(terms, signs):
                for i, (sign, term) in enumerate(zip(signs, terms, strict=True)):
                    if i > 0:
                        self.emit(f" {_SIGN[sign if sign != '' else '+']} ")
                    elif sign != "":
                        first = term.factors[0] if isinstance(term, tree.Product) else term
                        self.emit(_SIGN[sign] + (" " if isinstance(first, tree.Sum) else ""))
                    self.slot(node, i, term, is_loose(term))
            case tree.Relation(sides, ops):
                for i, side in enumerate(sides):
                    if i > 0:
                        blank = "" if self.size == 0 else " "
                        op = ops[i - 1]
                        self.emit("\\colon " if op == ":" else f"{blank}{_RELATION[op]} ")
                    self.slot(node, i, side, isinstance(side, (tree.Listing, tree.Relation)))
            case tree.Shape(sizes):
                for i, size in enumerate(sizes):
                    self.emit(" \\times " * (i > 0))
                    self.slot(node, i, size, is_loose(size))
            case tree.Listing(items, seps, spaces):
                for i, item in enumerate(items):
                    if i > 0:
                        space = f" {spaces[i - 1]} " if spaces[i - 1] not in ("", "~", "\\ ") else " "
                        self.emit(_IMPLICATION.get(seps[i - 1], seps[i - 1]))
                        self.emit("\\ " if spaces[i - 1] in ("~", "\\ ") else space)
                    self.slot(node, i, item, isinstance(item, tree.Listing))
            case tree.Fraction(above, below):
                self.command("\\frac", above, below)
            case tree.Fenced(opening, closing, body, stretch):
                left, right = _OPEN[opening], _CLOSE[closing]
                if stretch:
                    left = "\\left" + _STRETCH.get(opening, opening)
                    right = "\\right" + _STRETCH.get(closing, closing)
                self.emit(left)
                self.visit(body)
                self.emit(right)
            case tree.Apply():
                self.apply(node)
            case tree.Root(body, degree):
                self.emit("\\sqrt")
                if degree is not None:
                    self.visit(degree, "[]")
                self.visit(body, "{}")
            case tree.Accent(mark, body):
                wide = mark in ("hat", "tilde") and not isinstance(body, tree.Symbol)
                self.command(f"\\{'wide' if wide else ''}{mark}", body)
            case tree.Braced(body, label, over):
                self.command("\\overbrace" if over else "\\underbrace", body)
                if label is not None:
                    self.command("^" if over else "_", label)
            case tree.Big(op, body, lower, upper):
                self.emit("\\sum" if op == "∑" else "\\prod")
                self.script("_", lower)
                self.script("^", upper)
                self.emit(" ")
                self.visit(body, "()" if is_loose(body) else "")
            case tree.Words(text):
                self.emit(f"\\text{{{escape(text)}}}" if text != "" else "")
            case tree.Computed(body, form):
                bracket = f"[{form}]".replace("%", "\\%") if form != "" else ""
                self.command("\\num" + bracket, body)
            case tree.Range(first, last):
                if first is not None:
                    self.visit(first)
                self.emit(":" if self.scripts > 0 else "{:}")  # which sets no space round it
                if last is not None:
                    self.visit(last)
            case tree.Matrix():
                self.matrix(node)
            case tree.Styled(font, body):
                self.command(FONT_COMMANDS[font], body)
            case _:
                assert_never(node)

    def command(self, name: str, *arguments: Node) -> None:
        self.emit(name)
        for argument in arguments:
            self.visit(argument, "{}")

    def script(self, caret: str, node: Node | None) -> None:
        if node is None:
            return
        # \max is one token and needs braces all the same; + and - get them to stand as symbols
        self.emit(caret)
        letter = _symbol(node) if isinstance(node, tree.Symbol) and len(node.name) == 1 else ""
        text = _number(node) if isinstance(node, tree.Number) else letter
        single = (len(text) == 1 and (text.isalnum() or text == "*")) or _ends_in_name(text, 0)
        self.scripts += 1
        self.visit(node, "" if single else "{}")
        self.scripts -= 1

    def base(self, node: Node) -> None:
        match node:
            case tree.Product() | tree.Sum() | tree.Relation() | tree.Shape() | tree.Listing() | tree.Big():
                self.visit(node, "()")
            case tree.Apply(brackets=""):
                self.visit(node, "()")
            case tree.Script() | tree.Words() | tree.Number(unit="K" | "M" | "B" | "T" | "%" | "×"):
                self.visit(node, "{}")
            case _:
                self.visit(node)

    def product(self, node: tree.Product) -> None:
        for i, (op, space, factor) in enumerate(
            zip(("", *node.ops), ("", *node.spaces), node.factors, strict=True)
        ):
            if op == "/":
                self.emit("/")
                if isinstance(factor, tree.Product):
                    self.below(node, i, factor)
                    continue
            elif op != "":
                self.emit(f" {_OPERATOR[op]} ")
            elif space != "":
                self.emit("\\ " if space in ("~", "\\ ") else f" {space} ")
            elif i > 0 and _run_together(node, i):
                self.emit(" ")
            if isinstance(factor, tree.Number) and factor.unit == "×" and i + 1 < len(node.factors):
                start = self.size
                self.emit(_number(factor)[: -len("\\times")] + "{\\times}")  # no space around it
                self.spans.setdefault(id(factor), (start, self.size))
                self.slots[id(node), i] = start, self.size
            elif i > 0 and op == "" and _reads_as_unit(node, i):
                self.emit("{")
                self.slot(node, i, factor, False)
                self.emit("}")
            else:
                self.slot(node, i, factor, is_loose(factor) or isinstance(factor, tree.Product))

    def matrix(self, node: tree.Matrix) -> None:
        name = next(name for name, bracket in MATRICES.items() if bracket == node.open)
        self.emit(f"\\begin{{{name}}} ")
        for i, entry in enumerate(node.entries):
            if i > 0:
                self.emit(" & " if i % node.columns else " \\\\ ")
            mark, start = len(self.out), self.size
            self.visit(entry)
            if self.out[mark : mark + 1] and self.out[mark].lstrip()[:1] == "[":  # no length of a gap
                self.out.insert(mark, "{")
                self.size += 1
                self.emit("}")
                self.spans[id(entry)] = (start + 1, self.size - 1)
        self.emit(f" \\end{{{name}}}")

    def below(self, node: tree.Product, index: int, factor: tree.Product) -> None:
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

    def apply(self, node: tree.Apply) -> None:
        mark = len(self.out)
        self.visit(node.function)
        if node.brackets == "":
            name = node.function.base if isinstance(node.function, tree.Script) else node.function
            own = isinstance(name, tree.Symbol) and len(name.name) > 1 and name.name not in TEX_FUNCTIONS
            if own:  # an operator's name has the space of an operator after it
                before = len(self.out[mark])
                self.out[mark] = self.out[mark].replace("\\mathrm", "\\operatorname", 1)
                self.size += len(self.out[mark]) - before
            self.emit(" ")
            self.visit(node.arguments[0], "()" if is_loose(node.arguments[0]) else "")
            return
        left, right = ("\\left", "\\right") if node.stretch else ("", "")
        self.emit(left + node.brackets)
        for i, argument in enumerate(node.arguments):
            self.emit(", " * (i > 0))
            several = len(node.arguments) > 1 and isinstance(argument, tree.Listing)
            self.visit(argument, "()" if several else "")
        self.emit(right + CLOSING[node.brackets])


def _ends_in_name(text: str, at: int = -1) -> bool:
    """Whether it ends in the name of a command, with `at` 0 whether it is one: `\\alpha`."""
    start = text.rfind("\\")
    return start >= 0 and (at < 0 or start == at) and text[start + 1 :].isalpha()


def _reads_as_unit(node: tree.Product, index: int) -> bool:
    """`2B` at the end of a product would be two billion."""
    left, right = node.factors[index - 1], node.factors[index]
    if not (isinstance(left, tree.Number) and left.unit == "" and isinstance(right, tree.Symbol)):
        return False
    after = node.factors[index + 1] if index + 1 < len(node.factors) and node.ops[index] == "" else None
    last = after is None or isinstance(after, tree.Words)
    return last and right.name in ("K", "M", "B", "T") and right.font in ("", "rm")


def _run_together(node: tree.Product, index: int) -> bool:
    """Whether the letters up to factor `index` and it would be read as a word: then a blank parts them."""
    right = node.factors[index]
    run = _letter(right.base if isinstance(right, tree.Script) else right)
    if run == "":
        return False
    for i in range(index - 1, -1, -1):
        factor = node.factors[i]
        if node.ops[i] != "" or node.spaces[i] != "":
            break
        if isinstance(factor, tree.Prefix):
            return _letter(factor.body) != "" and not reads_as_letters(_letter(factor.body) + run)
        if isinstance(factor, tree.Script):
            last = factor.sup if factor.sup is not None else factor.sub if factor.primes == 0 else None
            return last is not None and _letter(last) != "" and not reads_as_letters(_letter(last) + run)
        if _letter(factor) == "":
            break
        run = _letter(factor) + run
    return not reads_as_letters(run)


def _letter(node: Node) -> str:
    plain = isinstance(node, tree.Symbol) and len(node.name) == 1 and node.font == "" and node.name.isascii()
    return node.name if isinstance(node, tree.Symbol) and plain and node.name.isalpha() else ""


def _number(node: tree.Number) -> str:
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


def _symbol(node: tree.Symbol) -> str:
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
