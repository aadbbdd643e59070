"""The figure in words: the whole of it as Markdown, from the spec and the verified facts.

Its short form, which every picture carries, is `lorafig.words.alt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lorafig.language.model import Figure
    from lorafig.verify.report import Report

__all__ = ["describe", "symbols_of"]


def describe(figure: Figure, report: Report) -> str:
    """The figure as Markdown; with a mark at its head where the report says that it does not hold."""
    from lorafig.words.document import document
    from lorafig.words.write.markdown import write

    return write(document(figure, report))


def symbols_of(figure: Figure, report: Report) -> dict[str, str]:
    """Each symbol of the figure by its name, with what is known of it in one line: shape, sizes, role,
    start."""
    from lorafig.words.document import facts_of
    from lorafig.words.entities import line

    return {name: line(entity) for name, entity in facts_of(figure, report).entities.items()}
