"""What the classes of the model say about themselves: their docstrings, and those of their fields.

Python keeps no docstring of a field, so the model's source is read once more, here and only for the
schema and the reference.
"""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from functools import cache

from lorafig.language import model


@dataclass(frozen=True, slots=True)
class ClassDoc:
    text: str
    fields: dict[str, str]  # by attribute, inherited ones included


@cache
def class_docs() -> dict[str, ClassDoc]:
    """By the name of the class."""
    docs: dict[str, ClassDoc] = {}
    for node in ast.parse(inspect.getsource(model)).body:
        if isinstance(node, ast.ClassDef):
            fields: dict[str, str] = {}
            for base in node.bases:
                if isinstance(base, ast.Name) and base.id in docs:
                    fields |= docs[base.id].fields
            for entry, following in zip(node.body, [*node.body[1:], None], strict=True):
                if isinstance(entry, ast.AnnAssign) and isinstance(entry.target, ast.Name):
                    text = _string(following)
                    if text is not None:
                        fields[entry.target.id] = text
            docs[node.name] = ClassDoc(one_line(ast.get_docstring(node) or ""), fields)
    return docs


def one_line(text: str) -> str:
    """Paragraphs kept, lines within them joined."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _string(node: ast.stmt | None) -> str | None:
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return one_line(node.value.value)
    return None
