"""What lorafig makes of the corpus today: `python -m tests.verify.corpus.score`.

With `--alone`, captions are decided as `lorafig claim` decides a text by itself.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from tests.verify import corpus
from tests.verify.corpus import FOLDER, Case
from tests.verify.corpus.places import outcome

STORED = FOLDER / "scores.json"
# What may be wrong with a verdict. A false claim that is not read is `passed`, one that holds `accepted` and
# `passed`; `undecided` is a claim that is not given the verdict that it should have.
FAULTS = ("false accepted", "false passed", "true refused", "undecided", "name refused", "prose refused")
COUNTED = ("texts", "true", "false", *FAULTS)
Counts = dict[str, int]


def faults(case: Case, verdict: str) -> tuple[str, ...]:
    """What is wrong with this verdict on the case."""
    match case.verdict:
        case "prose" if case.file == "prose.txt":
            return () if verdict == "prose" else ("prose refused",)
        case "prose":
            return () if verdict in ("prose", "holds") else ("name refused",)
        case "undetermined":
            return ("false accepted", "false passed") if verdict == "holds" else ()
        case "holds":
            refused = ("true refused",) if verdict not in ("holds", "prose") else ()
            return refused if verdict == "holds" else (*refused, "undecided")
        case _ if verdict == "holds":
            return ("false accepted", "false passed", "undecided")
        case _ if verdict == "prose":
            return ("false passed", "undecided")
        case _:
            return () if verdict in ("fails", "ill-typed") else ("undecided",)


def kind(case: Case) -> str:
    """The row of the table that a case is counted in."""
    part = {"names.txt": "name: ", "prose.txt": "prose: "}.get(case.file, "")
    return part + (f"language: {case.language}" if case.kind == "language" else case.kind)


def by_kind() -> dict[str, list[Case]]:
    kinds: dict[str, list[Case]] = {}
    for case in (*corpus.assertions(), *corpus.near(), *corpus.names(), *corpus.prose()):
        kinds.setdefault(kind(case), []).append(case)
    return kinds


def score(cases: Iterable[Case]) -> tuple[Counts, list[tuple[str, Case, str, str]]]:
    """How many texts there are and how many have each fault; and those that have one, with what was said."""
    counts = dict.fromkeys(COUNTED, 0)
    offenders = []
    for case in cases:
        verdict, detail = outcome(case)
        counts["texts"] += 1
        counts["true"] += case.verdict == "holds"
        counts["false"] += case.verdict in ("fails", "ill-typed")
        for fault in faults(case, verdict):
            counts[fault] += 1
            offenders.append((fault, case, verdict, detail))
    return counts, offenders


def stored() -> Mapping[str, Counts]:
    scores: dict[str, Counts] = json.loads(STORED.read_text()) if STORED.exists() else {}
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="*", help="only these kinds of texts")
    parser.add_argument("--list", action="store_true", help="the texts that come out wrong")
    parser.add_argument("--alone", action="store_true", help="decide captions as `lorafig claim` does")
    parser.add_argument("--write", action="store_true", help="store the scores, below which none may fall")
    arguments = parser.parse_args()
    kinds = {name: cases for name, cases in by_kind().items() if name in (arguments.kind or [name])}
    if arguments.alone:
        kinds = {name: [_alone(case) for case in cases] for name, cases in kinds.items()}
    head = ("texts", "true", "false", "accepted", "passed", "refused", "decided", "names ref.", "prose ref.")
    print(f"{'':32}" + "".join(f"{word:>11}" for word in head))
    scores: dict[str, Counts] = {}
    for name, cases in kinds.items():
        scores[name], offenders = score(cases)
        print(_row(name, scores[name]))
        for fault, case, verdict, detail in offenders if arguments.list else ():
            print(f"  {fault}: {case.where} [{case.at}] {case.text!r} is {verdict}: {detail[:160]}")
    total = {key: sum(counts[key] for counts in scores.values()) for key in COUNTED}
    print(_row("all", total))
    if arguments.write and not arguments.alone:
        before = {name: counts for name, counts in stored().items() if name in by_kind()}
        STORED.write_text(json.dumps({**before, **scores}, indent=1) + "\n")


def _alone(case: Case) -> Case:
    return replace(case, at="claim") if case.at == "caption" and case.verdict != "prose" else case


def _row(name: str, counts: Counts) -> str:
    claims = counts["true"] + counts["false"]
    decided = f"{100 * (1 - counts['undecided'] / claims):.0f} %" if claims else ""
    cells: list[object] = [counts["texts"], counts["true"], counts["false"]]
    cells += [counts[fault] for fault in FAULTS[:3]]
    cells += [decided, counts["name refused"], counts["prose refused"]]
    return f"{name:32}" + "".join(f"{cell!s:>11}" for cell in cells)


if __name__ == "__main__":
    main()
