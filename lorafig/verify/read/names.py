# ruff: noqa: E501
"""Names with numbers in them, which claim nothing: models, hardware, formats, versions, citations, labels.

By rules, not by a list of what there is today:

- letters and digits joined in one word: `T5`, `Llama-3-8B`, `bf16`, `q4_0`, `adapter_model.safetensors`;
- a capitalised word, or several, with the number behind it: `RTX 4090`, `Llama 3 8B`, `Expert 1`, `Clients 2 and 3`;
- a word that numbers things, with a whole number: `step 2`, `layer 12`, `block 3`, `path 1`, `eq. (3)`;
- years, citations, dates, addresses, licences; ordinals; bits of a format (`4-bit`); orders of size
  (`1000s of GPUs`).

A number that something is counted by belongs to no name: `Llama 3 3 parameters`, `a rank of 2048`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from lorafig.pattern import Pattern, any_case
from lorafig.themes import venues
from lorafig.verify.read.lexicon import lexicon

# What is counted, measured or said of the model: the word before a number that is none of a name's.
_COUNTING = (
    r"(?:ranks?|r|alpha|dims?|dimensions?|width|size|scal\w+|factor|ratio|share|params?|parameters?|weights?|entries|values"
    r"|bits?|bytes?|rows?|columns?|train\w*|learn\w*|frozen|freez\w+|sav\w+|updat\w+|tun\w+|only|just|about|some|around"
    r"|total|of|to|from|by|with|is|are|has|have|than|least|most|over|under|nearly|approximately|roughly|between|and"
    r"|or|the|at|in|on|for|full|fewer|less|more|times|plus|minus|equals?|need\w*|cost\w*|hold\w*|stor\w+|keep\w*|as|that"
    r"|memory|latency|adds?|count\w*|number|all|these|those|its|a|an|input|output|hidden|heads|layers|matri\w+|d|k|s|x|we"
    r"|into|rather|instead|wx|once|merged|forming|computing|other|low|high|max|min|up|down)"
)
# A number that is counted by is not a name's: `Llama 3 99% fewer`.
_COUNTED = (
    r"(?![\d]|[.,]\d|\s*[%×]|\s?x\b(?!\d)|\s*(?:percent|times|fold|fewer|less|more|smaller|larger)\b"
    r"|-fold|\s+(?:[A-Za-z-]+\s+){0,2}?(?:param\w*|weights|entries|values|numbers|rows|columns|bytes|bits|layers|heads"
    r"|matrices|multiply)\b|\s*[=<>≤≥]|\s?[kKMGT]iB\b)"
)
_ROMAN = r"(?:[IVX]{1,4})"
_LISTED = r"(?:\s*(?:,(?!\d)|-|–|and|&|to)\s*\(?\d+(?:\.\d+)*[a-z]?\)?(?![\d%×]))*"
_YEAR = r"(?:1[89]|20)\d\d"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Each rule with what a text has that has such a name, for a glance: most texts need few of them.
_ALWAYS = (
    # addresses, files and paths
    (":/|10[.]|arxiv", r"https?://\S+|\bdoi:?\s*10\.\d+/\S+|\barxiv:?\s*\d{4}\.\d{4,5}(?:v\d+)?\b"),
    (r"\w[.]\w", r"(?<![\w$./-])[\w./-]*\w\.(?:safetensors|bin|py|jsonl?|ya?ml|gguf|pth?|onnx|md|csv|parquet|sh|txt|ipynb|cfg|ckpt|tar|gz|ai|io|co|com|org|xlarge)\b"),
    (r"[.][a-z_]*\d*[.]|\w[.]\d", r"(?<![\w$])[a-z_]+(?:\.[a-z_]*\d*){2,}(?:\.\w+)*\b|(?<![\w$])[a-z]\w*\.\d+\.\w+\b"),
    (r":\d", rf"(?<![\w$])(?!(?:{_COUNTING})\b)[a-z]{{2,}}:\d+\b"),
    # years and citations
    (_YEAR, rf"(?:\bet\s+al\.?|&\s+[^\W\d_]+|©|\(c\)),?\s*\(?{_YEAR}[a-z]?\)?"),
    (rf"\(\s*{_YEAR}", rf"\b[A-Z][a-z]+(?:\s+and\s+[A-Z][a-z]+)?,?\s*\(\s*{_YEAR}[a-z]?(?:\s*,\s*{_YEAR}[a-z]?)*\s*\)"),
    (rf"[(;][^();$=]*{_YEAR}", rf"\(\s*{_YEAR}[a-z]?\s*\)|[(;]\s*[^();$=]*?,\s*{_YEAR}[a-z]?(?=[);,])"),
    (rf"\w[\s-]+{_YEAR}", r"\b(?:in|since|until|before|after|by|as of|early|late|mid|spring|summer|autumn|fall|winter"
        rf"|{_MONTH}|Q[1-4])[\s-]+(?:of\s+)?{_YEAR}\b"),
    (rf"\d\s+\w+\s+{_YEAR}", rf"\b\d{{1,2}}\s+{_MONTH}\s+{_YEAR}\b"),
    (r"[^\W\d_]\s+\d", rf"\b{_MONTH}\s+\d{{1,2}}(?:,?\s+{_YEAR})?\b"),
    (rf"{_YEAR}(?:\s*[–-]|s)", rf"\b{_YEAR}-\d\d(?:-\d\d)?\b|\b{_YEAR}\s*[–-]\s*(?:{_YEAR}|\d\d)\b|\b(?:the\s+)?(?:1[89]|20)\d0s\b"),
    (r"\[\d|^\s*\d", rf"\[\d+(?:\s*[,–-]\s*\d+)*\]|^\s*{_YEAR}\s*:|^\s*{_YEAR}\s*$"),
    (r"[^\W\d_]\s*[’']?\d\d", r"\b(?:VENUES)\s*[’']?(?:\d\d){1,2}\b"),
    (r"[^\W\d_][- ]?\d", r"\bCC0(?:[- ]1\.0)?\b|\bCC[- ]BY(?:-[A-Z]{2})*[- ]\d\.\d\b|\b(?:Apache|GPL|LGPL|AGPL|BSD|MIT)[- ]?v?\d(?:\.\d)?(?:-[Cc]lause)?\b"),
    # bits of a format, and formats
    (r"\d[- ]bit", r"\b\d{1,2}(?:\.\d+)?[- ]bits?\b(?:\s+(?:NormalFloat|NF4|float\w*|int\w*|[Aa]dam\w*|quanti[sz]\w*))?"),
    (r"[^\W\d_]\d", r"\b(?:NF|FP|BF|INT|TF|UINT|MXFP|NVFP|nf|fp|bf|int|tf|uint|float|bfloat|mxfp|nvfp|IQ|Q)\d{1,2}(?:_\w+)?\b"),
    # processes of a run, and what k counts elsewhere
    (r"rank[- ]\d|\d\s+ranks", r"\b(?:nodes?|gpus?|workers?|devices?|hosts?)\s+\d+\s*[,·/:]\s*ranks?\s+\d+\b|\brank[- ]0\b"
        r"(?:\s+(?:process|worker|gpu|device|node))?|\branks?\s+\d+\s+(?:process(?:es)?|workers?|gpus?)\b|\b(?:on|across)\s+\d+\s+ranks\b|\b\d+\s+ranks\s+(?:on|across|per)\b"),
    (r"\bk\s?=", r"\bk\s?=\s?\d+\s+(?:folds?|nearest\b(?:\s+neighbou?rs?)?|neighbou?rs?|clusters?|means)\b"),
    # ordinals, marks of a list, hash numbers
    (r"\d[^\W\d_]", r"\b\d+(?:st|nd|rd|th)\b"),
    (r"^\s*\(?\w{1,4}[.):]|#\d|no[.]?\s*\d", r"^\s*\(?(?:\d{1,2}|[a-zA-Z]|" + _ROMAN + r")[.):](?=\s)|^\s*\(\d{1,2}\)(?:\s*$)?|#\d+\b|\bno\.?\s*\d+\b|\b[Nn]o\.\s?\d+"),
    (r"\d\)|\(\w\)", r"(?<=[.,;:!?]\s)\(?\d{1,2}\)(?=\s)|\b(?:see|in|by|from|and|as|or)\s\(\d{1,2}\)(?=\s|$|[.,;:])|\([a-z]\)(?=\s)"),
)  # fmt: skip
_UNCOUNTED = (
    # orders of size of a scheme
    (r"\d[kmb]?s\s|(?:en|red|and|ion)s", r"\b\d+(?:[KkMB])?s\s+of\b|\b(?:tens|hundreds|thousands|millions|billions|dozens|trillions)(?:\s+of(?:\s+(?:tens|hundreds|thousands|millions))?)?\b(?!\s+(?:times|param))"),
    ("(?:zero|one|two|three|four|few|many|single|multi|end|n|k|double)-", r"\b(?:zero|one|two|three|four|few|many|single|multi|end|n|k|double)-(?:shot|way|stage|step|hot|to|off|time|class|hop|head|task|tier|phase|level|fold cross|pass|gram|turn|sided|line|page|dimensional)(?:-\w+)*\b"),
)  # fmt: skip
# Words that say which, or how much, LoRA is meant.
_NO_METHOD = (
    "non|multi|pre|post|per|full|plain|standard|vanilla|ordinary|classic|single|one|two|many|all|no|rank|low|high"
    "|quantized|frozen|trained|base|merged|mixed|pure|normal|original|regular|of|with|without|and|or|the|in"
)
_CASED = (
    # words joined with numbers
    (r"[a-z][-_/.+]*\d", r"(?<![\w$\\=^(/])(?!(?i:rank|dim|width|alpha|lora_[abr])[-_=]?\d)(?:[A-Za-z]+[-_.])?[A-Za-z]{2,}+(?:[-_/.+]++[A-Za-z]++)*+[-_/.+]*+\d[\w./+-]*(?<!-)"),
    (r"[a-z]-?\d", r"(?<![\w$\\=^])[A-Z][-]?\d+\w*(?:[-.]\w+)*\b(?!\s*[=∈])|(?<![\w$\\=^])[pov]\d+(?:\.\d+)*\b"),
    (r"\d[a-z]+\d", r"(?<![\w$\\.,])\d+[A-Za-z][A-Za-z]*\d[\w.-]*"),
    # methods that are made of another: `QA-LoRA`, `LoRA-SB`
    ("-lora|lora-[a-z]", r"(?<![\w-])(?!(?i:" + _NO_METHOD + r")-)[A-Z][A-Za-z0-9]*-[A-Z]?LoRA(?![\w-])|(?<![\w-])LoRA-(?:[A-Z]{2,}|Drop|Pro|Dash|Null|Hub|One|Mini)(?![\w-])"),
    (r"\s[ivx]{1,4}(?!\w)", rf"\b[A-Z][^\W\d_]*\s+{_ROMAN}\b(?=\s*$|[,.;:])"),
)  # fmt: skip
_NUMBERED = (
    # a word that numbers things
    (r"(?:[^\W\d_]|[.§])\s*\(?[A-Z]?\d",
    r"(?:\b(?:figures?|figs?\.?|sections?|secs?\.?|tables?|tabs?\.?|equations?|eqs?\.?|eqns?\.?|chapters?|chap\.?|appendix"
    r"|appendices|algorithms?|alg\.?|steps?|stages?|phases?|parts?|panels?|pages?|pp?\.|versions?|vol\.?|volume|theorem|lemma"
    r"|definition|example|exercise|line|layer|lesson|ref\.?)|§+)\s*\(?[A-Z]?\d+(?:\.\d+)*[a-z]?\)?" + _LISTED),
    (r"[^\W\d_]\s+\d", rf"\b(?!(?:{_COUNTING})\b)(?:(?-i:(?![⺀-鿿가-힯぀-ヿ]))[^\W\d_]){{3,}}\s+\d{{1,4}}(?!\d|,\d{{3}}|\s?[KMBT]\b|\s?[kKMGT]i?B\b|\s+(?:[a-z]))" + _LISTED),
)  # fmt: skip
# A capitalised word, or several, with numbers behind: `Llama 2 7B`, `Compute capability 8.0`, `Ryzen 9 7950X`.
_CAPITAL = (
    r"[\w.+’'-]\s+v?\d",
    rf"\b(?!(?i:{_COUNTING})\b)(?:[A-Z][\w.+’'-]+|[a-z]+[A-Z]\w*)(?:\s+(?!(?i:{_COUNTING})\b)[A-Za-z][\w+-]*){{0,2}}?"
    rf"(?:\s+v?\d++(?:\.\d++)*+[A-Za-z]{{0,2}}\d*+(?![\w,]*+\d|[×%])){{1,3}}(?:\s+[A-Z][a-z]+\b)?" + _LISTED,
)  # fmt: skip


# `GPT-3 175B`, `A100 80GB`
_MORE = Pattern(r"\s++\d++(?:\.\d++)?\s?(?:[KMBT]|[GT]B)?(?![\w.,]*\d|\w)" + _COUNTED)


@lru_cache(maxsize=1024)
def names(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of names that have a number in them, or stand for one; none overlaps another."""
    spans: list[tuple[int, int]] = []
    for rule in _rules():
        if rule.sign.search(text) is None:
            continue
        for match in rule.names.finditer(text):
            start, stop = match.span()
            while start < stop and text[start].isspace():
                start += 1
            more = _MORE.matcher(text)(stop)
            while stop > start and text[stop - 1].isspace():
                stop -= 1
            if more is not None and text[start].isalpha():
                stop = more.end()
            if rule.numbered and _is_said(text[start:stop]):
                continue
            if start < stop and all(stop <= other[0] or start >= other[1] for other in spans):
                spans.append((start, stop))
    return tuple(sorted(spans))


# Sorts of words that say something of the number behind them: `takes 42`, `exactly 256`, `become 1,024`.
_SAYING = frozenset(
    {
        "filler",
        "near",
        "compare",
        "role",
        "shift",
        "maps",
        "project",
        "scaled",
        "becomes",
        "add",
        "neg",
        "begin",
        "join",
        "of",
        "than",
        "placed",
        "joined",
        "merge",
        "effect",
        "change",
    }
)


def _is_said(name: str) -> bool:
    """Whether the number at the end of a name belongs to a verb or an adverb before it."""
    before = re.search(r"\b([a-z]{3,})\s+\d[\d.,]*[KMBT]?$", name)
    match = None if before is None else lexicon("en").at([before[1]], 0)
    return match is not None and match[0].sort in _SAYING


class _Rule(Struct, frozen=True):
    """`sign` fits a text if one of the rule's `names` is in it."""

    sign: Pattern
    names: Pattern
    numbered: bool = False


@cache
def _rules() -> tuple[_Rule, ...]:
    published = "|".join(venues.names(published=True))
    return (
        *(_Rule(any_case(sign), any_case(rule.replace("VENUES", published))) for sign, rule in _ALWAYS),
        *(_Rule(any_case(sign), Pattern(f"(?:{rule}){_COUNTED}")) for sign, rule in _CASED),
        *(_Rule(any_case(sign), any_case(f"(?:{rule}){_COUNTED}")) for sign, rule in _UNCOUNTED),
        *(_Rule(any_case(sign), any_case(f"(?:{rule}){_COUNTED}"), True) for sign, rule in _NUMBERED),
        _Rule(any_case(_CAPITAL[0]), Pattern(_CAPITAL[1] + _COUNTED), True),
    )
