"""The place in the tokens at which a label is being read, and the errors that are found there."""

from __future__ import annotations

from typing import NoReturn

from lorafig.notation.read.beside import beginnings
from lorafig.notation.read.commands import CLOSING, FUNCTIONS
from lorafig.notation.read.fault import MAX_DEPTH, fault
from lorafig.notation.read.lex import Token, lex
from lorafig.notation.read.meaning import mark_crosses
from lorafig.notation.tree import Fenced

PRIMARY = frozenset(["number", "letter", "word", "symbol", "delta", "words", "open", "bar", "{", "percent"])
PRIMARY |= {"structure", "font", "accent", "matrix"}
OPERATORS = frozenset({"relation", "sign", "times", "sep"})
ENDS = frozenset({"end", "sep", "relation", "close", "}", "words", "cell", "row", "endmatrix"})


class Cursor:
    """`token` is the next one to be read. `fences` are the brackets that are open, by how they close."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = lex(source)
        mark_crosses(source, self.tokens)
        for begin in beginnings(source):
            self._begin_anew(begin)
        self.at = 0
        self.token: Token = self.tokens[0]
        self.depth = 0
        self.fences: list[str] = [""]
        self.fenced: dict[int, tuple[Fenced, int]] = {}  # brackets that were read already, by their token

    def _begin_anew(self, begin: int) -> None:
        """A comma before the statement that begins here, which has none."""
        at = next((at for at, token in enumerate(self.tokens) if token.start == begin), 0)
        if at > 0 and self.tokens[at - 1].kind in ("number", "percent"):
            self.tokens.insert(at, Token("sep", ",", begin, begin))

    def advance(self) -> Token:
        token = self.token
        self.at += 1
        self.token = self.tokens[self.at]
        return token

    def back(self, at: int) -> None:
        """Read on at an earlier token."""
        self.at, self.token = at, self.tokens[at]

    def put(self, at: int, *tokens: Token) -> None:
        """Tokens in the place of one."""
        self.tokens[at : at + 1] = tokens
        self.token = self.tokens[self.at]

    def previous(self) -> Token:
        return self.tokens[self.at - 1]

    def fail(self, offset: int, what: str, hint: str | None = None) -> NoReturn:
        raise fault(self.source, offset, what, hint)

    def shown(self, token: Token) -> str:
        return self.source[token.start : token.end]

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} levels deep"
            raise fault(self.source, self.token.start, what, kind="limit")

    def span(self, start: int) -> tuple[int, int]:
        return start, self.tokens[self.at - 1].end

    def skip_spaces(self) -> str:
        """The last of the explicit spaces that stand here, '' if there are none."""
        space = ""
        while self.token.kind == "space":
            space = self.advance().value
        return space

    def starts_factor(self) -> bool:
        kind = self.token.kind
        return kind in PRIMARY and not (kind == "bar" and self.token.value == self.fences[-1])

    def ranges(self) -> bool:
        """Whether a colon here stands between the first and the last of some rows or columns."""
        return self.fences[-1] in ("]", "_") or self.fences[-2:] == ["_", ")"]

    def starts_function(self) -> bool:
        return self.token.kind == "word" and self.token.value in FUNCTIONS and self.token.extra == ""

    def split_thousands(self) -> None:
        """`min(256,768)` has two arguments; in `min(65,536, 8)` another comma parts them."""
        level, number = 0, -1
        for i, token in enumerate(self.tokens[self.at + 1 :], self.at + 1):
            if token.kind == "open":
                level += 1
            elif token.kind == "close":
                level -= 1
                if level < 0:
                    break
            elif level == 0 and token.kind == "sep":
                return
            elif level == 0 and token.kind == "number" and number < 0:
                shown = self.shown(token)
                number = i if shown.count(",") == 1 and "{" not in shown else number
        if number < 0:
            return
        token = self.tokens[number]
        left, right = token.value.split(",")
        comma = token.start + self.shown(token).index(",")
        self.put(
            number,
            Token("number", left, token.start, comma),
            Token("sep", ",", comma, comma + 1),
            Token("number", right, comma + 1, token.end, token.extra),
        )

    # Errors

    def leftover(self) -> NoReturn:
        token = self.token
        shown = self.shown(token)
        if token.kind == "close" or token.kind == "}":
            self.fail(token.start, f"{shown} closes nothing", "remove it, or open it before")
        self.fail(token.start, f"{shown} cannot stand here")

    def missing(self) -> NoReturn:
        """No factor here: say after or before what."""
        token, shown = self.token, self.shown(self.token)
        before = self.tokens[self.at - 1] if self.at > 0 else Token("", "", 0, 0)
        after = self.shown(before)
        if before.kind in OPERATORS and token.kind == before.kind and after == shown == "*":
            self.fail(before.start, "** is not a power here", "write d^2")
        if before.kind in OPERATORS:
            hint = "complete it, or remove it"
            if after in ("\\sim", "\\approx", "~", "≈"):
                hint = f"what it is about belongs between the same two $: ${after} 2K$"
            self.fail(before.start, f"nothing stands after {after}", hint)
        if token.kind in OPERATORS:
            self.fail(token.start, f"nothing stands before {shown}", "complete it, or remove it")
        if before.kind == "open" and token.kind == "close":
            self.fail(
                before.start,
                f"nothing stands between {after} and {shown}",
                "write what does, or leave both out",
            )
        if before.kind in ("open", "bar", "{") and token.kind == "end":
            self.unclosed(before)
        if token.kind in ("^", "_", "prime", "mark"):
            self.fail(token.start, f"{shown} stands on nothing", "write what it belongs to before it")
        if before.kind != "" and token.kind == "end":
            self.fail(before.start, f"nothing stands after {after}")
        self.leftover()

    def unclosed(self, opening: Token) -> NoReturn:
        shown = self.shown(opening)
        closing = "}" if opening.kind == "{" else CLOSING[opening.value]
        if opening.extra == "stretch":
            closing = shown.removeprefix("\\left").strip().replace("(", ")").replace("[", "]")
            closing = "\\right" + closing.replace("\\{", "\\}").replace("\\l", "\\r")
        elif shown[0] == "\\":  # \\{, \\|, \\lVert
            closing = shown.replace("\\{", "\\}").replace("\\l", "\\r")
        self.fail(opening.start, f"{shown} is never closed", f"add {closing}")
