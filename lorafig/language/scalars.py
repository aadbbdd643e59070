"""Single values of a spec: labels, names, numbers, choices. A value with a problem is UNSET."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from msgspec import UNSET

from lorafig.errors import Kind as ErrorKind
from lorafig.errors import LorafigError, Problem
from lorafig.language import elsewhere, kinds, model, networks
from lorafig.language.chain import ChainError, links
from lorafig.language.index import indices
from lorafig.language.messages import did_you_mean, phrase
from lorafig.language.nodes import Mapping, Node, Scalar, Sequence, describe, shorten
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.themes import widths

# What double quotes make of a command: the character, and how the command's name begins.
_ESCAPED = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e"}
_SEPARATORS = "\u2028\u2029"
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
# Words where a formula is read, in brackets that a quote made part of them or without.
_SENTENCE = re.compile(r"\[?\s*((?=.*[A-Za-z]{3})[\w#%'’.:,-]+(?: [\w#%'’.:,-]+)+ ?[?!.]?)\s*\]?")
_TRUTH_WORDS = {"yes", "no", "on", "off", "y", "n", "true", "false"}
LARGEST_DIMENSION = 2**40


# A tag of HTML: a line break, or one that is closed. `</s>` is a token of language models.
_TAG = r"<br\s*/?>|<(?P<closed>(?!s\b)[a-z][a-z0-9]*)\b[^<>]*>[^<>]*</(?P=closed)>"
_TAGS = {
    "br": "the lines of a label are a list: [Input, x]",
    **dict.fromkeys(("b", "strong"), "write **words**"),
    **dict.fromkeys(("sup", "sub"), "mathematics has indices and powers: $W_0$, $R^{d}$"),
}


# One bracket, alone or beside one symbol, as it stands in the list of a product.
_BRACKET = re.compile(r"\s*(?:\(\s*\\?\w*|\\?\w*\s*\))\s*")


def _with_hint(error: LorafigError, hint: str) -> LorafigError:
    return LorafigError(tuple(problem._replace(hint=hint) for problem in error.problems), error.kind)


class Scalars:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.kind: ErrorKind = "spec"
        self.beyond = 0  # problems that are limits: when all of them are, so is the error

    def problem(self, node: Node, what: str, hint: str | None = None, code: str = "wrong-value") -> Any:
        text = f"{node.path}: {what}" if node.where is None and node.path else what
        self.problems.append(Problem(text, node.where, hint, code))
        return UNSET

    def wrong(self, node: Node, expected: str, hint: str | None = None, code: str = "wrong-type") -> Any:
        if isinstance(node, Scalar) and node.remark is not None:
            hint = f"'#' begins a comment in YAML; in quotes it is text: {shorten(node.remark)}"
        elif isinstance(node, Scalar) and node.value is None:
            hint = hint or "write it, or take its key or its '-' out"
        return self.problem(node, f"expected {expected}, found {describe(node)}", hint, code)

    def label(self, node: Node, form: str) -> Any:
        expected = "a formula" if form == "math" else "a text"
        hint = None
        if not isinstance(node, Scalar):
            if isinstance(node, Mapping):
                hint = "a value that begins with '{' or has ': ' in it needs single quotes"
            else:
                hint = f"{'a value' if form == 'math' else 'a text'} that begins with '[' needs single quotes"
            return self.wrong(node, expected, hint)
        text = node.value
        if not isinstance(text, str):
            if text is not None:
                hint = f"write it in quotes: '{node.raw}'"
                if isinstance(text, bool) and form == "math":
                    hint = "say what stands there, a symbol or a formula: r"
            return self.wrong(node, expected, hint)
        if node.quote in ("|", ">"):  # a block of lines is one line of words
            text = " ".join(text.split("\n")).rstrip(" ")
        if not text.isprintable():
            for offset, char in enumerate(text):
                if unicodedata.category(char) == "Cc" or char in _SEPARATORS:
                    return self.control(node, char, text[offset + 1 :])
        if not text.strip():
            return self.problem(node, f"expected {expected}, found an empty text")
        tag = re.search(_TAG, text, re.IGNORECASE) if form == "text" and "<" in text else None
        if tag is not None:
            name = (tag["closed"] or "br").lower()
            hint = _TAGS.get(name, "leave it out: a text is words, with mathematics between $…$")
            return self.problem(node, f"the tag <{name}> in a text", hint)
        # A letter and its accent as one character: fonts and TeX have no other.
        whole = text if text.isascii() else unicodedata.normalize("NFC", text)
        return self.parsed(node, model.Source(whole, node.where, node.exact and whole == text), form)

    def parsed(self, node: Scalar, source: model.Source, form: str) -> model.Source:
        """`source`, once the notation has read it: what cannot be read is a problem of the spec."""
        try:
            parse_math(source) if form == "math" else parse_text(source)
        except LorafigError as error:
            if error.kind == "limit":
                self.kind = "limit"
            sentence = _SENTENCE.fullmatch(source) if form == "math" else None
            if sentence is not None and error.kind != "limit":
                error = _with_hint(error, f"words stand in a list: [{sentence[1]}]")
            elif form == "math" and _BRACKET.fullmatch(source) is not None:
                error = _with_hint(error, "in a product, what stands in brackets is a list: [W, +, BA]")
            for problem in error.problems:
                if problem.where is not None:
                    self.problems.append(problem)
                else:
                    self.problem(node, problem.what, problem.hint, problem.code)
        return source

    def control(self, node: Scalar, char: str, rest: str) -> Any:
        if char in _ESCAPED and node.quote == '"':
            word = rest[: next((i for i, c in enumerate(rest) if not (c.isascii() and c.isalpha())), None)]
            command = _ESCAPED[char] + word
            what = f'"\\{command}" in double quotes is the control character U+{ord(char):04X}, not a command'
            hint = f"in single quotes a backslash is a backslash: '\\{command}'"
            return self.problem(node, what, hint, "double-quotes")
        hint = "give a list of lines" if char == "\n" else "delete it"
        return self.problem(
            node, f"the control character U+{ord(char):04X} in a text", hint, "unknown-character"
        )

    def colour(self, node: Node) -> Any:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.wrong(node, "a colour such as '#0072B2'")
        digits = node.value[1:]
        if node.value[:1] != "#" or len(digits) not in (3, 6) or not _HEXADECIMAL.issuperset(digits):
            meant = elsewhere.colour(node.value)
            hint = "write '#' and three or six hexadecimal digits, in quotes: '#0072B2'"
            hint = hint if meant is None else f"write it as '{meant}', in quotes"
            return self.problem(node, f"{shorten(node.value)} is not a colour", hint, "colour")
        return model.Source(node.value, node.where, node.exact)

    def chain(self, node: Node) -> Any:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.wrong(node, "an edge such as 'x -> W'")
        source = model.Source(node.value, node.where, node.exact)
        try:
            links(node.value)
        except ChainError as error:
            place = source.at(error.offset)
            what = error.what if place is not None else f"{node.path}: {error.what}"
            self.problems.append(Problem(what, place, error.hint, "edge"))
            return UNSET
        return source

    def range(self, node: Node) -> Any:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            several = isinstance(node, Sequence)
            hint = "several stand in one text: 'i = 1..N, j = 1..M'" if several else None
            return self.wrong(node, "an index and its range, 'i = 1..N'", hint)
        source = model.Source(node.value, node.where, node.exact)
        try:
            indices(node.value)
        except LorafigError as error:
            return self.problem(node, error.problems[0].what, error.problems[0].hint, "index")
        return source

    def network(self, node: Node) -> Any:
        """The name with its network."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or node.value == "":
            return self.wrong(node, "a network such as 'llama-3-8b', or the path of a config.json")
        try:
            return networks.named(model.Source(node.value, node.where, node.exact))
        except LorafigError as error:
            for problem in error.problems:
                self.problem(node, problem.what, problem.hint, problem.code)
            return UNSET

    def length(self, node: Node) -> Any:
        """A width, once it has been read."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            number = _number(node)
            hint = widths.HINT if number is None else f"give it a unit: {number:g}mm"
            return self.wrong(node, "a width", hint)
        try:
            widths.width(node.value)
        except LorafigError as error:
            problem = error.problems[0]
            return self.problem(node, problem.what, problem.hint, problem.code)
        return model.Source(node.value, node.where, node.exact)

    def target(self, node: Node) -> Any:
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, str) or not 0 < len(value) <= networks.MAX_NAME:
            return self.wrong(node, "the name of a module such as 'q_proj'")
        assert isinstance(node, Scalar)
        return model.Source(value, node.where, node.exact)

    def identifier(self, node: Node) -> Any:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            hint = None
            if isinstance(node, Scalar):
                word = node.raw[:1].isalpha()
                hint = f"write it in quotes: '{node.raw}'" if word else "a name begins with a letter"
            return self.wrong(node, "a name", hint)
        text = node.value
        if len(text) > kinds.NAME_LENGTH:
            what = f"a name of {len(text)} characters; the limit is {kinds.NAME_LENGTH}"
            return self.problem(node, what, None, "name")
        if not (text.isascii() and text.replace("-", "a").isalnum() and text[0].isalpha()):
            hint = "a name is letters a-z, A-Z, digits and '-', and begins with a letter"
            suggestion = as_name(text)
            if suggestion:
                hint += f", such as '{suggestion}'"
            return self.problem(node, f"{shorten(text)} is not a name", hint, "name")
        return model.Source(text, node.where, node.exact)

    def whole(self, node: Node, kind: kinds.Whole) -> Any:
        expected = phrase(kind)
        number = _number(node)
        if number is None or not _is_finite(number) or number != int(number):
            return self.wrong(node, expected, _number_hint(node))
        if not kind.low <= number <= kind.high:
            assert isinstance(node, Scalar)
            if kind.high == LARGEST_DIMENSION < number:
                self.beyond += 1
            return self.problem(
                node, f"{_cut(node.raw)} is out of range: expected {expected}", None, "out-of-range"
            )
        return int(number)

    def real(self, node: Node, kind: kinds.Real) -> Any:
        expected = phrase(kind)
        number = _number(node)
        if number is None:
            hint = None if kind.positive else _points(node)
            return self.wrong(node, expected, hint or (_number_hint(node) or "").partition(";")[0] or None)
        assert isinstance(node, Scalar)
        try:
            number = float(number)
        except OverflowError:
            number = math.inf
        if not _is_finite(number):
            return self.problem(
                node, f"{_cut(node.raw)} is not finite: expected {expected}", None, "out-of-range"
            )
        low = -math.inf if kind.low is None else kind.low
        high = math.inf if kind.high is None else kind.high
        if not low <= number <= high or (kind.positive and number <= 0):
            return self.problem(
                node, f"{_cut(node.raw)} is out of range: expected {expected}", None, "out-of-range"
            )
        return number

    def truth(self, node: Node) -> Any:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        words = isinstance(node, Scalar) and node.raw.lower() in _TRUTH_WORDS
        return self.wrong(node, "true or false", "write true or false, without quotes" if words else None)

    def choice(self, node: Node, kind: kinds.Choice) -> Any:
        hint = "write one of them" if isinstance(node, Sequence) else None
        if isinstance(node, Scalar) and not isinstance(node.value, bool):
            for value in kind.values:
                if node.value == value:
                    return value
            if isinstance(node.value, str):
                texts = [value for value in kind.values if isinstance(value, str)]
                numbers = [str(value) for value in kind.values if not isinstance(value, str)]
                meant = elsewhere.choice(node.value, texts)
                if node.value in numbers:
                    hint = "write it without quotes"
                else:
                    hint = did_you_mean(node.value, texts) if meant is None else f"write {meant}"
            if kind.values == (1,) and isinstance(node.value, str) and hint is None:
                hint = "write 1"
            elif kind.values == (1,) and isinstance(node.value, int):
                hint = "this lorafig reads version 1 of the language: write 1, or install a newer lorafig"
        return self.wrong(node, phrase(kind), hint, "wrong-value")


_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def as_name(text: str) -> str:
    """The name that is most like a text: letters without their accents, '-' for all else."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    letters = (char for char in plain if not unicodedata.combining(char))
    blanked = "".join(char if char.isascii() and char.isalnum() else " " for char in letters)
    return "-".join(blanked.split()).lstrip("-0123456789")


def _number(node: Node) -> int | float | None:
    value = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _is_finite(number: int | float) -> bool:
    return number == number and abs(number) != math.inf  # math.isfinite refuses integers beyond floats


def _points(node: Node) -> str | None:
    meant = elsewhere.points(node.raw) if isinstance(node, Scalar) else None
    return None if meant is None else f"write {meant}, in points"


def _number_hint(node: Node) -> str | None:
    if isinstance(node, Sequence):
        return "write one number; another figure or another panel has a model of its own"
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    import re

    plain = re.sub(r"[,_\s]", "", node.value)
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", plain):
        return f"write {_cut(plain)}" + (", without quotes" if plain == node.value else "")
    unit = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(pt|px|mm|cm|in|em|%)", plain)
    if unit is not None:
        return f"write {unit[1]}, without a unit"
    kilo = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]+)?)([kKmM])", plain)
    if kilo is not None:
        power = 1 if kilo[2] in "kK" else 2
        exact, binary = float(kilo[1]) * 1000**power, float(kilo[1]) * 1024**power
        return f"write the number: {exact:.0f}" + (f", or {binary:.0f}" if binary.is_integer() else "")
    if re.search(r"[0-9A-Za-z]\s*[-+*/^]|[0-9][A-Za-z]|^[A-Za-z]\w?$", node.value):
        return "write the number itself; a further size may follow from others in let: 'm = d/4'"
    return None


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"
