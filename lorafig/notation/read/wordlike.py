"""Letters and words: which run of ASCII letters is one symbol, and which is a part of a sentence."""

from __future__ import annotations

import re

from lorafig.notation.read.commands import FUNCTIONS, SYMBOLS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that name a number: what follows in brackets is a factor and no argument.
VALUE_WORDS: frozenset[str] = _set("scale scaling rank_scale lr params")

# Words that the rule for words (three lower-case letters with a vowel among them) does not find.
WORDS: frozenset[str] = _set(
    "LoRA QLoRA DoRA VeRA AdaLoRA PiSSA LoHa LoKr rsLoRA GPT LLM LLaMA BERT MLP FFN SVD QR GPU RAM FLOPs "
    "ReLU GELU SiLU LayerNorm RMSNorm params std ffn mlp qkv ctx grad dropout"
)

# Two letters that are a word where they stand as an index.
INDEX_WORDS: frozenset[str] = _set("in up ff kv lr hi lo ft tr ln qk vo op fc")
SHORT_FUNCTIONS: frozenset[str] = frozenset({"tr", "Tr", "ln"})  # before a bracket only
_GREEK = _set(
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu rho sigma tau phi psi omega Gamma "
    "Delta Theta Lambda Sigma Phi Psi Omega"
)
GREEK_WORDS: dict[str, str] = {name: SYMBOLS[name] for name in sorted(_GREEK)}

# Words that go on after a number: `32× fewer`, `0.39 % of the parameters`.
PROSE: frozenset[str] = _set(
    "fewer less more smaller larger bigger faster slower cheaper lower higher reduction savings saved "
    "saving parameters parameter params param trainable frozen weights weight values entries numbers "
    "bytes of the a an to and or per in as with for is are if where when times total all each only about "
    "million billion thousand trillion percent layers modules steps multiply adds FLOPs flops MACs than "
    "compared vs"
)

_SEGMENT = re.compile(
    "(?:" + "|".join(sorted(WORDS, key=len, reverse=True)) + ")(?![a-z])|[A-Z]?[a-z]{3,}|[A-Za-z]"
)
_VOWEL = re.compile("[aeiou]")


def segments(run: str) -> list[str]:
    """A run of ASCII letters -> words and letters: `BAx` -> B, A, x; `scaleB` -> scale, B."""
    if len(run) == 1 or run in GREEK_WORDS:
        return [run]
    parts: list[str] = []
    for part in _SEGMENT.findall(run):
        if len(part) == 1 or part in WORDS or part in FUNCTIONS or _VOWEL.search(part.lower()) is not None:
            parts.append(part)
        else:
            parts.extend(part)
    return parts


def reads_as_letters(run: str) -> bool:
    """Whether the lexer takes the run apart into its letters wherever it stands."""
    return segments(run) == list(run) and not (run in INDEX_WORDS or run in SHORT_FUNCTIONS or run in PROSE)


def is_word(run: str) -> bool:
    return len(run) > 1 and segments(run) == [run]


def is_prose(word: str) -> bool:
    """A word of a sentence: a known one, or what reads as a word and names no function and no letter."""
    bare = word.replace("-", "")
    return word in PROSE or (bare not in FUNCTIONS and bare not in GREEK_WORDS and is_word(bare))
