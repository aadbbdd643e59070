"""The place in the tokens at which a label is being read, and the errors that are found there."""

from __future__ import annotations

from typing import NoReturn

from lorafig.notation.meaning import mark_crosses
from lorafig.notation.read.commands import CLOSING, FUNCTIONS
from lorafig.notation.read.fault import MAX_DEPTH, fault
from lorafig.notation.read.lex import Token, lex
from lorafig.notation.tree import Fenced

PRIMARY = frozenset(["number", "letter", "word", "symbol", "delta", "words", "open", "bar", "{", "percent"])
PRIMARY |= {"structure", "font", "accent"}
OPERATORS = frozenset({"relation", "sign", "times", "sep"})
ENDS = frozenset({"end", "sep", "relation", "close", "}", "words"})


class Cursor:
    """`token` is the next one to be read. `fences` are the brackets that are open, by how they close."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = lex(source)
        self.at = 0
        mark_crosses(source, self.tokens)
        self.token: Token = self.tokens[0]
        self.depth = 0
        self.fences: list[str] = [""]
        self.fenced: dict[int, tuple[Fenced, int]] = {}  # brackets that were read already, by their token

    def advance(self) -> Token:
        token = self.token
        self.at += 1
        self.token = self.tokens[self.at]
        return token

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
        """The last of the explicit spaces that stand here, '' where there is none."""
        space = ""
        while self.token.kind == "space":
            space = self.advance().value
        return space

    def leftover(self) -> NoReturn:
        token = self.token
        shown = self.shown(token)
        if token.kind == "close" or token.kind == "}":
            self.fail(token.start, f"{shown} closes nothing", "remove it, or open it before")
        self.fail(token.start, f"{shown} cannot stand here")

    def missing(self) -> NoReturn:
        """No factor here: say after or before what."""
        token, previous = self.token, self.tokens[self.at - 1] if self.at > 0 else None
        if previous is not None and previous.kind in OPERATORS:
            self.fail(
                previous.start, f"nothing stands after {self.shown(previous)}", "complete it, or remove it"
            )
        if token.kind in OPERATORS:
            self.fail(token.start, f"nothing stands before {self.shown(token)}", "complete it, or remove it")
        if previous is not None and previous.kind == "open" and token.kind == "close":
            self.fail(
                previous.start, f"nothing stands between {self.shown(previous)} and {self.shown(token)}"
            )
        if previous is not None and previous.kind in ("open", "bar", "{") and token.kind == "end":
            self.unclosed(previous)
        if token.kind == "close" or token.kind == "}":
            self.leftover()
        if token.kind in ("^", "_", "prime", "mark"):
            self.fail(
                token.start, f"{self.shown(token)} stands on nothing", "write what it belongs to before it"
            )
        if previous is not None and token.kind == "end":
            self.fail(previous.start, f"nothing stands after {self.shown(previous)}")
        self.leftover()

    def unclosed(self, opening: Token) -> NoReturn:
        shown = self.shown(opening)
        closing = "}" if opening.kind == "{" else CLOSING[opening.value]
        if opening.extra == "stretch":
            closing = "\\right" + shown.removeprefix("\\left").strip().replace("(", ")").replace(
                "[", "]"
            ).replace("\\{", "\\}").replace("\\l", "\\r")
        elif shown[0] == "\\":  # \\{, \\|, \\lVert
            closing = shown.replace("\\{", "\\}").replace("\\l", "\\r")
        self.fail(opening.start, f"{shown} is never closed", f"add {closing}")

    def starts_factor(self) -> bool:
        kind = self.token.kind
        return kind in PRIMARY and not (kind == "bar" and self.token.value == self.fences[-1])

    def function_starts(self) -> bool:
        return self.token.kind == "word" and self.token.value in FUNCTIONS and self.token.extra == ""
