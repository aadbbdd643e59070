"""All that is written on a figure: its labels one by one, and the symbols in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from lorafig.language import kinds
from lorafig.language.functions import applies
from lorafig.language.model import Figure, Located
from lorafig.notation.canonical import key
from lorafig.notation.children import children
from lorafig.notation.tree import Apply, Fenced, Node, Script, Symbol
from lorafig.words.labels import Labels

Form = Literal["math", "text"]
_TRANSPOSES = frozenset({"T", "⊤", "⊺"})
_NOT_DRAWN = frozenset({"unverified", "theme", "numbers", "about", "functions"})


def written(part: Any) -> Iterator[tuple[Form, str]]:
    """The labels of a part of a spec with their forms, in the order of its fields; what the model defines
    comes after what is drawn."""
    for field in sorted(kinds.fields(type(part)), key=lambda field: field.key == "model"):
        value = getattr(part, field.attribute)
        if field.key not in _NOT_DRAWN and value is not None:
            yield from _value(value, field.kind)


def _value(value: Any, kind: kinds.Kind) -> Iterator[tuple[Form, str]]:
    members = kinds.members(kind)
    if isinstance(value, str):
        chosen = any(isinstance(member, kinds.Choice) and value in member.values for member in members)
        form = next((member.form for member in members if isinstance(member, kinds.Label)), None)
        if form is not None and not chosen:
            yield form, value
    elif isinstance(value, tuple):
        items = [member.item for member in members if isinstance(member, kinds.Many)]
        item = kinds.Either(tuple(inner for member in items for inner in kinds.members(member)))
        for part in value:
            yield from _value(part, item)
    elif isinstance(value, Located):
        yield from written(value)


def trees(figure: Figure, labels: Labels) -> Iterator[Node]:
    """The mathematics on the figure, and in the sentence that says what it shows; but for functions by
    themselves."""
    for form, source in written(figure):
        if form == "math" and applies(source, labels.functions):
            continue
        yield from _trees(form, source, labels)
    if figure.about.shows is not None:
        yield from _trees("text", figure.about.shows, labels)


def _trees(form: Form, source: str, labels: Labels) -> Iterator[Node]:
    if form == "math":
        yield labels.tree(source)
    else:
        yield from (run.math for run in labels.runs(source) if run.math is not None)


def symbols(node: Node, known: frozenset[str] = frozenset()) -> Iterator[tuple[str, Node]]:
    """The symbols in a tree by name, each as it is written. The name of a function is one only where it is
    `known`: W(x) speaks of W, min(d, k) of d and k alone. ℝ and signs are none."""
    if isinstance(node, Symbol) and (node.font == "bb" or not any(char.isalpha() for char in node.name)):
        return
    if isinstance(node, Script) and isinstance(node.base, Symbol) and node.base.font == "bb":
        yield from () if node.sup is None else symbols(node.sup, known)
        return
    name = key(node)
    if name is not None:
        yield name, node
        return
    if isinstance(node, Script) and isinstance(node.sup, Symbol) and node.sup.name in _TRANSPOSES:
        node = Script(node.base, node.sub, None, node.primes)
        if node.sub is None and node.primes == 0:
            node = node.base
        yield from symbols(node, known)
        return
    if isinstance(node, Script) and isinstance(node.base, Fenced):
        yield from symbols(node.base, known)  # the index of a norm says which norm it is
        if node.sup is not None:
            yield from symbols(node.sup, known)
        return
    for child in children(node):
        if isinstance(node, Apply) and child is node.function and (key(child) or "") not in known:
            continue
        yield from symbols(child, known)
