"""A label's source -> tokens.

What TeX leaves to macros is settled here, where the characters still stand side by side: which
letters are a word, which comma belongs to a number, where a number has a unit, what `\\text{…}` holds.
"""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct

from lorafig.errors import LorafigError
from lorafig.notation.read import scan, wordlike
from lorafig.notation.read.braces import next_bracket, upright_word, words_in_braces
from lorafig.notation.read.commands import (
    CHARACTERS,
    COMMANDS,
    FORBIDDEN,
    MATRICES,
    PAIRS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)
from lorafig.notation.read.fault import code_point, fault
from lorafig.notation.read.macros import own_macro
from lorafig.notation.read.numeral import read_digits, read_unit


class Token(Struct, gc=False):
    """`kind` and `value` as in commands.py; `extra`: a unit, a font, or a bracket's 'stretch'."""

    kind: str
    value: str
    start: int
    end: int
    extra: str = ""


_SHARED = frozenset("KMBT")  # units that are letters of matrices too
_SYMBOLIC = frozenset({"letter", "word", "symbol", "close", "}", "prime", "bar", "mark"})
_OPERANDS = _SYMBOLIC | {"number", "words", "percent"}
_IN_PAIRS = frozenset(pair[0] for pair in PAIRS)
_TIGHT = frozenset({",", "=", "+", "-", "/", ":", "\\times", "\\cdot", "\\pm"})
# What may follow words that go over into mathematics: these commands go on with the sentence.
_NO_OPERAND = ("text", "le", "ge", "ap", "si", "in", "times", "cdot")


def lex(source: str) -> list[Token]:
    """The tokens of `source`, ended by one of kind 'end'. Raises LorafigError."""
    return _Lexer(source).run()


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = []
        self.matrices = 0  # that are open

    def fail(self, offset: int, what: str, hint: str | None = None, code: str = "notation") -> NoReturn:
        raise fault(self.source, offset, what, hint, code=code)

    def add(self, kind: str, value: str, start: int, end: int, extra: str = "") -> int:
        self.tokens.append(Token(kind, value, start, end, extra))
        return end

    def run(self) -> list[Token]:
        source = self.source
        at, length = 0, len(source)
        while at < length:
            char = source[at]
            if char in scan.LETTERS:
                at = self.letters(at)
            elif char in scan.BLANKS:
                at += 1
            elif char in scan.DIGITS or (char == "." and source[at + 1 : at + 2] in scan.DIGITS):
                at = self.number(at)
            elif char == "\\" and at + 1 < length:
                at = self.command(at)
            else:
                at = self.sign(char, at)
        self.add("end", "", length, length)
        for i, token in enumerate(self.tokens):
            if token.kind == "tilde":
                self.tilde(i, token)
        return self.tokens

    # Letters

    def letters(self, start: int) -> int:
        source, tokens = self.source, self.tokens
        end = scan.end_of(source, start, scan.LETTERS)
        run = source[start:end]
        if len(run) == 1:
            self.add("letter", run, start, end)
            return self.index(end)
        before = tokens[-1].kind if tokens else ""
        if run in wordlike.INDEX_WORDS:
            index = before == "_" or (before == "{" and len(tokens) > 1 and tokens[-2].kind == "_")
            snake = (
                source[end : end + 1] == "_" and scan.end_of(source[end + 1 : end + 3], 0, scan.SMALL) == 2
            )
            if index or snake:  # W_in, in_features
                return self.add("word", run, start, end)
        if run == "in" and before in _OPERANDS and self.reals_follow(end):
            return self.add("relation", "∈", start, end)
        if run in wordlike.SHORT_FUNCTIONS and source[end:].lstrip()[:1] in ("(", "["):
            return self.add("word", run, start, end)
        if before != "_" and before != "^" and run[-1] in scan.SMALL:
            words_end = self.phrase(start)
            if words_end > start:
                return words_end
        for part in wordlike.segments(run):
            end = start + len(part)
            if len(part) == 1:
                self.add("letter", part, start, end)
            elif part in wordlike.GREEK_WORDS:
                self.add("delta" if part == "Delta" else "symbol", wordlike.GREEK_WORDS[part], start, end)
            else:
                self.add("word", part, start, end)
            start = end
        return self.index(start)

    def reals_follow(self, end: int) -> bool:
        """`A in R^(r×d)`."""
        at = scan.end_of(self.source, end, scan.BLANKS)
        rest = self.source[at : at + 7]
        return at > end and (
            rest[:1] == "ℝ" or rest == "\\mathbb" or (rest[:1] == "R" and rest[1:2] not in scan.LETTERS)
        )

    def index(self, end: int) -> int:
        """`W0`: digits right after a capital letter are its index, as nobody writes a product so."""
        last = self.tokens[-1]
        capital = last.kind == "letter" and last.value.isupper()
        script = len(self.tokens) > 1 and self.tokens[-2].kind in ("_", "^")
        if capital and not script and self.source[end : end + 1].isdecimal():
            self.add("_", "_", end, end)
        return end

    def phrase(self, start: int) -> int:
        """Words of a sentence: after a number or a product (`32× fewer parameters`), or two in a row.
        Where they end; `start` if there are none."""
        source, tokens = self.source, self.tokens
        words: list[str] = []
        end = stop = start
        while (
            (word := scan.word_at(source, stop)) != ""
            and wordlike.is_prose(word)
            and (len(word) > 1 or words)
        ):
            words.append(word)
            stop = scan.end_of(source, stop + len(word), " ")
        while words and len(words[-1]) == 1:
            words.pop()  # `scale a`: a letter, no article
        before = [token for token in tokens[-3:] if token.kind != "space"]
        follows = bool(before) and (before[-1].kind in _OPERANDS or before[-1].value == "×")
        alone = len(words) == 1 and (
            "-" in words[0] or self.counted() or (follows and words[0] in wordlike.PROSE)
        )
        if len(words) < 2 and not alone:
            return start
        for word in words:
            end = source.index(word, end) + len(word)
        text = " " * follows + " ".join(words)
        after = source[scan.after_white(source, end) :]
        operand = after[:1] in scan.LETTERS or after[:1] in scan.DIGITS or after[:1] == "("
        if source[end : end + 1].isspace() and (
            operand or (after[:1] == "\\" and not after.startswith(_NO_OPERAND, 1))
        ):
            text += " "
        return self.add("words", text, start, end)

    def counted(self) -> bool:
        """After a number with its unit: a word here is one of a sentence."""
        return bool(self.tokens) and self.tokens[-1].kind == "number" and self.tokens[-1].extra != ""

    # Numbers

    def number(self, start: int) -> int:
        source = self.source
        digits, end = read_digits(source, start)
        if end == len(source) or (self.tokens and self.tokens[-1].kind in ("^", "_")):
            return self.add("number", digits, start, end)
        cross = scan.end_of(source, end, scan.BLANKS)
        if source[cross : cross + 1] == "x":  # 768 x 768
            following = scan.end_of(source, cross + 1, scan.BLANKS)
            if source[following : following + 1] in scan.DIGITS:
                self.add("number", digits, start, end)
                self.add("times", "×", cross, cross + 1)
                return following
        unit, stop = read_unit(source, digits, end)
        if unit in _SHARED and source[stop - 1] == unit and self.among_symbols(stop):
            unit, stop = "", end
        return self.add("number", digits, start, stop, unit)

    def among_symbols(self, end: int) -> bool:
        """`W + 2B`, `2B - A`: a sum or product with symbols in it, so that B is one as well."""
        source, tokens = self.source, self.tokens
        if len(tokens) > 1 and tokens[-1].kind in ("sign", "times") and tokens[-2].kind in _SYMBOLIC:
            return True
        at = scan.end_of(source, end, scan.BLANKS)
        if source[at : at + 1] == "" or source[at] not in "+−–·*/-":
            return False
        following = source[scan.end_of(source, at + 1, scan.BLANKS) :][:1]
        return following != "" and not following.isspace() and not following.isdecimal()

    # Commands

    def command(self, start: int) -> int:
        source = self.source
        name = scan.command_at(source, start)
        end = start + 1 + len(name)
        if name in ("begin", "end"):
            return self.environment(name, start, end)
        if name == "\\" and self.matrices:
            if source[end : end + 1] in ("[", "*"):
                self.fail(start, f"{source[end]} right behind \\\\", "write a blank between them")
            return self.add("row", "\\\\", start, end)
        if name not in COMMANDS:
            self.unknown(name, start)
        kind, value = COMMANDS[name]
        if kind == "ignored":
            if name[:3].lower() == "big" and next_bracket(source, end)[0] == "":
                self.fail(start, f"no bracket after \\{name}", f"write \\{name}(, or leave it out")
            return end
        if kind == "text":
            content, end = words_in_braces(source, name, start)
            pieces = content.split("-")
            plain = content[0] in scan.LETTERS and all(
                piece.isascii() and piece.isalnum() for piece in pieces
            )
            if not plain or content in wordlike.PROSE or self.counted():
                return self.add("words", content, start, end)
            single = len(content) == 1
            return self.add("symbol" if single else "word", content, start, end, value or "rm" * single)
        if kind == "font" and value in ("rm", "it", "sf", "tt"):
            word, stop = upright_word(source, end)
            if word != "":
                return self.add("word", word, start, stop, "" if value == "rm" else value)
        if value in ("left", "right") and kind == "structure":
            side, bracket, stop = next_bracket(source, end)
            wanted = "open" if value == "left" else "close"
            if side not in (wanted, "bar"):
                example = "(" if value == "left" else ")"
                self.fail(start, f"no bracket after \\{value}", f"write \\{value}{example}")
            return self.add(wanted, bracket, start, stop, "stretch")
        if value == "num":
            opening = scan.after_white(source, end)
            closing = source.find("]", opening)
            form = source[opening + 1 : closing]
            plain = form == "\\%" or not any(char in "{}$\\" for char in form)
            if source[opening : opening + 1] == "[" and closing > 0 and plain:
                return self.add(kind, value, start, closing + 1, form.strip().lstrip("\\"))
        return self.add(kind, value, start, end)

    def environment(self, command: str, start: int, end: int) -> int:
        """`\\begin{bmatrix}` and its end; no other environment is known."""
        source = self.source
        opening = scan.after_white(source, end)
        closing = source.find("}", opening)
        name = source[opening + 1 : closing].strip() if source[opening : opening + 1] == "{" else ""
        if closing < 0 or name not in MATRICES:
            raise forbidden(source, start, "\\" + command)
        self.matrices += 1 if command == "begin" else -1
        if self.matrices < 0:
            self.fail(start, f"\\end{{{name}}} closes nothing", "remove it, or open it before")
        return self.add("matrix" if command == "begin" else "endmatrix", name, start, closing + 1)

    def unknown(self, name: str, start: int) -> NoReturn:
        shown = "\\" + name
        match name:
            case "\\":
                self.fail(start, "a line break \\\\ in mathematics", "write one label a line")
            case "_":
                hint = "write _ for an index, or \\text{…} for words"
                self.fail(start, "an escaped _ in mathematics", hint)
            case "$":
                self.fail(start, "a dollar sign in mathematics", "a label of mathematics has no $")
        if name in ("(", ")", "[", "]"):
            self.fail(start, f"{shown} in mathematics", "the whole label is mathematics; write it without")
        if not name.isalpha():
            self.fail(
                start, f"unknown command {shown if name.isprintable() else shown[0] + code_point(name)}"
            )
        if name in FORBIDDEN:
            raise forbidden(self.source, start, shown)
        import difflib

        known = [key for key in COMMANDS if key.isalpha() and len(key) > 1]
        close = difflib.get_close_matches(name, known, 1, 0.7)
        hint = f"for a word write \\mathrm{{{name}}} or \\text{{{name}}}"
        meant = own_macro(name)
        if meant is not None:
            hint = f"macros of a document are not known here: write {meant}"
        elif close:
            hint = f"did you mean \\{close[0]}?"
        self.fail(start, f"unknown command {shown}", hint, "unknown-command")

    # Other characters

    def sign(self, char: str, start: int) -> int:
        source, end = self.source, start + 1
        if char in _IN_PAIRS:
            pair = "..." if source.startswith("...", start) else source[start : start + 2]
            if pair in PAIRS and not (pair == "~=" and source[start + 2 : start + 3] == "~"):
                return self.add(*PAIRS[pair], start, start + len(pair))
        if char == "{":
            closing = source.find("}", start)
            inner = source[start + 1 : max(closing, 0)].strip()
            if inner in _TIGHT:
                kind, value = COMMANDS[inner[1:]] if inner[0] == "\\" else CHARACTERS[inner]
                return self.add(kind, value, start, closing + 1, "tight")
        if char in CHARACTERS:
            return self.add(*CHARACTERS[char], start, end)
        if char in SUPERSCRIPTS:
            return self.script("^", SUPERSCRIPTS, start)
        if char in SUBSCRIPTS:
            return self.script("_", SUBSCRIPTS, start)
        match char:
            case "\\":
                self.fail(start, "a backslash at the end")
            case "$":
                hint = "a label of mathematics has no $; write it without"
                self.fail(start, "a dollar sign in mathematics", hint)
            case "&" if self.matrices:
                return self.add("cell", "&", start, end)
            case "&":
                self.fail(start, "& in mathematics", "write one label a line; a word goes into \\text{…}")
            case "." if source[end : end + 1] == "T" and self.tokens:
                after = source[end + 1 : end + 2]
                if after not in scan.LETTERS and after != "(":
                    return self.add("^", "^", start, end)  # W.T, as in NumPy
        if char in '!?"`.':
            self.fail(start, f"{char} has no meaning in mathematics here", "words go into \\text{…}")
        from lorafig.notation.read.letters import read_letter

        name, font, mark = read_letter(char)
        if name == "" or not (name.isascii() or name in CHARACTERS):
            what = f"the character {char} ({code_point(char)}) is not in the notation"
            self.fail(start, what, _stranger_hint(char), "unknown-character")
        kind = "letter" if font == "" and name.isascii() else "symbol"
        self.add(CHARACTERS.get(name, (kind, ""))[0], name, start, end, font)
        if mark != "":
            self.add("mark", mark, start, end)
        return end

    def script(self, caret: str, table: dict[str, str], start: int) -> int:
        """Raised or lowered characters become what they stand for, in braces: `d²ˣ` -> d^{2x}."""
        end = scan.end_of(self.source, start, table)
        raised = self.source[start:end]
        text = "".join(table[char] for char in raised)
        if raised.count("ˣ") == 1 and 0 < raised.index("ˣ") < len(raised) - 1:
            text = text.replace("x", "×")  # ℝᵈˣᵏ
        self.add(caret, caret, start, start)
        self.add("{", "{", start, start)
        for token in lex(text)[:-1]:
            self.add(token.kind, token.value, start + token.start, start + token.end, token.extra)
        return self.add("}", "}", end, end)

    def tilde(self, index: int, token: Token) -> None:
        """`A ~ N(0, 1)` is a relation; `h~=~W` and `W~x` hold TeX's space."""
        before = self.tokens[index - 1].kind if index > 0 else "end"
        after = self.tokens[index + 1]
        if before in ("end", "sep", "open") and after.kind == "number":  # ~0.1 %
            token.kind = "relation"
            return
        around = self.source[max(token.start - 1, 0) : token.end + 1]
        relates = around[:1].isspace() and around[-1].isspace()
        relates = relates or after.value in ("N", "U") or after.kind == "font"
        if relates and before in _OPERANDS and after.kind not in _NOT_OPERANDS:
            token.kind = "relation"
        else:
            token.kind, token.value = "space", "\\ "


_NOT_OPERANDS = frozenset(
    {"relation", "sign", "times", "sep", "end", "close", "}", "cell", "row", "endmatrix"}
)


def forbidden(source: str, offset: int, command: str) -> LorafigError:
    what = f"the command {command} is not allowed in a label"
    hint = "a label is mathematics: no macros, files, colours or links"
    if command[1:] in ("begin", "end"):
        hint = "write each line as a label of its own: equations: [h = Wx, W' = W + BA]"
    elif command[1:] in ("cite", "ref", "label"):
        hint = "it belongs into the caption of the document; leave it out here"
    elif command[1:] in ("tag", "notag", "nonumber"):
        hint = "equations on a figure have no numbers: leave it out"
    return fault(source, offset, what, hint)


def _stranger_hint(char: str) -> str:
    import unicodedata

    name = unicodedata.name(char, "")
    if name.startswith("CYRILLIC") or (" CAPITAL " in name and name.startswith(("GREEK", "MATHEMATICAL"))):
        return f"it is {name}, which looks like a Latin letter; type the Latin one"
    if char in "\u2018\u2019\u201c\u201d\u201e\u201a":
        return "it is a quote of a word processor: type ' in its place, or leave it out"
    if unicodedata.category(char) == "So":
        return "a label of mathematics has no pictures: leave it out; a node of a flow has a badge for it"
    plain = unicodedata.normalize("NFKC", char)
    if name.startswith("FULLWIDTH") and len(plain) == 1:
        return f"it is the wide form of '{plain}': write {plain}"
    if char.isalpha():
        return "words go into \\text{…}"
    return "write the LaTeX command for it, or put it into \\text{…}"
