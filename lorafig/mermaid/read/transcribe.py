"""What a Mermaid label says, as lines of the language's text.

A label is HTML, or Markdown between "` and `": line breaks become lines, bold words stay bold, entities
become their characters, mathematics between `$$` (which Mermaid sets by KaTeX) goes between `$`. What else it
asks for (italics, icons, images) is left out and named; the words in it stay. Signs that no font for words
has become formulas where they read as such (`Scale (α / r)`), and are left out and named where they do not.

A line that is mathematics as a whole, such as `W(x) + scale · B(A(x))`, goes between `$` too: it is typeset,
and `lorafig check` decides it. It has to be beyond doubt: it parses, has an operator or a relation in it,
names nothing but symbols, and is written back with the same signs. Anything else stays words.
"""

from __future__ import annotations

import html
import re
import unicodedata

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.nodes import MAX_CHARACTERS, shorten
from lorafig.mermaid.chart import Label
from lorafig.mermaid.read import signs
from lorafig.notation import tree as notation
from lorafig.notation.children import walk
from lorafig.notation.read.commands import FUNCTIONS
from lorafig.notation.read.hazards import refuse_hazards
from lorafig.notation.read.parse import parse_math, parse_text
from lorafig.notation.read.wordlike import VALUE_WORDS
from lorafig.notation.write.plain import to_plain
from lorafig.typeset import coverage

_BREAK = re.compile(r"<br\s*+/?>|\n|\\n", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)(?:\s[^<>]*+)?/?>")
_DROPPED = re.compile(r"<(script|style)\b[^<>]*+>.*?</\1\s*+>", re.IGNORECASE | re.DOTALL)
_ICON = re.compile(r"fa[bklrsd]?:fa-[\w-]++\s?")
_ENTITY = re.compile(r"(?<!&)#(\w++);")
_INDEX = re.compile(r"(?<![A-Za-z])([A-Za-zΔΣΛαβησ])<su([bp])>([A-Za-z0-9⊤]{1,8})</su\2>", re.IGNORECASE)
_KATEX = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
_MARKED = re.compile(r"\*\*|__|(?<!\*)\*(?!\*)|(?<![\w_])_(?!_)|(?<!_)_(?![\w_])")
_BOLD = {"b", "strong"}
_ESCAPED = re.compile(r"[\\$]|\*(?=\*)|(?<=\*)\*")
# Signs that make a formula of letters; '-' and '/' stand in words as well, '_' between letters of matrices.
_SIGN = re.compile(r"[+·×∘⋅⊙⊗=≈≠≤≥≪≫<>∈∼√^²³⁻⊤Σ∑]|\\[A-Za-z]|(?<!\w)[WABQKVhxy]{1,3}_\w(?!\w)")
_SCRIPT = re.compile(r"[_^√]")  # what mathematics alone sets as it is meant
_WITH_SIZES = re.compile(r"([^()]*[^()\s])\s*\(([^()]*×[^()]*)\)")
_LONGEST_FORMULA = 200
_RUN = re.compile(r"[A-Za-z]{2,}")
_LETTERS = frozenset("WABQKVxhydkrsL")
_STATED = (
    notation.Relation,
    notation.Sum,
    notation.Product,
    notation.Shape,
    notation.Script,
    notation.Fenced,
)
_MARK = signs.MARKS[0]  # stands for ** of the language while a line is escaped
_FORMULA = signs.MARKS[1]  # stands before and after a formula


def lines(label: Label, remarks: list[Problem], plain: bool = False) -> tuple[str, ...]:
    """The lines of a label as the language writes them; none where nothing is written. What was left out is
    added to `remarks`. If `plain`, no words are read as formulas."""
    kept = []
    for raw in _lines(label, remarks):
        line = _line(raw, label, remarks, plain)
        if len(line) > MAX_CHARACTERS:
            what = f"a label of {len(line):,} characters; the limit is {MAX_CHARACTERS:,}"
            raise LorafigError(Problem(what, label.where), "limit")
        if line != "":
            kept.append(line)
    return tuple(kept)


def one_line(label: Label | None, remarks: list[Problem]) -> str | None:
    """The words of a label where the language has one line; None if nothing is written."""
    if label is None:
        return None
    said = lines(label, remarks)
    if len(said) > 1:
        what = f"the line break in {shorten(label.text)} has no place in a figure"
        remarks.append(
            Problem(what, label.where, "words of edges, groups and titles are one line", code="chart")
        )
    return " ".join(said) if said else None


def _lines(label: Label, remarks: list[Problem]) -> list[str]:
    text = label.text.strip()
    if label.form == "text" and len(text) > 1 and text.startswith('"') and text.endswith('"'):
        text = text[1:-1]
    text = _DROPPED.sub(lambda match: _left_out(match.group(), label, remarks), text)
    text = _ICON.sub(lambda match: _left_out(match.group(), label, remarks), text)
    text = text.replace(_MARK, "").replace(_FORMULA, "")
    # Formulas first: a line break in TeX is none of the label.
    formulas: list[str] = []

    def keep(match: re.Match[str]) -> str:
        formulas.append(html.unescape(_entities(match.group(1))).strip())
        return _FORMULA

    text = _KATEX.sub(keep, _INDEX.sub(_indexed, text))
    text = _BREAK.sub("\n", text)
    bold = False

    def tag(match: re.Match[str]) -> str:
        nonlocal bold
        if match.group(2).lower() in _BOLD:
            return _MARK
        if match.group(1) == "":
            _left_out(match.group(), label, remarks)
        return ""

    text = _TAG.sub(tag, text)
    if label.form == "markdown":
        text = _markdown(text, label, remarks)
    text = _visible(html.unescape(_entities(text)), label.where, remarks)
    parts = []
    for line in text.split("\n"):
        pieces = " ".join(line.split()).split(_FORMULA)
        rebuilt = pieces[0]
        for piece in pieces[1:]:
            rebuilt += _FORMULA + formulas.pop(0) + _FORMULA + piece
        parts.append(rebuilt)
    return parts


def _indexed(match: re.Match[str]) -> str:
    """A letter with an index or a power in HTML, as mathematics is written."""
    mark, index = "_" if match[2].lower() == "b" else "^", match[3]
    if len(index) == 1 and index.isalnum():
        return f"{match[1]}{mark}{index}"  # which is read with what stands around it
    return f"$${match[1]}{mark}{{{index}}}$$"


def _left_out(what: str, label: Label, remarks: list[Problem]) -> str:
    remarks.append(
        Problem(f"{shorten(what.strip())} in a label has no place in a figure", label.where, code="chart")
    )
    return ""


def _entities(text: str) -> str:
    """`#quot;` and `#35;` are what Mermaid writes for `&quot;` and `&#35;`."""
    return _ENTITY.sub(lambda match: f"&#{match[1]};" if match[1].isdigit() else f"&{match[1]};", text)


def _markdown(text: str, label: Label, remarks: list[Problem]) -> str:
    """Bold stays; italics have no place."""
    italics = False

    def mark(match: re.Match[str]) -> str:
        nonlocal italics
        if len(match.group()) == 2:
            return _MARK
        italics = True
        return ""

    text = _MARKED.sub(mark, text)
    if italics:
        what = f"the italics in {shorten(label.text)} have no place in a figure"
        remarks.append(Problem(what, label.where, code="chart"))
    return text


def _visible(text: str, where: Place, remarks: list[Problem]) -> str:
    """Without characters that no label may hold."""
    # Nobody sees that a blank without width is gone, or a part of an emoji that shows nothing by itself.
    text = signs.PARTS.sub("", text.replace("\u200b", ""))
    try:
        refuse_hazards(text[:MAX_CHARACTERS])
        return text
    except LorafigError:
        kept = []
        for char in text:
            try:
                refuse_hazards(char)
                kept.append(char)
            except LorafigError:
                what = f"the character U+{ord(char):04X} in a label cannot be drawn and was left out"
                if not any(remark.what == what and remark.where == where for remark in remarks):
                    remarks.append(Problem(what, where, code="chart"))
        return "".join(kept)


def _line(raw: str, label: Label, remarks: list[Problem], plain: bool) -> str:
    """A line with its marks to a text of the language."""
    raw = raw.strip()
    if raw.replace(_MARK, "").strip() == "":
        return ""
    bare = raw.replace(_MARK, "")
    if _FORMULA not in raw and is_formula(bare) and (not plain or _SCRIPT.search(bare) or signs.lacks(bare)):
        return f"${bare}$"
    if _FORMULA not in raw and not plain:
        raw = _with_sizes(raw)
    pieces = raw.split(_FORMULA)
    for number in range(0, len(pieces), 2):
        words = pieces[number] if plain else signs.formulas(pieces[number], is_formula, _FORMULA)
        parts = words.split(_FORMULA)
        for inner in range(0, len(parts), 2):
            spelt = signs.spelt(parts[inner], shorten(label.text), label.where, remarks, _FORMULA)
            if spelt is None:
                return ""
            parts[inner] = spelt
        pieces[number] = _FORMULA.join(parts)
    raw = _FORMULA.join(pieces).strip()
    if raw.replace(_MARK, "").strip() == "":
        return ""
    if _FORMULA not in raw:
        return _bold([_escape(raw)], raw)
    parts = raw.split(_FORMULA)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            parts[number] = _escape(part)
            continue
        try:
            parse_math(part)
            parts[number] = f"${part}$"
        except LorafigError as error:
            what = f"the formula {shorten(part)} is kept as words: {error.problems[0].what}"
            remarks.append(Problem(what, label.where, error.problems[0].hint, code="chart"))
            parts[number] = _escape(part)
    return _bold(parts, raw)


def _with_sizes(raw: str) -> str:
    """A product with its shapes behind it, such as `BA_q (d×r, r×d)`: each of them a formula."""
    match = _WITH_SIZES.fullmatch(raw)
    if match is None or not (is_formula(match[1]) or set(match[1]) <= _LETTERS):
        return raw
    shapes = [shape.strip() for shape in match[2].split(",")]
    if not all(map(is_formula, shapes)):
        return raw
    told = ", ".join(f"{_FORMULA}{shape}{_FORMULA}" for shape in shapes)
    return f"{_FORMULA}{match[1]}{_FORMULA} ({told})"


def _escape(words: str) -> str:
    return _ESCAPED.sub(lambda match: "\\" + match.group(), words)


def _bold(parts: list[str], raw: str) -> str:
    """Marks come in pairs within a line; a single one is dropped."""
    text = "".join(parts)
    if raw.count(_MARK) % 2 == 1:
        at = text.rindex(_MARK)
        text = text[:at] + text[at + 1 :]
    text = re.sub(f"{_MARK}(\\s*){_MARK}", r"\1", text).replace(_MARK, "**").strip()
    try:
        parse_text(text)
    except LorafigError:
        text = text.replace("**", "")
    return text


def is_formula(line: str) -> bool:
    """Whether a line of words is mathematics and nothing else."""
    if len(line) > _LONGEST_FORMULA or "$" in line:
        return False
    foreign = signs.lacks(line)
    if _SIGN.search(line) is None and not foreign:
        return False
    try:
        tree = parse_math(line)
    except LorafigError:
        return False
    nodes = list(walk(tree))
    names = {node.name for node in nodes if isinstance(node, notation.Symbol)}
    return (
        isinstance(tree, _STATED if not foreign else (*_STATED, notation.Symbol, notation.Prefix))
        and (any(name.isalpha() for name in names) or isinstance(tree, notation.Script))  # `10⁴`
        and not any(isinstance(node, notation.Words) or _of_sizes(node) for node in nodes)
        and all(len(name) == 1 or name in VALUE_WORDS or name in FUNCTIONS for name in names)
        # `scale α/r` is a word beside a formula.
        and not any(re.search(rf"\b{name}\s+\w", line) for name in names & VALUE_WORDS)
        # USA + UK is none: of a run of letters each is one that figures of adapters use.
        and all(run in names or set(run) <= _LETTERS for run in _RUN.findall(line))
        and _bare(to_plain(tree)) == _bare(line)
        and (not foreign or coverage.as_formula(line))
    )


def _of_sizes(node: notation.Node) -> bool:
    """Whether sizes stand in brackets where a function would have what it is applied to, or behind a matrix:
    `W_q (d×d)`, `ΔW (d × k)`."""
    if isinstance(node, notation.Product):
        inner = [factor.body for factor in node.factors[1:] if isinstance(factor, notation.Fenced)]
    else:
        inner = list(node.arguments) if isinstance(node, notation.Apply) else []
    return any(
        isinstance(part, notation.Shape) or (isinstance(part, notation.Product) and "×" in part.ops)
        for part in inner
    )


def _bare(line: str) -> str:
    """What two spellings of a formula share: `W_0x`, `W₀ x`; `ℝ^{d×r}`, `ℝᵈˣʳ`."""
    letters = unicodedata.normalize("NFKC", re.sub(r"\^[({]([^(){}]*)[)}]", r"\1", line))
    return re.sub(r"[\s_^{}()]", "", letters).replace("−", "-").replace("×", "x")
