"""One claim by itself, as `lorafig claim` decides it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from msgspec.structs import replace

from lorafig.core.adapter import Adapter
from lorafig.core.adapters import ADAPTERS
from lorafig.core.network import Network, symbols_of
from lorafig.errors import LorafigError, Problem
from lorafig.language.messages import did_you_mean
from lorafig.language.networks import by_name, from_file, no_module
from lorafig.notation.canonical import key
from lorafig.notation.children import children, walk
from lorafig.notation.read.commands import FUNCTIONS
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.read.wordlike import VALUE_WORDS
from lorafig.notation.tree import Big, Listing, Node, Number, Relation, Shape, Words
from lorafig.verify import conditional, methods, unsized
from lorafig.verify.decide import counts, printed, purpose
from lorafig.verify.decide.answer import Answer, doubtful, worst
from lorafig.verify.decide.definitions import define
from lorafig.verify.decide.floating import Floating
from lorafig.verify.decide.judge import PHRASED, WORDS_ALONE, Judge
from lorafig.verify.decide.suppositions import with_sizes
from lorafig.verify.figure.collector import Collector
from lorafig.verify.meaning import letters as own_letters
from lorafig.verify.meaning.claim_symbols import of_claim
from lorafig.verify.meaning.claim_values import told_apart
from lorafig.verify.meaning.sorts import sort_of
from lorafig.verify.meaning.supplied import of_modules
from lorafig.verify.meaning.symbols import ALIASES, CLAIM_ALIASES, Symbols
from lorafig.verify.meaning.terms import Doubt, Undecidable, Zero
from lorafig.verify.read import clauses, code, codewords, shorthand, texts
from lorafig.verify.read.classify import is_zero
from lorafig.verify.read.printed import read as read_printed
from lorafig.verify.read.reading import spoken
from lorafig.verify.read.spelling import plain, usual
from lorafig.verify.read.statement import Reader, plain_words
from lorafig.verify.read.tokens import tokens
from lorafig.verify.report import Claim, placed
from lorafig.verify.verdicts import SEVERITY

# More spaces than code is indented by: what splits a text at them would try each.
_LONG_SPACE = re.compile(r"\s{33,}")
_MARKUP = re.compile(r"[\\{}^]")  # signs of mathematics, which are none of words
_WORD = re.compile(r"(?<![\w\\])[A-Za-zÀ-ÿ][a-zß-ÿ]{2,}(?![\w(])|[⺀-鿿가-힯぀-ヿ]+")
_MODULE = re.compile(r"(?:[Tt]he\s+)?(?:\w+_proj|c_attn|c_fc)\s+(?:is|has|maps)\b")
COUNTED = ("count", "ratio", "percent")  # what words name the unit of
_CALLED = frozenset(
    {
        *("subject", "noun", "method", "dimension", "stage", "end", "matrix", "formula", "size"),
        *("of", "name", "scope", "comma", "open", "close", "join", "colon", "equals"),
    }
)
_SMALL = frozenset(
    {"the", "a", "an", "is", "are", "in", "by", "this", "its", "our", "here", "shown", "thus", "so"}
)
ROUNDINGS: Mapping[str, Literal["nearest", "down"]] = {"nearest": "nearest", "down": "down"}


def decide_one(
    text: str,
    dims: Mapping[str, int],
    shapes: Mapping[str, tuple[str, ...]],
    scalars: Mapping[str, Fraction],
    lets: Sequence[str],
    adapter: str,
    rounding: str,
    network: str | None = None,
    targets: Sequence[str] = (),
) -> Claim:
    if adapter not in ADAPTERS:
        raise LorafigError(
            Problem(
                f"there is no adapter '{adapter}'",
                None,
                " ".join(
                    filter(None, (did_you_mean(adapter, ADAPTERS), f"the adapters are {', '.join(ADAPTERS)}"))
                ),
                code="wrong-value",
            )
        )
    if rounding not in ROUNDINGS:
        raise LorafigError(
            Problem(
                f"there is no rounding '{rounding}'", None, "it is 'nearest' or 'down'", code="wrong-value"
            )
        )
    written, text = text, _LONG_SPACE.sub(" ", text)

    def of(adapter: str, said: str) -> Claim:
        row = ADAPTERS[adapter]
        values = told_apart(dims, scalars, lets, row)
        return _of_row(said, values, shapes, row, ROUNDINGS[rounding], network, targets)

    claim = _of_methods(text, adapter, of)
    return claim if written == text else replace(claim, text=written)


def _of_methods(text: str, adapter: str, of: Callable[[str, str], Claim]) -> Claim:
    """The claim, `of` the methods that it names if it names any."""
    named = methods.parts(text)
    if named:
        return replace(_worst([of(name, said) for name, said in named]), text=text)
    own = _method(text) if adapter == "lora" else None
    told = None if own is None else of(own, text)  # `In VeRA …`: of VeRA's own matrices
    return told if told is not None and told.verdict != "undetermined" else of(adapter, text)


def _of_row(
    text: str,
    values: tuple[dict[str, int], dict[str, Fraction], list[str]],
    shapes: Mapping[str, tuple[str, ...]],
    row: Adapter,
    rounding: Literal["nearest", "down"],
    network: str | None,
    targets: Sequence[str],
) -> Claim:
    """The claim of one method, with these sizes, scalars and definitions."""
    dims, scalars, lets = values
    given = shapes, lets, row, rounding, network, targets

    def there(said: str, layer: unsized.Layer) -> Claim:
        sizes = {name: int(value) for name, value in layer.items() if name != "α"}
        alpha = {"α": layer["α"]} if "α" in layer else {}
        return _decide(said, {**dims, **sizes}, {**scalars, **alpha}, *given)[0]

    if not (shapes or lets or network):
        known = {name: Fraction(size) for name, size in dims.items()}
        known |= {"α": scalars["α"]} if "α" in scalars else {}
        claim = conditional.decided(text, row, known, there)
        if claim is not None:
            return claim
    pieces = codewords.acts(text)
    if pieces:
        claims = [_decide(said, dims, scalars, *given)[0] for said in pieces]
        return replace(_worst(claims), text=text)
    claim, symbols = _decide(text, dims, scalars, *given)
    if claim.verdict != "undetermined":
        return claim
    return unsized.decided(text, symbols, there) or claim


def _worst(claims: Sequence[Claim]) -> Claim:
    return max(claims, key=lambda claim: SEVERITY[claim.verdict])


def _method(text: str) -> str | None:
    """The one method beside LoRA that a text speaks of; None if it names none, or several, or compares."""
    if re.search(r"[A-Za-z]{3}", text) is None or any(mark in text for mark in "$\\{"):
        return None
    try:
        said = spoken(parse_text(text), lambda name: False, lambda node: None)
    except LorafigError:
        return None
    names = {part.value for part in said if part.sort == "method"}
    if any(
        part.sort in ("unlike", "instead", "than", "compare", "different", "limit") or part.text == "?"
        for part in said
    ):
        return None
    named = names & ADAPTERS.keys() - {"lora"}
    return named.pop() if len(names) == len(named) == 1 else None


def _decide(
    text: str,
    dims: Mapping[str, int],
    scalars: Mapping[str, Fraction],
    shapes: Mapping[str, tuple[str, ...]],
    lets: Sequence[str],
    row: Adapter,
    rounding: Literal["nearest", "down"],
    network: str | None,
    targets: Sequence[str],
) -> tuple[Claim, Symbols]:
    """The claim at the sizes given, and its symbols."""
    written, rows = text, any(len(shapes.get(name, ())) == 2 for name in ("x", "X"))
    text, aside = code.parted(text)
    said, sign = code.spelled(text, rows), codewords.sign_of(aside)
    if said is not None and (sign or not said.startswith("W' = W -")):  # which may take it out again
        text = codewords.undone(said) if sign == "-" else said
    text = plain(text, row.title, quantized=row.name == "qlora")
    named = None if network is None else _network(network, targets)
    if named is None and targets:
        raise LorafigError(
            Problem("targets of no network", None, "name it: --network llama-3-8b", code="network")
        )
    counted = None if named is None else symbols_of(named, targets, row, dims.get("r"))
    shape = None if named is None or shapes else named.shape(targets)
    if shape is not None:
        dims = {"d": shape[0], **({} if shape[0] == shape[1] else {"k": shape[1]}), **dims}
    sizes = {size for shape in (*row.symbols.values(), *shapes.values()) for size in shape}
    names = {*row.symbols, *row.defined, *ALIASES, *CLAIM_ALIASES, *shapes, *dims, *sizes}
    names |= set(counted or ())
    reader = Reader(row.count, names.__contains__)
    source = usual(text)
    whole = reader.statements(source)
    definitions = [(source_, parse_math(source_)) for source_ in lets]
    read = [reader.read(part) for part in whole]
    nodes = [node for node, _ in read if node is not None]
    try:
        mentioned = _names([*nodes, *(node for _, node in definitions)])
        if _is_text(text) or _broken(text, read):  # the letters of a word are not symbols
            formulas = [
                node
                for part, (node, _) in zip(whole, read, strict=True)
                if isinstance(node, Relation) and _WORD.search(part) is None
            ]
            nodes = _mathematics(text, names.__contains__)
            spoken = _names([*nodes, *formulas])
            nodes = [*nodes, *formulas]
            letters = frozenset(name for name in mentioned if len(name) == 1 and name.isascii())
            mentioned = mentioned - letters | spoken
        beside = _mathematics(aside, names.__contains__) if aside else []
        mentions = mentioned | _words_with_index(source) | _names(beside)
        defined = (node.sides[0] for _, node in definitions if isinstance(node, Relation))
        own = frozenset(name for name in map(key, defined) if name is not None)
        symbols = of_claim(row.name, dims, shapes, scalars, mentions, counted, own)
    except Doubt as doubt:
        raise LorafigError(Problem(doubt.what, None, doubt.hint, code="wrong-value")) from None
    symbols.whole = (named, tuple(targets))
    if named is not None and not shapes:
        of_modules(symbols, named, mentions)
    if not shapes:
        own_letters.called([*nodes, *beside], symbols, own)
    try:
        _counted(symbols, mentions)
    except Undecidable as doubt:
        return placed(doubtful("count", doubt), written), symbols
    values = {name: size for name, size in symbols.dimensions.items() if size is not None}
    judge = Judge(symbols, text, rounding, Floating(values, text) if values else None)
    for source_, node in definitions:
        answer = define(node, judge)
        if answer.verdict != "holds":
            detail = answer.detail if answer.detail is not None else answer.verdict
            raise LorafigError(
                Problem(
                    f"the definition '{source_}' {_verb(answer.verdict)}: {detail}",
                    None,
                    answer.hint,
                    code="claim",
                )
            )
        _begins(node, symbols)
    for node in _meanings(nodes, symbols):
        symbols.terms.pop(key(node.sides[0]) or "", None)  # the method may call something else so
        define(node, judge)
    answer = _answered(text, source, judge, reader)
    return placed(worst([answer, *_commented(aside, judge)]), written), symbols


_NUMBERS = re.compile(
    r"(?:num_|n_)?params|(?:[NnPp]|params)_(?:(?P<trained>lora|trainable|adapter|train)|full|ft|frozen|base)",
    re.I,
)


def _counted(symbols: Symbols, mentions: frozenset[str]) -> None:
    """Gives `N_LoRA` and `P_full` the numbers of parameters that they are called after."""
    for name in mentions:
        match = _NUMBERS.fullmatch(name)
        if match is not None and not symbols.knows(name):
            trained, weight = counts.network(symbols) or counts.parameters(symbols)
            of_weight = match["trained"] is None and "_" in name.removeprefix("n_").removeprefix("num_")
            symbols.terms[name] = weight if of_weight else trained


_LETTER = re.compile(r"[Δδ]?[A-Za-zα-ω](?:[_']\d?)?")


def _meanings(nodes: Sequence[Node], symbols: Symbols) -> Iterator[Relation]:
    """What a text says of letters of its own that it goes on to use: `z = Ax, h = Wx + Bz`."""
    statements = [item for node in nodes for item in (node.items if isinstance(node, Listing) else (node,))]
    for at, statement in enumerate(statements):
        if not isinstance(statement, Relation) or statement.ops[0] not in ("=", "≔", "←"):
            continue
        name = key(statement.sides[0])
        known = name is not None and symbols.knows(name) and name not in symbols.adapter.aliases
        if name is None or known or _LETTER.fullmatch(name) is None:
            continue
        others = (*statements[:at], *statements[at + 1 :])
        if len(statement.sides) > 2 or any(key(part) == name for other in others for part in walk(other)):
            yield Relation(statement.sides[:2], ("=",))


def _answered(text: str, source: str, judge: Judge, reader: Reader) -> Answer:
    """The answer on a text: read as a whole, or statement by statement if that is not understood. `source` is
    the text as the notation spells it. Raises LorafigError for what is neither words nor mathematics."""
    line = read_printed(text)
    if line is not None:
        return printed.decide(line, judge.symbols)
    supposed = _by_rank(text, judge) or _supposed(text, source, judge)
    if supposed is not None:
        return supposed
    asked = _QUESTION.match(text) if "\\" in text and "$" not in text else None
    if asked is not None and re.search(r"[.;]\s", asked[1]) is None:  # what is asked in LaTeX asserts nothing
        answer = re.sub(r"^(?:Yes|No)\b[:,.;]?\s*", "", asked[2])
        if answer == "":
            return doubtful("property", Undecidable("words that claim nothing that is known", PHRASED))
        return _answered(answer, usual(answer), judge, reader)
    noted = _noted(text, source, judge, reader)
    if noted is not None:
        return noted
    whole = reader.statements(source)
    read = [reader.read(part) for part in whole]
    said: Answer | None
    if _is_text(text) or _broken(text, read):
        said = _said(text, judge)
        if said.verdict == "undetermined" and source != text.strip() and "$" not in text:
            said = _said(source, judge)  # `lora_B.weight = 0 at initialization`
    else:
        said = _read([node for node, _ in read if node is not None], judge)
    if said is not None and said.verdict != "undetermined":
        return said
    wholly = _wholly(source, judge, reader)
    if wholly is not None and wholly.verdict != "undetermined":
        return wholly
    whole = _without_settings(whole, judge, reader) if len(whole) > 1 else whole
    if len(whole) > 1:
        try:
            each = worst([_answered(part, part, judge, reader) for part in whole])
        except LorafigError:
            if said is None or "$" not in text:
                raise
            return said  # a part of a text is not mathematics
        return each if said is None or each.verdict != "undetermined" else said
    return _decided(whole[0], judge, reader) if said is None else said


def _supposed(text: str, source: str, judge: Judge) -> Answer | None:
    """The answer on a text that says of which sizes it speaks, `for r = 8, 16: 2dr = 12,288, 24,576`; None
    if it says none, or nothing that is understood then."""
    for written in dict.fromkeys((text, source)):
        plain = "$" in written or _MARKUP.search(written) is None
        if plain and Collector(judge, alone=True).supposes(written):
            answer = _said(written, judge)
            if answer.verdict != "undetermined" or not any(judge.symbols.dimensions.values()):
                return answer  # without sizes: its statements are conditions, and no facts
    return None


def _by_rank(text: str, judge: Judge) -> Answer | None:
    """The answer on `r=4: 32,768 params, r=8: 65,536 params`; None if one of them is not understood."""
    answers = [_supposed(piece, usual(piece), judge) for piece in shorthand.by_rank(text)]
    known = [answer for answer in answers if answer is not None]
    return worst(known) if known and len(known) == len(answers) else None


def _noted(text: str, source: str, judge: Judge, reader: Reader) -> Answer | None:
    """The answer on a note in few signs; None for what is none, or is not understood."""
    method = judge.symbols.adapter
    for claim in shorthand.shares(source, method.count, "d k"):
        answer = _answered(claim, claim, judge, reader)
        if answer.verdict == "holds":
            return answer
    pieces = shorthand.statements(text)
    if judge.symbols.whole[0] is None:  # the one layer is that of the module
        pieces = [re.sub(r"^Each \w+ adapter has", "The adapter has", piece) for piece in pieces]
    answers = [_answered(piece, usual(piece), judge, reader) for piece in pieces]
    told = worst(answers) if answers else None
    return None if told is None or told.verdict == "undetermined" else told


def _broken(text: str, read: Sequence[tuple[Node | None, LorafigError | None]]) -> bool:
    """Whether it is words that cannot be read as mathematics."""
    return any(fault is not None for _, fault in read) and _MARKUP.search(text) is None


def _begins(node: Node, symbols: Symbols) -> None:
    """`--let 'B = 0'`: what is decided is decided of such a B."""
    name = key(node.sides[0]) if isinstance(node, Relation) else None
    if name is None or not isinstance(node, Relation) or not is_zero(node.sides[-1]):
        return
    own = symbols.canonical(name)
    if own in symbols.terms and not symbols.terms[own].type.is_scalar:
        symbols.terms[own] = Zero(symbols.terms[own].type)


def _is_text(text: str) -> bool:
    """Whether it is words with mathematics among them, and no formula."""
    if "$" in text:
        return True
    if _MODULE.match(text):
        return True
    words = [word for word in _WORD.findall(text) if word not in FUNCTIONS | VALUE_WORDS | {"bias"}]
    return _MARKUP.search(text) is None and bool(words)


def _mathematics(text: str, knows: Callable[[str], bool]) -> list[Node]:
    """The mathematics among words."""
    return [token.node for token in tokens(parse_text(text), knows) if token.node is not None]


def _commented(text: str, judge: Judge) -> list[Answer]:
    """The answers on what a comment in code claims."""
    collector = Collector(judge)
    if text:
        collector.text(text, None)
    return [_of(claim) for claim in collector.claims]


def _of(claim: Claim) -> Answer:
    return Answer(*(getattr(claim, name) for name in Answer.__struct_fields__))


def _said(text: str, judge: Judge) -> Answer:
    """The answer on a text, as a figure's own texts are decided."""
    collector = Collector(judge, alone=True)
    asked = _QUESTION.match(text)
    collector.text(text if asked is None else asked[2], None, question=None if asked is None else asked[1])
    named = [claim for claim in collector.claims if not _is_named(claim)]
    if not named:
        return doubtful("property", Undecidable("words that claim nothing that is known", PHRASED))
    return worst([_of(claim) for claim in named])


# `Q: Is W trained? A: No.`, `Is W trained? No.`
_QUESTION = re.compile(
    r"^\s*(?:Q(?:uestion)?[.:]\s*)?([^?]+\?)\s+(?:A(?:nswer)?[.:]\s*|(?=(?:Yes|No)\b))(.+)$", re.DOTALL
)


def _is_named(claim: Claim) -> bool:
    """Whether it is mathematics among words that names something and states nothing: `The penalty is $…$`."""
    stated = claim.tree is None or isinstance(claim.tree, Relation | Listing | Shape)
    return claim.kind == "shape" and claim.verdict == "holds" and not stated


def _read(nodes: Sequence[Node], judge: Judge) -> Answer | None:
    """The answer on a formula with words in it or under its braces; None if it has none, or they are not
    understood."""
    answer = Collector(judge).in_words(nodes[0], ()) if len(nodes) == 1 else None
    return None if answer is None or answer.verdict == "undetermined" else answer


def _wholly(text: str, judge: Judge, reader: Reader) -> Answer | None:
    """The answer on a sentence every word of which belongs to a formula; None for any other."""
    parts = [text] if reader.statement(text) != text else list(clauses.parts(text, reader.states))
    formulas = [reader.statement(part) for part in parts]
    for part, formula in zip(parts, formulas, strict=True):
        node, _ = reader.read(formula)
        worded = node is None or any(isinstance(piece, Words) and piece.text.strip() for piece in walk(node))
        if node is None or (formula == part and worded):
            return None
    return worst([_decided(formula, judge, reader) for formula in formulas])


def _network(name: str, targets: Sequence[str]) -> Network:
    """A network by its name, or by the path of its configuration."""
    network = from_file(name) if name.endswith(".json") else by_name(name)
    for target in targets:
        if not network.has(target):
            what = f"{name} has no module '{target[:64]}'"
            raise LorafigError(Problem(what, None, no_module(network, target), code="network"))
    return network


def _decided(text: str, judge: Judge, reader: Reader) -> Answer:
    """One statement. Raises LorafigError for what is not mathematics."""
    if texts.at_start(plain_words(text)) is not None:
        judge = judge.at_start()
    node, fault = reader.read(text)
    if node is None:
        assert fault is not None
        said = None if "\\" in text else _said(text, judge)  # `NF4 has 2^4 = 16 levels`
        if said is None or said.verdict == "undetermined":
            raise fault
        return said
    node = purpose.without(node, judge.symbols)
    answer = judge.judge(node)
    if answer.verdict == "undetermined" and (ranks := _ranked(node, judge)):
        answer = worst([there.judge(node) for there in ranks])
    if answer is WORDS_ALONE or (
        answer.kind == "shape"
        and not isinstance(node, (Relation, Listing))
        and any(isinstance(part, Words) for part in walk(node))
    ):
        return doubtful("property", Undecidable("words that claim nothing that is known", PHRASED))
    if answer.verdict == "holds" and answer.kind not in COUNTED and (words := _told(node, judge)):
        return doubtful(answer.kind, Undecidable(f"'{words}' beside it is not understood", PHRASED))
    return answer


def _ranked(node: Node, judge: Judge) -> list[Judge]:
    """The same judge at several ranks, for a sum up to r that has no value."""
    symbols = judge.symbols
    rank = symbols.dimension(symbols.adapter.rank)
    summed = any(
        isinstance(part, Big) and part.upper is not None and symbols.dimension(key(part.upper)) == rank
        for part in walk(node)
    )
    if not summed or rank is None or symbols.dimensions.get(rank, 0) is not None:
        return []
    ranks = [[("r", Number(str(number)))] for number in (5, 29)]
    return [replace(judge, symbols=with_sizes(sizes, symbols), floating=None) for sizes in ranks]


def _told(node: Node, judge: Judge) -> str:
    """Words beside a formula that say more than what it is called, or when it is so."""
    for part in walk(node):
        if isinstance(part, Words) and texts.at_start(part.text) is None:
            said = spoken(
                parse_text(part.text), judge.symbols.knows, lambda node: sort_of(node, judge.symbols)
            )
            if any(one.sort not in _CALLED and one.text.lower() not in _SMALL for one in said):
                return part.text.strip()
    return ""


def _without_settings(statements: list[str], judge: Judge, reader: Reader) -> list[str]:
    kept = [
        text
        for text in statements
        if (node := reader.read(text)[0]) is None or not purpose.states(node, judge.symbols)
    ]
    return kept or statements


def _words_with_index(text: str) -> frozenset[str]:
    """Names with an index among words: `W_orig stays frozen`, `W0 is frozen`."""
    plain = re.findall(r"(?<![\w\\.-])([A-Z])([0-9])(?![\w-])", text)
    indexed = re.findall(r"(?<![A-Za-z\\])[A-Za-z]+_[A-Za-z0-9]+", text)
    return frozenset((*indexed, *(f"{letter}_{digit}" for letter, digit in plain)))


def _verb(verdict: str) -> str:
    return {"fails": "does not hold", "ill-typed": "is ill-typed"}.get(verdict, "cannot be decided")


def _names(nodes: Sequence[Node]) -> frozenset[str]:
    """The names in the claims: of W_0 that one, not W."""
    names: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        name = key(node)
        if name is not None:
            names.add(name)
        else:
            pending.extend(children(node))
    return frozenset(names)
