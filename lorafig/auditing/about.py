"""What a sentence is about: the model, or another one, and whether a section speaks of adapters at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache

from lorafig.core import networks
from lorafig.core.adapters import ADAPTERS
from lorafig.language.model import Figure
from lorafig.language.networks import network_of

_SUBJECT = (
    r"lora\b|low[- ]rank (?:adapt|update|matri|factor|decompos)|\badapters?\b|\bpeft\b|parameter[- ]efficient"
    r"|fine[- ]?tun|trainable param|\bpissa\b|\bvera\b|\bia3\b|\(ia\)"
)
_SECTION = (
    rf"{_SUBJECT}|\brank\b|\bfrozen\b|\bfreez|\btrainable\b|\btrained\b|\bmerg|\bscaling\b|\\Delta\s*W|ΔW"
)


@cache
def _others() -> Mapping[str, list[str]]:
    """Networks that the core does not have, by how their names begin, and methods that it does not have."""
    with open(os.path.join(os.path.dirname(__file__), "others.json"), encoding="utf-8") as file:
        listed: Mapping[str, list[str]] = json.load(file)
    return listed


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
    names = sorted(titles | set(_others()["methods"]), key=len, reverse=True)
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
    """Whether a sentence says what one may do, or supposes something."""
    return _ADVICE.match(text) is not None


def is_of_adapters(texts: Iterable[str]) -> bool:
    """Whether a document speaks of adapters."""
    return any(re.search(_SUBJECT, text, re.IGNORECASE) for text in texts)


def speaks_of_training(texts: Iterable[str]) -> bool:
    """Whether a section does, so that W, d and r in it are those of the model."""
    return any(re.search(_SECTION, text, re.IGNORECASE) for text in texts)
