"""An inspected adapter for programs (JSON), for documents (Markdown, CSV) and for a notebook (HTML)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from html import escape
from math import inf
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from lorafig.core.adapters import ADAPTERS
from lorafig.inspection.fold import folded

if TYPE_CHECKING:
    from lorafig.core.files.others import Other
    from lorafig.core.files.saved import Module
    from lorafig.core.files.verified import Verified
    from lorafig.inspection.found import Found

HEAD = ("module", "count", "kind", "shape", "r", "alpha", "scaling", "parameters", "type")
OTHERS_HEAD = ("also in the file", "count", "shape", "parameters", "type", "why")


def to_data(found: Found) -> dict[str, Any]:
    """The object of `inspect --json`."""
    return {
        "path": found.path,
        "method": found.method,
        "written_by": found.saved.written,
        "base": found.saved.base,
        "network": None if found.network is None else found.network.title,
        "trainable": found.trainable,
        "total": found.total,
        "share": None if found.share is None else float(found.share),
        "bytes": found.bytes,
        "modules": [_module(module, found.verified.get(module.name)) for module in found.modules],
        "others": [
            {
                "name": other.name,
                "shape": list(other.shape),
                "parameters": other.parameters,
                "why": other.why,
                "trained": other.trained,
                "dtype": other.dtype,
                "bytes": other.bytes,
            }
            for other in found.others
        ],
        "remarks": [
            {"what": remark.problem.what, "hint": remark.problem.hint, "fails": remark.fails}
            for remark in found.remarks
        ],
    }


def _module(module: Module, verified: Verified | None) -> dict[str, Any]:
    data = {
        "name": module.name,
        "method": module.method,
        "kind": module.kind,
        "shape": list(module.shape),
        "r": module.r,
        "alpha": _number(module.alpha),
        "scaling": _number(module.scaling),
        "parameters": module.parameters,
        "dtype": module.dtype,
        "bytes": module.bytes,
    }
    return data if verified is None else {**data, "verified": _finite(asdict(verified))}


def _finite(data: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: what is past all bounds is told as text."""
    return {key: str(value) if value == inf else value for key, value in data.items()}


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def rows(found: Found) -> list[tuple[str, ...]]:
    """The modules as a table: those of all layers that are equal in one row."""

    def alike(module: Module) -> tuple[object, ...]:
        return (
            *(module.method, module.kind, module.shape, module.r, module.alpha, module.scaling),
            *(module.parameters, module.dtype),
        )

    return [
        (
            row.name,
            str(len(row.items)),
            row.items[0].kind,
            sides(row.items[0].shape),
            _shown(row.items[0].r),
            _shown(row.items[0].alpha),
            _shown(row.items[0].scaling),
            f"{sum(module.parameters for module in row.items):,}",
            row.items[0].dtype,
        )
        for row in folded(found.modules, lambda module: module.name, alike)
    ]


def other_rows(found: Found) -> list[tuple[str, ...]]:
    def alike(other: Other) -> tuple[object, ...]:
        return other.shape, other.dtype, other.why

    return [
        (
            row.name,
            str(len(row.items)),
            sides(row.items[0].shape),
            f"{sum(other.parameters for other in row.items):,}",
            row.items[0].dtype,
            row.items[0].why,
        )
        for row in folded(found.others, lambda other: other.name, alike)
    ]


VERIFIED_HEAD = (
    "module",
    "count",
    "rank of the update",
    "norm",
    "largest",
    "of the base's norm",
    "entries changed",
)


def verified_rows(found: Found) -> list[tuple[str, ...]]:
    """What the arrays say, those of all layers in one row: from the least to the most."""

    def alike(name: str) -> tuple[object, ...]:
        told = found.verified[name]
        return told.infinite > 0, told.zero, told.rank is None, told.base_norm is None

    def between(names: Sequence[str], value: Callable[[Verified], float | None], form: str) -> str:
        values = [number for name in names if (number := value(found.verified[name])) is not None]
        least, most = (format(end, form) for end in (min(values), max(values))) if values else ("", "")
        return least if least == most else f"{least} – {most}"

    return [
        (
            row.name,
            str(len(row.items)),
            between(row.items, lambda told: told.rank, "d"),
            between(row.items, lambda told: told.norm, ".4g"),
            between(row.items, lambda told: told.largest, ".4g"),
            between(row.items, _share_of_base, ".3%"),
            between(row.items, lambda told: told.kept, ".3%"),
        )
        for row in folded(found.verified, lambda name: name, alike)
    ]


def _share_of_base(told: Verified) -> float | None:
    return None if not told.base_norm or told.norm is None else told.norm / told.base_norm


def sides(shape: Sequence[int | None]) -> str:
    return " × ".join("?" if side is None else str(side) for side in shape) or "a number"


def _shown(value: Fraction | int | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) or value.denominator == 1 else f"{float(value):.6g}"


def title(found: Found) -> str:
    """`LoRA, written by PEFT, of meta-llama/Llama-2-7b-hf (Llama 2 7B)`."""
    names = found.method.split(", ")
    parts = [", ".join(ADAPTERS[name].title if name in ADAPTERS else name for name in names)]
    if found.saved.written is not None:
        parts.append(f"written by {found.saved.written}")
    network = None if found.network is None else found.network.title
    if found.saved.base is not None:
        parts.append(f"of {found.saved.base}" + ("" if network is None else f" ({network})"))
    elif network is not None:
        parts.append(f"of {network}")
    return ", ".join(parts)


def totals(found: Found) -> Iterator[str]:
    """What is trained and how much of the whole, in sentences."""
    whole = sum(other.parameters for other in found.others if other.trained)
    line = f"{found.trainable:,} parameters are trained"
    if found.total is not None and found.share is not None:
        line += f", {percent(found.share)} of {found.total:,}, base and adapter together"
    yield line
    if whole and found.modules:
        own = found.trainable - whole
        yield f"{own:,} of them are the method's, {whole:,} stand in arrays trained whole"
    unknown = sum(other.parameters for other in found.others if other.trained is None)
    if unknown:
        many = "1 parameter in the file is" if unknown == 1 else f"{unknown:,} parameters in the file are"
        yield f"{many} not understood, and not among them"
    yield f"{found.bytes:,} bytes"


def percent(share: Fraction) -> str:
    return f"{float(100 * share):.4g} %"


def to_markdown(found: Found) -> str:
    lines = [f"### {_plain(found.path)}", "", _plain(title(found)), ""]
    lines += _table(HEAD, rows(found))
    if found.others:
        lines += ["", *_table(OTHERS_HEAD, other_rows(found))]
    if found.verified:
        lines += ["", *_table(VERIFIED_HEAD, verified_rows(found))]
    lines += ["", *(f"- {_plain(line)}" for line in totals(found))]
    lines += [
        f"- **{'wrong' if one.fails else 'note'}**: {_plain(one.problem.what)}" for one in found.remarks
    ]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    numbers = ("count", "r", "alpha", "scaling", "parameters")
    marks = ["---:" if name in numbers else "---" for name in head]
    return [f"| {' | '.join(map(_plain, row))} |" for row in (head, marks, *cells)]


def _plain(text: str) -> str:
    """Text of a stranger in Markdown: what would be markup is not."""
    clean = "".join(char if char.isprintable() else "�" for char in text)
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#&" else char for char in clean)


CSV_HEAD = (
    *("path", "method", "name", "kind", "shape", "r", "alpha", "scaling", "parameters", "dtype", "bytes"),
    "why",
)


def csv_head() -> str:
    return f"{','.join(CSV_HEAD)}\n"


def to_csv(found: Found) -> str:
    """A row for every module and every other array, under `csv_head`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for module in found.modules:
        cells: tuple[str, ...] = (
            *(found.path, module.method, module.name, module.kind, sides(module.shape)),
            *(_shown(module.r), _shown(module.alpha), _shown(module.scaling)),
            *(str(module.parameters), module.dtype, str(module.bytes), ""),
        )
        writer.writerow(map(_cell, cells))
    for other in found.others:
        cells = (
            *(found.path, "", other.name, "other", sides(other.shape), "", "", ""),
            *(str(other.parameters), other.dtype, str(other.bytes), other.why),
        )
        writer.writerow(map(_cell, cells))
    return text.getvalue()


def _cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula is text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def to_html(found: Found) -> str:
    """What a notebook shows."""

    def table(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
        def line(row: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>"

        return f"<table>{line(head, 'th')}{''.join(line(row, 'td') for row in cells)}</table>"

    parts = [
        f"<p><strong>{escape(found.path)}</strong>: {escape(title(found))}</p>",
        table(HEAD, rows(found)),
    ]
    if found.others:
        parts.append(table(OTHERS_HEAD, other_rows(found)))
    if found.verified:
        parts.append(table(VERIFIED_HEAD, verified_rows(found)))
    parts.append(f"<p>{'<br>'.join(escape(line) for line in totals(found))}</p>")
    for remark in found.remarks:
        word = "wrong" if remark.fails else "note"
        parts.append(f"<p><strong>{word}:</strong> {escape(remark.problem.what)}</p>")
    return "".join(parts)
