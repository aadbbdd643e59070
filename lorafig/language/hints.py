"""What to do about what is wrong in a spec: how it is written, in this language, what an author meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from msgspec import Struct

from lorafig.core.adapters import ADAPTERS
from lorafig.language import elsewhere, kinds, model, product
from lorafig.language.kinds import leading
from lorafig.language.messages import did_you_mean, listing
from lorafig.language.nodes import Mapping, Node, Scalar, Sequence
from lorafig.pattern import Pattern

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
OF_TYPE = ("type", "kind", "element", "shape")  # keys that elsewhere name what an entry is
MISSING = {
    "id": "id: my-figure names the files that are written",
    "title": "title: What the figure shows",
    "over": "over: 'i = 1..N' says which copies there are",
}


def as_mapping(node: Node, cls: type, given: dict[str, Any] | None) -> str | None:
    """What to write where a mapping is wanted and something else stands."""
    name = None if given is None else given.get("name")
    called = f"{name}: " if isinstance(name, str) else ""
    hint = None
    if isinstance(node, Sequence):
        hint = _list_as_mapping(node, cls, called)
    elif isinstance(node, Scalar) and isinstance(node.value, str):
        hint = _text_as_mapping(node.value, cls, called)
    if hint is None and issubclass(cls, model.Slider):
        items = node.items if isinstance(node, Sequence) else [node]
        written = " ".join(item.raw for item in items if isinstance(item, Scalar))
        whole = [int(digits) for digits in re.findall(r"\d{1,12}", written)] or [1, 64]
        hint = f"write {{min: {min(whole)}, max: {max(whole)}}}"
    fields = kinds.by_key(cls)
    if hint is not None or any(field.required for field in fields.values()):
        return hint
    return f"it has the keys {listing(fields)}"


def _list_as_mapping(node: Sequence, cls: type, called: str) -> str | None:
    entries = [item for item in node.items if isinstance(item, Scalar)]
    written = [entry.raw for entry in entries]
    if cls is model.FlowNode:
        return f"name its shape: {called}{{box: [{', '.join(written)}]}}"
    if cls is model.FlowGroup:
        return f"write {called}{{of: [{', '.join(str(entry.value) for entry in entries)}]}}"
    if cls is model.Symbol:
        return f"write {called}{{shape: [{', '.join(written)}]}}"
    if cls is model.Card:
        return "write {rows: […]}"
    if cls is model.Controls:
        return "write {" + ", ".join(f"{name}: {{min: 1, max: 64}}" for name in written or ["r"]) + "}"
    if cls is model.Lesson:
        return "write {questions: [{ask: …, answer: …}]}"
    if cls is model.Edge and len(written) > 1:
        return f"write '{' -> '.join(written)}'"
    return None


def _text_as_mapping(text: str, cls: type, called: str) -> str | None:
    if cls is model.FlowNode:
        inside = f"box: [{text}]" if " " in text or len(text) > 3 else f"box: {text}"
        return f"name its shape: {called}{{{inside}}}"
    if cls is model.Symbol:
        sizes = [part for part in re.split(r"\s*[×,x*]\s*|\s+", text.strip(" ()[]")) if part]
        return f"write {called}{{shape: [{', '.join(sizes)}]}}"
    if cls is model.Model:
        return _model_of(text)
    if cls is model.About:
        return f"write {{after: {text}}}"
    if cls is model.Card:
        return f"write {{rows: ['{text}']}}"
    if cls is model.Look and (alike := elsewhere.like(text)) is not None:
        return f"write {called}{{like: {alike}}}"
    if cls in (model.Look, model.Colours):
        named = called if cls is model.Look else ""
        return f"write {named}{{fill: '{elsewhere.colour(text) or text}'}}"
    if cls is not model.Figure:
        return None
    if re.match(r"\s*(flowchart|graph)\b", text):
        return "it is a Mermaid chart: lorafig new mine --from-mermaid FILE makes a spec of it"
    if text.startswith("<"):
        return "if it is a file that lorafig wrote, its spec is in it: lorafig recover FILE"
    if re.fullmatch(r"\S+\.(ya?ml|json)", text):
        return f"it is the name of a file: lorafig check {text}"
    if re.match(r"\w+:\S", text):
        return f"a blank belongs after the ':' of a key: {text.replace(':', ': ', 1)}"
    return None


def another_file(node: Mapping, cls: type) -> tuple[str, str] | None:
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


def alternative(value: object, choices: list[str], classes: list[type[Struct]]) -> str | None:
    """What to write for a value that is none of several kinds: of `choices`, and of `classes`."""
    if value is True:
        return "write arrows, or a term for each branch: [Wx, BAx]" if "arrows" in choices else None
    if not isinstance(value, str):
        return None
    keys = [leading(cls) for cls in classes]
    key, _, rest = value.partition(" ")
    if rest.strip() and key in keys and any(issubclass(cls, model.Element) for cls in classes):
        return f"a ':' is missing: write {key}: {rest.strip()}"
    meant = elsewhere.choice(value, choices)
    hint = did_you_mean(value, choices or keys) if meant is None else f"write {meant}"
    parts = _terms(value) if choices else []
    if len(parts) == 1 and hint is None and "," in value:
        parts = [part.strip() for part in value.split(",")]
    if len(parts) > 1:
        return f"write a list, one for each branch: [{', '.join(parts)}]"
    if hint is not None:
        return hint
    if "arrows" in choices:
        made = f"their sum stands behind it: bar: {value}"
        return f"write a list, a term for each branch: [Wx, BAx]; {made}"
    if choices:
        return None
    known = elsewhere.element(value)
    return f"{_shown(value, keys)}the key is one of {listing(keys)}" if known is None else f"write {known}"


def as_list(node: Node, kind: kinds.Many) -> str | None:
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
        matrices = any(isinstance(member, kinds.Many) for member in members)
        made = product.entries(str(node.value)) if matrices else None
        written = str(node.value).replace("'", "''")
        return "write a list: " + (made or f"['{written}']")
    return "write a list: begin each entry with '- ' on a line of its own"


def example(field: kinds.Field) -> str | None:
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


def element(node: Mapping, key: str, keys: dict[str, kinds.Record]) -> str | None:
    """What is meant by a key that names no element: another word for one, or a key that goes into one."""
    value = node.entries[key][1]
    drawn = value.raw if isinstance(value, Scalar) and key in model.SHAPES else ""
    meant = elsewhere.element(drawn) or elsewhere.element(key)
    if meant is not None:
        return f"write {meant};"
    close = did_you_mean(key, keys)
    if close is not None:
        return close
    owner = next((name for name, record in keys.items() if key in kinds.by_key(record.cls)), None)
    return owner and f"'{key}' stands in the brackets of its element: {{{owner}: …, {key}: …}};"


def typed(node: Mapping, key: str, elements: Iterable[str]) -> str | None:
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
def elements() -> frozenset[str]:
    """The keys that name an element of a stack."""
    stack = kinds.by_key(model.Panel)["stack"].kind
    assert isinstance(stack, kinds.Many)
    records = [member for member in kinds.members(stack.item) if isinstance(member, kinds.Record)]
    return frozenset(leading(record.cls) for record in records)


def instead(key: Scalar, value: Node, before: Scalar | None, cls: type, known: Iterable[str]) -> str:
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
    if close is None and issubclass(cls, model.Element) and key.raw in elements():
        return f"begin it with '- ' on a line of its own; {allowed}"
    return f"{close} {allowed}" if close else allowed
