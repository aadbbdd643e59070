"""Whether the steps of a pipeline can be done in the order of its arrows, by rules in words: facts before a
step, facts after it. No array, no file, and nothing of `lorafig.core` or `lorafig.verify`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from lorafig.language.model import Edge, Flow, FlowNode, Inject

Arrows = list[tuple[str, str, str]]  # tail, stroke, head


class Impossible(Exception):  # noqa: N818
    """A step cannot be done here, or does not do what it says."""


class Unclear(Exception):  # noqa: N818
    """Whether it can is a matter of taste."""


@dataclass(frozen=True)
class File:
    """An adapter's file: what was done to the adapter, and the weights it was trained beside."""

    adapter: tuple[Any, ...]
    base: tuple[Any, ...]


@dataclass(frozen=True)
class Facts:
    """`adapter` is what was done to it since the model was loaded, `base` what was merged into
    the weights."""

    model: bool = False
    frozen: bool = False
    beside: frozenset[str] = frozenset()
    adapter: tuple[Any, ...] = ()
    base: tuple[Any, ...] = ()
    merged: bool = False
    file: File | None = None
    current: bool = True

    @property
    def fresh(self) -> bool:
        """Whether the adapter is as it was drawn: its update is 0."""
        return self.adapter != () and self.adapter[-1] != "train"

    @property
    def output(self) -> tuple[Any, ...]:
        """What the output depends on: B = 0 until it is trained."""
        return self.base, self.adapter if "train" in self.adapter else ()


def step(at: Facts, action: Any) -> Facts:
    """The facts after a step. Raises Impossible."""
    if isinstance(action, Inject):
        names = frozenset(action.inject)
        if not at.model or len(names) < len(action.inject) or (names & at.beside and not at.merged):
            raise Impossible("inject")
        base = (*at.base, at.adapter) if at.merged else at.base
        before = () if at.merged else at.adapter
        beside = names if at.merged else at.beside | names
        made = (*before, ("inject", names))
        return replace(at, beside=beside, adapter=made, base=base, merged=False, current=False)
    if action != "load" and not at.model and not (action == "load_adapter" and at.file is not None):
        raise Impossible(f"{action} without a model")
    match action:
        case "load":
            if at.merged or (at.beside and (at.file is None or not at.current)):
                raise Impossible("what was made is lost")
            if at.model:
                raise Unclear("the same again")
            return replace(at, model=True, frozen=False, beside=frozenset(), adapter=(), base=())
        case "freeze":
            return replace(at, frozen=True)
        case "forward":
            return at
        case "train":
            if not at.frozen or at.merged or not at.beside:
                raise Impossible("the weights move, or nothing does")
            return replace(at, adapter=(*at.adapter, "train"), current=False)
        case "save":
            if at.merged or not at.beside:
                raise Impossible("no adapter apart")
            return replace(at, file=File(at.adapter, at.base), current=True)
        case "load_adapter":
            if at.file is None or at.merged or (at.beside and not at.current):
                raise Impossible("no file, or the adapter is lost or counts twice")
            if at.file.base != ():
                raise Impossible("trained beside other weights")
            beside = frozenset().union(*(one[1] for one in at.file.adapter if one != "train"))
            return replace(
                at, model=True, frozen=True, beside=beside, adapter=at.file.adapter, base=(), current=True
            )
        case "merge":
            if at.merged or not at.beside:
                raise Impossible("nothing to merge")
            return replace(at, merged=True)
        case "unmerge":
            if not at.merged:
                raise Impossible("nothing merged")
            return replace(at, merged=False)
    raise Unclear(str(action))


def arrows(flow: Flow) -> Arrows:
    """The edges one by one, read anew."""
    found: Arrows = []
    for entry in flow.edges:
        source = entry.edge if isinstance(entry, Edge) else entry
        parts = re.split(r"\s*(<->|->|--)\s*", str(source).strip())
        lists = [[name.strip() for name in part.split(",")] for part in parts[::2]]
        for i, stroke in enumerate(parts[1::2]):
            found += [(tail, stroke, head) for tail in lists[i] for head in lists[i + 1]]
    return found


def directed(flow: Flow) -> set[tuple[str, str]]:
    found = {(tail, head) for tail, stroke, head in arrows(flow) if stroke != "--"}
    return found | {(head, tail) for tail, stroke, head in arrows(flow) if stroke == "<->"}


def actions(node: FlowNode) -> tuple[Any, ...]:
    if node.does is None:
        return ()
    return node.does if isinstance(node.does, tuple) else (node.does,)


# What the words of a step ask of it, in the two languages of the pipelines.
ASKS = {
    "load_adapter": re.compile(r"adapter kept apart|独立适配器"),
    "merge": re.compile(r"merged into|合并权重"),
}
PROJECTIONS = re.compile(r"\b([qkvo])\b|(output projection|输出投影)")


def as_told(node: FlowNode) -> bool:
    """Whether a step does what its words say. Raises Unclear where it does neither that nor its contrary."""
    words = " ".join(node.label) if isinstance(node.label, tuple) else ""
    does = actions(node)
    asked = [action for action, said in ASKS.items() if said.search(words)]
    if asked and not set(asked) & set(does):
        if set(does) & ASKS.keys():
            return False
        raise Unclear("words of another step")
    named = {letter or "o" for letter, _ in PROJECTIONS.findall(words)}
    injected = [one for one in does if isinstance(one, Inject)]
    return not (named and injected) or named == set(injected[0].inject)


def run(flow: Flow) -> dict[str, list[Facts]]:
    """The facts after each node with steps. Raises Impossible and Unclear."""
    nodes = {str(node.name): node for node in flow.nodes if node.does is not None}
    lines = directed(flow)

    def next_to(name: str) -> set[str]:
        seen: set[str] = set()
        found: set[str] = set()
        pending = [name]
        while pending:
            here = pending.pop()
            for tail, head in lines:
                if tail == here and head not in seen:
                    seen.add(head)
                    if head in nodes:
                        found.add(head)
                    else:
                        pending.append(head)
        return found

    after = {name: next_to(name) for name in nodes}
    later = {name: set(heads) for name, heads in after.items()}  # the closure
    for _ in nodes:
        for heads in later.values():
            heads |= {far for head in heads for far in later[head]}
    if any(name in heads for name, heads in later.items()):
        raise Impossible("a circle")
    order = sorted(nodes, key=lambda name: sum(name in heads for heads in later.values()))
    ends: dict[str, list[Facts]] = {}
    for name in order:
        before = [one for one in nodes if name in after[one]]
        before = [one for one in before if not any(other in later[one] for other in before)]
        found = list(dict.fromkeys(end for one in before for end in ends[one])) or [Facts()]
        for i, action in enumerate(actions(nodes[name])):
            if action == "save" and any(end.fresh for end in found):
                _saved_too_early(nodes, name, i, later)
            found = _together(found, action)
        ends[name] = found
    return ends


def _together(found: list[Facts], action: Any) -> list[Facts]:
    """A step that several paths lead to."""
    if len(found) == 1:
        return [step(found[0], action)]
    if action == "forward":
        if not all(one.model for one in found) or len({one.output for one in found}) > 1:
            raise Impossible("other outputs")
        return found
    if action == "load_adapter":
        files = [one for one in found if one.file is not None]
        others = [one for one in found if one.file is None]
        if len(files) == 1 and all(one.model and not one.beside for one in others):
            return [step(files[0], action)]
    raise Impossible("paths that do not bring the same")


def _saved_too_early(nodes: dict[str, FlowNode], name: str, place: int, later: dict[str, set[str]]) -> None:
    """A file of what was drawn, where it is trained after that and not saved again."""
    for one in (name, *later[name]):
        for i, action in enumerate(actions(nodes[one])):
            if action != "train" or (one == name and i < place):
                continue
            again = "save" in actions(nodes[one])[i:]
            again = again or any("save" in actions(nodes[far]) for far in later[one])
            if not again:
                raise Impossible("saved before it is trained")
