"""A label's source -> tokens.

What TeX leaves to macros is settled here, where the characters still stand side by side: which
letters are a word, which comma belongs to a number, where a number has a unit, what `\\text{…}` holds.
"""

from __future__ import annotations

import re

from lorafig.errors import LorafigError
from lorafig.notation.numbers.units import BLANK, read_unit
from lorafig.notation.read.commands import CHARACTERS, COMMANDS, FORBIDDEN, PAIRS, SUBSCRIPTS, SUPERSCRIPTS
from lorafig.notation.read.fault import code_point, fault
from lorafig.notation.read.wordlike import (
    GREEK_WORDS,
    INDEX_WORDS,
    PROSE,
    SHORT_FUNCTIONS,
    is_prose,
    segments,
)


class Token:
    """`kind` and `value` as in commands.py; `extra`: a unit, a font, or a bracket's 'stretch'."""

    __slots__ = ("end", "extra", "kind", "start", "value")

    def __init__(self, kind: str, value: str, start: int, end: int, extra: str = "") -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.extra = extra


_TOKEN = re.compile(
    rf"""(?P<blank>{BLANK}+)
    | (?P<letters>[A-Za-z]+)
    | (?P<number>
        (?: [1-9][0-9]{{0,2}} (?P<sep>,|\{{,\}}|\\[,:;]|[ \u00a0\u2009\u202f])
            [0-9]{{3}} (?:(?P=sep)[0-9]{{3}})* (?![0-9])
          | [0-9]+ ) (?:\.[0-9]+)? | \.[0-9]+ )
      (?P<exponent>e[+-]?[0-9]+(?![0-9A-Za-z]) | \\mathrm\{{e\}}\{{?[+-]?\}}?[0-9]+ )?
    | \\ (?P<command>operatorname\*|[A-Za-z]+|[^A-Za-z])
    | (?P<pair><=|>=|!=|:=|->|<<|>>|~=(?!~)|==|\|\||\+-|\.\.\.)
    | (?P<tight>\{{\s*(?:,|=|\+|-|/|\\times|\\cdot|\\pm|:)\s*\}})
    | (?P<char>.)""",
    re.VERBOSE | re.DOTALL,
)
_PHRASE = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*(?: +[A-Za-z]+(?:-[A-Za-z]+)*)*")
_UPRIGHT = re.compile(r"\s*\{\s*([A-Za-z][A-Za-z0-9-]+)\s*\}")
_MATRICES = re.compile(
    r"(?:[WABUVMX]{1,3}[xh]?|[A-Z][0-9]+)$"
)  # \mathrm{BAx} is a product set upright, \mathrm{FFN} a word
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*$")
_SNAKE = re.compile("_[a-z]{2}")
_TRANSPOSED = re.compile(r"\.T(?![A-Za-z(])")
_REALS = re.compile(rf"{BLANK}+(?:R(?![A-Za-z])|ℝ|\\mathbb)")
_CROSS = re.compile(rf"{BLANK}*x{BLANK}*(?=[0-9])")
_BRACKET = re.compile(
    rf"{BLANK}*(?:[(\[|)\]⌊⌋⌈⌉⟨⟩‖]|\\[{{}}|]|\\[lr]?(?:vert|Vert|floor|ceil|angle|brace|brack)(?![A-Za-z]))"
)
_SIGN_IN_TEXT = re.compile(r"\$(?:\\(?P<name>[A-Za-z]+)|(?P<plain>-|\^[23]))\$")
_FORM = re.compile(r"\s*\[([^\]{}$\\]*|\\%)\]")
LONGEST_EXPONENT = 4  # characters: a sign and three digits
_SHARED = frozenset("KMBT")  # units that are letters of matrices too
_SUMMAND = re.compile(rf"{BLANK}*[+−–·*/-]{BLANK}*(\S)")
_SYMBOLIC = frozenset({"letter", "word", "symbol", "close", "}", "prime", "bar", "mark"})
_SIGNS = frozenset({"symbol", "relation", "times", "sign", "delta", "open", "close"})
_RAISED = {"-": "−", "^2": "²", "^3": "³"}
_OPERANDS = frozenset(
    {"number", "letter", "word", "words", "symbol", "close", "}", "prime", "percent", "bar", "mark"}
)


class _Lexer:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens: list[Token] = []

    def fail(self, offset: int, what: str, hint: str | None = None) -> None:
        raise fault(self.source, offset, what, hint)

    def add(self, kind: str, value: str, start: int, end: int, extra: str = "") -> None:
        self.tokens.append(Token(kind, value, start, end, extra))

    def run(self) -> list[Token]:
        source, tokens, match_at = self.source, self.tokens, _TOKEN.match
        position, length = 0, len(source)
        tildes = False
        while position < length:
            match = match_at(source, position)
            assert match is not None  # the last alternative takes any character
            group, end = match.lastgroup, match.end()
            if group == "blank":
                pass
            elif group == "letters":
                end = self.letters(match[0], position)
            elif group == "number" or group == "exponent":
                end = self.number(match, position)
            elif group == "command":
                end = self.command(match["command"], position, end)
            elif group == "pair":
                kind, value = PAIRS[match[0]]
                tokens.append(Token(kind, value, position, end))
            elif group == "tight":
                inner = match[0][1:-1].strip()
                kind, value = COMMANDS[inner[1:]] if inner[0] == "\\" else CHARACTERS[inner]
                tokens.append(Token(kind, value, position, end, "tight"))
            else:
                char = match[0]
                meaning = CHARACTERS.get(char)
                if meaning is not None:
                    tokens.append(Token(meaning[0], meaning[1], position, end))
                    tildes = tildes or char == "~"
                else:
                    end = self.other(char, position)
            position = end
        tokens.append(Token("end", "", length, length))
        if tildes:
            self.tildes()
        return tokens

    # Letters ---------------------------------------------------------------------------------

    def letters(self, run: str, start: int) -> int:
        if len(run) == 1:
            self.add("letter", run, start, start + 1)
            self.index(start + 1)
            return start + 1
        tokens = self.tokens
        previous = tokens[-1].kind if tokens else ""
        index = previous == "_" or (previous == "{" and len(tokens) > 1 and tokens[-2].kind == "_")
        if index and run in INDEX_WORDS:
            self.add("word", run, start, start + len(run))
            return start + len(run)
        if run in INDEX_WORDS and _SNAKE.match(self.source, start + len(run)) is not None:  # in_features
            self.add("word", run, start, start + len(run))
            return start + len(run)
        if run == "in" and previous in _OPERANDS and _REALS.match(self.source, start + 2) is not None:
            self.add("relation", "∈", start, start + 2)
            return start + 2
        if run in SHORT_FUNCTIONS and self.source[start + len(run) :].lstrip()[:1] in ("(", "["):
            self.add("word", run, start, start + len(run))
            return start + len(run)
        if previous != "_" and previous != "^" and run[-1].islower():
            end = self.phrase(start)
            if end > start:
                return end
        for part in segments(run):
            end = start + len(part)
            if len(part) == 1:
                self.add("letter", part, start, end)
            elif part in GREEK_WORDS:
                self.add("delta" if part == "Delta" else "symbol", GREEK_WORDS[part], start, end)
            else:
                self.add("word", part, start, end)
            start = end
        self.index(start)
        return start

    def index(self, end: int) -> None:
        """`W0`: digits right after a capital letter are its index, as nobody writes a product so."""
        last = self.tokens[-1]
        capital = last.kind == "letter" and last.value.isupper()
        script = len(self.tokens) > 1 and self.tokens[-2].kind in ("_", "^")
        if capital and not script and self.source[end : end + 1].isdecimal():
            self.add("_", "_", end, end)

    def phrase(self, start: int) -> int:
        """Words of a sentence: after a number or a product (`32× fewer parameters`), or two in a row."""
        source, tokens = self.source, self.tokens
        match = _PHRASE.match(source, start)
        assert match is not None
        words = re.findall(r"[A-Za-z-]+", match[0])
        count = 0
        for word in words:
            if not is_prose(word) or (len(word) == 1 and count == 0):
                break
            count += 1
        while count > 0 and len(words[count - 1]) == 1:
            count -= 1  # `scale a`: a letter, no article
        before = [token for token in tokens[-3:] if token.kind != "space"]
        follows = bool(before) and (before[-1].kind in _OPERANDS or before[-1].value == "×")
        starts = count > 1 or (
            count == 1 and ("-" in words[0] or self.counted() or (follows and words[0] in PROSE))
        )
        if not starts:
            return start
        end = start
        for word in words[:count]:
            end = source.index(word, end) + len(word)
        text = " ".join(words[:count])
        if follows:
            text = " " + text
        rest = source[end:]
        if rest[:1].isspace() and re.match(r"\s*(?:[A-Za-z0-9(]|\\(?!text|le|ge|ap|si|in|times|cdot))", rest):
            text += " "
        self.add("words", text, start, end)
        return end

    def counted(self) -> bool:
        """After a number with its unit: a word here is one of a sentence."""
        return bool(self.tokens) and self.tokens[-1].kind == "number" and self.tokens[-1].extra != ""

    # Numbers ---------------------------------------------------------------------------------

    def number(self, match: re.Match[str], start: int) -> int:
        source, end = self.source, match.end()
        digits = match["number"]
        separator = match["sep"]
        if separator is not None and separator != ",":
            digits = digits.replace(separator, "," if separator == "{,}" else " ")
        exponent = match["exponent"]
        if exponent is not None:
            power = re.sub(r"[^0-9+-]", "", exponent[1:] if exponent[0] == "e" else exponent[7:])
            if len(power) > LONGEST_EXPONENT:
                what = "a number that is too large, or too small"
                raise fault(source, match.start("exponent"), what, "powers of ten from -999 to 999 are read")
            digits += "e" + power
        unit = ""
        scripted = bool(self.tokens) and self.tokens[-1].kind in ("^", "_")
        if end < len(source) and not scripted:
            cross = _CROSS.match(source, end)
            if cross is not None:  # 768 x 768
                at = source.index("x", end)
                self.add("number", digits, start, end)
                self.add("times", "×", at, at + 1)
                return cross.end()
            unit, stop = read_unit(source, digits, end)
            if not (unit in _SHARED and source[stop - 1] == unit and self.among_symbols(stop)):
                end = stop
            else:
                unit = ""
        self.add("number", digits, start, end, unit)
        return end

    def among_symbols(self, end: int) -> bool:
        """`W + 2B`, `2B - A`: a sum or product with symbols in it, so that B is one as well."""
        tokens = self.tokens
        before = len(tokens) > 1 and tokens[-1].kind in ("sign", "times") and tokens[-2].kind in _SYMBOLIC
        after = _SUMMAND.match(self.source, end)
        return before or (after is not None and not after[1].isdecimal())

    # Commands --------------------------------------------------------------------------------

    def command(self, name: str, start: int, end: int) -> int:
        source = self.source
        meaning = COMMANDS.get(name)
        if meaning is None:
            self.unknown(name, start)
            return end
        kind, value = meaning
        if kind == "ignored":
            if name[:3].lower() == "big" and _BRACKET.match(source, end) is None:
                self.fail(start, f"no bracket after \\{name}", f"write \\{name}(, or leave it out")
            return end
        if kind == "text":
            return self.text(name, value, start, end)
        if kind == "font" and value in ("rm", "it", "sf", "tt"):
            match = _UPRIGHT.match(source, end)
            if match is not None and _MATRICES.match(match[1]) is None:
                self.add("word", match[1], start, match.end(), "" if value == "rm" else value)
                return match.end()
        if kind == "structure":
            if value in ("left", "right"):
                return self.stretched(value, start, end)
            if value == "num":
                match = _FORM.match(source, end)
                if match is not None:
                    self.add(kind, value, start, match.end(), match[1].strip().lstrip("\\"))
                    return match.end()
        self.add(kind, value, start, end)
        return end

    def stretched(self, side: str, start: int, end: int) -> int:
        match = _TOKEN.match(self.source, end)
        if match is not None and match.lastgroup == "blank":
            match = _TOKEN.match(self.source, match.end())
        name = "" if match is None else match[0]
        kind, value = (
            COMMANDS.get(name[1:], ("", "")) if name[:1] == "\\" else CHARACTERS.get(name[:1], ("", ""))
        )
        stop = -1 if match is None else match.start() + (len(name) if name[:1] == "\\" else 1)
        wanted = "open" if side == "left" else "close"
        if kind not in (wanted, "bar"):
            self.fail(start, f"no bracket after \\{side}", f"write \\{side}{'(' if side == 'left' else ')'}")
        self.add(wanted, value, start, stop, "stretch")
        return stop

    def text(self, name: str, font: str, start: int, end: int) -> int:
        source = self.source
        while source[end : end + 1].isspace():
            end += 1
        if source[end : end + 1] != "{":
            self.fail(start, f"no braces after \\{name}", f"write \\{name}{{words}}")
        text: list[str] = []
        position = end + 1
        while True:
            char = source[position : position + 1]
            if char == "":
                self.fail(end, f"the brace {{ of \\{name} is never closed", "add }")
            if char == "}":
                break
            if char == "\\":
                following = source[position + 1 : position + 2]
                if following == "" or following not in "%&#_{}$, ":
                    from lorafig.notation.textchars import read_character

                    read = read_character(source, position)
                    if read is not None:
                        text.append(read[0])
                        position = read[1]
                        continue
                    found = re.compile(r"\\[A-Za-z]*").match(source, position)
                    shown = found[0] if found is not None and len(found[0]) > 1 else "\\" + following
                    self.fail(
                        position,
                        f"the command {shown} inside \\{name}",
                        "\\text takes words only; close it first",
                    )
                text.append(" " if following == "," else following)
                position += 2
                continue
            sign = _SIGN_IN_TEXT.match(source, position)
            if sign is not None and (sign["plain"] or COMMANDS.get(sign["name"], ("", ""))[0] in _SIGNS):
                text.append(_RAISED[sign["plain"]] if sign["plain"] else COMMANDS[sign["name"]][1])
                position = sign.end()
                continue
            if char in "{$":
                self.fail(position, f"{char} inside \\{name}", f"\\{name} takes words only; close it first")
            text.append(" " if char == "~" or char.isspace() else char)
            position += 1
        position += 1
        content = re.sub(" +", " ", "".join(text))
        if content.strip() == "":
            self.fail(start, f"\\{name} has no words in it")
        if _NAME.match(content) is not None and content not in PROSE and not self.counted():
            kind = "word" if len(content) > 1 else "symbol"
            self.add(kind, content, start, position, font or ("rm" if len(content) == 1 else ""))
        else:
            self.add("words", content, start, position)
        return position

    def unknown(self, name: str, start: int) -> None:
        shown = "\\" + name
        if name == "\\":
            self.fail(start, "a line break \\\\ in mathematics", "write one label a line")
        if not name.isalpha():
            if name == "_":
                self.fail(
                    start, "an escaped _ in mathematics", "write _ for an index, or \\text{…} for words"
                )
            if name == "$":
                self.fail(start, "a dollar sign in mathematics", "a label of mathematics has no $")
            self.fail(
                start, f"unknown command {shown if name.isprintable() else shown[0] + code_point(name)}"
            )
        if name in FORBIDDEN:
            raise forbidden(self.source, start, shown)
        import difflib

        close = difflib.get_close_matches(
            name, [key for key in COMMANDS if key.isalpha() and len(key) > 1], 1, 0.7
        )
        hint = (
            f"did you mean \\{close[0]}?"
            if close
            else f"for a word write \\mathrm{{{name}}} or \\text{{{name}}}"
        )
        self.fail(start, f"unknown command {shown}", hint)

    # Other characters ------------------------------------------------------------------------

    def other(self, char: str, start: int) -> int:
        source = self.source
        if char in SUPERSCRIPTS:
            return self.script("^", SUPERSCRIPTS, start)
        if char in SUBSCRIPTS:
            return self.script("_", SUBSCRIPTS, start)
        if char == "\\":
            self.fail(start, "a backslash at the end")
        if char == "$":
            self.fail(
                start, "a dollar sign in mathematics", "a label of mathematics has no $; write it without"
            )
        if char == "&":
            self.fail(start, "& in mathematics", "write one label a line; a word goes into \\text{…}")
        if char == "." and _TRANSPOSED.match(source, start) is not None and self.tokens:
            self.add("^", "^", start, start + 1)  # W.T, as in NumPy
            return start + 1
        if char in '!?"`.':
            self.fail(start, f"{char} has no meaning in mathematics here", "words go into \\text{…}")
        from lorafig.notation.read.letters import read_letter

        letters = read_letter(char)
        if letters is None:
            self.fail(
                start,
                f"the character {char} ({code_point(char)}) is not in the notation",
                _stranger_hint(char),
            )
            return start
        name, font, mark = letters
        kind = "letter" if font == "" and name.isascii() else "symbol"
        meaning = CHARACTERS.get(name)
        if meaning is not None:
            kind = meaning[0]
        self.add(kind, name, start, start + 1, font)
        if mark != "":
            self.add("mark", mark, start, start + 1)
        del source
        return start + 1

    def script(self, caret: str, table: dict[str, str], start: int) -> int:
        """Raised or lowered characters become what they stand for, in braces: `d²ˣ` -> d^{2x}."""
        source, end = self.source, start
        while end < len(source) and source[end] in table:
            end += 1
        text = "".join(table[char] for char in source[start:end])
        if (
            source[start:end].count("ˣ") == 1
            and len(text) > 2
            and 0 < source[start:end].index("ˣ") < len(text) - 1
        ):
            text = text.replace("x", "×")  # ℝᵈˣᵏ
        inner = text
        self.add(caret, caret, start, start)
        self.add("{", "{", start, start)
        for token in _Lexer(inner).run()[:-1]:
            self.add(token.kind, token.value, start + token.start, start + token.end, token.extra)
        self.add("}", "}", end, end)
        return end

    def tildes(self) -> None:
        """`A ~ N(0, 1)` is a relation; `h~=~W` and `W~x` hold TeX's space."""
        for i, token in enumerate(self.tokens):
            if token.kind != "tilde":
                continue
            before = self.tokens[i - 1].kind if i > 0 else "end"
            after = self.tokens[i + 1]
            blanks = (
                self.source[token.start - 1 : token.start].isspace()
                and self.source[token.end : token.end + 1].isspace()
            )
            if before in ("end", "sep", "open") and after.kind == "number":  # ~0.1 %
                token.kind = "relation"
                continue
            operand = before in _OPERANDS and after.kind not in (
                "relation",
                "sign",
                "times",
                "sep",
                "end",
                "close",
                "}",
            )
            distribution = after.value in ("N", "U") or after.kind == "font"
            if operand and (blanks or distribution):
                token.kind = "relation"
            else:
                token.kind, token.value = "space", "\\ "


def forbidden(source: str, offset: int, command: str) -> LorafigError:
    what = f"the command {command} is not allowed in a label"
    return fault(source, offset, what, "a label is mathematics: no macros, files, colours or links")


def _stranger_hint(char: str) -> str:
    import unicodedata

    name = unicodedata.name(char, "")
    if name.startswith(("CYRILLIC", "GREEK CAPITAL")):
        return f"it is {name}, which looks like a Latin letter; type the Latin one"
    if char.isalpha():
        return "words go into \\text{…}"
    return "write the LaTeX command for it, or put it into \\text{…}"


def lex(source: str) -> list[Token]:
    """The tokens of `source`, ended by one of kind 'end'. Raises LorafigError."""
    return _Lexer(source).run()
