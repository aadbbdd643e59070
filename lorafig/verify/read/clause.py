"""A clause: the concepts of a part of a sentence, with what every frame asks of them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.tree import Node, Number
from lorafig.verify.read.assertions import Assertion, Counted, Subject
from lorafig.verify.read.concept import Concept

# What stands between the words of a statement, and what names something: neither changes what is said.
LOOSE = frozenset(
    {"keep", "thing", "filler", "of", "name", "scope", "comma", "open", "close", "join", "colon", "equals"}
)
SUBJECTS = frozenset({"subject", "matrix", "formula"})
PER_LAYER = frozenset({"per layer", "a layer", "per block", "per transformer block", "per decoder layer"})
AMOUNTS = ("amount", "relation")


class Context(Struct, frozen=True):
    """What a clause may leave unsaid: who is spoken of (`own` of the element, or the last clause's),
    and whether it is parameters that are counted. `titled` is True for a title, which says what stands
    below it."""

    own: tuple[Subject, ...] = ()
    subjects: tuple[Subject, ...] = ()
    within: str = ""  # the method that the sentence begins with: `In DoRA, …`
    last: tuple[Assertion, ...] = ()  # what the clause before said
    before: tuple[Concept, ...] = ()  # what stands between it and this one
    listed: tuple[Subject, ...] = ()  # of whom something was counted in this sentence
    what: Counted | None = None  # what was last counted
    amounts: tuple[Node, ...] = ()  # and how many they were
    denied: bool = False  # whether the clause before denied what it spoke of
    begun: bool = False  # whether what follows is so at the start: `B = 0, so that h = Wx`
    role: str = ""  # what was last said of a number: `2,048 are trained, 65,536 are not`
    bits: int = 0  # of each number in memory, as was said last: `16.1 GB in bf16, the adapter 27 MB`
    counted: bool = False
    titled: bool = False
    staged: bool = False  # whether it is known at which stage that is
    mark: str = ""  # the role that its element is drawn in
    method: str = "lora"
    formats: bool = False  # whether it is known of any weight in how many bits it is kept
    network: bool = False  # whether there is one whose layers are counted
    layer: bool = False  # whether what is counted is that of one layer: `Per layer, …`
    strict: bool = False  # no clause of it may be prose
    alone: bool = False  # whether it is a claim by itself, that speaks of the sizes it gives
    language: str = "en"  # of words that do not say their own
    settled: bool = False  # whether the clause before gave the sizes that this one speaks of


class Clause(Struct):
    """The concepts of a clause without those that are loose; `whole` has all of them."""

    parts: tuple[Concept, ...]
    whole: tuple[Concept, ...] = ()
    marks: frozenset[str] = frozenset()
    sorts: frozenset[str] = field(default_factory=frozenset)

    def of(self, *sorts: str) -> list[Concept]:
        return [part for part in self.parts if part.sort in sorts]

    def has(self, *sorts: str) -> bool:
        return not self.sorts.isdisjoint(sorts)

    def within(self, *sorts: str) -> bool:
        """Whether it is made of these sorts alone."""
        return self.sorts <= set(sorts)

    def place(self, concept: Concept) -> int:
        return next(at for at, part in enumerate(self.parts) if part is concept)


def clause(concepts: Sequence[Concept], *, stored: bool = False) -> Clause:
    """The clause of these concepts; with `stored`, gradients and states are what is in memory."""
    concepts = concepts if stored else _gradients(concepts)
    through = next((at for at, part in enumerate(concepts) if part.sort == "through"), 0)
    said = any(part.sort == "role" for part in concepts)  # `x passes through the frozen W`
    if said and all(part.sort in LOOSE or part.value in ("x", "h") for part in concepts[:through]):
        concepts = concepts[through:]
        concepts = concepts[1:] if concepts[0].sort == "through" else concepts
    roles = any(part.sort in ("role", "shift") for part in concepts)
    first = next((part for part in concepts if part.sort not in LOOSE - {"keep"}), None)
    keeps = first is not None and first.sort == "keep" and first.text.lower() in ("keep", "keeps")
    last = next((part for part in reversed(concepts) if part.sort not in LOOSE - {"keep"}), None)
    kept = last is not None and last.sort == "keep" and last.text.lower() == "kept"  # `W is kept`
    if (keeps or kept) and not roles:  # `keep W`, but `kept frozen`
        concepts = [
            replace(part, sort="role", value="frozen") if part.sort == "keep" else part for part in concepts
        ]
    parts = tuple(_said_once([
        replace(part, sort="role") if part.sort == "shift" else part
        for part in concepts
        if part.sort not in LOOSE
    ]))  # fmt: skip
    marks = frozenset(part.sort for part in concepts if part.sort in LOOSE)
    return Clause(parts, tuple(concepts), marks, frozenset(part.sort for part in parts))


def _said_once(parts: list[Concept]) -> list[Concept]:
    """`is frozen and does not receive updates` says the same twice."""
    for at in range(len(parts) - 2):
        first, turned, second = parts[at : at + 3]
        if (
            first.sort == second.sort == "role"
            and turned.sort == "neg"
            and first.value != second.value
            and any(part.sort in SUBJECTS for part in parts[:at])
            and not any(part.sort == "neg" for part in parts[:at])
        ):
            return [*parts[: at + 1], *parts[at + 3 :]]
    return parts


def _gradients(concepts: Sequence[Concept]) -> Sequence[Concept]:
    """What gets a gradient is trained; through a frozen weight gradients flow too, unless it is said that
    they flow through nothing else."""
    if any(part.sort in (*AMOUNTS, "bytes") for part in concepts):
        return concepts
    if any(part.sort in ("gradient", "state", "flow") for part in concepts):
        concepts = [part for part in concepts if part.sort != "handled"]
    flow = next((at for at, part in enumerate(concepts) if part.sort == "flow"), -2)
    into = next((at for at, part in enumerate(concepts) if part.text.lower() in ("into", "to")), -1)
    if -1 < flow < into:  # `gradients flow through W into A`: what is behind gets them
        turns = [part for part in concepts[:flow] if part.sort in ("neg", "only")]
        turns += [replace(part, sort="only") for part in concepts[:flow] if part.text.lower() == "all"]
        between = [part for part in concepts[flow + 1 : into] if part.sort != "through"]
        beside = between if any(part.sort in ("role", "shift") for part in between) else []
        concepts = [*turns, *beside, replace(concepts[flow], sort="gradient"), *concepts[into:]]
        flow = -2
    beside = [part for at, part in enumerate(concepts) if abs(at - flow) <= 1]
    only = any(part.sort == "only" or part.text.lower().endswith("only") for part in beside)
    flows = any(part.sort == "flow" for part in concepts)
    said = any(part.sort == "role" for part in concepts)
    own = any(part.sort in SUBJECTS for part in concepts)  # `two moments for each entry of A`
    each = any(part.sort == "each" and part.value == "number" for part in concepts) and not own
    told: list[Concept] = []
    for part in concepts:
        last = next((other for other in reversed(told) if other.sort not in LOOSE), None)
        if own and part.sort == "state" and last is not None and last.text in _states(concepts):
            continue  # `Adam keeps two moments`
        if own and part.sort == "each" and part.value == "number" and _states(concepts):
            continue
        if part.sort == "flow" and (only or any(other.sort == "neg" for other in concepts)):
            told.append(replace(part, sort="role", value="trained"))
            if part.text.lower().endswith("only"):
                told.append(replace(part, sort="only", value=""))
        elif part.sort == "flow":
            told.append(replace(part, sort="through", value=""))
        elif part.sort == "through" and flows:
            continue
        elif part.sort == "gradient" or (part.sort == "state" and not (said or each)):
            told.append(replace(part, sort="role", value="trained"))
        else:
            told.append(part)
    return told


def _states(concepts: Sequence[Concept]) -> list[str]:
    return [part.text for part in concepts if part.sort == "state"]


def subjects(parts: Sequence[Concept]) -> tuple[Subject, ...]:
    return tuple(subject(part) for part in parts if part.sort in SUBJECTS)


def subject(part: Concept) -> Subject:
    return part.node if part.node is not None else part.value


def negated(parts: Sequence[Concept]) -> bool:
    """Whether what turns a statement round turns it an odd number of times; `neither … nor` turns it once."""
    words = [part.text.lower() for part in parts if part.sort == "neg"]
    if "neither" in words and "nor" in words:
        words.remove("nor")
    return len(words) % 2 == 1


def amounts(part: Concept) -> tuple[Node, ...]:
    """The sides of an amount: `d^2 = 65,536` is two."""
    assert part.node is not None
    if part.sort == "relation" and isinstance(part.node, tree.Relation):
        return part.node.sides
    return (part.node,)


def is_size(node: Node) -> bool:
    return key(bare(node)) in ("r", "d", "k", "α", "s")


def kept_of(c: Clause) -> tuple[str, ...]:
    """What is kept of each parameter beside its weight: 'gradient', 'state' of Adam, 'unnamed' of an
    optimizer that nobody names."""
    states = ["unnamed" if part.value == "unnamed" else "state" for part in c.of("state")[:1]]
    return (*(["gradient"] if c.has("gradient") else []), *states)


def op_of(c: Clause) -> str:
    near = c.of("near")
    return near[0].value if near else "="


def unit_of(node: Node) -> str:
    match bare(node):
        case Number(_, unit):
            return unit
        case tree.Computed(_, form):
            return "%" if "%" in form else "×" if "x" in form or "×" in form else ""
        case tree.Relation(sides):
            return unit_of(sides[-1])
        case tree.Product((*_, tree.Symbol("×" | "%") as sign)):
            return sign.name
        case _:
            return ""


def is_scaling(part: Concept) -> bool:
    """Whether it is α/r."""
    node = None if part.node is None else bare(part.node)
    if isinstance(node, tree.Product) and node.ops == ("/",):
        node = tree.Fraction(*node.factors)
    return isinstance(node, tree.Fraction) and (key(node.above), key(node.below)) == ("α", "r")
