"""The lines that leave a question, `yes` and `no`: each leads to what follows from its answer.

What follows is a table of what is known of the method; a question that is not in it says nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from lorafig.graph.structure import Graph
from lorafig.language.model import FlowNode
from lorafig.notation.read.parse import parse_text
from lorafig.verify.decide.answer import Answer
from lorafig.verify.figure.collector import Collector
from lorafig.verify.read.reading import spoken

_YES = re.compile(r"\s*(?:yes|y|true|✓|✔|ja|oui|sí|si|是|对|はい|예|네)\W*", re.IGNORECASE)
_NO = re.compile(r"\s*(?:no|n|false|✗|✘|nein|non|否|不|いいえ|아니요|아니오)\W*", re.IGNORECASE)
_TRAINS = frozenset({"role", "shift", "gradient", "state"})  # what is said of what is trained
_TRAINED = frozenset({"adapter", "update"})
_SKIPS = frozenset({"skip", "leave", "keep"})  # and of what is not


class Question(Struct, frozen=True):
    """What it asks, and what follows from yes and from no; patterns."""

    asks: str
    yes: str
    no: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        r"\b(?:is|are|was|were|will|be|been)\b.*\bmerged\b",
        r"\b(?:no|zero|without)\b.*\b(?:latency|overhead|cost)|\b(?:one|a single)"
        r" (?:matrix|weight|product)\b",
        r"(?<!no )\b(?:extra|additional|more|adds?)\b.*\b(?:latency|multipl\w+|products?|overhead|cost)",
    ),
    Question(
        r"\b(?:16[- ]bit|fp16|bf16|full precision|the (?:base )?model)\b.*\bfits?\b|\benough"
        r" (?:memory|vram|ram)\b",
        r"\b(?:full fine[- ]tuning|LoRA\b(?!.*4[- ]bit)|16[- ]bit|fp16|bf16)",
        r"\bQLoRA\b|\bquanti[sz]e|\b4[- ]bit|\bNF4\b",
    ),
    Question(
        r"\b(?:less|fewer) than\b.*\bmemory\b|\b(?:memory|VRAM)"
        r" (?:tight|short|scarce|limited)\b|\bshort of memory\b|\b(?:small|little) (?:GPU|memory)\b",
        r"\bQLoRA\b|\bquanti[sz]e|\b4[- ]bit|\bNF4\b",
        r"\b(?:full fine[- ]tuning|LoRA\b(?!.*4[- ]bit)|16[- ]bit|fp16|bf16)",
    ),
    Question(
        r"\blatency\b.*\b(?:matters?|critical|important)\b|\b(?:need|want) (?:no|low) latency\b",
        r"\b(?:merge|fold|fuse)\b",
        r"\b(?:keep|apart|separate|unmerged|swap|hot)\b",
    ),
    Question(
        r"\b(?:many|several|multiple|more than one)\b.*\b(?:tasks?|users?|adapters?|tenants?|customers?)\b",
        r"\b(?:keep|apart|separate|unmerged|switch|swap|hot|load)\b",
        r"\b(?:merge|fold|fuse)\b",
    ),
    Question(
        r"\b(?:one|single|just one|only one)\b.*\b(?:task|user|adapter|tenant|customer)\b(?!s)",
        r"\b(?:merge|fold|fuse)\b",
        r"\b(?:keep|apart|separate|unmerged|switch|swap|hot|load)\b",
    ),
    Question(
        r"\b(?:good enough|converged|loss low|quality ok|satisf\w+)\b",
        r"\b(?:stop|save|merge|deploy|done|ship)\b",
        r"\b(?:raise|increase|higher|more|train|again|larger|add)\b",
    ),
)


def claims(graph: Graph, collector: Collector) -> None:
    """Adds what is wrong with the lines of questions."""
    specs = graph.specs()
    for name, spec in specs.items():
        asked = _words(spec)
        heads = dict(_answers(name, graph))
        if not re.search("[?？]", asked) or set(heads) != {"yes", "no"} or heads["yes"] == heads["no"]:
            continue
        told = {answer: _words(specs[head]) for answer, head in heads.items() if head in specs}
        if len(told) == 2 and (_of_roles(asked, told, collector) or _of_table(asked, told)):
            what = f"‘yes’ leads to “{told['yes']}”, and ‘no’ to “{told['no']}”: they are the wrong way round"
            wrong = Answer("diagram", "fails", detail=what, hint="swap the words on the two lines")
            collector.add(wrong, asked, spec.unverified, spec.where)


def _of_table(asked: str, told: Mapping[str, str]) -> bool:
    """Whether the answers are turned round, by the first question of the table that is asked."""
    question = next((one for one in QUESTIONS if re.search(one.asks, asked, re.IGNORECASE)), None)
    sides = (told["yes"], told["no"])
    return question is not None and _follows(question, *sides[::-1]) and not _follows(question, *sides)


def _of_roles(asked: str, told: Mapping[str, str], collector: Collector) -> bool:
    """Whether it is asked if something is trained, or frozen, and both answers lead to the other."""
    wanted, yes, no = (_trains(words, collector) for words in (asked, told["yes"], told["no"]))
    return wanted is not None and yes is (not wanted) and no is wanted


def _trains(words: str, collector: Collector) -> bool | None:
    """Whether words speak of what is trained, or gets a gradient; False if of what is frozen, None if of
    neither, or of both."""
    judge = collector.judge
    parts = spoken(parse_text(words), judge.symbols.knows, collector.kind, judge.language)
    said = {part.value != "frozen" for part in parts if part.sort in _TRAINS}
    if not said:  # `Is it an adapter weight?`, `Pas de mise à jour`
        said = {True for part in parts if part.sort == "subject" and part.value in _TRAINED}
    if any(part.text.lower() in _SKIPS for part in parts):
        said |= {False}
    turned = sum(part.sort == "neg" for part in parts) % 2 == 1
    return said.pop() is not turned if len(said) == 1 else None


def _follows(question: Question, yes: str, no: str) -> bool:
    """Whether both are what follows, and neither is what follows from the other answer alone."""
    fits: Mapping[str, tuple[bool, bool]] = {
        answer: (_finds(question.yes, words), _finds(question.no, words))
        for answer, words in (("yes", yes), ("no", no))
    }
    return fits["yes"][0] and fits["no"][1] and not (fits["yes"][1] and fits["no"][0])


def _finds(pattern: str, words: str) -> bool:
    return re.search(pattern, words, re.IGNORECASE) is not None


def _answers(name: str, graph: Graph) -> Iterator[tuple[str, str]]:
    """The answers on the lines that leave a node, each with where it leads."""
    for edge in graph.leaving.get(name, ()):
        words = "" if edge.look is None or edge.look.text is None else str(edge.look.text)
        if _YES.fullmatch(words):
            yield "yes", edge.head
        elif _NO.fullmatch(words):
            yield "no", edge.head


def _words(spec: FlowNode) -> str:
    own = () if isinstance(spec.label, str) else spec.label
    return " ".join(map(str, (*own, *spec.text)))
