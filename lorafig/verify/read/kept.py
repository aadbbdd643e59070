"""Texts that were read before: what they assert is kept, in memory and on disk.

A text of words is read the same again where the symbols that it was asked for are still known, and of their
kind. What reads is imported for the others alone: lexicon and frames are most of what verifying costs.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, msgpack

from lorafig import cache
from lorafig.notation.tree import Node, Run
from lorafig.verify.read.assertions import Reading
from lorafig.verify.read.clause import Context

if TYPE_CHECKING:
    from lorafig.verify.read.concepts import Kinds
    from lorafig.verify.read.tokens import Knows


class Kept(Struct, frozen=True):
    """A reading, and all that it depends on besides the text: what was asked of names and of mathematics."""

    names: dict[str, bool]
    nodes: list[tuple[Node, str | None]]
    reading: Reading

    def stands(self, knows: Knows, kinds: Kinds) -> bool:
        return all(knows(name) is answer for name, answer in self.names.items()) and all(
            kinds(node) == answer for node, answer in self.nodes
        )


def read(runs: Sequence[Run], knows: Knows, kinds: Kinds, context: Context) -> Reading:
    """A text: every sentence of it. One that was read before, with the same answers to what was asked then of
    its symbols, is not read again."""
    text = "".join(run.text for run in runs)
    before = _before(text, context)
    # Assertions are known by their trees again: mathematics is kept for these very runs.
    if before:
        known, kept = before[-1]
        same = len(known) == len(runs) and all(map(operator.is_, known, runs))
        if same and kept.stands(knows, kinds):
            return kept.reading
    name = _name(runs, context)
    stored = None if name is None else cache.get("reading", [name])
    kept = _anew(runs, knows, kinds, context) if stored is None else msgpack.decode(stored, type=Kept)
    if stored is not None and not kept.stands(knows, kinds):
        stored, kept = None, _anew(runs, knows, kinds, context)
    if stored is None and name is not None:
        cache.put("reading", [name], msgpack.encode(kept))
    before[:] = [(runs, kept)]
    return kept.reading


@lru_cache(maxsize=1024)
def _before(text: str, context: Context) -> list[tuple[Sequence[Run], Kept]]:
    """The last time that a text was read in this process, if it was."""
    return []


def _name(runs: Sequence[Run], context: Context) -> bytes | None:
    """What a reading is kept by on disk; None for a claim by itself, and for mathematics: by its tree."""
    if context.alone or cache.folder() is None or any(run.math is not None for run in runs):
        return None
    return msgpack.encode((runs, context))


def _anew(runs: Sequence[Run], knows: Knows, kinds: Kinds, context: Context) -> Kept:
    from lorafig.verify.read import reading

    names: dict[str, bool] = {}
    nodes: list[tuple[Node, str | None]] = []

    def known(name: str) -> bool:
        names[name] = answer = knows(name)
        return answer

    def kind(node: Node) -> str | None:
        nodes.append((node, kinds(node)))
        return nodes[-1][1]

    return Kept(names, nodes, reading.read(runs, known, kind, context))
