"""Letters and words: which run of ASCII letters is one symbol, and which is a part of a sentence."""

from __future__ import annotations

from functools import lru_cache

from lorafig.notation.read.commands import FUNCTIONS, SYMBOLS
from lorafig.notation.read.scan import LETTERS, SMALL, end_of


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

_VOWELS = frozenset("aeiou")
_BY_LENGTH = sorted(WORDS, key=len, reverse=True)


@lru_cache(4096)
def segments(run: str) -> tuple[str, ...]:
    """A run of ASCII letters -> words and letters: `BAx` -> B, A, x; `scaleB` -> scale, B."""
    if len(run) == 1 or run in GREEK_WORDS:
        return (run,)
    parts: list[str] = []
    at = 0
    while at < len(run):
        if run[at] not in LETTERS:
            at += 1
            continue
        end = _word_end(run, at)
        part = run[at:end]
        at = end
        if len(part) == 1 or part in WORDS or part in FUNCTIONS or not _VOWELS.isdisjoint(part.lower()):
            parts.append(part)
        else:
            parts += part
    return tuple(parts)


def _word_end(run: str, at: int) -> int:
    """Where what looks like a word ends: a known one, or three small letters, maybe after a large one."""
    for word in _BY_LENGTH:
        end = at + len(word)
        if run.startswith(word, at) and run[end : end + 1] not in SMALL:
            return end
    start = at if run[at] in SMALL else at + 1
    end = end_of(run, start, SMALL)
    return end if end - start >= 3 else at + 1


def reads_as_letters(run: str) -> bool:
    """Whether the lexer takes the run apart into its letters wherever it stands."""
    return segments(run) == tuple(run) and not (run in INDEX_WORDS or run in SHORT_FUNCTIONS or run in PROSE)


def is_word(run: str) -> bool:
    return len(run) > 1 and segments(run) == (run,)


def is_prose(word: str) -> bool:
    """A word of a sentence: a known one, or what reads as a word and names no function and no letter."""
    bare = word.replace("-", "")
    return word in PROSE or (bare not in FUNCTIONS and bare not in GREEK_WORDS and is_word(bare))
