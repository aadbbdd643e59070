"""A label's tree -> words, for alt text and screen readers: `h equals W x plus B A x`."""

from __future__ import annotations

from typing import assert_never

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

_SYMBOL: dict[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ϵ": "epsilon", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "ϕ": "phi", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "capital gamma", "Δ": "delta",
    "Θ": "capital theta", "Λ": "capital lambda", "Ξ": "capital xi", "Π": "capital pi", "Σ": "capital sigma",
    "Υ": "capital upsilon", "Φ": "capital phi", "Ψ": "capital psi", "Ω": "capital omega", "ℓ": "l",
    "∞": "infinity", "∇": "nabla", "∂": "partial", "⊤": "top", "⊺": "top", "⊥": "bottom", "†": "dagger",
    "⋆": "star", "*": "star", "…": "and so on", "⋯": "and so on", "∅": "the empty set", "ℏ": "h bar",
    "·": "dot", "×": "times", "⊕": "plus", "⊙": "times entry by entry", "%": "percent",
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
_UNIT = {
    "": "",
    "K": " thousand",
    "M": " million",
    "B": " billion",
    "T": " trillion",
    "%": " percent",
    "×": " times",
}
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
    match node:
        case Number(digits, unit):
            power = digits.replace(" ", "").replace("e-", "e minus ").replace("e", " times 10 to the ", 1)
            return power + _UNIT[unit]
        case Symbol(name):
            return _SYMBOL.get(name) or _WORD.get(name) or name
        case Script():
            return _script(node)
        case Prefix(mark, body):
            return f"{_SYMBOL.get(mark, mark)} {_say(body)}"
        case Product():
            return _product(node)
        case Sum(terms, signs):
            text = ("" if signs[0] == "" else _SIGN[signs[0]] + " ") + _part(terms[0])
            for sign, term in zip(signs[1:], terms[1:], strict=True):
                text += f" {_SIGN[sign]} {_part(term)}"
            return text
        case Relation(sides, ops):
            text = _say(sides[0])
            for op, side in zip(ops, sides[1:], strict=True):
                word = "maps" if op == ":" and "→" in ops else _RELATION[op]
                if op == "~" and isinstance(side, Number):
                    word = "is about"
                text += f" {word} {_say(side)}"
            return text
        case Shape(sizes):
            return " by ".join(_part(size) for size in sizes)
        case Fraction(above, below):
            return f"{_grouped(above)} over {_grouped(below)}"
        case Fenced(opening, _, body):
            if opening in _FENCE:
                return f"{_FENCE[opening]} {_say(body)}"
            return _say(body) if isinstance(body, (Symbol, Number)) else f"the quantity {_say(body)},"
        case Apply():
            return _apply(node)
        case Root(body, degree):
            which = "square root" if degree is None else f"root of degree {_say(degree)}"
            return f"the {which} of {_grouped(body)}"
        case Accent(mark, body):
            return f"{_say(body)} {'bar' if mark == 'overline' else mark}"
        case Braced(body, label, over):
            brace = "overbrace" if over else "underbrace"
            return _say(body) + ("" if label is None else f", with {brace} {_say(label)},")
        case Big(op, body, lower, upper):
            text = "the sum" if op == "∑" else "the product"
            text += "" if lower is None else f" over {_say(lower)}"
            text += "" if upper is None else f" to {_say(upper)}"
            return f"{text} of {_part(body)}"
        case Words(text):
            return f" {text.strip()} "
        case Computed(body):
            return f"the value of {_say(body)}"
        case Listing(items, _):
            several = any(isinstance(item, (Relation, Listing)) for item in items)
            return ("; " if several else ", ").join(_say(item) for item in items)
        case Styled(_, body):
            return _say(body)
        case _:
            assert_never(node)


def _script(node: Script) -> str:
    base, sup = node.base, node.sup
    if isinstance(base, Symbol) and base.font == "bb" and isinstance(sup, Product) and set(sup.ops) == {"×"}:
        return f"{_say(base)}, " + " by ".join(_part(factor) for factor in sup.factors)  # ℝ^{d×k}
    if isinstance(base, Symbol) and base.name == "R" and base.font == "bb" and sup is not None:
        return f"{_say(base)} of dimension {_say(sup)}"
    which = None if node.sub is None else _index(node.sub)
    if isinstance(base, Fenced) and base.open == "‖" and which in _NORMS:
        text = f"{_NORMS[which]} {_grouped(base.body)}"
    elif isinstance(base, Symbol) and base.name == "log" and node.sub is not None:
        text = f"logarithm to the base {_say(node.sub)}"
    elif node.sub is None:
        text = _say(base)
    else:
        # `W merged` is what one says; of a letter or a number the place matters
        word = which is not None and len(which) > 1 and which.isalpha()
        text = f"{_say(base)} {which if word else f'sub {_say(node.sub)}'}"
    text += " prime" * node.primes if node.primes != 2 else " double prime"
    match sup:
        case None:
            return text
        case Symbol(name) if name in _TRANSPOSED:
            return f"{text} transposed"
        case Symbol(name) if name in ("*", "⋆", "†", "+"):
            return f"{text} {_SYMBOL[name]}"
        case Number("2", ""):
            return f"{text} squared"
        case Number("3", ""):
            return f"{text} cubed"
        case Sum((Number("1", ""),), ("-",)):
            return f"{text} inverse"
        case Fenced(body=body):
            return f"{text} superscript {_say(body)}"
        case _:
            return f"{text} to the {_say(sup)}"


def _index(node: Node) -> str | None:
    """An index of one symbol, number or word, None for any other."""
    match node:
        case Symbol(name) | Words(name):
            return name.strip()
        case Number(digits, ""):
            return digits
        case Styled(_, body):
            return _index(body)
        case _:
            return None


def _product(node: Product) -> str:
    text = _part(node.factors[0])
    for i, factor in enumerate(node.factors[1:]):
        op = node.ops[i]
        before = node.factors[i]
        # `alpha over r, times B`: it is not over r times B
        ends = isinstance(before, (Fraction, Root, Apply)) or (i > 0 and node.ops[i - 1] == "/")
        apart = ends or isinstance(factor, (Fenced, Fraction, Root)) or isinstance(before, Fenced)
        word = "times" if op == "" and apart else _OPERATOR[op]
        if ends and word != "" and op != "/":
            word = f", {word}"
        text += f" {word} {_grouped(factor) if op == '/' else _part(factor)}"
    return text


def _part(node: Node) -> str:
    loose = isinstance(node, (Relation, Listing)) or (isinstance(node, Sum) and len(node.terms) > 1)
    return f"the quantity {_say(node)}," if loose else _say(node)


def _grouped(node: Node) -> str:
    several = isinstance(node, (Sum, Relation, Listing, Product)) and len(_say(node).split()) > 1
    return f"the quantity {_say(node)}," if several else _say(node)


def _apply(node: Apply) -> str:
    name = node.function
    if isinstance(name, Symbol) and name.name in _LAWS and len(node.arguments) == 2:
        (opening, joint), (first, second) = _LAWS[name.name], node.arguments
        return f"{opening} {_say(first)} {joint} {_say(second)}"
    arguments = [_say(argument) for argument in node.arguments]
    listed = arguments[0] if len(arguments) == 1 else ", ".join(arguments[:-1]) + " and " + arguments[-1]
    base = name.base if isinstance(name, Script) else name
    word = isinstance(base, Symbol) and len(base.name) > 1
    return f"{'the ' if word else ''}{_say(name)} of {listed}"
