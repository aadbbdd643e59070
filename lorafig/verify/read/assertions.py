"""What a text asserts of the model, as data: who it is said of, and what."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from lorafig.notation.tree import Node

Subject: TypeAlias = (
    str | Node
)  # 'base', 'adapter', 'update', 'merged', 'model'; a symbol as `$W`; mathematics


class _Said(Struct, frozen=True, tag=True):
    """An assertion; where it is kept on disk, it says which."""


class Moves(_Said, frozen=True):
    """Training moves what is spoken of, or leaves it; with `only`, it moves nothing else. In another method,
    `full` is full fine-tuning."""

    subjects: tuple[Subject, ...]
    trained: bool
    only: bool = False
    method: str = ""


class Counted(Struct, frozen=True):
    """What is counted: parameters by their role, of a subject, in a method. Both empty: it is not said."""

    role: str = ""  # 'trained', 'frozen', 'total'
    subjects: tuple[Subject, ...] = ()
    method: str = ""
    # '' for parameters, 'rows', 'columns', 'matrices', 'vectors', 'branches', 'bytes', 'madds', 'flops'
    unit: str = ""
    each: bool = False
    per: str = ""  # of a network: 'layer' or 'module'
    bits: int = 0  # of each in memory
    scale: str = ""  # of bytes: 'MiB'
    kept: tuple[str, ...] = ()  # in memory: 'weight', 'gradient', 'state' of Adam, 'unnamed'; () for weights
    modules: tuple[str, ...] = ()  # of a network: of these alone


class Counts(_Said, frozen=True):
    """The amounts, a number or an expression each, are what is counted."""

    what: Counted
    amounts: tuple[Node, ...]
    op: str = "="


class PerNumber(_Said, frozen=True):
    """So much memory is kept for each parameter, in a format of so many bits: a fact of the format. In
    `mixed` precision, the weight and its gradient have 16 bits, and a copy and Adam's states 32. With `of`,
    for so many of them."""

    amount: Node
    scale: str  # 'B' or 'bits', or a unit as in Counted
    bits: int
    kept: tuple[str, ...]
    mixed: bool = False
    op: str = "="
    of: Node | None = None


class OfFormats(_Said, frozen=True):
    """A number in one format takes so much of the memory of one in another; `compare` as in Ratio."""

    bits: int
    other: int
    amount: Node
    compare: str
    op: str = "="


class Stored(_Said, frozen=True):
    """Subjects are stored in so many bits each."""

    subjects: tuple[Subject, ...]
    bits: int


class Ratio(_Said, frozen=True):
    """An amount of times, or a share: of what is counted to the other. `compare` is 'fewer', 'more', 'as' or
    'few'; without an amount it says which is larger."""

    what: Counted
    than: Counted
    compare: str
    amount: Node | None = None
    op: str = "="


class Differs(_Said, frozen=True):
    """What is counted is so much more than the other, or less: `DoRA trains 256 more than LoRA`."""

    what: Counted
    than: Counted
    amount: Node
    more: bool
    op: str = "="


class Sized(_Said, frozen=True):
    """A size by its name: rank, width, scaling."""

    name: str
    amounts: tuple[Node, ...]
    op: str = "="


class Ranked(_Said, frozen=True):
    subject: Subject
    amount: Node
    op: str = "="


class Shaped(_Said, frozen=True):
    subjects: tuple[Subject, ...]
    shape: Node


class ModuleShape(_Said, frozen=True):
    """Modules of the network take so many features and give so many; `code`: as a shape, in either order."""

    names: tuple[str, ...]
    takes: Node
    gives: Node
    code: bool = False


class Full(_Said, frozen=True):
    """A subject is of low rank, or of full rank."""

    subjects: tuple[Subject, ...]
    full: bool


class Grows(_Said, frozen=True):
    """If a size is made so many times as large, a quantity ('trained', 'base', 'scale') is so many times."""

    size: str
    factor: str
    what: str
    by: str


class Starts(_Said, frozen=True):
    """How a subject starts: 'zero', 'one', 'normal', 'uniform', 'random'."""

    subjects: tuple[Subject, ...]
    law: str
    negated: bool = False
    method: str = ""  # another than the figure's


class Projects(_Said, frozen=True):
    subject: Subject
    down: bool


class Joins(_Said, frozen=True):
    """How the two branches come together: 'added', 'subtracted', 'multiplied'."""

    how: str


class Merges(_Said, frozen=True):
    """That the update can be merged, with nothing to pay for afterwards; or not."""

    possible: bool


class Latency(_Said, frozen=True):
    """That inference takes longer, or not; merged, unless it is said that it is not."""

    added: bool
    merged: bool = True
    stated: bool = False  # that it is so merged


class IsA(_Said, frozen=True):
    """A subject is what it is called: `W is the pretrained weight`; 'whole update' has its scaling."""

    subjects: tuple[Subject, ...]
    called: str
    negated: bool = False


class Method(_Said, frozen=True):
    """The figure shows this method."""

    name: str


class Marked(_Said, frozen=True):
    """Words call an element by a role, and it is drawn as of another, or of the same."""

    said: str
    drawn: str


class Stage(_Said, frozen=True):
    """It stands before merging ('training'), after it ('merged'), or without an adapter ('base')."""

    name: str


class Shows(_Said, frozen=True):
    """What a panel shows, by its title: 'base', 'adapter', 'update', 'merged', 'branches', 'latency'."""

    names: frozenset[str]


class Passes(_Said, frozen=True):
    """What comes in goes through these one after the other, the first first."""

    subjects: tuple[Subject, ...]


class Takes(_Said, frozen=True):
    """Each of these takes x itself, and not what another gives; with `only`, nothing else does."""

    subjects: tuple[Subject, ...]
    only: bool = False


class Placed(_Said, frozen=True):
    """Where the adapter stands: 'parallel' to the weight, in 'series' with it, or what it 'replaces'."""

    how: str


class Alike(_Said, frozen=True):
    """A quantity of subjects compares so, in this order: 'shape', 'entries', 'rows', 'columns', 'rank'."""

    subjects: tuple[Subject, ...]
    of: str
    op: str = "="


class Proportioned(_Said, frozen=True):
    """The rows of each compare so with its columns: `=` of a square matrix."""

    subjects: tuple[Subject, ...]
    op: str


class FirstOutput(_Said, frozen=True):
    """The first output is that of the pretrained weight, or another."""

    same: bool


class Has(_Said, frozen=True):
    """A method, the figure's unless another is named, is known by a trait: see `frames.traits`. `bits` are
    those of the format that it computes in."""

    trait: str
    subjects: tuple[Subject, ...] = ()
    negated: bool = False
    method: str = ""
    bits: int = 0


class Saved(_Said, frozen=True):
    """A saved adapter has these in it, with `only` nothing else; or it has them not."""

    subjects: tuple[Subject, ...]
    inside: bool
    only: bool = False


class FirstStep(_Said, frozen=True):
    """The first step of training moves these, and with `only` nothing else; or their gradient is zero."""

    subjects: tuple[Subject, ...]
    moves: bool
    only: bool = False


class Removes(_Said, frozen=True):
    """Without the adapter, or without its update, the pretrained weight is there again; or it is not."""

    possible: bool = True


class Targets(_Said, frozen=True):
    """These modules of the network have an adapter: all linear layers if none are named. They are named by
    kind, 'q' or 'mlp', or by their own name, `q_proj`. If they are `without` one, they have none."""

    names: tuple[str, ...] = ()
    without: bool = False
    only: bool = False  # no others have one
    some: bool = False  # of a kind with several, one is enough: `on the attention`, not `on all of it`


class Others(_Said, frozen=True):
    """What training moves of what has no adapter: 'bias', 'norm', 'embedding', 'head'."""

    names: tuple[str, ...]
    trained: bool


class Passed(_Said, frozen=True):
    """Words that were passed over beside what a sentence asserts: they are prose."""

    text: str


class Stated(_Said, frozen=True):
    """A statement of mathematics, of the start of training if it says so."""

    node: Node
    begun: bool = False


class Supposed(_Said, frozen=True):
    """What would be so with another rank, or another α: `at rank 16 there would be 131,072 parameters`. With
    `by`, `what` ('trained', 'scale') would be so many times what it is here."""

    sizes: tuple[tuple[str, Node], ...]
    said: tuple[Assertion, ...]
    what: str = ""
    by: Node | None = None


Assertion: TypeAlias = (
    Moves | Counts | Ratio | Differs | PerNumber | OfFormats | Stored | ModuleShape
    | Sized | Ranked | Shaped | Full | Grows | Starts | Projects | Joins | Merges
    | Latency | IsA | Method | Marked | Shows | Stage | Stated | Targets | Others | Passes | Takes | Placed
    | Alike | Proportioned | FirstOutput | FirstStep | Has | Saved | Removes | Supposed
)  # fmt: skip


class Reading(Struct, frozen=True):
    """What a text asserts. `unread` are the words that were not understood beside an assertion; `part` is the
    sentence that has them. `passed` are words that say nothing that is known, beside what is asserted;
    `aside` is what nouns say by the way, wherever they stand."""

    kind: Literal["asserts", "unread", "prose"]
    assertions: tuple[Assertion, ...] = ()
    unread: tuple[str, ...] = ()
    part: str = ""
    start: int = 0
    passed: tuple[str, ...] = ()
    aside: tuple[Assertion, ...] = ()
