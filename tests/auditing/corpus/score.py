"""How well claims are found in the labelled documents: `python -m tests.auditing.corpus.score [--write]`."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lorafig.auditing import audit_text
from lorafig.auditing.model import figure_of
from lorafig.language.model import Figure
from tests.auditing.corpus import FOLDER, KINDS, Label, Labelled, documents
from tests.inspection import made

STORED = FOLDER / "scores.json"
Scores = dict[str, dict[str, int]]
_WORST = ("holds", "undetermined", "fails", "ill-typed")
SIZES = {"q_proj": (4096, 4096), "v_proj": (4096, 4096)}
BASE = "meta-llama/Llama-2-7b-hf"


def model(folder: Path) -> Figure:
    """What the documents are about that say nothing of it themselves: an adapter that is written there."""
    arrays = made.lora(made.decoder(32, SIZES), 8)
    return figure_of(str(made.peft(folder, arrays, base_model_name_or_path=BASE)))


class Result:
    """One document: labels that were found, with what was said; and what was told where no claim is."""

    def __init__(self, document: Labelled, figure: Figure) -> None:
        self.document = document
        self.said: dict[Label, list[tuple[tuple[int, int], str]]] = {one: [] for one in document.labels}
        self.spurious: list[tuple[int, int, str, str]] = []
        for claim in audit_text(document.text, document.name, figure).claims:
            assert claim.where is not None
            place = claim.where.line, claim.where.column
            label = next((one for one in document.labels if one.start <= place < one.end), None)
            if label is None:
                self.spurious.append((*place, claim.text, claim.verdict))
            else:
                self.said[label].append((place, claim.verdict))

    def verdict(self, label: Label) -> str | None:
        """The worst verdict within a claim; None if nothing was told of it."""
        verdicts = [verdict for _, verdict in self.said[label]]
        return max(verdicts, key=_WORST.index) if verdicts else None

    def counts(self) -> dict[str, int]:
        found = [label for label in self.document.labels if self.said[label]]
        return {
            "documents": 1,
            "claims": len(self.document.labels),
            "found": len(found),
            "in place": sum(label.start in [place for place, _ in self.said[label]] for label in found),
            "right": sum(self.verdict(label) == label.verdict for label in found),
            "spurious": len(self.spurious),
        }

    def faults(self) -> Iterator[str]:
        for label in self.document.labels:
            verdict, place = self.verdict(label), ":".join(map(str, label.start))
            if verdict is None:
                yield f"{self.document.name}:{place}: not found: {label.text!r}"
            elif verdict != label.verdict:
                yield f"{self.document.name}:{place}: {verdict}, not {label.verdict}: {label.text!r}"
            elif label.start not in [where for where, _ in self.said[label]]:
                yield f"{self.document.name}:{place}: found elsewhere: {self.said[label]}: {label.text!r}"
        for line, column, text, verdict in self.spurious:
            yield f"{self.document.name}:{line}:{column}: told, and no claim: {verdict} {text!r}"


def results(kind: str, figure: Figure) -> list[Result]:
    return [Result(document, figure) for document in documents(kind)]


def score(figure: Figure) -> tuple[Scores, list[str]]:
    """The counts of each kind of document, and what is wrong."""
    scores: Scores = {}
    faults: list[str] = []
    for kind in KINDS:
        total: dict[str, int] = {}
        for result in results(kind, figure):
            faults += result.faults()
            for key, count in result.counts().items():
                total[key] = total.get(key, 0) + count
        scores[kind] = total
    return scores, faults


def summary(scores: Scores) -> str:
    """Precision and recall of finding, and how many of the verdicts are right."""
    claiming = scores["claiming"]
    found, spurious = claiming["found"], sum(counts["spurious"] for counts in scores.values())
    count = sum(counts["documents"] for counts in scores.values())
    silent = scores["silent"]["documents"]
    return (
        f"{count} documents, {silent} of them without a claim; {claiming['claims']} claims\n"
        f"finding: precision {found / max(1, found + spurious):.1%} ({spurious} told where no claim is), "
        f"recall {found / claiming['claims']:.1%}\n"
        f"verdicts: {claiming['right'] / max(1, found):.1%} right; "
        f"places: {claiming['in place'] / max(1, found):.1%} to the column"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the scores")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scores, faults = score(model(Path(folder) / "adapter"))
    print("\n".join([*faults, "", summary(scores)]))
    if asked.write:
        STORED.write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
