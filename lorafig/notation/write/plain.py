"""A label's tree -> Unicode plain text: `W ∈ ℝ^(d×d)`, `h = Wx + BAx`, `d²`, `A ~ 𝒩(0, σ²)`.

For live text, tables on a terminal and `describe`. Fonts are left out, but for ℝ and 𝒩.
"""

from __future__ import annotations

from typing import assert_never

from lorafig.notation.read.commands import COMBINING, SUBSCRIPTS, SUPERSCRIPTS
from lorafig.notation.read.wordlike import reads_as_letters
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

_RAISED = {text: char for char, text in SUPERSCRIPTS.items()}
_LOWERED = {text: char for char, text in SUBSCRIPTS.items()}
_MARK = {mark: char for char, mark in COMBINING.items()}
_DOUBLE_STRUCK = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))
_SCRIPT = dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ", strict=True))
_MINUS = {"+": "+", "-": "−", "±": "±"}


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
        case Number(digits, unit):
            return digits + unit
        case Symbol():
            return _symbol(node)
        case Script():
            return _script(node)
        case Prefix(mark, body):
            return mark + _write(body, tight)
        case Product():
            return _product(node, tight)
        case Sum(terms, signs):
            text = (_MINUS[signs[0]] if signs[0] != "" else "") + _part(terms[0], tight)
            for sign, term in zip(signs[1:], terms[1:], strict=True):
                text += f"{blank}{_MINUS[sign if sign != '' else '+']}{blank}{_part(term, tight)}"
            return text
        case Relation(sides, ops):
            text = _side(sides[0], tight)
            for op, side in zip(ops, sides[1:], strict=True):
                before = "" if op == ":" or text == "" else blank
                text += f"{before}{op}{blank}" + _side(side, tight)
            return text
        case Shape(sizes):
            return f"{blank}×{blank}".join(_part(size, tight) for size in sizes)
        case Fraction(above, below):
            return f"{_operand(above, tight)}/{_operand(below, tight)}"
        case Fenced(opening, closing, body):
            return opening + _write(body, tight) + closing
        case Apply():
            return _apply(node, tight)
        case Root(body, degree):
            index = "" if degree is None else f"[{_write(degree, True)}]"
            inside = _write(body, tight)
            return f"√{index}{inside}" if len(inside) == 1 else f"√{index}({inside})"
        case Accent(mark, body):
            inside = _write(body, tight)
            return inside + _MARK[mark] if len(inside) == 1 else f"{mark}({inside})"
        case Braced(body, label):
            return _write(body, tight) + ("" if label is None else f" ({_write(label, tight)})")
        case Big(op, body, lower, upper):
            limits = ("" if lower is None else "_" + _grouped(lower)) + (
                "" if upper is None else "^" + _grouped(upper)
            )
            return f"{op}{limits} {_part(body, tight)}"
        case Words(text):
            return text
        case Computed(body, form):
            return f"\\num{f'[{form}]' if form != '' else ''}{{{_write(body, tight)}}}"
        case Listing(items, seps):
            parts = [_side(item, tight) + sep + blank for item, sep in zip(items, seps, strict=False)]
            return "".join(parts) + _side(items[-1], tight)
        case Styled(_, body):
            return _write(body, tight)
        case _:
            assert_never(node)


def _symbol(node: Symbol) -> str:
    name = node.name
    if len(name) == 1 and name.isascii() and name.isalpha():
        if node.font == "bb":
            return _DOUBLE_STRUCK.get(name) or chr(
                (0x1D538 if name.isupper() else 0x1D552 - 32) + ord(name) - 65
            )
        if node.font == "cal" and name.isupper():
            return _SCRIPT.get(name) or chr(0x1D49C + ord(name) - 65)
    return name


def _script(node: Script) -> str:
    base = node.base
    text = _write(base, False)
    if isinstance(base, (Product, Sum, Relation, Shape, Fraction, Listing, Script, Big)):
        text = f"({text})"
    if node.sub is not None:
        text += _index(node.sub, _LOWERED, "_")
    text += "'" * node.primes
    if node.sup is not None:
        text += _index(node.sup, _RAISED, "^")
    return text


def _index(node: Node, table: dict[str, str], caret: str) -> str:
    text = _write(node, True).replace("−", "-")
    digits = isinstance(node, Number) or (isinstance(node, Sum) and text[:1] == "-" and text[1:].isdigit())
    if text == "⊤" or (digits and all(char in table for char in text)):
        return "".join(table.get(char, char) for char in text) if text != "⊤" or caret == "^" else "_⊤"
    return caret + _grouped(node)


def _grouped(node: Node) -> str:
    text = _write(node, True)
    simple = isinstance(node, (Symbol, Number)) and (len(text) == 1 or text.isalnum())
    return text if simple else f"({text})"


def _product(node: Product, tight: bool) -> str:
    text = _factor(node.factors[0], tight)
    run = _ending(node.factors[0])
    for i, factor in enumerate(node.factors[1:]):
        op, piece = node.ops[i], _factor(factor, tight)
        if op == "/":
            text += f"/({piece})" if isinstance(factor, Product) and not piece.isalnum() else "/" + piece
        elif op != "":
            text += f"{op}{piece}" if tight else f" {op} {piece}"
        elif _needs_blank(node.factors[i], factor, text, piece, run) or node.spaces[i] not in ("", "\\!"):
            text += " " + piece
        else:
            text += piece
            run = run + piece if _is_letter(factor) else _ending(factor)
            continue
        run = _ending(factor)
    return text


def _is_letter(node: Node) -> bool:
    return isinstance(node, Symbol) and len(node.name) == 1 and node.name.isascii() and node.name.isalpha()


def _ending(node: Node) -> str:
    """The letter that a factor ends with, if what follows could make a word of it."""
    last = node.body if isinstance(node, Prefix) else node
    return last.name if isinstance(last, Symbol) and _is_letter(last) else ""


def _needs_blank(left: Node, right: Node, text: str, piece: str, run: str) -> bool:
    """Whether two neighbours would be read as one word, or as a script."""
    if isinstance(left, Words) or isinstance(right, Words):
        return False
    if isinstance(left, Braced) and left.label is not None:
        return True
    if isinstance(left, Number) and "e" in left.digits and piece[:1].isalnum():
        return True
    if isinstance(left, Script) and text[-1:].isalpha() and piece[:1].isalpha():
        return True
    if (_word(left) and piece[:1].isalnum()) or (_word(right) and text[-1:].isalnum()):
        return True
    first = right.base if isinstance(right, Script) else right
    return run != "" and _is_letter(first) and not reads_as_letters(run + piece[0])


def _word(node: Node) -> bool:
    if isinstance(node, Script):
        return _word(node.base)
    if isinstance(node, Apply):
        return _word(node.function)
    return isinstance(node, Symbol) and len(node.name) > 1


def _part(node: Node, tight: bool) -> str:
    text = _write(node, tight)
    signed = isinstance(node, Sum) and len(node.terms) == 1
    return f"({text})" if isinstance(node, (Sum, Relation, Listing, Shape)) and not signed else text


def _factor(node: Node, tight: bool) -> str:
    return f"({_write(node, tight)})" if isinstance(node, Fraction) else _part(node, tight)


def _side(node: Node, tight: bool) -> str:
    text = _write(node, tight)
    return f"({text})" if isinstance(node, (Relation, Listing)) and tight else text


def _operand(node: Node, tight: bool) -> str:
    text = _write(node, tight)
    return text if isinstance(node, (Symbol, Number, Script, Fenced, Prefix, Accent, Root)) else f"({text})"


def _apply(node: Apply, tight: bool) -> str:
    function = _write(node.function, tight)
    inside = ", ".join(_side(argument, tight) for argument in node.arguments)
    if node.brackets != "":
        return function + node.brackets + inside + {"(": ")", "[": "]"}[node.brackets]
    return f"{function} {inside}"
