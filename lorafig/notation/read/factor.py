"""A factor: a primary with its scripts and accents, and functions with their arguments."""

from __future__ import annotations

from lorafig.notation.meaning import primes_of
from lorafig.notation.read.commands import FUNCTIONS
from lorafig.notation.read.cursor import PRIMARY
from lorafig.notation.read.lex import Token
from lorafig.notation.read.primary import Primaries
from lorafig.notation.read.wordlike import VALUE_WORDS
from lorafig.notation.tree import (
    Accent,
    Apply,
    Listing,
    Node,
    Number,
    Product,
    Relation,
    Script,
    Sum,
    Symbol,
    Words,
)


class Factors(Primaries):
    """The level above primaries; products are read in grammar.py."""

    def extend(
        self, factors: list[Node], ops: list[str], spaces: list[str], op: str, space: str, factor: Node
    ) -> None:
        raise NotImplementedError

    def refuse_number_after(self, left: Node) -> None:
        raise NotImplementedError

    def factor(self) -> Node:
        token = self.token
        start = token.start
        if token.kind == "sign":  # a \cdot -b
            self.enter()
            sign = self.advance().value
            self.skip_spaces()
            body = self.factor()
            self.depth -= 1
            return Sum((body,), (sign,), span=self.span(start))
        base = self.primary()
        while True:
            kind = self.token.kind
            if isinstance(base, Words) and kind in ("mark", "^", "_", "prime"):
                self.fail(self.token.start, f"{self.shown(self.token)} on words", "write it on a symbol")
            if kind == "mark":
                base = Accent(self.advance().value, base, span=self.span(start))
            elif kind == "^" or kind == "_" or kind == "prime":
                base = self.scripts(base, start)
            elif kind == "open" and self.token.value in "([" and isinstance(base, (Symbol, Script)):
                applied = self.arguments(base, start)
                if applied is None:
                    return base
                base = applied
            else:
                break
        if isinstance(base, (Symbol, Script)) and self.token.kind != "times":
            name = base.base if isinstance(base, Script) else base
            if isinstance(name, Symbol) and name.name in FUNCTIONS and name.font == "":
                return self.bare_argument(base, start)
        return base

    def scripts(self, base: Node, start: int) -> Node:
        sub: Node | None = None
        sup: Node | None = None
        primes = 0
        if isinstance(base, Product):
            self.fail(self.token.start, "a script on a product in braces", "write ( ) around the product")
        if isinstance(base, Script):  # {W_0}^T
            sub, sup, primes = base.sub, base.sup, base.primes
            base = base.base
        while True:
            token = self.token
            if token.kind == "prime":
                if sup is not None:
                    self.fail(token.start, "a prime after a superscript", "write the prime first: W'^2")
                primes += int(self.advance().value)
            elif token.kind == "_":
                if sub is not None:
                    self.fail(token.start, "two subscripts on one symbol", "write one: W_{0,1}")
                self.advance()
                sub = self.script_body("subscript", base)
            elif token.kind == "^":
                if sup is not None:
                    self.fail(token.start, "two superscripts on one symbol", "write one: (W^2)^T or W^{2T}")
                self.advance()
                body = self.script_body("superscript", base)
                count, body_left = primes_of(body)
                primes += count
                sup = body_left
            else:
                break
        return Script(base, sub, sup, primes, span=self.span(start))

    def script_body(self, what: str, base: Node) -> Node:
        token = self.token
        kind = token.kind
        if kind == "{":
            following = self.tokens[self.at + 1]
            if following.kind in ("sign", "times") and self.tokens[self.at + 2].kind == "}":
                self.advance()
                self.advance()
                self.advance()
                return Symbol(following.value, span=(following.start, following.end))
            return self.group(f"an empty {what}")
        if kind == "times" or kind == "sign":
            self.advance()
            lone = token.extra == "tight"
            if (
                kind == "sign"
                and not lone
                and self.token.kind in ("number", "letter")
                and self.token.start == token.end
            ):
                body = self.primary()
                return Sum((body,), (token.value,), span=(token.start, body.span[1]))
            return Symbol(token.value, span=(token.start, token.end))
        if kind == "open" and token.value == "(":
            fenced = self.fence()
            layer = isinstance(fenced.body, (Symbol, Number)) and not isinstance(base, Number)
            return fenced if layer else fenced.body
        if kind not in PRIMARY or kind in ("words", "percent"):
            self.fail(self.previous().start, f"a {what} is missing after {self.shown(self.previous())}")
        return self.primary()

    def arguments(self, base: Symbol | Script, start: int) -> Node | None:
        """A function of what stands in the brackets here, or None where they hold a factor."""
        name = base if isinstance(base, Symbol) else base.base
        if not isinstance(name, Symbol):
            return None
        word = name.name
        function = word in FUNCTIONS and len(word) > 1
        if not function and not word[0].isalpha():
            return None
        if isinstance(base, Script) and base.sup is not None and not function:
            return None
        if len(word) > 1 and word in VALUE_WORDS:
            return None
        mark = self.at
        many = word in ("min", "max", "gcd", "N", "U")
        if many:
            self.split_thousands()
        fenced = self.fence()
        body = fenced.body
        scripted = self.token.kind in ("^", "_", "prime")
        if not function and (len(word) == 1 or scripted):
            letter = isinstance(body, Listing) or name.font in ("cal", "bb") or word in "fgφϕψσ"
            matrix = word.isascii() and word.isupper() and not isinstance(body, (Sum, Relation))
            if not (letter or matrix) or scripted or (fenced.open == "[" and not letter):
                self.at, self.token = mark, self.tokens[mark]
                return None  # a factor; it is not read again
        if word == "N" and name.font == "" and isinstance(body, Listing) and isinstance(base, Symbol):
            base = Symbol("N", "cal", span=base.span)  # N(0, σ²) is the normal distribution
        plain = isinstance(body, Listing) and set(body.seps) == {","}
        items = body.items if isinstance(body, Listing) and plain else (body,)
        return Apply(base, items, fenced.open, fenced.stretch, span=self.span(start))

    def split_thousands(self) -> None:
        """`min(256,768)` has two arguments; in `min(65,536, 8)` another comma parts them."""
        i, level, found = self.at + 1, 0, -1
        while i < len(self.tokens) and level >= 0:
            token = self.tokens[i]
            if token.kind == "open":
                level += 1
            elif token.kind == "close":
                level -= 1
            elif level == 0 and token.kind == "sep":
                return
            elif level == 0 and token.kind == "number" and self.shown(token).count(",") == 1 and found < 0:
                found = i if "{" not in self.shown(token) else found
            i += 1
        if found < 0:
            return
        token = self.tokens[found]
        left, right = token.value.split(",")
        comma = token.start + self.shown(token).index(",")
        self.tokens[found : found + 1] = [
            Token("number", left, token.start, comma),
            Token("sep", ",", comma, comma + 1),
            Token("number", right, comma + 1, token.end, token.extra),
        ]

    def bare_argument(self, function: Symbol | Script, start: int) -> Node:
        """`\\log_2 r`: the argument is what stands beside it, up to an operator or another function."""
        mark = self.at
        self.skip_spaces()
        if not self.starts_factor() or self.token.kind == "words":
            self.at, self.token = mark, self.tokens[mark]
            return function
        self.enter()
        factors: list[Node] = []
        ops: list[str] = []
        spaces: list[str] = []
        begin = self.token.start
        space = ""
        while True:
            self.extend(factors, ops, spaces, "", space, self.factor())
            mark = self.at
            space = self.skip_spaces()
            if not self.starts_factor() or self.token.kind == "words" or self.function_starts():
                self.at, self.token = mark, self.tokens[mark]
                break
            self.refuse_number_after(factors[-1])
        self.depth -= 1
        argument = factors[0]
        if len(factors) > 1:
            argument = Product(tuple(factors), tuple(ops), tuple(spaces), span=self.span(begin))
        return Apply(function, (argument,), "", span=self.span(start))
