"""The phrases that claim a property, as people write them, and the predicate that each stands for.

A phrase is a line of words: `(a|b)` is one of them, `[a|b]` any number of them or none, `<a|b>` at least
one; `_` is a blank inside one of them. Capitals stand for the groups below. Case does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from msgspec import Struct

_NAME = (
    r"(?:\\?[ΔΛ]?[A-Za-zλΛΔ](?:[_ ]?(?:\d{1,3}|res|frozen|pretrained|merged)|_[a-z]{1,4}\b|[₀-₉]{1,3})?'?)"
)
_AND = r"(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s*/\s*|\s+or\s+)"

GROUPS: Mapping[str, str] = {
    "NAMES": rf"(?P<names>{_NAME}(?:{_AND}{_NAME})*)",
    "BE": "<is|are|be|being|remain|remains|stay|stays|get|gets|kept|contain|contains|has|have|fully|both>",
    "NOT": "(not|never)",
    "FROZEN": "(frozen|fixed|not_trained|not_updated|untouched|unchanged|constant|non-trainable)",
    "TRAINED": "(trained|trainable|updated|learned|learnable|learnt|optimized|optimised|adapted|fine-tuned"
    "|finetuned|tuned|modified)",
    "RECEIVE": "(receive|receives|get|gets)",
    "GRADIENTS": "(gradient_updates|any_gradient_updates|gradients|any_gradients|gradient|updates|updated)",
    "CHANGE": "(changes|change|moves|move|updates|changed|moved|modified|updated|trained)",
    "PRE": "[the|all|its|of|original|base|pretrained|pre-trained|backbone|model|model's|llm|full|initial]",
    "WEIGHTS": "(weights|weight|weight_matrices|weight_matrix|model|parameters|backbone)",
    "MORE": "[additional|extra|added|any|further|inference|computational|serving|the|an|a|some]",
    "LATENCY": "(latency|overhead|cost|costs)",
    "ZERO": "(all_zeros|all-zeros|zero|zeros|0)",
    "START": "[initialized|initialised|at|to|with|as|from|exactly|all]",
    "DRAWN": "[initialized|initialised|drawn|sampled|with|from|by|a|using|random|randomly]",
    "BASE": "(pretrained|pre-trained|base|original)",
    "FACTOR": "[the|matrix|matrices|low-rank|rank-decomposition|adapter|adapters|factor|factors|parameters]",
}

PHRASES: tuple[tuple[str, str], ...] = (
    # what training moves
    ("NAMES BE FROZEN and (does|do) not RECEIVE GRADIENTS", "frozen"),
    ("PRE WEIGHTS BE FROZEN and (does|do) not RECEIVE GRADIENTS", "weights frozen"),
    ("(train|trains|training|update|updates|learn|learns) FACTOR NAMES only", "only trained"),
    ("only FACTOR NAMES BE TRAINED", "only trained"),
    ("only FACTOR NAMES TRAINED", "only trained"),
    ("only (train|trains|update|updates|learn|learns|optimize|optimizes) FACTOR NAMES", "only trained"),
    ("only FACTOR NAMES RECEIVE GRADIENTS", "only trained"),
    ("NAMES (never|not) CHANGE", "frozen"),
    ("NAMES (does|do) not [ever|get] (change|move|update|receive_gradients|updated)", "frozen"),
    ("NAMES BE NOT [be|being] TRAINED", "frozen"),
    ("NAMES BE NOT [be|being] FROZEN", "trainable"),
    ("NAMES (cannot|can_not|can't) be TRAINED", "frozen"),
    ("NAMES (does|do) not [receive|get] (gradients|gradient|change|move|train)", "frozen"),
    ("NAMES BE FROZEN", "frozen"),
    ("NAMES (never|not) [is|are|be] FROZEN", "trainable"),
    ("(freeze|freezes|freezing) PRE [weights|weight|matrix] NAMES", "frozen"),
    ("(keep|keeps|keeping) NAMES FROZEN", "frozen"),
    ("frozen [weights|weight|matrix|pretrained|pre-trained] NAMES", "frozen"),
    ("NAMES BE TRAINED", "trainable"),
    ("NAMES FROZEN", "frozen label"),  # what may be an article: `A frozen weight` claims nothing of A
    ("NAMES TRAINED", "trainable label"),
    ("NAMES (receive|receives|get|gets) (gradients|gradient_updates)", "trainable"),
    ("(train|trains|trainable|update|updates) FACTOR NAMES", "trainable"),
    ("PRE WEIGHTS BE NOT [be|being] TRAINED", "weights frozen"),
    ("PRE WEIGHTS BE NOT [be|being] FROZEN", "weights trained"),
    ("PRE WEIGHTS BE FROZEN", "weights frozen"),
    ("PRE WEIGHTS FROZEN", "weights frozen"),
    ("(freeze|freezes|freezing|fix|fixes) PRE WEIGHTS", "weights frozen"),
    ("frozen PRE (weights|model|parameters)", "weights frozen"),
    ("BASE [model] WEIGHTS BE TRAINED", "weights trained"),
    ("gradients [only] flow only (through|to|into) FACTOR NAMES", "only trained"),
    ("NAMES BE the only TRAINED (parameters|matrices|matrix|weights|parts)", "only trained"),
    # the start
    ("(initialize|initialise|initializes|initializing|set|setting) NAMES (to|with|as|at) ZERO", "zero"),
    ("NAMES with ZERO", "zero"),
    ("(initialize|initialise|initializes|initializing) NAMES (with|from|as) [a|random] gaussian", "normal"),
    ("NAMES (is|are|starts|start|begins|begin) START ZERO", "zero"),
    ("NAMES (is|are) (zero-initialized|zero-initialised|zero_initialized|zero_initialised)", "zero"),
    ("ZERO [initialization|initialisation] for NAMES", "zero"),
    ("NAMES (is|are) DRAWN (gaussian|normal)", "normal"),
    ("[random] gaussian [initialization|initialisation] for NAMES", "normal"),
    ("(update|change) (is|starts|begins) [at|as] ZERO", "no update"),
    ("(starts|start) (from|at|as|with) the BASE (model|weights|weight|output)", "starts pretrained"),
    # merging
    ("(no|zero|without|without_adding|without_introducing|without_any) MORE LATENCY", "free"),
    ("(not|doesn't|don't|never) (add|adds|introduce|introduces|incur|incurs) MORE LATENCY", "free"),
    ("(adds|introduces|incurs|causes) MORE LATENCY", "costs"),
    ("(cannot|can_not|can't|not) [be] (merged|mergeable|folded)", "never merges"),
    ("(can|could|may) be [later|easily|then|simply] (merged|folded|absorbed)", "merges"),
    ("(merge|merges|merged|merging) [back] (into|with) PRE (W|W_0|W0|weights|weight|model)", "merges"),
    ("mergeable", "merges"),
)  # fmt: skip

# As functions, each with the word that all of its forms begin with.
CALLS: tuple[tuple[str, str, str], ...] = (
    (rf"^\s*frozen\s*\(\s*{GROUPS['NAMES']}\s*\)\s*$", "frozen", "frozen"),
    (rf"^\s*trainable\s*\(\s*{GROUPS['NAMES']}\s*\)\s*$", "trainable", "trainable"),
    (r"^\s*starts[_ ]?at\s*\((?P<term>.+)\)\s*$", "starts at", "starts"),
    (r"^\s*(?:merges|mergeable|merge)\s*(?:\(\s*\))?\s*$", "merges", "merge"),
    (r"^\s*(?:mergeable|merges)[ _]without[ _](?:extra[ _])?cost\s*(?:\(\s*\))?\s*$", "free", "merge"),
)


class Phrase(Struct, frozen=True):
    """A way to claim something: its regular expression, and the predicate that it stands for. `needs` are the
    words that it cannot be without, as `fold` gives them: one of each tuple, in this order. `first`: nothing
    stands before them."""

    expression: str
    name: str
    needs: tuple[tuple[str, ...], ...]
    first: bool = False

    def may_be_in(self, folded: str) -> bool:
        """Whether a text has a word of everything that is needed."""
        at = 0
        for words in self.needs:
            ends = [found + len(word.rstrip()) for word in words if (found := folded.find(word, at)) >= 0]
            if not ends:
                return False
            at = min(ends)
        return not self.first or f" {folded.lstrip()}".startswith(self.needs[0])


def phrase(line: str, name: str) -> Phrase:
    """A line of the table."""
    words = [GROUPS.get(word, word) for word in line.split()]
    pieces: list[str] = []
    needs: list[tuple[str, ...]] = []
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word.startswith("(?P"):
            piece = word
        else:
            choice = word.strip("([<>])").split("|")
            more = word[0] == "<" or not last  # so that a blank follows
            options = "|".join(map(re.escape, choice)).replace("_", r"\s+")
            if word[0] != "[":
                needs.append(tuple(_need(option, more) for option in choice))
            if word[0] in "[<":
                pieces.append(rf"(?:(?:{options})\s+){'*' if word[0] == '[' else '+'}")
                continue
            piece = f"(?:{options})"
        pieces.append(piece + ("" if last else r"\s+"))
    return Phrase(r"(?<![A-Za-z0-9_^])" + "".join(pieces) + r"(?![A-Za-z])", name, tuple(needs))


@cache
def phrases() -> tuple[Phrase, ...]:
    calls = (Phrase(expression, name, ((fold(word),),), first=True) for expression, name, word in CALLS)
    return (*calls, *(phrase(line, name) for line, name in PHRASES))


@lru_cache(maxsize=1024)
def patterns(words: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those that may be in the words, with what they stand for. To compile all of them takes longer than to
    draw a figure."""
    folded = fold(words)
    return tuple((_compiled(known.expression), known.name) for known in phrases() if known.may_be_in(folded))


def _need(option: str, more: bool) -> str:
    first, blank, _ = option.partition("_")
    return fold(first) + (" " if more or blank else "")


def fold(words: str) -> str:
    """What has the letters and digits of a match, whatever their case, in small letters, and blanks for all
    else, one in front: a word is not found in another. To `re` İ and ı are cases of i, and ſ is one of s."""
    single = (char.casefold() for char in words.replace("İ", "i").replace("ı", "i"))
    folded = "".join(char if len(char) == 1 else " " for char in single)  # ß is no s
    return " " + "".join(char if char.isascii() and char.isalnum() else " " for char in folded)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)


# What turns a statement round, or limits it: beside it nothing is known of what is said.
_TURNING = (
    r"\b(?:not|never|no|none|nor|neither|cannot|can['’]t|isn['’]t|aren['’]t|doesn['’]t|don['’]t|won['’]t|false|wrong"
    r"|incorrect|incorrectly|untrue|unless|except|only|instead|without|rather|hardly|rarely|unlike|contrary|fails?|lie"
    r"|mistaken(?:ly)?|mistakes?|errors?|invalid|broken|misconceptions?|myth|bug|opposite|former|old|naive(?:ly)?|un[a-z]+ed)\b"
)

# What every phrase has one of.
_STEM = (
    r"frozen|freez|fix|\btrain(?:ed|able|s)?\b|updat|chang|untouched|constant|learn|optimi|adapted|gradient|tuned\b|modifi|\bmoves?\b"
    r"|zero|gaussian|normal|latency|overhead|cost|merg|folded|absorbed|starts|\b0\b"
)
_START = (
    r"[,;:]?\s*\(?\b(?:(?:is\s+)?at\s+(?:the\s+)?(?:very\s+)?(?:start|beginning|init(?:iali[sz]ation)?)"
    r"(?:\s+of\s+(?:the\s+)?training)?|initially|before\s+training|when\s+training\s+(?:starts|begins)"
    r"|at\s+step\s+0|at\s+t\s*=\s*0)\b\)?\s*[,;:]?\s*"
)


@cache
def turning() -> re.Pattern[str]:
    return re.compile(_TURNING, re.IGNORECASE)


@cache
def stem() -> re.Pattern[str]:
    return re.compile(_STEM, re.IGNORECASE)


@cache
def start() -> re.Pattern[str]:
    return re.compile(_START, re.IGNORECASE)
