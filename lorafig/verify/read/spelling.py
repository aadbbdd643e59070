"""A claim as it stands in a sentence or in code, in the notation's own spelling.

What is changed here is how something is written, never what: delimiters of mathematics, the punctuation of
sentences, the operators and attributes of Python, signs that look alike.
"""

from __future__ import annotations

import re
from functools import cache

from lorafig.verify.read.codewords import PIECES, SETTING, SIZES
from lorafig.verify.read.quantities import MEMORY

_WORD = r"(?:\\(?:text|mathrm|textrm|operatorname|rm)\s*\{\s*)?([A-Za-z]{3,})\s*\}?"
# Words between the statements of a formula.
_JOINTS = (
    "where|with|and|for|since|because|so that|such that|hence|when|given|if|while|whereas|vs\\.?|versus|but"
    "|so|thus"
)
_PAIR = rf"[(\[]\s*([0-9]+|{SIZES})\s*,\s*([0-9]+|{SIZES})\s*[)\]]"
_GIVES_BACK = (
    r"(?:recovers|restores|gives(?:\s+back)?|returns|yields|brings\s+back)\s+the\s+"
    r"(?:pre-?trained|original|base|frozen|initial)\s+(?:weights?|matrix|weight\s+matrix|W(?:_0)?)"
)
_AT_START = r"\b(?:at\s+(?:the\s+)?(?:start|init(?:iali[sz]ation)?)|initially|before\s+training)\b"

# (what is written, how the notation writes it); applied in this order.
SPELLINGS: tuple[tuple[str, str], ...] = (
    # mathematics in a text
    (r"\$\$?|\\\(|\\\)|\\\[|\\\]", " "),
    (r"`", " "),
    (r"&(?=\s*(?:=|\\approx|\\le|\\in\b|:))|(?<==)\s*&", ""),
    (r"\\(?:underline|boxed|textcolor\{[a-z]+\}|color\{[a-z]+\})\s*\{((?:[^{}]|\{[^{}]*\})*)\}", r"{\1}"),
    (rf"\\(?:text|textrm|mathrm|mbox|operatorname)\s*\{{\s*[,;]?\s*({_JOINTS})[,:]?\s*\}}", r" \1 "),
    (rf"\\text\s*\{{([^{{}}]*\s)({_JOINTS})\s*\}}", r"\\text{\1} \2 "),
    (
        r"^\s*\(\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*(?:=|\\approx)(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)\s*$",
        r"\1",
    ),
    (r"\b(?:at|@)\s+\$?(?:t|step)\s*=\s*0\b\$?", "at initialization"),
    # predicates, as functions
    (r"^\s*frozen\s*\(([^()]*)\)\s*$", r"\1 are frozen"),
    (r"^\s*trainable\s*\(([^()]*)\)\s*$", r"\1 are trained"),
    (r"^\s*starts[_ ]at\s*\((.*)\)\s*$", r"h = \1 at initialization"),
    (r"^\s*(?:merges|mergeable)\s*(?:\(\s*\))?\s*$", "the adapter can be merged"),
    # names
    (r"∆", "Δ"),
    (r"\\Delta(?=\s*(?:$|[=+),.;]|-))", r"\\Delta W"),
    (r"(?<![A-Za-z\\])dW(?![A-Za-z])", "ΔW"),
    (rf"\^\{{\s*{_WORD}\s*\}}", r"_{\\mathrm{\1}}"),  # W^{res}: a word is not a power
    (r"\^\{?\(0\)\}?", "_0"),
    (r"\^\{?\((?:l|i|L|ℓ|\\ell)\)\}?", ""),  # of any layer
    (r"(?<![A-Za-z\\])lora_alpha\b", "alpha"),
    # code
    *PIECES,
    # maps and numbers of parameters
    (r"(?<![<«])«(?!«)", "≪"),
    (r"^\s*x\s*(?:\\mapsto|↦|\\longmapsto)(?!.*(?:\\mapsto|↦))\s*", "h = "),
    (
        r"^(?!.*\bL)\s*(?:\||\\l?vert)\s*\\?(?:Theta|Phi|Θ|Φ|θ|ϕ)(?:_\w+|_\{[^{}]*(?:\{[^{}]*\})?\})?\s*(?:\||\\r?vert)\s*=",
        "trainable parameters =",
    ),
    # numbers
    (r"(?<=[0-9])_(?=[0-9]{3})", ","),
    (r"(?<=[0-9])\s*(?:percent|per\s+cent)\b", "%"),
    (r"(?<=[0-9])\s+thousand\b", "K"),
    (r"(?<=[0-9])\s+million\b", "M"),
    (r"(?<=[0-9])\s+billion\b", "B"),
    (r"\\?#\s*(?:of\s+)?(?=[A-Za-z])", ""),
    (r"(?<![\w\\])(?:num_|n_)?(?:params?|numel)\s*\(\s*([A-Z]\w*)\s*\)", r"|\1|"),
    (r":\s*[(\[]\s*([0-9]+)\s*,\s*([0-9]+)\s*[)\]]\s*=\s*(?=[0-9])", r": \1 × \2 = "),
    (rf"^\s*\(\s*({SETTING}(?:,\s*{SETTING})*)\s*\)\s*(?:⇒|→|->|\\Rightarrow)\s*", r"for \1: "),
    (r"(?<![\w.])h\s*\(\s*t\s*=\s*0\s*\)\s*=\s*(.*)$", r"h = \1 at initialization"),
    (r"(?<=\d)\s*:\s*1\s*$", "×"),
    (r":\s*\[\s*([0-9]+)\s*\](?=\s*(?:,|$))", r": \1"),
    (r"(?<=\w)\s+in\s+(?=(?:R|ℝ|\\mathbb\{R\})\s*\^)", " ∈ "),
    (r"(?<=[0-9])\s+(?:params|parameters|entries)(?=\s*[+=])", ""),
    (rf"(?<=\b(?:[dkr]|[0-9)]))\s+x\s+(?=\(|[0-9]|{SIZES}\b)", " × "),
    (
        rf"^{_PAIR}\s*(?:@|·|x|×|\\times|\*)\s*{_PAIR}\s*(?:->|→|=)\s*{_PAIR}$",
        r"(\1 × \2) · (\3 × \4) = \5 × \6",
    ),
    (r"^\s*([1-9])[ -]bits?\s*(?:=|⇒|→|->)\s*([0-9]+)\s*(?:values|levels|codes)\s*$", r"2^\1 = \2"),
    # what a formula is of, and what it gives
    (r"∂\s*(L|ℒ|\\mathcal\{L\}|loss)\s*/\s*∂\s*([A-Za-z](?:_\w+)?)", r"∇_\2 \1"),
    (
        rf"^(.*{_AT_START}),?\s*(?:(?:and\s+)?so|thus|hence|therefore|⇒)\s+(?:that\s+)?([^,;]+)$",
        r"\1, \2 at initialization",
    ),
    (rf"\b([A-Za-z](?:_\w+)?)\s+is\s+(?:an?\s+)?([0-9]+|{SIZES})-dimensional\b", r"\1 ∈ ℝ^{\2}"),
    (
        r"^(\S+)\s+has\s+the\s+(?:same\s+)?shape\s+(?:of|as)\s+(\S+?),\s*(?:i\.e\.,?\s*)?([(\[0-9dkr].*)$",
        r"\1 : \3; \2 : \3",
    ),
    (rf"^([^=]+?)\s+{_GIVES_BACK}$", r"W = \1"),
    (rf"^(W\w*\s*=.+?)\s+{_GIVES_BACK}$", r"\1"),
    # sentences
    (r"\s+is\s+(?:exactly\s+|equal to\s+)?zero\b(?!-)", " = 0"),
    (r"\s+(?:is\s+equal\s+to|equals)\s+", " = "),
    (
        r"^\s*(?:thus|hence|therefore|so(?!\s+far)|note that|recall that|here|where|then|and|let|i\.e\.|"
        r"(?:with|for|given)(?=[^,]*(?:[^\w\s,-]|\s(?:is|are)\s)|[^,]*$)),?\s+",
        "",
    ),
    (r"^\s*(?:(?:an?|two|the)\s+)?(?:small(?:er)?|low-rank|trainable)?\s*matri(?:x|ces)\s+(?=[A-Z]\b)", ""),
    (r"^\s*(?:a\s+combined|a\s+total\s+of|in\s+total)\s+(?=[0-9])", ""),
    (r"^(?:an?|only|just)\s+(?=[~≈]?\s*[0-9])", ""),
    (r"(?<=\w)!(?=\s*[)\]])", ""),
    (r"\s*[.!,;:]+\s*$", ""),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(written, re.IGNORECASE), spelled) for written, spelled in SPELLINGS)


_TIMES = r"\s*(?:×|·|\*|x|\\times|\\cdot)\s*"
_UNIT = r"(?:\\[,; ]|~|\s)*(?:\\(?:text|mathrm)\s*\{\s*)?"
# A product of numbers with bytes, or bits, in it, and what it comes to: `589,824 × 2 bytes = 1.18 MB`.
_MEMORY = re.compile(
    rf"^(?P<many>(?:[^A-Zb-ce-jl-qs-z=≈]|(?<=\d)[KMB])+?)\s*(?:params?|parameters|weights|values|numbers)?{_TIMES}(?P<each>[\d.]+)"
    rf"{_UNIT}[ -]?(?P<unit>bytes?|bits?|B)\}}?(?:\s+each)?\s*(?P<sign>=|≈|~|\\approx)"
    rf"\s*(?P<whole>[\d.,{{}}]+){_UNIT}(?P<scale>{'|'.join(MEMORY)}|bytes)\}}?$"
)


def _memory(match: re.Match[str]) -> str:
    scale = MEMORY[match["scale"].replace("bytes", "B")] * (8 if match["unit"].startswith("bit") else 1)
    sign = "≈" if match["sign"] != "=" else "="
    whole = match["whole"].replace("{,}", ",")
    return f"({match['many'].replace('{,}', ',')}) · {match['each']} / {scale} {sign} {whole}"


def usual(text: str) -> str:
    """The claim in the notation's own spelling."""
    source = _MEMORY.sub(_memory, " ".join(text.split()).rstrip("."))
    for pattern, spelled in _compiled():
        source = pattern.sub(spelled, source)
    return source.strip()


_SETS = re.compile(r"\b(trained|trainable|learned|frozen|fixed)\s*[:=]\s*\{([^{}\\]*)\},?", re.IGNORECASE)
_ALONE = re.compile(r"^\s*\$([^$]*)\$\s*$")  # a formula and nothing else
# The weight that QLoRA multiplies by is what its codes stand for.
_DEQUANTISED = re.compile(
    r"\\?(?:(?:text|mathrm|operatorname)\{)?\b(?:double)?dequant(?:i[sz]e|ized)?\}?\s*"
    r"\((?:[^()]*,\s*)?W(?:[_^]\{?\\?\w*\{?\w*\}*)?\)",
    re.I,
)


def plain(text: str, title: str, quantized: bool) -> str:
    """A claim as texts have it, for a method of this title: signs as code and papers write them, and what
    says nothing of what is claimed."""
    text = re.sub(r"(?<=\s)<-(?=\s)", "←", text.replace("$$", "$"))
    text = re.sub(r"(?<=[·×*x]\s)(\d+) B(?=\s*[=≈].*\b[kKMGT]i?B\b)", r"\1 bytes", text)
    text = re.sub(
        rf"^\s*(?:[\w-]+\s+defaults?:?\s+)?({SETTING}(?:,\s*{SETTING})*)\s*:\s+(?!.*{SETTING}\s*:)(?=\S)",
        r"for \1: ",
        text,
    )
    text = re.sub(r"^\s*(?:a combined|a total of)\s+(?=[0-9])", "", text)
    text = re.sub(rf"^\s*{re.escape(title)}\s+(?=params?\b|parameters?\b)", "trainable ", text)
    text = _ALONE.sub(r"\1", _SETS.sub(r"\1: \2;", text))
    return _DEQUANTISED.sub("W", text) if quantized else text
