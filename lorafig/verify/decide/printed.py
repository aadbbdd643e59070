"""PEFT's line about a model: each part against the others, and against the network."""

from __future__ import annotations

from fractions import Fraction

from lorafig.verify.decide.answer import Answer
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.values import closed
from lorafig.verify.read.printed import Printed


def decide(line: Printed, symbols: Symbols) -> Answer:
    """Whether the line is so. PEFT counts the adapters among all parameters."""
    shown = f"{line.trained:,} || {line.all:,} || {line.percent}"
    if line.all == 0 or line.trained > line.all:
        what = f"{line.trained:,} of {line.all:,} parameters cannot be trained"
        return Answer("count", "fails", shown=shown, detail=what)
    share = Fraction(100 * line.trained, line.all)
    digits = len(line.percent.partition(".")[2])
    due = f"{float(share):.{digits}f}"
    # Older versions print the quotient in float64, with all its digits.
    if not _rounds(share, line.percent, digits) and float(line.percent) != 100 * line.trained / line.all:
        what = f"{line.trained:,} of {line.all:,} are {due} %, not {line.percent} %"
        return Answer("percent", "fails", due, line.percent, detail=what, hint=f"it should read {due}")
    if not {"n_trained", "n_params"} <= symbols.network:
        what = "its parts agree with each other; no network is named that they could be held to"
        return Answer("percent", "holds", due, shown, detail=what)
    trained, base = (_whole(symbols, name) for name in ("n_trained", "n_params"))
    value = f"{trained:,} || {base + trained:,}"
    for name, said, true in (
        ("trained", line.trained, trained),
        ("all, with those of the adapters,", line.all, base + trained),
    ):
        if said != true:
            what = f"the parameters that are {name} are {true:,}, not {said:,}"
            return Answer("count", "fails", value, shown, detail=what, hint=f"it should read {true:,}")
    return Answer("count", "holds", value, shown, detail="each part is that of the network and its targets")


def _rounds(value: Fraction, shown: str, digits: int) -> bool:
    return bool(abs(Fraction(shown) - value) * 10**digits * 2 <= 1)


def _whole(symbols: Symbols, name: str) -> int:
    value = closed(symbols.term(name))
    assert value is not None
    return int(value)
