"""The text of a chart before its statements are read: its front matter, directives and comments.

What is taken out is replaced by blanks, so that every offset stays one into the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lorafig.errors import LorafigError, Place, Problem
from lorafig.language.nodes import Lines, Mapping, Scalar, shorten
from lorafig.language.reader import compose
from lorafig.values import replace

# Mermaid's own reader takes these for text; a terminal, a label and YAML do not.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_OPENING = re.compile(r"[ \t\n]*+(?P<indent>)---[ \t]*\n")
_COMMENT = re.compile(r"(?m)^[ \t]*+%%(?!\{)[^\n]*")
_DIRECTIVE = re.compile(r"%%\{")
_NAME = re.compile(r"\s*+([A-Za-z]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is the chart with blanks for what was taken out, `lines` its places."""

    text: str
    lines: Lines
    title: str | None
    remarks: tuple[Problem, ...]


def prepare(text: str, file: str) -> Source:
    """Raises LorafigError for characters that cannot stand in a figure, and for what is never closed."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = Lines(text, file)
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        what = f"the character U+{ord(forbidden.group()):04X} cannot stand in a chart"
        raise LorafigError(Problem(what, lines.place(forbidden.start()), "delete it", code="chart"))
    remarks: list[Problem] = []
    title, text = _front_matter(text, lines, remarks)
    text = _directives(text, lines, remarks)
    return Source(_COMMENT.sub(_blanks, text), lines, title, tuple(remarks))


def _blanks(match: re.Match[str]) -> str:
    return blanks(match.group())


def blanks(text: str) -> str:
    """As many blanks, and the line feeds."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _front_matter(text: str, lines: Lines, remarks: list[Problem]) -> tuple[str | None, str]:
    opening = _OPENING.match(text)
    if opening is None:
        return None, text
    closing = re.compile(r"(?m)^[ \t]*---[ \t]*$").search(text, opening.end())
    if closing is None:
        hint = "end it with a line of '---'"
        raise LorafigError(
            Problem("the front matter is never closed", lines.place(opening.start()), hint, code="chart")
        )
    body = text[opening.end() : closing.start()]
    title = None
    if body.strip():
        node = yaml(body, lines.place(opening.end()))
        if not isinstance(node, Mapping):
            raise LorafigError(
                Problem("front matter without keys", lines.place(opening.end()), "title: …", code="chart")
            )
        for key, value in node.entries.values():
            if key.raw == "title" and isinstance(value, Scalar) and value.value is not None:
                title = value.raw
            else:
                what = f"the front matter's {shorten(key.raw)} has no place in a figure"
                remarks.append(Problem(what, key.where, THEME if key.raw == "config" else None, code="chart"))
    return title, blanks(text[: closing.end()]) + text[closing.end() :]


THEME = "the look of a figure comes from its 'theme' and 'classes'"


def yaml(text: str, at: Place) -> object:
    """A piece of YAML that stands at a place of the file; its problems and its nodes are told by that."""
    try:
        # Each line in its place, without the lines before: they would have to be read every time.
        node = compose(" " * (at.column - 1) + text, at.file)
    except LorafigError as error:
        problems = tuple(
            Problem(
                f"in the YAML here: {problem.what}", _moved(problem.where, at), problem.hint, code="chart"
            )
            for problem in error.problems
        )
        raise LorafigError(problems, error.kind) from None
    return _placed(node, at)


def _moved(where: Place | None, at: Place) -> Place:
    return at if where is None else Place(at.file, where.line + at.line - 1, where.column)


def _placed(node: object, at: Place) -> object:
    """The keys of a mapping, and their values, by their places in the file."""
    if not isinstance(node, Mapping):
        return node
    entries = {
        name: (replace(key, where=_moved(key.where, at)), replace(value, where=_moved(value.where, at)))
        for name, (key, value) in node.entries.items()
    }
    return Mapping(entries, _moved(node.where, at), node.path)


def _directives(text: str, lines: Lines, remarks: list[Problem]) -> str:
    """Takes out `%%{init: …}%%`; what they set is Mermaid's own."""
    parts = []
    at = 0
    while (opening := _DIRECTIVE.search(text, at)) is not None:
        end = text.find("}%%", opening.end())
        if end < 0:
            place = lines.place(opening.start())
            raise LorafigError(
                Problem("this directive is never closed", place, "end it with '}%%'", code="chart")
            )
        name = _NAME.match(text, opening.end())
        word = "a directive" if name is None else f"the directive '{name.group(1)}'"
        remarks.append(
            Problem(f"{word} has no place in a figure", lines.place(opening.start()), THEME, code="chart")
        )
        parts += [text[at : opening.start()], blanks(text[opening.start() : end + 3])]
        at = end + 3
    return "".join([*parts, text[at:]])
