"""A label's tree -> words, for alt text and screen readers: `h equals W x plus B A x`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from lorafig.notation import tree
from lorafig.notation.children import ranges_of
from lorafig.notation.ranges import cut_of
from lorafig.notation.tree import Node, Run

_SYMBOL: dict[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ϵ": "epsilon", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "ϕ": "phi", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "capital gamma", "Δ": "delta",
    "Θ": "capital theta", "Λ": "capital lambda", "Ξ": "capital xi", "Π": "capital pi", "Σ": "capital sigma",
    "Υ": "capital upsilon", "Φ": "capital phi", "Ψ": "capital psi", "Ω": "capital omega", "ℓ": "l",
    "∞": "infinity", "∇": "nabla", "∂": "partial", "⊤": "top", "⊺": "top", "⊥": "bottom", "†": "dagger",
    "⋮": "and so on", "⋱": "and so on",
    "⋆": "star", "*": "star", "…": "and so on", "⋯": "and so on", "∅": "the empty set", "ℏ": "h bar",
    "·": "dot", "×": "times", "⊕": "plus", "−": "minus", "⊙": "times entry by entry", "%": "percent",
    "#": "number of", "+": "plus", "-": "minus", "±": "plus or minus", "∘": "ring", "′": "prime",
}  # fmt: skip
_WORD = {"diag": "diagonal matrix", "min": "minimum", "max": "maximum", "tr": "trace", "Tr": "trace",
         "det": "determinant", "ln": "natural logarithm", "log": "logarithm", "exp": "exponential",
         "dim": "dimension"}  # fmt: skip
_RELATION = {
    "=": "equals", "≈": "is approximately", "≡": "is identical to", "≔": "is defined as",
    "≠": "does not equal",
    "<": "is less than", ">": "is greater than", "≤": "is at most", "≥": "is at least",
    "≪": "is much less than", "≫": "is much greater than", "∈": "in", "~": "is drawn from",
    ":": "of shape", "→": "to", "←": "becomes", "∝": "is proportional to",
}  # fmt: skip
_OPERATOR = {"": "", "·": "times", "×": "times", "*": "times", "/": "over", "⊗": "Kronecker times",
             "⊙": "Hadamard times", "∘": "composed with"}  # fmt: skip
_SIGN = {"": "plus", "+": "plus", "-": "minus", "±": "plus or minus"}
_UNIT = {"": "", "K": " thousand", "M": " million", "B": " billion", "T": " trillion", "%": " percent",
         "×": " times"}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed"}
_FENCE = {"‖": "the norm of", "|": "the absolute value of", "⌊": "the floor of", "⌈": "the ceiling of"}
_TRANSPOSED = frozenset({"T", "⊤", "⊺"})
_LAWS = {
    "N": ("the normal distribution with mean", "and variance"),
    "U": ("the uniform distribution from", "to"),
}
# The index of a norm says which one it is: ‖W‖_F; that of each column in DoRA (Liu et al., 2024, equation 5).
_NORMS = {
    "F": "the Frobenius norm of", "*": "the nuclear norm of", "2": "the 2-norm of", "1": "the 1-norm of",
    "∞": "the infinity norm of", "c": "the norm of each column of", "max": "the largest entry of",
}  # fmt: skip


def to_speech(node: Node) -> str:
    """The tree in words."""
    words = " ".join(_say(node).split()).replace(" ,", ",")
    while ",," in words:
        words = words.replace(",,", ",")
    return words.rstrip(",")


def text_to_speech(runs: tuple[Run, ...]) -> str:
    """A text in words."""
    return "".join(run.text if run.math is None else to_speech(run.math) for run in runs)


def _say(node: Node) -> str:
    cut = cut_of(node)
    if cut is not None:
        return _part_of(*cut)
    match node:
        case tree.Number(digits, unit):
            power = digits.replace(" ", "").replace("e-", "e minus ").replace("e", " times 10 to the ", 1)
            return power + _UNIT[unit]
        case tree.Symbol(name):
            return _SYMBOL.get(name) or _WORD.get(name) or name
        case tree.Script():
            return _script(node)
        case tree.Prefix(mark, body):
            return f"{_SYMBOL.get(mark, mark)} {_say(body)}"
        case tree.Product():
            return _product(node)
        case tree.Sum(terms, signs):
            text = ("" if signs[0] == "" else _SIGN[signs[0]] + " ") + _part(terms[0])
            for sign, term in zip(signs[1:], terms[1:], strict=True):
                text += f" {_SIGN[sign]} {_part(term)}"
            return text
        case tree.Relation(sides, ops):
            text = _say(sides[0])
            for op, side in zip(ops, sides[1:], strict=True):
                word = "maps" if op == ":" and "→" in ops else _RELATION[op]
                if op == "~" and isinstance(side, tree.Number):
                    word = "is about"
                text += f" {word} {_say(side)}"
            return text
        case tree.Shape(sizes):
            return " by ".join(map(_part, sizes))
        case tree.Fraction(above, below):
            return f"{_grouped(above)} over {_grouped(below)}"
        case tree.Fenced(opening, _, body):
            if opening in _FENCE:
                return f"{_FENCE[opening]} {_say(body)}"
            return _say(body) if isinstance(body, (tree.Symbol, tree.Number)) else _quantity(body)
        case tree.Apply():
            return _apply(node)
        case tree.Root(body, degree):
            which = "square root" if degree is None else f"root of degree {_say(degree)}"
            return f"the {which} of {_grouped(body)}"
        case tree.Accent(mark, body):
            return f"{_say(body)} {'bar' if mark == 'overline' else mark}"
        case tree.Braced(body, label, over):
            brace = "overbrace" if over else "underbrace"
            return _say(body) + ("" if label is None else f", with {brace} {_say(label)},")
        case tree.Big(op, body, lower, upper):
            text = "the sum" if op == "∑" else "the product"
            text += "" if lower is None else f" over {_say(lower)}"
            text += "" if upper is None else f" to {_say(upper)}"
            return f"{text} of {_part(body)}"
        case tree.Words(text):
            return f" {text.strip()} "
        case tree.Computed(body):
            return f"the value of {_say(body)}"
        case tree.Listing(items, seps):
            several = any(isinstance(item, (tree.Relation, tree.Listing)) for item in items)
            between = {"⇒": ", hence ", "⇔": ", that is, "}
            marks = (between.get(sep, "; " if several else ", ") for sep in seps)
            return "".join(_say(item) + mark for item, mark in zip(items, (*marks, ""), strict=True))
        case tree.Range(first, last):
            return " to ".join("" if side is None else _say(side) for side in (first, last))
        case tree.Matrix():
            rows = "; ".join(", ".join(map(_say, row)) for row in node.rows)
            return f"the matrix with {'row' if len(node.rows) == 1 else 'rows'} {rows},"
        case tree.Styled(_, body):
            return _say(body)
        case _:
            assert_never(node)


def _part_of(base: Node, parts: Sequence[Node]) -> str:
    """Rows and columns: `the first b rows of A`."""
    said = []
    for part, what in zip(parts, ("rows", "columns"), strict=False):
        match part:
            case tree.Range(None, None):
                continue
            case tree.Range(None, last) if last is not None:
                said.append(f"the first {_say(last)} {what}")
            case tree.Range(first, None) if first is not None:
                said.append(f"{what} {_say(first)} and on")
            case _:
                said.append(f"{what} {_say(part)}")
    return f"{' and '.join(said)} of {_grouped(base)}" if said else _say(base)


def _script(node: tree.Script) -> str:
    base, sup = node.base, node.sup
    double_struck = isinstance(base, tree.Symbol) and base.font == "bb"
    if double_struck and isinstance(sup, tree.Product) and set(sup.ops) == {"×"}:
        return f"{_say(base)}, " + " by ".join(map(_part, sup.factors))  # ℝ^{d×k}
    if double_struck and _say(base) == "R" and sup is not None:
        return f"{_say(base)} of dimension {_say(sup)}"
    which = None if node.sub is None else _index(node.sub)
    if isinstance(base, tree.Fenced) and base.open == "‖" and which in _NORMS:
        text = f"{_NORMS[which]} {_grouped(base.body)}"
    elif node.sub is None:
        text = _say(base)
    elif ranges_of(node.sub):
        text = _part_of(base, ranges_of(node.sub))
    elif isinstance(base, tree.Symbol) and base.name == "log":
        text = f"logarithm to the base {_say(node.sub)}"
    elif which is not None and len(which) > 1 and which.isalpha():
        text = f"{_say(base)} {which}"  # `W merged` is what one says
    else:  # of a letter or a number the place matters
        text = f"{_say(base)} sub {_say(node.sub)}"
    text += " prime" * node.primes if node.primes != 2 else " double prime"
    match sup:
        case None:
            return text
        case tree.Symbol(name) if name in _TRANSPOSED:
            return f"{text} transposed"
        case tree.Symbol("*" | "⋆" | "†" | "+" as name):
            return f"{text} {_SYMBOL[name]}"
        case tree.Number("2" | "3" as power, ""):
            return f"{text} {_POWERS[power]}"
        case tree.Sum((tree.Number("1", ""),), ("-",)):
            return f"{text} inverse"
        case tree.Fenced(body=body):
            return f"{text} superscript {_say(body)}"
        case _:
            return f"{text} to the {_say(sup)}"


def _index(node: Node) -> str | None:
    """An index of one symbol, number or word, None for any other."""
    match node:
        case tree.Symbol(name) | tree.Words(name):
            return name.strip()
        case tree.Number(digits, ""):
            return digits
        case tree.Styled(_, body):
            return _index(body)
        case _:
            return None


def _product(node: tree.Product) -> str:
    text = _part(node.factors[0])
    for before, factor, op, last in zip(
        node.factors, node.factors[1:], node.ops, ("", *node.ops), strict=False
    ):
        # `alpha over r, times B`: it is not over r times B
        ends = isinstance(before, (tree.Fraction, tree.Root, tree.Apply)) or last == "/"
        ends = ends or cut_of(before) is not None
        apart = ends or cut_of(factor) is not None or isinstance(before, (tree.Fenced, tree.Matrix))
        apart = apart or isinstance(factor, (tree.Fenced, tree.Fraction, tree.Root, tree.Matrix))
        word = "times" if op == "" and apart else _OPERATOR[op]
        if ends and word != "" and op != "/":
            word = f", {word}"
        text += f" {word} {_grouped(factor) if op == '/' else _part(factor)}"
    return text


def _quantity(node: Node) -> str:
    return f"the quantity {_say(node)},"


def _part(node: Node) -> str:
    several = isinstance(node, tree.Sum) and len(node.terms) > 1
    return _quantity(node) if several or isinstance(node, (tree.Relation, tree.Listing)) else _say(node)


def _grouped(node: Node) -> str:
    loose = isinstance(node, (tree.Sum, tree.Relation, tree.Listing, tree.Product))
    return _quantity(node) if loose and len(_say(node).split()) > 1 else _say(node)


def _apply(node: tree.Apply) -> str:
    name = node.function
    if isinstance(name, tree.Symbol) and name.name in _LAWS and len(node.arguments) == 2:
        (opening, joint), (first, second) = _LAWS[name.name], node.arguments
        return f"{opening} {_say(first)} {joint} {_say(second)}"
    *others, last = map(_say, node.arguments)
    listed = ", ".join(others) + " and " + last if others else last
    base = name.base if isinstance(name, tree.Script) else name
    word = isinstance(base, tree.Symbol) and len(base.name) > 1
    return f"{'the ' if word else ''}{_say(name)} of {listed}"
