"""What may be written at a position: keys, values, names, symbols, colours and commands of LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lorafig.core import networks
from lorafig.language import kinds, model
from lorafig.language.docs import class_docs, one_line
from lorafig.language.kinds import Kind
from lorafig.lsp.analysis import Analysis
from lorafig.lsp.context import Context, context
from lorafig.notation.read.commands import COMMANDS
from lorafig.themes.palettes import PALETTES

_NODES = re.compile(
    r"^\s+([A-Za-z][\w-]*):\s*\{?\s*(?:" + "|".join(model.SHAPES) + r"|text|note)\b", re.MULTILINE
)
_SIZES = re.compile(r"\bsizes:[ ]*(?:\{([^}]*)\}|((?:\n[ ]{4,}[^\n]*)+))")
_SIZE = re.compile(r"(?:^|[\s,])([^\s,{}:']+):")
_STRUCTURES = {
    "frac": "\\frac{}{}", "sqrt": "\\sqrt{}", "num": "\\num{}", "mathbb": "\\mathbb{R}", "text": "\\text{}",
    "mathrm": "\\mathrm{}", "mathbf": "\\mathbf{}", "mathcal": "\\mathcal{N}",
}  # fmt: skip


class Item(NamedTuple):
    """`kind` is one of key, value, symbol, colour and command; `insert` is put in the place of the word."""

    label: str
    kind: str
    insert: str
    detail: str = ""
    documentation: str = ""


def complete(text: str, at: int, last: Analysis | None) -> tuple[Context, list[Item]]:
    """The items that fit at an offset; `last` is the last analysis of the file that read a figure."""
    here = context(text, at)
    items = list(_items(here, text, last))
    known = {item.label: item for item in reversed(items)}
    word = here.word.lower()
    fitting = [item for item in items if known[item.label] is item and item.label.lower().startswith(word)]
    return here, fitting


def _items(here: Context, text: str, last: Analysis | None) -> Iterator[Item]:
    if here.word.startswith("\\"):
        yield from _commands()
        return
    for kind in here.kinds():
        if here.on_key and isinstance(kind, kinds.Record):
            yield from _keys(kind.cls, here.levels[-1].keys, several=len(here.kinds()) > 1)
            if kinds.rest(kind.cls) is not None:
                for name in _sizes(text, last):
                    yield Item(name, "key", f"{name}: ", "a size of the figure")
        elif not here.on_key:
            yield from _values(kind, here, text, last)


def _keys(cls: type, before: tuple[str, ...], several: bool) -> Iterator[Item]:
    docs = class_docs()[cls.__name__]
    fields = kinds.by_key(cls)
    for key, field in fields.items():
        leads = key == kinds.leading(cls) or not fields[kinds.leading(cls)].required
        if key in before or (several and not leads):
            continue
        said = docs.text if several else docs.fields.get(field.attribute, "")
        yield Item(key, "key", f"{key}: ", "required" if field.required else "", one_line(said))


def _values(kind: Kind, here: Context, text: str, last: Analysis | None) -> Iterator[Item]:
    match kind:
        case kinds.Choice(values=values):
            for value in values:
                yield Item(str(value), "value", str(value))
        case kinds.Truth():
            for word in ("true", "false"):
                yield Item(word, "value", word)
        case kinds.PaletteFile():
            for name in PALETTES:
                yield Item(name, "value", name)
        case kinds.Colour():
            yield from _colours()
        case kinds.NetworkName():
            for name in networks.names():
                yield Item(name, "value", name)
        case kinds.Target():
            for name in ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"):
                yield Item(name, "value", name)
        case kinds.Chain():
            for name in _names(text, last)[0]:
                yield Item(name, "value", name, "node")
        case kinds.Identifier():
            nodes, groups, classes = _names(text, last)
            keys = [level.keys[-1] for level in here.levels if level.kind == "map" and level.keys]
            for name in classes if keys[-1:] == ["class"] else (*nodes, *groups):
                yield Item(name, "value", name)
        case kinds.Label():
            yield from _symbols(last)
            yield from _commands()
        case kinds.Record(cls=cls) if cls in kinds.SHORTHAND:
            for member in kinds.members(kinds.by_key(cls)[kinds.SHORTHAND[cls]].kind):
                yield from _values(member, here, text, last)
        case kinds.Record(cls=cls) if issubclass(cls, model.Element) and kinds.bare(cls):
            yield Item(kinds.leading(cls), "value", kinds.leading(cls))
        case _:
            return


def _sizes(text: str, last: Analysis | None) -> list[str]:
    """The figure's own sizes: those that are written now, and those of the last figure that was read."""
    written = _SIZES.search(text)
    names = dict.fromkeys([] if written is None else _SIZE.findall(written[1] or written[2]))
    figure = None if last is None else last.figure
    known = () if figure is None else figure.model.sizes
    return list(names | dict.fromkeys(str(size.name) for size in known))


def _names(text: str, last: Analysis | None) -> tuple[list[str], list[str], list[str]]:
    """Nodes, groups and classes: those that are written now, and those of the last figure that was read."""
    nodes = dict.fromkeys(_NODES.findall(text))
    groups: dict[str, None] = {}
    classes: dict[str, None] = {}
    figure = None if last is None else last.figure
    if figure is not None:
        flows = [figure.flow, *(panel.flow for panel in figure.row if isinstance(panel, model.Panel))]
        for flow in flows:
            if flow is not None:
                nodes |= dict.fromkeys(str(node.name) for node in flow.nodes)
                groups |= dict.fromkeys(str(group.name) for group in flow.groups)
                classes |= dict.fromkeys(str(look.name) for look in flow.classes)
    return list(nodes), list(groups), list(classes)


def _symbols(last: Analysis | None) -> Iterator[Item]:
    judge = None if last is None or last.report is None else last.report.judge
    if judge is None:
        for name, what in (
            ("x", "input"),
            ("W", "frozen"),
            ("A", "trained"),
            ("B", "trained"),
            ("h", "output"),
        ):
            yield Item(name, "symbol", name, what)
        return
    for name, term in judge.symbols.terms.items():
        sizes = [size for size in (term.type.rows, term.type.columns) if size != "1"]
        role = judge.symbols.role(name)
        yield Item(
            _written(name),
            "symbol",
            _written(name),
            " × ".join(sizes) or "a number",
            "" if role is None else role,
        )
    for name, size in judge.symbols.dimensions.items():
        yield Item(_written(name), "symbol", _written(name), "a size" if size is None else f"{size:,}")


def _written(name: str) -> str:
    """A symbol's name as an author writes it in LaTeX."""
    return re.sub(r"_(\w{2,})", r"_{\1}", name)


def _colours() -> Iterator[Item]:
    from lorafig.themes.style import colours

    named = colours(PALETTES["paper"])
    for name, colour in named.items():
        if re.fullmatch(r"#[0-9A-F]{6}", colour):
            yield Item(colour, "colour", f"'{colour}'", name)


def _commands() -> Iterator[Item]:
    for name, (kind, value) in {**COMMANDS, "num": ("number", "")}.items():
        if name.isalpha() and kind != "ignored":
            shown = value if kind in ("symbol", "relation", "times", "delta", "sign") else kind
            yield Item(f"\\{name}", "command", _STRUCTURES.get(name, f"\\{name}"), shown)
