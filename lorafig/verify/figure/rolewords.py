"""Words that say what an element is in a roundabout way: what all tasks share and what each has of its own,
what is kept after training, how a matrix looks, what the optimizer writes to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lorafig.notation.canonical import key
from lorafig.notation.read.parse import parse_math
from lorafig.pattern import any_case
from lorafig.verify.decide import counts
from lorafig.verify.decide.answer import Answer
from lorafig.verify.decide.properties import told
from lorafig.verify.meaning.symbols import Symbols
from lorafig.verify.meaning.terms import Constant, Doubt, Undecidable

_FOR = "task|user|tenant|customer|client|domain"
_TASKS = rf"(?:{_FOR})s?\b"
_SHARED = any_case(
    rf"\b(?:shared?|sharing|common)\b.*\b{_TASKS}|\bfor all {_TASKS}|\bshared?\b.*\b(?:base|backbone)\b"
    r"|\b(?:loaded|downloaded|stored|kept|held)(?: in memory)? (?:only )?once\b(?! (?:per|for"
    r" (?:each|every)))",
    f"{_FOR}|once|share",
)
_EACH = any_case(
    rf"\b(?:per|(?:for )?each|(?:for )?every)\s+(?:new\s+)?(?:{_TASKS}|adapters?\b)|\b(?:swapped"
    rf"|switched|changed|exchanged)"
    rf" (?:between|for|per|with) (?:the |each |every )?{_TASKS}|\bof"
    rf" (?:task|user|tenant|customer|client) (?:\d|[A-Z]\b)",
    f"{_FOR}|adapter",
)
_ONE = any_case(
    r"\b(?:one|an?|own|separate|different|copy|copies|copied|new|loaded|downloaded|stored|swapped"
    r"|switched|changed|exchanged|of)\b"
    r"|^per\b",
)
_BASE = any_case(r"\b(?:base|backbone|pretrained|pre-trained)\b", "base|backbone|pretrained|pre-trained")
_ADAPTER = any_case(r"\b(?:adapters?|LoRA|A and B|pairs?|BA)\b", "adapter|lora|a and b|pair|ba")
_LEFT = any_case(
    r"\b(?:thrown away|thrown out|discarded|deleted|dropped)\b[\w\s]*\bafter (?:training|fine-tuning)\b",
    "training|fine-tuning",
)
_KEPT = any_case(
    r"^(?:(?:is|are)\s+)?(?:saved|stored|written to disk)\s+after (?:training|fine-tuning)\W*$",
    "training|fine-tuning",
)
_READ = any_case(r"^(?:read[- ]only|never (?:written(?: to)?|changed|changes|moves))$", "read|never")
_WRITTEN = any_case(
    r"^(?:written to|overwritten|changed|moved) (?:by (?:adam\w*|sgd|the"
    r" optimi[sz]er|training)|(?:in|at) (?:every|each) step)$",
    "written|changed|moved",
)
_WITHOUT = any_case(r"^without (?:BA|the update|the adapter|an adapter|LoRA)$", "without")
_COSTS = any_case(
    r"^(?:LoRA|(?:LoRA )?training|it|(?:LoRA )?fine-tuning|training (?:it|LoRA|with LoRA))\s+"
    r"(?:is|stays|remains|becomes)\s+(?P<not>not\s+)?(?:far\s+|much\s+|a lot\s+)?"
    r"(?:(?P<less>cheaper|less expensive|less costly)|dearer|more expensive|costlier)\s+than\s+full"
    r"\s+fine-?\s?tuning$",
    "full fine",
)
_TALL = any_case(r"^(?:tall|tall and thin|tall and narrow|thin and tall|high and narrow)$", "tall|high")
_DOWN = any_case(r"^(?:down|up)$", "down|up")
_WIDE = any_case(r"^(?:wide|short and wide|flat and wide|wide and short|low and wide)$", "wide")


def answer(text: str, own: Sequence[str], symbols: Symbols) -> Answer | None:
    """The verdict on a text that says such a thing of the symbols that it stands on, or that it names; None
    for any other."""
    words = text.strip().rstrip(".!")
    costs = _COSTS.search(words)
    if costs is not None and symbols.adapter.trainable:
        return _cost(costs["less"] is not None, costs["not"] is not None, symbols)
    return _of_tasks(words, own, symbols) or _of_role(words, own, symbols) or _of_shape(words, own, symbols)


def _cost(less: bool, denied: bool, symbols: Symbols) -> Answer | None:
    """`LoRA is cheaper than full fine-tuning`: it trains fewer parameters, at these sizes."""
    try:
        trained, weight = (int(counts.valued(term)) for term in counts.parameters(symbols))
    except Undecidable:
        return None
    compared = f"it trains {trained:,} parameters, full fine-tuning {weight:,}"
    return told(((trained < weight) if less else (trained > weight)) is not denied, compared)


def _roles(own: Sequence[str], symbols: Symbols) -> set[str]:
    """What the symbols are, as the figure's own table says it, or the adapter."""
    roles: set[str] = set()
    for written in own:
        name = symbols.canonical(key(parse_math(written)) or "")
        row = None if symbols.table is None else symbols.table.row(name)
        role = None if row is None else row.role
        if role is None and name in symbols.adapter.symbols:
            role = "trained" if name in symbols.adapter.trainable else "frozen" if name != "x" else "input"
        roles.add(str(role))
    return roles - {"input", "output"}


def _of_tasks(words: str, own: Sequence[str], symbols: Symbols) -> Answer | None:
    """`One base for all tasks`, and an adapter for each."""
    shared, each = _SHARED.search(words) is not None, _EACH.search(words) is not None
    shared = shared and re.search(r"\bnot\b", words) is None
    each = each and not shared and _ONE.search(words) is not None
    if not (shared or each) or not _each_has_its_own(symbols):
        return None
    rest = _EACH.sub(" ", words)  # `once per adapter` is said of something else
    named = {name for name, pattern in (("base", _BASE), ("adapter", _ADAPTER)) if pattern.search(rest)}
    if not named:
        roles = _roles(own, symbols)
        named = {"base"} if roles == {"frozen"} else {"adapter"} if roles == {"trained"} else set()
    if len(named) != 1:
        return None
    right = ("base" in named) is bool(shared)
    if not right and not symbols.adapter.trainable:
        return None  # what is averaged of the adapters of all clients is shared by them too
    return told(right, "all tasks share one base, and each has an adapter of its own")


def _each_has_its_own(symbols: Symbols) -> bool:
    """Whether the base is one, and what is trained there is of families: a method's own is for one task."""
    own = list(symbols.own("frozen", "trained", "random"))
    if not own or symbols.adapter.trainable:
        return not own
    return all((row.role == "trained") is bool(row.indices) for _, row in own)


def _of_role(words: str, own: Sequence[str], symbols: Symbols) -> Answer | None:
    roles = _roles(own, symbols)
    if len(roles) != 1:
        return None
    (role,) = roles
    if _LEFT.search(words) is not None or _KEPT.fullmatch(words) is not None:
        if role not in ("trained", "frozen"):
            return None
        kept = _LEFT.search(words) is None
        return told(kept is (role == "trained"), "what is saved after training is what was trained")
    if _READ.fullmatch(words) is not None or _WRITTEN.fullmatch(words) is not None:
        written = _READ.fullmatch(words) is None
        return told(written is (role == "trained"), f"it is {role}")
    if _WITHOUT.fullmatch(words) is not None and role in ("merged", "frozen"):
        return told(role == "frozen", f"it is {role}")
    return None


def _of_shape(words: str, own: Sequence[str], symbols: Symbols) -> Answer | None:
    if _DOWN.fullmatch(words) is not None:
        words = "wide" if words.lower() == "down" else "tall"
    tall, wide = _TALL.fullmatch(words) is not None, _WIDE.fullmatch(words) is not None
    name = key(parse_math(own[0])) if len(own) == 1 else None
    if not (tall or wide) or name is None or not symbols.knows(name) or symbols.dimension(name) is not None:
        return None
    kind = symbols.term(name).type
    try:
        rows, columns = symbols.size(kind.rows), symbols.size(kind.columns)
    except Doubt:
        return None
    if not isinstance(rows, Constant) or not isinstance(columns, Constant):
        return None
    more = rows.value > columns.value if tall else columns.value > rows.value
    return told(more, f"it has {rows.value} rows and {columns.value} columns")
