"""The claims of a document: which of its sentences are about the model, and the verdict on each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from lorafig.auditing.about import (
    Subject,
    answered,
    is_advice,
    is_hedged,
    is_of_a_network,
    is_of_adapters,
    is_ours,
    speaks_of_training,
)  # fmt: skip
from lorafig.auditing.documents import read
from lorafig.auditing.documents.block import Block, Document, Include, Setting
from lorafig.auditing.documents.sentences import Sentence, sentences
from lorafig.auditing.model import figure_said
from lorafig.errors import LorafigError, Problem
from lorafig.language.model import Figure
from lorafig.notation.canonical import key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Listing, Node, Relation, Shape
from lorafig.verify.decide.asserted.naming import METHOD_SHOWN
from lorafig.verify.figure.collector import SAID, Collector, begun
from lorafig.verify.meaning.symbols import MERGED
from lorafig.verify.report import Claim

# A sentence without any of these claims nothing that is decided, and is not read further.
_CLAIMS = re.compile(
    r"[0-9$∈ℝ=≤≥≪×]|froz|freez|train|updat|learn|merg|latenc|zero|initial|fixed|constant|rank|adapt|param|[^\x00-\x7f]",
    re.IGNORECASE,
)
_FIRM = ("equation", "shape", "init")  # kinds of formulas that are one thing wherever they stand
_STATING = (Relation, Shape, Listing)
_ASIDE = ("s", "α", "alpha", "r", "d", "k")  # of which it is told that they have no value here


class _Section(Struct):
    """What stands under one heading, with the headings above it."""

    headings: tuple[str, ...]
    lines: list[Sentence | tuple[Setting, Document]] = field(default_factory=list)


def audited(document: Document, figure: Figure | None) -> tuple[list[Claim], int]:
    """The claims in the order in which they stand, and how many sentences were read. Errors: LorafigError."""
    sections = list(_sections(document))
    texts = [line for section in sections for line in section.lines if isinstance(line, Sentence)]
    own = any(isinstance(line, tuple) for section in sections for line in section.lines)
    if figure is None and not own:
        hint = "name a spec, a saved adapter or a network with --model, or write <!-- lorafig: {…} --> in it"
        if document.file.endswith((".yaml", ".yml")):
            hint = f"if it is a spec, 'lorafig check {document.file}' decides what it claims"
        raise LorafigError(
            Problem(f"nothing says what model {document.file} is about", None, hint, code="audit")
        )
    if not own and not is_of_adapters(texts):
        return [], len(texts)
    claims: list[Claim] = []
    judge = None if figure is None else _Judge(figure)
    for section in sections:
        heard = [line for line in section.lines if isinstance(line, Sentence)]
        silent = not speaks_of_training([*section.headings, *heard])
        elsewhere = False  # behind a sentence about another network, what has 7B parameters is that one
        for line in section.lines:
            if isinstance(line, tuple):
                said = line[0].text
                judge = None if said == "off" else _Judge(figure_said(*line), section.headings)
                elsewhere = False
            elif judge is not None and not silent and not judge.is_other(section.headings, line):
                elsewhere = elsewhere and not is_ours(line)
                if not (elsewhere and is_of_a_network(line)):
                    claims += judge.claims(line)
            else:
                elsewhere = True
    return claims, len(texts)


def _sections(document: Document) -> Iterator[_Section]:
    stack: list[tuple[int, str]] = []
    section = _Section(())
    for item, place in _items(document):
        if isinstance(item, Setting):
            section.lines.append((item, place))
            continue
        lines = list(sentences(item, place))
        if item.level:
            yield section
            stack = [*(entry for entry in stack if entry[0] < item.level), (item.level, " ".join(lines))]
            section = _Section(tuple(text for _, text in stack))
        section.lines += lines
    yield section


def _items(document: Document) -> Iterator[tuple[Block | Setting, Document]]:
    """The blocks, each with the document that it stands in: what is included is read where it stands."""
    for item in read(document):
        if not isinstance(item, Include):
            yield item, document
        elif document.opened is not None:
            try:
                inner = document.opened(item.name)
            except LorafigError as error:
                place = document.place(item.offset)
                told = tuple(one._replace(where=place) for one in error.problems)
                raise LorafigError(told, error.kind) from None
            inner.macros = document.macros
            yield from _items(inner)


class _Judge:
    """Decides sentences over the symbols of a model. The headings `above` stand before it was said, and may
    name another."""

    def __init__(self, figure: Figure, above: tuple[str, ...] = ()) -> None:
        self.subject, self.above = Subject(figure), frozenset(above)
        self.collector = begun(figure)
        self.collector.claims.clear()
        known = self.collector.judge.symbols
        if known.merged is not None and not known.knows(MERGED):
            known.terms[MERGED] = known.merged  # which a figure draws, and a document speaks of
        r, alpha = figure.model.r, figure.model.alpha
        scaled = r is not None and alpha is not None and alpha != r
        self._plain = begun(replace(figure, model=replace(figure.model, alpha=r))) if scaled else None
        self._others: dict[tuple[str, ...], bool] = {}

    def is_other(self, headings: tuple[str, ...], line: Sentence) -> bool:
        """Whether a sentence, or a heading above it, names another model."""
        if headings not in self._others:
            own = (heading for heading in headings if heading not in self.above)
            self._others[headings] = any(map(self.subject.is_other, own))
        return self._others[headings] or self.subject.is_other(line)

    def claims(self, line: Sentence) -> list[Claim]:
        if _CLAIMS.search(line) is None or is_advice(line):
            return []
        told = self._alone(line.part(answered(line), len(line)))
        if told:
            return told
        # Words around a formula that are not understood may deny it, or be about one of several values.
        alone = [claim for part in _formulas(line) if part != line for claim in self._alone(part)]
        firm = _FIRM if not is_hedged(line) else ()
        return [claim for claim in alone if claim.verdict == "holds" or claim.kind in firm]

    def _read(self, line: Sentence) -> list[Claim]:
        collector = Collector(self.collector.judge, trees=self.collector.trees, terms=self.collector.terms)
        collector.text(line, None, titled=True)
        return [self._unscaled(claim) for claim in collector.claims if self._is_claim(claim, line)]

    def _unscaled(self, claim: Claim) -> Claim:
        """An equation that is false for want of the scaling alone may leave it to the words around."""
        if claim.verdict != "fails" or claim.kind != "equation" or claim.tree is None or self._plain is None:
            return claim
        if self._plain.judge.judge(claim.tree).verdict != "holds":
            return claim
        what = f"it holds without the scaling: {claim.detail}"
        return replace(claim, verdict="undetermined", detail=what)

    def _alone(self, part: Sentence) -> list[Claim]:
        """What a sentence claims, or a formula by itself; nothing if it cannot be read."""
        try:
            return self._read(part)
        except LorafigError:
            return []

    def _is_claim(self, claim: Claim, line: Sentence) -> bool:
        """Whether what was read is a claim about the model: it is decided, or all its symbols are known."""
        if claim.verdict == "prose" or claim.hint is SAID or (claim.detail or "").startswith(METHOD_SHOWN):
            return False
        if claim.verdict == "holds" and claim.kind == "shape" and not isinstance(claim.tree, _STATING):
            return False  # a symbol, or a number, that a sentence speaks of
        if claim.verdict != "undetermined":
            return True
        trees = [claim.tree] if claim.tree is not None else []
        if not trees:
            trees = [tree for part in _formulas(line) if (tree := _tree(part)) is not None]
        names = {name for tree in trees for node in walk(tree) if (name := key(node)) is not None}
        symbols = self.collector.judge.symbols
        return bool(names) and all(symbols.knows(name) or name in _ASIDE for name in names)


def _formulas(line: Sentence) -> Iterator[Sentence]:
    """The formulas of a sentence, each as a sentence of its own."""
    for match in re.finditer(r"(?<!\\)\$((?:\\.|[^\\$])+)\$", line):
        yield line.part(*match.span())


def _tree(part: Sentence) -> Node | None:
    try:
        return parse_math(part[1:-1])
    except LorafigError:
        return None
