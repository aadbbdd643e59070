"""Nodes to the model's classes. All problems of a spec are collected, none stops the others."""

from __future__ import annotations

import os
import re
from typing import Any, assert_never

from msgspec import UNSET, Struct, structs

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language import beside, elsewhere, hints, kinds, model, networks, themes
from lorafig.language.kinds import Kind, bare, leading
from lorafig.language.messages import did_you_mean, listing, phrase, title
from lorafig.language.nodes import MAX_ELEMENTS, Mapping, Node, Scalar, Sequence, shorten
from lorafig.language.rules import controlled, found
from lorafig.language.scalars import Scalars
from lorafig.themes.palettes import PALETTES

_COUNTED = (model.Element, model.Equation, model.FlowNode, model.Edge)


def convert(node: Node, cls: type[Struct] = model.Figure) -> Any:
    """The object of `cls` that `node` describes. Errors: LorafigError with all problems, in file order."""
    conversion = Conversion()
    value = conversion.record(node, kinds.Record(cls))
    if conversion.problems:
        if conversion.beyond == len(conversion.problems):
            conversion.kind = "limit"
        raise LorafigError(tuple(sorted(conversion.problems, key=_position)), conversion.kind)
    return value


def read_theme(source: model.Source, inside: str | None = None) -> model.NamedPalette:
    """The theme of a file: with a folder it lies `inside` that, and the path is from there. Errors:
    LorafigError with all problems."""
    from lorafig.language.reader import compose, decode

    data = beside.read(source, inside, themes.MAX_BYTES, themes.THEME_FILE)
    file = source if inside is None else os.path.normpath(os.path.join(inside, source))
    if not data.strip():
        hint = "a theme file has colours: frozen: {fill: '#C3DAF1'}"
        raise LorafigError(Problem("the file is empty", Place(file, 1, 1), hint, code="empty-file"))
    theme: model.Theme = convert(compose(decode(data, file), file), model.Theme)
    known = _named(source, source, data, theme)
    dark = themes.night(theme)
    if dark is not None:
        root, ending = os.path.splitext(source)
        partner = _named(f"{root}-dark{ending}", source, data, dark)
        known.palette = structs.replace(known.palette, partner=partner)
    return known


def _named(name: str, source: model.Source, data: bytes, theme: model.Theme) -> model.NamedPalette:
    known = model.NamedPalette(name, source.where, source.exact)
    known.data, known.theme, known.palette = data, theme, themes.palette(theme)
    return known


def _position(problem: Problem) -> tuple[int, int]:
    return (0, 0) if problem.where is None else (problem.where.line, problem.where.column)


class Conversion(Scalars):
    def __init__(self) -> None:
        super().__init__()
        self.elements = 0
        self.names: dict[str, Scalar] = {}

    def value(self, node: Node, kind: Kind) -> Any:
        match kind:
            case kinds.Label(form):
                return self.label(node, form)
            case kinds.Record():
                return self.record(node, kind)
            case kinds.Either():
                return self.either(node, kind)
            case kinds.Many():
                return self.many(node, kind)
            case kinds.Identifier():
                return self.identifier(node)
            case kinds.Whole():
                return self.whole(node, kind)
            case kinds.Real():
                return self.real(node, kind)
            case kinds.Truth():
                return self.truth(node)
            case kinds.Choice():
                return self.choice(node, kind)
            case kinds.Colour():
                return self.colour(node)
            case kinds.Chain():
                return self.chain(node)
            case kinds.Range():
                return self.range(node)
            case kinds.NetworkName():
                return self.network(node)
            case kinds.PaletteFile():
                return self.palette(node)
            case kinds.Length():
                return self.length(node)
            case kinds.Target():
                return self.target(node)
            case kinds.Named():
                return self.named(node, kind)
            case kinds.Rest(cls):
                return self.named(node, kinds.Named(cls, True))
            case _:
                assert_never(kind)

    def palette(self, node: Node) -> Any:
        """The name, with its palette where it is the path of a theme file."""
        value = node.value if isinstance(node, Scalar) else None
        if value == "auto":  # a palette for each kind of page: of an output, not of a figure
            hint = "leave it out here, and draw it so: lorafig render mine.yaml --theme auto"
            return self.wrong(node, phrase(kinds.PaletteFile()), hint, "wrong-value")
        if not isinstance(node, Scalar) or not isinstance(value, str) or not themes.is_file(value):
            theme = self.choice(node, kinds.Choice(tuple(PALETTES)))
            if theme is UNSET and self.problems[-1].hint is None:
                hint = "colours of your own stand in a theme file: theme: mine.yaml"
                self.problems[-1] = self.problems[-1]._replace(hint=hint)
            return theme
        try:
            source = model.Source(value, node.where, node.exact)
            return read_theme(source, beside.folder(source, themes.THEME_FILE))
        except LorafigError as error:
            self.kind = "limit" if error.kind == "limit" else self.kind
            for problem in error.problems:
                if problem.where is None:
                    self.problem(node, problem.what, problem.hint, problem.code)
                else:
                    self.problems.append(problem)
            return UNSET

    # Lists and mappings

    def named(self, node: Node, kind: kinds.Named) -> Any:
        """Objects under their names, in the order of the file."""
        if not isinstance(node, Mapping):
            shown = elsewhere.entry(kind.cls) or ("N: 8" if kind.symbol else "x: {box: x}")
            hint = f"begin each line with a name: {shown}"
            return self.wrong(node, phrase(kind), hint)
        if not node.entries:
            return self.problem(node, "an empty mapping", f"it needs {phrase(kind)}")
        values = []
        for written, entry in node.entries.values():
            key = structs.replace(written, value=written.raw) if written.value is None else written
            name = self.label(key, "math") if kind.symbol else self.identifier(key)
            if name is not UNSET and not kind.symbol and name.endswith("-"):
                name = self.problem(
                    key, f"{shorten(name)} ends with '-'", "an edge could not name it", "name"
                )
            values.append(self.record(entry, kinds.Record(kind.cls), {"name": name}))
            if name is not UNSET and issubclass(kind.cls, model.FlowNode):
                self.taken(key)
        return UNSET if any(value is UNSET for value in values) else tuple(values)

    def many(self, node: Node, kind: kinds.Many) -> Any:
        label = kind.least <= 1 and kinds.single(kind.item)
        if isinstance(node, Sequence):
            if not node.items and kind.least > 0:
                return self.problem(node, "an empty list", f"it needs {phrase(kind)}")
            if len(node.items) < kind.least:
                only = node.items[0] if node.items else None
                hint = f"write two: [{only.raw}, …]" if isinstance(only, Scalar) else None
                return self.problem(node, f"expected {phrase(kind)}, found a list of {len(node.items)}", hint)
            values = [self.value(item, kind.item) for item in node.items]
        elif label and isinstance(node, Scalar) and node.value is not None:
            values = [self.value(node, kind.item)]
        else:
            return self.wrong(node, phrase(kind), hints.as_list(node, kind))
        return UNSET if any(value is UNSET for value in values) else tuple(values)

    def either(self, node: Node, kind: kinds.Either) -> Any:
        records = [member for member in kind.members if isinstance(member, kinds.Record)]
        if isinstance(node, Mapping):
            return self.one_of(node, records) if records else self.wrong(node, phrase(kind))
        if isinstance(node, Sequence):
            lists = [member for member in kind.members if isinstance(member, kinds.Many)]
            if lists:
                return self.value(node, lists[0])
            ends = [item.raw for item in node.items if isinstance(item, Scalar)]
            chain = any(isinstance(member, kinds.Chain) for member in kind.members) and len(ends) > 1
            hint = f"write '{' -> '.join(ends)}'" if chain else None
            if any(member.cls is model.Legend for member in records):
                hint = "write legend: true; what is on the figure is in it"
            return self.wrong(node, phrase(kind), hint)
        choices: list[str] = []
        for member in kind.members:
            match member:
                case kinds.Whole() if isinstance(node.value, (int, float)):
                    return self.whole(node, member)
                case kinds.Label() | kinds.Chain() if isinstance(node.value, str) or not _numbered(kind):
                    if node.value is not None:
                        return self.value(node, member)
                case kinds.Truth() if isinstance(node.value, bool):
                    return node.value
                case kinds.Choice(values):
                    if node.value in values and not isinstance(node.value, bool):
                        return self.choice(node, member)
                    choices += [value for value in values if isinstance(value, str)]
                case kinds.Record(cls):
                    if cls in kinds.SHORTHAND and node.value is not None:
                        return self.record(node, member)
                    if node.value == leading(cls) and bare(cls):
                        return self.counted(cls, {"where": node.where})
        hint = hints.alternative(node.value, choices, [record.cls for record in records])
        return self.wrong(node, phrase(kind), hint)

    # Classes

    def one_of(self, node: Mapping, records: list[kinds.Record]) -> Any:
        """The class of `records` that a key of `node` names."""
        if len(records) == 1:
            return self.record(node, records[0])
        keys = {leading(record.cls): record for record in records}
        named = [key for key in node.entries if key in keys]
        if len(named) == 1:
            return self.record(node, keys[named[0]])
        if named:
            hint = "begin the second with '- ' on a line of its own"
            what = f"'{named[0]}' and '{named[1]}' in one element"
            return self.problem(node.entries[named[1]][0], what, hint, "two-elements")
        fitting = [record for record in records if node.entries.keys() <= kinds.by_key(record.cls).keys()]
        if len(fitting) == 1 and node.entries:
            return self.record(node, fitting[0])
        if "stack" in keys and hints.elements() & node.entries.keys():
            key = next(name for name in node.entries if name in hints.elements())
            hint = f"elements stand in the stack of a panel: {{stack: [{{{key}: …}}]}}"
            return self.problem(node, f"'{key}' in a row", hint, "unknown-element")
        what = "an element is named by its key, and no key here names one"
        if node.entries:
            what += ": found " + listing(node.entries)
        close = [meant for key in node.entries if (meant := hints.element(node, key, keys)) is not None]
        of_type = next((hints.typed(node, key, keys) for key in hints.OF_TYPE if key in node.entries), None)
        if of_type is not None:
            return self.problem(node, what, of_type, "unknown-element")
        stuck = next((key for key in node.entries if key[:1] == "-"), None)
        if stuck is not None:
            return self.problem(node, what, f"a blank belongs after '-': '- {stuck[1:]}: …'", "no-blank")
        hint = " ".join([*close[:1], f"the keys that do: {listing(keys)}"])
        return self.problem(node, what, hint, "unknown-element")

    def record(self, node: Node, kind: kinds.Record, given: dict[str, Any] | None = None) -> Any:
        """An object of the class; `given` are the fields that do not stand in its mapping."""
        cls = kind.cls
        fields = kinds.by_key(cls)
        shorthand = kinds.SHORTHAND.get(cls)
        values: dict[str, Any]
        if isinstance(node, Scalar) and shorthand is not None and node.value is not None:
            field = fields[shorthand]
            value = self.value(node, field.kind)
            values = {"where": node.where, **({} if given is None else given), field.attribute: value}
            self.rules(node, cls, values)
            if cls is model.ThemeChoice:
                values |= themes.type_of(value)
            return UNSET if any(part is UNSET for part in values.values()) else cls(**values)
        if not isinstance(node, Mapping):
            return self.wrong(node, phrase(kind), hints.as_mapping(node, cls, given))
        if cls in (model.Figure, model.Theme) and (other := hints.another_file(node, cls)) is not None:
            return self.problem(node, *other)
        values = {"where": node.where, **({} if given is None else given)}
        outside = self.names
        replaced: set[str] = set()  # fields whose value stands under a key that is none
        if issubclass(cls, model.Panel):
            self.names = {}  # a panel has names of its own
        others, rest = {key: node.entries[key] for key in node.entries if key not in fields}, kinds.rest(cls)
        if others and rest is not None:
            values[rest.attribute] = self.value(structs.replace(node, entries=others), rest.kind)
        elif others:
            self.unknown_keys(node, cls)
            replaced = {
                field
                for key in others
                for field in fields
                if (cls is model.CardRow and field == "row")  # the whole of it is another one
                or f"'{field}'" in (did_you_mean(key, fields) or "")
                or re.search(rf"(?:^|, ){field}: ", elsewhere.key(cls, key) or "")
            }
        for field in fields.values():
            entry = node.get(field.key)
            if entry is None:
                if field.required and field.key in replaced:
                    values[field.attribute] = UNSET  # told where the other key stands
                elif field.required:
                    hint = hints.MISSING.get(field.key) if cls is model.Figure else hints.example(field)
                    values[field.attribute] = self.problem(
                        node, f"the key '{field.key}' is missing", hint, "missing-key"
                    )
            elif field.nullable and isinstance(entry, Scalar) and entry.value is entry.remark is None:
                values[field.attribute] = None
            else:
                values[field.attribute] = self.reason(entry, field)
        self.names = outside
        self.rules(node, cls, values)
        if cls is model.Model:
            values |= networks.drawn(values, node)
        if cls is model.Figure and isinstance(values.get("controls"), model.Controls):
            known = values.get("model", model.Model())
            values |= {} if known is UNSET else {"model": controlled(known, values["controls"])}
        if cls is model.ThemeChoice:
            values = themes.type_of(values.get("palette", "")) | values
        return UNSET if any(value is UNSET for value in values.values()) else self.counted(cls, values)

    def reason(self, entry: Node, field: kinds.Field) -> Any:
        """The value of a field. Why something is unverified is a text, and not whether it is."""
        if field.key == "unverified" and isinstance(entry, Scalar) and isinstance(entry.value, bool):
            hint = "say why nobody can check it here: unverified: 'measured on one GPU'"
            return self.wrong(entry, "a reason", hint)
        return self.value(entry, field.kind)

    def counted(self, cls: type, values: dict[str, Any]) -> Any:
        if issubclass(cls, _COUNTED):
            self.elements += 1
            if self.elements > MAX_ELEMENTS:
                what = f"more than {MAX_ELEMENTS:,} elements in one figure"
                raise LorafigError(Problem(what, values["where"]), "limit")
        return cls(**values)

    def unknown_keys(self, node: Mapping, cls: type) -> None:
        known = kinds.by_key(cls)
        name = "the spec" if cls is model.Figure else f"'{title(cls)}'"
        before: Scalar | None = None
        for key, value in node.entries.values():
            if key.raw not in known:
                hint = hints.instead(key, value, before, cls, known)
                self.problem(key, f"unknown key {shorten(key.raw)} in {name}", hint, "unknown-key")
            before = value if isinstance(value, Scalar) and value.raw != "" else None

    def rules(self, node: Mapping | Scalar, cls: type, values: dict[str, Any]) -> None:
        node = node if isinstance(node, Mapping) else Mapping({}, node.where, node.path)
        name = node.get("name")
        if isinstance(name, Scalar) and isinstance(values.get("name"), str):
            self.taken(name)
        read = {key: value for key, value in values.items() if value is not UNSET}
        for path, what, hint, *kind in found(cls, read, node):
            code = kind[0] if kind else "combination"
            # A finding is at a path of keys, or at the place of one of the values.
            if isinstance(path, Place):
                self.problems.append(Problem(what, path, hint, code))
            else:
                self.problem(_follow(node, path), what, hint, code)

    def taken(self, name: Scalar) -> None:
        first = self.names.setdefault(name.raw, name)
        if first is not name:
            place = first.path if first.where is None else f"line {first.where.line}"
            self.problem(
                name, f"the name '{name.raw}' is taken: {place}", "names are unique in a panel", "name-taken"
            )


def _numbered(kind: kinds.Either) -> bool:
    """Whether a number is one of several kinds."""
    return any(isinstance(member, kinds.Whole) for member in kind.members)


def _follow(node: Node, path: tuple[str | int, ...]) -> Node:
    """The key or the entry of a list that a path leads to."""
    key: Node = node
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.entries:
            key, node = node.entries[step]
        elif isinstance(node, Sequence) and isinstance(step, int):
            key = node = node.items[step]
    return key
