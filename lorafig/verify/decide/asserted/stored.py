"""In how many bits a weight is kept."""

from __future__ import annotations

from lorafig.verify.decide import (
    properties,
    spoken,
)
from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Undecidable
from lorafig.verify.read.assertions import Subject
from lorafig.verify.read.quoted import spaced

BASE_BITS, ADAPTER_BITS = 4, 16  # of QLoRA: Dettmers et al. (2023), section 3


WHOLE = 16  # bits of a number format that weights are not quantized to


def is_stored(subject: Subject, bits: int, symbols: Symbols) -> Answer:
    names = spoken.names(subject, symbols)
    own = {_due(name, symbols) for name in names}
    if len(own) != 1:
        raise Undecidable(
            f"{spaced(subject) if not isinstance(subject, str) else subject} has several formats"
        )
    return _kept(bits, own.pop(), symbols)


def kept(name: str, bits: int, symbols: Symbols) -> Answer | None:
    """Whether a weight is kept in so many bits. None where the method leaves that open, as LoRA does, and
    they are as many as those of a format that nothing is quantized to. Raises Undecidable."""
    if symbols.adapter.kept:
        return _kept(bits, _due(name, symbols), symbols)
    if bits >= WHOLE:
        return None
    what = f"{symbols.adapter.title} does not say in how many bits it is kept"
    raise Undecidable(what, "write adapter: qlora, or say why under 'unverified'")


def _due(name: str, symbols: Symbols) -> int:
    return BASE_BITS if name in symbols.adapter.frozen else ADAPTER_BITS


def _kept(bits: int, due: int, symbols: Symbols) -> Answer:
    return properties.told(bits == due, f"{symbols.adapter.title} stores it in {due} bits")
