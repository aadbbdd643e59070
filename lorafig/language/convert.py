"""Nodes to the model's classes. All problems of a spec are collected, none stops the others."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from typing import Any, assert_never

from msgspec import UNSET, Struct, structs

from lorafig.core.adapters import ADAPTERS
from lorafig.errors import LorafigError, Place, Problem
from lorafig.language import beside, elsewhere, kinds, model, networks, themes
from lorafig.language.kinds import Kind, bare, leading
from lorafig.language.messages import did_you_mean, listing, phrase, title
from lorafig.language.nodes import MAX_ELEMENTS, Mapping, Node, Scalar, Sequence, shorten
from lorafig.language.rules import controlled, found
from lorafig.language.scalars import Scalars
from lorafig.pattern import Pattern
from lorafig.themes.palettes import PALETTES

# Hints for keys of elsewhere that are sentences, not something to write.
_SENTENCES = (
    "the key",
    "the venue",
    "colours",
    "a badge",
    "a figure",
    "edges stand",
    "classes stand",
    "it is about",
)
_NUMBER, _COLOUR = (
    r"\d{1,12}(?:\.\d{1,12})?",
    r"'#[0-9A-Fa-f]{6}'",
)  # what a hint takes over of what was written
_ENTRY = Pattern(r"(\w{1,40})\s*[=:]\s*([\w.,-]{1,40})")  # `d=256`, or `d:256`, which YAML takes for a text
_OF_TYPE = ("type", "kind", "element", "shape")  # keys that elsewhere name what an entry is
_COUNTED = (model.Element, model.Equation, model.FlowNode, model.Edge)
_MISSING = {
    "id": "id: my-figure names the files that are written",
    "title": "title: What the figure shows",
    "over": "over: 'i = 1..N' says which copies there are",
}


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
            return self.wrong(node, phrase(kind), _as_list(node, kind))
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
        hint = "write arrows, or a term for each branch: [Wx, BAx]" if node.value is True else None
        hint = hint if "arrows" in choices else None
        if isinstance(node.value, str):
            keys = [leading(record.cls) for record in records]
            meant = elsewhere.choice(node.value, choices)
            hint = did_you_mean(node.value, choices or keys) if meant is None else f"write {meant}"
            parts = _terms(node.value) if choices else []
            if len(parts) == 1 and hint is None and "," in node.value:
                parts = [part.strip() for part in node.value.split(",")]
            if len(parts) > 1:
                hint = f"write a list, one for each branch: [{', '.join(parts)}]"
            elif hint is None and "arrows" in choices:
                made = f"their sum stands behind it: bar: {node.value}"
                hint = f"write a list, a term for each branch: [Wx, BAx]; {made}"
            elif hint is None and not choices and (known := elsewhere.element(node.value)) is not None:
                hint = f"write {known}"
            elif hint is None and not choices:
                shown = _shown(node.value, keys)
                hint = f"{shown}the key is one of {listing(keys)}"
            if any(
                isinstance(record.cls, type) and issubclass(record.cls, model.Element) for record in records
            ):
                key, _, rest = node.value.partition(" ")
                if rest.strip() and key in keys:
                    hint = f"a ':' is missing: write {key}: {rest.strip()}"
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
        if "stack" in keys and _elements() & node.entries.keys():
            key = next(name for name in node.entries if name in _elements())
            hint = f"elements stand in the stack of a panel: {{stack: [{{{key}: …}}]}}"
            return self.problem(node, f"'{key}' in a row", hint, "unknown-element")
        what = "an element is named by its key, and no key here names one"
        if node.entries:
            what += ": found " + listing(node.entries)
        close = [
            f"write {meant};" if (meant := elsewhere.element(key)) is not None else text
            for key in node.entries
            if (text := did_you_mean(key, keys) or "") or elsewhere.element(key) is not None
        ]
        of_type = next((_typed(node, key, keys) for key in _OF_TYPE if key in node.entries), None)
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
            return self.wrong(node, phrase(kind), self.as_mapping(node, cls, given))
        if cls in (model.Figure, model.Theme) and (other := _another_file(node, cls)) is not None:
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
                    hint = _MISSING.get(field.key) if cls is model.Figure else _example(field)
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
                hint = _instead(key, value, before, cls, known)
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

    def as_mapping(self, node: Node, cls: type, given: dict[str, Any] | None) -> str | None:
        """What to write where a mapping is wanted and something else stands."""
        name = None if given is None else given.get("name")
        called = f"{name}: " if isinstance(name, str) else ""
        text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None
        if cls is model.FlowNode and text is not None:
            inside = f"box: [{text}]" if " " in text or len(text) > 3 else f"box: {text}"
            return f"name its shape: {called}{{{inside}}}"
        if cls is model.FlowNode and isinstance(node, Sequence):
            lines = [item.raw for item in node.items if isinstance(item, Scalar)]
            return f"name its shape: {called}{{box: [{', '.join(lines)}]}}"
        if cls is model.FlowGroup and isinstance(node, Sequence):
            members = [str(item.value) for item in node.items if isinstance(item, Scalar)]
            return f"write {called}{{of: [{', '.join(members)}]}}"
        if cls is model.Symbol and text is not None:
            sizes = [part for part in re.split(r"\s*[×,x*]\s*|\s+", text.strip(" ()[]")) if part]
            return f"write {called}{{shape: [{', '.join(sizes)}]}}"
        if cls is model.Symbol and isinstance(node, Sequence):
            sizes = [str(item.raw) for item in node.items if isinstance(item, Scalar)]
            return f"write {called}{{shape: [{', '.join(sizes)}]}}"
        if cls is model.Model and text is not None:
            return _model_of(text)
        if cls is model.About and text is not None:
            return f"write {{after: {text}}}"
        if cls is model.Card and text is not None:
            return f"write {{rows: ['{text}']}}"
        if cls is model.Card and isinstance(node, Sequence):
            return "write {rows: […]}"
        if cls is model.Look and text is not None and (alike := elsewhere.like(text)) is not None:
            return f"write {called}{{like: {alike}}}"
        if cls is model.Look and text is not None:
            return f"write {called}{{fill: '{elsewhere.colour(text) or text}'}}"
        if issubclass(cls, model.Slider):
            items = node.items if isinstance(node, Sequence) else [node]
            written = " ".join(item.raw for item in items if isinstance(item, Scalar))
            whole = [int(digits) for digits in re.findall(r"\d{1,12}", written)] or [1, 64]
            return f"write {{min: {min(whole)}, max: {max(whole)}}}"
        if cls is model.Controls and isinstance(node, Sequence):
            moved = [item.raw for item in node.items if isinstance(item, Scalar)] or ["r"]
            return "write {" + ", ".join(f"{name}: {{min: 1, max: 64}}" for name in moved) + "}"
        if cls is model.Lesson and isinstance(node, Sequence):
            return "write {questions: [{ask: …, answer: …}]}"
        if cls is model.Colours and text is not None:
            return f"write {{fill: '{elsewhere.colour(text) or text}'}}"
        if cls is model.Figure and text is not None and re.match(r"\s*(flowchart|graph)\b", text):
            return "it is a Mermaid chart: lorafig new mine --from-mermaid FILE makes a spec of it"
        if cls is model.Figure and text is not None and text.startswith("<"):
            return "if it is a file that lorafig wrote, its spec is in it: lorafig recover FILE"
        if cls is model.Figure and text is not None and re.fullmatch(r"\S+\.(ya?ml|json)", text):
            return f"it is the name of a file: lorafig check {text}"
        if cls is model.Figure and text is not None and re.match(r"\w+:\S", text):
            return f"a blank belongs after the ':' of a key: {text.replace(':', ': ', 1)}"
        if cls is model.Edge and isinstance(node, Sequence):
            ends = [item.raw for item in node.items if isinstance(item, Scalar)]
            return f"write '{' -> '.join(ends)}'" if len(ends) > 1 else "write 'x -> W'"
        fields = kinds.by_key(cls)
        required = any(field.required for field in fields.values())
        return None if required else f"it has the keys {listing(fields)}"

    def taken(self, name: Scalar) -> None:
        first = self.names.setdefault(name.raw, name)
        if first is not name:
            place = first.path if first.where is None else f"line {first.where.line}"
            self.problem(
                name, f"the name '{name.raw}' is taken: {place}", "names are unique in a panel", "name-taken"
            )


def _another_file(node: Mapping, cls: type) -> tuple[str, str] | None:
    """What is wrong, and what to do, where a spec stands for a theme file, or a theme file for a spec."""
    figure, theme = kinds.by_key(model.Figure).keys(), kinds.by_key(model.Theme).keys()
    keys = node.entries.keys()
    if cls is model.Theme and "id" in keys and "title" in keys:
        return "this is a spec, not a theme file", "a theme file has colours: frozen: {fill: '#C3DAF1'}"
    if cls is model.Figure and keys and keys <= theme - figure:
        return (
            "this is a theme file, not a spec",
            "name it beside a spec: lorafig render mine.yaml --theme FILE",
        )
    return None


def _as_list(node: Node, kind: kinds.Many) -> str | None:
    """How to write as a list what is none."""
    if isinstance(node, Mapping):
        stuck = next((key for key in node.entries if key[:1] == "-" and len(key) > 1), None)
        if stuck is not None:
            return f"a blank belongs after '-': '- {stuck[1:]}: …'"
        members = kinds.members(kind.item)
        pairs = [(key.raw, value.raw) for key, value in node.entries.values() if isinstance(value, Scalar)]
        if pairs and any(isinstance(member, kinds.Chain) for member in members):
            return f"write a list: [{', '.join(repr(f'{tail} -> {head}') for tail, head in pairs[:4])}]"
        if pairs and any(isinstance(member, kinds.Label) for member in members):
            if kind.least > 1:
                return f"write a list: [{', '.join(value for _, value in pairs)}]"
            relation = " =" if all(isinstance(member, kinds.Label) for member in members) else ":"
            return f"write a list: ['{pairs[0][0]}{relation} {pairs[0][1]}']"
        return "begin each entry with '- '"
    if not isinstance(node, Scalar) or node.value is None:
        return None
    if kind.least > 1 and len(node.raw) == 2 and node.raw.isalpha() and node.raw.isupper():
        return f"write a list, in the order in which x passes them: [{node.raw[1]}, {node.raw[0]}]"
    if kind.least > 1:
        more = "" if "," in node.raw else ", …"
        return f"write a list of two or more: [{node.raw}{more}]"
    members = kinds.members(kind.item)
    if any(isinstance(member, kinds.Chain) for member in members):
        # YAML makes one text of several lines: where two names meet, an edge ends.
        chains = re.split(r"(?<=\w)\s+(?=[A-Za-z])", str(node.value))
        return f"write a list: [{', '.join(repr(chain) for chain in chains[:4])}]"
    if any(isinstance(member, kinds.Label) for member in members):
        return f"write a list: ['{node.value}']"
    return "write a list: begin each entry with '- ' on a line of its own"


def _example(field: kinds.Field) -> str | None:
    """How a key that is missing is written."""
    shown = {
        "Many": "[…]",
        "Record": "{…}",
        "Named": "{…}",
        "Whole": "8",
        "Label": "…",
        "Range": "'i = 1..N'",
    }
    value = shown.get(type(kinds.members(field.kind)[0]).__name__)
    return None if value is None else f"write {field.key}: {value}"


def _model_of(text: str) -> str:
    """How to write a network, or a method, that stands where a model is wanted."""
    from lorafig.core.networks import by_name

    if text.lower() in ADAPTERS:
        return f"write {{adapter: {text.lower()}}}"
    entries = [_ENTRY.fullmatch(part) for part in re.split(r"[,;]\s*|\s+(?=\w+\s*[=:])", text)]
    if all(entry is not None and entry[1] in kinds.by_key(model.Model) for entry in entries):
        return f"write {{{', '.join(f'{entry[1]}: {entry[2]}' for entry in entries if entry is not None)}}}"
    if by_name(text) is not None:
        return f"write {{network: {text}}}"
    return f"it has the keys {listing(kinds.by_key(model.Model))}"


def _typed(node: Mapping, key: str, elements: Iterable[str]) -> str | None:
    """How `{type: bar, text: x}` is written; None if the value names no element."""
    value = node.entries[key][1]
    word = value.raw.lower() if isinstance(value, Scalar) else ""
    beside = [other for name, (_, other) in node.entries.items() if name != key]
    text = next((other.raw for other in beside if isinstance(other, Scalar)), "…")
    known = elsewhere.element(word)
    if word in elements:
        return f"the key is the element: write {word}: {text}"
    return None if known is None else f"the key is the element: write {known.partition(':')[0]}: {text}"


def _terms(text: str) -> list[str]:
    """The terms of a sum, where it is one at the outermost level."""
    terms, depth = [""], 0
    for char in text:
        depth += (char in "({[") - (char in ")}]")
        if char == "+" and depth == 0:
            terms.append("")
        else:
            terms[-1] += char
    stripped = [term.strip() for term in terms]
    return stripped if all(stripped) else []


def _shown(text: str, keys: list[str]) -> str:
    """A name that stands alone in a list of elements, as one of them."""
    if "square" not in keys or not text.isalnum():
        return f"write key: {text}; "
    return f"say what it is drawn as: {'square' if text[0].isupper() else 'bar'}: {text}; "


@cache
def _elements() -> frozenset[str]:
    """The keys that name an element of a stack."""
    stack = kinds.by_key(model.Panel)["stack"].kind
    assert isinstance(stack, kinds.Many)
    records = [member for member in kinds.members(stack.item) if isinstance(member, kinds.Record)]
    return frozenset(leading(record.cls) for record in records)


def _instead(key: Scalar, value: Node, before: Scalar | None, cls: type, known: Iterable[str]) -> str:
    """What to do about a key that is not one of the class; `before` is the value in front of it."""
    allowed = f"allowed here: {listing(known)}"
    if key.raw == "<<":
        return f"merge keys are not part of the language. {allowed}"
    place = None if before is None or before.quote != "" or " " not in key.raw else before.where
    if before is not None and place is not None and key.where is not None and key.where.line == place.line:
        return f"text with ',' in it stands in quotes here: '{before.raw}, {key.raw}'"
    given = value if isinstance(value, Scalar) else None
    if before is not None and before.quote == "" and given is not None and given.raw == given.quote == "":
        if key.raw.isdecimal() and before.raw.isdecimal():
            return f"a number has no ',' in it: write {before.raw}{key.raw}"
        return (
            f"a ',' ends a value in {{ }}: write a list, [{before.raw}, {key.raw}], or put the text in quotes"
        )
    entry = _ENTRY.fullmatch(key.raw)
    if entry is not None and entry[1] in known:
        return f"write {entry[1]}: {entry[2]}"
    same = next((name for name in known if name == key.raw.lower().replace("-", "_")), None)
    if same is not None:
        return f"write {same}"
    if cls is model.CardRow and isinstance(value, Scalar):
        return f"text with ': ' in it needs single quotes: '{key.raw}: {value.raw}'"
    meant = elsewhere.key(cls, key.raw)
    if meant is not None:
        name, _, example = meant.partition(": ")
        shown = "" if given is None else f"'{given.raw}'" if given.raw[:1] == "#" else given.raw
        if example[:1] == "[" and isinstance(value, Sequence) and value.items:
            entries = [
                item.raw for item in value.items if isinstance(item, Scalar) and item.raw.isidentifier()
            ]
            shown = f"[{', '.join(entries)}]"
            example = shown if len(entries) == len(value.items) else example
            meant = f"{name}: {example}"
        field = kinds.by_key(cls).get(name)
        chosen = field is not None and isinstance(field.kind, kinds.Choice) and shown in field.kind.values
        if chosen or any(
            re.fullmatch(form, example) and re.fullmatch(form, shown) for form in (_NUMBER, _COLOUR)
        ):
            meant = f"{name}: {shown}"
        head = "" if meant.startswith(_SENTENCES) else "write "
        return f"{head}{meant}"
    close = did_you_mean(key.raw, known)
    if close is None and issubclass(cls, model.Element) and key.raw in _elements():
        return f"begin it with '- ' on a line of its own; {allowed}"
    return f"{close} {allowed}" if close else allowed


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
