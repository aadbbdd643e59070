"""In how many bits a weight is kept."""

from __future__ import annotations

from lorafig.verify.decide import (
    properties,
    spoken,
)
from lorafig.verify.decide.answer import Answer, worst
from lorafig.verify.meaning.symbols import WHOLE, Symbols
from lorafig.verify.meaning.terms import Undecidable
from lorafig.verify.read.assertions import Subject


def is_stored(subject: Subject, bits: int, symbols: Symbols) -> Answer:
    """Whether what is spoken of is kept in so many bits, each of its symbols. Raises Undecidable."""
    names = spoken.names(subject, symbols)
    answers = [_kept(name, bits, symbols) for name in names]
    if len({symbols.bits(name) for name in names}) > 1:
        raise Undecidable(f"{' and '.join(names)} have several formats", "say it of each")
    return worst(answers)


def kept(name: str, bits: int, symbols: Symbols) -> Answer | None:
    """Whether a weight is kept in so many bits. None where nothing says so, as LoRA does not, and they are as
    many as those of a format that nothing is quantized to. Raises Undecidable."""
    if bits >= WHOLE and symbols.bits(name) is None:
        return None
    return _kept(name, bits, symbols)


def _kept(name: str, bits: int, symbols: Symbols) -> Answer:
    due = symbols.bits(name)
    if due is None:
        hint = f"declare it, symbols: {{{name}: {{bits: {bits}}}}}, or say why under 'unverified'"
        raise Undecidable(f"nothing says in how many bits {name} is kept", hint)
    declared = symbols.declared_bits(name) is not None
    who = f"the figure declares {name} to be kept" if declared else f"{symbols.adapter.title} stores it"
    return properties.told(bits == due, f"{who} in {due} bits")
