"""Collects the claims of one figure: what is judged, where it stands, and its element's excuse."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct, field

from lorafig.errors import Place
from lorafig.language.model import Figure, Located, Panel, Scope
from lorafig.language.scope import number_of, own_numbers, panels, scoped
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import walk
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Listing, Node, Relation, Run, Shape
from lorafig.notation.write.plain import text_to_plain
from lorafig.verify.decide import printed, properties
from lorafig.verify.decide.answer import Answer, doubtful
from lorafig.verify.decide.definitions import define_all
from lorafig.verify.decide.floating import Floating
from lorafig.verify.decide.given import assume
from lorafig.verify.decide.judge import Judge
from lorafig.verify.meaning import symbols
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.terms import ONE, Term, Undecidable
from lorafig.verify.read import texts
from lorafig.verify.read.classify import kind_of, shown
from lorafig.verify.read.phrases import turning
from lorafig.verify.read.printed import read as read_printed
from lorafig.verify.read.quoted import spaced
from lorafig.verify.report import Claim, placed


def place_of(source: object, offset: int = 0, element: Located | None = None) -> Place | None:
    """Where a label stands in its file, or else its element; None for one made in Python."""
    at = getattr(source, "at", None)
    place = at(offset) if at is not None else getattr(source, "where", None)
    if not isinstance(place, Place):
        return None if element is None else element.where
    return place


class Collector(Struct):
    """What is decided of a figure so far. Trees and terms of labels are made once, by their source."""

    judge: Judge
    claims: list[Claim] = field(default_factory=list)
    silent: list[Claim] = field(default_factory=list)
    trees: dict[str, Node] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)
    labels: dict[tuple[str, str], list[tuple[Node, Answer]]] = field(default_factory=dict)

    def tree(self, source: str) -> Node:
        tree = self.trees.get(source)
        if tree is None:
            tree = self.trees[source] = parse_math(source)
        return tree

    def term(self, source: str) -> Term:
        """What a label means. Raises a Doubt."""
        term = self.terms.get(source)
        if term is None:
            term = self.terms[source] = elaborate(self.tree(source), self.judge.symbols)
        return term

    def add(
        self,
        answer: Answer,
        source: str,
        unverified: str | None,
        where: Place | None = None,
        tree: Node | None = None,
    ) -> None:
        place = where if where is not None else place_of(source)
        self.claims.append(placed(answer, str(source), place, unverified, tree))

    def untold(self, answer: Answer, source: str, unverified: str | None, where: Place | None = None) -> None:
        """A claim that is told at other sizes."""
        place = where if where is not None else place_of(source)
        self.silent.append(placed(answer, str(source), place, unverified))

    def math(self, source: str, unverified: str | None) -> None:
        """A label of mathematics that stands by itself."""
        tree = self.tree(source)
        self.add(self.judge.judge(tree), source, unverified, tree=tree)

    def text(self, source: str, unverified: str | None, own: str | None = None) -> None:
        """A text: the mathematics in it, and words that claim something.

        On an element it speaks of the element's `own` symbol; elsewhere a shape speaks of the symbol
        before it, as in `$A$ is $r \\times k$`.
        """
        subject: str | None = None
        runs = parse_text(source)
        words = text_to_plain(runs)
        judge = self.judge
        known, rest = properties.decide(words, judge.symbols, judge.seed)
        if known is not None:
            self.add(_unturned(known, rest), source, unverified)
        name = None if own is None else key(self.tree(own))
        if name is not None and judge.symbols.knows(name):
            said = properties.about(name, words, judge.symbols, judge.seed)
            if said is not None:
                self.add(said, source, unverified)
        for piece in texts.pieces(source):
            where = place_of(source, piece.offset)
            if piece.math is not None:
                if piece.compared is not None:
                    answer = judge.judge(piece.compared)
                elif own is not None:
                    answer = self._on(self.tree(own), piece.math)
                else:
                    timed = judge.at_start() if _begun(runs, piece.offset) else judge
                    answer = timed.judge(piece.math, subject)
                    symbol = key(piece.math)
                    if symbol is not None and self.judge.symbols.knows(symbol):
                        subject = symbol
                compared = piece.compared if piece.compared is not None else piece.math
                self.add(answer, piece.text, unverified, where, compared)
                continue
            line = read_printed(piece.text)
            if line is not None:
                self.add(printed.decide(line, judge.symbols), piece.text, unverified, where)
                continue
            answer = Answer(
                "count",
                "undetermined",
                detail=texts.CLAIMED,
                hint="put the mathematics between $…$, or say on its element why it is true: unverified: …",
            )
            self.add(answer, piece.text, unverified, where)

    def label(self, symbol: str, source: str, unverified: str | None) -> None:
        """What is written on an element: it must speak of the element's own symbol."""
        answers = self.labels.get((symbol, source))
        if answers is None:
            node, own = self.tree(source), self.tree(symbol)
            statements: Sequence[Node] = node.items if isinstance(node, Listing) else (node,)
            answers = [(statement, self._on(own, statement)) for statement in statements]
            self.labels[symbol, source] = answers
        for statement, answer in answers:
            text = source if len(answers) == 1 else _part(source, statement)
            self.add(answer, text, unverified, place_of(source, _start(source, statement)), statement)

    def _on(self, own: Node, node: Node) -> Answer:
        name = key(own)
        if isinstance(node, Relation):
            kind = kind_of(node)
            answer = self.judge.judge(node)
            about = self._speaks_of(own, node)
            if about or kind in ("count", "ratio", "percent", "inequality", "rank"):
                return answer
            what = f"it speaks of {spaced(node.sides[0])}, and stands on {spaced(own)}"
            return Answer(kind, "fails", answer.value, answer.shown, detail=what)
        if isinstance(node, Shape) or shown(node) is not None:
            return self.judge.judge(node, name)
        if bare(node) == bare(own):
            return self.judge.judge(node)
        return self.judge.judge(Relation((own, node), ("=",)))

    def _speaks_of(self, own: Node, node: Relation) -> bool:
        if any(bare(side) == bare(own) for side in node.sides):
            return True
        name = key(own)
        if name is None:
            return False
        canonical = self.judge.symbols.canonical
        return canonical(name) in {
            canonical(named) for part in walk(node.sides[0]) if (named := key(part)) is not None
        }


def begun(
    figure: Figure, floating: bool = False, panel: Panel | None = None, told: Collector | None = None
) -> Collector:
    """A collector with the meaning of the figure's symbols, and the claims of its `let`. `floating` is True
    to evaluate in float64 what is judged later.

    In a `panel` with a model of its own the claims are those of the panel's `let`: what the figure's says is
    known as far as it holds there, and the panel does not say otherwise. They come behind what is `told`.
    """
    own = () if panel is None or panel.model is None else panel.model.let
    seed, fixed = str(figure.id), None
    if panel is not None and panel.model is not None:
        seed, fixed = f"{figure.id} {number_of(figure, panel)}", own_numbers(panel)
    inside = figure if panel is None else scoped(figure, panel)
    table = symbols.of_figure(inside, fixed)
    sizes = {name: size for name, size in table.dimensions.items() if size is not None}
    judge = Judge(table, seed, figure.numbers.rounding, Floating(sizes, seed) if floating else None)
    collector = Collector(judge) if told is None else Collector(judge, told.claims, told.silent)
    lets = inside.model.let
    answers = define_all([collector.tree(source) for source in lets], judge)
    for source, answer in list(zip(lets, answers, strict=True))[len(lets) - len(own) if panel else 0 :]:
        collector.add(answer, source, figure.unverified)
    given = inside.model.given
    if given:
        nodes = [collector.tree(source) for source in given]
        said, solved = assume(nodes, judge)
        judge.given = tuple(map(bare, nodes))
        judge.assuming = (
            Judge(table.assuming(solved), seed, judge.rounding, judge.floating) if solved else None
        )
        first = 0 if panel is None or panel.model is None else len(given) - len(panel.model.given)
        for source, answer in list(zip(given, said, strict=True))[first:]:
            collector.add(answer, source, figure.unverified)
    return collector


def shapes(figure: Figure) -> dict[Scope | None, dict[str, tuple[str, ...]]]:
    """The shapes of what `let` defines, for the layout: rows and columns, one entry for a vector; by the
    model of the panel, None for the figure's own."""
    scopes = {panel.model: panel for panel in panels(figure) if panel.model is not None}
    found: dict[Scope | None, dict[str, tuple[str, ...]]] = {}
    if figure.model.let:
        found[None] = _defined(begun(figure))
    for scope, panel in scopes.items():
        if figure.model.let or scope.let:
            found[scope] = _defined(begun(figure, False, panel))
    return found


def _defined(collector: Collector) -> dict[str, tuple[str, ...]]:
    known = collector.judge.symbols
    kinds = {name: known.terms[name].type for name in known.given if name in known.terms}
    return {
        name: (kind.rows,) if kind.columns == ONE else (kind.rows, kind.columns)
        for name, kind in kinds.items()
        if not kind.is_scalar
    }


def _unturned(answer: Answer, rest: str) -> Answer:
    """The answer on the phrases of a text, unless its other words (… stands for a phrase) turn one round:
    `It is not true that W is frozen`."""
    for sentence in re.split(r"[.;]\s", rest):
        turned = turning().search(sentence)
        if "…" in sentence and turned is not None and answer.verdict == "holds":
            what = f"'{turned[0]}' beside it changes what is said, in no way that is known"
            return doubtful("property", Undecidable(what, "write each statement by itself"))
    return answer


def _begun(runs: tuple[Run, ...], offset: int) -> bool:
    """Whether the mathematics that begins here is said of the start of training."""
    places = [place for place, run in enumerate(runs) if run.math is not None]
    here = next(place for place in places if runs[place].offset == offset)
    before, after = (
        max([p for p in places if p < here], default=-1),
        min([p for p in places if p > here], default=len(runs)),
    )
    said = ["".join(run.text for run in part) for part in (runs[before + 1 : here], runs[here + 1 : after])]
    return properties.begun(said[0], said[1], before < 0)


def _start(source: str, node: Node) -> int:
    start = node.span[0]
    return start if 0 <= start < len(source) else 0


def _part(source: str, node: Node) -> str:
    start, stop = node.span
    return source[start:stop] if 0 <= start < stop <= len(source) else spaced(node)
