"""Collects the claims of one figure: what is judged, where it stands, and its element's excuse."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct, field

from lorafig.errors import Place
from lorafig.language.model import Figure, Located, Panel, Scope, Source, Symbol
from lorafig.language.scope import number_of, own_numbers, panels, scoped
from lorafig.language.table import called
from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.children import children, walk
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.tree import Braced, Listing, Node, Product, Relation, Run, Shape, Words
from lorafig.notation.write.plain import text_to_plain
from lorafig.pattern import any_case
from lorafig.verify.decide import printed, quantized
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.asserted.decide import Standing, decide
from lorafig.verify.decide.definitions import define_all
from lorafig.verify.decide.floating import Floating
from lorafig.verify.decide.judge import Judge
from lorafig.verify.decide.properties import turned
from lorafig.verify.decide.suppositions import of_open
from lorafig.verify.figure import rolewords
from lorafig.verify.figure.language import language_of_figure
from lorafig.verify.meaning.figure_symbols import of_figure
from lorafig.verify.meaning.shapes import elaborate
from lorafig.verify.meaning.sorts import sort_of
from lorafig.verify.meaning.terms import ONE, Doubt, Term
from lorafig.verify.read.assertions import (
    Assertion,
    Counts,
    IsA,
    Marked,
    Moves,
    Reading,
    Stated,
    Supposed,
    Targets,
)
from lorafig.verify.read.classify import kind_of, shown
from lorafig.verify.read.clause import Context
from lorafig.verify.read.kept import read
from lorafig.verify.read.printed import read as read_printed
from lorafig.verify.read.quoted import spaced
from lorafig.verify.report import Claim, placed
from lorafig.verify.verdicts import EQUATION, Verdict

PROSE = Answer("property", "prose")
_YES = any_case(r"\s*(yes|no|true|false)\b\s*(?:[.,:;!—–-]+\s*|$)", "yes|no|true|false")
_WHY = any_case(
    r"[\s¿]*(?:why|how come|warum|wieso|weshalb|pourquoi|por qué|为什么|為什麼|なぜ|왜)",
    "why|how come|warum|wieso|weshalb|pourquoi|por qué|为什么|為什麼|なぜ|왜",
)
_TRUTH = any_case(r"\s*true\s+or\s+false\b", "true")
_ELSEWHERE = any_case(r"\b(?:on|by|at|from|with|for|in|since|until|elsewhere)\b")
NOWHERE = Standing()
UNREAD = "each of its words is known, and what they say together is not"
SAID = (
    "say it in words such as: W is frozen; A and B are trained; 2,048 trainable parameters; 32× fewer "
    "trainable parameters; a rank of 4; a name has a capital, or its number joined by a hyphen (Llama-3); or "
    "say on its element why it is true: unverified: …"
)


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
    prose: list[Claim] = field(default_factory=list)
    merged: dict[str, bool] = field(default_factory=dict)  # which symbols are the merged weight
    alone: bool = False  # whether it is one claim by itself, that speaks of the sizes it gives

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
        answer = self.in_words(tree, ())
        if answer is None and worded(tree):
            self.is_prose(source, unverified, place_of(source))
        self.add(self.judge.judge(tree) if answer is None else answer, source, unverified, tree=tree)

    def is_prose(self, text: str, unverified: str | None, where: Place | None) -> None:
        """What nobody can check: it is listed as such."""
        self.prose.append(placed(PROSE, str(text), where, unverified))

    def spoken(self, label: Node, own: Node) -> Answer | None:
        """The answer on the words of a label that stands beside `own`, a number of what they name perhaps;
        None if they assert nothing."""
        words = Words(label.name) if self.judge.is_word(label) else label
        if not worded(words):
            return None
        if self.kind(own) in ("size", "amount"):
            return self.in_words(Product((own, words), ("",), ("",)), ())
        return self.in_words(words, (own,))

    def in_words(self, node: Node, own: tuple[Node, ...]) -> Answer | None:
        """The answer on a label of mathematics with words in it, or under its braces; None if it has none
        that assert anything."""
        answers: list[Answer] = []
        for part in walk(node):
            if not isinstance(part, Braced) or part.label is None:
                continue
            said = self.spoken(part.label, part.body)
            if said is not None:
                answers.append(said)
        if worded(node):
            from lorafig.verify.read.reading import read_math

            about = tuple(one for one in own if self.judge.symbols.knows(key(one)) or own)
            known = self.judge.symbols
            context = Context(
                own=about,
                method=known.adapter.name,
                formats=known.formats,
                network=bool(known.network),
            )
            reading = read_math(node, self.judge.symbols.knows, self.kind, context)
            if reading.kind == "unread":
                return unread(reading)
            answers += [decide(assertion, self.judge, NOWHERE) for assertion in reading.assertions]
            if not answers:
                return None
            return worst(answers)
        return worst([self.judge.judge(node), *answers]) if answers else None

    def text(
        self,
        source: str,
        unverified: str | None,
        own: str | Sequence[str] | None = None,
        standing: Standing = NOWHERE,
        titled: bool = False,
        mark: str = "",
        asks: bool = False,
        question: str | None = None,
        heading: str | None = None,
    ) -> None:
        """A text, read as a whole: what it asserts is decided, and what it says besides is prose.

        On an element it may speak of the element's `own` symbols without naming them. As a title it says what
        stands below it, which is known as far as `standing` says. `mark` is the role that its element is
        drawn in. A `heading` above it may say of what it speaks.
        """
        runs = parse_text(source)
        line = read_printed(text_to_plain(runs))
        plain, symbols = text_to_plain(runs), self.judge.symbols
        answer = quantized.answer(plain, symbols) if line is None else printed.decide(line, symbols)
        if answer is not None:
            self.add(answer, source, unverified)
            return
        names = (own,) if isinstance(own, str) else tuple(own or ())
        role = rolewords.answer(text_to_plain(runs), names, self.judge.symbols)
        if role is not None:
            self.add(role, source, unverified)
            return
        context = self._context(own, standing, titled, mark)
        about = context.own
        if len(about) == 1 and len(runs) == 1 and runs[0].math is not None and not worded(runs[0].math):
            node, symbol = runs[0].math, about[0]
            assert not isinstance(symbol, str)
            self.add(self._on(symbol, node), _inside(source, runs[0]), unverified, place_of(source), node)
            return
        known, kind = self.judge.symbols.knows, self.kind
        yes = None if question is None else _YES.match(source)
        if question is not None and yes is not None:
            from lorafig.verify.read.reading import read_question

            asked = read_question(parse_text(question), known, kind, context)
            told = [decide(one, self.judge, standing) for one in asked]
            no = yes[1].lower() in ("no", "false")
            answers = [turned(answer, no) for answer in told if answer.verdict != "undetermined"]
            if len(answers) == len(told) == 1:
                self.add(answers[0], source, unverified)
            source, question = Source(source[yes.end() :] or source, getattr(source, "where", None)), None
            runs = parse_text(source)
        reading = read(runs, known, kind, context)
        if question is not None and (reading.kind == "prose" or _is_short(runs)):
            from lorafig.verify.read.reading import read_answer

            whole = read_answer(parse_text(question), runs, known, kind, context)
            reading = whole if whole.kind == "asserts" or reading.kind == "unread" else reading
            if reading.kind == "prose" and whole.kind == "unread" and _is_short(runs):
                reading = whole
        if heading is not None:
            from lorafig.verify.read.reading import read_below

            below = read_below(parse_text(heading), runs, known, kind, context)
            reading = reading if below is None else below
        if asks and _WHY.match(source) is not None:
            from lorafig.verify.read.reading import read_question

            for one in read_question(runs, known, kind, context):
                answer = decide(one, self.judge, standing)
                if answer.verdict == "fails":
                    self.add(answer, source, unverified)
                    return
        if asks and (reading.kind == "unread" or _TRUTH.match(source) is not None):
            reading = Reading("prose")  # what is to be found out is not said
        self._told(reading, runs, source, unverified, standing, mark)

    def lines(
        self,
        lines: Sequence[str],
        unverified: str | None,
        own: str | Sequence[str] | None,
        mark: str = "",
        standing: Standing = NOWHERE,
    ) -> None:
        """Lines of words on an element, each by itself, or as one text where that says more: `Not` above
        `merged`."""
        if len(lines) > 1:
            whole = Source(" ".join(map(str, lines)), getattr(lines[0], "where", None))
            known, context = self.judge.symbols.knows, self._context(own, standing, False, mark)
            one, *each = (read(parse_text(line), known, self.kind, context) for line in (whole, *lines))
            if one.kind == "asserts" and not one.passed and any(line.kind != "asserts" for line in each):
                lines = (whole,)
        for line in lines:
            self.text(line, unverified, own, standing, mark=mark)

    def called(
        self, words: str, own: Sequence[str], unverified: str | None, standing: Standing = NOWHERE
    ) -> None:
        """What words that stand elsewhere, or were read line by line, assert of these symbols too, as far as
        that is decided."""
        runs = parse_text(words)
        context = self._context(own, standing, False, "")
        reading = read(runs, self.judge.symbols.knows, self.kind, context)
        if reading.kind == "asserts":
            told = Collector(self.judge)
            told._told(reading, runs, words, unverified, standing)
            self.claims += [claim for claim in told.claims if claim.verdict != "undetermined"]

    def says(self, words: str) -> bool:
        """Whether words assert anything by themselves, wherever they stand."""
        context = self._context(None, NOWHERE, False, "")
        return read(parse_text(words), self.judge.symbols.knows, self.kind, context).kind == "asserts"

    def supposes(self, words: str) -> bool:
        """Whether words say of which sizes they speak, and what is so then."""
        context = self._context(None, NOWHERE, False, "")
        reading = read(parse_text(words), self.judge.symbols.knows, self.kind, context)
        return any(isinstance(assertion, Supposed) for assertion in reading.assertions)

    def names(self, words: str, own: Sequence[str]) -> bool:
        """Whether all that words assert of these symbols is what they are called: `Adapters`."""
        context = self._context(own, NOWHERE, False, "")
        reading = read(parse_text(words), self.judge.symbols.knows, self.kind, context)
        return all(isinstance(assertion, IsA) for assertion in reading.assertions)

    def marked(self, words: str, unverified: str | None, mark: str) -> None:
        """Words that say another role than their element is drawn in, whatever they call it; but for what was
        trained elsewhere: `trained on ImageNet`."""
        if _ELSEWHERE.search(words) is not None:
            return
        context = self._context(None, NOWHERE, False, mark)
        reading = read(parse_text(words), self.judge.symbols.knows, self.kind, context)
        for one in (*reading.assertions, *reading.aside):
            if isinstance(one, Marked) and one.said in ("frozen", "trained") and one.said != mark:
                self.add(decide(one, self.judge, NOWHERE), words, unverified)
                return

    def understood(self, source: str) -> bool:
        """Whether each word of a text is known."""
        context = self._context(None, NOWHERE, False, "")
        return not read(parse_text(source), self.judge.symbols.knows, self.kind, context).unread

    def _context(
        self, own: str | Sequence[str] | None, standing: Standing, titled: bool, mark: str
    ) -> Context:
        names = (own,) if isinstance(own, str) else () if own is None else tuple(own)
        known = self.judge.symbols
        return Context(
            own=tuple(self.tree(name) for name in names if known.knows(key(self.tree(name)))),
            titled=titled,
            staged=standing.stage is not None,
            mark=mark,
            method=known.adapter.name,
            formats=known.formats,
            network=bool(known.network),
            alone=self.alone,
            language=self.judge.language,
        )

    def _told(
        self,
        reading: Reading,
        runs: Sequence[Run],
        source: str,
        unverified: str | None,
        standing: Standing,
        mark: str = "",
    ) -> None:
        """What was read, decided. Mathematics in prose names something, or states it: that is decided too."""
        place = {id(run.math): run for run in runs if run.math is not None}
        for assertion in reading.aside:
            answer = decide(assertion, self.judge, standing)
            if answer.verdict == "fails":
                self.add(answer, source, unverified)
                return
        if reading.kind == "unread":
            self._unread(reading, source, unverified)
            return
        if reading.kind == "prose":
            self.is_prose(source, unverified, place_of(source))
            stated = [*place.values()]
            asked = runs[-1].text.strip() == "?" and _WHY.match(source) is None
            if stated and isinstance(stated[-1].math, Relation) and asked:
                stated.pop()  # `Is $t < T$?` states nothing, `Why is $h = Wx$?` does
            for run in stated:
                assert run.math is not None
                where = place_of(source, run.offset)
                self.add(self._named(run.math), _inside(source, run), unverified, where, run.math)
            return
        for words in reading.passed:
            self.is_prose(words, unverified, place_of(source))
        answers: list[Answer] = []
        elsewhere = False  # whether it says something of what is not drawn
        said = of_open(reading.assertions, self.judge.symbols) if self.alone else reading.assertions
        for assertion in (*said, *_drawn_as(reading.assertions, mark)):
            put = standing.step in ("", None, "inject")  # of which the step itself decides
            if isinstance(assertion, Targets) and put and self._of_one_layer():
                elsewhere = True
                continue
            answer = decide(assertion, self.judge, standing)
            own = place.get(id(assertion.node)) if isinstance(assertion, Stated) else None
            if own is not None:
                where = place_of(source, own.offset)
                self.add(answer, _inside(source, own), unverified, where, own.math)
            else:
                answers.append(answer)
        if elsewhere and all(answer.verdict == "holds" for answer in answers):
            self.is_prose(source, unverified, place_of(source))
        elif answers:
            self.add(worst(answers), source, unverified)

    def _of_one_layer(self) -> bool:
        """Whether the figure is of one layer, whichever it is: `LoRA on q and v` is of what is not drawn."""
        symbols = self.judge.symbols
        drawn = any(True for _ in symbols.own("frozen", "trained", "random"))
        return symbols.whole[0] is None and not (self.alone or drawn)

    def _named(self, node: Node) -> Answer:
        """Mathematics in prose: of a family its letter alone is any of its members."""
        name = key(bare(node))
        member = None if name is None else self.judge.symbols.any_of(name)
        return self.judge.judge(node if member in (None, name) else tree.Symbol(member))

    def _unread(self, reading: Reading, source: str, unverified: str | None) -> None:
        self.add(unread(reading), source, unverified, place_of(source, reading.start))

    def kind(self, node: Node) -> str | None:
        """What mathematics in a text is: see `concepts`."""
        return sort_of(node, self.judge.symbols)

    def label(self, symbol: str, source: str, unverified: str | None) -> None:
        """What is written on an element: it must speak of the element's own symbol."""
        answers = self.labels.get((symbol, source))
        if answers is None:
            node, own = self.tree(source), self.tree(symbol)
            said = self.in_words(node, (own,)) if worded(node) else None
            if said is not None:
                self.labels[symbol, source] = [(node, said)]
                self.add(said, source, unverified, place_of(source), node)
                return
            statements: Sequence[Node] = node.items if isinstance(node, Listing) else (node,)
            answers = [(statement, self._on(own, statement)) for statement in statements]
            self.labels[symbol, source] = answers
        for statement, answer in answers:
            text = source if len(answers) == 1 else _part(source, statement)
            self.add(answer, text, unverified, place_of(source, _start(source, statement)), statement)

    def _on(self, own: Node, node: Node) -> Answer:
        name = key(own)
        if bare(node) != bare(own):
            node = self.judge.sized(node) or node
        if isinstance(node, Relation):
            kind = kind_of(node)
            answer = self.judge.judge(node)
            about = self._speaks_of(own, node)
            if about or kind in ("count", "ratio", "percent", "inequality", "rank"):
                return answer
            what, hint = f"it speaks of {spaced(node.sides[0])}, and stands on {spaced(own)}", None
            if isinstance(own, Relation):
                what = EQUATION
                hint = f"write the symbol, {spaced(own.sides[0])}, and the equation beside it: math: '…'"
            return Answer(kind, "fails", answer.value, answer.shown, detail=what, hint=hint)
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


def _drawn_as(said: Sequence[Assertion], mark: str) -> list[Assertion]:
    """What the colour of a text says of what is counted in it: what is drawn as frozen is frozen."""
    told: list[Assertion] = []
    for one in said:
        if mark in ("frozen", "trained") and isinstance(one, Counts):
            if one.what.role in ("frozen", "trained"):
                told.append(Marked(one.what.role, mark))
            elif one.what.subjects and "model" not in one.what.subjects and not one.what.kept:
                told.append(Moves(one.what.subjects, mark == "trained"))
    return told


def _is_short(runs: Sequence[Run]) -> bool:
    """Whether an answer is a number, or a symbol, and no more."""
    words = " ".join(run.text for run in runs if run.math is None).split()
    return len(words) <= 2 and (len(runs) > len(words) or any(char.isdigit() for char in "".join(words)))


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
    table = of_figure(inside, fixed)
    sizes = {name: size for name, size in table.dimensions.items() if size is not None}
    judge = Judge(
        table,
        seed,
        figure.numbers.rounding,
        Floating(sizes, seed) if floating and sizes else None,
        language=language_of_figure(figure),
    )
    collector = Collector(judge) if told is None else Collector(judge, told.claims, told.silent)
    lets = inside.model.let
    answers = define_all([collector.tree(source) for source in lets], judge)
    for source, answer in list(zip(lets, answers, strict=True))[len(lets) - len(own) if panel else 0 :]:
        collector.add(answer, source, figure.unverified)
    scope = figure.model if panel is None else panel.model
    for symbol in () if scope is None else scope.symbols:
        _begins(symbol, collector, figure.unverified)
    given = inside.model.given
    if given:
        from lorafig.verify.decide.given import assume, pairs

        nodes = [collector.tree(source) for source in given]
        said, solved = assume(nodes, judge)
        judge.given = tuple(bare(part) for node in nodes for part in pairs(node))
        judge.assuming = (
            Judge(table.assuming(solved), seed, judge.rounding, judge.floating, given=judge.given)
            if solved
            else None
        )
        judge.loose = any(answer.verdict == "undetermined" for answer in said)
        first = 0 if panel is None or panel.model is None else len(given) - len(panel.model.given)
        for source, answer in list(zip(given, said, strict=True))[first:]:
            collector.add(answer, source, figure.unverified)
    return collector


def _begins(symbol: Symbol, collector: Collector, unverified: str | None) -> None:
    """What a symbol starts as, if that is made of others, has its shape."""
    known = collector.judge.symbols
    row = None if known.table is None else known.table.rows.get(called(symbol.name))
    if row is None or row.begins is None:
        return
    try:
        due = known.term(called(symbol.name)).type
        kind = elaborate(row.begins, known).type
    except Doubt as doubt:
        collector.add(doubtful("init", doubt), str(symbol.start), unverified, place_of(symbol.start))
        return
    said = f"{symbol.name} is {due}, and it starts as {spaced(row.begins)}, which is {kind}"
    verdict: Verdict = "holds" if kind.sizes == due.sizes else "ill-typed"
    collector.add(Answer("init", verdict, detail=said), str(symbol.start), unverified, place_of(symbol.start))


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


def _start(source: str, node: Node) -> int:
    start = node.span[0]
    return start if 0 <= start < len(source) else 0


def _part(source: str, node: Node) -> str:
    start, stop = node.span
    return source[start:stop] if 0 <= start < stop <= len(source) else spaced(node)


def unread(reading: Reading) -> Answer:
    """The answer on a text of which something was not understood."""
    quoted = ", ".join(f"'{word}'" for word in dict.fromkeys(reading.unread))
    what = (
        f"{quoted} in it {'is' if len(reading.unread) == 1 else 'are'} not understood" if quoted else UNREAD
    )
    return Answer("property", "undetermined", detail=what, hint=_written_elsewhere(reading.unread) or SAID)


def _written_elsewhere(unread: Collection[str]) -> str | None:
    """How a sign of LaTeX, or of a template, is written in a text; None with other words beside it."""
    signs = set(unread)
    if signs and signs <= {"~", "--", "---"}:
        return "a text has no signs of LaTeX: write a blank for ~, – for --"
    if signs and signs <= {"{", "}", "{{", "}}"}:
        return "a number that is computed is mathematics: $\\num{2dr}$"
    return None


def worded(node: Node) -> bool:
    """Whether there are words in a label of mathematics, other than under a brace of it."""
    if isinstance(node, Words):
        return node.text.strip() != ""
    inner = (node.body,) if isinstance(node, Braced) else children(node)
    return any(worded(part) for part in inner)


def _inside(source: str, run: Run) -> str:
    """The mathematics of a run as it is written."""
    end = run.offset + 1
    while source[end] != "$":
        end += 2 if source[end] == "\\" else 1
    return source[run.offset + 1 : end].strip()
