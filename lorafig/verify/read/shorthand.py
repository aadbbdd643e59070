"""Notes in few signs, as the sentences that they stand for: `r=4: 32,768, r=8: 65,536`, `16.8M → 65.5K
(256×)`, `Adam: 2 × 65,536 × 4 bytes = 524 KB`, `Savings = d²/(2dr)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?\s?[KMB]?"
_FEWER = re.compile(
    rf"(?P<times>{_NUMBER})\s*[×x]\s*(?:fewer|less|smaller)\s*\((?P<more>{_NUMBER})\s*(?:→|->|⇒)\s*(?P<less>{_NUMBER})\)",
    re.IGNORECASE,
)
_DROPS = re.compile(
    rf"(?P<more>{_NUMBER})\s*(?:→|->|⇒)\s*(?P<less>{_NUMBER})\s*(?:trainable|trained)(?:\s*(?:params|parameters))?",
    re.IGNORECASE,
)
_SETTING = re.compile(r"(?:^|(?<=[,;]\s))(?=(?:r|rank)\s*=\s*[0-9]+\s*(?::|→|->|⇒))", re.IGNORECASE)
_FALLS = re.compile(
    rf"(?P<more>{_NUMBER})\s*(?:→|->|⇒)\s*(?P<less>{_NUMBER})"
    r"(?:\s*(?:trainable|trained))?(?:\s*(?:params|parameters))?"
    rf"\s*\((?P<times>{_NUMBER})\s*[×x](?:\s*(?:fewer|less|smaller|reduction))?\)",
    re.IGNORECASE,
)
# What a heading may be called that says nothing of what follows.
_PLAIN = re.compile(
    r"(?:(?:in )?total|percentage|ratio|share|savings?|reduction|compression(?: ratio)?|example|result|sum"
    r"|calculation|overall)\s*:\s+",
    re.IGNORECASE,
)
_BYTES = {"0.5": "4 bits", "1/2": "4 bits", "1": "int8", "2": "fp16", "4": "fp32"}
_MEMORY = re.compile(
    r"(?P<whom>[^:=]{1,40}?)(?:\s*\(?(?:in|Adam,) (?P<format>fp32|fp16|bf16|int8|nf4|4[- ]bit)\)?)?\s*:\s+"
    r"(?P<product>.*?[×x·*]\s*(?P<each>[0-9./]+)\s*bytes?)\s*(?P<is>=|≈|~)\s*(?P<whole>[0-9][0-9.,]*\s?[kKMGT]i?B)"
    r"(?:\s+(?:of|for)\s+(?:the\s+)?(?:optimi[sz]er|Adam(?:['’]s)?|its)\s+states?)?",
    re.IGNORECASE,
)
_BITS = re.compile(r"^(?P<format>4-bit|8-bit|fp16|bf16|fp32|int8|nf4)\s+", re.IGNORECASE)
_OWNERS = {
    "adam": "Adam's states take",
    "optimizer state": "Adam's states take",
    "optimizer states": "Adam's states take",
    "optimizer": "",
    "gradients": "The gradients of A and B take",
}
_SHARES = re.compile(
    r"(?:the\s+)?(?P<what>savings?|reduction|compression|ratio|share)(?:\s+(?:factor|ratio))?\s*(?P<is>[=≈])\s*"
    r"(?P<rest>[^=≈].*)",
    re.IGNORECASE,
)


# `dim(x) = 4096 → dim(Ax) = 8`.
_THROUGH = re.compile(r"dim\([^()]*\)\s*=\s*\w+(?:\s*(?:→|->)\s*dim\([^()]*\)\s*=\s*\w+)+")
# Two statements in one, and what each is by itself.
_APART: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            r"(?P<unit>FLOPs|MACs) (?:of|for) (?P<of>[A-Z]\S*)\s*:\s*"
            r"(?P<sum>.*[^\d,\s].*?)\s*=\s*(?P<all>[\d,]+)"
        ),
        ("{sum} = {all}", "{of} takes {all} {unit}"),
    ),
    (
        re.compile(
            r"(?P<module>\w+_proj)\s*:\s*(?P<sum>.*[×*·].*?)\s*=\s*(?P<all>[\d,]+)(?: parameters| params)?"
        ),
        ("{sum} = {all}", "Each {module} adapter has {all} parameters."),
    ),
    (
        re.compile(
            r"(?P<sum>[\d,]+\s*/\s*[\d,]+)\s*(?P<is>=|≈)\s*(?P<share>[\d.]+)\s?\\?%"
            r" (?:are )?(?:trained|trainable)"
        ),
        ("{sum} {is} {share}%", "{share}% of the parameters are trained"),
    ),
    (
        re.compile(
            r"(?P<many>[\d,]+) (?P<way>more|fewer|less)(?: parameters)? than"
            r" (?P<whom>\S+?)['’]s (?P<all>[\d,]+)"
        ),
        ("{many} {way} parameters than {whom}", "{whom} has {all} trainable parameters"),
    ),
    (
        re.compile(r"(?P<one>[A-Z]\w*)\s*(?:∈|\\in)\s*(?P<space>\S+)\s+(?P<says>has\s+.*)"),
        ("{one} ∈ {space}", "{one} {says}"),
    ),
)


def by_rank(text: str) -> list[str]:
    """`r=4: 32,768 params, r=8: 65,536 params` as a sentence for each rank; none if it gives one or none."""
    starts = [match.start() for match in _SETTING.finditer(text)]
    if len(starts) < 2 or starts[0] > 0:
        return []
    pieces = [text[start:stop] for start, stop in zip(starts, [*starts[1:], len(text)], strict=True)]
    spelled = (re.sub(r"\s*(?::|→|->|⇒)\s*", ": ", piece.strip(" ,;"), count=1) for piece in pieces)
    return [f"for {piece}" for piece in spelled]


def statements(text: str) -> list[str]:
    """The sentences that a note stands for, or several that `;` parts; none if it is no such note."""
    pieces_ = [_note(piece) for piece in text.split(";")]
    return [said for piece in pieces_ for said in piece] if all(pieces_) else []


def _note(text: str) -> list[str]:
    for pattern in (_FALLS, _FEWER, _DROPS):
        falls = pattern.fullmatch(text.strip(" ."))
        if falls is not None:
            said = [f"W has {falls['more']} parameters", f"{falls['less']} trainable parameters"]
            times = falls.groupdict().get("times")
            return said if times is None else [*said, f"{times}× fewer trainable parameters"]
    if _THROUGH.fullmatch(text.strip(" .")) is not None:
        return re.split(r"\s*(?:→|->)\s*", text.strip(" ."))
    for pattern, pieces in _APART:
        match = pattern.fullmatch(text.strip(" ."))
        if match is not None:
            return [piece.format(**match.groupdict()) for piece in pieces]
    memory = _MEMORY.fullmatch(text.strip(" ."))
    if memory is not None:
        return list(_of_memory(memory))
    plain = _PLAIN.match(text)
    return [text[plain.end() :]] if plain is not None else []


def _of_memory(match: re.Match[str]) -> Iterator[str]:
    """The product that is worked out, and what it is said to be of."""
    whom, format_ = match["whom"].strip(), match["format"] or _BYTES.get(match["each"], "")
    bits = _BITS.match(whom)
    if bits is not None:
        whom, format_ = whom[bits.end() :], bits["format"]
    owner = _OWNERS.get(whom.lower(), f"{whom} takes")
    if owner and format_:
        yield f"{match['product']} {match['is']} {match['whole']}"
        yield f"{owner} {match['whole']} in {format_}"
        if match["format"] and match["each"] in _BYTES:
            yield f"{match['format']} has {match['each']} bytes per parameter"


def shares(text: str, trained: str, weight: str) -> list[str]:
    """What `Savings = …` and `ratio = …` may mean, as equations: the first that holds is meant. None of any
    other text. `trained` and `weight` are the two numbers of parameters, as formulas."""
    match = _SHARES.fullmatch(text.strip(" ."))
    if match is None or not re.search(r"[dkr]|\d\s*/\s*\d", match["rest"]):
        return []
    fewer, part = rf"\frac{{{weight}}}{{{trained}}}", rf"\frac{{{trained}}}{{{weight}}}"
    less = match["what"].lower().startswith(("saving", "reduction"))
    meant = (fewer, f"1 - {part}") if less else (part, fewer)
    return [f"{one} {match['is']} {match['rest']}" for one in meant]
