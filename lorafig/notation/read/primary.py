"""What a factor begins with: symbols, numbers, brackets, and the commands that have a structure."""

from __future__ import annotations

from lorafig.notation.forms import FORM_HINT, read_form
from lorafig.notation.meaning import is_loose
from lorafig.notation.read.commands import CLOSING
from lorafig.notation.read.cursor import ENDS, PRIMARY, Cursor
from lorafig.notation.read.fault import fault
from lorafig.notation.read.lex import Token
from lorafig.notation.tree import (
    Accent,
    Big,
    Braced,
    Computed,
    Fenced,
    Fraction,
    Node,
    Number,
    Prefix,
    Product,
    Root,
    Styled,
    Symbol,
    Words,
)


class Primaries(Cursor):
    """The innermost level. What stands inside is read by the levels above, in factor.py and grammar.py."""

    def listing(self) -> Node:
        raise NotImplementedError

    def product(self) -> Node:
        raise NotImplementedError

    def script_body(self, what: str, base: Node) -> Node:
        raise NotImplementedError

    def primary(self) -> Node:
        token = self.token
        kind = token.kind
        if kind == "letter" or kind == "word" or kind == "symbol":
            self.advance()
            return Symbol(token.value, token.extra, span=(token.start, token.end))
        if kind == "number":
            self.advance()
            return Number(token.value, token.extra, span=(token.start, token.end))
        if kind == "open" or kind == "bar":
            return self.fence()
        if kind == "{":
            return self.braces()
        if kind == "delta":
            return self.delta()
        if kind == "words":
            self.advance()
            return Words(token.value, span=(token.start, token.end))
        if kind == "percent":
            self.advance()
            return Symbol("%", span=(token.start, token.end))
        if kind == "font":
            return self.styled()
        if kind == "accent":
            self.advance()
            return Accent(token.value, self.argument(token), span=self.span(token.start))
        if kind == "structure":
            return self.structure()
        return self.missing()

    def fence(self) -> Fenced:
        begin = self.at
        if begin in self.fenced:
            known, self.at = self.fenced[begin]
            self.token = self.tokens[self.at]
            return known
        opening = self.advance()
        if opening.value not in CLOSING:
            self.at -= 1
            self.token = opening
            self.leftover()
        closing = CLOSING[opening.value]
        self.enter()
        self.fences.append(closing)
        self.skip_spaces()
        token = self.token
        following = self.tokens[self.at + 1] if token.kind != "end" else token
        if token.kind == "times" and token.value == "·" and following.kind == "close":  # diag(·)
            self.advance()
            body: Node = Symbol("·", span=(token.start, token.end))
        else:
            body = self.listing()
        self.fences.pop()
        token = self.token
        if token.kind == "end" or token.kind == "}":
            self.unclosed(opening)
        if token.kind not in ("close", "bar") or token.value != closing:
            if token.kind == "close":
                what = f"{self.shown(opening)} is closed by {self.shown(token)}"
                self.fail(token.start, what, f"write {closing}")
            self.leftover()
        if (token.extra == "stretch") != (opening.extra == "stretch"):
            left, right = self.shown(opening), self.shown(token)
            self.fail(token.start, f"{left} is closed by {right}", "\\left needs its \\right")
        self.advance()
        self.depth -= 1
        stretch = opening.extra == "stretch"
        node = Fenced(opening.value, closing, body, stretch, span=self.span(opening.start))
        self.fenced[begin] = node, self.at
        return node

    def group(self, empty: str) -> Node:
        """`{…}`: what is inside."""
        opening = self.advance()
        self.skip_spaces()
        if self.token.kind == "}":
            self.fail(opening.start, f"{empty}: nothing stands between the braces")
        self.enter()
        self.fences.append("")
        body = self.listing()
        self.fences.pop()
        if self.token.kind == "end":
            self.unclosed(opening)
        if self.token.kind != "}":
            self.leftover()
        self.advance()
        self.depth -= 1
        return body

    def braces(self) -> Node:
        """`{…}` as a factor. Braces do not show: they must not change how the label is read."""
        opening = self.token
        before = self.tokens[self.at - 1].kind if self.at > 0 else "end"
        body = self.group("empty braces")
        whole = before in ("end", "sep", "relation", "open", "{") and self.token.kind in ENDS
        if is_loose(body) and not whole:
            self.fail(opening.start, "braces { } do not show", "write ( ) for brackets that do")
        if isinstance(body, Product) and "/" in body.ops and not whole:
            self.fail(opening.start, "braces { } do not show", "write ( ) around the quotient, or \\frac")
        return body

    def argument(self, command: Token) -> Node:
        """The argument of a command: `{…}`, or the one token that follows."""
        self.skip_spaces()
        token = self.token
        shown = self.shown(command)
        if token.kind == "{":
            return self.group(shown)
        if token.kind == "number" and len(token.value) > 1:
            if not token.value.isdecimal():
                self.fail(
                    command.start,
                    f"{shown} before {self.shown(token)}",
                    f"write {shown}{{{self.shown(token)}}}",
                )
            rest = Token("number", token.value[1:], token.start + 1, token.end, token.extra)
            first = Token("number", token.value[0], token.start, token.start + 1)
            self.tokens[self.at : self.at + 1] = [first, rest]
            self.token = first
        if token.kind not in PRIMARY or token.kind in ("open", "bar", "words", "percent"):
            self.fail(command.start, f"{shown} lacks its argument", f"write {shown}{{…}}")
        self.enter()
        node = self.primary()
        self.depth -= 1
        return node

    def delta(self) -> Node:
        token = self.advance()
        mark = self.at
        self.skip_spaces()
        following = self.token
        if following.kind in ("letter", "font", "accent", "delta") or (
            following.kind == "symbol" and following.value.isalpha()
        ):
            self.enter()
            body = self.primary()
            while self.token.kind == "mark":
                body = Accent(self.advance().value, body, span=self.span(body.span[0]))
            self.depth -= 1
            return Prefix(token.value, body, span=self.span(token.start))
        self.at, self.token = mark, self.tokens[mark]
        return Symbol(token.value, span=(token.start, token.end))

    def styled(self) -> Node:
        token = self.advance()
        body = self.argument(token)
        span = self.span(token.start)
        if (
            isinstance(body, Symbol)
            and body.font == ""
            and not (len(body.name) > 1 and token.value in ("cal", "bb"))
        ):
            word = len(body.name) > 1 and token.value == "rm"  # words are upright as it is
            return Symbol(body.name, "" if word else token.value, span=span)
        return Styled(token.value, body, span=span)

    def structure(self) -> Node:
        token = self.advance()
        start = token.start
        match token.value:
            case "frac":
                above = self.argument(token)
                return Fraction(above, self.argument(token), span=self.span(start))
            case "sqrt":
                return self.root(token)
            case "underbrace" | "overbrace":
                return self.braced(token)
            case "sum" | "prod":
                return self.big(token)
            case "num" if read_form(token.extra) is not None:
                return Computed(self.argument(token), token.extra, span=self.span(start))
            case "num":
                self.fail(start, f"unknown form [{token.extra}] of \\num", FORM_HINT)
        raise fault(self.source, start, f"{self.shown(token)} cannot stand here")

    def root(self, token: Token) -> Node:
        degree: Node | None = None
        if self.token.kind == "open" and self.token.value == "[":
            degree = self.fence().body
        if self.source[token.start] == "√" and self.token.kind == "open" and self.token.value == "(":
            body = self.fence().body
        else:
            body = self.argument(token)
        return Root(body, degree, span=self.span(token.start))

    def braced(self, token: Token) -> Node:
        over = token.value == "overbrace"
        body = self.argument(token)
        label: Node | None = None
        if self.token.kind == ("^" if over else "_"):
            self.advance()
            label = self.script_body("label", body)
        return Braced(body, label, over, span=self.span(token.start))

    def big(self, token: Token) -> Node:
        lower: Node | None = None
        upper: Node | None = None
        while self.token.kind in ("_", "^"):
            caret = self.advance()
            if (lower if caret.kind == "_" else upper) is not None:
                self.fail(caret.start, f"two limits on {self.shown(token)}", "write one below and one above")
            limit = self.script_body("limit", Symbol(""))
            if caret.kind == "_":
                lower = limit
            else:
                upper = limit
        self.skip_spaces()
        self.enter()
        body = self.product()
        self.depth -= 1
        return Big("∑" if token.value == "sum" else "∏", body, lower, upper, span=self.span(token.start))
