"""Figures in Markdown: a fence for Python-Markdown, as MkDocs and Zensical use it.

The extension puts the fence into pymdownx.superfences:

    markdown_extensions:
      - pymdownx.superfences
      - lorafig.embed.markdown

`fence` and `validate` are what superfences calls for it. They can be named in its `custom_fences` instead;
what the extension adds is its options, and a look for fences whose first line superfences did not understand,
which it leaves on the page as text without a word.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NoReturn

from markdown import Extension, Markdown  # type: ignore[import-untyped]
from markdown.preprocessors import Preprocessor  # type: ignore[import-untyped]
from pymdownx.superfences import (  # type: ignore[import-untyped]
    SuperFencesCodeExtension,
    SuperFencesException,
)

from lorafig.embed import inline
from lorafig.embed.places import PREFIX, lines_of, normal, put
from lorafig.embed.places import find as find_block
from lorafig.embed.request import AUTO, palettes, request
from lorafig.embed.source import Source, explain, find
from lorafig.errors import LorafigError, Problem

NAME = "lorafig"
SUPERFENCES = "fenced_code_block"  # its preprocessor, which has a priority of 25
_HEADER = re.compile(r"(`{3,}|~{3,})[ \t]*\{?[ \t]*\.?lorafig(?![\w-])")


@dataclass(frozen=True, slots=True)
class Page:
    """The page that is being read: its full path (None where nobody says), and the project's folder.

    `watched` are the files whose change makes Zensical read pages anew; None for tools that always do.
    """

    path: str | None
    root: str
    watched: frozenset[str] | None = None

    @property
    def name(self) -> str:
        return "<markdown>" if self.path is None else os.path.relpath(self.path, self.root)

    @property
    def folder(self) -> str:
        return self.root if self.path is None else os.path.dirname(self.path)


# -- what superfences calls -----------------------------------------------------------------------


def validate(
    language: str, inputs: dict[str, Any], options: dict[str, Any], attrs: dict[str, Any], md: Markdown
) -> bool:
    """Takes every option; the formatter, which knows where the fence stands, says what is wrong with them."""
    options.update(inputs)
    return True


def fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **extra: Any
) -> str:
    """A fence as a figure element. What is wrong ends the build, with the page's name and line."""
    page, at = _page(md), None
    spec: Source | None = None
    try:
        at = _Place.of(source, md, page)
        given = {**extra.get("attrs", {}), **options}
        asked = request({name: str(value) for name, value in given.items()}, _setting(md, "theme"))
        spec = find(asked, at.body(source), at.name, page.folder, page.root)
        _demand_watched(spec, page)
        # The stash has one entry for each block so far: a number that no other figure of the page has.
        prefix = f"{NAME}-{md.htmlStash.html_counter}"
        classes = (class_name, *extra.get("classes", ()))
        return inline.figure(asked, spec, prefix, classes, extra.get("id_value", ""))
    except LorafigError as error:
        head = "this figure does not hold" if error.kind == "false" else "this figure cannot be drawn"
        raise _failure(f"{_where(page, at)}: {head}\n{explain(error.problems, spec)}") from None
    except Exception as error:  # superfences would take it for a fence of somebody else
        raise _failure(f"{_where(page, at)}: {type(error).__name__}: {error}") from error


def _where(page: Page, at: _Place | None) -> str:
    return page.name if at is None or at.line is None else f"{page.name}:{at.line}"


def _failure(text: str) -> SuperFencesException:
    """The one exception that superfences lets through; MkDocs shows a BuildError without its traceback."""
    mkdocs = sys.modules.get("mkdocs.exceptions")
    if mkdocs is None:
        return SuperFencesException(text)
    kind = type("FigureError", (SuperFencesException, mkdocs.BuildError), {"__module__": __name__})
    failure = kind(text)
    assert isinstance(failure, SuperFencesException)
    return failure


def _demand_watched(spec: Source, page: Page) -> None:
    """Zensical keeps a page until it or a watched file changes: a figure that became false would stay."""
    if page.watched is None or spec.path is None or spec.path in page.watched:
        return
    folder = os.path.dirname(os.path.relpath(spec.path, page.root)) or os.path.basename(spec.path)
    hint = (
        f"Zensical builds a page again when a watched file changes; in its configuration, watch: [{folder}]"
    )
    raise LorafigError(Problem(f"{spec.file} is not watched", None, hint, code="embedding"))


# -- where it stands ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fence stands: what problems in it are called by, its line from 1, the columns before it.

    `line` is None for a fence that is not in the page's file, such as one that a macro wrote.
    """

    name: str
    line: int | None
    columns: int

    @classmethod
    def of(cls, source: str, md: Markdown, page: Page) -> _Place:
        place = _line(source, md, page)
        if place is None:
            return cls(f"<fence in {page.name}>", None, 0)
        return cls(page.name, *place)

    def body(self, source: str) -> str:
        """The fence's content at its lines and columns of the page, which are then those of its problems."""
        return source if self.line is None else put(source, self.line + 1, self.columns)


def _line(source: str, md: Markdown, page: Page) -> tuple[int, int] | None:
    """The line of the page that a fence begins in, from 1, and the columns before the fence."""
    reader: Any = md.preprocessors[SUPERFENCES]
    block = [str(getattr(reader, "first", "")), *(source.split("\n") if source else ())]
    begun = getattr(reader, "stack", None) or [("", 0, 0)]
    return _in_file(block, md.lines, begun[-1][2], page)


def _in_file(block: list[str], read: list[str], start: int, page: Page) -> tuple[int, int] | None:
    """Where a block of the lines that Python-Markdown has `read` stands in the page's file."""
    lines = normal(read)
    at = find_block(block, lines, start)
    if page.path is None:
        return at
    whole = lines_of(page.path)
    # What tools take off is the front matter, at the top.
    first = 0 if at is None else max(0, len(whole) - len(lines) + at[0] - 1)
    return find_block(block, whole, first) or find_block(block, whole)


def _page(md: Markdown) -> Page:
    """Whose Markdown is read: MkDocs and Zensical leave it with the processors that they add."""
    root = _setting(md, "root")
    if "relpath" in md.treeprocessors:  # MkDocs
        reader: Any = md.treeprocessors["relpath"]
        top = os.path.dirname(os.path.abspath(reader.config.config_file_path or "mkdocs.yml"))
        return Page(reader.file.abs_src_path, os.path.join(top, root))
    if "rendering_context" in md.preprocessors:  # Zensical
        context: Any = md.preprocessors["rendering_context"]
        top = os.path.abspath(context.config["root_dir"])
        path = os.path.join(top, context.config["docs_dir"], context.page.path)
        watched = frozenset(os.path.realpath(name) for name, _ in context.config["watched_files"])
        return Page(path, os.path.join(top, root), watched)
    return Page(None, os.path.abspath(root))


def _setting(md: Markdown, name: str) -> str:
    for extension in md.registeredExtensions:
        if isinstance(extension, LorafigExtension):
            return str(extension.getConfig(name))
    return {"root": ".", "theme": AUTO}[name]


# -- the extension --------------------------------------------------------------------------------


class LorafigExtension(Extension):  # type: ignore[misc]
    """Options: `root` is the folder that names of specs may not lead out of, as seen from the project's;
    `theme` is what figures have that say nothing else."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "root": [".", "The folder that specs are in, as seen from the project's folder."],
            "theme": [AUTO, "'auto' to follow the page, or a palette."],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        theme = self.getConfig("theme")
        if theme not in (AUTO, *palettes()):
            request({"theme": str(theme)})  # says what is wrong
        md.registerExtension(self)
        md.preprocessors.register(_Before(md), "lorafig_before", 25.5)
        md.preprocessors.register(_After(md), "lorafig_after", 24.5)


class _Before(Preprocessor):  # type: ignore[misc]
    """Puts the fence into superfences, wherever that stands in the list of extensions."""

    def run(self, lines: list[str]) -> list[str]:
        for extension in self.md.registeredExtensions:
            if isinstance(extension, SuperFencesCodeExtension):
                if all(custom["name"] != NAME for custom in extension.superfences):
                    extension.extend_super_fences(NAME, _formatter, _validator, None)
                break
        else:
            if any(_HEADER.match(line.lstrip(PREFIX)) for line in lines):
                hint = "add it to markdown_extensions"
                problem = Problem(
                    "lorafig.embed.markdown needs pymdownx.superfences", None, hint, code="embedding"
                )
                raise _failure(explain([problem]))
        self.md.preprocessors["lorafig_after"].lines = lines
        return lines


def _formatter(src: str, language: str, options: dict[str, Any], md: Markdown, **extra: Any) -> str:
    return fence(src, language, NAME, options, md, **extra)


def _validator(
    language: str, inputs: dict[str, Any], options: dict[str, Any], attrs: dict[str, Any], md: Markdown
) -> bool:
    # As superfences' own wrapper of validators does: other formatters need what this reads.
    md.preprocessors[SUPERFENCES].get_hl_settings()
    return validate(language, inputs, options, attrs, md)


class _After(Preprocessor):  # type: ignore[misc]
    """Finds fences that superfences left: on the page they would be text, and nobody would have been told."""

    lines: list[str]

    def run(self, lines: list[str]) -> list[str]:
        for number, line in enumerate(lines):
            if _HEADER.match(line.lstrip(PREFIX)) is not None:
                self._refuse(line, number, lines)
        return lines

    def _refuse(self, line: str, number: int, lines: list[str]) -> NoReturn:
        page = _page(self.md)
        blocks = SequenceMatcher(None, lines, self.lines, autojunk=False).get_matching_blocks()
        start = next(
            (number - block.a + block.b for block in blocks if block.a <= number < block.a + block.size), 0
        )
        at = _in_file([line], self.lines, start, page)
        where = page.name if at is None else f"{page.name}:{at[0]}"
        example = 'options are written name="value": ```lorafig file="figures/mine.yaml" theme="dark"'
        hint = f"{example}; a fence ends with a line like its first, as far to the right"
        problem = Problem("this fence is not understood", None, hint, code="embedding")
        raise _failure(f"{where}: this figure cannot be drawn\n{explain([problem])}")


def makeExtension(**options: Any) -> LorafigExtension:
    return LorafigExtension(**options)
