"""Files that lorafig wrote, verified: the spec inside, and that the file is what it gives."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from lorafig.errors import LorafigError, Problem
from lorafig.files import read_spec
from lorafig.options import FORMATS, Format, Options
from lorafig.pipeline import check_bytes, render_bytes
from lorafig.provenance.compare import STANDS, Likeness, compare
from lorafig.provenance.find import demand_one, drawn_by_us, search
from lorafig.provenance.record import Record

_ENDINGS: dict[str, Format] = {"htm": "html", **{form: form for form in FORMATS}}


class Spec(NamedTuple):
    """A spec that a file is compared with, in place of the one inside: its bytes, and its path."""

    data: bytes
    file: str


def check_file(against: str | None, data: bytes, file: str) -> list[dict[str, Any]]:
    """The objects that the report's JSON has for a file: one for a spec, one for each figure in a file that
    lorafig wrote or that such a file is included in. `against` is a spec that the file must come from, or the
    folder of such specs, ID.yaml each."""
    if not drawn_by_us(data, file):
        return [check_bytes(data, file)]
    records = search(data, file)
    if against is None:
        demand_one(records, data, file)
    if not records:
        return [_held(None, _spec_of(against, None, file), data, file)]
    return [_held(known, _spec_of(against, known, file), data, file) for known in records]


def stands(figure: dict[str, Any]) -> bool:
    """Whether the object of a figure says that the file is what its spec gives; a spec always is."""
    return "provenance" not in figure or figure["provenance"]["picture"] in STANDS


def _spec_of(against: str | None, known: Record | None, file: str) -> Spec | None:
    """The spec that a file is compared with, if it is not the one inside."""
    if against is None:
        return None
    if not os.path.isdir(against):
        return Spec(read_spec(against), against)
    name = os.path.splitext(os.path.basename(file))[0] if known is None else known.id
    paths = [os.path.join(against, f"{name}.{ending}") for ending in ("yaml", "yml", "json")]
    there = [path for path in paths if os.path.isfile(path)]
    if not there:
        what, hint = f"{file}: there is no {name}.yaml in {against}", "name its spec: --against SPEC"
        if known is None:
            what = f"{file}: there is no spec in it, and no {name}.yaml in {against}"
            hint += "; of a paper that reads TikZ by \\input, check the .tikz file"
        raise LorafigError(Problem(what, None, hint))
    return Spec(read_spec(there[0]), there[0])


def _held(known: Record | None, spec: Spec | None, data: bytes, file: str) -> dict[str, Any]:
    """The report on one figure in a file, with `provenance` beside the claims, and its spec's text."""
    text = (
        known.spec.encode() if spec is None and known is not None else spec.data if spec is not None else b""
    )
    form = known.format if known is not None else _format(file)
    options = known.options if known is not None else Options()
    if spec is None:
        assert known is not None
        text, inside = known.spec.encode(), f"{file} (its spec)"
        with _unpacked(known, inside) as (name, made):
            figure, given = _made(text, name, form, made)
        if name != inside:
            figure = _renamed(figure, name, inside)
    else:
        text, name = spec.data, spec.file
        figure, given = _made(text, spec.file, form, options)
    if form == "json" and given is not None:  # the report names the file that the spec was read from
        given = given.replace(_written(name), _written(_named(data)))
    likeness = _compared(known, spec, form, data, given)
    return {
        **figure,
        "file": file,
        "provenance": {
            "format": form,
            "version": None if known is None else known.version,
            "options": {} if known is None else known.chosen(),
            "against": None if spec is None else spec.file,
            "picture": likeness.picture,
            "detail": likeness.detail,
            "differs": list(likeness.differs),
        },
        "spec": text.decode("utf-8", "replace"),
    }


@contextmanager
def _unpacked(known: Record, name: str) -> Iterator[tuple[str, Options]]:
    """What to call the spec of a record, so that the files that it names are found, and the options. Where it
    names none it is called `name`."""
    if not known.files:
        yield name, known.options
        return
    with tempfile.TemporaryDirectory(prefix="lorafig-") as folder:
        for beside, content in known.files.items():
            path = os.path.join(folder, *beside.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(content)
        spec = os.path.join(folder, f"{known.id}.yaml")
        with open(spec, "w", encoding="utf-8", newline="") as file:
            file.write(known.spec)
        theme = known.options.theme
        if theme in known.files:
            yield spec, known.options._replace(theme=os.path.join(folder, *str(theme).split("/")))
        else:
            yield spec, known.options


def _made(text: bytes, name: str, form: Format, options: Options) -> tuple[dict[str, Any], bytes | None]:
    """The report on a spec, and what is drawn of it; None if it does not hold."""
    figure = check_bytes(text, name)
    if figure["verdict"] != "holds" and options.check:
        return figure, None
    return figure, render_bytes(text, name, (form,), options).outputs[form]


def _compared(
    known: Record | None, spec: Spec | None, form: Format, data: bytes, given: bytes | None
) -> Likeness:
    from lorafig import __version__

    if given is None:
        return Likeness(
            "unknown", "the figure does not hold, so nothing is drawn that it could be compared with"
        )
    likeness = compare(known if spec is None else None, form, data, given, __version__)
    if spec is None or known is None or known.spec.encode() == spec.data:
        return likeness
    if likeness.stands:
        return likeness._replace(
            detail=f"{spec.file} has another text than the spec in it, and draws the same"
        )
    what = f"{spec.file} has changed since the file was written: render it again"
    return Likeness("altered", what, likeness.differs)


def _renamed(figure: dict[str, Any], name: str, shown: str) -> dict[str, Any]:
    """The report without the folder that the spec lay in."""
    claims = [
        {**claim, "where": None if claim["where"] is None else claim["where"].replace(name, shown)}
        for claim in figure["claims"]
    ]
    return {**figure, "claims": claims}


def _written(name: str) -> bytes:
    import json

    return json.dumps(name, ensure_ascii=False)[1:-1].encode()


def _named(report: bytes) -> str:
    """The spec's file as a report in JSON names it."""
    import json

    try:
        return str(json.loads(report)["figures"][0]["file"])
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""


def _format(file: str) -> Format:
    ending = os.path.splitext(file)[1].removeprefix(".").lower()
    form = _ENDINGS.get(ending)
    if form is None:
        what = f"{file}: there is no spec in it, and its name does not say what it is"
        raise LorafigError(Problem(what, None, f"it ends in one of {', '.join(FORMATS)}"))
    return form
