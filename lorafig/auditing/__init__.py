"""The claims of documents: `lorafig audit`, and `lorafig.audit` in Python.

A document is read sentence by sentence, as the words on a figure are. A claim is told where it is decided, or
where it is about the model's own symbols; what speaks of other things is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from lorafig.auditing.decide import audited
from lorafig.auditing.documents.block import MAX_TEXT, Document
from lorafig.auditing.model import figure_of
from lorafig.auditing.write import MARK
from lorafig.core.files.folder import inside
from lorafig.errors import LorafigError, Problem
from lorafig.files import read_named
from lorafig.language.model import Figure
from lorafig.verify.report import Claim, claim_object, to_html

MAX_NOTEBOOK = 64 << 20  # bytes: pictures in its outputs, which are not read


class Audit(Struct, frozen=True):
    """The claims of one document, each with its place and its verdict; `sentences` were read."""

    file: str
    verdict: str
    claims: tuple[Claim, ...]
    sentences: int

    def to_data(self) -> dict[str, Any]:
        """The entry of the document in `audit --json`, under `figures`."""
        name = os.path.splitext(os.path.basename(self.file))[0]
        return {
            "id": name,
            "file": self.file,
            "verdict": self.verdict,
            "sentences": self.sentences,
            "claims": [claim_object(claim) for claim in self.claims],
        }

    def _repr_html_(self) -> str:
        return to_html(self.file, MARK.get(self.verdict, self.verdict), self.claims)

    def __repr__(self) -> str:
        return (
            f"<lorafig.Audit {self.file}: {len(self.claims)} claims, {MARK.get(self.verdict, self.verdict)}>"
        )


def audit(
    files: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    model: str | os.PathLike[str] | None = None,
    base: str | os.PathLike[str] | None = None,
    *,
    includes: bool = False,
) -> list[Audit]:
    """The claims of documents. `model` is a spec, a saved adapter, or a network; without one, what a document
    says of its own model holds. `base` is that of a saved adapter. With `includes`, what a document includes
    from its folder is read too. Errors: LorafigError."""
    figure = None if model is None else figure_of(os.fspath(model), None if base is None else os.fspath(base))
    names = [files] if isinstance(files, str | os.PathLike) else list(files)
    return [audit_file(os.fspath(name), figure, includes) for name in names]


def audit_file(path: str, figure: Figure | None, includes: bool = False) -> Audit:
    """The claims of a document, and with `includes` of what it includes. Errors: LorafigError."""
    text = read_document(path)
    return audit_text(text, path, figure, _Included(path, len(text)).open if includes else None)


class _Included:
    """Opens what a document includes, as far as it lies in the document's own folder, each file once."""

    def __init__(self, path: str, length: int) -> None:
        self.folder, self.length = os.path.dirname(path), length
        self.seen = {os.path.realpath(path)}

    def open(self, name: str) -> Document:
        path = os.path.join(self.folder, name)
        place = inside(self.folder or ".", name)
        if place in self.seen and os.path.exists(place):
            return Document(path, "")
        self.seen.add(place)
        text = read_document(path)
        self.length += len(text)
        if self.length > MAX_TEXT:
            what = f"with {path} the document is larger than {MAX_TEXT >> 20} MiB"
            raise LorafigError(Problem(what, None, "audit its parts by themselves", code="limit"), "limit")
        return Document(path, text, self.open)


def audit_text(
    text: str, file: str, figure: Figure | None, opened: Callable[[str], Document] | None = None
) -> Audit:
    """The claims of a document's text. `file` is what places call it, and its ending says what it is;
    `opened` gives what it includes."""
    claims, sentences = audited(Document(file, text, opened), figure)
    wrong = [claim.verdict for claim in claims]
    order = ("ill-typed", "fails", "undetermined")
    verdict = next((verdict for verdict in order if verdict in wrong), "holds")
    return Audit(file, verdict, tuple(claims), sentences)


def read_document(path: str) -> str:
    """A document's text. Errors: LorafigError."""
    most = MAX_NOTEBOOK if path.lower().endswith(".ipynb") else MAX_TEXT
    data = read_named(path, most)
    if len(data) > most:
        what = f"{path} is larger than {most >> 20} MiB"
        hint = "it is data, or several documents: audit the part that speaks of the model"
        raise LorafigError(Problem(what, None, hint, code="limit"), "limit")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{path} is not UTF-8: byte {error.start:,}, in line {line:,}"
        raise LorafigError(Problem(what, None, "save it as UTF-8", code="file-unreadable")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
