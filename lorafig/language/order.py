"""The order of definitions: each after those that it needs, those of families too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

from lorafig.notation.named import symbols_in
from lorafig.notation.tree import Node


def ordered(lets: Mapping[str, Node]) -> tuple[list[str], list[str]]:
    """The names of definitions, each after those that it needs, otherwise in the order of the spec; and those
    that need themselves, or others that do."""
    whole: dict[str, list[str]] = {}
    for name in lets:
        whole.setdefault(_OF_ANY.sub("·", name), []).append(name)
    needs = {name: _needed(node, lets, whole) - ({name} - symbols_in(node)) for name, node in lets.items()}
    users: dict[str, list[str]] = {name: [] for name in lets}
    for name, needed in needs.items():
        for other in needed:
            users[other].append(name)
    left = {name: len(needed) for name, needed in needs.items()}
    places, names, done = {name: place for place, name in enumerate(lets)}, list(lets), []
    ready = [places[name] for name in names if left[name] == 0]  # which is a heap, being in order
    while ready:
        name = names[heappop(ready)]
        done.append(name)
        for user in users[name]:
            left[user] -= 1
            if left[user] == 0:
                heappush(ready, places[user])
    return done, [name for name in lets if left[name] > 0]


# An index in a name: any of a family's, and that of a member too.
_OF_ANY = re.compile(r"(?<=[_,(])[^\W\d_](?=$|[,)^'])")
_OF_ONE = re.compile(r"(?<=[_,(])(?:\d+|[^\W\d_])(?=$|[,)^'])")
_OF_NUMBER = re.compile(r"(?<=[_,(])\d+(?=$|[,)^'])")
FORMER = re.compile(r"(?<=[_,(])([^\W\d_])[−-](\d+)(?=$|[,)^'])")


def _needed(node: Node, lets: Mapping[str, Node], whole: Mapping[str, Sequence[str]]) -> set[str]:
    """The definitions that an expression needs: those of its symbols; of g for an entry g_i, of z_i for
    z_2, of W_0 for W_{i-1}. `whole` are those of families, called with · for an index."""
    names = symbols_in(node)
    needed = {*(names | {name.rpartition("_")[0] for name in names - lets.keys()})} & lets.keys()
    members = (_OF_ONE.sub("·", name) for name in names - lets.keys())
    behind = {FORMER.sub("·", name) for name in names} - names
    needed |= {name for name in lets if behind and _OF_NUMBER.sub("·", name) in behind}
    return needed.union(*(whole.get(called, ()) for called in members if "·" in called))
