"""Code that stands among words: how it is written there, and what a comment or a heading says that it does.

Whole statements are read by the grammar of Python: see `code`.
"""

from __future__ import annotations

import re

from lorafig.pattern import any_case

SETTING = r"(?:r|rank|alpha|α|\\alpha|d|k)\s*=\s*[0-9.,]*[0-9]"
SIZES = r"(?:d_\{?\w+\}?|[dkr]|in_features|out_features|rank)"
_SHAPE_END = r"(?=\s*(?:[,)\]}×]|x\b|\\times))"

# (what is written, how the notation writes it); applied in this order.
PIECES: tuple[tuple[str, str], ...] = (
    (r"(?<![A-Za-z\\])sqrt\s*\(", "√("),
    (r"\*\*\s*([0-9]+)", r"^{\1}"),
    (r"(?<![=<>!:])==(?!=)", "="),
    (r"<-|:=", "←"),
    (r"(?<![<>=])=>|⟹", "⇒"),
    (rf"^\s*({SETTING}(?:,\s*{SETTING})*)\s*(?:⇒|→|->|\\Rightarrow)\s*", r"for \1: "),
    (r"([A-Za-z_0-9]+)\.(?:shape|size\(\))\s*(?==|:|is\b)", r"\1 : "),
    (r"(?<![A-Za-z])\\?(?:shape|dim|size)\s*\(\s*([A-Za-z_0-9]+)\s*\)\s*(?:=|:|is\b)", r"\1 : "),
    (r"(?<![:=]) : \s*=\s*(?=[(\[])", ": "),
    (r"([A-Za-z_0-9]+)['’]s\s+(?:shape|size|dimensions?)\s+(?:is|are)\b", r"\1 : "),
    (r"\bthe\s+(?:shape|size|dimensions?)\s+of\s+([A-Za-z_0-9]+)\s+(?:is|are)\b", r"\1 : "),
    (rf"(?<=[(\[,×])(\s*)in{_SHAPE_END}", r"\1in_features"),
    (rf"(?<=[(\[,×])(\s*)out{_SHAPE_END}", r"\1out_features"),
    (r"=\s*(?:zeros(?:_like)?)\s*(\([^()]*\))", r": \1, = 0"),
    (r"^(\s*[A-Za-z_0-9]+)\s*: (\([^()]*\)), = 0", r"\1: \2, \1 = 0"),
    (r"=\s*zeros\b", "= 0"),
    (r"(?<![A-Za-z\\])min\s*\{", r"\\min\\{"),
    (r"(\\min\\\{[^{}\\]*)\}", r"\1\\}"),
    (r"^\s*(?:out|outputs?|result)\s*=", "h ="),
    (r"^\s*(?:[hyf]|f_\{?\\?\w+\}?|forward)\s*\(\s*x\s*\)\s*=", "h ="),
    (r"(?<![\w.\\])lora_([AB])(?:\.[a-z]+)*\.weight\b", r"\1"),
    (
        r"^(?:[\w.]*\.)?((?:\w+_proj|c_attn|c_fc|fc[12]))(?:\.weight)?\s*:\s*[(\[]?\s*([0-9,]+?)\s*(?:,|×|x)\s*([0-9,]+)\s*[)\]]?$",
        r"\1 has shape \2 × \3",
    ),
)
# How a text about code writes it, and how code does.
WRITTEN = (
    (r"\[[\"']?(?:default|adapter|active_adapter|adapter_name)[\"']?\]", ""),
    (r"^(.*\S)\s+(?:has|is of|of)\s+(?:shape|size)\s+(?=[(\[])", r"(\1).shape == "),
)


_MERGES = any_case(
    r"\W*(?:this |it |we |to )?(?P<undoes>un-?|de-?)?(?:merg|fold|bak|fus)(?:e|es|ing|s)?\b",
    "merg|fold|bak|fus",
)
_UNDOES = any_case(r"\W*(?:this |it |we |to )?(?:subtract|undo|undoes|revert|restor)(?:e|es|ing|s)?\b")


def sign_of(comment: str) -> str:
    """The sign that the update has in code whose comment begins with what it does: + where it merges, - where
    it takes the update out again, nothing where it says neither."""
    merges = _MERGES.match(comment)
    if merges is not None:
        return "-" if merges["undoes"] else "+"
    return "-" if _UNDOES.match(comment) is not None else ""


_HEADED = re.compile(r"\s*(?P<act>[\w-]+)\s*:(?!=)\s*(?P<rest>[^;]*[=←][^;]*)(?:;|$)")
_TAIL = re.compile(
    r"(?P<rest>[^;]*[=←][^;]*?),?\s+(?:when|on|while|for|to)\s+(?P<act>[\w-]+)\s*\.?",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"\s*W\S*\s*(?:=|←|<-|:=|\\leftarrow)\s*W\S*?\s*(?P<sign>[+−-])\s*(?P<rest>\S.*)")


def acts(text: str) -> list[str]:
    """What `merge: W ← W + BA; unmerge: W ← W - BA`, or `W ← W - BA when unmerging`, says of merging; nothing
    of any other text."""
    tail = _TAIL.fullmatch(text)
    if tail is not None and sign_of(tail["act"]) and _CHANGED.fullmatch(tail["rest"]) is not None:
        change = tail["rest"].strip()
        return [undone(change) if sign_of(tail["act"]) == "-" else change]
    said, at = list[str](), 0
    while (match := _HEADED.match(text, at)) is not None and sign_of(match["act"]) and match.end() > at:
        change = match["rest"].strip(" .,")
        said.append(undone(change) if sign_of(match["act"]) == "-" else change)
        at = match.end()
    return said if at == len(text) else []


def undone(text: str) -> str:
    """What merges, of a text in which the weight's change takes it out again: W' = W + BA of `W ← W - BA`."""
    change = _CHANGED.fullmatch(text)
    if change is None:
        return text
    return f"W' = W {'-' if change['sign'] == '+' else '+'} {change['rest']}"
