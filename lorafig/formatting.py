"""A spec in the usual form: indentation, blanks and line ends; comments, quotes and order stay.

ruamel.yaml writes the text back with its comments. It loses those inside brackets over several lines, so such
brackets stand aside while it writes. What comes out is read again: values and comments must be the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from lorafig.errors import LorafigError, Problem
from lorafig.language.nodes import Mapping, Node, Sequence
from lorafig.language.reader import compose

_ASIDE = "lorafig-aside-{}-"


def formatted(text: str, file: str) -> str:
    """The text of a spec in the usual form: two blanks a level, one between a ':' and its value, two before a
    comment behind it, no blanks at the ends of lines, at most one empty line, a line feed at the end.

    JSON stays as it is. What the keys mean is not asked. Errors: LorafigError for a text that is not YAML.
    """
    before = _values(compose(text, file))
    if text.lstrip().startswith(("{", "[")):
        return text.rstrip() + "\n"
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[ \t]+(?=\n)", "", text)
    after = text
    for aside in (False, True):  # with as little verbatim as the comments allow
        after = _written(text, aside)
        if _comments(after) == _comments(text):
            break
    if _comments(after) != _comments(text) or _values(compose(after, file)) != before:
        raise LorafigError(Problem(f"{file} would say something else after formatting"), "fault")
    return after


def _written(text: str, aside: bool) -> str:
    from ruamel.yaml import YAML

    brackets: list[tuple[int, str]] = []
    if aside:
        text, brackets = _set_aside(text)
    writer = YAML(typ="rt")
    writer.preserve_quotes = True
    writer.width = 1 << 20  # lines are broken by their author alone
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.brace_single_entry_mapping_in_flow_sequence = True  # [{bar: x}], not [bar: x]
    tree = writer.load(text)
    _unfold(tree)
    out = io.StringIO()
    writer.dump(tree, out)
    lines = _nested(out.getvalue().split("\n"))
    written = _behind("\n".join(_beside_next(lines)), [remark.column for remark in _remarks(text)])
    for number, (column, bracket) in enumerate(brackets):
        before, _, rest = written.partition(_ASIDE.format(number))
        at = len(before) - before.rfind("\n") - 1
        written = before + _moved(bracket, at - column) + rest
    return re.sub(r"\n{3,}", "\n\n", written).strip("\n") + "\n"


def _values(node: Node) -> object:
    """What a text says, wherever it stands in it."""
    if isinstance(node, Mapping):
        return {key: _values(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [_values(item) for item in node.items]
    return node.value, type(node.value)


class _Remark(NamedTuple):
    """A comment: its text, its offset, and the column that it begins in, from 0."""

    text: str
    at: int
    column: int


def _remarks(text: str) -> list[_Remark]:
    """Comments are what stands between the tokens and is not blank."""
    found: list[_Remark] = []
    at = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        for match in re.finditer(r"#[^\n]*(?<![ \t\n])", text[at : token.start_mark.index]):
            start = at + match.start()
            found.append(_Remark(match[0], start, start - text.rfind("\n", 0, start) - 1))
        at = max(at, token.end_mark.index)
    return found


def _comments(text: str) -> list[str]:
    return [remark.text for remark in _remarks(text)]


def _behind(text: str, columns: list[int]) -> str:
    """Comments at the ends of lines, two blanks behind what they stand behind. Those of lines one below the
    other that had one column have one again. `columns` are those that the comments had."""
    remarks = _remarks(text)
    lines = text.split("\n")
    if len(remarks) != len(columns):  # one is lost, so that this text is not taken
        return text
    runs: list[list[tuple[int, _Remark, int]]] = []
    for remark, column in zip(remarks, columns, strict=True):
        number = text.count("\n", 0, remark.at)
        before = lines[number][: remark.column]
        if not before.strip():
            continue
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last[0] == number - 1
            and last[2] == column
            and "lorafig-aside-" not in before
        ):
            runs[-1].append((number, remark, column))
        else:
            runs.append([(number, remark, column)])
    for run in runs:
        texts = [lines[number][: remark.column].rstrip() for number, remark, _ in run]
        width = max(map(len, texts)) + 2
        for (number, remark, _), before in zip(run, texts, strict=True):
            lines[number] = before.ljust(width) + remark.text
    return "\n".join(lines)


def _set_aside(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text with a word for each outermost bracket over several lines that has a comment in it; and the
    brackets, each with the column that it began in."""
    depth, start = 0, 0
    spans: list[tuple[int, int]] = []
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)):
            start = token.start_mark.index if depth == 0 else start
            depth += 1
        elif isinstance(token, (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)):
            depth -= 1
            if (
                depth == 0
                and "#" in text[start : token.end_mark.index]
                and "\n" in text[start : token.end_mark.index]
            ):
                spans.append((start, token.end_mark.index))
    brackets = [(start - text.rfind("\n", 0, start) - 1, text[start:end]) for start, end in spans]
    for number, (start, end) in reversed(list(enumerate(spans))):
        text = text[:start] + _ASIDE.format(number) + text[end:]
    return text, brackets


def _moved(bracket: str, by: int) -> str:
    """A bracket whose later lines move with its first."""
    first, *others = bracket.split("\n")
    moved = [" " * max(0, len(line) - len(line.lstrip(" ")) + by) + line.lstrip(" ") for line in others]
    return "\n".join([first, *moved])


def _unfold(tree: Any) -> int:
    """Brackets over several lines become a block, entry by entry. Returns the last line that a value begins
    on."""
    if not isinstance(tree, (dict, list)):
        return -1
    node: Any = tree  # ruamel's own dict or list, with the lines of its entries
    last = int(node.lc.line)
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        place = node.lc.value(key) if isinstance(tree, dict) else node.lc.item(key)
        last = max(last, int(place[0]), _unfold(tree[key]))
    if last > node.lc.line and node.fa.flow_style():
        node.fa.set_block_style()
    return last


def _nested(lines: list[str]) -> list[str]:
    """ruamel.yaml writes a list that begins an entry of a list as `-   - x`; here it is `- - x`, and what is
    in it two blanks further left."""
    start = 0
    while start < len(lines):
        match = re.match(r"( *(?:- )*)-   (?=- )", lines[start])
        if match is None:
            start += 1
            continue
        depth = len(match[1]) + 4
        lines[start] = match[1] + "- " + lines[start][depth:]
        for number in range(start + 1, len(lines)):
            line = lines[number]
            if line.strip() and len(line) - len(line.lstrip(" ")) < depth:
                break
            lines[number] = line[2:] if line.strip() else line
    return lines


def _beside_next(lines: list[str]) -> Iterator[str]:
    """A line that is a comment begins where the line below it does. No line ends with blanks."""
    texts: set[int] = set()  # lines inside of texts, where '#' is a sign like others
    for token in yaml.scan("\n".join(lines), Loader=yaml.SafeLoader):
        if isinstance(token, yaml.ScalarToken):
            texts.update(range(token.start_mark.line + 1, token.end_mark.line + 1))
    for number, line in enumerate(lines):
        if number in texts:
            yield line
            continue
        below = next((text for text in lines[number:] if not text.lstrip().startswith("#")), "")
        if line.lstrip().startswith("#") and below.strip():
            yield " " * (len(below) - len(below.lstrip(" "))) + line.strip()
        else:
            yield line.rstrip()
