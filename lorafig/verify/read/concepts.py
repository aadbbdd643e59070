"""The concepts of a text: what its tokens speak of, by the lexicon of its language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from msgspec.structs import replace

from lorafig.notation import tree
from lorafig.notation.canonical import bare, key
from lorafig.notation.read.parse import parse_math
from lorafig.notation.tree import Node, Number
from lorafig.pattern import Pattern
from lorafig.verify.read.concept import Concept
from lorafig.verify.read.lexicon import LONGEST, Lexicon, folded, lexicon
from lorafig.verify.read.token import Token
from lorafig.verify.read.usage import meant

Kinds = Callable[
    [Node], str | None
]  # 'matrix', 'size', 'amount', 'shape', 'relation'; None for anything else

_SCRIPTS = (("ja", "぀", "ヿ"), ("ko", "가", "힯"), ("zh", "⺀", "鿿"))  # from one letter to another
# Small words, and words of roles and counts that English does not have.
_LATIN = {
    "de": (
        "der die das und ist sind wird werden nicht mit von ein eine eines für beim nur bleibt keine",
        "eingefroren eingefrorene eingefrorenen trainiert trainierbar trainierbare trainierbaren gewichte"
        " gelernt vortrainierte vortrainierten adaptergewichte rang speichern löschen einfrieren hat"
        " trainieren zusammenführen während weniger parametern initialisiert laden ist sind wird werden nicht"
        " gewicht latenz schicht gibt kein keine zusätzliche bleibt trainings aktualisieren",
    ),
    "fr": (
        "le la les des est sont une avec dans que qui pour reste seuls seules aucune sur par du et moins",
        "gelé gelée gelés gelées entraîné entraînée entraînés entraînées entraînable entraînables"
        " paramètres poids adaptateur rang fusion supprimer enregistrer charger geler entraîner après"
        " avant pendant apprend compte zéro couche sont seules reste départ gelées mises fusionner",
    ),
    "es": (
        "el los las es son una con para que se del por sólo solo queda permanece ninguna menos al más en",
        "congelado congelada congelados congeladas entrenable entrenables entrena entrenan entrenado"
        " parámetros pesos adaptador rango fusión borrar guardar cargar congelar entrenar durante después"
        " está tiene aprenden aprende inicializa matriz comienza empieza peso capa cero latencia los fusionar"
        " actualizan preentrenado",
    ),
}
_MARKS = {
    **dict.fromkeys(":\uff1a", "colon"),
    **dict.fromkeys("([\uff08\u3010", "open"),
    **dict.fromkeys(")]\uff09\u3011", "close"),
    **dict.fromkeys(",\u2014\u2013\u3001\uff0c\u2192\u21d2", "comma"),
    **dict.fromkeys(";.!?|\u2026\u3002\uff1b\uff01\uff1f", "end"),
    **dict.fromkeys("&/+", "join"),
    "=": "equals",
}


# Words that a point stands behind inside a sentence.
_ABBREVIATED = frozenset({"vs", "approx", "ca", "cf", "resp", "incl", "params", "param", "dim"})


@lru_cache(maxsize=1024)
def language_of(text: str, otherwise: str = "en") -> str:
    """The language of a text, by its script, or by its small words; `otherwise` where nothing says so."""
    for language, first, last in _SCRIPTS:
        if not text.isascii() and any(first <= letter <= last for letter in text):
            return language
    words = set(folded(text))
    score = {
        language: len(words & set(small.split())) + 2 * len(words & set(own.split()))
        for language, (small, own) in _LATIN.items()
    }
    best = max(score, key=score.__getitem__)
    accents = bool(re.search("[äöüßéèêàçñáíóúÄÖÜ¿¡]", text))
    return best if score[best] >= (1 if accents else 2) else otherwise


def concepts(tokens: Sequence[Token], language: str, kinds: Kinds) -> list[Concept]:
    """What the tokens speak of, phrase by phrase."""
    known = lexicon(language)
    found: list[Concept] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        match token.kind:
            case "name":
                found += named(token, known)
                at += 1
            case "mark":
                sort = _MARKS.get(token.text)
                law = (
                    known.at(folded(tokens[at + 1].text), 0)
                    if token.text in "~∼" and at + 1 < len(tokens)
                    else None
                )
                if token.text == "." and at > 0 and tokens[at - 1].text.lower() in _ABBREVIATED:
                    pass  # ends no sentence
                elif law is not None and law[0].sort == "law":
                    found.append(Concept("begin", "", token.text, token.start))  # `A ~ Gaussian`
                elif sort is not None:
                    found.append(Concept(sort, "", token.text, token.start))
                elif (
                    token.text in _NEAR and at + 1 < len(tokens) and tokens[at + 1].kind in ("number", "math")
                ):
                    found.append(Concept("near", _NEAR[token.text], token.text, token.start))
                elif (
                    token.text in "×%"
                    and found
                    and found[-1].sort in ("amount", "size")
                    and found[-1].node
                    and not (at + 1 < len(tokens) and tokens[at + 1].kind == "number")  # `7B × 2 bytes`
                ):
                    found[-1] = _united(found[-1], token.text)
                elif token.text == "×":
                    found.append(Concept("cross", "", token.text, token.start))
                elif token.text in "·•":
                    found.append(Concept("comma", "", token.text, token.start))
                elif token.text not in "-‐‑*":
                    found.append(Concept("unknown", "", token.text, token.start))
                at += 1
            case "memory":
                found.append(Concept("bytes", token.text, token.text, token.start))
                at += 1
            case "number":
                assert token.number is not None
                found.append(Concept("amount", token.number.unit, token.text, token.start, token.node))
                at += 1
            case "math":
                if language == "en" and article(tokens, at):
                    found.append(Concept("filler", "", token.text, token.start))
                else:
                    found += mathematics(token, kinds)
                at += 1
            case _:
                at += _words(tokens, at, known, found)
    return _several(meant(_told_apart(_projections(_unbroken(found)))))


_BESIDE_A_SUM = frozenset({"method", "colon", "filler", "end"})


def _unbroken(found: list[Concept]) -> list[Concept]:
    """A sum of which nothing is said, `LoRA: W + A`, as what it is: its shapes may not go together. `A + B:
    2,048` counts the entries of both."""
    sums = [at for at, part in enumerate(found) if part.sort == "matrix" and "+" in part.text]
    if not sums or sums[-1] != len(found) - 1 or len({found[at].text for at in sums}) > 1:
        return found
    before = found[: sums[0]]
    if len(sums) != len(found) - len(before) or {part.sort for part in before} - _BESIDE_A_SUM:
        return found
    text = found[-1].text
    return [*before, Concept("relation", "formula", text, found[-1].start, parse_math(text))]


_NEAR = {"~": "≈", "≈": "≈", "∼": "≈", "<": "<", ">": ">", "≤": "≤", "≥": "≥"}


def _united(part: Concept, sign: str) -> Concept:
    """An amount and the sign behind it: `$c$ ×`."""
    assert part.node is not None
    node = tree.Product((part.node, tree.Symbol(sign)), ("",), ("",))
    return replace(part, sort="amount", value=sign, node=node, text=f"{part.text}{sign}")


PROJECTIONS = {"query": "q", "key": "k", "value": "v", "values": "v", "output": "o"}


def _projections(found: Sequence[Concept]) -> list[Concept]:
    """`query` and `key` of `the query, key and value projections`: what stands in a row with a projection, or
    with another one of these words, is one."""
    told = list(found)
    last: Concept | None = None  # what stands behind, but for `and` and commas
    near = False
    for at in range(len(told) - 1, -1, -1):
        part = told[at]
        kind = PROJECTIONS.get(part.text.lower(), "")
        if part.sort in ("join", "comma", "filler") and not kind:
            near = near and part.sort != "filler"
            continue
        first = part.text.lower().split()[0] if part.text.split() else ""
        own = part.sort == "module" or (part.sort in ("thing", "subject") and first in PROJECTIONS)
        if (kind or own) and near and last is not None:
            if kind:
                told[at] = part = replace(part, sort="module", value=kind)
            if last.text.lower() in PROJECTIONS:
                place = next(place for place, other in enumerate(told) if other is last)
                told[place] = replace(last, sort="module", value=PROJECTIONS[last.text.lower()])
        last, near = (part, True) if own or kind or part.sort == "module" else (None, False)
    return told


_VARIANTS = frozenset({"base", "large", "medium", "small", "xl", "tiny", "mini"})
_COMPARES = {"<": "fewer", ">": "more"}


def _told_apart(found: Sequence[Concept]) -> list[Concept]:
    """What the words before it tell apart: `32 times less than` compares, `less than 32` bounds; `at four
    bits` is a format, `32 bits` may be an amount."""
    told: list[Concept] = []
    begins = any(part.sort in ("begin", "start") for part in found)
    frozen = any(part.sort == "role" and part.value == "frozen" for part in found)
    numbered = any(part.sort in ("amount", "size", "relation") for part in found)
    for at, part in enumerate(found):
        last = told[-1] if told else None
        bounds = at + 1 < len(found) and found[at + 1].sort in ("amount", "size")  # `more than 500`
        bounds = bounds and not (_is_factor(last) and found[at + 1].sort == "size")
        if (
            part.sort == "state"
            and last is not None
            and last.number is not None
            and last.number.digits == "2"
        ):
            told[-1] = replace(part, text=f"two {part.text}")  # `two moments` are what Adam has
            continue
        if (
            part.sort == "share"
            and last is not None
            and last.sort == "bytes"
            and part.text.lower() == "of weights"
        ):
            told += [
                replace(part, sort="of", text="of"),
                replace(part, sort="noun", value="entries", text="weights"),
            ]
            continue
        if part.text.lower() == "over" and _is_place(told, found[at + 1 :]):
            told.append(replace(part, sort="filler", value=""))  # `… over 128 adapted matrices`
            continue
        own = part.text.lower().partition(" ")
        if part.sort == "subject" and own[0] in ("trainable", "trained") and own[2] and frozen:
            told.append(replace(part, sort="role", value="trained", text=own[0]))
            told.append(replace(part, text=own[2]))  # `a frozen W and trainable matrices`
            continue
        if part.value == "m" and last is not None and last.value == "magnitude":
            told[-1] = part  # `the magnitude m`
            continue
        if (joined := _joined(told, part)) is not None:
            told[-2:] = [joined]
            continue
        behind = found[at + 1].value if at + 1 < len(found) else ""
        if part.sort == "compare" and part.text.lower().startswith("compress") and behind == "x":
            told.append(replace(part, sort="maps", value=""))
            continue
        if part.text.lower() == "one" and part.sort == "law" and _is_value(told, found[at + 1 : at + 2]):
            told.append(replace(part, sort="amount", value="", node=Number("1")))  # `the scale is one`
            continue
        if part.sort == "law" and part.value == "one" and " " not in part.text and not begins:
            told.append(replace(part, sort="filler", value=""))  # `one in bf16`
            continue
        if (
            part.sort == "near"
            and part.value in _COMPARES
            and ((_is_factor(last) and not bounds) or not numbered)
        ):
            told.append(replace(part, sort="compare", value=_COMPARES[part.value]))
            if part.text.lower().endswith("than"):
                told.append(replace(part, sort="than", value=""))
            continue
        if part.sort == "bytes" and part.value == "bits" and last is not None and last.number is not None:
            before = told[-2].text.lower() if len(told) > 1 else ""
            if last.number.digits in ("4", "8", "16", "32") and before in ("at", "in", "to", "with", "from"):
                told[-1] = replace(part, sort="precision", value=last.number.digits)
                continue
        if last is not None and last.sort == "name" and part.text.lower() in _VARIANTS:
            told.append(replace(part, sort="name", value=""))  # `RoBERTa base`
            continue
        if part.text.lower() in ("become", "becomes") and bounds:
            told.append(replace(part, sort="becomes"))  # `65,536 numbers become 2,048`
            continue
        if part.sort == "amount" and last is not None and last.sort == "partof" and len(told) > 1:
            whole = told[-2].number
            if part.number is not None and whole is not None and whole.digits.isdecimal():
                digits = f"{part.number.digits}/{whole.digits}"  # `32 分の 1`
                told[-2:] = [replace(part, node=Number(digits)), Concept("compare", "as", part.text)]
                continue
        if (
            part.sort == "factor"
            and part.text.lower() == "factor"
            and last is not None
            and last.sort == "role"
        ):
            told.append(replace(part, sort="thing"))
            continue
        if part.sort == "colon" and len(told) == 1 and last is not None and last.text.lower() == "training":
            told[-1] = replace(last, sort="stage", value="training")  # `Training: W is frozen`
        if part.sort == "colon" and last is not None and last.text.lower() == "full":
            told[-1] = replace(last, sort="method", value="full")
        if (
            part.sort == "subject"
            and part.value == "model"
            and part.text.lower() == "model"
            and last is not None
            and last.sort == "precision"
        ):
            told[-1] = replace(last, sort="name")
            told.append(replace(part, value="base"))  # `a 4-bit model`
            continue
        if (
            part.sort in ("subject", "noun", "matrix")
            and last is not None
            and last.sort == "precision"
            and not any(other.sort in ("bytes", "amount", "effect") for other in found)
        ):
            told[-1] = replace(last, sort="name")  # `a 4-bit base`
            if part.sort == "noun" and part.text.lower() in ("weight", "weights"):
                told.append(replace(part, sort="subject", value="base"))
                continue
        if part.sort in ("colon", "equals") and last is not None and last.text.lower() == "share":
            told[-1] = replace(last, sort="share", value="trained")  # `share: 3.1 %`
        of_what = at + 1 < len(found) and found[at + 1].sort == "of"
        scaled = at + 1 < len(found) and found[at + 1].sort == "scaled"  # `Update scaled by alpha / r`
        if part.sort == "role" and part.text.lower() == "update" and (of_what or scaled):
            told.append(replace(part, sort="subject", value="update"))  # `a rank-4 update of W`
            continue
        if last is not None and (last.sort in ("role", "shape") or last.text.lower() in _ARTICLES):
            if part.sort == "role" and part.text.lower() == "update":  # `a trainable update`
                told.append(replace(part, sort="subject", value="update"))
                continue
            single = part.sort == "noun" and part.text.lower() == "weight"
            if single and not any(other.sort == "amount" for other in found):
                told.append(replace(part, sort="subject", value="base"))
                continue
        called = part.text in ("b", "d") and part.sort in ("unknown", "size")
        pair = called and {"b", "d"} <= {other.text for other in found[max(0, at - 2) : at + 3]}
        if pair or (called and _names_vectors(told)):  # `the vectors b and d` of VeRA
            told.append(replace(part, sort="matrix", value=part.text, node=tree.Symbol(part.text)))
            continue
        told.append(part)
    return told


def _is_place(told: Sequence[Concept], behind: Sequence[Concept]) -> bool:
    """Whether `over` says where what is counted before it is: in so many layers, or matrices."""
    nouns = [part for part in behind[1:3] if part.text.lower() in _THINGS or part.sort == "adapted"]
    counted = any(part.sort == "amount" for part in told)
    return counted and bool(nouns) and behind[0].number is not None


def _is_value(told: Sequence[Concept], behind: Sequence[Concept]) -> bool:
    """Whether what stands here is what a size is said to be."""
    last = next((part for part in reversed(told) if part.sort not in ("filler", "equals")), None)
    ends = not behind or behind[0].sort in ("end", "comma", "join", "close")
    return ends and last is not None and last.sort in ("dimension", "size")


def _joined(told: Sequence[Concept], part: Concept) -> Concept | None:
    """What a sign or `by` makes of two numbers: `$P$ = 2,048` a statement, `256 by 4` a shape."""
    if len(told) < 2 or part.node is None or part.sort not in ("amount", "size"):
        return None
    first, sign = told[-2:]
    if first.node is None or first.sort not in ("amount", "size") or isinstance(first.node, tree.Relation):
        return None
    text = f"{first.text} {sign.text} {part.text}"
    if sign.sort == "equals" and (first.value == "" or first.sort == "size"):
        node: Node = tree.Relation((first.node, part.node), ("=",))
        return Concept("relation", first.sort, text, first.start, node)
    if not isinstance(first.node, Number) or not isinstance(part.node, Number):
        return None
    if sign.text.lower() == "by" and first.value == part.value == "":
        return Concept("shapes", "", text, first.start, tree.Shape((first.node, part.node)))
    return None


def _names_vectors(told: Sequence[Concept]) -> bool:
    """Whether the last words are `the vectors`, or `the vectors b and`."""
    last = next((part for part in reversed(told) if part.sort not in ("join", "matrix", "comma")), None)
    return last is not None and last.sort == "thing" and last.text.lower() in ("vector", "vectors")


def _is_factor(part: Concept | None) -> bool:
    """Whether it is a number of times, or a share."""
    if part is None or part.sort not in ("amount", "factor"):
        return False
    number = part.number
    return part.sort == "factor" or part.value in ("×", "%") or (number is not None and "/" in number.digits)


_ARTICLES = frozenset({"a", "an", "the", "this", "its", "one"})


_THINGS = {
    **dict.fromkeys(("layers", "blocks"), "n_layers"),
    **dict.fromkeys(("head", "heads"), "n_heads"),
    **dict.fromkeys(("matrices", "weights", "projections", "modules", "layers"), "n_adapted"),
}


_NUMBERS = ("amount", "size", "relation")


def _counts(found: Sequence[Concept], at: int) -> bool:
    """Whether what is adapted is counted: `64 adapted matrices`."""
    behind = found[at + 1 : at + 2]
    return at > 0 and found[at - 1].sort in _NUMBERS and bool(behind) and behind[0].text.lower() in _THINGS


def _things(found: Sequence[Concept]) -> list[Concept]:
    """What a number counts of a network: `32 layers`, `64 projections are adapted`."""
    told = [
        replace(part, sort="adapted", value="")
        if part.text.lower() == "adapted" and _counts(found, at)
        else part
        for at, part in enumerate(found)
    ]
    adapted = any(part.sort == "adapted" for part in told)
    for at, part in enumerate(told[1:], 1):
        if part.sort == "things" or (part.text.lower() == "weights" and told[at - 1].sort == "role"):
            continue
        word = part.text.lower().split()[-1] if part.text else ""
        near = any(other.sort == "adapted" for other in told[at : at + 6]) or not any(
            other.sort == "amount" for other in told[at + 1 :]
        )
        value = "n_adapted" if adapted and near and word not in ("heads", "head") else ""
        value = (
            value
            if word in _THINGS and value
            else {"layers": "n_layers", "blocks": "n_layers"}.get(word, "n_heads" if word == "heads" else "")
        )
        before = next(
            (other for other in reversed(told[:at]) if other.sort not in ("filler", "role", "adapted")), None
        )
        if value and before is not None and before.sort in _NUMBERS and not _is_factor(before):
            told[at] = replace(part, sort="things", value=value)
    return told


_UNITS = ("units", "features", "neurons", "channels")


def _several(found: Sequence[Concept]) -> list[Concept]:
    """A number of things is not a number of parameters: `two matrices`, `four low-rank factors`."""
    told = _things(found)
    for at, part in enumerate(told[:-1]):
        after = next(
            (other for other in told[at + 1 :] if other.sort not in ("filler", "role", "shape")), None
        )
        units = [other.text.lower() for other in told[at + 1 : at + 2]]
        if units and units[0] in _UNITS and any(other.sort == "dimension" for other in told[:at]):
            continue  # `the bottleneck has 8 units`
        wide = told[at + 1].sort == "shape" and told[at + 1].value == "shape"  # `a 256-dimensional input`
        thing = (
            not wide
            and after is not None
            and (
                after.sort in ("thing", "branches")
                or (
                    after.sort == "dimension"
                    and after.text.lower().endswith("s")
                    and not (after.value == "r" and part.text[:1].isdigit())  # of `16 ranks` it is the rank
                )
                or (
                    after.sort == "subject"
                    and (after.value in ("adapter", "vectors") or after.text.lower().endswith("weights"))
                    and not after.text.lower().endswith(("parameters", "params"))
                )
            )
        )
        if (
            part.sort == "amount"
            and not any(other.sort == "dimension" for other in told[max(0, at - 1) : at])  # `rank 4`
            and [other.sort for other in told[max(0, at - 2) : at]] != ["dimension", "of"]
            and part.value == ""
            and part.number is not None
            and thing
            and "/" not in part.number.digits
        ):
            assert after is not None
            word = after.text.lower()
            kind = "vectors" if word.startswith("vector") or after.value == "vectors" else "matrices"
            kind = "branches" if word.startswith(("branch", "path", "route")) else kind
            told[at] = replace(part, sort="several", value=kind)
    return told


def named(token: Token, known: Lexicon) -> list[Concept]:
    words = folded(token.text)
    match = known.at(words, 0)
    if match is not None and match[1] == len(words):
        meaning = match[0]
        return [Concept(meaning.sort, meaning.value, token.text, token.start)]
    bits = re.fullmatch(r"(\d{1,2})[- ]bits?(?: (\w+))?", token.text)
    if bits is None:
        return [Concept("name", _kind_of_name(token.text), token.text, token.start)]
    precision = Concept("precision", bits[1], token.text, token.start)
    called = known.at(folded(bits[2]), 0) if bits[2] is not None else None
    if called is not None and called[0].sort == "precision":  # `8-bit NF4`
        return [precision, Concept("precision", called[0].value, bits[2], token.start)]
    return [precision if bits[2] is None else Concept("name", "", token.text, token.start)]


# A method that is called after LoRA, and is none of those that are known.
METHOD = "method"
_OF_LORA = Pattern(r"[A-Z][A-Za-z0-9-]*LoRA|[A-Z][a-z]+RA|LoRA-[A-Z]\w+", "ra")


def _kind_of_name(text: str) -> str:
    return METHOD if _OF_LORA.fullmatch(text) is not None else ""


def mathematics(token: Token, kinds: Kinds) -> list[Concept]:
    assert token.node is not None
    if (share := _share(token.node)) is not None:
        return [Concept("amount", "", token.text, token.start, share)]
    if isinstance(token.node, tree.Apply) and bare(token.node.function) == tree.Symbol("N"):
        return [Concept("law", "normal", token.text, token.start)]
    sort = kinds(token.node)
    plain = bare(token.node)
    if sort == "unknown" and isinstance(plain, tree.Sum) and set(plain.signs) <= {"+", ""}:
        named = [
            Concept("matrix", key(bare(term)) or "", token.text, token.start, term) for term in plain.terms
        ]
        if all(kinds(term) == "matrix" for term in plain.terms):  # `A + B`: of both
            return named
    value = (key(plain) or "") if sort in ("matrix", "size") else ""
    if isinstance(plain, tree.Relation) and (then := _then(plain)) is not None:
        first, second = (replace(token, node=side) for side in then)
        return [
            *mathematics(first, kinds),
            Concept("comma", "", "→", token.start),
            *mathematics(second, kinds),
        ]
    if sort == "relation" and isinstance(plain, tree.Relation):
        value = kinds(plain.sides[0]) or ""  # of what it is: of matrices, or of numbers
    return [Concept(sort or "formula", value, token.text, token.start, token.node)]


def _share(node: Node) -> Number | None:
    """1/32 as the number that words for it are, `a quarter`; None for another."""
    plain = bare(node)
    if isinstance(plain, tree.Product) and plain.ops == ("/",):
        plain = tree.Fraction(*plain.factors)
    if not isinstance(plain, tree.Fraction):
        return None
    above, below = bare(plain.above), bare(plain.below)
    if not isinstance(above, Number) or not isinstance(below, Number) or above.unit + below.unit:
        return None
    whole = above.digits.isdecimal() and below.digits.isdecimal() and int(below.digits) > 0
    return Number(f"{above.digits}/{below.digits}") if whole else None


def _then(node: tree.Relation) -> tuple[Node, Node] | None:
    """Of `r = 16 → α/r = 1` the two statements."""
    at = next((at for at, op in enumerate(node.ops) if op in ("→", "⇒")), 0)
    if not 0 < at < len(node.ops) - 1 or {node.ops[at - 1], node.ops[at + 1]} != {"="}:
        return None
    first, second = node.sides[: at + 1], node.sides[at + 1 :]
    return tree.Relation(first, node.ops[:at]), tree.Relation(second, node.ops[at + 1 :])


_SHAPED = frozenset(
    {"weight", "matrix", "layer", "linear", "dense", "update", "frozen", "pretrained", "bottleneck"}
)


def article(tokens: Sequence[Token], at: int) -> bool:
    """Whether A, or a, is an article, or I a pronoun, and no symbol: before a word that no statement about
    the symbol goes on with. A capital A is one at the beginning alone."""
    text = tokens[at].text
    if text not in ("A", "a", "I") or at + 1 >= len(tokens):
        return False
    after = tokens[at + 1]
    if after.kind == "word" and not after.text.isascii():  # of another language
        return False
    if text == "A" and at > 0 and (tokens[at - 1].kind != "mark" or tokens[at - 1].text not in ".:;!?"):
        return False
    if after.kind == "mark":
        return text == "A" and after.text not in ",:&/(=~∼,.;)"
    if text == "A" and (after.kind == "math" or after.text == "shape"):  # `A (r × k)`, `A.shape`
        noun = tokens[at + 2].text.lower() if at + 2 < len(tokens) else ""
        return not after.text.startswith("(") and noun in _SHAPED  # `A 256 × 256 weight`
    # `A frozen weight`, but `A trained, W frozen`
    if text != "I" and after.text.lower() in ("trained", "frozen"):
        last = tokens[at + 2 : at + 3]
        if last and last[0].kind == "math":  # `A frozen W`
            return True
        return (
            bool(last) and last[0].kind == "word" and last[0].text.lower() not in ("and", "or", "too", "in")
        )
    verbs = (
        r"is|are|was|and|has|had|gets|stays|remains|starts|begins|maps|projects|holds|stores|compresses|in|of|or|learns"
        r"|uses|comes|keeps|multiplies|adds|takes|carries|receives|does|goes|with|trained|frozen|to|by|contains|needs|then|too|only|alone|never|reduces|becomes|itself|takes|plus|times"
    )
    if text == "I":  # a pronoun has another verb
        verbs = r"is|and|in|of|or|with|to|by|as|for|on|has|stays|remains|then|too|only|alone|itself"
        return after.kind == "word" and re.fullmatch(verbs, after.text.lower()) is None
    return after.kind in ("word", "number", "name") and re.fullmatch(verbs, after.text.lower()) is None


def is_adverb(word: str) -> bool:
    """Whether a word that the lexicon does not have says how something is done, and no more. Those that limit
    what is said, `partly`, are in the lexicon as not known."""
    return len(word) > 5 and word.isascii() and word.isalpha() and word.endswith("ly")


# Modules of a network as their libraries call them.
_MODULE = Pattern(
    r"(?:q|k|v|o|up|down|gate|qkv|out|in)_proj|c_(?:attn|proj|fc)|lm_head|embed_tokens|fc[12]|[WqQ]_[qkvo]|[qkvo]"
)


def _called(tokens: Sequence[Token], at: int) -> bool:
    """Whether brackets of a call stand behind a token."""
    return [token.text for token in tokens[at + 1 : at + 3]] == ["(", ")"]


def _words(tokens: Sequence[Token], at: int, known: Lexicon, found: list[Concept]) -> int:
    """The phrases that begin here, up to the end of a token, and how many tokens they take."""
    words: list[str] = []
    owners: list[int] = []
    place = at
    while place < len(tokens) and len(words) < LONGEST + 4:
        token = tokens[place]
        if token.kind == "word" or (token.kind == "number" and token.text.isdecimal()):
            for word in folded(token.text):
                words.append(word)
                owners.append(place)
        elif not (token.kind == "mark" and token.text in "-‐‑" and words and place + 1 < len(tokens)):
            break
        place += 1
    if not words:
        found.append(Concept("unknown", "", tokens[at].text, tokens[at].start))
        return 1
    place = 0
    while True:
        match = known.at(words, place)
        size = 1 if match is None else match[1]
        first, last = owners[place], owners[place + size - 1]
        whole = (place == 0 or owners[place - 1] != first) and owners[place + size : place + size + 1] != [
            last
        ]
        text = " ".join(token.text for token in tokens[first : last + 1])
        spoken = words[place : place + size]
        text = text if whole else (" " if spoken[0].isascii() else "").join(spoken)
        sort, value = ("unknown", "") if match is None else (match[0].sort, match[0].value)
        if match is None and is_adverb(text.lower()):
            sort = "filler"  # `separately`, `elegantly`
        elif match is None and (text.count("_") > 1 or _called(tokens, last)):
            sort = "name"  # `merge_and_unload()`
        elif match is None and _MODULE.fullmatch(text) is not None:
            sort, value = "module", text
        elif match is None and sum(letter.isupper() for letter in text) > 1 and text.isascii():
            sort, value = "name", _kind_of_name(text)  # `RoBERTa`, `MLP`
        found.append(Concept(sort, value, text, tokens[first].start))
        place += size
        if place == len(words) or owners[place] != last:  # at the end of a token
            return last + 1 - at
