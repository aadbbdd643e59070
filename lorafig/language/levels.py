"""Rules on the levels of a row: elements stand on those that there are, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from lorafig.errors import Place
from lorafig.language import model
from lorafig.language.messages import UNKNOWN, Finding, did_you_mean, listing

Path: TypeAlias = tuple[str | int, ...]
Stacks: TypeAlias = Sequence[tuple[Path, tuple[model.StackElement, ...]]]
ACROSS = ("right", "left")


def checked(values: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with the levels of a figure, and with the elements and nodes that stand on them."""
    levels: tuple[model.Level, ...] = values.get("levels", ())
    row = values.get("row", ())
    stacks: list[tuple[Path, tuple[model.StackElement, ...]]] = [(("stack",), values.get("stack", ()))]
    flows: list[tuple[Path, model.Flow | None]] = [(("flow",), values.get("flow"))]
    for place, entry in enumerate(row):
        if isinstance(entry, model.Panel):
            stacks.append((("row", place, "stack"), entry.stack))
            flows.append((("row", place, "flow"), entry.flow))
    names = [str(level.name) for level in levels]
    used: set[str] = set()
    for path, stack in stacks:
        yield from _stack(path, stack, names, used)
    for path, flow in flows:
        if flow is not None:
            yield from _flow(path, flow, names, used)
    there = values.get("row") or values.get("stack") or values.get("flow") is not None
    for name in names if there else ():
        if name not in used:
            yield (
                ("levels", name),
                f"nothing stands on the level '{name}'",
                f"write level: {name} on an element or a node",
            )


def _unknown(name: str, at: Path | Place, names: list[str]) -> Finding:
    known = did_you_mean(name, names) if names else f"give the figure levels: {{{name}: What it is}}"
    return at, f"there is no level '{name}'", known or f"the levels: {listing(names)}", UNKNOWN


def _flow(path: Path, flow: model.Flow, names: list[str], used: set[str]) -> Iterator[Finding]:
    for node in flow.nodes:
        if node.level is None:
            continue
        at = _where(node.level) or (*path, "nodes", str(node.name), "level")
        if node.level not in names:
            yield _unknown(node.level, at, names)
            continue
        used.add(str(node.level))
        if flow.direction in ACROSS:
            what = f"a level in a flow to the {flow.direction}: levels lie one above the other"
            yield at, what, "turn the flow: direction: up"


def _stack(
    path: Path, stack: tuple[model.StackElement, ...], names: list[str], used: set[str]
) -> Iterator[Finding]:
    last: str | None = None
    for place, element in enumerate(stack):
        name = element.level
        if name is None:
            continue
        at = _where(name) or (*path, place, "level")
        if name not in names:
            yield _unknown(name, at, names)
            continue
        used.add(str(name))
        if last == name:
            yield at, f"two elements of one stack on the level '{name}'", "leave it out for one of them"
        elif last is not None and names.index(last) > names.index(str(name)):
            what = f"the level '{name}' above '{last}'"
            yield at, what, "'levels' lists them from bottom to top, as stacks list their elements"
        else:
            last = str(name)


def _where(name: str) -> Place | None:
    return name.where if isinstance(name, model.Source) else None
