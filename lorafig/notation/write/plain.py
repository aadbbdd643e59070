"""A label's tree -> Unicode plain text: `W ∈ ℝ^(d×d)`, `h = Wx + BAx`, `d²`, `A ~ 𝒩(0, σ²)`.

For live text, tables on a terminal and `describe`. Fonts are left out, but for ℝ and 𝒩.
"""

from __future__ import annotations

from typing import assert_never

from lorafig.notation import tree
from lorafig.notation.alphabets import styled
from lorafig.notation.read.commands import CLOSING, COMBINING, SUBSCRIPTS, SUPERSCRIPTS
from lorafig.notation.read.wordlike import reads_as_letters
from lorafig.notation.tree import Node, Run

_RAISED = {text: char for char, text in SUPERSCRIPTS.items()}
_LOWERED = {text: char for char, text in SUBSCRIPTS.items()}
_MARK = {mark: char for char, mark in COMBINING.items()}
_MINUS = {"+": "+", "-": "−", "±": "±"}
_LOOSE = (tree.Sum, tree.Relation, tree.Listing, tree.Shape)
_OPERANDS = (tree.Symbol, tree.Number, tree.Script, tree.Fenced, tree.Prefix, tree.Accent, tree.Root)


def to_plain(node: Node) -> str:
    """The tree in Unicode."""
    return _write(node, False)


def text_to_plain(runs: tuple[Run, ...]) -> str:
    """A text in Unicode, without its fonts."""
    return "".join(run.text if run.math is None else to_plain(run.math) for run in runs)


def _write(node: Node, tight: bool) -> str:
    """`tight`: in a script, where no blanks stand round operators."""
    blank = "" if tight else " "
    match node:
        case tree.Number(digits, unit):
            return digits + unit
        case tree.Symbol():
            return _symbol(node)
        case tree.Script(base, sub, sup, primes):
            text = _write(base, False)
            if isinstance(base, (*_LOOSE, tree.Product, tree.Fraction, tree.Script, tree.Big)):
                text = f"({text})"
            return text + _index(sub, _LOWERED, "_") + "'" * primes + _index(sup, _RAISED, "^")
        case tree.Prefix(mark, body):
            return mark + _write(body, tight)
        case tree.Product():
            return _product(node, tight)
        case tree.Sum(terms, signs):
            text = (_MINUS[signs[0]] if signs[0] != "" else "") + _part(terms[0], tight)
            for sign, term in zip(signs[1:], terms[1:], strict=True):
                text += f"{blank}{_MINUS[sign if sign != '' else '+']}{blank}{_part(term, tight)}"
            return text
        case tree.Relation(sides, ops):
            text = _side(sides[0], tight)
            for op, side in zip(ops, sides[1:], strict=True):
                before = "" if op == ":" or text == "" else blank
                text += f"{before}{op}{blank}" + _side(side, tight)
            return text
        case tree.Shape(sizes):
            return f"{blank}×{blank}".join(_part(size, tight) for size in sizes)
        case tree.Fraction(above, below):
            return f"{_operand(above, tight)}/{_operand(below, tight)}"
        case tree.Fenced(opening, closing, body):
            return opening + _write(body, tight) + closing
        case tree.Apply(function, arguments, brackets):
            inside = ", ".join(_side(argument, tight) for argument in arguments)
            opening, closing = (brackets, CLOSING[brackets]) if brackets != "" else (" ", "")
            return _write(function, tight) + opening + inside + closing
        case tree.Root(body, degree):
            inside = _write(body, tight)
            return "√" + ("" if degree is None else f"[{_write(degree, True)}]") + _unless_one(inside)
        case tree.Accent(mark, body):
            inside = _write(body, tight)
            return inside + _MARK[mark] if len(inside) == 1 else f"{mark}({inside})"
        case tree.Braced(body, label):
            return _write(body, tight) + ("" if label is None else f" ({_write(label, tight)})")
        case tree.Big(op, body, lower, upper):
            limits = "" if lower is None else "_" + _grouped(lower)
            limits += "" if upper is None else "^" + _grouped(upper)
            return f"{op}{limits} {_part(body, tight)}"
        case tree.Words(text):
            return text
        case tree.Computed(body, form):
            return f"\\num{f'[{form}]' if form != '' else ''}{{{_write(body, tight)}}}"
        case tree.Listing(items, seps):
            marks = (f" {sep}" if sep in "⇒⇔" else sep for sep in seps)
            parts = (_side(item, tight) + mark for item, mark in zip(items, (*marks, ""), strict=True))
            return blank.join(parts)
        case tree.Range(first, last):
            return ":".join("" if side is None else _write(side, True) for side in (first, last))
        case tree.Matrix(open=opening):
            rows = "; ".join(", ".join(_side(entry, tight) for entry in row) for row in node.rows)
            return f"{opening}{rows}{CLOSING[opening]}" if opening != "" else rows
        case tree.Styled(_, body):
            return _write(body, tight)
        case _:
            assert_never(node)


def _symbol(node: tree.Symbol) -> str:
    name = node.name
    if node.font in ("bb", "cal") and len(name) == 1 and name.isascii() and name.isalpha():
        return name if node.font == "cal" and name.islower() else styled(name, node.font)
    return name


def _unless_one(text: str) -> str:
    """In brackets, unless it is one character."""
    return text if len(text) == 1 else f"({text})"


def _index(node: Node | None, table: dict[str, str], caret: str) -> str:
    if node is None:
        return ""
    text = _write(node, True).replace("−", "-")
    digits = isinstance(node, tree.Number) or (
        isinstance(node, tree.Sum) and text[:1] == "-" and text[1:].isdigit()
    )
    if text == "⊤":
        return "ᵀ" if caret == "^" else "_⊤"
    if digits and all(char in table for char in text):
        return "".join(table[char] for char in text)
    return caret + _grouped(node)


def _grouped(node: Node) -> str:
    text = _write(node, True)
    simple = isinstance(node, (tree.Symbol, tree.Number)) and (len(text) == 1 or text.isalnum())
    return text if simple else f"({text})"


def _product(node: tree.Product, tight: bool) -> str:
    text = _factor(node.factors[0], tight)
    run = _ending(node.factors[0])  # letters side by side, which must not become a word
    for left, factor, op, space in zip(node.factors, node.factors[1:], node.ops, node.spaces, strict=False):
        piece, beside = _factor(factor, tight), False
        if op == "/":
            text += f"/({piece})" if isinstance(factor, tree.Product) and not piece.isalnum() else "/" + piece
        elif op != "":
            text += f"{op}{piece}" if tight else f" {op} {piece}"
        else:
            beside = not _needs_blank(left, factor, text, piece, run) and space in ("", "\\!")
            text += piece if beside else " " + piece
        run = run + piece if beside and _is_letter(factor) else _ending(factor)
    return text


def _is_letter(node: Node) -> bool:
    return (
        isinstance(node, tree.Symbol) and len(node.name) == 1 and node.name.isascii() and node.name.isalpha()
    )


def _ending(node: Node) -> str:
    """The letter that a factor ends with, if what follows could make a word of it."""
    last = node.body if isinstance(node, tree.Prefix) else node
    return last.name if isinstance(last, tree.Symbol) and _is_letter(last) else ""


def _needs_blank(left: Node, right: Node, text: str, piece: str, run: str) -> bool:
    """Whether two neighbours would be read as one word, or as a script."""
    if isinstance(left, tree.Words) or isinstance(right, tree.Words):
        return False
    if isinstance(left, tree.Braced) and left.label is not None:
        return True
    if isinstance(left, tree.Number) and "e" in left.digits and piece[:1].isalnum():
        return True
    if isinstance(left, tree.Script) and text[-1:].isalpha() and piece[:1].isalpha():
        return True
    if (_word(left) and piece[:1].isalnum()) or (_word(right) and text[-1:].isalnum()):
        return True
    first = right.base if isinstance(right, tree.Script) else right
    return run != "" and _is_letter(first) and not reads_as_letters(run + piece[0])


def _word(node: Node) -> bool:
    match node:
        case tree.Script(inner) | tree.Apply(inner):
            return _word(inner)
        case _:
            return isinstance(node, tree.Symbol) and len(node.name) > 1


def _part(node: Node, tight: bool) -> str:
    signed = isinstance(node, tree.Sum) and len(node.terms) == 1
    text = _write(node, tight)
    return f"({text})" if isinstance(node, _LOOSE) and not signed else text


def _factor(node: Node, tight: bool) -> str:
    return f"({_write(node, tight)})" if isinstance(node, tree.Fraction) else _part(node, tight)


def _side(node: Node, tight: bool) -> str:
    text = _write(node, tight)
    return f"({text})" if isinstance(node, (tree.Relation, tree.Listing)) and tight else text


def _operand(node: Node, tight: bool) -> str:
    text = _write(node, tight)
    return text if isinstance(node, _OPERANDS) else f"({text})"
