"""The page of the Python API, from signatures and docstrings: griffe reads them without an import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lorafig
from lorafig.documentation.pages import MARK, text

# The public names in the order of the page, by what they are for.
_NAMES = (
    ("Figures", ("load", "loads", "from_data", "Figure")),
    ("Reports", ("Report", "Claim")),
    ("Errors", ("LorafigError", "Problem", "Place")),
    ("Saved adapters and documents", ("inspect", "Inspection", "audit", "Audit")),
)


def python() -> str:
    import griffe

    package = griffe.load("lorafig", resolve_aliases=True)
    parts = [
        "# The Python API\n",
        MARK.format("the docstrings") + "\n",
        "Import these names from `lorafig`. They are typed; other names are not public. The classes of [the"
        " language](language.md) are in `lorafig.language`, with the same names: `Bar`, `Split`, `Model`.\n",
        _EXAMPLE,
    ]
    for title, names in _NAMES:
        parts.append(f"## {title}\n")
        for name in names:
            parts += _member(name, package[_home(name)])
    return "\n".join(parts)


def _home(name: str) -> str:
    return f"{lorafig._HOME[name].removeprefix('lorafig.')}.{name}"


def _member(name: str, member: Any, level: int = 3) -> Iterator[str]:
    """A class with its public members, or a function."""
    yield f"{'#' * level} {text(name)}\n"
    if member.is_function:
        yield f"```python\n{_signature(name, member)}\n```\n"
    if member.docstring is not None:
        yield from (" ".join(part.split()) + "\n" for part in member.docstring.value.split("\n\n"))
    if not member.is_class:
        return
    fields = [
        f"- `{own.name}`: `{own.annotation}`"
        for own in member.all_members.values()
        if own.is_attribute
        and not own.name.startswith("_")
        and own.annotation is not None
        and not own.has_labels("property")
    ]
    if fields:
        yield "\n".join(fields) + "\n"
    for own in member.members.values():
        if own.name.startswith("_") or own.is_class:
            continue
        if own.is_function or "property" in own.labels:
            yield from _member(f"{name}.{own.name}", own, level + 1)


def _signature(name: str, function: Any) -> str:
    parts, starred = [], False
    for parameter in function.parameters:
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is not None and parameter.kind.value == "keyword-only" and not starred:
            parts.append("*")
            starred = True
        part = parameter.name + (f": {parameter.annotation}" if parameter.annotation is not None else "")
        if parameter.default is not None:
            part += f" = {parameter.default}"
        parts.append(part)
    one = f"{name}({', '.join(parts)}) -> {function.returns}"
    if len(one) <= 90:
        return one
    return f"{name}(\n    " + ",\n    ".join(parts) + f",\n) -> {function.returns}"


_EXAMPLE = """```python
import lorafig

figure = lorafig.load("mine.yaml")
report = figure.check()
print(report.verdict)  # holds
for claim in report.claims:
    print(claim.where, claim.text, claim.verdict, claim.detail)
try:
    figure.save("mine.pdf")
except lorafig.LorafigError as error:
    for problem in error.problems:
        print(problem.code, problem.where, problem.what, problem.hint)
```
"""
