"""The claims of documents: `lorafig audit`, and `lorafig.audit` in Python.

A document is read sentence by sentence, as the words on a figure are. A claim is told where it is decided, or
where it is about the model's own symbols; what speaks of other things is left alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from lorafig.auditing.decide import audited
from lorafig.auditing.documents.block import Document
from lorafig.auditing.model import figure_of
from lorafig.auditing.write import MARK
from lorafig.errors import LorafigError, Problem
from lorafig.files import NotRegularError, read_regular
from lorafig.language.model import Figure
from lorafig.verify.report import Claim, claim_object, to_html

MAX_DOCUMENT = 8 << 20  # bytes


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
) -> list[Audit]:
    """The claims of documents. `model` is a spec, a saved adapter, or a network; without one, what a document
    says of its own model holds. `base` is that of a saved adapter. Errors: LorafigError."""
    figure = None if model is None else figure_of(os.fspath(model), None if base is None else os.fspath(base))
    names = [files] if isinstance(files, str | os.PathLike) else list(files)
    return [audit_text(read_document(os.fspath(name)), os.fspath(name), figure) for name in names]


def audit_text(text: str, file: str, figure: Figure | None) -> Audit:
    """The claims of a document's text. `file` is what places call it, and its ending says what it is."""
    claims, sentences = audited(Document(file, text), figure)
    wrong = [claim.verdict for claim in claims]
    order = ("ill-typed", "fails", "undetermined")
    verdict = next((verdict for verdict in order if verdict in wrong), "holds")
    return Audit(file, verdict, tuple(claims), sentences)


def read_document(path: str) -> str:
    """A document's text. Errors: LorafigError."""
    try:
        data = read_regular(path, MAX_DOCUMENT)
    except FileNotFoundError:
        raise LorafigError(Problem(f"there is no file {path}", code="file-missing")) from None
    except IsADirectoryError:
        raise LorafigError(
            Problem(f"{path} is a folder", None, "name the files in it", code="file-unreadable")
        ) from None
    except NotRegularError:
        raise LorafigError(Problem(f"{path} is not a regular file", code="file-unreadable")) from None
    except OSError as error:
        raise LorafigError(
            Problem(f"cannot read {path}: {error.strerror or error}", code="file-unreadable")
        ) from None
    if len(data) > MAX_DOCUMENT:
        raise LorafigError(Problem(f"{path} is larger than 8 MiB", None, "audit its parts"), "limit")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{path} is not UTF-8: byte {error.start:,}, in line {line:,}"
        raise LorafigError(Problem(what, None, "save it as UTF-8", code="file-unreadable")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
