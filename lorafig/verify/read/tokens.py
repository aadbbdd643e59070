"""A text as a row of tokens: words, numbers, mathematics, names and marks.

Mathematics stands between `$…$`, in a label of mathematics, or among words: `r = 4`, `BAx`, `256 × 256`. A
number that belongs to a name is not a number of its own: see `names`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from msgspec.structs import replace

from lorafig.errors import LorafigError
from lorafig.notation import tree
from lorafig.notation.canonical import key
from lorafig.notation.children import rebuild, walk
from lorafig.notation.read.beside import beginnings
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number, Run
from lorafig.pattern import Pattern, any_case
from lorafig.verify.read.lexicon import folded, lexicon
from lorafig.verify.read.names import names
from lorafig.verify.read.token import Token
from lorafig.verify.read.wordnumbers import written

Knows = Callable[[str], bool]
LONGEST_FORMULA = 120  # characters of mathematics among words
LONGEST = 2_000  # characters of a text that are read


_NUMBER = (
    r"(?P<digits>\d+(?:[,\u202f\u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e-?\d{1,2})?)"
    r"(?:\s?(?P<unit>[KMBT](?!\w|-(?!param|weight))|k(?![\w-])|\\?%|percent\b|per cent\b|[×x](?![\w(])"
    r"|times\b|-?fold\b|:\s?1(?![\d:]|[.,]\d)|-?(?:million|billion|thousand|trillion)\b|[kKMGT]i?B\b))?"
)
_UNITS = {
    "percent": "%", "per cent": "%", "\\%": "%", "x": "×", "times": "×", "fold": "×", "-fold": "×", "k": "K",
    **{f"{dash}{word}": word[0].upper() for dash in ("", "-") for word in ("million", "billion", "trillion")},
    "thousand": "K", "-thousand": "K",
}  # fmt: skip
# Possessive: each has one way to be read, however long the text.
_ATOM = (
    r"(?:(?:min|max)\([A-Za-z]\w?,\s?[A-Za-z]\w?\)|\\?(?:lora_)?alpha\b|lora_r\b"
    r"|\\?[A-Za-zΑ-Ωα-ωλΔ∆ℝ][₀-₉]?(?:_(?:\{\w+\}|[A-Za-z]{1,12}+|\d))?+(?:['′](?!s\b))*+"
    r"|\d++(?:[,.]\d++)*(?:[KMBT](?!\w))?|[²³⁰-⁹])(?:\^(?:\{[\w ×·⋅*+−-]{1,24}\}|\([\w ×·⋅*+−-]{1,24}\)))?+"
)
_LAW = r"(?:\\mathcal\{N\}|𝒩|N)\(0,\s?(?:\\sigma|σ|sigma)(?:²|\^2)\)"  # for any σ
_ROOT = r"(?:√|\\?\bsqrt(?=\())"
_OPERATOR = rf"(?:{_ROOT}|[=<>≤≥≪≫≈≠∈→·×⊙⊗+−*/^√_∼~@-]|(?<=\s)in(?=\s?[Rℝ]\^)|(?<=\s):(?=\s[dkr]\b))"
_UNSPACED = "⺀-⿟㐀-鿿가-힯぀-ヿ"  # letters of languages whose words stand without blanks


@cache
def _chunk(unspaced: str) -> re.Pattern[str]:
    """A part of a text. `unspaced` are such letters, if the text may have them: they take long to compile."""
    letter = rf"[^\W\d_{unspaced}]"
    alone = rf"|[{unspaced}]+" if unspaced else ""
    return re.compile(
        rf"(?P<url>https?://\S+)|(?P<number>(?<![^\W{unspaced}.])(?<!\.){_NUMBER})"
        rf"|(?P<word>\(IA\)[³3]|(?<!\w)(?:s\.t|i\.e|e\.g|w\.r\.t)\.{alone}|{letter}+(?:[’']{letter}+)?(?![^\W{unspaced}])"
        rf"|[^\W_{unspaced}]+(?:_[^\W_{unspaced}]+)*)|(?P<space>\s+)|(?P<mark>.)",
        re.DOTALL,
    )


@cache
def _mathematics(unspaced: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![^\W{unspaced}])(?<![\\.-])(?:{_LAW}|[(\[]*(?:{_ROOT}|−)?{_ATOM}[)\]]*"
        rf"(?:\s?(?:{_OPERATOR}\s?){{0,2}}(?:{_LAW}|[(\[]*{_ATOM}[)\]]*))*)(?![^\W{unspaced}]|-(?!dimensional))"
    )


def _unspaced_in(text: str) -> str:
    return "" if text.isascii() or max(text) < _UNSPACED[0] else _UNSPACED


_SIGNS = re.compile(r"[=<>≤≥≪≫≈≠∈→·×⊙⊗+−*^√∼@/²³]|(?<=\s)-(?=\s)|(?<=\w)-(?=[A-Z])|(?<=\s):(?=\s[dkr]\b)")


def tokens(runs: Sequence[Run], knows: Knows, language: str = "en") -> list[Token]:
    """The tokens of a text, with numbers as its language writes them."""
    found: list[Token] = []
    for run in runs:
        if run.math is not None:
            found += of_math(run.math, knows, run.offset)
        else:
            found += of_words(run.text[:LONGEST], run.offset, knows, language)
    return list(written(found))


def of_math(node: Node, knows: Knows, start: int = 0) -> Iterator[Token]:
    """A label of mathematics: its statements, and the words between them."""
    parts = _flat(_counting(node))
    for place, part in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else None
        if isinstance(part, tree.Words):
            behind = _UNIT.match(part.text) if place > 0 and _takes_unit(parts[place - 1]) else None
            yield from of_words(part.text[0 if behind is None else behind.end() :], start, knows)
        elif isinstance(part, tree.Relation) and part.sides[0] == tree.Words("") and len(part.sides) == 2:
            yield Token("mark", part.ops[0], start, start)  # `≈ 0.6 %`
            yield Token("math", "", start, start, part.sides[1])
        elif isinstance(after, tree.Words) and _takes_unit(part) and (unit := _UNIT.match(after.text)):
            yield Token("math", "", start, start, _with_unit(part, unit[1]))
        else:
            yield Token("math", "", start, start, part)


_COUNTED = frozenset({"params", "parameters", "entries", "weights"})


def _is_counting(node: Node) -> bool:
    return isinstance(node, tree.Words) and node.text.strip().lower() in _COUNTED


def _counting(node: Node) -> Node:
    """`\\text{params}(A)` as `|A|`; the number sign before words says nothing that they do not."""
    if not any(part == tree.Symbol("#") or _is_counting(part) for part in walk(node)):
        return node  # the same, by which it is known
    node = rebuild(node, _counting)
    if not isinstance(node, tree.Product):
        return node
    kept: list[tuple[Node, str, str]] = []
    for factor, op, gap in zip(node.factors, ("", *node.ops), ("", *node.spaces), strict=True):
        before = kept[-1][0] if kept else None
        if before == tree.Symbol("#") and isinstance(factor, tree.Words):
            kept[-1] = (factor, *kept[-1][1:])
        elif (
            before is not None
            and _is_counting(before)
            and isinstance(factor, tree.Fenced)
            and key(factor.body) is not None
            and op == gap == ""
        ):
            kept[-1] = (replace(factor, open="|", close="|"), *kept[-1][1:])
        else:
            kept.append((factor, op, gap))
    factors, ops, gaps = zip(*kept, strict=True)
    return factors[0] if len(factors) == 1 else tree.Product(factors, ops[1:], gaps[1:])


_UNIT = re.compile(r"\s?([KMBT])\b(?!\s?[=+])")


def _takes_unit(node: Node) -> bool:
    """Whether it ends in a number that has no unit yet: of `2.05\\text{K parameters}`."""
    last = node.sides[-1] if isinstance(node, tree.Relation) else node
    return isinstance(last, Number) and last.unit == ""


def _with_unit(node: Node, unit: str) -> Node:
    if isinstance(node, tree.Relation):
        return replace(node, sides=(*node.sides[:-1], _with_unit(node.sides[-1], unit)))
    assert isinstance(node, Number)
    return replace(node, unit=unit)


def _flat(node: Node) -> list[Node]:
    """Parts of a label between its words at the top: `d^2 = 65,536`, ` frozen parameters`."""
    if not isinstance(node, tree.Listing) and not any(isinstance(part, tree.Words) for part in walk(node)):
        return [node]
    match node:
        case tree.Words():
            return [node]
        case tree.Product(factors):
            parts: list[Node] = []
            run: list[int] = []

            def close() -> None:
                if run:
                    inside = tuple(factors[at] for at in run)
                    if len(inside) == 1:
                        parts.append(inside[0])
                    else:
                        between = slice(run[0], run[-1])
                        parts.append(tree.Product(inside, node.ops[between], node.spaces[between]))
                    run.clear()

            for at, factor in enumerate(factors):
                if isinstance(factor, tree.Words):
                    close()
                    parts.append(factor)
                elif isinstance(factor, tree.Fenced) and key(factor.body) is None and _aside(factors, at):
                    close()
                    parts += [tree.Words(" ( "), *_flat(factor.body), tree.Words(" ) ")]
                else:
                    run.append(at)
            close()
            return parts
        case tree.Sum(terms, signs):  # `Wx + BAx \text{ with } W \text{ frozen}`
            last = _flat(terms[-1])
            if len(last) < 2 or isinstance(last[0], tree.Words):
                return [node]
            return [tree.Sum((*terms[:-1], last[0]), signs), *last[1:]]
        case tree.Relation(sides, ops):
            chains: list[Node] = []
            for place, side in enumerate(sides):
                inner = _flat(side)
                op = ops[place - 1] if place > 0 else ""
                before = chains[-1] if chains else None
                if (
                    place > 0
                    and (op != ":" or ops[place : place + 1] == ("→",))
                    and inner
                    and before is not None
                    and not isinstance(before, tree.Words)
                    and not isinstance(inner[0], tree.Words)
                ):
                    left = before if isinstance(before, tree.Relation) else tree.Relation((before,), ())
                    chains[-1] = tree.Relation((*left.sides, inner[0]), (*left.ops, op))
                    chains += inner[1:]
                else:
                    chains += [tree.Words(f" {op} "), *inner] if place > 0 else inner
            return chains
        case tree.Listing(items):
            listed: list[Node] = []
            for place, item in enumerate(items):
                if place > 0:
                    listed.append(tree.Words(" , "))
                listed += _flat(item)
            return listed
        case _:
            return [node]


# The factors as PEFT names them: `lora_A`, `lora_B.default.weight`.
_FACTOR = Pattern(r"(?<![\w.])lora_([AB])(?:\.[a-z]\w*)*(?![\w])", "lora_")

# Numbers of languages that set thousands apart by points or blanks, and decimals by commas: `65.536`, `3,1`.
_POINTS = Pattern(r"(?<![\w.,])(\d{1,3}(?:[. \u202f\u00a0]\d{3})+|\d+)(,\d{1,2}(?!\d))?(?![\d.]*\d)")


def _with_points(text: str) -> str:
    """The text with its numbers in English, none of them at another place."""

    def english(match: re.Match[str]) -> str:
        decimals = (match[2] or "").replace(",", ".")
        return re.sub(r"[. \u202f\u00a0]", ",", match[1]) + decimals

    return _POINTS.sub(english, text)


# A shape as keyboards write it, `d x r`; the vector x stands between no two sizes.
_CROSS = Pattern(r"(?<![\w.\\])(\d[\d,]*|[a-wyz](?:_\w+)?)( ?)x\2(?=(\d[\d,]*|[a-wyz](?:_\w+)?)(?!\w))", "x")


def _with_crosses(text: str, knows: Knows) -> str:
    """The text with the crosses of shapes whose sizes are known, each at its place."""

    def crossed(match: re.Match[str]) -> str:
        sides = [side for side in (match[1], match[3]) if not side[0].isdigit()]
        return f"{match[1]}{match[2]}×{match[2]}" if all(map(knows, sides)) else match[0]

    return _CROSS.sub(crossed, text)


def _aside(factors: Sequence[Node], at: int) -> bool:
    """Whether brackets stand among words: `2,048 trainable parameters (3.1 %)` multiplies nothing. A symbol
    in them would be what the words are said of: `\\text{params}(A)`."""
    before, behind = factors[at - 1 : at], factors[at + 1 : at + 2]
    return at > 0 and all(isinstance(part, tree.Words) for part in (*before, *behind))


_INDEXED = re.compile(r"[A-Z][0-9]")


def of_words(text: str, offset: int, knows: Knows, language: str = "en") -> Iterator[Token]:
    """The tokens of words."""
    text = _with_points(text) if language in ("de", "fr", "es") else text
    text = _with_crosses(text, knows)
    named = list(names(text))
    if language != "en":  # the rules are of English: `Rang ist 8` is not a name
        known = lexicon(language)
        named = [span for span in named if not known.has(folded(text[span[0] : span[1]]))]
    factors = [match.span() for match in _FACTOR.finditer(text)]
    named = [span for span in named if all(span[1] <= start or span[0] >= stop for start, stop in factors)]
    named = [
        span
        for span in named
        if not (_heads(text[span[0] : span[1]], knows) or _multiplied(text, span, knows))
    ]
    chunk = _chunk(_unspaced_in(text))
    apart = set(beginnings(text))
    tuple_at, shaped_at, attribute_at, grad_at, factor_at = (
        pattern.matcher(text) for pattern in (_TUPLE, _SHAPED, _ATTRIBUTE, _GRAD, _FACTOR)
    )
    at = 0
    while at < len(text):
        if at in apart:
            yield Token("mark", ",", offset + at, offset + at)
        shape = tuple_at(at)
        if (
            shape is not None
            and (
                len(shape[1]) > 1
                or (shape[1] == "[" and "," not in shape[0])
                or _OF_SHAPE.search(text[max(0, at - 24) : at]) is not None
            )
            and all(size.isdecimal() or knows(size) for size in shape.groups()[1:])
        ):
            sides: Node = parse_math(f"{shape[2]} \\times {shape[3]}")
            yield Token("math", shape[0], offset + at, offset + shape.end(), sides)
            at = shape.end()
            continue
        span = next((span for span in named if span[0] == at), None)
        if span is not None:
            called = text[at : span[1]]
            node = parse_math(called) if _INDEXED.fullmatch(called) else None
            if node is not None and knows(key(node) or ""):  # `W0` is a symbol where W_0 is one, `T5` a name
                yield Token("math", called, offset + at, offset + span[1], node)
            else:
                yield Token("name", called, offset + at, offset + span[1])
            at = span[1]
            continue
        shaped = shaped_at(at)
        if shaped is not None and knows(shaped[1]) and not text[at - 1 : at].isalnum():
            yield Token("math", shaped[1], offset + at, offset + shaped.end(1), parse_math(shaped[1]))
            at = shaped.end()
            continue
        attribute = attribute_at(at)
        name = attribute and attribute[1].removeprefix("lora_")
        if attribute is not None and name is not None and knows(name):
            yield Token("math", attribute[1], offset + at, offset + attribute.end(1), parse_math(name))
            yield Token("word", "shape", offset + attribute.start(2), offset + attribute.end())
            at = attribute.end()
            continue
        grad = grad_at(at)
        if grad is not None:  # as a phrase of the lexicon
            yield Token("word", f"requires_grad {grad[1]}", offset + at, offset + grad.end())
            at = grad.end()
            continue
        factor = factor_at(at)
        if factor is not None and knows(factor[1]) and not knows(factor[0]):
            stop = factor.end()
            yield Token("math", factor[0], offset + at, offset + stop, parse_math(factor[1]))
            at = stop
            continue
        limit = min((stop for stop in (*(span[0] for span in named), *apart) if stop > at), default=len(text))
        joins = language == "es" and re.match(r"y\b", text[at:]) is not None
        maths = None if joins else _maths(text, at, limit, knows)
        if maths is not None:
            node, stop = maths
            yield from _aside_or_whole(node, text[at:stop], offset + at)
            at = stop
            continue
        match = chunk.match(text, at, limit)
        assert match is not None
        at = match.end()
        here = (offset + match.start(), offset + match.end())
        if match["number"] is not None:
            unit = match["unit"] or ""
            unit, memory = ("", unit) if unit.endswith("B") and len(unit) > 1 else (unit, "")
            sign = "×" if unit.startswith(":") else _UNITS.get(unit.lower(), unit)
            number = Number(re.sub(r"[\u202f\u00a0]", ",", match["digits"]), sign)
            yield Token("number", match[0], *here, number)
            if memory:
                yield Token("memory", memory, *here)
        elif match["url"] is not None:
            yield Token("name", match[0], *here)
        elif match["word"] is not None:
            yield Token("word", match[0], *here)
        elif match["mark"] is not None and match[0] not in "`*“”\"'’_":
            yield Token("mark", match[0], *here)


def _aside_or_whole(node: Node, source: str, start: int) -> Iterator[Token]:
    """Mathematics among words. A statement in brackets is one by the way: `LoRA (r = 16)`."""
    stop = start + len(source)
    if not isinstance(node, tree.Fenced) or not isinstance(node.body, tree.Relation | tree.Listing):
        yield Token("math", source, start, stop, node)
        return
    yield Token("mark", "(", start, start + 1)
    items = node.body.items if isinstance(node.body, tree.Listing) else (node.body,)
    for place, item in enumerate(items):
        if place > 0:
            yield Token("mark", ",", start, start + 1)
        yield Token("math", source[slice(*item.span)], start + 1, stop - 1, item)
    yield Token("mark", ")", stop - 1, stop)


def _heads(name: str, knows: Knows) -> bool:
    """Whether it is a symbol of which something is said, `A: r × d`, and no letter of a list."""
    return len(name) == 2 and name[1] == ":" and name[0].isupper() and knows(name[0])


def _multiplied(text: str, span: tuple[int, int], knows: Knows) -> bool:
    """Whether it is a product of symbols that stands in brackets before another factor: the BA of `(BA)x`."""
    before, behind = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 2]
    return before == "(" and behind[:1] == ")" and behind[1:].isalpha() and _known(text[slice(*span)], knows)


_NAMES_OF_SIZES = Pattern(r"\\?(?:lora_)?alpha\b|lora_r\b", "alpha|lora_r")  # as code has them
# A shape as code has it: `of shape (16, 2048)`.
_LENGTH = r"\s*([dkr]|d_(?:in|out|model)|(?:in|out)_features|\d{1,7})\s*"
_TUPLE = Pattern(rf"(torch\.Size\(\[|[(\[]){_LENGTH}(?:,|×|\bx\b){_LENGTH}(?:\]\)|[)\]])", "(|[")
_OF_SHAPE = any_case(
    r"(?:(?:shape|size|dimensions?)\s*(?:of|is|:|==?)?|(?<![A-Za-z_])(?:lora_)?[A-Z](?:\.weight|_0|₀)?:?)\s*$",
)
_GRAD = any_case(r"(?<![\w.])requires_grad\s*(?:=|:|\s(?:is|to))\s*(True|False)\b", "requires_grad")
_SHAPED = Pattern(rf"([A-Z](?:_0|₀)?)\s?(?=\({_LENGTH}(?:×|x){_LENGTH}\))", "×|x")  # `A (r × k)`
_ATTRIBUTE = Pattern(r"(?<![\w.])((?:lora_)?[A-Z])((?:\.weight)?\.shape)\b", ".shape")  # `A.weight.shape`


def _maths(text: str, at: int, limit: int, knows: Knows) -> tuple[Node, int] | None:
    """Mathematics among words that begins here: signs between symbols and numbers, or a symbol."""
    match = _mathematics(_unspaced_in(text)).match(text, at, min(limit, at + LONGEST_FORMULA))
    if match is None or (text[at] == "s" and text[at - 1 : at] in ("'", "’")):  # `W's`
        return None
    source = _BESIDE_A_NUMBER.split(match[0], maxsplit=1)[0]
    if re.match(r"[A-Z]?[a-z]{3,}\s+[A-Za-zα-ω(]", source):  # `scaling α/r`: a word, and mathematics
        return None
    if not any(char.isalpha() for char in source) and _SIGNS.search(source) is None:
        return None  # numbers one by one
    known: int | None = None  # how many words have no other letters than symbols, once it is asked for
    while True:
        source = source.rstrip(" ,;-+/")
        if not _balanced(source):
            source = source.rstrip("()[] ")
        if source == "":
            return None
        if known is None or len(source.split()) <= known:
            plain = _NAMES_OF_SIZES.sub(lambda match: "r" if match[0].endswith("_r") else "α", source)
            plain = re.sub(_ROOT, "√", plain)
            words = _APART.sub(lambda match: re.sub(r"\S", "1", match[0]), plain).split()
            known = next((place for place, word in enumerate(words) if not _known(word, knows)), len(words))
            if known == len(words) and _balanced(source) and _speaks(plain, knows) and source != "alpha":
                break
        cut = re.match(r"(.*)[\s]+\S+$", source, re.DOTALL)
        if cut is None:
            return None
        source = cut[1]
    if re.match(r"\d[\d.,]*\s?kB\b", source):
        return None  # kilobytes
    if _WORD.fullmatch(source) and lexicon("en").has(folded(source)):
        return None  # `rank 8`, where a symbol is called so
    if source.endswith("x)") and _TIMES.fullmatch(source[1:-1]):
        return None  # `(160x)`
    if _TIMES.fullmatch(source) and _BESIDE_TIMES.match(text, at + len(source)):
        return None  # `256x fewer`, `65.5k parameters`: a number and its unit
    try:
        node = timed(parse_math(plain))
    except LorafigError:
        return None
    if isinstance(node, (Number, tree.Words)):
        return None
    return node, at + len(source)


# `B 1,024`: a symbol, and a number that is said of it; no `4 x 4`.
_BESIDE_A_NUMBER = re.compile(r"(?<=[^\W\d_])(?<!\d[ ]x)\s+(?=\d)")
_WORD = re.compile(r"[a-z]{3,}(?:\s+\d[\d.,]*)?")
_TIMES = re.compile(r"\d[\d,]*(?:\.\d+)?[xk]")
_BESIDE_TIMES = re.compile(r"(?<=x)[).,;:]?\s*(?:$|\()|\s+[a-zA-Z]{3,}")


def timed(node: Node) -> Node:
    """`65536 / 2048 = 32x`, where nothing but numbers is, as 32 times."""
    if not isinstance(node, tree.Relation):
        return node
    match node.sides[-1]:
        case tree.Product((Number(unit="") as number, tree.Symbol("x")), ("",)) if not any(
            isinstance(part, tree.Symbol) for side in node.sides[:-1] for part in walk(side)
        ):
            return replace(node, sides=(*node.sides[:-1], replace(number, unit="×")))
        case _:
            return node


def _balanced(source: str) -> bool:
    return source.count("(") == source.count(")") and source.count("[") == source.count("]")


_APART = re.compile(rf"{_LAW}|ℝ|R(?=\^)|√|\b(?:in|min|max)\b")


_THOUSANDS = re.compile(r"(?<=\d)[KMBT](?!\w)")


def _letters(source: str) -> list[str]:
    source = _THOUSANDS.sub("", source)
    return re.findall(r"[A-Za-zΑ-Ωα-ωλΔ∆]+(?:_\{?\w+\}?)?['′]*", source)


def _known(word: str, knows: Knows) -> bool:
    """Whether the letters of it are all symbols."""
    for name in _letters(word):
        if knows(name.replace("{", "").replace("}", "")):
            continue
        parts = re.findall(r"[Δ∆]?[A-Za-zα-ωλ](?:_\{?\w+\}?)?['′]*", name)
        if "".join(parts) != name or not all(knows(part.replace("∆", "Δ")) for part in parts):
            return False
    return True


def _speaks(source: str, knows: Knows) -> bool:
    """Whether there is a sign in it, or a symbol that is not a word."""
    letters = _letters(_APART.sub(" ", source))
    if not letters and re.fullmatch(_LAW, source):
        return True
    if _SIGNS.search(source) is None and any(
        name.isalpha() and name.islower() and len(name) > 1 and knows(name) for name in letters
    ):
        return False  # `256 out of`, where an output is called so
    if not letters:
        return re.search(r"\d\s?[×·*/+=<>≤≥^]\s?\d|\d[²³]", source) is not None
    if _SIGNS.search(source) is not None or re.search(r"\d", source):
        return True
    if " " in source:
        return False
    if len(source) == 1 or "_" in source or any(not letter.isascii() for letter in source):
        return True
    if _PRODUCT.search(source) is not None:  # `B(Ax)`, `(BA)x`
        source = re.sub(r"[()]", "", source)
    return re.fullmatch(r"[sxh]?[A-Z]+['′]?x?['′]?", source) is not None


_PRODUCT = re.compile(r"[A-Z]\(|\)[A-Zx]")
