"""What a sentence is about: the model, or another one, and whether a section speaks of adapters at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.language.model import Figure
from lorafig.language.networks import network_of
from lorafig.values import read_table

_SUBJECT = (
    r"lora\b|low[- ]rank (?:adapt|update|matri|factor|decompos)|\bpeft\b|parameter[- ]efficient"
    r"|trainable param|\bpissa\b|\bvera\b|\bia3\b|\(ia\)"
)
_ADAPTERS = re.compile(r"\badapters?\b", re.IGNORECASE)  # which chargers have too
_WEIGHTS = re.compile(
    r"\b(?:weights|matri(?:x|ces)|trainable|frozen|pre-?trained|language model)\b", re.IGNORECASE
)
_SECTION = (
    rf"{_SUBJECT}|fine[- ]?tun|\badapters?\b|\brank\b|\bfrozen\b|\bfreez|\btrainable\b|\btrained\b"
    r"|\bmerg|\bscaling\b|\\Delta\s*W|ΔW|\btrain(?:s|ing)?\b.{0,40}\bparam"
)


@cache
def _others() -> Mapping[str, list[str]]:
    """Networks that the core does not have, by how their names begin, and methods that it does not have."""
    return read_table(__file__, "others.json", dict[str, list[str]])


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower())


@cache
def _families() -> re.Pattern[str]:
    """A network's name in a text: its family, and what tells its size behind it."""
    known = {re.split(r"[-0-9]", name)[0] for name in networks.names()} | set(_others()["networks"])
    family = "|".join(sorted(map(re.escape, known), key=len, reverse=True)).replace(r"\-", "[- ]?")
    size = r"(?:[- ]?(?:v?\d+(?:\.\d+)*[BMbm]?|base|large|xx?l|small|medium|mini|tiny|huge|xsmall|it|hf)\b)*"
    return re.compile(rf"(?<![\w/])(?:{family})(?![a-z]){size}", re.IGNORECASE)


@cache
def _methods() -> re.Pattern[str]:
    titles = {row.title.lower() for row in ADAPTERS.values()}
    spelled = {"(ia)3", "(ia)³", "ia3", "ia^3"}
    names = sorted(titles | spelled | set(_others()["methods"]), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", re.IGNORECASE)


# `bigscience/T0_3B`: a model by its public id.
_HUB = re.compile(r"(?<![\w/.])[A-Za-z][\w-]{1,40}/[A-Za-z][\w.-]*\d[\w.-]*(?![\w/])")
# `Use r = 64 for …`, `For example, with a rank of 4 …`: what one may do, and not what was done.
_ADVICE = re.compile(
    r"\s*(?:use|try|set|choose|pick|increase|decrease|reduce|lower|raise|start with|consider|suppose|assume"
    r"|imagine|for example|for instance|e\.g\.|if\b|when you|you (?:can|may|could|should))",
    re.IGNORECASE,
)


class Subject:
    """The model of a document by its names."""

    def __init__(self, figure: Figure) -> None:
        network = network_of(figure.model)
        names = [str(figure.title), str(figure.caption or "")]
        if network is not None:
            names += [network.name, network.title]
        self._own = _letters(" ".join(names))
        self._method = ADAPTERS[figure.model.adapter].title.lower()

    def is_other(self, text: str) -> bool:
        """Whether a text names another network, or another method, so that its numbers may be theirs."""
        names = [*_families().finditer(text), *_HUB.finditer(text)]
        if any(_letters(match[0].rpartition("/")[2]) not in self._own for match in names):
            return True
        return any(match[0].lower() != self._method for match in _methods().finditer(text))


def is_advice(text: str) -> bool:
    """Whether a sentence says what one may do or what a program can do, or supposes something."""
    return _ADVICE.match(text) is not None or _POSSIBLE.search(text) is not None


def is_ours(text: str) -> bool:
    """Whether a sentence comes back to the model."""
    return _OURS.search(text) is not None


def is_of_a_network(text: str) -> bool:
    """Whether a sentence may speak of a whole network without its name."""
    return _NETWORK.search(text) is not None


# `No: the base weights are frozen.`, `With these settings 0.06 % are trained.`
_ANSWER = re.compile(
    r"(?:no|yes|indeed|in short|answer|note)\s*[:,\u2013\u2014]\s+"
    r"|(?:with (?:these|this|our) (?:settings?|configuration|set-?up)|thus|hence|therefore|overall"
    r"|as a result|in our (?:case|set-?up))\b,?\s+",
    re.IGNORECASE,
)
# What is so under a condition, elsewhere, or not at all.
_OURS = re.compile(r"\b(?:we|our|ours|this adapter|lora)\b", re.IGNORECASE)
_NETWORK = re.compile(r"\b(?:model|network|it|parameters|layers|heads|hidden|vocabulary)\b", re.IGNORECASE)
# `LoRA: support for rank 256`, `the default of r is 8`: what a program can do.
_POSSIBLE = re.compile(
    r"\bsupport(?:s|ed)?\b|\bdefaults?\b|\ballow(?:s|ed)?\b|\brecommend|\boption\b|\bfor example\b|\be\.g\."
    r"|[0-9][x×]?[ ]?[–-][ ]?[0-9][0-9.]*[x×]",  # a range of factors
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:if|when|suppose|assume|unlike|instead|rather|would|might|could|may|not|never|wrong|other|another|some"
    r"|e\.g|example|instance|vary|varies|versus|vs|compare[sd]?|than)\b",
    re.IGNORECASE,
)


def answered(text: str) -> int:
    """Where a sentence begins behind a word that ties it to the one before it."""
    match = _ANSWER.match(text)
    return 0 if match is None else match.end()


def is_hedged(text: str) -> bool:
    """Whether a formula in a sentence may be said of something else, or denied."""
    return _HEDGED.search(text) is not None


def is_of_adapters(texts: Iterable[str]) -> bool:
    """Whether a document speaks of adapters beside weights."""
    heard = list(texts)
    if any(re.search(_SUBJECT, text, re.IGNORECASE) for text in heard):
        return True
    beside = (_WEIGHTS.search(text) or _families().search(text) for text in heard)
    return any(map(_ADAPTERS.search, heard)) and any(beside)


def speaks_of_training(texts: Iterable[str]) -> bool:
    """Whether a section does, so that W, d and r in it are those of the model."""
    return any(re.search(_SECTION, text, re.IGNORECASE) for text in texts)
