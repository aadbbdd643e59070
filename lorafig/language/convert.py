"""Nodes to the model's classes. All problems of a spec are collected, none stops the others."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from msgspec import structs

from lorafig.errors import Kind as ErrorKind
from lorafig.errors import LorafigError, Place, Problem
from lorafig.language import kinds, model
from lorafig.language.kinds import (
    NAME_LENGTH,
    NAME_PATTERN,
    Chain,
    Choice,
    Colour,
    Either,
    Field,
    Identifier,
    Kind,
    Label,
    Many,
    Named,
    Real,
    Record,
    Truth,
    Whole,
    bare,
    leading,
)
from lorafig.language.messages import did_you_mean, listing, phrase, title
from lorafig.language.nodes import MAX_ELEMENTS, Mapping, Node, Scalar, Sequence, describe, shorten

_NAME = re.compile(NAME_PATTERN)
# What double quotes make of a command: the character, and how the command's name begins.
_ESCAPED = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e"}
_COLOUR = re.compile("#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_TRUTH_WORDS = {"yes", "no", "on", "off", "y", "n", "true", "false"}


class _Missing:
    """Stands for a value that has a problem."""


_BAD: Any = _Missing()
LARGEST_DIMENSION = 2**40


def convert(node: Node, cls: type = model.Figure) -> Any:
    """The object of `cls` that `node` describes. Errors: LorafigError with all problems, in file order."""
    conversion = Conversion()
    value = conversion.record(node, Record(cls))
    if conversion.problems:
        if conversion.beyond == len(conversion.problems):
            conversion.kind = "limit"
        raise LorafigError(tuple(sorted(conversion.problems, key=_position)), conversion.kind)
    return value


def _position(problem: Problem) -> tuple[int, int]:
    return (0, 0) if problem.where is None else (problem.where.line, problem.where.column)


class Conversion:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.kind: ErrorKind = "spec"
        self.elements = 0
        self.beyond = 0  # problems that are limits: when all of them are, so is the error
        self.names: dict[str, Scalar] = {}

    def problem(self, node: Node, what: str, hint: str | None = None) -> Any:
        text = f"{node.path}: {what}" if node.where is None and node.path else what
        self.problems.append(Problem(text, node.where, hint))
        return _BAD

    def wrong(self, node: Node, expected: str, hint: str | None = None) -> Any:
        if isinstance(node, Scalar) and node.remark is not None:
            hint = f"'#' begins a comment in YAML; in quotes it is text: {shorten(node.remark)}"
        return self.problem(node, f"expected {expected}, found {describe(node)}", hint)

    # One value

    def value(self, node: Node, kind: Kind) -> Any:
        match kind:
            case Label(form=form):
                return self.label(node, form)
            case Identifier():
                return self.identifier(node)
            case Whole():
                return self.whole(node, kind)
            case Real():
                return self.real(node, kind)
            case Truth():
                return self.truth(node)
            case Choice():
                return self.choice(node, kind)
            case Many():
                return self.many(node, kind)
            case Colour():
                return self.colour(node)
            case Chain():
                return self.chain(node)
            case Named():
                return self.named(node, kind)
            case Record():
                return self.record(node, kind)
            case Either():
                return self.either(node, kind)

    def label(self, node: Node, form: str) -> Any:
        expected = "a formula" if form == "math" else "a text"
        if not isinstance(node, Scalar):
            hint = None
            if isinstance(node, Mapping):
                hint = "a value that begins with '{' or has ': ' in it needs single quotes"
            elif form == "math":
                hint = "a value that begins with '[' needs single quotes"
            return self.wrong(node, expected, hint)
        if not isinstance(node.value, str):
            quoted = "true" if node.value is True else "false" if node.value is False else node.raw
            hint = None if node.value is None else f"write it in quotes: '{quoted}'"
            return self.wrong(node, expected, hint)
        text = node.value
        if node.quote in ("|", ">"):  # a block of lines is one line of words
            text = " ".join(text.split("\n")).rstrip(" ")
        control = _CONTROL.search(text)
        if control is not None:
            return self.control(node, control.group(), text[control.end() :])
        if not text.strip():
            return self.problem(node, f"expected {expected}, found an empty text")
        # A letter and its accent as one character: fonts and TeX have no other.
        whole = text if text.isascii() else unicodedata.normalize("NFC", text)
        return self.parsed(node, model.Source(whole, node.where, node.exact and whole == text), form)

    def parsed(self, node: Scalar, source: model.Source, form: str) -> model.Source:
        """`source`, once the notation has read it: what cannot be read is a problem of the spec."""
        from lorafig.notation.read.parse import parse_math, parse_text

        try:
            parse_math(source) if form == "math" else parse_text(source)
        except LorafigError as error:
            if error.kind == "limit":
                self.kind = "limit"
            for problem in error.problems:
                if problem.where is not None:
                    self.problems.append(problem)
                else:
                    self.problem(node, problem.what, problem.hint)
        return source

    def control(self, node: Scalar, char: str, rest: str) -> Any:
        letter = _ESCAPED.get(char)
        word = re.match("[A-Za-z]*", rest)
        if letter is not None and node.quote == '"' and word is not None:
            command = letter + word.group()
            what = f'"\\{command}" in double quotes is the control character U+{ord(char):04X}, not a command'
            return self.problem(node, what, f"in single quotes a backslash is a backslash: '\\{command}'")
        what = f"the control character U+{ord(char):04X} in a text"
        hint = "give a list of lines" if char == "\n" else "delete it"
        return self.problem(node, what, hint)

    def colour(self, node: Node) -> Any:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.wrong(node, "a colour such as '#0072B2'")
        if _COLOUR.fullmatch(node.value) is None:
            hint = "write '#' and three or six hexadecimal digits, in quotes: '#0072B2'"
            return self.problem(node, f"{shorten(node.value)} is not a colour", hint)
        return model.Source(node.value, node.where, node.exact)

    def chain(self, node: Node) -> Any:
        from lorafig.language.chain import ChainError, links

        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return self.wrong(node, "an edge such as 'x -> W'")
        source = model.Source(node.value, node.where, node.exact)
        try:
            links(node.value)
        except ChainError as error:
            place = source.at(error.offset)
            what = error.what if place is not None else f"{node.path}: {error.what}"
            self.problems.append(Problem(what, place, error.hint))
            return _BAD
        return source

    def named(self, node: Node, kind: Named) -> Any:
        """Objects under their names, in the order of the file."""
        if not isinstance(node, Mapping):
            hint = "begin each line with a name: 'x: {box: x}'" if isinstance(node, Sequence) else None
            return self.wrong(node, phrase(kind), hint)
        if not node.entries:
            return self.problem(node, "an empty mapping", f"it needs {phrase(kind)}")
        values = []
        for key, entry in node.entries:
            name = self.identifier(structs.replace(key, value=key.raw) if key.value is None else key)
            if name is not _BAD and name.endswith("-"):
                name = self.problem(key, f"{shorten(name)} ends with '-'", "an edge could not name it")
            value = self.record(entry, Record(kind.cls), {"name": name})
            if name is not _BAD and issubclass(kind.cls, model.FlowNode):
                self.taken(key)
            values.append(value)
        return _BAD if any(value is _BAD for value in values) else tuple(values)

    def identifier(self, node: Node) -> Any:
        expected = "a name"
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            hint = None
            if isinstance(node, Scalar):
                word = node.raw[:1].isalpha()
                hint = f"write it in quotes: '{node.raw}'" if word else "a name begins with a letter"
            return self.wrong(node, expected, hint)
        text = node.value
        if len(text) > NAME_LENGTH:
            return self.problem(node, f"a name of {len(text)} characters; the limit is {NAME_LENGTH}")
        if _NAME.fullmatch(text) is None:
            hint = "a name is letters a-z, A-Z, digits and '-', and begins with a letter"
            suggestion = re.sub("[^A-Za-z0-9]+", "-", text).strip("-0123456789")
            if suggestion:
                hint += f", such as '{suggestion}'"
            return self.problem(node, f"{shorten(text)} is not a name", hint)
        return model.Source(text, node.where, node.exact)

    def whole(self, node: Node, kind: Whole) -> Any:
        expected = phrase(kind)
        number = _number(node)
        if number is None:
            return self.wrong(node, expected, _number_hint(node))
        if number != number or number in (float("inf"), float("-inf")) or number != int(number):
            return self.wrong(node, expected)
        if not kind.low <= number <= kind.high:
            assert isinstance(node, Scalar)
            if kind.high == LARGEST_DIMENSION < number:
                self.beyond += 1
            return self.problem(node, f"{_cut(node.raw)} is out of range: expected {expected}")
        return int(number)

    def real(self, node: Node, kind: Real) -> Any:
        expected = phrase(kind)
        number = _number(node)
        if number is None:
            return self.wrong(node, expected, _number_hint(node))
        assert isinstance(node, Scalar)
        try:
            number = float(number)
        except OverflowError:
            number = float("inf")
        if number != number or number in (float("inf"), float("-inf")):
            return self.problem(node, f"{_cut(node.raw)} is not finite: expected {expected}")
        low, high = kind.low, kind.high
        if (
            (kind.positive and number <= 0)
            or (low is not None and number < low)
            or (high is not None and number > high)
        ):
            return self.problem(node, f"{_cut(node.raw)} is out of range: expected {expected}")
        return number

    def truth(self, node: Node) -> Any:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        words = isinstance(node, Scalar) and node.raw.lower() in _TRUTH_WORDS
        return self.wrong(node, "true or false", "write true or false, without quotes" if words else None)

    def choice(self, node: Node, kind: Choice) -> Any:
        if isinstance(node, Scalar) and not isinstance(node.value, bool):
            for value in kind.values:
                if node.value == value:
                    return value
        hint = None
        if isinstance(node, Scalar) and isinstance(node.value, str):
            texts = [value for value in kind.values if isinstance(value, str)]
            numbers = [str(value) for value in kind.values if not isinstance(value, str)]
            hint = "write it without quotes" if node.value in numbers else did_you_mean(node.value, texts)
        return self.wrong(node, phrase(kind), hint)

    def many(self, node: Node, kind: Many) -> Any:
        if isinstance(node, Sequence):
            if len(node.items) < kind.least:
                if not node.items:
                    return self.problem(node, "an empty list", f"it needs {phrase(kind)}")
                self.problem(node, f"expected {phrase(kind)}, found a list of {len(node.items)}")
                return _BAD
            values = tuple(self.value(item, kind.item) for item in node.items)
            return _BAD if any(value is _BAD for value in values) else values
        if (
            isinstance(kind.item, Label)
            and kind.least <= 1
            and isinstance(node, Scalar)
            and node.value is not None
        ):
            value = self.value(node, kind.item)
            return _BAD if value is _BAD else (value,)
        hint = "begin each entry with '- '" if isinstance(node, Mapping) else None
        return self.wrong(node, phrase(kind), hint)

    def either(self, node: Node, kind: Either) -> Any:
        if isinstance(node, Mapping):
            records = [member for member in kind.members if isinstance(member, Record)]
            return self.one_of(node, records) if records else self.wrong(node, phrase(kind))
        if isinstance(node, Sequence):
            for member in kind.members:
                if isinstance(member, Many):
                    return self.value(node, member)
            return self.wrong(node, phrase(kind))
        choices: list[str] = []
        for member in kind.members:
            if isinstance(member, (Label, Chain)) and node.value is not None:
                return self.value(node, member)
            if isinstance(member, Choice):
                if node.value in member.values:
                    return self.choice(node, member)
                choices += [value for value in member.values if isinstance(value, str)]
            if isinstance(member, Record):
                if member.cls in kinds.SHORTHAND and node.value is not None:
                    return self.record(node, member)
                if node.value == leading(member.cls) and bare(member.cls):
                    return self.counted(member.cls, {"where": node.where})
        hint = None
        if isinstance(node.value, str):
            hint = did_you_mean(node.value, choices)
            if not choices:
                keys = [leading(member.cls) for member in kind.members if isinstance(member, Record)]
                hint = did_you_mean(
                    node.value, keys
                ) or f"write 'key: {node.value}', the key one of " + listing(keys)
        return self.wrong(node, phrase(kind), hint)

    # Classes

    def one_of(self, node: Mapping, records: list[Record]) -> Any:
        """The class of `records` that a key of `node` names."""
        if len(records) == 1:
            return self.record(node, records[0])
        named = [record for record in records if node.get(leading(record.cls)) is not None]
        if len(named) == 1:
            return self.record(node, named[0])
        keys = [leading(record.cls) for record in records]
        if named:
            first, second = [key for key, _ in node.entries if key.raw in keys][:2]
            hint = "begin the second with '- ' on a line of its own"
            return self.problem(second, f"'{first.raw}' and '{second.raw}' in one element", hint)
        fitting = [
            record
            for record in records
            if node.entries
            and {key.raw for key, _ in node.entries} <= {field.key for field in kinds.fields(record.cls)}
        ]
        if len(fitting) == 1:
            return self.record(node, fitting[0])
        what = "an element is named by its key, and no key here names one"
        if node.entries:
            what += ": found " + listing([key.raw for key, _ in node.entries])
        close = [text for key, _ in node.entries if (text := did_you_mean(key.raw, keys)) is not None]
        return self.problem(node, what, " ".join([*close[:1], f"the keys that do: {listing(keys)}"]))

    def record(self, node: Node, kind: Record, given: dict[str, Any] | None = None) -> Any:
        """An object of the class; `given` are the fields that do not stand in its mapping."""
        cls = kind.cls
        shorthand = kinds.SHORTHAND.get(cls)
        if isinstance(node, Scalar) and shorthand is not None and node.value is not None:
            field = next(field for field in kinds.fields(cls) if field.key == shorthand)
            value = self.value(node, field.kind)
            return _BAD if value is _BAD else cls(**{field.attribute: value, "where": node.where})
        if not isinstance(node, Mapping):
            required = [field.key for field in kinds.fields(cls) if field.required]
            hint = (
                f"it has the keys {listing([field.key for field in kinds.fields(cls)])}"
                if not required
                else None
            )
            return self.wrong(node, phrase(kind), hint)
        fields = kinds.fields(cls)
        values: dict[str, Any] = {"where": node.where, **({} if given is None else given)}
        self.unknown_keys(node, cls, fields)
        for field in fields:
            entry = node.get(field.key)
            if entry is None:
                if field.required:
                    self.problem(node, f"the key '{field.key}' is missing", _missing_hint(cls, field))
                    values[field.attribute] = _BAD
            elif (
                field.nullable and isinstance(entry, Scalar) and entry.value is None and entry.remark is None
            ):
                values[field.attribute] = None
            else:
                values[field.attribute] = self.value(entry, field.kind)
        self.rules(node, cls, values)
        if any(value is _BAD for value in values.values()):
            return _BAD
        return self.counted(cls, values)

    def counted(self, cls: type, values: dict[str, Any]) -> Any:
        if issubclass(cls, (model.Element, model.Equation, model.FlowNode, model.Edge)):
            self.elements += 1
            if self.elements > MAX_ELEMENTS:
                where: Place | None = values["where"]
                raise LorafigError(
                    Problem(f"more than {MAX_ELEMENTS:,} elements in one figure", where), "limit"
                )
        return cls(**values)

    def unknown_keys(self, node: Mapping, cls: type, fields: tuple[Field, ...]) -> None:
        known = [field.key for field in fields]
        for key, _ in node.entries:
            if key.raw in known:
                continue
            allowed = f"allowed here: {listing(known)}"
            close = did_you_mean(key.raw, known)
            if key.raw == "<<":
                close = "merge keys are not part of the language."
            name = "the spec" if cls is model.Figure else f"'{title(cls)}'"
            self.problem(
                key, f"unknown key {shorten(key.raw)} in {name}", f"{close} {allowed}" if close else allowed
            )

    def rules(self, node: Mapping, cls: type, values: dict[str, Any]) -> None:
        from lorafig.language.rules import RULES

        name = node.get("name")
        if isinstance(name, Scalar) and isinstance(values.get("name"), str):
            self.taken(name)
        rule = RULES.get(cls)
        if rule is None:
            return
        for path, what, hint in rule(
            {key: value for key, value in values.items() if value is not _BAD}, node
        ):
            # A finding is at a path of keys, or at the place of one of the values.
            if isinstance(path, Place):
                self.problems.append(Problem(what, path, hint))
            else:
                self.problem(_follow(node, path), what, hint)

    def taken(self, name: Scalar) -> None:
        first = self.names.setdefault(name.raw, name)
        if first is not name:
            place = first.path if first.where is None else f"line {first.where.line}"
            self.problem(name, f"the name '{name.raw}' is taken: {place}", "names are unique in a figure")


def _follow(node: Node, path: tuple[str | int, ...]) -> Node:
    """The key or the entry of a list that a path leads to."""
    at = found = node
    for step in path:
        if isinstance(at, Mapping) and isinstance(step, str):
            entry = next((entry for entry in at.entries if entry[0].raw == step), None)
            if entry is not None:
                found, at = entry
        elif isinstance(at, Sequence) and isinstance(step, int):
            found = at = at.items[step]
    return found


def _number(node: Node) -> int | float | None:
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return node.value
    return None


def _number_hint(node: Node) -> str | None:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return None
    plain = re.sub(r"[,_\s]", "", node.value)
    if re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", plain):
        return f"write {_cut(plain)}" + (", without quotes" if plain == node.value else "")
    return None


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"


def _missing_hint(cls: type, field: Field) -> str | None:
    if cls is model.Figure and field.key == "id":
        return "id: my-figure names the files that are written"
    if cls is model.Figure and field.key == "title":
        return "title: What the figure shows"
    return None
