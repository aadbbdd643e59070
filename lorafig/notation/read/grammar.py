"""Tokens -> tree: precedence climbing.

    listing   relation {(, | ;) relation}
    relation  sum {(= | ≈ | ∈ | …) sum}
    sum       [sign] product {sign product}
    product   factor {[· | × | / | …] factor}
    factor    primary {^ | _ | ' | accent | arguments}
    primary   a symbol, a number, brackets, or a command with what belongs to it

Side by side is a product. What follows a slash without a space belongs below it (`2dr/dk`); with a
space it does not (`α/r BAx`), and the space is kept, so that what is drawn shows what is meant.

The rules stand in one file, as each of them leads to the others.
"""

from __future__ import annotations

from lorafig.notation import tree
from lorafig.notation.children import ranges_of
from lorafig.notation.forms import FORM_HINT, read_form
from lorafig.notation.read.commands import CLOSING, FUNCTIONS, MATRICES
from lorafig.notation.read.cursor import ENDS, PRIMARY, Cursor
from lorafig.notation.read.fault import fault
from lorafig.notation.read.lex import Token
from lorafig.notation.read.meaning import as_shape, is_loose, is_shape, primes_of, with_reals
from lorafig.notation.read.wordlike import VALUE_WORDS

_LEADING = frozenset("≈~<>≤≥≪≫")  # `≈ 65K`: what it belongs to stands elsewhere on the figure
_SHAPE_CHAIN = frozenset({":", "=", "≈"})
ENDS_OF_RANGES = frozenset({"sep", "close", "}", "end"})
MOST_ENTRIES = 64  # of a matrix
_NO_SIGN = "a number after a factor, with no sign between"


def read_label(source: str) -> tree.Node:
    """The tree of a label. Raises LorafigError at the first fault."""
    here = Cursor(source)
    here.skip_spaces()
    if here.token.kind == "end":
        here.fail(0, "the label is empty", "write some mathematics, or leave the label out")
    node = _listing(here)
    if here.token.kind != "end":
        here.leftover()
    if isinstance(node, tree.Product) and is_shape(node):
        node = tree.Shape(node.factors, span=node.span)
    return node


def _listing(here: Cursor) -> tree.Node:
    start = here.token.start
    first = _relation(here)
    if here.token.kind != "sep":
        return first
    items, seps, spaces = [first], [], []
    while here.token.kind == "sep":
        seps.append(here.advance().value)
        spaces.append(here.skip_spaces())
        items.append(_relation(here))
    return tree.Listing(tuple(items), tuple(seps), tuple(spaces), span=here.span(start))


def _relation(here: Cursor) -> tree.Node:
    here.skip_spaces()
    start = here.token.start
    if here.token.value == ":" and here.ranges():
        return _range(here, None, start)
    if here.token.kind == "relation" and here.token.value in _LEADING:
        first: tree.Node = tree.Words("", span=(start, start))
    else:
        first = _sum(here)
    if here.token.value == ":" and here.ranges():
        return _range(here, first, start)
    if here.token.kind != "relation":
        return first
    sides, ops = [first], []
    while here.token.kind == "relation":
        op = here.advance().value
        ops.append(op)
        here.skip_spaces()
        side = _sum(here)
        sides.append(with_reals(side) if op == "∈" else side)
    if ops[0] == ":" and _SHAPE_CHAIN.issuperset(ops):
        sides[1:] = [as_shape(side) for side in sides[1:]]
    return tree.Relation(tuple(sides), tuple(ops), span=here.span(start))


def _range(here: Cursor, first: tree.Node | None, start: int) -> tree.Node:
    here.advance()
    here.skip_spaces()
    last = None if here.token.kind in ENDS_OF_RANGES else _sum(here)
    if here.token.value == ":":
        here.fail(here.token.start, "two colons in a range", "write its first and its last: A_{a:b}")
    return tree.Range(first, last, span=here.span(start))


def _sum(here: Cursor) -> tree.Node:
    start = here.token.start
    signs, terms = [""], []
    if here.token.kind == "sign":
        signs = [here.advance().value]
        here.skip_spaces()
    terms.append(_product(here))
    if signs == [""] and here.token.kind != "sign":
        return terms[0]
    while here.token.kind == "sign":
        signs.append(here.advance().value)
        here.skip_spaces()
        terms.append(_product(here))
    return tree.Sum(tuple(terms), tuple(signs), span=here.span(start))


class _Factors:
    """Factors side by side, as they are read."""

    __slots__ = ("factors", "ops", "spaces")

    def __init__(self) -> None:
        self.factors: list[tree.Node] = []
        self.ops: list[str] = []
        self.spaces: list[str] = []

    def add(self, factor: tree.Node, op: str = "", space: str = "") -> None:
        """Append a factor; a product in braces (`{BA}x`) is opened, except below a slash."""
        if self.factors:
            self.ops.append(op)
            self.spaces.append(space)
        if isinstance(factor, tree.Product) and op != "/":
            self.factors += factor.factors
            self.ops += factor.ops
            self.spaces += factor.spaces
        else:
            self.factors.append(factor)

    def node(self, span: tuple[int, int]) -> tree.Node:
        if len(self.factors) == 1:
            return self.factors[0]
        return tree.Product(tuple(self.factors), tuple(self.ops), tuple(self.spaces), span=span)


def _product(here: Cursor) -> tree.Node:
    start = here.token.start
    run = _Factors()
    run.add(_factor(here))
    while True:
        space = here.skip_spaces()
        token = here.token
        if token.kind == "times":
            op = here.advance().value
            here.skip_spaces()
            if op == "×" and here.token.kind in ENDS:
                run.add(tree.Symbol("×", span=(token.start, token.end)))
                continue
            factor = _factor(here)
            run.add(_below(here, factor) if op == "/" else factor, op)
        elif here.starts_factor():
            last = run.factors[-1]
            _refuse_number_after(here, last)
            if token.kind == "words":
                space = "" if space == "\\ " else space  # the words have their own
            elif space == "" and run.ops and run.ops[-1] == "/":
                space = "\\,"
            elif space == "" and token.kind == "open" and token.start > here.previous().end:
                space = "\\ " if isinstance(last, tree.Number) and last.unit != "" else ""  # 131K (0.8 %)
            factor = _factor(here)
            first = factor.factors[0] if isinstance(factor, tree.Product) else factor
            if token.kind == "{" and isinstance(first, tree.Number):
                here.fail(token.start, _NO_SIGN, "write \\cdot or · before it")
            run.add(factor, "", space)
        else:
            return run.node(here.span(start))


def _below(here: Cursor, factor: tree.Node) -> tree.Node:
    """What stands below a slash: all factors that follow without a space."""
    factors = [factor]
    while (
        here.token.start == here.previous().end
        and here.token.kind != "words"
        and here.starts_factor()
        and not isinstance(factors[-1], tree.Product)
        and not (
            isinstance(factors[-1], tree.Number) and here.token.kind == "open"
        )  # 1/2(d + k) is half of it
    ):
        _refuse_number_after(here, factors[-1])
        factors.append(_factor(here))
    if len(factors) == 1:
        return factor
    none = ("",) * (len(factors) - 1)
    return tree.Product(tuple(factors), none, none, span=(factors[0].span[0], factors[-1].span[1]))


def _refuse_number_after(here: Cursor, left: tree.Node) -> None:
    token = here.token
    if token.kind != "number" or isinstance(left, tree.Words):
        return
    if isinstance(left, tree.Symbol):
        if left.name in ("…", "⋯", "⋮"):
            return
        if token.start == here.previous().end:
            name, digits = here.shown(here.previous()), here.shown(token)
            hint = f"write {name}_{digits} for an index, {digits}{name} for a product"
            here.fail(token.start, f"{digits} after {name}: an index or a factor?", hint)
    here.fail(token.start, _NO_SIGN, "write \\cdot or · before it")


# Factors: a primary with its scripts and accents, and functions with their arguments


def _factor(here: Cursor) -> tree.Node:
    token = here.token
    start = token.start
    if token.kind == "sign":  # a \cdot -b
        here.enter()
        here.advance()
        here.skip_spaces()
        body = _factor(here)
        here.depth -= 1
        return tree.Sum((body,), (token.value,), span=here.span(start))
    base = _primary(here)
    while True:
        kind = here.token.kind
        if kind in ("mark", "^", "_", "prime") and isinstance(base, tree.Words):
            here.fail(here.token.start, f"{here.shown(here.token)} on words", "write it on a symbol")
        if kind == "mark":
            base = tree.Accent(here.advance().value, base, span=here.span(start))
        elif kind == "^" or kind == "_" or kind == "prime":
            base = _scripts(here, base, start)
        elif kind == "open" and here.token.value in "([" and isinstance(base, (tree.Symbol, tree.Script)):
            applied = _applied(here, base, start)
            if applied is None:
                return base
            base = applied
        else:
            break
    if isinstance(base, (tree.Symbol, tree.Script)) and kind != "times":
        name = base.base if isinstance(base, tree.Script) else base
        if isinstance(name, tree.Symbol) and name.name in FUNCTIONS and name.font == "":
            return _bare_argument(here, base, start)
    return base


def _scripts(here: Cursor, base: tree.Node, start: int) -> tree.Node:
    sub: tree.Node | None = None
    sup: tree.Node | None = None
    primes = 0
    if isinstance(base, tree.Product):
        here.fail(here.token.start, "a script on a product in braces", "write ( ) around the product")
    if isinstance(base, tree.Script):  # {W_0}^T
        sub, sup, primes = base.sub, base.sup, base.primes
        base = base.base
    while True:
        token = here.token
        if token.kind == "prime":
            if sup is not None:
                here.fail(token.start, "a prime after a superscript", "write the prime first: W'^2")
            primes += int(here.advance().value)
        elif token.kind == "_":
            if sub is not None:
                here.fail(token.start, "two subscripts on one symbol", "write one: W_{0,1}")
            here.advance()
            sub = _script_body(here, "subscript", base)
        elif token.kind == "^":
            if sup is not None:
                here.fail(token.start, "two superscripts on one symbol", "write one: (W^2)^T or W^{2T}")
            here.advance()
            count, sup = primes_of(_script_body(here, "superscript", base))
            primes += count
        else:
            return tree.Script(base, sub, sup, primes, span=here.span(start))


def _script_body(here: Cursor, what: str, base: tree.Node) -> tree.Node:
    token = here.token
    kind = token.kind
    if kind == "{":
        sign = here.tokens[here.at + 1]
        if sign.kind in ("sign", "times") and here.tokens[here.at + 2].kind == "}":
            here.back(here.at + 3)
            return tree.Symbol(sign.value, span=(sign.start, sign.end))
        return _group(here, f"an empty {what}", "_" if what == "subscript" else "")
    if token.value == ":" and token.extra == "tight" and what == "subscript":  # A_{:}
        here.advance()
        return tree.Range(span=(token.start, token.end))
    if kind == "times" or kind == "sign":
        here.advance()
        following = here.token
        tight = following.kind in ("number", "letter") and following.start == token.end
        if kind == "sign" and token.extra != "tight" and tight:
            body = _primary(here)
            return tree.Sum((body,), (token.value,), span=(token.start, body.span[1]))
        return tree.Symbol(token.value, span=(token.start, token.end))
    if kind == "open" and token.value == "(":
        here.fences.append("_" if what == "subscript" else "")
        fenced = _fence(here)
        here.fences.pop()
        layer = isinstance(fenced.body, (tree.Symbol, tree.Number)) and not isinstance(base, tree.Number)
        return fenced if layer else fenced.body
    if kind not in PRIMARY or kind in ("words", "percent"):
        here.fail(here.previous().start, f"a {what} is missing after {here.shown(here.previous())}")
    return _primary(here)


def _applied(here: Cursor, base: tree.Symbol | tree.Script, start: int) -> tree.Node | None:
    """A function of what stands in the brackets here, or None if they hold a factor."""
    name = base if isinstance(base, tree.Symbol) else base.base
    if not isinstance(name, tree.Symbol):
        return None
    word = name.name
    function = word in FUNCTIONS and len(word) > 1
    if not function and (not word[0].isalpha() or (isinstance(base, tree.Script) and base.sup is not None)):
        return None
    if len(word) > 1 and word in VALUE_WORDS:
        return None
    mark = here.at
    if word in ("min", "max", "gcd", "N", "U"):
        here.split_thousands()
    fenced = _fence(here)
    body = fenced.body
    if fenced.open == "[" and ranges_of(body):
        return tree.Apply(base, ranges_of(body), "[", fenced.stretch, span=here.span(start))
    scripted = here.token.kind in ("^", "_", "prime")
    if not function and (len(word) == 1 or scripted):
        letter = isinstance(body, tree.Listing) or name.font in ("cal", "bb") or word in "fgφϕψσ"
        matrix = word.isascii() and word.isupper() and not isinstance(body, (tree.Sum, tree.Relation))
        if not (letter or matrix) or scripted or (fenced.open == "[" and not letter):
            here.back(mark)
            return None  # a factor; it is not read again
    if word == "N" and name.font == "" and isinstance(body, tree.Listing) and isinstance(base, tree.Symbol):
        base = tree.Symbol("N", "cal", span=base.span)  # N(0, σ²) is the normal distribution
    plain = isinstance(body, tree.Listing) and set(body.seps) == {","}
    items = body.items if isinstance(body, tree.Listing) and plain else (body,)
    return tree.Apply(base, items, fenced.open, fenced.stretch, span=here.span(start))


def _bare_argument(here: Cursor, function: tree.Symbol | tree.Script, start: int) -> tree.Node:
    """`\\log_2 r`: the argument is what stands beside it, up to an operator or another function."""
    mark = here.at
    space = here.skip_spaces()
    if not here.starts_factor() or here.token.kind == "words":
        here.back(mark)
        return function
    here.enter()
    begin, run = here.token.start, _Factors()
    while True:
        run.add(_factor(here), "", space)
        mark = here.at
        space = here.skip_spaces()
        if not here.starts_factor() or here.token.kind == "words" or here.starts_function():
            here.back(mark)
            break
        _refuse_number_after(here, run.factors[-1])
    here.depth -= 1
    argument = run.node(here.span(begin))
    return tree.Apply(function, (argument,), "", span=here.span(start))


# Primaries: what a factor begins with


def _primary(here: Cursor) -> tree.Node:
    token = here.token
    span = (token.start, token.end)
    match token.kind:
        case "letter" | "word" | "symbol":
            here.advance()
            return tree.Symbol(token.value, token.extra, span=span)
        case "number":
            here.advance()
            return tree.Number(token.value, token.extra, span=span)
        case "open" | "bar":
            return _fence(here)
        case "matrix":
            return _matrix(here)
        case "{":
            return _braces(here)
        case "delta":
            return _delta(here)
        case "words":
            here.advance()
            return tree.Words(token.value, span=span)
        case "percent":
            here.advance()
            return tree.Symbol("%", span=span)
        case "font":
            return _styled(here)
        case "accent":
            here.advance()
            return tree.Accent(token.value, _argument(here, token), span=here.span(token.start))
        case "structure":
            return _structure(here)
        case _:
            return here.missing()


def _fence(here: Cursor) -> tree.Fenced:
    begin = here.at
    if begin in here.fenced:
        known, end = here.fenced[begin]
        here.back(end)
        return known
    opening = here.token
    if opening.value not in CLOSING:
        here.leftover()
    closing = CLOSING[opening.value]
    here.advance()
    here.enter()
    here.fences.append(closing)
    here.skip_spaces()
    token = here.token
    if token.value == "·" and token.kind == "times" and here.tokens[here.at + 1].kind == "close":  # diag(·)
        here.advance()
        body: tree.Node = tree.Symbol("·", span=(token.start, token.end))
    else:
        body = _listing(here)
    here.fences.pop()
    token = here.token
    shown = here.shown(token)
    if token.kind == "end" or token.kind == "}":
        here.unclosed(opening)
    if token.kind not in ("close", "bar") or token.value != closing:
        if token.kind == "close":
            here.fail(token.start, f"{here.shown(opening)} is closed by {shown}", f"write {closing}")
        here.leftover()
    if token.extra != opening.extra:
        here.fail(token.start, f"{here.shown(opening)} is closed by {shown}", "\\left needs its \\right")
    here.advance()
    here.depth -= 1
    stretch = opening.extra == "stretch"
    node = tree.Fenced(opening.value, closing, body, stretch, span=here.span(opening.start))
    here.fenced[begin] = node, here.at
    return node


def _matrix(here: Cursor) -> tree.Matrix:
    opening = here.advance()
    here.enter()
    here.fences.append("")
    rows: list[list[tree.Node]] = [[]]
    while True:
        here.skip_spaces()
        if here.token.kind == "endmatrix" and not rows[-1] and len(rows) > 1:
            rows.pop()  # after a last \\
            break
        if here.token.kind in ("cell", "row", "endmatrix"):
            here.fail(here.token.start, "an empty cell in a matrix", "write 0, or \\cdots")
        rows[-1].append(_sum(here))
        if sum(map(len, rows)) > MOST_ENTRIES:
            what = f"a matrix of more than {MOST_ENTRIES} entries"
            raise fault(here.source, opening.start, what, kind="limit")
        if here.token.kind == "row":
            rows.append([])
        elif here.token.kind != "cell":
            break
        here.advance()
    here.fences.pop()
    if here.token.kind == "end":
        begun = here.shown(opening)
        here.fail(opening.start, f"{begun} is never closed", f"add {begun.replace('begin', 'end', 1)}")
    if here.token.kind != "endmatrix":
        here.leftover()
    if here.token.value != opening.value:
        begun, ended = here.shown(opening), here.shown(here.token)
        here.fail(here.token.start, f"{begun} is closed by {ended}")
    if len({len(row) for row in rows}) > 1:
        counted = " and ".join(map(str, sorted({len(row) for row in rows})))
        here.fail(opening.start, f"the rows of a matrix have {counted} entries", "write each with as many")
    here.advance()
    here.depth -= 1
    entries = tuple(entry for row in rows for entry in row)
    return tree.Matrix(entries, len(rows[0]), MATRICES[opening.value], span=here.span(opening.start))


def _group(here: Cursor, empty: str, fence: str = "") -> tree.Node:
    """`{…}`: what is inside."""
    opening = here.advance()
    here.skip_spaces()
    if here.token.kind == "}":
        here.fail(opening.start, f"{empty}: nothing stands between the braces")
    here.enter()
    here.fences.append(fence)
    body = _listing(here)
    here.fences.pop()
    if here.token.kind == "end":
        here.unclosed(opening)
    if here.token.kind != "}":
        here.leftover()
    here.advance()
    here.depth -= 1
    return body


def _braces(here: Cursor) -> tree.Node:
    """`{…}` as a factor. Braces do not show: they must not change how the label is read."""
    opening = here.token
    before = here.previous().kind if here.at > 0 else "end"
    body = _group(here, "empty braces")
    if before in ("end", "sep", "relation", "open", "{", "matrix", "cell", "row") and here.token.kind in ENDS:
        return body
    if is_loose(body):
        here.fail(opening.start, "braces { } do not show", "write ( ) for brackets that do")
    if isinstance(body, tree.Product) and "/" in body.ops:
        here.fail(opening.start, "braces { } do not show", "write ( ) around the quotient, or \\frac")
    return body


def _argument(here: Cursor, command: Token, form: str = "{…}") -> tree.Node:
    """An argument of a command: `{…}`, or the one token that follows; `form` has all of them."""
    here.skip_spaces()
    token = here.token
    shown = here.shown(command)
    if token.kind == "{":
        return _group(here, shown)
    if token.kind == "number" and len(token.value) > 1:
        if not token.value.isdecimal():
            number = here.shown(token)
            here.fail(command.start, f"{shown} before {number}", f"write {shown}{{{number}}}")
        first = Token("number", token.value[0], token.start, token.start + 1)
        here.put(here.at, first, Token("number", token.value[1:], token.start + 1, token.end, token.extra))
    if token.kind not in PRIMARY or token.kind in ("open", "bar", "words", "percent"):
        lacks = "its argument" if form == "{…}" else "its second argument"
        here.fail(command.start, f"{shown} lacks {lacks}", f"write {shown}{form}")
    here.enter()
    node = _primary(here)
    here.depth -= 1
    return node


def _delta(here: Cursor) -> tree.Node:
    token = here.advance()
    mark = here.at
    here.skip_spaces()
    following = here.token
    letter = following.kind == "symbol" and following.value.isalpha()
    if letter or following.kind in ("letter", "font", "accent", "delta"):
        here.enter()
        body = _primary(here)
        while here.token.kind == "mark":
            body = tree.Accent(here.advance().value, body, span=here.span(body.span[0]))
        here.depth -= 1
        return tree.Prefix(token.value, body, span=here.span(token.start))
    here.back(mark)
    return tree.Symbol(token.value, span=(token.start, token.end))


def _styled(here: Cursor) -> tree.Node:
    token = here.advance()
    font = token.value
    body = _argument(here, token)
    span = here.span(token.start)
    if isinstance(body, tree.Symbol) and body.font == "":
        word = len(body.name) > 1
        if not (word and font in ("cal", "bb")):
            # words are upright as it is
            return tree.Symbol(body.name, "" if word and font == "rm" else font, span=span)
    return tree.Styled(font, body, span=span)


def _structure(here: Cursor) -> tree.Node:
    token = here.advance()
    start = token.start
    match token.value:
        case "frac":
            above = _argument(here, token)
            return tree.Fraction(above, _argument(here, token, "{…}{…}"), span=here.span(start))
        case "sqrt":
            sign = here.source[start] == "√"
            index = here.token.kind == "open" and here.token.value == "["
            degree = _fence(here).body if index else None
            whole = sign and here.token.kind == "open" and here.token.value == "("
            if sign and here.token.kind == "number":  # √64, where \sqrt64 is of its first digit
                return tree.Root(_primary(here), degree, span=here.span(start))
            body = _fence(here).body if whole else _argument(here, token)
            return tree.Root(body, degree, span=here.span(start))
        case "underbrace" | "overbrace" as name:
            over = name == "overbrace"
            body = _argument(here, token)
            label: tree.Node | None = None
            if here.token.kind == ("^" if over else "_"):
                here.advance()
                label = _script_body(here, "label", body)
            return tree.Braced(body, label, over, span=here.span(start))
        case "sum" | "prod" as name:
            limits: dict[str, tree.Node] = {}
            while here.token.kind in ("_", "^"):
                caret = here.advance()
                if caret.kind in limits:
                    what = f"two limits on {here.shown(token)}"
                    here.fail(caret.start, what, "write one below and one above")
                limits[caret.kind] = _script_body(here, "limit", tree.Symbol(""))
            here.skip_spaces()
            here.enter()
            # By itself it is of what stands behind it: \\sum_i, B_i, A_i in a product.
            alone = bool(limits) and here.token.kind == "end"
            body = tree.Words("", span=here.span(here.token.start)) if alone else _product(here)
            here.depth -= 1
            sign_ = "∑" if name == "sum" else "∏"
            return tree.Big(sign_, body, limits.get("_"), limits.get("^"), span=here.span(start))
        case "num" if read_form(token.extra) is not None:
            return tree.Computed(_argument(here, token), token.extra, span=here.span(start))
        case "num":
            return here.fail(start, f"unknown form [{token.extra}] of \\num", FORM_HINT)
        case _:
            return here.fail(start, f"{here.shown(token)} cannot stand here")
